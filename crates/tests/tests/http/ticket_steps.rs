//! Two steps in the life of a ticket: it waits for a reason and comes back when it was planned, and it is resolved in words.

use desk::ticket;
use serde_json::{Value, json};

use crate::ticket_promises::{Tickets, standard};

/// What the server does by itself every few seconds, once more; answers how many tickets came back.
async fn return_due(tickets: &Tickets) -> usize {
    let app = &tickets.desk.app.app;
    let tx = app.write().await.unwrap();
    let count = ticket::return_due(&tx).await.unwrap();
    tx.commit().await.unwrap();
    tickets.desk.settle().await;
    count
}

fn waiting(reason: &str, until: Value) -> Value {
    json!({"status": "waiting", "waiting": {"reason": reason, "until": until}})
}

#[tokio::test]
async fn a_ticket_waits_for_a_reason_and_returns_at_the_planned_minute() {
    let tickets = Tickets::with(standard()).await;
    let anna = &tickets.desk.anna;
    tickets.desk.until("2027-01-11T09:00").await;
    let id = tickets.register(json!({"status": "in_progress", "owner_id": anna.user_id()})).await;
    tickets.desk.until("2027-01-11T10:00").await;
    // 16:00 in Moscow.
    tickets.change(&id, waiting(" Ждём  накладную ", json!("2027-01-11T13:00:00Z"))).await;
    let waits = tickets.get(&id).await["waiting"].clone();
    assert_eq!(waits, json!({"reason": "Ждём накладную", "until": "2027-01-11T13:00:00Z"}));
    assert_eq!(tickets.clock(&id, "resolution").await["state"], "paused");

    tickets.desk.until("2027-01-11T15:59").await;
    assert_eq!(tickets.get(&id).await["status"], "waiting");
    tickets.desk.until("2027-01-11T16:00").await;
    assert_eq!(return_due(&tickets).await, 0, "it is back already, and comes back once");
    let back = tickets.get(&id).await;
    assert_eq!((&back["status"], &back["waiting"]), (&json!("in_progress"), &Value::Null));
    assert_eq!(tickets.clock(&id, "resolution").await["state"], "running");

    let history = anna.get(&format!("/tickets/{id}/history")).await.ok();
    let last = history["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["actor"], &last["why"]), (&Value::Null, &json!("Наступило запланированное время.")));
    let told = anna.get("/notifications").await.ok()["items"][0].clone();
    assert_eq!((&told["kind"], &told["about"]["id"]), (&json!("ticket_returned"), &json!(id)), "{told:#}");
}

#[tokio::test]
async fn whoever_takes_a_ticket_up_earlier_drops_the_plan() {
    let tickets = Tickets::with(standard()).await;
    tickets.desk.until("2027-01-11T09:00").await;
    let id = tickets.register(json!({"status": "in_progress"})).await;
    tickets.change(&id, waiting("Ждём поставщика", json!("2027-01-11T13:00:00Z"))).await;
    // The plan may change while it waits, and may have no time at all.
    tickets.change(&id, json!({"waiting": {"reason": "Ждём поставщика", "until": "2027-01-12T07:00:00Z"}})).await;
    assert_eq!(tickets.get(&id).await["waiting"]["until"], "2027-01-12T07:00:00Z");
    tickets.change(&id, json!({"status": "in_progress"})).await;
    assert_eq!(tickets.get(&id).await["waiting"], Value::Null);
    tickets.desk.until("2027-01-13T09:00").await;
    assert_eq!(return_due(&tickets).await, 0);
    tickets.change(&id, json!({"status": "waiting", "waiting": {"reason": "Ждём клиента"}})).await;
    tickets.desk.until("2027-02-13T09:00").await;
    assert_eq!(return_due(&tickets).await, 0, "it waits until somebody takes it up");
}

#[tokio::test]
async fn a_reason_and_a_solution_are_asked_for() {
    let tickets = Tickets::with(standard()).await;
    let anna = &tickets.desk.anna;
    let id = tickets.register(json!({"status": "in_progress"})).await;
    let path = format!("/tickets/{id}");
    let refused = async |change: Value, field: &str, code: &str| anna.patch(&path, change).await.invalid(field, code);
    refused(json!({"status": "waiting"}), "waiting.reason", "required").await;
    refused(waiting(" ", Value::Null), "waiting.reason", "required").await;
    refused(waiting(&"х".repeat(501), Value::Null), "waiting.reason", "too_long").await;
    refused(waiting("Ждём", json!("2020-01-01T00:00:00Z")), "waiting.until", "in_the_past").await;
    refused(json!({"waiting": {"reason": "Ждём"}}), "waiting", "not_waiting").await;
    refused(json!({"status": "resolved"}), "solution", "required").await;
    refused(json!({"status": "resolved", "solution": "\n "}), "solution", "required").await;
    refused(json!({"status": "resolved", "solution": "х".repeat(10_001)}), "solution", "too_long").await;
    assert_eq!(tickets.get(&id).await["status"], "in_progress", "nothing of a refused change is kept");
}

#[tokio::test]
async fn a_ticket_registered_afterwards_says_the_same() {
    let tickets = Tickets::with(standard()).await;
    let anna = &tickets.desk.anna;
    let body = |more: Value| {
        let mut body = json!({"line_id": tickets.desk.line, "subject": "Не печатает касса"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let refused = async |more: Value, field: &str| anna.post("/tickets", body(more)).await.invalid(field, "required");
    refused(json!({"status": "waiting"}), "waiting.reason").await;
    refused(json!({"status": "resolved"}), "solution").await;
    let all = anna.get("/tickets").await.ok();
    assert_eq!(all["items"], json!([]), "nothing of a refused one is kept");

    let id = tickets.register(waiting("Ждём поставщика", Value::Null)).await;
    assert_eq!(tickets.get(&id).await["waiting"], json!({"reason": "Ждём поставщика", "until": null}));
    let id = tickets.register(json!({"status": "resolved", "solution": "Сменили ленту"})).await;
    let solution = tickets.get(&id).await["solution"].clone();
    assert_eq!((&solution["text"], &solution["earlier"]), (&json!("Сменили ленту"), &json!(false)));
    let history = anna.get(&format!("/tickets/{id}/history")).await.ok();
    assert_eq!(history["items"][0]["result"], "Сменили ленту");
}

#[tokio::test]
async fn a_ticket_that_comes_back_is_resolved_in_words_again() {
    let tickets = Tickets::with(standard()).await;
    let anna = &tickets.desk.anna;
    let id = tickets.register(json!({"status": "in_progress"})).await;
    tickets.change(&id, json!({"status": "resolved", "solution": "Заменили блок питания\nи кабель"})).await;
    let solution = tickets.get(&id).await["solution"].clone();
    assert_eq!((&solution["text"], &solution["earlier"]), (&json!("Заменили блок питания\nи кабель"), &json!(false)));
    assert_eq!(solution["author"]["id"], json!(anna.user_id()));
    // Closing what is resolved asks for nothing more.
    tickets.change(&id, json!({"status": "closed"})).await;

    tickets.change(&id, json!({"status": "in_progress"})).await;
    assert_eq!(tickets.get(&id).await["solution"]["earlier"], true);
    anna.patch(&format!("/tickets/{id}"), json!({"status": "resolved"})).await.invalid("solution", "required");
    tickets.change(&id, json!({"status": "resolved", "solution": "Заменили блок питания\nи кабель"})).await;
    assert_eq!(tickets.get(&id).await["solution"]["earlier"], false);
    let history = anna.get(&format!("/tickets/{id}/history")).await.ok();
    let said = history["items"].as_array().unwrap().iter().filter(|one| !one["result"].is_null()).count();
    assert_eq!(said, 2, "{history:#}");
}
