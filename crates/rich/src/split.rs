//! A document cut at a vendor's limit.
//!
//! Invariant: every piece is at most as long as the limit when written in the format; all characters but blanks at the
//! cuts are in exactly one piece, in order.

use crate::document::{Block, Document, Line, Style};
use crate::render::Format;

/// The longest text a vendor takes in one message. Limits under 32 are taken for 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub max: usize,
    pub unit: Unit,
    pub counts: Counts,
}

/// What a vendor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode characters.
    Chars,
    /// UTF-16 units: an emoji is two or more.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
}

/// Whether a vendor counts before or after it has read the markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// What the reader sees.
    Text,
    /// Everything sent, markup and all.
    Markup,
}

impl Limit {
    fn measure(self, document: &Document, format: Format) -> usize {
        let written = document.write(format);
        let text = match self.counts {
            Counts::Text => &written.shown,
            Counts::Markup => &written.markup,
        };
        match self.unit {
            Unit::Chars => text.chars().count(),
            Unit::Utf16 => text.encode_utf16().count(),
            Unit::Bytes => text.len(),
        }
    }
}

/// A place to cut: before this byte of this line.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    byte: usize,
    kind: Cut,
}

/// How good a place is, best last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    /// Inside a character as people see it, such as between a letter and its accent.
    Never,
    Word,
    Blank,
    Sentence,
    Line,
    Paragraph,
}

impl Document {
    /// Cuts the text into pieces that fit, at the end of a paragraph, line, sentence or word, whichever comes first and
    /// leaves no small piece; inside a word only if it alone is over the limit. Nothing to send gives no pieces.
    pub fn split(&self, format: Format, limit: Limit) -> Vec<Self> {
        let limit = Limit { max: limit.max.max(32), ..limit };
        let mut rest = self.with_addresses(format);
        rest.trim();
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            if limit.measure(&rest, format) <= limit.max {
                pieces.push(rest);
                break;
            }
            let (piece, tail) = rest.take(format, limit);
            pieces.push(piece);
            rest = tail;
        }
        pieces
    }

    /// The longest good piece, and what is left.
    fn take(mut self, format: Format, limit: Limit) -> (Self, Self) {
        loop {
            let places = self.places(limit.max);
            let fits = |place: &Place| limit.measure(&self.cut(*place).0, format) <= limit.max;
            // The most that fits. The length grows with the place, but for a few signs; the last one tried did fit.
            let (mut low, mut high) = (0, places.len());
            while low < high {
                let middle = (low + high) / 2;
                if fits(&places[middle]) { low = middle + 1 } else { high = middle }
            }
            let candidates = &places[..low];
            let best = choose(candidates)
                .into_iter()
                .chain((0..low).rev())
                .map(|index| &places[index])
                .find(|place| place.kind > Cut::Never && fits(place));
            // A single character as people see it may be longer than a limit: rather cut it than never end.
            let best = best.or_else(|| candidates.iter().rev().find(|place| fits(place)));
            match best {
                Some(place) => {
                    let (mut piece, mut tail) = self.cut(*place);
                    piece.trim();
                    tail.trim();
                    return (piece, tail);
                }
                None => self.simplify(),
            }
        }
    }

    /// Takes formatting off the first line because not even its first character fits with it. The address of a link
    /// goes into the text.
    fn simplify(&mut self) {
        let Some(line) = self.lines.first_mut() else { return };
        if line.spans.iter().any(|span| span.link.is_some()) {
            let plain = Self { lines: vec![line.clone()] }.with_addresses(Format::Plain);
            if let Some(plain) = plain.lines.into_iter().next() {
                *line = plain;
            }
            return;
        }
        line.block = Block::default();
        line.trim_start();
        line.spans.iter_mut().for_each(|span| span.style = Style::default());
        // A bullet is text like any other once it is in the way.
        let prefix = std::mem::take(&mut line.prefix);
        let mut plain = Line::default();
        prefix.chars().for_each(|c| plain.push(c, Style::default(), None));
        line.spans.drain(..).for_each(|span| plain.push_span(span));
        line.spans = plain.spans;
    }

    /// The places in as much of the text as could fit: each character counts at least one in every unit. None is before
    /// the first character to read of the text or of a line, so that no piece is empty and no bullet stands alone.
    fn places(&self, max: usize) -> Vec<Place> {
        let mut places = Vec::new();
        let mut seen = false;
        for (index, line) in self.lines.iter().enumerate() {
            let text = line.text();
            let mut before = None;
            let mut blank = true;
            for (byte, c) in text.char_indices() {
                if byte > 0 && !blank {
                    places.push(Place { line: index, byte, kind: kind(before, c) });
                }
                blank = blank && c.is_whitespace();
                before = Some(c);
                if places.len() > max {
                    return places;
                }
            }
            seen |= !blank;
            if !seen {
                continue;
            }
            let paragraph = self.lines.get(index + 1).is_some_and(|next| next.text().trim().is_empty());
            let kind = if paragraph { Cut::Paragraph } else { Cut::Line };
            places.push(Place { line: index, byte: text.len(), kind });
        }
        places
    }

    fn cut(&self, place: Place) -> (Self, Self) {
        let mut head = self.lines[..place.line].to_vec();
        let line = &self.lines[place.line];
        let mut first = Line { spans: Vec::new(), ..line.clone() };
        let mut second = Line { spans: Vec::new(), prefix: String::new(), ..line.clone() };
        let mut start = 0;
        for span in &line.spans {
            let at = place.byte.saturating_sub(start).min(span.text.len());
            let (one, other) = span.text.split_at(at);
            for (part, side) in [(one, &mut first), (other, &mut second)] {
                if !part.is_empty() {
                    side.push_span(crate::document::Span { text: part.to_owned(), ..span.clone() });
                }
            }
            start += span.text.len();
        }
        first.trim_end();
        second.trim_start();
        head.push(first);
        let mut tail = Vec::with_capacity(self.lines.len() - place.line);
        if !second.is_empty() {
            tail.push(second);
        }
        tail.extend_from_slice(&self.lines[place.line + 1..]);
        (Self { lines: head }, Self { lines: tail })
    }
}

/// The best of the places that fit: the last good one that is not too near the start.
fn choose(places: &[Place]) -> Option<usize> {
    let half = places.len() / 2;
    let last = |at_least: Cut, from: usize| {
        places[from..].iter().rposition(|place| place.kind >= at_least).map(|index| from + index)
    };
    last(Cut::Paragraph, half)
        .or_else(|| last(Cut::Line, half))
        .or_else(|| last(Cut::Sentence, half))
        .or_else(|| last(Cut::Blank, 0))
        .or_else(|| last(Cut::Word, 0))
}

/// How good it is to cut between two characters.
fn kind(before: Option<char>, after: char) -> Cut {
    let Some(before) = before else { return Cut::Word };
    if joins(before, after) {
        return Cut::Never;
    }
    if after.is_whitespace() && after != '\u{a0}' && after != '\u{202f}' {
        return if matches!(before, '.' | '!' | '?' | '…' | ';') { Cut::Sentence } else { Cut::Blank };
    }
    Cut::Word
}

/// Characters that people see as one: accents, joined and coloured emoji, flags.
fn joins(before: char, after: char) -> bool {
    let flag = |c| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
    before == '\u{200D}'
        || matches!(after, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
        || (flag(before) && flag(after))
}
