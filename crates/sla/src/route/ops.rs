//! Commands and queries on routes, and which service goes by which.

use std::collections::HashMap;

use base::{Actor, Error, FieldError, GroupId, Result, UserId, Words};
use bus::Event;
use db::{Fetch, Row, Tx, dialect};
use desk::service::{self, ServiceId};
use desk::{group, usage, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::json;
use uuid::Uuid;

use super::RouteId;
use super::definition::Definition;
use super::entity::{Column, Entity, Model};
use crate::name::named;
use crate::ola;

/// Routes that were not deleted, by name.
pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let kept = Entity::find().filter(Column::DeletedAt.is_null());
    Ok(kept.order_by_asc(Column::Name).order_by_asc(Column::Id).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: RouteId) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.ok_or(Error::NotFound("route"))
}

/// By which route each service goes.
pub(super) async fn by_service(connection: &impl Fetch) -> Result<HashMap<ServiceId, RouteId>> {
    let sql = "select service_id, route_id from service_route".to_owned();
    let read = |row: &Row<'_>| Ok((ServiceId(row.get::<Uuid>(0)?), RouteId(row.get(1)?)));
    Ok(connection.fetch(sql, Vec::new(), read).await?.into_iter().collect())
}

pub async fn create(
    tx: &Tx,
    actor: &Actor,
    name: &str,
    definition: Definition,
    services: &[ServiceId],
) -> Result<Model> {
    let name = named(name)?;
    let row = Model {
        id: RouteId(tx.new_id()),
        definition: serde_json::to_value(&definition)?,
        name,
        deleted_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    check(tx, &row, &definition).await?;
    go_by(tx, row.id, services).await?;
    tell(tx, actor, &row, "created").await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<String>,
    pub definition: Option<Definition>,
    pub service_ids: Option<Vec<ServiceId>>,
}

/// Changes a route. Tickets on their way keep it as it was.
pub(super) async fn update(tx: &Tx, actor: &Actor, id: RouteId, change: Change) -> Result<Model> {
    let Change { name, definition, service_ids } = change;
    let mut row = find(tx, id).await?.into_active_model();
    if let Some(name) = name {
        row.name = Set(named(&name)?);
    }
    if let Some(definition) = &definition {
        row.definition = Set(serde_json::to_value(definition)?);
    }
    row.updated_at = Set(tx.now());
    let row = Entity::update(row).exec(tx).await?;
    let definition = match definition {
        Some(definition) => definition,
        None => serde_json::from_value(row.definition.clone())?,
    };
    check(tx, &row, &definition).await?;
    if let Some(services) = service_ids {
        go_by(tx, id, &services).await?;
    }
    tell(tx, actor, &row, "changed").await?;
    Ok(row)
}

/// Deletes a route. Tickets on their way go on by it.
pub(super) async fn delete(tx: &Tx, actor: &Actor, id: RouteId) -> Result<()> {
    let mut row = find(tx, id).await?.into_active_model();
    row.deleted_at = Set(Some(tx.now()));
    let row = Entity::update(row).exec(tx).await?;
    usage::record(tx, owner(&row), []).await?;
    go_by(tx, id, &[]).await?;
    tell(tx, actor, &row, "deleted").await
}

/// Everything a definition names is there, and stays; what it uses is on record.
async fn check(tx: &Tx, row: &Model, definition: &Definition) -> Result<()> {
    definition.check()?;
    let stages = || definition.stages.iter().enumerate();
    let mut olas = Vec::new();
    for (index, stage) in stages() {
        let Some(id) = stage.ola_id else { continue };
        let field = format!("definition.stages[{index}].ola_id");
        if ola::known(tx, &field, id).await?.seconds(stage.kind).is_none() {
            let words = Words::new(
                "В этом OLA нет срока для такого вида этапа",
                "This OLA has no time for a stage of this kind",
            );
            return Err(Error::Invalid(vec![FieldError { field, code: "no_norm", words }]));
        }
        olas.push(id.0);
    }
    let people: Vec<UserId> = definition.stages.iter().filter_map(|stage| stage.user_id).collect();
    let people = user::people(tx, people).await?;
    let groups: Vec<GroupId> = group::list(tx).await?.into_iter().map(|group| group.id).collect();
    let mut faults = Vec::new();
    for (index, stage) in stages() {
        let mut fault = |name: &str, words| {
            let field = format!("definition.stages[{index}].{name}");
            faults.push(FieldError { field, code: "unknown", words });
        };
        if stage.user_id.is_some_and(|id| !people.contains_key(&id)) {
            fault("user_id", Words::new("Нет такого сотрудника", "There is no such person"));
        }
        if stage.group_id.is_some_and(|id| !groups.contains(&id)) {
            fault("group_id", Words::new("Нет такой группы", "There is no such group"));
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    usage::record(tx, owner(row), olas).await
}

/// These services go by the route, no others.
async fn go_by(tx: &Tx, id: RouteId, services: &[ServiceId]) -> Result<()> {
    let forget = "delete from service_route where route_id = $1";
    tx.execute_raw(dialect::statement(tx, forget, [id.0.into()])).await?;
    let taken = by_service(tx).await?;
    for (index, service) in services.iter().enumerate() {
        let fault = |code, words| FieldError { field: format!("service_ids[{index}]"), code, words };
        let known = service::find(tx, *service).await.map_err(|error| match error {
            Error::NotFound(_) => {
                Error::Invalid(vec![fault("unknown", Words::new("Такой услуги нет", "There is no such service"))])
            }
            other => other,
        })?;
        if let Some(other) = taken.get(service) {
            let route = Entity::find_by_id(*other).one(tx).await?.map(|row| row.name).unwrap_or_default();
            let words = Words::owned(
                format!("Услуга «{}» уже идёт по маршруту «{route}»", known.name),
                format!("The service “{}” goes by the route “{route}” already", known.name),
            );
            return Err(Error::Invalid(vec![fault("taken", words)]));
        }
        let hold = "insert into service_route (service_id, route_id) values ($1, $2) on conflict do nothing";
        tx.execute_raw(dialect::statement(tx, hold, [service.0.into(), id.0.into()])).await?;
    }
    Ok(())
}

fn owner(row: &Model) -> usage::Owner<'_> {
    usage::Owner { kind: usage::Kind::Route, id: row.id.0, name: &row.name }
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &str) -> Result<()> {
    let event = Event::new("route_changed").subject(row.id.0).data(json!({"name": row.name, "change": change}));
    bus::emit(tx, actor, event).await.map(drop)
}
