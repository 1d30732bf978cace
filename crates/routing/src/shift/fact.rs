//! What was worked beside what was planned. Pure.
//!
//! A person is on duty while his status is anything but offline, or while he is busy with an activity. What he was on duty
//! around a shift belongs to the day of the shift, up to four hours before and after it and never past the middle between two
//! shifts; the rest belongs to the day it fell on. The breaks of the plan are no work, here as there.

use std::collections::BTreeMap;

use base::Timestamp;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::spans::{Span, length, merged, within, without};

/// What somebody is to work on a day, without what an absence took of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expected {
    pub date: NaiveDate,
    /// In order, not empty.
    pub work: Vec<Span>,
    pub breaks: Vec<Span>,
}

/// What became of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub worked: TimeDelta,
    pub first: Option<Timestamp>,
    /// None while he is on duty.
    pub last: Option<Timestamp>,
    /// So far, when he has not come yet.
    pub late: TimeDelta,
    pub early: TimeDelta,
    /// The shift is over and he did not come.
    pub missed: bool,
}

/// How far from a shift time on duty still belongs to it.
const AROUND: TimeDelta = TimeDelta::hours(4);

/// Days with a plan or with work. `expected` is in order, `duty` is merged and ends now at the latest.
pub(super) fn compare(expected: &[Expected], duty: &[Span], now: Timestamp, zone: Tz) -> BTreeMap<NaiveDate, Done> {
    let mut days: BTreeMap<NaiveDate, Done> = BTreeMap::new();
    let mut rest = duty.to_vec();
    for (index, day) in expected.iter().enumerate() {
        let Some((start, end)) = edges(day) else { continue };
        let before = index.checked_sub(1).and_then(|before| edges(&expected[before]));
        let after = expected.get(index + 1).and_then(edges);
        let from = before.map_or(start - AROUND, |(_, ended)| middle(ended, start).max(start - AROUND)).min(start);
        let to = after.map_or(end + AROUND, |(starts, _)| middle(end, starts).min(end + AROUND)).max(end);
        let own = within(&rest, (from, to));
        rest = without(&rest, &own);
        let inside = within(&own, (start, end));
        let mut done = worked(&own, &merged(day.breaks.clone()), now);
        match (inside.first(), inside.last()) {
            (Some((first, _)), Some((_, last))) => {
                done.late = *first - start;
                if now >= end {
                    done.early = end - *last;
                }
            }
            _ if now >= end => done.missed = true,
            _ => done.late = (now - start).max(TimeDelta::zero()),
        }
        let known = days.entry(day.date).or_default();
        // Somebody with two shifts that begin on one day is not known to any schedule.
        *known = done;
    }
    for (date, own) in by_day(&rest, zone) {
        let done = worked(&own, &[], now);
        let known = days.entry(date).or_default();
        known.worked += done.worked;
        known.first = known.first.into_iter().chain(done.first).min();
        known.last = if own.last().is_some_and(|(_, to)| *to >= now) { None } else { known.last.max(done.last) };
    }
    days
}

fn edges(day: &Expected) -> Option<Span> {
    Some((day.work.first()?.0, day.work.last()?.1))
}

fn middle(from: Timestamp, to: Timestamp) -> Timestamp {
    from + (to - from) / 2
}

fn worked(own: &[Span], breaks: &[Span], now: Timestamp) -> Done {
    Done {
        worked: length(&without(own, breaks)),
        first: own.first().map(|(from, _)| *from),
        last: own.last().map(|(_, to)| *to).filter(|last| *last < now),
        ..Done::default()
    }
}

/// The same pieces cut at midnight.
fn by_day(spans: &[Span], zone: Tz) -> BTreeMap<NaiveDate, Vec<Span>> {
    let mut days: BTreeMap<NaiveDate, Vec<Span>> = BTreeMap::new();
    for &(from, to) in spans {
        let mut begin = from;
        while begin < to {
            let date = begin.with_timezone(&zone).date_naive();
            let end = date.succ_opt().map_or(to, |next| calendar::midnight(zone, next)).min(to);
            days.entry(date).or_default().push((begin, end));
            // A zone may have skipped the midnight.
            begin = if end > begin { end } else { to };
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-{text}:00Z").parse().unwrap()
    }

    /// `30T09:00 30T18:00`.
    fn span(text: &str) -> Span {
        let (from, to) = text.split_once(' ').unwrap();
        (at(from), at(to))
    }

    fn office(date: &str) -> Expected {
        Expected {
            date: format!("2026-11-{date}").parse().unwrap(),
            work: vec![span(&format!("{date}T09:00 {date}T13:00")), span(&format!("{date}T14:00 {date}T18:00"))],
            breaks: vec![span(&format!("{date}T13:00 {date}T14:00"))],
        }
    }

    fn one(expected: &[Expected], duty: &[&str], now: &str) -> Done {
        let duty = merged(duty.iter().map(|text| span(text)).collect());
        let days = compare(expected, &duty, at(now), Tz::UTC);
        assert_eq!(days.len(), 1, "{days:?}");
        days.into_values().next().unwrap()
    }

    #[test]
    fn a_day_is_worked_late_early_or_not_at_all() {
        let plan = [office("25")];
        let minutes = TimeDelta::minutes;
        let whole = one(&plan, &["25T08:50 25T18:10"], "26T00:00");
        assert_eq!((whole.worked, whole.late, whole.early), (minutes(500), minutes(0), minutes(0)));
        assert_eq!((whole.first, whole.last), (Some(at("25T08:50")), Some(at("25T18:10"))));
        let short = one(&plan, &["25T09:12 25T12:00", "25T14:30 25T17:45"], "26T00:00");
        assert_eq!((short.worked, short.late, short.early), (minutes(363), minutes(12), minutes(15)));
        let now = one(&plan, &["25T09:00 25T10:00"], "25T10:00");
        assert_eq!((now.worked, now.last, now.early, now.missed), (minutes(60), None, minutes(0), false));
        let nobody = one(&plan, &[], "25T09:40");
        assert_eq!((nobody.late, nobody.missed), (minutes(40), false));
        assert_eq!(one(&plan, &[], "25T08:00"), Done::default());
        let missed = one(&plan, &[], "25T19:00");
        assert_eq!((missed.late, missed.missed), (minutes(0), true));
        let evening = one(&plan, &["25T19:00 25T20:00"], "26T00:00");
        assert_eq!((evening.worked, evening.missed), (minutes(60), true));
    }

    #[test]
    fn a_night_belongs_to_the_day_it_begins_on() {
        let night = |date: &str, next: &str| Expected {
            date: format!("2026-11-{date}").parse().unwrap(),
            work: vec![span(&format!("{date}T20:00 {next}T08:00"))],
            breaks: Vec::new(),
        };
        let plan = [night("25", "26"), night("26", "27")];
        let duty = merged(vec![span("25T19:50 26T08:20"), span("26T20:30 27T08:00"), span("27T15:00 27T16:00")]);
        let days: Vec<_> = compare(&plan, &duty, at("28T00:00"), Tz::UTC).into_iter().collect();
        let seen: Vec<_> = days.iter().map(|(date, done)| (date.to_string(), done.worked.num_minutes())).collect();
        let wanted = [("2026-11-25", 750), ("2026-11-26", 690), ("2026-11-27", 60)];
        assert_eq!(seen, wanted.map(|(date, minutes)| (date.to_owned(), minutes)));
        assert_eq!(days[1].1.late, TimeDelta::minutes(30));
    }

    proptest! {
        /// Whatever the plan, no minute on duty is lost or counted twice.
        #[test]
        fn all_time_on_duty_belongs_to_one_day(
            pieces in proptest::collection::vec((0i64..20_000, 1i64..900), 0..20),
            shifts in proptest::collection::btree_map(0i64..14, (0i64..1440, 1i64..1440), 0..14),
        ) {
            let start = at("01T00:00");
            let minute = |minute: i64| start + TimeDelta::minutes(minute);
            let duty = merged(pieces.into_iter().map(|(from, length)| (minute(from), minute(from + length))).collect());
            let mut plan: Vec<Expected> = shifts.into_iter().map(|(day, (from, length))| Expected {
                date: (start + TimeDelta::days(day)).date_naive(),
                work: vec![(minute(day * 1440 + from), minute(day * 1440 + from + length))],
                breaks: Vec::new(),
            }).collect();
            plan.sort_by_key(|day| day.work[0]);
            let days = compare(&plan, &duty, minute(40_000), Tz::UTC);
            let worked: TimeDelta = days.values().map(|done| done.worked).sum();
            prop_assert_eq!(worked, length(&duty));
            for done in days.values() {
                prop_assert!(done.late >= TimeDelta::zero() && done.early >= TimeDelta::zero());
                prop_assert!(!done.missed || done.late.is_zero());
            }
        }
    }
}
