//! Files of visitors, in and out.
//!
//! Invariant: an upload belongs to the visitor whose name is in its storage key, until a message of his takes it. What is
//! sent back never runs in our origin.

use app::App;
use axum::extract::Multipart;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, FileId, Result, Words};
use bytes::{Bytes, BytesMut};
use chrono::Datelike;
use db::Tx;
use desk::channel;
use desk::conversation::NewFile;
use desk::file::{self, Media, clean_name};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest, Sha256};

use super::door::{Site, Visitor};
use crate::driver::RemoteFile;
use crate::intake;
use crate::site::token::{self, Who};

/// Files in one message.
pub(in crate::site) const MOST: usize = 10;

/// Reads the one file of a form.
pub(in crate::site) async fn read(app: &App, site: &Site, mut form: Multipart) -> Result<(String, String, Bytes)> {
    let limit = site.settings.max_file_bytes.min(app.config.max_upload);
    while let Some(mut field) = form.next_field().await.map_err(|error| unreadable(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = clean_name(field.file_name().unwrap_or("file"));
        let told = field.content_type().unwrap_or_default().to_owned();
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > limit {
                return Err(too_large(limit));
            }
        }
        if bytes.is_empty() {
            return Err(Error::invalid("file", "empty", "Файл пуст", "The file is empty"));
        }
        return Ok((name, told, bytes.freeze()));
    }
    Err(Error::required("file"))
}

fn unreadable(error: &impl std::fmt::Display) -> Error {
    let words =
        Words::owned(format!("Файл не удалось прочитать: {error}"), format!("Could not read the file: {error}"));
    Error::Invalid(vec![FieldError { field: "file".to_owned(), code: "unreadable", words }])
}

fn too_large(limit: usize) -> Error {
    let megabytes = limit / (1024 * 1024);
    let words = Words::owned(format!("Файл больше {megabytes} МБ"), format!("The file is larger than {megabytes} MB"));
    Error::Invalid(vec![FieldError { field: "file".to_owned(), code: "too_large", words }])
}

/// Where the uploads of a visitor lie.
fn folder(who: &Who) -> String {
    let name = Sha256::digest(who.external_id().as_bytes());
    let name: String = name.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("site/{}/{name}/", who.channel_id.0.simple())
}

/// Keeps an upload until a message takes it.
pub(in crate::site) async fn keep(
    app: &App,
    visitor: &Visitor,
    name: String,
    told: &str,
    bytes: Bytes,
) -> Result<file::Model> {
    let id = FileId(app.new_id());
    let now = app.now();
    let storage_key = format!("{}{}/{:02}/{}", folder(&visitor.who), now.year(), now.month(), id);
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let remote = RemoteFile { name: name.clone(), content_type: told.to_owned(), ..RemoteFile::default() };
    let content_type = intake::content_type(&remote, &bytes);
    app.files.put(&storage_key, bytes).await?;
    let tx = app.write().await?;
    let row = file::Model {
        id,
        storage_key,
        name,
        media: media_of(&content_type),
        content_type,
        size,
        content_id: None,
        inline: false,
        message_id: None,
        conversation_id: None,
        uploaded_by: None,
        duration_ms: None,
        created_at: tx.now(),
    };
    file::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(row)
}

fn media_of(content_type: &str) -> Option<Media> {
    match content_type {
        "image/png" | "image/jpeg" | "image/webp" => Some(Media::Photo),
        "image/gif" => Some(Media::Animation),
        _ => None,
    }
}

/// Takes the visitor's own uploads for a message of his. The message makes rows of its own for them.
pub(in crate::site) async fn claim(tx: &Tx, who: &Who, ids: &[FileId]) -> Result<Vec<NewFile>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let folder = folder(who);
    let found = file::Entity::find()
        .filter(file::Column::Id.is_in(ids.iter().copied()))
        .filter(file::Column::MessageId.is_null())
        .all(tx)
        .await?;
    let mut files = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let own = found.iter().find(|row| row.id == *id && row.storage_key.starts_with(&folder));
        let Some(row) = own else {
            let words = Words::new("Файл не найден, приложите его ещё раз", "This file was not found, attach it again");
            let field = format!("file_ids[{index}]");
            return Err(Error::Invalid(vec![FieldError { field, code: "not_found", words }]));
        };
        files.push(NewFile {
            storage_key: row.storage_key.clone(),
            name: row.name.clone(),
            content_type: row.content_type.clone(),
            size: row.size,
            content_id: None,
            inline: false,
            media: row.media,
            duration_ms: None,
        });
    }
    file::Entity::delete_many().filter(file::Column::Id.is_in(ids.iter().copied())).exec(tx).await?;
    Ok(files)
}

/// The bytes behind a signed address, with headers that let no script run.
pub(in crate::site) async fn send(
    app: &App,
    channel: &channel::Model,
    id: FileId,
    signature: &str,
) -> Result<Response> {
    let gone = || Error::NotFound("file");
    if !token::opens_file(&app.secrets, channel.id, id, app.now(), signature) {
        return Err(gone());
    }
    let file = file::Entity::find_by_id(id).one(app.db.read()).await?.ok_or_else(gone)?;
    let bytes = app.files.get(&file.storage_key).await?;
    let shown = file::can_show(&file.content_type);
    let encoded = file::url(file.id, &file.name);
    let name = encoded.rsplit('/').next().unwrap_or_default();
    let kind = if shown { "inline" } else { "attachment" };
    let content_type = if shown { file.content_type.as_str() } else { "application/octet-stream" };
    let headers: [(HeaderName, String); 5] = [
        (CONTENT_TYPE, content_type.to_owned()),
        (CONTENT_DISPOSITION, format!("{kind}; filename*=UTF-8''{name}")),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned()),
        (CACHE_CONTROL, "private, max-age=10800, immutable".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
