//! Schema changes: one forward-only list for both databases, applied in order of name, each once, each in a transaction.
//!
//! A migration is SQL in which `{id}`, `{time}`, `{json}`, `{bytes}` and `{auto}` stand for the column types of the
//! database at hand. What only one of them can do goes into `sqlite` or `postgres`.

use base::{Error, Result};
use sea_orm::ConnectionTrait;

use crate::{Db, dialect};

/// One schema change. Names sort by time: `2026_11_21_01_lines`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

const LEDGER: &str = "create table if not exists migration (name text primary key, applied_at {time} not null)";

pub(crate) async fn run(db: &Db, migrations: &[&[Migration]]) -> Result<()> {
    let mut all: Vec<Migration> =
        crate::search::MIGRATIONS.iter().chain(migrations.iter().copied().flatten()).copied().collect();
    all.sort_by_key(|migration| migration.name);
    let tx = db.write().await?;
    dialect::lock_schema(&tx).await?;
    tx.execute_unprepared(&dialect::ddl(&tx, LEDGER)).await?;
    let rows = tx.query_all_raw(dialect::statement(&tx, "select name from migration", [])).await?;
    let applied = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    for migration in all.iter().filter(|migration| !applied.iter().any(|name| name == migration.name)) {
        apply(&tx, migration)
            .await
            .map_err(|error| Error::internal(format!("migration {}: {error}", migration.name)))?;
    }
    tx.commit().await
}

async fn apply(tx: &crate::Tx, migration: &Migration) -> Result<()> {
    let own = dialect::pick(tx, migration.sqlite, migration.postgres);
    for statement in statements(migration.sql).chain(statements(own)) {
        let sql = dialect::ddl(tx, statement);
        tx.execute_unprepared(&sql).await.map_err(|error| Error::internal(format!("{error} in: {sql}")))?;
    }
    let insert = dialect::statement(
        tx,
        "insert into migration (name, applied_at) values ($1, $2)",
        [migration.name.into(), tx.now().into()],
    );
    tx.execute_raw(insert).await?;
    Ok(())
}

/// Statements end with a semicolon at the end of a line.
fn statements(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(";\n").map(|part| part.trim().trim_end_matches(';').trim()).filter(|part| !part.is_empty())
}
