//! The way of a ticket by a route.

use base::{LineId, TicketId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::definition::Mode;
use super::{RouteId, RunId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "route_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RunId,
    pub ticket_id: TicketId,
    pub line_id: LineId,
    pub route_id: RouteId,
    /// As the route was called then.
    pub name: String,
    pub mode: Mode,
    pub state: State,
    /// `Words`: why it began by itself.
    pub why: Option<Json>,
    /// None: it began by itself.
    pub started_by: Option<UserId>,
    pub started_at: Timestamp,
    /// When it was to end, by the sum of its stages; none: they have no times.
    pub planned_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    State as "RouteRunState" {
        Running = "running",
        Done = "done",
        /// The ticket was resolved before it.
        Cancelled = "cancelled",
    }
}
