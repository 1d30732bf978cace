//! How a ticket was resolved, in words.
//!
//! Invariant: nobody resolves a ticket without saying how, and of one that was opened again since it is said anew.

use base::{Actor, Error, Result, Timestamp};
use sea_orm::Set;

use super::entity::{ActiveModel, Model, Status};
use crate::field;

/// Writes what a change of a ticket to the status `after` makes of its solution. Answers the text if it was given.
pub(super) fn settle(
    row: &mut ActiveModel,
    ticket: &Model,
    after: Status,
    given: Option<String>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Option<String>> {
    if let Some(given) = given {
        let text = given.trim().to_owned();
        if text.is_empty() {
            return Err(Error::required("solution"));
        }
        let text = field::limit("solution", text, 10_000)?;
        row.solution = Set(Some(text.clone()));
        row.solution_by = Set(actor.user_id());
        row.solution_at = Set(Some(now));
        row.solution_earlier = Set(false);
        return Ok(Some(text));
    }
    let is_said = ticket.solution.is_some() && !ticket.solution_earlier;
    if after == Status::Resolved && ticket.status != Status::Resolved && !is_said {
        return Err(Error::required("solution"));
    }
    if ticket.status.is_over() && !after.is_over() && ticket.solution.is_some() {
        row.solution_earlier = Set(true);
    }
    Ok(None)
}
