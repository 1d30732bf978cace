//! What an administrator enters for a mailbox, and its checks. Every complaint names its field.

use base::{Error, FieldError, GroupId, LineId, Words};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::{Auth, Model, Preset, Security};
use crate::net::oauth::is_token_url;

/// A new mailbox.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewMailbox {
    pub line_id: LineId,
    /// What staff call it; empty: the address.
    #[serde(default)]
    pub name: String,
    pub address: String,
    #[serde(default)]
    pub from_name: String,
    pub preset: Option<Preset>,
    /// On unless told.
    pub enabled: Option<bool>,
    pub imap: ImapInput,
    pub smtp: SmtpInput,
    pub auth: Option<Auth>,
    pub password: Option<String>,
    /// Absent: the same as `password`.
    pub smtp_password: Option<String>,
    pub oauth: Option<OauthInput>,
    /// 10 to 3600; 60 unless told.
    pub poll_seconds: Option<i64>,
    /// The provider delivers `name+anything@` to `name@`. Off unless told.
    pub sub_addressing: Option<bool>,
    /// Put a copy of every letter into the Sent folder. Off unless told: large providers do it themselves.
    pub save_sent: Option<bool>,
    /// A group of operators that the line has. New conversations of this mailbox are the group's own: nobody else on the
    /// line sees them but its supervisors, and mail that comes here never joins a conversation that others see.
    pub group_id: Option<GroupId>,
    /// Mail that arrived earlier is left alone; now unless told.
    pub import_since: Option<DateTime<Utc>>,
}

/// The incoming side.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct ImapInput {
    pub host: String,
    /// 993 unless told.
    pub port: Option<i64>,
    /// `tls` unless told.
    pub security: Option<Security>,
    /// Empty: the address.
    #[serde(default)]
    pub login: String,
    /// `INBOX` unless told.
    pub folder: Option<String>,
}

/// The outgoing side.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct SmtpInput {
    pub host: String,
    /// 465 unless told.
    pub port: Option<i64>,
    /// `tls` unless told.
    pub security: Option<Security>,
    /// Absent: as for IMAP. Empty: the server wants no login.
    pub login: Option<String>,
}

/// OAuth2 of the provider. Absent secrets keep the stored ones.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct OauthInput {
    pub client_id: String,
    pub client_secret: Option<String>,
    pub refresh_token: Option<String>,
    pub token_url: String,
    #[serde(default)]
    pub scope: String,
}

/// What to change of a mailbox; absent: keep.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct MailboxPatch {
    pub line_id: Option<LineId>,
    pub name: Option<String>,
    pub address: Option<String>,
    pub from_name: Option<String>,
    pub preset: Option<Preset>,
    pub enabled: Option<bool>,
    pub imap: Option<ImapInput>,
    pub smtp: Option<SmtpInput>,
    pub auth: Option<Auth>,
    pub password: Option<String>,
    /// Null: the same as `password` again.
    #[serde(default, deserialize_with = "nullable")]
    pub smtp_password: Option<Option<String>>,
    pub oauth: Option<OauthInput>,
    pub poll_seconds: Option<i64>,
    pub sub_addressing: Option<bool>,
    pub save_sent: Option<bool>,
    /// Null: every group of the line.
    #[serde(default, deserialize_with = "nullable")]
    pub group_id: Option<Option<GroupId>>,
    pub import_since: Option<DateTime<Utc>>,
}

/// Tells an absent field (keep) from null (clear).
fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

impl From<NewMailbox> for MailboxPatch {
    fn from(new: NewMailbox) -> Self {
        let NewMailbox {
            line_id,
            name,
            address,
            from_name,
            preset,
            enabled,
            imap,
            smtp,
            auth,
            password,
            smtp_password,
            oauth,
            poll_seconds,
            sub_addressing,
            save_sent,
            group_id,
            import_since,
        } = new;
        MailboxPatch {
            line_id: Some(line_id),
            name: Some(if name.trim().is_empty() { address.clone() } else { name }),
            address: Some(address),
            from_name: Some(from_name),
            preset,
            enabled,
            imap: Some(imap),
            smtp: Some(smtp),
            auth,
            password,
            smtp_password: smtp_password.map(Some),
            oauth,
            poll_seconds,
            sub_addressing,
            save_sent,
            group_id: Some(group_id),
            import_since,
        }
    }
}

/// Every wrong field of a mailbox at once.
pub(super) fn check(row: &Model) -> Result<(), Error> {
    let mut wrong = Vec::new();
    let mut complain = |field: &str, code: &'static str, ru: &'static str, en: &'static str| {
        wrong.push(FieldError { field: field.to_owned(), code, words: Words::new(ru, en) });
    };
    let single_line = |text: &str, max: usize| text.chars().count() <= max && !text.contains(char::is_control);
    if text::email::normalize(&row.address).is_none() {
        complain("address", "bad_address", "Это не похоже на адрес почты", "This is not a mail address");
    }
    if row.name.is_empty() || !single_line(&row.name, 200) {
        complain("name", "bad_name", "От 1 до 200 знаков в одну строку", "1 to 200 characters on one line");
    }
    if !single_line(&row.from_name, 200) {
        complain("from_name", "too_long", "Не больше 200 знаков в одну строку", "At most 200 characters on one line");
    }
    for (field, host) in [("imap.host", &row.imap_host), ("smtp.host", &row.smtp_host)] {
        let fine = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
        if host.is_empty() {
            complain(field, "required", "Укажите имя сервера", "Enter the name of the server");
        } else if host.len() > 253 || !host.chars().all(fine) {
            complain(
                field,
                "bad_host",
                "Имя сервера пишется без http:// и косых черт, например imap.yandex.ru",
                "A server name has no http:// and no slashes, for example imap.gmail.com",
            );
        }
    }
    for (field, port) in [("imap.port", row.imap_port), ("smtp.port", row.smtp_port)] {
        if !(1..=65535).contains(&port) {
            complain(field, "bad_port", "Порт — число от 1 до 65535", "A port is a number from 1 to 65535");
        }
    }
    if row.imap_login.is_empty() || !single_line(&row.imap_login, 320) {
        complain("imap.login", "required", "Укажите логин, обычно это адрес", "Enter the login, usually the address");
    }
    if !single_line(&row.smtp_login, 320) {
        complain("smtp.login", "bad_login", "Слишком длинный логин", "The login is too long");
    }
    if row.imap_folder.is_empty() || !single_line(&row.imap_folder, 255) {
        complain("imap.folder", "required", "Укажите папку, обычно INBOX", "Enter the folder, usually INBOX");
    }
    if !(10..=3600).contains(&row.poll_seconds) {
        complain("poll_seconds", "out_of_range", "От 10 до 3600 секунд", "10 to 3600 seconds");
    }
    match row.auth {
        Auth::Password if row.password.is_none() => {
            complain("password", "required", "Введите пароль", "Enter the password");
        }
        Auth::Oauth2 => {
            if row.oauth_client_id.is_empty() {
                complain(
                    "oauth.client_id",
                    "required",
                    "Укажите идентификатор приложения",
                    "Enter the application's id",
                );
            }
            if row.oauth_refresh_token.is_none() {
                complain("oauth.refresh_token", "required", "Укажите refresh token", "Enter the refresh token");
            }
            if !is_token_url(&row.oauth_token_url) {
                complain(
                    "oauth.token_url",
                    "bad_url",
                    "Адрес должен начинаться с https://",
                    "The address must begin with https://",
                );
            }
        }
        Auth::Password => {}
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}
