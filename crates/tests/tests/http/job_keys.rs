//! Jobs that wait under a key, put on the queue by two transactions at once. On SQLite there is one writer, so that these
//! tests find nothing to do there.

use app::{App, Attempt, Job, JobError};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use tests::TestApp;

#[derive(Serialize, Deserialize)]
struct Nothing {}

impl Job for Nothing {
    const KIND: &'static str = "tests.nothing";
    type Context = App;

    async fn run(self, _: App, _: Attempt) -> Result<(), JobError> {
        Ok(())
    }
}

async fn on_postgres() -> Option<TestApp> {
    let test = TestApp::new().await;
    test.another_node().await.map(|_| test)
}

async fn waiting(test: &TestApp) -> u64 {
    let own = jobs::Entity::find().filter(jobs::Column::Kind.eq(Nothing::KIND));
    own.count(test.app.db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_in_opposite_order_stop_nobody() {
    let Some(test) = on_postgres().await else { return };
    let (here, there) = (test.app.write().await.unwrap(), test.app.write().await.unwrap());
    jobs::enqueue_once(&here, &Nothing {}, "tests.a").await.unwrap();
    jobs::enqueue_once(&there, &Nothing {}, "tests.b").await.unwrap();
    let one = async {
        jobs::enqueue_once(&here, &Nothing {}, "tests.b").await?;
        here.commit().await
    };
    let other = async {
        jobs::enqueue_once(&there, &Nothing {}, "tests.a").await?;
        there.commit().await
    };
    let (one, other) = tokio::join!(one, other);
    one.unwrap();
    other.unwrap();
    assert_eq!(waiting(&test).await, 2, "each key once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_not_held_while_another_row_is_waited_for() {
    let Some(test) = on_postgres().await else { return };
    let line = test.line("SUPPORT").await;
    let hold = async |tx: &db::Tx| {
        desk::line::Entity::find_by_id(line).lock(db::HOLD).one(tx).await.map(drop).map_err(base::Error::from)
    };
    let (here, there) = (test.app.write().await.unwrap(), test.app.write().await.unwrap());
    hold(&here).await.unwrap();
    jobs::enqueue_once(&there, &Nothing {}, "tests.a").await.unwrap();
    let one = async {
        jobs::enqueue_once(&here, &Nothing {}, "tests.a").await?;
        here.commit().await
    };
    let other = async {
        hold(&there).await?;
        there.commit().await
    };
    let (one, other) = tokio::join!(one, other);
    one.unwrap();
    other.unwrap();
    assert_eq!(waiting(&test).await, 1);
}
