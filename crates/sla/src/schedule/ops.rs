//! Commands and queries on schedules.

use base::{Actor, Error, Result};
use bus::Event;
use calendar::Definition;
use db::Tx;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::json;

use super::ScheduleId;
use super::entity::{Column, Entity, Model};

/// Schedules that were not deleted, by name.
pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let kept = Entity::find().filter(Column::DeletedAt.is_null());
    Ok(kept.order_by_asc(Column::Name).order_by_asc(Column::Id).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: ScheduleId) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.ok_or(Error::NotFound("schedule"))
}

pub(super) async fn create(tx: &Tx, actor: &Actor, name: &str, definition: Definition) -> Result<Model> {
    let row = Model {
        id: ScheduleId(tx.new_id()),
        name: clean_name(name)?,
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
        row.name = Set(clean_name(&name)?);
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
    let mut row = find(tx, id).await?.into_active_model();
    row.deleted_at = Set(Some(tx.now()));
    let row = Entity::update(row).exec(tx).await?;
    tell(tx, actor, &row, "deleted").await
}

/// A definition that can be counted with, as it is stored.
fn checked(definition: &Definition) -> Result<serde_json::Value> {
    definition.schedule("definition")?;
    Ok(serde_json::to_value(definition)?)
}

fn clean_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Error::required("name")),
        1..=200 => Ok(name),
        _ => Err(Error::invalid("name", "too_long", "Не больше 200 знаков", "At most 200 characters")),
    }
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &str) -> Result<()> {
    let event = Event::new("schedule_changed").subject(row.id.0).data(json!({"name": row.name, "change": change}));
    bus::emit(tx, actor, event).await.map(drop)
}
