//! Telegram bots, against a simulator of the Bot API over HTTP.

use std::time::Duration as RealDuration;

use base::LineId;
use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tests::{Client, TestApp, Upload};

use crate::mail_world::eventually;
use crate::sim::telegram::{Person, Telegram};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 picture";

/// A product with a line, a bot connected to it, and an administrator.
struct Desk {
    sim: Telegram,
    test: TestApp,
    admin: Client,
    line: LineId,
    channel: String,
}

impl Desk {
    /// Connected by polling.
    async fn new() -> Self {
        Self::connected(json!({})).await
    }

    async fn connected(settings: Value) -> Self {
        let desk = Self::with(settings).await;
        desk.wait_state("active").await;
        desk
    }

    async fn with(settings: Value) -> Self {
        let sim = Telegram::start().await;
        let test = TestApp::with_config(|config| {
            config.undo_seconds = 0;
            config.public_url = "https://desk.example".to_owned();
        })
        .await;
        let (admin, line) = (test.admin().await, test.line("SUPPORT").await);
        let mut all = json!({"token": sim.token(), "api_url": sim.base_url});
        all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        let body = json!({"line_id": line, "kind": "telegram", "name": "Бот", "settings": all});
        let channel = admin.post("/channels", body).await.expect(201)["id"].as_str().unwrap().to_owned();
        test.app.start();
        Self { sim, test, admin, line, channel }
    }

    async fn channel(&self) -> Value {
        self.admin.get(&format!("/channels/{}", self.channel)).await.expect(200)
    }

    async fn wait_state(&self, state: &str) -> Value {
        eventually(&format!("the channel is {state}"), async || {
            let channel = self.channel().await;
            (channel["state"] == state).then_some(channel)
        })
        .await
    }

    async fn conversations(&self) -> Vec<Value> {
        self.admin.get("/conversations?view=all&limit=200").await.expect(200)["items"].as_array().unwrap().clone()
    }

    /// The messages of the only conversation, in order, when there are so many.
    async fn messages(&self, count: usize) -> Vec<Value> {
        self.until(&format!("{count} messages"), |messages| messages.len() >= count).await
    }

    /// The messages of the only conversation when they are as wanted.
    async fn until(&self, what: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let found = eventually(what, async || {
            self.test.run_jobs().await;
            self.test.advance(Duration::seconds(1));
            let conversations = self.conversations().await;
            let conversation = conversations.first()?;
            let detail = self.admin.get(&format!("/conversations/{}", id(conversation))).await.expect(200);
            let items = detail["messages"]["items"].as_array().unwrap().clone();
            let mut messages: Vec<Value> = items.into_iter().filter(|item| item["type"] == "message").collect();
            messages.sort_by_key(|message| message["created_at"].as_str().unwrap().to_owned());
            wanted(&messages).then_some(messages)
        })
        .await;
        assert_eq!(self.conversations().await.len(), 1, "one conversation");
        found
    }

    async fn conversation_id(&self) -> String {
        id(&self.conversations().await[0])
    }

    /// An operator answers in the only conversation; gives the message back.
    async fn answers(&self, body: Value) -> Value {
        let path = format!("/conversations/{}/messages", self.conversation_id().await);
        let mut message = json!({"kind": "outbound"});
        message.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        self.admin.post(&path, message).await.expect(201)
    }

    /// What the bot has sent to somebody, when it is so much.
    async fn sent(&self, person: &Person, count: usize) -> Vec<Value> {
        eventually(&format!("{count} messages are sent"), async || {
            self.test.run_jobs().await;
            self.test.advance(Duration::seconds(1));
            let sent = self.sim.sent(person);
            (sent.len() >= count).then_some(sent)
        })
        .await
    }

    async fn upload(&self, name: &str, content_type: &str, bytes: &[u8]) -> Value {
        let answer = self.admin.upload("/files", &[Upload { name, content_type, bytes }]).await.ok();
        answer["items"].as_array().map_or(answer.clone(), |items| items[0].clone())
    }

    async fn identities(&self) -> Vec<Value> {
        let conversation =
            self.admin.get(&format!("/conversations/{}", self.conversation_id().await)).await.expect(200);
        let contact = conversation["contact"]["id"].as_str().unwrap().to_owned();
        let contact = self.admin.get(&format!("/contacts/{contact}")).await.expect(200);
        contact["identities"].as_array().unwrap().clone()
    }

    fn anna(&self) -> Person {
        self.sim.person(501, "Анна", "Смирнова", "anna_s")
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

fn texts(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["text"].as_str().unwrap().trim()).collect()
}

#[tokio::test]
async fn a_client_writes_to_the_bot_and_is_answered_in_its_formatting() {
    let desk = Desk::new().await;
    assert_eq!(desk.channel().await["account_name"], "@otklik_test_bot");
    assert_eq!(desk.channel().await["settings"]["has_token"], true);
    let anna = desk.anna();
    let written = json!({"text": "Где 😀 мой заказ?", "entities": [{"type": "bold", "offset": 7, "length": 3}]});
    let first = desk.sim.writes(&anna, written);
    let messages = desk.messages(1).await;
    assert_eq!(messages[0]["html"], "<p>Где 😀 <strong>мой</strong> заказ?</p>");
    assert_eq!(messages[0]["author"]["name"], "Анна Смирнова");
    assert_eq!(messages[0]["channel"], "telegram");
    let html = "<p>Он <strong>уже <em>едет</em></strong> &lt;3</p><ul><li>раз</li></ul><p><a href=\"https://a.example/\">тут</a></p>";
    desk.answers(json!({"html": html, "reply_to_id": messages[0]["id"]})).await;
    let sent = desk.sent(&anna, 1).await;
    assert_eq!(sent[0]["text"], "Он уже едет <3\n• раз\nтут");
    let entities = json!([
        {"type": "bold", "offset": 3, "length": 8},
        {"type": "italic", "offset": 7, "length": 4},
        {"type": "text_link", "offset": 21, "length": 3, "url": "https://a.example/"},
    ]);
    assert_eq!(sent[0]["entities"], entities);
    assert_eq!(sent[0]["reply_to_message"]["message_id"], first);
    let messages = desk
        .until("the answer is sent", |messages| messages.len() == 2 && messages[1]["delivery"]["state"] == "sent")
        .await;
    // The client quotes our answer.
    desk.sim.replies(&anna, sent[0]["message_id"].as_i64().unwrap(), "Спасибо");
    let quoting = desk.messages(3).await;
    assert_eq!(quoting[2]["reply_to"]["id"], messages[1]["id"]);
    let identities = desk.identities().await;
    assert!(identities.iter().any(|one| one["kind"] == "telegram" && one["value"] == "@anna_s"), "{identities:?}");
}

#[tokio::test]
async fn two_first_messages_at_once_make_one_conversation_in_order() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    let all: Vec<String> = (0..12).map(|number| format!("Сообщение {number}")).collect();
    for text in &all {
        desk.sim.says(&anna, text);
        tokio::time::sleep(RealDuration::from_millis(if text.ends_with('0') { 50 } else { 5 })).await;
    }
    assert_eq!(texts(&desk.messages(12).await), all);
}

#[tokio::test]
async fn a_webhook_is_believed_only_with_its_secret_and_the_same_update_counts_once() {
    let desk = Desk::connected(json!({"connection": "webhook"})).await;
    let webhook = desk.sim.webhook().expect("a webhook is set");
    let path = webhook.url.strip_prefix("https://desk.example").expect("our address").to_owned();
    assert!(webhook.allowed.contains(&"callback_query".to_owned()), "{:?}", webhook.allowed);
    let anna = desk.anna();
    desk.sim.says(&anna, "Первое");
    desk.sim.says(&anna, "Второе");
    let pending = desk.sim.pending();
    let stranger = desk.test.anonymous();
    let telegram = stranger.clone().with_header("x-telegram-bot-api-secret-token", &webhook.secret.unwrap());
    assert_eq!(stranger.post(&path, pending[0].clone()).await.status, 403);
    let forger = stranger.clone().with_header("x-telegram-bot-api-secret-token", &"ab".repeat(32));
    assert_eq!(forger.post(&path, pending[0].clone()).await.status, 403);
    assert_eq!(telegram.get(&path).await.status, 404);
    // The first two come side by side, and each comes three times.
    let (one, other) = tokio::join!(telegram.post(&path, pending[0].clone()), telegram.post(&path, pending[1].clone()));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    for _ in 0..2 {
        for update in &pending {
            telegram.post(&path, update.clone()).await.ok();
        }
    }
    let mut found = texts(&desk.messages(2).await).iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    found.sort();
    assert_eq!(found, ["Второе", "Первое"]);
    tokio::time::sleep(RealDuration::from_millis(300)).await;
    assert_eq!(desk.messages(2).await.len(), 2);
    assert_eq!(desk.channel().await["counts"]["received"], 2);
    // Back to polling: the webhook is taken away, and what waits there comes.
    desk.sim.forget_pending();
    let change = json!({"settings": {"connection": "polling"}});
    desk.admin.patch(&format!("/channels/{}", desk.channel), change).await.expect(200);
    eventually("polling", async || (desk.sim.polls() > 0).then_some(())).await;
    desk.sim.says(&anna, "Третье");
    desk.messages(3).await;
    assert!(desk.sim.webhook().is_none());
}

#[tokio::test]
async fn photos_albums_voices_and_documents_arrive_as_they_are() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.writes(&anna, json!({"voice": desk.sim.voice(7, b"OggS voice")}));
    let name = "Договор №5 «Ромашка».pdf";
    let document = desk.sim.document(name, "application/pdf", b"%PDF-1.4 text");
    desk.sim.writes(&anna, json!({"document": document, "caption": "Вот договор"}));
    for (number, caption) in [Some("Три фото"), None, None].into_iter().enumerate() {
        let bytes = [JPEG, &[number as u8]].concat();
        let mut content = json!({"photo": desk.sim.photo(&bytes), "media_group_id": "1358"});
        if let Some(caption) = caption {
            content["caption"] = json!(caption);
        }
        desk.sim.writes(&anna, content);
    }
    let messages = desk
        .until("three messages with their files", |messages| {
            messages.len() == 3 && messages[2]["attachments"].as_array().unwrap().len() == 3
        })
        .await;
    let voice = &messages[0]["attachments"][0];
    assert_eq!((&voice["media"], &voice["duration_ms"]), (&json!("voice"), &json!(7000)), "{voice}");
    assert_eq!(desk.admin.get(voice["url"].as_str().unwrap()).await.bytes.as_ref(), b"OggS voice");
    assert_eq!(messages[1]["attachments"][0]["name"], name);
    assert_eq!(texts(&messages)[1..], ["Вот договор", "Три фото"]);
    let mut pictures = Vec::new();
    for picture in messages[2]["attachments"].as_array().unwrap() {
        assert_eq!((&picture["media"], &picture["content_type"]), (&json!("photo"), &json!("image/jpeg")));
        pictures.push(*desk.admin.get(picture["url"].as_str().unwrap()).await.bytes.last().unwrap());
    }
    assert_eq!(pictures, [0, 1, 2]);
}

#[tokio::test]
async fn a_file_too_large_for_bots_is_named_in_the_message() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    let mut document = desk.sim.document("видео.mov", "video/quicktime", b"x");
    document["file_size"] = json!(21 * 1024 * 1024);
    desk.sim.writes(&anna, json!({"document": document, "caption": "Смотрите"}));
    let messages = desk.messages(1).await;
    assert!(texts(&messages)[0].contains("видео.mov"), "{messages:?}");
    assert_eq!(desk.sim.calls("getFile"), 0);
    assert_eq!(desk.channel().await["counts"]["failed"], 1);
}

#[tokio::test]
async fn edits_places_cards_and_forwards_are_understood() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    let first = desk.sim.says(&anna, "Заказ 15");
    desk.messages(1).await;
    desk.sim.edits(&anna, first, "Заказ 16");
    let messages = desk.until("the edit", |messages| messages[0]["text"] == "Заказ 16").await;
    assert!(!messages[0]["edited_at"].is_null());
    let place = json!({"latitude": 55.75, "longitude": 37.61});
    desk.sim.writes(
        &anna,
        json!({"location": place.clone(), "venue": {"location": place, "title": "Склад", "address": "Тверская, 1"}}),
    );
    let card = json!({"phone_number": "79161112233", "first_name": "Пётр", "user_id": 777});
    desk.sim.writes(&anna, json!({"contact": card}));
    let origin = json!({"type": "hidden_user", "sender_user_name": "Борис", "date": 1});
    desk.sim.writes(&anna, json!({"text": "пересылаю", "forward_origin": origin}));
    let poll = json!({"id": "1", "question": "Когда?", "options": [{"text": "Сегодня", "voter_count": 0}]});
    desk.sim.writes(&anna, json!({"poll": poll}));
    // What is no message of the client's makes none.
    desk.sim.writes(&anna, json!({"pinned_message": {"message_id": 1}}));
    desk.sim.says(&anna, "конец");
    let messages =
        desk.until("the last one", |messages| messages.last().is_some_and(|last| last["text"] == "конец")).await;
    assert_eq!(messages.len(), 6);
    let location = json!({"latitude": 55.75, "longitude": 37.61, "title": "Склад, Тверская, 1"});
    assert_eq!(messages[1]["extra"]["location"], location);
    assert_eq!(messages[2]["extra"]["contacts"], json!([{"name": "Пётр", "phone": "+79161112233"}]));
    assert_eq!(messages[3]["extra"]["forwarded_from"], "Борис");
    assert!(texts(&messages)[4].contains("Когда?"));
    // Somebody else's card says nothing about the client himself.
    assert!(desk.identities().await.iter().all(|one| one["kind"] != "phone"));
}

#[tokio::test]
async fn the_link_a_client_came_by_and_his_own_number_are_remembered() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "/start promo_42");
    desk.sim.says(&anna, "Здравствуйте");
    let messages = desk.messages(1).await;
    assert_eq!(messages[0]["extra"]["start"], "promo_42");
    let keyboard = json!([[{"title": "Поделиться номером", "payload": "request_contact"}, {"title": "Не хочу"}]]);
    desk.answers(json!({"html": "<p>Подскажите ваш телефон</p>", "keyboard": keyboard})).await;
    let sent = desk.sent(&anna, 1).await;
    let buttons = json!([[{"text": "Поделиться номером", "request_contact": true}, {"text": "Не хочу"}]]);
    assert_eq!(sent[0]["reply_markup"]["keyboard"], buttons);
    let card = json!({"phone_number": "79161112233", "first_name": "Анна", "user_id": anna.id});
    desk.sim.writes(&anna, json!({"contact": card}));
    desk.messages(3).await;
    let identities = desk.identities().await;
    assert!(identities.iter().any(|one| one["kind"] == "phone" && one["value"] == "+79161112233"), "{identities:?}");
}

#[tokio::test]
async fn a_pressed_button_says_what_was_written_on_it() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Привет");
    desk.messages(1).await;
    let long = "Хочу узнать, когда приедет мой заказ и кто его привезёт";
    let keyboard =
        json!([[{"title": "Да", "payload": "yes"}, {"title": "Сайт", "url": "https://a.example/"}], [{"title": long}]]);
    desk.answers(json!({"html": "<p>Помочь?</p>", "keyboard": keyboard})).await;
    let sent = desk.sent(&anna, 1).await;
    let rows = &sent[0]["reply_markup"]["inline_keyboard"];
    assert_eq!(rows[0], json!([{"text": "Да", "callback_data": "yes"}, {"text": "Сайт", "url": "https://a.example/"}]));
    let message_id = sent[0]["message_id"].as_i64().unwrap();
    desk.sim.presses(&anna, message_id, "yes");
    desk.sim.presses(&anna, message_id, rows[1][0]["callback_data"].as_str().unwrap());
    let messages = desk.messages(4).await;
    assert_eq!(texts(&messages)[2..], ["Да", long]);
    assert_eq!((&messages[2]["extra"]["pressed"], &messages[3]["extra"]["pressed"]), (&json!("yes"), &json!(long)));
    assert_eq!(desk.sim.unanswered_presses(), 0);
}

#[tokio::test]
async fn a_long_text_leaves_in_pieces_that_keep_their_formatting() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Расскажите всё");
    desk.messages(1).await;
    let words: Vec<String> = (0..1500).map(|number| format!("слово{number}")).collect();
    desk.answers(json!({"html": format!("<p><strong>{}</strong></p>", words.join(" "))})).await;
    desk.until("it is sent", |messages| messages.len() == 2 && messages[1]["delivery"]["state"] == "sent").await;
    let sent = desk.sim.sent(&anna);
    assert!(sent.len() > 2, "{}", sent.len());
    let mut whole = Vec::new();
    for piece in &sent {
        let text = piece["text"].as_str().unwrap();
        assert!(text.chars().count() <= 4096);
        assert_eq!(piece["entities"], json!([{"type": "bold", "offset": 0, "length": text.encode_utf16().count()}]));
        whole.extend(text.split(' ').map(str::to_owned));
    }
    assert_eq!(whole, words);
}

#[tokio::test]
async fn files_leave_as_photos_albums_and_documents_with_their_words() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Пришлите фото");
    desk.messages(1).await;
    let mut files = Vec::new();
    for name in ["один.png", "два.png"] {
        files.push(id(&desk.upload(name, "image/png", PNG).await));
    }
    let manual = "Инструкция «касса».pdf";
    files.push(id(&desk.upload(manual, "application/pdf", b"%PDF-1.4").await));
    desk.answers(json!({"html": "<p>Вот <em>они</em></p>", "attachment_ids": files})).await;
    let sent = desk.sent(&anna, 3).await;
    assert_eq!(sent[0]["caption"], "Вот они");
    assert_eq!(sent[0]["caption_entities"], json!([{"type": "italic", "offset": 4, "length": 3}]));
    assert!(sent[0]["media_group_id"].is_string() && sent[0]["media_group_id"] == sent[1]["media_group_id"]);
    assert_eq!(desk.sim.bytes(sent[1]["photo"][0]["file_id"].as_str().unwrap()).as_ref(), PNG);
    assert_eq!(sent[2]["document"]["file_name"], manual);
    desk.until("it is sent", |messages| messages[1]["delivery"]["state"] == "sent").await;
    // A picture that Telegram cannot show as a photo leaves as a file.
    let broken = id(&desk.upload("снимок.png", "image/png", b"no picture at all").await);
    desk.answers(json!({"html": "", "attachment_ids": [broken]})).await;
    let sent = desk.sent(&anna, 4).await;
    assert_eq!(sent[3]["document"]["file_name"], "снимок.png");
}

#[tokio::test]
async fn telegram_is_not_hurried_when_it_asks_to_wait() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Привет");
    desk.messages(1).await;
    desk.sim.refuse("sendMessage", 1, 429, "Too Many Requests: retry after 2", Some(2));
    desk.answers(json!({"html": "<p>Первый</p>"})).await;
    desk.answers(json!({"html": "<p>Второй</p>"})).await;
    eventually("the first try", async || {
        desk.test.run_jobs().await;
        (desk.sim.calls("sendMessage") > 0).then_some(())
    })
    .await;
    // Half of the time has passed, and whoever looks for work finds none.
    desk.test.advance(Duration::seconds(1));
    for _ in 0..5 {
        desk.test.run_jobs().await;
        tokio::time::sleep(RealDuration::from_millis(50)).await;
    }
    assert_eq!(desk.sim.calls("sendMessage"), 1);
    let messages = desk
        .until("both are sent", |messages| {
            messages.len() == 3 && messages[1..].iter().all(|one| one["delivery"]["state"] == "sent")
        })
        .await;
    assert_eq!(texts(&messages)[1..], ["Первый", "Второй"]);
    assert_eq!(desk.sim.calls("sendMessage"), 3);
    assert_eq!(desk.sim.sent(&anna).iter().map(|one| one["text"].clone()).collect::<Vec<_>>(), ["Первый", "Второй"]);
}

#[tokio::test]
async fn who_waits_behind_a_message_goes_as_soon_as_it_has_gone() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Привет");
    desk.messages(1).await;
    desk.sim.refuse("sendMessage", 1, 429, "Too Many Requests: retry after 2", Some(2));
    for text in ["Первый", "Второй", "Третий"] {
        desk.answers(json!({"html": format!("<p>{text}</p>")})).await;
    }
    eventually("only the first is on the queue, and for later", async || {
        desk.test.run_jobs().await;
        let queued = jobs::Entity::find().filter(jobs::Column::Kind.eq("channels.send_message"));
        let queued = queued.all(desk.test.app.db.read()).await.unwrap();
        let [job] = queued.as_slice() else { return None };
        (job.state == jobs::State::Waiting && job.run_at > desk.test.now()).then_some(())
    })
    .await;
    assert_eq!(desk.sim.calls("sendMessage"), 1);
    desk.test.advance(Duration::seconds(3));
    eventually("all are sent, though no more time passes", async || {
        desk.test.run_jobs().await;
        (desk.sim.sent(&anna).len() == 3).then_some(())
    })
    .await;
    assert_eq!(
        desk.sim.sent(&anna).iter().map(|one| one["text"].clone()).collect::<Vec<_>>(),
        ["Первый", "Второй", "Третий"]
    );
    assert_eq!(desk.sim.calls("sendMessage"), 4, "none twice");
    // One that is refused for good holds nobody up either.
    desk.sim.refuse("sendMessage", 1, 400, "Bad Request: something is wrong", None);
    for text in ["Четвёртый", "Пятый"] {
        desk.answers(json!({"html": format!("<p>{text}</p>")})).await;
    }
    eventually("the next one is sent", async || {
        desk.test.run_jobs().await;
        desk.sim.sent(&anna).iter().any(|one| one["text"] == "Пятый").then_some(())
    })
    .await;
    assert_eq!(desk.sim.sent(&anna).len(), 4);
}

#[tokio::test]
async fn a_client_who_stopped_the_bot_is_not_written_to_until_he_returns() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Привет");
    desk.messages(1).await;
    let contact = desk.admin.get(&format!("/conversations/{}", desk.conversation_id().await)).await.expect(200);
    let routes = format!("/contacts/{}/routes", contact["contact"]["id"].as_str().unwrap());
    let route = async || {
        let answer = desk.admin.get(&routes).await.expect(200);
        answer["items"].as_array().unwrap().iter().find(|item| item["kind"] == "telegram").unwrap().clone()
    };
    assert_eq!(route().await["allowed"], true);
    // He stops it, and we learn of it when we write.
    desk.sim.refuse("sendMessage", 1, 403, "Forbidden: bot was blocked by the user", None);
    desk.answers(json!({"html": "<p>Вы тут?</p>"})).await;
    let messages =
        desk.until("it fails", |messages| messages.len() == 2 && messages[1]["delivery"]["state"] == "failed").await;
    assert!(messages[1]["delivery"]["error"].as_str().unwrap().contains("остановил бота"), "{messages:?}");
    assert_eq!(route().await["allowed"], false);
    // He comes back by writing.
    desk.sim.says(&anna, "Я вернулась");
    desk.messages(3).await;
    assert_eq!(route().await["allowed"], true);
    // He stops it, and Telegram tells us at once.
    desk.sim.blocks(&anna, true);
    eventually("the route is closed", async || {
        desk.test.run_jobs().await;
        (route().await["allowed"] == false).then_some(())
    })
    .await;
    desk.sim.blocks(&anna, false);
    eventually("the route is open", async || {
        desk.test.run_jobs().await;
        (route().await["allowed"] == true).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_wrong_token_is_told_of_in_words_and_a_new_one_repairs_the_channel() {
    let desk = Desk::with(json!({"token": "7000000001:AAE-some-other-token_00000000009"})).await;
    let broken = desk.wait_state("broken").await;
    let reason = broken["state_reason"].as_str().unwrap();
    assert!(reason.contains("BotFather") && !reason.contains("AAE-some"), "{reason}");
    assert!(!broken["next_try_at"].is_null());
    let health = desk.admin.get("/channels/health").await.expect(200);
    assert_eq!(health["broken"][0]["id"], json!(desk.channel));
    let anna = desk.anna();
    desk.sim.says(&anna, "Кто-нибудь?");
    let test = async |token: &str| {
        let settings = json!({"token": token, "api_url": desk.sim.base_url});
        desk.admin.post("/channels/test", json!({"kind": "telegram", "settings": settings})).await.expect(200)
    };
    assert_eq!(test("7000000001:AAE-some-other-token_00000000009").await["ok"], false);
    assert_eq!(test(&desk.sim.token()).await["account_name"], "@otklik_test_bot");
    let path = format!("/channels/{}", desk.channel);
    desk.admin.patch(&path, json!({"settings": {"token": "no token"}})).await.invalid("settings.token", "bad_value");
    desk.admin.patch(&path, json!({"settings": {"token": desk.sim.token()}})).await.expect(200);
    desk.wait_state("active").await;
    // What was written meanwhile is there.
    assert_eq!(texts(&desk.messages(1).await), ["Кто-нибудь?"]);
    // The token is revoked while the channel works.
    desk.sim.change_token("7000000001:AAE-a-quite-new-token_0000000000001");
    desk.wait_state("broken").await;
    desk.admin.patch(&path, json!({"settings": {"token": desk.sim.token()}})).await.expect(200);
    desk.wait_state("active").await;
}

#[tokio::test]
async fn a_bot_that_signs_in_and_cannot_be_polled_stays_broken_also_through_a_restart() {
    let mut desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.refuse("getUpdates", 1_000, 409, "Conflict: terminated by other getUpdates request", None);
    desk.sim.says(&anna, "Алло?");
    let broken = desk.wait_state("broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("другая программа"), "{broken}");
    desk.test.advance(Duration::minutes(1));
    desk.test.restart().await;
    desk.admin = desk.test.admin().await;
    let tried = desk.sim.calls("getUpdates");
    desk.test.app.start();
    // The second try begins when the outcome of the first is stored.
    eventually("it is tried twice more", async || (desk.sim.calls("getUpdates") >= tried + 2).then_some(())).await;
    let still = desk.channel().await;
    assert_eq!((&still["state"], &still["state_since"]), (&json!("broken"), &broken["state_since"]));
    assert_eq!(still["state_reason"], broken["state_reason"]);
    desk.sim.accept("getUpdates");
    desk.wait_state("active").await;
    assert_eq!(texts(&desk.messages(1).await), ["Алло?"]);
}

#[tokio::test]
async fn after_a_restart_polling_goes_on_where_it_was() {
    let mut desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "до");
    desk.messages(1).await;
    desk.test.restart().await;
    desk.sim.says(&anna, "между");
    desk.admin = desk.test.admin().await;
    desk.test.app.start();
    desk.sim.says(&anna, "после");
    assert_eq!(texts(&desk.messages(3).await), ["до", "между", "после"]);
    assert_eq!(desk.channel().await["counts"]["received"], 3);
}

#[tokio::test]
async fn after_a_week_of_silence_new_numbers_are_heard() {
    let mut desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "до");
    desk.messages(1).await;
    desk.test.advance(Duration::days(7));
    desk.sim.number_updates_after(500);
    desk.test.restart().await;
    desk.admin = desk.test.admin().await;
    desk.test.app.start();
    desk.sim.says(&anna, "после");
    assert_eq!(texts(&desk.messages(2).await), ["до", "после"]);
    desk.sim.says(&anna, "и ещё");
    desk.messages(3).await;
    assert_eq!(desk.channel().await["counts"]["received"], 3, "each once");
}

#[tokio::test]
async fn new_words_of_an_album_reach_its_first_picture() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Пришлите фото");
    desk.messages(1).await;
    let mut files = Vec::new();
    for name in ["один.png", "два.png"] {
        files.push(id(&desk.upload(name, "image/png", PNG).await));
    }
    desk.sim.number_messages_from(99);
    let answer = id(&desk.answers(json!({"html": "<p>Вот они</p>", "attachment_ids": files})).await);
    let sent = desk.sent(&anna, 2).await;
    assert_eq!((&sent[0]["message_id"], &sent[1]["message_id"]), (&json!(99), &json!(100)));
    desk.until("it is sent", |messages| messages[1]["delivery"]["state"] == "sent").await;
    desk.admin.patch(&format!("/messages/{answer}"), json!({"html": "<p>Вот эти</p>"})).await.expect(204);
    let changed = eventually("the words change", async || {
        desk.test.run_jobs().await;
        let sent = desk.sim.sent(&anna);
        sent.iter().any(|one| one["caption"] == "Вот эти").then_some(sent)
    })
    .await;
    assert_eq!((&changed[0]["caption"], &changed[1]["caption"]), (&json!("Вот эти"), &Value::Null));
}

#[tokio::test]
async fn what_was_sent_can_be_changed_and_withdrawn_for_two_days() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Цена?");
    desk.messages(1).await;
    let first = id(&desk.answers(json!({"html": "<p>100 рублей</p>"})).await);
    desk.until("it is sent", |messages| messages.len() == 2 && messages[1]["delivery"]["state"] == "sent").await;
    let path = format!("/messages/{first}");
    desk.admin.patch(&path, json!({"html": "<p><strong>200</strong> рублей</p>"})).await.expect(204);
    eventually("the client's copy changes", async || {
        desk.test.run_jobs().await;
        let sent = desk.sim.sent(&anna);
        (sent[0]["text"] == "200 рублей").then_some(sent)
    })
    .await;
    desk.admin.delete(&path).await.expect(204);
    eventually("the client's copy goes", async || {
        desk.test.run_jobs().await;
        desk.sim.sent(&anna).is_empty().then_some(())
    })
    .await;
    let second = id(&desk.answers(json!({"html": "<p>Позже</p>"})).await);
    desk.sent(&anna, 1).await;
    desk.test.advance(Duration::hours(49));
    let path = format!("/messages/{second}");
    desk.admin.patch(&path, json!({"html": "<p>Поздно</p>"})).await.problem(409, "too_late");
    desk.admin.delete(&path).await.problem(409, "too_late");
    assert_eq!(desk.sim.sent(&anna)[0]["text"], "Позже");
}

#[tokio::test]
async fn the_client_sees_that_an_operator_is_typing() {
    let desk = Desk::new().await;
    let anna = desk.anna();
    desk.sim.says(&anna, "Вы тут?");
    desk.messages(1).await;
    let conversation_id = serde_json::from_value(json!(desk.conversation_id().await)).unwrap();
    let user =
        bus::WhisperUser { id: desk.admin.user_id(), name: "Администратор".to_owned(), avatar_color: 1 };
    let whisper = |typing| bus::Whisper {
        kind: "presence".to_owned(),
        user: Some(user.clone()),
        typing,
        ..bus::Whisper::client_typing(conversation_id, desk.line, None)
    };
    // Only looking at it is nobody's business.
    desk.test.app.hub.whisper(whisper(false));
    desk.test.app.hub.whisper(whisper(true));
    desk.test.app.hub.whisper(whisper(true));
    eventually("Telegram is told", async || (desk.sim.calls("sendChatAction") > 0).then_some(())).await;
    tokio::time::sleep(RealDuration::from_millis(200)).await;
    assert_eq!(desk.sim.calls("sendChatAction"), 1);
}
