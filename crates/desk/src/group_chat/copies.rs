//! What one of them says, to each of the others by his own channel.

use std::collections::HashMap;

use base::{Actor, ContactId, ConversationId, MessageId, Result};
use bus::Event;
use db::{Fetch, Row, Tx, places};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::members::{Way, present};
use super::{Column, Model};
use crate::conversation::{self, Channel, DeliveryState};
use crate::message::{self, AuthorKind, Delivery, Extra, Kind};
use crate::people::{Address, Recipients};
use crate::{channel, chat, contact, line, setting};

/// How far a message of a group conversation has got on its way to one of those who take part.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MessageCopy)]
pub(crate) struct Copied {
    pub contact_id: ContactId,
    pub name: String,
    pub channel: Channel,
    pub delivery: DeliveryState,
}

/// Makes the copies of a message that has just been written.
pub(crate) async fn spread(tx: &Tx, actor: &Actor, conversation: &conversation::Model, id: MessageId) -> Result<()> {
    let Some(original) = message::Entity::find_by_id(id).one(tx).await? else { return Ok(()) };
    let author = author(&original);
    let clients = present(conversation.id).filter(Column::ContactId.is_not_null()).order_by_asc(Column::Id);
    let clients: Vec<Model> = clients.all(tx).await?.into_iter().filter(|one| one.contact_id != author).collect();
    let words = Words::of(tx, conversation, &original).await?;
    let mut states = Vec::with_capacity(clients.len());
    for client in &clients {
        states.extend(copy(tx, actor, conversation, &original, client, &words).await?);
    }
    let outbound = original.kind == Kind::Outbound;
    let mut row = original.into_active_model();
    row.copies = Set(states.len() as i64);
    if outbound {
        // Among colleagues it has arrived by being written.
        row.delivery = Set(Some(worst(&states).unwrap_or(Delivery::Sent)));
    }
    let message = message::Entity::update(row).exec(tx).await?;
    if outbound {
        let shown = conversation::Entity::update_many().filter(conversation::Column::Id.eq(conversation.id));
        let value = Expr::value(message::unsent(&message));
        shown.col_expr(conversation::Column::Delivery, value).exec(tx).await?;
    }
    Ok(())
}

/// The client who wrote it.
fn author(message: &message::Model) -> Option<ContactId> {
    message.author_id.filter(|_| message.author_kind == AuthorKind::Contact).map(ContactId)
}

/// A message as others read it.
struct Words {
    author_name: String,
    title: String,
    html: String,
}

impl Words {
    async fn of(tx: &Tx, conversation: &conversation::Model, original: &message::Model) -> Result<Self> {
        let face = line::faces(tx, [conversation.id]).await?.remove(&conversation.id);
        let author_name = match face {
            Some(face) if original.author_kind == AuthorKind::User => face,
            _ => original.author_name.clone(),
        };
        Ok(Words { author_name, title: conversation.subject.clone(), html: original.html.clone() })
    }

    /// With the author's name in front, where the channel cannot show one; in a messenger also with the name of the
    /// conversation, which a letter has as its subject.
    fn for_channel(&self, channel: Channel) -> String {
        let (name, title) = (mail::html::escape(&self.author_name), mail::html::escape(&self.title));
        match channel {
            Channel::Chat => self.html.clone(),
            Channel::Email => format!("<p><strong>{name}:</strong></p>{}", self.html),
            _ => format!("<p><strong>{name}</strong> · {title}</p>{}", self.html),
        }
    }
}

/// One copy; none when there is no way to him.
async fn copy(
    tx: &Tx,
    actor: &Actor,
    conversation: &conversation::Model,
    original: &message::Model,
    client: &Model,
    words: &Words,
) -> Result<Option<Delivery>> {
    let Some(contact_id) = client.contact_id else { return Ok(None) };
    let mut refusal = None;
    let (channel, recipients) = match (client.chat_id, &client.address) {
        (Some(chat_id), _) => {
            let chat = chat::find(tx, chat_id).await?;
            let Some(channel) = channel::Entity::find_by_id(chat.channel_id).one(tx).await? else { return Ok(None) };
            if !chat.takes_free_words(channel.kind, tx.now()) {
                refusal = Some(conversation::window_closed());
            }
            (channel.kind, Recipients::default())
        }
        (None, Some(address)) => {
            let name = contact::get(tx, contact_id).await?.name;
            let to = Address { name: Some(name).filter(|name| !name.is_empty()), address: address.clone() };
            (Channel::Email, Recipients { to: vec![to], cc: Vec::new() })
        }
        (None, None) => return Ok(None),
    };
    let refusal = match refusal {
        Some(words) => Some(words.get(setting::company(tx).await?.default_locale).to_owned()),
        None => None,
    };
    let state = if refusal.is_some() { Delivery::Failed } else { Delivery::Queued };
    let html = words.for_channel(channel);
    let extra = Extra {
        keyboard: Vec::new(),
        pressed: None,
        template: None,
        album: None,
        start: None,
        client_id: None,
        ..original.extra()
    };
    let id = MessageId(tx.new_id());
    let row = message::Model {
        chat_id: client.chat_id,
        reply_to_id: quoted(tx, original, client).await?,
        author_kind: original.author_kind,
        author_id: original.author_id,
        author_name: words.author_name.clone(),
        text: mail::html::html_to_text(&html),
        html,
        recipients: serde_json::to_value(recipients)?,
        attachment_count: original.attachment_count,
        delivery: Some(state),
        delivery_error: refusal,
        undo_until: Some(tx.now()),
        extra: (extra != Extra::default()).then(|| serde_json::to_value(&extra)).transpose()?,
        copy_of_id: Some(original.id),
        copy_for_id: Some(contact_id),
        ..message::Model::new(id, conversation.id, Kind::Outbound, channel, tx.now())
    };
    message::insert(tx, row, None).await?;
    let event = Event::new("copy_queued").subject(id.0).conversation(
        conversation.id,
        conversation.line_id,
        conversation.group_id,
    );
    let event = event.data(json!({"copy_of": original.id})).chat(client.chat_id);
    let event = if state == Delivery::Failed { event } else { event.by(message::way_of(client.chat_id)) };
    bus::emit(tx, actor, event).await?;
    Ok(Some(state))
}

/// The quoted message as this client has it: his own, or his copy.
async fn quoted(tx: &Tx, original: &message::Model, client: &Model) -> Result<Option<MessageId>> {
    let (Some(quoted), Some(chat_id)) = (original.reply_to_id, client.chat_id) else { return Ok(None) };
    let there = message::Entity::find()
        .filter(message::Column::ChatId.eq(chat_id))
        .filter(message::Column::Id.eq(quoted).or(message::Column::CopyOfId.eq(quoted)));
    Ok(there.one(tx).await?.map(|message| message.id))
}

async fn copies_of(tx: &Tx, id: MessageId) -> Result<Vec<message::Model>> {
    let copies = message::Entity::find().filter(message::Column::CopyOfId.eq(id)).order_by_asc(message::Column::Id);
    Ok(copies.all(tx).await?)
}

/// The message itself is as far as the last of its copies, and failed as soon as one has. Its conversation is held.
/// Answers it when that is news.
pub(crate) async fn follow_copies(tx: &Tx, id: MessageId) -> Result<Option<message::Model>> {
    let Some(original) = message::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    if original.kind != Kind::Outbound {
        return Ok(None);
    }
    let copies = copies_of(tx, id).await?;
    let states: Vec<Delivery> = copies.iter().filter_map(|copy| copy.delivery).collect();
    let Some(worst) = worst(&states) else { return Ok(None) };
    if original.delivery == Some(worst) {
        return Ok(None);
    }
    let failed = copies.iter().find(|copy| copy.delivery == Some(Delivery::Failed));
    let error = failed.and_then(|copy| copy.delivery_error.clone());
    let mut row = original.into_active_model();
    row.delivery = Set(Some(worst));
    row.delivery_error = Set(error);
    row.delivery_at = Set(Some(tx.now()));
    Ok(Some(message::Entity::update(row).exec(tx).await?))
}

/// What has been given up does not count beside what has not.
fn worst(states: &[Delivery]) -> Option<Delivery> {
    use Delivery::{Cancelled, Delivered, Failed, Queued, Read, Sending, Sent};
    [Failed, Sending, Queued, Sent, Delivered, Read, Cancelled].into_iter().find(|state| states.contains(state))
}

/// Sends again those copies that failed.
pub(crate) async fn retry_copies(tx: &Tx, actor: &Actor, id: MessageId) -> Result<()> {
    for copy in copies_of(tx, id).await?.iter().filter(|copy| copy.delivery == Some(Delivery::Failed)) {
        message::retry(tx, actor, copy.id).await?;
    }
    Ok(())
}

/// Gives up those copies that have not left.
pub(crate) async fn cancel_copies(tx: &Tx, actor: &Actor, id: MessageId) -> Result<()> {
    for copy in copies_of(tx, id).await? {
        if matches!(copy.delivery, Some(Delivery::Failed | Delivery::Queued)) {
            message::set_delivery(tx, actor, copy.id, Delivery::Cancelled, copy.delivery_error, copy.delivery_attempts)
                .await?;
        }
    }
    Ok(())
}

/// What waits for somebody who has left does not leave.
pub(super) async fn cancel_for(tx: &Tx, actor: &Actor, id: ConversationId, contact: ContactId) -> Result<()> {
    let waiting = message::Entity::find()
        .filter(message::Column::ConversationId.eq(id))
        .filter(message::Column::CopyForId.eq(contact))
        .filter(message::Column::Delivery.is_in([Delivery::Queued, Delivery::Failed]));
    for copy in waiting.all(tx).await? {
        message::set_delivery(tx, actor, copy.id, Delivery::Cancelled, copy.delivery_error, copy.delivery_attempts)
            .await?;
    }
    Ok(())
}

/// The message was changed or withdrawn: so are its copies, and each channel hears of its own.
pub(crate) async fn change_copies(
    tx: &Tx,
    actor: &Actor,
    conversation: &conversation::Model,
    id: MessageId,
) -> Result<()> {
    let Some(original) = message::Entity::find_by_id(id).one(tx).await? else { return Ok(()) };
    let words = Words::of(tx, conversation, &original).await?;
    for copy in copies_of(tx, id).await? {
        let html = words.for_channel(copy.channel);
        let kind = if original.deleted_at.is_some() { "copy_deleted" } else { "copy_edited" };
        message::Entity::update_many()
            .col_expr(message::Column::Text, Expr::value(mail::html::html_to_text(&html)))
            .col_expr(message::Column::Html, Expr::value(html))
            .col_expr(message::Column::EditedAt, Expr::value(original.edited_at))
            .col_expr(message::Column::DeletedAt, Expr::value(original.deleted_at))
            .filter(message::Column::Id.eq(copy.id))
            .exec(tx)
            .await?;
        let event = Event::new(kind).subject(copy.id.0).conversation(
            conversation.id,
            conversation.line_id,
            conversation.group_id,
        );
        // Whoever wrote it, the copy is ours to change.
        bus::emit(tx, actor, event.data(json!({"by": "staff"})).chat(copy.chat_id)).await?;
    }
    Ok(())
}

/// How far the copies of these messages have got.
pub(crate) async fn views(connection: &impl Fetch, ids: &[MessageId]) -> Result<HashMap<MessageId, Vec<Copied>>> {
    let mut found: HashMap<MessageId, Vec<Copied>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let sql = format!(
        "select m.copy_of_id, m.copy_for_id, p.name, m.channel, m.delivery, m.delivery_error, m.delivery_at, m.delivery_attempts \
         from message m left join contact p on p.id = m.copy_for_id where m.copy_of_id in ({}) order by m.id",
        places(1, ids.len())
    );
    let read = |row: &Row<'_>| {
        let delivery: Option<String> = row.get(4)?;
        let of = MessageId(row.get(0)?);
        let name: Option<String> = row.get(2)?;
        let copied = Copied {
            contact_id: ContactId(row.get::<Uuid>(1)?),
            name: name.unwrap_or_default(),
            channel: row.parse(3, Channel::parse)?,
            delivery: DeliveryState {
                state: delivery.as_deref().and_then(Delivery::parse).unwrap_or(Delivery::Queued),
                error: row.get(5)?,
                at: row.get(6)?,
                attempts: row.get(7)?,
            },
        };
        Ok((of, copied))
    };
    for (of, copied) in connection.fetch(sql, ids.iter().map(|id| id.0.into()).collect(), read).await? {
        found.entry(of).or_default().push(copied);
    }
    Ok(found)
}

/// How somebody who joins is written to.
pub(super) async fn way_to(tx: &Tx, line_id: base::LineId, contact: ContactId) -> Result<Option<Way>> {
    let (_, chat_id, address) = conversation::way_to(tx, line_id, contact).await?;
    Ok(chat_id.map(Way::Chat).or(address.map(|(address, _)| Way::Mail(address.address))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_far_as_the_slowest_of_its_copies() {
        use Delivery::{Cancelled, Failed, Queued, Read, Sent};
        assert_eq!(worst(&[Read, Sent, Read]), Some(Sent));
        assert_eq!(worst(&[Sent, Failed, Queued]), Some(Failed));
        assert_eq!(worst(&[Queued, Sent]), Some(Queued));
        assert_eq!(worst(&[Cancelled, Read]), Some(Read));
        assert_eq!(worst(&[Cancelled]), Some(Cancelled));
        assert_eq!(worst(&[]), None);
    }

    #[test]
    fn the_author_stands_in_front_where_the_channel_shows_none() {
        let words = Words {
            author_name: "Анна <А>".to_owned(),
            title: "Переезд & офис".to_owned(),
            html: "<p>Да</p>".to_owned(),
        };
        assert_eq!(words.for_channel(Channel::Chat), "<p>Да</p>");
        assert_eq!(words.for_channel(Channel::Email), "<p><strong>Анна &lt;А&gt;:</strong></p><p>Да</p>");
        assert_eq!(
            words.for_channel(Channel::Telegram),
            "<p><strong>Анна &lt;А&gt;</strong> · Переезд &amp; офис</p><p>Да</p>"
        );
    }
}
