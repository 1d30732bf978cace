//! A client's message comes in, by whatever channel.

use base::{
    Actor, ChatId, ContactId, ConversationId, FileId, GroupId, IdentityId, LineId, MailboxId, MessageId, Result,
    Timestamp,
};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::commands::open_again;
use super::entity::{ActiveModel, Channel, Entity, From, Model, Status};
use super::{find_to_change, participant, title};
use crate::people::{Address, Recipients};
use crate::{chat, contact, file, group_chat, message, search};

/// By which rule a message got into its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThreadingRule {
    /// It answers an address or Message-ID that we made for this conversation.
    ReplyToken,
    /// It refers to a message of this conversation, and its sender takes part in it.
    References,
    NewConversation,
    /// It continues the client's chat in a messenger or on a site.
    Chat,
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
#[derive(Clone, Debug, Default)]
pub struct NewFile {
    pub storage_key: String,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub content_id: Option<String>,
    pub inline: bool,
    pub media: Option<file::Media>,
    pub duration_ms: Option<i64>,
}

/// From whom a message is.
#[derive(Clone, Debug)]
pub enum Sender {
    /// Whoever writes from this address.
    Mail(Address),
    /// The client of a chat, under the name he has there.
    Chat(Box<chat::Model>, String),
    /// A known client: written down by hand.
    Known(ContactId),
}

impl std::convert::From<Address> for Sender {
    fn from(address: Address) -> Self {
        Sender::Mail(address)
    }
}

/// A client's message as a channel hands it over.
#[derive(Clone, Debug)]
pub struct Inbound {
    pub line_id: LineId,
    pub channel: Channel,
    pub mailbox_id: Option<MailboxId>,
    pub group_id: Option<GroupId>,
    /// Join this conversation; none begins a new one.
    pub conversation_id: Option<ConversationId>,
    pub from: Sender,
    /// Empty for a messenger's: the conversation is then called by its first words.
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
    pub reply_to_id: Option<MessageId>,
    pub extra: Option<message::Extra>,
    pub threading: Threading,
    pub sent_at: Timestamp,
}

impl Inbound {
    /// A message without anything but its text.
    pub fn new(
        line_id: LineId,
        channel: Channel,
        from: Sender,
        html: String,
        threading: Threading,
        at: Timestamp,
    ) -> Self {
        let text = mail::html::html_to_text(&html);
        Inbound {
            line_id,
            channel,
            mailbox_id: None,
            group_id: None,
            conversation_id: None,
            from,
            subject: String::new(),
            full_html: String::new(),
            full_text: String::new(),
            headers: Vec::new(),
            raw_key: None,
            has_quote: false,
            remote_images: false,
            automatic: None,
            recipients: Recipients::default(),
            files: Vec::new(),
            reply_to_id: None,
            extra: None,
            threading,
            sent_at: at,
            html,
            text,
        }
    }
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Received {
    pub conversation_id: ConversationId,
    /// The group whose own it is.
    pub group_id: Option<GroupId>,
    pub number: i64,
    pub message_id: MessageId,
    pub created: bool,
}

/// Takes a client's message into its conversation, which it begins, wakes or reopens.
///
/// An automatic message is kept but restarts nothing. Emits `conversation_created` (for a new one) and `message_created`,
/// which goes by the way `to_operator` when a person wrote to a conversation that somebody has.
pub async fn receive(tx: &Tx, actor: &Actor, inbound: Inbound) -> Result<Received> {
    if let (Some(id), Sender::Mail(address), ThreadingRule::ReplyToken) =
        (inbound.conversation_id, &inbound.from, inbound.threading.rule)
    {
        contact::confirm_by_reply(tx, id, &address.address).await?;
    }
    let client = recognise(tx, &inbound.from).await?;
    let message_id = MessageId(tx.new_id());
    let (conversation, created) = match inbound.conversation_id {
        Some(id) => (find_to_change(tx, actor, id).await?, false),
        None => (begin(tx, &inbound, &client).await?, true),
    };
    let part = if created { participant::Part::Client } else { participant::Part::Cc };
    // Who takes part in a group conversation is for staff to say.
    let adds = !conversation.is_group();
    // A mail server that reports a failure, or somebody's out-of-office robot, is nobody to write to.
    if let Sender::Mail(address) = &inbound.from
        && adds
        && (created || inbound.automatic.is_none())
    {
        participant::add(tx, conversation.id, address, part, client.identity_id).await?;
    }
    // Whoever the sender put in copy gets the answers, also when he brings them in later.
    if adds && (created || inbound.automatic.is_none()) {
        for address in &inbound.recipients.cc {
            participant::add(tx, conversation.id, address, participant::Part::Cc, None).await?;
        }
    }
    store_message(tx, &inbound, &conversation, &client, message_id).await?;
    let new_subject = created.then_some(conversation.subject.as_str());
    let sender = Address { name: Some(client.name.clone()), address: client.address.clone().unwrap_or_default() };
    search::index_message(tx, &conversation, message_id, &inbound.text, new_subject, Some(&sender)).await?;
    if let Sender::Chat(chat, _) = &inbound.from {
        // By the messenger's clock: after an outage it delivers late, and counts its window from when he wrote.
        let at = inbound.sent_at.min(tx.now());
        let later = Condition::any().add(chat::Column::LastInboundAt.is_null()).add(chat::Column::LastInboundAt.lt(at));
        let heard = chat::Entity::update_many().filter(chat::Column::Id.eq(chat.id)).filter(later);
        heard.col_expr(chat::Column::LastInboundAt, Expr::value(at)).exec(tx).await?;
    }
    if created {
        bus::emit(
            tx,
            actor,
            Event::new("conversation_created").subject(conversation.id.0).conversation(
                conversation.id,
                conversation.line_id,
                conversation.group_id,
            ),
        )
        .await?;
    }
    let received = Received {
        conversation_id: conversation.id,
        group_id: conversation.group_id,
        number: conversation.number,
        message_id,
        created,
    };
    let owner = conversation.assignee_id;
    let awaited = conversation.assignee_id.is_some() && inbound.automatic.is_none();
    let group = conversation.is_group().then(|| conversation.clone());
    update_conversation(tx, actor, conversation, &inbound).await?;
    let contact = json!({"id": client.contact.id, "name": client.contact.name});
    let mut data = json!({"kind": "inbound", "automatic": inbound.automatic, "contact": contact, "assignee_id": owner});
    // What a program says of itself is nothing to the others.
    if let Some(group) = group.filter(|_| inbound.automatic.is_none()) {
        data["members"] = serde_json::to_value(group_chat::to_tell(tx, &group).await?)?;
        pass_on(tx, &group, &client, &inbound.from, message_id).await?;
    }
    let event = Event::new("message_created")
        .subject(message_id.0)
        .conversation(received.conversation_id, inbound.line_id, received.group_id)
        .data(data)
        .chat(chat_of(&inbound.from));
    let event = match (adds, awaited) {
        (false, _) => event.by("to_group"),
        (true, true) => event.by("to_operator"),
        (true, false) => event,
    };
    bus::emit(tx, actor, event).await?;
    Ok(received)
}

/// The others who take part get it too, and its author is written to from now on where he wrote.
async fn pass_on(tx: &Tx, group: &Model, client: &Client, from: &Sender, id: MessageId) -> Result<()> {
    let by = match from {
        Sender::Mail(address) => text::email::normalize(&address.address).map(group_chat::Way::Mail),
        Sender::Chat(chat, _) => Some(group_chat::Way::Chat(chat.id)),
        Sender::Known(_) => None,
    };
    if let Some(by) = by {
        group_chat::note_route(tx, group.id, client.contact.id, &by).await?;
    }
    group_chat::spread(tx, &Actor::system(), group, id).await
}

async fn begin(tx: &Tx, inbound: &Inbound, client: &Client) -> Result<Model> {
    let number = dialect::next_number(tx, "conversation").await?;
    let chat_id = chat_of(&inbound.from);
    let subject = subject_of(inbound);
    let facts = title::Facts { client: &client.name, channel: inbound.channel, number, subject: &subject };
    // Who writes a call down may have named it.
    let is_named = inbound.channel == Channel::Manual && !inbound.subject.is_empty();
    let title = if is_named { subject } else { title::of(tx, inbound.line_id, facts).await? };
    let row = Model {
        mailbox_id: inbound.mailbox_id,
        group_id: inbound.group_id,
        channel: inbound.channel,
        chat_id,
        subject: title,
        ..Model::new(ConversationId(tx.new_id()), number, inbound.line_id, client.contact.id, tx.now())
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(row)
}

fn chat_of(from: &Sender) -> Option<ChatId> {
    match from {
        Sender::Chat(chat, _) => Some(chat.id),
        Sender::Mail(_) | Sender::Known(_) => None,
    }
}

/// Who wrote, as far as it is known.
struct Client {
    contact: contact::Model,
    identity_id: Option<IdentityId>,
    name: String,
    address: Option<String>,
}

async fn recognise(tx: &Tx, from: &Sender) -> Result<Client> {
    let named = |name: Option<&str>, contact: &contact::Model| {
        name.filter(|name| !name.trim().is_empty()).unwrap_or(&contact.name).to_owned()
    };
    match from {
        Sender::Mail(address) => {
            let (contact, identity_id) =
                contact::find_or_create_by_email(tx, &address.address, address.name.as_deref()).await?;
            let name = named(address.name.as_deref(), &contact);
            Ok(Client { contact, identity_id: Some(identity_id), name, address: Some(address.address.clone()) })
        }
        Sender::Chat(chat, name) => {
            let contact = contact::get(tx, chat.contact_id).await?;
            let name = named(Some(name), &contact);
            Ok(Client { contact, identity_id: chat.identity_id, name, address: None })
        }
        Sender::Known(id) => {
            let contact = contact::get(tx, *id).await?;
            Ok(Client { name: contact.name.clone(), contact, identity_id: None, address: None })
        }
    }
}

/// What a conversation is called: its subject, or the first words.
fn subject_of(inbound: &Inbound) -> String {
    if !inbound.subject.trim().is_empty() || inbound.channel == Channel::Email {
        return inbound.subject.clone();
    }
    let words = text::preview(&inbound.text, 80);
    if words.is_empty() { inbound.files.first().map(|file| file.name.clone()).unwrap_or_default() } else { words }
}

async fn store_message(tx: &Tx, inbound: &Inbound, conversation: &Model, client: &Client, id: MessageId) -> Result<()> {
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
    let chat_id = chat_of(&inbound.from);
    let row = message::Model {
        chat_id,
        reply_to_id: message::original_of(tx, inbound.reply_to_id).await?,
        author_kind: message::AuthorKind::Contact,
        author_id: Some(client.contact.id.0),
        author_name: client.name.clone(),
        author_address: client.address.clone(),
        subject: Some(inbound.subject.clone()).filter(|_| inbound.channel == Channel::Email),
        html: link(&inbound.html),
        text: inbound.text.clone(),
        has_quote: inbound.has_quote,
        automatic: inbound.automatic,
        remote_images: inbound.remote_images,
        recipients: serde_json::to_value(&inbound.recipients)?,
        attachment_count: shown,
        threading: Some(serde_json::to_value(&inbound.threading)?),
        extra: inbound.extra.as_ref().map(serde_json::to_value).transpose()?,
        sent_at: inbound.sent_at,
        ..message::Model::new(id, conversation.id, message::Kind::Inbound, inbound.channel, tx.now())
    };
    let source = message::source::Model {
        message_id: id,
        html: link(&inbound.full_html),
        text: inbound.full_text.clone(),
        headers: serde_json::to_value(&inbound.headers)?,
        raw_key: inbound.raw_key.clone(),
    };
    // Only mail says more than what is shown.
    let source = (inbound.channel == Channel::Email).then_some(source);
    message::insert(tx, row, source).await?;
    store_files(tx, links, conversation.id, Some(id)).await
}

/// Adds files to a message that is there already.
pub async fn add_files(
    tx: &Tx,
    conversation_id: ConversationId,
    message_id: MessageId,
    files: &[NewFile],
) -> Result<()> {
    let links = files.iter().map(|file| (FileId(tx.new_id()), file)).collect();
    store_files(tx, links, conversation_id, Some(message_id)).await
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
        media: Set(file.media),
        duration_ms: Set(file.duration_ms),
        created_at: Set(tx.now()),
    });
    file::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Repeats the message on its conversation, and opens it again when a person wrote.
async fn update_conversation(tx: &Tx, actor: &Actor, conversation: Model, inbound: &Inbound) -> Result<()> {
    let (status, is_group) = (conversation.status, conversation.is_group());
    let Model { id, line_id: line, group_id: group, message_count: count, .. } = conversation;
    let mut row: ActiveModel = conversation.into_active_model();
    row.message_count = Set(count + 1);
    row.updated_at = Set(tx.now());
    if inbound.automatic.is_none() || count == 0 {
        row.preview = Set(words_of(inbound));
        if !is_group {
            row.channel = Set(inbound.channel);
            if let Sender::Chat(chat, _) = &inbound.from {
                row.chat_id = Set(Some(chat.id));
            } else if inbound.channel == Channel::Email {
                row.chat_id = Set(None);
            }
        }
        row.last_from = Set(From::Client);
        row.last_message_at = Set(tx.now());
        row.unread = Set(inbound.automatic.is_none() && status != Status::Spam);
    }
    if inbound.automatic.is_none() && matches!(status, Status::Snoozed | Status::Closed) {
        open_again(&mut row);
        let kind = if status == Status::Closed { "conversation_reopened" } else { "conversation_woken" };
        let event =
            Event::new(kind).subject(id.0).conversation(id, line, group).data(json!({"reason": "client_replied"}));
        bus::emit(tx, actor, event.chat(chat_of(&inbound.from))).await?;
    }
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// What a list shows of a message: its words, else what lies beside them.
fn words_of(inbound: &Inbound) -> String {
    let words = last_words(&inbound.text, &inbound.subject);
    if words.is_empty() { inbound.files.first().map(|file| file.name.clone()).unwrap_or_default() } else { words }
}

/// One line of at most 200 characters for lists.
pub(crate) fn last_words(text: &str, subject: &str) -> String {
    let words = text::preview(text, 200);
    if words.is_empty() { text::preview(subject, 200) } else { words }
}
