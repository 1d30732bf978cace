//! Where a conversation can be transferred, and why not elsewhere.

use std::collections::HashSet;

use base::{Actor, GroupId, Language, LineId, Result, Timestamp, UserId};
use desk::conversation;
use desk::group::{self, GroupRef};
use desk::line;
use desk::people::{LineRef, StaffRef};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::level;
use crate::crew::{self, Crew};
use crate::engine::{Refusal, WHOLE, refusal};
use crate::queue::{Demand, case_of};
use crate::status::Status;

/// A colleague.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OperatorTarget {
    pub user: StaffRef,
    pub status: Status,
    pub open: i64,
    /// Open conversations by the weights of their channels: what the limit counts.
    pub load: f64,
    pub limit: i64,
    pub available: bool,
    /// Why not, for people.
    pub reason: Option<String>,
    /// The same for programs: `away`, `busy`, `dnd`, `offline`, `off_shift`, `absent`, `limit`, `channel_limit`, `no_skill`, `has_it`.
    pub code: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct GroupTarget {
    pub group: GroupRef,
    /// How many of it are free.
    pub free: i64,
    pub available: bool,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LineTarget {
    pub line: LineRef,
    /// It stands behind this line, takes what this one cannot solve.
    pub second_line: bool,
    /// The conversation came from there.
    pub came_from: bool,
    pub available: bool,
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TransferTargets {
    pub operators: Vec<OperatorTarget>,
    pub groups: Vec<GroupTarget>,
    pub lines: Vec<LineTarget>,
}

/// Everything there is, for people to choose from.
pub(super) async fn targets(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    conversation: &conversation::Model,
    now: Timestamp,
) -> Result<TransferTargets> {
    let crew = crew::load(connection, now).await?;
    Ok(TransferTargets {
        operators: operators(&crew, conversation, actor.language),
        groups: groups(connection, &crew, conversation, actor.language).await?,
        lines: lines(connection, actor, conversation).await?,
    })
}

fn operators(crew: &Crew, conversation: &conversation::Model, language: Language) -> Vec<OperatorTarget> {
    let mut waiting = crew.waiting(&case_of(conversation, None, &Demand::default()));
    // Where colleagues may be given more than routing would, shifts do not matter either.
    waiting.only_on_shift &= crew.settings.only_online_assignable;
    let target = |operator: &crate::engine::Operator| {
        let member = crew.members.get(&operator.id)?;
        let refused = match refusal(operator, &waiting) {
            Some(Refusal::OtherGroup) => return None,
            _ if conversation.assignee_id == Some(operator.id) => {
                Some(("has_it", base::Words::new("уже ведёт это обращение", "has this conversation already")))
            }
            Some(why) => Some(crew.refusal_words(operator.id, why)),
            None => None,
        };
        let refused = refused.filter(|(code, _)| crew.settings.only_online_assignable || firm(code));
        Some(OperatorTarget {
            user: member.person.clone(),
            status: member.status(),
            open: member.open,
            load: operator.load as f64 / WHOLE as f64,
            limit: operator.limit / WHOLE,
            available: refused.is_none(),
            reason: refused.as_ref().map(|(_, words)| words.get(language).to_owned()),
            code: refused.map(|(code, _)| code),
        })
    };
    crew.operators.iter().filter_map(target).collect()
}

/// What stands against a transfer in any case, also where colleagues may be given more than routing would.
fn firm(code: &str) -> bool {
    matches!(code, "dnd" | "offline" | "absent" | "has_it" | "no_skill")
}

async fn groups(
    connection: &impl ConnectionTrait,
    crew: &Crew,
    conversation: &conversation::Model,
    language: Language,
) -> Result<Vec<GroupTarget>> {
    let serving = crew.groups.get(&conversation.line_id).cloned().unwrap_or_default();
    let all = group::list(connection).await?;
    let target = |row: group::Model| {
        let waiting = crew.waiting(&case_of(conversation, Some(row.id), &Demand::default()));
        let free = crew.operators.iter().filter(|one| refusal(one, &waiting).is_none()).count();
        let reason = if waiting.groups.is_empty() {
            Some(base::Words::new("обращение принадлежит другой группе", "the conversation belongs to another group"))
        } else if crew.anybody_at_work(&waiting) {
            None
        } else {
            Some(base::Words::new("никого нет на работе", "nobody is at work"))
        };
        GroupTarget {
            group: GroupRef { id: row.id, name: row.name },
            free: i64::try_from(free).unwrap_or(i64::MAX),
            available: reason.is_none(),
            reason: reason.map(|words| words.get(language).to_owned()),
        }
    };
    Ok(all.into_iter().filter(|row| serving.contains(&row.id)).map(target).collect())
}

/// The lines the actor sees, those that stand behind or before this one, and the one it came from.
pub(super) async fn lines(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    conversation: &conversation::Model,
) -> Result<Vec<LineTarget>> {
    let here = conversation.line_id;
    let levels = level::Entity::find()
        .filter(Condition::any().add(level::Column::FirstLineId.eq(here)).add(level::Column::LineId.eq(here)))
        .all(connection)
        .await?;
    let behind: HashSet<LineId> =
        levels.iter().filter(|one| one.first_line_id == here).map(|one| one.line_id).collect();
    let before = levels.iter().filter(|one| one.line_id == here).map(|one| one.first_line_id);
    let came_from = came_from(connection, conversation).await?;
    let mut known: HashSet<LineId> =
        line::list(connection, actor, false).await?.into_iter().map(|line| line.id).collect();
    known.extend(behind.iter().copied());
    known.extend(before);
    known.extend(came_from);
    known.remove(&here);
    let rows = line::Entity::find().filter(line::Column::Id.is_in(known)).order_by_asc(line::Column::Name);
    let target = |row: line::Model| {
        let archived = row.archived_at.is_some();
        let words = base::Words::new("линия в архиве", "the line is archived");
        LineTarget {
            second_line: behind.contains(&row.id),
            came_from: came_from == Some(row.id),
            available: !archived,
            reason: archived.then(|| words.get(actor.language).to_owned()),
            line: LineRef { id: row.id, key: row.key, name: row.name },
        }
    };
    Ok(rows.all(connection).await?.into_iter().map(target).collect())
}

/// The line a conversation was on before it was transferred here.
async fn came_from(connection: &impl ConnectionTrait, conversation: &conversation::Model) -> Result<Option<LineId>> {
    let last = bus::Entity::find()
        .filter(bus::Column::ConversationId.eq(conversation.id))
        .filter(bus::Column::Kind.eq("conversation_transferred"))
        .filter(bus::Column::LineId.eq(conversation.line_id))
        .order_by_desc(bus::Column::Seq)
        .one(connection)
        .await?;
    let from = last.and_then(|event| serde_json::from_value(event.data["from_line"]["id"].clone()).ok());
    Ok(from.filter(|line| *line != conversation.line_id))
}

/// One of them by id, for a transfer.
pub(super) fn operator(crew: &Crew, conversation: &conversation::Model, id: UserId) -> Option<OperatorTarget> {
    operators(crew, conversation, Language::Ru).into_iter().find(|target| target.user.id == id)
}

/// The same for a refusal in both languages.
pub(super) fn refusal_of(crew: &Crew, conversation: &conversation::Model, id: UserId) -> base::Words {
    let in_language = |language| {
        let found = operators(crew, conversation, language).into_iter().find(|target| target.user.id == id);
        found.and_then(|target| target.reason)
    };
    let name = crew.members.get(&id).map(|member| member.person.name.clone()).unwrap_or_default();
    let ru = in_language(Language::Ru).unwrap_or_else(|| "не обслуживает эту линию".to_owned());
    let en = in_language(Language::En).unwrap_or_else(|| "does not serve this line".to_owned());
    base::Words::owned(format!("{name}: {ru}"), format!("{name}: {en}"))
}

pub(super) fn serves(crew: &Crew, conversation: &conversation::Model, id: GroupId) -> bool {
    crew.groups.get(&conversation.line_id).is_some_and(|groups| groups.contains(&id))
}
