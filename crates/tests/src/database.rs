//! A fresh database for each test: a copy of one that was migrated once in this process.

use std::path::{Path, PathBuf};

use app::{App, Config};
use base::Clock;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Makes every test run on PostgreSQL.
const POSTGRES: &str = "OTKLIK_TEST_DATABASE_URL";

/// The key of every test's secrets: 32 bytes of 7.
const SECRET_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

pub struct Database {
    pub url: String,
    /// To be dropped at the end: the server's URL and the database's name.
    postgres: Option<(String, String)>,
}

impl Database {
    pub async fn fresh(folder: &Path) -> Self {
        match std::env::var(POSTGRES) {
            Ok(server) if !server.is_empty() => Self::postgres(&server).await,
            _ => Self::sqlite(folder).await,
        }
    }

    async fn sqlite(folder: &Path) -> Self {
        static TEMPLATE: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
        let (_, template) = TEMPLATE
            .get_or_init(async || {
                let folder = self::folder();
                let file = folder.path().join("template.db");
                migrate(folder.path(), format!("sqlite:{}", file.display())).await;
                (folder, file)
            })
            .await;
        let file = folder.join("otklik.db");
        std::fs::copy(template, &file).expect("a copy of the template");
        Database { url: format!("sqlite:{}", file.display()), postgres: None }
    }

    async fn postgres(server: &str) -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(async || {
                let name = format!("otklik_template_{}", std::process::id());
                execute(server, &format!("drop database if exists {name} with (force)")).await;
                execute(server, &format!("create database {name}")).await;
                migrate(folder().path(), database_url(server, &name)).await;
                name
            })
            .await;
        let name = format!("otklik_test_{}", uuid::Uuid::new_v4().simple());
        execute(server, &format!("create database {name} template {template} strategy file_copy")).await;
        Database { url: database_url(server, &name), postgres: Some((server.to_owned(), name)) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.postgres.take() else { return };
        // A runtime of its own, as the test's is about to end.
        let drop = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(execute(&server, &format!("drop database if exists {name} with (force)")));
        });
        let _ = drop.join();
    }
}

/// In memory where the system has such a folder: tests are not about the disk.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder for the test")
}

pub fn config(folder: &Path) -> Config {
    Config {
        data_dir: folder.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        allow_private_addresses: true,
        ..Config::default()
    }
}

async fn migrate(folder: &Path, database_url: String) {
    let config = Config { database_url, ..config(folder) };
    let app =
        App::open(config, Clock::manual(crate::start()), server::features::ALL).await.expect("the template opens");
    app.db.close().await.expect("the template closes");
}

async fn execute(server: &str, sql: &str) {
    let connection = sea_orm::Database::connect(server).await.expect("PostgreSQL answers");
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.expect("the connection closes");
}

/// The server's URL with another database in it.
fn database_url(server: &str, database: &str) -> String {
    let (head, query) = match server.split_once('?') {
        Some((head, query)) => (head, format!("?{query}")),
        None => (server, String::new()),
    };
    let (scheme, rest) = head.split_once("://").expect("a postgres:// URL");
    let authority = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{authority}/{database}{query}")
}
