//! Who sends a request, by the hash of his token.
//!
//! Answers are kept in memory for a few seconds, as every request asks. Invariant: a change of rights, logins or tokens
//! is obeyed at once by the node that made it (`Topic::Access` empties the memory with the commit); other nodes hear of
//! it through the database's notifications, and after `KEEP` at the latest.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use app::{App, Identity};
use base::{Actor, ActorKind, Language, PermissionSet, Result, SessionId, Timestamp, TokenId, UserId};
use chrono::Duration;
use db::{Topic, dialect};
use desk::line::{self, Reach};
use desk::user;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult};
use serde_json::Value;

use super::secret::{self, TokenHash};
use super::session;
use crate::entity::{api_token, login_session};

const KEEP: Duration = Duration::seconds(5);
const MAX_KEPT: usize = 10_000;
/// "Last seen" is written at most this often.
const TOUCH: Duration = Duration::minutes(1);

/// What this node remembers.
#[derive(Default)]
struct Known(Mutex<HashMap<TokenHash, Entry>>);

struct Entry {
    identity: Arc<Identity>,
    generation: u64,
    read_at: Timestamp,
    expires_at: Option<Timestamp>,
}

/// Whom the token of a cookie belongs to.
pub async fn by_session(app: &App, token: &str) -> Result<Option<Arc<Identity>>> {
    let hash = secret::hash(token);
    if let Some(identity) = recall(app, &hash) {
        return Ok(Some(identity));
    }
    let generation = generation(app);
    let sql = "select s.id, s.user_id, s.expires_at, s.last_seen_at as used_at, u.name, u.locale, r.permissions \
               from login_session s join staff u on u.id = s.user_id join role r on r.id = u.role_id \
               where s.token_hash = $1 and s.expires_at > $2 and not u.blocked";
    let Some(row) = find(app, sql, &hash).await? else { return Ok(None) };
    let id = SessionId(row.try_get("", "id")?);
    let found = Found::read(&row, None)?;
    if found.is_stale(app) {
        touch(app.clone(), Touched::Session(id), found.user_id);
    }
    found.remember(app, hash, generation, Some(id)).await.map(Some)
}

/// Whom an API token belongs to. He acts with what both he and the token may.
pub async fn by_token(app: &App, token: &str) -> Result<Option<Arc<Identity>>> {
    let hash = secret::hash(token);
    if let Some(identity) = recall(app, &hash) {
        return Ok(Some(identity));
    }
    let generation = generation(app);
    let sql = "select t.id, t.user_id, t.expires_at, t.last_used_at as used_at, t.scopes, u.name, u.locale, r.permissions \
               from api_token t join staff u on u.id = t.user_id join role r on r.id = u.role_id \
               where t.token_hash = $1 and (t.expires_at is null or t.expires_at > $2) and not u.blocked";
    let Some(row) = find(app, sql, &hash).await? else { return Ok(None) };
    let id = TokenId(row.try_get("", "id")?);
    let found = Found::read(&row, Some(permissions(&row, "scopes")?))?;
    if found.is_stale(app) {
        touch(app.clone(), Touched::Token(id), found.user_id);
    }
    found.remember(app, hash, generation, None).await.map(Some)
}

async fn find(app: &App, sql: &str, hash: &TokenHash) -> Result<Option<QueryResult>> {
    let statement = dialect::statement(app.db.read(), sql, [hash.to_vec().into(), app.now().into()]);
    Ok(app.db.read().query_one_raw(statement).await?)
}

fn permissions(row: &QueryResult, column: &str) -> Result<PermissionSet> {
    let names: Value = row.try_get("", column)?;
    let names = names.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(PermissionSet::from_names(names.iter().filter_map(Value::as_str)))
}

/// A login or token that fits, with its owner.
struct Found {
    user_id: UserId,
    name: String,
    language: Language,
    permissions: PermissionSet,
    expires_at: Option<Timestamp>,
    used_at: Option<Timestamp>,
}

impl Found {
    fn read(row: &QueryResult, scopes: Option<PermissionSet>) -> Result<Self> {
        let granted = permissions(row, "permissions")?;
        let locale: String = row.try_get("", "locale")?;
        Ok(Found {
            user_id: UserId(row.try_get("", "user_id")?),
            name: row.try_get("", "name")?,
            language: Language::parse(&locale).unwrap_or_default(),
            permissions: scopes.map_or_else(|| granted.clone(), |scopes| granted.intersect(&scopes)),
            expires_at: row.try_get("", "expires_at")?,
            used_at: row.try_get("", "used_at")?,
        })
    }

    fn is_stale(&self, app: &App) -> bool {
        self.used_at.is_none_or(|used_at| app.now() - used_at >= TOUCH)
    }

    async fn remember(
        self,
        app: &App,
        hash: TokenHash,
        generation: u64,
        session: Option<SessionId>,
    ) -> Result<Arc<Identity>> {
        let Found { user_id, name, language, permissions, expires_at, used_at: _ } = self;
        let Reach { lines, hidden, joined } = line::reach(app.db.read(), user_id, &permissions).await?;
        let actor = Actor { kind: ActorKind::User(user_id), name, language, permissions, lines, hidden, joined };
        let identity = Arc::new(Identity { actor, session });
        let entry = Entry { identity: identity.clone(), generation, read_at: app.now(), expires_at };
        let known = app.memory::<Known>();
        let mut known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KEPT {
            let now = app.now();
            known.retain(|_, entry| entry.is_fresh(now, generation));
        }
        if known.len() < MAX_KEPT {
            known.insert(hash, entry);
        }
        Ok(identity)
    }
}

impl Entry {
    fn is_fresh(&self, now: Timestamp, generation: u64) -> bool {
        let age = now - self.read_at;
        self.generation == generation
            && age >= Duration::zero()
            && age < KEEP
            && self.expires_at.is_none_or(|at| at > now)
    }
}

fn recall(app: &App, hash: &TokenHash) -> Option<Arc<Identity>> {
    let generation = generation(app);
    let known = app.memory::<Known>();
    let known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
    known.get(hash).filter(|entry| entry.is_fresh(app.now(), generation)).map(|entry| entry.identity.clone())
}

/// Counts the changes of access. Read before the database is asked: what changes meanwhile makes the answer old.
fn generation(app: &App) -> u64 {
    *app.db.wake(Topic::Access).borrow()
}

enum Touched {
    Session(SessionId),
    Token(TokenId),
}

/// Notes the use of a login or token, beside the request: nobody waits for it, and it may be lost.
fn touch(app: App, what: Touched, user_id: UserId) {
    tokio::spawn(async move {
        let write = async {
            let tx = app.write().await?;
            let now = tx.now();
            match what {
                Touched::Session(id) => {
                    let before = now - TOUCH;
                    let update = login_session::Entity::update_many()
                        .col_expr(login_session::Column::LastSeenAt, Expr::value(now))
                        .col_expr(login_session::Column::ExpiresAt, Expr::value(now + session::LIFETIME))
                        .filter(login_session::Column::Id.eq(id))
                        .filter(login_session::Column::LastSeenAt.lte(before));
                    update.exec(&tx).await?;
                    let seen = user::Entity::update_many().col_expr(user::Column::LastSeenAt, Expr::value(now));
                    seen.filter(user::Column::Id.eq(user_id)).exec(&tx).await?;
                }
                Touched::Token(id) => {
                    let used =
                        api_token::Entity::update_many().col_expr(api_token::Column::LastUsedAt, Expr::value(now));
                    used.filter(api_token::Column::Id.eq(id)).exec(&tx).await?;
                }
            }
            tx.commit().await
        };
        if let Err(error) = write.await {
            tracing::warn!(%error, "could not note when a login was last used: {error}");
        }
    });
}
