//! What can be done with a message before any transaction: keeping its bytes, taking it apart, keeping its files.
//!
//! Storage keys are made of the line and the content, so doing it twice changes nothing.

use app::App;
use base::{LineId, Result};
use bytes::Bytes;
use desk::conversation::NewFile;
use mail::Message;
use sha2::{Digest, Sha256};

/// The bytes of a message, safe in the file store.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub raw_key: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub hash: String,
}

/// A message taken apart.
pub(crate) struct Prepared {
    pub message: Message,
    /// Sanitised, new words only.
    pub html: String,
    pub full_html: String,
    pub remote_images: bool,
    pub files: Vec<NewFile>,
}

/// Keeps the bytes.
pub(crate) async fn keep(app: &App, line: LineId, raw: &Bytes) -> Result<Kept> {
    let hash = hex(&Sha256::digest(raw));
    let raw_key = format!("mail/{}/{}/{hash}.eml", line.0.simple(), &hash[..2]);
    app.files.put(&raw_key, raw.clone()).await?;
    Ok(Kept { raw_key, hash })
}

/// Takes a message apart on a thread of its own and keeps its files. The inner error is the message's own fault, or a
/// bug of ours that only this message touches.
pub(crate) async fn prepare(
    app: &App,
    line: LineId,
    kept: &Kept,
    raw: Bytes,
) -> Result<std::result::Result<Prepared, String>> {
    let work = tokio::task::spawn_blocking(move || {
        let message = mail::parse(&raw).map_err(|error| error.to_string())?;
        let full_html = message.html.clone().unwrap_or_else(|| mail::html::text_to_html(&message.text));
        let html = message.new_html.clone().unwrap_or_else(|| mail::html::text_to_html(&message.new_text));
        let remote_images = message.html.is_some() && mail::html::block_remote_images(&full_html).1;
        Ok::<_, String>(Prepared { message, html, full_html, remote_images, files: Vec::new() })
    });
    let mut prepared = match work.await {
        Ok(Ok(prepared)) => prepared,
        Ok(Err(error)) => return Ok(Err(error)),
        Err(panic) => return Ok(Err(format!("the parser failed: {panic}"))),
    };
    for (index, file) in prepared.message.attachments.iter_mut().enumerate() {
        let storage_key = format!("mail-files/{}/{}/{}-{index}", line.0.simple(), &kept.hash[..2], kept.hash);
        let size = file.data.len() as i64;
        app.files.put(&storage_key, Bytes::from(std::mem::take(&mut file.data))).await?;
        prepared.files.push(NewFile {
            storage_key,
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            size,
            content_id: file.content_id.clone(),
            inline: file.inline,
            ..NewFile::default()
        });
    }
    Ok(Ok(prepared))
}

/// What makes two messages of one line the same. Copies that came by different ways differ in their trace headers, so
/// with a Message-ID only what the sender wrote counts; without one every byte does.
pub(crate) fn once_key(line: LineId, kept: &Kept, prepared: &Prepared) -> String {
    let Some(id) = &prepared.message.message_id else { return format!("{}:{}", line.0.simple(), kept.hash) };
    let message = &prepared.message;
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(id.as_bytes());
    part(message.from.as_ref().map_or("", |from| from.address.as_str()).as_bytes());
    part(message.subject.as_bytes());
    part(&message.date.map_or(0, |date| date.timestamp()).to_be_bytes());
    part(message.text.as_bytes());
    for file in &prepared.files {
        part(file.name.as_bytes());
        part(&file.size.to_be_bytes());
    }
    format!("{}:{}", line.0.simple(), hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
