//! What is measured: each kind of request with what it is compared to and what DESIGN's budget wants of it.
//!
//! To add one: an entry in `reads` or `writes`.

use serde_json::json;

use crate::desk::{ANSWER, Desk, message};
use crate::http;
use crate::load::Requests;
use crate::raw::Work;

pub struct Scenario {
    /// By which `--only` names it.
    pub key: &'static str,
    pub name: &'static str,
    pub requests: Requests,
    pub beside: Beside,
    pub budget: Budget,
}

/// What it is compared to in the same run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// The same request to the hand-written server.
    ByHand,
    /// The same rows, written by nothing but statements.
    Raw(Work),
}

/// What is wanted; milliseconds, and the least share of what it is compared to.
#[derive(Clone, Copy, Default)]
pub struct Budget {
    pub p50: Option<f64>,
    pub p99: Option<f64>,
    pub share: Option<f64>,
}

const READ: Budget = Budget { p50: Some(3.0), p99: Some(20.0), share: Some(0.5) };
const SEARCH: Budget = Budget { p50: None, p99: Some(100.0), share: None };
const WRITE: Budget = Budget { p50: None, p99: None, share: Some(0.6) };
const FREE: Budget = Budget { p50: None, p99: None, share: None };

pub fn hello() -> Requests {
    Requests::new(vec![http::get("/hello", "")], 200)
}

pub fn reads(desk: &Desk) -> Vec<Scenario> {
    let headers = &desk.administrator;
    let open = |headers: &str| {
        desk.long.iter().map(|one| http::get(&format!("/api/v1/conversations/{}", one.id), headers)).collect()
    };
    let list = |headers: &str| vec![http::get("/api/v1/conversations?view=open", headers)];
    let search = |typed: String| http::get(&format!("/api/v1/search?q={}", http::escape(&typed)), headers);
    let numbers = desk.seen.iter().map(|one| search(one.number.to_string())).collect();
    let words = desk.seen.iter().filter_map(|one| two_words(&one.subject)).map(search).collect();
    let scenario = |key, name, requests, beside, budget| Scenario {
        key,
        name,
        requests: Requests::new(requests, 200),
        beside,
        budget,
    };
    vec![
        scenario("open", "open a conversation with 50 messages", open(headers), Beside::ByHand, READ),
        scenario(
            "open-gzip",
            "the same, compressed as for a browser",
            open(&format!("{headers}{}", http::COMPRESSED)),
            Beside::Nothing,
            FREE,
        ),
        scenario("list", "first page of the open list, all lines", list(headers), Beside::ByHand, READ),
        scenario(
            "list-some",
            "the same, an operator of some lines",
            list(&desk.operator),
            Beside::Nothing,
            Budget { share: None, ..READ },
        ),
        scenario(
            "counters",
            "counters of the lists",
            vec![http::get("/api/v1/conversations/counters", headers)],
            Beside::Nothing,
            FREE,
        ),
        scenario("number", "search by number", numbers, Beside::ByHand, SEARCH),
        scenario("words", "search by two words of a subject", words, Beside::ByHand, SEARCH),
    ]
}

pub fn writes(desk: &Desk) -> Vec<Scenario> {
    let headers = &desk.administrator;
    let scenario = |key, name, requests, beside, budget| Scenario {
        key,
        name,
        requests: Requests::new(requests, 201),
        beside,
        budget,
    };
    let create = desk.seen.iter().enumerate().map(|(index, one)| {
        let body = json!({
            "line_id": desk.line,
            "to": [{"address": client(index), "name": "Иванов Пётр"}],
            "subject": one.subject,
            "html": ANSWER,
        });
        http::post("/api/v1/conversations", headers, &body)
    });
    let messages = |note| desk.long.iter().map(|one| message(one.id, note, headers)).collect();
    vec![
        scenario("create", "create a conversation with a message", create.collect(), Beside::Raw(Work::Create), WRITE),
        scenario("reply", "answer a client", messages(false), Beside::Raw(Work::Reply), WRITE),
        scenario("note", "write a note", messages(true), Beside::Nothing, FREE),
    ]
}

/// The client of a new conversation; few enough that each is soon known.
pub fn client(index: usize) -> String {
    format!("client-{}@bench.example", index % 100)
}

/// The two longest words.
fn two_words(subject: &str) -> Option<String> {
    let mut words: Vec<&str> =
        subject.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 3).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let [first, second, ..] = words.as_slice() else { return None };
    Some(format!("{first} {second}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_are_the_longest_ones() {
        assert_eq!(two_words("Re: не работает касса №2 (возврат)").as_deref(), Some("работает возврат"));
        assert_eq!(two_words("Счёт"), None);
    }
}
