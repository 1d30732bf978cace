//! Dates of mail headers, read leniently: RFC 5322 and its obsolete zones, two-digit years, Russian months, ISO 8601,
//! ctime, dots and slashes.
//!
//! Invariant: a date that makes no sense gives `None`, never a made-up time.

use chrono::{DateTime, NaiveDate, Utc};

/// Parses the value of a Date header into UTC. A missing zone is taken as UTC.
pub fn parse(value: &str) -> Option<DateTime<Utc>> {
    let text = without_comments(value);
    let mut parsed = Parsed::default();
    for token in tokens(&text) {
        parsed.take(token);
    }
    parsed.finish()
}

/// Drops "(MSK)" comments, remembering nothing of them.
fn without_comments(value: &str) -> String {
    let mut depth = 0usize;
    value
        .chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' if depth > 0 => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .take(200)
        .collect()
}

/// Words between blanks and commas. "2026-11-21T10:00:00+03:00" is taken apart at its T and its zone sign.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        let time = word.find(':').filter(|_| word.starts_with(|c: char| c.is_ascii_digit()));
        let Some(colon) = time else {
            out.push(word);
            continue;
        };
        let start = word[..colon].rfind(['T', 't']).map_or(0, |at| at + 1);
        if start > 0 {
            out.push(&word[..start - 1]);
        }
        let clock = &word[start..];
        let end = clock.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(clock.len());
        out.push(&clock[..end]);
        if end < clock.len() {
            out.push(&clock[end..]);
        }
    }
    out
}

#[derive(Default)]
struct Parsed {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    time: Option<(u32, u32, u32)>,
    zone: Option<i32>,
    afternoon: Option<bool>,
}

impl Parsed {
    fn take(&mut self, token: &str) {
        let token = token.trim_end_matches('.');
        let lower = token.to_lowercase();
        if self.time.is_none()
            && let Some(time) = clock(token, self.day.is_some() && self.year.is_some())
        {
            self.time = Some(time);
        } else if self.take_numeric_date(token) || self.take_number(token) {
        } else if let Some(month) = month(&lower) {
            self.month = self.month.or(Some(month));
        } else if matches!(lower.as_str(), "am" | "pm") {
            self.afternoon = Some(lower == "pm");
        } else if self.zone.is_none() && self.time.is_some() {
            self.zone = zone(token);
        }
    }

    /// "21.11.2026", "21/11/26", "2026-11-21", "21-Nov-2026".
    fn take_numeric_date(&mut self, token: &str) -> bool {
        let parts: Vec<&str> = token.split(['-', '/', '.']).collect();
        let [first, second, third] = parts.as_slice() else { return false };
        if self.day.is_some() || first.is_empty() || third.is_empty() {
            return false;
        }
        let month = second.parse().ok().or_else(|| month(&second.to_lowercase()));
        let (year, day) = if first.len() == 4 { (first, third) } else { (third, first) };
        let (Ok(year_number), Ok(day), Some(month)) = (year.parse::<i32>(), day.parse::<u32>(), month) else {
            return false;
        };
        // An American "11/21/2026".
        let (day, month) = if month > 12 && day <= 12 && token.contains('/') { (month, day) } else { (day, month) };
        (self.year, self.month, self.day) = (Some(full_year(year_number, year.len())), Some(month), Some(day));
        true
    }

    fn take_number(&mut self, token: &str) -> bool {
        let digits = token.trim_end_matches(|c: char| c.is_alphabetic());
        if !(1..=4).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let Ok(number) = digits.parse::<u32>() else { return false };
        if self.day.is_none() && digits.len() <= 2 {
            self.day = Some(number);
        } else if self.year.is_none() && digits.len() >= 2 {
            self.year = Some(full_year(number as i32, digits.len()));
        } else {
            return false;
        }
        true
    }

    fn finish(self) -> Option<DateTime<Utc>> {
        let (mut hour, minute, second) = self.time.unwrap_or_default();
        match self.afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        let year = self.year.filter(|year| (1970..2200).contains(year))?;
        let day = NaiveDate::from_ymd_opt(year, self.month?, self.day?)?;
        let naive = if hour == 24 && minute == 0 {
            day.succ_opt()?.and_hms_opt(0, 0, 0)?
        } else {
            day.and_hms_opt(hour, minute, second.min(59))?
        };
        let utc = naive.checked_sub_signed(chrono::TimeDelta::minutes(i64::from(self.zone.unwrap_or(0))))?;
        Some(utc.and_utc())
    }
}

/// "26" is 2026, "99" is 1999, "126" is what a program writes that adds nothing to a year counted from 1900.
fn full_year(year: i32, digits: usize) -> i32 {
    match (digits, year) {
        (..=2, 0..=49) => year + 2000,
        (..=3, _) if year < 1000 => year + 1900,
        _ => year,
    }
}

/// "10:00", "10:00:00.123"; with dots only where the date is already known.
fn clock(token: &str, dots: bool) -> Option<(u32, u32, u32)> {
    let separator = if token.contains(':') { ':' } else { '.' };
    if separator == '.' && !dots {
        return None;
    }
    let mut parts = token.split(separator);
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next()?.parse().ok()?;
    let second = match parts.next() {
        Some(second) => second.split('.').next()?.parse().ok()?,
        None => 0,
    };
    Some((hour, minute, second))
}

/// English, Russian, Ukrainian, German and French month names by their first letters.
fn month(lower: &str) -> Option<u32> {
    const STEMS: [&[&str]; 12] = [
        &["jan", "янв", "січ"],
        &["feb", "фев", "лют", "fév"],
        &["mar", "мар", "бер", "mär"],
        &["apr", "апр", "кві", "avr"],
        &["may", "мая", "май", "тра", "mai"],
        &["jun", "июн", "чер", "juin"],
        &["jul", "июл", "лип", "juil"],
        &["aug", "авг", "сер", "aoû"],
        &["sep", "сен", "вер"],
        &["oct", "окт", "жов", "okt"],
        &["nov", "ноя", "лис"],
        &["dec", "дек", "гру", "dez", "déc"],
    ];
    let found = STEMS.iter().position(|stems| stems.iter().any(|stem| lower.starts_with(stem)))?;
    Some(found as u32 + 1)
}

/// A zone in minutes east of UTC: "+0300", "+03:00", "+3", "GMT+3", "MSK", "EST", a military letter.
fn zone(token: &str) -> Option<i32> {
    let upper = token.trim_matches('"').to_uppercase();
    let offset = upper.trim_start_matches("GMT").trim_start_matches("UTC").trim_start_matches("МСК");
    if let Some(sign) = offset.chars().next().filter(|c| matches!(c, '+' | '-' | '−')) {
        let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
        let (hours, minutes) = match digits.len() {
            1 | 2 => (digits.parse::<i32>().ok()?, 0),
            3 => (digits[..1].parse::<i32>().ok()?, digits[1..].parse::<i32>().ok()?),
            4 => (digits[..2].parse::<i32>().ok()?, digits[2..].parse::<i32>().ok()?),
            _ => return None,
        };
        let total = hours * 60 + minutes;
        return (hours <= 15 && minutes < 60).then_some(if sign == '+' { total } else { -total });
    }
    let hours = match upper.as_str() {
        "Z" | "UT" | "UTC" | "GMT" | "WET" => 0,
        "CET" | "MET" | "BST" | "WEST" => 1,
        "EET" | "CEST" | "MEST" | "USZ1" => 2,
        "MSK" | "МСК" | "EEST" | "TRT" => 3,
        "MSD" | "SAMT" | "GST" => 4,
        "YEKT" => 5,
        "OMST" | "ALMT" => 6,
        "NOVT" | "KRAT" => 7,
        "IRKT" => 8,
        "YAKT" => 9,
        "VLAT" => 10,
        "MAGT" => 11,
        "PETT" => 12,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return None,
    };
    Some(hours * 60)
}
