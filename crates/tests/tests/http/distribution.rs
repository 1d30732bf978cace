//! Distribution: statuses, the queue that empties itself, limits, skills, offers, transfers, second lines, the monitor.

use base::{Actor, ConversationId, GroupId, LineId, UserId};
use chrono::Duration;
use desk::conversation;
use futures::SinkExt;
use routing::decision::DecisionId;
use routing::queue::{Demand, Placed, available, place};
use routing::status::{Cause, Status, change};
use routing::target::Target;
use serde_json::{Value, json};
use tests::{Client, TestApp};
use tokio_tungstenite::tungstenite::Message;

use crate::conversations::{mail, receive_mail};
use crate::live::listen;

/// A line with Anna and Boris in one group, both signed in.
struct Floor {
    app: TestApp,
    admin: Client,
    line: LineId,
    group: GroupId,
    anna: Client,
    boris: Client,
}

impl Floor {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let admin = app.admin().await;
        let line = app.line("SUPPORT").await;
        let anna = app.user("anna@otklik.test", "Анна", "operator").await;
        let boris = app.user("boris@otklik.test", "Борис", "operator").await;
        let group = app.serve(anna.user_id(), line).await;
        let members = json!({"member_ids": [anna.user_id(), boris.user_id()]});
        admin.patch(&format!("/groups/{group}"), members).await.ok();
        app.run_jobs().await;
        Floor { app, admin, line, group, anna, boris }
    }

    async fn status(&self, who: &Client, status: &str) {
        who.put("/me/status", json!({"status": status})).await.ok();
        self.app.run_jobs().await;
    }

    async fn received(&self) -> ConversationId {
        let from = format!("{}@example.com", self.app.app.new_id().simple());
        let id = receive_mail(&self.app, mail(self.line, &from, "Не печатает касса")).await.conversation_id;
        self.app.run_jobs().await;
        id
    }

    async fn placed(&self, id: ConversationId, target: &Target) -> Placed {
        let tx = self.app.app.write().await.unwrap();
        let found = conversation::find_to_change(&tx, &Actor::system(), id).await.unwrap();
        let decision = DecisionId(tx.new_id());
        let placed = place(&tx, &found, target, &Demand::default(), decision).await.unwrap();
        tx.commit().await.unwrap();
        self.app.run_jobs().await;
        placed
    }

    /// A conversation sent to the group.
    async fn sent(&self) -> ConversationId {
        let id = self.received().await;
        self.placed(id, &Target::LeastLoaded { group_id: self.group }).await;
        id
    }

    async fn owner(&self, id: ConversationId) -> Option<UserId> {
        let read = self.app.app.db.read();
        conversation::find(read, &Actor::system(), id).await.unwrap().assignee_id
    }

    async fn limit(&self, who: &Client, limit: i64) {
        self.admin.put(&format!("/users/{}/limits", who.user_id()), json!({"limit": limit})).await.ok();
        self.app.run_jobs().await;
    }

    async fn give(&self, id: ConversationId, who: &Client) {
        let body = json!({"user_id": who.user_id()});
        self.admin.put(&format!("/conversations/{id}/assignee"), body).await.ok();
        self.app.run_jobs().await;
    }

    async fn client_writes(&self, id: ConversationId) {
        let tx = self.app.app.write().await.unwrap();
        let found = conversation::find(&tx, &Actor::system(), id).await.unwrap();
        let mut more = mail(self.line, "again@example.com", "Есть кто-нибудь?");
        more.conversation_id = Some(found.id);
        conversation::receive(&tx, &Actor::system(), more).await.unwrap();
        tx.commit().await.unwrap();
        self.app.run_jobs().await;
    }

    /// Who or what decided where it went, and why: the newest first.
    async fn decisions(&self, id: ConversationId) -> Vec<(String, String)> {
        let decisions = self.admin.get(&format!("/conversations/{id}/routing")).await.ok();
        let read = |one: &Value| (one["source"].as_str().unwrap().to_owned(), one["why"].as_str().unwrap().to_owned());
        decisions["items"].as_array().unwrap().iter().map(read).collect()
    }

    async fn targets(&self, id: ConversationId, who: &Client) -> Value {
        let all = self.admin.get(&format!("/conversations/{id}/transfer-targets")).await.ok();
        let all = all["operators"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["user"]["id"] == who.user_id().to_string()).unwrap()
    }
}

#[tokio::test]
async fn thirty_are_shared_evenly_and_the_reason_is_kept() {
    let floor = Floor::new().await;
    let (anna, boris) = (&floor.anna, &floor.boris);
    floor.status(anna, "free").await;
    floor.status(boris, "free").await;
    let mut of_anna = 0;
    for _ in 0..10 {
        let id = floor.sent().await;
        let owner = floor.owner(id).await.expect("somebody has it");
        of_anna += i32::from(owner == anna.user_id());
        let detail = floor.admin.get(&format!("/conversations/{id}/messages")).await.ok();
        let assigned = detail.to_string();
        assert!(assigned.contains("conversation_assigned") && assigned.contains("из 2"), "{assigned}");
    }
    assert_eq!(of_anna, 5);
}

#[tokio::test]
async fn five_statuses_by_new_open_and_transfer() {
    // status, gets new ones, keeps one whose client writes, can be chosen
    let matrix = [
        ("free", true, true, true),
        ("away", false, true, false),
        ("busy", false, true, false),
        ("dnd", false, false, false),
        ("offline", false, false, false),
    ];
    for (status, new, keeps, chosen) in matrix {
        let floor = Floor::new().await;
        let anna = &floor.anna;
        floor.status(anna, "free").await;
        let open = floor.sent().await;
        assert_eq!(floor.owner(open).await, Some(anna.user_id()));
        let other = floor.received().await;
        floor.status(anna, status).await;

        let fresh = floor.sent().await;
        assert_eq!(floor.owner(fresh).await.is_some(), new, "{status}: a new one");
        assert_eq!(
            floor.targets(other, anna).await["available"],
            chosen,
            "{status}: {:?}",
            floor.targets(other, anna).await
        );
        let to = json!({"to": {"kind": "operator", "id": anna.user_id()}, "comment": "Посмотрите, пожалуйста"});
        let transfer = floor.admin.post(&format!("/conversations/{other}/transfer"), to).await;
        if chosen {
            transfer.expect(204);
            assert_eq!(floor.owner(other).await, Some(anna.user_id()));
        } else {
            transfer.invalid("to.id", "unavailable");
            assert_eq!(floor.targets(other, anna).await["code"], status);
        }
        floor.client_writes(open).await;
        assert_eq!(floor.owner(open).await.is_some(), keeps, "{status}: its client writes");
    }
}

#[tokio::test]
async fn the_queue_empties_itself() {
    let floor = Floor::new().await;
    let (anna, boris) = (&floor.anna, &floor.boris);
    // Somebody comes.
    let first = floor.sent().await;
    assert_eq!(floor.owner(first).await, None);
    floor.limit(anna, 1).await;
    floor.status(anna, "free").await;
    assert_eq!(floor.owner(first).await, Some(anna.user_id()));
    let (source, why) = floor.decisions(first).await.remove(0);
    assert_eq!((source.as_str(), why.starts_with("Дождалось в очереди. Назначено: Анна (")), ("drain", true), "{why}");
    // At her limit; a higher one frees her.
    let second = floor.sent().await;
    assert_eq!(floor.owner(second).await, None);
    floor.limit(anna, 2).await;
    assert_eq!(floor.owner(second).await, Some(anna.user_id()));
    // She closes one.
    let third = floor.sent().await;
    assert_eq!(floor.owner(third).await, None);
    anna.post(&format!("/conversations/{first}/close"), json!({})).await.ok();
    floor.app.run_jobs().await;
    assert_eq!(floor.owner(third).await, Some(anna.user_id()));
    // An absence ends.
    let now = floor.app.now();
    let absence = json!({"user_id": boris.user_id(), "from": now - Duration::hours(1), "until": now + Duration::minutes(1), "reason": "отпуск"});
    floor.admin.post("/absences", absence).await.expect(201);
    floor.status(boris, "free").await;
    let fourth = floor.sent().await;
    assert_eq!(floor.owner(fourth).await, None, "both cannot");
    floor.app.advance(Duration::seconds(70));
    floor.app.app.worker().start_periodic().await.unwrap();
    floor.app.run_jobs().await;
    assert_eq!(floor.owner(fourth).await, Some(boris.user_id()));
}

#[tokio::test]
async fn higher_priority_goes_first_and_nobody_starves() {
    let floor = Floor::new().await;
    let priority = async |id: ConversationId, priority: &str| {
        floor.admin.patch(&format!("/conversations/{id}"), json!({"priority": priority})).await.ok();
        floor.app.run_jobs().await;
    };
    let old = floor.sent().await;
    priority(old, "low").await;
    floor.app.advance(Duration::minutes(100));
    let late = floor.sent().await;
    let urgent = floor.sent().await;
    priority(urgent, "high").await;
    // Three levels are worth 90 minutes: the old one has waited longer.
    floor.limit(&floor.anna, 1).await;
    floor.status(&floor.anna, "free").await;
    let mut order = Vec::new();
    for _ in 0..3 {
        let mut owned = None;
        for id in [old, late, urgent] {
            if !order.contains(&id) && floor.owner(id).await.is_some() {
                owned = Some(id);
            }
        }
        let id = owned.expect("one is given at a time");
        order.push(id);
        floor.anna.post(&format!("/conversations/{id}/close"), json!({})).await.ok();
        floor.app.run_jobs().await;
    }
    assert_eq!(order, [old, urgent, late]);
}

#[tokio::test]
async fn whoever_lacks_a_skill_is_never_offered() {
    let floor = Floor::new().await;
    floor.status(&floor.anna, "free").await;
    floor.status(&floor.boris, "free").await;
    let skill = floor.admin.post("/skills", json!({"name": "Кассы"})).await.expect(201);
    floor.admin.post("/skills", json!({"name": "Кассы"})).await.invalid("name", "name_taken");
    let line = json!([{"skill_id": skill["id"], "level": 2}]);
    floor.admin.put(&format!("/lines/{}/skills", floor.line), line).await.ok();
    let put = async |who: &Client, level: i64| {
        let body = json!([{"skill_id": skill["id"], "level": level}]);
        floor.admin.put(&format!("/users/{}/skills", who.user_id()), body).await
    };
    put(&floor.anna, 6).await.invalid("[0].level", "out_of_range");
    put(&floor.anna, 1).await.ok();
    put(&floor.boris, 2).await.ok();
    for _ in 0..3 {
        let id = floor.sent().await;
        assert_eq!(floor.owner(id).await, Some(floor.boris.user_id()));
    }
    let id = floor.received().await;
    let Placed::Offered { users, .. } = floor.placed(id, &Target::InviteAll).await else { panic!("an offer") };
    assert_eq!(users, [floor.boris.user_id()]);
}

#[tokio::test]
async fn the_first_to_accept_has_it_and_the_others_see_who() {
    let floor = Floor::new().await;
    floor.status(&floor.anna, "free").await;
    floor.status(&floor.boris, "free").await;
    let id = floor.received().await;
    floor.placed(id, &Target::InviteGroup { group_id: floor.group }).await;
    let offers = floor.boris.get("/me/offers").await.ok();
    let offer = &offers["items"][0];
    assert_eq!(offer["conversation"]["id"], id.to_string());
    assert_eq!(offer["invited"].as_array().unwrap().len(), 2);
    let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
    let (first, second) = tokio::join!(floor.anna.post(&path, json!({})), floor.boris.post(&path, json!({})));
    let (winner, loser) = if first.status.is_success() { (&floor.anna, second) } else { (&floor.boris, first) };
    let problem = loser.problem(409, "already_taken");
    let name = if winner.user_id() == floor.anna.user_id() { "Анна" } else { "Борис" };
    assert!(problem["detail"].as_str().unwrap().contains(name), "{problem}");
    floor.app.run_jobs().await;
    assert_eq!(floor.owner(id).await, Some(winner.user_id()));
    assert_eq!(floor.anna.get("/me/offers").await.ok()["items"], json!([]));
    assert_eq!(floor.boris.get("/me/offers").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn an_offer_nobody_wants_goes_on() {
    let floor = Floor::new().await;
    floor.status(&floor.anna, "free").await;
    let expired = floor.received().await;
    floor.placed(expired, &Target::InviteAll).await;
    let offer = floor.anna.get("/me/offers").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    floor.app.advance(Duration::seconds(61));
    floor.app.run_jobs().await;
    floor.anna.post(&format!("/offers/{offer}/accept"), json!({})).await.problem(409, "offer_over");
    floor.boris.post(&format!("/offers/{offer}/accept"), json!({})).await.problem(404, "not_found");
    // In the queue everybody may take it.
    let taken = floor.anna.post("/queue/take-oldest", json!({"line_id": floor.line})).await.ok();
    assert_eq!(taken["id"], expired.to_string());

    let declined = floor.received().await;
    floor.placed(declined, &Target::InviteAll).await;
    let offer = floor.anna.get("/me/offers").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    floor.anna.post("/queue/take-oldest", json!({})).await.problem(409, "queue_empty");
    floor.anna.post(&format!("/offers/{offer}/decline"), json!({})).await.expect(204);
    assert_eq!(floor.anna.get("/me/offers").await.ok()["items"], json!([]));
    assert_eq!(floor.anna.post("/queue/take-oldest", json!({})).await.ok()["id"], declined.to_string());
}

#[tokio::test]
async fn of_two_who_take_the_oldest_each_gets_another() {
    let floor = Floor::new().await;
    let (one, two) = (floor.received().await, floor.received().await);
    for id in [one, two] {
        floor.placed(id, &Target::Queue { group_id: None }).await;
    }
    floor.status(&floor.anna, "free").await;
    assert_eq!(floor.owner(one).await, None, "first to take: nobody is given it");
    let (a, b) = tokio::join!(
        floor.anna.post("/queue/take-oldest", json!({})),
        floor.boris.post("/queue/take-oldest", json!({}))
    );
    let (a, b) = (a.ok()["id"].clone(), b.ok()["id"].clone());
    assert_ne!(a, b);
    floor.anna.post("/queue/take-oldest", json!({})).await.problem(409, "queue_empty");
}

#[tokio::test]
async fn second_line_and_back_with_every_hop_in_the_history() {
    let floor = Floor::new().await;
    let vendor = floor.app.line("VENDOR").await;
    let egor = floor.app.operator("egor@otklik.test", &[vendor]).await;
    floor.admin.put(&format!("/lines/{vendor}/first-line"), json!({"line_id": floor.line})).await.ok();
    floor.status(&floor.anna, "free").await;
    let id = floor.sent().await;
    floor.boris.put("/me/status", json!({"status": "busy"})).await.ok();
    let to = |kind: &str, id: Value, comment: &str| json!({"to": {"kind": kind, "id": id}, "comment": comment});
    let path = format!("/conversations/{id}/transfer");
    let refused = floor.anna.post(&path, to("operator", json!(floor.boris.user_id()), "")).await;
    refused.invalid("to.id", "unavailable");
    let lines = floor.anna.get(&format!("/conversations/{id}/transfer-targets")).await.ok()["lines"].clone();
    assert_eq!((&lines[0]["line"]["id"], &lines[0]["second_line"]), (&json!(vendor), &json!(true)), "{lines}");
    floor.anna.post(&path, to("line", json!(vendor), "Нужен разработчик")).await.expect(204);
    floor.anna.get(&format!("/conversations/{id}")).await.problem(404, "not_found");
    floor.app.run_jobs().await;
    // The vendor's operator takes it and gives it back.
    egor.post(&format!("/conversations/{id}/take"), json!({})).await.ok();
    let lines = egor.get(&format!("/conversations/{id}/transfer-targets")).await.ok()["lines"].clone();
    assert_eq!((&lines[0]["line"]["id"], &lines[0]["came_from"]), (&json!(floor.line), &json!(true)), "{lines}");
    egor.post(&path, to("line", json!(floor.line), "Исправлено в 8.3.24")).await.expect(204);
    floor.app.run_jobs().await;
    floor.anna.post(&path, to("queue", Value::Null, "")).await.expect(204);
    let timeline = floor.anna.get(&format!("/conversations/{id}/messages")).await.ok().to_string();
    for words in ["Нужен разработчик", "Исправлено в 8.3.24"] {
        assert!(timeline.matches(words).count() >= 2, "the note and the hop: {timeline}");
    }
    assert_eq!(timeline.matches("\"conversation_transferred\"").count(), 3, "{timeline}");
    let decisions = floor.decisions(id).await;
    let hops = decisions.iter().filter(|(source, _)| source == "transfer").count();
    assert_eq!((hops, decisions[0].1.as_str()), (3, "Передача, Анна: общая очередь: кто первый."), "{decisions:?}");
}

#[tokio::test]
async fn a_supervisor_takes_over_sets_statuses_and_sees_the_monitor() {
    let floor = Floor::new().await;
    let chief = floor.app.user("chief@otklik.test", "Вера", "operator").await;
    let group =
        floor.admin.post("/groups", json!({"name": "Супервизоры", "member_ids": [chief.user_id()]})).await.expect(201);
    let patch = json!({"supervisor_group_ids": [group["id"]]});
    floor.admin.patch(&format!("/lines/{}", floor.line), patch).await.ok();
    floor.status(&floor.anna, "free").await;
    let id = floor.sent().await;
    let waiting = floor.received().await;
    floor.app.advance(Duration::seconds(40));

    floor.boris.post(&format!("/conversations/{id}/take-over"), json!({})).await.problem(403, "not_supervisor");
    let monitor = chief.get("/monitor").await.ok();
    let line = &monitor["lines"][0];
    assert_eq!(
        (&line["free"], &line["offline"], &line["open"], &line["queue"]),
        (&json!(1), &json!(1), &json!(2), &json!(1)),
        "{line}"
    );
    assert!(line["longest_wait_seconds"].as_i64().unwrap() >= 40, "{line}");
    assert_eq!(line["new_today"], 2);
    assert_eq!(floor.anna.get("/monitor").await.ok()["lines"], json!([]));
    let board = chief.get(&format!("/board?line={}", floor.line)).await.ok();
    assert_eq!(board["unassigned"][0]["id"], waiting.to_string());
    let column =
        board["columns"].as_array().unwrap().iter().find(|one| one["operator"]["user"]["name"] == "Анна").unwrap();
    assert_eq!((&column["conversations"][0]["id"], &column["total"]), (&json!(id), &json!(1)));

    chief.post(&format!("/conversations/{id}/take-over"), json!({})).await.expect(204);
    assert_eq!(floor.owner(id).await, Some(chief.user_id()));
    let timeline = chief.get(&format!("/conversations/{id}/messages")).await.ok().to_string();
    assert!(timeline.contains("conversation_taken_over"));
    let taken = ("supervisor".to_owned(), "Забрал супервизор: Вера.".to_owned());
    assert_eq!(floor.decisions(id).await[0], taken);
    let path = format!("/users/{}/status", floor.anna.user_id());
    chief.put(&path, json!({"status": "busy"})).await.ok();
    floor
        .anna
        .put(&format!("/users/{}/status", chief.user_id()), json!({"status": "busy"}))
        .await
        .problem(403, "not_supervisor");
    let history = floor.anna.get(&format!("/users/{}/status-history", floor.anna.user_id())).await.ok();
    assert_eq!(
        (&history["items"][0]["cause"], &history["items"][0]["actor"]["name"]),
        (&json!("supervisor"), &json!("Вера"))
    );
}

#[tokio::test]
async fn idle_is_away_and_gone_is_offline() {
    let floor = Floor::new().await;
    let watch = async || {
        floor.app.app.worker().start_periodic().await.unwrap();
        floor.app.run_jobs().await;
    };
    let own = async || floor.anna.get("/me/status").await.ok();
    assert_eq!(own().await["status"], "offline");
    let (mut socket, _) = listen(&floor.app, &floor.anna, None).await;
    while own().await["status"] != "free" {
        tokio::task::yield_now().await;
    }
    // Nothing is done for five minutes; then a key is pressed.
    let tx = floor.app.app.write().await.unwrap();
    tx.commit().await.unwrap();
    floor.admin.put("/routing/settings", json!({"away_after_minutes": 1})).await.ok();
    floor.app.advance(Duration::seconds(61));
    watch().await;
    assert_eq!((own().await["status"].clone(), own().await["automatic"].clone()), (json!("away"), json!(true)));
    socket.send(Message::text(r#"{"type": "active"}"#)).await.unwrap();
    while own().await["status"] != "free" {
        tokio::task::yield_now().await;
    }
    // The browser is closed.
    drop(socket);
    floor.app.advance(Duration::seconds(200));
    while own().await["status"] != "offline" {
        watch().await;
        tokio::task::yield_now().await;
        floor.app.advance(Duration::seconds(20));
    }
    // Signing out counts at once.
    floor.status(&floor.boris, "free").await;
    floor.boris.delete("/session").await.expect(204);
    floor.app.run_jobs().await;
    let history = floor.admin.get(&format!("/users/{}/status-history", floor.boris.user_id())).await.ok();
    assert_eq!(
        (&history["items"][0]["status"], &history["items"][0]["cause"]),
        (&json!("offline"), &json!("signed_out"))
    );
}

#[tokio::test]
async fn activities_are_recorded_with_their_times() {
    let floor = Floor::new().await;
    let visit = floor.admin.post("/activities", json!({"name": "Выезд"})).await.expect(201);
    floor.anna.put("/me/activity", json!({"activity_id": visit["id"]})).await.expect(204);
    let statuses = floor.boris.get("/operators/statuses").await.ok();
    let anna = statuses["items"].as_array().unwrap().iter().find(|one| one["user"]["name"] == "Анна").unwrap();
    assert_eq!(anna["activity"]["name"], "Выезд");
    floor.app.advance(Duration::minutes(90));
    floor.anna.put("/me/activity", json!({"activity_id": null})).await.expect(204);
    let history = floor.anna.get(&format!("/users/{}/activities", floor.anna.user_id())).await.ok();
    let span = &history["items"][0];
    let time = |key: &str| span[key].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(time("ended_at") - time("started_at"), Duration::minutes(90));
    floor.boris.get(&format!("/users/{}/activities", floor.anna.user_id())).await.problem(403, "not_supervisor");
}

#[tokio::test]
async fn a_target_that_cannot_take_work_says_why() {
    let floor = Floor::new().await;
    let id = floor.received().await;
    let why = async |target: Target| {
        let read = floor.app.app.db.read();
        let found = conversation::find(read, &Actor::system(), id).await.unwrap();
        available(read, &found, &target, &Demand::default(), floor.app.now()).await.unwrap().err().map(|why| why.code)
    };
    let anna = Target::Operator { user_id: floor.anna.user_id() };
    assert_eq!(why(anna.clone()).await, Some("offline"));
    assert_eq!(why(Target::LeastLoaded { group_id: floor.group }).await, Some("nobody"));
    assert_eq!(why(Target::InviteAll).await, Some("nobody"));
    assert_eq!(why(Target::Bot).await, Some("no_bot"));
    assert_eq!(why(Target::Queue { group_id: None }).await, None);
    floor.status(&floor.anna, "busy").await;
    assert_eq!(why(anna.clone()).await, Some("busy"));
    assert_eq!(why(Target::LeastLoaded { group_id: floor.group }).await, None, "she will be free again");
    floor.status(&floor.anna, "free").await;
    assert_eq!(why(anna.clone()).await, None);
    floor.limit(&floor.anna, 0).await;
    assert_eq!(why(anna).await, Some("limit"));
    let tx = floor.app.app.write().await.unwrap();
    change(&tx, &Actor::system(), floor.anna.user_id(), Status::Dnd, Cause::Own).await.unwrap();
    tx.commit().await.unwrap();
    floor.give(id, &floor.anna).await;
    assert_eq!(floor.owner(id).await, Some(floor.anna.user_id()), "by hand anything goes");
}
