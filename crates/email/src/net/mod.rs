//! Connections to mail servers: name, TCP, TLS, signing in. What goes wrong is said in words a person understands.
//!
//! Invariant: every step has a time limit; nothing here waits for a server for ever.

mod connect;
mod dot;
pub(crate) mod imap;
pub(crate) mod oauth;
pub(crate) mod smtp;
mod tls;
mod trouble;

pub(crate) use connect::{Io, Server, Stream, open, upgrade};
pub(crate) use dot::Dot;
pub(crate) use tls::Tls;
pub(crate) use trouble::{Step, Trouble};

use std::future::Future;
use std::time::Duration;

/// How to sign in, opened from its seal; lives as briefly as possible.
#[derive(Clone)]
pub(crate) enum Login {
    /// The server wants nothing.
    None,
    Password {
        login: String,
        password: String,
    },
    Token {
        login: String,
        access_token: String,
    },
}

/// Gives a step of a conversation with a server its time limit.
pub(crate) async fn within<T>(
    limit: Duration,
    step: Step,
    host: &str,
    work: impl Future<Output = T>,
) -> Result<T, Trouble> {
    tokio::time::timeout(limit, work).await.map_err(|_| Trouble::silent(step, host, limit))
}
