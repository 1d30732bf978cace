//! People who write to the bot: what a test lets happen on their side.

use axum::body::Bytes;
use serde_json::{Value, json};

use super::{Chat, Inner, Telegram};

/// Somebody with a private chat with the bot. In private chats the chat's id is the person's.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: i64,
    user: Value,
}

/// Unix time now.
pub(super) fn now() -> i64 {
    base::Clock::System.now().timestamp()
}

impl Inner {
    pub(super) fn place(&mut self, chat_id: i64, mut message: Value) -> Value {
        let message_id = self.next_message;
        self.next_message += 1;
        let chat = self.chats.get_mut(&chat_id).unwrap();
        message["message_id"] = json!(message_id);
        message["date"] = json!(now());
        message["chat"] = chat.person.clone();
        chat.messages.insert(message_id, message.clone());
        message
    }
}

impl Telegram {
    /// A person who has an account. `username` may be empty.
    pub fn person(&self, id: i64, first_name: &str, last_name: &str, username: &str) -> Person {
        let mut user = json!({"id": id, "is_bot": false, "first_name": first_name, "language_code": "ru"});
        let mut chat = json!({"id": id, "type": "private", "first_name": first_name});
        for (name, value) in [("last_name", last_name), ("username", username)] {
            if !value.is_empty() {
                user[name] = json!(value);
                chat[name] = json!(value);
            }
        }
        self.inner().chats.insert(id, Chat { person: chat, ..Chat::default() });
        Person { id, user }
    }

    /// The person sends a message with this content; answers its id.
    pub fn writes(&self, person: &Person, mut content: Value) -> i64 {
        content["from"] = person.user.clone();
        let mut inner = self.inner();
        let message = inner.place(person.id, content);
        inner.update("message", message.clone());
        drop(inner);
        self.world.wake.notify_waiters();
        message["message_id"].as_i64().unwrap()
    }

    pub fn says(&self, person: &Person, text: &str) -> i64 {
        self.writes(person, json!({"text": text}))
    }

    /// The person quotes a message.
    pub fn replies(&self, person: &Person, to: i64, text: &str) -> i64 {
        let quoted = self.inner().chats[&person.id].messages[&to].clone();
        self.writes(person, json!({"text": text, "reply_to_message": quoted}))
    }

    /// The person changes what he wrote.
    pub fn edits(&self, person: &Person, message_id: i64, text: &str) {
        let mut inner = self.inner();
        let message = inner.chats.get_mut(&person.id).unwrap().messages.get_mut(&message_id).unwrap();
        message["text"] = json!(text);
        message["edit_date"] = json!(now());
        let edited = message.clone();
        inner.update("edited_message", edited);
        drop(inner);
        self.world.wake.notify_waiters();
    }

    /// The person presses an inline button under a message of the bot; answers the query's id.
    pub fn presses(&self, person: &Person, message_id: i64, data: &str) -> String {
        let mut inner = self.inner();
        let message = inner.chats[&person.id].messages[&message_id].clone();
        let query = format!("38277{}", inner.next_update);
        inner.queries.insert(query.clone());
        let content = json!({
            "id": query, "from": person.user, "message": message, "chat_instance": "-1", "data": data,
        });
        inner.update("callback_query", content);
        drop(inner);
        self.world.wake.notify_waiters();
        query
    }

    /// The person stops the bot, or starts it again.
    pub fn blocks(&self, person: &Person, blocked: bool) {
        let mut inner = self.inner();
        inner.chats.get_mut(&person.id).unwrap().blocked = blocked;
        let chat = inner.chats[&person.id].person.clone();
        let bot = super::methods::bot();
        let status = |blocked: bool| if blocked { "kicked" } else { "member" };
        let content = json!({
            "chat": chat, "from": person.user, "date": now(),
            "old_chat_member": {"user": bot, "status": status(!blocked)},
            "new_chat_member": {"user": bot, "status": status(blocked)},
        });
        inner.update("my_chat_member", content);
        drop(inner);
        self.world.wake.notify_waiters();
    }

    fn file(&self, name: &str, bytes: &[u8]) -> Value {
        let file_id = self.inner().store(name, Bytes::copy_from_slice(bytes));
        let unique = format!("u{file_id}");
        json!({"file_id": file_id, "file_unique_id": unique, "file_size": bytes.len()})
    }

    /// A photo as Telegram describes it: the same picture in two sizes, the larger last.
    pub fn photo(&self, bytes: &[u8]) -> Value {
        let mut small = self.file("thumb.jpg", b"\xff\xd8\xff small");
        small["width"] = json!(90);
        small["height"] = json!(67);
        let mut large = self.file("photo.jpg", bytes);
        large["width"] = json!(1280);
        large["height"] = json!(960);
        json!([small, large])
    }

    pub fn document(&self, name: &str, content_type: &str, bytes: &[u8]) -> Value {
        let mut file = self.file(name, bytes);
        file["file_name"] = json!(name);
        file["mime_type"] = json!(content_type);
        file
    }

    pub fn voice(&self, seconds: u32, bytes: &[u8]) -> Value {
        let mut file = self.file("voice.oga", bytes);
        file["duration"] = json!(seconds);
        file["mime_type"] = json!("audio/ogg");
        file
    }
}
