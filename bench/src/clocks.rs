//! Promised times at rest: 200,000 clocks that run, a thousand of which come due every minute. What does it cost to keep
//! them, when nothing else happens?
//!
//! SQLite only: the clocks are written into the file beside the running server, as another process may.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;

use crate::machine::{self, Memory};
use crate::note;
use crate::report::Figure;

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub clocks: usize,
    pub due_a_minute: usize,
    pub seconds: u64,
}

pub struct Outcome {
    size: Size,
    missed: i64,
    late: f64,
    cpu: f64,
    memory: Memory,
}

pub async fn measure(file: &Path, pid: u32, size: Size, cpu: impl Fn() -> Result<(f64, f64)>) -> Result<Outcome> {
    note(&format!("{} clocks", size.clocks));
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(60))?;
    let first = base::Clock::System.now() + TimeDelta::seconds(5);
    fill(&connection, size, first)?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = cpu()?;
    tokio::time::sleep(Duration::from_secs(size.seconds)).await;
    let used = (cpu()?.0 - before.0) / size.seconds as f64;
    // Whatever came due in the last moment is still on its way.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let until = (first + TimeDelta::seconds(size.seconds as i64)).to_rfc3339();
    let due = "select count(*) from sla_clock where due_at <= ?1";
    let due: i64 = connection.query_row(due, [&until], |row| row.get(0))?;
    let rung = "select count(*) from sla_clock where due_at <= ?1 and missed_at is not null";
    let missed: i64 = connection.query_row(rung, [&until], |row| row.get(0))?;
    let late = "select coalesce(max((julianday(at) - julianday(json_extract(data, '$.due_at'))) * 86400.0), 0) from event where kind = 'sla_missed'";
    let late: f64 = connection.query_row(late, [], |row| row.get(0))?;
    anyhow::ensure!(missed <= due, "more clocks rang than were due");
    Ok(Outcome {
        size: Size { due_a_minute: usize::try_from(due)? * 60 / size.seconds as usize, ..size },
        missed,
        late,
        cpu: used,
        memory: machine::memory(pid)?,
    })
}

/// Clocks of an hour that began so that they come due one after another at the wanted pace, and the rest tomorrow.
fn fill(connection: &Connection, size: Size, first: DateTime<Utc>) -> Result<()> {
    let mut conversations = connection.prepare("select id, line_id from conversation")?;
    let all: Vec<(Vec<u8>, Vec<u8>)> =
        conversations.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    anyhow::ensure!(!all.is_empty(), "no conversation");
    let why = json!({"ru": "Общая норма.", "en": "The general norm."});
    let snapshot = json!({"policy": "Стандарт", "why": why, "schedule": null, "zone": "Europe/Moscow", "steps": []});
    let (snapshot, hour) = (snapshot.to_string(), TimeDelta::hours(1));
    let step = TimeDelta::microseconds(60_000_000 / size.due_a_minute as i64);
    let soon = size.due_a_minute * (size.seconds as usize + 60) / 60;
    connection.execute_batch("begin immediate")?;
    let mut insert = connection.prepare(
        "insert into sla_clock (id, conversation_id, line_id, policy_id, norm, state, target_seconds, consumed_micros, running_since, \
         started_at, due_at, next_at, snapshot, log) values (?1, ?2, ?3, ?4, 'reply', 'running', 3600, 0, ?5, ?5, ?6, ?6, ?7, '[]')",
    )?;
    // Nobody else makes ids like these.
    let id_of = |number: usize| Uuid::from_u128((1 << 100) + number as u128);
    let policy = id_of(size.clocks);
    for index in 0..size.clocks {
        let due = if index < soon {
            first + step * i32::try_from(index)?
        } else {
            first + TimeDelta::days(1) + TimeDelta::milliseconds(index as i64)
        };
        let (conversation, line) = all.get(index % all.len()).context("a conversation")?;
        let (id, begun) = (id_of(index), (due - hour).to_rfc3339());
        insert.execute(params![
            id.as_bytes(),
            conversation,
            line,
            policy.as_bytes(),
            begun,
            due.to_rfc3339(),
            snapshot
        ])?;
    }
    connection.execute_batch("commit")?;
    Ok(())
}

impl Outcome {
    pub fn figures(&self) -> Vec<Figure> {
        let Outcome { size, missed, late, cpu, memory } = self;
        vec![
            Figure::plain("clocks that run", size.clocks.to_string()),
            Figure::plain("of them due a minute", size.due_a_minute.to_string()),
            Figure::plain("marked as missed when they were due", missed.to_string()),
            Figure::plain("the latest of them", format!("{late:.1} s after its time")),
            Figure::judged("cores in use by the server", format!("{:.1} %", cpu * 100.0), "< 5 %", *cpu < 0.05),
            Figure::plain("memory", format!("{:.0} MB", memory.resident)),
        ]
    }
}
