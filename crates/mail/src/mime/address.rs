//! Address lists (RFC 5322, 3.4) as they are really written: unquoted names with commas, semicolons, 8-bit names,
//! comments instead of names, groups, missing brackets.
//!
//! Invariant: every address in the list comes out once, in its order, whatever stands around it.

use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::words;

/// A mailbox: an address and the name shown beside it. `address` is empty when only a name was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    pub name: Option<String>,
    pub address: String,
}

impl Address {
    pub fn new(name: Option<&str>, address: &str) -> Self {
        Self { name: name.map(str::to_owned), address: address.to_owned() }
    }

    /// The domain in lower case.
    pub fn domain(&self) -> Option<String> {
        self.address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
    }
}

/// Far more recipients than any person writes to.
const MAX_ADDRESSES: usize = 5000;

/// A quoted string or a bracket is looked for no further: an unclosed one must not be searched to the end each time.
const MAX_NAME: usize = 4096;
/// After so many unclosed quotes a quote is a sign like any other.
const MAX_UNCLOSED: usize = 20;

/// One entry being collected.
#[derive(Default)]
struct Entry {
    /// Words outside brackets: name, or a bare address.
    phrase: Vec<u8>,
    comment: Vec<u8>,
    angle: Option<Vec<u8>>,
}

/// Parses a raw, unfolded address header.
pub fn parse(raw: &[u8], hint: Option<&'static Encoding>) -> Vec<Address> {
    let mut list = Vec::new();
    let mut entry = Entry::default();
    // A name cut off by an unquoted comma ("Petrov, Ivan <i@x.ru>") waits here for its address.
    let mut pending: Vec<u8> = Vec::new();
    let mut unclosed = 0usize;
    let mut at = 0;
    while at < raw.len() && list.len() < MAX_ADDRESSES {
        let rest = &raw[at..];
        match rest[0] {
            b'"' if unclosed < MAX_UNCLOSED => {
                let length = quoted(rest, &mut entry.phrase);
                unclosed += usize::from(length == 1);
                at += length;
            }
            b'(' => at += comment(rest, &mut entry.comment),
            b'<' => {
                let (length, inner) = angle(rest);
                // A second bracket without a comma between them starts a new entry.
                if entry.angle.is_some() {
                    finish(&mut entry, &mut pending, &mut list, hint);
                }
                entry.angle = Some(inner);
                at += length;
            }
            b',' | b';' => {
                finish(&mut entry, &mut pending, &mut list, hint);
                at += 1;
            }
            b':' if entry.angle.is_none() && is_group(&entry.phrase) => {
                entry = Entry::default();
                pending.clear();
                at += 1;
            }
            _ => match words::word_length(rest) {
                Some(length) => {
                    entry.phrase.extend_from_slice(&rest[..length]);
                    at += length;
                }
                None => {
                    entry.phrase.push(rest[0]);
                    at += 1;
                }
            },
        }
    }
    finish(&mut entry, &mut pending, &mut list, hint);
    if !pending.is_empty() {
        let name = words::decode(pending.trim_ascii(), hint);
        list.extend(name_only(&name));
    }
    list
}

/// A colon after words without an @ opens a group ("undisclosed-recipients:;").
fn is_group(phrase: &[u8]) -> bool {
    !phrase.contains(&b'@') && !phrase.trim_ascii().is_empty()
}

/// Copies a quoted string's content; gives its length with the quotes. Without a closing quote it is a single sign.
fn quoted(input: &[u8], out: &mut Vec<u8>) -> usize {
    let start = out.len();
    let mut at = 1;
    while let Some(&byte) = input.get(at).filter(|_| at < MAX_NAME) {
        match (byte, input.get(at + 1)) {
            (b'\\', Some(&next)) => {
                out.push(next);
                at += 2;
            }
            (b'"', _) => return at + 1,
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out.truncate(start);
    1
}

/// Copies a comment's content, nested ones included; gives its length.
fn comment(input: &[u8], out: &mut Vec<u8>) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        match byte {
            b'(' => {
                if depth > 0 {
                    out.push(byte);
                }
                depth += 1;
            }
            b')' => {
                depth -= 1;
                if depth > 0 {
                    out.push(byte);
                }
            }
            b'\\' if at + 1 < input.len() => {
                at += 1;
                out.push(input[at]);
            }
            _ => out.push(byte),
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

/// The inside of `<...>` and its length; a missing bracket ends at the next comma.
fn angle(input: &[u8]) -> (usize, Vec<u8>) {
    let near = &input[..input.len().min(MAX_NAME)];
    let closing = memchr::memchr(b'>', near)
        .filter(|end| near.starts_with(b"<@") || memchr::memchr(b',', &near[..*end]).is_none());
    let end = closing.or_else(|| near.iter().position(|b| matches!(b, b',' | b';'))).unwrap_or(near.len());
    let length = if input.get(end) == Some(&b'>') { end + 1 } else { end };
    let inner = &input[1..end];
    // "<<a@b>>" and the source route of RFC 821 ("<@relay:a@b>").
    let inner = inner.strip_prefix(b"<").unwrap_or(inner);
    let inner = match (inner.first(), memchr::memchr(b':', inner)) {
        (Some(b'@'), Some(colon)) => &inner[colon + 1..],
        _ => inner,
    };
    let extra = input[length..].iter().take_while(|b| **b == b'>').count();
    (length + extra, inner.to_vec())
}

fn finish(entry: &mut Entry, pending: &mut Vec<u8>, list: &mut Vec<Address>, hint: Option<&'static Encoding>) {
    let entry = std::mem::take(entry);
    let mut phrase = entry.phrase.trim_ascii().to_vec();
    let Some(angle) = entry.angle else {
        if phrase.is_empty() {
            return;
        }
        match bare_address(&phrase) {
            Some((address, name)) => {
                let name = if name.trim_ascii().is_empty() { entry.comment } else { name };
                list.push(Address { name: readable_name(&name, hint), address });
            }
            None => {
                if !pending.is_empty() {
                    pending.extend_from_slice(b", ");
                }
                pending.extend(phrase);
            }
        }
        return;
    };
    if !pending.is_empty() {
        let mut whole = std::mem::take(pending);
        whole.extend_from_slice(b", ");
        whole.extend(phrase);
        phrase = whole;
    }
    let address = clean_address(&angle);
    if phrase.is_empty() {
        phrase = entry.comment;
    }
    let name = readable_name(&phrase, hint);
    match (address.is_empty(), name) {
        (true, None) => {}
        // "<>" after an address: "ivan@x.ru <>".
        (true, Some(name)) => list.extend(name_only(&name)),
        (false, name) => list.push(Address { name, address }),
    }
}

/// An address without brackets and the words beside it.
fn bare_address(phrase: &[u8]) -> Option<(String, Vec<u8>)> {
    if !phrase.contains(&b'@') {
        return None;
    }
    let mut words: Vec<&[u8]> = phrase.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| is_address_like(word));
    let Some(at) = at else {
        // "ivan @ x.ru": blanks around the sign.
        let joined: Vec<u8> = words.concat();
        return is_address_like(&joined).then(|| (clean_address(&joined), Vec::new()));
    };
    let address = clean_address(words.remove(at));
    Some((address, words.join(&b' ')))
}

fn is_address_like(word: &[u8]) -> bool {
    memchr::memrchr(b'@', word).is_some_and(|at| at > 0 && at + 1 < word.len())
}

fn clean_address(raw: &[u8]) -> String {
    let text = crate::charset::decode(raw, None);
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let text = text.trim_matches(|c: char| matches!(c, '<' | '>' | '"' | '\'' | '[' | ']' | ',' | ';'));
    let lower = text.get(..7).map(str::to_ascii_lowercase);
    let text = if lower.as_deref() == Some("mailto:") { &text[7..] } else { text };
    text.to_owned()
}

fn readable_name(raw: &[u8], hint: Option<&'static Encoding>) -> Option<String> {
    let name = words::decode(raw.trim_ascii(), hint);
    let name = tidy_name(&name);
    (!name.is_empty()).then(|| name.to_owned())
}

/// A name without the quotes that some programs encode together with it ("'Ivan'" is Outlook's).
fn tidy_name(name: &str) -> &str {
    let mut name = name.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            name = inner.trim();
        }
    }
    name
}

fn name_only(name: &str) -> Option<Address> {
    let name = tidy_name(name);
    if name.is_empty() {
        None
    } else if name.contains('@') && !name.contains(char::is_whitespace) || name.eq_ignore_ascii_case("mailer-daemon") {
        Some(Address { name: None, address: name.to_owned() })
    } else {
        Some(Address { name: Some(name.to_owned()), address: String::new() })
    }
}

/// Every message id in a header value, without the brackets. Text around them ("Your message of ...") is left out.
pub fn message_ids(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let mut ids: Vec<String> = Vec::new();
    let mut rest = text.as_ref();
    while let Some(start) = rest.find('<') {
        let Some(end) = rest[start..].find('>') else { break };
        push_id(&mut ids, &rest[start + 1..start + end]);
        rest = &rest[start + end + 1..];
    }
    if ids.is_empty() {
        // Without any brackets: words with an @, or the only word there is.
        let words: Vec<&str> = text.split([' ', '\t', ',']).filter(|word| !word.is_empty()).collect();
        let single = words.len() == 1;
        for word in words.into_iter().filter(|word| single || word.contains('@')) {
            push_id(&mut ids, word.trim_matches(['<', '>']));
        }
    }
    ids
}

/// Threads longer than this are known by their newest part.
const MAX_IDS: usize = 1000;

fn push_id(ids: &mut Vec<String>, id: &str) {
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if !id.is_empty() && ids.len() < MAX_IDS && ids.last() != Some(&id) {
        ids.push(id);
    }
}
