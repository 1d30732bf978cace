//! When things happen: more letters on weekday mornings than at night, answers in working hours.
//!
//! Local time is that of Yekaterinburg, UTC+5 all year. Times inside are microseconds since the epoch.

use crate::rng::Rng;

pub const MINUTE: i64 = 60_000_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// Local time minus UTC.
pub const OFFSET: i64 = 5 * HOUR;

/// Letters of an hour of a working day, relative.
const HOURS: [u32; 24] = [3, 2, 1, 1, 1, 2, 5, 12, 35, 78, 100, 98, 86, 70, 82, 90, 85, 72, 48, 30, 22, 17, 11, 6];
/// Letters of a day of the week from Monday, relative.
const WEEKDAYS: [u32; 7] = [115, 108, 100, 98, 92, 28, 18];

/// Spreads beginnings of conversations over the days before `now`.
#[derive(Debug, Clone)]
pub struct Arrivals {
    /// The first hour, and for each hour the sum of weights up to its end.
    start: i64,
    sums: Vec<f64>,
    end: i64,
}

impl Arrivals {
    pub fn new(now: i64, days: usize) -> Self {
        let first_hour = (now - days as i64 * DAY).div_euclid(HOUR);
        let hours = now.div_euclid(HOUR) - first_hour;
        let mut sum = 0.0;
        let sums = (0..=hours)
            .map(|hour| {
                let at = (first_hour + hour) * HOUR;
                let growth = 0.85 + 0.3 * hour as f64 / (hours.max(1)) as f64;
                // The hour that is going on counts for what has passed of it.
                let passed = ((now - at) as f64 / HOUR as f64).clamp(0.0, 1.0);
                sum += f64::from(HOURS[hour_of(at)] * WEEKDAYS[weekday(at)]) * growth * passed;
                sum
            })
            .collect();
        Arrivals { start: first_hour * HOUR, sums, end: now }
    }

    /// The beginning of conversation `index` of `count`: grows with the index, is never later than `now`.
    pub fn at(&self, index: usize, count: usize, rng: &mut Rng) -> i64 {
        let total = self.sums.last().copied().unwrap_or(0.0);
        let wanted = (index as f64 + rng.unit()) / count.max(1) as f64 * total;
        let hour = self.sums.partition_point(|&sum| sum < wanted).min(self.sums.len().saturating_sub(1));
        let before = if hour == 0 { 0.0 } else { self.sums[hour - 1] };
        let weight = self.sums[hour] - before;
        let part = if weight > 0.0 { (wanted - before) / weight } else { 0.0 };
        let begin = self.start + hour as i64 * HOUR;
        let length = (self.end - begin).min(HOUR);
        (begin + (part * length as f64) as i64).clamp(self.start, self.end)
    }
}

/// The hour of the day, local.
pub fn hour_of(at: i64) -> usize {
    ((at + OFFSET).rem_euclid(DAY) / HOUR) as usize
}

/// The day of the week, local, 0 is Monday.
pub fn weekday(at: i64) -> usize {
    // The epoch was a Thursday.
    ((at + OFFSET).div_euclid(DAY) + 3).rem_euclid(7) as usize
}

fn is_working(at: i64) -> bool {
    (9..19).contains(&hour_of(at)) && weekday(at) < 5
}

/// An operator acts `minutes` after `at`, but in working hours only.
pub fn in_working_hours(at: i64, minutes: f64, rng: &mut Rng) -> i64 {
    let mut then = at + (minutes * MINUTE as f64) as i64;
    while !is_working(then) {
        let morning = (then + OFFSET).div_euclid(DAY) * DAY - OFFSET + 9 * HOUR;
        let next = if morning > then { morning } else { morning + DAY };
        then = next + rng.between(0, 100 * MINUTE);
    }
    then
}

/// A client writes `minutes` after `at`, but hardly at night.
pub fn in_waking_hours(at: i64, minutes: f64, rng: &mut Rng) -> i64 {
    let then = at + (minutes * MINUTE as f64) as i64;
    match hour_of(then) {
        0..7 if rng.percent(92.0) => then + rng.between(7 * HOUR, 11 * HOUR),
        _ => then,
    }
}

/// A delay around `median` minutes, sometimes much longer: most answers are quick, some take a day.
pub fn delay(median: f64, rng: &mut Rng) -> f64 {
    let bell = rng.unit() + rng.unit() + rng.unit() + rng.unit() - 2.0;
    (median * (1.6 * bell).exp()).max(0.4)
}
