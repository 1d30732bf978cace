//! Rules over HTTP, for those who manage lines.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, can};
use axum::extract::State;
use base::{LineId, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{Actions, AutoReply, Overflow, Settings};
use super::entity::Model;
use super::{RuleId, ops};
use crate::target::Target;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_routing_rules, create_routing_rule))
        .routes(routes!(order_routing_rules))
        .routes(routes!(update_routing_rule, delete_routing_rule))
        .routes(routes!(copy_routing_rule))
}

/// A rule of a line.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct RoutingRule {
    id: RuleId,
    line_id: LineId,
    name: String,
    enabled: bool,
    /// Its place among the line's rules, from 0: they are asked in this order.
    position: i64,
    /// A tree of `{"all": [...]}`, `{"any": [...]}`, `{"none": [...]}` and tests `{"field", "operator", "value"}`; the fields
    /// are those of `GET /routing/attributes`. `{"all": []}` always holds.
    #[schema(value_type = Object)]
    condition: Value,
    target: Target,
    /// Where it goes when nobody has taken it for so long.
    overflow: Option<Overflow>,
    auto_reply: Option<AutoReply>,
    set: Settings,
    created_at: DateTime<Utc>,
}

fn view(row: Model) -> Result<RoutingRule> {
    let Actions { overflow, auto_reply, set } = serde_json::from_value(row.actions)?;
    Ok(RoutingRule {
        id: row.id,
        line_id: row.line_id,
        name: row.name,
        enabled: row.enabled,
        position: row.position,
        condition: row.condition,
        target: serde_json::from_value(row.target)?,
        overflow,
        auto_reply,
        set,
        created_at: row.created_at,
    })
}

/// The rules of a line, from the top.
#[derive(Debug, Serialize, ToSchema)]
struct RoutingRules {
    items: Vec<RoutingRule>,
}

fn views(rows: Vec<Model>) -> Result<RoutingRules> {
    Ok(RoutingRules { items: rows.into_iter().map(view).collect::<Result<_>>()? })
}

/// A rule to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewRoutingRule)]
pub(crate) struct NewRule {
    /// 1 to 200 characters.
    pub name: String,
    /// On unless told.
    #[serde(default = "on")]
    pub enabled: bool,
    /// A tree of `{"all": [...]}`, `{"any": [...]}`, `{"none": [...]}` and tests `{"field", "operator", "value"}`. What is wrong
    /// is named by its place: `condition.all[1].value`.
    #[schema(value_type = Object)]
    pub condition: Value,
    /// A group or a person has to work on the line.
    pub target: Target,
    #[serde(default)]
    pub overflow: Option<Overflow>,
    #[serde(default)]
    pub auto_reply: Option<AutoReply>,
    #[serde(default)]
    pub set: Option<Settings>,
}

fn on() -> bool {
    true
}

/// List the routing rules of a line, in the order they are asked.
#[utoipa::path(get, path = "/api/v1/lines/{id}/routing-rules", tag = "routing", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = RoutingRules)))]
async fn list_routing_rules(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<RoutingRules>> {
    Ok(Json(views(ops::list(app.db.read(), &actor, id).await?)?))
}

/// Add a routing rule below the others of its line.
#[utoipa::path(post, path = "/api/v1/lines/{id}/routing-rules", tag = "routing", params(("id" = LineId, Path)), request_body = NewRule,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = RoutingRule)))]
async fn create_routing_rule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    idempotency: Idempotency,
    Json(new): Json<NewRule>,
) -> ApiResult<Created<RoutingRule>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::Done(rule) => return Ok(Created(rule)),
        Begin::New(tx) => tx,
    };
    let rule = view(ops::create(&tx, &actor, id, new).await?)?;
    idempotency.finish(tx, &actor, &rule).await?;
    Ok(Created(rule))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct RoutingRulePatch {
    name: Option<String>,
    enabled: Option<bool>,
    #[schema(value_type = Option<Object>)]
    condition: Option<Value>,
    target: Option<Target>,
    /// Null: none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Overflow>)]
    overflow: Option<Option<Overflow>>,
    /// Null: none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<AutoReply>)]
    auto_reply: Option<Option<AutoReply>>,
    set: Option<Settings>,
}

/// Tells an absent field from a null one.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change a routing rule.
#[utoipa::path(patch, path = "/api/v1/routing-rules/{id}", tag = "routing", params(("id" = RuleId, Path)), request_body = RoutingRulePatch,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = RoutingRule)))]
async fn update_routing_rule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<RuleId>,
    Json(patch): Json<RoutingRulePatch>,
) -> ApiResult<Json<RoutingRule>> {
    let RoutingRulePatch { name, enabled, condition, target, overflow, auto_reply, set } = patch;
    let change = ops::Change { name, enabled, condition, target, overflow, auto_reply, set };
    let tx = app.write().await?;
    let rule = view(ops::update(&tx, &actor, id, change).await?)?;
    tx.commit().await?;
    Ok(Json(rule))
}

/// Delete a routing rule. What it decided keeps its explanation.
#[utoipa::path(delete, path = "/api/v1/routing-rules/{id}", tag = "routing", params(("id" = RuleId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_routing_rule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<RuleId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Copy a routing rule: the copy stands right below it, switched off.
#[utoipa::path(post, path = "/api/v1/routing-rules/{id}/copy", tag = "routing", params(("id" = RuleId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = RoutingRule)))]
async fn copy_routing_rule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<RuleId>,
    idempotency: Idempotency,
) -> ApiResult<Created<RoutingRule>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::Done(rule) => return Ok(Created(rule)),
        Begin::New(tx) => tx,
    };
    let rule = view(ops::copy(&tx, &actor, id).await?)?;
    idempotency.finish(tx, &actor, &rule).await?;
    Ok(Created(rule))
}

/// The new order.
#[derive(Debug, Deserialize, ToSchema)]
struct RoutingRuleOrder {
    /// Every rule of the line, once, from the top.
    ids: Vec<RuleId>,
}

/// Put the routing rules of a line into another order.
#[utoipa::path(put, path = "/api/v1/lines/{id}/routing-rules/order", tag = "routing", params(("id" = LineId, Path)), request_body = RoutingRuleOrder,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = RoutingRules)))]
async fn order_routing_rules(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<RoutingRuleOrder>,
) -> ApiResult<Json<RoutingRules>> {
    let tx = app.write().await?;
    let rules = views(ops::order(&tx, &actor, id, &body.ids).await?)?;
    tx.commit().await?;
    Ok(Json(rules))
}
