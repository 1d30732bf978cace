//! What a vendor sent, for administrators: what could not be taken and why, with another try.

use app::{ApiResult, App, Can, Json, NoContent, Path, Query};
use axum::extract::State;
use base::{ChannelId, Cursor, Page, UpdateId, can};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::channel::ops;
use crate::intake;
use crate::intake::entity::{self, Column, Entity};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_channel_updates)).routes(routes!(retry_channel_update))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListUpdates {
    #[param(inline)]
    state: Option<entity::State>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Something a vendor sent.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelUpdate {
    id: UpdateId,
    received_at: DateTime<Utc>,
    state: entity::State,
    /// Why it could not be taken.
    error: Option<String>,
    /// The beginning of what came, at most 500 characters.
    body_preview: String,
}

/// List what the vendor sent, newest first. What was taken is forgotten after 30 days.
#[utoipa::path(get, path = "/api/v1/channels/{id}/updates", tag = "channels", params(("id" = ChannelId, Path), ListUpdates),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Page<ChannelUpdate>)))]
async fn list_channel_updates(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<ChannelId>,
    Query(params): Query<ListUpdates>,
) -> ApiResult<Json<Page<ChannelUpdate>>> {
    ops::visible(app.db.read(), &actor, id).await?;
    let limit = params.limit.unwrap_or(50).clamp(1, 200);
    let mut query = Entity::find().filter(Column::ChannelId.eq(id)).order_by_desc(Column::Id).limit(limit + 1);
    if let Some(state) = params.state {
        query = query.filter(Column::State.eq(state));
    }
    if let Some(after) = &params.after {
        query = query.filter(Column::Id.lt(Cursor::decode::<UpdateId>(after)?));
    }
    let rows = query.all(app.db.read()).await?;
    let items = rows.into_iter().map(|row| ChannelUpdate {
        id: row.id,
        received_at: row.received_at,
        state: row.state,
        error: row.error,
        body_preview: row.body.to_string().chars().take(500).collect(),
    });
    Ok(Json(Page::from_rows(items.collect(), limit, |row| json!(row.id))))
}

/// Try again to take what could not be taken.
#[utoipa::path(post, path = "/api/v1/channels/updates/{id}/retry", tag = "channels", params(("id" = UpdateId, Path)),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])),
    responses((status = 204), (status = 409, description = "It did not fail (`not_failed`).")))]
async fn retry_channel_update(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<UpdateId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    intake::ops::retry(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}
