//! The allowlist, and a guard against HTML built to be slow.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// A longer page is cut here: nobody reads it, and cleaning needs many times its size in memory.
const MAX_LENGTH: usize = 4 * 1024 * 1024;
/// Open tags times nesting depth: the HTML tree algorithm walks the open elements for many tags, so this bounds its
/// work to well under a second. Real mail stays a hundred times below.
const MAX_WORK: usize = 5_000_000;
/// Text length times special characters in it, summed: a tenth of a second.
const MAX_TEXT_WORK: usize = 1_000_000_000;
/// More named character references than this (usual ones aside) are shown as they are written.
const MAX_NAMED: usize = 10_000;

/// Cleans `html`, leaving `class` and `id` in for the quotation finder; they are dropped when the tree is printed.
pub fn clean(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(MAX_LENGTH)];
    let html: Cow<'_, str> = if html.contains('\0') { Cow::Owned(html.replace('\0', "")) } else { Cow::Borrowed(html) };
    if is_too_costly(&html) || is_costly_text(&html) {
        return super::text_to_html(&without_tags(&html));
    }
    CLEANER.clean(&numeric_references(&html)).to_string()
}

/// Writes the usual character references as numbers, and lone ampersands too. The tokeniser's time for named ones grows
/// with the square of their number in a text.
fn numeric_references(html: &str) -> Cow<'_, str> {
    const NAMES: [(&str, &str); 6] = [
        ("amp;", "&#38;"),
        ("nbsp;", "&#160;"),
        ("lt;", "&#60;"),
        ("gt;", "&#62;"),
        ("quot;", "&#34;"),
        ("apos;", "&#39;"),
    ];
    if !html.contains('&') {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    let mut named = 0usize;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some((name, number)) = NAMES.iter().find(|(name, _)| rest.starts_with(name)) {
            out.push_str(number);
            rest = &rest[name.len()..];
        } else if rest.starts_with('#') {
            out.push('&');
        } else if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && named < MAX_NAMED {
            named += 1;
            out.push('&');
        } else {
            out.push_str("&#38;");
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(cleaner);

fn cleaner() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(["font", "address", "section", "main", "big", "tfoot", "dir", "fieldset", "legend"])
        .rm_tags(["map", "area"])
        .add_clean_content_tags([
            "title", "template", "textarea", "select", "option", "iframe", "object", "embed", "applet", "svg", "math",
            "audio", "video", "noscript", "noframes", "noembed", "xmp", "xml", "frameset", "button",
        ])
        .add_generic_attributes([
            "style",
            "class",
            "id",
            "dir",
            "align",
            "valign",
            "bgcolor",
            "background",
            "width",
            "height",
            "nowrap",
        ])
        .add_tag_attributes("font", ["color", "face", "size"])
        .add_tag_attributes("blockquote", ["type"])
        .add_tag_attributes("img", ["border", "hspace", "vspace", "srcset"])
        .add_tag_attributes("table", ["border", "cellpadding", "cellspacing", "rules", "frame"])
        .add_tag_attributes("ol", ["type"])
        .add_tag_attributes("ul", ["type"])
        .add_tag_attributes("a", ["name"])
        .add_tag_attributes("span", [super::mentions::MENTION])
        .filter_style_properties(STYLE_PROPERTIES.iter().copied().collect::<HashSet<_>>())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "sms", "cid", "data", "ftp", "xmpp", "sip"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(filter_attribute);
    builder
}

/// Text and box properties only: nothing that positions outside the text, animates or loads anything but images.
const STYLE_PROPERTIES: &[&str] = &[
    "color",
    "background",
    "background-color",
    "background-image",
    "background-repeat",
    "background-size",
    "background-position",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "line-height",
    "letter-spacing",
    "word-spacing",
    "text-align",
    "text-decoration",
    "text-decoration-line",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "word-break",
    "word-wrap",
    "overflow-wrap",
    "direction",
    "unicode-bidi",
    "margin",
    "margin-top",
    "margin-right",
    "margin-bottom",
    "margin-left",
    "padding",
    "padding-top",
    "padding-right",
    "padding-bottom",
    "padding-left",
    "border",
    "border-top",
    "border-right",
    "border-bottom",
    "border-left",
    "border-color",
    "border-style",
    "border-width",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-collapse",
    "border-spacing",
    "border-radius",
    "width",
    "height",
    "max-width",
    "min-width",
    "max-height",
    "min-height",
    "display",
    "float",
    "clear",
    "list-style",
    "list-style-type",
    "table-layout",
    "caption-side",
    "overflow",
    "object-fit",
    "opacity",
];

fn filter_attribute<'u>(element: &str, attribute: &str, value: &'u str) -> Option<Cow<'u, str>> {
    let is_image = (element == "img" && attribute == "src") || attribute == "background";
    let scheme = value.trim_start().split(':').next().unwrap_or_default().to_ascii_lowercase();
    match attribute {
        "src" | "background" if is_image => {
            let safe = match scheme.as_str() {
                "data" => is_image_data(value),
                "http" | "https" | "cid" => true,
                _ => false,
            };
            safe.then_some(Cow::Borrowed(value))
        }
        "srcset" => safe_srcset(value).then_some(Cow::Borrowed(value)),
        "style" => safe_style(value),
        super::mentions::MENTION => super::mentions::is_id(value).then_some(Cow::Borrowed(value)),
        _ if scheme == "data" || scheme == "cid" && attribute == "href" => None,
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Pictures written into the address itself. SVG is left out: it is a document that may hold scripts.
fn is_image_data(value: &str) -> bool {
    let head: String = value.trim_start().chars().take(24).collect::<String>().to_ascii_lowercase();
    ["png", "jpeg", "jpg", "gif", "webp", "bmp"].iter().any(|kind| {
        head.strip_prefix("data:image/")
            .and_then(|rest| rest.strip_prefix(kind))
            .is_some_and(|rest| rest.starts_with([';', ',']))
    })
}

fn safe_srcset(value: &str) -> bool {
    value.split(',').all(|candidate| {
        let address = candidate.trim_start().to_ascii_lowercase();
        address.starts_with("http://") || address.starts_with("https://") || address.is_empty()
    })
}

/// Declarations that hide what is under them or reach for a script go as a whole.
fn safe_style(value: &str) -> Option<Cow<'_, str>> {
    let lower = value.to_ascii_lowercase();
    let hostile = ["expression(", "javascript:", "vbscript:", "-moz-binding", "behavior:", "data:text"];
    (!hostile.iter().any(|word| lower.contains(word))).then_some(Cow::Borrowed(value))
}

/// The serialiser looks through the rest of a text for every special character in it.
fn is_costly_text(html: &str) -> bool {
    html.split('<')
        .map(|run| run.len().saturating_mul(run.bytes().filter(|b| matches!(b, b'&' | b'>' | 0xa0)).count()))
        .fold(0, usize::saturating_add)
        > MAX_TEXT_WORK
}

/// Estimates the work of building the tree: tags times the deepest run of elements that do not close by themselves.
fn is_too_costly(html: &str) -> bool {
    const SELF_CLOSING: [&str; 22] = [
        "p", "br", "img", "li", "td", "th", "tr", "hr", "dd", "dt", "meta", "link", "input", "option", "col", "tbody",
        "thead", "tfoot", "wbr", "area", "base", "rt",
    ];
    let bytes = html.as_bytes();
    let (mut tags, mut depth, mut deepest) = (0usize, 0usize, 0usize);
    for at in memchr::memchr_iter(b'<', bytes) {
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(letter) if letter.is_ascii_alphabetic() => {
                tags += 1;
                let name = &html[at + 1..];
                let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
                if !SELF_CLOSING.iter().any(|tag| name[..end].eq_ignore_ascii_case(tag)) {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
            }
            _ => {}
        }
    }
    tags.saturating_mul(deepest) > MAX_WORK
}

/// What stands between the tags, for HTML that is not worth a tree.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        out.push(' ');
        rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
    }
    out.push_str(rest);
    let out = super::dom::unescape(&out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
