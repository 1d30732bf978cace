//! Web forms: built by an administrator, filled in by anybody, taken once, closed to programs.

use axum::body::Body;
use axum::http::Method;
use base::LineId;
use chrono::Duration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{Client, Response, TestApp};

use crate::conversations::{mail, receive_mail};

fn definition() -> Value {
    json!({
        "title": "Обратная связь",
        "fields": [
            {"name": "name", "type": "text", "label": "Имя", "required": true, "means": "name"},
            {"name": "email", "type": "email", "label": "Почта", "required": true, "means": "email"},
            {"name": "topic", "type": "choice", "label": "Тема", "options": ["Заказ", "Возврат"], "means": "subject"},
            {"name": "order", "type": "number", "label": "Номер заказа"},
            {"name": "words", "type": "long_text", "label": "Сообщение", "required": true, "means": "text"},
            {"name": "photo", "type": "file", "label": "Фото"},
            {"name": "site", "type": "hidden", "preset": "shop.example"},
        ],
        "consent": {"text": "Согласен на обработку данных", "url": "https://example.com/policy"},
        "thanks_text": "Спасибо, ваш номер {{number}}",
        "outcome": {"ticket": true, "type": "claim", "priority": "high"},
        "puzzle": true,
    })
}

struct World {
    app: TestApp,
    admin: Client,
    line: LineId,
    key: String,
    id: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let line = app.line("SUPPORT").await;
        let admin = app.admin().await;
        let body = json!({"line_id": line, "name": "На сайте", "definition": definition()});
        let form = admin.post("/forms", body).await.expect(201);
        let text = |name: &str| form[name].as_str().unwrap().to_owned();
        let (key, id) = (text("key"), text("id"));
        World { app, admin, line, key, id }
    }

    /// A challenge with its puzzle solved, after a person's time.
    async fn challenge(&self) -> (String, u64) {
        let form = self.app.anonymous().get(&format!("/forms/public/{}", self.key)).await.ok();
        let challenge = form["challenge"].as_str().unwrap().to_owned();
        let bits = u32::try_from(form["puzzle_bits"].as_u64().unwrap()).unwrap();
        let solved = |number: &u64| {
            let hash = Sha256::digest(format!("{challenge}:{number}").as_bytes());
            u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= bits
        };
        let solution = (0..).find(solved).unwrap();
        self.app.advance(Duration::seconds(5));
        (challenge, solution)
    }

    async fn send(&self, payload: &Value, file: Option<(&str, &[u8])>) -> Response {
        let boundary = "otklik-form";
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"answers\"\r\nContent-Type: application/json\r\n\r\n{payload}\r\n"
        )
        .into_bytes();
        if let Some((name, bytes)) = file {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let path = format!("/forms/public/{}/submissions", self.key);
        let content_type = format!("multipart/form-data; boundary={boundary}");
        self.app.anonymous().send_raw(Method::POST, &path, Some(&content_type), Body::from(body)).await
    }
}

fn answers() -> Value {
    json!({"name": "Ольга Серова", "email": "Olga@Client.test", "topic": "Возврат", "order": "1045", "words": "Чайник <не> греет.\nВерните деньги."})
}

#[tokio::test]
async fn a_form_becomes_a_conversation_and_a_ticket_once_and_its_sender_is_recognised() {
    let world = World::new().await;
    receive_mail(&world.app, mail(world.line, "olga@client.test", "Старое письмо")).await;
    let (challenge, solution) = world.challenge().await;
    let payload = json!({"challenge": challenge, "solution": solution, "answers": answers(), "consent": true, "page_url": "https://shop.example/help"});
    let first = world.send(&payload, Some(("чек.png", b"\x89PNG"))).await.expect(201);
    let again = world.send(&payload, None).await.expect(201);
    assert_eq!(first, again);
    let number = first["number"].as_i64().unwrap();
    assert_eq!(first["thanks_text"], format!("Спасибо, ваш номер {number}"));
    let list = world.admin.get("/conversations?view=open&channel=form").await.ok();
    let [row] = list["items"].as_array().unwrap().as_slice() else { panic!("{list}") };
    assert_eq!((row["subject"].as_str(), row["channel"].as_str()), (Some("Возврат"), Some("form")));
    let id = row["id"].as_str().unwrap();
    let conversation = world.admin.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(conversation["contact"]["name"], "Ольга Серова");
    let message = &conversation["messages"]["items"][0];
    let text = message["text"].as_str().unwrap();
    assert!(text.starts_with("Чайник <не> греет."), "{text}");
    assert!(text.contains("Номер заказа: 1045") && text.contains("site: shop.example"), "{text}");
    assert_eq!(message["attachments"][0]["name"], "чек.png");
    assert_eq!(message["threading"]["rule"], "new_conversation");
    let ticket = &conversation["tickets"][0];
    assert_eq!((ticket["type"].as_str(), ticket["priority"].as_str()), (Some("claim"), Some("high")));
    let contact = conversation["contact"]["id"].as_str().unwrap();
    assert_eq!(world.admin.get(&format!("/contacts/{contact}")).await.ok()["conversation_count"], 2);
    // The answer goes to the address of the form.
    let reply = json!({"kind": "outbound", "html": "<p>Вернём</p>"});
    let reply = world.admin.post(&format!("/conversations/{id}/messages"), reply).await.expect(201);
    assert_eq!(reply["to"][0]["address"], "olga@client.test");
    let sent = world.admin.get(&format!("/forms/{}/submissions", world.id)).await.ok();
    assert_eq!((sent["items"].as_array().unwrap().len(), &sent["items"][0]["number"]), (1, &json!(number)));
    assert_eq!(world.admin.get("/forms").await.ok()["items"][0]["submissions"], 1);
}

#[tokio::test]
async fn wrong_answers_are_named_and_the_challenge_stays_good() {
    let world = World::new().await;
    let (challenge, solution) = world.challenge().await;
    let with = |answers: Value, consent: bool| json!({"challenge": challenge, "solution": solution, "answers": answers, "consent": consent});
    world.send(&with(answers(), false), None).await.invalid("consent", "required");
    let bad = json!({"name": "", "email": "нет", "topic": "Иное", "order": "много", "words": "x"});
    let problem = world.send(&with(bad, true), None).await.problem(422, "invalid");
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["answers.name", "answers.email", "answers.topic", "answers.order"]);
    world.send(&with(answers(), true), None).await.expect(201);
}

#[tokio::test]
async fn programs_stay_outside() {
    let world = World::new().await;
    let form = world.app.anonymous().get(&format!("/forms/public/{}", world.key)).await.ok();
    let fresh = form["challenge"].clone();
    let payload = |challenge: &Value, solution: Option<u64>| json!({"challenge": challenge, "solution": solution, "answers": answers(), "consent": true});
    world.send(&payload(&fresh, Some(1)), None).await.invalid("challenge", "too_fast");
    world.app.advance(Duration::seconds(5));
    world.send(&payload(&fresh, None), None).await.invalid("solution", "wrong");
    world.send(&payload(&json!("1.x.y"), Some(1)), None).await.invalid("challenge", "stale");
    let (challenge, solution) = world.challenge().await;
    let mut trapped = payload(&json!(challenge), Some(solution));
    trapped["website"] = json!("https://spam.test");
    world.send(&trapped, None).await.invalid("website", "robot");
    world.app.advance(Duration::hours(13));
    world.send(&payload(&json!(challenge), Some(solution)), None).await.invalid("challenge", "stale");
}

#[tokio::test]
async fn a_form_that_is_off_or_deleted_is_not_there() {
    let world = World::new().await;
    let anonymous = world.app.anonymous();
    let path = format!("/forms/public/{}", world.key);
    let shown = anonymous.get(&path).await;
    assert_eq!(shown.header("access-control-allow-origin"), Some("*"));
    assert_eq!(shown.ok()["definition"]["outcome"]["ticket"], false);
    world.admin.patch(&format!("/forms/{}", world.id), json!({"enabled": false})).await.ok();
    anonymous.get(&path).await.problem(404, "not_found");
    world.admin.patch(&format!("/forms/{}", world.id), json!({"enabled": true})).await.ok();
    anonymous.get(&path).await.ok();
    world.admin.delete(&format!("/forms/{}", world.id)).await.expect(204);
    anonymous.get(&path).await.problem(404, "not_found");
    assert_eq!(world.admin.get("/forms").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_badly_built_form_names_its_faults() {
    let world = World::new().await;
    let mut wrong = definition();
    wrong["fields"][1]["type"] = json!("text");
    wrong["fields"][2]["options"] = json!([]);
    let problem =
        world.admin.patch(&format!("/forms/{}", world.id), json!({"definition": wrong})).await.problem(422, "invalid");
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["definition.fields[1].type", "definition.fields[2].options"]);
}
