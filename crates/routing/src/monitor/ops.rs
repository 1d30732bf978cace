//! What the monitor counts.

use std::collections::HashMap;

use base::{Actor, LineId, Result, Timestamp};
use db::{Fetch, Row, places};
use desk::conversation::Status as ConversationStatus;
use desk::people::LineRef;
use sea_orm::Value;
use serde::Serialize;

use crate::crew::{self, Crew};
use crate::status::{OperatorView, Status, views};
use crate::supervisor;

/// A line now.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LineNow {
    pub line: LineRef,
    /// Operators of the line by their status.
    pub free: i64,
    pub busy: i64,
    pub away: i64,
    pub dnd: i64,
    pub offline: i64,
    /// Open conversations that nobody has.
    pub queue: i64,
    /// Of the one that waits longest; null: nobody waits.
    pub longest_wait_seconds: Option<i64>,
    pub open: i64,
    /// Open ones in which the client spoke last.
    pub unanswered: i64,
    /// Open ones with a broken promise that is still to be kept.
    pub overdue: i64,
    pub marks_today: MarksToday,
    pub closed_today: i64,
    pub new_today: i64,
}

/// Marks of clients since midnight of the company.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub(super) struct MarksToday {
    pub count: i64,
    /// Null: there were none.
    pub average: Option<f64>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Monitor {
    pub lines: Vec<LineNow>,
    pub operators: Vec<OperatorView>,
}

#[derive(Clone, Debug, Default)]
struct Counts {
    open: i64,
    queue: i64,
    oldest: Option<Timestamp>,
    unanswered: i64,
    overdue: i64,
    closed_today: i64,
    new_today: i64,
    marks: i64,
    stars: i64,
}

/// The lines the actor watches over, and who serves them.
pub(super) async fn monitor(
    connection: &impl Fetch,
    actor: &Actor,
    now: Timestamp,
    midnight: Timestamp,
) -> Result<Monitor> {
    let lines = supervisor::supervised(connection, actor).await?;
    if lines.is_empty() {
        return Ok(Monitor { lines: Vec::new(), operators: Vec::new() });
    }
    let ids: Vec<LineId> = lines.iter().map(|line| line.id).collect();
    let crew = crew::load(connection, now).await?;
    let mut counts = counts(connection, &ids, now, midnight).await?;
    let now_of = |line: desk::line::Model| {
        let counts = counts.remove(&line.id).unwrap_or_default();
        let people = |status: Status| people(&crew, line.id, status);
        LineNow {
            free: people(Status::Free),
            busy: people(Status::Busy),
            away: people(Status::Away),
            dnd: people(Status::Dnd),
            offline: people(Status::Offline),
            queue: counts.queue,
            longest_wait_seconds: counts.oldest.map(|oldest| (now - oldest).num_seconds().max(0)),
            open: counts.open,
            unanswered: counts.unanswered,
            overdue: counts.overdue,
            marks_today: MarksToday {
                count: counts.marks,
                average: (counts.marks > 0).then(|| counts.stars as f64 / counts.marks as f64),
            },
            closed_today: counts.closed_today,
            new_today: counts.new_today,
            line: LineRef { id: line.id, key: line.key, name: line.name },
        }
    };
    let lines = lines.into_iter().map(now_of).collect();
    let serves = |user| crew.operator(user).is_some_and(|one| ids.iter().any(|line| serves(&crew, *line, &one.groups)));
    let operators = views(connection, actor, &crew, serves).await?;
    Ok(Monitor { lines, operators })
}

fn serves(crew: &Crew, line: LineId, groups: &[base::GroupId]) -> bool {
    crew.groups.get(&line).is_some_and(|serving| serving.iter().any(|group| groups.contains(group)))
}

fn people(crew: &Crew, line: LineId, status: Status) -> i64 {
    let count = crew.operators.iter().filter(|operator| {
        let own = crew.members.get(&operator.id).map_or(Status::Offline, |member| member.status());
        own == status && serves(crew, line, &operator.groups)
    });
    i64::try_from(count.count()).unwrap_or(i64::MAX)
}

async fn counts(
    connection: &impl Fetch,
    lines: &[LineId],
    now: Timestamp,
    midnight: Timestamp,
) -> Result<HashMap<LineId, Counts>> {
    let mut all: HashMap<LineId, Counts> = HashMap::new();
    let ids = places(1, lines.len());
    let values: Vec<Value> = lines.iter().map(|line| line.0.into()).collect();
    // When it began to wait: since it is in the queue, else since the client wrote last.
    let sql = format!(
        "select c.line_id, count(*), cast(sum(case when c.assignee_id is null then 1 else 0 end) as bigint), \
         min(case when c.assignee_id is null then coalesce(q.entered_at, c.last_message_at) end), \
         cast(sum(case when c.last_from = 'client' then 1 else 0 end) as bigint), \
         cast(sum(case when c.due_order <= ${at} then 1 else 0 end) as bigint) \
         from conversation c left join queue_entry q on q.conversation_id = c.id \
         where c.status = '{}' and c.line_id in ({ids}) group by c.line_id",
        ConversationStatus::Open.as_str(),
        at = lines.len() + 1
    );
    let until_now: Vec<Value> = values.iter().cloned().chain([now.into()]).collect();
    let read = |row: &Row<'_>| {
        let counts = Counts {
            open: row.get(1)?,
            queue: row.get(2)?,
            oldest: row.get(3)?,
            unanswered: row.get(4)?,
            overdue: row.get(5)?,
            ..Counts::default()
        };
        Ok((LineId(row.get(0)?), counts))
    };
    all.extend(connection.fetch(sql, until_now, read).await?);
    let mut since = values;
    since.push(midnight.into());
    let at = since.len();
    let today = [
        format!(
            "select line_id, count(*), cast(0 as bigint) from conversation where line_id in ({ids}) and created_at >= ${at} and status <> 'spam' group by line_id"
        ),
        format!(
            "select line_id, count(*), cast(0 as bigint) from conversation where line_id in ({ids}) and status = 'closed' and closed_at >= ${at} group by line_id"
        ),
        format!(
            "select c.line_id, count(*), cast(sum(r.stars) as bigint) from rating r join conversation c on c.id = r.conversation_id where c.line_id in ({ids}) and r.rated_at >= ${at} group by c.line_id"
        ),
    ];
    for (index, sql) in today.into_iter().enumerate() {
        let read = |row: &Row<'_>| Ok((LineId(row.get(0)?), row.get::<i64>(1)?, row.get::<i64>(2)?));
        for (line, count, sum) in connection.fetch(sql, since.clone(), read).await? {
            let counts = all.entry(line).or_default();
            match index {
                0 => counts.new_today = count,
                1 => counts.closed_today = count,
                _ => (counts.marks, counts.stars) = (count, sum),
            }
        }
    }
    Ok(all)
}
