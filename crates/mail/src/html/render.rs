//! The tree as lines of plain text, each knowing the leaves it came from, so that a decision about lines (this is
//! quoted history) can be carried back to the tree.

use super::dom::{Dom, Element, Node, NodeId, ROOT};

/// What a mail program says about a line by the element around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    None,
    /// The header of the history starts here, and all that follows is history (Outlook).
    HistoryFromHere,
    /// The line that introduces a quotation.
    Attribution,
    /// Inside an element that holds a signature.
    Signature,
}

/// A rendered line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub text: String,
    /// How many quotations it stands in.
    pub depth: usize,
    pub mark: Mark,
    /// Shows a picture: not empty even without text.
    pub picture: bool,
    pub leaves: Vec<NodeId>,
}

/// Renders the tree into lines.
pub fn lines(dom: &Dom) -> Vec<Line> {
    let mut renderer =
        Renderer { dom, out: Vec::new(), line: Line::default(), context: Context::default(), pending_mark: Mark::None };
    renderer.children(ROOT);
    renderer.end_line(false);
    renderer.out
}

/// Lines as text, quotations marked with `> `, without runs of empty lines.
pub fn to_text(lines: &[Line]) -> String {
    let mut out = String::new();
    let mut blank = true;
    for line in lines {
        let text = line.text.trim_end();
        if text.is_empty() {
            if !blank {
                out.push('\n');
                blank = true;
            }
            continue;
        }
        blank = false;
        for _ in 0..line.depth {
            out.push_str("> ");
        }
        out.push_str(text);
        out.push('\n');
    }
    out.trim_end().to_owned()
}

/// What surrounds the current place.
#[derive(Clone, Copy, Default)]
struct Context {
    depth: usize,
    preformatted: bool,
    signature: bool,
    attribution: bool,
    /// List nesting, and the number of the next item of a numbered one.
    list_depth: usize,
}

struct Renderer<'d> {
    dom: &'d Dom,
    out: Vec<Line>,
    line: Line,
    context: Context,
    pending_mark: Mark,
}

impl Renderer<'_> {
    fn children(&mut self, id: NodeId) {
        let dom = self.dom;
        let Some(element) = dom.element(id) else { return };
        let mut number = element.attribute("start").and_then(|start| start.parse::<i64>().ok()).unwrap_or(1);
        for child in &element.children {
            match dom.nodes.get(*child) {
                Some(Node::Text(text)) => self.text(*child, text),
                Some(Node::Element(inner)) => {
                    if inner.name == "li" {
                        let bullet = if element.name == "ol" { format!("{number}. ") } else { "- ".to_owned() };
                        number = number.saturating_add(1);
                        self.item(*child, &bullet);
                    } else {
                        self.element(*child, inner);
                    }
                }
                None => {}
            }
        }
    }

    fn element(&mut self, id: NodeId, element: &Element) {
        if is_hidden(element) {
            // Kept with its neighbours, so that a cut takes it along.
            self.hide(id);
            return;
        }
        let outer = self.context;
        self.enter(element);
        match element.name.as_str() {
            "br" => {
                self.line.leaves.push(id);
                self.end_line(true);
            }
            "hr" => {
                self.end_line(false);
                self.put("---");
                self.line.leaves.push(id);
                self.end_line(false);
            }
            "img" => self.picture(id, element),
            "td" | "th" => {
                if !self.line.text.trim().is_empty() {
                    self.put(" | ");
                }
                self.children(id);
            }
            "a" => self.link(id, element),
            "pre" => {
                self.end_line(false);
                self.context.preformatted = true;
                self.children(id);
                self.end_line(false);
            }
            name if is_block(name) => {
                self.end_line(false);
                let spaced = has_margin(element);
                if spaced {
                    self.blank_line();
                }
                self.children(id);
                self.end_line(false);
                if spaced {
                    self.blank_line();
                }
            }
            _ => self.children(id),
        }
        self.context = outer;
    }

    fn enter(&mut self, element: &Element) {
        match role(element) {
            Role::Quotation => {
                self.end_line(false);
                self.context.depth += 1;
            }
            Role::HistoryHeader => {
                self.end_line(false);
                self.pending_mark = Mark::HistoryFromHere;
            }
            Role::Signature => {
                self.end_line(false);
                self.context.signature = true;
            }
            Role::Attribution => {
                self.end_line(false);
                self.context.attribution = true;
            }
            Role::Nothing => {}
        }
        if matches!(element.name.as_str(), "ul" | "ol") {
            self.context.list_depth += 1;
        }
    }

    fn item(&mut self, id: NodeId, bullet: &str) {
        self.end_line(false);
        let indent = "  ".repeat(self.context.list_depth.saturating_sub(1).min(8));
        self.put(&indent);
        self.put(bullet);
        self.children(id);
        self.end_line(false);
    }

    fn hide(&mut self, id: NodeId) {
        self.line.leaves.push(id);
        let Some(element) = self.dom.element(id) else { return };
        for child in &element.children {
            self.hide(*child);
        }
    }

    fn picture(&mut self, id: NodeId, element: &Element) {
        self.line.leaves.push(id);
        let tiny =
            |name: &str| element.attribute(name).is_some_and(|size| matches!(size.trim_end_matches("px"), "0" | "1"));
        if tiny("width") || tiny("height") {
            return;
        }
        self.line.picture = true;
        let alt = element.attribute("alt").unwrap_or_default().trim();
        if !alt.is_empty() {
            let alt: String = alt.split_whitespace().collect::<Vec<_>>().join(" ");
            self.put(&format!("[{alt}]"));
        }
    }

    /// The words of a link, followed by its address where they do not show it.
    fn link(&mut self, id: NodeId, element: &Element) {
        let (line, column) = (self.out.len(), self.line.text.len());
        self.children(id);
        let href = element.attribute("href").unwrap_or_default().trim();
        let shown = if self.out.len() == line { self.line.text.get(column..).unwrap_or_default().trim() } else { "" };
        let bare = |text: &str| {
            let text = text.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
            text.trim_end_matches('/').to_lowercase()
        };
        let worth = href.starts_with("http") && href.len() <= 300 && !shown.is_empty() && bare(shown) != bare(href);
        if worth && !shown.starts_with("http") {
            self.put(&format!(" ({href})"));
        }
    }

    fn text(&mut self, id: NodeId, text: &str) {
        if self.context.preformatted {
            for piece in text.split_inclusive('\n') {
                self.line.leaves.push(id);
                self.put(piece.trim_end_matches('\n'));
                if piece.ends_with('\n') {
                    self.end_line(true);
                }
            }
            return;
        }
        self.line.leaves.push(id);
        for c in text.chars() {
            if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{200c}' | '\u{34f}') {
                let keep = c == '\u{a0}' && !self.line.text.is_empty();
                if (keep || !self.line.text.is_empty()) && !self.line.text.ends_with(' ') && c.is_whitespace() {
                    self.line.text.push(' ');
                }
            } else {
                self.start_line();
                self.line.text.push(c);
            }
        }
    }

    fn put(&mut self, text: &str) {
        self.start_line();
        self.line.text.push_str(text);
    }

    /// Notes what surrounds the line when its first sign is written.
    fn start_line(&mut self) {
        if self.line.text.is_empty() {
            self.line.depth = self.context.depth;
            if self.pending_mark != Mark::None {
                self.line.mark = std::mem::take(&mut self.pending_mark);
            } else if self.context.attribution {
                self.line.mark = Mark::Attribution;
            } else if self.context.signature {
                self.line.mark = Mark::Signature;
            }
        }
    }

    /// Ends the line; an empty one stays only when `forced` (a `br`). Leaves without text go to the next line.
    fn end_line(&mut self, forced: bool) {
        let blank = self.line.text.trim().is_empty() && !self.line.picture;
        if blank && !forced {
            return;
        }
        if blank {
            self.line.text.clear();
        }
        if self.line.text.is_empty() {
            self.line.depth = self.context.depth;
        }
        self.out.push(std::mem::take(&mut self.line));
    }

    fn blank_line(&mut self) {
        if self.out.last().is_some_and(|line| !line.text.is_empty() || line.picture) {
            self.out.push(Line { depth: self.context.depth, ..Line::default() });
        }
    }
}

enum Role {
    Nothing,
    Quotation,
    HistoryHeader,
    Attribution,
    Signature,
}

/// What an element is for, by the marks mail programs leave.
fn role(element: &Element) -> Role {
    let class = element.attribute("class").unwrap_or_default();
    let id = element.attribute("id").unwrap_or_default();
    let has_class =
        |names: &[&str]| class.split_ascii_whitespace().any(|word| names.contains(&word.trim_start_matches("x_")));
    if element.name == "blockquote" {
        return if is_indent(element) { Role::Nothing } else { Role::Quotation };
    }
    // Gmail's gmail_quote is no quotation by itself: answers may stand between the quotations in it.
    if has_class(&["yahoo_quoted", "protonmail_quote", "tutanota_quote"]) {
        return Role::Quotation;
    }
    if has_class(&["gmail_attr", "moz-cite-prefix"]) {
        return Role::Attribution;
    }
    let id = id.trim_start_matches("x_");
    if matches!(id, "divRplyFwdMsg" | "mail-editor-reference-message-container" | "OLK_SRC_BODY_SECTION") {
        return Role::HistoryHeader;
    }
    let signature =
        has_class(&["gmail_signature", "moz-signature", "gmail_signature_prefix", "protonmail_signature_block-user"])
            || matches!(
                id,
                "Signature" | "ms-outlook-mobile-signature" | "AppleMailSignature" | "lineBreakAtBeginningOfSignature"
            );
    if signature { Role::Signature } else { Role::Nothing }
}

/// A `blockquote` that only indents: Gmail and Outlook write one with a left margin and no border.
fn is_indent(element: &Element) -> bool {
    if element.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite")) {
        return false;
    }
    let class = element.attribute("class").unwrap_or_default();
    if class.contains("quote") || class.contains("cite") {
        return false;
    }
    let style: String = element.attribute("style").unwrap_or_default().split_whitespace().collect();
    style.contains("border:none") || style.contains("border:0") || style.contains("border:medium none")
}

fn is_hidden(element: &Element) -> bool {
    let Some(style) = element.attribute("style") else { return false };
    let style: String = style.split_whitespace().collect();
    style.contains("display:none") || style.contains("mso-hide:all")
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "p"
            | "table"
            | "tr"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "blockquote"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "address"
            | "center"
            | "figure"
            | "figcaption"
            | "details"
            | "summary"
            | "caption"
            | "fieldset"
            | "legend"
            | "hgroup"
            | "dir"
            | "li"
    )
}

/// Whether an empty line stands around the block. Outlook's paragraphs (MsoNormal, zero margins) are single lines.
fn has_margin(element: &Element) -> bool {
    match element.name.as_str() {
        "p" => {
            let class = element.attribute("class").unwrap_or_default();
            let style: String = element.attribute("style").unwrap_or_default().split_whitespace().collect();
            !(class.contains("MsoNormal") || class.contains("MsoPlainText") || style.contains("margin:0"))
        }
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "ul" | "ol" | "dl" | "table" | "figure" => true,
        _ => false,
    }
}
