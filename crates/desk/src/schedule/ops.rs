//! Commands and queries on schedules.

use base::{Actor, Error, FieldError, Result, Words};
use bus::Event;
use calendar::Definition;
use db::Tx;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use serde_json::json;

use super::ScheduleId;
use super::entity::{Column, Entity, Model};
use crate::{field, usage};

/// Schedules that were not deleted, by name.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let kept = Entity::find().filter(Column::DeletedAt.is_null());
    Ok(kept.order_by_asc(Column::Name).order_by_asc(Column::Id).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: ScheduleId) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.ok_or(Error::NotFound("schedule"))
}

/// How a schedule is called; none: there is none.
pub async fn name_of(connection: &impl ConnectionTrait, id: Option<ScheduleId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    Ok(Entity::find_by_id(id).one(connection).await?.map(|row| row.name))
}

pub(super) async fn create(tx: &Tx, actor: &Actor, name: &str, definition: Definition) -> Result<Model> {
    let row = Model {
        id: ScheduleId(tx.new_id()),
        name: field::name("name", name)?,
        definition: checked(&definition)?,
        deleted_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor, &row, "created").await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<String>,
    pub definition: Option<Definition>,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: ScheduleId, change: Change) -> Result<Model> {
    let Change { name, definition } = change;
    let mut row = find(tx, id).await?.into_active_model();
    if let Some(name) = name {
        row.name = Set(field::name("name", &name)?);
    }
    if let Some(definition) = definition {
        row.definition = Set(checked(&definition)?);
    }
    row.updated_at = Set(tx.now());
    let row = Entity::update(row).exec(tx).await?;
    tell(tx, actor, &row, "changed").await?;
    Ok(row)
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: ScheduleId) -> Result<()> {
    // Held, so that nothing begins to count by it meanwhile.
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).lock(db::HOLD).one(tx).await?;
    let row = row.ok_or(Error::NotFound("schedule"))?;
    usage::refuse_used(tx, id.0, "schedule_in_use").await?;
    let mut row = row.into_active_model();
    row.deleted_at = Set(Some(tx.now()));
    let row = Entity::update(row).exec(tx).await?;
    tell(tx, actor, &row, "deleted").await
}

/// Refuses schedules that are not there, each by the field it stands at.
pub async fn check(
    connection: &impl ConnectionTrait,
    schedules: impl IntoIterator<Item = (String, ScheduleId)>,
) -> Result<()> {
    let schedules: Vec<(String, ScheduleId)> = schedules.into_iter().collect();
    if schedules.is_empty() {
        return Ok(());
    }
    let known: Vec<ScheduleId> = kept(&schedules).select_only().column(Column::Id).into_tuple().all(connection).await?;
    let unknown = schedules.into_iter().filter(|(_, id)| !known.contains(id));
    let fault = |(field, _)| {
        let words = Words::new("Такого графика нет, выберите другой", "There is no such schedule, choose another");
        FieldError { field, code: "unknown_schedule", words }
    };
    let faults: Vec<FieldError> = unknown.map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The same, and nobody deletes them until the transaction ends.
pub async fn hold(tx: &Tx, schedules: impl IntoIterator<Item = (String, ScheduleId)>) -> Result<Vec<ScheduleId>> {
    let schedules: Vec<(String, ScheduleId)> = schedules.into_iter().collect();
    let ids = schedules.iter().map(|(_, id)| *id).collect();
    if !schedules.is_empty() {
        kept(&schedules).order_by_asc(Column::Id).lock(db::HOLD).all(tx).await?;
    }
    check(tx, schedules).await?;
    Ok(ids)
}

fn kept(schedules: &[(String, ScheduleId)]) -> Select<Entity> {
    let ids = schedules.iter().map(|(_, id)| *id);
    Entity::find().filter(Column::Id.is_in(ids)).filter(Column::DeletedAt.is_null())
}

/// A saved schedule that says this: one that is there, or a new one of that name. None when it cannot be counted with.
pub async fn adopt(tx: &Tx, actor: &Actor, name: &str, definition: Definition) -> Result<Option<ScheduleId>> {
    if definition.schedule("").is_err() {
        return Ok(None);
    }
    for row in list(tx).await? {
        if serde_json::from_value::<Definition>(row.definition)? == definition {
            return Ok(Some(row.id));
        }
    }
    create(tx, actor, name, definition).await.map(|row| Some(row.id))
}

/// A definition that can be counted with, as it is stored.
fn checked(definition: &Definition) -> Result<serde_json::Value> {
    definition.schedule("definition")?;
    Ok(serde_json::to_value(definition)?)
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &str) -> Result<()> {
    let event = Event::new("schedule_changed").subject(row.id.0).data(json!({"name": row.name, "change": change}));
    bus::emit(tx, actor, event).await.map(drop)
}
