//! Messages of ours.

use std::time::Duration;

use desk::file::Media;
use desk::message::Button;
use reqwest::Method;
use reqwest::multipart::{Form, Part as FormPart};
use rich::Format;
use serde_json::{Value, json};

use super::api::{self, Refusal};
use super::wire;
use crate::driver::{Failure, Link, OutFile, Part, Sent, Trouble};
use crate::drivers::http;

const MOST_ROWS: usize = 30;
const MOST_IN_ROW: usize = 7;
const MOST_LINKS_IN_ROW: usize = 3;
const LONGEST_LABEL: usize = 128;

/// How long MAX is given to look at a file before the message is put off.
const READY: [u64; 8] = [300, 500, 1000, 2000, 3000, 3000, 5000, 5000];

pub async fn send(link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
    let mut body = words(part);
    if let Some(mid) = &part.reply_to {
        body["link"] = json!({"type": "reply", "mid": mid});
    }
    // Pictures share a message; anything else needs one of its own.
    let (pictures, others): (Vec<&OutFile>, Vec<&OutFile>) = part.files.iter().partition(|file| kind(file) == "image");
    let mut groups: Vec<Vec<&OutFile>> = others.into_iter().map(|file| vec![file]).collect();
    if !pictures.is_empty() || groups.is_empty() {
        groups.insert(0, pictures);
    }
    let mut sent = Sent::default();
    let last = groups.len() - 1;
    for (index, group) in groups.into_iter().enumerate() {
        let mut attachments = Vec::new();
        for file in group {
            attachments.push(attach(link, file).await?);
        }
        if index == last && !part.extra.keyboard.is_empty() {
            attachments.push(keyboard(&part.extra.keyboard)?);
        }
        let mut body = std::mem::replace(&mut body, json!({"text": null}));
        if !attachments.is_empty() {
            body["attachments"] = json!(attachments);
        }
        sent.ids.push(post(link, &part.chat.external_id, &body).await?);
    }
    Ok(sent)
}

/// Sends a message, when its files are ready; answers its id.
async fn post(link: &Link, chat_id: &str, body: &Value) -> Result<String, Failure> {
    let chat = [("chat_id", chat_id.to_owned())];
    let mut waits = READY.iter();
    loop {
        let sent: Result<wire::Sent, Refusal> =
            api::call(link, Method::POST, "messages", &chat, Some(body.clone())).await;
        match (sent, waits.next()) {
            (Ok(sent), _) => return Ok(sent.message.body.unwrap_or_default().mid),
            // A message refused for this was not made: <https://dev.max.ru/docs-api/methods/POST/uploads>.
            (Err(refusal), Some(wait)) if refusal.is_not_ready() => {
                tokio::time::sleep(Duration::from_millis(*wait)).await;
            }
            (Err(refusal), _) => return Err(refusal.into()),
        }
    }
}

/// Changes the words; attachments that are not named stay.
pub async fn edit(link: &Link, id: &str, part: &Part<'_>) -> Result<(), Failure> {
    let query = [("message_id", id.to_owned())];
    let done: wire::Done = api::call(link, Method::PUT, "messages", &query, Some(words(part))).await?;
    api::done(done)
}

fn words(part: &Part<'_>) -> Value {
    match &part.text {
        Some(text) => json!({"text": text.render(Format::MaxHtml), "format": "html"}),
        None => json!({"text": null}),
    }
}

fn keyboard(rows: &[Vec<Button>]) -> Result<Value, Failure> {
    let is_wide = |row: &Vec<Button>| {
        let has_link = row.iter().any(|button| button.url.is_some());
        row.len() > if has_link { MOST_LINKS_IN_ROW } else { MOST_IN_ROW }
    };
    if rows.len() > MOST_ROWS || rows.iter().any(is_wide) {
        return Err(Failure::refused(
            "В MAX под сообщением помещается до 30 рядов по 7 кнопок, а со ссылками — по 3.",
            "MAX has room for 30 rows of 7 buttons under a message, or of 3 with links.",
            "the keyboard is too large",
        ));
    }
    let button = |button: &Button| {
        let text: String = button.title.chars().take(LONGEST_LABEL).collect();
        match &button.url {
            Some(url) => json!({"type": "link", "text": text, "url": url}),
            None => {
                let payload = button.payload.as_ref().unwrap_or(&button.title);
                json!({"type": "callback", "text": text, "payload": payload})
            }
        }
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(button).collect()).collect();
    Ok(json!({"type": "inline_keyboard", "payload": {"buttons": rows}}))
}

fn kind(file: &OutFile) -> &'static str {
    let content_type = file.content_type.as_str();
    if file.is_image() && content_type != "image/webp" {
        "image"
    } else if file.media == Some(Media::Voice) || content_type.starts_with("audio/") {
        "audio"
    } else if matches!(content_type, "video/mp4" | "video/quicktime" | "video/webm" | "video/x-matroska") {
        "video"
    } else {
        "file"
    }
}

/// Uploads a file; answers it as an attachment.
async fn attach(link: &Link, file: &OutFile) -> Result<Value, Failure> {
    let kind = kind(file);
    let target: wire::Upload =
        api::call(link, Method::POST, "uploads", &[("type", kind.to_owned())], None).await.map_err(Trouble::from)?;
    let host = http::host(&target.url);
    if !link.app.http.allows(&target.url) {
        return Err(refused(file, "the upload server is in a private network"));
    }
    let part = FormPart::stream_with_length(file.bytes.clone(), file.bytes.len() as u64).file_name(file.name.clone());
    // Nothing was said to the client yet, so every trouble on the way can be tried again.
    let later = |error: reqwest::Error| Failure::Later(Trouble::unreachable(host, &error.without_url()));
    let request = link.http().post(&target.url).multipart(Form::new().part("data", part));
    let response = request.timeout(Duration::from_secs(180)).send().await.map_err(later)?;
    if response.status().is_client_error() {
        return Err(refused(file, &format!("the upload server answered {}", response.status())));
    }
    let bytes = response.error_for_status().map_err(later)?.bytes().await.map_err(later)?;
    let uploaded: wire::Uploaded = serde_json::from_slice(&bytes).unwrap_or_default();
    // Of a film and a sound the token was told before; the upload answers with something that is not JSON.
    let payload = match (uploaded.photos, target.token.or(uploaded.token)) {
        (Some(photos), _) => json!({"photos": photos}),
        (None, Some(token)) => json!({"token": token}),
        (None, None) => return Err(refused(file, "the upload server gave no token")),
    };
    Ok(json!({"type": kind, "payload": payload}))
}

fn refused(file: &OutFile, technical: &str) -> Failure {
    Failure::refused(
        format!("MAX не принимает файл «{}».", file.name),
        format!("MAX does not take the file \"{}\".", file.name),
        technical.to_owned(),
    )
}
