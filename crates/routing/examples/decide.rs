//! How long a decision takes: 1,000 rules of three tests each, of which the last one holds. Prints the median.
//!
//! `cargo run --release -p routing --example decide`

#![expect(clippy::unwrap_used, reason = "a measurement, not the product")]

use std::hint::black_box;
use std::time::Instant;

use base::{GroupId, UserId};
use desk::conversation::Channel;
use routing::decision::evaluate::{Able, RuleSet, evaluate};
use routing::facts::{Counts, Facts, Texts};
use routing::rule::{Actions, Analysed, Rule, compile, read};
use routing::target::Target;
use serde_json::json;
use uuid::Uuid;

const RULES: u128 = 1_000;
const OPERATORS: u128 = 200;
const ROUNDS: usize = 1_000;

fn main() {
    let set = RuleSet {
        manager_first: false,
        rules: (0..RULES).map(rule).collect(),
        default: Target::Queue { group_id: None },
        default_overflow: None,
    };
    let facts = facts();
    // Who is there: the last operator of two hundred is the one who can.
    let there: Vec<bool> = (0..OPERATORS).map(|number| number + 1 == OPERATORS).collect();
    let mut took: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            let decided = evaluate(black_box(&set), black_box(&facts), |target, _| match target {
                Target::Operator { user_id } if !there[user_id.0.as_u128() as usize] => {
                    Err(base::Words::new("Не в сети", "Offline"))
                }
                other => Ok(Able { target: other.clone(), note: None }),
            });
            black_box(decided);
            began.elapsed().as_nanos()
        })
        .collect();
    took.sort_unstable();
    let micros = |place: usize| took[place] as f64 / 1_000.0;
    println!(
        "a decision of {RULES} rules and {OPERATORS} operators: median {:.0} µs, 99 % within {:.0} µs",
        micros(ROUNDS / 2),
        micros(ROUNDS * 99 / 100)
    );
}

fn rule(number: u128) -> Rule {
    // Every fifth rule holds and aims at somebody, of whom only the last one is there.
    let word = if number.is_multiple_of(5) { "цена" } else { "гарантия" };
    let condition = json!({"all": [
        {"field": "message_text", "operator": "contains", "value": [word, "скидка", format!("артикул {number}")]},
        {"any": [
            {"field": "channel", "operator": "in", "value": ["telegram", "vk"]},
            {"field": "client_account", "operator": "ends_with", "value": "@sevchai.test"},
        ]},
    ]});
    let condition = compile(&read(&condition, "condition").unwrap(), "condition").unwrap();
    let operator = if number + 5 >= RULES { OPERATORS - 1 } else { number % (OPERATORS - 1) };
    Rule {
        id: None,
        name: format!("Правило {number}"),
        enabled: true,
        condition: Some(condition),
        target: Target::Operator { user_id: UserId(Uuid::from_u128(operator)) },
        actions: Actions::default(),
    }
}

fn facts() -> Facts {
    let mut facts = Facts::at("2026-11-27T09:30:00Z".parse().unwrap(), "Europe/Moscow".parse().unwrap());
    let words = "Здравствуйте! Подскажите, пожалуйста, цену на чайник и сроки доставки в Пермь. ";
    facts.text = Analysed::new(words.repeat(10));
    facts.channel = Channel::Telegram;
    facts.accounts = Texts::new(["osereva@sevchai.test".to_owned(), "+79120001122".to_owned()]);
    for group in 0..50 {
        facts
            .volatile
            .groups
            .insert(GroupId(Uuid::from_u128(group)), Counts { online: 4, free: 1, on_shift: 4, queue: 3 });
    }
    facts
}
