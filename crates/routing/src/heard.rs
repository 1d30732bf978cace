//! What routing does when something happened elsewhere.

use app::{App, Attempt, Job, JobError};
use base::{Actor, ConversationId, Error, GroupId, Result, SessionId, UserId, Words};
use db::Tx;
use desk::client_category::{self, Renamed};
use desk::conversation::{self, Channel, Status as ConversationStatus};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::decision::{self, Source};
use crate::engine::turn_at;
use crate::status::{self, Status};
use crate::{offer, queue, rule, settings, shift, transfer};

/// Which events routing hears.
pub(crate) const SUBSCRIBERS: &[(&str, &str)] = &[
    ("message_created.to_operator", Heard::KIND),
    ("conversation_taken", Heard::KIND),
    ("conversation_taken_over", Heard::KIND),
    ("conversation_assigned", Heard::KIND),
    ("conversation_closed", Heard::KIND),
    ("conversation_snoozed", Heard::KIND),
    ("marked_spam", Heard::KIND),
    ("priority_changed", Heard::KIND),
    ("operator_status_changed", Heard::KIND),
    (client_category::EVENT, Heard::KIND),
    ("user_changed", Heard::KIND),
    ("group_changed", Heard::KIND),
    ("line_changed", Heard::KIND),
    ("session_closed", Heard::KIND),
    ("sla_escalated.to_group", Heard::KIND),
    // Whatever was opened without an owner is routed by the rules.
    ("conversation_created", decision::ROUTE),
    ("conversation_reopened", decision::ROUTE),
    ("conversation_woken", decision::ROUTE),
    ("marked_not_spam", decision::ROUTE),
];

/// Follows an event.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Heard {
    kind: String,
    subject: Option<Uuid>,
    conversation_id: Option<ConversationId>,
    #[serde(default)]
    data: Value,
}

impl Job for Heard {
    const KIND: &'static str = "routing.hear";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        self.follow(&tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

impl Heard {
    async fn follow(&self, tx: &Tx) -> Result<()> {
        match (self.kind.as_str(), self.conversation_id) {
            ("message_created", Some(id)) => self.client_wrote(tx, id).await,
            ("priority_changed", Some(id)) => put_in_order(tx, id).await,
            (client_category::EVENT, _) => match Renamed::read(&self.data) {
                Some(renamed) => rule::rename_category(tx, &renamed).await,
                None => Ok(()),
            },
            ("operator_status_changed", _) => self.status_changed(tx).await,
            ("session_closed", _) => {
                let Some(user_id) = self.subject.map(UserId) else { return Ok(()) };
                let session: Option<SessionId> = serde_json::from_value(self.data["session_id"].clone()).ok();
                status::signed_out(tx, user_id, session).await
            }
            ("sla_escalated", Some(id)) => {
                let group: Option<GroupId> = serde_json::from_value(self.data["give_to_group"].clone()).ok();
                let policy = self.data["policy"].as_str().unwrap_or_default();
                let Some(group) = group else { return Ok(()) };
                transfer::by_deadline(tx, id, group, policy).await
            }
            (_, Some(id)) => {
                self.leave_queue(tx, id).await?;
                queue::want_drain(tx).await
            }
            // Whoever came into a group works by its schedule.
            ("user_changed" | "group_changed", None) => shift::refresh(tx).await,
            // Staff, groups and lines: somebody may be able to take what nobody could.
            (_, None) => queue::want_drain(tx).await,
        }
    }

    /// What somebody has, or nobody needs any more, waits no longer. What its operator gave back waits for whoever is first.
    async fn leave_queue(&self, tx: &Tx, id: ConversationId) -> Result<()> {
        let Some(conversation) = find(tx, id).await? else { return Ok(()) };
        let waits = conversation.status == ConversationStatus::Open && conversation.assignee_id.is_none();
        if !waits {
            queue::forget(tx, &[id]).await?;
            return offer::withdraw(tx, id).await;
        }
        // Routing itself says its source and has placed it already.
        let by_hand = self.kind == "conversation_assigned" && self.data["source"].is_null();
        if by_hand && conversation.channel != Channel::Manual {
            let demand = queue::Demand::default();
            let waits = queue::Waits { group: None, automatic: false, demand: &demand, decision: None };
            queue::enter(tx, &conversation, waits).await?;
        }
        Ok(())
    }

    /// A client who writes to somebody who is not to be disturbed, or is not here, goes to others.
    async fn client_wrote(&self, tx: &Tx, id: ConversationId) -> Result<()> {
        let Some(conversation) = find(tx, id).await? else { return Ok(()) };
        let Some(owner) = conversation.assignee_id else { return Ok(()) };
        release(tx, conversation, owner).await
    }

    async fn status_changed(&self, tx: &Tx) -> Result<()> {
        let Some(user_id) = self.subject.map(UserId) else { return Ok(()) };
        let state = status::find(tx, user_id).await?;
        match state.map(|state| state.status) {
            Some(Status::Free) => queue::want_drain(tx).await,
            Some(Status::Dnd | Status::Offline) => {
                // Clients who are waiting in a chat for his answer wait no longer; letters lie until he or the client comes.
                let waiting = conversation::Entity::find()
                    .filter(conversation::Column::AssigneeId.eq(user_id))
                    .filter(conversation::Column::Status.eq(ConversationStatus::Open))
                    .filter(conversation::Column::ChatId.is_not_null())
                    .filter(conversation::Column::LastFrom.eq(conversation::From::Client))
                    .filter(conversation::Column::Unread.eq(true))
                    .limit(200)
                    .lock(db::HOLD)
                    .all(tx)
                    .await?;
                for conversation in waiting {
                    release(tx, conversation, user_id).await?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Takes a conversation from an operator who cannot answer now and routes it again. He stays its last operator.
async fn release(tx: &Tx, conversation: conversation::Model, owner: UserId) -> Result<()> {
    if conversation.status != ConversationStatus::Open {
        return Ok(());
    }
    let status = status::find(tx, owner).await?.map(|state| state.status);
    let why = match status {
        Some(Status::Dnd) => Words::new("оператор просит не беспокоить", "its operator does not want to be disturbed"),
        Some(Status::Offline) => Words::new("оператор не в сети", "its operator is offline"),
        _ => return Ok(()),
    };
    let id = conversation.id;
    let data = json!({"source": Source::Dnd, "reason": status, "why": why});
    conversation::hand_over(tx, &Actor::system(), conversation, None, "conversation_assigned", data).await?;
    decision::route(tx, id, tx.new_id(), true, Some(Source::Dnd)).await.map(drop)
}

/// A new priority is a new place in the queue.
async fn put_in_order(tx: &Tx, id: ConversationId) -> Result<()> {
    let Some(entry) = queue::Entity::find_by_id(id).one(tx).await? else { return Ok(()) };
    let Some(conversation) = find(tx, id).await? else { return Ok(()) };
    let weight = client_category::weight_of(tx, conversation.contact_id).await?;
    let minutes = settings::get(tx).await?.aging_minutes_per_level;
    queue::Entity::update_many()
        .col_expr(queue::Column::TurnAt, Expr::value(turn_at(entry.entered_at, conversation.priority, weight, minutes)))
        .filter(queue::Column::ConversationId.eq(id))
        .exec(tx)
        .await?;
    queue::want_drain(tx).await
}

async fn find(tx: &Tx, id: ConversationId) -> Result<Option<conversation::Model>> {
    match conversation::find_to_change(tx, &Actor::system(), id).await {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
