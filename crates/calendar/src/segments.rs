//! A period in pieces, each with the reason why it counts or does not.

use base::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::production::Kind;
use crate::schedule::{Schedule, Why};
use crate::zone;

/// Why a piece of time counts or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScheduleReason)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Counts: the hours of the week.
    WorkingHours,
    /// Counts: hours written down for this date.
    ExceptionHours,
    /// Counts: a working day that is an hour shorter.
    ShortDay,
    /// Counts: a day off that was made a working day.
    ExtraWorkingDay,
    /// Between two intervals of one day.
    Break,
    /// Before or after the hours of a working day.
    OffHours,
    /// A weekday without hours.
    DayOff,
    /// A day off of the production calendar or of an imported one.
    Holiday,
    /// A date that was written down as a day off.
    ExceptionOff,
}

impl Reason {
    pub fn counts(self) -> bool {
        use Reason::{ExceptionHours, ExtraWorkingDay, ShortDay, WorkingHours};
        matches!(self, WorkingHours | ExceptionHours | ShortDay | ExtraWorkingDay)
    }
}

/// A piece of time that counts as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub from: Timestamp,
    pub to: Timestamp,
    pub reason: Reason,
    /// How the day is called that is the reason; empty: it has no name.
    pub name: String,
}

impl Schedule {
    /// The period in pieces without holes; neighbours of one reason and name are one. What counts of them is `between`.
    pub fn segments(&self, from: Timestamp, to: Timestamp) -> Vec<Segment> {
        let mut cut = Cut { from: from.timestamp_micros(), to: to.timestamp_micros(), segments: Vec::new() };
        let (Some(first), Some(last)) =
            (zone::local_date(self.zone, cut.from).pred_opt(), zone::local_date(self.zone, cut.to).succ_opt())
        else {
            return Vec::new();
        };
        let mut reached = zone::instant(self.zone, zone::midnight(first));
        let mut reached_on = None;
        for date in first.iter_days().take_while(|date| *date <= last) {
            let (reason, name) = self.counted(date);
            for (start, end) in self.spans(date) {
                if reached_on == Some(date) {
                    cut.push(reached, start, Reason::Break, "");
                } else {
                    self.rest(&mut cut, reached, start);
                }
                cut.push(start, end, reason, name);
                (reached, reached_on) = (end, Some(date));
            }
        }
        let to = cut.to;
        self.rest(&mut cut, reached, to);
        cut.segments
    }

    /// What does not count, by the days it is on.
    fn rest(&self, cut: &mut Cut, from: i64, to: i64) {
        let mut start = from.max(cut.from);
        let end = to.min(cut.to);
        let mut date = zone::local_date(self.zone, start);
        while start < end {
            let Some(tomorrow) = date.succ_opt() else { return };
            let midnight = zone::instant(self.zone, zone::midnight(tomorrow)).min(end);
            let (reason, name) = self.skipped(date);
            cut.push(start, midnight, reason, name);
            start = start.max(midnight);
            date = tomorrow;
        }
    }

    fn counted(&self, date: NaiveDate) -> (Reason, &str) {
        let Some(special) = self.special_on(date) else { return (Reason::WorkingHours, "") };
        let reason = match special.why {
            Why::Exception => Reason::ExceptionHours,
            Why::Calendar(Kind::Short) => Reason::ShortDay,
            Why::Calendar(_) => Reason::ExtraWorkingDay,
        };
        (reason, &special.name)
    }

    fn skipped(&self, date: NaiveDate) -> (Reason, &str) {
        match self.special_on(date) {
            Some(special) if special.intervals.is_empty() => match special.why {
                Why::Exception => (Reason::ExceptionOff, &special.name),
                Why::Calendar(_) => (Reason::Holiday, &special.name),
            },
            None if self.hours(date).is_empty() => (Reason::DayOff, ""),
            _ => (Reason::OffHours, ""),
        }
    }
}

/// The pieces so far, kept inside the period.
struct Cut {
    from: i64,
    to: i64,
    segments: Vec<Segment>,
}

impl Cut {
    fn push(&mut self, from: i64, to: i64, reason: Reason, name: &str) {
        let (from, to) = (from.max(self.from), to.min(self.to));
        if from >= to {
            return;
        }
        let to = zone::moment(to);
        match self.segments.last_mut() {
            Some(last) if last.reason == reason && last.name == name => last.to = to,
            _ => self.segments.push(Segment { from: zone::moment(from), to, reason, name: name.to_owned() }),
        }
    }
}
