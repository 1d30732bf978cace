//! A case registers by itself as soon as somebody of the staff turns to a client: by a message, a call, a file.

use base::{Actor, ContactId, ConversationId, Error, FileId, LineId, MessageId, Result};
use bus::Event;
use chrono::Duration;
use db::{Tx, dialect};
use sea_orm::prelude::*;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entity::{Channel, Entity, From, Model, Status};
use super::start::{Outgoing, write};
use super::{Column, commands, participant, visible_to};
use crate::contact::{self, identity};
use crate::people::Address;
use crate::{channel, chat, file, line, search};

crate::text_enum! {
    /// By what a case registered.
    CaseReason as "CaseReason" {
        /// Somebody pressed "start".
        Start = "start",
        Message = "message",
        Call = "call",
        File = "file",
    }
}

/// The case with a client.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub conversation_id: ConversationId,
    /// False: it was open already.
    pub created: bool,
}

/// The open conversation with a client on a line, begun when there is none. Nobody's becomes the actor's; somebody
/// else's stays his.
pub async fn open_case(
    tx: &Tx,
    actor: &Actor,
    line_id: LineId,
    contact_id: ContactId,
    reason: CaseReason,
) -> Result<Case> {
    let subject = match reason {
        CaseReason::Call => if actor.language == base::Language::Ru { "Звонок" } else { "A call" }.to_owned(),
        _ => String::new(),
    };
    begin(tx, actor, line_id, contact_id, reason, subject).await
}

/// What is written to a client without looking for a conversation first.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// From the editor.
    pub html: String,
    pub file_ids: Vec<FileId>,
}

/// Writes to a client in the open case, which registers when there is none.
pub async fn write_to_client(
    tx: &Tx,
    actor: &Actor,
    line_id: LineId,
    contact_id: ContactId,
    words: Words,
    undo: Duration,
) -> Result<(Case, MessageId)> {
    let said = text::preview(&mail::html::html_to_text(&words.html), 80);
    let reason = if said.is_empty() { CaseReason::File } else { CaseReason::Message };
    let subject = match file::claimable(tx, actor, &words.file_ids).await?.first() {
        Some(first) if said.is_empty() => first.name.clone(),
        _ => said,
    };
    let case = begin(tx, actor, line_id, contact_id, reason, subject).await?;
    let outgoing = Outgoing { html: words.html, file_ids: words.file_ids, ..Default::default() };
    let message_id = write(tx, actor, case.conversation_id, outgoing, undo).await?;
    Ok((case, message_id))
}

async fn begin(
    tx: &Tx,
    actor: &Actor,
    line_id: LineId,
    contact_id: ContactId,
    reason: CaseReason,
    subject: String,
) -> Result<Case> {
    let line = line::find(tx, actor, line_id).await?;
    contact::find(tx, actor, contact_id).await?;
    // Held, so that two who turn to the client at once do not begin two cases.
    contact::Entity::find_by_id(contact_id).lock(db::HOLD).one(tx).await?;
    let open = visible_to(actor)
        .filter(Column::LineId.eq(line_id))
        .filter(Column::ContactId.eq(contact_id))
        .filter(Column::Status.is_in([Status::Open, Status::Snoozed]))
        // What others read too is no case of his.
        .filter(Column::Channel.ne(Channel::Group))
        .order_by_desc(Column::LastMessageAt)
        .one(tx)
        .await?;
    if let Some(open) = open {
        if open.assignee_id.is_none() {
            commands::take(tx, actor, open.id).await?;
        }
        return Ok(Case { conversation_id: open.id, created: false });
    }
    if line.archived_at.is_some() {
        let (ru, en) = ("Линия удалена: новых обращений на ней нет", "The line is deleted: it takes no new cases");
        return Err(Error::conflict("line_archived", ru, en));
    }
    let (channel, chat_id, address) = way(tx, line_id, contact_id).await?;
    let row = Model {
        channel,
        chat_id,
        subject: if subject.is_empty() { line.public_name.clone() } else { subject },
        assignee_id: actor.user_id(),
        last_from: From::Operator,
        ..Model::new(
            ConversationId(tx.new_id()),
            dialect::next_number(tx, "conversation").await?,
            line_id,
            contact_id,
            tx.now(),
        )
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    if let Some((address, identity_id)) = address {
        participant::add(tx, row.id, &address, participant::Part::Client, Some(identity_id)).await?;
    }
    search::index_conversation(tx, &row).await?;
    let event = Event::new("conversation_created").subject(row.id.0).conversation(row.id, line_id, None);
    bus::emit(tx, actor, event.data(json!({"reason": reason}))).await?;
    Ok(Case { conversation_id: row.id, created: true })
}

pub(crate) type Way = (Channel, Option<base::ChatId>, Option<(Address, base::IdentityId)>);

/// By the chat of this line in which the client wrote last, else by mail; a client without either can only be called.
pub(crate) async fn way(tx: &Tx, line_id: LineId, contact_id: ContactId) -> Result<Way> {
    let identities = contact::identities(tx, contact_id).await?;
    let mail = identities.into_iter().find(|one| one.kind == identity::Kind::Email);
    let address = mail.map(|one| (Address { name: None, address: one.value_key }, one.id));
    let channels: Vec<channel::Model> = channel::Entity::find()
        .filter(channel::Column::LineId.eq(line_id))
        .filter(channel::Column::DeletedAt.is_null())
        .all(tx)
        .await?;
    let chat = chat::Entity::find()
        .filter(chat::Column::ContactId.eq(contact_id))
        .filter(chat::Column::Blocked.eq(false))
        .filter(chat::Column::ChannelId.is_in(channels.iter().map(|channel| channel.id)))
        .order_by_desc(chat::Column::LastInboundAt)
        .one(tx)
        .await?;
    let by_chat = chat.and_then(|chat| {
        let channel = channels.iter().find(|channel| channel.id == chat.channel_id)?;
        Some((channel.kind, chat.id))
    });
    Ok(match (by_chat, address) {
        (Some((kind, id)), address) => (kind, Some(id), address),
        (None, Some(address)) => (Channel::Email, None, Some(address)),
        (None, None) => (Channel::Manual, None, None),
    })
}
