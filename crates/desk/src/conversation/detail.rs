//! A conversation as the workspace opens it: everything in one answer.

use base::{Actor, ConversationId, Error, IdentityId, Permission, Result, SourceId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::Draft;
use super::timeline::{self, Explanation, Timeline};
use super::{Channel, ConversationRow, Status, participant, rows_by_ids};
use crate::group_chat::{self, GroupMember};
use crate::rating::Rating;
use crate::ticket::Ticket;
use crate::visit::Visit;
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
    /// Where the client was when he wrote on a site.
    pub visit: Option<Visit>,
    /// The client's mark.
    pub rating: Option<Rating>,
    /// Where it came from, when it was written down by hand.
    pub source: Option<ConversationSource>,
    /// Who takes part in a group conversation; empty in others.
    pub members: Vec<GroupMember>,
}

/// Where a conversation that was written down by hand came from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ConversationSource {
    pub id: SourceId,
    pub name: String,
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
    let (visit, rating, source) =
        if has_more(&row, &messages) { more(connection, id).await? } else { Default::default() };
    let members = match row.channel {
        Channel::Group => group_chat::member_views(connection, id).await?,
        _ => Vec::new(),
    };
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
        visit,
        rating,
        source,
        members,
    })
}

type More = (Option<Visit>, Option<Rating>, Option<ConversationSource>);

/// Most mail has no visit, mark or source, and costs no statement for them.
fn has_more(row: &ConversationRow, messages: &Timeline) -> bool {
    row.channel != Channel::Email
        || row.status == Status::Closed
        || messages.items.iter().any(|item| {
            matches!(item, timeline::TimelineItem::Message(message) if message.chat_id.is_some())
                || matches!(item, timeline::TimelineItem::Event(event) if event.kind == "conversation_rated")
        })
}

async fn more(connection: &impl db::Fetch, id: ConversationId) -> Result<More> {
    let sql = "select v.page_url, v.page_title, v.referrer, v.utm, v.user_agent, v.address, v.locale, v.time_zone, v.fields, \
         r.stars, r.comment, r.staff_comment, r.staff_id, r.rated_at, s.id, s.name \
         from conversation c left join visit v on v.conversation_id = c.id left join rating r on r.conversation_id = c.id \
         left join source s on s.id = c.source_id where c.id = $1";
    let found = connection.fetch(sql.to_owned(), vec![id.0.into()], read_more).await?.pop();
    Ok(found.unwrap_or_default())
}

fn read_more(row: &db::Row<'_>) -> Result<More> {
    let visit = match row.get::<Option<String>>(0)? {
        Some(page_url) => Some(Visit {
            page_url,
            page_title: row.get(1)?,
            referrer: row.get(2)?,
            utm: serde_json::from_value(row.get(3)?)?,
            user_agent: row.get(4)?,
            address: row.get(5)?,
            locale: row.get(6)?,
            time_zone: row.get(7)?,
            fields: serde_json::from_value(row.get(8)?)?,
        }),
        None => None,
    };
    let rating = match row.get::<Option<i64>>(9)? {
        Some(stars) => Some(Rating {
            stars,
            comment: row.get(10)?,
            staff_comment: row.get(11)?,
            staff_id: row.get::<Option<Uuid>>(12)?.map(UserId),
            rated_at: row.get(13)?,
        }),
        None => None,
    };
    let source = match row.get::<Option<Uuid>>(14)? {
        Some(id) => Some(ConversationSource { id: SourceId(id), name: row.get(15)? }),
        None => None,
    };
    Ok((visit, rating, source))
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
