//! What a client sees of us besides messages: that we have read his, and that somebody is typing.
//!
//! Invariant: best effort. Nothing here is tried again, and no message waits for it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use app::{App, Attempt, Job, JobError};
use base::{ConversationId, Result};
use bus::Whisper;
use desk::message::{self, Kind};
use desk::{channel, chat, conversation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;

use crate::driver::{Driver, Link};
use crate::settings::Settings;
use crate::{drivers, link};

pub(crate) const MARK_READ: &str = "channels.mark_read";

/// Messengers show that somebody types for about so long.
const SHOWN: Duration = Duration::from_secs(4);

/// Hears that an operator has read a conversation, and lets its client see it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct MarkRead(bus::Notice);

impl Job for MarkRead {
    const KIND: &'static str = MARK_READ;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(id) = self.0.subject else { return Ok(()) };
        let read = app.db.read();
        let last = message::Entity::find()
            .filter(message::Column::ConversationId.eq(ConversationId(id)))
            .filter(message::Column::Kind.eq(Kind::Inbound))
            .filter(message::Column::ChatId.is_not_null())
            .order_by_desc(message::Column::CreatedAt)
            .order_by_desc(message::Column::Id)
            .one(read)
            .await?;
        let Some((last, chat_id)) = last.and_then(|last| last.chat_id.map(|chat_id| (last, chat_id))) else {
            return Ok(());
        };
        let links = link::of_message(read, last.id).await?;
        // Presses of buttons and albums have ids that the vendor does not know.
        let is_ours = |id: &str| id.starts_with("press:") || id.starts_with("album:");
        let known = links.iter().rev().find(|link| !is_ours(&link.external_id));
        let Some(known) = known else { return Ok(()) };
        let chat = chat::find(read, chat_id).await?;
        let Some((driver, link)) = way_to(&app, &chat).await? else { return Ok(()) };
        if let Err(trouble) = driver.mark_read(&link, &chat, &known.external_id).await {
            tracing::debug!(channel = %link.channel.id, "a client was not shown that we have read: {trouble}");
        }
        Ok(())
    }
}

/// Lets clients see that somebody types, as long as the server runs.
pub(crate) async fn show_typing(app: App) {
    let mut whispers = app.hub.whispers();
    let mut shown: HashMap<ConversationId, Instant> = HashMap::new();
    loop {
        let text = tokio::select! {
            () = app.stop.cancelled() => return,
            text = whispers.recv() => text,
        };
        let text = match text {
            Ok(text) => text,
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let Ok(whisper) = serde_json::from_str::<Whisper>(&text) else { continue };
        if whisper.kind != "presence" || !whisper.typing || whisper.user.is_none() {
            continue;
        }
        shown.retain(|_, at| at.elapsed() < SHOWN);
        if shown.contains_key(&whisper.conversation_id) {
            continue;
        }
        shown.insert(whisper.conversation_id, Instant::now());
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = type_to(&app, whisper.conversation_id).await {
                tracing::debug!(%error, "a client was not shown that somebody types: {error}");
            }
        });
    }
}

async fn type_to(app: &App, id: ConversationId) -> Result<()> {
    let found = conversation::Entity::find_by_id(id).one(app.db.read()).await?;
    let Some(chat_id) = found.and_then(|conversation| conversation.chat_id) else { return Ok(()) };
    let chat = chat::find(app.db.read(), chat_id).await?;
    let Some((driver, link)) = way_to(app, &chat).await? else { return Ok(()) };
    // Every node hears the whisper; the one that runs the channel passes it on.
    if link.channel.lease_owner.as_deref() != Some(jobs::owner::this()) {
        return Ok(());
    }
    if let Err(trouble) = driver.typing(&link, &chat).await {
        tracing::debug!(channel = %link.channel.id, "a client was not shown that somebody types: {trouble}");
    }
    Ok(())
}

/// The driver of a chat's channel, if the channel works.
async fn way_to(app: &App, chat: &chat::Model) -> Result<Option<(&'static dyn Driver, Link)>> {
    let channel = channel::find(app.db.read(), chat.channel_id).await?;
    let Some(driver) = drivers::of(channel.kind).filter(|_| channel.state == channel::State::Active) else {
        return Ok(None);
    };
    let settings = Settings::of(app, &channel)?;
    Ok(Some((driver, Link { app: app.clone(), channel, settings })))
}
