//! Story 4: a line with six rules and a default, and forty messages of which everybody knows beforehand where they go.

use base::{Actor, ContactId, LineId};
use chrono::{DateTime, Duration, Utc};
use desk::chat::Person;
use desk::contact::{self, NewIdentity};
use desk::conversation::{Channel, Inbound, Sender, Threading, ThreadingRule, receive};
use serde_json::{Value, json};
use tests::{Client, TestApp};

/// Who is not there at a message: everybody else is free.
const ALL: &[&str] = &["Лосев", "Ивлев", "Марс", "Котова", "Дина", "Егор"];

/// A message and where it must go.
struct Row {
    /// Moscow time.
    at: &'static str,
    client: &'static str,
    channel: Channel,
    subject: &'static str,
    text: &'static str,
    missing: &'static [&'static str],
    /// The rule that decides; `По умолчанию` for none.
    rule: &'static str,
    /// Who gets it; empty: nobody at once; `А`: somebody of group A.
    who: &'static str,
    /// Rules that hold and are skipped.
    skipped: &'static [&'static str],
}

const MONEY: &str = "Цена или счёт из Telegram";
const AGAIN: &str = "Не первое обращение";
const WEEKEND: &str = "Выходные";
const VIP: &str = "Особые клиенты";
const MORNING: &str = "До обеда";
const CLAIM: &str = "Рекламация";
const NONE: &str = "По умолчанию";

#[rustfmt::skip]
const ROWS: [Row; 40] = [
    row("11-23 10:10", "Иванов", Channel::Telegram, "", "Какая цена на чайник?", &[], MONEY, "Лосев", &[]),
    row("11-23 10:15", "Петров", Channel::Telegram, "", "Выставьте счёт, пожалуйста", &[], MONEY, "Лосев", &[]),
    row("11-23 10:20", "Сидоров", Channel::Email, "Вопрос", "Какая цена на чайник?", &[], MORNING, "А", &[]),
    row("11-23 10:30", "Серова VIP", Channel::Email, "Вопрос", "Здравствуйте", &[], VIP, "Котова", &[]),
    row("11-23 10:40", "Серова VIP", Channel::Telegram, "", "Нужна цена на партию", &[], MONEY, "Лосев", &[]),
    row("11-23 10:50", "Серова VIP", Channel::Email, "Ещё вопрос", "А доставка?", &[], AGAIN, "Лосев", &[]),
    row("11-23 11:00", "Сидоров", Channel::Email, "Доставка", "Когда привезёте?", &[], AGAIN, "А", &[]),
    row("11-23 12:59", "Орлов", Channel::Chat, "", "Добрый день", &[], MORNING, "А", &[]),
    row("11-23 13:00", "Белов", Channel::Chat, "", "Добрый день", &[], MORNING, "А", &[]),
    row("11-23 13:01", "Котов", Channel::Chat, "", "Добрый день", &[], NONE, "", &[]),
    row("11-23 13:10", "Зуев", Channel::Email, "Рекламация на чайник", "Не греет", &[], CLAIM, "", &[]),
    row("11-23 13:20", "Иванов", Channel::Telegram, "", "Спасибо, а скидка будет?", &[], AGAIN, "Лосев", &[]),
    row("11-23 13:30", "Лапин", Channel::Telegram, "", "Прислали не те счета", &[], MONEY, "Лосев", &[]),
    row("11-23 13:40", "Лапин", Channel::Email, "Рекламация", "Не те счета", &[], AGAIN, "Лосев", &[]),
    row("11-23 15:00", "Комов", Channel::Email, "По поводу рекламации", "Жду ответа", &[], CLAIM, "", &[]),
    row("11-23 15:05", "Носов", Channel::Chat, "", "Где моя рекламация?", &[], NONE, "", &[]),
    row("11-23 15:10", "Котов", Channel::Chat, "", "Ау, есть кто?", &[], NONE, "", &[AGAIN]),
    row("11-23 15:20", "Жуков", Channel::Telegram, "", "Цена?", &["Лосев"], NONE, "", &[MONEY]),
    row("11-23 15:30", "Иванов", Channel::Telegram, "", "Счёт на оплату", &["Лосев"], NONE, "", &[MONEY, AGAIN]),
    row("11-23 15:40", "Рощина VIP", Channel::Telegram, "", "Узнать цену", &["Лосев"], VIP, "Котова", &[MONEY]),
    row("11-24 09:00", "Рощина VIP", Channel::Email, "Вопрос", "Добрый день", &[], AGAIN, "Котова", &[]),
    row("11-24 09:10", "Уткин", Channel::Telegram, "", "Скажите цену", &[], MONEY, "Лосев", &[]),
    row("11-24 09:30", "Фомин", Channel::Email, "Вопрос", "Добрый день", &[], MORNING, "А", &[]),
    row("11-24 14:00", "Фомин", Channel::Email, "Ещё вопрос", "Это снова я", &[], AGAIN, "А", &[]),
    row("11-24 14:10", "Хохлов", Channel::Email, "Предложение", "Коммерческое предложение", &[], NONE, "", &[]),
    row("11-24 14:20", "Хохлов", Channel::Email, "Рекламация", "Брак", &[], CLAIM, "", &[AGAIN]),
    row("11-24 14:30", "Цаплин VIP", Channel::Chat, "", "Добрый день", &[], VIP, "Котова", &[]),
    row("11-24 14:40", "Чижов", Channel::Vk, "", "Какая цена?", &[], NONE, "", &[]),
    row("11-24 14:50", "Шубин", Channel::Telegram, "", "Главная ценность — сервис", &[], NONE, "", &[]),
    row("11-28 10:00", "Щукин", Channel::Chat, "", "Добрый день", &[], MORNING, "А", &[WEEKEND]),
    row("11-28 15:00", "Юдин", Channel::Chat, "", "Добрый день", &[], NONE, "", &[WEEKEND]),
    row("11-28 15:10", "Яшин VIP", Channel::Chat, "", "Добрый день", &[], VIP, "Котова", &[WEEKEND]),
    row("11-28 15:20", "Уткин", Channel::Telegram, "", "Пришлите счёт", &[], MONEY, "Лосев", &[]),
    row("11-28 15:30", "Уткин", Channel::Chat, "", "Привет", &[], AGAIN, "Лосев", &[]),
    row("11-29 12:00", "Алов", Channel::Email, "Вопрос", "Добрый день", &[], MORNING, "А", &[WEEKEND]),
    row("11-29 16:00", "Бобров", Channel::Email, "РЕКЛАМАЦИЯ", "Брак", &[], CLAIM, "", &[WEEKEND]),
    row("11-29 16:10", "Вялов VIP", Channel::Chat, "", "Добрый день", &["Котова"], NONE, "", &[WEEKEND, VIP]),
    row("11-30 09:00", "Гусев", Channel::Chat, "", "Добрый день", &["Ивлев", "Марс"], NONE, "", &[MORNING]),
    row("11-30 14:00", "Дёмин", Channel::Email, "Рекламация", "Брак", &["Дина", "Егор"], NONE, "", &[CLAIM]),
    row("11-30 14:10", "Ершов", Channel::Telegram, "", "Цены растут?", &["Лосев"], NONE, "", &[MONEY]),
];

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
const fn row(
    at: &'static str,
    client: &'static str,
    channel: Channel,
    subject: &'static str,
    text: &'static str,
    missing: &'static [&'static str],
    rule: &'static str,
    who: &'static str,
    skipped: &'static [&'static str],
) -> Row {
    Row { at, client, channel, subject, text, missing, rule, who, skipped }
}

struct Shop {
    app: TestApp,
    admin: Client,
    line: LineId,
    staff: Vec<(&'static str, Client)>,
}

impl Shop {
    async fn open() -> Self {
        let app = TestApp::new().await;
        let (admin, line) = (app.admin().await, app.line("SALES").await);
        let mut staff = Vec::new();
        for (number, name) in ALL.iter().enumerate() {
            staff.push((*name, app.user(&format!("o{number}@otklik.test"), name, "operator").await));
        }
        let shop = Shop { app, admin, line, staff };
        let (sales, a) = (shop.group("Продажи", &["Лосев"]).await, shop.group("А", &["Ивлев", "Марс"]).await);
        let (vip, claims) =
            (shop.group("Персональные", &["Котова"]).await, shop.group("Претензии", &["Дина", "Егор"]).await);
        let groups = json!({"name": "Продажи", "operator_group_ids": [sales, a, vip, claims]});
        shop.admin.patch(&format!("/lines/{line}"), groups).await.expect(200);
        let losev = shop.who("Лосев").user_id();
        let test =
            |field: &str, operator: &str, value: Value| json!({"field": field, "operator": operator, "value": value});
        let rules = [
            (
                MONEY,
                json!({"all": [test("message_text", "contains", json!(["цена", "счёт"])), test("channel", "eq", json!("telegram"))]}),
                json!({"kind": "operator", "user_id": losev}),
            ),
            (AGAIN, test("is_first_session", "eq", json!(false)), json!({"kind": "last_operator"})),
            (WEEKEND, test("weekday", "in", json!(["sat", "sun"])), json!({"kind": "bot"})),
            (VIP, test("client_category", "eq", json!("VIP")), json!({"kind": "least_loaded", "group_id": vip})),
            (MORNING, test("time", "lte", json!("13:00")), json!({"kind": "least_loaded", "group_id": a})),
            (
                CLAIM,
                test("subject", "contains", json!("рекламация")),
                json!({"kind": "invite_group", "group_id": claims}),
            ),
        ];
        for (name, condition, target) in rules {
            let rule = json!({"name": name, "condition": condition, "target": target});
            shop.admin.post(&format!("/lines/{line}/routing-rules"), rule).await.expect(201);
        }
        shop
    }

    async fn group(&self, name: &str, members: &[&str]) -> Value {
        let members: Vec<_> = members.iter().map(|name| self.who(name).user_id()).collect();
        let made = self.admin.post("/groups", json!({"name": name, "member_ids": members})).await.expect(201);
        made["id"].clone()
    }

    fn who(&self, name: &str) -> &Client {
        &self.staff.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// The client, who is VIP if his name says so.
    async fn client(&self, name: &str) -> ContactId {
        let account = format!("{name}@clients.test").to_lowercase().replace(' ', "-");
        let identities = vec![NewIdentity::account(contact::identity::Kind::Custom, account.clone(), account)];
        let tx = self.app.app.write().await.unwrap();
        let person = Person { identities, name: name.to_owned(), locale: None };
        let id = contact::find_or_create(&tx, &person).await.unwrap().0.id;
        tx.commit().await.unwrap();
        id
    }

    async fn receive(&self, row: &Row) -> String {
        let contact_id = self.client(row.client).await;
        let threading = Threading { rule: ThreadingRule::NewConversation, ru: "Новое".into(), en: "New".into() };
        let html = mail::html::text_to_html(row.text);
        let sender = Sender::Known(contact_id);
        let inbound = Inbound {
            subject: row.subject.to_owned(),
            ..Inbound::new(self.line, row.channel, sender, html, threading, self.app.now())
        };
        let tx = self.app.app.write().await.unwrap();
        let received = receive(&tx, &Actor::system(), inbound).await.unwrap();
        tx.commit().await.unwrap();
        if row.client.ends_with("VIP") {
            let card = format!("/contacts/{contact_id}");
            self.admin.patch(&card, json!({"category": "VIP"})).await.expect(200);
        }
        self.app.run_jobs().await;
        received.conversation_id.to_string()
    }
}

#[tokio::test]
async fn forty_messages_go_where_the_table_says() {
    let shop = Shop::open().await;
    for (number, row) in ROWS.iter().enumerate() {
        let place = format!("message {} of {}: {}", number + 1, row.client, row.text);
        let at: DateTime<Utc> = format!("2026-{}:00+03:00", row.at.replace(' ', "T")).parse().unwrap();
        shop.app.advance(at - shop.app.now());
        shop.app.run_jobs().await;
        for (name, client) in &shop.staff {
            let status = if row.missing.contains(name) { "offline" } else { "free" };
            client.put("/me/status", json!({"status": status})).await.ok();
        }
        shop.app.run_jobs().await;
        let id = shop.receive(row).await;
        let decisions = shop.admin.get(&format!("/conversations/{id}/routing")).await.expect(200);
        let decision = decisions["items"].as_array().unwrap().last().expect(&place);
        let verdicts = decision["verdicts"].as_array().unwrap();
        let named = |outcome: &str| -> Vec<&str> {
            let said = verdicts.iter().filter(|verdict| verdict["outcome"] == outcome);
            said.map(|verdict| verdict["name"].as_str().unwrap()).collect()
        };
        assert_eq!(named("matched"), [row.rule], "{place}: {decision:#}");
        assert_eq!(named("skipped"), row.skipped, "{place}: {decision:#}");
        let who = decision["assigned"]["name"].as_str().unwrap_or_default();
        match row.who {
            "А" => assert!(["Ивлев", "Марс"].contains(&who), "{place}: {decision:#}"),
            name => assert_eq!(who, name, "{place}: {decision:#}"),
        }
        let why = decision["why"].as_str().unwrap();
        let told = if row.rule == NONE { "Ни одно правило не подошло" } else { row.rule };
        assert!(why.contains(told) && why.contains(who), "{place}: {why}");
        for verdict in verdicts {
            match verdict["outcome"].as_str().unwrap() {
                "skipped" => assert!(!verdict["reason"].as_str().unwrap().is_empty(), "{place}: {verdict}"),
                "not_matched" => {
                    let failed = verdict["tests"].as_array().unwrap().iter().any(|test| test["passed"] == false);
                    assert!(failed, "{place}: {verdict}");
                }
                _ => {}
            }
        }
        shop.admin.post(&format!("/conversations/{id}/close"), json!({})).await.ok();
        shop.app.run_jobs().await;
        shop.app.advance(Duration::seconds(1));
    }
}
