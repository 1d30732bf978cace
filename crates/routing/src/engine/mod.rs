//! Who gets what: a pure function of who is there and what waits. No database, no clock.
//!
//! Invariants (each has a property test): nobody who is not free, is off shift where that counts, lacks a skill, does not belong to
//! the pool or is at a limit gets anything; a conversation is given once; one that waits later never gets a place that an earlier one could
//! have had; whoever has the least work comes first. Nobody starves: the order of the queue is by `turn_at`, in which a level of priority is worth a
//! fixed time of waiting, so every conversation becomes the first one sooner or later.
//!
//! Of those who may take a conversation the one with the least work gets it; of equally busy ones the one who knows the
//! most about what it needs; of equally able ones whoever has been without a new one for longest.

mod pick;
#[cfg(test)]
mod tests;
mod turn;

use std::collections::HashMap;

use base::{ConversationId, GroupId, Timestamp, UserId};
use desk::conversation::Channel;

use crate::skill::SkillId;

pub use pick::{Refusal, best, pick, refusal};
pub use turn::turn_at;

/// One whole conversation; weights of channels are parts of it.
pub const WHOLE: i64 = 100;

/// As people write it: `3`, `1.4`.
pub fn share(hundredths: i64) -> String {
    let (whole, part) = (hundredths / WHOLE, hundredths % WHOLE);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}").trim_end_matches('0').to_owned() }
}

/// Somebody who may be given work.
#[derive(Clone, Debug)]
pub struct Operator {
    pub id: UserId,
    /// He has the status `free` and is not absent.
    pub free: bool,
    /// He has a schedule today and is not on shift.
    pub off_shift: bool,
    /// The groups he serves lines by.
    pub groups: Vec<GroupId>,
    pub skills: HashMap<SkillId, i64>,
    /// Open conversations, each by the weight of its channel, in hundredths.
    pub load: i64,
    /// In hundredths.
    pub limit: i64,
    pub open: HashMap<Channel, i64>,
    /// How many of a channel he may have at once; a channel that is not here has no limit of its own.
    pub limits: HashMap<Channel, i64>,
    pub last_assigned_at: Option<Timestamp>,
}

impl Operator {
    /// Counts one more conversation.
    pub fn take(&mut self, channel: Channel, weight: i64, now: Timestamp) {
        self.load += weight;
        *self.open.entry(channel).or_default() += 1;
        self.last_assigned_at = Some(now);
    }
}

/// A conversation that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub id: ConversationId,
    pub channel: Channel,
    /// In hundredths of a conversation.
    pub weight: i64,
    /// One of these groups serves it.
    pub groups: Vec<GroupId>,
    /// What it takes, with the least level of each.
    pub skills: Vec<(SkillId, i64)>,
    /// Only for people on shift.
    pub only_on_shift: bool,
}

/// Who got what.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    pub conversation: ConversationId,
    pub operator: UserId,
    pub why: Why,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Why {
    /// His work before, and his limit, in hundredths.
    pub load: i64,
    pub limit: i64,
    /// How many could have had it.
    pub able: usize,
    pub reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody else could.
    OnlyOne,
    LeastLoaded,
    BestSkill,
    LongestIdle,
}
