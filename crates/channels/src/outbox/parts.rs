//! A message as the parts its channel can carry. The same message always makes the same parts.

use std::sync::LazyLock;

use app::App;
use base::Result;
use desk::message::Extra;
use desk::{chat, file, message};

use crate::driver::{Capabilities, OutFile, Part};

/// What all parts but one carry besides words and files.
static NOTHING: LazyLock<Extra> = LazyLock::new(Extra::default);

/// The files of a message, in the order they are shown, pictures inside the text last.
pub(crate) async fn file_bytes(app: &App, message: &message::Model) -> Result<Vec<OutFile>> {
    let mut rows =
        if message.has_files() { file::of_messages(app.db.read(), &[message.id]).await? } else { Vec::new() };
    rows.sort_by_key(|row| row.inline);
    let mut files = Vec::with_capacity(rows.len());
    for row in rows {
        let bytes = app.files.get(&row.storage_key).await?;
        files.push(OutFile {
            id: row.id,
            name: row.name,
            content_type: row.content_type,
            bytes,
            media: row.media,
            duration_ms: row.duration_ms,
        });
    }
    Ok(files)
}

/// Splits what is too long, puts the text beside the first files where it fits, and groups files.
pub(super) fn parts<'a>(
    message: &'a message::Model,
    extra: &'a Extra,
    chat: &'a chat::Model,
    files: Vec<OutFile>,
    reply_to: Option<String>,
    can: &Capabilities,
) -> Vec<Part<'a>> {
    let document = rich::Document::from_html(&message.html);
    let key = |index: usize| format!("{}:{index}", message.id);
    let blank = |index: usize| Part {
        chat,
        text: None,
        files: Vec::new(),
        reply_to: None,
        extra: &NOTHING,
        template: None,
        key: key(index),
    };
    if let Some(template) = &extra.template {
        return vec![Part { template: Some(template), text: Some(document), reply_to, extra, ..blank(0) }];
    }
    let mut texts = document.split(can.format, can.text_limit);
    let mut groups: Vec<Vec<OutFile>> = Vec::new();
    for file in files {
        match groups.last_mut() {
            Some(group) if group.len() < can.max_files_at_once.max(1) && together(group, &file) => group.push(file),
            _ => groups.push(vec![file]),
        }
    }
    let fits_caption =
        |document: &rich::Document| can.caption_limit.is_some_and(|limit| document.split(can.format, limit).len() == 1);
    let caption = match texts.as_slice() {
        [only] if !groups.is_empty() && fits_caption(only) => texts.pop(),
        _ => None,
    };
    let mut parts: Vec<Part<'a>> = Vec::new();
    for text in texts {
        parts.push(Part { text: Some(text), ..blank(parts.len()) });
    }
    let mut caption = caption;
    for group in groups {
        parts.push(Part { files: group, text: caption.take(), ..blank(parts.len()) });
    }
    if let Some(first) = parts.first_mut() {
        first.reply_to = reply_to;
    }
    // Buttons stand under the last words.
    if let Some(last) = parts.last_mut() {
        last.extra = extra;
    }
    parts
}

/// Only pictures are shown side by side.
fn together(group: &[OutFile], file: &OutFile) -> bool {
    file.is_image() && group.iter().all(OutFile::is_image)
}
