//! What a person is told, how, and what he is not.

use base::{ConversationId, LineId, UserId};
use chrono::Duration;
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};

async fn feed(client: &Client) -> Vec<Value> {
    client.get("/notifications").await.ok()["items"].as_array().unwrap().clone()
}

fn kinds(feed: &[Value]) -> Vec<&str> {
    feed.iter().map(|item| item["kind"].as_str().unwrap()).collect()
}

async fn unread(client: &Client) -> Value {
    client.get("/notifications/count").await.ok()["unread"].clone()
}

/// A line with Anna and Boris, and a conversation on it that nobody has.
struct Office {
    app: TestApp,
    line: LineId,
    anna: Client,
    boris: Client,
    id: ConversationId,
    number: i64,
}

impl Office {
    async fn open() -> Self {
        let app = TestApp::new().await;
        let line = app.line("SUPPORT").await;
        let anna = app.operator("anna@otklik.test", &[line]).await;
        let boris = app.operator("boris@otklik.test", &[line]).await;
        let received = receive_mail(&app, mail(line, "osereva@sevchai.test", "Где мой заказ?")).await;
        app.run_jobs().await;
        Office { app, line, anna, boris, id: received.conversation_id, number: received.number }
    }

    async fn give(&self, by: &Client, to: &Client) {
        let path = format!("/conversations/{}/assignee", self.id);
        by.put(&path, json!({"user_id": to.user_id()})).await.ok();
        self.app.run_jobs().await;
    }

    /// The client writes once more.
    async fn write(&self, text: &str) {
        let mut again = mail(self.line, "osereva@sevchai.test", text);
        again.conversation_id = Some(self.id);
        receive_mail(&self.app, again).await;
        self.app.run_jobs().await;
    }

    async fn note(&self, by: &Client, html: &str) -> Value {
        let path = format!("/conversations/{}/messages", self.id);
        let note = by.post(&path, json!({"kind": "note", "html": html})).await.expect(201);
        self.app.run_jobs().await;
        note
    }
}

fn mention(user: UserId, name: &str) -> String {
    format!("<span data-mention=\"{user}\">@{name}</span>")
}

#[tokio::test]
async fn a_person_is_told_what_concerns_him_and_reads_it() {
    let office = Office::open().await;
    let Office { anna, boris, id, .. } = &office;
    assert_eq!(kinds(&feed(anna).await), [""; 0], "it is nobody's yet");

    office.give(anna, anna).await;
    assert_eq!(unread(anna).await, 0, "nobody is told of his own act");

    office.give(anna, boris).await;
    office.write("Так где же?").await;
    let told = feed(boris).await;
    assert_eq!(kinds(&told), ["client_wrote", "assigned"]);
    assert_eq!(told[0]["text"], "Ольга Серова: новое сообщение");
    assert_eq!(told[0]["preview"], "Так где же?");
    assert_eq!(told[0]["about"]["number"], office.number);
    assert!(told[0]["about"]["message_id"].is_string());
    assert_eq!(told[1]["text"], "anna назначает вам обращение");
    assert_eq!(told[1]["about"]["message_id"], Value::Null);
    assert_eq!((unread(boris).await, unread(anna).await), (json!(2), json!(0)));

    let first = told[0]["id"].as_str().unwrap();
    anna.get(&format!("/notifications/{first}")).await.problem(404, "not_found");
    anna.post(&format!("/notifications/{first}/read"), json!({})).await.problem(404, "not_found");
    assert_eq!(boris.get(&format!("/notifications/{first}")).await.ok()["kind"], "client_wrote");
    boris.post(&format!("/notifications/{first}/read"), json!({})).await.expect(204);
    assert_eq!(unread(boris).await, 1);
    let left = boris.get("/notifications?unread=true").await.ok();
    assert_eq!(kinds(left["items"].as_array().unwrap()), ["assigned"]);
    boris.post("/notifications/read", json!({"conversation_id": id})).await.expect(204);
    assert_eq!(unread(boris).await, 0);

    let page = boris.get("/notifications?limit=1").await.ok();
    assert_eq!(kinds(page["items"].as_array().unwrap()), ["client_wrote"]);
    let next = page["next"].as_str().unwrap();
    let page = boris.get(&format!("/notifications?limit=1&after={next}")).await.ok();
    assert_eq!(kinds(page["items"].as_array().unwrap()), ["assigned"]);
    assert_eq!(page["next"], Value::Null);
}

#[tokio::test]
async fn what_the_client_wrote_before_concerns_whoever_had_it_then() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let (admin, anna) = (app.admin().await, app.operator("anna@otklik.test", &[line]).await);
    let received = receive_mail(&app, mail(line, "osereva@sevchai.test", "Где мой заказ?")).await;
    let path = format!("/conversations/{}/assignee", received.conversation_id);
    // The job of the message runs only after the conversation was given away.
    admin.put(&path, json!({"user_id": anna.user_id()})).await.ok();
    app.run_jobs().await;
    assert_eq!(kinds(&feed(&anna).await), ["assigned"]);
}

#[tokio::test]
async fn who_lost_a_line_reads_nothing_of_it() {
    let office = Office::open().await;
    let admin = office.app.admin().await;
    office.give(&admin, &office.anna).await;
    assert_eq!(unread(&office.anna).await, 1);
    admin.patch(&format!("/users/{}", office.anna.user_id()), json!({"group_ids": []})).await.ok();
    assert_eq!((feed(&office.anna).await.len(), unread(&office.anna).await), (0, json!(0)));
}

#[tokio::test]
async fn a_colleague_named_in_a_note_is_called_and_nobody_who_does_not_see_it() {
    let office = Office::open().await;
    let Office { app, anna, boris, id, .. } = &office;
    let other = app.line("OTHER").await;
    let stranger = app.operator("vera@otklik.test", &[other]).await;
    let colleagues = anna.get(&format!("/conversations/{id}/colleagues")).await.ok();
    let names: Vec<&str> =
        colleagues["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["anna", "boris"]);
    stranger.get(&format!("/conversations/{id}/colleagues")).await.problem(404, "not_found");

    let (to_boris, to_stranger) = (mention(boris.user_id(), "boris"), mention(stranger.user_id(), "vera"));
    let to_myself = mention(anna.user_id(), "anna");
    let note = office.note(anna, &format!("<p>{to_boris}, {to_stranger} и {to_myself}: взгляните</p>")).await;
    let kept = note["html"].as_str().unwrap();
    assert!(kept.contains(&to_boris) && kept.contains("<span>@vera</span>"), "{kept}");
    let told = feed(boris).await;
    assert_eq!(kinds(&told), ["mentioned"]);
    assert_eq!(told[0]["text"], "anna упоминает вас в заметке");
    assert_eq!(told[0]["preview"], "@boris, @vera и @anna: взгляните");
    assert_eq!(told[0]["about"]["message_id"], note["id"]);
    assert_eq!((unread(anna).await, unread(&stranger).await), (json!(0), json!(0)));

    // Whoever was named already is not called again by a change of the note.
    let path = format!("/messages/{}", note["id"].as_str().unwrap());
    anna.patch(&path, json!({"html": format!("<p>{to_boris}, взгляни сегодня</p>")})).await.expect(204);
    app.run_jobs().await;
    assert_eq!(unread(boris).await, 1);

    // An answer to the client names nobody.
    let answer = json!({"kind": "outbound", "html": format!("<p>Передали: {to_boris}</p>")});
    let answer = anna.post(&format!("/conversations/{id}/messages"), answer).await.expect(201);
    assert_eq!(answer["html"], "<p>Передали: <span>@boris</span></p>");
    app.run_jobs().await;
    assert_eq!(unread(boris).await, 1);
}

#[tokio::test]
async fn a_muted_conversation_tells_only_what_is_meant_for_the_person_himself() {
    let office = Office::open().await;
    let Office { app, anna, boris, id, .. } = &office;
    office.give(anna, boris).await;
    boris.put(&format!("/notifications/muted/{id}"), json!({})).await.expect(204);
    let muted = boris.get("/notifications/muted").await.ok();
    assert_eq!(muted["items"][0]["number"], office.number);
    office.write("Ау").await;
    office.note(anna, &format!("<p>{} взгляни</p>", mention(boris.user_id(), "boris"))).await;
    assert_eq!(kinds(&feed(boris).await), ["mentioned", "assigned"]);

    boris.delete(&format!("/notifications/muted/{id}")).await.expect(204);
    assert_eq!(boris.get("/notifications/muted").await.ok()["items"], json!([]));
    office.write("Ау").await;
    assert_eq!(kinds(&feed(boris).await), ["client_wrote", "mentioned", "assigned"]);
    let stranger = app.operator("vera@otklik.test", &[]).await;
    stranger.put(&format!("/notifications/muted/{id}"), json!({})).await.problem(404, "not_found");
}

/// What the pages of a person were told last: the data of the event.
async fn last_told(office: &Office, client: &Client) -> Value {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
    let told = bus::Entity::find()
        .filter(bus::Column::Kind.eq("notification_created"))
        .filter(bus::Column::Subject.eq(client.user_id().0))
        .order_by_desc(bus::Column::Seq);
    told.one(office.app.app.db.read()).await.unwrap().map_or(Value::Null, |event| event.data)
}

#[tokio::test]
async fn everybody_chooses_how_he_is_told_and_when_not() {
    let office = Office::open().await;
    let Office { app, anna, boris, .. } = &office;
    let usual = boris.get("/notifications/preferences").await.ok();
    let names: Vec<&str> = usual["kinds"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert!(names.contains(&"client_wrote") && !names.contains(&"channel_broken"), "{names:?}");
    assert_eq!(usual["quiet"], Value::Null);
    office.give(anna, boris).await;
    office.write("Раз").await;
    let told = last_told(&office, boris).await;
    assert_eq!(
        (&told["kind"], &told["sound"], &told["desktop"]),
        (&json!("client_wrote"), &json!("drop"), &json!(true))
    );

    let silent = json!({"kind": "client_wrote", "feed": true, "sound": null, "desktop": false, "push": false});
    let set = boris.put("/notifications/preferences", json!({"kinds": [silent]})).await.ok();
    let chosen = set["kinds"].as_array().unwrap().iter().find(|one| one["kind"] == "client_wrote").unwrap();
    assert_eq!(chosen["sound"], Value::Null);
    assert_eq!(boris.get("/notifications/preferences").await.ok(), set);
    office.write("Два").await;
    let told = last_told(&office, boris).await;
    assert_eq!((&told["sound"], &told["desktop"]), (&Value::Null, &json!(false)));

    // It is ten o'clock in Moscow.
    let quiet = json!({"quiet": {"from": "10:00", "until": "11:00"}});
    boris.put("/notifications/preferences", quiet).await.ok();
    office.write("Три").await;
    let told = last_told(&office, boris).await;
    assert_eq!((&told["sound"], &told["desktop"]), (&Value::Null, &json!(false)));
    assert_eq!(unread(boris).await, 4, "the feed keeps what came in quiet hours");
    app.advance(Duration::hours(2));
    office.write("Четыре").await;
    assert_eq!(last_told(&office, boris).await["sound"], "drop");

    let nothing = json!({"kind": "client_wrote", "feed": false, "sound": null, "desktop": false, "push": false});
    boris.put("/notifications/preferences", json!({"kinds": [nothing]})).await.ok();
    let before = feed(boris).await.len();
    office.write("Пять").await;
    assert_eq!(feed(boris).await.len(), before);

    let wrong = json!({"quiet": {"from": "25:00", "until": "08:00"}});
    let problem = boris.put("/notifications/preferences", wrong).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "quiet.from");
}

#[tokio::test]
async fn a_hand_over_is_told_with_what_was_said() {
    let office = Office::open().await;
    let Office { app, anna, boris, id, .. } = &office;
    office.give(anna, anna).await;
    boris.put("/me/status", json!({"status": "free"})).await;
    let to = json!({"to": {"kind": "operator", "id": boris.user_id()}, "comment": "Клиент ждёт счёт"});
    let answer = anna.post(&format!("/conversations/{id}/transfer"), to).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    app.run_jobs().await;
    let told = feed(boris).await;
    assert_eq!(kinds(&told), ["transferred"]);
    assert_eq!(told[0]["text"], "anna передаёт вам обращение");
    assert_eq!(told[0]["preview"], "Клиент ждёт счёт");
}

#[tokio::test]
async fn a_snoozed_conversation_tells_its_owner_when_it_is_due() {
    let office = Office::open().await;
    let Office { app, anna, id, .. } = &office;
    office.give(anna, anna).await;
    let until = app.now() + Duration::hours(1);
    anna.post(&format!("/conversations/{id}/snooze"), json!({"until": until})).await.ok();
    app.advance(Duration::hours(2));
    let tx = app.app.write().await.unwrap();
    desk::conversation::wake_due(&tx).await.unwrap();
    tx.commit().await.unwrap();
    app.run_jobs().await;
    assert_eq!(kinds(&feed(anna).await), ["woken"]);
}

#[tokio::test]
async fn whoever_manages_channels_is_told_once_that_one_is_broken() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let (admin, anna) = (app.admin().await, app.operator("anna@otklik.test", &[line]).await);
    let mailbox = app.app.new_id();
    let tell = async |state: &str| {
        let tx = app.app.write().await.unwrap();
        let data = json!({"state": state, "line_id": line, "name": "Поддержка"});
        let event = bus::Event::new("mailbox_changed").subject(mailbox).data(data);
        bus::emit(&tx, &base::Actor::system(), event).await.unwrap();
        tx.commit().await.unwrap();
        app.run_jobs().await;
    };
    tell("broken").await;
    // It is tried again and again; the administrator knows.
    tell("broken").await;
    let told = feed(&admin).await;
    assert_eq!(kinds(&told), ["mailbox_broken"]);
    assert_eq!(told[0]["text"], "Почтовый ящик «Поддержка» не работает");
    assert_eq!(told[0]["about"], json!({"type": "mailbox", "id": mailbox, "name": "Поддержка"}));
    assert_eq!(unread(&anna).await, 0);
    admin.post("/notifications/read", json!({})).await.expect(204);
    tell("active").await;
    tell("broken").await;
    assert_eq!(unread(&admin).await, 1);
}

#[tokio::test]
async fn whom_a_policy_names_is_told_that_a_promised_time_has_passed() {
    let office = Office::open().await;
    let Office { app, anna, boris, id, line, .. } = &office;
    let tx = app.app.write().await.unwrap();
    let data = json!({"policy": "Стандарт", "tell": [boris.user_id()]});
    let event = bus::Event::new("sla_escalated").subject(app.app.new_id()).conversation(*id, *line, None).data(data);
    bus::emit(&tx, &base::Actor::system(), event).await.unwrap();
    tx.commit().await.unwrap();
    app.run_jobs().await;
    let told = feed(boris).await;
    assert_eq!(kinds(&told), ["sla_escalated"]);
    assert_eq!(told[0]["text"], "Срок по нормативу «Стандарт» прошёл");
    assert_eq!(told[0]["about"]["number"], office.number);
    assert_eq!(unread(anna).await, 0);
}

#[tokio::test]
async fn the_author_of_an_answer_is_told_that_it_did_not_leave() {
    let office = Office::open().await;
    let Office { app, anna, boris, id, .. } = &office;
    office.give(anna, boris).await;
    let answer = json!({"kind": "outbound", "html": "<p>Отправляем завтра</p>"});
    let answer = anna.post(&format!("/conversations/{id}/messages"), answer).await.expect(201);
    let message = answer["id"].as_str().unwrap().parse().unwrap();
    let tx = app.app.write().await.unwrap();
    let failed = desk::message::Delivery::Failed;
    let why = Some("550 No such user".to_owned());
    desk::message::set_delivery(&tx, &base::Actor::system(), message, failed, why, 1).await.unwrap();
    tx.commit().await.unwrap();
    app.run_jobs().await;
    let told = feed(anna).await;
    assert_eq!(kinds(&told), ["send_failed"]);
    assert_eq!(told[0]["preview"], "Отправляем завтра");
    assert_eq!(kinds(&feed(boris).await), ["assigned"], "it is the author's, not the owner's");
}

#[tokio::test]
async fn an_offer_is_heard_and_kept_in_no_feed() {
    let office = Office::open().await;
    let Office { app, boris, id, line, .. } = &office;
    let tx = app.app.write().await.unwrap();
    let data = json!({"user_ids": [boris.user_id()]});
    let event = bus::Event::new("offer_made").subject(app.app.new_id()).conversation(*id, *line, None).data(data);
    bus::emit(&tx, &base::Actor::system(), event).await.unwrap();
    tx.commit().await.unwrap();
    app.run_jobs().await;
    let told = last_told(&office, boris).await;
    assert_eq!((&told["kind"], &told["sound"]), (&json!("offered"), &json!("call")));
    assert_eq!((feed(boris).await.len(), unread(boris).await), (0, json!(0)));
    let shown = boris.get(&format!("/notifications/{}", told["id"].as_str().unwrap())).await.ok();
    assert_eq!(shown["about"]["number"], office.number);
}
