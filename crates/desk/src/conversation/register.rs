//! A call, a visit, a word on a forum: written down by hand as a conversation.

use base::{Actor, ContactId, ConversationId, Error, LineId, Result, SourceId, Timestamp};
use db::Tx;
use sea_orm::{EntityTrait, Set};

use super::entity::{ActiveModel, Channel, Entity};
use super::{Inbound, Sender, Threading, ThreadingRule, receive};
use crate::chat::Person;
use crate::contact::{self, NewIdentity};
use crate::{line, source};

/// Who the client is.
#[derive(Clone, Debug)]
pub(crate) enum Client {
    Known(ContactId),
    New { name: String, phone: Option<String>, email: Option<String> },
}

/// What is written down.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    pub line_id: LineId,
    pub client: Client,
    pub source_id: SourceId,
    pub subject: String,
    pub text: String,
    /// When it happened; now unless told.
    pub happened_at: Option<Timestamp>,
}

/// Writes it down. The conversation belongs to whoever wrote it; a client with a known phone or mail is recognised.
pub(crate) async fn register(tx: &Tx, actor: &Actor, new: Registration) -> Result<ConversationId> {
    let line = line::find(tx, actor, new.line_id).await?;
    let source = source::usable(tx, new.source_id).await?;
    if new.text.trim().is_empty() {
        return Err(Error::required("text"));
    }
    let at = new.happened_at.unwrap_or(tx.now());
    if at > tx.now() + chrono::Duration::minutes(5) {
        let (ru, en) = ("Это время ещё не наступило", "That time has not come yet");
        return Err(Error::invalid("happened_at", "in_the_future", ru, en));
    }
    let contact_id = match new.client {
        Client::Known(id) => contact::find(tx, actor, id).await?.id,
        Client::New { name, phone, email } => {
            let mut identities = Vec::new();
            if let Some(phone) = phone.filter(|phone| !phone.trim().is_empty()) {
                let (ru, en) = ("Непонятный номер телефона", "This is not a phone number");
                let phone =
                    NewIdentity::phone(&phone).ok_or_else(|| Error::invalid("contact.phone", "bad_phone", ru, en));
                identities.push(phone?);
            }
            if let Some(email) = email.filter(|email| !email.trim().is_empty()) {
                let (ru, en) = ("Это не похоже на адрес почты", "This is not a mail address");
                text::email::normalize(&email).ok_or_else(|| Error::invalid("contact.email", "bad_address", ru, en))?;
                identities.push(NewIdentity::email(email.trim()));
            }
            if name.trim().is_empty() && identities.is_empty() {
                return Err(Error::required("contact.name"));
            }
            contact::find_or_create(tx, &Person { identities, name, locale: None }).await?.0.id
        }
    };
    let threading = Threading {
        rule: ThreadingRule::Manual,
        ru: format!("{} записал(а) это обращение вручную: {}.", actor.name, source.name),
        en: format!("{} wrote this conversation down by hand: {}.", actor.name, source.name),
    };
    let html = mail::html::text_to_html(new.text.trim());
    let inbound = Inbound {
        subject: new.subject.split_whitespace().collect::<Vec<_>>().join(" "),
        ..Inbound::new(line.id, Channel::Manual, Sender::Known(contact_id), html, threading, at)
    };
    let received = receive(tx, actor, inbound).await?;
    let row = ActiveModel {
        id: Set(received.conversation_id),
        source_id: Set(Some(source.id)),
        assignee_id: Set(actor.user_id()),
        unread: Set(false),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(received.conversation_id)
}
