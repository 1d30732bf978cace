//! What the events of a ticket, and of the tasks that are its stages, do to its way.

use base::{Actor, Error, Result, TicketId, UserId};
use db::{Fetch, Tx};
use desk::ticket::{self, Status};
use desk::{line, service};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

use super::definition::Mode;
use super::stage::State;
use super::work::{self, Begin, Outcome, Way};
use super::{StageId, ops, run, stage, words};
use crate::clock::{Happened, is_frozen};

/// The events that move a ticket on its way.
pub(crate) const KINDS: &[&str] = &["ticket_created", "ticket_updated", "task_done", "task_changed"];

/// Whether any ticket goes by a route, or would.
pub(crate) async fn in_use(connection: &impl Fetch) -> Result<bool> {
    let sql = "select 1 where exists (select 1 from service_route) \
               or exists (select 1 from route_run where state = 'running')";
    Ok(!connection.fetch(sql.to_owned(), Vec::new(), |_| Ok(())).await?.is_empty())
}

/// Follows an event.
pub(crate) async fn hear(tx: &Tx, frame: &Happened) -> Result<()> {
    match frame.kind.as_str() {
        "ticket_created" | "ticket_updated" => of_ticket(tx, frame).await,
        "task_done" | "task_changed" => of_task(tx, frame).await,
        _ => Ok(()),
    }
}

async fn find(tx: &Tx, id: TicketId) -> Result<Option<ticket::Model>> {
    match ticket::find_to_change(tx, &Actor::system(), id).await {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn of_ticket(tx: &Tx, frame: &Happened) -> Result<()> {
    let Some(now) = find(tx, TicketId(frame.subject.unwrap_or_default())).await? else { return Ok(()) };
    let then = if frame.kind == "ticket_created" { &frame.data } else { &frame.data["after"] };
    let status = then["status"].as_str().and_then(Status::parse).unwrap_or(now.status);
    // As this event left it: later ones are followed in their turn.
    let ticket = ticket::Model { status, ..now.clone() };
    match Way::of(tx, now.clone()).await? {
        Some(mut way) if status.is_over() && now.status.is_over() => {
            work::give_up(tx, &mut way, frame.at, frame.actor_id).await
        }
        Some(mut way) => {
            let frozen = is_frozen(tx, &ticket).await?;
            work::freeze(tx, &mut way, frame.at, frozen).await?;
            match (way.run.mode, taker(frame)) {
                (Mode::Ticket, Some(by)) => taken(tx, &mut way, frame, by).await,
                _ => Ok(()),
            }
        }
        None if status != Status::New && !status.is_over() && !now.status.is_over() => begin(tx, ticket, frame).await,
        None => Ok(()),
    }
}

/// Who took the ticket by this change of his: made it his own, or began to work on it.
fn taker(frame: &Happened) -> Option<UserId> {
    let (before, after) = (&frame.data["before"], &frame.data["after"]);
    let by = frame.actor_id?;
    let owner: Option<UserId> = after["owner_id"].as_str().and_then(|id| id.parse().ok());
    if before["owner_id"] != after["owner_id"] && owner.is_some() {
        return owner;
    }
    (before["status"] != after["status"] && after["status"] == "in_progress").then_some(by)
}

async fn taken(tx: &Tx, way: &mut Way, frame: &Happened, by: UserId) -> Result<()> {
    for stage in way.stages.iter_mut().filter(|stage| stage.row.state == State::Running) {
        if stage.row.started_at.is_some_and(|started| started <= frame.at) {
            stage.take(frame.at, Some(by));
        }
    }
    way.save(tx).await
}

/// The service of a ticket says by which route it goes: once.
async fn begin(tx: &Tx, ticket: ticket::Model, frame: &Happened) -> Result<()> {
    let Some(service_id) = ticket.service_id else { return Ok(()) };
    let Some(route) = ops::by_service(tx).await?.remove(&service_id) else { return Ok(()) };
    let ever = run::Entity::find().filter(run::Column::TicketId.eq(ticket.id)).one(tx).await?;
    if ever.is_some() || line::find(tx, &Actor::system(), ticket.line_id).await.is_err() {
        return Ok(());
    }
    let route = ops::find(tx, route).await?;
    let why = words::by_service(&service::find(tx, service_id).await?.name, &route.name);
    let frozen = is_frozen(tx, &ticket).await?;
    let begin = Begin { at: frame.at, why: Some(why), frozen };
    work::start(tx, &Actor::system(), ticket, route, begin).await
}

/// A task that is a stage was taken or done.
async fn of_task(tx: &Tx, frame: &Happened) -> Result<()> {
    let id = |value: &Value| value.as_str().and_then(|id| id.parse::<Uuid>().ok());
    let (Some(stage), Some(ticket)) = (id(&frame.data["stage_id"]), id(&frame.data["ticket_id"])) else {
        return Ok(());
    };
    let Some(ticket) = find(tx, TicketId(ticket)).await? else { return Ok(()) };
    let Some(mut way) = Way::of(tx, ticket).await? else { return Ok(()) };
    // One that ended in another way needs nothing more.
    let Ok(index) = stage::position(&way.stages, StageId(stage)) else { return Ok(()) };
    if way.stages[index].row.state != State::Running {
        return Ok(());
    }
    if frame.kind == "task_changed" {
        return match id(&frame.data["to"]["id"]).map(UserId) {
            // Whoever is given a stage has not taken it yet.
            Some(to) if frame.actor_id == Some(to) => work::take(tx, &mut way, index, frame.at, to).await,
            _ => Ok(()),
        };
    }
    let result = frame.data["result"].as_str().unwrap_or_default();
    let outcome = Outcome::Done { result };
    work::finish(tx, &Actor::system(), &mut way, index, outcome, frame.at, frame.actor_id).await
}
