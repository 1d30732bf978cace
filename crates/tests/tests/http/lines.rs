//! Lines: who sees them, what they hold.

use serde_json::{Value, json};
use tests::TestApp;

#[tokio::test]
async fn an_operator_sees_the_lines_of_his_groups_only() {
    let app = TestApp::new().await;
    let (support, sales) = (app.line("SUPPORT").await, app.line("SALES").await);
    let anna = app.operator("anna@otklik.test", &[support]).await;

    let lines = anna.get("/lines").await.ok();
    assert_eq!(lines["items"].as_array().unwrap().len(), 1, "{lines}");
    assert_eq!(lines["items"][0]["key"], "SUPPORT");
    assert_eq!(anna.get("/me").await.ok()["lines"], json!([{"id": support, "key": "SUPPORT", "name": "SUPPORT"}]));
    anna.get(&format!("/lines/{sales}")).await.problem(404, "not_found");

    let group = app.serve(anna.user_id(), sales).await;
    assert_eq!(anna.get(&format!("/lines/{sales}")).await.ok()["key"], "SALES", "from the next request on");
    let admin = app.admin().await;
    admin.patch(&format!("/groups/{group}"), json!({"member_ids": []})).await.ok();
    anna.get(&format!("/lines/{sales}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn supervisors_and_readers_see_the_line_too() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let line = app.line("SUPPORT").await;
    for (email, part) in [("s@otklik.test", "supervisor_group_ids"), ("r@otklik.test", "reader_group_ids")] {
        let person = app.operator(email, &[]).await;
        person.get(&format!("/lines/{line}")).await.expect(404);
        let group = admin.post("/groups", json!({"name": part, "member_ids": [person.user_id()]})).await.expect(201);
        admin.patch(&format!("/lines/{line}"), json!({part: [group["id"]]})).await.ok();
        person.get(&format!("/lines/{line}")).await.ok();
    }
    let line = admin.get(&format!("/lines/{line}")).await.ok();
    assert_eq!(line["supervisor_groups"][0]["name"], "supervisor_group_ids");
    assert_eq!(line["reader_groups"][0]["name"], "reader_group_ids");
    assert_eq!(line["operator_groups"], json!([]));
}

#[tokio::test]
async fn a_line_is_made_with_its_texts_and_groups() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let group = admin.post("/groups", json!({"name": "Первая"})).await.expect(201);
    let new = json!({
        "key": "HELP-1", "name": "Помощь", "description": "Всё подряд", "kind": "internal", "operator_group_ids": [group["id"]],
        "signature_html": "<p style=\"color:red;position:fixed\" onclick=\"x()\">{{operator}}<script>alert(1)</script><img src=\"http://x/y\"></p>",
        "auto_reply": {"enabled": true, "subject": "Принято:\r\n {{number}}", "text": "Здравствуйте, {{client}}!"},
    });
    let line = admin.post("/lines", new).await.expect(201);
    assert_eq!(
        (&line["key"], &line["public_name"], &line["kind"]),
        (&json!("HELP-1"), &json!("Помощь"), &json!("internal"))
    );
    assert_eq!(line["signature_html"], "<p style=\"color:red\">{{operator}}</p>");
    assert_eq!(
        line["auto_reply"],
        json!({"enabled": true, "subject": "Принято: {{number}}", "text": "Здравствуйте, {{client}}!"})
    );
    assert_eq!(line["operator_groups"], json!([{"id": group["id"], "name": "Первая"}]));
    let path = format!("/lines/{}", line["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.ok(), line);

    let changed = admin.patch(&path, json!({"name": "Поддержка", "auto_reply": {"enabled": false}})).await.ok();
    assert_eq!((&changed["name"], &changed["public_name"]), (&json!("Поддержка"), &json!("Помощь")));
    assert_eq!(changed["auto_reply"], json!({"enabled": false, "subject": "", "text": ""}));
    assert_eq!(changed["operator_groups"], line["operator_groups"]);
}

#[tokio::test]
async fn wrong_lines_name_the_field() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    app.line("TAKEN").await;
    let wrong = async |change: Value, field: &str, code: &str| {
        let mut body = json!({"key": "NEW", "name": "Новая"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        admin.post("/lines", body).await.invalid(field, code);
    };
    wrong(json!({"key": "support"}), "key", "bad_key").await;
    wrong(json!({"key": "ЛИНИЯ"}), "key", "bad_key").await;
    wrong(json!({"key": ""}), "key", "bad_key").await;
    wrong(json!({"key": "TAKEN"}), "key", "key_taken").await;
    wrong(json!({"name": ""}), "name", "required").await;
    wrong(json!({"kind": "secret"}), "kind", "unreadable").await;
    wrong(json!({"auto_reply": {"enabled": true}}), "auto_reply.text", "required").await;
    let nobody = "00000000-0000-7000-8000-000000000000";
    wrong(json!({"operator_group_ids": [nobody]}), "operator_group_ids[0]", "unknown").await;
    wrong(json!({"reader_group_ids": ["x"]}), "reader_group_ids[0]", "unreadable").await;
    assert_eq!(
        admin.get("/lines").await.ok()["items"].as_array().unwrap().len(),
        1,
        "nothing is left of a refused line"
    );
}

#[tokio::test]
async fn an_archived_line_leaves_the_list_and_comes_back() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let path = format!("/lines/{}", app.line("OLD").await);
    let count = async |query: &str| admin.get(&format!("/lines{query}")).await.ok()["items"].as_array().unwrap().len();
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.expect(204);
    assert_eq!((count("").await, count("?archived=true").await), (0, 1));
    assert!(admin.get(&path).await.ok()["archived_at"].is_string());
    assert_eq!(admin.get("/me").await.ok()["lines"], json!([]));
    admin.post("/lines", json!({"key": "OLD", "name": "Новая"})).await.invalid("key", "key_taken");

    assert_eq!(admin.post(&format!("{path}/restore"), json!({})).await.ok()["archived_at"], Value::Null);
    assert_eq!(count("").await, 1);
}

#[tokio::test]
async fn settings_keep_what_is_not_named() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let defaults = json!({"company_name": "", "default_locale": "ru", "default_time_zone": "Europe/Moscow"});
    assert_eq!(admin.get("/settings").await.ok(), defaults);
    admin.patch("/settings", json!({"company_name": "Ромашка"})).await.ok();
    let settings = admin.patch("/settings", json!({"default_locale": "en"})).await.ok();
    assert_eq!(
        settings,
        json!({"company_name": "Ромашка", "default_locale": "en", "default_time_zone": "Europe/Moscow"})
    );
    assert_eq!(admin.get("/me").await.ok()["company_name"], "Ромашка");
    admin.patch("/settings", json!({"company_name": ""})).await.invalid("company_name", "required");
    admin
        .patch("/settings", json!({"default_time_zone": "Москва"}))
        .await
        .invalid("default_time_zone", "bad_time_zone");
}
