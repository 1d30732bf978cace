//! Conversations as rows, in bundles.
//!
//! Events and texts for the search index are written in the order of time over all conversations, as they would have
//! been: the index shows the newest first by its own order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use base::{ConversationId, EventId, FileId, LineId, MessageId, Result, TicketId, Timestamp, UserId};
use chrono::Duration;
use db::bulk::{Form, Load, Text};
use desk::conversation::{self, Threading, ThreadingRule, participant};
use desk::people::{Address, Recipients};
use desk::ticket::link;
use desk::{file, message, ticket};
use routing::queue;
use serde_json::{Value as Json, json};
use text::Analyzer;
use uuid::Uuid;

use super::people::{Place, Places, id_at};
use super::rows::Rows;
use crate::rng::Rng;
use crate::{
    Author, Automatic, Conversation, Delivery, EventKind, Kind, MessageKind, Priority, Status, TicketStatus, World,
};

/// Conversations of one bundle: few enough to stay in the processor's cache on their way.
const BUNDLE: usize = 200;

/// Rows of some conversations, ready to be written.
#[derive(Default)]
pub(super) struct Bundle {
    pub(super) conversation_count: usize,
    pub(super) message_count: usize,
    pub(super) last_number: i64,
    pub(super) last_ticket: i64,
    conversations: Rows<conversation::Entity>,
    participants: Rows<participant::Entity>,
    messages: Rows<message::Entity>,
    files: Rows<file::Entity>,
    tickets: Rows<ticket::Entity>,
    links: Rows<link::Entity>,
    queue: Rows<queue::Entity>,
    events: Rows<bus::Entity>,
    texts: Vec<Text>,
}

impl Bundle {
    pub(super) async fn write(mut self, load: &mut Load) -> Result<()> {
        let tables = vec![
            self.conversations.take(),
            self.participants.take(),
            self.messages.take(),
            self.files.take(),
            self.tickets.take(),
            self.links.take(),
            self.queue.take(),
            self.events.take(),
        ];
        load.write(tables, self.texts).await
    }
}

/// What waits for its turn in the order of time; of the same moment, what came first.
struct Waiting<T> {
    heap: BinaryHeap<Reverse<(Timestamp, usize, usize)>>,
    count: usize,
    items: Vec<Option<T>>,
    free: Vec<usize>,
}

impl<T> Waiting<T> {
    fn new() -> Self {
        Waiting { heap: BinaryHeap::new(), count: 0, items: Vec::new(), free: Vec::new() }
    }

    fn push(&mut self, at: Timestamp, item: T) {
        let place = match self.free.pop() {
            Some(place) => {
                self.items[place] = Some(item);
                place
            }
            None => {
                self.items.push(Some(item));
                self.items.len() - 1
            }
        };
        self.count += 1;
        self.heap.push(Reverse((at, self.count, place)));
    }

    /// What is older than this moment, or everything.
    fn pop(&mut self, before: Option<Timestamp>) -> Option<T> {
        let Reverse((at, _, place)) = *self.heap.peek()?;
        if before.is_some_and(|before| at >= before) {
            return None;
        }
        self.heap.pop();
        self.free.push(place);
        self.items[place].take()
    }
}

/// Makes all bundles one after the other; stops when `take` does not want more.
pub(super) fn make_all(world: &World, places: &Places, form: Form, mut take: impl FnMut(Bundle) -> bool) {
    let mut maker = Maker {
        world,
        places,
        form,
        analyzer: Analyzer::new(),
        next_ticket: places.first_ticket,
        events: Waiting::new(),
        texts: Waiting::new(),
        bundle: Bundle::default(),
    };
    for (index, conversation) in world.conversations().enumerate() {
        maker.flush(Some(conversation.created_at));
        maker.add(index, conversation);
        if maker.bundle.conversation_count == BUNDLE && !take(std::mem::take(&mut maker.bundle)) {
            return;
        }
    }
    maker.flush(None);
    take(maker.bundle);
}

struct Maker<'a> {
    world: &'a World,
    places: &'a Places,
    form: Form,
    analyzer: Analyzer,
    next_ticket: i64,
    events: Waiting<bus::Model>,
    texts: Waiting<Text>,
    bundle: Bundle,
}

/// What stays the same for all rows of one conversation.
struct Frame<'a> {
    id: ConversationId,
    number: i64,
    created_at: Timestamp,
    line_id: LineId,
    line: &'a Address,
    client: &'a Place,
    rng: Rng,
}

/// What the messages leave behind on their conversation.
struct Summary {
    message_count: usize,
    /// Of any message.
    last_at: Timestamp,
    preview: String,
    last_from: conversation::From,
    last_message_at: Timestamp,
    unread: bool,
    delivery: Option<String>,
    first_reply_at: Option<Timestamp>,
}

/// What a message does not know of itself.
struct Circumstances {
    subject: Option<String>,
    threading: Option<Json>,
}

impl Maker<'_> {
    /// Events and texts from before this moment: nothing older can come any more.
    fn flush(&mut self, before: Option<Timestamp>) {
        while let Some(event) = self.events.pop(before) {
            self.bundle.events.push(self.form, event);
        }
        while let Some(text) = self.texts.pop(before) {
            self.bundle.texts.push(text);
        }
    }

    fn add(&mut self, index: usize, mut told: Conversation) {
        let places = self.places;
        let (line_id, line) = &places.lines[told.line];
        let mut rng = Rng::new(self.world.seed, 11, index as u64);
        let id = ConversationId(id_at(told.created_at, &mut rng));
        let number = told.number;
        let created_at = told.created_at;
        let mut frame =
            Frame { id, number, created_at, line_id: *line_id, line, client: &places.clients[told.client], rng };
        // Of two events of the same moment the message's is the later one.
        let ticket_number = self.add_ticket(&mut frame, &told);
        for event in &told.events {
            self.add_event(&mut frame, event, ticket_number);
        }
        let messages = std::mem::take(&mut told.messages);
        let summary = self.add_messages(&mut frame, &told.subject, messages);
        if told.status == Status::Open && told.assignee.is_none() {
            self.add_to_queue(&mut frame, told.priority);
        }
        self.bundle.message_count += summary.message_count;
        self.add_conversation(&frame, &told, summary);
        self.bundle.conversation_count += 1;
        self.bundle.last_number = number;
        self.bundle.last_ticket = self.next_ticket - 1;
    }

    fn add_conversation(&mut self, frame: &Frame, told: &Conversation, summary: Summary) {
        let last_event = told.events.last().map_or(told.created_at, |event| event.at);
        let (status, snoozed_until, closed_at) = match told.status {
            Status::Open => (conversation::Status::Open, None, None),
            Status::Snoozed { until } => (conversation::Status::Snoozed, Some(until), None),
            Status::Closed { at } => (conversation::Status::Closed, None, Some(at)),
        };
        self.bundle.conversations.push(
            self.form,
            conversation::Model {
                subject: told.subject.clone(),
                status,
                priority: priority(told.priority),
                assignee_id: told.assignee.map(|place| self.places.operators[place].0),
                preview: summary.preview,
                last_from: summary.last_from,
                last_message_at: summary.last_message_at,
                message_count: summary.message_count as i64,
                unread: summary.unread && closed_at.is_none(),
                delivery: summary.delivery,
                snoozed_until,
                first_reply_at: summary.first_reply_at,
                closed_at,
                updated_at: last_event.max(summary.last_at),
                ..conversation::Model::new(
                    frame.id,
                    frame.number,
                    frame.line_id,
                    frame.client.contact_id,
                    told.created_at,
                )
            },
        );
        let Address { name, address } = &frame.client.address;
        self.bundle.participants.push(
            self.form,
            participant::Model {
                conversation_id: frame.id,
                address: address.clone(),
                name: name.clone().unwrap_or_default(),
                part: participant::Part::Client,
                identity_id: Some(frame.client.identity_id),
            },
        );
    }

    /// What nobody has taken waits for whoever is first.
    fn add_to_queue(&mut self, frame: &mut Frame, level: Priority) {
        let since = frame.created_at;
        let aging = routing::settings::Settings::default().aging_minutes_per_level;
        self.bundle.queue.push(
            self.form,
            queue::Model {
                conversation_id: frame.id,
                line_id: frame.line_id,
                group_id: None,
                automatic: false,
                turn_at: routing::engine::turn_at(since, priority(level), 0, aging),
                entered_at: since,
                skills: json!([]),
                decision_id: None,
            },
        );
        self.log(frame, "conversation_queued", frame.id.0, since, Author::System, json!({"group_id": null}));
    }

    fn add_messages(&mut self, frame: &mut Frame, subject: &str, messages: Vec<crate::Message>) -> Summary {
        let mut summary = Summary {
            message_count: messages.len(),
            last_at: messages.last().map_or(frame.created_at, |last| last.at),
            preview: String::new(),
            last_from: conversation::From::Client,
            last_message_at: frame.created_at,
            unread: false,
            delivery: None,
            first_reply_at: None,
        };
        // An automatic message or a note changes nothing in the lists.
        let speaks = |message: &crate::Message| message.automatic.is_none() && message.kind != MessageKind::Note;
        let mut answered = false;
        let last_spoken = messages.iter().rposition(speaks);
        for (place, message) in messages.into_iter().enumerate() {
            let id = MessageId(id_at(frame.created_at, &mut frame.rng));
            let inbound = message.kind == MessageKind::Inbound;
            if speaks(&message) && !inbound {
                summary.first_reply_at = summary.first_reply_at.or(Some(message.at));
                let failed = matches!(message.delivery, Some(Delivery::Failed(_)));
                summary.delivery = failed.then(|| message::Delivery::Failed.as_str().to_owned());
            }
            if Some(place) == last_spoken {
                summary.preview = text::preview(&message.text, 200);
                summary.last_from = if inbound { conversation::From::Client } else { conversation::From::Operator };
                summary.last_message_at = message.at;
                summary.unread = inbound;
            }
            self.add_files(frame, id, &message);
            self.add_text(frame, id, &message, (place == 0).then_some(subject));
            let data = match message.kind {
                MessageKind::Inbound => {
                    let name = frame.client.address.name.as_deref().unwrap_or_default();
                    let automatic = message.automatic.map(automatic);
                    json!({"kind": "inbound", "automatic": automatic, "contact": {"id": frame.client.contact_id, "name": name}})
                }
                MessageKind::Outbound => match message.automatic {
                    Some(one) => json!({"kind": "outbound", "automatic": automatic(one)}),
                    None => json!({}),
                },
                MessageKind::Note => json!({}),
            };
            let actor = if inbound { Author::System } else { message.author };
            let kind = match (message.kind, message.automatic) {
                (MessageKind::Note, _) => "note_created",
                (MessageKind::Outbound, None) => "message_queued",
                _ => "message_created",
            };
            self.log(frame, kind, id.0, message.at, actor, data);
            if message.kind == MessageKind::Outbound && message.automatic.is_some() {
                self.log(frame, "message_queued", id.0, message.at, actor, json!({}));
            }
            let how = Circumstances {
                subject: match message.kind {
                    MessageKind::Inbound if place == 0 => Some(subject.to_owned()),
                    MessageKind::Inbound => Some(format!("Re: {subject}")),
                    _ if message.automatic.is_some() => Some(format!("Обращение № {} принято", frame.number)),
                    MessageKind::Outbound | MessageKind::Note => None,
                },
                threading: inbound.then(|| threading(frame, place == 0, answered)),
            };
            answered = answered || message.kind == MessageKind::Outbound;
            let row = self.message_row(frame, id, message, how);
            self.bundle.messages.push(self.form, row);
        }
        summary
    }

    fn message_row(&self, frame: &Frame, id: MessageId, message: crate::Message, how: Circumstances) -> message::Model {
        let client = &frame.client.address;
        let (author_kind, author_id, author_name, author_address) = match message.author {
            Author::Client => {
                let name = client.name.clone().unwrap_or_default();
                (message::AuthorKind::Contact, Some(frame.client.contact_id.0), name, Some(client.address.clone()))
            }
            Author::Operator(place) => {
                let (user_id, name) = &self.places.operators[place];
                (message::AuthorKind::User, Some(user_id.0), name.clone(), None)
            }
            Author::System => (message::AuthorKind::System, None, String::new(), None),
        };
        let outbound = message.kind == MessageKind::Outbound;
        let recipients = match message.kind {
            MessageKind::Inbound => Recipients { to: vec![frame.line.clone()], cc: Vec::new() },
            MessageKind::Outbound => Recipients { to: vec![client.clone()], cc: Vec::new() },
            MessageKind::Note => Recipients::default(),
        };
        let (delivery, error) = match message.delivery {
            None => (None, None),
            Some(Delivery::Sent) => (Some(message::Delivery::Sent), None),
            Some(Delivery::Failed(reason)) => (Some(message::Delivery::Failed), Some(reason.to_owned())),
        };
        let inbound = message.kind == MessageKind::Inbound;
        message::Model {
            id,
            conversation_id: frame.id,
            kind: match message.kind {
                MessageKind::Inbound => message::Kind::Inbound,
                MessageKind::Outbound => message::Kind::Outbound,
                MessageKind::Note => message::Kind::Note,
            },
            channel: conversation::Channel::Email,
            chat_id: None,
            reply_to_id: None,
            author_kind,
            author_id,
            author_name,
            author_address,
            subject: how.subject,
            html: message.html,
            text: message.text,
            has_quote: false,
            automatic: message.automatic.map(automatic),
            remote_images: false,
            recipients: json!(recipients),
            attachment_count: message.attachments.len() as i64,
            threading: how.threading,
            delivery,
            delivery_error: error,
            delivery_attempts: i64::from(outbound),
            delivery_at: outbound.then(|| message.at + Duration::seconds(7)),
            undo_until: (outbound && message.automatic.is_none()).then(|| message.at + Duration::seconds(5)),
            edited_at: None,
            deleted_at: None,
            extra: None,
            copy_of_id: None,
            copy_for_id: None,
            copies: 0,
            sent_at: message.at - Duration::seconds(if inbound { 4 } else { 0 }),
            created_at: message.at,
        }
    }

    fn add_files(&mut self, frame: &mut Frame, message_id: MessageId, message: &crate::Message) {
        for attachment in &message.attachments {
            let Some(sample) = self.places.files.iter().find(|sample| sample.content_type == attachment.content_type)
            else {
                continue;
            };
            let uploaded_by: Option<UserId> = match message.author {
                Author::Operator(place) => Some(self.places.operators[place].0),
                Author::Client | Author::System => None,
            };
            self.bundle.files.push(
                self.form,
                file::Model {
                    id: FileId(id_at(message.at, &mut frame.rng)),
                    storage_key: sample.key.clone(),
                    name: attachment.name.clone(),
                    content_type: attachment.content_type.to_owned(),
                    size: sample.size,
                    content_id: None,
                    inline: false,
                    media: None,
                    duration_ms: None,
                    message_id: Some(message_id),
                    conversation_id: Some(frame.id),
                    uploaded_by,
                    created_at: message.at,
                },
            );
        }
    }

    /// The first text of a conversation also holds its number, subject and client.
    fn add_text(&mut self, frame: &Frame, id: MessageId, message: &crate::Message, new_subject: Option<&str>) {
        let stems = match new_subject {
            Some(subject) => {
                let Address { name, address } = &frame.client.address;
                let name = name.as_deref().unwrap_or_default();
                self.analyzer.stem_text(&format!("{} {subject} {name} {address} {}", frame.number, message.text))
            }
            None => self.analyzer.stem_text(&message.text),
        };
        let text = Text { object_id: id.0, conversation_id: frame.id, line_id: frame.line_id, at: message.at, stems };
        self.texts.push(message.at, text);
    }

    fn add_ticket(&mut self, frame: &mut Frame, told: &Conversation) -> Option<(i64, TicketId)> {
        let about = told.ticket.as_ref()?;
        let id = TicketId(id_at(about.created_at, &mut frame.rng));
        let number = self.next_ticket;
        self.next_ticket += 1;
        let is_over = matches!(about.status, TicketStatus::Resolved | TicketStatus::Closed);
        self.bundle.tickets.push(
            self.form,
            ticket::Model {
                contact_id: Some(frame.client.contact_id),
                subject: about.subject.clone(),
                kind: match about.kind {
                    Kind::Question => ticket::Kind::Question,
                    Kind::Incident => ticket::Kind::Incident,
                    Kind::Claim => ticket::Kind::Claim,
                    Kind::Suggestion => ticket::Kind::Suggestion,
                },
                status: match about.status {
                    TicketStatus::New => ticket::Status::New,
                    TicketStatus::Accepted => ticket::Status::Accepted,
                    TicketStatus::InProgress => ticket::Status::InProgress,
                    TicketStatus::Waiting => ticket::Status::Waiting,
                    TicketStatus::Resolved => ticket::Status::Resolved,
                    TicketStatus::Closed => ticket::Status::Closed,
                },
                priority: priority(about.priority),
                owner_id: Some(self.places.operators[about.owner].0),
                waiting_reason: (about.status == TicketStatus::Waiting).then(|| "Ждём ответа клиента".to_owned()),
                solution: is_over.then(|| "Вопрос клиента решён, он это подтвердил.".to_owned()),
                solution_by: is_over.then(|| self.places.operators[about.owner].0),
                solution_at: is_over.then_some(about.updated_at),
                updated_at: about.updated_at,
                ..ticket::Model::new(id, number, frame.line_id, about.created_at)
            },
        );
        self.bundle.links.push(self.form, link::Model { conversation_id: frame.id, ticket_id: id });
        Some((number, id))
    }

    fn add_event(&mut self, frame: &mut Frame, event: &crate::Event, ticket: Option<(i64, TicketId)>) {
        let named = |place: usize| {
            let (id, name) = &self.places.operators[place];
            json!({"id": id, "name": name})
        };
        let (kind, data) = match event.kind {
            EventKind::Created => ("conversation_created", json!({})),
            EventKind::Taken => ("conversation_taken", json!({})),
            EventKind::Assigned { from, to } => {
                ("conversation_assigned", json!({"from": named(from), "to": named(to)}))
            }
            EventKind::PriorityChanged { from, to } => {
                ("priority_changed", json!({"from": priority(from), "to": priority(to)}))
            }
            EventKind::Snoozed { until } => ("conversation_snoozed", json!({"until": until})),
            EventKind::Woken => ("conversation_woken", json!({"reason": "time"})),
            EventKind::Closed => ("conversation_closed", json!({})),
            EventKind::Reopened => ("conversation_reopened", json!({"reason": "client_replied"})),
            EventKind::TicketCreated => match ticket {
                Some((number, id)) => ("ticket_created", json!({"number": number, "id": id})),
                None => return,
            },
        };
        let subject = match (event.kind, ticket) {
            (EventKind::TicketCreated, Some((_, id))) => id.0,
            _ => frame.id.0,
        };
        // What the client causes, the product does.
        let actor = if event.actor == Author::Client { Author::System } else { event.actor };
        self.log(frame, kind, subject, event.at, actor, data);
    }

    fn log(&mut self, frame: &mut Frame, kind: &'static str, subject: Uuid, at: Timestamp, actor: Author, data: Json) {
        let (actor_id, actor_name) = match actor {
            Author::Operator(place) => {
                let (id, name) = &self.places.operators[place];
                (Some(*id), name.clone())
            }
            Author::Client | Author::System => (None, String::new()),
        };
        let row = bus::Model {
            // Given by the database.
            seq: 0,
            id: EventId(id_at(at, &mut frame.rng)),
            at,
            kind: kind.to_owned(),
            actor_id,
            actor_name,
            subject: Some(subject),
            conversation_id: Some(frame.id),
            line_id: Some(frame.line_id),
            group_id: None,
            data,
        };
        self.events.push(at, row);
    }
}

fn automatic(automatic: Automatic) -> message::Automatic {
    match automatic {
        Automatic::AutoReply => message::Automatic::AutoReply,
        Automatic::Acknowledgement => message::Automatic::Acknowledgement,
    }
}

fn priority(priority: Priority) -> conversation::Priority {
    match priority {
        Priority::None => conversation::Priority::None,
        Priority::Low => conversation::Priority::Low,
        Priority::Medium => conversation::Priority::Medium,
        Priority::High => conversation::Priority::High,
    }
}

/// Why a message is in its conversation, in the words of the feature that takes mail in.
fn threading(frame: &Frame, first: bool, answered: bool) -> Json {
    let (number, sender) = (frame.number, &frame.client.address.address);
    let threading = match (first, answered) {
        (true, _) => Threading {
            rule: ThreadingRule::NewConversation,
            ru: "Письмо ни на что не отвечает: начат новый диалог.".to_owned(),
            en: "The message answers nothing: a new conversation began.".to_owned(),
        },
        (false, true) => Threading {
            rule: ThreadingRule::ReplyToken,
            ru: format!("Это ответ на наше письмо: в его заголовках — наша подписанная метка диалога №{number}"),
            en: format!("This answers our letter: its headers carry our signed mark of conversation #{number}"),
        },
        (false, false) => Threading {
            rule: ThreadingRule::References,
            ru: format!("Письмо ссылается на сообщение диалога №{number}, а {sender} в нём участвует"),
            en: format!("The message refers to one of conversation #{number}, and {sender} takes part in it"),
        },
    };
    json!(threading)
}
