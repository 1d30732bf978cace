//! WhatsApp by Meta's Cloud API: <https://developers.facebook.com/documentation/business-messaging/whatsapp>
//!
//! A chat is a client's number, digits with the country's code; of a client who hides it Meta tells a business-scoped
//! id instead. Updates come by webhook, signed with the app's secret. Meta judges some messages only after it has
//! accepted them and tells by a status, so a refusal can come both ways.

mod account;
mod receive;
mod send;
mod trouble;

use std::time::Duration;

use async_trait::async_trait;
use base::{Error, FieldError, Result, Words};
use bytes::Bytes;
use desk::channel::Kind;
use desk::chat;
use desk::contact::{NewIdentity, identity};
use serde_json::{Value, json};

use crate::driver::{
    About, Account, Capabilities, ChatRef, Driver, Failure, HookAnswer, HookCall, Hooked, Inbound, Link, OutFile, Part,
    Refused, RemoteFile, Sent, TemplateInfo, Trouble, Update, Window,
};
use crate::settings::{Field, Settings};
use crate::signature;

const HOUR: Duration = Duration::from_secs(3600);

/// The largest of the media types; each has its own: `send::kind_of`.
const LARGEST_FILE: u64 = 100 * 1024 * 1024;

pub struct WhatsApp;

#[async_trait]
impl Driver for WhatsApp {
    fn about(&self) -> About {
        About {
            kind: Kind::Whatsapp,
            title: Words::new("WhatsApp", "WhatsApp"),
            text: Words::new(
                "Номер WhatsApp Business через официальный Cloud API компании Meta.",
                "A WhatsApp Business number by Meta's official Cloud API.",
            ),
            fields: fields(),
            steps: steps(),
            capabilities: Capabilities {
                start_by_phone: true,
                why_not_start: None,
                format: rich::Format::Marks,
                text_limit: limit(4096),
                caption_limit: Some(limit(1024)),
                files: true,
                max_file: LARGEST_FILE,
                max_files_at_once: 1,
                keyboard: true,
                quote: true,
                edit: Window::Never,
                delete: Window::Never,
                read_marks: true,
                typing: true,
                templates: true,
                resend_is_safe: false,
                keeps_missed: Some(7 * 24 * HOUR),
            },
        }
    }

    fn check(&self, settings: &Settings) -> Result<()> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let version = settings
            .text("api_version")
            .strip_prefix('v')
            .is_some_and(|number| number.split_once('.').is_some_and(|(major, minor)| digits(major) && digits(minor)));
        let number = Words::new(
            "Это число из раздела API Setup, не сам номер телефона",
            "This is the number from API Setup, not the phone number itself",
        );
        let checks = [
            ("phone_number_id", digits(settings.text("phone_number_id")), number.clone()),
            ("business_account_id", digits(settings.text("business_account_id")), number),
            ("api_version", version, Words::new("Версия пишется так: v25.0", "A version is written like this: v25.0")),
        ];
        let wrong: Vec<FieldError> = checks
            .into_iter()
            .filter(|(_, fits, _)| !fits)
            .map(|(name, _, words)| FieldError { field: format!("settings.{name}"), code: "bad_value", words })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }

    async fn connect(&self, link: &Link) -> Result<Account, Trouble> {
        account::connect(link).await
    }

    async fn probe(&self, link: &Link) -> Result<Account, Trouble> {
        account::about(link).await
    }

    /// GET: Meta asks whether the address is ours, by the verify token. POST: updates.
    fn hook(&self, settings: &Settings, call: &HookCall) -> Result<Hooked, Refused> {
        if call.method == reqwest::Method::GET {
            let is_ours = call.query("hub.mode") == Some("subscribe")
                && call.query("hub.verify_token") == Some(settings.text("verify_token"));
            let challenge = call.query("hub.challenge").filter(|_| is_ours).ok_or(Refused::Forged)?;
            return Ok(Hooked { answer: HookAnswer::Text(challenge.to_owned()), updates: Vec::new() });
        }
        let given = call.header("x-hub-signature-256").and_then(|given| given.strip_prefix("sha256="));
        let secret = settings.text("app_secret").as_bytes();
        if !given.is_some_and(|given| signature::is_of(secret, &call.body, given)) {
            return Err(Refused::Forged);
        }
        Ok(Hooked { answer: HookAnswer::Empty, updates: updates(settings, &call.json()?) })
    }

    fn receive(&self, _settings: &Settings, update: &Value) -> Result<Vec<Inbound>> {
        receive::receive(update)
    }

    async fn download(&self, link: &Link, file: &RemoteFile) -> Result<Bytes, Trouble> {
        account::download(link, &file.reference).await
    }

    fn takes_caption(&self, file: &OutFile) -> bool {
        send::takes_caption(file)
    }

    async fn send(&self, link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
        send::send(link, part).await
    }

    /// Shown for 25 seconds or until the answer; Meta wants to know to which message, and takes that for read.
    async fn typing(&self, link: &Link, chat: &chat::Model) -> Result<(), Trouble> {
        let Some(last) = crate::link::last_inbound(link.app.db.read(), chat.id).await? else { return Ok(()) };
        let typing = json!({"type": "text"});
        let body =
            json!({"messaging_product": "whatsapp", "status": "read", "message_id": last, "typing_indicator": typing});
        send::mark(link, body).await
    }

    async fn mark_read(&self, link: &Link, _chat: &chat::Model, external_id: &str) -> Result<(), Trouble> {
        send::mark(link, json!({"messaging_product": "whatsapp", "status": "read", "message_id": external_id})).await
    }

    fn chat_of_phone(&self, phone: &str) -> Option<(ChatRef, NewIdentity)> {
        let id = phone.trim_start_matches('+').to_owned();
        let account = NewIdentity::account(identity::Kind::Whatsapp, phone, phone);
        Some((ChatRef { id, title: phone.to_owned() }, account))
    }

    async fn templates(&self, link: &Link) -> Result<Vec<TemplateInfo>, Trouble> {
        account::templates(link).await
    }
}

fn limit(max: usize) -> rich::Limit {
    rich::Limit { max, unit: rich::Unit::Utf16, counts: rich::Counts::Markup }
}

fn fields() -> Vec<Field> {
    vec![
        Field::text("phone_number_id", "Phone number ID", "Phone number ID")
            .help("WhatsApp → API Setup в приложении Meta.", "WhatsApp → API Setup in the Meta app.")
            .required(),
        Field::text("business_account_id", "WhatsApp Business Account ID", "WhatsApp Business Account ID")
            .help("Там же.", "On the same page.")
            .required(),
        Field::secret("access_token", "Токен доступа", "Access token")
            .help(
                "Постоянный токен системного пользователя; токен со страницы API Setup живёт сутки.",
                "A permanent token of a system user; the token of the API Setup page ends after a day.",
            )
            .required(),
        Field::secret("app_secret", "App secret", "App secret")
            .help(
                "App settings → Basic. По нему проверяется подпись Meta.",
                "App settings → Basic. Meta's signature is checked with it.",
            )
            .required(),
        Field::text("verify_token", "Токен проверки", "Verify token")
            .help(
                "Придумайте любой текст и введите его же в Meta вместе с адресом канала.",
                "Make up any text and enter the same at Meta, beside the channel's address.",
            )
            .required(),
        Field::text("api_version", "Версия API", "API version")
            .help(
                "Меняйте, когда Meta объявит об окончании этой версии.",
                "Change it when Meta announces the end of this version.",
            )
            .default(json!("v25.0")),
        Field::api_url("https://graph.facebook.com"),
    ]
}

fn steps() -> Vec<Words> {
    vec![
        Words::new(
            "На developers.facebook.com/apps создайте приложение типа Business и добавьте продукт WhatsApp.",
            "At developers.facebook.com/apps create an app of type Business and add the product WhatsApp.",
        ),
        Words::new(
            "Из WhatsApp → API Setup возьмите Phone number ID и WhatsApp Business Account ID, из App settings → Basic — App secret.",
            "From WhatsApp → API Setup take the Phone number ID and the WhatsApp Business Account ID, from App settings → Basic the App secret.",
        ),
        Words::new(
            "В Business settings → System users получите постоянный токен с правами whatsapp_business_messaging и whatsapp_business_management.",
            "In Business settings → System users generate a permanent token with whatsapp_business_messaging and whatsapp_business_management.",
        ),
        Words::new(
            "Сохраните канал, затем в WhatsApp → Configuration → Webhook введите адрес канала и токен проверки и подпишитесь на поле messages.",
            "Save the channel, then in WhatsApp → Configuration → Webhook enter the channel's address and the verify token, and subscribe to the field messages.",
        ),
    ]
}

/// One update for each message and status of our number. An app has one webhook for all its numbers; what is of
/// another number is that channel's business.
fn updates(settings: &Settings, body: &Value) -> Vec<Update> {
    let mut updates = Vec::new();
    let changes = list(&body["entry"]).flat_map(|entry| list(&entry["changes"]));
    for value in changes.filter(|change| change["field"] == "messages").map(|change| &change["value"]) {
        if value["metadata"]["phone_number_id"].as_str() != Some(settings.text("phone_number_id")) {
            continue;
        }
        for message in list(&value["messages"]) {
            let (Some(id), Some(chat)) = (message["id"].as_str(), chat_of(message)) else { continue };
            let contact = list(&value["contacts"]).find(|contact| is_of(contact, message)).unwrap_or(&Value::Null);
            let body = json!({"message": message, "contact": contact});
            updates.push(Update { key: format!("message:{id}"), order: chat.to_owned(), body });
        }
        for status in list(&value["statuses"]) {
            let (Some(id), Some(stage)) = (status["id"].as_str(), status["status"].as_str()) else { continue };
            let order = recipient_of(status).unwrap_or_default().to_owned();
            updates.push(Update { key: format!("{stage}:{id}"), order, body: json!({"status": status}) });
        }
    }
    updates
}

fn is_of(contact: &Value, message: &Value) -> bool {
    let same = |ours: &str, theirs: &str| contact[ours].is_string() && contact[ours] == message[theirs];
    same("wa_id", "from") || same("user_id", "from_user_id")
}

/// The thread of a message: the client's number, or what Meta tells instead.
fn chat_of(message: &Value) -> Option<&str> {
    message["from"].as_str().or(message["from_user_id"].as_str())
}

fn recipient_of(status: &Value) -> Option<&str> {
    status["recipient_id"].as_str().or(status["recipient_user_id"].as_str())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
