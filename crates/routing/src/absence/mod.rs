//! Who is absent, and who stands in.

use std::collections::HashMap;

use base::{Result, Timestamp, UserId};
use sea_orm::ConnectionTrait;

/// Somebody who is absent now.
#[derive(Clone, Debug)]
pub struct Absent {
    pub name: String,
    pub substitute: Option<(UserId, String)>,
    pub reason: String,
    pub until: Timestamp,
}

/// Everybody who is absent at this time.
pub async fn current(_connection: &impl ConnectionTrait, _now: Timestamp) -> Result<HashMap<UserId, Absent>> {
    Ok(HashMap::new())
}
