//! What the engine takes for granted about the world's clocks.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::zone::{self, SECOND};

/// `zone::steady_offset` asks at both ends of a week and in its middle.
#[test]
fn no_zone_changes_its_clocks_there_and_back_within_five_days() {
    let first: NaiveDateTime = "1970-01-01T00:00:00".parse().unwrap();
    for zone in TZ_VARIANTS {
        let offset = |day: i64| zone.offset_from_utc_datetime(&(first + TimeDelta::days(day))).fix();
        let (mut before, mut now, mut since) = (None, offset(0), 0);
        for day in 0..68 * 365 {
            let next = offset(day);
            if next != now {
                // The shortest was in Boa Vista in 2000: a week.
                let short = day - since <= 5 && before == Some(next);
                assert!(!short, "{zone} changes there and back around {}", first + TimeDelta::days(day));
                (before, now, since) = (Some(now), next, day);
            }
        }
    }
}

/// A local time becomes the first moment at which the clock shows it or, if it never does, a later one.
#[test]
fn a_local_time_is_the_first_moment_that_shows_it() {
    let zones = [
        "Europe/Berlin",
        "America/Sao_Paulo",
        "Asia/Tehran",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/St_Johns",
    ];
    for (zone, year) in zones.into_iter().flat_map(|zone| [2006, 2011, 2018, 2022].map(|year| (zone, year))) {
        let zone: Tz = zone.parse().unwrap();
        let start = zone::midnight(NaiveDate::from_ymd_opt(year, 1, 1).unwrap());
        for step in 0..366 * 8 {
            // Also on the very second of a change, and beside it.
            let local = start + TimeDelta::hours(3 * step) - TimeDelta::seconds(step % 3 - 1);
            let moment = zone::instant(zone, local);
            let shows = |at: i64| zone::moment(at).with_timezone(&zone).naive_local();
            assert!(shows(moment) >= local, "{zone} {local}");
            assert!(shows(moment - SECOND) < local, "{zone} {local}");
        }
    }
}

#[test]
fn a_week_with_a_change_is_not_steady() {
    let zone: Tz = "Europe/Berlin".parse().unwrap();
    let steady = |text: &str| zone::steady_offset(zone, text.parse().unwrap(), 8);
    assert_eq!(steady("2026-03-16"), Some(3600));
    assert_eq!(steady("2026-03-22"), None);
    assert_eq!(steady("2026-03-29"), None);
    assert_eq!(steady("2026-04-01"), Some(7200));
    assert_eq!(NaiveDate::from_ymd_opt(2026, 3, 29).unwrap().weekday(), chrono::Weekday::Sun);
}
