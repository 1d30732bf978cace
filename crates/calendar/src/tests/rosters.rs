//! Weeks and cycles of shifts.

use base::Timestamp;
use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;

use crate::{Break, Interval, Pattern, Roster, Schedule, ShiftHours, country};

const ZONES: [&str; 6] = [
    "Europe/Moscow",
    "Europe/Berlin",
    "Asia/Yekaterinburg",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn cycle(first: &str, days: &[Option<u8>]) -> Roster<u8> {
    plain(Pattern::Cycle { first: day(first), days: days.to_vec() })
}

fn plain(pattern: Pattern<u8>) -> Roster<u8> {
    Roster { pattern, special: &[], holidays: false, short_days: false, from: None, to: None }
}

fn russian(pattern: Pattern<u8>) -> Roster<u8> {
    Roster { special: country("ru").unwrap().days(), holidays: true, short_days: true, ..plain(pattern) }
}

const OFFICE: Pattern<u8> = Pattern::Week([Some(1), Some(1), Some(1), Some(1), Some(1), None, None]);

fn shifts(roster: &Roster<u8>, from: &str, to: &str) -> String {
    let letter = |date: NaiveDate| match roster.on(date) {
        None => '-',
        Some(turn) => match (turn.shift, turn.short, turn.holiday) {
            (Some(_), true, _) => 's',
            (Some(shift), false, _) => char::from(b'0' + shift),
            (None, _, true) => 'h',
            (None, _, false) => '.',
        },
    };
    day(from).iter_days().take_while(|date| *date <= day(to)).map(letter).collect()
}

#[test]
fn two_by_two_makes_a_year() {
    let roster = cycle("2026-01-01", &[Some(1), Some(1), None, None]);
    assert_eq!(shifts(&roster, "2026-01-01", "2026-01-12"), "11..11..11..");
    assert_eq!(shifts(&roster, "2025-12-28", "2026-01-02"), "11..11", "the cycle goes on before its first day");
    let year = shifts(&roster, "2026-01-01", "2026-12-31");
    assert_eq!((year.len(), year.matches('1').count()), (365, 183));
    // Day, night, 48 hours off: a letter a shift.
    let roster = cycle("2026-11-30", &[Some(1), Some(2), None, None]);
    assert_eq!(shifts(&roster, "2026-11-30", "2026-12-07"), "12..12..");
}

#[test]
fn a_week_keeps_the_production_calendar_and_a_cycle_its_turns() {
    // 4 November 2026 is a Wednesday; the day before is short.
    assert_eq!(shifts(&russian(OFFICE), "2026-11-02", "2026-11-08"), "1sh11..");
    assert_eq!(shifts(&plain(OFFICE), "2026-11-02", "2026-11-08"), "11111..");
    // 1 November 2025 was a working Saturday with an hour less.
    assert_eq!(shifts(&russian(OFFICE), "2025-10-27", "2025-11-04"), "11111s.hh");
    let cycle = russian(Pattern::Cycle { first: day("2025-11-02"), days: vec![Some(1), None] });
    assert_eq!(shifts(&cycle, "2025-11-01", "2025-11-05"), ".1.h.", "a day off of a cycle stays one");
    let period = Roster { from: Some(day("2026-11-03")), to: Some(day("2026-11-05")), ..plain(OFFICE) };
    assert_eq!(shifts(&period, "2026-11-02", "2026-11-06"), "-111-");
}

/// The norms of a week of forty hours that are published with the calendars.
#[test]
fn norms_are_those_that_are_published() {
    let russia = country("ru").unwrap();
    let hours = |from: &str, to: &str| russia.norm_minutes(day(from), day(to)) / 60;
    assert_eq!(hours("2024-01-01", "2024-12-31"), 1979);
    assert_eq!(hours("2025-01-01", "2025-12-31"), 1972);
    assert_eq!(hours("2026-01-01", "2026-12-31"), 1972);
    assert_eq!(hours("2025-05-01", "2025-05-31"), 144);
    assert_eq!(russia.norm_minutes(day("2026-11-03"), day("2026-11-03")), 7 * 60);
}

#[test]
fn a_night_shift_over_a_change_of_clocks_is_as_long_as_it_was() {
    let night = ShiftHours { from: 22 * 60, length: 8 * 60, breaks: vec![Break { after: 4 * 60, length: 30 }] };
    let worked = |date: &str| night.on(chrono_tz::Europe::Berlin, day(date), false).unwrap();
    assert_eq!(worked("2026-03-27").worked(), TimeDelta::minutes(450));
    assert_eq!(worked("2026-03-28").worked(), TimeDelta::minutes(420), "an hour is skipped, and the break with it");
    assert_eq!(worked("2026-10-24").worked(), TimeDelta::minutes(510), "an hour comes twice");
    let stint = worked("2026-03-28");
    assert_eq!(stint.starts_at.to_rfc3339(), "2026-03-28T21:00:00+00:00");
    assert_eq!(stint.ends_at.to_rfc3339(), "2026-03-29T04:00:00+00:00");
    let short = night.on(chrono_tz::Europe::Moscow, day("2026-11-03"), true).unwrap();
    assert_eq!((short.ends_at - short.starts_at, short.worked()), (TimeDelta::hours(7), TimeDelta::minutes(390)));
    let hour = ShiftHours { from: 0, length: 60, breaks: Vec::new() };
    assert_eq!(hour.on(chrono_tz::UTC, day("2026-11-03"), true), None);
}

fn hours() -> impl Strategy<Value = ShiftHours> {
    let pause = (0u32..1440, 1u32..=120).prop_map(|(after, length)| Break { after, length });
    (0u32..1440, 1u32..=1440, proptest::collection::vec(pause, 0..3)).prop_map(|(from, length, breaks)| ShiftHours {
        from,
        length,
        breaks,
    })
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0i64..4000).prop_map(|days| day("2020-01-01") + TimeDelta::days(days))
}

fn zone() -> impl Strategy<Value = Tz> {
    (0..ZONES.len()).prop_map(|index| ZONES[index].parse().unwrap())
}

proptest! {
    #[test]
    fn a_cycle_never_drifts(first in date(), at in date(), length in 1usize..40, turns in 0i64..50) {
        let days: Vec<Option<u8>> = (0..length).map(|place| u8::try_from(place).ok()).collect();
        let roster = plain(Pattern::Cycle { first, days });
        let later = at + TimeDelta::days(turns * length as i64);
        prop_assert_eq!(roster.on(at), roster.on(later));
        let next = roster.on(at + TimeDelta::days(1)).unwrap().shift.unwrap();
        prop_assert_eq!(usize::from(next), (usize::from(roster.on(at).unwrap().shift.unwrap()) + 1) % length);
        prop_assert_eq!(roster.on(first).unwrap().shift, Some(0));
    }

    #[test]
    fn a_shift_is_counted_as_the_schedule_counts_it(hours in hours(), zone in zone(), date in date()) {
        let hours = ShiftHours { breaks: Vec::new(), ..hours };
        let stint = hours.on(zone, date, false).unwrap();
        let interval = Interval { from: hours.from * 60, to: (hours.from + hours.length) * 60 };
        let week: [Vec<Interval>; 7] = Default::default();
        let schedule = Schedule::new(zone, week).with_exceptions([(date, vec![interval], String::new())]);
        let far = TimeDelta::days(3);
        prop_assert_eq!(stint.worked(), schedule.between(stint.starts_at - far, stint.ends_at + far));
        if stint.starts_at < stint.ends_at {
            prop_assert!(schedule.is_open(stint.starts_at) && !schedule.is_open(stint.ends_at));
        }
    }

    #[test]
    fn a_shift_begins_by_the_clock_on_the_wall(hours in hours(), zone in zone(), date in date()) {
        let stint = hours.on(zone, date, false).unwrap();
        let local = stint.starts_at.with_timezone(&zone);
        let wanted = date.and_hms_opt(hours.from / 60, hours.from % 60, 0).unwrap();
        // Where clocks are changed there may be no such time.
        if crate::zone::steady_offset(zone, date, 2).is_some() {
            prop_assert_eq!(local.naive_local(), wanted);
            prop_assert_eq!(local.second(), 0);
            prop_assert_eq!(stint.ends_at - stint.starts_at, TimeDelta::minutes(i64::from(hours.length)));
            prop_assert_eq!(local.weekday(), date.weekday());
        }
        prop_assert!(stint.ends_at - stint.starts_at <= crate::LONGEST_SHIFT);
    }

    #[test]
    fn work_is_the_shift_without_its_breaks(hours in hours(), date in date(), minute in 0u32..1440) {
        let stint = hours.on(chrono_tz::UTC, date, false).unwrap();
        let at = stint.starts_at + TimeDelta::minutes(i64::from(minute));
        let inside = |(from, to): &(Timestamp, Timestamp)| *from <= at && at < *to;
        let rests = hours.breaks.iter().any(|pause| (pause.after..pause.after + pause.length).contains(&minute));
        prop_assert_eq!(stint.work.iter().filter(|span| inside(span)).count(), usize::from(minute < hours.length && !rests));
    }
}
