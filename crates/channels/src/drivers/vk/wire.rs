//! What VK sends: events of a community and answers of methods. After <https://dev.vk.com/ru/reference>, version 5.199.
//!
//! Invariant: an event with fields we do not know, or without those we do not need, is read all the same.

use serde::Deserialize;
use serde_json::Value;

/// An event of the Callback API, or one of the updates of Bots Long Poll.
#[derive(Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub group_id: i64,
    /// Of the event, the same when it comes again.
    #[serde(default)]
    pub event_id: String,
    #[serde(default)]
    pub secret: String,
    #[serde(default)]
    pub object: Value,
}

/// <https://dev.vk.com/ru/reference/objects/message>; also an answered or forwarded one, which has fewer fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    /// Number within the conversation; our id of a message.
    pub conversation_message_id: i64,
    pub peer_id: i64,
    /// Negative for a community.
    pub from_id: i64,
    /// Seconds since 1970.
    pub date: i64,
    pub text: String,
    /// Ranges of formatting; a shape we cannot read costs the formatting only.
    pub format_data: Option<Value>,
    pub attachments: Vec<Attachment>,
    pub fwd_messages: Vec<Message>,
    pub reply_message: Option<Box<Message>>,
    /// JSON in a string, from a button of ours.
    pub payload: Option<String>,
    pub geo: Option<Geo>,
    /// The member of staff who wrote it in VK itself.
    pub admin_author_id: Option<i64>,
    pub r#ref: Option<String>,
    /// A chat's title was changed and the like: nothing was said.
    pub action: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    #[serde(rename = "type")]
    pub kind: String,
    /// The object stands in a field with the type's name.
    #[serde(flatten)]
    pub fields: serde_json::Map<String, Value>,
}

impl Attachment {
    pub fn object(&self) -> &Value {
        self.fields.get(&self.kind).unwrap_or(&Value::Null)
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Geo {
    pub coordinates: Coordinates,
    #[serde(default)]
    pub place: Option<Place>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Coordinates {
    pub latitude: f64,
    pub longitude: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    #[serde(default)]
    pub title: String,
}

/// Answers of methods.
#[derive(Debug, Deserialize)]
pub struct Groups {
    pub groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
pub struct Group {
    pub id: i64,
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub struct Permissions {
    pub permissions: Vec<Permission>,
}

#[derive(Debug, Deserialize)]
pub struct Permission {
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub struct Session {
    pub key: String,
    pub server: String,
    #[serde(deserialize_with = "number_or_text")]
    pub ts: String,
}

/// An answer of the Long Poll server: updates with the next `ts`, or why there are none.
#[derive(Debug, Deserialize)]
pub struct Polled {
    #[serde(default, deserialize_with = "number_or_text")]
    pub ts: String,
    #[serde(default)]
    pub updates: Vec<Value>,
    /// 1: what was before `ts` is lost; 2: the key is over; 3: everything is lost.
    #[serde(default)]
    pub failed: u8,
}

fn number_or_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    })
}

#[derive(Debug, Deserialize)]
pub struct User {
    #[serde(default)]
    pub first_name: String,
    #[serde(default)]
    pub last_name: String,
}

/// One peer's outcome of `messages.send` with `peer_ids`.
#[derive(Debug, Deserialize)]
pub struct Sent {
    #[serde(default)]
    pub conversation_message_id: i64,
    pub error: Option<PeerError>,
}

#[derive(Debug, Deserialize)]
pub struct PeerError {
    pub code: i64,
    #[serde(default)]
    pub description: String,
}

#[derive(Debug, Deserialize)]
pub struct UploadUrl {
    pub upload_url: String,
}

/// Answer of an upload server: for a photo three fields to be saved with, for a document one, or an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Uploaded {
    pub photo: String,
    pub server: i64,
    pub hash: String,
    pub file: String,
    pub error: String,
    pub error_descr: String,
}

/// A saved photo, document or voice message.
#[derive(Debug, Deserialize)]
pub struct Saved {
    pub id: i64,
    pub owner_id: i64,
    #[serde(default)]
    pub access_key: String,
}

#[derive(Debug, Deserialize)]
pub struct SavedDocument {
    pub doc: Option<Saved>,
    pub audio_message: Option<Saved>,
}

#[derive(Debug, Deserialize)]
pub struct Conversations {
    pub items: Vec<ConversationItem>,
}

#[derive(Debug, Deserialize)]
pub struct ConversationItem {
    pub conversation: Conversation,
    #[serde(default)]
    pub last_message: Message,
}

#[derive(Debug, Deserialize)]
pub struct Conversation {
    pub peer: Peer,
}

#[derive(Debug, Deserialize)]
pub struct Peer {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: String,
}

/// `messages.getHistory`; kept raw, because each becomes an event.
#[derive(Debug, Deserialize)]
pub struct History {
    pub items: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub struct Servers {
    pub items: Vec<Server>,
}

#[derive(Debug, Deserialize)]
pub struct Server {
    pub id: i64,
    pub url: String,
    #[serde(default)]
    pub secret_key: String,
}

#[derive(Debug, Deserialize)]
pub struct Added {
    pub server_id: i64,
}

#[derive(Debug, Deserialize)]
pub struct Confirmation {
    pub code: String,
}
