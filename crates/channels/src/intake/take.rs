//! Taking what a vendor sent: in the order of its chat, once, with its files.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{Error, Result, UpdateId};
use desk::block::{self, Subject};
use desk::channel;
use desk::contact::identity;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::apply::{self, Prepared};
use super::entity::{Column, Entity, Model, State};
use super::fetch::{self, Fetched};
use crate::driver::{Driver, Inbound, Link, Profile};
use crate::drivers;
use crate::settings::Settings;

/// A message whose files cannot be had after so many tries is taken without them.
const PATIENCE: i64 = 4;

/// Takes one update, and before it those of the same chat that came earlier.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TakeUpdate {
    pub update_id: UpdateId,
}

impl Job for TakeUpdate {
    const KIND: &'static str = "channels.take_update";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(mine) = Entity::find_by_id(self.update_id).one(app.db.read()).await? else { return Ok(()) };
        if mine.state != State::Waiting {
            return Ok(());
        }
        let before = Entity::find()
            .filter(Column::ChannelId.eq(mine.channel_id))
            .filter(Column::OrderKey.eq(mine.order_key.clone()))
            .filter(waits())
            .filter(Column::Id.lte(mine.id))
            .order_by_asc(Column::Id)
            .all(app.db.read())
            .await?;
        for update in before {
            take(&app, update).await?;
        }
        Ok(())
    }
}

async fn take(app: &App, update: Model) -> Result<(), JobError> {
    let channel = match channel::find(app.db.read(), update.channel_id).await {
        Ok(channel) => channel,
        Err(Error::NotFound(_)) => return end(app, &update, State::Ignored, None).await,
        Err(error) => return Err(error.into()),
    };
    let Some(driver) = drivers::of(channel.kind) else { return end(app, &update, State::Ignored, None).await };
    let settings = Settings::of(app, &channel)?;
    let events = match driver.receive(&settings, &update.body) {
        Ok(events) => events,
        Err(error) => {
            tracing::error!(update = %update.id, %error, "update {} of channel {} could not be read: {error}", update.id, channel.id);
            return end(app, &update, State::Failed, Some(format!("{error:#}"))).await;
        }
    };
    if events.is_empty() {
        return end(app, &update, State::Ignored, None).await;
    }
    let link = Link { app: app.clone(), channel, settings };
    let mut prepared = Vec::with_capacity(events.len());
    let mut lost = None;
    let mut blocked = None;
    for event in events {
        if let Some(rule) =
            block::blocking(app, &Subject { line: Some(link.channel.line_id), ..subject(&event) }).await?
        {
            blocked = Some(rule);
            continue;
        }
        let event = prepare(driver, &link, event).await?;
        if let Some((name, trouble)) = event.fetched.missing.first() {
            if update.attempts < PATIENCE && !trouble.permanent {
                count_attempt(app, &update).await?;
                let wait = trouble.retry_after.unwrap_or(Duration::from_secs(2 << update.attempts.clamp(0, 6)));
                return Err(JobError::RetryAfter(wait, Error::internal(format!("{name}: {trouble}"))));
            }
            lost = Some(format!("{name}: {trouble}"));
        }
        prepared.push(event);
    }
    match blocked {
        Some(rule) if prepared.is_empty() => turn_away(app, &update, &rule).await,
        _ => settle(app, &link, &update, prepared, lost).await,
    }
}

/// What the block list looks at.
fn subject(event: &Inbound) -> Subject<'_> {
    let of = |from: &'_ Profile| -> Vec<String> {
        from.identities.iter().map(|identity| format!("{}:{}", identity.kind.as_str(), identity.key)).collect()
    };
    match event {
        Inbound::Message(message) => Subject {
            phones: phones_of(&message.from).chain(message.own_phone.as_deref()).collect(),
            accounts: of(&message.from),
            text: &message.html,
            ..Subject::default()
        },
        Inbound::Started { from, .. } | Inbound::Pressed { from, .. } => {
            Subject { phones: phones_of(from).collect(), accounts: of(from), ..Subject::default() }
        }
        _ => Subject::default(),
    }
}

fn phones_of(from: &Profile) -> impl Iterator<Item = &str> {
    let phones = from.identities.iter().filter(|identity| identity.kind == identity::Kind::Phone);
    phones.map(|identity| identity.key.as_str())
}

/// Nothing of it is taken; the ledger keeps it with the reason.
async fn turn_away(app: &App, update: &Model, rule: &block::Model) -> Result<(), JobError> {
    end(app, update, State::Ignored, Some(rule.reason().en.into_owned())).await?;
    let tx = app.write().await?;
    block::count_hit(&tx, rule.id).await?;
    Ok(tx.commit().await?)
}

/// Everything of an update in one transaction, if nobody else has taken it meanwhile.
async fn settle(
    app: &App,
    link: &Link,
    update: &Model,
    prepared: Vec<Prepared>,
    lost: Option<String>,
) -> Result<(), JobError> {
    let tx = app.write().await?;
    let state = if lost.is_some() { State::Failed } else { State::Done };
    let claimed = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Error, Expr::value(lost))
        .filter(Column::Id.eq(update.id))
        .filter(Column::State.eq(State::Waiting))
        .exec(&tx)
        .await?;
    if claimed.rows_affected == 0 {
        return Ok(());
    }
    let earlier = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ChannelId.eq(update.channel_id))
        .filter(Column::OrderKey.eq(update.order_key.clone()))
        .filter(waits())
        .filter(Column::Id.lt(update.id))
        .into_tuple::<UpdateId>()
        .one(&tx)
        .await?;
    if earlier.is_some() {
        return Err(JobError::RetryAfter(
            Duration::from_millis(200),
            Error::internal("an earlier update of this chat waits"),
        ));
    }
    for event in prepared {
        apply::apply(&tx, link, event).await?;
    }
    Ok(tx.commit().await?)
}

/// What needs the network is done before the transaction.
async fn prepare(driver: &dyn Driver, link: &Link, mut event: Inbound) -> Result<Prepared, JobError> {
    let mut fetched = Fetched::default();
    match &mut event {
        Inbound::Message(message) => {
            if apply::is_new_chat(link, &message.chat.id).await? {
                introduce(driver, link, &mut message.from).await;
            }
            if apply::needs_files(link, message).await? {
                fetched = fetch::fetch(driver, link, &message.files, message.at).await?;
            }
        }
        Inbound::Started { chat, from, .. } | Inbound::Pressed { chat, from, .. }
            if apply::is_new_chat(link, &chat.id).await? =>
        {
            introduce(driver, link, from).await;
        }
        Inbound::Echo { files, at, .. } => fetched = fetch::fetch(driver, link, files, *at).await?,
        _ => {}
    }
    if let Inbound::Pressed { press_id, .. } = &event
        && let Err(trouble) = driver.answer_press(link, press_id).await
    {
        tracing::debug!(channel = %link.channel.id, "a press could not be answered: {trouble}");
    }
    Ok(Prepared { event, fetched })
}

/// A name is nice to have: without one the message is taken all the same.
async fn introduce(driver: &dyn Driver, link: &Link, from: &mut crate::driver::Profile) {
    if let Err(trouble) = driver.introduce(link, from).await {
        tracing::warn!(channel = %link.channel.id, "a client of channel {} could not be looked up: {trouble}", link.channel.id);
    }
}

async fn count_attempt(app: &App, update: &Model) -> Result<()> {
    let tx = app.write().await?;
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::cust("attempts + 1"))
        .filter(Column::Id.eq(update.id))
        .exec(&tx)
        .await?;
    tx.commit().await
}

async fn end(app: &App, update: &Model, state: State, error: Option<String>) -> Result<(), JobError> {
    let tx = app.write().await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Error, Expr::value(error))
        .filter(Column::Id.eq(update.id))
        .filter(Column::State.eq(State::Waiting))
        .exec(&tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Forgets what was taken a month ago; by then no vendor sends it again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ForgetUpdates {}

impl Job for ForgetUpdates {
    const KIND: &'static str = "channels.forget_updates";
    const EVERY: Option<Duration> = Some(Duration::from_secs(6 * 3600));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        Entity::delete_many()
            .filter(Column::ReceivedAt.lt(tx.now() - chrono::Duration::days(30)))
            .filter(Column::State.is_in([State::Done, State::Ignored]))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }
}

/// Updates that nobody has taken in yet. In words, not as a parameter: only then SQLite takes the partial index.
fn waits() -> Expr {
    Expr::cust("state = 'waiting'")
}
