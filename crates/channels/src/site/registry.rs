//! Who of the visitors listens on this node, and what they are told.
//!
//! Invariant: one task a node hears the event log and the whispers and gives each visitor what is his; a socket costs no
//! listener of its own. A visitor who cannot follow is let go, and comes back with his cursor.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::App;
use base::{Actor, ChannelId, ChatId, ConversationId, MessageId, Result};
use bus::{Cursor, Frame, Whisper};
use desk::chat::Talk;
use desk::message::{self, Delivery, Kind};
use desk::{chat, conversation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::view;

/// One thing to tell a socket.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Where in the event log it stands; none for what is only said in passing.
    pub cursor: Option<Cursor>,
    pub text: Arc<str>,
}

/// What the parts of a chat have in common for whoever listens to it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub chat_id: ChatId,
    pub channel_id: ChannelId,
    pub key: Arc<str>,
    pub ask_rating: bool,
}

struct Seat {
    place: Place,
    sockets: Vec<(u64, mpsc::Sender<Said>)>,
    talk: Option<Talk>,
}

#[derive(Default)]
struct Inner {
    next: u64,
    seats: HashMap<ChatId, Seat>,
    talks: HashMap<ConversationId, ChatId>,
}

/// The sockets of this node.
#[derive(Default)]
pub(crate) struct Registry(Mutex<Inner>);

/// A place at the table; left when dropped.
pub(super) struct Listening {
    registry: Arc<Registry>,
    chat_id: ChatId,
    number: u64,
    pub said: mpsc::Receiver<Said>,
}

/// So many may wait for a slow network.
const WAITING: usize = 64;

impl Registry {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_here(&self, chat_id: ChatId) -> bool {
        self.inner().seats.contains_key(&chat_id)
    }

    pub fn sockets_of(&self, chat_id: ChatId) -> usize {
        self.inner().seats.get(&chat_id).map_or(0, |seat| seat.sockets.len())
    }

    pub fn enter(self: &Arc<Self>, place: Place, talk: Option<Talk>) -> Listening {
        let (send, said) = mpsc::channel(WAITING);
        let mut inner = self.inner();
        inner.next += 1;
        let number = inner.next;
        let chat_id = place.chat_id;
        if let Some(talk) = talk {
            inner.talks.insert(talk.conversation_id, chat_id);
        }
        let seat = inner.seats.entry(chat_id).or_insert_with(|| Seat { place, sockets: Vec::new(), talk: None });
        seat.talk = talk.or(seat.talk);
        seat.sockets.push((number, send));
        drop(inner);
        metrics::gauge!("otklik_site_sockets").increment(1);
        Listening { registry: self.clone(), chat_id, number, said }
    }

    fn leave(&self, chat_id: ChatId, number: u64) {
        let mut inner = self.inner();
        if let Some(seat) = inner.seats.get_mut(&chat_id) {
            seat.sockets.retain(|(known, _)| *known != number);
            if seat.sockets.is_empty() {
                inner.seats.remove(&chat_id);
                inner.talks.retain(|_, talk| *talk != chat_id);
            }
        }
        drop(inner);
        metrics::gauge!("otklik_site_sockets").decrement(1);
    }

    /// Which conversation a chat goes on in now.
    pub fn talk(&self, chat_id: ChatId) -> Option<Talk> {
        self.inner().seats.get(&chat_id)?.talk
    }

    fn place(&self, chat_id: ChatId) -> Option<Place> {
        self.inner().seats.get(&chat_id).map(|seat| seat.place.clone())
    }

    fn talks_in(&self, conversation_id: ConversationId) -> Option<ChatId> {
        self.inner().talks.get(&conversation_id).copied()
    }

    fn note_talk(&self, chat_id: ChatId, talk: Talk) {
        let mut inner = self.inner();
        if let Some(seat) = inner.seats.get_mut(&chat_id) {
            seat.talk = Some(talk);
            inner.talks.insert(talk.conversation_id, chat_id);
        }
    }

    fn tell(&self, chat_id: ChatId, said: &Said) {
        let mut inner = self.inner();
        if let Some(seat) = inner.seats.get_mut(&chat_id) {
            // Whoever is so far behind is let go: his receiver ends, and he asks for what he missed.
            seat.sockets.retain(|(_, socket)| socket.try_send(said.clone()).is_ok());
        }
    }

    fn let_all_go(&self) {
        for seat in self.inner().seats.values_mut() {
            seat.sockets.clear();
        }
    }

    fn everybody(&self) -> Vec<ChatId> {
        self.inner().seats.keys().copied().collect()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.registry.leave(self.chat_id, self.number);
    }
}

/// How often a node notes which of its visitors are there.
const NOTE: Duration = Duration::from_secs(20);

/// How old the note of a visitor who waits for nothing may become: one write for all of them, not one each time.
const NOTE_ALL: chrono::Duration = chrono::Duration::seconds(45);

/// Hears for all visitors of this node until it stops.
pub(crate) async fn run(app: App) {
    let registry: Arc<Registry> = app.memory();
    while !app.stop.is_cancelled() {
        if let Err(error) = hear(&app, &registry).await {
            tracing::error!(%error, "visitors are not told for a moment: {error}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        // What was not heard is asked for by those who come back.
        registry.let_all_go();
    }
}

async fn hear(app: &App, registry: &Arc<Registry>) -> Result<()> {
    let mut whispers = app.hub.whispers();
    let mut events = app.hub.listen(None).await?;
    let mut note = tokio::time::interval(NOTE);
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return Ok(()),
            frame = events.next() => {
                let Some(frame) = frame else { return Ok(()) };
                take_event(app, registry, &frame).await?;
            }
            whisper = whispers.recv() => {
                let Ok(text) = whisper else { continue };
                if let Ok(whisper) = serde_json::from_str::<Whisper>(&text) {
                    take_whisper(registry, &whisper);
                }
            }
            _ = note.tick() => note_presence(app, registry).await?,
        }
    }
}

fn take_whisper(registry: &Registry, whisper: &Whisper) {
    if whisper.kind != "presence" || !whisper.typing {
        return;
    }
    let Some(chat_id) = registry.talks_in(whisper.conversation_id) else { return };
    let name = whisper.user.as_ref().map(|user| user.name.as_str());
    let text = json!({"type": "typing", "name": name}).to_string();
    registry.tell(chat_id, &Said { cursor: None, text: text.into() });
}

async fn take_event(app: &App, registry: &Arc<Registry>, frame: &Frame) -> Result<()> {
    let Some(chat_id) = chat_of(frame) else { return Ok(()) };
    let Some(place) = registry.place(chat_id) else { return Ok(()) };
    if let (Some(conversation_id), Some(line_id)) = (frame.conversation_id, frame.line_id)
        && frame.kind.starts_with("message_")
    {
        registry.note_talk(chat_id, Talk { conversation_id, line_id, group_id: frame.group_id });
    }
    if frame.kind == "message_updated" && frame.data["delivery"] == json!(Delivery::Sent) {
        if let Some(id) = frame.subject {
            tokio::spawn(mark_delivered(app.clone(), MessageId(id)));
        }
        return Ok(());
    }
    for said in tell(app, &place, frame).await? {
        registry.tell(chat_id, &said);
    }
    Ok(())
}

pub(super) fn chat_of(frame: &Frame) -> Option<ChatId> {
    frame.data["chat_id"].as_str()?.parse().ok()
}

/// What an event says to the visitor of its chat.
pub(super) async fn tell(app: &App, place: &Place, frame: &Frame) -> Result<Vec<Said>> {
    let mut values = Vec::new();
    match frame.kind.as_str() {
        // An automatic message is told when it is queued, as an operator's.
        "message_created" if frame.data["kind"] == "outbound" && frame.data["echo"] != true => {}
        "message_created" | "copy_queued" => values.extend(message(app, place, frame, true).await?),
        "message_edited" | "message_deleted" | "copy_edited" | "copy_deleted" => {
            values.extend(message(app, place, frame, false).await?);
        }
        "message_updated" if frame.data["delivery"].is_null() => {
            values.extend(message(app, place, frame, false).await?);
        }
        "message_queued" => {
            // Whoever answers has read.
            values.extend(read(app, place).await?);
            values.extend(message(app, place, frame, true).await?);
        }
        "message_undone" => {
            let id = frame.subject.map(|id| id.to_string());
            values.push(json!({"type": "withdrawn", "id": id}));
        }
        "conversation_read" => values.extend(read(app, place).await?),
        "conversation_created"
        | "conversation_closed"
        | "conversation_reopened"
        | "conversation_woken"
        | "conversation_rated" => values.extend(conversation(app, place, frame).await?),
        _ => {}
    }
    Ok(values
        .into_iter()
        .map(|mut value| {
            value["cursor"] = json!(frame.cursor.to_string());
            Said { cursor: Some(frame.cursor), text: value.to_string().into() }
        })
        .collect())
}

async fn message(app: &App, place: &Place, frame: &Frame, fresh: bool) -> Result<Option<Value>> {
    let Some(id) = frame.subject else { return Ok(None) };
    let message = view::one(app, place.channel_id, &place.key, place.chat_id, MessageId(id), fresh).await?;
    Ok(message.map(|message| json!({"type": "message", "message": message})))
}

/// Staff have read up to the visitor's last message.
async fn read(app: &App, place: &Place) -> Result<Option<Value>> {
    let last: Option<MessageId> = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::ChatId.eq(place.chat_id))
        .filter(message::Column::Kind.eq(Kind::Inbound))
        .order_by_desc(message::Column::CreatedAt)
        .limit(1)
        .into_tuple()
        .one(app.db.read())
        .await?;
    Ok(last.map(|id| json!({"type": "read", "up_to": id})))
}

async fn conversation(app: &App, place: &Place, frame: &Frame) -> Result<Option<Value>> {
    let Some(id) = frame.conversation_id else { return Ok(None) };
    let Some(row) = conversation::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let seen = view::conversation_view(app.db.read(), place.ask_rating, &row, app.now()).await?;
    Ok(Some(json!({
        "type": "conversation", "id": seen.id, "number": seen.number, "status": seen.status,
        "ask_rating": seen.ask_rating, "marks": seen.marks, "rating": seen.rating,
    })))
}

/// The message was given to the visitor's page.
async fn mark_delivered(app: App, id: MessageId) {
    let marked = async {
        let tx = app.write().await?;
        let Some(row) = message::Entity::find_by_id(id).one(&tx).await? else { return Ok(()) };
        let Some(chat_id) = row.chat_id else { return Ok(()) };
        chat::hold(&tx, chat_id).await?;
        let Some(row) = message::Entity::find_by_id(id).one(&tx).await? else { return Ok(()) };
        if row.delivery == Some(Delivery::Sent) {
            let attempts = row.delivery_attempts;
            message::set_delivery(&tx, &Actor::system(), id, Delivery::Delivered, None, attempts).await?;
        }
        tx.commit().await
    };
    let marked: Result<()> = marked.await;
    if let Err(error) = marked {
        tracing::warn!(%error, "could not mark message {id} as delivered: {error}");
    }
}

/// Notes for all nodes which visitors are there: of those who have not seen an answer each time, of the others once in a
/// while, for the lists of clients.
async fn note_presence(app: &App, registry: &Registry) -> Result<()> {
    let here = registry.everybody();
    if here.is_empty() {
        return Ok(());
    }
    let mut waiting = Vec::new();
    for some in here.chunks(500) {
        waiting.extend(chat::with_unseen(app.db.read(), some).await?);
        waiting.extend(chat::not_noted_since(app.db.read(), some, app.now() - NOTE_ALL).await?);
    }
    if waiting.is_empty() {
        return Ok(());
    }
    let tx = app.write().await?;
    chat::mark_online(&tx, &waiting).await?;
    tx.commit().await
}
