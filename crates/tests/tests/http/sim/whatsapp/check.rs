//! What Meta demands of a message: names, types, lengths, files and templates.

use serde_json::{Map, Value, json};

use super::{Refusal, WhatsApp, kinds_of, refuse};

/// `to`: a number, Meta strips what is not a digit; `recipient`: a business-scoped id. A number wins.
pub fn recipient(body: &Map<String, Value>) -> Result<String, Refusal> {
    if let Some(to) = body.get("to") {
        let to = to.as_str().ok_or_else(|| invalid("to"))?;
        let digits: String = to.chars().filter(char::is_ascii_digit).collect();
        if !(7..=15).contains(&digits.len()) || to.chars().any(|letter| !"+0123456789 -()".contains(letter)) {
            return refuse(131009, "Recipient is not a valid phone number");
        }
        return Ok(digits);
    }
    let recipient = string(body, "", "recipient", 140)?;
    match recipient.split_once('.') {
        Some((country, rest)) if country.len() == 2 && !rest.is_empty() => Ok(recipient.to_owned()),
        _ => refuse(131009, "recipient is not a business-scoped user id"),
    }
}

pub fn check_content(whatsapp: &WhatsApp, kind: &str, content: &Map<String, Value>) -> Result<(), Refusal> {
    match kind {
        "text" => {
            only(content, kind, &["body", "preview_url"])?;
            if content.get("preview_url").is_some_and(|preview| !preview.is_boolean()) {
                return Err(invalid("text['preview_url']"));
            }
            string(content, kind, "body", 4096)?;
        }
        "image" | "video" | "audio" | "document" | "sticker" => check_media(whatsapp, kind, content)?,
        "location" => {
            only(content, kind, &["latitude", "longitude", "name", "address"])?;
            for (name, limit) in [("latitude", 90.0), ("longitude", 180.0)] {
                let value = content.get(name).and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
                if !value.is_some_and(|value| value.abs() <= limit) {
                    return Err(invalid(&format!("location['{name}']")));
                }
            }
        }
        "reaction" => {
            only(content, kind, &["message_id", "emoji"])?;
            string(content, kind, "message_id", 512)?;
        }
        "interactive" => check_interactive(whatsapp, content)?,
        "template" => check_template(whatsapp, content)?,
        _ => {
            return refuse(
                100,
                format!("Param type must be one of {{AUDIO, CONTACTS, DOCUMENT, ...}} - got \"{kind}\"."),
            );
        }
    }
    Ok(())
}

fn check_media(whatsapp: &WhatsApp, kind: &str, content: &Map<String, Value>) -> Result<(), Refusal> {
    let allowed: &[&str] = match kind {
        "image" | "video" => &["id", "link", "caption"],
        "document" => &["id", "link", "caption", "filename"],
        "audio" => &["id", "link", "voice"],
        _ => &["id", "link"],
    };
    only(content, kind, allowed)?;
    if content.contains_key("caption") {
        string(content, kind, "caption", 1024)?;
    }
    if content.contains_key("filename") {
        string(content, kind, "filename", 240)?;
    }
    match (content.get("id"), content.get("link")) {
        (None, Some(link)) => match link.as_str() {
            Some(link) if link.starts_with("https://") || link.starts_with("http://") => Ok(()),
            _ => Err(invalid(&format!("{kind}['link']"))),
        },
        (Some(_), None) => {
            let id = string(content, kind, "id", 100)?;
            let Some(media) = whatsapp.book().media.get(id).cloned() else {
                return refuse(131053, format!("Media {id} was not uploaded by this number"));
            };
            let plain = media.content_type.split(';').next().unwrap_or_default().trim();
            match kinds_of(plain).into_iter().find(|(name, _)| *name == kind) {
                Some((_, largest)) if media.bytes.len() <= largest => Ok(()),
                _ => refuse(
                    131053,
                    format!("{} of {} bytes is not a valid {kind}", media.content_type, media.bytes.len()),
                ),
            }
        }
        _ => refuse(131009, format!("{kind} must have either id or link")),
    }
}

fn check_interactive(whatsapp: &WhatsApp, content: &Map<String, Value>) -> Result<(), Refusal> {
    only(content, "interactive", &["type", "header", "body", "footer", "action"])?;
    let body = nested(content, "interactive", "body")?;
    only(body, "interactive['body']", &["text"])?;
    let action = nested(content, "interactive", "action")?;
    if content.contains_key("header") {
        check_header(whatsapp, content)?;
    }
    let kind = content.get("type").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "button" => {
            string(body, "interactive['body']", "text", 1024)?;
            only(action, "action", &["buttons"])?;
            let buttons =
                action.get("buttons").and_then(Value::as_array).ok_or_else(|| invalid("action['buttons']"))?;
            if !(1..=3).contains(&buttons.len()) {
                return refuse(131009, "Button count is not between 1 and 3");
            }
            let mut ids = Vec::new();
            for button in buttons {
                let button = button.as_object().ok_or_else(|| invalid("button"))?;
                only(button, "button", &["type", "reply"])?;
                if button.get("type") != Some(&json!("reply")) {
                    return Err(invalid("button['type']"));
                }
                let reply = nested(button, "button", "reply")?;
                only(reply, "reply", &["id", "title"])?;
                ids.push((string(reply, "reply", "id", 256)?, string(reply, "reply", "title", 20)?));
            }
            unique(ids.iter().map(|(id, _)| *id))?;
            unique(ids.iter().map(|(_, title)| *title))
        }
        "list" => {
            string(body, "interactive['body']", "text", 4096)?;
            only(action, "action", &["button", "sections"])?;
            string(action, "action", "button", 20)?;
            let sections =
                action.get("sections").and_then(Value::as_array).ok_or_else(|| invalid("action['sections']"))?;
            let mut ids = Vec::new();
            for section in sections {
                let section = section.as_object().ok_or_else(|| invalid("section"))?;
                only(section, "section", &["title", "rows"])?;
                if sections.len() > 1 {
                    string(section, "section", "title", 24)?;
                }
                for row in section.get("rows").and_then(Value::as_array).ok_or_else(|| invalid("section['rows']"))? {
                    let row = row.as_object().ok_or_else(|| invalid("row"))?;
                    only(row, "row", &["id", "title", "description"])?;
                    string(row, "row", "title", 24)?;
                    ids.push(string(row, "row", "id", 200)?);
                }
            }
            if !(1..=10).contains(&ids.len()) {
                return refuse(131009, "Total row count is not between 1 and 10");
            }
            unique(ids.into_iter())
        }
        "cta_url" => {
            string(body, "interactive['body']", "text", 1024)?;
            only(action, "action", &["name", "parameters"])?;
            if action.get("name") != Some(&json!("cta_url")) {
                return Err(invalid("action['name']"));
            }
            let parameters = nested(action, "action", "parameters")?;
            only(parameters, "parameters", &["display_text", "url"])?;
            string(parameters, "parameters", "display_text", 20)?;
            let url = string(parameters, "parameters", "url", 2000)?;
            if url.starts_with("http://") || url.starts_with("https://") { Ok(()) } else { Err(invalid("url")) }
        }
        _ => refuse(100, format!("Param interactive['type'] is not supported: {kind}")),
    }
}

/// Words or a file above the buttons; a list has words only.
fn check_header(whatsapp: &WhatsApp, content: &Map<String, Value>) -> Result<(), Refusal> {
    let header = nested(content, "interactive", "header")?;
    match header.get("type").and_then(Value::as_str) {
        Some("text") => {
            only(header, "header", &["type", "text"])?;
            string(header, "header", "text", 60).map(drop)
        }
        Some(kind @ ("image" | "video" | "document")) if content["type"] != "list" => {
            only(header, "header", &["type", kind])?;
            let media = nested(header, "header", kind)?;
            if media.contains_key("caption") {
                return Err(invalid("header['caption']"));
            }
            check_media(whatsapp, kind, media)
        }
        _ => Err(invalid("header['type']")),
    }
}

fn unique<'a>(values: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let mut seen = Vec::new();
    for value in values {
        if seen.contains(&value) {
            return refuse(131009, format!("Duplicated {value}"));
        }
        seen.push(value);
    }
    Ok(())
}

fn check_template(whatsapp: &WhatsApp, content: &Map<String, Value>) -> Result<(), Refusal> {
    only(content, "template", &["name", "language", "components"])?;
    let name = string(content, "template", "name", 512)?;
    let language = nested(content, "template", "language")?;
    only(language, "language", &["code", "policy"])?;
    let code = string(language, "language", "code", 10)?;
    let book = whatsapp.book();
    let known = book.templates.iter().find(|template| template["name"] == *name && template["language"] == *code);
    let Some(template) = known.filter(|template| template["status"] == "APPROVED") else {
        return refuse(132001, format!("template name ({name}) does not exist in {code}"));
    };
    let empty = Vec::new();
    let given = content.get("components").map_or(Some(&empty), Value::as_array).ok_or_else(|| invalid("components"))?;
    for component in template["components"].as_array().unwrap() {
        let kind = component["type"].as_str().unwrap().to_lowercase();
        let wanted = placeholders(component["text"].as_str().unwrap_or_default());
        let part = given.iter().find(|part| part["type"] == *kind);
        let parameters = part.and_then(|part| part["parameters"].as_array()).unwrap_or(&empty);
        if parameters.len() != wanted.len() {
            let details = format!(
                "{kind}: number of localizable_params ({}) does not match the expected number of params ({})",
                parameters.len(),
                wanted.len()
            );
            return refuse(132000, details);
        }
        for parameter in parameters {
            let parameter = parameter.as_object().ok_or_else(|| invalid("parameter"))?;
            let named = template["parameter_format"] == "NAMED";
            only(parameter, "parameter", if named { &["type", "text", "parameter_name"] } else { &["type", "text"] })?;
            if parameter.get("type") != Some(&json!("text")) {
                return Err(invalid("parameter['type']"));
            }
            let text = string(parameter, "parameter", "text", 1024)?;
            if text.contains(['\n', '\t']) || text.contains("    ") {
                return refuse(
                    132012,
                    "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
                );
            }
            if named
                && !wanted
                    .iter()
                    .any(|wanted| Some(wanted.as_str()) == parameter.get("parameter_name").and_then(Value::as_str))
            {
                return refuse(132012, "Parameter name is missing or not of this template");
            }
        }
    }
    match given.iter().find(|part| !["header", "body"].contains(&part["type"].as_str().unwrap_or_default())) {
        Some(part) => refuse(132012, format!("component {} takes no parameters in this template", part["type"])),
        None => Ok(()),
    }
}

/// Names of `{{...}}` in a text.
fn placeholders(text: &str) -> Vec<String> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.to_owned())).collect()
}

pub fn invalid(name: &str) -> Refusal {
    Refusal { code: 100, details: format!("Invalid parameter {name}") }
}

pub fn only(object: &Map<String, Value>, parent: &str, names: &[&str]) -> Result<(), Refusal> {
    match object.keys().find(|key| !names.contains(&key.as_str())) {
        Some(key) => refuse(100, format!("Unexpected key \"{key}\" on param \"{parent}\".")),
        None => Ok(()),
    }
}

pub fn nested<'a>(object: &'a Map<String, Value>, parent: &str, name: &str) -> Result<&'a Map<String, Value>, Refusal> {
    match object.get(name) {
        Some(Value::Object(found)) => Ok(found),
        _ => refuse(100, format!("The parameter {parent}['{name}'] is required.")),
    }
}

/// A string that must be there, not empty, and not longer than `longest` characters.
pub fn string<'a>(
    object: &'a Map<String, Value>,
    parent: &str,
    name: &str,
    longest: usize,
) -> Result<&'a str, Refusal> {
    match object.get(name) {
        None => refuse(100, format!("The parameter {parent}['{name}'] is required.")),
        Some(Value::String(text)) if text.is_empty() => refuse(131008, format!("{parent}['{name}'] must not be empty")),
        Some(Value::String(text)) if text.chars().count() <= longest => Ok(text),
        Some(Value::String(_)) => {
            refuse(100, format!("Param {parent}['{name}'] must be at most {longest} characters long."))
        }
        Some(_) => Err(invalid(&format!("{parent}['{name}']"))),
    }
}
