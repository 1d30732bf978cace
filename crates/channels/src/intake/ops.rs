//! Commands and queries on the ledger of what vendors sent.

use std::collections::HashMap;

use base::{Actor, ChannelId, Error, Result, UpdateId};
use db::Tx;
use desk::channel;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use super::entity::{self, State};
use super::take::TakeUpdate;
use crate::channel::{ChannelCounts, ops as channel_ops};
use crate::driver::Update;

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

/// Takes again what could not be taken.
pub(super) async fn retry(tx: &Tx, actor: &Actor, id: UpdateId) -> Result<()> {
    let gone = || Error::NotFound("update");
    let row = entity::Entity::find_by_id(id).lock(db::HOLD).one(tx).await?.ok_or_else(gone)?;
    channel_ops::visible(tx, actor, row.channel_id).await.map_err(|_| gone())?;
    if row.state != State::Failed {
        let (ru, en) = ("Это обновление не нужно брать повторно", "This update does not need to be taken again");
        return Err(Error::conflict("not_failed", ru, en));
    }
    entity::Entity::update_many()
        .col_expr(entity::Column::State, Expr::value(State::Waiting))
        .col_expr(entity::Column::Error, Expr::value(None::<String>))
        .col_expr(entity::Column::Attempts, Expr::value(0i64))
        .filter(entity::Column::Id.eq(id))
        .exec(tx)
        .await?;
    jobs::enqueue(tx, &TakeUpdate { update_id: id }).await?;
    Ok(())
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
