//! Production calendars: the days on which a country works otherwise than its week says.
//!
//! Invariant: each year names its source, and one that could not be checked against it says so.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::definition::Weekday;

/// A day on which people work otherwise than the week says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleSpecialDay)]
pub struct SpecialDay {
    pub date: NaiveDate,
    pub kind: Kind,
    /// Of a working day: the weekday whose hours hold. Null: those of the nearest weekday before it that has any. A date
    /// that has hours by the week keeps its own.
    #[serde(default)]
    pub like: Option<Weekday>,
    /// What people call it. At most 200 characters.
    #[serde(default)]
    pub name: String,
}

/// How such a day differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleSpecialDayKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nobody works.
    Holiday,
    /// An hour less at the end. A day off stays one.
    Short,
    /// A day off on which people work.
    Working,
    /// The same with an hour less.
    WorkingShort,
}

impl Kind {
    pub fn parse(text: &str) -> Option<Kind> {
        match text.to_lowercase().as_str() {
            "holiday" | "off" | "праздник" | "выходной" => Some(Kind::Holiday),
            "short" | "короткий" | "сокращённый" | "сокращенный" => Some(Kind::Short),
            "working" | "рабочий" => Some(Kind::Working),
            "working_short" | "рабочий короткий" => Some(Kind::WorkingShort),
            _ => None,
        }
    }
}

/// The production calendar of a country.
pub struct Country {
    pub code: &'static str,
    pub years: &'static [Year],
    days: &'static LazyLock<Vec<SpecialDay>>,
}

/// A year of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    pub year: i32,
    pub source: &'static str,
    /// Not checked against the decree: only what the law itself says is in it.
    pub provisional: bool,
}

impl Country {
    /// In order of date.
    pub fn days(&self) -> &'static [SpecialDay] {
        self.days
    }
}

pub fn countries() -> &'static [Country] {
    COUNTRIES
}

pub fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

static RUSSIA: LazyLock<Vec<SpecialDay>> =
    LazyLock::new(|| crate::read_csv(include_str!("../data/ru.csv")).unwrap_or_default());

const COUNTRIES: &[Country] = &[Country {
    code: "ru",
    years: &[
        Year {
            year: 2024,
            source: "ТК РФ, ст. 95 и 112; постановление Правительства РФ от 10.08.2023 № 1314",
            provisional: false,
        },
        Year {
            year: 2025,
            source: "ТК РФ, ст. 95 и 112; постановление Правительства РФ от 04.10.2024 № 1335",
            provisional: false,
        },
        Year {
            year: 2026,
            source: "ТК РФ, ст. 95 и 112; постановление Правительства РФ от 24.09.2025 № 1466",
            provisional: false,
        },
        Year {
            year: 2027,
            source: "ТК РФ, ст. 95 и 112; постановление о переносе выходных не учтено",
            provisional: true,
        },
    ],
    days: &RUSSIA,
}];
