//! The one error type of commands and queries. The edge (`app`) turns it into RFC 9457 problem details.

use std::time::Duration;

use crate::{Permission, Words};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in a command or a query, in the terms of whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not signed in")]
    Unauthenticated,
    #[error("forbidden: needs {}", .0.as_str())]
    Forbidden(Permission),
    /// The noun that was looked for; also the answer for a record the actor may not see.
    #[error("{0} not found")]
    NotFound(&'static str),
    #[error("invalid input: {}", .0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>().join(", "))]
    Invalid(Vec<FieldError>),
    /// The request is right in itself but the state of things does not allow it.
    #[error("conflict: {code}")]
    Conflict { code: &'static str, words: Words },
    #[error("refused: {code}")]
    Unauthorized { code: &'static str, words: Words },
    /// Not allowed for a reason other than a missing permission.
    #[error("denied: {code}")]
    Denied { code: &'static str, words: Words },
    #[error("rate limited for {0:?}")]
    RateLimited(Duration),
    #[error("unavailable: {code}")]
    Unavailable { code: &'static str, words: Words },
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// One wrong field: its JSON path (`to[0].email`), a stable code and a sentence.
#[derive(Clone, Debug)]
pub struct FieldError {
    pub field: String,
    pub code: &'static str,
    pub words: Words,
}

impl Error {
    /// One wrong field.
    pub fn invalid(field: impl Into<String>, code: &'static str, ru: &'static str, en: &'static str) -> Self {
        Error::Invalid(vec![FieldError { field: field.into(), code, words: Words::new(ru, en) }])
    }

    /// A field that must not be empty.
    pub fn required(field: &'static str) -> Self {
        Error::invalid(field, "required", "Заполните это поле", "Fill in this field")
    }

    pub fn conflict(code: &'static str, ru: &'static str, en: &'static str) -> Self {
        Error::Conflict { code, words: Words::new(ru, en) }
    }

    pub fn internal(message: impl std::fmt::Display) -> Self {
        Error::Internal(anyhow::anyhow!("{message}"))
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Error::Internal(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(error.into())
    }
}

/// The sentence of a broken unique rule belongs where the query is; this only recognises it.
impl Error {
    pub fn on_unique(result: Result<(), sea_orm::DbErr>, otherwise: Error) -> Result<()> {
        match result {
            Ok(()) => Ok(()),
            Err(error) if is_unique_violation(&error) => Err(otherwise),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether the database refused a row because its key is taken.
pub fn is_unique_violation(error: &sea_orm::DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}
