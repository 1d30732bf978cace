//! What holds for every schedule.

use base::Timestamp;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::{Interval, Kind, Schedule, SpecialDay, Weekday};

const ZONES: [&str; 8] = [
    "Europe/Moscow",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Casablanca",
];

/// Up to three intervals of a day, the last perhaps over midnight; to the minute, so that minutes can be counted.
fn day() -> impl Strategy<Value = Vec<Interval>> {
    (proptest::collection::btree_set(0u32..1440, 0..=6), any::<bool>(), 1u32..=600).prop_map(|(times, night, tail)| {
        let times: Vec<u32> = times.into_iter().map(|minute| minute * 60).collect();
        let mut intervals: Vec<Interval> =
            times.chunks_exact(2).map(|pair| Interval { from: pair[0], to: pair[1] }).collect();
        if let (true, Some(last)) = (night, intervals.last_mut()) {
            last.to = (86_400 + tail * 60).min(last.from + 86_400);
        }
        intervals
    })
}

fn special() -> impl Strategy<Value = SpecialDay> {
    let kind = prop_oneof![Just(Kind::Holiday), Just(Kind::Short), Just(Kind::Working), Just(Kind::WorkingShort)];
    (0i64..900, kind, proptest::option::of(0usize..7)).prop_map(|(offset, kind, like)| SpecialDay {
        date: epoch() + TimeDelta::days(offset),
        kind,
        like: like.map(|day| Weekday::ALL[day]),
        name: String::new(),
    })
}

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, 1, 1).unwrap()
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let exceptions = proptest::collection::vec((0i64..900, day()), 0..6);
    let days = proptest::collection::vec(special(), 0..12);
    (0..ZONES.len(), proptest::array::uniform7(day()), exceptions, days).prop_map(|(zone, week, exceptions, days)| {
        let exceptions =
            exceptions.into_iter().map(|(offset, hours)| (epoch() + TimeDelta::days(offset), hours, String::new()));
        Schedule::new(ZONES[zone].parse().unwrap(), week).with_days(&days).with_exceptions(exceptions)
    })
}

/// A moment of two and a half years, to the microsecond.
fn moment() -> impl Strategy<Value = Timestamp> {
    let start = epoch().and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_micros();
    (0i64..900 * 86_400_000_000).prop_map(move |offset| DateTime::from_timestamp_micros(start + offset).unwrap())
}

/// A norm of up to `days` days, to the microsecond.
fn norm(days: i64) -> impl Strategy<Value = TimeDelta> {
    (0..days * 86_400_000_000).prop_map(TimeDelta::microseconds)
}

/// Whether the clock on the wall stands within the hours of its date or of the shift of the date before. The plainest way to
/// say it, right wherever clocks are not changed.
fn on_the_wall(schedule: &Schedule, at: Timestamp) -> bool {
    let local = at.with_timezone(&schedule.zone()).naive_local();
    let second = local.num_seconds_from_midnight();
    let yesterday = local.date().pred_opt().unwrap();
    let within = |date: NaiveDate, second: u32| {
        schedule.hours(date).iter().any(|interval| interval.from <= second && second < interval.to)
    };
    within(local.date(), second) || within(yesterday, second + 86_400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Due and counted are each other's inverse, and nothing earlier is due.
    #[test]
    fn what_is_due_has_counted(schedule in schedule(), start in moment(), norm in norm(60)) {
        if let Some(due) = schedule.due(start, norm) {
            prop_assert!(due >= start);
            prop_assert_eq!(schedule.between(start, due), norm);
            let just_before = due - TimeDelta::microseconds(1);
            if due > start {
                prop_assert!(schedule.between(start, just_before) < norm, "{due} is not the first moment");
                prop_assert!(schedule.is_open(just_before));
            }
        }
    }

    #[test]
    fn later_starts_and_longer_norms_are_due_later(
        schedule in schedule(), start in moment(), later in norm(30), norm in norm(60), more in norm(5),
    ) {
        let due = schedule.due(start, norm);
        if let (Some(due), Some(of_later)) = (due, schedule.due(start + later, norm)) {
            prop_assert!(due <= of_later || norm.is_zero());
        }
        if let (Some(due), Some(of_longer)) = (due, schedule.due(start, norm + more)) {
            prop_assert!(due <= of_longer);
        }
    }

    /// A norm in two parts is due when the whole is.
    #[test]
    fn a_norm_goes_on_where_it_stopped(schedule in schedule(), start in moment(), first in norm(30), second in norm(30)) {
        if let Some(stopped) = schedule.due(start, first) {
            let again = schedule.due(stopped, second);
            if !second.is_zero() {
                prop_assert_eq!(again, schedule.due(start, first + second));
            }
        }
    }

    #[test]
    fn what_counts_adds_up(schedule in schedule(), mut times in proptest::array::uniform3(moment())) {
        times.sort();
        let [a, b, c] = times;
        let whole = schedule.between(a, c);
        prop_assert_eq!(schedule.between(a, b) + schedule.between(b, c), whole);
        prop_assert!(whole <= c - a);
        prop_assert_eq!(schedule.between(c, a), TimeDelta::zero());
    }

    /// Pieces have no holes, and those that count are what counted.
    #[test]
    fn pieces_add_up(schedule in schedule(), start in moment(), length in norm(45)) {
        let end = start + length;
        let pieces = schedule.segments(start, end);
        let mut reached = start;
        let mut counted = TimeDelta::zero();
        for piece in &pieces {
            prop_assert_eq!(piece.from, reached);
            prop_assert!(piece.to > piece.from);
            let middle = piece.from + (piece.to - piece.from) / 2;
            let middle = DateTime::from_timestamp_micros(middle.timestamp_micros()).unwrap();
            prop_assert_eq!(schedule.is_open(middle), piece.reason.counts(), "{:?}", piece);
            prop_assert_eq!(schedule.is_open(piece.from), piece.reason.counts(), "{:?}", piece);
            if piece.reason.counts() {
                counted += piece.to - piece.from;
            }
            reached = piece.to;
        }
        prop_assert_eq!(reached, end.max(start));
        prop_assert_eq!(counted, schedule.between(start, end));
    }

    /// Against counting minute by minute with a clock on the wall, where clocks are not changed.
    #[test]
    fn minutes_are_counted_as_on_the_wall(schedule in schedule(), offset in 0i64..60 * 1440, minutes in 0i64..40 * 1440) {
        let zone: Tz = "Europe/Moscow".parse().unwrap();
        let schedule = Schedule { zone, ..schedule };
        let start = epoch().and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(offset);
        let open = (0..minutes).filter(|minute| on_the_wall(&schedule, start + TimeDelta::minutes(*minute))).count();
        let counted = schedule.between(start, start + TimeDelta::minutes(minutes));
        prop_assert_eq!(counted, TimeDelta::minutes(i64::try_from(open).unwrap()));
    }
}

#[test]
fn the_wall_and_the_engine_agree_on_an_office() {
    let office = super::office();
    let monday = super::at(office.zone(), "2026-11-23 00:00");
    assert_eq!(monday.with_timezone(&office.zone()).weekday(), chrono::Weekday::Mon);
    let open = (0..7 * 1440).filter(|minute| on_the_wall(&office, monday + TimeDelta::minutes(*minute))).count();
    assert_eq!(open, 40 * 60);
}
