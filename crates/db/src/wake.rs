//! Wake-ups carry no data: they only say "look again". Whoever waits also looks on a timer, so a lost one costs seconds.
//!
//! One node: in process. Several nodes: PostgreSQL's LISTEN/NOTIFY, sent inside the writing transaction.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Jobs,
    Events,
    /// Who may do what: staff, groups, lines, logins.
    Access,
}

impl Topic {
    const ALL: [Topic; 3] = [Topic::Jobs, Topic::Events, Topic::Access];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Topic::Jobs => "jobs",
            Topic::Events => "events",
            Topic::Access => "access",
        }
    }
}

/// The PostgreSQL channel of all our notifications.
pub(crate) const CHANNEL: &str = "otklik";
/// The PostgreSQL channel of what nodes tell each other and nobody keeps.
pub(crate) const WHISPERS: &str = "otklik_whisper";

pub(crate) struct Wake {
    topics: Arc<[watch::Sender<u64>; 3]>,
    whispers: broadcast::Sender<Arc<str>>,
    listener: Option<JoinHandle<()>>,
}

impl Wake {
    pub(crate) fn local() -> Self {
        Wake {
            topics: Arc::new(Topic::ALL.map(|_| watch::Sender::new(0))),
            whispers: broadcast::Sender::new(1024),
            listener: None,
        }
    }

    pub(crate) fn postgres(pool: sqlx::PgPool) -> Self {
        let mut wake = Wake::local();
        let (topics, whispers) = (wake.topics.clone(), wake.whispers.clone());
        wake.listener = Some(tokio::spawn(async move {
            loop {
                if let Err(error) = listen(&pool, &topics, &whispers).await {
                    tracing::warn!(%error, "lost the database's notifications, listening again: {error}");
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }));
        wake
    }

    pub(crate) fn subscribe(&self, topic: Topic) -> watch::Receiver<u64> {
        self.topics[topic as usize].subscribe()
    }

    pub(crate) fn signal(&self, topic: Topic) {
        self.topics[topic as usize].send_modify(|count| *count += 1);
    }

    /// What any node whispers from now on, this one too.
    pub(crate) fn whispers(&self) -> broadcast::Receiver<Arc<str>> {
        self.whispers.subscribe()
    }

    /// Tells the listeners of this node.
    pub(crate) fn whisper_here(&self, text: &str) {
        let _ = self.whispers.send(text.into());
    }

    pub(crate) fn stop(&self) {
        if let Some(listener) = &self.listener {
            listener.abort();
        }
    }
}

async fn listen(
    pool: &sqlx::PgPool,
    topics: &[watch::Sender<u64>; 3],
    whispers: &broadcast::Sender<Arc<str>>,
) -> Result<(), sqlx::Error> {
    let mut listener = sqlx::postgres::PgListener::connect_with(pool).await?;
    listener.listen_all([CHANNEL, WHISPERS]).await?;
    // Whatever was said while nobody listened.
    for topic in Topic::ALL {
        topics[topic as usize].send_modify(|count| *count += 1);
    }
    loop {
        let notification = listener.recv().await?;
        if notification.channel() == WHISPERS {
            let _ = whispers.send(notification.payload().into());
            continue;
        }
        for topic in Topic::ALL.into_iter().filter(|topic| topic.name() == notification.payload()) {
            topics[topic as usize].send_modify(|count| *count += 1);
        }
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        self.stop();
    }
}
