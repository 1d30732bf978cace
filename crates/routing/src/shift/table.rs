//! The calendar of plan and fact as a table for Excel: a line for each person and day.

use std::collections::HashMap;

use base::{Language, Timestamp};
use chrono_tz::Tz;
use text::{harmless_cell, table_line};

use super::ShiftId;
use super::report::{PlanDay, ShiftPlan};

const COLUMNS: [(&str, &str); 13] = [
    ("Сотрудник", "Person"),
    ("Дата", "Date"),
    ("Смена", "Shift"),
    ("План: с", "Plan: from"),
    ("План: до", "Plan: to"),
    ("План, часов", "Plan, hours"),
    ("Отсутствие", "Absence"),
    ("Факт: с", "Fact: from"),
    ("Факт: до", "Fact: to"),
    ("Факт, часов", "Fact, hours"),
    ("Опоздание, минут", "Late, minutes"),
    ("Уход раньше, минут", "Left early, minutes"),
    ("Не вышел", "Did not come"),
];

/// The whole of it. In Russian by semicolons, as Excel there expects it.
pub(super) fn csv(plan: &ShiftPlan, language: Language, zone: Tz) -> String {
    let ru = language == Language::Ru;
    let separator = if ru { ';' } else { ',' };
    let names: HashMap<ShiftId, &str> = plan.shifts.iter().map(|shift| (shift.id, shift.name.as_str())).collect();
    let head: Vec<String> = COLUMNS.iter().map(|pair| if ru { pair.0 } else { pair.1 }.to_owned()).collect();
    // Excel takes a file for UTF-8 by this mark only.
    let mut text = format!("\u{feff}{}", table_line(&head, separator));
    for person in &plan.people {
        for day in &person.days {
            text.push_str(&table_line(&cells(&person.user.name, day, &names, ru, zone), separator));
        }
    }
    text
}

fn cells(name: &str, day: &PlanDay, names: &HashMap<ShiftId, &str>, ru: bool, zone: Tz) -> [String; 13] {
    let time = |at: Option<Timestamp>| {
        at.map(|at| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    };
    let hours = |minutes: i64| {
        let text = format!("{:.2}", minutes as f64 / 60.0);
        if ru { text.replace('.', ",") } else { text }
    };
    let some = |minutes: i64| if minutes > 0 { minutes.to_string() } else { String::new() };
    let fact = day.fact.as_ref();
    let yes = if ru { "да" } else { "yes" };
    let missed = fact.is_some_and(|fact| fact.missed);
    [
        harmless_cell(name.to_owned()),
        day.date.to_string(),
        harmless_cell(day.shift_id.and_then(|id| names.get(&id)).map(|name| (*name).to_owned()).unwrap_or_default()),
        time(day.starts_at),
        time(day.ends_at),
        hours(day.minutes),
        match &day.absence {
            None => String::new(),
            Some(reason) if reason.is_empty() => yes.to_owned(),
            Some(reason) => harmless_cell(reason.clone()),
        },
        time(fact.and_then(|fact| fact.first_at)),
        time(fact.and_then(|fact| fact.last_at)),
        fact.map(|fact| hours(fact.minutes)).unwrap_or_default(),
        fact.map(|fact| some(fact.late_minutes)).unwrap_or_default(),
        fact.map(|fact| some(fact.early_minutes)).unwrap_or_default(),
        if missed { yes.to_owned() } else { String::new() },
    ]
}
