//! What MAX sends: updates, and answers of methods. After <https://dev.max.ru/docs-api>.
//!
//! Invariant: an update with fields we do not know, or without those we do not need, is read all the same.

use serde::Deserialize;
use serde_json::Value;

/// <https://dev.max.ru/docs-api/objects/Update>
#[derive(Debug, Deserialize)]
pub struct Update {
    pub update_type: String,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub timestamp: i64,
    pub message: Option<Message>,
    pub callback: Option<Callback>,
    pub chat_id: Option<i64>,
    pub user: Option<User>,
    pub message_id: Option<String>,
    /// What stood after `?start=` in the link that led to the bot.
    pub payload: Option<String>,
    pub user_locale: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    pub sender: Option<User>,
    pub recipient: Recipient,
    #[serde(default)]
    pub timestamp: i64,
    pub link: Option<Linked>,
    /// None when it only forwards.
    pub body: Option<Body>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Recipient {
    pub chat_id: Option<i64>,
    #[serde(default)]
    pub chat_type: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    pub mid: String,
    pub text: Option<String>,
    pub attachments: Option<Vec<Attachment>>,
    pub markup: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub payload: Value,
    pub filename: Option<String>,
    pub size: Option<u64>,
    /// Seconds, of a video.
    pub duration: Option<i64>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub title: Option<String>,
}

/// The message that is answered (`reply`) or passed on (`forward`).
#[derive(Clone, Debug, Deserialize)]
pub struct Linked {
    #[serde(rename = "type")]
    pub kind: String,
    pub sender: Option<User>,
    pub message: Option<Body>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct User {
    pub user_id: i64,
    #[serde(default)]
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub name: Option<String>,
    #[serde(default)]
    pub is_bot: bool,
}

impl User {
    pub fn full_name(&self) -> String {
        let name = [Some(self.first_name.as_str()), self.last_name.as_deref()];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ").trim().to_owned();
        if name.is_empty() { self.name.clone().unwrap_or_default() } else { name }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct Callback {
    pub callback_id: String,
    pub payload: Option<String>,
    pub user: User,
}

#[derive(Debug, Deserialize)]
pub struct Updates {
    /// Kept raw: each goes into the ledger as it came.
    #[serde(default)]
    pub updates: Vec<Value>,
    pub marker: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Sent {
    pub message: Message,
}

#[derive(Debug, Deserialize)]
pub struct Done {
    pub success: bool,
    pub message: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Subscriptions {
    #[serde(default)]
    pub subscriptions: Vec<Subscription>,
}

#[derive(Debug, Deserialize)]
pub struct Subscription {
    pub url: String,
}

#[derive(Debug, Deserialize)]
pub struct Upload {
    pub url: String,
    /// Of video and audio it is known before the upload.
    pub token: Option<String>,
}

/// What an upload server answers for an image or a file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Uploaded {
    pub token: Option<String>,
    pub photos: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub struct Video {
    pub urls: Option<serde_json::Map<String, Value>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    pub code: String,
    pub message: String,
}
