//! Skills over HTTP.

use app::{ApiResult, App, Can, Created, Json, NoContent, Path, Signed, can};
use axum::extract::State;
use base::{LineId, UserId};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, SkillLevel};
use super::{Model, SkillId};
use crate::queue;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_skills, create_skill))
        .routes(routes!(patch_skill, delete_skill))
        .routes(routes!(get_operator_skills, put_operator_skills))
        .routes(routes!(get_line_skills, put_line_skills))
}

/// Something an operator may be good at.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Skill {
    id: SkillId,
    name: String,
    description: String,
    /// How many people have it.
    operators: i64,
}

impl Skill {
    fn new(row: Model, operators: i64) -> Self {
        let Model { id, name, description, created_at: _ } = row;
        Skill { id, name, description, operators }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Skills {
    items: Vec<Skill>,
}

/// A skill with a level each.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SkillLevels {
    items: Vec<SkillLevel>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewSkill {
    name: String,
    #[serde(default)]
    description: String,
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct SkillPatch {
    name: Option<String>,
    description: Option<String>,
}

/// List the skills, by name.
#[utoipa::path(get, path = "/api/v1/skills", tag = "routing", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Skills)))]
async fn list_skills(State(app): State<App>, _: Signed) -> ApiResult<Json<Skills>> {
    let counts = ops::counts(app.db.read()).await?;
    let count = |row: &Model| counts.get(&row.id).copied().unwrap_or_default();
    let rows = ops::list(app.db.read()).await?;
    Ok(Json(Skills {
        items: rows
            .into_iter()
            .map(|row| {
                let of = count(&row);
                Skill::new(row, of)
            })
            .collect(),
    }))
}

/// Create a skill.
#[utoipa::path(post, path = "/api/v1/skills", tag = "routing", request_body = NewSkill,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 201, body = Skill)))]
async fn create_skill(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Json(new): Json<NewSkill>,
) -> ApiResult<Created<Skill>> {
    let tx = app.write().await?;
    let row = ops::create(&tx, &actor, &new.name, new.description).await?;
    tx.commit().await?;
    Ok(Created(Skill::new(row, 0)))
}

/// Change a skill.
#[utoipa::path(patch, path = "/api/v1/skills/{id}", tag = "routing", params(("id" = SkillId, Path)), request_body = SkillPatch,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = Skill)))]
async fn patch_skill(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<SkillId>,
    Json(patch): Json<SkillPatch>,
) -> ApiResult<Json<Skill>> {
    let tx = app.write().await?;
    let row = ops::update(&tx, &actor, id, patch.name, patch.description).await?;
    let operators = ops::counts(&tx).await?.get(&id).copied().unwrap_or_default();
    tx.commit().await?;
    Ok(Json(Skill::new(row, operators)))
}

/// Delete a skill: nobody has it any more and no line asks for it.
#[utoipa::path(delete, path = "/api/v1/skills/{id}", tag = "routing", params(("id" = SkillId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 204)))]
async fn delete_skill(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<SkillId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    queue::want_drain(&tx).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Read what an operator is good at.
#[utoipa::path(get, path = "/api/v1/users/{id}/skills", tag = "routing", params(("id" = UserId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = SkillLevels)))]
async fn get_operator_skills(
    State(app): State<App>,
    _: Can<can::UsersManage>,
    Path(id): Path<UserId>,
) -> ApiResult<Json<SkillLevels>> {
    desk::user::find(app.db.read(), id).await?;
    Ok(Json(SkillLevels { items: ops::levels_of(app.db.read(), id).await? }))
}

/// Say what an operator is good at: exactly the skills of this list.
#[utoipa::path(put, path = "/api/v1/users/{id}/skills", tag = "routing", params(("id" = UserId, Path)), request_body = Vec<SkillLevel>,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = SkillLevels)))]
async fn put_operator_skills(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<UserId>,
    Json(levels): Json<Vec<SkillLevel>>,
) -> ApiResult<Json<SkillLevels>> {
    let tx = app.write().await?;
    ops::set_of_operator(&tx, &actor, id, &levels).await?;
    queue::want_drain(&tx).await?;
    let items = ops::levels_of(&tx, id).await?;
    tx.commit().await?;
    Ok(Json(SkillLevels { items }))
}

/// Read what serving a line takes.
#[utoipa::path(get, path = "/api/v1/lines/{id}/skills", tag = "routing", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = SkillLevels)))]
async fn get_line_skills(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<SkillLevels>> {
    desk::line::find(app.db.read(), &actor, id).await?;
    Ok(Json(SkillLevels { items: ops::levels_of_line(app.db.read(), id).await? }))
}

/// Say what serving a line takes: exactly the skills of this list, each with the least level that will do.
#[utoipa::path(put, path = "/api/v1/lines/{id}/skills", tag = "routing", params(("id" = LineId, Path)), request_body = Vec<SkillLevel>,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = SkillLevels)))]
async fn put_line_skills(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(levels): Json<Vec<SkillLevel>>,
) -> ApiResult<Json<SkillLevels>> {
    let tx = app.write().await?;
    ops::set_of_line(&tx, &actor, id, &levels).await?;
    queue::want_drain(&tx).await?;
    let items = ops::levels_of_line(&tx, id).await?;
    tx.commit().await?;
    Ok(Json(SkillLevels { items }))
}
