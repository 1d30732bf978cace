//! A day of a busy desk, with people who come and go, on as many nodes as the database allows, and a node that dies in the
//! middle: each conversation is given exactly once, nobody has more than his limit at any time, and what waits is given in
//! the order of priority and age.
//!
//! `OTKLIK_SIMULATED_CONVERSATIONS=10000` makes it the long one (`make simulate`).

use std::collections::{HashMap, HashSet};

use app::App;
use base::{Actor, ConversationId, GroupId, LineId, UserId};
use chrono::Duration;
use desk::conversation::{self, Priority, Status as ConversationStatus};
use desk::group::NewGroup;
use desk::{contact, group, line};
use routing::decision::DecisionId;
use routing::queue::{self, Demand, place};
use routing::settings;
use routing::status::{Cause, Status, change};
use routing::target::Target;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use tests::TestApp;

const OPERATORS: usize = 50;
const LIMIT: i64 = 4;

/// A generator of numbers that says the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

struct World {
    app: TestApp,
    line: LineId,
    group: GroupId,
    operators: Vec<UserId>,
    contact: base::ContactId,
    number: i64,
    dice: Dice,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let admin = app.admin().await;
        let line = app.line("SUPPORT").await;
        let mut operators = Vec::new();
        for number in 0..OPERATORS {
            operators.push(app.user(&format!("op{number}@otklik.test"), "Оператор", "operator").await.user_id());
        }
        let tx = app.app.write().await.unwrap();
        let new = NewGroup { name: "Все".to_owned(), description: String::new(), member_ids: operators.clone() };
        let group = group::create(&tx, &Actor::system(), new).await.unwrap().id;
        let patch = line::LinePatch { operator_group_ids: Some(vec![group]), ..Default::default() };
        line::update(&tx, &Actor::system(), line, patch).await.unwrap();
        let (client, _) = contact::find_or_create_by_email(&tx, "client@example.com", None).await.unwrap();
        tx.commit().await.unwrap();
        admin
            .put(
                "/routing/settings",
                json!({"default_limit": LIMIT, "away_after_minutes": 240, "offline_after_minutes": 999}),
            )
            .await
            .ok();
        World { app, line, group, operators, contact: client.id, number: 1_000_000, dice: Dice(7) }
    }

    /// New conversations of clients, placed in the group as a rule would.
    async fn arrive(&mut self, count: usize) {
        let tx = self.app.app.write().await.unwrap();
        for _ in 0..count {
            self.number += 1;
            let id = ConversationId(tx.new_id());
            let priority =
                [Priority::None, Priority::Low, Priority::Medium, Priority::High][self.dice.below(4) as usize];
            let row = conversation::Model {
                priority,
                unread: true,
                ..conversation::Model::new(id, self.number, self.line, self.contact, tx.now())
            };
            conversation::Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await.unwrap();
            let target = Target::LeastLoaded { group_id: self.group };
            place(&tx, &row, &target, &Demand::default(), DecisionId(tx.new_id())).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Some people come, some go, some close what they have.
    async fn live(&mut self) {
        let tx = self.app.app.write().await.unwrap();
        for _ in 0..10 {
            let who = self.operators[self.dice.below(OPERATORS as u64) as usize];
            let status =
                [Status::Free, Status::Free, Status::Free, Status::Away, Status::Busy][self.dice.below(5) as usize];
            change(&tx, &Actor::system(), who, status, Cause::Own).await.unwrap();
        }
        let open = conversation::Entity::find()
            .filter(conversation::Column::Status.eq(ConversationStatus::Open))
            .filter(conversation::Column::AssigneeId.is_not_null())
            .order_by_asc(conversation::Column::Id)
            .limit(100)
            .all(&tx)
            .await
            .unwrap();
        for one in open {
            if self.dice.below(3) > 0 {
                conversation::close(&tx, &Actor::system(), one.id).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
    }

    /// Nobody has more than his limit.
    async fn check_limits(&self) {
        let mut loads: HashMap<UserId, i64> = HashMap::new();
        let open = conversation::Entity::find()
            .filter(conversation::Column::Status.eq(ConversationStatus::Open))
            .filter(conversation::Column::AssigneeId.is_not_null())
            .all(self.app.app.db.read())
            .await
            .unwrap();
        for one in open {
            *loads.entry(one.assignee_id.unwrap()).or_default() += 1;
        }
        assert!(loads.values().all(|load| *load <= LIMIT), "{loads:?}");
    }

    async fn waiting(&self) -> u64 {
        queue::Entity::find().count(self.app.app.db.read()).await.unwrap()
    }
}

/// What the dead one held is given back, as workers do when its lease has run out.
async fn lease_is_over(app: &App) {
    let tx = app.write().await.unwrap();
    jobs::Entity::update_many()
        .col_expr(jobs::Column::State, Expr::value(jobs::State::Waiting))
        .filter(jobs::Column::State.eq(jobs::State::Running))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn work(app: &App) {
    app.worker().drain().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_day_of_fifty_operators() {
    let total: usize =
        std::env::var("OTKLIK_SIMULATED_CONVERSATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let mut world = World::new().await;
    let other = world.app.another_node().await;
    let mut arrived = 0;
    let batch = (total / 20).clamp(1, 100);
    let mut round = 0;
    while arrived < total || world.waiting().await > 0 {
        let coming = batch.min(total - arrived);
        world.arrive(coming).await;
        arrived += coming;
        world.app.advance(Duration::minutes(1));
        world.live().await;
        let here = world.app.app.clone();
        let there = other.as_ref().map(|node| node.app.clone());
        // A node dies while it gives out: its work is undone with its transaction, its job runs again elsewhere.
        if round % 5 == 0 {
            let doomed = here.clone();
            let task = tokio::spawn(async move { work(&doomed).await });
            tokio::task::yield_now().await;
            task.abort();
            let _ = task.await;
            lease_is_over(&here).await;
        }
        match there {
            Some(there) => {
                tokio::join!(work(&here), work(&there));
            }
            None => work(&here).await,
        }
        world.check_limits().await;
        round += 1;
        // The repeating job looks again.
        world.app.advance(Duration::seconds(20));
        here.worker().start_periodic().await.unwrap();
        assert!(round < total + 500, "it does not end: {} wait", world.waiting().await);
    }
    // Each was given exactly once.
    let given = bus::Entity::find()
        .filter(bus::Column::Kind.eq("conversation_assigned"))
        .order_by_asc(bus::Column::Seq)
        .all(world.app.app.db.read())
        .await
        .unwrap();
    let distinct: HashSet<_> = given.iter().filter_map(|event| event.conversation_id).collect();
    assert_eq!((given.len(), distinct.len()), (total, total));
}

/// With one place free at a time, what waits is given strictly by its turn.
#[tokio::test]
async fn what_waits_is_given_by_priority_and_age() {
    let mut world = World::new().await;
    for _ in 0..8 {
        world.arrive(3).await;
        world.app.advance(Duration::minutes(17));
    }
    let minutes = settings::get(world.app.app.db.read()).await.unwrap().aging_minutes_per_level;
    let entries = queue::Entity::find()
        .order_by_asc(queue::Column::TurnAt)
        .order_by_asc(queue::Column::ConversationId)
        .all(world.app.app.db.read())
        .await
        .unwrap();
    let expected: Vec<ConversationId> = entries.iter().map(|entry| entry.conversation_id).collect();
    let rows = conversation::Entity::find().all(world.app.app.db.read()).await.unwrap();
    let rank = |row: &conversation::Model| match row.priority {
        Priority::Low => 0,
        Priority::None => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    };
    let mut by_hand: Vec<_> =
        rows.iter().map(|row| (row.created_at - Duration::minutes(minutes * rank(row)), row.id)).collect();
    by_hand.sort();
    assert_eq!(expected, by_hand.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    let tx = world.app.app.write().await.unwrap();
    change(&tx, &Actor::system(), world.operators[0], Status::Free, Cause::Own).await.unwrap();
    tx.commit().await.unwrap();
    let mut order = Vec::new();
    while order.len() < expected.len() {
        work(&world.app.app).await;
        let open = conversation::Entity::find()
            .filter(conversation::Column::Status.eq(ConversationStatus::Open))
            .filter(conversation::Column::AssigneeId.is_not_null())
            .all(world.app.app.db.read())
            .await
            .unwrap();
        let fresh: HashSet<ConversationId> = open.iter().map(|row| row.id).filter(|id| !order.contains(id)).collect();
        let next: Vec<ConversationId> = expected[order.len()..][..fresh.len()].to_vec();
        assert_eq!(fresh, next.iter().copied().collect());
        order.extend(next);
        let tx = world.app.app.write().await.unwrap();
        conversation::close(&tx, &Actor::system(), open[0].id).await.unwrap();
        tx.commit().await.unwrap();
    }
}
