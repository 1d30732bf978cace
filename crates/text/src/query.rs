//! What a person typed into the search box, and its form for each full-text index.
//!
//! Invariant: [`Query::fts5`] and [`Query::tsquery`] hold nothing typed but terms (letters, digits, combining marks),
//! each in quotes. Operators come from this file only, so no input is a syntax error or an injection.

use std::fmt::Write;

use crate::fold::{fold, fold_word};
use crate::layout::mirrored;
use crate::phone;
use crate::stem::{extra_terms, push_terms, term};
use crate::words::{head, words};

/// Longest query that is looked at, in bytes.
const MAX_QUERY: usize = 1_000;
/// Most conditions of a query; the rest is not looked at.
const MAX_CLAUSES: usize = 16;
/// A shorter beginning of a word would match half the index.
const MIN_PREFIX: usize = 2;

/// A search: every clause must match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    pub(crate) clauses: Vec<Clause>,
    folded: String,
    number: Option<i64>,
}

/// One condition of a query: any of its phrases must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) any: Vec<Phrase>,
}

/// Terms that stand next to each other, in this order. With `prefix` the last one is only the beginning of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) terms: Vec<String>,
    pub(crate) prefix: bool,
}

/// Understands a search: words that must all be there (the last one perhaps unfinished), `"exact phrases"`, phones in
/// any writing, words typed in the other keyboard layout.
pub fn query(typed: &str) -> Query {
    let typed = head(typed, MAX_QUERY);
    let mut clauses = Vec::new();
    let mut stop_clauses = Vec::new();
    let last_is_unfinished = !typed.ends_with(char::is_whitespace);
    let mut pieces = pieces(typed).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let unfinished = pieces.peek().is_none() && last_is_unfinished;
        let (clause, is_stop) = match piece {
            Piece::Exact(text) => (exact_clause(text), false),
            Piece::Phone(digits) => (phone_clause(&digits), false),
            Piece::Word(word) => (word_clause(word, unfinished), STOP_WORDS.contains(&fold_word(word).as_str())),
        };
        if !clause.any.is_empty() {
            if is_stop { &mut stop_clauses } else { &mut clauses }.push(clause);
        }
    }
    // "доставка в Москву" must find "доставка до Москвы", but "и" alone is still a search for "и".
    if clauses.is_empty() {
        clauses = stop_clauses;
    }
    clauses.dedup();
    clauses.truncate(MAX_CLAUSES);
    Query { clauses, folded: fold(typed), number: number(typed) }
}

impl Query {
    /// Whether there is nothing to search for. The full-text expressions of an empty query are empty strings, which
    /// the databases refuse or match with nothing: ask this first.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// The number of a conversation or ticket, if that is all that was typed: `1045`, `#1045`, `№ 1045`.
    pub fn number(&self) -> Option<i64> {
        self.number
    }

    /// The whole query folded, for folded columns (names, addresses).
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// An expression for `MATCH` of SQLite's FTS5 (default columns).
    pub fn fts5(&self) -> String {
        self.render(" AND ", " OR ", |phrase, expression| {
            let terms = phrase.terms.join(" ");
            let star = if phrase.prefix { " *" } else { "" };
            let _ = write!(expression, "\"{terms}\"{star}");
        })
    }

    /// An expression for PostgreSQL's `to_tsquery('simple', ...)`.
    pub fn tsquery(&self) -> String {
        self.render(" & ", " | ", |phrase, expression| {
            for (index, term) in phrase.terms.iter().enumerate() {
                let next = if index > 0 { " <-> " } else { "" };
                let star = if phrase.prefix && index + 1 == phrase.terms.len() { ":*" } else { "" };
                let _ = write!(expression, "{next}'{term}'{star}");
            }
        })
    }

    fn render(&self, and: &str, or: &str, phrase: impl Fn(&Phrase, &mut String)) -> String {
        let mut expression = String::new();
        for (index, clause) in self.clauses.iter().enumerate() {
            expression.push_str(if index > 0 { and } else { "" });
            expression.push('(');
            for (index, alternative) in clause.any.iter().enumerate() {
                expression.push_str(if index > 0 { or } else { "" });
                phrase(alternative, &mut expression);
            }
            expression.push(')');
        }
        expression
    }
}

impl Clause {
    fn push(&mut self, terms: Vec<String>, prefix: bool) {
        let phrase = Phrase { terms, prefix };
        let safe = phrase.terms.iter().all(|term| is_safe(term));
        if !phrase.terms.is_empty() && safe && !self.any.contains(&phrase) {
            self.any.push(phrase);
        }
    }
}

/// Holds by construction; checked again where expressions are born, as this is what keeps the databases safe.
fn is_safe(term: &str) -> bool {
    !term.is_empty() && term.chars().all(|c| c.is_alphanumeric() || crate::fold::is_combining(c))
}

enum Piece<'a> {
    Word(&'a str),
    Exact(&'a str),
    Phone(String),
}

/// Cuts the query at quotes, then finds phones (which may hold spaces), then cuts at white space.
fn pieces(typed: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (index, part) in typed.split(['"', '«', '»', '“', '”', '„']).enumerate() {
        if index % 2 == 1 {
            pieces.push(Piece::Exact(part));
            continue;
        }
        let mut at = 0;
        for (place, digits) in phone::find(part) {
            pieces.extend(part[at..place.start].split_whitespace().map(Piece::Word));
            pieces.push(Piece::Phone(digits));
            at = place.end;
        }
        pieces.extend(part[at..].split_whitespace().map(Piece::Word));
    }
    pieces.retain(|piece| !matches!(piece, Piece::Word(text) | Piece::Exact(text) if words(text).next().is_none()));
    pieces
}

fn exact_clause(text: &str) -> Clause {
    let mut clause = Clause { any: Vec::new() };
    clause.push(part_terms(text), false);
    clause
}

fn phone_clause(digits: &str) -> Clause {
    let mut clause = Clause { any: Vec::new() };
    clause.push(vec![digits.to_owned()], false);
    clause
}

/// One chunk without white space. It may still be several words ("ivanov@mail.ru", "АТ-100"): then they are a phrase.
fn word_clause(word: &str, unfinished: bool) -> Clause {
    let mut clause = Clause { any: Vec::new() };
    push_alternatives(word, unfinished, &mut clause);
    let folded = fold_word(word);
    let trimmed = folded.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    for typed in [folded.as_str(), trimmed] {
        if let Some(meant) = mirrored(typed) {
            push_alternatives(&meant, unfinished, &mut clause);
        }
    }
    clause
}

fn push_alternatives(word: &str, unfinished: bool, clause: &mut Clause) {
    let terms = part_terms(word);
    clause.push(terms.clone(), false);
    let mut joined = Vec::new();
    let spans: Vec<_> = words(word).collect();
    extra_terms(word, &spans, &mut joined);
    for term in joined {
        clause.push(vec![term.clone()], false);
        if unfinished && spans.len() > 1 {
            clause.push(vec![term], true);
        }
    }
    let ends_with_word = spans.last().is_some_and(|span| span.end == word.len());
    if !unfinished || !ends_with_word {
        return;
    }
    // A beginning longer than the stem finds nothing by itself ("касса" is kept as "касс"), hence both.
    let Some(last) = raw_parts(word).pop() else { return };
    if last.chars().count() < MIN_PREFIX {
        return;
    }
    if spans.len() == 1
        && last.len() >= 4
        && last.bytes().all(|byte| byte.is_ascii_digit())
        && let Some(rest) = last.strip_prefix('8')
    {
        // The beginning of a phone typed with the trunk prefix.
        clause.push(vec![format!("7{rest}")], true);
    }
    let mut terms = terms;
    if let Some(end) = terms.last_mut() {
        *end = last;
    }
    clause.push(terms, true);
}

fn part_terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    for span in words(text) {
        push_terms(&text[span], &mut terms);
    }
    terms
}

/// The folded words of a chunk, unstemmed; codes as they are indexed.
fn raw_parts(text: &str) -> Vec<String> {
    let folded = fold_word(text);
    words(&folded)
        .map(|span| {
            let word = &folded[span];
            if word.chars().any(char::is_numeric) { term(word).into_owned() } else { word.to_owned() }
        })
        .collect()
}

fn number(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let digits = typed.strip_prefix(['#', '№']).unwrap_or(typed).trim_start();
    let is_number = (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// Words so common that requiring them only hides results. Folded.
const STOP_WORDS: [&str; 44] = [
    "а", "без", "бы", "в", "во", "вот", "для", "до", "же", "за", "и", "из", "или", "к", "как", "ко", "ли", "на", "не",
    "но", "о", "об", "от", "по", "под", "при", "с", "со", "то", "у", "что", "это", "a", "an", "and", "for", "in", "is",
    "of", "on", "or", "the", "to", "with",
];
