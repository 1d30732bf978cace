//! Mailboxes as an administrator sees them.

use serde_json::{Value, json};
use tests::TestApp;

fn new_mailbox(line: base::LineId) -> Value {
    json!({
        "line_id": line,
        "name": "Поддержка",
        "address": "Support@Desk.test",
        "preset": "custom",
        "imap": {"host": "imap.desk.test", "port": 993, "security": "tls", "login": "support"},
        "smtp": {"host": "smtp.desk.test", "port": 465, "security": "tls"},
        "auth": "password",
        "password": "тайна",
    })
}

#[tokio::test]
async fn a_mailbox_is_connected_changed_and_taken_away() {
    let test = TestApp::new().await;
    let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
    let made = admin.post("/mailboxes", new_mailbox(line)).await.expect(201);
    assert_eq!(made["address"], "support@desk.test");
    assert_eq!(made["state"], "connecting");
    assert_eq!(made["has_secret"], true);
    assert_eq!(made["smtp"]["login"], "support");
    assert_eq!(
        made["ledger"],
        json!({"accepted": 0, "duplicate": 0, "automatic": 0, "quarantined": 0, "blocked": 0, "total": 0, "left_alone": 0, "server_total": null})
    );
    assert!(!made.to_string().contains("тайна"));
    let id = made["id"].as_str().unwrap();
    let changed =
        admin.patch(&format!("/mailboxes/{id}"), json!({"name": "Первая линия", "enabled": false})).await.expect(200);
    assert_eq!((&changed["name"], &changed["state"]), (&json!("Первая линия"), &json!("disabled")));
    assert_eq!(changed["has_secret"], true);
    let restarted = admin.patch(&format!("/mailboxes/{id}"), json!({"enabled": true})).await.expect(200);
    assert_eq!(restarted["state"], "connecting");
    admin.post(&format!("/mailboxes/{id}/restart"), json!({})).await.expect(200);
    admin.post(&format!("/mailboxes/{id}/check-now"), json!({})).await.expect(202);
    assert_eq!(admin.get(&format!("/mailboxes?line={line}")).await.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(admin.get(&format!("/mailboxes/{id}/ledger")).await.expect(200), json!({"items": [], "next": null}));
    admin.delete(&format!("/mailboxes/{id}")).await.expect(204);
    admin.get(&format!("/mailboxes/{id}")).await.problem(404, "not_found");
    admin.post("/mailboxes", new_mailbox(line)).await.expect(201);
}

#[tokio::test]
async fn one_account_belongs_to_one_line() {
    let test = TestApp::new().await;
    let (admin, line, other) = (test.admin().await, test.line("SUPPORT").await, test.line("SALES").await);
    admin.post("/mailboxes", new_mailbox(line)).await.expect(201);
    admin.post("/mailboxes", new_mailbox(other)).await.invalid("imap.login", "already_connected");
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let test = TestApp::new().await;
    let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
    let cases = [
        (json!({"address": "support"}), "address", "bad_address"),
        (json!({"imap": {"host": ""}}), "imap.host", "required"),
        (json!({"imap": {"host": "https://imap.ru/"}}), "imap.host", "bad_host"),
        (json!({"smtp": {"host": "smtp.ru", "port": 70000}}), "smtp.port", "bad_port"),
        (json!({"password": null}), "password", "required"),
        (
            json!({"auth": "oauth2", "oauth": {"client_id": "", "token_url": "https://x.ru/t", "refresh_token": "r"}}),
            "oauth.client_id",
            "required",
        ),
        (
            json!({"auth": "oauth2", "oauth": {"client_id": "c", "token_url": "http://x.ru/t", "refresh_token": "r"}}),
            "oauth.token_url",
            "bad_url",
        ),
        (
            json!({"auth": "oauth2", "oauth": {"client_id": "c", "token_url": "https://x.ru/t"}}),
            "oauth.refresh_token",
            "required",
        ),
        (json!({"poll_seconds": 1}), "poll_seconds", "out_of_range"),
        (json!({"line_id": base::LineId(test.app.new_id())}), "line_id", "unknown_line"),
        (json!({"group_id": base::GroupId(test.app.new_id())}), "group_id", "group_not_on_line"),
    ];
    for (change, field, code) in cases {
        let mut body = new_mailbox(line);
        for (key, value) in change.as_object().unwrap() {
            body[key] = value.clone();
        }
        admin.post("/mailboxes", body).await.invalid(field, code);
    }
}

#[tokio::test]
async fn presets_tell_what_to_switch_on() {
    let test = TestApp::new().await;
    let admin = test.admin().await;
    let items = admin.get("/mailboxes/presets").await.expect(200)["items"].clone();
    let keys: Vec<&str> = items.as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["yandex", "mailru", "gmail", "microsoft365", "custom"]);
    assert!(items[0]["hint"].as_str().unwrap().contains("пароль приложения"));
}

#[tokio::test]
async fn a_test_says_in_plain_words_what_is_wrong() {
    let test = TestApp::new().await;
    let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
    let mut body = new_mailbox(line);
    body["imap"] = json!({"host": "no-such-host.invalid"});
    body["smtp"] = json!({"host": "127.0.0.1", "port": 1});
    let result = admin.post("/mailboxes/test", body).await.expect(200);
    assert_eq!(result["ok"], false);
    assert_eq!(result["imap"]["step"], "resolve");
    assert!(result["imap"]["message"].as_str().unwrap().contains("не найден"));
    assert_eq!(result["smtp"]["step"], "connect");
    assert!(result["smtp"]["message"].as_str().unwrap().contains("отказал в соединении"));
}

#[tokio::test]
async fn operators_do_not_manage_mailboxes() {
    let test = TestApp::new().await;
    let line = test.line("SUPPORT").await;
    let operator = test.operator("anna@desk.test", &[line]).await;
    operator.get("/mailboxes").await.problem(403, "forbidden");
    operator.get("/quarantine").await.problem(403, "forbidden");
}
