//! Logins: one per browser, ended by its owner, by a new password, or by a month without use.

use base::{Actor, Error, Result, SessionId, Timestamp, UserId};
use bus::Event;
use chrono::Duration;
use db::{Topic, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use super::login::Client;
use super::secret;
use crate::entity::login_session::{ActiveModel, Column, Entity, Model};

/// A login ends when it is not used for this long.
pub(crate) const LIFETIME: Duration = Duration::days(30);

/// Signs somebody in and answers the token for the cookie; only its hash is stored.
pub async fn open(tx: &Tx, user_id: UserId, client: &Client) -> Result<String> {
    let token = secret::generate();
    let row = ActiveModel {
        id: Set(SessionId(tx.new_id())),
        user_id: Set(user_id),
        token_hash: Set(secret::hash(&token).to_vec()),
        ip: Set(client.ip.clone()),
        user_agent: Set(client.user_agent.chars().take(300).collect()),
        created_at: Set(tx.now()),
        last_seen_at: Set(tx.now()),
        expires_at: Set(tx.now() + LIFETIME),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(token)
}

/// Somebody's logins, the last used first.
pub async fn list(connection: &impl ConnectionTrait, user_id: UserId, now: Timestamp) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::UserId.eq(user_id)).filter(Column::ExpiresAt.gt(now));
    Ok(own.order_by_desc(Column::LastSeenAt).order_by_desc(Column::Id).all(connection).await?)
}

/// Ends one of somebody's own logins.
pub async fn revoke(tx: &Tx, user_id: UserId, id: SessionId) -> Result<()> {
    let deleted = Entity::delete_many().filter(Column::UserId.eq(user_id)).filter(Column::Id.eq(id)).exec(tx).await?;
    if deleted.rows_affected == 0 {
        return Err(Error::NotFound("session"));
    }
    let event = Event::new("session_closed").subject(user_id.0).data(json!({"session_id": id}));
    bus::emit(tx, &Actor::system(), event).await?;
    tx.signal(Topic::Access);
    Ok(())
}

/// Ends somebody's logins, all but `keep`.
pub async fn revoke_others(tx: &Tx, user_id: UserId, keep: Option<SessionId>) -> Result<()> {
    let mut doomed = Entity::delete_many().filter(Column::UserId.eq(user_id));
    if let Some(keep) = keep {
        doomed = doomed.filter(Column::Id.ne(keep));
    }
    doomed.exec(tx).await?;
    tx.signal(Topic::Access);
    Ok(())
}
