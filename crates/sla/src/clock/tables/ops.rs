//! Reports by service and by person, and the conversations and tickets behind each of their numbers.

use std::collections::BTreeMap;

use base::{Actor, ConversationId, LineId, Permission, Result, TicketId, UserId};
use chrono::{DateTime, Utc};
use db::Fetch;
use desk::conversation;
use desk::people::StaffRef;
use desk::service::{self, ServiceId, ServiceRef};
use desk::{ticket, user};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::report::Scope;
use crate::subject::Subject;

/// The tickets of one service that were created in a period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SlaServiceFigures)]
pub(super) struct ServiceFigures {
    /// Null: tickets without a service.
    service: Option<ServiceRef>,
    total: i64,
    /// Resolved or closed.
    done: i64,
    /// The promised time of the resolution has passed, or had when it was resolved.
    overdue: i64,
    /// Opened again after they were resolved or closed.
    returned: i64,
    active: i64,
    active_overdue: i64,
    /// Done in time, of those that are done in time or overdue, 0 to 100; null: there are none.
    kept_percent: Option<f64>,
}

/// What a member of staff has, and what he has closed in a period.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SlaPersonFigures)]
pub(super) struct PersonFigures {
    person: StaffRef,
    /// Conversations and tickets that he has now, whenever they were begun.
    open: i64,
    /// Of these, with a promise that was broken.
    open_overdue: i64,
    /// Closed (a ticket: resolved or closed) in the period while he had them.
    closed: i64,
    closed_overdue: i64,
}

/// Which number of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ServiceFigure {
    #[default]
    Total,
    Done,
    Overdue,
    Returned,
    Active,
    ActiveOverdue,
}

/// Which number of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PersonFigure {
    #[default]
    Open,
    OpenOverdue,
    Closed,
    ClosedOverdue,
}

/// A conversation or a ticket that a number counts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SlaRecord)]
pub(super) struct Record {
    /// Null: it is a ticket.
    conversation_id: Option<ConversationId>,
    /// Null: it is a conversation.
    ticket_id: Option<TicketId>,
    number: i64,
    subject: String,
    created_at: DateTime<Utc>,
}

/// More of one number nobody reads.
const AT_MOST: u64 = 200;

const TICKET_OVER: &str = "ticket.status in ('resolved', 'closed')";
const TICKET_LATE: &str = "exists (select 1 from sla_clock c where c.ticket_id = ticket.id and c.missed_at is not null \
                           and c.norm = 'resolution' and c.state <> 'dropped')";
const TICKET_BROKEN: &str = "exists (select 1 from sla_clock c where c.ticket_id = ticket.id and c.missed_at is not null and c.state <> 'dropped')";
const TICKET_KEPT: &str = "exists (select 1 from sla_clock c where c.ticket_id = ticket.id and c.missed_at is null \
                           and c.norm = 'resolution' and c.state = 'done')";
const TALK_BROKEN: &str = "exists (select 1 from sla_clock c where c.conversation_id = conversation.id \
                           and c.missed_at is not null and c.state <> 'dropped')";

/// How many rows of a group fit. As a whole number: PostgreSQL sums to another type than it adds.
fn count_if(condition: &str) -> Expr {
    Expr::cust(format!("cast(coalesce(sum(case when {condition} then 1 else 0 end), 0) as bigint)"))
}

impl ServiceFigure {
    fn condition(self) -> String {
        match self {
            ServiceFigure::Total => "1 = 1".to_owned(),
            ServiceFigure::Done => TICKET_OVER.to_owned(),
            ServiceFigure::Overdue => TICKET_LATE.to_owned(),
            ServiceFigure::Returned => "ticket.returns > 0".to_owned(),
            ServiceFigure::Active => format!("not {TICKET_OVER}"),
            ServiceFigure::ActiveOverdue => format!("not {TICKET_OVER} and {TICKET_LATE}"),
        }
    }
}

/// The tickets of the period that the actor sees.
fn created(actor: &Actor, scope: Scope) -> Select<ticket::Entity> {
    let all = ticket::visible_to(actor)
        .filter(ticket::Column::CreatedAt.gte(scope.period.from))
        .filter(ticket::Column::CreatedAt.lt(scope.period.to));
    on_line(all, scope.line)
}

fn on_line(query: Select<ticket::Entity>, line: Option<LineId>) -> Select<ticket::Entity> {
    match line {
        Some(line) => query.filter(ticket::Column::LineId.eq(line)),
        None => query,
    }
}

#[derive(FromQueryResult)]
struct ServiceCount {
    service_id: Option<ServiceId>,
    total: i64,
    done: i64,
    overdue: i64,
    returned: i64,
    active_overdue: i64,
    kept: i64,
}

/// One row for each service that has tickets, by catalogue and name; those without a service come last.
pub(super) async fn services(connection: &impl Fetch, actor: &Actor, scope: Scope) -> Result<Vec<ServiceFigures>> {
    let counts: Vec<ServiceCount> = created(actor, scope)
        .select_only()
        .column(ticket::Column::ServiceId)
        .expr_as(ticket::Column::Id.count(), "total")
        .expr_as(count_if(&ServiceFigure::Done.condition()), "done")
        .expr_as(count_if(&ServiceFigure::Overdue.condition()), "overdue")
        .expr_as(count_if(&ServiceFigure::Returned.condition()), "returned")
        .expr_as(count_if(&ServiceFigure::ActiveOverdue.condition()), "active_overdue")
        .expr_as(count_if(TICKET_KEPT), "kept")
        .group_by(ticket::Column::ServiceId)
        .into_model()
        .all(connection)
        .await?;
    let mut named = service::refs(connection, counts.iter().filter_map(|count| count.service_id)).await?;
    let mut rows: Vec<ServiceFigures> = counts
        .into_iter()
        .map(|count| {
            let ServiceCount { service_id, total, done, overdue, returned, active_overdue, kept } = count;
            let decided = kept + overdue;
            ServiceFigures {
                service: service_id.and_then(|id| named.remove(&id)),
                total,
                done,
                overdue,
                returned,
                active: total - done,
                active_overdue,
                kept_percent: (decided > 0).then(|| (kept as f64 * 1000.0 / decided as f64).round() / 10.0),
            }
        })
        .collect();
    let place = |row: &ServiceFigures| {
        row.service.as_ref().map_or((true, String::new(), String::new()), |service| {
            (false, service.catalogue.to_lowercase(), service.name.to_lowercase())
        })
    };
    rows.sort_by_key(place);
    Ok(rows)
}

/// The newest tickets that a number of a service counts.
pub(super) async fn of_service(
    connection: &impl Fetch,
    actor: &Actor,
    scope: Scope,
    service: Option<ServiceId>,
    figure: ServiceFigure,
) -> Result<Vec<Record>> {
    let query = match service {
        Some(service) => created(actor, scope).filter(ticket::Column::ServiceId.eq(service)),
        None => created(actor, scope).filter(ticket::Column::ServiceId.is_null()),
    };
    tickets(connection, query.filter(Expr::cust(figure.condition()))).await
}

/// What somebody has, or has closed.
#[derive(Clone, Copy)]
enum Part {
    Open,
    Closed,
}

fn tickets_of(actor: &Actor, scope: Scope, part: Part) -> Select<ticket::Entity> {
    let all = on_line(ticket::visible_to(actor), scope.line).filter(ticket::Column::OwnerId.is_not_null());
    match part {
        Part::Open => all.filter(Expr::cust(format!("not {TICKET_OVER}"))),
        Part::Closed => all
            .filter(ticket::Column::ResolvedAt.gte(scope.period.from))
            .filter(ticket::Column::ResolvedAt.lt(scope.period.to)),
    }
}

fn talks_of(actor: &Actor, scope: Scope, part: Part) -> Select<conversation::Entity> {
    use conversation::{Column, Status};
    let mut all = conversation::visible_to(actor).filter(Column::AssigneeId.is_not_null());
    if let Some(line) = scope.line {
        all = all.filter(Column::LineId.eq(line));
    }
    match part {
        Part::Open => all.filter(Column::Status.is_in([Status::Open, Status::Snoozed])),
        Part::Closed => all
            .filter(Column::Status.eq(Status::Closed))
            .filter(Column::ClosedAt.gte(scope.period.from))
            .filter(Column::ClosedAt.lt(scope.period.to)),
    }
}

#[derive(FromQueryResult)]
struct PersonCount {
    person: UserId,
    count: i64,
    late: i64,
}

/// One row for each person who has something or has closed something, the most loaded first.
pub(super) async fn people(connection: &impl Fetch, actor: &Actor, scope: Scope) -> Result<Vec<PersonFigures>> {
    // Open and its broken ones, closed and its broken ones.
    let mut counted: BTreeMap<UserId, [i64; 4]> = BTreeMap::new();
    for (part, at) in [(Part::Open, 0), (Part::Closed, 2)] {
        let mut counts: Vec<PersonCount> = Vec::new();
        if scope.of != Some(Subject::Ticket) {
            let talks = talks_of(actor, scope, part)
                .select_only()
                .column_as(conversation::Column::AssigneeId, "person")
                .expr_as(conversation::Column::Id.count(), "count")
                .expr_as(count_if(TALK_BROKEN), "late")
                .group_by(conversation::Column::AssigneeId);
            counts.extend(talks.into_model().all(connection).await?);
        }
        if scope.of != Some(Subject::Conversation) && actor.has(Permission::TicketsView) {
            let tickets = tickets_of(actor, scope, part)
                .select_only()
                .column_as(ticket::Column::OwnerId, "person")
                .expr_as(ticket::Column::Id.count(), "count")
                .expr_as(count_if(TICKET_BROKEN), "late")
                .group_by(ticket::Column::OwnerId);
            counts.extend(tickets.into_model().all(connection).await?);
        }
        for PersonCount { person, count, late } in counts {
            let row = counted.entry(person).or_default();
            row[at] += count;
            row[at + 1] += late;
        }
    }
    let named = user::people(connection, counted.keys().copied()).await?;
    let mut rows: Vec<PersonFigures> = counted
        .into_iter()
        .filter_map(|(id, [open, open_overdue, closed, closed_overdue])| {
            let person = named.get(&id)?.clone();
            Some(PersonFigures { person, open, open_overdue, closed, closed_overdue })
        })
        .collect();
    rows.sort_by_key(|row| (-row.open, row.person.name.to_lowercase()));
    Ok(rows)
}

/// The newest conversations and tickets that a number of a person counts.
pub(super) async fn of_person(
    connection: &impl Fetch,
    actor: &Actor,
    scope: Scope,
    person: UserId,
    figure: PersonFigure,
) -> Result<Vec<Record>> {
    let (part, late) = match figure {
        PersonFigure::Open => (Part::Open, false),
        PersonFigure::OpenOverdue => (Part::Open, true),
        PersonFigure::Closed => (Part::Closed, false),
        PersonFigure::ClosedOverdue => (Part::Closed, true),
    };
    let mut records = Vec::new();
    if scope.of != Some(Subject::Ticket) {
        let mut query = talks_of(actor, scope, part).filter(conversation::Column::AssigneeId.eq(person));
        if late {
            query = query.filter(Expr::cust(TALK_BROKEN));
        }
        let rows = query.order_by_desc(conversation::Column::CreatedAt).limit(AT_MOST).all(connection).await?;
        records.extend(rows.into_iter().map(|row| Record {
            conversation_id: Some(row.id),
            ticket_id: None,
            number: row.number,
            subject: row.subject,
            created_at: row.created_at,
        }));
    }
    if scope.of != Some(Subject::Conversation) && actor.has(Permission::TicketsView) {
        let mut query = tickets_of(actor, scope, part).filter(ticket::Column::OwnerId.eq(person));
        if late {
            query = query.filter(Expr::cust(TICKET_BROKEN));
        }
        records.extend(tickets(connection, query).await?);
    }
    records.sort_by_key(|record| std::cmp::Reverse(record.created_at));
    records.truncate(AT_MOST as usize);
    Ok(records)
}

async fn tickets(connection: &impl Fetch, query: Select<ticket::Entity>) -> Result<Vec<Record>> {
    let rows = query.order_by_desc(ticket::Column::CreatedAt).limit(AT_MOST).all(connection).await?;
    let record = |row: ticket::Model| Record {
        conversation_id: None,
        ticket_id: Some(row.id),
        number: row.number,
        subject: row.subject,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(record).collect())
}
