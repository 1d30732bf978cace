//! A case with a type, a status, a priority and an owner.

use base::{ContactId, LineId, Result, TicketId, Timestamp, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::conversation::{DueNorm, NEVER, Priority};
use crate::service::ServiceId;
use crate::tariff_plan::Fault;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    pub number: i64,
    pub line_id: LineId,
    pub contact_id: Option<ContactId>,
    pub subject: String,
    pub kind: Kind,
    pub status: Status,
    pub priority: Priority,
    pub owner_id: Option<UserId>,
    pub service_id: Option<ServiceId>,
    /// When the nearest promise is to be kept; none: none is running.
    pub due_at: Option<Timestamp>,
    pub due_warn_at: Option<Timestamp>,
    pub due_norm: Option<DueNorm>,
    /// `due_at`, or never: lists are ordered by it.
    pub due_order: Timestamp,
    /// When it was resolved or closed; none: it is not.
    pub resolved_at: Option<Timestamp>,
    /// How often it was opened again after that.
    pub returns: i64,
    /// Why it waits; none: it does not, or nobody said.
    pub waiting_reason: Option<String>,
    /// When it goes back into work by itself; none: when somebody says so.
    pub waiting_until: Option<Timestamp>,
    /// How it was resolved, at the last time; none: it never was.
    pub solution: Option<String>,
    pub solution_by: Option<UserId>,
    pub solution_at: Option<Timestamp>,
    /// It was opened again since: whoever resolves it says how anew.
    pub solution_earlier: bool,
    /// `[tariff_plan::Fault]`: what the client's plan does not include of it; none: nothing.
    pub tariff_faults: Option<Json>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A fresh ticket of which nothing is known yet.
    pub fn new(id: TicketId, number: i64, line_id: LineId, now: Timestamp) -> Self {
        Model {
            id,
            number,
            line_id,
            contact_id: None,
            subject: String::new(),
            kind: Kind::Question,
            status: Status::New,
            priority: Priority::None,
            owner_id: None,
            service_id: None,
            due_at: None,
            due_warn_at: None,
            due_norm: None,
            due_order: NEVER,
            resolved_at: None,
            returns: 0,
            waiting_reason: None,
            waiting_until: None,
            solution: None,
            solution_by: None,
            solution_at: None,
            solution_earlier: false,
            tariff_faults: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// What the client's plan does not include of it.
    pub fn tariff_faults(&self) -> Result<Vec<Fault>> {
        Ok(self.tariff_faults.clone().map(serde_json::from_value).transpose()?.unwrap_or_default())
    }
}

crate::text_enum! {
    /// What sort of case it is.
    Kind as "TicketType" {
        Question = "question",
        Incident = "incident",
        Claim = "claim",
        Suggestion = "suggestion",
    }
}

crate::text_enum! {
    Status as "TicketStatus" {
        New = "new",
        Accepted = "accepted",
        InProgress = "in_progress",
        Waiting = "waiting",
        Resolved = "resolved",
        Closed = "closed",
    }
}

impl Status {
    /// Nothing more is to be done about it.
    pub fn is_over(self) -> bool {
        matches!(self, Status::Resolved | Status::Closed)
    }

    /// Somebody has taken it into work, or it has gone further.
    pub fn is_taken(self) -> bool {
        !matches!(self, Status::New | Status::Accepted)
    }
}
