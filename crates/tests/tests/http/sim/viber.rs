//! Viber bots: https://developers.viber.com/docs/api/rest-bot-api/
//!
//! Strict as Viber: every answer is HTTP 200 with a `status`, the webhook is asked before it is believed, media is
//! fetched from our address when a message is sent, message tokens do not fit into a double, and a person who never
//! wrote to the bot cannot be written to.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use app::App;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use tests::TestApp;

use super::outside::{Answer, Outside, broken_off, signature};

pub const TOKEN: &str = "4453b6ac1s345678-e02c5f12174805f9-daec9cbb5448c51r";
const CHAT_HOSTNAME: &str = "SN-CHAT-05_";
const EVENTS: [&str; 6] = ["delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"];
const MEGABYTE: u64 = 1024 * 1024;
const LARGEST_REQUEST: usize = 30 * 1024;
/// Files Viber refuses whatever they are.
const FORBIDDEN: [&str; 8] = ["exe", "bat", "cmd", "com", "js", "msi", "scr", "vbs"];

#[derive(Clone)]
pub struct Viber {
    address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    outside: Outside,
    state: Mutex<Book>,
}

/// What Viber remembers.
#[derive(Default)]
struct Book {
    token: String,
    hook: Option<String>,
    events: Vec<String>,
    people: HashMap<String, Person>,
    sent: Vec<Sent>,
    files: HashMap<String, (String, Bytes)>,
    faults: VecDeque<Fault>,
    counter: u64,
}

/// A message Viber accepted from us, with the bytes it fetched for it.
#[derive(Clone, Debug)]
pub struct Sent {
    pub token: u64,
    pub to: String,
    pub body: Value,
    pub media: Option<Bytes>,
}

#[derive(Clone)]
struct Person {
    name: String,
    /// May be written to: wrote himself, or pressed "subscribe", and did not leave.
    subscribed: bool,
    api_version: u64,
}

enum Fault {
    Status(u64),
    Http(u16),
    Silence,
}

/// An answer with a status that is not 0.
struct Refusal(u64, String);

fn refuse<T>(status: u64, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(status, message.into()))
}

impl Viber {
    pub async fn start(test: &TestApp) -> Self {
        // Tokens are about 5*10^18: a JSON reader that makes doubles of them cannot tell two of them apart.
        let book = Book { token: TOKEN.to_owned(), counter: 5_741_311_803_571_721_087, ..Book::default() };
        let inner =
            Arc::new(Inner { app: test.app.clone(), outside: Outside::of(test).await, state: Mutex::new(book) });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let viber = Viber { address: listener.local_addr().unwrap(), inner };
        let router = Router::new()
            .route("/pa/{method}", post(call))
            .route("/media/{name}", get(download))
            .with_state(viber.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        viber
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.inner.state.lock().unwrap()
    }

    fn milliseconds(&self) -> i64 {
        self.inner.app.now().timestamp_millis()
    }

    /// The next message token.
    pub fn next_token(&self) -> u64 {
        let mut book = self.book();
        book.counter += 1;
        book.counter
    }

    /// Somebody with Viber who knows the bot.
    pub fn person(&self, id: &str, name: &str) {
        let person = Person { name: name.to_owned(), subscribed: false, api_version: 10 };
        self.book().people.insert(id.to_owned(), person);
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.book().sent.clone()
    }

    /// The webhook of the bot and the events it wants.
    pub fn hook(&self) -> Option<(String, Vec<String>)> {
        let book = self.book();
        book.hook.clone().map(|hook| (hook, book.events.clone()))
    }

    pub fn change_token(&self, token: &str) {
        token.clone_into(&mut self.book().token);
    }

    /// The next messages get this status.
    pub fn fail_next(&self, status: u64, times: usize) {
        self.book().faults.extend((0..times).map(|_| Fault::Status(status)));
    }

    pub fn break_next(&self, status: u16) {
        self.book().faults.push_back(Fault::Http(status));
    }

    /// The next message is accepted and its answer is lost on the way.
    pub fn lose_next_answer(&self) {
        self.book().faults.push_back(Fault::Silence);
    }

    /// A file a client sent, and its address.
    pub fn media(&self, name: &str, content_type: &str, bytes: &[u8]) -> String {
        self.book().files.insert(name.to_owned(), (content_type.to_owned(), Bytes::copy_from_slice(bytes)));
        format!("{}/media/{name}", self.base_url())
    }

    fn event(&self, event: &str, token: u64) -> Value {
        json!({"event": event, "timestamp": self.milliseconds(), "chat_hostname": CHAT_HOSTNAME, "message_token": token})
    }

    fn user(&self, id: &str) -> Value {
        let person = self.book().people.get(id).cloned().expect("a known person");
        json!({
            "id": id,
            "name": person.name,
            "avatar": "https://media-direct.cdn.viber.test/avatar.jpg",
            "language": "ru",
            "country": "RU",
            "api_version": person.api_version,
        })
    }

    /// A client's message; writing makes him reachable.
    pub fn message(&self, from: &str, token: u64, message: Value) -> Value {
        self.book().people.get_mut(from).expect("a known person").subscribed = true;
        let mut event = self.event("message", token);
        event["sender"] = self.user(from);
        event["message"] = message;
        event["silent"] = json!(false);
        event
    }

    pub fn text(&self, from: &str, token: u64, text: &str) -> Value {
        self.message(from, token, json!({"type": "text", "text": text}))
    }

    /// He opened the chat with the bot and wrote nothing yet.
    pub fn conversation_started(&self, id: &str) -> Value {
        let mut event = self.event("conversation_started", self.next_token());
        event["type"] = json!("open");
        event["context"] = json!("from-site");
        event["user"] = self.user(id);
        event["subscribed"] = json!(self.book().people[id].subscribed);
        event
    }

    pub fn subscribed(&self, id: &str) -> Value {
        self.book().people.get_mut(id).expect("a known person").subscribed = true;
        let mut event = self.event("subscribed", self.next_token());
        event["user"] = self.user(id);
        event
    }

    /// He left: nothing can be sent to him.
    pub fn unsubscribed(&self, id: &str) -> Value {
        self.book().people.get_mut(id).expect("a known person").subscribed = false;
        let mut event = self.event("unsubscribed", self.next_token());
        event["user_id"] = json!(id);
        event
    }

    /// `delivered`, `seen` or `failed` (with words) of a message of ours.
    pub fn mark(&self, token: u64, event: &str) -> Value {
        let to = self.sent().into_iter().find(|sent| sent.token == token).expect("a sent message").to;
        let mut event = self.event(event, token);
        event["user_id"] = json!(to);
        if event["event"] == "failed" {
            event["desc"] = json!("failure description");
        }
        event
    }

    pub async fn deliver(&self, event: &Value) -> Answer {
        self.deliver_with(event, |body| Some(signature(TOKEN, body))).await
    }

    /// The same with any signature, or without one.
    pub async fn deliver_with(&self, event: &Value, sign: impl Fn(&[u8]) -> Option<String>) -> Answer {
        let hook = self.book().hook.clone().expect("a webhook is set");
        self.post(&hook, event, sign).await.expect("the product answers")
    }

    async fn post(&self, hook: &str, event: &Value, sign: impl Fn(&[u8]) -> Option<String>) -> Option<Answer> {
        let body = event.to_string().into_bytes();
        let headers: Vec<_> =
            sign(&body).map(|signature| ("x-viber-content-signature", signature)).into_iter().collect();
        self.inner.outside.post(hook, &headers, body).await
    }
}

async fn download(State(viber): State<Viber>, Path(name): Path<String>) -> Response {
    match viber.book().files.get(&name).cloned() {
        Some((content_type, bytes)) => ([(header::CONTENT_TYPE, content_type)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn call(State(viber): State<Viber>, Path(method): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let given = headers.get("x-viber-auth-token").and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let expected = viber.book().token.clone();
    let parsed: Option<Map<String, Value>> = serde_json::from_slice(&body).ok();
    let result = match (given, parsed) {
        (None, _) => refuse(2, "missing_auth_token"),
        (Some(given), _) if given != expected => refuse(2, "invalidAuthToken"),
        (_, None) => refuse(3, "badData"),
        (_, Some(_)) if body.len() > LARGEST_REQUEST => refuse(3, "request is longer than 30 kilobytes"),
        (_, Some(parsed)) => match method.as_str() {
            "set_webhook" => set_webhook(&viber, &parsed, &expected).await,
            "get_account_info" => Ok(account(&viber)),
            "send_message" => {
                let fault = viber.book().faults.pop_front();
                match fault {
                    Some(Fault::Status(status)) => refuse(status, "asked for by the test"),
                    Some(Fault::Http(status)) => {
                        return (StatusCode::from_u16(status).unwrap(), "bad gateway").into_response();
                    }
                    Some(Fault::Silence) => {
                        if let Err(Refusal(status, message)) = send(&viber, parsed).await {
                            panic!("a message that is to be accepted is not: {status} {message}");
                        }
                        return broken_off();
                    }
                    None => send(&viber, parsed).await,
                }
            }
            _ => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let answer = result.unwrap_or_else(|Refusal(status, message)| json!({"status": status, "status_message": message}));
    Json(answer).into_response()
}

/// Asks the new address with an event `webhook` before it is believed; an empty one takes the webhook away.
async fn set_webhook(viber: &Viber, body: &Map<String, Value>, token: &str) -> Result<Value, Refusal> {
    only(body, &["url", "event_types", "send_name", "send_photo"])?;
    let Some(url) = body.get("url").and_then(Value::as_str) else { return refuse(4, "url is missing") };
    if url.is_empty() {
        let mut book = viber.book();
        (book.hook, book.events) = (None, Vec::new());
        return Ok(json!({"status": 0, "status_message": "ok"}));
    }
    let wanted = match body.get("event_types").map(|events| serde_json::from_value::<Vec<String>>(events.clone())) {
        None => EVENTS.map(ToOwned::to_owned).to_vec(),
        Some(Ok(events)) if events.iter().all(|event| event == "message" || EVENTS.contains(&event.as_str())) => events,
        Some(_) => return refuse(3, "event_types is not valid"),
    };
    let event = viber.event("webhook", viber.next_token());
    match viber.post(url, &event, |body| Some(signature(token, body))).await {
        Some(answer) if answer.status == StatusCode::OK => {}
        Some(answer) => return refuse(1, format!("Result code {} is not 200", answer.status)),
        None => return refuse(1, "The webhook URL is not valid"),
    }
    let mut book = viber.book();
    (book.hook, book.events) = (Some(url.to_owned()), wanted.clone());
    Ok(json!({"status": 0, "status_message": "ok", "chat_hostname": CHAT_HOSTNAME, "event_types": wanted}))
}

fn account(viber: &Viber) -> Value {
    let book = viber.book();
    json!({
        "status": 0,
        "status_message": "ok",
        "id": "pa:5107911083721721084",
        "chat_hostname": CHAT_HOSTNAME,
        "name": "Отклик",
        "uri": "otklik",
        "icon": "https://media-direct.cdn.viber.test/icon.jpg",
        "category": "Companies, Brands & Products",
        "subcategory": "Company",
        "country": "RU",
        "webhook": book.hook.clone().unwrap_or_default(),
        "event_types": book.events,
        "subscribers_count": book.people.values().filter(|person| person.subscribed).count(),
        "members": [],
    })
}

async fn send(viber: &Viber, body: Map<String, Value>) -> Result<Value, Refusal> {
    if viber.book().hook.is_none() {
        return refuse(10, "webhookNotSet");
    }
    let kind = text(&body, "type", 20)?.to_owned();
    let common = ["receiver", "type", "sender", "min_api_version", "tracking_data", "keyboard", "auth_token"];
    let own: &[&str] = match kind.as_str() {
        "text" => &["text"],
        "picture" => &["text", "media", "thumbnail"],
        "video" => &["media", "thumbnail", "size", "duration", "text"],
        "file" => &["media", "size", "file_name"],
        "contact" => &["contact"],
        "location" => &["location"],
        "url" => &["media"],
        "sticker" => &["sticker_id"],
        _ => return refuse(3, format!("{kind} is not a message type")),
    };
    only(&body, &[&common[..], own].concat())?;
    let receiver = text(&body, "receiver", 100)?.to_owned();
    check_sender(&body)?;
    let version = body.get("min_api_version").map_or(Some(1), Value::as_u64);
    let version = version.ok_or_else(|| Refusal(3, "min_api_version is not a number".to_owned()))?;
    let mut media = None;
    match kind.as_str() {
        "text" => {
            text(&body, "text", 7000)?;
        }
        "picture" => {
            if body.contains_key("text") {
                longest(&body, "text", 768)?;
            }
            media = Some(fetch(viber, &body, &["jpg", "jpeg", "png", "gif"], MEGABYTE).await?);
        }
        "video" => {
            let bytes = fetch(viber, &body, &["mp4"], 26 * MEGABYTE).await?;
            same_size(&body, &bytes)?;
            media = Some(bytes);
        }
        "file" => {
            let name = text(&body, "file_name", 256)?.to_owned();
            match name.rsplit_once('.') {
                None => return refuse(3, "file_name has no extension"),
                Some((_, extension)) if FORBIDDEN.contains(&extension.to_lowercase().as_str()) => {
                    return refuse(3, "file_name has a forbidden extension");
                }
                Some(_) => {}
            }
            let bytes = fetch(viber, &body, &[], 50 * MEGABYTE).await?;
            same_size(&body, &bytes)?;
            media = Some(bytes);
        }
        "contact" => {
            let contact = object(&body, "contact")?;
            only(contact, &["name", "phone_number"])?;
            text(contact, "name", 28)?;
            text(contact, "phone_number", 18)?;
        }
        "location" => {
            let location = object(&body, "location")?;
            only(location, &["lat", "lon"])?;
            for (name, limit) in [("lat", 90.0), ("lon", 180.0)] {
                let value =
                    location.get(name).and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
                if !value.is_some_and(|value: f64| value.abs() <= limit) {
                    return refuse(3, format!("location.{name} is not valid"));
                }
            }
        }
        "url" => {
            text(&body, "media", 2000)?;
        }
        _ => {
            if !body.get("sticker_id").is_some_and(Value::is_u64) {
                return refuse(4, "sticker_id is missing");
            }
        }
    }
    if body.contains_key("keyboard") {
        check_keyboard(object(&body, "keyboard")?, version)?;
    }
    let person = viber.book().people.get(&receiver).cloned();
    match person {
        None => return refuse(5, "receiverNotRegistered"),
        Some(person) if !person.subscribed => return refuse(6, "receiverNotSubscribed"),
        Some(person) if person.api_version < version => return refuse(13, "apiVersionNotSupported"),
        Some(_) => {}
    }
    let token = viber.next_token();
    viber.book().sent.push(Sent { token, to: receiver, body: Value::Object(body), media });
    Ok(json!({
        "status": 0,
        "status_message": "ok",
        "message_token": token,
        "chat_hostname": CHAT_HOSTNAME,
        "billing_status": 1,
    }))
}

fn check_sender(body: &Map<String, Value>) -> Result<(), Refusal> {
    let sender = object(body, "sender")?;
    only(sender, &["name", "avatar"])?;
    text(sender, "name", 28)?;
    if sender.contains_key("avatar") {
        text(sender, "avatar", 2000)?;
    }
    if body.contains_key("tracking_data") {
        text(body, "tracking_data", 4000)?;
    }
    Ok(())
}

/// Fetches a message's media from our public address, as Viber and its clients do.
async fn fetch(viber: &Viber, body: &Map<String, Value>, endings: &[&str], largest: u64) -> Result<Bytes, Refusal> {
    let url = text(body, "media", 2000)?;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let ending =
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_lowercase());
    if !endings.is_empty() && !ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
        return refuse(3, format!("the last part of {path} must end with one of {endings:?}"));
    }
    match viber.inner.outside.get(url).await {
        Some(answer) if answer.status == StatusCode::OK && answer.body.len() as u64 <= largest => Ok(answer.body),
        Some(answer) => refuse(3, format!("{url}: {}, {} bytes", answer.status, answer.body.len())),
        None => refuse(3, format!("{url} is not reachable")),
    }
}

fn same_size(body: &Map<String, Value>, bytes: &Bytes) -> Result<(), Refusal> {
    match body.get("size").and_then(Value::as_u64) {
        Some(size) if size == bytes.len() as u64 => Ok(()),
        Some(size) => refuse(3, format!("size is {size}, the file has {}", bytes.len())),
        None => refuse(4, "size is missing"),
    }
}

fn check_keyboard(keyboard: &Map<String, Value>, version: u64) -> Result<(), Refusal> {
    only(keyboard, &["Type", "DefaultHeight", "BgColor", "Buttons", "InputFieldState", "ButtonsGroupColumns"])?;
    if keyboard.get("Type") != Some(&json!("keyboard")) {
        return refuse(3, "keyboard.Type must be keyboard");
    }
    if keyboard.contains_key("InputFieldState") && version < 4 {
        return refuse(14, "InputFieldState needs min_api_version 4");
    }
    let buttons = keyboard.get("Buttons").and_then(Value::as_array).filter(|buttons| !buttons.is_empty());
    let Some(buttons) = buttons else { return refuse(4, "keyboard.Buttons is missing") };
    // 24 rows of 6 columns.
    let mut cells = 0;
    for button in buttons {
        let button = button.as_object().ok_or_else(|| Refusal(3, "a button is an object".to_owned()))?;
        let known =
            ["Columns", "Rows", "ActionType", "ActionBody", "Text", "TextSize", "BgColor", "Silent", "TextHAlign"];
        only(button, &known)?;
        let columns = button.get("Columns").map_or(Some(6), Value::as_u64).filter(|columns| (1..=6).contains(columns));
        let rows = button.get("Rows").map_or(Some(1), Value::as_u64).filter(|rows| (1..=2).contains(rows));
        let (Some(columns), Some(rows)) = (columns, rows) else { return refuse(3, "a button has a wrong size") };
        cells += columns * rows;
        let action = button.get("ActionType").map_or(Some("reply"), Value::as_str).unwrap_or_default();
        match action {
            "reply" | "open-url" => {}
            "share-phone" | "location-picker" if version >= 3 => {}
            "share-phone" | "location-picker" => return refuse(14, format!("{action} needs min_api_version 3")),
            "none" => {}
            _ => return refuse(3, format!("{action} is not an action")),
        }
        let target = text(button, "ActionBody", 2000)?;
        if action == "open-url" && !target.starts_with("http") {
            return refuse(3, "ActionBody is not an address");
        }
        if button.contains_key("Text") {
            longest(button, "Text", 250)?;
        }
    }
    if cells > 24 * 6 { refuse(3, "the keyboard is larger than 24 rows") } else { Ok(()) }
}

fn only(object: &Map<String, Value>, names: &[&str]) -> Result<(), Refusal> {
    match object.keys().find(|key| !names.contains(&key.as_str())) {
        Some(key) => refuse(3, format!("{key} is not expected")),
        None => Ok(()),
    }
}

fn object<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a Map<String, Value>, Refusal> {
    body.get(name).and_then(Value::as_object).ok_or_else(|| Refusal(4, format!("{name} is missing")))
}

/// A string that must be there, not empty, of at most `limit` characters.
fn text<'a>(body: &'a Map<String, Value>, name: &str, limit: usize) -> Result<&'a str, Refusal> {
    match longest(body, name, limit)? {
        "" => refuse(4, format!("{name} is empty")),
        found => Ok(found),
    }
}

fn longest<'a>(body: &'a Map<String, Value>, name: &str, limit: usize) -> Result<&'a str, Refusal> {
    let found = body.get(name).ok_or_else(|| Refusal(4, format!("{name} is missing")))?;
    let found = found.as_str().ok_or_else(|| Refusal(3, format!("{name} is not a text")))?;
    if found.chars().count() > limit {
        return refuse(3, format!("{name} is longer than {limit}"));
    }
    Ok(found)
}
