//! Giving schedules to people and groups, and changing single days.

use std::collections::{HashMap, HashSet};

use base::{Actor, Error, FieldError, GroupId, Result, UserId, Words};
use chrono::NaiveDate;
use db::Tx;
use desk::group::{self, GroupRef};
use desk::people::StaffRef;
use desk::{field, user};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::book::{not_over, read_date};
use super::definition::sane;
use super::entity::{assignment, day, schedule};
use super::{ShiftAssignmentId, ShiftId, WorkScheduleId, ops};
use crate::supervisor::{self, Watched};

/// A schedule given to somebody.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ShiftAssignment {
    pub id: ShiftAssignmentId,
    pub schedule: NamedSchedule,
    /// Either a person or a group.
    pub user: Option<StaffRef>,
    pub group: Option<GroupRef>,
    pub from: NaiveDate,
    /// The last day; null: without an end.
    pub to: Option<NaiveDate>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = WorkScheduleRef)]
pub(super) struct NamedSchedule {
    pub id: WorkScheduleId,
    pub name: String,
}

/// A schedule for several at once.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = NewShiftAssignment)]
pub struct NewAssignment {
    pub schedule_id: WorkScheduleId,
    #[serde(default)]
    pub user_ids: Vec<UserId>,
    /// Whoever is in such a group works by it, unless he has a schedule of his own.
    #[serde(default)]
    pub group_ids: Vec<GroupId>,
    pub from: NaiveDate,
    /// The last day; null: without an end. Then what began before ends on the day before.
    #[serde(default)]
    pub to: Option<NaiveDate>,
}

/// A day of somebody.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct ShiftDayChange {
    pub user_id: UserId,
    pub date: NaiveDate,
    pub change: ShiftChange,
    /// Why, for people. At most 200 characters.
    #[serde(default)]
    pub note: String,
}

/// What becomes of the day.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum ShiftChange {
    /// This shift, instead of that of the schedule or as one more.
    Shift {
        shift_id: ShiftId,
    },
    DayOff,
    /// What the schedule says again.
    AsScheduled,
}

/// Who is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub user_id: Option<UserId>,
    pub group_id: Option<GroupId>,
    pub schedule_id: Option<WorkScheduleId>,
}

const AT_ONCE: usize = 1000;

/// Of people and groups the actor looks after, the last to begin first; at most 1000.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    wanted: Wanted,
) -> Result<Vec<ShiftAssignment>> {
    let watched = supervisor::watched(connection, actor).await?;
    let mut query = assignment::Entity::find();
    if let Some(user) = wanted.user_id {
        query = query.filter(assignment::Column::UserId.eq(user));
    }
    if let Some(group) = wanted.group_id {
        query = query.filter(assignment::Column::GroupId.eq(group));
    }
    if let Some(schedule) = wanted.schedule_id {
        query = query.filter(assignment::Column::ScheduleId.eq(schedule));
    }
    let query = query.order_by_desc(assignment::Column::StartsOn).order_by_desc(assignment::Column::Id);
    let mut rows = query.limit(AT_ONCE as u64).all(connection).await?;
    rows.retain(|row| sees(&watched, row));
    views(connection, rows).await
}

fn sees(watched: &Watched, row: &assignment::Model) -> bool {
    row.user_id.is_some_and(|user| watched.person(user)) || row.group_id.is_some_and(|group| watched.group(group))
}

async fn views(connection: &impl ConnectionTrait, rows: Vec<assignment::Model>) -> Result<Vec<ShiftAssignment>> {
    let people = user::people(connection, rows.iter().filter_map(|row| row.user_id).collect::<Vec<_>>()).await?;
    let groups: HashMap<GroupId, String> =
        group::list(connection).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let names = schedule_names(connection).await?;
    let view = |row: assignment::Model| {
        let name = names.get(&row.schedule_id).cloned().unwrap_or_default();
        Some(ShiftAssignment {
            id: row.id,
            schedule: NamedSchedule { id: row.schedule_id, name },
            user: row.user_id.and_then(|id| people.get(&id).cloned()),
            group: row.group_id.and_then(|id| Some(GroupRef { id, name: groups.get(&id)?.clone() })),
            from: read_date(&row.starts_on)?,
            to: row.ends_on.as_deref().and_then(read_date),
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// Of every schedule there is or was.
pub(super) async fn schedule_names(connection: &impl ConnectionTrait) -> Result<HashMap<WorkScheduleId, String>> {
    let rows = schedule::Entity::find().select_only().columns([schedule::Column::Id, schedule::Column::Name]);
    Ok(rows.into_tuple::<(WorkScheduleId, String)>().all(connection).await?.into_iter().collect())
}

/// Gives a schedule. What somebody has that begins on the same day is replaced.
pub async fn assign(tx: &Tx, actor: &Actor, new: NewAssignment) -> Result<()> {
    let NewAssignment { schedule_id, user_ids, group_ids, from, to } = new;
    if ops::find_schedule(tx, schedule_id).await.is_err() {
        let (ru, en) = ("Нет такого графика", "There is no such schedule");
        return Err(Error::invalid("schedule_id", "unknown", ru, en));
    }
    check_dates(from, to)?;
    if user_ids.is_empty() && group_ids.is_empty() {
        let (ru, en) = ("Выберите сотрудников или группы", "Choose people or groups");
        return Err(Error::invalid("user_ids", "required", ru, en));
    }
    if user_ids.len() + group_ids.len() > AT_ONCE {
        return Err(Error::invalid("user_ids", "out_of_range", "Не больше 1000 сразу", "At most 1,000 at once"));
    }
    let watched = supervisor::watched(tx, actor).await?;
    watched.check_people("user_ids", &user_ids)?;
    watched.check_groups("group_ids", &group_ids)?;
    let users = user_ids.iter().collect::<HashSet<_>>().into_iter().map(|user| (Some(*user), None));
    let groups = group_ids.iter().collect::<HashSet<_>>().into_iter().map(|group| (None, Some(*group)));
    let whose = Condition::any()
        .add(assignment::Column::UserId.is_in(user_ids.iter().copied()))
        .add(assignment::Column::GroupId.is_in(group_ids.iter().copied()));
    assignment::Entity::delete_many()
        .filter(whose.clone())
        .filter(assignment::Column::StartsOn.eq(from.to_string()))
        .exec(tx)
        .await?;
    if let (None, Some(before)) = (to, from.pred_opt()) {
        assignment::Entity::update_many()
            .col_expr(assignment::Column::EndsOn, Expr::value(before.to_string()))
            .filter(whose)
            .filter(assignment::Column::StartsOn.lt(from.to_string()))
            .filter(not_over(from))
            .exec(tx)
            .await?;
    }
    let rows = users.chain(groups).map(|(user_id, group_id)| {
        let id = ShiftAssignmentId(tx.new_id());
        let (starts_on, ends_on) = (from.to_string(), to.map(|to| to.to_string()));
        let row = assignment::Model { id, schedule_id, user_id, group_id, starts_on, ends_on, created_at: tx.now() };
        row.into_active_model()
    });
    assignment::Entity::insert_many(rows).exec_without_returning(tx).await?;
    ops::changed(tx, actor).await
}

/// Moves the end of an assignment.
pub(super) async fn set_end(tx: &Tx, actor: &Actor, id: ShiftAssignmentId, to: Option<NaiveDate>) -> Result<()> {
    let row = find(tx, actor, id).await?;
    if let Some(from) = read_date(&row.starts_on) {
        check_dates(from, to)?;
    }
    let row = assignment::Model { ends_on: to.map(|to| to.to_string()), ..row };
    assignment::Entity::update(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    ops::changed(tx, actor).await
}

pub(super) async fn take_away(tx: &Tx, actor: &Actor, id: ShiftAssignmentId) -> Result<()> {
    find(tx, actor, id).await?;
    assignment::Entity::delete_by_id(id).exec(tx).await?;
    ops::changed(tx, actor).await
}

async fn find(tx: &Tx, actor: &Actor, id: ShiftAssignmentId) -> Result<assignment::Model> {
    let found = assignment::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("shift assignment"))?;
    if sees(&supervisor::watched(tx, actor).await?, &found) { Ok(found) } else { Err(supervisor::denied()) }
}

fn check_dates(from: NaiveDate, to: Option<NaiveDate>) -> Result<()> {
    for (field, date) in [("from", Some(from)), ("to", to)] {
        if date.is_some_and(|date| !sane(date)) {
            return Err(Error::invalid(field, "out_of_range", "Год от 2000 до 2100", "A year from 2000 to 2100"));
        }
    }
    if to.is_some_and(|to| to < from) {
        let (ru, en) = ("Последний день раньше первого", "The last day is before the first one");
        return Err(Error::invalid("to", "before_beginning", ru, en));
    }
    Ok(())
}

/// Changes days, all of them or none.
pub(super) async fn change_days(tx: &Tx, actor: &Actor, days: Vec<ShiftDayChange>) -> Result<()> {
    if days.len() > AT_ONCE {
        return Err(Error::invalid("days", "out_of_range", "Не больше 1000 дней сразу", "At most 1,000 days at once"));
    }
    let watched = supervisor::watched(tx, actor).await?;
    let mut known: HashSet<ShiftId> = HashSet::new();
    for (index, day) in days.iter().enumerate() {
        watched.check_person(&format!("days[{index}].user_id"), day.user_id)?;
        let wrong = |field: &str, code, words| {
            Err(Error::Invalid(vec![FieldError { field: format!("days[{index}].{field}"), code, words }]))
        };
        if !sane(day.date) {
            return wrong("date", "out_of_range", Words::new("Год от 2000 до 2100", "A year from 2000 to 2100"));
        }
        if let ShiftChange::Shift { shift_id } = day.change
            && !known.contains(&shift_id)
        {
            if ops::find_shift(tx, shift_id).await.is_err() {
                let words = Words::new("Нет такой смены", "There is no such shift");
                return wrong("change.shift_id", "unknown", words);
            }
            known.insert(shift_id);
        }
    }
    for (index, day) in days.into_iter().enumerate() {
        let ShiftDayChange { user_id, date, change, note } = day;
        let note = field::limit(&format!("days[{index}].note"), note.trim().to_owned(), 200)?;
        let shift_id = match change {
            ShiftChange::Shift { shift_id } => Some(shift_id),
            ShiftChange::DayOff => None,
            ShiftChange::AsScheduled => {
                day::Entity::delete_by_id((user_id, date.to_string())).exec(tx).await?;
                continue;
            }
        };
        let (date, changed_by, changed_at) = (date.to_string(), actor.user_id(), tx.now());
        let row = day::Model { user_id, date, shift_id, note, changed_by, changed_at };
        let columns = [day::Column::ShiftId, day::Column::Note, day::Column::ChangedBy, day::Column::ChangedAt];
        let overwrite =
            OnConflict::columns([day::Column::UserId, day::Column::Date]).update_columns(columns).to_owned();
        day::Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await?;
    }
    ops::changed(tx, actor).await
}
