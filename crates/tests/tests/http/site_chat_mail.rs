//! When a visitor has left, answers go to his mail, once, and his reply goes on with the same conversation.

use chrono::Duration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::mail_intake::mail;
use crate::mail_sending::FakeSmtp;
use crate::site_chat::{Site, Visitor};

async fn site_with_mailbox(settings: Value) -> (Site, FakeSmtp) {
    let (site, smtp) = (Site::new(settings).await, FakeSmtp::start().await);
    let mailbox = json!({
        "line_id": site.line, "address": "support@desk.test", "from_name": "Поддержка",
        "imap": {"host": "127.0.0.1", "port": 1},
        "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none", "login": ""}, "password": "x",
    });
    site.admin.post("/mailboxes", mailbox).await.expect(201);
    (site, smtp)
}

async fn visitor_with_email(site: &Site) -> Visitor {
    let visitor = site.visitor().await;
    let message = json!({"client_id": Uuid::new_v4(), "text": "Вопрос", "fields": {"email": "anna@client.example", "name": "Анна"}});
    visitor.post("/messages", message).await.expect(201);
    visitor
}

async fn pass(site: &Site, minutes: i64) {
    site.test.advance(Duration::minutes(minutes));
    site.test.run_jobs().await;
    site.test.advance(Duration::seconds(30));
    site.test.run_jobs().await;
}

#[tokio::test]
async fn an_answer_that_was_not_seen_goes_by_mail_once() {
    let (site, smtp) = site_with_mailbox(json!({"mail_after_minutes": 5})).await;
    let visitor = visitor_with_email(&site).await;
    let conversation = site.only_conversation().await;
    site.answer(&conversation, "<p>Первый ответ</p>").await;
    site.answer(&conversation, "<p>Второй ответ</p>").await;
    pass(&site, 3).await;
    assert_eq!(smtp.letters().len(), 0, "it is too early");
    pass(&site, 4).await;
    pass(&site, 10).await;
    let letters = smtp.letters();
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].text.contains("Первый ответ") && letters[0].text.contains("Второй ответ"),
        "{}",
        letters[0].text
    );
    assert_eq!(visitor.texts().await, ["Вопрос", "Первый ответ", "Второй ответ"], "the chat shows no copy");

    let id = letters[0].message_id.clone().unwrap();
    let more = format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
    let reply = mail("r1@client.example", "Анна <anna@client.example>", "Re: Вопрос", &more, "Спасибо, вижу.");
    let taken = email::deliver(&site.test.app, "SUPPORT", reply.into_bytes().into()).await.unwrap();
    assert_eq!(json!(taken.conversation_id.unwrap()), conversation["id"]);
    let shown = site.only_conversation().await;
    assert_eq!(shown["channel"], "email", "the conversation goes on by mail");
    let replied =
        shown["messages"]["items"].as_array().unwrap().iter().rfind(|item| item["type"] == "message").unwrap().clone();
    assert_eq!(replied["author"]["id"], shown["contact"]["id"], "it is the same person");
    visitor.say("Я вернулась").await;
    assert_eq!(site.only_conversation().await["channel"], "chat");
}

#[tokio::test]
async fn an_answer_by_mail_is_in_the_chat_when_the_visitor_returns() {
    let (site, smtp) = site_with_mailbox(json!({"mail_after_minutes": 5})).await;
    let visitor = visitor_with_email(&site).await;
    let other = site.visitor().await;
    other.say("Другой вопрос").await;
    let all = site.conversations().await;
    let asked = all.iter().find(|one| one["subject"] == "Вопрос").unwrap();
    let path = format!("/conversations/{}/messages", asked["id"].as_str().unwrap());
    let write = async |html: &str, address: &str| {
        let letter = json!({"kind": "outbound", "html": html, "route_key": format!("email:{address}")});
        site.admin.post(&path, letter).await.expect(201)
    };
    write("<p>Ответ письмом</p>", "anna@client.example").await;
    site.test.run_jobs().await;
    assert_eq!(visitor.texts().await, ["Вопрос"], "until it has left it can be taken back");
    pass(&site, 1).await;
    assert_eq!(smtp.letters().len(), 1);
    let page = visitor.page().await;
    let shown: Vec<(&str, bool)> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["text"].as_str().unwrap(), item["by_mail"].as_bool().unwrap()))
        .collect();
    assert_eq!(shown, [("Вопрос", false), ("Ответ письмом", true)]);
    assert_eq!((&page["items"][1]["from"], &page["items"][1]["state"]), (&json!("operator"), &json!("sent")));

    write("<p>Только юристу</p>", "lawyer@client.example").await;
    pass(&site, 1).await;
    assert_eq!(smtp.letters().len(), 2);
    assert_eq!(visitor.texts().await, ["Вопрос", "Ответ письмом"], "what another got is not his");
    assert_eq!(other.texts().await, ["Другой вопрос"]);
}

#[tokio::test]
async fn what_was_seen_stays_in_the_chat() {
    let (site, smtp) = site_with_mailbox(json!({"mail_after_minutes": 5})).await;
    let visitor = visitor_with_email(&site).await;
    let conversation = site.only_conversation().await;
    let answer = site.answer(&conversation, "<p>Ответ</p>").await;
    visitor.post("/read", json!({"up_to": answer["id"]})).await.expect(204);
    pass(&site, 30).await;
    assert_eq!(smtp.letters().len(), 0);
}

#[tokio::test]
async fn an_address_left_later_is_used_too() {
    let (site, smtp) = site_with_mailbox(json!({"mail_after_minutes": 1})).await;
    let visitor = site.visitor().await;
    visitor.say("Вопрос").await;
    let conversation = site.only_conversation().await;
    site.answer(&conversation, "<p>Ответ</p>").await;
    pass(&site, 5).await;
    assert_eq!(smtp.letters().len(), 0, "there is no address");
    visitor.post("/email", json!({"email": "не почта"})).await.invalid("email", "bad_address");
    visitor.post("/email", json!({"email": "anna@client.example"})).await.expect(204);
    pass(&site, 1).await;
    assert_eq!(smtp.letters()[0].to[0].address, "anna@client.example");
}
