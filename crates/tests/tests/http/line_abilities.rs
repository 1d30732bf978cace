//! What a line can besides: properties of its conversations, its side panel, tables to take away, being deleted and
//! restored, hiding who answers; spam; the block list by line and term.

use base::LineId;
use chrono::Duration;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};
use crate::site_chat::Site;

async fn desk(count: usize) -> (TestApp, LineId, Client, Client, Vec<String>) {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let (admin, anna) = (app.admin().await, app.operator("anna@otklik.test", &[line]).await);
    let mut ids = Vec::new();
    for index in 0..count {
        let received =
            receive_mail(&app, mail(line, &format!("c{index}@clients.test"), "Секретный текст письма")).await;
        ids.push(received.conversation_id.to_string());
    }
    (app, line, admin, anna, ids)
}

#[tokio::test]
async fn a_property_is_defined_filled_in_and_in_the_history() {
    let (app, _, admin, anna, ids) = desk(1).await;
    let define = async |key: &str, kind: &str, options: Value| {
        let new = json!({"subject": "conversation", "key": key, "name": key, "kind": kind, "options": options});
        admin.post("/properties", new).await
    };
    define("city", "text", json!([])).await.expect(201);
    define("sum", "number", json!([])).await.expect(201);
    define("visit", "date", json!([])).await.expect(201);
    let level = define("level", "choice", json!(["низкий", "высокий", "высокий"])).await.expect(201);
    assert_eq!(level["options"], json!(["низкий", "высокий"]));
    define("Город", "text", json!([])).await.invalid("key", "bad_key");
    define("empty", "choice", json!([" "])).await.invalid("options", "out_of_range");
    let new = json!({"subject": "conversation", "key": "x", "name": "x", "kind": "text"});
    anna.post("/properties", new).await.problem(403, "forbidden");

    let path = format!("/conversations/{}/properties", ids[0]);
    let fill = async |values: Value| anna.put(&path, json!({"values": values})).await;
    for (key, wrong, code) in [
        ("sum", "много", "bad_number"),
        ("visit", "завтра", "bad_date"),
        ("level", "?", "unknown"),
        ("no", "1", "unknown"),
    ] {
        fill(json!({key: wrong})).await.invalid(&format!("values.{key}"), code);
    }
    fill(json!({"city": " Пермь ", "sum": "12,50", "visit": "2026-12-01", "level": "высокий"})).await.ok();
    let filled = fill(json!({"level": null})).await.ok();
    let value = |key: &str| {
        filled["items"].as_array().unwrap().iter().find(|item| item["key"] == key).unwrap()["value"].clone()
    };
    assert_eq!(
        [value("city"), value("sum"), value("visit"), value("level")],
        [json!("Пермь"), json!("12.5"), json!("2026-12-01"), Value::Null]
    );
    let by_key =
        desk::property::by_key(app.app.db.read(), desk::property::Subject::Conversation, ids[0].parse().unwrap());
    assert_eq!(by_key.await.unwrap().get("city").map(String::as_str), Some("Пермь"));
    let history = anna.get(&format!("/conversations/{}", ids[0])).await.ok();
    let events = history["messages"]["items"].as_array().unwrap().iter();
    assert_eq!(events.filter(|item| item["kind"] == "properties_changed").count(), 2);

    let id = level["id"].as_str().unwrap();
    admin.patch(&format!("/properties/{id}"), json!({"name": "Уровень", "position": -1})).await.ok();
    assert_eq!(anna.get(&path).await.ok()["items"][0]["name"], "Уровень");
    admin.delete(&format!("/properties/{id}")).await.expect(204);
    assert_eq!(anna.get(&path).await.ok()["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn an_administrator_arranges_the_side_panel_of_a_line() {
    let (_app, line, admin, anna, _) = desk(0).await;
    let path = format!("/lines/{line}/panel");
    let usual = anna.get(&path).await.ok();
    assert_eq!(usual["blocks"][0], json!({"block": "properties", "shown": true}));
    let blocks = json!({"blocks": [{"block": "history", "shown": true}, {"block": "threading", "shown": false}]});
    anna.put(&path, blocks.clone()).await.problem(403, "forbidden");
    admin.put(&path, blocks).await.ok();
    let arranged = anna.get(&path).await.ok();
    assert_eq!(arranged["blocks"][0]["block"], "history");
    assert_eq!(arranged["blocks"][1], json!({"block": "threading", "shown": false}));
    assert_eq!(arranged["blocks"].as_array().unwrap().len(), 8, "what was not named stands last");
    let twice = json!({"blocks": [{"block": "history", "shown": true}, {"block": "history", "shown": false}]});
    admin.put(&path, twice).await.invalid("blocks", "twice");
}

#[tokio::test]
async fn a_table_has_the_rows_of_the_list_and_nothing_anybody_wrote() {
    let (_app, line, admin, anna, ids) = desk(230).await;
    for id in &ids[..7] {
        admin.post(&format!("/conversations/{id}/close"), json!({})).await.ok();
    }
    anna.get("/conversations/export").await.problem(403, "forbidden");
    for (filter, rows) in [("view=all", 230), ("view=closed", 7), ("view=open", 223), ("view=spam", 0)] {
        let answer = admin.get(&format!("/conversations/export?format=csv&{filter}&line={line}")).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"conversations.csv\"");
        let text = answer.text();
        assert!(!text.contains("Секретный"), "no bodies");
        assert!(text.starts_with("\u{feff}Номер;Тема;"), "{}", &text[..60]);
        assert_eq!(text.lines().count() - 1, rows, "{filter}");
    }
    let book = admin.get("/conversations/export?view=all").await;
    assert_eq!((book.status.as_u16(), &book.bytes[..2]), (200, &b"PK"[..]));
}

#[tokio::test]
async fn a_deleted_line_is_restored_intact_within_an_hour_and_closed_after_it() {
    let (app, line, admin, _, ids) = desk(60).await;
    app.app.worker().start_periodic().await.unwrap();
    let open = async || admin.get("/conversations?view=open&limit=200").await.ok()["items"].as_array().unwrap().len();
    admin.delete(&format!("/lines/{line}")).await.expect(204);
    app.advance(Duration::minutes(59));
    app.run_jobs().await;
    assert_eq!(open().await, 60);
    admin.post(&format!("/lines/{line}/restore"), json!({})).await.ok();
    app.advance(Duration::minutes(10));
    app.run_jobs().await;
    assert_eq!(open().await, 60, "restored with everything on it");

    admin.delete(&format!("/lines/{line}")).await.expect(204);
    app.advance(Duration::minutes(62));
    app.run_jobs().await;
    assert_eq!(open().await, 0);
    let closed = admin.get(&format!("/conversations/{}", ids[0])).await.ok();
    assert_eq!(closed["status"], "closed", "and readable");
    let why = closed["messages"]["items"].as_array().unwrap().iter().find(|item| item["kind"] == "conversation_closed");
    assert_eq!(why.unwrap()["data"]["reason"], "line_deleted");
}

#[tokio::test]
async fn restored_spam_comes_back_to_its_operator_with_its_priority() {
    let (_app, _, _, anna, ids) = desk(2).await;
    let path = |what: &str| format!("/conversations/{}{what}", ids[0]);
    anna.post(&path("/take"), json!({})).await.ok();
    anna.patch(&path(""), json!({"priority": "high"})).await.ok();
    anna.post(&path("/spam"), json!({})).await.ok();
    for view in ["mine", "open", "all", "closed"] {
        let rows = anna.get(&format!("/conversations?view={view}")).await.ok();
        assert!(rows["items"].as_array().unwrap().iter().all(|row| row["id"] != json!(ids[0])), "{view}");
    }
    let counters = anna.get("/conversations/counters").await.ok();
    assert_eq!((&counters["mine"], &counters["open"]), (&json!(0), &json!(1)));
    let back = anna.post(&path("/not-spam"), json!({})).await.ok();
    assert_eq!((&back["status"], &back["priority"]), (&json!("open"), &json!("high")));
    assert_eq!(back["assignee"]["name"], "anna");
}

#[tokio::test]
async fn a_rule_of_the_block_list_counts_on_its_lines_until_its_term() {
    let site = Site::new(json!({})).await;
    let other = site.test.line("OTHER").await;
    let rule = |pattern: &str, more: Value| {
        let mut rule = json!({"kind": "term", "pattern": pattern});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    };
    let add = async |rule: Value| site.admin.post("/blocks", rule).await;
    let past = site.test.now() - Duration::hours(1);
    add(rule("казино", json!({"until": past}))).await.invalid("until", "in_the_past");
    add(rule("казино", json!({"line_ids": []}))).await.invalid("line_ids", "unknown");
    let visitor = site.visitor().await;
    let say = async |text: &str| {
        visitor.post("/messages", json!({"client_id": uuid::Uuid::new_v4(), "text": text})).await.status.as_u16()
    };
    let elsewhere = add(rule("казино", json!({"line_ids": [other]}))).await.expect(201);
    assert_eq!(elsewhere["line_ids"], json!([other]));
    assert_eq!(say("Казино").await, 201, "a rule of another line");
    add(rule("лотерея", json!({"line_ids": [site.line]}))).await.expect(201);
    assert_eq!(say("Лотерея").await, 403);
    let until = site.test.now() + Duration::hours(2);
    add(rule("кредит", json!({"until": until}))).await.expect(201);
    assert_eq!(say("Кредит").await, 403);
    site.test.advance(Duration::hours(3));
    assert_eq!(say("Кредит").await, 201, "its term is over");
}

#[tokio::test]
async fn a_line_may_hide_who_answers() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    visitor.say("Здравствуйте").await;
    site.answer(&site.only_conversation().await, "<p>Добрый день</p>").await;
    let author = async || visitor.page().await["items"].as_array().unwrap().last().unwrap()["author"].clone();
    assert_eq!(author().await["name"], "Администратор");
    let change = json!({"hide_operators": true, "public_name": "Забота о клиентах"});
    let line = site.admin.patch(&format!("/lines/{}", site.line), change).await.ok();
    assert_eq!(line["hide_operators"], true);
    assert_eq!(author().await, json!({"name": "Забота о клиентах", "avatar_color": 0}));
    let seen = site.only_conversation().await;
    let answer = seen["messages"]["items"].as_array().unwrap().iter().find(|item| item["kind"] == "outbound").unwrap();
    assert_eq!(answer["author"]["name"], "Администратор", "colleagues know who it was");
}
