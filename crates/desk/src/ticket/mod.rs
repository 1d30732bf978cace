//! Tickets: cases with a type, a status, a priority, a service and an owner, linked to conversations.
//!
//! Invariants: only a ticket that waits has a reason and a planned time, and who changes it to `waiting` says why; nobody
//! resolves a ticket without saying how.

mod api;
mod entity;
mod history;
mod hold;
pub mod link;
mod list;
mod ops;
mod promise;
mod solution;
mod view;
mod waiting;

pub use entity::{ActiveModel, Column, Entity, Kind, Model, Status};
pub use hold::{hold, release};
pub use ops::{Change, create_for, find, find_to_change, heard_by, open_of_client, own_group, update, visible_to};
pub use promise::promise;
pub use waiting::{Plan, return_due};

pub(crate) use api::routes;
pub(crate) use view::{Ticket, of_conversation};
pub(crate) use waiting::ReturnWaiting;
