//! A VK community: Bots Long Poll or the Callback API in, `messages.send` out. <https://dev.vk.com/ru/api/bots/overview>
//!
//! Invariants: an id of a message is its `conversation_message_id`, unique in its chat; a chat is the user's id. The key of a
//! new message is made of both, so that an event, its repetition and the same message found in the history are one update.

mod api;
mod news;
mod read;
mod wire;
mod write;

use std::time::Duration;

use async_trait::async_trait;
use base::{Result, Words};
use bytes::Bytes;
use desk::channel::Kind;
use desk::chat;
use rich::{Counts, Format, Limit, Unit};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::driver::{
    About, Account, Batch, Capabilities, Driver, Failure, HookAnswer, HookCall, Hooked, Inbound, Link, Part, Profile,
    Refused, RemoteFile, Sent, Trouble, Update, Window,
};
use crate::drivers::http;
use crate::settings::{Field, FieldKind, Settings};

pub struct Vk;

const TITLE: Words = Words::new("ВКонтакте", "VK");
const TEXT_LIMIT: Limit = Limit { max: 4096, unit: Unit::Utf16, counts: Counts::Text };
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What a community has to tell us of.
const EVENTS: [&str; 7] = [
    "message_new",
    "message_reply",
    "message_edit",
    "message_allow",
    "message_deny",
    "message_read",
    "message_typing_state",
];

/// The rights of a key, and what they are called where it is made.
static RIGHTS: [(&str, Words); 4] = [
    ("messages", Words::new("сообщения сообщества", "community messages")),
    ("manage", Words::new("управление сообществом", "community management")),
    ("photos", Words::new("фотографии", "photos")),
    ("docs", Words::new("файлы", "files")),
];

/// Whether VK calls us, rather than we ask it.
fn is_called(settings: &Settings) -> bool {
    settings.text("receive") == "webhook"
}

/// What VK says with every event, so that nobody else can. Made of the key, which only VK and we know.
fn secret(settings: &Settings) -> String {
    let digest = Sha256::digest(format!("vk callback secret of {}", settings.text("token")));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[async_trait]
impl Driver for Vk {
    fn about(&self) -> About {
        let receive = FieldKind::Select(vec![
            ("polling", Words::new("Отклик спрашивает ВКонтакте (Long Poll)", "Otklik asks VK (Long Poll)")),
            ("webhook", Words::new("ВКонтакте присылает события (Callback API)", "VK sends events (Callback API)")),
        ]);
        About {
            kind: Kind::Vk,
            title: TITLE,
            text: Words::new("Сообщения сообщества ВКонтакте.", "Messages of a VK community."),
            fields: vec![
                Field::secret("token", "Ключ доступа сообщества", "Community access key")
                    .help(
                        "С правами: управление сообществом, сообщения сообщества, фотографии, файлы.",
                        "With the rights: community management, community messages, photos, files.",
                    )
                    .required(),
                Field::new("receive", receive, "Как приходят сообщения", "How messages arrive")
                    .help(
                        "Callback API нужен адрес Отклика в интернете по https; Long Poll работает и без него.",
                        "The Callback API needs an https address of Otklik on the internet; Long Poll works without.",
                    )
                    .required()
                    .default(json!("polling")),
                Field::api_url("https://api.vk.com"),
            ],
            steps: vec![
                Words::new(
                    "В сообществе: «Управление» → «Сообщения» → включите «Сообщения сообщества».",
                    "In the community: Manage → Messages → switch Community messages on.",
                ),
                Words::new(
                    "«Сообщения» → «Настройки для бота» → включите «Возможности ботов», чтобы клиенты видели кнопки.",
                    "Messages → Bot settings → switch Bot capabilities on, so that clients see buttons.",
                ),
                Words::new(
                    "«Управление» → «Дополнительно» → «Работа с API» → «Создать ключ»: отметьте управление сообществом, \
                     сообщения сообщества, фотографии и файлы.",
                    "Manage → More → API usage → Create token: tick community management, community messages, photos and files.",
                ),
                Words::new(
                    "Вставьте ключ сюда. События и сервер Отклик настроит в сообществе сам.",
                    "Paste the key here. Otklik sets up events and the server in the community by itself.",
                ),
            ],
            capabilities: Capabilities {
                start_by_phone: false,
                why_not_start: Some(Words::new(
                    "Во ВКонтакте первым пишет клиент: сообщество может только отвечать.",
                    "In VK the client writes first: a community can only answer.",
                )),
                format: Format::Vk,
                text_limit: TEXT_LIMIT,
                caption_limit: Some(TEXT_LIMIT),
                files: true,
                max_file: 200 << 20,
                max_files_at_once: 10,
                keyboard: true,
                quote: true,
                edit: Window::For(DAY),
                delete: Window::For(DAY),
                read_marks: true,
                typing: true,
                templates: false,
                resend_is_safe: true,
                // The history of conversations has no term.
                keeps_missed: Some(DAY * 365),
            },
        }
    }

    async fn connect(&self, link: &Link) -> Result<Account, Trouble> {
        let account = self.probe(link).await?;
        if is_called(&link.settings) {
            api::register_server(link, &account.key).await?;
        } else {
            let mut settings = vec![("group_id", account.key.clone()), ("enabled", "1".to_owned())];
            settings.extend(api::chosen_events());
            let _: Value = api::call(link, "groups.setLongPollSettings", &settings).await?;
        }
        Ok(account)
    }

    async fn probe(&self, link: &Link) -> Result<Account, Trouble> {
        let groups: wire::Groups = api::call(link, "groups.getById", &[]).await?;
        let group = groups.groups.into_iter().next().ok_or_else(api::not_a_community)?;
        api::check_rights(link).await?;
        Ok(Account { key: group.id.to_string(), name: group.name })
    }

    async fn disconnect(&self, link: &Link) -> Result<(), Trouble> {
        if is_called(&link.settings) { api::remove_server(link).await } else { Ok(()) }
    }

    fn is_polled(&self, _settings: &Settings) -> bool {
        // With the Callback API too: what VK could not deliver while we were away is looked for in the history.
        true
    }

    async fn poll(&self, link: &Link, position: Option<&str>) -> Result<Batch, Trouble> {
        news::poll(link, position).await
    }

    fn hook(&self, settings: &Settings, call: &HookCall) -> Result<Hooked, Refused> {
        if !is_called(settings) {
            return Err(Refused::NotHere);
        }
        let body = call.json()?;
        let event: wire::Event =
            serde_json::from_value(body.clone()).map_err(|error| Refused::Unreadable(error.to_string()))?;
        if !http::same(&event.secret, &secret(settings)) {
            return Err(Refused::Forged);
        }
        Ok(Hooked { answer: HookAnswer::Text("ok".to_owned()), updates: vec![keyed(&event, body)] })
    }

    async fn answer_hook(&self, link: &Link, call: &HookCall) -> Option<Result<HookAnswer, Trouble>> {
        if !is_called(&link.settings) {
            return None;
        }
        let event: wire::Event = serde_json::from_slice(&call.body).ok()?;
        if event.kind != "confirmation" {
            return None;
        }
        let group = [("group_id", event.group_id.to_string())];
        let answer = api::call::<wire::Confirmation>(link, "groups.getCallbackConfirmationCode", &group).await;
        Some(answer.map(|confirmation| HookAnswer::Text(confirmation.code)).map_err(Trouble::from))
    }

    fn receive(&self, _settings: &Settings, update: &Value) -> Result<Vec<Inbound>> {
        let event: wire::Event = serde_json::from_value(update.clone())?;
        read::event(event)
    }

    async fn introduce(&self, link: &Link, from: &mut Profile) -> Result<(), Trouble> {
        let Some(account) = from.identities.first() else { return Ok(()) };
        let users: Vec<wire::User> = api::call(link, "users.get", &[("user_ids", account.key.clone())]).await?;
        if let Some(user) = users.into_iter().next() {
            from.name = format!("{} {}", user.first_name, user.last_name).trim().to_owned();
        }
        Ok(())
    }

    async fn download(&self, link: &Link, file: &RemoteFile) -> Result<Bytes, Trouble> {
        http::fetch(link, &file.reference, self.about().capabilities.max_file).await
    }

    async fn send(&self, link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
        write::send(link, part).await
    }

    async fn edit(&self, link: &Link, chat: &chat::Model, id: &str, part: &Part<'_>) -> Result<(), Failure> {
        write::edit(link, chat, id, part).await
    }

    async fn delete(&self, link: &Link, chat: &chat::Model, id: &str) -> Result<(), Failure> {
        let params =
            [("peer_id", chat.external_id.clone()), ("cmids", id.to_owned()), ("delete_for_all", "1".to_owned())];
        let _: Value = api::call(link, "messages.delete", &params).await?;
        Ok(())
    }

    async fn typing(&self, link: &Link, chat: &chat::Model) -> Result<(), Trouble> {
        let params = [("peer_id", chat.external_id.clone()), ("type", "typing".to_owned())];
        let _: Value = api::call(link, "messages.setActivity", &params).await?;
        Ok(())
    }

    async fn mark_read(&self, link: &Link, chat: &chat::Model, id: &str) -> Result<(), Trouble> {
        let params = [("peer_id", chat.external_id.clone()), ("up_to_cmid", id.to_owned())];
        let _: Value = api::call(link, "messages.markAsRead", &params).await?;
        Ok(())
    }
}

/// An update with the key and order of what it brings.
fn keyed(event: &wire::Event, body: Value) -> Update {
    let object = &event.object;
    let message = &object["message"];
    let peer = [&message["peer_id"], &object["peer_id"], &object["user_id"], &object["from_id"]];
    let peer = peer.into_iter().find_map(Value::as_i64).unwrap_or_default();
    let key = match message["conversation_message_id"].as_i64() {
        Some(cmid) if event.kind == "message_new" => format!("message {peer} {cmid}"),
        _ => format!("event {}", event.event_id),
    };
    Update { key, order: peer.to_string(), body }
}
