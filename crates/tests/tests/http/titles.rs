//! What conversations are called by the template of their line, and who gets copies of a letter.

use chrono::Duration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::mail_intake::mail;
use crate::mail_sending::FakeSmtp;
use crate::site_chat::Site;

async fn site_with_mailbox() -> (Site, FakeSmtp) {
    let (site, smtp) = (Site::new(json!({})).await, FakeSmtp::start().await);
    let mailbox = json!({
        "line_id": site.line, "address": "support@desk.test", "from_name": "Поддержка",
        "imap": {"host": "127.0.0.1", "port": 1},
        "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none", "login": ""}, "password": "x",
    });
    site.admin.post("/mailboxes", mailbox).await.expect(201);
    (site, smtp)
}

async fn deliver(site: &Site, raw: String) -> String {
    let taken = email::deliver(&site.test.app, "SUPPORT", raw.into_bytes().into()).await.unwrap();
    taken.conversation_id.unwrap().to_string()
}

async fn opened(site: &Site, id: &str) -> Value {
    site.admin.get(&format!("/conversations/{id}")).await.expect(200)
}

/// Answers by mail; gives back the letter that left.
async fn answer(site: &Site, smtp: &FakeSmtp, id: &str, more: Value) -> ::mail::Message {
    let mut body = json!({"kind": "outbound", "html": "<p>Ответ</p>"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let before = smtp.letters().len();
    site.admin.post(&format!("/conversations/{id}/messages"), body).await.expect(201);
    site.test.advance(Duration::seconds(6));
    site.test.run_jobs().await;
    let letters = smtp.letters();
    assert_eq!(letters.len(), before + 1);
    letters.last().unwrap().clone()
}

#[tokio::test]
async fn a_conversation_is_called_by_the_template_of_its_line() {
    let (site, smtp) = site_with_mailbox().await;
    let line = format!("/lines/{}", site.line);
    let patch = async |title: &str| site.admin.patch(&line, json!({"name": "Чай", "conversation_title": title})).await;
    patch(&"х".repeat(201)).await.invalid("conversation_title", "too_long");
    assert_eq!(
        patch("{{line}} – {{client}} –  {{date}}").await.expect(200)["conversation_title"],
        "{{line}} – {{client}} – {{date}}"
    );
    let today = (site.test.now() + Duration::hours(3)).format("%d.%m.%Y").to_string();

    let visitor = site.visitor().await;
    let first =
        json!({"client_id": Uuid::new_v4(), "text": "Вопрос", "fields": {"email": "a@client.ru", "name": "Анна"}});
    visitor.post("/messages", first).await.expect(201);
    assert_eq!(site.only_conversation().await["subject"], format!("Чай – Анна – {today}"));

    patch("{{channel}}: {{subject}} {{nubmer}}").await.expect(200);
    let id = deliver(&site, mail("1@client.ru", "Иван <ivan@client.ru>", "Счёт 7", "", "Где счёт?")).await;
    assert_eq!(opened(&site, &id).await["subject"], "Почта: Счёт 7 {{nubmer}}", "a misspelt one is seen");
    let letter = answer(&site, &smtp, &id, json!({})).await;
    assert_eq!(letter.subject, "Re: Счёт 7", "the client reads his own subject");
    let renamed = json!({"subject": "Счёт за чай"});
    site.admin.patch(&format!("/conversations/{id}"), renamed).await.expect(200);
    assert_eq!(opened(&site, &id).await["subject"], "Счёт за чай");

    let letter = json!({"line_id": site.line, "to": [{"address": "petr@client.ru"}], "subject": "Договор", "html": "<p>Вот</p>"});
    let named = site.admin.post("/conversations", letter).await.expect(201);
    assert_eq!(named["subject"], "Договор", "whoever names it himself is not asked for the template");
    patch("").await.expect(200);
    let id = deliver(&site, mail("2@client.ru", "ivan@client.ru", "Счёт 8", "", "И этот?")).await;
    assert_eq!(opened(&site, &id).await["subject"], "Счёт 8");
}

#[tokio::test]
async fn copies_are_added_and_taken_away_for_all_next_answers() {
    let (site, smtp) = site_with_mailbox().await;
    let copied = |letter: &::mail::Message| -> Vec<String> {
        let mut all: Vec<String> = letter.cc.iter().map(|one| one.address.clone()).collect();
        all.sort();
        all
    };
    let cc = "Cc: buh@client.ru, boss@client.ru\r\n";
    let id = deliver(&site, mail("1@client.ru", "Анна <anna@client.ru>", "Счёт", cc, "Где счёт?")).await;
    let letter = answer(&site, &smtp, &id, json!({})).await;
    assert_eq!(letter.to[0].address, "anna@client.ru");
    assert_eq!(copied(&letter), ["boss@client.ru", "buh@client.ru"]);
    let changed = json!({"cc": [{"address": "boss@client.ru"}, {"address": "lawyer@client.ru"}]});
    let letter = answer(&site, &smtp, &id, changed).await;
    assert_eq!(copied(&letter), ["boss@client.ru", "lawyer@client.ru"]);
    let letter = answer(&site, &smtp, &id, json!({})).await;
    assert_eq!(
        (letter.to.len(), copied(&letter)),
        (1, vec!["boss@client.ru".to_owned(), "lawyer@client.ru".to_owned()])
    );
    assert_eq!(letter.to[0].address, "anna@client.ru", "the client stays whom it is with");
    let history = opened(&site, &id).await["messages"]["items"].clone();
    let history = history.as_array().unwrap();
    let event = history.iter().find(|item| item["kind"] == "participants_changed").unwrap();
    assert_eq!(event["data"]["removed"], json!(["buh@client.ru"]));

    // The client brings somebody in.
    let reference = letter.message_id.clone().unwrap();
    let more = format!(
        "In-Reply-To: <{reference}>\r\nReferences: <{reference}>\r\nCc: expert@client.ru, support@desk.test\r\n"
    );
    assert_eq!(
        deliver(&site, mail("2@client.ru", "Анна <anna@client.ru>", "Re: Счёт", &more, "Вот эксперт")).await,
        id
    );
    let letter = answer(&site, &smtp, &id, json!({})).await;
    assert_eq!(copied(&letter), ["boss@client.ru", "expert@client.ru", "lawyer@client.ru"], "but never ourselves");
}
