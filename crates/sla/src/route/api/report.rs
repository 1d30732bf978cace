//! How stages of routes were done in time: figures, and the very stages behind them.

use std::collections::HashMap;

use app::{ApiResult, App, Can, Json, Query};
use axum::extract::State;
use base::{Actor, LineId, Page, PageRequest, Result, TicketId, Timestamp, UserId, can};
use chrono::{DateTime, Utc};
use desk::people::StaffRef;
use desk::{ticket, user};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::route::StageId;
use crate::route::stage::{self, Column, Entity, Model};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_stage_report)).routes(routes!(list_stage_cases))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct StageReportParams {
    /// Only this line; all of yours unless told.
    line: Option<LineId>,
    /// Stages that began at this time or later.
    from: DateTime<Utc>,
    /// Stages that began before this time.
    to: DateTime<Utc>,
}

/// How stages of routes were done in time.
#[derive(Debug, Serialize, ToSchema)]
struct StageReport {
    /// Stages that have a time.
    total: u64,
    kept: u64,
    /// Done late, or late and still to be done.
    missed: u64,
    /// In time so far.
    open: u64,
    /// Those that nobody took in time.
    reaction_missed: u64,
}

/// Stages with a time of the tickets that the actor sees, which began in the period.
fn begun(actor: &Actor, line: Option<LineId>, from: Timestamp, to: Timestamp) -> Select<Entity> {
    let seen: SelectStatement = ticket::visible_to(actor).select_only().column(ticket::Column::Id).into_query();
    let mut all = Entity::find()
        .filter(Column::StartedAt.gte(from))
        .filter(Column::StartedAt.lt(to))
        .filter(Column::State.is_not_in([stage::State::Skipped, stage::State::Cancelled]))
        .filter(Condition::any().add(Column::OwnSeconds.is_not_null()).add(Column::ReactionSeconds.is_not_null()))
        .filter(Column::TicketId.in_subquery(seen));
    if let Some(line) = line {
        all = all.filter(Column::LineId.eq(line));
    }
    all
}

/// Read how the stages of routes that began in a period were done in time.
#[utoipa::path(get, path = "/api/v1/stage-report", tag = "sla", params(StageReportParams),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = StageReport)))]
async fn get_stage_report(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Query(params): Query<StageReportParams>,
) -> ApiResult<Json<StageReport>> {
    let StageReportParams { line, from, to } = params;
    Ok(Json(figures(app.db.read(), begun(&actor, line, from, to)).await?))
}

async fn figures(connection: &impl ConnectionTrait, begun: Select<Entity>) -> Result<StageReport> {
    let in_time = || begun.clone().filter(Column::MissedAt.is_null()).filter(Column::ReactionMissedAt.is_null());
    let total = begun.clone().count(connection).await?;
    let kept = in_time().filter(Column::State.eq(stage::State::Done)).count(connection).await?;
    let open = in_time().filter(Column::State.eq(stage::State::Running)).count(connection).await?;
    let reaction_missed = begun.clone().filter(Column::ReactionMissedAt.is_not_null()).count(connection).await?;
    Ok(StageReport { total, kept, open, reaction_missed, missed: total - kept - open })
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct StageCaseParams {
    line: Option<LineId>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A stage that was late.
#[derive(Debug, Serialize, ToSchema)]
struct StageCase {
    id: StageId,
    name: String,
    ticket_id: TicketId,
    /// What people call the ticket by.
    number: i64,
    subject: String,
    state: stage::State,
    /// Who took it, or was to.
    person: Option<StaffRef>,
    target_seconds: Option<i64>,
    started_at: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    reaction_missed_at: Option<DateTime<Utc>>,
    missed_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

/// List the stages that were late, newest first.
#[utoipa::path(get, path = "/api/v1/stage-report/cases", tag = "sla", params(StageCaseParams),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Page<StageCase>)))]
async fn list_stage_cases(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Query(params): Query<StageCaseParams>,
) -> ApiResult<Json<Page<StageCase>>> {
    let StageCaseParams { line, from, to, limit, after } = params;
    let page = PageRequest { limit, after };
    Ok(Json(cases(app.db.read(), begun(&actor, line, from, to), &page).await?))
}

async fn cases(
    connection: &impl ConnectionTrait,
    begun: Select<Entity>,
    page: &PageRequest,
) -> Result<Page<StageCase>> {
    let late = Condition::any().add(Column::MissedAt.is_not_null()).add(Column::ReactionMissedAt.is_not_null());
    let mut late = begun.filter(late).order_by_desc(Column::Id).limit(page.limit() + 1);
    if let Some(after) = page.cursor::<StageId>()? {
        late = late.filter(Column::Id.lt(after));
    }
    let found = Page::from_rows(late.all(connection).await?, page.limit(), |row: &Model| row.id);
    let ids = found.items.iter().map(|row| row.ticket_id);
    let tickets = ticket::Entity::find().filter(ticket::Column::Id.is_in(ids)).all(connection).await?;
    let tickets: HashMap<TicketId, ticket::Model> = tickets.into_iter().map(|row| (row.id, row)).collect();
    let people: Vec<UserId> = found.items.iter().filter_map(|row| row.taken_by.or(row.user_id)).collect();
    let people = user::people(connection, people).await?;
    Ok(found.map(|row| {
        let ticket = tickets.get(&row.ticket_id);
        StageCase {
            id: row.id,
            ticket_id: row.ticket_id,
            number: ticket.map(|ticket| ticket.number).unwrap_or_default(),
            subject: ticket.map(|ticket| ticket.subject.clone()).unwrap_or_default(),
            state: row.state,
            person: row.taken_by.or(row.user_id).and_then(|id| people.get(&id).cloned()),
            target_seconds: row.target_seconds,
            started_at: row.started_at,
            due_at: row.due_at,
            reaction_missed_at: row.reaction_missed_at,
            missed_at: row.missed_at,
            ended_at: row.ended_at,
            name: row.name,
        }
    }))
}
