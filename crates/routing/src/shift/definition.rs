//! Shifts and schedules as people write them down, and everything that can be wrong with them.

use std::collections::HashSet;

use base::{Error, FieldError, Result, Words};
use calendar::{Break, Roster, ShiftHours};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ShiftId;

const DAY: i64 = 24 * 60;

/// From when and how long a shift goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ShiftHours)]
pub struct Hours {
    /// By the clock of the schedule's zone, `09:00`.
    pub from: String,
    /// How long it takes with its breaks, 1 to 1440. Over midnight it still belongs to the day it begins on.
    pub minutes: i64,
    /// At most 12, inside of the shift, not overlapping.
    #[serde(default)]
    pub breaks: Vec<Pause>,
}

/// A part of a shift that is no work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ShiftBreak)]
pub struct Pause {
    /// `13:00`.
    pub from: String,
    pub minutes: i64,
}

/// Which shifts a schedule has on which days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = ShiftPattern)]
pub enum Pattern {
    /// Seven, from Monday; null: a day off.
    Week { shift_ids: Vec<Option<ShiftId>> },
    /// 1 to 366 days that repeat, counted from `first`, also backwards; null: a day off.
    Cycle { first: NaiveDate, shift_ids: Vec<Option<ShiftId>> },
}

/// A schedule of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkScheduleRule)]
pub struct Rule {
    /// IANA name, as `Europe/Moscow`: the clock its shifts go by.
    pub time_zone: String,
    pub pattern: Pattern,
    /// The country whose production calendar is meant below, `ru`; null: none.
    #[serde(default)]
    pub production_calendar: Option<String>,
    /// Holidays of that calendar are days off. A week also works on the working days it has moved.
    #[serde(default)]
    pub holidays: bool,
    /// Its short days end an hour earlier.
    #[serde(default)]
    pub short_days: bool,
    /// The first day it holds; null: always did.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// The last one; null: without an end.
    #[serde(default)]
    pub to: Option<NaiveDate>,
}

impl Pattern {
    pub fn shift_ids(&self) -> &[Option<ShiftId>] {
        match self {
            Pattern::Week { shift_ids } | Pattern::Cycle { shift_ids, .. } => shift_ids,
        }
    }
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, field: impl Into<String>, code: &'static str, ru: &'static str, en: &'static str) {
        self.0.push(FieldError { field: field.into(), code, words: Words::new(ru, en) });
    }

    fn none<T>(self, fine: T) -> Result<T> {
        if self.0.is_empty() { Ok(fine) } else { Err(Error::Invalid(self.0)) }
    }
}

impl Hours {
    /// As the engine counts them, or every fault of them. `at` is the field they stand in.
    pub fn check(&self, at: &str) -> Result<ShiftHours> {
        let mut faults = Faults::default();
        let from = minute(&self.from);
        let (ru, en) = ("Время от 00:00 до 23:59, например 09:00", "A time from 00:00 to 23:59, such as 09:00");
        if from.is_none() {
            faults.add(format!("{at}.from"), "bad_time", ru, en);
        }
        if !(1..=DAY).contains(&self.minutes) {
            let (ru, en) = ("Смена длится от минуты до 24 часов", "A shift takes a minute to 24 hours");
            faults.add(format!("{at}.minutes"), "out_of_range", ru, en);
        }
        if self.breaks.len() > 12 {
            faults.add(format!("{at}.breaks"), "out_of_range", "Не больше 12 перерывов", "At most 12 breaks");
        }
        let mut breaks: Vec<(i64, i64)> = Vec::new();
        for (index, pause) in self.breaks.iter().enumerate().take(12) {
            let at = format!("{at}.breaks[{index}]");
            let Some(begin) = minute(&pause.from) else {
                faults.add(format!("{at}.from"), "bad_time", ru, en);
                continue;
            };
            let after = (begin - from.unwrap_or(begin)).rem_euclid(DAY);
            let end = after.saturating_add(pause.minutes);
            if pause.minutes < 1 || end > self.minutes {
                let (ru, en) = ("Перерыв не помещается в смену", "The break does not fit into the shift");
                faults.add(format!("{at}.minutes"), "outside", ru, en);
            } else if breaks.iter().any(|(other, until)| after < *until && *other < end) {
                faults.add(format!("{at}.from"), "overlaps", "Перерывы пересекаются", "The breaks overlap");
            } else {
                breaks.push((after, end));
            }
        }
        if !breaks.is_empty() && breaks.iter().map(|(after, end)| end - after).sum::<i64>() >= self.minutes {
            let (ru, en) = ("Перерывы занимают всю смену", "The breaks take the whole shift");
            faults.add(format!("{at}.breaks"), "no_work", ru, en);
        }
        let narrow = |minutes: i64| u32::try_from(minutes).unwrap_or(0);
        let breaks = breaks.iter().map(|(after, end)| Break { after: narrow(*after), length: narrow(end - after) });
        let breaks = breaks.collect();
        faults.none(ShiftHours { from: narrow(from.unwrap_or(0)), length: narrow(self.minutes), breaks })
    }
}

impl Rule {
    /// As the engine counts it, or every fault of it. `known` are the shifts there are.
    pub fn check(&self, known: &HashSet<ShiftId>) -> Result<(Tz, Roster<ShiftId>)> {
        let mut faults = Faults::default();
        let zone = self.time_zone.parse::<Tz>();
        if zone.is_err() {
            faults.add("rule.time_zone", "unknown", "Нет такого часового пояса", "There is no such time zone");
        }
        let ids = self.pattern.shift_ids();
        if let Some(index) = ids.iter().position(|id| id.is_some_and(|id| !known.contains(&id))) {
            let field = format!("rule.pattern.shift_ids[{index}]");
            faults.add(field, "unknown", "Нет такой смены", "There is no such shift");
        }
        if ids.iter().all(Option::is_none) {
            let (ru, en) = ("Добавьте хотя бы одну смену", "Add a shift at least");
            faults.add("rule.pattern.shift_ids", "empty", ru, en);
        }
        let pattern = match &self.pattern {
            Pattern::Week { shift_ids } => {
                let mut week = [None; 7];
                if shift_ids.len() == 7 {
                    week.copy_from_slice(shift_ids);
                } else {
                    let (ru, en) = ("Нужно семь дней, с понедельника", "Seven days are needed, from Monday");
                    faults.add("rule.pattern.shift_ids", "out_of_range", ru, en);
                }
                calendar::Pattern::Week(week)
            }
            Pattern::Cycle { first, shift_ids } => {
                if shift_ids.len() > 366 {
                    let (ru, en) = ("Не больше 366 дней", "At most 366 days");
                    faults.add("rule.pattern.shift_ids", "out_of_range", ru, en);
                }
                calendar::Pattern::Cycle { first: *first, days: shift_ids.clone() }
            }
        };
        let country = self.production_calendar.as_deref().map(calendar::country);
        if country.is_some_and(|found| found.is_none()) {
            let (ru, en) = ("Такого календаря нет. Есть: ru", "There is no such calendar. There is: ru");
            faults.add("rule.production_calendar", "unknown", ru, en);
        }
        let first = match &self.pattern {
            Pattern::Cycle { first, .. } => Some(*first),
            Pattern::Week { .. } => None,
        };
        for (field, date) in [("rule.pattern.first", first), ("rule.from", self.from), ("rule.to", self.to)] {
            if let Some(date) = date
                && !sane(date)
            {
                faults.add(field, "out_of_range", "Год от 2000 до 2100", "A year from 2000 to 2100");
            }
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            let (ru, en) = ("Последний день раньше первого", "The last day is before the first one");
            faults.add("rule.to", "before_beginning", ru, en);
        }
        let special = country.flatten().map(|country| country.days()).unwrap_or_default();
        let (holidays, short_days) = (self.holidays, self.short_days);
        let roster = Roster { pattern, special, holidays, short_days, from: self.from, to: self.to };
        faults.none((zone.unwrap_or(Tz::UTC), roster))
    }
}

/// Dates are compared as texts, which holds for years of four digits.
pub(super) fn sane(date: NaiveDate) -> bool {
    (2000..=2100).contains(&date.year())
}

/// `9:00` or `09:00` as minutes after midnight.
fn minute(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, shortest: usize| {
        let fine = (shortest..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fine.then(|| text.parse::<i64>().ok())?
    };
    let (hours, minutes) = (number(hours, 1)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(hours: &Hours) -> Vec<(String, &'static str)> {
        match hours.check("hours") {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(found)) => found.into_iter().map(|fault| (fault.field, fault.code)).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    fn hours(from: &str, minutes: i64, breaks: &[(&str, i64)]) -> Hours {
        let breaks = breaks.iter().map(|(from, minutes)| Pause { from: (*from).to_owned(), minutes: *minutes });
        Hours { from: from.to_owned(), minutes, breaks: breaks.collect() }
    }

    #[test]
    fn every_fault_names_its_field() {
        assert!(faults(&hours("21:00", 720, &[("01:00", 30), ("04:30", 15)])).is_empty());
        let night = hours("21:00", 720, &[("01:00", 30)]).check("").unwrap();
        assert_eq!(night, ShiftHours { from: 1260, length: 720, breaks: vec![Break { after: 240, length: 30 }] });
        assert_eq!(
            faults(&hours("24:00", 0, &[])),
            [("hours.from".to_owned(), "bad_time"), ("hours.minutes".to_owned(), "out_of_range")]
        );
        assert_eq!(
            faults(&hours("9:00", 1441, &[("9:5", 1)])),
            [("hours.minutes".to_owned(), "out_of_range"), ("hours.breaks[0].from".to_owned(), "bad_time")]
        );
        let tight =
            hours("09:00", 540, &[("13:00", 60), ("13:30", 10), ("17:30", 60), ("08:00", 30), ("12:00", i64::MAX)]);
        assert_eq!(
            faults(&tight),
            [
                ("hours.breaks[1].from".to_owned(), "overlaps"),
                ("hours.breaks[2].minutes".to_owned(), "outside"),
                ("hours.breaks[3].minutes".to_owned(), "outside"),
                ("hours.breaks[4].minutes".to_owned(), "outside")
            ]
        );
        assert_eq!(faults(&hours("09:00", 60, &[("09:00", 60)])), [("hours.breaks".to_owned(), "no_work")]);
    }
}
