//! The document: lines of styled spans. Lists are lines with a bullet before them, paragraphs are lines, quotations and
//! code blocks are runs of lines: messengers know no more than that, and so every format can say all of it.
//!
//! Invariant: no span is empty, none holds a line break or a control character but a tab, and neighbours differ in style
//! or link.

use std::sync::Arc;

use crate::link;

/// A text as a messenger can show it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pub block: Block,
    /// The bullet or number of a list, with its indent.
    pub prefix: String,
    pub spans: Vec<Span>,
}

/// What a line belongs to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Block {
    /// Quotations around the line.
    pub quote: usize,
    pub code: bool,
    pub language: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    pub text: String,
    pub style: Style,
    pub link: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mark {
    Bold = 1,
    Italic = 2,
    Underline = 4,
    Strike = 8,
    Code = 16,
}

/// In the order in which they nest, outermost first.
pub(crate) const MARKS: [Mark; 5] = [Mark::Bold, Mark::Italic, Mark::Underline, Mark::Strike, Mark::Code];

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style(u8);

impl Style {
    pub fn has(self, mark: Mark) -> bool {
        self.0 & mark as u8 != 0
    }

    pub fn with(self, mark: Mark) -> Self {
        Self(self.0 | mark as u8)
    }

    pub fn without(self, mark: Mark) -> Self {
        Self(self.0 & !(mark as u8))
    }
}

impl Line {
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Appends a character; one that cannot be shown is left out. A code block has no formatting inside.
    pub fn push(&mut self, c: char, style: Style, link: Option<&Arc<str>>) {
        if c.is_control() && c != '\t' {
            return;
        }
        let (style, link) = if self.block.code { (Style::default(), None) } else { (style, link) };
        match self.spans.last_mut() {
            Some(last) if last.style == style && last.link.as_ref() == link => last.text.push(c),
            _ => self.spans.push(Span { text: c.to_string(), style, link: link.cloned() }),
        }
    }

    pub fn push_span(&mut self, span: Span) {
        match self.spans.last_mut() {
            _ if span.text.is_empty() => {}
            Some(last) if last.style == span.style && last.link == span.link => last.text.push_str(&span.text),
            _ => self.spans.push(span),
        }
    }

    pub fn ends_blank(&self) -> bool {
        self.spans.last().is_none_or(|last| last.text.ends_with([' ', '\t']))
    }

    pub fn trim_end(&mut self) {
        while let Some(last) = self.spans.last_mut() {
            last.text.truncate(last.text.trim_end_matches([' ', '\t']).len());
            if !last.text.is_empty() {
                return;
            }
            self.spans.pop();
        }
    }

    pub fn trim_start(&mut self) {
        while let Some(first) = self.spans.first_mut() {
            first.text = first.text.trim_start().to_owned();
            if !first.text.is_empty() {
                return;
            }
            self.spans.remove(0);
        }
    }

    /// The line without its bullet and marks.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

impl Document {
    /// Reads plain text; bare addresses become links.
    pub fn from_plain(text: &str) -> Self {
        let lines = split_lines(text).map(|line| {
            let mut out = Line::default();
            line.chars().for_each(|c| out.push(c, Style::default(), None));
            out
        });
        Self { lines: lines.collect() }.tidy()
    }

    /// Whether there is nothing to read in it.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.spans.iter().all(|span| span.text.trim().is_empty()))
    }

    /// The text as written: with bullets, without marks, quotation signs and link addresses.
    pub fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| format!("{}{}", line.prefix, line.text())).collect();
        lines.join("\n")
    }

    /// Drops blank lines at both ends and makes links of bare addresses.
    pub(crate) fn tidy(mut self) -> Self {
        self.trim();
        self.lines.iter_mut().for_each(link::link_line);
        self
    }

    pub(crate) fn trim(&mut self) {
        let blank = |line: &Line| line.spans.iter().all(|span| span.text.trim().is_empty());
        let end = self.lines.iter().rposition(|line| !blank(line)).map_or(0, |last| last + 1);
        self.lines.truncate(end);
        let start = self.lines.iter().position(|line| !blank(line)).unwrap_or(0);
        self.lines.drain(..start);
        if let Some(last) = self.lines.last_mut() {
            last.trim_end();
        }
    }
}

/// Lines by any of the line breaks that messengers send.
pub(crate) fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))
}
