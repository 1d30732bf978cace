//! The availability report over HTTP.

use app::{ApiResult, App, Can, Json, Query};
use axum::extract::State;
use base::{Error, can};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, By, Row};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_availability))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AvailabilityParams {
    /// The beginning of the period.
    from: DateTime<Utc>,
    /// Its end, at most ten years later; what is in the future is left out.
    to: DateTime<Utc>,
    /// A row for each service, or for each catalogue.
    #[serde(default)]
    #[param(inline)]
    by: By,
}

/// How available services were.
#[derive(Debug, Serialize, ToSchema)]
struct Availability {
    /// In the order of the catalogues and their services.
    items: Vec<Row>,
}

/// Read how available services, or catalogues, were in a period: `GET /outages` of the same period lists what is counted.
#[utoipa::path(get, path = "/api/v1/sla-report/availability", tag = "sla", params(AvailabilityParams),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Availability)))]
async fn get_availability(
    State(app): State<App>,
    _: Can<can::TicketsView>,
    Query(params): Query<AvailabilityParams>,
) -> ApiResult<Json<Availability>> {
    let AvailabilityParams { from, to, by } = params;
    if to < from || to - from > LONGEST {
        let (ru, en) =
            ("Не раньше начала и не позже чем через десять лет", "Not before the start and at most ten years after it");
        return Err(Error::invalid("to", "out_of_range", ru, en).into());
    }
    Ok(Json(Availability { items: ops::rows(app.db.read(), by, from, to, app.now()).await? }))
}

const LONGEST: TimeDelta = TimeDelta::days(3660);
