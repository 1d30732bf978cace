//! Telegram bots: <https://core.telegram.org/bots/api>.
//!
//! News come by long polling, which works behind any router, or by a webhook. A bot cannot write first: the client opens
//! it and presses «Start».
//!
//! Invariant: the token is in every address we ask, so no address goes into a log or an error.

mod call;
mod receive;
mod send;

use std::time::Duration;

use async_trait::async_trait;
use base::{Error, FieldError, Result, Words};
use bytes::Bytes;
use desk::channel::Kind;
use desk::chat;
use serde_json::{Value, json};

use crate::driver::{
    About, Account, Batch, Capabilities, Driver, Failure, HookAnswer, HookCall, Hooked, Inbound, Link, Part, Refused,
    RemoteFile, Sent, Trouble, Update, Window,
};
use crate::settings::{Field, FieldKind, Settings};
use crate::signature;

pub(crate) struct Telegram;

/// How long Telegram holds an answer until there is news.
const WAIT: Duration = Duration::from_secs(25);
/// A bot that nobody has written to for a week is told of new updates under numbers chosen anew, maybe lower ones. Telegram
/// keeps an update for a day at most, so its week began at most a day before we heard of the last one; and after so long
/// a silence there is nothing left that the old position could keep from coming twice.
const SILENCE: chrono::Duration = chrono::Duration::days(6);
/// A bot cannot fetch larger files.
const MAX_DOWNLOAD: u64 = 20 * 1024 * 1024;
const MAX_UPLOAD: u64 = 50 * 1024 * 1024;
/// What we want to hear of.
const UPDATES: [&str; 4] = ["message", "edited_message", "callback_query", "my_chat_member"];
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// What the secret in that header is made for.
const PURPOSE: &[u8] = b"otklik telegram webhook";
/// Messages can be withdrawn this long; we let operators change them as long.
const CHANGEABLE: Duration = Duration::from_secs(48 * 3600);

#[async_trait]
impl Driver for Telegram {
    fn about(&self) -> About {
        let limit = |max| rich::Limit { max, unit: rich::Unit::Utf16, counts: rich::Counts::Text };
        About {
            kind: Kind::Telegram,
            title: Words::new("Telegram", "Telegram"),
            text: Words::new("Клиенты пишут вашему боту в Telegram.", "Clients write to your bot in Telegram."),
            fields: fields(),
            steps: vec![
                Words::new(
                    "Откройте в Telegram @BotFather и отправьте /newbot; бот, который уже есть, тоже подойдёт.",
                    "Open @BotFather in Telegram and send /newbot; a bot you already have will do as well.",
                ),
                Words::new(
                    "Скопируйте токен, который пришлёт BotFather, в поле ниже.",
                    "Copy the token that BotFather sends into the field below.",
                ),
                Words::new(
                    "Дайте клиентам ссылку https://t.me/имя_бота: бот не может написать первым.",
                    "Give clients the link https://t.me/bot_name: a bot cannot write first.",
                ),
            ],
            capabilities: Capabilities {
                start_by_phone: false,
                why_not_start: Some(Words::new(
                    "Бот не может написать первым: попросите клиента открыть бота и нажать «Старт».",
                    "A bot cannot write first: ask the client to open the bot and press “Start”.",
                )),
                format: rich::Format::TelegramHtml,
                text_limit: limit(4096),
                caption_limit: Some(limit(1024)),
                files: true,
                max_file: MAX_UPLOAD,
                max_files_at_once: 10,
                keyboard: true,
                quote: true,
                edit: Window::For(CHANGEABLE),
                delete: Window::For(CHANGEABLE),
                read_marks: false,
                typing: true,
                templates: false,
                resend_is_safe: false,
                keeps_missed: Some(Duration::from_secs(24 * 3600)),
            },
        }
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        let token = settings.text("token");
        let looks_right = token.split_once(':').is_some_and(|(id, secret)| {
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            id.len() >= 5
                && id.bytes().all(|byte| byte.is_ascii_digit())
                && secret.len() >= 20
                && secret.chars().all(letters)
        });
        if looks_right {
            return Ok(());
        }
        let words = Words::new(
            "Токен выглядит так: 123456789:AAE4-x… Скопируйте его из сообщения @BotFather целиком.",
            "A token looks like this: 123456789:AAE4-x… Copy all of it from @BotFather's message.",
        );
        Err(Error::Invalid(vec![FieldError { field: "settings.token".to_owned(), code: "bad_value", words }]))
    }

    async fn connect(&self, link: &Link) -> Result<Account, Trouble> {
        let account = self.probe(link).await?;
        let info = call::ask(link, "getWebhookInfo", json!({})).await?;
        let known = info["url"].as_str().unwrap_or_default();
        if self.is_polled(&link.settings) {
            if !known.is_empty() {
                call::ask(link, "deleteWebhook", json!({"drop_pending_updates": false})).await?;
            }
            return Ok(account);
        }
        let url = link.hook_url();
        if known != url || link.channel.state != desk::channel::State::Active {
            let webhook = json!({
                "url": url,
                "secret_token": secret(&link.settings),
                "allowed_updates": UPDATES,
                "max_connections": 20,
            });
            call::ask(link, "setWebhook", webhook).await?;
        } else if let Some(complaint) = recent_complaint(&info, link.app.now().timestamp()) {
            return Err(Trouble::new(
                format!(
                    "Telegram не может передать нам сообщения: {complaint}. Проверьте, что {url} открывается из интернета."
                ),
                format!(
                    "Telegram cannot hand messages over to us: {complaint}. Check that {url} opens from the internet."
                ),
                complaint,
            ));
        }
        Ok(account)
    }

    async fn probe(&self, link: &Link) -> Result<Account, Trouble> {
        let bot = call::ask(link, "getMe", json!({})).await?;
        let (Some(id), Some(name)) = (bot["id"].as_i64(), bot["username"].as_str()) else {
            return Err(Trouble::internal(format!("getMe answered {bot}")));
        };
        Ok(Account { key: id.to_string(), name: format!("@{name}") })
    }

    async fn disconnect(&self, link: &Link) -> Result<(), Trouble> {
        if self.is_polled(&link.settings) {
            return Ok(());
        }
        call::ask(link, "deleteWebhook", json!({"drop_pending_updates": false})).await.map(drop)
    }

    fn is_polled(&self, settings: &Settings) -> bool {
        settings.text("connection") != "webhook"
    }

    async fn poll(&self, link: &Link, position: Option<&str>) -> Result<Batch, Trouble> {
        let now = link.app.now();
        let is_old = link.channel.last_inbound_at.is_none_or(|at| now - at >= SILENCE);
        let position = position.filter(|_| !is_old);
        let offset: i64 = position.and_then(|position| position.parse().ok()).unwrap_or(0);
        let question = json!({"offset": offset, "timeout": WAIT.as_secs(), "limit": 100, "allowed_updates": UPDATES});
        let answer = call::ask(link, "getUpdates", question).await?;
        let found = || answer.as_array().into_iter().flatten();
        let updates: Vec<Update> = found().filter_map(|update| receive::update(update.clone(), now)).collect();
        let last = found().filter_map(|update| update["update_id"].as_i64()).max();
        Ok(Batch { updates, position: last.map(|last| (last + 1).to_string()), gap: false })
    }

    fn hook(&self, settings: &Settings, hook: &HookCall) -> Result<Hooked, Refused> {
        if hook.method != "POST" || self.is_polled(settings) {
            return Err(Refused::NotHere);
        }
        let given = hook.header(SECRET_HEADER).unwrap_or_default();
        if !signature::is_of(settings.text("token").as_bytes(), PURPOSE, given) {
            return Err(Refused::Forged);
        }
        let update = receive::update(hook.json()?, hook.now);
        let update = update.ok_or_else(|| Refused::Unreadable("an update without update_id".to_owned()))?;
        Ok(Hooked { answer: HookAnswer::Empty, updates: vec![update] })
    }

    fn receive(&self, _settings: &Settings, update: &Value) -> Result<Vec<Inbound>> {
        receive::events(update)
    }

    async fn download(&self, link: &Link, file: &RemoteFile) -> Result<Bytes, Trouble> {
        if file.size.is_some_and(|size| size > MAX_DOWNLOAD) {
            return Err(too_big());
        }
        let found = call::ask(link, "getFile", json!({"file_id": file.reference})).await;
        let found =
            found.map_err(|trouble| if trouble.technical.contains("file is too big") { too_big() } else { trouble })?;
        let path = found["file_path"].as_str().ok_or_else(|| Trouble::internal(format!("getFile answered {found}")))?;
        call::fetch(link, path).await
    }

    async fn send(&self, link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
        send::send(link, part).await
    }

    async fn edit(&self, link: &Link, chat: &chat::Model, external_id: &str, part: &Part<'_>) -> Result<(), Failure> {
        send::edit(link, chat, external_id, part).await
    }

    async fn delete(&self, link: &Link, chat: &chat::Model, external_id: &str) -> Result<(), Failure> {
        send::delete(link, chat, external_id).await
    }

    async fn typing(&self, link: &Link, chat: &chat::Model) -> Result<(), Trouble> {
        let action = json!({"chat_id": chat.external_id, "action": "typing"});
        call::ask(link, "sendChatAction", action).await.map(drop)
    }

    async fn answer_press(&self, link: &Link, press_id: &str) -> Result<(), Trouble> {
        call::ask(link, "answerCallbackQuery", json!({"callback_query_id": press_id})).await.map(drop)
    }
}

fn fields() -> Vec<Field> {
    let ways = vec![
        ("polling", Words::new("Опрос (работает за любым маршрутизатором)", "Polling (works behind any router)")),
        ("webhook", Words::new("Webhook (нужен открытый адрес с https)", "Webhook (needs a public https address)")),
    ];
    vec![
        Field::secret("token", "Токен бота", "Bot token")
            .required()
            .help("Его выдаёт @BotFather.", "@BotFather gives it."),
        Field::new("connection", FieldKind::Select(ways), "Как получать сообщения", "How to get messages")
            .default(json!("polling")),
        Field::api_url("https://api.telegram.org"),
    ]
}

fn too_big() -> Trouble {
    Trouble::new(
        "Файл больше 20 МБ: Telegram не отдаёт такие файлы ботам. Попросите прислать его иначе.",
        "The file is over 20 MB: Telegram does not give such files to bots. Ask to send it in another way.",
        "file is too big",
    )
    .permanent()
}

/// What Telegram last could not deliver to us, if that was in the last minutes.
fn recent_complaint(info: &Value, now: i64) -> Option<String> {
    let at = info["last_error_date"].as_i64().filter(|at| now - at < 600)?;
    tracing::debug!(at, "Telegram complains of our webhook");
    info["last_error_message"].as_str().map(str::to_owned)
}

/// What Telegram has to show with each call. Made of the token, so that there is nothing more to keep.
fn secret(settings: &Settings) -> String {
    signature::sign(settings.text("token").as_bytes(), PURPOSE)
}
