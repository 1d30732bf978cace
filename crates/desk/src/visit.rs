//! Where somebody was when he wrote: the page, how he had come to the site, and with what.

use std::collections::BTreeMap;

use base::{ConversationId, Result};
use db::Tx;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    pub page_url: String,
    pub page_title: String,
    pub referrer: String,
    /// `source`, `medium`, `campaign`, `content`, `term`.
    pub utm: Json,
    pub user_agent: String,
    /// IP address.
    pub address: String,
    pub locale: String,
    pub time_zone: String,
    /// What he filled in besides name, mail and phone, by the fields' labels.
    pub fields: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where the client was when he wrote.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Visit {
    pub page_url: String,
    pub page_title: String,
    pub referrer: String,
    /// By `source`, `medium`, `campaign`, `content`, `term`.
    pub utm: BTreeMap<String, String>,
    pub user_agent: String,
    /// IP address.
    pub address: String,
    pub locale: String,
    pub time_zone: String,
    /// What he filled in besides name, mail and phone, by the fields' labels.
    pub fields: BTreeMap<String, String>,
}

/// Remembers the visit of a conversation; the first one stays.
pub async fn insert(tx: &Tx, row: Model) -> Result<()> {
    let first = OnConflict::column(Column::ConversationId).do_nothing().to_owned();
    Entity::insert(row.into_active_model()).on_conflict(first).exec_without_returning(tx).await?;
    Ok(())
}

/// The client has gone to another page.
pub async fn moved(tx: &Tx, id: ConversationId, url: &str, title: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::PageUrl, Expr::value(url))
        .col_expr(Column::PageTitle, Expr::value(title))
        .filter(Column::ConversationId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
