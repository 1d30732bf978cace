//! A living Russian company from a seed: people, clients and conversations for demonstrations and measurements.
//!
//! [`World`] is pure content: no database, no clock, no other source of chance than the seed. `load` puts it into a
//! database.
//!
//! Invariant: nothing in a world reaches a real person: addresses end in `.example`, phones have an exchange nobody
//! has, tax numbers a region nobody lives in.

mod calendar;
mod companies;
mod conversation;
mod dialogue;
mod goods;
mod load;
mod markup;
mod names;
mod rng;
mod scenario;
mod scene;
mod template;
mod world;

pub use companies::{Company, is_valid_inn};
pub use conversation::{
    Attachment, Author, Automatic, Conversation, Delivery, Event, EventKind, Message, MessageKind, Priority, Status,
    Ticket, TicketStatus,
};
pub use load::{Options, Report, load};
pub use names::{Gender, Name};
pub use scenario::Kind;
pub use world::{Client, Group, Line, Operator, Scale, World};

/// The public key of the demo shop's chat: the pages of the shop name it.
pub const SITE_KEY: &str = "demo-shop";

#[cfg(test)]
mod tests;
