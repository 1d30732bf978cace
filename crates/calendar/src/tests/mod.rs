//! What schedules count, by tables, by properties, and around every change of clocks.

mod definitions;
mod imports;
mod pieces;
mod properties;
mod rosters;
mod tables;
mod words;
mod zones;

use base::Timestamp;
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::{Definition, ExceptionDay, Schedule, Span, Weekday, WeeklyDay};

/// `09:00-13:00 14:00-18:00`.
pub fn spans(text: &str) -> Vec<Span> {
    let span = |text: &str| {
        let (from, to) = text.split_once('-').unwrap();
        Span { from: from.to_owned(), to: to.to_owned() }
    };
    text.split_whitespace().map(span).collect()
}

/// `mon-fri` with the hours of each.
pub fn definition(zone: &str, week: &[(&str, &str)], exceptions: &[(&str, &str)]) -> Definition {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let index = |name: &str| names.iter().position(|known| *known == name).unwrap();
    let weekly = week.iter().flat_map(|(days, hours)| {
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        (index(first)..=index(last)).map(|day| WeeklyDay { day: Weekday::ALL[day], intervals: spans(hours) })
    });
    let exception = |(date, hours): &(&str, &str)| ExceptionDay {
        date: date.parse().unwrap(),
        intervals: spans(hours),
        name: String::new(),
    };
    Definition {
        time_zone: zone.to_owned(),
        weekly: weekly.collect(),
        exceptions: exceptions.iter().map(exception).collect(),
        ..Definition::default()
    }
}

pub fn schedule(zone: &str, week: &[(&str, &str)], exceptions: &[(&str, &str)]) -> Schedule {
    definition(zone, week, exceptions).schedule("").unwrap()
}

/// Monday to Friday, 9 to 18, lunch from 13 to 14.
pub fn office() -> Schedule {
    schedule("Europe/Moscow", &[("mon-fri", "09:00-13:00 14:00-18:00")], &[])
}

/// `2026-12-30 13:50` by the clock of the zone, or a moment with its offset where the clock shows it twice.
pub fn at(zone: Tz, text: &str) -> Timestamp {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return moment.to_utc();
    }
    let long = if text.matches(':').count() == 1 { format!("{text}:00") } else { text.to_owned() };
    let local: NaiveDateTime = long.replace(' ', "T").parse().unwrap();
    zone.from_local_datetime(&local).single().unwrap_or_else(|| panic!("{text} is not one moment in {zone}")).to_utc()
}

/// `1h30m`, `45s`, `2h`.
pub fn length(text: &str) -> TimeDelta {
    let mut seconds = 0;
    let mut number = 0;
    for letter in text.chars() {
        match letter {
            'd' => seconds += std::mem::take(&mut number) * 86_400,
            'h' => seconds += std::mem::take(&mut number) * 3600,
            'm' => seconds += std::mem::take(&mut number) * 60,
            's' => seconds += std::mem::take(&mut number),
            digit => number = number * 10 + i64::from(digit.to_digit(10).unwrap()),
        }
    }
    TimeDelta::seconds(seconds)
}
