//! Choosing.

use std::cmp::Reverse;

use base::{Timestamp, UserId};

use super::{Assignment, Operator, Reason, Waiting, Why};

/// Why somebody cannot have a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotFree,
    OffShift,
    OtherGroup,
    NoSkill,
    Limit,
    ChannelLimit,
}

/// Why this operator cannot have this conversation now; none: he can.
pub fn refusal(operator: &Operator, waiting: &Waiting) -> Option<Refusal> {
    if !operator.groups.iter().any(|group| waiting.groups.contains(group)) {
        return Some(Refusal::OtherGroup);
    }
    let able = |(skill, level): &(_, i64)| operator.skills.get(skill).is_some_and(|own| own >= level);
    if !waiting.skills.iter().all(able) {
        return Some(Refusal::NoSkill);
    }
    if waiting.only_on_shift && operator.off_shift {
        return Some(Refusal::OffShift);
    }
    if !operator.free {
        return Some(Refusal::NotFree);
    }
    if operator.load + waiting.weight > operator.limit {
        return Some(Refusal::Limit);
    }
    let open = operator.open.get(&waiting.channel).copied().unwrap_or_default();
    if operator.limits.get(&waiting.channel).is_some_and(|limit| open >= *limit) {
        return Some(Refusal::ChannelLimit);
    }
    None
}

/// The best one for a conversation, by his place in the list.
pub fn best(operators: &[Operator], waiting: &Waiting) -> Option<(usize, Why)> {
    let mut able: Vec<usize> =
        (0..operators.len()).filter(|index| refusal(&operators[*index], waiting).is_none()).collect();
    able.sort_by_key(|index| rank(&operators[*index], waiting));
    let first = *able.first()?;
    let chosen = &operators[first];
    let reason = match able.get(1).map(|second| &operators[*second]) {
        None => Reason::OnlyOne,
        Some(second) if second.load > chosen.load => Reason::LeastLoaded,
        Some(second) if knowledge(second, waiting) < knowledge(chosen, waiting) => Reason::BestSkill,
        Some(_) => Reason::LongestIdle,
    };
    Some((first, Why { load: chosen.load, limit: chosen.limit, able: able.len(), reason }))
}

/// Gives out what waits, in its order, and counts it on the operators.
pub fn pick(operators: &mut [Operator], waiting: &[Waiting], now: Timestamp) -> Vec<Assignment> {
    let mut given = Vec::new();
    for one in waiting {
        let Some((index, why)) = best(operators, one) else { continue };
        let operator = &mut operators[index];
        operator.take(one.channel, one.weight, now);
        given.push(Assignment { conversation: one.id, operator: operator.id, why });
    }
    given
}

type Rank = (i64, Reverse<i64>, Option<Timestamp>, UserId);

fn rank(operator: &Operator, waiting: &Waiting) -> Rank {
    (operator.load, Reverse(knowledge(operator, waiting)), operator.last_assigned_at, operator.id)
}

/// How much he knows about what it takes.
fn knowledge(operator: &Operator, waiting: &Waiting) -> i64 {
    waiting.skills.iter().filter_map(|(skill, _)| operator.skills.get(skill)).sum()
}
