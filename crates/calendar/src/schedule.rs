//! A schedule that is ready to be counted with.

use base::Timestamp;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

use crate::production::{Kind, SpecialDay};
use crate::zone::{self, DAY_SECONDS, SECOND};

/// Seconds from the midnight its day begins with. `to` is over 24 h when it ends on the next day, and at most 24 h after `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub from: u32,
    pub to: u32,
}

/// A week of intervals in a time zone, with days that differ from it.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub(crate) zone: Tz,
    /// From Monday; sorted, not overlapping within a day.
    pub(crate) week: [Vec<Interval>; 7],
    /// By date, each date once.
    pub(crate) special: Vec<(NaiveDate, Special)>,
    /// What counts in a week without special days and changes of clocks, in microseconds.
    pub(crate) week_total: i64,
}

/// A day that differs.
#[derive(Clone, Debug)]
pub(crate) struct Special {
    pub intervals: Vec<Interval>,
    pub why: Why,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Hours written down for this very date.
    Exception,
    /// A day of a production calendar or of an imported one.
    Calendar(Kind),
}

impl Schedule {
    /// A week without special days. Intervals of a day must not overlap; `Definition` checks what people write.
    pub fn new(zone: Tz, mut week: [Vec<Interval>; 7]) -> Schedule {
        for day in &mut week {
            day.sort_by_key(|interval| interval.from);
        }
        let mut schedule = Schedule { zone, week, special: Vec::new(), week_total: 0 };
        schedule.week_total = (0..7).map(|day| schedule.weekday_seconds(day)).sum::<i64>() * SECOND;
        schedule
    }

    /// Every moment counts.
    pub fn always(zone: Tz) -> Schedule {
        Schedule::new(zone, std::array::from_fn(|_| vec![Interval { from: 0, to: 86_400 }]))
    }

    /// Hours of their own for some dates; none: the date does not count. They win over days of calendars.
    pub fn with_exceptions(mut self, days: impl IntoIterator<Item = (NaiveDate, Vec<Interval>, String)>) -> Schedule {
        for (date, mut intervals, name) in days {
            intervals.sort_by_key(|interval| interval.from);
            self.put(date, Special { intervals, why: Why::Exception, name });
        }
        self
    }

    /// Holidays, short days and moved working days. Hours written for a date win, whatever the order of calls.
    pub fn with_days<'a>(mut self, days: impl IntoIterator<Item = &'a SpecialDay>) -> Schedule {
        for day in days {
            let own = &self.week[day.date.weekday().num_days_from_monday() as usize];
            let like = day.like.map(|weekday| &self.week[weekday.index()]);
            let working = || if own.is_empty() { like.unwrap_or_else(|| self.usual(day.date)) } else { own };
            let intervals = match day.kind {
                Kind::Holiday => Vec::new(),
                // A day off stays one.
                Kind::Short if own.is_empty() => continue,
                Kind::Short => shorter(own),
                Kind::Working => working().clone(),
                Kind::WorkingShort => shorter(working()),
            };
            let special = Special { intervals, why: Why::Calendar(day.kind), name: day.name.clone() };
            self.put(day.date, special);
        }
        self
    }

    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// `2026-12-30T13:50` or with seconds, by the clock of the zone; of two such moments the first, of none the next there is.
    pub fn read_local(&self, text: &str) -> Option<Timestamp> {
        let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
        Some(zone::moment(zone::instant(self.zone, local)))
    }

    fn put(&mut self, date: NaiveDate, special: Special) {
        match self.special.binary_search_by_key(&date, |(date, _)| *date) {
            Ok(at) if self.special[at].1.why == Why::Exception && special.why != Why::Exception => {}
            Ok(at) => self.special[at].1 = special,
            Err(at) => self.special.insert(at, (date, special)),
        }
    }

    /// The hours of the nearest weekday before that has any.
    fn usual(&self, date: NaiveDate) -> &Vec<Interval> {
        let day = date.weekday().num_days_from_monday() as usize;
        let before = (1..7).map(|back| &self.week[(day + 7 - back) % 7]);
        before.into_iter().find(|hours| !hours.is_empty()).unwrap_or(&self.week[day])
    }

    pub(crate) fn special_on(&self, date: NaiveDate) -> Option<&Special> {
        let at = self.special.binary_search_by_key(&date, |(date, _)| *date).ok()?;
        Some(&self.special[at].1)
    }

    pub(crate) fn hours(&self, date: NaiveDate) -> &[Interval] {
        match self.special_on(date) {
            Some(special) => &special.intervals,
            None => &self.week[date.weekday().num_days_from_monday() as usize],
        }
    }

    /// Whether these days are as in every other week: no special day, no change of clocks, none just before.
    pub(crate) fn is_plain(&self, first: NaiveDate, days: u64) -> bool {
        let (Some(before), Some(end)) = (first.pred_opt(), first.checked_add_days(Days::new(days))) else {
            return false;
        };
        let next = self.special.partition_point(|(date, _)| *date < before);
        let none_special = self.special.get(next).is_none_or(|(date, _)| *date >= end);
        none_special && zone::steady_offset(self.zone, first, days as i64 + 1).is_some()
    }

    /// The counted pieces of the intervals that begin on this date, in order, without what the day before covers.
    pub(crate) fn spans(&self, date: NaiveDate) -> impl Iterator<Item = (i64, i64)> + '_ {
        let hours = self.hours(date);
        let covered = if hours.is_empty() { 0 } else { date.pred_opt().map_or(0, |before| tail(self.hours(before))) };
        let steady = match hours {
            [] => None,
            _ => zone::steady_offset(self.zone, date, 2)
                .map(|offset| zone::midnight(date).and_utc().timestamp_micros() - offset * SECOND),
        };
        let at = move |seconds: u32| match steady {
            Some(midnight) => midnight + i64::from(seconds) * SECOND,
            None => zone::instant(self.zone, zone::midnight(date) + TimeDelta::seconds(i64::from(seconds))),
        };
        hours.iter().filter_map(move |interval| {
            let from = interval.from.max(covered);
            (from < interval.to).then(|| (at(from), at(interval.to))).filter(|(from, to)| from < to)
        })
    }

    /// What the intervals of a weekday add to a plain week, in seconds.
    fn weekday_seconds(&self, day: usize) -> i64 {
        let covered = tail(&self.week[(day + 6) % 7]);
        let seconds =
            |interval: &Interval| i64::from(interval.to) - i64::from(interval.from.max(covered).min(interval.to));
        self.week[day].iter().map(seconds).sum()
    }
}

/// Until which second of the next day these intervals reach.
fn tail(hours: &[Interval]) -> u32 {
    hours.last().map_or(0, |last| last.to.saturating_sub(DAY_SECONDS as u32))
}

/// One hour less at the end.
fn shorter(hours: &[Interval]) -> Vec<Interval> {
    let mut less = 3600;
    let mut kept = hours.to_vec();
    while let Some(last) = kept.last_mut() {
        let length = last.to - last.from;
        if length > less {
            last.to -= less;
            break;
        }
        less -= length;
        kept.pop();
    }
    kept
}
