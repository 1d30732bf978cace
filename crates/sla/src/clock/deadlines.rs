//! Steps that are due: found by one indexed look, each done once.

use base::{Actor, Result, Timestamp};
use bus::Event;
use db::{Fetch, Row, Tx};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::act::Act;
use super::entity::{Column, Entity};
use super::kept::{Alarm, Clock};
use crate::subject::Record;

/// So many at once, so that nobody waits long for the database.
const AT_ONCE: u64 = 100;

/// When the next step of all clocks is due.
pub(super) async fn next(connection: &impl Fetch) -> Result<Option<Timestamp>> {
    let sql = "select next_at from sla_clock where next_at is not null order by next_at limit 1".to_owned();
    let read = |row: &Row<'_>| row.get::<Timestamp>(0);
    Ok(connection.fetch(sql, Vec::new(), read).await?.pop())
}

/// Does what is due by `now`; true when there may be more.
pub(super) async fn ring(tx: &Tx, now: Timestamp) -> Result<bool> {
    let due = Entity::find()
        .filter(Expr::cust("next_at is not null"))
        .filter(Column::NextAt.lte(now))
        .order_by_asc(Column::NextAt)
        .limit(AT_ONCE)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    let more = due.len() as u64 == AT_ONCE;
    for row in due {
        let mut clock = Clock::read(row)?;
        for alarm in clock.ring(now) {
            match alarm {
                Alarm::Missed => missed(tx, &clock).await?,
                Alarm::Step(step) => {
                    jobs::enqueue(tx, &Act { clock_id: clock.row.id, step }).await?;
                }
            }
        }
        clock.save(tx).await?;
    }
    Ok(more)
}

async fn missed(tx: &Tx, clock: &Clock) -> Result<()> {
    metrics::counter!("otklik_sla_missed_total", "norm" => clock.row.norm.as_str()).increment(1);
    let record = Record::find(tx, clock.row.about()?).await?;
    let data = json!({"norm": clock.row.norm, "due_at": clock.row.due_at, "policy": clock.snapshot.policy});
    let event = record.event(tx, clock.row.id.0, Event::new("sla_missed").data(data)).await?;
    bus::emit(tx, &Actor::system(), event).await.map(drop)
}
