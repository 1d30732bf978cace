//! What accepting needs to know besides the message: the line, who we are, our keys. Loaded once for a batch.

use std::collections::HashSet;

use app::App;
use base::{LineId, Result};
use desk::setting::Company;

/// The surroundings of a message that comes in.
pub(crate) struct Context {
    pub line: desk::line::Model,
    /// Addresses of all our mailboxes, lower case.
    pub own: HashSet<String>,
    pub company: Company,
    /// Signs reply tokens.
    pub key: [u8; 32],
}

impl Context {
    pub async fn load(app: &App, line: LineId) -> Result<Self> {
        let read = app.db.read();
        Ok(Context {
            line: desk::line::find(read, &base::Actor::system(), line).await?,
            own: crate::mailbox::own_addresses(read).await?.into_iter().collect(),
            company: desk::setting::company(read).await?,
            key: token_key(app),
        })
    }
}

/// The key of reply tokens.
pub(crate) fn token_key(app: &App) -> [u8; 32] {
    app.secrets.derive("reply token")
}

/// The value of the `X-Otklik` header by which an installation knows its own letters: it names the installation and tells nothing else.
pub(crate) fn installation(app: &App) -> String {
    app.secrets.derive("installation")[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
