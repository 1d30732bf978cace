//! Commands and queries on policies.

use base::{Actor, Error, LineId, Result};
use bus::Event;
use db::Tx;
use desk::client_category::Renamed;
use desk::policy::{self, Column, Entity, Model};
use desk::{schedule, usage};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::json;

use super::{Definition, PolicyId, holder};
use crate::name::named;

/// Policies that were not deleted, by name.
pub(crate) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let kept = Entity::find().filter(Column::DeletedAt.is_null());
    Ok(kept.order_by_asc(Column::Name).order_by_asc(Column::Id).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: PolicyId) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.ok_or(Error::NotFound("policy"))
}

pub(super) async fn create(tx: &Tx, actor: &Actor, name: &str, definition: Definition) -> Result<Model> {
    let row = Model {
        id: PolicyId(tx.new_id()),
        name: named(name)?,
        definition: checked(tx, &definition).await?,
        deleted_at: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    count_by_schedules(tx, &row).await?;
    tell(tx, actor, &row, "created").await?;
    Ok(row)
}

/// A policy that holds on these lines from now on: for programs that set an installation up. `definition` is what
/// `POST /api/v1/sla-policies` takes.
pub async fn introduce(tx: &Tx, name: &str, definition: serde_json::Value, lines: &[LineId]) -> Result<PolicyId> {
    let system = Actor::system();
    let row = create(tx, &system, name, serde_json::from_value(definition)?).await?;
    for line in lines {
        holder::set(tx, &system, holder::Place::Line(*line), Some(row.id)).await?;
    }
    Ok(row.id)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<String>,
    pub definition: Option<Definition>,
}

/// Changes a policy. What runs already keeps what it was begun with.
pub(super) async fn update(tx: &Tx, actor: &Actor, id: PolicyId, change: Change) -> Result<Model> {
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
    count_by_schedules(tx, &row).await?;
    tell(tx, actor, &row, "changed").await?;
    Ok(row)
}

/// Deletes a policy that holds nowhere.
pub(super) async fn delete(tx: &Tx, actor: &Actor, id: PolicyId) -> Result<()> {
    // Held, so that no rule names it meanwhile.
    policy::hold(tx, [id]).await?;
    let row = find(tx, id).await?;
    // Categories of clients and rules say by name that they use it.
    usage::refuse_used(tx, id.0, "policy_in_use").await?;
    if holder::holders(tx).await?.uses(id) {
        let (ru, en) = (
            "Норматив ещё действует на линии или для услуг: сначала назначьте там другой",
            "The policy still holds on a line or for services: choose another one there first",
        );
        return Err(Error::conflict("policy_in_use", ru, en));
    }
    let mut row = row.into_active_model();
    row.deleted_at = Set(Some(tx.now()));
    let row = Entity::update(row).exec(tx).await?;
    usage::record(tx, owner(&row), []).await?;
    tell(tx, actor, &row, "deleted").await
}

/// A category of clients is called otherwise now: so it is in the extra norms that name it.
pub(crate) async fn rename_category(tx: &Tx, renamed: &Renamed) -> Result<()> {
    for row in list(tx).await? {
        let mut definition: Definition = serde_json::from_value(row.definition.clone())?;
        let named = definition.extra.iter_mut().flat_map(|extra| &mut extra.categories);
        let mut changed = false;
        for category in named.filter(|category| renamed.is_meant_by(category)) {
            category.clone_from(&renamed.name);
            changed = true;
        }
        if changed {
            let mut row = row.into_active_model();
            row.definition = Set(serde_json::to_value(definition)?);
            row.updated_at = Set(tx.now());
            let row = Entity::update(row).exec(tx).await?;
            tell(tx, &Actor::system(), &row, "changed").await?;
        }
    }
    Ok(())
}

/// A definition that can be kept, as it is stored.
pub(super) async fn checked(connection: &impl ConnectionTrait, definition: &Definition) -> Result<serde_json::Value> {
    definition.check()?;
    schedule::check(connection, definition.schedules()).await?;
    Ok(serde_json::to_value(definition)?)
}

/// Keeps on record by which schedules the policy counts.
async fn count_by_schedules(tx: &Tx, row: &Model) -> Result<()> {
    let definition: Definition = serde_json::from_value(row.definition.clone())?;
    let schedules = schedule::hold(tx, definition.schedules()).await?;
    usage::record(tx, owner(row), schedules.into_iter().map(|id| id.0)).await
}

fn owner(row: &Model) -> usage::Owner<'_> {
    usage::Owner { kind: usage::Kind::Policy, id: row.id.0, name: &row.name }
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &str) -> Result<()> {
    let event = Event::new("sla_policy_changed").subject(row.id.0).data(json!({"name": row.name, "change": change}));
    bus::emit(tx, actor, event).await.map(drop)
}
