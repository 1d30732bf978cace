//! Whether the time of a ticket stands still: its policy says in which statuses.

use base::Result;
use db::Tx;
use desk::ticket;

use super::world::World;
use crate::policy::Definition;
use crate::subject::Record;

/// Without a policy it does while the ticket waits.
pub(crate) async fn is_frozen(tx: &Tx, ticket: &ticket::Model) -> Result<bool> {
    let world = World::load(tx, &[]).await?;
    let record = Record::Ticket(Box::new(ticket.clone()));
    let choice = world.choice(tx, &record).await?;
    let usual = Definition::default();
    let policy = choice.as_ref().map_or(&usual, |choice| &choice.held.definition);
    Ok(policy.freezing_statuses.contains(&ticket.status))
}
