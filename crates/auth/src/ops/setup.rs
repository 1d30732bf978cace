//! The first run: the company's name and its first administrator.

use app::App;
use base::{Actor, Error, Language, Result, UserId};
use desk::setting::{self, CompanyPatch};
use desk::user::{self, NewUser};
use serde::Deserialize;

use super::login::Client;
use super::{password, session};

/// What the setup page asks.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
pub struct NewInstallation {
    pub company_name: String,
    /// Of the first administrator.
    pub name: String,
    /// Of the first administrator; also his login.
    pub email: String,
    /// At least 8 characters.
    pub password: String,
    pub locale: Language,
    /// IANA name, as `Europe/Moscow`.
    pub time_zone: String,
}

/// Whether nobody administers this installation yet.
pub async fn needed(app: &App) -> Result<bool> {
    Ok(!user::administrator_exists(app.db.read()).await?)
}

/// Sets the installation up and signs its first administrator in. Of two who try at once, one succeeds.
pub(crate) async fn run(app: &App, new: NewInstallation, client: &Client) -> Result<(UserId, String)> {
    let NewInstallation { company_name, name, email, password, locale, time_zone } = new;
    if !needed(app).await? {
        return Err(done());
    }
    let email = user::valid_email(&email)?;
    password::check("password", &password, &email)?;
    let hash = password::hash(password).await?;

    let tx = app.write().await?;
    let role_id = user::lock_administrators(&tx).await?;
    if user::administrator_exists(&tx).await? {
        return Err(done());
    }
    let actor = Actor::system();
    let company = CompanyPatch {
        company_name: Some(company_name),
        default_locale: Some(locale),
        default_time_zone: Some(time_zone.clone()),
    };
    setting::update_company(&tx, &actor, company)
        .await
        .map_err(|error| rename_field(error, "default_time_zone", "time_zone"))?;
    let new = NewUser { name, email, role_id, group_ids: Vec::new(), locale: Some(locale), time_zone: Some(time_zone) };
    let user = user::create(&tx, &actor, new).await?;
    password::store(&tx, user.id, hash).await?;
    let token = session::open(&tx, user.id, client).await?;
    tx.commit().await?;
    Ok((user.id, token))
}

fn done() -> Error {
    Error::conflict("setup_done", "Система уже настроена: войдите", "This installation is set up already: sign in")
}

/// The form has its own name for the zone.
fn rename_field(error: Error, from: &str, to: &str) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            for field in fields.iter_mut().filter(|field| field.field == from) {
                to.clone_into(&mut field.field);
            }
            Error::Invalid(fields)
        }
        other => other,
    }
}
