//! Who is on shift now.
//!
//! A row a person says which shift goes on or comes next, and which one after it, so that the rows hold until the next edge
//! of any of them. At the nearest edge one job looks at the index, makes the rows anew and gives out the queue.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{GroupId, Language, LineId, Result, Timestamp, UserId, Words};
use calendar::{Stint, day_in_words};
use chrono::{Days, NaiveDate, Timelike};
use chrono_tz::Tz;
use db::{Tx, dialect};
use desk::group::member;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::book::{self, Book};
use super::entity::duty::{Column, Entity, Model};
use super::entity::line;
use crate::queue;

/// So far ahead a next shift is looked for.
const AHEAD: Days = Days::new(92);
const LOCK: &str = "routing.shifts";

/// What routing knows of somebody's shifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duty {
    /// The end of the shift he is on.
    pub until: Option<Timestamp>,
    /// When the next one begins.
    pub next: Option<Timestamp>,
    /// He has a schedule today, and is not on shift.
    pub off: bool,
}

/// Of everybody for whom something is planned.
pub(crate) async fn all(connection: &impl ConnectionTrait, now: Timestamp) -> Result<HashMap<UserId, Duty>> {
    let rows = Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.user_id, Duty::at(&row, now))).collect())
}

impl Duty {
    fn at(row: &Model, now: Timestamp) -> Duty {
        let spans = [row.starts_at.zip(row.ends_at), row.then_starts_at.zip(row.then_ends_at)];
        let spans = || spans.iter().flatten();
        let until = spans().filter(|(from, to)| *from <= now && now < *to).map(|(_, to)| *to).max();
        let next = spans().map(|(from, _)| *from).filter(|from| *from > now).min();
        Duty { until, next, off: row.planned && until.is_none() }
    }
}

/// The lines that say for themselves whether only people on shift get their conversations.
pub(crate) async fn lines_with_rule(connection: &impl ConnectionTrait) -> Result<HashMap<LineId, bool>> {
    let rows = line::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.line_id, row.only_on_shift)).collect())
}

/// `не на смене, следующая смена — завтра в 9:00`.
pub(crate) fn next_words(next: Option<Timestamp>, now: Timestamp, zone: Tz) -> Words {
    let Some(next) = next else {
        return Words::new("не на смене, следующая смена не запланирована", "off shift, no next shift is planned");
    };
    let (next, today) = (next.with_timezone(&zone), now.with_timezone(&zone).date_naive());
    let time = format!("{}:{:02}", next.hour(), next.minute());
    let [ru, en] = [Language::Ru, Language::En].map(|language| day_in_words(next.date_naive(), today, language));
    Words::owned(
        format!("не на смене, следующая смена — {ru} в {time}"),
        format!("off shift, the next shift is {en} at {time}"),
    )
}

/// Comes at the edge of a shift.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Edge {
    at: Timestamp,
}

impl Edge {
    fn key(&self) -> String {
        format!("{}:{}", Self::KIND, self.at.timestamp_micros())
    }
}

impl Job for Edge {
    const KIND: &'static str = "routing.shift_edge";
    const LEASE: Duration = Duration::from_secs(60);
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        jobs::begin_once(&tx, &self.key()).await?;
        // A plan that was changed since has made the rows anew already.
        if nearest(&tx).await?.is_some_and(|edge| edge <= tx.now()) {
            refresh(&tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn nearest(connection: &impl ConnectionTrait) -> Result<Option<Timestamp>> {
    let first = Entity::find().order_by_asc(Column::EdgeAt).one(connection).await?;
    Ok(first.map(|row| row.edge_at))
}

/// Makes the rows of everybody anew, writes those that differ, and asks for the next edge and for the queue.
pub(crate) async fn refresh(tx: &Tx) -> Result<()> {
    dialect::lock(tx, LOCK).await?;
    let now = tx.now();
    let today = now.date_naive();
    let (from, to) = (today - Days::new(2), today + AHEAD);
    let book = Book::load(tx, from, to).await?;
    let mut groups: HashMap<UserId, Vec<GroupId>> = HashMap::new();
    for row in member::Entity::find().all(tx).await? {
        groups.entry(row.user_id).or_default().push(row.group_id);
    }
    let of_groups = groups.iter().filter(|(_, own)| own.iter().any(|group| book.has_group(*group)));
    let people: BTreeSet<UserId> = book.people().chain(of_groups.map(|(user, _)| *user)).collect();
    let mut known: HashMap<UserId, Model> =
        Entity::find().all(tx).await?.into_iter().map(|row| (row.user_id, row)).collect();
    let mut fresh = Vec::new();
    let mut edge: Option<Timestamp> = None;
    for user in people {
        let own = groups.get(&user).map(Vec::as_slice).unwrap_or_default();
        let Some(row) = row(&book, user, own, now, (from, to)) else { continue };
        edge = Some(edge.map_or(row.edge_at, |edge| edge.min(row.edge_at)));
        if known.remove(&row.user_id).as_ref() != Some(&row) {
            fresh.push(row.into_active_model());
        }
    }
    if !known.is_empty() {
        Entity::delete_many().filter(Column::UserId.is_in(known.into_keys())).exec(tx).await?;
    }
    for rows in fresh.chunks(500) {
        use Column::{EdgeAt, EndsAt, Planned, StartsAt, ThenEndsAt, ThenStartsAt, UserId};
        let columns = [Planned, StartsAt, EndsAt, ThenStartsAt, ThenEndsAt, EdgeAt];
        let overwrite = OnConflict::column(UserId).update_columns(columns).to_owned();
        Entity::insert_many(rows.to_vec()).on_conflict(overwrite).exec_without_returning(tx).await?;
    }
    if let Some(at) = edge {
        let job = Edge { at };
        jobs::enqueue_once_at(tx, &job, &job.key(), at).await?;
    }
    queue::want_drain(tx).await
}

/// None when nothing is planned for him.
fn row(
    book: &Book,
    user_id: UserId,
    groups: &[GroupId],
    now: Timestamp,
    (from, to): (NaiveDate, NaiveDate),
) -> Option<Model> {
    let zone = book.zone_of(user_id, groups, now.with_timezone(&book.zone).date_naive());
    let today = now.with_timezone(&zone).date_naive();
    let planned = book.on(user_id, groups, today).is_some_and(|today| today.schedule_id.is_some());
    let mut ahead = from
        .iter_days()
        .take_while(|date| *date <= to)
        .filter_map(|date| book.on(user_id, groups, date)?.stint)
        .filter(|stint: &Stint| stint.ends_at > now)
        .map(|stint| (stint.starts_at, stint.ends_at));
    let (first, second) = (ahead.next(), ahead.next());
    if !planned && first.is_none() {
        return None;
    }
    // At midnight another schedule may begin to hold.
    let midnight = today.succ_opt().map(|tomorrow| calendar::midnight(zone, tomorrow));
    let edges = first.into_iter().chain(second).flat_map(|(from, to)| [from, to]).chain(midnight);
    Some(Model {
        user_id,
        planned,
        starts_at: first.map(|span| span.0),
        ends_at: first.map(|span| span.1),
        then_starts_at: second.map(|span| span.0),
        then_ends_at: second.map(|span| span.1),
        edge_at: edges.filter(|edge| *edge > now).min()?,
    })
}

/// The date the clock of the installation shows.
pub(super) async fn today(connection: &impl ConnectionTrait, now: Timestamp) -> Result<NaiveDate> {
    Ok(now.with_timezone(&book::company_zone(connection).await?).date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_shift_is_told_in_words() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let zone = chrono_tz::Europe::Moscow;
        let told = |next: &str| next_words(Some(at(next)), at("2026-11-29T20:30:00Z"), zone);
        assert_eq!(told("2026-11-29T20:45:00Z").ru, "не на смене, следующая смена — сегодня в 23:45");
        assert_eq!(told("2026-11-30T06:00:00Z").ru, "не на смене, следующая смена — завтра в 9:00");
        assert_eq!(told("2026-12-01T06:05:00Z").ru, "не на смене, следующая смена — во вторник в 9:05");
        assert_eq!(told("2026-12-08T06:05:00Z").en, "off shift, the next shift is on 8 December at 9:05");
    }

    #[test]
    fn a_row_holds_until_its_shifts_are_over() {
        let at = |hour: i64| Timestamp::from_timestamp(hour * 3600, 0).unwrap();
        let row = Model {
            user_id: UserId(uuid::Uuid::nil()),
            planned: true,
            starts_at: Some(at(9)),
            ends_at: Some(at(18)),
            then_starts_at: Some(at(18)),
            then_ends_at: Some(at(30)),
            edge_at: at(9),
        };
        let seen = |hour| {
            let Duty { until, next, off } = Duty::at(&row, at(hour));
            (until, next, off)
        };
        assert_eq!(seen(8), (None, Some(at(9)), true));
        assert_eq!(seen(9), (Some(at(18)), Some(at(18)), false));
        assert_eq!(seen(18), (Some(at(30)), None, false));
        assert_eq!(seen(30), (None, None, true));
        assert!(
            !Duty::at(&Model { planned: false, ..row }, at(8)).off,
            "whoever has no schedule today is held back by none"
        );
    }
}
