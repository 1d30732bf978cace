//! What a rule says to the client at once, and what it sets.
//!
//! Invariant: a machine is never answered, and by mail a client hears such a reply at most once an hour, so two robots
//! cannot keep each other awake.

use base::Result;
use chrono::Duration;
use db::{Fetch, Row, Tx};
use desk::conversation::{self, Automatically, Channel, participant};
use desk::line::SaidHours;
use desk::message::{self, Automatic};
use desk::people::{Address, Recipients};
use desk::{line, setting, template};

use crate::rule::AutoReply;

/// What the texts of a rule may name.
pub(super) struct Variables<'a> {
    pub client: &'a str,
    pub operator: &'a str,
    pub line: &'a line::Model,
    pub company: &'a str,
    pub number: i64,
    pub subject: &'a str,
    pub hours: SaidHours,
}

impl Variables<'_> {
    pub fn fill(&self, text: &str) -> String {
        template::fill(text, |name| self.value(name))
    }

    fn value(&self, name: &str) -> Option<String> {
        Some(match name {
            "client" => self.client.to_owned(),
            "operator" => self.operator.to_owned(),
            "line" => self.line.public_name.clone(),
            "company" => self.company.to_owned(),
            "number" => self.number.to_string(),
            "subject" => self.subject.to_owned(),
            _ => return self.hours.value(name),
        })
    }
}

pub(super) async fn company_name(tx: &Tx) -> Result<String> {
    Ok(setting::company(tx).await?.company_name)
}

/// Says it, unless nobody is there who could hear it.
pub(super) async fn say(
    tx: &Tx,
    conversation: &conversation::Model,
    reply: &AutoReply,
    variables: &Variables<'_>,
) -> Result<()> {
    let mut what = Automatically {
        kind: Automatic::Acknowledgement,
        subject: None,
        text: variables.fill(&reply.text),
        recipients: Recipients::default(),
        extra: message::Extra::default(),
    };
    if conversation.chat_id.is_none() {
        let Some(to) = by_mail(tx, conversation).await? else { return Ok(()) };
        what.recipients = Recipients { to: vec![to], cc: Vec::new() };
        what.subject = Some(format!("Re: {}", conversation::of_letters(tx, conversation, variables.line).await?));
    }
    conversation::say(tx, conversation, what).await.map(drop)
}

/// The client's address, if a program may write to it now.
async fn by_mail(tx: &Tx, conversation: &conversation::Model) -> Result<Option<Address>> {
    if !matches!(conversation.channel, Channel::Email | Channel::Form) {
        return Ok(None);
    }
    let client =
        participant::of(tx, conversation.id).await?.into_iter().find(|one| one.part == participant::Part::Client);
    let Some(client) = client.filter(|client| !is_robot(&client.address)) else { return Ok(None) };
    if wrote_automatically(tx, conversation).await? || heard_lately(tx, conversation).await? {
        return Ok(None);
    }
    Ok(Some(Address { name: Some(client.name).filter(|name| !name.is_empty()), address: client.address }))
}

/// Addresses that nobody reads.
fn is_robot(address: &str) -> bool {
    let local: String = address.split('@').next().unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect();
    ["noreply", "donotreply", "mailerdaemon", "postmaster", "bounce"].iter().any(|word| local.contains(word))
}

/// Whether the last message came from a program or a mailing list (RFC 3834, 2).
async fn wrote_automatically(tx: &Tx, conversation: &conversation::Model) -> Result<bool> {
    let sql = "select m.automatic, s.headers from message m left join message_source s on s.message_id = m.id \
        where m.conversation_id = $1 and m.kind = 'inbound' order by m.created_at desc, m.id desc limit 1";
    let read = |row: &Row<'_>| Ok((row.get::<Option<String>>(0)?, row.get::<Option<serde_json::Value>>(1)?));
    let last = tx.fetch(sql.to_owned(), vec![conversation.id.0.into()], read).await?.pop();
    let Some((automatic, headers)) = last else { return Ok(false) };
    let headers: Vec<(String, String)> = headers.map(serde_json::from_value).transpose()?.unwrap_or_default();
    let told = headers.iter().any(|(name, value)| {
        let value = value.trim().to_lowercase();
        match name.to_lowercase().as_str() {
            "auto-submitted" => value != "no",
            "precedence" => matches!(value.as_str(), "bulk" | "list" | "junk"),
            "list-id" | "list-unsubscribe" | "x-otklik" => true,
            _ => false,
        }
    });
    Ok(automatic.is_some() || told)
}

/// Whether we have said something automatic to this client within the last hour.
async fn heard_lately(tx: &Tx, conversation: &conversation::Model) -> Result<bool> {
    let sql = "select 1 from message m join conversation c on c.id = m.conversation_id where c.contact_id = $1 \
        and m.kind = 'outbound' and m.automatic is not null and m.channel = 'email' and m.created_at > $2 limit 1";
    let values = vec![conversation.contact_id.0.into(), (tx.now() - Duration::hours(1)).into()];
    Ok(!tx.fetch(sql.to_owned(), values, |_| Ok(())).await?.is_empty())
}
