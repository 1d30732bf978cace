//! Forms over HTTP, for administrators.

use std::collections::HashMap;

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path};
use axum::extract::State;
use base::{Actor, Error, FormId, LineId, Result, can};
use chrono::{DateTime, Utc};
use desk::line;
use desk::people::LineRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Definition, Model, ops};
use crate::submission;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_forms, create_form)).routes(routes!(get_form, update_form, delete_form))
}

/// A web form.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Form {
    id: FormId,
    line: LineRef,
    /// What staff call it.
    name: String,
    definition: Definition,
    enabled: bool,
    /// The public part of its address.
    key: String,
    /// Its own page.
    url: String,
    /// What to put into a page to show it there.
    embed: String,
    submissions: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

async fn views(app: &App, rows: Vec<Model>) -> Result<Vec<Form>> {
    let read = app.db.read();
    let lines = line::names(read, rows.iter().map(|row| row.line_id)).await?;
    let counts: HashMap<FormId, i64> = submission::counts(read, rows.iter().map(|row| row.id)).await?;
    rows.into_iter()
        .map(|row| {
            let line = lines.get(&row.line_id).cloned();
            let base = app.config.public_url();
            Ok(Form {
                id: row.id,
                line: line.unwrap_or(LineRef { id: row.line_id, key: String::new(), name: String::new() }),
                name: row.name,
                definition: serde_json::from_value(row.definition)?,
                enabled: row.enabled,
                url: format!("{base}/forms/{}", row.key),
                embed: format!("<script async src=\"{base}/form.js\" data-form=\"{}\"></script>", row.key),
                key: row.key,
                submissions: counts.get(&row.id).copied().unwrap_or_default(),
                created_at: row.created_at,
                updated_at: row.updated_at,
            })
        })
        .collect()
}

async fn one(app: &App, row: Model) -> Result<Form> {
    views(app, vec![row]).await?.pop().ok_or(Error::NotFound("form"))
}

/// Web forms.
#[derive(Debug, Serialize, ToSchema)]
struct Forms {
    items: Vec<Form>,
}

/// List web forms.
#[utoipa::path(get, path = "/api/v1/forms", tag = "forms",
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Forms)))]
async fn list_forms(State(app): State<App>, actor: Can<can::ChannelsManage>) -> ApiResult<Json<Forms>> {
    let rows = ops::list(app.db.read(), &actor).await?;
    Ok(Json(Forms { items: views(&app, rows).await? }))
}

/// A form to build.
#[derive(Debug, Deserialize, ToSchema)]
struct NewForm {
    line_id: LineId,
    name: String,
    definition: Definition,
}

/// Build a web form.
#[utoipa::path(post, path = "/api/v1/forms", tag = "forms", request_body = NewForm,
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 201, body = Form)))]
async fn create_form(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    idempotency: Idempotency,
    Json(body): Json<NewForm>,
) -> ApiResult<Created<Form>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let row = ops::create(&tx, &actor, body.line_id, &body.name, body.definition).await?;
    let answer = one(&app, row).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Get a web form.
#[utoipa::path(get, path = "/api/v1/forms/{id}", tag = "forms", params(("id" = FormId, Path)),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Form)))]
async fn get_form(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<FormId>,
) -> ApiResult<Json<Form>> {
    let row = ops::find(app.db.read(), &actor, id).await?;
    Ok(Json(one(&app, row).await?))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct FormChange {
    line_id: Option<LineId>,
    name: Option<String>,
    definition: Option<Definition>,
    enabled: Option<bool>,
}

/// Change a web form.
#[utoipa::path(patch, path = "/api/v1/forms/{id}", tag = "forms", params(("id" = FormId, Path)), request_body = FormChange,
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Form)))]
async fn update_form(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<FormId>,
    Json(body): Json<FormChange>,
) -> ApiResult<Json<Form>> {
    let FormChange { line_id, name, definition, enabled } = body;
    change(&app, &actor, id, ops::Change { line_id, name, definition, enabled, deleted: false }).await.map(Json)
}

async fn change(app: &App, actor: &Actor, id: FormId, change: ops::Change) -> ApiResult<Form> {
    let tx = app.write().await?;
    let row = ops::update(&tx, actor, id, change).await?;
    tx.commit().await?;
    Ok(one(app, row).await?)
}

/// Delete a web form. What it brought stays.
#[utoipa::path(delete, path = "/api/v1/forms/{id}", tag = "forms", params(("id" = FormId, Path)),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 204)))]
async fn delete_form(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<FormId>,
) -> ApiResult<NoContent> {
    change(&app, &actor, id, ops::Change { deleted: true, ..Default::default() }).await?;
    Ok(NoContent)
}
