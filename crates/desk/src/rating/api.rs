//! Ratings over HTTP. Clients rate by their channel; staff comment on it here.

use app::{ApiResult, App, Can, Json, Path};
use axum::extract::State;
use base::{ConversationId, UserId, can};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::Model;
use super::ops;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(comment_on_rating))
}

/// What the client thinks of how he was served.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Rating {
    /// 1 to 5.
    pub stars: i64,
    pub comment: String,
    /// What colleagues say to it; the client does not see it.
    pub staff_comment: String,
    pub staff_id: Option<UserId>,
    pub rated_at: DateTime<Utc>,
}

impl From<Model> for Rating {
    fn from(row: Model) -> Self {
        let Model { conversation_id: _, stars, comment, staff_comment, staff_id, rated_at } = row;
        Rating { stars, comment, staff_comment, staff_id, rated_at }
    }
}

/// What to say to a mark.
#[derive(Debug, Deserialize, ToSchema)]
struct RatingComment {
    /// At most 2,000 characters; empty: nothing.
    comment: String,
}

/// Comment on a client's mark, for colleagues.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/rating/comment", tag = "conversations", params(("id" = ConversationId, Path)), request_body = RatingComment,
    security(("session" = ["conversations.note"]), ("token" = ["conversations.note"])), responses((status = 200, body = Rating)))]
async fn comment_on_rating(
    State(app): State<App>,
    actor: Can<can::ConversationsNote>,
    Path(id): Path<ConversationId>,
    Json(body): Json<RatingComment>,
) -> ApiResult<Json<Rating>> {
    let tx = app.write().await?;
    let row = ops::set_comment(&tx, &actor, id, &body.comment).await?;
    tx.commit().await?;
    Ok(Json(row.into()))
}
