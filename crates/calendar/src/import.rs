//! Days of other years and countries, read from what calendars are kept in: CSV and iCalendar (RFC 5545).
//!
//! Invariant: what cannot be understood is refused with the number of its line; nothing is left out in silence, except
//! events that were cancelled.

use std::borrow::Cow;
use std::collections::HashMap;

use base::{Error, FieldError, Result, Words};
use chrono::{Days, NaiveDate};

use crate::definition::Weekday;
use crate::production::{Kind, SpecialDay};

/// More days than this are a mistake.
const MOST: usize = 2000;

/// Reads whichever of the two it is. At most a million characters.
pub fn read_days(text: &str) -> Result<Vec<SpecialDay>> {
    if text.len() > 4_000_000 || text.chars().count() > 1_000_000 {
        return Err(Error::invalid("text", "too_long", "Файл слишком велик", "The file is too large"));
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let is_calendar = start.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR"));
    if is_calendar { read_icalendar(text) } else { read_csv(text) }
}

/// Reads `date,kind,like,name`, a day a line. Commas or semicolons; `2027-01-08` or `08.01.2027`; kinds `holiday`, `short`,
/// `working`, `working_short` (or the Russian words), `holiday` when left out; `like` and `name` may be left out. A head
/// line, empty lines and lines that begin with `#` are passed over.
pub fn read_csv(text: &str) -> Result<Vec<SpecialDay>> {
    let mut found = Found::default();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let cells = cells(line);
        let cell = |at: usize| cells.get(at).map(|cell| cell.trim()).unwrap_or_default();
        let is_head = matches!(cell(0).to_lowercase().as_str(), "date" | "дата");
        if is_head && found.days.is_empty() {
            continue;
        }
        let Some(date) = date(cell(0)) else {
            found.fault(index, "нет даты вида 2027-01-08 или 08.01.2027", "no date such as 2027-01-08 or 08.01.2027");
            continue;
        };
        let kind = if cell(1).is_empty() { Some(Kind::Holiday) } else { Kind::parse(cell(1)) };
        let Some(kind) = kind else {
            let ru = "вид дня — holiday, short, working или working_short";
            found.fault(index, ru, "a day is holiday, short, working or working_short");
            continue;
        };
        let like = weekday(cell(2));
        if like.is_none() && !cell(2).is_empty() {
            let ru = "в третьем столбце — день недели: mon, tue, wed, thu, fri, sat, sun";
            found.fault(index, ru, "the third column is a weekday: mon, tue, wed, thu, fri, sat, sun");
            continue;
        }
        found.add(index, SpecialDay { date, kind, like, name: short(cell(3)) });
    }
    found.finish()
}

/// Reads the all-day events of a calendar as holidays. An event of several days makes as many.
pub fn read_icalendar(text: &str) -> Result<Vec<SpecialDay>> {
    let mut found = Found::default();
    let mut event: Option<Event> = None;
    let mut is_calendar = false;
    for (index, line) in unfold(text) {
        let Some((head, value)) = split_property(&line) else { continue };
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        let name = name.to_ascii_uppercase();
        match (name.as_str(), &mut event) {
            ("BEGIN", None) if value.eq_ignore_ascii_case("VCALENDAR") => is_calendar = true,
            ("BEGIN", None) if value.eq_ignore_ascii_case("VEVENT") => event = Some(Event::at(index)),
            ("BEGIN", Some(event)) => event.inner += 1,
            ("END", Some(open)) if open.inner > 0 => open.inner -= 1,
            ("END", Some(_)) => {
                if let Some(event) = event.take() {
                    event.finish(&mut found);
                }
            }
            // Alarms and such have properties of the same names.
            (_, Some(event)) if event.inner == 0 => event.property(&name, parameters, value, index, &mut found),
            _ => {}
        }
    }
    if !is_calendar {
        found.fault(0, "это не календарь: нет BEGIN:VCALENDAR", "this is no calendar: BEGIN:VCALENDAR is missing");
    } else if let Some(event) = event {
        found.fault(event.line, "событие не закончено", "the event does not end");
    }
    found.finish()
}

#[derive(Default)]
struct Event {
    line: usize,
    /// How deep in parts of the event.
    inner: usize,
    start: Option<NaiveDate>,
    /// Not part of it any more.
    end: Option<NaiveDate>,
    name: String,
    cancelled: bool,
    refused: bool,
}

impl Event {
    fn at(line: usize) -> Event {
        Event { line, ..Event::default() }
    }

    fn property(&mut self, name: &str, parameters: &str, value: &str, line: usize, found: &mut Found) {
        match name {
            "DTSTART" | "DTEND" => {
                let date = NaiveDate::parse_from_str(value.trim(), "%Y%m%d").ok();
                match (date, name) {
                    (Some(date), "DTSTART") => self.start = Some(date),
                    (Some(date), _) => self.end = Some(date),
                    (None, _) if value.contains('T') && !parameters.to_ascii_uppercase().contains("VALUE=DATE") => {
                        self.refuse(found, line, "событие не на весь день", "the event is not of a whole day");
                    }
                    (None, _) => self.refuse(found, line, "дата не вида 20270108", "the date is not such as 20270108"),
                }
            }
            "RRULE" | "RDATE" | "DURATION" => {
                let ru = "повторы и длительности не читаются: нужны события с датами";
                self.refuse(found, line, ru, "rules and durations are not read: events with dates are needed");
            }
            "SUMMARY" => self.name = short(&unescape(value)),
            "STATUS" => self.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
    }

    fn refuse(&mut self, found: &mut Found, line: usize, ru: &str, en: &str) {
        self.refused = true;
        found.fault(line, ru, en);
    }

    fn finish(self, found: &mut Found) {
        if self.cancelled || self.refused {
            return;
        }
        let Some(start) = self.start else {
            return found.fault(self.line, "у события нет DTSTART", "the event has no DTSTART");
        };
        let end = self.end.unwrap_or(start).max(start + Days::new(1));
        if (end - start).num_days() > 366 {
            return found.fault(self.line, "событие длиннее года", "the event is longer than a year");
        }
        for date in start.iter_days().take_while(|date| *date < end) {
            found.add(self.line, SpecialDay { date, kind: Kind::Holiday, like: None, name: self.name.clone() });
        }
    }
}

/// What was read so far, and what is wrong with it.
#[derive(Default)]
struct Found {
    days: Vec<SpecialDay>,
    lines: HashMap<NaiveDate, usize>,
    faults: Vec<FieldError>,
}

impl Found {
    /// `line` counts from 0.
    fn fault(&mut self, line: usize, ru: &str, en: &str) {
        // A file of another kind is wrong in every line; twenty are enough to see it.
        if self.faults.len() < 20 {
            let words = Words::owned(format!("Строка {}: {ru}", line + 1), format!("Line {}: {en}", line + 1));
            self.faults.push(FieldError { field: format!("text.{}", line + 1), code: "bad_line", words });
        }
    }

    /// The same day told twice in the same way is told once.
    fn add(&mut self, line: usize, day: SpecialDay) {
        let told = self.lines.insert(day.date, line);
        match self.days.iter().find(|known| told.is_some() && known.date == day.date) {
            Some(known) if known.kind == day.kind => {}
            Some(_) => {
                let before = told.unwrap_or_default() + 1;
                let ru = format!("эта дата уже есть в строке {before}, и там она другая");
                self.fault(line, &ru, &format!("this date is in line {before} already, and differs"));
            }
            None if self.days.len() == MOST => self.fault(line, "больше 2000 дней", "more than 2,000 days"),
            None if self.days.len() < MOST => self.days.push(day),
            None => {}
        }
    }

    fn finish(mut self) -> Result<Vec<SpecialDay>> {
        if self.faults.is_empty() && self.days.is_empty() {
            self.fault(0, "нет ни одного дня", "there is no day in it");
        }
        if !self.faults.is_empty() {
            return Err(Error::Invalid(self.faults));
        }
        self.days.sort_by_key(|day| day.date);
        Ok(self.days)
    }
}

fn short(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

fn date(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
}

fn weekday(text: &str) -> Option<Weekday> {
    let text = text.to_lowercase();
    let latin = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let russian = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
    let index = (0..7).find(|index| text == latin[*index] || text == russian[*index])?;
    Some(Weekday::ALL[index])
}

/// The cells of a line; one in quotes may have the separator in it, and a doubled quote.
fn cells(line: &str) -> Vec<String> {
    let separator = if line.split('"').step_by(2).any(|outside| outside.contains(';')) { ';' } else { ',' };
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut rest = line.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                push(&mut cells, '"');
            }
            '"' => quoted = !quoted,
            next if next == separator && !quoted => cells.push(String::new()),
            next => push(&mut cells, next),
        }
    }
    cells
}

fn push(cells: &mut [String], next: char) {
    if let Some(last) = cells.last_mut() {
        last.push(next);
    }
}

/// Lines of a calendar with the number each began at; a line that begins with a space goes on the one before.
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some((_, last))) => last.push_str(more),
            _ => lines.push((index, line.to_owned())),
        }
    }
    lines
}

/// A property and its value: at the first colon that is not in a quoted parameter.
fn split_property(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = line.char_indices().find(|(_, next)| {
        quoted ^= *next == '"';
        *next == ':' && !quoted
    })?;
    Some((&line[..at.0], &line[at.0 + 1..]))
}

fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut text = String::new();
    let mut rest = value.chars();
    while let Some(next) = rest.next() {
        match (next, next == '\\') {
            (_, true) => match rest.next() {
                Some('n' | 'N') => text.push(' '),
                Some(other) => text.push(other),
                None => {}
            },
            (next, false) => text.push(next),
        }
    }
    Cow::Owned(text)
}
