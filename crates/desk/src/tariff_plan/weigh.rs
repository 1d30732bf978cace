//! What of a ticket its client's plan does not include, in words.

use base::{Actor, Result, UserId, Words};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::{EntityTrait, IntoActiveModel, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Model;
use super::count::{Client, PERIODS, Period, used};
use crate::client_category::{Terms, of_contact};
use crate::service::{self, ServiceId};
use crate::ticket;

/// Something that the plan does not include.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub kind: FaultKind,
    pub words: Words,
}

/// What the plan does not include.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TariffFaultKind)]
#[serde(rename_all = "lowercase")]
pub enum FaultKind {
    /// So many requests in a day.
    Day,
    /// So many requests in a week.
    Week,
    /// So many requests in a month.
    Month,
    /// The service.
    Service,
}

/// Weighs a ticket that was just made: what the plan does not include is written on it and told to whoever answers for the
/// client's category.
pub(crate) async fn weigh(tx: &Tx, ticket: &ticket::Model) -> Result<()> {
    let Some(contact) = ticket.contact_id else { return Ok(()) };
    let terms = of_contact(tx, contact, tx.now()).await?;
    let Some((_, plan)) = &terms.plan else { return Ok(()) };
    let client = terms.company_id.map_or(Client::Contact(contact), Client::Company);
    let mut faults = Vec::new();
    if PERIODS.iter().any(|period| plan.limit(*period).is_some()) {
        // Two requests at the same time are counted one after the other.
        let (Client::Company(base::CompanyId(id)) | Client::Contact(base::ContactId(id))) = client;
        dialect::lock(tx, &format!("tariff.{id}")).await?;
        faults.extend(exceeded(plan, used(tx, client, tx.now()).await?));
    }
    faults.extend(not_included(tx, plan, ticket.service_id).await?);
    put(tx, ticket, &terms, faults.clone(), faults).await
}

/// The same when only the service of a ticket is another one now.
pub(crate) async fn weigh_service(tx: &Tx, ticket: &ticket::Model) -> Result<()> {
    let Some(contact) = ticket.contact_id else { return Ok(()) };
    let terms = of_contact(tx, contact, tx.now()).await?;
    let mut faults = ticket.tariff_faults()?;
    faults.retain(|fault| fault.kind != FaultKind::Service);
    let fresh = match &terms.plan {
        Some((_, plan)) => not_included(tx, plan, ticket.service_id).await?,
        None => None,
    };
    faults.extend(fresh.clone());
    put(tx, ticket, &terms, faults, fresh.into_iter().collect()).await
}

async fn put(tx: &Tx, ticket: &ticket::Model, terms: &Terms, faults: Vec<Fault>, fresh: Vec<Fault>) -> Result<()> {
    if faults != ticket.tariff_faults()? {
        let mut row = ticket.clone().into_active_model();
        row.tariff_faults = Set((!faults.is_empty()).then(|| json!(faults)));
        ticket::Entity::update(row).exec_without_returning(tx).await?;
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let said = |of: fn(&Words) -> &str| fresh.iter().map(|fault| of(&fault.words)).collect::<Vec<_>>().join(" ");
    let why = Words::owned(said(|words| &words.ru), said(|words| &words.en));
    let tell: Vec<UserId> = terms.category().and_then(|category| category.owner_id).into_iter().collect();
    let plan = terms.plan.as_ref().map(|(_, plan)| plan.name.as_str());
    let data = json!({"ticket_id": ticket.id, "number": ticket.number, "plan": plan, "why": why, "tell": tell});
    let event = ticket::heard_by(tx, ticket, Event::new("ticket_over_tariff").data(data)).await?;
    bus::emit(tx, &Actor::system(), event).await.map(drop)
}

/// The limits that so many requests, this one among them, are more than.
fn exceeded(plan: &Model, used: [i64; 3]) -> impl Iterator<Item = Fault> + '_ {
    PERIODS.into_iter().zip(used).filter_map(|(period, used)| {
        let limit = plan.limit(period).filter(|limit| used > *limit)?;
        let (kind, [ru_in, ru_of], [en_in, en_of]) = match period {
            Period::Day => (FaultKind::Day, ["за сегодня", "в день"], ["today", "a day"]),
            Period::Week => (FaultKind::Week, ["за эту неделю", "в неделю"], ["this week", "a week"]),
            Period::Month => (FaultKind::Month, ["за этот месяц", "в месяц"], ["this month", "a month"]),
        };
        let words = Words::owned(
            format!("{used}-я заявка {ru_in}, по тарифу «{}» — {limit} {ru_of}.", plan.name),
            format!("Request {used} {en_in}; the plan “{}” includes {limit} {en_of}.", plan.name),
        );
        Some(Fault { kind, words })
    })
}

async fn not_included(tx: &Tx, plan: &Model, service: Option<ServiceId>) -> Result<Option<Fault>> {
    let Some(id) = service else { return Ok(None) };
    let included = plan.services()?;
    if included.is_empty() || included.contains(&id) {
        return Ok(None);
    }
    let name = service::find(tx, id).await?.name;
    let words = Words::owned(
        format!("Услуга «{name}» не входит в тариф «{}».", plan.name),
        format!("The service “{name}” is not in the plan “{}”.", plan.name),
    );
    Ok(Some(Fault { kind: FaultKind::Service, words }))
}
