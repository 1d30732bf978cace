//! Commands and queries on contacts.

use base::{Actor, CompanyId, ContactId, Error, IdentityId, Permission, Result};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use serde_json::json;

use super::{company, entity, identity};
use crate::conversation;
use crate::people::color_of;

/// The contact of a mail address, made when it writes for the first time.
pub async fn find_or_create_by_email(
    tx: &Tx,
    address: &str,
    name: Option<&str>,
) -> Result<(entity::Model, IdentityId)> {
    let key = text::email::normalize(address).unwrap_or_else(|| address.trim().to_lowercase());
    if let Some(found) = by_key(tx, &key).await? {
        return Ok(found);
    }
    let id = ContactId(tx.new_id());
    let name = name.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(address).to_owned();
    let company_id = match text::email::domain(&key) {
        Some(domain) => {
            company::Entity::find().filter(company::Column::Domain.eq(domain)).one(tx).await?.map(|company| company.id)
        }
        None => None,
    };
    let contact = entity::ActiveModel {
        id: Set(id),
        name_folded: Set(text::fold(&name)),
        name: Set(name),
        company_id: Set(company_id),
        position: Set(String::new()),
        note: Set(String::new()),
        locale: Set(None),
        time_zone: Set(None),
        avatar_color: Set(color_of(id.0)),
        created_at: Set(tx.now()),
    };
    let identity = identity::ActiveModel {
        id: Set(IdentityId(tx.new_id())),
        contact_id: Set(id),
        kind: Set(identity::Kind::Email),
        value: Set(address.to_owned()),
        value_key: Set(key.clone()),
        created_at: Set(tx.now()),
    };
    entity::Entity::insert(contact).exec_without_returning(tx).await?;
    let unique = OnConflict::columns([identity::Column::Kind, identity::Column::ValueKey]).do_nothing().to_owned();
    let inserted = identity::Entity::insert(identity).on_conflict(unique).exec_without_returning(tx).await?;
    // Two first mails of one person at the same time on two nodes: the other's contact stays, ours was never seen.
    if inserted == 0 {
        entity::Entity::delete_by_id(id).exec(tx).await?;
    }
    by_key(tx, &key).await?.ok_or_else(|| Error::internal("a contact vanished while it was created"))
}

async fn by_key(tx: &Tx, key: &str) -> Result<Option<(entity::Model, IdentityId)>> {
    let found = identity::Entity::find()
        .filter(identity::Column::Kind.eq(identity::Kind::Email))
        .filter(identity::Column::ValueKey.eq(key))
        .one(tx)
        .await?;
    let Some(identity) = found else { return Ok(None) };
    let contact = entity::Entity::find_by_id(identity.contact_id).one(tx).await?;
    Ok(contact.map(|contact| (contact, identity.id)))
}

/// A contact the actor may see: one that has a conversation on his lines, or any for those who see every line.
pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: ContactId) -> Result<entity::Model> {
    let contact = entity::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("contact"))?;
    let visible = conversation::visible_to(actor)
        .select_only()
        .column(conversation::Column::Id)
        .filter(conversation::Column::ContactId.eq(id))
        .into_tuple::<base::ConversationId>()
        .one(connection)
        .await?;
    if visible.is_none() && !actor.has(Permission::LinesAll) {
        return Err(Error::NotFound("contact"));
    }
    Ok(contact)
}

pub(super) async fn identities(connection: &impl ConnectionTrait, id: ContactId) -> Result<Vec<identity::Model>> {
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
        created_at: Set(tx.now()),
    };
    company::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
}
