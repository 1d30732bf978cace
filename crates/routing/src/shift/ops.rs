//! Commands and queries on kinds of shifts and on schedules.

use std::collections::{HashMap, HashSet};

use base::{Actor, Error, LineId, Result};
use bus::Event;
use calendar::Stint;
use chrono::NaiveDate;
use db::Tx;
use desk::{field, line as lines};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::book::{Draft, Planned, not_over, shift_hours};
use super::definition::{Hours, Rule};
use super::entity::{assignment, line, schedule, shift};
use super::{Color, ShiftId, WorkScheduleId, duty};

/// A kind of shift.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Shift {
    pub id: ShiftId,
    pub name: String,
    pub color: Color,
    /// Null: a day off with a name.
    pub hours: Option<Hours>,
    /// No longer offered.
    pub archived: bool,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewShift {
    pub name: String,
    pub color: Color,
    /// Null: a day off with a name.
    pub hours: Option<Hours>,
}

/// A schedule of work.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct WorkSchedule {
    pub id: WorkScheduleId,
    pub name: String,
    pub rule: Rule,
    /// To how many people and groups it is given, now or later.
    pub people: i64,
    pub groups: i64,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewWorkSchedule {
    pub name: String,
    pub rule: Rule,
}

pub(super) fn view(row: shift::Model) -> Result<Shift> {
    let shift::Model { id, name, color, hours, archived_at, created_at: _ } = row;
    let hours = hours.map(serde_json::from_value).transpose()?;
    Ok(Shift { id, name, color, hours, archived: archived_at.is_some() })
}

/// Those that are offered, by their beginnings, days off last.
pub(super) async fn list_shifts(connection: &impl ConnectionTrait) -> Result<Vec<Shift>> {
    let rows = shift::Entity::find().filter(shift::Column::ArchivedAt.is_null());
    let rows = rows.order_by_asc(shift::Column::Name).all(connection).await?;
    let mut shifts = rows.into_iter().map(view).collect::<Result<Vec<_>>>()?;
    shifts.sort_by_key(|shift| shift.hours.as_ref().map_or((true, String::new()), |hours| (false, hours.from.clone())));
    Ok(shifts)
}

pub async fn create_shift(tx: &Tx, actor: &Actor, new: NewShift) -> Result<ShiftId> {
    let id = ShiftId(tx.new_id());
    let (name, hours) = checked_shift(tx, &new, None).await?;
    let row = shift::Model { id, name, color: new.color, hours, archived_at: None, created_at: tx.now() };
    shift::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor).await?;
    Ok(id)
}

pub(super) async fn change_shift(tx: &Tx, actor: &Actor, id: ShiftId, new: NewShift) -> Result<()> {
    let mut row = find_shift(tx, id).await?.into_active_model();
    let (name, hours) = checked_shift(tx, &new, Some(id)).await?;
    (row.name, row.color, row.hours) = (Set(name), Set(new.color), Set(hours));
    row.update(tx).await?;
    changed(tx, actor).await
}

/// Offers it no more; plans that have it keep it.
pub(super) async fn archive_shift(tx: &Tx, actor: &Actor, id: ShiftId) -> Result<()> {
    let mut row = find_shift(tx, id).await?.into_active_model();
    row.archived_at = Set(Some(tx.now()));
    row.update(tx).await?;
    tell(tx, actor).await
}

pub(super) async fn find_shift(connection: &impl ConnectionTrait, id: ShiftId) -> Result<shift::Model> {
    let found = shift::Entity::find_by_id(id).filter(shift::Column::ArchivedAt.is_null()).one(connection).await?;
    found.ok_or(Error::NotFound("shift"))
}

async fn checked_shift(tx: &Tx, new: &NewShift, own: Option<ShiftId>) -> Result<(String, Option<serde_json::Value>)> {
    let name = field::name("name", &new.name)?;
    if let Some(hours) = &new.hours {
        hours.check("hours")?;
    }
    let same = shift::Entity::find()
        .filter(shift::Column::ArchivedAt.is_null())
        .filter(shift::Column::Name.eq(name.clone()))
        .one(tx)
        .await?;
    if same.is_some_and(|same| Some(same.id) != own) {
        return Err(name_taken("Смена с таким названием уже есть", "There is a shift of this name already"));
    }
    Ok((name, new.hours.as_ref().map(serde_json::to_value).transpose()?))
}

fn name_taken(ru: &'static str, en: &'static str) -> Error {
    Error::invalid("name", "name_taken", ru, en)
}

/// Those that are offered, by name.
pub(super) async fn list_schedules(connection: &impl ConnectionTrait, today: NaiveDate) -> Result<Vec<WorkSchedule>> {
    let rows = schedule::Entity::find().filter(schedule::Column::ArchivedAt.is_null());
    let rows = rows.order_by_asc(schedule::Column::Name).all(connection).await?;
    let given = assignment::Entity::find().filter(not_over(today)).all(connection).await?;
    let mut people: HashMap<WorkScheduleId, HashSet<_>> = HashMap::new();
    let mut groups: HashMap<WorkScheduleId, HashSet<_>> = HashMap::new();
    for row in given {
        if let Some(user) = row.user_id {
            people.entry(row.schedule_id).or_default().insert(user);
        }
        if let Some(group) = row.group_id {
            groups.entry(row.schedule_id).or_default().insert(group);
        }
    }
    let view = |row: schedule::Model| {
        let people = people.get(&row.id).map_or(0, HashSet::len);
        let groups = groups.get(&row.id).map_or(0, HashSet::len);
        let rule = serde_json::from_value(row.rule)?;
        Ok(WorkSchedule { id: row.id, name: row.name, rule, people: count(people), groups: count(groups) })
    };
    rows.into_iter().map(view).collect()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub async fn create_schedule(tx: &Tx, actor: &Actor, new: NewWorkSchedule) -> Result<WorkScheduleId> {
    let id = WorkScheduleId(tx.new_id());
    let (name, rule) = checked_schedule(tx, &new, None).await?;
    let row = schedule::Model { id, name, rule, archived_at: None, created_at: tx.now() };
    schedule::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor).await?;
    Ok(id)
}

pub(super) async fn change_schedule(tx: &Tx, actor: &Actor, id: WorkScheduleId, new: NewWorkSchedule) -> Result<()> {
    let mut row = find_schedule(tx, id).await?.into_active_model();
    let (name, rule) = checked_schedule(tx, &new, Some(id)).await?;
    (row.name, row.rule) = (Set(name), Set(rule));
    row.update(tx).await?;
    changed(tx, actor).await
}

/// Offers it no more; whoever works by it goes on.
pub(super) async fn archive_schedule(tx: &Tx, actor: &Actor, id: WorkScheduleId) -> Result<()> {
    let mut row = find_schedule(tx, id).await?.into_active_model();
    row.archived_at = Set(Some(tx.now()));
    row.update(tx).await?;
    tell(tx, actor).await
}

pub(super) async fn find_schedule(connection: &impl ConnectionTrait, id: WorkScheduleId) -> Result<schedule::Model> {
    let found = schedule::Entity::find_by_id(id).filter(schedule::Column::ArchivedAt.is_null()).one(connection).await?;
    found.ok_or(Error::NotFound("work schedule"))
}

async fn checked_schedule(
    tx: &Tx,
    new: &NewWorkSchedule,
    own: Option<WorkScheduleId>,
) -> Result<(String, serde_json::Value)> {
    let name = field::name("name", &new.name)?;
    new.rule.check(&shift_hours(tx).await?.into_keys().collect())?;
    let same = schedule::Entity::find()
        .filter(schedule::Column::ArchivedAt.is_null())
        .filter(schedule::Column::Name.eq(name.clone()))
        .one(tx)
        .await?;
    if same.is_some_and(|same| Some(same.id) != own) {
        return Err(name_taken("График с таким названием уже есть", "There is a schedule of this name already"));
    }
    Ok((name, serde_json::to_value(&new.rule)?))
}

/// What a schedule would say, saved or not.
pub(super) async fn preview(
    connection: &impl ConnectionTrait,
    rule: &Rule,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Planned>> {
    let hours = shift_hours(connection).await?;
    let (zone, roster) = rule.check(&hours.keys().copied().collect())?;
    let draft = Draft { hours, zone, roster };
    Ok(from.iter_days().take_while(|date| *date <= to).filter_map(|date| draft.on(date)).collect())
}

/// How many minutes of work a plan has.
pub(super) fn minutes(stint: Option<&Stint>) -> i64 {
    stint.map_or(0, |stint| stint.worked().num_minutes())
}

/// Whether a line gives its conversations only to whoever is on shift; none: as the installation does.
pub(super) async fn line_rule(connection: &impl ConnectionTrait, actor: &Actor, id: LineId) -> Result<Option<bool>> {
    lines::find(connection, actor, id).await?;
    Ok(line::Entity::find_by_id(id).one(connection).await?.map(|row| row.only_on_shift))
}

pub(super) async fn set_line_rule(tx: &Tx, actor: &Actor, id: LineId, only_on_shift: Option<bool>) -> Result<()> {
    lines::find(tx, actor, id).await?;
    match only_on_shift {
        None => {
            line::Entity::delete_by_id(id).exec(tx).await?;
        }
        Some(only_on_shift) => {
            let overwrite =
                OnConflict::column(line::Column::LineId).update_column(line::Column::OnlyOnShift).to_owned();
            let row = line::Model { line_id: id, only_on_shift };
            line::Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await?;
        }
    }
    let event = Event::new("line_changed").subject(id.0).data(json!({"change": "shift_rule"}));
    bus::emit(tx, actor, event).await.map(drop)
}

/// A plan has changed: who is on shift is looked up anew.
pub(super) async fn changed(tx: &Tx, actor: &Actor) -> Result<()> {
    duty::refresh(tx).await?;
    tell(tx, actor).await
}

async fn tell(tx: &Tx, actor: &Actor) -> Result<()> {
    bus::emit(tx, actor, Event::new("operator_shifts_changed")).await.map(drop)
}
