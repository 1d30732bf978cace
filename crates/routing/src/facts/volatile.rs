//! What changes by the minute: who is there, and how long the queues are.

use std::collections::{HashMap, HashSet};

use base::{GroupId, Result, Timestamp, UserId};
use chrono::Duration;
use db::{Fetch, Row};
use desk::conversation;
use uuid::Uuid;

use super::{Counts, Facts, Volatile};
use crate::queue::{self, Demand};
use crate::target::Target;

/// Of the line of this conversation and its groups, with whether the client's own people can take it.
pub async fn load_volatile(
    connection: &impl Fetch,
    conversation: &conversation::Model,
    facts: &Facts,
    now: Timestamp,
) -> Result<Volatile> {
    let mut volatile = counts(connection, conversation, now).await?;
    volatile.manager_available = can_take(connection, conversation, facts.manager_id()).await?;
    volatile.last_operator_available = can_take(connection, conversation, facts.last_operator_id()).await?;
    Ok(volatile)
}

async fn can_take(connection: &impl Fetch, conversation: &conversation::Model, who: Option<UserId>) -> Result<bool> {
    let Some(user_id) = who else { return Ok(false) };
    let target = Target::Operator { user_id };
    Ok(queue::available(connection, conversation, &target, &Demand::default()).await?.is_ok())
}

async fn counts(connection: &impl Fetch, conversation: &conversation::Model, now: Timestamp) -> Result<Volatile> {
    let seen = now - Duration::minutes(5);
    let sql = "select g.group_id, s.id from line_group g join group_member m on m.group_id = g.group_id \
        join staff s on s.id = m.user_id where g.line_id = $1 and g.part = 'operators' and not s.blocked \
        and s.last_seen_at >= $2";
    let read = |row: &Row<'_>| Ok((GroupId(row.get::<Uuid>(0)?), row.get::<Uuid>(1)?));
    let there = connection.fetch(sql.to_owned(), vec![conversation.line_id.0.into(), seen.into()], read).await?;
    let mut groups: HashMap<GroupId, Counts> = HashMap::new();
    let mut people: HashSet<Uuid> = HashSet::new();
    for (group, person) in there {
        let counts = groups.entry(group).or_default();
        counts.online += 1;
        counts.free += 1;
        people.insert(person);
    }
    let sql = "select group_id, count(*) from conversation where line_id = $1 and status = 'open' \
        and assignee_id is null and id <> $2 group by group_id";
    let read = |row: &Row<'_>| Ok((row.get::<Option<Uuid>>(0)?.map(GroupId), row.get::<i64>(1)?));
    let values = vec![conversation.line_id.0.into(), conversation.id.0.into()];
    let online = people.len() as i64;
    let mut line = Counts { online, free: online, queue: 0 };
    for (group, count) in connection.fetch(sql.to_owned(), values, read).await? {
        line.queue += count;
        if let Some(group) = group {
            groups.entry(group).or_default().queue += count;
        }
    }
    Ok(Volatile { line, groups, ..Volatile::default() })
}
