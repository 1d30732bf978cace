//! `parse_mode` HTML as the Bot API reads it, with its complaints: <https://core.telegram.org/bots/api#html-style>.

use serde_json::{Value, json};

/// What a message says, and its entities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    pub text: String,
    pub entities: Vec<Value>,
}

struct Open {
    name: String,
    at: usize,
    start: usize,
    argument: Option<String>,
}

/// Reads HTML, or says what Telegram says of it.
pub fn parse(html: &str) -> Result<Parsed, String> {
    let complain = |what: String| Err(format!("Bad Request: can't parse entities: {what}"));
    let mut text = String::new();
    let mut units = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut entities = Vec::new();
    let mut at = 0;
    while let Some(c) = html[at..].chars().next() {
        let rest = &html[at..];
        match c {
            '&' => {
                let known = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')];
                let (length, c) = known
                    .iter()
                    .find(|(name, _)| rest.starts_with(name))
                    .map_or((1, '&'), |(name, c)| (name.len(), *c));
                text.push(c);
                units += 1;
                at += length;
            }
            '<' => {
                let Some(end) = rest.find('>') else {
                    return complain(format!("Unclosed start tag at byte offset {at}"));
                };
                let inside = &rest[1..end];
                if let Some(name) = inside.strip_prefix('/') {
                    let Some(opened) = open.pop() else {
                        return complain(format!("Unexpected end tag at byte offset {at}"));
                    };
                    if opened.name != name.trim() {
                        let expected = opened.name;
                        return complain(format!(
                            "Unmatched end tag at byte offset {at}, expected \"</{expected}>\", found \"</{name}>\""
                        ));
                    }
                    if units > opened.start
                        && let Some(entity) = entity(&opened, units, &mut entities)
                    {
                        entities.push(entity);
                    }
                } else {
                    let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
                    let argument = attributes.split_once("=\"").and_then(|(_, value)| value.strip_suffix('"'));
                    if !is_known(name, attributes) {
                        return complain(format!("Unsupported start tag \"{name}\" at byte offset {at}"));
                    }
                    let argument = argument.map(|value| {
                        value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
                    });
                    open.push(Open { name: name.to_owned(), at, start: units, argument });
                }
                at += end + 1;
            }
            c => {
                text.push(c);
                units += c.len_utf16();
                at += c.len_utf8();
            }
        }
    }
    if let Some(unclosed) = open.pop() {
        let Open { name, at, .. } = unclosed;
        return complain(format!("Can't find end tag corresponding to start tag \"{name}\" at byte offset {at}"));
    }
    let leading = text.len() - text.trim_start().len();
    let cut = text[..leading].encode_utf16().count();
    let text = text.trim().to_owned();
    let length = text.encode_utf16().count();
    for entity in &mut entities {
        let start = entity["offset"].as_u64().unwrap() as usize;
        let end = (start + entity["length"].as_u64().unwrap() as usize).saturating_sub(cut).min(length);
        let start = start.saturating_sub(cut);
        entity["offset"] = json!(start);
        entity["length"] = json!(end.saturating_sub(start));
    }
    entities.retain(|entity| entity["length"] != 0);
    entities.sort_by_key(|entity| (entity["offset"].as_u64(), std::cmp::Reverse(entity["length"].as_u64())));
    Ok(Parsed { text, entities })
}

fn is_known(name: &str, attributes: &str) -> bool {
    match name {
        "b" | "strong" | "i" | "em" | "u" | "ins" | "s" | "strike" | "del" | "pre" | "tg-spoiler" => {
            attributes.is_empty()
        }
        "a" => attributes.starts_with("href=\""),
        "code" => attributes.is_empty() || attributes.starts_with("class=\"language-"),
        "blockquote" => attributes.is_empty() || attributes == "expandable",
        "span" => attributes == "class=\"tg-spoiler\"",
        _ => false,
    }
}

fn entity(tag: &Open, end: usize, before: &mut Vec<Value>) -> Option<Value> {
    let kind = match tag.name.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "code" => "code",
        "pre" => "pre",
        "blockquote" => "blockquote",
        "a" => "text_link",
        _ => "spoiler",
    };
    let mut entity = json!({"type": kind, "offset": tag.start, "length": end - tag.start});
    match kind {
        "text_link" => {
            // An address of another scheme is not linked, without a complaint.
            let url =
                tag.argument.as_deref().filter(|url| url.starts_with("http://") || url.starts_with("https://"))?;
            entity["url"] = json!(url);
        }
        "code" if tag.argument.is_some() => {
            entity["language"] = json!(tag.argument.as_deref()?.strip_prefix("language-"));
        }
        // Code with a language inside `pre` is one entity.
        "pre" => {
            let same = |inner: &Value| inner["type"] == "code" && inner["offset"] == entity["offset"];
            if let Some(position) = before.iter().position(same) {
                entity["language"] = before.remove(position)["language"].take();
            }
        }
        _ => {}
    }
    Some(entity)
}
