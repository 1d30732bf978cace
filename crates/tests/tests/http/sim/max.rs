//! MAX as a bot sees it: the Bot API, its upload servers, long polling and the sender of webhooks.
//! After <https://dev.max.ru/docs-api> and the schema in MAX's own client libraries.

mod api;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::wire::{self, Rate};

pub const TOKEN: &str = "f9LHodD0cOIsimulatedMaxToken";
pub const BOT: i64 = 229_229_229;
/// The first marker there can be.
const MARKER: usize = 25_493_000;

/// A MAX with one bot in it.
#[derive(Clone)]
pub struct Max {
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<Inner>,
    woken: Notify,
}

/// A request to the API, with the status it was answered with.
#[derive(Clone, Debug)]
pub struct Call {
    /// Method and path, such as `POST /messages`.
    pub what: String,
    pub query: HashMap<String, String>,
    pub body: Value,
    pub status: u16,
}

#[derive(Clone, Debug)]
pub struct Subscription {
    pub url: String,
    pub secret: Option<String>,
    pub types: BTreeSet<String>,
}

/// An uploaded file, by its token.
#[derive(Clone, Debug)]
pub struct Stored {
    pub name: String,
    pub kind: &'static str,
    pub bytes: Bytes,
    /// How many times it is still "not processed".
    waits: usize,
}

struct Inner {
    url: String,
    token: String,
    users: HashMap<i64, User>,
    calls: Vec<Call>,
    messages: Vec<Value>,
    updates: Vec<Value>,
    /// Updates before this one are over their time.
    forgotten: usize,
    subscriptions: Vec<Subscription>,
    callbacks: BTreeSet<String>,
    tickets: HashMap<String, Ticket>,
    uploads: HashMap<String, Stored>,
    files: HashMap<String, (String, Bytes)>,
    failures: VecDeque<(String, u16, &'static str)>,
    processing: usize,
    last_id: i64,
    rate: Rate,
    chat_rate: Rate,
}

#[derive(Clone)]
struct User {
    first_name: String,
    last_name: String,
    /// The dialog with the bot, once it was started.
    started: bool,
    /// The user stopped the bot.
    stopped: bool,
}

struct Ticket {
    kind: &'static str,
    token: Option<String>,
}

/// The dialog of a user with the bot.
pub fn chat_of(user_id: i64) -> i64 {
    user_id + 1_000_000
}

impl Max {
    pub async fn start() -> Self {
        let shared = Arc::new(Shared { state: Mutex::new(Inner::new()), woken: Notify::new() });
        let router = Router::new()
            .route("/updates", get(updates))
            .route("/upload/{ticket}", post(upload))
            .route("/media/{*path}", get(download))
            .route("/{*path}", any(call))
            .layer(DefaultBodyLimit::max(256 << 20))
            .with_state(Arc::clone(&shared));
        let url = wire::serve(router).await;
        let max = Max { url, shared };
        max.state().url = max.url.clone();
        max
    }

    fn state(&self) -> MutexGuard<'_, Inner> {
        self.shared.state.lock().unwrap()
    }

    /// Somebody with an account, who did not open the bot yet.
    pub fn user(&self, id: i64, first_name: &str, last_name: &str) {
        let (first_name, last_name) = (first_name.to_owned(), last_name.to_owned());
        self.state().users.insert(id, User { first_name, last_name, started: false, stopped: false });
    }

    /// Requests such as `POST /messages`.
    pub fn calls(&self, what: &str) -> Vec<Call> {
        self.state().calls.iter().filter(|call| call.what == what).cloned().collect()
    }

    /// What the bot wrote to a user, oldest first, as `GET /messages` shows it; `format` and `removed` beside.
    pub fn sent_to(&self, user_id: i64) -> Vec<Value> {
        let state = self.state();
        let own = |message: &&Value| {
            message["sender"]["user_id"] == BOT && message["recipient"]["chat_id"] == chat_of(user_id)
        };
        state.messages.iter().filter(own).cloned().collect()
    }

    pub fn stored(&self, token: &str) -> Stored {
        self.state().uploads.get(token).cloned().unwrap_or_else(|| panic!("no upload {token}"))
    }

    pub fn subscriptions(&self) -> Vec<Subscription> {
        self.state().subscriptions.clone()
    }

    /// Another program subscribes the bot to an address of its own.
    pub fn subscribe_other(&self, url: &str) {
        let other = Subscription { url: url.to_owned(), secret: None, types: BTreeSet::new() };
        self.state().subscriptions.push(other);
    }

    /// The user stops the bot, and the update of it is lost.
    pub fn stop_silently(&self, user_id: i64) {
        self.state().users.get_mut(&user_id).expect("a user").stopped = true;
    }

    /// The next request of this kind is answered with this status and code; several are taken in turn.
    pub fn fail(&self, what: &str, status: u16, code: &'static str) {
        self.state().failures.push_back((what.to_owned(), status, code));
    }

    pub fn set_token(&self, token: &str) {
        self.state().token = token.to_owned();
    }

    /// Each later upload is "not processed" this many times.
    pub fn set_processing(&self, times: usize) {
        self.state().processing = times;
    }

    /// What long polling did not hand out yet is too old now, and lost.
    pub fn forget_updates(&self) {
        let mut state = self.state();
        state.forgotten = state.updates.len();
    }

    pub fn media(&self, path: &str, content_type: &str, bytes: &[u8]) -> String {
        self.state().files.insert(path.to_owned(), (content_type.to_owned(), Bytes::copy_from_slice(bytes)));
        format!("{}/media/{path}", self.url)
    }

    fn happens(&self, make: impl FnOnce(&mut Inner) -> Value) -> Value {
        let update = {
            let mut state = self.state();
            let update = make(&mut state);
            state.updates.push(update.clone());
            update
        };
        self.shared.woken.notify_waiters();
        update
    }

    /// The user presses "start", perhaps after a link with a payload.
    pub fn starts(&self, user_id: i64, payload: Option<&str>) -> Value {
        self.happens(|state| {
            let user = state.users.get_mut(&user_id).expect("a user");
            (user.started, user.stopped) = (true, false);
            let mut update = json!({
                "update_type": "bot_started", "timestamp": state.now(), "chat_id": chat_of(user_id),
                "user": state.person(user_id), "user_id": user_id, "user_locale": "ru"
            });
            if let Some(payload) = payload {
                update["payload"] = json!(payload);
            }
            update
        })
    }

    pub fn stops(&self, user_id: i64) -> Value {
        self.happens(|state| {
            state.users.get_mut(&user_id).expect("a user").stopped = true;
            json!({
                "update_type": "bot_stopped", "timestamp": state.now(), "chat_id": chat_of(user_id),
                "user": state.person(user_id), "user_locale": "ru"
            })
        })
    }

    /// A client writes. `body` is merged into the message's body, `link` is what it answers or forwards.
    pub fn says(&self, user_id: i64, text: &str, body: Value, link: Value) -> Value {
        self.happens(|state| {
            state.users.get_mut(&user_id).expect("a user").started = true;
            let mut message = state.message(user_id, state.person(user_id), json!(BOT));
            message["body"]["text"] = json!(text);
            if let Value::Object(fields) = body {
                for (name, value) in fields {
                    message["body"][name] = value;
                }
            }
            if !link.is_null() {
                message["link"] = link;
            }
            state.messages.push(message.clone());
            json!({"update_type": "message_created", "timestamp": message["timestamp"], "message": message, "user_locale": "ru"})
        })
    }

    pub fn edits(&self, mid: &str, text: &str) -> Value {
        self.happens(|state| {
            let now = state.now();
            let message = state.messages.iter_mut().find(|message| message["body"]["mid"] == mid).expect("a message");
            message["body"]["text"] = json!(text);
            json!({"update_type": "message_edited", "timestamp": now, "message": message})
        })
    }

    pub fn removes(&self, user_id: i64, mid: &str) -> Value {
        self.happens(|state| {
            state.messages.retain(|message| message["body"]["mid"] != mid);
            json!({
                "update_type": "message_removed", "timestamp": state.now(), "message_id": mid,
                "chat_id": chat_of(user_id), "user_id": user_id
            })
        })
    }

    /// Presses a callback button under a message of the bot.
    pub fn presses(&self, user_id: i64, mid: &str, payload: &str) -> Value {
        self.happens(|state| {
            let callback_id = format!("callback-{}", state.next_id());
            state.callbacks.insert(callback_id.clone());
            let now = state.now();
            let message = state.messages.iter().find(|message| message["body"]["mid"] == mid).cloned();
            json!({
                "update_type": "message_callback", "timestamp": now, "message": message, "user_locale": "ru",
                "callback": {
                    "timestamp": now, "callback_id": callback_id, "payload": payload, "user": state.person(user_id)
                }
            })
        })
    }

    /// Sends an update to a webhook as MAX does; answers the status.
    pub async fn deliver(&self, url: &str, secret: Option<&str>, update: &Value) -> u16 {
        let mut request = wire::client().post(url).header("content-type", "application/json");
        if let Some(secret) = secret {
            request = request.header("X-Max-Bot-Api-Secret", secret);
        }
        request.body(update.to_string()).send().await.expect("the webhook answers").status().as_u16()
    }
}

impl Inner {
    fn new() -> Self {
        Inner {
            url: String::new(),
            token: TOKEN.to_owned(),
            users: HashMap::new(),
            calls: Vec::new(),
            messages: Vec::new(),
            updates: Vec::new(),
            forgotten: 0,
            subscriptions: Vec::new(),
            callbacks: BTreeSet::new(),
            tickets: HashMap::new(),
            uploads: HashMap::new(),
            files: HashMap::new(),
            failures: VecDeque::new(),
            processing: 0,
            last_id: 0,
            rate: Rate::new(30),
            chat_rate: Rate::new(2),
        }
    }

    fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// Milliseconds, never twice the same.
    fn now(&mut self) -> i64 {
        let step = self.next_id();
        let now: i64 = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis().try_into().unwrap();
        now + step
    }

    fn person(&self, user_id: i64) -> Value {
        let user = &self.users[&user_id];
        json!({
            "user_id": user_id, "first_name": user.first_name, "last_name": user.last_name, "is_bot": false,
            "last_activity_time": 1_775_025_580_000_i64, "name": format!("{} {}", user.first_name, user.last_name).trim()
        })
    }

    fn bot(&self) -> Value {
        json!({
            "user_id": BOT, "first_name": "Ромашка", "username": "romashka_bot", "is_bot": true,
            "last_activity_time": 1_775_026_702_261_i64, "name": "Ромашка"
        })
    }

    /// An empty message in the dialog of this user.
    fn message(&mut self, user_id: i64, sender: Value, recipient: Value) -> Value {
        let seq = self.next_id();
        json!({
            "sender": sender, "timestamp": self.now(),
            "recipient": {"chat_id": chat_of(user_id), "chat_type": "dialog", "user_id": recipient},
            "body": {"mid": format!("mid.{:016x}{seq:016x}", chat_of(user_id)), "seq": 116_327_994_376_000_000 + seq, "text": ""}
        })
    }
}

type Shares = State<Arc<Shared>>;

/// Every method but long polling.
async fn call(
    State(shared): Shares,
    method: Method,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let request = api::Request { method: method.as_str(), path: &path, query: &query, body: &body };
    let mut state = shared.state.lock().unwrap();
    let outcome = api::enter(&mut state, &headers, &request).and_then(|()| api::run(&mut state, &request));
    let (status, answer) = match outcome {
        Ok(answer) => (200, answer),
        Err(refusal) => (refusal.status, json!({"code": refusal.code, "message": refusal.message})),
    };
    state.calls.push(Call { what: format!("{method} /{path}"), query: query.clone(), body: body.clone(), status });
    (StatusCode::from_u16(status).unwrap(), axum::Json(answer)).into_response()
}

/// `GET /updates`
async fn updates(State(shared): Shares, Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let request = api::Request { method: "GET", path: "updates", query: &query, body: &Value::Null };
    let entered = api::enter(&mut shared.state.lock().unwrap(), &headers, &request);
    let asked = entered.and_then(|()| api::Asked::of(&shared.state.lock().unwrap(), &query));
    let asked = match asked {
        Ok(asked) => asked,
        Err(refusal) => {
            let body = json!({"code": refusal.code, "message": refusal.message});
            return (StatusCode::from_u16(refusal.status).unwrap(), axum::Json(body)).into_response();
        }
    };
    shared.state.lock().unwrap().calls.push(Call {
        what: "GET /updates".to_owned(),
        query,
        body: Value::Null,
        status: 200,
    });
    let until = tokio::time::Instant::now() + Duration::from_secs(asked.timeout);
    loop {
        let woken = shared.woken.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        {
            let state = shared.state.lock().unwrap();
            let (found, next) = asked.among(&state);
            if !found.is_empty() || tokio::time::Instant::now() >= until {
                return axum::Json(json!({"updates": found, "marker": next})).into_response();
            }
        }
        let _ = tokio::time::timeout_at(until, woken).await;
    }
}

/// The upload servers: one file in the field `data`.
async fn upload(State(shared): Shares, Path(ticket): Path<String>, mut form: Multipart) -> Response {
    let Some(ticket) = shared.state.lock().unwrap().tickets.remove(&ticket) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() != Some("data") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.unwrap();
        let mut state = shared.state.lock().unwrap();
        let id = state.next_id();
        let token = ticket.token.unwrap_or_else(|| format!("token-{id}"));
        let waits = if ticket.kind == "image" { 0 } else { state.processing };
        state.uploads.insert(token.clone(), Stored { name, kind: ticket.kind, bytes, waits });
        return match ticket.kind {
            "image" => axum::Json(json!({"photos": {format!("photo{id}=="): {"token": token}}})).into_response(),
            "file" => axum::Json(json!({"fileId": id, "token": token})).into_response(),
            _ => "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<retval>1</retval>".into_response(),
        };
    }
    StatusCode::BAD_REQUEST.into_response()
}

async fn download(State(shared): Shares, Path(path): Path<String>) -> Response {
    match shared.state.lock().unwrap().files.get(&path) {
        Some((content_type, bytes)) => ([("content-type", content_type.clone())], bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
