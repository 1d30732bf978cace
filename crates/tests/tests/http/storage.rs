//! What everything stands on, proven on whichever database the suite runs: see docs/adr/0001-storage.md.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::condition::Condition;
use base::{Actor, ConversationId, LineId, LineScope, Page, PageRequest};
use bus::Event;
use chrono::{Duration, TimeZone, Utc};
use db::condition::{Field, Kind, to_sql};
use db::dialect::{self, Bucket};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use tests::TestApp;

/// Companies to filter: name, INN, when they came.
async fn companies(app: &TestApp) -> Vec<desk::contact::company::Model> {
    use desk::contact::company;
    let rows = [
        ("Северный Чай", Some("7801234564"), 0),
        ("ТД «Кедр»", None, 1),
        ("Ёлки", Some("5904112236"), 40),
        ("100%_мебель\\", Some(""), 41),
    ];
    let tx = app.app.write().await.unwrap();
    for (name, inn, day) in rows {
        let row = company::ActiveModel {
            id: Set(base::CompanyId(tx.new_id())),
            name: Set(name.to_owned()),
            name_folded: Set(base::condition::fold(name)),
            inn: Set(inn.map(str::to_owned)),
            domain: Set(None),
            manager_id: Set(None),
            category: Set(String::new()),
            created_at: Set(tests::start() + Duration::days(day)),
        };
        company::Entity::insert(row).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    company::Entity::find().order_by_asc(company::Column::CreatedAt).all(app.app.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_condition_means_the_same_in_sql_and_in_memory() {
    use desk::contact::company::{Column, Entity};
    let app = TestApp::new().await;
    let all = companies(&app).await;
    let conditions = [
        json!({"field": "name", "operator": "contains", "value": "ЧАЙ"}),
        json!({"field": "name", "operator": "eq", "value": "елки"}),
        json!({"field": "name", "operator": "contains", "value": "%_"}),
        json!({"field": "name", "operator": "ends_with", "value": "\\"}),
        json!({"field": "name", "operator": "not_contains", "value": "е"}),
        json!({"field": "name", "operator": "starts_with", "value": "тд"}),
        json!({"field": "inn", "operator": "empty"}),
        json!({"field": "inn", "operator": "not_empty"}),
        json!({"field": "inn", "operator": "ne", "value": "7801234564"}),
        json!({"field": "inn", "operator": "in", "value": ["7801234564", "1"]}),
        json!({"field": "inn", "operator": "not_in", "value": ["7801234564"]}),
        json!({"any": [{"field": "inn", "operator": "empty"}, {"field": "name", "operator": "eq", "value": "Ёлки"}]}),
        json!({"none": [{"field": "inn", "operator": "eq", "value": "7801234564"}]}),
        json!({"all": []}),
        json!({"any": []}),
        json!({"none": []}),
    ];
    for condition in conditions {
        let condition: Condition = serde_json::from_value(condition).unwrap();
        let fields = |name: &str| match name {
            "name" => Some(Field { column: Expr::col(Column::NameFolded), kind: Kind::Folded }),
            "inn" => Some(Field { column: Expr::col(Column::Inn), kind: Kind::Code }),
            _ => None,
        };
        let rows = Entity::find()
            .filter(to_sql(&condition, &fields).unwrap())
            .order_by_asc(Column::CreatedAt)
            .all(app.app.db.read())
            .await
            .unwrap();
        let by_sql: Vec<String> = rows.into_iter().map(|row| row.name).collect();
        let matches = |row: &&desk::contact::company::Model| {
            condition.matches(&|field| {
                if field == "name" { json!(row.name) } else { row.inn.as_ref().map_or(Value::Null, |inn| json!(inn)) }
            })
        };
        let by_hand: Vec<String> = all.iter().filter(matches).map(|row| row.name.clone()).collect();
        assert_eq!(by_sql, by_hand, "{condition:?}");
    }
    let unknown: Condition = serde_json::from_value(json!({"field": "age", "operator": "eq", "value": 1})).unwrap();
    assert!(to_sql(&unknown, &|_| None).is_err(), "an unknown field is named, not ignored");
}

#[tokio::test]
async fn a_date_bucket_is_cut_in_the_readers_zone() {
    use desk::contact::company::{Column, Entity};
    let app = TestApp::new().await;
    companies(&app).await;
    let connection = app.app.db.read();
    for (bucket, offset, expected) in [
        (Bucket::Month, 0, vec!["2026-11", "2027-01"]),
        (Bucket::Day, 0, vec!["2026-11-23", "2026-11-24", "2027-01-02", "2027-01-03"]),
        (Bucket::Day, 18 * 60, vec!["2026-11-24", "2026-11-25", "2027-01-03", "2027-01-04"]),
        (Bucket::Hour, -60, vec!["2026-11-23 06", "2026-11-24 06", "2027-01-02 06", "2027-01-03 06"]),
    ] {
        let mut select = Query::select();
        select
            .expr_as(dialect::bucket(connection, Expr::col(Column::CreatedAt), bucket, offset), "bucket")
            .distinct()
            .from(Entity);
        let rows = connection.query_all(&select).await.unwrap();
        let found: BTreeSet<String> = rows.iter().map(|row| row.try_get("", "bucket").unwrap()).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected, "{bucket:?} {offset}");
    }
}

#[tokio::test]
async fn keyset_pages_give_every_row_once() {
    use desk::contact::company::{Column, Entity};
    let app = TestApp::new().await;
    let tx = app.app.write().await.unwrap();
    for number in 0..25 {
        let row = desk::contact::company::ActiveModel {
            id: Set(base::CompanyId(tx.new_id())),
            name: Set(number.to_string()),
            name_folded: Set(number.to_string()),
            inn: Set(None),
            domain: Set(None),
            manager_id: Set(None),
            category: Set(String::new()),
            // Several rows share an instant: the id decides.
            created_at: Set(tests::start() + Duration::microseconds(number / 4)),
        };
        Entity::insert(row).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { limit: Some(7), after };
        let mut query = Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
        if let Some((at, id)) = request.cursor::<(base::Timestamp, base::CompanyId)>().unwrap() {
            let key = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
            query = query.filter(key.gt(Expr::tuple([Expr::val(at), Expr::val(id.0)])));
        }
        let rows = sea_orm::QuerySelect::limit(query, 8).all(app.app.db.read()).await.unwrap();
        let page = Page::from_rows(rows, 7, |row| (row.created_at, row.id));
        seen.extend(page.items.into_iter().map(|row| row.name.parse::<i64>().unwrap()));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, (0..25).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_upsert_replaces_and_a_broken_unique_rule_is_recognised() {
    let app = TestApp::new().await;
    for value in ["первое", "второе"] {
        let tx = app.app.write().await.unwrap();
        desk::setting::set(&tx, "probe", &value).await.unwrap();
        tx.commit().await.unwrap();
    }
    let kept: Option<String> = desk::setting::get(app.app.db.read(), "probe").await.unwrap();
    assert_eq!(kept.as_deref(), Some("второе"));
    let tx = app.app.write().await.unwrap();
    let row = || desk::setting::ActiveModel { name: Set("probe".to_owned()), value: Set(json!(1)) };
    let error = desk::setting::Entity::insert(row()).exec_without_returning(&tx).await.unwrap_err();
    assert!(base::is_unique_violation(&error), "{error}");
}

/// A job that only counts.
#[derive(serde::Serialize, serde::Deserialize)]
struct Count {
    number: i64,
}

impl jobs::Job for Count {
    const KIND: &'static str = "tests.count";
    type Context = Arc<std::sync::Mutex<Vec<i64>>>;

    async fn run(self, seen: Self::Context, _: jobs::Attempt) -> Result<(), jobs::JobError> {
        tokio::task::yield_now().await;
        seen.lock().unwrap().push(self.number);
        Ok(())
    }
}

#[tokio::test]
async fn workers_that_claim_at_the_same_time_run_each_job_once() {
    let app = TestApp::new().await;
    let tx = app.app.write().await.unwrap();
    for number in 0..100 {
        jobs::enqueue(&tx, &Count { number }).await.unwrap();
    }
    tx.commit().await.unwrap();
    let seen: Arc<std::sync::Mutex<Vec<i64>>> = Arc::default();
    let workers = (0..4)
        .map(|_| tokio::spawn(jobs::Worker::new(app.app.db.clone(), seen.clone(), [jobs::job::<Count>()]).drain()));
    for worker in futures::future::join_all(workers).await {
        worker.unwrap().unwrap();
    }
    let mut seen = seen.lock().unwrap().clone();
    seen.sort_unstable();
    assert_eq!(seen, (0..100).collect::<Vec<_>>());
    let left = jobs::counts(app.app.db.read()).await.unwrap();
    assert!(left.kinds.iter().all(|kind| kind.kind != "tests.count"), "{left:?}");
}

#[tokio::test]
async fn commands_that_share_a_commit_fail_alone() {
    let app = TestApp::new().await;
    let write = |number: i64| {
        let app = app.app.clone();
        async move {
            let tx = app.write().await.unwrap();
            desk::setting::set(&tx, &format!("n{number}"), &number).await.unwrap();
            if number % 3 == 0 {
                // Dropped without a commit: a command that failed.
                return;
            }
            tx.commit().await.unwrap();
            // Answered means durable: another connection sees it.
            let kept: Option<i64> = desk::setting::get(app.db.read(), &format!("n{number}")).await.unwrap();
            assert_eq!(kept, Some(number));
        }
    };
    futures::future::join_all((0..60).map(write)).await;
    let kept = desk::setting::Entity::find()
        .filter(desk::setting::Column::Name.starts_with("n"))
        .all(app.app.db.read())
        .await
        .unwrap();
    let kept: BTreeSet<String> =
        kept.into_iter().map(|row| row.name).filter(|name| name[1..].parse::<i64>().is_ok()).collect();
    assert_eq!(kept, (0..60).filter(|number| number % 3 != 0).map(|number| format!("n{number}")).collect());
}

#[tokio::test]
async fn a_command_that_gives_up_waiting_leaves_nobody_hanging() {
    let app = TestApp::new().await;
    let first = app.app.write().await.unwrap();
    desk::setting::set(&first, "first", &1).await.unwrap();
    let db = app.app.db.clone();
    let impatient = tokio::spawn(async move { db.write().await.map(drop) });
    tokio::task::yield_now().await;
    impatient.abort();
    tokio::time::timeout(std::time::Duration::from_secs(10), first.commit())
        .await
        .expect("the commit must not wait for a command that is gone")
        .unwrap();
}

#[tokio::test]
async fn numbers_of_a_series_never_repeat() {
    let app = TestApp::new().await;
    let draw = async || {
        let tx = app.app.write().await.unwrap();
        let number = dialect::next_number(&tx, "ticket").await.unwrap();
        tx.commit().await.unwrap();
        number
    };
    let drawn: BTreeSet<i64> = futures::future::join_all((0..20).map(|_| draw())).await.into_iter().collect();
    assert_eq!(drawn.len(), 20);
    let tx = app.app.write().await.unwrap();
    dialect::raise_number(&tx, "ticket", 5000).await.unwrap();
    assert!(dialect::next_number(&tx, "ticket").await.unwrap() > 5000);
}

#[tokio::test]
async fn search_finds_any_form_newest_first_and_only_on_visible_lines() {
    let app = TestApp::new().await;
    let tx = app.app.write().await.unwrap();
    let (one, other) = (LineId(tx.new_id()), LineId(tx.new_id()));
    let texts = [
        ("Кассы не печатают чеки", one),
        ("касса сломалась", other),
        ("Новая касса: печать чека идёт", one),
        ("Invoice printed", one),
    ];
    let mut ids = Vec::new();
    for (words, line_id) in texts {
        let id = tx.new_id();
        ids.push(id);
        let stems = text::stem_text(words);
        let document = db::search::Document {
            object_id: id,
            conversation_id: ConversationId(id),
            line_id,
            at: tx.now(),
            stems: &stems,
        };
        db::search::index(&tx, document).await.unwrap();
    }
    tx.commit().await.unwrap();
    let find = async |typed: &str, lines: LineScope| {
        let query = text::query(typed);
        let hits =
            db::search::find(app.app.db.read(), &query.fts5(), &query.tsquery(), &lines, &[], None, 10).await.unwrap();
        hits.iter().map(|hit| ids.iter().position(|id| *id == hit.object_id).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(find("кассу", LineScope::All).await, [2, 1, 0]);
    assert_eq!(find("кассы чеков", LineScope::All).await, [2, 0]);
    assert_eq!(find("касса", LineScope::Only(vec![other])).await, [1]);
    assert_eq!(find("касса", LineScope::Only(vec![])).await, [0usize; 0]);
    assert_eq!(find("printing", LineScope::All).await, [3]);
    assert_eq!(find("чек печ", LineScope::All).await, [2, 0], "an unfinished word");
    assert_eq!(find("rfccf", LineScope::All).await, [2, 1, 0], "typed on the wrong layout");
    for attack in ["\"", "касса AND", "a* OR b", "NEAR(", "'; drop table", "!:&|()*", "касса' | 'x"] {
        find(attack, LineScope::All).await;
    }
}

#[tokio::test]
async fn a_listener_hears_every_event_once_and_in_order_also_after_a_break() {
    let app = TestApp::new().await;
    let hub = app.app.hub.clone();
    let stop = app.app.stop.clone();
    let tail = hub.clone();
    tokio::spawn(async move { tail.run(stop).await });
    let emit = async |number: i64| {
        let tx = app.app.write().await.unwrap();
        bus::emit(&tx, &Actor::system(), Event::new("line_probed").data(json!({"n": number}))).await.unwrap();
        tx.commit().await.unwrap();
    };
    let mut listener = hub.listen(None).await.unwrap();
    for number in 0..5 {
        emit(number).await;
    }
    let mut heard = Vec::new();
    let mut cursor = listener.start;
    while heard.len() < 3 {
        let frame =
            tokio::time::timeout(std::time::Duration::from_secs(30), listener.next()).await.expect("an event").unwrap();
        if frame.kind == "line_probed" && frame.data["n"].as_i64().unwrap() >= 0 {
            heard.push(frame.data["n"].as_i64().unwrap());
        }
        cursor = frame.cursor;
    }
    drop(listener);
    for number in 5..9 {
        emit(number).await;
    }
    let mut again = hub.listen(Some(cursor.to_string().parse().unwrap())).await.unwrap();
    assert!(!again.reset);
    emit(9).await;
    while heard.len() < 10 {
        let frame =
            tokio::time::timeout(std::time::Duration::from_secs(30), again.next()).await.expect("an event").unwrap();
        heard.push(frame.data["n"].as_i64().unwrap());
    }
    assert_eq!(heard, (0..10).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_table_is_as_its_entity_says() {
    let app = TestApp::new().await;
    let read = app.app.db.read();
    macro_rules! check {
        ($($entity:path),+ $(,)?) => {$(
            <$entity>::find().all(read).await.unwrap_or_else(|error| panic!("{}: {error}", stringify!($entity)));
        )+};
    }
    check!(
        desk::role::Entity,
        desk::user::Entity,
        desk::group::Entity,
        desk::group::member::Entity,
        desk::line::Entity,
        desk::line::group::Entity,
        desk::contact::Entity,
        desk::contact::company::Entity,
        desk::contact::identity::Entity,
        desk::conversation::Entity,
        desk::conversation::participant::Entity,
        desk::conversation::DraftEntity,
        desk::message::Entity,
        desk::message::source::Entity,
        desk::file::Entity,
        desk::ticket::Entity,
        desk::ticket::link::Entity,
        desk::setting::Entity,
        jobs::Entity,
        bus::Entity,
    );
}

#[tokio::test]
async fn times_keep_their_microseconds() {
    let app = TestApp::new().await;
    let at = Utc.timestamp_micros(1_795_000_000_123_456).single().unwrap();
    let tx = app.app.write().await.unwrap();
    let row = desk::contact::company::ActiveModel {
        id: Set(base::CompanyId(tx.new_id())),
        name: Set("х".to_owned()),
        name_folded: Set("х".to_owned()),
        inn: Set(None),
        domain: Set(None),
        manager_id: Set(None),
        category: Set(String::new()),
        created_at: Set(at),
    };
    desk::contact::company::Entity::insert(row).exec_without_returning(&tx).await.unwrap();
    tx.commit().await.unwrap();
    let row = desk::contact::company::Entity::find().one(app.app.db.read()).await.unwrap().unwrap();
    assert_eq!(row.created_at, at);
}
