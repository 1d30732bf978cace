//! What was decided without the rules of the line: by a colleague, a supervisor, an operator or the queue.

use base::{Actor, Result, UserId, Words};
use db::Tx;
use desk::{conversation, user};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use super::entity::{Entity, Model, Source};
use super::{DecisionId, Names, describe, id_in};
use crate::queue::Placed;
use crate::target::Target;

/// Writes down a decision that no rule made. Whoever made it tells of it by an event of its own.
pub(crate) async fn record(
    tx: &Tx,
    id: DecisionId,
    conversation: &conversation::Model,
    source: Source,
    target: &Target,
    assigned_id: Option<UserId>,
    why: Words,
) -> Result<()> {
    let row = Model {
        id,
        conversation_id: conversation.id,
        line_id: conversation.line_id,
        // No opening of the conversation: it stands for itself.
        opening: id.0,
        attempt: 0,
        source,
        rule_id: None,
        target: serde_json::to_value(target)?,
        assigned_id,
        why: serde_json::to_value(&why)?,
        verdicts: json!([]),
        circumstances: json!({}),
        overflow: None,
        created_at: tx.now(),
    };
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes down that one operator has it: `Очередь отдала освободившемуся: Лосев (больше взять некому: 0 из 5).`
pub(crate) async fn record_given(
    tx: &Tx,
    id: DecisionId,
    conversation: &conversation::Model,
    source: Source,
    to: UserId,
    how: Words,
) -> Result<()> {
    let target = Target::Operator { user_id: to };
    record(tx, id, conversation, source, &target, Some(to), how).await
}

/// Writes down where a colleague has sent it: `Анна Ким: очередь группы «Вторая линия».`
pub(crate) async fn record_transfer(
    tx: &Tx,
    actor: &Actor,
    id: DecisionId,
    conversation: &conversation::Model,
    target: &Target,
    placed: Option<&Placed>,
) -> Result<()> {
    let names = Names::of(tx, id_in(target).into_iter().collect()).await?;
    let (words, who) = (describe(target, &names), sender(tx, actor).await?);
    let mut why =
        Words::owned(format!("Передача, {}: {}.", who.ru, words.ru), format!("Transfer by {}: {}.", who.en, words.en));
    let assigned = match placed {
        Some(Placed::Assigned { user, why: reason }) => {
            let name = user::find(tx, *user).await?.name;
            why = Words::owned(
                format!("{} Назначено: {name} ({}).", why.ru, reason.ru),
                format!("{} Assigned to {name} ({}).", why.en, reason.en),
            );
            Some(*user)
        }
        Some(_) => None,
        None => match target {
            Target::Operator { user_id } => Some(*user_id),
            _ => None,
        },
    };
    record(tx, id, conversation, Source::Transfer, target, assigned, why).await
}

async fn sender(tx: &Tx, actor: &Actor) -> Result<Words> {
    let person = match actor.user_id() {
        Some(id) => user::people(tx, [id]).await?.remove(&id),
        None => None,
    };
    Ok(person
        .map_or_else(|| Words::new("система", "the system"), |person| Words::owned(person.name.clone(), person.name)))
}
