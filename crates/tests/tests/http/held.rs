//! Work that one node at a time does for a row of a table: who does it, when it begins anew, when it goes to another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::App;
use app::held::{self, Held};
use base::Actor;
use bus::Event;
use db::dialect::{pick, statement};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;
use tests::TestApp;
use tokio::sync::Notify;
use uuid::Uuid;

use super::mail_world::eventually;

/// What was done, by row.
#[derive(Default)]
struct Done(Mutex<HashMap<Uuid, Row>>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Row {
    /// What the task remembered when it began, each time.
    begun: Vec<u32>,
    /// Tasks at work now, and the most there ever were.
    busy: u32,
    most: u32,
}

#[derive(Default)]
struct Digging {
    tries: u32,
}

struct Busy(Arc<Done>, Uuid);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().get_mut(&self.1).unwrap().busy -= 1;
    }
}

impl Held for Digging {
    const TABLE: &'static str = "hole";
    const EVENT: &'static str = "hole_changed";

    async fn work(&mut self, app: &App, id: Uuid, kick: &Notify) -> Duration {
        let done: Arc<Done> = app.memory();
        {
            let mut rows = done.0.lock().unwrap();
            let row = rows.entry(id).or_default();
            row.begun.push(self.tries);
            row.busy += 1;
            row.most = row.most.max(row.busy);
        }
        let _busy = Busy(done, id);
        self.tries += 1;
        kick.notified().await;
        Duration::from_secs(3600)
    }
}

struct World {
    test: TestApp,
}

impl World {
    async fn new() -> Self {
        let world = World { test: TestApp::new().await };
        let tx = world.test.app.write().await.unwrap();
        let (id, time) = (pick(&tx, "blob", "uuid"), pick(&tx, "text", "timestamptz"));
        let table = format!(
            "create table hole (id {id} primary key, revision bigint not null, enabled boolean not null,
             deleted_at {time}, lease_owner text, lease_until {time})"
        );
        tx.execute_unprepared(&table).await.unwrap();
        tx.commit().await.unwrap();
        world
    }

    fn begin(&self) {
        self.test.app.start();
        tokio::spawn(held::run::<Digging>(self.test.app.clone()));
    }

    async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let tx = self.test.app.write().await.unwrap();
        tx.execute_raw(statement(&tx, sql, values)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A row whose lease somebody has for 20 seconds more, or nobody.
    async fn row(&self, enabled: bool, owner: Option<&str>) -> Uuid {
        let id = self.test.app.new_id();
        let until = self.test.now() + Duration::from_secs(20);
        let sql = "insert into hole values ($1, 1, $2, null, $3, $4)";
        self.execute(sql, [id.into(), enabled.into(), owner.into(), until.into()]).await;
        id
    }

    /// Changes a row, and tells of it.
    async fn change(&self, id: Uuid, set: &str, action: &str) {
        self.execute(&format!("update hole set {set} where id = $1"), [id.into()]).await;
        let tx = self.test.app.write().await.unwrap();
        let event = Event::new("hole_changed").subject(id).data(json!({"action": action}));
        bus::emit(&tx, &Actor::system(), event).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn seen(&self, id: Uuid) -> Row {
        self.test.app.memory::<Done>().0.lock().unwrap().get(&id).cloned().unwrap_or_default()
    }

    async fn is(&self, id: Uuid, begun: &[u32], busy: u32) {
        eventually(&format!("{id} to be begun {begun:?} and {busy} at work"), async || {
            let seen = self.seen(id);
            assert!(seen.most <= 1, "two at once: {seen:?}");
            (seen.begun == begun && seen.busy == busy).then_some(())
        })
        .await;
    }

    async fn owner(&self, id: Uuid) -> Option<String> {
        let read = self.test.app.db.read();
        let row = read.query_one_raw(statement(read, "select lease_owner from hole where id = $1", [id.into()])).await;
        row.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

#[tokio::test]
async fn a_row_is_worked_on_while_it_is_wanted_and_by_one_task() {
    let world = World::new().await;
    let (wanted, off) = (world.row(true, None).await, world.row(false, None).await);
    world.begin();
    world.is(wanted, &[0], 1).await;
    assert_eq!(world.seen(off), Row::default());
    assert_eq!(world.owner(wanted).await.as_deref(), Some(jobs::owner::this()));

    // Work that ended waits for its time, or for a kick, and remembers.
    world.change(wanted, "revision = revision", "check").await;
    world.is(wanted, &[0], 0).await;
    world.change(wanted, "revision = revision", "check").await;
    world.is(wanted, &[0, 1], 1).await;

    // Other settings are another task; the first has ended before.
    world.change(wanted, "revision = 2", "settings").await;
    world.is(wanted, &[0, 1, 0], 1).await;
    world.change(off, "enabled = true", "settings").await;
    world.is(off, &[0], 1).await;
    world.change(wanted, "enabled = false", "settings").await;
    world.is(wanted, &[0, 1, 0], 0).await;
    eventually("the lease to be given back", async || world.owner(wanted).await.is_none().then_some(())).await;
    world.change(wanted, "enabled = true", "settings").await;
    world.is(wanted, &[0, 1, 0, 0], 1).await;
}

#[tokio::test]
async fn a_lease_is_respected_until_it_runs_out_or_its_process_is_dead() {
    let world = World::new().await;
    let elsewhere = world.row(true, Some("another-machine/1/7/7")).await;
    // A process with our number that began at another time is another one, and gone.
    let (place, _) = jobs::owner::this().rsplit_once('/').unwrap();
    let dead = world.row(true, Some(&format!("{place}/1"))).await;
    world.begin();
    world.is(dead, &[0], 1).await;
    world.change(elsewhere, "revision = revision", "check").await;
    world.change(dead, "revision = revision", "check").await;
    world.is(dead, &[0], 0).await;
    assert_eq!(world.seen(elsewhere), Row::default());
    world.test.advance(chrono::Duration::seconds(21));
    world.change(elsewhere, "revision = revision", "check").await;
    world.is(elsewhere, &[0], 1).await;
}
