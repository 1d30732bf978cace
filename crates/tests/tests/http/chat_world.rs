//! A product with one channel to a vendor, and hands to use it with, for the contract tests of drivers.

use serde_json::{Value, json};
use tests::{Client, TestApp, Upload};

use super::mail_world::eventually;
use super::sim::outside::PUBLIC;

pub struct ChatWorld {
    pub test: TestApp,
    pub admin: Client,
    pub line: base::LineId,
    /// The channel's path, once there is one.
    pub channel: String,
}

impl ChatWorld {
    pub async fn new() -> Self {
        let test = TestApp::with_config(|config| config.public_url = PUBLIC.to_owned()).await;
        let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
        test.app.start();
        ChatWorld { test, admin, line, channel: String::new() }
    }

    /// Stores a channel; answers it as it is then.
    pub async fn create(&mut self, kind: &str, settings: Value) -> Value {
        let body = json!({"line_id": self.line, "kind": kind, "name": "Канал", "settings": settings});
        let made = self.admin.post("/channels", body).await.expect(201);
        self.channel = format!("/channels/{}", made["id"].as_str().unwrap());
        made
    }

    /// Waits until the channel is in this state.
    pub async fn channel_is(&self, state: &str) -> Value {
        eventually(&format!("the channel is {state}"), async || {
            let channel = self.admin.get(&self.channel).await.expect(200);
            (channel["state"] == *state).then_some(channel)
        })
        .await
    }

    pub async fn received(&self) -> i64 {
        self.admin.get(&self.channel).await.expect(200)["counts"]["received"].as_i64().unwrap()
    }

    pub async fn conversations(&self) -> Vec<Value> {
        self.admin.get("/conversations?view=all").await.expect(200)["items"].as_array().unwrap().clone()
    }

    /// Messages of the only conversation, oldest first.
    pub async fn messages(&self) -> Vec<Value> {
        let all = self.conversations().await;
        assert!(all.len() <= 1, "one conversation expected: {all:?}");
        match all.first() {
            Some(one) => self.messages_of(one["id"].as_str().unwrap()).await,
            None => Vec::new(),
        }
    }

    pub async fn messages_of(&self, conversation: &str) -> Vec<Value> {
        let opened = self.admin.get(&format!("/conversations/{conversation}")).await.expect(200);
        let items = opened["messages"]["items"].as_array().unwrap().clone();
        items.into_iter().filter(|item| item["type"] == "message").collect()
    }

    /// Waits for so many messages in the only conversation.
    pub async fn messages_are(&self, count: usize) -> Vec<Value> {
        eventually(&format!("{count} messages"), async || {
            self.test.run_jobs().await;
            let messages = self.messages().await;
            assert!(messages.len() <= count, "more than {count} messages: {messages:?}");
            (messages.len() == count).then_some(messages)
        })
        .await
    }

    /// Waits until every update has been taken, and then for nothing.
    pub async fn quiet(&self) {
        eventually("every update is taken", async || {
            self.test.run_jobs().await;
            let page = self.admin.get(&format!("{}/updates?state=waiting", self.channel)).await.expect(200);
            page["items"].as_array().unwrap().is_empty().then_some(())
        })
        .await;
    }

    /// Somebody we know by his phone.
    pub async fn known(&self, name: &str, phone: &str) -> base::ContactId {
        let identities = vec![desk::contact::NewIdentity::phone(phone).unwrap()];
        let person = desk::chat::Person { identities, name: name.to_owned(), locale: None };
        let tx = self.test.app.write().await.unwrap();
        let (contact, _) = desk::contact::find_or_create(&tx, &person).await.unwrap();
        tx.commit().await.unwrap();
        contact.id
    }

    /// The id of the only conversation.
    pub async fn conversation(&self) -> String {
        self.conversations().await[0]["id"].as_str().unwrap().to_owned()
    }

    /// Answers in the only conversation.
    pub async fn answer(&self, mut body: Value) -> Value {
        body["kind"] = json!("outbound");
        let path = format!("/conversations/{}/messages", self.conversation().await);
        self.admin.post(&path, body).await.expect(201)
    }

    pub async fn say(&self, text: &str) -> Value {
        self.answer(json!({"text": text})).await
    }

    pub async fn upload(&self, name: &str, content_type: &str, bytes: &[u8]) -> String {
        let uploaded = self.admin.upload("/files", &[Upload { name, content_type, bytes }]).await.expect(201);
        uploaded["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Waits until a message is as far as this; answers it.
    pub async fn is(&self, message: &Value, state: &str) -> Value {
        let conversation = message["conversation_id"].as_str().unwrap().to_owned();
        eventually(&format!("{} is {state}", message["id"]), async || {
            // It leaves when it can no longer be taken back.
            self.test.advance(chrono::Duration::milliseconds(400));
            self.test.run_jobs().await;
            let all = self.messages_of(&conversation).await;
            let found = all.into_iter().find(|one| one["id"] == message["id"]).expect("the message");
            (found["delivery"]["state"] == *state).then_some(found)
        })
        .await
    }

    /// The way to the client by the channel.
    pub async fn route(&self) -> Value {
        let path = format!("/conversations/{}/routes", self.conversation().await);
        self.admin.get(&path).await.expect(200)["items"][0].clone()
    }

    /// The bytes of a message's attachment.
    pub async fn file(&self, attachment: &Value) -> Vec<u8> {
        self.admin.get(attachment["url"].as_str().unwrap()).await.bytes.to_vec()
    }
}
