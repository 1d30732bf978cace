//! The queue empties itself the moment somebody can take something.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{Actor, ConversationId, Result, Timestamp, UserId, Words};
use db::{Tx, dialect};
use desk::conversation::{self, Status as ConversationStatus};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::assign::{LOCK, assign, hold, words};
use super::place::{Demand, case_of, forget};
use super::{Column, Entity, Model};
use crate::crew;
use crate::decision::{self, DecisionId, Source};
use crate::engine::{Waiting, pick};
use crate::settings;

/// How many waiting conversations are looked at in one transaction.
const AT_ONCE: u64 = 100;

/// Gives out what can be given. On the queue once, whatever happened and however often.
#[derive(Debug, Serialize, Deserialize)]
pub struct Drain {}

impl Job for Drain {
    const KIND: &'static str = "routing.drain";
    // When its node dies the next one gives out soon.
    const LEASE: Duration = Duration::from_secs(60);
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        jobs::begin_once(&tx, Self::KIND).await?;
        tx.commit().await?;
        Ok(drain(&app).await?)
    }
}

/// The same again and again, for what no event tells of: the end of an absence, the beginning of one.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeepDraining {}

impl Job for KeepDraining {
    const KIND: &'static str = "routing.keep_draining";
    const LEASE: Duration = Duration::from_secs(60);
    const EVERY: Option<Duration> = Some(Duration::from_secs(15));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        Ok(drain(&app).await?)
    }
}

/// Asks for the queue to be given out after this transaction, if anything waits.
pub async fn want_drain(tx: &Tx) -> Result<()> {
    if anything_waits(tx).await? { jobs::enqueue_once(tx, &Drain {}, Drain::KIND).await } else { Ok(()) }
}

async fn anything_waits(connection: &impl ConnectionTrait) -> Result<bool> {
    let mut query = Entity::find().select_only().column(Column::ConversationId).limit(1);
    if !settings::get(connection).await?.distribute_common_queue {
        query = query.filter(Column::Automatic.eq(true));
    }
    Ok(query.into_tuple::<ConversationId>().one(connection).await?.is_some())
}

/// Walks the queue once, a page a transaction.
async fn drain(app: &App) -> Result<()> {
    if !anything_waits(app.db.read()).await? {
        return Ok(());
    }
    let mut after = None;
    loop {
        let tx = app.write().await?;
        after = page(&tx, after).await?;
        tx.commit().await?;
        if after.is_none() {
            return Ok(());
        }
    }
}

type Place = (Timestamp, ConversationId);

/// Gives out what it can of a page of the queue; answers where the next one begins, if there is a reason to go on.
async fn page(tx: &Tx, after: Option<Place>) -> Result<Option<Place>> {
    dialect::lock(tx, LOCK).await?;
    let mut crew = crew::load(tx, tx.now()).await?;
    let has_room = |operator: &crate::engine::Operator| operator.free && operator.load < operator.limit;
    if !crew.operators.iter().any(has_room) {
        return Ok(None);
    }
    let entries = next(tx, after, crew.settings.distribute_common_queue).await?;
    let last = entries.last().map(|entry| (entry.turn_at, entry.conversation_id));
    let more = entries.len() as u64 == AT_ONCE;
    let mut conversations = held(tx, &entries).await?;
    let mut waiting: Vec<Waiting> = Vec::with_capacity(entries.len());
    for entry in &entries {
        let Some(conversation) = conversations.get(&entry.conversation_id) else { continue };
        let demand = Demand { skills: serde_json::from_value(entry.skills.clone())? };
        waiting.push(crew.waiting(&case_of(conversation, entry.group_id, &demand)));
    }
    let mut before = crew.operators.clone();
    let given = pick(&mut crew.operators, &waiting, tx.now());
    let users: Vec<UserId> = given.iter().map(|one| one.operator).collect();
    let free = hold(tx, &users).await?;
    for one in &given {
        // As it was when this one was given: those before it count.
        let asked = waiting.iter().find(|asked| asked.id == one.conversation);
        let considered = asked.map(|asked| decision::considered(&crew, &before, asked)).unwrap_or_default();
        if let (Some(asked), Some(operator)) = (asked, before.iter_mut().find(|known| known.id == one.operator)) {
            operator.take(asked.channel, asked.weight, tx.now());
        }
        if !free.contains(&one.operator) {
            continue;
        }
        let Some(conversation) = conversations.remove(&one.conversation) else { continue };
        let (why, name) = (words(&one.why), crew.name_of(one.operator));
        let told = Words::owned(
            format!("Дождалось в очереди. Назначено: {name} ({}).", why.ru),
            format!("Waited in the queue. Assigned to {name} ({}).", why.en),
        );
        let id = DecisionId(tx.new_id());
        decision::keep_considered(tx, id, &considered).await?;
        decision::record_given(tx, id, &conversation, Source::Drain, one.operator, told).await?;
        assign(tx, &Actor::system(), &crew, conversation, one.operator, Source::Drain, &why).await?;
    }
    Ok(last.filter(|_| more))
}

async fn next(tx: &Tx, after: Option<Place>, common_too: bool) -> Result<Vec<Model>> {
    let mut query = Entity::find();
    if common_too {
        // What is on offer waits for the answer.
        query = query.filter(Column::ConversationId.not_in_subquery(crate::offer::open_ones()));
    } else {
        query = query.filter(Column::Automatic.eq(true));
    }
    if let Some((turn_at, id)) = after {
        let later = Condition::any()
            .add(Column::TurnAt.gt(turn_at))
            .add(Condition::all().add(Column::TurnAt.eq(turn_at)).add(Column::ConversationId.gt(id)));
        query = query.filter(later);
    }
    Ok(query.order_by_asc(Column::TurnAt).order_by_asc(Column::ConversationId).limit(AT_ONCE).all(tx).await?)
}

/// The conversations of these entries that still wait and that nobody else holds. Entries of others are taken out.
async fn held(tx: &Tx, entries: &[Model]) -> Result<std::collections::HashMap<ConversationId, conversation::Model>> {
    let ids: Vec<ConversationId> = entries.iter().map(|entry| entry.conversation_id).collect();
    let rows = conversation::Entity::find()
        .filter(conversation::Column::Id.is_in(ids))
        .order_by_asc(conversation::Column::Id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    let waits = |row: &conversation::Model| row.status == ConversationStatus::Open && row.assignee_id.is_none();
    let stale: Vec<ConversationId> = rows.iter().filter(|row| !waits(row)).map(|row| row.id).collect();
    if !stale.is_empty() {
        forget(tx, &stale).await?;
    }
    Ok(rows.into_iter().filter(waits).map(|row| (row.id, row)).collect())
}
