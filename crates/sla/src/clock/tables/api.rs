//! Reports by service and by person over HTTP.

use app::{ApiResult, App, Can, Json, Query};
use axum::extract::State;
use base::{LineId, UserId, can};
use chrono::{DateTime, Utc};
use desk::service::ServiceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::report::{Period, Scope};
use super::ops::{self, PersonFigure, PersonFigures, Record, ServiceFigure, ServiceFigures};
use crate::subject::Subject;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_sla_services))
        .routes(routes!(list_sla_service_tickets))
        .routes(routes!(get_sla_people))
        .routes(routes!(list_sla_person_records))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ServicesParams {
    /// Only this line; all of yours unless told.
    line: Option<LineId>,
    /// Tickets that were created at this time or later.
    from: DateTime<Utc>,
    /// Tickets that were created before this time.
    to: DateTime<Utc>,
}

/// Tickets by service.
#[derive(Debug, Serialize, ToSchema)]
struct SlaServices {
    /// By catalogue and name; tickets without a service come last.
    items: Vec<ServiceFigures>,
}

/// Read how the tickets of a period stand, service by service.
#[utoipa::path(get, path = "/api/v1/sla-report/services", tag = "sla", params(ServicesParams),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = SlaServices)))]
async fn get_sla_services(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Query(params): Query<ServicesParams>,
) -> ApiResult<Json<SlaServices>> {
    let ServicesParams { line, from, to } = params;
    let scope = Scope { line, of: Some(Subject::Ticket), period: Period { from, to } };
    Ok(Json(SlaServices { items: ops::services(app.db.read(), &actor, scope).await? }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ServiceTicketsParams {
    line: Option<LineId>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// Absent: tickets without a service.
    service: Option<ServiceId>,
    #[serde(default)]
    #[param(inline)]
    figure: ServiceFigure,
}

/// What a number counts.
#[derive(Debug, Serialize, ToSchema)]
struct SlaRecords {
    /// Newest first, at most 200.
    items: Vec<Record>,
}

/// List the very tickets a number of a service stands for.
#[utoipa::path(get, path = "/api/v1/sla-report/services/records", tag = "sla", params(ServiceTicketsParams),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = SlaRecords)))]
async fn list_sla_service_tickets(
    State(app): State<App>,
    actor: Can<can::TicketsView>,
    Query(params): Query<ServiceTicketsParams>,
) -> ApiResult<Json<SlaRecords>> {
    let ServiceTicketsParams { line, from, to, service, figure } = params;
    let scope = Scope { line, of: Some(Subject::Ticket), period: Period { from, to } };
    Ok(Json(SlaRecords { items: ops::of_service(app.db.read(), &actor, scope, service, figure).await? }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PeopleParams {
    /// Only this line; all of yours unless told.
    line: Option<LineId>,
    /// Only conversations or only tickets; both unless told.
    #[param(inline)]
    of: Option<Subject>,
    /// What was closed at this time or later.
    from: DateTime<Utc>,
    /// What was closed before this time.
    to: DateTime<Utc>,
}

/// Work by person.
#[derive(Debug, Serialize, ToSchema)]
struct SlaPeople {
    /// Whoever has the most comes first.
    items: Vec<PersonFigures>,
}

/// Read what each member of staff has in work, what he has closed in a period, and how much of both broke a promise.
#[utoipa::path(get, path = "/api/v1/sla-report/people", tag = "sla", params(PeopleParams),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = SlaPeople)))]
async fn get_sla_people(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Query(params): Query<PeopleParams>,
) -> ApiResult<Json<SlaPeople>> {
    let PeopleParams { line, of, from, to } = params;
    let scope = Scope { line, of, period: Period { from, to } };
    Ok(Json(SlaPeople { items: ops::people(app.db.read(), &actor, scope).await? }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PersonRecordsParams {
    line: Option<LineId>,
    #[param(inline)]
    of: Option<Subject>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    person: UserId,
    #[serde(default)]
    #[param(inline)]
    figure: PersonFigure,
}

/// List the very conversations and tickets a number of a person stands for.
#[utoipa::path(get, path = "/api/v1/sla-report/people/records", tag = "sla", params(PersonRecordsParams),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = SlaRecords)))]
async fn list_sla_person_records(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Query(params): Query<PersonRecordsParams>,
) -> ApiResult<Json<SlaRecords>> {
    let PersonRecordsParams { line, of, from, to, person, figure } = params;
    let scope = Scope { line, of, period: Period { from, to } };
    Ok(Json(SlaRecords { items: ops::of_person(app.db.read(), &actor, scope, person, figure).await? }))
}
