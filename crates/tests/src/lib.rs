//! What every HTTP test stands on: a product of its own in this process, on a fresh database, with a clock that a test
//! moves by hand.
//!
//! Invariant: a test shares nothing with another one but the migrated template its database is copied from. With
//! `OTKLIK_TEST_DATABASE_URL` (a PostgreSQL server and a user who may create databases) every test runs on PostgreSQL,
//! else on SQLite.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod client;
mod database;

use std::net::SocketAddr;
use std::sync::Arc;

use app::{App, Config};
use axum::Router;
use base::{Actor, Clock, GroupId, LineId, UserId};
use chrono::{DateTime, Duration, TimeZone, Utc};
use desk::group::NewGroup;
use desk::line::NewLine;
use desk::user::NewUser;
use desk::{group, line, role, user};
use tempfile::TempDir;

pub use client::{Client, Response, Upload};

/// The product under test.
pub struct TestApp {
    pub app: App,
    pub router: Router,
    clock: Clock,
    // Dropped last: the database and the files are in it.
    _database: Arc<database::Database>,
    _folder: Arc<TempDir>,
}

impl TestApp {
    /// A freshly installed product: presets are there, nobody is.
    pub async fn new() -> Self {
        Self::with_config(|_| {}).await
    }

    /// The same, with settings of the node changed.
    pub async fn with_config(change: impl FnOnce(&mut Config)) -> Self {
        show_errors();
        let folder = database::folder();
        let database = database::Database::fresh(folder.path()).await;
        let mut config = Config {
            data_dir: folder.path().to_owned(),
            database_url: database.url.clone(),
            ..database::config(folder.path())
        };
        change(&mut config);
        let clock = Clock::manual(start());
        let app = App::open(config, clock.clone(), server::features::ALL).await.expect("the product opens");
        let router = server::router(&app);
        TestApp { app, router, clock, _database: Arc::new(database), _folder: Arc::new(folder) }
    }

    /// Stops the product and opens it anew on the same data; what was started has to be started again. Clients from
    /// before speak to the stopped one.
    pub async fn restart(&mut self) {
        self.app.stop.cancel();
        let opened = App::open(self.app.config.clone(), self.clock.clone(), server::features::ALL).await;
        self.app = opened.expect("the product opens");
        self.router = server::router(&self.app);
    }

    /// Another node on the same database and files; none on SQLite, which has room for one.
    pub async fn another_node(&self) -> Option<Self> {
        if self.app.config.database_url.starts_with("sqlite") {
            return None;
        }
        let app = App::open(self.app.config.clone(), self.clock.clone(), server::features::ALL).await.unwrap();
        let router = server::router(&app);
        let (_database, _folder) = (self._database.clone(), self._folder.clone());
        Some(TestApp { app, router, clock: self.clock.clone(), _database, _folder })
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.app.now()
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Runs every background job that is due, and answers how many there were.
    pub async fn run_jobs(&self) -> usize {
        self.app.worker().drain().await.expect("jobs run")
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A fresh administrator.
    pub async fn admin(&self) -> Client {
        self.user(&format!("admin-{}@otklik.test", self.app.new_id().simple()), "Администратор", "administrator").await
    }

    /// An operator who serves these lines by a group of his own.
    pub async fn operator(&self, email: &str, lines: &[LineId]) -> Client {
        let name = email.split('@').next().unwrap_or(email).to_owned();
        let client = self.user(email, &name, "operator").await;
        for line_id in lines {
            self.serve(client.user_id(), *line_id).await;
        }
        client
    }

    /// A signed-in member of staff with this role, without groups.
    pub async fn user(&self, email: &str, name: &str, role_key: &str) -> Client {
        let tx = self.app.write().await.unwrap();
        let role_id = role::by_key(&tx, role_key).await.expect("a preset role").id;
        let new = NewUser {
            name: name.to_owned(),
            email: email.to_owned(),
            role_id,
            group_ids: Vec::new(),
            locale: None,
            time_zone: None,
        };
        let user = user::create(&tx, &Actor::system(), new).await.expect("a user");
        let token = auth::ops::issue_session(&tx, user.id).await.unwrap();
        tx.commit().await.unwrap();
        Client::new(self.router.clone()).with_session(user.id, &token)
    }

    /// A line without groups; `key` is also its name.
    pub async fn line(&self, key: &str) -> LineId {
        let new: NewLine = serde_json::from_value(serde_json::json!({"key": key, "name": key})).unwrap();
        let tx = self.app.write().await.unwrap();
        let line = line::create(&tx, &Actor::system(), new).await.expect("a line");
        tx.commit().await.unwrap();
        line.id
    }

    /// Makes somebody an operator of a line, by a new group of both.
    pub async fn serve(&self, user_id: UserId, line_id: LineId) -> GroupId {
        let tx = self.app.write().await.unwrap();
        let system = Actor::system();
        let name = format!("Группа {}", self.app.new_id().simple());
        let new = NewGroup { name, description: String::new(), member_ids: vec![user_id] };
        let group = group::create(&tx, &system, new).await.expect("a group");
        let line = line::find(&tx, &system, line_id).await.unwrap();
        let line = line::details(&tx, vec![line]).await.unwrap().remove(0);
        let mut groups: Vec<GroupId> = line.operator_groups.iter().map(|group| group.id).collect();
        groups.push(group.id);
        let patch = line::LinePatch { operator_group_ids: Some(groups), ..Default::default() };
        line::update(&tx, &system, line_id, patch).await.expect("a line with one more group");
        tx.commit().await.unwrap();
        group.id
    }

    /// Serves on a port of this machine, for what needs a connection (WebSockets). Ends with the test.
    pub async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = self.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        address
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.app.stop.cancel();
    }
}

/// A test that fails shows what the server logged; `RUST_LOG` asks for more than errors.
fn show_errors() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "error".into());
    // Fails when another test of this process did it before, which is as good.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
}

/// When every test begins: a Monday morning in Moscow.
pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 7, 0, 0).single().expect("a time")
}
