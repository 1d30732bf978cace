//! What nobody has taken for too long goes elsewhere.

use base::{Actor, ConversationId, Result, Words};
use db::Tx;
use desk::{line, schedule};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{Column, Entity, Model, Source};
use super::route::{store, taken, waiting};
use super::{DecisionId, Names, Structure, describe, id_in};
use crate::facts::{self, Opened};
use crate::queue::{self, Demand};
use crate::rule::Overflow;
use crate::target::Target;

/// Places a conversation where its decision says, if that decision is still the last word and nobody has it.
pub(super) async fn overflow(tx: &Tx, id: ConversationId, decision_id: DecisionId) -> Result<()> {
    let Some(conversation) = waiting(tx, id).await? else { return Ok(()) };
    let latest = Entity::find().filter(Column::ConversationId.eq(id)).order_by_desc(Column::CreatedAt);
    let Some(latest) = latest.order_by_desc(Column::Id).one(tx).await?.filter(|last| last.id == decision_id) else {
        return Ok(());
    };
    let Some(overflow) = latest.overflow.map(serde_json::from_value::<Overflow>).transpose()? else { return Ok(()) };
    let line = line::find(tx, &Actor::system(), conversation.line_id).await?;
    let clock = schedule::hours(tx, line.schedule_id).await?;
    let one = std::slice::from_ref(&conversation);
    let facts = facts::load(tx, &line, &clock, one, Opened::NowAt(tx.now())).await?.pop();
    let named = match &facts {
        Some(facts) => Structure::of(&overflow.target, facts),
        None => Ok(overflow.target.clone()),
    };
    let demand = Demand::default();
    // Where nobody can take it now it waits in the line's queue, which everybody sees.
    let (target, note) = match named {
        Err(why) => (Target::Queue { group_id: None }, Some(why)),
        Ok(target) => match queue::available(tx, &conversation, &target, &demand, tx.now()).await? {
            Ok(()) => (target, None),
            Err(why) => (Target::Queue { group_id: None }, Some(why.words)),
        },
    };
    let new = DecisionId(tx.new_id());
    let placed = queue::place(tx, &conversation, &target, &demand, new).await?;
    let taken = taken(tx, &placed).await?;
    let names = Names::of(tx, id_in(&target).into_iter().collect()).await?;
    let words = describe(&target, &names);
    let minutes = overflow.minutes;
    let mut why = Words::owned(
        format!("Никто не взял за {minutes} мин: {}.", words.ru),
        format!("Nobody took it within {minutes} min: {}.", words.en),
    );
    if let Some((_, name, reason)) = &taken {
        why = Words::owned(
            format!("{} Назначено: {name} ({}).", why.ru, reason.ru),
            format!("{} Assigned to {name} ({}).", why.en, reason.en),
        );
    }
    if let Some(note) = note {
        why = Words::owned(format!("{} {}.", why.ru, note.ru), format!("{} {}.", why.en, note.en));
    }
    let attempts = Entity::find().filter(Column::Opening.eq(latest.opening)).order_by_desc(Column::Attempt);
    let attempt = attempts.one(tx).await?.map_or(0, |last| last.attempt + 1);
    let row = Model {
        id: new,
        conversation_id: id,
        line_id: line.id,
        opening: latest.opening,
        attempt,
        source: Source::Overflow,
        rule_id: None,
        target: serde_json::to_value(&target)?,
        assigned_id: taken.map(|(user, _, _)| user),
        why: serde_json::to_value(&why)?,
        verdicts: serde_json::json!([]),
        circumstances: serde_json::json!({}),
        overflow: None,
        created_at: tx.now(),
    };
    store(tx, &conversation, row, None, &why).await
}
