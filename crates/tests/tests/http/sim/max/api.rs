//! What each method takes, refuses and answers.

use std::collections::{BTreeSet, HashMap};

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{BOT, Inner, MARKER, Subscription, Ticket, chat_of};

pub struct Request<'a> {
    pub method: &'a str,
    /// Without the first slash.
    pub path: &'a str,
    pub query: &'a HashMap<String, String>,
    pub body: &'a Value,
}

/// A refusal as MAX words it.
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
}

type Answer = Result<Value, Refusal>;

fn refuse<T>(status: u16, code: &'static str, message: &str) -> Result<T, Refusal> {
    Err(Refusal { status, code, message: message.to_owned() })
}

fn payload<T>(message: &str) -> Result<T, Refusal> {
    refuse(400, "proto.payload", message)
}

const TYPES: &[&str] = &[
    "message_created",
    "message_callback",
    "message_edited",
    "message_removed",
    "bot_added",
    "bot_removed",
    "user_added",
    "user_removed",
    "bot_started",
    "bot_stopped",
    "dialog_cleared",
    "dialog_removed",
    "dialog_muted",
    "dialog_unmuted",
    "chat_title_changed",
];

/// The key, the rate, and failures a test asked for.
pub fn enter(state: &mut Inner, headers: &HeaderMap, request: &Request) -> Result<(), Refusal> {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok());
    if token != Some(state.token.as_str()) || request.query.contains_key("access_token") {
        return refuse(401, "verify.token", "Invalid access_token");
    }
    if !state.rate.take("") {
        return refuse(429, "too.many.requests", "Rate limit exceeded");
    }
    let what = format!("{} /{}", request.method, request.path);
    if let Some(at) = state.failures.iter().position(|(failing, ..)| *failing == what)
        && let Some((_, status, code)) = state.failures.remove(at)
    {
        return refuse(status, code, "As the test wants it");
    }
    Ok(())
}

pub fn run(state: &mut Inner, request: &Request) -> Answer {
    let parts: Vec<&str> = request.path.split('/').collect();
    match (request.method, parts.as_slice()) {
        ("GET", ["me"]) => Ok(state.bot()),
        ("GET", ["subscriptions"]) => {
            let shown =
                |at: &Subscription| json!({"url": at.url, "time": 0, "update_types": at.types, "version": "0.0.1"});
            Ok(json!({"subscriptions": state.subscriptions.iter().map(shown).collect::<Vec<_>>()}))
        }
        ("POST", ["subscriptions"]) => subscribe(state, request.body),
        ("DELETE", ["subscriptions"]) => {
            let url = parameter(request, "url")?;
            state.subscriptions.retain(|at| at.url != url);
            Ok(json!({"success": true}))
        }
        ("POST", ["messages"]) => send(state, request),
        ("PUT", ["messages"]) => edit(state, request),
        ("DELETE", ["messages"]) => remove(state, request),
        ("GET", ["messages", mid]) => match state.messages.iter().find(|message| message["body"]["mid"] == **mid) {
            Some(message) => Ok(message.clone()),
            None => refuse(404, "not.found", "Message not found"),
        },
        ("POST", ["answers"]) => answer(state, request),
        ("POST", ["uploads"]) => upload_url(state, request),
        ("POST", ["chats", chat_id, "actions"]) => {
            only(request.body, &["action"])?;
            let known = ["typing_on", "sending_photo", "sending_video", "sending_audio", "sending_file", "mark_seen"];
            if !known.contains(&request.body["action"].as_str().unwrap_or_default()) {
                return payload("action");
            }
            dialog(state, chat_id.parse().unwrap_or_default())?;
            Ok(json!({"success": true}))
        }
        ("GET", ["videos", token]) => Ok(json!({
            "token": token, "width": 640, "height": 360, "duration": 4,
            "urls": {"mp4_360": format!("{}/media/{token}.mp4", state.url)}
        })),
        _ => refuse(404, "not.found", "Unknown method"),
    }
}

fn parameter(request: &Request, name: &str) -> Result<String, Refusal> {
    match request.query.get(name).filter(|value| !value.is_empty()) {
        Some(value) => Ok(value.clone()),
        None => payload(&format!("{name} is missing")),
    }
}

/// Refuses fields the schema does not have.
fn only(body: &Value, known: &[&str]) -> Result<(), Refusal> {
    let Some(fields) = body.as_object() else { return payload("an object is expected") };
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => payload(&format!("unknown field {name}")),
        None => Ok(()),
    }
}

fn subscribe(state: &mut Inner, body: &Value) -> Answer {
    only(body, &["url", "secret", "update_types", "version"])?;
    let Some(url) = body["url"].as_str().filter(|url| url.starts_with("https://")) else {
        return payload("url: https is needed");
    };
    let secret = body["secret"].as_str().map(str::to_owned);
    let fits = |secret: &String| {
        (5..=256).contains(&secret.len()) && secret.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    if !secret.iter().all(fits) {
        return payload("secret: ^[a-zA-Z0-9_-]{5,256}$");
    }
    let types: BTreeSet<String> = match &body["update_types"] {
        Value::Null => TYPES.iter().map(|name| (*name).to_owned()).collect(),
        types => serde_json::from_value(types.clone()).unwrap_or_default(),
    };
    if !types.iter().all(|name| TYPES.contains(&name.as_str())) {
        return payload("update_types");
    }
    // A subscription of another address stands beside; the same address is set anew.
    state.subscriptions.retain(|at| at.url != url);
    state.subscriptions.push(Subscription { url: url.to_owned(), secret, types });
    Ok(json!({"success": true}))
}

/// The user of a dialog the bot may write to.
fn dialog(state: &Inner, chat_id: i64) -> Result<i64, Refusal> {
    match state.users.iter().find(|(id, user)| chat_of(**id) == chat_id && user.started) {
        None => refuse(404, "chat.not.found", &format!("Chat {chat_id} not found")),
        Some((_, user)) if user.stopped => refuse(403, "chat.denied", "error.dialog.suspended"),
        Some((id, _)) => Ok(*id),
    }
}

fn send(state: &mut Inner, request: &Request) -> Answer {
    for name in request.query.keys() {
        if !["chat_id", "user_id", "disable_link_preview"].contains(&name.as_str()) {
            return payload(&format!("unknown parameter {name}"));
        }
    }
    let chat_id = match (request.query.get("chat_id"), request.query.get("user_id")) {
        (Some(chat_id), None) => chat_id.parse().unwrap_or_default(),
        (None, Some(user_id)) => user_id.parse().map(chat_of).unwrap_or_default(),
        _ => return payload("one of chat_id and user_id is needed"),
    };
    let user_id = dialog(state, chat_id)?;
    check(state, request.body, false)?;
    if !state.chat_rate.take(&chat_id.to_string()) {
        return refuse(429, "too.many.requests", "Too many messages in this chat");
    }
    let bot = state.bot();
    let mut message = state.message(user_id, bot, json!(user_id));
    write(&mut message, request.body);
    state.messages.push(message.clone());
    Ok(json!({"message": message}))
}

fn write(message: &mut Value, body: &Value) {
    message["body"]["text"] = body["text"].clone();
    message["format"] = body["format"].clone();
    if !body["attachments"].is_null() {
        message["body"]["attachments"] = body["attachments"].clone();
    }
    if !body["link"].is_null() {
        message["link"] = body["link"].clone();
    }
}

/// `NewMessageBody`
fn check(state: &mut Inner, body: &Value, changing: bool) -> Result<(), Refusal> {
    only(body, &["text", "attachments", "link", "notify", "format"])?;
    let text = body["text"].as_str().unwrap_or_default();
    if text.chars().count() > 4000 {
        return payload("text: size must be between 0 and 4000");
    }
    let attachments = body["attachments"].as_array().cloned().unwrap_or_default();
    if text.trim().is_empty() && attachments.is_empty() && !changing {
        return payload("Must be at least one of text or attachments");
    }
    match body["format"].as_str() {
        None if body["format"].is_null() => {}
        Some("markdown") => {}
        Some("html") => html(text)?,
        _ => return payload("format"),
    }
    if let Some(link) = body.get("link").filter(|link| !link.is_null()) {
        let known = state.messages.iter().any(|message| message["body"]["mid"] == link["mid"]);
        if !matches!(link["type"].as_str(), Some("reply" | "forward")) || !known {
            return payload("link");
        }
    }
    let kind = |attachment: &Value| attachment["type"].as_str().unwrap_or_default().to_owned();
    let kinds: Vec<String> = attachments.iter().map(kind).collect();
    let media = kinds.iter().filter(|kind| *kind != "inline_keyboard").count();
    let lonely = kinds.iter().filter(|kind| *kind == "file" || *kind == "audio").count();
    if attachments.len() > 12 || kinds.len() - media > 1 || (lonely > 0 && media > 1) {
        return payload("attachments: too many, or they do not go together");
    }
    for attachment in &attachments {
        attached(state, attachment)?;
    }
    Ok(())
}

fn attached(state: &mut Inner, attachment: &Value) -> Result<(), Refusal> {
    only(attachment, &["type", "payload"])?;
    let contents = &attachment["payload"];
    let token = match attachment["type"].as_str() {
        Some("inline_keyboard") => return keyboard(contents),
        Some("image") => {
            only(contents, &["url", "token", "photos"])?;
            let photos = contents["photos"].as_object().and_then(|photos| photos.values().next());
            match (contents["token"].as_str(), photos, contents["url"].as_str()) {
                (Some(token), None, None) => token.to_owned(),
                (None, Some(photo), None) => photo["token"].as_str().unwrap_or_default().to_owned(),
                _ => return payload("image: the fields exclude each other"),
            }
        }
        Some("video" | "audio" | "file") => contents["token"].as_str().unwrap_or_default().to_owned(),
        _ => return payload("attachments: unknown type"),
    };
    match state.uploads.get_mut(&token) {
        Some(stored) if Some(stored.kind) != attachment["type"].as_str() => {
            payload("attachments: a token of another type")
        }
        Some(stored) if stored.waits > 0 => {
            stored.waits -= 1;
            refuse(400, "attachment.not.ready", "Key: errors.process.attachment.file.not.processed")
        }
        Some(_) => Ok(()),
        None => payload("attachments: unknown token"),
    }
}

fn keyboard(contents: &Value) -> Result<(), Refusal> {
    only(contents, &["buttons"])?;
    let rows = contents["buttons"].as_array().cloned().unwrap_or_default();
    if rows.is_empty() || rows.len() > 30 {
        return payload("buttons: from 1 to 30 rows");
    }
    for row in rows {
        let row = row.as_array().cloned().unwrap_or_default();
        let wide = |button: &Value| {
            matches!(button["type"].as_str(), Some("link" | "open_app" | "request_geo_location" | "request_contact"))
        };
        let most = if row.iter().any(wide) { 3 } else { 7 };
        if row.is_empty() || row.len() > most {
            return payload("buttons: too many in a row");
        }
        for button in &row {
            let text = button["text"].as_str().unwrap_or_default().chars().count();
            let right = match button["type"].as_str() {
                Some("callback") => {
                    only(button, &["type", "text", "payload"])?;
                    button["payload"].as_str().is_some_and(|payload| payload.chars().count() <= 1024)
                }
                Some("link") => {
                    only(button, &["type", "text", "url"])?;
                    button["url"].as_str().is_some_and(|url| url.starts_with("http") && url.len() <= 2048)
                }
                Some("request_contact" | "message") => only(button, &["type", "text"]).map(|()| true)?,
                _ => false,
            };
            if !right || !(1..=128).contains(&text) {
                return payload("buttons");
            }
        }
    }
    Ok(())
}

/// The tags MAX knows, closed in the right order.
fn html(text: &str) -> Result<(), Refusal> {
    const KNOWN: &[&str] =
        &["b", "strong", "i", "em", "u", "ins", "s", "del", "code", "pre", "a", "mark", "h1", "blockquote"];
    let mut open: Vec<&str> = Vec::new();
    for piece in text.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else { return payload("html: a bare <") };
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        if !KNOWN.contains(&name) {
            return payload(&format!("html: <{name}>"));
        }
        if !tag.starts_with('/') {
            open.push(name);
        } else if open.pop() != Some(name) {
            return payload("html: tags cross");
        }
    }
    if open.is_empty() { Ok(()) } else { payload("html: an open tag") }
}

const DAY: i64 = 24 * 3600 * 1000;

fn own(state: &mut Inner, mid: &str) -> Result<(usize, i64), Refusal> {
    let now = state.now();
    match state.messages.iter().position(|message| message["body"]["mid"] == mid) {
        None => refuse(404, "not.found", "Message not found"),
        Some(at) if state.messages[at]["sender"]["user_id"] != BOT => {
            refuse(403, "access.denied", "Not a message of the bot")
        }
        Some(at) => Ok((at, now - state.messages[at]["timestamp"].as_i64().unwrap())),
    }
}

fn edit(state: &mut Inner, request: &Request) -> Answer {
    let (at, age) = own(state, &parameter(request, "message_id")?)?;
    check(state, request.body, true)?;
    if age > 7 * DAY {
        return Ok(json!({"success": false, "message": "The message is too old"}));
    }
    let mut message = state.messages[at].clone();
    write(&mut message, request.body);
    state.messages[at] = message;
    Ok(json!({"success": true}))
}

fn remove(state: &mut Inner, request: &Request) -> Answer {
    let (at, age) = own(state, &parameter(request, "message_id")?)?;
    if age > DAY {
        return Ok(json!({"success": false, "message": "The message is too old"}));
    }
    state.messages[at]["removed"] = json!(true);
    Ok(json!({"success": true}))
}

fn answer(state: &mut Inner, request: &Request) -> Answer {
    let callback_id = parameter(request, "callback_id")?;
    only(request.body, &["message", "notification"])?;
    if request.body["message"].is_null() && request.body["notification"].as_str().unwrap_or_default().is_empty() {
        return payload("message or notification is needed");
    }
    if !state.callbacks.remove(&callback_id) {
        return refuse(404, "not.found", "Callback not found");
    }
    Ok(json!({"success": true}))
}

fn upload_url(state: &mut Inner, request: &Request) -> Answer {
    let kind = match parameter(request, "type")?.as_str() {
        "image" => "image",
        "video" => "video",
        "audio" => "audio",
        "file" => "file",
        _ => return payload("type"),
    };
    let id = state.next_id();
    let token = matches!(kind, "video" | "audio").then(|| format!("token-{id}"));
    state.tickets.insert(id.to_string(), Ticket { kind, token: token.clone() });
    let mut answer = json!({"url": format!("{}/upload/{id}", state.url)});
    if let Some(token) = token {
        answer["token"] = json!(token);
    }
    Ok(answer)
}

/// What a request for updates asks.
pub struct Asked {
    pub timeout: u64,
    limit: usize,
    marker: Option<usize>,
    types: Vec<String>,
}

impl Asked {
    pub fn of(state: &Inner, query: &HashMap<String, String>) -> Result<Self, Refusal> {
        if !state.subscriptions.is_empty() {
            return refuse(405, "method.not.allowed", "The bot is subscribed to a webhook");
        }
        let number = |name: &str, usual: i64| match query.get(name) {
            Some(value) => value.parse::<i64>().or_else(|_| payload(name)),
            None => Ok(usual),
        };
        let (timeout, limit) = (number("timeout", 30)?, number("limit", 100)?);
        if !(0..=90).contains(&timeout) || !(1..=1000).contains(&limit) {
            return payload("timeout: from 0 to 90, limit: from 1 to 1000");
        }
        let types: Vec<String> =
            query.get("types").map(|types| types.split(',').map(str::to_owned).collect()).unwrap_or_default();
        if !types.iter().all(|name| TYPES.contains(&name.as_str())) {
            return payload("types");
        }
        let marker = match query.contains_key("marker") {
            true => Some(usize::try_from(number("marker", 0)?).unwrap_or(0).saturating_sub(MARKER)),
            false => None,
        };
        Ok(Asked { timeout: timeout.unsigned_abs(), limit: usize::try_from(limit).unwrap_or(100), marker, types })
    }

    /// The updates there are, and the marker that comes next. Without a marker only the latest update is shown.
    pub fn among(&self, state: &Inner) -> (Vec<Value>, usize) {
        let last = state.updates.len();
        let from = self.marker.unwrap_or(last.saturating_sub(1)).max(state.forgotten).min(last);
        let to = last.min(from + self.limit);
        let wanted = |update: &&Value| {
            let kind = update["update_type"].as_str().unwrap_or_default();
            self.types.is_empty() || self.types.iter().any(|name| name == kind)
        };
        (state.updates[from..to].iter().filter(wanted).cloned().collect(), MARKER + to)
    }
}
