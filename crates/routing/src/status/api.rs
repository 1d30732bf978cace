//! Statuses and limits over HTTP.

use std::collections::BTreeMap;

use app::{ApiResult, App, Can, Json, Path, Query, Signed, can};
use axum::extract::State;
use base::{Actor, Error, Permission, Result, UserId};
use chrono::{DateTime, Utc};
use db::Tx;
use desk::people::StaffRef;
use desk::user;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, OperatorView, views};
use super::{Cause, Status, change, log};
use crate::{crew, queue, supervisor};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_operator_statuses))
        .routes(routes!(get_own_status, put_own_status))
        .routes(routes!(put_operator_status))
        .routes(routes!(list_status_history))
        .routes(routes!(put_operator_limits))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OperatorStatuses {
    items: Vec<OperatorView>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewStatus {
    status: Status,
}

/// Your own status.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OwnStatus {
    status: Status,
    /// Null: you have had none yet.
    since: Option<DateTime<Utc>>,
    /// Set by Otklik, not by you.
    automatic: bool,
    activity_id: Option<crate::activity::ActivityId>,
}

/// A status somebody had.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct StatusSpan {
    status: Status,
    automatic: bool,
    cause: Cause,
    /// Who did it, when that was a person.
    actor: Option<StaffRef>,
    at: DateTime<Utc>,
    /// Null: still.
    until: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct StatusHistory {
    items: Vec<StatusSpan>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Period {
    /// 30 days ago unless told.
    pub from: Option<DateTime<Utc>>,
    /// Now unless told.
    pub to: Option<DateTime<Utc>>,
}

impl Period {
    pub(crate) fn bounds(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let to = self.to.unwrap_or(now);
        (self.from.unwrap_or(to - chrono::Duration::days(30)), to)
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct Limits {
    /// Open conversations at most, 0 to 500; null: as everybody.
    limit: Option<i64>,
    /// The same for kinds of channels: `{"chat": 3}`.
    #[serde(default)]
    by_channel: BTreeMap<String, i64>,
}

/// List everybody who may be given conversations, by name, with status, limits and load.
#[utoipa::path(get, path = "/api/v1/operators/statuses", tag = "routing",
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])),
    responses((status = 200, body = OperatorStatuses)))]
async fn list_operator_statuses(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
) -> ApiResult<Json<OperatorStatuses>> {
    let crew = crew::load(app.db.read(), app.now()).await?;
    Ok(Json(OperatorStatuses { items: views(app.db.read(), &actor, &crew, |_| true).await? }))
}

/// Read your own status.
#[utoipa::path(get, path = "/api/v1/me/status", tag = "routing", security(("session" = []), ("token" = [])),
    responses((status = 200, body = OwnStatus)))]
async fn get_own_status(State(app): State<App>, actor: Signed) -> ApiResult<Json<OwnStatus>> {
    Ok(Json(own(app.db.read(), &actor).await?))
}

/// Set your own status.
#[utoipa::path(put, path = "/api/v1/me/status", tag = "routing", request_body = NewStatus,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 200, body = OwnStatus)))]
async fn put_own_status(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Json(new): Json<NewStatus>,
) -> ApiResult<Json<OwnStatus>> {
    let tx = app.write().await?;
    let me = actor.user_id().ok_or(Error::Forbidden(Permission::ConversationsReply))?;
    change(&tx, &actor, me, new.status, Cause::Own).await?;
    let status = own(&tx, &actor).await?;
    tx.commit().await?;
    Ok(Json(status))
}

/// Set somebody's status: for whoever manages staff or watches over a line he serves.
#[utoipa::path(put, path = "/api/v1/users/{id}/status", tag = "routing", params(("id" = UserId, Path)), request_body = NewStatus,
    security(("session" = []), ("token" = [])),
    responses((status = 200, body = OperatorView), (status = 403, description = "You do not watch over him (`not_supervisor`).")))]
async fn put_operator_status(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<UserId>,
    Json(new): Json<NewStatus>,
) -> ApiResult<Json<OperatorView>> {
    let tx = app.write().await?;
    user::find(&tx, id).await?;
    supervisor::check_person(&tx, &actor, id).await?;
    change(&tx, &actor, id, new.status, Cause::Supervisor).await?;
    let view = one(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// List the statuses somebody had, the newest first, at most 1000: your own, or those of people you watch over.
#[utoipa::path(get, path = "/api/v1/users/{id}/status-history", tag = "routing", params(("id" = UserId, Path), Period),
    security(("session" = []), ("token" = [])), responses((status = 200, body = StatusHistory)))]
async fn list_status_history(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<UserId>,
    Query(period): Query<Period>,
) -> ApiResult<Json<StatusHistory>> {
    let read = app.db.read();
    user::find(read, id).await?;
    if actor.user_id() != Some(id) {
        supervisor::check_person(read, &actor, id).await?;
    }
    let (from, to) = period.bounds(app.now());
    let rows = ops::history(read, id, from, to).await?;
    Ok(Json(StatusHistory { items: spans(read, rows).await? }))
}

/// Set how many conversations somebody has at most.
#[utoipa::path(put, path = "/api/v1/users/{id}/limits", tag = "routing", params(("id" = UserId, Path)), request_body = Limits,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = OperatorView)))]
async fn put_operator_limits(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<UserId>,
    Json(limits): Json<Limits>,
) -> ApiResult<Json<OperatorView>> {
    let tx = app.write().await?;
    ops::set_limits(&tx, &actor, id, limits.limit, &limits.by_channel).await?;
    queue::want_drain(&tx).await?;
    let view = one(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(view))
}

async fn one(tx: &Tx, actor: &Actor, id: UserId) -> Result<OperatorView> {
    let crew = crew::load(tx, tx.now()).await?;
    let found = views(tx, actor, &crew, |user| user == id).await?.pop();
    found.ok_or_else(|| {
        let (ru, en) = ("Этот сотрудник не отвечает клиентам", "This person does not answer clients");
        Error::conflict("not_operator", ru, en)
    })
}

async fn own(connection: &impl ConnectionTrait, actor: &Actor) -> Result<OwnStatus> {
    let state = match actor.user_id() {
        Some(me) => ops::find(connection, me).await?,
        None => None,
    };
    Ok(OwnStatus {
        status: state.as_ref().map_or(Status::Offline, |state| state.status),
        since: state.as_ref().map(|state| state.since),
        automatic: state.as_ref().is_some_and(|state| state.automatic),
        activity_id: state.as_ref().and_then(|state| state.activity_id),
    })
}

async fn spans(connection: &impl ConnectionTrait, rows: Vec<log::Model>) -> Result<Vec<StatusSpan>> {
    let people = user::people(connection, rows.iter().filter_map(|row| row.actor_id).collect::<Vec<_>>()).await?;
    let span = |row: log::Model| StatusSpan {
        status: row.status,
        automatic: row.automatic,
        cause: row.cause,
        actor: row.actor_id.filter(|_| !row.automatic).and_then(|id| people.get(&id).cloned()),
        at: row.at,
        until: row.until,
    };
    Ok(rows.into_iter().map(span).collect())
}
