//! The monitor over HTTP.

use app::{ApiResult, App, Json, Signed};
use axum::extract::State;
use base::{Result, Timestamp};
use chrono::{NaiveTime, TimeZone, Utc};
use desk::setting;
use sea_orm::ConnectionTrait;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, Monitor};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_monitor))
}

/// How the lines you watch over do now, and who serves them; empty when you watch over none. "Today" begins at midnight in the
/// company's time zone. Ask again after live events.
#[utoipa::path(get, path = "/api/v1/monitor", tag = "routing", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Monitor)))]
async fn get_monitor(State(app): State<App>, actor: Signed) -> ApiResult<Json<Monitor>> {
    let midnight = midnight(app.db.read(), app.now()).await?;
    Ok(Json(ops::monitor(app.db.read(), &actor, app.now(), midnight).await?))
}

async fn midnight(connection: &impl ConnectionTrait, now: Timestamp) -> Result<Timestamp> {
    let zone = setting::company(connection).await?.default_time_zone.parse().unwrap_or(chrono_tz::UTC);
    let day = now.with_timezone(&zone).date_naive().and_time(NaiveTime::MIN);
    // Where clocks go forward at midnight the day begins an hour later.
    let begins = zone.from_local_datetime(&day).earliest();
    Ok(begins.map_or(now, |begins| begins.with_timezone(&Utc)))
}
