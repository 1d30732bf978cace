//! What the events of a ticket do to its clocks.
//!
//! A ticket has a reaction, from its acceptance until somebody takes it into work, and a resolution, which stands still
//! in the statuses that the policy names. Both stand still while its service is down.

use base::{Result, Timestamp};
use desk::conversation::{DueNorm, Priority};
use desk::ticket::{self, Status};
use serde_json::Value;

use super::entity::State;
use super::events::Happened;
use super::outage;
use super::stage::Stage;
use crate::policy::TicketResolutionStarts;

/// The ticket as this event left it: later ones are followed in their turn.
pub(super) fn as_it_was(ticket: &mut ticket::Model, frame: &Happened) {
    let then = if frame.kind == "ticket_created" { &frame.data } else { &frame.data["after"] };
    if let Some(status) = status(then) {
        ticket.status = status;
    }
    if let Some(priority) = then["priority"].as_str().and_then(Priority::parse) {
        ticket.priority = priority;
    }
    if let Some(service) = then.get("service_id") {
        ticket.service_id = service.as_str().and_then(|id| id.parse().ok());
    }
}

fn status(of: &Value) -> Option<Status> {
    of["status"].as_str().and_then(Status::parse)
}

pub(super) async fn follow(stage: &mut Stage<'_>, ticket: &ticket::Model, frame: &Happened) -> Result<()> {
    if frame.kind == "ticket_created" {
        return come_into(stage, ticket).await;
    }
    let (before, after) = (&frame.data["before"], &frame.data["after"]);
    let differs = |key: &str| before[key] != after[key];
    let service = differs("service_id");
    if (service || differs("priority")) && stage.rule(|policy| policy.follow_priority) {
        let reason = if service { "service" } else { "priority" };
        stage.choose_anew(None, service, reason).await?;
    }
    if status(before).is_some_and(Status::is_over) && !ticket.status.is_over() {
        stage.reopened().await?;
    }
    // A service that promises more may be what was missing.
    if service || differs("status") { come_into(stage, ticket).await } else { Ok(()) }
}

/// What being in a status means for the clocks.
async fn come_into(stage: &mut Stage<'_>, ticket: &ticket::Model) -> Result<()> {
    let (at, status) = (stage.at, ticket.status);
    let begins = stage.choice.as_ref().map(|choice| choice.held.definition.ticket_resolution_starts);
    let begins = begins.is_some_and(|begins| match begins {
        TicketResolutionStarts::Created => true,
        TicketResolutionStarts::Accepted => status != Status::New,
        TicketResolutionStarts::Taken => status.is_taken(),
    });
    if begins && !status.is_over() && !stage.ever(DueNorm::Resolution).await? {
        stage.start(DueNorm::Resolution, reason(status)).await?;
    }
    if status == Status::Accepted && !stage.ever(DueNorm::Reaction).await? {
        stage.start(DueNorm::Reaction, reason(status)).await?;
    }
    if status.is_taken() {
        stage.end(DueNorm::Reaction, State::Done, reason(status), None);
    }
    if status.is_over() {
        stage.end(DueNorm::Resolution, State::Done, reason(status), None);
    }
    stand(stage, ticket, at);
    Ok(())
}

/// Whether the clocks run: the resolution stands still in the statuses that the policy names, and every one while the service
/// is down.
pub(super) fn stand(stage: &mut Stage<'_>, ticket: &ticket::Model, at: Timestamp) {
    let frozen = stage.rule(|policy| policy.freezing_statuses.contains(&ticket.status));
    let (down, service) = (stage.world.down(), ticket.service_id);
    stage.each(DueNorm::Resolution, |clock| outage::stand(clock, at, frozen, down, service));
    stage.each(DueNorm::Reaction, |clock| outage::stand(clock, at, false, down, service));
}

fn reason(status: Status) -> &'static str {
    match status {
        Status::New => "created",
        Status::Accepted => "accepted",
        Status::InProgress | Status::Waiting => "taken",
        Status::Resolved => "resolved",
        Status::Closed => "closed",
    }
}
