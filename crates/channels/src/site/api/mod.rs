//! The visitor API.

pub(super) mod door;
pub(super) mod files;
mod live;

use std::collections::BTreeMap;
use std::sync::Arc;

use app::{ApiResult, App, Created, Json, NoContent, Path, Query, RequestLanguage};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::response::Response;
use base::{Actor, Error, FileId, Language, MessageId, Result, Timestamp};
use bus::Cursor;
use desk::block::Subject;
use desk::conversation::{self, Status};
use desk::message::{self, EditedBy};
use desk::{chat, rating, schedule, setting};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::site::config::{self, SiteConfig};
use crate::site::hours::{self, SiteHours};
use crate::site::limits::Limits;
use crate::site::people::{self, Told};
use crate::site::post::{self, NewVisitorMessage};
use crate::site::registry::Registry;
use crate::site::token::{self, SignedUser, Who, WhoName};
use crate::site::view::{self, Part, VisitorConversation, VisitorFile, VisitorMessage, VisitorMessages};
use door::{Site, Visitor, across_sites};

pub(crate) fn routes() -> OpenApiRouter<App> {
    let uploads =
        OpenApiRouter::new().routes(routes!(upload_visitor_file)).layer(DefaultBodyLimit::max(110 * 1024 * 1024));
    OpenApiRouter::new()
        .routes(routes!(get_site_config))
        .routes(routes!(get_site_hours))
        .routes(routes!(open_visitor))
        .routes(routes!(list_visitor_messages, create_visitor_message))
        .routes(routes!(edit_visitor_message, delete_visitor_message))
        .routes(routes!(get_visitor_file))
        .routes(routes!(read_as_visitor))
        .routes(routes!(rate_as_visitor))
        .routes(routes!(leave_visitor_email))
        .routes(routes!(close_as_visitor))
        .routes(routes!(listen_as_visitor))
        .layer(DefaultBodyLimit::max(256 * 1024))
        .merge(uploads)
        .layer(axum::middleware::from_fn(across_sites))
}

/// Read how to draw a site chat.
///
/// The visitor API needs no login: `key` is the channel's public key (`hook_key`). No cookies; any page may call, unless
/// the channel's `allowed_origins` name the ones that may (403 `origin_not_allowed`). 403 `blocked`: the block list keeps the
/// visitor out. 429 with `Retry-After`: too often.
#[utoipa::path(get, path = "/api/v1/site/{key}/config", tag = "site", params(("key" = String, Path), Reader),
    responses((status = 200, body = SiteConfig)))]
async fn get_site_config(
    State(app): State<App>,
    RequestLanguage(language): RequestLanguage,
    site: Site,
    Query(reader): Query<Reader>,
) -> ApiResult<Json<SiteConfig>> {
    Ok(Json(config::config(&app, site, reader.zone(), language).await?))
}

/// Who reads times of day.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Reader {
    /// The zone of his clock, an IANA name; unknown: times are told by the schedule's clock, which is named.
    #[serde(default)]
    time_zone: String,
}

impl Reader {
    fn zone(&self) -> Option<chrono_tz::Tz> {
        schedule::zone_of(&self.time_zone)
    }
}

/// Read when a site chat is answered: whether somebody does now, the week and the next opening in words. The week and the
/// opening are empty unless the hours are for clients: those of a line are when it publishes them.
#[utoipa::path(get, path = "/api/v1/site/{key}/hours", tag = "site", params(("key" = String, Path), Reader),
    responses((status = 200, body = SiteHours)))]
async fn get_site_hours(
    State(app): State<App>,
    RequestLanguage(language): RequestLanguage,
    site: Site,
    Query(reader): Query<Reader>,
) -> ApiResult<Json<SiteHours>> {
    Ok(Json(hours::view(&app, &site, reader.zone(), language).await?))
}

/// A visitor's page.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct OpenVisitor {
    /// What the page kept of an earlier answer.
    visitor_token: Option<String>,
    /// Who the visitor is, signed by the site.
    user: Option<SignedUser>,
    /// `ru-RU`
    #[serde(default)]
    locale: String,
    /// IANA name.
    #[serde(default)]
    time_zone: String,
}

/// A visitor, as his page knows him.
#[derive(Debug, Serialize, ToSchema)]
struct VisitorSession {
    /// Give it as `Authorization: Bearer` and keep it for the next page.
    visitor_token: String,
    visitor: VisitorView,
    conversation: Option<VisitorConversation>,
    /// Answers he has not seen.
    unread: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Visitor)]
struct VisitorView {
    id: String,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    /// The site vouches for him.
    known: bool,
}

/// Open a visitor, or find him again.
///
/// Without `user` he is anonymous, known by his token only. With a signed `user` his history follows him over his devices,
/// and what he wrote before as an anonymous visitor of this page becomes his. Nothing is stored until he writes.
#[utoipa::path(post, path = "/api/v1/site/{key}/visitors", tag = "site", params(("key" = String, Path)), request_body = OpenVisitor,
    responses((status = 200, body = VisitorSession), (status = 403, description = "The user's signature is wrong (`bad_signature`), or he is kept out (`blocked`).")))]
async fn open_visitor(
    State(app): State<App>,
    site: Site,
    Json(body): Json<OpenVisitor>,
) -> ApiResult<Json<VisitorSession>> {
    let known = body.visitor_token.as_deref();
    let known = known.and_then(|token| token::open(&app, site.channel.id, &site.settings.identity_secret, token));
    let who = identify(&app, &site, &body, known.clone())?;
    let visitor = Visitor { site, who };
    visitor.site.refuse_blocked(&app, Subject { accounts: vec![visitor.account()], ..Subject::default() }).await?;
    if let Some(before) = known.filter(|before| before.external_id() != visitor.who.external_id()) {
        adopt(&app, &before, &visitor).await?;
    }
    Ok(Json(session(&app, visitor).await?))
}

/// Who opens the chat: a user the site vouches for, a visitor who was here before, or somebody new.
fn identify(app: &App, site: &Site, body: &OpenVisitor, known: Option<Who>) -> Result<Who> {
    let cut = |text: &str, most: usize| text.chars().filter(|c| !c.is_control()).take(most).collect::<String>();
    let (locale, time_zone) = (cut(&body.locale, 35), cut(&body.time_zone, 64));
    let channel_id = site.channel.id;
    if let Some(user) = body.user.as_ref().filter(|user| user.is_somebody()) {
        let (id, profile) = token::verify(user, &site.settings.identity_secret, app.now())?;
        return Ok(Who { channel_id, name: WhoName::User(id), profile: Some(profile), locale, time_zone });
    }
    if let Some(known) = known {
        return Ok(Who { locale, time_zone, ..known });
    }
    let limits: Arc<Limits> = app.memory();
    limits.new_visitor(site.address)?;
    // Unguessable: whoever has it is the visitor.
    Ok(Who { channel_id, name: WhoName::Visitor(Uuid::new_v4()), profile: None, locale, time_zone })
}

async fn adopt(app: &App, before: &Who, visitor: &Visitor) -> Result<()> {
    if before.is_known() || !visitor.who.is_known() {
        return Ok(());
    }
    let tx = app.write().await?;
    let language = setting::company(&tx).await?.default_locale;
    people::adopt(&tx, before, visitor, language).await?;
    tx.commit().await
}

async fn session(app: &App, visitor: Visitor) -> Result<VisitorSession> {
    let read = app.db.read();
    let chat = chat::by_external(read, visitor.site.channel.id, &visitor.who.external_id()).await?;
    let (mut conversation, mut unread) = (None, 0);
    if let Some(chat) = &chat {
        if let Some(last) = chat::last_own_conversation(read, chat.id).await? {
            conversation =
                Some(view::conversation_view(read, visitor.site.settings.ask_rating, &last, app.now()).await?);
        }
        unread = view::unread(read, chat).await?;
    }
    let profile = visitor.who.profile.clone().unwrap_or_default();
    let told = |name: &str, otherwise: &str| {
        let stored = chat.as_ref().and_then(|chat| chat.data[name].as_str());
        stored.or(Some(otherwise).filter(|text| !text.is_empty())).map(str::to_owned)
    };
    Ok(VisitorSession {
        visitor_token: token::seal(app, &visitor.who, &visitor.site.settings.identity_secret)?,
        visitor: VisitorView {
            id: visitor.who.id(),
            name: told("name", &profile.name),
            email: told("email", &profile.email),
            phone: told("phone", &profile.phone),
            known: visitor.who.is_known(),
        },
        conversation,
        unread,
    })
}

/// His chat, if he has written; without one the call makes no sense.
async fn own_chat(app: &App, visitor: &Visitor) -> Result<chat::Model> {
    let found = chat::by_external(app.db.read(), visitor.site.channel.id, &visitor.who.external_id()).await?;
    found.ok_or(Error::NotFound("conversation"))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListVisitorMessages {
    /// Later ones: the `next` of a page, or the id of a message.
    after: Option<String>,
    /// Earlier ones: the `next` of a page, or the id of a message.
    before: Option<String>,
}

/// Read what was said in the visitor's chat, at most 50 messages, oldest first; the newest unless told.
#[utoipa::path(get, path = "/api/v1/site/{key}/messages", tag = "site", params(("key" = String, Path), ListVisitorMessages),
    responses((status = 200, body = VisitorMessages), (status = 401, description = "The token is not one of this chat (`unknown_visitor`).")))]
async fn list_visitor_messages(
    State(app): State<App>,
    visitor: Visitor,
    Query(params): Query<ListVisitorMessages>,
) -> ApiResult<Json<VisitorMessages>> {
    let Ok(chat) = own_chat(&app, &visitor).await else {
        return Ok(Json(VisitorMessages { items: Vec::new(), next: None, conversation: None }));
    };
    let part = match (&params.after, &params.before) {
        (Some(after), _) => place(&app, &chat, after).await.map(|(at, id)| Part::After(at, id))?,
        (None, Some(before)) => place(&app, &chat, before).await.map(|(at, id)| Part::Before(at, id))?,
        (None, None) => Part::Newest,
    };
    Ok(Json(view::page(&app, &visitor.site, &chat, part).await?))
}

/// A place among the messages: a page's mark, or a message of this chat.
async fn place(app: &App, chat: &chat::Model, text: &str) -> Result<(Timestamp, MessageId)> {
    let Ok(id) = text.parse::<MessageId>() else { return base::Cursor::decode(text) };
    let found = message::Entity::find_by_id(id).one(app.db.read()).await?;
    let message = found.filter(|message| message.chat_id == Some(chat.id)).ok_or(Error::NotFound("message"))?;
    Ok((message.created_at, message.id))
}

/// Write.
///
/// The first message begins a conversation and needs what the channel asks for: its required fields, and the consent.
#[utoipa::path(post, path = "/api/v1/site/{key}/messages", tag = "site", params(("key" = String, Path)), request_body = NewVisitorMessage,
    responses((status = 201, body = VisitorMessage), (status = 401, description = "The token is not one of this chat (`unknown_visitor`)."),
        (status = 403, description = "The visitor is kept out (`blocked`).")))]
async fn create_visitor_message(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<NewVisitorMessage>,
) -> ApiResult<Created<VisitorMessage>> {
    let post::Taken { chat, id, fresh } = post::take(&app, &visitor, body).await?;
    Ok(Created(seen(&app, &visitor, &chat, id, fresh).await?))
}

async fn seen(app: &App, visitor: &Visitor, chat: &chat::Model, id: MessageId, fresh: bool) -> Result<VisitorMessage> {
    let channel = &visitor.site.channel;
    let shown = view::one(app, channel.id, &channel.hook_key, chat.id, id, fresh).await?;
    shown.ok_or(Error::NotFound("message"))
}

/// Other words.
#[derive(Debug, Deserialize, ToSchema)]
struct VisitorMessageChange {
    /// At most 10,000 characters.
    text: String,
}

/// Change the words of a message of one's own, as long as the channel allows (`edit_minutes`).
#[utoipa::path(patch, path = "/api/v1/site/{key}/messages/{id}", tag = "site", params(("key" = String, Path), ("id" = MessageId, Path)),
    request_body = VisitorMessageChange,
    responses((status = 200, body = VisitorMessage), (status = 409, description = "Too late (`too_late`) or not yours (`not_yours`).")))]
async fn edit_visitor_message(
    State(app): State<App>,
    visitor: Visitor,
    Path(path): Path<(String, MessageId)>,
    Json(body): Json<VisitorMessageChange>,
) -> ApiResult<Json<VisitorMessage>> {
    let (id, text) = (path.1, body.text.trim());
    if text.is_empty() {
        return Err(Error::required("text").into());
    }
    if text.chars().count() > 10_000 {
        let (ru, en) = ("Не больше 10 000 знаков", "10,000 characters at most");
        return Err(Error::invalid("text", "too_long", ru, en).into());
    }
    let chat = changeable(&app, &visitor, id).await?;
    visitor
        .site
        .refuse_blocked(&app, Subject { accounts: vec![visitor.account()], text, ..Subject::default() })
        .await?;
    let tx = app.write().await?;
    message::edit(&tx, &Actor::system(), id, &rich::from_plain(text), EditedBy::Client).await?;
    tx.commit().await?;
    Ok(Json(seen(&app, &visitor, &chat, id, false).await?))
}

/// Withdraw a message of one's own, as long as the channel allows (`edit_minutes`).
#[utoipa::path(delete, path = "/api/v1/site/{key}/messages/{id}", tag = "site", params(("key" = String, Path), ("id" = MessageId, Path)),
    responses((status = 204), (status = 409, description = "Too late (`too_late`) or not yours (`not_yours`).")))]
async fn delete_visitor_message(
    State(app): State<App>,
    visitor: Visitor,
    Path(path): Path<(String, MessageId)>,
) -> ApiResult<NoContent> {
    let id = path.1;
    changeable(&app, &visitor, id).await?;
    let tx = app.write().await?;
    message::delete(&tx, &Actor::system(), id, EditedBy::Client).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// The chat of a message that its visitor may still change.
async fn changeable(app: &App, visitor: &Visitor, id: MessageId) -> Result<chat::Model> {
    let chat = own_chat(app, visitor).await?;
    let found = message::Entity::find_by_id(id).one(app.db.read()).await?;
    let message = found.filter(|message| message.chat_id == Some(chat.id)).ok_or(Error::NotFound("message"))?;
    let limit = chrono::Duration::minutes(visitor.site.settings.edit_minutes);
    if message.kind == message::Kind::Inbound && app.now() - message.created_at >= limit {
        let (ru, en) = ("Уже поздно менять это сообщение", "It is too late to change this message");
        return Err(Error::conflict("too_late", ru, en));
    }
    Ok(chat)
}

/// A form with one file in the field `file`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form in the documentation")]
struct VisitorUpload {
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Upload a file for a message; give its id to `file_ids`.
#[utoipa::path(post, path = "/api/v1/site/{key}/files", tag = "site", params(("key" = String, Path)),
    request_body(content = VisitorUpload, content_type = "multipart/form-data"), responses((status = 201, body = VisitorFile)))]
async fn upload_visitor_file(
    State(app): State<App>,
    visitor: Visitor,
    form: Multipart,
) -> ApiResult<Created<VisitorFile>> {
    let limits: Arc<Limits> = app.memory();
    limits.upload(&visitor.account())?;
    visitor.site.refuse_blocked(&app, Subject { accounts: vec![visitor.account()], ..Subject::default() }).await?;
    let (name, told, bytes) = files::read(&app, &visitor.site, form).await?;
    let file = files::keep(&app, &visitor, name, &told, bytes).await?;
    let channel = &visitor.site.channel;
    Ok(Created(view::file_view(&app, channel.id, &channel.hook_key, file)))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FileSignature {
    /// As it stands in the address.
    #[serde(default)]
    token: String,
}

/// Fetch a file by the address that a message told.
#[utoipa::path(get, path = "/api/v1/site/{key}/files/{id}/{name}", tag = "site",
    params(("key" = String, Path), ("id" = FileId, Path), ("name" = String, Path), FileSignature),
    responses((status = 200, description = "The bytes.")))]
async fn get_visitor_file(
    State(app): State<App>,
    site: Site,
    Path(path): Path<(String, FileId, String)>,
    Query(params): Query<FileSignature>,
) -> ApiResult<Response> {
    Ok(files::send(&app, &site.channel, path.1, &params.token).await?)
}

/// What the visitor has seen.
#[derive(Debug, Deserialize, ToSchema)]
struct SeenByVisitor {
    /// This message and all before it.
    up_to: MessageId,
}

/// Mark answers as seen.
#[utoipa::path(post, path = "/api/v1/site/{key}/read", tag = "site", params(("key" = String, Path)), request_body = SeenByVisitor,
    responses((status = 204)))]
async fn read_as_visitor(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<SeenByVisitor>,
) -> ApiResult<NoContent> {
    let chat = own_chat(&app, &visitor).await?;
    live::mark_seen(&app, chat.id, body.up_to).await?;
    Ok(NoContent)
}

/// A mark.
#[derive(Debug, Deserialize, ToSchema)]
struct VisitorRating {
    /// 1 to 5.
    stars: i64,
    /// At most 2,000 characters.
    #[serde(default)]
    comment: String,
}

/// Rate the last conversation. Another mark takes the place of the one before.
#[utoipa::path(post, path = "/api/v1/site/{key}/rating", tag = "site", params(("key" = String, Path)), request_body = VisitorRating,
    responses((status = 204)))]
async fn rate_as_visitor(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<VisitorRating>,
) -> ApiResult<NoContent> {
    let last = last_conversation(&app, &visitor).await?;
    let tx = app.write().await?;
    rating::rate(&tx, &Actor::system(), last.id, body.stars, &body.comment).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// His own: what he shares with others is not his to end or to rate.
async fn last_conversation(app: &App, visitor: &Visitor) -> Result<conversation::Model> {
    let chat = own_chat(app, visitor).await?;
    chat::last_own_conversation(app.db.read(), chat.id).await?.ok_or(Error::NotFound("conversation"))
}

/// A mail address.
#[derive(Debug, Deserialize, ToSchema)]
struct VisitorEmail {
    email: String,
}

/// Leave a mail address: answers that are not seen here go there.
#[utoipa::path(post, path = "/api/v1/site/{key}/email", tag = "site", params(("key" = String, Path)), request_body = VisitorEmail,
    responses((status = 204)))]
async fn leave_visitor_email(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<VisitorEmail>,
) -> ApiResult<NoContent> {
    let Some(email) = text::email::normalize(&body.email) else {
        let (ru, en) = ("Проверьте адрес почты", "Check the mail address");
        return Err(Error::invalid("email", "bad_address", ru, en).into());
    };
    own_chat(&app, &visitor).await?;
    let subject = Subject { emails: vec![&email], accounts: vec![visitor.account()], ..Subject::default() };
    visitor.site.refuse_blocked(&app, subject).await?;
    let tx = app.write().await?;
    let language: Language = setting::company(&tx).await?.default_locale;
    let held = chat::held(&tx, visitor.site.channel.id, &visitor.who.external_id()).await?;
    let chat = held.ok_or(Error::NotFound("conversation"))?;
    let fields = BTreeMap::from([("email".to_owned(), email)]);
    let told = Told::read(&visitor.site.settings, &visitor.who, &fields, &chat.data, false)?;
    let suggested = people::remember(&tx, &visitor.who, &chat, &told, language).await?;
    if let Some(last) = chat::last_own_conversation(&tx, chat.id).await? {
        people::suggest(&tx, &last, suggested).await?;
    }
    tx.commit().await?;
    Ok(NoContent)
}

/// End the conversation.
#[utoipa::path(post, path = "/api/v1/site/{key}/close", tag = "site", params(("key" = String, Path)), responses((status = 204)))]
async fn close_as_visitor(State(app): State<App>, visitor: Visitor) -> ApiResult<NoContent> {
    let last = last_conversation(&app, &visitor).await?;
    if last.status != Status::Spam {
        let tx = app.write().await?;
        conversation::close_because(&tx, &Actor::system(), last.id, json!({"by": "client"})).await?;
        tx.commit().await?;
    }
    Ok(NoContent)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListenAsVisitor {
    /// The visitor's token: a browser's WebSocket sends no headers.
    #[serde(default)]
    token: String,
    /// The `cursor` of the last frame received.
    after: Option<String>,
}

/// Listen to one's own chat.
///
/// A WebSocket (RFC 6455) of JSON text frames: `{"type": "hello", "cursor"}` first, then `{"type": "message", "message":
/// VisitorMessage}` (new, changed, or withdrawn: `deleted`), `{"type": "typing", "name"}`, `{"type": "read", "up_to"}` (staff
/// have read the visitor's messages up to this one), `{"type": "conversation", "status", "ask_rating", "marks", "rating"}` and
/// `{"type": "withdrawn", "id"}`. All but `typing` carry a `cursor`; come back with the last one as `after` and every frame
/// comes once, in order. `{"type": "reset", "cursor"}` instead of `hello`: too much was missed, read the messages again.
/// The page sends `{"type": "typing"}`, `{"type": "read", "up_to"}` and `{"type": "page", "url", "title"}`.
#[utoipa::path(get, path = "/api/v1/site/{key}/live", tag = "site", params(("key" = String, Path), ListenAsVisitor),
    responses((status = 101, description = "The WebSocket is open."), (status = 401, description = "The token is not one of this chat (`unknown_visitor`).")))]
async fn listen_as_visitor(
    State(app): State<App>,
    site: Site,
    Query(params): Query<ListenAsVisitor>,
    upgrade: WebSocketUpgrade,
) -> ApiResult<Response> {
    let visitor = site.visitor(&app, &params.token)?;
    let after =
        params.after.as_deref().map(str::parse::<Cursor>).transpose().map_err(|()| {
            Error::invalid("after", "bad_cursor", "Непонятная отметка", "This cursor is not one of ours")
        })?;
    visitor.site.refuse_blocked(&app, Subject { accounts: vec![visitor.account()], ..Subject::default() }).await?;
    let chat = own_chat(&app, &visitor).await?;
    let (limits, registry): (Arc<Limits>, Arc<Registry>) = (app.memory(), app.memory());
    limits.socket(registry.sockets_of(chat.id))?;
    // Thousands of these are open at once: small buffers, and nothing kept but the place.
    let place = visitor.place(chat.id);
    let upgrade = upgrade.read_buffer_size(2 * 1024).write_buffer_size(0).max_message_size(live::MAX_FRAME);
    Ok(upgrade.on_upgrade(move |socket| live::serve(app, place, after, socket)))
}
