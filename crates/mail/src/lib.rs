//! Mail as data: bytes in, a structured message out, and back.
//!
//! Everything here is pure: no input or output, no clock, no randomness. Any bytes give a message or a
//! [`ParseError`], never a panic, in time linear in their size.
//!
//! The MIME structure is read by this crate itself, on raw bytes: mail with a missing or wrong charset, broken
//! boundaries or 8-bit headers can only be repaired from its bytes, which a parser that decodes as it goes has lost.
//!
//! - [`parse`] reads a message; [`to_json`] prints it the way `otklik mail parse` does.
//! - [`html`] cleans mail HTML, blocks remote images, turns HTML into text and text into HTML.
//! - [`quote`] separates what a person wrote from the history quoted below it and from the signature.
//! - [`bounce`] reads delivery reports and says in plain words why a letter did not arrive.
//! - [`compose`] writes messages; [`token`] signs the reply addresses that join an answer to its conversation.

pub mod automatic;
pub mod bounce;
pub mod charset;
pub mod compose;
pub mod html;
pub mod quote;
pub mod token;

mod attachment;
mod body;
mod calendar;
mod message;
mod mime;
mod parse;
mod tnef;

#[cfg(test)]
mod tests;

pub use attachment::Attachment;
pub use bounce::{Bounce, plain_reason};
pub use message::{Message, to_json};
pub use mime::address::Address;
pub use mime::date::parse as parse_date;
pub use parse::{ParseError, parse};
