//! Promised times of tickets: the same clocks as those of conversations, moved by a ticket's status.

use serde_json::{Value, json};

use crate::promises::Desk;

const HOUR: i64 = 3600;

fn norms(reaction: i64, resolution: i64) -> Value {
    json!({"ticket_reaction_seconds": reaction, "ticket_resolution_seconds": resolution})
}

/// Story 9: reaction 1 h, resolution 8 h from acceptance; for VIP and high priority 15 min and 2 h.
pub fn standard() -> Value {
    let vip =
        json!({"name": "VIP, срочно", "priorities": ["high"], "categories": ["VIP"], "norms": norms(900, 2 * HOUR)});
    json!({"norms": norms(HOUR, 8 * HOUR), "extra": [vip], "follow_priority": true})
}

pub struct Tickets {
    pub desk: Desk,
}

impl Tickets {
    pub async fn with(policy: Value) -> Self {
        Tickets { desk: Desk::with(policy).await }
    }

    pub async fn register(&self, more: Value) -> String {
        let mut body = json!({"line_id": self.desk.line, "subject": "Не печатает касса"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let ticket = self.desk.anna.post("/tickets", body).await.expect(201);
        self.desk.settle().await;
        ticket["id"].as_str().unwrap().to_owned()
    }

    pub async fn change(&self, id: &str, change: Value) {
        self.desk.anna.patch(&format!("/tickets/{id}"), change).await.ok();
        self.desk.settle().await;
    }

    pub async fn get(&self, id: &str) -> Value {
        self.desk.settle().await;
        self.desk.anna.get(&format!("/tickets/{id}")).await.ok()
    }

    pub async fn clock(&self, id: &str, norm: &str) -> Value {
        self.desk.settle().await;
        let all = self.desk.anna.get(&format!("/tickets/{id}/sla")).await.ok();
        all["items"].as_array().unwrap().iter().rfind(|clock| clock["norm"] == norm).cloned().unwrap_or(Value::Null)
    }

    pub async fn policy(&self, name: &str, definition: Value) -> String {
        let made = self.desk.admin.post("/sla-policies", json!({"name": name, "definition": definition})).await;
        made.expect(201)["id"].as_str().unwrap().to_owned()
    }

    pub async fn service(&self, catalogue: &str, name: &str) -> String {
        let body = json!({"catalogue_id": catalogue, "name": name});
        self.desk.admin.post("/services", body).await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    pub async fn catalogue(&self, name: &str) -> String {
        let made = self.desk.admin.post("/service-catalogues", json!({"name": name})).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    pub async fn hold(&self, place: &str, id: &str, policy: &str) {
        self.desk.admin.put(&format!("/{place}/{id}/sla"), json!({"policy_id": policy})).await.ok();
    }
}

#[track_caller]
fn check(clock: &Value, state: &str, due_at: Value) {
    assert_eq!((&clock["state"], &clock["due_at"]), (&json!(state), &due_at), "{clock:#}");
}

#[tokio::test]
async fn a_ticket_accepted_before_the_new_year_is_due_when_the_story_says() {
    let tickets = Tickets::with(standard()).await;
    let id = tickets.register(json!({})).await;
    assert_eq!(tickets.clock(&id, "resolution").await, Value::Null, "nothing counts before it is accepted");
    tickets.change(&id, json!({"status": "accepted"})).await;
    check(&tickets.clock(&id, "reaction").await, "running", json!("2027-01-11T06:50:00Z"));
    check(&tickets.clock(&id, "resolution").await, "running", json!("2027-01-11T14:50:00Z"));
    let due = tickets.get(&id).await["due"].clone();
    assert_eq!((&due["norm"], &due["at"]), (&json!("reaction"), &json!("2027-01-11T06:50:00Z")));

    tickets.desk.until("2027-01-11T09:30").await;
    tickets.change(&id, json!({"status": "in_progress"})).await;
    let reaction = tickets.clock(&id, "reaction").await;
    assert_eq!((&reaction["state"], &reaction["missed_at"]), (&json!("done"), &Value::Null));
    assert_eq!(reaction["counted_seconds"], 40 * 60);
    assert_eq!(tickets.get(&id).await["due"]["norm"], "resolution");

    tickets.desk.until("2027-01-11T10:00").await;
    tickets.change(&id, json!({"status": "waiting", "waiting": {"reason": "Ждём запчасти"}})).await;
    let resolution = tickets.clock(&id, "resolution").await;
    check(&resolution, "paused", Value::Null);
    assert_eq!((&resolution["paused_for"], &resolution["counted_seconds"]), (&json!("status"), &json!(70 * 60)));
    assert_eq!(tickets.get(&id).await["due"], Value::Null, "nothing runs");

    tickets.desk.until("2027-01-11T12:00").await;
    tickets.change(&id, json!({"status": "in_progress"})).await;
    check(&tickets.clock(&id, "resolution").await, "running", json!("2027-01-12T07:50:00Z"));

    tickets.desk.until("2027-01-12T10:50").await;
    tickets.change(&id, json!({"status": "resolved", "solution": "Заменили узел"})).await;
    let resolution = tickets.clock(&id, "resolution").await;
    assert_eq!((&resolution["state"], &resolution["missed_at"]), (&json!("done"), &Value::Null), "at the very second");
    assert_eq!(resolution["counted_seconds"], 8 * HOUR);

    let history = tickets.desk.anna.get(&format!("/tickets/{id}/history")).await.ok();
    let seconds = |status: &str| {
        let all = history["statuses"].as_array().unwrap();
        all.iter().find(|one| one["status"] == status).unwrap()["seconds"].clone()
    };
    assert_eq!(seconds("waiting"), 2 * HOUR);
    assert_eq!(seconds("in_progress"), HOUR / 2 + 22 * HOUR + 50 * 60);
    let changes = history["items"].as_array().unwrap().iter().flat_map(|one| one["changes"].as_array().unwrap());
    let statuses: Vec<&Value> = changes.filter(|change| change["field"] == "status").collect();
    assert_eq!(statuses.len(), 5);
    assert_eq!((&statuses[4]["from"], &statuses[4]["to"]), (&json!("in_progress"), &json!("resolved")));

    // Closing what is resolved changes nothing; opening it again goes on where it stood.
    tickets.change(&id, json!({"status": "closed"})).await;
    assert_eq!(tickets.clock(&id, "resolution").await["state"], "done");
    tickets.change(&id, json!({"status": "in_progress"})).await;
    let resolution = tickets.clock(&id, "resolution").await;
    assert_eq!((&resolution["state"], &resolution["counted_seconds"]), (&json!("running"), &json!(8 * HOUR)));
}

#[tokio::test]
async fn the_start_of_the_resolution_is_a_setting() {
    for (start, begins) in [("created", "new"), ("accepted", "accepted"), ("taken", "in_progress")] {
        let mut policy = standard();
        policy["ticket_resolution_starts"] = json!(start);
        let tickets = Tickets::with(policy).await;
        let id = tickets.register(json!({})).await;
        for status in ["new", "accepted", "in_progress"] {
            tickets.change(&id, json!({"status": status})).await;
            let begun = !tickets.clock(&id, "resolution").await.is_null();
            let order = ["new", "accepted", "in_progress"];
            let at = |name: &str| order.iter().position(|one| *one == name);
            assert_eq!(begun, at(status) >= at(begins), "{start}: {status}");
        }
    }
}

#[tokio::test]
async fn any_status_may_stop_the_time_but_one_that_ends_it() {
    let mut policy = standard();
    policy["freezing_statuses"] = json!(["accepted"]);
    policy["ticket_resolution_starts"] = json!("created");
    let tickets = Tickets::with(policy.clone()).await;
    let id = tickets.register(json!({})).await;
    tickets.change(&id, json!({"status": "accepted"})).await;
    check(&tickets.clock(&id, "resolution").await, "paused", Value::Null);
    tickets.change(&id, json!({"status": "waiting", "waiting": {"reason": "Ждём запчасти"}})).await;
    assert_eq!(tickets.clock(&id, "resolution").await["state"], "running", "waiting is not named by this policy");
    policy["freezing_statuses"] = json!(["waiting", "resolved"]);
    let refused =
        tickets.desk.admin.post("/sla-policies", json!({"name": "Х", "definition": policy})).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "definition.freezing_statuses[1]");
}

#[tokio::test]
async fn the_norm_of_vips_is_the_narrowest_and_a_priority_chooses_anew() {
    let tickets = Tickets::with(standard()).await;
    let letter = tickets.desk.letter("vip@example.com").await;
    let contact = tickets.desk.row(letter).await["contact"]["id"].as_str().unwrap().to_owned();
    tickets.desk.admin.patch(&format!("/contacts/{contact}"), json!({"category": "VIP"})).await.ok();
    let id = tickets.register(json!({"contact_id": contact, "status": "accepted"})).await;
    assert_eq!(tickets.clock(&id, "reaction").await["target_seconds"], HOUR);
    tickets.change(&id, json!({"priority": "high"})).await;
    let (reaction, resolution) = (tickets.clock(&id, "reaction").await, tickets.clock(&id, "resolution").await);
    assert_eq!((&reaction["target_seconds"], &resolution["target_seconds"]), (&json!(900), &json!(2 * HOUR)));
    check(&reaction, "running", json!("2027-01-11T06:05:00Z"));
    check(&resolution, "running", json!("2027-01-11T07:50:00Z"));
    assert!(reaction["why"].as_str().unwrap().contains("VIP, срочно"));
}

#[tokio::test]
async fn the_policy_is_the_services_then_the_catalogues_then_the_lines() {
    let tickets = Tickets::with(standard()).await;
    let office = tickets.catalogue("Офис").await;
    let (printer, coffee) = (tickets.service(&office, "Принтеры").await, tickets.service(&office, "Кофе").await);
    let bare = tickets.catalogue("Прочее").await;
    let other = tickets.service(&bare, "Разное").await;
    let (fast, slow) = (
        tickets.policy("Быстро", json!({"norms": norms(600, HOUR), "follow_priority": true})).await,
        tickets.policy("Не спеша", json!({"norms": norms(4 * HOUR, 40 * HOUR), "follow_priority": true})).await,
    );
    tickets.hold("services", &printer, &fast).await;
    tickets.hold("service-catalogues", &office, &slow).await;

    let found = async |service: Value| {
        let id = tickets.register(json!({"service_id": service, "status": "accepted"})).await;
        let clock = tickets.clock(&id, "reaction").await;
        let trace: Vec<String> = serde_json::from_value(clock["trace"].clone()).unwrap();
        (clock["policy"].as_str().unwrap().to_owned(), trace)
    };
    let of = |policy: &str, trace: &[&str]| (policy.to_owned(), trace.iter().map(|one| (*one).to_owned()).collect());
    assert_eq!(found(json!(printer)).await, of("Быстро", &["Услуга «Принтеры»: норматив «Быстро»."]));
    assert_eq!(
        found(json!(coffee)).await,
        of("Не спеша", &["Услуга «Кофе»: своего норматива нет.", "Каталог «Офис»: норматив «Не спеша»."])
    );
    let line = tickets.desk.admin.get("/lines").await.ok();
    let line = line["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(tickets.desk.line)).unwrap();
    let by_line = format!("Линия «{}»: норматив «Стандарт».", line["name"].as_str().unwrap());
    assert_eq!(
        found(json!(other)).await,
        of(
            "Стандарт",
            &["Услуга «Разное»: своего норматива нет.", "Каталог «Прочее»: своего норматива нет.", by_line.as_str()]
        )
    );
    assert_eq!(found(Value::Null).await, of("Стандарт", &["Услуга не указана.", by_line.as_str()]));

    let held = tickets.desk.admin.get("/service-sla").await.ok();
    assert_eq!(held["without_policy"], json!([other]), "a service without any policy is pointed out");
    tickets.desk.admin.patch(&format!("/services/{other}"), json!({"archived": true})).await.ok();
    assert_eq!(tickets.desk.admin.get("/service-sla").await.ok()["without_policy"], json!([]));
    tickets.desk.admin.delete(&format!("/sla-policies/{fast}")).await.problem(409, "policy_in_use");

    // What counts by one service goes on by another's policy, with what has counted.
    let id = tickets.register(json!({"service_id": coffee, "status": "accepted"})).await;
    tickets.change(&id, json!({"service_id": printer})).await;
    let clock = tickets.clock(&id, "reaction").await;
    assert_eq!((&clock["policy"], &clock["target_seconds"]), (&json!("Быстро"), &json!(600)));
    assert_eq!(clock["log"].as_array().unwrap().last().unwrap()["reason"], "service");
}

#[tokio::test]
async fn steps_tell_the_owner_raise_the_priority_and_give_the_ticket_to_another() {
    let mut policy = standard();
    policy["extra"] = json!([]);
    policy["steps"] = json!([
        {"subjects": ["ticket"], "norms": ["reaction"], "before_percent": 50, "tell_operator": true, "tell_supervisors": true},
        {"norms": ["reaction"], "after_seconds": 0, "priority": "high", "tell_operator": true},
        {"subjects": ["conversation"], "norms": ["reaction"], "after_seconds": 0, "priority": "low"},
    ]);
    let tickets = Tickets::with(policy.clone()).await;
    let desk = &tickets.desk;
    let boris = desk.app.operator("boris@otklik.test", &[desk.line]).await;
    let made = desk.admin.get("/sla-policies").await.ok()["items"][0].clone();
    let mut definition = made["definition"].clone();
    definition["steps"]
        .as_array_mut()
        .unwrap()
        .push(json!({"norms": ["reaction"], "after_seconds": 600, "give_to": boris.user_id()}));
    let path = format!("/sla-policies/{}", made["id"].as_str().unwrap());
    desk.admin.patch(&path, json!({"definition": definition})).await.ok();

    let id = tickets.register(json!({"status": "accepted", "owner_id": desk.anna.user_id()})).await;
    desk.until("2027-01-11T09:19").await;
    assert_eq!(desk.anna.get("/notifications").await.ok()["items"], json!([]), "29 minutes have counted");
    desk.until("2027-01-11T09:20").await;
    let told = desk.anna.get("/notifications").await.ok()["items"][0].clone();
    let number = tickets.get(&id).await["number"].clone();
    assert_eq!(told["kind"], "sla_reminded");
    assert_eq!((&told["about"]["type"], &told["about"]["number"]), (&json!("ticket"), &number));

    desk.until("2027-01-11T09:51").await;
    let ticket = tickets.get(&id).await;
    assert_eq!((&ticket["priority"], &ticket["owner"]["id"]), (&json!("high"), &json!(desk.anna.user_id())));
    assert_eq!(tickets.clock(&id, "reaction").await["missed_at"], "2027-01-11T06:50:00Z");
    let overdue = desk.anna.get("/tickets?overdue=true&sort=deadline").await.ok();
    assert_eq!(overdue["items"][0]["id"], json!(id));

    desk.until("2027-01-11T10:00").await;
    assert_eq!(tickets.get(&id).await["owner"]["id"], json!(boris.user_id()));
    let history = desk.anna.get(&format!("/tickets/{id}/history")).await.ok();
    let kinds: Vec<&str> =
        history["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "ticket_created",
            "sla_reminded",
            "sla_missed",
            "sla_escalated",
            "ticket_updated",
            "sla_escalated",
            "ticket_updated"
        ]
    );
    let given = history["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&given["actor"], &given["changes"][0]["field"]), (&Value::Null, &json!("owner")));
    assert!(given["why"].as_str().unwrap().contains("Стандарт"), "{given:#}");
}

#[tokio::test]
async fn the_report_counts_tickets_and_conversations_apart_or_together() {
    let mut policy = standard();
    policy["norms"]["resolution_seconds"] = json!(HOUR);
    let tickets = Tickets::with(policy).await;
    let desk = &tickets.desk;
    let letter = desk.letter("client@example.com").await;
    let id = tickets.register(json!({"status": "accepted"})).await;
    tickets.change(&id, json!({"status": "resolved", "solution": "Заменили узел"})).await;
    desk.anna.post(&format!("/conversations/{letter}/close"), json!({})).await;
    desk.settle().await;
    let period = "from=2026-12-01T00:00:00Z&to=2027-02-01T00:00:00Z";
    let total = async |of: &str| {
        let report = desk.admin.get(&format!("/sla-report?{period}&{of}")).await.ok();
        let items = report["items"].as_array().unwrap().clone();
        items.iter().find(|one| one["norm"] == "resolution").unwrap()["total"].clone()
    };
    assert_eq!(
        (total("").await, total("of=ticket").await, total("of=conversation").await),
        (json!(2), json!(1), json!(1))
    );
    let cases = desk.admin.get(&format!("/sla-report/cases?{period}&of=ticket&norm=resolution")).await.ok();
    assert_eq!((&cases["items"][0]["ticket_id"], &cases["items"][0]["conversation_id"]), (&json!(id), &Value::Null));
}

#[tokio::test]
async fn a_change_of_a_policy_shows_the_tickets_it_would_change() {
    let tickets = Tickets::with(standard()).await;
    let desk = &tickets.desk;
    let id = tickets.register(json!({"status": "accepted"})).await;
    let made = desk.admin.get("/sla-policies").await.ok()["items"][0].clone();
    let path = format!("/sla-policies/{}", made["id"].as_str().unwrap());
    let mut definition = made["definition"].clone();
    definition["norms"]["ticket_reaction_seconds"] = json!(1800);
    let shown = desk.admin.post(&format!("{path}/preview"), json!({"definition": definition})).await.ok();
    assert_eq!((&shown["running"], &shown["changed"][0]["ticket_id"]), (&json!(2), &json!(id)));
    desk.admin.patch(&path, json!({"definition": definition, "apply_to_running": true})).await.ok();
    let clock = tickets.clock(&id, "reaction").await;
    check(&clock, "running", json!("2027-01-11T06:20:00Z"));
    assert_eq!(clock["trace"].as_array().unwrap().len(), 2, "how it was found stays known");
    assert_eq!(tickets.get(&id).await["due"]["at"], "2027-01-11T06:20:00Z");
}

/// A share is told where tickets alone are too often late, also by a policy that only a service has.
#[tokio::test]
async fn the_share_of_kept_promises_counts_tickets_of_services() {
    let tickets = Tickets::with(json!({"norms": {}})).await;
    let desk = &tickets.desk;
    let manager = desk.app.user("morozova@otklik.test", "Морозова", "supervisor").await;
    desk.app.serve(manager.user_id(), desk.line).await;
    let share = json!({"percent": 80, "check_at": "18:00", "days": 30, "tell": [manager.user_id()], "of": "ticket"});
    let policy = tickets.policy("Услуги", json!({"norms": norms(HOUR, 8 * HOUR), "share": share})).await;
    let catalogue = tickets.catalogue("Офис").await;
    tickets.hold("service-catalogues", &catalogue, &policy).await;
    let service = tickets.service(&catalogue, "Принтеры").await;
    desk.until("2027-01-11T09:00").await;
    tickets.register(json!({"service_id": service, "status": "accepted"})).await;
    desk.until("2027-01-11T17:00").await;
    desk.until("2027-01-11T18:00").await;
    let feed = manager.get("/notifications").await.ok();
    assert_eq!(feed["items"][0]["kind"], "sla_share_low");
}
