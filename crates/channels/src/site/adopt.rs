//! Chats that had hours of their own, from before schedules were shared: each distinct week becomes a saved schedule, named
//! after the first chat that had it.

use app::App;
use base::{Actor, Result};
use calendar::{Definition, Span, Weekday, WeeklyDay};
use db::{Tx, dialect};
use desk::channel::{Column, Entity, Kind, Model};
use desk::schedule::{self, ScheduleId};
use desk::usage;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};

/// Repeatable: a chat that was looked at says which hours it has.
pub(crate) async fn adopt_hours(app: App) -> Result<()> {
    let chats = || Entity::find().filter(Column::Kind.eq(Kind::Chat)).order_by_asc(Column::CreatedAt);
    let is_old = |channel: &Model| channel.settings["hours"].is_null();
    if !chats().all(app.db.read()).await?.iter().any(is_old) {
        return Ok(());
    }
    let tx = app.write().await?;
    dialect::lock(&tx, "adopt-hours").await?;
    for channel in chats().all(&tx).await?.into_iter().filter(is_old) {
        adopt(&tx, channel).await?;
    }
    tx.commit().await
}

async fn adopt(tx: &Tx, channel: Model) -> Result<()> {
    let mut settings = channel.settings.clone();
    let Some(values) = settings.as_object_mut() else { return Ok(()) };
    let schedule_id = match values.remove("working_hours").as_ref().and_then(definition) {
        Some(week) => schedule::adopt(tx, &Actor::system(), &channel.name, week).await?,
        None => None,
    };
    values.insert("hours".to_owned(), json!(schedule_id.map_or("always".to_owned(), |id| id.to_string())));
    let used: Option<ScheduleId> = schedule_id.filter(|_| channel.deleted_at.is_none());
    let owner = usage::Owner { kind: usage::Kind::Channel, id: channel.id.0, name: &channel.name };
    usage::record(tx, owner, used.map(|id| id.0)).await?;
    let mut row = channel.into_active_model();
    row.settings = Set(settings);
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}

/// `{"time_zone": "Europe/Moscow", "mon": [["09:00", "18:00"]], ...}` as a schedule.
fn definition(week: &Value) -> Option<Definition> {
    let day = |day: Weekday| {
        let name = serde_json::to_value(day).ok()?;
        let mut spans: Vec<(&str, &str)> = Vec::new();
        for span in week[name.as_str()?].as_array()? {
            spans.push((span[0].as_str()?, span[1].as_str()?));
        }
        let intervals = apart(spans);
        (!intervals.is_empty()).then_some(WeeklyDay { day, intervals })
    };
    let time_zone = week["time_zone"].as_str()?.to_owned();
    Some(Definition { time_zone, weekly: Weekday::ALL.into_iter().filter_map(day).collect(), ..Definition::default() })
}

/// In order, those that overlapped as one: a chat was allowed such.
fn apart(spans: Vec<(&str, &str)>) -> Vec<Span> {
    let padded = |time: &str| format!("{time:0>5}");
    let mut spans: Vec<(String, String)> = spans.into_iter().map(|(from, to)| (padded(from), padded(to))).collect();
    spans.sort();
    let mut merged: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if from <= last.to => last.to = last.to.clone().max(to),
            _ => merged.push(Span { from, to }),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_of_a_chat_becomes_a_schedule() {
        let week = json!({"time_zone": "Europe/Moscow", "mon": [["12:00", "18:00"], ["9:00", "13:00"]], "tue": [], "sat": [["10:00", "24:00"]]});
        let expected = json!({"time_zone": "Europe/Moscow", "weekly": [
            {"day": "mon", "intervals": [{"from": "09:00", "to": "18:00"}]},
            {"day": "sat", "intervals": [{"from": "10:00", "to": "24:00"}]},
        ]});
        let read = definition(&week).unwrap();
        assert_eq!(read, serde_json::from_value::<Definition>(expected).unwrap());
        assert!(read.schedule("").is_ok());
        assert_eq!(definition(&Value::Null), None);
    }
}
