//! What sign-in does.

pub(crate) mod account;
pub(crate) mod attempt;
pub(crate) mod identity;
pub(crate) mod login;
pub(crate) mod me;
pub(crate) mod password;
mod secret;
pub(crate) mod session;
pub mod setup;
pub(crate) mod token;

use base::{Actor, Error, Result, UserId};
use db::Tx;
use desk::user;

use app::App;

/// Creates a member of staff with a password, as the command line does.
pub async fn create_user(app: &App, email: &str, name: &str, role_key: &str, password: &str) -> Result<user::Model> {
    password::check("password", password, email)?;
    let hash = password::hash(password.to_owned()).await?;
    let tx = app.write().await?;
    let role_id = desk::role::by_key(&tx, role_key).await?.id;
    let new = user::NewUser {
        name: name.to_owned(),
        email: email.to_owned(),
        role_id,
        group_ids: Vec::new(),
        locale: None,
        time_zone: None,
    };
    let user = user::create(&tx, &Actor::system(), new).await?;
    password::store(&tx, user.id, hash).await?;
    tx.commit().await?;
    Ok(user)
}

/// Gives somebody a new password and ends all his logins, as the command line does.
pub async fn reset_password(app: &App, email: &str, new: &str) -> Result<()> {
    let user = user::by_email(app.db.read(), email).await?.ok_or(Error::NotFound("user"))?;
    password::check("password", new, &user.email)?;
    let hash = password::hash(new.to_owned()).await?;
    let tx = app.write().await?;
    password::store(&tx, user.id, hash).await?;
    session::revoke_others(&tx, user.id, None).await?;
    bus::emit(&tx, &Actor::system(), bus::Event::new("password_changed").subject(user.id.0)).await?;
    tx.commit().await
}

/// Signs somebody in without a password and answers the token of the cookie `otklik_session`. For tests and the demo.
pub async fn issue_session(tx: &Tx, user_id: UserId) -> Result<String> {
    let client = login::Client { ip: "127.0.0.1".to_owned(), user_agent: "otklik".to_owned() };
    session::open(tx, user_id, &client).await
}
