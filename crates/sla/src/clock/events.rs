//! What happens to the clocks of a conversation or a ticket when something happens to it.

use base::{ConversationId, Error, LineId, Result, TicketId, Timestamp, UserId};
use bus::Frame;
use db::Tx;
use desk::conversation::Due;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::{self, Column, Entity, State};
use super::kept::Clock;
use super::stage::Stage;
use super::world::World;
use super::{chosen, of_conversation, of_ticket, outage};
use crate::subject::{About, Record};

/// The events that move clocks.
pub(super) const KINDS: &[&str] = &[
    "conversation_created",
    "message_created",
    "message_queued",
    "message_undone",
    "conversation_taken",
    "conversation_assigned",
    "conversation_taken_over",
    "conversation_transferred",
    "conversation_closed",
    "conversation_reopened",
    "conversation_snoozed",
    "conversation_woken",
    "marked_spam",
    "marked_not_spam",
    "priority_changed",
    "ticket_created",
    "ticket_updated",
    "task_done",
    "task_changed",
    chosen::EVENT,
    desk::outage::EVENT,
    desk::client_category::EVENT,
];

/// An event, as far as clocks care.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Happened {
    pub kind: String,
    pub at: Timestamp,
    pub subject: Option<Uuid>,
    pub conversation_id: Option<ConversationId>,
    pub line_id: Option<LineId>,
    pub actor_id: Option<UserId>,
    pub data: serde_json::Value,
}

impl From<&Frame> for Happened {
    fn from(frame: &Frame) -> Self {
        let Frame { kind, at, subject, conversation_id, line_id, actor_id, data, .. } = frame.clone();
        Happened { kind, at, subject, conversation_id, line_id, actor_id, data }
    }
}

impl Happened {
    /// Whose clocks it may move.
    fn about(&self) -> Option<About> {
        if self.kind.starts_with("ticket_") {
            return self.subject.map(|id| About::Ticket(TicketId(id)));
        }
        self.conversation_id.map(About::Conversation)
    }
}

/// Follows an event. Answers the conversation or ticket whose promises may have changed.
pub(super) async fn hear(tx: &Tx, world: &World, frame: &Happened) -> Result<Option<About>> {
    let Some(about) = frame.about() else { return Ok(None) };
    let promises = world.may_promise(frame.line_id, matches!(about, About::Ticket(_)));
    if !promises && open_of(about).one(tx).await?.is_none() {
        return Ok(None);
    }
    let mut record = match Record::find_to_change(tx, about).await {
        Ok(found) => found,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    if let Record::Ticket(ticket) = &mut record {
        of_ticket::as_it_was(ticket, frame);
    }
    if let (chosen::EVENT, Record::Conversation(conversation)) = (frame.kind.as_str(), &record) {
        chosen::remember(tx, conversation, &frame.data).await?;
    }
    let choice = world.choice(tx, &record).await?;
    let clocks = open(tx, about).await?;
    let mut stage = Stage { tx, world, choice, record: &record, clocks, at: frame.at };
    match &record {
        Record::Conversation(conversation) => of_conversation::follow(&mut stage, conversation, frame).await?,
        Record::Ticket(ticket) => of_ticket::follow(&mut stage, ticket, frame).await?,
    }
    let mut changed = false;
    for clock in stage.clocks.iter_mut().filter(|clock| clock.is_changed()) {
        clock.save(tx).await?;
        changed = true;
    }
    Ok(changed.then_some(about))
}

/// Follows an outage. Answers the tickets whose promises may have changed.
pub(super) async fn hear_outage(tx: &Tx, world: &World, happened: &Happened) -> Result<Vec<About>> {
    let moments = outage::moments(happened);
    if moments.is_empty() {
        return Ok(Vec::new());
    }
    let mut changed = Vec::new();
    for id in outage::concerned(tx, happened).await? {
        let about = About::Ticket(id);
        let record = Record::find_to_change(tx, about).await?;
        let Record::Ticket(ticket) = &record else { continue };
        let choice = world.choice(tx, &record).await?;
        let clocks = open(tx, about).await?;
        let mut stage = Stage { tx, world, choice, record: &record, clocks, at: happened.at };
        for at in &moments {
            of_ticket::stand(&mut stage, ticket, *at);
        }
        for clock in stage.clocks.iter_mut().filter(|clock| clock.is_changed()) {
            clock.save(tx).await?;
            changed.push(about);
        }
    }
    Ok(changed)
}

/// Whether any clock is open at all.
pub(super) async fn any_open(tx: &Tx) -> Result<bool> {
    let found = Entity::find().filter(Column::State.is_in([State::Running, State::Paused])).one(tx).await?;
    Ok(found.is_some())
}

fn open_of(about: About) -> Select<Entity> {
    Entity::find().filter(entity::of(about)).filter(Column::State.is_in([State::Running, State::Paused]))
}

/// Held, after what they are of: a step that is due may be noted on them at the same time.
async fn open(tx: &Tx, about: About) -> Result<Vec<Clock>> {
    open_of(about).lock(db::HOLD).all(tx).await?.into_iter().map(Clock::read).collect()
}

/// Says on a conversation or ticket which promise is the nearest.
pub(super) async fn tell(tx: &Tx, about: About) -> Result<()> {
    let open = open(tx, about).await?;
    let nearest = open.iter().filter(|clock| clock.row.due_at.is_some()).min_by_key(|clock| clock.row.due_at);
    let due = nearest.and_then(|clock| {
        let at = clock.row.due_at?;
        Some(Due { norm: clock.row.norm, at, warn_at: clock.warn_at().unwrap_or(at).min(at) })
    });
    about.promise(tx, due).await
}
