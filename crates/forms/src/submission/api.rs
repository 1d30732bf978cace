//! Filling in a form, for anybody; and what was sent, for administrators.

use app::{ApiResult, App, Can, ClientAddress, Created, Json, Path, Query};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use base::{ConversationId, Cursor, Error, FieldError, FormId, Page, Result, Words, can};
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Datelike, Utc};
use desk::conversation::NewFile;
use desk::file::clean_name;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{challenge, entity, ops};
use crate::form::{self, Definition, FieldKind};
use crate::page::api::open_to_all;

/// Of one file.
const MAX_FILE: usize = 10 * 1024 * 1024;
const MAX_FILES: usize = 10;

pub(crate) fn routes() -> OpenApiRouter<App> {
    let public = OpenApiRouter::new()
        .routes(routes!(get_public_form))
        .routes(routes!(submit_form))
        .layer(DefaultBodyLimit::max(MAX_FILE * MAX_FILES + 1024 * 1024));
    OpenApiRouter::new().merge(open_to_all(public)).routes(routes!(list_form_submissions))
}

/// A form to fill in.
#[derive(Debug, Serialize, ToSchema)]
struct PublicForm {
    definition: Definition,
    /// To be sent back with the answers; good once, for 12 hours.
    challenge: String,
    /// How many zero bits SHA-256 of `challenge:solution` must begin with; 0: no puzzle.
    puzzle_bits: u32,
}

/// Get a form to fill in it.
#[utoipa::path(get, path = "/api/v1/forms/public/{key}", tag = "forms", params(("key" = String, Path)), responses((status = 200, body = PublicForm)))]
async fn get_public_form(State(app): State<App>, Path(key): Path<String>) -> ApiResult<Json<PublicForm>> {
    let (form, definition) = form::published(app.db.read(), &key).await?;
    let puzzle_bits = if definition.puzzle { challenge::PUZZLE_BITS } else { 0 };
    // What becomes of the answers is the desk's business.
    let definition = Definition { outcome: Default::default(), ..definition };
    let challenge = challenge::give(&app.secrets, &form.key, app.now());
    Ok(Json(PublicForm { definition, challenge, puzzle_bits }))
}

/// The answers.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = FormAnswers)]
struct Answers {
    challenge: String,
    /// Of the puzzle.
    solution: Option<u64>,
    /// By the names of the fields: texts, numbers as texts or numbers, ticks as true or false.
    #[serde(default)]
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// The tick under the form.
    #[serde(default)]
    consent: bool,
    /// Where the form was filled in.
    #[serde(default)]
    page_url: String,
    /// A field that people do not see: must be empty.
    #[serde(default)]
    website: String,
}

/// What is sent: `answers` is JSON of `FormAnswers`, a file's part is called as its field.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form in the documentation")]
struct SubmissionForm {
    answers: Answers,
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    field_name: Option<String>,
}

/// It was taken.
#[derive(Debug, Serialize, ToSchema)]
struct Submitted {
    /// Of the conversation it made.
    number: i64,
    /// What to show.
    thanks_text: String,
}

/// Send a form.
///
/// The same challenge again gives the first answer again. Files: at most 10 of 10 MB each.
#[utoipa::path(post, path = "/api/v1/forms/public/{key}/submissions", tag = "forms", params(("key" = String, Path)),
    request_body(content = SubmissionForm, content_type = "multipart/form-data"), responses((status = 201, body = Submitted)))]
async fn submit_form(
    State(app): State<App>,
    Path(key): Path<String>,
    ClientAddress(address): ClientAddress,
    parts: Result<Multipart, MultipartRejection>,
) -> ApiResult<Created<Submitted>> {
    let (form, definition) = form::published(app.db.read(), &key).await?;
    let (answers, uploads) = read(parts.map_err(unreadable)?, &definition).await?;
    if let Some(known) = ops::known(app.db.read(), &answers.challenge).await? {
        return Ok(Created(submitted(&definition, known.number)));
    }
    if !answers.website.is_empty() {
        return Err(refused(
            "website",
            "robot",
            "Форма принимает сообщения только от людей",
            "This form is for people only",
        )
        .into());
    }
    challenge::check(&app.secrets, &form.key, &answers.challenge, answers.solution, definition.puzzle, app.now())?;
    if definition.consent.is_some() && !answers.consent {
        return Err(refused("consent", "required", "Нужно ваше согласие", "Your consent is needed").into());
    }
    let files = keep(&app, uploads).await?;
    let right = ops::checked(&definition, &answers.answers, &files)?;
    let sent = ops::Sent {
        challenge: answers.challenge,
        files,
        page_url: answers.page_url.chars().take(2000).collect(),
        address: address.to_string(),
    };
    let tx = app.write().await?;
    let taken = ops::take(&tx, &form, &definition, sent, right).await?;
    tx.commit().await?;
    Ok(Created(submitted(&definition, taken.number)))
}

fn submitted(definition: &Definition, number: i64) -> Submitted {
    let thanks_text = definition.thanks_text.replace("{{number}}", &number.to_string());
    Submitted { number, thanks_text }
}

fn refused(field: &str, code: &'static str, ru: &'static str, en: &'static str) -> Error {
    Error::Invalid(vec![FieldError { field: field.to_owned(), code, words: Words::new(ru, en) }])
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    tracing::debug!(%error, "a form could not be read: {error}");
    refused("answers", "unreadable", "Форму не удалось прочитать", "The form could not be read")
}

struct Upload {
    field: String,
    name: String,
    content_type: String,
    bytes: Bytes,
}

async fn read(mut parts: Multipart, definition: &Definition) -> Result<(Answers, Vec<Upload>)> {
    let (mut answers, mut uploads) = (None, Vec::new());
    while let Some(mut part) = parts.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = definition.fields.iter().any(|field| field.kind == FieldKind::File && field.name == name);
        if name != "answers" && !is_file {
            continue;
        }
        let (file_name, content_type) =
            (part.file_name().unwrap_or("file").to_owned(), part.content_type().map(str::to_owned));
        let mut bytes = BytesMut::new();
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_FILE {
                return Err(refused(
                    &format!("answers.{name}"),
                    "too_large",
                    "Файл больше 10 МБ",
                    "The file is larger than 10 MB",
                ));
            }
        }
        if name == "answers" {
            let read: Answers = serde_json::from_slice(&bytes).map_err(|_| {
                refused("answers", "unreadable", "Форму не удалось прочитать", "The form could not be read")
            })?;
            answers = Some(read);
        } else if uploads.len() == MAX_FILES {
            return Err(refused(&format!("answers.{name}"), "too_many", "Не больше 10 файлов", "At most 10 files"));
        } else if !bytes.is_empty() {
            let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
            uploads.push(Upload { field: name, name: file_name, content_type, bytes: bytes.freeze() });
        }
    }
    Ok((answers.ok_or_else(|| Error::required("answers"))?, uploads))
}

async fn keep(app: &App, uploads: Vec<Upload>) -> Result<Vec<(String, NewFile)>> {
    let mut kept = Vec::with_capacity(uploads.len());
    for upload in uploads {
        let now = app.now();
        let storage_key = format!("forms/{}/{:02}/{}", now.year(), now.month(), app.new_id());
        let size = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
        app.files.put(&storage_key, upload.bytes).await?;
        let file = NewFile {
            storage_key,
            name: clean_name(&upload.name),
            content_type: upload.content_type,
            size,
            ..NewFile::default()
        };
        kept.push((upload.field, file));
    }
    Ok(kept)
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListSubmissions {
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A form that was sent.
#[derive(Debug, Serialize, ToSchema)]
struct FormSubmission {
    id: Uuid,
    conversation_id: ConversationId,
    /// Of the conversation.
    number: i64,
    #[schema(value_type = Object)]
    answers: Value,
    page_url: String,
    /// The sender's IP address.
    address: String,
    created_at: DateTime<Utc>,
}

/// List what was sent with a form, newest first.
#[utoipa::path(get, path = "/api/v1/forms/{id}/submissions", tag = "forms", params(("id" = FormId, Path), ListSubmissions),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Page<FormSubmission>)))]
async fn list_form_submissions(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<FormId>,
    Query(params): Query<ListSubmissions>,
) -> ApiResult<Json<Page<FormSubmission>>> {
    let form = form::Entity::find_by_id(id).one(app.db.read()).await?;
    form.filter(|form| actor.sees_line(form.line_id)).ok_or(Error::NotFound("form"))?;
    let limit = params.limit.unwrap_or(50).clamp(1, 200);
    let mut query = entity::Entity::find().filter(entity::Column::FormId.eq(id));
    if let Some(after) = &params.after {
        let (at, last): (DateTime<Utc>, Uuid) = Cursor::decode(after)?;
        let same = Condition::all().add(entity::Column::CreatedAt.eq(at)).add(entity::Column::Id.lt(last));
        query = query.filter(Condition::any().add(entity::Column::CreatedAt.lt(at)).add(same));
    }
    let query = query.order_by_desc(entity::Column::CreatedAt).order_by_desc(entity::Column::Id).limit(limit + 1);
    let items = query.all(app.db.read()).await?.into_iter().map(|row| FormSubmission {
        id: row.id,
        conversation_id: row.conversation_id,
        number: row.number,
        answers: row.answers,
        page_url: row.page_url,
        address: row.address,
        created_at: row.created_at,
    });
    Ok(Json(Page::from_rows(items.collect(), limit, |row| json!((row.created_at, row.id)))))
}
