//! Commands and queries on OLAs.

use base::{Actor, Error, FieldError, Result, Words};
use bus::Event;
use db::Tx;
use desk::{schedule, usage};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::entity::{Column, Entity, Model};
use super::{Definition, OlaId};
use crate::name::named;

/// Those that were not deleted, by name.
pub(crate) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let kept = Entity::find().filter(Column::DeletedAt.is_null());
    Ok(kept.order_by_asc(Column::Name).order_by_asc(Column::Id).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: OlaId) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.ok_or(Error::NotFound("ola"))
}

/// One that somebody names at a field; nobody deletes it until the transaction ends.
pub(crate) async fn known(tx: &Tx, field: &str, id: OlaId) -> Result<Definition> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).lock(db::HOLD).one(tx).await?;
    let words = Words::new("Такого OLA нет, выберите другое", "There is no such OLA, choose another");
    let gone = || Error::Invalid(vec![FieldError { field: field.to_owned(), code: "unknown_ola", words }]);
    Ok(serde_json::from_value(row.ok_or_else(gone)?.definition)?)
}

pub async fn create(tx: &Tx, actor: &Actor, name: &str, definition: Definition) -> Result<Model> {
    let row = Model {
        id: OlaId(tx.new_id()),
        name: named(name)?,
        definition: checked(tx, &definition).await?,
        deleted_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    count_by_schedule(tx, &row, &definition).await?;
    tell(tx, actor, &row, "created").await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<String>,
    pub definition: Option<Definition>,
}

/// Changes one. Routes that run keep what they were begun with.
pub(super) async fn update(tx: &Tx, actor: &Actor, id: OlaId, change: Change) -> Result<Model> {
    let Change { name, definition } = change;
    let mut row = find(tx, id).await?.into_active_model();
    if let Some(name) = name {
        row.name = Set(named(&name)?);
    }
    if let Some(definition) = definition {
        row.definition = Set(checked(tx, &definition).await?);
    }
    row.updated_at = Set(tx.now());
    let row = Entity::update(row).exec(tx).await?;
    count_by_schedule(tx, &row, &serde_json::from_value(row.definition.clone())?).await?;
    tell(tx, actor, &row, "changed").await?;
    Ok(row)
}

/// Deletes one that no route names.
pub(super) async fn delete(tx: &Tx, actor: &Actor, id: OlaId) -> Result<()> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).lock(db::HOLD).one(tx).await?;
    let row = row.ok_or(Error::NotFound("ola"))?;
    usage::refuse_used(tx, id.0, "ola_in_use").await?;
    let mut row = row.into_active_model();
    row.deleted_at = Set(Some(tx.now()));
    let row = Entity::update(row).exec(tx).await?;
    usage::record(tx, owner(&row), []).await?;
    tell(tx, actor, &row, "deleted").await
}

async fn checked(connection: &impl ConnectionTrait, definition: &Definition) -> Result<serde_json::Value> {
    definition.check()?;
    schedule::check(connection, named_schedule(definition)).await?;
    Ok(serde_json::to_value(definition)?)
}

fn named_schedule(definition: &Definition) -> impl Iterator<Item = (String, schedule::ScheduleId)> + '_ {
    definition.schedule_id.map(|id| ("definition.schedule_id".to_owned(), id)).into_iter()
}

async fn count_by_schedule(tx: &Tx, row: &Model, definition: &Definition) -> Result<()> {
    let schedules = schedule::hold(tx, named_schedule(definition)).await?;
    usage::record(tx, owner(row), schedules.into_iter().map(|id| id.0)).await
}

fn owner(row: &Model) -> usage::Owner<'_> {
    usage::Owner { kind: usage::Kind::Ola, id: row.id.0, name: &row.name }
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &str) -> Result<()> {
    let event = Event::new("ola_changed").subject(row.id.0).data(json!({"name": row.name, "change": change}));
    bus::emit(tx, actor, event).await.map(drop)
}
