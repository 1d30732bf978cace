//! Tickets over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{ContactId, ConversationId, LineId, Page, PageRequest, TicketId, UserId, can};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::{Kind, Status};
use super::history::{self, TicketHistory};
use super::list::{self, Filter, Sort, Wanted};
use super::ops;
use super::view::{Ticket, one};
use super::waiting::Plan;
use crate::conversation::Priority;
use crate::field;
use crate::service::ServiceId;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets, register_ticket))
        .routes(routes!(get_ticket, update_ticket))
        .routes(routes!(get_ticket_history))
        .routes(routes!(create_ticket))
        .routes(routes!(link_ticket, unlink_ticket))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListTickets {
    /// A number, or a part of the subject.
    search: Option<String>,
    /// Only the ticket with this number.
    number: Option<i64>,
    #[serde(default)]
    #[param(inline)]
    status: Wanted,
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    line: Option<LineId>,
    owner: Option<UserId>,
    /// Only those of nobody.
    #[serde(default)]
    unowned: bool,
    service: Option<ServiceId>,
    /// Only those with a broken promise that is still to be done.
    #[serde(default)]
    overdue: bool,
    /// Only those that their client's plan does not include.
    #[serde(default)]
    over_tariff: bool,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List tickets of your lines, newest first unless told otherwise.
#[utoipa::path(get, path = "/api/v1/tickets", tag = "tickets", params(ListTickets),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Page<Ticket>)))]
async fn list_tickets(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Query(params): Query<ListTickets>,
) -> ApiResult<Json<Page<Ticket>>> {
    let ListTickets { search, number, status, sort, line, owner, unowned, service, overdue, over_tariff, limit, after } =
        params;
    let overdue_at = overdue.then(|| app.now());
    let filter = Filter { search, number, status, sort, line, owner, unowned, service, overdue_at, over_tariff };
    Ok(Json(list::page(app.db.read(), &actor, filter, &PageRequest { limit, after }).await?))
}

/// Read what happened to a ticket, and how long it was in each status.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/history", tag = "tickets", params(("id" = TicketId, Path)),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = TicketHistory)))]
async fn get_ticket_history(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Path(id): Path<TicketId>,
) -> ApiResult<Json<TicketHistory>> {
    Ok(Json(history::of(app.db.read(), &actor, id, app.now()).await?))
}

/// Get a ticket.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "tickets", params(("id" = TicketId, Path)),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Ticket)))]
async fn get_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Path(id): Path<TicketId>,
) -> ApiResult<Json<Ticket>> {
    Ok(Json(one(app.db.read(), &actor, id).await?))
}

/// A ticket to be made of a conversation.
#[derive(Debug, Deserialize, ToSchema)]
struct NewTicket {
    subject: String,
    #[serde(rename = "type", default = "question")]
    kind: Kind,
    #[serde(default = "no_priority")]
    priority: Priority,
    owner_id: Option<UserId>,
    /// One that is registered afterwards may come in any status.
    #[serde(default = "new_status")]
    status: Status,
    /// What it is about.
    service_id: Option<ServiceId>,
    /// Needed in the status `waiting`: without it the field `waiting.reason` is refused as `required`. In any other status it is
    /// refused: the field `waiting`, `not_waiting`.
    waiting: Option<WaitingPlan>,
    /// How it was resolved: plain text of 1 to 10000 characters. Needed in the status `resolved`: without it the field `solution`
    /// is refused as `required`.
    solution: Option<String>,
}

impl From<NewTicket> for ops::NewTicket {
    fn from(new: NewTicket) -> Self {
        let NewTicket { subject, kind, priority, owner_id, status, service_id, waiting, solution } = new;
        let waiting = waiting.map(Plan::from);
        ops::NewTicket { subject, kind, priority, owner_id, status, service_id, waiting, solution, why: None }
    }
}

/// A ticket of no conversation.
#[derive(Debug, Deserialize, ToSchema)]
struct RegisteredTicket {
    /// The line whose staff see it.
    line_id: LineId,
    /// The client it is for.
    contact_id: Option<ContactId>,
    #[serde(flatten)]
    ticket: NewTicket,
}

fn question() -> Kind {
    Kind::Question
}

fn no_priority() -> Priority {
    Priority::None
}

fn new_status() -> Status {
    Status::New
}

/// Make a ticket of a conversation.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/tickets", tag = "tickets", params(("id" = ConversationId, Path)), request_body = NewTicket,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 201, body = Ticket)))]
async fn create_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    idempotency: Idempotency,
    Path(id): Path<ConversationId>,
    Json(body): Json<NewTicket>,
) -> ApiResult<Created<Ticket>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let ticket_id = ops::create(&tx, &actor, id, body.into()).await?;
    let answer = one(&tx, &actor, ticket_id).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Register a ticket on a line, of no conversation.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "tickets", request_body = RegisteredTicket,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 201, body = Ticket)))]
async fn register_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    idempotency: Idempotency,
    Json(body): Json<RegisteredTicket>,
) -> ApiResult<Created<Ticket>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let RegisteredTicket { line_id, contact_id, ticket } = body;
    let ticket_id = ops::register(&tx, &actor, line_id, contact_id, ticket.into()).await?;
    let answer = one(&tx, &actor, ticket_id).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Why a ticket is to wait, and until when.
#[derive(Debug, Deserialize, ToSchema)]
struct WaitingPlan {
    /// One line of 1 to 500 characters; else the field `waiting.reason` is refused as `required` or `too_long`.
    #[serde(default)]
    reason: String,
    /// When the ticket goes back to `in_progress` by itself, to the minute. A time that is over is refused: the field
    /// `waiting.until`, `in_the_past`. Null: when somebody says so.
    until: Option<DateTime<Utc>>,
}

impl From<WaitingPlan> for Plan {
    fn from(plan: WaitingPlan) -> Self {
        let WaitingPlan { reason, until } = plan;
        Plan { reason, until }
    }
}

/// What to change; absent fields stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
struct TicketChange {
    subject: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    priority: Option<Priority>,
    /// Null: nobody.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<UserId>)]
    owner_id: Option<Option<UserId>>,
    status: Option<Status>,
    /// Null: none.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<ServiceId>)]
    service_id: Option<Option<ServiceId>>,
    /// Needed when the status becomes `waiting`: without it the field `waiting.reason` is refused as `required`. Given
    /// while the ticket waits, it is the new plan. Of a ticket that does not wait it is refused: the field `waiting`,
    /// `not_waiting`. Any other status drops the plan.
    waiting: Option<WaitingPlan>,
    /// How it was resolved: plain text of 1 to 10000 characters. Needed when the status becomes `resolved`, unless the ticket
    /// has one that was given since it was opened last: without it the field `solution` is refused as `required`.
    solution: Option<String>,
}

/// Change a ticket.
#[utoipa::path(patch, path = "/api/v1/tickets/{id}", tag = "tickets", params(("id" = TicketId, Path)), request_body = TicketChange,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 200, body = Ticket)))]
async fn update_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path(id): Path<TicketId>,
    Json(body): Json<TicketChange>,
) -> ApiResult<Json<Ticket>> {
    let tx = app.write().await?;
    let TicketChange { subject, kind, priority, owner_id, status, service_id, waiting, solution } = body;
    let waiting = waiting.map(Plan::from);
    let change = ops::Change { subject, kind, priority, owner_id, status, service_id, waiting, solution, why: None };
    ops::update(&tx, &actor, id, change).await?;
    let answer = one(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Link a conversation to a ticket.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/tickets/{ticket_id}", tag = "tickets", params(("id" = ConversationId, Path), ("ticket_id" = TicketId, Path)),
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 204)))]
async fn link_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path((id, ticket_id)): Path<(ConversationId, TicketId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::link(&tx, &actor, id, ticket_id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Unlink a conversation from a ticket.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/tickets/{ticket_id}", tag = "tickets", params(("id" = ConversationId, Path), ("ticket_id" = TicketId, Path)),
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 204)))]
async fn unlink_ticket(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path((id, ticket_id)): Path<(ConversationId, TicketId)>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::unlink(&tx, &actor, id, ticket_id).await?;
    tx.commit().await?;
    Ok(NoContent)
}
