//! Accounts of staff, for administrators.
//!
//! Whoever has `users.manage` can make himself administrator: the right is as good as all of them.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, Path, Query, can};
use axum::extract::State;
use base::{Error, GroupId, Language, Page, PageRequest, RoleId, UserId};
use desk::user::{self, Filter, User, UserPatch};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ops::account;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_users, create_user)).routes(routes!(get_user, patch_user))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListUsers {
    /// Part of a name or of an address.
    search: Option<String>,
    /// Blocked accounts too.
    #[serde(default)]
    include_blocked: bool,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List accounts of staff, by name.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", params(ListUsers),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = Page<User>)))]
async fn list_users(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Query(params): Query<ListUsers>,
) -> ApiResult<Json<Page<User>>> {
    let ListUsers { search, include_blocked, limit, after } = params;
    let page = user::list(app.db.read(), &Filter { search, include_blocked }, &PageRequest { limit, after }).await?;
    let items = user::details(app.db.read(), page.items, actor.language).await?;
    Ok(Json(Page { items, next: page.next }))
}

#[derive(Deserialize, utoipa::ToSchema)]
struct NewUser {
    name: String,
    /// Also the login.
    email: String,
    /// At least 8 characters. Without one nobody can sign in with this account yet.
    password: Option<String>,
    role_id: RoleId,
    #[serde(default)]
    group_ids: Vec<GroupId>,
    /// The company's unless told.
    locale: Option<Language>,
    /// IANA name, as `Europe/Moscow`; the company's unless told.
    time_zone: Option<String>,
}

/// Create an account.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = NewUser,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 201, body = User)))]
async fn create_user(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    idempotency: Idempotency,
    Json(body): Json<NewUser>,
) -> ApiResult<Created<User>> {
    let NewUser { name, email, password, role_id, group_ids, locale, time_zone } = body;
    let password = account::hash(password, &email).await?;
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::Done(user) => return Ok(Created(user)),
        Begin::New(tx) => tx,
    };
    let new = user::NewUser { name, email, role_id, group_ids, locale, time_zone };
    let user = account::create(&tx, &actor, new, password).await?;
    idempotency.finish(tx, &actor, &user).await?;
    Ok(Created(user))
}

/// Read an account.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "users", params(("id" = UserId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = User)))]
async fn get_user(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<User>> {
    let row = user::find(app.db.read(), id).await?;
    let mut users = user::details(app.db.read(), vec![row], actor.language).await?;
    Ok(Json(users.pop().ok_or(Error::NotFound("user"))?))
}

/// What to change of an account; absent: keep.
#[derive(Deserialize, utoipa::ToSchema)]
struct AccountPatch {
    name: Option<String>,
    /// Also the login.
    email: Option<String>,
    /// At least 8 characters. Ends the account's logins.
    password: Option<String>,
    role_id: Option<RoleId>,
    group_ids: Option<Vec<GroupId>>,
    locale: Option<Language>,
    /// IANA name, as `Europe/Moscow`.
    time_zone: Option<String>,
    /// A blocked account cannot sign in; its logins and API tokens end at once.
    blocked: Option<bool>,
}

/// Change an account, give it a new password, block or unblock it.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users", params(("id" = UserId, Path)), request_body = AccountPatch,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])),
    responses((status = 200, body = User), (status = 409, description = "The last administrator stays (`last_administrator`).")))]
async fn patch_user(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<UserId>,
    Json(body): Json<AccountPatch>,
) -> ApiResult<Json<User>> {
    let AccountPatch { name, email, password, role_id, group_ids, locale, time_zone, blocked } = body;
    let patch = UserPatch { name, email, role_id, group_ids, locale, time_zone, blocked, theme: None };
    let password = account::hash(password, &account::email_of(&app, id, &patch).await?).await?;
    let tx = app.write().await?;
    let user = account::update(&tx, &actor, id, patch, password).await?;
    tx.commit().await?;
    Ok(Json(user))
}
