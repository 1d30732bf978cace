//! What an operator has typed and not sent: kept on the server, so that it is there on another computer too.

use base::{Actor, ConversationId, Error, FileId, Result, Timestamp, UserId};
use chrono::{DateTime, Utc};
use db::{Fetch, Row, Tx};
use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter, Json,
    PrimaryKeyTrait,
};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::file::{self, Attachment};
use crate::people::{Address, Recipients};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// `outbound` or `note`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    pub html: String,
    /// `Recipients`.
    pub recipients: Json,
    pub file_ids: Json,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What an operator has typed and not sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Draft)]
pub(crate) struct Draft {
    /// `outbound` or `note`.
    pub kind: String,
    pub html: String,
    pub attachments: Vec<Attachment>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub updated_at: DateTime<Utc>,
}

/// What to keep.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct NewDraft {
    /// `outbound` or `note`.
    pub kind: String,
    pub html: String,
    #[serde(default)]
    pub attachment_ids: Vec<FileId>,
    #[serde(default)]
    pub to: Vec<Address>,
    #[serde(default)]
    pub cc: Vec<Address>,
}

/// Keeps what the actor has typed; the last call wins.
pub(crate) async fn keep(tx: &Tx, actor: &Actor, id: ConversationId, new: NewDraft) -> Result<Draft> {
    let user_id = actor.user_id().ok_or(Error::Unauthenticated)?;
    if !matches!(new.kind.as_str(), "outbound" | "note") {
        return Err(Error::invalid(
            "kind",
            "unknown",
            "Вид черновика: outbound или note",
            "A draft is outbound or note",
        ));
    }
    let files = file::uploaded_by(tx, user_id, &new.attachment_ids).await?;
    let row = Model {
        conversation_id: id,
        user_id,
        kind: new.kind,
        html: file::clean_html(&new.html, &files),
        recipients: serde_json::to_value(Recipients { to: new.to, cc: new.cc })?,
        file_ids: serde_json::to_value(new.attachment_ids)?,
        updated_at: tx.now(),
    };
    let key = [Column::ConversationId, Column::UserId, Column::Kind];
    let replace = OnConflict::columns(key)
        .update_columns([Column::Html, Column::Recipients, Column::FileIds, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row.clone().into_active_model()).on_conflict(replace).exec_without_returning(tx).await?;
    view(tx, row).await
}

pub(crate) async fn forget(tx: &Tx, id: ConversationId, user_id: UserId, note: bool) -> Result<()> {
    Entity::delete_by_id((id, user_id, if note { "note" } else { "outbound" }.to_owned())).exec(tx).await?;
    Ok(())
}

/// The actor's drafts in a conversation.
pub(crate) async fn of(connection: &impl Fetch, actor: &Actor, id: ConversationId) -> Result<Vec<Draft>> {
    let Some(user_id) = actor.user_id() else { return Ok(Vec::new()) };
    let sql =
        "select kind, html, recipients, file_ids, updated_at from draft where conversation_id = $1 and user_id = $2"
            .to_owned();
    let read = move |row: &Row<'_>| {
        let (kind, html, recipients) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Model {
            conversation_id: id,
            user_id,
            kind,
            html,
            recipients,
            file_ids: row.get(3)?,
            updated_at: row.get(4)?,
        })
    };
    let rows = connection.fetch(sql, vec![id.0.into(), user_id.0.into()], read).await?;
    let mut drafts = Vec::with_capacity(rows.len());
    for row in rows {
        drafts.push(view(connection, row).await?);
    }
    Ok(drafts)
}

async fn view(connection: &impl ConnectionTrait, row: Model) -> Result<Draft> {
    let ids: Vec<FileId> = serde_json::from_value(row.file_ids)?;
    let recipients: Recipients = serde_json::from_value(row.recipients)?;
    let files = file::uploaded_by(connection, row.user_id, &ids).await?;
    Ok(Draft {
        kind: row.kind,
        html: row.html,
        attachments: files.into_iter().map(Attachment::from).collect(),
        to: recipients.to,
        cc: recipients.cc,
        updated_at: row.updated_at,
    })
}
