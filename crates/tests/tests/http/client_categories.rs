//! Categories of clients: what stands on their cards, what they are promised and what they may choose.

use serde_json::{Value, json};
use tests::Client;

use crate::site_chat::Site;
use crate::ticket_promises::{Tickets, standard};

const HOUR: i64 = 3600;

struct Desk {
    tickets: Tickets,
    /// Who wrote a letter.
    contact: String,
}

impl Desk {
    async fn new() -> Self {
        let tickets = Tickets::with(standard()).await;
        let letter = tickets.desk.letter("client@example.com").await;
        let contact = tickets.desk.row(letter).await["contact"]["id"].as_str().unwrap().to_owned();
        Desk { tickets, contact }
    }

    fn admin(&self) -> &Client {
        &self.tickets.desk.admin
    }

    async fn category(&self, body: Value) -> Value {
        self.admin().post("/client-categories", body).await.expect(201)
    }

    async fn card(&self, change: Value) -> Value {
        self.admin().patch(&format!("/contacts/{}", self.contact), change).await.ok()
    }

    async fn company(&self) -> String {
        let card = self.card(json!({"company": {"name": "ООО «Гранит»"}})).await;
        card["company"]["id"].as_str().unwrap().to_owned()
    }

    async fn register(&self, by: &Client, more: Value) -> tests::Response {
        let mut body = json!({"line_id": self.tickets.desk.line, "subject": "Не печатает", "contact_id": self.contact});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        by.post("/tickets", body).await
    }
}

#[tokio::test]
async fn a_card_says_the_category_as_it_is_listed() {
    let desk = Desk::new().await;
    let company = desk.company().await;
    desk.card(json!({"category": "вип"})).await;
    let vip = desk.category(json!({"name": "ВИП", "tier": 3})).await;
    assert_eq!((&vip["contacts"], &vip["companies"], &vip["weight"]), (&json!(1), &json!(0), &json!(0)));
    assert_eq!(desk.card(json!({})).await["category"], "ВИП", "what was typed before is of the category now");
    desk.admin().patch(&format!("/companies/{company}"), json!({"category": " виП"})).await.ok();
    let path = format!("/client-categories/{}", vip["id"].as_str().unwrap());
    let renamed = desk.admin().patch(&path, json!({"name": "Ключевые"})).await.ok();
    assert_eq!((&renamed["contacts"], &renamed["companies"]), (&json!(1), &json!(1)));
    let card = desk.card(json!({})).await;
    assert_eq!((&card["category"], &card["company"]["category"]), (&json!("Ключевые"), &json!("Ключевые")));

    let refused = desk.admin().delete(&path).await.problem(409, "client_category_in_use");
    assert!(refused["detail"].as_str().unwrap().contains("ООО «Гранит»"), "{refused:#}");
    desk.card(json!({"category": ""})).await;
    desk.admin().patch(&format!("/companies/{company}"), json!({"category": "Другая"})).await.ok();
    desk.admin().delete(&path).await.expect(204);
    assert_eq!(desk.admin().get("/client-categories").await.ok()["items"], json!([]));
    assert_eq!(desk.card(json!({})).await["company"]["category"], "Другая", "what is not listed may be typed");
}

#[tokio::test]
async fn what_is_wrong_with_a_category_is_named() {
    let desk = Desk::new().await;
    desk.category(json!({"name": "Стандарт"})).await;
    let admin = desk.admin();
    let nowhere = "01920000-0000-7000-8000-000000000000";
    let refuse = async |body: Value, field: &str, code: &str| {
        let mut whole = json!({"name": "А"});
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        admin.post("/client-categories", whole).await.invalid(field, code);
    };
    refuse(json!({"name": " "}), "name", "required").await;
    refuse(json!({"name": "стандарт"}), "name", "taken").await;
    refuse(json!({"tier": 10}), "tier", "out_of_range").await;
    refuse(json!({"weight": 101}), "weight", "out_of_range").await;
    refuse(json!({"owner_id": nowhere}), "owner_id", "unknown").await;
    refuse(json!({"policy_id": nowhere}), "policy_id", "unknown_policy").await;
    refuse(json!({"tariff_plan_id": nowhere}), "tariff_plan_id", "unknown").await;
    refuse(json!({"allowed": {"services": [nowhere]}}), "allowed.services[0]", "unknown").await;
    refuse(json!({"allowed": {"marks": [5, 6]}}), "allowed.marks[1]", "out_of_range").await;
}

#[tokio::test]
async fn group_a_cannot_choose_high() {
    let desk = Desk::new().await;
    let office = desk.tickets.catalogue("Офис").await;
    let (printers, coffee) =
        (desk.tickets.service(&office, "Принтеры").await, desk.tickets.service(&office, "Кофе").await);
    let allowed = json!({"priorities": ["none", "low"], "types": ["question", "incident"], "services": [printers]});
    desk.category(json!({"name": "Группа А", "allowed": allowed})).await;
    desk.card(json!({"category": "группа а"})).await;
    let anna = &desk.tickets.desk.anna;
    desk.register(anna, json!({"priority": "high"})).await.invalid("priority", "not_allowed");
    desk.register(anna, json!({"type": "claim"})).await.invalid("type", "not_allowed");
    desk.register(anna, json!({"service_id": coffee})).await.invalid("service_id", "not_allowed");
    let made = desk.register(anna, json!({"priority": "low", "service_id": printers})).await.expect(201);
    let path = format!("/tickets/{}", made["id"].as_str().unwrap());
    anna.patch(&path, json!({"priority": "high"})).await.invalid("priority", "not_allowed");
    anna.patch(&path, json!({"priority": "low", "status": "accepted"})).await.ok();

    // Supervisors may, and what they have set stays when somebody else changes another thing.
    let boss = desk.tickets.desk.app.user("boss@otklik.test", "Ольга", "supervisor").await;
    desk.tickets.desk.app.serve(boss.user_id(), desk.tickets.desk.line).await;
    boss.patch(&path, json!({"priority": "high"})).await.ok();
    anna.patch(&path, json!({"priority": "high", "subject": "Срочно: не печатает"})).await.ok();

    // A category of the company counts where the client has none.
    let company = desk.company().await;
    desk.card(json!({"category": ""})).await;
    desk.register(anna, json!({"priority": "high"})).await.expect(201);
    desk.admin().patch(&format!("/companies/{company}"), json!({"category": "Группа А"})).await.ok();
    desk.register(anna, json!({"priority": "high"})).await.invalid("priority", "not_allowed");
    let shown = anna.get(&format!("/contacts/{}/tariff", desk.contact)).await.ok();
    assert_eq!(shown["category"]["allowed"]["priorities"], json!(["none", "low"]), "a form can say so before");
}

#[tokio::test]
async fn a_client_gives_only_marks_that_are_allowed() {
    let site = Site::new(json!({})).await;
    site.admin.post("/client-categories", json!({"name": "А", "allowed": {"marks": [4, 5]}})).await.expect(201);
    let visitor = site.visitor().await;
    visitor.say("Вопрос").await;
    let conversation = site.only_conversation().await;
    site.answer(&conversation, "<p>Ответ</p>").await;
    site.admin.post(&format!("/conversations/{}/close", conversation["id"].as_str().unwrap()), json!({})).await.ok();
    let card = format!("/contacts/{}", conversation["contact"]["id"].as_str().unwrap());
    site.admin.patch(&card, json!({"category": "А"})).await.ok();
    let shown = visitor.page().await["conversation"].clone();
    assert_eq!((&shown["ask_rating"], &shown["marks"]), (&json!(true), &json!([4, 5])), "the page offers no other");
    visitor.post("/rating", json!({"stars": 1})).await.invalid("stars", "not_allowed");
    visitor.post("/rating", json!({"stars": 4})).await.expect(204);
}

#[tokio::test]
async fn the_policy_is_chosen_by_the_category_before_the_line() {
    let desk = Desk::new().await;
    let norms = json!({"ticket_reaction_seconds": 600, "ticket_resolution_seconds": HOUR, "reaction_seconds": 300});
    let fast = desk.tickets.policy("Быстро", json!({"norms": norms})).await;
    let slow = desk.tickets.policy("Не спеша", json!({"norms": {"ticket_reaction_seconds": 4 * HOUR}})).await;
    let vip = desk.category(json!({"name": "VIP", "policy_id": fast})).await;
    desk.category(json!({"name": "Бронза"})).await;
    let company = desk.company().await;
    let found = async |service: Value| {
        let more = json!({"status": "accepted", "service_id": service});
        let made = desk.register(&desk.tickets.desk.anna, more).await.expect(201);
        let clock = desk.tickets.clock(made["id"].as_str().unwrap(), "reaction").await;
        let trace: Vec<String> = serde_json::from_value(clock["trace"].clone()).unwrap();
        (clock["policy"].as_str().unwrap().to_owned(), trace.join(" "))
    };
    let line = desk.admin().get("/lines").await.ok()["items"][0]["name"].as_str().unwrap().to_owned();
    let of = |policy: &str, trace: &str| (policy.to_owned(), trace.replace("ЛИНИЯ", &line));
    assert_eq!(
        found(Value::Null).await,
        of("Стандарт", "Услуга не указана. У клиента нет категории. Линия «ЛИНИЯ»: норматив «Стандарт».")
    );
    desk.card(json!({"category": "Бронза"})).await;
    desk.admin().patch(&format!("/companies/{company}"), json!({"category": "vip"})).await.ok();
    assert_eq!(
        found(Value::Null).await,
        of(
            "Быстро",
            "Услуга не указана. Категория клиента «Бронза»: своего норматива нет. Категория компании «VIP»: норматив «Быстро»."
        )
    );
    desk.card(json!({"category": "VIP"})).await;
    assert_eq!(
        found(Value::Null).await,
        of("Быстро", "Услуга не указана. Категория клиента «VIP»: норматив «Быстро».")
    );
    let office = desk.tickets.catalogue("Офис").await;
    let printers = desk.tickets.service(&office, "Принтеры").await;
    assert_eq!(
        found(json!(printers)).await,
        of(
            "Быстро",
            "Услуга «Принтеры»: своего норматива нет. Каталог «Офис»: своего норматива нет. Категория клиента «VIP»: норматив «Быстро»."
        )
    );
    desk.tickets.hold("services", &printers, &slow).await;
    assert_eq!(found(json!(printers)).await, of("Не спеша", "Услуга «Принтеры»: норматив «Не спеша»."));

    // A conversation of the client is promised by it too.
    let letter = desk.tickets.desk.letter("client@example.com").await;
    desk.tickets.desk.settle().await;
    let clocks = desk.admin().get(&format!("/conversations/{letter}/sla")).await.ok();
    let last = clocks["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["policy"], "Быстро", "{last:#}");
    let refused = desk.admin().delete(&format!("/sla-policies/{fast}")).await.problem(409, "policy_in_use");
    assert!(refused["detail"].as_str().unwrap().contains("категория клиентов «VIP»"), "{refused:#}");
    let held = desk.admin().get(&format!("/sla-policies/{fast}")).await.ok();
    assert_eq!(held["category_ids"], json!([vip["id"]]));
}

#[tokio::test]
async fn rules_and_norms_that_name_a_category_follow_its_name() {
    let desk = Desk::new().await;
    let vip = desk.category(json!({"name": "VIP"})).await;
    let line = desk.tickets.desk.line;
    let condition = json!({"all": [{"field": "client_category", "operator": "in", "value": ["vip", "Опт"]}]});
    let rule = json!({"name": "Важные", "condition": condition, "target": {"kind": "queue"}});
    desk.admin().post(&format!("/lines/{line}/routing-rules"), rule).await.expect(201);
    let path = format!("/client-categories/{}", vip["id"].as_str().unwrap());
    desk.admin().patch(&path, json!({"name": "Ключевые"})).await.ok();
    desk.tickets.desk.settle().await;
    let rules = desk.admin().get(&format!("/lines/{line}/routing-rules")).await.ok();
    assert_eq!(rules["items"][0]["condition"]["all"][0]["value"], json!(["Ключевые", "Опт"]));
    let policies = desk.admin().get("/sla-policies").await.ok();
    assert_eq!(policies["items"][0]["definition"]["extra"][0]["categories"], json!(["Ключевые"]));
}
