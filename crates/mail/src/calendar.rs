//! Invitations (iCalendar, RFC 5545) in readable words, for mail that has nothing else to read.

/// What an invitation says: summary, time, place, organiser, description. `None` when it has no event.
pub fn readable(ics: &str) -> Option<String> {
    let unfolded = crate::body::normalise(ics).replace("\n ", "").replace("\n\t", "");
    let mut lines = Vec::new();
    let mut inside = false;
    for line in unfolded.lines() {
        match line.trim() {
            "BEGIN:VEVENT" | "BEGIN:VTODO" => inside = true,
            "END:VEVENT" | "END:VTODO" => break,
            // An alarm has a description of its own.
            "BEGIN:VALARM" => inside = false,
            "END:VALARM" => inside = true,
            _ if inside => lines.extend(property(line)),
            _ => {}
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn property(line: &str) -> Option<String> {
    let (head, value) = split_value(line)?;
    let name = head.split(';').next().unwrap_or_default().to_ascii_uppercase();
    let value = unescape(value);
    if value.trim().is_empty() {
        return None;
    }
    Some(match name.as_str() {
        "SUMMARY" => value,
        "DTSTART" => format!("{}{}", time(&value)?, zone(head)),
        "DTEND" => format!("– {}{}", time(&value)?, zone(head)),
        "LOCATION" => value,
        "ORGANIZER" => value.trim_start_matches("mailto:").trim_start_matches("MAILTO:").to_owned(),
        "DESCRIPTION" => format!("\n{}", value.trim()),
        _ => return None,
    })
}

/// The value starts at the first colon outside quotes.
fn split_value(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    Some((&line[..at], &line[at + 1..]))
}

fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

/// "20261121T100000Z" as "21.11.2026 10:00 UTC".
fn time(value: &str) -> Option<String> {
    let digits =
        |range: std::ops::Range<usize>| value.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let date = format!("{}.{}.{}", digits(6..8)?, digits(4..6)?, digits(0..4)?);
    let Some((hour, minute)) = digits(9..11).zip(digits(11..13)) else { return Some(date) };
    let utc = if value.ends_with('Z') { " UTC" } else { "" };
    Some(format!("{date} {hour}:{minute}{utc}"))
}

fn zone(head: &str) -> String {
    let zone = head.split(';').find_map(|param| param.strip_prefix("TZID="));
    zone.map(|zone| format!(" ({})", zone.trim_matches('"'))).unwrap_or_default()
}
