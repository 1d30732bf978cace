//! The way of a ticket as the API shows it: what was planned of each stage, and what came of it.

use std::collections::HashMap;

use base::{GroupId, Language, Result, TicketId, Timestamp, UserId, Words};
use chrono::{DateTime, TimeDelta, Utc};
use desk::group::{self, GroupRef};
use desk::people::StaffRef;
use desk::task::TaskId;
use desk::user;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::definition::{Kind, Mode};
use super::stage::{self, Stage};
use super::{RouteId, RunId, StageId, run};

/// The ways of a ticket by routes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct TicketRoutes {
    /// The one it is on comes first, then earlier ones, at most 20.
    items: Vec<RouteRun>,
}

/// The way of a ticket by a route.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct RouteRun {
    id: RunId,
    route_id: RouteId,
    /// As the route was called when it began.
    name: String,
    mode: Mode,
    state: run::State,
    /// Why it began by itself, in your language.
    why: Option<String>,
    /// Null: it began by itself.
    started_by: Option<StaffRef>,
    started_at: DateTime<Utc>,
    /// When it was to end, by the sum of its stages; null: they have no times.
    planned_at: Option<DateTime<Utc>>,
    /// When it ends if everything that is left is done in time; null: time stands still, or nothing is left.
    due_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    /// In their order.
    stages: Vec<RouteStage>,
}

/// A stage: plan and fact.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct RouteStage {
    id: StageId,
    name: String,
    kind: Kind,
    /// Stages of the same wave run together.
    wave: i64,
    user: Option<StaffRef>,
    group: Option<GroupRef>,
    must_complete: bool,
    state: stage::State,
    /// Its time stands still.
    paused: bool,
    /// How its OLA was called; null: it has no time.
    ola: Option<String>,
    /// Its own time, in counted seconds.
    own_seconds: Option<i64>,
    /// What is left of that after delays.
    target_seconds: Option<i64>,
    /// What has counted by now, or by its end.
    counted_seconds: i64,
    /// What has counted beyond its time.
    overrun_seconds: i64,
    reaction_due_at: Option<DateTime<Utc>>,
    reaction_missed_at: Option<DateTime<Utc>>,
    /// When it was to be done, as planned when the route began.
    planned_at: Option<DateTime<Utc>>,
    /// When it is to be done; of a stage that waits: when it would be, if those before it are done in time.
    due_at: Option<DateTime<Utc>>,
    /// When a fifth of its time is left.
    warn_at: Option<DateTime<Utc>>,
    started_at: Option<DateTime<Utc>>,
    taken_at: Option<DateTime<Utc>>,
    taken_by: Option<StaffRef>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<StaffRef>,
    /// When its time was over and it was not done.
    missed_at: Option<DateTime<Utc>>,
    /// What came of it, or why it was skipped.
    result: String,
    /// Why it is as it is, in your language.
    why: Vec<String>,
    task_id: Option<TaskId>,
}

pub(super) async fn of(
    connection: &impl ConnectionTrait,
    id: TicketId,
    now: Timestamp,
    language: Language,
) -> Result<TicketRoutes> {
    let runs = run::Entity::find().filter(run::Column::TicketId.eq(id)).order_by_desc(run::Column::Id);
    let runs = runs.limit(20).all(connection).await?;
    if runs.is_empty() {
        return Ok(TicketRoutes { items: Vec::new() });
    }
    let rows = stage::Entity::find()
        .filter(stage::Column::RunId.is_in(runs.iter().map(|run| run.id)))
        .order_by_asc(stage::Column::Position)
        .all(connection)
        .await?;
    let people = rows.iter().flat_map(|row| [row.user_id, row.taken_by, row.ended_by]).flatten();
    let people: Vec<UserId> = people.chain(runs.iter().filter_map(|run| run.started_by)).collect();
    let people = user::people(connection, people).await?;
    let groups: Vec<GroupId> = rows.iter().filter_map(|row| row.group_id).collect();
    let groups = group::Entity::find().filter(group::Column::Id.is_in(groups)).all(connection).await?;
    let groups = groups.into_iter().map(|row| (row.id, GroupRef { id: row.id, name: row.name })).collect();
    let names = Names { people, groups, language };
    let mut stages: HashMap<RunId, Vec<RouteStage>> = HashMap::new();
    for row in rows {
        stages.entry(row.run_id).or_default().push(names.stage(row, now)?);
    }
    let mut items = Vec::new();
    for run in runs {
        let stages = stages.remove(&run.id).unwrap_or_default();
        items.push(names.run(run, stages)?);
    }
    Ok(TicketRoutes { items })
}

struct Names {
    people: HashMap<UserId, StaffRef>,
    groups: HashMap<GroupId, GroupRef>,
    language: Language,
}

impl Names {
    fn person(&self, id: Option<UserId>) -> Option<StaffRef> {
        self.people.get(&id?).cloned()
    }

    fn run(&self, run: run::Model, stages: Vec<RouteStage>) -> Result<RouteRun> {
        let why: Option<Words> = run.why.map(serde_json::from_value).transpose()?;
        let open = stages.iter().filter(|stage| matches!(stage.state, stage::State::Waiting | stage::State::Running));
        let due_at = open.filter_map(|stage| stage.due_at).max();
        Ok(RouteRun {
            id: run.id,
            route_id: run.route_id,
            name: run.name,
            mode: run.mode,
            state: run.state,
            why: why.map(|why| why.get(self.language).to_owned()),
            started_by: self.person(run.started_by),
            started_at: run.started_at,
            planned_at: run.planned_at,
            due_at,
            ended_at: run.ended_at,
            stages,
        })
    }

    fn stage(&self, row: stage::Model, now: Timestamp) -> Result<RouteStage> {
        let stage = Stage::read(row)?;
        let counted = stage.counted(now);
        let overrun = stage.row.target_seconds.map_or(TimeDelta::zero(), |target| counted - TimeDelta::seconds(target));
        let why = stage.explained()?.iter().map(|words| words.get(self.language).to_owned()).collect();
        let warn_at = stage.warn_at();
        let Stage { row, ola, .. } = stage;
        Ok(RouteStage {
            id: row.id,
            paused: row.state == stage::State::Running && row.running_since.is_none(),
            name: row.name,
            kind: row.kind,
            wave: row.wave,
            user: self.person(row.user_id),
            group: row.group_id.and_then(|id| self.groups.get(&id).cloned()),
            must_complete: row.must_complete,
            state: row.state,
            ola: ola.map(|ola| ola.name),
            own_seconds: row.own_seconds,
            target_seconds: row.target_seconds,
            counted_seconds: counted.num_seconds(),
            overrun_seconds: overrun.num_seconds().max(0),
            reaction_due_at: row.reaction_due_at,
            reaction_missed_at: row.reaction_missed_at,
            planned_at: row.planned_at,
            due_at: row.due_at,
            warn_at,
            started_at: row.started_at,
            taken_at: row.taken_at,
            taken_by: self.person(row.taken_by),
            ended_at: row.ended_at,
            ended_by: self.person(row.ended_by),
            missed_at: row.missed_at,
            result: row.result,
            why,
            task_id: row.task_id,
        })
    }
}
