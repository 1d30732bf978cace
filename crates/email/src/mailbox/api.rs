//! Mailboxes over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query, can};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Actor, LineId, MailboxId};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::check::{ConnectionTest, test};
use super::input::{MailboxPatch, NewMailbox};
use super::presets::{self, PresetSettings};
use super::view::{Mailbox, views};
use super::{Model, ops};
use crate::Trust;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_mailboxes, create_mailbox))
        .routes(routes!(list_mailbox_presets))
        .routes(routes!(test_mailbox))
        .routes(routes!(get_mailbox, update_mailbox, delete_mailbox))
        .routes(routes!(restart_mailbox))
        .routes(routes!(check_mailbox))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListMailboxes {
    /// Only of this line.
    line: Option<LineId>,
}

/// A list of mailboxes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Mailboxes {
    items: Vec<Mailbox>,
}

/// A list of presets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MailboxPresets {
    items: Vec<PresetSettings>,
}

/// List the mailboxes with their state and what became of their mail.
#[utoipa::path(get, path = "/api/v1/mailboxes", tag = "mailboxes", params(ListMailboxes), security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 200, body = Mailboxes)))]
async fn list_mailboxes(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Query(params): Query<ListMailboxes>,
) -> ApiResult<Json<Mailboxes>> {
    let rows = ops::list(app.db.read(), &actor, params.line).await?;
    Ok(Json(Mailboxes { items: views(app.db.read(), &actor, rows).await? }))
}

/// Settings of the large mail providers, with what has to be switched on there first.
#[utoipa::path(get, path = "/api/v1/mailboxes/presets", tag = "mailboxes", security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 200, body = MailboxPresets)))]
async fn list_mailbox_presets(actor: Can<can::ChannelsManage>) -> ApiResult<Json<MailboxPresets>> {
    Ok(Json(MailboxPresets { items: presets::all(actor.language) }))
}

/// Connect a mailbox to a line. Mail is fetched from then on, within seconds.
#[utoipa::path(post, path = "/api/v1/mailboxes", tag = "mailboxes", request_body = NewMailbox, security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 201, body = Mailbox)))]
async fn create_mailbox(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    idem: Idempotency,
    Json(new): Json<NewMailbox>,
) -> ApiResult<Response> {
    let tx = match idem.begin::<Mailbox>(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer).into_response()),
    };
    let row = ops::create(&tx, &app, &actor, new).await?;
    let answer = one(&tx, &actor, row).await?;
    idem.finish(tx, &actor, &answer).await?;
    Ok(Created(answer).into_response())
}

/// A new mailbox, or a changed one, to try out.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct TestMailbox {
    /// An existing mailbox whose stored secrets to use where none are given.
    id: Option<MailboxId>,
    #[serde(flatten)]
    mailbox: NewMailbox,
}

/// Try the settings of a mailbox without saving them: signs in to both servers and says in plain words what is wrong. Sends nothing.
#[utoipa::path(post, path = "/api/v1/mailboxes/test", tag = "mailboxes", request_body = TestMailbox, security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 200, body = ConnectionTest)))]
async fn test_mailbox(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Json(body): Json<TestMailbox>,
) -> ApiResult<Json<ConnectionTest>> {
    let stored = match body.id {
        Some(id) => Some(ops::find(app.db.read(), &actor, id).await?),
        None => None,
    };
    let row = ops::draft(&app, stored, body.mailbox)?;
    let tls = Trust::of(&app)?;
    Ok(Json(test(&app, &tls, &row, actor.language).await))
}

/// Show a mailbox.
#[utoipa::path(get, path = "/api/v1/mailboxes/{id}", tag = "mailboxes", params(("id" = MailboxId, Path)), security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 200, body = Mailbox)))]
async fn get_mailbox(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<MailboxId>,
) -> ApiResult<Json<Mailbox>> {
    let row = ops::find(app.db.read(), &actor, id).await?;
    Ok(Json(one(app.db.read(), &actor, row).await?))
}

/// Change a mailbox. Its connection starts anew with the new settings.
#[utoipa::path(patch, path = "/api/v1/mailboxes/{id}", tag = "mailboxes", params(("id" = MailboxId, Path)), request_body = MailboxPatch,
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Mailbox)))]
async fn update_mailbox(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<MailboxId>,
    Json(patch): Json<MailboxPatch>,
) -> ApiResult<Json<Mailbox>> {
    let tx = app.write().await?;
    let row = ops::update(&tx, &app, &actor, id, patch).await?;
    let answer = one(&tx, &actor, row).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Take a mailbox away. Its ledger and its conversations stay; nothing changes on the mail server.
#[utoipa::path(delete, path = "/api/v1/mailboxes/{id}", tag = "mailboxes", params(("id" = MailboxId, Path)), security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 204)))]
async fn delete_mailbox(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<MailboxId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Connect anew at once, without waiting for the next try.
#[utoipa::path(post, path = "/api/v1/mailboxes/{id}/restart", tag = "mailboxes", params(("id" = MailboxId, Path)), security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 200, body = Mailbox)))]
async fn restart_mailbox(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<MailboxId>,
) -> ApiResult<Json<Mailbox>> {
    let tx = app.write().await?;
    let row = ops::restart(&tx, &actor, id).await?;
    let answer = one(&tx, &actor, row).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Look for new mail now.
#[utoipa::path(post, path = "/api/v1/mailboxes/{id}/check-now", tag = "mailboxes", params(("id" = MailboxId, Path)), security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 202, description = "The connection was told to look.")))]
async fn check_mailbox(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<MailboxId>,
) -> ApiResult<StatusCode> {
    let tx = app.write().await?;
    ops::check_now(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

async fn one(connection: &impl ConnectionTrait, actor: &Actor, row: Model) -> ApiResult<Mailbox> {
    let mut all = views(connection, actor, vec![row]).await?;
    all.pop().ok_or_else(|| base::Error::NotFound("mailbox").into())
}
