//! Conversations as lists show them: a page is one statement.

use base::{
    Actor, CompanyId, ContactId, ConversationId, LineId, LineScope, Page, PageRequest, Result, SourceId, TicketId,
    Timestamp, UserId,
};
use chrono::{DateTime, Utc};
use db::{Fetch, Row, dialect};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::NEVER;
use super::{Channel, Column, DueNorm, From, Priority, Status};
use crate::people::{CompanyRef, ContactRef, LineRef, StaffRef, TicketRef};
use crate::ticket;

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
    /// The nearest promise that is not kept yet; null: none is running.
    pub due: Option<Due>,
}

/// A promise to the client that is running.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Due {
    pub norm: DueNorm,
    /// When it is to be kept. Past: it is broken, and still to be done.
    pub at: DateTime<Utc>,
    /// When a fifth of its time is left.
    pub warn_at: DateTime<Utc>,
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
    Spam,
    /// Open group conversations.
    Groups,
    /// Everything but spam.
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
    /// By number, highest first.
    Number,
    /// By the time left to keep a promise, least first; those without a promise come last.
    Deadline,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub view: View,
    pub sort: Sort,
    pub line: Option<LineId>,
    pub assignee: Option<UserId>,
    pub contact: Option<ContactId>,
    pub channel: Option<Channel>,
    pub source: Option<SourceId>,
    /// Only those whose promise is broken at this time.
    pub overdue_at: Option<Timestamp>,
}

/// A hot read in the making: its text and its values.
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Adds a value and gives the place that stands for it.
    fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and(&mut self, test: &str, value: impl Into<Value>) {
        let place = self.place(value);
        self.text += &format!(" and {test} {place}");
    }

    /// Narrows to what the actor sees of his lines, and to one of them when asked.
    fn only_visible(&mut self, connection: &impl Fetch, actor: &Actor, line: Option<LineId>) {
        if let Some(line) = line {
            self.and("c.line_id =", line.0);
        }
        let start = self.text.len();
        self.only_by_line(connection, actor, line);
        if !actor.joined.is_empty() {
            let by_line = self.text.split_off(start);
            let joined: Vec<String> = actor.joined.iter().map(|id| self.place(id.0)).collect();
            self.text += &format!(" and ((true{by_line}) or c.id in ({}))", joined.join(", "));
        }
    }

    fn only_by_line(&mut self, connection: &impl Fetch, actor: &Actor, line: Option<LineId>) {
        match &actor.lines {
            LineScope::All => {}
            LineScope::Only(lines) if lines.is_empty() => self.text += " and false",
            LineScope::Only(lines) if lines.len() == 1 => self.and("c.line_id =", lines[0].0),
            // Several lines: the list's own index must be walked, or the database sorts every conversation of those lines.
            LineScope::Only(lines) => {
                let places: Vec<String> = lines.iter().map(|line| self.place(line.0)).collect();
                self.text +=
                    &format!(" and {}c.line_id in ({})", dialect::pick(connection, "+", ""), places.join(", "));
            }
        }
        self.without_hidden(actor, line);
    }

    /// Leaves out what belongs to groups that are not the actor's.
    fn without_hidden(&mut self, actor: &Actor, line: Option<LineId>) {
        let mut hidden = Vec::new();
        for (on, group) in actor.hidden.iter().filter(|(on, _)| line.is_none_or(|line| line == *on)) {
            let (on, group) = (self.place(on.0), self.place(group.0));
            hidden.push(format!("(c.line_id = {on} and c.group_id = {group})"));
        }
        if !hidden.is_empty() {
            self.text += &format!(" and (c.group_id is null or not ({}))", hidden.join(" or "));
        }
    }
}

/// Conversations with the names a row shows, in the order `read` reads them. Left joins, so that the list's index leads.
const SELECT: &str = "select c.id, c.number, c.subject, c.status, c.priority, c.channel, c.preview, c.last_from, c.last_message_at, \
     c.created_at, c.message_count, c.unread, c.snoozed_until, c.closed_at, c.first_reply_at, c.delivery, \
     c.line_id, l.key, l.name, c.contact_id, p.name, p.avatar_color, o.id, o.name, c.assignee_id, s.name, s.avatar_color, t.id, t.number, t.status, c.due_norm, c.due_at, c.due_warn_at \
     from conversation c left join line l on l.id = c.line_id left join contact p on p.id = c.contact_id \
     left join company o on o.id = p.company_id left join staff s on s.id = c.assignee_id \
     left join ticket t on t.id = (select k.ticket_id from conversation_ticket k join ticket n on n.id = k.ticket_id \
     where k.conversation_id = c.id order by n.number desc limit 1) where true";

fn read(row: &Row<'_>) -> Result<ConversationRow> {
    let norm: Option<String> = row.get(30)?;
    let due = match (norm.as_deref().and_then(DueNorm::parse), row.get(31)?, row.get(32)?) {
        (Some(norm), Some(at), Some(warn_at)) => Some(Due { norm, at, warn_at }),
        _ => None,
    };
    let company_id: Option<Uuid> = row.get(22)?;
    let assignee_id: Option<Uuid> = row.get(24)?;
    let ticket_id: Option<Uuid> = row.get(27)?;
    Ok(ConversationRow {
        id: ConversationId(row.get(0)?),
        number: row.get(1)?,
        subject: row.get(2)?,
        status: row.parse(3, Status::parse)?,
        priority: row.parse(4, Priority::parse)?,
        channel: row.parse(5, Channel::parse)?,
        preview: row.get(6)?,
        last_from: row.parse(7, From::parse)?,
        last_message_at: row.get(8)?,
        created_at: row.get(9)?,
        message_count: row.get(10)?,
        unread: row.get(11)?,
        snoozed_until: row.get(12)?,
        closed_at: row.get(13)?,
        first_reply_at: row.get(14)?,
        delivery: row.get(15)?,
        line: LineRef { id: LineId(row.get(16)?), key: row.get(17)?, name: row.get(18)? },
        contact: ContactRef {
            id: ContactId(row.get(19)?),
            name: row.get(20)?,
            avatar_color: row.get(21)?,
            company: match company_id {
                Some(id) => Some(CompanyRef { id: CompanyId(id), name: row.get(23)? }),
                None => None,
            },
        },
        assignee: match assignee_id {
            Some(id) => Some(StaffRef { id: UserId(id), name: row.get(25)?, avatar_color: row.get(26)? }),
            None => None,
        },
        ticket: match ticket_id {
            Some(id) => Some(TicketRef {
                id: TicketId(id),
                number: row.get(28)?,
                status: row.parse(29, ticket::Status::parse)?,
            }),
            None => None,
        },
        due,
    })
}

/// A page of conversations the actor may see.
pub async fn list_rows(
    connection: &impl Fetch,
    actor: &Actor,
    filter: &Filter,
    page: &PageRequest,
) -> Result<Page<ConversationRow>> {
    let mut sql = Sql { text: SELECT.to_owned(), values: Vec::new() };
    sql.only_visible(connection, actor, filter.line);
    let status = match filter.view {
        View::Mine | View::Unassigned | View::Open | View::Groups => Some(Status::Open),
        View::Snoozed => Some(Status::Snoozed),
        View::Closed => Some(Status::Closed),
        View::Spam => Some(Status::Spam),
        View::All => None,
    };
    if let Some(status) = status {
        sql.and("c.status =", status.as_str());
    }
    match filter.view {
        View::Mine => sql.and("c.assignee_id =", actor.user_id().map(|id| id.0).unwrap_or_default()),
        View::Unassigned => sql.text += " and c.assignee_id is null",
        View::All => sql.text += " and c.status <> 'spam'",
        // In words, not as a parameter: only then SQLite takes the partial index.
        View::Groups => sql.text += " and c.channel = 'group'",
        _ => {}
    }
    if let Some(assignee) = filter.assignee {
        sql.and("c.assignee_id =", assignee.0);
    }
    match filter.contact {
        Some(contact) if filter.view == View::Groups => {
            let contact = sql.place(contact.0);
            sql.text += &format!(
                " and c.id in (select g.conversation_id from group_chat_member g where g.contact_id = {contact} and g.left_at is null)"
            );
        }
        Some(contact) => sql.and("c.contact_id =", contact.0),
        None => {}
    }
    if let Some(channel) = filter.channel {
        sql.and("c.channel =", channel.as_str());
    }
    if let Some(source) = filter.source {
        sql.and("c.source_id =", source.0);
    }
    if let Some(now) = filter.overdue_at {
        sql.and("c.due_order <=", now);
    }
    let newest = filter.sort != Sort::Oldest;
    let (before, order) = if newest { ("<", "desc") } else { (">", "asc") };
    if filter.sort == Sort::Number {
        if let Some(number) = page.cursor::<i64>()? {
            sql.and("c.number <", number);
        }
        sql.text += " order by c.number desc";
    } else if filter.sort == Sort::Deadline {
        if let Some((at, id)) = page.cursor::<(Timestamp, ConversationId)>()? {
            let (at, id) = (sql.place(at), sql.place(id.0));
            sql.text += &format!(" and (c.due_order, c.id) > ({at}, {id})");
        }
        sql.text += " order by c.due_order, c.id";
    } else {
        if let Some((at, id)) = page.cursor::<(Timestamp, ConversationId)>()? {
            let (at, id) = (sql.place(at), sql.place(id.0));
            sql.text += &format!(" and (c.last_message_at, c.id) {before} ({at}, {id})");
        }
        sql.text += &format!(" order by c.last_message_at {order}, c.id {order}");
    }
    // In words, not as a parameter: PostgreSQL keeps the plan of a statement only if it knows how few rows are wanted.
    sql.text += &format!(" limit {}", page.limit() + 1);
    let rows = connection.fetch(sql.text, sql.values, read).await?;
    Ok(Page::from_rows(rows, page.limit(), |row| match filter.sort {
        Sort::Number => json!(row.number),
        Sort::Deadline => json!((row.due.as_ref().map_or(NEVER, |due| due.at), row.id)),
        _ => json!((row.last_message_at, row.id)),
    }))
}

/// These conversations, those of them the actor may see, in this order.
pub async fn rows_by_ids(
    connection: &impl Fetch,
    actor: &Actor,
    ids: &[ConversationId],
) -> Result<Vec<ConversationRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql { text: SELECT.to_owned(), values: Vec::new() };
    let places: Vec<String> = ids.iter().map(|id| sql.place(id.0)).collect();
    sql.text += &format!(" and c.id in ({})", places.join(", "));
    sql.only_visible(connection, actor, None);
    let mut rows = connection.fetch(sql.text, sql.values, read).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// The conversation with this number, if the actor may see it.
pub(crate) async fn id_by_number(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    number: i64,
) -> Result<Option<ConversationId>> {
    let found = super::visible_to(actor).filter(Column::Number.eq(number)).one(connection).await?;
    Ok(found.map(|conversation| conversation.id))
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
pub(crate) async fn counters(connection: &impl Fetch, actor: &Actor, lines: &[LineId]) -> Result<Counters> {
    let mut sql = Sql { text: "select ".to_owned(), values: Vec::new() };
    let me = actor.user_id().map(|id| id.0).unwrap_or_default();
    let count = |sql: &mut Sql, line: Option<LineId>, narrow: &dyn Fn(&mut Sql)| {
        if !sql.values.is_empty() {
            sql.text += ", ";
        }
        sql.text += "(select count(*) from (select 1 from conversation c where true";
        sql.only_visible(connection, actor, line);
        narrow(sql);
        sql.text += &format!(" limit {CAP}) capped)");
    };
    let open = |sql: &mut Sql| sql.and("c.status =", Status::Open.as_str());
    let unassigned = |sql: &mut Sql| {
        open(sql);
        sql.text += " and c.assignee_id is null";
    };
    let mine = |sql: &mut Sql| {
        open(sql);
        sql.and("c.assignee_id =", me);
    };
    count(&mut sql, None, &mine);
    count(&mut sql, None, &unassigned);
    count(&mut sql, None, &open);
    count(&mut sql, None, &|sql| sql.and("c.status =", Status::Snoozed.as_str()));
    count(&mut sql, None, &|sql| {
        mine(sql);
        sql.and("c.unread =", true);
    });
    for line in lines {
        count(&mut sql, Some(*line), &open);
        count(&mut sql, Some(*line), &unassigned);
    }
    let total = 5 + 2 * lines.len();
    let read = move |row: &Row<'_>| (0..total).map(|index| row.get::<i64>(index)).collect::<Result<Vec<_>>>();
    let values = connection
        .fetch(sql.text, sql.values, read)
        .await?
        .pop()
        .ok_or_else(|| base::Error::internal("counters gave no row"))?;
    let lines = lines.iter().zip(values[5..].chunks(2)).map(|(line, pair)| LineCounters {
        line_id: *line,
        open: pair[0],
        unassigned: pair[1],
    });
    Ok(Counters {
        mine: values[0],
        unassigned: values[1],
        open: values[2],
        snoozed: values[3],
        unread_mine: values[4],
        capped_at: CAP,
        lines: lines.collect(),
    })
}
