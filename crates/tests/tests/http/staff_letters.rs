//! What is told to staff by mail: to whoever has not read it, or at once when a policy orders it.

use base::UserId;
use serde_json::{Value, json};
use tests::Client;

use crate::mail_sending::Desk;
use crate::promises::follow;

/// Wants letters of this kind.
async fn wants_letters(client: &Client, kind: &str) {
    let ways = json!({"kind": kind, "feed": true, "sound": null, "desktop": false, "push": false, "mail": true});
    client.put("/notifications/preferences", json!({"kinds": [ways], "quiet": null})).await.ok();
}

async fn give(desk: &Desk, to: UserId) {
    let path = format!("/conversations/{}/assignee", desk.conversation);
    desk.admin.put(&path, json!({"user_id": to})).await.ok();
    desk.pass(0).await;
}

#[tokio::test]
async fn who_has_not_read_it_gets_a_letter_and_who_has_gets_none() {
    let desk = Desk::new().await;
    let anna = desk.test.operator("anna@otklik.test", &[desk.line]).await;
    let boris = desk.test.operator("boris@otklik.test", &[desk.line]).await;
    for client in [&anna, &boris] {
        wants_letters(client, "assigned").await;
    }
    give(&desk, anna.user_id()).await;
    desk.pass(60).await;
    assert_eq!(desk.smtp.letters().len(), 0, "there is time to read it");
    anna.post("/notifications/read", json!({})).await.expect(204);
    desk.pass(120).await;
    assert_eq!(desk.smtp.letters().len(), 0, "it was read");

    give(&desk, boris.user_id()).await;
    desk.pass(121).await;
    desk.pass(600).await;
    let letters = desk.smtp.letters();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(letter.to[0].address, "boris@otklik.test");
    assert_eq!(letter.from.as_ref().unwrap().address, "support@desk.test");
    assert!(letter.auto_reply, "no program answers it");
    assert!(letter.subject.contains("Счёт") && letter.subject.contains("назначает"), "{}", letter.subject);
    assert!(letter.text.contains(&format!("/c/open/{}", desk.conversation)), "{}", letter.text);
    assert!(letter.text.contains("/settings/notifications"), "{}", letter.text);
}

#[tokio::test]
async fn a_step_of_a_policy_writes_at_once_whatever_the_person_has_chosen() {
    let desk = Desk::new().await;
    let boris = desk.test.operator("boris@otklik.test", &[desk.line]).await;
    // The letter of before is promised nothing.
    follow(&desk.test).await;
    let step = |tell: &[UserId]| json!({"after_seconds": 0, "tell": tell, "by_mail": true, "priority": "high"});
    let policy = |step: Value| json!({"name": "Стандарт", "definition": {"norms": {"reply_seconds": 600, "reaction_seconds": 600}, "steps": [step]}});
    let refused = desk.admin.post("/sla-policies", policy(step(&[]))).await;
    assert_eq!(refused.expect(422)["errors"][0]["field"], "definition.steps[0].by_mail", "there is nobody to write to");
    let made = desk.admin.post("/sla-policies", policy(step(&[boris.user_id()]))).await.expect(201);
    let path = format!("/lines/{}/sla", desk.line);
    desk.admin.put(&path, json!({"policy_id": made["id"]})).await.ok();
    let raw = crate::mail_intake::mail("2@client.ru", "Ольга <olga@client.ru>", "Возврат", "", "Верните деньги.");
    email::deliver(&desk.test.app, "SUPPORT", raw.into_bytes().into()).await.unwrap();
    desk.pass(1).await;
    follow(&desk.test).await;
    desk.pass(599).await;
    follow(&desk.test).await;
    desk.pass(1).await;
    let letters = desk.smtp.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to[0].address, "boris@otklik.test");
    assert!(letters[0].subject.contains("Возврат"), "{}", letters[0].subject);
}

#[tokio::test]
async fn without_a_mailbox_the_administrator_sees_the_letter_that_waits() {
    let desk = Desk::new().await;
    let boris = desk.test.operator("boris@otklik.test", &[desk.line]).await;
    wants_letters(&boris, "assigned").await;
    let mailboxes = desk.admin.get("/mailboxes").await.expect(200);
    desk.admin.delete(&format!("/mailboxes/{}", mailboxes["items"][0]["id"].as_str().unwrap())).await.expect(204);
    give(&desk, boris.user_id()).await;
    desk.pass(121).await;
    let failed = desk.admin.get("/jobs?state=failed").await.expect(200);
    let jobs = failed["items"].as_array().unwrap();
    let letter = jobs.iter().find(|job| job["kind"] == "email.send_staff_letter").expect("it is seen");
    assert!(letter["last_error"].as_str().unwrap().contains("no enabled mailbox"), "{letter}");
}
