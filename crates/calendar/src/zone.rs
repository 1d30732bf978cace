//! From the clock on the wall to moments, also where clocks are changed.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

pub const SECOND: i64 = 1_000_000;
pub const DAY_SECONDS: i64 = 86_400;

/// No zone was ever further from UTC than this.
const FARTHEST: i64 = 16 * 3600;

/// When the clock of this zone first shows `local` or, if it skips it, the first moment after. Microseconds since the epoch.
pub fn instant(zone: Tz, local: NaiveDateTime) -> i64 {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at.timestamp_micros(),
        LocalResult::Ambiguous(one, other) => one.min(other).timestamp_micros(),
        LocalResult::None => after_gap(zone, local),
    }
}

/// The moment at which clocks jumped over `local`.
fn after_gap(zone: Tz, local: NaiveDateTime) -> i64 {
    // A zone that moved over the date line skipped a whole day.
    let (mut skipped, mut shown) = (0, 2 * DAY_SECONDS);
    while shown - skipped > 1 {
        let middle = (skipped + shown) / 2;
        match zone.from_local_datetime(&(local + TimeDelta::seconds(middle))) {
            LocalResult::None => skipped = middle,
            _ => shown = middle,
        }
    }
    match zone.from_local_datetime(&(local + TimeDelta::seconds(shown))) {
        LocalResult::Single(at) => at.timestamp_micros(),
        LocalResult::Ambiguous(one, other) => one.min(other).timestamp_micros(),
        LocalResult::None => local.and_utc().timestamp_micros(),
    }
}

/// The date the clock of this zone shows.
pub fn local_date(zone: Tz, at: i64) -> NaiveDate {
    moment(at).with_timezone(&zone).date_naive()
}

pub fn moment(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at).unwrap_or_default()
}

pub fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN)
}

/// How far the zone is from UTC for the whole of these days, in seconds; none when clocks are changed in them.
///
/// It asks at both ends and in the middle. For a week that is enough because no zone has changed its clocks there and back
/// within five days since 1970; a test looks at all of them.
pub fn steady_offset(zone: Tz, first: NaiveDate, days: i64) -> Option<i64> {
    let from = midnight(first) - TimeDelta::seconds(FARTHEST);
    let length = TimeDelta::seconds(days * DAY_SECONDS + 2 * FARTHEST);
    let offset = offset(zone, from);
    let same = |at: NaiveDateTime| self::offset(zone, at) == offset;
    (same(from + length / 2) && same(from + length)).then_some(offset)
}

fn offset(zone: Tz, utc: NaiveDateTime) -> i64 {
    i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc())
}
