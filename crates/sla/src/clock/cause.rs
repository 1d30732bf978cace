//! Why a promise was broken: told from who had the case while its time ran.

use base::{Result, Timestamp, UserId};
use db::Tx;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::kept::Clock;
use crate::subject::{About, Record};

desk::text_enum! {
    /// What a broken promise is put down to.
    Cause as "SlaCause" {
        /// Nobody had it when its time was over.
        Untaken = "untaken",
        /// Whoever had it got it when less than a fifth of the time was left.
        TakenLate = "taken_late",
        /// It changed hands while the time ran.
        HandedOver = "handed_over",
        /// The same person had it for most of the time.
        Operator = "operator",
    }
}

/// How a conversation or a ticket comes to somebody.
const HANDS: [&str; 5] = [
    "conversation_taken",
    "conversation_taken_over",
    "conversation_assigned",
    "conversation_transferred",
    "ticket_updated",
];

/// The cause of a clock that was missed.
pub(super) async fn find(tx: &Tx, clock: &Clock) -> Result<Cause> {
    let about = clock.row.about()?;
    let record = Record::find(tx, about).await?;
    let place = match about {
        About::Conversation(id) => bus::Column::ConversationId.eq(id),
        About::Ticket(id) => bus::Column::Subject.eq(id.0),
    };
    let until = clock.row.missed_at.unwrap_or(tx.now());
    let came: Vec<Timestamp> = bus::Entity::find()
        .filter(place)
        .filter(bus::Column::Kind.is_in(HANDS))
        .filter(bus::Column::At.gte(clock.row.started_at))
        .filter(bus::Column::At.lte(until))
        .order_by_asc(bus::Column::Seq)
        .all(tx)
        .await?
        .into_iter()
        .filter(|event| came_to_somebody(&event.kind, &event.data))
        .map(|event| event.at)
        .collect();
    Ok(judge(record.owner_id(), &came, clock.warn_at()))
}

fn came_to_somebody(kind: &str, data: &serde_json::Value) -> bool {
    match kind {
        "conversation_taken" | "conversation_taken_over" => true,
        "ticket_updated" => {
            let owner = |side: &str| data[side]["owner_id"].clone();
            owner("after") != owner("before") && !owner("after").is_null()
        }
        _ => !data["to"].is_null(),
    }
}

/// `came`: when it came to somebody while the time ran, in order.
fn judge(owner: Option<UserId>, came: &[Timestamp], late_from: Option<Timestamp>) -> Cause {
    match (owner, came) {
        (None, _) => Cause::Untaken,
        (Some(_), [_, _, ..]) => Cause::HandedOver,
        (Some(_), [at]) if late_from.is_some_and(|late| *at >= late) => Cause::TakenLate,
        _ => Cause::Operator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_it_decides() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (early, late, end) = (at("2026-12-01T09:00:00Z"), at("2026-12-01T09:48:00Z"), at("2026-12-01T09:55:00Z"));
        let owner = Some(UserId(uuid::Uuid::from_u128(1)));
        assert_eq!(judge(None, &[early, end], Some(late)), Cause::Untaken);
        assert_eq!(judge(owner, &[early, end], Some(late)), Cause::HandedOver);
        assert_eq!(judge(owner, &[end], Some(late)), Cause::TakenLate);
        assert_eq!(judge(owner, &[early], Some(late)), Cause::Operator);
        assert_eq!(judge(owner, &[], Some(late)), Cause::Operator, "he had it before the time began");
    }

    #[test]
    fn giving_something_back_is_no_hand() {
        let data = serde_json::json!({"from": {"id": "x"}, "to": null});
        assert!(!came_to_somebody("conversation_assigned", &data));
        assert!(came_to_somebody("conversation_taken", &serde_json::Value::Null));
        let ticket = serde_json::json!({"before": {"owner_id": null}, "after": {"owner_id": "x"}});
        assert!(came_to_somebody("ticket_updated", &ticket));
        let priority = serde_json::json!({"before": {"owner_id": "x"}, "after": {"owner_id": "x"}});
        assert!(!came_to_somebody("ticket_updated", &priority));
    }
}
