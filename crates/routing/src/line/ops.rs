//! Commands and queries on a line's settings of routing.

use base::{Actor, Error, LineId, Result};
use bus::Event;
use db::Tx;
use desk::line;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;

use super::entity::{Column, Entity, Model};
use crate::rule::{Overflow, check_overflow, check_target};
use crate::target::Target;

/// A line's settings, with the defaults filled in.
#[derive(Clone, Debug)]
pub(crate) struct LineRouting {
    pub target: Target,
    pub overflow: Option<Overflow>,
    pub manager_first: bool,
}

impl Default for LineRouting {
    fn default() -> Self {
        LineRouting { target: Target::Queue { group_id: None }, overflow: None, manager_first: false }
    }
}

/// Of a line, whoever asks.
pub(crate) async fn of(connection: &impl ConnectionTrait, id: LineId) -> Result<LineRouting> {
    let Some(row) = Entity::find_by_id(id).one(connection).await? else { return Ok(LineRouting::default()) };
    Ok(LineRouting {
        target: serde_json::from_value(row.default_target)?,
        overflow: row.default_overflow.map(serde_json::from_value).transpose()?,
        manager_first: row.manager_first,
    })
}

/// Of a line the actor sees.
pub(crate) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: LineId) -> Result<LineRouting> {
    line::find(connection, actor, id).await?;
    of(connection, id).await
}

/// Which version of its rules and its default a line has; it grows with every change.
pub(crate) async fn version(connection: &impl ConnectionTrait, id: LineId) -> Result<i64> {
    Ok(Entity::find_by_id(id).one(connection).await?.map_or(0, |row| row.version))
}

/// The line has another version now.
pub(crate) async fn count_change(tx: &Tx, id: LineId) -> Result<()> {
    let all = Entity::update_many().filter(Column::LineId.eq(id));
    let counted = all.col_expr(Column::Version, Expr::col(Column::Version).add(1)).exec(tx).await?;
    if counted.rows_affected == 0 {
        store(tx, id, &LineRouting::default(), 1).await?;
    }
    Ok(())
}

/// Says what becomes of conversations that no rule takes.
pub(super) async fn set_default(tx: &Tx, actor: &Actor, id: LineId, default: LineRouting) -> Result<LineRouting> {
    line::visible_to(actor)
        .filter(line::Column::Id.eq(id))
        .lock(db::HOLD)
        .one(tx)
        .await?
        .ok_or(Error::NotFound("line"))?;
    put_default(tx, id, default.clone(), "").await?;
    count_change(tx, id).await?;
    let event = Event::new("routing_rules_changed").subject(id.0).line(id).data(json!({"change": "line"}));
    bus::emit(tx, actor, event).await?;
    Ok(default)
}

/// The same as a part of a larger change. `at` is the place of the default, for errors.
pub(crate) async fn put_default(tx: &Tx, id: LineId, default: LineRouting, at: &str) -> Result<()> {
    check_target(tx, id, &default.target, &format!("{at}target")).await?;
    check_overflow(tx, id, default.overflow.as_ref(), &format!("{at}overflow")).await?;
    store(tx, id, &default, 0).await
}

/// Keeps the version of a row that is there.
async fn store(tx: &Tx, id: LineId, settings: &LineRouting, version: i64) -> Result<()> {
    let LineRouting { target, overflow, manager_first } = settings;
    let row = Model {
        line_id: id,
        hours: None,
        default_target: serde_json::to_value(target)?,
        default_overflow: overflow.as_ref().map(serde_json::to_value).transpose()?,
        manager_first: *manager_first,
        version,
    };
    let columns = [Column::DefaultTarget, Column::DefaultOverflow, Column::ManagerFirst];
    let overwrite = OnConflict::column(Column::LineId).update_columns(columns).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await?;
    Ok(())
}
