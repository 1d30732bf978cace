//! The quarantine: ledger rows of mail that could not be taken in, for somebody to look at.
//!
//! Invariant: the bytes are kept whatever happens; throwing a message out only hides it here.

mod api;
mod ops;

pub(crate) use api::routes;
pub(crate) use ops::RetryAll;
