//! From a mailbox's row to what a connection needs: servers, and the login out of its seal.

use app::App;
use base::{Error, Result, Words};
use chrono::Duration;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Auth, Column, Entity, Model};
use crate::net::oauth::{self, Grant};
use crate::net::{Login, Server, Step, Tls, Trouble};

/// The two sides of a mailbox.
#[derive(Clone)]
pub(crate) struct Access {
    pub imap: Login,
    pub smtp: Login,
    /// What people forget with this provider.
    pub hint: Words,
}

pub(crate) fn imap_server(row: &Model) -> Server {
    Server { host: row.imap_host.clone(), port: port(row.imap_port), security: row.imap_security }
}

pub(crate) fn smtp_server(row: &Model) -> Server {
    Server { host: row.smtp_host.clone(), port: port(row.smtp_port), security: row.smtp_security }
}

fn port(number: i64) -> u16 {
    u16::try_from(number).unwrap_or(0)
}

/// Opens the secrets; with OAuth2 asks for a fresh token when the stored one has run out, and stores it.
pub(crate) async fn access(app: &App, tls: &Tls, row: &Model) -> Result<Access, Trouble> {
    let hint = super::hint(row.preset);
    let open = |sealed: &Option<String>| -> Result<Option<String>, Trouble> {
        sealed.as_deref().map(|text| app.secrets.open_sealed(text)).transpose().map_err(|error| unreadable(&error))
    };
    match row.auth {
        Auth::Password => {
            let password = open(&row.password)?.unwrap_or_default();
            let smtp_password = open(&row.smtp_password)?.unwrap_or_else(|| password.clone());
            let imap = Login::Password { login: row.imap_login.clone(), password };
            let smtp = match row.smtp_login.as_str() {
                "" => Login::None,
                login => Login::Password { login: login.to_owned(), password: smtp_password },
            };
            Ok(Access { imap, smtp, hint })
        }
        Auth::Oauth2 => {
            let access_token = token(
                app,
                tls,
                row,
                open(&row.oauth_access_token)?,
                open(&row.oauth_refresh_token)?,
                open(&row.oauth_client_secret)?,
            )
            .await?;
            let imap = Login::Token { login: row.imap_login.clone(), access_token: access_token.clone() };
            let smtp = match row.smtp_login.as_str() {
                "" => Login::None,
                login => Login::Token { login: login.to_owned(), access_token },
            };
            Ok(Access { imap, smtp, hint })
        }
    }
}

async fn token(
    app: &App,
    tls: &Tls,
    row: &Model,
    stored: Option<String>,
    refresh_token: Option<String>,
    client_secret: Option<String>,
) -> Result<String, Trouble> {
    let fresh = row.oauth_expires_at.is_some_and(|until| until > app.now() + Duration::minutes(2));
    if let (Some(token), true) = (stored, fresh) {
        return Ok(token);
    }
    let grant = Grant {
        token_url: row.oauth_token_url.clone(),
        client_id: row.oauth_client_id.clone(),
        client_secret,
        refresh_token: refresh_token.unwrap_or_default(),
        scope: row.oauth_scope.clone(),
    };
    let token = oauth::refresh(tls, &grant).await?;
    store_token(app, row, &token).await.map_err(|error| unreadable(&error))?;
    Ok(token.access_token)
}

async fn store_token(app: &App, row: &Model, token: &oauth::Token) -> Result<()> {
    let tx = app.write().await?;
    let expires = tx.now() + Duration::seconds(token.expires_in.clamp(60, 86_400));
    let mut update = Entity::update_many()
        .col_expr(Column::OauthAccessToken, Expr::value(app.secrets.seal(&token.access_token)?))
        .col_expr(Column::OauthExpiresAt, Expr::value(expires))
        .filter(Column::Id.eq(row.id));
    if let Some(next) = &token.refresh_token {
        update = update.col_expr(Column::OauthRefreshToken, Expr::value(app.secrets.seal(next)?));
    }
    update.exec(&tx).await?;
    tx.commit().await
}

fn unreadable(error: &Error) -> Trouble {
    Trouble::new(
        Step::Login,
        "Сохранённый пароль не читается: ключ установки сменился. Введите пароль заново.",
        "The stored password cannot be read: the installation's key has changed. Enter the password again.",
        error,
    )
}
