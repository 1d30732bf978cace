//! Placing conversations: with an operator, or in the queue of their line, from which whoever is first takes.
//!
//! Invariant: only who may be given conversations of the line gets one.

use base::{Actor, GroupId, LineId, Result, UserId, Words};
use db::{Fetch, Row, Tx};
use desk::{conversation, user};
use uuid::Uuid;

use crate::decision::DecisionId;
use crate::skill::SkillId;
use crate::target::Target;

/// What the operator must be able to do.
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

/// Where a conversation went.
#[derive(Clone, Debug)]
pub enum Placed {
    Assigned { user: UserId, why: Words },
    Queued { group: Option<GroupId> },
}

/// Whether a target can take a conversation; if not, why.
pub async fn available(
    connection: &impl Fetch,
    conversation: &conversation::Model,
    target: &Target,
    demand: &Demand,
) -> Result<Result<(), Unavailable>> {
    let refused = |code, words| Ok(Err(Unavailable { code, words }));
    if !demand.skills.is_empty() {
        return refused("no_skill", Words::new("нет нужных навыков", "lacks the skills it takes"));
    }
    match target {
        Target::Operator { user_id } => {
            let found = user::assignable(connection, *user_id, conversation.line_id, conversation.group_id).await;
            match found {
                Ok(_) => Ok(Ok(())),
                Err(base::Error::Invalid(_)) => {
                    refused("other_group", Words::new("не обслуживает эту линию", "does not serve this line"))
                }
                Err(other) => Err(other),
            }
        }
        Target::LeastLoaded { group_id } => match least_loaded(connection, conversation.line_id, *group_id).await? {
            Some(_) => Ok(Ok(())),
            None => refused("nobody", Words::new("в группе никого нет", "the group has nobody")),
        },
        _ => Ok(Ok(())),
    }
}

/// Places a conversation that is held.
pub async fn place(
    tx: &Tx,
    conversation: &conversation::Model,
    target: &Target,
    _demand: &Demand,
    _decision: DecisionId,
) -> Result<Placed> {
    let found = match target {
        Target::Operator { user_id } => Some((*user_id, Words::new("назван в правиле", "named by the rule"))),
        Target::LeastLoaded { group_id } => least_loaded(tx, conversation.line_id, *group_id).await?,
        _ => None,
    };
    let Some((user, why)) = found else {
        let group = match target {
            Target::LeastLoaded { group_id } | Target::InviteGroup { group_id } => Some(*group_id),
            Target::Queue { group_id } => *group_id,
            _ => None,
        };
        return Ok(Placed::Queued { group });
    };
    conversation::assign(tx, &Actor::system(), conversation.id, Some(user)).await?;
    Ok(Placed::Assigned { user, why })
}

/// Whoever of the group has the fewest open conversations; of equal ones whoever was given his last one longest ago.
async fn least_loaded(connection: &impl Fetch, line_id: LineId, group_id: GroupId) -> Result<Option<(UserId, Words)>> {
    let sql = "select s.id, (select count(*) from conversation c where c.assignee_id = s.id and c.status = 'open') as open \
        from group_member m join line_group g on g.group_id = m.group_id and g.part = 'operators' \
        join staff s on s.id = m.user_id and not s.blocked where g.line_id = $1 and m.group_id = $2 \
        order by open, (select max(d.created_at) from routing_decision d where d.assigned_id = s.id) nulls first, s.id \
        limit 1";
    let values = vec![line_id.0.into(), group_id.0.into()];
    let read = |row: &Row<'_>| Ok((UserId(row.get::<Uuid>(0)?), row.get::<i64>(1)?));
    let found = connection.fetch(sql.to_owned(), values, read).await?.pop();
    Ok(found.map(|(user, open)| {
        (user, Words::owned(format!("меньше всех в работе: {open}"), format!("the fewest open conversations: {open}")))
    }))
}
