//! Commands and queries on forms.

use base::{Actor, Error, FieldError, FormId, LineId, Result, Words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bus::Event;
use db::Tx;
use desk::line;
use rand::RngCore;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::json;

use super::definition::{Definition, check};
use super::entity::{Column, Entity, Model};

/// Forms that were not deleted, of lines the actor sees.
pub(super) async fn list(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Model>> {
    let rows = Entity::find().filter(Column::DeletedAt.is_null()).order_by_asc(Column::Name).all(connection).await?;
    Ok(rows.into_iter().filter(|row| actor.sees_line(row.line_id)).collect())
}

pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: FormId) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.filter(|row| actor.sees_line(row.line_id)).ok_or(Error::NotFound("form"))
}

/// A form that anybody may fill in.
pub(crate) async fn published(connection: &impl ConnectionTrait, key: &str) -> Result<(Model, Definition)> {
    let row = Entity::find().filter(Column::Key.eq(key)).filter(Column::DeletedAt.is_null()).one(connection).await?;
    let row = row.filter(|row| row.enabled).ok_or(Error::NotFound("form"))?;
    let definition = serde_json::from_value(row.definition.clone())?;
    Ok((row, definition))
}

pub(super) async fn create(
    tx: &Tx,
    actor: &Actor,
    line_id: LineId,
    name: &str,
    definition: Definition,
) -> Result<Model> {
    check(&definition)?;
    check_line(tx, actor, line_id).await?;
    let mut key = [0u8; 12];
    rand::rng().fill_bytes(&mut key);
    let row = Model {
        id: FormId(tx.new_id()),
        line_id,
        key: URL_SAFE_NO_PAD.encode(key),
        name: clean_name(name)?,
        definition: serde_json::to_value(definition)?,
        enabled: true,
        deleted_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor, &row).await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub line_id: Option<LineId>,
    pub name: Option<String>,
    pub definition: Option<Definition>,
    pub enabled: Option<bool>,
    pub deleted: bool,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: FormId, change: Change) -> Result<Model> {
    let mut row = find(tx, actor, id).await?.into_active_model();
    if let Some(line_id) = change.line_id {
        check_line(tx, actor, line_id).await?;
        row.line_id = Set(line_id);
    }
    if let Some(name) = change.name {
        row.name = Set(clean_name(&name)?);
    }
    if let Some(definition) = change.definition {
        check(&definition)?;
        row.definition = Set(serde_json::to_value(definition)?);
    }
    if let Some(enabled) = change.enabled {
        row.enabled = Set(enabled);
    }
    if change.deleted {
        row.deleted_at = Set(Some(tx.now()));
    }
    row.updated_at = Set(tx.now());
    let row = Entity::update(row).exec(tx).await?;
    tell(tx, actor, &row).await?;
    Ok(row)
}

async fn check_line(tx: &Tx, actor: &Actor, id: LineId) -> Result<()> {
    let words = Words::new("Нет такой линии", "There is no such line");
    let wrong = || Error::Invalid(vec![FieldError { field: "line_id".to_owned(), code: "unknown", words }]);
    line::find(tx, actor, id).await.map(drop).map_err(|_| wrong())
}

fn clean_name(name: &str) -> Result<String> {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Error::required("name")),
        1..=200 => Ok(name),
        _ => Err(Error::invalid("name", "too_long", "Не больше 200 знаков", "At most 200 characters")),
    }
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model) -> Result<()> {
    let event = Event::new("form_changed").subject(row.id.0).line(row.line_id).data(json!({"name": row.name}));
    bus::emit(tx, actor, event).await.map(drop)
}
