//! What goes out: a message becomes parts, each sent once, in the order of its chat.

mod change;
mod entity;
mod parts;
mod send;
mod state;

pub(crate) use change::{CHANGE_MESSAGE, ChangeMessage};
pub(crate) use parts::file_bytes;
pub(crate) use send::{SEND_MESSAGE, SEND_NEXT, SendMessage, SendNext};
