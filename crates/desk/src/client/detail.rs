//! What a card says of a person besides his name, company and addresses. Most people have none of it.

use base::{Actor, ContactId, Error, Result};
use bus::Event;
use chrono::NaiveDate;
use db::Tx;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::field;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_detail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: ContactId,
    pub department: String,
    /// `MM-DD`, or `YYYY-MM-DD` when the year is known.
    pub birthday: Option<String>,
    pub login: Option<String>,
    /// As it is searched: folded.
    pub login_key: Option<String>,
    pub region: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a card says of a person besides his name, company and addresses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ContactDetails {
    pub department: String,
    /// `MM-DD`, or `YYYY-MM-DD` when the year is known.
    pub birthday: Option<String>,
    /// What he is called in the company's programs.
    pub login: Option<String>,
    pub region: String,
}

pub async fn of(connection: &impl ConnectionTrait, id: ContactId) -> Result<ContactDetails> {
    let row = Entity::find_by_id(id).one(connection).await?;
    Ok(row.map_or_else(ContactDetails::default, |row| ContactDetails {
        department: row.department,
        birthday: row.birthday,
        login: row.login,
        region: row.region,
    }))
}

/// Writes them down anew.
pub async fn set(tx: &Tx, actor: &Actor, id: ContactId, details: ContactDetails) -> Result<ContactDetails> {
    let ContactDetails { department, birthday, login, region } = details;
    let details = ContactDetails {
        department: field::limit("department", department.trim().to_owned(), 200)?,
        birthday: birthday.filter(|text| !text.trim().is_empty()).map(|text| valid_birthday(&text)).transpose()?,
        login: login.map(|login| login.trim().to_owned()).filter(|login| !login.is_empty()),
        region: field::limit("region", region.trim().to_owned(), 200)?,
    };
    let login = details.login.clone().map(|login| field::limit("login", login, 200)).transpose()?;
    let row = ActiveModel {
        contact_id: Set(id),
        department: Set(details.department.clone()),
        birthday: Set(details.birthday.clone()),
        login_key: Set(login.as_deref().map(text::fold)),
        login: Set(login),
        region: Set(details.region.clone()),
    };
    let again = OnConflict::column(Column::ContactId)
        .update_columns([Column::Department, Column::Birthday, Column::Login, Column::LoginKey, Column::Region])
        .to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    bus::emit(tx, actor, Event::new("contact_updated").subject(id.0).data(json!({"details": true}))).await?;
    Ok(details)
}

fn valid_birthday(text: &str) -> Result<String> {
    let text = text.trim();
    // A leap year, so that the 29th of February is a day.
    let whole = if text.len() == 5 { format!("2000-{text}") } else { text.to_owned() };
    match NaiveDate::parse_from_str(&whole, "%Y-%m-%d") {
        Ok(_) if matches!(text.len(), 5 | 10) => Ok(text.to_owned()),
        _ => Err(Error::invalid(
            "birthday",
            "bad_date",
            "Дата рождения: ГГГГ-ММ-ДД или ММ-ДД",
            "A birthday is YYYY-MM-DD or MM-DD",
        )),
    }
}
