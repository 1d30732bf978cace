//! The running connections: each enabled channel is held by one node, checked, and polled where its vendor is asked for
//! news. What fails is told to people and tried again, later each time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use base::{Actor, ChannelId, Error, Result, Timestamp, Words};
use desk::channel::{Column, Entity, Model, State, find};
use desk::line;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::channel::ops::{self, Action};
use crate::driver::{Account, Driver, Link, Trouble};
use crate::settings::Settings;
use crate::{drivers, intake};

/// A node that dies loses its channels to another after this long; on the same machine at once.
const LEASE: Duration = Duration::from_secs(30);
const RENEW: Duration = Duration::from_secs(8);
/// Also without news of a change: a lost one costs this long.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// How often a channel that works is asked whether it still does.
const CHECK: Duration = Duration::from_secs(300);

struct Task {
    revision: i64,
    stop: CancellationToken,
    /// Try now instead of waiting.
    kick: Arc<Notify>,
    handle: tokio::task::JoinHandle<()>,
}

/// Keeps the channels of this node connected until it stops.
pub(crate) async fn run(app: App) {
    let mut tasks: HashMap<ChannelId, Task> = HashMap::new();
    while !app.stop.is_cancelled() {
        if let Err(error) = supervise(&app, &mut tasks).await {
            tracing::error!(%error, "the channels are not looked after for a moment: {error}");
            tokio::select! {
                () = app.stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
    }
    for (_, task) in tasks {
        task.stop.cancel();
        let _ = task.handle.await;
    }
}

async fn supervise(app: &App, tasks: &mut HashMap<ChannelId, Task>) -> Result<()> {
    let mut events = app.hub.listen(None).await?;
    loop {
        reconcile(app, tasks).await?;
        let look_again = tokio::time::sleep(LOOK_AGAIN);
        tokio::pin!(look_again);
        loop {
            let frame = tokio::select! {
                () = app.stop.cancelled() => return Ok(()),
                () = &mut look_again => break,
                frame = events.next() => frame,
            };
            let Some(frame) = frame else { return Ok(()) };
            if frame.kind == "channel_changed" && frame.data["action"] == json!(Action::Settings) {
                break;
            }
        }
    }
}

/// Starts what should run and does not, stops what should not, restarts what has other settings or has died.
async fn reconcile(app: &App, tasks: &mut HashMap<ChannelId, Task>) -> Result<()> {
    let wanted: HashMap<ChannelId, i64> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Revision])
        .filter(Column::Enabled.eq(true))
        .filter(Column::DeletedAt.is_null())
        .into_tuple::<(ChannelId, i64)>()
        .all(app.db.read())
        .await?
        .into_iter()
        .collect();
    tasks.retain(|id, task| {
        let keep = wanted.get(id) == Some(&task.revision) && !task.handle.is_finished();
        if !keep {
            task.stop.cancel();
        }
        keep
    });
    for (id, revision) in wanted {
        tasks.entry(id).or_insert_with(|| {
            let (stop, kick) = (app.stop.child_token(), Arc::new(Notify::new()));
            let handle = tokio::spawn(live(app.clone(), id, revision, stop.clone(), kick.clone()));
            Task { revision, stop, kick, handle }
        });
    }
    for task in tasks.values() {
        task.kick.notify_one();
    }
    Ok(())
}

/// The life of one channel on this node.
async fn live(app: App, id: ChannelId, revision: i64, stop: CancellationToken, kick: Arc<Notify>) {
    let mut failures: i64 = 0;
    loop {
        let pause = tokio::select! {
            () = stop.cancelled() => break,
            pause = connection(&app, id, revision, &mut failures) => pause,
        };
        let retry = tokio::time::sleep(pause);
        tokio::pin!(retry);
        // A kick only shortens the wait for somebody else's lease; a vendor in trouble is not asked more often for it.
        tokio::select! {
            () = stop.cancelled() => break,
            () = &mut retry => {}
            () = kick.notified(), if failures == 0 => {}
        }
    }
    if let Err(error) = release(&app, id).await {
        tracing::warn!(%error, "could not give a channel back: {error}");
    }
}

/// One connection from its beginning to its end; answers how long to wait before the next.
async fn connection(app: &App, id: ChannelId, revision: i64, failures: &mut i64) -> Duration {
    match hold(app, id, revision).await {
        Ok(true) => {}
        Ok(false) => return Duration::from_secs(5),
        Err(error) => {
            tracing::error!(%error, "could not take a channel: {error}");
            return Duration::from_secs(5);
        }
    }
    let Ok(row) = find(app.db.read(), id).await else { return Duration::from_secs(5) };
    let ended = tokio::select! {
        ended = work(app, &row, failures) => ended,
        () = keep_hold(app, id, revision) => return Duration::from_secs(5),
    };
    let trouble = match ended {
        Ok(never) => match never {},
        Err(trouble) => trouble,
    };
    *failures += 1;
    let pause = trouble.retry_after.unwrap_or_else(|| backoff(*failures, trouble.permanent, app.new_id().as_u128()));
    tracing::warn!(channel = %id, "channel {id} does not work: {trouble}");
    let next = app.now() + pause;
    // One lost connection is everyday life; only a second failure in a row is news, unless waiting cannot help.
    let is_news = *failures > 1 || trouble.permanent || row.state != State::Active;
    if is_news && let Err(error) = enter(app, &row, State::Broken, Some(&trouble.words), Some(next), *failures).await {
        tracing::error!(%error, "could not record the state of channel {id}: {error}");
    }
    pause
}

/// 2 s, 4 s, ... five minutes; half an hour for what only an administrator can repair.
fn backoff(failures: i64, permanent: bool, seed: u128) -> Duration {
    let most = if permanent { 1800.0 } else { 300.0 };
    let base = 2f64.powi(i32::try_from(failures.clamp(1, 11)).unwrap_or(11)).min(most);
    Duration::from_secs_f64(base * (0.75 + (seed % 1000) as f64 / 2000.0))
}

/// Connects, then polls or checks until something breaks.
async fn work(app: &App, row: &Model, failures: &mut i64) -> Result<std::convert::Infallible, Trouble> {
    let driver = drivers::of(row.kind).ok_or_else(|| Trouble::internal("no driver"))?;
    let settings = Settings::of(app, row)?;
    let polled = driver.is_polled(&settings);
    let mut link = Link { app: app.clone(), channel: row.clone(), settings };
    connect(app, driver, &mut link).await?;
    // After a failure the first answer to a poll is waited for: one that signs in and cannot be polled would change between
    // active and broken.
    let mut is_told = !polled || *failures == 0;
    if is_told {
        works(app, &link.channel, failures).await?;
    }
    let mut checked = tokio::time::Instant::now();
    loop {
        if polled {
            let batch = driver.poll(&link, link.channel.position.as_deref()).await?;
            if !is_told {
                works(app, &link.channel, failures).await?;
                is_told = true;
            }
            if batch.gap {
                mark_gap(app, &link.channel, link.channel.last_check_at.unwrap_or(link.channel.created_at)).await?;
            }
            if !batch.updates.is_empty() || batch.position.is_some() {
                let tx = app.write().await?;
                let new = intake::store(&tx, row.id, batch.updates).await?;
                if let Some(position) = &batch.position {
                    let place = Entity::update_many().filter(Column::Id.eq(row.id));
                    place
                        .col_expr(Column::Position, Expr::value(position.clone()))
                        .exec(&tx)
                        .await
                        .map_err(Error::from)?;
                }
                tx.commit().await?;
                metrics::counter!("otklik_channel_updates_total", "kind" => row.kind.as_str()).increment(new as u64);
                link.channel.position = batch.position.or(link.channel.position);
            }
        } else {
            tokio::time::sleep(CHECK).await;
        }
        if checked.elapsed() >= CHECK {
            connect(app, driver, &mut link).await?;
            checked = tokio::time::Instant::now();
        }
    }
}

/// Tells people that the channel works.
async fn works(app: &App, channel: &Model, failures: &mut i64) -> Result<()> {
    *failures = 0;
    enter(app, channel, State::Active, None, None, 0).await
}

/// Signs in, and records under which account, and whether messages may have been missed.
async fn connect(app: &App, driver: &dyn Driver, link: &mut Link) -> Result<(), Trouble> {
    let account = driver.connect(link).await?;
    check_account(app, &link.channel, &account).await?;
    let before = find(app.db.read(), link.channel.id).await?;
    let away_since = before.last_check_at.filter(|_| before.state != State::Active);
    let tx = app.write().await?;
    Entity::update_many()
        .col_expr(Column::AccountKey, Expr::value(account.key.clone()))
        .col_expr(Column::AccountName, Expr::value(account.name.clone()))
        .col_expr(Column::LastCheckAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(link.channel.id))
        .filter(Column::Revision.eq(link.channel.revision))
        .exec(&tx)
        .await
        .map_err(
            |error| if base::is_unique_violation(&error) { taken("") } else { Trouble::from(Error::from(error)) },
        )?;
    tx.commit().await?;
    link.channel.account_key = Some(account.key);
    link.channel.account_name = account.name;
    if let Some(since) = away_since {
        let kept = driver.about().capabilities.keeps_missed.unwrap_or_default();
        if (app.now() - since).to_std().is_ok_and(|away| away > kept + CHECK * 2) {
            mark_gap(app, &link.channel, since).await?;
        }
    }
    Ok(())
}

/// An account serves one line: two channels of it would take each other's messages.
async fn check_account(app: &App, channel: &Model, account: &Account) -> Result<(), Trouble> {
    let other = Entity::find()
        .filter(Column::Kind.eq(channel.kind))
        .filter(Column::AccountKey.eq(account.key.clone()))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Id.ne(channel.id))
        .one(app.db.read())
        .await
        .map_err(Error::from)?;
    let Some(other) = other else { return Ok(()) };
    let line = line::Entity::find_by_id(other.line_id).one(app.db.read()).await.map_err(Error::from)?;
    Err(taken(&line.map(|line| line.name).unwrap_or_default()))
}

fn taken(line: &str) -> Trouble {
    Trouble::new(
        format!("Этот аккаунт уже подключён к линии «{line}». Отключите его там или выберите другой."),
        format!("This account is already connected to the line “{line}”. Disconnect it there or choose another."),
        "account in use",
    )
    .permanent()
}

async fn mark_gap(app: &App, channel: &Model, since: Timestamp) -> Result<()> {
    let tx = app.write().await?;
    Entity::update_many()
        .col_expr(Column::GapSince, Expr::value(since))
        .filter(Column::Id.eq(channel.id))
        .filter(Column::GapSince.is_null())
        .exec(&tx)
        .await?;
    tx.commit().await
}

/// Sending found that the account itself is refused: the channel is broken, whatever its connection thinks.
pub(crate) async fn report(app: &App, channel: &Model, trouble: &Trouble) -> Result<()> {
    enter(app, channel, State::Broken, Some(&trouble.words), None, channel.failures + 1).await
}

/// Records a change of state; people hear of it.
async fn enter(
    app: &App,
    row: &Model,
    state: State,
    reason: Option<&Words>,
    next_try_at: Option<Timestamp>,
    failures: i64,
) -> Result<()> {
    let tx = app.write().await?;
    let before = Entity::find_by_id(row.id).one(&tx).await?;
    let Some(before) = before.filter(|before| before.revision == row.revision && before.enabled) else { return Ok(()) };
    let reason = reason.map(serde_json::to_value).transpose()?;
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::StateReason, Expr::value(reason.clone()))
        .col_expr(Column::NextTryAt, Expr::value(next_try_at))
        .col_expr(Column::Failures, Expr::value(failures))
        .filter(Column::Id.eq(row.id));
    if before.state != state {
        update = update.col_expr(Column::StateSince, Expr::value(tx.now()));
    }
    update.exec(&tx).await?;
    if before.state != state || before.state_reason != reason {
        ops::tell(&tx, &Actor::system(), &Model { state, ..before }, Action::State).await?;
    }
    tx.commit().await
}

/// Takes or keeps the right to run a channel. False while another process has it.
async fn hold(app: &App, id: ChannelId, revision: i64) -> Result<bool> {
    let me = jobs::owner::this();
    let row = Entity::find_by_id(id).one(app.db.read()).await?;
    let Some(row) = row.filter(|row| row.enabled && row.deleted_at.is_none() && row.revision == revision) else {
        return Ok(false);
    };
    let other = row.lease_owner.as_deref().filter(|owner| *owner != me);
    let dead = other.filter(|owner| jobs::owner::is_dead(owner));
    if other.is_some() && dead.is_none() && row.lease_until.is_some_and(|until| until > app.now()) {
        return Ok(false);
    }
    let tx = app.write().await?;
    let mine = Condition::any()
        .add(Column::LeaseOwner.is_null())
        .add(Column::LeaseOwner.eq(me))
        .add_option(dead.map(|owner| Column::LeaseOwner.eq(owner)))
        .add(Column::LeaseUntil.lt(tx.now()));
    let taken = Entity::update_many()
        .col_expr(Column::LeaseOwner, Expr::value(me))
        .col_expr(Column::LeaseUntil, Expr::value(tx.now() + LEASE))
        .filter(Column::Id.eq(id))
        .filter(Column::Revision.eq(revision))
        .filter(mine)
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(taken.rows_affected > 0)
}

/// Ends when somebody else has the channel, or its settings changed.
async fn keep_hold(app: &App, id: ChannelId, revision: i64) {
    let mut missed = 0;
    loop {
        tokio::time::sleep(RENEW).await;
        match hold(app, id, revision).await {
            Ok(true) => missed = 0,
            Ok(false) => return,
            // The database is away: the lease lasts a little longer than this.
            Err(_) if missed < 2 => missed += 1,
            Err(_) => return,
        }
    }
}

/// Gives the right back, so that another node need not wait.
async fn release(app: &App, id: ChannelId) -> Result<()> {
    let tx = app.write().await?;
    Entity::update_many()
        .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<Timestamp>))
        .filter(Column::Id.eq(id))
        .filter(Column::LeaseOwner.eq(jobs::owner::this()))
        .exec(&tx)
        .await?;
    tx.commit().await
}
