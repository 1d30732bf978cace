//! Commands on tickets.

use base::{Actor, ContactId, ConversationId, Error, GroupId, LineId, LineScope, Result, TicketId, UserId};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use serde_json::json;

use super::entity::{Column, Entity, Kind, Model, Status};
use super::link;
use crate::conversation::{self, Priority};

/// The tickets of the actor's lines, without those that are only about conversations he does not see.
pub(super) fn visible_to(actor: &Actor) -> Select<Entity> {
    let tickets = match &actor.lines {
        LineScope::All => Entity::find(),
        LineScope::Only(lines) => Entity::find().filter(Column::LineId.is_in(lines.iter().copied())),
    };
    if actor.hidden.is_empty() {
        return tickets;
    }
    let own_link = || Expr::col((link::Entity, link::Column::TicketId)).equals((Entity, Column::Id));
    let links = Query::select().expr(Expr::val(1)).from(link::Entity).and_where(own_link()).to_owned();
    let seen = Query::select()
        .expr(Expr::val(1))
        .from(link::Entity)
        .inner_join(
            conversation::Entity,
            Expr::col((conversation::Entity, conversation::Column::Id))
                .equals((link::Entity, link::Column::ConversationId)),
        )
        .and_where(own_link())
        .cond_where(conversation::is_visible_to(actor))
        .to_owned();
    tickets.filter(Condition::any().add(Expr::exists(seen)).add(Expr::exists(links).not()))
}

/// The conversations of a ticket, each with the group whose own it is.
async fn places_of(tx: &Tx, id: TicketId) -> Result<Vec<(ConversationId, Option<GroupId>)>> {
    use conversation::Column::{GroupId, Id};
    let own = conversations_of(tx, id).await?;
    let query = conversation::Entity::find().select_only().columns([Id, GroupId]).filter(Id.is_in(own));
    Ok(query.into_tuple().all(tx).await?)
}

/// The group that a ticket about these conversations is of, unless everybody on the line sees one of them.
fn group_of(places: &[(ConversationId, Option<GroupId>)]) -> Option<GroupId> {
    // Of several groups one hears of it: too few, never too many.
    let groups: Option<Vec<GroupId>> = places.iter().map(|(_, group)| *group).collect();
    groups?.into_iter().min()
}

pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: TicketId) -> Result<Model> {
    visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?.ok_or(Error::NotFound("ticket"))
}

/// The client's tickets that are not done, newest first, at most `limit`.
pub async fn open_of_client(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    contact: ContactId,
    limit: u64,
) -> Result<Vec<Model>> {
    let open = visible_to(actor)
        .filter(Column::ContactId.eq(contact))
        .filter(Column::Status.is_not_in([Status::Resolved, Status::Closed]));
    Ok(open.order_by_desc(Column::CreatedAt).limit(limit).all(connection).await?)
}

/// A ticket to be.
#[derive(Debug)]
pub(super) struct NewTicket {
    pub subject: String,
    pub kind: Kind,
    pub priority: Priority,
    pub owner_id: Option<UserId>,
    pub status: Status,
}

/// Makes a ticket of a conversation.
pub(super) async fn create(
    tx: &Tx,
    actor: &Actor,
    conversation_id: ConversationId,
    new: NewTicket,
) -> Result<TicketId> {
    let conversation = conversation::find_to_change(tx, actor, conversation_id).await?;
    let subject = clean_subject(&new.subject)?;
    check_owner(tx, conversation.line_id, conversation.group_id, new.owner_id).await?;
    let row = Model {
        id: TicketId(tx.new_id()),
        number: dialect::next_number(tx, "ticket").await?,
        line_id: conversation.line_id,
        contact_id: Some(conversation.contact_id),
        subject,
        kind: new.kind,
        status: new.status,
        priority: new.priority,
        owner_id: new.owner_id,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let (id, number) = (row.id, row.number);
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let link = link::Model { conversation_id, ticket_id: id };
    link::Entity::insert(link.into_active_model()).exec_without_returning(tx).await?;
    let event = Event::new("ticket_created")
        .subject(id.0)
        .conversation(conversation_id, conversation.line_id, conversation.group_id)
        .data(json!({"id": id, "number": number}));
    bus::emit(tx, actor, event).await?;
    Ok(id)
}

/// Makes a ticket of a conversation by a rule of the desk: a form, a line.
pub async fn create_for(
    tx: &Tx,
    conversation_id: ConversationId,
    subject: &str,
    kind: Option<Kind>,
    priority: Option<Priority>,
) -> Result<TicketId> {
    let new = NewTicket {
        subject: subject.to_owned(),
        kind: kind.unwrap_or(Kind::Question),
        priority: priority.unwrap_or(Priority::None),
        owner_id: None,
        status: Status::New,
    };
    create(tx, &Actor::system(), conversation_id, new).await
}

fn clean_subject(subject: &str) -> Result<String> {
    let subject: String = subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect();
    if subject.is_empty() { Err(Error::required("subject")) } else { Ok(subject) }
}

async fn check_owner(tx: &Tx, line: LineId, group: Option<GroupId>, owner: Option<UserId>) -> Result<()> {
    if let Some(owner) = owner {
        crate::user::assignable(tx, owner, line, group).await?;
    }
    Ok(())
}

/// What may change; absent stays.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub subject: Option<String>,
    pub kind: Option<Kind>,
    pub priority: Option<Priority>,
    pub owner_id: Option<Option<UserId>>,
    pub status: Option<Status>,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: TicketId, change: Change) -> Result<()> {
    let ticket = find(tx, actor, id).await?;
    let places = places_of(tx, id).await?;
    let (line, group) = (ticket.line_id, group_of(&places));
    let before = json!({"subject": ticket.subject, "type": ticket.kind, "priority": ticket.priority, "owner_id": ticket.owner_id, "status": ticket.status});
    let mut row = ticket.into_active_model();
    if let Some(subject) = change.subject {
        row.subject = Set(clean_subject(&subject)?);
    }
    if let Some(kind) = change.kind {
        row.kind = Set(kind);
    }
    if let Some(priority) = change.priority {
        row.priority = Set(priority);
    }
    if let Some(owner_id) = change.owner_id {
        check_owner(tx, line, group, owner_id).await?;
        row.owner_id = Set(owner_id);
    }
    if let Some(status) = change.status {
        row.status = Set(status);
    }
    row.updated_at = Set(tx.now());
    let ticket = Entity::update(row).exec(tx).await?;
    let after = json!({"subject": ticket.subject, "type": ticket.kind, "priority": ticket.priority, "owner_id": ticket.owner_id, "status": ticket.status});
    bus::emit(
        tx,
        actor,
        Event::new("ticket_updated").subject(id.0).group(line, group).data(json!({"before": before, "after": after})),
    )
    .await?;
    for (conversation_id, group) in places {
        let event = Event::new("conversation_updated").subject(id.0).conversation(conversation_id, line, group);
        bus::emit(tx, actor, event).await?;
    }
    Ok(())
}

pub(super) async fn conversations_of(connection: &impl ConnectionTrait, id: TicketId) -> Result<Vec<ConversationId>> {
    let links = link::Entity::find().filter(link::Column::TicketId.eq(id)).all(connection).await?;
    Ok(links.into_iter().map(|link| link.conversation_id).collect())
}

/// Links a conversation to a ticket; linked already is fine.
pub(super) async fn link(tx: &Tx, actor: &Actor, conversation_id: ConversationId, id: TicketId) -> Result<()> {
    let conversation = conversation::find_to_change(tx, actor, conversation_id).await?;
    let ticket = find(tx, actor, id).await?;
    let row = link::Model { conversation_id, ticket_id: id };
    let taken = OnConflict::columns([link::Column::ConversationId, link::Column::TicketId]).do_nothing().to_owned();
    link::Entity::insert(row.into_active_model()).on_conflict(taken).exec_without_returning(tx).await?;
    let data = json!({"id": id, "number": ticket.number});
    bus::emit(
        tx,
        actor,
        Event::new("ticket_linked")
            .subject(id.0)
            .conversation(conversation_id, conversation.line_id, conversation.group_id)
            .data(data),
    )
    .await?;
    Ok(())
}

pub(super) async fn unlink(tx: &Tx, actor: &Actor, conversation_id: ConversationId, id: TicketId) -> Result<()> {
    let conversation = conversation::find_to_change(tx, actor, conversation_id).await?;
    let ticket = find(tx, actor, id).await?;
    let deleted = link::Entity::delete_by_id((conversation_id, id)).exec(tx).await?;
    if deleted.rows_affected == 0 {
        return Err(Error::NotFound("link"));
    }
    let data = json!({"id": id, "number": ticket.number});
    bus::emit(
        tx,
        actor,
        Event::new("ticket_unlinked")
            .subject(id.0)
            .conversation(conversation_id, conversation.line_id, conversation.group_id)
            .data(data),
    )
    .await?;
    Ok(())
}
