//! Working time: which moments of a schedule count, when a norm is due, how much of a period counted and why.
//!
//! A schedule is a week of intervals in a time zone, with days that differ from it. Invariants:
//! - A moment counts or it does not; what counts is told by `Schedule::is_open`, and `due`, `between` and `segments` agree
//!   with it to the microsecond: `between(start, due(start, d)) == d`.
//! - An interval belongs to the day it begins on. It begins when the clock on the wall first shows its beginning (or, when
//!   clocks skip it, the next time there is) and ends when the clock first shows its end. So time that a change of clocks
//!   repeats or skips inside an interval is counted as it was lived.
//! - A day that differs replaces the intervals that begin on it; a night shift of the day before goes on to its end.
//! - Pure: no IO and no clock of its own.

mod count;
mod definition;
mod import;
mod production;
mod roster;
mod schedule;
mod segments;
mod words;
mod zone;

#[cfg(test)]
mod tests;

pub use definition::{Definition, ExceptionDay, Span, Weekday, WeeklyDay};
pub use import::{read_csv, read_days, read_icalendar};
pub use production::{Country, Kind, SpecialDay, Year, countries, country};
pub use roster::{Break, LONGEST_SHIFT, Pattern, Roster, ShiftHours, Stint, Turn, midnight};
pub use schedule::{Interval, Schedule};
pub use segments::{Reason, Segment};
pub use words::day_in_words;
