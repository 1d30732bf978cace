//! Settings of the whole installation, made by its administrators.
//!
//! Invariant: a setting that was never made has its default; readers never see an absent one.

mod api;
mod entity;
mod ops;

pub use api::routes;
pub use entity::{ActiveModel, Column, Entity, Model};
pub use ops::{Company, CompanyPatch, company, get, set, update_company, valid_time_zone};
