//! The marks people type in WhatsApp and Viber: `*bold*`, `_italic_`, `~struck~`, `` `code` ``, ```` ```code``` ````, and
//! `> ` before a quotation.
//!
//! A sign is a mark only where these programs take it for one: at the edge of a word, with its pair on the same line.
//! Everything else stays as it was typed.

use crate::document::{Document, Mark, Style, split_lines};
use crate::ranges::{Kind, Range};

const FENCE: &str = "```";
const SIGNS: [(char, Mark); 4] = [('*', Mark::Bold), ('_', Mark::Italic), ('~', Mark::Strike), ('`', Mark::Code)];

/// A WhatsApp or Viber message's text as HTML.
pub fn from_marks(text: &str) -> String {
    Document::from_marks(text).to_html()
}

impl Document {
    pub(crate) fn from_marks(text: &str) -> Self {
        let mut out = Read::default();
        let mut rest = text;
        // Fences may hold line breaks, every other mark ends on its line.
        while let Some((before, inside)) = rest.split_once(FENCE) {
            out.lines(before);
            let Some((code, after)) = inside.split_once(FENCE).filter(|(code, _)| !code.trim().is_empty()) else {
                out.text.push_str(FENCE);
                rest = inside;
                if !inside.contains(FENCE) {
                    break;
                }
                continue;
            };
            rest = after;
            let start = out.text.len();
            if code.contains('\n') {
                let code = code.strip_prefix('\n').unwrap_or(code);
                out.text.push_str(code.strip_suffix('\n').unwrap_or(code));
                out.mark(start, Kind::Code(None));
            } else {
                out.text.push_str(code);
                out.mark(start, Kind::Mark(Mark::Code));
            }
        }
        out.lines(rest);
        Self::from_ranges(&out.text, out.ranges)
    }
}

/// The text without its marks, and where they held.
#[derive(Default)]
struct Read {
    text: String,
    ranges: Vec<Range>,
}

impl Read {
    fn mark(&mut self, start: usize, kind: Kind) {
        let span = (start, self.text.len());
        if span.0 < span.1 {
            self.ranges.push(Range { span, kind });
        }
    }

    fn lines(&mut self, text: &str) {
        for (number, line) in split_lines(text).enumerate() {
            if number > 0 {
                self.text.push('\n');
            }
            let start = self.text.len();
            let fresh = start == 0 || self.text.ends_with('\n');
            match line.strip_prefix("> ").filter(|quoted| fresh && !quoted.is_empty()) {
                Some(quoted) => {
                    self.inline(quoted, Style::default());
                    self.mark(start, Kind::Quote);
                }
                None => self.inline(line, Style::default()),
            }
        }
    }

    /// Text within one line, inside the marks of `active`.
    fn inline(&mut self, line: &str, active: Style) {
        // Signs that have no pair in the rest of the line are not searched for again.
        let mut alone = active;
        let mut before: Option<char> = None;
        let mut at = 0;
        while let Some(c) = line[at..].chars().next() {
            let rest = &line[at..];
            if c == 'h' && (rest.starts_with("http://") || rest.starts_with("https://")) {
                let address = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
                self.text.push_str(address);
                at += address.len();
                before = address.chars().next_back();
                continue;
            }
            let opens = SIGNS.iter().find(|(sign, mark)| *sign == c && !alone.has(*mark) && !word(before));
            if let Some((sign, mark)) = opens {
                let inside = &rest[1..];
                match pair(inside, *sign) {
                    Some(length) => {
                        let start = self.text.len();
                        if *mark == Mark::Code {
                            self.text.push_str(&inside[..length]);
                        } else {
                            self.inline(&inside[..length], active.with(*mark));
                        }
                        self.mark(start, Kind::Mark(*mark));
                        at += length + 2;
                        before = Some(*sign);
                        continue;
                    }
                    None if !starts_blank(inside, *sign) => alone = alone.with(*mark),
                    None => {}
                }
            }
            self.text.push(c);
            before = Some(c);
            at += c.len_utf8();
        }
    }
}

fn word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Text that no mark can open before.
fn starts_blank(inside: &str, sign: char) -> bool {
    inside.chars().next().is_none_or(|next| next.is_whitespace() || next == sign)
}

/// How long the text up to the sign's pair is.
fn pair(inside: &str, sign: char) -> Option<usize> {
    if starts_blank(inside, sign) {
        return None;
    }
    inside.match_indices(sign).map(|(at, _)| at).find(|at| {
        let blank = inside[..*at].chars().next_back().is_none_or(char::is_whitespace);
        !blank && !word(inside[at + 1..].chars().next())
    })
}
