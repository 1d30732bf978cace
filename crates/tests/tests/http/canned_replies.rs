//! Canned replies: who sees them, how they are found, what they become in a conversation.

use base::LineId;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};

struct Desk {
    app: TestApp,
    line: LineId,
    boss: Client,
    anna: Client,
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let line = app.line("SUPPORT").await;
        let boss = app.user("boss@otklik.test", "Ольга", "supervisor").await;
        app.serve(boss.user_id(), line).await;
        let anna = app.operator("anna@otklik.test", &[line]).await;
        Desk { app, line, boss, anna }
    }

    async fn letter(&self) -> String {
        let inbound = mail(self.line, "osereva@sevchai.test", "Где мой заказ?");
        receive_mail(&self.app, inbound).await.conversation_id.to_string()
    }
}

async fn make(client: &Client, short_name: &str, more: Value) -> Value {
    let mut body = json!({"name": short_name, "short_name": short_name, "html": "<p>Добрый день</p>"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    client.post("/canned-replies", body).await.expect(201)
}

async fn found(client: &Client, query: &str) -> Vec<String> {
    let list = client.get(&format!("/canned-replies?{query}")).await.ok();
    list["items"].as_array().unwrap().iter().map(|one| one["short_name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_reply_is_filled_in_and_counted() {
    let desk = Desk::new().await;
    let letter = desk.letter().await;
    let html = "<p><strong>{{client_first_name}}</strong>, {{client}}: {{ number }}, {{subject}}. {{operator}}, {{line}}</p>\
        <script>alert(1)</script>";
    let made =
        make(&desk.boss, "доставка", json!({"shared": true, "html": html, "folder": " Заказы  и доставка "})).await;
    let path = format!("/canned-replies/{}", made["id"].as_str().unwrap());
    assert_eq!((&made["shared"], &made["folder"]), (&json!(true), &json!("Заказы и доставка")));
    assert!(!made["html"].as_str().unwrap().contains("script"));
    assert_eq!(made["updated_by"]["name"], "Ольга");

    let number = desk.anna.get(&format!("/conversations/{letter}")).await.ok()["number"].clone();
    let expected = format!("<p><strong>Ольга</strong>, Ольга Серова: {number}, Где мой заказ 1045. anna, SUPPORT</p>");
    let seen = desk.anna.get(&format!("{path}/preview?conversation_id={letter}")).await.ok();
    assert_eq!(seen["html"], json!(expected));
    assert_eq!(desk.anna.get(&path).await.ok()["use_count"], 0, "looking is not using");
    let filled = desk.anna.post(&format!("{path}/fill"), json!({"conversation_id": letter})).await.ok();
    assert_eq!(filled["html"], json!(expected));
    let used = desk.boss.get(&path).await.ok();
    assert_eq!((&used["use_count"], &used["last_used_by"]["name"]), (&json!(1), &json!("anna")));
    assert_eq!(used["updated_by"]["name"], "Ольга", "using is not changing");

    let elsewhere = json!({"conversation_id": desk.app.app.new_id()});
    desk.anna.post(&format!("{path}/fill"), elsewhere).await.invalid("conversation_id", "unknown");
}

#[tokio::test]
async fn clients_read_the_line_where_it_hides_who_answers() {
    let desk = Desk::new().await;
    let letter = desk.letter().await;
    let change = json!({"hide_operators": true, "public_name": "Забота & Ко"});
    desk.app.admin().await.patch(&format!("/lines/{}", desk.line), change).await.ok();
    let made = make(&desk.anna, "привет", json!({"html": "<p>{{operator}}, {{line}}</p>"})).await;
    let path = format!("/canned-replies/{}/preview?conversation_id={letter}", made["id"].as_str().unwrap());
    assert_eq!(desk.anna.get(&path).await.ok()["html"], "<p>Забота &amp; Ко, Забота &amp; Ко</p>");
}

#[tokio::test]
async fn what_is_typed_finds_short_names_first() {
    let desk = Desk::new().await;
    make(&desk.boss, "доставка", json!({"shared": true})).await;
    make(&desk.boss, "Счёт", json!({"shared": true, "html": "<p>О доставке счёта</p>"})).await;
    make(&desk.anna, "дом", json!({"name": "Доставка домой"})).await;
    assert_eq!(found(&desk.anna, "q=%D0%94%D0%9E%D0%A1%D0%A2").await, ["доставка", "дом", "Счёт"]);
    assert_eq!(found(&desk.anna, "q=%D1%81%D1%87%D0%B5%D1%82").await, ["Счёт"], "ё is found by е");
    assert!(found(&desk.anna, "q=zzz").await.is_empty());
}

#[tokio::test]
async fn ones_own_replies_are_nobody_elses() {
    let desk = Desk::new().await;
    let own = make(&desk.anna, "моё", json!({})).await;
    assert_eq!(own["shared"], false);
    let path = format!("/canned-replies/{}", own["id"].as_str().unwrap());
    for other in [&desk.boss, &desk.app.admin().await] {
        assert!(found(other, "").await.is_empty());
        other.get(&path).await.problem(404, "not_found");
        other.patch(&path, json!({"name": "Чужое"})).await.problem(404, "not_found");
        other.delete(&path).await.problem(404, "not_found");
    }
    assert_eq!(desk.anna.patch(&path, json!({"name": "Своё"})).await.ok()["name"], "Своё");
    desk.anna.delete(&path).await.expect(204);
    assert!(found(&desk.anna, "").await.is_empty());
}

#[tokio::test]
async fn shared_replies_are_written_by_right_and_read_by_lines() {
    let desk = Desk::new().await;
    let other_line = desk.app.line("SALES").await;
    let boris = desk.app.operator("boris@otklik.test", &[other_line]).await;
    let shared = json!({"shared": true, "name": "Общий", "short_name": "общий", "html": "<p>Да</p>"});
    desk.anna.post("/canned-replies", shared).await.problem(403, "forbidden");
    make(&desk.boss, "всем", json!({"shared": true})).await;
    let limited = make(&desk.boss, "своим", json!({"shared": true, "line_ids": [desk.line]})).await;
    assert_eq!(limited["lines"][0]["key"], "SUPPORT");
    let path = format!("/canned-replies/{}", limited["id"].as_str().unwrap());

    assert_eq!(found(&desk.anna, "").await, ["всем", "своим"]);
    assert_eq!(found(&desk.anna, &format!("line_id={other_line}")).await, ["всем"]);
    assert_eq!(found(&boris, "").await, ["всем"]);
    boris.get(&path).await.problem(404, "not_found");
    desk.anna.patch(&path, json!({"name": "Мой"})).await.problem(403, "forbidden");
    desk.anna.delete(&path).await.problem(403, "forbidden");
    let strange = json!({"line_ids": [other_line]});
    desk.boss.patch(&path, strange).await.invalid("line_ids", "unknown");

    desk.app.admin().await.patch(&path, json!({"line_ids": [desk.line, other_line]})).await.ok();
    assert_eq!(found(&boris, "").await, ["всем", "своим"]);
    let kept = desk.boss.patch(&path, json!({"line_ids": []})).await;
    assert_eq!(kept.status.as_u16(), 200, "{}", kept.text());
    boris.get(&path).await.ok();
    desk.anna.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn what_cannot_be_kept_names_its_field() {
    let desk = Desk::new().await;
    let refused = async |more: Value, field: &str, code: &str| {
        let mut body = json!({"name": "Имя", "short_name": "имя", "html": "<p>Да</p>"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.anna.post("/canned-replies", body).await.invalid(field, code);
    };
    refused(json!({"html": "<p>Здравствуйте, {{cleint}}</p>"}), "html", "unknown_variable").await;
    refused(json!({"html": "<p> </p>"}), "html", "required").await;
    refused(json!({"name": " "}), "name", "required").await;
    refused(json!({"short_name": "два слова"}), "short_name", "bad_short_name").await;
    refused(json!({"line_ids": [desk.line]}), "line_ids", "not_shared").await;

    make(&desk.boss, "Ёлка", json!({"shared": true})).await;
    let taken = json!({"shared": true, "name": "Другая", "short_name": "елка", "html": "<p>Да</p>"});
    desk.boss.post("/canned-replies", taken).await.invalid("short_name", "taken");
    let own = make(&desk.anna, "елка", json!({})).await;
    refused(json!({"short_name": "ЁЛКА"}), "short_name", "taken").await;
    make(&desk.anna, "сосна", json!({})).await;
    let path = format!("/canned-replies/{}", own["id"].as_str().unwrap());
    desk.anna.patch(&path, json!({"short_name": "Сосна"})).await.invalid("short_name", "taken");
    desk.anna.patch(&path, json!({"short_name": "Ёлка"})).await.ok();
}
