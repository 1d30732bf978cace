//! When somebody answers: a week of opening hours in a time zone.

use chrono::{DateTime, Datelike, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A week. A day that is not named is closed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkingHours {
    /// IANA name, as `Europe/Moscow`.
    pub time_zone: String,
    #[serde(default)]
    pub mon: Vec<Span>,
    #[serde(default)]
    pub tue: Vec<Span>,
    #[serde(default)]
    pub wed: Vec<Span>,
    #[serde(default)]
    pub thu: Vec<Span>,
    #[serde(default)]
    pub fri: Vec<Span>,
    #[serde(default)]
    pub sat: Vec<Span>,
    #[serde(default)]
    pub sun: Vec<Span>,
}

/// From and to, as `09:00`; `24:00` is the end of the day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Span(pub String, pub String);

impl WorkingHours {
    fn days(&self) -> [(&'static str, &[Span]); 7] {
        [
            ("mon", &self.mon),
            ("tue", &self.tue),
            ("wed", &self.wed),
            ("thu", &self.thu),
            ("fri", &self.fri),
            ("sat", &self.sat),
            ("sun", &self.sun),
        ]
    }

    fn of(&self, day: Weekday) -> &[Span] {
        self.days()[day.num_days_from_monday() as usize].1
    }

    /// What is wrong: the path of the wrong value.
    pub fn fault(&self) -> Option<String> {
        if self.time_zone.parse::<Tz>().is_err() {
            return Some("time_zone".to_owned());
        }
        for (name, spans) in self.days() {
            for (index, span) in spans.iter().enumerate() {
                match (minute(&span.0), minute(&span.1)) {
                    (Some(from), Some(to)) if from < to => {}
                    _ => return Some(format!("{name}[{index}]")),
                }
            }
        }
        None
    }

    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let Ok(zone) = self.time_zone.parse::<Tz>() else { return true };
        let here = now.with_timezone(&zone);
        let minutes = minutes_of(here.time());
        self.of(here.weekday())
            .iter()
            .any(|span| minute(&span.0).zip(minute(&span.1)).is_some_and(|(from, to)| from <= minutes && minutes < to))
    }

    /// The week in words: `Пн–Пт 9:00–18:00, Сб 10:00–14:00`.
    pub fn words(&self, language: base::Language) -> String {
        let names = match language {
            base::Language::Ru => ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
            base::Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        let days = self.days();
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for index in 0..days.len() {
            match groups.last_mut() {
                Some((first, last)) if days[*first].1 == days[index].1 => *last = index,
                _ => groups.push((index, index)),
            }
        }
        let open = groups.into_iter().filter(|(first, _)| !days[*first].1.is_empty());
        let said = open.map(|(first, last)| {
            let spans: Vec<String> = days[first].1.iter().map(|span| format!("{}–{}", span.0, span.1)).collect();
            let name =
                if first == last { names[first].to_owned() } else { format!("{}–{}", names[first], names[last]) };
            format!("{name} {}", spans.join(", "))
        });
        said.collect::<Vec<_>>().join("; ")
    }
}

fn minutes_of(time: NaiveTime) -> u32 {
    chrono::Timelike::num_seconds_from_midnight(&time) / 60
}

fn minute(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let fine = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !fine(hours) || minutes.len() != 2 || !fine(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use base::Language;
    use serde_json::json;

    use super::*;

    fn week() -> WorkingHours {
        let office = json!([["09:00", "18:00"]]);
        serde_json::from_value(json!({
            "time_zone": "Europe/Moscow", "mon": office, "tue": office, "wed": office, "thu": office, "fri": office,
            "sat": [["10:00", "12:00"], ["13:00", "24:00"]],
        }))
        .unwrap()
    }

    fn open(at: &str) -> bool {
        week().is_open(at.parse().unwrap())
    }

    #[test]
    fn a_week_is_open_by_the_clock_of_its_zone() {
        assert!(open("2026-11-23T06:00:00Z"), "Monday, 9 in Moscow");
        assert!(!open("2026-11-23T05:59:00Z"));
        assert!(!open("2026-11-23T15:00:00Z"), "18 in Moscow");
        assert!(open("2026-11-28T20:59:00Z"), "Saturday until midnight");
        assert!(!open("2026-11-28T09:30:00Z"), "the break");
        assert!(!open("2026-11-29T09:30:00Z"), "Sunday");
    }

    #[test]
    fn a_week_is_said_in_words() {
        assert_eq!(week().words(Language::Ru), "Пн–Пт 09:00–18:00; Сб 10:00–12:00, 13:00–24:00");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |change: fn(&mut WorkingHours)| {
            let mut week = week();
            change(&mut week);
            week.fault()
        };
        assert_eq!(wrong(|_| {}), None);
        assert_eq!(wrong(|week| week.time_zone = "Mars/Base".to_owned()).as_deref(), Some("time_zone"));
        assert_eq!(wrong(|week| week.sat[1].1 = "24:01".to_owned()).as_deref(), Some("sat[1]"));
        assert_eq!(wrong(|week| week.mon[0] = Span("18:00".into(), "09:00".into())).as_deref(), Some("mon[0]"));
    }
}
