//! A clock as it is worked with: its row, taken apart.

use std::collections::HashMap;

use base::{Error, LineId, Result, Timestamp, Words};
use calendar::Schedule;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use db::Tx;
use desk::conversation::DueNorm;
use desk::schedule::{self, ScheduleId};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::engine::Count;
use super::entity::{Entity, Model, State};
use super::{ClockId, cause};
use crate::policy::{PolicyId, Step};
use crate::subject::{About, Record};

/// What a clock was begun with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub policy: String,
    /// How the policy was found, step by step; empty: it is the line's own.
    #[serde(default)]
    pub trace: Vec<Words>,
    /// Why this time: which norm was chosen.
    pub why: Words,
    /// None: time counts day and night.
    pub schedule: Option<KeptSchedule>,
    pub zone: String,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeptSchedule {
    pub id: ScheduleId,
    pub name: String,
    pub definition: calendar::Definition,
}

/// Every schedule as it is now.
pub(crate) async fn schedules(connection: &impl ConnectionTrait) -> Result<HashMap<ScheduleId, KeptSchedule>> {
    let kept = |row: schedule::Model| {
        Ok((row.id, KeptSchedule { id: row.id, name: row.name, definition: serde_json::from_value(row.definition)? }))
    };
    schedule::list(connection).await?.into_iter().map(kept).collect()
}

impl Snapshot {
    pub fn schedule(&self) -> Result<Schedule> {
        match &self.schedule {
            Some(kept) => kept.definition.schedule("definition"),
            None => Ok(Schedule::always(self.zone.parse().unwrap_or(Tz::UTC))),
        }
    }
}

/// Something that happened to a clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaClockEntry)]
pub(crate) struct Entry {
    pub at: DateTime<Utc>,
    pub what: What,
    /// Why: `client_wrote`, `created`, `taken`, `answered`, `closed`, `reopened`, `snoozed`, `awaiting_client`, `woken`, `spam`,
    /// `priority`, `policy`, `rule`, `undone`; of a ticket also `accepted`, `resolved`, `service`, `status` (one that stops the time),
    /// `outage` (its service is down).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Which step of the policy, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The promised seconds after a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_seconds: Option<i64>,
    /// Whether what the step says has been done.
    #[serde(default)]
    pub done: bool,
}

impl Entry {
    /// Whether the clock runs from here on, if that changed.
    pub fn turns(&self) -> Option<(Timestamp, bool)> {
        match self.what {
            What::Paused | What::Done | What::Dropped => Some((self.at, false)),
            What::Resumed | What::Reopened => Some((self.at, true)),
            What::Started | What::Changed | What::Step | What::Missed => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaClockEntryKind)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    Started,
    Paused,
    Resumed,
    /// The promised time was changed.
    Changed,
    /// A step of the policy was due.
    Step,
    Missed,
    Done,
    Dropped,
    /// What had ended it was taken back.
    Reopened,
}

/// A step that is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alarm {
    Missed,
    Step(usize),
}

pub(crate) struct Clock {
    pub row: Model,
    pub snapshot: Snapshot,
    pub log: Vec<Entry>,
    schedule: Schedule,
    /// Entries of the log when it was read.
    told: usize,
    fresh: bool,
}

impl Clock {
    pub fn read(row: Model) -> Result<Self> {
        let snapshot: Snapshot = serde_json::from_value(row.snapshot.clone())?;
        let log: Vec<Entry> = serde_json::from_value(row.log.clone())?;
        Ok(Clock { schedule: snapshot.schedule()?, row, snapshot, told: log.len(), log, fresh: false })
    }

    #[expect(clippy::too_many_arguments, reason = "a clock is made in one place, of just these")]
    pub fn start(
        id: ClockId,
        about: About,
        line_id: LineId,
        policy_id: PolicyId,
        norm: DueNorm,
        target: TimeDelta,
        snapshot: Snapshot,
        at: Timestamp,
        reason: &str,
    ) -> Result<Self> {
        let (conversation_id, ticket_id) = match about {
            About::Conversation(id) => (Some(id), None),
            About::Ticket(id) => (None, Some(id)),
        };
        let row = Model {
            id,
            conversation_id,
            ticket_id,
            line_id,
            policy_id,
            norm,
            state: State::Running,
            target_seconds: target.num_seconds(),
            consumed_micros: 0,
            running_since: Some(at),
            paused_for: None,
            started_at: at,
            due_at: None,
            missed_at: None,
            cause: None,
            ended_at: None,
            ended_by: None,
            next_at: None,
            snapshot: serde_json::to_value(&snapshot)?,
            log: serde_json::json!([]),
        };
        let mut clock = Clock { schedule: snapshot.schedule()?, row, snapshot, log: Vec::new(), told: 0, fresh: true };
        clock.note(at, What::Started, Some(reason));
        clock.set_times();
        Ok(clock)
    }

    pub fn count(&self) -> Count {
        Count {
            target: TimeDelta::seconds(self.row.target_seconds),
            consumed: TimeDelta::microseconds(self.row.consumed_micros),
            running_since: self.row.running_since,
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.row.state, State::Running | State::Paused)
    }

    /// Whether anything has happened to it since it was read: then its log says so.
    pub fn is_changed(&self) -> bool {
        self.log.len() != self.told
    }

    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// When a fifth of its time is left.
    pub fn warn_at(&self) -> Option<Timestamp> {
        let count = self.count();
        count.reaches(&self.schedule, -count.target / 5)
    }

    /// Since when it has run, or stood, as it does now.
    pub fn since(&self) -> Timestamp {
        let told = self.log.last().map_or(self.row.started_at, |entry| entry.at);
        self.row.running_since.unwrap_or(told)
    }

    pub fn pause(&mut self, at: Timestamp, reason: &str) {
        if self.row.state != State::Running {
            return;
        }
        let mut count = self.count();
        count.pause(&self.schedule, at);
        self.put(count);
        self.row.state = State::Paused;
        self.row.paused_for = Some(reason.to_owned());
        self.note(at, What::Paused, Some(reason));
        self.set_times();
    }

    /// The same from an earlier moment on, as it is told only now: what has counted since then counts no more. Nor is a promise
    /// broken that was so only by that.
    pub fn pause_since(&mut self, at: Timestamp, reason: &str) {
        if self.row.missed_at.is_some_and(|missed| missed > at) {
            self.row.missed_at = None;
        }
        self.pause(at, reason);
    }

    /// Stands still on, for another reason.
    pub fn stand_for(&mut self, at: Timestamp, reason: &str) {
        if self.row.state == State::Paused {
            self.row.paused_for = Some(reason.to_owned());
            self.note(at, What::Paused, Some(reason));
        }
    }

    /// Goes on, if it stands still for this reason (or, without one, for any).
    pub fn resume(&mut self, at: Timestamp, paused_for: Option<&str>, reason: &str) {
        let fits = paused_for.is_none_or(|wanted| self.row.paused_for.as_deref() == Some(wanted));
        if self.row.state != State::Paused || !fits {
            return;
        }
        let mut count = self.count();
        count.resume(at);
        self.put(count);
        self.row.state = State::Running;
        self.row.paused_for = None;
        self.note(at, What::Resumed, Some(reason));
        self.set_times();
    }

    /// What was promised has been done, or nobody waits for it any more.
    pub fn end(&mut self, at: Timestamp, state: State, reason: &str, by: Option<Uuid>) {
        if !self.is_open() {
            return;
        }
        let mut count = self.count();
        // It is known afterwards that it was done in time: what was said of it is taken back.
        let in_time = count.running_since.is_none() || count.due(&self.schedule).is_none_or(|due| at <= due);
        let due_at = self.row.due_at;
        if in_time {
            self.row.missed_at = None;
        } else if self.row.missed_at.is_none() {
            self.row.missed_at = due_at;
        }
        count.pause(&self.schedule, at);
        self.put(count);
        self.row.state = state;
        self.row.paused_for = None;
        self.row.ended_at = Some(at);
        self.row.ended_by = by;
        self.row.next_at = None;
        self.note(at, if state == State::Done { What::Done } else { What::Dropped }, Some(reason));
    }

    /// Goes on where it ended: `counted` when the time since then counts too.
    pub fn reopen(&mut self, at: Timestamp, counted: bool, reason: &str) {
        if self.is_open() {
            return;
        }
        let since = if counted { self.row.ended_at.unwrap_or(at) } else { at };
        let mut count = self.count();
        count.resume(since);
        self.put(count);
        self.row.state = State::Running;
        self.row.ended_at = None;
        self.row.ended_by = None;
        self.note(at, What::Reopened, Some(reason));
        self.set_times();
    }

    /// Promises another time; what has counted stays counted.
    pub fn change(&mut self, at: Timestamp, target: TimeDelta, snapshot: Snapshot, reason: &str) -> Result<()> {
        let schedule = snapshot.schedule()?;
        let mut count = self.count();
        let runs = count.running_since.is_some();
        count.pause(&self.schedule, at);
        if runs {
            count.resume(at);
        }
        count.target = target;
        self.put(count);
        self.row.target_seconds = target.num_seconds();
        self.row.snapshot = serde_json::to_value(&snapshot)?;
        self.snapshot = snapshot;
        self.schedule = schedule;
        self.note(at, What::Changed, Some(reason));
        if let Some(last) = self.log.last_mut() {
            last.target_seconds = Some(target.num_seconds());
        }
        self.set_times();
        if self.row.due_at.is_some_and(|due| due > at) {
            self.row.missed_at = None;
            self.set_times();
        }
        Ok(())
    }

    /// What is due by now, and what comes of it is noted. Steps that are due together come in the order of the policy.
    pub fn ring(&mut self, now: Timestamp) -> Vec<Alarm> {
        let mut due: Vec<(Timestamp, Alarm)> = self.alarms().into_iter().filter(|(at, _)| *at <= now).collect();
        due.sort_by_key(|(at, _)| *at);
        for (at, alarm) in &due {
            match alarm {
                Alarm::Missed => {
                    self.row.missed_at = self.row.due_at;
                    self.note(*at, What::Missed, None);
                }
                Alarm::Step(index) => {
                    self.note(now, What::Step, None);
                    if let Some(last) = self.log.last_mut() {
                        last.step = Some(*index);
                    }
                }
            }
        }
        self.set_times();
        due.into_iter().map(|(_, alarm)| alarm).collect()
    }

    fn alarms(&self) -> Vec<(Timestamp, Alarm)> {
        if self.row.state != State::Running {
            return Vec::new();
        }
        let count = self.count();
        let missed = (TimeDelta::zero(), Alarm::Missed);
        let steps = self.snapshot.steps.iter().enumerate().filter(|(index, step)| {
            let done = self.log.iter().any(|entry| entry.what == What::Step && entry.step == Some(*index));
            step.is_for(self.row.subject(), self.row.norm) && !done
        });
        let steps = steps.map(|(index, step)| (step.offset(count.target), Alarm::Step(index)));
        [missed]
            .into_iter()
            .filter(|_| self.row.missed_at.is_none())
            .chain(steps)
            .filter_map(|(offset, alarm)| Some((count.reaches(&self.schedule, offset)?, alarm)))
            .collect()
    }

    fn put(&mut self, count: Count) {
        self.row.consumed_micros = count.consumed.num_microseconds().unwrap_or(i64::MAX);
        self.row.running_since = count.running_since;
    }

    fn set_times(&mut self) {
        self.row.due_at = self.count().due(&self.schedule);
        self.row.next_at = self.alarms().into_iter().map(|(at, _)| at).min();
    }

    pub fn note(&mut self, at: Timestamp, what: What, reason: Option<&str>) {
        let reason = reason.map(str::to_owned);
        self.log.push(Entry { at, what, reason, step: None, target_seconds: None, done: false });
    }

    /// Notes that what a step says is done; false when it was done before.
    pub fn take_step(&mut self, step: usize) -> bool {
        let due = self.log.iter_mut().find(|entry| entry.step == Some(step) && !entry.done);
        due.map(|entry| entry.done = true).is_some()
    }

    pub async fn save(&mut self, tx: &Tx) -> Result<()> {
        self.row.log = serde_json::to_value(&self.log)?;
        if self.row.missed_at.is_none() {
            self.row.cause = None;
        } else if self.row.cause.is_none() {
            self.row.cause = Some(cause::find(tx, self).await?);
        }
        let row = self.row.clone().into_active_model();
        if self.fresh {
            Entity::insert(row).exec_without_returning(tx).await?;
            self.fresh = false;
        } else {
            Entity::update(row.reset_all()).exec_without_returning(tx).await?;
        }
        Ok(())
    }
}

/// The conversation or ticket of a clock and the clock, both held: always in this order, so that nobody waits in a circle.
pub(crate) async fn find_to_change(tx: &Tx, id: ClockId) -> Result<(Record, Clock)> {
    let gone = || Error::NotFound("clock");
    let seen = Entity::find_by_id(id).one(tx).await?.ok_or_else(gone)?;
    let record = Record::find_to_change(tx, seen.about()?).await?;
    let row = Entity::find_by_id(id).lock(db::HOLD).one(tx).await?.ok_or_else(gone)?;
    Ok((record, Clock::read(row)?))
}
