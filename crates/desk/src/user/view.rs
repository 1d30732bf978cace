//! Staff as the API shows them. Whatever a page of them needs is fetched for all of them at once.

use std::collections::HashMap;

use base::{GroupId, Language, LineId, Permission, Result, UserId};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::{Column, Entity, Model};
use crate::group::{self, GroupRef};
use crate::line::{self, group::Part};
use crate::people::StaffRef;
use crate::role::{self, RoleRef};

/// A member of staff.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct User {
    pub id: UserId,
    pub name: String,
    /// Also the login.
    pub email: String,
    pub role: RoleRef,
    pub groups: Vec<GroupRef>,
    /// Cannot sign in.
    pub blocked: bool,
    pub locale: Language,
    /// IANA name, as `Europe/Moscow`.
    pub time_zone: String,
    /// 0 to 11.
    pub avatar_color: i64,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Somebody who may be given conversations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Operator {
    pub id: UserId,
    pub name: String,
    /// 0 to 11.
    pub avatar_color: i64,
    pub groups: Vec<GroupId>,
    /// Lines he serves.
    pub lines: Vec<LineId>,
}

/// Adds roles and groups to these users, keeping their order.
pub async fn details(connection: &impl ConnectionTrait, users: Vec<Model>, language: Language) -> Result<Vec<User>> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let roles: HashMap<_, _> = role::list(connection).await?.into_iter().map(|role| (role.id, role)).collect();
    let mut groups = group::of_users(connection, &ids).await?;
    let rows = users.into_iter().filter_map(|user| {
        let Model {
            id,
            email,
            name,
            role_id,
            locale,
            time_zone,
            avatar_color,
            blocked,
            last_seen_at,
            created_at,
            name_folded: _,
            theme: _,
        } = user;
        let role = RoleRef::new(roles.get(&role_id)?, language);
        let groups = groups.remove(&id).unwrap_or_default();
        let locale = Language::parse(&locale).unwrap_or_default();
        Some(User { id, name, email, role, groups, blocked, locale, time_zone, avatar_color, created_at, last_seen_at })
    });
    Ok(rows.collect())
}

/// These members of staff by id, for showing their names.
pub async fn people(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, StaffRef>> {
    let mut ids: Vec<UserId> = ids.into_iter().collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let columns = [Column::Id, Column::Name, Column::AvatarColor];
    let query = Entity::find().select_only().columns(columns).filter(Column::Id.is_in(ids));
    let rows: Vec<(UserId, String, i64)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(id, name, avatar_color)| (id, StaffRef { id, name, avatar_color })).collect())
}

/// Everybody who may be given conversations, by name, with the lines he serves.
pub async fn operators(connection: &impl ConnectionTrait) -> Result<Vec<Operator>> {
    let roles: HashMap<_, _> =
        role::list(connection).await?.into_iter().map(|role| (role.id, role.permission_set())).collect();
    let assignable =
        roles.iter().filter(|(_, permissions)| permissions.has(Permission::ConversationsReply)).map(|(id, _)| *id);
    let users = Entity::find()
        .filter(Column::Blocked.eq(false))
        .filter(Column::RoleId.is_in(assignable))
        .order_by_asc(Column::NameFolded)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    let members = group::member::Entity::find().all(connection).await?;
    let lines: Vec<LineId> = line::Entity::find()
        .select_only()
        .column(line::Column::Id)
        .filter(line::Column::ArchivedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    let serving =
        line::group::Entity::find().filter(line::group::Column::Part.is_in([Part::Operators, Part::Supervisors]));
    let serving = serving.all(connection).await?;

    let mut groups_of: HashMap<UserId, Vec<GroupId>> = HashMap::new();
    for member in members {
        groups_of.entry(member.user_id).or_default().push(member.group_id);
    }
    let operator = |user: Model| {
        let groups = groups_of.get(&user.id).cloned().unwrap_or_default();
        let everywhere = roles.get(&user.role_id).is_some_and(|permissions| permissions.has(Permission::LinesAll));
        let serves = |line: &LineId| {
            everywhere || serving.iter().any(|row| row.line_id == *line && groups.contains(&row.group_id))
        };
        let lines = lines.iter().copied().filter(serves).collect();
        Operator { id: user.id, name: user.name, avatar_color: user.avatar_color, groups, lines }
    };
    Ok(users.into_iter().map(operator).collect())
}
