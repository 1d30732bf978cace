//! Sign-in: passwords, logins, API tokens, the first-run setup, and the administration of staff accounts.
//!
//! Invariants: passwords are kept as Argon2id hashes, session and API tokens as SHA-256 hashes; none of them is ever
//! logged. Every request finds out who sends it through `api::authenticate`, and a request that a browser sends with its
//! cookie on behalf of another site is refused. Whoever is blocked is signed out with the same commit.
//!
//! Owns the tables `credential`, `login_session`, `api_token` and `login_attempt`.

mod api;
mod entity;
mod jobs;
mod migrations;
pub mod ops;

use app::Feature;

pub const FEATURE: Feature = Feature {
    name: "auth",
    routes: api::routes,
    jobs: jobs::all,
    migrations: migrations::MIGRATIONS,
    authenticate: Some(api::authenticate),
    ..Feature::EMPTY
};
