//! What the events of a conversation do to its clocks.

use base::Result;
use desk::conversation::{self, DueNorm, Priority, Status};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::chosen;
use super::entity::{Column, State};
use super::events::Happened;
use super::kept::Clock;
use super::stage::Stage;
use crate::policy::{ReactionEnds, ResolutionStarts};

pub(super) async fn follow(stage: &mut Stage<'_>, conversation: &conversation::Model, frame: &Happened) -> Result<()> {
    let at = stage.at;
    match frame.kind.as_str() {
        "conversation_created" if stage.rule(|policy| policy.resolution_starts == ResolutionStarts::Created) => {
            stage.start(DueNorm::Resolution, "created").await?;
        }
        "message_created" if frame.data["kind"] == "inbound" && frame.data["automatic"].is_null() => {
            stage.each(DueNorm::Resolution, |clock| clock.resume(at, Some("awaiting_client"), "client_wrote"));
            if !stage.has(DueNorm::Reaction) && !stage.has(DueNorm::Reply) {
                let reacted = conversation.first_reply_at.is_some_and(|first| first < at);
                let began = stage.ever(DueNorm::Reaction).await?;
                let norm = if reacted || began { DueNorm::Reply } else { DueNorm::Reaction };
                stage.start(norm, "client_wrote").await?;
            }
        }
        // Automatic answers are nobody's; what was written elsewhere in the operator's name is his.
        "message_queued" if frame.actor_id.is_some() => answered(stage, frame.subject),
        "message_created" if frame.data["kind"] == "outbound" && frame.data["echo"] == true => {
            answered(stage, frame.subject);
        }
        "message_undone" => take_back(stage, frame.subject).await?,
        "conversation_taken" => taken(stage).await?,
        "conversation_assigned" | "conversation_taken_over" | "conversation_transferred"
            if !frame.data["to"].is_null() =>
        {
            taken(stage).await?;
        }
        "conversation_closed" => {
            stage.end(DueNorm::Resolution, State::Done, "closed", None);
            stage.end(DueNorm::Reaction, State::Done, "closed", None);
            stage.end(DueNorm::Reply, State::Dropped, "closed", None);
        }
        "conversation_reopened" => stage.reopened().await?,
        "conversation_snoozed" if stage.rule(|policy| policy.pause_when_snoozed) => {
            stage.each(DueNorm::Resolution, |clock| clock.pause(at, "snoozed"));
        }
        "conversation_woken" => stage.each(DueNorm::Resolution, |clock| clock.resume(at, Some("snoozed"), "woken")),
        "marked_spam" => {
            for norm in [DueNorm::Reaction, DueNorm::Reply, DueNorm::Resolution] {
                stage.end(norm, State::Dropped, "spam", None);
            }
        }
        "marked_not_spam" => {
            stage.start(DueNorm::Resolution, "not_spam").await?;
            if conversation.first_reply_at.is_none() {
                stage.start(DueNorm::Reaction, "not_spam").await?;
            }
        }
        "priority_changed" if stage.rule(|policy| policy.follow_priority) => {
            let priority = frame.data["to"].as_str().and_then(Priority::parse);
            stage.choose_anew(priority, false, "priority").await?;
        }
        chosen::EVENT => chosen_by_rule(stage, conversation).await?,
        _ => {}
    }
    Ok(())
}

/// A rule chose a policy: what runs by another is counted by this one, and what only this one promises begins when it
/// would have.
async fn chosen_by_rule(stage: &mut Stage<'_>, conversation: &conversation::Model) -> Result<()> {
    let Some(policy) = stage.choice.as_ref().map(|choice| &choice.held.definition) else { return Ok(()) };
    let (resolution_starts, reaction_ends) = (policy.resolution_starts, policy.reaction_ends);
    stage.choose_anew(None, true, "rule").await?;
    if !matches!(conversation.status, Status::Open | Status::Snoozed) {
        return Ok(());
    }
    let taken = conversation.assignee_id.is_some();
    if !stage.ever(DueNorm::Resolution).await? {
        match resolution_starts {
            ResolutionStarts::Created => {
                stage.start_at(DueNorm::Resolution, "created", conversation.created_at).await?;
            }
            ResolutionStarts::Taken if taken => stage.start(DueNorm::Resolution, "taken").await?,
            ResolutionStarts::Taken => {}
        }
    }
    let Some(since) = chosen::waits_since(stage.tx, conversation.id, stage.at).await? else { return Ok(()) };
    if stage.has(DueNorm::Reaction) || stage.has(DueNorm::Reply) {
        return Ok(());
    }
    let reacted = conversation.first_reply_at.is_some_and(|first| first < since);
    let norm = if reacted || stage.ever(DueNorm::Reaction).await? { DueNorm::Reply } else { DueNorm::Reaction };
    if norm == DueNorm::Reaction && taken && reaction_ends == ReactionEnds::Taken {
        return Ok(());
    }
    stage.start_at(norm, "client_wrote", since).await
}

fn answered(stage: &mut Stage<'_>, message: Option<Uuid>) {
    stage.end(DueNorm::Reaction, State::Done, "answered", message);
    stage.end(DueNorm::Reply, State::Done, "answered", message);
    if stage.rule(|policy| policy.pause_when_answered) {
        let at = stage.at;
        stage.each(DueNorm::Resolution, |clock| clock.pause(at, "awaiting_client"));
    }
}

/// An answer was taken back before it left: it was none.
async fn take_back(stage: &mut Stage<'_>, message: Option<Uuid>) -> Result<()> {
    let Some(message) = message else { return Ok(()) };
    for row in stage.begun().filter(Column::EndedBy.eq(message)).all(stage.tx).await? {
        let mut clock = Clock::read(row)?;
        clock.reopen(stage.at, true, "undone");
        stage.clocks.push(clock);
    }
    let at = stage.at;
    stage.each(DueNorm::Resolution, |clock| clock.resume(at, Some("awaiting_client"), "undone"));
    Ok(())
}

async fn taken(stage: &mut Stage<'_>) -> Result<()> {
    if stage.rule(|policy| policy.reaction_ends == ReactionEnds::Taken) {
        stage.end(DueNorm::Reaction, State::Done, "taken", None);
    }
    if stage.rule(|policy| policy.resolution_starts == ResolutionStarts::Taken)
        && !stage.ever(DueNorm::Resolution).await?
    {
        stage.start(DueNorm::Resolution, "taken").await?;
    }
    Ok(())
}
