//! Reports of promises by cause, by service and by person: each number agrees with the list it opens.

use serde_json::{Value, json};

use crate::promises::Desk;
use crate::ticket_promises::{Tickets, standard};

const PERIOD: &str = "from=2026-12-01T00:00:00Z&to=2027-02-01T00:00:00Z";

async fn items(desk: &Desk, path: &str) -> Vec<Value> {
    desk.admin.get(path).await.ok()["items"].as_array().unwrap().clone()
}

/// Every number of these rows opens a list of just as many.
async fn numbers_open_their_lists(desk: &Desk, table: &str, key: &str, id_of: fn(&Value) -> &Value, figures: &[&str]) {
    for row in items(desk, &format!("/sla-report/{table}?{PERIOD}")).await {
        let of = id_of(&row).as_str().map(|id| format!("&{key}={id}")).unwrap_or_default();
        for figure in figures {
            let path = format!("/sla-report/{table}/records?{PERIOD}{of}&figure={figure}");
            let listed = items(desk, &path).await;
            assert_eq!(row[figure], listed.len(), "{figure} of {row}");
        }
    }
}

#[tokio::test]
async fn tickets_are_counted_by_service() {
    let tickets = Tickets::with(standard()).await;
    let catalogue = tickets.catalogue("Касса").await;
    let service = tickets.service(&catalogue, "Ремонт").await;
    let late = tickets.register(json!({"service_id": service})).await;
    let returned = tickets.register(json!({"service_id": service})).await;
    let waiting = tickets.register(json!({"service_id": service})).await;
    tickets.register(json!({})).await;
    for id in [&late, &returned, &waiting] {
        tickets.change(id, json!({"status": "accepted"})).await;
    }
    tickets.change(&returned, json!({"status": "resolved", "solution": "Заменили узел"})).await;
    tickets.change(&returned, json!({"status": "in_progress"})).await;
    tickets.change(&returned, json!({"status": "closed"})).await;
    tickets.desk.until("2027-01-12T12:00").await;
    tickets.change(&late, json!({"status": "resolved", "solution": "Заменили узел"})).await;

    let rows = items(&tickets.desk, &format!("/sla-report/services?{PERIOD}")).await;
    let expected = json!({"total": 3, "done": 2, "overdue": 2, "returned": 1, "active": 1, "active_overdue": 1});
    for (figure, count) in expected.as_object().unwrap() {
        assert_eq!(&rows[0][figure], count, "{figure}");
    }
    assert_eq!(rows[0]["service"]["name"], "Ремонт");
    assert_eq!(rows[0]["kept_percent"], 33.3);
    assert_eq!((&rows[1]["service"], &rows[1]["total"]), (&Value::Null, &json!(1)), "without a service");
    let figures = ["total", "done", "overdue", "returned", "active", "active_overdue"];
    numbers_open_their_lists(&tickets.desk, "services", "service", |row| &row["service"]["id"], &figures).await;
}

#[tokio::test]
async fn work_is_counted_by_person() {
    let tickets = Tickets::with(standard()).await;
    let desk = &tickets.desk;
    let anna = desk.anna.user_id();
    let (open, closed) =
        (tickets.register(json!({"owner_id": anna})).await, tickets.register(json!({"owner_id": anna})).await);
    for id in [&open, &closed] {
        tickets.change(id, json!({"status": "accepted"})).await;
    }
    let talk = desk.letter("osereva@sevchai.test").await;
    desk.anna.put(&format!("/conversations/{talk}/assignee"), json!({"user_id": anna})).await.ok();
    desk.until("2027-01-11T12:00").await;
    tickets.change(&closed, json!({"status": "closed"})).await;

    let rows = items(desk, &format!("/sla-report/people?{PERIOD}")).await;
    let row = rows.iter().find(|row| row["person"]["id"] == json!(anna)).expect("she has something");
    let figures = ["open", "open_overdue", "closed", "closed_overdue"];
    let counts: Vec<i64> = figures.iter().map(|figure| row[figure].as_i64().unwrap()).collect();
    assert_eq!(counts, [2, 1, 1, 1]);
    numbers_open_their_lists(desk, "people", "person", |row| &row["person"]["id"], &figures).await;
    let talks = items(desk, &format!("/sla-report/people?{PERIOD}&of=conversation")).await;
    assert_eq!((&talks[0]["open"], &talks[0]["closed"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn a_broken_promise_says_what_it_is_put_down_to() {
    let desk = Desk::with(json!({"norms": {"reaction_seconds": 3600}})).await;
    let (anna, admin) = (desk.anna.user_id(), desk.admin.user_id());
    let give = async |id, to| {
        desk.admin.put(&format!("/conversations/{id}/assignee"), json!({"user_id": to})).await.ok();
        desk.settle().await;
    };
    let untaken = desk.letter("1@sevchai.test").await;
    let held = desk.letter("2@sevchai.test").await;
    let passed_on = desk.letter("3@sevchai.test").await;
    let late = desk.letter("4@sevchai.test").await;
    desk.settle().await;
    give(held, anna).await;
    give(passed_on, anna).await;
    give(passed_on, admin).await;
    desk.until("2027-01-11T09:45").await;
    give(late, anna).await;
    desk.until("2027-01-11T10:00").await;
    desk.settle().await;

    let report = desk.admin.get(&format!("/sla-report?{PERIOD}")).await.ok();
    let causes = report["items"][0]["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 4);
    for (cause, id) in [("untaken", untaken), ("operator", held), ("handed_over", passed_on), ("taken_late", late)] {
        assert!(causes.iter().any(|one| one["cause"] == cause && one["count"] == 1), "{cause}: {causes:?}");
        let cases = items(&desk, &format!("/sla-report/cases?{PERIOD}&norm=reaction&cause={cause}")).await;
        let ids: Vec<&Value> = cases.iter().map(|case| &case["conversation_id"]).collect();
        assert_eq!(ids, [&json!(id)], "{cause}");
    }
}

#[tokio::test]
async fn the_report_knows_the_share_that_is_wanted() {
    let share = json!({"percent": 80, "check_at": "18:00", "days": 30, "tell": []});
    let mut policy = json!({"norms": {"reaction_seconds": 3600}});
    let desk = Desk::with(policy.clone()).await;
    let report = desk.admin.get(&format!("/sla-report?{PERIOD}")).await.ok();
    assert_eq!(report["wanted_percent"], Value::Null);
    policy["share"] = share;
    policy["share"]["tell"] = json!([desk.admin.user_id()]);
    let desk = Desk::with(policy).await;
    let report = desk.admin.get(&format!("/sla-report?{PERIOD}")).await.ok();
    assert_eq!(report["wanted_percent"], 80);
}
