//! A mailbox of a line: how to reach it, how far it has been read, how it is.

use base::{GroupId, LineId, MailboxId, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mailbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailboxId,
    pub line_id: LineId,
    /// What staff call it.
    pub name: String,
    /// As clients write to it.
    pub address: String,
    /// The name beside the address in our letters; empty: the line's public name.
    pub from_name: String,
    pub preset: Preset,
    pub enabled: bool,
    pub imap_host: String,
    pub imap_port: i64,
    pub imap_security: Security,
    pub imap_login: String,
    pub imap_folder: String,
    pub smtp_host: String,
    pub smtp_port: i64,
    pub smtp_security: Security,
    /// Empty: the server is used without signing in.
    pub smtp_login: String,
    pub auth: Auth,
    /// Sealed, as everything secret here.
    pub password: Option<String>,
    /// None: the same as `password`.
    pub smtp_password: Option<String>,
    pub oauth_client_id: String,
    pub oauth_token_url: String,
    pub oauth_scope: String,
    pub oauth_client_secret: Option<String>,
    pub oauth_refresh_token: Option<String>,
    pub oauth_access_token: Option<String>,
    pub oauth_expires_at: Option<Timestamp>,
    /// How often to look when the server does not tell by itself.
    pub poll_seconds: i64,
    /// The provider delivers `name+anything@` to `name@`, so answers may come to a signed address.
    pub sub_addressing: bool,
    /// Put a copy of every letter into the mailbox's Sent folder.
    pub save_sent: bool,
    /// Its new conversations are this group's own, see `base::Actor::hidden`.
    pub group_id: Option<GroupId>,
    /// Mail that arrived earlier is left alone.
    pub import_since: Timestamp,
    pub state: State,
    /// `Words`.
    pub state_reason: Option<Json>,
    pub state_since: Timestamp,
    pub last_check_at: Option<Timestamp>,
    pub next_try_at: Option<Timestamp>,
    /// Failed connections in a row.
    pub failures: i64,
    /// How many messages the server says the folder holds.
    pub server_total: Option<i64>,
    /// How many of them are older than `import_since` or marked as deleted.
    pub left_alone: i64,
    /// Rows of the ledger by outcome, counted as they are written.
    pub accepted: i64,
    pub duplicate: i64,
    pub automatic: i64,
    pub quarantined: i64,
    pub blocked: i64,
    /// The folder's generation (RFC 3501, 2.3.1.1); uids of another one mean nothing.
    pub uidvalidity: Option<i64>,
    /// Everything up to this uid is on the ledger.
    pub last_uid: i64,
    /// Grows with every change of the settings, so that a running connection notices.
    pub revision: i64,
    /// The process that reads it now.
    pub lease_owner: Option<String>,
    pub lease_until: Option<Timestamp>,
    /// The account on the server, while the mailbox exists: one account belongs to one line.
    pub bound_to: Option<String>,
    pub created_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

desk::text_enum! {
    /// Whose mail service it is.
    Preset as "MailboxPreset" {
        Yandex = "yandex",
        Mailru = "mailru",
        Gmail = "gmail",
        Microsoft365 = "microsoft365",
        Custom = "custom",
    }
}

desk::text_enum! {
    /// How the connection is protected.
    Security as "MailSecurity" {
        /// From the first byte.
        Tls = "tls",
        /// After a plain greeting.
        Starttls = "starttls",
        /// Not at all.
        None = "none",
    }
}

desk::text_enum! {
    /// How to sign in.
    Auth as "MailboxAuth" {
        Password = "password",
        /// XOAUTH2 with a refresh token.
        Oauth2 = "oauth2",
    }
}

desk::text_enum! {
    /// How a mailbox is.
    State as "MailboxState" {
        /// Connected, mail comes in.
        Active = "active",
        Connecting = "connecting",
        /// It cannot be read; the reason says why.
        Broken = "broken",
        /// Switched off.
        Disabled = "disabled",
    }
}
