//! Mail HTML: cleaning, images, conversion from and to plain text.
//!
//! Invariant: whatever leaves this module was cleaned by ammonia with an allowlist, or built from escaped text. The
//! functions that rewrite (`block_remote_images`, `replace_cids`) take cleaned HTML and keep it clean: they only ever
//! parse it into a tree and print the tree with everything escaped.

mod clean;
pub(crate) mod dom;
mod images;
mod mentions;
mod plain;
pub(crate) mod render;

use dom::Dom;

pub use images::{block_remote_images, replace_cids};
pub use mentions::{keep_mentions, mentions};
pub use plain::text_to_html;

/// Text for the content of an element.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    dom::escape_into(text, false, &mut out);
    out
}

/// Cleans HTML for display: no scripts, forms, frames or styles that could reach outside the text. `cid:`, `data:`
/// image and remote images stay; links open in a new window and tell nothing about where they were clicked.
pub fn sanitize(html: &str) -> String {
    let mut clean = Page::read(html).to_html();
    // The tree of crossed links is printed as links inside links, which a browser reads as another tree: what is stored
    // must mean to every reader what it meant to us.
    for _ in 0..MOST_READINGS {
        if clean.matches("<a ").nth(1).is_none() {
            break;
        }
        let again = Page::read(&clean).to_html();
        if again == clean {
            break;
        }
        clean = again;
    }
    clean
}

/// Crossed links settle after two or three.
const MOST_READINGS: usize = 8;

/// Readable plain text: paragraphs, lists, tables, link targets; quotations are marked with `> `.
pub fn html_to_text(html: &str) -> String {
    Page::read(html).to_text()
}

/// Cleaned HTML as a tree that still knows the classes and ids by which mail programs mark quotations.
#[derive(Debug)]
pub struct Page {
    pub(crate) dom: Dom,
}

impl Page {
    /// Cleans and parses HTML as received.
    pub fn read(html: &str) -> Self {
        Self { dom: Dom::parse(clean::clean(html).trim()) }
    }

    pub fn to_html(&self) -> String {
        self.dom.to_html(&|_| true)
    }

    pub fn to_text(&self) -> String {
        render::to_text(&render::lines(&self.dom))
    }

    /// The ids in `cid:` references, in lower case.
    pub fn content_ids(&self) -> Vec<String> {
        images::content_ids(&self.dom)
    }
}
