//! From the tree of parts to the readable body and the files.
//!
//! Invariants: every leaf ends up in the body or among the files, except renditions of the same text
//! (multipart/alternative) and resource forks; the order of the parts is kept.

use encoding_rs::Encoding;

use crate::attachment::{self, Attachment};
use crate::mime::part::Part;
use crate::mime::transfer;
use crate::{calendar, charset, html, tnef};

/// A piece of the body in the forms it came in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    pub text: Option<String>,
    /// As received, not yet sanitised.
    pub html: Option<String>,
}

/// The body of a message and its files.
#[derive(Debug, Default)]
pub struct Body {
    pub blocks: Vec<Block>,
    pub files: Vec<Attachment>,
    /// Readable words made from invitations, used when nothing else is there to read.
    pub invitations: Vec<String>,
    /// Text parts that came as named files but not as attachments: the body, if there is no other.
    named_texts: Vec<Block>,
    hint: Option<&'static Encoding>,
}

impl Body {
    /// Takes a message tree apart. `hint` is the encoding for bytes too few to tell their own.
    pub fn collect(tree: &Part<'_>, hint: Option<&'static Encoding>) -> Self {
        let mut body = Self { hint, ..Self::default() };
        body.walk(tree, true);
        if body.blocks.iter().all(Block::is_blank) && !body.named_texts.is_empty() {
            body.blocks = std::mem::take(&mut body.named_texts);
        }
        body
    }

    fn walk(&mut self, part: &Part<'_>, root: bool) {
        if part.is_multipart() {
            match part.mime() {
                "multipart/alternative" => self.alternative(part),
                "multipart/appledouble" => {
                    for child in part.children.iter().filter(|child| child.mime() != "application/applefile") {
                        self.walk(child, false);
                    }
                }
                _ => part.children.iter().for_each(|child| self.walk(child, false)),
            }
            return;
        }
        match part.mime() {
            "text/plain" | "text/html" | "text/enriched" | "text/richtext" => self.text(part, root),
            "text/calendar" | "application/ics" => {
                self.invitations.extend(calendar::readable(&attachment::part_text(part, self.hint)));
                self.file(part);
            }
            "application/ms-tnef" | "application/vnd.ms-tnef" => self.tnef(part),
            _ if tnef::is_tnef(part.body) || is_winmail(part) => self.tnef(part),
            _ => self.file(part),
        }
    }

    fn file(&mut self, part: &Part<'_>) {
        let file = attachment::from_part(part, self.hint);
        // An empty nameless leaf is the leftover of a broken boundary.
        if !file.data.is_empty() || attachment::given_name(part, None).is_some() || file.content_id.is_some() {
            self.files.push(file);
        }
    }

    fn text(&mut self, part: &Part<'_>, root: bool) {
        let block = self.text_block(part);
        if part.disposition.value == "attachment" && !root {
            self.file(part);
        } else if attachment::is_file(part) && !root {
            self.named_texts.push(block);
            self.file(part);
        } else if !block.is_blank() {
            self.blocks.push(block);
        }
    }

    fn text_block(&mut self, part: &Part<'_>) -> Block {
        let text = attachment::part_text(part, self.hint);
        let html = part.headers.first("Content-Type").is_none() && starts_as_html(&text);
        match part.mime() {
            _ if html => Block { text: None, html: Some(text) },
            "text/html" => Block { text: None, html: Some(text) },
            "text/enriched" | "text/richtext" => Block { text: Some(strip_enriched(&text)), html: None },
            _ => {
                let text = self.take_uuencoded(text, part);
                let flowed =
                    part.content_type.plain("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
                let delete_space =
                    part.content_type.plain("delsp").is_some_and(|value| value.eq_ignore_ascii_case("yes"));
                let text = normalise(&text);
                Block { text: Some(if flowed { unflow(&text, delete_space) } else { text }), html: None }
            }
        }
    }

    /// Files that old programs write right into the text ("begin 644 name").
    fn take_uuencoded(&mut self, mut text: String, part: &Part<'_>) -> String {
        for _ in 0..20 {
            let Some(start) = uuencode_start(&text) else { break };
            let Some(length) = text[start..].find("\nend").map(|at| at + 4) else { break };
            let Some((name, data)) = transfer::decode_uuencode(&text.as_bytes()[start..start + length]) else { break };
            let name = charset::decode(&name, part.content_type.text("charset", None).as_deref());
            let content_type = "application/octet-stream".to_owned();
            let name =
                attachment::safe_name(&name).unwrap_or_else(|| attachment::default_name(&content_type, &data, None));
            self.files.push(Attachment { name, content_type, data, ..Attachment::default() });
            text.replace_range(start..start + length, "");
        }
        text
    }

    /// Renditions of one text: the first plain one and the last HTML one.
    fn alternative(&mut self, part: &Part<'_>) {
        let mut chosen = Block::default();
        // AMP and watch renditions are for other readers.
        let others = ["text/x-amp-html", "text/watch-html"];
        for child in part.children.iter().filter(|child| !others.contains(&child.mime())) {
            let mut inner = Self { hint: self.hint, ..Self::default() };
            inner.walk(child, false);
            self.files.append(&mut inner.files);
            self.invitations.append(&mut inner.invitations);
            self.named_texts.append(&mut inner.named_texts);
            let block = Block::join(inner.blocks);
            if let Some(html) = block.html {
                chosen.html = Some(html);
                chosen.text = chosen.text.or(block.text);
            } else if chosen.text.as_deref().is_none_or(|text| text.trim().is_empty()) {
                chosen.text = block.text.or(chosen.text);
            }
        }
        if !chosen.is_blank() {
            self.blocks.push(chosen);
        }
    }

    /// Outlook's winmail.dat: its text counts when there is no other, its files stand for it.
    fn tnef(&mut self, part: &Part<'_>) {
        let Some(content) = tnef::read(&part.data()) else {
            self.file(part);
            return;
        };
        if self.blocks.iter().all(Block::is_blank) && !content.body.is_blank() {
            self.blocks.push(content.body);
        }
        self.files.extend(content.files);
    }
}

impl Block {
    pub fn is_blank(&self) -> bool {
        let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        blank(&self.text) && blank(&self.html)
    }

    /// Consecutive pieces as one. Where one piece has HTML and another has not, the plain one is turned into HTML.
    pub fn join(blocks: Vec<Self>) -> Self {
        let mut blocks = blocks.into_iter().filter(|block| !block.is_blank()).peekable();
        let Some(mut whole) = blocks.next() else { return Self::default() };
        if blocks.peek().is_none() {
            return whole;
        }
        let rest: Vec<Self> = blocks.collect();
        let any_html = whole.html.is_some() || rest.iter().any(|block| block.html.is_some());
        if any_html {
            whole.text = Some(whole.readable());
            whole.html = Some(whole.markup());
        }
        for block in rest {
            if any_html {
                whole.html = whole.html.map(|html| html + "<br>\n" + &block.markup());
            }
            whole.text = whole.text.map(|text| text.trim_end().to_owned() + "\n\n" + &block.readable());
        }
        whole
    }

    fn readable(&self) -> String {
        match (&self.text, &self.html) {
            (Some(text), _) => text.clone(),
            (None, Some(html)) => html::html_to_text(html),
            (None, None) => String::new(),
        }
    }

    fn markup(&self) -> String {
        match (&self.html, &self.text) {
            (Some(html), _) => html.clone(),
            (None, Some(text)) => html::text_to_html(text.trim()),
            (None, None) => String::new(),
        }
    }
}

/// A page sent without saying so.
fn starts_as_html(text: &str) -> bool {
    let head = text.trim_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

fn is_winmail(part: &Part<'_>) -> bool {
    attachment::given_name(part, None)
        .is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat") || name.eq_ignore_ascii_case("win.dat"))
}

fn uuencode_start(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if transfer::uuencode_begin(line.trim_end().as_bytes()).is_some() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// Line ends as `\n`, without control characters and without blanks before a line end (a flowed text keeps its one).
pub fn normalise(text: &str) -> String {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    charset::scrub(text.trim_start_matches('\u{feff}')).into_owned()
}

/// Undoes `format=flowed` (RFC 3676): a line that ends in a space goes on in the next one of the same quote depth.
fn unflow(text: &str, delete_space: bool) -> String {
    let mut lines: Vec<String> = Vec::new();
    // The quote depth of a line that goes on.
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.len() - line.trim_start_matches('>').len();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        let flows = content.ends_with(' ') && !signature;
        let kept = if flows && delete_space { &content[..content.len() - 1] } else { content };
        match lines.last_mut() {
            Some(last) if open == Some(depth) && !signature => last.push_str(kept),
            _ if depth == 0 => lines.push(kept.to_owned()),
            _ => lines.push(format!("{} {kept}", ">".repeat(depth))),
        }
        open = flows.then_some(depth);
    }
    lines.join("\n")
}

/// text/enriched (RFC 1896): commands in angle brackets are dropped, `<<` is a bracket.
fn strip_enriched(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('<') {
            out.push('<');
            rest = tail;
        } else if let Some(end) = rest.find('>') {
            rest = &rest[end + 1..];
        }
    }
    out.push_str(rest);
    normalise(&out)
}
