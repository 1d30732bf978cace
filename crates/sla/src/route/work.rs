//! What happens to a ticket on its way by a route: it begins, its stages begin and end one after the other, it ends.

use std::collections::{BTreeSet, HashMap};

use base::{Actor, Error, GroupId, Result, Timestamp, UserId, Words};
use bus::Event;
use chrono::TimeDelta;
use chrono_tz::Tz;
use db::Tx;
use desk::group::member;
use desk::task::{self, Ended, NewTask, TaskId};
use desk::{setting, ticket, user};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::{Value, json};

use super::definition::{Definition, Mode, StageDefinition};
use super::stage::{self, Ola, Stage};
use super::{RunId, StageId, entity, plan, run, words};
use crate::clock::{self, is_frozen};
use crate::ola::{self, OlaId};

/// The way of a ticket, with its stages in their order. The ticket is held, then these.
pub(super) struct Way {
    pub ticket: ticket::Model,
    pub run: run::Model,
    pub stages: Vec<Stage>,
}

impl Way {
    /// The way that a ticket is on; the ticket is held by whoever asks.
    pub async fn of(tx: &Tx, ticket: ticket::Model) -> Result<Option<Self>> {
        let running = run::Entity::find()
            .filter(run::Column::TicketId.eq(ticket.id))
            .filter(run::Column::State.eq(run::State::Running));
        let Some(run) = running.lock(db::HOLD).one(tx).await? else { return Ok(None) };
        let stages = stage::of_run(tx, run.id).await?;
        Ok(Some(Way { ticket, run, stages }))
    }

    pub async fn save(&mut self, tx: &Tx) -> Result<()> {
        for stage in &mut self.stages {
            stage.save(tx).await?;
        }
        Ok(())
    }

    async fn tell(&self, tx: &Tx, actor: &Actor, kind: &'static str, data: Value) -> Result<()> {
        let event = ticket::heard_by(tx, &self.ticket, Event::new(kind).data(data)).await?;
        bus::emit(tx, actor, event).await.map(drop)
    }
}

/// Why a way begins.
pub struct Begin {
    pub at: Timestamp,
    /// None: somebody has begun it.
    pub why: Option<Words>,
    /// The time of its stages stands still from the beginning.
    pub frozen: bool,
}

/// Begins the way of a ticket; the ticket is held by whoever asks.
pub async fn start(tx: &Tx, actor: &Actor, ticket: ticket::Model, route: entity::Model, begin: Begin) -> Result<()> {
    let Begin { at, why, frozen } = begin;
    if Way::of(tx, ticket.clone()).await?.is_some() {
        let (ru, en) = ("Обращение уже идёт по маршруту", "The ticket goes by a route already");
        return Err(Error::conflict("route_running", ru, en));
    }
    let definition: Definition = serde_json::from_value(route.definition)?;
    let run = run::Model {
        id: RunId(tx.new_id()),
        ticket_id: ticket.id,
        line_id: ticket.line_id,
        route_id: route.id,
        name: route.name,
        mode: definition.mode,
        state: run::State::Running,
        why: why.as_ref().map(serde_json::to_value).transpose()?,
        started_by: actor.user_id(),
        started_at: at,
        planned_at: None,
        ended_at: None,
    };
    let stages = stages_of(tx, &run, &definition, at).await?;
    let mut way = Way { ticket, run, stages };
    let planned = plan_of(&way.stages, at);
    for (stage, due) in way.stages.iter_mut().zip(&planned) {
        stage.row.planned_at = due.filter(|_| stage.row.own_seconds.is_some());
    }
    way.run.planned_at = way.stages.iter().filter_map(|stage| stage.row.planned_at).max();
    run::Entity::insert(way.run.clone().into_active_model()).exec_without_returning(tx).await?;
    for stage in way.stages.iter().filter(|stage| stage.row.must_complete) {
        let words = words::must_complete(&stage.row.name, &way.run.name);
        ticket::hold(tx, way.ticket.id, stage.row.id.0, stage.row.position, &words).await?;
    }
    let data = json!({"title": way.run.name, "run_id": way.run.id, "why": why});
    way.tell(tx, actor, "route_started", data).await?;
    go_on(tx, &mut way, at, frozen).await?;
    way.save(tx).await
}

async fn stages_of(tx: &Tx, run: &run::Model, definition: &Definition, at: Timestamp) -> Result<Vec<Stage>> {
    let zone = setting::company(tx).await?.default_time_zone;
    let today = at.with_timezone(&zone.parse().unwrap_or(Tz::UTC)).date_naive();
    let schedules = clock::schedules(tx).await?;
    let mut olas: HashMap<OlaId, (String, ola::Definition)> = HashMap::new();
    for row in ola::list(tx).await? {
        olas.insert(row.id, (row.name, serde_json::from_value(row.definition)?));
    }
    let mut stages = Vec::new();
    for (position, (wave, of)) in (0i64..).zip(definition.waves()) {
        let StageDefinition { name, kind, user_id, group_id, ola_id, must_complete, parallel: _ } = of.clone();
        let agreed = ola_id.and_then(|id| olas.get(&id));
        let holds = agreed.filter(|(_, ola)| ola.holds_on(today));
        let notes: Vec<Words> =
            agreed.filter(|_| holds.is_none()).map(|(ola, _)| words::not_valid(ola)).into_iter().collect();
        let kept = holds.map(|(name, ola)| Ola {
            name: name.clone(),
            schedule: ola.schedule_id.and_then(|id| schedules.get(&id).cloned()),
            zone: zone.clone(),
            least_percent: ola.shrink.then_some(ola.least_percent),
        });
        let own_seconds = holds.and_then(|(_, ola)| ola.seconds(kind));
        stages.push(Stage::new(stage::Model {
            id: StageId(tx.new_id()),
            run_id: run.id,
            ticket_id: run.ticket_id,
            line_id: run.line_id,
            position,
            wave,
            name: name.split_whitespace().collect::<Vec<_>>().join(" "),
            kind,
            user_id,
            group_id,
            must_complete,
            state: stage::State::Waiting,
            ola: kept.map(serde_json::to_value).transpose()?,
            own_seconds,
            target_seconds: own_seconds,
            reaction_seconds: holds.and_then(|(_, ola)| ola.reaction_seconds),
            consumed_micros: 0,
            running_since: None,
            planned_at: None,
            reaction_due_at: None,
            due_at: None,
            started_at: None,
            taken_at: None,
            taken_by: None,
            ended_at: None,
            ended_by: None,
            result: String::new(),
            reaction_missed_at: None,
            missed_at: None,
            next_at: None,
            shrunk: None,
            notes: serde_json::to_value(notes)?,
            task_id: None,
        })?);
    }
    Ok(stages)
}

/// When these stages end, one after the other, in their order.
fn plan_of(stages: &[Stage], at: Timestamp) -> Vec<Option<Timestamp>> {
    let waves: Vec<Vec<_>> = stages
        .chunk_by(|one, next| one.row.wave == next.row.wave)
        .map(|wave| wave.iter().map(|stage| (stage.schedule(), stage.still_planned())).collect())
        .collect();
    plan::ends(at, &waves).into_iter().flatten().collect()
}

/// Begins the stages whose turn it is; ends the way when none is left.
async fn go_on(tx: &Tx, way: &mut Way, at: Timestamp, frozen: bool) -> Result<()> {
    let Some(wave) = way.stages.iter().filter(|stage| !stage.is_over()).map(|stage| stage.row.wave).min() else {
        return end_way(tx, way, at, run::State::Done, None).await;
    };
    let runs = |stage: &Stage| stage.row.wave == wave && stage.row.state == stage::State::Running;
    if !way.stages.iter().any(runs) {
        shorten(&mut way.stages, wave)?;
        let turn: Vec<usize> = (0..way.stages.len())
            .filter(|index| way.stages[*index].row.wave == wave && !way.stages[*index].is_over())
            .collect();
        for index in turn {
            begin_stage(tx, way, index, at, frozen).await?;
        }
    }
    expect(&mut way.stages, wave, at);
    Ok(())
}

/// Gives the stages from this wave on the time that is left for them.
fn shorten(stages: &mut [Stage], wave: i64) -> Result<()> {
    let waves: BTreeSet<i64> = stages.iter().map(|stage| stage.row.wave).collect();
    let longest = |wave: i64, open: bool| {
        let own = stages.iter().filter(|stage| stage.row.wave == wave && !(open && stage.is_over()));
        plan::wave(own.map(|stage| stage.own().time))
    };
    let took = |wave: i64| {
        let of_it = stages.iter().filter(|stage| stage.row.wave == wave);
        plan::wave(of_it.map(|stage| TimeDelta::microseconds(stage.row.consumed_micros)))
    };
    let planned_in_all: TimeDelta = waves.iter().map(|wave| longest(*wave, false)).sum();
    let passed: TimeDelta = waves.iter().filter(|one| **one < wave).map(|wave| took(*wave)).sum();
    let planned: TimeDelta = waves.iter().filter(|one| **one >= wave).map(|wave| longest(*wave, true)).sum();
    let remaining = planned_in_all - passed;
    for stage in stages.iter_mut().filter(|stage| stage.row.wave >= wave && !stage.is_over()) {
        let own = stage.own();
        let left = plan::shrink(own, remaining, planned);
        let free = plan::shrink(plan::Own { least_percent: own.least_percent.map(|_| 0), ..own }, remaining, planned);
        let why = (left < own.time).then(|| words::shrunk(own.time, left, remaining, planned, free < left));
        stage.set_target(left, why.as_ref())?;
    }
    Ok(())
}

/// When the stages that wait would be done, if those before them are done in time.
fn expect(stages: &mut [Stage], wave: i64, at: Timestamp) {
    let running = stages.iter().filter(|stage| stage.row.wave == wave && stage.row.state == stage::State::Running);
    // While time stands still nobody knows when.
    let begin = running.map(|stage| stage.row.running_since.map(|_| stage.row.due_at.unwrap_or(at).max(at)));
    let begin: Option<Vec<Timestamp>> = begin.collect();
    let begin = begin.and_then(|all| all.into_iter().max());
    let waits = |stage: &Stage| stage.row.state == stage::State::Waiting;
    let Some(first) = stages.iter().position(waits) else { return };
    let ends = begin.map(|begin| plan_of(&stages[first..], begin)).unwrap_or_default();
    for (index, stage) in stages[first..].iter_mut().enumerate().filter(|(_, stage)| waits(stage)) {
        stage.expect(ends.get(index).copied().flatten());
    }
}

async fn begin_stage(tx: &Tx, way: &mut Way, index: usize, at: Timestamp, frozen: bool) -> Result<()> {
    way.stages[index].start(at, frozen);
    let row = way.stages[index].row.clone();
    let members = members(tx, row.group_id).await?;
    let why = words::stage_of(&row.name, &way.run.name);
    let mut tell = members.clone();
    match way.run.mode {
        Mode::Ticket => {
            tell.extend(row.user_id);
            if let Some(note) = give_ticket(tx, way, &row, &members, &why).await? {
                way.stages[index].note(note)?;
            }
        }
        Mode::Task => {
            let known = match row.user_id {
                Some(id) => user::Entity::find_by_id(id).one(tx).await?.filter(|person| !person.blocked),
                None => None,
            };
            if known.is_none() && row.user_id.is_some() {
                way.stages[index].note(words::nobody())?;
            }
            let new = NewTask {
                title: row.name.clone(),
                ticket_id: Some(row.ticket_id),
                assignee_id: known.map(|person| person.id),
                // A group may have been deleted since.
                group_id: row.group_id.filter(|_| !members.is_empty()),
                due_at: row.due_at,
                why: Some(why.clone()),
                stage_id: Some(row.id.0),
                ..NewTask::default()
            };
            let made = task::create(tx, &Actor::system(), new).await?;
            way.stages[index].row.task_id = Some(made.id);
        }
    }
    if row.group_id.is_some() && members.is_empty() {
        way.stages[index].note(words::nobody())?;
    }
    let data = json!({
        "title": row.name, "stage_id": row.id, "ticket_id": row.ticket_id, "due_at": row.due_at, "tell": tell, "why": why,
    });
    way.tell(tx, &Actor::system(), "stage_started", data).await
}

/// The ticket goes to the person of the stage; a group's stage waits for somebody of the group to take it.
async fn give_ticket(
    tx: &Tx,
    way: &mut Way,
    stage: &stage::Model,
    members: &[UserId],
    why: &Words,
) -> Result<Option<Words>> {
    let owner = way.ticket.owner_id;
    let wanted = match stage.user_id {
        Some(person) => Some(person),
        None => owner.filter(|owner| members.contains(owner)),
    };
    if wanted == owner {
        return Ok(None);
    }
    let change = ticket::Change { owner_id: Some(wanted), why: Some(why.clone()), ..Default::default() };
    match ticket::update(tx, &Actor::system(), way.ticket.id, change).await {
        Ok(()) => {
            way.ticket.owner_id = wanted;
            Ok(None)
        }
        Err(Error::Invalid(_)) => {
            let person = user::people(tx, stage.user_id).await?.into_values().next();
            Ok(Some(words::not_assignable(&person.map(|person| person.name).unwrap_or_default())))
        }
        Err(other) => Err(other),
    }
}

pub(super) async fn members(tx: &Tx, group: Option<GroupId>) -> Result<Vec<UserId>> {
    let Some(group) = group else { return Ok(Vec::new()) };
    let rows = member::Entity::find().filter(member::Column::GroupId.eq(group)).all(tx).await?;
    Ok(rows.into_iter().map(|member| member.user_id).collect())
}

/// How a stage ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome<'a> {
    Done {
        result: &'a str,
    },
    /// Only a stage that is not required.
    Skipped {
        reason: &'a str,
    },
}

/// Ends a stage, and begins what follows.
pub(super) async fn finish(
    tx: &Tx,
    actor: &Actor,
    way: &mut Way,
    index: usize,
    outcome: Outcome<'_>,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<()> {
    let (state, kind, text, ended) = match outcome {
        Outcome::Done { result } => (stage::State::Done, "stage_done", result, Ended::Done),
        Outcome::Skipped { reason } => (stage::State::Skipped, "stage_skipped", reason, Ended::Cancelled),
    };
    let stage = &mut way.stages[index];
    stage.end(at, state, by, text);
    let row = stage.row.clone();
    ticket::release(tx, row.ticket_id, row.id.0).await?;
    end_task(tx, actor, row.task_id, ended, text).await?;
    let data = json!({
        "title": row.name, "stage_id": row.id, "ticket_id": row.ticket_id, "result": row.result, "missed_at": row.missed_at,
    });
    way.tell(tx, actor, kind, data).await?;
    let frozen = is_frozen(tx, &way.ticket).await?;
    go_on(tx, way, at, frozen).await?;
    way.save(tx).await
}

async fn end_task(tx: &Tx, actor: &Actor, id: Option<TaskId>, ended: Ended, text: &str) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    match task::Entity::find_by_id(id).lock(db::HOLD).one(tx).await? {
        Some(task) => task::end(tx, actor, task, ended, text).await,
        None => Ok(()),
    }
}

/// The ticket was resolved: nobody waits for the stages that are left.
pub(super) async fn give_up(tx: &Tx, way: &mut Way, at: Timestamp, by: Option<UserId>) -> Result<()> {
    let system = Actor::system();
    let why = words::resolved();
    for stage in way.stages.iter_mut().filter(|stage| !stage.is_over()) {
        stage.end(at, stage::State::Cancelled, by, "");
        ticket::release(tx, stage.row.ticket_id, stage.row.id.0).await?;
        end_task(tx, &system, stage.row.task_id, Ended::Cancelled, &why.ru).await?;
    }
    end_way(tx, way, at, run::State::Cancelled, Some(why)).await?;
    way.save(tx).await
}

async fn end_way(tx: &Tx, way: &mut Way, at: Timestamp, state: run::State, why: Option<Words>) -> Result<()> {
    way.run.state = state;
    way.run.ended_at = Some(at);
    let row = way.run.clone().into_active_model().reset_all();
    run::Entity::update(row).exec_without_returning(tx).await?;
    let data = json!({"title": way.run.name, "run_id": way.run.id, "state": state, "why": why});
    way.tell(tx, &Actor::system(), "route_ended", data).await
}

/// Somebody takes a stage that runs.
pub(super) async fn take(tx: &Tx, way: &mut Way, index: usize, at: Timestamp, by: UserId) -> Result<()> {
    way.stages[index].take(at, Some(by));
    if let Some(task) = way.stages[index].row.task_id {
        task::of_stage(tx, task, way.stages[index].row.due_at, Some(by)).await?;
    }
    way.save(tx).await
}

/// The time of the stages stands still, or goes on.
pub(super) async fn freeze(tx: &Tx, way: &mut Way, at: Timestamp, frozen: bool) -> Result<()> {
    for stage in way.stages.iter_mut().filter(|stage| stage.row.state == stage::State::Running) {
        if frozen == stage.row.running_since.is_none() {
            continue;
        }
        if frozen {
            stage.pause(at)
        } else {
            stage.resume(at)
        }
        if let Some(task) = stage.row.task_id {
            task::of_stage(tx, task, stage.row.due_at, None).await?;
        }
    }
    let wave = way.stages.iter().filter(|stage| !stage.is_over()).map(|stage| stage.row.wave).min();
    if let Some(wave) = wave {
        expect(&mut way.stages, wave, at);
    }
    way.save(tx).await
}
