//! Client companies over HTTP: a list to choose from, and who answers for one.

use app::{ApiResult, App, Can, Json, Path, Query};
use axum::extract::State;
use base::{Actor, CompanyId, Error, Page, PageRequest, Permission, Result, UserId, can};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::contact::{company, entity, ops};
use crate::people::StaffRef;
use crate::tariff_plan::{self, TariffPlanId};
use crate::{conversation, field, user};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_companies)).routes(routes!(update_company))
}

/// A client company.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClientCompany)]
struct Company {
    id: CompanyId,
    name: String,
    inn: Option<String>,
    /// Who of the staff answers for it.
    manager: Option<StaffRef>,
    /// `VIP` and the like; empty: none.
    category: String,
}

async fn views(connection: &impl ConnectionTrait, rows: Vec<company::Model>) -> Result<Vec<Company>> {
    let managers = user::people(connection, rows.iter().filter_map(|row| row.manager_id)).await?;
    let view = |row: company::Model| Company {
        id: row.id,
        name: row.name,
        inn: row.inn,
        manager: row.manager_id.and_then(|id| managers.get(&id).cloned()),
        category: row.category,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Which companies to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CompanySearch {
    /// Part of a name, or the beginning of an INN.
    search: Option<String>,
}

/// List companies by name, those of clients you may see.
#[utoipa::path(get, path = "/api/v1/companies", tag = "contacts", params(CompanySearch, PageRequest),
    security(("session" = ["contacts.view"]), ("token" = ["contacts.view"])), responses((status = 200, body = Page<Company>)))]
async fn list_companies(
    State(app): State<App>,
    actor: Can<can::ContactsView>,
    Query(search): Query<CompanySearch>,
    Query(page): Query<PageRequest>,
) -> ApiResult<Json<Page<Company>>> {
    let rows = list(app.db.read(), &actor, search.search.as_deref().unwrap_or_default(), &page).await?;
    Ok(Json(Page { items: views(app.db.read(), rows.items).await?, next: rows.next }))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ClientCompanyPatch)]
struct CompanyPatch {
    /// Who of the staff answers for it; null: nobody in particular.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<UserId>)]
    manager_id: Option<Option<UserId>>,
    /// `VIP` and the like, at most 60 characters; empty: none.
    category: Option<String>,
    /// Null: the plan of its category, if that has one.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<TariffPlanId>)]
    tariff_plan_id: Option<Option<TariffPlanId>>,
}

/// Say who answers for a company, what category it has and by which plan it is served.
#[utoipa::path(patch, path = "/api/v1/companies/{id}", tag = "contacts", params(("id" = CompanyId, Path)), request_body = CompanyPatch,
    security(("session" = ["contacts.edit"]), ("token" = ["contacts.edit"])), responses((status = 200, body = Company)))]
async fn update_company(
    State(app): State<App>,
    actor: Can<can::ContactsEdit>,
    Path(id): Path<CompanyId>,
    Json(patch): Json<CompanyPatch>,
) -> ApiResult<Json<Company>> {
    let tx = app.write().await?;
    let row = update(&tx, &actor, id, patch).await?;
    let answer = views(&tx, vec![row]).await?.pop().ok_or(Error::NotFound("company"))?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// The companies whose people have conversations that the actor sees; all, for who sees every line.
fn visible_to(actor: &Actor) -> Condition {
    if actor.has(Permission::LinesAll) {
        return Condition::all();
    }
    let clients = conversation::visible_to(actor).select_only().column(conversation::Column::ContactId).into_query();
    let own = entity::Entity::find()
        .select_only()
        .column(entity::Column::CompanyId)
        .filter(entity::Column::Id.in_subquery(clients))
        .filter(entity::Column::CompanyId.is_not_null())
        .into_query();
    Condition::all().add(company::Column::Id.in_subquery(own))
}

async fn list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    search: &str,
    page: &PageRequest,
) -> Result<Page<company::Model>> {
    use company::Column;
    let mut query = company::Entity::find().filter(visible_to(actor));
    let search = text::fold(search);
    if !search.is_empty() {
        let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let by_name = Expr::col(Column::NameFolded).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'));
        let by_inn = Expr::col(Column::Inn).like(LikeExpr::new(format!("{escaped}%")).escape('\\'));
        query = query.filter(Condition::any().add(by_name).add(by_inn));
    }
    if let Some((name, id)) = page.cursor::<(String, CompanyId)>()? {
        let later = Condition::any()
            .add(Column::NameFolded.gt(name.clone()))
            .add(Condition::all().add(Column::NameFolded.eq(name)).add(Column::Id.gt(id)));
        query = query.filter(later);
    }
    let sorted = query.order_by_asc(Column::NameFolded).order_by_asc(Column::Id).limit(page.limit() + 1);
    let rows = sorted.all(connection).await?;
    Ok(Page::from_rows(rows, page.limit(), |row| (row.name_folded.clone(), row.id)))
}

async fn update(tx: &Tx, actor: &Actor, id: CompanyId, patch: CompanyPatch) -> Result<company::Model> {
    let found = company::Entity::find_by_id(id).filter(visible_to(actor)).one(tx).await?;
    let old = found.ok_or(Error::NotFound("company"))?;
    let mut row = old.clone().into_active_model();
    if let Some(manager_id) = patch.manager_id {
        row.manager_id = Set(user::at_work(tx, "manager_id", manager_id).await?);
    }
    if let Some(category) = patch.category {
        row.category = Set(ops::valid_category(tx, category).await?);
    }
    let served = patch.tariff_plan_id.is_some();
    if let Some(plan) = patch.tariff_plan_id {
        tariff_plan::give(tx, id, plan).await?;
    }
    if !row.is_changed() && !served {
        return Ok(old);
    }
    let row = if row.is_changed() { row.update(tx).await? } else { old };
    bus::emit(tx, actor, Event::new("company_updated").subject(id.0).data(json!({"name": row.name}))).await?;
    Ok(row)
}
