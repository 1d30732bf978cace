//! The way of a ticket over HTTP.

use app::{ApiResult, App, Can, Json, Path};
use axum::extract::State;
use base::{Actor, Error, Result, TicketId, can};
use db::Tx;
use desk::{field, ticket};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::clock::is_frozen;
use crate::route::stage;
use crate::route::view::{self, TicketRoutes};
use crate::route::work::{self, Begin, Outcome, Way};
use crate::route::{RouteId, StageId, ops};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_ticket_route, start_ticket_route))
        .routes(routes!(take_route_stage))
        .routes(routes!(complete_route_stage))
        .routes(routes!(skip_route_stage))
}

/// Read the way of a ticket by its route: plan and fact of each stage.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/route", tag = "tickets", params(("id" = TicketId, Path)),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = TicketRoutes)))]
async fn get_ticket_route(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Path(id): Path<TicketId>,
) -> ApiResult<Json<TicketRoutes>> {
    ticket::find(app.db.read(), &actor, id).await?;
    Ok(Json(view::of(app.db.read(), id, app.now(), actor.language).await?))
}

/// The route that a ticket is to go by.
#[derive(Debug, Deserialize, ToSchema)]
struct RouteStart {
    route_id: RouteId,
}

/// Let a ticket go by a route. It goes by one at a time.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/route", tag = "tickets", params(("id" = TicketId, Path)), request_body = RouteStart,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 200, body = TicketRoutes)))]
async fn start_ticket_route(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path(id): Path<TicketId>,
    Json(body): Json<RouteStart>,
) -> ApiResult<Json<TicketRoutes>> {
    let tx = app.write().await?;
    start(&tx, &actor, id, body.route_id).await?;
    answer(tx, &actor, id).await
}

async fn start(tx: &Tx, actor: &Actor, id: TicketId, route_id: RouteId) -> Result<()> {
    let ticket = ticket::find_to_change(tx, actor, id).await?;
    let route = field::known("route_id", ops::find(tx, route_id).await)?;
    if ticket.status.is_over() {
        let (ru, en) =
            ("Обращение уже решено: сначала откройте его снова", "The ticket is resolved: open it again first");
        return Err(Error::conflict("ticket_over", ru, en));
    }
    let frozen = is_frozen(tx, &ticket).await?;
    work::start(tx, actor, ticket, route, Begin { at: tx.now(), why: None, frozen }).await
}

async fn answer(tx: Tx, actor: &Actor, id: TicketId) -> ApiResult<Json<TicketRoutes>> {
    let answer = view::of(&tx, id, tx.now(), actor.language).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// The way of a ticket that the actor may move on, and one of its stages.
async fn find(tx: &Tx, actor: &Actor, id: TicketId, stage_id: StageId) -> Result<(Way, usize)> {
    let ticket = ticket::find_to_change(tx, actor, id).await?;
    let way = Way::of(tx, ticket).await?.ok_or(Error::NotFound("stage"))?;
    let index = stage::position(&way.stages, stage_id)?;
    Ok((way, index))
}

fn must_run(way: &Way, index: usize) -> Result<()> {
    match way.stages[index].row.state {
        stage::State::Running => Ok(()),
        stage::State::Waiting => Err(Error::conflict(
            "stage_waits",
            "Этап ещё не начался: сначала завершите предыдущие",
            "The stage has not begun yet: complete those before it first",
        )),
        _ => Err(Error::conflict("stage_over", "Этап уже закончен", "The stage is over already")),
    }
}

/// Take a stage into work.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/route/stages/{stage_id}/take", tag = "tickets",
    params(("id" = TicketId, Path), ("stage_id" = StageId, Path)),
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 200, body = TicketRoutes)))]
async fn take_route_stage(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path((id, stage_id)): Path<(TicketId, StageId)>,
) -> ApiResult<Json<TicketRoutes>> {
    let tx = app.write().await?;
    take(&tx, &actor, id, stage_id).await?;
    answer(tx, &actor, id).await
}

async fn take(tx: &Tx, actor: &Actor, id: TicketId, stage_id: StageId) -> Result<()> {
    let (mut way, index) = find(tx, actor, id, stage_id).await?;
    must_run(&way, index)?;
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    work::take(tx, &mut way, index, tx.now(), me).await?;
    if way.run.mode == crate::route::definition::Mode::Ticket && way.ticket.owner_id != Some(me) {
        let change = ticket::Change { owner_id: Some(Some(me)), ..Default::default() };
        ticket::update(tx, actor, id, change).await?;
    }
    Ok(())
}

/// What came of a stage.
#[derive(Debug, Deserialize, ToSchema)]
struct StageResult {
    /// At most 5000 characters.
    #[serde(default)]
    result: String,
}

/// Complete a stage. The next one begins.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/route/stages/{stage_id}/complete", tag = "tickets",
    params(("id" = TicketId, Path), ("stage_id" = StageId, Path)), request_body = StageResult,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 200, body = TicketRoutes)))]
async fn complete_route_stage(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path((id, stage_id)): Path<(TicketId, StageId)>,
    Json(body): Json<StageResult>,
) -> ApiResult<Json<TicketRoutes>> {
    let tx = app.write().await?;
    let (mut way, index) = find(&tx, &actor, id, stage_id).await?;
    must_run(&way, index)?;
    let result = field::limit("result", body.result.trim().to_owned(), 5_000)?;
    let outcome = Outcome::Done { result: &result };
    work::finish(&tx, &actor, &mut way, index, outcome, tx.now(), actor.user_id()).await?;
    answer(tx, &actor, id).await
}

/// Why a stage is not needed.
#[derive(Debug, Deserialize, ToSchema)]
struct StageSkip {
    /// 1 to 5000 characters.
    reason: String,
}

/// Skip a stage that is not required, whether it has begun or not.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/route/stages/{stage_id}/skip", tag = "tickets",
    params(("id" = TicketId, Path), ("stage_id" = StageId, Path)), request_body = StageSkip,
    security(("session" = ["tickets.edit"]), ("token" = ["tickets.edit"])), responses((status = 200, body = TicketRoutes)))]
async fn skip_route_stage(
    State(app): State<App>,
    actor: Can<can::TicketsEdit>,
    Path((id, stage_id)): Path<(TicketId, StageId)>,
    Json(body): Json<StageSkip>,
) -> ApiResult<Json<TicketRoutes>> {
    let tx = app.write().await?;
    let (mut way, index) = find(&tx, &actor, id, stage_id).await?;
    let reason = skippable(&way, index, &body.reason)?;
    let outcome = Outcome::Skipped { reason: &reason };
    work::finish(&tx, &actor, &mut way, index, outcome, tx.now(), actor.user_id()).await?;
    answer(tx, &actor, id).await
}

/// The reason by which a stage may be skipped.
fn skippable(way: &Way, index: usize, reason: &str) -> Result<String> {
    let stage = &way.stages[index];
    if stage.is_over() {
        must_run(way, index)?;
    }
    if stage.row.must_complete {
        let (ru, en) =
            ("Этот этап обязательный: его нельзя пропустить", "This stage is required: it cannot be skipped");
        return Err(Error::conflict("must_complete", ru, en));
    }
    let reason = field::limit("reason", reason.trim().to_owned(), 5_000)?;
    if reason.is_empty() { Err(Error::required("reason")) } else { Ok(reason) }
}
