//! Commands and queries on a line's settings of routing.

use base::{Actor, Error, LineId, Result};
use bus::Event;
use db::Tx;
use desk::{line, setting};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::entity::{Column, Entity, Model};
use crate::hours::{Hours, LineClock};
use crate::rule::{Overflow, check_overflow, check_target};
use crate::target::Target;

/// A line's settings, with the defaults filled in.
#[derive(Clone, Debug)]
pub(crate) struct LineRouting {
    pub hours: Option<Hours>,
    pub target: Target,
    pub overflow: Option<Overflow>,
    pub manager_first: bool,
}

impl Default for LineRouting {
    fn default() -> Self {
        LineRouting { hours: None, target: Target::Queue { group_id: None }, overflow: None, manager_first: false }
    }
}

/// Of a line, whoever asks.
pub(crate) async fn of(connection: &impl ConnectionTrait, id: LineId) -> Result<LineRouting> {
    let Some(row) = Entity::find_by_id(id).one(connection).await? else { return Ok(LineRouting::default()) };
    Ok(LineRouting {
        hours: row.hours.map(serde_json::from_value).transpose()?,
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

/// The clock that rules of this line go by.
pub(crate) async fn clock(connection: &impl ConnectionTrait, settings: &LineRouting) -> Result<LineClock> {
    let company = setting::company(connection).await?;
    Ok(LineClock::new(settings.hours.clone(), &company.default_time_zone))
}

/// Gives a line hours, or none.
pub(super) async fn set_hours(tx: &Tx, actor: &Actor, id: LineId, hours: Option<Hours>) -> Result<LineRouting> {
    let old = find(tx, actor, id).await?;
    let mut faults = hours.as_ref().map(Hours::faults).unwrap_or_default();
    faults.iter_mut().for_each(|fault| fault.field = format!("hours.{}", fault.field));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    save(tx, actor, id, LineRouting { hours, ..old }).await
}

/// Says what becomes of conversations that no rule takes.
pub(super) async fn set_default(
    tx: &Tx,
    actor: &Actor,
    id: LineId,
    target: Target,
    overflow: Option<Overflow>,
    manager_first: bool,
) -> Result<LineRouting> {
    let old = find(tx, actor, id).await?;
    check_target(tx, id, &target, "target").await?;
    check_overflow(tx, id, overflow.as_ref(), "overflow").await?;
    save(tx, actor, id, LineRouting { target, overflow, manager_first, ..old }).await
}

async fn save(tx: &Tx, actor: &Actor, id: LineId, settings: LineRouting) -> Result<LineRouting> {
    let row = Model {
        line_id: id,
        hours: settings.hours.as_ref().map(serde_json::to_value).transpose()?,
        default_target: serde_json::to_value(&settings.target)?,
        default_overflow: settings.overflow.as_ref().map(serde_json::to_value).transpose()?,
        manager_first: settings.manager_first,
    };
    let columns = [Column::Hours, Column::DefaultTarget, Column::DefaultOverflow, Column::ManagerFirst];
    let overwrite = OnConflict::column(Column::LineId).update_columns(columns).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await?;
    let event = Event::new("routing_rules_changed").subject(id.0).line(id).data(json!({"change": "line"}));
    bus::emit(tx, actor, event).await?;
    Ok(settings)
}
