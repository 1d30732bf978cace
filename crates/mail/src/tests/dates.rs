//! Date headers as they are really written.

use crate::parse_date;

#[track_caller]
fn check(header: &str, want: &str) {
    let date = parse_date(header).map(|date| date.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    assert_eq!(date.as_deref().unwrap_or("none"), want, "{header}");
}

#[test]
fn dates() {
    for header in [
        "Sat, 21 Nov 2026 10:00:00 +0300",
        "Sat, 21 Nov 2026 10:00:00 +0300 (MSK)",
        "Sat, 21 Nov 2026 10:00:00 +0300 MSK",
        "Sat,21 Nov 2026 10:00:00+0300",
        "Sat, 21 Nov 2026 10:00:00 +03:00",
        "Sat, 21 Nov 2026 10:00:00 +3",
        "Sat, 21 Nov 2026 10:00:00 GMT+3",
        "Sat, 21 Nov 2026 10:00:00 \"GMT+0300\"",
        "Sat, 21 Nov 2026 10.00.00 +0300",
        "21 Nov 26 10:00 MSK",
        "21-Nov-2026 10:00:00 +0300",
        "Сб, 21 ноя 2026 10:00:00 +0300",
        "суббота, 21 ноября 2026 г. 10:00:00 +0300",
        "субота, 21 листопада 2026 р. 10:00:00 +0300",
        "21.11.2026 10:00:00 +0300",
        "2026-11-21T10:00:00+03:00",
        "2026-11-21 10:00:00 +0300",
        "Sat Nov 21 10:00:00 MSK 2026",
        "Sat, 21 Nov 126 10:00:00 +0300",
    ] {
        check(header, "2026-11-21T07:00:00Z");
    }
    check("Sat, 21 Nov 2026 10:00:00 GMT", "2026-11-21T10:00:00Z");
    check("Sat, 21 Nov 2026 10:00:00", "2026-11-21T10:00:00Z");
    check("Sat Nov 21 10:00:00 2026", "2026-11-21T10:00:00Z");
    check("Nov 21, 2026 10:00 PM", "2026-11-21T22:00:00Z");
    check("11/21/2026 10:00", "2026-11-21T10:00:00Z");
    check("21 Nov 1999 10:00:00 EST", "1999-11-21T15:00:00Z");
    check("Sat, 21 Nov 2026 23:59:60 -0000", "2026-11-21T23:59:59Z");
    check("Sat, 21 Nov 2026 10:00:00.123 +0000", "2026-11-21T10:00:00Z");
}

#[test]
fn nonsense_gives_no_date() {
    for header in [
        "",
        "yesterday",
        "Sat, 32 Nov 2026 10:00:00 +0300",
        "Sat, 21 Nov 2026 25:00:00 +0300",
        "21 Foo 2026",
        "10:00",
        "99999999999",
    ] {
        check(header, "none");
    }
}
