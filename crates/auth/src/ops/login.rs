//! Signing in with a password.

use app::App;
use base::{Error, Result, SessionId, UserId, Words};
use bus::Event;
use desk::user;

use super::{attempt, password, session};

/// Whose browser it is.
#[derive(Clone, Debug)]
pub struct Client {
    pub ip: String,
    pub user_agent: String,
}

/// Signs somebody in and answers the token for the cookie. An unknown login, a wrong password and a blocked account answer alike, after the same time.
pub async fn log_in(app: &App, login: &str, password: String, client: &Client) -> Result<(UserId, String)> {
    attempt::begin(app, login, &client.ip).await?;
    let user = user::by_email(app.db.read(), login).await?;
    let hash = match &user {
        Some(user) => password::stored(app.db.read(), user.id).await?,
        None => None,
    };
    let right = password::verify(password, hash).await?;
    let Some(user) = user.filter(|user| right && !user.blocked) else { return Err(bad_credentials()) };

    let actor = user::actor_of(app.db.read(), user.id).await?;
    let tx = app.write().await?;
    attempt::forget(&tx, login, &client.ip).await?;
    let token = session::open(&tx, user.id, client).await?;
    bus::emit(&tx, &actor, Event::new("session_opened").subject(user.id.0)).await?;
    tx.commit().await?;
    Ok((user.id, token))
}

/// Changes one's own password, which ends all other logins.
pub async fn change_password(
    app: &App,
    user_id: UserId,
    keep: Option<SessionId>,
    current: String,
    new: String,
    ip: &str,
) -> Result<()> {
    let user = user::find(app.db.read(), user_id).await?;
    attempt::begin(app, &user.email, ip).await?;
    let stored = password::stored(app.db.read(), user_id).await?;
    if !password::verify(current, stored).await? {
        return Err(Error::invalid(
            "current",
            "wrong_password",
            "Это не ваш нынешний пароль",
            "This is not your present password",
        ));
    }
    password::check("new", &new, &user.email)?;
    let hash = password::hash(new).await?;
    let actor = user::actor_of(app.db.read(), user_id).await?;
    let tx = app.write().await?;
    attempt::forget(&tx, &user.email, ip).await?;
    password::store(&tx, user_id, hash).await?;
    session::revoke_others(&tx, user_id, keep).await?;
    bus::emit(&tx, &actor, Event::new("password_changed").subject(user_id.0)).await?;
    tx.commit().await
}

fn bad_credentials() -> Error {
    let words = Words::new("Неверный адрес или пароль.", "Wrong address or password.");
    Error::Unauthorized { code: "bad_credentials", words }
}
