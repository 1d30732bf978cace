//! Rules of lines: ordered, each a condition, a target and what to do besides.
//!
//! Invariants: the rules of a line are asked from the top, the first that holds and whose target can take work decides.
//! What is stored was checked; a rule that can no longer be read is skipped with that reason, never guessed at.

mod actions;
mod api;
mod condition;
mod entity;
mod ops;
#[cfg(test)]
mod tests;
mod words;

base::id! {
    /// A rule of a line.
    RuleId,
}

pub use actions::{Actions, AutoReply, Overflow, Settings, check_overflow, check_target};
pub use condition::{Answer, Check, Compiled, compile, read};
pub use words::{Analysed, Phrase};

pub(crate) use api::{GivenRule, routes};
pub use ops::Rule;
pub(crate) use ops::{definition, of_line, rename_category};
