//! Quiet hours: from one time of the day to another, over midnight too, by the clock where the person is.

use base::{Error, Result, Timestamp};
use chrono::Timelike;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// When nothing sounds, pops up or is pushed, by your own time zone. What comes then waits in the feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = QuietHours)]
pub(crate) struct Quiet {
    /// `22:00`.
    pub from: String,
    /// `08:00`; earlier than `from`: of the next day.
    pub until: String,
}

/// The same in minutes after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub from: i64,
    pub until: i64,
}

impl Span {
    pub fn read(quiet: &Quiet) -> Result<Self> {
        let wrong = |field| Error::invalid(field, "bad_time", "Время вида 22:00", "A time such as 22:00");
        let from = minute(&quiet.from).ok_or_else(|| wrong("quiet.from"))?;
        let until = minute(&quiet.until).ok_or_else(|| wrong("quiet.until"))?;
        if from == until {
            let (ru, en) = ("Конец должен отличаться от начала", "The end must differ from the beginning");
            return Err(Error::invalid("quiet.until", "same", ru, en));
        }
        Ok(Span { from, until })
    }

    pub fn words(self) -> Quiet {
        let time = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        Quiet { from: time(self.from), until: time(self.until) }
    }

    /// Whether it is quiet now where the person is. A zone nobody knows is taken for UTC.
    pub fn holds(self, now: Timestamp, time_zone: &str) -> bool {
        let here = now.with_timezone(&time_zone.parse().unwrap_or(Tz::UTC));
        let minute = i64::from(here.hour() * 60 + here.minute());
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str, most: i64| {
        let fine = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|number| fine && *number <= most)
    };
    Some(number(hour, 23)? * 60 + number(minute, 59)?)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;

    use super::*;

    fn span(from: &str, until: &str) -> Result<Span> {
        Span::read(&Quiet { from: from.to_owned(), until: until.to_owned() })
    }

    #[track_caller]
    fn check(span: Span, utc: (u32, u32), zone: &str, quiet: bool) {
        let now = Utc.with_ymd_and_hms(2026, 11, 23, utc.0, utc.1, 0).unwrap();
        assert_eq!(span.holds(now, zone), quiet, "{utc:?} {zone}");
    }

    #[test]
    fn quiet_hours_go_over_midnight_by_the_persons_own_clock() {
        let night = span("22:00", "08:00").unwrap();
        check(night, (18, 59), "Europe/Moscow", false);
        check(night, (19, 0), "Europe/Moscow", true);
        check(night, (4, 59), "Europe/Moscow", true);
        check(night, (5, 0), "Europe/Moscow", false);
        check(night, (13, 0), "Asia/Vladivostok", true);
        check(night, (13, 0), "Nowhere/Town", false);
        let dinner = span("13:00", "14:00").unwrap();
        check(dinner, (10, 30), "Europe/Moscow", true);
        check(dinner, (11, 0), "Europe/Moscow", false);
    }

    #[test]
    fn what_is_no_time_is_refused_by_the_name_of_its_field() {
        for (from, until, field) in
            [("24:00", "08:00", "quiet.from"), ("22:00", "8:00", "quiet.until"), ("22:00", "22:00", "quiet.until")]
        {
            match span(from, until) {
                Err(Error::Invalid(fields)) => assert_eq!(fields[0].field, field),
                other => panic!("{from} {until}: {other:?}"),
            }
        }
    }

    proptest! {
        #[test]
        fn a_span_and_its_complement_share_the_day(from in 0i64..1440, until in 0i64..1440, minute in 0i64..1440) {
            prop_assume!(from != until);
            let now = Utc.timestamp_opt(minute * 60, 0).unwrap();
            let quiet = Span { from, until }.holds(now, "UTC");
            let loud = Span { from: until, until: from }.holds(now, "UTC");
            prop_assert!(quiet != loud);
        }

        #[test]
        fn times_are_read_as_they_are_written(from in 0i64..1440, until in 0i64..1440) {
            prop_assume!(from != until);
            let span = Span { from, until };
            prop_assert_eq!(Span::read(&span.words()).unwrap(), span);
        }
    }
}
