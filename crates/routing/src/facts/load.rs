//! Loading facts: of one conversation that is to be routed, or of two hundred that are to be replayed, in the same few
//! statements.

use std::collections::{BTreeMap, HashMap};

use base::{ChatId, ContactId, ConversationId, Result, Timestamp, UserId};
use db::{Fetch, Row, places};
use desk::conversation::{self, Channel};
use desk::line;
use desk::schedule::Hours;
use sea_orm::Value;
use uuid::Uuid;

use super::{Facts, Texts};
use crate::rule::Analysed;

/// Which of the client's messages speaks for a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// The one it began with; time is when it began.
    ThenBy,
    /// The last one, by which it was opened again; time is now.
    AgainAt(Timestamp),
    /// The one it began with; time is now.
    NowAt(Timestamp),
}

/// What is known about the people of conversations.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub contact: Option<ContactId>,
    pub name: String,
    pub position: String,
    pub category: String,
    pub manager_id: Option<UserId>,
    pub locale: Option<String>,
    pub company: Option<Company>,
    pub accounts: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Company {
    pub id: Uuid,
    pub name: String,
    pub inn: Option<String>,
    pub domain: Option<String>,
    pub category: String,
    pub manager_id: Option<UserId>,
}

impl Client {
    /// Says all of this in the record.
    pub fn tell(&self, facts: &mut Facts) {
        facts.contact_id = self.contact.iter().map(|id| id.0).collect();
        facts.client_name = Texts::new([self.name.clone()]);
        facts.position = Texts::new([self.position.clone()]);
        facts.accounts = Texts::new(self.accounts.iter().cloned());
        facts.language = Texts::new(self.locale.iter().map(|locale| language_of(locale)));
        let company = self.company.as_ref();
        facts.company_id = company.iter().map(|company| company.id).collect();
        facts.company_name = Texts::new(company.map(|company| company.name.clone()));
        facts.company_inn = Texts::new(company.and_then(|company| company.inn.clone()));
        facts.company_domain = Texts::new(company.and_then(|company| company.domain.clone()));
        // His own word goes before his company's.
        let own = Some(self.category.clone()).filter(|category| !category.is_empty());
        facts.category = Texts::new(own.or_else(|| company.map(|company| company.category.clone())));
        let manager = self.manager_id.or_else(|| company.and_then(|company| company.manager_id));
        facts.manager = manager.iter().map(|id| id.0).collect();
    }
}

/// `ru` of `ru-RU`.
fn language_of(locale: &str) -> String {
    locale.split(['-', '_']).next().unwrap_or(locale).to_lowercase()
}

/// The facts of these conversations of one line, in their order, without what changes by the minute.
pub async fn load(
    connection: &impl Fetch,
    line: &line::Model,
    clock: &Hours,
    conversations: &[conversation::Model],
    opened: Opened,
) -> Result<Vec<Facts>> {
    let said = said(connection, conversations, opened).await?;
    let clients = clients(connection, conversations.iter().map(|one| one.contact_id)).await?;
    let visits = visits(connection, conversations).await?;
    let chats = chats(connection, conversations).await?;
    let mut all = Vec::with_capacity(conversations.len());
    for conversation in conversations {
        let at = match opened {
            Opened::ThenBy => conversation.created_at,
            Opened::AgainAt(now) | Opened::NowAt(now) => now,
        };
        let mut facts = Facts::at(at, clock.zone);
        facts.in_service_hours = clock.is_open(at);
        facts.channel = conversation.channel;
        facts.priority = conversation.priority;
        if let Some(client) = clients.get(&conversation.contact_id) {
            client.tell(&mut facts);
        }
        if let Some(said) = said.get(&conversation.id) {
            facts.text = Analysed::new(said.text.clone());
            facts.last_operator = said.last_operator.into_iter().collect();
            facts.is_first = said.is_first;
        }
        let chat = conversation.chat_id.and_then(|id| chats.get(&id));
        facts.connected = chat.map(|chat| chat.channel_id).into_iter().collect();
        // A chat is called by its first words here; what the messenger calls it is its own name.
        let has_subject = matches!(conversation.channel, Channel::Email | Channel::Form | Channel::Manual);
        let subject = if has_subject { Some(&conversation.subject) } else { chat.map(|chat| &chat.title) };
        facts.subject = Analysed::new(subject.cloned().unwrap_or_default());
        if let Some(visit) = visits.get(&conversation.id) {
            visit.tell(&mut facts);
        }
        all.push(facts);
    }
    if line.kind == line::Kind::Internal {
        tell_staff_groups(connection, &mut all).await?;
    }
    Ok(all)
}

/// What a client said, and whether he came before.
struct Said {
    text: String,
    last_operator: Option<Uuid>,
    is_first: bool,
}

async fn said(
    connection: &impl Fetch,
    conversations: &[conversation::Model],
    opened: Opened,
) -> Result<HashMap<ConversationId, Said>> {
    if conversations.is_empty() {
        return Ok(HashMap::new());
    }
    let order = if matches!(opened, Opened::AgainAt(_)) { "desc" } else { "asc" };
    let ids = places(1, conversations.len());
    // Whoever answered last in this conversation; else whose the client's one before was. In a replay nobody had answered.
    let own = match opened {
        Opened::ThenBy => "null",
        Opened::AgainAt(_) | Opened::NowAt(_) => {
            "select o.author_id from message o where o.conversation_id = c.id and o.kind = 'outbound' \
             and o.author_kind = 'user' order by o.created_at desc, o.id desc limit 1"
        }
    };
    let sql = format!(
        "select c.id, m.text, ({own}), \
         (select p.assignee_id from conversation p where p.contact_id = c.contact_id and p.line_id = c.line_id \
           and p.id <> c.id and p.assignee_id is not null and p.status <> 'spam' and p.created_at <= c.created_at \
           order by p.last_message_at desc, p.id desc limit 1), \
         (select count(*) from (select 1 from conversation p where p.contact_id = c.contact_id and p.id <> c.id \
           and p.status <> 'spam' and p.created_at < c.created_at limit 1) earlier) \
         from conversation c left join (select conversation_id, text, \
           row_number() over (partition by conversation_id order by created_at {order}, id {order}) as place \
           from message where kind = 'inbound' and conversation_id in ({ids})) m \
           on m.conversation_id = c.id and m.place = 1 \
         where c.id in ({ids})"
    );
    let values: Vec<Value> = conversations.iter().map(|one| one.id.0.into()).collect();
    let read = |row: &Row<'_>| {
        let own: Option<Uuid> = row.get(2)?;
        let before: Option<Uuid> = row.get(3)?;
        let earlier: i64 = row.get(4)?;
        let text: Option<String> = row.get(1)?;
        let said = Said { text: text.unwrap_or_default(), last_operator: own.or(before), is_first: earlier == 0 };
        Ok((ConversationId(row.get(0)?), said))
    };
    Ok(connection.fetch(sql, values, read).await?.into_iter().collect())
}

/// One client, for a conversation that is only thought of.
pub async fn client(connection: &impl Fetch, id: ContactId) -> Result<Option<Client>> {
    Ok(clients(connection, [id]).await?.remove(&id))
}

async fn clients(
    connection: &impl Fetch,
    ids: impl IntoIterator<Item = ContactId>,
) -> Result<HashMap<ContactId, Client>> {
    let mut ids: Vec<ContactId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let values: Vec<Value> = ids.iter().map(|id| id.0.into()).collect();
    let sql = format!(
        "select p.id, p.name, p.position, p.category, p.manager_id, p.locale, \
         f.id, f.name, f.inn, f.domain, f.category, f.manager_id \
         from contact p left join company f on f.id = p.company_id where p.id in ({})",
        places(1, ids.len())
    );
    let mut clients: HashMap<ContactId, Client> =
        connection.fetch(sql, values.clone(), read_client).await?.into_iter().collect();
    let sql = format!(
        "select contact_id, value, value_key from identity where contact_id in ({}) order by created_at, id",
        places(1, ids.len())
    );
    let read = |row: &Row<'_>| Ok((ContactId(row.get(0)?), row.get::<String>(1)?, row.get::<String>(2)?));
    for (id, value, key) in connection.fetch(sql, values, read).await? {
        if let Some(client) = clients.get_mut(&id) {
            if key != value {
                client.accounts.push(key);
            }
            client.accounts.push(value);
        }
    }
    Ok(clients)
}

fn read_client(row: &Row<'_>) -> Result<(ContactId, Client)> {
    let id = ContactId(row.get(0)?);
    let company_id: Option<Uuid> = row.get(6)?;
    let company = match company_id {
        None => None,
        Some(id) => Some(Company {
            id,
            name: row.get(7)?,
            inn: row.get(8)?,
            domain: row.get(9)?,
            category: row.get(10)?,
            manager_id: row.get::<Option<Uuid>>(11)?.map(UserId),
        }),
    };
    let client = Client {
        contact: Some(id),
        name: row.get(1)?,
        position: row.get(2)?,
        category: row.get(3)?,
        manager_id: row.get::<Option<Uuid>>(4)?.map(UserId),
        locale: row.get(5)?,
        company,
        accounts: Vec::new(),
    };
    Ok((id, client))
}

struct Visit {
    page_url: String,
    referrer: String,
    utm: BTreeMap<String, String>,
    locale: String,
}

impl Visit {
    fn tell(&self, facts: &mut Facts) {
        facts.page_url = Texts::new([self.page_url.clone()]);
        facts.referrer = Texts::new([self.referrer.clone()]);
        facts.utm = self.utm.iter().map(|(key, value)| (key.clone(), Texts::new([value.clone()]))).collect();
        // The language of the page he writes from now says more than the card.
        if !self.locale.is_empty() {
            facts.language = Texts::new([language_of(&self.locale)]);
        }
    }
}

async fn visits(
    connection: &impl Fetch,
    conversations: &[conversation::Model],
) -> Result<HashMap<ConversationId, Visit>> {
    let on_site: Vec<Value> = conversations
        .iter()
        .filter(|one| matches!(one.channel, Channel::Chat | Channel::Form))
        .map(|one| one.id.0.into())
        .collect();
    if on_site.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select conversation_id, page_url, referrer, utm, locale from visit where conversation_id in ({})",
        places(1, on_site.len())
    );
    let read = |row: &Row<'_>| {
        let utm: serde_json::Value = row.get(3)?;
        let visit = Visit {
            page_url: row.get(1)?,
            referrer: row.get(2)?,
            utm: serde_json::from_value(utm).unwrap_or_default(),
            locale: row.get(4)?,
        };
        Ok((ConversationId(row.get(0)?), visit))
    };
    Ok(connection.fetch(sql, on_site, read).await?.into_iter().collect())
}

struct Chat {
    channel_id: Uuid,
    title: String,
}

async fn chats(connection: &impl Fetch, conversations: &[conversation::Model]) -> Result<HashMap<ChatId, Chat>> {
    let ids: Vec<Value> = conversations.iter().filter_map(|one| one.chat_id).map(|id| id.0.into()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("select id, channel_id, title from chat where id in ({})", places(1, ids.len()));
    let read = |row: &Row<'_>| Ok((ChatId(row.get(0)?), Chat { channel_id: row.get(1)?, title: row.get(2)? }));
    Ok(connection.fetch(sql, ids, read).await?.into_iter().collect())
}

/// On an internal line clients are colleagues: by their addresses they are found among the staff.
pub(crate) async fn tell_staff_groups(connection: &impl Fetch, all: &mut [Facts]) -> Result<()> {
    let emails: Vec<Value> = all
        .iter()
        .flat_map(|facts| &facts.accounts.shown)
        .filter_map(|account| text::email::normalize(account))
        .map(Value::from)
        .collect();
    if emails.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "select s.email, m.group_id from staff s join group_member m on m.user_id = s.id where s.email in ({})",
        places(1, emails.len())
    );
    let read = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<Uuid>(1)?));
    let rows = connection.fetch(sql, emails, read).await?;
    for facts in all {
        let own = |email: &String| {
            facts.accounts.shown.iter().any(|account| text::email::normalize(account).as_ref() == Some(email))
        };
        facts.staff_groups = rows.iter().filter(|(email, _)| own(email)).map(|(_, group)| *group).collect();
    }
    Ok(())
}
