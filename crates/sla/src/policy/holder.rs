//! Which policy holds where: on a line, on a service, on a catalogue of services, for a category of clients (said by the category).

use std::collections::HashMap;

use base::{Actor, LineId, Result};
use bus::Event;
use db::{Fetch, Row, Tx, dialect};
use desk::client_category::ClientCategoryId;
use desk::line;
use desk::service::{self, CatalogueId, ServiceId};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{PolicyId, ops};

/// Where policies hold.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    pub lines: HashMap<LineId, PolicyId>,
    pub services: HashMap<ServiceId, PolicyId>,
    pub catalogues: HashMap<CatalogueId, PolicyId>,
    /// Of clients.
    pub categories: HashMap<ClientCategoryId, PolicyId>,
}

impl Holders {
    pub fn is_empty(&self) -> bool {
        let Holders { lines, services, catalogues, categories } = self;
        lines.is_empty() && services.is_empty() && catalogues.is_empty() && categories.is_empty()
    }

    pub fn uses(&self, id: PolicyId) -> bool {
        let Holders { lines, services, catalogues, categories } = self;
        let mut held = lines.values().chain(services.values()).chain(catalogues.values()).chain(categories.values());
        held.any(|held| *held == id)
    }
}

pub(crate) async fn holders(connection: &impl Fetch) -> Result<Holders> {
    let sql = "select 'line', line_id, policy_id from sla_line \
               union all select 'service', service_id, policy_id from sla_service \
               union all select 'catalogue', catalogue_id, policy_id from sla_catalogue \
               union all select 'category', id, policy_id from client_category where policy_id is not null";
    let read = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<Uuid>(1)?, PolicyId(row.get(2)?)));
    let mut holders = Holders::default();
    for (place, id, policy) in connection.fetch(sql.to_owned(), Vec::new(), read).await? {
        match place.as_str() {
            "line" => drop(holders.lines.insert(LineId(id), policy)),
            "service" => drop(holders.services.insert(ServiceId(id), policy)),
            "category" => drop(holders.categories.insert(ClientCategoryId(id), policy)),
            _ => drop(holders.catalogues.insert(CatalogueId(id), policy)),
        }
    }
    Ok(holders)
}

/// Somewhere a policy may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Line(LineId),
    Service(ServiceId),
    Catalogue(CatalogueId),
}

/// Lets a policy hold somewhere, or none. What runs already keeps what it was begun with.
pub(super) async fn set(tx: &Tx, actor: &Actor, place: Place, policy: Option<PolicyId>) -> Result<()> {
    let (table, column, id, event) = match place {
        Place::Line(id) => {
            line::find(tx, actor, id).await?;
            ("sla_line", "line_id", id.0, Event::new("line_changed"))
        }
        Place::Service(id) => {
            service::find(tx, id).await?;
            ("sla_service", "service_id", id.0, Event::new("service_changed"))
        }
        Place::Catalogue(id) => {
            service::find_catalogue(tx, id).await?;
            ("sla_catalogue", "catalogue_id", id.0, Event::new("service_changed"))
        }
    };
    let forget = format!("delete from {table} where {column} = $1");
    tx.execute_raw(dialect::statement(tx, &forget, [id.into()])).await?;
    if let Some(policy) = policy {
        ops::find(tx, policy).await?;
        let hold = format!("insert into {table} ({column}, policy_id) values ($1, $2)");
        tx.execute_raw(dialect::statement(tx, &hold, [id.into(), policy.0.into()])).await?;
    }
    let event = event.subject(id).data(json!({"change": "sla", "policy_id": policy}));
    bus::emit(tx, actor, event).await.map(drop)
}
