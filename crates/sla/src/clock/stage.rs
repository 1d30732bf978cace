//! The clocks of one conversation or ticket while an event is followed, and what can be done to them.

use base::{Result, Timestamp};
use db::Tx;
use desk::client_category;
use desk::conversation::{DueNorm, Priority};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use super::ClockId;
use super::entity::{self, Column, Entity, State};
use super::kept::Clock;
use super::world::{Choice, World, client};
use crate::policy::{Case, Definition, OnReopening};
use crate::subject::Record;

pub(super) struct Stage<'a> {
    pub tx: &'a Tx,
    pub world: &'a World,
    /// None: nothing is promised any more, or nothing ever was.
    pub choice: Option<Choice<'a>>,
    pub record: &'a Record,
    /// Those that are open, and whatever this event begins or opens again.
    pub clocks: Vec<Clock>,
    pub at: Timestamp,
}

impl Stage<'_> {
    pub fn rule(&self, test: impl Fn(&Definition) -> bool) -> bool {
        self.choice.as_ref().is_some_and(|choice| test(&choice.held.definition))
    }

    pub fn has(&self, norm: DueNorm) -> bool {
        self.clocks.iter().any(|clock| clock.row.norm == norm && clock.is_open())
    }

    /// Those of its clocks that were begun before this event.
    pub fn begun(&self) -> Select<Entity> {
        Entity::find().filter(entity::of(self.record.about()))
    }

    pub async fn ever(&self, norm: DueNorm) -> Result<bool> {
        let fresh = self.clocks.iter().any(|clock| clock.row.norm == norm);
        Ok(fresh || self.begun().filter(Column::Norm.eq(norm)).one(self.tx).await?.is_some())
    }

    pub fn each(&mut self, norm: DueNorm, change: impl Fn(&mut Clock)) {
        self.clocks.iter_mut().filter(|clock| clock.row.norm == norm).for_each(change);
    }

    pub fn end(&mut self, norm: DueNorm, state: State, reason: &str, by: Option<Uuid>) {
        let at = self.at;
        self.each(norm, |clock| clock.end(at, state, reason, by));
    }

    async fn case(&self, priority: Option<Priority>) -> Result<Case> {
        let (company, categories) = match self.record.contact_id() {
            Some(contact) => client(self.tx, contact).await?,
            None => Default::default(),
        };
        let priority = Some(priority.unwrap_or(self.record.priority()));
        let hours = match self.record {
            Record::Ticket(ticket) if self.world.plans_name_hours() => {
                let terms = match ticket.contact_id {
                    Some(contact) => client_category::of_contact(self.tx, contact, self.at).await?,
                    None => Default::default(),
                };
                self.world.hours(&terms)
            }
            _ => None,
        };
        Ok(Case {
            subject: self.record.subject(),
            priority,
            channel: self.record.channel(),
            company,
            categories,
            hours,
        })
    }

    pub async fn start(&mut self, norm: DueNorm, reason: &str) -> Result<()> {
        self.start_at(norm, reason, self.at).await
    }

    /// The same for something that began earlier.
    pub async fn start_at(&mut self, norm: DueNorm, reason: &str, at: Timestamp) -> Result<()> {
        if self.has(norm) {
            return Ok(());
        }
        let case = self.case(None).await?;
        let Some(Choice { held, trace }) = &self.choice else { return Ok(()) };
        let Some((target, snapshot)) = self.world.snapshot(&held.name, trace, &held.definition, norm, &case) else {
            return Ok(());
        };
        let (about, line) = (self.record.about(), self.record.line_id());
        let clock_id = ClockId(self.tx.new_id());
        self.clocks.push(Clock::start(clock_id, about, line, held.id, norm, target, snapshot, at, reason)?);
        Ok(())
    }

    /// Work that was over goes on.
    pub async fn reopened(&mut self) -> Result<()> {
        let Some(on_reopening) = self.choice.as_ref().map(|choice| choice.held.definition.on_reopening) else {
            return Ok(());
        };
        match on_reopening {
            OnReopening::Nothing => Ok(()),
            OnReopening::StartAnew => self.start(DueNorm::Resolution, "reopened").await,
            OnReopening::GoOn => {
                let last = self.begun().filter(Column::Norm.eq(DueNorm::Resolution));
                match last.order_by_desc(Column::StartedAt).one(self.tx).await? {
                    Some(row) => {
                        let mut clock = Clock::read(row)?;
                        if !clock.is_open() {
                            clock.reopen(self.at, false, "reopened");
                            self.clocks.push(clock);
                        }
                        Ok(())
                    }
                    None => self.start(DueNorm::Resolution, "reopened").await,
                }
            }
        }
    }

    /// Chooses the norms of what is open anew; of another policy's clocks only when the policy itself is another now.
    pub async fn choose_anew(&mut self, priority: Option<Priority>, policy_changed: bool, reason: &str) -> Result<()> {
        let case = self.case(priority).await?;
        let Some(Choice { held, trace }) = &self.choice else { return Ok(()) };
        let ours = |clock: &&mut Clock| clock.is_open() && (policy_changed || clock.row.policy_id == held.id);
        for clock in self.clocks.iter_mut().filter(ours) {
            let chosen = self.world.snapshot(&held.name, trace, &held.definition, clock.row.norm, &case);
            let Some((target, snapshot)) = chosen else {
                // The policy that holds now does not promise it.
                if clock.row.policy_id != held.id {
                    clock.end(self.at, State::Dropped, reason, None);
                }
                continue;
            };
            let same = target.num_seconds() == clock.row.target_seconds && snapshot.schedule == clock.snapshot.schedule;
            if !same || clock.row.policy_id != held.id {
                clock.row.policy_id = held.id;
                clock.change(self.at, target, snapshot, reason)?;
            }
        }
        Ok(())
    }
}
