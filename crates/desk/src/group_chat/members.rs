//! Who takes part in group conversations.

use std::collections::{HashMap, HashSet};

use base::{ChatId, ContactId, ConversationId, GroupId, LineId, MemberId, Permission, Result, UserId};
use chrono::{DateTime, Utc};
use db::{Fetch, Row, Tx, dialect};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity::{Column, Entity, Model};
use crate::contact::{self, identity};
use crate::conversation::{self, Channel, participant};
use crate::people::{CompanyRef, ContactRef, StaffRef};
use crate::{role, user};

/// Somebody who takes part in a group conversation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct GroupMember {
    pub id: MemberId,
    /// A client; null: a colleague.
    pub contact: Option<ContactRef>,
    pub user: Option<StaffRef>,
    /// By what a client is written to.
    pub channel: Option<Channel>,
    /// His address there, or what he is called there.
    pub address: Option<String>,
    pub joined_at: DateTime<Utc>,
}

/// Those who take part now, clients first, each in the order of joining.
pub(crate) async fn views(connection: &impl Fetch, id: ConversationId) -> Result<Vec<GroupMember>> {
    let sql = "select g.id, g.joined_at, g.address, p.id, p.name, p.avatar_color, o.id, o.name, s.id, s.name, s.avatar_color, k.kind, h.title \
         from group_chat_member g left join contact p on p.id = g.contact_id left join company o on o.id = p.company_id \
         left join staff s on s.id = g.user_id left join chat h on h.id = g.chat_id left join channel k on k.id = h.channel_id \
         where g.conversation_id = $1 and g.left_at is null order by g.user_id is not null, g.joined_at, g.id";
    connection.fetch(sql.to_owned(), vec![id.0.into()], read).await
}

fn read(row: &Row<'_>) -> Result<GroupMember> {
    let company: Option<Uuid> = row.get(6)?;
    let contact = match row.get::<Option<Uuid>>(3)? {
        Some(id) => Some(ContactRef {
            id: ContactId(id),
            name: row.get(4)?,
            avatar_color: row.get(5)?,
            company: match company {
                Some(id) => Some(CompanyRef { id: base::CompanyId(id), name: row.get(7)? }),
                None => None,
            },
        }),
        None => None,
    };
    let user = match row.get::<Option<Uuid>>(8)? {
        Some(id) => Some(StaffRef { id: UserId(id), name: row.get(9)?, avatar_color: row.get(10)? }),
        None => None,
    };
    let address: Option<String> = row.get(2)?;
    let (channel, address) = match row.get::<Option<String>>(11)? {
        Some(kind) => (Channel::parse(&kind), row.get(12)?),
        None => (address.is_some().then_some(Channel::Email), address),
    };
    Ok(GroupMember { id: MemberId(row.get(0)?), contact, user, channel, address, joined_at: row.get(1)? })
}

pub(super) fn present(id: ConversationId) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::ConversationId.eq(id)).filter(Column::LeftAt.is_null())
}

/// Whether this client takes part.
pub async fn is_member(connection: &impl ConnectionTrait, id: ConversationId, contact: ContactId) -> Result<bool> {
    Ok(present(id).filter(Column::ContactId.eq(contact)).one(connection).await?.is_some())
}

/// Those of these group conversations whose mail this sender may join: he takes part, by an address that is his.
pub async fn is_member_by_mail(
    connection: &impl ConnectionTrait,
    ids: &[ConversationId],
    address: &str,
) -> Result<HashSet<ConversationId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let mut found: HashSet<ConversationId> = participant::Entity::find()
        .filter(participant::Column::ConversationId.is_in(ids.iter().copied()))
        .filter(participant::Column::Address.eq(address))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.conversation_id)
        .collect();
    if let Some((contact, _)) = contact::by_key(connection, identity::Kind::Email, address).await? {
        let rows = Entity::find()
            .filter(Column::ConversationId.is_in(ids.iter().copied()))
            .filter(Column::ContactId.eq(contact.id))
            .filter(Column::LeftAt.is_null());
        found.extend(rows.all(connection).await?.into_iter().map(|row| row.conversation_id));
    }
    Ok(found)
}

/// Where a group conversation is.
pub(crate) struct Place {
    pub id: ConversationId,
    pub line_id: LineId,
    pub group_id: Option<GroupId>,
}

/// The group conversations in which a colleague takes part.
pub(crate) async fn places_of(connection: &impl ConnectionTrait, user_id: UserId) -> Result<Vec<Place>> {
    let sql = "select c.id, c.line_id, c.group_id from group_chat_member g join conversation c on c.id = g.conversation_id \
         where g.user_id = $1 and g.left_at is null and c.status <> 'spam'";
    let rows = connection.query_all_raw(dialect::statement(connection, sql, [user_id.0.into()])).await?;
    let place = |row: sea_orm::QueryResult| {
        Ok(Place {
            id: ConversationId(row.try_get("", "id")?),
            line_id: LineId(row.try_get("", "line_id")?),
            group_id: row.try_get::<Option<Uuid>>("", "group_id")?.map(GroupId),
        })
    };
    rows.into_iter().map(place).collect()
}

/// Colleagues who take part, are let in and have this permission, by name.
pub async fn staff(
    connection: &impl ConnectionTrait,
    id: ConversationId,
    permission: Permission,
) -> Result<Vec<user::Model>> {
    let ids = heard_by(connection, id).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let roles = role::list(connection).await?;
    let able = roles.iter().filter(|role| role.permission_set().has(permission)).map(|role| role.id);
    let found = user::Entity::find()
        .filter(user::Column::Id.is_in(ids))
        .filter(user::Column::Blocked.eq(false))
        .filter(user::Column::RoleId.is_in(able))
        .order_by_asc(user::Column::NameFolded)
        .order_by_asc(user::Column::Id);
    Ok(found.all(connection).await?)
}

/// Colleagues who take part.
pub(crate) async fn heard_by(connection: &impl ConnectionTrait, id: ConversationId) -> Result<Vec<UserId>> {
    let rows = present(id).filter(Column::UserId.is_not_null()).order_by_asc(Column::Id).all(connection).await?;
    Ok(rows.into_iter().filter_map(|row| row.user_id).collect())
}

/// Who of the staff is told of what somebody said: colleagues who take part, and whoever has the conversation.
pub(crate) async fn to_tell(tx: &Tx, conversation: &conversation::Model) -> Result<Vec<UserId>> {
    let mut all = heard_by(tx, conversation.id).await?;
    all.extend(conversation.assignee_id.filter(|owner| !all.contains(owner)));
    Ok(all)
}

/// What those who take part are called.
pub(crate) async fn named(connection: &impl ConnectionTrait, rows: &[Model]) -> Result<HashMap<MemberId, String>> {
    let contacts = contact::Entity::find()
        .filter(contact::Column::Id.is_in(rows.iter().filter_map(|row| row.contact_id)))
        .all(connection)
        .await?;
    let users = user::people(connection, rows.iter().filter_map(|row| row.user_id)).await?;
    let name = |row: &Model| {
        let client = row.contact_id.and_then(|id| contacts.iter().find(|one| one.id == id)).map(|one| one.name.clone());
        client.or_else(|| row.user_id.and_then(|id| users.get(&id)).map(|one| one.name.clone()))
    };
    Ok(rows.iter().map(|row| (row.id, name(row).unwrap_or_default())).collect())
}

/// A client who wrote by another channel of his is written to there from now on.
pub(crate) async fn note_route(tx: &Tx, id: ConversationId, contact: ContactId, by: &Way) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::ChatId, Expr::value(by.chat_id()))
        .col_expr(Column::Address, Expr::value(by.address()))
        .filter(Column::ConversationId.eq(id))
        .filter(Column::ContactId.eq(contact))
        .exec(tx)
        .await?;
    Ok(())
}

/// How a client who takes part is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Chat(ChatId),
    Mail(String),
}

impl Way {
    pub fn chat_id(&self) -> Option<ChatId> {
        match self {
            Way::Chat(id) => Some(*id),
            Way::Mail(_) => None,
        }
    }

    pub fn address(&self) -> Option<String> {
        match self {
            Way::Chat(_) => None,
            Way::Mail(address) => Some(address.clone()),
        }
    }
}

/// Two clients turned out to be one: he takes part where either of them did.
pub(crate) async fn absorb(tx: &Tx, into: ContactId, from: ContactId) -> Result<()> {
    let taken: Vec<ConversationId> = Entity::find()
        .filter(Column::ContactId.eq(into))
        .filter(Column::LeftAt.is_null())
        .all(tx)
        .await?
        .into_iter()
        .map(|row| row.conversation_id)
        .collect();
    for row in Entity::find().filter(Column::ContactId.eq(from)).all(tx).await? {
        if taken.contains(&row.conversation_id) {
            continue;
        }
        Entity::delete_many()
            .filter(Column::ConversationId.eq(row.conversation_id))
            .filter(Column::ContactId.eq(into))
            .exec(tx)
            .await?;
        Entity::update_many()
            .col_expr(Column::ContactId, Expr::value(into))
            .filter(Column::Id.eq(row.id))
            .exec(tx)
            .await?;
    }
    let sql = "update message set copy_for_id = $1 where copy_of_id is not null and copy_for_id = $2 \
         and conversation_id in (select conversation_id from group_chat_member where contact_id = $1)";
    tx.execute_raw(dialect::statement(tx, sql, [into.0.into(), from.0.into()])).await?;
    Ok(())
}
