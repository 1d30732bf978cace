//! The block list over HTTP.

use app::{ApiResult, App, Can, Created, Json, NoContent, Path};
use axum::extract::State;
use base::{BlockId, LineId, UserId, can};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::{Kind, Model};
use super::ops;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_blocks, create_block)).routes(routes!(delete_block))
}

/// A rule of the block list.
#[derive(Debug, Serialize, ToSchema)]
struct Block {
    id: BlockId,
    kind: Kind,
    pattern: String,
    /// Lets in whom another rule keeps out.
    allow: bool,
    note: String,
    /// How often it kept somebody out.
    hits: i64,
    last_hit_at: Option<DateTime<Utc>>,
    created_by: Option<UserId>,
    created_at: DateTime<Utc>,
    /// Counts until then; null: forever.
    until: Option<DateTime<Utc>>,
    /// Counts on these lines only; null: on all.
    line_ids: Option<Vec<LineId>>,
}

impl From<Model> for Block {
    fn from(row: Model) -> Self {
        let line_ids = row.lines();
        let Model { id, kind, pattern, allow, note, hits, last_hit_at, created_by, created_at, until, .. } = row;
        Block { id, kind, pattern, allow, note, hits, last_hit_at, created_by, created_at, until, line_ids }
    }
}

/// The block list, newest first.
#[derive(Debug, Serialize, ToSchema)]
struct Blocks {
    items: Vec<Block>,
}

/// List who is kept out.
#[utoipa::path(get, path = "/api/v1/blocks", tag = "blocks",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Blocks)))]
async fn list_blocks(State(app): State<App>, _: Can<can::LinesManage>) -> ApiResult<Json<Blocks>> {
    let rows = ops::list(app.db.read()).await?;
    Ok(Json(Blocks { items: rows.into_iter().map(Block::from).collect() }))
}

/// A rule to add.
#[derive(Debug, Deserialize, ToSchema)]
struct NewBlock {
    kind: Kind,
    /// A mail address or mask (`*@spam.test`), a phone, an account (`telegram:123`), an IP address or network
    /// (`192.0.2.0/24`), or words.
    pattern: String,
    /// Let in instead of keeping out: such a rule beats the others.
    #[serde(default)]
    allow: bool,
    #[serde(default)]
    note: String,
    /// Counts until then; absent: forever.
    until: Option<DateTime<Utc>>,
    /// Counts on these lines only; absent: on all.
    line_ids: Option<Vec<LineId>>,
}

/// Keep somebody out, or let somebody in whom another rule keeps out.
///
/// Blocked mail is in the mail ledger as `blocked`, a blocked message of a messenger in its channel's updates as
/// `ignored`; a blocked visitor of a site chat is told that he cannot write.
#[utoipa::path(post, path = "/api/v1/blocks", tag = "blocks", request_body = NewBlock,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])),
    responses((status = 201, body = Block), (status = 409, description = "There is such a rule already (`exists`).")))]
async fn create_block(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Json(body): Json<NewBlock>,
) -> ApiResult<Created<Block>> {
    let NewBlock { kind, pattern, allow, note, until, line_ids: lines } = body;
    let tx = app.write().await?;
    let row = ops::create(&tx, &actor, ops::NewRule { kind, pattern, allow, note, until, lines }).await?;
    tx.commit().await?;
    ops::forget_rules(&app);
    Ok(Created(row.into()))
}

/// Take a rule away.
#[utoipa::path(delete, path = "/api/v1/blocks/{id}", tag = "blocks", params(("id" = BlockId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_block(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<BlockId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    ops::forget_rules(&app);
    Ok(NoContent)
}
