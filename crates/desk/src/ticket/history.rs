//! What happened to a ticket, as its events tell, and how long it was in each status.

use std::collections::{BTreeSet, HashMap};

use base::{Actor, EventId, Result, TicketId, Timestamp, UserId, Words};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::entity::Status;
use super::ops;
use crate::people::StaffRef;
use crate::service::{self, ServiceId};
use crate::user;

/// The history of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketHistory {
    /// Oldest first.
    items: Vec<TicketEvent>,
    /// In the order it was in them first.
    statuses: Vec<StatusTime>,
}

/// Something that happened to a ticket.
#[derive(Debug, Serialize, ToSchema)]
struct TicketEvent {
    id: EventId,
    at: DateTime<Utc>,
    /// `ticket_created`, `ticket_updated`, `ticket_linked`, `ticket_unlinked`, `ticket_over_tariff`, `sla_reminded`, `sla_missed`, `sla_escalated`;
    /// `task_created`, `task_done`, `task_cancelled`, `task_reopened`; `route_started`, `route_ended`, `stage_started`,
    /// `stage_done`, `stage_skipped`, `stage_missed`.
    kind: String,
    /// Null: Otklik itself.
    actor: Option<StaffRef>,
    changes: Vec<TicketFieldChange>,
    /// Why Otklik did it; in your language.
    why: Option<String>,
    /// The promise that is meant.
    norm: Option<String>,
    /// What the task, the stage or the route is called that is meant.
    title: Option<String>,
    /// What came of it, how the ticket was resolved, or why the stage was skipped.
    result: Option<String>,
}

/// A property that changed.
#[derive(Debug, Serialize, ToSchema)]
struct TicketFieldChange {
    /// `status`, `priority`, `type`, `owner`, `service`, `subject`, `waiting_reason` or `waiting_until`.
    field: &'static str,
    /// A code of the property, a name or a time; null: nothing.
    from: Option<String>,
    to: Option<String>,
}

/// How long a ticket was in a status.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TicketStatusTime)]
struct StatusTime {
    status: Status,
    /// By the clock on the wall, in all.
    seconds: i64,
    /// It is in it now.
    current: bool,
}

const KINDS: [&str; 18] = [
    "ticket_created",
    "ticket_updated",
    "ticket_linked",
    "ticket_unlinked",
    "ticket_over_tariff",
    "sla_reminded",
    "sla_missed",
    "sla_escalated",
    "task_created",
    "task_done",
    "task_cancelled",
    "task_reopened",
    "route_started",
    "route_ended",
    "stage_started",
    "stage_done",
    "stage_skipped",
    "stage_missed",
];

/// The properties, by their names in events and in the API.
const FIELDS: [(&str, &str); 8] = [
    ("status", "status"),
    ("priority", "priority"),
    ("type", "type"),
    ("owner_id", "owner"),
    ("service_id", "service"),
    ("subject", "subject"),
    ("waiting_reason", "waiting_reason"),
    ("waiting_until", "waiting_until"),
];

/// What is gone with the status `waiting`, as everybody knows.
const OF_WAITING: [&str; 2] = ["waiting_reason", "waiting_until"];

/// More than this of one ticket nobody reads.
const AT_MOST: u64 = 2000;

pub(super) async fn of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: TicketId,
    now: Timestamp,
) -> Result<TicketHistory> {
    let ticket = ops::find(connection, actor, id).await?;
    let events = bus::Entity::find()
        .filter(bus::Column::Subject.eq(id.0))
        .filter(bus::Column::Kind.is_in(KINDS))
        .order_by_asc(bus::Column::Seq)
        .limit(AT_MOST)
        .all(connection)
        .await?;
    let turns = turns(&events, ticket.status, ticket.created_at);
    let names = Names::of(connection, &events).await?;
    let items = events.into_iter().map(|event| names.told(event, actor)).collect();
    Ok(TicketHistory { items, statuses: times(&turns, now) })
}

/// When it came into which status.
fn turns(events: &[bus::Model], now_in: Status, created_at: Timestamp) -> Vec<(Timestamp, Status)> {
    let status = |value: &Value| value.as_str().and_then(Status::parse);
    let changed: Vec<(Timestamp, Status, Status)> = events
        .iter()
        .filter(|event| event.kind == "ticket_updated")
        .filter_map(|event| {
            let (from, to) = (status(&event.data["before"]["status"])?, status(&event.data["after"]["status"])?);
            (from != to).then_some((event.at, from, to))
        })
        .collect();
    let first = changed.first().map_or(now_in, |(_, from, _)| *from);
    [(created_at, first)].into_iter().chain(changed.into_iter().map(|(at, _, to)| (at, to))).collect()
}

fn times(turns: &[(Timestamp, Status)], now: Timestamp) -> Vec<StatusTime> {
    let mut times: Vec<StatusTime> = Vec::new();
    for (index, (at, status)) in turns.iter().enumerate() {
        let until = turns.get(index + 1).map_or(now, |(next, _)| *next);
        let current = index + 1 == turns.len();
        let seconds = (until - *at).num_seconds().max(0);
        match times.iter_mut().find(|time| time.status == *status) {
            Some(time) => {
                time.seconds += seconds;
                time.current |= current;
            }
            None => times.push(StatusTime { status: *status, seconds, current }),
        }
    }
    times
}

/// How people and services are called that the events name.
struct Names {
    people: HashMap<UserId, StaffRef>,
    services: HashMap<ServiceId, String>,
}

impl Names {
    async fn of(connection: &impl ConnectionTrait, events: &[bus::Model]) -> Result<Self> {
        let named = |key: &str| -> BTreeSet<uuid::Uuid> {
            let sides = events.iter().flat_map(|event| [&event.data["before"][key], &event.data["after"][key]]);
            sides.filter_map(|value| value.as_str()?.parse().ok()).collect()
        };
        let actors = events.iter().filter_map(|event| event.actor_id);
        let people = user::people(connection, named("owner_id").into_iter().map(UserId).chain(actors)).await?;
        let services = service::refs(connection, named("service_id").into_iter().map(ServiceId)).await?;
        Ok(Names { people, services: services.into_iter().map(|(id, service)| (id, service.name)).collect() })
    }

    fn told(&self, event: bus::Model, actor: &Actor) -> TicketEvent {
        let (before, after) = (&event.data["before"], &event.data["after"]);
        let waits = after["status"] == "waiting";
        let is_news = |key: &str| before[key] != after[key] && (waits || !OF_WAITING.contains(&key));
        let changes = FIELDS.iter().filter(|(key, _)| is_news(key)).map(|&(key, field)| TicketFieldChange {
            field,
            from: self.name(key, &before[key]),
            to: self.name(key, &after[key]),
        });
        let why: Option<Words> = serde_json::from_value(event.data["why"].clone()).ok();
        TicketEvent {
            id: event.id,
            at: event.at,
            actor: event.actor_id.and_then(|id| self.people.get(&id).cloned()),
            changes: changes.collect(),
            why: why.map(|why| why.get(actor.language).to_owned()),
            norm: event.data["norm"].as_str().map(str::to_owned),
            title: event.data["title"].as_str().map(str::to_owned),
            result: event.data["result"].as_str().filter(|text| !text.is_empty()).map(str::to_owned),
            kind: event.kind,
        }
    }

    fn name(&self, key: &str, value: &Value) -> Option<String> {
        let text = value.as_str()?;
        match key {
            "owner_id" => Some(self.people.get(&text.parse().ok()?)?.name.clone()),
            "service_id" => self.services.get(&text.parse().ok()?).cloned(),
            _ => Some(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_statuses_add_up_to_its_age() {
        let at = |minute: i64| Timestamp::UNIX_EPOCH + chrono::TimeDelta::minutes(minute);
        let turns = [
            (at(0), Status::New),
            (at(5), Status::InProgress),
            (at(20), Status::Waiting),
            (at(60), Status::InProgress),
        ];
        let times = times(&turns, at(90));
        let of = |status: Status| times.iter().find(|time| time.status == status).unwrap();
        assert_eq!((of(Status::InProgress).seconds, of(Status::InProgress).current), (45 * 60, true));
        assert_eq!((of(Status::Waiting).seconds, of(Status::Waiting).current), (40 * 60, false));
        assert_eq!(times.iter().map(|time| time.seconds).sum::<i64>(), 90 * 60);
    }
}
