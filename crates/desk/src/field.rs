//! Checks of the small texts people type into forms.

use std::ops::RangeInclusive;

use base::{Error, FieldError, Result, Words};
use serde::{Deserialize, Deserializer};

/// A name: one line, not empty, at most 200 characters.
pub fn name(field: &str, text: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        let words = Words::new("Заполните это поле", "Fill in this field");
        return Err(Error::Invalid(vec![FieldError { field: field.to_owned(), code: "required", words }]));
    }
    limit(field, text, 200)
}

/// A text of at most `max_chars` characters; may be empty.
pub fn limit(field: &str, text: String, max_chars: usize) -> Result<String> {
    if text.chars().count() <= max_chars {
        return Ok(text);
    }
    let words = Words::owned(
        format!("Слишком длинно: не больше {max_chars} знаков"),
        format!("Too long: {max_chars} characters at most"),
    );
    Err(Error::Invalid(vec![FieldError { field: field.to_owned(), code: "too_long", words }]))
}

/// A number of this range.
pub fn between(field: &str, number: i64, range: RangeInclusive<i64>) -> Result<i64> {
    if range.contains(&number) {
        return Ok(number);
    }
    let (least, most) = range.into_inner();
    let words = Words::owned(format!("Число от {least} до {most}"), format!("A number from {least} to {most}"));
    Err(Error::Invalid(vec![FieldError { field: field.to_owned(), code: "out_of_range", words }]))
}

/// What a field names, if it was found; what is not there, or not his to see, is wrong input.
pub fn known<T>(field: &str, found: Result<T>) -> Result<T> {
    found.map_err(|error| match error {
        Error::NotFound(_) => {
            let (ru, en) = ("Такой записи нет, выберите другую", "There is no such record, choose another");
            Error::invalid(field, "unknown", ru, en)
        }
        other => other,
    })
}

/// Tells an absent field from a null one.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
