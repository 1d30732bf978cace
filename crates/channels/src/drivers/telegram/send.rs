//! Messages to Telegram: which method takes a part, and how its keyboard is written.

use desk::chat;
use desk::file::Media;
use desk::message::Button;
use reqwest::multipart::{Form, Part as FormPart};
use serde_json::{Value, json};

use super::call::{self, Refusal, failure};
use crate::driver::{Failure, Link, OutFile, Part, Sent};

/// A larger picture is sent as a document.
const MAX_PHOTO: usize = 10 * 1024 * 1024;
/// What a button can carry.
const MAX_PAYLOAD: usize = 64;
/// A button with this payload asks for the client's own phone number.
const REQUEST_CONTACT: &str = "request_contact";
/// The same for the place where he is.
const REQUEST_LOCATION: &str = "request_location";

pub(super) async fn send(link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
    match part.files.as_slice() {
        [] => {
            let sent = plainly(link, "sendMessage", &message(part)?)
                .await
                .map_err(|refusal| failure("sendMessage", refusal))?;
            Ok(Sent { ids: ids(&sent) })
        }
        [file] => {
            let markup = keyboard(&part.extra.keyboard)?;
            let (method, field) = method_of(file);
            let sent = match one_file(link, part, file, method, field, markup.as_ref()).await {
                // A picture that Telegram cannot show as one still is a file.
                Err(Refusal::Said { status: 400, description, .. })
                    if field == "photo" && is_picture_trouble(&description) =>
                {
                    one_file(link, part, file, "sendDocument", "document", markup.as_ref()).await
                }
                sent => sent,
            };
            Ok(Sent { ids: ids(&sent.map_err(|refusal| failure(method, refusal))?) })
        }
        files => {
            let sent = album(link, part, files).await.map_err(|refusal| failure("sendMediaGroup", refusal))?;
            Ok(Sent { ids: sent.as_array().into_iter().flatten().flat_map(ids).collect() })
        }
    }
}

pub(super) async fn edit(link: &Link, chat: &chat::Model, id: &str, part: &Part<'_>) -> Result<(), Failure> {
    let (method, field) =
        if part.files.is_empty() { ("editMessageText", "text") } else { ("editMessageCaption", "caption") };
    let mut change = json!({
        "chat_id": chat.external_id,
        "message_id": id.parse::<i64>().unwrap_or_default(),
        "parse_mode": "HTML",
    });
    change[field] = json!(part.rendered(rich::Format::TelegramHtml));
    if let Some(markup) = keyboard(&part.extra.keyboard)?.filter(|markup| markup.get("inline_keyboard").is_some()) {
        change["reply_markup"] = markup;
    }
    match plainly(link, method, &change).await {
        Err(Refusal::Said { description, .. }) if description.contains("message is not modified") => Ok(()),
        result => result.map(drop).map_err(|refusal| failure(method, refusal)),
    }
}

pub(super) async fn delete(link: &Link, chat: &chat::Model, id: &str) -> Result<(), Failure> {
    let message = json!({"chat_id": chat.external_id, "message_id": id.parse::<i64>().unwrap_or_default()});
    match call::json(link, "deleteMessage", &message).await {
        // The client's copy is gone already.
        Err(Refusal::Said { description, .. }) if description.contains("message to delete not found") => Ok(()),
        result => result.map(drop).map_err(|refusal| failure("deleteMessage", refusal)),
    }
}

/// Sends formatted text; if Telegram cannot read the formatting after all, the words alone.
async fn plainly(link: &Link, method: &str, message: &Value) -> Result<Value, Refusal> {
    match call::json(link, method, message).await {
        Err(Refusal::Said { status: 400, description, .. }) if description.contains("can't parse entities") => {
            tracing::error!(method, "Telegram could not read our formatting: {description}");
            let field = if message["text"].is_string() { "text" } else { "caption" };
            let html = message[field].as_str().unwrap_or_default();
            let mut plain = message.clone();
            plain[field] = json!(rich::Document::from_html(&html.replace('\n', "<br>")).render(rich::Format::Plain));
            if let Some(plain) = plain.as_object_mut() {
                plain.remove("parse_mode");
            }
            call::json(link, method, &plain).await
        }
        result => result,
    }
}

fn message(part: &Part<'_>) -> Result<Value, Failure> {
    let mut message = json!({
        "chat_id": part.chat.external_id,
        "text": part.rendered(rich::Format::TelegramHtml),
        "parse_mode": "HTML",
    });
    if let Some(reply) = reply(part) {
        message["reply_parameters"] = reply;
    }
    if let Some(markup) = keyboard(&part.extra.keyboard)? {
        message["reply_markup"] = markup;
    }
    Ok(message)
}

/// The quote. A message that the client has deleted is answered without it.
fn reply(part: &Part<'_>) -> Option<Value> {
    let id: i64 = part.reply_to.as_ref()?.parse().ok()?;
    Some(json!({"message_id": id, "allow_sending_without_reply": true}))
}

fn ids(message: &Value) -> Vec<String> {
    message["message_id"].as_i64().map(|id| id.to_string()).into_iter().collect()
}

/// The method for a file, and the name of its field.
fn method_of(file: &OutFile) -> (&'static str, &'static str) {
    let small = file.bytes.len() <= MAX_PHOTO;
    match (file.media, file.content_type.as_str()) {
        (Some(Media::Voice), "audio/ogg" | "audio/mpeg" | "audio/mp4") => ("sendVoice", "voice"),
        (_, "image/jpeg" | "image/png" | "image/webp") if small => ("sendPhoto", "photo"),
        (_, "video/mp4") => ("sendVideo", "video"),
        (_, "audio/mpeg" | "audio/mp4") => ("sendAudio", "audio"),
        _ => ("sendDocument", "document"),
    }
}

fn is_picture_trouble(description: &str) -> bool {
    ["IMAGE_PROCESS_FAILED", "PHOTO_INVALID_DIMENSIONS", "PHOTO_EXT_INVALID", "PHOTO_SAVE_FILE_INVALID"]
        .iter()
        .any(|known| description.contains(known))
}

/// A form with a file in it. Telegram reads names as they are, not encoded.
fn with_file(form: Form, field: String, file: &OutFile) -> Form {
    let name: String = file.name.chars().map(|c| if matches!(c, '"' | '\\' | '\r' | '\n') { '_' } else { c }).collect();
    let length = file.bytes.len() as u64;
    let body = FormPart::stream_with_length(file.bytes.clone(), length).file_name(name);
    let body = match body.mime_str(&file.content_type) {
        Ok(body) => body,
        // A type that is none travels as plain bytes.
        Err(_) => FormPart::stream_with_length(file.bytes.clone(), length).file_name(file.name.clone()),
    };
    form.part(field, body)
}

fn base_form(part: &Part<'_>) -> Form {
    let form = Form::new().percent_encode_noop().text("chat_id", part.chat.external_id.clone());
    match reply(part) {
        Some(reply) => form.text("reply_parameters", reply.to_string()),
        None => form,
    }
}

async fn one_file(
    link: &Link,
    part: &Part<'_>,
    file: &OutFile,
    method: &str,
    field: &'static str,
    markup: Option<&Value>,
) -> Result<Value, Refusal> {
    let mut form = base_form(part);
    if part.text.is_some() {
        form = form.text("caption", part.rendered(rich::Format::TelegramHtml)).text("parse_mode", "HTML");
    }
    if let Some(markup) = markup {
        form = form.text("reply_markup", markup.to_string());
    }
    if let Some(duration) = file.duration_ms.filter(|_| matches!(field, "voice" | "audio" | "video")) {
        form = form.text("duration", (duration / 1000).to_string());
    }
    call::form(link, method, with_file(form, field.to_owned(), file)).await
}

/// Several pictures as one message; the words stand under the first.
async fn album(link: &Link, part: &Part<'_>, files: &[OutFile]) -> Result<Value, Refusal> {
    let all_photos = files.iter().all(|file| method_of(file).1 == "photo");
    let kind = if all_photos { "photo" } else { "document" };
    let mut form = base_form(part);
    let mut media = Vec::with_capacity(files.len());
    for (index, file) in files.iter().enumerate() {
        let field = format!("file{index}");
        let mut item = json!({"type": kind, "media": format!("attach://{field}")});
        if index == 0 && part.text.is_some() {
            item["caption"] = json!(part.rendered(rich::Format::TelegramHtml));
            item["parse_mode"] = json!("HTML");
        }
        media.push(item);
        form = with_file(form, field, file);
    }
    call::form(link, "sendMediaGroup", form.text("media", Value::Array(media).to_string())).await
}

/// Buttons under the message; with one that asks for a phone or a place, instead of the client's own keyboard, because
/// Telegram has those only there.
fn keyboard(rows: &[Vec<Button>]) -> Result<Option<Value>, Failure> {
    if rows.iter().all(Vec::is_empty) {
        return Ok(None);
    }
    let asks = |button: &Button| matches!(button.payload.as_deref(), Some(REQUEST_CONTACT | REQUEST_LOCATION));
    if rows.iter().flatten().any(asks) {
        let rows: Vec<Value> = rows.iter().map(|row| row.iter().map(reply_button).collect()).collect();
        return Ok(Some(json!({"keyboard": rows, "resize_keyboard": true, "one_time_keyboard": true})));
    }
    let mut inline = Vec::with_capacity(rows.len());
    for (line, row) in rows.iter().enumerate() {
        let buttons: Result<Vec<Value>, Failure> =
            row.iter().enumerate().map(|(column, button)| inline_button(button, line, column)).collect();
        inline.push(Value::Array(buttons?));
    }
    Ok(Some(json!({"inline_keyboard": inline})))
}

fn reply_button(button: &Button) -> Value {
    match button.payload.as_deref() {
        Some(REQUEST_CONTACT) => json!({"text": button.title, "request_contact": true}),
        Some(REQUEST_LOCATION) => json!({"text": button.title, "request_location": true}),
        _ => json!({"text": button.title}),
    }
}

fn inline_button(button: &Button, line: usize, column: usize) -> Result<Value, Failure> {
    if let Some(url) = &button.url {
        return Ok(json!({"text": button.title, "url": url}));
    }
    let data = match &button.payload {
        Some(payload) if payload.len() > MAX_PAYLOAD => {
            return Err(Failure::refused(
                format!("Данные кнопки «{}» длиннее 64 байт.", button.title),
                format!("The data of the button “{}” is longer than 64 bytes.", button.title),
                "callback_data",
            ));
        }
        Some(payload) if !payload.is_empty() => payload.clone(),
        _ if button.title.len() <= MAX_PAYLOAD => button.title.clone(),
        // A longer title is found again by its place under the message.
        _ => format!("#{line}.{column}"),
    };
    Ok(json!({"text": button.title, "callback_data": data}))
}

/// Whether a button's data only says where it stands.
pub(super) fn is_place(data: &str) -> bool {
    let place = data.strip_prefix('#').and_then(|place| place.split_once('.'));
    place.is_some_and(|(line, column)| line.parse::<usize>().is_ok() && column.parse::<usize>().is_ok())
}
