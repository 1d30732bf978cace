//! Lines: the named contact points that conversations come in on.
//!
//! Invariants: a line's key never changes meaning: it is unique, also among archived lines. Lines are archived, never
//! deleted. Rows are read through `visible_to(actor)`.

mod api;
mod entity;
pub mod group;
mod ops;
mod said;

pub use api::routes;
pub use entity::{ActiveModel, AfterClose, Column, Entity, Kind, Model};
pub use ops::{
    AutoReply, ChatRules, Line, LineHours, LinePatch, NewLine, Reach, archive, by_key, create, details, faces, find,
    list, names, reach, restore, update, visible_to,
};
pub use said::{SaidHours, said_in};
