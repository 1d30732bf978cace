//! Working hours of something that names a schedule: the schedule's, or round the clock.

use std::collections::HashMap;

use base::{Language, Result, Timestamp};
use calendar::{Definition, Schedule};
use chrono::TimeDelta;
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::ScheduleId;
use super::entity::Entity;
use crate::setting;

/// Working hours that can be counted with.
#[derive(Clone, Debug)]
pub struct Hours {
    /// The schedule's zone, else the company's.
    pub zone: Tz,
    /// None: always.
    schedule: Option<Schedule>,
}

/// The hours by this schedule; without one it is always open.
pub async fn hours(connection: &impl ConnectionTrait, id: Option<ScheduleId>) -> Result<Hours> {
    let row = match id {
        Some(id) => Entity::find_by_id(id).one(connection).await?,
        None => None,
    };
    if let Some(row) = row {
        let schedule = serde_json::from_value::<Definition>(row.definition)?.schedule("definition")?;
        return Ok(Hours { zone: schedule.zone(), schedule: Some(schedule) });
    }
    let company = setting::company(connection).await?;
    Ok(Hours { zone: company.default_time_zone.parse().unwrap_or(Tz::UTC), schedule: None })
}

/// The hours by every schedule.
pub struct AllHours {
    by_schedule: HashMap<ScheduleId, Hours>,
    always: Hours,
}

pub async fn all_hours(connection: &impl ConnectionTrait) -> Result<AllHours> {
    let mut by_schedule = HashMap::new();
    for row in super::list(connection).await? {
        let schedule = serde_json::from_value::<Definition>(row.definition)?.schedule("definition")?;
        by_schedule.insert(row.id, Hours { zone: schedule.zone(), schedule: Some(schedule) });
    }
    Ok(AllHours { by_schedule, always: hours(connection, None).await? })
}

impl AllHours {
    /// Without a schedule: always.
    pub fn of(&self, id: Option<ScheduleId>) -> &Hours {
        id.and_then(|id| self.by_schedule.get(&id)).unwrap_or(&self.always)
    }
}

impl Hours {
    /// How much of the time from one moment to another is in them.
    pub fn counted(&self, from: Timestamp, to: Timestamp) -> TimeDelta {
        self.schedule.as_ref().map_or((to - from).max(TimeDelta::zero()), |schedule| schedule.between(from, to))
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        self.schedule.as_ref().is_none_or(|schedule| schedule.is_open(at))
    }

    /// When they next begin; none: they go on now, or never will.
    pub fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        self.schedule.as_ref().filter(|schedule| !schedule.is_open(now))?.opens(now)
    }

    /// The week: `Пн–Пт 9:00–18:00`, for a reader whose clock is of this zone.
    pub fn week(&self, now: Timestamp, reader: Option<Tz>, language: Language) -> String {
        match &self.schedule {
            Some(schedule) => schedule.week_in_words(now, reader, language),
            None => Schedule::always(self.zone).week_in_words(now, reader, language),
        }
    }

    /// When somebody answers: `завтра с 9:00`; what is said at other times fits the same sentence.
    pub fn next_open(&self, now: Timestamp, reader: Option<Tz>, language: Language) -> String {
        let closed = self.schedule.as_ref().and_then(|schedule| schedule.opening_in_words(now, reader, language));
        closed.unwrap_or_else(|| {
            let soon = match language {
                Language::Ru => "в ближайшее время",
                Language::En => "shortly",
            };
            soon.to_owned()
        })
    }
}

/// A zone by its name, as a page or a contact tells it.
pub fn zone_of(name: &str) -> Option<Tz> {
    name.parse().ok()
}
