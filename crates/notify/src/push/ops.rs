//! Commands and queries on devices.

use std::collections::HashMap;

use app::App;
use base::{Actor, Error, Result, SessionId, UserId};
use db::Tx;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};

use super::entity::{Column, DeviceId, Entity, Model};
use super::jobs::{Send, What};
use super::seal::Recipient;
use crate::entity::NotificationId;

/// More devices than one person has; the oldest goes.
const MOST: usize = 10;

/// What a browser gives when it takes push messages.
pub(super) struct NewDevice {
    pub endpoint: String,
    pub public_key: String,
    pub auth: String,
    pub name: String,
    pub session_id: Option<SessionId>,
}

/// Puts the messages of these notifications on the queue, one for each device of their owners.
pub(crate) async fn enqueue(tx: &Tx, told: HashMap<UserId, NotificationId>) -> Result<()> {
    let devices = Entity::find().filter(Column::UserId.is_in(told.keys().copied())).all(tx).await?;
    for device in devices {
        if let Some(notification) = told.get(&device.user_id) {
            let send = Send { device_id: device.id, what: What::Notification(*notification) };
            jobs::enqueue(tx, &send).await?;
        }
    }
    Ok(())
}

/// The actor's devices, the newest first.
pub(super) async fn list(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<Model>> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    Ok(Entity::find().filter(Column::UserId.eq(me)).order_by_desc(Column::Id).all(connection).await?)
}

/// One of the actor's own.
pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: DeviceId) -> Result<Model> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let own = Entity::find_by_id(id).filter(Column::UserId.eq(me)).one(connection).await?;
    own.ok_or(Error::NotFound("device"))
}

/// Takes a device, or the same once more: a browser has one subscription, whoever signs in there.
pub(super) async fn add(app: &App, tx: &Tx, actor: &Actor, new: NewDevice) -> Result<Model> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let NewDevice { endpoint, public_key, auth, name, session_id } = new;
    let is_address =
        reqwest::Url::parse(&endpoint).is_ok_and(|url| url.scheme() == "https" || app.config.allow_private_addresses);
    if endpoint.len() > 2000 || !is_address || !app.http.allows(&endpoint) {
        let (ru, en) = ("Это не адрес службы уведомлений", "This is no address of a push service");
        return Err(Error::invalid("endpoint", "bad_address", ru, en));
    }
    if Recipient::read(&public_key, &auth).is_none() {
        let (ru, en) = ("Ключи браузера повреждены", "The browser's keys are damaged");
        return Err(Error::invalid("keys", "bad_keys", ru, en));
    }
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(100).collect();
    let auth = app.secrets.seal(&auth)?;
    if let Some(known) = Entity::find().filter(Column::Endpoint.eq(&endpoint)).one(tx).await? {
        let mut row = known.into_active_model();
        row.user_id = Set(me);
        row.session_id = Set(session_id);
        row.public_key = Set(public_key);
        row.auth = Set(auth);
        row.name = Set(name);
        return Ok(Entity::update(row).exec(tx).await?);
    }
    let row = Model {
        id: DeviceId(tx.new_id()),
        user_id: me,
        session_id,
        endpoint,
        public_key,
        auth,
        name,
        created_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    let too_many = list(tx, actor).await?.into_iter().skip(MOST).map(|device| device.id);
    Entity::delete_many().filter(Column::Id.is_in(too_many)).exec(tx).await?;
    Ok(row)
}

pub(super) async fn remove(tx: &Tx, actor: &Actor, id: DeviceId) -> Result<()> {
    let device = find(tx, actor, id).await?;
    Entity::delete_by_id(device.id).exec(tx).await?;
    Ok(())
}

/// Sends a message to see whether it comes.
pub(super) async fn try_out(tx: &Tx, actor: &Actor, id: DeviceId) -> Result<()> {
    let device = find(tx, actor, id).await?;
    jobs::enqueue(tx, &Send { device_id: device.id, what: What::Trial }).await.map(drop)
}

/// Whose devices are to be forgotten.
pub(super) enum Whose {
    Of(UserId),
    Under(SessionId),
    One(DeviceId),
}

pub(super) async fn forget(tx: &Tx, whose: Whose) -> Result<()> {
    let which = match whose {
        Whose::Of(id) => Column::UserId.eq(id),
        Whose::Under(id) => Column::SessionId.eq(id),
        Whose::One(id) => Column::Id.eq(id),
    };
    Entity::delete_many().filter(which).exec(tx).await?;
    Ok(())
}
