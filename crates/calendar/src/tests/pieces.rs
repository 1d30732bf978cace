//! A period in pieces with their reasons.

use chrono::TimeDelta;

use super::{at, definition, office, schedule};
use crate::{Definition, Reason, Schedule};

/// `(from, to, reason, name)`, by the schedule's clock.
fn pieces(schedule: &Schedule, from: &str, to: &str) -> Vec<(String, String, Reason, String)> {
    let zone = schedule.zone();
    let shown = |at: base::Timestamp| at.with_timezone(&zone).format("%d %H:%M").to_string();
    let segments = schedule.segments(at(zone, from), at(zone, to));
    segments.into_iter().map(|piece| (shown(piece.from), shown(piece.to), piece.reason, piece.name)).collect()
}

#[track_caller]
fn check(schedule: &Schedule, from: &str, to: &str, expected: &[(&str, &str, Reason)]) {
    let found = pieces(schedule, from, to);
    let found: Vec<(&str, &str, Reason)> =
        found.iter().map(|(from, to, why, _)| (from.as_str(), to.as_str(), *why)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_weekend_and_a_lunch() {
    check(
        &office(),
        "2026-11-27 12:00",
        "2026-11-30 10:00",
        &[
            ("27 12:00", "27 13:00", Reason::WorkingHours),
            ("27 13:00", "27 14:00", Reason::Break),
            ("27 14:00", "27 18:00", Reason::WorkingHours),
            ("27 18:00", "28 00:00", Reason::OffHours),
            ("28 00:00", "30 00:00", Reason::DayOff),
            ("30 00:00", "30 09:00", Reason::OffHours),
            ("30 09:00", "30 10:00", Reason::WorkingHours),
        ],
    );
    check(&office(), "2026-11-27 13:10", "2026-11-27 13:20", &[("27 13:10", "27 13:20", Reason::Break)]);
    check(&office(), "2026-11-23 18:00", "2026-11-24 09:00", &[("23 18:00", "24 09:00", Reason::OffHours)]);
    check(&office(), "2026-11-24 09:00", "2026-11-24 09:00", &[]);
}

#[test]
fn days_that_differ_are_the_reason() {
    let schedule =
        schedule("Europe/Moscow", &[("mon-fri", "09:00-18:00")], &[("2026-11-25", "09:00-14:00"), ("2026-11-26", "")]);
    check(
        &schedule,
        "2026-11-25 10:00",
        "2026-11-27 10:00",
        &[
            ("25 10:00", "25 14:00", Reason::ExceptionHours),
            ("25 14:00", "26 00:00", Reason::OffHours),
            ("26 00:00", "27 00:00", Reason::ExceptionOff),
            ("27 00:00", "27 09:00", Reason::OffHours),
            ("27 09:00", "27 10:00", Reason::WorkingHours),
        ],
    );
}

#[test]
fn a_night_shift_goes_on_into_a_day_off() {
    let nights = schedule("Europe/Moscow", &[("thu", "22:00-06:00")], &[("2026-11-27", "")]);
    check(
        &nights,
        "2026-11-26 21:00",
        "2026-11-28 01:00",
        &[
            ("26 21:00", "26 22:00", Reason::OffHours),
            ("26 22:00", "27 06:00", Reason::WorkingHours),
            ("27 06:00", "28 00:00", Reason::ExceptionOff),
            ("28 00:00", "28 01:00", Reason::DayOff),
        ],
    );
}

fn russian(hours: &str) -> Schedule {
    let week = definition("Europe/Moscow", &[("mon-fri", hours)], &[]);
    Definition { production_calendar: Some("ru".to_owned()), ..week }.schedule("").unwrap()
}

#[test]
fn the_production_calendar_names_its_days() {
    let schedule = russian("09:00-18:00");
    let found = pieces(&schedule, "2024-11-01 17:00", "2024-11-05 10:00");
    let found: Vec<_> =
        found.iter().map(|(from, to, why, name)| (from.as_str(), to.as_str(), *why, name.as_str())).collect();
    let moved = "Рабочий день вместо 30.04, предпраздничный";
    assert_eq!(
        found,
        [
            ("01 17:00", "01 18:00", Reason::WorkingHours, ""),
            ("01 18:00", "02 09:00", Reason::OffHours, ""),
            ("02 09:00", "02 17:00", Reason::ExtraWorkingDay, moved),
            ("02 17:00", "03 00:00", Reason::OffHours, ""),
            ("03 00:00", "04 00:00", Reason::DayOff, ""),
            ("04 00:00", "05 00:00", Reason::Holiday, "День народного единства"),
            ("05 00:00", "05 09:00", Reason::OffHours, ""),
            ("05 09:00", "05 10:00", Reason::WorkingHours, ""),
        ]
    );
}

/// The norms of a 40-hour week that every Russian payroll knows.
#[test]
fn the_years_have_as_many_hours_as_the_law_says() {
    let schedule = russian("09:00-13:00 14:00-18:00");
    for (year, hours) in [(2024, 1979), (2025, 1972), (2026, 1972)] {
        let zone = schedule.zone();
        let counted =
            schedule.between(at(zone, &format!("{year}-01-01 00:00")), at(zone, &format!("{}-01-01 00:00", year + 1)));
        assert_eq!(counted, TimeDelta::hours(hours), "{year}");
    }
}

#[test]
fn every_year_of_a_country_has_days_and_a_source() {
    for country in crate::countries() {
        let days = country.days();
        assert!(days.is_sorted_by_key(|day| day.date));
        for year in country.years {
            let own = days.iter().filter(|day| chrono::Datelike::year(&day.date) == year.year).count();
            assert!(own >= 14, "{} {}", country.code, year.year);
            assert!(!year.source.is_empty());
        }
        let provisional: Vec<i32> =
            country.years.iter().filter(|year| year.provisional).map(|year| year.year).collect();
        assert_eq!(provisional, [2027]);
    }
    assert!(crate::country("xx").is_none());
}
