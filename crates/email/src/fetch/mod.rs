//! Fetching: one task for every enabled mailbox, side by side, so that a slow or broken one never delays another.

mod pull;
mod runner;
mod state;

pub(crate) use runner::Reader;
