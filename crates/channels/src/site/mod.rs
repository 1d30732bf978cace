//! The chat on a site, as the visitor's page uses it: a public API without logins.
//!
//! Invariants: who calls is known by a token that we signed, never by a cookie; a user of the site only by the site's
//! signature. A visitor reads and changes nothing but his own chat.

mod adopt;
mod api;
mod config;
mod hours;
mod letters;
mod limits;
mod people;
mod post;
mod registry;
mod settings;
mod token;
mod unseen;
mod unsent;
mod view;

pub(crate) use adopt::adopt_hours;
pub(crate) use api::routes;
pub(crate) use hours::Which as WhichHours;
pub(crate) use registry::run;
pub(crate) use settings::SiteSettings;
pub(crate) use unseen::MailUnseen;
pub(crate) use unsent::{DeleteBytes, ForgetUnsent};
