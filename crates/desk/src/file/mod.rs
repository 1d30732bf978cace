//! Files: attachments of messages, and uploads that wait for theirs.
//!
//! Invariant: a file is read by whoever may see its conversation, and an upload without one only by its uploader.

mod api;
mod entity;
mod ops;

pub use api::{Attachment, can_show};
pub use entity::{ActiveModel, Column, Entity, Media, Model};
pub use ops::{clean_html, clean_name, of_messages, url};

pub(crate) use api::{pages, routes};
pub(crate) use ops::{attach, claimable, copy_for, is_inside, move_to, release, uploaded_by};
