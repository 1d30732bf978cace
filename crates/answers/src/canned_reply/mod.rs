//! Canned replies: a text with variables, put into a conversation by a short name.
//!
//! Invariants: a short name is unique, whatever its case, among the shared ones and among those of one person. A reply
//! names only variables that there are. Rows are read through `visible_to(actor)`.

mod api;
mod entity;
mod line;
mod ops;
mod search;
mod variable;
mod view;

base::id! {
    /// A canned reply.
    CannedReplyId,
}

pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{NewCannedReply, create};

pub(crate) use api::routes;
