//! WhatsApp Cloud API (Graph API): https://developers.facebook.com/documentation/business-messaging/whatsapp
//!
//! Strict as Meta: an unknown key, a wrong type, a long text, a strange media type or a missing right is an error with
//! Meta's code. A free text outside the 24 hours after the client's last message is accepted and then fails by a
//! webhook, which is what Meta does. Time is the product's.

mod check;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use app::App;
use axum::extract::{Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base::Timestamp;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::Digest;
use tests::TestApp;

use super::outside::{Answer, Outside, broken_off, hex, signature};
use check::{check_content, invalid, nested, only, recipient, string};

pub const PHONE_NUMBER_ID: &str = "106540352242922";
pub const ACCOUNT_ID: &str = "102290129340398";
pub const APP_SECRET: &str = "6f1d2c3b4a5968778695a4b3c2d1e0f1";
pub const TOKEN: &str = "EAAJB0otklik0system0user0token";
const DISPLAY_NUMBER: &str = "+7 495 000-00-01";
const OWN_NUMBER: &str = "74950000001";

const IMAGES: [&str; 2] = ["image/jpeg", "image/png"];
const VIDEOS: [&str; 2] = ["video/mp4", "video/3gpp"];
const AUDIOS: [&str; 5] = ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"];
const STICKERS: [&str; 1] = ["image/webp"];
const DOCUMENTS: [&str; 8] = [
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];
const MEGABYTE: usize = 1024 * 1024;
/// Messages to one client within `PAIR_SECONDS`, Meta's pair rate limit.
const PAIR_BURST: usize = 45;
const PAIR_SECONDS: i64 = 6;

/// The vendor's server.
#[derive(Clone)]
pub struct WhatsApp {
    address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    outside: Outside,
    state: Mutex<Book>,
}

/// What Meta remembers.
#[derive(Default)]
struct Book {
    token: String,
    hook: Option<String>,
    sent: Vec<Sent>,
    read: Vec<Value>,
    media: HashMap<String, Media>,
    templates: Vec<Value>,
    users: HashMap<String, User>,
    /// Messages of clients, by id: who sent them.
    received: HashMap<String, String>,
    faults: VecDeque<Fault>,
    subscribed: bool,
    counter: u64,
}

/// A message Meta accepted from us.
#[derive(Clone, Debug)]
pub struct Sent {
    pub id: String,
    /// Digits of the number, or the business-scoped id.
    pub to: String,
    pub body: Value,
    pub at: Timestamp,
}

#[derive(Clone)]
struct Media {
    name: String,
    content_type: String,
    bytes: Bytes,
}

#[derive(Clone)]
struct User {
    name: String,
    business_scoped: String,
    /// Writes under a username: Meta keeps the number to itself.
    hides_number: bool,
    last_inbound: Option<Timestamp>,
}

#[derive(Clone)]
enum Fault {
    /// An error of Meta's list.
    Code(i64),
    /// Not Meta but something in front of it.
    Status(u16),
    /// The message is accepted, the answer never comes.
    Silence,
}

/// An error of the Graph API.
#[derive(Debug)]
struct Refusal {
    code: i64,
    details: String,
}

fn refuse<T>(code: i64, details: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code, details: details.into() })
}

impl WhatsApp {
    pub async fn start(test: &TestApp) -> Self {
        let book = Book { token: TOKEN.to_owned(), templates: templates(), ..Book::default() };
        let outside = Outside::of(test).await;
        let inner = Arc::new(Inner { app: test.app.clone(), outside, state: Mutex::new(book) });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let whatsapp = WhatsApp { address: listener.local_addr().unwrap(), inner };
        let router = Router::new()
            .route("/{version}/{id}", get(object))
            .route("/{version}/{id}/messages", post(send))
            .route("/{version}/{id}/media", post(upload))
            .route("/{version}/{id}/message_templates", get(list_templates))
            .route("/{version}/{id}/subscribed_apps", get(subscribed).post(subscribe))
            .route("/whatsapp_business/attachments/{id}", get(download))
            .layer(axum::extract::DefaultBodyLimit::max(200 * MEGABYTE))
            .layer(axum::middleware::from_fn_with_state(whatsapp.clone(), authorize))
            .with_state(whatsapp.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        whatsapp
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.inner.state.lock().unwrap()
    }

    fn now(&self) -> Timestamp {
        self.inner.app.now()
    }

    fn next(&self, prefix: &str) -> String {
        let mut book = self.book();
        book.counter += 1;
        format!("{prefix}{:012}", book.counter)
    }

    /// A person with WhatsApp. `number` is digits with the country's code.
    pub fn person(&self, number: &str, name: &str) {
        let business_scoped = format!("RU.9{number}");
        let user = User { name: name.to_owned(), business_scoped, hides_number: false, last_inbound: None };
        self.book().users.insert(number.to_owned(), user);
    }

    /// The same, under a username; answers the business-scoped id by which Meta calls him.
    pub fn person_without_number(&self, number: &str, name: &str) -> String {
        self.person(number, name);
        let mut book = self.book();
        let user = book.users.get_mut(number).unwrap();
        user.hides_number = true;
        user.business_scoped.clone()
    }

    /// What an administrator does in the App Dashboard: Meta asks the hook whether it knows the verify token.
    pub async fn verify_hook(&self, url: &str, token: &str) -> Result<(), String> {
        let query = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
        let Some(answer) = self.inner.outside.get(&format!("{url}{query}{token}")).await else {
            return Err(format!("{url} could not be reached"));
        };
        if answer.status != StatusCode::OK || answer.body != "1158201444" {
            return Err(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
        }
        self.book().hook = Some(url.to_owned());
        Ok(())
    }

    /// Whether our app listens to the business account's updates.
    pub fn is_subscribed(&self) -> bool {
        self.book().subscribed
    }

    /// Messages Meta accepted, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.book().sent.clone()
    }

    /// Read marks and typing indicators, in order.
    pub fn marks(&self) -> Vec<Value> {
        self.book().read.clone()
    }

    pub fn uploaded(&self, media_id: &str) -> (String, String, Bytes) {
        let media = self.book().media.get(media_id).cloned().expect("an uploaded file");
        (media.name, media.content_type, media.bytes)
    }

    /// Only this token is good from now on.
    pub fn change_token(&self, token: &str) {
        token.clone_into(&mut self.book().token);
    }

    /// The next messages meet this error of Meta's list.
    pub fn fail_next(&self, code: i64, times: usize) {
        self.book().faults.extend(std::iter::repeat_n(Fault::Code(code), times));
    }

    pub fn break_next(&self, status: u16) {
        self.book().faults.push_back(Fault::Status(status));
    }

    /// The next message is accepted and its answer is lost on the way.
    pub fn lose_next_answer(&self) {
        self.book().faults.push_back(Fault::Silence);
    }

    /// Keeps a client's file and answers its part of a webhook.
    pub fn media(&self, content_type: &str, bytes: &[u8]) -> Value {
        let id = self.next("9");
        let media =
            Media { name: String::new(), content_type: content_type.to_owned(), bytes: Bytes::copy_from_slice(bytes) };
        let digest = hex(&sha2::Sha256::digest(bytes));
        self.book().media.insert(id.clone(), media);
        json!({"id": id, "mime_type": content_type, "sha256": digest})
    }

    /// A client's message as Meta tells of it: `content` is `{"type": ..., <type>: ...}` and what else belongs to it.
    pub fn message(&self, number: &str, id: &str, content: Value) -> Value {
        let now = self.now();
        let mut book = self.book();
        let user = book.users.get_mut(number).expect("a known person");
        user.last_inbound = Some(now);
        let (name, scoped, hides) = (user.name.clone(), user.business_scoped.clone(), user.hides_number);
        book.received.insert(id.to_owned(), number.to_owned());
        let mut contact = json!({"profile": {"name": name}, "user_id": scoped});
        let mut message = json!({"id": id, "from_user_id": scoped, "timestamp": now.timestamp().to_string()});
        if !hides {
            contact["wa_id"] = json!(number);
            message["from"] = json!(number);
        }
        message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        self.envelope(json!({"contacts": [contact], "messages": [message]}))
    }

    pub fn text(&self, number: &str, id: &str, text: &str) -> Value {
        self.message(number, id, json!({"type": "text", "text": {"body": text}}))
    }

    fn status(&self, message_id: &str, status: &str, errors: Option<Value>) -> Value {
        let recipient = self.sent().into_iter().find(|sent| sent.id == message_id).expect("a sent message").to;
        let mut entry = json!({"id": message_id, "status": status, "timestamp": self.now().timestamp().to_string()});
        let key = if recipient.contains('.') { "recipient_user_id" } else { "recipient_id" };
        entry[key] = json!(recipient);
        if let Some(errors) = errors {
            entry["errors"] = errors;
        }
        self.envelope(json!({"statuses": [entry]}))
    }

    fn envelope(&self, content: Value) -> Value {
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": OWN_NUMBER, "phone_number_id": PHONE_NUMBER_ID},
        });
        value.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        json!({
            "object": "whatsapp_business_account",
            "entry": [{"id": ACCOUNT_ID, "changes": [{"field": "messages", "value": value}]}],
        })
    }

    /// Delivers an update as Meta does, signed with the app's secret.
    pub async fn deliver(&self, update: &Value) -> Answer {
        self.deliver_with(update, |body| Some(format!("sha256={}", signature(APP_SECRET, body)))).await
    }

    /// The same with any signature, or without one.
    pub async fn deliver_with(&self, update: &Value, sign: impl Fn(&[u8]) -> Option<String>) -> Answer {
        let body = update.to_string().into_bytes();
        let headers: Vec<_> = sign(&body).map(|signature| ("x-hub-signature-256", signature)).into_iter().collect();
        let hook = self.book().hook.clone().expect("the hook is verified");
        self.inner.outside.post(&hook, &headers, body).await.expect("the product answers")
    }

    /// The client's phone has the message (`delivered`), or he saw it (`read`).
    pub async fn mark(&self, message_id: &str, status: &str) -> Answer {
        self.deliver(&self.status(message_id, status, None)).await
    }

    /// The message could not be delivered after all.
    pub async fn fail_later(&self, message_id: &str, code: i64) -> Answer {
        let (title, _) = words(code);
        let details = format!("{title}.");
        let errors = json!([{"code": code, "title": title, "message": title, "error_data": {"details": details}}]);
        self.deliver(&self.status(message_id, "failed", Some(errors))).await
    }
}

/// Every call: the version's form, the token, and whether a fault is due.
async fn authorize(State(whatsapp): State<WhatsApp>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let good = bearer == Some(&format!("Bearer {}", whatsapp.book().token));
    if !good {
        return match path.starts_with("/whatsapp_business/") {
            true => StatusCode::UNAUTHORIZED.into_response(),
            false => Refusal { code: 190, details: "Error validating access token".to_owned() }.into_response(),
        };
    }
    let version = path.split('/').nth(1).unwrap_or_default();
    let is_version = |version: &str| version.strip_prefix('v').is_some_and(|number| number.parse::<f32>().is_ok());
    if !is_version(version) && version != "whatsapp_business" {
        return Refusal { code: 2500, details: format!("Unknown path components: {path}") }.into_response();
    }
    next.run(request).await
}

async fn object(
    State(whatsapp): State<WhatsApp>,
    Path((_, id)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if id == PHONE_NUMBER_ID {
        let all = json!({
            "verified_name": "Отклик",
            "display_phone_number": DISPLAY_NUMBER,
            "quality_rating": "GREEN",
            "code_verification_status": "VERIFIED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "id": PHONE_NUMBER_ID,
        });
        return match query.get("fields") {
            None => Json(all).into_response(),
            Some(fields) => match fields.split(',').find(|field| all.get(field).is_none()) {
                Some(field) => Refusal { code: 100, details: format!("Tried accessing nonexisting field ({field})") }
                    .into_response(),
                None => {
                    let named = fields.split(',').chain(["id"]).map(|field| (field.to_owned(), all[field].clone()));
                    Json(Value::Object(named.collect())).into_response()
                }
            },
        };
    }
    if id == ACCOUNT_ID {
        return Json(json!({"id": ACCOUNT_ID, "name": "Отклик"})).into_response();
    }
    match whatsapp.book().media.get(&id) {
        Some(media) => Json(json!({
            "messaging_product": "whatsapp",
            "url": format!("http://{}/whatsapp_business/attachments/{id}?mid={id}&ext=1700000000", whatsapp.address),
            "mime_type": media.content_type,
            "sha256": hex(&sha2::Sha256::digest(&media.bytes)),
            "file_size": media.bytes.len(),
            "id": id,
        }))
        .into_response(),
        None => Refusal {
            code: 100,
            details: format!("Object with ID '{id}' does not exist, cannot be loaded due to missing permissions"),
        }
        .into_response(),
    }
}

async fn download(State(whatsapp): State<WhatsApp>, Path(id): Path<String>) -> Response {
    match whatsapp.book().media.get(&id).cloned() {
        Some(media) => ([(header::CONTENT_TYPE, media.content_type)], media.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn subscribe(State(whatsapp): State<WhatsApp>, Path((_, id)): Path<(String, String)>) -> Response {
    if id != ACCOUNT_ID {
        return unknown_object(&id).into_response();
    }
    whatsapp.book().subscribed = true;
    Json(json!({"success": true})).into_response()
}

async fn subscribed(State(whatsapp): State<WhatsApp>, Path((_, id)): Path<(String, String)>) -> Response {
    if id != ACCOUNT_ID {
        return unknown_object(&id).into_response();
    }
    let app = json!({"whatsapp_business_api_data": {"id": "670843887433847", "link": "https://otklik.test/", "name": "Otklik"}});
    let data: Vec<Value> = whatsapp.book().subscribed.then_some(app).into_iter().collect();
    Json(json!({"data": data})).into_response()
}

fn unknown_object(id: &str) -> Refusal {
    Refusal { code: 100, details: format!("Object with ID '{id}' does not exist") }
}

/// Pages of at most `limit` templates; `after` is the last page's cursor.
async fn list_templates(
    State(whatsapp): State<WhatsApp>,
    Path((_, id)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if id != ACCOUNT_ID {
        return unknown_object(&id).into_response();
    }
    let limit: usize = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25);
    let from: usize = query.get("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let wanted = query.get("status");
    let all: Vec<Value> = whatsapp
        .book()
        .templates
        .iter()
        .filter(|template| wanted.is_none_or(|status| template["status"] == **status))
        .filter(|template| query.get("name").is_none_or(|name| template["name"] == **name))
        .cloned()
        .collect();
    let page: Vec<Value> = all.iter().skip(from).take(limit).cloned().collect();
    let end = from + page.len();
    let mut paging = json!({"cursors": {"before": from.to_string(), "after": end.to_string()}});
    if end < all.len() {
        paging["next"] = json!(format!("{}/next", whatsapp.base_url()));
    }
    Json(json!({"data": page, "paging": paging})).into_response()
}

/// Templates as Meta stores them: two approved, one with a named parameter, one still in review.
fn templates() -> Vec<Value> {
    let body = |text: &str| json!([{"type": "BODY", "text": text}]);
    vec![
        json!({"id": "1", "name": "order_ready", "language": "ru", "status": "APPROVED", "category": "UTILITY",
        "parameter_format": "POSITIONAL", "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Заказ {{1}}"},
            {"type": "BODY", "text": "Здравствуйте, {{1}}! Ваш заказ {{2}} готов."},
            {"type": "FOOTER", "text": "Спасибо, что вы с нами"},
        ]}),
        json!({"id": "2", "name": "hello", "language": "ru", "status": "APPROVED", "category": "MARKETING",
            "parameter_format": "POSITIONAL", "components": body("Здравствуйте! Мы получили ваше обращение.")}),
        json!({"id": "3", "name": "visit", "language": "en_US", "status": "APPROVED", "category": "UTILITY",
            "parameter_format": "NAMED", "components": body("Hello {{name}}, see you on {{day}}.")}),
        json!({"id": "4", "name": "in_review", "language": "ru", "status": "PENDING", "category": "UTILITY",
            "parameter_format": "POSITIONAL", "components": body("Скоро.")}),
    ]
}

async fn upload(
    State(whatsapp): State<WhatsApp>,
    Path((_, id)): Path<(String, String)>,
    mut form: Multipart,
) -> Response {
    if id != PHONE_NUMBER_ID {
        return unknown_object(&id).into_response();
    }
    let (mut product, mut declared, mut file) = (None, None, None);
    while let Ok(Some(field)) = form.next_field().await {
        match field.name().unwrap_or_default() {
            "messaging_product" => product = field.text().await.ok(),
            "type" => declared = field.text().await.ok(),
            "file" => {
                let name = field.file_name().map(ToOwned::to_owned);
                let content_type = field.content_type().map(ToOwned::to_owned);
                file = field.bytes().await.ok().map(|bytes| (name, content_type, bytes));
            }
            other => {
                return Refusal { code: 100, details: format!("Unexpected parameter {other}") }.into_response();
            }
        }
    }
    match accept_upload(product, declared, file) {
        Err(refusal) => refusal.into_response(),
        Ok(media) => {
            let media_id = whatsapp.next("8");
            whatsapp.book().media.insert(media_id.clone(), media);
            Json(json!({"id": media_id})).into_response()
        }
    }
}

type UploadedFile = (Option<String>, Option<String>, Bytes);

fn accept_upload(
    product: Option<String>,
    declared: Option<String>,
    file: Option<UploadedFile>,
) -> Result<Media, Refusal> {
    if product.as_deref() != Some("whatsapp") {
        return refuse(100, "The parameter messaging_product is required.");
    }
    let Some((Some(name), content_type, bytes)) = file else {
        return refuse(100, "The parameter file is required.");
    };
    let Some(content_type) = content_type.or(declared) else {
        return refuse(100, "The parameter type is required.");
    };
    let plain = content_type.split(';').next().unwrap_or_default().trim().to_owned();
    let Some(largest) = kinds_of(&plain).into_iter().map(|(_, largest)| largest).max() else {
        return refuse(100, format!("Param file must be a file with one of the following types: ...; got {plain}"));
    };
    if bytes.is_empty() || bytes.len() > largest {
        return refuse(131053, format!("Media file size {} is not allowed for {plain}", bytes.len()));
    }
    Ok(Media { name, content_type, bytes })
}

/// As which message types a media type may go, and up to which size.
fn kinds_of(content_type: &str) -> Vec<(&'static str, usize)> {
    let kinds = [
        ("image", &IMAGES[..], 5 * MEGABYTE),
        ("video", &VIDEOS[..], 16 * MEGABYTE),
        ("audio", &AUDIOS[..], 16 * MEGABYTE),
        ("sticker", &STICKERS[..], MEGABYTE / 2),
    ];
    let mut found: Vec<_> = kinds
        .into_iter()
        .filter(|(_, types, _)| types.contains(&content_type))
        .map(|(kind, _, size)| (kind, size))
        .collect();
    if DOCUMENTS.contains(&content_type) || !found.is_empty() {
        found.push(("document", 100 * MEGABYTE));
    }
    found
}

async fn send(
    State(whatsapp): State<WhatsApp>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if id != PHONE_NUMBER_ID {
        return unknown_object(&id).into_response();
    }
    let is_json =
        headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    let Some(Value::Object(body)) = serde_json::from_slice(&body).ok().filter(|_| is_json) else {
        return Refusal { code: 100, details: "The request body is not JSON".to_owned() }.into_response();
    };
    if body.contains_key("status") {
        return match mark_read(&whatsapp, &body) {
            Ok(()) => Json(json!({"success": true})).into_response(),
            Err(refusal) => refusal.into_response(),
        };
    }
    let fault = whatsapp.book().faults.pop_front();
    match fault {
        Some(Fault::Code(code)) => {
            return Refusal { code, details: format!("{} (asked for by the test)", words(code).0) }.into_response();
        }
        Some(Fault::Status(status)) => {
            return (StatusCode::from_u16(status).unwrap(), "upstream connect error").into_response();
        }
        Some(Fault::Silence) | None => {}
    }
    let accepted = accept(&whatsapp, &body);
    if matches!(fault, Some(Fault::Silence)) {
        return broken_off();
    }
    match accepted {
        Err(refusal) => refusal.into_response(),
        Ok(answer) => Json(answer).into_response(),
    }
}

fn mark_read(whatsapp: &WhatsApp, body: &Map<String, Value>) -> Result<(), Refusal> {
    only(body, "", &["messaging_product", "status", "message_id", "typing_indicator"])?;
    if body.get("messaging_product") != Some(&json!("whatsapp")) || body["status"] != "read" {
        return refuse(100, "Invalid parameter");
    }
    if body.get("typing_indicator").is_some_and(|typing| *typing != json!({"type": "text"})) {
        return refuse(100, "Param typing_indicator['type'] must be text");
    }
    let id = string(body, "", "message_id", 512)?;
    let mut book = whatsapp.book();
    if !book.received.contains_key(id) {
        return refuse(131009, format!("Message {id} was not received by this number"));
    }
    book.read.push(Value::Object(body.clone()));
    Ok(())
}

fn accept(whatsapp: &WhatsApp, body: &Map<String, Value>) -> Result<Value, Refusal> {
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("text").to_owned();
    let allowed =
        ["messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"];
    only(body, "", &[&allowed[..], &[kind.as_str()]].concat())?;
    if body.get("messaging_product") != Some(&json!("whatsapp")) {
        return refuse(100, "The parameter messaging_product is required.");
    }
    if body.get("recipient_type").is_some_and(|recipient| recipient != "individual") {
        return refuse(100, "Param recipient_type must be one of {INDIVIDUAL}");
    }
    let to = recipient(body)?;
    let content = nested(body, "", &kind)?;
    if let Some(context) = body.get("context") {
        let context = context.as_object().ok_or_else(|| invalid("context"))?;
        only(context, "context", &["message_id"])?;
        let quoted = string(context, "context", "message_id", 512)?;
        let book = whatsapp.book();
        if !book.received.contains_key(quoted) && !book.sent.iter().any(|sent| sent.id == quoted) {
            return refuse(131009, format!("Message {quoted} is not in this conversation"));
        }
    }
    check_content(whatsapp, &kind, content)?;
    let now = whatsapp.now();
    let number = {
        let book = whatsapp.book();
        let recent = book.sent.iter().filter(|sent| sent.to == to && (now - sent.at).num_seconds() < PAIR_SECONDS);
        if recent.count() >= PAIR_BURST {
            return refuse(131056, "Too many messages from this number to the same number in a short time");
        }
        book.users
            .iter()
            .find(|(number, user)| **number == to || user.business_scoped == to)
            .map(|(number, _)| number.clone())
    };
    let id = whatsapp.next("wamid.HBgLNzQ5NTAwMDAwMDEVAgARGBI");
    let open = {
        let mut book = whatsapp.book();
        book.sent.push(Sent { id: id.clone(), to: to.clone(), body: Value::Object(body.clone()), at: now });
        let user = number.as_ref().and_then(|number| book.users.get(number));
        let last = user.and_then(|user| user.last_inbound);
        kind == "template" || last.is_some_and(|last| now - last < chrono::Duration::hours(24))
    };
    // Meta finds both out after it has answered.
    let later = match (&number, open) {
        (None, _) => Some(131026),
        (Some(_), false) => Some(131047),
        (Some(_), true) => None,
    };
    if let Some(code) = later {
        let (whatsapp, id) = (whatsapp.clone(), id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            whatsapp.fail_later(&id, code).await;
        });
    }
    let contact = match number {
        Some(number) if body.contains_key("to") => json!({"input": body["to"], "wa_id": number}),
        Some(_) => json!({"input": to, "user_id": to}),
        None => json!({"input": body.get("to").unwrap_or(&Value::Null), "wa_id": to}),
    };
    let mut message = json!({"id": id});
    if kind == "template" {
        message["message_status"] = json!("accepted");
    }
    Ok(json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}))
}

/// Title and HTTP status of an error code.
fn words(code: i64) -> (&'static str, u16) {
    match code {
        4 => ("Application request limit reached", 400),
        10 => ("Application does not have permission for this action", 403),
        100 => ("Invalid parameter", 400),
        190 => ("Access token has expired", 401),
        368 => ("Temporarily blocked for policies violations", 403),
        2500 => ("Unknown path components", 400),
        130429 => ("Rate limit hit", 400),
        130472 => ("User's number is part of an experiment", 400),
        131000 => ("Something went wrong", 500),
        131008 => ("Required parameter is missing", 400),
        131009 => ("Parameter value is not valid", 400),
        131016 => ("Service unavailable", 500),
        131026 => ("Message undeliverable", 400),
        131047 => ("Re-engagement message", 400),
        131048 => ("Spam rate limit hit", 400),
        131051 => ("Unsupported message type", 400),
        131053 => ("Media upload error", 400),
        131056 => ("(Business Account, Consumer Account) pair rate limit hit", 400),
        132000 => ("Number of parameters does not match the expected number of params", 400),
        132001 => ("Template name does not exist in the translation", 404),
        132012 => ("Parameter format does not match format in the created template", 400),
        _ => ("An unknown error occurred", 500),
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (title, status) = words(self.code);
        let body = json!({"error": {
            "message": format!("(#{}) {title}", self.code),
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": "AbJuG-rMVq36mbrrj6TQD3L",
        }});
        (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
    }
}
