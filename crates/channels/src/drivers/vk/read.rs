//! What an event says.

use base::{Result, Timestamp, Words};
use chrono::DateTime;
use desk::contact::NewIdentity;
use desk::contact::identity;
use desk::file::Media;
use desk::message::{Extra, Location};
use serde_json::Value;

use super::wire::{Attachment, Event, Message};
use crate::driver::{ChatRef, InMessage, Inbound, Profile, ReadUpTo, RemoteFile};

/// Conversations of several people have numbers from here; a help desk answers one client.
const FIRST_GROUP_CHAT: i64 = 2_000_000_000;

pub fn event(event: Event) -> Result<Vec<Inbound>> {
    let Event { kind, mut object, .. } = event;
    let about = object.clone();
    let number = |name: &str| about[name].as_i64().unwrap_or_default();
    let inbound = match kind.as_str() {
        "message_new" => {
            let message = if object["message"].is_object() { object["message"].take() } else { object };
            written(serde_json::from_value(message)?)
        }
        "message_edit" => {
            let message: Message = serde_json::from_value(object)?;
            is_client(message.from_id).then(|| Inbound::Edited {
                chat: message.peer_id.to_string(),
                id: message.conversation_message_id.to_string(),
                html: html(&message),
            })
        }
        "message_reply" => echoed(serde_json::from_value(object)?),
        "message_read" => is_client(number("from_id")).then(|| Inbound::Read {
            chat: number("peer_id").to_string(),
            up_to: ReadUpTo::Message(number("conversation_message_id").to_string()),
        }),
        "message_typing_state" => {
            is_client(number("from_id")).then(|| Inbound::Typing { chat: number("from_id").to_string() })
        }
        "message_allow" | "message_deny" => {
            Some(Inbound::Blocked { chat: number("user_id").to_string(), blocked: kind == "message_deny" })
        }
        _ => None,
    };
    Ok(inbound.into_iter().collect())
}

fn is_client(id: i64) -> bool {
    id > 0 && id < FIRST_GROUP_CHAT
}

fn chat(user_id: i64) -> ChatRef {
    ChatRef { id: user_id.to_string(), title: String::new() }
}

fn profile(user_id: i64) -> Profile {
    let page = format!("https://vk.com/id{user_id}");
    Profile {
        identities: vec![NewIdentity::account(identity::Kind::Vk, user_id.to_string(), page.clone())],
        handle: Some(page),
        ..Profile::default()
    }
}

fn at(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn written(message: Message) -> Option<Inbound> {
    if !is_client(message.from_id) || !is_client(message.peer_id) || message.action.is_some() {
        return None;
    }
    let forwarded: Vec<&Message> = all_forwarded(&message);
    let mut extra = Extra {
        start: message.r#ref.clone().filter(|value| !value.is_empty()),
        location: message.geo.as_ref().map(|geo| Location {
            latitude: geo.coordinates.latitude,
            longitude: geo.coordinates.longitude,
            title: geo.place.as_ref().map(|place| place.title.clone()).unwrap_or_default(),
        }),
        ..Extra::default()
    };
    extra.pressed = message.payload.as_deref().map(payload);
    if let Some(first) = forwarded.first() {
        extra.forwarded_from = Some(page_of(first.from_id));
    }
    let own = message.attachments.iter();
    let files = own.chain(forwarded.iter().flat_map(|message| &message.attachments)).filter_map(file).collect();
    Some(Inbound::Message(Box::new(InMessage {
        id: message.conversation_message_id.to_string(),
        chat: chat(message.peer_id),
        from: profile(message.from_id),
        at: at(message.date),
        html: html(&message),
        files,
        reply_to: message.reply_message.as_ref().map(|reply| reply.conversation_message_id.to_string()),
        album: None,
        extra,
        own_phone: None,
    })))
}

/// What staff wrote in VK itself. What was sent by a method has no author among them.
fn echoed(message: Message) -> Option<Inbound> {
    message.admin_author_id.filter(|id| *id > 0)?;
    is_client(message.peer_id).then(|| Inbound::Echo {
        chat: message.peer_id.to_string(),
        id: message.conversation_message_id.to_string(),
        author_name: String::new(),
        html: html(&message),
        files: message.attachments.iter().filter_map(file).collect(),
        at: at(message.date),
    })
}

/// Where somebody's page is. Communities have negative numbers.
fn page_of(id: i64) -> String {
    if id < 0 { format!("https://vk.com/club{}", -id) } else { format!("https://vk.com/id{id}") }
}

/// Forwarded messages, also those within them.
fn all_forwarded(message: &Message) -> Vec<&Message> {
    let mut all = Vec::new();
    let mut waiting: Vec<&Message> = message.fwd_messages.iter().rev().collect();
    while let Some(next) = waiting.pop() {
        all.push(next);
        waiting.extend(next.fwd_messages.iter().rev());
    }
    all
}

/// The words of a message, of what it forwards, and of attachments that are neither file nor text.
fn html(message: &Message) -> String {
    let mut html = words(message);
    for forwarded in all_forwarded(message) {
        let words = words(forwarded);
        if !words.is_empty() {
            html.push_str(&format!("<blockquote>{words}</blockquote>"));
        }
    }
    html
}

fn words(message: &Message) -> String {
    let format = message.format_data.clone().and_then(|format| serde_json::from_value(format).ok());
    let mut html = if message.text.is_empty() { String::new() } else { rich::from_vk(&message.text, format.as_ref()) };
    for attachment in message.attachments.iter().filter(|attachment| file(attachment).is_none()) {
        html.push_str(&rich::from_plain(&described(attachment)));
    }
    html
}

/// A file that can be fetched.
fn file(attachment: &Attachment) -> Option<RemoteFile> {
    let object = attachment.object();
    let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    let id = object["id"].as_i64().unwrap_or_default();
    let file = match attachment.kind.as_str() {
        "photo" => RemoteFile {
            reference: largest(object)?,
            name: format!("photo{id}.jpg"),
            media: Some(Media::Photo),
            ..RemoteFile::default()
        },
        "doc" => RemoteFile {
            reference: text("url"),
            name: with_extension(text("title"), &text("ext")),
            size: object["size"].as_u64(),
            ..RemoteFile::default()
        },
        "audio_message" => RemoteFile {
            reference: text("link_ogg"),
            name: format!("voice{id}.ogg"),
            content_type: "audio/ogg".to_owned(),
            media: Some(Media::Voice),
            duration_ms: object["duration"].as_i64().map(|seconds| seconds * 1000),
            ..RemoteFile::default()
        },
        "sticker" => RemoteFile {
            reference: object["images"].as_array()?.last()?["url"].as_str()?.to_owned(),
            name: format!("sticker{}.png", object["sticker_id"].as_i64().unwrap_or(id)),
            media: Some(Media::Sticker),
            ..RemoteFile::default()
        },
        "graffiti" => RemoteFile {
            reference: text("url"),
            name: format!("graffiti{id}.png"),
            media: Some(Media::Photo),
            ..RemoteFile::default()
        },
        _ => return None,
    };
    (!file.reference.is_empty()).then_some(file)
}

fn largest(photo: &Value) -> Option<String> {
    let area = |size: &&Value| {
        let side = |name: &str| size[name].as_i64().unwrap_or_default();
        // Old photos have sizes without sides; letters are in the order of growth but for a few.
        (side("width") * side("height"), size["type"].as_str().map(|kind| "smxopqryzw".find(kind)))
    };
    let original = photo["orig_photo"]["url"].as_str();
    let sized = || photo["sizes"].as_array()?.iter().max_by_key(area)?["url"].as_str();
    original.or_else(sized).map(str::to_owned)
}

fn with_extension(title: String, extension: &str) -> String {
    let has = title.to_lowercase().ends_with(&format!(".{}", extension.to_lowercase()));
    if extension.is_empty() || has { title } else { format!("{title}.{extension}") }
}

/// An attachment in a line of text: its name and where it can be seen.
fn described(attachment: &Attachment) -> String {
    let object = attachment.object();
    let text = |name: &str| object[name].as_str().unwrap_or_default();
    let owner = ["owner_id", "to_id", "from_id"].iter().find_map(|name| object[*name].as_i64()).unwrap_or_default();
    let id = object["id"].as_i64().unwrap_or_default();
    let (title, address) = match attachment.kind.as_str() {
        "link" => (text("title").to_owned(), text("url").to_owned()),
        "article" => (text("title").to_owned(), text("url").to_owned()),
        "audio" => (format!("{} — {}", text("artist"), text("title")), text("url").to_owned()),
        "video" => (text("title").to_owned(), format!("https://vk.com/video{owner}_{id}")),
        "wall" => (String::new(), format!("https://vk.com/wall{owner}_{id}")),
        "market" => (text("title").to_owned(), format!("https://vk.com/product{owner}_{id}")),
        "poll" => (text("question").to_owned(), format!("https://vk.com/poll{owner}_{id}")),
        "story" => (String::new(), format!("https://vk.com/story{owner}_{id}")),
        other => (format!("[{}]", name_of(other).ru), String::new()),
    };
    format!("{title} {address}").trim().to_owned()
}

/// What cannot be shown but by its name.
fn name_of(kind: &str) -> Words {
    match kind {
        "gift" => Words::new("подарок", "gift"),
        "call" => Words::new("звонок", "call"),
        "photo" => Words::new("фото", "photo"),
        "doc" => Words::new("файл", "file"),
        "audio_message" => Words::new("голосовое сообщение", "voice message"),
        other => Words::owned(other.to_owned(), other.to_owned()),
    }
}

/// The payload of a button, which VK keeps as JSON: `{"payload": ".."}` by us, anything by others.
fn payload(text: &str) -> String {
    let parsed: Value = serde_json::from_str(text).unwrap_or_default();
    parsed["payload"].as_str().unwrap_or(text).to_owned()
}
