//! What people write down: read as meant, or refused with every fault named.

use base::Error;
use serde_json::{Value, json};

use super::{at, definition, length};
use crate::Definition;

fn read(value: Value) -> Definition {
    serde_json::from_value(value).unwrap()
}

#[track_caller]
fn check_faults(value: Value, expected: &[(&str, &str)]) {
    let Err(Error::Invalid(faults)) = read(value).schedule("schedule") else { panic!("it passed") };
    let faults: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(faults, expected);
}

fn of_days(days: Value) -> Value {
    json!({"time_zone": "Europe/Moscow", "weekly": days})
}

#[test]
fn every_fault_is_named() {
    let fine = json!([{"from": "09:00", "to": "18:00"}]);
    check_faults(
        json!({
            "time_zone": "Mars/Base",
            "weekly": [
                {"day": "mon", "intervals": fine},
                {"day": "mon", "intervals": fine},
                {"day": "wed", "intervals": [{"from": "09:00", "to": "25:00"}]},
            ],
            "exceptions": [
                {"date": "2026-12-31", "intervals": []},
                {"date": "2026-12-31", "intervals": [{"from": "x", "to": "10:00"}]},
            ],
            "production_calendar": "xx",
            "days": [{"date": "2026-01-01", "kind": "holiday"}, {"date": "2026-01-01", "kind": "short"}],
        }),
        &[
            ("schedule.time_zone", "bad_time_zone"),
            ("schedule.weekly[1].day", "taken"),
            ("schedule.weekly[2].intervals[0].to", "bad_time"),
            ("schedule.exceptions[1].date", "taken"),
            ("schedule.exceptions[1].intervals[0].from", "bad_time"),
            ("schedule.days[1].date", "taken"),
            ("schedule.production_calendar", "unknown"),
        ],
    );
}

#[test]
fn times_are_read_strictly() {
    for text in
        ["", "9", "24:01", "12:60", "9:5", "-1:00", "09:00:60", "09:00:00:00", "24:00:01", "٠٩:00", " 9:00", "009:00"]
    {
        let day = json!([{"day": "tue", "intervals": [{"from": "00:00", "to": text}]}]);
        check_faults(of_days(day), &[("schedule.weekly[0].intervals[0].to", "bad_time")]);
    }
    let day = json!([{"day": "tue", "intervals": [{"from": "24:00", "to": "01:00"}]}]);
    check_faults(of_days(day), &[("schedule.weekly[0].intervals[0].from", "bad_time")]);
    let day = json!([{"day": "tue", "intervals": [{"from": "09:00", "to": "09:00:00"}]}]);
    check_faults(of_days(day), &[("schedule.weekly[0].intervals[0].to", "empty")]);
}

#[test]
fn intervals_of_a_day_do_not_overlap() {
    let overlap = |one: [&str; 2], other: [&str; 2]| {
        let of = |pair: [&str; 2]| json!({"from": pair[0], "to": pair[1]});
        of_days(json!([{"day": "tue", "intervals": [of(one), of(other)]}]))
    };
    let second = [("schedule.weekly[0].intervals[1].from", "overlaps")];
    let first = [("schedule.weekly[0].intervals[0].from", "overlaps")];
    check_faults(overlap(["09:00", "13:00"], ["12:00", "18:00"]), &second);
    check_faults(overlap(["12:00", "18:00"], ["09:00", "13:00"]), &first);
    check_faults(overlap(["22:00", "06:00"], ["23:00", "24:00"]), &second);
    assert!(read(overlap(["09:00", "13:00"], ["13:00", "18:00"])).schedule("").is_ok());
    assert!(read(overlap(["14:00", "18:00"], ["9:00", "13:00"])).schedule("").is_ok());
}

#[test]
fn seconds_and_long_names_of_days_are_understood() {
    let schedule = read(of_days(json!([{"day": "monday", "intervals": [{"from": "09:00:30", "to": "09:01:15"}]}])));
    let schedule = schedule.schedule("").unwrap();
    let monday = at(schedule.zone(), "2026-11-23 00:00");
    assert_eq!(schedule.between(monday, monday + length("24h")), length("45s"));
}

#[test]
fn what_is_written_later_in_this_order_gives_way() {
    let mut definition = definition("Europe/Moscow", &[("mon-fri", "09:00-18:00")], &[("2026-05-01", "10:00-12:00")]);
    definition.production_calendar = Some("ru".to_owned());
    definition.days = serde_json::from_value(json!([
        {"date": "2026-05-01", "kind": "working"},
        {"date": "2026-05-11", "kind": "working", "name": "Отработка"},
        {"date": "2026-05-30", "kind": "working"},
        {"date": "2026-05-29", "kind": "short"},
        {"date": "2026-05-31", "kind": "short"},
    ]))
    .unwrap();
    let schedule = definition.schedule("").unwrap();
    let on = |date: &str| {
        let from = at(schedule.zone(), &format!("{date} 00:00"));
        schedule.between(from, from + length("24h"))
    };
    assert_eq!(on("2026-05-01"), length("2h"), "hours of the date");
    assert_eq!(on("2026-05-11"), length("9h"), "the imported day, not the country's holiday");
    assert_eq!(on("2026-05-08"), length("8h"), "the country's short day");
    assert_eq!(on("2026-05-30"), length("9h"), "as the Friday before");
    assert_eq!(on("2026-05-29"), length("8h"));
    assert_eq!(on("2026-05-31"), length("0s"), "a short Sunday is a Sunday");
    let again: Definition = serde_json::from_value(serde_json::to_value(&definition).unwrap()).unwrap();
    assert_eq!(again, definition);
}
