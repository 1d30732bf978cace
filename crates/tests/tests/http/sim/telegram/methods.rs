//! The methods of the Bot API that the product uses, each with its required parameters and limits.

use serde_json::{Map, Value, json};

use super::markup::{self, Parsed};
use super::{Answer, Fault, Inner, MAX_DOWNLOAD, Params, Upload, Webhook};

const TEXT_LIMIT: usize = 4096;
const CAPTION_LIMIT: usize = 1024;
const PHOTO_BYTES: usize = 10 * 1024 * 1024;
const FILE_BYTES: usize = 50 * 1024 * 1024;

pub fn bot() -> Value {
    json!({"id": 7_000_000_001_i64, "is_bot": true, "first_name": "Поддержка Отклика", "username": "otklik_test_bot"})
}

/// Takes parameters by name, and knows at the end which were not asked for.
pub struct Reader {
    values: Map<String, Value>,
    files: Vec<Upload>,
}

impl Reader {
    pub fn new(params: &Params) -> Self {
        Self { values: params.values.clone(), files: params.files.clone() }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.values.remove(name).filter(|value| !value.is_null())
    }

    pub fn integer(&mut self, name: &str) -> Result<Option<i64>, Fault> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(number.as_i64()),
            Some(Value::String(text)) => {
                text.parse().map(Some).map_err(|_| Fault::bad(format!("Bad Request: invalid {name} specified")))
            }
            Some(_) => Err(Fault::bad(format!("Bad Request: invalid {name} specified"))),
        }
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, Fault> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Fault::bad(format!("Bad Request: {name} must be a string"))),
        }
    }

    fn flag(&mut self, name: &str) -> bool {
        self.take(name).is_some_and(|value| value == true || value == "true")
    }

    /// An object or list; in a form it is written as JSON.
    pub fn json(&mut self, name: &str) -> Result<Option<Value>, Fault> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => {
                let parsed = serde_json::from_str(&text);
                parsed.map(Some).map_err(|_| Fault::bad(format!("Bad Request: can't parse {name} JSON object")))
            }
            Some(value) => Ok(Some(value)),
        }
    }

    fn upload(&mut self, field: &str) -> Option<Upload> {
        let position = self.files.iter().position(|file| file.field == field)?;
        Some(self.files.remove(position))
    }

    pub fn finish(self) -> Result<(), Fault> {
        let file = self.files.first().map(|file| file.field.clone());
        match self.values.keys().next().cloned().or(file) {
            Some(name) => Err(Fault::bad(format!("Bad Request: unknown parameter {name} (only the simulator minds)"))),
            None => Ok(()),
        }
    }
}

pub fn call(inner: &mut Inner, method: &str, params: &Params) -> Answer {
    let mut reader = Reader::new(params);
    let reader = &mut reader;
    match method {
        "getMe" => done(reader).map(|()| bot()),
        "setWebhook" => set_webhook(inner, reader),
        "deleteWebhook" => {
            let drop_pending = reader.flag("drop_pending_updates");
            done(reader)?;
            inner.webhook = None;
            if drop_pending {
                inner.updates.clear();
            }
            Ok(json!(true))
        }
        "getWebhookInfo" => {
            done(reader)?;
            let url = inner.webhook.as_ref().map(|webhook| webhook.url.clone()).unwrap_or_default();
            Ok(json!({"url": url, "has_custom_certificate": false, "pending_update_count": inner.updates.len()}))
        }
        "sendMessage" => send_message(inner, reader),
        "sendPhoto" => send_file(inner, reader, "photo"),
        "sendDocument" => send_file(inner, reader, "document"),
        "sendVoice" => send_file(inner, reader, "voice"),
        "sendVideo" => send_file(inner, reader, "video"),
        "sendAudio" => send_file(inner, reader, "audio"),
        "sendMediaGroup" => send_album(inner, reader),
        "editMessageText" => edit(inner, reader, "text"),
        "editMessageCaption" => edit(inner, reader, "caption"),
        "deleteMessage" => delete(inner, reader),
        "sendChatAction" => {
            chat(inner, reader)?;
            let known = ["typing", "upload_photo", "upload_document", "upload_voice", "upload_video", "record_voice"];
            let action = reader.text("action")?.unwrap_or_default();
            done(reader)?;
            if !known.contains(&action.as_str()) {
                return Err(Fault::bad("Bad Request: wrong parameter action in request"));
            }
            Ok(json!(true))
        }
        "answerCallbackQuery" => {
            let query = reader.text("callback_query_id")?.unwrap_or_default();
            let text = reader.text("text")?.unwrap_or_default();
            done(reader)?;
            if text.chars().count() > 200 {
                return Err(Fault::bad("Bad Request: MESSAGE_TOO_LONG"));
            }
            if !inner.queries.remove(&query) {
                let words = "Bad Request: query is too old and response timeout expired or query ID is invalid";
                return Err(Fault::bad(words));
            }
            Ok(json!(true))
        }
        "getFile" => {
            let file_id = reader.text("file_id")?.unwrap_or_default();
            done(reader)?;
            let file = inner.files.get(&file_id).ok_or_else(|| Fault::bad("Bad Request: invalid file_id"))?;
            if file.bytes.len() > MAX_DOWNLOAD {
                return Err(Fault::bad("Bad Request: file is too big"));
            }
            Ok(
                json!({"file_id": file_id, "file_unique_id": format!("u{file_id}"), "file_size": file.bytes.len(), "file_path": file.path}),
            )
        }
        _ => Err(Fault { status: 404, description: "Not Found".to_owned(), retry_after: None }),
    }
}

fn done(reader: &mut Reader) -> Result<(), Fault> {
    std::mem::replace(reader, Reader { values: Map::new(), files: Vec::new() }).finish()
}

fn set_webhook(inner: &mut Inner, reader: &mut Reader) -> Answer {
    let url = reader.text("url")?.unwrap_or_default();
    let secret = reader.text("secret_token")?;
    let allowed = reader.json("allowed_updates")?.unwrap_or(json!([]));
    let connections = reader.integer("max_connections")?.unwrap_or(40);
    let drop_pending = reader.flag("drop_pending_updates");
    done(reader)?;
    if url.is_empty() {
        inner.webhook = None;
        return Ok(json!(true));
    }
    if !url.starts_with("https://") {
        return Err(Fault::bad("Bad Request: bad webhook: An HTTPS URL must be provided for webhook"));
    }
    let token_fits = |secret: &String| {
        (1..=256).contains(&secret.len())
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    if secret.as_ref().is_some_and(|secret| !token_fits(secret)) {
        return Err(Fault::bad("Bad Request: secret token contains illegal characters"));
    }
    if !(1..=100).contains(&connections) {
        return Err(Fault::bad("Bad Request: max_connections is 1 to 100"));
    }
    let allowed: Vec<String> =
        serde_json::from_value(allowed).map_err(|_| Fault::bad("Bad Request: can't parse allowed_updates"))?;
    if drop_pending {
        inner.updates.clear();
    }
    inner.allowed = Some(allowed.clone());
    inner.webhook = Some(Webhook { url, secret, allowed });
    Ok(json!(true))
}

/// The chat to send to, if the bot may.
fn chat(inner: &Inner, reader: &mut Reader) -> Result<i64, Fault> {
    let id = reader.integer("chat_id")?.ok_or_else(|| Fault::bad("Bad Request: chat_id is empty"))?;
    let chat = inner.chats.get(&id).ok_or_else(|| Fault::bad("Bad Request: chat not found"))?;
    if chat.blocked {
        let description = "Forbidden: bot was blocked by the user".to_owned();
        return Err(Fault { status: 403, description, retry_after: None });
    }
    // A bot cannot write first.
    if chat.messages.is_empty() {
        let description = "Forbidden: bot can't initiate conversation with a user".to_owned();
        return Err(Fault { status: 403, description, retry_after: None });
    }
    Ok(id)
}

/// A text or caption with its parse mode.
fn formatted(reader: &mut Reader, name: &str, limit: usize) -> Result<Parsed, Fault> {
    let text = reader.text(name)?.unwrap_or_default();
    let parsed = match reader.text("parse_mode")?.as_deref() {
        None | Some("") => Parsed { text: text.trim().to_owned(), entities: Vec::new() },
        Some(mode) if mode.eq_ignore_ascii_case("html") => markup::parse(&text).map_err(Fault::bad)?,
        Some(_) => return Err(Fault::bad("Bad Request: unsupported parse_mode")),
    };
    if parsed.text.chars().count() > limit {
        let what = if name == "text" { "message is too long" } else { "message caption is too long" };
        return Err(Fault::bad(format!("Bad Request: {what}")));
    }
    Ok(parsed)
}

/// What every sending method may have: a quote, a keyboard.
fn options(inner: &Inner, chat_id: i64, reader: &mut Reader, message: &mut Value) -> Result<(), Fault> {
    if let Some(reply) = reader.json("reply_parameters")? {
        let id = reply["message_id"].as_i64().ok_or_else(|| Fault::bad("Bad Request: can't parse reply parameters"))?;
        match inner.chats[&chat_id].messages.get(&id) {
            Some(quoted) => message["reply_to_message"] = quoted.clone(),
            None if reply["allow_sending_without_reply"] == true => {}
            None => return Err(Fault::bad("Bad Request: message to be replied not found")),
        }
    }
    if let Some(markup) = reader.json("reply_markup")? {
        keyboard(&markup)?;
        message["reply_markup"] = markup;
    }
    let _ = (reader.flag("disable_notification"), reader.flag("protect_content"));
    Ok(())
}

fn keyboard(markup: &Value) -> Result<(), Fault> {
    if let Some(rows) = markup["inline_keyboard"].as_array() {
        let mut count = 0;
        for button in rows.iter().flat_map(|row| row.as_array().into_iter().flatten()) {
            count += 1;
            if button["text"].as_str().is_none_or(str::is_empty) {
                return Err(Fault::bad("Bad Request: inline keyboard button text must be non-empty"));
            }
            match (button["callback_data"].as_str(), button["url"].as_str()) {
                (Some(data), None) if (1..=64).contains(&data.len()) => {}
                (Some(_), None) => return Err(Fault::bad("Bad Request: BUTTON_DATA_INVALID")),
                (None, Some(url)) if ["https://", "http://", "tg://"].iter().any(|scheme| url.starts_with(scheme)) => {}
                (None, Some(_)) => return Err(Fault::bad("Bad Request: BUTTON_URL_INVALID")),
                _ => return Err(Fault::bad("Bad Request: Text buttons are unallowed in the inline keyboard")),
            }
        }
        if count > 100 {
            return Err(Fault::bad("Bad Request: reply markup is too long"));
        }
        return Ok(());
    }
    if let Some(rows) = markup["keyboard"].as_array() {
        for button in rows.iter().flat_map(|row| row.as_array().into_iter().flatten()) {
            let text = button.as_str().or(button["text"].as_str()).unwrap_or_default();
            if text.is_empty() {
                return Err(Fault::bad("Bad Request: keyboard button text must be non-empty"));
            }
        }
        return Ok(());
    }
    if markup["remove_keyboard"] == true || markup["force_reply"] == true {
        return Ok(());
    }
    Err(Fault::bad("Bad Request: object expected as reply markup"))
}

fn send_message(inner: &mut Inner, reader: &mut Reader) -> Answer {
    let chat_id = chat(inner, reader)?;
    let parsed = formatted(reader, "text", TEXT_LIMIT)?;
    if parsed.text.is_empty() {
        return Err(Fault::bad("Bad Request: message text is empty"));
    }
    let mut message = json!({"from": bot(), "text": parsed.text});
    if !parsed.entities.is_empty() {
        message["entities"] = json!(parsed.entities);
    }
    reader.json("link_preview_options")?;
    options(inner, chat_id, reader, &mut message)?;
    done(reader)?;
    Ok(inner.place(chat_id, message))
}

/// The file of a field: uploaded in that field, attached under another name, or one that Telegram has.
fn file(inner: &mut Inner, reader: &mut Reader, kind: &str, reference: Option<String>) -> Result<Value, Fault> {
    let upload = match reference.as_deref() {
        None => reader.upload(kind),
        Some(reference) => match reference.strip_prefix("attach://") {
            Some(name) => reader.upload(name),
            None if inner.files.contains_key(reference) => return Ok(describe(kind, reference, "", 0)),
            None => return Err(Fault::bad("Bad Request: wrong remote file identifier specified")),
        },
    };
    let upload = upload.ok_or_else(|| Fault::bad(format!("Bad Request: there is no {kind} in the request")))?;
    let limit = if kind == "photo" { PHOTO_BYTES } else { FILE_BYTES };
    if upload.bytes.is_empty() {
        return Err(Fault::bad("Bad Request: file must be non-empty"));
    }
    if upload.bytes.len() > limit {
        return Err(Fault { status: 413, description: "Request Entity Too Large".to_owned(), retry_after: None });
    }
    let is_picture =
        [&b"\x89PNG"[..], b"\xff\xd8\xff", b"GIF8", b"RIFF"].iter().any(|magic| upload.bytes.starts_with(magic));
    if kind == "photo" && !is_picture {
        return Err(Fault::bad("Bad Request: IMAGE_PROCESS_FAILED"));
    }
    let size = upload.bytes.len();
    let file_id = inner.store(&upload.name, upload.bytes);
    Ok(describe(kind, &file_id, &upload.name, size))
}

fn describe(kind: &str, file_id: &str, name: &str, size: usize) -> Value {
    let file = json!({"file_id": file_id, "file_unique_id": format!("u{file_id}"), "file_size": size});
    let with = |extra: Value| {
        let mut file = file.clone();
        file.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        file
    };
    match kind {
        "photo" => json!([with(json!({"width": 640, "height": 480}))]),
        "voice" => with(json!({"duration": 1, "mime_type": "audio/ogg"})),
        "video" => with(json!({"duration": 1, "width": 640, "height": 480, "file_name": name})),
        "audio" => with(json!({"duration": 1, "file_name": name})),
        _ => with(json!({"file_name": name})),
    }
}

fn with_caption(message: &mut Value, parsed: Parsed) {
    if !parsed.text.is_empty() {
        message["caption"] = json!(parsed.text);
        if !parsed.entities.is_empty() {
            message["caption_entities"] = json!(parsed.entities);
        }
    }
}

fn send_file(inner: &mut Inner, reader: &mut Reader, kind: &str) -> Answer {
    let chat_id = chat(inner, reader)?;
    let parsed = formatted(reader, "caption", CAPTION_LIMIT)?;
    let mut message = json!({"from": bot()});
    with_caption(&mut message, parsed);
    options(inner, chat_id, reader, &mut message)?;
    for name in ["duration", "width", "height"] {
        reader.integer(name)?;
    }
    let reference = reader.text(kind)?;
    message[kind] = file(inner, reader, kind, reference)?;
    done(reader)?;
    Ok(inner.place(chat_id, message))
}

fn send_album(inner: &mut Inner, reader: &mut Reader) -> Answer {
    let chat_id = chat(inner, reader)?;
    let media = reader.json("media")?.and_then(|media| media.as_array().cloned()).unwrap_or_default();
    if !(2..=10).contains(&media.len()) {
        return Err(Fault::bad("Bad Request: media must include 2-10 items"));
    }
    let kinds: Vec<&str> = media.iter().filter_map(|item| item["type"].as_str()).collect();
    let alone = |kind: &str| kinds.contains(&kind) && kinds.iter().any(|other| *other != kind);
    if kinds.len() != media.len() || alone("document") || alone("audio") {
        return Err(Fault::bad("Bad Request: document and audio can't be mixed with other media types"));
    }
    let mut shared = json!({"from": bot(), "media_group_id": format!("13{}", inner.next_message)});
    options(inner, chat_id, reader, &mut shared)?;
    if shared.get("reply_markup").is_some() {
        return Err(Fault::bad("Bad Request: unknown parameter reply_markup (albums have no keyboards)"));
    }
    let mut messages = Vec::new();
    for item in &media {
        let kind = item["type"].as_str().unwrap_or_default();
        let mut own = Reader { values: item.as_object().cloned().unwrap_or_default(), files: Vec::new() };
        own.take("type");
        let mut message = shared.clone();
        with_caption(&mut message, formatted(&mut own, "caption", CAPTION_LIMIT)?);
        let reference = own.text("media")?;
        own.finish()?;
        message[kind] = file(inner, reader, kind, Some(reference.unwrap_or_default()))?;
        messages.push(message);
    }
    done(reader)?;
    Ok(messages.into_iter().map(|message| inner.place(chat_id, message)).collect())
}

/// A message of the bot that may still be changed.
fn own_message(inner: &Inner, chat_id: i64, message_id: i64, what: &str) -> Result<Value, Fault> {
    let message = inner.chats[&chat_id].messages.get(&message_id);
    let message = message.ok_or_else(|| Fault::bad(format!("Bad Request: message to {what} not found")))?;
    let old = super::people::now() - message["date"].as_i64().unwrap() > 48 * 3600;
    if what == "delete" && old {
        return Err(Fault::bad("Bad Request: message can't be deleted for everyone"));
    }
    if what == "edit" && message["from"]["is_bot"] != true {
        return Err(Fault::bad("Bad Request: message can't be edited"));
    }
    Ok(message.clone())
}

fn edit(inner: &mut Inner, reader: &mut Reader, field: &str) -> Answer {
    let chat_id = chat(inner, reader)?;
    let message_id =
        reader.integer("message_id")?.ok_or_else(|| Fault::bad("Bad Request: message identifier is not specified"))?;
    let parsed = formatted(reader, field, if field == "text" { TEXT_LIMIT } else { CAPTION_LIMIT })?;
    reader.json("link_preview_options")?;
    let markup = reader.json("reply_markup")?;
    done(reader)?;
    let mut message = own_message(inner, chat_id, message_id, "edit")?;
    if field == "text" && message.get("text").is_none() {
        return Err(Fault::bad("Bad Request: there is no text in the message to edit"));
    }
    if parsed.text.is_empty() && field == "text" {
        return Err(Fault::bad("Bad Request: message text is empty"));
    }
    let entities = if field == "text" { "entities" } else { "caption_entities" };
    let before = message.clone();
    message[field] = json!(parsed.text);
    message.as_object_mut().unwrap().remove(entities);
    if !parsed.entities.is_empty() {
        message[entities] = json!(parsed.entities);
    }
    message.as_object_mut().unwrap().remove("reply_markup");
    if let Some(markup) = markup {
        keyboard(&markup)?;
        message["reply_markup"] = markup;
    }
    if message == before {
        let words = "Bad Request: message is not modified: specified new message content and reply markup are exactly the \
                     same as a current content and reply markup of the message";
        return Err(Fault::bad(words));
    }
    inner.chats.get_mut(&chat_id).unwrap().messages.insert(message_id, message.clone());
    Ok(message)
}

fn delete(inner: &mut Inner, reader: &mut Reader) -> Answer {
    let chat_id = chat(inner, reader)?;
    let message_id = reader.integer("message_id")?.unwrap_or_default();
    done(reader)?;
    own_message(inner, chat_id, message_id, "delete")?;
    inner.chats.get_mut(&chat_id).unwrap().messages.remove(&message_id);
    Ok(json!(true))
}
