//! Commands and queries on services and their catalogues.

use std::collections::HashMap;

use base::{Actor, Error, FieldError, Result, Timestamp, UserId, Words};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde_json::json;

use super::{CatalogueId, Column, Entity, Model, ServiceId, ServiceRef, catalogue};
use crate::schedule::{self, ScheduleId};
use crate::{field, usage, user};

/// Every catalogue in its order.
pub async fn catalogues(connection: &impl ConnectionTrait) -> Result<Vec<catalogue::Model>> {
    let all = catalogue::Entity::find().order_by_asc(catalogue::Column::Position);
    Ok(all.order_by_asc(catalogue::Column::Id).all(connection).await?)
}

/// Every service in the order of its catalogue.
pub async fn services(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Id).all(connection).await?)
}

/// The services that are offered, in the order of their catalogues.
pub async fn offered(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let folders = catalogues(connection).await?;
    let open = folders.into_iter().filter(|folder| folder.archived_at.is_none());
    let places: HashMap<CatalogueId, usize> = open.enumerate().map(|(place, folder)| (folder.id, place)).collect();
    let mut offered = services(connection).await?;
    offered.retain(|service| service.archived_at.is_none() && places.contains_key(&service.catalogue_id));
    offered.sort_by_key(|service| places.get(&service.catalogue_id).copied());
    Ok(offered)
}

pub async fn find(connection: &impl ConnectionTrait, id: ServiceId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("service"))
}

pub async fn find_catalogue(connection: &impl ConnectionTrait, id: CatalogueId) -> Result<catalogue::Model> {
    catalogue::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("catalogue"))
}

/// A service that is offered, or an error that names the field.
pub async fn usable(connection: &impl ConnectionTrait, id: ServiceId) -> Result<Model> {
    let gone = || Error::invalid("service_id", "unknown", "Такой услуги нет", "There is no such service");
    let service = Entity::find_by_id(id).filter(Column::ArchivedAt.is_null()).one(connection).await?;
    let service = service.ok_or_else(gone)?;
    let folder = catalogue::Entity::find_by_id(service.catalogue_id).one(connection).await?;
    folder.filter(|folder| folder.archived_at.is_none()).map(|_| service).ok_or_else(gone)
}

/// Refuses services that are not there, each by the field it stands at.
pub async fn check(connection: &impl ConnectionTrait, field: &str, ids: &[ServiceId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let known = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().copied()));
    let known: Vec<ServiceId> = known.into_tuple().all(connection).await?;
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
    let fault = |(index, _): (usize, &ServiceId)| {
        let words = Words::new("Такой услуги нет", "There is no such service");
        FieldError { field: format!("{field}[{index}]"), code: "unknown", words }
    };
    let faults: Vec<FieldError> = unknown.map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// These services as others refer to them.
pub async fn refs(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = ServiceId>,
) -> Result<HashMap<ServiceId, ServiceRef>> {
    let ids: Vec<ServiceId> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(connection).await?;
    let homes = rows.iter().map(|row| row.catalogue_id);
    let folders = catalogue::Entity::find().filter(catalogue::Column::Id.is_in(homes)).all(connection).await?;
    let folders: HashMap<CatalogueId, String> = folders.into_iter().map(|folder| (folder.id, folder.name)).collect();
    let one = |row: Model| {
        let catalogue = folders.get(&row.catalogue_id).cloned().unwrap_or_default();
        (row.id, ServiceRef { id: row.id, name: row.name, catalogue })
    };
    Ok(rows.into_iter().map(one).collect())
}

/// A service to be.
pub struct NewService {
    pub catalogue_id: CatalogueId,
    pub name: String,
    pub description: String,
}

pub async fn create(tx: &Tx, actor: &Actor, new: NewService) -> Result<Model> {
    let NewService { catalogue_id, name, description } = new;
    known(tx, catalogue_id).await?;
    let name = field::name("name", &name)?;
    free(tx, catalogue_id, &name, None).await?;
    let row = Model {
        id: ServiceId(tx.new_id()),
        catalogue_id,
        name,
        description: field::limit("description", description, 2000)?,
        position: end_of(tx, catalogue_id).await?,
        owner_id: None,
        schedule_id: None,
        downtime_minutes: None,
        archived_at: None,
        created_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await.map_err(taken)?;
    changed(tx, actor, row.id.0, &row.name, "created").await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub struct Change {
    pub catalogue_id: Option<CatalogueId>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub archived: Option<bool>,
    /// Before which service of its catalogue it stands; none: the last.
    pub before: Option<Option<ServiceId>>,
    pub owner_id: Option<Option<UserId>>,
    pub schedule_id: Option<Option<ScheduleId>>,
    pub downtime_minutes: Option<Option<i64>>,
}

/// The longest month.
const MONTH_MINUTES: i64 = 31 * 24 * 60;

pub async fn update(tx: &Tx, actor: &Actor, id: ServiceId, change: Change) -> Result<Model> {
    let Change { catalogue_id, name, description, archived, before, owner_id, schedule_id, downtime_minutes } = change;
    let service = find(tx, id).await?;
    let home = catalogue_id.unwrap_or(service.catalogue_id);
    let moved = home != service.catalogue_id;
    if moved {
        known(tx, home).await?;
    }
    let name = name.map(|name| field::name("name", &name)).transpose()?;
    free(tx, home, name.as_deref().unwrap_or(&service.name), Some(id)).await?;
    let position = match before {
        Some(Some(before)) => Some(before_service(tx, home, before).await?),
        Some(None) => Some(end_of(tx, home).await?),
        None if moved => Some(end_of(tx, home).await?),
        None => None,
    };
    let archived_at = put_away(service.archived_at, archived, tx.now());
    let mut row = service.into_active_model();
    row.catalogue_id = Set(home);
    row.archived_at = Set(archived_at);
    if let Some(name) = name {
        row.name = Set(name);
    }
    if let Some(description) = description {
        row.description = Set(field::limit("description", description, 2000)?);
    }
    if let Some(position) = position {
        row.position = Set(position);
    }
    if let Some(owner_id) = owner_id {
        row.owner_id = Set(user::at_work(tx, "owner_id", owner_id).await?);
    }
    if let Some(schedule_id) = schedule_id {
        schedule::hold(tx, schedule_id.map(|id| ("schedule_id".to_owned(), id))).await?;
        row.schedule_id = Set(schedule_id);
    }
    if let Some(minutes) = downtime_minutes {
        let minutes =
            minutes.map(|minutes| field::between("downtime_minutes", minutes, 0..=MONTH_MINUTES)).transpose()?;
        row.downtime_minutes = Set(minutes);
    }
    let row = row.update(tx).await.map_err(taken)?;
    let owner = usage::Owner { kind: usage::Kind::Service, id: id.0, name: &row.name };
    usage::record(tx, owner, row.schedule_id.map(|id| id.0)).await?;
    changed(tx, actor, id.0, &row.name, "changed").await?;
    Ok(row)
}

pub async fn create_catalogue(tx: &Tx, actor: &Actor, name: &str) -> Result<catalogue::Model> {
    let last = catalogues(tx).await?.last().map_or(0, |last| last.position + 1);
    let row = catalogue::Model {
        id: CatalogueId(tx.new_id()),
        name: field::name("name", name)?,
        position: last,
        archived_at: None,
        created_at: tx.now(),
    };
    free_catalogue(tx, &row.name, None).await?;
    catalogue::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await.map_err(taken)?;
    changed(tx, actor, row.id.0, &row.name, "created").await?;
    Ok(row)
}

/// What to change of a catalogue; absent: keep.
#[derive(Debug, Default)]
pub(super) struct CatalogueChange {
    pub name: Option<String>,
    pub archived: Option<bool>,
    /// Before which catalogue it stands; none: the last.
    pub before: Option<Option<CatalogueId>>,
}

pub(super) async fn update_catalogue(
    tx: &Tx,
    actor: &Actor,
    id: CatalogueId,
    change: CatalogueChange,
) -> Result<catalogue::Model> {
    use catalogue::Column::Position;
    let CatalogueChange { name, archived, before } = change;
    let folder = find_catalogue(tx, id).await?;
    let archived_at = put_away(folder.archived_at, archived, tx.now());
    let mut row = folder.into_active_model();
    row.archived_at = Set(archived_at);
    if let Some(name) = name {
        let name = field::name("name", &name)?;
        free_catalogue(tx, &name, Some(id)).await?;
        row.name = Set(name);
    }
    match before {
        Some(Some(before)) => {
            let at = catalogue::Entity::find_by_id(before).one(tx).await?.ok_or_else(no_neighbour)?.position;
            let later = catalogue::Entity::update_many().filter(Position.gte(at));
            later.col_expr(Position, Expr::col(Position).add(1)).exec(tx).await?;
            row.position = Set(at);
        }
        Some(None) => row.position = Set(catalogues(tx).await?.last().map_or(0, |last| last.position + 1)),
        None => {}
    }
    let row = row.update(tx).await.map_err(taken)?;
    changed(tx, actor, id.0, &row.name, "changed").await?;
    Ok(row)
}

/// The place after all services of a catalogue.
async fn end_of(tx: &Tx, id: CatalogueId) -> Result<i64> {
    let last = Entity::find().filter(Column::CatalogueId.eq(id)).order_by_desc(Column::Position).one(tx).await?;
    Ok(last.map_or(0, |last| last.position + 1))
}

/// The place of a service, which moves down with all that follow it.
async fn before_service(tx: &Tx, home: CatalogueId, before: ServiceId) -> Result<i64> {
    let neighbour = Entity::find_by_id(before).filter(Column::CatalogueId.eq(home)).one(tx).await?;
    let at = neighbour.ok_or_else(no_neighbour)?.position;
    let later = Entity::update_many().filter(Column::CatalogueId.eq(home)).filter(Column::Position.gte(at));
    later.col_expr(Column::Position, Expr::col(Column::Position).add(1)).exec(tx).await?;
    Ok(at)
}

fn put_away(before: Option<Timestamp>, archived: Option<bool>, now: Timestamp) -> Option<Timestamp> {
    match archived {
        Some(true) => before.or(Some(now)),
        Some(false) => None,
        None => before,
    }
}

fn no_neighbour() -> Error {
    Error::invalid("before", "unknown", "Такого соседа здесь нет", "There is no such neighbour here")
}

async fn known(tx: &Tx, id: CatalogueId) -> Result<()> {
    let found = catalogue::Entity::find_by_id(id).one(tx).await?;
    found
        .map(drop)
        .ok_or_else(|| Error::invalid("catalogue_id", "unknown", "Такого каталога нет", "There is no such catalogue"))
}

async fn free(tx: &Tx, home: CatalogueId, name: &str, own: Option<ServiceId>) -> Result<()> {
    let same = Entity::find().filter(Column::CatalogueId.eq(home)).filter(Column::Name.eq(name)).one(tx).await?;
    if same.is_some_and(|same| Some(same.id) != own) { Err(name_taken()) } else { Ok(()) }
}

async fn free_catalogue(tx: &Tx, name: &str, own: Option<CatalogueId>) -> Result<()> {
    let same = catalogue::Entity::find().filter(catalogue::Column::Name.eq(name)).one(tx).await?;
    if same.is_some_and(|same| Some(same.id) != own) { Err(name_taken()) } else { Ok(()) }
}

fn taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) { name_taken() } else { error.into() }
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "Такое название здесь уже есть", "There is one of this name here already")
}

async fn changed(tx: &Tx, actor: &Actor, id: uuid::Uuid, name: &str, change: &str) -> Result<()> {
    let event = Event::new("service_changed").subject(id).data(json!({"name": name, "change": change}));
    bus::emit(tx, actor, event).await.map(drop)
}
