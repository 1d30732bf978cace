//! The block list and the spam mark.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::mail_intake::mail;
use crate::site_chat::Site;

async fn block(site: &Site, kind: &str, pattern: &str, allow: bool) -> Value {
    let rule = json!({"kind": kind, "pattern": pattern, "allow": allow, "note": "тест"});
    site.admin.post("/blocks", rule).await.expect(201)
}

async fn hits(site: &Site) -> Vec<i64> {
    let items = site.admin.get("/blocks").await.expect(200)["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["hits"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn blocked_mail_is_on_the_ledger_and_in_no_conversation() {
    let site = Site::new(json!({})).await;
    block(&site, "email", "@spam.test", false).await;
    let deliver = async |id: &str, from: &str| {
        let raw = mail(id, from, "Предложение", "", "Купите слона.");
        email::deliver(&site.test.app, "SUPPORT", raw.into_bytes().into()).await.unwrap()
    };
    let blocked = deliver("1@spam.test", "robot@spam.test").await;
    assert_eq!(blocked.outcome, email::Outcome::Blocked);
    assert_eq!(deliver("2@client.ru", "ivan@client.ru").await.outcome, email::Outcome::Accepted);
    assert_eq!(site.conversations().await.len(), 1);
    assert_eq!(hits(&site).await, [1]);

    block(&site, "email", "good@spam.test", true).await;
    assert_eq!(deliver("3@spam.test", "good@spam.test").await.outcome, email::Outcome::Accepted, "allow beats block");
    block(&site, "term", "казино", false).await;
    let raw = mail("4@client.ru", "petr@client.ru", "Привет", "", "Лучшее КАЗИНО города");
    let taken = email::deliver(&site.test.app, "SUPPORT", raw.into_bytes().into()).await.unwrap();
    assert_eq!(taken.outcome, email::Outcome::Blocked);
}

#[tokio::test]
async fn a_blocked_visitor_cannot_write() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    visitor.say("Пока можно").await;
    let rule = block(&site, "term", "спам", false).await;
    let spam = json!({"client_id": Uuid::new_v4(), "text": "Вот вам СПАМ"});
    visitor.post("/messages", spam.clone()).await.problem(403, "blocked");
    visitor.say("Обычные слова").await;
    site.admin.delete(&format!("/blocks/{}", rule["id"].as_str().unwrap())).await.expect(204);
    visitor.post("/messages", spam).await.expect(201);

    block(&site, "address", "127.0.0.0/8", false).await;
    let message = json!({"client_id": Uuid::new_v4(), "text": "Ещё"});
    visitor.post("/messages", message.clone()).await.problem(403, "blocked");
    site.test.anonymous().post(&site.path("/visitors"), json!({})).await.problem(403, "blocked");
    block(&site, "address", "127.0.0.1", true).await;
    visitor.post("/messages", message).await.expect(201);
    block(&site, "email", "*@spam.test", false).await;
    let fields = json!({"client_id": Uuid::new_v4(), "text": "Ещё", "fields": {"email": "a@spam.test"}});
    visitor.post("/messages", fields).await.expect(201);
    assert_eq!(site.conversations().await.len(), 1);
}

#[tokio::test]
async fn spam_leaves_the_lists_and_its_sender_stays_out() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    visitor.say("Купите слона").await;
    let conversation = site.only_conversation().await;
    let path = format!("/conversations/{}", conversation["id"].as_str().unwrap());
    let marked = site.admin.post(&format!("{path}/spam"), json!({"block_sender": true})).await.expect(200);
    assert_eq!(marked["status"], "spam");
    assert_eq!(site.conversations().await.len(), 0);
    visitor.post("/messages", json!({"client_id": Uuid::new_v4(), "text": "И ещё"})).await.problem(403, "blocked");
    assert_eq!(site.admin.post(&format!("{path}/not-spam"), json!({})).await.expect(200)["status"], "open");
    assert_eq!(site.conversations().await.len(), 1);
    site.admin.post(&format!("{path}/spam"), json!({"block_sender": true})).await.expect(200);
    assert_eq!(hits(&site).await, [1], "the rule is there once");
}

#[tokio::test]
async fn a_rule_that_says_nothing_or_is_there_is_refused() {
    let site = Site::new(json!({})).await;
    let add =
        async |kind: &str, pattern: &str| site.admin.post("/blocks", json!({"kind": kind, "pattern": pattern})).await;
    add("email", "*").await.invalid("pattern", "bad_pattern");
    add("address", "300.1.1.1").await.invalid("pattern", "bad_pattern");
    add("phone", "8 (912) 345-67-89").await.expect(201);
    add("phone", "+79123456789").await.problem(409, "exists");
}
