//! Conditions of rules: a `base::Condition` checked against the catalogue and made ready to be asked many times.
//!
//! Invariants: what `compile` accepts can always be asked; a wrong test is refused with its place in the tree. Every test
//! of a tree is asked, also when the group's answer is known already, so that the trace shows all of them.

use base::condition::{Condition, Operator, Test};
use base::{FieldError, Words};
use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use super::words::{Analysed, Phrase};
use crate::attributes::{Fact, Kind, find, options};
use crate::facts::{Actual, Facts};

/// Deeper trees nobody reads.
const DEEPEST: usize = 8;
const MOST_TESTS: usize = 100;
const MOST_VALUES: usize = 200;
const LONGEST_VALUE: usize = 500;

/// A condition ready to be asked.
#[derive(Clone, Debug)]
pub struct Compiled {
    root: Node,
    /// In the order of the tree.
    tests: Vec<Check>,
}

#[derive(Clone, Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    None(Vec<Node>),
    Test(usize),
}

/// One test, ready.
#[derive(Clone, Debug)]
pub struct Check {
    /// Where it stands: `all[1].any[0]`; empty for a condition of one test.
    pub path: String,
    pub test: Test,
    fact: Fact,
    expected: Expected,
}

#[derive(Clone, Debug)]
enum Expected {
    Nothing,
    Phrases(Vec<Phrase>),
    /// Folded.
    Texts(Vec<String>),
    Ids(Vec<Uuid>),
    Bool(bool),
    Numbers(Vec<f64>),
    /// Minutes of the day.
    Minutes(Vec<u32>),
    Dates(Vec<NaiveDate>),
}

/// The answer of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub matched: bool,
    /// Of each test, in the order of `Compiled::checks`.
    pub passed: Vec<bool>,
}

impl Compiled {
    pub fn ask(&self, facts: &Facts) -> Answer {
        let passed: Vec<bool> = self.tests.iter().map(|check| check.passes(facts)).collect();
        Answer { matched: self.root.holds(&passed), passed }
    }

    pub fn checks(&self) -> &[Check] {
        &self.tests
    }
}

impl Node {
    fn holds(&self, passed: &[bool]) -> bool {
        match self {
            Node::All(all) => all.iter().all(|inner| inner.holds(passed)),
            Node::Any(any) => any.iter().any(|inner| inner.holds(passed)),
            Node::None(none) => !none.iter().any(|inner| inner.holds(passed)),
            Node::Test(index) => passed.get(*index).copied().unwrap_or(false),
        }
    }
}

/// Reads a condition as it came in a request. `at` is its own place, for errors.
pub fn read(value: &Value, at: &str) -> Result<Condition, Vec<FieldError>> {
    let mut errors = Vec::new();
    let condition = read_node(value, at, 0, &mut errors);
    match condition {
        Some(condition) if errors.is_empty() => Ok(condition),
        _ => Err(errors),
    }
}

fn read_node(value: &Value, at: &str, depth: usize, errors: &mut Vec<FieldError>) -> Option<Condition> {
    if depth > DEEPEST {
        let words = Words::new("Слишком глубокая вложенность групп", "Groups are nested too deep");
        errors.push(FieldError { field: at.to_owned(), code: "too_deep", words });
        return None;
    }
    let Some(object) = value.as_object() else {
        errors.push(unreadable(at));
        return None;
    };
    for key in ["all", "any", "none"] {
        let Some(inner) = object.get(key) else { continue };
        let place = format!("{at}.{key}");
        let Some(inner) = inner.as_array().filter(|_| object.len() == 1) else {
            errors.push(unreadable(&place));
            return None;
        };
        let read: Vec<Option<Condition>> = inner
            .iter()
            .enumerate()
            .map(|(index, one)| read_node(one, &format!("{place}[{index}]"), depth + 1, errors))
            .collect();
        let read: Vec<Condition> = read.into_iter().collect::<Option<_>>()?;
        return Some(match key {
            "all" => Condition::All { all: read },
            "any" => Condition::Any { any: read },
            _ => Condition::None { none: read },
        });
    }
    match serde_json::from_value::<Test>(value.clone()) {
        Ok(test) => Some(Condition::Test(test)),
        Err(_) if !object.contains_key("field") => {
            errors.push(unreadable(at));
            None
        }
        Err(_) => {
            let words = Words::new("Нет такого сравнения", "There is no such comparison");
            errors.push(FieldError { field: format!("{at}.operator"), code: "unknown_operator", words });
            None
        }
    }
}

fn unreadable(at: &str) -> FieldError {
    let words = Words::new(
        "Это не условие: нужна группа all, any или none либо проверка с field, operator и value",
        "This is no condition: give a group all, any or none, or a test with field, operator and value",
    );
    FieldError { field: at.to_owned(), code: "not_a_condition", words }
}

/// Makes a condition ready. `at` is its own place, for errors.
pub fn compile(condition: &Condition, at: &str) -> Result<Compiled, Vec<FieldError>> {
    let mut compiler = Compiler { at, tests: Vec::new(), errors: Vec::new() };
    let root = compiler.node(condition, String::new());
    let Compiler { tests, mut errors, .. } = compiler;
    if tests.len() > MOST_TESTS {
        let words = Words::owned(
            format!("Слишком много проверок: не больше {MOST_TESTS}"),
            format!("Too many tests: {MOST_TESTS} at most"),
        );
        errors.push(FieldError { field: at.to_owned(), code: "too_many", words });
    }
    if errors.is_empty() { Ok(Compiled { root, tests }) } else { Err(errors) }
}

struct Compiler<'a> {
    at: &'a str,
    tests: Vec<Check>,
    errors: Vec<FieldError>,
}

impl Compiler<'_> {
    fn node(&mut self, condition: &Condition, path: String) -> Node {
        match condition {
            Condition::All { all } => Node::All(self.inner(all, &path, "all")),
            Condition::Any { any } => Node::Any(self.inner(any, &path, "any")),
            Condition::None { none } => Node::None(self.inner(none, &path, "none")),
            Condition::Test(test) => {
                let place = if path.is_empty() { self.at.to_owned() } else { format!("{}.{path}", self.at) };
                match check(test, path) {
                    Ok(check) => {
                        self.tests.push(check);
                        Node::Test(self.tests.len() - 1)
                    }
                    Err((part, code, words)) => {
                        self.errors.push(FieldError { field: format!("{place}.{part}"), code, words });
                        Node::Test(usize::MAX)
                    }
                }
            }
        }
    }

    fn inner(&mut self, conditions: &[Condition], path: &str, key: &str) -> Vec<Node> {
        let dot = if path.is_empty() { "" } else { "." };
        conditions.iter().enumerate().map(|(index, one)| self.node(one, format!("{path}{dot}{key}[{index}]"))).collect()
    }
}

type Wrong = (&'static str, &'static str, Words);

fn check(test: &Test, path: String) -> Result<Check, Wrong> {
    let Some((fact, kind)) = find(&test.field) else {
        let words = Words::owned(
            format!("Нет такого признака: {}", test.field),
            format!("There is no such attribute: {}", test.field),
        );
        return Err(("field", "unknown_field", words));
    };
    if !kind.operators().contains(&test.operator) {
        let words = Words::new("Этот признак так не сравнивают", "This attribute is not compared in this way");
        return Err(("operator", "unfit_operator", words));
    }
    let expected = expected(test, fact, kind).map_err(|words| ("value", "bad_value", words))?;
    Ok(Check { path, test: test.clone(), fact, expected })
}

fn expected(test: &Test, fact: Fact, kind: Kind) -> Result<Expected, Words> {
    use Operator::*;
    if matches!(test.operator, Empty | NotEmpty) {
        return Ok(Expected::Nothing);
    }
    let takes_list = matches!(test.operator, In | NotIn | Between)
        || (matches!(kind, Kind::Words | Kind::Text)
            && matches!(test.operator, Contains | ContainsAll | NotContains | StartsWith | EndsWith));
    let values = if takes_list { test.values() } else { std::slice::from_ref(&test.value) };
    if test.operator == Between && values.len() != 2 {
        return Err(Words::new("Укажите начало и конец", "Give the beginning and the end"));
    }
    if values.is_empty() || values.len() > MOST_VALUES {
        return Err(Words::owned(
            format!("Укажите от 1 до {MOST_VALUES} значений"),
            format!("Give 1 to {MOST_VALUES} values"),
        ));
    }
    match kind {
        Kind::Words => Ok(Expected::Phrases(texts(values)?.into_iter().map(|text| Phrase::new(&text)).collect())),
        Kind::Text => Ok(Expected::Texts(texts(values)?.iter().map(|text| text::fold(text)).collect())),
        Kind::Choice => {
            let known = options(fact);
            let chosen = texts(values)?;
            if chosen.iter().all(|code| known.iter().any(|(value, _)| value == code)) {
                Ok(Expected::Texts(chosen))
            } else {
                Err(Words::new("Нет такого значения в списке", "The list has no such value"))
            }
        }
        Kind::Number => {
            let number = |value: &Value| value.as_f64().filter(|number| number.is_finite());
            each(values, number, Words::new("Нужно число", "A number is needed")).map(Expected::Numbers)
        }
        Kind::Bool => {
            let words = Words::new("Нужно «да» или «нет»", "Yes or no is needed");
            test.value.as_bool().map(Expected::Bool).ok_or(words)
        }
        Kind::Time => {
            let words = Words::new("Нужно время, например 09:30", "A time is needed, such as 09:30");
            each(values, |value| minute_of(value.as_str()?), words).map(Expected::Minutes)
        }
        Kind::Date => {
            let words = Words::new("Нужна дата, например 2026-12-31", "A date is needed, such as 2026-12-31");
            let date = |value: &Value| NaiveDate::parse_from_str(value.as_str()?, "%Y-%m-%d").ok();
            each(values, date, words).map(Expected::Dates)
        }
        Kind::Id(_) => {
            let words = Words::new("Выберите из списка", "Choose from the list");
            each(values, |value| value.as_str()?.parse().ok(), words).map(Expected::Ids)
        }
    }
}

fn each<T>(values: &[Value], read: impl Fn(&Value) -> Option<T>, words: Words) -> Result<Vec<T>, Words> {
    values.iter().map(read).collect::<Option<Vec<T>>>().ok_or(words)
}

/// `09:30` as a minute of the day; `24:00` is its end.
fn minute_of(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let fine = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=2).contains(&hours.len()) || minutes.len() != 2 || !fine(hours) || !fine(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

fn texts(values: &[Value]) -> Result<Vec<String>, Words> {
    let words = Words::owned(
        format!("Введите текст, не длиннее {LONGEST_VALUE} знаков"),
        format!("Enter a text, {LONGEST_VALUE} characters at most"),
    );
    let text = |value: &Value| {
        let text = value.as_str()?.trim();
        (!text.is_empty() && text.chars().count() <= LONGEST_VALUE).then(|| text.to_owned())
    };
    each(values, text, words)
}

impl Check {
    pub fn fact(&self) -> Fact {
        self.fact
    }

    fn passes(&self, facts: &Facts) -> bool {
        let actual = facts.get(self.fact);
        match (&self.expected, actual) {
            (Expected::Nothing, actual) => actual.is_empty() == (self.test.operator == Operator::Empty),
            (Expected::Phrases(phrases), Actual::Words(text)) => self.passes_words(phrases, text),
            (Expected::Texts(wanted), Actual::Texts(texts)) => self.passes_texts(wanted, texts),
            (Expected::Texts(wanted), Actual::Code(code)) => self.passes_texts(wanted, &[code]),
            (Expected::Ids(wanted), Actual::Ids(ids)) => {
                let found = ids.iter().any(|id| wanted.contains(id));
                found != matches!(self.test.operator, Operator::Ne | Operator::NotIn)
            }
            (Expected::Bool(wanted), Actual::Bool(is)) => *wanted == is,
            (Expected::Numbers(wanted), Actual::Number(number)) => compare(self.test.operator, &number, wanted),
            (Expected::Dates(wanted), Actual::Date(date)) => compare(self.test.operator, &date, wanted),
            (Expected::Minutes(wanted), Actual::Minutes(minute)) => match (self.test.operator, wanted.as_slice()) {
                // Over midnight: from 22:00 to 06:00.
                (Operator::Between, [from, to]) if from > to => minute >= *from || minute <= *to,
                (operator, wanted) => compare(operator, &minute, wanted),
            },
            _ => false,
        }
    }

    fn passes_words(&self, phrases: &[Phrase], text: &Analysed) -> bool {
        match self.test.operator {
            Operator::ContainsAll => phrases.iter().all(|phrase| phrase.is_in(text)),
            Operator::NotContains => !phrases.iter().any(|phrase| phrase.is_in(text)),
            _ => phrases.iter().any(|phrase| phrase.is_in(text)),
        }
    }

    /// A client has several accounts: one that fits is enough, and "not" means none of them.
    fn passes_texts<T: AsRef<str>>(&self, wanted: &[String], texts: &[T]) -> bool {
        use Operator::*;
        let some = |fits: fn(&str, &str) -> bool| {
            texts.iter().any(|text| wanted.iter().any(|wanted| fits(text.as_ref(), wanted)))
        };
        match self.test.operator {
            Ne | NotIn => !some(|text, wanted| text == wanted),
            Contains => some(|text, wanted| text.contains(wanted)),
            NotContains => !some(|text, wanted| text.contains(wanted)),
            StartsWith => some(|text, wanted| text.starts_with(wanted)),
            EndsWith => some(|text, wanted| text.ends_with(wanted)),
            _ => some(|text, wanted| text == wanted),
        }
    }
}

fn compare<T: PartialOrd>(operator: Operator, actual: &T, wanted: &[T]) -> bool {
    use Operator::*;
    let first = wanted.first();
    match operator {
        Eq | In => wanted.contains(actual),
        Ne | NotIn => !wanted.contains(actual),
        Lt => first.is_some_and(|wanted| actual < wanted),
        Lte => first.is_some_and(|wanted| actual <= wanted),
        Gt => first.is_some_and(|wanted| actual > wanted),
        Gte => first.is_some_and(|wanted| actual >= wanted),
        Between => matches!(wanted, [low, high] if low <= actual && actual <= high),
        _ => false,
    }
}
