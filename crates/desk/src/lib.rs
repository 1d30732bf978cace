//! The nouns that features meet in: staff, groups, lines, contacts, conversations, messages, tickets, files.
//!
//! Invariants: rows of conversations and what hangs on them are reached only through `visible_to(actor)`. Every change
//! goes through a function of a noun's `ops`, with its event, in one transaction.

mod text_enum;

pub mod contact;
pub mod conversation;
pub mod file;
pub mod group;
pub mod line;
pub mod message;
mod migrations;
pub mod role;
pub mod setting;
pub mod ticket;
pub mod user;
