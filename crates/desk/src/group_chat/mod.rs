//! Group conversations: a client, others of his company or elsewhere, and colleagues, also of other lines, write in one
//! thread.
//!
//! A group conversation is a conversation whose `channel` is `group`. Whoever takes part is a row of `group_chat_member`.
//! What one of them says is one message; for each client who takes part, except its author, it has a copy: a message of its
//! own with his chat or address, sent by the same outbox and the same mail queue as any other, and once.
//!
//! Invariants: copies are in no list, count and search of staff; a message's own delivery is the worst of its copies. Who has
//! left gets no copy, and what he writes goes elsewhere.

mod api;
mod copies;
mod entity;
mod members;
mod ops;

pub(crate) use api::routes;
pub(crate) use copies::{
    Copied, cancel_copies, change_copies, follow_copies, retry_copies, spread, views as copy_views,
};
pub use entity::{Column, Entity, Model};
pub(crate) use members::{GroupMember, Way, absorb, is_member, note_route, places_of, to_tell, views as member_views};
pub use members::{is_member_by_mail, staff};
