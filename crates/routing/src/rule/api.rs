//! Rules over HTTP, for those who manage lines.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, can};
use axum::extract::State;
use base::{Actor, LineId, Result};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::actions::{Actions, AutoReply, Overflow, Settings};
use super::entity::Model;
use super::{RuleId, ops};
use crate::line::{self as line_routing, RoutingDefault};
use crate::target::Target;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_routing_rules, create_routing_rule, put_routing_rules))
        .routes(routes!(update_routing_rule, delete_routing_rule))
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
    /// Grows with every change of the line's rules and of its default.
    version: i64,
}

async fn rules_of(connection: &impl ConnectionTrait, actor: &Actor, line_id: LineId) -> Result<RoutingRules> {
    let rows = ops::list(connection, actor, line_id).await?;
    let version = line_routing::version(connection, line_id).await?;
    Ok(RoutingRules { items: rows.into_iter().map(view).collect::<Result<_>>()?, version })
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

/// A rule as one of a whole set, to be saved or only tried.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RoutingRuleOfSet)]
pub(crate) struct GivenRule {
    /// Of a saved one; null: it is new.
    pub id: Option<RuleId>,
    #[serde(flatten)]
    pub rule: NewRule,
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
    Ok(Json(rules_of(app.db.read(), &actor, id).await?))
}

/// The whole set of a line.
#[derive(Debug, Deserialize, ToSchema)]
struct RoutingRuleSet {
    /// The version this set was made from.
    version: i64,
    /// Every rule, from the top: those that stay by their ids, new ones without. At most 500.
    rules: Vec<GivenRule>,
    /// What becomes of conversations that no rule takes; absent: as it is.
    #[serde(default)]
    default: Option<RoutingDefault>,
}

/// Save all rules of a line at once, in their order, and what becomes of the rest: all of it or nothing.
///
/// What is wrong is named by its place: `rules[2].condition.all[1].value`, `default.target`. 409 `rules_changed`: the rules were changed
/// after the given version; read them again.
#[utoipa::path(put, path = "/api/v1/lines/{id}/routing-rules", tag = "routing", params(("id" = LineId, Path)), request_body = RoutingRuleSet,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = RoutingRules)))]
async fn put_routing_rules(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<RoutingRuleSet>,
) -> ApiResult<Json<RoutingRules>> {
    let RoutingRuleSet { version, rules, default } = body;
    let tx = app.write().await?;
    let with = ops::Replacement { version, rules, default: default.map(Into::into) };
    ops::replace(&tx, &actor, id, with).await?;
    let saved = rules_of(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(saved))
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
