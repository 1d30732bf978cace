//! The live tail of the event log: one reader a node, any number of listeners.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use base::{Actor, ConversationId, GroupId, LineId, Permission, Result, Timestamp, UserId};
use db::{Db, Fetch, Row, Topic, dialect};
use sea_orm::QueryResult;
use serde::Serialize;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A place in the event log. Text: `TX-SEQ`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub(crate) tx: i64,
    pub(crate) seq: i64,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.tx, self.seq)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (tx, seq) = text.split_once('-').ok_or(())?;
        Ok(Cursor { tx: tx.parse().map_err(drop)?, seq: seq.parse().map_err(drop)? })
    }
}

/// One event as a browser hears it.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    #[serde(serialize_with = "as_text")]
    pub cursor: Cursor,
    pub kind: String,
    pub at: Timestamp,
    pub subject: Option<Uuid>,
    pub conversation_id: Option<ConversationId>,
    pub line_id: Option<LineId>,
    #[serde(skip)]
    pub group_id: Option<GroupId>,
    pub actor_id: Option<UserId>,
    pub data: serde_json::Value,
}

fn as_text<S: serde::Serializer>(cursor: &Cursor, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(cursor)
}

impl Frame {
    /// Whether this actor may hear of it: what he sees of his lines; without a line, staff matters for whoever manages them.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        match self.line_id {
            Some(line) => {
                let sees = match self.conversation_id {
                    Some(id) => actor.sees_conversation(line, self.group_id, id),
                    None => actor.sees(line, self.group_id),
                };
                sees && actor.has(Permission::ConversationsView)
            }
            None => match self.kind.as_str() {
                "job_failed" | "job_changed" => actor.has(Permission::JobsManage),
                "mailbox_changed" => actor.has(Permission::ChannelsManage),
                "notification_created" | "notification_changed" => {
                    self.subject.is_some() && actor.user_id().map(|id| id.0) == self.subject
                }
                // A task of no line: its people hear of it.
                kind if kind.starts_with("task_") => actor.user_id().is_some_and(|id| self.names(id)),
                // A canned reply of one's own: its owner hears of it, of a shared one all staff.
                kind if kind.starts_with("canned_reply_") => {
                    self.data["people"].is_null() || actor.user_id().is_some_and(|id| self.names(id))
                }
                "quarantine_changed" => actor.has(Permission::QuarantineManage),
                kind if ["user_", "group_", "line_", "operator_"].iter().any(|start| kind.starts_with(start)) => true,
                _ => actor.permissions == base::PermissionSet::all(),
            },
        }
    }
}

impl Frame {
    /// Whether it tells that it concerns somebody.
    fn names(&self, user: UserId) -> bool {
        let people = self.data["people"].as_array().map(Vec::as_slice).unwrap_or_default();
        people.iter().any(|id| id.as_str().and_then(|id| id.parse().ok()) == Some(user))
    }
}

/// Spreads new events to the listeners of this node.
#[derive(Clone)]
pub struct Hub {
    db: Db,
    live: broadcast::Sender<Arc<Frame>>,
    /// The last event the tail has given out.
    position: Arc<watch::Sender<Cursor>>,
}

const COLUMNS: &str = "seq, at, kind, subject, conversation_id, line_id, group_id, actor_id, data";

/// More missed events than this are not worth replaying: the page had better load again.
const MAX_REPLAY: u64 = 2_000;

impl Hub {
    /// Finds the end of the log: what comes after it will be heard, by whoever listens before the tail runs too.
    pub async fn open(db: Db) -> Result<Self> {
        let hub =
            Hub { db, live: broadcast::Sender::new(4096), position: Arc::new(watch::Sender::new(Cursor::default())) };
        let end = end(hub.db.read()).await?;
        hub.position.send_replace(end);
        Ok(hub)
    }

    /// Follows the log until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        let mut wake = self.db.wake(Topic::Events);
        while !stop.is_cancelled() {
            wake.borrow_and_update();
            let more = match self.step().await {
                Ok(more) => more,
                Err(error) => {
                    tracing::error!(%error, "could not read the event log: {error}");
                    false
                }
            };
            if more {
                continue;
            }
            // On PostgreSQL an event may be held back by an older running transaction, whose end wakes nobody.
            tokio::select! {
                _ = stop.cancelled() => {}
                _ = wake.changed() => {}
                _ = tokio::time::sleep(Duration::from_millis(500)) => {}
            }
        }
    }

    async fn step(&self) -> Result<bool> {
        let from = *self.position.borrow();
        let frames = self.after(from, 500).await?;
        let Some(last) = frames.last().map(|frame| frame.cursor) else { return Ok(false) };
        let full = frames.len() == 500;
        for frame in frames {
            let _ = self.live.send(Arc::new(frame));
        }
        self.position.send_replace(last);
        Ok(full)
    }

    /// Starts listening. With a cursor: what was missed comes first, or none when that is too much (load the page again).
    pub async fn listen(&self, after: Option<Cursor>) -> Result<Listener> {
        let live = self.live.subscribe();
        let position = *self.position.borrow();
        let (from, missed) = match after {
            None => (position, Some(Vec::new())),
            Some(after) => {
                let frames = self.after(after, MAX_REPLAY + 1).await?;
                if frames.len() as u64 > MAX_REPLAY {
                    (end(self.db.read()).await?, None)
                } else {
                    (after, Some(frames))
                }
            }
        };
        let reset = missed.is_none();
        let missed: std::collections::VecDeque<Arc<Frame>> =
            missed.unwrap_or_default().into_iter().map(Arc::new).collect();
        let cursor = missed.back().map_or(from, |frame| frame.cursor);
        Ok(Listener { start: if reset { cursor } else { from }, reset, missed, live, cursor })
    }

    /// Where the tail is: everything up to there has been given out.
    pub fn position(&self) -> Cursor {
        *self.position.borrow()
    }

    /// What happened in these conversations after a place in the log, oldest first, as far as it can be read now. What is
    /// not here yet will be given out by the tail with a later cursor.
    pub async fn missed(&self, after: Cursor, conversations: &[ConversationId], limit: u64) -> Result<Vec<Frame>> {
        if conversations.is_empty() {
            return Ok(Vec::new());
        }
        let read = self.db.read();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = db::places(4, conversations.len());
        let sqlite = format!(
            "select 0 as tx, {COLUMNS} from event where $1 >= 0 and seq > $2 and conversation_id in ({ids}) order by seq limit $3"
        );
        let postgres = format!(
            "select tx, {COLUMNS} from event where (tx, seq) > ($1, $2) and conversation_id in ({ids}) \
             and tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by tx, seq limit $3"
        );
        let mut values: Vec<sea_orm::Value> = vec![after.tx.into(), after.seq.into(), limit.into()];
        values.extend(conversations.iter().map(|id| sea_orm::Value::from(id.0)));
        let sql = dialect::pick(read, &sqlite, &postgres).to_owned();
        read.fetch(sql, values, read_frame).await
    }

    /// Tells everybody who listens now, on every node.
    pub fn whisper(&self, whisper: crate::Whisper) {
        if let Ok(text) = serde_json::to_string(&whisper) {
            self.db.whisper(text);
        }
    }

    /// What is whispered from now on.
    pub fn whispers(&self) -> broadcast::Receiver<Arc<str>> {
        self.db.whispers()
    }

    async fn after(&self, cursor: Cursor, limit: u64) -> Result<Vec<Frame>> {
        after(self.db.read(), cursor, limit).await
    }
}

/// The end of the log as far as it can be read now.
pub(crate) async fn end(connection: &impl Fetch) -> Result<Cursor> {
    let sql = dialect::pick(
        connection,
        "select 0 as tx, seq from event order by seq desc limit 1",
        "select tx, seq from event where tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by tx desc, seq desc limit 1",
    );
    let row = connection.query_one_raw(dialect::statement(connection, sql, [])).await?;
    row.map(|row| read_cursor(&row)).transpose().map(Option::unwrap_or_default)
}

/// What comes after a place in the log, oldest first.
pub(crate) async fn after(connection: &impl Fetch, cursor: Cursor, limit: u64) -> Result<Vec<Frame>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sqlite = format!("select 0 as tx, {COLUMNS} from event where $1 >= 0 and seq > $2 order by seq limit $3");
    let postgres = format!(
        "select tx, {COLUMNS} from event where (tx, seq) > ($1, $2) \
         and tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint order by tx, seq limit $3"
    );
    let sql = dialect::pick(connection, &sqlite, &postgres).to_owned();
    connection.fetch(sql, vec![cursor.tx.into(), cursor.seq.into(), limit.into()], read_frame).await
}

fn read_cursor(row: &QueryResult) -> Result<Cursor> {
    Ok(Cursor { tx: row.try_get("", "tx")?, seq: row.try_get("", "seq")? })
}

fn read_frame(row: &Row<'_>) -> Result<Frame> {
    Ok(Frame {
        cursor: Cursor { tx: row.get(0)?, seq: row.get(1)? },
        at: row.get(2)?,
        kind: row.get(3)?,
        subject: row.get(4)?,
        conversation_id: row.get::<Option<Uuid>>(5)?.map(ConversationId),
        line_id: row.get::<Option<Uuid>>(6)?.map(LineId),
        group_id: row.get::<Option<Uuid>>(7)?.map(GroupId),
        actor_id: row.get::<Option<Uuid>>(8)?.map(UserId),
        data: row.get(9)?,
    })
}

/// One listener's place in the stream.
pub struct Listener {
    /// Where it starts: what the client should remember before the first event.
    pub start: Cursor,
    /// The client missed too much and must load everything again.
    pub reset: bool,
    missed: std::collections::VecDeque<Arc<Frame>>,
    live: broadcast::Receiver<Arc<Frame>>,
    cursor: Cursor,
}

impl Listener {
    /// The next event; none when this listener fell too far behind and must connect again with its cursor.
    pub async fn next(&mut self) -> Option<Arc<Frame>> {
        if let Some(frame) = self.missed.pop_front() {
            return Some(frame);
        }
        loop {
            let frame = self.live.recv().await.ok()?;
            if frame.cursor > self.cursor {
                self.cursor = frame.cursor;
                return Some(frame);
            }
        }
    }
}
