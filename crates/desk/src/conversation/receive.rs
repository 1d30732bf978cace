//! A client's message comes in, by whatever channel.

use base::{Actor, ContactId, ConversationId, FileId, GroupId, LineId, MailboxId, MessageId, Result, Timestamp};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::{EntityTrait, IntoActiveModel, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::commands::open_again;
use super::entity::{ActiveModel, Channel, Entity, From, Model, Priority, Status};
use super::{find_to_change, participant};
use crate::people::{Address, Recipients};
use crate::{contact, file, message, search};

/// By which rule a message got into its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThreadingRule {
    /// It answers an address or Message-ID that we made for this conversation.
    ReplyToken,
    /// It refers to a message of this conversation, and its sender takes part in it.
    References,
    NewConversation,
    /// An operator decided.
    Manual,
}

/// Why a message is in its conversation, in both languages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Threading {
    pub rule: ThreadingRule,
    pub ru: String,
    pub en: String,
}

/// A file that already lies in the file store.
#[derive(Clone, Debug)]
pub struct NewFile {
    pub storage_key: String,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub content_id: Option<String>,
    pub inline: bool,
}

/// A client's message as a channel hands it over.
#[derive(Clone, Debug)]
pub struct Inbound {
    pub line_id: LineId,
    pub mailbox_id: Option<MailboxId>,
    pub group_id: Option<GroupId>,
    /// Join this conversation; none begins a new one.
    pub conversation_id: Option<ConversationId>,
    pub from: Address,
    pub subject: String,
    /// Sanitised, new words only; images inside as `cid:`.
    pub html: String,
    pub text: String,
    /// Everything with quotes, sanitised.
    pub full_html: String,
    pub full_text: String,
    pub headers: Vec<(String, String)>,
    pub raw_key: Option<String>,
    pub has_quote: bool,
    pub remote_images: bool,
    pub automatic: Option<message::Automatic>,
    pub recipients: Recipients,
    pub files: Vec<NewFile>,
    pub threading: Threading,
    pub sent_at: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Received {
    pub conversation_id: ConversationId,
    pub number: i64,
    pub message_id: MessageId,
    pub created: bool,
}

/// Takes a client's message into its conversation, which it begins, wakes or reopens.
///
/// An automatic message is kept but restarts nothing. Emits `conversation_created` (for a new one) and `message_created`.
pub async fn receive(tx: &Tx, actor: &Actor, inbound: Inbound) -> Result<Received> {
    let (contact, identity_id) =
        contact::find_or_create_by_email(tx, &inbound.from.address, inbound.from.name.as_deref()).await?;
    let message_id = MessageId(tx.new_id());
    let (conversation, created) = match inbound.conversation_id {
        Some(id) => (find_to_change(tx, actor, id).await?, false),
        None => (begin(tx, &inbound, contact.id).await?, true),
    };
    let part = if created { participant::Part::Client } else { participant::Part::Cc };
    // A mail server that reports a failure, or somebody's out-of-office robot, is nobody to write to.
    if created || inbound.automatic.is_none() {
        participant::add(tx, conversation.id, &inbound.from, part, Some(identity_id)).await?;
    }
    if created {
        for address in &inbound.recipients.cc {
            participant::add(tx, conversation.id, address, participant::Part::Cc, None).await?;
        }
    }
    let stored = store_message(tx, &inbound, &conversation, &contact, message_id).await?;
    let new_subject = created.then_some(inbound.subject.as_str());
    search::index_message(tx, &conversation, message_id, &stored.text, new_subject, Some(&inbound.from)).await?;
    if created {
        bus::emit(
            tx,
            actor,
            Event::new("conversation_created")
                .subject(conversation.id.0)
                .conversation(conversation.id, conversation.line_id),
        )
        .await?;
    }
    let received = Received { conversation_id: conversation.id, number: conversation.number, message_id, created };
    update_conversation(tx, actor, conversation, &inbound, &stored.text).await?;
    let data =
        json!({"kind": "inbound", "automatic": inbound.automatic, "contact": {"id": contact.id, "name": contact.name}});
    let event = Event::new("message_created")
        .subject(message_id.0)
        .conversation(received.conversation_id, inbound.line_id)
        .data(data);
    bus::emit(tx, actor, event).await?;
    Ok(received)
}

async fn begin(tx: &Tx, inbound: &Inbound, contact_id: ContactId) -> Result<Model> {
    let row = Model {
        id: ConversationId(tx.new_id()),
        number: dialect::next_number(tx, "conversation").await?,
        line_id: inbound.line_id,
        contact_id,
        mailbox_id: inbound.mailbox_id,
        group_id: inbound.group_id,
        channel: Channel::Email,
        subject: inbound.subject.clone(),
        status: Status::Open,
        priority: Priority::None,
        assignee_id: None,
        preview: String::new(),
        last_from: From::Client,
        last_message_at: tx.now(),
        message_count: 0,
        unread: false,
        delivery: None,
        snoozed_until: None,
        first_reply_at: None,
        closed_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(row)
}

struct Stored {
    text: String,
}

async fn store_message(
    tx: &Tx,
    inbound: &Inbound,
    conversation: &Model,
    contact: &contact::Model,
    id: MessageId,
) -> Result<Stored> {
    // A picture that says it belongs inside a text that never shows it would be lost from sight: it goes below.
    let text = inbound.full_html.to_lowercase();
    let is_inside = |file: &NewFile| {
        file.content_id.as_ref().is_some_and(|cid| text.contains(&format!("cid:{}", cid.to_lowercase())))
    };
    let files: Vec<NewFile> =
        inbound.files.iter().map(|file| NewFile { inline: file.inline && is_inside(file), ..file.clone() }).collect();
    let shown = files.iter().filter(|file| !file.inline).count() as i64;
    let links: Vec<(FileId, &NewFile)> = files.iter().map(|file| (FileId(tx.new_id()), file)).collect();
    let link = |html: &str| {
        mail::html::replace_cids(html, |cid| {
            links
                .iter()
                .find(|(_, file)| file.content_id.as_deref() == Some(cid))
                .map(|(id, file)| file::url(*id, &file.name))
        })
    };
    let row = message::Model {
        id,
        conversation_id: conversation.id,
        kind: message::Kind::Inbound,
        author_kind: message::AuthorKind::Contact,
        author_id: Some(contact.id.0),
        author_name: inbound.from.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| contact.name.clone()),
        author_address: Some(inbound.from.address.clone()),
        subject: Some(inbound.subject.clone()),
        html: link(&inbound.html),
        text: inbound.text.clone(),
        has_quote: inbound.has_quote,
        automatic: inbound.automatic,
        remote_images: inbound.remote_images,
        recipients: serde_json::to_value(&inbound.recipients)?,
        attachment_count: shown,
        threading: Some(serde_json::to_value(&inbound.threading)?),
        delivery: None,
        delivery_error: None,
        delivery_attempts: 0,
        delivery_at: None,
        undo_until: None,
        sent_at: inbound.sent_at,
        created_at: tx.now(),
    };
    let source = message::source::Model {
        message_id: id,
        html: link(&inbound.full_html),
        text: inbound.full_text.clone(),
        headers: serde_json::to_value(&inbound.headers)?,
        raw_key: inbound.raw_key.clone(),
    };
    message::insert(tx, row, Some(source)).await?;
    store_files(tx, links, conversation.id, Some(id)).await?;
    Ok(Stored { text: inbound.text.clone() })
}

/// Writes the rows of files that already lie in the store.
pub(crate) async fn store_files(
    tx: &Tx,
    files: Vec<(FileId, &NewFile)>,
    conversation_id: ConversationId,
    message_id: Option<MessageId>,
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let rows = files.into_iter().map(|(id, file)| file::ActiveModel {
        id: Set(id),
        storage_key: Set(file.storage_key.clone()),
        name: Set(file.name.clone()),
        content_type: Set(file.content_type.clone()),
        size: Set(file.size),
        content_id: Set(file.content_id.clone()),
        inline: Set(file.inline),
        message_id: Set(message_id),
        conversation_id: Set(Some(conversation_id)),
        uploaded_by: Set(None),
        created_at: Set(tx.now()),
    });
    file::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Repeats the message on its conversation, and opens it again when a person wrote.
async fn update_conversation(tx: &Tx, actor: &Actor, conversation: Model, inbound: &Inbound, text: &str) -> Result<()> {
    let status = conversation.status;
    let (id, line, count) = (conversation.id, conversation.line_id, conversation.message_count);
    let mut row: ActiveModel = conversation.into_active_model();
    row.message_count = Set(count + 1);
    row.updated_at = Set(tx.now());
    if inbound.automatic.is_none() || count == 0 {
        row.preview = Set(last_words(text, &inbound.subject));
        row.last_from = Set(From::Client);
        row.last_message_at = Set(tx.now());
        row.unread = Set(inbound.automatic.is_none());
    }
    if inbound.automatic.is_none() && status != Status::Open {
        open_again(&mut row);
        let kind = if status == Status::Closed { "conversation_reopened" } else { "conversation_woken" };
        let event = Event::new(kind).subject(id.0).conversation(id, line).data(json!({"reason": "client_replied"}));
        bus::emit(tx, actor, event).await?;
    }
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// One line of at most 200 characters for lists.
pub(crate) fn last_words(text: &str, subject: &str) -> String {
    let words = text::preview(text, 200);
    if words.is_empty() { text::preview(subject, 200) } else { words }
}
