//! A mailbox as the API shows it.

use std::collections::HashMap;

use base::{Actor, GroupId, Language, MailboxId, Result, Words};
use chrono::{DateTime, Utc};
use desk::group;
use desk::people::LineRef;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{Auth, Model, Preset, Security, State};

/// A mailbox of a line.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Mailbox {
    pub id: MailboxId,
    pub line: LineRef,
    pub name: String,
    pub address: String,
    /// The name beside the address in letters; empty: the line's public name.
    pub from_name: String,
    pub preset: Preset,
    pub enabled: bool,
    pub imap: ImapView,
    pub smtp: SmtpView,
    pub auth: Auth,
    /// A password is stored. It is never shown.
    pub has_secret: bool,
    pub oauth: Option<OauthView>,
    /// How often to look for mail when the server does not tell by itself.
    pub poll_seconds: i64,
    /// The provider delivers `name+anything@` to `name@`: answers come to a signed address.
    pub sub_addressing: bool,
    /// Put a copy of every letter into the mailbox's Sent folder.
    pub save_sent: bool,
    /// The group of operators its conversations go to.
    pub group: Option<MailboxGroup>,
    /// Mail that arrived earlier is left alone.
    pub import_since: DateTime<Utc>,
    pub state: State,
    /// Why it is broken and what to do, in the reader's language.
    pub state_reason: Option<String>,
    pub state_since: DateTime<Utc>,
    pub last_check_at: Option<DateTime<Utc>>,
    pub next_try_at: Option<DateTime<Utc>>,
    pub ledger: LedgerCounts,
    pub created_at: DateTime<Utc>,
}

/// The incoming side.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImapView {
    pub host: String,
    pub port: i64,
    pub security: Security,
    pub login: String,
    pub folder: String,
}

/// The outgoing side.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SmtpView {
    pub host: String,
    pub port: i64,
    pub security: Security,
    pub login: String,
}

/// OAuth2 without its secrets.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OauthView {
    pub client_id: String,
    pub token_url: String,
    pub scope: String,
    pub has_refresh_token: bool,
}

/// A group of operators.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = MailboxGroup)]
pub struct MailboxGroup {
    pub id: GroupId,
    pub name: String,
}

/// How many messages became what. `total + left_alone` is what the server showed; compare it with `server_total`.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LedgerCounts {
    pub accepted: i64,
    pub duplicate: i64,
    pub automatic: i64,
    pub quarantined: i64,
    /// From somebody on the block list.
    pub blocked: i64,
    pub total: i64,
    /// Older than `import_since`, or marked as deleted when we first looked.
    pub left_alone: i64,
    /// What the server counts in the folder now; mail deleted there since is missing from it.
    pub server_total: Option<i64>,
}

/// Completes rows with the names of their lines and groups.
pub(super) async fn views(connection: &impl ConnectionTrait, actor: &Actor, rows: Vec<Model>) -> Result<Vec<Mailbox>> {
    let lines = desk::line::Entity::find().filter(desk::line::Column::Id.is_in(rows.iter().map(|row| row.line_id)));
    let lines: HashMap<_, _> = lines.all(connection).await?.into_iter().map(|line| (line.id, line)).collect();
    let groups = group::Entity::find().filter(group::Column::Id.is_in(rows.iter().filter_map(|row| row.group_id)));
    let groups: HashMap<_, _> = groups.all(connection).await?.into_iter().map(|group| (group.id, group.name)).collect();
    let views = rows.into_iter().map(|row| {
        let line = lines.get(&row.line_id);
        let line = LineRef {
            id: row.line_id,
            key: line.map(|line| line.key.clone()).unwrap_or_default(),
            name: line.map(|line| line.name.clone()).unwrap_or_default(),
        };
        let group = row.group_id.map(|id| MailboxGroup { id, name: groups.get(&id).cloned().unwrap_or_default() });
        view(row, line, group, actor.language)
    });
    Ok(views.collect())
}

fn view(row: Model, line: LineRef, group: Option<MailboxGroup>, language: Language) -> Mailbox {
    let reason = row.state_reason.and_then(|json| serde_json::from_value::<Words>(json).ok());
    Mailbox {
        id: row.id,
        line,
        name: row.name,
        address: row.address,
        from_name: row.from_name,
        preset: row.preset,
        enabled: row.enabled,
        imap: ImapView {
            host: row.imap_host,
            port: row.imap_port,
            security: row.imap_security,
            login: row.imap_login,
            folder: row.imap_folder,
        },
        smtp: SmtpView { host: row.smtp_host, port: row.smtp_port, security: row.smtp_security, login: row.smtp_login },
        auth: row.auth,
        has_secret: row.password.is_some(),
        oauth: (row.auth == Auth::Oauth2).then_some(OauthView {
            client_id: row.oauth_client_id,
            token_url: row.oauth_token_url,
            scope: row.oauth_scope,
            has_refresh_token: row.oauth_refresh_token.is_some(),
        }),
        poll_seconds: row.poll_seconds,
        sub_addressing: row.sub_addressing,
        save_sent: row.save_sent,
        group,
        import_since: row.import_since,
        state: row.state,
        state_reason: reason.map(|words| words.get(language).to_owned()),
        state_since: row.state_since,
        last_check_at: row.last_check_at,
        next_try_at: row.next_try_at,
        ledger: LedgerCounts {
            accepted: row.accepted,
            duplicate: row.duplicate,
            automatic: row.automatic,
            quarantined: row.quarantined,
            blocked: row.blocked,
            total: row.accepted + row.duplicate + row.automatic + row.quarantined + row.blocked,
            left_alone: row.left_alone,
            server_total: row.server_total,
        },
        created_at: row.created_at,
    }
}
