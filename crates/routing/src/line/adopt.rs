//! Lines that had hours of their own, from before schedules were shared: each distinct table becomes a saved schedule, named
//! after the first line that had it.

use app::App;
use base::{Actor, LineId, Result};
use calendar::Definition;
use db::{Tx, dialect};
use desk::line::{self, LineHours, LinePatch};
use desk::schedule;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::Value;

use super::entity::{Column, Entity, Model};

/// Repeatable: what was adopted is gone from its old place.
pub(crate) async fn adopt_hours(app: App) -> Result<()> {
    let old = Entity::find().filter(Column::Hours.is_not_null());
    if old.one(app.db.read()).await?.is_none() {
        return Ok(());
    }
    let tx = app.write().await?;
    dialect::lock(&tx, "adopt-hours").await?;
    let old = Entity::find().filter(Column::Hours.is_not_null()).order_by_asc(Column::LineId);
    for row in old.all(&tx).await? {
        adopt(&tx, row).await?;
    }
    tx.commit().await
}

async fn adopt(tx: &Tx, row: Model) -> Result<()> {
    let (id, hours): (LineId, Value) = (row.line_id, row.hours.clone().unwrap_or_default());
    let mut row = row.into_active_model();
    row.hours = Set(None);
    Entity::update(row).exec_without_returning(tx).await?;
    let system = Actor::system();
    let line = line::find(tx, &system, id).await?;
    let Ok(definition) = serde_json::from_value::<Definition>(renamed(hours)) else { return Ok(()) };
    let schedule_id = schedule::adopt(tx, &system, &line.name, definition).await?;
    let hours = LineHours { schedule_id, published: line.publish_hours };
    line::update(tx, &system, id, LinePatch { hours: Some(hours), ..LinePatch::default() }).await.map(drop)
}

/// What the days called their spans are the intervals of a schedule.
fn renamed(mut hours: Value) -> Value {
    for list in ["weekly", "exceptions"] {
        for day in hours.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            day["intervals"] = day["spans"].take();
        }
    }
    if hours["weekly"].is_null() {
        hours["weekly"] = Value::Array(Vec::new());
    }
    hours
}
