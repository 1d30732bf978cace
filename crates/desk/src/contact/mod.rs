//! Client people, their companies and their addresses.
//!
//! Invariant: one address (`identity`) belongs to one person. People are made from senders, never from copies.

mod api;
pub mod company;
mod entity;
pub mod identity;
mod ops;

pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{
    NewIdentity, absorb, add_identities, by_key, find, find_or_create, find_or_create_by_email, get, identities,
    name_anonymous,
};

pub(crate) use ops::confirm_by_reply;

pub(crate) fn routes() -> utoipa_axum::router::OpenApiRouter<app::App> {
    api::routes().merge(company::routes())
}
