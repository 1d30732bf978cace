//! Commands and queries on the clients of a line.

use app::App;
use base::{Actor, ContactId, Error, LineId, PageRequest, Result};
use chrono::Duration;
use db::Tx;
use desk::client::{self as marks, Marks};
use desk::{contact, line, setting};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};
use serde::{Deserialize, Serialize};

use super::list::{self, Client, ClientList, Filter, Mode};
use super::period;

/// The name of the installation's setting.
pub(super) const SETTING: &str = "clients";

/// How lists of clients are made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub(crate) struct ClientSettings {
    /// A line with more people than this shows only the actual ones, 1 to 999.
    pub streaming_above: i64,
}

impl Default for ClientSettings {
    fn default() -> Self {
        ClientSettings { streaming_above: 100 }
    }
}

/// Days, unless somebody chose his own.
const PERIOD: i64 = 60;

pub(super) async fn settings(app: &App) -> Result<ClientSettings> {
    Ok(setting::get(app.db.read(), SETTING).await?.unwrap_or_default())
}

pub(super) async fn set_settings(tx: &Tx, actor: &Actor, settings: ClientSettings) -> Result<ClientSettings> {
    if !(1..=999).contains(&settings.streaming_above) {
        let (ru, en) = ("От 1 до 999 человек", "From 1 to 999 people");
        return Err(Error::invalid("streaming_above", "out_of_range", ru, en));
    }
    setting::set(tx, SETTING, &settings).await?;
    let event = bus::Event::new("settings_changed").data(serde_json::json!({SETTING: settings}));
    bus::emit(tx, actor, event).await?;
    Ok(settings)
}

/// How the asker looks at a line.
async fn mode(app: &App, actor: &Actor, id: LineId, known: Option<bool>) -> Result<(Mode, i64)> {
    let (setting, days) = list::settings(app.db.read(), actor, id).await?;
    let settings: ClientSettings = setting.map(serde_json::from_value).transpose()?.unwrap_or_default();
    let days = days.unwrap_or(PERIOD);
    let streaming = match known {
        Some(known) => known,
        None => list::has_more_than(app.db.read(), actor, id, settings.streaming_above).await?,
    };
    let now = app.now();
    Ok((Mode { streaming, since: now - Duration::days(days), now }, days))
}

/// A page of the list; the first one with the figures.
pub(super) async fn page(
    app: &App,
    actor: &Actor,
    id: LineId,
    filter: Filter,
    request: &PageRequest,
) -> Result<ClientList> {
    line::find(app.db.read(), actor, id).await?;
    let known = list::streaming_of(request)?;
    let (mode, period_days) = mode(app, actor, id, known).await?;
    let page = list::page(app.db.read(), actor, id, &filter, mode, request).await?;
    let counts = match known {
        None => Some(list::counts(app.db.read(), actor, id, mode.since).await?),
        Some(_) => None,
    };
    Ok(ClientList { items: page.items, next: page.next, streaming: mode.streaming, period_days, counts })
}

/// One client of a line that the actor may see.
pub(super) async fn find(app: &App, actor: &Actor, id: LineId, contact_id: ContactId) -> Result<Client> {
    line::find(app.db.read(), actor, id).await?;
    contact::find(app.db.read(), actor, contact_id).await?;
    let (mode, _) = mode(app, actor, id, Some(true)).await?;
    list::one(app.db.read(), actor, id, mode, contact_id).await?.ok_or(Error::NotFound("contact"))
}

/// Sets the asker's own period.
pub(super) async fn set_period(tx: &Tx, actor: &Actor, id: LineId, days: i64) -> Result<()> {
    line::find(tx, actor, id).await?;
    if !(7..=90).contains(&days) {
        let (ru, en) = ("От 7 до 90 дней", "From 7 to 90 days");
        return Err(Error::invalid("period_days", "out_of_range", ru, en));
    }
    let user_id = actor.user_id().ok_or_else(|| Error::internal("only a person has a list"))?;
    let row = period::ActiveModel { line_id: Set(id), user_id: Set(user_id), days: Set(days) };
    let again = OnConflict::columns([period::Column::LineId, period::Column::UserId])
        .update_column(period::Column::Days)
        .to_owned();
    period::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// Sets the asker's own marks of a client.
pub(super) async fn mark(tx: &Tx, actor: &Actor, id: LineId, contact_id: ContactId, set: Marks) -> Result<()> {
    line::find(tx, actor, id).await?;
    contact::find(tx, actor, contact_id).await?;
    marks::set_marks(tx, actor, id, contact_id, set).await.map(drop)
}

/// Connects a client to a line by hand, or undoes it.
pub(super) async fn connect(tx: &Tx, actor: &Actor, id: LineId, contact_id: ContactId, connect: bool) -> Result<()> {
    line::find(tx, actor, id).await?;
    contact::find(tx, actor, contact_id).await?;
    match connect {
        true => marks::connect(tx, actor, id, contact_id).await,
        false => marks::disconnect(tx, actor, id, contact_id).await,
    }
}

/// Connects everybody of a company to a line, or undoes it.
pub(super) async fn subscribe(
    tx: &Tx,
    actor: &Actor,
    id: LineId,
    company: base::CompanyId,
    subscribe: bool,
) -> Result<()> {
    line::find(tx, actor, id).await?;
    marks::find_company(tx, actor, company).await?;
    match subscribe {
        true => marks::subscribe(tx, actor, id, company).await,
        false => marks::unsubscribe(tx, actor, id, company).await,
    }
}

/// Writes down anew what a card says besides name, company and addresses.
pub(super) async fn set_details(
    tx: &Tx,
    actor: &Actor,
    id: ContactId,
    details: marks::detail::ContactDetails,
) -> Result<marks::detail::ContactDetails> {
    contact::find(tx, actor, id).await?;
    marks::detail::set(tx, actor, id, details).await
}
