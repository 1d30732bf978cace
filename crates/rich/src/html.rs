//! Our HTML read into a document, and a document written as HTML.
//!
//! The reader works on tokens and a stack of its own: unbalanced or unknown markup costs formatting, never text, and depth
//! is bounded.

use std::cell::RefCell;
use std::mem::take;
use std::sync::Arc;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::document::{Block, Document, Line, MARKS, Mark, Style};
use crate::link;

/// Deeper elements lose their tags and keep their text.
const MAX_DEPTH: usize = 200;
/// Deeper lists are not indented further.
const MAX_INDENT: usize = 6;

impl Document {
    /// Reads HTML as our editor and our sanitiser write it. Pictures are left out: they travel as files.
    pub fn from_html(html: &str) -> Self {
        let tokenizer = Tokenizer::new(Sink(RefCell::new(Reader::default())), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        // A token that pauses the tokenizer does not end it.
        while !input.is_empty() {
            let _paused = tokenizer.feed(&input);
        }
        tokenizer.end();
        let mut reader = tokenizer.sink.0.into_inner();
        reader.end_line();
        Self { lines: reader.lines }.tidy()
    }

    /// Writes the document as HTML for our own pages.
    pub fn to_html(&self) -> String {
        let mut out = String::new();
        let mut index = 0;
        while let Some(first) = self.lines.get(index) {
            let same = |line: &&Line| line.block.code == first.block.code && line.block.quote == first.block.quote;
            let group: Vec<&Line> = self.lines[index..].iter().take_while(same).collect();
            index += group.len();
            let quote = first.block.quote;
            out.push_str(&"<blockquote>".repeat(quote));
            let (open, between, close) =
                if first.block.code { ("<pre><code>", "\n", "</code></pre>") } else { ("<p>", "<br>", "</p>") };
            out.push_str(open);
            for (number, line) in group.iter().enumerate() {
                if number > 0 {
                    out.push_str(between);
                }
                line_to_html(line, &mut out);
            }
            // The last line break of a block shows nothing, so an empty last line needs one more.
            if group.last().is_some_and(|line| line.is_empty()) {
                out.push_str(between);
            }
            out.push_str(close);
            out.push_str(&"</blockquote>".repeat(quote));
        }
        out
    }
}

fn line_to_html(line: &Line, out: &mut String) {
    let keep = line.block.code;
    let mut after_blank = true;
    escape_spaced(&line.prefix, keep, &mut after_blank, out);
    for span in &line.spans {
        let names = |mark: &Mark| match mark {
            Mark::Bold => "strong",
            Mark::Italic => "em",
            Mark::Underline => "u",
            Mark::Strike => "s",
            Mark::Code => "code",
        };
        let marks: Vec<&str> = MARKS.iter().filter(|mark| span.style.has(**mark) && !keep).map(names).collect();
        if let Some(address) = &span.link {
            out.push_str("<a href=\"");
            escape(address, out);
            out.push_str("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
        }
        for name in &marks {
            out.push_str(&format!("<{name}>"));
        }
        escape_spaced(&span.text, keep, &mut after_blank, out);
        for name in marks.iter().rev() {
            out.push_str(&format!("</{name}>"));
        }
        if span.link.is_some() {
            out.push_str("</a>");
        }
    }
}

/// Escapes text for content and for a quoted attribute.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// Escapes text and, outside code, keeps runs of blanks visible.
fn escape_spaced(text: &str, keep: bool, after_blank: &mut bool, out: &mut String) {
    let mut piece = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' if !keep => piece.push_str("\u{a0}\u{a0}\u{a0} "),
            ' ' if !keep && *after_blank => piece.push('\u{a0}'),
            c => piece.push(c),
        }
        *after_blank = matches!(c, ' ' | '\t');
    }
    escape(&piece, out);
}

/// What the open elements say about the text inside them.
#[derive(Clone, Default)]
struct State {
    style: Style,
    link: Option<Arc<str>>,
    block: Block,
    /// Around: how many lists, and the next number of the innermost, if it has numbers.
    lists: usize,
    /// Inside `script`, `style` and their kind.
    hidden: bool,
}

struct Open {
    name: String,
    /// What held before this element.
    outer: State,
    /// Lines there were when it began.
    lines: usize,
    /// The number of the next item, of a numbered list.
    number: Option<u64>,
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    line: Line,
    state: State,
    open: Vec<Open>,
    /// Elements left out for their depth, so that their end tags close nothing.
    dropped: usize,
    /// The bullet that waits for its text.
    bullet: Option<String>,
    /// A line break straight after `<pre>` is not content.
    fresh_code: bool,
}

struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => reader.start(&tag),
            Token::TagToken(tag) => reader.end(&tag.name),
            Token::CharacterTokens(text) => reader.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "wbr"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "blockquote"
            | "center"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "li"
            | "main"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "tr"
            | "ul"
    )
}

impl Reader {
    fn start(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        self.fresh_code = false;
        if name == "br" {
            self.break_line();
            return;
        }
        if is_block(name) {
            self.end_line();
        }
        if name == "hr" {
            self.end_line();
            self.text("———");
            self.end_line();
        }
        if matches!(name, "td" | "th") && !self.line.ends_blank() {
            self.push(' ');
            self.push(' ');
        }
        if is_void(name) {
            return;
        }
        if self.open.len() >= MAX_DEPTH {
            self.dropped += 1;
            return;
        }
        let attribute = |wanted: &str| {
            tag.attrs.iter().find(|attribute| &*attribute.name.local == wanted).map(|attribute| &*attribute.value)
        };
        // A paragraph or an item ends where the next one starts, even without its end tag.
        if matches!(name, "p" | "li") && self.open.last().is_some_and(|open| open.name == name) {
            self.end(name);
        }
        let mut open = Open { name: name.to_owned(), outer: self.state.clone(), lines: self.lines.len(), number: None };
        let state = &mut self.state;
        match name {
            "b" | "strong" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" | "mark" => {
                state.style = state.style.with(Mark::Bold)
            }
            "i" | "em" | "cite" | "dfn" | "var" => state.style = state.style.with(Mark::Italic),
            "u" | "ins" => state.style = state.style.with(Mark::Underline),
            "s" | "del" | "strike" => state.style = state.style.with(Mark::Strike),
            "code" | "tt" | "kbd" | "samp" => {
                if state.block.code {
                    let class = attribute("class").and_then(|class| class.strip_prefix("language-"));
                    state.block.language = class.and_then(language).or_else(|| state.block.language.take());
                } else {
                    state.style = state.style.with(Mark::Code);
                }
            }
            "a" => state.link = attribute("href").and_then(link::safe),
            "blockquote" => state.block.quote = (state.block.quote + 1).min(MAX_INDENT),
            "pre" => {
                state.block.code = true;
                self.fresh_code = true;
            }
            "ul" => state.lists += 1,
            "ol" => {
                state.lists += 1;
                open.number = Some(attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1));
            }
            "li" => self.bullet = Some(self.next_bullet()),
            "script" | "style" | "title" | "template" | "head" => state.hidden = true,
            _ => {}
        }
        self.open.push(open);
    }

    fn next_bullet(&mut self) -> String {
        let list = self.open.iter_mut().rev().find(|open| matches!(open.name.as_str(), "ul" | "ol"));
        let sign = match list.and_then(|list| list.number.as_mut()) {
            Some(number) => {
                let sign = format!("{number}. ");
                *number = number.saturating_add(1);
                sign
            }
            None => "• ".to_owned(),
        };
        format!("{}{sign}", "  ".repeat(self.state.lists.clamp(1, MAX_INDENT) - 1))
    }

    fn end(&mut self, name: &str) {
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        if is_block(name) {
            self.end_line();
        }
        let Some(position) = self.open.iter().rposition(|open| open.name == name) else { return };
        let element = &self.open[position];
        // An empty paragraph is how the editor writes an empty line; in an item it is only the item's frame.
        if name == "p" && element.lines == self.lines.len() && self.bullet.is_none() && !self.state.hidden {
            self.break_line();
        }
        if name == "li" {
            self.bullet = None;
        }
        let closed = self.open.drain(position..).next();
        if let Some(closed) = closed {
            self.state = closed.outer;
        }
        self.fresh_code = false;
    }

    fn text(&mut self, text: &str) {
        if self.state.hidden {
            return;
        }
        for c in text.chars() {
            let fresh = take(&mut self.fresh_code);
            if self.state.block.code {
                match c {
                    '\n' if fresh => {}
                    '\n' => self.break_line(),
                    c => self.push(c),
                }
            } else if c.is_ascii_whitespace() {
                if !self.line.ends_blank() {
                    self.push(' ');
                }
            } else {
                self.push(c);
            }
        }
    }

    fn push(&mut self, c: char) {
        if self.line.is_empty() {
            self.line.block = self.state.block.clone();
            let indent = || "  ".repeat(self.state.lists.min(MAX_INDENT));
            self.line.prefix = self.bullet.take().unwrap_or_else(indent);
        }
        self.line.push(c, self.state.style, self.state.link.as_ref());
    }

    /// Ends the line if there is one.
    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.break_line();
        }
    }

    /// Ends the line, even an empty one.
    fn break_line(&mut self) {
        if self.state.hidden {
            return;
        }
        let mut line = take(&mut self.line);
        if line.is_empty() {
            line.block = self.state.block.clone();
        }
        if !line.block.code {
            line.trim_end();
        }
        if line.text().trim().is_empty() {
            line.prefix.clear();
        }
        self.lines.push(line);
    }
}

/// A code block's language, if it is a name.
pub(crate) fn language(name: &str) -> Option<Arc<str>> {
    let usable = !name.is_empty() && name.len() <= 20;
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#' | '.'));
    (usable && plain).then(|| Arc::from(name))
}
