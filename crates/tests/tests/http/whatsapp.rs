//! The WhatsApp driver against Meta's Cloud API as it is described: over HTTP, both ways.

use axum::http::StatusCode;
use chrono::Duration;
use serde_json::{Value, json};

use super::chat_world::ChatWorld;
use super::mail_world::eventually;
use super::sim::outside::signature;
use super::sim::whatsapp::{ACCOUNT_ID, APP_SECRET, PHONE_NUMBER_ID, TOKEN, WhatsApp};

const VERIFY: &str = "проверка-7";
const ANNA: &str = "79161234567";
const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4];

fn settings(meta: &WhatsApp) -> Value {
    json!({
        "phone_number_id": PHONE_NUMBER_ID,
        "business_account_id": ACCOUNT_ID,
        "access_token": TOKEN,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY,
        "api_url": meta.base_url(),
    })
}

/// A connected channel, and Anna, who has WhatsApp.
async fn world() -> (ChatWorld, WhatsApp) {
    let mut world = ChatWorld::new().await;
    let meta = WhatsApp::start(&world.test).await;
    let channel = world.create("whatsapp", settings(&meta)).await;
    meta.verify_hook(channel["hook_url"].as_str().unwrap(), VERIFY).await.unwrap();
    world.channel_is("active").await;
    meta.person(ANNA, "Анна Серова");
    (world, meta)
}

/// The same with a first message of hers.
async fn talking() -> (ChatWorld, WhatsApp) {
    let (world, meta) = world().await;
    assert_eq!(meta.deliver(&meta.text(ANNA, "wamid.1", "Здравствуйте!")).await.status, StatusCode::OK);
    world.messages_are(1).await;
    (world, meta)
}

/// Bodies of what was sent, from this one on.
fn sent(meta: &WhatsApp) -> Vec<Value> {
    meta.sent().into_iter().map(|sent| sent.body).collect()
}

#[tokio::test]
async fn the_address_is_verified_and_the_account_introduces_itself() {
    let mut world = ChatWorld::new().await;
    let meta = WhatsApp::start(&world.test).await;
    let tested =
        world.admin.post("/channels/test", json!({"kind": "whatsapp", "settings": settings(&meta)})).await.ok();
    assert_eq!((&tested["ok"], &tested["account_name"]), (&json!(true), &json!("Отклик +7 495 000-00-01")));
    assert!(!meta.is_subscribed(), "a test of settings changes nothing");
    let channel = world.create("whatsapp", settings(&meta)).await;
    let hook = channel["hook_url"].as_str().unwrap();
    meta.verify_hook(hook, "другой").await.unwrap_err();
    meta.verify_hook(hook, VERIFY).await.unwrap();
    let active = world.channel_is("active").await;
    assert_eq!(active["account_name"], "Отклик +7 495 000-00-01");
    assert_eq!(
        (&active["settings"]["has_access_token"], &active["settings"]["access_token"]),
        (&json!(true), &Value::Null)
    );
    assert!(meta.is_subscribed());
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let mut wrong = settings(&world().await.1);
    wrong["phone_number_id"] = json!("+7 495");
    let world = ChatWorld::new().await;
    let body = |settings: &Value| json!({"line_id": world.line, "kind": "whatsapp", "settings": settings});
    world.admin.post("/channels", body(&wrong)).await.invalid("settings.phone_number_id", "bad_value");
    wrong["phone_number_id"] = json!(PHONE_NUMBER_ID);
    wrong["api_version"] = json!("latest");
    world.admin.post("/channels", body(&wrong)).await.invalid("settings.api_version", "bad_value");
}

#[tokio::test]
async fn a_forged_call_is_refused_and_leaves_no_trace() {
    let (world, meta) = world().await;
    let update = meta.text(ANNA, "wamid.1", "Переведите деньги");
    type Forge<'a> = &'a dyn Fn(&[u8]) -> Option<String>;
    let forged: [Forge<'_>; 5] = [
        &|_| None,
        &|_| Some("sha256=".to_owned()),
        &|body| Some(signature(APP_SECRET, body)),
        &|body| Some(format!("sha256={}", signature("another secret", body))),
        &|_| Some(format!("sha256={}", signature(APP_SECRET, b"{}"))),
    ];
    for sign in forged {
        assert_eq!(meta.deliver_with(&update, sign).await.status, StatusCode::FORBIDDEN);
    }
    let mut other = update.clone();
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = json!("777");
    assert_eq!(meta.deliver(&other).await.status, StatusCode::OK);
    assert_eq!(world.received().await, 0, "another number's messages are another channel's");
    meta.deliver(&update).await;
    world.messages_are(1).await;
}

#[tokio::test]
async fn a_message_delivered_three_times_is_one_and_two_at_once_are_one_conversation() {
    let (world, meta) = world().await;
    let first = meta.text(ANNA, "wamid.1", "Здравствуйте!");
    let second = meta.text(ANNA, "wamid.2", "Где *мой* заказ?");
    let later = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        meta.deliver(&second).await
    };
    let (a, b, c, d) = tokio::join!(meta.deliver(&first), meta.deliver(&first), later, meta.deliver(&first));
    assert!([a, b, c, d].iter().all(|answer| answer.status == StatusCode::OK));
    let messages = world.messages_are(2).await;
    meta.deliver(&first).await;
    world.quiet().await;
    assert_eq!(world.messages().await.len(), 2);
    let texts: Vec<&str> = messages.iter().map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Здравствуйте!", "Где мой заказ?"]);
    assert!(messages[1]["html"].as_str().unwrap().contains("<strong>мой</strong>"), "{}", messages[1]["html"]);
    assert_eq!(world.received().await, 2);
}

#[tokio::test]
async fn messages_stay_in_order() {
    let (world, meta) = world().await;
    for number in 0..12 {
        meta.deliver(&meta.text(ANNA, &format!("wamid.{number}"), &format!("{number}"))).await;
    }
    let messages = world.messages_are(12).await;
    let texts: Vec<String> = messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, (0..12).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_number_we_know_is_the_client_we_know() {
    let (world, meta) = world().await;
    let known = world.known("Серова Анна Петровна", "8 (916) 123-45-67").await;
    meta.deliver(&meta.text(ANNA, "wamid.1", "Это снова я")).await;
    world.messages_are(1).await;
    let contact = world.conversations().await[0]["contact"].clone();
    assert_eq!((&contact["id"], &contact["name"]), (&json!(known), &json!("Серова Анна Петровна")));
    let route = world.route().await;
    assert_eq!(
        (&route["kind"], &route["title"], &route["allowed"]),
        (&json!("whatsapp"), &json!("Анна Серова"), &json!(true))
    );
}

#[tokio::test]
async fn who_hides_his_number_is_known_by_metas_id_of_him() {
    let (world, meta) = world().await;
    let scoped = meta.person_without_number("79165550000", "Борис");
    meta.deliver(&meta.text("79165550000", "wamid.1", "Я без номера")).await;
    world.messages_are(1).await;
    let answer = world.say("Здравствуйте, Борис").await;
    world.is(&answer, "sent").await;
    let sent = meta.sent().remove(0);
    assert_eq!((&sent.body["recipient"], sent.body.get("to")), (&json!(scoped), None));
    meta.mark(&sent.id, "read").await;
    world.is(&answer, "read").await;
}

#[tokio::test]
async fn everything_a_client_sends_arrives() {
    let (world, meta) = world().await;
    let media = |kind: &str, content_type: &str, more: Value| {
        let mut content = meta.media(content_type, JPEG);
        content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"type": kind, kind: content})
    };
    let contents = [
        media("image", "image/jpeg", json!({"caption": "Вот _фото_"})),
        media("audio", "audio/ogg; codecs=opus", json!({"voice": true})),
        media("video", "video/mp4", json!({})),
        media("document", "application/pdf", json!({"filename": "Счёт 7.pdf", "caption": "Счёт"})),
        media("sticker", "image/webp", json!({"animated": false})),
        json!({"type": "location", "location": {"latitude": 55.75, "longitude": 37.61, "name": "Кремль", "address": "Москва"}}),
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Пётр"}, "phones": [{"phone": "+7 999 000-00-01", "type": "CELL"}]}]}),
        json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "yes", "title": "Да"}}}),
        json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "row-2", "title": "Второй", "description": ""}}}),
        json!({"type": "button", "button": {"text": "Отписаться", "payload": "stop"}}),
        json!({"type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}], "unsupported": {"type": "poll"}}),
        json!({"type": "order", "order": {"catalog_id": "1", "text": "Беру", "product_items": [
            {"product_retailer_id": "ЧАЙ-1", "quantity": 2, "item_price": 350, "currency": "RUB"}]}}),
    ];
    for (index, content) in contents.iter().enumerate() {
        meta.deliver(&meta.message(ANNA, &format!("wamid.{index}"), content.clone())).await;
    }
    let messages = world.messages_are(contents.len()).await;
    let attachment = |index: usize| messages[index]["attachments"][0].clone();
    assert_eq!(messages[0]["html"], "<p>Вот <em>фото</em></p>");
    for (index, media) in [(0, "photo"), (1, "voice"), (2, "video"), (4, "sticker")] {
        assert_eq!(attachment(index)["media"], media, "{}", messages[index]);
    }
    assert_eq!(world.file(&attachment(0)).await, JPEG);
    assert_eq!((&attachment(3)["name"], &messages[3]["text"]), (&json!("Счёт 7.pdf"), &json!("Счёт")));
    let extra = |index: usize| &messages[index]["extra"];
    assert_eq!(extra(5)["location"], json!({"latitude": 55.75, "longitude": 37.61, "title": "Кремль, Москва"}));
    assert_eq!(extra(6)["contacts"], json!([{"name": "Пётр", "phone": "+7 999 000-00-01"}]));
    assert_eq!((&messages[7]["text"], &extra(7)["pressed"]), (&json!("Да"), &json!("yes")));
    assert_eq!((&messages[8]["text"], &extra(8)["pressed"]), (&json!("Второй"), &json!("row-2")));
    assert_eq!((&messages[9]["text"], &extra(9)["pressed"]), (&json!("Отписаться"), &json!("stop")));
    assert!(messages[10]["text"].as_str().unwrap().contains("poll"));
    assert_eq!(messages[11]["text"], "Беру\nЧАЙ-1 × 2: 350 RUB");
}

#[tokio::test]
async fn a_client_changes_withdraws_and_reacts() {
    let (world, meta) = talking().await;
    let answer = world.say("Чем помочь?").await;
    world.is(&answer, "sent").await;
    let ours = meta.sent()[0].id.clone();
    let edited = json!({"original_message_id": "wamid.1", "message": {"context": {"id": "M0"}, "type": "text", "text": {"body": "Добрый день!"}}});
    meta.deliver(&meta.message(ANNA, "wamid.2", json!({"type": "edit", "edit": edited}))).await;
    meta.deliver(&meta.message(
        ANNA,
        "wamid.3",
        json!({"type": "reaction", "reaction": {"message_id": ours, "emoji": "👍"}}),
    ))
    .await;
    meta.deliver(&meta.message(ANNA, "wamid.4", json!({"type": "reaction", "reaction": {"message_id": ours}}))).await;
    let messages = world.messages_are(3).await;
    world.quiet().await;
    assert_eq!((&messages[2]["text"], &messages[2]["reply_to"]["id"]), (&json!("👍"), &answer["id"]));
    let first = world.messages().await.remove(0);
    assert_eq!(first["text"], "Добрый день!");
    assert!(first["edited_at"].is_string());
    meta.deliver(&meta.message(
        ANNA,
        "wamid.5",
        json!({"type": "revoke", "revoke": {"original_message_id": "wamid.1"}}),
    ))
    .await;
    eventually("the message is withdrawn", async || {
        world.test.run_jobs().await;
        world.messages().await[0]["deleted_at"].is_string().then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_arrives_once_with_its_marks() {
    let (world, meta) = talking().await;
    let answer = world
        .answer(json!({"html": "<p>Заказ <b>в пути</b>: <a href=\"https://shop.test/1\">отслеживание</a></p>"}))
        .await;
    world.is(&answer, "sent").await;
    let body = &sent(&meta)[0];
    assert_eq!(body["to"], ANNA);
    assert_eq!(
        body["text"],
        json!({"preview_url": true, "body": "Заказ *в пути*: отслеживание (https://shop.test/1)"})
    );
    let id = meta.sent()[0].id.clone();
    for (status, state) in [("sent", "sent"), ("delivered", "delivered"), ("read", "read"), ("delivered", "read")] {
        assert_eq!(meta.mark(&id, status).await.status, StatusCode::OK);
        world.quiet().await;
        world.is(&answer, state).await;
    }
    assert_eq!(meta.sent().len(), 1);
    let path = format!("/messages/{}", answer["id"].as_str().unwrap());
    world.admin.patch(&path, json!({"html": "<p>другое</p>"})).await.problem(409, "too_late");
}

#[tokio::test]
async fn a_message_that_fails_afterwards_says_why() {
    let (world, meta) = talking().await;
    let answer = world.say("Проверка").await;
    world.is(&answer, "sent").await;
    meta.fail_later(&meta.sent()[0].id, 131026).await;
    let failed = world.is(&answer, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("нет WhatsApp"), "{failed}");
}

#[tokio::test]
async fn quotes_go_both_ways() {
    let (world, meta) = talking().await;
    let first = world.messages().await[0]["id"].clone();
    let answer = world.answer(json!({"text": "Отвечаю на это", "reply_to_id": first})).await;
    world.is(&answer, "sent").await;
    assert_eq!(sent(&meta)[0]["context"], json!({"message_id": "wamid.1"}));
    let context = json!({"from": "74950000001", "id": meta.sent()[0].id});
    meta.deliver(&meta.message(
        ANNA,
        "wamid.2",
        json!({"type": "text", "text": {"body": "А это к вашему"}, "context": context}),
    ))
    .await;
    let messages = world.messages_are(3).await;
    assert_eq!(messages[2]["reply_to"]["id"], answer["id"]);
}

#[tokio::test]
async fn files_go_out_as_what_whatsapp_shows() {
    let (world, meta) = talking().await;
    let huge = [JPEG, &vec![7; 6 * 1024 * 1024]].concat();
    let files = [
        ("фото.jpg", "image/jpeg", JPEG, "image"),
        ("ролик.mp4", "video/mp4", b"mp4", "video"),
        ("голос.ogg", "audio/ogg", b"OggS opus", "audio"),
        ("Счёт.pdf", "application/pdf", b"%PDF-1", "document"),
        ("таблица.csv", "text/csv", "а;б".as_bytes(), "document"),
        ("большое.jpg", "image/jpeg", &huge[..], "document"),
    ];
    for (index, (name, content_type, bytes, kind)) in files.into_iter().enumerate() {
        let id = world.upload(name, content_type, bytes).await;
        let answer = world.answer(json!({"text": format!("Файл {index}"), "attachment_ids": [id]})).await;
        world.is(&answer, "sent").await;
        let last = sent(&meta).pop().unwrap();
        assert_eq!(last["type"], kind, "{name}: {last}");
        let (uploaded_name, _, uploaded) = meta.uploaded(last[kind]["id"].as_str().unwrap());
        assert_eq!((uploaded_name.as_str(), uploaded.len()), (name, bytes.len()));
        let words = json!(format!("Файл {index}"));
        if kind == "audio" {
            assert_eq!(last["audio"]["voice"], true);
            let before = &sent(&meta)[meta.sent().len() - 2];
            assert_eq!(before["text"]["body"], words, "a voice message has no caption: the words go first");
        } else {
            assert_eq!(last[kind]["caption"], words);
        }
        if kind == "document" {
            assert_eq!(last["document"]["filename"], name);
        }
    }
    let zip = world.upload("архив.zip", "application/zip", b"PK").await;
    let before = meta.sent().len();
    let refused = world.answer(json!({"text": "Архив", "attachment_ids": [zip]})).await;
    let failed = world.is(&refused, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("архив.zip"), "{failed}");
    assert_eq!(meta.sent().len(), before);
}

#[tokio::test]
async fn a_long_answer_goes_as_several_messages_in_order() {
    let (world, meta) = talking().await;
    let words: Vec<String> = (0..2500).map(|number| format!("слово{number}")).collect();
    let answer = world.say(&words.join(" ")).await;
    world.is(&answer, "sent").await;
    let bodies: Vec<String> =
        sent(&meta).iter().map(|body| body["text"]["body"].as_str().unwrap().to_owned()).collect();
    assert!(bodies.len() > 5 && bodies.iter().all(|body| body.chars().count() <= 4096));
    assert_eq!(bodies.join(" "), words.join(" "));
    let last = meta.sent().pop().unwrap().id;
    meta.mark(&last, "read").await;
    world.is(&answer, "read").await;
}

#[tokio::test]
async fn buttons_are_buttons_a_list_or_links() {
    let (world, meta) = talking().await;
    let button = |title: &str| json!({"title": title, "payload": format!("p:{title}")});
    let keyboards = [
        json!([[button("Да"), button("Нет")]]),
        json!([[button("Один"), button("Два")], [button("Три"), button("Очень длинное название четвёртой кнопки")]]),
        json!([[{"title": "Открыть", "url": "https://shop.test/7"}]]),
    ];
    for keyboard in &keyboards {
        let answer = world.answer(json!({"text": "Выберите", "keyboard": keyboard})).await;
        world.is(&answer, "sent").await;
    }
    let sent = sent(&meta);
    let parts: Vec<&Value> = sent.iter().map(|body| &body["interactive"]).collect();
    assert_eq!(parts[0]["action"]["buttons"][1]["reply"], json!({"id": "p:Нет", "title": "Нет"}));
    let rows = parts[1]["action"]["sections"][0]["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["title"]), (4, &json!("Один")));
    assert_eq!(rows[3]["description"], "Очень длинное название четвёртой кнопки");
    assert_eq!(parts[2]["action"]["parameters"], json!({"display_text": "Открыть", "url": "https://shop.test/7"}));
}

#[tokio::test]
async fn after_24_hours_only_templates_go() {
    let (world, meta) = talking().await;
    let until = world.test.now() + Duration::hours(24);
    let route = world.route().await;
    assert_eq!((&route["templates_only"], &route["allowed"]), (&json!(false), &json!(true)));
    assert_eq!(route["window_until"].as_str().unwrap().parse::<base::Timestamp>().unwrap(), until);
    world.test.advance(Duration::hours(24));
    let route = world.route().await;
    assert_eq!((&route["templates_only"], &route["allowed"]), (&json!(true), &json!(true)));

    let path = format!("/conversations/{}/messages", world.conversation().await);
    let free = json!({"kind": "outbound", "text": "Вы ещё с нами?"});
    world.admin.post(&path, free).await.invalid("template", "window_closed");
    assert_eq!(meta.sent().len(), 0, "nobody waits for what Meta would refuse");
    world.admin.post(&path, json!({"kind": "note", "text": "Ждём клиента"})).await.expect(201);

    let templates = world.admin.get(&format!("{}/templates", world.channel)).await.ok();
    let names: Vec<&str> =
        templates["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["order_ready", "hello", "visit"], "one in review is not offered");
    let ready = &templates["items"][0];
    assert_eq!(ready["text"], "Заказ {{1}}\nЗдравствуйте, {{2}}! Ваш заказ {{3}} готов.\nСпасибо, что вы с нами");
    assert_eq!(ready["parameters"], 3);

    let template = json!({"name": "order_ready", "language": "ru", "parameters": ["1045", "Анна\nПетровна", "№ 1045"]});
    let answer = world.answer(json!({"text": "Заказ 1045 готов", "template": template})).await;
    world.is(&answer, "sent").await;
    let body = meta.sent().pop().unwrap().body;
    let value = |text: &str| json!({"type": "text", "text": text});
    assert_eq!(
        body["template"],
        json!({"name": "order_ready", "language": {"code": "ru"}, "components": [
            {"type": "header", "parameters": [value("1045")]},
            {"type": "body", "parameters": [value("Анна Петровна"), value("№ 1045")]},
        ]})
    );
    let named = json!({"name": "visit", "language": "en_US", "parameters": ["Anna", "Monday"]});
    let answer = world.answer(json!({"text": "Hello Anna", "template": named})).await;
    world.is(&answer, "sent").await;
    let parameters = meta.sent().pop().unwrap().body["template"]["components"][0]["parameters"].clone();
    assert_eq!(parameters[1], json!({"type": "text", "text": "Monday", "parameter_name": "day"}));
    for (name, parameters) in [("order_ready", json!(["1045"])), ("in_review", json!([]))] {
        let template = json!({"name": name, "language": "ru", "parameters": parameters});
        let answer = world.answer(json!({"text": "Шаблон", "template": template})).await;
        world.is(&answer, "failed").await;
    }
    // The client writes again: the window is open again.
    meta.deliver(&meta.text(ANNA, "wamid.2", "Да, я здесь")).await;
    eventually("the window is open", async || {
        world.test.run_jobs().await;
        (world.route().await["templates_only"] == json!(false)).then_some(())
    })
    .await;
    let answer = world.say("Отлично").await;
    world.is(&answer, "sent").await;
}

#[tokio::test]
async fn the_window_is_counted_from_when_the_client_wrote() {
    let (world, meta) = world().await;
    let written = |hours_ago: i64, id: &str| {
        let mut update = meta.text(ANNA, id, id);
        let at = world.test.now() - Duration::hours(hours_ago);
        update["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = json!(at.timestamp().to_string());
        update
    };
    let until = async || world.route().await["window_until"].as_str().unwrap().parse::<base::Timestamp>().unwrap();
    meta.deliver(&written(25, "wamid.1")).await;
    world.messages_are(1).await;
    assert_eq!(world.route().await["templates_only"], true);
    assert_eq!(until().await, world.test.now() - Duration::hours(1));
    meta.deliver(&written(2, "wamid.2")).await;
    world.messages_are(2).await;
    assert_eq!(world.route().await["templates_only"], false);
    assert_eq!(until().await, world.test.now() + Duration::hours(22));
    // What comes later and was written earlier closes nothing; a clock that is ahead opens no more than a day.
    meta.deliver(&written(20, "wamid.3")).await;
    world.messages_are(3).await;
    assert_eq!(until().await, world.test.now() + Duration::hours(22));
    meta.deliver(&written(-3, "wamid.4")).await;
    world.messages_are(4).await;
    assert_eq!(until().await, world.test.now() + Duration::hours(24));
}

#[tokio::test]
async fn what_meta_refused_is_not_sent_again_after_24_hours() {
    let (world, meta) = talking().await;
    let late = world.say("На последней минуте").await;
    world.is(&late, "sent").await;
    meta.fail_later(&meta.sent()[0].id, 131047).await;
    let failed = world.is(&late, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("24 часов"), "{failed}");
    world.test.advance(Duration::hours(24));
    let path = format!("/messages/{}/retry", late["id"].as_str().unwrap());
    world.admin.post(&path, json!({})).await.invalid("template", "window_closed");
    assert_eq!(meta.sent().len(), 1);
}

#[tokio::test]
async fn nobody_is_asked_for_a_mark_after_24_hours() {
    let (world, meta) = talking().await;
    let line = format!("/lines/{}", world.line);
    world.admin.patch(&line, json!({"chats": {"ask_rating": true}})).await.expect(200);
    let answer = world.say("Готово").await;
    world.is(&answer, "sent").await;
    let close = format!("/conversations/{}/close", world.conversation().await);
    world.test.advance(Duration::hours(24));
    world.admin.post(&close, json!({})).await.expect(200);
    world.test.run_jobs().await;
    world.quiet().await;
    assert_eq!((world.messages().await.len(), meta.sent().len()), (2, 1), "a question Meta would refuse is not asked");
    meta.deliver(&meta.text(ANNA, "wamid.2", "Спасибо")).await;
    world.messages_are(3).await;
    world.admin.post(&close, json!({})).await.expect(200);
    world.messages_are(4).await;
}

#[tokio::test]
async fn who_waits_behind_a_message_that_is_given_up_goes_at_once() {
    let (world, meta) = talking().await;
    meta.fail_next(131016, 1);
    let (first, second) = (world.say("Раз").await, world.say("Два").await);
    eventually("the first is to be tried again", async || {
        world.test.run_jobs().await;
        let all = world.messages().await;
        all.iter().any(|one| one["id"] == first["id"] && one["delivery"]["error"].is_string()).then_some(())
    })
    .await;
    world.test.run_jobs().await;
    assert_eq!(meta.sent().len(), 0, "the second waits for its turn");
    world.admin.post(&format!("/messages/{}/cancel", first["id"].as_str().unwrap()), json!({})).await.expect(200);
    eventually("the second is sent, though no time passes", async || {
        world.test.run_jobs().await;
        (meta.sent().len() == 1).then_some(())
    })
    .await;
    assert_eq!(sent(&meta)[0]["text"]["body"], "Два");
    world.is(&second, "sent").await;
}

#[tokio::test]
async fn one_writes_first_to_a_number_by_a_template() {
    let (world, meta) = world().await;
    let known = world.known("Серова Анна Петровна", "8 916 123 45 67").await;
    let path = format!("{}/chats", world.channel);
    world.admin.post(&path, json!({"phone": "не номер"})).await.invalid("phone", "bad_phone");
    let by_phone = world.admin.get(&format!("/lines/{}/phone-channels", world.line)).await.ok();
    assert_eq!(by_phone["items"][0]["templates_only"], json!(true), "{by_phone}");
    assert!(path.contains(by_phone["items"][0]["id"].as_str().unwrap()), "{by_phone}");
    let opened = world.admin.post(&path, json!({"phone": "8 (916) 123-45-67"})).await.expect(201);
    assert_eq!(opened["contact_id"], json!(known));
    // Somebody new is seen by an operator of the line before the first message is there.
    let operator = world.test.operator("anna@otklik.test", &[world.line]).await;
    let stranger =
        operator.post(&path, json!({"phone": "+7 921 555-01-10", "name": "Пахомов Артём"})).await.expect(201);
    let routes = operator.get(&format!("/contacts/{}/routes", stranger["contact_id"].as_str().unwrap())).await.ok();
    assert_eq!(routes["items"][0]["key"], stranger["route_key"], "{routes}");
    let routes = world.admin.get(&format!("/contacts/{known}/routes")).await.ok();
    assert_eq!(
        (&routes["items"][0]["templates_only"], &routes["items"][0]["window_until"]),
        (&json!(true), &Value::Null)
    );
    let template = json!({"name": "hello", "language": "ru", "parameters": []});
    let free = json!({"line_id": world.line, "route_key": opened["route_key"], "html": "<p>Здравствуйте!</p>"});
    world.admin.post("/conversations", free).await.invalid("template", "window_closed");
    assert_eq!(world.conversations().await.len(), 0, "nothing is left of a refused beginning");
    let body = json!({"line_id": world.line, "route_key": opened["route_key"], "html": "<p>Здравствуйте!</p>", "template": template});
    world.admin.post("/conversations", body).await.expect(201);
    let message = world.messages_are(1).await.remove(0);
    world.is(&message, "sent").await;
    let sent = meta.sent().remove(0);
    assert_eq!((&sent.body["to"], &sent.body["template"]["name"]), (&json!(ANNA), &json!("hello")));
    meta.deliver(&meta.text(ANNA, "wamid.1", "Здравствуйте, слушаю")).await;
    world.messages_are(2).await;
}

#[tokio::test]
async fn a_limit_of_rate_delays_and_loses_nothing() {
    let (world, meta) = talking().await;
    for (code, seconds) in [(130429, 2), (131056, 6)] {
        let before = meta.sent().len();
        meta.fail_next(code, 2);
        let answers = [world.say(&format!("{code} один")).await, world.say(&format!("{code} два")).await];
        let waiting = eventually("it waits", async || {
            world.test.run_jobs().await;
            let one = world.messages_of(answers[0]["conversation_id"].as_str().unwrap()).await;
            one.into_iter().find(|one| one["id"] == answers[0]["id"] && one["delivery"]["error"].is_string())
        })
        .await;
        assert_eq!(waiting["delivery"]["state"], "queued");
        assert_eq!(meta.sent().len(), before);
        eventually("both are sent", async || {
            world.test.advance(Duration::seconds(seconds));
            world.test.run_jobs().await;
            (meta.sent().len() == before + 2).then_some(())
        })
        .await;
        let texts: Vec<Value> = sent(&meta)[before..].iter().map(|body| body["text"]["body"].clone()).collect();
        assert_eq!(texts, [json!(format!("{code} один")), json!(format!("{code} два"))]);
        world.is(&answers[1], "sent").await;
    }
}

#[tokio::test]
async fn a_lost_answer_is_told_and_not_sent_twice() {
    let (world, meta) = talking().await;
    meta.lose_next_answer();
    let answer = world.say("Дошло ли?").await;
    let failed = world.is(&answer, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("неизвестно"), "{failed}");
    world.test.advance(Duration::hours(1));
    world.test.run_jobs().await;
    assert_eq!(meta.sent().len(), 1);
    meta.break_next(503);
    let answer = world.say("А это?").await;
    eventually("it is sent after all", async || {
        world.test.advance(Duration::seconds(10));
        world.test.run_jobs().await;
        (meta.sent().len() == 2).then_some(())
    })
    .await;
    world.is(&answer, "sent").await;
}

#[tokio::test]
async fn an_expired_token_breaks_the_channel_until_there_is_a_new_one() {
    let (world, meta) = talking().await;
    meta.change_token("новый");
    let answer = world.say("Письмо в пути").await;
    let broken = world.channel_is("broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("токен"), "{broken}");
    let health = world.admin.get("/channels/health").await.ok();
    assert_eq!(health["broken"][0]["reason"], broken["state_reason"]);
    meta.change_token("EAAnew");
    world.admin.patch(&world.channel, json!({"settings": {"access_token": "EAAnew"}})).await.expect(200);
    world.channel_is("active").await;
    eventually("the message leaves", async || {
        world.test.advance(Duration::seconds(60));
        world.test.run_jobs().await;
        (meta.sent().len() == 1).then_some(())
    })
    .await;
    world.is(&answer, "sent").await;
}

#[tokio::test]
async fn the_client_sees_that_we_read_and_type() {
    let (world, meta) = talking().await;
    let conversation = world.conversation().await;
    world.admin.post(&format!("/conversations/{conversation}/read"), json!({})).await.ok();
    eventually("the message is marked as read", async || {
        world.test.run_jobs().await;
        meta.marks().pop()
    })
    .await;
    assert_eq!(meta.marks(), [json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"})]);
    let user = bus::WhisperUser { id: world.admin.user_id(), name: "Ольга".to_owned(), avatar_color: 1 };
    let typing = bus::Whisper {
        kind: "presence".to_owned(),
        user: Some(user),
        ..bus::Whisper::client_typing(conversation.parse().unwrap(), world.line, None)
    };
    for _ in 0..3 {
        world.test.app.hub.whisper(typing.clone());
    }
    eventually("typing is shown", async || (meta.marks().len() > 1).then_some(())).await;
    let marks = meta.marks();
    assert_eq!((marks.len(), &marks[1]["typing_indicator"]), (2, &json!({"type": "text"})));
}
