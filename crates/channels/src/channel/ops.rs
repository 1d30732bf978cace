//! Commands on channels.

use app::App;
use base::{Actor, ChannelId, Error, FieldError, GroupId, LineId, Result, Timestamp, Words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bus::Event;
use db::Tx;
use desk::channel::{Column, Entity, Kind, Model, State, find};
use desk::chat::{self, Person};
use desk::contact::NewIdentity;
use desk::{client, group, line, schedule, usage};
use rand::RngCore;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Unchanged,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::driver::{Account, Driver, Link, Trouble};
use crate::drivers;
use crate::settings::{Settings, fill};
use crate::site::WhichHours;

/// What the running connections are told by `channel_changed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// Created, changed, deleted or to be restarted.
    Settings,
    /// Its state changed; that is for people.
    State,
}

#[derive(Clone, Debug)]
pub(crate) struct NewChannel {
    pub line_id: LineId,
    pub kind: Kind,
    pub name: String,
    pub group_id: Option<GroupId>,
    pub settings: Map<String, Value>,
    pub enabled: bool,
}

/// What to change; absent: keep.
#[derive(Clone, Debug, Default)]
pub(crate) struct Change {
    pub line_id: Option<LineId>,
    pub name: Option<String>,
    pub group_id: Option<Option<GroupId>>,
    pub settings: Option<Map<String, Value>>,
    pub enabled: Option<bool>,
}

pub(crate) fn driver_of(kind: Kind) -> Result<&'static dyn Driver> {
    drivers::of(kind).ok_or_else(|| {
        Error::invalid(
            "kind",
            "unknown",
            "Каналы этого вида не подключаются здесь",
            "Channels of this kind are not connected here",
        )
    })
}

/// Channels that were not deleted, of lines the actor sees.
pub(crate) async fn list(connection: &impl ConnectionTrait, actor: &Actor, line: Option<LineId>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::DeletedAt.is_null());
    if let Some(line) = line {
        query = query.filter(Column::LineId.eq(line));
    }
    let rows = query.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(connection).await?;
    Ok(rows.into_iter().filter(|row| actor.sees_line(row.line_id)).collect())
}

pub(crate) async fn visible(connection: &impl ConnectionTrait, actor: &Actor, id: ChannelId) -> Result<Model> {
    let row = find(connection, id).await?;
    if actor.sees_line(row.line_id) { Ok(row) } else { Err(Error::NotFound("channel")) }
}

/// Connects a channel to a line. It goes to work when this commits.
pub(crate) async fn create(tx: &Tx, app: &App, actor: &Actor, new: NewChannel) -> Result<Model> {
    let driver = driver_of(new.kind)?;
    let about = driver.about();
    let settings = fill(&about.fields, &Settings::default(), &new.settings)?;
    driver.check(&settings)?;
    let (open, secrets) = settings.store(app, &about.fields)?;
    let now = tx.now();
    let row = Model {
        id: ChannelId(tx.new_id()),
        line_id: new.line_id,
        group_id: new.group_id,
        kind: new.kind,
        name: name(&new.name, about.title.get(actor.language))?,
        account_key: None,
        account_name: String::new(),
        settings: open,
        secrets,
        enabled: new.enabled,
        state: first_state(new.enabled),
        state_reason: None,
        state_since: now,
        failures: 0,
        next_try_at: None,
        last_inbound_at: None,
        last_check_at: None,
        position: None,
        gap_since: None,
        hook_key: new_hook_key(),
        revision: 1,
        lease_owner: None,
        lease_until: None,
        deleted_at: None,
        created_at: now,
    };
    check_places(tx, actor, &row).await?;
    record_schedule(tx, &row).await?;
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor, &row, Action::Settings).await?;
    Ok(row)
}

pub(crate) async fn update(tx: &Tx, app: &App, actor: &Actor, id: ChannelId, change: Change) -> Result<Model> {
    let mut row = visible(tx, actor, id).await?;
    let driver = driver_of(row.kind)?;
    let about = driver.about();
    if let Some(given) = change.settings {
        let settings = fill(&about.fields, &Settings::of(app, &row)?, &given)?;
        driver.check(&settings)?;
        (row.settings, row.secrets) = settings.store(app, &about.fields)?;
    }
    if let Some(given) = change.name {
        row.name = name(&given, about.title.get(actor.language))?;
    }
    row.line_id = change.line_id.unwrap_or(row.line_id);
    row.group_id = change.group_id.unwrap_or(row.group_id);
    row.enabled = change.enabled.unwrap_or(row.enabled);
    check_places(tx, actor, &row).await?;
    record_schedule(tx, &row).await?;
    begin_again(&mut row, tx.now());
    let row = save(tx, row).await?;
    tell(tx, actor, &row, Action::Settings).await?;
    Ok(row)
}

/// A fresh key for the users of a site. Tokens that the old one vouched for open nothing any more.
pub(crate) async fn make_identity_secret(tx: &Tx, app: &App, actor: &Actor, id: ChannelId) -> Result<String> {
    let row = visible(tx, actor, id).await?;
    if row.kind != Kind::Chat {
        let (ru, en) = ("Ключ подписи есть только у чата на сайте", "Only a site chat has a signing key");
        return Err(Error::conflict("not_a_site_chat", ru, en));
    }
    let secret = new_hook_key();
    let settings = Map::from_iter([("identity_secret".to_owned(), json!(secret))]);
    update(tx, app, actor, id, Change { settings: Some(settings), ..Change::default() }).await?;
    Ok(secret)
}

/// Tries at once, with fresh patience.
pub(crate) async fn restart(tx: &Tx, actor: &Actor, id: ChannelId) -> Result<Model> {
    let mut row = visible(tx, actor, id).await?;
    begin_again(&mut row, tx.now());
    row.gap_since = None;
    let row = save(tx, row).await?;
    tell(tx, actor, &row, Action::Settings).await?;
    Ok(row)
}

/// Takes the channel away. Its conversations stay; its account can be connected elsewhere.
pub(crate) async fn delete(tx: &Tx, actor: &Actor, id: ChannelId) -> Result<Model> {
    let mut row = visible(tx, actor, id).await?;
    row.deleted_at = Some(tx.now());
    row.enabled = false;
    usage::record(tx, user(&row), []).await?;
    begin_again(&mut row, tx.now());
    let row = save(tx, row).await?;
    tell(tx, actor, &row, Action::Settings).await?;
    Ok(row)
}

/// Whether these settings would work, asked of the vendor; nothing is stored. With `stored`, its secrets are used.
pub(crate) async fn test(
    app: &App,
    actor: &Actor,
    kind: Kind,
    stored: Option<Model>,
    given: &Map<String, Value>,
) -> Result<Result<Account, Trouble>> {
    let driver = driver_of(kind)?;
    let before = match &stored {
        Some(row) => Settings::of(app, row)?,
        None => Settings::default(),
    };
    let settings = fill(&driver.about().fields, &before, given)?;
    driver.check(&settings)?;
    let channel = match stored {
        Some(row) => row,
        None => draft(app, actor, kind),
    };
    Ok(driver.probe(&Link { app: app.clone(), channel, settings }).await)
}

/// The chat with somebody's phone, made when there is none.
pub(crate) async fn open_chat(tx: &Tx, actor: &Actor, id: ChannelId, phone: &str, name: &str) -> Result<chat::Model> {
    let channel = visible(tx, actor, id).await?;
    let (ru, en) = ("Непонятный номер телефона", "This is not a phone number");
    let phone = NewIdentity::phone(phone).ok_or_else(|| Error::invalid("phone", "bad_phone", ru, en))?;
    let Some((thread, account)) = driver_of(channel.kind)?.chat_of_phone(&phone.key) else {
        let (ru, en) = (
            "В этом канале нельзя написать первым по номеру телефона",
            "In this channel nobody can write first to a phone number",
        );
        return Err(Error::conflict("cannot_start", ru, en));
    };
    let person = Person { identities: vec![account, phone], name: name.trim().to_owned(), locale: None };
    let chat = chat::find_or_create(tx, channel.id, &thread.id, &thread.title, &person).await?;
    // He becomes a client of the line: who writes to him sees his card before the first message is there.
    client::connect(tx, actor, channel.line_id, chat.contact_id).await?;
    Ok(chat)
}

/// A channel that is nowhere yet.
fn draft(app: &App, actor: &Actor, kind: Kind) -> Model {
    let now = app.now();
    Model {
        id: ChannelId(app.new_id()),
        line_id: LineId(actor.user_id().map(|id| id.0).unwrap_or_default()),
        group_id: None,
        kind,
        name: String::new(),
        account_key: None,
        account_name: String::new(),
        settings: json!({}),
        secrets: String::new(),
        enabled: false,
        state: State::Off,
        state_reason: None,
        state_since: now,
        failures: 0,
        next_try_at: None,
        last_inbound_at: None,
        last_check_at: None,
        position: None,
        gap_since: None,
        hook_key: new_hook_key(),
        revision: 0,
        lease_owner: None,
        lease_until: None,
        deleted_at: None,
        created_at: now,
    }
}

fn first_state(enabled: bool) -> State {
    if enabled { State::Connecting } else { State::Off }
}

fn begin_again(row: &mut Model, now: Timestamp) {
    row.revision += 1;
    row.failures = 0;
    row.next_try_at = None;
    row.state = first_state(row.enabled);
    row.state_reason = None;
    row.state_since = now;
}

async fn save(tx: &Tx, row: Model) -> Result<Model> {
    let id = row.id;
    let mut all = row.into_active_model().reset_all();
    all.id = Unchanged(id);
    // These belong to the running connection.
    for column in [Column::LeaseOwner, Column::LeaseUntil, Column::Position, Column::LastInboundAt] {
        all.not_set(column);
    }
    Ok(Entity::update(all).exec(tx).await?)
}

fn name(given: &str, otherwise: &str) -> Result<String> {
    let name = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > 200 {
        return Err(Error::invalid("name", "too_long", "Не больше 200 знаков", "At most 200 characters"));
    }
    Ok(if name.is_empty() { otherwise.to_owned() } else { name })
}

/// 24 random bytes.
fn new_hook_key() -> String {
    let mut bytes = [0u8; 24];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Keeps on record by which schedule a chat is answered.
async fn record_schedule(tx: &Tx, row: &Model) -> Result<()> {
    let named = WhichHours::schedule_of(row).map(|id| ("settings.hours".to_owned(), id));
    let held = schedule::hold(tx, named).await?;
    usage::record(tx, user(row), held.into_iter().map(|id| id.0)).await
}

fn user(row: &Model) -> usage::Owner<'_> {
    usage::Owner { kind: usage::Kind::Channel, id: row.id.0, name: &row.name }
}

async fn check_places(tx: &Tx, actor: &Actor, row: &Model) -> Result<()> {
    let wrong = |field: &str, ru: &'static str, en: &'static str| {
        Error::Invalid(vec![FieldError { field: field.to_owned(), code: "unknown", words: Words::new(ru, en) }])
    };
    line::find(tx, actor, row.line_id)
        .await
        .map_err(|_| wrong("line_id", "Нет такой линии", "There is no such line"))?;
    if let Some(group_id) = row.group_id
        && group::Entity::find_by_id(group_id).one(tx).await?.is_none()
    {
        return Err(wrong("group_id", "Нет такой группы", "There is no such group"));
    }
    Ok(())
}

pub(crate) async fn tell(tx: &Tx, actor: &Actor, row: &Model, action: Action) -> Result<()> {
    let data = json!({"action": action, "state": row.state, "name": row.name, "kind": row.kind});
    let event = Event::new("channel_changed").subject(row.id.0).line(row.line_id).data(data);
    bus::emit(tx, actor, event).await.map(drop)
}
