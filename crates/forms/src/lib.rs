//! Web forms: an administrator builds one, a site shows it, what is sent becomes a conversation or a ticket.
//!
//! Invariants: a submission is one transaction with its conversation; the same challenge is accepted once, so sending again
//! after a lost answer changes nothing. Programs are kept out without third parties: a field no person sees, a time no
//! person beats, and a small puzzle the browser solves.
//!
//! Tables owned: form, form_submission.

mod form;
mod migrations;
mod page;
mod submission;

use app::{App, Feature};
use utoipa_axum::router::OpenApiRouter;

pub const FEATURE: Feature = Feature {
    name: "forms",
    routes,
    pages: Some(page::api::pages),
    migrations: migrations::MIGRATIONS,
    ..Feature::EMPTY
};

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(form::routes()).merge(submission::routes())
}
