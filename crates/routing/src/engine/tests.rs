//! Properties of the choice.

use std::collections::{HashMap, HashSet};

use base::{ConversationId, GroupId, Timestamp, UserId};
use chrono::{Duration, TimeZone, Utc};
use desk::conversation::{Channel, Priority};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn group(number: u128) -> GroupId {
    GroupId(Uuid::from_u128(100 + number))
}

fn skill(number: u128) -> SkillId {
    SkillId(Uuid::from_u128(200 + number))
}

fn now() -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 23, 7, 0, 0).single().expect("a time")
}

fn operator(number: u128) -> Operator {
    Operator {
        id: UserId(Uuid::from_u128(number)),
        free: true,
        off_shift: false,
        groups: vec![group(0)],
        skills: HashMap::new(),
        load: 0,
        limit: 3 * WHOLE,
        open: HashMap::new(),
        limits: HashMap::new(),
        last_assigned_at: None,
    }
}

fn waiting(number: u128) -> Waiting {
    let id = ConversationId(Uuid::from_u128(1000 + number));
    Waiting {
        id,
        channel: Channel::Chat,
        weight: WHOLE,
        groups: vec![group(0)],
        skills: Vec::new(),
        only_on_shift: false,
    }
}

fn any_operator(number: u128) -> impl Strategy<Value = Operator> {
    let skills = proptest::collection::hash_map((0u128..3).prop_map(skill), 1i64..=5, 0..3);
    let groups = proptest::collection::vec((0u128..3).prop_map(group), 0..3);
    let idle = proptest::option::of(0i64..100);
    ((any::<bool>(), any::<bool>()), groups, skills, 0i64..400, 0i64..5, proptest::option::of(0i64..4), idle).prop_map(
        move |((free, off_shift), groups, skills, load, limit, chats, idle)| Operator {
            free,
            off_shift,
            groups,
            skills,
            load,
            limit: limit * WHOLE,
            limits: chats.map(|limit| (Channel::Chat, limit)).into_iter().collect(),
            last_assigned_at: idle.map(|minutes| now() - Duration::minutes(minutes)),
            ..operator(number)
        },
    )
}

fn any_waiting(number: u128) -> impl Strategy<Value = Waiting> {
    let groups = proptest::collection::vec((0u128..3).prop_map(group), 1..3);
    let skills = proptest::collection::vec(((0u128..3).prop_map(skill), 1i64..=5), 0..2);
    let kinds = (prop_oneof![Just(Channel::Chat), Just(Channel::Email)], prop_oneof![Just(WHOLE), Just(40i64)]);
    (groups, skills, kinds, any::<bool>()).prop_map(move |(groups, skills, (channel, weight), only_on_shift)| Waiting {
        groups,
        skills,
        channel,
        weight,
        only_on_shift,
        ..waiting(number)
    })
}

fn any_desk() -> impl Strategy<Value = (Vec<Operator>, Vec<Waiting>)> {
    let operators = (0usize..8).prop_flat_map(|count| (0..count).map(|n| any_operator(n as u128)).collect::<Vec<_>>());
    let waiting = (0usize..30).prop_flat_map(|count| (0..count).map(|n| any_waiting(n as u128)).collect::<Vec<_>>());
    (operators, waiting)
}

proptest! {
    #[test]
    fn nothing_is_given_that_may_not_be((operators, waiting) in any_desk()) {
        let mut desk = operators.clone();
        let given = pick(&mut desk, &waiting, now());
        let mut seen = HashSet::new();
        for assignment in &given {
            prop_assert!(seen.insert(assignment.conversation), "given twice");
            let who = operators.iter().find(|one| one.id == assignment.operator).expect("somebody who is there");
            let what = waiting.iter().find(|one| one.id == assignment.conversation).expect("something that waits");
            prop_assert!(who.free);
            prop_assert!(!(what.only_on_shift && who.off_shift));
            prop_assert!(who.groups.iter().any(|group| what.groups.contains(group)));
            prop_assert!(what.skills.iter().all(|(skill, level)| who.skills.get(skill).is_some_and(|own| own >= level)));
        }
        for (before, after) in operators.iter().zip(&desk) {
            prop_assert!(after.load <= after.limit.max(before.load), "a limit is never exceeded");
            let chats = after.open.get(&Channel::Chat).copied().unwrap_or_default();
            prop_assert!(after.limits.get(&Channel::Chat).is_none_or(|limit| chats <= *limit));
        }
    }

    #[test]
    fn whatever_still_waits_nobody_can_take((operators, waiting) in any_desk()) {
        let mut desk = operators;
        let given: HashSet<_> = pick(&mut desk, &waiting, now()).into_iter().map(|one| one.conversation).collect();
        for left in waiting.iter().filter(|one| !given.contains(&one.id)) {
            prop_assert!(desk.iter().all(|operator| refusal(operator, left).is_some()));
        }
    }

    #[test]
    fn a_later_one_never_takes_the_place_of_an_earlier_one((operators, waiting) in any_desk()) {
        let (mut whole, mut part) = (operators.clone(), operators);
        let all = pick(&mut whole, &waiting, now());
        let first = &waiting[..waiting.len() / 2];
        prop_assert_eq!(pick(&mut part, first, now()), all.into_iter().take_while(|one| first.iter().any(|two| two.id == one.conversation)).collect::<Vec<_>>());
    }

    #[test]
    fn the_least_loaded_of_the_able_is_chosen((operators, waiting) in any_desk()) {
        for one in &waiting {
            let Some((index, _)) = best(&operators, one) else { continue };
            for other in operators.iter().filter(|other| refusal(other, one).is_none()) {
                prop_assert!(operators[index].load <= other.load);
            }
        }
    }

    #[test]
    fn everybody_becomes_the_first_sooner_or_later(later in 1i64..100_000, level in 1i64..600) {
        let low = turn_at(now(), Priority::Low, 0, level);
        let urgent = turn_at(now() + Duration::minutes(later), Priority::High, 0, level);
        // An urgent one overtakes only when it comes within three levels' time.
        prop_assert_eq!(urgent < low, later < 3 * level);
        let weighty = turn_at(now() + Duration::minutes(later), Priority::Low, 100, level);
        prop_assert_eq!(weighty, urgent, "the full weight is worth three levels");
    }
}

#[test]
fn thirty_are_spread_evenly_over_three() {
    let mut desk: Vec<Operator> = (0..3).map(|n| Operator { limit: 20 * WHOLE, ..operator(n) }).collect();
    let all: Vec<Waiting> = (0..30).map(waiting).collect();
    assert_eq!(pick(&mut desk, &all, now()).len(), 30);
    assert!(desk.iter().all(|operator| operator.load == 10 * WHOLE));
}

#[test]
fn among_equally_busy_ones_skill_counts_and_then_idleness() {
    let needs = Waiting { skills: vec![(skill(0), 2)], ..waiting(0) };
    let expert = Operator { skills: HashMap::from([(skill(0), 5)]), ..operator(1) };
    let able = Operator { skills: HashMap::from([(skill(0), 2)]), ..operator(2) };
    let learner = Operator { skills: HashMap::from([(skill(0), 1)]), ..operator(3) };
    let desk = [learner, able.clone(), expert.clone()];
    let (index, why) = best(&desk, &needs).expect("somebody");
    assert_eq!((desk[index].id, why.reason, why.able), (expert.id, Reason::BestSkill, 2));
    let idle = Operator { last_assigned_at: Some(now() - Duration::hours(2)), ..able.clone() };
    let fresh = Operator { last_assigned_at: Some(now()), ..Operator { id: operator(9).id, ..able } };
    let desk = [fresh, idle.clone()];
    let (index, why) = best(&desk, &needs).expect("somebody");
    assert_eq!((desk[index].id, why.reason), (idle.id, Reason::LongestIdle));
}
