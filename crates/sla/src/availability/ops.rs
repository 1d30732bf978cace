//! The report: one row a service or a catalogue.

use std::collections::HashMap;

use base::{Result, Timestamp, UserId};
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use desk::outage::{self, Kind};
use desk::people::StaffRef;
use desk::schedule::{Hours, all_hours};
use desk::service::{self, CatalogueId, ServiceId};
use desk::{setting, user};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::count::{Span, percent, union, within};

/// How available a service, or a catalogue, was.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AvailabilityRow)]
pub(super) struct Row {
    /// Null: the row is of the catalogue.
    service_id: Option<ServiceId>,
    catalogue_id: CatalogueId,
    /// Of the service, or of the catalogue.
    name: String,
    /// How its catalogue is called.
    catalogue: String,
    /// Who of the staff answers for it, or for its services.
    owners: Vec<StaffRef>,
    outages: i64,
    /// Of these, not planned.
    unplanned: i64,
    /// In the hours of the service; of a catalogue, of its services together.
    downtime_seconds: i64,
    unplanned_downtime_seconds: i64,
    /// The hours of the service in the period, until now.
    working_seconds: i64,
    /// 0 to 100; null: the period had no such hours.
    percent: Option<f64>,
    /// For how many minutes of a month it may be down, unplanned; null: nobody said.
    permitted_minutes: Option<i64>,
    /// Whether it was not longer in any month of the period; null: nobody said.
    permitted_kept: Option<bool>,
}

/// What rows are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum By {
    #[default]
    Service,
    Catalogue,
}

pub(super) async fn rows(
    connection: &impl ConnectionTrait,
    by: By,
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
) -> Result<Vec<Row>> {
    let to = to.min(now).max(from);
    let outages = outage::overlapping(from, to).all(connection).await?;
    let hours = all_hours(connection).await?;
    let zone: Tz = setting::company(connection).await?.default_time_zone.parse().unwrap_or(Tz::UTC);
    let months = months(zone, from, to);
    let folders = service::catalogues(connection).await?;
    let services = service::services(connection).await?;
    let people = user::people(connection, services.iter().filter_map(|service| service.owner_id)).await?;
    let mut rows = Vec::new();
    for folder in &folders {
        let own: Vec<Row> = services
            .iter()
            .filter(|service| service.catalogue_id == folder.id)
            .map(|service| {
                let of = |one: &&outage::Model| {
                    one.service_id == Some(service.id) || one.catalogue_id == Some(service.catalogue_id)
                };
                let outages: Vec<&outage::Model> = outages.iter().filter(of).collect();
                of_service(service, &folder.name, &people, &outages, hours.of(service.schedule_id), (from, to), &months)
            })
            .zip(services.iter().filter(|service| service.catalogue_id == folder.id))
            // What is no longer offered is told of only if there is something to tell.
            .filter(|(row, service)| row.outages > 0 || service.archived_at.is_none() && folder.archived_at.is_none())
            .map(|(row, _)| row)
            .collect();
        match by {
            By::Service => rows.extend(own),
            By::Catalogue if own.is_empty() => {}
            By::Catalogue => {
                let inside = |one: &&outage::Model| {
                    one.catalogue_id == Some(folder.id) || own.iter().any(|row| row.service_id == one.service_id)
                };
                let outages: Vec<&outage::Model> = outages.iter().filter(inside).collect();
                rows.push(of_catalogue(folder.id, &folder.name, &own, &outages));
            }
        }
    }
    Ok(rows)
}

fn unplanned(outages: &[&outage::Model]) -> i64 {
    outages.iter().filter(|one| one.kind == Kind::Unplanned).count() as i64
}

fn of_service(
    service: &service::Model,
    catalogue: &str,
    people: &HashMap<UserId, StaffRef>,
    outages: &[&outage::Model],
    hours: &Hours,
    (from, to): Span,
    months: &[Span],
) -> Row {
    let span = |one: &outage::Model| (one.started_at.max(from), one.restored_at.unwrap_or(to).min(to));
    let all = union(outages.iter().map(|one| span(one)));
    let surprising = outages.iter().filter(|one| one.kind == Kind::Unplanned);
    let surprising = union(surprising.map(|one| span(one)));
    let counted = |spans: &mut dyn Iterator<Item = Span>| -> TimeDelta {
        spans.fold(TimeDelta::zero(), |sum, (from, to)| sum + hours.counted(from, to))
    };
    let working_seconds = hours.counted(from, to).num_seconds();
    let downtime_seconds = counted(&mut all.iter().copied()).num_seconds();
    let permitted_kept = service.downtime_minutes.map(|minutes| {
        months.iter().all(|(from, to)| counted(&mut within(&surprising, *from, *to)) <= TimeDelta::minutes(minutes))
    });
    Row {
        service_id: Some(service.id),
        catalogue_id: service.catalogue_id,
        name: service.name.clone(),
        catalogue: catalogue.to_owned(),
        owners: service.owner_id.and_then(|id| people.get(&id).cloned()).into_iter().collect(),
        outages: outages.len() as i64,
        unplanned: unplanned(outages),
        downtime_seconds,
        unplanned_downtime_seconds: counted(&mut surprising.iter().copied()).num_seconds(),
        working_seconds,
        percent: percent(working_seconds, downtime_seconds),
        permitted_minutes: service.downtime_minutes,
        permitted_kept,
    }
}

/// Its services together: an hour in which one of two was down is half of what they should have worked.
fn of_catalogue(id: CatalogueId, name: &str, own: &[Row], outages: &[&outage::Model]) -> Row {
    let sum = |of: fn(&Row) -> i64| own.iter().map(of).sum::<i64>();
    let mut owners: Vec<StaffRef> = Vec::new();
    for owner in own.iter().flat_map(|row| &row.owners) {
        if !owners.contains(owner) {
            owners.push(owner.clone());
        }
    }
    let said: Vec<bool> = own.iter().filter_map(|row| row.permitted_kept).collect();
    let (working_seconds, downtime_seconds) = (sum(|row| row.working_seconds), sum(|row| row.downtime_seconds));
    Row {
        service_id: None,
        catalogue_id: id,
        name: name.to_owned(),
        catalogue: name.to_owned(),
        owners,
        outages: outages.len() as i64,
        unplanned: unplanned(outages),
        downtime_seconds,
        unplanned_downtime_seconds: sum(|row| row.unplanned_downtime_seconds),
        working_seconds,
        percent: percent(working_seconds, downtime_seconds),
        permitted_minutes: None,
        permitted_kept: (!said.is_empty()).then(|| said.iter().all(|kept| *kept)),
    }
}

/// The calendar months that a period touches, as far as they are in it.
fn months(zone: Tz, from: Timestamp, to: Timestamp) -> Vec<Span> {
    let first = |at: Timestamp| -> Option<NaiveDate> { at.with_timezone(&zone).date_naive().with_day(1) };
    let mut months = Vec::new();
    let mut month = first(from);
    while let Some(begins) = month {
        let starts = calendar::midnight(zone, begins);
        if starts >= to {
            break;
        }
        let next = begins.checked_add_months(Months::new(1));
        let ends = next.map_or(to, |next| calendar::midnight(zone, next));
        months.push((starts.max(from), ends.min(to)));
        month = next;
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_looked_at_month_by_month() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (from, to) = (at("2026-11-15T00:00:00Z"), at("2027-01-02T00:00:00Z"));
        let midnight = |text: &str| at(&format!("{text}T00:00:00+03:00"));
        assert_eq!(
            months(chrono_tz::Europe::Moscow, from, to),
            [
                (from, midnight("2026-12-01")),
                (midnight("2026-12-01"), midnight("2027-01-01")),
                (midnight("2027-01-01"), to)
            ]
        );
    }
}
