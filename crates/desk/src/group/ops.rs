//! Commands and queries on groups.

use std::collections::HashMap;

use base::{Actor, Error, FieldError, GroupId, LineId, Result, UserId, Words};
use bus::Event;
use db::{Topic, Tx};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ActiveModel, Column, Entity, GroupRef, Model, member};
use crate::line::{self, group::Part};
use crate::people::StaffRef;
use crate::{field, user};

/// A group with its people and what it does.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub description: String,
    pub members: Vec<StaffRef>,
    pub lines: Vec<GroupLine>,
}

/// What a group does on a line.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GroupLine {
    pub id: LineId,
    pub name: String,
    pub role: Part,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewGroup {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub member_ids: Vec<UserId>,
}

/// What to change of a group; absent: keep.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct GroupPatch {
    pub name: Option<String>,
    pub description: Option<String>,
    pub member_ids: Option<Vec<UserId>>,
}

pub async fn create(tx: &Tx, actor: &Actor, new: NewGroup) -> Result<Model> {
    let NewGroup { name, description, member_ids } = new;
    let name = field::name("name", &name)?;
    check_name_free(tx, &name, None).await?;
    let id = GroupId(tx.new_id());
    let description = field::limit("description", description, 2000)?;
    let row = ActiveModel { id: Set(id), name: Set(name), description: Set(description), created_at: Set(tx.now()) };
    let row = row.insert(tx).await.map_err(name_taken)?;
    set_members(tx, id, &member_ids).await?;
    changed(tx, actor, id, "created").await?;
    Ok(row)
}

pub async fn update(tx: &Tx, actor: &Actor, id: GroupId, patch: GroupPatch) -> Result<Model> {
    let GroupPatch { name, description, member_ids } = patch;
    let mut row = find(tx, id).await?.into_active_model();
    if let Some(name) = name {
        let name = field::name("name", &name)?;
        check_name_free(tx, &name, Some(id)).await?;
        row.name = Set(name);
    }
    if let Some(description) = description {
        row.description = Set(field::limit("description", description, 2000)?);
    }
    let row = row.update(tx).await.map_err(name_taken)?;
    if let Some(member_ids) = member_ids {
        set_members(tx, id, &member_ids).await?;
    }
    changed(tx, actor, id, "changed").await?;
    Ok(row)
}

pub async fn delete(tx: &Tx, actor: &Actor, id: GroupId) -> Result<()> {
    find(tx, id).await?;
    let lines = line::group::Entity::find().filter(line::group::Column::GroupId.eq(id)).count(tx).await?;
    let conversations = crate::conversation::Entity::find()
        .filter(crate::conversation::Column::GroupId.eq(id))
        .limit(1)
        .select_only()
        .column(crate::conversation::Column::Id)
        .into_tuple::<base::ConversationId>()
        .one(tx)
        .await?;
    if lines > 0 || conversations.is_some() {
        return Err(Error::conflict(
            "group_in_use",
            "Группа ещё обслуживает линию или обращения: сначала замените её там",
            "A line or conversations still use this group: replace it there first",
        ));
    }
    Entity::delete_by_id(id).exec(tx).await?;
    changed(tx, actor, id, "deleted").await
}

pub async fn find(connection: &impl ConnectionTrait, id: GroupId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("group"))
}

/// Every group by name.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id).all(connection).await?)
}

/// Adds members and lines to these groups, keeping their order.
pub async fn details(connection: &impl ConnectionTrait, groups: Vec<Model>) -> Result<Vec<Group>> {
    let ids: Vec<GroupId> = groups.iter().map(|group| group.id).collect();
    let members = member::Entity::find().filter(member::Column::GroupId.is_in(ids.clone())).all(connection).await?;
    let people = user::people(connection, members.iter().map(|member| member.user_id)).await?;
    let parts = line::group::Entity::find().filter(line::group::Column::GroupId.is_in(ids)).all(connection).await?;
    let names = line::names(connection, parts.iter().map(|part| part.line_id)).await?;
    let group = |row: Model| {
        let own = members.iter().filter(|member| member.group_id == row.id);
        let mut own: Vec<StaffRef> = own.filter_map(|member| people.get(&member.user_id).cloned()).collect();
        own.sort_by_cached_key(|person| (text::fold(&person.name), person.id));
        let served = parts.iter().filter(|part| part.group_id == row.id);
        let line = |part: &line::group::Model| {
            Some(GroupLine { id: part.line_id, name: names.get(&part.line_id)?.name.clone(), role: part.part })
        };
        let mut lines: Vec<GroupLine> = served.filter_map(line).collect();
        lines.sort_by(|a, b| (&a.name, a.id, a.role.as_str()).cmp(&(&b.name, b.id, b.role.as_str())));
        Group { id: row.id, name: row.name, description: row.description, members: own, lines }
    };
    Ok(groups.into_iter().map(group).collect())
}

/// The groups of each of these users, by name.
pub async fn of_users(connection: &impl ConnectionTrait, users: &[UserId]) -> Result<HashMap<UserId, Vec<GroupRef>>> {
    let members = member::Entity::find().filter(member::Column::UserId.is_in(users.to_vec())).all(connection).await?;
    let mut groups: HashMap<UserId, Vec<GroupRef>> = HashMap::new();
    if members.is_empty() {
        return Ok(groups);
    }
    for row in list(connection).await? {
        for member in members.iter().filter(|member| member.group_id == row.id) {
            groups.entry(member.user_id).or_default().push(GroupRef { id: row.id, name: row.name.clone() });
        }
    }
    Ok(groups)
}

/// Puts a user into exactly these groups. An unknown group is wrong input (`group_ids[n]`).
pub async fn set_groups_of(tx: &Tx, user_id: UserId, groups: &[GroupId]) -> Result<()> {
    check_known(tx, "group_ids", groups).await?;
    member::Entity::delete_many().filter(member::Column::UserId.eq(user_id)).exec(tx).await?;
    insert_members(tx, unique(groups).into_iter().map(|group_id| (group_id, user_id))).await
}

/// Refuses ids of groups that do not exist, naming the first one's place in `field`.
pub async fn check_known(tx: &Tx, field: &str, groups: &[GroupId]) -> Result<()> {
    let ids = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(groups.to_vec()));
    let known: Vec<GroupId> = ids.into_tuple().all(tx).await?;
    refuse_unknown(field, groups, &known, Words::new("Нет такой группы", "There is no such group"))
}

async fn set_members(tx: &Tx, group_id: GroupId, users: &[UserId]) -> Result<()> {
    let known: Vec<UserId> = user::people(tx, users.iter().copied()).await?.into_keys().collect();
    refuse_unknown("member_ids", users, &known, Words::new("Нет такого сотрудника", "There is no such person"))?;
    member::Entity::delete_many().filter(member::Column::GroupId.eq(group_id)).exec(tx).await?;
    insert_members(tx, unique(users).into_iter().map(|user_id| (group_id, user_id))).await
}

async fn insert_members(tx: &Tx, pairs: impl Iterator<Item = (GroupId, UserId)>) -> Result<()> {
    let rows: Vec<_> = pairs
        .map(|(group_id, user_id)| member::ActiveModel { group_id: Set(group_id), user_id: Set(user_id) })
        .collect();
    if !rows.is_empty() {
        member::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn refuse_unknown<T: PartialEq>(field: &str, given: &[T], known: &[T], words: Words) -> Result<()> {
    match given.iter().position(|id| !known.contains(id)) {
        None => Ok(()),
        Some(index) => {
            Err(Error::Invalid(vec![FieldError { field: format!("{field}[{index}]"), code: "unknown", words }]))
        }
    }
}

fn unique<T: Copy + Ord>(ids: &[T]) -> Vec<T> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

async fn check_name_free(tx: &Tx, name: &str, owner: Option<GroupId>) -> Result<()> {
    match Entity::find().filter(Column::Name.eq(name)).one(tx).await? {
        Some(group) if Some(group.id) != owner => Err(name_is_taken()),
        _ => Ok(()),
    }
}

fn name_taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) { name_is_taken() } else { error.into() }
}

fn name_is_taken() -> Error {
    Error::invalid("name", "name_taken", "Группа с таким названием уже есть", "There is already a group of this name")
}

async fn changed(tx: &Tx, actor: &Actor, id: GroupId, change: &str) -> Result<()> {
    bus::emit(tx, actor, Event::new("group_changed").subject(id.0).data(json!({"change": change}))).await?;
    tx.signal(Topic::Access);
    Ok(())
}
