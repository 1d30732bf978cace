//! The life of one mailbox: connect, catch up, wait for news, and after a failure try again, later each time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use async_imap::extensions::idle::IdleResponse;
use base::{Error, MailboxId, Result};
use sea_orm::EntityTrait;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::pull::{self, Fault};
use super::state::{self, RENEW};
use crate::Trust;
use crate::mailbox::{Entity, Model, State, access, imap_server};
use crate::net::imap::{self, COMMAND, Imap, lost};
use crate::net::{Step, Trouble, within};

/// What a mailbox's task remembers between connections.
#[derive(Default)]
pub(super) struct Memory {
    /// Messages the server failed to hand over, and how often.
    pub strikes: HashMap<u32, u32>,
}

pub(super) async fn run(app: App, id: MailboxId, revision: i64, stop: CancellationToken, kick: Arc<Notify>) {
    let mut memory = Memory::default();
    let mut failures: i64 = 0;
    loop {
        let pause = tokio::select! {
            () = stop.cancelled() => break,
            pause = live(&app, id, revision, &kick, &mut memory, &mut failures) => pause,
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = kick.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(error) = state::release(&app, id).await {
        tracing::warn!(%error, "could not give a mailbox back: {error}");
    }
}

/// One connection from its beginning to its end; answers how long to wait before the next.
async fn live(
    app: &App,
    id: MailboxId,
    revision: i64,
    kick: &Notify,
    memory: &mut Memory,
    failures: &mut i64,
) -> Duration {
    match state::hold(app, id, revision).await {
        Ok(true) => {}
        Ok(false) => return Duration::from_secs(5),
        Err(error) => {
            tracing::error!(%error, "could not take a mailbox: {error}");
            return Duration::from_secs(5);
        }
    }
    let row = match Entity::find_by_id(id).one(app.db.read()).await {
        Ok(Some(row)) => row,
        _ => return Duration::from_secs(5),
    };
    let fault = tokio::select! {
        fault = session(app, &row, kick, memory, failures) => fault,
        () = keep_hold(app, id, revision) => return Duration::from_secs(5),
    };
    *failures += 1;
    let pause = backoff(*failures, app.new_id().as_u128());
    match fault {
        Fault::Server(trouble) => {
            tracing::warn!(mailbox = %id, "mailbox {id} cannot be read: {trouble}");
            let next = app.now() + pause;
            // One lost connection is everyday life; only a second failure in a row is news.
            let state = if *failures > 1 || trouble.step != Step::Folder { State::Broken } else { State::Connecting };
            if let Err(error) = state::enter(app, &row, state, Some(&trouble.words), Some(next), *failures).await {
                tracing::error!(%error, "could not record the state of mailbox {id}: {error}");
            }
            pause
        }
        Fault::Ours(error) => {
            tracing::error!(%error, mailbox = %id, "mail of mailbox {id} waits, our database or file store is out of order: {error}");
            Duration::from_secs(2)
        }
    }
}

/// Ends when somebody else has the mailbox, or its settings changed.
async fn keep_hold(app: &App, id: MailboxId, revision: i64) {
    let mut missed = 0;
    loop {
        tokio::time::sleep(RENEW).await;
        match state::hold(app, id, revision).await {
            Ok(true) => missed = 0,
            Ok(false) => return,
            // The database is away: the lease lasts a little longer than this.
            Err(_) if missed < 2 => missed += 1,
            Err(_) => return,
        }
    }
}

/// 2 s, 4 s, ... five minutes, each a quarter more or less so that mailboxes do not knock together.
fn backoff(failures: i64, seed: u128) -> Duration {
    let base = 2f64.powi(i32::try_from(failures.clamp(1, 9)).unwrap_or(9)).min(300.0);
    let jitter = 0.75 + (seed % 1000) as f64 / 2000.0;
    Duration::from_secs_f64(base * jitter)
}

/// Reads a mailbox until something breaks.
async fn session(app: &App, row: &Model, kick: &Notify, memory: &mut Memory, failures: &mut i64) -> Fault {
    match read_on(app, row, kick, memory, failures).await {
        Ok(never) => match never {},
        Err(fault) => fault,
    }
}

async fn read_on(
    app: &App,
    row: &Model,
    kick: &Notify,
    memory: &mut Memory,
    failures: &mut i64,
) -> Result<std::convert::Infallible, Fault> {
    let tls = Trust::of(app)?;
    if *failures == 0 {
        state::enter(app, row, State::Connecting, None, None, 0).await?;
    }
    let access = access(app, &tls, row).await?;
    let mut connection = imap::sign_in(&imap_server(row), &tls, &access.imap, &access.hint).await?;
    let mut folder = connection.open_folder(&row.imap_folder).await?;
    let mut started = false;
    loop {
        pull::catch_up(app, row.id, &mut connection, &folder, memory).await?;
        state::looked(app, row.id, Some(i64::from(folder.exists))).await?;
        if !started {
            started = true;
            *failures = 0;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ() {
        for seed in [0, 499, 999] {
            assert!(backoff(1, seed) < Duration::from_secs(3));
            assert!(backoff(50, seed) <= Duration::from_secs(375) && backoff(50, seed) >= Duration::from_secs(225));
            assert!(backoff(4, seed) > backoff(2, seed));
        }
        assert_ne!(backoff(3, 0), backoff(3, 500));
    }
}
