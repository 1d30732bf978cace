//! Putting a conversation where a decision says.

use base::{Actor, ConversationId, GroupId, Result, Timestamp, UserId, Words};
use bus::Event;
use db::{Tx, dialect};
use desk::{client_category, conversation};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::assign::{LOCK, assign, hold, words};
use super::{Column, Entity, Model};
use crate::crew::{self, Case, Crew};
use crate::decision::{self, DecisionId, Source};
use crate::engine::{Waiting, best, refusal, turn_at};
use crate::offer::{self, OfferId};
use crate::skill::SkillId;
use crate::target::Target;

/// What a conversation takes besides what its line does.
#[derive(Clone, Debug, Default)]
pub struct Demand {
    pub skills: Vec<SkillId>,
}

/// Why a target cannot take work.
#[derive(Clone, Debug)]
pub struct Unavailable {
    pub code: &'static str,
    pub words: Words,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Placed {
    Assigned { user: UserId, why: Words },
    Offered { offer_id: OfferId, users: Vec<UserId> },
    Queued { group: Option<GroupId> },
}

/// Whether this target can take this conversation now. A group can as long as somebody of it is at work: whoever becomes
/// free gets it. Somebody by name must be able to take it at once.
pub async fn available(
    connection: &impl ConnectionTrait,
    conversation: &conversation::Model,
    target: &Target,
    demand: &Demand,
    now: Timestamp,
) -> Result<Result<(), Unavailable>> {
    if matches!(target, Target::Queue { .. }) {
        return Ok(Ok(()));
    }
    let crew = crew::load(connection, now).await?;
    Ok(ability(&crew, conversation, target, demand))
}

fn ability(
    crew: &Crew,
    conversation: &conversation::Model,
    target: &Target,
    demand: &Demand,
) -> Result<(), Unavailable> {
    let refused = |code, ru: &'static str, en: &'static str| Err(Unavailable { code, words: Words::new(ru, en) });
    let waiting = crew.waiting(&case_of(conversation, group_of(target), demand));
    match target {
        Target::Operator { user_id } => able(crew, *user_id, &waiting),
        Target::LastOperator => {
            refused("no_last_operator", "Этого клиента ещё никто не вёл", "Nobody has served this client before")
        }
        Target::Manager => {
            refused("no_manager", "У клиента нет ответственного", "Nobody is responsible for the client")
        }
        Target::Bot => refused("no_bot", "К линии не подключён бот", "The line has no bot"),
        Target::LeastLoaded { .. } if waiting.groups.is_empty() => {
            refused("other_group", "Группа не обслуживает эту линию", "The group does not serve this line")
        }
        Target::LeastLoaded { .. } if crew.anybody_at_work(&waiting) => Ok(()),
        Target::LeastLoaded { .. } => {
            refused("nobody", "В группе никого нет на работе", "Nobody of the group is at work")
        }
        Target::InviteGroup { .. } | Target::InviteAll => {
            let anybody = crew.operators.iter().any(|operator| refusal(operator, &waiting).is_none());
            if anybody {
                Ok(())
            } else {
                refused("nobody", "Предложить некому: никто не свободен", "Nobody is free to be invited")
            }
        }
        Target::Queue { .. } => Ok(()),
    }
}

/// Whether somebody by name can take it at once.
fn able(crew: &Crew, user: UserId, waiting: &Waiting) -> Result<(), Unavailable> {
    let Some(operator) = crew.operator(user) else {
        let words = Words::new("Этот сотрудник не отвечает клиентам", "This person does not answer clients");
        return Err(Unavailable { code: "not_operator", words });
    };
    let Some(why) = refusal(operator, waiting) else { return Ok(()) };
    let (code, words) = crew.refusal_words(user, why);
    let name = crew.name_of(user);
    let words = Words::owned(format!("{name}: {}", words.ru), format!("{name}: {}", words.en));
    Err(Unavailable { code, words })
}

/// Puts a conversation, which is held and has nobody, where a decision says.
pub async fn place(
    tx: &Tx,
    conversation: &conversation::Model,
    target: &Target,
    demand: &Demand,
    decision_id: DecisionId,
) -> Result<Placed> {
    if let Target::Queue { group_id: None } = target {
        return wait(tx, conversation, None, demand, decision_id).await;
    }
    dialect::lock(tx, LOCK).await?;
    let crew = crew::load(tx, tx.now()).await?;
    let group = group_of(target);
    let waiting = crew.waiting(&case_of(conversation, group, demand));
    match target {
        Target::InviteGroup { .. } | Target::InviteAll => {
            let invited: Vec<UserId> = crew
                .operators
                .iter()
                .filter(|operator| refusal(operator, &waiting).is_none())
                .map(|operator| operator.id)
                .collect();
            if invited.is_empty() {
                return wait(tx, conversation, group, demand, decision_id).await;
            }
            enter(tx, conversation, Waits { group, automatic: false, demand, decision: Some(decision_id) }).await?;
            let offer_id = offer::make(tx, conversation, &crew, &invited, Some(decision_id)).await?;
            Ok(Placed::Offered { offer_id, users: invited })
        }
        Target::Operator { user_id } => {
            let fits = able(&crew, *user_id, &waiting).is_ok() && !hold(tx, &[*user_id]).await?.is_empty();
            if !fits {
                return wait(tx, conversation, None, demand, decision_id).await;
            }
            let why = Words::new("назначен(а) по имени и может взять", "named, and able to take it");
            give(tx, &crew, conversation, *user_id, why).await
        }
        _ => {
            let Some((index, why)) = best(&crew.operators, &waiting) else {
                return wait(tx, conversation, group, demand, decision_id).await;
            };
            let user = crew.operators[index].id;
            if hold(tx, &[user]).await?.is_empty() {
                return wait(tx, conversation, group, demand, decision_id).await;
            }
            decision::keep_considered(tx, decision_id, &decision::considered(&crew, &crew.operators, &waiting)).await?;
            give(tx, &crew, conversation, user, words(&why)).await
        }
    }
}

async fn give(tx: &Tx, crew: &Crew, conversation: &conversation::Model, user: UserId, why: Words) -> Result<Placed> {
    assign(tx, &Actor::system(), crew, conversation.clone(), user, Source::Rule, &why).await?;
    Ok(Placed::Assigned { user, why })
}

/// Lets it wait: in a group's queue for whoever becomes free, in the common one for whoever is first.
async fn wait(
    tx: &Tx,
    conversation: &conversation::Model,
    group: Option<GroupId>,
    demand: &Demand,
    decision: DecisionId,
) -> Result<Placed> {
    enter(tx, conversation, Waits { group, automatic: group.is_some(), demand, decision: Some(decision) }).await?;
    super::want_drain(tx).await?;
    Ok(Placed::Queued { group })
}

/// How a conversation waits.
pub(crate) struct Waits<'a> {
    pub group: Option<GroupId>,
    pub automatic: bool,
    pub demand: &'a Demand,
    pub decision: Option<DecisionId>,
}

/// Puts a conversation into the queue, or changes how it waits there: whoever waits already keeps his place.
pub(crate) async fn enter(tx: &Tx, conversation: &conversation::Model, waits: Waits<'_>) -> Result<()> {
    let settings = crate::settings::get(tx).await?;
    let since = Entity::find_by_id(conversation.id).one(tx).await?.map_or(tx.now(), |entry| entry.entered_at);
    let weight = client_category::weight_of(tx, conversation.contact_id).await?;
    let row = Model {
        conversation_id: conversation.id,
        line_id: conversation.line_id,
        group_id: waits.group,
        automatic: waits.automatic,
        turn_at: turn_at(since, conversation.priority, weight, settings.aging_minutes_per_level),
        entered_at: since,
        skills: json!(waits.demand.skills),
        decision_id: waits.decision,
    };
    let columns =
        [Column::LineId, Column::GroupId, Column::Automatic, Column::TurnAt, Column::Skills, Column::DecisionId];
    Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(Column::ConversationId).update_columns(columns).to_owned())
        .exec_without_returning(tx)
        .await?;
    let event = Event::new("conversation_queued").subject(conversation.id.0).conversation(
        conversation.id,
        conversation.line_id,
        conversation.group_id,
    );
    bus::emit(tx, &Actor::system(), event.data(json!({"group_id": waits.group}))).await.map(drop)
}

/// Takes conversations out of the queue.
pub(crate) async fn forget(tx: &Tx, ids: &[ConversationId]) -> Result<()> {
    Entity::delete_many().filter(Column::ConversationId.is_in(ids.to_vec())).exec(tx).await?;
    Ok(())
}

pub(crate) fn case_of(conversation: &conversation::Model, group: Option<GroupId>, demand: &Demand) -> Case {
    Case {
        id: conversation.id,
        channel: conversation.channel,
        line_id: conversation.line_id,
        pinned: conversation.group_id,
        group,
        skills: demand.skills.clone(),
    }
}

fn group_of(target: &Target) -> Option<GroupId> {
    match target {
        Target::LeastLoaded { group_id } | Target::InviteGroup { group_id } => Some(*group_id),
        Target::Queue { group_id } => *group_id,
        _ => None,
    }
}
