//! Outages over HTTP.

use std::collections::HashMap;

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{Page, PageRequest, Result, Timestamp, can};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::{Extent, Kind, Model};
use super::{OutageId, ops};
use crate::people::StaffRef;
use crate::schedule::all_hours;
use crate::service::{self, CatalogueId, ServiceId, ServiceRef, catalogue};
use crate::{field, user};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_outages, create_outage))
        .routes(routes!(update_outage, delete_outage))
        .routes(routes!(restore_outage))
}

/// A time when a service, or a whole catalogue, was down.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Outage {
    id: OutageId,
    /// Null: the whole catalogue was down.
    service: Option<ServiceRef>,
    /// Null: one service was down.
    catalogue: Option<ServiceCatalogueRef>,
    started_at: DateTime<Utc>,
    /// Null: it is down still.
    restored_at: Option<DateTime<Utc>>,
    kind: Kind,
    extent: Extent,
    /// The clocks of its tickets stand still meanwhile.
    pauses_sla: bool,
    note: String,
    registered_by: Option<StaffRef>,
    /// By the clock on the wall, until now if it is down still.
    total_seconds: i64,
    /// Of this, in the hours of the service; of a catalogue, day and night.
    working_seconds: i64,
}

/// A catalogue of services.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ServiceCatalogueRef {
    id: CatalogueId,
    name: String,
}

async fn views(connection: &impl ConnectionTrait, rows: Vec<Model>, now: Timestamp) -> Result<Vec<Outage>> {
    let ids: Vec<ServiceId> = rows.iter().filter_map(|row| row.service_id).collect();
    let services = service::refs(connection, ids.iter().copied()).await?;
    let hours_of: Vec<service::Model> =
        service::Entity::find().filter(service::Column::Id.is_in(ids)).all(connection).await?;
    let hours_of: HashMap<ServiceId, _> = hours_of.into_iter().map(|row| (row.id, row.schedule_id)).collect();
    let hours = all_hours(connection).await?;
    let homes = rows.iter().filter_map(|row| row.catalogue_id);
    let folders = catalogue::Entity::find().filter(catalogue::Column::Id.is_in(homes)).all(connection).await?;
    let folders: HashMap<CatalogueId, String> = folders.into_iter().map(|folder| (folder.id, folder.name)).collect();
    let people = user::people(connection, rows.iter().filter_map(|row| row.registered_by)).await?;
    let view = |row: Model| {
        let until = row.restored_at.unwrap_or(now).max(row.started_at);
        let schedule = row.service_id.and_then(|id| hours_of.get(&id).copied().flatten());
        let named = |id: CatalogueId| folders.get(&id).map(|name| ServiceCatalogueRef { id, name: name.clone() });
        Outage {
            id: row.id,
            service: row.service_id.and_then(|id| services.get(&id).cloned()),
            catalogue: row.catalogue_id.and_then(named),
            started_at: row.started_at,
            restored_at: row.restored_at,
            kind: row.kind,
            extent: row.extent,
            pauses_sla: row.pauses_sla,
            registered_by: row.registered_by.and_then(|id| people.get(&id).cloned()),
            total_seconds: (until - row.started_at).num_seconds(),
            working_seconds: hours.of(schedule).counted(row.started_at, until).num_seconds(),
            note: row.note,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn one(connection: &impl ConnectionTrait, row: Model, now: Timestamp) -> Result<Outage> {
    views(connection, vec![row], now).await?.pop().ok_or(base::Error::NotFound("outage"))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListOutages {
    /// Those that are on at this time or later.
    from: Option<DateTime<Utc>>,
    /// Those that began before this time.
    to: Option<DateTime<Utc>>,
    /// Of this service, or of its whole catalogue.
    service: Option<ServiceId>,
    /// Of this catalogue, or of one of its services.
    catalogue: Option<CatalogueId>,
    #[param(inline)]
    kind: Option<Kind>,
    #[param(inline)]
    extent: Option<Extent>,
    /// Only those that are on now.
    #[serde(default)]
    open: bool,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List outages, the latest first.
#[utoipa::path(get, path = "/api/v1/outages", tag = "outages", params(ListOutages),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Page<Outage>)))]
async fn list_outages(
    State(app): State<App>,
    _: Can<can::TicketsView>,
    Query(params): Query<ListOutages>,
) -> ApiResult<Json<Page<Outage>>> {
    let ListOutages { from, to, service, catalogue, kind, extent, open, limit, after } = params;
    let filter = ops::Filter { from, to, service, catalogue, kind, extent, open };
    let Page { items, next } = ops::page(app.db.read(), filter, &PageRequest { limit, after }).await?;
    Ok(Json(Page { items: views(app.db.read(), items, app.now()).await?, next }))
}

/// An outage to register: of a service or of a catalogue.
#[derive(Debug, Deserialize, ToSchema)]
struct NewOutage {
    service_id: Option<ServiceId>,
    catalogue_id: Option<CatalogueId>,
    /// Not in the future; null: now.
    started_at: Option<DateTime<Utc>>,
    /// When it was over; null: it is not.
    restored_at: Option<DateTime<Utc>>,
    #[serde(default = "unplanned")]
    kind: Kind,
    #[serde(default = "full")]
    extent: Extent,
    /// The clocks of its tickets stand still meanwhile.
    #[serde(default)]
    pauses_sla: bool,
    /// At most 2000 characters.
    #[serde(default)]
    note: String,
}

fn unplanned() -> Kind {
    Kind::Unplanned
}

fn full() -> Extent {
    Extent::Full
}

/// Register an outage.
#[utoipa::path(post, path = "/api/v1/outages", tag = "outages", request_body = NewOutage,
    security(("session" = ["outages.manage"]), ("token" = ["outages.manage"])), responses((status = 201, body = Outage)))]
async fn create_outage(
    State(app): State<App>,
    actor: Can<can::OutagesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewOutage>,
) -> ApiResult<Created<Outage>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewOutage { service_id, catalogue_id, started_at, restored_at, kind, extent, pauses_sla, note } = body;
    let of = ops::Of { service_id, catalogue_id };
    let new = ops::NewOutage { of, started_at, restored_at, kind, extent, pauses_sla, note };
    let answer = one(&tx, ops::create(&tx, &actor, new).await?, tx.now()).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct OutageChange {
    /// Clocks that stood still already are not counted anew.
    started_at: Option<DateTime<Utc>>,
    /// Null: it is down still.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    restored_at: Option<Option<DateTime<Utc>>>,
    kind: Option<Kind>,
    extent: Option<Extent>,
    /// Clocks stand still, or go on, from now.
    pauses_sla: Option<bool>,
    note: Option<String>,
}

/// Change an outage.
#[utoipa::path(patch, path = "/api/v1/outages/{id}", tag = "outages", params(("id" = OutageId, Path)), request_body = OutageChange,
    security(("session" = ["outages.manage"]), ("token" = ["outages.manage"])), responses((status = 200, body = Outage)))]
async fn update_outage(
    State(app): State<App>,
    actor: Can<can::OutagesManage>,
    Path(id): Path<OutageId>,
    Json(body): Json<OutageChange>,
) -> ApiResult<Json<Outage>> {
    let OutageChange { started_at, restored_at, kind, extent, pauses_sla, note } = body;
    let tx = app.write().await?;
    let change = ops::Change { started_at, restored_at, kind, extent, pauses_sla, note };
    let answer = one(&tx, ops::update(&tx, &actor, id, change).await?, tx.now()).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// When it was over.
#[derive(Debug, Deserialize, ToSchema)]
struct Restored {
    /// Null: now.
    restored_at: Option<DateTime<Utc>>,
}

/// Say that what was down works again.
#[utoipa::path(post, path = "/api/v1/outages/{id}/restore", tag = "outages", params(("id" = OutageId, Path)), request_body = Restored,
    security(("session" = ["outages.manage"]), ("token" = ["outages.manage"])), responses((status = 200, body = Outage)))]
async fn restore_outage(
    State(app): State<App>,
    actor: Can<can::OutagesManage>,
    Path(id): Path<OutageId>,
    Json(body): Json<Restored>,
) -> ApiResult<Json<Outage>> {
    let tx = app.write().await?;
    let answer = one(&tx, ops::restore(&tx, &actor, id, body.restored_at).await?, tx.now()).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Delete an outage that was not. Clocks that stand still for it go on.
#[utoipa::path(delete, path = "/api/v1/outages/{id}", tag = "outages", params(("id" = OutageId, Path)),
    security(("session" = ["outages.manage"]), ("token" = ["outages.manage"])), responses((status = 204)))]
async fn delete_outage(
    State(app): State<App>,
    actor: Can<can::OutagesManage>,
    Path(id): Path<OutageId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}
