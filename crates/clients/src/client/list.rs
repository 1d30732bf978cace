//! The list: who talked lately comes first, newest first, then the rest by name. A page is one or two statements.

use base::{Actor, CompanyId, ContactId, ConversationId, Cursor, LineId, Page, PageRequest, Result, Timestamp, UserId};
use chrono::{DateTime, Duration, Utc};
use db::{Fetch, Row};
use desk::conversation::{Channel, From, Status};
use desk::people::{CompanyRef, StaffRef};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::sql::Sql;

/// A client of a line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Client {
    pub id: ContactId,
    pub name: String,
    /// 0 to 11.
    pub avatar_color: i64,
    pub company: Option<CompanyRef>,
    pub position: String,
    /// A colleague: his position says more than his company.
    pub own_staff: bool,
    /// In a chat on a site right now.
    pub online: bool,
    /// His last device, as far as a site chat told, was a phone.
    pub mobile: bool,
    /// `MM-DD` or `YYYY-MM-DD`.
    pub birthday: Option<String>,
    /// You have an open case with him.
    pub mine: bool,
    /// You keep him in your list although he has not written for long.
    pub added: bool,
    /// You are told of everything he does.
    pub favourite: bool,
    /// Talked within your period, or kept in your list by you.
    pub actual: bool,
    /// The last conversation on this line that you may see.
    pub last: Option<LastTalk>,
    #[serde(skip)]
    pub name_folded: String,
}

/// The last conversation with a client.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LastTalk {
    pub id: ConversationId,
    pub number: i64,
    pub status: Status,
    pub channel: Channel,
    /// The last words, one line of at most 200 characters.
    pub preview: String,
    pub last_from: From,
    pub last_message_at: DateTime<Utc>,
    /// The client wrote after staff last answered or looked.
    pub unread: bool,
    pub assignee: Option<StaffRef>,
}

/// Which clients.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub search: String,
    /// Only with an open case.
    pub open: bool,
    /// Only with an open case of mine.
    pub mine: bool,
    pub favourite: bool,
    pub online: bool,
    pub company: Option<CompanyId>,
}

/// How the asker looks at this line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    /// Only those who matter now are listed.
    pub streaming: bool,
    /// Who talked since then talked lately.
    pub since: Timestamp,
    pub now: Timestamp,
}

/// A site's page notes its visitor this often, with some patience.
const ONLINE_FOR: Duration = Duration::seconds(90);

/// Where a page ended. The mode goes along, so that a list does not change it half way.
#[derive(Debug, Serialize, Deserialize)]
enum Place {
    Lately { at: Timestamp, id: ConversationId, streaming: bool },
    Rest { name: String, id: ContactId, streaming: bool },
}

pub(super) fn streaming_of(page: &PageRequest) -> Result<Option<bool>> {
    Ok(page.cursor::<Place>()?.map(|place| match place {
        Place::Lately { streaming, .. } | Place::Rest { streaming, .. } => streaming,
    }))
}

pub(super) async fn page(
    connection: &impl Fetch,
    actor: &Actor,
    line: LineId,
    filter: &Filter,
    mode: Mode,
    page: &PageRequest,
) -> Result<Page<Client>> {
    let limit = page.limit() as usize;
    let place: Option<Place> = page.cursor()?;
    let found = Asked { actor, line, filter, mode };
    let mut rows = match &place {
        _ if !filter.search.is_empty() => Vec::new(),
        Some(Place::Rest { .. }) => Vec::new(),
        Some(Place::Lately { at, id, .. }) => found.lately(connection, Some((*at, *id)), limit + 1).await?,
        None => found.lately(connection, None, limit + 1).await?,
    };
    let lately = rows.len();
    if lately <= limit {
        let after = match place {
            Some(Place::Rest { name, id, .. }) => Some((name, id)),
            _ => None,
        };
        rows.extend(found.rest(connection, after, limit + 1 - lately).await?);
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    let streaming = mode.streaming;
    let next = rows.last().filter(|_| more).map(|row| match &row.last {
        Some(last) if rows.len() <= lately => {
            Cursor::encode(&Place::Lately { at: last.last_message_at, id: last.id, streaming })
        }
        _ => Cursor::encode(&Place::Rest { name: row.name_folded.clone(), id: row.id, streaming }),
    });
    Ok(Page { items: rows, next })
}

/// One client as the list shows him, whoever he is.
pub(super) async fn one(
    connection: &impl Fetch,
    actor: &Actor,
    line: LineId,
    mode: Mode,
    id: ContactId,
) -> Result<Option<Client>> {
    let filter = Filter::default();
    let asked = Asked { actor, line, filter: &filter, mode };
    let mut sql = Sql::new(actor, line);
    asked.select(&mut sql);
    asked.join_people(&mut sql);
    let id = sql.place(id.0);
    sql.text += &format!(" where p.id = {id}");
    Ok(asked.fetch(connection, sql).await?.pop())
}

struct Asked<'a> {
    actor: &'a Actor,
    line: LineId,
    filter: &'a Filter,
    mode: Mode,
}

const JOINS: &str = " left join contact_detail d on d.contact_id = p.id left join company o on o.id = p.company_id \
     left join staff s on s.id = c.assignee_id left join visit v on v.conversation_id = c.id \
     left join client_mark m on m.line_id = $1 and m.user_id = $2 and m.contact_id = p.id";

impl Asked<'_> {
    fn select(&self, sql: &mut Sql) {
        let mine = sql.mine();
        let online = sql.online(self.mode.now - ONLINE_FOR);
        sql.text += &format!(
            "select p.id, p.name, p.name_folded, p.avatar_color, p.position, d.birthday, o.id, o.name, c.id, c.number, c.status, \
             c.channel, c.preview, c.last_from, c.last_message_at, c.unread, c.assignee_id, s.name, s.avatar_color, v.user_agent, \
             coalesce(m.added, false), coalesce(m.favourite, false), {mine}, {online}, \
             exists (select 1 from identity i join staff w on w.email = i.value_key where i.contact_id = p.id and i.kind = 'email')"
        );
    }

    fn join_people(&self, sql: &mut Sql) {
        let talk = sql.talk("x");
        sql.text += &format!(
            " from contact p left join conversation c on c.id = (select x.id from conversation x \
             where x.contact_id = p.id and {talk} order by x.last_message_at desc, x.id desc limit 1){JOINS}"
        );
    }

    /// Who talked since `mode.since`, newest first.
    async fn lately(
        &self,
        connection: &impl Fetch,
        after: Option<(Timestamp, ConversationId)>,
        limit: usize,
    ) -> Result<Vec<Client>> {
        let mut sql = Sql::new(self.actor, self.line);
        self.select(&mut sql);
        let (talk, newer) = (sql.talk("c"), sql.talk("n"));
        let since = sql.place(self.mode.since);
        sql.text += &format!(
            " from conversation c join contact p on p.id = c.contact_id{JOINS} where {talk} and c.last_message_at >= {since} \
             and not exists (select 1 from conversation n where n.contact_id = c.contact_id and {newer} \
             and (n.last_message_at, n.id) > (c.last_message_at, c.id))"
        );
        self.narrow(&mut sql);
        if let Some((at, id)) = after {
            let (at, id) = (sql.place(at), sql.place(id.0));
            sql.text += &format!(" and (c.last_message_at, c.id) < ({at}, {id})");
        }
        sql.text += &format!(" order by c.last_message_at desc, c.id desc limit {limit}");
        self.fetch(connection, sql).await
    }

    /// Everybody else by name: who is kept in the list, on a line of few people whoever is connected, for a search
    /// whoever fits it.
    async fn rest(
        &self,
        connection: &impl Fetch,
        after: Option<(String, ContactId)>,
        limit: usize,
    ) -> Result<Vec<Client>> {
        let mut sql = Sql::new(self.actor, self.line);
        self.select(&mut sql);
        self.join_people(&mut sql);
        if self.filter.search.is_empty() {
            let people = if self.mode.streaming { sql.kept() } else { sql.everybody(1001) };
            let since = sql.place(self.mode.since);
            sql.text +=
                &format!(" where p.id in ({people}) and (c.last_message_at is null or c.last_message_at < {since})");
        } else {
            let connected = sql.connected();
            sql.text += &format!(" where {connected}");
            self.search(&mut sql);
        }
        self.narrow(&mut sql);
        if let Some((name, id)) = after {
            let (name, id) = (sql.place(name), sql.place(id.0));
            sql.text += &format!(" and (p.name_folded, p.id) > ({name}, {id})");
        }
        sql.text += &format!(" order by p.name_folded, p.id limit {limit}");
        self.fetch(connection, sql).await
    }

    fn narrow(&self, sql: &mut Sql) {
        let Filter { open, mine, favourite, online, company, search: _ } = self.filter;
        if *open {
            let test = sql.open();
            sql.text += &format!(" and {test}");
        }
        if *mine {
            sql.text += &format!(" and {}", sql.mine());
        }
        if *favourite {
            sql.text += " and coalesce(m.favourite, false)";
        }
        if *online {
            let test = sql.online(self.mode.now - ONLINE_FOR);
            sql.text += &format!(" and {test}");
        }
        if let Some(company) = company {
            let company = sql.place(company.0);
            sql.text += &format!(" and p.company_id = {company}");
        }
    }

    /// Every word is in a name, a login, an address, a phone, a company's name, or begins its INN.
    fn search(&self, sql: &mut Sql) {
        // Ten digits in a row may as well be an INN.
        let spaced = self.filter.search.contains([' ', '(', '-', '+']);
        if let Some(phone) = text::phone::normalize(&self.filter.search, "RU").filter(|_| spaced) {
            let phone = sql.place(phone);
            sql.text +=
                &format!(" and exists (select 1 from identity i where i.contact_id = p.id and i.value_key = {phone})");
            return;
        }
        for word in self.filter.search.split_whitespace().take(6) {
            let part = escaped(&text::fold(word));
            let phone = text::phone::normalize(word, "RU").unwrap_or_default();
            let (inside, begins) = (sql.place(format!("%{part}%")), sql.place(format!("{part}%")));
            let phone = sql.place(phone);
            sql.text += &format!(
                " and (p.name_folded like {inside} escape '\\' or d.login_key like {begins} escape '\\' \
                 or exists (select 1 from identity i where i.contact_id = p.id and (i.value_key like {inside} escape '\\' or i.value_key = {phone})) \
                 or p.company_id in (select id from company where name_folded like {inside} escape '\\' or inn like {begins} escape '\\'))"
            );
        }
    }

    async fn fetch(&self, connection: &impl Fetch, sql: Sql) -> Result<Vec<Client>> {
        let since = self.mode.since;
        connection.fetch(sql.text, sql.values, move |row| read(row, since)).await
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn read(row: &Row<'_>, since: Timestamp) -> Result<Client> {
    let company_id: Option<Uuid> = row.get(6)?;
    let assignee_id: Option<Uuid> = row.get(16)?;
    let last = match row.get::<Option<Uuid>>(8)? {
        None => None,
        Some(id) => Some(LastTalk {
            id: ConversationId(id),
            number: row.get(9)?,
            status: row.parse(10, Status::parse)?,
            channel: row.parse(11, Channel::parse)?,
            preview: row.get(12)?,
            last_from: row.parse(13, From::parse)?,
            last_message_at: row.get(14)?,
            unread: row.get(15)?,
            assignee: match assignee_id {
                Some(id) => Some(StaffRef { id: UserId(id), name: row.get(17)?, avatar_color: row.get(18)? }),
                None => None,
            },
        }),
    };
    let user_agent: Option<String> = row.get(19)?;
    let (added, favourite): (bool, bool) = (row.get(20)?, row.get(21)?);
    Ok(Client {
        id: ContactId(row.get(0)?),
        name: row.get(1)?,
        name_folded: row.get(2)?,
        avatar_color: row.get(3)?,
        position: row.get(4)?,
        birthday: row.get(5)?,
        company: match company_id {
            Some(id) => Some(CompanyRef { id: CompanyId(id), name: row.get(7)? }),
            None => None,
        },
        mobile: user_agent.is_some_and(|agent| is_mobile(&agent)),
        mine: row.get(22)?,
        online: row.get(23)?,
        own_staff: row.get(24)?,
        actual: added || favourite || last.as_ref().is_some_and(|last| last.last_message_at >= since),
        added,
        favourite,
        last,
    })
}

fn is_mobile(user_agent: &str) -> bool {
    ["Mobile", "Android", "iPhone", "iPad"].iter().any(|mark| user_agent.contains(mark))
}

/// How many people a line has, up to `capped_at`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ClientCounts {
    /// Connected to the line.
    pub all: i64,
    /// Talked within your period, or kept in your list by you.
    pub actual: i64,
    /// A count that reached this means "that many or more".
    pub capped_at: i64,
}

const CAP: i64 = 1000;

pub(super) async fn counts(
    connection: &impl Fetch,
    actor: &Actor,
    line: LineId,
    since: Timestamp,
) -> Result<ClientCounts> {
    let mut sql = Sql::new(actor, line);
    let (everybody, actual) = (sql.everybody(CAP), sql.actual(since, CAP));
    sql.text = format!("select (select count(*) from ({everybody}) t), (select count(*) from ({actual}) t)");
    let read = |row: &Row<'_>| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?));
    let (all, actual) = connection.fetch(sql.text, sql.values, read).await?.pop().unwrap_or_default();
    Ok(ClientCounts { all: all.min(CAP), actual: actual.min(CAP), capped_at: CAP })
}

/// What one statement tells before a list is made: the installation's setting and the asker's own.
pub(super) async fn settings(
    connection: &impl Fetch,
    actor: &Actor,
    line: LineId,
) -> Result<(Option<Json>, Option<i64>)> {
    let mut sql = Sql::new(actor, line);
    let name = sql.place(super::ops::SETTING);
    let Sql { line, me, .. } = &sql;
    let text = format!(
        "select (select value from setting where name = {name}), (select days from client_period where line_id = {line} and user_id = {me})"
    );
    let read = |row: &Row<'_>| Ok((row.get::<Option<Json>>(0)?, row.get::<Option<i64>>(1)?));
    Ok(connection.fetch(text, sql.values, read).await?.pop().unwrap_or_default())
}

/// Whether a line has more people than this. Cheaper than counting them.
pub(super) async fn has_more_than(connection: &impl Fetch, actor: &Actor, line: LineId, most: i64) -> Result<bool> {
    let mut sql = Sql::new(actor, line);
    let everybody = sql.everybody(most + 1);
    let text = format!("select count(*) from ({everybody}) t");
    let count = connection.fetch(text, sql.values, |row| row.get::<i64>(0)).await?.pop().unwrap_or_default();
    Ok(count > most)
}

/// The list as the page needs it, first page with the figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientList {
    pub items: Vec<Client>,
    /// Opaque cursor of the next page.
    pub next: Option<String>,
    /// Only actual people are listed, because the line has more people than the administrator's threshold.
    pub streaming: bool,
    /// Your period in days, 7 to 90.
    pub period_days: i64,
    /// With the first page only.
    pub counts: Option<ClientCounts>,
}
