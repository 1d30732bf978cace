//! A changed policy, and what runs under it.

use std::collections::HashMap;

use base::{CompanyId, ContactId, ConversationId, Result, TicketId, Timestamp};
use chrono::{DateTime, TimeDelta, Utc};
use db::{Fetch, Row, Tx};
use desk::client_category;
use desk::conversation::{Channel, DueNorm, Priority};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::engine::Count;
use super::entity::{Column, Entity, State};
use super::events;
use super::kept::{self, Clock, Snapshot};
use super::world::World;
use crate::policy::{self, Case, Definition, PolicyId};
use crate::subject::{About, Subject};

/// A promise whose time would change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SlaChangedPromise)]
pub(crate) struct Changed {
    /// Null: it is a ticket's.
    conversation_id: Option<ConversationId>,
    /// Null: it is a conversation's.
    ticket_id: Option<TicketId>,
    /// What people call the conversation or the ticket by.
    number: i64,
    subject: String,
    norm: DueNorm,
    seconds_before: i64,
    seconds_after: i64,
    /// Null: it stands still.
    due_before: Option<DateTime<Utc>>,
    due_after: Option<DateTime<Utc>>,
}

const SHOWN: usize = 200;

/// An open promise, by what its norm is chosen.
struct Promised {
    clock: Clock,
    case: Case,
    number: i64,
    subject: String,
}

impl Promised {
    /// What it would be counted by; none: as it is now, or nothing is promised any more.
    fn renewed(&self, world: &World, name: &str, definition: &Definition) -> Option<(TimeDelta, Snapshot)> {
        let Clock { row, snapshot, .. } = &self.clock;
        let chosen = world.snapshot(name, &snapshot.trace, definition, row.norm, &self.case)?;
        let same = chosen.0.num_seconds() == row.target_seconds && chosen.1.schedule == snapshot.schedule;
        (!same).then_some(chosen)
    }
}

/// How many promises are open under a policy, and which would change by a new definition.
pub(crate) async fn preview(
    connection: &impl Fetch,
    id: PolicyId,
    definition: &Definition,
    now: Timestamp,
) -> Result<(usize, Vec<Changed>)> {
    let world = World::of_schedules(connection).await?;
    let open = open(connection, &world, id, now).await?;
    let running = open.len();
    let mut changed = Vec::new();
    for promised in open {
        let Some((target, snapshot)) = promised.renewed(&world, "", definition) else { continue };
        let Promised { clock, number, subject, .. } = promised;
        let mut count = clock.count();
        count.consumed = count.consumed_at(clock.schedule(), now);
        count.running_since = count.running_since.map(|_| now);
        changed.push(Changed {
            conversation_id: clock.row.conversation_id,
            ticket_id: clock.row.ticket_id,
            number,
            subject,
            norm: clock.row.norm,
            seconds_before: clock.row.target_seconds,
            seconds_after: target.num_seconds(),
            due_before: clock.row.due_at,
            due_after: Count { target, ..count }.due(&snapshot.schedule()?),
        });
        if changed.len() == SHOWN {
            break;
        }
    }
    Ok((running, changed))
}

/// Counts what is open under a policy by its definition of now.
pub(crate) async fn recount(tx: &Tx, policy: &policy::Model) -> Result<()> {
    let definition: Definition = serde_json::from_value(policy.definition.clone())?;
    let world = World::of_schedules(tx).await?;
    for promised in open(tx, &world, policy.id, tx.now()).await? {
        let Some((target, snapshot)) = promised.renewed(&world, &policy.name, &definition) else { continue };
        let (record, mut clock) = kept::find_to_change(tx, promised.clock.row.id).await?;
        if clock.is_open() {
            clock.change(tx.now(), target, snapshot, "policy")?;
            clock.save(tx).await?;
            events::tell(tx, record.about()).await?;
        }
    }
    Ok(())
}

/// What is open under a policy, the nearest deadline first.
async fn open(connection: &impl Fetch, world: &World, id: PolicyId, now: Timestamp) -> Result<Vec<Promised>> {
    let clocks = Entity::find()
        .filter(Column::PolicyId.eq(id))
        .filter(Column::State.is_in([State::Running, State::Paused]))
        .order_by_asc(Column::DueAt)
        .all(connection)
        .await?;
    let mut known = known(connection, id).await?;
    if world.plans_name_hours() {
        let contacts: Vec<ContactId> = known
            .values()
            .filter_map(|(known, contact)| contact.filter(|_| known.2.subject == Subject::Ticket))
            .collect();
        let terms = client_category::of_contacts(connection, &contacts, now).await?;
        for (known, contact) in known.values_mut() {
            known.2.hours =
                contact.filter(|_| known.2.subject == Subject::Ticket).and_then(|id| world.hours(terms.get(&id)?));
        }
    }
    let mut open = Vec::with_capacity(clocks.len());
    for row in clocks {
        let Some((number, subject, case)) = known.get(&row.about()?).map(|(known, _)| known.clone()) else { continue };
        open.push(Promised { clock: Clock::read(row)?, case, number, subject });
    }
    Ok(open)
}

type Known = (i64, String, Case);

/// What has open promises under a policy: its number, its subject, by what its norms are chosen, and its client.
async fn known(connection: &impl Fetch, id: PolicyId) -> Result<HashMap<About, (Known, Option<ContactId>)>> {
    let client = "p.company_id, coalesce(p.category, ''), coalesce(f.category, ''), p.id";
    let open = "left join company f on f.id = p.company_id where k.policy_id = $1 and k.state in ('running', 'paused')";
    let sql = format!(
        "select distinct 'conversation', c.id, c.number, c.subject, c.priority, c.channel, {client} \
         from sla_clock k join conversation c on c.id = k.conversation_id left join contact p on p.id = c.contact_id {open} \
         union all select distinct 'ticket', t.id, t.number, t.subject, t.priority, '', {client} \
         from sla_clock k join ticket t on t.id = k.ticket_id left join contact p on p.id = t.contact_id {open}"
    );
    let read = |row: &Row<'_>| {
        let (subject, id) = (row.parse(0, Subject::parse)?, row.get::<Uuid>(1)?);
        let about = match subject {
            Subject::Conversation => About::Conversation(ConversationId(id)),
            Subject::Ticket => About::Ticket(TicketId(id)),
        };
        let case = Case {
            subject,
            priority: Some(row.parse(4, Priority::parse)?),
            channel: Channel::parse(&row.get::<String>(5)?),
            company: row.get::<Option<Uuid>>(6)?.map(CompanyId),
            categories: vec![row.get(7)?, row.get(8)?],
            hours: None,
        };
        let contact = row.get::<Option<Uuid>>(9)?.map(ContactId);
        Ok((about, ((row.get(2)?, row.get(3)?, case), contact)))
    };
    Ok(connection.fetch(sql, vec![id.0.into()], read).await?.into_iter().collect())
}
