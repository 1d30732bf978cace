//! Pictures in mail HTML: remote ones are switched off until a reader asks, `cid:` ones are led to their files.

use super::dom::Dom;

/// Moves every remote address that a browser would load by itself out of reach: `src` to `data-src`, `srcset` to
/// `data-srcset`, `background` to `data-background`, style `url()` to `data-style`. Takes cleaned HTML; tells whether
/// anything was blocked.
pub fn block_remote_images(html: &str) -> (String, bool) {
    let mut dom = Dom::parse(html);
    let mut blocked = false;
    for element in dom.elements_mut() {
        let mut added = Vec::new();
        for (name, value) in &mut element.attributes {
            match name.as_str() {
                "src" | "background" | "srcset" if is_remote(value) || name == "srcset" => {
                    *name = format!("data-{name}");
                    blocked = true;
                }
                "style" if value.to_ascii_lowercase().contains("url(") && has_remote_url(value) => {
                    added.push(("data-style".to_owned(), value.clone()));
                    *value = without_remote_declarations(value);
                    blocked = true;
                }
                _ => {}
            }
        }
        element.attributes.extend(added);
    }
    (dom.to_html(&|_| true), blocked)
}

/// Anything but `cid:` and `data:` (and nothing at all) makes a browser ask another server.
fn is_remote(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    !(address.is_empty()
        || address.starts_with("cid:")
        || address.starts_with("data:")
        || address.starts_with("/files/"))
}

/// The addresses inside `url(...)` of a style.
fn urls(style: &str) -> impl Iterator<Item = &str> {
    style.match_indices("url(").chain(style.match_indices("URL(")).filter_map(|(at, _)| {
        let inside = &style[at + 4..];
        Some(inside[..inside.find(')')?].trim().trim_matches(['"', '\'']))
    })
}

fn has_remote_url(style: &str) -> bool {
    urls(style).any(is_remote) || urls(style).next().is_none()
}

fn without_remote_declarations(style: &str) -> String {
    let kept = split_declarations(style);
    let kept: Vec<&str> = kept
        .into_iter()
        .filter(|declaration| !(declaration.to_ascii_lowercase().contains("url(") && has_remote_url(declaration)))
        .collect();
    kept.join(";")
}

/// Declarations of a style; a semicolon in quotes or brackets separates nothing.
fn split_declarations(style: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut brackets) = (0usize, 0usize);
    let mut quote: Option<char> = None;
    for (at, c) in style.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => brackets += 1,
            (None, ')') => brackets = brackets.saturating_sub(1),
            (None, ';') if brackets == 0 => {
                out.push(&style[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&style[start..]);
    out
}

/// Leads `cid:` references to where their files are served. `find` gets the content id without brackets and gives an
/// address, or `None` to leave the reference as it is. Takes cleaned HTML.
pub fn replace_cids(html: &str, mut find: impl FnMut(&str) -> Option<String>) -> String {
    let mut dom = Dom::parse(html);
    for element in dom.elements_mut() {
        for (name, value) in &mut element.attributes {
            if matches!(name.as_str(), "src" | "background") {
                if let Some(url) = content_id(value).and_then(|id| find(&id)) {
                    *value = url;
                }
            } else if name == "style" && value.contains("cid:") {
                let ids: Vec<(String, String)> =
                    urls(value).filter_map(|url| Some((url.to_owned(), content_id(url)?))).collect();
                for (reference, id) in ids {
                    if let Some(url) = find(&id) {
                        *value = value.replace(&reference, &url.replace(['"', '\'', ')', '\\'], ""));
                    }
                }
            }
        }
    }
    dom.to_html(&|_| true)
}

/// The id in a `cid:` address, percent escapes undone (RFC 2392).
fn content_id(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, id) = address.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("cid") {
        return None;
    }
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        match (byte, crate::mime::transfer::hex_pair(tail)) {
            (b'%', Some(value)) => {
                bytes.push(value);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    Some(String::from_utf8_lossy(&bytes).trim_matches(['<', '>']).to_owned())
}

/// All ids referred to, in lower case.
pub fn content_ids(dom: &Dom) -> Vec<String> {
    let mut found = Vec::new();
    for node in &dom.nodes {
        let super::dom::Node::Element(element) = node else { continue };
        for (name, value) in &element.attributes {
            match name.as_str() {
                "src" | "background" => found.extend(content_id(value)),
                "style" => found.extend(urls(value).filter_map(content_id)),
                _ => {}
            }
        }
    }
    found.into_iter().map(|id| id.to_lowercase()).collect()
}
