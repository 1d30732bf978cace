//! One filter tree for views, rules, segments, reports and rights.
//!
//! Two interpreters must agree: `matches` here, and `db::condition` which makes SQL of the same tree.
//! JSON: `{"all": [...]}`, `{"any": [...]}`, `{"none": [...]}` or `{"field": "priority", "operator": "eq", "value": "high"}`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A filter: a group of filters, or one test of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Condition {
    All { all: Vec<Condition> },
    Any { any: Vec<Condition> },
    None { none: Vec<Condition> },
    Test(Test),
}

/// One test of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    pub field: String,
    pub operator: Operator,
    #[serde(default)]
    pub value: Value,
}

/// How a field is compared. Texts compare without regard to case and ё/е (both sides folded). Those that look into a text
/// take one text or a list: any of the list is enough, `ContainsAll` wants all, `NotContains` none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Eq,
    Ne,
    In,
    NotIn,
    Contains,
    ContainsAll,
    NotContains,
    StartsWith,
    EndsWith,
    Lt,
    Lte,
    Gt,
    Gte,
    /// Value is `[low, high]`, both included.
    Between,
    Empty,
    NotEmpty,
}

impl Condition {
    pub fn test(field: &str, operator: Operator, value: impl Into<Value>) -> Self {
        Condition::Test(Test { field: field.to_owned(), operator, value: value.into() })
    }

    /// Tells whether a record matches; `lookup` gives a field's value (null when it has none).
    pub fn matches(&self, lookup: &dyn Fn(&str) -> Value) -> bool {
        match self {
            Condition::All { all } => all.iter().all(|inner| inner.matches(lookup)),
            Condition::Any { any } => any.iter().any(|inner| inner.matches(lookup)),
            Condition::None { none } => !none.iter().any(|inner| inner.matches(lookup)),
            Condition::Test(test) => test.matches(&lookup(&test.field)),
        }
    }
}

impl Test {
    /// Tells whether a field of this value passes.
    pub fn matches(&self, actual: &Value) -> bool {
        use Operator::*;
        let empty = actual.is_null() || actual.as_str().is_some_and(str::is_empty);
        match self.operator {
            Empty => empty,
            NotEmpty => !empty,
            Ne => !same(actual, &self.value),
            NotIn => !self.list().iter().any(|value| same(actual, value)),
            NotContains => !self.texts().any(|part| text(actual).contains(&part)),
            _ if actual.is_null() => false,
            Eq => same(actual, &self.value),
            In => self.list().iter().any(|value| same(actual, value)),
            Contains => self.texts().any(|part| text(actual).contains(&part)),
            ContainsAll => self.texts().all(|part| text(actual).contains(&part)),
            StartsWith => self.texts().any(|part| text(actual).starts_with(&part)),
            EndsWith => self.texts().any(|part| text(actual).ends_with(&part)),
            Lt => order(actual, &self.value).is_some_and(|o| o.is_lt()),
            Lte => order(actual, &self.value).is_some_and(|o| o.is_le()),
            Gt => order(actual, &self.value).is_some_and(|o| o.is_gt()),
            Gte => order(actual, &self.value).is_some_and(|o| o.is_ge()),
            Between => match self.list() {
                [low, high] => {
                    order(actual, low).is_some_and(|o| o.is_ge()) && order(actual, high).is_some_and(|o| o.is_le())
                }
                _ => false,
            },
        }
    }

    /// The value as a list; a single value is no list.
    pub fn list(&self) -> &[Value] {
        self.value.as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The value as a list, also when it is a single one.
    pub fn values(&self) -> &[Value] {
        self.value.as_array().map_or(std::slice::from_ref(&self.value), Vec::as_slice)
    }

    fn texts(&self) -> impl Iterator<Item = String> {
        self.values().iter().map(text)
    }
}

/// Folds a text for comparison: lower case, ё as е.
pub fn fold(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => fold(text),
        other => other.to_string(),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Null, Value::Null) => true,
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::String(a), Value::String(b)) => fold(a) == fold(b),
        _ => a == b,
    }
}

fn order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Value::String(a), Value::String(b)) => Some(fold(a).cmp(&fold(b))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(condition: Value, record: Value, expected: bool) {
        let condition: Condition = serde_json::from_value(condition).unwrap();
        assert_eq!(condition.matches(&|field| record[field].clone()), expected, "{condition:?} on {record}");
    }

    #[test]
    fn groups_nest() {
        let tree = json!({"all": [
            {"field": "priority", "operator": "in", "value": ["high", "medium"]},
            {"any": [{"field": "subject", "operator": "contains", "value": "СЧЁТ"}, {"field": "count", "operator": "gte", "value": 10}]},
            {"none": [{"field": "status", "operator": "eq", "value": "closed"}]},
        ]});
        check(tree.clone(), json!({"priority": "high", "subject": "Где счет?", "count": 1, "status": "open"}), true);
        check(tree.clone(), json!({"priority": "high", "subject": "Привет", "count": 10, "status": "open"}), true);
        check(tree.clone(), json!({"priority": "low", "subject": "Счёт", "count": 10, "status": "open"}), false);
        check(tree, json!({"priority": "high", "subject": "Счёт", "count": 10, "status": "closed"}), false);
    }

    #[test]
    fn a_missing_value_is_empty_and_never_compares() {
        check(json!({"field": "x", "operator": "empty"}), json!({}), true);
        check(json!({"field": "x", "operator": "lt", "value": 1}), json!({}), false);
        check(json!({"field": "x", "operator": "ne", "value": 1}), json!({}), true);
        check(json!({"field": "x", "operator": "not_in", "value": [1]}), json!({}), true);
        check(json!({"field": "x", "operator": "between", "value": [1, 3]}), json!({"x": 3}), true);
    }

    #[test]
    fn several_words_are_looked_for_at_once() {
        let record = json!({"x": "Пришлите счёт и акт"});
        let test = |operator: &str, words: Value| json!({"field": "x", "operator": operator, "value": words});
        check(test("contains", json!(["цена", "СЧЕТ"])), record.clone(), true);
        check(test("contains", json!(["цена", "скидка"])), record.clone(), false);
        check(test("contains_all", json!(["счёт", "акт"])), record.clone(), true);
        check(test("contains_all", json!(["счёт", "цена"])), record.clone(), false);
        check(test("not_contains", json!(["цена", "скидка"])), record.clone(), true);
        check(test("not_contains", json!(["цена", "акт"])), record.clone(), false);
        check(test("starts_with", json!(["вышлите", "пришлите"])), record, true);
    }
}
