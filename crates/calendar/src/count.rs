//! Counting: when a norm is due, and how much of a period counted.

use base::Timestamp;
use chrono::{Days, NaiveDate, TimeDelta};

use crate::schedule::Schedule;
use crate::zone::{self, DAY_SECONDS, SECOND};

/// Beyond so many days from the start nothing is due: a schedule without hours must have an end, too.
const HORIZON: u64 = 100 * 366;

impl Schedule {
    /// The first moment by which `duration` of working time has passed since `start`; `start` itself for nothing or less.
    /// None when this schedule does not have so much time within a hundred years.
    pub fn due(&self, start: Timestamp, duration: TimeDelta) -> Option<Timestamp> {
        let mut left = duration.num_microseconds()?;
        if left <= 0 {
            return Some(start);
        }
        let start = start.timestamp_micros();
        let today = zone::local_date(self.zone, start);
        // A shift of yesterday may still go on.
        let mut date = today.pred_opt()?;
        let end = today.checked_add_days(Days::new(HORIZON))?;
        while date < end && self.has_hours_from(date) {
            if date > today && left > self.week_total && self.is_plain(date, 7) {
                left -= self.week_total;
                date = date.checked_add_days(Days::new(7))?;
                continue;
            }
            for (from, to) in self.spans(date) {
                let from = from.max(start);
                if to <= from {
                    continue;
                }
                if left <= to - from {
                    return Some(zone::moment(from + left));
                }
                left -= to - from;
            }
            date = date.succ_opt()?;
        }
        None
    }

    /// How much of the period counts; nothing when `to` is not after `from`.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> TimeDelta {
        let (from, to) = (from.timestamp_micros(), to.timestamp_micros());
        let mut sum = 0;
        if from < to {
            let today = zone::local_date(self.zone, from);
            let last = zone::local_date(self.zone, to).succ_opt().unwrap_or(NaiveDate::MAX);
            let mut next = today.pred_opt();
            while let Some(date) = next.filter(|date| *date <= last && self.has_hours_from(*date)) {
                // The last shift of a week ends on the day after it.
                let week_is_inside = (last - date).num_days() > 10 && date > today;
                if week_is_inside && self.is_plain(date, 7) {
                    sum += self.week_total;
                    next = date.checked_add_days(Days::new(7));
                    continue;
                }
                sum += self.spans(date).map(|(start, end)| (end.min(to) - start.max(from)).max(0)).sum::<i64>();
                next = date.succ_opt();
            }
        }
        TimeDelta::microseconds(sum)
    }

    /// Whether this moment counts.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let at = at.timestamp_micros();
        let today = zone::local_date(self.zone, at);
        let days = [today.pred_opt(), Some(today), today.succ_opt()];
        days.into_iter().flatten().any(|date| self.spans(date).any(|(from, to)| from <= at && at < to))
    }

    /// The first moment not before `at` that counts.
    pub fn opens(&self, at: Timestamp) -> Option<Timestamp> {
        let one = TimeDelta::microseconds(1);
        self.due(at, one).map(|after| after - one)
    }

    /// Whether anything may count from this date on.
    fn has_hours_from(&self, date: NaiveDate) -> bool {
        let last = self.special.last().map(|(date, _)| *date);
        // An interval of the date before may reach into it, and a special day may have taken the last one.
        self.week_total > 0 || last.is_some_and(|last| date <= last)
    }
}

const _: () = assert!(DAY_SECONDS * SECOND * (HORIZON as i64) < i64::MAX / 8);
