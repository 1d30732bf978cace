//! Which rule decides: a pure function of the rules, the facts and who can take work. Routing, the simulator and the
//! replay call the same one.
//!
//! Conditions are asked first and all at once; who can take work is asked only for rules that hold, from the top, until
//! one can. So a decision costs no question to the database for the rules that do not hold.

use base::Words;
use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::line::LineRouting;
use crate::rule::{Actions, Answer, Overflow, Rule, RuleId};
use crate::target::Target;

/// Everything that may decide on a line, in its order: the client's manager, the rules, the default.
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub manager_first: bool,
    pub rules: Vec<Rule>,
    pub default: Target,
    pub default_overflow: Option<Overflow>,
}

impl RuleSet {
    pub(crate) fn new(settings: LineRouting, rules: Vec<Rule>) -> Self {
        let LineRouting { target, overflow, manager_first } = settings;
        RuleSet { manager_first, rules, default: target, default_overflow: overflow }
    }
}

/// One place in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Manager,
    Rule(usize),
    Default,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RoutingOutcome)]
pub enum Outcome {
    /// It decided.
    Matched,
    NotMatched,
    /// It holds, but its target cannot take work, or was asked before; the reason is beside it.
    Skipped,
    /// An earlier one had decided.
    NotReached,
    /// Switched off.
    Off,
}

/// What is said about a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub step: Step,
    pub outcome: Outcome,
    /// Of each test of the condition; empty when it was not asked.
    pub passed: Vec<bool>,
    pub reason: Option<Words>,
}

/// Who takes it, when a target can: perhaps somebody in the place of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Able {
    pub target: Target,
    /// Why it is another than the rule names.
    pub note: Option<Words>,
}

/// Whether a target can take work; if not, why.
pub type Ability = Result<Able, Words>;

/// What was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    pub step: Step,
    pub able: Able,
    pub verdicts: Vec<Verdict>,
}

/// The steps that were asked before in this opening of the conversation: their offer was not accepted.
#[derive(Clone, Debug, Default)]
pub struct Spent {
    pub manager: bool,
    pub rules: Vec<RuleId>,
    pub default: bool,
}

/// Conditions with their answers.
pub struct Asked<'a> {
    set: &'a RuleSet,
    spent: &'a Spent,
    answers: Vec<Option<Answer>>,
}

/// Asks every condition.
pub fn ask<'a>(set: &'a RuleSet, facts: &Facts, spent: &'a Spent) -> Asked<'a> {
    let answer = |rule: &Rule| rule.condition.as_ref().filter(|_| rule.enabled).map(|condition| condition.ask(facts));
    Asked { set, spent, answers: set.rules.iter().map(answer).collect() }
}

/// The whole decision, when it is known at once who can take work.
pub fn evaluate(set: &RuleSet, facts: &Facts, can: impl FnMut(&Target, &Actions) -> Ability) -> Decided {
    ask(set, facts, &Spent::default()).decide(can)
}

impl<'a> Asked<'a> {
    /// The steps that may decide, from the top.
    pub fn candidates(&self) -> impl Iterator<Item = (&'a Target, &'a Actions)> + '_ {
        static NOTHING: std::sync::LazyLock<Actions> = std::sync::LazyLock::new(Actions::default);
        let manager = (self.set.manager_first && !self.spent.manager).then_some((&Target::Manager, &*NOTHING));
        let holding = self
            .set
            .rules
            .iter()
            .zip(&self.answers)
            .filter(|(rule, answer)| answer.as_ref().is_some_and(|answer| answer.matched) && !self.is_spent(rule));
        let default = (!self.spent.default).then_some((&self.set.default, &*NOTHING));
        manager.into_iter().chain(holding.map(|(rule, _)| (&rule.target, &rule.actions))).chain(default)
    }

    /// Lets the first step decide that holds and can take work. `can` is asked in the order of `candidates`. What
    /// nobody can take waits in the line's queue.
    pub fn decide(self, mut can: impl FnMut(&Target, &Actions) -> Ability) -> Decided {
        let nothing = Actions::default();
        let mut verdicts = Vec::with_capacity(self.set.rules.len() + 2);
        let mut chosen: Option<(Step, Able)> = None;
        let mut say = |step, outcome, passed, reason| verdicts.push(Verdict { step, outcome, passed, reason });
        let mut settle = |step: Step, target: &Target, actions: &Actions, passed: Vec<bool>| match can(target, actions)
        {
            Ok(able) => (Outcome::Matched, passed, able.note.clone(), Some((step, able))),
            Err(why) => (Outcome::Skipped, passed, Some(why), None),
        };
        if self.set.manager_first {
            if self.spent.manager {
                say(Step::Manager, Outcome::Skipped, Vec::new(), Some(NOT_ACCEPTED));
            } else {
                let (outcome, passed, reason, able) = settle(Step::Manager, &Target::Manager, &nothing, Vec::new());
                say(Step::Manager, outcome, passed, reason);
                chosen = able;
            }
        }
        for (index, (rule, answer)) in self.set.rules.iter().zip(&self.answers).enumerate() {
            let step = Step::Rule(index);
            if !rule.enabled {
                say(step, Outcome::Off, Vec::new(), None);
                continue;
            }
            if chosen.is_some() {
                say(step, Outcome::NotReached, Vec::new(), None);
                continue;
            }
            let Some(answer) = answer else {
                say(step, Outcome::Skipped, Vec::new(), Some(UNREADABLE));
                continue;
            };
            if !answer.matched {
                say(step, Outcome::NotMatched, answer.passed.clone(), None);
            } else if self.is_spent(rule) {
                say(step, Outcome::Skipped, answer.passed.clone(), Some(NOT_ACCEPTED));
            } else {
                let (outcome, passed, reason, able) = settle(step, &rule.target, &rule.actions, answer.passed.clone());
                say(step, outcome, passed, reason);
                chosen = able;
            }
        }
        let decided = match chosen {
            Some(chosen) => {
                say(Step::Default, Outcome::NotReached, Vec::new(), None);
                chosen
            }
            None if self.spent.default => (Step::Default, queue(NOT_ACCEPTED)),
            None => match can(&self.set.default, &nothing) {
                Ok(able) => (Step::Default, able),
                Err(why) => (Step::Default, queue(why)),
            },
        };
        if decided.0 == Step::Default {
            say(Step::Default, Outcome::Matched, Vec::new(), decided.1.note.clone());
        }
        Decided { step: decided.0, able: decided.1, verdicts }
    }

    fn is_spent(&self, rule: &Rule) -> bool {
        rule.id.is_some_and(|id| self.spent.rules.contains(&id))
    }
}

/// The line's queue, because the default target cannot take it.
fn queue(why: Words) -> Able {
    Able { target: Target::Queue { group_id: None }, note: Some(why) }
}

const NOT_ACCEPTED: Words =
    Words::new("Уже предлагали, вовремя никто не принял", "It was offered before, nobody accepted in time");
const UNREADABLE: Words = Words::new(
    "Условие не читается: откройте и сохраните правило",
    "The condition cannot be read: open and save the rule",
);
