//! API tokens.

use chrono::Duration;
use serde_json::{Value, json};
use tests::{Client, TestApp};

async fn make(client: &Client, body: Value) -> (String, String) {
    let made = client.post("/tokens", body).await.expect(201);
    (made["token"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_token_acts_with_what_both_it_and_its_owner_may() {
    let app = TestApp::new().await;
    let (support, sales) = (app.line("SUPPORT").await, app.line("SALES").await);
    let admin = app.admin().await;
    let (_, secret) = make(&admin, json!({"name": "учёт", "scopes": ["users.manage"]})).await;
    assert!(secret.starts_with("otk_") && secret.len() == 47, "{secret}");
    let robot = app.anonymous().with_token(&secret);
    assert_eq!(robot.get("/me").await.ok()["permissions"], json!(["users.manage"]));
    robot.get("/users").await.ok();
    robot.get("/jobs").await.problem(403, "forbidden");
    assert_eq!(robot.get("/lines").await.ok()["items"], json!([]), "lines.all was not given to it");

    let (_, secret) = make(&admin, json!({"name": "линии", "scopes": ["lines.all"]})).await;
    assert_eq!(app.anonymous().with_token(&secret).get("/lines").await.ok()["items"].as_array().unwrap().len(), 2);

    let anna = app.operator("anna@otklik.test", &[support]).await;
    let (_, secret) = make(&anna, json!({"name": "робот", "scopes": ["conversations.view", "tokens.own"]})).await;
    let robot = app.anonymous().with_token(&secret);
    robot.get(&format!("/lines/{support}")).await.ok();
    robot.get(&format!("/lines/{sales}")).await.expect(404);
    let wider = json!({"name": "шире", "scopes": ["conversations.reply"]});
    robot.post("/tokens", wider).await.invalid("scopes[0]", "bad_scope");
    let viewer = admin.get("/roles").await.ok()["items"][0]["id"].clone();
    admin.patch(&format!("/users/{}", anna.user_id()), json!({"role_id": viewer})).await.ok();
    assert_eq!(robot.get("/me").await.ok()["permissions"], json!([]), "a token shrinks with its owner");
}

#[tokio::test]
async fn a_token_needs_no_origin_and_ends_when_it_expires_or_is_revoked() {
    let app = TestApp::new().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let expires_at = app.now() + Duration::hours(1);
    let (_, secret) =
        make(&anna, json!({"name": "на час", "scopes": ["conversations.view"], "expires_at": expires_at})).await;
    let robot = app.anonymous().with_token(&secret).with_header("origin", "https://elsewhere.example");
    robot.patch("/me", json!({"name": "Анна"})).await.ok();
    app.advance(Duration::hours(1));
    robot.get("/me").await.problem(401, "unauthenticated");

    let (id, secret) = make(&anna, json!({"name": "до отзыва", "scopes": ["conversations.view"]})).await;
    let robot = app.anonymous().with_token(&secret);
    robot.get("/me").await.ok();
    let boris = app.operator("boris@otklik.test", &[]).await;
    boris.delete(&format!("/tokens/{id}")).await.problem(404, "not_found");
    assert_eq!(boris.get("/tokens").await.ok()["items"], json!([]));
    anna.delete(&format!("/tokens/{id}")).await.expect(204);
    robot.get("/me").await.problem(401, "unauthenticated");
    app.anonymous().with_token("otk_nonsense").get("/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_list_tells_tokens_apart_without_their_secrets() {
    let app = TestApp::new().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let (_, secret) =
        make(&anna, json!({"name": " мой  робот ", "scopes": ["contacts.view", "conversations.view"]})).await;
    app.anonymous().with_token(&secret).get("/me").await.ok();
    let mut listed = anna.get("/tokens").await.ok()["items"][0].clone();
    for _ in 0..200 {
        if !listed["last_used_at"].is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        listed = anna.get("/tokens").await.ok()["items"][0].clone();
    }
    assert_eq!(listed["name"], "мой робот");
    assert_eq!(listed["prefix"].as_str(), secret.get(..10));
    assert_eq!(listed["scopes"], json!(["conversations.view", "contacts.view"]));
    assert_eq!(listed["user"]["name"], "anna");
    assert_eq!(listed["last_used_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), app.now());
    assert!(!listed.to_string().contains(&secret));
}

#[tokio::test]
async fn wrong_tokens_name_the_field() {
    let app = TestApp::new().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let wrong = async |body: Value, field: &str, code: &str| anna.post("/tokens", body).await.invalid(field, code);
    wrong(json!({"name": "", "scopes": ["contacts.view"]}), "name", "required").await;
    wrong(json!({"name": "а", "scopes": []}), "scopes", "required").await;
    wrong(json!({"name": "а", "scopes": ["contacts.view", "users.manage"]}), "scopes[1]", "bad_scope").await;
    wrong(json!({"name": "а", "scopes": ["nonsense"]}), "scopes[0]", "bad_scope").await;
    wrong(json!({"name": "а", "scopes": ["contacts.view"], "expires_at": app.now()}), "expires_at", "in_the_past")
        .await;
    wrong(json!({"name": "а", "scopes": ["contacts.view"], "expires_at": "завтра"}), "expires_at", "unreadable").await;
}

#[tokio::test]
async fn a_repeated_request_tells_the_same_secret_and_keeps_it_sealed() {
    use sea_orm::ConnectionTrait;
    let app = TestApp::new().await;
    let anna = app.operator("anna@otklik.test", &[]).await.with_header("idempotency-key", "once");
    let body = json!({"name": "робот", "scopes": ["contacts.view"]});
    let first = anna.post("/tokens", body.clone()).await.expect(201);
    assert_eq!(anna.post("/tokens", body).await.expect(201), first);
    let read = app.app.db.read();
    let kept =
        read.query_one_raw(db::dialect::statement(read, "select answer from idempotency", [])).await.unwrap().unwrap();
    let kept: String = kept.try_get_by_index(0).unwrap();
    assert!(!kept.contains(first["secret"].as_str().unwrap()));
}
