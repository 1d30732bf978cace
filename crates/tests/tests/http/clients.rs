//! The clients of a line: who is in the list and in which order, marks, search, what is known of one of them, cases that
//! register by themselves.

use base::LineId;
use chrono::Duration;
use desk::people::Address;
use serde_json::{Value, json};
use tests::{Client, TestApp, Upload};

use crate::conversations::{mail, receive_mail};

/// Somebody writes to the line; gives his contact.
async fn writes(app: &TestApp, line: LineId, name: &str, email: &str) -> String {
    let from = Address { name: Some(name.to_owned()), address: email.to_owned() };
    let mut inbound = mail(line, email, &format!("Пишет {name}"));
    inbound.from = from.into();
    inbound.subject = format!("Вопрос от {name}");
    let received = receive_mail(app, inbound).await;
    let admin = app.admin().await;
    let opened = admin.get(&format!("/conversations/{}", received.conversation_id)).await.ok();
    opened["contact"]["id"].as_str().unwrap().to_owned()
}

async fn list(client: &Client, line: LineId, query: &str) -> Value {
    client.get(&format!("/lines/{line}/clients?limit=200{query}")).await.ok()
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

/// 150 people: 127 wrote long ago, 14 within two months, 9 this week.
async fn streaming_line() -> (TestApp, LineId, Client, String) {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let mut pakhomov = String::new();
    for index in 0..127 {
        let name =
            if index == 40 { "Пахомов Артём".to_owned() } else { format!("Давний {index:03}") };
        let contact = receive_named(&app, line, &name, &format!("old{index}@clients.test")).await;
        if index == 40 {
            pakhomov = contact;
        }
    }
    app.advance(Duration::days(50));
    for index in 0..14 {
        receive_named(&app, line, &format!("Недавний {index:02}"), &format!("mid{index}@clients.test")).await;
    }
    app.advance(Duration::days(20));
    for index in 0..9 {
        receive_named(&app, line, &format!("Свежий {index}"), &format!("new{index}@clients.test")).await;
        app.advance(Duration::minutes(1));
    }
    // Made now: a login does not last for months.
    let admin = app.admin().await;
    let company = json!({"company": {"name": "ООО Маркет-Юг", "inn": "5904112236"}});
    admin.patch(&format!("/contacts/{pakhomov}"), company).await.ok();
    let dina = app.operator("dina@otklik.test", &[line]).await;
    (app, line, dina, pakhomov)
}

/// As `writes`, without asking anybody: there are many of them.
async fn receive_named(app: &TestApp, line: LineId, name: &str, email: &str) -> String {
    let mut inbound = mail(line, email, "Здравствуйте");
    inbound.from = Address { name: Some(name.to_owned()), address: email.to_owned() }.into();
    receive_mail(app, inbound).await;
    let (kind, key) = (desk::contact::identity::Kind::Email, email);
    desk::contact::by_key(app.app.db.read(), kind, key).await.unwrap().unwrap().0.id.to_string()
}

#[tokio::test]
async fn a_line_of_many_people_shows_the_actual_ones_and_finds_the_others() {
    let (_app, line, dina, pakhomov) = streaming_line().await;
    let all = list(&dina, line, "").await;
    assert_eq!(all["streaming"], true);
    assert_eq!((&all["period_days"], names(&all).len()), (&json!(60), 23));
    assert_eq!(all["counts"], json!({"all": 150, "actual": 23, "capped_at": 1000}));
    assert_eq!(names(&all)[0], "Свежий 8", "who wrote last comes first");

    dina.put(&format!("/lines/{line}/client-period"), json!({"period_days": 7})).await.expect(204);
    let week = list(&dina, line, "").await;
    assert_eq!((&week["period_days"], names(&week).len()), (&json!(7), 9));
    for wrong in [6, 91] {
        let period = json!({"period_days": wrong});
        dina.put(&format!("/lines/{line}/client-period"), period).await.invalid("period_days", "out_of_range");
    }

    for words in ["5904112236", "590411", "пахом", "Маркет артём", "old40@clients.test"] {
        let found = list(&dina, line, &format!("&search={}", urlencode(words))).await;
        assert_eq!(names(&found), ["Пахомов Артём"], "{words}");
        assert_eq!(found["items"][0]["actual"], false);
    }
    let path = format!("/lines/{line}/clients/{pakhomov}");
    dina.patch(&path, json!({"added": true})).await.expect(204);
    let added = list(&dina, line, "").await;
    assert_eq!((names(&added).len(), names(&added)[9]), (10, "Пахомов Артём"), "he stands after those who wrote");
    dina.patch(&path, json!({"added": false, "favourite": true})).await.expect(204);
    assert_eq!(names(&list(&dina, line, "&favourite=true").await), ["Пахомов Артём"]);
    assert_eq!(names(&list(&dina, line, "").await).len(), 10, "a favourite stays too");
    let admin = _app.admin().await;
    assert_eq!(list(&admin, line, "").await["items"].as_array().unwrap().len(), 23, "marks and periods are one's own");
    dina.patch(&path, json!({"favourite": false})).await.expect(204);
    assert_eq!(names(&list(&dina, line, "").await).len(), 9);
}

#[tokio::test]
async fn the_threshold_is_a_setting() {
    let (app, line, dina, _) = streaming_line().await;
    let admin = app.admin().await;
    assert_eq!(admin.get("/settings/clients").await.ok(), json!({"streaming_above": 100}));
    admin.put("/settings/clients", json!({"streaming_above": 1000})).await.invalid("streaming_above", "out_of_range");
    admin.put("/settings/clients", json!({"streaming_above": 150})).await.ok();
    let all = list(&dina, line, "").await;
    assert_eq!((&all["streaming"], names(&all).len()), (&json!(false), 150));
    let rest: Vec<&str> = names(&all)[23..].to_vec();
    let mut sorted = rest.clone();
    sorted.sort_unstable();
    assert_eq!(rest, sorted, "who has not written lately stands by name");

    let mut walked = Vec::new();
    let mut after = String::new();
    loop {
        let page = dina.get(&format!("/lines/{line}/clients?limit=7&after={after}")).await.ok();
        walked.extend(names(&page).into_iter().map(str::to_owned));
        assert_eq!(page["counts"].is_null(), !after.is_empty(), "figures come with the first page");
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(walked, names(&all), "pages are the list, each person once");
}

#[tokio::test]
async fn a_new_message_lifts_a_row_and_the_ring_comes_and_goes() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    writes(&app, line, "Борис", "boris@clients.test").await;
    app.advance(Duration::minutes(1));
    let vera = writes(&app, line, "Вера", "vera@clients.test").await;
    app.advance(Duration::minutes(1));
    assert_eq!(names(&list(&anna, line, "").await), ["Вера", "Борис"]);
    writes(&app, line, "Борис", "boris@clients.test").await;
    assert_eq!(names(&list(&anna, line, "").await), ["Борис", "Вера"], "once, by his newest conversation");

    let of = async |name: &str| {
        let all = list(&anna, line, "").await;
        all["items"].as_array().unwrap().iter().find(|item| item["name"] == name).unwrap().clone()
    };
    let row = of("Вера").await;
    assert_eq!((&row["mine"], &row["last"]["unread"], &row["own_staff"]), (&json!(false), &json!(true), &json!(false)));
    let conversation = row["last"]["id"].as_str().unwrap().to_owned();
    anna.post(&format!("/conversations/{conversation}/take"), json!({})).await.ok();
    assert_eq!(of("Вера").await["mine"], true);
    assert_eq!(of("Вера").await["last"]["assignee"]["name"], "anna");
    assert_eq!(names(&list(&anna, line, "&mine=true").await), ["Вера"]);
    assert_eq!(names(&list(&anna, line, "&open=true").await).len(), 2);
    anna.post(&format!("/conversations/{conversation}/close"), json!({})).await.ok();
    assert_eq!(of("Вера").await["mine"], false);
    assert_eq!(names(&list(&anna, line, "&open=true").await), ["Борис"]);

    let spam = of("Вера").await["last"]["id"].as_str().unwrap().to_owned();
    anna.post(&format!("/conversations/{spam}/spam"), json!({})).await.ok();
    let left = list(&anna, line, "").await;
    assert_eq!(names(&left), ["Борис"], "spam connects nobody");
    assert_eq!(left["counts"]["all"], 1);
    anna.patch(&format!("/lines/{line}/clients/{vera}"), json!({"added": true})).await.expect(204);
}

#[tokio::test]
async fn people_are_connected_by_hand_and_with_their_company() {
    let app = TestApp::new().await;
    let (support, sales) = (app.line("SUPPORT").await, app.line("SALES").await);
    let admin = app.admin().await;
    let anna = app.operator("anna@otklik.test", &[support]).await;
    let ivan = writes(&app, sales, "Иван", "ivan@market.test").await;
    let olga = writes(&app, sales, "Ольга", "olga@market.test").await;
    let change = json!({"company": {"name": "Маркет", "inn": "7801234564"}});
    let card = admin.patch(&format!("/contacts/{olga}"), change).await.ok();
    let company = card["company"]["id"].as_str().unwrap().to_owned();
    assert_eq!(names(&list(&anna, support, "").await), Vec::<&str>::new());
    anna.get(&format!("/lines/{support}/clients/{ivan}")).await.problem(404, "not_found");
    anna.get(&format!("/contacts/{ivan}")).await.problem(404, "not_found");
    anna.get(&format!("/lines/{sales}/clients")).await.problem(404, "not_found");

    let connection = format!("/lines/{support}/clients/{ivan}/connection");
    anna.put(&connection, json!({})).await.problem(404, "not_found");
    admin.put(&connection, json!({})).await.expect(204);
    admin.put(&connection, json!({})).await.expect(204);
    assert_eq!(names(&list(&anna, support, "").await), ["Иван"]);
    anna.get(&format!("/contacts/{ivan}")).await.ok();
    let subscription = format!("/lines/{support}/companies/{company}");
    admin.put(&subscription, json!({})).await.expect(204);
    let both = list(&anna, support, "").await;
    assert_eq!(names(&both), ["Иван", "Ольга"]);
    assert!(both["items"][0]["last"].is_null(), "what was said on another line stays there");
    assert_eq!(names(&list(&anna, support, "&search=7801234564").await), ["Ольга"]);
    assert_eq!(names(&list(&anna, support, &format!("&company={company}")).await), ["Ольга"]);
    anna.get(&format!("/companies/{company}/properties")).await.ok();
    admin.delete(&subscription).await.expect(204);
    admin.delete(&connection).await.expect(204);
    assert_eq!(names(&list(&anna, support, "").await), Vec::<&str>::new());
    anna.get(&format!("/companies/{company}/properties")).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_case_registers_by_itself_on_a_message_a_call_and_a_file() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let boris = app.operator("boris@otklik.test", &[line]).await;
    let people = ["call", "message", "file"].map(|name| format!("{name}@clients.test"));
    let mut contacts = Vec::new();
    for email in &people {
        let contact = writes(&app, line, email, email).await;
        let all = list(&anna, line, "").await;
        let id = all["items"][0]["last"]["id"].as_str().unwrap().to_owned();
        anna.post(&format!("/conversations/{id}/close"), json!({})).await.ok();
        contacts.push(contact);
        app.advance(Duration::minutes(1));
    }
    let path = |index: usize, what: &str| format!("/lines/{line}/clients/{}/{what}", contacts[index]);

    let called = anna.post(&path(0, "case"), json!({"reason": "call"})).await.expect(201);
    assert_eq!(called["created"], true);
    let opened = anna.get(&format!("/conversations/{}", called["conversation_id"].as_str().unwrap())).await.ok();
    assert_eq!((&opened["status"], &opened["subject"]), (&json!("open"), &json!("Звонок")));
    assert_eq!(opened["assignee"]["name"], "anna");
    assert_eq!(opened["participants"][0]["address"], "call@clients.test");
    let again = boris.post(&path(0, "case"), json!({"reason": "start"})).await.expect(201);
    assert_eq!((&again["created"], &again["conversation_id"]), (&json!(false), &called["conversation_id"]));
    let opened = anna.get(&format!("/conversations/{}", called["conversation_id"].as_str().unwrap())).await.ok();
    assert_eq!(opened["assignee"]["name"], "anna", "somebody else's stays his");

    let written = anna.post(&path(1, "messages"), json!({"html": "<p>Обновление готово</p>"})).await.expect(201);
    assert_eq!(written["created"], true);
    let opened = anna.get(&format!("/conversations/{}", written["conversation_id"].as_str().unwrap())).await.ok();
    assert_eq!(opened["subject"], "Обновление готово");
    let sent = opened["messages"]["items"].as_array().unwrap().iter().find(|item| item["type"] == "message").unwrap();
    assert_eq!(sent["to"][0]["address"], "message@clients.test");
    anna.post(&path(1, "messages"), json!({"html": "  "})).await.invalid("html", "required");

    let upload = Upload { name: "акт.txt", content_type: "text/plain", bytes: "1".as_bytes() };
    let file = anna.upload("/files", &[upload]).await.expect(201)["items"][0]["id"].clone();
    let filed = anna.post(&path(2, "messages"), json!({"attachment_ids": [file]})).await.expect(201);
    let opened = anna.get(&format!("/conversations/{}", filed["conversation_id"].as_str().unwrap())).await.ok();
    assert_eq!((&opened["subject"], &filed["created"]), (&json!("акт.txt"), &json!(true)));
    assert_eq!(names(&list(&anna, line, "&mine=true").await).len(), 3);
    let info = anna.get(&format!("/lines/{line}/clients/{}", contacts[2])).await.ok();
    assert_eq!(info["files"][0]["name"], "акт.txt");
}

#[tokio::test]
async fn the_panel_of_a_client_has_every_block() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let (admin, anna) = (app.admin().await, app.operator("anna@otklik.test", &[line]).await);
    let contact = writes(&app, line, "Ирина Орлова", "orlova@zavod.test").await;
    let company = json!({"position": "Главный бухгалтер", "company": {"name": "Завод", "inn": "7801234564"}});
    let card = admin.patch(&format!("/contacts/{contact}"), company).await.ok();
    let company = card["company"]["id"].as_str().unwrap().to_owned();
    let details =
        json!({"department": "Бухгалтерия", "birthday": "1984-11-23", "login": "orlova_i", "region": "Пермь"});
    anna.put(&format!("/contacts/{contact}/details"), details.clone()).await.ok();
    for wrong in ["31.12.1984", "1984-13-01", "02-30"] {
        let details = json!({"birthday": wrong});
        anna.put(&format!("/contacts/{contact}/details"), details).await.invalid("birthday", "bad_date");
    }
    let debt = json!({"subject": "company", "key": "debt", "name": "Задолженность", "kind": "choice", "options": ["да", "нет"]});
    admin.post("/properties", debt.clone()).await.expect(201);
    admin.post("/properties", debt).await.invalid("key", "key_taken");
    let fill = async |value: &str| {
        anna.put(&format!("/companies/{company}/properties"), json!({"values": {"debt": value}})).await
    };
    fill("иногда").await.invalid("values.debt", "unknown");
    fill("да").await.ok();
    let conversation = list(&anna, line, "").await["items"][0]["last"]["id"].as_str().unwrap().to_owned();
    let ticket = json!({"subject": "Сбой закрытия месяца", "type": "incident", "priority": "none"});
    anna.post(&format!("/conversations/{conversation}/tickets"), ticket).await.expect(201);
    let copies = json!({"cc": [{"address": "director@zavod.test"}]});
    anna.put(&format!("/conversations/{conversation}/participants"), copies).await.ok();

    let info = anna.get(&format!("/lines/{line}/clients/{contact}")).await.ok();
    assert_eq!(info["details"], details);
    assert_eq!((&info["position"], &info["company"]["name"]), (&json!("Главный бухгалтер"), &json!("Завод")));
    assert_eq!((&info["birthday"], &info["actual"]), (&json!("1984-11-23"), &json!(true)));
    assert_eq!(
        (&info["parameters"][0]["name"], &info["parameters"][0]["value"]),
        (&json!("Задолженность"), &json!("да"))
    );
    assert_eq!(info["groups"][0]["id"], json!(conversation));
    assert_eq!(info["tickets"][0]["subject"], "Сбой закрытия месяца");
    for login in ["orlova_i", "ORLOVA"] {
        assert_eq!(names(&list(&anna, line, &format!("&search={login}")).await), ["Ирина Орлова"], "{login}");
    }
}

#[tokio::test]
async fn the_whole_history_with_a_client_is_searched() {
    let app = TestApp::new().await;
    let (line, other) = (app.line("SUPPORT").await, app.line("SALES").await);
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let contact = receive_named(&app, line, "Иван", "ivan@clients.test").await;
    let say = async |line: LineId, from: &str, text: &str| {
        receive_mail(&app, mail(line, from, text)).await;
        app.advance(Duration::minutes(1));
    };
    for index in 0..40 {
        say(line, "ivan@clients.test", &format!("Отчёт за день {index} не сходится")).await;
    }
    say(line, "other@clients.test", "Отчёт другого клиента").await;
    say(other, "ivan@clients.test", "Отчёт на линии, которую Анна не видит").await;
    let path = format!("/contacts/{contact}/messages?q={}", urlencode("отчета"));
    let first = anna.get(&path).await.ok();
    let items = first["items"].as_array().unwrap();
    assert_eq!(items.len(), 30);
    assert_eq!(items[0]["snippet"], "<mark>Отчёт</mark> за день 39 не сходится");
    let next = first["next"].as_str().unwrap();
    let second = anna.get(&format!("{path}&after={next}")).await.ok();
    assert_eq!((second["items"].as_array().unwrap().len(), &second["next"]), (10, &Value::Null));
    let none = anna.get(&format!("/contacts/{contact}/messages?q={}", urlencode("зарплата"))).await.ok();
    assert_eq!(none["items"], json!([]));
}

#[tokio::test]
async fn a_favourites_conversations_are_known_to_who_watches() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let contact = writes(&app, line, "Иван", "ivan@clients.test").await;
    assert_eq!(anna.get("/me/favourites").await.ok()["items"], json!([]));
    anna.patch(&format!("/lines/{line}/clients/{contact}"), json!({"favourite": true})).await.expect(204);
    let conversation = list(&anna, line, "").await["items"][0]["last"]["id"].clone();
    let expected =
        json!([{"line_id": line, "contact_id": contact, "name": "Иван", "conversation_ids": [conversation]}]);
    assert_eq!(anna.get("/me/favourites").await.ok()["items"], expected);
    let watchers = desk::client::watchers(app.app.db.read(), line, contact.parse().unwrap()).await.unwrap();
    assert_eq!(watchers, [anna.user_id()]);
    let admin = app.admin().await;
    let twin = writes(&app, line, "Иван с другой почты", "ivan2@clients.test").await;
    admin.post(&format!("/contacts/{twin}/absorb"), json!({"contact_id": contact})).await.ok();
    let kept = anna.get("/me/favourites").await.ok();
    assert_eq!(kept["items"][0]["contact_id"], json!(twin), "a joined card keeps its marks");
}

pub fn urlencode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
