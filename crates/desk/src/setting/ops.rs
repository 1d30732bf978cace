//! Reading and changing settings.

use base::{Actor, Error, Language, Result};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ActiveModel, Column, Entity};

/// Who runs this installation, and what new staff start with.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Company {
    /// As clients read it in mail.
    pub company_name: String,
    pub default_locale: Language,
    /// IANA name, as `Europe/Moscow`.
    pub default_time_zone: String,
}

impl Default for Company {
    fn default() -> Self {
        Company {
            company_name: String::new(),
            default_locale: Language::Ru,
            default_time_zone: "Europe/Moscow".to_owned(),
        }
    }
}

/// What to change of the company; absent: keep.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct CompanyPatch {
    pub company_name: Option<String>,
    pub default_locale: Option<Language>,
    /// IANA name, as `Europe/Moscow`.
    pub default_time_zone: Option<String>,
}

const COMPANY: &str = "company";

/// A setting by its name; none when it was never made.
pub async fn get<T: DeserializeOwned>(connection: &impl ConnectionTrait, name: &str) -> Result<Option<T>> {
    let row = Entity::find_by_id(name.to_owned()).one(connection).await?;
    Ok(row.map(|row| serde_json::from_value(row.value)).transpose()?)
}

/// Makes a setting.
pub async fn set<T: Serialize>(tx: &Tx, name: &str, value: &T) -> Result<()> {
    let row = ActiveModel { name: Set(name.to_owned()), value: Set(serde_json::to_value(value)?) };
    let overwrite = OnConflict::column(Column::Name).update_column(Column::Value).to_owned();
    Entity::insert(row).on_conflict(overwrite).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn company(connection: &impl ConnectionTrait) -> Result<Company> {
    Ok(get(connection, COMPANY).await?.unwrap_or_default())
}

pub async fn update_company(tx: &Tx, actor: &Actor, patch: CompanyPatch) -> Result<Company> {
    let CompanyPatch { company_name, default_locale, default_time_zone } = patch;
    let mut company = company(tx).await?;
    if let Some(name) = company_name {
        company.company_name = crate::field::name("company_name", &name)?;
    }
    if let Some(locale) = default_locale {
        company.default_locale = locale;
    }
    if let Some(zone) = default_time_zone {
        company.default_time_zone = valid_time_zone("default_time_zone", &zone)?;
    }
    set(tx, COMPANY, &company).await?;
    bus::emit(tx, actor, Event::new("settings_changed").data(json!(company))).await?;
    Ok(company)
}

/// Checks the form of a zone's name. Whether the zone exists only the browser's own list can tell: this server has none.
pub fn valid_time_zone(field: &str, zone: &str) -> Result<String> {
    let zone = zone.trim();
    let known_form = zone == "UTC" || (zone.contains('/') && !zone.starts_with('/') && !zone.ends_with('/'));
    let fine = zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+'));
    if known_form && fine && zone.len() <= 64 {
        return Ok(zone.to_owned());
    }
    Err(Error::invalid(
        field,
        "bad_time_zone",
        "Укажите часовой пояс, например Europe/Moscow",
        "Give a time zone such as Europe/Moscow",
    ))
}
