//! What was promised of a ticket, as lists show it. Whoever counts the time says it here.

use base::{Actor, Result, TicketId};
use bus::Event;
use db::Tx;
use sea_orm::{EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::entity::Entity;
use super::ops::{find_to_change, heard_by, tell_conversations};
use crate::conversation::{Due, NEVER};

/// Writes down the nearest promise of a ticket, or that there is none. Emits `ticket_promised` when it differs.
pub async fn promise(tx: &Tx, id: TicketId, due: Option<Due>) -> Result<()> {
    let ticket = find_to_change(tx, &Actor::system(), id).await?;
    let (at, norm) = (due.as_ref().map(|due| due.at), due.as_ref().map(|due| due.norm));
    if ticket.due_at == at && ticket.due_norm == norm {
        return Ok(());
    }
    let event = Event::new("ticket_promised").data(json!({"norm": norm, "due_at": at}));
    let event = heard_by(tx, &ticket, event).await?;
    let mut row = ticket.clone().into_active_model();
    row.due_at = Set(at);
    row.due_norm = Set(norm);
    row.due_warn_at = Set(due.map(|due| due.warn_at));
    row.due_order = Set(at.unwrap_or(NEVER));
    Entity::update(row).exec_without_returning(tx).await?;
    bus::emit(tx, &Actor::system(), event).await?;
    tell_conversations(tx, &Actor::system(), &ticket).await
}
