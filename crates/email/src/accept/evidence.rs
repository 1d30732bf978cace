//! Gathers what points from a message to conversations: signed tokens, and references to messages we know.

use std::collections::{HashMap, HashSet};

use base::{ConversationId, MessageId, Result};
use db::Tx;
use desk::contact::identity;
use desk::conversation::{self, participant};
use desk::{group_chat, message};
use mail::{Message, token};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::threading::{Candidate, Evidence};
use super::{Place, thread};

/// Everything found.
pub(crate) struct Found {
    /// Best evidence first within its kind.
    pub candidates: Vec<Candidate>,
    /// Our outgoing messages that it answers, newest reference first.
    pub answered: Vec<MessageId>,
    pub forged_token: bool,
    /// Message-IDs it refers to that nobody knows here.
    pub unknown: Vec<String>,
    /// Its own Message-ID is one that we gave to a letter of this line.
    pub own_letter: Option<(ConversationId, MessageId)>,
}

/// No message needs more; a longer list is somebody's joke.
const MAX_REFERENCES: usize = 50;
/// Bytes; RFC 5322 ends a line at 998, and an index has its limits too. A longer id is as good as none.
const MAX_ID: usize = 500;

/// The message's own id, if it can be one.
pub(crate) fn own_id(message: &Message) -> Option<&str> {
    message.message_id.as_deref().filter(|id| id.len() <= MAX_ID)
}

/// Message-IDs this message refers to, the closest first.
pub(crate) fn references(message: &Message) -> Vec<&str> {
    let mut seen = HashSet::new();
    let bounced = message.bounce.as_ref().and_then(|bounce| bounce.original_message_id.as_deref());
    let all = bounced
        .into_iter()
        .chain(message.in_reply_to.as_deref())
        .chain(message.references.iter().rev().map(String::as_str));
    all.filter(|id| id.len() <= MAX_ID && seen.insert(*id)).take(MAX_REFERENCES).collect()
}

pub(crate) async fn find(tx: &Tx, key: &[u8], place: &Place, message: &Message, sender: Option<&str>) -> Result<Found> {
    let line = place.line_id;
    let references = references(message);
    let mut pointers: Vec<(ConversationId, Evidence)> = Vec::new();
    let mut answered = Vec::new();
    let mut forged_token = false;
    let mut signed_ids = HashSet::new();
    for address in message.to.iter().chain(&message.cc).chain(&message.delivered_to) {
        for found in token::find_in(&address.address) {
            match token::verify_conversation(key, &found) {
                Some(id) => pointers.push((ConversationId(Uuid::from_bytes(id)), Evidence::ReplyAddress)),
                None => forged_token = true,
            }
        }
    }
    let answers = message.in_reply_to.as_deref();
    for id in &references {
        for found in token::find_in(id) {
            match token::verify(key, &found) {
                Some((conversation, message)) => {
                    // Only a direct answer proves that the sender got our letter; further back it may have been passed on.
                    let direct = answers == Some(*id);
                    let evidence = if direct { Evidence::OurMessageId } else { Evidence::Reference };
                    pointers.push((ConversationId(Uuid::from_bytes(conversation)), evidence));
                    answered.push(MessageId(Uuid::from_bytes(message)));
                    signed_ids.insert(*id);
                }
                None => forged_token = true,
            }
        }
    }
    let asked = references.iter().copied().filter(|id| !signed_ids.contains(id)).chain(own_id(message));
    let known = known_messages(tx, asked).await?;
    let mut own_letter = None;
    if let Some(id) = own_id(message) {
        let own = known.get(id).into_iter().flatten().find(|row| row.outgoing && row.line_id == line);
        own_letter = own.and_then(|row| Some((row.conversation_id, row.message_id?)));
    }
    let mut unknown = Vec::new();
    for id in references.iter().filter(|id| !signed_ids.contains(*id)) {
        match known.get(*id) {
            Some(rows) => {
                pointers.extend(rows.iter().map(|row| (row.conversation_id, Evidence::Reference)));
                answered.extend(rows.iter().filter(|row| row.outgoing).filter_map(|row| row.message_id));
            }
            None => unknown.push((*id).to_owned()),
        }
    }
    let candidates = weigh(tx, place, pointers, sender).await?;
    Ok(Found { candidates, answered, forged_token, unknown, own_letter })
}

/// Rows by Message-ID, each with the conversation its message is in now: an operator may have moved it.
async fn known_messages<'a>(
    tx: &Tx,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Vec<thread::Model>>> {
    let ids: Vec<&str> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut rows = thread::Entity::find().filter(thread::Column::RfcMessageId.is_in(ids)).all(tx).await?;
    let inbound: Vec<MessageId> = rows.iter().filter(|row| !row.outgoing).filter_map(|row| row.message_id).collect();
    if !inbound.is_empty() {
        let now_in = message::Entity::find().filter(message::Column::Id.is_in(inbound)).all(tx).await?;
        let now_in: HashMap<_, _> = now_in.into_iter().map(|message| (message.id, message.conversation_id)).collect();
        for row in &mut rows {
            if let Some(conversation) = row.message_id.and_then(|id| now_in.get(&id)) {
                row.conversation_id = *conversation;
            }
        }
    }
    let mut by_id: HashMap<String, Vec<thread::Model>> = HashMap::new();
    for row in rows {
        by_id.entry(row.rfc_message_id.clone()).or_default().push(row);
    }
    Ok(by_id)
}

/// Adds what the decision needs to know of each conversation. One that does not exist is dropped.
async fn weigh(
    tx: &Tx,
    place: &Place,
    pointers: Vec<(ConversationId, Evidence)>,
    sender: Option<&str>,
) -> Result<Vec<Candidate>> {
    if pointers.is_empty() {
        return Ok(Vec::new());
    }
    let ids: HashSet<ConversationId> = pointers.iter().map(|(id, _)| *id).collect();
    let conversations =
        conversation::Entity::find().filter(conversation::Column::Id.is_in(ids.iter().copied())).all(tx).await?;
    let conversations: HashMap<_, _> = conversations.into_iter().map(|row| (row.id, row)).collect();
    let mut member_of = HashSet::new();
    if let Some(sender) = sender {
        let taking_part = participant::Entity::find()
            .filter(participant::Column::ConversationId.is_in(ids.iter().copied()))
            .filter(participant::Column::Address.eq(sender));
        member_of.extend(taking_part.all(tx).await?.into_iter().map(|row| row.conversation_id));
        let identity = identity::Entity::find()
            .filter(identity::Column::Kind.eq(identity::Kind::Email))
            .filter(identity::Column::ValueKey.eq(sender));
        if let Some(identity) = identity.one(tx).await? {
            let own = conversations.values().filter(|row| row.contact_id == identity.contact_id);
            member_of.extend(own.map(|row| row.id));
        }
    }
    let groups: Vec<ConversationId> = conversations.values().filter(|row| row.is_group()).map(|row| row.id).collect();
    let joined = group_chat::is_member_by_mail(tx, &groups, sender.unwrap_or_default()).await?;
    for id in &groups {
        if joined.contains(id) {
            member_of.insert(*id)
        } else {
            member_of.remove(id)
        };
    }
    let mut seen = HashSet::new();
    let candidates = pointers.into_iter().filter_map(|(id, evidence)| {
        let conversation = conversations.get(&id)?;
        seen.insert(id).then(|| Candidate {
            conversation: id,
            number: conversation.number,
            evidence,
            same_line: conversation.line_id == place.line_id,
            same_group: place.may_join(conversation),
            sender_belongs: member_of.contains(&id),
            closed: conversation.is_group(),
        })
    });
    Ok(candidates.collect())
}
