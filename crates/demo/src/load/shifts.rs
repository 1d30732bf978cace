//! Shifts of the company: who works when, a few days that differ, a vacation ahead, and the time people were there.

use app::App;
use base::{Actor, GroupId, Result, Timestamp, UserId};
use chrono::{Days, Duration, NaiveDate};
use db::{Tx, bulk};
use routing::absence::{self, AbsenceId};
use routing::shift::{
    Color, Hours, NewAssignment, NewShift, NewWorkSchedule, Pattern, Pause, Rule, ShiftId, Stint, WorkScheduleId, day,
};
use routing::status::{Cause, Status, log};
use sea_orm::{EntityTrait, IntoActiveModel};

use super::people::{Places, TIME_ZONE};
use super::rows::Rows;
use crate::World;
use crate::rng::Rng;

/// So far back it is known when people were there.
const REMEMBERED: i64 = 120;

pub(super) async fn shifts(app: &App, world: &World, places: &Places) -> Result<()> {
    let tx = app.write().await?;
    let today = world.now.date_naive();
    let began = today - Days::new(u64::try_from(world.scale.days).unwrap_or(90) + 7);
    let kinds = Kinds::create(&tx, began).await?;
    // The offices work by the week, the support takes turns.
    let offices = places.groups[1..].to_vec();
    give(&tx, kinds.office, Vec::new(), offices, began).await?;
    let support: Vec<usize> =
        world.groups[0].members.iter().copied().filter(|&place| !world.operators[place].supervisor).collect();
    for (turn, place) in support.iter().enumerate() {
        let schedule = kinds.turns[turn % kinds.turns.len()];
        give(&tx, schedule, vec![places.operators[*place].0], Vec::new(), began).await?;
    }
    let away = absences(&tx, world, places).await?;
    single_days(&tx, &kinds, places, today).await?;
    let members = members(world, places);
    let from = today - Days::new(u64::try_from(REMEMBERED.min(world.scale.days as i64)).unwrap_or(90));
    let planned = routing::shift::planned(&tx, &members, (from, today)).await?;
    let form = bulk::Form::of(&app.db);
    let mut rows = Rows::<log::Entity>::default();
    for (place, ((user_id, _), stints)) in members.iter().zip(&planned).enumerate() {
        let free: Vec<&Stint> =
            stints.iter().filter(|stint| !away.iter().any(|absence| covers(absence, *user_id, stint))).collect();
        for row in was_there(&tx, world, place, *user_id, &free) {
            rows.push(form, row);
        }
    }
    bulk::insert(&tx, rows.take()).await?;
    tx.commit().await
}

/// Everybody with his groups.
fn members(world: &World, places: &Places) -> Vec<(UserId, Vec<GroupId>)> {
    let of = |place: usize| {
        let own = world.groups.iter().zip(&places.groups).filter(move |(group, _)| group.members.contains(&place));
        own.map(|(_, id)| *id).collect()
    };
    places.operators.iter().enumerate().map(|(place, (id, _))| (*id, of(place))).collect()
}

struct Kinds {
    day: ShiftId,
    time_off: ShiftId,
    office: WorkScheduleId,
    turns: [WorkScheduleId; 4],
}

impl Kinds {
    async fn create(tx: &Tx, first: NaiveDate) -> Result<Kinds> {
        let day = shift(tx, "Дневная", Color::Blue, Some(("09:00", 540, "13:00"))).await?;
        let early = shift(tx, "Ранняя", Color::Amber, Some(("08:00", 720, "12:00"))).await?;
        let late = shift(tx, "Поздняя", Color::Iris, Some(("11:00", 720, "16:00"))).await?;
        let time_off = shift(tx, "Отгул", Color::Gray, None).await?;
        let (on, off) = (Some(day), None);
        let week = Pattern::Week { shift_ids: vec![on, on, on, on, on, off, off] };
        let office = schedule(tx, "Пятидневка", week, true).await?;
        let cycle = |days: [Option<ShiftId>; 4]| Pattern::Cycle { first, shift_ids: days.to_vec() };
        let (early, late) = (Some(early), Some(late));
        let turns = [
            schedule(tx, "2/2, ранняя", cycle([early, early, None, None]), false).await?,
            schedule(tx, "2/2, ранняя, вторая бригада", cycle([None, None, early, early]), false).await?,
            schedule(tx, "2/2, поздняя", cycle([late, late, None, None]), false).await?,
            schedule(tx, "2/2, поздняя, вторая бригада", cycle([None, None, late, late]), false).await?,
        ];
        Ok(Kinds { day, time_off, office, turns })
    }
}

async fn shift(tx: &Tx, name: &str, color: Color, hours: Option<(&str, i64, &str)>) -> Result<ShiftId> {
    let hours = hours.map(|(from, minutes, lunch)| Hours {
        from: from.to_owned(),
        minutes,
        breaks: vec![Pause { from: lunch.to_owned(), minutes: 60 }],
    });
    routing::shift::create_shift(tx, &Actor::system(), NewShift { name: name.to_owned(), color, hours }).await
}

async fn schedule(tx: &Tx, name: &str, pattern: Pattern, holidays: bool) -> Result<WorkScheduleId> {
    let rule = Rule {
        time_zone: TIME_ZONE.to_owned(),
        pattern,
        production_calendar: holidays.then(|| "ru".to_owned()),
        holidays,
        short_days: holidays,
        from: None,
        to: None,
    };
    routing::shift::create_schedule(tx, &Actor::system(), NewWorkSchedule { name: name.to_owned(), rule }).await
}

async fn give(
    tx: &Tx,
    schedule_id: WorkScheduleId,
    user_ids: Vec<UserId>,
    group_ids: Vec<GroupId>,
    from: NaiveDate,
) -> Result<()> {
    let new = NewAssignment { schedule_id, user_ids, group_ids, from, to: None };
    routing::shift::assign(tx, &Actor::system(), new).await
}

/// An illness that is over, and a vacation with a substitute that comes.
async fn absences(tx: &Tx, world: &World, places: &Places) -> Result<Vec<absence::Model>> {
    let midnight = world.now - Duration::seconds((world.now.timestamp() + 5 * 3600).rem_euclid(86_400));
    let days = |days: i64| midnight + Duration::days(days);
    let person = |place: usize| places.operators[place].0;
    let absent = |place: usize, (from, until): (i64, i64), reason: &str, substitute: Option<usize>| absence::Model {
        id: AbsenceId(tx.new_id()),
        user_id: person(place),
        starts_at: days(from),
        ends_at: days(until),
        reason: reason.to_owned(),
        substitute_id: substitute.map(person),
        created_at: days(from.min(-3)),
    };
    let all = vec![
        absent(6, (-19, -14), "Больничный", Some(4)),
        absent(5, (5, 19), "Отпуск", Some(7)),
        absent(3, (-44, -30), "Отпуск", Some(4)),
    ];
    for row in &all {
        absence::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(all)
}

/// Days that were changed by hand.
async fn single_days(tx: &Tx, kinds: &Kinds, places: &Places, today: NaiveDate) -> Result<()> {
    let changes = [
        (4, 8, Some(kinds.time_off), "За субботу"),
        (3, 6, Some(kinds.day), "Выставка"),
        (2, 9, None, "По семейным обстоятельствам"),
    ];
    for (place, ahead, shift_id, note) in changes {
        let row = day::Model {
            user_id: places.operators[place].0,
            date: (today + Days::new(ahead)).to_string(),
            shift_id,
            note: note.to_owned(),
            changed_by: None,
            changed_at: tx.now(),
        };
        day::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn covers(absence: &absence::Model, user: UserId, stint: &Stint) -> bool {
    absence.user_id == user && absence.starts_at <= stint.starts_at && stint.ends_at <= absence.ends_at
}

/// The statuses somebody had on his shifts until now: he comes about in time, has lunch, goes about in time.
fn was_there(tx: &Tx, world: &World, place: usize, user_id: UserId, stints: &[&Stint]) -> Vec<log::Model> {
    let mut rows: Vec<log::Model> = Vec::new();
    let mut enter = |at: Timestamp, status: Status, cause: Cause| {
        if at >= world.now {
            return;
        }
        if let Some(last) = rows.last_mut() {
            last.until = Some(at);
        }
        let automatic = !matches!(cause, Cause::Own | Cause::Supervisor);
        let actor_id = (!automatic).then_some(user_id);
        rows.push(log::Model { id: tx.new_id(), user_id, status, automatic, cause, actor_id, at, until: None });
    };
    for (index, stint) in stints.iter().enumerate() {
        let mut rng = Rng::new(world.seed, 40 + place as u64, index as u64);
        if rng.percent(0.7) {
            continue;
        }
        let minutes = Duration::minutes;
        let come = match rng.below(100) {
            0..84 => -rng.between(1, 14),
            84..95 => rng.between(1, 9),
            _ => rng.between(12, 47),
        };
        let go = if rng.percent(5.0) { -rng.between(15, 70) } else { rng.between(1, 22) };
        enter(stint.starts_at + minutes(come), Status::Free, Cause::Connected);
        if let [(_, lunch), (back, _), ..] = stint.work[..] {
            enter(lunch + minutes(rng.between(-8, 20)), Status::Away, Cause::Own);
            enter(back + minutes(rng.between(-6, 18)), Status::Free, Cause::Own);
        }
        enter(stint.ends_at + minutes(go), Status::Offline, Cause::SignedOut);
    }
    // Nobody is here when the demonstration begins.
    if rows.last().is_some_and(|last| last.status != Status::Offline) {
        if let Some(last) = rows.last_mut() {
            last.until = Some(world.now);
        }
        let (status, cause) = (Status::Offline, Cause::Disconnected);
        let (id, at) = (tx.new_id(), world.now);
        rows.push(log::Model { id, user_id, status, automatic: true, cause, actor_id: None, at, until: None });
    }
    rows
}
