//! How often passwords may be tried.
//!
//! Attempts are rows, not memory: the limit holds across restarts and over all nodes, and beside a password hash one
//! small write costs nothing. An attempt is written down before its password is checked and taken back when it was
//! right, so that a thousand attempts sent at once are counted as well as a thousand in a row.

use app::App;
use base::{Error, Result, Timestamp};
use chrono::Duration;
use db::{Tx, dialect};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set};

use super::secret;
use crate::entity::login_attempt::{ActiveModel, Column, Entity};

/// How long a wrong password counts.
pub(crate) const WINDOW: Duration = Duration::minutes(15);

const PER_ACCOUNT_AND_ADDRESS: u64 = 10;
/// One address that tries many accounts. An office behind one address may mistype more often than a person.
const PER_ADDRESS: u64 = 50;
/// One account tried from many addresses. Higher, as anybody could lock somebody out by it.
const PER_ACCOUNT: u64 = 100;

/// Writes an attempt down, or refuses it when there were too many.
pub async fn begin(app: &App, login: &str, ip: &str) -> Result<()> {
    let account = account(login);
    let tx = app.write().await?;
    // Those who come at the same moment count each other. A password hash takes far longer than this queue moves.
    dialect::lock(&tx, "login_attempt").await?;
    let since = tx.now() - WINDOW;
    let recent = || Entity::find().filter(Column::At.gt(since)).order_by_desc(Column::At);
    let by_account = || recent().filter(Column::Account.eq(account.clone()));
    let limits = [
        (by_account().filter(Column::Ip.eq(ip)), PER_ACCOUNT_AND_ADDRESS),
        (recent().filter(Column::Ip.eq(ip)), PER_ADDRESS),
        (by_account(), PER_ACCOUNT),
    ];
    for (query, limit) in limits {
        if let Some(at) = nth_newest(&tx, query, limit).await? {
            let pause = (at + WINDOW - tx.now()).to_std().unwrap_or_default();
            tracing::warn!(ip, "too many wrong passwords from {ip}");
            return Err(Error::RateLimited(pause));
        }
    }
    let row = ActiveModel { id: Set(tx.new_id()), account: Set(account), ip: Set(ip.to_owned()), at: Set(tx.now()) };
    Entity::insert(row).exec_without_returning(&tx).await?;
    tx.commit().await
}

/// The password was right: earlier mistakes of this person at this address are forgotten.
pub async fn forget(tx: &Tx, login: &str, ip: &str) -> Result<()> {
    let own = Entity::delete_many().filter(Column::Account.eq(account(login))).filter(Column::Ip.eq(ip));
    own.exec(tx).await?;
    Ok(())
}

async fn nth_newest(tx: &Tx, query: Select<Entity>, n: u64) -> Result<Option<Timestamp>> {
    let row = query.offset(n - 1).limit(1).one(tx).await?;
    Ok(row.map(|row| row.at))
}

fn account(login: &str) -> Vec<u8> {
    secret::hash(&login.trim().to_lowercase()).to_vec()
}
