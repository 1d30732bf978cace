//! How long counting takes: medians of a thousand runs each. `cargo run --release -p calendar --example speed`.

use std::hint::black_box;
use std::time::Instant;

use calendar::{Definition, Schedule};
use chrono::{DateTime, TimeDelta, Utc};

fn main() {
    let start = DateTime::from_timestamp(1_767_603_600, 0).unwrap_or_default();
    let year = TimeDelta::hours(1960);
    for (name, text) in SCHEDULES {
        let schedule = schedule(text);
        let due = median(|| schedule.due(start, year).map_or(0, |due| due.timestamp()));
        let near = median(|| schedule.due(start, TimeDelta::hours(4)).map_or(0, |due| due.timestamp()));
        let end = start + TimeDelta::days(365);
        let between = median(|| schedule.between(start, end).num_seconds());
        println!(
            "{name:32} due a year ahead {due:>7.1} us, due in 4 hours {near:>6.2} us, between over a year {between:>7.1} us"
        );
        println!("{:32} it is due {}", "", shown(&schedule, start, year));
    }
}

const SCHEDULES: [(&str, &str); 3] = [
    ("office, Moscow", r#"{"time_zone": "Europe/Moscow", "weekly": WEEK}"#),
    ("office, Berlin", r#"{"time_zone": "Europe/Berlin", "weekly": WEEK}"#),
    ("office, production calendar", r#"{"time_zone": "Europe/Moscow", "weekly": WEEK, "production_calendar": "ru"}"#),
];

fn schedule(text: &str) -> Schedule {
    let hours = r#"[{"from": "09:00", "to": "13:00"}, {"from": "14:00", "to": "18:00"}]"#;
    let days = ["mon", "tue", "wed", "thu", "fri"].map(|day| format!(r#"{{"day": "{day}", "intervals": {hours}}}"#));
    let definition = text.replace("WEEK", &format!("[{}]", days.join(", ")));
    let definition: Definition = serde_json::from_str(&definition).unwrap_or_default();
    definition.schedule("").unwrap_or_else(|_| Schedule::always(chrono_tz::Tz::UTC))
}

fn shown(schedule: &Schedule, start: DateTime<Utc>, norm: TimeDelta) -> String {
    schedule.due(start, norm).map(|due| due.with_timezone(&schedule.zone()).to_string()).unwrap_or_default()
}

/// Of a thousand runs, in microseconds.
fn median(run: impl Fn() -> i64) -> f64 {
    let mut times: Vec<f64> = (0..1000)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
