//! Text with ranges of formatting, as Telegram, MAX and VK send it. All three count in UTF-16 units.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Line, MARKS, Mark, Style};
use crate::html::language;
use crate::link;

/// More ranges than any vendor sends are not looked at.
const MAX_RANGES: usize = 2000;

/// Telegram's [MessageEntity](https://core.telegram.org/bots/api#messageentity).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TelegramEntity {
    #[serde(rename = "type")]
    pub kind: String,
    pub offset: usize,
    pub length: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// An element of `markup` of a MAX [message](https://dev.max.ru/docs-api/objects/Message).
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct MaxMarkup {
    #[serde(rename = "type")]
    pub kind: String,
    pub from: usize,
    pub length: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `format_data` of a VK [message](https://dev.vk.com/ru/reference/objects/message), in both directions.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct VkFormatData {
    pub version: String,
    pub items: Vec<VkFormatItem>,
}

#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct VkFormatItem {
    /// `bold`, `italic`, `underline` or `url`.
    #[serde(rename = "type")]
    pub kind: String,
    pub offset: usize,
    pub length: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A Telegram message's text or caption as HTML.
pub fn from_telegram(text: &str, entities: &[TelegramEntity]) -> String {
    let units = Units::of(text);
    let ranges = entities.iter().filter_map(|entity| {
        let span = units.span(entity.offset, entity.length)?;
        let inside = &text[span.0..span.1];
        let kind = match entity.kind.as_str() {
            "bold" => Kind::Mark(Mark::Bold),
            "italic" => Kind::Mark(Mark::Italic),
            "underline" => Kind::Mark(Mark::Underline),
            "strikethrough" => Kind::Mark(Mark::Strike),
            "code" => Kind::Mark(Mark::Code),
            "pre" => Kind::Code(entity.language.as_deref().and_then(language)),
            "blockquote" | "expandable_blockquote" => Kind::Quote,
            "text_link" => Kind::Link(entity.url.as_deref().and_then(link::safe)?),
            "url" if inside.contains("://") => Kind::Link(link::safe(inside)?),
            "url" => Kind::Link(link::safe(&format!("http://{inside}"))?),
            "email" => Kind::Link(link::safe(&format!("mailto:{inside}"))?),
            "phone_number" => {
                let number: String = inside.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                Kind::Link(link::safe(&format!("tel:{number}"))?)
            }
            "mention" => Kind::Link(link::safe(&format!("https://t.me/{}", inside.strip_prefix('@')?))?),
            _ => return None,
        };
        Some(Range { span, kind })
    });
    Document::from_ranges(text, ranges.take(MAX_RANGES).collect()).to_html()
}

/// A MAX message's text as HTML.
pub fn from_max(text: &str, markup: &[MaxMarkup]) -> String {
    let units = Units::of(text);
    let ranges = markup.iter().filter_map(|element| {
        let span = units.span(element.from, element.length)?;
        let kind = match element.kind.as_str() {
            "strong" | "heading" | "highlighted" => Kind::Mark(Mark::Bold),
            "emphasized" => Kind::Mark(Mark::Italic),
            "underline" => Kind::Mark(Mark::Underline),
            "strikethrough" => Kind::Mark(Mark::Strike),
            "monospaced" if text[span.0..span.1].contains('\n') => Kind::Code(None),
            "monospaced" => Kind::Mark(Mark::Code),
            "quote" | "blockquote" => Kind::Quote,
            "link" => Kind::Link(element.url.as_deref().and_then(link::safe)?),
            _ => return None,
        };
        Some(Range { span, kind })
    });
    Document::from_ranges(text, ranges.take(MAX_RANGES).collect()).to_html()
}

/// A VK message's text as HTML.
pub fn from_vk(text: &str, format: Option<&VkFormatData>) -> String {
    let units = Units::of(text);
    let items = format.map_or(&[][..], |format| &format.items);
    let ranges = items.iter().filter_map(|item| {
        let span = units.span(item.offset, item.length)?;
        let kind = match item.kind.as_str() {
            "bold" => Kind::Mark(Mark::Bold),
            "italic" => Kind::Mark(Mark::Italic),
            "underline" => Kind::Mark(Mark::Underline),
            "url" => Kind::Link(item.url.as_deref().and_then(link::safe)?),
            _ => return None,
        };
        Some(Range { span, kind })
    });
    Document::from_ranges(text, ranges.take(MAX_RANGES).collect()).to_html()
}

/// Bytes of the text.
pub(crate) struct Range {
    pub span: (usize, usize),
    pub kind: Kind,
}

pub(crate) enum Kind {
    Mark(Mark),
    Link(Arc<str>),
    Code(Option<Arc<str>>),
    Quote,
}

/// Where each UTF-16 unit of a text begins in its bytes. The second half of a pair begins where its character does.
struct Units(Vec<usize>);

impl Units {
    fn of(text: &str) -> Self {
        let mut starts = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            starts.extend(std::iter::repeat_n(at, c.len_utf16()));
        }
        starts.push(text.len());
        Self(starts)
    }

    /// Bytes of a range; none if nothing of the text is in it.
    fn span(&self, offset: usize, length: usize) -> Option<(usize, usize)> {
        let at = |unit: usize| self.0.get(unit).or(self.0.last()).copied().unwrap_or(0);
        let span = (at(offset), at(offset.saturating_add(length)));
        (span.0 < span.1).then_some(span)
    }
}

/// What holds at one place of the text.
#[derive(Default)]
struct Active {
    marks: [usize; MARKS.len()],
    quotes: usize,
    links: Vec<Arc<str>>,
    code: Vec<Option<Arc<str>>>,
}

impl Active {
    fn switch(&mut self, kind: &Kind, on: bool) {
        let step = |count: &mut usize| *count = if on { *count + 1 } else { count.saturating_sub(1) };
        match kind {
            Kind::Mark(mark) => {
                let counts = MARKS.iter().zip(&mut self.marks).filter(|(known, _)| *known == mark);
                counts.for_each(|(_, count)| step(count));
            }
            Kind::Quote => step(&mut self.quotes),
            Kind::Link(address) if on => self.links.push(address.clone()),
            Kind::Link(address) => {
                if let Some(position) = self.links.iter().rposition(|known| known == address) {
                    self.links.remove(position);
                }
            }
            Kind::Code(language) if on => self.code.push(language.clone()),
            Kind::Code(_) => {
                self.code.pop();
            }
        }
    }

    fn style(&self) -> Style {
        let on = MARKS.iter().zip(self.marks).filter(|(_, count)| *count > 0);
        on.fold(Style::default(), |style, (mark, _)| style.with(*mark))
    }
}

impl Document {
    /// Text with formatted ranges, which may nest and overlap.
    pub(crate) fn from_ranges(text: &str, ranges: Vec<Range>) -> Self {
        let mut switches: Vec<(usize, bool, &Kind)> = Vec::with_capacity(ranges.len() * 2);
        for range in &ranges {
            switches.push((range.span.0, true, &range.kind));
            switches.push((range.span.1, false, &range.kind));
        }
        // At one place, what ends does so before what starts.
        switches.sort_by_key(|(at, on, _)| (*at, *on));
        let mut switches = switches.into_iter().peekable();
        let mut active = Active::default();
        let mut lines = Vec::new();
        let mut line = Line::default();
        let (mut style, mut link) = (Style::default(), None);
        for (at, c) in text.char_indices() {
            let mut changed = false;
            let mut ended = false;
            while let Some((_, on, kind)) = switches.next_if(|(place, ..)| *place <= at) {
                active.switch(kind, on);
                changed = true;
            }
            if changed {
                (style, link) = (active.style(), active.links.last().cloned());
                let (quote, code) = (active.quotes.min(1), active.code.last());
                if line.block.quote != quote || line.block.code != code.is_some() {
                    if !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        ended = true;
                    }
                    line.block.quote = quote;
                    line.block.code = code.is_some();
                    line.block.language = code.cloned().flatten();
                }
            }
            if c == '\n' && ended {
                // It ends the block's last line, which is written already.
            } else if c == '\n' {
                let next = Line { block: line.block.clone(), ..Line::default() };
                lines.push(std::mem::replace(&mut line, next));
            } else {
                line.push(c, style, link.as_ref());
            }
        }
        lines.push(line);
        Self { lines }.tidy()
    }
}
