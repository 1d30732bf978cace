//! Search over HTTP.

use app::{ApiResult, App, Can, Json, Query};
use axum::extract::State;
use base::can;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::conversation::ConversationRow;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search_conversations))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Words (the last one may be unfinished), a `"phrase"`, or a number.
    q: String,
    /// How many conversations, 1 to 50; 20 unless told.
    limit: Option<u64>,
}

/// Conversations that were found, newest match first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Found {
    pub items: Vec<FoundConversation>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FoundConversation {
    pub conversation: ConversationRow,
    /// The place that matches, as HTML: escaped, with `<mark>` around the words.
    pub snippet: Option<String>,
}

/// Search conversations of your lines: words of messages and subjects in any form, names, addresses, numbers.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(Search),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Found)))]
async fn search_conversations(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Query(params): Query<Search>,
) -> ApiResult<Json<Found>> {
    let limit = params.limit.unwrap_or(20).clamp(1, 50) as usize;
    Ok(Json(super::find(app.db.read(), &actor, &params.q, limit).await?))
}
