//! A stage of a ticket's way, as it is saved and worked with.

use base::{Error, GroupId, LineId, Result, TicketId, Timestamp, UserId, Words};
use calendar::Schedule;
use chrono::TimeDelta;
use chrono_tz::Tz;
use db::Tx;
use desk::task::TaskId;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveModelTrait, IntoActiveModel, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::definition::Kind;
use super::plan::Own;
use super::{RunId, StageId};
use crate::clock::{Count, KeptSchedule};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "route_stage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StageId,
    pub run_id: RunId,
    pub ticket_id: TicketId,
    pub line_id: LineId,
    pub position: i64,
    /// Stages of the same wave run together.
    pub wave: i64,
    pub name: String,
    pub kind: Kind,
    pub user_id: Option<UserId>,
    pub group_id: Option<GroupId>,
    pub must_complete: bool,
    pub state: State,
    /// `Ola`, as it was when the run began; none: the stage has no time.
    pub ola: Option<Json>,
    /// Its own time; none: it has none.
    pub own_seconds: Option<i64>,
    /// What is left of it after delays.
    pub target_seconds: Option<i64>,
    pub reaction_seconds: Option<i64>,
    /// Counted before `running_since`.
    pub consumed_micros: i64,
    /// None: it does not run, or stands still.
    pub running_since: Option<Timestamp>,
    /// When it was to be done, as planned when the run began.
    pub planned_at: Option<Timestamp>,
    pub reaction_due_at: Option<Timestamp>,
    /// When it is to be done; of a stage that waits: when it would be, if those before it are done in time.
    pub due_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub taken_at: Option<Timestamp>,
    pub taken_by: Option<UserId>,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<UserId>,
    /// What came of it, or why it was skipped.
    pub result: String,
    /// When its reaction was over and nobody had taken it.
    pub reaction_missed_at: Option<Timestamp>,
    /// When its time was over and it was not done.
    pub missed_at: Option<Timestamp>,
    /// When its next time is over.
    pub next_at: Option<Timestamp>,
    /// `Words`: why its time is shorter than its own.
    pub shrunk: Option<Json>,
    /// `Vec<Words>`: what else explains it.
    pub notes: Json,
    /// The task that it is.
    pub task_id: Option<TaskId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    State as "RouteStageState" {
        /// Those before it are not done.
        Waiting = "waiting",
        Running = "running",
        Done = "done",
        Skipped = "skipped",
        /// The ticket was resolved before it.
        Cancelled = "cancelled",
    }
}

/// What a stage counts by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ola {
    pub name: String,
    /// None: time counts day and night.
    pub schedule: Option<KeptSchedule>,
    pub zone: String,
    /// None: the stage does not shrink.
    pub least_percent: Option<i64>,
}

/// What of a stage was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Missed {
    Reaction,
    Time,
}

pub(super) struct Stage {
    pub row: Model,
    pub ola: Option<Ola>,
    schedule: Schedule,
    fresh: bool,
    changed: bool,
}

impl Stage {
    pub fn new(row: Model) -> Result<Self> {
        Ok(Stage { fresh: true, ..Self::read(row)? })
    }

    pub fn read(row: Model) -> Result<Self> {
        let ola: Option<Ola> = row.ola.clone().map(serde_json::from_value).transpose()?;
        let schedule = match &ola {
            Some(Ola { schedule: Some(kept), .. }) => kept.definition.schedule("definition")?,
            Some(Ola { zone, .. }) => Schedule::always(zone.parse().unwrap_or(Tz::UTC)),
            None => Schedule::always(Tz::UTC),
        };
        Ok(Stage { row, ola, schedule, fresh: false, changed: false })
    }

    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Its own time in the plan.
    pub fn own(&self) -> Own {
        let time = TimeDelta::seconds(self.row.own_seconds.unwrap_or(0));
        Own { time, least_percent: self.ola.as_ref().and_then(|ola| ola.least_percent) }
    }

    /// What it adds to the plan: one that is over adds nothing.
    pub fn still_planned(&self) -> TimeDelta {
        if self.is_over() { TimeDelta::zero() } else { TimeDelta::seconds(self.row.target_seconds.unwrap_or(0)) }
    }

    /// What has counted; of a stage without time nothing does.
    pub fn counted(&self, at: Timestamp) -> TimeDelta {
        if self.row.own_seconds.is_none() && self.row.reaction_seconds.is_none() {
            return TimeDelta::zero();
        }
        self.count(TimeDelta::zero()).consumed_at(&self.schedule, at)
    }

    fn count(&self, target: TimeDelta) -> Count {
        let consumed = TimeDelta::microseconds(self.row.consumed_micros);
        Count { target, consumed, running_since: self.row.running_since }
    }

    pub fn is_over(&self) -> bool {
        !matches!(self.row.state, State::Waiting | State::Running)
    }

    /// When a fifth of its time is left.
    pub fn warn_at(&self) -> Option<Timestamp> {
        let target = TimeDelta::seconds(self.row.target_seconds?);
        self.count(target).reaches(&self.schedule, -target / 5)
    }

    pub fn start(&mut self, at: Timestamp, frozen: bool) {
        self.row.state = State::Running;
        self.row.started_at = Some(at);
        self.row.running_since = (!frozen).then_some(at);
        self.set_times();
    }

    pub fn pause(&mut self, at: Timestamp) {
        if self.row.running_since.is_some() {
            self.put_by(at);
            self.set_times();
        }
    }

    pub fn resume(&mut self, at: Timestamp) {
        if self.row.state == State::Running && self.row.running_since.is_none() {
            self.row.running_since = Some(at);
            self.set_times();
        }
    }

    pub fn take(&mut self, at: Timestamp, by: Option<UserId>) {
        if self.row.taken_at.is_some() {
            return;
        }
        self.row.taken_at = Some(at);
        self.row.taken_by = by;
        // It is known afterwards that it was taken in time: what was said of it is taken back.
        if self.row.reaction_due_at.is_none_or(|due| at <= due) {
            self.row.reaction_missed_at = None;
        }
        self.set_times();
    }

    pub fn end(&mut self, at: Timestamp, state: State, by: Option<UserId>, result: &str) {
        if state == State::Done {
            self.take(at, by);
            self.row.missed_at = match self.row.due_at {
                Some(due) if at <= due => None,
                due => self.row.missed_at.or(due),
            };
        }
        self.put_by(at);
        self.row.state = state;
        self.row.ended_at = Some(at);
        self.row.ended_by = by;
        result.clone_into(&mut self.row.result);
        self.row.next_at = None;
        self.changed = true;
    }

    /// Its time is another one now, because of what was before it.
    pub fn set_target(&mut self, target: TimeDelta, shrunk: Option<&Words>) -> Result<()> {
        self.row.target_seconds = self.row.own_seconds.map(|_| target.num_seconds());
        self.row.shrunk = shrunk.map(serde_json::to_value).transpose()?;
        self.changed = true;
        Ok(())
    }

    pub fn expect(&mut self, due_at: Option<Timestamp>) {
        self.row.due_at = due_at.filter(|_| self.row.own_seconds.is_some());
        self.changed = true;
    }

    /// Why it is as it is.
    pub fn explained(&self) -> Result<Vec<Words>> {
        let mut notes: Vec<Words> = serde_json::from_value(self.row.notes.clone())?;
        notes.extend(self.row.shrunk.clone().map(serde_json::from_value).transpose()?);
        Ok(notes)
    }

    pub fn note(&mut self, words: Words) -> Result<()> {
        let mut notes: Vec<Words> = serde_json::from_value(self.row.notes.clone())?;
        notes.push(words);
        self.row.notes = serde_json::to_value(notes)?;
        self.changed = true;
        Ok(())
    }

    /// What is over by now, and was not noted yet.
    pub fn ring(&mut self, now: Timestamp) -> Vec<Missed> {
        let mut over = Vec::new();
        if let Some(due) = self.reaction_alarm().filter(|due| *due <= now) {
            self.row.reaction_missed_at = Some(due);
            over.push(Missed::Reaction);
        }
        if let Some(due) = self.alarm().filter(|due| *due <= now) {
            self.row.missed_at = Some(due);
            over.push(Missed::Time);
        }
        self.set_times();
        over
    }

    fn reaction_alarm(&self) -> Option<Timestamp> {
        let open = self.row.taken_at.is_none() && self.row.reaction_missed_at.is_none();
        self.row.reaction_due_at.filter(|_| open && self.row.running_since.is_some())
    }

    fn alarm(&self) -> Option<Timestamp> {
        self.row.due_at.filter(|_| self.row.missed_at.is_none() && self.row.running_since.is_some())
    }

    fn put_by(&mut self, at: Timestamp) {
        let mut count = self.count(TimeDelta::zero());
        count.pause(&self.schedule, at);
        self.row.consumed_micros = count.consumed.num_microseconds().unwrap_or(i64::MAX);
        self.row.running_since = None;
        self.changed = true;
    }

    fn set_times(&mut self) {
        let due = |seconds: Option<i64>| self.count(TimeDelta::seconds(seconds?)).due(&self.schedule);
        let (reaction, time) = (due(self.row.reaction_seconds), due(self.row.target_seconds));
        if self.row.taken_at.is_none() {
            self.row.reaction_due_at = reaction;
        }
        self.row.due_at = time;
        self.row.next_at = [self.reaction_alarm(), self.alarm()].into_iter().flatten().min();
        self.changed = true;
    }

    pub async fn save(&mut self, tx: &Tx) -> Result<()> {
        let row = self.row.clone().into_active_model();
        if self.fresh {
            Entity::insert(row).exec_without_returning(tx).await?;
            self.fresh = false;
        } else if self.changed {
            Entity::update(row.reset_all()).exec_without_returning(tx).await?;
        }
        self.changed = false;
        Ok(())
    }
}

/// The stages of a run in their order, held until the end of the transaction.
pub(super) async fn of_run(tx: &Tx, run: RunId) -> Result<Vec<Stage>> {
    let rows = Entity::find().filter(Column::RunId.eq(run)).order_by_asc(Column::Position);
    rows.lock(db::HOLD).all(tx).await?.into_iter().map(Stage::read).collect()
}

pub(super) fn position(stages: &[Stage], id: StageId) -> Result<usize> {
    stages.iter().position(|stage| stage.row.id == id).ok_or(Error::NotFound("stage"))
}
