//! A schedule as people write it down, and everything that can be wrong with it.

use std::collections::HashSet;

use base::{Error, FieldError, Result, Words};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::production::{self, SpecialDay};
use crate::schedule::{Interval, Schedule};

/// When time counts: a week of intervals in a time zone, with days that differ from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleDefinition)]
pub struct Definition {
    /// IANA name, as `Europe/Moscow`. Everything below is by the clocks of this zone, with their changes.
    pub time_zone: String,
    /// Each weekday at most once; one that is not named, or has no intervals, is a day off.
    pub weekly: Vec<WeeklyDay>,
    /// Dates with hours of their own, each at most once; without intervals: a day off. They win over everything below. At most 2,000.
    #[serde(default)]
    pub exceptions: Vec<ExceptionDay>,
    /// The country whose production calendar holds, `ru`; null: none.
    #[serde(default)]
    pub production_calendar: Option<String>,
    /// Days of an imported calendar, each date at most once. They win over the production calendar. At most 2,000.
    #[serde(default)]
    pub days: Vec<SpecialDay>,
}

/// A day of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleWeeklyDay)]
pub struct WeeklyDay {
    pub day: Weekday,
    /// In any order, not overlapping, at most 24.
    pub intervals: Vec<Span>,
}

/// A date with hours of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleException)]
pub struct ExceptionDay {
    pub date: NaiveDate,
    /// As in a weekly day; empty: the date does not count.
    pub intervals: Vec<Span>,
    /// Why, for people. At most 200 characters.
    #[serde(default)]
    pub name: String,
}

/// A part of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleInterval)]
pub struct Span {
    /// `09:00` or `09:00:30`.
    pub from: String,
    /// As `from`; `24:00` is the end of the day. Not after `from`: it ends on the next day, as a night shift `22:00` to `06:00`
    /// does. The whole day is `00:00` to `24:00`.
    pub to: String,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleWeekday)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    #[serde(alias = "monday")]
    Mon,
    #[serde(alias = "tuesday")]
    Tue,
    #[serde(alias = "wednesday")]
    Wed,
    #[serde(alias = "thursday")]
    Thu,
    #[serde(alias = "friday")]
    Fri,
    #[serde(alias = "saturday")]
    Sat,
    #[serde(alias = "sunday")]
    Sun,
}

impl Weekday {
    pub const ALL: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

    /// From Monday, which is 0.
    pub fn index(self) -> usize {
        self as usize
    }
}

impl Definition {
    /// The schedule it says, or every fault of it. `at` is the path it stands at, for the names of fields.
    pub fn schedule(&self, at: &str) -> Result<Schedule> {
        let mut faults = Faults { at: if at.is_empty() { String::new() } else { format!("{at}.") }, found: Vec::new() };
        let zone = self.time_zone.parse::<Tz>();
        if zone.is_err() {
            let (ru, en) =
                ("Нет такого часового пояса. Пример: Europe/Moscow", "No such time zone. Example: Europe/Moscow");
            faults.add("time_zone", "bad_time_zone", ru, en);
        }
        let week = self.week(&mut faults);
        let exceptions = self.exceptions(&mut faults);
        self.check_days(&mut faults);
        let country = self.country(&mut faults);
        match zone {
            Ok(zone) if faults.found.is_empty() => {
                let of_country = country.map(|country| country.days()).unwrap_or_default();
                Ok(Schedule::new(zone, week).with_days(of_country).with_days(&self.days).with_exceptions(exceptions))
            }
            _ => Err(Error::Invalid(faults.found)),
        }
    }

    fn week(&self, faults: &mut Faults) -> [Vec<Interval>; 7] {
        let mut week: [Vec<Interval>; 7] = Default::default();
        let mut named = HashSet::new();
        for (index, day) in self.weekly.iter().enumerate() {
            let at = format!("weekly[{index}]");
            if !named.insert(day.day) {
                faults.add(format!("{at}.day"), "taken", "Этот день уже есть", "This day is there already");
            }
            week[day.day.index()] = intervals(&at, &day.intervals, faults);
        }
        week
    }

    fn exceptions(&self, faults: &mut Faults) -> Vec<(NaiveDate, Vec<Interval>, String)> {
        let mut named = HashSet::new();
        faults.limit("exceptions", self.exceptions.len());
        let checked = self.exceptions.iter().enumerate().map(|(index, day)| {
            let at = format!("exceptions[{index}]");
            faults.date(&at, day.date, &mut named);
            faults.name(&at, &day.name);
            (day.date, intervals(&at, &day.intervals, faults), day.name.clone())
        });
        checked.collect()
    }

    fn check_days(&self, faults: &mut Faults) {
        let mut named = HashSet::new();
        faults.limit("days", self.days.len());
        for (index, day) in self.days.iter().enumerate() {
            let at = format!("days[{index}]");
            faults.date(&at, day.date, &mut named);
            faults.name(&at, &day.name);
        }
    }

    fn country(&self, faults: &mut Faults) -> Option<&'static production::Country> {
        let code = self.production_calendar.as_deref()?;
        let country = production::country(code);
        if country.is_none() {
            let (ru, en) = ("Такого календаря нет. Есть: ru", "There is no such calendar. There is: ru");
            faults.add("production_calendar", "unknown", ru, en);
        }
        country
    }
}

/// What is wrong so far.
struct Faults {
    at: String,
    found: Vec<FieldError>,
}

impl Faults {
    fn add(&mut self, field: impl AsRef<str>, code: &'static str, ru: &'static str, en: &'static str) {
        let field = format!("{}{}", self.at, field.as_ref());
        self.found.push(FieldError { field, code, words: Words::new(ru, en) });
    }

    fn limit(&mut self, field: &str, count: usize) {
        if count > 2000 {
            self.add(field, "out_of_range", "Не больше 2000 дней", "At most 2,000 days");
        }
    }

    fn date(&mut self, at: &str, date: NaiveDate, named: &mut HashSet<NaiveDate>) {
        if !named.insert(date) {
            self.add(format!("{at}.date"), "taken", "Эта дата уже есть", "This date is there already");
        }
    }

    fn name(&mut self, at: &str, name: &str) {
        if name.chars().count() > 200 {
            self.add(format!("{at}.name"), "too_long", "Не больше 200 знаков", "At most 200 characters");
        }
    }
}

fn intervals(at: &str, spans: &[Span], faults: &mut Faults) -> Vec<Interval> {
    if spans.len() > 24 {
        faults.add(format!("{at}.intervals"), "out_of_range", "Не больше 24 промежутков", "At most 24 intervals");
        return Vec::new();
    }
    let mut read: Vec<(usize, Interval)> = Vec::new();
    for (index, span) in spans.iter().enumerate() {
        let at = format!("{at}.intervals[{index}]");
        let from = seconds(&span.from).filter(|from| *from < 86_400);
        let to = seconds(&span.to);
        if from.is_none() {
            let (ru, en) = ("Время от 00:00 до 23:59, например 09:00", "A time from 00:00 to 23:59, such as 09:00");
            faults.add(format!("{at}.from"), "bad_time", ru, en);
        }
        if to.is_none() {
            let (ru, en) = ("Время от 00:00 до 24:00, например 18:00", "A time from 00:00 to 24:00, such as 18:00");
            faults.add(format!("{at}.to"), "bad_time", ru, en);
        }
        let (Some(from), Some(to)) = (from, to) else { continue };
        if from == to {
            let ru = "Конец совпадает с началом. Круглые сутки — с 00:00 до 24:00";
            faults.add(format!("{at}.to"), "empty", ru, "It ends when it begins. Round the clock is 00:00 to 24:00");
            continue;
        }
        // An end that is not after the beginning is on the next day.
        let to = if to < from { to + 86_400 } else { to };
        read.push((index, Interval { from, to }));
    }
    read.sort_by_key(|(_, interval)| interval.from);
    for pair in read.windows(2) {
        if let [(_, before), (index, after)] = pair
            && after.from < before.to
        {
            let (ru, en) = ("Промежутки пересекаются", "The intervals overlap");
            faults.add(format!("{at}.intervals[{index}].from"), "overlaps", ru, en);
        }
    }
    read.into_iter().map(|(_, interval)| interval).collect()
}

/// `9:00`, `09:00` or `09:00:30` as seconds of the day; `24:00` is the last.
fn seconds(text: &str) -> Option<u32> {
    let mut parts = text.split(':');
    let mut part = |longest: usize, limit: u32| -> Option<u32> {
        let part = parts.next()?;
        let fine = part.len() <= 2 && part.len() >= longest && part.bytes().all(|byte| byte.is_ascii_digit());
        fine.then(|| part.parse().ok())?.filter(|value| *value <= limit)
    };
    let (hours, minutes) = (part(1, 24)?, part(2, 59)?);
    let seconds = if text.matches(':').count() == 2 { part(2, 59)? } else { 0 };
    let sum = hours * 3600 + minutes * 60 + seconds;
    (parts.next().is_none() && sum <= 86_400).then_some(sum)
}
