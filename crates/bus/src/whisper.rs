//! What matters only now and is written down nowhere: who looks at a conversation, who is typing.
//!
//! Invariant: a whisper may be lost; whoever depends on it hears it again within seconds or does without.

use base::{ConversationId, GroupId, LineId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One whisper, as browsers hear it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Whisper {
    /// `presence`, `presence_left`, `client_typing`.
    #[serde(rename = "type")]
    pub kind: String,
    pub conversation_id: ConversationId,
    /// Only who sees this line hears of it.
    pub line_id: LineId,
    /// Only this group hears of it, and whoever watches over the line: the conversation is the group's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// Who it is about; none for the client.
    pub user: Option<WhisperUser>,
    #[serde(default)]
    pub typing: bool,
    /// The browser page it comes from: one person may have two open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Uuid>,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhisperUser {
    pub id: UserId,
    pub name: String,
    pub avatar_color: i64,
}

impl Whisper {
    pub fn client_typing(conversation_id: ConversationId, line_id: LineId, group_id: Option<GroupId>) -> Self {
        let kind = "client_typing".to_owned();
        Whisper { kind, conversation_id, line_id, group_id, user: None, typing: true, page: None }
    }
}
