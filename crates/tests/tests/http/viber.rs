//! The Viber driver against the bot API as it is described: over HTTP, both ways.

use axum::http::StatusCode;
use chrono::Duration;
use serde_json::{Value, json};

use super::chat_world::ChatWorld;
use super::mail_world::eventually;
use super::sim::outside::signature;
use super::sim::viber::{TOKEN, Viber};

const ANNA: &str = "01234567890A=";
const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4];
const GREETING: &str = "Здравствуйте! Напишите, чем помочь.";

fn settings(vendor: &Viber) -> Value {
    json!({"token": TOKEN, "greeting": GREETING, "sender_name": "Северный свет", "api_url": vendor.base_url()})
}

async fn world() -> (ChatWorld, Viber) {
    let mut world = ChatWorld::new().await;
    let vendor = Viber::start(&world.test).await;
    world.create("viber", settings(&vendor)).await;
    world.channel_is("active").await;
    vendor.person(ANNA, "Анна");
    (world, vendor)
}

async fn talking() -> (ChatWorld, Viber, u64) {
    let (world, vendor) = world().await;
    let token = vendor.next_token();
    assert_eq!(vendor.deliver(&vendor.text(ANNA, token, "Здравствуйте!")).await.status, StatusCode::OK);
    world.messages_are(1).await;
    (world, vendor, token)
}

#[tokio::test]
async fn the_webhook_is_set_and_taken_away() {
    let (world, vendor) = world().await;
    let channel = world.channel_is("active").await;
    assert_eq!(channel["account_name"], "Отклик");
    let (hook, events) = vendor.hook().unwrap();
    assert_eq!(json!(hook), channel["hook_url"]);
    assert!(
        ["delivered", "seen", "failed", "unsubscribed", "conversation_started"]
            .iter()
            .all(|event| events.contains(&(*event).to_owned()))
    );
    let tested = world
        .admin
        .post("/channels/test", json!({"kind": "viber", "settings": {"token": "x", "api_url": vendor.base_url()}}))
        .await
        .ok();
    assert_eq!(tested["ok"], false);
    assert!(tested["error"].as_str().unwrap().contains("токен"), "{tested}");
    world.admin.delete(&world.channel).await.expect(204);
    assert!(vendor.hook().is_none());
}

#[tokio::test]
async fn a_forged_call_is_refused_and_leaves_no_trace() {
    let (world, vendor) = world().await;
    let event = vendor.text(ANNA, vendor.next_token(), "Переведите деньги");
    type Forge<'a> = &'a dyn Fn(&[u8]) -> Option<String>;
    let forged: [Forge<'_>; 3] =
        [&|_| None, &|body| Some(signature("another token", body)), &|_| Some(signature(TOKEN, b"{}"))];
    for sign in forged {
        assert_eq!(vendor.deliver_with(&event, sign).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(world.received().await, 0);
    vendor.deliver(&event).await;
    world.messages_are(1).await;
}

#[tokio::test]
async fn who_opens_the_chat_is_greeted() {
    let (world, vendor) = world().await;
    let answer = vendor.deliver(&vendor.conversation_started(ANNA)).await;
    let welcome: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(welcome, json!({"type": "text", "text": GREETING, "sender": {"name": "Северный свет"}}));
    world.quiet().await;
    assert!(world.conversations().await.is_empty(), "nobody has said anything yet");
    vendor.deliver(&vendor.text(ANNA, vendor.next_token(), "Где заказ?")).await;
    let message = world.messages_are(1).await.remove(0);
    assert_eq!(message["extra"]["start"], "from-site");
}

#[tokio::test]
async fn a_message_delivered_three_times_is_one_and_two_at_once_are_one_conversation() {
    let (world, vendor) = world().await;
    let (first, second) = (vendor.next_token(), vendor.next_token());
    let (first, second) = (vendor.text(ANNA, first, "Один"), vendor.text(ANNA, second, "*Два*"));
    let later = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        vendor.deliver(&second).await
    };
    tokio::join!(vendor.deliver(&first), vendor.deliver(&first), later, vendor.deliver(&first));
    let messages = world.messages_are(2).await;
    world.quiet().await;
    assert_eq!(world.messages().await.len(), 2);
    assert_eq!((&messages[0]["text"], &messages[1]["html"]), (&json!("Один"), &json!("<p><strong>Два</strong></p>")));
    assert_eq!(world.conversations().await[0]["contact"]["name"], "Анна");
    let route = world.route().await;
    assert_eq!(
        (&route["kind"], &route["allowed"], &route["can"]["quote"]),
        (&json!("viber"), &json!(true), &json!(false))
    );
}

#[tokio::test]
async fn everything_a_client_sends_arrives() {
    let (world, vendor) = world().await;
    let contents = [
        json!({"type": "picture", "text": "Вот", "media": vendor.media("a.jpg", "image/jpeg", JPEG), "thumbnail": "", "file_name": "a.jpg"}),
        json!({"type": "file", "media": vendor.media("b.pdf", "application/pdf", b"%PDF-1"), "file_name": "Счёт.pdf", "size": 6}),
        json!({"type": "video", "media": vendor.media("c.mp4", "video/mp4", b"film"), "thumbnail": "", "size": 4, "duration": 12}),
        json!({"type": "sticker", "media": vendor.media("s.png", "image/png", b"\x89PNG"), "sticker_id": 46105}),
        json!({"type": "url", "media": "https://shop.test/7"}),
        json!({"type": "location", "location": {"lat": 50.76, "lon": 4.75}}),
        json!({"type": "contact", "contact": {"name": "Пётр", "phone_number": "+79990000001"}}),
    ];
    for content in &contents {
        vendor.deliver(&vendor.message(ANNA, vendor.next_token(), content.clone())).await;
    }
    let messages = world.messages_are(contents.len()).await;
    let attachment = |index: usize| messages[index]["attachments"][0].clone();
    assert_eq!((&messages[0]["text"], &attachment(0)["media"]), (&json!("Вот"), &json!("photo")));
    assert_eq!(world.file(&attachment(0)).await, JPEG);
    assert_eq!(attachment(1)["name"], "Счёт.pdf");
    assert_eq!((&attachment(2)["media"], &attachment(2)["duration_ms"]), (&json!("video"), &json!(12000)));
    assert_eq!(attachment(3)["media"], "sticker");
    assert!(messages[4]["html"].as_str().unwrap().contains("href=\"https://shop.test/7\""), "{}", messages[4]);
    assert_eq!(messages[5]["extra"]["location"], json!({"latitude": 50.76, "longitude": 4.75, "title": ""}));
    assert_eq!(messages[6]["extra"]["contacts"], json!([{"name": "Пётр", "phone": "+79990000001"}]));
}

#[tokio::test]
async fn an_answer_arrives_once_with_its_marks() {
    let (world, vendor, _) = talking().await;
    let answer = world.answer(json!({"html": "<p>Заказ <b>в пути</b></p>"})).await;
    world.is(&answer, "sent").await;
    let sent = vendor.sent().remove(0);
    assert_eq!(sent.to, ANNA);
    assert_eq!(
        (&sent.body["text"], &sent.body["sender"]),
        (&json!("Заказ *в пути*"), &json!({"name": "Северный свет"}))
    );
    for (event, state) in [("delivered", "delivered"), ("seen", "read"), ("delivered", "read")] {
        assert_eq!(vendor.deliver(&vendor.mark(sent.token, event)).await.status, StatusCode::OK);
        world.quiet().await;
        world.is(&answer, state).await;
    }
    // Two answers whose tokens differ in the last digit only: the mark is of the second.
    let (first, second) = (world.say("Первое").await, world.say("Второе").await);
    world.is(&second, "sent").await;
    vendor.deliver(&vendor.mark(vendor.sent()[2].token, "failed")).await;
    let failed = world.is(&second, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("failure description"), "{failed}");
    world.is(&first, "sent").await;
    assert_eq!(vendor.sent().len(), 3);
}

#[tokio::test]
async fn files_go_out_by_an_address_of_ours() {
    let (world, vendor, _) = talking().await;
    let large = [JPEG, &vec![7; 2 * 1024 * 1024]].concat();
    let files = [
        ("фото.jpg", "image/jpeg", JPEG, "picture"),
        ("большое.jpg", "image/jpeg", &large[..], "file"),
        ("ролик.mp4", "video/mp4", b"film", "video"),
        ("Счёт 7.pdf", "application/pdf", b"%PDF-1", "file"),
        ("без расширения", "application/octet-stream", b"bytes", "file"),
    ];
    for (name, content_type, bytes, kind) in files {
        let before = vendor.sent().len();
        let id = world.upload(name, content_type, bytes).await;
        let answer = world.answer(json!({"text": "Подпись", "attachment_ids": [id]})).await;
        world.is(&answer, "sent").await;
        let sent = vendor.sent().split_off(before);
        let last = sent.last().unwrap();
        assert_eq!(last.body["type"], kind, "{name}");
        assert_eq!(last.media.as_deref(), Some(bytes), "{name}");
        if kind == "picture" {
            assert_eq!((sent.len(), &last.body["text"]), (1, &json!("Подпись")));
        } else {
            assert_eq!((sent.len(), &sent[0].body["text"]), (2, &json!("Подпись")), "{name}: words go first");
        }
    }
    // The address is good for an hour and only as it was given.
    let media = vendor.sent()[0].body["media"].as_str().unwrap().to_owned();
    let outside = super::sim::outside::Outside::of(&world.test).await;
    assert_eq!(outside.get(&media).await.unwrap().status, StatusCode::OK);
    let mut parts: Vec<&str> = media.split('/').collect();
    let later = (parts[5].parse::<i64>().unwrap() + 1).to_string();
    parts[5] = &later;
    assert_eq!(outside.get(&parts.join("/")).await.unwrap().status, StatusCode::NOT_FOUND);
    world.test.advance(Duration::minutes(61));
    assert_eq!(outside.get(&media).await.unwrap().status, StatusCode::NOT_FOUND);
    let program = world.upload("setup.exe", "application/x-msdownload", b"MZ").await;
    let answer = world.answer(json!({"text": "", "attachment_ids": [program]})).await;
    let failed = world.is(&answer, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("forbidden extension"), "{failed}");
}

#[tokio::test]
async fn a_pressed_button_says_its_title_and_means_its_payload() {
    let (world, vendor, _) = talking().await;
    let keyboard = json!([
        [{"title": "Да", "payload": "yes:1"}, {"title": "Нет", "payload": "no:1"}, {"title": "Не знаю"}, {"title": "Позже"}],
        [{"title": "Открыть", "url": "https://shop.test/7"}],
    ]);
    let answer = world.answer(json!({"text": "Подходит?", "keyboard": keyboard})).await;
    world.is(&answer, "sent").await;
    let body = vendor.sent()[0].body.clone();
    let buttons = body["keyboard"]["Buttons"].as_array().unwrap();
    let columns: Vec<u64> = buttons.iter().map(|button| button["Columns"].as_u64().unwrap()).collect();
    assert_eq!(columns, [1, 1, 2, 2, 6]);
    assert_eq!(
        (&buttons[4]["ActionType"], &buttons[4]["ActionBody"]),
        (&json!("open-url"), &json!("https://shop.test/7"))
    );
    let press = json!({"type": "text", "text": buttons[0]["ActionBody"], "tracking_data": body["tracking_data"]});
    vendor.deliver(&vendor.message(ANNA, vendor.next_token(), press)).await;
    let messages = world.messages_are(3).await;
    assert_eq!((&messages[2]["text"], &messages[2]["extra"]["pressed"]), (&json!("Да"), &json!("yes:1")));
}

#[tokio::test]
async fn a_long_answer_goes_as_several_messages_in_order() {
    let (world, vendor, _) = talking().await;
    let words: Vec<String> = (0..2000).map(|number| format!("слово{number}")).collect();
    let answer = world.say(&words.join(" ")).await;
    world.is(&answer, "sent").await;
    let texts: Vec<String> = vendor.sent().iter().map(|sent| sent.body["text"].as_str().unwrap().to_owned()).collect();
    assert!(texts.len() >= 3 && texts.iter().all(|text| text.chars().count() <= 7000));
    assert_eq!(texts.join(" "), words.join(" "));
}

#[tokio::test]
async fn who_left_cannot_be_written_to_until_he_is_back() {
    let (world, vendor, _) = talking().await;
    vendor.deliver(&vendor.unsubscribed(ANNA)).await;
    eventually("the way is closed", async || {
        world.test.run_jobs().await;
        (world.route().await["allowed"] == json!(false)).then_some(())
    })
    .await;
    assert!(world.route().await["reason"].as_str().unwrap().contains("запретил"));
    vendor.deliver(&vendor.subscribed(ANNA)).await;
    eventually("the way is open", async || {
        world.test.run_jobs().await;
        (world.route().await["allowed"] == json!(true)).then_some(())
    })
    .await;
    // Viber lost the subscription and did not tell: the answer shows it.
    vendor.unsubscribed(ANNA);
    let answer = world.say("Вы здесь?").await;
    let failed = world.is(&answer, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("отписался"), "{failed}");
    assert_eq!(world.route().await["allowed"], false);
}

#[tokio::test]
async fn limits_and_breaks_delay_and_never_double() {
    let (world, vendor, _) = talking().await;
    vendor.fail_next(12, 1);
    let answers = [world.say("Один").await, world.say("Два").await];
    eventually("both are sent", async || {
        world.test.advance(Duration::seconds(5));
        world.test.run_jobs().await;
        (vendor.sent().len() == 2).then_some(())
    })
    .await;
    world.is(&answers[1], "sent").await;
    let texts: Vec<Value> = vendor.sent().iter().map(|sent| sent.body["text"].clone()).collect();
    assert_eq!(texts, [json!("Один"), json!("Два")]);
    vendor.lose_next_answer();
    let lost = world.say("Три").await;
    world.is(&lost, "failed").await;
    vendor.break_next(502);
    let lost = world.say("Четыре").await;
    world.is(&lost, "failed").await;
    world.test.advance(Duration::hours(1));
    world.test.run_jobs().await;
    assert_eq!(vendor.sent().len(), 3);
}

#[tokio::test]
async fn a_revoked_token_breaks_the_channel_until_there_is_a_new_one() {
    let (world, vendor, _) = talking().await;
    vendor.change_token("another-token");
    let answer = world.say("Письмо в пути").await;
    let broken = world.channel_is("broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("токен"), "{broken}");
    world.admin.patch(&world.channel, json!({"settings": {"token": "another-token"}})).await.expect(200);
    world.channel_is("active").await;
    eventually("the message leaves", async || {
        world.test.advance(Duration::seconds(60));
        world.test.run_jobs().await;
        (vendor.sent().len() == 1).then_some(())
    })
    .await;
    world.is(&answer, "sent").await;
}
