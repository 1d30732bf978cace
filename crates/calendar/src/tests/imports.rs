//! Calendars of other years and countries, as files have them.

use base::{Error, Language, Result};

use crate::{Kind, SpecialDay, Weekday, read_csv, read_icalendar};

fn told(days: Result<Vec<SpecialDay>>) -> Vec<(String, Kind, Option<Weekday>, String)> {
    days.unwrap().into_iter().map(|day| (day.date.to_string(), day.kind, day.like, day.name)).collect()
}

/// The numbers of lines, and the first complaint in Russian.
fn faults(days: Result<Vec<SpecialDay>>) -> (Vec<String>, String) {
    let Err(Error::Invalid(faults)) = days else { panic!("it passed") };
    let first = faults[0].words.get(Language::Ru).to_owned();
    (faults.into_iter().map(|fault| fault.field).collect(), first)
}

#[test]
fn csv_as_people_save_it() {
    let text = "\u{feff}Дата;Вид;Как;Название\r\n# 2028\r\n\r\n08.01.2028;праздник;;\"Каникулы; \"\"последний\"\" день\"\r\n2028-01-15;рабочий;пн;\r\n2028-02-22,;;;\r\n";
    let (lines, _) = faults(read_csv(text));
    assert_eq!(lines, ["text.6"], "a comma among semicolons belongs to the cell");
    let fine = text.replace("2028-02-22,;;;", "2028-02-22");
    assert_eq!(
        told(read_csv(&fine)),
        [
            ("2028-01-08".to_owned(), Kind::Holiday, None, "Каникулы; \"последний\" день".to_owned()),
            ("2028-01-15".to_owned(), Kind::Working, Some(Weekday::Mon), String::new()),
            ("2028-02-22".to_owned(), Kind::Holiday, None, String::new()),
        ]
    );
}

#[test]
fn a_wrong_line_is_named_by_its_number() {
    let text = "date,kind,like,name\n2028-02-30,holiday\n2028-03-01,party\n2028-03-02,working,someday\n2028-03-03,holiday\n2028-03-03,short\n2028-03-03,holiday";
    let (lines, first) = faults(read_csv(text));
    assert_eq!(lines, ["text.2", "text.3", "text.4", "text.6"]);
    assert_eq!(first, "Строка 2: нет даты вида 2027-01-08 или 08.01.2027");
    assert_eq!(faults(read_csv("")).1, "Строка 1: нет ни одного дня");
    assert_eq!(faults(read_csv(&"мусор\n".repeat(500))).0.len(), 20);
}

const CALENDAR: &str = "BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1@example.com\r
DTSTART;VALUE=DATE:20280101\r
DTEND;VALUE=DATE:20280103\r
SUMMARY:Новый\r
  год\\, каникулы\r
BEGIN:VALARM\r
TRIGGER:-PT15M\r
DURATION:PT5M\r
SUMMARY:не это\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20280704\r
SUMMARY;LANGUAGE=\"en:us\":Independence Day\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20281225\r
STATUS:CANCELLED\r
SUMMARY:Not this\r
END:VEVENT\r
END:VCALENDAR\r
";

#[test]
fn all_day_events_are_holidays() {
    let holiday = |date: &str, name: &str| (date.to_owned(), Kind::Holiday, None, name.to_owned());
    assert_eq!(
        told(read_icalendar(CALENDAR)),
        [
            holiday("2028-01-01", "Новый год, каникулы"),
            holiday("2028-01-02", "Новый год, каникулы"),
            holiday("2028-07-04", "Independence Day"),
        ]
    );
}

#[test]
fn what_is_no_day_is_refused_with_its_line() {
    let wrong = |from: &str, to: &str| faults(read_icalendar(&CALENDAR.replace(from, to)));
    let (lines, first) = wrong("DTSTART;VALUE=DATE:20280704", "DTSTART:20280704T090000Z");
    assert_eq!((lines, first.as_str()), (vec!["text.16".to_owned()], "Строка 16: событие не на весь день"));
    assert_eq!(wrong("DTSTART;VALUE=DATE:20280704", "DTSTART;VALUE=DATE:20281304").0, ["text.16"]);
    assert_eq!(wrong("DTSTART;VALUE=DATE:20280704", "X-NOTHING:1").0, ["text.15"]);
    assert_eq!(wrong("DTSTART;VALUE=DATE:20280704", "RRULE:FREQ=YEARLY").0, ["text.16"]);
    assert_eq!(wrong("DTEND;VALUE=DATE:20280103", "DTEND;VALUE=DATE:20300103").0, ["text.3"]);
    assert_eq!(wrong("STATUS:CANCELLED\r\nSUMMARY:Not this\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "").0, ["text.19"]);
    assert_eq!(faults(read_icalendar("date,kind")).1, "Строка 1: это не календарь: нет BEGIN:VCALENDAR");
}
