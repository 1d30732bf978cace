//! Sending, by an SMTP server that does what a test tells it: every reply leaves once, whatever breaks.

use std::sync::{Arc, Mutex};

use chrono::Duration;
use db::dialect;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{Client, TestApp};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::mail_intake::mail;

/// What the server does with the next letter.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Takes,
    /// 451 after the dot.
    PutsOff,
    /// 554 after the dot.
    Refuses,
    /// Takes the letter and hangs up without a word.
    SaysNothing,
    /// Hangs up before the dot.
    Drops,
}

#[derive(Clone)]
pub struct FakeSmtp {
    pub port: u16,
    letters: Arc<Mutex<Vec<String>>>,
    moods: Arc<Mutex<Vec<Mood>>>,
    connections: Arc<Mutex<usize>>,
}

impl FakeSmtp {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = FakeSmtp { port, letters: Arc::default(), moods: Arc::default(), connections: Arc::default() };
        let for_task = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *for_task.connections.lock().unwrap() += 1;
                let server = for_task.clone();
                tokio::spawn(async move { drop(server.talk(stream).await) });
            }
        });
        server
    }

    /// Moods of the next letters, in their order; after them it takes everything.
    fn will(&self, moods: &[Mood]) {
        *self.moods.lock().unwrap() = moods.iter().rev().copied().collect();
    }

    pub fn letters(&self) -> Vec<mail::Message> {
        self.letters.lock().unwrap().iter().map(|letter| mail::parse(letter.as_bytes()).unwrap()).collect()
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 fake\r\n").await?;
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let command = line.trim_end().to_ascii_uppercase();
            line.clear();
            if command == "QUIT" {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            if command != "DATA" {
                stream.write_all(b"250 8BITMIME\r\n").await?;
                continue;
            }
            let mood = self.moods.lock().unwrap().pop().unwrap_or(Mood::Takes);
            if mood == Mood::Drops {
                return Ok(());
            }
            stream.write_all(b"354 go on\r\n").await?;
            let mut letter = String::new();
            loop {
                let mut text = String::new();
                stream.read_line(&mut text).await?;
                if text == ".\r\n" {
                    break;
                }
                letter.push_str(text.strip_prefix('.').unwrap_or(&text));
            }
            match mood {
                Mood::PutsOff => stream.write_all(b"451 4.3.0 later\r\n").await?,
                Mood::Refuses => stream.write_all(b"554 5.7.1 spam\r\n").await?,
                _ => {
                    self.letters.lock().unwrap().push(letter);
                    if mood == Mood::SaysNothing {
                        return Ok(());
                    }
                    stream.write_all(b"250 taken\r\n").await?;
                }
            }
        }
        Ok(())
    }
}

pub struct Desk {
    pub test: TestApp,
    pub admin: Client,
    pub smtp: FakeSmtp,
    pub line: base::LineId,
    pub conversation: String,
}

impl Desk {
    /// A line with a mailbox that sends through the fake server, and a client's mail to answer.
    pub async fn new() -> Self {
        let (test, smtp) = (TestApp::new().await, FakeSmtp::start().await);
        let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
        let mailbox = json!({
            "line_id": line, "address": "support@desk.test", "from_name": "Поддержка",
            "imap": {"host": "127.0.0.1", "port": 1},
            "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none", "login": ""},
            "password": "x", "sub_addressing": true,
        });
        admin.post("/mailboxes", mailbox).await.expect(201);
        let raw = mail("1@client.ru", "Иван <ivan@client.ru>", "Счёт", "", "Пришлите счёт.");
        let taken = email::deliver(&test.app, "SUPPORT", raw.into_bytes().into()).await.unwrap();
        Desk { test, admin, smtp, line, conversation: taken.conversation_id.unwrap().to_string() }
    }

    async fn reply(&self, body: Value) -> String {
        let message =
            self.admin.post(&format!("/conversations/{}/messages", self.conversation), body).await.expect(201);
        message["id"].as_str().unwrap().to_owned()
    }

    pub async fn answer(&self) -> String {
        self.reply(json!({"kind": "outbound", "html": "<p>Готово.</p>"})).await
    }

    pub async fn pass(&self, seconds: i64) {
        self.test.advance(Duration::seconds(seconds));
        self.test.run_jobs().await;
    }

    /// State and words.
    async fn delivery(&self, message: &str) -> (String, String) {
        let shown = self.admin.get(&format!("/conversations/{}", self.conversation)).await.expect(200);
        let items = shown["messages"]["items"].as_array().unwrap().clone();
        let found = items.into_iter().find(|item| item["id"] == message).unwrap();
        let delivery = &found["delivery"];
        (delivery["state"].as_str().unwrap().to_owned(), delivery["error"].as_str().unwrap_or_default().to_owned())
    }

    /// Makes it look as if a process that is no more began to send this message, for the first time.
    async fn was_being_sent_by_the_dead(&self, message: &str) -> std::path::PathBuf {
        let (place, _) = jobs::owner::this().rsplit_once('/').unwrap();
        let owner = format!("{place}/1");
        assert!(jobs::owner::is_dead(&owner));
        let id: uuid::Uuid = message.parse().unwrap();
        let tx = self.test.app.write().await.unwrap();
        let sql = "update outgoing_mail set state = 'handing_over', attempts = 1, owner = $1 where message_id = $2";
        let changed = tx.execute_raw(dialect::statement(&tx, sql, [owner.clone().into(), id.into()])).await.unwrap();
        assert_eq!(changed.rows_affected(), 1);
        tx.execute_raw(dialect::statement(&tx, "update message set delivery = 'sending' where id = $1", [id.into()]))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let folder = self.test.app.config.data_dir.join("handover");
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(format!("{}.log", owner.replace('/', "_")))
    }
}

#[tokio::test]
async fn a_letter_leaves_once_it_can_no_longer_be_taken_back() {
    let desk = Desk::new().await;
    let message = desk.answer().await;
    desk.pass(3).await;
    assert_eq!(desk.smtp.letters().len(), 0);
    desk.pass(3).await;
    assert_eq!(desk.delivery(&message).await.0, "sent");
    desk.pass(600).await;
    assert_eq!(desk.smtp.letters().len(), 1);
    let undone = desk.answer().await;
    desk.admin.post(&format!("/messages/{undone}/undo"), json!({})).await.expect(200);
    desk.pass(60).await;
    assert_eq!(desk.smtp.letters().len(), 1);
}

#[tokio::test]
async fn a_letter_carries_what_makes_its_answer_find_back() {
    let desk = Desk::new().await;
    let signature = json!({"signature_html": "<p>{{operator}}, {{company}}</p>", "public_name": "Служба заботы"});
    desk.admin.patch(&format!("/lines/{}", desk.line), signature).await.ok();
    desk.answer().await;
    desk.pass(6).await;
    let letter = desk.smtp.letters().remove(0);
    assert_eq!(letter.from.as_ref().unwrap().name.as_deref(), Some("Поддержка"));
    assert_eq!(letter.to[0].address, "ivan@client.ru");
    assert_eq!(letter.in_reply_to.as_deref(), Some("1@client.ru"));
    assert!(letter.text.contains("Администратор") && letter.text.contains("> Пришлите счёт."), "{}", letter.text);
    assert!(letter.header("X-Otklik").is_some() && letter.header("Auto-Submitted").is_none());
    // Two ways back: the signed reply address alone, and the signed Message-ID alone.
    let address = &letter.reply_to[0].address;
    assert!(address.starts_with("support+"), "{address}");
    let to_address = mail("2@x.ru", "colleague@client.ru", "Другое", "", "По адресу.")
        .replace("To: support@desk.test", &format!("To: {address}"));
    let refers = format!("In-Reply-To: <{}>\r\n", letter.message_id.unwrap());
    let forged = refers.replacen("In-Reply-To: <", "In-Reply-To: <a", 1);
    for (raw, joins) in [
        (to_address.clone(), true),
        (mail("3@x.ru", "friend@client.ru", "Другое", &refers, "По номеру."), true),
        (mail("4@x.ru", "mallory@evil.ru", "Fwd: Счёт", &refers, "Переслано."), false),
        (mail("5@x.ru", "mallory@evil.ru", "Re: Счёт", &forged, "Подделано."), false),
    ] {
        let taken = email::deliver(&desk.test.app, "SUPPORT", raw.clone().into_bytes().into()).await.unwrap();
        assert_eq!(taken.conversation_id.unwrap().to_string() == desk.conversation, joins, "{raw}");
    }
    // On another line the same address begins a conversation of its own.
    desk.test.line("SALES").await;
    let taken = email::deliver(&desk.test.app, "SALES", to_address.into_bytes().into()).await.unwrap();
    assert_ne!(taken.conversation_id.unwrap().to_string(), desk.conversation);
}

#[tokio::test]
async fn our_own_letter_that_comes_back_is_known() {
    let desk = Desk::new().await;
    desk.answer().await;
    desk.pass(6).await;
    let raw = desk.smtp.letters.lock().unwrap()[0].clone();
    let taken = email::deliver(&desk.test.app, "SUPPORT", raw.into_bytes().into()).await.unwrap();
    assert_eq!(
        (taken.outcome, taken.conversation_id.unwrap().to_string()),
        (email::Outcome::Duplicate, desk.conversation.clone())
    );
}

#[tokio::test]
async fn a_passing_trouble_is_tried_again_under_the_same_message_id() {
    let desk = Desk::new().await;
    desk.smtp.will(&[Mood::PutsOff, Mood::Drops]);
    let message = desk.answer().await;
    desk.pass(6).await;
    let (state, words) = desk.delivery(&message).await;
    assert!(state == "queued" && words.contains("451"), "{state}: {words}");
    desk.pass(11).await;
    assert_eq!(desk.delivery(&message).await.0, "queued");
    desk.pass(31).await;
    assert_eq!(desk.delivery(&message).await, ("sent".to_owned(), String::new()));
    assert_eq!(desk.smtp.letters().len(), 1);
}

#[tokio::test]
async fn a_refused_letter_fails_and_can_be_sent_again() {
    let desk = Desk::new().await;
    desk.smtp.will(&[Mood::Refuses]);
    let message = desk.answer().await;
    desk.pass(6).await;
    let (state, words) = desk.delivery(&message).await;
    assert!(state == "failed" && words.contains("554"), "{state}: {words}");
    desk.pass(600).await;
    assert_eq!(desk.smtp.letters().len(), 0);
    desk.admin.post(&format!("/messages/{message}/retry"), json!({})).await.expect(200);
    desk.pass(1).await;
    assert_eq!(desk.delivery(&message).await.0, "sent");
}

#[tokio::test]
async fn silence_after_the_dot_is_told_to_the_operator_and_never_repeated() {
    let desk = Desk::new().await;
    desk.smtp.will(&[Mood::SaysNothing]);
    let message = desk.answer().await;
    desk.pass(6).await;
    let (state, words) = desk.delivery(&message).await;
    assert!(state == "failed" && words.contains("неизвестно"), "{state}: {words}");
    desk.pass(3600).await;
    assert_eq!(desk.smtp.letters().len(), 1);
}

#[tokio::test]
async fn after_a_crash_the_journal_decides() {
    for (journal, state, letters, words) in [
        (None, "failed", 0, "неизвестно"),
        (Some(""), "sent", 1, ""),
        (Some("dot ID 1\n"), "failed", 0, "неизвестно"),
        (Some("dot ID 1\nheld ID 1\n"), "sent", 1, ""),
        (Some("dot ID 1\nwritten ID 1\n"), "sent", 0, "подтверждение"),
        (Some("dot ID 1\nwritten ID 1\ntaken ID 1\n"), "sent", 0, ""),
        (Some("dot ID 1\nwritten ID 1\nrefused ID 1\n"), "sent", 1, ""),
    ] {
        let desk = Desk::new().await;
        desk.smtp.will(&[Mood::PutsOff]);
        let message = desk.answer().await;
        desk.pass(6).await;
        let path = desk.was_being_sent_by_the_dead(&message).await;
        if let Some(text) = journal {
            std::fs::write(path, text.replace("ID", &message)).unwrap();
        }
        desk.pass(11).await;
        let (found, said) = desk.delivery(&message).await;
        assert_eq!((found.as_str(), desk.smtp.letters().len()), (state, letters), "{journal:?}: {said}");
        assert!(said.contains(words) && (said.is_empty() == words.is_empty()), "{journal:?}: {said}");
    }
}

#[tokio::test]
async fn without_a_mailbox_the_operator_is_told() {
    let desk = Desk::new().await;
    let mailboxes = desk.admin.get("/mailboxes").await.expect(200);
    desk.admin.delete(&format!("/mailboxes/{}", mailboxes["items"][0]["id"].as_str().unwrap())).await.expect(204);
    let message = desk.answer().await;
    desk.pass(6).await;
    let (state, words) = desk.delivery(&message).await;
    assert!(state == "failed" && words.contains("нет включённого"), "{state}: {words}");
}

#[tokio::test]
async fn one_connection_carries_many_letters() {
    let desk = Desk::new().await;
    for _ in 0..5 {
        desk.answer().await;
    }
    desk.pass(6).await;
    assert_eq!((desk.smtp.letters().len(), *desk.smtp.connections.lock().unwrap()), (5, 1));
}
