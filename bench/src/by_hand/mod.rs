//! The limit: the same reads written by hand over rusqlite, each behind a bare axum handler, and a bare "hello".
//!
//! It knows no users, rights or pools: cached statements on one read-only connection a thread, serde and nothing else.
//! It runs as a process of its own, as the server does. Invariant: its answers are those of the server, field by field;
//! `compare` looks before anything is measured.

mod list;
mod open;
mod search;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::{Path as Segment, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};
use rusqlite::{Connection, OpenFlags};
use serde::{Serialize, Serializer};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::http;

/// Serves until it is killed.
pub async fn serve(database: PathBuf, address: SocketAddr) -> Result<()> {
    let router = Router::new()
        .route("/hello", get(async || "hello"))
        .route("/api/v1/conversations", get(list_conversations))
        .route("/api/v1/conversations/{id}", get(open_conversation))
        .route("/api/v1/search", get(search_conversations))
        .with_state(Arc::from(database));
    let listener = TcpListener::bind(address).await?;
    Ok(axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router).await?)
}

type Database = State<Arc<Path>>;

async fn list_conversations(State(database): Database) -> Response {
    answer(&database, list::open_ones)
}

async fn open_conversation(State(database): Database, Segment(id): Segment<Uuid>) -> Response {
    answer(&database, |connection| open::open(connection, id))
}

async fn search_conversations(State(database): Database, Query(query): Query<HashMap<String, String>>) -> Response {
    let typed = query.get("q").map(String::as_str).unwrap_or_default();
    answer(&database, |connection| search::find(connection, typed))
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// Reads on this thread: a read takes some hundred microseconds, less than handing it to another thread and back.
fn answer<T: Serialize>(database: &Path, read: impl FnOnce(&Connection) -> Result<T>) -> Response {
    let json = CONNECTION.with_borrow_mut(|slot| {
        let connection = match slot {
            Some(connection) => connection,
            None => slot.insert(connect(database)?),
        };
        Ok::<_, anyhow::Error>(serde_json::to_vec(&read(connection)?)?)
    });
    match json {
        Ok(json) => ([(CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response(),
    }
}

/// With the settings of the server's readers.
fn connect(database: &Path) -> Result<Connection> {
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch("pragma temp_store = memory; pragma cache_size = -16000; pragma mmap_size = 268435456")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Sends each request to both servers; answers how many of the answers were equal, and tells of the first difference.
pub async fn compare(server: SocketAddr, by_hand: SocketAddr, requests: &[Vec<u8>]) -> Result<usize> {
    let (mut server, mut by_hand) = (http::Connection::open(server).await?, http::Connection::open(by_hand).await?);
    let mut equal = 0;
    let mut told = false;
    for request in requests {
        let (theirs, ours) = (server.json(request).await?, by_hand.json(request).await?);
        match difference(&theirs, &ours, String::new()) {
            None => equal += 1,
            Some(place) if !told => {
                eprintln!("  the hand-written answer differs at {place}");
                told = true;
            }
            Some(_) => {}
        }
    }
    Ok(equal)
}

/// The first place at which two values differ.
fn difference(left: &serde_json::Value, right: &serde_json::Value, place: String) -> Option<String> {
    use serde_json::Value::{Array, Object};
    match (left, right) {
        (Object(a), Object(b)) if a.len() == b.len() => a.iter().find_map(|(key, left)| match b.get(key) {
            Some(right) => difference(left, right, format!("{place}/{key}")),
            None => Some(format!("{place}/{key}: absent")),
        }),
        (Array(a), Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(index, (left, right))| difference(left, right, format!("{place}/{index}"))),
        _ if left == right => None,
        _ => {
            let short = |value: &serde_json::Value| value.to_string().chars().take(300).collect::<String>();
            Some(format!("{place}: {} and {}", short(left), short(right)))
        }
    }
}

/// A time as the database keeps it, `2026-11-21T20:44:00.123456+00:00`; it sorts as text and is shown with a `Z`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Time(String);

impl FromSql for Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        String::column_result(value).map(Time)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}Z", self.0.trim_end_matches("+00:00"))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An id as the database keeps it, 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
struct Id(Uuid);

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; 16]>::column_result(value).map(|bytes| Id(Uuid::from_bytes(bytes)))
    }
}
