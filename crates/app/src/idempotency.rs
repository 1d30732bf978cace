//! Idempotency-Key on creating calls: the same key and body give the first answer again, and the work is done once.
//!
//! Invariant: the answer is stored in the transaction of the command, so a crash cannot separate them.
//! See draft-ietf-httpapi-idempotency-key-header.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Actor, Error, Result};
use db::{Migration, Tx, dialect};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{ApiError, App};

const HEADER: &str = "idempotency-key";

/// Keys are kept this long.
const KEEP_DAYS: i64 = 2;

/// Forgets old keys.
#[derive(Debug, Serialize, serde::Deserialize)]
pub(crate) struct ForgetKeys {}

impl jobs::Job for ForgetKeys {
    const KIND: &'static str = "app.forget_idempotency_keys";
    const EVERY: Option<std::time::Duration> = Some(std::time::Duration::from_secs(3600));
    type Context = App;

    async fn run(self, app: App, _: jobs::Attempt) -> Result<(), jobs::JobError> {
        let tx = app.write().await?;
        let before = tx.now() - chrono::Duration::days(KEEP_DAYS);
        tx.execute_raw(dialect::statement(&tx, "delete from idempotency where created_at < $1", [before.into()]))
            .await?;
        Ok(tx.commit().await?)
    }
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_11_21_03_idempotency",
    sql: "
create table idempotency (
    scope text not null,
    request_hash text not null,
    answer text not null,
    created_at {time} not null,
    primary key (scope)
);
create index idempotency_age on idempotency (created_at)
",
    sqlite: "",
    postgres: "",
}];

#[derive(Clone)]
struct Key {
    key: String,
    hash: String,
}

/// Middleware: for requests with the header, reads the body once to know its hash.
pub(crate) async fn read_key(request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(HEADER) else { return next.run(request).await };
    let Some(key) = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= 200).map(str::to_owned) else {
        let error = Error::invalid(
            "Idempotency-Key",
            "bad_key",
            "Ключ: от 1 до 200 печатных знаков",
            "The key must be 1 to 200 printable characters",
        );
        return ApiError::from(error).into_response();
    };
    let (mut parts, body) = request.into_parts();
    let bytes: Bytes = match axum::body::to_bytes(body, 64 * 1024 * 1024).await {
        Ok(bytes) => bytes,
        Err(_) => {
            return ApiError::from(Error::invalid(
                "",
                "too_large",
                "Слишком большой запрос",
                "The request is too large",
            ))
            .into_response();
        }
    };
    let mut hash = Sha256::new();
    hash.update(parts.method.as_str());
    hash.update(parts.uri.path());
    hash.update(&bytes);
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    parts.extensions.insert(Key { key, hash });
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// The key of a creating call, if the caller gave one.
pub struct Idempotency(Option<Key>);

impl FromRequestParts<App> for Idempotency {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Ok(Idempotency(parts.extensions.get::<Key>().cloned()))
    }
}

/// How a creating call starts.
pub enum Begin<T> {
    /// Do the work in this transaction and end it with `Idempotency::finish`.
    New(Tx),
    /// It was done before; this was the answer.
    Done(T),
}

impl Idempotency {
    pub async fn begin<T: DeserializeOwned>(&self, app: &App, actor: &Actor) -> Result<Begin<T>> {
        let tx = app.write().await?;
        let Some(key) = &self.0 else { return Ok(Begin::New(tx)) };
        let select = "select request_hash, answer from idempotency where scope = $1";
        let row = tx.query_one_raw(dialect::statement(&tx, select, [scope(actor, key).into()])).await?;
        let Some(row) = row else { return Ok(Begin::New(tx)) };
        let (hash, answer): (String, String) = (row.try_get("", "request_hash")?, row.try_get("", "answer")?);
        if hash != key.hash {
            return Err(Error::conflict(
                "idempotency_mismatch",
                "Этот ключ уже использован с другим запросом",
                "This key was already used with another request",
            ));
        }
        Ok(Begin::Done(serde_json::from_str(&answer)?))
    }

    /// Stores the answer with the work and commits both.
    pub async fn finish<T: Serialize>(&self, tx: Tx, actor: &Actor, answer: &T) -> Result<()> {
        if let Some(key) = &self.0 {
            let insert = "insert into idempotency (scope, request_hash, answer, created_at) values ($1, $2, $3, $4)";
            let values = [
                scope(actor, key).into(),
                key.hash.clone().into(),
                serde_json::to_string(answer)?.into(),
                tx.now().into(),
            ];
            // Two requests with one key at the same time: the second waits for the first, then loses here.
            let inserted = tx.execute_raw(dialect::statement(&tx, insert, values)).await.map(drop);
            Error::on_unique(
                inserted,
                Error::conflict(
                    "idempotency_in_progress",
                    "Такой же запрос ещё выполняется",
                    "The same request is still being worked on",
                ),
            )?;
        }
        tx.commit().await
    }
}

fn scope(actor: &Actor, key: &Key) -> String {
    format!("{}:{}", actor.user_id().map(|id| id.to_string()).unwrap_or_default(), key.key)
}
