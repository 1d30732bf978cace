//! The simulator and the replay over HTTP.

use std::collections::BTreeMap;

use app::{ApiResult, App, Can, Json, Path, can};
use axum::extract::State;
use base::{ChannelId, ContactId, LineId};
use chrono::{DateTime, Utc};
use desk::conversation::Channel;
use desk::people::ConversationRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{replay, try_out};
use crate::decision::{RoutingResult, RoutingVerdict};
use crate::rule::{AutoReply, GivenRule, Settings};
use crate::target::Target;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(simulate_routing)).routes(routes!(replay_routing))
}

/// A made-up message.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SimulatedMessage {
    pub text: String,
    /// The subject of a letter, or what a messenger calls the chat.
    pub subject: Option<String>,
    pub channel: Channel,
    /// The connected channel it comes by.
    pub channel_id: Option<ChannelId>,
    /// A client we know; or give his account.
    pub contact_id: Option<ContactId>,
    /// Mail, phone or login: whoever has it is the client, else it is a stranger's.
    pub account: Option<String>,
    pub client_name: Option<String>,
    /// When it comes; now unless told. Who can take work is always asked for now.
    pub at: Option<DateTime<Utc>>,
    pub page_url: Option<String>,
    pub referrer: Option<String>,
    /// By `source`, `medium`, `campaign`, `content`, `term`.
    #[serde(default)]
    pub utm: BTreeMap<String, String>,
    /// `ru`, `en`.
    pub language: Option<String>,
}

/// What to try.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RoutingSimulation)]
pub(super) struct Simulation {
    /// Rules that need not be saved; absent: those of the line.
    pub rules: Option<Vec<GivenRule>>,
    /// Absent: as saved.
    pub default_target: Option<Target>,
    /// Absent: as saved.
    pub manager_first: Option<bool>,
    pub message: SimulatedMessage,
}

/// What would have become of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoutingSimulationResult)]
pub(super) struct SimulationResult {
    /// What each step said, from the top.
    pub verdicts: Vec<RoutingVerdict>,
    pub result: RoutingResult,
    /// Why somebody else would get it than the rule names.
    pub note: Option<String>,
    /// What the client would hear at once.
    pub auto_reply: Option<AutoReply>,
    pub set: Settings,
    /// Where it would go if nobody took it, in words.
    pub overflow: Option<String>,
}

/// Send a made-up message through the rules of a line. Nothing is written, nobody hears of it.
#[utoipa::path(post, path = "/api/v1/lines/{id}/routing-rules/simulate", tag = "routing", params(("id" = LineId, Path)), request_body = Simulation,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = SimulationResult)))]
async fn simulate_routing(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<Simulation>,
) -> ApiResult<Json<SimulationResult>> {
    Ok(Json(try_out::simulate(app.db.read(), &actor, id, body, app.now()).await?))
}

/// Rules to send the past through.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RoutingReplay)]
pub(super) struct Replay {
    /// Every rule of the line as it would be, from the top.
    pub rules: Vec<GivenRule>,
    /// Absent: as saved.
    pub default_target: Option<Target>,
    /// Absent: as saved.
    pub manager_first: Option<bool>,
    /// How many of the last conversations, 1 to 200; 200 unless told.
    pub limit: Option<u64>,
}

/// What would have come otherwise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoutingReplayResult)]
pub(super) struct ReplayResult {
    /// How many conversations were looked at.
    pub total: u64,
    /// How many go where they go by the saved rules.
    pub same: u64,
    pub changed: Vec<ReplayDifference>,
}

/// A conversation that goes elsewhere.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoutingReplayDifference)]
pub(super) struct ReplayDifference {
    pub conversation: ConversationRef,
    /// By the saved rules.
    pub before: ReplayOutcome,
    /// By these rules.
    pub after: ReplayOutcome,
}

/// Where a conversation goes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoutingReplayOutcome)]
pub(super) struct ReplayOutcome {
    /// The name of the rule that decides.
    pub rule: String,
    pub result: RoutingResult,
}

/// Send the last conversations of a line through other rules, and see which would go elsewhere than by the saved ones. Both
/// see the facts of then, as if everybody had been there. Nothing is written.
#[utoipa::path(post, path = "/api/v1/lines/{id}/routing-rules/replay", tag = "routing", params(("id" = LineId, Path)), request_body = Replay,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = ReplayResult)))]
async fn replay_routing(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<Replay>,
) -> ApiResult<Json<ReplayResult>> {
    Ok(Json(replay::replay(app.db.read(), &actor, id, body).await?))
}
