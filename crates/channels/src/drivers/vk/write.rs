//! Messages of ours.

use bytes::Bytes;
use desk::chat;
use desk::file::Media;
use desk::message::Button;
use reqwest::multipart::{Form, Part as FormPart};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::api::{self, Refusal};
use super::wire;
use crate::driver::{Failure, Link, OutFile, Part, Sent};
use crate::drivers::http;

const MOST_ROWS: usize = 6;
const MOST_IN_ROW: usize = 5;
const MOST_BUTTONS: usize = 10;
const LONGEST_LABEL: usize = 40;

pub async fn send(link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
    let peer = part.chat.external_id.clone();
    let mut params = words(part)?;
    // With `peer_ids` the answer tells the number within the conversation, which all other methods go by.
    params.push(("peer_ids", peer.clone()));
    params.push(("random_id", random_id(&part.key).to_string()));
    if let Some(reply_to) = part.reply_to.as_ref().and_then(|id| id.parse::<i64>().ok()) {
        let peer_id = peer.parse::<i64>().unwrap_or_default();
        let forward = json!({"peer_id": peer_id, "conversation_message_ids": [reply_to], "is_reply": true});
        params.push(("forward", forward.to_string()));
    }
    let mut attachments = Vec::new();
    for file in &part.files {
        attachments.push(attach(link, &peer, file).await?);
    }
    if !attachments.is_empty() {
        params.push(("attachment", attachments.join(",")));
    }
    let sent: Vec<wire::Sent> = api::call(link, "messages.send", &params).await?;
    match sent.into_iter().next() {
        Some(wire::Sent { error: Some(error), .. }) => Err(Refusal::of_peer(link, error).into()),
        Some(wire::Sent { conversation_message_id, error: None }) => {
            Ok(Sent { ids: vec![conversation_message_id.to_string()] })
        }
        None => Err(Failure::Unknown("messages.send answered nothing".to_owned())),
    }
}

/// Changes the words and the buttons. Attachments must be named again or VK takes them away.
pub async fn edit(link: &Link, chat: &chat::Model, id: &str, part: &Part<'_>) -> Result<(), Failure> {
    let peer = ("peer_id", chat.external_id.clone());
    let which = [peer.clone(), ("conversation_message_ids", id.to_owned())];
    let found: wire::History = api::call(link, "messages.getByConversationMessageId", &which).await?;
    let message = found.items.into_iter().next().and_then(|value| serde_json::from_value::<wire::Message>(value).ok());
    let attachments: Vec<String> = message.iter().flat_map(|message| &message.attachments).filter_map(named).collect();
    let mut params = words(part)?;
    params.extend([peer, ("cmid", id.to_owned()), ("keep_forward_messages", "1".to_owned())]);
    if !attachments.is_empty() {
        params.push(("attachment", attachments.join(",")));
    }
    let _: Value = api::call(link, "messages.edit", &params).await?;
    Ok(())
}

/// An attachment of a message as methods name it.
fn named(attachment: &wire::Attachment) -> Option<String> {
    let saved: wire::Saved = serde_json::from_value(attachment.object().clone()).ok()?;
    // A voice message is a document to methods.
    let kind = if attachment.kind == "audio_message" { "doc" } else { &attachment.kind };
    Some(name(kind, &saved))
}

fn name(kind: &str, saved: &wire::Saved) -> String {
    let key = if saved.access_key.is_empty() { String::new() } else { format!("_{}", saved.access_key) };
    format!("{kind}{}_{}{key}", saved.owner_id, saved.id)
}

/// Text, formatting and buttons.
fn words(part: &Part<'_>) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut params = Vec::new();
    if let Some(text) = &part.text {
        let rich::Vk { text, format } = text.render_vk();
        params.push(("message", text));
        if let Some(format) = format.and_then(|format| serde_json::to_string(&format).ok()) {
            params.push(("format_data", format));
        }
    }
    if !part.extra.keyboard.is_empty() {
        params.push(("keyboard", keyboard(&part.extra.keyboard)?));
    }
    Ok(params)
}

/// The same for every try of a part, so that VK knows a repetition; never zero, which means "always new".
fn random_id(key: &str) -> i32 {
    let digest = Sha256::digest(key);
    let bytes = [digest[0], digest[1], digest[2], digest[3]];
    match i32::from_be_bytes(bytes) {
        0 => 1,
        id => id,
    }
}

fn keyboard(rows: &[Vec<Button>]) -> Result<String, Failure> {
    let count: usize = rows.iter().map(Vec::len).sum();
    if rows.len() > MOST_ROWS || rows.iter().any(|row| row.len() > MOST_IN_ROW) || count > MOST_BUTTONS {
        return Err(Failure::refused(
            "Во ВКонтакте под сообщением помещается до 10 кнопок: 6 рядов по 5.",
            "VK has room for 10 buttons under a message: 6 rows of 5.",
            "the keyboard is too large",
        ));
    }
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(button).collect()).collect();
    Ok(json!({"inline": true, "buttons": rows}).to_string())
}

fn button(button: &Button) -> Value {
    let label: String = button.title.chars().take(LONGEST_LABEL).collect();
    match &button.url {
        Some(url) => json!({"action": {"type": "open_link", "label": label, "link": url}}),
        None => {
            let payload = button.payload.as_ref().unwrap_or(&button.title);
            let payload = json!({"payload": payload}).to_string();
            json!({"action": {"type": "text", "label": label, "payload": payload}, "color": "secondary"})
        }
    }
}

/// Uploads a file; answers its name as an attachment.
async fn attach(link: &Link, peer: &str, file: &OutFile) -> Result<String, Failure> {
    let peer = ("peer_id", peer.to_owned());
    // VK draws PNG, JPEG and GIF; other pictures go as documents.
    if file.is_image() && file.content_type != "image/webp" && file.media != Some(Media::Sticker) {
        let target: wire::UploadUrl = api::call(link, "photos.getMessagesUploadServer", &[peer]).await?;
        let uploaded = upload(link, &target.upload_url, "photo", file).await?;
        let params = [("photo", uploaded.photo), ("server", uploaded.server.to_string()), ("hash", uploaded.hash)];
        let saved: Vec<wire::Saved> = api::call(link, "photos.saveMessagesPhoto", &params).await?;
        return saved.first().map(|saved| name("photo", saved)).ok_or_else(|| refused(file, "nothing was saved"));
    }
    let is_sound = file.media == Some(Media::Voice) || file.content_type == "audio/ogg";
    let is_voice = is_sound && file.bytes.starts_with(b"OggS");
    let kind = if is_voice { "audio_message" } else { "doc" };
    let params = [peer, ("type", kind.to_owned())];
    let target: wire::UploadUrl = api::call(link, "docs.getMessagesUploadServer", &params).await?;
    let uploaded = upload(link, &target.upload_url, "file", file).await?;
    let params = [("file", uploaded.file), ("title", file.name.clone())];
    let saved: wire::SavedDocument = api::call(link, "docs.save", &params).await?;
    let saved = saved.audio_message.or(saved.doc);
    saved.map(|saved| name("doc", &saved)).ok_or_else(|| refused(file, "nothing was saved"))
}

async fn upload(link: &Link, url: &str, field: &'static str, file: &OutFile) -> Result<wire::Uploaded, Failure> {
    let host = http::host(url);
    if !link.app.http.allows(url) {
        return Err(refused(file, "the upload server is in a private network"));
    }
    let bytes: Bytes = file.bytes.clone();
    let body = FormPart::stream_with_length(bytes.clone(), bytes.len() as u64).file_name(file.name.clone());
    let form = Form::new().part(field, body);
    // Nothing was said to the client yet, so every trouble on the way can be tried again.
    let later = |error: reqwest::Error| Failure::Later(crate::driver::Trouble::unreachable(host, &error.without_url()));
    let request = link.http().post(url).multipart(form).timeout(std::time::Duration::from_secs(180));
    let response = request.send().await.map_err(later)?.error_for_status().map_err(later)?;
    let uploaded: wire::Uploaded = response.json().await.map_err(later)?;
    if !uploaded.error.is_empty() {
        return Err(refused(file, &format!("{} {}", uploaded.error, uploaded.error_descr)));
    }
    Ok(uploaded)
}

fn refused(file: &OutFile, technical: &str) -> Failure {
    Failure::refused(
        format!("ВКонтакте не принимает файл «{}»: программы, MP3 и файлы больше 200 МБ ему не отправить.", file.name),
        format!("VK does not take the file \"{}\": it takes no programs, no MP3 and nothing over 200 MB.", file.name),
        technical.to_owned(),
    )
}
