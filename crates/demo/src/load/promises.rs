//! What the company promises: a policy for everybody, and a quicker one for VIP clients. The last week is counted by them.

use base::{Actor, Result};
use chrono::Duration;
use db::Tx;
use desk::policy::PolicyId;
use desk::schedule;
use serde_json::{Value, json};

use super::people::{Places, TIME_ZONE};
use crate::World;

/// What has been promised for longer is nobody's concern any more.
const COUNTED: i64 = 7;
/// A larger world is for measuring: there nothing is promised.
const LIVING: usize = 5_000;

const HOUR: i64 = 3600;

/// Before the categories of clients, which name a policy.
pub(super) async fn policies(tx: &Tx, world: &World, places: &Places) -> Result<Option<PolicyId>> {
    if world.scale.conversations > LIVING {
        return Ok(None);
    }
    let day = |day| json!({"day": day, "intervals": [{"from": "09:00", "to": "18:00"}]});
    let week: Vec<Value> = ["mon", "tue", "wed", "thu", "fri"].into_iter().map(day).collect();
    let office = json!({"time_zone": TIME_ZONE, "weekly": week, "exceptions": []});
    let office = schedule::adopt(tx, &Actor::system(), "Офис: пн–пт 9–18", serde_json::from_value(office)?).await?;
    let norms = |reaction, reply, resolution, taken, resolved| {
        json!({
            "reaction_seconds": reaction, "reply_seconds": reply, "resolution_seconds": resolution,
            "ticket_reaction_seconds": taken, "ticket_resolution_seconds": resolved,
        })
    };
    let lines: Vec<_> = places.lines.iter().map(|(id, _)| *id).collect();
    let standard = json!({
        "schedule_id": office,
        "norms": norms(HOUR, 2 * HOUR, 40 * HOUR, 2 * HOUR, 40 * HOUR),
        "pause_when_snoozed": true,
        "pause_when_answered": true,
        "follow_priority": true,
        "steps": [{"before_percent": 50, "tell_operator": true}],
    });
    sla::introduce_policy(tx, "Стандарт", standard, &lines).await?;
    let vip = json!({
        "schedule_id": office,
        "norms": norms(HOUR / 2, HOUR, 16 * HOUR, HOUR / 2, 16 * HOUR),
        "follow_priority": true,
        "steps": [{"before_percent": 50, "tell_operator": true, "tell_supervisors": true}],
    });
    sla::introduce_policy(tx, "VIP", vip, &[]).await.map(Some)
}

/// Lets the clocks follow the last week, and pass over what was before.
pub(super) async fn count(tx: &Tx, world: &World) -> Result<()> {
    let since = world.now - Duration::days(COUNTED);
    let first = (world.scale.conversations <= LIVING).then_some(("conversation_created", since));
    bus::follow::pass_over(tx, first).await
}
