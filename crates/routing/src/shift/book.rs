//! All schedules with whom they are given to, read in a fixed number of statements; and what they say of a day.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{GroupId, Result, UserId};
use calendar::{Roster, ShiftHours, Stint};
use chrono::NaiveDate;
use chrono_tz::Tz;
use desk::setting;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::definition::{Hours, Rule};
use super::entity::{assignment, day, schedule, shift};
use super::{ShiftId, WorkScheduleId};

/// A schedule that is ready to be asked.
#[derive(Clone, Debug)]
struct Schedule {
    zone: Tz,
    roster: Roster<ShiftId>,
}

/// From when until when a schedule is given.
#[derive(Clone, Debug)]
struct Given {
    schedule_id: WorkScheduleId,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

/// A day that was changed.
#[derive(Clone, Debug)]
struct Change {
    shift_id: Option<ShiftId>,
    note: String,
}

/// What somebody is to do on a day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Planned {
    pub date: NaiveDate,
    /// None: a day off without a name.
    pub shift_id: Option<ShiftId>,
    /// None: a day off.
    pub stint: Option<Stint>,
    /// The schedule that holds; none: only this day was planned.
    pub schedule_id: Option<WorkScheduleId>,
    /// It was changed by hand.
    pub changed: bool,
    pub note: String,
    pub short: bool,
    pub holiday: bool,
}

/// All of it.
#[derive(Clone, Debug)]
pub(super) struct Book {
    /// Of the installation: the clock of days that were planned without a schedule.
    pub zone: Tz,
    hours: HashMap<ShiftId, Option<ShiftHours>>,
    schedules: HashMap<WorkScheduleId, Schedule>,
    /// What began last comes first.
    of_people: HashMap<UserId, Vec<Given>>,
    of_groups: HashMap<GroupId, Vec<Given>>,
    changes: HashMap<UserId, BTreeMap<NaiveDate, Change>>,
}

/// The clock of the installation.
pub(super) async fn company_zone(connection: &impl ConnectionTrait) -> Result<Tz> {
    Ok(setting::company(connection).await?.default_time_zone.parse().unwrap_or(Tz::UTC))
}

/// The hours of every shift there is or was.
pub(super) async fn shift_hours(connection: &impl ConnectionTrait) -> Result<HashMap<ShiftId, Option<ShiftHours>>> {
    let rows = shift::Entity::find().all(connection).await?;
    let hours = |row: shift::Model| {
        let hours = row.hours.map(serde_json::from_value::<Hours>).transpose()?;
        Ok((row.id, hours.map(|hours| hours.check("hours")).transpose()?))
    };
    rows.into_iter().map(hours).collect()
}

/// A book of one schedule that nobody has yet, to look at it.
pub(super) struct Draft {
    pub hours: HashMap<ShiftId, Option<ShiftHours>>,
    pub zone: Tz,
    pub roster: Roster<ShiftId>,
}

impl Draft {
    pub fn on(&self, date: NaiveDate) -> Option<Planned> {
        let turn = self.roster.on(date)?;
        let stint = turn.shift.and_then(|shift| stint(&self.hours, shift, self.zone, date, turn.short));
        let (short, holiday) = (turn.short, turn.holiday);
        let (schedule_id, changed, note) = (None, false, String::new());
        Some(Planned { date, shift_id: turn.shift, stint, schedule_id, changed, note, short, holiday })
    }
}

fn stint(
    hours: &HashMap<ShiftId, Option<ShiftHours>>,
    shift: ShiftId,
    zone: Tz,
    date: NaiveDate,
    short: bool,
) -> Option<Stint> {
    hours.get(&shift)?.as_ref()?.on(zone, date, short)
}

impl Book {
    /// With the changed days between these two.
    pub async fn load(connection: &impl ConnectionTrait, from: NaiveDate, to: NaiveDate) -> Result<Book> {
        let zone = company_zone(connection).await?;
        let hours = shift_hours(connection).await?;
        let known: HashSet<ShiftId> = hours.keys().copied().collect();
        let mut schedules = HashMap::new();
        for row in schedule::Entity::find().all(connection).await? {
            let (zone, roster) = serde_json::from_value::<Rule>(row.rule)?.check(&known)?;
            schedules.insert(row.id, Schedule { zone, roster });
        }
        let mut book = Book {
            zone,
            hours,
            schedules,
            of_people: HashMap::new(),
            of_groups: HashMap::new(),
            changes: HashMap::new(),
        };
        let current = assignment::Entity::find()
            .filter(assignment::Column::StartsOn.lte(to.to_string()))
            .filter(not_over(from))
            .all(connection)
            .await?;
        for row in current {
            let Some(from) = read_date(&row.starts_on) else { continue };
            let to = row.ends_on.as_deref().and_then(read_date);
            let given = Given { schedule_id: row.schedule_id, from, to };
            match (row.user_id, row.group_id) {
                (Some(user_id), _) => book.of_people.entry(user_id).or_default().push(given),
                (None, Some(group_id)) => book.of_groups.entry(group_id).or_default().push(given),
                (None, None) => {}
            }
        }
        for given in book.of_people.values_mut().chain(book.of_groups.values_mut()) {
            given.sort_by_key(|one| std::cmp::Reverse(one.from));
        }
        let changed = day::Entity::find()
            .filter(day::Column::Date.gte(from.to_string()))
            .filter(day::Column::Date.lte(to.to_string()))
            .all(connection)
            .await?;
        for row in changed {
            let Some(date) = read_date(&row.date) else { continue };
            let change = Change { shift_id: row.shift_id, note: row.note };
            book.changes.entry(row.user_id).or_default().insert(date, change);
        }
        Ok(book)
    }

    /// Whoever has a schedule or a changed day, without the members of groups.
    pub fn people(&self) -> impl Iterator<Item = UserId> + '_ {
        self.of_people.keys().chain(self.changes.keys()).copied()
    }

    pub fn has_group(&self, group: GroupId) -> bool {
        self.of_groups.contains_key(&group)
    }

    /// What somebody of these groups is to do on a day; none when nothing is planned for him.
    pub fn on(&self, user: UserId, groups: &[GroupId], date: NaiveDate) -> Option<Planned> {
        let scheduled = self.scheduled(user, groups, date);
        let zone = scheduled.map_or(self.zone, |(_, schedule)| schedule.zone);
        let schedule_id = scheduled.map(|(id, _)| id);
        if let Some(Change { shift_id, note }) = self.changes.get(&user).and_then(|days| days.get(&date)) {
            let stint = shift_id.and_then(|shift| stint(&self.hours, shift, zone, date, false));
            let (shift_id, note) = (*shift_id, note.clone());
            return Some(Planned {
                date,
                shift_id,
                stint,
                schedule_id,
                changed: true,
                note,
                short: false,
                holiday: false,
            });
        }
        let (_, schedule) = scheduled?;
        let turn = schedule.roster.on(date)?;
        let stint = turn.shift.and_then(|shift| stint(&self.hours, shift, zone, date, turn.short));
        let (short, holiday) = (turn.short, turn.holiday);
        Some(Planned {
            date,
            shift_id: turn.shift,
            stint,
            schedule_id,
            changed: false,
            note: String::new(),
            short,
            holiday,
        })
    }

    /// The clock his days begin by.
    pub fn zone_of(&self, user: UserId, groups: &[GroupId], date: NaiveDate) -> Tz {
        self.scheduled(user, groups, date).map_or(self.zone, |(_, schedule)| schedule.zone)
    }

    /// His own schedule, else that of one of his groups; of several the one that began last.
    fn scheduled(&self, user: UserId, groups: &[GroupId], date: NaiveDate) -> Option<(WorkScheduleId, &Schedule)> {
        let holds = |given: &&Given| {
            let schedule = self.schedules.get(&given.schedule_id);
            let within = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
                from.is_none_or(|from| from <= date) && to.is_none_or(|to| date <= to)
            };
            within(Some(given.from), given.to)
                && schedule.is_some_and(|schedule| within(schedule.roster.from, schedule.roster.to))
        };
        let own = self.of_people.get(&user).and_then(|given| given.iter().find(holds));
        let of_group = || {
            let all = groups.iter().filter_map(|group| self.of_groups.get(group)?.iter().find(holds));
            all.max_by_key(|given| (given.from, given.schedule_id))
        };
        let given = own.or_else(of_group)?;
        Some((given.schedule_id, self.schedules.get(&given.schedule_id)?))
    }
}

/// The shifts of people with these groups in these days, both included, in the order of the people.
pub async fn planned(
    connection: &impl ConnectionTrait,
    people: &[(UserId, Vec<GroupId>)],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Vec<Stint>>> {
    let book = Book::load(connection, from, to).await?;
    let days = || from.iter_days().take_while(|date| *date <= to);
    let of = |(user, groups): &(UserId, Vec<GroupId>)| {
        days().filter_map(|date| book.on(*user, groups, date)?.stint).collect()
    };
    Ok(people.iter().map(of).collect())
}

/// Assignments that hold on this day or later.
pub(super) fn not_over(day: NaiveDate) -> Condition {
    let ends_on = assignment::Column::EndsOn;
    Condition::any().add(ends_on.is_null()).add(ends_on.gte(day.to_string()))
}

pub(super) fn read_date(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}
