//! A messenger of one's own: our JSON in both directions, described in `docs/channels/custom.en.md`.
//!
//! One token is both the password of the caller and the key of the signatures. We never send it, we sign with it.
//! Sending again with the same Idempotency-Key makes no second message, so a lost answer is no harm.

use std::time::Duration;

use async_trait::async_trait;
use base::{Error, Result, Timestamp, Words};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use desk::channel::Kind;
use desk::chat;
use desk::contact::{NewIdentity, identity};
use desk::file::Media;
use desk::message::{Card, Extra, Location};
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, RETRY_AFTER};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::driver::{
    About, Account, Capabilities, ChatRef, Driver, Failure, HookAnswer, HookCall, Hooked, InMessage, Inbound, Link,
    Part, Profile, ReadUpTo, Refused, RemoteFile, Sent, Trouble, Update, Window,
};
use crate::settings::{Field, FieldKind, Settings};
use crate::{handed, signature};

const SHORTEST_TOKEN: usize = 16;
const MOST_EVENTS: usize = 100;
const MOST_FILES: usize = 10;
const LONGEST_ID: usize = 200;
const LONGEST_TEXT: usize = 100_000;
const MEGABYTE: usize = 1024 * 1024;
/// Before the bytes of a file that came inside its event.
const INLINE: &str = "base64:";

pub struct Custom;

/// What the integrator's program tells.
#[derive(Debug, Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: Happened,
    time: Option<Timestamp>,
    chat: Chat,
    user: Option<User>,
    #[serde(default)]
    message: Message,
    #[serde(default)]
    error: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Happened {
    Message,
    Edited,
    Deleted,
    Delivered,
    Read,
    Failed,
    Typing,
    Blocked,
    Unblocked,
}

#[derive(Debug, Deserialize)]
struct Chat {
    id: String,
    #[serde(default)]
    title: String,
}

#[derive(Debug, Deserialize)]
struct User {
    id: String,
    #[serde(default)]
    name: String,
    phone: Option<String>,
    email: Option<String>,
    locale: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message {
    id: String,
    text: String,
    reply_to: Option<String>,
    files: Vec<File>,
    location: Option<Location>,
    contact: Option<Card>,
    button: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default)]
    name: String,
    #[serde(default)]
    content_type: String,
    url: Option<String>,
    data: Option<String>,
    media: Option<Media>,
}

#[async_trait]
impl Driver for Custom {
    fn about(&self) -> About {
        About {
            kind: Kind::Custom,
            title: Words::new("Свой мессенджер", "Own messenger"),
            text: Words::new(
                "Любая программа, которая умеет JSON по HTTP: чат в приложении, шлюз SMS.",
                "Any program that speaks JSON over HTTP: a chat in an application, an SMS gateway.",
            ),
            fields: fields(),
            steps: vec![
                Words::new(
                    "Введите адрес, на который ваша программа принимает сообщения, и общий токен.",
                    "Enter the address where your program takes messages, and a token both sides know.",
                ),
                Words::new(
                    "Сохраните и передайте программе адрес канала: на него она отправляет события. Формат и пример — в документации.",
                    "Save, and give the program the channel's address: it posts its events there. The documentation has the format and an example.",
                ),
            ],
            capabilities: Capabilities {
                start_by_phone: false,
                why_not_start: Some(Words::new(
                    "Первым пишет клиент: до этого у программы нет чата с ним.",
                    "The client writes first: before that the program has no chat with him.",
                )),
                format: rich::Format::Marks,
                text_limit: rich::Limit { max: LONGEST_TEXT, unit: rich::Unit::Chars, counts: rich::Counts::Markup },
                caption_limit: Some(rich::Limit {
                    max: LONGEST_TEXT,
                    unit: rich::Unit::Chars,
                    counts: rich::Counts::Markup,
                }),
                files: true,
                max_file: 100 * MEGABYTE as u64,
                max_files_at_once: MOST_FILES,
                keyboard: true,
                quote: true,
                edit: Window::Always,
                delete: Window::Always,
                read_marks: true,
                typing: true,
                templates: false,
                resend_is_safe: true,
                keeps_missed: None,
            },
        }
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        if settings.text("token").chars().count() < SHORTEST_TOKEN {
            return Err(Error::invalid("settings.token", "too_short", "Не короче 16 знаков", "At least 16 characters"));
        }
        Ok(())
    }

    async fn connect(&self, link: &Link) -> Result<Account, Trouble> {
        let key = link.settings.text("url").to_owned();
        let answer = tell(link, "hello", Value::Null, None).await.map_err(Answer::trouble)?;
        let host = key.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
        let name = answer["name"].as_str().filter(|name| !name.trim().is_empty()).unwrap_or(host);
        Ok(Account { name: name.trim().chars().take(100).collect(), key })
    }

    async fn probe(&self, link: &Link) -> Result<Account, Trouble> {
        self.connect(link).await
    }

    fn hook(&self, settings: &Settings, call: &HookCall) -> Result<Hooked, Refused> {
        if !is_known(settings, call) {
            return Err(Refused::Forged);
        }
        let body = call.json()?;
        let events = match body {
            Value::Array(events) => events,
            event => vec![event],
        };
        if events.len() > MOST_EVENTS {
            return Err(Refused::Unreadable(format!("at most {MOST_EVENTS} events at once")));
        }
        let mut updates = Vec::with_capacity(events.len());
        for (index, mut event) in events.into_iter().enumerate() {
            let wrong = |what: String| Refused::Unreadable(format!("[{index}] {what}"));
            let read = read(&event).map_err(wrong)?;
            read.check().map_err(wrong)?;
            if read.time.is_none() {
                event["time"] = json!(call.now);
            }
            updates.push(Update { key: read.id, order: read.chat.id, body: event });
        }
        Ok(Hooked { answer: HookAnswer::Json(json!({"accepted": updates.len()})), updates })
    }

    fn receive(&self, _settings: &Settings, update: &Value) -> Result<Vec<Inbound>> {
        let event = read(update).map_err(Error::internal)?;
        Ok(event.inbound().into_iter().collect())
    }

    async fn download(&self, link: &Link, file: &RemoteFile) -> Result<Bytes, Trouble> {
        if let Some(data) = file.reference.strip_prefix(INLINE) {
            return STANDARD
                .decode(data)
                .map(Bytes::from)
                .map_err(|error| Trouble::internal(error.to_string()).permanent());
        }
        let unreachable = |error: reqwest::Error| Trouble::unreachable(&host(&file.reference), &error.without_url());
        let response = link.http().get(&file.reference).send().await.map_err(unreachable)?;
        let status = response.status();
        if !status.is_success() {
            let trouble = Trouble::internal(format!("file: {status}"));
            return Err(if status.is_client_error() { trouble.permanent() } else { trouble });
        }
        response.bytes().await.map_err(unreachable)
    }

    async fn send(&self, link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
        let mut message = words_of(part);
        message["id"] = json!(part.key);
        if let Some(quoted) = &part.reply_to {
            message["reply_to"] = json!(quoted);
        }
        let files: Vec<Value> = part
            .files
            .iter()
            .map(|file| {
                let url = handed::address(&link.app, file);
                json!({"name": file.name, "content_type": file.content_type, "size": file.bytes.len(), "url": url})
            })
            .collect();
        if !files.is_empty() {
            message["files"] = json!(files);
        }
        if part.extra.keyboard.iter().any(|row| !row.is_empty()) {
            message["keyboard"] = json!(part.extra.keyboard);
        }
        let body = json!({"chat": {"id": part.chat.external_id}, "message": message});
        let answer = tell(link, "message", body, Some(&part.key)).await.map_err(Answer::failure)?;
        let id = match &answer["id"] {
            Value::String(id) if !id.is_empty() => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => part.key.clone(),
        };
        Ok(Sent { ids: vec![id] })
    }

    async fn edit(&self, link: &Link, chat: &chat::Model, external_id: &str, part: &Part<'_>) -> Result<(), Failure> {
        let mut message = words_of(part);
        message["id"] = json!(external_id);
        let body = json!({"chat": {"id": chat.external_id}, "message": message});
        tell(link, "edited", body, None).await.map(drop).map_err(Answer::failure)
    }

    async fn delete(&self, link: &Link, chat: &chat::Model, external_id: &str) -> Result<(), Failure> {
        tell(link, "deleted", about(chat, external_id), None).await.map(drop).map_err(Answer::failure)
    }

    async fn typing(&self, link: &Link, chat: &chat::Model) -> Result<(), Trouble> {
        let body = json!({"chat": {"id": chat.external_id}});
        tell(link, "typing", body, None).await.map(drop).map_err(Answer::trouble)
    }

    async fn mark_read(&self, link: &Link, chat: &chat::Model, external_id: &str) -> Result<(), Trouble> {
        tell(link, "read", about(chat, external_id), None).await.map(drop).map_err(Answer::trouble)
    }
}

fn fields() -> Vec<Field> {
    vec![
        Field::new("url", FieldKind::Url, "Адрес программы", "Address of the program")
            .help("Куда Отклик отправляет сообщения операторов.", "Where Otklik posts what operators write.")
            .required(),
        Field::secret("token", "Токен", "Token")
            .help(
                "Случайная строка не короче 16 знаков; ею же подписываются запросы.",
                "A random text of at least 16 characters; requests are signed with it too.",
            )
            .required(),
        Field::new("require_signature", FieldKind::Boolean, "Только подписанные запросы", "Only signed requests")
            .help("Токен в заголовке больше не принимается.", "The token in a header is not accepted any more."),
    ]
}

/// By the token or by a signature; what is given must be right.
fn is_known(settings: &Settings, call: &HookCall) -> bool {
    let token = settings.text("token");
    let bearer = call.header(AUTHORIZATION.as_str()).map(|given| given.strip_prefix("Bearer ").unwrap_or_default());
    let signed = call.header("x-otklik-signature").map(|given| given.strip_prefix("sha256=").unwrap_or_default());
    // Compared by their hashes: in the same time for every wrong one.
    let bearer =
        bearer.map(|given| signature::is_of(token.as_bytes(), b"token", &signature::sign(given.as_bytes(), b"token")));
    let signed = signed.map(|given| signature::is_of(token.as_bytes(), &call.body, given));
    match (bearer, signed) {
        (Some(bearer), Some(signed)) => bearer && signed,
        (None, Some(signed)) => signed,
        (Some(bearer), None) => bearer && !settings.flag("require_signature"),
        (None, None) => false,
    }
}

fn read(event: &Value) -> Result<Event, String> {
    Event::deserialize(event).map_err(|error| error.to_string())
}

impl Event {
    /// What is wrong, for the integrator.
    fn check(&self) -> Result<(), String> {
        let id = |name: &str, id: &str| match id.chars().count() {
            0 => Err(format!("{name} is required")),
            1..=LONGEST_ID => Ok(()),
            _ => Err(format!("{name} is longer than {LONGEST_ID} characters")),
        };
        id("id", &self.id)?;
        id("chat.id", &self.chat.id)?;
        if !matches!(self.kind, Happened::Typing | Happened::Blocked | Happened::Unblocked) {
            id("message.id", &self.message.id)?;
        }
        if self.kind == Happened::Message {
            let user = self.user.as_ref().ok_or("user is required")?;
            id("user.id", &user.id)?;
            let Message { text, files, location, contact, .. } = &self.message;
            if text.trim().is_empty() && files.is_empty() && location.is_none() && contact.is_none() {
                return Err("message.text is required".to_owned());
            }
        }
        if self.message.text.chars().count() > LONGEST_TEXT {
            return Err(format!("message.text is longer than {LONGEST_TEXT} characters"));
        }
        if self.message.files.len() > MOST_FILES {
            return Err(format!("message.files: at most {MOST_FILES}"));
        }
        for (index, file) in self.message.files.iter().enumerate() {
            let wrong = |what: &str| Err(format!("message.files[{index}].{what}"));
            match (&file.url, &file.data) {
                (Some(url), None) if url.starts_with("https://") || url.starts_with("http://") => {}
                (Some(_), None) => return wrong("url is not an address"),
                (None, Some(data)) if STANDARD.decode(data).is_ok() => {}
                (None, Some(_)) => return wrong("data is not base64"),
                _ => return wrong("url or data is required, not both"),
            }
        }
        Ok(())
    }

    fn inbound(self) -> Option<Inbound> {
        let chat = self.chat.id;
        let id = self.message.id;
        Some(match self.kind {
            Happened::Edited => Inbound::Edited { chat, id, html: rich::from_plain(&self.message.text) },
            Happened::Deleted => Inbound::Deleted { chat, ids: vec![id] },
            Happened::Delivered => Inbound::Delivered { chat, ids: vec![id] },
            Happened::Read => Inbound::Read { chat, up_to: ReadUpTo::Message(id) },
            Happened::Failed => {
                let words = Words::owned(
                    format!("Сообщение не доставлено: {}", self.error),
                    format!("The message was not delivered: {}", self.error),
                );
                Inbound::Failed { chat, id, words }
            }
            Happened::Typing => Inbound::Typing { chat },
            Happened::Blocked => Inbound::Blocked { chat, blocked: true },
            Happened::Unblocked => Inbound::Blocked { chat, blocked: false },
            Happened::Message => {
                let from = profile(self.user?);
                let title = if self.chat.title.is_empty() { from.name.clone() } else { self.chat.title };
                let extra = Extra {
                    location: self.message.location,
                    contacts: self.message.contact.into_iter().collect(),
                    pressed: self.message.button,
                    ..Extra::default()
                };
                Inbound::Message(Box::new(InMessage {
                    id,
                    chat: ChatRef { id: chat, title },
                    from,
                    at: self.time?,
                    html: rich::from_plain(&self.message.text),
                    files: self.message.files.into_iter().map(remote).collect(),
                    reply_to: self.message.reply_to,
                    album: None,
                    extra,
                    own_phone: None,
                }))
            }
        })
    }
}

/// The integrator vouches for the phone and the mail he gives.
fn profile(user: User) -> Profile {
    let shown = if user.name.is_empty() { &user.id } else { &user.name };
    let mut identities = vec![NewIdentity::account(identity::Kind::Custom, user.id.clone(), shown.clone())];
    identities.extend(user.phone.as_deref().and_then(NewIdentity::phone));
    let mail = user.email.as_deref().filter(|mail| text::email::normalize(mail).is_some());
    identities.extend(mail.map(NewIdentity::email));
    Profile { identities, name: user.name, locale: user.locale, handle: None }
}

fn remote(file: File) -> RemoteFile {
    RemoteFile {
        reference: file.url.unwrap_or_else(|| format!("{INLINE}{}", file.data.unwrap_or_default())),
        name: file.name,
        content_type: file.content_type,
        size: None,
        media: file.media,
        duration_ms: None,
    }
}

fn words_of(part: &Part<'_>) -> Value {
    let html = part.text.as_ref().map(rich::Document::to_html).unwrap_or_default();
    json!({"text": part.rendered(rich::Format::Marks), "html": html})
}

fn about(chat: &chat::Model, external_id: &str) -> Value {
    json!({"chat": {"id": chat.external_id}, "message": {"id": external_id}})
}

/// What the program answered instead of a success.
enum Answer {
    Lost(String, reqwest::Error),
    Status { host: String, status: StatusCode, said: String, wait: Option<Duration> },
}

/// Posts to the program, signed. The answer's JSON, or null when there is none.
async fn tell(link: &Link, kind: &str, mut body: Value, key: Option<&str>) -> Result<Value, Answer> {
    if body.is_null() {
        body = json!({});
    }
    body["type"] = json!(kind);
    let url = link.settings.text("url");
    let body = body.to_string();
    let signature = signature::sign(link.settings.text("token").as_bytes(), body.as_bytes());
    let mut request = link
        .http()
        .post(url)
        .timeout(Duration::from_secs(30))
        .header("content-type", "application/json")
        .header("x-otklik-signature", format!("sha256={signature}"));
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let lost = |error: reqwest::Error| Answer::Lost(host(url), error.without_url());
    let response = request.body(body).send().await.map_err(lost)?;
    let status = response.status();
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let body = response.bytes().await.map_err(lost)?;
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    if status.is_success() {
        return Ok(answer);
    }
    let said = answer["error"].as_str().unwrap_or_default().chars().take(300).collect();
    Err(Answer::Status { host: host(url), status, said, wait: wait.map(Duration::from_secs) })
}

/// Of an address, for people.
fn host(url: &str) -> String {
    url.split("://").nth(1).and_then(|rest| rest.split(['/', '?']).next()).unwrap_or(url).to_owned()
}

impl Answer {
    fn trouble(self) -> Trouble {
        match self {
            Answer::Lost(host, error) => Trouble::unreachable(&host, &error),
            Answer::Status { host, status, said, wait } => {
                let technical = format!("{status}: {said}");
                let trouble = match status {
                    StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Trouble::new(
                        format!("Программа {host} не принимает нашу подпись: проверьте токен. {said}"),
                        format!("The program {host} does not accept our signature: check the token. {said}"),
                        technical,
                    )
                    .permanent(),
                    _ => Trouble::new(
                        format!("Программа {host} ответила ошибкой {status}. {said}"),
                        format!("The program {host} answered with error {status}. {said}"),
                        technical,
                    ),
                };
                Trouble { retry_after: wait, ..trouble }
            }
        }
    }

    fn failure(self) -> Failure {
        let Answer::Status { status, said, .. } = &self else { return Failure::Later(self.trouble()) };
        match *status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Account(self.trouble()),
            StatusCode::GONE => Failure::Blocked(Words::new(
                "Клиент больше не принимает сообщения.",
                "The client does not take messages any more.",
            )),
            StatusCode::TOO_MANY_REQUESTS => Failure::Later(self.trouble()),
            status if status.is_client_error() => Failure::Refused(
                Words::owned(
                    format!("Программа не приняла сообщение: {said}"),
                    format!("The program did not take the message: {said}"),
                ),
                status.to_string(),
            ),
            _ => Failure::Later(self.trouble()),
        }
    }
}
