//! Promised times: clocks that follow conversations, what is done when they are due, and how it is explained.

use std::collections::BTreeSet;

use base::{ConversationId, LineId, UserId};
use chrono::{DateTime, Duration, Utc};
use db::dialect;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};

/// A line with an operator, on the last working day of the year.
pub(crate) struct Desk {
    pub app: TestApp,
    pub admin: Client,
    pub anna: Client,
    pub line: LineId,
}

/// Wednesday 30 December 2026, 13:50 in Moscow.
fn accepted() -> DateTime<Utc> {
    "2026-12-30T13:50:00+03:00".parse().unwrap()
}

/// Lets the clocks follow all that has happened so far, and does what is due.
pub async fn follow(test: &TestApp) {
    let read = test.app.db.read();
    let hidden = dialect::pick(
        read,
        "select 1 where false",
        "select 1 from event where tx >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint limit 1",
    );
    // On PostgreSQL an event waits for transactions of neighbours that began before it.
    while read.query_one_raw(dialect::statement(read, hidden, [])).await.unwrap().is_some() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    sla::catch_up(&test.app).await.unwrap();
}

/// Monday to Friday 9 to 18 with lunch from 13 to 14; the 30th is short and without lunch, then it is off until 10 January.
fn new_year() -> Value {
    let day = |day: &&str| json!({"day": day, "intervals": [{"from": "09:00", "to": "13:00"}, {"from": "14:00", "to": "18:00"}]});
    let weekly: Vec<Value> = ["mon", "tue", "wed", "thu", "fri"].iter().map(day).collect();
    let mut exceptions = vec![
        json!({"date": "2026-12-30", "intervals": [{"from": "09:00", "to": "14:00"}]}),
        json!({"date": "2026-12-31", "intervals": []}),
    ];
    exceptions.extend((1..=10).map(|day| json!({"date": format!("2027-01-{day:02}"), "intervals": []})));
    json!({"time_zone": "Europe/Moscow", "weekly": weekly, "exceptions": exceptions})
}

impl Desk {
    /// With this policy on the line; `schedule_id` is filled in.
    pub async fn with(policy: Value) -> Self {
        Self::on(TestApp::new().await, policy).await
    }

    async fn on(app: TestApp, mut policy: Value) -> Self {
        app.app.worker().start_periodic().await.unwrap();
        app.advance(accepted() - app.now());
        let admin = app.admin().await;
        let line = app.line("SUPPORT").await;
        let anna = app.operator("anna@otklik.test", &[line]).await;
        let schedule = json!({"name": "Офис", "definition": new_year()});
        policy["schedule_id"] = admin.post("/schedules", schedule).await.expect(201)["id"].clone();
        let body = json!({"name": "Стандарт", "definition": policy});
        let policy = admin.post("/sla-policies", body).await.expect(201);
        admin.put(&format!("/lines/{line}/sla"), json!({"policy_id": policy["id"]})).await.ok();
        Desk { app, admin, anna, line }
    }

    pub async fn letter(&self, from: &str) -> ConversationId {
        receive_mail(&self.app, mail(self.line, from, "Не печатает касса")).await.conversation_id
    }

    /// Lets what has happened so far be followed, and what is due be done, until nothing is left.
    pub async fn settle(&self) {
        loop {
            let ran = self.app.run_jobs().await;
            self.follow().await;
            if ran == 0 {
                return;
            }
        }
    }

    async fn follow(&self) {
        follow(&self.app).await;
    }

    async fn clock(&self, id: ConversationId, norm: &str) -> Value {
        self.settle().await;
        let all = self.admin.get(&format!("/conversations/{id}/sla")).await.ok();
        let ours = all["items"].as_array().unwrap().iter().rfind(|clock| clock["norm"] == norm);
        ours.cloned().unwrap_or(Value::Null)
    }

    pub async fn row(&self, id: ConversationId) -> Value {
        self.settle().await;
        self.admin.get(&format!("/conversations/{id}")).await.ok()
    }

    pub async fn until(&self, moscow: &str) {
        self.settle().await;
        let at: DateTime<Utc> = format!("{moscow}:00+03:00").parse().unwrap();
        assert!(at > self.app.now());
        self.app.advance(at - self.app.now());
        self.settle().await;
    }

    async fn answer(&self, id: ConversationId) {
        let body = json!({"kind": "outbound", "html": "<p>Пришлём мастера.</p>"});
        self.anna.post(&format!("/conversations/{id}/messages"), body).await.expect(201);
        self.settle().await;
    }

    async fn command(&self, id: ConversationId, command: &str, body: Value) {
        self.anna.post(&format!("/conversations/{id}/{command}"), body).await;
        self.settle().await;
    }
}

fn standard() -> Value {
    json!({
        "norms": {"reaction_seconds": 3600, "reply_seconds": 3600, "resolution_seconds": 8 * 3600},
        "extra": [{
            "name": "VIP, срочно", "priorities": ["high"], "categories": ["VIP"],
            "norms": {"reaction_seconds": 900, "resolution_seconds": 7200},
        }],
        "pause_when_snoozed": true,
        "follow_priority": true,
    })
}

/// Story 9: the due times of its norms, to the second, on a conversation that is waited for in between.
#[tokio::test]
async fn a_promise_over_the_new_year_is_due_when_the_story_says() {
    let desk = Desk::with(standard()).await;
    let id = desk.letter("client@example.com").await;
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["due_at"], &reaction["state"]), (&json!("2027-01-11T06:50:00Z"), &json!("running")));
    assert_eq!(desk.clock(id, "resolution").await["due_at"], "2027-01-11T14:50:00Z");
    let row = desk.row(id).await;
    assert_eq!((&row["due"]["norm"], &row["due"]["at"]), (&json!("reaction"), &json!("2027-01-11T06:50:00Z")));

    desk.until("2027-01-11T09:30").await;
    desk.answer(id).await;
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["state"], &reaction["missed_at"]), (&json!("done"), &Value::Null));
    assert_eq!(reaction["counted_seconds"], 40 * 60);
    assert_eq!(desk.row(id).await["due"]["norm"], "resolution");

    desk.until("2027-01-11T10:00").await;
    desk.command(id, "snooze", json!({"until": "2027-01-11T09:00:00Z"})).await;
    let resolution = desk.clock(id, "resolution").await;
    assert_eq!((&resolution["state"], &resolution["paused_for"]), (&json!("paused"), &json!("snoozed")));
    assert_eq!((&resolution["due_at"], &resolution["counted_seconds"]), (&Value::Null, &json!(70 * 60)));
    assert_eq!(desk.row(id).await["due"], Value::Null, "nothing runs");

    desk.until("2027-01-11T12:00").await;
    let resolution = desk.clock(id, "resolution").await;
    assert_eq!((&resolution["state"], &resolution["due_at"]), (&json!("running"), &json!("2027-01-12T07:50:00Z")));
    let pieces: Vec<(&str, i64)> = resolution["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|piece| (piece["reason"].as_str().unwrap(), piece["counted_seconds"].as_i64().unwrap()))
        .filter(|(reason, _)| ["exception_hours", "working_hours", "paused"].contains(reason))
        .collect();
    assert_eq!(pieces, [("exception_hours", 600), ("working_hours", 3600), ("paused", 0)]);

    desk.until("2027-01-12T10:50").await;
    desk.command(id, "close", json!({})).await;
    let resolution = desk.clock(id, "resolution").await;
    assert_eq!((&resolution["state"], &resolution["missed_at"]), (&json!("done"), &Value::Null), "at the very second");
    assert_eq!(resolution["counted_seconds"], 8 * 3600);
}

#[tokio::test]
async fn the_narrowest_norm_is_chosen_and_said_and_a_priority_chooses_anew() {
    let desk = Desk::with(standard()).await;
    let id = desk.letter("vip@example.com").await;
    let contact = desk.row(id).await["contact"]["id"].as_str().unwrap().to_owned();
    desk.admin.patch(&format!("/contacts/{contact}"), json!({"category": "VIP"})).await.ok();
    let before = desk.clock(id, "reaction").await;
    assert_eq!(before["target_seconds"], 3600);
    desk.admin.patch(&format!("/conversations/{id}"), json!({"priority": "high"})).await.ok();
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["target_seconds"], &reaction["started_at"]), (&json!(900), &before["started_at"]));
    assert_eq!(reaction["due_at"], "2027-01-11T06:05:00Z", "ten minutes of the old year, five of the new");
    assert!(reaction["why"].as_str().unwrap().contains("VIP, срочно"), "{}", reaction["why"]);
    let changed = reaction["log"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&changed["what"], &changed["reason"]), (&json!("changed"), &json!("priority")));
}

#[tokio::test]
async fn steps_come_once_and_in_time_and_a_broken_promise_is_told() {
    let mut policy = standard();
    let group_id = Value::Null;
    policy["steps"] = json!([
        {"norms": ["reaction"], "before_percent": 50, "tell_operator": true, "tell_supervisors": true},
        {"norms": ["reaction"], "after_seconds": 0, "priority": "high", "give_to_group": group_id},
    ]);
    policy["follow_priority"] = json!(false);
    let desk = Desk::with(policy).await;
    let id = desk.letter("client@example.com").await;
    desk.settle().await;
    desk.anna.post(&format!("/conversations/{id}/take"), json!({})).await;
    let chief = desk.app.user("chief@otklik.test", "Старшая", "supervisor").await;
    let watching = json!({"name": "Старшие", "member_ids": [chief.user_id()]});
    let watching = desk.admin.post("/groups", watching).await.expect(201);
    desk.admin.patch(&format!("/lines/{}", desk.line), json!({"supervisor_group_ids": [watching["id"]]})).await.ok();

    let kinds = async || {
        desk.settle().await;
        let read = desk.app.app.db.read();
        let sql = "select kind, data from event where conversation_id = $1 and kind like 'sla_%' order by seq";
        let rows = read.query_all_raw(dialect::statement(read, sql, [id.0.into()])).await.unwrap();
        let kind = |row: &sea_orm::QueryResult| row.try_get::<String>("", "kind").unwrap();
        let told = |row: &sea_orm::QueryResult| row.try_get::<Value>("", "data").unwrap()["tell"].clone();
        rows.iter().map(|row| (kind(row), told(row))).collect::<Vec<_>>()
    };
    desk.until("2027-01-11T09:19").await;
    assert!(kinds().await.is_empty(), "29 minutes have counted");
    desk.until("2027-01-11T09:20").await;
    let told = kinds().await;
    let both: BTreeSet<UserId> = [desk.anna.user_id(), chief.user_id()].into();
    assert_eq!(told, [("sla_reminded".to_owned(), json!(both))]);
    desk.until("2027-01-11T09:51").await;
    desk.settle().await;
    let all: Vec<String> = kinds().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(all, ["sla_reminded", "sla_missed", "sla_escalated"]);
    let row = desk.row(id).await;
    assert_eq!(row["priority"], "high");

    // A worker that died before it could say so runs its job again.
    let clock = desk.clock(id, "reaction").await["id"].clone();
    let tx = desk.app.app.write().await.unwrap();
    jobs::enqueue_raw(&tx, "sla.act", json!({"clock_id": clock, "step": 1})).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(kinds().await.len(), 3, "each step is taken once");
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["state"], &reaction["missed_at"]), (&json!("running"), &json!("2027-01-11T06:50:00Z")));
    let overdue = desk.admin.get("/conversations?overdue=true&sort=deadline").await.ok();
    assert_eq!(overdue["items"][0]["id"], json!(id));

    desk.answer(id).await;
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["state"], &reaction["missed_at"]), (&json!("done"), &json!("2027-01-11T06:50:00Z")));
    let none = desk.admin.get("/conversations?overdue=true").await.ok();
    assert_eq!(none["items"], json!([]));
    let (from, to) = ("2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z");
    let report = desk.admin.get(&format!("/sla-report?from={from}&to={to}&line={}", desk.line)).await.ok();
    let reaction = report["items"].as_array().unwrap().iter().find(|one| one["norm"] == "reaction").unwrap().clone();
    assert_eq!(
        (&reaction["total"], &reaction["missed"], &reaction["kept_percent"]),
        (&json!(1), &json!(1), &json!(0.0))
    );
    assert_eq!(reaction["mean_seconds"], 61 * 60);
    let cases =
        desk.admin.get(&format!("/sla-report/cases?from={from}&to={to}&norm=reaction&result=missed")).await.ok();
    assert_eq!(cases["items"][0]["conversation_id"], json!(id));
}

#[tokio::test]
async fn an_answer_that_is_taken_back_was_none() {
    let desk = Desk::with(standard()).await;
    let id = desk.letter("client@example.com").await;
    let message = desk
        .anna
        .post(&format!("/conversations/{id}/messages"), json!({"kind": "outbound", "html": "<p>Ой</p>"}))
        .await
        .expect(201);
    assert_eq!(desk.clock(id, "reaction").await["state"], "done");
    desk.anna.post(&format!("/messages/{}/undo", message["id"].as_str().unwrap()), json!({})).await;
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["state"], &reaction["due_at"]), (&json!("running"), &json!("2027-01-11T06:50:00Z")));
}

#[tokio::test]
async fn each_next_message_is_promised_an_answer_and_reopening_goes_on() {
    let desk = Desk::with(standard()).await;
    let id = desk.letter("client@example.com").await;
    desk.answer(id).await;
    assert_eq!(desk.clock(id, "reply").await, Value::Null);
    desk.until("2027-01-11T09:00").await;
    let more = async || {
        let mut more = mail(desk.line, "client@example.com", "Re: Не печатает касса");
        more.conversation_id = Some(id);
        receive_mail(&desk.app, more).await
    };
    more().await;
    assert_eq!(desk.clock(id, "reply").await["due_at"], "2027-01-11T07:00:00Z");
    desk.app.advance(Duration::minutes(5));
    more().await;
    assert_eq!(desk.clock(id, "reply").await["due_at"], "2027-01-11T07:00:00Z", "it counts from the first");
    desk.command(id, "close", json!({})).await;
    assert_eq!(desk.clock(id, "reply").await["state"], "dropped");
    desk.until("2027-01-11T12:00").await;
    more().await;
    let resolution = desk.clock(id, "resolution").await;
    assert_eq!((&resolution["state"], &resolution["counted_seconds"]), (&json!("running"), &json!(15 * 60)));
}

#[tokio::test]
async fn a_change_of_a_policy_is_shown_before_it_is_made() {
    let desk = Desk::with(standard()).await;
    let id = desk.letter("client@example.com").await;
    desk.settle().await;
    let policy = desk.admin.get("/sla-policies").await.ok()["items"][0].clone();
    let path = format!("/sla-policies/{}", policy["id"].as_str().unwrap());
    let mut definition = policy["definition"].clone();
    definition["norms"]["reaction_seconds"] = json!(1800);
    let shown = desk.admin.post(&format!("{path}/preview"), json!({"definition": definition})).await.ok();
    assert_eq!(shown["running"], 2);
    assert_eq!(shown["changed"].as_array().unwrap().len(), 1);
    assert_eq!(shown["changed"][0]["due_after"], "2027-01-11T06:20:00Z");
    desk.admin.patch(&path, json!({"definition": definition})).await.ok();
    assert_eq!(desk.clock(id, "reaction").await["target_seconds"], 3600, "it keeps what it was begun with");
    desk.admin.patch(&path, json!({"definition": definition, "apply_to_running": true})).await.ok();
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["target_seconds"], &reaction["due_at"]), (&json!(1800), &json!("2027-01-11T06:20:00Z")));
    desk.admin.delete(&path).await.problem(409, "policy_in_use");
}

#[tokio::test]
async fn a_policy_with_faults_names_each_of_them() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let definition = json!({"norms": {"reaction_seconds": 0}, "extra": [{"name": "", "norms": {}}], "schedule_id": app.app.new_id()});
    let problem = admin.post("/sla-policies", json!({"name": "Х", "definition": definition})).await.expect(422);
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert!(
        fields.contains(&"definition.norms.reaction_seconds") && fields.contains(&"definition.extra[0].name"),
        "{fields:?}"
    );
}

/// Two nodes follow one log: each step comes once all the same.
#[tokio::test]
async fn two_nodes_ring_a_step_once() {
    let mut policy = standard();
    policy["steps"] = json!([{"norms": ["reaction"], "after_seconds": 0, "tell_operator": true}]);
    let desk = Desk::with(policy).await;
    let Some(other) = desk.app.another_node().await else { return };
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(desk.letter(&format!("client{number}@example.com")).await);
    }
    desk.settle().await;
    desk.app.advance("2027-01-11T06:51:00Z".parse::<DateTime<Utc>>().unwrap() - desk.app.now());
    let (one, two) = tokio::join!(sla::catch_up(&desk.app.app), sla::catch_up(&other.app));
    one.unwrap();
    two.unwrap();
    desk.settle().await;
    for id in ids {
        let clock = desk.clock(id, "reaction").await;
        let count = |what: &str| clock["log"].as_array().unwrap().iter().filter(|entry| entry["what"] == what).count();
        assert_eq!((count("missed"), count("step")), (1, 1));
    }
}

/// Story 9: at 18:00 seven of ten are in time, eighty percent were wanted, so the manager is told, once.
#[tokio::test]
async fn too_small_a_share_of_kept_promises_is_told_once_a_day() {
    let app = TestApp::new().await;
    app.advance(accepted() - app.now());
    let manager = app.user("morozova@otklik.test", "Морозова", "supervisor").await;
    let mut policy = json!({"norms": {"reaction_seconds": 3600}});
    policy["share"] = json!({"percent": 80, "check_at": "18:00", "days": 30, "tell": [manager.user_id()]});
    let desk = Desk::on(app, policy).await;
    desk.app.serve(manager.user_id(), desk.line).await;
    desk.until("2027-01-11T09:00").await;
    let mut ids = Vec::new();
    for number in 0..10 {
        ids.push(desk.letter(&format!("client{number}@example.com")).await);
    }
    for id in &ids[..7] {
        desk.answer(*id).await;
    }
    let told = async || {
        desk.settle().await;
        let read = desk.app.app.db.read();
        let sql = "select data from event where kind = 'sla_share_low'";
        let rows = read.query_all_raw(dialect::statement(read, sql, [])).await.unwrap();
        rows.iter().map(|row| row.try_get::<Value>("", "data").unwrap()).collect::<Vec<_>>()
    };
    desk.until("2027-01-11T17:59").await;
    assert!(told().await.is_empty());
    desk.until("2027-01-11T18:00").await;
    let all = told().await;
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0]["kept"], &all[0]["missed"], &all[0]["percent"]), (&json!(7), &json!(3), &json!(70)));
    assert_eq!(all[0]["tell"], json!([manager.user_id()]));
    let feed = manager.get("/notifications").await.ok();
    assert_eq!(
        (&feed["items"][0]["kind"], &feed["items"][0]["about"]["type"]),
        (&json!("sla_share_low"), &json!("sla_report"))
    );
    desk.until("2027-01-11T20:00").await;
    assert_eq!(told().await.len(), 1, "it is said once a day");
}

/// RT-05: a rule of the line assigns another policy than the line's.
#[tokio::test]
async fn a_rule_assigns_a_policy_and_what_runs_is_counted_by_it() {
    let desk = Desk::with(standard()).await;
    let urgent = json!({"norms": {"reaction_seconds": 600}});
    let urgent = desk.admin.post("/sla-policies", json!({"name": "Срочный", "definition": urgent})).await.expect(201);
    let path = format!("/lines/{}/routing-rules", desk.line);
    let rule = json!({"name": "Касса", "condition": {"field": "message_text", "operator": "contains", "value": ["касса"]},
        "target": {"kind": "queue", "group_id": null}, "set": {"policy_id": urgent["id"]}});
    let mut unknown = rule.clone();
    unknown["set"]["policy_id"] = json!(desk.line);
    desk.admin.post(&path, unknown).await.invalid("set.policy_id", "unknown_policy");
    desk.admin.post(&path, rule).await.expect(201);
    let policy = format!("/sla-policies/{}", urgent["id"].as_str().unwrap());
    let refused = desk.admin.delete(&policy).await.problem(409, "policy_in_use");
    assert!(refused.to_string().contains("правила линии"), "{refused}");

    // The follower hears of the letter first, and of the rule's choice afterwards.
    let id = desk.letter("ivan@client.ru").await;
    desk.follow().await;
    let before = desk.admin.get(&format!("/conversations/{id}/sla")).await.ok();
    assert_eq!(before["items"][0]["policy"], "Стандарт");
    let reaction = desk.clock(id, "reaction").await;
    assert_eq!((&reaction["policy"], &reaction["target_seconds"]), (&json!("Срочный"), &json!(600)));
    let trace = reaction["trace"].to_string();
    assert!(trace.contains("назначен правилом «Касса»"), "{reaction}");
    assert_eq!(reaction["due_at"], "2026-12-30T11:00:00Z", "around the clock, from the letter");
    assert_eq!(reaction["log"][1]["reason"], "rule");
    assert_eq!(desk.clock(id, "resolution").await["state"], "dropped", "the rule's policy promises none");
    let routed = desk.admin.get(&format!("/conversations/{id}/routing")).await.ok();
    assert!(routed["items"][0]["why"].as_str().unwrap().contains("«Срочный»"), "{routed}");

    // A later norm is the rule's choice, too; another conversation has the line's.
    desk.answer(id).await;
    let other = receive_mail(&desk.app, mail(desk.line, "anna@client.ru", "Сломался стул")).await.conversation_id;
    assert_eq!(desk.clock(other, "reaction").await["policy"], "Стандарт");
}

/// A line that promises nothing has promises where a rule assigns them, counted from when the client wrote.
#[tokio::test]
async fn a_rule_promises_on_a_line_without_a_policy() {
    let desk = Desk::with(standard()).await;
    desk.admin.put(&format!("/lines/{}/sla", desk.line), json!({"policy_id": null})).await.ok();
    let vip = json!({"norms": {"reaction_seconds": 600, "reply_seconds": 300, "resolution_seconds": 7200}});
    let vip = desk.admin.post("/sla-policies", json!({"name": "VIP", "definition": vip})).await.expect(201);
    let rule = json!({"name": "Все", "condition": {"all": []}, "target": {"kind": "queue", "group_id": null},
        "set": {"policy_id": vip["id"]}});
    desk.admin.post(&format!("/lines/{}/routing-rules", desk.line), rule).await.expect(201);
    let id = desk.letter("ivan@client.ru").await;
    for (norm, seconds) in [("reaction", 600), ("resolution", 7200)] {
        let clock = desk.clock(id, norm).await;
        let started: DateTime<Utc> = clock["started_at"].as_str().unwrap().parse().unwrap();
        assert_eq!((started, &clock["target_seconds"]), (accepted(), &json!(seconds)), "{norm}");
    }
    desk.answer(id).await;
    assert_eq!(desk.clock(id, "reaction").await["state"], "done");
}
