//! When somebody answers in the chat: by the line's working hours, by a schedule of the chat's own, or always.

use app::App;
use base::{Language, Result, Timestamp};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use desk::line::SaidHours;
use desk::schedule::{self, Hours, ScheduleId};
use desk::{channel, line, setting, template};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::api::door::Site;

/// What the setting `hours` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Always,
    Line,
    Schedule(ScheduleId),
}

impl Which {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" | "line" => Some(Which::Line),
            "always" => Some(Which::Always),
            id => id.parse().ok().map(Which::Schedule),
        }
    }

    /// Of a channel as it is stored.
    pub fn schedule_of(channel: &channel::Model) -> Option<ScheduleId> {
        match Which::parse(channel.settings["hours"].as_str()?)? {
            Which::Schedule(id) if channel.kind == channel::Kind::Chat => Some(id),
            _ => None,
        }
    }
}

/// The hours of a chat, and whether visitors may read them.
pub(super) struct ChatHours {
    pub hours: Hours,
    pub published: bool,
}

pub(super) async fn of(connection: &impl ConnectionTrait, site: &Site) -> Result<ChatHours> {
    let (schedule_id, published) = match site.settings.hours {
        Which::Always => (None, false),
        Which::Schedule(id) => (Some(id), true),
        Which::Line => {
            let line = line::Entity::find_by_id(site.channel.line_id).one(connection).await?;
            line.map_or((None, false), |line| (line.schedule_id, line.publish_hours))
        }
    };
    Ok(ChatHours { hours: schedule::hours(connection, schedule_id).await?, published })
}

/// The text for outside working hours with its variables filled in, in the language it is written in.
pub(super) async fn offline_text(
    connection: &impl ConnectionTrait,
    site: &Site,
    hours: &Hours,
    now: Timestamp,
    reader: Option<Tz>,
) -> Result<String> {
    let language = match site.settings.locale {
        Some(language) => language,
        None => setting::company(connection).await?.default_locale,
    };
    let said = SaidHours::new(hours, now, reader, language);
    Ok(template::fill(&site.settings.offline_text, |name| said.value(name)))
}

/// When the chat is answered, for whoever shows it on the site.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SiteHours)]
pub(super) struct SiteHours {
    /// Somebody answers now.
    online: bool,
    /// When somebody will; null: somebody does now, or the hours are not published.
    opens_at: Option<DateTime<Utc>>,
    /// `Ответим завтра с 9:00`, by the asker's clock; empty with `opens_at` null.
    opens_text: String,
    /// The week, `Пн–Пт 9:00–18:00`; empty: always, or not published.
    working_hours_text: String,
    /// IANA name of the zone the hours are kept in; null: not published.
    time_zone: Option<String>,
}

impl ChatHours {
    pub fn view(&self, now: Timestamp, reader: Option<Tz>, language: Language) -> SiteHours {
        let ChatHours { hours, published } = self;
        let opens_at = hours.opens(now).filter(|_| *published);
        let opens_text = match opens_at {
            Some(_) => will_answer(&hours.next_open(now, reader, language), language),
            None => String::new(),
        };
        SiteHours {
            online: hours.is_open(now),
            opens_at,
            opens_text,
            working_hours_text: if *published { hours.week(now, reader, language) } else { String::new() },
            time_zone: published.then(|| hours.zone.name().to_owned()),
        }
    }
}

impl SiteHours {
    /// Whether somebody answers, the week, and when somebody will: as the configuration tells them.
    pub fn into_parts(self) -> (bool, String, String) {
        (self.online, self.working_hours_text, self.opens_text)
    }
}

fn will_answer(next_open: &str, language: Language) -> String {
    match language {
        Language::Ru => format!("Ответим {next_open}"),
        Language::En => format!("We will answer {next_open}"),
    }
}

/// The hours for a visitor whose clock is of this zone.
pub(super) async fn view(app: &App, site: &Site, reader: Option<Tz>, language: Language) -> Result<SiteHours> {
    let hours = of(app.db.read(), site).await?;
    Ok(hours.view(app.now(), reader, site.settings.locale.unwrap_or(language)))
}
