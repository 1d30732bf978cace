//! Keeps the clocks going: follows the event log, then does what is due.

use std::collections::BTreeSet;
use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{Result, Timestamp};
use bus::{Cursor, follow};
use db::{Topic, Tx};
use desk::client_category::{self, Renamed};
use desk::outage;
use serde::{Deserialize, Serialize};

use super::deadlines;
use super::events::{self, Happened, KINDS};
use super::world::World;
use crate::{policy, route};

const NAME: &str = "sla";
/// Events looked at together.
const BATCH: u64 = 200;
/// The shortest time between two looks: a busy log is read in larger batches instead.
const BREATH: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The log is followed from here on.
pub(crate) async fn begin_following(app: App) -> Result<()> {
    let tx = app.write().await?;
    follow::begin(&tx, NAME).await?;
    tx.commit().await
}

/// Runs until the node stops.
pub(crate) async fn run(app: App) {
    let mut wake = app.db.wake(Topic::Events);
    while !app.stop.is_cancelled() {
        wake.borrow_and_update();
        let pause = match catch_up(&app).await {
            Ok(next) => next.map_or(LONGEST_PAUSE, |next| (next - app.now()).to_std().unwrap_or_default()),
            Err(error) => {
                tracing::error!(%error, "promised times are not counted at the moment: {error}");
                LONGEST_PAUSE
            }
        };
        tokio::time::sleep(BREATH).await;
        tokio::select! {
            () = app.stop.cancelled() => {}
            _ = wake.changed() => {}
            () = tokio::time::sleep(pause.min(LONGEST_PAUSE)) => {}
        }
    }
}

/// Follows what has happened so far, then does what is due by now. Answers when the next step is due.
pub async fn catch_up(app: &App) -> Result<Option<Timestamp>> {
    let now = app.now();
    while follow_on(app).await? {}
    loop {
        let of_stages = route::next(app.db.read()).await?;
        let next = [deadlines::next(app.db.read()).await?, of_stages].into_iter().flatten().min();
        if next.is_none_or(|next| next > now) {
            return Ok(next);
        }
        let tx = app.write().await?;
        deadlines::ring(&tx, now).await?;
        route::ring(&tx, now).await?;
        tx.commit().await?;
    }
}

/// Takes the next events in; false when there are none.
async fn follow_on(app: &App) -> Result<bool> {
    let from = follow::place(app.db.read(), NAME).await?;
    let frames = follow::read(app.db.read(), from, BATCH).await?;
    let full = frames.len() as u64 == BATCH;
    let Some(to) = frames.last().map(|frame| frame.cursor) else { return Ok(false) };
    let ours = frames.iter().filter(|frame| KINDS.contains(&frame.kind.as_str()));
    let ours: Vec<(Cursor, Happened)> = ours.map(|frame| (frame.cursor, Happened::from(frame))).collect();
    // What moves no clock is not worth a transaction; it is passed over with what follows.
    if ours.is_empty() && !full {
        return Ok(false);
    }
    let together: Vec<Happened> = ours.iter().map(|(_, happened)| happened.clone()).collect();
    let error = match take(app, from, to, &together).await {
        Ok(()) => return Ok(true),
        Err(error) if ours.is_empty() => return Err(error),
        Err(error) => error,
    };
    // One of them is at fault: each is taken in alone, and the one that fails becomes a job that can be seen.
    tracing::warn!(%error, "events are taken in one by one: {error}");
    let mut place = from;
    for (cursor, happened) in ours {
        if let Err(error) = take(app, place, cursor, std::slice::from_ref(&happened)).await {
            tracing::error!(%error, "an event could not be followed: {error}");
            put_aside(app, place, cursor, &happened).await?;
        }
        place = cursor;
    }
    take(app, place, to, &[]).await?;
    Ok(true)
}

async fn take(app: &App, from: Cursor, to: Cursor, happened: &[Happened]) -> Result<()> {
    if from == to {
        return Ok(());
    }
    let tx = app.write().await?;
    if !follow::move_on(&tx, NAME, from, to).await? {
        // Another node was faster.
        return Ok(());
    }
    if !happened.is_empty() {
        hear_all(&tx, happened).await?;
    }
    tx.commit().await
}

async fn hear_all(tx: &Tx, happened: &[Happened]) -> Result<()> {
    for one in happened.iter().filter(|one| one.kind == client_category::EVENT) {
        if let Some(renamed) = Renamed::read(&one.data) {
            policy::rename_category(tx, &renamed).await?;
        }
    }
    let on_routes: Vec<&Happened> = happened.iter().filter(|one| route::KINDS.contains(&one.kind.as_str())).collect();
    if !on_routes.is_empty() && route::in_use(tx).await? {
        for one in on_routes {
            route::hear(tx, one).await?;
        }
    }
    let world = World::load(tx, happened).await?;
    if world.promises_nothing() && !events::any_open(tx).await? {
        return Ok(());
    }
    let mut touched = BTreeSet::new();
    for one in happened {
        if one.kind == outage::EVENT {
            touched.extend(events::hear_outage(tx, &world, one).await?);
        } else {
            touched.extend(events::hear(tx, &world, one).await?);
        }
    }
    for about in touched {
        events::tell(tx, about).await?;
    }
    Ok(())
}

async fn put_aside(app: &App, from: Cursor, to: Cursor, happened: &Happened) -> Result<()> {
    let tx = app.write().await?;
    if follow::move_on(&tx, NAME, from, to).await? {
        jobs::enqueue(&tx, &Follow { happened: happened.clone() }).await?;
    }
    tx.commit().await
}

/// Follows an event that could not be followed in its turn.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Follow {
    happened: Happened,
}

impl Job for Follow {
    const KIND: &'static str = "sla.follow";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        hear_all(&tx, &[self.happened]).await?;
        tx.commit().await?;
        Ok(())
    }
}
