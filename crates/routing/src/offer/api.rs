//! Offers over HTTP.

use app::{ApiResult, App, Can, Json, NoContent, Path, Signed, can};
use axum::extract::State;
use base::Error;
use desk::conversation::{ConversationRow, rows_by_ids};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::OfferId;
use super::ops::{self, Offer};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_own_offers)).routes(routes!(accept_offer)).routes(routes!(decline_offer))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Offers {
    items: Vec<Offer>,
}

/// List what is offered to you now, the first to expire first; at most 50. The live events `offer_made`, `offer_declined`
/// and `offer_ended` (`offer_id`, `user_ids`, `accepted_by`) tell when to ask again.
#[utoipa::path(get, path = "/api/v1/me/offers", tag = "routing", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Offers)))]
async fn list_own_offers(State(app): State<App>, actor: Signed) -> ApiResult<Json<Offers>> {
    Ok(Json(Offers { items: ops::to_user(app.db.read(), &actor, app.now()).await? }))
}

/// Accept an offer: the first to do so has the conversation.
#[utoipa::path(post, path = "/api/v1/offers/{id}/accept", tag = "routing", params(("id" = OfferId, Path)),
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])),
    responses((status = 200, body = ConversationRow),
        (status = 409, description = "Somebody else was first (`already_taken`), its time is over (`offer_over`), or you are at your limit (`limit_reached`).")))]
async fn accept_offer(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Path(id): Path<OfferId>,
) -> ApiResult<Json<ConversationRow>> {
    let tx = app.write().await?;
    let id = ops::accept(&tx, &actor, id).await?;
    let row = rows_by_ids(&tx, &actor, &[id]).await?.pop().ok_or(Error::NotFound("conversation"))?;
    tx.commit().await?;
    Ok(Json(row))
}

/// Decline an offer. When everybody has declined the conversation goes on at once.
#[utoipa::path(post, path = "/api/v1/offers/{id}/decline", tag = "routing", params(("id" = OfferId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 204)))]
async fn decline_offer(State(app): State<App>, actor: Signed, Path(id): Path<OfferId>) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::decline(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}
