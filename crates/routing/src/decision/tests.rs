//! The order of steps, skipping, and that exactly one step decides.

use base::Words;
use chrono_tz::Tz;
use desk::conversation::Channel;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::evaluate::{Able, Decided, Outcome, RuleSet, Spent, Step, ask, evaluate};
use crate::facts::Facts;
use crate::rule::{Actions, Rule, RuleId, compile, read};
use crate::target::Target;

const NOBODY: Words = Words::new("никого нет", "nobody is there");

fn facts() -> Facts {
    let mut facts = Facts::at("2026-11-27T09:30:00Z".parse().unwrap(), Tz::Europe__Moscow);
    facts.channel = Channel::Telegram;
    facts
}

fn rule(number: u128, holds: bool) -> Rule {
    let channel = if holds { "telegram" } else { "email" };
    let condition = json!({"all": [{"field": "channel", "operator": "eq", "value": channel}]});
    let condition = compile(&read(&condition, "condition").unwrap(), "condition").unwrap();
    Rule {
        id: Some(RuleId(Uuid::from_u128(number))),
        name: format!("Правило {number}"),
        enabled: true,
        condition: Some(condition),
        target: Target::Operator { user_id: base::UserId(Uuid::from_u128(number)) },
        actions: Actions::default(),
    }
}

fn set(rules: Vec<Rule>) -> RuleSet {
    RuleSet { manager_first: false, rules, default: Target::Queue { group_id: None }, default_overflow: None }
}

fn outcomes(decided: &Decided) -> Vec<Outcome> {
    decided.verdicts.iter().map(|verdict| verdict.outcome).collect()
}

fn yes(target: &Target) -> Result<Able, Words> {
    Ok(Able { target: target.clone(), note: None })
}

#[test]
fn the_first_that_holds_decides() {
    use Outcome::*;
    let mut off = rule(2, true);
    off.enabled = false;
    let decided =
        evaluate(&set(vec![rule(1, false), off, rule(3, true), rule(4, true)]), &facts(), |target, _| yes(target));
    assert_eq!(decided.step, Step::Rule(2));
    assert_eq!(outcomes(&decided), [NotMatched, Off, Matched, NotReached, NotReached]);
    assert_eq!(decided.verdicts[0].passed, [false]);
}

#[test]
fn whose_target_cannot_is_skipped_and_says_why() {
    let first = Target::Operator { user_id: base::UserId(Uuid::from_u128(1)) };
    let set = set(vec![rule(1, true), rule(2, true)]);
    let decided = evaluate(&set, &facts(), |target, _| if *target == first { Err(NOBODY) } else { yes(target) });
    assert_eq!(decided.step, Step::Rule(1));
    assert_eq!((decided.verdicts[0].outcome, &decided.verdicts[0].reason), (Outcome::Skipped, &Some(NOBODY)));
}

#[test]
fn what_nobody_can_take_waits_in_the_queue() {
    let mut set = set(vec![rule(1, true)]);
    set.default = Target::InviteAll;
    let decided = evaluate(&set, &facts(), |_, _| Err(NOBODY));
    assert_eq!((decided.step, decided.able.target), (Step::Default, Target::Queue { group_id: None }));
    assert_eq!(decided.able.note, Some(NOBODY));
}

#[test]
fn the_manager_is_asked_first_and_an_offer_is_not_repeated() {
    let mut set = set(vec![rule(1, true)]);
    set.manager_first = true;
    let decided = evaluate(&set, &facts(), |target, _| yes(target));
    assert_eq!(decided.step, Step::Manager);
    let spent = Spent { manager: true, ..Spent::default() };
    let decided = ask(&set, &facts(), &spent).decide(|target, _| yes(target));
    assert_eq!(decided.step, Step::Rule(0));
    let spent = Spent { manager: true, rules: vec![RuleId(Uuid::from_u128(1))], default: false };
    let decided = ask(&set, &facts(), &spent).decide(|target, _| yes(target));
    assert_eq!(decided.step, Step::Default);
    assert_eq!(outcomes(&decided), [Outcome::Skipped, Outcome::Skipped, Outcome::Matched]);
}

#[test]
fn a_rule_that_cannot_be_read_takes_nothing() {
    let mut broken = rule(1, true);
    broken.condition = None;
    let decided = evaluate(&set(vec![broken]), &facts(), |target, _| yes(target));
    assert_eq!(outcomes(&decided), [Outcome::Skipped, Outcome::Matched]);
}

proptest! {
    #[test]
    fn exactly_one_step_decides_and_all_above_it_say_why(
        rules in prop::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 0..12), manager_first: bool, manager: bool,
    ) {
        let made = rules.iter().enumerate().map(|(index, (enabled, holds, _))| {
            Rule { enabled: *enabled, ..rule(index as u128, *holds) }
        });
        let set = RuleSet { manager_first, ..set(made.collect()) };
        let can = |target: &Target| match target {
            Target::Operator { user_id } => rules[user_id.0.as_u128() as usize].2,
            Target::Manager => manager,
            _ => true,
        };
        let mut asked = Vec::new();
        let decided = evaluate(&set, &facts(), |target, _| {
            asked.push(target.clone());
            if can(target) { yes(target) } else { Err(NOBODY) }
        });
        let matched = decided.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Matched).count();
        prop_assert_eq!(matched, 1);
        prop_assert_eq!(decided.verdicts.len(), set.rules.len() + 1 + usize::from(manager_first));
        let expected = rules.iter().position(|(enabled, holds, can)| *enabled && *holds && *can);
        let expected = if manager_first && manager { Step::Manager } else { expected.map_or(Step::Default, Step::Rule) };
        prop_assert_eq!(decided.step, expected);
        // Who can take work is asked in the order of the candidates: the resolver relies on it.
        let spent = Spent::default();
        let facts = facts();
        let order: Vec<Target> = ask(&set, &facts, &spent).candidates().map(|(target, _)| target.clone()).collect();
        prop_assert_eq!(&order[..asked.len()], &asked[..]);
        for verdict in decided.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Skipped) {
            prop_assert!(verdict.reason.is_some());
        }
    }
}
