//! Followers of the event log: each reads all of it once, in order, in batches.
//!
//! Cheaper than a job for every event where many events matter, and for whoever needs them in their order. Invariant: a
//! follower's place moves on in the transaction that holds what it made of the events, and only if it still stands where
//! the events were read from; so with several nodes each event counts once.

use base::{Result, Timestamp};
use db::{Fetch, Row, Tx, dialect};
use sea_orm::ConnectionTrait;

use crate::hub::{Cursor, Frame, after, end};

/// Gives a new follower its place: the end of the log. One that has a place keeps it.
pub async fn begin(tx: &Tx, name: &str) -> Result<()> {
    let Cursor { tx: at, seq } = end(tx).await?;
    let sql = "insert into event_follower (name, tx, seq) values ($1, $2, $3) on conflict (name) do nothing";
    tx.execute_raw(dialect::statement(tx, sql, [name.into(), at.into(), seq.into()])).await?;
    Ok(())
}

/// Moves all followers on: what was written into the log at once, as a demonstration, is nobody's concern. To its end, or only to
/// the first event of this kind at or after this time.
pub async fn pass_over(tx: &Tx, up_to: Option<(&str, Timestamp)>) -> Result<()> {
    let mut place = end(tx).await?;
    if let Some((kind, at)) = up_to {
        let sql = dialect::pick(
            tx,
            "select 0 as tx, seq from event where kind = $1 and at >= $2 order by seq limit 1",
            "select tx, seq from event where kind = $1 and at >= $2 order by tx, seq limit 1",
        );
        let read = |row: &Row<'_>| Ok(Cursor { tx: row.get(0)?, seq: row.get::<i64>(1)? - 1 });
        place = tx.fetch(sql.to_owned(), vec![kind.into(), at.into()], read).await?.pop().unwrap_or(place);
    }
    let Cursor { tx: at, seq } = place;
    tx.execute_raw(dialect::statement(tx, "update event_follower set tx = $1, seq = $2", [at.into(), seq.into()]))
        .await?;
    Ok(())
}

/// Where a follower stands.
pub async fn place(connection: &impl Fetch, name: &str) -> Result<Cursor> {
    let read = |row: &Row<'_>| Ok(Cursor { tx: row.get(0)?, seq: row.get(1)? });
    let sql = "select tx, seq from event_follower where name = $1".to_owned();
    Ok(connection.fetch(sql, vec![name.into()], read).await?.pop().unwrap_or_default())
}

/// What comes after a place, oldest first.
pub async fn read(connection: &impl Fetch, after_place: Cursor, limit: u64) -> Result<Vec<Frame>> {
    after(connection, after_place, limit).await
}

/// Moves a follower on; false when it no longer stands at `from`, because another node has moved it.
pub async fn move_on(tx: &Tx, name: &str, from: Cursor, to: Cursor) -> Result<bool> {
    let sql = "update event_follower set tx = $1, seq = $2 where name = $3 and tx = $4 and seq = $5";
    let values = [to.tx.into(), to.seq.into(), name.into(), from.tx.into(), from.seq.into()];
    Ok(tx.execute_raw(dialect::statement(tx, sql, values)).await?.rows_affected() == 1)
}
