//! Why a ticket waits, and its planned return.
//!
//! Invariant: whatever takes a ticket out of `waiting` drops its plan in the same row, so that no plan comes true late or twice.

use app::{App, Attempt, Job, JobError};
use base::{Actor, Error, Result, Timestamp, Words};
use bus::Event;
use db::Tx;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entity::{ActiveModel, Column, Entity, Model, Status};
use super::ops::{Change, heard_by, update};
use crate::field;

/// Why a ticket is to wait, and until when.
#[derive(Debug)]
pub struct Plan {
    pub reason: String,
    /// None: until somebody says so.
    pub until: Option<Timestamp>,
}

/// Writes what a change of a ticket from `before` to `after` makes of its waiting.
pub(super) fn settle(
    row: &mut ActiveModel,
    before: Status,
    after: Status,
    plan: Option<Plan>,
    now: Timestamp,
) -> Result<()> {
    if after != Status::Waiting {
        if plan.is_some() {
            return Err(not_waiting());
        }
        if before == Status::Waiting {
            row.waiting_reason = Set(None);
            row.waiting_until = Set(None);
        }
        return Ok(());
    }
    let Some(plan) = plan else {
        return if before == Status::Waiting { Ok(()) } else { Err(Error::required("waiting.reason")) };
    };
    let reason = plan.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() {
        return Err(Error::required("waiting.reason"));
    }
    if plan.until.is_some_and(|until| until <= now) {
        let (ru, en) = ("Выберите время в будущем", "Choose a time in the future");
        return Err(Error::invalid("waiting.until", "in_the_past", ru, en));
    }
    row.waiting_reason = Set(Some(field::limit("waiting.reason", reason, 500)?));
    row.waiting_until = Set(plan.until);
    Ok(())
}

fn not_waiting() -> Error {
    Error::invalid(
        "waiting",
        "not_waiting",
        "Причина ожидания бывает только у обращения в ожидании",
        "Only a ticket that waits has a reason to wait",
    )
}

/// Puts tickets back into work whose planned time has come, the longest due first. Answers how many.
pub async fn return_due(tx: &Tx) -> Result<usize> {
    let due = Entity::find()
        .filter(Column::Status.eq(Status::Waiting))
        .filter(Column::WaitingUntil.lte(tx.now()))
        .order_by_asc(Column::WaitingUntil)
        .limit(200)
        .lock(db::HOLD)
        .all(tx)
        .await?;
    for ticket in &due {
        return_one(tx, ticket).await?;
    }
    Ok(due.len())
}

async fn return_one(tx: &Tx, ticket: &Model) -> Result<()> {
    let why = Words::new("Наступило запланированное время.", "The planned time has come.");
    let change = Change { status: Some(Status::InProgress), why: Some(why), ..Change::default() };
    update(tx, &Actor::system(), ticket.id, change).await?;
    let tell: Vec<_> = ticket.owner_id.into_iter().collect();
    let data = json!({
        "ticket_id": ticket.id, "number": ticket.number, "comment": ticket.waiting_reason, "tell": tell,
    });
    let event = heard_by(tx, ticket, Event::new("ticket_returned").data(data)).await?;
    bus::emit(tx, &Actor::system(), event).await.map(drop)
}

/// Puts tickets back into work whose planned time has come.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReturnWaiting {}

impl Job for ReturnWaiting {
    const KIND: &'static str = "desk.return_waiting";
    const EVERY: Option<std::time::Duration> = Some(std::time::Duration::from_secs(20));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        return_due(&tx).await?;
        Ok(tx.commit().await?)
    }
}
