//! What changes by the minute: who is there, and how long the queues are.

use std::collections::HashMap;

use base::{GroupId, LineId, Result, Timestamp, UserId};
use db::{Fetch, Row};
use desk::conversation;
use uuid::Uuid;

use super::{Counts, Facts, Volatile};
use crate::crew::{self, Crew};
use crate::engine::refusal;
use crate::queue::{self, Demand};
use crate::status::Status;

/// Of the line of this conversation and of every group, with whether the client's own people can take it.
pub async fn load_volatile(
    connection: &impl Fetch,
    conversation: &conversation::Model,
    facts: &Facts,
    now: Timestamp,
) -> Result<Volatile> {
    let crew = crew::load(connection, now).await?;
    let mut volatile = there(&crew, conversation.line_id);
    let waiting = crew.waiting(&queue::case_of(conversation, None, &Demand::default()));
    let can_take = |who: Option<UserId>| {
        who.and_then(|id| crew.operator(id)).is_some_and(|operator| refusal(operator, &waiting).is_none())
    };
    volatile.manager_available = can_take(facts.manager_id());
    volatile.last_operator_available = can_take(facts.last_operator_id());
    queues(connection, conversation, &mut volatile).await?;
    Ok(volatile)
}

fn there(crew: &Crew, line_id: LineId) -> Volatile {
    let serving = crew.groups.get(&line_id).map(Vec::as_slice).unwrap_or_default();
    let mut groups: HashMap<GroupId, Counts> = HashMap::new();
    let mut line = Counts::default();
    let only_on_shift = crew.only_on_shift(line_id);
    for operator in &crew.operators {
        let member = crew.members.get(&operator.id);
        let on_shift = i64::from(
            member.is_some_and(|member| !member.absent && member.duty.is_some_and(|duty| duty.until.is_some())),
        );
        let served = operator.groups.iter().any(|group| serving.contains(group));
        if on_shift > 0 {
            for group in &operator.groups {
                groups.entry(*group).or_default().on_shift += on_shift;
            }
            line.on_shift += i64::from(served);
        }
        let online = member.is_some_and(|member| !member.absent && member.status() != Status::Offline);
        if !online {
            continue;
        }
        let off = only_on_shift && operator.off_shift;
        let free = i64::from(operator.free && !off && operator.load < operator.limit);
        for group in &operator.groups {
            let counts = groups.entry(*group).or_default();
            counts.online += 1;
            counts.free += free;
        }
        if served {
            line.online += 1;
            line.free += free;
        }
    }
    Volatile { line, groups, ..Volatile::default() }
}

/// How many others wait.
async fn queues(connection: &impl Fetch, conversation: &conversation::Model, volatile: &mut Volatile) -> Result<()> {
    let sql =
        "select line_id, group_id, count(*) from queue_entry where conversation_id <> $1 group by line_id, group_id";
    let read = |row: &Row<'_>| Ok((LineId(row.get(0)?), row.get::<Option<Uuid>>(1)?.map(GroupId), row.get::<i64>(2)?));
    for (line_id, group, count) in connection.fetch(sql.to_owned(), vec![conversation.id.0.into()], read).await? {
        if line_id == conversation.line_id {
            volatile.line.queue += count;
        }
        if let Some(group) = group {
            volatile.groups.entry(group).or_default().queue += count;
        }
    }
    Ok(())
}
