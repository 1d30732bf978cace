//! Open SMTP connections, kept for the next letter of the same mailbox.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use app::App;
use base::{MailboxId, MessageId, Result};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::journal::Journal;
use super::letter::own_name;
use crate::mailbox::{self, access, smtp_server};
use crate::net::smtp::{self, Smtp};
use crate::net::{Tls, Trouble};

/// Connections to one server at a time; providers close the door on more.
const MAX_CONNECTIONS: usize = 4;
/// Servers hang up on idle connections after a while, some after less than a minute.
const MAX_IDLE: Duration = Duration::from_secs(20);

/// Open connections by mailbox and the version of its settings, each with the time it was last used.
type Idle = HashMap<(MailboxId, i64), Vec<(Instant, Smtp)>>;

/// What sending keeps in memory on this node.
#[derive(Default)]
pub(crate) struct Sending {
    under_way: Mutex<HashSet<MessageId>>,
    idle: Mutex<Idle>,
    gates: Mutex<HashMap<MailboxId, Arc<Semaphore>>>,
    journal: OnceLock<Arc<Journal>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sending {
    pub fn journal(&self, data_dir: &Path) -> Result<Arc<Journal>> {
        if let Some(journal) = self.journal.get() {
            return Ok(journal.clone());
        }
        let journal = Arc::new(Journal::open(data_dir, jobs::owner::this())?);
        Ok(self.journal.get_or_init(|| journal).clone())
    }

    /// Marks a message as being handed over by this process; none when it is already.
    pub fn enter(self: &Arc<Self>, message: MessageId) -> Option<UnderWay> {
        lock(&self.under_way).insert(message).then(|| UnderWay { sending: self.clone(), message })
    }

    /// How many letters of one mailbox may be on their way at the same time.
    pub fn gate(&self, mailbox: MailboxId) -> Arc<Semaphore> {
        lock(&self.gates).entry(mailbox).or_insert_with(|| Arc::new(Semaphore::new(MAX_CONNECTIONS))).clone()
    }

    /// A connection, used before or new; tells which.
    pub async fn connection(&self, app: &App, tls: &Tls, row: &mailbox::Model) -> Result<(Smtp, bool), Trouble> {
        while let Some((since, mut connection)) = self.take(row) {
            if since.elapsed() < MAX_IDLE && connection.reset().await {
                return Ok((connection, true));
            }
        }
        let access = access(app, tls, row).await?;
        let connection =
            smtp::sign_in(&smtp_server(row), tls, &access.smtp, &access.hint, &own_name(&row.address)).await?;
        Ok((connection, false))
    }

    fn take(&self, row: &mailbox::Model) -> Option<(Instant, Smtp)> {
        lock(&self.idle).get_mut(&(row.id, row.revision))?.pop()
    }

    pub fn put_back(&self, row: &mailbox::Model, connection: Smtp) {
        let mut idle = lock(&self.idle);
        // Connections with older settings are of no more use.
        idle.retain(|(mailbox, revision), all| {
            all.retain(|(since, _)| since.elapsed() < MAX_IDLE);
            (*mailbox != row.id || *revision == row.revision) && !all.is_empty()
        });
        let all = idle.entry((row.id, row.revision)).or_default();
        if all.len() < MAX_CONNECTIONS {
            all.push((Instant::now(), connection));
        }
    }
}

/// While it lives, nobody else in this process hands the message over.
pub(crate) struct UnderWay {
    sending: Arc<Sending>,
    message: MessageId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut all = lock(&self.sending.under_way);
        all.remove(&self.message);
        if all.is_empty()
            && let Some(journal) = self.sending.journal.get()
        {
            journal.rest();
        }
    }
}
