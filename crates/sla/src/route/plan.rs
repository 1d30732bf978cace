//! The plan of a route as arithmetic: when its stages are to end, and how much of their time stays when earlier ones were
//! late. Pure.
//!
//! Everything is counted time, each stage by its own schedule; so what stands still and what is not worked moves no plan.
//! Stages that run together are a wave, and a wave takes as long as its longest stage.

use base::Timestamp;
use calendar::Schedule;
use chrono::TimeDelta;

/// A stage of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    pub time: TimeDelta,
    /// So much stays in any case; none: it does not shrink.
    pub least_percent: Option<i64>,
}

/// How much of its own time a stage has, when so much remains for it and whatever follows, of so much that was planned.
/// Never more than its own, never less than its least part.
pub fn shrink(own: Own, remaining: TimeDelta, planned: TimeDelta) -> TimeDelta {
    let Some(least) = own.least_percent else { return own.time };
    if planned <= TimeDelta::zero() || remaining >= planned {
        return own.time;
    }
    let time = i128::from(own.time.num_seconds());
    let part = time * i128::from(remaining.num_seconds()) / i128::from(planned.num_seconds()).max(1);
    let least = (time * i128::from(least) + 99) / 100;
    let seconds = part.max(least).min(time);
    TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// How long a wave takes.
pub fn wave(times: impl Iterator<Item = TimeDelta>) -> TimeDelta {
    times.max().unwrap_or_default()
}

/// When the stages of each wave end, if the first begins at `start` and each of the others when the one before it has
/// ended. A stage without time ends at once; none: its schedule never gets there, nor what follows.
pub fn ends(start: Timestamp, waves: &[Vec<(&Schedule, TimeDelta)>]) -> Vec<Vec<Option<Timestamp>>> {
    let mut begin = Some(start);
    let mut all = Vec::new();
    for wave in waves {
        let ends: Vec<Option<Timestamp>> = wave.iter().map(|(schedule, time)| schedule.due(begin?, *time)).collect();
        begin = begin.and_then(|begin| ends.iter().try_fold(begin, |latest, end| Some(latest.max((*end)?))));
        all.push(ends);
    }
    all
}

#[cfg(test)]
mod tests {
    use calendar::Interval;
    use chrono_tz::Europe::Moscow;
    use proptest::prelude::*;

    use super::*;

    const HOUR: TimeDelta = TimeDelta::hours(1);

    fn own(hours: i32, least: i64) -> Own {
        Own { time: HOUR * hours, least_percent: Some(least) }
    }

    #[test]
    fn a_delay_shortens_what_follows() {
        // 4 + 4 + 4 hours were planned; the first took 6: 6 remain for 8.
        assert_eq!(shrink(own(4, 25), HOUR * 6, HOUR * 8), HOUR * 3);
        assert_eq!(shrink(own(4, 25), HOUR * 8, HOUR * 8), HOUR * 4);
        assert_eq!(shrink(own(4, 25), HOUR * 10, HOUR * 8), HOUR * 4, "who was early gives nothing away");
        assert_eq!(shrink(own(4, 25), -HOUR, HOUR * 8), HOUR, "a quarter stays");
        let kept = Own { least_percent: None, ..own(4, 25) };
        assert_eq!(shrink(kept, -HOUR, HOUR * 8), HOUR * 4, "this one does not shrink");
        assert_eq!(shrink(own(0, 25), HOUR, TimeDelta::zero()), TimeDelta::zero());
    }

    #[test]
    fn a_plan_counts_working_time() {
        let day = || vec![Interval { from: 9 * 3600, to: 18 * 3600 }];
        let week = [day(), day(), day(), day(), day(), vec![], vec![]];
        let (office, always) = (Schedule::new(Moscow, week), Schedule::always(Moscow));
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let waves = [vec![(&office, HOUR * 4)], vec![(&office, HOUR * 2), (&always, HOUR * 20)], vec![(&office, HOUR)]];
        let ends = ends(at("2026-12-04T12:00:00+03:00"), &waves);
        assert_eq!(ends[0], [Some(at("2026-12-04T16:00:00+03:00"))]);
        assert_eq!(ends[1], [Some(at("2026-12-04T18:00:00+03:00")), Some(at("2026-12-05T12:00:00+03:00"))]);
        assert_eq!(ends[2], [Some(at("2026-12-07T10:00:00+03:00"))]);
    }

    proptest! {
        #[test]
        fn never_more_than_its_own_never_less_than_its_least(
            time in 0i64..10_000_000, least in 1i64..=100, remaining in -10_000_000i64..20_000_000, more in 0i64..10_000_000,
        ) {
            let own = Own { time: TimeDelta::seconds(time), least_percent: Some(least) };
            let (remaining, planned) = (TimeDelta::seconds(remaining), TimeDelta::seconds(time + more));
            let left = shrink(own, remaining, planned);
            prop_assert!(left <= own.time);
            prop_assert!(left.num_seconds() * 100 >= time * least, "{left}");
            if remaining >= planned {
                prop_assert_eq!(left, own.time);
            }
            prop_assert!(shrink(own, remaining - HOUR, planned) <= left, "later never gives more");
        }

        /// Where the least parts allow it, the route ends as planned.
        #[test]
        fn what_is_left_fits_into_what_remains(
            times in prop::collection::vec((1i64..1_000_000, 1i64..=100), 1..8), remaining in -1_000_000i64..9_000_000,
        ) {
            let own = |(time, least): &(i64, i64)| Own { time: TimeDelta::seconds(*time), least_percent: Some(*least) };
            let stages: Vec<Own> = times.iter().map(own).collect();
            let planned: TimeDelta = stages.iter().map(|stage| stage.time).sum();
            let remaining = TimeDelta::seconds(remaining).min(planned);
            let left: TimeDelta = stages.iter().map(|stage| shrink(*stage, remaining, planned)).sum();
            let least: i64 = times.iter().map(|(time, least)| (time * least + 99) / 100).sum();
            prop_assert!(left <= remaining.max(TimeDelta::zero()) + TimeDelta::seconds(least));
            let free = times.iter().all(|(time, least)| {
                i128::from(*time) * i128::from(remaining.num_seconds()) / i128::from(planned.num_seconds())
                    >= i128::from((time * least + 99) / 100)
            });
            prop_assert!(!free || left <= remaining);
        }

        #[test]
        fn waves_follow_each_other(times in prop::collection::vec(prop::collection::vec(0i64..500_000, 1..4), 1..6)) {
            let always = Schedule::always(Moscow);
            let waves: Vec<Vec<(&Schedule, TimeDelta)>> =
                times.iter().map(|wave| wave.iter().map(|time| (&always, TimeDelta::seconds(*time))).collect()).collect();
            let start = Timestamp::UNIX_EPOCH;
            let ends = ends(start, &waves);
            let sum: TimeDelta = waves.iter().map(|one| wave(one.iter().map(|(_, time)| *time))).sum();
            let last = ends.last().unwrap().iter().flatten().max().copied().unwrap();
            let before: TimeDelta = waves[..waves.len() - 1].iter().map(|one| wave(one.iter().map(|(_, time)| *time))).sum();
            prop_assert!(last >= start + before && last <= start + sum);
        }
    }
}
