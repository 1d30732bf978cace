//! A conversation as the workspace opens it: everything in one answer.

use base::{Actor, ConversationId, Error, IdentityId, Permission, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::draft::Draft;
use super::timeline::{self, Explanation, Timeline};
use super::{ConversationRow, participant, rows_by_ids};
use crate::ticket::Ticket;
use crate::{message, ticket};

/// A conversation with its last messages and all that hangs on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Conversation {
    #[serde(flatten)]
    pub row: ConversationRow,
    /// The last 50 messages with the events between them.
    pub messages: Timeline,
    pub participants: Vec<Participant>,
    /// What you may do.
    pub can: Abilities,
    pub tickets: Vec<Ticket>,
    /// Why its first message began it, or joined it.
    pub threading: Option<Explanation>,
    /// What you have typed and not sent.
    pub draft: Option<Draft>,
    pub note_draft: Option<Draft>,
}

/// Somebody who takes part by mail.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Participant {
    pub identity_id: Option<IdentityId>,
    pub name: String,
    pub address: String,
    pub role: participant::Part,
}

/// What the reader may do with this conversation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Abilities {
    pub reply: bool,
    pub note: bool,
    pub assign: bool,
    pub close: bool,
}

const FIRST_PAGE: u64 = 50;

pub(crate) async fn open(connection: &impl db::Fetch, actor: &Actor, id: ConversationId) -> Result<Conversation> {
    let row = rows_by_ids(connection, actor, &[id]).await?.pop().ok_or(Error::NotFound("conversation"))?;
    let messages = timeline::page(connection, id, None, FIRST_PAGE, actor.language).await?;
    let participants = participant::of(connection, id).await?;
    let tickets = if row.ticket.is_some() { ticket::of_conversation(connection, actor, id).await? } else { Vec::new() };
    let mut drafts = super::draft::of(connection, actor, id).await?;
    let mut take_draft =
        |kind: &str| drafts.iter().position(|draft| draft.kind == kind).map(|index| drafts.swap_remove(index));
    let threading = first_threading(connection, id, &messages).await?;
    Ok(Conversation {
        threading: threading.map(|threading| timeline::explain(threading, actor.language)),
        draft: take_draft("outbound"),
        note_draft: take_draft("note"),
        can: Abilities {
            reply: actor.has(Permission::ConversationsReply),
            note: actor.has(Permission::ConversationsNote),
            assign: actor.has(Permission::ConversationsAssign),
            close: actor.has(Permission::ConversationsClose),
        },
        participants: participants
            .into_iter()
            .map(|one| Participant {
                identity_id: one.identity_id,
                name: one.name,
                address: one.address,
                role: one.part,
            })
            .collect(),
        row,
        messages,
        tickets,
    })
}

/// Usually on the page already; only a long conversation needs another look.
async fn first_threading(
    connection: &impl db::Fetch,
    id: ConversationId,
    page: &Timeline,
) -> Result<Option<super::Threading>> {
    if page.next.is_none()
        && page
            .items
            .iter()
            .all(|item| !matches!(item, timeline::TimelineItem::Message(message) if message.threading.is_some()))
    {
        return Ok(None);
    }
    let first = message::first(connection, id).await?;
    Ok(first.and_then(|message| message.threading).map(serde_json::from_value).transpose()?)
}
