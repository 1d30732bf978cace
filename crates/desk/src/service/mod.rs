//! Services: what the desk does for clients, kept in catalogues. A ticket is about one of them.
//!
//! Invariant: a service that was put away is no longer offered; tickets that have it keep it.

mod api;
pub mod catalogue;
mod entity;
mod ops;

base::id! {
    /// A service of the desk.
    ServiceId,
    /// A folder of services.
    CatalogueId,
}

pub use api::ServiceRef;
pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{
    Change, NewService, catalogues, check, create, create_catalogue, find, find_catalogue, offered, refs, services,
    update, usable,
};

pub(crate) use api::routes;
