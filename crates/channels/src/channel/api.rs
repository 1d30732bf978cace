//! Channels over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{Actor, ChannelId, Error, GroupId, LineId, Result, can};
use desk::channel::{Kind, Model, State as ChannelState};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops;
use super::view::{self, Channel, ChannelKind};
use crate::driver::{Link, TemplateInfo};
use crate::settings::Settings;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_channels, create_channel))
        .routes(routes!(list_channel_kinds))
        .routes(routes!(list_channel_health))
        .routes(routes!(test_channel))
        .routes(routes!(get_channel, update_channel, delete_channel))
        .routes(routes!(restart_channel))
        .routes(routes!(make_identity_secret))
        .routes(routes!(list_channel_templates))
        .routes(routes!(open_channel_chat))
}

async fn one(app: &App, actor: &Actor, row: Model) -> Result<Channel> {
    view::views(app, actor, vec![row]).await?.pop().ok_or(Error::NotFound("channel"))
}

/// Kinds of channels.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelKinds {
    items: Vec<ChannelKind>,
}

/// List what can be connected, with the settings each kind asks for and what it can do.
#[utoipa::path(get, path = "/api/v1/channels/kinds", tag = "channels",
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = ChannelKinds)))]
async fn list_channel_kinds(actor: Can<can::ChannelsManage>) -> Json<ChannelKinds> {
    Json(ChannelKinds { items: view::kinds(actor.language) })
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListChannels {
    line: Option<LineId>,
}

/// Channels.
#[derive(Debug, Serialize, ToSchema)]
struct Channels {
    items: Vec<Channel>,
}

/// List messengers and site chats. Mailboxes are at `/mailboxes`.
#[utoipa::path(get, path = "/api/v1/channels", tag = "channels", params(ListChannels),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Channels)))]
async fn list_channels(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Query(params): Query<ListChannels>,
) -> ApiResult<Json<Channels>> {
    let rows = ops::list(app.db.read(), &actor, params.line).await?;
    Ok(Json(Channels { items: view::views(&app, &actor, rows).await? }))
}

/// A channel that does not work.
#[derive(Debug, Serialize, ToSchema)]
struct BrokenChannel {
    id: ChannelId,
    line_id: LineId,
    kind: Kind,
    name: String,
    /// In the reader's language.
    reason: Option<String>,
    since: chrono::DateTime<chrono::Utc>,
}

/// What does not work.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelHealth {
    broken: Vec<BrokenChannel>,
}

/// List the channels of your lines that do not work now.
#[utoipa::path(get, path = "/api/v1/channels/health", tag = "channels",
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = ChannelHealth)))]
async fn list_channel_health(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
) -> ApiResult<Json<ChannelHealth>> {
    let rows = ops::list(app.db.read(), &actor, None).await?;
    let broken = rows.into_iter().filter(|row| row.state == ChannelState::Broken).map(|row| {
        let reason: Option<base::Words> = row.state_reason.and_then(|reason| serde_json::from_value(reason).ok());
        BrokenChannel {
            id: row.id,
            line_id: row.line_id,
            kind: row.kind,
            name: row.name,
            reason: reason.map(|words| words.get(actor.language).to_owned()),
            since: row.state_since,
        }
    });
    Ok(Json(ChannelHealth { broken: broken.collect() }))
}

/// A channel to connect.
#[derive(Debug, Deserialize, ToSchema)]
struct NewChannel {
    line_id: LineId,
    kind: Kind,
    /// Empty: as its kind is called.
    #[serde(default)]
    name: String,
    /// Pin its conversations to this group of operators.
    group_id: Option<GroupId>,
    /// As its kind asks for (`GET /channels/kinds`).
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

/// Connect a channel to a line.
#[utoipa::path(post, path = "/api/v1/channels", tag = "channels", request_body = NewChannel,
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 201, body = Channel)))]
async fn create_channel(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    idempotency: Idempotency,
    Json(body): Json<NewChannel>,
) -> ApiResult<Created<Channel>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewChannel { line_id, kind, name, group_id, settings, enabled } = body;
    let row =
        ops::create(&tx, &app, &actor, ops::NewChannel { line_id, kind, name, group_id, settings, enabled }).await?;
    let answer = one(&app, &actor, row).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Settings to try.
#[derive(Debug, Deserialize, ToSchema)]
struct TestChannel {
    kind: Kind,
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    /// Take the secrets that are not given from this channel.
    channel_id: Option<ChannelId>,
}

/// How the try went.
#[derive(Debug, Serialize, ToSchema)]
struct TestedChannel {
    ok: bool,
    /// Who we are at the vendor's.
    account_name: Option<String>,
    /// What is wrong and what to do.
    error: Option<String>,
    /// The vendor's own words.
    technical: Option<String>,
}

/// Try settings without storing them.
#[utoipa::path(post, path = "/api/v1/channels/test", tag = "channels", request_body = TestChannel,
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = TestedChannel)))]
async fn test_channel(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Json(body): Json<TestChannel>,
) -> ApiResult<Json<TestedChannel>> {
    let stored = match body.channel_id {
        Some(id) => Some(ops::visible(app.db.read(), &actor, id).await?),
        None => None,
    };
    let tested = match ops::test(&app, &actor, body.kind, stored, &body.settings).await? {
        Ok(account) => TestedChannel { ok: true, account_name: Some(account.name), error: None, technical: None },
        Err(trouble) => TestedChannel {
            ok: false,
            account_name: None,
            error: Some(trouble.words.get(actor.language).to_owned()),
            technical: Some(trouble.technical),
        },
    };
    Ok(Json(tested))
}

/// Get a channel.
#[utoipa::path(get, path = "/api/v1/channels/{id}", tag = "channels", params(("id" = ChannelId, Path)),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Channel)))]
async fn get_channel(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<Channel>> {
    let row = ops::visible(app.db.read(), &actor, id).await?;
    Ok(Json(one(&app, &actor, row).await?))
}

/// What to change; absent fields stay as they are. A secret that is absent or empty stays too.
#[derive(Debug, Deserialize, ToSchema)]
struct ChannelChange {
    line_id: Option<LineId>,
    name: Option<String>,
    /// Null: to no group.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<GroupId>)]
    group_id: Option<Option<GroupId>>,
    #[schema(value_type = Option<Object>)]
    settings: Option<Map<String, Value>>,
    enabled: Option<bool>,
}

/// Tells an absent field from a null one.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change a channel; it connects anew.
#[utoipa::path(patch, path = "/api/v1/channels/{id}", tag = "channels", params(("id" = ChannelId, Path)), request_body = ChannelChange,
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Channel)))]
async fn update_channel(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<ChannelId>,
    Json(body): Json<ChannelChange>,
) -> ApiResult<Json<Channel>> {
    let ChannelChange { line_id, name, group_id, settings, enabled } = body;
    let tx = app.write().await?;
    let row = ops::update(&tx, &app, &actor, id, ops::Change { line_id, name, group_id, settings, enabled }).await?;
    tx.commit().await?;
    Ok(Json(one(&app, &actor, row).await?))
}

/// Take a channel away. Its conversations stay.
#[utoipa::path(delete, path = "/api/v1/channels/{id}", tag = "channels", params(("id" = ChannelId, Path)),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 204)))]
async fn delete_channel(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<ChannelId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    let row = ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    if let Ok(settings) = Settings::of(&app, &row) {
        let _ = ops::driver_of(row.kind)?.disconnect(&Link { app, channel: row, settings }).await;
    }
    Ok(NoContent)
}

/// Connect anew at once.
#[utoipa::path(post, path = "/api/v1/channels/{id}/restart", tag = "channels", params(("id" = ChannelId, Path)),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Channel)))]
async fn restart_channel(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<Channel>> {
    let tx = app.write().await?;
    let row = ops::restart(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(one(&app, &actor, row).await?))
}

/// A signing key.
#[derive(Debug, Serialize, ToSchema)]
struct IdentitySecret {
    /// Shown only now. A JWT (HS256) made with it vouches for a user of the site with his mail address and phone, and an
    /// HMAC-SHA256 of his id, in hexadecimal, for the id alone.
    secret: String,
}

/// Make a key with which a site signs its users for its chat; the one before is worth nothing from now on.
#[utoipa::path(post, path = "/api/v1/channels/{id}/identity-secret", tag = "channels", params(("id" = ChannelId, Path)),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 201, body = IdentitySecret), (status = 409, description = "The channel is no site chat (`not_a_site_chat`).")))]
async fn make_identity_secret(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Created<IdentitySecret>> {
    let tx = app.write().await?;
    let secret = ops::make_identity_secret(&tx, &app, &actor, id).await?;
    tx.commit().await?;
    Ok(Created(IdentitySecret { secret }))
}

/// Approved texts.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelTemplates {
    items: Vec<TemplateInfo>,
}

/// List the approved texts of a channel's account, asked of the vendor.
#[utoipa::path(get, path = "/api/v1/channels/{id}/templates", tag = "channels", params(("id" = ChannelId, Path)),
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])),
    responses((status = 200, body = ChannelTemplates), (status = 503, description = "The vendor cannot be asked (`vendor_trouble`).")))]
async fn list_channel_templates(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Path(id): Path<ChannelId>,
) -> ApiResult<Json<ChannelTemplates>> {
    let row = ops::visible(app.db.read(), &actor, id).await?;
    let settings = Settings::of(&app, &row)?;
    let driver = ops::driver_of(row.kind)?;
    let items = driver
        .templates(&Link { app: app.clone(), channel: row, settings })
        .await
        .map_err(|trouble| Error::Unavailable { code: "vendor_trouble", words: trouble.words })?;
    Ok(Json(ChannelTemplates { items }))
}

/// Whom to write to.
#[derive(Debug, Deserialize, ToSchema)]
struct OpenChat {
    /// In whatever writing; a number without a country code is Russian.
    phone: String,
    /// What to call somebody new.
    #[serde(default)]
    name: String,
}

/// A chat to write to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct OpenedChat {
    chat_id: base::ChatId,
    contact_id: base::ContactId,
    /// Give it to `POST /conversations` as `route_key`.
    route_key: String,
}

/// Find or make the chat with somebody's phone, to write to him first.
///
/// Only for kinds with `start_by_phone`. A client with this phone is recognised.
#[utoipa::path(post, path = "/api/v1/channels/{id}/chats", tag = "channels", params(("id" = ChannelId, Path)), request_body = OpenChat,
    security(("session" = ["conversations.create"]), ("token" = ["conversations.create"])), responses((status = 201, body = OpenedChat)))]
async fn open_channel_chat(
    State(app): State<App>,
    actor: Can<can::ConversationsCreate>,
    idempotency: Idempotency,
    Path(id): Path<ChannelId>,
    Json(body): Json<OpenChat>,
) -> ApiResult<Created<OpenedChat>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let chat = ops::open_chat(&tx, &actor, id, &body.phone, &body.name).await?;
    let route_key = desk::conversation::Route::Chat(chat.id).to_string();
    let answer = OpenedChat { chat_id: chat.id, contact_id: chat.contact_id, route_key };
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}
