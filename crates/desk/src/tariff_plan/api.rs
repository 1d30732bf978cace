//! Tariff plans over HTTP, and what of them a client has used.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path};
use axum::extract::State;
use base::{CompanyId, ContactId, Result, can};
use chrono::{DateTime, Utc};
use db::Fetch;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::count::{self, Client, PERIODS, Period};
use super::{Model, TariffPlanId, ops};
use crate::client_category::{Allowed, ClientCategoryId, Terms, Whose, of_company, of_contact};
use crate::schedule::{self, ScheduleId};
use crate::service::{self, ServiceId, ServiceRef};
use crate::{client, contact, field};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tariff_plans, create_tariff_plan))
        .routes(routes!(update_tariff_plan, delete_tariff_plan))
        .routes(routes!(get_company_tariff))
        .routes(routes!(get_contact_tariff))
}

/// A tariff plan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct TariffPlan {
    id: TariffPlanId,
    name: String,
    description: String,
    /// What is included; empty: every service.
    services: Vec<ServiceId>,
    /// The hours of support, by which the times of its clients' tickets count; null: as their policy says.
    schedule_id: Option<ScheduleId>,
    /// How many requests of a day are included; null: any number.
    per_day: Option<i64>,
    per_week: Option<i64>,
    per_month: Option<i64>,
    /// The first day it holds, `YYYY-MM-DD`; null: since ever.
    valid_from: Option<String>,
    /// The last day; null: for ever.
    valid_to: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn view(row: Model) -> Result<TariffPlan> {
    let services = row.services()?;
    Ok(TariffPlan {
        id: row.id,
        name: row.name,
        description: row.description,
        services,
        schedule_id: row.schedule_id,
        per_day: row.per_day,
        per_week: row.per_week,
        per_month: row.per_month,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The tariff plans.
#[derive(Debug, Serialize, ToSchema)]
struct TariffPlans {
    /// By name.
    items: Vec<TariffPlan>,
}

/// List tariff plans.
#[utoipa::path(get, path = "/api/v1/tariff-plans", tag = "tariff-plans",
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = TariffPlans)))]
async fn list_tariff_plans(State(app): State<App>, _: Can<can::ContactsView>) -> ApiResult<Json<TariffPlans>> {
    let items: Result<Vec<TariffPlan>> = ops::list(app.db.read()).await?.into_iter().map(view).collect();
    Ok(Json(TariffPlans { items: items? }))
}

/// A new tariff plan.
#[derive(Debug, Deserialize, ToSchema)]
struct NewTariffPlan {
    /// 1 to 200 characters, unique whatever the case.
    name: String,
    /// At most 2000 characters.
    #[serde(default)]
    description: String,
    #[serde(default)]
    services: Vec<ServiceId>,
    schedule_id: Option<ScheduleId>,
    /// 0 to 1,000,000.
    per_day: Option<i64>,
    per_week: Option<i64>,
    per_month: Option<i64>,
    /// `YYYY-MM-DD`.
    valid_from: Option<String>,
    valid_to: Option<String>,
}

/// Add a tariff plan.
#[utoipa::path(post, path = "/api/v1/tariff-plans", tag = "tariff-plans", request_body = NewTariffPlan,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = TariffPlan)))]
async fn create_tariff_plan(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewTariffPlan>,
) -> ApiResult<Created<TariffPlan>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let answer = view(ops::create(&tx, &actor, body.try_into()?).await?)?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

impl TryFrom<NewTariffPlan> for ops::Change {
    type Error = base::Error;

    fn try_from(new: NewTariffPlan) -> Result<Self> {
        let NewTariffPlan { name, description, services, schedule_id, per_day, per_week, per_month, .. } = new;
        Ok(ops::Change {
            name: Some(name),
            description: Some(description),
            services: Some(services),
            schedule_id: Some(schedule_id),
            per_day: Some(per_day),
            per_week: Some(per_week),
            per_month: Some(per_month),
            valid_from: Some(ops::date("valid_from", new.valid_from)?),
            valid_to: Some(ops::date("valid_to", new.valid_to)?),
        })
    }
}

/// What to change; absent: keep; null: none.
#[derive(Debug, Deserialize, ToSchema)]
struct TariffPlanChange {
    name: Option<String>,
    description: Option<String>,
    /// As a whole.
    services: Option<Vec<ServiceId>>,
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<ScheduleId>)]
    schedule_id: Option<Option<ScheduleId>>,
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<i64>)]
    per_day: Option<Option<i64>>,
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<i64>)]
    per_week: Option<Option<i64>>,
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<i64>)]
    per_month: Option<Option<i64>>,
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<String>)]
    valid_from: Option<Option<String>>,
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<String>)]
    valid_to: Option<Option<String>>,
}

/// Change a tariff plan. Tickets that are there keep what was said of them.
#[utoipa::path(patch, path = "/api/v1/tariff-plans/{id}", tag = "tariff-plans", params(("id" = TariffPlanId, Path)), request_body = TariffPlanChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = TariffPlan)))]
async fn update_tariff_plan(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<TariffPlanId>,
    Json(body): Json<TariffPlanChange>,
) -> ApiResult<Json<TariffPlan>> {
    let tx = app.write().await?;
    let answer = view(ops::update(&tx, &actor, id, body.try_into()?).await?)?;
    tx.commit().await?;
    Ok(Json(answer))
}

impl TryFrom<TariffPlanChange> for ops::Change {
    type Error = base::Error;

    fn try_from(change: TariffPlanChange) -> Result<Self> {
        let TariffPlanChange { name, description, services, schedule_id, per_day, per_week, per_month, .. } = change;
        Ok(ops::Change {
            name,
            description,
            services,
            schedule_id,
            per_day,
            per_week,
            per_month,
            valid_from: change.valid_from.map(|day| ops::date("valid_from", day)).transpose()?,
            valid_to: change.valid_to.map(|day| ops::date("valid_to", day)).transpose()?,
        })
    }
}

/// Delete a tariff plan. Fails with `tariff_plan_in_use` while companies or categories have it, and says which.
#[utoipa::path(delete, path = "/api/v1/tariff-plans/{id}", tag = "tariff-plans", params(("id" = TariffPlanId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_tariff_plan(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<TariffPlanId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// What a client is served by.
#[derive(Debug, Serialize, ToSchema)]
struct ClientTariff {
    /// In force today; null: none.
    plan: Option<CurrentPlan>,
    /// What his category lets him choose; null: he has none that is listed.
    category: Option<CurrentCategory>,
}

/// The plan in force.
#[derive(Debug, Serialize, ToSchema)]
struct CurrentPlan {
    id: TariffPlanId,
    name: String,
    description: String,
    from: Whose,
    /// What is included; empty: every service.
    services: Vec<ServiceRef>,
    /// How the hours of support are called; null: as the policy says.
    schedule: Option<String>,
    valid_to: Option<String>,
    /// The periods that have a limit.
    used: Vec<TariffUse>,
}

/// How much of a limit is used.
#[derive(Debug, Serialize, ToSchema)]
struct TariffUse {
    period: Period,
    /// Requests of the whole company, or of the client when he has none.
    used: i64,
    limit: i64,
}

/// A category, as far as it decides what may be chosen.
#[derive(Debug, Serialize, ToSchema)]
struct CurrentCategory {
    id: ClientCategoryId,
    name: String,
    allowed: Allowed,
}

/// Read the plan of a company and how much of it is used.
#[utoipa::path(get, path = "/api/v1/companies/{id}/tariff", tag = "tariff-plans", params(("id" = CompanyId, Path)),
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = ClientTariff)))]
async fn get_company_tariff(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path(id): Path<CompanyId>,
) -> ApiResult<Json<ClientTariff>> {
    client::find_company(app.db.read(), &actor, id).await?;
    let terms = of_company(app.db.read(), id, app.now()).await?;
    Ok(Json(current(&app, terms, Client::Company(id)).await?))
}

/// Read the plan that a client is served by and how much of it is used.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/tariff", tag = "tariff-plans", params(("id" = ContactId, Path)),
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = ClientTariff)))]
async fn get_contact_tariff(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Path(id): Path<ContactId>,
) -> ApiResult<Json<ClientTariff>> {
    contact::find(app.db.read(), &actor, id).await?;
    let terms = of_contact(app.db.read(), id, app.now()).await?;
    let client = terms.company_id.map_or(Client::Contact(id), Client::Company);
    Ok(Json(current(&app, terms, client).await?))
}

async fn current(app: &App, terms: Terms, client: Client) -> Result<ClientTariff> {
    let category = terms.category().map(|row| {
        Ok::<_, base::Error>(CurrentCategory { id: row.id, name: row.name.clone(), allowed: row.allowed()? })
    });
    let category = category.transpose()?;
    let plan = match terms.plan {
        Some((from, plan)) => Some(current_plan(app.db.read(), from, plan, client, app.now()).await?),
        None => None,
    };
    Ok(ClientTariff { plan, category })
}

async fn current_plan(
    connection: &impl Fetch,
    from: Whose,
    plan: Model,
    client: Client,
    now: base::Timestamp,
) -> Result<CurrentPlan> {
    let used = count::used(connection, client, now).await?;
    let limited = PERIODS.into_iter().zip(used);
    let used = limited.filter_map(|(period, used)| Some(TariffUse { period, used, limit: plan.limit(period)? }));
    let mut services: Vec<ServiceRef> =
        service::refs(connection, plan.services()?.into_iter()).await?.into_values().collect();
    services.sort_by_key(|service| service.name.to_lowercase());
    Ok(CurrentPlan {
        from,
        services,
        schedule: schedule::name_of(connection, plan.schedule_id).await?,
        used: used.collect(),
        id: plan.id,
        name: plan.name,
        description: plan.description,
        valid_to: plan.valid_to,
    })
}
