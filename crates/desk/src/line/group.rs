//! Which groups serve, watch over or read a line.

use base::{GroupId, LineId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "line_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: LineId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: GroupId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: Part,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// What a group does on a line.
    Part as "LinePart" {
        Operators = "operators",
        Supervisors = "supervisors",
        Readers = "readers",
    }
}
