//! Answers that are written once and used often: canned replies with variables, shared ones and one's own.
//!
//! Invariants: a reply kept for oneself is seen by nobody else, and a shared one that is limited to lines only by whoever
//! sees one of them. What a reply becomes in a conversation is safe HTML: values are escaped, and the whole is sanitised.
//!
//! Tables owned: canned_reply, canned_reply_line.

pub mod canned_reply;
mod migrations;

use app::Feature;

pub const FEATURE: Feature =
    Feature { name: "answers", routes: canned_reply::routes, migrations: migrations::MIGRATIONS, ..Feature::EMPTY };
