//! Group conversations begin, and people join and leave them.

use base::{Actor, ContactId, ConversationId, Error, FieldError, LineId, MemberId, Permission, Result, UserId, Words};
use bus::Event;
use db::{Topic, Tx, dialect};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use super::copies::{cancel_for, way_to};
use super::entity::{Column, Entity, Model};
use super::members::{Way, named, present};
use crate::contact::{self, identity};
use crate::conversation::{self, Channel, From, Route, participant};
use crate::{channel, chat, field, line, role, search, user};

/// A client who is to take part.
#[derive(Clone, Debug)]
pub(super) struct NewClient {
    pub contact_id: ContactId,
    /// None: where he wrote last on the line, else by mail.
    pub route: Option<Route>,
}

/// A group conversation to be.
#[derive(Clone, Debug)]
pub(super) struct NewGroup {
    pub line_id: LineId,
    pub title: String,
    /// The first one is whose conversation it is.
    pub clients: Vec<NewClient>,
    pub user_ids: Vec<UserId>,
}

/// More than these make no conversation.
const MOST: usize = 100;

/// Begins one. It belongs to whoever began it, who takes part too.
pub(super) async fn create(tx: &Tx, actor: &Actor, new: NewGroup) -> Result<ConversationId> {
    let me = actor.user_id().ok_or_else(|| Error::internal("only a person begins a group conversation"))?;
    let line = line::find(tx, actor, new.line_id).await?;
    if line.archived_at.is_some() {
        let (ru, en) = ("Линия удалена: новых обращений на ней нет", "The line is deleted: it takes no new cases");
        return Err(Error::conflict("line_archived", ru, en));
    }
    let title = field::name("title", &new.title)?;
    let Some(first) = new.clients.first() else { return Err(Error::required("contacts")) };
    if new.clients.len() + new.user_ids.len() > MOST {
        return Err(too_many("contacts"));
    }
    let row = conversation::Model {
        channel: Channel::Group,
        subject: title,
        assignee_id: Some(me),
        last_from: From::Operator,
        ..conversation::Model::new(
            ConversationId(tx.new_id()),
            dialect::next_number(tx, "conversation").await?,
            line.id,
            first.contact_id,
            tx.now(),
        )
    };
    contact::find(tx, actor, first.contact_id).await.map_err(|_| unknown("contacts[0].contact_id"))?;
    conversation::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    let mut joined = Vec::new();
    for (index, client) in new.clients.iter().enumerate() {
        joined.extend(join_client(tx, actor, &row, client, &format!("contacts[{index}]")).await?);
    }
    joined.extend(join_user(tx, &row, me, "user_ids").await?);
    for (index, user_id) in new.user_ids.iter().enumerate() {
        joined.extend(join_user(tx, &row, *user_id, &format!("user_ids[{index}]")).await?);
    }
    search::index_conversation(tx, &row).await?;
    let created = Event::new("conversation_created").subject(row.id.0).conversation(row.id, row.line_id, None);
    bus::emit(tx, actor, created.data(json!({"reason": "group"}))).await?;
    tell(tx, actor, &row, &joined, &[]).await?;
    Ok(row.id)
}

/// A group conversation the actor sees, held.
async fn find_to_change(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<conversation::Model> {
    let found = conversation::find_to_change(tx, actor, id).await?;
    if found.is_group() {
        return Ok(found);
    }
    let (ru, en) = ("Это не групповой разговор", "This is no group conversation");
    Err(Error::conflict("not_a_group", ru, en))
}

/// Whom to add.
#[derive(Clone, Debug)]
pub(super) enum Joining {
    Client(NewClient),
    Colleague(UserId),
}

pub(super) async fn add(tx: &Tx, actor: &Actor, id: ConversationId, who: Joining) -> Result<()> {
    let group = find_to_change(tx, actor, id).await?;
    let field = match who {
        Joining::Client(_) => "contact_id",
        Joining::Colleague(_) => "user_id",
    };
    if present(id).all(tx).await?.len() >= MOST {
        return Err(too_many(field));
    }
    let joined = match who {
        Joining::Client(client) => join_client(tx, actor, &group, &client, "").await?,
        Joining::Colleague(user_id) => join_user(tx, &group, user_id, field).await?,
    };
    match joined {
        Some(joined) => tell(tx, actor, &group, &[joined], &[]).await,
        None => Ok(()),
    }
}

/// Takes somebody out; he gets and sees nothing more.
pub(super) async fn remove(tx: &Tx, actor: &Actor, id: ConversationId, member: MemberId) -> Result<()> {
    let group = find_to_change(tx, actor, id).await?;
    let found = present(id).filter(Column::Id.eq(member)).one(tx).await?.ok_or(Error::NotFound("member"))?;
    Entity::update_many()
        .col_expr(Column::LeftAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(member))
        .exec(tx)
        .await?;
    match found.contact_id {
        Some(contact_id) => {
            cancel_for(tx, actor, id, contact_id).await?;
            let identities = contact::identities(tx, contact_id).await?;
            let own =
                identities.iter().filter(|one| one.kind == identity::Kind::Email).map(|one| one.value_key.as_str());
            participant::remove(tx, id, &own.chain(found.address.as_deref()).collect::<Vec<_>>()).await?;
        }
        None => tx.signal(Topic::Access),
    }
    tell(tx, actor, &group, &[], &[found]).await
}

/// None: he takes part already.
async fn join_client(
    tx: &Tx,
    actor: &Actor,
    group: &conversation::Model,
    client: &NewClient,
    at: &str,
) -> Result<Option<Model>> {
    let field = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    let id = client.contact_id;
    let contact = contact::find(tx, actor, id).await.map_err(|_| unknown(&field("contact_id")))?;
    let way = match &client.route {
        Some(route) => Some(own_way(tx, group, id, route, &field("route_key")).await?),
        None => way_to(tx, group.line_id, id).await?,
    };
    let Some(way) = way else {
        let words = Words::owned(
            format!("{}: нет канала этой линии и почты, писать некуда", contact.name),
            format!("{}: no channel of this line and no mail address to write to", contact.name),
        );
        return Err(Error::Invalid(vec![FieldError { field: field("contact_id"), code: "no_channel", words }]));
    };
    let row = Model {
        id: MemberId(tx.new_id()),
        conversation_id: group.id,
        contact_id: Some(id),
        user_id: None,
        chat_id: way.chat_id(),
        address: way.address(),
        joined_at: tx.now(),
        left_at: None,
    };
    join(tx, row, Column::ContactId.eq(id)).await
}

/// A channel of the client's on the line of the conversation, or an address of his.
async fn own_way(tx: &Tx, group: &conversation::Model, id: ContactId, route: &Route, field: &str) -> Result<Way> {
    let none = || {
        let words = Words::new("Нет такого канала у клиента", "The client has no such channel");
        Error::Invalid(vec![FieldError { field: field.to_owned(), code: "unknown", words }])
    };
    match route {
        Route::Chat(chat_id) => {
            let found = chat::Entity::find_by_id(*chat_id).one(tx).await?.ok_or_else(none)?;
            let channel = channel::find(tx, found.channel_id).await.map_err(|_| none())?;
            let fits = found.contact_id == id && channel.line_id == group.line_id;
            if fits { Ok(Way::Chat(*chat_id)) } else { Err(none()) }
        }
        Route::Mail(Some(address)) => {
            let known = contact::identities(tx, id).await?;
            let own = known.iter().any(|one| one.kind == identity::Kind::Email && one.value_key == *address);
            if own { Ok(Way::Mail(address.clone())) } else { Err(none()) }
        }
        Route::Mail(None) => Err(none()),
    }
}

async fn join_user(tx: &Tx, group: &conversation::Model, id: UserId, field: &str) -> Result<Option<Model>> {
    let known = user::Entity::find_by_id(id).one(tx).await?.filter(|user| !user.blocked);
    let Some(known) = known else { return Err(unknown(field)) };
    let role = role::find(tx, known.role_id).await?;
    if !role.is_some_and(|role| role.permission_set().has(Permission::ConversationsView)) {
        let words = Words::owned(
            format!("{} не работает с обращениями", known.name),
            format!("{} does not work with conversations", known.name),
        );
        return Err(Error::Invalid(vec![FieldError { field: field.to_owned(), code: "no_permission", words }]));
    }
    let row = Model {
        id: MemberId(tx.new_id()),
        conversation_id: group.id,
        contact_id: None,
        user_id: Some(id),
        chat_id: None,
        address: None,
        joined_at: tx.now(),
        left_at: None,
    };
    tx.signal(Topic::Access);
    join(tx, row, Column::UserId.eq(id)).await
}

/// Whoever was here before comes back as himself.
async fn join(tx: &Tx, row: Model, same: Expr) -> Result<Option<Model>> {
    let before = Entity::find().filter(Column::ConversationId.eq(row.conversation_id).and(same)).one(tx).await?;
    let Some(before) = before else {
        Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
        return Ok(Some(row));
    };
    if before.left_at.is_none() {
        return Ok(None);
    }
    Entity::update_many()
        .col_expr(Column::ChatId, Expr::value(row.chat_id))
        .col_expr(Column::Address, Expr::value(row.address.clone()))
        .col_expr(Column::JoinedAt, Expr::value(row.joined_at))
        .col_expr(Column::LeftAt, Expr::value(None::<base::Timestamp>))
        .filter(Column::Id.eq(before.id))
        .exec(tx)
        .await?;
    Ok(Some(Model { id: before.id, ..row }))
}

async fn tell(tx: &Tx, actor: &Actor, group: &conversation::Model, joined: &[Model], left: &[Model]) -> Result<()> {
    let names = named(tx, &[joined, left].concat()).await?;
    let me = actor.user_id();
    let list = |rows: &[Model]| -> Vec<Value> {
        let one =
            |row: &Model| json!({"name": names.get(&row.id), "contact_id": row.contact_id, "user_id": row.user_id});
        rows.iter().map(one).collect()
    };
    let invited: Vec<UserId> = joined.iter().filter_map(|row| row.user_id).filter(|id| Some(*id) != me).collect();
    let data = json!({"added": list(joined), "removed": list(left), "invited": invited});
    let event = Event::new("group_members_changed").subject(group.id.0).data(data);
    bus::emit(tx, actor, event.conversation(group.id, group.line_id, group.group_id)).await.map(drop)
}

fn unknown(field: &str) -> Error {
    Error::Invalid(vec![FieldError {
        field: field.to_owned(),
        code: "unknown",
        words: Words::new("Такого человека нет", "There is no such person"),
    }])
}

fn too_many(field: &str) -> Error {
    Error::invalid(field, "too_many", "Не больше 100 участников", "100 people at most")
}
