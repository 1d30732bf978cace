//! What Telegram's updates mean. Pure.

use base::{Error, Result, Timestamp};
use chrono::DateTime;
use desk::contact::{NewIdentity, identity};
use desk::file::Media;
use desk::message::{Card, Extra, Location};
use rich::TelegramEntity;
use serde_json::Value;

use crate::driver::{ChatRef, InMessage, Inbound, Profile, RemoteFile, Update};

/// An update for the ledger; none if it has no number. Those of one chat are taken in order. Presses of buttons come
/// without their time, so ours is written into them.
pub(super) fn update(mut body: Value, now: Timestamp) -> Option<Update> {
    let key = body["update_id"].as_i64()?.to_string();
    if let Some(press) = body["callback_query"].as_object_mut() {
        press.insert("date".to_owned(), now.timestamp().into());
    }
    let places = [
        &body["message"]["chat"]["id"],
        &body["edited_message"]["chat"]["id"],
        &body["callback_query"]["from"]["id"],
        &body["my_chat_member"]["chat"]["id"],
    ];
    let order = places.iter().find_map(|place| place.as_i64()).map(|id| id.to_string()).unwrap_or_default();
    Some(Update { key, order, body })
}

pub(super) fn events(update: &Value) -> Result<Vec<Inbound>> {
    let event = if update["message"].is_object() {
        message(&update["message"])?
    } else if update["edited_message"].is_object() {
        edited(&update["edited_message"])?
    } else if update["callback_query"].is_object() {
        press(&update["callback_query"])?
    } else if update["my_chat_member"].is_object() {
        member(&update["my_chat_member"])?
    } else {
        None
    };
    Ok(event.into_iter().collect())
}

fn missing(what: &str) -> Error {
    Error::internal(format!("an update of Telegram without {what}"))
}

fn number(value: &Value, what: &str) -> Result<String> {
    value.as_i64().map(|number| number.to_string()).ok_or_else(|| missing(what))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn time(value: &Value) -> Result<Timestamp> {
    value.as_i64().and_then(|seconds| DateTime::from_timestamp(seconds, 0)).ok_or_else(|| missing("date"))
}

/// We serve people one by one: what a bot hears in groups and channels is not for us.
fn is_private(chat: &Value) -> bool {
    chat["type"] == "private"
}

fn full_name(person: &Value) -> String {
    format!("{} {}", text(&person["first_name"]), text(&person["last_name"])).trim().to_owned()
}

fn chat_of(chat: &Value) -> Result<ChatRef> {
    Ok(ChatRef { id: number(&chat["id"], "chat.id")?, title: full_name(chat) })
}

fn profile(user: &Value) -> Result<Profile> {
    let id = number(&user["id"], "from.id")?;
    let handle = user["username"].as_str().map(|name| format!("@{name}"));
    let shown = handle.clone().unwrap_or_else(|| id.clone());
    Ok(Profile {
        identities: vec![NewIdentity::account(identity::Kind::Telegram, id, shown)],
        name: full_name(user),
        locale: user["language_code"].as_str().map(str::to_owned),
        handle,
    })
}

fn message(message: &Value) -> Result<Option<Inbound>> {
    if !is_private(&message["chat"]) {
        return Ok(None);
    }
    let (chat, from) = (chat_of(&message["chat"])?, profile(&message["from"])?);
    if let Some(start) = start(text(&message["text"])) {
        return Ok(Some(Inbound::Started { chat, from: Box::new(from), start }));
    }
    let files = files(message);
    let mut extra = extra(message);
    let html = format!("{}{}", quoted(message), html(message));
    // "The client pinned a message" and the like is not something he says.
    if html.is_empty() && files.is_empty() && extra == Extra::default() {
        return Ok(None);
    }
    extra.forwarded_from = forwarded_from(&message["forward_origin"]);
    let contact = &message["contact"];
    let is_own = contact["user_id"].is_i64() && contact["user_id"] == message["from"]["id"];
    Ok(Some(Inbound::Message(Box::new(InMessage {
        id: number(&message["message_id"], "message_id")?,
        at: time(&message["date"])?,
        reply_to: message["reply_to_message"]["message_id"].as_i64().map(|id| id.to_string()),
        album: message["media_group_id"].as_str().map(str::to_owned),
        own_phone: is_own.then(|| international(text(&contact["phone_number"]))),
        chat,
        from,
        html,
        files,
        extra,
    }))))
}

/// The parameter of `/start`, if the text is that command: by it a client opens the bot.
fn start(text: &str) -> Option<Option<String>> {
    let rest = text.strip_prefix("/start")?;
    match rest.split_once(char::is_whitespace) {
        None => rest.is_empty().then_some(None),
        Some((command, parameter)) => {
            let parameter = parameter.trim();
            command.is_empty().then(|| (!parameter.is_empty()).then(|| parameter.to_owned()))
        }
    }
}

fn entities(value: &Value) -> Vec<TelegramEntity> {
    let known = value.as_array().into_iter().flatten();
    known.filter_map(|entity| serde_json::from_value(entity.clone()).ok()).collect()
}

/// What is said, in words or in a kind of message that only words can show.
fn html(message: &Value) -> String {
    for (name, with) in [("text", "entities"), ("caption", "caption_entities")] {
        if let Some(text) = message[name].as_str() {
            return rich::from_telegram(text, &entities(&message[with]));
        }
    }
    let poll = &message["poll"];
    let shown = if poll.is_object() {
        let options = poll["options"].as_array().into_iter().flatten();
        let options: Vec<String> = options.map(|option| format!("• {}", text(&option["text"]))).collect();
        format!("📊 {}\n{}", text(&poll["question"]), options.join("\n"))
    } else if message["dice"].is_object() {
        format!("{} {}", text(&message["dice"]["emoji"]), message["dice"]["value"])
    } else if message["story"].is_object() {
        format!("[story: {}]", full_name(&message["story"]["chat"]))
    } else if message["sticker"]["is_animated"] == true {
        // Its format is Telegram's own: the emoji it stands for is what can be shown.
        text(&message["sticker"]["emoji"]).to_owned()
    } else {
        return String::new();
    };
    rich::from_plain(&shown)
}

/// The piece of a message that the client chose to answer.
fn quoted(message: &Value) -> String {
    let quote = &message["quote"];
    let whole_is_shown = message["reply_to_message"].is_object() && quote["is_manual"] != true;
    match quote["text"].as_str().filter(|_| !whole_is_shown) {
        Some(text) => format!("<blockquote>{}</blockquote>", rich::from_telegram(text, &entities(&quote["entities"]))),
        None => String::new(),
    }
}

fn extra(message: &Value) -> Extra {
    let mut extra = Extra::default();
    let venue = &message["venue"];
    let place = if venue.is_object() { &venue["location"] } else { &message["location"] };
    if let (Some(latitude), Some(longitude)) = (place["latitude"].as_f64(), place["longitude"].as_f64()) {
        let title = [text(&venue["title"]), text(&venue["address"])].join(", ");
        let title = title.trim_matches([' ', ',']).to_owned();
        extra.location = Some(Location { latitude, longitude, title });
    }
    if message["contact"].is_object() {
        let contact = &message["contact"];
        let phone = international(text(&contact["phone_number"]));
        extra.contacts = vec![Card { name: full_name(contact), phone }];
    }
    extra
}

/// Telegram leaves the plus out.
fn international(phone: &str) -> String {
    if phone.is_empty() || phone.starts_with('+') { phone.to_owned() } else { format!("+{phone}") }
}

fn forwarded_from(origin: &Value) -> Option<String> {
    let name = match text(&origin["type"]) {
        "user" => full_name(&origin["sender_user"]),
        "hidden_user" => text(&origin["sender_user_name"]).to_owned(),
        "chat" => text(&origin["sender_chat"]["title"]).to_owned(),
        "channel" => text(&origin["chat"]["title"]).to_owned(),
        _ => return None,
    };
    (!name.is_empty()).then_some(name)
}

fn files(message: &Value) -> Vec<RemoteFile> {
    // A photo comes in several sizes, the largest last.
    if let Some(photo) = message["photo"].as_array().and_then(|sizes| sizes.last()) {
        return remote(photo, Some(Media::Photo), "image/jpeg").into_iter().collect();
    }
    // An animation is told of as a document too.
    let kinds = [
        ("voice", Some(Media::Voice), "audio/ogg"),
        ("audio", Some(Media::Audio), "audio/mpeg"),
        ("animation", Some(Media::Animation), "video/mp4"),
        ("video", Some(Media::Video), "video/mp4"),
        ("video_note", Some(Media::VideoNote), "video/mp4"),
        ("document", None, ""),
    ];
    if let Some((name, media, content_type)) = kinds.into_iter().find(|(name, ..)| message[*name].is_object()) {
        return remote(&message[name], media, content_type).into_iter().collect();
    }
    let sticker = &message["sticker"];
    let file = match (sticker["is_animated"] == true, sticker["is_video"] == true) {
        (true, _) => remote(&sticker["thumbnail"], Some(Media::Sticker), "image/webp"),
        (_, true) => remote(sticker, Some(Media::Sticker), "video/webm"),
        _ => remote(sticker, Some(Media::Sticker), "image/webp"),
    };
    file.into_iter().collect()
}

fn remote(file: &Value, media: Option<Media>, content_type: &str) -> Option<RemoteFile> {
    Some(RemoteFile {
        reference: file["file_id"].as_str()?.to_owned(),
        name: text(&file["file_name"]).to_owned(),
        content_type: file["mime_type"].as_str().unwrap_or(content_type).to_owned(),
        size: file["file_size"].as_u64(),
        media,
        duration_ms: file["duration"].as_i64().map(|seconds| seconds * 1000),
    })
}

/// New words. A place that moves is told of as an edit too, without words.
fn edited(message: &Value) -> Result<Option<Inbound>> {
    let has_words = message["text"].is_string() || message["caption"].is_string();
    if !is_private(&message["chat"]) || !has_words {
        return Ok(None);
    }
    Ok(Some(Inbound::Edited {
        chat: number(&message["chat"]["id"], "chat.id")?,
        id: number(&message["message_id"], "message_id")?,
        html: format!("{}{}", quoted(message), html(message)),
    }))
}

/// A button under a message of ours was pressed.
fn press(query: &Value) -> Result<Option<Inbound>> {
    let message = &query["message"];
    let Some(data) = query["data"].as_str().filter(|_| is_private(&message["chat"])) else { return Ok(None) };
    let rows = message["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten();
    let mut buttons = rows.flat_map(|row| row.as_array().into_iter().flatten());
    let title = buttons.find(|button| button["callback_data"] == data).map(|button| text(&button["text"]).to_owned());
    let payload = match &title {
        Some(title) if super::send::is_place(data) => title.clone(),
        _ => data.to_owned(),
    };
    Ok(Some(Inbound::Pressed {
        chat: chat_of(&message["chat"])?,
        from: Box::new(profile(&query["from"])?),
        press_id: query["id"].as_str().ok_or_else(|| missing("callback_query.id"))?.to_owned(),
        payload,
        title,
        at: time(&query["date"])?,
    }))
}

/// The client stopped the bot, or started it again.
fn member(change: &Value) -> Result<Option<Inbound>> {
    if !is_private(&change["chat"]) {
        return Ok(None);
    }
    let chat = number(&change["chat"]["id"], "chat.id")?;
    let status = text(&change["new_chat_member"]["status"]);
    Ok(Some(Inbound::Blocked { chat, blocked: matches!(status, "kicked" | "left") }))
}
