//! Commands and queries on contacts.

use base::{Actor, CompanyId, ContactId, ConversationId, Error, IdentityId, Permission, Result, UserId, Words};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::json;

use super::{company, entity, identity};
use crate::chat::Person;
use crate::people::color_of;
use crate::{client, client_category, conversation, field, group_chat, user};

/// One address of a person that is about to be written down.
#[derive(Clone, Debug)]
pub struct NewIdentity {
    pub kind: identity::Kind,
    /// As people write it.
    pub value: String,
    /// As it is compared; see `identity::key`.
    pub key: String,
    /// False for an address that somebody only says is his.
    pub verified: bool,
}

impl NewIdentity {
    /// A mail address.
    pub fn email(address: &str) -> Self {
        let key = text::email::normalize(address).unwrap_or_else(|| address.trim().to_lowercase());
        NewIdentity { kind: identity::Kind::Email, value: address.to_owned(), key, verified: true }
    }

    /// A phone, in whatever writing; none when it is not one.
    pub fn phone(phone: &str) -> Option<Self> {
        let key = text::phone::normalize(phone, "RU")?;
        Some(NewIdentity { kind: identity::Kind::Phone, value: key.clone(), key, verified: true })
    }

    /// An account of a messenger. `shown` is what people see of it.
    pub fn account(kind: identity::Kind, key: impl Into<String>, shown: impl Into<String>) -> Self {
        NewIdentity { kind, value: shown.into(), key: key.into(), verified: true }
    }

    pub fn unverified(self) -> Self {
        NewIdentity { verified: false, ..self }
    }
}

/// The contact of a mail address, made when it writes for the first time.
pub async fn find_or_create_by_email(
    tx: &Tx,
    address: &str,
    name: Option<&str>,
) -> Result<(entity::Model, IdentityId)> {
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(address).to_owned();
    let person = Person { identities: vec![NewIdentity::email(address)], name, locale: None };
    let (contact, identity_id) = find_or_create(tx, &person).await?;
    Ok((contact, identity_id.ok_or_else(|| Error::internal("a mail address was not written down"))?))
}

/// The contact who has one of these addresses, made when nobody has. Addresses that nobody has become his. Answers also
/// the identity of the first address, when it is his.
///
/// Invariant: an address that is not verified finds nobody, so that a stranger never becomes somebody by claiming it.
pub async fn find_or_create(tx: &Tx, person: &Person) -> Result<(entity::Model, Option<IdentityId>)> {
    for known in person.identities.iter().filter(|identity| identity.verified) {
        let Some(found) = identity_by_key(tx, known.kind, &known.key).await? else { continue };
        // Somebody else only said it was his; here is its owner.
        if !found.verified {
            identity::Entity::delete_by_id(found.id).exec(tx).await?;
            continue;
        }
        if let Some(contact) = entity::Entity::find_by_id(found.contact_id).one(tx).await? {
            add_identities(tx, contact.id, &person.identities).await?;
            let first = first_of(tx, contact.id, person).await?;
            return Ok((contact, first));
        }
    }
    let contact = create(tx, person).await?;
    add_identities(tx, contact.id, &person.identities).await?;
    let first = first_of(tx, contact.id, person).await?;
    // Two first messages of one person at the same time on two nodes: the other's contact stays, ours was never seen.
    if first.is_none()
        && let Some(first) = person.identities.first().filter(|identity| identity.verified)
        && let Some((known, identity_id)) = by_key(tx, first.kind, &first.key).await?
    {
        entity::Entity::delete_by_id(contact.id).exec(tx).await?;
        return Ok((known, Some(identity_id)));
    }
    Ok((contact, first))
}

/// A new contact without addresses. By the domain of his mail he belongs to a company.
async fn create(tx: &Tx, person: &Person) -> Result<entity::Model> {
    let id = ContactId(tx.new_id());
    let shown = person.identities.first().map(|identity| identity.value.as_str()).unwrap_or_default();
    let name = if person.name.trim().is_empty() { shown } else { person.name.trim() };
    let mail = person.identities.iter().find(|identity| identity.kind == identity::Kind::Email && identity.verified);
    let company_id = match mail.and_then(|mail| text::email::domain(&mail.key)) {
        Some(domain) => {
            company::Entity::find().filter(company::Column::Domain.eq(domain)).one(tx).await?.map(|company| company.id)
        }
        None => None,
    };
    let contact = entity::Model {
        id,
        name_folded: text::fold(name),
        name: name.to_owned(),
        company_id,
        position: String::new(),
        note: String::new(),
        manager_id: None,
        category: String::new(),
        locale: person.locale.clone(),
        time_zone: None,
        avatar_color: color_of(id.0),
        created_at: tx.now(),
    };
    entity::Entity::insert(contact.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(contact)
}

/// Somebody answered a letter of ours from an address that the client of this conversation had only said was his: it is.
pub(crate) async fn confirm_by_reply(tx: &Tx, id: ConversationId, address: &str) -> Result<()> {
    let Some(found) = identity_by_key(tx, identity::Kind::Email, &NewIdentity::email(address).key).await? else {
        return Ok(());
    };
    if found.verified {
        return Ok(());
    }
    let own = conversation::Entity::find_by_id(id).one(tx).await?;
    if own.is_some_and(|own| own.contact_id == found.contact_id) {
        let mut row = found.into_active_model();
        row.verified = Set(true);
        row.update(tx).await?;
    }
    Ok(())
}

/// Gives a name to a contact that has none yet: one that is called by its visitor's number.
pub async fn name_anonymous(tx: &Tx, id: ContactId, name: &str) -> Result<()> {
    let contact = get(tx, id).await?;
    let known = identities(tx, id).await?;
    let is_nameless = known
        .iter()
        .any(|one| matches!(one.kind, identity::Kind::Visitor | identity::Kind::SiteUser) && one.value == contact.name);
    if !is_nameless || name.trim().is_empty() {
        return Ok(());
    }
    let mut row = contact.into_active_model();
    row.name_folded = Set(text::fold(name));
    row.name = Set(name.trim().to_owned());
    row.update(tx).await?;
    bus::emit(tx, &Actor::system(), Event::new("contact_updated").subject(id.0).data(json!({"name": name})))
        .await
        .map(drop)
}

/// Gives a contact those of these addresses that nobody has.
pub async fn add_identities(tx: &Tx, contact_id: ContactId, identities: &[NewIdentity]) -> Result<()> {
    for new in identities {
        let row = identity::ActiveModel {
            id: Set(IdentityId(tx.new_id())),
            contact_id: Set(contact_id),
            kind: Set(new.kind),
            value: Set(new.value.clone()),
            value_key: Set(new.key.clone()),
            verified: Set(new.verified),
            created_at: Set(tx.now()),
        };
        let unique = OnConflict::columns([identity::Column::Kind, identity::Column::ValueKey]).do_nothing().to_owned();
        identity::Entity::insert(row).on_conflict(unique).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn first_of(tx: &Tx, contact_id: ContactId, person: &Person) -> Result<Option<IdentityId>> {
    let Some(first) = person.identities.first() else { return Ok(None) };
    let found = by_key(tx, first.kind, &first.key).await?;
    Ok(found.filter(|(contact, _)| contact.id == contact_id).map(|(_, identity_id)| identity_id))
}

async fn identity_by_key(
    connection: &impl ConnectionTrait,
    kind: identity::Kind,
    key: &str,
) -> Result<Option<identity::Model>> {
    let found = identity::Entity::find().filter(identity::Column::Kind.eq(kind));
    Ok(found.filter(identity::Column::ValueKey.eq(key)).one(connection).await?)
}

/// The contact who has this address.
pub async fn by_key(
    connection: &impl ConnectionTrait,
    kind: identity::Kind,
    key: &str,
) -> Result<Option<(entity::Model, IdentityId)>> {
    let Some(identity) = identity_by_key(connection, kind, key).await? else { return Ok(None) };
    let contact = entity::Entity::find_by_id(identity.contact_id).one(connection).await?;
    Ok(contact.map(|contact| (contact, identity.id)))
}

/// Makes one contact of two that are the same person: everything of `from` becomes `into`'s, and `from` is gone.
pub async fn absorb(tx: &Tx, actor: &Actor, into: ContactId, from: ContactId, reason: Words) -> Result<()> {
    if into == from {
        return Ok(());
    }
    let lost = entity::Entity::find_by_id(from).one(tx).await?.ok_or(Error::NotFound("contact"))?;
    let kept = entity::Entity::find_by_id(into).one(tx).await?.ok_or(Error::NotFound("contact"))?;
    let moved = conversation::Entity::find()
        .filter(conversation::Column::ContactId.eq(from))
        .order_by_desc(conversation::Column::LastMessageAt)
        .limit(50)
        .all(tx)
        .await?;
    for table in ["identity", "chat", "conversation", "ticket"] {
        let sql = format!("update {table} set contact_id = $1 where contact_id = $2");
        tx.execute_raw(dialect::statement(tx, &sql, [into.0.into(), from.0.into()])).await?;
    }
    client::absorb(tx, into, from).await?;
    group_chat::absorb(tx, into, from).await?;
    let sql = "update message set author_id = $1 where author_kind = 'contact' and author_id = $2 \
        and conversation_id in (select id from conversation where contact_id = $1)";
    tx.execute_raw(dialect::statement(tx, sql, [into.0.into(), from.0.into()])).await?;
    let mut row = kept.clone().into_active_model();
    if kept.company_id.is_none() {
        row.company_id = Set(lost.company_id);
    }
    if kept.manager_id.is_none() {
        row.manager_id = Set(lost.manager_id);
    }
    if kept.category.is_empty() {
        row.category = Set(lost.category);
    }
    if !lost.note.is_empty() {
        let note = [kept.note.as_str(), lost.note.as_str()].join("\n");
        row.note = Set(note.trim().to_owned());
    }
    if row.is_changed() {
        row.update(tx).await?;
    }
    entity::Entity::delete_by_id(from).exec(tx).await?;
    for conversation in moved {
        let data = json!({"from": lost.name, "to": kept.name, "reason": {"ru": reason.ru, "en": reason.en}});
        let event = Event::new("contact_joined").subject(into.0).conversation(
            conversation.id,
            conversation.line_id,
            conversation.group_id,
        );
        bus::emit(tx, actor, event.data(data)).await?;
    }
    bus::emit(tx, actor, Event::new("contact_updated").subject(into.0).data(json!({"name": kept.name}))).await.map(drop)
}

/// A contact, whoever asks: for channels.
pub async fn get(connection: &impl ConnectionTrait, id: ContactId) -> Result<entity::Model> {
    entity::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("contact"))
}

/// A contact the actor may see: one that has a conversation on his lines or is connected to one of them, or any for
/// those who see every line.
pub async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: ContactId) -> Result<entity::Model> {
    let contact = entity::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("contact"))?;
    let visible = conversation::visible_to(actor)
        .select_only()
        .column(conversation::Column::Id)
        .filter(conversation::Column::ContactId.eq(id))
        .into_tuple::<base::ConversationId>()
        .one(connection)
        .await?;
    if visible.is_none()
        && !actor.has(Permission::LinesAll)
        && !client::is_connected(connection, actor, id, contact.company_id).await?
    {
        return Err(Error::NotFound("contact"));
    }
    Ok(contact)
}

pub async fn identities(connection: &impl ConnectionTrait, id: ContactId) -> Result<Vec<identity::Model>> {
    let rows =
        identity::Entity::find().filter(identity::Column::ContactId.eq(id)).order_by_asc(identity::Column::CreatedAt);
    Ok(rows.all(connection).await?)
}

pub(super) async fn company_of(
    connection: &impl ConnectionTrait,
    contact: &entity::Model,
) -> Result<Option<company::Model>> {
    match contact.company_id {
        Some(id) => Ok(company::Entity::find_by_id(id).one(connection).await?),
        None => Ok(None),
    }
}

/// How many conversations of this client the actor may see.
pub(super) async fn conversation_count(connection: &impl ConnectionTrait, actor: &Actor, id: ContactId) -> Result<u64> {
    Ok(conversation::visible_to(actor).filter(conversation::Column::ContactId.eq(id)).count(connection).await?)
}

/// What may change on a card; absent stays.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<String>,
    pub position: Option<String>,
    pub note: Option<String>,
    pub time_zone: Option<Option<String>>,
    pub manager_id: Option<Option<UserId>>,
    pub category: Option<String>,
    /// Name and INN; `Some(None)` takes the contact out of his company.
    pub company: Option<Option<(String, Option<String>)>>,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: ContactId, change: Change) -> Result<entity::Model> {
    let mut row = find(tx, actor, id).await?.into_active_model();
    if let Some(name) = change.name {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(Error::required("name"));
        }
        row.name_folded = Set(text::fold(&name));
        row.name = Set(name);
    }
    if let Some(position) = change.position {
        row.position = Set(position);
    }
    if let Some(note) = change.note {
        row.note = Set(note);
    }
    if let Some(time_zone) = change.time_zone {
        row.time_zone = Set(time_zone);
    }
    if let Some(manager_id) = change.manager_id {
        row.manager_id = Set(user::at_work(tx, "manager_id", manager_id).await?);
    }
    if let Some(category) = change.category {
        row.category = Set(valid_category(tx, category).await?);
    }
    if let Some(company) = change.company {
        row.company_id = Set(match company {
            Some((name, inn)) => Some(find_or_create_company(tx, &name, inn).await?),
            None => None,
        });
    }
    let contact = if row.is_changed() { row.update(tx).await? } else { find(tx, actor, id).await? };
    bus::emit(tx, actor, Event::new("contact_updated").subject(id.0).data(json!({"name": contact.name}))).await?;
    Ok(contact)
}

/// By INN when given, else by the folded name.
async fn find_or_create_company(tx: &Tx, name: &str, inn: Option<String>) -> Result<CompanyId> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::required("company.name"));
    }
    let inn = inn.map(|inn| inn.trim().to_owned()).filter(|inn| !inn.is_empty());
    if inn.as_ref().is_some_and(|inn| !matches!(inn.len(), 10 | 12) || !inn.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(Error::invalid(
            "company.inn",
            "bad_inn",
            "ИНН состоит из 10 или 12 цифр",
            "An INN has 10 or 12 digits",
        ));
    }
    let folded = text::fold(name);
    let by_inn = match &inn {
        Some(inn) => company::Entity::find().filter(company::Column::Inn.eq(inn)).one(tx).await?,
        None => None,
    };
    let found = match by_inn {
        Some(found) => Some(found),
        None => company::Entity::find().filter(company::Column::NameFolded.eq(&folded)).one(tx).await?,
    };
    if let Some(found) = found {
        let id = found.id;
        if inn.is_some() && found.inn.is_none() {
            let mut row = found.into_active_model();
            row.inn = Set(inn);
            row.update(tx).await?;
        }
        return Ok(id);
    }
    let id = CompanyId(tx.new_id());
    let row = company::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        name_folded: Set(folded),
        inn: Set(inn),
        domain: Set(None),
        manager_id: Set(None),
        category: Set(String::new()),
        created_at: Set(tx.now()),
    };
    company::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
}

/// A short word such as `VIP`, as it is listed if it is; empty: none.
pub(in crate::contact) async fn valid_category(tx: &Tx, category: String) -> Result<String> {
    let category = field::limit("category", category.split_whitespace().collect::<Vec<_>>().join(" "), 60)?;
    client_category::listed_name(tx, category).await
}
