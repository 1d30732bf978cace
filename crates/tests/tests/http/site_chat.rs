//! The chat on a site: what a visitor can do, and what operators see of it.

use base::{FileId, LineId};
use chrono::Duration;
use desk::file;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{Client, TestApp, Upload};
use uuid::Uuid;

/// A line with a site chat, an administrator who answers there.
pub struct Site {
    pub test: TestApp,
    pub admin: Client,
    pub line: LineId,
    pub channel: String,
    pub key: String,
}

/// Somebody on the site.
#[derive(Clone)]
pub struct Visitor {
    pub client: Client,
    pub key: String,
    pub token: String,
    pub opened: Value,
}

impl Site {
    pub async fn new(settings: Value) -> Self {
        let test = TestApp::new().await;
        test.app.worker().start_periodic().await.unwrap();
        let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
        let channel = json!({"line_id": line, "kind": "chat", "name": "Сайт", "settings": settings});
        let channel = admin.post("/channels", channel).await.expect(201);
        let text = |name: &str| channel[name].as_str().unwrap().to_owned();
        Site { channel: text("id"), key: text("hook_key"), test, admin, line }
    }

    pub fn path(&self, path: &str) -> String {
        format!("/site/{}{path}", self.key)
    }

    pub async fn open(&self, body: Value) -> Visitor {
        let opened = self.test.anonymous().post(&self.path("/visitors"), body).await.expect(200);
        let token = opened["visitor_token"].as_str().unwrap().to_owned();
        let client = self.test.anonymous().with_token(&token);
        Visitor { client, key: self.key.clone(), token, opened }
    }

    pub async fn visitor(&self) -> Visitor {
        self.open(json!({"locale": "ru-RU", "time_zone": "Europe/Moscow"})).await
    }

    /// Every conversation there is, newest first.
    pub async fn conversations(&self) -> Vec<Value> {
        let list = self.admin.get("/conversations?view=all").await.expect(200);
        list["items"].as_array().unwrap().clone()
    }

    pub async fn only_conversation(&self) -> Value {
        let all = self.conversations().await;
        assert_eq!(all.len(), 1, "{all:?}");
        self.admin.get(&format!("/conversations/{}", all[0]["id"].as_str().unwrap())).await.expect(200)
    }

    pub async fn answer(&self, conversation: &Value, html: &str) -> Value {
        let path = format!("/conversations/{}/messages", conversation["id"].as_str().unwrap());
        let sent = self.admin.post(&path, json!({"kind": "outbound", "html": html})).await.expect(201);
        self.test.run_jobs().await;
        sent
    }
}

impl Visitor {
    pub fn path(&self, path: &str) -> String {
        format!("/site/{}{path}", self.key)
    }

    pub async fn post(&self, path: &str, body: Value) -> tests::Response {
        self.client.post(&self.path(path), body).await
    }

    pub async fn say(&self, text: &str) -> Value {
        self.post("/messages", json!({"client_id": Uuid::new_v4(), "text": text})).await.expect(201)
    }

    pub async fn page(&self) -> Value {
        self.client.get(&self.path("/messages")).await.expect(200)
    }

    pub async fn texts(&self) -> Vec<String> {
        let page = self.page().await;
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["text"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_chat_goes_both_ways() {
    let site = Site::new(json!({"title": "Северный чай"})).await;
    let config = site.test.anonymous().get(&site.path("/config")).await.expect(200);
    assert_eq!(
        (&config["title"], &config["online"], &config["corner"]),
        (&json!("Северный чай"), &json!(true), &json!("right"))
    );
    let visitor = site.visitor().await;
    assert_eq!(visitor.page().await["items"], json!([]));
    assert_eq!(site.conversations().await.len(), 0, "whoever only looks leaves no trace");

    let first = json!({
        "client_id": Uuid::new_v4(), "text": "Где мой заказ?\nНомер 1045",
        "page": {"url": "https://shop.example/price?utm_source=ya", "title": "Прайс", "referrer": "https://ya.ru/",
            "utm": {"utm_source": "ya", "campaign": "осень"}},
    });
    let sent = visitor.post("/messages", first.clone()).await.expect(201);
    assert_eq!(
        (&sent["from"], &sent["state"], &sent["client_id"]),
        (&json!("visitor"), &json!("sent"), &first["client_id"])
    );
    assert_eq!(visitor.post("/messages", first).await.expect(201)["id"], sent["id"], "sent again it is the same");

    let conversation = site.only_conversation().await;
    assert_eq!(
        (&conversation["channel"], &conversation["subject"]),
        (&json!("chat"), &json!("Где мой заказ? Номер 1045"))
    );
    assert_eq!(conversation["visit"]["page_title"], "Прайс");
    assert_eq!(conversation["visit"]["utm"], json!({"source": "ya", "campaign": "осень"}));
    assert_eq!(conversation["visit"]["address"], "127.0.0.1");
    assert_eq!(conversation["visit"]["time_zone"], "Europe/Moscow");
    assert!(
        conversation["contact"]["name"].as_str().unwrap().starts_with("Посетитель "),
        "{}",
        conversation["contact"]
    );

    site.test.advance(Duration::seconds(5));
    site.answer(&conversation, "<p>Едет, <b>завтра</b> у вас.<script>alert(1)</script></p>").await;
    let page = visitor.page().await;
    let answer = &page["items"][1];
    assert_eq!(answer["from"], "operator");
    assert_eq!(answer["author"]["name"], "Администратор");
    assert_eq!(answer["html"], "<p>Едет, <strong>завтра</strong> у вас.</p>");
    assert_eq!(page["items"][0]["state"], "read", "who answers has read");
    assert_eq!(page["conversation"]["status"], "open");

    let again = site.open(json!({"visitor_token": visitor.token})).await;
    assert_eq!((&again.opened["unread"], &again.opened["conversation"]["id"]), (&json!(1), &conversation["id"]));
    visitor.post("/read", json!({"up_to": answer["id"]})).await.expect(204);
    let shown = site.only_conversation().await;
    assert_eq!(shown["messages"]["items"][1]["delivery"]["state"], "read");
    assert_eq!(site.open(json!({"visitor_token": visitor.token})).await.opened["unread"], 0);
}

#[tokio::test]
async fn what_the_administrator_asks_for_must_be_there() {
    let site = Site::new(json!({
        "fields": [{"name": "name", "label": "Имя", "required": true}, {"name": "email", "label": "Почта", "required": true},
            {"name": "order", "label": "Заказ", "required": false}],
        "consent": {"text": "Согласен", "url": "https://shop.example/policy"},
    }))
    .await;
    let visitor = site.visitor().await;
    let mut message = json!({"client_id": Uuid::new_v4(), "text": "Здравствуйте"});
    visitor.post("/messages", message.clone()).await.invalid("fields.name", "required");
    message["fields"] = json!({"name": "Анна", "email": "не почта", "order": "1045"});
    visitor.post("/messages", message.clone()).await.invalid("fields.email", "bad_address");
    message["fields"]["email"] = json!("Anna@Client.example");
    visitor.post("/messages", message.clone()).await.invalid("consent", "required");
    message["consent"] = json!(true);
    visitor.post("/messages", message).await.expect(201);
    visitor.say("И ещё").await;
    let conversation = site.only_conversation().await;
    assert_eq!(conversation["contact"]["name"], "Анна");
    assert_eq!(conversation["visit"]["fields"], json!({"Заказ": "1045"}));
    assert_eq!(
        site.open(json!({"visitor_token": visitor.token})).await.opened["visitor"]["email"],
        "anna@client.example"
    );
    visitor.post("/messages", json!({"client_id": Uuid::new_v4(), "text": " "})).await.invalid("text", "required");
    visitor
        .post("/messages", json!({"client_id": Uuid::new_v4(), "text": "a".repeat(10_001)}))
        .await
        .invalid("text", "too_long");
}

#[tokio::test]
async fn one_visitor_reads_and_changes_nothing_of_another() {
    let site = Site::new(json!({"edit_minutes": 5})).await;
    let (anna, boris) = (site.visitor().await, site.visitor().await);
    let hers = anna.say("Первое слово").await;
    boris.say("Другое").await;
    assert_eq!(site.conversations().await.len(), 2);
    assert_eq!(boris.texts().await, ["Другое"]);
    let path = anna.path(&format!("/messages/{}", hers["id"].as_str().unwrap()));
    boris.client.patch(&path, json!({"text": "чужое"})).await.problem(404, "not_found");
    boris.client.delete(&path).await.problem(404, "not_found");
    boris.post("/read", json!({"up_to": hers["id"]})).await.expect(204);
    site.test.anonymous().get(&anna.path("/messages")).await.problem(401, "unknown_visitor");
    let forged = format!("{}x", anna.token);
    site.test.anonymous().with_token(&forged).get(&anna.path("/messages")).await.problem(401, "unknown_visitor");

    let changed = anna.client.patch(&path, json!({"text": "Первые слова"})).await.expect(200);
    assert_eq!(changed["text"], "Первые слова");
    assert!(!changed["edited_at"].is_null());
    anna.client.delete(&path).await.expect(204);
    let page = anna.page().await;
    assert_eq!((&page["items"][0]["deleted"], &page["items"][0]["text"]), (&json!(true), &json!("")));
    let late = anna.say("Поздно").await;
    site.test.advance(Duration::minutes(6));
    let path = anna.path(&format!("/messages/{}", late["id"].as_str().unwrap()));
    anna.client.patch(&path, json!({"text": "нельзя"})).await.problem(409, "too_late");
    anna.client.delete(&path).await.problem(409, "too_late");
}

#[tokio::test]
async fn notes_and_history_stay_inside() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    visitor.say("Здравствуйте").await;
    let conversation = site.only_conversation().await;
    let path = format!("/conversations/{}", conversation["id"].as_str().unwrap());
    let note = json!({"kind": "note", "html": "<p>Это тот скандалист</p>"});
    site.admin.post(&format!("{path}/messages"), note).await.expect(201);
    site.admin.post(&format!("{path}/take"), json!({})).await.expect(200);
    let seen = visitor.client.get(&visitor.path("/messages")).await.text();
    assert!(!seen.contains("скандалист"), "{seen}");
    assert_eq!(visitor.texts().await, ["Здравствуйте"]);
}

#[tokio::test]
async fn files_go_both_ways_and_run_nowhere() {
    let site = Site::new(json!({"max_file_mb": 1})).await;
    let (visitor, other) = (site.visitor().await, site.visitor().await);
    let picture = Upload { name: "фото.png", content_type: "text/html", bytes: b"\x89PNG\r\n\x1a\nrest" };
    let uploaded = visitor.client.upload(&visitor.path("/files"), &[picture]).await.expect(201);
    assert_eq!(uploaded["content_type"], "image/png", "by its bytes");
    let page = Upload { name: "a.html", content_type: "text/html", bytes: b"<script>alert(1)</script>" };
    let page = visitor.client.upload(&visitor.path("/files"), &[page]).await.expect(201);
    let large = vec![0u8; 1024 * 1024 + 1];
    let large = Upload { name: "a.bin", content_type: "", bytes: &large };
    visitor.client.upload(&visitor.path("/files"), &[large]).await.invalid("file", "too_large");

    let ids = json!([uploaded["id"], page["id"]]);
    let message = json!({"client_id": Uuid::new_v4(), "text": "", "file_ids": ids});
    other.post("/messages", message.clone()).await.invalid("file_ids[0]", "not_found");
    let sent = visitor.post("/messages", message).await.expect(201);
    let url = sent["attachments"][0]["url"].as_str().unwrap().to_owned();
    let fetched = site.test.anonymous().get(&url).await;
    assert_eq!(fetched.status, 200);
    assert_eq!(
        (fetched.header("content-type"), fetched.header("x-content-type-options")),
        (Some("image/png"), Some("nosniff"))
    );
    assert!(fetched.header("content-security-policy").unwrap().contains("sandbox"));
    let script = site.test.anonymous().get(sent["attachments"][1]["url"].as_str().unwrap()).await;
    assert_eq!(script.header("content-type"), Some("application/octet-stream"));
    assert!(script.header("content-disposition").unwrap().starts_with("attachment"));
    site.test.anonymous().get(url.split('?').next().unwrap()).await.problem(404, "not_found");
    site.test.advance(Duration::hours(5));
    site.test.anonymous().get(&url).await.problem(404, "not_found");
    let conversation = site.only_conversation().await;
    assert_eq!(conversation["messages"]["items"][0]["attachments"].as_array().unwrap().len(), 2);

    let file =
        site.admin.upload("/files", &[Upload { name: "счёт.pdf", content_type: "application/pdf", bytes: b"%PDF-1" }]);
    let file = file.await.expect(201)["items"][0]["id"].clone();
    let path = format!("/conversations/{}/messages", conversation["id"].as_str().unwrap());
    site.admin.post(&path, json!({"kind": "outbound", "html": "", "attachment_ids": [file]})).await.expect(201);
    let got = visitor.page().await["items"][1]["attachments"][0].clone();
    assert_eq!(got["name"], "счёт.pdf");
    assert_eq!(site.test.anonymous().get(got["url"].as_str().unwrap()).await.bytes.as_ref(), b"%PDF-1");
}

#[tokio::test]
async fn what_a_visitor_attached_and_never_sent_is_deleted_after_a_day() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    let upload = async |name: &str| {
        let file = Upload { name, content_type: "text/plain", bytes: name.as_bytes() };
        visitor.client.upload(&visitor.path("/files"), &[file]).await.expect(201)["id"].clone()
    };
    let (sent, forgotten) = (upload("отправлен.txt").await, upload("забыт.txt").await);
    let send = |id: &Value| json!({"client_id": Uuid::new_v4(), "text": "", "file_ids": [id]});
    visitor.post("/messages", send(&sent)).await.expect(201);
    let row: file::Model = file::Entity::find_by_id(FileId(forgotten.as_str().unwrap().parse().unwrap()))
        .one(site.test.app.db.read())
        .await
        .unwrap()
        .unwrap();
    site.test.advance(Duration::hours(23));
    site.test.app.worker().start_periodic().await.unwrap();
    site.test.run_jobs().await;
    assert!(site.test.app.files.get(&row.storage_key).await.is_ok(), "he may still send it");

    site.test.advance(Duration::hours(2));
    site.test.app.worker().start_periodic().await.unwrap();
    site.test.run_jobs().await;
    assert!(site.test.app.files.get(&row.storage_key).await.is_err());
    visitor.post("/messages", send(&forgotten)).await.invalid("file_ids[0]", "not_found");
    let kept = visitor.page().await["items"][0]["attachments"][0]["url"].as_str().unwrap().to_owned();
    assert_eq!(site.test.anonymous().get(&kept).await.bytes.as_ref(), "отправлен.txt".as_bytes());
}

#[tokio::test]
async fn only_the_sites_that_may_can_call() {
    let site = Site::new(json!({"allowed_origins": ["https://shop.example"]})).await;
    let from = |origin: &str| site.test.anonymous().with_header("origin", origin);
    let fine = from("https://shop.example").get(&site.path("/config")).await;
    assert_eq!((fine.status.as_u16(), fine.header("access-control-allow-origin")), (200, Some("*")));
    let refused = from("https://evil.example").get(&site.path("/config")).await;
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "the page may read why");
    refused.problem(403, "origin_not_allowed");
    let asked = from("https://shop.example").send(axum::http::Method::OPTIONS, &site.path("/messages"), None).await;
    assert_eq!(asked.status, 204);
    assert!(asked.header("access-control-allow-headers").unwrap().contains("authorization"));
    site.admin.patch(&format!("/channels/{}", site.channel), json!({"enabled": false})).await.expect(200);
    site.test.anonymous().get(&site.path("/config")).await.problem(404, "not_found");
}

#[tokio::test]
async fn outside_working_hours_the_visitor_is_told_once() {
    let site = Site::new(json!({"offline_text": "Ответим письмом."})).await;
    let tuesday = json!([{"day": "tue", "intervals": [{"from": "09:00", "to": "18:00"}]}]);
    let schedule = json!({"name": "Чат", "definition": {"time_zone": "Europe/Moscow", "weekly": tuesday}});
    let schedule = site.admin.post("/schedules", schedule).await.expect(201)["id"].clone();
    let channel = format!("/channels/{}", site.channel);
    site.admin.patch(&channel, json!({"settings": {"hours": schedule}})).await.expect(200);
    let config = site.test.anonymous().get(&site.path("/config")).await.expect(200);
    assert_eq!((&config["online"], &config["offline"]["text"]), (&json!(false), &json!("Ответим письмом.")));
    assert_eq!(config["working_hours_text"], "Вт 9:00–18:00 по московскому времени");
    let visitor = site.visitor().await;
    visitor.say("Есть кто?").await;
    visitor.say("Ау").await;
    assert_eq!(visitor.texts().await, ["Есть кто?", "Ответим письмом.", "Ау"]);
    assert_eq!(visitor.page().await["items"][1]["from"], "system");
    site.test.advance(Duration::days(1));
    assert_eq!(site.test.anonymous().get(&site.path("/config")).await.expect(200)["online"], true);
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let site = Site::new(json!({})).await;
    let change = |settings: Value| {
        let path = format!("/channels/{}", site.channel);
        let admin = site.admin.clone();
        async move { admin.patch(&path, json!({"settings": settings})).await }
    };
    change(json!({"fields": [{"name": "Имя", "label": "Имя"}]})).await.invalid("settings.fields[0].name", "bad_value");
    change(json!({"color": "red"})).await.invalid("settings.color", "bad_value");
    change(json!({"consent": {"text": ""}})).await.invalid("settings.consent.text", "required");
    change(json!({"edit_minutes": 0})).await.expect(200);
}

#[tokio::test]
async fn a_visitor_who_hurries_is_slowed_down() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    let mut slowed = None;
    for _ in 0..40 {
        let sent = visitor.post("/messages", json!({"client_id": Uuid::new_v4(), "text": "быстро"})).await;
        if sent.status != 201 {
            slowed = Some(sent);
            break;
        }
    }
    let slowed = slowed.expect("nobody slowed him down");
    assert!(slowed.header("retry-after").is_some());
    slowed.problem(429, "rate_limited");
    site.visitor().await.say("а я первый раз").await;
}

#[tokio::test]
async fn a_conversation_is_over_when_its_visitor_ends_it_and_begins_again_by_the_rules_of_its_line() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    visitor.say("Вопрос").await;
    visitor.post("/close", json!({})).await.expect(204);
    assert_eq!(site.only_conversation().await["status"], "closed");
    assert_eq!(visitor.page().await["conversation"]["status"], "closed");
    visitor.say("Ещё вопрос").await;
    assert_eq!(site.only_conversation().await["status"], "open");
    site.admin.patch(&format!("/lines/{}", site.line), json!({"chats": {"after_close": "new"}})).await.expect(200);
    visitor.post("/close", json!({})).await.expect(204);
    visitor.say("Новый вопрос").await;
    assert_eq!(site.conversations().await.len(), 2);
    assert_eq!(visitor.texts().await, ["Вопрос", "Ещё вопрос", "Новый вопрос"]);
}

#[tokio::test]
async fn silence_ends_a_chat_with_one_farewell() {
    let site = Site::new(json!({})).await;
    let rules = json!({"chats": {"idle_close_minutes": 30, "farewell_text": "Спасибо, что написали!"}});
    site.admin.patch(&format!("/lines/{}", site.line), rules).await.expect(200);
    let visitor = site.visitor().await;
    visitor.say("Вопрос").await;
    site.test.advance(Duration::hours(2));
    site.test.run_jobs().await;
    let conversation = site.only_conversation().await;
    assert_eq!(conversation["status"], "open", "nobody has answered yet");
    site.answer(&conversation, "<p>Ответ</p>").await;
    site.test.advance(Duration::minutes(29));
    site.test.run_jobs().await;
    assert_eq!(site.only_conversation().await["status"], "open");
    site.test.advance(Duration::minutes(2));
    site.test.run_jobs().await;
    site.test.advance(Duration::minutes(2));
    site.test.run_jobs().await;
    let closed = site.only_conversation().await;
    assert_eq!(closed["status"], "closed");
    assert_eq!(visitor.texts().await, ["Вопрос", "Ответ", "Спасибо, что написали!"]);
    let events = closed["messages"]["items"].as_array().unwrap().clone();
    let why = events.iter().find(|item| item["kind"] == "conversation_closed").unwrap();
    assert_eq!(why["data"]["reason"], "idle");
}
