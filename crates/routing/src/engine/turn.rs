//! When the turn of a conversation comes: priority with ageing in one fixed moment.

use base::Timestamp;
use chrono::Duration;
use desk::conversation::Priority;

/// A conversation waits as if it had come earlier by so many minutes for each level of its priority.
pub fn turn_at(entered_at: Timestamp, priority: Priority, minutes_per_level: i64) -> Timestamp {
    let level = match priority {
        Priority::Low => 0,
        Priority::None => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    };
    entered_at - Duration::minutes(level * minutes_per_level)
}
