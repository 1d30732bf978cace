//! What colleagues promise each other, as administrators write it down, and everything that can be wrong with it.

use base::{Error, FieldError, Result, Words};
use chrono::NaiveDate;
use desk::schedule::ScheduleId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::route::Kind;

/// The times of an OLA, in seconds of counted time, 1 to 31,536,000; null: not agreed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OlaDefinition)]
#[serde(default)]
pub struct Definition {
    /// By which schedule time counts; null: always, day and night.
    pub schedule_id: Option<ScheduleId>,
    /// How soon somebody takes the stage.
    pub reaction_seconds: Option<i64>,
    /// How soon the work is done.
    pub resolution_seconds: Option<i64>,
    /// How soon it is approved.
    pub approval_seconds: Option<i64>,
    /// How soon the information is gathered.
    pub gathering_seconds: Option<i64>,
    /// The first day it holds; null: always has.
    pub valid_from: Option<NaiveDate>,
    /// The last day it holds; null: until further notice.
    pub valid_to: Option<NaiveDate>,
    /// The stage's time gets shorter when earlier stages were late, so that the route ends as planned.
    pub shrink: bool,
    /// So much of the time stays in any case, 1 to 100.
    pub least_percent: i64,
}

impl Default for Definition {
    fn default() -> Self {
        Definition {
            schedule_id: None,
            reaction_seconds: None,
            resolution_seconds: None,
            approval_seconds: None,
            gathering_seconds: None,
            valid_from: None,
            valid_to: None,
            shrink: false,
            least_percent: 25,
        }
    }
}

impl Definition {
    /// The time of a stage of this kind.
    pub fn seconds(&self, kind: Kind) -> Option<i64> {
        match kind {
            Kind::Work => self.resolution_seconds,
            Kind::Approval => self.approval_seconds,
            Kind::Gathering => self.gathering_seconds,
        }
    }

    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Every fault that can be told without the database.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, code, ru, en| {
            let field = format!("definition.{field}");
            faults.push(FieldError { field, code, words: Words::new(ru, en) });
        };
        let named = [
            ("reaction_seconds", self.reaction_seconds),
            ("resolution_seconds", self.resolution_seconds),
            ("approval_seconds", self.approval_seconds),
            ("gathering_seconds", self.gathering_seconds),
        ];
        for (name, seconds) in named {
            if seconds.is_some_and(|seconds| !(1..=31_536_000).contains(&seconds)) {
                fault(name, "bad_duration", "От 1 секунды до 365 суток", "From 1 second to 365 days");
            }
        }
        if named.iter().all(|(_, seconds)| seconds.is_none()) {
            fault("resolution_seconds", "no_norm", "Укажите хотя бы один срок", "Give at least one time");
        }
        if let (Some(from), Some(to)) = (self.valid_from, self.valid_to)
            && to < from
        {
            fault("valid_to", "before_start", "Раньше, чем начало действия", "Before its first day");
        }
        if !(1..=100).contains(&self.least_percent) {
            fault("least_percent", "bad_percent", "От 1 до 100", "From 1 to 100");
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let wrong = Definition {
            approval_seconds: Some(0),
            valid_from: day("2027-02-01"),
            valid_to: day("2027-01-31"),
            least_percent: 0,
            ..Definition::default()
        };
        let Err(Error::Invalid(faults)) = wrong.check() else { panic!("it has faults") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["definition.approval_seconds", "definition.valid_to", "definition.least_percent"]);
        assert!(Definition::default().check().is_err(), "nothing is agreed");
    }

    #[test]
    fn both_days_belong_to_its_time() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let year = Definition {
            valid_from: Some(day("2027-01-01")),
            valid_to: Some(day("2027-12-31")),
            ..Definition::default()
        };
        for (text, holds) in [("2026-12-31", false), ("2027-01-01", true), ("2027-12-31", true), ("2028-01-01", false)]
        {
            assert_eq!(year.holds_on(day(text)), holds, "{text}");
        }
    }
}
