//! What if: when a norm would be due by a schedule, or how much of a period would count, piece by piece.

use base::{Error, Result, Timestamp};
use calendar::{Definition, Reason, Schedule};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Ten years; a norm or a period beyond is a mistake.
const LONGEST: i64 = 3660 * 86_400;

/// Pieces are told for so many days: a year of them can be read, ten cannot.
const DAYS_IN_PIECES: i64 = 400;

/// What to count: from `start` either a norm (`duration_seconds`) or to `end`.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SchedulePreviewRequest)]
pub(super) struct Question {
    /// It need not be saved.
    pub schedule: Definition,
    /// `2026-12-30T10:50:00Z`, with any offset; without one (`2026-12-30T13:50`) it is by the clock of the schedule.
    pub start: String,
    /// How much working time may pass, in seconds: 0 to 316,224,000 (ten years).
    pub duration_seconds: Option<i64>,
    /// As `start`, at most ten years after it.
    pub end: Option<String>,
}

/// What a schedule makes of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchedulePreview)]
pub(super) struct Answer {
    pub start: DateTime<Utc>,
    /// With `duration_seconds`: the first moment by which so much working time has passed; with `end`: that. Null when the
    /// schedule does not have so much time within a hundred years.
    pub due: Option<DateTime<Utc>>,
    /// Working time from `start` to `due`, in whole seconds.
    pub counted_seconds: i64,
    /// From `start` to `due` without holes, in order; neighbours of one reason are one piece.
    pub segments: Vec<Piece>,
    /// The pieces are told for the first 400 days only, and there is more.
    pub segments_cut: bool,
}

/// A piece of time that counts as a whole or not at all.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchedulePreviewSegment)]
pub(super) struct Piece {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Its length when it counts, else 0.
    pub counted_seconds: i64,
    pub reason: Reason,
    /// What the day is called that is the reason; empty: it has no name.
    pub name: String,
}

pub(super) fn answer(question: &Question) -> Result<Answer> {
    let schedule = question.schedule.schedule("schedule")?;
    let start = moment("start", &question.start, &schedule)?;
    let due = match (question.duration_seconds, &question.end) {
        (Some(seconds), None) => norm_due(&schedule, start, seconds)?,
        (None, Some(end)) => Some(end_of(&schedule, start, end)?),
        (Some(_), Some(_)) => {
            let (ru, en) = ("Укажите либо длительность, либо конец", "Give either a duration or an end");
            return Err(Error::invalid("end", "conflicting", ru, en));
        }
        (None, None) => return Err(Error::required("duration_seconds")),
    };
    let told_until = due.map(|due| due.min(start + TimeDelta::days(DAYS_IN_PIECES)));
    let segments = told_until.map(|until| schedule.segments(start, until)).unwrap_or_default();
    Ok(Answer {
        start,
        due,
        counted_seconds: due.map_or(0, |due| schedule.between(start, due).num_seconds()),
        segments: segments.into_iter().map(Piece::from).collect(),
        segments_cut: told_until < due,
    })
}

impl From<calendar::Segment> for Piece {
    fn from(segment: calendar::Segment) -> Self {
        let calendar::Segment { from, to, reason, name } = segment;
        let counted_seconds = if reason.counts() { (to - from).num_seconds() } else { 0 };
        Piece { from, to, counted_seconds, reason, name }
    }
}

fn norm_due(schedule: &Schedule, start: Timestamp, seconds: i64) -> Result<Option<Timestamp>> {
    if !(0..=LONGEST).contains(&seconds) {
        let (ru, en) =
            ("От 0 до 316224000 секунд, это десять лет", "From 0 to 316,224,000 seconds, which is ten years");
        return Err(Error::invalid("duration_seconds", "out_of_range", ru, en));
    }
    Ok(schedule.due(start, TimeDelta::seconds(seconds)))
}

fn end_of(schedule: &Schedule, start: Timestamp, end: &str) -> Result<Timestamp> {
    let end = moment("end", end, schedule)?;
    if !(0..=LONGEST).contains(&(end - start).num_seconds()) || end < start {
        let (ru, en) =
            ("Не раньше начала и не позже чем через десять лет", "Not before the start and at most ten years after it");
        return Err(Error::invalid("end", "out_of_range", ru, en));
    }
    Ok(end)
}

/// A moment with an offset, or what the schedule's clock shows. Years beyond four digits are a mistake of somebody's program.
fn moment(field: &str, text: &str, schedule: &Schedule) -> Result<Timestamp> {
    let written = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).ok().or_else(|| schedule.read_local(text));
    let in_range = written.filter(|at| (1970..=2500).contains(&chrono::Datelike::year(at)));
    in_range.ok_or_else(|| {
        let (ru, en) = (
            "Время вида 2026-12-30T13:50 или 2026-12-30T10:50:00Z, с 1970 по 2500 год",
            "A time such as 2026-12-30T13:50 or 2026-12-30T10:50:00Z, from 1970 to 2500",
        );
        Error::invalid(field, "bad_time", ru, en)
    })
}
