//! A message as the parts its channel can carry. The same message always makes the same parts.

use std::sync::LazyLock;

use app::App;
use base::Result;
use desk::message::Extra;
use desk::{chat, file, message};

use crate::driver::{Driver, OutFile, Part};

/// The files of a message, in the order they are shown, pictures inside the text last.
pub(crate) async fn file_bytes(app: &App, message: &message::Model) -> Result<Vec<OutFile>> {
    let mut rows = if message.has_files() {
        file::of_messages(app.db.read(), &[message.keeper_of_files()]).await?
    } else {
        Vec::new()
    };
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

/// For the parts that carry no buttons.
static NO_EXTRA: LazyLock<Extra> = LazyLock::new(Extra::default);

/// Splits what is too long, puts the text beside the first files where it fits, and groups files. Buttons are under the
/// last of the text; no vendor has them under several files at once.
pub(super) fn parts<'a>(
    message: &'a message::Model,
    extra: &'a Extra,
    chat: &'a chat::Model,
    files: Vec<OutFile>,
    reply_to: Option<String>,
    driver: &dyn Driver,
) -> Vec<Part<'a>> {
    let can = driver.about().capabilities;
    let document = rich::Document::from_html(&message.html);
    let key = |index: usize| format!("{}:{index}", message.id);
    let blank = |index: usize| Part {
        chat,
        text: None,
        files: Vec::new(),
        reply_to: None,
        extra: &NO_EXTRA,
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
    let takes_caption = |group: &[OutFile]| {
        (group.len() == 1 || extra.keyboard.is_empty()) && group.iter().all(|file| driver.takes_caption(file))
    };
    let caption = match (texts.as_slice(), groups.first()) {
        ([only], Some(first)) if fits_caption(only) && takes_caption(first) => texts.pop(),
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
    let carrier = parts.iter().rposition(|part| part.text.is_some()).or(parts.len().checked_sub(1));
    if let Some(carrier) = carrier.and_then(|index| parts.get_mut(index)) {
        carrier.extra = extra;
    }
    parts
}

/// Only pictures are shown side by side.
fn together(group: &[OutFile], file: &OutFile) -> bool {
    file.is_image() && group.iter().all(OutFile::is_image)
}
