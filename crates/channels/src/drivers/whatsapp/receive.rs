//! What Meta's updates mean: <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages>

use base::{Error, Result, Timestamp};
use desk::contact::NewIdentity;
use desk::contact::identity;
use desk::file::Media;
use desk::message::{Card, Extra, Location};
use serde_json::Value;

use super::{chat_of, list, recipient_of, trouble};
use crate::driver::{ChatRef, InMessage, Inbound, Profile, ReadUpTo, RemoteFile};

pub fn receive(update: &Value) -> Result<Vec<Inbound>> {
    let found = match (&update["message"], &update["status"]) {
        (Value::Object(_), _) => message(&update["message"], &update["contact"])?,
        (_, Value::Object(_)) => status(&update["status"])?,
        _ => None,
    };
    Ok(found.into_iter().collect())
}

fn status(status: &Value) -> Result<Option<Inbound>> {
    let id = text(status, "id")?.to_owned();
    let chat = recipient_of(status).ok_or_else(|| missing("recipient_id"))?.to_owned();
    Ok(match status["status"].as_str() {
        Some("delivered") => Some(Inbound::Delivered { chat, ids: vec![id] }),
        Some("read" | "played") => Some(Inbound::Read { chat, up_to: ReadUpTo::Message(id) }),
        Some("failed") => {
            let error = &status["errors"][0];
            let code = error["code"].as_i64().unwrap_or_default();
            let details = error["error_data"]["details"].as_str().or(error["title"].as_str()).unwrap_or_default();
            Some(Inbound::Failed { chat, id, words: trouble::words(code, details) })
        }
        // `sent` says what the answer to the request has said; others are of groups.
        _ => None,
    })
}

fn message(message: &Value, contact: &Value) -> Result<Option<Inbound>> {
    let chat = chat_of(message).ok_or_else(|| missing("from"))?.to_owned();
    let id = text(message, "id")?.to_owned();
    let kind = text(message, "type")?;
    let content = &message[kind];
    let mut said = Said::default();
    match kind {
        "text" => said.html = marks(&content["body"]),
        "image" | "video" | "audio" | "document" | "sticker" => {
            said.html = marks(&content["caption"]);
            said.files.push(file(kind, content)?);
        }
        "location" => said.extra.location = Some(location(content)?),
        "contacts" => said.extra.contacts = list(content).map(card).collect(),
        "interactive" => interactive(content, &mut said),
        "button" => {
            said.html = plain(&content["text"]);
            said.extra.pressed = content["payload"].as_str().map(ToOwned::to_owned);
        }
        "reaction" => {
            // Without an emoji a reaction is taken back.
            let Some(emoji) = content["emoji"].as_str().filter(|emoji| !emoji.is_empty()) else { return Ok(None) };
            said.html = rich::from_plain(emoji);
            said.reply_to = content["message_id"].as_str().map(ToOwned::to_owned);
        }
        "order" => said.html = order(content),
        "edit" => {
            let id = text(content, "original_message_id")?.to_owned();
            let changed = &content["message"];
            let of_kind = &changed[changed["type"].as_str().unwrap_or_default()];
            let html = marks(if of_kind["body"].is_string() { &of_kind["body"] } else { &of_kind["caption"] });
            return Ok(Some(Inbound::Edited { chat, id, html }));
        }
        "revoke" => {
            let ids = vec![text(content, "original_message_id")?.to_owned()];
            return Ok(Some(Inbound::Deleted { chat, ids }));
        }
        "request_welcome" => {
            let from = Box::new(profile(message, contact));
            return Ok(Some(Inbound::Started { chat: chat_ref(chat, &from), from, start: None }));
        }
        // WhatsApp itself speaks: a number has changed, and the like.
        "system" => return Ok(None),
        _ => said.html = unknown(message, kind),
    }
    if said.reply_to.is_none() {
        said.reply_to = message["context"]["id"].as_str().map(ToOwned::to_owned);
    }
    // He came by an advertisement or a post.
    said.extra.start = message["referral"]["source_url"].as_str().map(ToOwned::to_owned);
    let from = profile(message, contact);
    Ok(Some(Inbound::Message(Box::new(InMessage {
        id,
        chat: chat_ref(chat, &from),
        at: time(text(message, "timestamp")?)?,
        from,
        html: said.html,
        files: said.files,
        reply_to: said.reply_to,
        album: None,
        extra: said.extra,
        own_phone: None,
    }))))
}

#[derive(Default)]
struct Said {
    html: String,
    files: Vec<RemoteFile>,
    reply_to: Option<String>,
    extra: Extra,
}

fn chat_ref(id: String, from: &Profile) -> ChatRef {
    ChatRef { id, title: from.name.clone() }
}

/// The account is the number where Meta tells it, and Meta's own id of the client; the number is proven to be his.
fn profile(message: &Value, contact: &Value) -> Profile {
    let number = message["from"].as_str().map(|digits| format!("+{digits}"));
    let username = contact["profile"]["username"].as_str();
    let account = |key: &str, shown: &str| NewIdentity::account(identity::Kind::Whatsapp, key, shown);
    let mut identities = Vec::new();
    if let Some(number) = &number {
        identities.push(account(number, number));
        identities.extend(NewIdentity::phone(number));
    }
    if let Some(scoped) = message["from_user_id"].as_str() {
        identities.push(account(scoped, username.unwrap_or(scoped)));
    }
    Profile {
        identities,
        name: contact["profile"]["name"].as_str().unwrap_or_default().to_owned(),
        locale: None,
        handle: username.map(|username| format!("@{}", username.trim_start_matches('@'))),
    }
}

fn file(kind: &str, content: &Value) -> Result<RemoteFile> {
    let is_voice = content["voice"].as_bool().unwrap_or_default();
    let content_type = content["mime_type"].as_str().unwrap_or_default();
    Ok(RemoteFile {
        reference: text(content, "id")?.to_owned(),
        name: content["filename"].as_str().unwrap_or_default().to_owned(),
        // "audio/ogg; codecs=opus"
        content_type: content_type.split(';').next().unwrap_or_default().trim().to_owned(),
        size: None,
        media: match kind {
            "image" => Some(Media::Photo),
            "video" => Some(Media::Video),
            "audio" if is_voice => Some(Media::Voice),
            "audio" => Some(Media::Audio),
            "sticker" => Some(Media::Sticker),
            _ => None,
        },
        duration_ms: None,
    })
}

fn location(content: &Value) -> Result<Location> {
    let degrees = |name: &str| content[name].as_f64().ok_or_else(|| missing(name));
    let parts = [&content["name"], &content["address"]].map(|part| part.as_str().unwrap_or_default());
    let title = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    Ok(Location { latitude: degrees("latitude")?, longitude: degrees("longitude")?, title })
}

fn card(contact: &Value) -> Card {
    Card {
        name: contact["name"]["formatted_name"].as_str().unwrap_or_default().to_owned(),
        phone: contact["phones"][0]["phone"].as_str().unwrap_or_default().to_owned(),
    }
}

/// A button or a row of a list was chosen, or a form was filled in.
fn interactive(content: &Value, said: &mut Said) {
    let chosen = match content["type"].as_str() {
        Some("list_reply") => &content["list_reply"],
        Some("button_reply") => &content["button_reply"],
        _ => {
            said.html = plain(&content["nfm_reply"]["body"]);
            return;
        }
    };
    said.html = plain(&chosen["title"]);
    said.extra.pressed = chosen["id"].as_str().map(ToOwned::to_owned);
}

/// A basket of the catalogue, in words.
fn order(content: &Value) -> String {
    let lines = list(&content["product_items"]).map(|item| {
        let name = item["product_retailer_id"].as_str().unwrap_or_default();
        format!(
            "{name} × {}: {} {}",
            item["quantity"],
            item["item_price"],
            item["currency"].as_str().unwrap_or_default()
        )
    });
    let said = content["text"].as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    rich::from_plain(&said.into_iter().chain(lines).collect::<Vec<_>>().join("\n"))
}

/// The operator sees that something came which the API does not pass on.
fn unknown(message: &Value, kind: &str) -> String {
    let kind = message["unsupported"]["type"].as_str().unwrap_or(kind);
    rich::from_plain(&format!(
        "WhatsApp не передал сообщение этого вида ({kind}) · WhatsApp did not pass on this kind of message"
    ))
}

fn marks(text: &Value) -> String {
    rich::from_marks(text.as_str().unwrap_or_default())
}

fn plain(text: &Value) -> String {
    rich::from_plain(text.as_str().unwrap_or_default())
}

fn time(seconds: &str) -> Result<Timestamp> {
    let time = seconds.parse().ok().and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    time.ok_or_else(|| missing("timestamp"))
}

fn text<'a>(object: &'a Value, name: &str) -> Result<&'a str> {
    object[name].as_str().ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Error {
    Error::internal(format!("the update has no {name}"))
}
