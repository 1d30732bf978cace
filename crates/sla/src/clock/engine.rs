//! One clock as arithmetic: how much counted, when it is due, when its next step comes. Pure.
//!
//! A clock counts by a schedule. While it is paused it keeps what has counted; so the remainder is the same however long
//! the pause was.

use base::Timestamp;
use calendar::Schedule;
use chrono::TimeDelta;

/// What of a clock decides its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// What was promised, in counted time.
    pub target: TimeDelta,
    /// Counted before `running_since`.
    pub consumed: TimeDelta,
    /// None: paused.
    pub running_since: Option<Timestamp>,
}

impl Count {
    /// Counted until a moment.
    pub fn consumed_at(&self, schedule: &Schedule, at: Timestamp) -> TimeDelta {
        let running = self.running_since.filter(|since| *since < at);
        self.consumed + running.map_or(TimeDelta::zero(), |since| schedule.between(since, at))
    }

    /// When this much more (or, negative, less) than the target will have counted; none while paused, or when the schedule
    /// never gets there. What had counted before the present run is not looked for: then it is the run's beginning.
    pub fn reaches(&self, schedule: &Schedule, beyond: TimeDelta) -> Option<Timestamp> {
        let since = self.running_since?;
        let missing = self.target + beyond - self.consumed;
        if missing <= TimeDelta::zero() { Some(since) } else { schedule.due(since, missing) }
    }

    pub fn due(&self, schedule: &Schedule) -> Option<Timestamp> {
        self.reaches(schedule, TimeDelta::zero())
    }

    pub fn pause(&mut self, schedule: &Schedule, at: Timestamp) {
        self.consumed = self.consumed_at(schedule, at);
        self.running_since = None;
    }

    pub fn resume(&mut self, at: Timestamp) {
        self.running_since.get_or_insert(at);
    }
}

#[cfg(test)]
mod tests {
    use calendar::Interval;
    use chrono_tz::Europe::Moscow;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Monday to Friday, 9 to 18 with an hour for lunch; 30 December 2026 is short, then it is off until 10 January.
    fn schedule() -> Schedule {
        let hours = |from: u32, to: u32| Interval { from: from * 3600, to: to * 3600 };
        let day = vec![hours(9, 13), hours(14, 18)];
        let week = [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![], vec![]];
        let date = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        let off = (0..11).map(|days| (date("2026-12-31") + chrono::Days::new(days), vec![], "Отпуск".to_owned()));
        let short = (date("2026-12-30"), vec![hours(9, 14)], "Короткий день".to_owned());
        Schedule::new(Moscow, week).with_exceptions(off.chain([short]))
    }

    fn begin(target: TimeDelta, at: Timestamp) -> Count {
        Count { target, consumed: TimeDelta::zero(), running_since: Some(at) }
    }

    const HOUR: TimeDelta = TimeDelta::hours(1);

    #[test]
    fn the_year_ends_in_the_middle_of_a_promise() {
        let schedule = schedule();
        let accepted = at("2026-12-30T13:50:00+03:00");
        let reaction = begin(HOUR, accepted);
        assert_eq!(reaction.due(&schedule), Some(at("2027-01-11T09:50:00+03:00")));
        let mut resolution = begin(HOUR * 8, accepted);
        assert_eq!(resolution.due(&schedule), Some(at("2027-01-11T17:50:00+03:00")));
        resolution.pause(&schedule, at("2027-01-11T10:00:00+03:00"));
        assert_eq!(resolution.due(&schedule), None);
        assert_eq!(resolution.consumed, TimeDelta::minutes(70));
        resolution.resume(at("2027-01-11T12:00:00+03:00"));
        assert_eq!(resolution.due(&schedule), Some(at("2027-01-12T10:50:00+03:00")));
    }

    #[test]
    fn a_reminder_comes_so_much_counted_time_before() {
        let schedule = schedule();
        let clock = begin(HOUR * 2, at("2026-12-28T12:30:00+03:00"));
        assert_eq!(clock.due(&schedule), Some(at("2026-12-28T15:30:00+03:00")));
        assert_eq!(clock.reaches(&schedule, -HOUR), Some(at("2026-12-28T14:30:00+03:00")));
        assert_eq!(clock.reaches(&schedule, HOUR * 4), Some(at("2026-12-29T10:30:00+03:00")));
        assert_eq!(clock.reaches(&schedule, -HOUR * 3), Some(at("2026-12-28T12:30:00+03:00")), "it has passed already");
    }

    proptest! {
        /// However a clock is stopped and let go, what it counted in all is its target when it is due.
        #[test]
        fn pauses_lose_nothing(
            start in 0i64..40_000_000, target in 60i64..400_000,
            pauses in prop::collection::vec((1i64..200_000, 0i64..400_000), 0..6),
        ) {
            let schedule = schedule();
            let origin = at("2026-06-01T00:00:00Z");
            let mut now = origin + TimeDelta::seconds(start);
            let mut clock = begin(TimeDelta::seconds(target), now);
            for (ran, stood) in pauses {
                let stop = now + TimeDelta::seconds(ran);
                if clock.due(&schedule).is_none_or(|due| due <= stop) {
                    break;
                }
                let counted = clock.consumed_at(&schedule, stop);
                clock.pause(&schedule, stop);
                prop_assert_eq!(clock.consumed, counted);
                now = stop + TimeDelta::seconds(stood);
                prop_assert_eq!(clock.consumed_at(&schedule, now), counted, "a paused clock stands");
                clock.resume(now);
            }
            let due = clock.due(&schedule).unwrap();
            prop_assert_eq!(clock.consumed_at(&schedule, due), clock.target);
            prop_assert!(due >= now);
        }
    }
}
