//! Commands on tasks.

use base::{Actor, ConversationId, Error, GroupId, Permission, Result, TicketId, Timestamp, UserId, Words};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::{Condition, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait,
    Select,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::TaskId;
use super::entity::{Column, Entity, Model, State};
use crate::conversation::{self, NEVER};
use crate::group::member;
use crate::{field, group, ticket, user};

/// The tasks that the actor sees.
pub fn visible_to(actor: &Actor) -> Select<Entity> {
    let Some(me) = actor.user_id() else { return Entity::find() };
    let mut seen = Condition::any()
        .add(Column::AssigneeId.eq(me))
        .add(Column::CreatedBy.eq(me))
        .add(Column::GroupId.in_subquery(groups_of(me)));
    if actor.has(Permission::TicketsView) {
        let tickets = ticket::visible_to(actor).select_only().column(ticket::Column::Id).into_query();
        seen = seen.add(Column::TicketId.in_subquery(tickets));
    }
    if actor.has(Permission::ConversationsView) {
        let conversations = conversation::visible_to(actor).select_only().column(conversation::Column::Id).into_query();
        seen = seen.add(Column::ConversationId.in_subquery(conversations));
    }
    Entity::find().filter(seen)
}

/// The groups that somebody belongs to.
pub(super) fn groups_of(user: UserId) -> SelectStatement {
    member::Entity::find()
        .select_only()
        .column(member::Column::GroupId)
        .filter(member::Column::UserId.eq(user))
        .into_query()
}

pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: TaskId) -> Result<Model> {
    visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?.ok_or(Error::NotFound("task"))
}

/// A task that the actor may change, held until the end of the transaction: what it is about is his to change, or the
/// task is his.
async fn find_to_change(tx: &Tx, actor: &Actor, id: TaskId) -> Result<Model> {
    let task = visible_to(actor).filter(Column::Id.eq(id)).lock(db::HOLD).one(tx).await?;
    let task = task.ok_or(Error::NotFound("task"))?;
    if is_his(tx, actor, &task).await? { Ok(task) } else { actor.require(needed(&task)).map(|()| task) }
}

async fn is_his(connection: &impl ConnectionTrait, actor: &Actor, task: &Model) -> Result<bool> {
    let Some(me) = actor.user_id() else { return Ok(true) };
    if task.assignee_id == Some(me) || task.created_by == Some(me) {
        return Ok(true);
    }
    let Some(group) = task.group_id else { return Ok(false) };
    Ok(member::Entity::find_by_id((group, me)).one(connection).await?.is_some())
}

fn needed(task: &Model) -> Permission {
    if task.ticket_id.is_some() { Permission::TicketsEdit } else { Permission::ConversationsNote }
}

/// A task to be.
#[derive(Debug, Default)]
pub struct NewTask {
    pub title: String,
    pub description: String,
    pub ticket_id: Option<TicketId>,
    pub conversation_id: Option<ConversationId>,
    pub assignee_id: Option<UserId>,
    pub group_id: Option<GroupId>,
    pub due_at: Option<Timestamp>,
    /// Why Otklik makes it.
    pub why: Option<Words>,
    /// The stage of a route that it is.
    pub stage_id: Option<Uuid>,
}

/// Makes a task. Whoever is to do it is told.
pub async fn create(tx: &Tx, actor: &Actor, new: NewTask) -> Result<Model> {
    let NewTask { title, description, ticket_id, conversation_id, assignee_id, group_id, due_at, why, stage_id } = new;
    let title = field::name("title", &title)?;
    let description = field::limit("description", description.trim().to_owned(), 5_000)?;
    if let (Some(_), Some(_)) = (ticket_id, conversation_id) {
        let (ru, en) = ("Укажите одно: обращение или разговор", "Say one: a ticket or a conversation");
        return Err(Error::invalid("conversation_id", "one_subject", ru, en));
    }
    if let Some(id) = ticket_id {
        field::known("ticket_id", ticket::find(tx, actor, id).await)?;
        actor.require(Permission::TicketsEdit)?;
    }
    if let Some(id) = conversation_id {
        field::known("conversation_id", conversation::find(tx, actor, id).await)?;
        actor.require(Permission::ConversationsNote)?;
    }
    // Somebody who only reads gives nobody anything to do.
    if !actor.has(Permission::TicketsEdit) {
        actor.require(Permission::ConversationsNote)?;
    }
    check_people(tx, assignee_id, group_id).await?;
    let row = Model {
        id: TaskId(tx.new_id()),
        title,
        description,
        state: State::Open,
        ticket_id,
        conversation_id,
        assignee_id,
        group_id,
        due_at,
        due_order: due_at.unwrap_or(NEVER),
        why: why.map(serde_json::to_value).transpose()?,
        stage_id,
        result: String::new(),
        created_by: actor.user_id(),
        created_at: tx.now(),
        updated_at: tx.now(),
        ended_at: None,
        ended_by: None,
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    let tell: Vec<UserId> = assignee_id.into_iter().collect();
    tell_of(tx, actor, &row, "task_created", json!({"tell": tell})).await?;
    Ok(row)
}

async fn check_people(tx: &Tx, assignee: Option<UserId>, group: Option<GroupId>) -> Result<()> {
    user::at_work(tx, "assignee_id", assignee).await?;
    if let Some(id) = group {
        field::known("group_id", group::find(tx, id).await)?;
    }
    Ok(())
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub title: Option<String>,
    pub description: Option<String>,
    /// None inside: nobody.
    pub assignee_id: Option<Option<UserId>>,
    pub group_id: Option<Option<GroupId>>,
    /// None inside: no time.
    pub due_at: Option<Option<Timestamp>>,
}

/// Changes a task. Whoever gets it is told.
pub(super) async fn update(tx: &Tx, actor: &Actor, id: TaskId, change: Change) -> Result<()> {
    let Change { title, description, assignee_id, group_id, due_at } = change;
    let task = find_to_change(tx, actor, id).await?;
    let before = task.clone();
    let title = title.map(|title| field::name("title", &title)).transpose()?;
    let description = description.map(|text| field::limit("description", text.trim().to_owned(), 5_000));
    let new_assignee = assignee_id.unwrap_or(task.assignee_id);
    let new_group = group_id.unwrap_or(task.group_id);
    check_people(
        tx,
        new_assignee.filter(|_| new_assignee != task.assignee_id),
        new_group.filter(|_| new_group != task.group_id),
    )
    .await?;
    if due_at.is_some_and(|due| due != task.due_at) && task.stage_id.is_some() {
        let (ru, en) = ("Срок этой задачи считает маршрут", "The time of this task is counted by its route");
        return Err(Error::invalid("due_at", "of_stage", ru, en));
    }
    let due_at = due_at.unwrap_or(task.due_at);
    let row = Model {
        title: title.unwrap_or(task.title),
        description: description.transpose()?.unwrap_or(task.description),
        assignee_id: new_assignee,
        group_id: new_group,
        due_at,
        due_order: due_at.unwrap_or(NEVER),
        ..before.clone()
    };
    if row == before {
        return Ok(());
    }
    let row = save(tx, row).await?;
    let came = row.assignee_id.filter(|_| row.assignee_id != before.assignee_id);
    let tell: Vec<UserId> = came.into_iter().filter(|_| row.state == State::Open).collect();
    tell_of(tx, actor, &row, "task_changed", json!({"tell": tell})).await
}

/// How a task ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Done,
    Cancelled,
}

/// Ends a task, by hand.
pub(super) async fn finish(tx: &Tx, actor: &Actor, id: TaskId, how: Ended, result: &str) -> Result<()> {
    let task = find_to_change(tx, actor, id).await?;
    if how == Ended::Cancelled && task.stage_id.is_some() {
        let (ru, en) = (
            "Эта задача — этап маршрута: пропустите этап в обращении",
            "This task is a stage of a route: skip the stage on the ticket",
        );
        return Err(Error::conflict("task_of_stage", ru, en));
    }
    end(tx, actor, task, how, result).await
}

/// Ends a task that is open; one that has ended stays as it is.
pub async fn end(tx: &Tx, actor: &Actor, task: Model, how: Ended, result: &str) -> Result<()> {
    if task.state != State::Open {
        return Ok(());
    }
    let (state, kind) = match how {
        Ended::Done => (State::Done, "task_done"),
        Ended::Cancelled => (State::Cancelled, "task_cancelled"),
    };
    let result = field::limit("result", result.trim().to_owned(), 5_000)?;
    // Whoever did what nobody had taken, took it.
    let assignee_id = task.assignee_id.or(actor.user_id().filter(|_| how == Ended::Done));
    let (ended_at, ended_by) = (Some(tx.now()), actor.user_id());
    let row = save(tx, Model { state, result, assignee_id, ended_at, ended_by, ..task }).await?;
    tell_of(tx, actor, &row, kind, json!({"result": row.result})).await
}

/// Opens a task again.
pub(super) async fn reopen(tx: &Tx, actor: &Actor, id: TaskId) -> Result<()> {
    let task = find_to_change(tx, actor, id).await?;
    if task.state == State::Open {
        return Ok(());
    }
    if task.stage_id.is_some() {
        let (ru, en) = ("Этап маршрута уже закончен", "This stage of a route is over");
        return Err(Error::conflict("task_of_stage", ru, en));
    }
    let row = save(tx, Model { state: State::Open, ended_at: None, ended_by: None, ..task }).await?;
    tell_of(tx, actor, &row, "task_reopened", json!({})).await
}

/// The route of a task that is a stage counts its time, and knows who took it.
pub async fn of_stage(tx: &Tx, id: TaskId, due_at: Option<Timestamp>, taken_by: Option<UserId>) -> Result<()> {
    let Some(before) = Entity::find_by_id(id).lock(db::HOLD).one(tx).await? else { return Ok(()) };
    let due_order = due_at.unwrap_or(NEVER);
    let row = Model { due_at, due_order, assignee_id: taken_by.or(before.assignee_id), ..before.clone() };
    if row == before {
        return Ok(());
    }
    let row = save(tx, row).await?;
    tell_of(tx, &Actor::system(), &row, "task_changed", json!({})).await
}

async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let row = Model { updated_at: tx.now(), ..row };
    Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(row)
}

/// Tells of a task, in the history of what it is about. Without that its people hear of it.
async fn tell_of(tx: &Tx, actor: &Actor, task: &Model, kind: &'static str, more: Value) -> Result<()> {
    let people = user::people(tx, task.assignee_id).await?;
    let to = task.assignee_id.and_then(|id| people.get(&id)).map(|one| json!({"id": one.id, "name": one.name}));
    let mut data = json!({
        "task_id": task.id, "title": task.title, "to": to, "group_id": task.group_id, "why": task.why,
        "stage_id": task.stage_id, "ticket_id": task.ticket_id,
    });
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    let event = Event::new(kind);
    let event = match (task.ticket_id, task.conversation_id) {
        (Some(id), _) => {
            let ticket = ticket::find(tx, &Actor::system(), id).await?;
            ticket::heard_by(tx, &ticket, event.data(data)).await?
        }
        (None, Some(id)) => {
            let place = conversation::find(tx, &Actor::system(), id).await?;
            event.data(data).subject(task.id.0).conversation(id, place.line_id, place.group_id)
        }
        (None, None) => {
            data["people"] = json!(people_of(tx, task).await?);
            event.data(data).subject(task.id.0)
        }
    };
    bus::emit(tx, actor, event).await.map(drop)
}

/// Whoever made it or is to do it.
async fn people_of(tx: &Tx, task: &Model) -> Result<Vec<UserId>> {
    let members = match task.group_id {
        Some(group) => member::Entity::find().filter(member::Column::GroupId.eq(group)).all(tx).await?,
        None => Vec::new(),
    };
    let members = members.into_iter().map(|member| member.user_id);
    Ok(members.chain(task.assignee_id).chain(task.created_by).collect())
}
