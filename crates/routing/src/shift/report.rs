//! The calendar of plan and fact: people by days.

use std::collections::{HashMap, HashSet};

use base::{Actor, Cursor, Error, GroupId, Result, Timestamp, UserId};
use calendar::Kind;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use db::Fetch;
use desk::people::StaffRef;
use desk::user;
use sea_orm::EntityTrait;
use serde::Serialize;

use super::assign::{NamedSchedule, schedule_names};
use super::book::{Book, Planned};
use super::entity::shift;
use super::fact::{Done, Expected, compare};
use super::ops::{self, Shift};
use super::spans::{Span, length, merged, within, without};
use super::{ShiftId, WorkScheduleId};
use crate::{absence, activity, status, supervisor};

/// Which part of the calendar is wanted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub from: NaiveDate,
    /// Included.
    pub to: NaiveDate,
    pub user_id: Option<UserId>,
    pub group_id: Option<GroupId>,
    /// Part of a name.
    pub search: String,
    pub limit: usize,
    /// The last person of the page before.
    pub after: Option<UserId>,
}

/// What people are to work and what they worked.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ShiftPlan {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The days of the production calendar that differ from the week.
    pub special_days: Vec<CalendarDay>,
    /// What a week of forty hours has in these days by the production calendar.
    pub norm_minutes: i64,
    /// The shifts that occur below.
    pub shifts: Vec<Shift>,
    /// By name.
    pub people: Vec<PersonPlan>,
    /// How many there are in all.
    pub total: i64,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// You may change the plan of these people.
    pub may_plan: bool,
}

/// A day that differs from its weekday.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ShiftPlanSpecialDay)]
pub(super) struct CalendarDay {
    pub date: NaiveDate,
    pub kind: Kind,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ShiftPlanPerson)]
pub(super) struct PersonPlan {
    pub user: StaffRef,
    pub groups: Vec<GroupId>,
    /// The one that holds today, or on the nearest of these days.
    pub schedule: Option<NamedSchedule>,
    /// Of all these days, without absences.
    pub plan_minutes: i64,
    /// Of the plan, what is over by now.
    pub due_minutes: i64,
    pub fact_minutes: i64,
    /// How many times he came late, left early, did not come.
    pub late: i64,
    pub early: i64,
    pub missed: i64,
    /// Days with a shift, a change, an absence or work.
    pub days: Vec<PlanDay>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ShiftPlanDay)]
pub(super) struct PlanDay {
    pub date: NaiveDate,
    pub shift_id: Option<ShiftId>,
    /// Null on a day off.
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    /// Of work: without breaks and absences.
    pub minutes: i64,
    /// Otherwise than the schedule says.
    pub changed: bool,
    /// Ends an hour earlier before a holiday.
    pub short: bool,
    /// Off because of a holiday.
    pub holiday: bool,
    pub note: String,
    /// Why he is absent; may be empty. Null: he is not.
    pub absence: Option<String>,
    pub fact: Option<Fact>,
}

/// What became of a day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ShiftFact)]
pub(super) struct Fact {
    pub minutes: i64,
    pub first_at: Option<DateTime<Utc>>,
    /// Null while he is on duty.
    pub last_at: Option<DateTime<Utc>>,
    /// So far, when he has not come yet.
    pub late_minutes: i64,
    pub early_minutes: i64,
    /// The shift is over and he did not come.
    pub missed: bool,
}

impl Fact {
    fn new(done: &Done) -> Fact {
        Fact {
            minutes: done.worked.num_minutes(),
            first_at: done.first,
            last_at: done.last,
            late_minutes: done.late.num_minutes(),
            early_minutes: done.early.num_minutes(),
            missed: done.missed,
        }
    }
}

/// Of people the actor looks after; of himself, when he looks after nobody.
pub(super) async fn plan(connection: &impl Fetch, actor: &Actor, wanted: &Wanted, now: Timestamp) -> Result<ShiftPlan> {
    check(wanted)?;
    let watched = supervisor::watched(connection, actor).await?;
    let me = actor.user_id();
    let may_plan = !watched.people.is_empty();
    let people = match wanted.user_id {
        Some(id) if watched.person(id) || me != Some(id) => {
            watched.check_person("user", id)?;
            watched.people
        }
        None if may_plan => watched.people,
        _ => user::operators(connection).await?.into_iter().filter(|person| Some(person.id) == me).collect(),
    };
    let search = text::fold(&wanted.search);
    let fits = |person: &user::Operator| {
        wanted.user_id.is_none_or(|id| id == person.id)
            && wanted.group_id.is_none_or(|group| person.groups.contains(&group))
            && (search.is_empty() || text::fold(&person.name).contains(&search))
    };
    let people: Vec<user::Operator> = people.into_iter().filter(fits).collect();
    let total = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let begin =
        wanted.after.and_then(|after| people.iter().position(|person| person.id == after)).map_or(0, |at| at + 1);
    let more = people.len() > begin + wanted.limit;
    let people: Vec<user::Operator> = people.into_iter().skip(begin).take(wanted.limit).collect();
    let next = people.last().filter(|_| more).map(|last| Cursor::encode(&last.id));

    let Wanted { from, to, .. } = *wanted;
    let russia = calendar::country("ru");
    let special = |date: NaiveDate| {
        let day = russia?.special_on(date)?;
        Some(CalendarDay { date, kind: day.kind, name: day.name.clone() })
    };
    let people = persons(connection, &people, (from, to), now).await?;
    let occurring: HashSet<ShiftId> =
        people.iter().flat_map(|person| &person.days).filter_map(|day| day.shift_id).collect();
    let shifts = shift::Entity::find().all(connection).await?.into_iter().filter(|row| occurring.contains(&row.id));
    Ok(ShiftPlan {
        from,
        to,
        special_days: from.iter_days().take_while(|date| *date <= to).filter_map(special).collect(),
        norm_minutes: russia.map_or(0, |country| country.norm_minutes(from, to)),
        shifts: shifts.map(ops::view).collect::<Result<_>>()?,
        people,
        total,
        next,
        may_plan,
    })
}

fn check(wanted: &Wanted) -> Result<()> {
    let most = if wanted.user_id.is_some() { 400 } else { 62 };
    if !(2000..=2100).contains(&wanted.from.year()) {
        return Err(Error::invalid("from", "out_of_range", "Год от 2000 до 2100", "A year from 2000 to 2100"));
    }
    if wanted.to < wanted.from || (wanted.to - wanted.from).num_days() >= most {
        let ru = "От одного дня до 62, для одного сотрудника до 400";
        return Err(Error::invalid("to", "out_of_range", ru, "One day to 62, for one person to 400"));
    }
    Ok(())
}

async fn persons(
    connection: &impl Fetch,
    people: &[user::Operator],
    (from, to): (NaiveDate, NaiveDate),
    now: Timestamp,
) -> Result<Vec<PersonPlan>> {
    // A shift of the day before may end within these days, and time on duty belongs to the nearest shift.
    let (first, last) = (from - Days::new(1), to + Days::new(1));
    let book = Book::load(connection, first, last).await?;
    let around =
        (calendar::midnight(book.zone, first - Days::new(1)), calendar::midnight(book.zone, last + Days::new(2)));
    let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
    let mut duty: HashMap<UserId, Vec<Span>> = HashMap::new();
    if around.0 < now {
        let statuses = status::on_duty(connection, &ids, around, now).await?;
        let busy = activity::busy(connection, &ids, around, now).await?;
        for (user, begin, end) in statuses.into_iter().chain(busy) {
            duty.entry(user).or_default().push((begin.max(around.0), end.min(around.1).min(now)));
        }
    }
    let mut absences: HashMap<UserId, Vec<absence::Model>> = HashMap::new();
    for row in absence::between(connection, &ids, around).await? {
        absences.entry(row.user_id).or_default().push(row);
    }
    let names = schedule_names(connection).await?;
    let person = |person: &user::Operator| {
        let own = Own {
            book: &book,
            person,
            duty: merged(duty.get(&person.id).cloned().unwrap_or_default()),
            absences: absences.get(&person.id).map(Vec::as_slice).unwrap_or_default(),
        };
        own.plan((from, to), now, &names)
    };
    Ok(people.iter().map(person).collect())
}

/// What is known of one person.
struct Own<'a> {
    book: &'a Book,
    person: &'a user::Operator,
    duty: Vec<Span>,
    absences: &'a [absence::Model],
}

impl Own<'_> {
    fn plan(
        &self,
        (from, to): (NaiveDate, NaiveDate),
        now: Timestamp,
        names: &HashMap<WorkScheduleId, String>,
    ) -> PersonPlan {
        let user::Operator { id, name, avatar_color, groups, lines: _ } = self.person;
        let planned = |date| self.book.on(*id, groups, date);
        let dates = || (from - Days::new(1)).iter_days().take_while(|date| *date <= to + Days::new(1));
        let days: Vec<(NaiveDate, Option<Planned>)> = dates().map(|date| (date, planned(date))).collect();
        let away = merged(self.absences.iter().map(|absence| (absence.starts_at, absence.ends_at)).collect());
        let expected: Vec<Expected> = days.iter().filter_map(|(_, day)| expected(day.as_ref()?, &away)).collect();
        let today = now.with_timezone(&self.book.zone).date_naive();
        let zone = self.book.zone_of(*id, groups, today);
        let done = compare(&expected, &self.duty, now, zone);
        let mut plan = PersonPlan {
            user: StaffRef { id: *id, name: name.clone(), avatar_color: *avatar_color },
            groups: groups.clone(),
            schedule: None,
            plan_minutes: 0,
            due_minutes: 0,
            fact_minutes: 0,
            late: 0,
            early: 0,
            missed: 0,
            days: Vec::new(),
        };
        let nearest = today.clamp(from, to);
        let ahead = days.iter().filter(|(date, _)| (nearest..=to).contains(date));
        let before = days.iter().rev().filter(|(date, _)| (from..nearest).contains(date));
        let held = ahead.chain(before).find_map(|(_, day)| day.as_ref()?.schedule_id);
        plan.schedule = held.map(|id| NamedSchedule { id, name: names.get(&id).cloned().unwrap_or_default() });
        for (date, planned) in days.into_iter().filter(|(date, _)| (from..=to).contains(date)) {
            let work = expected.iter().find(|day| day.date == date).map(|day| day.work.as_slice()).unwrap_or_default();
            plan.plan_minutes += length(work).num_minutes();
            plan.due_minutes += work.iter().map(|(from, to)| (*to.min(&now) - *from).num_minutes().max(0)).sum::<i64>();
            let fact = done.get(&date).filter(|_| date <= today).filter(|done| !quiet(done));
            if let Some(done) = fact {
                plan.fact_minutes += done.worked.num_minutes();
                plan.late += i64::from(done.late.num_minutes() > 0);
                plan.early += i64::from(done.early.num_minutes() > 0);
                plan.missed += i64::from(done.missed);
            }
            let absence = self.absence_on(date, zone, planned.as_ref());
            let Some(day) = day(date, planned, work, absence, fact) else { continue };
            plan.days.push(day);
        }
        plan
    }

    /// Why he is absent on this day: for the most of its shift, or for the most of a day without one.
    fn absence_on(&self, date: NaiveDate, zone: chrono_tz::Tz, planned: Option<&Planned>) -> Option<String> {
        let midnight = |date| calendar::midnight(zone, date);
        let whole = (midnight(date), midnight(date.succ_opt()?));
        let span = planned.and_then(|day| day.stint.as_ref()).map_or(whole, |stint| (stint.starts_at, stint.ends_at));
        let covers = |absence: &&absence::Model| {
            let own = within(&[(absence.starts_at, absence.ends_at)], span);
            length(&own) * 2 > span.1 - span.0
        };
        self.absences.iter().find(covers).map(|absence| absence.reason.clone())
    }
}

/// Nothing happened and nothing is amiss.
fn quiet(done: &Done) -> bool {
    *done == Done::default()
}

fn expected(day: &Planned, away: &[Span]) -> Option<Expected> {
    let stint = day.stint.as_ref()?;
    let work = without(&stint.work, away);
    let breaks = without(&[(stint.starts_at, stint.ends_at)], &stint.work);
    (!work.is_empty()).then_some(Expected { date: day.date, work, breaks })
}

/// None when there is nothing to say of it.
fn day(
    date: NaiveDate,
    planned: Option<Planned>,
    work: &[Span],
    absence: Option<String>,
    fact: Option<&Done>,
) -> Option<PlanDay> {
    let says = planned.as_ref().is_some_and(|day| day.shift_id.is_some() || day.changed || day.holiday);
    if !says && absence.is_none() && fact.is_none() {
        return None;
    }
    let stint = planned.as_ref().and_then(|day| day.stint.as_ref());
    let (starts_at, ends_at) = (stint.map(|stint| stint.starts_at), stint.map(|stint| stint.ends_at));
    Some(PlanDay {
        date,
        shift_id: planned.as_ref().and_then(|day| day.shift_id),
        starts_at,
        ends_at,
        minutes: length(work).num_minutes(),
        changed: planned.as_ref().is_some_and(|day| day.changed),
        short: planned.as_ref().is_some_and(|day| day.short),
        holiday: planned.as_ref().is_some_and(|day| day.holiday),
        note: planned.map(|day| day.note).unwrap_or_default(),
        absence,
        fact: fact.map(Fact::new),
    })
}
