//! Stages whose time is over: found by one indexed look, each told once.

use base::{Actor, Result, Timestamp, UserId};
use bus::Event;
use db::{Fetch, Row, Tx};
use desk::ticket;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::stage::{Column, Entity, Missed, Stage};
use super::work::members;

/// So many at once, so that nobody waits long for the database.
const AT_ONCE: u64 = 100;

/// When the next time of all stages is over.
pub(crate) async fn next(connection: &impl Fetch) -> Result<Option<Timestamp>> {
    let sql = "select next_at from route_stage where next_at is not null order by next_at limit 1".to_owned();
    let read = |row: &Row<'_>| row.get::<Timestamp>(0);
    Ok(connection.fetch(sql, Vec::new(), read).await?.pop())
}

/// Notes what is over by `now`, and tells it.
pub(crate) async fn ring(tx: &Tx, now: Timestamp) -> Result<()> {
    let due = Entity::find()
        .filter(Expr::cust("next_at is not null"))
        .filter(Column::NextAt.lte(now))
        .order_by_asc(Column::NextAt)
        .limit(AT_ONCE)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    for row in due {
        let mut stage = Stage::read(row)?;
        for missed in stage.ring(now) {
            tell(tx, &stage, missed).await?;
        }
        stage.save(tx).await?;
    }
    Ok(())
}

async fn tell(tx: &Tx, stage: &Stage, missed: Missed) -> Result<()> {
    let (norm, due_at) = match missed {
        Missed::Reaction => ("reaction", stage.row.reaction_due_at),
        Missed::Time => ("resolution", stage.row.due_at),
    };
    metrics::counter!("otklik_ola_missed_total", "norm" => norm).increment(1);
    let people: Vec<UserId> = match stage.row.taken_by.or(stage.row.user_id) {
        Some(person) => vec![person],
        None => members(tx, stage.row.group_id).await?,
    };
    let data = json!({
        "title": stage.row.name, "stage_id": stage.row.id, "ticket_id": stage.row.ticket_id, "norm": norm,
        "due_at": due_at, "tell": people,
    });
    let ticket = ticket::find(tx, &Actor::system(), stage.row.ticket_id).await?;
    let event = ticket::heard_by(tx, &ticket, Event::new("stage_missed").data(data)).await?;
    bus::emit(tx, &Actor::system(), event).await.map(drop)
}
