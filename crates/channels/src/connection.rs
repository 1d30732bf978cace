//! The running connections: each enabled channel is held by one node, checked, and polled where its vendor is asked for
//! news. What fails is told to people and tried again, later each time.

use std::time::Duration;

use app::App;
use app::held::{self, Held};
use base::{Actor, ChannelId, Error, Result, Timestamp, Words};
use desk::channel::{Column, Entity, Model, State, find};
use desk::line;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::channel::ops::{self, Action};
use crate::driver::{Account, Driver, Link, Trouble};
use crate::settings::Settings;
use crate::{drivers, intake};

/// How often a channel that works is asked whether it still does.
const CHECK: Duration = Duration::from_secs(300);

/// The longest pauses after a failure; the second after one that only an administrator can repair.
const LONGEST: Duration = Duration::from_secs(300);
const LONGEST_PERMANENT: Duration = Duration::from_secs(1800);

/// What a channel's task remembers between connections.
#[derive(Default)]
pub(crate) struct Connection {
    failures: i64,
}

impl Held for Connection {
    const TABLE: &'static str = "channel";
    const EVENT: &'static str = "channel_changed";

    async fn work(&mut self, app: &App, id: Uuid, _: &Notify) -> Duration {
        let Ok(row) = find(app.db.read(), ChannelId(id)).await else { return Duration::from_secs(5) };
        let trouble = match work(app, &row, &mut self.failures).await {
            Ok(never) => match never {},
            Err(trouble) => trouble,
        };
        self.failures += 1;
        let most = if trouble.permanent { LONGEST_PERMANENT } else { LONGEST };
        let seed = app.new_id().as_u128();
        let pause = trouble.retry_after.unwrap_or_else(|| held::backoff(self.failures, most, seed));
        tracing::warn!(channel = %id, "channel {id} does not work: {trouble}");
        let next = app.now() + pause;
        // One lost connection is everyday life; only a second failure in a row is news, unless waiting cannot help.
        let is_news = self.failures > 1 || trouble.permanent || row.state != State::Active;
        if is_news
            && let Err(error) = enter(app, &row, State::Broken, Some(&trouble.words), Some(next), self.failures).await
        {
            tracing::error!(%error, "could not record the state of channel {id}: {error}");
        }
        pause
    }
}

/// Connects, then polls or checks until something breaks.
async fn work(app: &App, row: &Model, failures: &mut i64) -> Result<std::convert::Infallible, Trouble> {
    let driver = drivers::of(row.kind).ok_or_else(|| Trouble::internal("no driver"))?;
    let settings = Settings::of(app, row)?;
    let polled = driver.is_polled(&settings);
    let mut link = Link { app: app.clone(), channel: row.clone(), settings };
    connect(app, driver, &mut link).await?;
    // One that signs in and cannot be polled would change between active and broken, so after a failure, also one before a
    // restart, the first answer to a poll is waited for.
    let mut is_told = !polled || (*failures == 0 && row.state != State::Broken);
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
                if new > 0 {
                    link.channel.last_inbound_at = Some(app.now());
                }
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
