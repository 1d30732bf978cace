//! Outages that stop the time: while a service is down, the clocks of its tickets stand still.
//!
//! A clock may have several reasons to stand still, its status and an outage; it goes on when the last of them is over, and
//! its log says which one it stands still for.

use std::collections::BTreeSet;

use base::{Result, TicketId, Timestamp};
use db::{Fetch, Row, Tx};
use desk::outage;
use desk::service::{self, CatalogueId, ServiceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

use super::events::Happened;
use super::kept::Clock;

/// Why a clock of a ticket stands still.
pub(super) const STATUS: &str = "status";
pub(super) const OUTAGE: &str = "outage";

/// When services were down, as far as that stops the time.
#[derive(Debug, Default)]
pub(super) struct Down {
    spans: Vec<Span>,
}

#[derive(Debug)]
struct Span {
    service: ServiceId,
    from: Timestamp,
    to: Option<Timestamp>,
}

impl Down {
    /// As far as it matters for what has happened.
    pub async fn load(tx: &Tx, happened: &[Happened]) -> Result<Self> {
        let times = happened.iter().flat_map(|one| [Some(one.at), began(&one.data)]).flatten();
        let Some(first) = times.min() else { return Ok(Down::default()) };
        let rows = outage::overlapping(first, tx.now() + chrono::TimeDelta::seconds(1))
            .filter(outage::Column::PausesSla.eq(true))
            .all(tx)
            .await?;
        let homes: BTreeSet<CatalogueId> = rows.iter().filter_map(|row| row.catalogue_id).collect();
        let mut of_catalogues: Vec<(ServiceId, CatalogueId)> = Vec::new();
        if !homes.is_empty() {
            let services = service::Entity::find().filter(service::Column::CatalogueId.is_in(homes)).all(tx).await?;
            of_catalogues.extend(services.into_iter().map(|row| (row.id, row.catalogue_id)));
        }
        let mut spans = Vec::new();
        for row in rows {
            let own = row.service_id.into_iter();
            let of_catalogue =
                of_catalogues.iter().filter(|(_, home)| Some(*home) == row.catalogue_id).map(|(id, _)| *id);
            let span = |service| Span { service, from: row.started_at, to: row.restored_at };
            spans.extend(own.chain(of_catalogue).map(span));
        }
        Ok(Down { spans })
    }

    pub fn is(&self, service: Option<ServiceId>, at: Timestamp) -> bool {
        let covers =
            |span: &&Span| Some(span.service) == service && span.from <= at && span.to.is_none_or(|to| at < to);
        self.spans.iter().any(|span| covers(&span))
    }
}

fn began(data: &Value) -> Option<Timestamp> {
    time(&data["after"]["started_at"])
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// The moments at which an event of an outage may stop clocks or let them go on, in order.
pub(super) fn moments(happened: &Happened) -> Vec<Timestamp> {
    let (before, after) = (&happened.data["before"], &happened.data["after"]);
    let pauses = |side: &Value| side["pauses_sla"] == true;
    // It is told at once when it began and, perhaps, when it was over.
    if before.is_null() {
        let times = [time(&after["started_at"]), time(&after["restored_at"])];
        return times.into_iter().flatten().filter(|_| pauses(after)).collect();
    }
    let restored = time(&after["restored_at"]).filter(|_| before["restored_at"].is_null() && pauses(after));
    match restored {
        Some(at) => vec![at],
        None if pauses(before) || pauses(after) => vec![happened.at],
        None => Vec::new(),
    }
}

/// The tickets with open promises that an outage concerns.
pub(super) async fn concerned(connection: &impl Fetch, happened: &Happened) -> Result<Vec<TicketId>> {
    let id = |key: &str| happened.data[key].as_str().and_then(|id| id.parse::<Uuid>().ok());
    let (condition, id) = match (id("service_id"), id("catalogue_id")) {
        (Some(service), _) => ("t.service_id = $1", service),
        (None, Some(catalogue)) => {
            ("t.service_id in (select s.id from service s where s.catalogue_id = $1)", catalogue)
        }
        (None, None) => return Ok(Vec::new()),
    };
    let sql = format!(
        "select distinct t.id from sla_clock k join ticket t on t.id = k.ticket_id \
         where k.state in ('running', 'paused') and {condition}"
    );
    let read = |row: &Row<'_>| Ok(TicketId(row.get(0)?));
    let mut tickets = connection.fetch(sql, vec![id.into()], read).await?;
    tickets.sort_unstable();
    Ok(tickets)
}

/// Lets a clock stand still, or go on: `frozen` while its status stops it, and while the service is down.
///
/// What is told late counts from when it was so, but never from before the clock came to be as it is.
pub(super) fn stand(clock: &mut Clock, at: Timestamp, frozen: bool, down: &Down, service: Option<ServiceId>) {
    let at = at.max(clock.since());
    let down = down.is(service, at);
    let reasons = [(frozen, STATUS), (down, OUTAGE)];
    let mut reasons = reasons.iter().filter(|(holds, _)| *holds).map(|(_, reason)| *reason);
    let now = clock.row.paused_for.clone();
    match (reasons.clone().next(), now.as_deref()) {
        (_, Some(now)) if reasons.any(|reason| reason == now) => {}
        (Some(reason), None) => clock.pause_since(at, reason),
        (Some(reason), Some(STATUS | OUTAGE)) => clock.stand_for(at, reason),
        (None, Some(now @ (STATUS | OUTAGE))) => clock.resume(at, Some(now), now),
        _ => {}
    }
}
