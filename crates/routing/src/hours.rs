//! A week of service hours in a time zone, with days that differ. Pure.

use base::{FieldError, Timestamp, Words};
use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::attributes::WEEKDAYS;

/// When a line serves its clients. A day without spans is closed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LineHours)]
pub struct Hours {
    /// IANA name, as `Europe/Moscow`.
    pub time_zone: String,
    #[serde(default)]
    pub weekly: Vec<Day>,
    /// Days that differ: holidays, short days, working Saturdays.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
}

/// A day of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LineHoursDay)]
pub struct Day {
    /// `mon` to `sun`.
    pub day: String,
    pub spans: Vec<Span>,
}

/// A day of the calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LineHoursException)]
pub struct Exception {
    pub date: NaiveDate,
    /// Empty: closed all day.
    pub spans: Vec<Span>,
    /// `Новый год`.
    #[serde(default)]
    pub name: String,
}

/// From and to by the clock of the zone, as `09:00`; `24:00` is the end of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LineHoursSpan)]
pub struct Span {
    pub from: String,
    pub to: String,
}

/// Exceptions beyond this are a mistake.
const MOST_EXCEPTIONS: usize = 1_000;

impl Hours {
    /// Everything that is wrong, by its place.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: String, code: &'static str, ru: &'static str, en: &'static str| {
            errors.push(FieldError { field, code, words: Words::new(ru, en) });
        };
        if self.time_zone.parse::<Tz>().is_err() {
            let (ru, en) = ("Нет такого часового пояса", "There is no such time zone");
            wrong("time_zone".to_owned(), "bad_time_zone", ru, en);
        }
        let mut seen = Vec::new();
        for (index, day) in self.weekly.iter().enumerate() {
            let place = format!("weekly[{index}]");
            if !WEEKDAYS.iter().any(|(code, _)| *code == day.day) || seen.contains(&&day.day) {
                let (ru, en) = ("Нужен день недели, каждый по разу", "A day of the week is needed, each once");
                wrong(format!("{place}.day"), "bad_day", ru, en);
            }
            seen.push(&day.day);
            check_spans(&day.spans, &place, &mut wrong);
        }
        let mut dates = Vec::new();
        for (index, exception) in self.exceptions.iter().enumerate() {
            let place = format!("exceptions[{index}]");
            if dates.contains(&exception.date) {
                wrong(format!("{place}.date"), "taken", "Эта дата уже есть", "This date is there already");
            }
            dates.push(exception.date);
            if exception.name.chars().count() > 200 {
                wrong(format!("{place}.name"), "too_long", "Не больше 200 знаков", "At most 200 characters");
            }
            check_spans(&exception.spans, &place, &mut wrong);
        }
        if self.exceptions.len() > MOST_EXCEPTIONS {
            let (ru, en) = ("Не больше 1000 особых дней", "At most 1,000 special days");
            wrong("exceptions".to_owned(), "too_many", ru, en);
        }
        errors
    }

    /// Whether the line serves at this moment.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let Ok(zone) = self.time_zone.parse::<Tz>() else { return true };
        let here = DateTime::with_timezone(&at, &zone);
        let minute = here.hour() * 60 + here.minute();
        self.spans_of(here.date_naive()).iter().any(|span| {
            minute_of(&span.from).zip(minute_of(&span.to)).is_some_and(|(from, to)| (from..to).contains(&minute))
        })
    }

    /// The exception's spans, else the weekday's.
    fn spans_of(&self, date: NaiveDate) -> &[Span] {
        if let Some(exception) = self.exceptions.iter().find(|exception| exception.date == date) {
            return &exception.spans;
        }
        let code = WEEKDAYS[date.weekday().num_days_from_monday() as usize].0;
        self.weekly.iter().find(|day| day.day == code).map(|day| day.spans.as_slice()).unwrap_or_default()
    }
}

/// The clock of a line: its zone, and its hours when it has any.
#[derive(Clone, Debug)]
pub struct LineClock {
    pub zone: Tz,
    pub hours: Option<Hours>,
}

impl LineClock {
    /// The line's own zone, else the company's.
    pub fn new(hours: Option<Hours>, company_zone: &str) -> Self {
        let own = hours.as_ref().and_then(|hours| hours.time_zone.parse().ok());
        LineClock { zone: own.or_else(|| company_zone.parse().ok()).unwrap_or(Tz::UTC), hours }
    }

    /// A line without hours is always there.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.hours.as_ref().is_none_or(|hours| hours.is_open(at))
    }
}

fn check_spans(spans: &[Span], place: &str, wrong: &mut impl FnMut(String, &'static str, &'static str, &'static str)) {
    let mut end = 0;
    for (index, span) in spans.iter().enumerate() {
        let place = format!("{place}.spans[{index}]");
        let (from, to) = (minute_of(&span.from), minute_of(&span.to));
        let (ru, en) = ("Нужно время, например 09:00", "A time is needed, such as 09:00");
        if from.is_none() {
            wrong(format!("{place}.from"), "bad_time", ru, en);
        }
        if to.is_none() {
            wrong(format!("{place}.to"), "bad_time", ru, en);
        }
        let (Some(from), Some(to)) = (from, to) else { continue };
        if from >= to {
            wrong(
                format!("{place}.to"),
                "not_after",
                "Конец должен быть позже начала",
                "The end must come after the beginning",
            );
        } else if from < end {
            wrong(format!("{place}.from"), "overlaps", "Промежутки пересекаются", "The spans overlap");
        }
        end = end.max(to);
    }
}

/// `09:30` as a minute of the day; `24:00` is its end.
pub fn minute_of(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let fine = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=2).contains(&hours.len()) || minutes.len() != 2 || !fine(hours) || !fine(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn hours(change: impl FnOnce(&mut Value)) -> Hours {
        let office = json!([{"from": "09:00", "to": "13:00"}, {"from": "14:00", "to": "18:00"}]);
        let weekly: Vec<Value> =
            ["mon", "tue", "wed", "thu", "fri"].iter().map(|day| json!({"day": day, "spans": office})).collect();
        let mut value = json!({"time_zone": "Europe/Moscow", "weekly": weekly, "exceptions": [
            {"date": "2026-12-30", "spans": [{"from": "09:00", "to": "14:00"}]},
            {"date": "2026-12-31", "spans": [], "name": "Новый год"},
        ]});
        change(&mut value);
        serde_json::from_value(value).unwrap()
    }

    fn check(at: &str, expected: bool) {
        assert_eq!(hours(|_| {}).is_open(at.parse().unwrap()), expected, "{at}");
    }

    #[test]
    fn a_line_is_open_by_its_own_clock() {
        check("2026-11-23T06:00:00Z", true);
        check("2026-11-23T05:59:59Z", false);
        check("2026-11-23T10:30:00Z", false);
        check("2026-11-23T15:00:00Z", false);
        check("2026-11-28T09:00:00Z", false);
    }

    #[test]
    fn a_special_day_goes_before_its_weekday() {
        check("2026-12-30T10:30:00Z", true);
        check("2026-12-30T11:00:00Z", false);
        check("2026-12-31T08:00:00Z", false);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let wrong = |change: fn(&mut Value)| {
            hours(change)
                .faults()
                .into_iter()
                .map(|error| format!("{} {}", error.field, error.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(|_| {}), Vec::<String>::new());
        assert_eq!(wrong(|all| all["time_zone"] = json!("Mars/Base")), ["time_zone bad_time_zone"]);
        assert_eq!(wrong(|all| all["weekly"][1]["day"] = json!("mon")), ["weekly[1].day bad_day"]);
        assert_eq!(
            wrong(|all| all["weekly"][2]["spans"][0]["to"] = json!("25:00")),
            ["weekly[2].spans[0].to bad_time"]
        );
        assert_eq!(
            wrong(|all| all["weekly"][0]["spans"][1]["from"] = json!("12:00")),
            ["weekly[0].spans[1].from overlaps"]
        );
        assert_eq!(wrong(|all| all["exceptions"][1]["date"] = json!("2026-12-30")), ["exceptions[1].date taken"]);
    }
}
