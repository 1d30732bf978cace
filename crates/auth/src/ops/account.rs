//! What administrators do with accounts of staff: the person (in `desk`) and the password together.

use app::App;
use base::{Actor, Error, Language, Result, UserId};
use db::Tx;
use desk::user::{self, NewUser, User, UserPatch};

use super::{password, session, token};

/// A password that is right to be stored, hashed before the transaction opens.
pub struct Hashed(Option<String>);

/// Checks and hashes the password of an account that is made or changed, if one is given.
pub async fn hash(password: Option<String>, email: &str) -> Result<Hashed> {
    let Some(password) = password else { return Ok(Hashed(None)) };
    password::check("password", &password, email)?;
    Ok(Hashed(Some(password::hash(password).await?)))
}

pub async fn create(tx: &Tx, actor: &Actor, new: NewUser, password: Hashed) -> Result<User> {
    let user = user::create(tx, actor, new).await?;
    if let Some(hash) = password.0 {
        password::store(tx, user.id, hash).await?;
    }
    detail(tx, user, actor.language).await
}

/// Changes an account. A new password ends its logins, blocking ends its logins and tokens.
pub async fn update(tx: &Tx, actor: &Actor, id: UserId, patch: UserPatch, password: Hashed) -> Result<User> {
    let user = user::update(tx, actor, id, patch).await?;
    if let Some(hash) = password.0 {
        password::store(tx, id, hash).await?;
        session::revoke_others(tx, id, None).await?;
        bus::emit(tx, actor, bus::Event::new("password_changed").subject(id.0)).await?;
    }
    if user.blocked {
        session::revoke_others(tx, id, None).await?;
        token::revoke_all(tx, id).await?;
    }
    detail(tx, user, actor.language).await
}

/// The address a password is compared with: the one the account will have.
pub async fn email_of(app: &App, id: UserId, patch: &UserPatch) -> Result<String> {
    match &patch.email {
        Some(email) => Ok(email.clone()),
        None => Ok(user::find(app.db.read(), id).await?.email),
    }
}

async fn detail(tx: &Tx, user: user::Model, language: Language) -> Result<User> {
    user::details(tx, vec![user], language).await?.pop().ok_or(Error::NotFound("user"))
}
