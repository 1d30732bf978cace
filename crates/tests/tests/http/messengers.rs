//! A line with a messenger connected to it: small hands for the tests of drivers.

use std::time::{Duration, Instant};

use base::LineId;
use serde_json::{Value, json};
use tests::{Client, TestApp, Upload};

/// Where the product is for the vendors.
pub const PUBLIC: &str = "https://desk.test";

/// The product, running, with an administrator and an operator of one line.
pub struct Desk {
    pub test: TestApp,
    pub admin: Client,
    pub anna: Client,
    pub line: LineId,
    /// Where `PUBLIC` leads in truth.
    pub address: String,
}

impl Desk {
    pub async fn start() -> Self {
        let test = TestApp::with_config(|config| {
            config.public_url = PUBLIC.to_owned();
            config.undo_seconds = 0;
        })
        .await;
        let line = test.line("SUPPORT").await;
        let admin = test.admin().await;
        let anna = test.operator("anna@otklik.test", &[line]).await;
        let address = format!("http://{}", test.listen().await);
        test.app.start();
        Desk { test, admin, anna, line, address }
    }

    /// Waits for something to become true while jobs run and time passes, at most half a minute.
    pub async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            self.test.run_jobs().await;
            if let Some(found) = look().await {
                return found;
            }
            assert!(start.elapsed() < Duration::from_secs(30), "waited in vain for: {what}");
            self.test.advance(chrono::Duration::milliseconds(200));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Connects a channel and waits until it works; answers it.
    pub async fn connect(&self, kind: &str, settings: Value) -> Value {
        let new = json!({"line_id": self.line, "kind": kind, "settings": settings});
        let id = self.admin.post("/channels", new).await.expect(201)["id"].as_str().unwrap().to_owned();
        self.until_state(&id, "active").await
    }

    pub async fn channel(&self, id: &str) -> Value {
        self.admin.get(&format!("/channels/{id}")).await.ok()
    }

    pub async fn until_state(&self, id: &str, state: &str) -> Value {
        self.until(&format!("the channel to be {state}"), async || {
            let channel = self.channel(id).await;
            (channel["state"] == state).then_some(channel)
        })
        .await
    }

    pub async fn change(&self, id: &str, change: Value) -> Value {
        self.admin.patch(&format!("/channels/{id}"), change).await.ok()
    }

    /// An address of the product as it is on this machine.
    pub fn reach(&self, url: &str) -> String {
        url.replace(PUBLIC, &self.address)
    }

    /// All conversations with their messages, oldest first.
    pub async fn conversations(&self) -> Vec<Value> {
        let list = self.anna.get("/conversations?view=all&limit=200").await.ok();
        let mut opened = Vec::new();
        for row in list["items"].as_array().unwrap() {
            opened.push(self.anna.get(&format!("/conversations/{}", row["id"].as_str().unwrap())).await.ok());
        }
        opened.sort_by_key(|conversation| conversation["number"].as_i64());
        opened
    }

    /// Waits until the only conversation has so many messages; answers it and them.
    pub async fn until_messages(&self, count: usize) -> (Value, Vec<Value>) {
        self.until(&format!("{count} messages"), async || {
            let mut all = self.conversations().await;
            if all.is_empty() {
                return None;
            }
            assert_eq!(all.len(), 1, "{all:#?}");
            let conversation = all.remove(0);
            let messages = messages(&conversation);
            assert!(messages.len() <= count, "too many: {messages:#?}");
            (messages.len() == count).then_some((conversation, messages))
        })
        .await
    }

    /// Answers in a conversation; the answer's id.
    pub async fn answer(&self, conversation: &Value, mut body: Value) -> String {
        body["kind"] = json!("outbound");
        let path = format!("/conversations/{}/messages", conversation["id"].as_str().unwrap());
        self.anna.post(&path, body).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// Waits until a message of ours is in this state; answers it.
    pub async fn until_delivery(&self, message_id: &str, state: &str) -> Value {
        self.until(&format!("the answer to be {state}"), async || {
            let all = self.conversations().await;
            let message = all.iter().flat_map(messages).find(|message| message["id"] == message_id)?;
            (message["delivery"]["state"] == state).then_some(message)
        })
        .await
    }

    pub async fn upload(&self, name: &str, content_type: &str, bytes: &[u8]) -> String {
        let uploaded = self.anna.upload("/files", &[Upload { name, content_type, bytes }]).await.expect(201);
        uploaded["items"][0]["id"].as_str().unwrap().to_owned()
    }

    pub async fn download(&self, attachment: &Value) -> Vec<u8> {
        let response = self.anna.get(attachment["url"].as_str().unwrap()).await;
        assert_eq!(response.status, 200);
        response.bytes.to_vec()
    }
}

/// The messages of an opened conversation, without events.
pub fn messages(conversation: &Value) -> Vec<Value> {
    let items = conversation["messages"]["items"].as_array().unwrap();
    items.iter().filter(|item| item["type"] == "message").cloned().collect()
}

pub fn texts(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["text"].as_str().unwrap()).collect()
}

/// The smallest picture there is.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
pub const OGG: &[u8] = b"OggS\0\x02 a voice, as far as anybody looks";
pub const PDF: &[u8] = b"%PDF-1.7 an invoice";
