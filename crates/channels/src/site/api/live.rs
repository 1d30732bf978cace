//! A visitor's WebSocket.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use axum::extract::ws::{Message, WebSocket};
use base::{ChatId, MessageId, Result};
use bus::{Cursor, Whisper};
use desk::{chat, message, visit};
use sea_orm::EntityTrait;
use serde::Deserialize;
use serde_json::json;

use crate::site::registry::{self, Listening, Place, Registry};

/// Longer frames are not ours.
pub(in crate::site) const MAX_FRAME: usize = 8 * 1024;
const PING: Duration = Duration::from_secs(25);
/// More missed events than this: the page had better read its messages anew.
const MAX_MISSED: u64 = 500;

/// What a visitor's page says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Heard {
    Typing,
    Read {
        up_to: MessageId,
    },
    Page {
        #[serde(default)]
        url: String,
        #[serde(default)]
        title: String,
    },
}

/// Serves a visitor's page until it goes.
///
/// Invariant: thousands of these wait at the same time, so one keeps little: what only the opening and a message need is
/// boxed, and gone again before the waiting begins.
pub(in crate::site) async fn serve(app: App, place: Place, after: Option<Cursor>, mut socket: WebSocket) {
    let served = async {
        let (mut listening, seen) = Box::pin(open(&app, &place, after, &mut socket)).await?;
        wait(&app, place.chat_id, &mut listening, seen, &mut socket).await
    };
    if let Err(error) = served.await {
        tracing::debug!(%error, "a visitor's connection ended: {error}");
    }
}

/// Takes a seat and tells what was missed; answers from where on the seat's news are new.
async fn open(
    app: &App,
    place: &Place,
    after: Option<Cursor>,
    socket: &mut WebSocket,
) -> anyhow::Result<(Listening, Cursor)> {
    let registry: Arc<Registry> = app.memory();
    let talks = chat::conversations_of(app.db.read(), place.chat_id, 5).await?;
    // First a seat, then what was missed: nothing falls in between, and what comes both ways is known by its cursor.
    let listening = registry.enter(place.clone(), talks.first().copied());
    let start = app.hub.position();
    let mut seen = Cursor::default();
    if let Some(after) = after {
        let conversations: Vec<_> = talks.iter().map(|talk| talk.conversation_id).collect();
        let missed = app.hub.missed(after, &conversations, MAX_MISSED + 1).await?;
        if missed.len() as u64 > MAX_MISSED {
            seen = start;
            send(socket, json!({"type": "reset", "cursor": start.to_string()})).await?;
        } else {
            send(socket, json!({"type": "hello", "cursor": after.to_string()})).await?;
            for frame in missed.iter().filter(|frame| registry::chat_of(frame) == Some(place.chat_id)) {
                for said in registry::tell(app, place, frame).await? {
                    socket.send(Message::text(&*said.text)).await?;
                }
            }
            seen = missed.last().map_or(after, |last| last.cursor);
        }
    } else {
        send(socket, json!({"type": "hello", "cursor": start.to_string()})).await?;
    }
    mark_delivered(app, place.chat_id).await?;
    Ok((listening, seen))
}

async fn wait(
    app: &App,
    chat_id: ChatId,
    listening: &mut Listening,
    seen: Cursor,
    socket: &mut WebSocket,
) -> anyhow::Result<()> {
    let mut ping = tokio::time::interval(PING);
    ping.reset();
    let mut heard_at = Instant::now();
    let mut typed_at: Option<Instant> = None;
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return Ok(socket.send(Message::Close(None)).await?),
            said = listening.said.recv() => {
                let Some(said) = said else { return Ok(socket.send(Message::Close(None)).await?) };
                if said.cursor.is_none_or(|cursor| cursor > seen) {
                    socket.send(Message::text(&*said.text)).await?;
                }
            }
            _ = ping.tick() => {
                if heard_at.elapsed() > PING * 3 {
                    return Ok(());
                }
                socket.send(Message::Ping(Default::default())).await?;
            }
            incoming = socket.recv() => {
                heard_at = Instant::now();
                match incoming {
                    None | Some(Ok(Message::Close(_))) => return Ok(()),
                    Some(Ok(Message::Text(text))) => {
                        if let Ok(heard) = serde_json::from_str::<Heard>(&text) {
                            Box::pin(take(app, chat_id, heard, &mut typed_at)).await?;
                        }
                    }
                    Some(message) => drop(message?),
                }
            }
        }
    }
}

async fn send(socket: &mut WebSocket, value: serde_json::Value) -> Result<(), axum::Error> {
    socket.send(Message::text(value.to_string())).await
}

async fn take(app: &App, chat_id: ChatId, heard: Heard, typed_at: &mut Option<Instant>) -> Result<()> {
    let registry: Arc<Registry> = app.memory();
    match heard {
        Heard::Typing => {
            if typed_at.is_some_and(|at| at.elapsed() < Duration::from_secs(1)) {
                return Ok(());
            }
            *typed_at = Some(Instant::now());
            if let Some(talk) = registry.talk(chat_id) {
                app.hub.whisper(Whisper::client_typing(talk.conversation_id, talk.line_id, talk.group_id));
            }
            Ok(())
        }
        Heard::Read { up_to } => mark_seen(app, chat_id, up_to).await,
        Heard::Page { url, title } => match registry.talk(chat_id) {
            Some(talk) if !url.is_empty() => {
                let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
                let tx = app.write().await?;
                visit::moved(&tx, talk.conversation_id, &cut(&url, 2_000), &cut(&title, 300)).await?;
                tx.commit().await
            }
            _ => Ok(()),
        },
    }
}

/// The visitor has seen everything up to this message.
pub(in crate::site) async fn mark_seen(app: &App, chat_id: ChatId, up_to: MessageId) -> Result<()> {
    let found = message::Entity::find_by_id(up_to).one(app.db.read()).await?;
    let Some(message) = found.filter(|message| message.chat_id == Some(chat_id)) else { return Ok(()) };
    let tx = app.write().await?;
    let chat = chat::hold(&tx, chat_id).await?;
    chat::mark_seen(&tx, &chat, message.created_at).await?;
    tx.commit().await
}

/// What had been waiting for the visitor is on his page now.
async fn mark_delivered(app: &App, chat_id: ChatId) -> Result<()> {
    if chat::with_unseen(app.db.read(), &[chat_id]).await?.is_empty() {
        return Ok(());
    }
    let tx = app.write().await?;
    chat::hold(&tx, chat_id).await?;
    message::mark_delivered(&tx, chat_id).await?;
    chat::mark_online(&tx, &[chat_id]).await?;
    tx.commit().await
}
