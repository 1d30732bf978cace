//! Commands on tickets.

use base::{Actor, ContactId, ConversationId, Error, GroupId, LineId, LineScope, Result, TicketId, UserId, Words};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select, Set,
    TryIntoModel,
};
use serde_json::{Value, json};

use super::entity::{Column, Entity, Kind, Model, Status};
use super::waiting::Plan;
use super::{link, solution, waiting};
use crate::client_category::{self, Wanted};
use crate::conversation::{self, Priority};
use crate::service::{self, ServiceId};
use crate::{contact, field, line, tariff_plan};

/// The tickets of the actor's lines, without those that are only about conversations he does not see.
pub fn visible_to(actor: &Actor) -> Select<Entity> {
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

/// A ticket that the actor sees.
pub async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: TicketId) -> Result<Model> {
    visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?.ok_or(Error::NotFound("ticket"))
}

/// The same, held until the end of the transaction.
pub async fn find_to_change(tx: &Tx, actor: &Actor, id: TicketId) -> Result<Model> {
    visible_to(actor).filter(Column::Id.eq(id)).lock(db::HOLD).one(tx).await?.ok_or(Error::NotFound("ticket"))
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
pub struct NewTicket {
    pub subject: String,
    pub kind: Kind,
    pub priority: Priority,
    pub owner_id: Option<UserId>,
    pub status: Status,
    pub service_id: Option<ServiceId>,
    /// Why it waits; needed in the status `waiting`.
    pub waiting: Option<Plan>,
    /// How it was resolved; needed in the status `resolved`.
    pub solution: Option<String>,
    /// Why it is as it is, when nobody of the staff chose that.
    pub why: Option<Words>,
}

/// Makes a ticket of a conversation.
pub(super) async fn create(
    tx: &Tx,
    actor: &Actor,
    conversation_id: ConversationId,
    new: NewTicket,
) -> Result<TicketId> {
    let conversation = conversation::find_to_change(tx, actor, conversation_id).await?;
    let (line, group) = (conversation.line_id, conversation.group_id);
    let why = new.why.clone();
    let ticket = insert(tx, actor, line, group, Some(conversation.contact_id), new).await?;
    let link = link::Model { conversation_id, ticket_id: ticket.id };
    link::Entity::insert(link.into_active_model()).exec_without_returning(tx).await?;
    let event = Event::new("ticket_created").subject(ticket.id.0).conversation(conversation_id, line, group);
    bus::emit(tx, actor, event.data(begun(&ticket, why))).await?;
    tariff_plan::weigh(tx, &ticket).await?;
    Ok(ticket.id)
}

/// Makes a ticket on a line, of no conversation.
pub(super) async fn register(
    tx: &Tx,
    actor: &Actor,
    line_id: LineId,
    contact_id: Option<ContactId>,
    new: NewTicket,
) -> Result<TicketId> {
    let line = field::known("line_id", line::find(tx, actor, line_id).await)?;
    if line.archived_at.is_some() {
        let (ru, en) = ("Линия удалена, выберите другую", "The line is deleted, choose another");
        return Err(Error::invalid("line_id", "line_archived", ru, en));
    }
    if let Some(contact) = contact_id {
        field::known("contact_id", contact::find(tx, actor, contact).await)?;
    }
    let why = new.why.clone();
    let ticket = insert(tx, actor, line_id, None, contact_id, new).await?;
    let event = Event::new("ticket_created").subject(ticket.id.0).line(line_id).data(begun(&ticket, why));
    bus::emit(tx, actor, event).await?;
    tariff_plan::weigh(tx, &ticket).await?;
    Ok(ticket.id)
}

async fn insert(
    tx: &Tx,
    actor: &Actor,
    line: LineId,
    group: Option<GroupId>,
    contact_id: Option<ContactId>,
    new: NewTicket,
) -> Result<Model> {
    let NewTicket { subject, kind, priority, owner_id, status, service_id, waiting: plan, solution: given, why: _ } =
        new;
    let subject = clean_subject(&subject)?;
    let wanted = Wanted { priority: Some(priority), kind: Some(kind), service_id };
    client_category::check(tx, actor, contact_id, wanted).await?;
    check_owner(tx, line, group, owner_id).await?;
    if let Some(service) = service_id {
        service::usable(tx, service).await?;
    }
    let number = dialect::next_number(tx, "ticket").await?;
    let new = Model {
        contact_id,
        subject,
        kind,
        priority,
        owner_id,
        service_id,
        ..Model::new(TicketId(tx.new_id()), number, line, tx.now())
    };
    let mut row = new.clone().into_active_model();
    row.status = Set(status);
    row.resolved_at = Set(status.is_over().then(|| tx.now()));
    waiting::settle(&mut row, new.status, status, plan, tx.now())?;
    solution::settle(&mut row, &new, status, given, actor, tx.now())?;
    let row = row.try_into_model()?;
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(row)
}

/// What the history tells of a new ticket.
fn begun(ticket: &Model, why: Option<Words>) -> Value {
    let mut data = told(ticket);
    data["why"] = json!(why);
    data["id"] = json!(ticket.id);
    data["number"] = json!(ticket.number);
    data["result"] = json!(ticket.solution);
    data
}

/// What of a ticket its history follows.
fn told(ticket: &Model) -> Value {
    json!({
        "subject": ticket.subject, "type": ticket.kind, "priority": ticket.priority, "owner_id": ticket.owner_id,
        "status": ticket.status, "service_id": ticket.service_id,
        "waiting_reason": ticket.waiting_reason, "waiting_until": ticket.waiting_until,
    })
}

/// Makes a ticket of a conversation by a rule of the desk: a form, a line. A priority that the client's category does not
/// allow becomes one that it does.
pub async fn create_for(
    tx: &Tx,
    conversation_id: ConversationId,
    subject: &str,
    kind: Option<Kind>,
    priority: Option<Priority>,
) -> Result<TicketId> {
    let contact_id = conversation::find(tx, &Actor::system(), conversation_id).await?.contact_id;
    let (priority, why) = match priority {
        Some(priority) => client_category::fitting(tx, contact_id, priority).await?,
        None => (Priority::None, None),
    };
    let new = NewTicket {
        subject: subject.to_owned(),
        kind: kind.unwrap_or(Kind::Question),
        priority,
        owner_id: None,
        status: Status::New,
        service_id: None,
        waiting: None,
        solution: None,
        why,
    };
    create(tx, &Actor::system(), conversation_id, new).await
}

fn clean_subject(subject: &str) -> Result<String> {
    let subject: String = subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect();
    if subject.is_empty() { Err(Error::required("subject")) } else { Ok(subject) }
}

async fn check_owner(tx: &Tx, line: LineId, group: Option<GroupId>, owner: Option<UserId>) -> Result<()> {
    let Some(owner) = owner else { return Ok(()) };
    match crate::user::assignable(tx, owner, line, group).await {
        Ok(_) => Ok(()),
        Err(Error::Invalid(_)) => Err(Error::invalid(
            "owner_id",
            "not_assignable",
            "Этому сотруднику нельзя назначить обращения этой линии",
            "Tickets of this line cannot be given to this person",
        )),
        Err(other) => Err(other),
    }
}

/// What may change; absent stays.
#[derive(Debug, Default)]
pub struct Change {
    pub subject: Option<String>,
    pub kind: Option<Kind>,
    pub priority: Option<Priority>,
    /// None inside: nobody.
    pub owner_id: Option<Option<UserId>>,
    pub status: Option<Status>,
    /// None inside: no service.
    pub service_id: Option<Option<ServiceId>>,
    /// Why it waits; needed when the status becomes `waiting`.
    pub waiting: Option<Plan>,
    /// How it was resolved; needed when the status becomes `resolved` and nothing is said yet.
    pub solution: Option<String>,
    /// Why it changes, when nobody of the staff did it.
    pub why: Option<Words>,
}

pub async fn update(tx: &Tx, actor: &Actor, id: TicketId, change: Change) -> Result<()> {
    let Change { subject, kind, priority, owner_id, status, service_id, waiting: plan, solution: given, why } = change;
    let old = find_to_change(tx, actor, id).await?;
    let (line, group) = (old.line_id, own_group(tx, id).await?);
    let wanted = Wanted {
        priority: priority.filter(|priority| *priority != old.priority),
        kind: kind.filter(|kind| *kind != old.kind),
        service_id: service_id.flatten().filter(|service| Some(*service) != old.service_id),
    };
    client_category::check(tx, actor, old.contact_id, wanted).await?;
    let mut row = old.clone().into_active_model();
    if let Some(subject) = subject {
        row.subject = Set(clean_subject(&subject)?);
    }
    if let Some(kind) = kind {
        row.kind = Set(kind);
    }
    if let Some(priority) = priority {
        row.priority = Set(priority);
    }
    if let Some(owner_id) = owner_id.filter(|owner| *owner != old.owner_id) {
        check_owner(tx, line, group, owner_id).await?;
        row.owner_id = Set(owner_id);
    }
    let status = status.unwrap_or(old.status);
    row.status = Set(status);
    if status.is_over() && !old.status.is_over() {
        super::hold::refuse_held(tx, id).await?;
        row.resolved_at = Set(Some(tx.now()));
    } else if old.status.is_over() && !status.is_over() {
        row.resolved_at = Set(None);
        row.returns = Set(old.returns + 1);
    }
    waiting::settle(&mut row, old.status, status, plan, tx.now())?;
    let said = solution::settle(&mut row, &old, status, given, actor, tx.now())?;
    if let Some(service_id) = service_id.filter(|service| *service != old.service_id) {
        if let Some(service) = service_id {
            service::usable(tx, service).await?;
        }
        row.service_id = Set(service_id);
    }
    row.updated_at = Set(tx.now());
    let ticket = Entity::update(row).exec(tx).await?;
    let (before, after) = (told(&old), told(&ticket));
    // The same words again, of what was resolved again: that is said too.
    let said = said.filter(|text| old.solution_earlier || old.solution.as_ref() != Some(text));
    if before == after && said.is_none() {
        return Ok(());
    }
    let data = json!({"number": ticket.number, "before": before, "after": after, "why": why, "result": said});
    bus::emit(tx, actor, Event::new("ticket_updated").subject(id.0).group(line, group).data(data)).await?;
    if ticket.service_id != old.service_id {
        tariff_plan::weigh_service(tx, &ticket).await?;
    }
    tell_conversations(tx, actor, &ticket).await
}

/// Its conversations show it too.
pub(super) async fn tell_conversations(tx: &Tx, actor: &Actor, ticket: &Model) -> Result<()> {
    for (id, group) in places_of(tx, ticket.id).await? {
        let event = Event::new("conversation_updated").subject(ticket.id.0).conversation(id, ticket.line_id, group);
        bus::emit(tx, actor, event).await?;
    }
    Ok(())
}

/// The group whose own a ticket is: that of its conversations, unless everybody on the line sees one of them.
pub async fn own_group(tx: &Tx, id: TicketId) -> Result<Option<GroupId>> {
    Ok(group_of(&places_of(tx, id).await?))
}

/// An event of a ticket, heard by whoever sees the ticket.
pub async fn heard_by(tx: &Tx, ticket: &Model, event: Event) -> Result<Event> {
    Ok(event.subject(ticket.id.0).group(ticket.line_id, own_group(tx, ticket.id).await?))
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
