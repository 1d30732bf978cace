//! A small tree for HTML that ammonia has cleaned: allowlisted elements, quoted attributes, balanced tags.
//!
//! Invariants: depth is bounded by [`MAX_DEPTH`], so recursion over the tree is safe; printing escapes every text and
//! attribute, so no text can become markup.

use std::borrow::Cow;

/// Deeper elements lose their tags and keep their text.
const MAX_DEPTH: usize = 200;

pub type NodeId = usize;

#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<NodeId>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug)]
pub enum Node {
    Element(Element),
    Text(String),
}

/// The tree; node 0 is a nameless root.
#[derive(Debug)]
pub struct Dom {
    pub nodes: Vec<Node>,
}

pub const ROOT: NodeId = 0;

pub fn is_void(name: &str) -> bool {
    matches!(name, "br" | "img" | "hr" | "wbr" | "col")
}

impl Dom {
    /// Parses cleaned HTML.
    pub fn parse(html: &str) -> Self {
        let root = Node::Element(Element { name: String::new(), attributes: Vec::new(), children: Vec::new() });
        let mut dom = Self { nodes: vec![root] };
        let mut open: Vec<NodeId> = vec![ROOT];
        // Elements dropped for depth, so that their end tags close nothing.
        let mut dropped = 0usize;
        let mut rest = html;
        while !rest.is_empty() {
            let Some(start) = rest.find('<') else {
                dom.text(&open, rest);
                break;
            };
            dom.text(&open, &rest[..start]);
            rest = &rest[start..];
            let Some(tag) = read_tag(rest) else {
                dom.text(&open, "<");
                rest = &rest[1..];
                continue;
            };
            rest = &rest[tag.length..];
            if tag.closing {
                if dropped > 0 {
                    dropped -= 1;
                } else if let Some(position) =
                    open.iter().rposition(|id| dom.name(*id) == tag.name).filter(|position| *position > 0)
                {
                    open.truncate(position);
                }
                continue;
            }
            if tag.name.is_empty() {
                continue;
            }
            let void = is_void(&tag.name);
            if open.len() >= MAX_DEPTH && !void {
                dropped += 1;
                continue;
            }
            let element = Element { name: tag.name, attributes: tag.attributes, children: Vec::new() };
            let id = dom.add(&open, Node::Element(element));
            if !void {
                open.push(id);
            }
        }
        dom
    }

    fn add(&mut self, open: &[NodeId], node: Node) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(node);
        let parent = open.last().copied().unwrap_or(ROOT);
        if let Some(Node::Element(parent)) = self.nodes.get_mut(parent) {
            parent.children.push(id);
        }
        id
    }

    /// Adds text; inside `pre` each line is a node of its own, so that a quotation can be cut between lines.
    fn text(&mut self, open: &[NodeId], raw: &str) {
        if raw.is_empty() {
            return;
        }
        let text = unescape(raw);
        if open.iter().any(|id| self.name(*id) == "pre") {
            for line in text.split_inclusive('\n') {
                self.add(open, Node::Text(line.to_owned()));
            }
        } else {
            self.add(open, Node::Text(text.into_owned()));
        }
    }

    pub fn element(&self, id: NodeId) -> Option<&Element> {
        match self.nodes.get(id) {
            Some(Node::Element(element)) => Some(element),
            _ => None,
        }
    }

    pub fn name(&self, id: NodeId) -> &str {
        self.element(id).map_or("", |element| element.name.as_str())
    }

    pub fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element> {
        self.nodes.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Prints the tree without `class` and `id`. Leaves that `keep` refuses are left out, and elements that hold
    /// nothing any more with them.
    pub fn to_html(&self, keep: &dyn Fn(NodeId) -> bool) -> String {
        let mut out = String::new();
        for child in self.element(ROOT).map(|root| root.children.as_slice()).unwrap_or_default() {
            self.print(*child, keep, &mut out);
        }
        out
    }

    fn print(&self, id: NodeId, keep: &dyn Fn(NodeId) -> bool, out: &mut String) {
        match self.nodes.get(id) {
            Some(Node::Text(text)) if keep(id) => escape_into(text, false, out),
            Some(Node::Element(element)) if !element.children.is_empty() || keep(id) => {
                let before = out.len();
                out.push('<');
                out.push_str(&element.name);
                for (name, value) in
                    element.attributes.iter().filter(|(name, _)| !matches!(name.as_str(), "class" | "id"))
                {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    escape_into(value, true, out);
                    out.push('"');
                }
                out.push('>');
                let inner = out.len();
                for child in &element.children {
                    self.print(*child, keep, out);
                }
                if out.len() == inner && !element.children.is_empty() {
                    out.truncate(before);
                } else if !is_void(&element.name) {
                    out.push_str("</");
                    out.push_str(&element.name);
                    out.push('>');
                }
            }
            _ => {}
        }
    }
}

struct Tag {
    name: String,
    closing: bool,
    attributes: Vec<(String, String)>,
    length: usize,
}

/// Reads a tag or comment at the start of `input`; a comment comes out as a tag without a name.
fn read_tag(input: &str) -> Option<Tag> {
    let mut tag = Tag { name: String::new(), closing: false, attributes: Vec::new(), length: 0 };
    if input.starts_with("<!--") {
        tag.length = input.find("-->").map_or(input.len(), |end| end + 3);
        return Some(tag);
    }
    if input.starts_with("<!") || input.starts_with("<?") {
        tag.length = input.find('>').map_or(input.len(), |end| end + 1);
        return Some(tag);
    }
    let mut rest = &input[1..];
    if let Some(tail) = rest.strip_prefix('/') {
        tag.closing = true;
        rest = tail;
    }
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))?;
    tag.name = rest[..end].to_ascii_lowercase();
    rest = &rest[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(tail) = rest.strip_prefix('>') {
            tag.length = input.len() - tail.len();
            return Some(tag);
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '='))?;
        // An attribute name may start with "=" in HTML; such rubbish is skipped.
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = Cow::Borrowed("");
        if let Some(tail) = rest.strip_prefix('=') {
            let tail = tail.trim_start();
            let (raw, after) = match tail.chars().next()? {
                quote @ ('"' | '\'') => tail[1..].split_once(quote)?,
                _ => tail.split_at(tail.find(|c: char| c.is_ascii_whitespace() || c == '>')?),
            };
            value = unescape(raw);
            rest = after;
        }
        if !name.is_empty() && !name.contains(['"', '\'', '<']) {
            tag.attributes.push((name, value.into_owned()));
        }
    }
}

/// Undoes the escapes that a serialiser writes, and numeric ones; others are left as they are.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let decoded = end.and_then(|end| Some((end, entity(&rest[1..end])?)));
        if let Some((end, c)) = decoded {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "laquo" => '«',
        "raquo" => '»',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            return char::from_u32(code).filter(|c| !c.is_control() || *c == '\n');
        }
    };
    Some(c)
}

/// Appends `text` escaped for element content or for a double-quoted attribute.
pub fn escape_into(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            _ => out.push(c),
        }
    }
}
