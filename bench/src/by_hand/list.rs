//! Conversations as rows of a list, by hand: one statement, the newest ticket of each row included.

use anyhow::Result;
use base::Cursor;
use rusqlite::{Connection, Row as SqlRow};
use serde::Serialize;

use super::{Id, Time};

#[derive(Serialize)]
pub(super) struct Row {
    pub id: Id,
    number: i64,
    subject: String,
    status: String,
    priority: String,
    line: Line,
    contact: Contact,
    assignee: Option<Person>,
    channel: String,
    preview: String,
    last_from: String,
    last_message_at: Time,
    created_at: Time,
    message_count: i64,
    unread: bool,
    snoozed_until: Option<Time>,
    closed_at: Option<Time>,
    first_reply_at: Option<Time>,
    delivery: Option<String>,
    ticket: Option<Ticket>,
}

#[derive(Serialize)]
struct Line {
    id: Id,
    key: String,
    name: String,
}

#[derive(Serialize)]
struct Contact {
    id: Id,
    name: String,
    company: Option<Company>,
    avatar_color: i64,
}

#[derive(Serialize)]
struct Company {
    id: Id,
    name: String,
}

#[derive(Serialize)]
struct Person {
    id: Id,
    name: String,
    avatar_color: i64,
}

#[derive(Serialize)]
struct Ticket {
    id: Id,
    number: i64,
    status: String,
}

/// To be followed by `where`.
macro_rules! select_rows {
    ($rest:literal) => {
        concat!(
            "select c.id, c.number, c.subject, c.status, c.priority, c.channel, c.preview, c.last_from, c.last_message_at, c.created_at,
                    c.message_count, c.unread, c.snoozed_until, c.closed_at, c.first_reply_at, c.delivery,
                    l.id, l.key, l.name, k.id, k.name, k.avatar_color, o.id, o.name, u.id, u.name, u.avatar_color,
                    t.id, t.number, t.status
             from conversation c
             join line l on l.id = c.line_id
             join contact k on k.id = c.contact_id
             left join company o on o.id = k.company_id
             left join staff u on u.id = c.assignee_id
             left join ticket t on t.number = (select max(n.number) from conversation_ticket ct join ticket n on n.id = ct.ticket_id
                                               where ct.conversation_id = c.id) ",
            $rest
        )
    };
}

fn row(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let company = row.get::<_, Option<Id>>(22)?.map(|id| Ok::<_, rusqlite::Error>(Company { id, name: row.get(23)? }));
    let assignee = row
        .get::<_, Option<Id>>(24)?
        .map(|id| Ok::<_, rusqlite::Error>(Person { id, name: row.get(25)?, avatar_color: row.get(26)? }));
    let ticket = row
        .get::<_, Option<Id>>(27)?
        .map(|id| Ok::<_, rusqlite::Error>(Ticket { id, number: row.get(28)?, status: row.get(29)? }));
    Ok(Row {
        id: row.get(0)?,
        number: row.get(1)?,
        subject: row.get(2)?,
        status: row.get(3)?,
        priority: row.get(4)?,
        channel: row.get(5)?,
        preview: row.get(6)?,
        last_from: row.get(7)?,
        last_message_at: row.get(8)?,
        created_at: row.get(9)?,
        message_count: row.get(10)?,
        unread: row.get(11)?,
        snoozed_until: row.get(12)?,
        closed_at: row.get(13)?,
        first_reply_at: row.get(14)?,
        delivery: row.get(15)?,
        line: Line { id: row.get(16)?, key: row.get(17)?, name: row.get(18)? },
        contact: Contact {
            id: row.get(19)?,
            name: row.get(20)?,
            avatar_color: row.get(21)?,
            company: company.transpose()?,
        },
        assignee: assignee.transpose()?,
        ticket: ticket.transpose()?,
    })
}

#[derive(Serialize)]
pub(super) struct Page {
    items: Vec<Row>,
    next: Option<String>,
}

/// The first page of the open conversations, newest first.
pub(super) fn open_ones(connection: &Connection) -> Result<Page> {
    let mut statement = connection
        .prepare_cached(select_rows!("where c.status = 'open' order by c.last_message_at desc, c.id desc limit 51"))?;
    let mut items = statement.query_map([], row)?.collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > 50;
    items.truncate(50);
    let next = items.last().filter(|_| more).map(|last| Cursor::encode(&(&last.last_message_at, last.id)));
    Ok(Page { items, next })
}

pub(super) fn by_id(connection: &Connection, id: Id) -> Result<Row> {
    Ok(connection.prepare_cached(select_rows!("where c.id = ?1"))?.query_row([id.0.as_bytes().as_slice()], row)?)
}
