//! Who has a conversation open and who is typing there: whispered, never stored.

use std::sync::Arc;

use app::{App, Identity};
use base::{ConversationId, Result};
use bus::{Whisper, WhisperUser};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::people::color_of;

#[derive(Debug, Deserialize)]
struct Presence {
    #[serde(rename = "type")]
    kind: String,
    conversation_id: ConversationId,
    #[serde(default)]
    typing: bool,
    page: Option<Uuid>,
}

/// A page says which conversation it shows. Only one that its owner may see is passed on.
pub(crate) async fn hear(app: App, identity: Arc<Identity>, frame: Value) -> Result<Option<Whisper>> {
    let Ok(presence) = serde_json::from_value::<Presence>(frame) else { return Ok(None) };
    if !matches!(presence.kind.as_str(), "presence" | "presence_left") {
        return Ok(None);
    }
    let Some(user_id) = identity.actor.user_id() else { return Ok(None) };
    let conversation = super::find(app.db.read(), &identity.actor, presence.conversation_id).await?;
    Ok(Some(Whisper {
        kind: presence.kind,
        conversation_id: conversation.id,
        line_id: conversation.line_id,
        group_id: conversation.group_id,
        user: Some(WhisperUser { id: user_id, name: identity.actor.name.clone(), avatar_color: color_of(user_id.0) }),
        typing: presence.typing,
        page: presence.page,
    }))
}
