//! Rules of lines: how they are kept, tried out, replayed, and what the explanation says.

use base::LineId;
use chrono::Duration;
use desk::conversation::Received;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};

struct World {
    app: TestApp,
    admin: Client,
    anna: Client,
    boris: Client,
    line: LineId,
    /// The line's only group, of both.
    group: Value,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (admin, line) = (app.admin().await, app.line("SUPPORT").await);
        let anna = app.user("anna@otklik.test", "Анна Котова", "operator").await;
        let boris = app.user("boris@otklik.test", "Борис Лосев", "operator").await;
        let members = json!({"name": "Поддержка", "member_ids": [anna.user_id(), boris.user_id()]});
        let group = admin.post("/groups", members).await.expect(201)["id"].clone();
        admin.patch(&format!("/lines/{line}"), json!({"operator_group_ids": [group]})).await.expect(200);
        let world = World { app, admin, anna, boris, line, group };
        world.are("free").await;
        world
    }

    /// Both have this status.
    async fn are(&self, status: &str) {
        for client in [&self.anna, &self.boris] {
            client.put("/me/status", json!({"status": status})).await.ok();
        }
        self.app.run_jobs().await;
    }

    fn rules(&self) -> String {
        format!("/lines/{}/routing-rules", self.line)
    }

    async fn rule(&self, name: &str, condition: Value, target: Value) -> Value {
        self.rule_with(json!({"name": name, "condition": condition, "target": target})).await
    }

    async fn rule_with(&self, rule: Value) -> Value {
        self.admin.post(&self.rules(), rule).await.expect(201)
    }

    async fn names(&self) -> Vec<String> {
        let rules = self.admin.get(&self.rules()).await.expect(200);
        rules["items"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap().to_owned()).collect()
    }

    fn to(&self, client: &Client) -> Value {
        json!({"kind": "operator", "user_id": client.user_id()})
    }

    async fn simulate(&self, body: Value) -> Value {
        self.admin.post(&format!("{}/simulate", self.rules()), body).await.expect(200)
    }

    /// A client writes, and everything that follows has happened.
    async fn writes(&self, from: &str, text: &str) -> Received {
        let received = receive_mail(&self.app, mail(self.line, from, text)).await;
        self.app.run_jobs().await;
        received
    }

    async fn decisions(&self, received: &Received) -> Vec<Value> {
        let path = format!("/conversations/{}/routing", received.conversation_id);
        self.admin.get(&path).await.expect(200)["items"].as_array().unwrap().clone()
    }

    async fn owner(&self, received: &Received) -> Value {
        self.admin.get(&format!("/conversations/{}", received.conversation_id)).await.expect(200)["assignee"]["name"]
            .clone()
    }
}

fn always() -> Value {
    json!({"all": []})
}

fn says(words: &[&str]) -> Value {
    json!({"all": [{"field": "message_text", "operator": "contains", "value": words}]})
}

fn queue() -> Value {
    json!({"kind": "queue"})
}

fn id_of(rule: &Value) -> &str {
    rule["id"].as_str().unwrap()
}

#[tokio::test]
async fn rules_are_kept_in_order_switched_off_and_deleted() {
    let world = World::new().await;
    let first = world.rule("Первое", always(), queue()).await;
    let second = world.rule("Второе", says(&["счёт"]), world.to(&world.anna)).await;
    let third = world.rule("Третье", always(), json!({"kind": "least_loaded", "group_id": world.group})).await;
    assert_eq!((&first["position"], &third["position"]), (&json!(0), &json!(2)));
    assert_eq!((&first["enabled"], &second["condition"]), (&json!(true), &says(&["счёт"])));

    let path = format!("/routing-rules/{}", id_of(&second));
    let overflow = json!({"minutes": 15, "target": {"kind": "invite_all"}});
    let changed = world.admin.patch(&path, json!({"enabled": false, "overflow": overflow})).await.expect(200);
    assert_eq!(
        (&changed["enabled"], &changed["overflow"], &changed["name"]),
        (&json!(false), &overflow, &json!("Второе"))
    );
    let changed = world.admin.patch(&path, json!({"overflow": null})).await.expect(200);
    assert_eq!(changed["overflow"], Value::Null);
    world.admin.delete(&path).await.expect(204);
    world.admin.delete(&path).await.problem(404, "not_found");
    assert_eq!(world.names().await, ["Первое", "Третье"]);
    world.anna.get(&world.rules()).await.problem(403, "forbidden");
}

#[tokio::test]
async fn what_is_wrong_in_a_rule_is_named() {
    let world = World::new().await;
    let stranger = world.app.user("c@otklik.test", "Чужой", "operator").await;
    let other = world.admin.post("/groups", json!({"name": "Чужая", "member_ids": []})).await.expect(201)["id"].clone();
    let check = async |change: Value, field: &str, code: &str| {
        let mut rule = json!({"name": "Правило", "condition": always(), "target": queue()});
        rule.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        world.admin.post(&world.rules(), rule).await.invalid(field, code);
    };
    let test =
        |field: &str, operator: &str, value: Value| json!({"field": field, "operator": operator, "value": value});
    let inner = json!({"all": [always(), {"none": [test("time", "lte", json!("полдень"))]}]});
    check(json!({"name": " "}), "name", "required").await;
    check(json!({"condition": inner}), "condition.all[1].none[0].value", "bad_value").await;
    check(json!({"condition": test("shoe_size", "eq", json!(1))}), "condition.field", "unknown_field").await;
    check(json!({"target": world.to(&stranger)}), "target.user_id", "not_on_line").await;
    check(json!({"target": {"kind": "invite_group", "group_id": other}}), "target.group_id", "not_on_line").await;
    check(json!({"overflow": {"minutes": 0, "target": queue()}}), "overflow.minutes", "out_of_range").await;
    let far = json!({"minutes": 5, "target": world.to(&stranger)});
    check(json!({"overflow": far}), "overflow.target.user_id", "not_on_line").await;
    check(json!({"auto_reply": {"text": ""}}), "auto_reply.text", "required").await;
    check(json!({"set": {"skills": [world.app.app.new_id()]}}), "set.skills[0]", "unknown").await;
    assert!(world.names().await.is_empty());
}

#[tokio::test]
async fn a_message_is_routed_once_and_says_why_in_both_languages() {
    let world = World::new().await;
    let rule = world.rule("Счета", says(&["счёт"]), world.to(&world.boris)).await;
    let received = world.writes("osereva@sevchai.test", "Пришлите счета за ноябрь").await;
    assert_eq!(world.owner(&received).await, "Борис Лосев");
    let decisions = world.decisions(&received).await;
    assert_eq!(decisions.len(), 1);
    let decision = &decisions[0];
    assert_eq!((&decision["source"], &decision["assigned"]["name"]), (&json!("rule"), &json!("Борис Лосев")));
    let why = decision["why"].as_str().unwrap();
    assert!(why.starts_with("По правилу «Счета»: оператор Борис Лосев."), "{why}");
    let verdict = &decision["verdicts"][0];
    assert_eq!((&verdict["rule_id"], &verdict["outcome"]), (&rule["id"], &json!("matched")));
    let test = &verdict["tests"][0];
    assert_eq!((&test["label"], &test["expected"]), (&json!("Текст сообщения"), &json!("счёт")));
    assert_eq!((&test["actual"], &test["passed"]), (&json!("Пришлите счета за ноябрь"), &json!(true)));
    assert_eq!((&test["path"], &decision["verdicts"][1]["outcome"]), (&json!("all[0]"), &json!("not_reached")));

    world.admin.patch("/me", json!({"locale": "en"})).await.ok();
    let english = &world.decisions(&received).await[0];
    assert!(english["why"].as_str().unwrap().starts_with("By the rule “Счета”: operator Борис Лосев."), "{english}");
    assert_eq!(english["verdicts"][0]["tests"][0]["label"], "Message text");

    // Once more the same: whoever has it keeps it, and nothing is decided again.
    let again = mail(world.line, "osereva@sevchai.test", "И ещё счёт");
    let again = desk::conversation::Inbound { conversation_id: Some(received.conversation_id), ..again };
    receive_mail(&world.app, again).await;
    world.app.run_jobs().await;
    assert_eq!(world.decisions(&received).await.len(), 1);
    // The rule is gone, its explanation stays.
    world.admin.delete(&format!("/routing-rules/{}", id_of(&rule))).await.expect(204);
    assert_eq!(world.decisions(&received).await[0]["verdicts"][0]["name"], "Счета");
}

#[tokio::test]
async fn the_order_of_rules_changes_the_outcome_in_the_simulator() {
    let world = World::new().await;
    let a = world.rule("Всем", always(), world.to(&world.anna)).await;
    let b = world.rule("Цена", says(&["цена"]), world.to(&world.boris)).await;
    let message = json!({"message": {"text": "Скажите цену", "channel": "telegram"}});
    let who = |result: &Value| result["result"]["user"]["name"].as_str().unwrap().to_owned();
    assert_eq!(who(&world.simulate(message.clone()).await), "Анна Котова");
    let version = world.admin.get(&world.rules()).await.ok()["version"].clone();
    world.admin.put(&world.rules(), json!({"version": version, "rules": [b, a]})).await.ok();
    let result = world.simulate(message).await;
    assert_eq!(who(&result), "Борис Лосев");
    assert_eq!(result["result"]["words"], "оператор Борис Лосев");
    let outcomes: Vec<&Value> = result["verdicts"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["matched", "not_reached", "not_reached"]);
    let conversations = world.admin.get("/conversations?view=all").await.ok();
    assert_eq!(conversations["items"], json!([]), "nothing is written");
}

#[tokio::test]
async fn rules_are_tried_before_they_are_saved_at_any_time_by_any_client() {
    let world = World::new().await;
    let received = world.writes("osereva@sevchai.test", "Здравствуйте").await;
    let contact =
        world.admin.get(&format!("/conversations/{}", received.conversation_id)).await.ok()["contact"]["id"].clone();
    let card = format!("/contacts/{}", contact.as_str().unwrap());
    world.admin.patch(&card, json!({"category": "VIP", "company": {"name": "ООО «Северный Чай»"}})).await.expect(200);
    let test =
        |field: &str, operator: &str, value: Value| json!({"field": field, "operator": operator, "value": value});
    let night_or_vip = json!({"any": [
        test("time", "between", json!(["22:00", "06:00"])),
        {"all": [test("client_category", "eq", json!("vip")), test("utm_source", "eq", json!("ya"))]},
    ]});
    let rules = json!([{"name": "Ночь или VIP", "condition": night_or_vip, "target": world.to(&world.boris)}]);
    let simulate = async |message: Value| {
        let mut whole = json!({"text": "Где заказ?", "channel": "chat"});
        whole.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
        let result = world.simulate(json!({"rules": rules, "message": whole})).await;
        result["verdicts"][0].clone()
    };
    assert_eq!(simulate(json!({"at": "2026-11-23T19:40:00Z"})).await["outcome"], "matched", "22:40 in Moscow");
    assert_eq!(simulate(json!({"at": "2026-11-23T09:00:00Z"})).await["outcome"], "not_matched");
    let vip = simulate(json!({"contact_id": contact, "utm": {"utm_source": "ya"}})).await;
    assert_eq!(vip["outcome"], "matched", "{vip}");
    let by_account = simulate(json!({"account": "OSereva@sevchai.test", "utm": {"source": "ya"}})).await;
    assert_eq!(by_account["outcome"], "matched", "{by_account}");
    assert_eq!(by_account["tests"][1]["actual"], "VIP");
    assert_eq!(
        world.simulate(json!({"rules": [], "message": {"text": "", "channel": "chat"}})).await["verdicts"][0]["kind"],
        "default"
    );
    let body = json!({"rules": [{"name": "Б", "condition": {"or": []}, "target": queue()}], "message": {"text": "", "channel": "chat"}});
    world
        .admin
        .post(&format!("{}/simulate", world.rules()), body)
        .await
        .invalid("rules[0].condition", "not_a_condition");
}

#[tokio::test]
async fn the_past_is_replayed_under_other_rules() {
    let world = World::new().await;
    world.rule("Счета", says(&["счёт"]), world.to(&world.boris)).await;
    for (from, text) in [("a@x.test", "Пришлите счёт"), ("b@x.test", "Где заказ?"), ("c@x.test", "Верните деньги")]
    {
        world.writes(from, text).await;
    }
    let rules = |target: &Value| {
        json!({"rules": [
            {"name": "Возвраты", "condition": says(&["вернуть", "верните"]), "target": target},
            {"name": "Счета", "condition": says(&["счёт"]), "target": world.to(&world.boris)},
        ]})
    };
    let path = format!("{}/replay", world.rules());
    let replay = world.admin.post(&path, rules(&world.to(&world.anna))).await.expect(200);
    assert_eq!((&replay["total"], &replay["same"]), (&json!(3), &json!(2)));
    let difference = &replay["changed"][0];
    assert_eq!(
        (&difference["before"]["rule"], &difference["after"]["rule"]),
        (&json!("По умолчанию"), &json!("Возвраты"))
    );
    assert_eq!(difference["after"]["result"]["user"]["name"], "Анна Котова");
    let same = world.admin.post(&path, rules(&queue())).await.expect(200);
    assert_eq!((&same["same"], &same["changed"]), (&json!(3), &json!([])));
    let one = world.admin.post(&path, json!({"rules": [], "limit": 1})).await.expect(200);
    assert_eq!(one["total"], 1);
}

#[tokio::test]
async fn a_line_has_hours_and_rules_ask_them() {
    let world = World::new().await;
    let path = format!("/lines/{}", world.line);
    let intervals = json!([{"from": "09:00", "to": "18:00"}]);
    let weekly: Vec<Value> =
        ["mon", "tue", "wed", "thu", "fri"].iter().map(|day| json!({"day": day, "intervals": intervals})).collect();
    let definition = json!({"time_zone": "Asia/Yekaterinburg", "weekly": weekly, "exceptions": [
        {"date": "2026-11-25", "intervals": [], "name": "Переезд"},
    ]});
    let schedule = world.admin.post("/schedules", json!({"name": "Урал", "definition": definition})).await.expect(201);
    let hours = json!({"schedule_id": schedule["id"], "published": false});
    assert_eq!(world.admin.patch(&path, json!({"hours": hours})).await.ok()["hours"], hours);
    let unknown = json!({"schedule_id": world.line, "published": true});
    world.admin.patch(&path, json!({"hours": unknown})).await.invalid("hours.schedule_id", "unknown_schedule");
    world
        .rule(
            "Вне графика",
            json!({"field": "in_service_hours", "operator": "eq", "value": false}),
            world.to(&world.boris),
        )
        .await;
    let outcome = async |at: &str| {
        let message = json!({"text": "Привет", "channel": "chat", "at": at});
        world.simulate(json!({"message": message})).await["verdicts"][0]["outcome"].clone()
    };
    assert_eq!(outcome("2026-11-24T12:30:00Z").await, "not_matched", "17:30 in Yekaterinburg");
    assert_eq!(outcome("2026-11-24T13:30:00Z").await, "matched", "18:30 there");
    assert_eq!(outcome("2026-11-25T07:00:00Z").await, "matched", "a special day");
    world.admin.patch(&path, json!({"hours": {}})).await.ok();
    assert_eq!(outcome("2026-11-24T23:30:00Z").await, "not_matched", "always open");
}

#[tokio::test]
async fn the_responsible_manager_is_first_when_the_line_wants_it() {
    let world = World::new().await;
    world.rule("Всем", always(), world.to(&world.boris)).await;
    let first = world.writes("osereva@sevchai.test", "Здравствуйте").await;
    assert_eq!(world.owner(&first).await, "Борис Лосев");
    let contact =
        world.admin.get(&format!("/conversations/{}", first.conversation_id)).await.ok()["contact"]["id"].clone();
    let card = format!("/contacts/{}", contact.as_str().unwrap());
    let changed = world.admin.patch(&card, json!({"company": {"name": "ООО «Северный Чай»"}})).await.expect(200);
    let company = format!("/companies/{}", changed["company"]["id"].as_str().unwrap());
    let managed = world.admin.patch(&company, json!({"manager_id": world.anna.user_id()})).await.expect(200);
    assert_eq!(managed["manager"]["name"], "Анна Котова");
    world.admin.patch(&company, json!({"manager_id": world.app.app.new_id()})).await.invalid("manager_id", "unknown");
    let found = world.admin.get("/companies?search=северный").await.expect(200);
    assert_eq!(found["items"][0]["manager"]["name"], "Анна Котова");

    let path = format!("/lines/{}/routing-default", world.line);
    assert_eq!(world.admin.get(&path).await.expect(200)["target"]["kind"], "queue");
    world.admin.put(&path, json!({"target": queue(), "manager_first": true})).await.expect(200);
    let second = world.writes("osereva@sevchai.test", "Это снова я").await;
    assert_eq!(world.owner(&second).await, "Анна Котова");
    assert_eq!(world.decisions(&second).await[0]["verdicts"][0]["kind"], "manager");
    // His own manager counts before his company's; one who is away is passed over.
    world.admin.patch(&card, json!({"manager_id": world.boris.user_id()})).await.expect(200);
    world.boris.put("/me/status", json!({"status": "away"})).await.ok();
    let third = world.writes("osereva@sevchai.test", "И опять").await;
    let decision = world.decisions(&third).await[0].clone();
    let outcomes: Vec<&Value> = decision["verdicts"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["skipped", "skipped", "matched"], "{decision:#}");
    assert!(!decision["verdicts"][0]["reason"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn the_absent_ones_work_goes_to_the_substitute() {
    let world = World::new().await;
    world.rule("Всем", always(), world.to(&world.anna)).await;
    let absence = json!({
        "user_id": world.anna.user_id(), "substitute_id": world.boris.user_id(), "reason": "vacation",
        "from": world.app.now() - Duration::days(1), "until": world.app.now() + Duration::days(7),
    });
    world.admin.post("/absences", absence).await.expect(201);
    let received = world.writes("osereva@sevchai.test", "Здравствуйте").await;
    assert_eq!(world.owner(&received).await, "Борис Лосев");
    let decision = &world.decisions(&received).await[0];
    let (why, reason) = (decision["why"].as_str().unwrap(), decision["verdicts"][0]["reason"].as_str().unwrap());
    assert!(why.contains("замещает Борис Лосев") && reason.contains("замещает Борис Лосев"), "{decision:#}");
    assert_eq!(decision["result"]["user"]["name"], "Борис Лосев");
}

#[tokio::test]
async fn a_rule_answers_sets_and_demands() {
    let world = World::new().await;
    world
        .rule_with(json!({
            "name": "Срочное", "condition": says(&["срочно"]), "target": world.to(&world.boris),
            "auto_reply": {"text": "{{client}}, номер {{number}}, ответит {{operator}}. {{unknown}}"},
            "set": {"priority": "high", "subject": "СРОЧНО: {{subject}}"},
        }))
        .await;
    let received = world.writes("osereva@sevchai.test", "Срочно! Не работает касса").await;
    let opened = world.admin.get(&format!("/conversations/{}", received.conversation_id)).await.expect(200);
    assert_eq!((&opened["priority"], &opened["subject"]), (&json!("high"), &json!("СРОЧНО: Где мой заказ 1045")));
    let items = opened["messages"]["items"].as_array().unwrap();
    let said: Vec<&Value> = items.iter().filter(|item| item["kind"] == "outbound").collect();
    assert_eq!(said.len(), 1, "{opened:#}");
    let expected = format!("Ольга Серова, номер {}, ответит Борис Лосев. {{{{unknown}}}}", received.number);
    assert_eq!((&said[0]["text"], &said[0]["to"][0]["address"]), (&json!(expected), &json!("osereva@sevchai.test")));
    // Within the hour he hears no second one, and a robot none at all.
    let second = world.writes("osereva@sevchai.test", "Срочно, ещё раз").await;
    let robot = world.writes("no-reply@bank.test", "Срочно: выписка").await;
    for received in [second, robot] {
        let opened = world.admin.get(&format!("/conversations/{}", received.conversation_id)).await.expect(200);
        let items = opened["messages"]["items"].as_array().unwrap();
        assert!(items.iter().all(|item| item["kind"] != "outbound"), "{opened:#}");
        assert_eq!(opened["priority"], "high");
    }
}

#[tokio::test]
async fn what_nobody_takes_goes_elsewhere_after_a_while() {
    let world = World::new().await;
    let overflow = json!({"minutes": 10, "target": world.to(&world.boris)});
    world.rule_with(json!({"name": "В очередь", "condition": always(), "target": queue(), "overflow": overflow})).await;
    let (taken, waits) = (world.writes("a@x.test", "Возьмут").await, world.writes("b@x.test", "Подождёт").await);
    world.anna.post(&format!("/conversations/{}/take", taken.conversation_id), json!({})).await.ok();
    world.app.advance(Duration::minutes(9));
    world.app.run_jobs().await;
    assert_eq!(world.owner(&waits).await, Value::Null);
    world.app.advance(Duration::minutes(1));
    world.are("free").await;
    assert_eq!(world.owner(&waits).await, "Борис Лосев");
    assert_eq!(world.owner(&taken).await, "Анна Котова");
    let decisions = world.decisions(&waits).await;
    assert_eq!((decisions.len(), &decisions[0]["source"]), (2, &json!("overflow")));
    assert!(decisions[0]["why"].as_str().unwrap().starts_with("Никто не взял за 10 мин: оператор Борис Лосев."));
    assert_eq!(world.decisions(&taken).await.len(), 1);
}

#[tokio::test]
async fn what_is_opened_again_without_an_owner_is_routed_again() {
    let world = World::new().await;
    world.rule("Счета", says(&["счёт"]), world.to(&world.boris)).await;
    let received = world.writes("osereva@sevchai.test", "Здравствуйте").await;
    assert_eq!(world.owner(&received).await, Value::Null);
    let path = format!("/conversations/{}", received.conversation_id);
    world.admin.post(&format!("{path}/close"), json!({})).await.ok();
    let again = mail(world.line, "osereva@sevchai.test", "Пришлите счёт");
    let again = desk::conversation::Inbound { conversation_id: Some(received.conversation_id), ..again };
    receive_mail(&world.app, again).await;
    world.app.run_jobs().await;
    assert_eq!(world.owner(&received).await, "Борис Лосев");
    let decisions = world.decisions(&received).await;
    assert_eq!((decisions.len(), &decisions[0]["verdicts"][0]["tests"][0]["actual"]), (2, &json!("Пришлите счёт")));
    // Spam is left alone, and so is what was put off.
    for how in ["spam", "snooze"] {
        let other = receive_mail(&world.app, mail(world.line, &format!("{how}@x.test"), "Пришлите счёт")).await;
        let path = format!("/conversations/{}/{how}", other.conversation_id);
        world.admin.post(&path, json!({"until": world.app.now() + Duration::days(1)})).await.ok();
        world.app.run_jobs().await;
        assert_eq!(world.decisions(&other).await, Vec::<Value>::new(), "{how}");
    }
}

#[tokio::test]
async fn the_editor_learns_what_can_be_asked() {
    let world = World::new().await;
    let attributes = world.admin.get("/routing/attributes").await.expect(200)["items"].as_array().unwrap().clone();
    let of = |key: &str| attributes.iter().find(|one| one["key"] == key).unwrap_or_else(|| panic!("{key}")).clone();
    assert_eq!(
        (&of("weekday")["kind"], &of("weekday")["options"][0]["label"]),
        (&json!("choice"), &json!("понедельник"))
    );
    assert_eq!((&of("company")["kind"], &of("company")["source"]), (&json!("id"), &json!("companies")));
    assert!(of("message_text")["operators"].as_array().unwrap().contains(&json!("contains_all")));
    let group = format!("group_queue:{}", world.group.as_str().unwrap());
    assert_eq!((&of(&group)["words"], &of(&group)["kind"]), (&json!("Поддержка: в очереди"), &json!("number")));
}

#[tokio::test]
async fn an_offer_that_nobody_accepts_goes_on_to_the_next_rule() {
    let world = World::new().await;
    let invite = json!({"kind": "invite_group", "group_id": world.group});
    world.rule("Кто возьмёт", always(), invite).await;
    world.rule("Иначе Лосев", always(), world.to(&world.boris)).await;
    let received = world.writes("osereva@sevchai.test", "Здравствуйте").await;
    assert_eq!(world.owner(&received).await, Value::Null);
    let offers = world.anna.get("/me/offers").await.ok();
    assert_eq!(offers["items"].as_array().unwrap().len(), 1, "{offers:#}");
    world.app.advance(Duration::seconds(61));
    world.app.run_jobs().await;
    assert_eq!(world.owner(&received).await, "Борис Лосев");
    let decisions = world.decisions(&received).await;
    let outcomes: Vec<&Value> =
        decisions[0]["verdicts"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["skipped", "matched", "not_reached"]);
    let reason = decisions[0]["verdicts"][0]["reason"].as_str().unwrap();
    assert_eq!(reason, "Уже предлагали, вовремя никто не принял");
}

#[tokio::test]
async fn rules_see_how_busy_a_group_is() {
    let world = World::new().await;
    let group = world.group.as_str().unwrap();
    let busy = json!({"any": [
        {"field": format!("group_queue:{group}"), "operator": "gte", "value": 1},
        {"field": "line_free", "operator": "eq", "value": 0},
    ]});
    let queue_of_group = json!({"kind": "queue", "group_id": world.group});
    world.rule("Перегрузка", busy, queue()).await;
    world.rule("Группе", always(), queue_of_group).await;
    world.are("away").await;
    let simulate =
        async || world.simulate(json!({"message": {"text": "Привет", "channel": "chat"}})).await["verdicts"][0].clone();
    let away = simulate().await;
    assert_eq!((&away["outcome"], &away["tests"][1]["actual"]), (&json!("matched"), &json!("0")), "{away:#}");
    world.are("free").await;
    let free = simulate().await;
    assert_eq!((&free["outcome"], &free["tests"][1]["actual"]), (&json!("not_matched"), &json!("2")), "{free:#}");
    assert_eq!(free["tests"][0]["label"], "Поддержка: в очереди");
}

#[tokio::test]
async fn one_opening_is_decided_once() {
    let world = World::new().await;
    let received = receive_mail(&world.app, mail(world.line, "osereva@sevchai.test", "Здравствуйте")).await;
    let opening = world.app.app.new_id();
    let route = async || {
        let tx = world.app.app.write().await.unwrap();
        let decided = routing::decision::route(&tx, received.conversation_id, opening, false, None).await.unwrap();
        tx.commit().await.unwrap();
        decided
    };
    assert!(route().await.is_some());
    assert!(route().await.is_none(), "a job that runs twice decides nothing twice");
    assert_eq!(world.decisions(&received).await.len(), 1);
}
