//! Commands and queries on preferences.

use std::collections::HashMap;

use base::{Actor, Error, Result, Timestamp, UserId};
use db::Tx;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};

use super::entity::{Column, Entity, Model};
use super::quiet::Span;
use crate::kind::Kind;

desk::text_enum! {
    /// A sound of a notification; the page plays it.
    Sound as "NotificationSound" {
        Drop = "drop",
        Bell = "bell",
        Chime = "chime",
        Pulse = "pulse",
        Call = "call",
    }
}

/// How something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NotificationWays)]
pub(crate) struct Ways {
    /// Stands in the feed.
    pub feed: bool,
    /// Null: none.
    pub sound: Option<Sound>,
    /// Pops up while a page is open somewhere.
    pub desktop: bool,
    /// Sent to the devices that take push messages, also with no page open.
    pub push: bool,
    /// Written to the person's address when he has not read it two minutes later; also in quiet hours.
    #[serde(default)]
    #[schema(required = true)]
    pub mail: bool,
}

impl Ways {
    pub const NONE: Ways = Ways { feed: false, sound: None, desktop: false, push: false, mail: false };
}

/// What somebody has chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Preferences {
    pub ways: HashMap<Kind, Ways>,
    pub quiet: Option<Span>,
}

impl Preferences {
    /// How a kind is told at all.
    pub fn chosen(&self, kind: Kind) -> Ways {
        self.ways.get(&kind).copied().unwrap_or(kind.traits().usual)
    }

    /// How a kind is told now, where this person is.
    pub fn ways(&self, kind: Kind, now: Timestamp, time_zone: &str) -> Ways {
        let chosen = self.chosen(kind);
        match self.quiet {
            Some(quiet) if quiet.holds(now, time_zone) => Ways { feed: chosen.feed, mail: chosen.mail, ..Ways::NONE },
            _ => chosen,
        }
    }

    fn read(row: Model) -> Result<Self> {
        // A kind that a newer version knew is left out: it must not break an older one.
        let stored: HashMap<String, Value> = serde_json::from_value(row.ways)?;
        let known = stored
            .into_iter()
            .filter_map(|(kind, ways)| Kind::parse(&kind).zip(serde_json::from_value::<Ways>(ways).ok()));
        let quiet = row.quiet_from.zip(row.quiet_until).map(|(from, until)| Span { from, until });
        Ok(Preferences { ways: known.collect(), quiet })
    }
}

type Value = serde_json::Value;

/// What these people have chosen; whoever has chosen nothing is not in it.
pub(crate) async fn of(connection: &impl ConnectionTrait, users: &[UserId]) -> Result<HashMap<UserId, Preferences>> {
    let rows = Entity::find().filter(Column::UserId.is_in(users.iter().copied())).all(connection).await?;
    rows.into_iter().map(|row| Ok((row.user_id, Preferences::read(row)?))).collect()
}

pub(super) async fn own(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Preferences> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    Ok(of(connection, &[me]).await?.remove(&me).unwrap_or_default())
}

pub(super) async fn set(tx: &Tx, actor: &Actor, preferences: &Preferences) -> Result<()> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let row = Model {
        user_id: me,
        ways: serde_json::to_value(&preferences.ways)?,
        quiet_from: preferences.quiet.map(|quiet| quiet.from),
        quiet_until: preferences.quiet.map(|quiet| quiet.until),
    };
    let overwrite = OnConflict::column(Column::UserId)
        .update_columns([Column::Ways, Column::QuietFrom, Column::QuietUntil])
        .to_owned();
    Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await?;
    crate::ops::changed(tx, actor, me).await
}
