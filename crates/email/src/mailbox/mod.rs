//! Mailboxes of lines: their settings, secrets and state.
//!
//! Invariants: one account on a server belongs to one line. Passwords and tokens are sealed before they reach the
//! database and never leave through the API. Deleting a mailbox keeps its ledger.

mod access;
mod api;
mod check;
mod entity;
mod input;
mod ops;
mod presets;
mod view;

pub use entity::{Auth, Column, Entity, Model, Preset, Security, State};

pub(crate) use access::{access, imap_server, smtp_server};
pub(crate) use api::routes;
pub(crate) use ops::{own_addresses, sender_of};
pub(crate) use presets::hint;
