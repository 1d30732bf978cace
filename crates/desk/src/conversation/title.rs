//! What a conversation is called when it begins: by the template of its line, else by its subject or the client's first
//! words. Whoever names one by hand is not asked for the template.
//!
//! Invariant: letters keep the subject their client knows; the title is for staff.

use base::{LineId, Result, Timestamp, Words};
use db::Tx;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{Channel, Model};
use crate::{line, message, setting, template};

/// Longer ones are cut, as a name given by hand is.
const LONGEST: usize = 500;

/// What a template may name.
pub(super) struct Facts<'a> {
    pub client: &'a str,
    pub channel: Channel,
    pub number: i64,
    /// The subject, or the first words.
    pub subject: &'a str,
}

/// The title of a conversation that begins now.
pub(super) async fn of(tx: &Tx, line_id: LineId, facts: Facts<'_>) -> Result<String> {
    let line = line::Entity::find_by_id(line_id).one(tx).await?;
    let Some(line) = line.filter(|line| !line.conversation_title.is_empty()) else {
        return Ok(facts.subject.to_owned());
    };
    let company = setting::company(tx).await?;
    let title = template::fill(&line.conversation_title, |name| {
        Some(match name {
            "line" => line.name.clone(),
            "client" => facts.client.to_owned(),
            "channel" => channel_title(facts.channel).get(company.default_locale).to_owned(),
            "date" => day(tx.now(), &company),
            "subject" => facts.subject.to_owned(),
            "number" => facts.number.to_string(),
            _ => return None,
        })
    });
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(if title.is_empty() { facts.subject.to_owned() } else { title.chars().take(LONGEST).collect() })
}

/// The subject of letters in this conversation: where a template names conversations, that of the client's last letter.
pub async fn of_letters(connection: &impl ConnectionTrait, conversation: &Model, line: &line::Model) -> Result<String> {
    // Of several clients' letters none names the conversation for the others.
    if line.conversation_title.is_empty() || conversation.is_group() {
        return Ok(conversation.subject.clone());
    }
    let last: Option<Option<String>> = message::Entity::find()
        .select_only()
        .column(message::Column::Subject)
        .filter(message::Column::ConversationId.eq(conversation.id))
        .filter(message::Column::Kind.eq(message::Kind::Inbound))
        .filter(message::Column::Channel.eq(Channel::Email))
        .order_by_desc(message::Column::CreatedAt)
        .order_by_desc(message::Column::Id)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    let known = last.flatten().filter(|subject| !subject.trim().is_empty());
    Ok(known.unwrap_or_else(|| conversation.subject.clone()))
}

/// The day it is at the company.
fn day(now: Timestamp, company: &setting::Company) -> String {
    let zone: chrono_tz::Tz = company.default_time_zone.parse().unwrap_or(chrono_tz::UTC);
    let format = Words::new("%d.%m.%Y", "%Y-%m-%d");
    now.with_timezone(&zone).format(format.get(company.default_locale)).to_string()
}

fn channel_title(channel: Channel) -> Words {
    match channel {
        Channel::Email => Words::new("Почта", "Mail"),
        Channel::Manual => Words::new("Записано вручную", "Written down"),
        Channel::Chat => Words::new("Чат на сайте", "Site chat"),
        Channel::Telegram => Words::new("Telegram", "Telegram"),
        Channel::Vk => Words::new("ВКонтакте", "VK"),
        Channel::Max => Words::new("MAX", "MAX"),
        Channel::Whatsapp => Words::new("WhatsApp", "WhatsApp"),
        Channel::Viber => Words::new("Viber", "Viber"),
        Channel::Custom => Words::new("Мессенджер", "Messenger"),
        Channel::Form => Words::new("Веб-форма", "Web form"),
        Channel::Group => Words::new("Групповой разговор", "Group conversation"),
    }
}

#[cfg(test)]
mod tests {
    use crate::template::fill;

    #[test]
    fn known_variables_are_filled_in_once() {
        let check = |template: &str, expected: &str| {
            let value = |name: &str| (name == "client").then(|| "Анна {{client}}".to_owned());
            assert_eq!(fill(template, value), expected);
        };
        check("{{client}} – {{ client }}", "Анна {{client}} – Анна {{client}}");
        check("{{cleint}}, {{client", "{{cleint}}, {{client");
        check("", "");
    }
}
