//! The explanation of a decision: what every rule said and why, kept with the decision and shown in one click.
//!
//! A trace keeps values as data, so that it is shown in the reader's language, with the names of today.

use base::condition::Operator;
use base::{Language, Words};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::evaluate::{Outcome, RuleSet, Step, Verdict};
use super::names::Names;
use crate::attributes::{ATTRIBUTES, Fact, Kind, OF_GROUP, find, options};
use crate::facts::Facts;
use crate::rule::RuleId;

/// What one step said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Traced {
    pub kind: StepKind,
    pub rule_id: Option<RuleId>,
    #[serde(default)]
    pub name: String,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TracedTest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Words>,
}

/// What kind of step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RoutingStep)]
pub enum StepKind {
    /// The client's responsible manager, before the rules.
    Manager,
    Rule,
    Default,
}

/// One test with its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TracedTest {
    pub field: String,
    pub operator: Operator,
    pub expected: Value,
    pub actual: Value,
    pub passed: bool,
    pub path: String,
}

/// Writes down what the steps said.
pub fn trace(set: &RuleSet, facts: &Facts, verdicts: Vec<Verdict>) -> Vec<Traced> {
    let traced = |verdict: Verdict| {
        let Verdict { step, outcome, passed, reason } = verdict;
        let rule = match step {
            Step::Rule(index) => set.rules.get(index),
            Step::Manager | Step::Default => None,
        };
        let checks = rule.and_then(|rule| rule.condition.as_ref()).map(|condition| condition.checks());
        let test = |(check, passed): (&crate::rule::Check, bool)| TracedTest {
            field: check.test.field.clone(),
            operator: check.test.operator,
            expected: check.test.value.clone(),
            actual: facts.shown(check.fact()),
            passed,
            path: check.path.clone(),
        };
        Traced {
            kind: match step {
                Step::Manager => StepKind::Manager,
                Step::Rule(_) => StepKind::Rule,
                Step::Default => StepKind::Default,
            },
            rule_id: rule.and_then(|rule| rule.id),
            name: rule.map(|rule| rule.name.clone()).unwrap_or_default(),
            outcome,
            tests: checks.unwrap_or_default().iter().zip(passed).map(test).collect(),
            reason,
        }
    };
    verdicts.into_iter().map(traced).collect()
}

/// What a step of routing said.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingVerdict {
    pub kind: StepKind,
    /// Null for the manager and the default, and for a rule that was never saved.
    pub rule_id: Option<RuleId>,
    pub name: String,
    /// It was switched on.
    pub enabled: bool,
    pub outcome: Outcome,
    pub tests: Vec<RoutingTest>,
    /// Why it was skipped, or why somebody else got it than the rule names.
    pub reason: Option<String>,
}

/// One test of a condition with what it found.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingTest {
    pub field: String,
    /// What the field is called, in the reader's language.
    pub label: String,
    #[schema(value_type = String)]
    pub operator: Operator,
    /// What the rule wants, in words.
    pub expected: String,
    /// What was there, in words; empty: nothing.
    pub actual: String,
    pub passed: bool,
    /// Its place in the condition: `all[1].any[0]`.
    pub path: String,
}

/// The ids whose names a trace needs.
pub fn ids_of<'a>(traced: impl IntoIterator<Item = &'a Traced>) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for test in traced.into_iter().flat_map(|step| &step.tests) {
        match find(&test.field) {
            Some((_, Kind::Id(_))) => {
                for value in [&test.expected, &test.actual] {
                    let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                    ids.extend(values.iter().filter_map(|value| value.as_str()?.parse::<Uuid>().ok()));
                }
            }
            Some((Fact::GroupOnline(id) | Fact::GroupFree(id) | Fact::GroupOnShift(id) | Fact::GroupQueue(id), _)) => {
                ids.push(id.0)
            }
            _ => {}
        }
    }
    ids
}

/// A trace in the reader's language.
pub fn view(traced: Vec<Traced>, names: &Names, language: Language) -> Vec<RoutingVerdict> {
    let verdict = |step: Traced| RoutingVerdict {
        kind: step.kind,
        rule_id: step.rule_id,
        name: step_name(step.kind, Some(&step.name), language),
        enabled: step.outcome != Outcome::Off,
        outcome: step.outcome,
        tests: step.tests.into_iter().map(|test| test_view(test, names, language)).collect(),
        reason: step.reason.map(|words| words.get(language).to_owned()),
    };
    traced.into_iter().map(verdict).collect()
}

/// What a step is called.
pub fn step_name(kind: StepKind, rule: Option<&str>, language: Language) -> String {
    match kind {
        StepKind::Manager => Words::new("Ответственный менеджер", "Responsible manager").get(language).to_owned(),
        StepKind::Default => Words::new("По умолчанию", "Default").get(language).to_owned(),
        StepKind::Rule => rule.unwrap_or_default().to_owned(),
    }
}

fn test_view(test: TracedTest, names: &Names, language: Language) -> RoutingTest {
    let known = find(&test.field);
    RoutingTest {
        label: label(&test.field, names, language),
        expected: said(&test.expected, known, names, language),
        actual: said(&test.actual, known, names, language),
        field: test.field,
        operator: test.operator,
        passed: test.passed,
        path: test.path,
    }
}

fn label(field: &str, names: &Names, language: Language) -> String {
    if let Some(known) = ATTRIBUTES.iter().find(|attribute| attribute.key == field) {
        return known.words.get(language).to_owned();
    }
    let Some((key, id)) = field.split_once(':') else { return field.to_owned() };
    let words = OF_GROUP.iter().find(|(known, _, _)| *known == key).map(|(_, words, _)| words.get(language));
    let group = id.parse().ok().and_then(|id| names.any(id)).unwrap_or_default();
    format!("{group}: {}", words.unwrap_or(key).to_lowercase())
}

fn said(value: &Value, known: Option<(Fact, Kind)>, names: &Names, language: Language) -> String {
    if let Value::Array(values) = value {
        let dash = if known.is_some_and(|(_, kind)| matches!(kind, Kind::Time | Kind::Date | Kind::Number)) {
            "–"
        } else {
            ", "
        };
        return values.iter().map(|value| said(value, known, names, language)).collect::<Vec<_>>().join(dash);
    }
    match (value, known) {
        (Value::Null, _) => String::new(),
        (Value::Bool(is), _) => {
            let words = if *is { Words::new("да", "yes") } else { Words::new("нет", "no") };
            words.get(language).to_owned()
        }
        (Value::String(text), Some((_, Kind::Id(_)))) => {
            let gone = || Words::new("удалено", "deleted").get(language).to_owned();
            text.parse().ok().and_then(|id| names.any(id)).unwrap_or_else(gone)
        }
        (Value::String(text), Some((fact, Kind::Choice))) => {
            let option = options(fact).into_iter().find(|(code, _)| code == text);
            option.map_or_else(|| text.clone(), |(_, words)| words.get(language).to_owned())
        }
        (Value::String(text), _) => text.clone(),
        (other, _) => json!(other).to_string(),
    }
}
