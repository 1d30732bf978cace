//! Handing conversations over.

use base::{Actor, ConversationId, Error, FieldError, GroupId, LineId, Result, UserId, Words};
use db::{Tx, dialect};
use desk::conversation::{self, Status};
use desk::line;
use desk::people::LineRef;
use desk::user;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{level, targets};
use crate::crew;
use crate::decision::{self, DecisionId, Source};
use crate::queue::{self, Demand};
use crate::supervisor;
use crate::target::Target;

/// Where to.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum To {
    Operator {
        id: UserId,
    },
    Group {
        id: GroupId,
    },
    Line {
        id: LineId,
    },
    /// The common queue of its line: whoever is first.
    Queue,
}

/// Hands a conversation over. The comment becomes an internal note and stands beside the hop in the history.
pub(super) async fn transfer(tx: &Tx, actor: &Actor, id: ConversationId, to: To, comment: &str) -> Result<()> {
    let conversation = conversation::find_to_change(tx, actor, id).await?;
    if conversation.status != Status::Open {
        let (ru, en) = ("Обращение не открыто: сначала откройте его", "The conversation is not open: open it first");
        return Err(Error::conflict("not_open", ru, en));
    }
    let comment = comment.trim();
    if comment.chars().count() > 4000 {
        return Err(Error::invalid("comment", "too_long", "Не больше 4000 знаков", "At most 4000 characters"));
    }
    if !comment.is_empty() && actor.user_id().is_some() {
        conversation::add_note(tx, actor, id, comment).await?;
    }
    // The note has changed the row.
    let conversation = conversation::find_to_change(tx, actor, id).await?;
    match to {
        To::Operator { id } => to_operator(tx, actor, conversation, id, comment).await,
        To::Group { id } => to_group(tx, actor, conversation, id, comment).await,
        To::Line { id } => to_line(tx, actor, conversation, id, comment).await,
        To::Queue => {
            let why = json!({"source": Source::Transfer, "to_queue": true, "comment": comment});
            leave(tx, actor, conversation, why, &Target::Queue { group_id: None }).await
        }
    }
}

async fn to_operator(
    tx: &Tx,
    actor: &Actor,
    conversation: conversation::Model,
    id: UserId,
    comment: &str,
) -> Result<()> {
    dialect::lock(tx, queue::LOCK).await?;
    queue::hold(tx, &[id]).await?;
    let crew = crew::load(tx, tx.now()).await?;
    let target = targets::operator(&crew, &conversation, id);
    if target.is_none_or(|target| !target.available) {
        return Err(unavailable(targets::refusal_of(&crew, &conversation, id)));
    }
    let person = crew.members.get(&id).map(|member| member.person.clone());
    let why = json!({"source": Source::Transfer, "comment": comment});
    queue::forget(tx, &[conversation.id]).await?;
    let target = Target::Operator { user_id: id };
    decision::record_transfer(tx, actor, DecisionId(tx.new_id()), &conversation, &target, None).await?;
    conversation::hand_over(tx, actor, conversation, person.as_ref(), "conversation_transferred", why).await
}

/// Its least busy operator gets it; when all are busy it waits for the first of them to be free.
async fn to_group(tx: &Tx, actor: &Actor, conversation: conversation::Model, id: GroupId, comment: &str) -> Result<()> {
    let crew = crew::load(tx, tx.now()).await?;
    if !targets::serves(&crew, &conversation, id) {
        return Err(unavailable(Words::new("Группа не обслуживает эту линию", "The group does not serve this line")));
    }
    let target = Target::LeastLoaded { group_id: id };
    if let Err(why) = queue::available(tx, &conversation, &target, &Demand::default(), tx.now()).await? {
        return Err(unavailable(why.words));
    }
    let group = desk::group::find(tx, id).await?;
    let why = json!({"source": Source::Transfer, "group": {"id": id, "name": group.name}, "comment": comment});
    leave(tx, actor, conversation, why, &target).await
}

/// A deadline hands a conversation to a group, if the group can have it; else it stays where it is and that is said.
pub(crate) async fn by_deadline(tx: &Tx, id: ConversationId, group: GroupId, policy: &str) -> Result<()> {
    let system = Actor::system();
    let conversation = match conversation::find_to_change(tx, &system, id).await {
        Ok(found) if found.status == conversation::Status::Open => found,
        Ok(_) | Err(Error::NotFound(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    to_group(tx, &system, conversation, group, policy).await
}

/// Routed there as if it had just begun.
async fn to_line(tx: &Tx, actor: &Actor, conversation: conversation::Model, id: LineId, comment: &str) -> Result<()> {
    let known = targets::lines(tx, actor, &conversation).await?.into_iter().find(|target| target.line.id == id);
    let Some(known) = known else {
        return Err(unavailable(Words::new("Сюда перевести нельзя", "It cannot be transferred there")));
    };
    if !known.available {
        return Err(unavailable(Words::new("Линия в архиве", "The line is archived")));
    }
    let line = line::find(tx, &Actor::system(), id).await?;
    let from = line::names(tx, [conversation.line_id]).await?.remove(&conversation.line_id);
    let (from, to) = (from.as_ref().map(named), named(&known.line));
    let why = json!({"source": Source::Transfer, "from_line": from, "to_line": to, "comment": comment});
    let id = conversation.id;
    queue::forget(tx, &[id]).await?;
    conversation::move_to_line(tx, actor, conversation, &line, "conversation_transferred", why).await?;
    decision::route(tx, id, tx.new_id(), true, Some(Source::Transfer)).await.map(drop)
}

fn named(line: &LineRef) -> Value {
    json!({"id": line.id, "name": line.name})
}

async fn leave(tx: &Tx, actor: &Actor, conversation: conversation::Model, why: Value, target: &Target) -> Result<()> {
    let left = conversation::Model { assignee_id: None, ..conversation.clone() };
    conversation::hand_over(tx, actor, conversation, None, "conversation_transferred", why).await?;
    let id = DecisionId(tx.new_id());
    let placed = queue::place(tx, &left, target, &Demand::default(), id).await?;
    decision::record_transfer(tx, actor, id, &left, target, Some(&placed)).await
}

fn unavailable(words: Words) -> Error {
    Error::Invalid(vec![FieldError { field: "to.id".to_owned(), code: "unavailable", words }])
}

/// A supervisor takes a conversation from whoever has it.
pub(super) async fn take_over(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<()> {
    let conversation = conversation::find_to_change(tx, actor, id).await?;
    supervisor::check_line(tx, actor, conversation.line_id).await?;
    let me = actor.user_id().ok_or(Error::NotFound("conversation"))?;
    if conversation.assignee_id == Some(me) {
        return Ok(());
    }
    let person = user::people(tx, [me]).await?.remove(&me);
    let why = json!({"source": Source::Supervisor});
    let name = person.as_ref().map_or("", |person| person.name.as_str());
    let told = Words::owned(format!("Забрал супервизор: {name}."), format!("Taken over by the supervisor {name}."));
    decision::record_given(tx, DecisionId(tx.new_id()), &conversation, Source::Supervisor, me, told).await?;
    queue::forget(tx, &[id]).await?;
    conversation::hand_over(tx, actor, conversation, person.as_ref(), "conversation_taken_over", why).await
}

/// The line this one stands behind.
pub(super) async fn first_line(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: LineId,
) -> Result<Option<LineRef>> {
    line::find(connection, actor, id).await?;
    let Some(level) = level::Entity::find_by_id(id).one(connection).await? else { return Ok(None) };
    Ok(line::names(connection, [level.first_line_id]).await?.remove(&level.first_line_id))
}

/// Puts a line behind another one, or behind none.
pub(super) async fn set_first_line(tx: &Tx, actor: &Actor, id: LineId, first: Option<LineId>) -> Result<()> {
    line::find(tx, actor, id).await?;
    match first {
        None => {
            level::Entity::delete_by_id(id).exec(tx).await?;
        }
        Some(first) => {
            if first == id || line::find(tx, actor, first).await.is_err() {
                let (ru, en) = ("Выберите другую линию", "Choose another line");
                return Err(Error::invalid("line_id", "unknown", ru, en));
            }
            let row = level::Model { line_id: id, first_line_id: first };
            level::Entity::insert(row.into_active_model())
                .on_conflict(
                    OnConflict::column(level::Column::LineId).update_column(level::Column::FirstLineId).to_owned(),
                )
                .exec_without_returning(tx)
                .await?;
        }
    }
    let event = bus::Event::new("line_changed").subject(id.0).data(json!({"change": "level"}));
    bus::emit(tx, actor, event).await.map(drop)
}
