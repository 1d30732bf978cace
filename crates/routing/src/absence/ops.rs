//! Commands and queries on absences.

use std::collections::HashMap;

use base::{Actor, Error, Result, Timestamp, UserId};
use bus::Event;
use db::Tx;
use desk::user;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{AbsenceId, Column, Entity, Model};

/// Somebody who is absent now.
#[derive(Clone, Debug)]
pub struct Absent {
    pub name: String,
    /// Who stands in for him.
    pub substitute: Option<(UserId, String)>,
    /// As it was written down; may be empty.
    pub reason: String,
    pub until: Timestamp,
}

/// Everybody who is absent at this time.
pub async fn current(connection: &impl ConnectionTrait, now: Timestamp) -> Result<HashMap<UserId, Absent>> {
    let rows = Entity::find()
        .filter(Column::EndsAt.gt(now))
        .filter(Column::StartsAt.lte(now))
        .order_by_asc(Column::EndsAt)
        .all(connection)
        .await?;
    let mut ids: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
    ids.extend(rows.iter().filter_map(|row| row.substitute_id));
    let people = user::people(connection, ids).await?;
    let name = |id: UserId| people.get(&id).map(|person| person.name.clone()).unwrap_or_default();
    // Of two absences at once the longer one counts.
    let absent = |row: Model| {
        let substitute = row.substitute_id.map(|id| (id, name(id)));
        (row.user_id, Absent { name: name(row.user_id), substitute, reason: row.reason, until: row.ends_at })
    };
    Ok(rows.into_iter().map(absent).collect())
}

/// What is known of an absence.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub user_id: UserId,
    pub from: Timestamp,
    pub until: Timestamp,
    pub reason: String,
    pub substitute_id: Option<UserId>,
}

/// Absences that are not over, and those that ended within a month, the first to begin first.
pub(super) async fn list(connection: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<Model>> {
    let since = now - chrono::Duration::days(30);
    let query = Entity::find().filter(Column::EndsAt.gt(since)).order_by_asc(Column::StartsAt).order_by_asc(Column::Id);
    Ok(query.limit(1000).all(connection).await?)
}

/// Those of these people that touch a time.
pub(crate) async fn between(
    connection: &impl ConnectionTrait,
    users: &[UserId],
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Model>> {
    let query = Entity::find()
        .filter(Column::EndsAt.gt(from))
        .filter(Column::StartsAt.lt(to))
        .filter(Column::UserId.is_in(users.to_vec()));
    Ok(query.order_by_asc(Column::StartsAt).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: AbsenceId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("absence"))
}

pub(super) async fn create(tx: &Tx, actor: &Actor, entry: Entry) -> Result<Model> {
    let row = checked(tx, AbsenceId(tx.new_id()), tx.now(), entry).await?;
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor, &row).await?;
    Ok(row)
}

pub(super) async fn replace(tx: &Tx, actor: &Actor, old: Model, entry: Entry) -> Result<Model> {
    let row = checked(tx, old.id, old.created_at, entry).await?;
    Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    tell(tx, actor, &row).await?;
    Ok(row)
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: AbsenceId) -> Result<()> {
    let row = find(tx, id).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, &row).await
}

async fn checked(tx: &Tx, id: AbsenceId, created_at: Timestamp, entry: Entry) -> Result<Model> {
    let Entry { user_id, from, until, reason, substitute_id } = entry;
    if until <= from {
        let (ru, en) = ("Окончание должно быть позже начала", "The end must be after the beginning");
        return Err(Error::invalid("until", "before_beginning", ru, en));
    }
    let unknown =
        |field: &'static str| Error::invalid(field, "unknown", "Нет такого сотрудника", "There is no such person");
    if user::find(tx, user_id).await.is_err() {
        return Err(unknown("user_id"));
    }
    if let Some(substitute) = substitute_id {
        if substitute == user_id {
            let (ru, en) = ("Замещать должен кто-то другой", "Somebody else has to stand in");
            return Err(Error::invalid("substitute_id", "same_person", ru, en));
        }
        if user::find(tx, substitute).await.is_err() {
            return Err(unknown("substitute_id"));
        }
    }
    let reason: String = reason.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
    Ok(Model { id, user_id, starts_at: from, ends_at: until, reason, substitute_id, created_at })
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model) -> Result<()> {
    let event = Event::new("operator_changed").subject(row.user_id.0).data(json!({"change": "absence"}));
    bus::emit(tx, actor, event).await.map(drop)
}
