//! Routes of tickets: stages with times, delays that shorten what follows, and what must be done before a ticket is resolved.

use base::{GroupId, UserId};
use serde_json::{Value, json};
use tests::Client;

use crate::ticket_promises::Tickets;

const HOUR: i64 = 3600;

/// A line with Anna, Boris and Vera, on 30 December 2026, 13:50 in Moscow.
struct Office {
    tickets: Tickets,
    boris: Client,
    vera: Client,
}

impl Office {
    async fn open() -> Self {
        let tickets = Tickets::with(json!({"norms": {}})).await;
        let boris = tickets.desk.app.operator("boris@otklik.test", &[tickets.desk.line]).await;
        let vera = tickets.desk.app.operator("vera@otklik.test", &[tickets.desk.line]).await;
        Office { tickets, boris, vera }
    }

    fn anna(&self) -> &Client {
        &self.tickets.desk.anna
    }

    fn admin(&self) -> &Client {
        &self.tickets.desk.admin
    }

    async fn ola(&self, definition: Value) -> String {
        let made = self.admin().post("/olas", json!({"name": "Внутреннее", "definition": definition})).await;
        made.expect(201)["id"].as_str().unwrap().to_owned()
    }

    async fn route(&self, mode: &str, stages: &[Value]) -> String {
        let body = json!({"name": "Закупка", "definition": {"mode": mode, "stages": stages}});
        self.admin().post("/routes", body).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    async fn start(&self, ticket: &str, route: &str) -> Value {
        let run = self.anna().post(&format!("/tickets/{ticket}/route"), json!({"route_id": route})).await.ok();
        self.tickets.desk.settle().await;
        run["items"][0].clone()
    }

    async fn run(&self, ticket: &str) -> Value {
        self.tickets.desk.settle().await;
        self.anna().get(&format!("/tickets/{ticket}/route")).await.ok()["items"][0].clone()
    }

    async fn act(&self, by: &Client, ticket: &str, stage: usize, what: &str, body: Value) -> Value {
        let id = self.run(ticket).await["stages"][stage]["id"].as_str().unwrap().to_owned();
        let done = by.post(&format!("/tickets/{ticket}/route/stages/{id}/{what}"), body).await.ok();
        self.tickets.desk.settle().await;
        done["items"][0].clone()
    }
}

fn stage(name: &str, ola: &str, person: UserId) -> Value {
    json!({"name": name, "kind": "work", "ola_id": ola, "user_id": person})
}

fn of_group(name: &str, ola: &str, group: GroupId) -> Value {
    json!({"name": name, "kind": "work", "ola_id": ola, "group_id": group})
}

fn with(mut stage: Value, more: Value) -> Value {
    stage.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    stage
}

fn states(run: &Value) -> Vec<&str> {
    run["stages"].as_array().unwrap().iter().map(|stage| stage["state"].as_str().unwrap()).collect()
}

fn shrinking() -> Value {
    json!({"resolution_seconds": 4 * HOUR, "approval_seconds": HOUR, "reaction_seconds": HOUR, "shrink": true})
}

/// The acceptance: a delay of the first stage shortens the second, and plan and fact stand side by side.
#[tokio::test]
async fn a_delay_of_one_stage_shortens_the_next() {
    let office = Office::open().await;
    let ola = office.ola(shrinking()).await;
    let (anna, boris) = (office.anna().user_id(), office.boris.user_id());
    let stages = [stage("Подбор", &ola, anna), stage("Договор", &ola, boris), stage("Отгрузка", &ola, anna)];
    let route = office.route("ticket", &stages).await;
    let ticket = office.tickets.register(json!({"status": "accepted"})).await;
    let run = office.start(&ticket, &route).await;
    assert_eq!(states(&run), ["running", "waiting", "waiting"]);
    assert_eq!(run["planned_at"], "2026-12-30T22:50:00Z", "twelve hours");
    let planned: Vec<&Value> = run["stages"].as_array().unwrap().iter().map(|stage| &stage["planned_at"]).collect();
    assert_eq!(planned, ["2026-12-30T14:50:00Z", "2026-12-30T18:50:00Z", "2026-12-30T22:50:00Z"]);
    let owner = async || office.anna().get(&format!("/tickets/{ticket}")).await.ok()["owner"]["id"].clone();
    assert_eq!(owner().await, json!(anna), "the ticket goes to the person of the stage");

    // Two hours late.
    office.tickets.desk.until("2026-12-30T19:50").await;
    let late = office.run(&ticket).await;
    assert_eq!(late["stages"][0]["missed_at"], "2026-12-30T14:50:00Z");
    assert_eq!(late["stages"][0]["reaction_missed_at"], "2026-12-30T11:50:00Z");
    let run = office.act(office.anna(), &ticket, 0, "complete", json!({"result": "Подобрано"})).await;
    assert_eq!(states(&run), ["done", "running", "waiting"]);
    let (first, second, third) = (&run["stages"][0], &run["stages"][1], &run["stages"][2]);
    assert_eq!((&first["counted_seconds"], &first["overrun_seconds"]), (&json!(6 * HOUR), &json!(2 * HOUR)));
    assert_eq!(first["result"], "Подобрано");
    for stage in [second, third] {
        assert_eq!((&stage["own_seconds"], &stage["target_seconds"]), (&json!(4 * HOUR), &json!(3 * HOUR)));
        let why = stage["why"][0].as_str().unwrap();
        assert!(why.starts_with("Сокращено с 4 ч до 3 ч:") && why.contains("осталось 6 ч вместо 8 ч"), "{why}");
    }
    assert_eq!(
        (&second["due_at"], &second["planned_at"]),
        (&json!("2026-12-30T19:50:00Z"), &json!("2026-12-30T18:50:00Z"))
    );
    assert_eq!(third["due_at"], "2026-12-30T22:50:00Z", "the end of the route does not move");
    assert_eq!(owner().await, json!(boris));

    // What is much too late leaves the least part.
    office.tickets.desk.until("2026-12-31T20:00").await;
    let run = office.act(&office.boris, &ticket, 1, "complete", json!({})).await;
    assert_eq!(run["stages"][2]["target_seconds"], HOUR);
    assert!(run["stages"][2]["why"][0].as_str().unwrap().contains("Меньше нельзя"), "{run:#}");
    let run = office.act(office.anna(), &ticket, 2, "complete", json!({})).await;
    assert_eq!((&run["state"], states(&run)), (&json!("done"), vec!["done", "done", "done"]));

    let told = office.boris.get("/notifications").await.ok();
    let kinds: Vec<&str> = told["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "stage_missed").count(),
        2,
        "reaction and time, each once: {kinds:?}"
    );
    assert_eq!(kinds.iter().filter(|kind| **kind == "stage_started").count(), 1, "{kinds:?}");
    let history = office.anna().get(&format!("/tickets/{ticket}/history")).await.ok();
    let missed = history["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "stage_missed").count();
    assert_eq!(missed, 4);
    let period = "from=2026-12-01T00:00:00Z&to=2027-02-01T00:00:00Z";
    let report = office.admin().get(&format!("/stage-report?{period}")).await.ok();
    assert_eq!(report, json!({"total": 3, "kept": 1, "missed": 2, "open": 0, "reaction_missed": 2}));
    let cases = office.admin().get(&format!("/stage-report/cases?{period}")).await.ok();
    let names: Vec<&Value> = cases["items"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Договор", "Подбор"]);
}

#[tokio::test]
async fn a_required_stage_keeps_the_ticket_from_being_resolved() {
    let office = Office::open().await;
    let ola = office.ola(shrinking()).await;
    let person = office.anna().user_id();
    let stages = [
        with(stage("Проверка", &ola, person), json!({"must_complete": true})),
        with(stage("Согласование", &ola, person), json!({"kind": "approval"})),
        stage("Отзыв", &ola, person),
    ];
    let route = office.route("ticket", &stages).await;
    let ticket = office.tickets.register(json!({"status": "in_progress"})).await;
    office.start(&ticket, &route).await;
    let resolve = async || {
        office
            .anna()
            .patch(&format!("/tickets/{ticket}"), json!({"status": "resolved", "solution": "Заменили узел"}))
            .await
    };
    let refused = resolve().await.expect(422);
    assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("status"), &json!("held")));
    let said = refused["errors"][0]["detail"].as_str().unwrap();
    assert_eq!(said, "Сначала завершите обязательный этап «Проверка» маршрута «Закупка»");

    let run = office.run(&ticket).await;
    let id = |index: usize| run["stages"][index]["id"].as_str().unwrap();
    let path = |index: usize, what: &str| format!("/tickets/{ticket}/route/stages/{}/{what}", id(index));
    office.anna().post(&path(0, "skip"), json!({"reason": "Не нужен"})).await.problem(409, "must_complete");
    office.anna().post(&path(1, "complete"), json!({})).await.problem(409, "stage_waits");
    office.anna().post(&path(1, "skip"), json!({"reason": " "})).await.invalid("reason", "required");
    office.anna().post(&path(1, "skip"), json!({"reason": "Уже согласовано"})).await.ok();
    office.anna().post(&path(1, "skip"), json!({"reason": "Ещё раз"})).await.problem(409, "stage_over");
    let run = office.act(office.anna(), &ticket, 0, "complete", json!({})).await;
    assert_eq!(states(&run), ["done", "skipped", "running"]);
    assert_eq!(run["stages"][1]["result"], "Уже согласовано");

    // What is left is not required: it ends with the ticket.
    resolve().await.ok();
    let run = office.run(&ticket).await;
    assert_eq!((&run["state"], states(&run)), (&json!("cancelled"), vec!["done", "skipped", "cancelled"]));
    let refused = office.anna().post(&format!("/tickets/{ticket}/route"), json!({"route_id": route})).await;
    refused.problem(409, "ticket_over");
}

#[tokio::test]
async fn stages_that_are_tasks_run_together_and_end_with_their_tasks() {
    let office = Office::open().await;
    let ola = office.ola(shrinking()).await;
    let group = office.tickets.desk.app.serve(office.vera.user_id(), office.tickets.desk.line).await;
    let stages = [
        stage("Счёт", &ola, office.boris.user_id()),
        with(of_group("Склад", &ola, group), json!({"parallel": true, "must_complete": true})),
        with(stage("Подпись", &ola, office.boris.user_id()), json!({"kind": "approval"})),
    ];
    let route = office.route("task", &stages).await;
    let ticket = office.tickets.register(json!({"status": "accepted", "owner_id": office.anna().user_id()})).await;
    let run = office.start(&ticket, &route).await;
    assert_eq!(states(&run), ["running", "running", "waiting"]);
    assert_eq!(run["planned_at"], "2026-12-30T15:50:00Z", "four hours together, then one");
    let tasks = async |client: &Client, scope: &str| {
        let page = client.get(&format!("/tasks?scope={scope}")).await.ok();
        page["items"].as_array().unwrap().clone()
    };
    let invoice = tasks(&office.boris, "mine").await[0].clone();
    assert_eq!((&invoice["title"], &invoice["due_at"]), (&json!("Счёт"), &json!("2026-12-30T14:50:00Z")));
    assert_eq!((&invoice["stage"], &invoice["why"]), (&json!(true), &json!("Этап «Счёт» маршрута «Закупка».")));
    let stock = tasks(&office.vera, "groups").await[0].clone();
    let path = |task: &Value, what: &str| format!("/tasks/{}{what}", task["id"].as_str().unwrap());
    office.boris.post(&path(&invoice, "/cancel"), json!({})).await.problem(409, "task_of_stage");

    // Whoever takes the task takes the stage; its end is the end of the stage.
    office.vera.patch(&path(&stock, ""), json!({"assignee_id": office.vera.user_id()})).await.ok();
    let run = office.run(&ticket).await;
    assert_eq!(run["stages"][1]["taken_by"]["id"], json!(office.vera.user_id()));
    office.boris.post(&path(&invoice, "/done"), json!({"result": "Выставлен"})).await.ok();
    let run = office.run(&ticket).await;
    assert_eq!(states(&run), ["done", "running", "waiting"], "the other one still runs");
    assert_eq!(
        (&run["stages"][0]["result"], &run["stages"][0]["ended_by"]["id"]),
        (&json!("Выставлен"), &json!(office.boris.user_id()))
    );
    let run = office.act(&office.vera, &ticket, 1, "complete", json!({"result": "Собрано"})).await;
    assert_eq!(states(&run), ["done", "done", "running"]);
    assert_eq!(office.vera.get(&path(&stock, "")).await.ok()["state"], "done", "the task ends with its stage");
    office.vera.post(&path(&stock, "/reopen"), json!({})).await.problem(409, "task_of_stage");
    assert_eq!(tasks(&office.boris, "mine").await[0]["title"], "Подпись");
    let owner = office.anna().get(&format!("/tickets/{ticket}")).await.ok()["owner"]["id"].clone();
    assert_eq!(owner, json!(office.anna().user_id()), "the ticket stays with its owner");
}

#[tokio::test]
async fn the_service_of_a_ticket_begins_its_route_when_it_is_accepted() {
    let office = Office::open().await;
    let ola = office.ola(shrinking()).await;
    let catalogue = office.tickets.catalogue("Офис").await;
    let service = office.tickets.service(&catalogue, "Техника").await;
    let stages = [stage("Подбор", &ola, office.anna().user_id())];
    let route = office.route("ticket", &stages).await;
    office.admin().patch(&format!("/routes/{route}"), json!({"service_ids": [service]})).await.ok();
    let ticket = office.tickets.register(json!({"service_id": service})).await;
    assert_eq!(office.run(&ticket).await, Value::Null, "not accepted yet");
    office.tickets.change(&ticket, json!({"status": "accepted"})).await;
    let run = office.run(&ticket).await;
    assert_eq!(
        (&run["why"], &run["started_by"]),
        (&json!("Услуга «Техника» идёт по маршруту «Закупка»."), &Value::Null)
    );

    // The time stands still while the ticket waits, and what was left is left.
    office.tickets.desk.until("2026-12-30T14:50").await;
    office.tickets.change(&ticket, json!({"status": "waiting", "waiting": {"reason": "Ждём запчасти"}})).await;
    let run = office.run(&ticket).await;
    assert_eq!((&run["stages"][0]["paused"], &run["stages"][0]["due_at"]), (&json!(true), &Value::Null));
    office.tickets.desk.until("2026-12-31T10:00").await;
    office.tickets.change(&ticket, json!({"status": "in_progress"})).await;
    let run = office.run(&ticket).await;
    assert_eq!(run["stages"][0]["counted_seconds"], HOUR);
    assert_eq!(run["stages"][0]["due_at"], "2026-12-31T10:00:00Z");
    assert_eq!(run["stages"][0]["taken_by"]["id"], json!(office.anna().user_id()), "work has begun");

    let again = office.anna().post(&format!("/tickets/{ticket}/route"), json!({"route_id": route})).await;
    again.problem(409, "route_running");
    office.act(office.anna(), &ticket, 0, "complete", json!({})).await;
    office.tickets.change(&ticket, json!({"status": "waiting", "waiting": {"reason": "Ждём запчасти"}})).await;
    office.tickets.change(&ticket, json!({"status": "accepted"})).await;
    let all = office.anna().get(&format!("/tickets/{ticket}/route")).await.ok();
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "it begins by itself once");
    office.start(&ticket, &route).await;
    let all = office.anna().get(&format!("/tickets/{ticket}/route")).await.ok();
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "by hand as often as somebody wants");
}

#[tokio::test]
async fn an_ola_counts_by_its_schedule_while_it_holds() {
    let office = Office::open().await;
    let schedule = office.admin().get("/schedules").await.ok()["items"][0]["id"].clone();
    let ola = office.ola(json!({"resolution_seconds": HOUR, "schedule_id": schedule, "valid_to": "2026-12-30"})).await;
    let stages = [stage("Подбор", &ola, office.anna().user_id())];
    let route = office.route("ticket", &stages).await;
    let first = office.tickets.register(json!({"status": "accepted"})).await;
    let run = office.start(&first, &route).await;
    assert_eq!(run["stages"][0]["due_at"], "2027-01-11T06:50:00Z", "the office is closed until then");
    office.tickets.desk.until("2026-12-31T10:00").await;
    let second = office.tickets.register(json!({"status": "accepted"})).await;
    let run = office.start(&second, &route).await;
    assert_eq!((&run["stages"][0]["own_seconds"], &run["stages"][0]["ola"]), (&Value::Null, &Value::Null));
    assert_eq!(run["stages"][0]["why"], json!(["OLA «Внутреннее» сегодня не действует: у этапа нет срока."]));

    // A route that runs keeps its OLA as it was; what is used is not deleted.
    office.admin().patch(&format!("/olas/{ola}"), json!({"definition": {"resolution_seconds": 60}})).await.ok();
    assert_eq!(office.run(&first).await["stages"][0]["own_seconds"], HOUR);
    office.admin().delete(&format!("/olas/{ola}")).await.problem(409, "ola_in_use");
    let schedule_path = format!("/schedules/{}", schedule.as_str().unwrap());
    office
        .admin()
        .patch(&format!("/olas/{ola}"), json!({"definition": {"resolution_seconds": 60, "schedule_id": schedule}}))
        .await
        .ok();
    office.admin().delete(&schedule_path).await.expect(409);
    office.admin().delete(&format!("/routes/{route}")).await.expect(204);
    office.admin().delete(&format!("/olas/{ola}")).await.expect(204);
    assert_eq!(states(&office.run(&first).await), ["running"], "whoever is on the way goes on");
}

#[tokio::test]
async fn what_is_wrong_with_a_route_or_an_ola_is_named() {
    let office = Office::open().await;
    let field = |problem: Value| problem["errors"][0]["field"].as_str().unwrap().to_owned();
    let ola = office.admin().post("/olas", json!({"name": "Пусто", "definition": {}})).await.expect(422);
    assert_eq!(field(ola), "definition.resolution_seconds");
    let only_work = office.ola(json!({"resolution_seconds": HOUR})).await;
    let person = office.anna().user_id();
    let refused = async |mode: &str, stages: Value| {
        let body = json!({"name": "Плохой", "definition": {"mode": mode, "stages": stages}});
        field(office.admin().post("/routes", body).await.expect(422))
    };
    assert_eq!(refused("ticket", json!([])).await, "definition.stages");
    let approval = with(stage("А", &only_work, person), json!({"kind": "approval"}));
    assert_eq!(refused("ticket", json!([approval])).await, "definition.stages[0].ola_id");
    let parallel = with(stage("Б", &only_work, person), json!({"parallel": true}));
    assert_eq!(
        refused("ticket", json!([stage("А", &only_work, person), parallel])).await,
        "definition.stages[1].parallel"
    );
    let nobody = json!({"name": "А", "kind": "work"});
    assert_eq!(refused("task", json!([nobody])).await, "definition.stages[0].user_id");

    let catalogue = office.tickets.catalogue("Офис").await;
    let service = office.tickets.service(&catalogue, "Техника").await;
    let body = |name: &str| {
        let definition = json!({"mode": "ticket", "stages": [stage("А", &only_work, person)]});
        json!({"name": name, "definition": definition, "service_ids": [service]})
    };
    office.admin().post("/routes", body("Первый")).await.expect(201);
    office.admin().post("/routes", body("Второй")).await.invalid("service_ids[0]", "taken");
}

/// Two nodes look for what is over: each time is told once.
#[tokio::test(flavor = "multi_thread")]
async fn a_stage_that_is_late_is_told_once_by_two_nodes() {
    let office = Office::open().await;
    let Some(there) = office.tickets.desk.app.another_node().await else { return };
    let ola = office.ola(json!({"resolution_seconds": HOUR})).await;
    let route = office.route("ticket", &[stage("Подбор", &ola, office.boris.user_id())]).await;
    let mut all = Vec::new();
    for _ in 0..20 {
        let ticket = office.tickets.register(json!({"status": "accepted"})).await;
        office.start(&ticket, &route).await;
        all.push(ticket);
    }
    office.tickets.desk.app.advance(chrono::Duration::hours(2));
    let (ours, theirs) = tokio::join!(sla::catch_up(&office.tickets.desk.app.app), sla::catch_up(&there.app));
    ours.unwrap();
    theirs.unwrap();
    for ticket in all {
        let history = office.anna().get(&format!("/tickets/{ticket}/history")).await.ok();
        let missed = history["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "stage_missed").count();
        assert_eq!(missed, 1);
    }
}
