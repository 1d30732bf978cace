//! What policies are called.

use base::{Error, Result};

/// A name as it is kept: 1 to 200 characters, single spaces.
pub(crate) fn named(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Error::required("name")),
        1..=200 => Ok(name),
        _ => Err(Error::invalid("name", "too_long", "Не больше 200 знаков", "At most 200 characters")),
    }
}
