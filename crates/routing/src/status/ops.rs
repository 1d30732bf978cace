//! Commands and queries on statuses.

use std::collections::{BTreeMap, HashMap};

use base::{Actor, Error, GroupId, LineId, Result, UserId};
use bus::Event;
use chrono::{DateTime, Utc};
use db::Tx;
use desk::conversation::Channel;
use desk::people::StaffRef;
use desk::user;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::Serialize;
use serde_json::json;

use super::{ActiveModel, Cause, Entity, Model, Status, log};
use crate::activity::{self, ActivityRef};
use crate::crew::Crew;
use crate::engine::WHOLE;
use crate::settings::in_range;

/// An operator as colleagues see him.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct OperatorView {
    pub user: StaffRef,
    pub status: Status,
    /// Null: he has never been here.
    pub since: Option<DateTime<Utc>>,
    /// Set by Otklik, not by him.
    pub automatic: bool,
    /// On vacation or ill now: gets nothing by routing.
    pub absent: bool,
    /// He has a schedule today, and no shift now.
    pub off_shift: bool,
    /// When the shift he is on ends; null: he is on none.
    pub shift_ends_at: Option<DateTime<Utc>>,
    /// When his next shift begins; null: none is planned.
    pub next_shift_at: Option<DateTime<Utc>>,
    pub activity: Option<ActivityRef>,
    /// How many open conversations he has.
    pub open: i64,
    /// The same by the weights of channels: this is what the limit counts.
    pub load: f64,
    pub limit: i64,
    pub own_limit: Option<i64>,
    pub channel_limits: BTreeMap<String, i64>,
    pub last_assigned_at: Option<DateTime<Utc>>,
    pub groups: Vec<GroupId>,
    /// Lines he serves, of those you see.
    pub lines: Vec<LineId>,
}

/// Operators by name, those that `wanted` chooses.
pub(crate) async fn views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    crew: &Crew,
    wanted: impl Fn(UserId) -> bool,
) -> Result<Vec<OperatorView>> {
    let activities: HashMap<_, _> = activity::names(connection).await?;
    let view = |operator: &crate::engine::Operator| {
        let member = crew.members.get(&operator.id)?;
        let state = member.state.as_ref();
        let activity = state.and_then(|state| activities.get(&state.activity_id?).cloned());
        Some(OperatorView {
            user: member.person.clone(),
            status: member.status(),
            since: state.map(|state| state.since),
            automatic: state.is_some_and(|state| state.automatic),
            absent: member.absent,
            off_shift: operator.off_shift,
            shift_ends_at: member.duty.and_then(|duty| duty.until),
            next_shift_at: member.duty.and_then(|duty| duty.next),
            activity,
            open: member.open,
            load: operator.load as f64 / WHOLE as f64,
            limit: operator.limit / WHOLE,
            own_limit: state.and_then(|state| state.open_limit),
            channel_limits: operator.limits.iter().map(|(kind, limit)| (kind.as_str().to_owned(), *limit)).collect(),
            last_assigned_at: operator.last_assigned_at,
            groups: operator.groups.clone(),
            lines: member.lines.iter().copied().filter(|line| actor.sees_line(*line)).collect(),
        })
    };
    Ok(crew.operators.iter().filter(|operator| wanted(operator.id)).filter_map(view).collect())
}

pub(crate) async fn find(connection: &impl ConnectionTrait, user_id: UserId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(user_id).one(connection).await?)
}

/// The same, held until the end of the transaction.
pub(super) async fn held(tx: &Tx, user_id: UserId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(user_id).lock(db::HOLD).one(tx).await?)
}

/// Changes somebody's status; does nothing when he has it already by the same will.
pub async fn change(tx: &Tx, actor: &Actor, user_id: UserId, status: Status, cause: Cause) -> Result<()> {
    let by_hand = matches!(cause, Cause::Own | Cause::Supervisor);
    let Some(state) = held(tx, user_id).await? else { return begin(tx, actor, user_id, status, cause).await };
    let mut row = ActiveModel { user_id: Set(user_id), ..Default::default() };
    if by_hand {
        row.chosen = Set(status);
        row.active_at = Set(tx.now());
        row.seen_at = Set(tx.now());
    }
    row.automatic = Set(!by_hand);
    if state.status == status {
        Entity::update(row).exec_without_returning(tx).await?;
        return Ok(());
    }
    row.status = Set(status);
    row.since = Set(tx.now());
    Entity::update(row).exec_without_returning(tx).await?;
    write_down(tx, actor, user_id, Some(state.status), status, cause).await
}

/// The first status of somebody.
async fn begin(tx: &Tx, actor: &Actor, user_id: UserId, status: Status, cause: Cause) -> Result<()> {
    let row = fresh(user_id, status, cause, tx.now());
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    write_down(tx, actor, user_id, None, status, cause).await
}

fn fresh(user_id: UserId, status: Status, cause: Cause, now: DateTime<Utc>) -> Model {
    Model {
        user_id,
        status,
        chosen: status,
        automatic: !matches!(cause, Cause::Own | Cause::Supervisor),
        since: now,
        active_at: now,
        seen_at: now,
        last_assigned_at: None,
        open_limit: None,
        channel_limits: json!({}),
        activity_id: None,
    }
}

async fn write_down(
    tx: &Tx,
    actor: &Actor,
    user_id: UserId,
    before: Option<Status>,
    status: Status,
    cause: Cause,
) -> Result<()> {
    log::Entity::update_many()
        .col_expr(log::Column::Until, Expr::value(tx.now()))
        .filter(log::Column::UserId.eq(user_id))
        .filter(log::Column::Until.is_null())
        .exec(tx)
        .await?;
    let automatic = !matches!(cause, Cause::Own | Cause::Supervisor);
    let (id, actor_id, at) = (tx.new_id(), actor.user_id(), tx.now());
    let row = log::Model { id, user_id, status, automatic, cause, actor_id, at, until: None };
    log::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    let data = json!({"user_id": user_id, "status": status, "before": before, "cause": cause});
    bus::emit(tx, actor, Event::new("operator_status_changed").subject(user_id.0).data(data)).await?;
    Ok(())
}

/// Somebody who has a row, for what needs one.
pub(super) async fn ensure(tx: &Tx, user_id: UserId) -> Result<()> {
    user::find(tx, user_id).await?;
    if held(tx, user_id).await?.is_none() {
        let row =
            Model { automatic: true, chosen: Status::Free, ..fresh(user_id, Status::Offline, Cause::Own, tx.now()) };
        Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Sets how much somebody can carry. None: as everybody.
pub(super) async fn set_limits(
    tx: &Tx,
    actor: &Actor,
    user_id: UserId,
    limit: Option<i64>,
    by_channel: &BTreeMap<String, i64>,
) -> Result<()> {
    ensure(tx, user_id).await?;
    if let Some(limit) = limit {
        in_range("limit", limit, 0, 500)?;
    }
    for (channel, limit) in by_channel {
        let field = format!("by_channel.{channel}");
        if Channel::parse(channel).is_none() {
            return Err(Error::invalid(
                field,
                "unknown",
                "Нет такого вида каналов",
                "There is no such kind of channel",
            ));
        }
        in_range(&field, *limit, 0, 500)?;
    }
    let row = ActiveModel {
        user_id: Set(user_id),
        open_limit: Set(limit),
        channel_limits: Set(json!(by_channel)),
        ..Default::default()
    };
    Entity::update(row).exec_without_returning(tx).await?;
    let event = Event::new("operator_changed").subject(user_id.0).data(json!({"change": "limits"}));
    bus::emit(tx, actor, event).await.map(drop)
}

/// The statuses somebody had between two times, the newest first, at most 1000.
pub(super) async fn history(
    connection: &impl ConnectionTrait,
    user_id: UserId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<log::Model>> {
    user::find(connection, user_id).await?;
    let query = log::Entity::find()
        .filter(log::Column::UserId.eq(user_id))
        .filter(log::Column::At.lte(to))
        .filter(Condition::any().add(log::Column::Until.is_null()).add(log::Column::Until.gt(from)))
        .order_by_desc(log::Column::At)
        .order_by_desc(log::Column::Id)
        .limit(1000);
    Ok(query.all(connection).await?)
}

/// When these people were on duty: any status but offline. What still goes on ends now.
pub(crate) async fn on_duty(
    connection: &impl ConnectionTrait,
    users: &[UserId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<Vec<(UserId, DateTime<Utc>, DateTime<Utc>)>> {
    let query = log::Entity::find()
        .select_only()
        .columns([log::Column::UserId, log::Column::At, log::Column::Until])
        .filter(log::Column::UserId.is_in(users.to_vec()))
        .filter(log::Column::Status.ne(Status::Offline))
        .filter(log::Column::At.lt(to))
        .filter(Condition::any().add(log::Column::Until.is_null()).add(log::Column::Until.gt(from)));
    let rows: Vec<(UserId, DateTime<Utc>, Option<DateTime<Utc>>)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(user, at, until)| (user, at, until.unwrap_or(now))).collect())
}

/// Notes what somebody is doing now.
pub(crate) async fn set_activity(tx: &Tx, user_id: UserId, activity_id: Option<activity::ActivityId>) -> Result<()> {
    ensure(tx, user_id).await?;
    let row = ActiveModel { user_id: Set(user_id), activity_id: Set(activity_id), ..Default::default() };
    Entity::update(row).exec_without_returning(tx).await?;
    Ok(())
}
