//! The promises of a conversation or a ticket, explained.

use app::{ApiResult, App, Can, Json, Path, Query};
use axum::extract::State as AppState;
use base::{ConversationId, Language, LineId, Page, PageRequest, Result, TicketId, Timestamp, can};
use chrono::{DateTime, Utc};
use desk::conversation::{self, DueNorm};
use desk::ticket;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ClockId;
use super::cause::Cause;
use super::entity::{self, Column, Entity, Model, State};
use super::kept::{Clock, Entry};
use super::report::{self, Case, NormFigures, Period, Scope, Wanted};
use crate::policy::PolicyId;
use crate::subject::{About, Subject};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_conversation_sla))
        .routes(routes!(get_ticket_sla))
        .routes(routes!(get_sla_report))
        .routes(routes!(list_sla_cases))
}

/// A promise on a conversation or a ticket, with everything that explains it.
#[derive(Debug, Serialize, ToSchema)]
struct SlaClock {
    id: ClockId,
    norm: DueNorm,
    state: State,
    policy_id: PolicyId,
    /// As it was called when the clock began.
    policy: String,
    /// How the policy was found, step by step, in your language; empty: it is the line's, as for every conversation.
    trace: Vec<String>,
    /// Why this much time, in your language.
    why: String,
    /// How the schedule it counts by was called; null: time counts day and night.
    schedule: Option<String>,
    /// What was promised, in counted time.
    target_seconds: i64,
    /// What has counted by now, or by its end.
    counted_seconds: i64,
    started_at: DateTime<Utc>,
    /// When it is, or was, to be kept; null while it stands still.
    due_at: Option<DateTime<Utc>>,
    /// When a fifth of its time is left.
    warn_at: Option<DateTime<Utc>>,
    /// Why it stands still: `snoozed`, `awaiting_client`; of a ticket `status` or `outage`.
    paused_for: Option<String>,
    /// When the promise was broken; null: it was not.
    missed_at: Option<DateTime<Utc>>,
    /// What that is put down to.
    cause: Option<Cause>,
    ended_at: Option<DateTime<Utc>>,
    /// What happened to it, oldest first.
    log: Vec<Entry>,
    /// The time since it began, or until its end, in pieces without holes, at most the last 100.
    segments: Vec<SlaSegment>,
}

/// A piece of a clock's time.
#[derive(Debug, Serialize, ToSchema)]
struct SlaSegment {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// What of it counted.
    counted_seconds: i64,
    /// A reason of the schedule, as in `POST /schedules/preview`, or `paused`.
    reason: String,
    /// How the day is called that is the reason.
    name: String,
}

/// The promises of a conversation or a ticket.
#[derive(Debug, Serialize, ToSchema)]
struct SlaClocks {
    /// Oldest first.
    items: Vec<SlaClock>,
}

/// Read what was promised on a conversation, and what came of it.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/sla", tag = "sla", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = SlaClocks)))]
async fn get_conversation_sla(
    AppState(app): AppState<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<SlaClocks>> {
    conversation::find(app.db.read(), &actor, id).await?;
    clocks(&app, About::Conversation(id), actor.language).await
}

/// Read what was promised of a ticket, and what came of it.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/sla", tag = "sla", params(("id" = TicketId, Path)),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = SlaClocks)))]
async fn get_ticket_sla(
    AppState(app): AppState<App>,
    actor: Can<can::TicketsView>,
    Path(id): Path<TicketId>,
) -> ApiResult<Json<SlaClocks>> {
    ticket::find(app.db.read(), &actor, id).await?;
    clocks(&app, About::Ticket(id), actor.language).await
}

async fn clocks(app: &App, about: About, language: Language) -> ApiResult<Json<SlaClocks>> {
    let rows = Entity::find().filter(entity::of(about)).order_by_asc(Column::StartedAt);
    let rows = rows.order_by_asc(Column::Id).all(app.db.read()).await?;
    let now = app.now();
    let items: Result<Vec<SlaClock>> = rows.into_iter().map(|row| explain(row, now, language)).collect();
    Ok(Json(SlaClocks { items: items? }))
}

fn explain(row: Model, now: Timestamp, language: Language) -> Result<SlaClock> {
    let clock = Clock::read(row)?;
    let until = clock.row.ended_at.unwrap_or(now);
    let counted = clock.count().consumed_at(clock.schedule(), until);
    let segments = segments(&clock, until);
    let warn_at = clock.warn_at();
    let Clock { row, snapshot, log, .. } = clock;
    Ok(SlaClock {
        id: row.id,
        norm: row.norm,
        state: row.state,
        policy_id: row.policy_id,
        policy: snapshot.policy,
        trace: snapshot.trace.iter().map(|step| step.get(language).to_owned()).collect(),
        why: snapshot.why.get(language).to_owned(),
        schedule: snapshot.schedule.map(|schedule| schedule.name),
        target_seconds: row.target_seconds,
        counted_seconds: counted.num_seconds(),
        started_at: row.started_at,
        due_at: row.due_at,
        warn_at,
        paused_for: row.paused_for,
        missed_at: row.missed_at,
        cause: row.cause,
        ended_at: row.ended_at,
        log,
        segments,
    })
}

const SHOWN: usize = 100;

/// The schedule's pieces, cut where the clock stood still.
fn segments(clock: &Clock, until: Timestamp) -> Vec<SlaSegment> {
    let mut all = Vec::new();
    let mut from = clock.row.started_at;
    let mut runs = true;
    let turns = clock.log.iter().filter_map(Entry::turns);
    for (at, now_runs) in turns.chain([(until, false)]) {
        let at = at.clamp(from, until.max(from));
        if runs {
            all.extend(clock.schedule().segments(from, at).into_iter().map(|piece| {
                let counted = if piece.reason.counts() { (piece.to - piece.from).num_seconds() } else { 0 };
                let reason = serde_json::to_value(piece.reason).ok();
                let reason = reason.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
                SlaSegment { from: piece.from, to: piece.to, counted_seconds: counted, reason, name: piece.name }
            }));
        } else if from < at {
            let (reason, name) = ("paused".to_owned(), String::new());
            all.push(SlaSegment { from, to: at, counted_seconds: 0, reason, name });
        }
        (from, runs) = (at, now_runs);
    }
    let hidden = all.len().saturating_sub(SHOWN);
    all.split_off(hidden)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportParams {
    /// Only this line; all of yours unless told.
    line: Option<LineId>,
    /// Only conversations or only tickets; both unless told.
    #[param(inline)]
    of: Option<Subject>,
    /// Promises that began at this time or later.
    from: DateTime<Utc>,
    /// Promises that began before this time.
    to: DateTime<Utc>,
}

/// How promises were kept.
#[derive(Debug, Serialize, ToSchema)]
struct SlaReport {
    items: Vec<NormFigures>,
    /// The share of promises that the policies of these lines want kept, 1 to 100; null: they want none, or not the same.
    wanted_percent: Option<i64>,
}

/// Read how the promises of a period were kept.
#[utoipa::path(get, path = "/api/v1/sla-report", tag = "sla", params(ReportParams),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = SlaReport)))]
async fn get_sla_report(
    AppState(app): AppState<App>,
    actor: Can<can::ConversationsView>,
    Query(params): Query<ReportParams>,
) -> ApiResult<Json<SlaReport>> {
    let ReportParams { line, of, from, to } = params;
    let scope = Scope { line, of, period: Period { from, to } };
    let items = report::figures(app.db.read(), &actor, scope).await?;
    let wanted_percent = report::wanted_percent(app.db.read(), &actor, scope).await?;
    Ok(Json(SlaReport { items, wanted_percent }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CaseParams {
    line: Option<LineId>,
    #[param(inline)]
    of: Option<Subject>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    #[param(inline)]
    norm: Option<DueNorm>,
    #[serde(default)]
    #[param(inline)]
    result: Wanted,
    /// Only those that were missed for this reason.
    #[param(inline)]
    cause: Option<Cause>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List the very promises a number of the report stands for, newest first.
#[utoipa::path(get, path = "/api/v1/sla-report/cases", tag = "sla", params(CaseParams),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Page<Case>)))]
async fn list_sla_cases(
    AppState(app): AppState<App>,
    actor: Can<can::ConversationsView>,
    Query(params): Query<CaseParams>,
) -> ApiResult<Json<Page<Case>>> {
    let CaseParams { line, of, from, to, norm, result, cause, limit, after } = params;
    let scope = Scope { line, of, period: Period { from, to } };
    let page = PageRequest { limit, after };
    Ok(Json(report::cases(app.db.read(), &actor, scope, norm, result, cause, &page).await?))
}
