//! The rows of shifts.

pub mod assignment;
pub mod day;
pub mod duty;
pub mod line;
pub mod schedule;
pub mod shift;
