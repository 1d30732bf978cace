//! Tariff plans: what is beyond one is said, counted and told, and nothing is refused.

use serde_json::{Value, json};

use crate::ticket_promises::{Tickets, standard};

const HOUR: i64 = 3600;

/// Clients of one company, whose plan includes five requests a day, and one of no company.
struct Desk {
    tickets: Tickets,
    company: String,
    contacts: [String; 3],
    plan: String,
}

impl Desk {
    async fn with(plan: Value) -> Self {
        let tickets = Tickets::with(standard()).await;
        let mut contacts = Vec::new();
        for address in ["one@granit.example", "two@granit.example", "alone@example.com"] {
            let letter = tickets.desk.letter(address).await;
            contacts.push(tickets.desk.row(letter).await["contact"]["id"].as_str().unwrap().to_owned());
        }
        let admin = &tickets.desk.admin;
        let plan = admin.post("/tariff-plans", plan).await.expect(201)["id"].as_str().unwrap().to_owned();
        let mut company = String::new();
        for contact in &contacts[..2] {
            let card = json!({"company": {"name": "ООО «Гранит»"}});
            let card = admin.patch(&format!("/contacts/{contact}"), card).await.ok();
            company = card["company"]["id"].as_str().unwrap().to_owned();
        }
        admin.patch(&format!("/companies/{company}"), json!({"tariff_plan_id": plan})).await.ok();
        Desk { tickets, company, contacts: contacts.try_into().unwrap(), plan }
    }

    async fn request(&self, client: usize, more: Value) -> Value {
        let mut body = json!({"contact_id": self.contacts[client]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let id = self.tickets.register(body).await;
        self.tickets.get(&id).await
    }

    async fn used(&self, path: &str) -> Value {
        self.tickets.desk.anna.get(path).await.ok()["plan"]["used"].clone()
    }
}

fn texts(ticket: &Value) -> Vec<&str> {
    ticket["tariff"].as_array().unwrap().iter().map(|fault| fault["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_sixth_request_of_the_day_is_warned_of() {
    let desk = Desk::with(json!({"name": "Базовый", "per_day": 5})).await;
    let owner = desk.tickets.desk.app.operator("olga@otklik.test", &[desk.tickets.desk.line]).await;
    let category = json!({"name": "Стандарт", "owner_id": owner.user_id()});
    desk.tickets.desk.admin.post("/client-categories", category).await.expect(201);
    let path = format!("/companies/{}", desk.company);
    desk.tickets.desk.admin.patch(&path, json!({"category": "Стандарт"})).await.ok();
    for number in 0..5 {
        let ticket = desk.request(number % 2, json!({})).await;
        assert_eq!(ticket["tariff"], json!([]), "request {number} is included");
    }
    let of_company = desk.used(&format!("{path}/tariff")).await;
    assert_eq!(of_company, json!([{"period": "day", "used": 5, "limit": 5}]), "shown before the sixth is made");
    assert_eq!(desk.used(&format!("/contacts/{}/tariff", desk.contacts[0])).await, of_company);

    let sixth = desk.request(0, json!({})).await;
    assert_eq!(texts(&sixth), ["6-я заявка за сегодня, по тарифу «Базовый» — 5 в день."]);
    let alone = desk.request(2, json!({})).await;
    assert_eq!(alone["tariff"], json!([]), "who has no company and no plan is not counted");
    let over = desk.tickets.desk.anna.get("/tickets?over_tariff=true").await.ok();
    let ids: Vec<&Value> = over["items"].as_array().unwrap().iter().map(|ticket| &ticket["id"]).collect();
    assert_eq!(ids, [&sixth["id"]]);

    let id = sixth["id"].as_str().unwrap();
    let history = desk.tickets.desk.anna.get(&format!("/tickets/{id}/history")).await.ok();
    let event = history["items"].as_array().unwrap().iter().find(|one| one["kind"] == "ticket_over_tariff").unwrap();
    assert!(event["why"].as_str().unwrap().starts_with("6-я заявка"), "{event:#}");
    let told = owner.get("/notifications").await.ok()["items"][0].clone();
    assert_eq!((&told["kind"], &told["about"]["number"]), (&json!("tariff_exceeded"), &sixth["number"]));

    // The next day counts anew.
    desk.tickets.desk.until("2026-12-31T00:00").await;
    assert_eq!(desk.request(1, json!({})).await["tariff"], json!([]));
}

#[tokio::test]
async fn weeks_and_months_count_by_the_calendar() {
    let desk = Desk::with(json!({"name": "Мини", "per_week": 1, "per_month": 2})).await;
    // Wednesday 30 December.
    assert_eq!(desk.request(0, json!({})).await["tariff"], json!([]));
    let second = desk.request(0, json!({})).await;
    assert_eq!(texts(&second), ["2-я заявка за эту неделю, по тарифу «Мини» — 1 в неделю."]);
    let third = desk.request(1, json!({})).await;
    assert_eq!(texts(&third).len(), 2);
    desk.tickets.desk.until("2027-01-01T10:00").await;
    let friday = desk.request(1, json!({})).await;
    assert_eq!(
        texts(&friday),
        ["4-я заявка за эту неделю, по тарифу «Мини» — 1 в неделю."],
        "a month is new, the week is not"
    );
    desk.tickets.desk.until("2027-01-04T10:00").await;
    assert_eq!(desk.request(1, json!({})).await["tariff"], json!([]));
}

#[tokio::test]
async fn a_service_beyond_the_plan_is_said_and_taken_back() {
    let desk = Desk::with(json!({"name": "Базовый"})).await;
    let office = desk.tickets.catalogue("Офис").await;
    let (printers, coffee) =
        (desk.tickets.service(&office, "Принтеры").await, desk.tickets.service(&office, "Кофе").await);
    let path = format!("/tariff-plans/{}", desk.plan);
    desk.tickets.desk.admin.patch(&path, json!({"services": [printers]})).await.ok();
    let ticket = desk.request(0, json!({"service_id": coffee})).await;
    assert_eq!(texts(&ticket), ["Услуга «Кофе» не входит в тариф «Базовый»."]);
    let id = ticket["id"].as_str().unwrap();
    desk.tickets.change(id, json!({"service_id": printers})).await;
    assert_eq!(desk.tickets.get(id).await["tariff"], json!([]));
    desk.tickets.change(id, json!({"service_id": coffee})).await;
    assert_eq!(texts(&desk.tickets.get(id).await).len(), 1);
}

#[tokio::test]
async fn the_plan_is_the_companys_then_the_categorys_and_only_in_its_time() {
    let desk = Desk::with(json!({"name": "Базовый", "per_day": 5, "valid_to": "2026-12-30"})).await;
    let admin = &desk.tickets.desk.admin;
    let spare = admin.post("/tariff-plans", json!({"name": "Запасной", "per_day": 1})).await.expect(201);
    let category = json!({"name": "Стандарт", "tariff_plan_id": spare["id"]});
    admin.post("/client-categories", category).await.expect(201);
    for contact in &desk.contacts {
        admin.patch(&format!("/contacts/{contact}"), json!({"category": "Стандарт"})).await.ok();
    }
    let plan = async |client: usize| {
        let shown = desk.tickets.desk.anna.get(&format!("/contacts/{}/tariff", desk.contacts[client])).await.ok();
        (shown["plan"]["name"].as_str().unwrap().to_owned(), shown["plan"]["from"].as_str().unwrap().to_owned())
    };
    assert_eq!(plan(0).await, ("Базовый".to_owned(), "company".to_owned()));
    assert_eq!(plan(2).await, ("Запасной".to_owned(), "category".to_owned()));
    desk.tickets.desk.until("2026-12-31T00:00").await;
    assert_eq!(plan(0).await, ("Запасной".to_owned(), "category".to_owned()), "the company's plan is over");
    let refused = admin.delete(&format!("/tariff-plans/{}", desk.plan)).await.problem(409, "tariff_plan_in_use");
    assert!(refused["detail"].as_str().unwrap().contains("ООО «Гранит»"), "{refused:#}");
    admin.patch(&format!("/companies/{}", desk.company), json!({"tariff_plan_id": null})).await.ok();
    admin.delete(&format!("/tariff-plans/{}", desk.plan)).await.expect(204);
    admin.post("/tariff-plans", json!({"name": "запасной"})).await.invalid("name", "taken");
    admin
        .post("/tariff-plans", json!({"name": "А", "valid_from": "31.12.2026"}))
        .await
        .invalid("valid_from", "bad_date");
    let backwards = json!({"name": "А", "valid_from": "2027-01-02", "valid_to": "2027-01-01"});
    admin.post("/tariff-plans", backwards).await.invalid("valid_to", "out_of_range");
    admin.post("/tariff-plans", json!({"name": "А", "per_day": -1})).await.invalid("per_day", "out_of_range");
}

#[tokio::test]
async fn the_hours_of_the_plan_are_those_of_its_tickets_unless_an_extra_norm_names_others() {
    let desk = Desk::with(json!({"name": "Круглосуточно"})).await;
    let admin = &desk.tickets.desk.admin;
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let always: Vec<Value> =
        days.iter().map(|day| json!({"day": day, "intervals": [{"from": "00:00", "to": "24:00"}]})).collect();
    let always = json!({"name": "24×7", "definition": {"time_zone": "Europe/Moscow", "weekly": always}});
    let always = admin.post("/schedules", always).await.expect(201)["id"].clone();
    let plan = format!("/tariff-plans/{}", desk.plan);
    admin.patch(&plan, json!({"schedule_id": always})).await.ok();
    let accepted = async |client: usize| {
        let ticket = desk.request(client, json!({"status": "accepted"})).await;
        desk.tickets.clock(ticket["id"].as_str().unwrap(), "reaction").await
    };
    let clock = accepted(0).await;
    assert_eq!((&clock["due_at"], &clock["schedule"]), (&json!("2026-12-30T11:50:00Z"), &json!("24×7")));
    assert!(clock["why"].as_str().unwrap().contains("по тарифу «Круглосуточно», график «24×7»"), "{clock:#}");
    assert_eq!(accepted(2).await["due_at"], "2027-01-11T06:50:00Z", "without a plan the policy's hours count");

    // A change of the policy that says nothing of hours changes nothing here.
    let policy = admin.get("/sla-policies").await.ok()["items"][0].clone();
    let path = format!("/sla-policies/{}", policy["id"].as_str().unwrap());
    let shown = admin.post(&format!("{path}/preview"), json!({"definition": policy["definition"]})).await.ok();
    assert_eq!(shown["changed"], json!([]));
    let mut definition = policy["definition"].clone();
    definition["extra"] = json!([{
        "name": "Гранит", "companies": [desk.company], "norms": {"ticket_reaction_seconds": HOUR},
        "schedule_id": policy["definition"]["schedule_id"],
    }]);
    admin.patch(&path, json!({"definition": definition})).await.ok();
    let clock = accepted(0).await;
    assert_eq!((&clock["due_at"], &clock["schedule"]), (&json!("2027-01-11T06:50:00Z"), &json!("Офис")));
    let refused =
        admin.delete(&format!("/schedules/{}", always.as_str().unwrap())).await.problem(409, "schedule_in_use");
    assert!(refused["detail"].as_str().unwrap().contains("тариф «Круглосуточно»"), "{refused:#}");
}
