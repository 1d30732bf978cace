//! What happened at a vendor's, put into conversations.
//!
//! Invariant: everything here can be done twice and changes things once.

use base::{Actor, ConversationId, Error, MessageId, Result, Words};
use bus::Event;
use db::Tx;
use desk::channel::Kind;
use desk::chat::{self, Person};
use desk::contact::{self, NewIdentity, identity};
use desk::conversation::{self, Echo, NewFile, Sender, Status, Threading, ThreadingRule};
use desk::message::{self, Delivery, EditedBy, Extra};
use desk::{file, line, rating};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use super::fetch::Fetched;
use crate::driver::{InMessage, Inbound, Link, Profile, ReadUpTo};
use crate::{drivers, link};

/// An event with the files it needs.
pub(super) struct Prepared {
    pub event: Inbound,
    pub fetched: Fetched,
}

pub(super) async fn is_new_chat(link: &Link, external_id: &str) -> Result<bool> {
    let of_thread = chat::Entity::find()
        .filter(chat::Column::ChannelId.eq(link.channel.id))
        .filter(chat::Column::ExternalId.eq(external_id));
    Ok(of_thread.one(link.app.db.read()).await?.is_none())
}

/// Whether the message's files are still to be had: not when it was taken with them.
pub(super) async fn needs_files(link: &Link, message: &InMessage) -> Result<bool> {
    if message.files.is_empty() {
        return Ok(false);
    }
    let read = link.app.db.read();
    let of_thread = chat::Entity::find()
        .filter(chat::Column::ChannelId.eq(link.channel.id))
        .filter(chat::Column::ExternalId.eq(message.chat.id.clone()));
    let Some(chat) = of_thread.one(read).await? else { return Ok(true) };
    match link::message_of(read, chat.id, &message.id).await? {
        Some(id) => Ok(file::Entity::find().filter(file::Column::MessageId.eq(id)).one(read).await?.is_none()),
        None => Ok(true),
    }
}

pub(super) async fn apply(tx: &Tx, link: &Link, prepared: Prepared) -> Result<()> {
    let Prepared { event, fetched } = prepared;
    match event {
        Inbound::Message(message) => take_message(tx, link, *message, fetched).await,
        Inbound::Edited { chat, id, html } => {
            let Some((_, message_id)) = known(tx, link, &chat, &id).await? else { return Ok(()) };
            message::edit(tx, &Actor::system(), message_id, &html, EditedBy::Client).await.map(drop)
        }
        Inbound::Deleted { chat, ids } => {
            for id in ids {
                if let Some((_, message_id)) = known(tx, link, &chat, &id).await? {
                    message::delete(tx, &Actor::system(), message_id, EditedBy::Client).await?;
                }
            }
            Ok(())
        }
        Inbound::Pressed { chat, from, press_id, payload, title, at } => {
            let title = title.unwrap_or_else(|| payload.clone());
            let extra = Extra { pressed: Some(payload), ..Extra::default() };
            let message = InMessage {
                id: format!("press:{press_id}"),
                chat,
                from: *from,
                at,
                html: rich::from_plain(&title),
                files: Vec::new(),
                reply_to: None,
                album: None,
                extra,
                own_phone: None,
            };
            take_message(tx, link, message, fetched).await
        }
        Inbound::Delivered { chat, ids } => {
            for id in ids {
                advance(tx, link, &chat, &id, Delivery::Delivered, None).await?;
            }
            Ok(())
        }
        Inbound::Failed { chat, id, words } => advance(tx, link, &chat, &id, Delivery::Failed, Some(words)).await,
        Inbound::Read { chat, up_to } => {
            let Some(chat) = chat::held(tx, link.channel.id, &chat).await? else { return Ok(()) };
            let up_to = match up_to {
                ReadUpTo::Time(at) => at,
                ReadUpTo::Message(id) => {
                    let Some(id) = link::message_of(tx, chat.id, &id).await? else { return Ok(()) };
                    match message::Entity::find_by_id(id).one(tx).await? {
                        Some(message) => message.created_at,
                        None => return Ok(()),
                    }
                }
            };
            chat::mark_seen(tx, &chat, up_to).await
        }
        Inbound::Typing { chat } => {
            if let Some(chat) = chat::held(tx, link.channel.id, &chat).await?
                && let Some(conversation) = chat::last_conversation(tx, chat.id).await?
            {
                let typing = bus::Whisper::client_typing(conversation.id, conversation.line_id, conversation.group_id);
                link.app.hub.whisper(typing);
            }
            Ok(())
        }
        Inbound::Blocked { chat, blocked } => match chat::held(tx, link.channel.id, &chat).await? {
            Some(chat) => chat::set_blocked(tx, &chat, blocked).await,
            None => Ok(()),
        },
        Inbound::Started { chat, from, start } => {
            let chat = chat::find_or_create(tx, link.channel.id, &chat.id, &chat.title, &person(link, &from)).await?;
            chat::set_blocked(tx, &chat, false).await?;
            if let Some(start) = start.filter(|start| !start.is_empty()) {
                remember_start(tx, &chat, &start).await?;
            }
            Ok(())
        }
        Inbound::Echo { chat, id, author_name, html, at, .. } => {
            let Some(chat) = chat::held(tx, link.channel.id, &chat).await? else { return Ok(()) };
            if link::message_of(tx, chat.id, &id).await?.is_some() {
                return Ok(());
            }
            let Some(conversation) = chat::last_own_conversation(tx, chat.id).await? else { return Ok(()) };
            let echo = Echo { author_name, html, files: fetched.files, sent_at: at };
            let message_id = conversation::echo(tx, &conversation, echo).await?;
            link::remember(tx, chat.id, &id, message_id, 0).await
        }
    }
}

/// Where a vendor numbers people anew for each account, the same number at another channel is somebody else.
fn person(link: &Link, from: &Profile) -> Person {
    let mut identities = from.identities.clone();
    for identity in &mut identities {
        if matches!(identity.kind, identity::Kind::Viber | identity::Kind::Custom) {
            identity.key = format!("{}:{}", link.channel.id, identity.key);
        }
    }
    Person { identities, name: from.name.clone(), locale: from.locale.clone() }
}

/// A message the vendor speaks of, with its chat.
async fn known(tx: &Tx, link: &Link, chat: &str, id: &str) -> Result<Option<(chat::Model, MessageId)>> {
    let Some(chat) = chat::held(tx, link.channel.id, chat).await? else { return Ok(None) };
    let message_id = link::message_of(tx, chat.id, id).await?;
    Ok(message_id.map(|message_id| (chat, message_id)))
}

/// The state of one of ours moves on; it never moves back.
async fn advance(tx: &Tx, link: &Link, chat: &str, id: &str, to: Delivery, error: Option<Words>) -> Result<()> {
    let Some((_, message_id)) = known(tx, link, chat, id).await? else { return Ok(()) };
    let Some(message) = message::Entity::find_by_id(message_id).one(tx).await? else { return Ok(()) };
    let moves = match message.delivery {
        Some(Delivery::Read | Delivery::Cancelled) | None => false,
        Some(Delivery::Delivered) => to == Delivery::Failed,
        Some(now) => now != to,
    };
    if !moves {
        return Ok(());
    }
    let error = match error {
        Some(words) => Some(words.get(desk::setting::company(tx).await?.default_locale).to_owned()),
        None => None,
    };
    message::set_delivery(tx, &Actor::system(), message_id, to, error, message.delivery_attempts).await
}

async fn remember_start(tx: &Tx, chat: &chat::Model, start: &str) -> Result<()> {
    let mut data = chat.data.clone();
    data["start"] = json!(start);
    chat::Entity::update_many()
        .col_expr(chat::Column::Data, Expr::value(data))
        .filter(chat::Column::Id.eq(chat.id))
        .exec(tx)
        .await?;
    Ok(())
}

async fn take_message(tx: &Tx, link: &Link, mut message: InMessage, fetched: Fetched) -> Result<()> {
    let channel = &link.channel;
    let mut chat =
        chat::find_or_create(tx, channel.id, &message.chat.id, &message.chat.title, &person(link, &message.from))
            .await?;
    if let Some(known) = link::message_of(tx, chat.id, &message.id).await? {
        return add_files(tx, known, fetched.files).await;
    }
    let album = message.album.take().map(|album| format!("album:{album}"));
    if let Some(album) = &album
        && let Some(known) = link::message_of(tx, chat.id, album).await?
    {
        link::remember(tx, chat.id, &message.id, known, 0).await?;
        return add_to_album(tx, known, &message, fetched.files).await;
    }
    if chat.blocked {
        chat::set_blocked(tx, &chat, false).await?;
    }
    if let Some(phone) = message.own_phone.as_deref().and_then(NewIdentity::phone) {
        chat = join_by_phone(tx, channel.kind, chat, phone).await?;
    }
    if let Some(stars) = message.extra.pressed.as_deref().and_then(rating::stars_of_payload) {
        return take_rating(tx, &chat, &message.id, stars).await;
    }
    let reply_to_id = match &message.reply_to {
        Some(id) => link::message_of(tx, chat.id, id).await?,
        None => None,
    };
    let chat::Course { current, last: before } = chat::course(tx, &chat, reply_to_id).await?;
    // Each picture of an album leaves for the others as it comes: they are not put together afterwards.
    let album = album.filter(|_| !current.as_ref().is_some_and(conversation::Model::is_group));
    if current.is_none()
        && let Some(start) = chat.data["start"].as_str()
    {
        message.extra.start.get_or_insert_with(|| start.to_owned());
    }
    let mut html = message.html.clone();
    for (name, _) in &fetched.missing {
        html += &rich::from_plain(&format!("[{name}: файл не удалось получить / the file could not be fetched]"));
    }
    let group_id = if current.is_none() { channel.group_id } else { None };
    let inbound = conversation::Inbound {
        group_id,
        conversation_id: current.as_ref().map(|conversation| conversation.id),
        files: fetched.files,
        reply_to_id,
        extra: (message.extra != Extra::default()).then(|| message.extra.clone()),
        ..conversation::Inbound::new(
            channel.line_id,
            channel.kind,
            Sender::Chat(Box::new(chat.clone()), message.from.name.clone()),
            html,
            why(tx, channel.kind, current.as_ref(), before.as_ref(), reply_to_id).await?,
            message.at,
        )
    };
    let received = conversation::receive(tx, &Actor::system(), inbound).await?;
    for id in [Some(message.id.as_str()), album.as_deref()].into_iter().flatten() {
        link::remember(tx, chat.id, id, received.message_id, 0).await?;
    }
    Ok(())
}

/// Whether the message that is answered is one of this conversation.
async fn answers_in(tx: &Tx, conversation: &conversation::Model, id: Option<MessageId>) -> Result<bool> {
    let Some(id) = id else { return Ok(false) };
    let found = message::Entity::find_by_id(id).one(tx).await?;
    Ok(found.is_some_and(|message| message.conversation_id == conversation.id))
}

/// Why a client's message is in a group conversation and not in one of his own.
fn in_group(group: &conversation::Model, title: &Words, answers: bool) -> Threading {
    let (number, name) = (group.number, &group.subject);
    let (ru, en) = match answers {
        true => (
            format!("{}: ответ на сообщение группового разговора №{number} «{name}».", title.ru),
            format!("{}: answers a message of group conversation #{number} “{name}”.", title.en),
        ),
        false => (
            format!(
                "{}: последним клиенту писали из группового разговора №{number} «{name}» – или сам он писал туда, – поэтому сообщение там. Ответ с цитатой попадает туда, откуда цитата.",
                title.ru
            ),
            format!(
                "{}: the last message to the client, or from him, was in group conversation #{number} “{name}”, so this one belongs there. An answer that quotes belongs where the quoted message is.",
                title.en
            ),
        ),
    };
    Threading { rule: ThreadingRule::Chat, ru, en }
}

/// The press of one of our rating buttons is a mark, not something said.
async fn take_rating(tx: &Tx, chat: &chat::Model, id: &str, stars: i64) -> Result<()> {
    let Some(last) = chat::last_own_conversation(tx, chat.id).await? else { return Ok(()) };
    tracing::debug!(conversation = %last.id, press = id, "a client rated conversation {}", last.id);
    match rating::rate(tx, &Actor::system(), last.id, stars, "").await {
        // An old button for a mark that the category of the client does not allow now.
        Err(Error::Invalid(_)) => Ok(()),
        other => other.map(drop),
    }
}

/// Why a message is where it is.
pub(crate) async fn why(
    tx: &Tx,
    kind: Kind,
    current: Option<&conversation::Model>,
    before: Option<&conversation::Model>,
    answers: Option<MessageId>,
) -> Result<Threading> {
    let title = drivers::of(kind).map(|driver| driver.about().title).unwrap_or(Words::new("чат", "chat"));
    let say = |rule, ru: String, en: String| Threading { rule, ru, en };
    Ok(match (current, before) {
        (Some(current), _) if current.status == Status::Closed => {
            let hours = line::Entity::find_by_id(current.line_id).one(tx).await?.map_or(0, |line| line.reopen_hours);
            say(
                ThreadingRule::Chat,
                format!(
                    "{}: клиент написал меньше чем через {hours} ч после закрытия, обращение открыто снова.",
                    title.ru
                ),
                format!(
                    "{}: the client wrote within {hours} h after closing, so the conversation is open again.",
                    title.en
                ),
            )
        }
        (Some(group), _) if group.is_group() => in_group(group, &title, answers_in(tx, group, answers).await?),
        (Some(own), Some(before)) if own.id != before.id => say(
            ThreadingRule::Chat,
            format!("{}: ответ на сообщение из обращения №{}, поэтому оно там.", title.ru, own.number),
            format!("{}: answers a message of conversation #{}, so it belongs there.", title.en, own.number),
        ),
        (Some(_), _) => say(
            ThreadingRule::Chat,
            format!("{}: продолжение открытого обращения в том же чате.", title.ru),
            format!("{}: goes on with the open conversation of the same chat.", title.en),
        ),
        (None, Some(before)) => say(
            ThreadingRule::NewConversation,
            format!("{}: прежнее обращение №{} закрыто, по настройке линии начато новое.", title.ru, before.number),
            format!("{}: conversation #{} is closed; by the line's setting a new one begins.", title.en, before.number),
        ),
        (None, None) => say(
            ThreadingRule::NewConversation,
            format!("{}: первое сообщение этого клиента в канале.", title.ru),
            format!("{}: the client's first message in this channel.", title.en),
        ),
    })
}

/// A client showed his own phone. When somebody we know has it, this chat is his; a contact that was made only for the
/// chat disappears into him.
async fn join_by_phone(tx: &Tx, kind: Kind, chat: chat::Model, phone: NewIdentity) -> Result<chat::Model> {
    let owner = contact::by_key(tx, phone.kind, &phone.key).await?;
    match owner {
        Some((owner, _)) if owner.id != chat.contact_id => {
            let known = contact::identities(tx, chat.contact_id).await?;
            let own_account = |identity: &contact::identity::Model| identity.kind.as_str() == kind.as_str();
            if !known.iter().all(own_account) {
                return Ok(chat);
            }
            let reason = Words::owned(
                format!("Клиент показал в чате свой номер {}.", text::phone::format(&phone.key)),
                format!("The client showed his own number {} in the chat.", text::phone::format(&phone.key)),
            );
            contact::absorb(tx, &Actor::system(), owner.id, chat.contact_id, reason).await?;
            chat::find(tx, chat.id).await
        }
        Some(_) => Ok(chat),
        None => {
            contact::add_identities(tx, chat.contact_id, &[phone]).await?;
            Ok(chat)
        }
    }
}

/// Another picture of an album joins the message that its first one made.
async fn add_to_album(tx: &Tx, id: MessageId, part: &InMessage, files: Vec<NewFile>) -> Result<()> {
    let Some(known) = message::Entity::find_by_id(id).one(tx).await? else { return Ok(()) };
    if known.text.trim().is_empty() && !part.html.is_empty() {
        message::edit(tx, &Actor::system(), id, &part.html, EditedBy::Client).await?;
        // Words that came with a later picture are not a change of mind.
        message::Entity::update_many()
            .col_expr(message::Column::EditedAt, Expr::value(None::<base::Timestamp>))
            .filter(message::Column::Id.eq(id))
            .exec(tx)
            .await?;
    }
    append(tx, &known, files).await
}

/// The files of a message that was taken without them.
async fn add_files(tx: &Tx, id: MessageId, files: Vec<NewFile>) -> Result<()> {
    let Some(known) = message::Entity::find_by_id(id).one(tx).await? else { return Ok(()) };
    append(tx, &known, files).await
}

async fn append(tx: &Tx, message: &message::Model, files: Vec<NewFile>) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    conversation::add_files(tx, message.conversation_id, message.id, &files).await?;
    let mut row: message::ActiveModel = sea_orm::IntoActiveModel::into_active_model(message.clone());
    row.attachment_count = Set(message.attachment_count + files.len() as i64);
    message::Entity::update(row).exec_without_returning(tx).await?;
    tell_updated(tx, message.id, message.conversation_id).await
}

async fn tell_updated(tx: &Tx, id: MessageId, conversation_id: ConversationId) -> Result<()> {
    let Some(conversation) = conversation::Entity::find_by_id(conversation_id).one(tx).await? else { return Ok(()) };
    let event = Event::new("message_updated").subject(id.0).conversation(
        conversation.id,
        conversation.line_id,
        conversation.group_id,
    );
    bus::emit(tx, &Actor::system(), event).await.map(drop)
}
