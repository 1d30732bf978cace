//! Stems: what a document is found by.
//!
//! Each word gives one term in the place where it stands, so that phrases can be found. Terms that help to find codes,
//! phones and sums written in other ways ("АТ-100" as "ат100", "8 (912) 000-11-22" as "79120001122", "45 000" as
//! "45000") come after all words, where they disturb no phrase.
//!
//! Invariant: [`term`] is the only way from a folded word to a term, for documents and queries alike.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

use crate::fold::fold_word;
use crate::phone;
use crate::words::{MAX_TEXT, head, words};

/// Longest term, in characters. Longer words (base64, hashes) are cut, in documents and queries alike.
pub(crate) const MAX_TERM: usize = 48;
/// Most terms of one document.
const MAX_TERMS: usize = 20_000;
/// Most words an [`Analyzer`] remembers; then it starts anew. About 10 MB.
const MAX_MEMO: usize = 100_000;

/// The stems of a text: its words in order, then the terms for other ways of writing its codes, phones and sums.
pub fn stems(text: &str) -> Vec<String> {
    let text = head(text, MAX_TEXT);
    let mut found = Vec::new();
    let spans: Vec<Range<usize>> = words(text).take(MAX_TERMS).collect();
    for span in &spans {
        push_terms(&text[span.clone()], &mut found);
    }
    extra_terms(text, &spans, &mut found);
    found.truncate(MAX_TERMS);
    found
}

/// [`stems`] joined with spaces: the text given to a full-text index that must not analyse anything itself.
pub fn stem_text(text: &str) -> String {
    stems(text).join(" ")
}

/// Stems many texts, remembering the words it has met: the same result as [`stem_text`], several times faster.
#[derive(Default)]
pub struct Analyzer {
    memo: HashMap<Box<str>, Box<str>>,
}

impl Analyzer {
    /// An analyzer that knows no words yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same as [`stem_text`].
    pub fn stem_text(&mut self, text: &str) -> String {
        let text = head(text, MAX_TEXT);
        let mut joined = String::with_capacity(text.len());
        let spans: Vec<Range<usize>> = words(text).take(MAX_TERMS).collect();
        let mut count = 0;
        let mut terms = Vec::new();
        for span in &spans {
            let word = &text[span.clone()];
            if let Some(known) = self.memo.get(word) {
                push_joined(known, &mut joined, &mut count);
                continue;
            }
            terms.clear();
            push_terms(word, &mut terms);
            for term in &terms {
                push_joined(term, &mut joined, &mut count);
            }
            if let [single] = terms.as_slice()
                && word.len() <= MAX_TERM
            {
                if self.memo.len() >= MAX_MEMO {
                    self.memo.clear();
                }
                self.memo.insert(word.into(), single.as_str().into());
            }
        }
        terms.clear();
        extra_terms(text, &spans, &mut terms);
        for extra in &terms {
            push_joined(extra, &mut joined, &mut count);
        }
        joined
    }
}

fn push_joined(term: &str, joined: &mut String, count: &mut usize) {
    if *count < MAX_TERMS {
        if *count > 0 {
            joined.push(' ');
        }
        joined.push_str(term);
        *count += 1;
    }
}

/// The terms of one word of a text. Folding can cut a word (a ligature holding a space), hence several.
pub(crate) fn push_terms(word: &str, terms: &mut Vec<String>) {
    let folded = fold_word(word);
    for span in words(&folded) {
        terms.push(term(&folded[span]).into_owned());
    }
}

/// The term of one folded word: Russian or English stem by its alphabet, codes with digits as [`code`].
pub(crate) fn term(word: &str) -> Cow<'_, str> {
    let word = match word.char_indices().nth(MAX_TERM) {
        Some((end, _)) => &word[..end],
        None => word,
    };
    if word.chars().any(char::is_numeric) {
        return code(word);
    }
    if word.chars().all(|c| c.is_ascii_alphabetic()) {
        return Stemmer::create(Algorithm::English).stem(word);
    }
    if word.chars().all(is_cyrillic) {
        return Stemmer::create(Algorithm::Russian).stem(word);
    }
    Cow::Borrowed(word)
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{4ff}')
}

/// A word with digits. Cyrillic letters that look like Latin ones become Latin: nobody knows which were typed in a code.
fn code(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let look_alike = |c| match c {
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        other => other,
    };
    Cow::Owned(word.chars().map(look_alike).collect())
}

/// Terms for other ways of writing what the text holds.
pub(crate) fn extra_terms(text: &str, spans: &[Range<usize>], terms: &mut Vec<String>) {
    let mut start = 0;
    while start < spans.len() {
        let mut end = start + 1;
        while end < spans.len() && is_code_joint(&text[spans[end - 1].end..spans[end].start]) {
            end += 1;
        }
        if end - start > 1 {
            joined_code(&spans[start..end], text, terms);
        }
        start = end;
    }
    grouped_numbers(text, spans, terms);
    for (_, digits) in phone::find(text) {
        // Also without the country's code, as most people search by "912...".
        if let Some(national) = digits.strip_prefix('7') {
            terms.push(national.to_owned());
        }
        terms.push(digits);
    }
}

fn is_code_joint(between: &str) -> bool {
    matches!(between, "-" | "_" | "/" | "." | "–")
}

/// "АТ-100/5" as one term: a code is joined words with letters and digits, not too many of them.
fn joined_code(spans: &[Range<usize>], text: &str, terms: &mut Vec<String>) {
    let whole = || spans.iter().map(|span| &text[span.clone()]);
    let letters = whole().any(|word| word.chars().any(char::is_alphabetic));
    let digits = whole().any(|word| word.chars().any(|c| c.is_ascii_digit()));
    if letters && digits && spans.len() <= 5 {
        let joined: String = whole().map(fold_word).collect();
        if joined.chars().count() <= MAX_TERM && joined.chars().all(char::is_alphanumeric) {
            terms.push(code(&joined).into_owned());
        }
    }
}

/// "45 000" and "1 250 000" as "45000" and "1250000".
fn grouped_numbers(text: &str, spans: &[Range<usize>], terms: &mut Vec<String>) {
    let digits = |index: usize| {
        let word = spans.get(index).map(|span| &text[span.clone()])?;
        word.bytes().all(|byte| byte.is_ascii_digit()).then_some(word)
    };
    let mut start = 0;
    while start < spans.len() {
        let mut end = start + 1;
        if digits(start).is_some_and(|word| word.len() <= 3 && !word.starts_with('0')) {
            while end - start < 5
                && digits(end).is_some_and(|word| word.len() == 3)
                && matches!(&text[spans[end - 1].end..spans[end].start], " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
            {
                end += 1;
            }
        }
        if end - start > 1 {
            terms.push((start..end).filter_map(digits).collect());
        }
        start = end;
    }
}
