//! Case by case: a start, a norm, and the moment it is due. Each is checked in both directions.

use super::{at, length, office, schedule};
use crate::Schedule;

/// `(start, norm, due)`, by the schedule's clock.
fn check(schedule: &Schedule, cases: &[(&str, &str, &str)]) {
    for (start, norm, due) in cases {
        let (from, norm_length) = (at(schedule.zone(), start), length(norm));
        let found = schedule.due(from, norm_length).unwrap_or_else(|| panic!("{start} + {norm} is never due"));
        let shown = found.with_timezone(&schedule.zone());
        assert_eq!(found, at(schedule.zone(), due), "{start} + {norm} is due {shown}, not {due}");
        assert_eq!(schedule.between(from, found), norm_length, "from {start} to {shown}");
    }
}

/// `(from, to, counted)`.
fn check_between(schedule: &Schedule, cases: &[(&str, &str, &str)]) {
    for (from, to, counted) in cases {
        let found = schedule.between(at(schedule.zone(), from), at(schedule.zone(), to));
        assert_eq!(found, length(counted), "from {from} to {to}: {found}");
    }
}

#[test]
fn an_office_week() {
    check(
        &office(),
        &[
            ("2026-11-23 09:00", "1h", "2026-11-23 10:00"),
            ("2026-11-23 09:00", "0s", "2026-11-23 09:00"),
            ("2026-11-23 03:00", "0s", "2026-11-23 03:00"),
            ("2026-11-23 08:59:59", "1s", "2026-11-23 09:00:01"),
            ("2026-11-23 09:00", "4h", "2026-11-23 13:00"),
            ("2026-11-23 09:00", "4h1s", "2026-11-23 14:00:01"),
            ("2026-11-23 12:30", "1h", "2026-11-23 14:30"),
            ("2026-11-23 13:00", "1m", "2026-11-23 14:01"),
            ("2026-11-23 13:59:59", "1s", "2026-11-23 14:00:01"),
            ("2026-11-23 09:00", "8h", "2026-11-23 18:00"),
            ("2026-11-23 17:59:59", "1s", "2026-11-23 18:00"),
            ("2026-11-23 17:59:59", "2s", "2026-11-24 09:00:01"),
            ("2026-11-23 18:00", "15m", "2026-11-24 09:15"),
            ("2026-11-27 17:30", "1h", "2026-11-30 09:30"),
            ("2026-11-28 12:00", "15m", "2026-11-30 09:15"),
            ("2026-11-29 23:59:59", "8h", "2026-11-30 18:00"),
            ("2026-11-23 09:00", "40h", "2026-11-27 18:00"),
            ("2026-11-23 09:00", "40h1s", "2026-11-30 09:00:01"),
            ("2026-11-25 11:00", "80h", "2026-12-09 11:00"),
            ("2026-01-05 09:00", "2080h", "2027-01-01 18:00"),
        ],
    );
}

#[test]
fn the_story_of_the_new_year() {
    let mut exceptions = vec![("2026-12-30", "09:00-14:00"), ("2026-12-31", "")];
    let january: Vec<String> = (1..=10).map(|day| format!("2027-01-{day:02}")).collect();
    exceptions.extend(january.iter().map(|date| (date.as_str(), "")));
    let schedule = schedule("Europe/Moscow", &[("mon-fri", "09:00-13:00 14:00-18:00")], &exceptions);
    check(
        &schedule,
        &[
            ("2026-12-30 13:50", "1h", "2027-01-11 09:50"),
            ("2026-12-30 13:50", "8h", "2027-01-11 17:50"),
            ("2026-12-30 13:50", "10m", "2026-12-30 14:00"),
            ("2026-12-30 12:30", "1h", "2026-12-30 13:30"),
            // What is left at 10:00 (6 h 50 min) goes on at 12:00.
            ("2027-01-11 12:00", "6h50m", "2027-01-12 10:50"),
        ],
    );
    check_between(&schedule, &[("2026-12-30 13:50", "2027-01-11 10:00", "1h10m")]);
}

#[test]
fn night_shifts() {
    let nights = schedule("Europe/Moscow", &[("mon-fri", "22:00-06:00")], &[]);
    check(
        &nights,
        &[
            ("2026-11-23 22:00", "2h", "2026-11-24 00:00"),
            ("2026-11-23 22:00", "8h", "2026-11-24 06:00"),
            ("2026-11-23 22:00", "8h1s", "2026-11-24 22:00:01"),
            ("2026-11-24 05:59", "2m", "2026-11-24 22:01"),
            ("2026-11-24 12:00", "3h", "2026-11-25 01:00"),
            // Friday's shift ends on Saturday; the next is Monday's.
            ("2026-11-28 05:00", "2h", "2026-11-30 23:00"),
            ("2026-11-30 03:00", "1h", "2026-11-30 23:00"),
        ],
    );
    // Friday is taken out; Thursday's shift still ends on Friday morning.
    let without_friday = schedule("Europe/Moscow", &[("mon-fri", "22:00-06:00")], &[("2026-11-27", "")]);
    check(
        &without_friday,
        &[("2026-11-26 22:00", "8h", "2026-11-27 06:00"), ("2026-11-27 05:00", "2h", "2026-11-30 23:00")],
    );
    // The night runs into the morning's hours: they count once.
    let overlapping = schedule("Europe/Moscow", &[("mon", "20:00-08:00"), ("tue", "06:00-10:00")], &[]);
    check_between(&overlapping, &[("2026-11-23 00:00", "2026-11-25 00:00", "14h")]);
    check(&overlapping, &[("2026-11-23 20:00", "13h", "2026-11-24 09:00")]);
    let sunday = schedule("Europe/Moscow", &[("sun", "20:00-08:00"), ("mon", "06:00-10:00")], &[]);
    check_between(&sunday, &[("2026-11-22 00:00", "2026-12-27 00:00", "70h")]);
    let round = schedule("Europe/Moscow", &[("mon", "09:00-08:59:59")], &[]);
    check(&round, &[("2026-11-23 08:00", "23h", "2026-11-24 08:00")]);
}

#[test]
fn round_the_clock() {
    let always = schedule("Europe/Moscow", &[("mon-sun", "00:00-24:00")], &[]);
    check(
        &always,
        &[
            ("2026-11-23 23:59:59", "2s", "2026-11-24 00:00:01"),
            ("2026-11-23 12:00", "24h", "2026-11-24 12:00"),
            ("2026-11-23 12:00", "365d", "2027-11-23 12:00"),
        ],
    );
    let same = Schedule::always("Europe/Moscow".parse().unwrap());
    check(&same, &[("2026-11-23 12:00", "365d", "2027-11-23 12:00")]);
}

#[test]
fn days_that_differ() {
    let schedule = schedule(
        "Europe/Moscow",
        &[("mon-fri", "09:00-18:00")],
        &[
            ("2026-11-25", ""),
            ("2026-11-26", "10:00-12:00"),
            ("2026-11-28", "11:00-15:00"),
            ("2026-11-30", "20:00-04:00"),
        ],
    );
    check(
        &schedule,
        &[
            ("2026-11-24 17:00", "2h", "2026-11-26 11:00"),
            ("2026-11-26 09:00", "3h", "2026-11-27 10:00"),
            ("2026-11-27 17:00", "2h", "2026-11-28 12:00"),
            ("2026-11-28 14:30", "1h", "2026-11-30 20:30"),
            ("2026-11-30 20:00", "8h", "2026-12-01 04:00"),
            ("2026-12-01 03:00", "2h", "2026-12-01 10:00"),
        ],
    );
}

#[test]
fn nothing_is_due_without_hours() {
    let never = schedule("Europe/Moscow", &[], &[]);
    let start = at(never.zone(), "2026-11-23 12:00");
    assert_eq!(never.due(start, length("1s")), None);
    assert_eq!(never.due(start, length("0s")), Some(start));
    assert_eq!(never.opens(start), None);
    let once = schedule("Europe/Moscow", &[], &[("2026-12-01", "09:00-10:00"), ("2026-12-03", "23:00-01:00")]);
    check(&once, &[("2026-11-23 12:00", "2h", "2026-12-04 00:00"), ("2026-12-03 23:30", "1h30m", "2026-12-04 01:00")]);
    assert_eq!(once.due(at(once.zone(), "2026-11-23 12:00"), length("3h1s")), None);
    assert_eq!(office().due(start, length("300000h")), None, "it is beyond a hundred years");
}

#[test]
fn berlin_changes_its_clocks() {
    let always = schedule("Europe/Berlin", &[("mon-sun", "00:00-24:00")], &[]);
    check_between(
        &always,
        &[
            ("2026-03-29 00:00", "2026-03-30 00:00", "23h"),
            ("2026-10-25 00:00", "2026-10-26 00:00", "25h"),
            ("2026-01-01 00:00", "2027-01-01 00:00", "365d"),
        ],
    );
    check(
        &always,
        &[
            ("2026-03-29 00:00", "3h", "2026-03-29 04:00"),
            ("2026-03-29 01:59:59", "1s", "2026-03-29 03:00"),
            ("2026-10-25 01:30", "1h", "2026-10-25T02:30:00+02:00"),
            ("2026-10-25 01:30", "2h", "2026-10-25T02:30:00+01:00"),
            ("2026-10-25T02:30:00+02:00", "1h", "2026-10-25T02:30:00+01:00"),
        ],
    );
    let nights = schedule("Europe/Berlin", &[("sat", "22:00-06:00")], &[]);
    check_between(
        &nights,
        &[
            ("2026-03-28 22:00", "2026-03-29 06:00", "7h"),
            ("2026-10-24 22:00", "2026-10-25 06:00", "9h"),
            ("2026-03-21 22:00", "2026-03-22 06:00", "8h"),
        ],
    );
    let office = schedule("Europe/Berlin", &[("mon-fri", "09:00-18:00")], &[]);
    check(
        &office,
        &[
            ("2026-03-27 17:00", "2h", "2026-03-30 10:00"),
            ("2026-10-23 17:00", "2h", "2026-10-26 10:00"),
            ("2026-03-02 09:00", "450h", "2026-05-08 18:00"),
        ],
    );
}

/// What counts of one shift on the days Berlin changes its clocks.
#[test]
fn shifts_that_the_change_of_clocks_cuts() {
    let cases = [
        // Clocks go from 2:00 to 3:00.
        ("2026-03-29", "02:30-05:00", "2h"),
        ("2026-03-29", "01:00-02:30", "1h"),
        ("2026-03-29", "02:10-02:50", "0s"),
        ("2026-03-29", "02:00-03:00", "0s"),
        ("2026-03-29", "01:30-03:30", "1h"),
        ("2026-03-29", "01:00-02:15 02:45-04:00", "2h"),
        // Clocks go from 3:00 back to 2:00; a shift goes from the first 2:15 to the first 2:45.
        ("2026-10-25", "02:15-02:45", "30m"),
        ("2026-10-25", "02:00-03:00", "2h"),
        ("2026-10-25", "01:00-03:00", "3h"),
        ("2026-10-25", "02:30-03:30", "2h"),
        ("2026-10-25", "03:00-04:00", "1h"),
        ("2026-10-25", "01:00-02:30 02:30-03:00", "3h"),
    ];
    for (date, hours, counted) in cases {
        let schedule = schedule("Europe/Berlin", &[], &[(date, hours)]);
        let (from, to) = (at(schedule.zone(), &format!("{date} 00:00")), at(schedule.zone(), &format!("{date} 12:00")));
        assert_eq!(schedule.between(from, to), length(counted), "{date} {hours}");
        let due = schedule.due(from, length(counted)).unwrap();
        assert_eq!(schedule.between(from, due), length(counted), "{date} {hours}");
    }
}

#[test]
fn sao_paulo_changed_its_clocks_at_midnight() {
    let always = schedule("America/Sao_Paulo", &[("mon-sun", "00:00-24:00")], &[]);
    check_between(
        &always,
        &[
            ("2018-11-03 00:00", "2018-11-05 00:00", "47h"),
            ("2019-02-16 00:00", "2019-02-17 00:00", "25h"),
            ("2026-11-01 00:00", "2026-11-02 00:00", "24h"),
        ],
    );
    let evenings = schedule("America/Sao_Paulo", &[("sat", "18:00-24:00")], &[]);
    check_between(
        &evenings,
        &[
            ("2018-11-03 00:00", "2018-11-05 00:00", "6h"),
            ("2019-02-16 00:00", "2019-02-18 00:00", "7h"),
            ("2019-02-16 00:00", "2019-02-16T23:30:00-02:00", "5h30m"),
            ("2019-02-16 00:00", "2019-02-16T23:30:00-03:00", "6h30m"),
        ],
    );
    let mornings = schedule("America/Sao_Paulo", &[("sun", "00:00-06:00")], &[]);
    check_between(
        &mornings,
        &[("2018-11-03 00:00", "2018-11-05 00:00", "5h"), ("2019-02-16 00:00", "2019-02-18 00:00", "6h")],
    );
    let nights = schedule("America/Sao_Paulo", &[("sat", "22:00-02:00")], &[]);
    check_between(
        &nights,
        &[("2018-11-03 00:00", "2018-11-05 00:00", "3h"), ("2019-02-16 00:00", "2019-02-18 00:00", "5h")],
    );
    check(&nights, &[("2019-02-16 22:00", "2h30m", "2019-02-16T23:30:00-03:00")]);
}

#[test]
fn tehran_stopped_changing_its_clocks() {
    let always = schedule("Asia/Tehran", &[("mon-sun", "00:00-24:00")], &[]);
    check_between(
        &always,
        &[
            ("2022-03-21 00:00", "2022-03-23 00:00", "47h"),
            ("2022-09-21 00:00", "2022-09-22 00:00", "25h"),
            ("2023-03-21 00:00", "2023-03-23 00:00", "48h"),
        ],
    );
    // A week from Saturday to Wednesday.
    let office = schedule("Asia/Tehran", &[("sat-sun", "08:00-16:00"), ("mon-wed", "08:00-16:00")], &[]);
    check(
        &office,
        &[
            ("2026-11-25 15:30", "1h", "2026-11-28 08:30"),
            ("2022-03-21 15:00", "2h", "2022-03-22 09:00"),
            ("2022-09-21 15:00", "2h", "2022-09-24 09:00"),
        ],
    );
    let nights = schedule("Asia/Tehran", &[("mon", "20:00-04:00"), ("wed", "20:00-04:00")], &[]);
    check_between(
        &nights,
        &[("2022-03-21 20:00", "2022-03-22 04:00", "7h"), ("2022-09-21 20:00", "2022-09-22 04:00", "9h")],
    );
}

#[test]
fn lord_howe_changes_its_clocks_by_half_an_hour() {
    let always = schedule("Australia/Lord_Howe", &[("mon-sun", "00:00-24:00")], &[]);
    check_between(
        &always,
        &[
            ("2026-04-05 00:00", "2026-04-06 00:00", "24h30m"),
            ("2026-10-04 00:00", "2026-10-05 00:00", "23h30m"),
            ("2026-07-01 00:00", "2026-07-02 00:00", "24h"),
        ],
    );
    check(
        &always,
        &[("2026-04-05 01:00", "1h15m", "2026-04-05T01:45:00+10:30"), ("2026-10-04 01:45", "30m", "2026-10-04 02:45")],
    );
    let mornings = schedule("Australia/Lord_Howe", &[("sun", "01:45-03:00")], &[]);
    check_between(
        &mornings,
        &[
            ("2026-04-05 00:00", "2026-04-06 00:00", "1h45m"),
            ("2026-10-04 00:00", "2026-10-05 00:00", "45m"),
            ("2026-07-05 00:00", "2026-07-06 00:00", "1h15m"),
        ],
    );
    let skipped = schedule("Australia/Lord_Howe", &[], &[("2026-10-04", "02:10-03:00")]);
    check(&skipped, &[("2026-10-04 00:00", "20m", "2026-10-04 02:50")]);
}

#[test]
fn stranger_changes() {
    // Samoa went over the date line: there was no Friday 30 December 2011.
    let samoa = schedule("Pacific/Apia", &[("mon-fri", "09:00-17:00")], &[]);
    check(&samoa, &[("2011-12-29 16:00", "2h", "2012-01-02 10:00")]);
    let nights = schedule("Pacific/Apia", &[("thu-fri", "20:00-04:00")], &[]);
    // Thursday's night ends with Thursday; of Friday's there is what falls on Saturday.
    check_between(&nights, &[("2011-12-29 12:00", "2011-12-31 12:00", "8h")]);
    // Newfoundland went from 0:01 on Sunday back to 23:01 on Saturday.
    let always = schedule("America/St_Johns", &[("mon-sun", "00:00-24:00")], &[]);
    check_between(&always, &[("2006-10-28 00:00", "2006-10-30 00:00", "49h")]);
    // Moscow left summer time for good in 2014, at night.
    let nights = schedule("Europe/Moscow", &[("sat", "22:00-06:00")], &[]);
    check_between(
        &nights,
        &[("2014-10-25 22:00", "2014-10-26 06:00", "9h"), ("2014-10-18 22:00", "2014-10-19 06:00", "8h")],
    );
    // Morocco leaves its summer time for Ramadan.
    let office = schedule("Africa/Casablanca", &[("mon-fri", "09:00-17:00")], &[]);
    check(&office, &[("2026-02-09 09:00", "240h", "2026-03-20 17:00")]);
}

#[test]
fn open_or_not() {
    let office = office();
    let open = |text: &str| office.is_open(at(office.zone(), text));
    assert!(open("2026-11-23 09:00"));
    assert!(!open("2026-11-23 08:59:59"));
    assert!(!open("2026-11-23 13:00"), "lunch");
    assert!(!open("2026-11-23 18:00"));
    assert!(!open("2026-11-28 12:00"), "Saturday");
    let opens = |text: &str| office.opens(at(office.zone(), text)).unwrap();
    assert_eq!(opens("2026-11-23 13:10"), at(office.zone(), "2026-11-23 14:00"));
    assert_eq!(opens("2026-11-27 18:00"), at(office.zone(), "2026-11-30 09:00"));
    assert_eq!(opens("2026-11-23 10:10:10"), at(office.zone(), "2026-11-23 10:10:10"));
}
