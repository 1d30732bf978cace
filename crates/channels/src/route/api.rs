//! By which of a client's channels an operator may answer.

use app::{ApiResult, App, Can, Json, Path};
use axum::extract::State;
use base::{Actor, ChannelId, ChatId, ContactId, ConversationId, Language, LineId, Result, can};
use chrono::{DateTime, Utc};
use desk::channel::{self, Kind, State as ChannelState};
use desk::chat;
use desk::contact::{self, identity};
use desk::conversation::{self, Route, participant};
use desk::line;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::channel::CapabilitiesView;
use crate::drivers;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_conversation_routes))
        .routes(routes!(list_contact_routes))
        .routes(routes!(list_phone_channels))
}

/// One of a client's channels.
#[derive(Debug, Serialize, ToSchema)]
struct ClientRoute {
    /// Give it as `route_key` to answer by it.
    key: String,
    kind: Kind,
    channel_id: Option<ChannelId>,
    chat_id: Option<ChatId>,
    /// A mail address.
    address: Option<String>,
    /// What the client is called there.
    title: String,
    /// Our account there.
    account_name: String,
    /// Whether one may write now.
    allowed: bool,
    /// Why not, in the reader's language.
    reason: Option<String>,
    /// Outside the time for free words only approved texts may be sent: an answer without `template` is refused.
    templates_only: bool,
    /// Until when one may write freely; null: always, or, with `templates_only`, not before the client has written.
    window_until: Option<DateTime<Utc>>,
    /// The conversation goes on by this one.
    current: bool,
    /// What can be sent; null for mail, which can do everything but buttons.
    can: Option<CapabilitiesView>,
}

/// A client's channels.
#[derive(Debug, Serialize, ToSchema)]
struct ClientRoutes {
    items: Vec<ClientRoute>,
}

/// List by which of the client's channels one may answer in a conversation, the current one first.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/routes", tag = "conversations", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = ClientRoutes)))]
async fn list_conversation_routes(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ClientRoutes>> {
    let read = app.db.read();
    let conversation = conversation::find(read, &actor, id).await?;
    let mut items = of(&app, &actor, conversation.contact_id, Some(conversation.line_id)).await?;
    let current = conversation.chat_id.map_or(Route::Mail(None), Route::Chat);
    let client = participant::of(read, id).await?.into_iter().find(|one| one.part == participant::Part::Client);
    for item in &mut items {
        item.current = match (&current, &item.address) {
            (Route::Chat(id), _) => item.chat_id == Some(*id),
            (Route::Mail(_), Some(address)) => client.as_ref().is_some_and(|client| client.address == *address),
            (Route::Mail(_), None) => false,
        };
    }
    items.sort_by_key(|item| !item.current);
    Ok(Json(ClientRoutes { items }))
}

#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OfLine {
    /// Only the channels of this line.
    line_id: Option<LineId>,
}

/// List a client's channels.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/routes", tag = "contacts", params(("id" = ContactId, Path), OfLine),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = ClientRoutes)))]
async fn list_contact_routes(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ContactId>,
    app::Query(params): app::Query<OfLine>,
) -> ApiResult<Json<ClientRoutes>> {
    contact::find(app.db.read(), &actor, id).await?;
    Ok(Json(ClientRoutes { items: of(&app, &actor, id, params.line_id).await? }))
}

/// A channel in which one may write first to a phone number.
#[derive(Debug, Serialize, ToSchema)]
struct PhoneChannel {
    id: ChannelId,
    kind: Kind,
    /// Our account there.
    account_name: String,
    /// The first message must be an approved text: `GET /channels/{id}/templates`.
    templates_only: bool,
}

/// The channels for writing first.
#[derive(Debug, Serialize, ToSchema)]
struct PhoneChannels {
    items: Vec<PhoneChannel>,
}

/// List the channels of a line in which one may write first to a phone number: `POST /channels/{id}/chats` opens the chat.
#[utoipa::path(get, path = "/api/v1/lines/{id}/phone-channels", tag = "channels", params(("id" = LineId, Path)),
    security(("session" = ["conversations.create"]), ("token" = ["conversations.create"])), responses((status = 200, body = PhoneChannels)))]
async fn list_phone_channels(
    State(app): State<App>,
    actor: Can<can::ConversationsCreate>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<PhoneChannels>> {
    let read = app.db.read();
    line::find(read, &actor, id).await?;
    let channels = channel::Entity::find()
        .filter(channel::Column::LineId.eq(id))
        .filter(channel::Column::DeletedAt.is_null())
        .filter(channel::Column::Enabled.eq(true))
        .order_by_asc(channel::Column::Name)
        .all(read)
        .await?;
    let able = |channel: channel::Model| {
        let can = drivers::of(channel.kind)?.about().capabilities;
        (can.start_by_phone && channel.state != ChannelState::Off).then(|| PhoneChannel {
            id: channel.id,
            kind: channel.kind,
            account_name: account_name(&channel),
            // Who has never written opened no window.
            templates_only: channel.kind.free_words_for().is_some(),
        })
    };
    Ok(Json(PhoneChannels { items: channels.into_iter().filter_map(able).collect() }))
}

fn account_name(channel: &channel::Model) -> String {
    if channel.account_name.is_empty() { channel.name.clone() } else { channel.account_name.clone() }
}

async fn of(app: &App, actor: &Actor, contact_id: ContactId, line: Option<LineId>) -> Result<Vec<ClientRoute>> {
    let read = app.db.read();
    let chats = chat::Entity::find()
        .filter(chat::Column::ContactId.eq(contact_id))
        .order_by_desc(chat::Column::LastInboundAt)
        .all(read)
        .await?;
    let channels = channel::Entity::find()
        .filter(channel::Column::Id.is_in(chats.iter().map(|chat| chat.channel_id)))
        .filter(channel::Column::DeletedAt.is_null())
        .all(read)
        .await?;
    let mut items = Vec::new();
    for chat in chats {
        let Some(channel) = channels.iter().find(|channel| channel.id == chat.channel_id) else { continue };
        let fits = actor.sees_line(channel.line_id) && line.is_none_or(|line| channel.line_id == line);
        if fits {
            items.push(by_chat(app, actor.language, channel, chat));
        }
    }
    for identity in contact::identities(read, contact_id).await? {
        if identity.kind == identity::Kind::Email {
            items.push(by_mail(identity.value_key));
        }
    }
    Ok(items)
}

fn by_mail(address: String) -> ClientRoute {
    ClientRoute {
        key: Route::Mail(Some(address.clone())).to_string(),
        kind: Kind::Email,
        channel_id: None,
        chat_id: None,
        title: address.clone(),
        address: Some(address),
        account_name: String::new(),
        allowed: true,
        reason: None,
        templates_only: false,
        window_until: None,
        current: false,
        can: None,
    }
}

fn by_chat(app: &App, language: Language, channel: &channel::Model, chat: chat::Model) -> ClientRoute {
    let capabilities = drivers::of(channel.kind).map(|driver| driver.about().capabilities);
    let say = |ru: &str, en: &str| Some(if language == Language::Ru { ru } else { en }.to_owned());
    let reason = if capabilities.is_none() || !channel.enabled || channel.state == ChannelState::Off {
        say("Канал отключён", "The channel is off")
    } else if chat.blocked {
        say("Клиент запретил писать ему в этом канале", "The client does not let us write to him in this channel")
    } else {
        None
    };
    let templates_only = !chat.takes_free_words(channel.kind, app.now());
    let window_until = chat.window_until(channel.kind);
    ClientRoute {
        key: Route::Chat(chat.id).to_string(),
        kind: channel.kind,
        channel_id: Some(channel.id),
        chat_id: Some(chat.id),
        address: None,
        title: chat.title,
        account_name: account_name(channel),
        allowed: reason.is_none(),
        reason,
        templates_only,
        window_until,
        current: false,
        can: capabilities.map(|can| CapabilitiesView::of(channel.kind, &can, language)),
    }
}
