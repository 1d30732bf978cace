//! Working hours: one saved schedule shared by lines and chats, published to clients in words.

use chrono::Duration;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::site_chat::Site;

/// Monday to Friday, 9 to 18 in Moscow.
fn office() -> Value {
    let day = |day: &&str| json!({"day": day, "intervals": [{"from": "09:00", "to": "18:00"}]});
    let weekly: Vec<Value> = ["mon", "tue", "wed", "thu", "fri"].iter().map(day).collect();
    json!({"time_zone": "Europe/Moscow", "weekly": weekly})
}

async fn schedule(site: &Site) -> Value {
    site.admin.post("/schedules", json!({"name": "Офис", "definition": office()})).await.expect(201)["id"].clone()
}

async fn set_line(site: &Site, hours: Value) {
    site.admin.patch(&format!("/lines/{}", site.line), json!({"hours": hours})).await.ok();
}

#[tokio::test]
async fn a_line_publishes_its_hours_to_visitors() {
    let text = "Нас нет. Ответим {{next_open}}, работаем {{hours}}.";
    let site = Site::new(json!({"offline_text": text})).await;
    let schedule = schedule(&site).await;
    set_line(&site, json!({"schedule_id": schedule, "published": false})).await;
    site.test.advance(Duration::hours(9));
    let hours = site.path("/hours?time_zone=Europe/Moscow");
    let visitor = site.test.anonymous();
    let unpublished =
        json!({"online": false, "opens_at": null, "opens_text": "", "working_hours_text": "", "time_zone": null});
    assert_eq!(visitor.get(&hours).await.ok(), unpublished);
    set_line(&site, json!({"schedule_id": schedule, "published": true})).await;
    let published = json!({"online": false, "opens_at": "2026-11-24T06:00:00Z", "opens_text": "Ответим завтра с 9:00",
        "working_hours_text": "Пн–Пт 9:00–18:00", "time_zone": "Europe/Moscow"});
    assert_eq!(visitor.get(&hours).await.ok(), published);

    // Night in Vladivostok, which is on the next day already.
    let config = visitor.get(&site.path("/config?time_zone=Asia/Vladivostok")).await.ok();
    assert_eq!((&config["online"], &config["opens_text"]), (&json!(false), &json!("Ответим сегодня с 16:00")));
    assert_eq!(
        config["offline"]["text"],
        "Нас нет. Ответим сегодня с 16:00, работаем Пн–Пт 9:00–18:00 по московскому времени."
    );
    let stranger = visitor.get(&site.path("/config?time_zone=Mars/Base")).await.ok();
    assert_eq!(stranger["opens_text"], "Ответим завтра с 9:00 по московскому времени");

    let guest = site.open(json!({"locale": "ru-RU", "time_zone": "Europe/Moscow"})).await;
    guest.say("Есть кто?").await;
    assert_eq!(guest.texts().await[1], "Нас нет. Ответим завтра с 9:00, работаем Пн–Пт 9:00–18:00.");
    site.test.advance(Duration::hours(14));
    let open = visitor.get(&hours).await.ok();
    assert_eq!((&open["online"], &open["opens_text"]), (&json!(true), &json!("")));
}

#[tokio::test]
async fn a_chat_may_have_hours_of_its_own_or_none() {
    let site = Site::new(json!({})).await;
    let (schedule, channel) = (schedule(&site).await, format!("/channels/{}", site.channel));
    site.test.advance(Duration::hours(9));
    let online = async || site.test.anonymous().get(&site.path("/config")).await.ok()["online"].clone();
    assert_eq!(online().await, true, "as the line, which is always there");
    set_line(&site, json!({"schedule_id": schedule})).await;
    assert_eq!(online().await, false);
    site.admin.patch(&channel, json!({"settings": {"hours": "always"}})).await.ok();
    assert_eq!(online().await, true);
    site.admin.patch(&channel, json!({"settings": {"hours": schedule}})).await.ok();
    assert_eq!(online().await, false);
    site.admin.patch(&channel, json!({"settings": {"hours": "later"}})).await.invalid("settings.hours", "bad_value");
    site.admin
        .patch(&channel, json!({"settings": {"hours": site.line}}))
        .await
        .invalid("settings.hours", "unknown_schedule");

    // Both are named, under the names of now, and keep it from being deleted.
    site.admin.patch(&format!("/lines/{}", site.line), json!({"name": "Поддержка"})).await.ok();
    let path = format!("/schedules/{}", schedule.as_str().unwrap());
    let used = json!([
        {"kind": "line", "id": site.line, "name": "Поддержка"},
        {"kind": "channel", "id": site.channel, "name": "Сайт"},
    ]);
    assert_eq!(site.admin.get(&path).await.ok()["used_by"], used);
    let refused = site.admin.delete(&path).await.problem(409, "schedule_in_use");
    assert!(refused.to_string().contains("линия «Поддержка», канал «Сайт»"), "{refused}");
    set_line(&site, json!({})).await;
    site.admin.delete(&channel).await.expect(204);
    site.admin.delete(&path).await.expect(204);
}

/// Lines and chats had weeks of their own before: those become saved schedules at the next start, equal ones become one.
#[tokio::test]
async fn hours_of_before_become_saved_schedules() {
    let mut site = Site::new(json!({"hours": "always"})).await;
    let days = ["mon", "tue", "wed", "thu", "fri"];
    let spans = json!([{"from": "09:00", "to": "18:00"}]);
    let weekly: Vec<Value> = days.iter().map(|day| json!({"day": day, "spans": spans})).collect();
    let of_line = json!({"time_zone": "Europe/Moscow", "weekly": weekly, "exceptions": []});
    let mut of_chat = json!({"time_zone": "Europe/Moscow"});
    for day in days {
        of_chat[day] = json!([["9:00", "18:00"]]);
    }
    let db = &site.test.app.db;
    let tx = db.write().await.unwrap();
    let put = async |sql: &str, values: Vec<sea_orm::Value>| {
        tx.execute_raw(db::dialect::statement(&tx, sql, values)).await.unwrap();
    };
    let line = "insert into line_routing (line_id, hours, default_target, manager_first) values ($1, $2, $3, $4)";
    let target = json!({"kind": "queue", "group_id": null});
    put(line, vec![site.line.0.into(), of_line.into(), target.into(), false.into()]).await;
    let id: uuid::Uuid = site.channel.parse().unwrap();
    put("update channel set settings = $1 where id = $2", vec![json!({"working_hours": of_chat}).into(), id.into()])
        .await;
    tx.commit().await.unwrap();

    site.test.restart().await;
    let admin = site.test.user("next@otklik.test", "Ещё один", "administrator").await;
    let schedules = admin.get("/schedules").await.ok();
    let [only] = schedules["items"].as_array().unwrap().as_slice() else { panic!("{schedules}") };
    assert_eq!((&only["name"], only["definition"]["weekly"].as_array().unwrap().len()), (&json!("Сайт"), 5));
    let line = admin.get(&format!("/lines/{}", site.line)).await.ok();
    assert_eq!(line["hours"], json!({"schedule_id": only["id"], "published": false}));
    let channel = admin.get(&format!("/channels/{}", site.channel)).await.ok();
    assert_eq!(channel["settings"]["hours"], only["id"]);
    let kinds: Vec<&Value> = only["used_by"].as_array().unwrap().iter().map(|user| &user["kind"]).collect();
    assert_eq!(kinds, ["line", "channel"]);
}
