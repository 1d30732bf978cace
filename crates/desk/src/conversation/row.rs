//! Conversations as lists show them: one statement a page, and one for the tickets of that page.

use std::collections::HashMap;

use base::{Actor, CompanyId, ContactId, ConversationId, LineId, LineScope, Page, PageRequest, Result, Timestamp, UserId};
use chrono::{DateTime, Utc};
use db::dialect;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Channel, Column, Entity, From, Priority, Status};
use crate::people::{CompanyRef, ContactRef, LineRef, StaffRef, TicketRef};
use crate::{contact, line, ticket, user};

/// A conversation in a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConversationRow {
    pub id: ConversationId,
    /// What people call it by.
    pub number: i64,
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    pub line: LineRef,
    pub contact: ContactRef,
    pub assignee: Option<StaffRef>,
    pub channel: Channel,
    /// The last words, one line of at most 200 characters.
    pub preview: String,
    /// Who spoke last.
    pub last_from: From,
    pub last_message_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    /// Messages and notes.
    pub message_count: i64,
    /// The client wrote after staff last answered or looked.
    pub unread: bool,
    pub snoozed_until: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub first_reply_at: Option<DateTime<Utc>>,
    /// `queued` or `failed` while the last outgoing message is not sent.
    pub delivery: Option<String>,
    /// The newest linked ticket.
    pub ticket: Option<TicketRef>,
}

/// Which conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// Open and assigned to me.
    Mine,
    /// Open and assigned to nobody.
    Unassigned,
    #[default]
    Open,
    Snoozed,
    Closed,
    All,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// By the last message, newest first.
    #[default]
    Newest,
    /// By the last message, oldest first.
    Oldest,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub view: View,
    pub sort: Sort,
    pub line: Option<LineId>,
    pub assignee: Option<UserId>,
    pub contact: Option<ContactId>,
}

#[derive(FromQueryResult)]
struct Data {
    id: ConversationId,
    number: i64,
    subject: String,
    status: Status,
    priority: Priority,
    channel: Channel,
    preview: String,
    last_from: From,
    last_message_at: Timestamp,
    created_at: Timestamp,
    message_count: i64,
    unread: bool,
    snoozed_until: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    first_reply_at: Option<Timestamp>,
    delivery: Option<String>,
    line_id: LineId,
    line_key: String,
    line_name: String,
    contact_id: ContactId,
    contact_name: String,
    contact_color: i64,
    company_id: Option<CompanyId>,
    company_name: Option<String>,
    assignee_id: Option<UserId>,
    assignee_name: Option<String>,
    assignee_color: Option<i64>,
}

/// Conversations with the names a row shows.
fn select() -> SelectStatement {
    let own = [
        Column::Id,
        Column::Number,
        Column::Subject,
        Column::Status,
        Column::Priority,
        Column::Channel,
        Column::Preview,
        Column::LastFrom,
        Column::LastMessageAt,
        Column::CreatedAt,
        Column::MessageCount,
        Column::Unread,
        Column::SnoozedUntil,
        Column::ClosedAt,
        Column::FirstReplyAt,
        Column::Delivery,
        Column::LineId,
        Column::ContactId,
        Column::AssigneeId,
    ];
    let mut select = Query::select();
    for column in own {
        select.column((Entity, column));
    }
    select
        .expr_as(Expr::col((line::Entity, line::Column::Key)), "line_key")
        .expr_as(Expr::col((line::Entity, line::Column::Name)), "line_name")
        .expr_as(Expr::col((contact::Entity, contact::Column::Name)), "contact_name")
        .expr_as(Expr::col((contact::Entity, contact::Column::AvatarColor)), "contact_color")
        .expr_as(Expr::col((contact::company::Entity, contact::company::Column::Id)), "company_id")
        .expr_as(Expr::col((contact::company::Entity, contact::company::Column::Name)), "company_name")
        .expr_as(Expr::col((user::Entity, user::Column::Name)), "assignee_name")
        .expr_as(Expr::col((user::Entity, user::Column::AvatarColor)), "assignee_color")
        .from(Entity)
        .inner_join(line::Entity, Expr::col((line::Entity, line::Column::Id)).equals((Entity, Column::LineId)))
        .inner_join(contact::Entity, Expr::col((contact::Entity, contact::Column::Id)).equals((Entity, Column::ContactId)))
        .left_join(
            contact::company::Entity,
            Expr::col((contact::company::Entity, contact::company::Column::Id)).equals((contact::Entity, contact::Column::CompanyId)),
        )
        .left_join(user::Entity, Expr::col((user::Entity, user::Column::Id)).equals((Entity, Column::AssigneeId)));
    select
}

/// Narrows to the actor's lines, and to one of them when asked.
fn only_visible(connection: &impl ConnectionTrait, select: &mut SelectStatement, actor: &Actor, line: Option<LineId>) {
    if let Some(line) = line {
        select.and_where(Column::LineId.eq(line));
    }
    match &actor.lines {
        LineScope::All => {}
        LineScope::Only(lines) if lines.len() == 1 => {
            select.and_where(Column::LineId.eq(lines[0]));
        }
        // Several lines: the list's own index must be walked, or the database sorts every conversation of those lines.
        LineScope::Only(lines) => {
            let column = dialect::unindexed(connection, (Entity, Column::LineId));
            select.and_where(column.is_in(lines.iter().map(|line| line.0)));
        }
    }
}

/// A page of conversations the actor may see.
pub async fn list_rows(connection: &impl ConnectionTrait, actor: &Actor, filter: &Filter, page: &PageRequest) -> Result<Page<ConversationRow>> {
    let mut select = select();
    only_visible(connection, &mut select, actor, filter.line);
    let status = match filter.view {
        View::Mine | View::Unassigned | View::Open => Some(Status::Open),
        View::Snoozed => Some(Status::Snoozed),
        View::Closed => Some(Status::Closed),
        View::All => None,
    };
    if let Some(status) = status {
        select.and_where(Column::Status.eq(status));
    }
    match filter.view {
        View::Mine => {
            select.and_where(dialect::same(Expr::col((Entity, Column::AssigneeId)), Some(actor.user_id().map(|id| id.0).unwrap_or_default().into())));
        }
        View::Unassigned => {
            select.and_where(Column::AssigneeId.is_null());
        }
        _ => {}
    }
    if let Some(assignee) = filter.assignee {
        select.and_where(Column::AssigneeId.eq(assignee));
    }
    if let Some(contact) = filter.contact {
        select.and_where(Column::ContactId.eq(contact));
    }
    let key = Expr::tuple([Expr::col((Entity, Column::LastMessageAt)), Expr::col((Entity, Column::Id))]);
    let (order, cursor) = (if filter.sort == Sort::Newest { Order::Desc } else { Order::Asc }, page.cursor::<(Timestamp, ConversationId)>()?);
    if let Some((at, id)) = cursor {
        let place = Expr::tuple([Expr::val(at), Expr::val(id.0)]);
        select.and_where(if filter.sort == Sort::Newest { key.lt(place) } else { key.gt(place) });
    }
    select.order_by((Entity, Column::LastMessageAt), order.clone()).order_by((Entity, Column::Id), order).limit(page.limit() + 1);
    let rows = fetch(connection, &select).await?;
    Ok(Page::from_rows(rows, page.limit(), |row| (row.last_message_at, row.id)))
}

/// These conversations, those of them the actor may see, in this order.
pub async fn rows_by_ids(connection: &impl ConnectionTrait, actor: &Actor, ids: &[ConversationId]) -> Result<Vec<ConversationRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = select();
    only_visible(connection, &mut select, actor, None);
    select.and_where(Column::Id.is_in(ids.iter().copied()));
    let mut rows = fetch(connection, &select).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// The conversation with this number, if the actor may see it.
pub(crate) async fn id_by_number(connection: &impl ConnectionTrait, actor: &Actor, number: i64) -> Result<Option<ConversationId>> {
    let found = super::visible_to(actor).filter(Column::Number.eq(number)).one(connection).await?;
    Ok(found.map(|conversation| conversation.id))
}

async fn fetch(connection: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<ConversationRow>> {
    let rows = connection.query_all(select).await?;
    let data = rows.iter().map(|row| Data::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    let mut tickets = newest_tickets(connection, data.iter().map(|row| row.id)).await?;
    Ok(data.into_iter().map(|row| view(tickets.remove(&row.id), row)).collect())
}

fn view(ticket: Option<TicketRef>, row: Data) -> ConversationRow {
    let company = row.company_id.zip(row.company_name).map(|(id, name)| CompanyRef { id, name });
    let assignee = row.assignee_id.zip(row.assignee_name).map(|(id, name)| StaffRef { id, name, avatar_color: row.assignee_color.unwrap_or(0) });
    ConversationRow {
        id: row.id,
        number: row.number,
        subject: row.subject,
        status: row.status,
        priority: row.priority,
        line: LineRef { id: row.line_id, key: row.line_key, name: row.line_name },
        contact: ContactRef { id: row.contact_id, name: row.contact_name, company, avatar_color: row.contact_color },
        assignee,
        channel: row.channel,
        preview: row.preview,
        last_from: row.last_from,
        last_message_at: row.last_message_at,
        created_at: row.created_at,
        message_count: row.message_count,
        unread: row.unread,
        snoozed_until: row.snoozed_until,
        closed_at: row.closed_at,
        first_reply_at: row.first_reply_at,
        delivery: row.delivery,
        ticket,
    }
}

async fn newest_tickets(connection: &impl ConnectionTrait, ids: impl Iterator<Item = ConversationId>) -> Result<HashMap<ConversationId, TicketRef>> {
    use ticket::link;
    let mut select = Query::select();
    select
        .column((link::Entity, link::Column::ConversationId))
        .columns([(ticket::Entity, ticket::Column::Id), (ticket::Entity, ticket::Column::Number), (ticket::Entity, ticket::Column::Status)])
        .from(link::Entity)
        .inner_join(ticket::Entity, Expr::col((ticket::Entity, ticket::Column::Id)).equals((link::Entity, link::Column::TicketId)))
        .and_where(link::Column::ConversationId.is_in(ids))
        .order_by((ticket::Entity, ticket::Column::Number), Order::Asc);
    let rows = connection.query_all(&select).await?;
    // In order of number: the newest overwrites the others.
    rows.iter()
        .map(|row| {
            let ticket = TicketRef { id: row.try_get("", "id")?, number: row.try_get("", "number")?, status: row.try_get("", "status")? };
            Ok((row.try_get("", "conversation_id")?, ticket))
        })
        .collect()
}

/// The capped sizes of the lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Counters {
    pub mine: i64,
    pub unassigned: i64,
    pub open: i64,
    pub snoozed: i64,
    pub unread_mine: i64,
    /// A counter that reached this means "that many or more".
    pub capped_at: i64,
    pub lines: Vec<LineCounters>,
}

/// The same for one line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineCounters {
    pub line_id: LineId,
    pub open: i64,
    pub unassigned: i64,
}

const CAP: i64 = 1000;

/// Counts what the actor sees, each list up to `CAP`, in one statement.
pub(crate) async fn counters(connection: &impl ConnectionTrait, actor: &Actor, lines: &[LineId]) -> Result<Counters> {
    let capped = |narrow: &dyn Fn(&mut SelectStatement)| {
        let mut inner = Query::select();
        inner.expr(Expr::val(1)).from(Entity);
        only_visible(connection, &mut inner, actor, None);
        narrow(&mut inner);
        inner.limit(CAP as u64);
        let mut count = Query::select();
        count.expr(Expr::cust("count(*)")).from_subquery(inner, Alias::new("capped"));
        Expr::SubQuery(None, Box::new(count.into()))
    };
    let me = actor.user_id().map(|id| id.0).unwrap_or_default();
    let open = |select: &mut SelectStatement| {
        select.and_where(Column::Status.eq(Status::Open));
    };
    let mut counts = vec![
        capped(&|select| {
            open(select);
            select.and_where(Column::AssigneeId.eq(me));
        }),
        capped(&|select| {
            open(select);
            select.and_where(Column::AssigneeId.is_null());
        }),
        capped(&open),
        capped(&|select| {
            select.and_where(Column::Status.eq(Status::Snoozed));
        }),
        capped(&|select| {
            open(select);
            select.and_where(Column::AssigneeId.eq(me)).and_where(Column::Unread.eq(true));
        }),
    ];
    for line in lines {
        counts.push(capped(&|select| {
            open(select);
            select.and_where(Column::LineId.eq(*line));
        }));
        counts.push(capped(&|select| {
            open(select);
            select.and_where(Column::LineId.eq(*line)).and_where(Column::AssigneeId.is_null());
        }));
    }
    let mut select = Query::select();
    let total = counts.len();
    for (index, count) in counts.into_iter().enumerate() {
        select.expr_as(count, Alias::new(format!("c{index}")));
    }
    let row = connection.query_one(&select).await?.ok_or_else(|| base::Error::internal("counters gave no row"))?;
    let values = (0..total).map(|index| row.try_get::<i64>("", &format!("c{index}"))).collect::<Result<Vec<_>, _>>()?;
    let lines = lines.iter().zip(values[5..].chunks(2)).map(|(line, pair)| LineCounters { line_id: *line, open: pair[0], unassigned: pair[1] });
    Ok(Counters { mine: values[0], unassigned: values[1], open: values[2], snoozed: values[3], unread_mine: values[4], capped_at: CAP, lines: lines.collect() })
}
