//! A visitor writes.
//!
//! Invariant: the same `client_id` makes one message, however often and by however many tabs it is sent.

use std::collections::BTreeMap;

use app::App;
use base::{Actor, Error, FileId, MessageId, Result};
use db::Tx;
use desk::block::Subject;
use desk::conversation::{self, Automatically, Sender};
use desk::message::{Automatic, Extra};
use desk::{chat, message, schedule, setting, visit};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::api::door::Visitor;
use super::api::files;
use super::hours;
use super::limits::Limits;
use super::people::{self, Told};
use crate::{intake, link};

/// Longest text of one message, in characters.
const LONGEST: usize = 10_000;

/// What a visitor writes.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct NewVisitorMessage {
    /// Made by the page; sending again with the same one changes nothing.
    pub client_id: Uuid,
    /// At most 10,000 characters.
    #[serde(default)]
    pub text: String,
    /// Of uploads that no message has taken yet; at most 10.
    #[serde(default)]
    pub file_ids: Vec<FileId>,
    /// What he filled in before: `name`, `email`, `phone` and the administrator's own fields.
    #[serde(default)]
    pub fields: Option<BTreeMap<String, String>>,
    /// He has ticked the consent.
    #[serde(default)]
    pub consent: bool,
    #[serde(default)]
    pub page: VisitorPage,
    /// The message he answers.
    #[serde(default)]
    pub reply_to_id: Option<MessageId>,
    /// The `payload` of the button he pressed.
    #[serde(default)]
    pub pressed: Option<String>,
}

/// The page he is on and how he came to the site.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct VisitorPage {
    pub url: String,
    pub title: String,
    pub referrer: String,
    /// `source`, `medium`, `campaign`, `content`, `term`; also with `utm_` in front.
    pub utm: BTreeMap<String, String>,
}

/// A message that was taken in.
pub(super) struct Taken {
    pub chat: chat::Model,
    pub id: MessageId,
    /// False: it was sent before, with the same number.
    pub fresh: bool,
}

/// Takes a message into the visitor's conversation.
pub(super) async fn take(app: &App, visitor: &Visitor, new: NewVisitorMessage) -> Result<Taken> {
    let text = new.text.trim();
    if text.chars().count() > LONGEST {
        return Err(Error::invalid("text", "too_long", "Не больше 10 000 знаков", "10,000 characters at most"));
    }
    if text.is_empty() && new.file_ids.is_empty() {
        return Err(Error::invalid("text", "required", "Напишите хотя бы слово", "Write at least a word"));
    }
    if new.file_ids.len() > files::MOST {
        return Err(Error::invalid("file_ids", "too_many", "Не больше 10 файлов", "10 files at most"));
    }
    let channel_id = visitor.site.channel.id;
    let limits: std::sync::Arc<Limits> = app.memory();
    limits.message(&visitor.account(), visitor.site.address)?;
    let fields = new.fields.clone().unwrap_or_default();
    refuse_blocked(app, visitor, &fields, text).await?;

    let tx = app.write().await?;
    let language = setting::company(&tx).await?.default_locale;
    let before = chat::held(&tx, channel_id, &visitor.who.external_id()).await?;
    let known = before.as_ref().map_or(Value::Null, |chat| chat.data.clone());
    let told = Told::read(&visitor.site.settings, &visitor.who, &fields, &known, before.is_none())?;
    if visitor.site.settings.consent.is_some() && !new.consent && known["consent"].is_null() {
        return Err(Error::invalid("consent", "required", "Нужно ваше согласие", "Your consent is needed"));
    }
    let chat = match before {
        Some(chat) => chat,
        None => people::chat_of(&tx, visitor, &told, language).await?,
    };
    // Under the chat's lock: of two tabs that send the same, the second one finds the first one's message.
    if let Some(sent) = link::message_of(&tx, chat.id, &new.client_id.to_string()).await? {
        return Ok(Taken { chat, id: sent, fresh: false });
    }
    let mut suggested = people::remember(&tx, &visitor.who, &chat, &told, language).await?;
    agree(&tx, visitor, &chat, new.consent).await?;
    let reply_to_id = own_message(&tx, &chat, new.reply_to_id).await?;
    let chat::Course { current, last } = chat::course(&tx, &chat, reply_to_id).await?;
    let channel = &visitor.site.channel;
    let name =
        if told.name.is_empty() { known["name"].as_str().unwrap_or_default().to_owned() } else { told.name.clone() };
    let inbound = conversation::Inbound {
        group_id: channel.group_id.filter(|_| current.is_none()),
        conversation_id: current.as_ref().map(|conversation| conversation.id),
        files: files::claim(&tx, &visitor.who, &new.file_ids).await?,
        reply_to_id,
        extra: Some(Extra {
            client_id: Some(new.client_id.to_string()),
            pressed: new.pressed.clone(),
            ..Extra::default()
        }),
        ..conversation::Inbound::new(
            channel.line_id,
            channel.kind,
            Sender::Chat(Box::new(chat.clone()), name),
            rich::from_plain(text),
            intake::why(&tx, channel.kind, current.as_ref(), last.as_ref(), reply_to_id).await?,
            tx.now(),
        )
    };
    let received = conversation::receive(&tx, &Actor::system(), inbound).await?;
    link::remember(&tx, chat.id, &new.client_id.to_string(), received.message_id, 0).await?;
    if received.created || !suggested.is_empty() {
        let conversation = conversation::find_to_change(&tx, &Actor::system(), received.conversation_id).await?;
        if received.created {
            visit::insert(&tx, visit_of(visitor, &new.page, &told, &conversation)).await?;
            say_offline(&tx, visitor, &conversation).await?;
        }
        people::suggest(&tx, &conversation, std::mem::take(&mut suggested)).await?;
    }
    tx.commit().await?;
    Ok(Taken { chat, id: received.message_id, fresh: true })
}

async fn refuse_blocked(app: &App, visitor: &Visitor, fields: &BTreeMap<String, String>, text: &str) -> Result<()> {
    let profile = visitor.who.profile.clone().unwrap_or_default();
    let of = |name: &str, other: &'_ str| -> Vec<String> {
        fields.get(name).cloned().into_iter().chain(Some(other.to_owned())).filter(|text| !text.is_empty()).collect()
    };
    let (emails, phones) = (of("email", &profile.email), of("phone", &profile.phone));
    let subject = Subject {
        emails: emails.iter().map(String::as_str).collect(),
        phones: phones.iter().map(String::as_str).collect(),
        accounts: vec![visitor.account()],
        text,
        ..Subject::default()
    };
    visitor.site.refuse_blocked(app, subject).await
}

/// Keeps when he agreed, and to what.
async fn agree(tx: &Tx, visitor: &Visitor, chat: &chat::Model, agrees: bool) -> Result<()> {
    let Some(consent) = visitor.site.settings.consent.as_ref().filter(|_| agrees) else { return Ok(()) };
    let mut data = chat::find(tx, chat.id).await?.data;
    if data["consent"].is_null() {
        data["consent"] = json!({"at": tx.now(), "text": consent.text, "url": consent.url});
        chat::set_data(tx, chat.id, data).await?;
    }
    Ok(())
}

/// Only a message of this chat can be answered in it.
async fn own_message(tx: &Tx, chat: &chat::Model, id: Option<MessageId>) -> Result<Option<MessageId>> {
    use sea_orm::EntityTrait;
    let Some(id) = id else { return Ok(None) };
    let found = message::Entity::find_by_id(id).one(tx).await?;
    Ok(found.filter(|message| message.chat_id == Some(chat.id)).map(|message| message.id))
}

fn visit_of(visitor: &Visitor, page: &VisitorPage, told: &Told, conversation: &conversation::Model) -> visit::Model {
    let cut = |text: &str, most: usize| text.chars().filter(|c| !c.is_control()).take(most).collect::<String>();
    let utm: BTreeMap<String, String> = page
        .utm
        .iter()
        .map(|(key, value)| (cut(key.strip_prefix("utm_").unwrap_or(key), 40), cut(value, 300)))
        .take(10)
        .collect();
    visit::Model {
        conversation_id: conversation.id,
        page_url: cut(&page.url, 2_000),
        page_title: cut(&page.title, 300),
        referrer: cut(&page.referrer, 2_000),
        utm: json!(utm),
        user_agent: visitor.site.user_agent.clone(),
        address: visitor.site.address.to_string(),
        locale: visitor.who.locale.clone(),
        time_zone: visitor.who.time_zone.clone(),
        fields: json!(told.other),
    }
}

/// Outside working hours the visitor is told so, once a conversation.
async fn say_offline(tx: &Tx, visitor: &Visitor, conversation: &conversation::Model) -> Result<()> {
    if visitor.site.settings.offline_text.trim().is_empty() {
        return Ok(());
    }
    let hours = hours::of(tx, &visitor.site).await?.hours;
    if hours.is_open(tx.now()) {
        return Ok(());
    }
    let reader = schedule::zone_of(&visitor.who.time_zone);
    let what = Automatically {
        kind: Automatic::Offline,
        subject: None,
        text: hours::offline_text(tx, &visitor.site, &hours, tx.now(), reader).await?,
        recipients: Default::default(),
        extra: Extra::default(),
    };
    conversation::say(tx, conversation, what).await.map(drop)
}
