//! The driver of MAX against a MAX of the test's own: both ways to receive, everything that can be sent, everything that can
//! go wrong.

use std::time::Duration;

use serde_json::{Value, json};

use crate::messengers::{Desk, OGG, PDF, PNG, messages, texts};
use crate::sim::max::{Max, TOKEN, chat_of};

const OLGA: i64 = 55_501;

async fn max() -> Max {
    let max = Max::start().await;
    max.user(OLGA, "Ольга", "Серова");
    max
}

fn settings(max: &Max, receive: &str) -> Value {
    json!({"token": TOKEN, "api_url": max.url, "receive": receive})
}

async fn polled() -> (Desk, Max, String) {
    let (desk, max) = (Desk::start().await, max().await);
    let channel = desk.connect("max", settings(&max, "polling")).await;
    assert_eq!(channel["account_name"], "@romashka_bot");
    desk.until("a first poll", async || (!max.calls("GET /updates").is_empty()).then_some(())).await;
    (desk, max, channel["id"].as_str().unwrap().to_owned())
}

/// What a client says without anything beside the words.
fn says(max: &Max, text: &str) -> Value {
    max.says(OLGA, text, Value::Null, Value::Null)
}

fn mid(message: &Value) -> &str {
    message["body"]["mid"].as_str().unwrap()
}

#[tokio::test]
async fn a_client_and_an_operator_talk_by_long_polling() {
    let (desk, max, _) = polled().await;
    max.says(OLGA, "Где мой заказ?", json!({"markup": [{"type": "strong", "from": 4, "length": 3}]}), Value::Null);
    let (conversation, inbound) = desk.until_messages(1).await;
    assert_eq!((&conversation["contact"]["name"], &conversation["channel"]), (&json!("Ольга Серова"), &json!("max")));
    assert!(inbound[0]["html"].as_str().unwrap().contains("<strong>мой</strong>"), "{}", inbound[0]["html"]);

    let html = "<p>Он <b>в пути</b> &lt;скоро&gt;: <a href=\"https://post.test/1\">трек</a></p>";
    let id = desk.answer(&conversation, json!({"html": html, "reply_to_id": inbound[0]["id"]})).await;
    desk.until_delivery(&id, "sent").await;
    let sent = max.sent_to(OLGA);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["format"], "html");
    let text = sent[0]["body"]["text"].as_str().unwrap();
    assert_eq!(text, "Он <b>в пути</b> &lt;скоро&gt;: <a href=\"https://post.test/1\">трек</a>");
    assert_eq!(sent[0]["link"]["type"], "reply");
    let call = max.calls("POST /messages").remove(0);
    assert_eq!(call.query["chat_id"], chat_of(OLGA).to_string());
    assert_eq!(call.body["link"]["mid"], sent[0]["link"]["mid"]);
}

#[tokio::test]
async fn a_webhook_is_subscribed_with_a_secret_and_taken_once() {
    let (desk, max) = (Desk::start().await, max().await);
    let channel = desk.connect("max", settings(&max, "webhook")).await;
    let subscription = max.subscriptions().remove(0);
    assert_eq!(subscription.url, channel["hook_url"].as_str().unwrap());
    assert!(subscription.types.contains("message_created"), "{subscription:?}");
    let (url, secret) = (desk.reach(&subscription.url), subscription.secret.unwrap());
    let update = says(&max, "Здравствуйте");
    assert_eq!(max.deliver(&url, Some("somebody-elses"), &update).await, 403);
    assert_eq!(max.deliver(&url, None, &update).await, 403);
    let deliver = || max.deliver(&url, Some(&secret), &update);
    assert_eq!(tokio::join!(deliver(), deliver(), deliver()), (200, 200, 200));
    let second = says(&max, "Вы здесь?");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(max.deliver(&url, Some(&secret), &second).await, 200);
    let (_, both) = desk.until_messages(2).await;
    assert_eq!(texts(&both), ["Здравствуйте", "Вы здесь?"]);

    // With long polling our subscription goes away; another program's is left and told of.
    let id = channel["id"].as_str().unwrap();
    desk.change(id, json!({"settings": {"receive": "polling"}})).await;
    desk.until_state(id, "active").await;
    assert!(max.subscriptions().is_empty());
    max.subscribe_other("https://other.test/hook");
    desk.admin.post(&format!("/channels/{id}/restart"), json!({})).await.ok();
    let broken = desk.until_state(id, "broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("подписка на другой адрес"), "{broken}");
    assert_eq!(max.subscriptions().len(), 1);
}

#[tokio::test]
async fn files_and_voices_go_both_ways() {
    let (desk, max, _) = polled().await;
    let (photo, voice) = (max.media("p.png", "image/png", PNG), max.media("v.ogg", "audio/ogg", OGG));
    let document = max.media("d.pdf", "application/pdf", PDF);
    max.media("film7.mp4", "video/mp4", b"a film");
    let attachments = json!([
        {"type": "image", "payload": {"photo_id": 1, "token": "t1", "url": photo}},
        {"type": "file", "payload": {"token": "t2", "url": document}, "filename": "Счёт.pdf", "size": PDF.len()},
        {"type": "audio", "payload": {"token": "t3", "url": voice}},
        {"type": "video", "payload": {"token": "film7", "url": "https://m.ok.test/film"}, "duration": 4},
        {"type": "location", "latitude": 55.75, "longitude": 37.62}
    ]);
    max.says(OLGA, "", json!({"attachments": attachments}), Value::Null);
    let (conversation, inbound) = desk.until_messages(1).await;
    let files = inbound[0]["attachments"].as_array().unwrap();
    let seen: Vec<(&str, &str)> = files
        .iter()
        .map(|file| (file["content_type"].as_str().unwrap(), file["media"].as_str().unwrap_or("")))
        .collect();
    let wanted = [("image/png", "photo"), ("application/pdf", ""), ("audio/ogg", "voice"), ("video/mp4", "video")];
    assert_eq!(seen, wanted);
    assert_eq!(files[1]["name"], "Счёт.pdf");
    assert_eq!(desk.download(&files[3]).await, b"a film");
    assert_eq!(inbound[0]["extra"]["location"]["latitude"], 55.75);

    // What was uploaded is not ready at once.
    max.set_processing(2);
    let ids = [
        desk.upload("скриншот.png", "image/png", PNG).await,
        desk.upload("второй.png", "image/png", PNG).await,
        desk.upload("договор.pdf", "application/pdf", PDF).await,
        desk.upload("ответ.ogg", "audio/ogg", OGG).await,
    ];
    let id = desk.answer(&conversation, json!({"text": "Вот всё", "attachment_ids": ids})).await;
    desk.until_delivery(&id, "sent").await;
    let sent = max.sent_to(OLGA);
    let kinds: Vec<Vec<&str>> = sent
        .iter()
        .map(|message| {
            let attachments = message["body"]["attachments"].as_array().unwrap();
            attachments.iter().map(|attachment| attachment["type"].as_str().unwrap()).collect()
        })
        .collect();
    assert_eq!(kinds, [vec!["image", "image"], vec!["file"], vec!["audio"]]);
    assert_eq!(sent[0]["body"]["text"], "Вот всё");
    let token = sent[1]["body"]["attachments"][0]["payload"]["token"].as_str().unwrap();
    let stored = max.stored(token);
    assert_eq!((stored.name.as_str(), stored.kind, stored.bytes.as_ref()), ("договор.pdf", "file", PDF));
    let waited = max.calls("POST /messages").iter().filter(|call| call.status == 400).count();
    assert_eq!(waited, 4);
}

#[tokio::test]
async fn buttons_a_start_link_and_a_contact_are_understood() {
    let (desk, max, _) = polled().await;
    max.starts(OLGA, Some("spring-sale"));
    let said = says(&max, "Хочу скидку");
    let (conversation, inbound) = desk.until_messages(1).await;
    assert_eq!(inbound[0]["extra"]["start"], "spring-sale");

    let keyboard = json!([[{"title": "Оставить номер", "payload": "phone"}, {"title": "Условия", "url": "https://shop.test/sale"}]]);
    let id = desk.answer(&conversation, json!({"text": "Как с вами связаться?", "keyboard": keyboard})).await;
    desk.until_delivery(&id, "sent").await;
    let sent = max.sent_to(OLGA).remove(0);
    assert_eq!(sent["body"]["attachments"][0]["payload"]["buttons"][0][1]["url"], "https://shop.test/sale");
    max.presses(OLGA, mid(&sent), "phone");
    let (_, all) = desk.until_messages(3).await;
    assert_eq!((&all[2]["text"], &all[2]["extra"]["pressed"]), (&json!("Оставить номер"), &json!("phone")));
    let answers = max.calls("POST /answers");
    assert_eq!((answers.len(), answers[0].status), (1, 200));

    let vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:+79161234567\r\nFN:Ольга Серова\r\nEND:VCARD";
    let card = json!({"attachments": [{"type": "contact", "payload": {"vcf_info": vcard, "max_info": said["message"]["sender"]}}]});
    max.says(OLGA, "", card, Value::Null);
    let (_, all) = desk.until_messages(4).await;
    assert_eq!(all[3]["extra"]["contacts"][0]["phone"], "+79161234567");
    let contact = desk.anna.get(&format!("/contacts/{}", conversation["contact"]["id"].as_str().unwrap())).await.ok();
    let phones: Vec<&Value> =
        contact["identities"].as_array().unwrap().iter().filter(|one| one["kind"] == "phone").collect();
    assert_eq!(phones.len(), 1, "{contact}");
}

#[tokio::test]
async fn edits_and_withdrawals_go_both_ways() {
    let (desk, max, _) = polled().await;
    let (first, second) = (says(&max, "Мне нужен сний"), says(&max, "лишнее"));
    let (conversation, _) = desk.until_messages(2).await;
    max.edits(mid(&first["message"]), "Мне нужен синий");
    max.removes(OLGA, mid(&second["message"]));
    desk.until("the client's changes", async || {
        let all = messages(&desk.conversations().await[0]);
        (all[0]["text"] == "Мне нужен синий" && !all[1]["deleted_at"].is_null()).then_some(())
    })
    .await;

    let keyboard = json!([[{"title": "Беру"}]]);
    let id = desk.answer(&conversation, json!({"text": "Он ест", "keyboard": keyboard})).await;
    desk.until_delivery(&id, "sent").await;
    desk.anna.patch(&format!("/messages/{id}"), json!({"html": "<p>Он <i>есть</i></p>"})).await.expect(204);
    desk.until("our edit", async || (max.sent_to(OLGA)[0]["body"]["text"] == "Он <i>есть</i>").then_some(())).await;
    assert_eq!(max.sent_to(OLGA)[0]["body"]["attachments"][0]["type"], "inline_keyboard");
    desk.anna.delete(&format!("/messages/{id}")).await.expect(204);
    desk.until("our withdrawal", async || (max.sent_to(OLGA)[0]["removed"] == true).then_some(())).await;
}

#[tokio::test]
async fn a_long_answer_is_split_and_the_rate_of_a_chat_is_kept() {
    let (desk, max, _) = polled().await;
    says(&max, "Расскажите всё");
    let (conversation, _) = desk.until_messages(1).await;
    let sentence = |index: usize| format!("Это <b>предложение</b> номер {index} из очень длинного ответа.");
    let html: String = (0..250).map(|index| format!("<p>{}</p>", sentence(index))).collect();
    let id = desk.answer(&conversation, json!({"html": html})).await;
    let next = desk.answer(&conversation, json!({"text": "Это всё."})).await;
    desk.until_delivery(&next, "sent").await;
    desk.until_delivery(&id, "sent").await;
    let sent = max.sent_to(OLGA);
    let text = |message: &Value| message["body"]["text"].as_str().unwrap().to_owned();
    assert!(sent.len() >= 5, "{}", sent.len());
    let joined: Vec<String> = sent
        .iter()
        .flat_map(|message| {
            text(message).replace(['\n'], " ").split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let wanted: Vec<String> = (0..250)
        .flat_map(|index| sentence(index).split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .chain(["Это", "всё."].map(str::to_owned))
        .collect();
    assert_eq!(joined, wanted);
    assert!(max.calls("POST /messages").iter().any(|call| call.status == 429), "the rate was never met");
}

#[tokio::test]
async fn a_stopped_bot_is_told_in_plain_words_and_comes_back() {
    let (desk, max, _) = polled().await;
    says(&max, "Здравствуйте");
    let (conversation, _) = desk.until_messages(1).await;
    let routes = format!("/conversations/{}/routes", conversation["id"].as_str().unwrap());
    max.stop_silently(OLGA);
    let id = desk.answer(&conversation, json!({"text": "Добрый день"})).await;
    let failed = desk.until_delivery(&id, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("остановил бота"), "{failed}");
    assert_eq!(desk.anna.get(&routes).await.ok()["items"][0]["allowed"], false);
    max.starts(OLGA, None);
    desk.until("the way to be open", async || {
        (desk.anna.get(&routes).await.ok()["items"][0]["allowed"] == true).then_some(())
    })
    .await;
    max.stops(OLGA);
    desk.until("the way to be closed", async || {
        (desk.anna.get(&routes).await.ok()["items"][0]["allowed"] == false).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_nobody_knows_of_is_not_sent_twice() {
    let (desk, max, _) = polled().await;
    says(&max, "Здравствуйте");
    let (conversation, _) = desk.until_messages(1).await;
    max.fail("POST /messages", 503, "service.unavailable");
    let id = desk.answer(&conversation, json!({"text": "Добрый день"})).await;
    let failed = desk.until_delivery(&id, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("неизвестно, дошло ли"), "{failed}");
    desk.anna.post(&format!("/messages/{id}/retry"), json!({})).await.ok();
    desk.until_delivery(&id, "sent").await;
    assert_eq!(max.sent_to(OLGA).len(), 1);
}

#[tokio::test]
async fn a_revoked_token_breaks_the_channel_and_a_new_one_repairs_it() {
    let (desk, max, id) = polled().await;
    says(&max, "Здравствуйте");
    let (conversation, _) = desk.until_messages(1).await;
    max.set_token("another-token");
    let answer = desk.answer(&conversation, json!({"text": "Добрый день"})).await;
    let broken = desk.until_state(&id, "broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("не принимает токен"), "{broken}");
    desk.change(&id, json!({"settings": {"token": "another-token"}})).await;
    desk.until_state(&id, "active").await;
    desk.until_delivery(&answer, "sent").await;
    assert_eq!(max.sent_to(OLGA).len(), 1);
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_over_restarts() {
    let (desk, max, id) = polled().await;
    says(&max, "1");
    desk.until_messages(1).await;
    for text in ["2", "4", "6"] {
        desk.change(&id, json!({"enabled": false})).await;
        says(&max, text);
        says(&max, &(text.parse::<i32>().unwrap() + 1).to_string());
        desk.change(&id, json!({"enabled": true})).await;
        desk.until_messages(text.parse::<usize>().unwrap() + 1).await;
    }
    let (_, all) = desk.until_messages(7).await;
    assert_eq!(texts(&all), ["1", "2", "3", "4", "5", "6", "7"]);
    assert!(desk.channel(&id).await["gap_note"].is_null());
}

#[tokio::test]
async fn a_long_absence_is_told_as_a_gap() {
    let (desk, max, id) = polled().await;
    says(&max, "1");
    desk.until_messages(1).await;
    desk.change(&id, json!({"enabled": false})).await;
    says(&max, "lost");
    max.forget_updates();
    desk.test.advance(chrono::Duration::hours(20));
    desk.change(&id, json!({"enabled": true})).await;
    desk.until_state(&id, "active").await;
    let note = desk
        .until("a note about the gap", async || desk.channel(&id).await["gap_note"].as_str().map(str::to_owned))
        .await;
    assert!(note.contains("часть могла потеряться"), "{note}");
    says(&max, "2");
    let (_, all) = desk.until_messages(2).await;
    assert_eq!(texts(&all), ["1", "2"]);
}
