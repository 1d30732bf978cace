//! A kind of shift: from when, how long, with which breaks; or a day off with a name.

use base::Timestamp;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::shift::ShiftId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shift")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShiftId,
    pub name: String,
    pub color: Color,
    /// `Hours`; none: a day off.
    pub hours: Option<Json>,
    /// No longer offered; plans that have it keep it.
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// How a shift looks in a calendar.
    Color as "ShiftColor" {
        Iris = "iris",
        Blue = "blue",
        Teal = "teal",
        Green = "green",
        Amber = "amber",
        Orange = "orange",
        Red = "red",
        Pink = "pink",
        Gray = "gray",
    }
}
