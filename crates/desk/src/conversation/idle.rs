//! Conversations in chats in which the client has been silent since our last word are closed, by the rule of their line.

use app::{App, Attempt, Job, JobError};
use base::{Actor, Result};
use db::Tx;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::commands::close_because;
use super::entity::{Column, Entity, From, Model, Status};
use super::{Automatically, find_to_change, say};
use crate::message::{self, Automatic, Extra};
use crate::{chat, line, people};

/// Closes what has been idle for long enough.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CloseIdle {}

impl Job for CloseIdle {
    const KIND: &'static str = "desk.close_idle";
    const EVERY: Option<std::time::Duration> = Some(std::time::Duration::from_secs(60));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let lines = line::Entity::find()
            .filter(line::Column::IdleCloseMinutes.is_not_null())
            .filter(line::Column::ArchivedAt.is_null())
            .all(app.db.read())
            .await?;
        for line in lines {
            while close_some(&app, &line).await? == AT_ONCE {}
        }
        Ok(())
    }
}

/// In one transaction.
const AT_ONCE: usize = 50;

async fn close_some(app: &App, line: &line::Model) -> Result<usize> {
    let Some(minutes) = line.idle_close_minutes else { return Ok(0) };
    let before = app.now() - chrono::Duration::minutes(minutes);
    let idle = Entity::find()
        .filter(Column::LineId.eq(line.id))
        .filter(Column::Status.eq(Status::Open))
        .filter(Column::ChatId.is_not_null())
        .filter(Column::LastFrom.eq(From::Operator))
        .filter(Column::LastMessageAt.lte(before))
        .order_by_asc(Column::LastMessageAt)
        .limit(AT_ONCE as u64)
        .all(app.db.read())
        .await?;
    let tx = app.write().await?;
    for found in &idle {
        let conversation = find_to_change(&tx, &Actor::system(), found.id).await?;
        // The client, or a colleague, may have written meanwhile.
        let still_idle = conversation.status == Status::Open
            && conversation.last_from == From::Operator
            && conversation.last_message_at <= before;
        if still_idle {
            close_one(&tx, line, &conversation).await?;
        }
    }
    tx.commit().await?;
    Ok(idle.len())
}

async fn close_one(tx: &Tx, line: &line::Model, conversation: &Model) -> Result<()> {
    let says_farewell = !line.farewell_text.trim().is_empty()
        && !has_said_farewell(tx, conversation).await?
        && can_hear(tx, conversation).await?;
    if says_farewell {
        let what = Automatically {
            kind: Automatic::Farewell,
            subject: None,
            text: line.farewell_text.clone(),
            recipients: people::Recipients::default(),
            extra: Extra::default(),
        };
        say(tx, conversation, what).await?;
    }
    close_because(tx, &Actor::system(), conversation.id, json!({"reason": "idle"})).await
}

/// Whether the messenger takes words of ours that nobody has approved.
async fn can_hear(tx: &Tx, conversation: &Model) -> Result<bool> {
    let Some(chat_id) = conversation.chat_id else { return Ok(true) };
    Ok(chat::find(tx, chat_id).await?.takes_free_words(conversation.channel, tx.now()))
}

/// Once for each time the client was served: after his last word.
async fn has_said_farewell(tx: &Tx, conversation: &Model) -> Result<bool> {
    let own = message::Entity::find().filter(message::Column::ConversationId.eq(conversation.id));
    let last = own
        .filter(message::Column::Automatic.eq(Automatic::Farewell))
        .filter(message::Column::CreatedAt.gte(conversation.last_message_at))
        .one(tx)
        .await?;
    Ok(last.is_some())
}
