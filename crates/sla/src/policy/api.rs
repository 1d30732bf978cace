//! Policies over HTTP.

use std::collections::HashMap;

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path};
use axum::extract::State;
use base::{LineId, Result, can};
use chrono::{DateTime, Utc};
use desk::client_category::ClientCategoryId;
use desk::line;
use desk::service::{self, CatalogueId, ServiceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::holder::{self, Holders, Place};
use super::{Definition, Model, PolicyId, ops};
use crate::clock::{self, Changed};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sla_policies, create_sla_policy))
        .routes(routes!(get_sla_policy, update_sla_policy, delete_sla_policy))
        .routes(routes!(preview_sla_change))
        .routes(routes!(get_line_sla, put_line_sla))
        .routes(routes!(get_services_sla))
        .routes(routes!(put_service_sla))
        .routes(routes!(put_catalogue_sla))
}

/// A saved policy: what clients are promised.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct SlaPolicy {
    id: PolicyId,
    name: String,
    definition: Definition,
    /// The lines it holds on.
    line_ids: Vec<LineId>,
    /// The services it holds for.
    service_ids: Vec<ServiceId>,
    /// The catalogues it holds for: where a service has none of its own.
    catalogue_ids: Vec<CatalogueId>,
    /// Categories of clients it holds for, where their service has no policy.
    category_ids: Vec<ClientCategoryId>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

async fn view(app: &App, row: Model) -> Result<SlaPolicy> {
    one(row, &holder::holders(app.db.read()).await?)
}

fn one(row: Model, held: &Holders) -> Result<SlaPolicy> {
    let Model { id, name, definition, created_at, updated_at, .. } = row;
    Ok(SlaPolicy {
        line_ids: held_by(&held.lines, id),
        service_ids: held_by(&held.services, id),
        catalogue_ids: held_by(&held.catalogues, id),
        category_ids: held_by(&held.categories, id),
        definition: serde_json::from_value(definition)?,
        id,
        name,
        created_at,
        updated_at,
    })
}

fn held_by<T: Copy + Ord>(held: &HashMap<T, PolicyId>, id: PolicyId) -> Vec<T> {
    let mut places: Vec<T> = held.iter().filter(|(_, policy)| **policy == id).map(|(place, _)| *place).collect();
    places.sort_unstable();
    places
}

/// Policies, by name.
#[derive(Debug, Serialize, ToSchema)]
struct SlaPolicies {
    items: Vec<SlaPolicy>,
}

/// List policies.
#[utoipa::path(get, path = "/api/v1/sla-policies", tag = "sla",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = SlaPolicies)))]
async fn list_sla_policies(State(app): State<App>, _: Can<can::LinesManage>) -> ApiResult<Json<SlaPolicies>> {
    let held = holder::holders(app.db.read()).await?;
    let rows = ops::list(app.db.read()).await?;
    let items: Result<Vec<SlaPolicy>> = rows.into_iter().map(|row| one(row, &held)).collect();
    Ok(Json(SlaPolicies { items: items? }))
}

/// A policy to save.
#[derive(Debug, Deserialize, ToSchema)]
struct NewSlaPolicy {
    /// 1 to 200 characters.
    name: String,
    definition: Definition,
}

/// Save a new policy. Every fault of it is named at once, as `definition.extra[1].norms`.
#[utoipa::path(post, path = "/api/v1/sla-policies", tag = "sla", request_body = NewSlaPolicy,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = SlaPolicy)))]
async fn create_sla_policy(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewSlaPolicy>,
) -> ApiResult<Created<SlaPolicy>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let answer = one(ops::create(&tx, &actor, &body.name, body.definition).await?, &Default::default())?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Get a policy.
#[utoipa::path(get, path = "/api/v1/sla-policies/{id}", tag = "sla", params(("id" = PolicyId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = SlaPolicy)))]
async fn get_sla_policy(
    State(app): State<App>,
    _: Can<can::LinesManage>,
    Path(id): Path<PolicyId>,
) -> ApiResult<Json<SlaPolicy>> {
    Ok(Json(view(&app, ops::find(app.db.read(), id).await?).await?))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct SlaPolicyChange {
    name: Option<String>,
    /// As a whole.
    definition: Option<Definition>,
    /// Count what runs already by the new definition too; else it keeps what it was begun with.
    #[serde(default)]
    apply_to_running: bool,
}

/// Change a policy.
#[utoipa::path(patch, path = "/api/v1/sla-policies/{id}", tag = "sla", params(("id" = PolicyId, Path)),
    request_body = SlaPolicyChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = SlaPolicy)))]
async fn update_sla_policy(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<PolicyId>,
    Json(body): Json<SlaPolicyChange>,
) -> ApiResult<Json<SlaPolicy>> {
    let SlaPolicyChange { name, definition, apply_to_running } = body;
    let tx = app.write().await?;
    let row = ops::update(&tx, &actor, id, ops::Change { name, definition }).await?;
    if apply_to_running {
        clock::recount(&tx, &row).await?;
    }
    tx.commit().await?;
    Ok(Json(view(&app, row).await?))
}

/// Delete a policy. Fails with `policy_in_use` while it holds on a line or for services.
#[utoipa::path(delete, path = "/api/v1/sla-policies/{id}", tag = "sla", params(("id" = PolicyId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_sla_policy(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<PolicyId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// A definition to try.
#[derive(Debug, Deserialize, ToSchema)]
struct SlaTrial {
    definition: Definition,
}

/// What a change of a policy would do to what runs already.
#[derive(Debug, Serialize, ToSchema)]
struct SlaChangePreview {
    /// Promises that run or stand still under this policy.
    running: usize,
    /// Those whose time would change, the nearest deadline first, at most 200.
    changed: Vec<Changed>,
}

/// See which open promises a new definition of a policy would change, and how. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/sla-policies/{id}/preview", tag = "sla", params(("id" = PolicyId, Path)), request_body = SlaTrial,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = SlaChangePreview)))]
async fn preview_sla_change(
    State(app): State<App>,
    _: Can<can::LinesManage>,
    Path(id): Path<PolicyId>,
    Json(body): Json<SlaTrial>,
) -> ApiResult<Json<SlaChangePreview>> {
    ops::find(app.db.read(), id).await?;
    ops::checked(app.db.read(), &body.definition).await?;
    let (running, changed) = clock::preview(app.db.read(), id, &body.definition, app.now()).await?;
    Ok(Json(SlaChangePreview { running, changed }))
}

/// The policy that holds on a line, for a service or for a catalogue.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct HeldPolicy {
    /// Null: none of its own.
    policy_id: Option<PolicyId>,
}

/// Read which policy holds on a line.
#[utoipa::path(get, path = "/api/v1/lines/{id}/sla", tag = "sla", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = HeldPolicy)))]
async fn get_line_sla(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<HeldPolicy>> {
    line::find(app.db.read(), &actor, id).await?;
    let policy_id = holder::holders(app.db.read()).await?.lines.get(&id).copied();
    Ok(Json(HeldPolicy { policy_id }))
}

/// Let a policy hold on a line. What begins or is written to from now on is counted by it.
#[utoipa::path(put, path = "/api/v1/lines/{id}/sla", tag = "sla", params(("id" = LineId, Path)), request_body = HeldPolicy,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = HeldPolicy)))]
async fn put_line_sla(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<HeldPolicy>,
) -> ApiResult<Json<HeldPolicy>> {
    hold(&app, &actor, Place::Line(id), body).await
}

/// Let a policy hold for the tickets of a service.
#[utoipa::path(put, path = "/api/v1/services/{id}/sla", tag = "sla", params(("id" = ServiceId, Path)), request_body = HeldPolicy,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = HeldPolicy)))]
async fn put_service_sla(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<ServiceId>,
    Json(body): Json<HeldPolicy>,
) -> ApiResult<Json<HeldPolicy>> {
    hold(&app, &actor, Place::Service(id), body).await
}

/// Let a policy hold for the tickets of a catalogue's services that have none of their own.
#[utoipa::path(put, path = "/api/v1/service-catalogues/{id}/sla", tag = "sla", params(("id" = CatalogueId, Path)), request_body = HeldPolicy,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = HeldPolicy)))]
async fn put_catalogue_sla(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<CatalogueId>,
    Json(body): Json<HeldPolicy>,
) -> ApiResult<Json<HeldPolicy>> {
    hold(&app, &actor, Place::Catalogue(id), body).await
}

async fn hold(app: &App, actor: &base::Actor, place: Place, body: HeldPolicy) -> ApiResult<Json<HeldPolicy>> {
    let tx = app.write().await?;
    holder::set(&tx, actor, place, body.policy_id).await?;
    tx.commit().await?;
    Ok(Json(body))
}

/// The policy of a service.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceSla {
    service_id: ServiceId,
    policy_id: PolicyId,
}

/// The policy of a catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct CatalogueSla {
    catalogue_id: CatalogueId,
    policy_id: PolicyId,
}

/// Which policies hold for services.
#[derive(Debug, Serialize, ToSchema)]
struct ServicesSla {
    services: Vec<ServiceSla>,
    catalogues: Vec<CatalogueSla>,
    /// Services that are offered, of which neither they nor their catalogue has a policy: only the line's holds.
    without_policy: Vec<ServiceId>,
}

/// Read which policies hold for services, and which services have none.
#[utoipa::path(get, path = "/api/v1/service-sla", tag = "sla",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = ServicesSla)))]
async fn get_services_sla(State(app): State<App>, _: Can<can::LinesManage>) -> ApiResult<Json<ServicesSla>> {
    let Holders { lines: _, services, catalogues, categories: _ } = holder::holders(app.db.read()).await?;
    let offered = service::offered(app.db.read()).await?;
    let without = offered
        .into_iter()
        .filter(|one| !services.contains_key(&one.id) && !catalogues.contains_key(&one.catalogue_id));
    let without_policy = without.map(|service| service.id).collect();
    let services = services.into_iter().map(|(service_id, policy_id)| ServiceSla { service_id, policy_id });
    let catalogues = catalogues.into_iter().map(|(catalogue_id, policy_id)| CatalogueSla { catalogue_id, policy_id });
    Ok(Json(ServicesSla { services: services.collect(), catalogues: catalogues.collect(), without_policy }))
}
