//! What becomes of mail that comes in: conversations, threading, duplicates, robots, quarantine.

use base::LineId;
use email::Outcome;
use serde_json::{Value, json};
use tests::{Client, TestApp};

/// A desk with one line, and its administrator.
pub struct Desk {
    pub test: TestApp,
    pub admin: Client,
    pub line: LineId,
}

impl Desk {
    pub async fn new() -> Self {
        let test = TestApp::new().await;
        let admin = test.admin().await;
        let line = test.line("SUPPORT").await;
        Desk { test, admin, line }
    }

    /// Hands a mail in as a mail server's pipe does.
    pub async fn deliver(&self, line: &str, mail: impl AsRef<[u8]>) -> email::Taken {
        email::deliver(&self.test.app, line, mail.as_ref().to_vec().into()).await.unwrap()
    }

    pub async fn conversation(&self, taken: &email::Taken) -> Value {
        let id = taken.conversation_id.expect("it is in a conversation");
        self.admin.get(&format!("/conversations/{id}")).await.expect(200)
    }

    /// What the conversation's messages say, oldest first.
    pub async fn texts(&self, taken: &email::Taken) -> Vec<String> {
        let conversation = self.conversation(taken).await;
        let items = conversation["messages"]["items"].as_array().unwrap().clone();
        items
            .iter()
            .filter(|item| item["type"] == "message")
            .map(|item| item["text"].as_str().unwrap().to_owned())
            .collect()
    }

    pub async fn last_message(&self, taken: &email::Taken) -> Value {
        let conversation = self.conversation(taken).await;
        let items = conversation["messages"]["items"].as_array().unwrap().clone();
        items.into_iter().rfind(|item| item["type"] == "message").unwrap()
    }
}

/// A plain mail; `more` are further header lines.
pub fn mail(id: &str, from: &str, subject: &str, more: &str, text: &str) -> String {
    format!(
        "Message-ID: <{id}>\r\nFrom: {from}\r\nTo: support@desk.test\r\nSubject: {subject}\r\n\
         Date: Mon, 23 Nov 2026 09:00:00 +0300\r\n{more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

#[tokio::test]
async fn a_mail_becomes_a_conversation() {
    let desk = Desk::new().await;
    let taken = desk
        .deliver("SUPPORT", mail("1@client.ru", "Иван <ivan@client.ru>", "Не печатает", "", "Принтер молчит."))
        .await;
    assert_eq!(taken.outcome, Outcome::Accepted);
    let conversation = desk.conversation(&taken).await;
    assert_eq!(conversation["subject"], "Не печатает");
    assert_eq!(conversation["channel"], "email");
    assert_eq!(conversation["unread"], true);
    assert_eq!(desk.texts(&taken).await, ["Принтер молчит."]);
    let message = desk.last_message(&taken).await;
    assert_eq!(message["author"]["address"], "ivan@client.ru");
    assert_eq!(message["threading"]["rule"], "new_conversation");
}

#[tokio::test]
async fn the_same_mail_twice_is_one_message() {
    let desk = Desk::new().await;
    let text = mail("1@client.ru", "ivan@client.ru", "Счёт", "", "Пришлите счёт.");
    let first = desk.deliver("SUPPORT", &text).await;
    let copy =
        desk.deliver("SUPPORT", format!("Received: from elsewhere\r\nDelivered-To: sales@desk.test\r\n{text}")).await;
    assert_eq!((copy.outcome, copy.conversation_id), (Outcome::Duplicate, first.conversation_id));
    let other = desk
        .deliver("SUPPORT", mail("1@client.ru", "ivan@client.ru", "Счёт", "", "Тот же номер, другое письмо."))
        .await;
    assert_eq!(other.outcome, Outcome::Accepted, "a reused Message-ID loses nothing");
    assert_eq!(desk.texts(&first).await.len() + if other.conversation_id == first.conversation_id { 0 } else { 1 }, 2);
}

#[tokio::test]
async fn the_same_mail_to_two_lines_is_in_both() {
    let desk = Desk::new().await;
    desk.test.line("SALES").await;
    let text = mail("1@client.ru", "ivan@client.ru", "Счёт", "", "Пришлите счёт.");
    let (support, sales) = (desk.deliver("SUPPORT", &text).await, desk.deliver("sales", &text).await);
    assert_eq!((support.outcome, sales.outcome), (Outcome::Accepted, Outcome::Accepted));
    assert_ne!(support.conversation_id, sales.conversation_id);
}

#[tokio::test]
async fn a_reference_joins_only_for_who_takes_part() {
    let desk = Desk::new().await;
    let first = desk
        .deliver("SUPPORT", mail("1@client.ru", "ivan@client.ru", "Счёт", "Cc: boss@client.ru\r\n", "Первое."))
        .await;
    let refers = "In-Reply-To: <1@client.ru>\r\nReferences: <1@client.ru>\r\n";
    let own = desk.deliver("SUPPORT", mail("2@client.ru", "ivan@client.ru", "Другая тема", refers, "Второе.")).await;
    let boss = desk.deliver("SUPPORT", mail("3@client.ru", "Boss@Client.ru", "Re: Счёт", refers, "Третье.")).await;
    assert_eq!((own.conversation_id, boss.conversation_id), (first.conversation_id, first.conversation_id));
    let stranger =
        desk.deliver("SUPPORT", mail("4@evil.ru", "mallory@evil.ru", "Re: Счёт", refers, "Пришлите мне всё.")).await;
    assert_ne!(stranger.conversation_id, first.conversation_id);
    let why = desk.last_message(&stranger).await["threading"]["explanation"].as_str().unwrap().to_owned();
    assert!(why.contains("mallory@evil.ru") && why.contains("не участвует"), "{why}");
}

#[tokio::test]
async fn quoting_a_number_joins_nothing() {
    let desk = Desk::new().await;
    let first = desk.deliver("SUPPORT", mail("1@client.ru", "ivan@client.ru", "Счёт", "", "Первое.")).await;
    let number = desk.conversation(&first).await["number"].clone();
    let other = desk
        .deliver("SUPPORT", mail("2@evil.ru", "mallory@evil.ru", &format!("Re: [#{number}] Счёт"), "", "Привет"))
        .await;
    assert_ne!(other.conversation_id, first.conversation_id);
}

#[tokio::test]
async fn answers_to_an_unseen_message_find_each_other() {
    let desk = Desk::new().await;
    let refers = "In-Reply-To: <unseen@client.ru>\r\nReferences: <unseen@client.ru>\r\n";
    let first = desk
        .deliver(
            "SUPPORT",
            mail("1@client.ru", "ivan@client.ru", "Re: Счёт", &format!("Cc: olga@client.ru\r\n{refers}"), "Раз."),
        )
        .await;
    let second = desk.deliver("SUPPORT", mail("2@client.ru", "olga@client.ru", "Re: Счёт", refers, "Два.")).await;
    let stranger = desk.deliver("SUPPORT", mail("3@evil.ru", "mallory@evil.ru", "Re: Счёт", refers, "Три.")).await;
    assert_eq!(second.conversation_id, first.conversation_id);
    assert_ne!(stranger.conversation_id, first.conversation_id);
}

#[tokio::test]
async fn an_automatic_answer_reopens_nothing() {
    let desk = Desk::new().await;
    let first = desk.deliver("SUPPORT", mail("1@client.ru", "ivan@client.ru", "Счёт", "", "Первое.")).await;
    let id = first.conversation_id.unwrap();
    desk.admin.post(&format!("/conversations/{id}/close"), json!({})).await.ok();
    let robot = "Auto-Submitted: auto-replied\r\nIn-Reply-To: <1@client.ru>\r\n";
    let away = desk.deliver("SUPPORT", mail("2@client.ru", "ivan@client.ru", "Автоответ", robot, "Я в отпуске.")).await;
    assert_eq!((away.outcome, away.conversation_id), (Outcome::Automatic, first.conversation_id));
    let conversation = desk.conversation(&first).await;
    assert_eq!(conversation["status"], "closed");
    assert_eq!(desk.last_message(&first).await["automatic"], "auto_reply");
}

#[tokio::test]
async fn what_is_no_mail_waits_in_quarantine_and_can_be_worked_through() {
    let desk = Desk::new().await;
    let taken = desk.deliver("SUPPORT", "это вообще не письмо").await;
    assert_eq!(taken.outcome, Outcome::Quarantined);
    let nobody =
        desk.deliver("SUPPORT", "Subject: =?utf-8?B?0J/RgNC40LLQtdGC?=\r\nTo: support@desk.test\r\n\r\nКто я?").await;
    assert_eq!(nobody.outcome, Outcome::Quarantined);
    let items = desk.admin.get("/quarantine").await.expect(200)["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 2);
    assert_eq!(items[0]["subject"], "Привет");
    let id = items[0]["id"].as_str().unwrap().to_owned();
    let shown = desk.admin.get(&format!("/quarantine/{id}")).await.expect(200);
    assert!(shown["raw_preview"].as_str().unwrap().contains("Кто я?"));
    let raw = desk.admin.get(shown["raw_url"].as_str().unwrap()).await;
    assert!(raw.text().ends_with("Кто я?"));
    let again = desk.admin.post(&format!("/quarantine/{id}/retry"), json!({})).await.expect(200);
    assert_eq!(again["outcome"], "quarantined");
    desk.admin
        .post(&format!("/quarantine/{id}/convert"), json!({"from": {"email": "нет"}, "subject": "x", "text": ""}))
        .await
        .invalid("from.email", "bad_address");
    let by_hand = json!({"from": {"email": "ivan@client.ru", "name": "Иван"}, "subject": "Привет", "text": "Кто я?"});
    let made = desk.admin.post(&format!("/quarantine/{id}/convert"), by_hand).await.expect(201);
    let conversation = desk.admin.get(&format!("/conversations/{}", made["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(conversation["contact"]["name"], "Иван");
    let other = items[1]["id"].as_str().unwrap();
    desk.admin.delete(&format!("/quarantine/{other}")).await.expect(204);
    assert_eq!(desk.admin.get("/quarantine").await.expect(200)["items"], json!([]));
    desk.admin.delete(&format!("/quarantine/{other}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn an_acknowledgement_goes_once_an_hour_and_never_to_robots() {
    let desk = Desk::new().await;
    let auto_reply = json!({"enabled": true, "subject": "Обращение {{number}}", "text": "Здравствуйте, {{client}}! Номер {{number}}."});
    desk.admin.patch(&format!("/lines/{}", desk.line), json!({"auto_reply": auto_reply})).await.ok();
    let first = desk.deliver("SUPPORT", mail("1@client.ru", "Иван <ivan@client.ru>", "Раз", "", "Первое.")).await;
    let number = desk.conversation(&first).await["number"].clone();
    let acknowledgement = desk.last_message(&first).await;
    assert_eq!(acknowledgement["automatic"], "acknowledgement");
    assert_eq!(acknowledgement["text"], format!("Здравствуйте, Иван! Номер {number}."));
    assert_eq!(acknowledgement["subject"], format!("Обращение {number}"));
    for (id, from, more) in [
        ("2@client.ru", "ivan@client.ru", ""),
        ("3@x.ru", "noreply@x.ru", ""),
        ("4@x.ru", "robot@x.ru", "Auto-Submitted: auto-generated\r\n"),
        ("5@x.ru", "list@x.ru", "List-Id: <news.x.ru>\r\n"),
        ("6@x.ru", "bulk@x.ru", "Precedence: bulk\r\n"),
        ("7@x.ru", "null@x.ru", "Return-Path: <>\r\n"),
        ("8@x.ru", "otklik@x.ru", "X-Otklik: 0123456789abcdef\r\n"),
    ] {
        let taken = desk.deliver("SUPPORT", mail(id, from, "Ещё", more, "Текст.")).await;
        assert_eq!(desk.texts(&taken).await, ["Текст."], "{from} {more}");
    }
    desk.test.advance(chrono::Duration::minutes(61));
    let later = desk.deliver("SUPPORT", mail("9@client.ru", "ivan@client.ru", "Позже", "", "Позже.")).await;
    assert_eq!(desk.texts(&later).await.len(), 2);
}

#[tokio::test]
async fn an_acknowledgement_says_when_somebody_answers() {
    let desk = Desk::new().await;
    let monday = json!([{"day": "mon", "intervals": [{"from": "12:00", "to": "18:00"}]}]);
    let schedule = json!({"name": "По понедельникам", "definition": {"time_zone": "Europe/Moscow", "weekly": monday}});
    let schedule = desk.admin.post("/schedules", schedule).await.expect(201)["id"].clone();
    let auto_reply = json!({"enabled": true, "subject": "Ответим {{next_open}}", "text": "Работаем: {{hours}}. Ответим {{next_open}}."});
    let line = json!({"auto_reply": auto_reply, "hours": {"schedule_id": schedule}});
    desk.admin.patch(&format!("/lines/{}", desk.line), line).await.ok();
    let first = desk.deliver("SUPPORT", mail("1@client.ru", "Иван <ivan@client.ru>", "{{hours}}", "", "Первое.")).await;
    let said = desk.last_message(&first).await;
    assert_eq!(
        said["text"],
        "Работаем: Пн 12:00–18:00 по московскому времени. Ответим сегодня с 12:00 по московскому времени."
    );
    assert_eq!(said["subject"], "Ответим сегодня с 12:00 по московскому времени");
    desk.test.advance(chrono::Duration::hours(3));
    let open = desk.deliver("SUPPORT", mail("2@client.ru", "anna@client.ru", "Два", "", "Второе.")).await;
    assert!(desk.last_message(&open).await["text"].as_str().unwrap().ends_with("Ответим в ближайшее время."));
}

#[tokio::test]
async fn damaged_and_hostile_mail_is_kept_somewhere() {
    let desk = Desk::new().await;
    let long = "x".repeat(20_000);
    let cases: Vec<Vec<u8>> = vec![
        Vec::new(),
        vec![0; 1000],
        mail(&long, "ivan@client.ru", &long, "", "Длинные заголовки.").into_bytes(),
        mail("1@x.ru", "ivan@client.ru", "Нули", "", "a\0b").into_bytes(),
        mail("2@x.ru", &format!("{long}@x.ru"), "Длинный адрес", "", "x").into_bytes(),
        mail("3@x.ru", "ivan@client.ru", "Ссылки", &format!("References: {}\r\n", "<a@b> ".repeat(5000)), "x")
            .into_bytes(),
        b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n".to_vec(),
        b"From: \xff\xfe@\xff\r\nSubject: \xcf\xf0\xe8\xe2\xe5\xf2\r\n\r\n\xcf\xf0\xe8\xe2\xe5\xf2".to_vec(),
    ];
    for case in &cases {
        let taken = desk.deliver("SUPPORT", case).await;
        assert!(taken.conversation_id.is_some() || taken.outcome == Outcome::Quarantined, "{taken:?}");
    }
}
