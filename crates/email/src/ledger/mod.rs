//! The mail ledger: what became of every message a server ever showed us.
//!
//! Invariants: a message of a folder (mailbox, UIDVALIDITY, UID) has at most one row. Of several copies of one mail on a
//! line at most one is accepted (`once_key`). The counts of a mailbox change with its rows, in one transaction.

mod api;
mod entity;
mod ops;

pub use entity::{Column, Entity, LedgerId, Model, Outcome};

pub(crate) use api::{ConversationRefView, routes, shown_in};
pub(crate) use ops::{Claim, Entry, Settled, Spot, claim, move_on, quarantine, settle, settle_again};
