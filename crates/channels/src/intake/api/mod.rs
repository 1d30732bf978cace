//! The HTTP side of what comes in: vendors' calls, and the ledger for administrators.

mod hook;
mod updates;

pub(crate) use hook::pages;
pub(crate) use updates::routes;
