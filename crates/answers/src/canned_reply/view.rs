//! Canned replies as the API shows them. Whatever a list of them needs is fetched for all of them at once.

use base::{Actor, Error, LineId, Result, UserId};
use chrono::{DateTime, Utc};
use desk::people::{LineRef, StaffRef};
use desk::user;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CannedReplyId, Model, line};

/// A text that is written once and used often.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct CannedReply {
    pub id: CannedReplyId,
    /// Everybody's; false: only yours, nobody else sees it.
    pub shared: bool,
    pub name: String,
    /// What it is called up by, after a `/`.
    pub short_name: String,
    /// A heading it stands under; empty: none.
    pub folder: String,
    /// Sanitised, with variables as `{{client}}`.
    pub html: String,
    /// The words of it.
    pub text: String,
    /// Those of your lines that it is limited to; empty: it is for every line.
    pub lines: Vec<LineRef>,
    /// How often it was put into a conversation.
    pub use_count: i64,
    pub last_used_at: Option<DateTime<Utc>>,
    pub last_used_by: Option<StaffRef>,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<StaffRef>,
}

pub(super) async fn views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<Model>,
) -> Result<Vec<CannedReply>> {
    let ids: Vec<CannedReplyId> = rows.iter().map(|row| row.id).collect();
    let limits = line::of(connection, ids).await?;
    let seen: Vec<LineId> = limits.values().flatten().copied().filter(|line_id| actor.sees_line(*line_id)).collect();
    let lines = desk::line::names(connection, seen).await?;
    let named: Vec<UserId> = rows.iter().flat_map(|row| [row.last_used_by, row.updated_by]).flatten().collect();
    let people = user::people(connection, named).await?;
    let view = |row: Model| {
        let mut own: Vec<LineRef> =
            limits.get(&row.id).into_iter().flatten().filter_map(|id| lines.get(id).cloned()).collect();
        own.sort_by(|one, other| one.name.cmp(&other.name));
        CannedReply {
            id: row.id,
            shared: row.owner_id.is_none(),
            name: row.name,
            short_name: row.short_name,
            folder: row.folder,
            html: row.html,
            text: row.text,
            lines: own,
            use_count: row.use_count,
            last_used_at: row.last_used_at,
            last_used_by: row.last_used_by.and_then(|id| people.get(&id).cloned()),
            updated_at: row.updated_at,
            updated_by: row.updated_by.and_then(|id| people.get(&id).cloned()),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

pub(super) async fn one(connection: &impl ConnectionTrait, actor: &Actor, row: Model) -> Result<CannedReply> {
    views(connection, actor, vec![row]).await?.pop().ok_or(Error::NotFound("canned reply"))
}
