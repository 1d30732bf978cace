//! Cutting a text into words, with their places in it.
//!
//! A word is a run of letters, digits and combining marks. Everything else separates words. The spans also tell how
//! far apart two words are, so codes ("АТ-100/5") and grouped numbers ("45 000") can be recognised.

use std::ops::Range;

use crate::fold::is_combining;

/// Longest text that is looked at, in bytes: the rest of a huge letter is not worth indexing.
pub(crate) const MAX_TEXT: usize = 256 * 1024;

/// Byte ranges of the words of `text`, in order.
pub(crate) fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

pub(crate) struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.find(is_letter)?;
        let rest = &self.text[start..];
        let length = rest.find(|c: char| !is_letter(c) && (c.is_ascii() || !is_combining(c))).unwrap_or(rest.len());
        self.at = start + length;
        Some(start..self.at)
    }
}

/// Letters and digits; the common ones without a look into the tables of Unicode.
fn is_letter(c: char) -> bool {
    match c {
        'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' => true,
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        _ => c.is_alphanumeric(),
    }
}

/// The beginning of a text, at most `max` bytes, cut between characters.
pub(crate) fn head(text: &str, max: usize) -> &str {
    &text[..text.floor_char_boundary(max)]
}
