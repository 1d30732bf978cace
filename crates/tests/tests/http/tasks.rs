//! Tasks: who makes them, who sees them, how they end, and what is told of them.

use chrono::Duration;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::promises::Desk;
use crate::ticket_promises::{Tickets, standard};

async fn titles(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/tasks?{query}")).await.ok();
    page["items"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect()
}

async fn make(client: &Client, body: Value) -> String {
    client.post("/tasks", body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_task_of_a_ticket_is_told_done_and_in_its_history() {
    let tickets = Tickets::with(json!({})).await;
    let desk = &tickets.desk;
    let boris = desk.app.operator("boris@otklik.test", &[desk.line]).await;
    let ticket = tickets.register(json!({})).await;
    let id = make(
        &desk.anna,
        json!({"title": " Позвонить  клиенту ", "ticket_id": ticket, "assignee_id": boris.user_id(), "due_at": "2026-12-30T12:00:00Z"}),
    )
    .await;
    desk.settle().await;

    let told = boris.get("/notifications").await.ok()["items"][0].clone();
    assert_eq!((&told["kind"], &told["text"]), (&json!("task_assigned"), &json!("anna поручает вам задачу")));
    assert_eq!(told["about"], json!({"type": "task", "id": id, "title": "Позвонить клиенту"}));
    assert_eq!(boris.get("/task-counts").await.ok(), json!({"mine": 1, "overdue": 0, "groups": 0}));
    desk.until("2026-12-30T15:01").await;
    assert_eq!(boris.get("/task-counts").await.ok()["overdue"], 1);
    assert_eq!(titles(&boris, "scope=mine&overdue=true").await, ["Позвонить клиенту"]);
    assert_eq!(titles(&desk.anna, &format!("ticket={ticket}")).await, ["Позвонить клиенту"]);
    assert_eq!(titles(&desk.anna, "scope=made").await, ["Позвонить клиенту"]);

    let done = boris.post(&format!("/tasks/{id}/done"), json!({"result": "Дозвонился"})).await.ok();
    assert_eq!((&done["state"], &done["result"]), (&json!("done"), &json!("Дозвонился")));
    assert_eq!(done["ended_by"]["id"], json!(boris.user_id()));
    assert_eq!(boris.get("/task-counts").await.ok()["mine"], 0);
    let again = boris.post(&format!("/tasks/{id}/reopen"), json!({})).await.ok();
    assert_eq!((&again["state"], &again["ended_at"]), (&json!("open"), &Value::Null));
    boris.post(&format!("/tasks/{id}/cancel"), json!({"result": "Передумали"})).await.ok();

    let history = desk.anna.get(&format!("/tickets/{ticket}/history")).await.ok();
    let items = history["items"].as_array().unwrap();
    let kinds: Vec<&str> = items.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["ticket_created", "task_created", "task_done", "task_reopened", "task_cancelled"]);
    assert_eq!((&items[2]["title"], &items[2]["result"]), (&json!("Позвонить клиенту"), &json!("Дозвонился")));
}

#[tokio::test]
async fn a_task_of_a_conversation_is_in_its_history() {
    let desk = Desk::with(json!({})).await;
    let letter = desk.letter("client@example.com").await;
    let id = make(&desk.anna, json!({"title": "Найти накладную", "conversation_id": letter})).await;
    desk.anna.post(&format!("/tasks/{id}/done"), json!({})).await.ok();
    let timeline = desk.anna.get(&format!("/conversations/{letter}/messages")).await.ok();
    let kinds: Vec<&str> =
        timeline["items"].as_array().unwrap().iter().filter_map(|item| item["kind"].as_str()).collect();
    assert!(kinds.ends_with(&["task_created", "task_done"]), "{kinds:?}");
}

#[tokio::test]
async fn whoever_sees_the_ticket_or_is_to_do_the_task_sees_it() {
    let app = TestApp::new().await;
    let (ours, theirs) = (app.line("OURS").await, app.line("THEIRS").await);
    let anna = app.operator("anna@otklik.test", &[ours]).await;
    let boris = app.operator("boris@otklik.test", &[theirs]).await;
    let vera = app.user("vera@otklik.test", "Вера", "client").await;
    let group = app.serve(boris.user_id(), theirs).await;
    let ticket = anna.post("/tickets", json!({"line_id": ours, "subject": "Касса"})).await.expect(201);
    let of_ticket = make(&anna, json!({"title": "Смотреть", "ticket_id": ticket["id"]})).await;
    let own = make(&anna, json!({"title": "Своё"})).await;

    for id in [&of_ticket, &own] {
        boris.get(&format!("/tasks/{id}")).await.problem(404, "not_found");
        boris.post(&format!("/tasks/{id}/done"), json!({})).await.problem(404, "not_found");
    }
    assert!(titles(&boris, "state=all").await.is_empty());
    boris.post("/tasks", json!({"title": "Чужое", "ticket_id": ticket["id"]})).await.invalid("ticket_id", "unknown");
    for role in ["client", "viewer"] {
        let reader = app.user(&format!("{role}@otklik.test"), "Читатель", role).await;
        let given = json!({"title": "Сделайте", "assignee_id": anna.user_id()});
        reader.post("/tasks", given).await.problem(403, "forbidden");
    }

    // Whoever is to do it sees it, whatever else he may see; the ticket stays hidden from him.
    anna.patch(&format!("/tasks/{of_ticket}"), json!({"assignee_id": vera.user_id()})).await.ok();
    app.run_jobs().await;
    let seen = vera.get(&format!("/tasks/{of_ticket}")).await.ok();
    assert_eq!((&seen["title"], &seen["ticket"]), (&json!("Смотреть"), &Value::Null));
    assert_eq!(vera.get("/notifications").await.ok()["items"][0]["kind"], "task_assigned");
    vera.post(&format!("/tasks/{of_ticket}/done"), json!({})).await.ok();

    // So does a group, and one of it takes it.
    anna.patch(&format!("/tasks/{own}"), json!({"group_id": group})).await.ok();
    assert_eq!(titles(&boris, "scope=groups").await, ["Своё"]);
    assert_eq!(boris.get("/task-counts").await.ok(), json!({"mine": 0, "overdue": 0, "groups": 1}));
    boris.patch(&format!("/tasks/{own}"), json!({"assignee_id": boris.user_id()})).await.ok();
    assert_eq!(boris.get("/task-counts").await.ok(), json!({"mine": 1, "overdue": 0, "groups": 0}));
}

#[tokio::test]
async fn wrong_input_is_named_and_lists_go_page_by_page() {
    let app = TestApp::new().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let nowhere = "01920000-0000-7000-8000-000000000000";
    anna.post("/tasks", json!({"title": " "})).await.invalid("title", "required");
    anna.post("/tasks", json!({"title": "х".repeat(201)})).await.invalid("title", "too_long");
    anna.post("/tasks", json!({"title": "х", "assignee_id": nowhere})).await.invalid("assignee_id", "unknown");
    anna.post("/tasks", json!({"title": "х", "group_id": nowhere})).await.invalid("group_id", "unknown");
    anna.post("/tasks", json!({"title": "х", "conversation_id": nowhere})).await.invalid("conversation_id", "unknown");
    for (title, due) in
        [("Третья", Value::Null), ("Первая", json!("2027-01-01T00:00:00Z")), ("Вторая", json!("2027-02-01T00:00:00Z"))]
    {
        make(&anna, json!({"title": title, "due_at": due, "assignee_id": anna.user_id()})).await;
    }
    let first = anna.get("/tasks?scope=mine&limit=2").await.ok();
    let next = first["next"].as_str().unwrap();
    assert_eq!((&first["items"][0]["title"], &first["items"][1]["title"]), (&json!("Первая"), &json!("Вторая")));
    assert_eq!(titles(&anna, &format!("scope=mine&limit=2&after={next}")).await, ["Третья"]);
    for task in first["items"].as_array().unwrap() {
        app.advance(Duration::seconds(1));
        anna.post(&format!("/tasks/{}/done", task["id"].as_str().unwrap()), json!({})).await.ok();
    }
    assert_eq!(titles(&anna, "scope=mine&state=done").await, ["Вторая", "Первая"]);
    assert_eq!(titles(&anna, "scope=mine").await, ["Третья"]);
}

/// The acceptance of broken promises: a task for the manager, beside the letter.
#[tokio::test]
async fn a_broken_promise_makes_one_task_that_says_why() {
    let mut policy = standard();
    policy["extra"] = json!([]);
    let tickets = Tickets::with(policy).await;
    let desk = &tickets.desk;
    let manager = desk.app.user("manager@otklik.test", "Руководитель", "supervisor").await;
    let made = desk.admin.get("/sla-policies").await.ok()["items"][0].clone();
    let mut definition = made["definition"].clone();
    definition["steps"] = json!([
        {"norms": ["reaction"], "after_seconds": 0, "tell": [manager.user_id()], "by_mail": true,
         "make_task": {"user_id": manager.user_id()}},
        {"norms": ["reaction"], "after_seconds": 600, "make_task": {"user_id": manager.user_id(), "title": "Разобраться"}},
    ]);
    let path = format!("/sla-policies/{}", made["id"].as_str().unwrap());
    desk.admin.patch(&path, json!({"definition": definition})).await.ok();

    let id = tickets.register(json!({"status": "accepted"})).await;
    desk.until("2027-01-11T09:49").await;
    assert!(titles(&manager, "scope=mine").await.is_empty());
    desk.until("2027-01-11T09:50").await;
    desk.settle().await;
    let tasks = manager.get("/tasks?scope=mine").await.ok();
    assert_eq!(tasks["items"].as_array().unwrap().len(), 1, "once");
    let task = &tasks["items"][0];
    assert!(task["title"].as_str().unwrap().starts_with("Срок реакции прошёл: №"), "{task:#}");
    assert!(task["title"].as_str().unwrap().ends_with("Не печатает касса"), "{task:#}");
    assert_eq!(task["why"], "Норматив «Стандарт», шаг 1: срок реакции прошёл.");
    assert_eq!((&task["created_by"], &task["state"]), (&Value::Null, &json!("open")));
    let of_ticket = desk.anna.get(&format!("/tasks?ticket={id}")).await.ok();
    assert_eq!(of_ticket["items"][0]["id"], task["id"]);
    desk.until("2027-01-11T10:00").await;
    let mut all = titles(&manager, "scope=mine").await;
    all.sort();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0], "Разобраться");

    definition["steps"] =
        json!([{"after_seconds": 0, "make_task": {"user_id": manager.user_id(), "title": "х".repeat(201)}}]);
    let refused = desk.admin.patch(&path, json!({"definition": definition})).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "definition.steps[0].make_task.title");
}
