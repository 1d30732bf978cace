//! Commands and queries on outages.

use base::{Actor, Error, Page, PageRequest, Result, Timestamp};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use serde_json::json;

use super::OutageId;
use super::entity::{Column, Entity, Extent, Kind, Model};
use crate::field;
use crate::service::{self, CatalogueId, ServiceId};

/// Tells of every change of an outage; `data` says of what it is and how it was and is now.
pub const EVENT: &str = "outage_changed";

/// What a list is narrowed to.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// Those that are on at this time or later.
    pub from: Option<Timestamp>,
    /// Those that began before this time.
    pub to: Option<Timestamp>,
    /// Of the service, or of its whole catalogue.
    pub service: Option<ServiceId>,
    /// Of the catalogue, or of one of its services.
    pub catalogue: Option<CatalogueId>,
    pub kind: Option<Kind>,
    pub extent: Option<Extent>,
    pub open: bool,
}

/// A page, the latest first.
pub(super) async fn page(connection: &impl ConnectionTrait, filter: Filter, page: &PageRequest) -> Result<Page<Model>> {
    let Filter { from, to, service, catalogue, kind, extent, open } = filter;
    let mut query = Entity::find();
    if let Some(from) = from {
        query = query.filter(Column::RestoredAt.is_null().or(Column::RestoredAt.gt(from)));
    }
    if let Some(to) = to {
        query = query.filter(Column::StartedAt.lt(to));
    }
    if let Some(service) = service {
        let home = service::find(connection, service).await?.catalogue_id;
        query = query.filter(Column::ServiceId.eq(service).or(Column::CatalogueId.eq(home)));
    }
    if let Some(catalogue) = catalogue {
        let own = service::Entity::find()
            .select_only()
            .column(service::Column::Id)
            .filter(service::Column::CatalogueId.eq(catalogue));
        query = query.filter(Column::CatalogueId.eq(catalogue).or(Column::ServiceId.in_subquery(own.into_query())));
    }
    if let Some(kind) = kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some(extent) = extent {
        query = query.filter(Column::Extent.eq(extent));
    }
    if open {
        query = query.filter(Column::RestoredAt.is_null());
    }
    if let Some((at, id)) = page.cursor::<(Timestamp, OutageId)>()? {
        let earlier = Condition::any()
            .add(Column::StartedAt.lt(at))
            .add(Condition::all().add(Column::StartedAt.eq(at)).add(Column::Id.lt(id)));
        query = query.filter(earlier);
    }
    let sorted = query.order_by_desc(Column::StartedAt).order_by_desc(Column::Id).limit(page.limit() + 1);
    let rows = sorted.all(connection).await?;
    Ok(Page::from_rows(rows, page.limit(), |row: &Model| (row.started_at, row.id)))
}

/// Those that are on at any time from one moment until another.
pub fn overlapping(from: Timestamp, to: Timestamp) -> Select<Entity> {
    let still = Column::RestoredAt.is_null().or(Column::RestoredAt.gt(from));
    Entity::find().filter(Column::StartedAt.lt(to)).filter(still).order_by_asc(Column::StartedAt)
}

/// What is down: a service, or a catalogue with all its services.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    pub service_id: Option<ServiceId>,
    pub catalogue_id: Option<CatalogueId>,
}

/// An outage to be.
#[derive(Debug)]
pub struct NewOutage {
    pub of: Of,
    /// None: now.
    pub started_at: Option<Timestamp>,
    pub restored_at: Option<Timestamp>,
    pub kind: Kind,
    pub extent: Extent,
    pub pauses_sla: bool,
    pub note: String,
}

pub async fn create(tx: &Tx, actor: &Actor, new: NewOutage) -> Result<Model> {
    let NewOutage { of: Of { service_id, catalogue_id }, started_at, restored_at, kind, extent, pauses_sla, note } =
        new;
    match (service_id, catalogue_id) {
        (Some(id), None) => drop(field::known("service_id", service::find(tx, id).await)?),
        (None, Some(id)) => drop(field::known("catalogue_id", service::find_catalogue(tx, id).await)?),
        _ => {
            let (ru, en) = ("Укажите услугу или каталог, что-то одно", "Give a service or a catalogue, one of the two");
            return Err(Error::invalid("service_id", "required", ru, en));
        }
    }
    let row = Model {
        id: OutageId(tx.new_id()),
        service_id,
        catalogue_id,
        started_at: started_at.unwrap_or(tx.now()),
        restored_at,
        kind,
        extent,
        pauses_sla,
        note: field::limit("note", note.trim().to_owned(), 2000)?,
        registered_by: actor.user_id(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    check(tx, &row)?;
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor, None, Some(&row)).await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub started_at: Option<Timestamp>,
    /// None inside: it is down still.
    pub restored_at: Option<Option<Timestamp>>,
    pub kind: Option<Kind>,
    pub extent: Option<Extent>,
    pub pauses_sla: Option<bool>,
    pub note: Option<String>,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: OutageId, change: Change) -> Result<Model> {
    let Change { started_at, restored_at, kind, extent, pauses_sla, note } = change;
    let before = find_to_change(tx, id).await?;
    let mut row = before.clone();
    row.started_at = started_at.unwrap_or(row.started_at);
    row.restored_at = restored_at.unwrap_or(row.restored_at);
    row.kind = kind.unwrap_or(row.kind);
    row.extent = extent.unwrap_or(row.extent);
    row.pauses_sla = pauses_sla.unwrap_or(row.pauses_sla);
    if let Some(note) = note {
        row.note = field::limit("note", note.trim().to_owned(), 2000)?;
    }
    check(tx, &row)?;
    save(tx, actor, before, row).await
}

/// It works again.
pub(super) async fn restore(tx: &Tx, actor: &Actor, id: OutageId, at: Option<Timestamp>) -> Result<Model> {
    let before = find_to_change(tx, id).await?;
    if before.restored_at.is_some() {
        let (ru, en) = ("Работа уже восстановлена", "It works again already");
        return Err(Error::conflict("outage_over", ru, en));
    }
    let row = Model { restored_at: Some(at.unwrap_or(tx.now())), ..before.clone() };
    check(tx, &row)?;
    save(tx, actor, before, row).await
}

async fn save(tx: &Tx, actor: &Actor, before: Model, row: Model) -> Result<Model> {
    if row == before {
        return Ok(row);
    }
    let row = Model { updated_at: tx.now(), ..row };
    Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    tell(tx, actor, Some(&before), Some(&row)).await?;
    Ok(row)
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: OutageId) -> Result<()> {
    let row = find_to_change(tx, id).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, Some(&row), None).await
}

async fn find_to_change(tx: &Tx, id: OutageId) -> Result<Model> {
    Entity::find_by_id(id).lock(db::HOLD).one(tx).await?.ok_or(Error::NotFound("outage"))
}

fn check(tx: &Tx, row: &Model) -> Result<()> {
    let (ru, en) = ("Это время ещё не наступило", "This time has not come yet");
    if row.started_at > tx.now() {
        return Err(Error::invalid("started_at", "in_future", ru, en));
    }
    let Some(restored) = row.restored_at else { return Ok(()) };
    if restored > tx.now() {
        return Err(Error::invalid("restored_at", "in_future", ru, en));
    }
    if restored <= row.started_at {
        let (ru, en) = ("Конец не позже начала", "It ends before it begins");
        return Err(Error::invalid("restored_at", "out_of_range", ru, en));
    }
    Ok(())
}

async fn tell(tx: &Tx, actor: &Actor, before: Option<&Model>, after: Option<&Model>) -> Result<()> {
    let Some(row) = after.or(before) else { return Ok(()) };
    let told = |row: &Model| {
        json!({
            "started_at": row.started_at, "restored_at": row.restored_at, "kind": row.kind, "extent": row.extent,
            "pauses_sla": row.pauses_sla, "note": row.note,
        })
    };
    let data = json!({
        "service_id": row.service_id, "catalogue_id": row.catalogue_id, "before": before.map(told), "after": after.map(told),
    });
    bus::emit(tx, actor, Event::new(EVENT).subject(row.id.0).data(data)).await.map(drop)
}
