//! What a person wrote, apart from the history quoted below it and from the signature.
//!
//! Every line is one of three: new, quoted, signature. The same rules judge plain text and rendered HTML; HTML adds
//! what the elements say. Invariants: no line is lost (the three together are the input); where answers stand between
//! quoted lines the quotation stays with them; a forwarded message is what its sender wanted to show, so it stays.

mod phrases;
mod rules;
mod signature;

use crate::html::Page;
use crate::html::render::{self, Mark};

pub use rules::Class;
use rules::{Context, Line};

/// A text taken apart. Each field holds whole lines in their order, without empty lines at its ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    pub new: String,
    pub quoted: String,
    pub signature: String,
}

/// Takes a plain text apart.
pub fn split_text(text: &str) -> Split {
    split_text_in(text, Context::default())
}

fn split_text_in(text: &str, context: Context) -> Split {
    let lines: Vec<Line<'_>> = text.split('\n').map(Line::plain).collect();
    let classes = rules::classify(&lines, context);
    let collect = |wanted: Class| {
        let kept: Vec<&str> =
            text.split('\n').zip(&classes).filter(|(_, class)| **class == wanted).map(|(line, _)| line).collect();
        without_blank_ends(&kept)
    };
    Split { new: collect(Class::New), quoted: collect(Class::Quoted), signature: collect(Class::Signature) }
}

fn without_blank_ends(lines: &[&str]) -> String {
    let blank = |line: &&str| line.trim().is_empty();
    let start = lines.iter().position(|line| !blank(line)).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !blank(line)).map_or(start, |end| end + 1);
    lines[start..end].join("\n")
}

/// Cleans HTML and takes it apart: the new part, and the rest if there is any.
pub fn split_html(html: &str) -> (String, Option<String>) {
    let page = Page::read(html);
    let split = split_page(&page, Context::default());
    (split.new_html, split.rest_html)
}

struct PageSplit {
    new_text: String,
    new_html: String,
    rest_html: Option<String>,
    has_quote: bool,
}

fn split_page(page: &Page, context: Context) -> PageSplit {
    let rendered = render::lines(&page.dom);
    let lines: Vec<Line<'_>> = rendered.iter().map(Line::rendered).collect();
    let classes = rules::classify(&lines, context);
    // A leaf that also stands in a new line stays; the rest of the page keeps what surrounds it.
    let mut is_new = vec![None; page.dom.nodes.len()];
    for (line, class) in rendered.iter().zip(&classes) {
        for leaf in &line.leaves {
            if let Some(slot) = is_new.get_mut(*leaf) {
                *slot = Some(*slot == Some(true) || *class == Class::New);
            }
        }
    }
    let cut = classes.iter().any(|class| *class != Class::New);
    let kept: Vec<render::Line> = rendered
        .iter()
        .zip(&classes)
        .filter(|(_, class)| **class == Class::New)
        .map(|(line, _)| line.clone())
        .collect();
    PageSplit {
        new_text: render::to_text(&kept),
        new_html: page.dom.to_html(&|id| is_new.get(id).copied().flatten().unwrap_or(!cut)),
        rest_html: cut.then(|| page.dom.to_html(&|id| is_new.get(id).copied().flatten() == Some(false))),
        has_quote: classes.contains(&Class::Quoted),
    }
}

/// The new part of a message.
#[derive(Debug, Default)]
pub struct Reply {
    pub text: String,
    pub html: Option<String>,
    pub has_quote: bool,
}

/// Takes a whole message apart. `has_plain` says that `text` came as such and was not made from the page.
pub fn reply(text: &str, has_plain: bool, page: Option<&Page>, subject: &str) -> Reply {
    let context = Context { forwarded: rules::is_forward_subject(subject) };
    let from_page = page.map(|page| split_page(page, context));
    let plain = split_text_in(text, context);
    let has_quote = !plain.quoted.is_empty();
    match from_page {
        None => Reply { text: plain.new, html: None, has_quote },
        Some(page) => {
            // The page knows more: elements mark the history where plain text only has phrases.
            let by_page = !has_plain || page.has_quote && !has_quote;
            let text = if by_page { page.new_text } else { plain.new };
            Reply { text, html: Some(page.new_html), has_quote: has_quote || page.has_quote }
        }
    }
}

impl<'a> Line<'a> {
    fn rendered(line: &'a render::Line) -> Self {
        Self {
            text: line.text.trim(),
            quoted: line.depth > 0 || line.mark == Mark::Attribution,
            history_from_here: line.mark == Mark::HistoryFromHere,
            signature: line.mark == Mark::Signature,
            picture: line.picture,
        }
    }
}
