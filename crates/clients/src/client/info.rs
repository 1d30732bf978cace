//! What whoever serves a client wants to know of him at a glance.

use app::App;
use base::{Actor, ContactId, ConversationId, FileId, LineId, Result, TicketId};
use chrono::{DateTime, Utc};
use db::{Fetch, Row};
use desk::client::detail::{self, ContactDetails};
use desk::people::ConversationRef;
use desk::property::{self, Property};
use desk::{file, ticket};
use serde::Serialize;
use utoipa::ToSchema;

use super::list::Client;
use super::ops;
use super::sql::Sql;

/// A client of a line with what hangs on him.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientInfo {
    #[serde(flatten)]
    pub client: Client,
    pub details: ContactDetails,
    /// The support parameters of his company.
    pub parameters: Vec<Property>,
    /// Conversations of this line in which others take part too, newest first, at most 20.
    pub groups: Vec<ConversationRef>,
    /// Files of his conversations on this line, newest first, at most 20.
    pub files: Vec<ClientFile>,
    /// His tickets that are not done, newest first, at most 20.
    pub tickets: Vec<ClientTicket>,
}

/// A file that was sent in a conversation with a client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientFile {
    pub id: FileId,
    pub name: String,
    /// Bytes.
    pub size: i64,
    pub url: String,
    pub conversation_id: ConversationId,
    pub created_at: DateTime<Utc>,
}

/// A ticket of a client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientTicket {
    pub id: TicketId,
    pub number: i64,
    pub subject: String,
    pub status: ticket::Status,
}

const AT_MOST: i64 = 20;

pub(super) async fn of(app: &App, actor: &Actor, line: LineId, id: ContactId) -> Result<ClientInfo> {
    let client = ops::find(app, actor, line, id).await?;
    let read = app.db.read();
    let parameters = match &client.company {
        Some(company) => property::views(read, property::Subject::Company, company.id.0).await?,
        None => Vec::new(),
    };
    let tickets = ticket::open_of_client(read, actor, id, AT_MOST as u64).await?;
    let tickets = tickets.into_iter().map(|row| ClientTicket {
        id: row.id,
        number: row.number,
        subject: row.subject,
        status: row.status,
    });
    Ok(ClientInfo {
        client,
        parameters,
        details: detail::of(read, id).await?,
        groups: groups(read, actor, line, id).await?,
        files: files(read, actor, line, id).await?,
        tickets: tickets.collect(),
    })
}

/// Group conversations in which he takes part, and those by mail in which he and at least one other do.
async fn groups(connection: &impl Fetch, actor: &Actor, line: LineId, id: ContactId) -> Result<Vec<ConversationRef>> {
    let mut sql = Sql::of_line(actor, line);
    let talk = sql.talk("x");
    let id = sql.place(id.0);
    let text = format!(
        "select x.id, x.number, x.subject from conversation x where {talk} \
         and (x.id in (select g.conversation_id from group_chat_member g where g.contact_id = {id} and g.left_at is null) \
         or x.id in (select z.conversation_id from identity i join participant z on z.address = i.value_key where i.contact_id = {id} and i.kind = 'email') \
         and (select count(*) from participant z where z.conversation_id = x.id) > 1) order by x.last_message_at desc limit {AT_MOST}"
    );
    let read = |row: &Row<'_>| {
        Ok(ConversationRef { id: ConversationId(row.get(0)?), number: row.get(1)?, subject: row.get(2)? })
    };
    connection.fetch(text, sql.values, read).await
}

async fn files(connection: &impl Fetch, actor: &Actor, line: LineId, id: ContactId) -> Result<Vec<ClientFile>> {
    let mut sql = Sql::of_line(actor, line);
    let talk = sql.talk("x");
    let id = sql.place(id.0);
    let text = format!(
        "select f.id, f.name, f.size, x.id, f.created_at from conversation x join message g on g.conversation_id = x.id \
         join file f on f.message_id = g.id where x.contact_id = {id} and {talk} and not f.inline and g.deleted_at is null \
         order by f.created_at desc, f.id desc limit {AT_MOST}"
    );
    let read = |row: &Row<'_>| {
        let (id, name): (FileId, String) = (FileId(row.get(0)?), row.get(1)?);
        Ok(ClientFile {
            url: file::url(id, &name),
            id,
            name,
            size: row.get(2)?,
            conversation_id: ConversationId(row.get(3)?),
            created_at: row.get(4)?,
        })
    };
    connection.fetch(text, sql.values, read).await
}
