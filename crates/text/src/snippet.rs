//! Where a document matched: a short extract with the found words marked.
//!
//! Invariant: the result is safe to put into a page as HTML: `<mark>` and `</mark>` are the only tags in it.

use std::ops::Range;

use crate::fold::fold_word;
use crate::query::Query;
use crate::stem::{push_terms, term};
use crate::words::{MAX_TEXT, head, words};

/// The part of `text` that shows the most of what was searched for, on one line, about `max_chars` characters long,
/// HTML-escaped, with `<mark>` around the words found. Without a match: the beginning of the text.
pub fn snippet(text: &str, query: &Query, max_chars: usize) -> String {
    let line = head(text, MAX_TEXT).split_whitespace().collect::<Vec<_>>().join(" ");
    let found = matches(&line, query);
    let (window, cut_before, cut_after) = window(&line, &found, max_chars);
    let mut html = String::with_capacity(window.len() + 64);
    if cut_before {
        html.push('…');
    }
    let mut at = window.start;
    for (_, place) in found.iter().filter(|(_, place)| place.start >= window.start && place.end <= window.end) {
        escape(&line[at..place.start], &mut html);
        html.push_str("<mark>");
        escape(&line[place.clone()], &mut html);
        html.push_str("</mark>");
        at = place.end;
    }
    let rest = &line[at..window.end];
    if cut_after {
        escape(rest.trim_end_matches(['.', ',', ';', ':', ' ']), &mut html);
        html.push('…');
    } else {
        escape(rest, &mut html);
    }
    html
}

/// Places of the words found, each with the number of the clause it satisfies.
fn matches(line: &str, query: &Query) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    let mut terms = Vec::new();
    for place in words(line) {
        let word = &line[place.clone()];
        terms.clear();
        push_terms(word, &mut terms);
        let clause = query.clauses.iter().position(|clause| {
            clause.any.iter().any(|phrase| {
                let last = phrase.terms.len() - 1;
                phrase.terms.iter().enumerate().any(|(index, wanted)| {
                    terms.contains(wanted) || (phrase.prefix && index == last && begins(word, wanted))
                })
            })
        });
        if let Some(clause) = clause {
            found.push((clause, place));
        }
    }
    for (place, digits) in crate::phone::find(line) {
        let wanted = |clause: &crate::query::Clause| {
            clause.any.iter().any(|phrase| matches!(phrase.terms.as_slice(), [only] if *only == digits))
        };
        if let Some(clause) = query.clauses.iter().position(wanted) {
            found.retain(|(_, other)| other.end <= place.start || other.start >= place.end);
            found.push((clause, place));
        }
    }
    found.sort_by_key(|(_, place)| place.start);
    found
}

fn begins(word: &str, wanted: &str) -> bool {
    let folded = fold_word(word);
    folded.starts_with(wanted) || term(&folded).starts_with(wanted)
}

/// The part to show, and whether something is left out before and after it.
fn window(line: &str, found: &[(usize, Range<usize>)], max_chars: usize) -> (Range<usize>, bool, bool) {
    if line.chars().count() <= max_chars {
        return (0..line.len(), false, false);
    }
    // Starting with each match in turn: how many different clauses, then how many matches fit.
    let reach = |start: usize| byte_after(line, start, max_chars);
    let best = found.iter().take(500).enumerate().max_by_key(|&(index, (_, place))| {
        let end = reach(place.start);
        let inside = || found[index..].iter().take(50).take_while(|(_, other)| other.end <= end);
        let mut clauses: Vec<usize> = inside().map(|(clause, _)| *clause).collect();
        let count = clauses.len();
        clauses.sort_unstable();
        clauses.dedup();
        (clauses.len(), count, std::cmp::Reverse(index))
    });
    let Some((_, (_, place))) = best else {
        let end = word_end(line, 0, reach(0));
        return (0..end, false, end < line.len());
    };
    // Some words before the match make it readable.
    let lead = max_chars / 4;
    let before = line[..place.start].char_indices().rev().take(lead).last().map_or(0, |(start, _)| start);
    let start = if before == 0 {
        0
    } else {
        line[before..place.start].find(' ').map_or(place.start, |space| before + space + 1)
    };
    let end = word_end(line, place.end, reach(start).max(place.end));
    (start..end, start > 0, end < line.len())
}

/// The byte `chars` characters after `start`.
fn byte_after(line: &str, start: usize, chars: usize) -> usize {
    line[start..].char_indices().nth(chars).map_or(line.len(), |(length, _)| start + length)
}

/// The end of the last whole word before `end`, but not before `least`.
fn word_end(line: &str, least: usize, end: usize) -> usize {
    if end >= line.len() || line[end..].starts_with(' ') {
        return end;
    }
    line[least..end].rfind(' ').map_or(end, |space| least + space)
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c if c.is_control() => html.push(' '),
            _ => html.push(c),
        }
    }
}
