//! Mail by real servers: fetched over IMAP, answered over SMTP, encrypted both ways.

use chrono::Duration;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::mail_intake::mail;
use crate::mail_world::{MailWorld, eventually};

struct World {
    servers: MailWorld,
    test: TestApp,
    admin: Client,
    line: base::LineId,
}

impl World {
    async fn new() -> Self {
        let servers = MailWorld::start();
        let ca = servers.ca();
        let test = TestApp::with_config(|config| config.extra_ca = Some(ca)).await;
        let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
        test.app.start();
        World { servers, test, admin, line }
    }

    async fn connect(&self, change: Value) -> String {
        let mut body = self.servers.mailbox(self.line, "support@desk.test");
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.admin.post("/mailboxes", body).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    async fn mailbox(&self, id: &str) -> Value {
        self.admin.get(&format!("/mailboxes/{id}")).await.expect(200)
    }

    /// Waits until the mailbox's ledger has that many rows.
    async fn ledger(&self, id: &str, total: i64) -> Vec<Value> {
        eventually(&format!("{total} rows on the ledger"), async || {
            let found = self.mailbox(id).await["ledger"]["total"].as_i64().unwrap();
            (found >= total).then_some(())
        })
        .await;
        let page = self.admin.get(&format!("/mailboxes/{id}/ledger?limit=200")).await.expect(200);
        page["items"].as_array().unwrap().clone()
    }

    async fn conversations(&self) -> Vec<Value> {
        self.admin.get("/conversations?view=all&limit=200").await.expect(200)["items"].as_array().unwrap().clone()
    }

    async fn reply(&self, conversation: &Value, body: Value) -> Value {
        let id = conversation["id"].as_str().unwrap();
        let message = self.admin.post(&format!("/conversations/{id}/messages"), body).await.expect(201);
        self.test.advance(Duration::seconds(6));
        self.test.run_jobs().await;
        message
    }

    /// An operator writes first; answers the conversation and its message.
    async fn write_first(&self, to: Value) -> (Value, Value) {
        let body = json!({"line_id": self.line, "to": to, "subject": "Предложение", "html": "<p>Здравствуйте!</p>"});
        let made = self.admin.post("/conversations", body).await.expect(201);
        let conversation =
            self.admin.get(&format!("/conversations/{}", made["id"].as_str().unwrap())).await.expect(200);
        let items = conversation["messages"]["items"].as_array().unwrap();
        let message = items.iter().find(|item| item["type"] == "message").unwrap().clone();
        self.test.advance(Duration::seconds(6));
        self.test.run_jobs().await;
        (conversation, message)
    }

    /// The delivery of a message once it is in one of these states.
    async fn delivery(&self, conversation: &Value, message: &Value, states: &[&str]) -> Value {
        let path = format!("/conversations/{}", conversation["id"].as_str().unwrap());
        eventually(&format!("delivery {states:?}"), async || {
            self.test.run_jobs().await;
            let shown = self.admin.get(&path).await.expect(200);
            let items = shown["messages"]["items"].as_array().unwrap().clone();
            let found = items.into_iter().find(|item| item["id"] == message["id"]).unwrap();
            // A busy machine may have missed a time limit: the next try is due later, on a clock that only we move.
            if found["delivery"]["state"] == "queued" && !found["delivery"]["error"].is_null() {
                self.test.advance(Duration::seconds(10));
            }
            states.iter().any(|state| found["delivery"]["state"] == *state).then(|| found["delivery"].clone())
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_and_an_operator_write_to_each_other() {
    let world = World::new().await;
    let id = world.connect(json!({"save_sent": true})).await;
    world
        .servers
        .send(
            "client@clients.test",
            "support@desk.test",
            &mail("1@clients.test", "Клиент <client@clients.test>", "Счёт", "", "Пришлите счёт."),
        )
        .await;
    let rows = world.ledger(&id, 1).await;
    assert_eq!(rows[0]["outcome"], "accepted");
    assert!(
        world.servers.file_names("support@desk.test").iter().all(|name| !name.contains(":2,") || !name.ends_with('S')),
        "nothing is marked as read"
    );
    let conversation = world.conversations().await.remove(0);

    let message = world.reply(&conversation, json!({"kind": "outbound", "html": "<p>Вот <b>счёт</b>.</p>"})).await;
    world.delivery(&conversation, &message, &["sent"]).await;
    let letter =
        eventually("the letter in the client's mailbox", async || world.servers.inbox("client@clients.test").pop())
            .await;
    let letter = mail::parse(&letter).unwrap();
    assert_eq!(letter.subject, "Re: Счёт");
    assert_eq!(letter.in_reply_to.as_deref(), Some("1@clients.test"));
    assert_eq!(letter.references, ["1@clients.test"]);
    assert_eq!(letter.from.as_ref().unwrap().address, "support@desk.test");
    assert!(letter.html.as_ref().unwrap().contains("<b>счёт</b>"), "{:?}", letter.html);
    assert!(letter.new_text.starts_with("Вот счёт.") && letter.has_quote, "{:?}", letter.new_text);

    let copies = async || {
        world.test.run_jobs().await;
        Some(world.servers.inbox_folder("support@desk.test", ".Sent").len()).filter(|count| *count > 0)
    };
    assert_eq!(eventually("a copy in our Sent folder", copies).await, 1);

    // He answers with another subject, from another address of his company: the signed Message-ID tells.
    let ours = letter.message_id.unwrap();
    let refers = format!("In-Reply-To: <{ours}>\r\nReferences: <1@clients.test> <{ours}>\r\n");
    world
        .servers
        .send(
            "olga@clients.test",
            "support@desk.test",
            &mail("2@clients.test", "olga@clients.test", "Совсем другое", &refers, "Спасибо!"),
        )
        .await;
    world.ledger(&id, 2).await;
    let all = world.conversations().await;
    assert_eq!(all.len(), 1);
    let shown = world.admin.get(&format!("/conversations/{}", conversation["id"].as_str().unwrap())).await.expect(200);
    let last =
        shown["messages"]["items"].as_array().unwrap().iter().rfind(|item| item["type"] == "message").unwrap().clone();
    assert_eq!((&last["text"], &last["threading"]["rule"]), (&json!("Спасибо!"), &json!("reply_token")));

    let state =
        eventually("an active mailbox", async || Some(world.mailbox(&id).await).filter(|row| row["state"] == "active"))
            .await;
    assert_eq!((&state["ledger"]["total"], &state["ledger"]["server_total"]), (&json!(2), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_marks_the_letter() {
    let world = World::new().await;
    let id = world.connect(json!({})).await;
    let (conversation, message) = world.write_first(json!([{"address": "unknown@clients.test"}])).await;
    let rows = world.ledger(&id, 1).await;
    assert_eq!(rows[0]["outcome"], "automatic");
    let delivery = world.delivery(&conversation, &message, &["failed"]).await;
    let words = delivery["error"].as_str().unwrap();
    assert!(words.contains("unknown@clients.test"), "{words}");
    assert_eq!(world.conversations().await.len(), 1, "the report is in the letter's own conversation");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_apart() {
    let world = World::new().await;
    world.connect(json!({})).await;
    let (conversation, message) = world.write_first(json!([{"address": "somebody@reject.test"}])).await;
    let delivery = world.delivery(&conversation, &message, &["failed"]).await;
    assert!(delivery["error"].as_str().unwrap().contains("550"), "{delivery}");
    let (conversation, message) =
        world.write_first(json!([{"address": "client@clients.test"}, {"address": "somebody@reject.test"}])).await;
    let delivery = world.delivery(&conversation, &message, &["sent"]).await;
    assert!(delivery["error"].as_str().unwrap().contains("somebody@reject.test"), "{delivery}");
    let (conversation, message) = world.write_first(json!([{"address": "somebody@defer.test"}])).await;
    let delivery = eventually("a put-off letter", async || {
        let delivery = world.delivery(&conversation, &message, &["queued"]).await;
        (!delivery["error"].is_null()).then_some(delivery)
    })
    .await;
    assert!(delivery["error"].as_str().unwrap().contains("450"), "{delivery}");
    eventually("the letter for those who were not refused", async || world.servers.inbox("client@clients.test").pop())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_tried_in_plain_words() {
    let world = World::new().await;
    let good = world.servers.mailbox(world.line, "support@desk.test");
    let result = world.admin.post("/mailboxes/test", good.clone()).await.expect(200);
    assert_eq!(result["ok"], true, "{result}");
    let plain = json!({"host": "localhost", "port": world.servers.port("imap_port"), "security": "starttls"});
    let smtps = json!({"host": "localhost", "port": world.servers.port("smtps_port"), "security": "tls"});
    let cases = [
        (json!({"imap": plain, "smtp": smtps}), None, None, ""),
        (json!({"password": "wrong"}), Some("login"), Some("login"), "не принял логин"),
        (
            json!({"imap": {"host": "127.0.0.2", "port": world.servers.port("imaps_port")}}),
            Some("connect"),
            None,
            "отказал",
        ),
        (
            json!({"imap": {"host": "localhost", "port": world.servers.port("imap_port"), "security": "tls"}}),
            Some("tls"),
            None,
            "не шифрует",
        ),
        (
            json!({"imap": {"host": "localhost", "port": world.servers.port("imaps_port"), "folder": "Нет такой"}}),
            Some("folder"),
            None,
            "нет папки",
        ),
        (
            json!({"imap": {"host": "localhost", "port": world.servers.port("submission_port"), "security": "none"}}),
            Some("connect"),
            None,
            "не почтовый сервер",
        ),
    ];
    for (change, imap, smtp, words) in cases {
        let mut body = good.clone();
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        let result = world.admin.post("/mailboxes/test", body).await.expect(200);
        assert_eq!(
            (result["imap"]["step"].as_str(), result["smtp"]["step"].as_str()),
            (imap, smtp),
            "{change}: {result}"
        );
        assert!(words.is_empty() || result["imap"]["message"].as_str().unwrap().contains(words), "{change}: {result}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_survives_a_restored_server_and_deleted_mail() {
    let world = World::new().await;
    let id = world.connect(json!({})).await;
    world
        .servers
        .send(
            "client@clients.test",
            "support@desk.test",
            &mail("1@clients.test", "client@clients.test", "Раз", "", "Раз."),
        )
        .await;
    world.ledger(&id, 1).await;
    world.servers.drop_in(
        "support@desk.test",
        "1.deleted:2,T",
        mail("2@clients.test", "client@clients.test", "Удалено", "", "x").as_bytes(),
    );
    world.servers.drop_in("support@desk.test", "2.broken", b"no mail at all");
    world.servers.drop_in(
        "support@desk.test",
        "3.read:2,S",
        mail("3@clients.test", "client@clients.test", "Прочитано", "", "Три.").as_bytes(),
    );
    world.admin.post(&format!("/mailboxes/{id}/check-now"), json!({})).await.expect(202);
    let rows = world.ledger(&id, 3).await;
    let outcomes: Vec<&str> = rows.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "accepted").count(), 2, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "quarantined").count(), 1, "{outcomes:?}");
    let before = world.conversations().await.len();
    world.admin.patch(&format!("/mailboxes/{id}"), json!({"enabled": false})).await.ok();
    // The connection must be gone first: a running session would write the old numbers back.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    world.servers.forget_uids("support@desk.test");
    world.admin.patch(&format!("/mailboxes/{id}"), json!({"enabled": true})).await.ok();
    let rows = world.ledger(&id, 6).await;
    assert_eq!(rows.iter().filter(|row| row["outcome"] == "duplicate").count(), 2, "{rows:?}");
    assert_eq!(world.conversations().await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth_tokens_are_fetched_and_used_on_both_sides() {
    let world = World::new().await;
    let token = world.servers.access_token("support@desk.test");
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = asked.clone();
    let endpoint = axum::Router::new().route(
        "/token",
        axum::routing::post(async move |form: String| {
            log.lock().unwrap().push(form);
            axum::Json(json!({"access_token": token, "expires_in": 3600, "refresh_token": "second"}))
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, endpoint).await });
    let oauth = json!({"client_id": "desk", "client_secret": "hush", "refresh_token": "first", "token_url": url, "scope": "mail"});
    let id = world.connect(json!({"auth": "oauth2", "password": null, "oauth": oauth})).await;
    world
        .servers
        .send(
            "client@clients.test",
            "support@desk.test",
            &mail("1@clients.test", "client@clients.test", "Счёт", "", "Пришлите счёт."),
        )
        .await;
    world.ledger(&id, 1).await;
    let conversation = world.conversations().await.remove(0);
    let message = world.reply(&conversation, json!({"kind": "outbound", "html": "<p>Вот.</p>"})).await;
    world.delivery(&conversation, &message, &["sent"]).await;
    let shown = world.mailbox(&id).await;
    assert_eq!((&shown["auth"], &shown["oauth"]["has_refresh_token"]), (&json!("oauth2"), &json!(true)));
    let forms = asked.lock().unwrap().clone();
    assert_eq!(
        forms,
        ["grant_type=refresh_token&client_id=desk&refresh_token=first&client_secret=hush&scope=mail"],
        "one token serves both sides"
    );
}

/// A server tells of new mail once. Told in the middle of other mail, it must not lie there until somebody looks again.
#[tokio::test(flavor = "multi_thread")]
async fn mail_that_comes_while_other_mail_is_taken_in_waits_for_no_poll() {
    let world = World::new().await;
    let id = world.connect(json!({"poll_seconds": 3600})).await;
    let first = mail("first@clients.test", "client@clients.test", "Вопрос", "", "Здравствуйте.");
    world.servers.send("client@clients.test", "support@desk.test", &first).await;
    world.ledger(&id, 1).await;
    for number in 0..300 {
        let text = mail(&format!("busy{number}@clients.test"), "client@clients.test", "Вопрос", "", "Здравствуйте.");
        world.servers.drop_in("support@desk.test", &format!("{number}.busy"), text.as_bytes());
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    let rows = eventually("all mail on the ledger", async || {
        let found = world.mailbox(&id).await["ledger"]["total"].as_i64().unwrap();
        (found >= 301).then_some(found)
    });
    assert_eq!(rows.await, 301);
}
