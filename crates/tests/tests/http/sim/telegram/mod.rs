//! The Bot API of Telegram, written from <https://core.telegram.org/bots/api>: polling, webhooks, sending, files, limits
//! and the words of its refusals.
//!
//! It is as strict as the vendor and a little stricter: a parameter it does not know is refused, so that a misspelt one
//! does not go unnoticed.

mod markup;
mod methods;
mod people;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Map, Value, json};
use tokio::sync::Notify;

pub use people::Person;

/// The largest file a bot may download.
const MAX_DOWNLOAD: usize = 20 * 1024 * 1024;
/// Updates a bot gets without asking for them by name.
const DEFAULT_UPDATES: [&str; 8] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "callback_query",
    "my_chat_member",
    "chat_join_request",
];

/// A running server with one bot.
pub struct Telegram {
    world: Arc<World>,
    pub base_url: String,
}

#[derive(Default)]
struct World {
    inner: Mutex<Inner>,
    /// Something happened that a waiting getUpdates may want.
    wake: Notify,
}

#[derive(Default)]
struct Inner {
    token: String,
    next_update: i64,
    next_message: i64,
    next_file: u64,
    updates: Vec<Value>,
    allowed: Option<Vec<String>>,
    webhook: Option<Webhook>,
    /// Counts getUpdates calls: an older one that still waits is ended by a newer.
    poll: u64,
    polls: u64,
    chats: HashMap<i64, Chat>,
    files: HashMap<String, StoredFile>,
    queries: HashSet<String>,
    /// The methods called so far, by name.
    calls: Vec<String>,
    refusals: Vec<Refusal>,
}

/// What setWebhook said.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub allowed: Vec<String>,
}

#[derive(Default)]
struct Chat {
    person: Value,
    blocked: bool,
    messages: BTreeMap<i64, Value>,
}

struct StoredFile {
    path: String,
    bytes: Bytes,
}

#[derive(Clone, Debug)]
pub struct Upload {
    /// The name of the form's field.
    pub field: String,
    pub name: String,
    pub bytes: Bytes,
}

/// How the next calls of a method are answered.
struct Refusal {
    method: String,
    times: usize,
    answer: Fault,
}

/// A failed call: status, words, seconds to wait.
#[derive(Clone, Debug)]
pub struct Fault {
    pub status: u16,
    pub description: String,
    pub retry_after: Option<u64>,
}

impl Fault {
    fn bad(description: impl Into<String>) -> Self {
        Self { status: 400, description: description.into(), retry_after: None }
    }
}

type Answer = Result<Value, Fault>;

impl Telegram {
    pub async fn start() -> Self {
        let inner = Inner {
            token: "7000000001:AAE-telegram-simulator-token_00001".to_owned(),
            next_update: 100_000,
            next_message: 1,
            ..Inner::default()
        };
        let world = Arc::new(World { inner: Mutex::new(inner), wake: Notify::new() });
        let router = Router::new()
            .route("/file/{bot}/{*path}", get(download))
            .route("/{bot}/{method}", any(call))
            .layer(DefaultBodyLimit::disable())
            .with_state(world.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { world, base_url }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.world.inner.lock().unwrap()
    }

    pub fn token(&self) -> String {
        self.inner().token.clone()
    }

    /// What BotFather's /revoke does: the old token is worth nothing any more.
    pub fn change_token(&self, token: &str) {
        self.inner().token = token.to_owned();
        self.world.wake.notify_waiters();
    }

    /// Answers the next calls of a method with a failure.
    pub fn refuse(&self, method: &str, times: usize, status: u16, description: &str, retry_after: Option<u64>) {
        let answer = Fault { status, description: description.to_owned(), retry_after };
        self.inner().refusals.push(Refusal { method: method.to_owned(), times, answer });
    }

    /// A method is answered as ever again.
    pub fn accept(&self, method: &str) {
        self.inner().refusals.retain(|refusal| refusal.method != method);
    }

    /// The bot's next messages have this number and those after it.
    pub fn number_messages_from(&self, number: i64) {
        self.inner().next_message = number;
    }

    /// After a week of silence updates are numbered anew.
    pub fn number_updates_after(&self, number: i64) {
        self.inner().next_update = number;
    }

    /// Buttons that still show the client that nobody has noticed.
    pub fn unanswered_presses(&self) -> usize {
        self.inner().queries.len()
    }

    pub fn webhook(&self) -> Option<Webhook> {
        self.inner().webhook.clone()
    }

    /// How often updates were asked for.
    pub fn polls(&self) -> u64 {
        self.inner().polls
    }

    /// The updates that no getUpdates has confirmed: what a webhook would be told.
    pub fn pending(&self) -> Vec<Value> {
        self.inner().updates.clone()
    }

    pub fn forget_pending(&self) {
        self.inner().updates.clear();
    }

    /// How often a method was called, refused calls too.
    pub fn calls(&self, method: &str) -> usize {
        self.inner().calls.iter().filter(|call| *call == method).count()
    }

    /// What stands in a chat, in order: what the person wrote and what the bot sent.
    pub fn messages(&self, person: &Person) -> Vec<Value> {
        let inner = self.inner();
        inner.chats.get(&person.id).map(|chat| chat.messages.values().cloned().collect()).unwrap_or_default()
    }

    /// What the bot sent to a chat and has not deleted.
    pub fn sent(&self, person: &Person) -> Vec<Value> {
        self.messages(person).into_iter().filter(|message| message["from"]["is_bot"] == true).collect()
    }

    /// The bytes of a file of a message.
    pub fn bytes(&self, file_id: &str) -> Bytes {
        self.inner().files.get(file_id).map(|file| file.bytes.clone()).expect("a file")
    }
}

/// The parameters of a call, however they were passed.
struct Params {
    values: Map<String, Value>,
    files: Vec<Upload>,
}

async fn call(
    State(world): State<Arc<World>>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Some(token) = bot.strip_prefix("bot").map(str::to_owned) else {
        return refusal(&Fault { status: 404, description: "Not Found".to_owned(), retry_after: None });
    };
    let params = match read(request).await {
        Ok(params) => params,
        Err(fault) => return refusal(&fault),
    };
    let answer = if method == "getUpdates" {
        get_updates(&world, &token, params).await
    } else {
        let answer = world.inner.lock().unwrap().call(&token, &method, params);
        world.wake.notify_waiters();
        answer
    };
    match answer {
        Ok(result) => axum::Json(json!({"ok": true, "result": result})).into_response(),
        Err(fault) => refusal(&fault),
    }
}

fn refusal(fault: &Fault) -> Response {
    let mut body = json!({"ok": false, "error_code": fault.status, "description": fault.description});
    if let Some(seconds) = fault.retry_after {
        body["parameters"] = json!({"retry_after": seconds});
    }
    (StatusCode::from_u16(fault.status).unwrap(), axum::Json(body)).into_response()
}

async fn read(request: Request) -> Result<Params, Fault> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let query: HashMap<String, String> =
        Query::try_from_uri(request.uri()).map(|Query(query)| query).unwrap_or_default();
    let mut values: Map<String, Value> = query.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    let mut files = Vec::new();
    if content_type.starts_with("multipart/form-data") {
        let mut form = Multipart::from_request(request, &()).await.map_err(|error| Fault::bad(error.to_string()))?;
        while let Some(field) = form.next_field().await.map_err(|error| Fault::bad(error.to_string()))? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|error| Fault::bad(error.to_string()))?;
            match file_name {
                Some(file_name) => files.push(Upload { field: name, name: file_name, bytes }),
                None => {
                    values.insert(name, Value::String(String::from_utf8_lossy(&bytes).into_owned()));
                }
            }
        }
    } else {
        let bytes = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap_or_default();
        if content_type.starts_with("application/json") {
            let body: Map<String, Value> =
                serde_json::from_slice(&bytes).map_err(|_| Fault::bad("Bad Request: can't parse JSON object"))?;
            values.extend(body);
        } else if !bytes.is_empty() {
            return Err(Fault::bad("Bad Request: send JSON or a form"));
        }
    }
    Ok(Params { values, files })
}

impl Inner {
    /// The checks before any method: the token, and refusals a test has asked for.
    fn admit(&mut self, token: &str, method: &str) -> Result<(), Fault> {
        if token != self.token {
            return Err(Fault { status: 401, description: "Unauthorized".to_owned(), retry_after: None });
        }
        self.calls.push(method.to_owned());
        if let Some(refusal) = self.refusals.iter_mut().find(|refusal| refusal.method == method && refusal.times > 0) {
            refusal.times -= 1;
            return Err(refusal.answer.clone());
        }
        Ok(())
    }

    fn call(&mut self, token: &str, method: &str, params: Params) -> Answer {
        self.admit(token, method)?;
        methods::call(self, method, &params)
    }

    fn update(&mut self, kind: &str, content: Value) {
        let wanted = match &self.allowed {
            Some(allowed) if !allowed.is_empty() => allowed.iter().any(|allowed| allowed == kind),
            _ => DEFAULT_UPDATES.contains(&kind),
        };
        if !wanted {
            return;
        }
        self.next_update += 1;
        let mut update = json!({"update_id": self.next_update});
        update[kind] = content;
        self.updates.push(update);
    }

    fn store(&mut self, name: &str, bytes: Bytes) -> String {
        self.next_file += 1;
        let file_id = format!("AgACAgIAAx{:06}", self.next_file);
        let extension = name.rsplit_once('.').map_or("bin", |(_, extension)| extension);
        let path = format!("documents/file_{}.{extension}", self.next_file);
        self.files.insert(file_id.clone(), StoredFile { path, bytes });
        file_id
    }
}

/// Long polling: answers at once if there is something, else waits. Asking with an offset confirms what came before it.
async fn get_updates(world: &World, token: &str, params: Params) -> Answer {
    let mut reader = methods::Reader::new(&params);
    let offset = reader.integer("offset")?.unwrap_or(0);
    let limit = reader.integer("limit")?.unwrap_or(100);
    let timeout = reader.integer("timeout")?.unwrap_or(0);
    let allowed = reader.json("allowed_updates")?;
    reader.finish()?;
    if !(1..=100).contains(&limit) || !(0..=50).contains(&timeout) {
        return Err(Fault::bad("Bad Request: limit is 1 to 100, timeout 0 to 50"));
    }
    let wanted = |update: &Value| offset <= 0 || update["update_id"].as_i64().unwrap() >= offset;
    let own = {
        let mut inner = world.inner.lock().unwrap();
        inner.admit(token, "getUpdates")?;
        if inner.webhook.is_some() {
            let description = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete \
                               the webhook first";
            return Err(Fault { status: 409, description: description.to_owned(), retry_after: None });
        }
        if let Some(allowed) = allowed {
            let names = serde_json::from_value(allowed);
            inner.allowed = Some(names.map_err(|_| Fault::bad("Bad Request: can't parse allowed_updates"))?);
        }
        inner.updates.retain(wanted);
        inner.polls += 1;
        inner.poll += 1;
        inner.poll
    };
    world.wake.notify_waiters();
    let until = tokio::time::Instant::now() + Duration::from_secs(timeout as u64);
    loop {
        let woken = world.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        {
            let inner = world.inner.lock().unwrap();
            if inner.poll != own {
                let description = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is \
                                   running";
                return Err(Fault { status: 409, description: description.to_owned(), retry_after: None });
            }
            if token != inner.token {
                return Err(Fault { status: 401, description: "Unauthorized".to_owned(), retry_after: None });
            }
            let found: Vec<Value> = inner.updates.iter().filter(|update| wanted(update)).cloned().collect();
            if !found.is_empty() {
                return Ok(found.into_iter().take(limit as usize).collect());
            }
        }
        if tokio::time::timeout_at(until, woken).await.is_err() {
            return Ok(json!([]));
        }
    }
}

async fn download(State(world): State<Arc<World>>, Path((bot, path)): Path<(String, String)>) -> Response {
    let inner = world.inner.lock().unwrap();
    if bot.strip_prefix("bot") != Some(inner.token.as_str()) {
        return refusal(&Fault { status: 401, description: "Unauthorized".to_owned(), retry_after: None });
    }
    match inner.files.values().find(|file| file.path == path) {
        Some(file) => ([(header::CONTENT_TYPE, "application/octet-stream")], file.bytes.clone()).into_response(),
        None => refusal(&Fault { status: 404, description: "Not Found".to_owned(), retry_after: None }),
    }
}
