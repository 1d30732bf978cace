//! An operator writes: an answer, an internal note, or the first message of a conversation.

use base::{Actor, ChatId, ContactId, ConversationId, Error, FileId, LineId, MailboxId, MessageId, Result, Timestamp};
use bus::Event;
use chrono::Duration;
use db::{Tx, dialect};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde_json::json;

use super::commands::{close, snooze};
use super::entity::{Channel, Entity, From, Model, Status};
use super::{draft, find_to_change, last_words, mention, participant, title};
use crate::people::{Address, Recipients};
use crate::{channel, chat, contact, file, group_chat, message, search};

/// What an operator sends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outgoing {
    /// An internal note: never leaves.
    pub note: bool,
    /// From the editor.
    pub html: String,
    pub file_ids: Vec<FileId>,
    /// None: whoever takes part.
    pub to: Option<Vec<Address>>,
    pub cc: Option<Vec<Address>>,
    /// By which of the client's channels; none: the one the conversation goes on by.
    pub route: Option<Route>,
    /// The message it answers.
    pub reply_to_id: Option<MessageId>,
    pub extra: message::Extra,
    pub close: bool,
    pub snooze_until: Option<Timestamp>,
}

/// By which of a client's channels an answer leaves. Text: `email:ADDRESS` or `chat:ID`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// To an address of his, or, without one, to whoever takes part by mail.
    Mail(Option<String>),
    Chat(ChatId),
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Route::Mail(None) => f.write_str("email:"),
            Route::Mail(Some(address)) => write!(f, "email:{address}"),
            Route::Chat(id) => write!(f, "chat:{id}"),
        }
    }
}

impl std::str::FromStr for Route {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let unknown =
            || Error::invalid("route_key", "unknown", "Нет такого канала у клиента", "The client has no such channel");
        match text.split_once(':') {
            Some(("email", "")) => Ok(Route::Mail(None)),
            Some(("email", address)) => Ok(Route::Mail(Some(text::email::normalize(address).ok_or_else(unknown)?))),
            Some(("chat", id)) => Ok(Route::Chat(id.parse().map_err(|_| unknown())?)),
            _ => Err(unknown()),
        }
    }
}

/// Answers in a conversation, or writes a note there. An answer is on its way when this commits.
pub(crate) async fn write(
    tx: &Tx,
    actor: &Actor,
    id: ConversationId,
    outgoing: Outgoing,
    undo: Duration,
) -> Result<MessageId> {
    let me = actor.user_id().ok_or_else(|| Error::internal("only a person writes answers"))?;
    let conversation = find_to_change(tx, actor, id).await?;
    let files = file::claimable(tx, actor, &outgoing.file_ids).await?;
    let html = file::clean_html(&outgoing.html, &files);
    let (html, called) = mention::settle(tx, &conversation, outgoing.note, html).await?;
    let text = mail::html::html_to_text(&html);
    let says_something = !text.trim().is_empty() || !outgoing.file_ids.is_empty() || html.contains("<img");
    if !says_something && outgoing.extra.template.is_none() {
        return Err(Error::invalid("html", "required", "Напишите хотя бы слово", "Write at least a word"));
    }
    let way = match outgoing.note {
        true => Way::Note,
        false if conversation.is_group() => to_everybody(&outgoing)?,
        false => way(tx, actor, &conversation, &outgoing).await?,
    };
    if let Some(id) = outgoing.reply_to_id {
        let quoted = message::Entity::find_by_id(id).one(tx).await?;
        if quoted.is_none_or(|quoted| quoted.conversation_id != conversation.id) {
            let (ru, en) = ("Такого сообщения в обращении нет", "The conversation has no such message");
            return Err(Error::invalid("reply_to_id", "unknown", ru, en));
        }
    }
    let message_id = MessageId(tx.new_id());
    let shown = files.iter().filter(|file| !file::is_inside(file, &html)).count() as i64;
    // A letter can be taken back for a while; in a chat people expect an answer at once, and can change it later.
    let undo = if matches!(way, Way::Mail(_)) { undo } else { Duration::zero() };
    let (channel, chat_id) = match &way {
        Way::Note | Way::Mail(_) => (Channel::Email, None),
        Way::Chat(chat, channel) => (*channel, Some(chat.id)),
        Way::Everybody => (Channel::Group, None),
    };
    let kind = if outgoing.note { message::Kind::Note } else { message::Kind::Outbound };
    let extra =
        (outgoing.extra != message::Extra::default()).then(|| serde_json::to_value(&outgoing.extra)).transpose()?;
    let row = message::Model {
        chat_id,
        reply_to_id: outgoing.reply_to_id,
        author_kind: message::AuthorKind::User,
        author_id: Some(me.0),
        author_name: actor.name.clone(),
        html: html.clone(),
        text: text.clone(),
        recipients: match &way {
            Way::Mail(recipients) => serde_json::to_value(recipients)?,
            Way::Note | Way::Chat(..) | Way::Everybody => json!({}),
        },
        attachment_count: shown,
        delivery: (!outgoing.note).then_some(message::Delivery::Queued),
        undo_until: (!outgoing.note).then_some(tx.now() + undo),
        extra,
        ..message::Model::new(message_id, id, kind, channel, tx.now())
    };
    message::insert(tx, row, None).await?;
    file::attach(tx, &files, id, message_id, &html).await?;
    search::index_message(tx, &conversation, message_id, &text, None, None).await?;
    let (line, group) = (conversation.line_id, conversation.group_id);
    let tell = match &way {
        Way::Everybody => group_chat::to_tell(tx, &conversation).await?,
        _ => Vec::new(),
    };
    let group_conversation = matches!(way, Way::Everybody).then(|| conversation.clone());
    repeat_on_conversation(tx, actor, conversation, &outgoing, &way, &text).await?;
    draft::forget(tx, id, me, outgoing.note).await?;
    if let Some(conversation) = &group_conversation {
        group_chat::spread(tx, actor, conversation, message_id).await?;
    }
    let kind = if outgoing.note { "note_created" } else { "message_queued" };
    // Until then it can be taken back, and whoever sends it has nothing to do.
    let due = (!outgoing.note).then_some(tx.now() + undo);
    let by = match (&way, called.is_empty()) {
        (Way::Everybody, _) => "group",
        (Way::Mail(_) | Way::Chat(..), _) => message::way_of(chat_id),
        (Way::Note, false) => "calling",
        (Way::Note, true) => "plain",
    };
    let data = match (tell.is_empty(), called.is_empty()) {
        (false, _) => json!({"members": tell}),
        (true, false) => json!({"mentions": called}),
        (true, true) => json!({}),
    };
    let event = Event::new(kind).subject(message_id.0).conversation(id, line, group).data(data);
    bus::emit(tx, actor, event.chat(chat_id).due(due).by(by)).await?;
    if outgoing.close {
        close(tx, actor, id).await?;
    } else if let Some(until) = outgoing.snooze_until {
        snooze(tx, actor, id, until).await?;
    }
    Ok(message_id)
}

/// Where an answer goes.
enum Way {
    Note,
    Mail(Recipients),
    Chat(Box<chat::Model>, Channel),
    /// To each of those who take part in a group conversation, by a channel of his own.
    Everybody,
}

/// Nobody is left out of a group conversation: what is not for all of them is said elsewhere.
fn to_everybody(outgoing: &Outgoing) -> Result<Way> {
    let (ru, en) = (
        "В групповом разговоре сообщение получают все участники",
        "In a group conversation everybody who takes part gets the message",
    );
    let chosen = [
        ("route_key", outgoing.route.is_some()),
        ("to", outgoing.to.is_some()),
        ("cc", outgoing.cc.is_some()),
        ("template", outgoing.extra.template.is_some()),
    ];
    match chosen.into_iter().find(|(_, given)| *given) {
        Some((field, _)) => Err(Error::invalid(field, "group_chat", ru, en)),
        None => Ok(Way::Everybody),
    }
}

/// By the channel that was chosen, else by the one the conversation goes on by. A channel of another line is not offered.
async fn way(tx: &Tx, actor: &Actor, conversation: &Model, outgoing: &Outgoing) -> Result<Way> {
    let route = outgoing.route.clone().or(conversation.chat_id.map(Route::Chat)).unwrap_or(Route::Mail(None));
    let unknown =
        || Error::invalid("route_key", "unknown", "Нет такого канала у клиента", "The client has no such channel");
    match route {
        Route::Chat(id) => {
            let chat = chat::Entity::find_by_id(id).one(tx).await?.ok_or_else(unknown)?;
            let channel = channel::find(tx, chat.channel_id).await?;
            if chat.contact_id != conversation.contact_id || channel.line_id != conversation.line_id {
                return Err(unknown());
            }
            if outgoing.extra.template.is_none() {
                check_window(&chat, channel.kind, tx.now())?;
            }
            Ok(Way::Chat(Box::new(chat), channel.kind))
        }
        Route::Mail(Some(address)) => {
            let to = vec![Address { name: None, address }];
            let outgoing = Outgoing { to: Some(to), cc: outgoing.cc.clone(), ..Default::default() };
            Ok(Way::Mail(recipients(tx, actor, conversation, &outgoing).await?))
        }
        Route::Mail(None) => Ok(Way::Mail(recipients(tx, actor, conversation, outgoing).await?)),
    }
}

/// Refuses free words where the messenger would refuse them, before anybody waits for them to arrive.
pub(crate) fn check_window(chat: &chat::Model, kind: channel::Kind, now: Timestamp) -> Result<()> {
    if chat.takes_free_words(kind, now) {
        return Ok(());
    }
    let words = window_closed();
    Err(Error::Invalid(vec![base::FieldError { field: "template".to_owned(), code: "window_closed", words }]))
}

/// Why free words cannot be sent to a client now.
pub(crate) fn window_closed() -> base::Words {
    base::Words::new(
        "Писать свободно здесь можно сутки после сообщения клиента. Сейчас отправьте одобренный шаблон",
        "Free text can be sent here for a day after the client's message. Send an approved template now",
    )
}

async fn repeat_on_conversation(
    tx: &Tx,
    actor: &Actor,
    conversation: Model,
    outgoing: &Outgoing,
    way: &Way,
    text: &str,
) -> Result<()> {
    let Model { id, line_id: line, group_id: group, channel: before, .. } = conversation;
    let count = conversation.message_count;
    let first_reply = conversation.first_reply_at.is_none() && !outgoing.note && conversation.last_from == From::Client;
    let mut row = conversation.into_active_model();
    row.message_count = Set(count + 1);
    row.updated_at = Set(tx.now());
    if !outgoing.note {
        row.preview = Set(last_words(text, ""));
        row.last_from = Set(From::Operator);
        row.last_message_at = Set(tx.now());
        row.unread = Set(false);
        row.delivery = Set(Some(message::Delivery::Queued.as_str().to_owned()));
    }
    let now_by = match way {
        Way::Note | Way::Everybody => None,
        Way::Mail(_) => Some((Channel::Email, None)),
        Way::Chat(chat, channel) => Some((*channel, Some(chat.id))),
    };
    if let Some((channel, chat_id)) = now_by {
        row.channel = Set(channel);
        row.chat_id = Set(chat_id);
    }
    if first_reply {
        row.first_reply_at = Set(Some(tx.now()));
    }
    Entity::update(row).exec_without_returning(tx).await?;
    if let Some((channel, _)) = now_by.filter(|(channel, _)| *channel != before && count > 0) {
        let data = json!({"from": before, "to": channel});
        bus::emit(tx, actor, Event::new("channel_switched").subject(id.0).conversation(id, line, group).data(data))
            .await?;
    }
    Ok(())
}

/// Whom the answer goes to: as told, else the client and everybody who was in copy.
async fn recipients(tx: &Tx, actor: &Actor, conversation: &Model, outgoing: &Outgoing) -> Result<Recipients> {
    let all = participant::of(tx, conversation.id).await?;
    let of = |parts: &[participant::Part]| -> Vec<Address> {
        let chosen = all.iter().filter(|one| parts.contains(&one.part));
        chosen
            .map(|one| Address {
                name: Some(one.name.clone()).filter(|name| !name.is_empty()),
                address: one.address.clone(),
            })
            .collect()
    };
    let to = match &outgoing.to {
        Some(to) => checked(to, "to")?,
        None => of(&[participant::Part::Client]),
    };
    let cc = match &outgoing.cc {
        Some(cc) => checked(cc, "cc")?,
        None => of(&[participant::Part::To, participant::Part::Cc]),
    };
    // Who is no longer in copy gets no more, until he writes himself or is added again.
    let gone = all.iter().filter(|one| one.part != participant::Part::Client).map(|one| one.address.as_str());
    let gone: Vec<&str> = gone.filter(|known| !to.iter().chain(&cc).any(|one| one.address == *known)).collect();
    if outgoing.cc.is_some() && outgoing.to.is_none() && !gone.is_empty() {
        participant::remove(tx, conversation.id, &gone).await?;
        let data = json!({"added": [], "removed": gone});
        let (id, line, group) = (conversation.id, conversation.line_id, conversation.group_id);
        let event = Event::new("participants_changed").subject(id.0).conversation(id, line, group).data(data);
        bus::emit(tx, actor, event).await?;
    }
    if to.is_empty() {
        return Err(Error::invalid(
            "to",
            "required",
            "Некому отправить: укажите адрес",
            "There is nobody to send it to: enter an address",
        ));
    }
    for (list, part) in [(&to, participant::Part::To), (&cc, participant::Part::Cc)] {
        for address in list.iter().filter(|one| !all.iter().any(|known| known.address == one.address)) {
            participant::add(tx, conversation.id, address, part, None).await?;
        }
    }
    Ok(Recipients { to, cc })
}

/// Every address valid, or an error that names the wrong one.
pub(crate) fn checked(addresses: &[Address], field: &str) -> Result<Vec<Address>> {
    addresses
        .iter()
        .enumerate()
        .map(|(index, one)| match text::email::normalize(&one.address) {
            Some(address) => Ok(Address { name: one.name.clone(), address }),
            None => {
                let words = base::Words::owned(
                    format!("«{}» не похоже на адрес почты", one.address),
                    format!("“{}” is not a mail address", one.address),
                );
                Err(Error::Invalid(vec![base::FieldError {
                    field: format!("{field}[{index}].address"),
                    code: "bad_address",
                    words,
                }]))
            }
        })
        .collect()
}

/// A conversation that an operator begins.
#[derive(Clone, Debug)]
pub(crate) struct NewConversation {
    pub line_id: LineId,
    pub mailbox_id: Option<MailboxId>,
    /// A chat; else a letter to `to`.
    pub route: Option<Route>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub subject: String,
    pub html: String,
    pub file_ids: Vec<FileId>,
    pub template: Option<message::Template>,
}

/// Writes to a client first. The conversation belongs to whoever began it.
pub(crate) async fn start(tx: &Tx, actor: &Actor, new: NewConversation, undo: Duration) -> Result<ConversationId> {
    let line = crate::line::find(tx, actor, new.line_id).await?;
    if let Some(Route::Chat(id)) = new.route {
        return start_in_chat(tx, actor, line.id, id, new, undo).await;
    }
    let to = checked(&new.to, "to")?;
    let cc = checked(&new.cc, "cc")?;
    let Some(client) = to.first() else { return Err(Error::required("to")) };
    let subject = new.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    if subject.is_empty() {
        return Err(Error::required("subject"));
    }
    let (contact, identity_id) = contact::find_or_create_by_email(tx, &client.address, client.name.as_deref()).await?;
    let id = ConversationId(tx.new_id());
    let number = dialect::next_number(tx, "conversation").await?;
    let (mailbox_id, contact_id) = (new.mailbox_id, contact.id);
    let began = Began { id, number, line_id: line.id, mailbox_id, contact_id, title: subject };
    insert_conversation(tx, actor, began).await?;
    participant::add(tx, id, client, participant::Part::Client, Some(identity_id)).await?;
    for address in &to[1..] {
        participant::add(tx, id, address, participant::Part::To, None).await?;
    }
    for address in &cc {
        participant::add(tx, id, address, participant::Part::Cc, None).await?;
    }
    let conversation = super::find(tx, actor, id).await?;
    search::index_conversation(tx, &conversation).await?;
    bus::emit(
        tx,
        actor,
        Event::new("conversation_created").subject(id.0).conversation(id, line.id, conversation.group_id),
    )
    .await?;
    let outgoing =
        Outgoing { html: new.html, file_ids: new.file_ids, to: Some(to), cc: Some(cc), ..Default::default() };
    write(tx, actor, id, outgoing, undo).await?;
    Ok(id)
}

/// Writes first in a chat. One that is open there already goes on: a client has one conversation in a messenger.
async fn start_in_chat(
    tx: &Tx,
    actor: &Actor,
    line_id: LineId,
    chat_id: ChatId,
    new: NewConversation,
    undo: Duration,
) -> Result<ConversationId> {
    let (ru, en) = ("Нет такого канала у клиента", "The client has no such channel");
    let unknown = || Error::invalid("route_key", "unknown", ru, en);
    let chat = chat::Entity::find_by_id(chat_id).lock(db::HOLD).one(tx).await?.ok_or_else(unknown)?;
    let channel = channel::find(tx, chat.channel_id).await?;
    if channel.line_id != line_id {
        return Err(unknown());
    }
    let open = chat::last_own_conversation(tx, chat_id).await?;
    let id = match open.filter(|open| matches!(open.status, Status::Open | Status::Snoozed)) {
        Some(open) => open.id,
        None => {
            let id = ConversationId(tx.new_id());
            let number = dialect::next_number(tx, "conversation").await?;
            let subject = new.subject.split_whitespace().collect::<Vec<_>>().join(" ");
            let words = last_words(&mail::html::html_to_text(&new.html), &chat.title);
            let words: String = words.chars().take(80).collect();
            let client = contact::get(tx, chat.contact_id).await?.name;
            let facts = title::Facts { client: &client, channel: channel.kind, number, subject: &words };
            let title = if subject.is_empty() { title::of(tx, line_id, facts).await? } else { subject };
            let began = Began { id, number, line_id, mailbox_id: None, contact_id: chat.contact_id, title };
            insert_conversation(tx, actor, began).await?;
            let conversation = super::find(tx, actor, id).await?;
            search::index_conversation(tx, &conversation).await?;
            bus::emit(
                tx,
                actor,
                Event::new("conversation_created").subject(id.0).conversation(id, line_id, conversation.group_id),
            )
            .await?;
            id
        }
    };
    let extra = message::Extra { template: new.template, ..Default::default() };
    let route = Some(Route::Chat(chat_id));
    let outgoing = Outgoing { html: new.html, file_ids: new.file_ids, route, extra, ..Default::default() };
    write(tx, actor, id, outgoing, undo).await?;
    Ok(id)
}

/// A conversation that somebody of ours begins.
struct Began {
    id: ConversationId,
    number: i64,
    line_id: LineId,
    mailbox_id: Option<MailboxId>,
    contact_id: ContactId,
    title: String,
}

async fn insert_conversation(tx: &Tx, actor: &Actor, began: Began) -> Result<()> {
    let Began { id, number, line_id, mailbox_id, contact_id, title } = began;
    let row = Model {
        mailbox_id,
        subject: title,
        assignee_id: actor.user_id(),
        last_from: From::Operator,
        ..Model::new(id, number, line_id, contact_id, tx.now())
    };
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Replaces who is in copy.
pub(crate) async fn set_copies(tx: &Tx, actor: &Actor, id: ConversationId, cc: &[Address]) -> Result<()> {
    let cc = checked(cc, "cc")?;
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.is_group() {
        to_everybody(&Outgoing { cc: Some(Vec::new()), ..Default::default() })?;
    }
    let before = participant::of(tx, id).await?;
    let kept = |address: &str| cc.iter().any(|one| one.address == address);
    let removed: Vec<&str> = before
        .iter()
        .filter(|one| one.part == participant::Part::Cc && !kept(&one.address))
        .map(|one| one.address.as_str())
        .collect();
    let added: Vec<&str> = cc
        .iter()
        .filter(|one| !before.iter().any(|old| old.address == one.address))
        .map(|one| one.address.as_str())
        .collect();
    participant::remove(tx, id, &removed).await?;
    for address in &cc {
        participant::add(tx, id, address, participant::Part::Cc, None).await?;
    }
    let event = Event::new("participants_changed").data(json!({"added": added, "removed": removed}));
    super::commands::save(tx, actor, conversation, event, |_| {}).await
}

/// Undoes `write`'s traces on the conversation after a message was taken back or moved away.
pub(crate) async fn repeat_last_message(tx: &Tx, id: ConversationId) -> Result<()> {
    let last = message::last_spoken(tx, id).await?;
    let mut update = Entity::update_many()
        .filter(super::Column::Id.eq(id))
        .col_expr(super::Column::MessageCount, Expr::cust("message_count - 1"));
    if let Some(last) = last {
        let from = if last.kind == message::Kind::Inbound { From::Client } else { From::Operator };
        update = update
            .col_expr(super::Column::Preview, Expr::value(last_words(&last.text, "")))
            .col_expr(super::Column::LastFrom, Expr::value(from))
            .col_expr(super::Column::LastMessageAt, Expr::value(last.created_at))
            .col_expr(
                super::Column::Unread,
                Expr::value(last.kind == message::Kind::Inbound && last.automatic.is_none()),
            )
            .col_expr(super::Column::Delivery, Expr::value(message::unsent(&last)));
    }
    update.exec(tx).await?;
    Ok(())
}

/// Repeats the last words on the conversation after a message was changed.
pub(crate) async fn refresh_preview(tx: &Tx, id: ConversationId) -> Result<()> {
    let Some(last) = message::last_spoken(tx, id).await? else { return Ok(()) };
    Entity::update_many()
        .col_expr(super::Column::Preview, Expr::value(last_words(&last.text, "")))
        .filter(super::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
