//! Checks of the small texts people type into forms.

use base::{Error, FieldError, Result, Words};

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
