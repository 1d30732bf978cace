//! Policies and schedules as they are now, and which policy holds for what.

use std::collections::HashMap;

use base::{CompanyId, ContactId, Result, Timestamp, Words};
use chrono::TimeDelta;
use db::{Fetch, Row, Tx};
use desk::client_category::{Terms, Whose};
use desk::conversation::DueNorm;
use desk::schedule::ScheduleId;
use desk::tariff_plan::{self, Hours, TariffPlanId};
use desk::{client_category, line, service, setting, ticket};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::chosen;
use super::events::Happened;
use super::kept::{self, KeptSchedule, Snapshot};
use super::outage::Down;
use crate::policy::{self, Case, Definition, Holders, PolicyId};
use crate::subject::Record;

pub(super) struct World {
    policies: HashMap<PolicyId, Held>,
    holders: Holders,
    /// Rules have chosen policies for conversations, or do so now.
    chosen: bool,
    schedules: HashMap<ScheduleId, KeptSchedule>,
    /// Tariff plans that name their hours of support.
    plans: HashMap<TariffPlanId, Hours>,
    /// When services were down and their clocks stood still.
    down: Down,
    zone: String,
}

/// A policy that holds for something.
pub(super) struct Held {
    pub id: PolicyId,
    pub name: String,
    pub definition: Definition,
}

/// The policy of a conversation or ticket, and how it was found.
pub(super) struct Choice<'a> {
    pub held: &'a Held,
    pub trace: Vec<Words>,
}

impl World {
    pub async fn load(tx: &Tx, happened: &[Happened]) -> Result<Self> {
        let mut world = Self::of_schedules(tx).await?;
        world.down = Down::load(tx, happened).await?;
        world.holders = policy::holders(tx).await?;
        world.chosen = happened.iter().any(|one| one.kind == chosen::EVENT) || chosen::any(tx).await?;
        if world.holders.is_empty() && !world.chosen {
            return Ok(world);
        }
        // Rules choose among all of them.
        let held = |row: &policy::Model| world.chosen || world.holders.uses(row.id);
        let rows: Vec<policy::Model> = policy::list(tx).await?.into_iter().filter(held).collect();
        for row in rows {
            let definition = serde_json::from_value(row.definition)?;
            world.policies.insert(row.id, Held { id: row.id, name: row.name, definition });
        }
        Ok(world)
    }

    /// Without policies: for counting by another one.
    pub async fn of_schedules(connection: &impl ConnectionTrait) -> Result<Self> {
        let schedules = kept::schedules(connection).await?;
        let plans = tariff_plan::hours(connection).await?;
        let zone = setting::company(connection).await?.default_time_zone;
        let (policies, holders, down) = (HashMap::new(), Holders::default(), Down::default());
        Ok(World { policies, holders, chosen: false, schedules, plans, down, zone })
    }

    pub fn promises_nothing(&self) -> bool {
        self.policies.is_empty()
    }

    pub fn down(&self) -> &Down {
        &self.down
    }

    /// The hours of support that these terms name.
    pub fn hours(&self, terms: &Terms) -> Option<Hours> {
        terms.plan.as_ref().and_then(|(_, plan)| self.plans.get(&plan.id)).cloned()
    }

    pub fn plans_name_hours(&self) -> bool {
        !self.plans.is_empty()
    }

    /// Whether anything may be promised there. A ticket may be about a service that has a policy, whatever its line; a client
    /// may be of a category that has one.
    pub fn may_promise(&self, line: Option<base::LineId>, ticket: bool) -> bool {
        let Holders { lines, services, catalogues, categories } = &self.holders;
        let by_rule = self.chosen && !ticket;
        by_rule
            || !categories.is_empty()
            || line.is_some_and(|line| lines.contains_key(&line))
            || ticket && !(services.is_empty() && catalogues.is_empty())
    }

    /// The policy that holds for a conversation or a ticket.
    pub async fn choice(&self, connection: &Tx, record: &Record) -> Result<Option<Choice<'_>>> {
        match record {
            Record::Conversation(row) => {
                let chosen = if self.chosen { chosen::of(connection, row.id, row.line_id).await? } else { None };
                // One that was deleted since is nobody's choice.
                if let Some((policy, why)) = chosen
                    && let Some(held) = self.policies.get(&policy)
                {
                    return Ok(Some(Choice { held, trace: vec![why] }));
                }
                let contact = Some(row.contact_id);
                self.of_client_or_line(connection, contact, row.line_id, row.created_at, Vec::new()).await
            }
            Record::Ticket(row) => self.of_ticket(connection, row).await,
        }
    }

    /// The service's, else its catalogue's, else that of the client's category, else of his company's, else the line's.
    async fn of_ticket(&self, connection: &impl Fetch, row: &ticket::Model) -> Result<Option<Choice<'_>>> {
        let mut trace = Vec::new();
        match row.service_id {
            Some(id) => {
                let service = service::find(connection, id).await?;
                let catalogue = service::find_catalogue(connection, service.catalogue_id).await?;
                let steps = [
                    (self.holders.services.get(&service.id), ["Услуга", "The service"], service.name),
                    (self.holders.catalogues.get(&catalogue.id), ["Каталог", "The catalogue"], catalogue.name),
                ];
                for (policy, [ru, en], name) in steps {
                    if let Some(held) = policy.and_then(|id| self.policies.get(id)) {
                        trace.push(has(ru, en, &name, &held.name));
                        return Ok(Some(Choice { held, trace }));
                    }
                    trace.push(has_none(ru, en, &name));
                }
            }
            None => trace.push(Words::new("Услуга не указана.", "No service is given.")),
        }
        self.of_client_or_line(connection, row.contact_id, row.line_id, row.updated_at, trace).await
    }

    /// A conversation that has its line's policy because no other was looked for needs no trace.
    async fn of_client_or_line(
        &self,
        connection: &impl Fetch,
        contact: Option<ContactId>,
        line: base::LineId,
        now: Timestamp,
        mut trace: Vec<Words>,
    ) -> Result<Option<Choice<'_>>> {
        if let Some(contact) = contact.filter(|_| !self.holders.categories.is_empty()) {
            let terms = client_category::of_contact(connection, contact, now).await?;
            for (whose, category) in &terms.categories {
                let (ru, en) = match whose {
                    Whose::Category => ("Категория клиента", "The client's category"),
                    _ => ("Категория компании", "The company's category"),
                };
                let policy = self.holders.categories.get(&category.id);
                if let Some(held) = policy.and_then(|id| self.policies.get(id)) {
                    trace.push(has(ru, en, &category.name, &held.name));
                    return Ok(Some(Choice { held, trace }));
                }
                trace.push(has_none(ru, en, &category.name));
            }
            if terms.categories.is_empty() {
                trace.push(Words::new("У клиента нет категории.", "The client has no category."));
            }
        }
        let held = self.holders.lines.get(&line).and_then(|id| self.policies.get(id));
        let Some(held) = held else { return Ok(None) };
        if !trace.is_empty() {
            let name = line::names(connection, [line]).await?.remove(&line).map(|line| line.name);
            trace.push(has("Линия", "The line", &name.unwrap_or_default(), &held.name));
        }
        Ok(Some(Choice { held, trace }))
    }

    /// What a clock of this norm would be begun with; none: nothing is promised, or its schedule is gone.
    pub fn snapshot(
        &self,
        name: &str,
        trace: &[Words],
        definition: &Definition,
        norm: DueNorm,
        case: &Case,
    ) -> Option<(TimeDelta, Snapshot)> {
        let chosen = definition.choose(norm, case)?;
        let schedule = match chosen.schedule_id {
            Some(id) => Some(self.schedules.get(&id)?.clone()),
            None => None,
        };
        let mut why = chosen.why;
        if let (Some(plan), Some(schedule)) = (&chosen.plan, &schedule) {
            why = Words::owned(
                format!("{} Часы поддержки — по тарифу «{plan}», график «{}».", why.ru, schedule.name),
                format!("{} The plan “{plan}” has support by the schedule “{}”.", why.en, schedule.name),
            );
        }
        let snapshot = Snapshot {
            policy: name.to_owned(),
            trace: trace.to_vec(),
            why,
            schedule,
            zone: self.zone.clone(),
            steps: definition.steps.clone(),
        };
        Some((chosen.target, snapshot))
    }
}

fn has_none(ru: &str, en: &str, name: &str) -> Words {
    Words::owned(format!("{ru} «{name}»: своего норматива нет."), format!("{en} “{name}” has no policy of its own."))
}

fn has(ru: &str, en: &str, name: &str, policy: &str) -> Words {
    Words::owned(format!("{ru} «{name}»: норматив «{policy}»."), format!("{en} “{name}” has the policy “{policy}”."))
}

/// A client's company, and the categories of both.
pub(super) async fn client(connection: &impl Fetch, id: ContactId) -> Result<(Option<CompanyId>, Vec<String>)> {
    let sql = "select p.company_id, p.category, coalesce(f.category, '') from contact p \
               left join company f on f.id = p.company_id where p.id = $1";
    let read = |row: &Row<'_>| {
        let categories: [String; 2] = [row.get(1)?, row.get(2)?];
        let named = categories.into_iter().filter(|name| !name.is_empty()).collect();
        Ok((row.get::<Option<Uuid>>(0)?.map(CompanyId), named))
    };
    Ok(connection.fetch(sql.to_owned(), vec![id.0.into()], read).await?.pop().unwrap_or_default())
}
