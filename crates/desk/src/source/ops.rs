//! Commands and queries on sources.

use app::App;
use base::{Actor, Error, Result, SourceId};
use bus::Event;
use db::Tx;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
};
use serde_json::json;

use super::entity::{ActiveModel, Column, Entity, Model};
use crate::field;

/// What a fresh installation starts with.
const FIRST: [&str; 5] = ["Телефон", "Визит в офис", "Форум", "Социальные сети", "Выставка"];

/// Fills an empty dictionary once.
pub(crate) async fn prepare(app: App) -> Result<()> {
    if Entity::find().count(app.db.read()).await? > 0 {
        return Ok(());
    }
    let tx = app.write().await?;
    if Entity::find().count(&tx).await? == 0 {
        for name in FIRST {
            create(&tx, &Actor::system(), name).await?;
        }
    }
    tx.commit().await
}

/// By name, those in use first.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let mut all = Entity::find().order_by_asc(Column::Name).all(connection).await?;
    all.sort_by_key(|source| source.archived_at.is_some());
    Ok(all)
}

pub async fn create(tx: &Tx, actor: &Actor, name: &str) -> Result<Model> {
    let name = field::name("name", name)?;
    let row = ActiveModel {
        id: Set(SourceId(tx.new_id())),
        name: Set(name),
        archived_at: Set(None),
        created_at: Set(tx.now()),
    };
    let row = row.insert(tx).await.map_err(taken)?;
    changed(tx, actor, &row).await?;
    Ok(row)
}

/// Renames a source, puts it away or takes it back.
pub(super) async fn update(
    tx: &Tx,
    actor: &Actor,
    id: SourceId,
    name: Option<String>,
    archived: Option<bool>,
) -> Result<Model> {
    let source = Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("source"))?;
    let archived_before = source.archived_at;
    let mut row = source.into_active_model();
    if let Some(name) = name {
        row.name = Set(field::name("name", &name)?);
    }
    if let Some(archived) = archived {
        row.archived_at = Set(if archived { archived_before.or(Some(tx.now())) } else { None });
    }
    let row = row.update(tx).await.map_err(taken)?;
    changed(tx, actor, &row).await?;
    Ok(row)
}

/// A source that is offered, or an error that names the field.
pub async fn usable(connection: &impl ConnectionTrait, id: SourceId) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::ArchivedAt.is_null()).one(connection).await?;
    found.ok_or_else(|| Error::invalid("source_id", "unknown", "Нет такого источника", "There is no such source"))
}

fn taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) {
        return Error::invalid("name", "taken", "Такой источник уже есть", "There is such a source already");
    }
    error.into()
}

async fn changed(tx: &Tx, actor: &Actor, row: &Model) -> Result<()> {
    let event = Event::new("source_changed").subject(row.id.0).data(json!({"name": row.name}));
    bus::emit(tx, actor, event).await.map(drop)
}
