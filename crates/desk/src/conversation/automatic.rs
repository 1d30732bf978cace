//! Messages that no operator wrote here: said by Otklik itself, or by staff in the messenger's own program.

use base::{Actor, MessageId, Result, Timestamp};
use bus::Event;
use db::Tx;
use sea_orm::{EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::entity::{Channel, Entity, From, Model};
use super::{last_words, participant, store_files};
use crate::message::{self, AuthorKind, Automatic, Delivery, Kind};
use crate::people::{Address, Recipients};
use crate::{contact, search};

/// What Otklik says by itself.
#[derive(Clone, Debug)]
pub struct Automatically {
    pub kind: Automatic,
    /// Of a letter.
    pub subject: Option<String>,
    pub text: String,
    /// Of a letter; a chat has its client.
    pub recipients: Recipients,
    pub extra: message::Extra,
}

/// Says something to the client by the channel the conversation goes on by. It restarts nothing and is nobody's answer.
pub async fn say(tx: &Tx, conversation: &Model, what: Automatically) -> Result<MessageId> {
    let id = MessageId(tx.new_id());
    let channel = if conversation.chat_id.is_some() { conversation.channel } else { Channel::Email };
    let extra = (what.extra != message::Extra::default()).then(|| serde_json::to_value(&what.extra)).transpose()?;
    let chat_id = conversation.chat_id;
    let row = message::Model {
        chat_id,
        subject: what.subject.filter(|subject| !subject.trim().is_empty()),
        html: mail::html::text_to_html(&what.text),
        text: what.text,
        automatic: Some(what.kind),
        recipients: serde_json::to_value(&what.recipients)?,
        delivery: Some(Delivery::Queued),
        extra,
        ..message::Model::new(id, conversation.id, Kind::Outbound, channel, tx.now())
    };
    message::insert(tx, row, None).await?;
    count_one(tx, conversation).await?;
    let data = json!({"kind": "outbound", "automatic": what.kind});
    for (kind, data) in [("message_created", data), ("message_queued", json!({}))] {
        let event = Event::new(kind)
            .subject(id.0)
            .conversation(conversation.id, conversation.line_id, conversation.group_id)
            .data(data);
        bus::emit(tx, &Actor::system(), event.chat(chat_id).by(message::way_of(chat_id))).await?;
    }
    Ok(id)
}

/// A letter to a client who has left the chat in which he was answered.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: Address,
    /// Sanitised.
    pub html: String,
    pub files: Vec<super::NewFile>,
}

/// Sends a client by mail what he did not see in a chat. From now on he takes part by mail too: his reply joins this
/// conversation.
pub async fn write_to_absent(tx: &Tx, conversation: &Model, letter: Letter) -> Result<MessageId> {
    let id = MessageId(tx.new_id());
    let known = contact::by_key(tx, contact::identity::Kind::Email, &letter.to.address).await?;
    let own = known.filter(|(owner, _)| owner.id == conversation.contact_id).map(|(_, identity_id)| identity_id);
    participant::add(tx, conversation.id, &letter.to, participant::Part::Client, own).await?;
    let recipients = Recipients { to: vec![letter.to], cc: Vec::new() };
    let text = mail::html::html_to_text(&letter.html);
    let row = message::Model {
        html: letter.html,
        text,
        automatic: Some(Automatic::Offline),
        recipients: serde_json::to_value(&recipients)?,
        attachment_count: letter.files.len() as i64,
        delivery: Some(Delivery::Queued),
        ..message::Model::new(id, conversation.id, Kind::Outbound, Channel::Email, tx.now())
    };
    message::insert(tx, row, None).await?;
    let files = letter.files.iter().map(|file| (base::FileId(tx.new_id()), file)).collect();
    store_files(tx, files, conversation.id, Some(id)).await?;
    count_one(tx, conversation).await?;
    let data = json!({"kind": "outbound", "automatic": Automatic::Offline});
    for (kind, data) in [("message_created", data), ("message_queued", json!({}))] {
        let event = Event::new(kind)
            .subject(id.0)
            .conversation(conversation.id, conversation.line_id, conversation.group_id)
            .data(data);
        bus::emit(tx, &Actor::system(), event.by(message::way_of(None))).await?;
    }
    Ok(id)
}

async fn count_one(tx: &Tx, conversation: &Model) -> Result<()> {
    use sea_orm::sea_query::{Expr, ExprTrait};
    use sea_orm::{ColumnTrait, QueryFilter};
    Entity::update_many()
        .col_expr(super::Column::MessageCount, Expr::col(super::Column::MessageCount).add(1))
        .filter(super::Column::Id.eq(conversation.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Something staff said in the messenger's own program: it belongs to the conversation and has left already.
#[derive(Clone, Debug)]
pub struct Echo {
    pub author_name: String,
    /// Sanitised.
    pub html: String,
    pub files: Vec<super::NewFile>,
    pub sent_at: Timestamp,
}

/// Writes it down as sent.
pub async fn echo(tx: &Tx, conversation: &Model, echo: Echo) -> Result<MessageId> {
    let id = MessageId(tx.new_id());
    let text = mail::html::html_to_text(&echo.html);
    let row = message::Model {
        chat_id: conversation.chat_id,
        author_kind: AuthorKind::User,
        author_name: echo.author_name,
        html: echo.html,
        text: text.clone(),
        attachment_count: echo.files.len() as i64,
        delivery: Some(Delivery::Sent),
        delivery_at: Some(tx.now()),
        sent_at: echo.sent_at,
        ..message::Model::new(id, conversation.id, Kind::Outbound, conversation.channel, tx.now())
    };
    message::insert(tx, row, None).await?;
    let files = echo.files.iter().map(|file| (base::FileId(tx.new_id()), file)).collect();
    store_files(tx, files, conversation.id, Some(id)).await?;
    search::index_message(tx, conversation, id, &text, None, None).await?;
    let mut row = conversation.clone().into_active_model();
    row.message_count = Set(conversation.message_count + 1);
    row.preview = Set(last_words(&text, ""));
    row.last_from = Set(From::Operator);
    row.last_message_at = Set(tx.now());
    row.unread = Set(false);
    row.updated_at = Set(tx.now());
    if conversation.first_reply_at.is_none() {
        row.first_reply_at = Set(Some(tx.now()));
    }
    Entity::update(row).exec_without_returning(tx).await?;
    let event = Event::new("message_created").subject(id.0).conversation(
        conversation.id,
        conversation.line_id,
        conversation.group_id,
    );
    bus::emit(tx, &Actor::system(), event.data(json!({"kind": "outbound", "echo": true})).chat(conversation.chat_id))
        .await?;
    Ok(id)
}
