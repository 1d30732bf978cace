//! A document in a vendor's format.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::document::{Block, Document, Line, MARKS, Mark, Span, Style};
use crate::html::escape;
use crate::link;
use crate::ranges::{VkFormatData, VkFormatItem};

/// How a vendor wants its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `parse_mode` `HTML` of Telegram: <https://core.telegram.org/bots/api#html-style>.
    TelegramHtml,
    /// `format` `html` of MAX: <https://dev.max.ru/docs-api/use-cases/sending-messages/text-formatting>.
    MaxHtml,
    /// The marks of WhatsApp and Viber: `*b*`, `_i_`, `~s~`, ```` ```code``` ````. A mark that these programs would show
    /// as a sign, such as one inside a word, is left out.
    Marks,
    /// Plain text for VK; the marks go beside it: [`Document::render_vk`].
    Vk,
    Plain,
}

/// A text for VK with its `format_data`, if it has any.
#[derive(Clone, Debug, PartialEq)]
pub struct Vk {
    pub text: String,
    pub format: Option<VkFormatData>,
}

impl Format {
    fn is_html(self) -> bool {
        matches!(self, Self::TelegramHtml | Self::MaxHtml)
    }

    /// A link can hide its address.
    fn has_links(self) -> bool {
        matches!(self, Self::TelegramHtml | Self::MaxHtml | Self::Vk)
    }

    fn has_quotes(self) -> bool {
        self == Self::TelegramHtml
    }
}

impl Document {
    /// The whole text in this format.
    pub fn render(&self, format: Format) -> String {
        self.with_addresses(format).write(format).markup
    }

    /// The text and its ranges for `messages.send` of VK.
    pub fn render_vk(&self) -> Vk {
        let written = self.with_addresses(Format::Vk).write(Format::Vk);
        let format =
            (!written.items.is_empty()).then(|| VkFormatData { version: "1".to_owned(), items: written.items });
        Vk { text: written.markup, format }
    }

    /// The document with the addresses of its links in the text, where the format cannot hide them.
    pub(crate) fn with_addresses(&self, format: Format) -> Self {
        Self { lines: self.lines.iter().map(|line| with_addresses(line, format)).collect() }
    }

    pub(crate) fn write(&self, format: Format) -> Written {
        let mut writer = Writer { format, out: Written::default(), units: 0 };
        let mut outer = Block::default();
        for (index, line) in self.lines.iter().enumerate() {
            // A code block is not closed and opened again between its lines.
            let block = Block {
                quote: line.block.quote.min(1),
                code: line.block.code && writer.can_fence(&self.lines, index),
                language: line.block.language.clone(),
            };
            if index > 0 && outer != block {
                writer.close(&outer);
            }
            if index > 0 {
                writer.text("\n");
            }
            if index == 0 || outer != block {
                writer.open(&block);
            }
            writer.line(line);
            outer = block;
        }
        if !self.lines.is_empty() {
            writer.close(&outer);
        }
        writer.out
    }
}

fn with_addresses(line: &Line, format: Format) -> Line {
    let mut out = Line { spans: Vec::with_capacity(line.spans.len()), ..line.clone() };
    let mut spans = line.spans.iter().peekable();
    // What the link says so far: it can be several spans of different styles.
    let mut said = String::new();
    while let Some(span) = spans.next() {
        let Some(address) = span.link.as_ref() else {
            out.push_span(span.clone());
            continue;
        };
        let hidden = format.has_links() && link::is_web(address);
        out.push_span(Span { link: hidden.then(|| address.clone()), ..span.clone() });
        said.push_str(&span.text);
        if spans.peek().is_some_and(|next| next.link.as_ref() == Some(address)) {
            continue;
        }
        let said = std::mem::take(&mut said);
        if !hidden && !link::repeats(&said, address) {
            let shown = address.strip_prefix("mailto:").or(address.strip_prefix("tel:")).unwrap_or(address);
            out.push_span(Span { text: format!(" ({shown})"), style: Style::default(), link: None });
        }
    }
    out
}

/// What was written: the markup, what a reader sees of it, and the ranges of VK.
#[derive(Default)]
pub(crate) struct Written {
    pub markup: String,
    pub shown: String,
    items: Vec<VkFormatItem>,
}

struct Writer {
    format: Format,
    out: Written,
    /// UTF-16 units shown so far.
    units: usize,
}

#[derive(Clone, PartialEq)]
enum Tag {
    Link(Arc<str>),
    Mark(Mark),
}

impl Writer {
    /// Signs around a code block must not stand in its text, and WhatsApp knows no code inside a quotation.
    fn can_fence(&self, lines: &[Line], index: usize) -> bool {
        if self.format != Format::Marks {
            return self.format.is_html();
        }
        let Some(here) = lines.get(index) else { return false };
        let same = |line: &&Line| line.block == here.block;
        let mut block = lines[..index].iter().rev().take_while(same).chain(lines[index..].iter().take_while(same));
        here.block.quote == 0 && !block.any(|line| line.text().contains("```"))
    }

    fn open(&mut self, block: &Block) {
        if block.quote > 0 && self.format.has_quotes() {
            self.out.markup.push_str("<blockquote>");
        }
        match (block.code, self.format, &block.language) {
            (true, Format::Marks, _) => self.text("```"),
            (true, Format::TelegramHtml, Some(language)) => {
                self.out.markup.push_str(&format!("<pre><code class=\"language-{language}\">"));
            }
            (true, ..) => self.out.markup.push_str("<pre>"),
            (false, ..) => {}
        }
    }

    fn close(&mut self, block: &Block) {
        match (block.code, self.format, &block.language) {
            (true, Format::Marks, _) => self.text("```"),
            (true, Format::TelegramHtml, Some(_)) => self.out.markup.push_str("</code></pre>"),
            (true, ..) => self.out.markup.push_str("</pre>"),
            (false, ..) => {}
        }
        if block.quote > 0 && self.format.has_quotes() {
            self.out.markup.push_str("</blockquote>");
        }
    }

    fn line(&mut self, line: &Line) {
        let signs = if self.format.has_quotes() { line.block.quote.saturating_sub(1) } else { line.block.quote };
        self.text(&"> ".repeat(signs));
        self.text(&line.prefix);
        let fitted;
        let spans = if self.format == Format::Marks {
            fitted = fit_marks(line);
            &fitted
        } else {
            &line.spans
        };
        let tags: Vec<Vec<Tag>> = spans.iter().map(|span| self.tags(line, span)).collect();
        let mut open: Vec<Tag> = Vec::new();
        for (index, (span, wanted)) in spans.iter().zip(&tags).enumerate() {
            let kept = open.iter().take_while(|tag| wanted.contains(tag)).count();
            while open.len() > kept {
                if let Some(tag) = open.pop() {
                    self.end(&tag);
                }
            }
            // What lasts longest is outermost, so that it need not be interrupted.
            let mut fresh: Vec<&Tag> = wanted.iter().filter(|tag| !open.contains(tag)).collect();
            fresh.sort_by_key(|tag| Reverse(tags[index..].iter().take_while(|others| others.contains(tag)).count()));
            for tag in fresh {
                self.start(tag);
                open.push(tag.clone());
            }
            let start = self.units;
            self.text(&span.text);
            self.ranges(span, start);
        }
        while let Some(tag) = open.pop() {
            self.end(&tag);
        }
    }

    /// The tags around a span, outermost first.
    fn tags(&self, line: &Line, span: &Span) -> Vec<Tag> {
        if line.block.code || matches!(self.format, Format::Vk | Format::Plain) {
            return Vec::new();
        }
        let mut style = span.style;
        // Telegram lets code hold nothing else and stand in nothing else; an address is worth more than a typeface.
        if self.format == Format::TelegramHtml && style.has(Mark::Code) {
            style = if span.link.is_some() { style.without(Mark::Code) } else { Style::default().with(Mark::Code) };
        }
        let link = span.link.clone().map(Tag::Link);
        let marks = MARKS.iter().filter(|mark| style.has(**mark)).map(|mark| Tag::Mark(*mark));
        link.into_iter().chain(marks).collect()
    }

    fn start(&mut self, tag: &Tag) {
        match tag {
            Tag::Link(address) => {
                self.out.markup.push_str("<a href=\"");
                escape(address, &mut self.out.markup);
                self.out.markup.push_str("\">");
            }
            Tag::Mark(mark) if self.format == Format::Marks => self.text(sign(*mark)),
            Tag::Mark(mark) => self.out.markup.push_str(&format!("<{}>", name(*mark))),
        }
    }

    fn end(&mut self, tag: &Tag) {
        match tag {
            Tag::Link(_) => self.out.markup.push_str("</a>"),
            Tag::Mark(mark) if self.format == Format::Marks => self.text(sign(*mark)),
            Tag::Mark(mark) => self.out.markup.push_str(&format!("</{}>", name(*mark))),
        }
    }

    fn text(&mut self, text: &str) {
        self.out.shown.push_str(text);
        if self.format == Format::Vk {
            self.units += text.encode_utf16().count();
        }
        if self.format.is_html() {
            escape(text, &mut self.out.markup);
        } else {
            self.out.markup.push_str(text);
        }
    }

    /// The ranges of a span, joined to those of the span before it where they continue.
    fn ranges(&mut self, span: &Span, start: usize) {
        if self.format != Format::Vk {
            return;
        }
        let marks = [(Mark::Bold, "bold"), (Mark::Italic, "italic"), (Mark::Underline, "underline")];
        let marks = marks.iter().filter(|(mark, _)| span.style.has(*mark)).map(|(_, kind)| (*kind, None));
        let link = span.link.as_ref().map(|address| ("url", Some(address.to_string())));
        for (kind, url) in marks.chain(link) {
            let continues =
                |item: &&mut VkFormatItem| item.kind == kind && item.url == url && item.offset + item.length == start;
            match self.out.items.iter_mut().rev().find(continues) {
                Some(item) => item.length += self.units - start,
                None => {
                    let item = VkFormatItem { kind: kind.to_owned(), offset: start, length: self.units - start, url };
                    self.out.items.push(item);
                }
            }
        }
    }
}

fn name(mark: Mark) -> &'static str {
    match mark {
        Mark::Bold => "b",
        Mark::Italic => "i",
        Mark::Underline => "u",
        Mark::Strike => "s",
        Mark::Code => "code",
    }
}

fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Bold => "*",
        Mark::Italic => "_",
        Mark::Underline => "",
        Mark::Strike => "~",
        Mark::Code => "```",
    }
}

/// The spans with only those marks that WhatsApp and Viber understand where they stand: at the edges of words, tight
/// around their text, without the sign itself inside.
fn fit_marks(line: &Line) -> Vec<Span> {
    let mut chars: Vec<(char, Style)> = Vec::new();
    for span in &line.spans {
        chars.extend(span.text.chars().map(|c| (c, span.style.without(Mark::Underline))));
    }
    let mut fitted: Vec<(usize, usize)> = Vec::new();
    for mark in [Mark::Code, Mark::Bold, Mark::Italic, Mark::Strike] {
        let mut at = 0;
        while at < chars.len() {
            let length = chars[at..].iter().take_while(|(_, style)| style.has(mark)).count();
            if length > 0
                && let Some((from, to)) = fit_run(&mut chars, at, at + length, mark)
            {
                // Marks that overlap without nesting would have to be closed and opened again inside a word.
                let crosses = |(start, end): &(usize, usize)| {
                    (*start < from && from < *end && *end < to) || (from < *start && *start < to && to < *end)
                };
                if fitted.iter().any(crosses) {
                    chars[from..to].iter_mut().for_each(|(_, style)| *style = style.without(mark));
                } else {
                    fitted.push((from, to));
                }
            }
            at += length.max(1);
        }
    }
    let mut out = Line::default();
    chars.into_iter().for_each(|(c, style)| out.push(c, style, None));
    out.spans
}

/// Leaves of a mark's run what can bear it, and says where that is.
fn fit_run(chars: &mut [(char, Style)], start: usize, end: usize, mark: Mark) -> Option<(usize, usize)> {
    let blank = |(c, _): &(char, Style)| c.is_whitespace();
    let run = &chars[start..end];
    let from = start + run.iter().take_while(|c| blank(c)).count();
    let to = end - run.iter().rev().take_while(|c| blank(c)).count();
    let word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|(c, _)| c.is_alphanumeric());
    let own = sign(mark).chars().next();
    let fits = from < to
        && !word(from.checked_sub(1))
        && !word(Some(to))
        && !chars[from..to].iter().any(|(c, _)| Some(*c) == own);
    for (index, (_, style)) in chars.iter_mut().enumerate().take(end).skip(start) {
        let inside = fits && (from..to).contains(&index);
        if !inside {
            *style = style.without(mark);
        } else if mark == Mark::Code {
            *style = Style::default().with(Mark::Code);
        }
    }
    fits.then_some((from, to))
}
