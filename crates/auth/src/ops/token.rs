//! API tokens: what programs sign in with, in the name of whoever made them.

use base::{Actor, Error, FieldError, PermissionSet, Result, Timestamp, TokenId, UserId, Words};
use bus::Event;
use chrono::{DateTime, Utc};
use db::{Topic, Tx};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::Deserialize;
use serde_json::json;

use super::secret;
use crate::entity::api_token::{ActiveModel, Column, Entity, Model};

/// Every token begins like this, so that people and secret scanners recognise one.
pub(crate) const PREFIX: &str = "otk_";

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Names of permissions, each one that you have yourself.
    pub scopes: Vec<String>,
    /// Absent: it never expires.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a token; its secret is told once and never again.
pub async fn create(tx: &Tx, actor: &Actor, new: NewToken) -> Result<(Model, String)> {
    let NewToken { name, scopes, expires_at } = new;
    let user_id = actor.user_id().ok_or(Error::Unauthenticated)?;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Error::required("name"));
    }
    if name.chars().count() > 200 {
        return Err(Error::invalid("name", "too_long", "Не больше 200 знаков", "200 characters at most"));
    }
    let scopes = checked_scopes(actor, &scopes)?;
    let expires_at = checked_expiry(expires_at, tx.now())?;
    let secret = format!("{PREFIX}{}", secret::generate());
    let row = ActiveModel {
        id: Set(TokenId(tx.new_id())),
        user_id: Set(user_id),
        name: Set(name),
        token_hash: Set(secret::hash(&secret).to_vec()),
        prefix: Set(secret.chars().take(PREFIX.len() + 6).collect()),
        scopes: Set(json!(scopes.names())),
        created_at: Set(tx.now()),
        expires_at: Set(expires_at),
        last_used_at: Set(None),
    };
    let row = row.insert(tx).await?;
    bus::emit(tx, actor, Event::new("token_created").subject(row.id.0)).await?;
    Ok((row, secret))
}

/// Somebody's tokens, the newest first.
pub async fn list(connection: &impl ConnectionTrait, user_id: UserId) -> Result<Vec<Model>> {
    let own = Entity::find().filter(Column::UserId.eq(user_id));
    Ok(own.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(connection).await?)
}

/// Ends one of one's own tokens.
pub async fn revoke(tx: &Tx, actor: &Actor, id: TokenId) -> Result<()> {
    let user_id = actor.user_id().ok_or(Error::Unauthenticated)?;
    let deleted = Entity::delete_many().filter(Column::UserId.eq(user_id)).filter(Column::Id.eq(id)).exec(tx).await?;
    if deleted.rows_affected == 0 {
        return Err(Error::NotFound("token"));
    }
    bus::emit(tx, actor, Event::new("token_revoked").subject(id.0)).await?;
    tx.signal(Topic::Access);
    Ok(())
}

/// Ends all tokens of somebody.
pub async fn revoke_all(tx: &Tx, user_id: UserId) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(tx).await?;
    tx.signal(Topic::Access);
    Ok(())
}

/// A token may not do more than whoever makes it.
fn checked_scopes(actor: &Actor, scopes: &[String]) -> Result<PermissionSet> {
    if scopes.is_empty() {
        return Err(Error::required("scopes"));
    }
    let own = actor.permissions.names();
    if let Some(index) = scopes.iter().position(|scope| !own.contains(&scope.as_str())) {
        let words =
            Words::new("Такого права нет, или оно вам не дано", "There is no such right, or you do not have it");
        return Err(Error::Invalid(vec![FieldError { field: format!("scopes[{index}]"), code: "bad_scope", words }]));
    }
    Ok(PermissionSet::from_names(scopes.iter().map(String::as_str)))
}

fn checked_expiry(expires_at: Option<DateTime<Utc>>, now: Timestamp) -> Result<Option<Timestamp>> {
    match expires_at {
        Some(at) if at <= now => {
            Err(Error::invalid("expires_at", "in_the_past", "Это время уже прошло", "This time has passed already"))
        }
        other => Ok(other.and_then(|at| DateTime::from_timestamp_micros(at.timestamp_micros()))),
    }
}
