//! Files of clients, from the vendor into our store, before the message that carries them is taken.

use base::{Result, Timestamp};
use chrono::Datelike;
use desk::conversation::NewFile;
use desk::file::{Media, clean_name};

use crate::driver::{Driver, Link, RemoteFile, Trouble};

/// What became of a message's files.
#[derive(Default)]
pub(super) struct Fetched {
    pub files: Vec<NewFile>,
    /// The names of those that could not be had, with the reason.
    pub missing: Vec<(String, Trouble)>,
}

pub(super) async fn fetch(driver: &dyn Driver, link: &Link, files: &[RemoteFile], at: Timestamp) -> Result<Fetched> {
    let mut fetched = Fetched::default();
    for file in files {
        match driver.download(link, file).await {
            Ok(bytes) => {
                let now = link.app.now();
                let key = format!("channels/{}/{:02}/{}", now.year(), now.month(), link.app.new_id());
                let content_type = content_type(file, &bytes);
                let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
                link.app.files.put(&key, bytes).await?;
                fetched.files.push(NewFile {
                    storage_key: key,
                    name: name(file, &content_type, at),
                    content_type,
                    size,
                    content_id: None,
                    inline: false,
                    media: file.media,
                    duration_ms: file.duration_ms,
                });
            }
            Err(trouble) => fetched.missing.push((name(file, &file.content_type, at), trouble)),
        }
    }
    Ok(fetched)
}

/// By the bytes where they show it, else as told, else by the name.
pub(crate) fn content_type(file: &RemoteFile, bytes: &[u8]) -> String {
    let sniffed = match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'O', b'g', b'g', b'S', ..] => Some("audio/ogg"),
        [b'%', b'P', b'D', b'F', ..] => Some("application/pdf"),
        _ => None,
    };
    let by_name = match file.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "mp4" => Some("video/mp4"),
        "mp3" => Some("audio/mpeg"),
        "m4a" => Some("audio/mp4"),
        "txt" => Some("text/plain"),
        "docx" => Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "xlsx" => Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "zip" => Some("application/zip"),
        _ => None,
    };
    let told = file.content_type.split(';').next().map(str::trim).filter(|told| told.contains('/'));
    sniffed.or(told).or(by_name).unwrap_or("application/octet-stream").to_owned()
}

/// The sender's name of it, else what it is and when.
fn name(file: &RemoteFile, content_type: &str, at: Timestamp) -> String {
    if !file.name.trim().is_empty() {
        return clean_name(&file.name);
    }
    let what = match file.media {
        Some(Media::Voice) => "voice",
        Some(Media::Audio) => "audio",
        Some(Media::Video) => "video",
        Some(Media::VideoNote) => "video-note",
        Some(Media::Sticker) => "sticker",
        Some(Media::Animation) => "animation",
        Some(Media::Photo) => "photo",
        None => "file",
    };
    let ending = match content_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "audio/ogg" => "ogg",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "application/pdf" => "pdf",
        _ => "bin",
    };
    format!("{what}-{}.{ending}", at.format("%Y%m%d-%H%M%S"))
}
