//! VK as a community's bot sees it: API methods, Bots Long Poll, upload servers and the sender of Callback API events.
//! After <https://dev.vk.com/ru/reference>, version 5.199, and the JSON schema VK publishes beside it.
//!
//! Invariant: a parameter the schema does not know is an error here, so that a misspelt one does not pass unseen.

mod methods;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Form, Router};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::wire::{self, Rate};

pub const GROUP: i64 = 212_345;
pub const TOKEN: &str = "vk1.a.simulated-community-token";

/// A VK with one community in it.
#[derive(Clone)]
pub struct Vk {
    /// Where its API is, without `/method`.
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<Inner>,
    woken: Notify,
}

/// A call of an API method.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub params: HashMap<String, String>,
    /// The error's number when the call was refused.
    pub error: Option<i64>,
}

/// What lies behind an attachment string.
#[derive(Clone, Debug)]
pub struct Stored {
    pub name: String,
    pub kind: &'static str,
    pub bytes: Bytes,
}

struct Inner {
    url: String,
    token: String,
    permissions: BTreeSet<&'static str>,
    confirmation: String,
    reach: (String, String),
    users: HashMap<i64, User>,
    calls: Vec<Call>,
    /// Messages of both sides by the other party.
    histories: HashMap<i64, Vec<Value>>,
    sent_ids: HashMap<(i64, i64), (i64, i64)>,
    last_message_id: i64,
    last_object_id: i64,
    long_poll: LongPoll,
    servers: Vec<CallbackServer>,
    tickets: HashMap<String, &'static str>,
    uploads: HashMap<String, Stored>,
    objects: HashMap<String, Stored>,
    /// Files of clients, by path.
    files: HashMap<String, (String, Bytes)>,
    failures: VecDeque<(String, i64)>,
    rate: Rate,
}

struct User {
    first_name: String,
    last_name: String,
    /// Whether the community may write to this user.
    allowed: bool,
}

struct LongPoll {
    enabled: bool,
    events: BTreeSet<String>,
    key: String,
    /// Event number `n` of the list is `ts` n + 1.
    log: Vec<Value>,
    /// Events up to this `ts` are forgotten.
    forgotten: usize,
    /// Answers `failed: 3` until a new session is asked for.
    lost: bool,
}

#[derive(Clone, Debug)]
pub struct CallbackServer {
    pub id: i64,
    pub url: String,
    pub title: String,
    pub secret: String,
    pub events: BTreeSet<String>,
    /// `wait` until it is asked, then `ok` or `failed`.
    pub status: &'static str,
}

impl Vk {
    pub async fn start() -> Self {
        let shared = Arc::new(Shared { state: Mutex::new(Inner::new()), woken: Notify::new() });
        let router = Router::new()
            .route("/method/{name}", any(call))
            .route("/longpoll", get(long_poll))
            .route("/upload/{ticket}", post(upload))
            .route("/media/{*path}", get(download))
            .layer(DefaultBodyLimit::max(256 << 20))
            .with_state(Arc::clone(&shared));
        let url = wire::serve(router).await;
        let vk = Vk { url, shared };
        vk.state().url = vk.url.clone();
        vk
    }

    fn state(&self) -> MutexGuard<'_, Inner> {
        self.shared.state.lock().unwrap()
    }

    /// Somebody with an account, who did not write to the community yet.
    pub fn user(&self, id: i64, first_name: &str, last_name: &str) {
        let user = User { first_name: first_name.to_owned(), last_name: last_name.to_owned(), allowed: false };
        self.state().users.insert(id, user);
    }

    pub fn calls(&self, method: &str) -> Vec<Call> {
        self.state().calls.iter().filter(|call| call.method == method).cloned().collect()
    }

    /// What the community wrote to a user, oldest first, as `messages.getHistory` shows it.
    pub fn sent_to(&self, user_id: i64) -> Vec<Value> {
        let state = self.state();
        let history = state.histories.get(&user_id).into_iter().flatten();
        history.filter(|message| message["out"] == 1).cloned().collect()
    }

    /// The files of a sent message.
    pub fn files_of(&self, message: &Value) -> Vec<Stored> {
        let state = self.state();
        let attachments = message["attachments"].as_array().into_iter().flatten();
        let stored = attachments.map(|attachment| {
            let kind = attachment["type"].as_str().unwrap();
            let object = &attachment[kind];
            let name = if kind == "photo" { "photo" } else { "doc" };
            state.objects[&format!("{name}{}_{}", object["owner_id"], object["id"])].clone()
        });
        stored.collect()
    }

    pub fn servers(&self) -> Vec<CallbackServer> {
        self.state().servers.clone()
    }

    pub fn long_poll_events(&self) -> BTreeSet<String> {
        self.state().long_poll.events.clone()
    }

    /// The next call of this method fails with this error; several are taken in turn.
    pub fn fail(&self, method: &str, error: i64) {
        self.state().failures.push_back((method.to_owned(), error));
    }

    /// Takes the community's key away (or gives a new one): every call with the old one is error 5.
    pub fn set_token(&self, token: &str) {
        self.state().token = token.to_owned();
    }

    /// Takes a right from the key.
    pub fn revoke(&self, permission: &'static str) {
        self.state().permissions.remove(permission);
    }

    pub fn set_rate(&self, per_second: usize) {
        self.state().rate = Rate::new(per_second);
    }

    /// Long Poll forgets every event until now: `failed: 1` for who asks from before.
    pub fn forget_events(&self) {
        let long_poll = &mut self.state().long_poll;
        long_poll.forgotten = long_poll.log.len();
    }

    /// The session's key is over: `failed: 2`.
    pub fn expire_key(&self) {
        self.state().new_key();
    }

    /// The server lost everything: `failed: 3`, and what happened before is not in the log any more.
    pub fn lose_long_poll(&self) {
        let mut state = self.state();
        state.new_key();
        state.long_poll.lost = true;
        state.long_poll.log.clear();
        state.long_poll.forgotten = 0;
    }

    /// Puts a file where clients' attachments are; answers its URL.
    pub fn media(&self, path: &str, content_type: &str, bytes: &[u8]) -> String {
        self.state().files.insert(path.to_owned(), (content_type.to_owned(), Bytes::copy_from_slice(bytes)));
        format!("{}/media/{path}", self.url)
    }

    /// A client writes. `extra` is merged into the message (`attachments`, `reply_message`, `payload`, `geo`, ...).
    /// Answers the event, which Long Poll has already.
    pub fn says(&self, user_id: i64, text: &str, extra: Value) -> Value {
        let event = {
            let mut state = self.state();
            state.users.get_mut(&user_id).expect("a user").allowed = true;
            let mut message = state.message(user_id, user_id, text);
            merge(&mut message, extra);
            state.histories.entry(user_id).or_default().push(message.clone());
            let client_info = json!({
                "button_actions": ["text", "open_link", "callback"], "keyboard": true, "inline_keyboard": true,
                "carousel": true, "lang_id": 0
            });
            state.event("message_new", json!({"message": message, "client_info": client_info}))
        };
        self.shared.woken.notify_waiters();
        event
    }

    /// A client writes while Long Poll is down for good: only the history knows of it.
    pub fn says_unheard(&self, user_id: i64, text: &str) {
        let event = self.says(user_id, text, json!({}));
        let log = &mut self.state().long_poll.log;
        assert_eq!(log.pop(), Some(event));
    }

    /// A client changes a message of his.
    pub fn edits(&self, user_id: i64, cmid: i64, text: &str) -> Value {
        let event = {
            let mut state = self.state();
            let history = state.histories.get_mut(&user_id).expect("a history");
            let message = history.iter_mut().find(|message| message["conversation_message_id"] == cmid);
            let message = message.expect("a message");
            message["text"] = json!(text);
            message["update_time"] = json!(now());
            let message = message.clone();
            state.event("message_edit", message)
        };
        self.shared.woken.notify_waiters();
        event
    }

    /// The user forbids the community to write, and the event of it is lost.
    pub fn deny_silently(&self, user_id: i64) {
        self.state().users.get_mut(&user_id).expect("a user").allowed = false;
    }

    /// Any other event of the community, such as `message_allow` or `message_event`.
    pub fn happens(&self, kind: &str, object: Value) -> Value {
        if let ("message_allow" | "message_deny", Some(user_id)) = (kind, object["user_id"].as_i64()) {
            self.state().users.get_mut(&user_id).expect("a user").allowed = kind == "message_allow";
        }
        let event = self.state().event(kind, object);
        self.shared.woken.notify_waiters();
        event
    }

    /// Sends an event to a server of the Callback API as VK does; answers the status and the body.
    pub async fn deliver(&self, url: &str, secret: &str, event: &Value) -> (u16, String) {
        let mut body = event.clone();
        if !secret.is_empty() {
            body["secret"] = json!(secret);
        }
        post_event(url, body.to_string()).await
    }

    /// Where the addresses of the product lead on this machine: VK confirms a server as soon as it is added.
    pub fn reach(&self, public: &str, real: &str) {
        self.state().reach = (public.to_owned(), real.to_owned());
    }

    /// Asks every new server to confirm itself.
    async fn confirm(&self) {
        let (servers, confirmation, (public, real)) = {
            let state = self.state();
            (state.servers.clone(), state.confirmation.clone(), state.reach.clone())
        };
        for server in servers.into_iter().filter(|server| server.status == "wait") {
            let body = json!({"type": "confirmation", "group_id": GROUP}).to_string();
            let (status, answer) = post_event(&server.url.replace(&public, &real), body).await;
            let status = if status == 200 && answer == confirmation { "ok" } else { "failed" };
            let mut state = self.state();
            for known in state.servers.iter_mut().filter(|known| known.id == server.id) {
                known.status = status;
            }
        }
    }
}

async fn post_event(url: &str, body: String) -> (u16, String) {
    let request = wire::client().post(url).header("content-type", "application/json").body(body);
    let response = request.send().await.expect("the server of the community answers");
    (response.status().as_u16(), response.text().await.unwrap())
}

fn merge(target: &mut Value, extra: Value) {
    if let Value::Object(fields) = extra {
        for (name, value) in fields {
            target[name] = value;
        }
    }
}

fn now() -> i64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().try_into().unwrap()
}

impl Inner {
    fn new() -> Self {
        Inner {
            url: String::new(),
            token: TOKEN.to_owned(),
            permissions: BTreeSet::from(["messages", "manage", "photos", "docs"]),
            confirmation: "c0nf1rm8".to_owned(),
            reach: (String::new(), String::new()),
            users: HashMap::new(),
            calls: Vec::new(),
            histories: HashMap::new(),
            sent_ids: HashMap::new(),
            last_message_id: 900,
            last_object_id: 456_239_000,
            long_poll: LongPoll {
                enabled: false,
                events: BTreeSet::new(),
                key: "key-1".to_owned(),
                log: Vec::new(),
                forgotten: 0,
                lost: false,
            },
            servers: Vec::new(),
            tickets: HashMap::new(),
            uploads: HashMap::new(),
            objects: HashMap::new(),
            files: HashMap::new(),
            failures: VecDeque::new(),
            rate: Rate::new(20),
        }
    }

    fn new_key(&mut self) {
        self.last_object_id += 1;
        self.long_poll.key = format!("key-{}", self.last_object_id);
    }

    /// The next message of a conversation; `conversation_message_id` grows by one within it.
    fn message(&mut self, peer_id: i64, from_id: i64, text: &str) -> Value {
        self.last_message_id += 1;
        let cmid = self.histories.get(&peer_id).map_or(0, Vec::len) + 1;
        json!({
            "id": self.last_message_id, "conversation_message_id": cmid, "peer_id": peer_id, "from_id": from_id,
            "date": now(), "out": i64::from(from_id < 0), "text": text, "attachments": [], "fwd_messages": [],
            "important": false, "is_hidden": false, "random_id": 0, "version": 10_000_000 + self.last_message_id
        })
    }

    fn event(&mut self, kind: &str, object: Value) -> Value {
        self.last_object_id += 1;
        let event = json!({
            "group_id": GROUP, "type": kind, "event_id": format!("{:040x}", self.last_object_id), "v": "5.199",
            "object": object
        });
        self.long_poll.log.push(event.clone());
        event
    }
}

type Shares = State<Arc<Shared>>;

/// `https://api.vk.com/method/NAME`: parameters in the query or as a form, the key also as `Authorization: Bearer`.
async fn call(
    State(shared): Shares,
    Path(name): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut params = query;
    let form = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if form.starts_with("application/x-www-form-urlencoded") {
        let request = Request::post("/").header("content-type", form).body(Body::from(body)).unwrap();
        let Form(form) = Form::<HashMap<String, String>>::from_request(request, &()).await.unwrap();
        params.extend(form);
    }
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        params.insert("access_token".to_owned(), token.to_owned());
    }
    let outcome = {
        let mut state = shared.state.lock().unwrap();
        let outcome = methods::call(&mut state, &name, &params);
        params.remove("access_token");
        let error = outcome.as_ref().err().map(|error| error.code);
        state.calls.push(Call { method: name.clone(), params: params.clone(), error });
        outcome
    };
    shared.woken.notify_waiters();
    if name == "groups.addCallbackServer" {
        let vk = Vk { url: String::new(), shared: Arc::clone(&shared) };
        tokio::spawn(async move { vk.confirm().await });
    }
    let body = match outcome {
        Ok(response) => json!({"response": response}),
        Err(error) => json!({"error": {
            "error_code": error.code, "error_msg": error.message,
            "request_params": [{"key": "method", "value": name}]
        }}),
    };
    axum::Json(body).into_response()
}

/// `{server}?act=a_check&key=..&ts=..&wait=..`
async fn long_poll(State(shared): Shares, Query(query): Query<HashMap<String, String>>) -> Response {
    if query.get("act").map(String::as_str) != Some("a_check") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let wait: u64 = query.get("wait").and_then(|wait| wait.parse().ok()).unwrap_or(25);
    let until = tokio::time::Instant::now() + Duration::from_secs(wait.min(90));
    loop {
        let woken = shared.woken.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        {
            let state = shared.state.lock().unwrap();
            let answer = check(&state.long_poll, &query);
            let over = tokio::time::Instant::now() >= until;
            if over || answer["updates"].as_array().is_none_or(|updates| !updates.is_empty()) {
                return axum::Json(answer).into_response();
            }
        }
        let _ = tokio::time::timeout_at(until, woken).await;
    }
}

fn check(long_poll: &LongPoll, query: &HashMap<String, String>) -> Value {
    if long_poll.lost {
        return json!({"failed": 3});
    }
    if !long_poll.enabled || query.get("key") != Some(&long_poll.key) {
        return json!({"failed": 2});
    }
    let last = long_poll.log.len();
    match query.get("ts").and_then(|ts| ts.parse::<usize>().ok()) {
        Some(ts) if ts >= long_poll.forgotten && ts <= last => {
            let updates: Vec<&Value> = long_poll.log[ts..]
                .iter()
                .filter(|event| long_poll.events.contains(event["type"].as_str().unwrap_or_default()))
                .collect();
            json!({"ts": last.to_string(), "updates": updates})
        }
        _ => json!({"failed": 1, "ts": last}),
    }
}

/// The upload servers: a photo in the field `photo`, a document or a voice message in the field `file`.
async fn upload(State(shared): Shares, Path(ticket): Path<String>, mut form: Multipart) -> Response {
    let Some(kind) = shared.state.lock().unwrap().tickets.remove(&ticket) else {
        return axum::Json(json!({"error": "ERR_UPLOAD_BAD_TICKET"})).into_response();
    };
    let field_name = if kind == "photo" { "photo" } else { "file" };
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() != Some(field_name) {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.unwrap();
        return axum::Json(methods::uploaded(&mut shared.state.lock().unwrap(), kind, name, bytes)).into_response();
    }
    axum::Json(json!({"error": "ERR_UPLOAD_FILE_NOT_UPLOADED"})).into_response()
}

async fn download(State(shared): Shares, Path(path): Path<String>) -> Response {
    match shared.state.lock().unwrap().files.get(&path) {
        Some((content_type, bytes)) => ([("content-type", content_type.clone())], bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
