//! Properties over HTTP.

use std::collections::BTreeMap;

use app::{ApiResult, App, Can, Created, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{CompanyId, ConversationId, can};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::{Kind, Model, PropertyId, Subject};
use super::ops::{self, Property};
use crate::{client, conversation};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_properties, create_property))
        .routes(routes!(update_property, delete_property))
        .routes(routes!(get_conversation_properties, set_conversation_properties))
        .routes(routes!(get_company_properties, set_company_properties))
}

/// A named value that an administrator defines.
#[derive(Debug, Serialize, ToSchema)]
struct PropertyDefinition {
    id: PropertyId,
    subject: Subject,
    /// Rules call it `property.KEY`.
    key: String,
    name: String,
    kind: Kind,
    /// What a choice offers.
    options: Vec<String>,
    /// Lower ones stand first.
    position: i64,
}

impl From<Model> for PropertyDefinition {
    fn from(row: Model) -> Self {
        let options = ops::options_of(&row);
        let Model { id, subject, key, name, kind, position, .. } = row;
        PropertyDefinition { id, subject, key, name, kind, options, position }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct PropertyDefinitions {
    items: Vec<PropertyDefinition>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OfSubject {
    /// Only those of companies or of conversations.
    #[param(inline)]
    subject: Option<Subject>,
}

/// List the properties of companies and conversations.
#[utoipa::path(get, path = "/api/v1/properties", tag = "properties", params(OfSubject),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = PropertyDefinitions)))]
async fn list_properties(
    State(app): State<App>,
    _: Can<can::ConversationsView>,
    Query(params): Query<OfSubject>,
) -> ApiResult<Json<PropertyDefinitions>> {
    let rows = ops::list(app.db.read(), params.subject).await?;
    Ok(Json(PropertyDefinitions { items: rows.into_iter().map(PropertyDefinition::from).collect() }))
}

/// A property to be.
#[derive(Debug, Deserialize, ToSchema)]
struct NewProperty {
    subject: Subject,
    /// 1 to 32 of `a-z 0-9 _`; never changes.
    key: String,
    name: String,
    kind: Kind,
    /// What a choice offers, 1 to 100 texts.
    #[serde(default)]
    options: Vec<String>,
}

/// Define a property.
#[utoipa::path(post, path = "/api/v1/properties", tag = "properties", request_body = NewProperty,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = PropertyDefinition)))]
async fn create_property(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Json(body): Json<NewProperty>,
) -> ApiResult<Created<PropertyDefinition>> {
    let NewProperty { subject, key, name, kind, options } = body;
    let tx = app.write().await?;
    let row = ops::create(&tx, &actor, ops::New { subject, key, name, kind, options }).await?;
    tx.commit().await?;
    Ok(Created(row.into()))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct PropertyPatch {
    name: Option<String>,
    options: Option<Vec<String>>,
    position: Option<i64>,
}

/// Rename a property, change what it offers or where it stands. What was filled in stays.
#[utoipa::path(patch, path = "/api/v1/properties/{id}", tag = "properties", params(("id" = PropertyId, Path)), request_body = PropertyPatch,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = PropertyDefinition)))]
async fn update_property(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<PropertyId>,
    Json(body): Json<PropertyPatch>,
) -> ApiResult<Json<PropertyDefinition>> {
    let PropertyPatch { name, options, position } = body;
    let tx = app.write().await?;
    let row = ops::update(&tx, &actor, id, ops::Patch { name, options, position }).await?;
    tx.commit().await?;
    Ok(Json(row.into()))
}

/// Take a property away with everything that was filled in.
#[utoipa::path(delete, path = "/api/v1/properties/{id}", tag = "properties", params(("id" = PropertyId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_property(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<PropertyId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// The properties of one record.
#[derive(Debug, Serialize, ToSchema)]
struct PropertyValues {
    items: Vec<Property>,
}

/// What to fill in, by key.
#[derive(Debug, Deserialize, ToSchema)]
struct FilledIn {
    /// Null or empty empties; absent keys stay.
    values: BTreeMap<String, Option<String>>,
}

/// Read the properties of a conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/properties", tag = "properties", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = PropertyValues)))]
async fn get_conversation_properties(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<PropertyValues>> {
    conversation::find(app.db.read(), &actor, id).await?;
    Ok(Json(PropertyValues { items: ops::views(app.db.read(), Subject::Conversation, id.0).await? }))
}

/// Fill properties of a conversation in.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/properties", tag = "properties", params(("id" = ConversationId, Path)), request_body = FilledIn,
    security(("session" = ["conversations.note"]), ("token" = ["conversations.note"])), responses((status = 200, body = PropertyValues)))]
async fn set_conversation_properties(
    State(app): State<App>,
    actor: Can<can::ConversationsNote>,
    Path(id): Path<ConversationId>,
    Json(body): Json<FilledIn>,
) -> ApiResult<Json<PropertyValues>> {
    let tx = app.write().await?;
    let items = ops::fill_conversation(&tx, &actor, id, body.values).await?;
    tx.commit().await?;
    Ok(Json(PropertyValues { items }))
}

/// Read the support parameters of a company.
#[utoipa::path(get, path = "/api/v1/companies/{id}/properties", tag = "properties", params(("id" = CompanyId, Path)),
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = PropertyValues)))]
async fn get_company_properties(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path(id): Path<CompanyId>,
) -> ApiResult<Json<PropertyValues>> {
    let read = app.db.read();
    client::find_company(read, &actor, id).await?;
    Ok(Json(PropertyValues { items: ops::views(read, Subject::Company, id.0).await? }))
}

/// Fill support parameters of a company in.
#[utoipa::path(put, path = "/api/v1/companies/{id}/properties", tag = "properties", params(("id" = CompanyId, Path)), request_body = FilledIn,
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 200, body = PropertyValues)))]
async fn set_company_properties(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path(id): Path<CompanyId>,
    Json(body): Json<FilledIn>,
) -> ApiResult<Json<PropertyValues>> {
    let tx = app.write().await?;
    let items = ops::fill_company(&tx, &actor, id, body.values).await?;
    tx.commit().await?;
    Ok(Json(PropertyValues { items }))
}
