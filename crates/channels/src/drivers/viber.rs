//! Viber bots: <https://developers.viber.com/docs/api/rest-bot-api/>
//!
//! A chat is a person's id at this bot. Every answer of the API is HTTP 200 with a `status` of its own. Viber fetches files
//! from our address. Message tokens are 64-bit numbers; here they are text.
//!
//! Viber tells the text of a pressed button, not what we meant by it. So the meanings of a message's buttons travel
//! with it as `tracking_data` and come back with the reply.

use std::time::Duration;

use async_trait::async_trait;
use base::{Error, Result, Timestamp, Words};
use bytes::Bytes;
use desk::channel::Kind;
use desk::contact::NewIdentity;
use desk::contact::identity;
use desk::file::Media;
use desk::message::{Button, Card, Extra, Location};
use serde_json::{Map, Value, json};

use crate::driver::{
    About, Account, Capabilities, ChatRef, Driver, Failure, HookAnswer, HookCall, Hooked, InMessage, Inbound, Link,
    OutFile, Part, Profile, ReadUpTo, Refused, RemoteFile, Sent, Trouble, Update, Window,
};
use crate::settings::{Field, FieldKind, Settings};
use crate::{handed, signature};

const MEGABYTE: usize = 1024 * 1024;
const EVENTS: [&str; 7] =
    ["message", "delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"];
/// Of the name above a message.
const LONGEST_NAME: usize = 28;

pub struct Viber;

#[async_trait]
impl Driver for Viber {
    fn about(&self) -> About {
        About {
            kind: Kind::Viber,
            title: Words::new("Viber", "Viber"),
            text: Words::new(
                "Бот Viber: отвечает тем, кто ему написал.",
                "A Viber bot: it answers whoever wrote to it.",
            ),
            fields: fields(),
            steps: vec![
                Words::new(
                    "В Viber: Ещё → Настройки → Боты → Изменить информацию. Скопируйте токен бота.",
                    "In Viber: More → Settings → Bots → Edit info. Copy the bot's token.",
                ),
                Words::new(
                    "Сохраните канал: webhook Отклик установит сам. Сервер должен быть доступен из интернета по https.",
                    "Save the channel: Otklik sets the webhook itself. The server must be reached from the internet by https.",
                ),
            ],
            capabilities: Capabilities {
                start_by_phone: false,
                why_not_start: Some(Words::new(
                    "Бот Viber может написать только тому, кто сам ему написал или подписался на него.",
                    "A Viber bot can write only to who wrote to it or subscribed to it.",
                )),
                format: rich::Format::Marks,
                text_limit: limit(7000),
                caption_limit: Some(limit(768)),
                files: true,
                max_file: 50 * MEGABYTE as u64,
                max_files_at_once: 1,
                keyboard: true,
                quote: false,
                edit: Window::Never,
                delete: Window::Never,
                read_marks: true,
                typing: false,
                templates: false,
                resend_is_safe: false,
                keeps_missed: None,
            },
        }
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        if settings.text("sender_name").chars().count() > LONGEST_NAME {
            return Err(Error::invalid(
                "settings.sender_name",
                "too_long",
                "Не больше 28 знаков",
                "At most 28 characters",
            ));
        }
        Ok(())
    }

    async fn connect(&self, link: &Link) -> Result<Account, Trouble> {
        let about = call(link, "get_account_info", &json!({})).await.map_err(Refusal::trouble)?;
        let wanted = link.hook_url();
        let listens = about["webhook"].as_str() == Some(&wanted)
            && EVENTS[1..].iter().all(|event| list(&about["event_types"]).any(|known| known == event));
        if !listens {
            let body = json!({"url": wanted, "event_types": EVENTS, "send_name": true, "send_photo": false});
            call(link, "set_webhook", &body).await.map_err(Refusal::trouble)?;
        }
        account(&about)
    }

    async fn probe(&self, link: &Link) -> Result<Account, Trouble> {
        account(&call(link, "get_account_info", &json!({})).await.map_err(Refusal::trouble)?)
    }

    async fn disconnect(&self, link: &Link) -> Result<(), Trouble> {
        call(link, "set_webhook", &json!({"url": ""})).await.map(drop).map_err(Refusal::trouble)
    }

    fn hook(&self, settings: &Settings, call: &HookCall) -> Result<Hooked, Refused> {
        let given = call.header("x-viber-content-signature").unwrap_or_default();
        if !signature::is_of(settings.text("token").as_bytes(), &call.body, given) {
            return Err(Refused::Forged);
        }
        let event = call.json()?;
        let kind = event["event"].as_str().unwrap_or_default();
        // Viber asks whether the address is alive.
        if kind == "webhook" {
            return Ok(Hooked::default());
        }
        let who = person_of(&event).unwrap_or_default().to_owned();
        let greeting = settings.text("greeting");
        let answer = if kind == "conversation_started" && !greeting.is_empty() {
            HookAnswer::Json(json!({"type": "text", "text": greeting, "sender": {"name": sender_name(settings, "")}}))
        } else {
            HookAnswer::Empty
        };
        let key = format!("{kind}:{}:{who}", event["message_token"]);
        Ok(Hooked { answer, updates: vec![Update { key, order: who, body: event }] })
    }

    fn receive(&self, _settings: &Settings, update: &Value) -> Result<Vec<Inbound>> {
        let person = || person_of(update).map(ToOwned::to_owned).ok_or_else(|| missing("user_id"));
        let token =
            || update["message_token"].as_u64().map(|token| token.to_string()).ok_or_else(|| missing("message_token"));
        Ok(match update["event"].as_str() {
            Some("message") => vec![Inbound::Message(Box::new(message(update, token()?)?))],
            Some("delivered") => vec![Inbound::Delivered { chat: person()?, ids: vec![token()?] }],
            Some("seen") => vec![Inbound::Read { chat: person()?, up_to: ReadUpTo::Message(token()?) }],
            Some("failed") => {
                let said = update["desc"].as_str().unwrap_or_default();
                let words = Words::owned(
                    format!("Viber не доставил сообщение: {said}"),
                    format!("Viber could not deliver the message: {said}"),
                );
                vec![Inbound::Failed { chat: person()?, id: token()?, words }]
            }
            Some("subscribed") => vec![Inbound::Blocked { chat: person()?, blocked: false }],
            Some("unsubscribed") => vec![Inbound::Blocked { chat: person()?, blocked: true }],
            Some("conversation_started") => {
                let from = Box::new(profile(&update["user"])?);
                let start = update["context"].as_str().map(ToOwned::to_owned);
                vec![Inbound::Started { chat: ChatRef { id: person()?, title: from.name.clone() }, from, start }]
            }
            _ => Vec::new(),
        })
    }

    async fn download(&self, link: &Link, file: &RemoteFile) -> Result<Bytes, Trouble> {
        let unreachable = |error: reqwest::Error| Trouble::unreachable("Viber", &error.without_url());
        let response = link.http().get(&file.reference).send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(Trouble::internal(format!("media: {}", response.status())));
        }
        response.bytes().await.map_err(unreachable)
    }

    fn takes_caption(&self, file: &OutFile) -> bool {
        kind_of(file) == "picture"
    }

    async fn send(&self, link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
        let mut message = match part.files.first() {
            Some(file) => file_message(link, file, &part.rendered(rich::Format::Marks))?,
            None => json!({"type": "text", "text": part.rendered(rich::Format::Marks)}),
        };
        message["receiver"] = json!(part.chat.external_id);
        message["sender"] = json!({"name": sender_name(&link.settings, &link.channel.account_name)});
        let avatar = link.settings.text("sender_avatar");
        if !avatar.is_empty() {
            message["sender"]["avatar"] = json!(avatar);
        }
        if part.extra.keyboard.iter().any(|row| !row.is_empty()) {
            message["keyboard"] = keyboard(&part.extra.keyboard)?;
            message["tracking_data"] = json!(meanings(&part.extra.keyboard));
        }
        let answer = call(link, "send_message", &message).await.map_err(Refusal::failure)?;
        match answer["message_token"].as_u64() {
            Some(token) => Ok(Sent { ids: vec![token.to_string()] }),
            None => Err(Failure::Unknown(format!("no message_token in the answer: {answer}"))),
        }
    }
}

fn account(about: &Value) -> Result<Account, Trouble> {
    let key = about["id"].as_str().ok_or_else(|| Trouble::internal("the account has no id"))?;
    Ok(Account { key: key.to_owned(), name: about["name"].as_str().unwrap_or_default().to_owned() })
}

fn limit(max: usize) -> rich::Limit {
    rich::Limit { max, unit: rich::Unit::Utf16, counts: rich::Counts::Markup }
}

fn fields() -> Vec<Field> {
    vec![
        Field::secret("token", "Токен бота", "Bot token")
            .help("Ещё → Настройки → Боты → Изменить информацию.", "More → Settings → Bots → Edit info.")
            .required(),
        Field::text("sender_name", "Имя отправителя", "Sender's name")
            .help("До 28 знаков; без него — имя бота.", "Up to 28 characters; without it the bot's own name."),
        Field::new("sender_avatar", FieldKind::Url, "Адрес картинки отправителя", "Address of the sender's picture")
            .help("JPEG до 100 КБ.", "A JPEG up to 100 KB."),
        Field::new("greeting", FieldKind::LongText, "Приветствие", "Greeting").help(
            "Его видит тот, кто впервые открыл чат и ещё не написал.",
            "Whoever opens the chat for the first time sees it before he has written.",
        ),
        Field::api_url("https://chatapi.viber.com"),
    ]
}

/// What the client sees above a message: as it is set, else the account's name.
fn sender_name(settings: &Settings, account: &str) -> String {
    let named = [settings.text("sender_name"), account].into_iter().find(|name| !name.is_empty());
    named.unwrap_or("Support").chars().take(LONGEST_NAME).collect()
}

fn person_of(event: &Value) -> Option<&str> {
    [&event["sender"]["id"], &event["user"]["id"], &event["user_id"]].into_iter().find_map(Value::as_str)
}

fn profile(user: &Value) -> Result<Profile> {
    let id = user["id"].as_str().ok_or_else(|| missing("id"))?;
    let name = user["name"].as_str().unwrap_or_default();
    let shown = if name.is_empty() { id } else { name };
    Ok(Profile {
        identities: vec![NewIdentity::account(identity::Kind::Viber, id, shown)],
        name: name.to_owned(),
        locale: user["language"].as_str().map(|language| language.chars().take(2).collect()),
        handle: None,
    })
}

fn message(event: &Value, token: String) -> Result<InMessage> {
    let from = profile(&event["sender"])?;
    let content = &event["message"];
    let said = |name: &str| content[name].as_str().unwrap_or_default();
    let (mut html, mut files, mut extra) = (String::new(), Vec::new(), Extra::default());
    match said("type") {
        "text" => {
            html = rich::from_marks(said("text"));
            extra.pressed = pressed(said("text"), said("tracking_data"));
        }
        "url" => html = rich::from_plain(said("media")),
        "location" => {
            let degrees = |name: &str| content["location"][name].as_f64().ok_or_else(|| missing(name));
            extra.location =
                Some(Location { latitude: degrees("lat")?, longitude: degrees("lon")?, title: String::new() });
        }
        "contact" => {
            let card = |name: &str| content["contact"][name].as_str().unwrap_or_default().to_owned();
            extra.contacts = vec![Card { name: card("name"), phone: card("phone_number") }];
        }
        kind => {
            html = rich::from_marks(said("text"));
            if said("media").is_empty() {
                html = rich::from_plain(&format!(
                    "Viber не передал сообщение этого вида ({kind}) · Viber did not pass on this kind of message"
                ));
            } else {
                files.push(file(kind, content));
            }
        }
    }
    let at =
        event["timestamp"].as_i64().and_then(Timestamp::from_timestamp_millis).ok_or_else(|| missing("timestamp"))?;
    let id = person_of(event).ok_or_else(|| missing("sender"))?.to_owned();
    Ok(InMessage {
        id: token,
        chat: ChatRef { id, title: from.name.clone() },
        from,
        at,
        html,
        files,
        reply_to: None,
        album: None,
        extra,
        own_phone: None,
    })
}

fn file(kind: &str, content: &Value) -> RemoteFile {
    RemoteFile {
        reference: content["media"].as_str().unwrap_or_default().to_owned(),
        name: content["file_name"].as_str().unwrap_or_default().to_owned(),
        content_type: String::new(),
        size: content["file_size"].as_u64().or(content["size"].as_u64()),
        media: match kind {
            "picture" => Some(Media::Photo),
            "video" => Some(Media::Video),
            "sticker" => Some(Media::Sticker),
            _ => None,
        },
        duration_ms: content["duration"].as_i64().filter(|_| kind == "video").map(|seconds| seconds * 1000),
    }
}

/// As what a file goes. Viber names kinds by the end of the address, and shows small pictures and MP4 only.
fn kind_of(file: &OutFile) -> &'static str {
    match file.content_type.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" | "image/png" | "image/gif" if file.bytes.len() <= MEGABYTE => "picture",
        "video/mp4" if file.bytes.len() <= 26 * MEGABYTE => "video",
        _ => "file",
    }
}

fn file_message(link: &Link, file: &OutFile, caption: &str) -> Result<Value, Failure> {
    let size = file.bytes.len();
    if size > 50 * MEGABYTE {
        return Err(Failure::refused(
            format!("Файл {} больше 50 МБ: Viber его не примет.", file.name),
            format!("The file {} is larger than 50 MB: Viber does not take it.", file.name),
            format!("{size} bytes"),
        ));
    }
    // The name's end and the media type can disagree: a picture without an extension.
    let ending = match (kind_of(file), file.content_type.as_str()) {
        ("video", _) => Some("mp4"),
        ("picture", "image/png") => Some("png"),
        ("picture", "image/gif") => Some("gif"),
        ("picture", _) => Some("jpg"),
        _ => None,
    };
    let name = match (file.name.rsplit_once('.'), ending) {
        (Some((stem, _)), Some(ending)) => format!("{stem}.{ending}"),
        (None, Some(ending)) => format!("{}.{ending}", file.name),
        (Some(_), None) => file.name.clone(),
        (None, None) => format!("{}.bin", file.name),
    };
    let media = handed::address(&link.app, &OutFile { name: name.clone(), ..file.clone() });
    Ok(match kind_of(file) {
        "picture" => json!({"type": "picture", "text": caption, "media": media}),
        "video" => json!({"type": "video", "media": media, "size": size}),
        _ => {
            let shown: String = name.chars().rev().take(256).collect::<Vec<_>>().into_iter().rev().collect();
            json!({"type": "file", "media": media, "size": size, "file_name": shown})
        }
    })
}

/// Six columns a row, shared by its buttons.
fn keyboard(rows: &[Vec<Button>]) -> Result<Value, Failure> {
    let mut buttons = Vec::new();
    for row in rows.iter().flat_map(|row| row.chunks(6)) {
        for (index, button) in row.iter().enumerate() {
            // The last ones get what does not divide.
            let columns = 6 / row.len() + usize::from(index >= row.len() - 6 % row.len());
            let (action, body) = match &button.url {
                Some(url) => ("open-url", url.as_str()),
                None => ("reply", button.title.as_str()),
            };
            let title: String = button.title.chars().take(250).collect();
            buttons.push(json!({"Columns": columns, "Rows": 1, "ActionType": action, "ActionBody": body, "Text": title, "TextSize": "regular"}));
        }
    }
    let rows: usize = rows.iter().map(|row| row.len().div_ceil(6)).sum();
    if rows > 24 {
        return Err(Failure::refused(
            "Viber показывает не больше 24 рядов кнопок.",
            "Viber shows at most 24 rows of buttons.",
            format!("{rows} rows"),
        ));
    }
    Ok(json!({"Type": "keyboard", "DefaultHeight": false, "Buttons": buttons}))
}

/// What the buttons mean, as far as it differs from what they say.
fn meanings(rows: &[Vec<Button>]) -> String {
    let mut meanings = Map::new();
    for button in rows.iter().flatten() {
        if let Some(payload) = &button.payload {
            meanings.insert(button.title.clone(), json!(payload));
        }
    }
    let text = Value::Object(meanings).to_string();
    if text.chars().count() <= 4000 { text } else { "{}".to_owned() }
}

fn pressed(text: &str, tracking_data: &str) -> Option<String> {
    let meanings: Map<String, Value> = serde_json::from_str(tracking_data).ok()?;
    meanings.get(text).and_then(Value::as_str).map(ToOwned::to_owned)
}

/// An answer that is not a success.
enum Refusal {
    Lost(reqwest::Error),
    Http(reqwest::StatusCode),
    Status(u64, String),
}

async fn call(link: &Link, method: &str, body: &Value) -> Result<Value, Refusal> {
    let url = format!("{}/pa/{method}", link.settings.api_url());
    let request = link.http().post(url).header("x-viber-auth-token", link.settings.text("token")).json(body);
    let response = request.send().await.map_err(Refusal::Lost)?;
    let status = response.status();
    let body = response.bytes().await.map_err(Refusal::Lost)?;
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    match answer["status"].as_u64() {
        Some(0) => Ok(answer),
        Some(status) => Err(Refusal::Status(status, answer["status_message"].as_str().unwrap_or_default().to_owned())),
        None => Err(Refusal::Http(status)),
    }
}

impl Refusal {
    fn technical(&self) -> String {
        match self {
            Refusal::Lost(error) => error.to_string(),
            Refusal::Http(status) => status.to_string(),
            Refusal::Status(status, said) => format!("status {status}: {said}"),
        }
    }

    fn trouble(self) -> Trouble {
        let technical = self.technical();
        match self {
            Refusal::Lost(error) => Trouble::unreachable("Viber", &error.without_url()),
            Refusal::Http(_) => Trouble::unreachable("Viber", &technical),
            Refusal::Status(status, said) => {
                let words = words(status, &said);
                let trouble = Trouble { words, technical, permanent: false, retry_after: None };
                match status {
                    2 | 7 | 8 | 9 | 15 => trouble.permanent(),
                    12 => trouble.after(Duration::from_secs(10)),
                    _ => trouble,
                }
            }
        }
    }

    fn failure(self) -> Failure {
        let technical = self.technical();
        match self {
            Refusal::Lost(error) => Failure::of_request("Viber", &error),
            // Whether Viber has it nobody knows.
            Refusal::Http(status) if status != reqwest::StatusCode::SERVICE_UNAVAILABLE => Failure::Unknown(technical),
            Refusal::Status(2 | 7..=10 | 15, _) => Failure::Account(self.trouble()),
            Refusal::Http(_) | Refusal::Status(12, _) => Failure::Later(self.trouble()),
            Refusal::Status(status @ (5 | 6), said) => Failure::Blocked(words(status, &said)),
            Refusal::Status(status, said) => Failure::Refused(words(status, &said), technical),
        }
    }
}

/// <https://developers.viber.com/docs/api/rest-bot-api/#error-codes>
fn words(status: u64, said: &str) -> Words {
    match status {
        1 => Words::owned(
            format!("Viber не может достучаться до Отклика: {said}. Проверьте public_url и сертификат."),
            format!("Viber cannot reach Otklik: {said}. Check public_url and the certificate."),
        ),
        2 => Words::new(
            "Viber не принимает токен бота. Введите новый в настройках канала.",
            "Viber does not accept the bot's token. Enter a new one in the channel's settings.",
        ),
        5 | 6 => Words::new(
            "Клиент отписался от бота: Viber не даёт ему писать.",
            "The client has left the bot: Viber does not let us write to him.",
        ),
        7 | 9 | 15 => {
            Words::new("Бот заблокирован или приостановлен Viber.", "The bot is blocked or suspended by Viber.")
        }
        8 => Words::new("Токен не принадлежит боту.", "The token is not of a bot."),
        10 => {
            Words::new("У бота нет webhook; мы установим его снова.", "The bot has no webhook; we will set it again.")
        }
        11 | 13 => Words::new(
            "Устройство клиента не поддерживает такие сообщения.",
            "The client's device does not support such messages.",
        ),
        12 => Words::new(
            "Viber просит отправлять реже; сообщение уйдёт чуть позже.",
            "Viber asks to send less often; the message leaves a little later.",
        ),
        _ => Words::owned(
            format!("Viber ответил ошибкой {status}: {said}"),
            format!("Viber answered with error {status}: {said}"),
        ),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn missing(name: &str) -> Error {
    Error::internal(format!("the update has no {name}"))
}
