//! Commands and queries on activities.

use std::collections::HashMap;

use base::{Actor, Error, Result, UserId};
use bus::Event;
use chrono::{DateTime, Utc};
use db::Tx;
use desk::user;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde::Serialize;
use serde_json::json;

use super::{ActivityId, Column, Entity, Model, log};
use crate::skill::clean_name;
use crate::status;

/// An activity.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct ActivityRef {
    pub id: ActivityId,
    pub name: String,
}

pub(crate) async fn names(connection: &impl ConnectionTrait) -> Result<HashMap<ActivityId, ActivityRef>> {
    let rows = Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, ActivityRef { id: row.id, name: row.name })).collect())
}

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::ArchivedAt.is_null()).order_by_asc(Column::Name).all(connection).await?)
}

pub(super) async fn create(tx: &Tx, actor: &Actor, name: &str) -> Result<Model> {
    let row = Model { id: ActivityId(tx.new_id()), name: clean_name(name)?, archived_at: None, created_at: tx.now() };
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await;
    Error::on_unique(inserted.map(drop), name_taken())?;
    tell(tx, actor, row.id).await?;
    Ok(row)
}

pub(super) async fn rename(tx: &Tx, actor: &Actor, id: ActivityId, name: &str) -> Result<Model> {
    let mut row = find(tx, id).await?.into_active_model();
    row.name = Set(clean_name(name)?);
    let taken = |error| if base::is_unique_violation(&error) { name_taken() } else { error.into() };
    let row = row.update(tx).await.map_err(taken)?;
    tell(tx, actor, id).await?;
    Ok(row)
}

/// Offers it no more; what was recorded stays.
pub(super) async fn archive(tx: &Tx, actor: &Actor, id: ActivityId) -> Result<()> {
    let mut row = find(tx, id).await?.into_active_model();
    row.archived_at = Set(Some(tx.now()));
    row.update(tx).await?;
    tell(tx, actor, id).await
}

async fn find(connection: &impl ConnectionTrait, id: ActivityId) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::ArchivedAt.is_null()).one(connection).await?;
    found.ok_or(Error::NotFound("activity"))
}

/// Somebody begins something else, or ends what he did.
pub(super) async fn switch(tx: &Tx, actor: &Actor, user_id: UserId, to: Option<ActivityId>) -> Result<()> {
    if let Some(id) = to {
        let unknown = || Error::invalid("activity_id", "unknown", "Нет такого занятия", "There is no such activity");
        find(tx, id).await.map_err(|_| unknown())?;
    }
    status::set_activity(tx, user_id, to).await?;
    let open = log::Entity::find().filter(log::Column::UserId.eq(user_id)).filter(log::Column::EndedAt.is_null());
    let open = open.one(tx).await?;
    if open.as_ref().map(|row| row.activity_id) == to {
        return Ok(());
    }
    log::Entity::update_many()
        .col_expr(log::Column::EndedAt, Expr::value(tx.now()))
        .filter(log::Column::UserId.eq(user_id))
        .filter(log::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    if let Some(activity_id) = to {
        let row = log::Model { id: tx.new_id(), user_id, activity_id, started_at: tx.now(), ended_at: None };
        log::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    let event = Event::new("operator_changed").subject(user_id.0).data(json!({"change": "activity"}));
    bus::emit(tx, actor, event).await.map(drop)
}

/// What somebody did between two times, the newest first, at most 1000.
pub(super) async fn history(
    connection: &impl ConnectionTrait,
    user_id: UserId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<log::Model>> {
    user::find(connection, user_id).await?;
    let query = log::Entity::find()
        .filter(log::Column::UserId.eq(user_id))
        .filter(log::Column::StartedAt.lte(to))
        .filter(Condition::any().add(log::Column::EndedAt.is_null()).add(log::Column::EndedAt.gt(from)))
        .order_by_desc(log::Column::StartedAt)
        .order_by_desc(log::Column::Id)
        .limit(1000);
    Ok(query.all(connection).await?)
}

/// When these people were busy with anything. What still goes on ends now.
pub(crate) async fn busy(
    connection: &impl ConnectionTrait,
    users: &[UserId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<Vec<(UserId, DateTime<Utc>, DateTime<Utc>)>> {
    let query = log::Entity::find()
        .select_only()
        .columns([log::Column::UserId, log::Column::StartedAt, log::Column::EndedAt])
        .filter(log::Column::UserId.is_in(users.to_vec()))
        .filter(log::Column::StartedAt.lt(to))
        .filter(Condition::any().add(log::Column::EndedAt.is_null()).add(log::Column::EndedAt.gt(from)));
    let rows: Vec<(UserId, DateTime<Utc>, Option<DateTime<Utc>>)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(user, at, until)| (user, at, until.unwrap_or(now))).collect())
}

fn name_taken() -> Error {
    let (ru, en) = ("Такое занятие уже есть или было", "There is or was an activity of this name");
    Error::invalid("name", "name_taken", ru, en)
}

async fn tell(tx: &Tx, actor: &Actor, id: ActivityId) -> Result<()> {
    bus::emit(tx, actor, Event::new("operator_activities_changed").subject(id.0)).await.map(drop)
}
