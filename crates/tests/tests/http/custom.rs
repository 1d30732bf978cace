//! The channel for messengers of one's own, as `docs/channels/custom.en.md` describes it; the example there is run.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::Duration;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::chat_world::ChatWorld;
use super::mail_world::eventually;
use super::sim::outside::{Answer, Outside, broken_off, signature};

const TOKEN: &str = "0123456789abcdef0123";

/// An integrator's program.
#[derive(Clone)]
struct Program {
    url: String,
    outside: Outside,
    book: Arc<Mutex<Book>>,
}

#[derive(Default)]
struct Book {
    hook: String,
    /// Requests that were signed well, with their Idempotency-Key.
    got: Vec<(Option<String>, Value)>,
    /// What to answer next instead of success: status and body; 0: nothing.
    faults: Vec<(u16, Value)>,
    token: String,
}

impl Program {
    async fn start(world: &ChatWorld) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/otklik", listener.local_addr().unwrap());
        let book = Arc::new(Mutex::new(Book { token: TOKEN.to_owned(), ..Book::default() }));
        let program = Program { url, outside: Outside::of(&world.test).await, book };
        let router = Router::new().route("/otklik", post(take)).with_state(program.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        program
    }

    /// Requests of one type.
    fn got(&self, kind: &str) -> Vec<Value> {
        let book = self.book.lock().unwrap();
        book.got.iter().filter(|(_, body)| body["type"] == *kind).map(|(_, body)| body.clone()).collect()
    }

    fn answer_next(&self, status: u16, body: Value) {
        self.book.lock().unwrap().faults.push((status, body));
    }

    async fn post(&self, headers: &[(&str, String)], body: &Value) -> Answer {
        let hook = self.book.lock().unwrap().hook.clone();
        self.outside.post(&hook, headers, body.to_string().into_bytes()).await.unwrap()
    }

    async fn tell(&self, body: &Value) -> Answer {
        self.post(&[("authorization", format!("Bearer {TOKEN}"))], body).await
    }
}

async fn take(State(program): State<Program>, headers: HeaderMap, body: Bytes) -> axum::response::Response {
    let mut book = program.book.lock().unwrap();
    let given = headers.get("x-otklik-signature").and_then(|value| value.to_str().ok());
    if given != Some(&format!("sha256={}", signature(&book.token, &body))) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "wrong signature"}))).into_response();
    }
    let key = headers.get("idempotency-key").map(|value| value.to_str().unwrap().to_owned());
    let parsed: Value = serde_json::from_slice(&body).unwrap();
    let is_message = parsed["type"] == "message";
    if is_message && !book.faults.is_empty() {
        let (status, answer) = book.faults.remove(0);
        if status != 0 {
            return (StatusCode::from_u16(status).unwrap(), [("retry-after", "7")], Json(answer)).into_response();
        }
        book.got.push((key, parsed));
        return broken_off();
    }
    let number = book.got.len();
    book.got.push((key, parsed));
    let answer =
        if is_message { json!({"id": format!("p-{number}")}) } else { json!({"name": "Приложение"}) };
    Json(answer).into_response()
}

fn message(event: &str, id: &str, content: Value) -> Value {
    let mut message = json!({"id": id});
    message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    json!({"id": event, "type": "message", "chat": {"id": "c-1"}, "user": {"id": "u-1", "name": "Анна"}, "message": message})
}

fn about(event: &str, kind: &str, id: &str) -> Value {
    json!({"id": event, "type": kind, "chat": {"id": "c-1"}, "message": {"id": id}})
}

async fn world() -> (ChatWorld, Program) {
    let mut world = ChatWorld::new().await;
    let program = Program::start(&world).await;
    let channel = world.create("custom", json!({"url": program.url, "token": TOKEN})).await;
    program.book.lock().unwrap().hook = channel["hook_url"].as_str().unwrap().to_owned();
    let active = world.channel_is("active").await;
    assert_eq!(active["account_name"], "Приложение");
    (world, program)
}

async fn talking() -> (ChatWorld, Program) {
    let (world, program) = world().await;
    let answer = program.tell(&message("e-1", "m-1", json!({"text": "Здравствуйте!"}))).await;
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"{\"accepted\":1}"[..]));
    world.messages_are(1).await;
    (world, program)
}

#[tokio::test]
async fn only_who_knows_the_token_is_heard() {
    let (world, program) = world().await;
    let event = message("e-1", "m-1", json!({"text": "Привет"}));
    let body = event.to_string().into_bytes();
    let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
    let signed = |key: &str, body: &[u8]| ("x-otklik-signature", format!("sha256={}", signature(key, body)));
    let refused = [
        vec![],
        vec![bearer("another token of 20")],
        vec![("authorization", TOKEN.to_owned())],
        vec![signed("another token of 20", &body)],
        vec![signed(TOKEN, b"{}")],
        vec![bearer(TOKEN), signed(TOKEN, b"{}")],
        vec![bearer("another token of 20"), signed(TOKEN, &body)],
    ];
    for headers in &refused {
        assert_eq!(program.post(headers, &event).await.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(world.received().await, 0);
    for headers in [vec![bearer(TOKEN)], vec![signed(TOKEN, &body)], vec![bearer(TOKEN), signed(TOKEN, &body)]] {
        assert_eq!(program.post(&headers, &event).await.status, StatusCode::OK, "{headers:?}");
    }
    world.messages_are(1).await;
    world.admin.patch(&world.channel, json!({"settings": {"require_signature": true}})).await.expect(200);
    assert_eq!(program.post(&[bearer(TOKEN)], &event).await.status, StatusCode::FORBIDDEN);
    assert_eq!(program.post(&[signed(TOKEN, &body)], &event).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_event_is_named_and_nothing_of_it_is_taken() {
    let (world, program) = world().await;
    let good = message("e-1", "m-1", json!({"text": "Привет"}));
    let with = |path: &str, value: Value| {
        let mut event = message("e-2", "m-2", json!({"text": "Привет"}));
        *event.pointer_mut(path).unwrap() = value;
        event
    };
    let cases = [
        (with("/id", json!("")), "id is required"),
        (with("/chat/id", json!("")), "chat.id is required"),
        (with("/type", json!("shout")), "unknown variant"),
        (with("/message/id", json!("x".repeat(201))), "message.id is longer"),
        (with("/message/text", json!(" ")), "message.text is required"),
        (with("/user", json!({})), "missing field `id`"),
        (message("e-2", "m-2", json!({"files": [{"name": "a", "url": "file:///etc/passwd"}]})), "files[0].url"),
        (message("e-2", "m-2", json!({"files": [{"name": "a", "data": "?"}]})), "files[0].data"),
        (message("e-2", "m-2", json!({"files": [{"name": "a"}]})), "url or data"),
    ];
    for (wrong, words) in cases {
        let answer = program.tell(&json!([good, wrong])).await;
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(said.starts_with("[1] ") && said.contains(words), "{said}");
    }
    assert_eq!(world.received().await, 0);
}

#[tokio::test]
async fn an_event_told_three_times_counts_once_and_a_batch_keeps_its_order() {
    let (world, program) = world().await;
    let first = message("e-1", "m-1", json!({"text": "Один"}));
    let second = message("e-2", "m-2", json!({"text": "Два"}));
    let later = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        program.tell(&second).await
    };
    tokio::join!(program.tell(&first), program.tell(&first), later, program.tell(&first));
    world.messages_are(2).await;
    let batch: Vec<Value> = (3..40)
        .map(|number| message(&format!("e-{number}"), &format!("m-{number}"), json!({"text": number.to_string()})))
        .collect();
    assert_eq!(program.tell(&json!(batch)).await.body, "{\"accepted\":37}");
    let messages = world.messages_are(39).await;
    let texts: Vec<&str> = messages.iter().skip(2).map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(texts, (3..40).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn people_of_two_programs_with_one_number_are_two() {
    let (mut world, program) = world().await;
    program.tell(&message("e-1", "m-1", json!({"text": "Я первая"}))).await;
    world.messages_are(1).await;
    let other = Program::start(&world).await;
    let channel = world.create("custom", json!({"url": other.url, "token": TOKEN})).await;
    other.book.lock().unwrap().hook = channel["hook_url"].as_str().unwrap().to_owned();
    other.tell(&message("e-1", "m-1", json!({"text": "А я вторая"}))).await;
    let both = eventually("two conversations", async || {
        world.test.run_jobs().await;
        Some(world.conversations().await).filter(|all| all.len() == 2)
    })
    .await;
    assert_ne!(both[0]["contact"]["id"], both[1]["contact"]["id"]);
}

#[tokio::test]
async fn files_and_more_arrive() {
    let (world, program) = world().await;
    let known = world.known("Серова Анна", "+7 916 123-45-67").await;
    let mut first = message(
        "e-1",
        "m-1",
        json!({
            "text": "Смотрите https://shop.test/1",
            "files": [
                {"name": "записка.txt", "content_type": "text/plain", "data": STANDARD.encode("привет")},
                {"name": "голос.ogg", "content_type": "audio/ogg", "data": STANDARD.encode("OggS"), "media": "voice"},
            ],
        }),
    );
    first["user"]["phone"] = json!("8 916 123 45 67");
    program.tell(&first).await;
    program
        .tell(&message("e-2", "m-2", json!({"location": {"latitude": 55.75, "longitude": 37.61, "title": "Офис"}})))
        .await;
    program.tell(&message("e-3", "m-3", json!({"text": "Да", "button": "yes", "reply_to": "m-1"}))).await;
    let messages = world.messages_are(3).await;
    assert_eq!(world.conversations().await[0]["contact"]["id"], json!(known));
    let attachments = messages[0]["attachments"].as_array().unwrap();
    assert_eq!(attachments[0]["name"], "записка.txt");
    assert_eq!(world.file(&attachments[0]).await, "привет".as_bytes());
    assert_eq!(attachments[1]["media"], "voice");
    assert_eq!(messages[1]["extra"]["location"]["title"], "Офис");
    assert_eq!((&messages[2]["extra"]["pressed"], &messages[2]["reply_to"]["id"]), (&json!("yes"), &messages[0]["id"]));
    program
        .tell(&json!({"id": "e-4", "type": "edited", "chat": {"id": "c-1"}, "message": {"id": "m-3", "text": "Нет"}}))
        .await;
    program.tell(&about("e-5", "deleted", "m-2")).await;
    eventually("the changes are taken", async || {
        world.test.run_jobs().await;
        let now = world.messages().await;
        (now[2]["text"] == "Нет" && now[1]["deleted_at"].is_string()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_goes_out_whole_and_comes_back_with_marks() {
    let (world, program) = talking().await;
    let file = world.upload("счёт.pdf", "application/pdf", b"%PDF-1").await;
    let quoted = world.messages().await[0]["id"].clone();
    let keyboard = json!([[{"title": "Спасибо", "payload": "thanks"}]]);
    let answer = world.answer(json!({"html": "<p><b>Готово</b></p>", "attachment_ids": [file], "reply_to_id": quoted, "keyboard": keyboard})).await;
    world.is(&answer, "sent").await;
    let (key, body) =
        program.book.lock().unwrap().got.iter().find(|(_, body)| body["type"] == "message").cloned().unwrap();
    let message = &body["message"];
    assert_eq!(
        (&body["chat"]["id"], &message["text"], &message["html"]),
        (&json!("c-1"), &json!("*Готово*"), &json!("<p><strong>Готово</strong></p>"))
    );
    assert_eq!(
        (&message["reply_to"], &message["keyboard"], json!(key)),
        (&json!("m-1"), &keyboard, message["id"].clone())
    );
    let attached = &message["files"][0];
    assert_eq!((&attached["name"], &attached["size"]), (&json!("счёт.pdf"), &json!(6)));
    let fetched = program.outside.get(attached["url"].as_str().unwrap()).await.unwrap();
    assert_eq!((fetched.status, &fetched.body[..]), (StatusCode::OK, &b"%PDF-1"[..]));
    let ours = format!(
        "p-{}",
        program.book.lock().unwrap().got.iter().position(|(_, body)| body["type"] == "message").unwrap()
    );
    for (event, state) in [("delivered", "delivered"), ("read", "read")] {
        program.tell(&about(event, event, &ours)).await;
        world.is(&answer, state).await;
    }
    let read = format!("/conversations/{}/read", world.conversation().await);
    world.admin.post(&read, json!({})).await.ok();
    let path = format!("/messages/{}", answer["id"].as_str().unwrap());
    world.admin.patch(&path, json!({"html": "<p>Почти готово</p>"})).await.expect(204);
    let edited = eventually("the change goes out", async || {
        world.test.run_jobs().await;
        program.got("edited").pop()
    })
    .await;
    assert_eq!((&edited["message"]["id"], &edited["message"]["text"]), (&json!(ours), &json!("Почти готово")));
    world.admin.delete(&path).await.expect(204);
    let deleted = eventually("the withdrawal goes out", async || {
        world.test.run_jobs().await;
        program.got("deleted").pop()
    })
    .await;
    assert_eq!(deleted["message"]["id"], json!(ours));
}

#[tokio::test]
async fn failures_are_told_as_the_documentation_says() {
    let (world, program) = talking().await;
    program.answer_next(429, json!({}));
    program.answer_next(500, json!({}));
    program.answer_next(0, json!({}));
    let answer = world.say("Три препятствия").await;
    eventually("it is sent at last", async || {
        world.test.advance(Duration::seconds(7));
        world.test.run_jobs().await;
        (program.got("message").len() == 2).then_some(())
    })
    .await;
    world.is(&answer, "sent").await;
    let keys: Vec<Option<String>> = {
        let book = program.book.lock().unwrap();
        book.got.iter().filter(|(_, body)| body["type"] == "message").map(|(key, _)| key.clone()).collect()
    };
    assert_eq!(keys[0], keys[1], "a lost answer is asked for again by the same key");
    program.answer_next(422, json!({"error": "номер отключён"}));
    let answer = world.say("Отказ").await;
    let failed = world.is(&answer, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("номер отключён"), "{failed}");
    program.answer_next(410, json!({}));
    let answer = world.say("Ушёл").await;
    world.is(&answer, "failed").await;
    assert_eq!(world.route().await["allowed"], false);
    program.tell(&json!({"id": "e-9", "type": "unblocked", "chat": {"id": "c-1"}})).await;
    eventually("the way is open", async || {
        world.test.run_jobs().await;
        (world.route().await["allowed"] == json!(true)).then_some(())
    })
    .await;
    program.book.lock().unwrap().token = "the token of the other".to_owned();
    let answer = world.say("Не та подпись").await;
    let broken = world.channel_is("broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("подпись"), "{broken}");
    world.admin.patch(&world.channel, json!({"settings": {"token": "the token of the other"}})).await.expect(200);
    world.channel_is("active").await;
    eventually("it leaves", async || {
        world.test.advance(Duration::seconds(60));
        world.test.run_jobs().await;
        (program.got("message").len() == 3).then_some(())
    })
    .await;
    world.is(&answer, "sent").await;
}

#[tokio::test]
async fn the_example_of_the_documentation_exchanges_messages() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/channels");
    let example = |language: &str| {
        let page = std::fs::read_to_string(folder.join(format!("custom.{language}.md"))).unwrap();
        page.split("```python\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
    };
    let code = example("en");
    assert_eq!(code, example("ru"));
    assert!(code.lines().count() <= 40);

    let mut world = ChatWorld::new().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let channel = world.create("custom", json!({"url": format!("http://127.0.0.1:{port}/"), "token": TOKEN})).await;
    let hook = Outside::of(&world.test).await.resolve(channel["hook_url"].as_str().unwrap()).unwrap();
    let mut terminal = tokio::process::Command::new("python3")
        .args(["-u", "-c", &code])
        .env("OTKLIK_HOOK", hook)
        .env("OTKLIK_TOKEN", TOKEN)
        .env("PORT", port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("python3 runs");
    let mut keyboard = terminal.stdin.take().unwrap();
    let mut screen = BufReader::new(terminal.stdout.take().unwrap()).lines();
    eventually("the program listens", async || tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
    world.admin.post(&format!("{}/restart", world.channel), json!({})).await.expect(200);
    let active = world.channel_is("active").await;
    assert_eq!(active["account_name"], "Terminal");
    keyboard.write_all("Где мой заказ?\nНомер 1045\n".as_bytes()).await.unwrap();
    let messages = world.messages_are(2).await;
    assert_eq!((&messages[0]["text"], &messages[1]["text"]), (&json!("Где мой заказ?"), &json!("Номер 1045")));
    let answer = world.say("Уже в пути").await;
    let line = tokio::time::timeout(std::time::Duration::from_secs(30), screen.next_line()).await.unwrap().unwrap();
    assert_eq!(line.as_deref(), Some("Уже в пути"));
    world.is(&answer, "read").await;
}
