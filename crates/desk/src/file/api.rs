//! Uploads and downloads.

use app::{ApiResult, App, Created, Path, Query, Signed};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use axum::routing::get;
use base::{Error, FileId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Media, Model, ops};

pub(crate) fn routes() -> OpenApiRouter<App> {
    // The real limit is the configured one, checked while reading; this only lets bodies of more than 2 MB in.
    OpenApiRouter::new().routes(routes!(upload_files)).layer(DefaultBodyLimit::disable())
}

pub(crate) fn pages() -> Router<App> {
    Router::new().route("/files/{id}/{name}", get(download))
}

/// A file of a message, or an upload.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    pub id: FileId,
    pub name: String,
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Shown inside the text, not below it.
    pub inline: bool,
    pub content_id: Option<String>,
    /// Where to download it; `?inline=1` shows images and PDF instead.
    pub url: String,
    /// Where to see it, when a browser can show or play it.
    pub preview_url: Option<String>,
    /// What it is in a messenger.
    pub media: Option<Media>,
    /// Of a voice message or a film.
    pub duration_ms: Option<i64>,
}

impl From<Model> for Attachment {
    fn from(file: Model) -> Self {
        let url = ops::url(file.id, &file.name);
        let preview_url = can_show(&file.content_type).then(|| format!("{url}?inline=1"));
        Attachment {
            id: file.id,
            name: file.name,
            content_type: file.content_type,
            size: file.size,
            inline: file.inline,
            content_id: file.content_id,
            url,
            preview_url,
            media: file.media,
            duration_ms: file.duration_ms,
        }
    }
}

/// Uploaded files.
#[derive(Debug, Serialize, ToSchema)]
struct Uploaded {
    items: Vec<Attachment>,
}

/// A form with one or more files in fields named `file`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form in the documentation")]
struct UploadForm {
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Upload files for a message.
///
/// Give the ids to `attachment_ids` of a message or draft. At most 25 MB each unless the server is set otherwise.
#[utoipa::path(post, path = "/api/v1/files", tag = "files", request_body(content = UploadForm, content_type = "multipart/form-data"),
    security(("session" = []), ("token" = [])), responses((status = 201, body = Uploaded)))]
async fn upload_files(State(app): State<App>, actor: Signed, mut form: Multipart) -> ApiResult<Created<Uploaded>> {
    let mut items = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(|error| unreadable(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("file").to_owned();
        let content_type = field.content_type().unwrap_or("application/octet-stream").to_owned();
        let mut bytes = bytes::BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > app.config.max_upload {
                return Err(too_large(app.config.max_upload).into());
            }
        }
        items.push(ops::upload(&app, &actor, &name, &content_type, bytes.freeze()).await?.into());
    }
    if items.is_empty() {
        return Err(Error::required("file").into());
    }
    Ok(Created(Uploaded { items }))
}

fn unreadable(error: &impl std::fmt::Display) -> Error {
    let words =
        base::Words::owned(format!("Файл не удалось прочитать: {error}"), format!("Could not read the file: {error}"));
    Error::Invalid(vec![base::FieldError { field: "file".to_owned(), code: "unreadable", words }])
}

fn too_large(limit: usize) -> Error {
    let megabytes = limit / (1024 * 1024);
    let words =
        base::Words::owned(format!("Файл больше {megabytes} МБ"), format!("The file is larger than {megabytes} MB"));
    Error::Invalid(vec![base::FieldError { field: "file".to_owned(), code: "too_large", words }])
}

#[derive(Debug, Deserialize)]
struct Download {
    #[serde(default)]
    inline: u8,
}

/// What may be shown in the page: nothing that can carry a script.
pub fn can_show(content_type: &str) -> bool {
    matches!(
        content_type,
        "image/png"
            | "image/jpeg"
            | "image/gif"
            | "image/webp"
            | "image/avif"
            | "image/bmp"
            | "application/pdf"
            | "audio/ogg"
            | "audio/mpeg"
            | "audio/mp4"
            | "audio/aac"
            | "audio/wav"
            | "audio/webm"
            | "video/mp4"
            | "video/webm"
    )
}

/// Bytes with headers that let no script run: a wrong type is not sniffed, what cannot be shown safely is downloaded.
async fn download(
    State(app): State<App>,
    actor: Signed,
    Path((id, _)): Path<(FileId, String)>,
    Query(params): Query<Download>,
) -> ApiResult<impl IntoResponse> {
    let file = ops::find(app.db.read(), &actor, id).await?;
    let bytes = app.files.get(&file.storage_key).await?;
    let shown = can_show(&file.content_type) && (params.inline == 1 || file.inline);
    let encoded = ops::url(file.id, &file.name);
    let name = encoded.rsplit('/').next().unwrap_or_default();
    let kind = if shown { "inline" } else { "attachment" };
    let content_type = if shown { file.content_type.as_str() } else { "application/octet-stream" };
    let headers: [(HeaderName, String); 5] = [
        (CONTENT_TYPE, content_type.to_owned()),
        (CONTENT_DISPOSITION, format!("{kind}; filename*=UTF-8''{name}")),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned()),
        (CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
    ];
    Ok((headers, bytes))
}
