//! Services over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, Path, can};
use axum::extract::State;
use base::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{CatalogueId, Model, ServiceId, catalogue, ops};
use crate::field;
use crate::schedule::ScheduleId;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_services, create_service))
        .routes(routes!(update_service))
        .routes(routes!(create_service_catalogue))
        .routes(routes!(update_service_catalogue))
}

/// A service, as others refer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServiceRef {
    pub id: ServiceId,
    pub name: String,
    /// How its catalogue is called.
    pub catalogue: String,
}

/// Something the desk does for clients.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Service {
    id: ServiceId,
    catalogue_id: CatalogueId,
    name: String,
    description: String,
    /// No longer offered.
    archived: bool,
    /// Who of the staff answers for it.
    owner_id: Option<UserId>,
    /// When it is to be available; null: always.
    schedule_id: Option<ScheduleId>,
    /// For how many minutes of a month it may be down, unplanned; null: nobody said.
    downtime_minutes: Option<i64>,
}

impl From<Model> for Service {
    fn from(row: Model) -> Self {
        let Model { id, catalogue_id, name, description, position: _, archived_at, created_at: _, .. } = row;
        let Model { owner_id, schedule_id, downtime_minutes, .. } = row;
        let archived = archived_at.is_some();
        Service { id, catalogue_id, name, description, archived, owner_id, schedule_id, downtime_minutes }
    }
}

/// A folder of services.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ServiceCatalogue {
    id: CatalogueId,
    name: String,
    /// Its services are no longer offered.
    archived: bool,
    /// In their order.
    services: Vec<Service>,
}

fn folder(row: catalogue::Model, services: &[Model]) -> ServiceCatalogue {
    let catalogue::Model { id, name, position: _, archived_at, created_at: _ } = row;
    let own = services.iter().filter(|service| service.catalogue_id == id);
    let services = own.cloned().map(Service::from).collect();
    ServiceCatalogue { id, name, archived: archived_at.is_some(), services }
}

/// Every catalogue with its services, in their order.
#[derive(Debug, Serialize, ToSchema)]
struct ServiceCatalogues {
    items: Vec<ServiceCatalogue>,
}

/// List the catalogues with their services, put away or not.
#[utoipa::path(get, path = "/api/v1/services", tag = "services",
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = ServiceCatalogues)))]
async fn list_services(State(app): State<App>, _: Can<can::TicketsView>) -> ApiResult<Json<ServiceCatalogues>> {
    let services = ops::services(app.db.read()).await?;
    let folders = ops::catalogues(app.db.read()).await?;
    Ok(Json(ServiceCatalogues { items: folders.into_iter().map(|row| folder(row, &services)).collect() }))
}

/// A new service.
#[derive(Debug, Deserialize, ToSchema)]
struct NewService {
    catalogue_id: CatalogueId,
    /// 1 to 200 characters, unique in its catalogue.
    name: String,
    /// At most 2000 characters.
    #[serde(default)]
    description: String,
}

/// Add a service at the end of its catalogue.
#[utoipa::path(post, path = "/api/v1/services", tag = "services", request_body = NewService,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = Service)))]
async fn create_service(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewService>,
) -> ApiResult<Created<Service>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewService { catalogue_id, name, description } = body;
    let answer = Service::from(ops::create(&tx, &actor, ops::NewService { catalogue_id, name, description }).await?);
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct ServiceChange {
    /// Moves it there.
    catalogue_id: Option<CatalogueId>,
    name: Option<String>,
    description: Option<String>,
    /// True: no longer offered; tickets that have it keep it.
    archived: Option<bool>,
    /// The service of its catalogue that it is put before; null: it is put last.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<ServiceId>)]
    before: Option<Option<ServiceId>>,
    /// Null: nobody in particular.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<UserId>)]
    owner_id: Option<Option<UserId>>,
    /// Null: always.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<ScheduleId>)]
    schedule_id: Option<Option<ScheduleId>>,
    /// 0 to 44,640 minutes of a month; null: nobody says.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<i64>)]
    downtime_minutes: Option<Option<i64>>,
}

/// Rename a service, move it, say who answers for it and when it is to be available, put it away or take it back.
#[utoipa::path(patch, path = "/api/v1/services/{id}", tag = "services", params(("id" = ServiceId, Path)), request_body = ServiceChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Service)))]
async fn update_service(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<ServiceId>,
    Json(body): Json<ServiceChange>,
) -> ApiResult<Json<Service>> {
    let tx = app.write().await?;
    let ServiceChange { catalogue_id, name, description, archived, before, owner_id, schedule_id, downtime_minutes } =
        body;
    let change =
        ops::Change { catalogue_id, name, description, archived, before, owner_id, schedule_id, downtime_minutes };
    let row = ops::update(&tx, &actor, id, change).await?;
    tx.commit().await?;
    Ok(Json(row.into()))
}

/// A new catalogue.
#[derive(Debug, Deserialize, ToSchema)]
struct NewServiceCatalogue {
    /// 1 to 200 characters, unique.
    name: String,
}

/// Add a catalogue after the others.
#[utoipa::path(post, path = "/api/v1/service-catalogues", tag = "services", request_body = NewServiceCatalogue,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = ServiceCatalogue)))]
async fn create_service_catalogue(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewServiceCatalogue>,
) -> ApiResult<Created<ServiceCatalogue>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let answer = folder(ops::create_catalogue(&tx, &actor, &body.name).await?, &[]);
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct ServiceCatalogueChange {
    name: Option<String>,
    /// True: its services are no longer offered.
    archived: Option<bool>,
    /// The catalogue that it is put before; null: it is put last.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<CatalogueId>)]
    before: Option<Option<CatalogueId>>,
}

/// Rename a catalogue, move it, put it away or take it back.
#[utoipa::path(patch, path = "/api/v1/service-catalogues/{id}", tag = "services", params(("id" = CatalogueId, Path)),
    request_body = ServiceCatalogueChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = ServiceCatalogue)))]
async fn update_service_catalogue(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<CatalogueId>,
    Json(body): Json<ServiceCatalogueChange>,
) -> ApiResult<Json<ServiceCatalogue>> {
    let tx = app.write().await?;
    let ServiceCatalogueChange { name, archived, before } = body;
    let row = ops::update_catalogue(&tx, &actor, id, ops::CatalogueChange { name, archived, before }).await?;
    let answer = folder(row, &ops::services(&tx).await?);
    tx.commit().await?;
    Ok(Json(answer))
}
