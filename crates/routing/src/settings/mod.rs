//! Settings of distribution for the whole installation.

mod api;

use std::collections::BTreeMap;

use base::{Actor, Error, Result};
use bus::Event;
use db::Tx;
use desk::conversation::Channel;
use desk::setting;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::engine::WHOLE;

pub(crate) use api::routes;

/// How work is distributed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
#[schema(as = RoutingSettings)]
pub struct Settings {
    /// How many open conversations an operator has at most, 1 to 500, unless he has a limit of his own. Only what is
    /// distributed counts against it: by hand anybody takes what he wants.
    pub default_limit: i64,
    /// What a conversation of a channel weighs, 0.05 to 10; a channel that is not here weighs 1.
    pub channel_weights: BTreeMap<String, f64>,
    /// A free operator who does nothing counts as away after so many minutes, 1 to 240.
    pub away_after_minutes: i64,
    /// Offline after so many minutes without a connection, 2 to 999.
    pub offline_after_minutes: i64,
    /// How long an offer waits for somebody, 10 to 3600 seconds.
    pub offer_seconds: i64,
    /// What a level of priority is worth: so many minutes of waiting, 1 to 1440.
    pub aging_minutes_per_level: i64,
    /// A conversation can be transferred only to somebody who is free; otherwise also to whoever is away, busy or at his limit.
    pub only_online_assignable: bool,
    /// The common queue of a line is given out too; otherwise whoever is first takes from it.
    pub distribute_common_queue: bool,
    /// Whoever has a schedule of work gets new conversations only on shift, on lines that do not say otherwise. Whoever has
    /// none today is held back by none.
    pub only_on_shift: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            default_limit: 10,
            channel_weights: BTreeMap::new(),
            away_after_minutes: 5,
            offline_after_minutes: 2,
            offer_seconds: 60,
            aging_minutes_per_level: 30,
            only_online_assignable: true,
            distribute_common_queue: false,
            only_on_shift: false,
        }
    }
}

impl Settings {
    /// What a conversation of this channel weighs, in hundredths.
    pub fn weight(&self, channel: Channel) -> i64 {
        let weight = self.channel_weights.get(channel.as_str()).copied().unwrap_or(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "at most 1,000")]
        let hundredths = (weight * WHOLE as f64).round() as i64;
        hundredths
    }
}

const NAME: &str = "routing";

pub async fn get(connection: &impl ConnectionTrait) -> Result<Settings> {
    Ok(setting::get(connection, NAME).await?.unwrap_or_default())
}

pub(crate) async fn put(tx: &Tx, actor: &Actor, settings: Settings) -> Result<Settings> {
    check(&settings)?;
    setting::set(tx, NAME, &settings).await?;
    bus::emit(tx, actor, Event::new("routing_settings_changed")).await?;
    Ok(settings)
}

fn check(settings: &Settings) -> Result<()> {
    let ranges = [
        ("default_limit", settings.default_limit, 1, 500),
        ("away_after_minutes", settings.away_after_minutes, 1, 240),
        ("offline_after_minutes", settings.offline_after_minutes, 2, 999),
        ("offer_seconds", settings.offer_seconds, 10, 3600),
        ("aging_minutes_per_level", settings.aging_minutes_per_level, 1, 1440),
    ];
    for (field, value, least, most) in ranges {
        in_range(field, value, least, most)?;
    }
    for (channel, weight) in &settings.channel_weights {
        let field = format!("channel_weights.{channel}");
        if Channel::parse(channel).is_none() {
            return Err(Error::invalid(
                field,
                "unknown",
                "Нет такого вида каналов",
                "There is no such kind of channel",
            ));
        }
        if !(0.05..=10.0).contains(weight) {
            return Err(Error::invalid(field, "out_of_range", "От 0,05 до 10", "From 0.05 to 10"));
        }
    }
    Ok(())
}

/// Refuses a number that is out of range.
pub(crate) fn in_range(field: &str, value: i64, least: i64, most: i64) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let words = base::Words::owned(format!("От {least} до {most}"), format!("From {least} to {most}"));
    Err(Error::Invalid(vec![base::FieldError { field: field.to_owned(), code: "out_of_range", words }]))
}
