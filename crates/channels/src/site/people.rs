//! Visitors as clients: who they are, what they say of themselves, and when two turn out to be one.

use std::collections::BTreeMap;

use base::{Actor, Error, FieldError, Language, Result, Words};
use bus::Event;
use db::{Tx, dialect};
use desk::chat::{self, Person};
use desk::contact::{self, NewIdentity, identity};
use desk::conversation;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::api::door::Visitor;
use super::settings::SiteSettings;
use super::token::{Who, WhoName};

/// What a visitor told of himself, cleaned.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// His answers to the administrator's own questions, by their labels.
    pub other: BTreeMap<String, String>,
}

impl Told {
    /// What the form says, checked; what the site said of its user where the form is silent. `all`: everything required
    /// must be there.
    pub fn read(
        settings: &SiteSettings,
        who: &Who,
        fields: &BTreeMap<String, String>,
        known: &Value,
        all: bool,
    ) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut complain = |name: &str, code: &'static str, ru: &'static str, en: &'static str| {
            wrong.push(FieldError { field: format!("fields.{name}"), code, words: Words::new(ru, en) });
        };
        let given = |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let mut told = Told { name: given("name").unwrap_or_default().chars().take(200).collect(), ..Told::default() };
        if let Some(email) = given("email") {
            told.email = text::email::normalize(email);
            if told.email.is_none() {
                complain("email", "bad_address", "Проверьте адрес почты", "Check the mail address");
            }
        }
        if let Some(phone) = given("phone") {
            told.phone = text::phone::normalize(phone, "RU");
            if told.phone.is_none() {
                complain("phone", "bad_phone", "Проверьте номер телефона", "Check the phone number");
            }
        }
        for field in &settings.fields {
            let is_own = !matches!(field.name.as_str(), "name" | "email" | "phone");
            if let Some(answer) = given(&field.name).filter(|_| is_own) {
                told.other.insert(field.label.clone(), answer.chars().take(1_000).collect());
            }
        }
        if let Some(profile) = &who.profile {
            if told.name.is_empty() {
                told.name = profile.name.clone();
            }
            told.email = told.email.or_else(|| text::email::normalize(&profile.email));
            told.phone = told.phone.or_else(|| text::phone::normalize(&profile.phone, "RU"));
        }
        if all {
            for field in settings.fields.iter().filter(|field| field.required) {
                let is_there = match field.name.as_str() {
                    "name" => !told.name.is_empty(),
                    "email" => told.email.is_some() || known["email"].is_string() || given("email").is_some(),
                    "phone" => told.phone.is_some() || known["phone"].is_string() || given("phone").is_some(),
                    _ => told.other.contains_key(&field.label),
                };
                if !is_there {
                    complain(&field.name, "required", "Заполните это поле", "Fill in this field");
                }
            }
        }
        if wrong.is_empty() { Ok(told) } else { Err(Error::Invalid(wrong)) }
    }
}

/// His addresses as a contact has them: the account first. What only he himself says is not verified.
pub(super) fn identities(who: &Who, told: &Told, language: Language) -> Vec<NewIdentity> {
    let account = account(who, language);
    let vouched = who.profile.as_ref().filter(|profile| profile.vouched);
    let email = told.email.as_deref().map(|address| {
        let is_vouched =
            vouched.is_some_and(|profile| text::email::normalize(&profile.email).as_deref() == Some(address));
        let identity = NewIdentity::email(address);
        if is_vouched { identity } else { identity.unverified() }
    });
    let phone = told.phone.as_deref().and_then(|number| {
        let is_vouched =
            vouched.is_some_and(|profile| text::phone::normalize(&profile.phone, "RU").as_deref() == Some(number));
        let identity = NewIdentity::phone(number)?;
        Some(if is_vouched { identity } else { identity.unverified() })
    });
    std::iter::once(account).chain(email).chain(phone).collect()
}

/// The account of a visitor or user at this chat.
pub(super) fn account(who: &Who, language: Language) -> NewIdentity {
    let key = format!("{}:{}", who.channel_id, who.id());
    match &who.name {
        WhoName::User(id) => NewIdentity::account(identity::Kind::SiteUser, key, id.clone()),
        WhoName::Visitor(id) => {
            let number = id.simple().to_string()[28..].to_uppercase();
            let word = if language == Language::Ru { "Посетитель" } else { "Visitor" };
            NewIdentity::account(identity::Kind::Visitor, key, format!("{word} {number}"))
        }
    }
}

/// The visitor's chat, held; made with his contact when he writes for the first time.
pub(super) async fn chat_of(tx: &Tx, visitor: &Visitor, told: &Told, language: Language) -> Result<chat::Model> {
    let identities = identities(&visitor.who, told, language);
    let title = match identities.first() {
        Some(account) if told.name.is_empty() => account.value.clone(),
        _ => told.name.clone(),
    };
    let locale = Some(visitor.who.locale.clone()).filter(|locale| !locale.is_empty());
    let person = Person { identities, name: told.name.clone(), locale };
    chat::find_or_create(tx, visitor.site.channel.id, &visitor.who.external_id(), &title, &person).await
}

/// Remembers what he told now: addresses, his name, what he agreed to. Answers whether somebody we know seems to be behind
/// an address that nobody vouches for.
pub(super) async fn remember(
    tx: &Tx,
    who: &Who,
    chat: &chat::Model,
    told: &Told,
    language: Language,
) -> Result<Vec<Suggested>> {
    let mut data = chat.data.clone();
    let mut suggested = Vec::new();
    let new = identities(who, told, language);
    for identity in new.iter().skip(1) {
        let name = if identity.kind == identity::Kind::Email { "email" } else { "phone" };
        if data[name] == json!(identity.key) {
            continue;
        }
        data[name] = json!(identity.key);
        match contact::by_key(tx, identity.kind, &identity.key).await? {
            Some((owner, _)) if owner.id != chat.contact_id => {
                suggested.push(Suggested { contact_id: owner.id, name: owner.name, by: name });
            }
            _ => contact::add_identities(tx, chat.contact_id, std::slice::from_ref(identity)).await?,
        }
    }
    if !told.name.is_empty() && data["name"] != json!(told.name) {
        data["name"] = json!(told.name);
        contact::name_anonymous(tx, chat.contact_id, &told.name).await?;
    }
    if data != chat.data {
        chat::set_data(tx, chat.id, data).await?;
    }
    Ok(suggested)
}

/// A known client who may be the visitor.
pub(super) struct Suggested {
    contact_id: base::ContactId,
    name: String,
    by: &'static str,
}

/// Tells staff whom the visitor may be; they decide.
pub(super) async fn suggest(tx: &Tx, conversation: &conversation::Model, suggested: Vec<Suggested>) -> Result<()> {
    for one in suggested {
        let data = json!({"contact_id": one.contact_id, "name": one.name, "by": one.by});
        let event = Event::new("contact_suggested")
            .subject(one.contact_id.0)
            .conversation(conversation.id, conversation.line_id, conversation.group_id)
            .data(data);
        bus::emit(tx, &Actor::system(), event).await?;
    }
    Ok(())
}

/// The anonymous visitor of this page turns out to be a user of the site: what he wrote before becomes the user's.
pub(super) async fn adopt(tx: &Tx, before: &Who, now: &Visitor, language: Language) -> Result<()> {
    if before.is_known() || !now.who.is_known() {
        return Ok(());
    }
    let channel_id = now.site.channel.id;
    let Some(anonymous) = chat::held(tx, channel_id, &before.external_id()).await? else { return Ok(()) };
    let told = Told::read(&now.site.settings, &now.who, &BTreeMap::new(), &Value::Null, false)?;
    let own = chat::held(tx, channel_id, &now.who.external_id()).await?;
    let verified: Vec<NewIdentity> =
        identities(&now.who, &told, language).into_iter().filter(|identity| identity.verified).collect();
    let mut owner = own.as_ref().map(|chat| chat.contact_id);
    for identity in &verified {
        if owner.is_none() {
            owner = contact::by_key(tx, identity.kind, &identity.key).await?.map(|(contact, _)| contact.id);
        }
    }
    let mut contact_id = anonymous.contact_id;
    if let Some(owner) = owner.filter(|owner| *owner != anonymous.contact_id) {
        let known = contact::identities(tx, anonymous.contact_id).await?;
        // A contact that staff have made more of stays his own.
        if known.iter().all(|one| one.kind == identity::Kind::Visitor || !one.verified) {
            let reason = Words::new("Посетитель вошёл на сайт.", "The visitor signed in on the site.");
            contact::absorb(tx, &Actor::system(), owner, anonymous.contact_id, reason).await?;
            contact_id = owner;
        }
    }
    contact::add_identities(tx, contact_id, &verified).await?;
    match own {
        None => rename_chat(tx, &anonymous, &now.who).await,
        Some(own) => move_messages(tx, &anonymous, &own).await,
    }
}

async fn rename_chat(tx: &Tx, chat: &chat::Model, who: &Who) -> Result<()> {
    chat::Entity::update_many()
        .col_expr(chat::Column::ExternalId, Expr::value(who.external_id()))
        .filter(chat::Column::Id.eq(chat.id))
        .exec(tx)
        .await?;
    let key = format!("{}:{}", who.channel_id, who.id());
    if let Some((_, identity_id)) = contact::by_key(tx, identity::Kind::SiteUser, &key).await? {
        chat::set_identity(tx, chat.id, identity_id).await?;
    }
    Ok(())
}

async fn move_messages(tx: &Tx, from: &chat::Model, to: &chat::Model) -> Result<()> {
    for table in ["message", "conversation", "message_link", "outgoing_message"] {
        let sql = format!("update {table} set chat_id = $1 where chat_id = $2");
        tx.execute_raw(dialect::statement(tx, &sql, [to.id.0.into(), from.id.0.into()])).await?;
    }
    chat::Entity::delete_by_id(from.id).exec(tx).await?;
    Ok(())
}
