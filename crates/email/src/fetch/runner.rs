//! The life of one mailbox: connect, catch up, wait for news, and after a failure try again, later each time.

use std::collections::HashMap;
use std::time::Duration;

use app::App;
use app::held::{self, Held};
use async_imap::extensions::idle::IdleResponse;
use base::{Error, MailboxId};
use sea_orm::EntityTrait;
use tokio::sync::Notify;
use uuid::Uuid;

use super::pull::{self, Fault};
use super::state;
use crate::Trust;
use crate::mailbox::{Entity, Model, State, access, imap_server};
use crate::net::imap::{self, COMMAND, Imap, lost};
use crate::net::{Step, Trouble, within};

/// The longest pause after a failure.
const LONGEST: Duration = Duration::from_secs(300);

/// What a mailbox's task remembers between connections.
#[derive(Default)]
pub(crate) struct Reader {
    failures: i64,
    /// Messages the server failed to hand over, and how often.
    pub(super) strikes: HashMap<u32, u32>,
}

impl Held for Reader {
    const TABLE: &'static str = "mailbox";
    const EVENT: &'static str = "mailbox_changed";

    async fn work(&mut self, app: &App, id: Uuid, kick: &Notify) -> Duration {
        let row = match Entity::find_by_id(MailboxId(id)).one(app.db.read()).await {
            Ok(Some(row)) => row,
            _ => return Duration::from_secs(5),
        };
        let fault = match read_on(app, &row, kick, self).await {
            Ok(never) => match never {},
            Err(fault) => fault,
        };
        self.failures += 1;
        let trouble = match fault {
            Fault::Server(trouble) => trouble,
            Fault::Ours(error) => {
                tracing::error!(%error, mailbox = %id, "mail of mailbox {id} waits, our database or file store is out of order: {error}");
                return Duration::from_secs(2);
            }
        };
        tracing::warn!(mailbox = %id, "mailbox {id} cannot be read: {trouble}");
        let pause = held::backoff(self.failures, LONGEST, app.new_id().as_u128());
        let next = app.now() + pause;
        // One lost connection is everyday life; only a second failure in a row is news.
        let is_news = self.failures > 1 || trouble.step != Step::Folder || row.state == State::Broken;
        let state = if is_news { State::Broken } else { State::Connecting };
        if let Err(error) = state::enter(app, &row, state, Some(&trouble.words), Some(next), self.failures).await {
            tracing::error!(%error, "could not record the state of mailbox {id}: {error}");
        }
        pause
    }
}

/// Reads a mailbox until something breaks.
async fn read_on(
    app: &App,
    row: &Model,
    kick: &Notify,
    reader: &mut Reader,
) -> Result<std::convert::Infallible, Fault> {
    let tls = Trust::of(app)?;
    // A broken one is broken until it is read, also through a restart: else people would be told of it again.
    if reader.failures == 0 && row.state != State::Broken {
        state::enter(app, row, State::Connecting, None, None, 0).await?;
    }
    let access = access(app, &tls, row).await?;
    let mut connection = imap::sign_in(&imap_server(row), &tls, &access.imap, &access.hint).await?;
    let mut folder = connection.open_folder(&row.imap_folder).await?;
    let mut started = false;
    loop {
        pull::catch_up(app, row.id, &mut connection, &folder, reader).await?;
        state::looked(app, row.id, Some(i64::from(folder.exists))).await?;
        if !started {
            started = true;
            reader.failures = 0;
            state::enter(app, row, State::Active, None, None, 0).await?;
        }
        connection = wait(connection, row, kick).await?;
        // Selecting again tells the number of messages and a changed UIDVALIDITY, which IDLE need not.
        folder = connection.open_folder(&row.imap_folder).await?;
    }
}

/// Waits until the server has news, somebody asks, or it is time to look.
async fn wait(mut connection: Imap, row: &Model, kick: &Notify) -> Result<Imap, Trouble> {
    let poll = Duration::from_secs(u64::try_from(row.poll_seconds).unwrap_or(60));
    let host = connection.host.clone();
    if !connection.idle {
        tokio::select! {
            () = tokio::time::sleep(poll) => {}
            () = kick.notified() => {}
        }
        return Ok(connection);
    }
    let fail = |error| lost(Step::Folder, &host, error);
    let mut idle = connection.session.idle();
    within(COMMAND, Step::Folder, &host, idle.init()).await?.map_err(fail)?;
    {
        // Servers drop connections that idle for half an hour, and routers much sooner.
        let (news, interrupt) = idle.wait_with_timeout(poll.min(Duration::from_secs(240)));
        tokio::select! {
            news = news => {
                let news = news.map_err(fail)?;
                tracing::trace!(?news, "the mail server has news");
                let _: &IdleResponse = &news;
            }
            () = kick.notified() => drop(interrupt),
        }
    }
    connection.session = within(COMMAND, Step::Folder, &host, idle.done()).await?.map_err(fail)?;
    Ok(connection)
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        Fault::Server(trouble)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Ours(error)
    }
}
