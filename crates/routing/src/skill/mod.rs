//! What operators are good at, and what serving a line takes.
//!
//! Invariant: whoever lacks a skill that a line or a rule asks for is never given or offered its conversations by routing.

mod api;
mod entity;
mod line;
mod operator;
mod ops;

base::id! {
    /// Something an operator may be good at.
    SkillId,
}

pub(crate) use api::routes;
pub use entity::{Column, Entity, Model};
pub(crate) use ops::clean_name;
pub use ops::{known, of_lines, of_operators};
