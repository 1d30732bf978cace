//! What clients read of a line's working hours.

use base::{ContactId, ConversationId, Language, Result, Timestamp};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::Model;
use crate::schedule::{self, Hours};
use crate::{contact, setting, template, visit};

/// The words of `{{hours}}` and `{{next_open}}`.
#[derive(Clone, Debug, Default)]
pub struct SaidHours {
    pub week: String,
    pub next_open: String,
}

impl SaidHours {
    pub fn new(hours: &Hours, now: Timestamp, reader: Option<Tz>, language: Language) -> Self {
        SaidHours { week: hours.week(now, reader, language), next_open: hours.next_open(now, reader, language) }
    }

    /// The value of a variable of these.
    pub fn value(&self, name: &str) -> Option<String> {
        match name {
            "hours" => Some(self.week.clone()),
            "next_open" => Some(self.next_open.clone()),
            _ => None,
        }
    }
}

/// The words for what one client reads, in the company's language and by his own clock when it is known.
async fn said_hours(
    connection: &impl ConnectionTrait,
    line: &Model,
    contact_id: ContactId,
    conversation_id: ConversationId,
    now: Timestamp,
) -> Result<SaidHours> {
    let hours = schedule::hours(connection, line.schedule_id).await?;
    let visited = visit::Entity::find_by_id(conversation_id).one(connection).await?.map(|visit| visit.time_zone);
    let known = match visited.filter(|zone| !zone.is_empty()) {
        Some(zone) => Some(zone),
        None => contact::Entity::find_by_id(contact_id).one(connection).await?.and_then(|contact| contact.time_zone),
    };
    let reader = known.as_deref().and_then(schedule::zone_of);
    let language = setting::company(connection).await?.default_locale;
    Ok(SaidHours::new(&hours, now, reader, language))
}

/// The words, if the text names them: most texts do not, and then nothing is read.
pub async fn said_in(
    connection: &impl ConnectionTrait,
    text: &str,
    line: &Model,
    contact_id: ContactId,
    conversation_id: ConversationId,
    now: Timestamp,
) -> Result<SaidHours> {
    if names_hours(text) {
        return said_hours(connection, line, contact_id, conversation_id, now).await;
    }
    Ok(SaidHours::default())
}

fn names_hours(text: &str) -> bool {
    let named = std::cell::Cell::new(false);
    template::fill(text, |name| {
        named.set(named.get() || matches!(name, "hours" | "next_open"));
        None
    });
    named.get()
}
