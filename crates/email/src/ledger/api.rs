//! The ledger of a mailbox over HTTP.

use std::collections::HashMap;

use app::{ApiResult, App, Can, Json, Path, Query, can};
use axum::extract::State;
use base::{Actor, ConversationId, Error, Language, MailboxId, Page, PageRequest, Result, Words};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Column, Entity, LedgerId, Model, Outcome};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_mailbox_ledger))
}

/// A message that the server showed us, and what became of it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct LedgerRow {
    pub id: LedgerId,
    pub seen_at: DateTime<Utc>,
    /// The message's number in the folder.
    pub uid: Option<i64>,
    /// The folder's generation that the number belongs to.
    pub uidvalidity: Option<i64>,
    pub message_id_header: Option<String>,
    /// As the message says.
    pub from: String,
    pub subject: String,
    /// Bytes.
    pub size: i64,
    pub outcome: Outcome,
    /// Why, in the reader's language.
    pub reason: Option<String>,
    pub conversation: Option<ConversationRefView>,
}

/// A conversation.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = LedgerConversation)]
pub(crate) struct ConversationRefView {
    pub id: ConversationId,
    pub number: i64,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListLedger {
    #[param(inline)]
    outcome: Option<Outcome>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List what became of a mailbox's messages, newest first.
#[utoipa::path(get, path = "/api/v1/mailboxes/{id}/ledger", tag = "mailboxes", params(("id" = MailboxId, Path), ListLedger),
    security(("session" = ["channels.manage"]), ("token" = ["channels.manage"])), responses((status = 200, body = Page<LedgerRow>)))]
async fn list_mailbox_ledger(
    State(app): State<App>,
    actor: Can<can::ChannelsManage>,
    Path(id): Path<MailboxId>,
    Query(params): Query<ListLedger>,
) -> ApiResult<Json<Page<LedgerRow>>> {
    let page = PageRequest { limit: params.limit, after: params.after };
    Ok(Json(list(app.db.read(), &actor, id, params.outcome, &page).await?))
}

async fn list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: MailboxId,
    outcome: Option<Outcome>,
    page: &PageRequest,
) -> Result<Page<LedgerRow>> {
    // A deleted mailbox's ledger stays readable.
    let mailbox = crate::mailbox::Entity::find_by_id(id).one(connection).await?;
    mailbox.filter(|mailbox| actor.sees_line(mailbox.line_id)).ok_or(Error::NotFound("mailbox"))?;
    let mut query = Entity::find().filter(Column::MailboxId.eq(id));
    if let Some(outcome) = outcome {
        query = query.filter(Column::Outcome.eq(outcome));
    }
    if let Some(before) = page.cursor::<LedgerId>()? {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(page.limit() + 1).all(connection).await?;
    let page = Page::from_rows(rows, page.limit(), |row| row.id);
    let shown = shown_in(connection, page.items.iter().filter_map(|row| row.conversation_id)).await?;
    Ok(page.map(|row| view(row, &shown, actor.language)))
}

/// The numbers of conversations.
pub(crate) async fn shown_in(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = ConversationId>,
) -> Result<HashMap<ConversationId, ConversationRefView>> {
    let ids: Vec<ConversationId> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(ConversationId, i64)> = desk::conversation::Entity::find()
        .select_only()
        .columns([desk::conversation::Column::Id, desk::conversation::Column::Number])
        .filter(desk::conversation::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(id, number)| (id, ConversationRefView { id, number })).collect())
}

fn view(row: Model, shown: &HashMap<ConversationId, ConversationRefView>, language: Language) -> LedgerRow {
    let reason = row.reason.and_then(|json| serde_json::from_value::<Words>(json).ok());
    LedgerRow {
        id: row.id,
        seen_at: row.seen_at,
        uid: row.uid,
        uidvalidity: row.uidvalidity,
        message_id_header: row.message_id_header,
        from: row.from_shown,
        subject: row.subject,
        size: row.size,
        outcome: row.outcome,
        reason: reason.map(|words| words.get(language).to_owned()),
        conversation: row.conversation_id.and_then(|id| shown.get(&id).cloned()),
    }
}
