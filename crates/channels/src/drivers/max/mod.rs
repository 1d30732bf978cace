//! A bot in MAX: long polling or a webhook in, `POST /messages` out. <https://dev.max.ru/docs-api>
//!
//! Invariants: a chat is the id of the dialog, an id of a message is its `mid`. An update has no id of its own; its key is made
//! of what it tells, so that one which comes again, by whichever way, is the same.

mod api;
mod read;
mod wire;
mod write;

use std::time::Duration;

use async_trait::async_trait;
use base::{Result, Words};
use bytes::Bytes;
use desk::channel::Kind;
use desk::chat;
use reqwest::Method;
use rich::{Counts, Format, Limit, Unit};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::driver::{
    About, Account, Batch, Capabilities, Driver, Failure, HookCall, Hooked, Inbound, Link, Part, Refused, RemoteFile,
    Sent, Trouble, Update, Window,
};
use crate::drivers::http;
use crate::settings::{Field, FieldKind, Settings};

pub struct Max;

/// What is counted is not told; we count everything.
const TEXT_LIMIT: Limit = Limit { max: 4000, unit: Unit::Utf16, counts: Counts::Markup };
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The updates we need.
const UPDATES: [&str; 6] =
    ["message_created", "message_edited", "message_removed", "message_callback", "bot_started", "bot_stopped"];

/// Seconds that the server holds a request without news.
const WAIT: u64 = 30;

/// Whether MAX calls us, rather than we ask it.
fn is_called(settings: &Settings) -> bool {
    settings.text("receive") == "webhook"
}

/// What MAX says with every call, so that nobody else can. Made of the token, which only MAX and we know.
fn secret(settings: &Settings) -> String {
    let digest = Sha256::digest(format!("max webhook secret of {}", settings.text("token")));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[async_trait]
impl Driver for Max {
    fn about(&self) -> About {
        let receive = FieldKind::Select(vec![
            ("polling", Words::new("Отклик спрашивает MAX (Long Polling)", "Otklik asks MAX (long polling)")),
            ("webhook", Words::new("MAX присылает события (Webhook)", "MAX sends events (webhook)")),
        ]);
        About {
            kind: Kind::Max,
            title: Words::new("MAX", "MAX"),
            text: Words::new("Бот в мессенджере MAX.", "A bot in the messenger MAX."),
            fields: vec![
                Field::secret("token", "Токен бота", "Bot token")
                    .help("Скопируйте его в настройках бота на платформе MAX.", "Copy it from the bot's settings on the MAX platform.")
                    .required(),
                Field::new("receive", receive, "Как приходят сообщения", "How messages arrive")
                    .help(
                        "Для работы MAX советует Webhook: ему нужен адрес Отклика в интернете по https. Long Polling работает и без него.",
                        "MAX recommends the webhook for work: it needs an https address of Otklik on the internet. Long polling works without.",
                    )
                    .required()
                    .default(json!("polling")),
                Field::api_url("https://platform-api2.max.ru"),
            ],
            steps: vec![
                Words::new(
                    "На платформе MAX для партнёров (business.max.ru) создайте бота и дождитесь модерации.",
                    "On the MAX platform for partners (business.max.ru) create a bot and wait for its moderation.",
                ),
                Words::new(
                    "У бота: «⋮» → «Настройки» → скопируйте токен и вставьте сюда.",
                    "At the bot: ⋮ → Settings → copy the token and paste it here.",
                ),
                Words::new(
                    "Сервер MAX подписан сертификатом Минцифры: корневой сертификат задаёт на сервере переменная OTKLIK_EXTRA_CA.",
                    "The MAX server has a certificate of the Russian Ministry of Digital Development: name its root in OTKLIK_EXTRA_CA on the server.",
                ),
            ],
            capabilities: Capabilities {
                start_by_phone: false,
                why_not_start: Some(Words::new(
                    "В MAX первым пишет клиент: бот может только отвечать.",
                    "In MAX the client writes first: a bot can only answer.",
                )),
                format: Format::MaxHtml,
                text_limit: TEXT_LIMIT,
                caption_limit: Some(TEXT_LIMIT),
                files: true,
                max_file: 250 << 20,
                // Twelve attachments, one of which may be the buttons.
                max_files_at_once: 11,
                keyboard: true,
                quote: true,
                edit: Window::For(DAY * 7),
                delete: Window::For(DAY),
                read_marks: false,
                typing: true,
                templates: false,
                resend_is_safe: false,
                // So long MAX repeats a call to a webhook; of long polling it tells no term.
                keeps_missed: Some(Duration::from_secs(8 * 3600)),
            },
        }
    }

    async fn connect(&self, link: &Link) -> Result<Account, Trouble> {
        let account = self.probe(link).await?;
        if is_called(&link.settings) {
            api::subscribe(link).await?
        } else {
            api::unsubscribe(link).await?
        }
        Ok(account)
    }

    async fn probe(&self, link: &Link) -> Result<Account, Trouble> {
        let bot: wire::User = api::call(link, Method::GET, "me", &[], None).await?;
        let name = bot.username.as_ref().map_or_else(|| bot.full_name(), |name| format!("@{name}"));
        Ok(Account { key: bot.user_id.to_string(), name })
    }

    async fn disconnect(&self, link: &Link) -> Result<(), Trouble> {
        if !is_called(&link.settings) {
            return Ok(());
        }
        let url = [("url", link.hook_url())];
        let _: wire::Done = api::call(link, Method::DELETE, "subscriptions", &url, None).await?;
        Ok(())
    }

    fn is_polled(&self, settings: &Settings) -> bool {
        !is_called(settings)
    }

    async fn poll(&self, link: &Link, position: Option<&str>) -> Result<Batch, Trouble> {
        // Without a marker MAX shows the latest update alone, so the first request only asks where we are.
        let wait = if position.is_some() { WAIT } else { 0 };
        let mut query = vec![("timeout", wait.to_string()), ("limit", "100".to_owned()), ("types", UPDATES.join(","))];
        query.extend(position.map(|marker| ("marker", marker.to_owned())));
        let answer: wire::Updates = api::call(link, Method::GET, "updates", &query, None).await?;
        let updates = answer.updates.into_iter().filter_map(|body| match keyed(body) {
            Ok(update) => Some(update),
            Err(error) => {
                tracing::warn!(channel = %link.channel.id, %error, "MAX sent an update we cannot read");
                None
            }
        });
        Ok(Batch { updates: updates.collect(), position: answer.marker.map(|marker| marker.to_string()), gap: false })
    }

    fn hook(&self, settings: &Settings, call: &HookCall) -> Result<Hooked, Refused> {
        if !is_called(settings) {
            return Err(Refused::NotHere);
        }
        if !http::same(call.header("x-max-bot-api-secret").unwrap_or_default(), &secret(settings)) {
            return Err(Refused::Forged);
        }
        let update = keyed(call.json()?).map_err(|error| Refused::Unreadable(error.to_string()))?;
        Ok(Hooked { updates: vec![update], ..Hooked::default() })
    }

    fn receive(&self, _settings: &Settings, update: &Value) -> Result<Vec<Inbound>> {
        Ok(read::update(serde_json::from_value(update.clone())?))
    }

    async fn download(&self, link: &Link, file: &RemoteFile) -> Result<Bytes, Trouble> {
        let max = self.about().capabilities.max_file;
        match file.reference.strip_prefix("video:") {
            None => http::fetch(link, &file.reference, max).await,
            Some(token) => http::fetch(link, &api::video_url(link, token).await?, max).await,
        }
    }

    async fn send(&self, link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
        write::send(link, part).await
    }

    async fn edit(&self, link: &Link, _chat: &chat::Model, id: &str, part: &Part<'_>) -> Result<(), Failure> {
        write::edit(link, id, part).await
    }

    async fn delete(&self, link: &Link, _chat: &chat::Model, id: &str) -> Result<(), Failure> {
        let done: wire::Done =
            api::call(link, Method::DELETE, "messages", &[("message_id", id.to_owned())], None).await?;
        api::done(done)
    }

    async fn typing(&self, link: &Link, chat: &chat::Model) -> Result<(), Trouble> {
        api::act(link, &chat.external_id, "typing_on").await
    }

    async fn mark_read(&self, link: &Link, chat: &chat::Model, _id: &str) -> Result<(), Trouble> {
        api::act(link, &chat.external_id, "mark_seen").await
    }

    async fn answer_press(&self, link: &Link, press_id: &str) -> Result<(), Trouble> {
        // An empty notification is refused, and a message would change the one with the button.
        let body = json!({"notification": "✓"});
        let query = [("callback_id", press_id.to_owned())];
        let _: wire::Done = api::call(link, Method::POST, "answers", &query, Some(body)).await?;
        Ok(())
    }
}

/// An update with the key and order of what it tells.
fn keyed(body: Value) -> serde_json::Result<Update> {
    let update: wire::Update = serde_json::from_value(body.clone())?;
    let chat_id = update.chat_id.or(update.message.as_ref().and_then(|message| message.recipient.chat_id));
    let mid = update.message.as_ref().and_then(|message| message.body.as_ref()).map(|body| body.mid.clone());
    let mid = update.message_id.clone().or(mid).unwrap_or_default();
    let callback_id = update.callback.as_ref().map(|callback| callback.callback_id.as_str()).unwrap_or_default();
    let key = match update.update_type.as_str() {
        "message_created" => format!("message {mid}"),
        "message_removed" => format!("removed {mid}"),
        "message_callback" => format!("press {callback_id}"),
        kind => format!("{kind} {} {mid} {}", chat_id.unwrap_or_default(), update.timestamp),
    };
    Ok(Update { key, order: chat_id.unwrap_or_default().to_string(), body })
}
