//! What members of staff see: one of them as he would act, and the answer of `line::reach` for many at once.

use std::collections::{HashMap, HashSet};

use base::{Actor, ActorKind, GroupId, Language, LineId, Permission, PermissionSet, Result, RoleId, UserId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Column, Entity, Model};
use crate::group::member;
use crate::line::group::{Column as Working, Entity as WorkingGroups, Part};
use crate::line::{self, Reach};
use crate::people::StaffRef;
use crate::role;

/// Somebody as he would act after signing in.
pub async fn actor_of(connection: &impl ConnectionTrait, user_id: UserId) -> Result<Actor> {
    let user = super::find(connection, user_id).await?;
    let permissions = role::find(connection, user.role_id).await?.map(|role| role.permission_set()).unwrap_or_default();
    let Reach { lines, hidden, joined } = line::reach(connection, user_id, &permissions).await?;
    let language = Language::parse(&user.locale).unwrap_or_default();
    Ok(Actor { kind: ActorKind::User(user_id), name: user.name, language, permissions, lines, hidden, joined })
}

/// Whom to look at.
#[derive(Clone, Copy)]
pub enum Among<'a> {
    Everybody,
    These(&'a [UserId]),
}

/// Those who are let in, have this permission and see the line, and this group's own part of it, by name.
pub async fn readers(
    connection: &impl ConnectionTrait,
    among: Among<'_>,
    permission: Permission,
    line_id: LineId,
    group_id: Option<GroupId>,
) -> Result<Vec<Model>> {
    let roles: HashMap<RoleId, PermissionSet> =
        role::list(connection).await?.into_iter().map(|role| (role.id, role.permission_set())).collect();
    let able = roles.iter().filter(|(_, permissions)| permissions.has(permission)).map(|(id, _)| *id);
    let mut users = Entity::find()
        .filter(Column::Blocked.eq(false))
        .filter(Column::RoleId.is_in(able))
        .order_by_asc(Column::NameFolded)
        .order_by_asc(Column::Id);
    let mut members = member::Entity::find();
    if let Among::These(ids) = among {
        users = users.filter(Column::Id.is_in(ids.iter().copied()));
        members = members.filter(member::Column::UserId.is_in(ids.iter().copied()));
    }
    let users = users.all(connection).await?;
    let working = WorkingGroups::find().filter(Working::LineId.eq(line_id)).all(connection).await?;
    let own = group_id.filter(|id| working.iter().any(|row| row.group_id == *id && row.part == Part::Operators));
    let groups: HashSet<GroupId> = working
        .iter()
        .filter(|row| own.is_none_or(|own| row.group_id == own || row.part == Part::Supervisors))
        .map(|row| row.group_id)
        .collect();
    let members = members.filter(member::Column::GroupId.is_in(groups)).all(connection).await?;
    let members: HashSet<UserId> = members.into_iter().map(|member| member.user_id).collect();
    let everywhere = |role: &RoleId| roles.get(role).is_some_and(|permissions| permissions.has(Permission::LinesAll));
    Ok(users.into_iter().filter(|user| members.contains(&user.id) || everywhere(&user.role_id)).collect())
}

impl From<Model> for StaffRef {
    fn from(user: Model) -> Self {
        StaffRef { id: user.id, name: user.name, avatar_color: user.avatar_color }
    }
}
