//! Commands and queries on mailboxes.

use app::App;
use base::{Actor, Error, LineId, MailboxId, Result, Timestamp};
use bus::Event;
use db::Tx;
use desk::line::group as line_group;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    SqlErr, Unchanged,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::input::{ImapInput, MailboxPatch, NewMailbox, OauthInput, SmtpInput, check};
use super::{Auth, Column, Entity, Model, Preset, Security, State};

/// What the running connections are told by `mailbox_changed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Created, changed, deleted or to be restarted.
    Settings,
    /// Look for mail now.
    Check,
}

/// Mailboxes that were not deleted, of lines the actor sees.
pub(super) async fn list(connection: &impl ConnectionTrait, actor: &Actor, line: Option<LineId>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::DeletedAt.is_null());
    if let Some(line) = line {
        query = query.filter(Column::LineId.eq(line));
    }
    let rows = query.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(connection).await?;
    Ok(rows.into_iter().filter(|row| actor.sees_line(row.line_id)).collect())
}

pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: MailboxId) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.filter(|row| actor.sees_line(row.line_id)).ok_or(Error::NotFound("mailbox"))
}

/// Connects a mailbox to a line.
pub(super) async fn create(tx: &Tx, app: &App, actor: &Actor, new: NewMailbox) -> Result<Model> {
    let row = fill(app, blank(tx.now(), MailboxId(tx.new_id()), new.line_id), new.into())?;
    check(&row)?;
    check_places(tx, actor, &row).await?;
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await.map(drop);
    Error::on_unique(inserted, already_bound())?;
    tell(tx, actor, &row, Action::Settings).await?;
    Ok(row)
}

/// The mailbox that `new` would make, for a connection test; `stored` lends its secrets.
pub(super) fn draft(app: &App, stored: Option<Model>, new: NewMailbox) -> Result<Model> {
    let row = stored.unwrap_or_else(|| blank(app.now(), MailboxId(app.new_id()), new.line_id));
    let row = fill(app, row, new.into())?;
    check(&row)?;
    Ok(row)
}

pub(super) async fn update(tx: &Tx, app: &App, actor: &Actor, id: MailboxId, patch: MailboxPatch) -> Result<Model> {
    let before = find(tx, actor, id).await?;
    let (imap_host, imap_login, folder) =
        (before.imap_host.clone(), before.imap_login.clone(), before.imap_folder.clone());
    let mut row = fill(app, before, patch)?;
    check(&row)?;
    check_places(tx, actor, &row).await?;
    if (imap_host, imap_login, folder) != (row.imap_host.clone(), row.imap_login.clone(), row.imap_folder.clone()) {
        // Another folder: its uids begin anew. What both folders hold is recognised as a duplicate.
        row.uidvalidity = None;
        row.last_uid = 0;
        row.server_total = None;
    }
    row.revision += 1;
    row.failures = 0;
    row.next_try_at = None;
    set_state(&mut row, tx.now());
    let saved = save_all(tx, row).await?;
    tell(tx, actor, &saved, Action::Settings).await?;
    Ok(saved)
}

/// Takes a mailbox away. Its ledger and its conversations stay.
pub(super) async fn delete(tx: &Tx, actor: &Actor, id: MailboxId) -> Result<()> {
    let mut row = find(tx, actor, id).await?;
    row.enabled = false;
    row.revision += 1;
    row.deleted_at = Some(tx.now());
    row.bound_to = None;
    for secret in [
        &mut row.password,
        &mut row.smtp_password,
        &mut row.oauth_client_secret,
        &mut row.oauth_refresh_token,
        &mut row.oauth_access_token,
    ] {
        *secret = None;
    }
    set_state(&mut row, tx.now());
    let row = save_all(tx, row).await?;
    tell(tx, actor, &row, Action::Settings).await
}

/// Connects anew, without waiting for the next try.
pub(super) async fn restart(tx: &Tx, actor: &Actor, id: MailboxId) -> Result<Model> {
    let mut row = find(tx, actor, id).await?;
    row.revision += 1;
    row.failures = 0;
    row.next_try_at = None;
    set_state(&mut row, tx.now());
    let row = save_all(tx, row).await?;
    tell(tx, actor, &row, Action::Settings).await?;
    Ok(row)
}

/// Makes the running connection look for mail now.
pub(super) async fn check_now(tx: &Tx, actor: &Actor, id: MailboxId) -> Result<()> {
    let row = find(tx, actor, id).await?;
    tell(tx, actor, &row, Action::Check).await
}

/// The event names no line: only who manages channels hears of it.
async fn tell(tx: &Tx, actor: &Actor, row: &Model, action: Action) -> Result<()> {
    let data = json!({"action": action, "state": row.state, "line_id": row.line_id, "name": row.name});
    bus::emit(tx, actor, Event::new("mailbox_changed").subject(row.id.0).data(data)).await?;
    Ok(())
}

/// After a change of the settings: switched off, or about to connect.
fn set_state(row: &mut Model, now: Timestamp) {
    let state = if row.enabled { State::Connecting } else { State::Disabled };
    if state != row.state {
        row.state_since = now;
    }
    row.state = state;
    row.state_reason = None;
}

/// Writes every setting, but not what the running connection writes (progress, counts, lease).
async fn save_all(tx: &Tx, row: Model) -> Result<Model> {
    let running = [
        Column::LastCheckAt,
        Column::LeftAlone,
        Column::Accepted,
        Column::Duplicate,
        Column::Automatic,
        Column::Quarantined,
        Column::LeaseOwner,
        Column::LeaseUntil,
    ];
    let reset = row.uidvalidity.is_none();
    let id = row.id;
    let mut active = row.into_active_model().reset_all();
    active.id = Unchanged(id);
    for column in running {
        active.not_set(column);
    }
    if !reset {
        for column in [Column::Uidvalidity, Column::LastUid, Column::ServerTotal] {
            active.not_set(column);
        }
    }
    match active.update(tx).await {
        Ok(row) => Ok(row),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Err(already_bound()),
        Err(error) => Err(error.into()),
    }
}

fn blank(now: Timestamp, id: MailboxId, line_id: LineId) -> Model {
    Model {
        id,
        line_id,
        name: String::new(),
        address: String::new(),
        from_name: String::new(),
        preset: Preset::Custom,
        enabled: true,
        imap_host: String::new(),
        imap_port: 993,
        imap_security: Security::Tls,
        imap_login: String::new(),
        imap_folder: "INBOX".to_owned(),
        smtp_host: String::new(),
        smtp_port: 465,
        smtp_security: Security::Tls,
        smtp_login: String::new(),
        auth: Auth::Password,
        password: None,
        smtp_password: None,
        oauth_client_id: String::new(),
        oauth_token_url: String::new(),
        oauth_scope: String::new(),
        oauth_client_secret: None,
        oauth_refresh_token: None,
        oauth_access_token: None,
        oauth_expires_at: None,
        poll_seconds: 60,
        sub_addressing: false,
        save_sent: false,
        group_id: None,
        import_since: now,
        state: State::Connecting,
        state_reason: None,
        state_since: now,
        last_check_at: None,
        next_try_at: None,
        failures: 0,
        server_total: None,
        left_alone: 0,
        accepted: 0,
        duplicate: 0,
        automatic: 0,
        quarantined: 0,
        blocked: 0,
        uidvalidity: None,
        last_uid: 0,
        revision: 0,
        lease_owner: None,
        lease_until: None,
        bound_to: None,
        created_at: now,
        deleted_at: None,
    }
}

/// Puts what was entered over a row.
fn fill(app: &App, mut row: Model, patch: MailboxPatch) -> Result<Model> {
    let MailboxPatch {
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
    } = patch;
    let seal = |text: String| app.secrets.seal(&text);
    row.line_id = line_id.unwrap_or(row.line_id);
    row.name = name.map_or(row.name, |name| name.trim().to_owned());
    row.address = address.map_or(row.address, |address| text::email::normalize(&address).unwrap_or(address));
    row.from_name = from_name.map_or(row.from_name, |name| name.trim().to_owned());
    row.preset = preset.unwrap_or(row.preset);
    row.enabled = enabled.unwrap_or(row.enabled);
    if let Some(ImapInput { host, port, security, login, folder }) = imap {
        row.imap_host = host.trim().to_lowercase();
        row.imap_port = port.unwrap_or(993);
        row.imap_security = security.unwrap_or(Security::Tls);
        row.imap_login = if login.trim().is_empty() { row.address.clone() } else { login.trim().to_owned() };
        row.imap_folder = folder.map_or("INBOX".to_owned(), |folder| folder.trim().to_owned());
    }
    if let Some(SmtpInput { host, port, security, login }) = smtp {
        row.smtp_host = host.trim().to_lowercase();
        row.smtp_port = port.unwrap_or(465);
        row.smtp_security = security.unwrap_or(Security::Tls);
        row.smtp_login = login.map_or_else(|| row.imap_login.clone(), |login| login.trim().to_owned());
    }
    row.auth = auth.unwrap_or(row.auth);
    if let Some(password) = password.filter(|password| !password.is_empty()) {
        row.password = Some(seal(password)?);
    }
    if let Some(password) = smtp_password {
        row.smtp_password = password.filter(|password| !password.is_empty()).map(seal).transpose()?;
    }
    if let Some(OauthInput { client_id, client_secret, refresh_token, token_url, scope }) = oauth {
        row.oauth_client_id = client_id.trim().to_owned();
        row.oauth_token_url = token_url.trim().to_owned();
        row.oauth_scope = scope.trim().to_owned();
        if let Some(secret) = client_secret.filter(|secret| !secret.is_empty()) {
            row.oauth_client_secret = Some(seal(secret)?);
        }
        if let Some(token) = refresh_token.filter(|token| !token.is_empty()) {
            row.oauth_refresh_token = Some(seal(token)?);
        }
        row.oauth_access_token = None;
        row.oauth_expires_at = None;
    }
    row.poll_seconds = poll_seconds.unwrap_or(row.poll_seconds);
    row.sub_addressing = sub_addressing.unwrap_or(row.sub_addressing);
    row.save_sent = save_sent.unwrap_or(row.save_sent);
    row.group_id = group_id.unwrap_or(row.group_id);
    row.import_since = import_since.unwrap_or(row.import_since);
    row.bound_to = Some(format!("{} {} {}", row.imap_host, row.imap_login.to_lowercase(), row.imap_folder));
    if !row.enabled {
        row.state = State::Disabled;
    }
    Ok(row)
}

/// The line and the group must exist, and the group must work on the line.
async fn check_places(tx: &Tx, actor: &Actor, row: &Model) -> Result<()> {
    let line = desk::line::find(tx, actor, row.line_id).await.ok().filter(|line| line.archived_at.is_none());
    if line.is_none() {
        return Err(Error::invalid(
            "line_id",
            "unknown_line",
            "Такой линии нет, или она в архиве",
            "There is no such line, or it is archived",
        ));
    }
    let Some(group) = row.group_id else { return Ok(()) };
    let served = line_group::Entity::find()
        .filter(line_group::Column::LineId.eq(row.line_id))
        .filter(line_group::Column::GroupId.eq(group))
        .filter(line_group::Column::Part.eq(line_group::Part::Operators))
        .one(tx)
        .await?;
    if served.is_none() {
        let (ru, en) = (
            "Эта группа не обслуживает линию: сначала добавьте её в линию",
            "This group does not serve the line: add it to the line first",
        );
        return Err(Error::invalid("group_id", "group_not_on_line", ru, en));
    }
    Ok(())
}

fn already_bound() -> Error {
    Error::invalid(
        "imap.login",
        "already_connected",
        "Этот ящик уже подключён: один ящик может принадлежать только одной линии",
        "This mailbox is connected already: a mailbox can belong to one line only",
    )
}

/// Every address that is ours, in lower case.
pub(crate) async fn own_addresses(connection: &impl ConnectionTrait) -> Result<Vec<String>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Address)
        .filter(Column::DeletedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?)
}

/// The mailbox that a conversation's letters leave from: its own, else the first of its line.
pub(crate) async fn sender_of(
    connection: &impl ConnectionTrait,
    conversation: &desk::conversation::Model,
) -> Result<Option<Model>> {
    let usable = || Entity::find().filter(Column::DeletedAt.is_null()).filter(Column::Enabled.eq(true));
    if let Some(id) = conversation.mailbox_id
        && let Some(row) = usable().filter(Column::Id.eq(id)).one(connection).await?
    {
        return Ok(Some(row));
    }
    Ok(usable()
        .filter(Column::LineId.eq(conversation.line_id))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .one(connection)
        .await?)
}
