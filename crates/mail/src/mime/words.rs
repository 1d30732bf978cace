//! Encoded words (RFC 2047) and raw 8-bit bytes in header values.
//!
//! Invariant: bytes of adjacent words in one charset are joined before decoding, because senders cut a word in the
//! middle of a character; whatever is not a word is kept.

use encoding_rs::Encoding;

use super::transfer::{decode_base64, hex_pair};
use crate::charset;

/// One `=?charset?B?text?=` and how many bytes of the input it took.
struct Word<'a> {
    charset: &'a str,
    base64: bool,
    text: &'a [u8],
    length: usize,
}

/// A whole subject in one word occurs; more is not looked through, as a hostile header may hold many beginnings.
const MAX_WORD: usize = 8 * 1024;

/// Reads a word at the start of `input`. Lenient: blanks inside (a folded word), and a last word cut short.
fn word_at(input: &[u8]) -> Option<Word<'_>> {
    let rest = input.strip_prefix(b"=?")?;
    let charset_length = rest.iter().take(60).position(|byte| *byte == b'?')?;
    let charset = std::str::from_utf8(&rest[..charset_length]).ok()?;
    if charset.is_empty() || !charset.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let base64 = match rest.get(charset_length + 1)? {
        b'B' | b'b' => true,
        b'Q' | b'q' => false,
        _ => return None,
    };
    let text = rest.get(charset_length + 2..)?.strip_prefix(b"?")?;
    let head = input.len() - text.len();
    let end = memchr::memmem::find(&text[..text.len().min(MAX_WORD)], b"?=");
    if end.is_some_and(|end| memchr::memmem::find(&text[..end], b"=?").is_some()) {
        return None;
    }
    match end {
        Some(end) => Some(Word { charset, base64, text: &text[..end], length: head + end + 2 }),
        None if base64 && !text.is_empty() && text.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=?".contains(b)) => {
            Some(Word { charset, base64, text: text.strip_suffix(b"?").unwrap_or(text), length: input.len() })
        }
        None => None,
    }
}

/// The length of an encoded word at the start of `input`, if one stands there.
pub fn word_length(input: &[u8]) -> Option<usize> {
    word_at(input).map(|word| word.length)
}

/// A run of words of one charset being collected.
#[derive(Default)]
struct Run {
    charset: String,
    bytes: Vec<u8>,
    /// Base64 of a word that ended inside a quantum; the next word goes on from here.
    unfinished: Vec<u8>,
    open: bool,
}

impl Run {
    fn push(&mut self, word: &Word<'_>, out: &mut String, hint: Option<&'static Encoding>) {
        if !self.open || !self.charset.eq_ignore_ascii_case(word.charset) {
            self.finish(out, hint);
            self.charset = word.charset.to_owned();
            self.open = true;
        }
        if word.base64 {
            self.unfinished.extend(word.text.iter().filter(|b| !b.is_ascii_whitespace()));
            if self.unfinished.len().is_multiple_of(4) || self.unfinished.ends_with(b"=") {
                self.take_unfinished();
            }
        } else {
            self.take_unfinished();
            decode_q(word.text, &mut self.bytes);
        }
    }

    fn take_unfinished(&mut self) {
        if !self.unfinished.is_empty() {
            self.bytes.extend(decode_base64(&self.unfinished));
            self.unfinished.clear();
        }
    }

    fn finish(&mut self, out: &mut String, hint: Option<&'static Encoding>) {
        if self.open {
            self.take_unfinished();
            out.push_str(&charset::decode_hinted(&self.bytes, Some(&self.charset), hint));
            self.bytes.clear();
            self.open = false;
        }
    }
}

fn decode_q(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'_' => out.push(b' '),
            b'=' => {
                if let Some(value) = hex_pair(&text[at + 1..]) {
                    out.push(value);
                    at += 3;
                    continue;
                }
                out.push(b'=');
            }
            _ => out.push(byte),
        }
        at += 1;
    }
}

/// Decodes a header value: encoded words anywhere in it (also inside quotes or glued to text) and raw 8-bit bytes.
/// Control characters that come out become spaces, so a decoded value is always one line.
pub fn decode(value: &[u8], hint: Option<&'static Encoding>) -> String {
    let text = decode_once(value, hint);
    // Some programs encode what was encoded already.
    if text.starts_with("=?") && text.is_ascii() && word_length(text.as_bytes()).is_some() && text.as_bytes() != value {
        return decode_once(text.as_bytes(), hint);
    }
    text
}

fn decode_once(value: &[u8], hint: Option<&'static Encoding>) -> String {
    let mut out = String::with_capacity(value.len());
    let mut run = Run::default();
    let mut at = 0;
    while at < value.len() {
        if let Some(word) = word_at(&value[at..]) {
            run.push(&word, &mut out, hint);
            at += word.length;
            continue;
        }
        let next =
            value[at + 1..].windows(2).position(|pair| pair == b"=?").map_or(value.len(), |offset| at + 1 + offset);
        let plain = &value[at..next];
        // White space between two words belongs to the folding, not to the text (RFC 2047, 6.2).
        let between = run.open && plain.iter().all(u8::is_ascii_whitespace) && word_at(&value[next..]).is_some();
        if !between {
            run.finish(&mut out, hint);
            out.push_str(&charset::decode_hinted(plain, None, hint));
        }
        at = next;
    }
    run.finish(&mut out, hint);
    one_line(out)
}

fn one_line(text: String) -> String {
    let bad = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(bad) {
        return text;
    }
    text.chars().filter(|c| *c != '\0').map(|c| if bad(c) { ' ' } else { c }).collect()
}
