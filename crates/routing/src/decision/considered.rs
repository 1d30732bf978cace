//! Who was considered when work was given to one of several: each with his groups, his work then, and why not he. Kept as
//! long as the decision.

use base::{GroupId, Language, Result, UserId, Words};
use db::Tx;
use desk::people::StaffRef;
use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DecisionId, Names};
use crate::crew::Crew;
use crate::engine::{Operator, Refusal, WHOLE, Waiting, refusal};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_considered")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub decision_id: DecisionId,
    /// `[Considered]`
    pub operators: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One of those who serve the conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Considered {
    pub user_id: UserId,
    /// By which of his groups he could have had it.
    pub groups: Vec<GroupId>,
    /// His work then, and his limit, in hundredths of a conversation.
    pub load: i64,
    pub limit: i64,
    /// Why not he; none: he could have had it.
    pub refused: Option<Words>,
}

/// No explanation is read that is longer.
const MOST: usize = 30;

/// Everybody of the groups that serve it: who could have it first, those with the least work first.
pub(crate) fn considered(crew: &Crew, operators: &[Operator], waiting: &Waiting) -> Vec<Considered> {
    let one = |operator: &Operator| {
        let refused = match refusal(operator, waiting) {
            Some(Refusal::OtherGroup) => return None,
            Some(why) => Some(crew.refusal_words(operator.id, why).1),
            None => None,
        };
        let groups = operator.groups.iter().copied().filter(|group| waiting.groups.contains(group)).collect();
        Some(Considered { user_id: operator.id, groups, load: operator.load, limit: operator.limit, refused })
    };
    let mut all: Vec<Considered> = operators.iter().filter_map(one).collect();
    all.sort_by_key(|one| (one.refused.is_some(), one.load));
    all.truncate(MOST);
    all
}

/// Keeps who was considered, beside the decision.
pub(crate) async fn keep(tx: &Tx, id: DecisionId, all: &[Considered]) -> Result<()> {
    let row = Model { decision_id: id, operators: serde_json::to_value(all)? };
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}

/// Those of these decisions in which several were considered.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    ids: &[DecisionId],
) -> Result<Vec<(DecisionId, Vec<Considered>)>> {
    let rows = Entity::find().filter(Column::DecisionId.is_in(ids.iter().copied())).all(connection).await?;
    rows.into_iter().map(|row| Ok((row.decision_id, serde_json::from_value(row.operators)?))).collect()
}

/// Somebody who was considered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoutingCandidate {
    user: StaffRef,
    /// What the groups are called by which he could have had it.
    groups: Vec<String>,
    /// His work then, by the weights of channels.
    load: f64,
    limit: i64,
    /// Why not he, in the reader's language; null: he could have had it.
    reason: Option<String>,
    /// He got it.
    chosen: bool,
}

pub(super) fn view(
    all: Vec<Considered>,
    chosen: Option<UserId>,
    names: &Names,
    language: Language,
) -> Vec<RoutingCandidate> {
    let one = |one: Considered| {
        Some(RoutingCandidate {
            chosen: chosen == Some(one.user_id),
            user: names.staff(one.user_id)?,
            groups: one.groups.iter().filter_map(|group| names.any(group.0)).collect(),
            load: one.load as f64 / WHOLE as f64,
            limit: one.limit / WHOLE,
            reason: one.refused.map(|words| words.get(language).to_owned()),
        })
    };
    all.into_iter().filter_map(one).collect()
}
