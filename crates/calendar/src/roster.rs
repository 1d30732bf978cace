//! Shifts of staff: on which days somebody is to work, by a week or by a cycle, and from when until when.
//!
//! Invariants: a shift belongs to the day it begins on, also when it ends on the next one. A day of a cycle is found by
//! counting days from its first one, so a cycle never drifts, whatever years and clocks do. A shift begins when the clock on
//! the wall first shows its beginning and ends when it first shows its end; what a change of clocks repeats or skips is
//! counted as it was lived.

use base::Timestamp;
use chrono::{Datelike, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::production::{Country, Kind, SpecialDay};
use crate::zone::{self, DAY_SECONDS, SECOND};

/// The hours of a shift, in minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftHours {
    /// After midnight, less than a day.
    pub from: u32,
    /// At most a day.
    pub length: u32,
    pub breaks: Vec<Break>,
}

/// A part of a shift that is no work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// After the beginning of the shift.
    pub after: u32,
    pub length: u32,
}

/// A shift on a day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stint {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// What of it is work: without the breaks, in order, not overlapping.
    pub work: Vec<(Timestamp, Timestamp)>,
}

impl ShiftHours {
    /// The shift that begins on this date; none when a short day leaves nothing of it.
    pub fn on(&self, zone: Tz, date: NaiveDate, short: bool) -> Option<Stint> {
        let length = if short { self.length.saturating_sub(SHORTER) } else { self.length };
        if length == 0 {
            return None;
        }
        let steady = zone::steady_offset(zone, date, 2)
            .map(|offset| zone::midnight(date).and_utc().timestamp_micros() - offset * SECOND);
        let at = |minutes: u32| {
            let micros = match steady {
                Some(midnight) => midnight + i64::from(minutes) * 60 * SECOND,
                None => zone::instant(zone, zone::midnight(date) + TimeDelta::minutes(i64::from(minutes))),
            };
            zone::moment(micros)
        };
        let (from, to) = (self.from, self.from + length);
        let mut breaks: Vec<(u32, u32)> = self
            .breaks
            .iter()
            .map(|pause| (from + pause.after, (from + pause.after + pause.length).min(to)))
            .filter(|(begin, end)| begin < end)
            .collect();
        breaks.sort_unstable();
        let mut work = Vec::with_capacity(breaks.len() + 1);
        let mut begin = from;
        for (pause, end) in breaks {
            work.push((begin, pause));
            begin = begin.max(end);
        }
        work.push((begin, to));
        let work = work.into_iter().map(|(begin, end)| (at(begin), at(end))).filter(|(begin, end)| begin < end);
        Some(Stint { starts_at: at(from), ends_at: at(to), work: work.collect() })
    }
}

impl Stint {
    pub fn worked(&self) -> TimeDelta {
        self.work.iter().map(|(from, to)| *to - *from).sum()
    }
}

/// An hour less at the end of a short day.
const SHORTER: u32 = 60;

/// Which shift a day has. `S` is whatever a shift is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern<S> {
    /// From Monday; none: a day off.
    Week([Option<S>; 7]),
    /// Days that repeat for ever, counted from the first one, also backwards.
    Cycle { first: NaiveDate, days: Vec<Option<S>> },
}

/// A pattern with the days on which a country works otherwise.
#[derive(Clone, Debug)]
pub struct Roster<S> {
    pub pattern: Pattern<S>,
    /// In order of date.
    pub special: &'static [SpecialDay],
    /// Nobody works on holidays; a week has its moved working days.
    pub holidays: bool,
    /// Short days end an hour earlier.
    pub short_days: bool,
    pub from: Option<NaiveDate>,
    /// Included.
    pub to: Option<NaiveDate>,
}

/// What a roster says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn<S> {
    /// None: a day off.
    pub shift: Option<S>,
    /// It ends an hour earlier.
    pub short: bool,
    /// It would have been a shift without the holiday.
    pub holiday: bool,
}

impl<S: Copy> Roster<S> {
    /// None outside of the roster's period.
    pub fn on(&self, date: NaiveDate) -> Option<Turn<S>> {
        if self.from.is_some_and(|from| date < from) || self.to.is_some_and(|to| date > to) {
            return None;
        }
        let special = if self.holidays || self.short_days { special_on(self.special, date) } else { None };
        let usual = self.usual(date);
        let kind = special.map(|day| day.kind);
        let moved = self.holidays && matches!(kind, Some(Kind::Working | Kind::WorkingShort));
        let shift = match special {
            Some(day) if moved => usual.or_else(|| self.moved(day)),
            _ => usual,
        };
        if self.holidays && kind == Some(Kind::Holiday) {
            return Some(Turn { shift: None, short: false, holiday: shift.is_some() });
        }
        let short = self.short_days && shift.is_some() && matches!(kind, Some(Kind::Short | Kind::WorkingShort));
        Some(Turn { shift, short, holiday: false })
    }

    fn usual(&self, date: NaiveDate) -> Option<S> {
        match &self.pattern {
            Pattern::Week(days) => days[date.weekday().num_days_from_monday() as usize],
            Pattern::Cycle { first, days } => {
                let length = i64::try_from(days.len()).ok().filter(|length| *length > 0)?;
                let place = (date - *first).num_days().rem_euclid(length);
                days.get(usize::try_from(place).ok()?).copied().flatten()
            }
        }
    }

    /// The shift of the weekday whose work was moved here. A cycle moves nothing.
    fn moved(&self, day: &SpecialDay) -> Option<S> {
        let Pattern::Week(days) = &self.pattern else { return None };
        let weekday = day.date.weekday().num_days_from_monday() as usize;
        let like = day.like.and_then(|like| days[like.index()]);
        like.or_else(|| (1..7).find_map(|back| days[(weekday + 7 - back) % 7]))
    }
}

fn special_on(days: &[SpecialDay], date: NaiveDate) -> Option<&SpecialDay> {
    days.binary_search_by_key(&date, |day| day.date).ok().map(|at| &days[at])
}

impl Country {
    /// How this date differs.
    pub fn special_on(&self, date: NaiveDate) -> Option<&'static SpecialDay> {
        special_on(self.days(), date)
    }

    /// How many minutes a week of forty hours has in these days, both included: eight hours for each working day, an hour less
    /// for a short one.
    pub fn norm_minutes(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let minutes = |date: NaiveDate| {
            let weekend = date.weekday().num_days_from_monday() > 4;
            match (self.special_on(date).map(|day| day.kind), weekend) {
                (Some(Kind::Holiday), _) | (None | Some(Kind::Short), true) => 0,
                (Some(Kind::Short | Kind::WorkingShort), _) => 7 * 60,
                (Some(Kind::Working), _) | (None, false) => 8 * 60,
            }
        };
        from.iter_days().take_while(|date| *date <= to).map(minutes).sum()
    }
}

/// The first moment of a date by the clock of a zone.
pub fn midnight(zone: Tz, date: NaiveDate) -> Timestamp {
    zone::moment(zone::instant(zone, zone::midnight(date)))
}

/// No shift lasts longer, also when clocks are set back in it.
pub const LONGEST_SHIFT: TimeDelta = TimeDelta::seconds(DAY_SECONDS + 3 * 3600);
