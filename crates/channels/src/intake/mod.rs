//! What comes in: vendors' calls and answers are written down at once, and taken by jobs.

mod api;
mod apply;
mod entity;
mod fetch;
mod take;

use std::collections::HashMap;

use base::{ChannelId, Result, UpdateId};
use db::Tx;
use desk::channel;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::channel::ChannelCounts;
use crate::driver::Update;

pub(crate) use api::{pages, routes};
pub(crate) use apply::why;
pub(crate) use entity::State;
pub(crate) use fetch::content_type;
pub(crate) use take::{ForgetUpdates, TakeUpdate};

/// Writes down what a vendor sent, each update once, with a job for each. Answers how many were new.
pub(crate) async fn store(tx: &Tx, channel_id: ChannelId, updates: Vec<Update>) -> Result<usize> {
    let mut new = 0;
    for update in updates {
        let id = UpdateId(tx.new_id());
        let row = entity::ActiveModel {
            id: Set(id),
            channel_id: Set(channel_id),
            dedup_key: Set(update.key),
            order_key: Set(update.order),
            body: Set(update.body),
            state: Set(State::Waiting),
            error: Set(None),
            attempts: Set(0),
            received_at: Set(tx.now()),
        };
        let known = OnConflict::columns([entity::Column::ChannelId, entity::Column::DedupKey]).do_nothing().to_owned();
        if entity::Entity::insert(row).on_conflict(known).exec_without_returning(tx).await? > 0 {
            jobs::enqueue(tx, &TakeUpdate { update_id: id }).await?;
            new += 1;
        }
    }
    if new > 0 {
        channel::Entity::update_many()
            .col_expr(channel::Column::LastInboundAt, Expr::value(tx.now()))
            .filter(channel::Column::Id.eq(channel_id))
            .exec(tx)
            .await?;
    }
    Ok(new)
}

/// How many updates of each channel were written down, and how many could not be taken.
pub(crate) async fn counts(
    connection: &impl ConnectionTrait,
    ids: &[ChannelId],
) -> Result<HashMap<ChannelId, ChannelCounts>> {
    let rows: Vec<(ChannelId, State, i64)> = entity::Entity::find()
        .select_only()
        .column(entity::Column::ChannelId)
        .column(entity::Column::State)
        .column_as(entity::Column::Id.count(), "count")
        .filter(entity::Column::ChannelId.is_in(ids.iter().copied()))
        .group_by(entity::Column::ChannelId)
        .group_by(entity::Column::State)
        .into_tuple()
        .all(connection)
        .await?;
    let mut counts: HashMap<ChannelId, ChannelCounts> = HashMap::new();
    for (id, state, count) in rows {
        let of = counts.entry(id).or_default();
        of.received += count;
        if state == State::Failed {
            of.failed += count;
        }
    }
    Ok(counts)
}
