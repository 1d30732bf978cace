//! How promises were kept: figures, and the very cases behind them.

use std::collections::{BTreeSet, HashMap};

use base::{Actor, ConversationId, LineId, Page, PageRequest, Permission, Result, TicketId, Timestamp};
use chrono::{DateTime, Utc};
use db::Fetch;
use desk::conversation::{self, DueNorm};
use desk::{line, ticket};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::ClockId;
use super::cause::Cause;
use super::entity::{Column, Entity, Model, State, only};
use crate::policy::{self, Definition, PolicyId};
use crate::subject::{About, Subject};

#[derive(Clone, Copy)]
pub(super) struct Period {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Whose promises.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    /// Only this line; all of the actor's unless told.
    pub line: Option<LineId>,
    /// Only conversations or only tickets.
    pub of: Option<Subject>,
    pub period: Period,
}

/// Which promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Wanted {
    #[default]
    All,
    /// Done in time.
    Kept,
    /// Done late, or late and still to be done.
    Missed,
    /// In time so far.
    Open,
}

/// How the promises of one norm were kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SlaNormFigures)]
pub(super) struct NormFigures {
    norm: DueNorm,
    /// Without those nobody waits for any more.
    total: i64,
    kept: i64,
    missed: i64,
    /// In time so far.
    open: i64,
    /// Of those that are decided, 0 to 100; null: none is.
    kept_percent: Option<f64>,
    /// In counted time, of those that are done; null: none is.
    mean_seconds: Option<i64>,
    /// Nine of ten took no longer.
    p90_seconds: Option<i64>,
    /// What the missed ones are put down to, the most frequent first.
    causes: Vec<CauseCount>,
}

/// How many missed promises are put down to one cause.
#[derive(Debug, Serialize, FromQueryResult, ToSchema)]
#[schema(as = SlaCauseCount)]
pub(super) struct CauseCount {
    /// Null: it was not looked for, with promises that were missed before Otklik did.
    cause: Option<Cause>,
    count: i64,
}

/// A promise of the report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SlaCase)]
pub(super) struct Case {
    id: ClockId,
    /// Null: it is a ticket's.
    conversation_id: Option<ConversationId>,
    /// Null: it is a conversation's.
    ticket_id: Option<TicketId>,
    /// What people call the conversation or the ticket by.
    number: i64,
    subject: String,
    line_id: LineId,
    norm: DueNorm,
    state: State,
    target_seconds: i64,
    started_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    missed_at: Option<DateTime<Utc>>,
    /// What that is put down to.
    cause: Option<Cause>,
    ended_at: Option<DateTime<Utc>>,
}

async fn lines(connection: &impl Fetch, actor: &Actor, scope: Scope) -> Result<Vec<LineId>> {
    let all = line::list(connection, actor, true).await?.into_iter().map(|line| line.id);
    Ok(all.filter(|id| scope.line.is_none_or(|wanted| wanted == *id)).collect())
}

/// The share of promises that is to be kept, when the policies of these lines agree about it.
pub(super) async fn wanted_percent(connection: &impl Fetch, actor: &Actor, scope: Scope) -> Result<Option<i64>> {
    let holders = policy::holders(connection).await?;
    let held: BTreeSet<PolicyId> =
        lines(connection, actor, scope).await?.iter().filter_map(|line| holders.lines.get(line).copied()).collect();
    let mut wanted = BTreeSet::new();
    for one in policy::list(connection).await?.into_iter().filter(|one| held.contains(&one.id)) {
        let definition: Definition = serde_json::from_value(one.definition)?;
        let share = definition.share.filter(|share| share.of.is_none() || share.of == scope.of);
        wanted.extend(share.map(|share| share.percent));
    }
    Ok(wanted.pop_first().filter(|_| wanted.is_empty()))
}

/// The promises of a period on the actor's lines.
async fn of_period(connection: &impl Fetch, actor: &Actor, scope: Scope) -> Result<Select<Entity>> {
    let lines = lines(connection, actor, scope).await?;
    let Scope { line: _, of, period } = scope;
    let all = Entity::find()
        .filter(Column::LineId.is_in(lines))
        .filter(Column::State.ne(State::Dropped))
        .filter(Column::StartedAt.gte(period.from))
        .filter(Column::StartedAt.lt(period.to));
    Ok(only(all, of))
}

#[derive(FromQueryResult)]
struct Count {
    norm: DueNorm,
    state: State,
    missed: bool,
    count: i64,
    seconds: i64,
}

pub(super) async fn figures(connection: &impl Fetch, actor: &Actor, scope: Scope) -> Result<Vec<NormFigures>> {
    let query = of_period(connection, actor, scope).await?;
    let missed = Column::MissedAt.is_not_null();
    let counts: Vec<Count> = query
        .clone()
        .select_only()
        .columns([Column::Norm, Column::State])
        .expr_as(missed.clone(), "missed")
        .expr_as(Column::Id.count(), "count")
        // As a whole number: PostgreSQL sums to another type than it adds.
        .expr_as(Expr::cust("cast(coalesce(sum(consumed_micros / 1000000), 0) as bigint)"), "seconds")
        .group_by(Column::Norm)
        .group_by(Column::State)
        .group_by(missed)
        .into_model()
        .all(connection)
        .await?;
    let mut figures = Vec::new();
    for norm in [DueNorm::Reaction, DueNorm::Reply, DueNorm::Resolution] {
        let ours: Vec<&Count> = counts.iter().filter(|count| count.norm == norm).collect();
        if ours.is_empty() {
            continue;
        }
        let done = ours.iter().filter(|count| count.state == State::Done).map(|count| count.count).sum();
        let causes = causes(connection, query.clone(), norm).await?;
        let p90_seconds = if done > 0 { p90(connection, query.clone(), norm, done).await? } else { None };
        figures.push(of_norm(norm, &ours, done, p90_seconds, causes));
    }
    Ok(figures)
}

/// What nine of ten that are done took at most.
async fn p90(connection: &impl Fetch, query: Select<Entity>, norm: DueNorm, done: i64) -> Result<Option<i64>> {
    let place = (done.unsigned_abs() * 9).div_ceil(10) - 1;
    let took: Option<i64> = query
        .select_only()
        .column(Column::ConsumedMicros)
        .filter(Column::Norm.eq(norm))
        .filter(Column::State.eq(State::Done))
        .order_by_asc(Column::ConsumedMicros)
        .offset(place)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(took.map(|micros| micros / 1_000_000))
}

async fn causes(connection: &impl Fetch, query: Select<Entity>, norm: DueNorm) -> Result<Vec<CauseCount>> {
    let mut counts: Vec<CauseCount> = query
        .select_only()
        .column(Column::Cause)
        .expr_as(Column::Id.count(), "count")
        .filter(Column::Norm.eq(norm))
        .filter(Column::MissedAt.is_not_null())
        .group_by(Column::Cause)
        .into_model()
        .all(connection)
        .await?;
    counts.sort_by_key(|count| (-count.count, count.cause.map(Cause::as_str)));
    Ok(counts)
}

fn of_norm(
    norm: DueNorm,
    ours: &[&Count],
    done: i64,
    p90_seconds: Option<i64>,
    causes: Vec<CauseCount>,
) -> NormFigures {
    let sum = |test: &dyn Fn(&Count) -> bool, of: fn(&Count) -> i64| -> i64 {
        ours.iter().filter(|count| test(count)).map(|count| of(count)).sum()
    };
    let total = sum(&|_| true, |count| count.count);
    let kept = sum(&|count| count.state == State::Done && !count.missed, |count| count.count);
    let missed = sum(&|count| count.missed, |count| count.count);
    let took = sum(&|count| count.state == State::Done, |count| count.seconds);
    let decided = kept + missed;
    NormFigures {
        norm,
        total,
        kept,
        missed,
        open: total - decided,
        kept_percent: (decided > 0).then(|| (kept as f64 * 1000.0 / decided as f64).round() / 10.0),
        mean_seconds: (done > 0).then(|| took / done),
        p90_seconds,
        causes,
    }
}

pub(super) async fn cases(
    connection: &impl Fetch,
    actor: &Actor,
    scope: Scope,
    norm: Option<DueNorm>,
    result: Wanted,
    cause: Option<Cause>,
    page: &PageRequest,
) -> Result<Page<Case>> {
    let mut query = of_period(connection, actor, scope).await?;
    if let Some(cause) = cause {
        query = query.filter(Column::MissedAt.is_not_null()).filter(Column::Cause.eq(cause));
    }
    if let Some(norm) = norm {
        query = query.filter(Column::Norm.eq(norm));
    }
    query = match result {
        Wanted::All => query,
        Wanted::Kept => query.filter(Column::State.eq(State::Done)).filter(Column::MissedAt.is_null()),
        Wanted::Missed => query.filter(Column::MissedAt.is_not_null()),
        Wanted::Open => query.filter(Column::State.ne(State::Done)).filter(Column::MissedAt.is_null()),
    };
    if let Some((at, id)) = page.cursor::<(Timestamp, ClockId)>()? {
        let same = sea_orm::Condition::all().add(Column::StartedAt.eq(at)).add(Column::Id.lt(id));
        query = query.filter(sea_orm::Condition::any().add(Column::StartedAt.lt(at)).add(same));
    }
    let rows = query
        .order_by(Column::StartedAt, Order::Desc)
        .order_by(Column::Id, Order::Desc)
        .limit(page.limit() + 1)
        .all(connection)
        .await?;
    let named = names(connection, actor, &rows).await?;
    let page = Page::from_rows(rows, page.limit(), |row| json!((row.started_at, row.id)));
    Ok(Page { items: page.items.into_iter().filter_map(|row| case(row, &named)).collect(), next: page.next })
}

/// The numbers and subjects of what these promises are of, as far as the actor sees it.
async fn names(connection: &impl Fetch, actor: &Actor, rows: &[Model]) -> Result<HashMap<About, (i64, String)>> {
    let conversations: Vec<ConversationId> = rows.iter().filter_map(|row| row.conversation_id).collect();
    let tickets: Vec<TicketId> = rows.iter().filter_map(|row| row.ticket_id).collect();
    let seen = conversation::rows_by_ids(connection, actor, &conversations).await?;
    let mut named: HashMap<About, (i64, String)> =
        seen.into_iter().map(|row| (About::Conversation(row.id), (row.number, row.subject))).collect();
    if actor.has(Permission::TicketsView) && !tickets.is_empty() {
        let seen = ticket::visible_to(actor).filter(ticket::Column::Id.is_in(tickets)).all(connection).await?;
        named.extend(seen.into_iter().map(|row| (About::Ticket(row.id), (row.number, row.subject))));
    }
    Ok(named)
}

/// What belongs to a group the actor is not of stays unseen.
fn case(row: Model, named: &HashMap<About, (i64, String)>) -> Option<Case> {
    let (number, subject) = named.get(&row.about().ok()?)?.clone();
    Some(Case {
        id: row.id,
        conversation_id: row.conversation_id,
        ticket_id: row.ticket_id,
        number,
        subject,
        line_id: row.line_id,
        norm: row.norm,
        state: row.state,
        target_seconds: row.target_seconds,
        started_at: row.started_at,
        due_at: row.due_at,
        missed_at: row.missed_at,
        cause: row.cause,
        ended_at: row.ended_at,
    })
}
