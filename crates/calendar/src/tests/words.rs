//! Hours as people say them.

use base::Language::{self, En, Ru};
use chrono_tz::Tz;
use serde_json::json;

use crate::{Definition, Schedule};

/// Monday to Friday with a break, a short Saturday, and the holidays of 2027.
fn office(zone: &str) -> Schedule {
    let day = json!([{"from": "09:00", "to": "13:00"}, {"from": "14:00", "to": "18:00"}]);
    let mut weekly: Vec<_> =
        ["mon", "tue", "wed", "thu", "fri"].iter().map(|name| json!({"day": name, "intervals": day})).collect();
    weekly.push(json!({"day": "sat", "intervals": [{"from": "10:00", "to": "14:00"}]}));
    let exceptions: Vec<_> = (1..=8).map(|day| json!({"date": format!("2027-01-{day:02}"), "intervals": []})).collect();
    read(json!({"time_zone": zone, "weekly": weekly, "exceptions": exceptions}))
}

fn read(definition: serde_json::Value) -> Schedule {
    serde_json::from_value::<Definition>(definition).unwrap().schedule("").unwrap()
}

fn opens(at: &str, reader: Option<Tz>, language: Language) -> Option<String> {
    office("Europe/Moscow").opening_in_words(at.parse().unwrap(), reader, language)
}

#[test]
fn an_opening_is_said_as_people_say_it() {
    let check = |at: &str, ru: &str, en: &str| {
        let reader = Some(Tz::Europe__Moscow);
        assert_eq!(opens(at, reader, Ru).as_deref(), Some(ru), "{at}");
        assert_eq!(opens(at, reader, En).as_deref(), Some(en), "{at}");
    };
    check("2026-11-23T05:00:00Z", "сегодня с 9:00", "today from 9:00");
    check("2026-11-23T10:30:00Z", "сегодня с 14:00", "today from 14:00");
    check("2026-11-23T16:00:00Z", "завтра с 9:00", "tomorrow from 9:00");
    check("2026-11-28T16:00:00Z", "в понедельник с 9:00", "on Monday from 9:00");
    check("2026-11-23T21:30:00Z", "сегодня с 9:00", "today from 9:00");
    check("2026-12-31T16:00:00Z", "9 января с 10:00", "on 9 January from 10:00");
    assert_eq!(opens("2026-11-23T07:00:00Z", None, Ru), None, "it is open");
}

#[test]
fn a_reader_elsewhere_reads_it_by_his_own_clock() {
    let evening = "2026-11-23T16:00:00Z";
    assert_eq!(opens(evening, Some(Tz::Asia__Vladivostok), Ru).unwrap(), "сегодня с 16:00");
}

#[test]
fn whose_clock_it_is_is_said_to_strangers() {
    let evening = "2026-11-23T16:00:00Z";
    assert_eq!(opens(evening, None, Ru).unwrap(), "завтра с 9:00 по московскому времени");
    assert_eq!(opens(evening, None, En).unwrap(), "tomorrow from 9:00 Moscow time");
    let berlin = office("Europe/Berlin");
    let at = evening.parse().unwrap();
    assert_eq!(berlin.week_in_words(at, None, Ru), "Пн–Пт 9:00–13:00, 14:00–18:00; Сб 10:00–14:00 (UTC+01:00)");
    assert_eq!(
        berlin.week_in_words(at, Some(Tz::Europe__Paris), En),
        "Mon–Fri 9:00–13:00, 14:00–18:00; Sat 10:00–14:00"
    );
}

#[test]
fn weeks_without_hours_and_with_all_of_them() {
    let at = "2026-11-23T16:00:00Z".parse().unwrap();
    let never = read(json!({"time_zone": "UTC", "weekly": []}));
    assert_eq!((never.week_in_words(at, None, Ru), never.opening_in_words(at, None, Ru)), (String::new(), None));
    let always = Schedule::always(Tz::Europe__Moscow);
    assert_eq!(always.week_in_words(at, None, Ru), "круглосуточно");
    assert_eq!(always.opening_in_words(at, None, Ru), None);
    let night = json!([{"from": "22:00", "to": "06:00"}]);
    let night = read(json!({"time_zone": "Europe/Moscow", "weekly": [{"day": "fri", "intervals": night}]}));
    assert_eq!(night.week_in_words(at, Some(Tz::Europe__Moscow), En), "Fri 22:00–6:00");
}
