//! Categories of clients over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path};
use axum::extract::State;
use base::{Result, UserId, can};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Allowed, ClientCategoryId, Model, ops};
use crate::people::StaffRef;
use crate::policy::PolicyId;
use crate::tariff_plan::TariffPlanId;
use crate::{field, user};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_client_categories, create_client_category))
        .routes(routes!(update_client_category, delete_client_category))
}

/// A category of clients.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct ClientCategory {
    id: ClientCategoryId,
    /// What stands on the cards of its clients and companies.
    name: String,
    /// 1 to 9; the highest first.
    tier: i64,
    /// Who of the staff answers for these clients.
    owner: Option<StaffRef>,
    /// 0 to 100: how much earlier their turn in the queue comes; 100 is worth three levels of priority.
    weight: i64,
    /// What they are promised where their service has no policy; null: what the line promises.
    policy_id: Option<PolicyId>,
    /// Of those whose company has no plan of its own.
    tariff_plan_id: Option<TariffPlanId>,
    allowed: Allowed,
    /// Clients whose card says it.
    contacts: i64,
    /// Companies whose card says it.
    companies: i64,
}

async fn views(connection: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<ClientCategory>> {
    let owners = user::people(connection, rows.iter().filter_map(|row| row.owner_id)).await?;
    let cards = ops::cards(connection, &rows).await?;
    let view = |row: Model| {
        let ops::Cards { contacts, companies } = cards.get(&row.name).copied().unwrap_or_default();
        Ok(ClientCategory {
            id: row.id,
            tier: row.tier,
            owner: row.owner_id.and_then(|id| owners.get(&id).cloned()),
            weight: row.weight,
            policy_id: row.policy_id,
            tariff_plan_id: row.tariff_plan_id,
            allowed: row.allowed()?,
            contacts,
            companies,
            name: row.name,
        })
    };
    rows.into_iter().map(view).collect()
}

/// The categories of clients.
#[derive(Debug, Serialize, ToSchema)]
struct ClientCategories {
    /// The highest tier first.
    items: Vec<ClientCategory>,
}

/// List the categories of clients.
#[utoipa::path(get, path = "/api/v1/client-categories", tag = "client-categories",
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = ClientCategories)))]
async fn list_client_categories(
    State(app): State<App>,
    _: Can<can::ContactsView>,
) -> ApiResult<Json<ClientCategories>> {
    let rows = ops::list(app.db.read()).await?;
    Ok(Json(ClientCategories { items: views(app.db.read(), rows).await? }))
}

/// A new category of clients.
#[derive(Debug, Deserialize, ToSchema)]
struct NewClientCategory {
    /// 1 to 60 characters, unique whatever the case. Cards that say it already become of this category.
    name: String,
    /// 1 to 9; 1 unless told.
    tier: Option<i64>,
    owner_id: Option<UserId>,
    /// 0 to 100; 0 unless told.
    weight: Option<i64>,
    policy_id: Option<PolicyId>,
    tariff_plan_id: Option<TariffPlanId>,
    #[serde(default)]
    allowed: Allowed,
}

/// Add a category of clients.
#[utoipa::path(post, path = "/api/v1/client-categories", tag = "client-categories", request_body = NewClientCategory,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = ClientCategory)))]
async fn create_client_category(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewClientCategory>,
) -> ApiResult<Created<ClientCategory>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewClientCategory { name, tier, owner_id, weight, policy_id, tariff_plan_id, allowed } = body;
    let change = ops::Change {
        name: Some(name),
        tier,
        owner_id: Some(owner_id),
        weight,
        policy_id: Some(policy_id),
        tariff_plan_id: Some(tariff_plan_id),
        allowed: Some(allowed),
    };
    let answer = one(&tx, ops::create(&tx, &actor, change).await?).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

async fn one(connection: &impl ConnectionTrait, row: Model) -> Result<ClientCategory> {
    views(connection, vec![row]).await?.pop().ok_or(base::Error::NotFound("client category"))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct ClientCategoryChange {
    /// Another name is put on the cards of its clients and companies.
    name: Option<String>,
    tier: Option<i64>,
    /// Null: nobody.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<UserId>)]
    owner_id: Option<Option<UserId>>,
    weight: Option<i64>,
    /// Null: none.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<PolicyId>)]
    policy_id: Option<Option<PolicyId>>,
    /// Null: none.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<TariffPlanId>)]
    tariff_plan_id: Option<Option<TariffPlanId>>,
    /// As a whole.
    allowed: Option<Allowed>,
}

/// Change a category of clients. What counts already keeps what it was begun with.
#[utoipa::path(patch, path = "/api/v1/client-categories/{id}", tag = "client-categories", params(("id" = ClientCategoryId, Path)), request_body = ClientCategoryChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = ClientCategory)))]
async fn update_client_category(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<ClientCategoryId>,
    Json(body): Json<ClientCategoryChange>,
) -> ApiResult<Json<ClientCategory>> {
    let ClientCategoryChange { name, tier, owner_id, weight, policy_id, tariff_plan_id, allowed } = body;
    let tx = app.write().await?;
    let change = ops::Change { name, tier, owner_id, weight, policy_id, tariff_plan_id, allowed };
    let answer = one(&tx, ops::update(&tx, &actor, id, change).await?).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Delete a category of clients. Fails with `client_category_in_use` while cards say it, and says which.
#[utoipa::path(delete, path = "/api/v1/client-categories/{id}", tag = "client-categories", params(("id" = ClientCategoryId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_client_category(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<ClientCategoryId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}
