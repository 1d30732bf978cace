//! When the turn of a conversation comes: priority with ageing in one fixed moment.

use base::Timestamp;
use chrono::Duration;
use desk::conversation::Priority;

/// A conversation waits as if it had come earlier by so many minutes for each level of its priority. The weight of its
/// client's category, 0 to 100, adds to that: 100 is worth as much as the highest priority is over the lowest.
pub fn turn_at(entered_at: Timestamp, priority: Priority, weight: i64, minutes_per_level: i64) -> Timestamp {
    let level = match priority {
        Priority::Low => 0,
        Priority::None => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    };
    entered_at
        - Duration::minutes(level * minutes_per_level)
        - Duration::seconds(weight * 3 * minutes_per_level * 60 / 100)
}
