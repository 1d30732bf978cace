//! Web, mail and phone addresses: which are safe to link, and where bare ones stand in a text.

use std::sync::Arc;

use crate::document::{Line, Mark, Span};

/// The address if it is one that a reader may be sent to.
pub(crate) fn safe(address: &str) -> Option<Arc<str>> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    let known = ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let usable = known && rest.len() > 2 && address.len() <= 4096 && !address.contains(|c: char| c.is_control());
    usable.then(|| Arc::from(address))
}

/// Whether the address says what its text says, so that showing both would say it twice.
pub(crate) fn repeats(text: &str, address: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().to_lowercase();
        let text = ["https://", "http://", "mailto:", "tel:"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(&text);
        text.trim_start_matches("www.").trim_end_matches('/').to_owned()
    };
    bare(text) == bare(address)
}

/// Only these can be the target of a link in a messenger.
pub(crate) fn is_web(address: &str) -> bool {
    let starts = |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    starts("http://") || starts("https://")
}

/// Makes links of the bare addresses in a line; code stays as it is.
pub(crate) fn link_line(line: &mut Line) {
    if line.block.code || !line.spans.iter().any(|span| may_hold_address(&span.text)) {
        return;
    }
    let mut linked = Line::default();
    for span in line.spans.drain(..) {
        if span.link.is_some() || span.style.has(Mark::Code) || !may_hold_address(&span.text) {
            linked.push_span(span);
            continue;
        }
        let mut rest = span.text.as_str();
        let piece = |text: &str, link| Span { text: text.to_owned(), style: span.style, link };
        while let Some((start, length)) = next_address(rest) {
            let address = &rest[start..start + length];
            let target = match address {
                address if address.contains("://") => address.to_owned(),
                address if address.contains('@') => format!("mailto:{address}"),
                address => format!("http://{address}"),
            };
            linked.push_span(piece(&rest[..start], None));
            linked.push_span(piece(address, safe(&target)));
            rest = &rest[start + length..];
        }
        linked.push_span(piece(rest, None));
    }
    line.spans = linked.spans;
}

fn may_hold_address(text: &str) -> bool {
    text.contains("://") || text.contains("www.") || text.contains('@')
}

/// Where the next bare address starts and how long it is.
fn next_address(text: &str) -> Option<(usize, usize)> {
    let around = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | '(' | '[' | '{');
    let mut offset = 0;
    for word in text.split_inclusive(around) {
        let body = word.strip_suffix(around).unwrap_or(word);
        if let Some((start, length)) = address_in(body) {
            // A bracket inside an address ended the word too early: let it run to the next blank.
            let from = offset + start;
            let full = text[from..].find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»'));
            let whole = &text[from..full.map_or(text.len(), |end| from + end)];
            let length = if body[start..].contains("://") { without_sentence(whole).len() } else { length };
            return Some((from, length));
        }
        offset += word.len();
    }
    None
}

fn address_in(word: &str) -> Option<(usize, usize)> {
    let scheme = ["https://", "http://"].iter().filter_map(|scheme| word.find(scheme)).min();
    if let Some(start) = scheme.or_else(|| word.starts_with("www.").then_some(0)) {
        let address = without_sentence(&word[start..]);
        let host = address.split("://").last().unwrap_or_default();
        return (host.len() > 3 && host.starts_with(char::is_alphanumeric)).then_some((start, address.len()));
    }
    let at = word.find('@')?;
    let local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let before = word[..at].rfind(|c: char| !local(c));
    let start = before.map_or(0, |index| index + word[index..].chars().next().map_or(1, char::len_utf8));
    let domain = &word[at + 1..];
    let domain =
        &domain[..domain.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(domain.len())];
    let domain = domain.trim_end_matches(['.', '-']);
    let valid = start < at && domain.contains('.') && !domain.starts_with('.');
    valid.then(|| (start, at + 1 + domain.len() - start))
}

/// An address without the full stop, comma or bracket of the sentence around it.
fn without_sentence(address: &str) -> &str {
    let mut address = address;
    let mut open = address.matches('(').count();
    let mut closed = address.matches(')').count();
    loop {
        let trimmed = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '…', ']', '}']);
        let trimmed = match trimmed.strip_suffix(')') {
            Some(inner) if closed > open => {
                closed -= 1;
                inner
            }
            _ => trimmed,
        };
        if trimmed.len() == address.len() {
            return address;
        }
        open = open.min(trimmed.len());
        address = trimmed;
    }
}
