//! Conversations: what clients write, what operators do with it, who sees it.

use base::{Actor, LineId};
use chrono::Duration;
use desk::conversation::{Channel, Inbound, Received, Threading, ThreadingRule, receive};
use desk::people::{Address, Recipients};
use serde_json::{Value, json};
use tests::{Client, TestApp, Upload};

/// A client's mail, as a channel hands it over.
pub fn mail(line_id: LineId, from: &str, text: &str) -> Inbound {
    Inbound {
        line_id,
        channel: Channel::Email,
        mailbox_id: None,
        group_id: None,
        conversation_id: None,
        from: Address { name: Some("Ольга Серова".to_owned()), address: from.to_owned() }.into(),
        subject: "Где мой заказ 1045".to_owned(),
        html: mail::html::text_to_html(text),
        text: text.to_owned(),
        full_html: format!("<p>{text}</p><blockquote>старое</blockquote>"),
        full_text: format!("{text}\n> старое"),
        headers: vec![("Subject".to_owned(), "Где мой заказ 1045".to_owned())],
        raw_key: None,
        has_quote: true,
        remote_images: false,
        automatic: None,
        recipients: Recipients::default(),
        files: Vec::new(),
        reply_to_id: None,
        extra: None,
        threading: Threading {
            rule: ThreadingRule::NewConversation,
            ru: "Первое письмо".to_owned(),
            en: "The first mail".to_owned(),
        },
        sent_at: tests::start(),
    }
}

pub async fn receive_mail(app: &TestApp, inbound: Inbound) -> Received {
    let tx = app.app.write().await.unwrap();
    let received = receive(&tx, &Actor::system(), inbound).await.unwrap();
    tx.commit().await.unwrap();
    received
}

async fn desk_with_mail() -> (TestApp, Client, LineId, Received) {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let received = receive_mail(&app, mail(line, "osereva@sevchai.test", "Здравствуйте! Где мой заказ?")).await;
    (app, anna, line, received)
}

fn timeline(conversation: &Value) -> Vec<String> {
    let items = conversation["messages"]["items"].as_array().unwrap();
    items.iter().map(|item| format!("{}:{}", item["type"].as_str().unwrap(), item["kind"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn a_clients_mail_is_a_conversation_in_the_lists() {
    let (_app, anna, line, received) = desk_with_mail().await;
    let list = anna.get("/conversations?view=unassigned").await.ok();
    let row = &list["items"][0];
    assert_eq!(row["id"], json!(received.conversation_id));
    assert_eq!(
        (&row["subject"], &row["preview"]),
        (&json!("Где мой заказ 1045"), &json!("Здравствуйте! Где мой заказ?"))
    );
    assert_eq!((&row["unread"], &row["last_from"], &row["message_count"]), (&json!(true), &json!("client"), &json!(1)));
    assert_eq!(row["contact"]["name"], "Ольга Серова");
    let counters = anna.get("/conversations/counters").await.ok();
    assert_eq!((&counters["unassigned"], &counters["open"], &counters["mine"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(counters["lines"], json!([{"line_id": line, "open": 1, "unassigned": 1}]));

    let opened = anna.get(&format!("/conversations/{}", received.conversation_id)).await.ok();
    assert_eq!(opened["threading"], json!({"rule": "new_conversation", "explanation": "Первое письмо"}));
    assert_eq!(opened["participants"][0]["role"], "client");
    let source = anna.get(&format!("/messages/{}/source", received.message_id)).await.ok();
    assert_eq!(source["text"], "Здравствуйте! Где мой заказ?\n> старое");
}

#[tokio::test]
async fn only_one_of_two_takes_it_and_the_other_hears_who() {
    let (app, anna, line, received) = desk_with_mail().await;
    let boris = app.operator("boris@otklik.test", &[line]).await;
    let path = format!("/conversations/{}/take", received.conversation_id);
    let (first, second) = tokio::join!(anna.post(&path, json!({})), boris.post(&path, json!({})));
    let (winner, loser) = if first.status.is_success() { (first, second) } else { (second, first) };
    let name = winner.ok()["assignee"]["name"].as_str().unwrap().to_owned();
    let problem = loser.problem(409, "already_taken");
    assert!(problem["detail"].as_str().unwrap().contains(&name), "{problem}");
}

#[tokio::test]
async fn a_letter_is_work_for_mail_alone() {
    let (app, anna, _, received) = desk_with_mail().await;
    let admin = app.admin().await;
    let path = format!("/conversations/{}/messages", received.conversation_id);
    anna.post(&path, json!({"kind": "outbound", "html": "<p>Едет.</p>"})).await.expect(201);
    let jobs = admin.get("/jobs?state=waiting&limit=200").await.ok()["items"].as_array().unwrap().clone();
    let kinds = jobs.iter().map(|job| job["kind"].as_str().unwrap());
    let sending: Vec<&str> = kinds.filter(|kind| kind.starts_with("email.") || kind.starts_with("channels.")).collect();
    assert_eq!(sending, ["email.queue_mail"]);
}

#[tokio::test]
async fn an_answer_is_queued_can_be_taken_back_and_is_never_doubled() {
    let (app, anna, _, received) = desk_with_mail().await;
    let path = format!("/conversations/{}/messages", received.conversation_id);
    let answer =
        json!({"kind": "outbound", "html": "<p>Заказ <b>в пути</b>.</p><script>alert(1)</script>", "close": true});
    let keyed = anna.clone().with_header("idempotency-key", "answer-1");
    let first = keyed.post(&path, answer.clone()).await.expect(201);
    let again = keyed.post(&path, answer).await.expect(201);
    assert_eq!(first, again);
    keyed.post(&path, json!({"kind": "note", "html": "другое"})).await.problem(409, "idempotency_mismatch");
    assert_eq!(first["html"], "<p>Заказ <b>в пути</b>.</p>");
    assert_eq!(first["delivery"]["state"], "queued");
    assert_eq!(first["to"], json!([{"name": "Ольга Серова", "address": "osereva@sevchai.test"}]));

    let opened = anna.get(&format!("/conversations/{}", received.conversation_id)).await.ok();
    assert_eq!(timeline(&opened), ["message:inbound", "message:outbound", "event:conversation_closed"]);
    assert_eq!(
        (&opened["status"], &opened["unread"], &opened["last_from"]),
        (&json!("closed"), &json!(false), &json!("operator"))
    );

    let boris = app.admin().await;
    let undo = format!("/messages/{}/undo", first["id"].as_str().unwrap());
    boris.post(&undo, json!({})).await.problem(409, "not_yours");
    let back = anna.post(&undo, json!({})).await.ok();
    assert_eq!(back["html"], "<p>Заказ <b>в пути</b>.</p>");
    let opened = anna.get(&format!("/conversations/{}", received.conversation_id)).await.ok();
    assert_eq!(
        (&opened["status"], &opened["last_from"], &opened["message_count"]),
        (&json!("open"), &json!("client"), &json!(1))
    );
    anna.post(&undo, json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn after_five_seconds_it_is_too_late_to_take_back() {
    let (app, anna, _, received) = desk_with_mail().await;
    let path = format!("/conversations/{}/messages", received.conversation_id);
    let message = anna.post(&path, json!({"kind": "outbound", "text": "Уже едет"})).await.expect(201);
    app.advance(Duration::seconds(6));
    anna.post(&format!("/messages/{}/undo", message["id"].as_str().unwrap()), json!({})).await.problem(409, "too_late");
}

#[tokio::test]
async fn an_empty_answer_and_a_wrong_address_name_their_fields() {
    let (_app, anna, _, received) = desk_with_mail().await;
    let path = format!("/conversations/{}/messages", received.conversation_id);
    anna.post(&path, json!({"kind": "outbound", "html": "<p> </p>"})).await.invalid("html", "required");
    anna.post(&path, json!({"kind": "outbound", "html": "да", "cc": [{"address": "a@b.ru"}, {"address": "не адрес"}]}))
        .await
        .invalid("cc[1].address", "bad_address");
    anna.post(&path, json!({"html": "да"})).await.invalid("kind", "required");
}

#[tokio::test]
async fn a_client_who_writes_again_reopens_and_an_automatic_answer_does_not() {
    let (app, anna, line, received) = desk_with_mail().await;
    let id = received.conversation_id;
    app.advance(Duration::minutes(1));
    anna.post(&format!("/conversations/{id}/close"), json!({})).await.ok();
    app.advance(Duration::minutes(1));
    let automatic = Inbound {
        conversation_id: Some(id),
        automatic: Some(desk::message::Automatic::AutoReply),
        ..mail(line, "osereva@sevchai.test", "Я в отпуске")
    };
    receive_mail(&app, automatic).await;
    assert_eq!(anna.get(&format!("/conversations/{id}")).await.ok()["status"], "closed");
    let again = Inbound { conversation_id: Some(id), ..mail(line, "osereva@sevchai.test", "Не приехал!") };
    assert!(!receive_mail(&app, again).await.created);
    let opened = anna.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(
        (&opened["status"], &opened["unread"], &opened["preview"]),
        (&json!("open"), &json!(true), &json!("Не приехал!"))
    );
    assert_eq!(
        timeline(&opened),
        [
            "message:inbound",
            "event:conversation_closed",
            "message:inbound",
            "message:inbound",
            "event:conversation_reopened"
        ]
    );
}

#[tokio::test]
async fn a_snoozed_conversation_wakes_at_its_time() {
    let (app, anna, _, received) = desk_with_mail().await;
    let path = format!("/conversations/{}", received.conversation_id);
    let past = app.now() - Duration::minutes(1);
    anna.post(&format!("{path}/snooze"), json!({"until": past})).await.invalid("until", "in_the_past");
    anna.post(&format!("{path}/snooze"), json!({"until": app.now() + Duration::hours(2)})).await.ok();
    assert_eq!(anna.get("/conversations?view=snoozed").await.ok()["items"].as_array().unwrap().len(), 1);
    let wake = async || {
        let tx = app.app.write().await.unwrap();
        let count = desk::conversation::wake_due(&tx).await.unwrap();
        tx.commit().await.unwrap();
        count
    };
    assert_eq!(wake().await, 0);
    app.advance(Duration::hours(3));
    assert_eq!(wake().await, 1);
    assert_eq!(anna.get(&path).await.ok()["status"], "open");
}

#[tokio::test]
async fn a_message_detached_is_a_conversation_of_its_own() {
    let (app, anna, line, received) = desk_with_mail().await;
    let other = Inbound {
        conversation_id: Some(received.conversation_id),
        ..mail(line, "petr@kedr.test", "А мне счёт, пожалуйста")
    };
    let second = receive_mail(
        &app,
        Inbound { from: Address { name: Some("Пётр".into()), address: "petr@kedr.test".into() }.into(), ..other },
    )
    .await;
    anna.post(&format!("/messages/{}/detach", received.message_id), json!({})).await.expect(201);
    let problem = anna.post(&format!("/messages/{}/detach", second.message_id), json!({})).await;
    problem.problem(409, "only_message");
    let list = anna.get("/conversations?view=open").await.ok();
    let mut names: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|row| row["preview"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["А мне счёт, пожалуйста", "Здравствуйте! Где мой заказ?"]);
}

#[tokio::test]
async fn what_is_on_another_line_is_nowhere_to_be_seen() {
    let (app, anna, _, received) = desk_with_mail().await;
    let sales = app.line("SALES").await;
    let seller = app.operator("seller@otklik.test", &[sales]).await;
    let id = received.conversation_id;
    for path in [
        format!("/conversations/{id}"),
        format!("/conversations/{id}/messages"),
        format!("/messages/{}/source", received.message_id),
        format!("/messages/{}/frame", received.message_id),
    ] {
        seller.get(&path).await.problem(404, "not_found");
    }
    let contact = anna.get(&format!("/conversations/{id}")).await.ok()["contact"]["id"].as_str().unwrap().to_owned();
    seller.get(&format!("/contacts/{contact}")).await.problem(404, "not_found");
    seller.post(&format!("/conversations/{id}/take"), json!({})).await.problem(404, "not_found");
    assert_eq!(seller.get("/conversations?view=all").await.ok()["items"], json!([]));
    assert_eq!(seller.get("/search?q=заказ").await.ok()["items"], json!([]));
    assert_eq!(seller.get(&format!("/search?q={}", received.number)).await.ok()["items"], json!([]));
    assert_eq!(seller.get("/conversations/counters").await.ok()["open"], 0);
    assert_eq!(anna.get("/search?q=заказы").await.ok()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn files_are_read_by_who_sees_their_conversation() {
    let (app, anna, line, received) = desk_with_mail().await;
    let boris = app.operator("boris@otklik.test", &[line]).await;
    let seller = app.operator("seller@otklik.test", &[]).await;
    let files = [
        Upload { name: "счёт.svg", content_type: "image/svg+xml", bytes: b"<svg onload='alert(1)'/>" },
        Upload { name: "чек.png", content_type: "image/png", bytes: b"png" },
    ];
    let uploaded = anna.upload("/files", &files).await.expect(201);
    let (svg, png) = (&uploaded["items"][0], &uploaded["items"][1]);
    boris.get(png["url"].as_str().unwrap()).await.expect(404);
    let html = format!("<p>Смотрите: <img src=\"{}?inline=1\"></p>", png["url"].as_str().unwrap());
    let body = json!({"kind": "outbound", "html": html, "attachment_ids": [svg["id"], png["id"]]});
    let message =
        anna.post(&format!("/conversations/{}/messages", received.conversation_id), body.clone()).await.expect(201);
    assert!(message["html"].as_str().unwrap().contains("src=\"/files/"), "{message}");
    assert_eq!(message["attachments"][0]["inline"], false);
    assert_eq!(message["attachments"][1]["inline"], true);
    let answer = boris.get(&format!("{}?inline=1", svg["url"].as_str().unwrap())).await;
    assert_eq!(
        answer.header("content-type"),
        Some("application/octet-stream"),
        "a picture that can run scripts is only downloaded"
    );
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(boris.get(png["url"].as_str().unwrap()).await.bytes.as_ref(), b"png");
    seller.get(png["url"].as_str().unwrap()).await.expect(404);
    anna.post(&format!("/conversations/{}/messages", received.conversation_id), body)
        .await
        .invalid("attachment_ids[0]", "not_found");
}

#[tokio::test]
async fn a_frame_runs_nothing_and_loads_nothing_from_elsewhere() {
    let (app, anna, line, _) = desk_with_mail().await;
    let html = "<p>Привет</p><img src=\"https://spy.test/x.png\"><a href=\"https://shop.test\">сайт</a>".to_owned();
    let received =
        receive_mail(&app, Inbound { html, remote_images: true, ..mail(line, "spy@x.test", "Привет") }).await;
    let path = format!("/messages/{}/frame", received.message_id);
    let blocked = anna.get(&path).await;
    let policy = blocked.header("content-security-policy").unwrap().to_owned();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("script-src 'unsafe") && !policy.contains("https:"),
        "{policy}"
    );
    assert!(!blocked.text().contains(" src=\"https://spy.test"), "{}", blocked.text());
    let allowed = anna.get(&format!("{path}?images=allowed")).await;
    assert!(allowed.text().contains(" src=\"https://spy.test/x.png\""), "{}", allowed.text());
}

#[tokio::test]
async fn a_draft_waits_on_the_server_for_its_author_only() {
    let (app, anna, line, received) = desk_with_mail().await;
    let boris = app.operator("boris@otklik.test", &[line]).await;
    let path = format!("/conversations/{}", received.conversation_id);
    anna.put(&format!("{path}/draft"), json!({"kind": "outbound", "html": "<p>Пишу…</p>"})).await.ok();
    anna.put(&format!("{path}/draft"), json!({"kind": "note", "html": "<p>Заметка</p>"})).await.ok();
    let opened = anna.get(&path).await.ok();
    assert_eq!(
        (&opened["draft"]["html"], &opened["note_draft"]["html"]),
        (&json!("<p>Пишу…</p>"), &json!("<p>Заметка</p>"))
    );
    assert_eq!(boris.get(&path).await.ok()["draft"], Value::Null);
    anna.post(&format!("{path}/messages"), json!({"kind": "outbound", "html": "готово"})).await.expect(201);
    let opened = anna.get(&path).await.ok();
    assert_eq!((&opened["draft"], &opened["note_draft"]["html"]), (&Value::Null, &json!("<p>Заметка</p>")));
}

#[tokio::test]
async fn a_long_conversation_is_read_page_by_page() {
    let (app, anna, line, received) = desk_with_mail().await;
    for number in 0..70 {
        app.advance(Duration::seconds(1));
        receive_mail(
            &app,
            Inbound {
                conversation_id: Some(received.conversation_id),
                ..mail(line, "osereva@sevchai.test", &format!("письмо {number}"))
            },
        )
        .await;
    }
    let path = format!("/conversations/{}", received.conversation_id);
    let opened = anna.get(&path).await.ok();
    let items = opened["messages"]["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[49]["text"]), (50, &json!("письмо 69")));
    let older =
        anna.get(&format!("{path}/messages?before={}", opened["messages"]["next"].as_str().unwrap())).await.ok();
    let items = older["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[20]["text"], &older["next"]), (21, &json!("письмо 19"), &Value::Null));
}

#[tokio::test]
async fn a_ticket_is_made_of_a_conversation_and_follows_it() {
    let (_app, anna, _, received) = desk_with_mail().await;
    let path = format!("/conversations/{}", received.conversation_id);
    let ticket = anna
        .post(&format!("{path}/tickets"), json!({"subject": "Вернуть чайник", "type": "claim", "priority": "high"}))
        .await
        .expect(201);
    assert_eq!((&ticket["number"], &ticket["status"], &ticket["type"]), (&json!(101), &json!("new"), &json!("claim")));
    let ticket_path = format!("/tickets/{}", ticket["id"].as_str().unwrap());
    let changed = anna.patch(&ticket_path, json!({"status": "in_progress", "owner_id": anna.user_id()})).await.ok();
    assert_eq!((&changed["status"], &changed["owner"]["id"]), (&json!("in_progress"), &json!(anna.user_id())));
    assert_eq!(anna.patch(&ticket_path, json!({"owner_id": null})).await.ok()["owner"], Value::Null);
    anna.patch(&ticket_path, json!({"subject": " "})).await.invalid("subject", "required");
    assert_eq!(anna.get(&path).await.ok()["ticket"]["number"], 101);
    anna.delete(&format!("{path}/tickets/{}", ticket["id"].as_str().unwrap())).await.expect(204);
    assert_eq!(anna.get(&path).await.ok()["tickets"], json!([]));
}

#[tokio::test]
async fn an_operator_writes_first() {
    let (_app, anna, line, _) = desk_with_mail().await;
    let new = json!({"line_id": line, "to": [{"name": "Пётр", "address": "Petr@Kedr.test"}], "cc": [{"address": "buh@kedr.test"}], "subject": "Договор №12/25", "html": "<p>Высылаем</p>"});
    let row = anna.post("/conversations", new).await.expect(201);
    assert_eq!(
        (&row["assignee"]["id"], &row["contact"]["name"], &row["delivery"]),
        (&json!(anna.user_id()), &json!("Пётр"), &json!("queued"))
    );
    let opened = anna.get(&format!("/conversations/{}", row["id"].as_str().unwrap())).await.ok();
    let people: Vec<(&str, &str)> = opened["participants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["address"].as_str().unwrap(), one["role"].as_str().unwrap()))
        .collect();
    assert_eq!(people, [("petr@kedr.test", "client"), ("buh@kedr.test", "cc")]);
    assert_eq!(anna.get("/search?q=договоры").await.ok()["items"][0]["conversation"]["id"], row["id"]);
}

#[tokio::test]
async fn a_picture_that_the_text_does_not_show_is_an_attachment() {
    let (app, anna, line, _) = desk_with_mail().await;
    let picture = |cid: &str, name: &str| desk::conversation::NewFile {
        storage_key: name.to_owned(),
        name: name.to_owned(),
        content_type: "image/png".to_owned(),
        size: 3,
        content_id: Some(cid.to_owned()),
        inline: true,
        ..Default::default()
    };
    let html = "<p>Чек: <img src=\"cid:a@x\"></p>".to_owned();
    let inbound = Inbound {
        html: html.clone(),
        full_html: html,
        files: vec![picture("a@x", "чек.png"), picture("b@x", "вид.png")],
        ..mail(line, "photo@x.test", "Чек:")
    };
    let received = receive_mail(&app, inbound).await;
    let opened = anna.get(&format!("/conversations/{}", received.conversation_id)).await.ok();
    let message = &opened["messages"]["items"][0];
    let inline: Vec<bool> =
        message["attachments"].as_array().unwrap().iter().map(|file| file["inline"].as_bool().unwrap()).collect();
    assert_eq!(inline, [true, false]);
    assert!(message["html"].as_str().unwrap().contains("src=\"/files/"), "{message}");
}

#[tokio::test]
async fn every_order_of_the_list_goes_through_all_pages() {
    let (app, anna, line, _) = desk_with_mail().await;
    for number in 0..6 {
        app.advance(Duration::minutes(1));
        receive_mail(&app, mail(line, &format!("c{number}@x.test"), "Ещё письмо")).await;
    }
    for (sort, expected) in
        [("newest", [7, 6, 5, 4, 3, 2, 1]), ("oldest", [1, 2, 3, 4, 5, 6, 7]), ("number", [7, 6, 5, 4, 3, 2, 1])]
    {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = anna.get(&format!("/conversations?view=open&limit=3&sort={sort}{after}")).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["number"].as_i64().unwrap() - 1000));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen, expected, "{sort}");
    }
}
