//! Live events over a WebSocket: what changed, in order, none missed, none twice.
//!
//! Invariant: a connection tells what its owner may see now, not what he could see when it opened: after every change of
//! rights or logins, and with every ping, it asks again who he is, and ends when he is nobody.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::Response;
use bus::Cursor;
use db::Topic;
use serde::Deserialize;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{ApiResult, App, Attendance, Identity, Query, Signed};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(listen_live))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListenParams {
    /// The `cursor` of the last frame received; without it, only what happens from now on.
    after: Option<String>,
}

/// Listen to changes.
///
/// A WebSocket (RFC 6455) of JSON text frames. First `{"type": "hello", "cursor": "..."}`, then for each change
/// `{"type": "event", "cursor": "...", "kind": "message_created", "conversation_id": "...", "line_id": "...", "actor_id": "...", "data": {}}`.
/// After a lost connection open it again with `after` = the last cursor: every event comes once, in order.
/// `{"type": "reset", "cursor": "..."}` instead of `hello` means that too much was missed: load everything again. It also comes
/// later, when you have come to see more or less than before: a line, a group, a group conversation, a right.
/// Only events of your lines are sent. The server pings every 25 seconds.
///
/// Besides events there are whispers, without a cursor, kept nowhere: `{"type": "presence", "conversation_id": "...", "user":
/// {"id": "...", "name": "...", "avatar_color": 3}, "typing": false, "page": "..."}` (somebody has the conversation open),
/// `presence_left`, and `client_typing`. A page announces itself by sending `{"type": "presence", "conversation_id": "...",
/// "typing": true, "page": "uuid"}` when it opens a conversation, every 20 seconds, when typing begins or ends, and when it
/// hears somebody new; `presence_left` when it goes. `{"type": "active"}`, at most twice a minute while its owner moves the
/// mouse or types, keeps him from counting as away.
#[utoipa::path(get, path = "/api/v1/live", tag = "live", params(ListenParams), security(("session" = []), ("token" = [])),
    responses((status = 101, description = "The WebSocket is open.")))]
async fn listen_live(
    State(app): State<App>,
    _: Signed,
    parts: Parts,
    Query(params): Query<ListenParams>,
    upgrade: WebSocketUpgrade,
) -> ApiResult<Response> {
    let after = params.after.as_deref().map(str::parse::<Cursor>).transpose().map_err(|()| {
        base::Error::invalid("after", "bad_cursor", "Непонятная отметка", "This cursor is not one of ours")
    })?;
    Ok(upgrade.on_upgrade(move |socket| async move {
        if let Err(error) = serve(app, parts, after, socket).await {
            tracing::debug!(%error, "a live connection ended: {error}");
        }
    }))
}

async fn serve(app: App, parts: Parts, after: Option<Cursor>, mut socket: WebSocket) -> anyhow::Result<()> {
    metrics::gauge!("otklik_live_connections").increment(1);
    let connection = app.new_id();
    let mut last = None;
    let result = pump(&app, &parts, after, &mut socket, connection, &mut last).await;
    if let Some(identity) = last {
        attend(&app, &identity, Attendance { connection, ended: true }).await;
    }
    metrics::gauge!("otklik_live_connections").decrement(1);
    result
}

/// `last` is left with who was there last.
async fn pump(
    app: &App,
    parts: &Parts,
    after: Option<Cursor>,
    socket: &mut WebSocket,
    connection: uuid::Uuid,
    last: &mut Option<Arc<Identity>>,
) -> anyhow::Result<()> {
    // Listened to before the identity is read, so that no change falls in between.
    let mut access = app.db.wake(Topic::Access);
    let Some(mut identity) = app.identify(parts).await? else { return Ok(socket.send(Message::Close(None)).await?) };
    let mut whispers = app.hub.whispers();
    let mut listener = app.hub.listen(after).await?;
    let hello = json!({"type": if listener.reset { "reset" } else { "hello" }, "cursor": listener.start.to_string()});
    socket.send(Message::text(hello.to_string())).await?;
    let mut cursor = listener.start;
    *last = Some(identity.clone());
    attend(app, &identity, Attendance { connection, ended: false }).await;
    let mut ping = tokio::time::interval(Duration::from_secs(25));
    ping.reset();
    loop {
        tokio::select! {
            // A change of rights counts before the events after it.
            biased;
            _ = app.stop.cancelled() => return Ok(socket.send(Message::Close(None)).await?),
            _ = access.changed() => match app.identify(parts).await? {
                Some(present) => {
                    if !present.actor.reaches_like(&identity.actor) {
                        let reset = json!({"type": "reset", "cursor": cursor.to_string()});
                        socket.send(Message::text(reset.to_string())).await?;
                    }
                    identity = present;
                }
                None => return Ok(socket.send(Message::Close(None)).await?),
            },
            _ = ping.tick() => {
                // The login may have run out, or another node may have ended it.
                let Some(present) = app.identify(parts).await? else { return Ok(socket.send(Message::Close(None)).await?) };
                identity = present;
                attend(app, &identity, Attendance { connection, ended: false }).await;
                socket.send(Message::Ping(Default::default())).await?;
            }
            frame = listener.next() => {
                let Some(frame) = frame else { return Ok(socket.send(Message::Close(None)).await?) };
                cursor = frame.cursor;
                if frame.visible_to(&identity.actor) {
                    let mut value = serde_json::to_value(&*frame)?;
                    value["type"] = json!("event");
                    socket.send(Message::text(value.to_string())).await?;
                }
            }
            whisper = whispers.recv() => {
                // Too many to follow: the next ones say the same.
                let Ok(text) = whisper else { continue };
                if serde_json::from_str::<bus::Whisper>(&text).is_ok_and(|whisper| may_hear(&identity, &whisper)) {
                    socket.send(Message::text(text.to_string())).await?;
                }
            }
            incoming = socket.recv() => match incoming {
                None | Some(Ok(Message::Close(_))) => return Ok(()),
                Some(message) => {
                    if let Message::Text(text) = message? {
                        hear(app, &identity, &text).await;
                    }
                }
            },
        }
    }
}

/// Tells the features that somebody is there; a failure is no reason to end the connection.
async fn attend(app: &App, identity: &Arc<Identity>, attendance: Attendance) {
    for attend in app.features().iter().filter_map(|feature| feature.attend) {
        if let Err(error) = attend(app.clone(), identity.clone(), attendance).await {
            tracing::warn!(%error, "could not note who is connected: {error}");
        }
    }
}

fn may_hear(identity: &Identity, whisper: &bus::Whisper) -> bool {
    identity.actor.sees_conversation(whisper.line_id, whisper.group_id, whisper.conversation_id)
        && identity.actor.has(base::Permission::ConversationsView)
}

/// Longer frames are not ours.
const MAX_FRAME: usize = 2_000;

/// What a page says; nonsense is passed over.
async fn hear(app: &App, identity: &Arc<Identity>, text: &str) {
    let Some(frame) =
        Some(text).filter(|text| text.len() <= MAX_FRAME).and_then(|text| serde_json::from_str(text).ok())
    else {
        return;
    };
    let frame: serde_json::Value = frame;
    for hear in app.features().iter().filter_map(|feature| feature.hear) {
        match hear(app.clone(), identity.clone(), frame.clone()).await {
            Ok(Some(whisper)) => app.hub.whisper(whisper),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "a page said something we could not follow: {error}"),
        }
    }
}
