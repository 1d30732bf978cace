//! Defining properties, filling them in, reading them.

use std::collections::{BTreeMap, HashMap};

use base::{Actor, CompanyId, ConversationId, Error, FieldError, Result, Words};
use bus::Event;
use chrono::NaiveDate;
use db::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::entity::{Column, Entity, Kind, Model, PropertyId, Subject};
use super::value;
use crate::{client, conversation, field};

/// A property with what it holds for one record.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PropertyValue)]
pub struct Property {
    pub key: String,
    pub name: String,
    pub kind: Kind,
    /// What a choice offers.
    pub options: Vec<String>,
    /// Text, also for numbers (`12.5`) and dates (`2026-11-28`); null: not filled in.
    pub value: Option<String>,
}

/// Every property of this kind of record, with what it holds for this one.
pub async fn views(connection: &impl ConnectionTrait, subject: Subject, record: Uuid) -> Result<Vec<Property>> {
    let defined = list(connection, Some(subject)).await?;
    if defined.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = values(connection, record).await?;
    let view = |row: Model| Property {
        value: values.remove(&row.id),
        options: options_of(&row),
        key: row.key,
        name: row.name,
        kind: row.kind,
    };
    Ok(defined.into_iter().map(view).collect())
}

/// What is filled in for a record, by key: for rules (`property.KEY`).
pub async fn by_key(
    connection: &impl ConnectionTrait,
    subject: Subject,
    record: Uuid,
) -> Result<BTreeMap<String, String>> {
    let all = views(connection, subject, record).await?;
    Ok(all.into_iter().filter_map(|one| Some((one.key, one.value?))).collect())
}

async fn values(connection: &impl ConnectionTrait, record: Uuid) -> Result<HashMap<PropertyId, String>> {
    let rows = value::Entity::find().filter(value::Column::RecordId.eq(record)).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.property_id, row.value)).collect())
}

pub(super) fn options_of(row: &Model) -> Vec<String> {
    serde_json::from_value(row.options.clone()).unwrap_or_default()
}

pub(super) async fn list(connection: &impl ConnectionTrait, subject: Option<Subject>) -> Result<Vec<Model>> {
    let mut query = Entity::find().order_by_asc(Column::Subject).order_by_asc(Column::Position);
    if let Some(subject) = subject {
        query = query.filter(Column::Subject.eq(subject));
    }
    Ok(query.order_by_asc(Column::Key).all(connection).await?)
}

/// A property to be.
#[derive(Clone, Debug)]
pub(super) struct New {
    pub subject: Subject,
    pub key: String,
    pub name: String,
    pub kind: Kind,
    pub options: Vec<String>,
}

pub(super) async fn create(tx: &Tx, actor: &Actor, new: New) -> Result<Model> {
    let New { subject, key, name, kind, options } = new;
    let count = Entity::find().filter(Column::Subject.eq(subject)).count(tx).await?;
    if count >= 50 {
        return Err(Error::conflict("too_many", "Не больше 50 свойств", "At most 50 properties"));
    }
    let row = Model {
        id: PropertyId(tx.new_id()),
        subject,
        key: valid_key(&key)?,
        name: field::name("name", &name)?,
        kind,
        options: json!(valid_options(kind, options)?),
        position: i64::try_from(count).unwrap_or_default(),
        created_at: tx.now(),
    };
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await;
    inserted.map_err(|error| {
        if base::is_unique_violation(&error) {
            Error::invalid("key", "key_taken", "Такой ключ уже есть", "There is already such a key")
        } else {
            error.into()
        }
    })?;
    tell(tx, actor, "property_created", &row).await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Clone, Debug, Default)]
pub(super) struct Patch {
    pub name: Option<String>,
    pub options: Option<Vec<String>>,
    pub position: Option<i64>,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: PropertyId, patch: Patch) -> Result<Model> {
    let old = find(tx, id).await?;
    let kind = old.kind;
    let mut row = old.into_active_model();
    if let Some(name) = patch.name {
        row.name = Set(field::name("name", &name)?);
    }
    if let Some(options) = patch.options {
        row.options = Set(json!(valid_options(kind, options)?));
    }
    if let Some(position) = patch.position {
        row.position = Set(position);
    }
    let row = if row.is_changed() { row.update(tx).await? } else { find(tx, id).await? };
    tell(tx, actor, "property_changed", &row).await?;
    Ok(row)
}

/// Takes a property away with everything that was filled in.
pub(super) async fn delete(tx: &Tx, actor: &Actor, id: PropertyId) -> Result<()> {
    let row = find(tx, id).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, "property_deleted", &row).await
}

async fn find(tx: &Tx, id: PropertyId) -> Result<Model> {
    Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("property"))
}

/// Fills properties of a conversation in; its history says what changed.
pub(super) async fn fill_conversation(
    tx: &Tx,
    actor: &Actor,
    id: ConversationId,
    values: BTreeMap<String, Option<String>>,
) -> Result<Vec<Property>> {
    let row = conversation::find_to_change(tx, actor, id).await?;
    let changed = fill(tx, Subject::Conversation, id.0, values).await?;
    if !changed.is_empty() {
        let event = Event::new("properties_changed").subject(id.0).conversation(id, row.line_id, row.group_id);
        bus::emit(tx, actor, event.data(json!({"values": changed}))).await?;
    }
    views(tx, Subject::Conversation, id.0).await
}

/// Fills support parameters of a company in.
pub(super) async fn fill_company(
    tx: &Tx,
    actor: &Actor,
    id: CompanyId,
    values: BTreeMap<String, Option<String>>,
) -> Result<Vec<Property>> {
    let company = client::find_company(tx, actor, id).await?;
    let changed = fill(tx, Subject::Company, id.0, values).await?;
    if !changed.is_empty() {
        let data = json!({"name": company.name, "values": changed});
        bus::emit(tx, actor, Event::new("company_updated").subject(id.0).data(data)).await?;
    }
    views(tx, Subject::Company, id.0).await
}

/// Fills properties of a record in; a null or empty one is emptied, an absent one stays. Answers what changed, by key.
async fn fill(
    tx: &Tx,
    subject: Subject,
    record: Uuid,
    values: BTreeMap<String, Option<String>>,
) -> Result<BTreeMap<String, Option<String>>> {
    let defined = list(tx, Some(subject)).await?;
    let before = self::values(tx, record).await?;
    let mut changed = BTreeMap::new();
    for (key, value) in values {
        let Some(property) = defined.iter().find(|one| one.key == key) else {
            let words = Words::owned(format!("Нет свойства «{key}»"), format!("There is no property “{key}”"));
            return Err(Error::Invalid(vec![FieldError { field: format!("values.{key}"), code: "unknown", words }]));
        };
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let value = value.map(|value| valid_value(property, &value)).transpose()?;
        if before.get(&property.id) == value.as_ref() {
            continue;
        }
        match &value {
            Some(value) => {
                let row = value::ActiveModel {
                    property_id: Set(property.id),
                    record_id: Set(record),
                    value: Set(value.clone()),
                };
                let again = OnConflict::columns([value::Column::PropertyId, value::Column::RecordId])
                    .update_column(value::Column::Value)
                    .to_owned();
                value::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
            }
            None => {
                value::Entity::delete_by_id((property.id, record)).exec(tx).await?;
            }
        }
        changed.insert(key, value);
    }
    Ok(changed)
}

fn valid_value(property: &Model, value: &str) -> Result<String> {
    let wrong = |code, ru: &'static str, en: &'static str| {
        let field = format!("values.{}", property.key);
        Err(Error::Invalid(vec![FieldError { field, code, words: Words::new(ru, en) }]))
    };
    match property.kind {
        Kind::Text => field::limit("values", value.to_owned(), 1000),
        Kind::Number => match value.replace(',', ".").parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number.to_string()),
            _ => wrong("bad_number", "Введите число", "Enter a number"),
        },
        Kind::Date => match NaiveDate::parse_from_str(value, "%Y-%m-%d") {
            Ok(date) => Ok(date.to_string()),
            Err(_) => wrong("bad_date", "Дата в виде ГГГГ-ММ-ДД", "A date is written as YYYY-MM-DD"),
        },
        Kind::Choice if options_of(property).iter().any(|option| option == value) => Ok(value.to_owned()),
        Kind::Choice => wrong("unknown", "Выберите одно из значений", "Choose one of the values"),
    }
}

fn valid_key(key: &str) -> Result<String> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=32).contains(&key.len()) && key.bytes().all(allowed) {
        return Ok(key.to_owned());
    }
    Err(Error::invalid(
        "key",
        "bad_key",
        "Ключ: до 32 строчных латинских букв, цифр и знаков _",
        "A key is up to 32 lower-case Latin letters, digits and _",
    ))
}

fn valid_options(kind: Kind, options: Vec<String>) -> Result<Vec<String>> {
    if kind != Kind::Choice {
        return Ok(Vec::new());
    }
    let mut clean: Vec<String> = Vec::new();
    for option in options {
        let option = option.trim().to_owned();
        if !option.is_empty() && !clean.contains(&option) {
            clean.push(field::limit("options", option, 200)?);
        }
    }
    if clean.is_empty() || clean.len() > 100 {
        let (ru, en) = ("От 1 до 100 значений", "From 1 to 100 values");
        return Err(Error::invalid("options", "out_of_range", ru, en));
    }
    Ok(clean)
}

async fn tell(tx: &Tx, actor: &Actor, kind: &'static str, row: &Model) -> Result<()> {
    let data = json!({"subject": row.subject, "key": row.key, "name": row.name});
    bus::emit(tx, actor, Event::new(kind).subject(row.id.0).data(data)).await.map(drop)
}
