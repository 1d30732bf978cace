//! The driver of VK against a VK of the test's own: both ways to receive, everything that can be sent, everything that can
//! go wrong.

use std::time::Duration;

use serde_json::{Value, json};

use crate::messengers::{Desk, OGG, PDF, PNG, messages, texts};
use crate::sim::vk::{GROUP, TOKEN, Vk};

const OLEG: i64 = 1234;

async fn vk() -> Vk {
    let vk = Vk::start().await;
    vk.user(OLEG, "Олег", "Петров");
    vk
}

fn settings(vk: &Vk, receive: &str) -> Value {
    json!({"token": TOKEN, "api_url": vk.url, "receive": receive})
}

/// A desk whose line answers for the community, by Long Poll.
async fn polled() -> (Desk, Vk, String) {
    let (desk, vk) = (Desk::start().await, vk().await);
    let channel = desk.connect("vk", settings(&vk, "polling")).await;
    assert_eq!(channel["account_name"], "Магазин «Ромашка»");
    let id = channel["id"].as_str().unwrap().to_owned();
    until_position(&desk, &vk).await;
    assert!(vk.long_poll_events().contains("message_read"), "{:?}", vk.long_poll_events());
    (desk, vk, id)
}

/// Long Poll shows what happens after it was asked for the first time.
async fn until_position(desk: &Desk, vk: &Vk) {
    desk.until("a Long Poll session", async || (!vk.calls("groups.getLongPollServer").is_empty()).then_some(())).await;
}

fn cmid(event: &Value) -> i64 {
    event["object"]["message"]["conversation_message_id"].as_i64().unwrap()
}

#[tokio::test]
async fn a_client_and_an_operator_talk_by_long_poll() {
    let (desk, vk, _) = polled().await;
    let formatted = json!({"format_data": {"version": "1", "items": [{"type": "bold", "offset": 4, "length": 3}]}});
    vk.says(OLEG, "Где мой заказ?", formatted);
    let (conversation, inbound) = desk.until_messages(1).await;
    assert_eq!(conversation["contact"]["name"], "Олег Петров");
    assert_eq!(conversation["channel"], "vk");
    assert!(inbound[0]["html"].as_str().unwrap().contains("<strong>мой</strong>"), "{}", inbound[0]["html"]);

    // Opening it shows the client that we have read, typing that we type.
    let path = format!("/conversations/{}", conversation["id"].as_str().unwrap());
    desk.anna.post(&format!("{path}/read"), json!({})).await.ok();
    let read = desk.until("our mark of reading", async || vk.calls("messages.markAsRead").pop()).await;
    assert_eq!(read.params["up_to_cmid"], "1");
    let whisper = json!({
        "type": "presence", "conversation_id": conversation["id"], "line_id": desk.line, "typing": true,
        "user": {"id": desk.anna.user_id(), "name": "anna", "avatar_color": 1}
    });
    desk.test.app.hub.whisper(serde_json::from_value(whisper).unwrap());
    let typing = desk.until("our typing", async || vk.calls("messages.setActivity").pop()).await;
    assert_eq!((typing.params["type"].as_str(), typing.params["peer_id"].as_str()), ("typing", "1234"));

    let html = "<p>Он <b>в пути</b>: <a href=\"https://post.test/1\">трек</a></p>";
    let id = desk.answer(&conversation, json!({"html": html})).await;
    desk.until_delivery(&id, "sent").await;
    let sent = vk.sent_to(OLEG);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["text"], "Он в пути: трек");
    let items = json!([
        {"type": "bold", "offset": 3, "length": 6},
        {"type": "url", "offset": 11, "length": 4, "url": "https://post.test/1"}
    ]);
    assert_eq!(sent[0]["format_data"]["items"], items);

    let read = json!({"from_id": OLEG, "peer_id": OLEG, "read_message_id": sent[0]["id"],
        "conversation_message_id": sent[0]["conversation_message_id"]});
    vk.happens("message_read", read);
    desk.until_delivery(&id, "read").await;
    // What we sent comes back as an event, and is not taken for a second message.
    desk.until_messages(2).await;
}

#[tokio::test]
async fn the_settings_are_tried_without_changing_anything() {
    let (desk, vk) = (Desk::start().await, vk().await);
    let tested =
        desk.admin.post("/channels/test", json!({"kind": "vk", "settings": settings(&vk, "polling")})).await.ok();
    assert_eq!((&tested["ok"], &tested["account_name"]), (&json!(true), &json!("Магазин «Ромашка»")));
    assert!(vk.calls("groups.setLongPollSettings").is_empty());
    vk.revoke("photos");
    let tested =
        desk.admin.post("/channels/test", json!({"kind": "vk", "settings": settings(&vk, "polling")})).await.ok();
    assert_eq!(tested["ok"], false);
    assert!(tested["error"].as_str().unwrap().contains("фотографии"), "{tested}");
}

#[tokio::test]
async fn the_callback_server_is_added_confirmed_and_speaks_with_a_secret() {
    let (desk, vk) = (Desk::start().await, vk().await);
    vk.reach(crate::messengers::PUBLIC, &desk.address);
    let channel = desk.connect("vk", settings(&vk, "webhook")).await;
    let hook = channel["hook_url"].as_str().unwrap();
    let server =
        desk.until("a confirmed server", async || vk.servers().into_iter().find(|server| server.status == "ok")).await;
    assert_eq!(server.url, hook);
    assert!(server.events.contains("message_new") && server.events.contains("message_read"), "{server:?}");

    let event = vk.says(OLEG, "Здравствуйте", json!({}));
    let url = desk.reach(hook);
    assert_eq!(vk.deliver(&url, "somebody-elses-secret", &event).await.0, 403);
    assert_eq!(vk.deliver(&url, "", &event).await.0, 403);
    // Three times at once, as after answers that were lost on the way.
    let (a, b, c) = tokio::join!(
        vk.deliver(&url, &server.secret, &event),
        vk.deliver(&url, &server.secret, &event),
        vk.deliver(&url, &server.secret, &event),
    );
    for answer in [a, b, c] {
        assert_eq!(answer, (200, "ok".to_owned()));
    }
    desk.until_messages(1).await;
    let updates = desk.admin.get(&format!("/channels/{}/updates", channel["id"].as_str().unwrap())).await.ok();
    assert_eq!(updates["items"].as_array().unwrap().len(), 1, "{updates}");

    // Connecting again finds the server that is there.
    desk.admin.post(&format!("/channels/{}/restart", channel["id"].as_str().unwrap()), json!({})).await.ok();
    desk.until("another look", async || (vk.calls("groups.setCallbackSettings").len() >= 2).then_some(())).await;
    assert_eq!(vk.servers().len(), 1);
}

#[tokio::test]
async fn two_messages_of_a_new_client_are_one_conversation_in_order() {
    let (desk, vk) = (Desk::start().await, vk().await);
    vk.reach(crate::messengers::PUBLIC, &desk.address);
    let channel = desk.connect("vk", settings(&vk, "webhook")).await;
    let url = desk.reach(channel["hook_url"].as_str().unwrap());
    let server = desk.until("a server", async || vk.servers().into_iter().find(|server| server.status == "ok")).await;
    let (first, second) = (vk.says(OLEG, "Первое", json!({})), vk.says(OLEG, "Второе", json!({})));
    let later = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        vk.deliver(&url, &server.secret, &second).await
    };
    tokio::join!(vk.deliver(&url, &server.secret, &first), later);
    let (_, both) = desk.until_messages(2).await;
    assert_eq!(texts(&both), ["Первое", "Второе"]);
}

#[tokio::test]
async fn what_the_callback_api_could_not_deliver_is_found_in_the_history() {
    let (desk, vk) = (Desk::start().await, vk().await);
    let channel = desk.connect("vk", settings(&vk, "webhook")).await;
    let id = channel["id"].as_str().unwrap();
    desk.until("a place in the history", async || (!vk.calls("messages.getConversations").is_empty()).then_some(()))
        .await;
    desk.change(id, json!({"enabled": false})).await;
    vk.says(OLEG, "Вы закрыты?", json!({}));
    desk.change(id, json!({"enabled": true})).await;
    let (_, found) = desk.until_messages(1).await;
    assert_eq!(texts(&found), ["Вы закрыты?"]);
}

#[tokio::test]
async fn files_and_voices_go_both_ways() {
    let (desk, vk, _) = polled().await;
    let (photo, voice) = (vk.media("p.png", "image/png", PNG), vk.media("v.ogg", "audio/ogg", OGG));
    let document = vk.media("d.pdf", "application/pdf", PDF);
    vk.says(OLEG, "", json!({"attachments": [
        {"type": "photo", "photo": {"id": 1, "owner_id": OLEG, "sizes": [
            {"type": "s", "width": 75, "height": 50, "url": "http://127.0.0.1:9/small"},
            {"type": "z", "width": 1080, "height": 720, "url": photo}
        ]}},
        {"type": "doc", "doc": {"id": 2, "owner_id": OLEG, "title": "Счёт", "ext": "pdf", "size": PDF.len(), "url": document}},
        {"type": "audio_message", "audio_message": {"id": 3, "owner_id": OLEG, "duration": 4, "link_ogg": voice, "link_mp3": "", "waveform": []}},
        {"type": "video", "video": {"id": 5, "owner_id": -7, "title": "Как собрать"}}
    ]}));
    let (conversation, inbound) = desk.until_messages(1).await;
    let files = inbound[0]["attachments"].as_array().unwrap();
    let seen: Vec<(&str, &str)> =
        files.iter().map(|file| (file["name"].as_str().unwrap(), file["media"].as_str().unwrap_or(""))).collect();
    assert_eq!(seen, [("photo1.jpg", "photo"), ("Счёт.pdf", ""), ("voice3.ogg", "voice")]);
    assert_eq!(files[2]["duration_ms"], 4000);
    assert_eq!(desk.download(&files[0]).await, PNG);
    assert!(inbound[0]["html"].as_str().unwrap().contains("https://vk.com/video-7_5"), "{}", inbound[0]["html"]);

    let ids = [
        desk.upload("скриншот.png", "image/png", PNG).await,
        desk.upload("договор.pdf", "application/pdf", PDF).await,
        desk.upload("ответ.ogg", "audio/ogg", OGG).await,
    ];
    let id = desk.answer(&conversation, json!({"text": "Вот всё", "attachment_ids": ids})).await;
    desk.until_delivery(&id, "sent").await;
    let sent = vk.sent_to(OLEG);
    assert_eq!(sent[0]["text"], "Вот всё");
    let stored: Vec<_> = sent.iter().flat_map(|message| vk.files_of(message)).collect();
    let kinds: Vec<(&str, &str)> = stored.iter().map(|file| (file.kind, file.name.as_str())).collect();
    assert_eq!(kinds, [("photo", "скриншот.png"), ("doc", "договор.pdf"), ("audio_message", "ответ.ogg")]);
    assert_eq!(stored[1].bytes, PDF);

    let refused = desk.upload("setup.exe", "application/x-msdownload", b"MZ").await;
    let id = desk.answer(&conversation, json!({"attachment_ids": [refused]})).await;
    let failed = desk.until_delivery(&id, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("setup.exe"), "{failed}");
}

#[tokio::test]
async fn buttons_and_quotes_go_both_ways() {
    let (desk, vk, _) = polled().await;
    let question = vk.says(OLEG, "Куда доставите?", json!({}));
    let (conversation, inbound) = desk.until_messages(1).await;
    let keyboard = json!([[{"title": "Домой", "payload": "home"}, {"title": "В магазин"}], [{"title": "Карта", "url": "https://map.test"}]]);
    let body = json!({"text": "Выберите", "keyboard": keyboard, "reply_to_id": inbound[0]["id"]});
    let id = desk.answer(&conversation, body).await;
    desk.until_delivery(&id, "sent").await;
    let sent = vk.sent_to(OLEG).remove(0);
    assert_eq!(sent["reply_message"]["conversation_message_id"], cmid(&question));
    let home = &sent["keyboard"]["buttons"][0][0]["action"];
    assert_eq!((&sent["keyboard"]["inline"], &home["label"]), (&json!(true), &json!("Домой")));
    assert_eq!(sent["keyboard"]["buttons"][1][0]["action"]["link"], "https://map.test");

    // Pressing a button says its label, with the payload as it was given.
    vk.says(OLEG, "Домой", json!({"payload": home["payload"], "reply_message": sent}));
    let (_, all) = desk.until_messages(3).await;
    assert_eq!((&all[2]["text"], &all[2]["extra"]["pressed"]), (&json!("Домой"), &json!("home")));
    assert_eq!(all[2]["reply_to"]["id"], id.as_str());

    let many: Vec<Value> = (0..4)
        .map(|row| json!([{"title": format!("{row}a")}, {"title": format!("{row}b")}, {"title": format!("{row}c")}]))
        .collect();
    let id = desk.answer(&conversation, json!({"text": "Много", "keyboard": many})).await;
    let failed = desk.until_delivery(&id, "failed").await;
    assert!(failed["delivery"]["error"].as_str().unwrap().contains("10 кнопок"), "{failed}");
}

#[tokio::test]
async fn edits_and_withdrawals_follow() {
    let (desk, vk, _) = polled().await;
    let said = vk.says(OLEG, "Мне нужен сний", json!({}));
    let (conversation, _) = desk.until_messages(1).await;
    vk.edits(OLEG, cmid(&said), "Мне нужен синий");
    desk.until("the client's edit", async || {
        let message = messages(&desk.conversations().await[0]).remove(0);
        (message["text"] == "Мне нужен синий" && !message["edited_at"].is_null()).then_some(())
    })
    .await;

    let picture = desk.upload("синий.png", "image/png", PNG).await;
    let id = desk.answer(&conversation, json!({"text": "Он ест", "attachment_ids": [picture]})).await;
    desk.until_delivery(&id, "sent").await;
    desk.anna.patch(&format!("/messages/{id}"), json!({"html": "<p>Он есть</p>"})).await.expect(204);
    desk.until("our edit", async || (vk.sent_to(OLEG)[0]["text"] == "Он есть").then_some(())).await;
    // The picture is still there.
    assert_eq!(vk.files_of(&vk.sent_to(OLEG)[0]).len(), 1);
    desk.anna.delete(&format!("/messages/{id}")).await.expect(204);
    desk.until("our withdrawal", async || (vk.sent_to(OLEG)[0]["deleted"] == 1).then_some(())).await;
}

#[tokio::test]
async fn a_long_answer_is_split_and_arrives_once_in_order_however_strict_the_rate() {
    let (desk, vk, _) = polled().await;
    vk.says(OLEG, "Расскажите всё", json!({}));
    let (conversation, _) = desk.until_messages(1).await;
    vk.set_rate(1);
    let sentence = |index: usize| format!("Это предложение номер {index} из очень длинного ответа.");
    let paragraphs: Vec<String> = (0..200).map(sentence).collect();
    let html: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    let id = desk.answer(&conversation, json!({"html": html})).await;
    let next = desk.answer(&conversation, json!({"text": "Это всё."})).await;
    desk.until_delivery(&next, "sent").await;
    desk.until_delivery(&id, "sent").await;
    let sent = vk.sent_to(OLEG);
    assert!(sent.len() >= 4, "{}", sent.len());
    let text = |message: &Value| message["text"].as_str().unwrap().to_owned();
    assert!(sent.iter().all(|message| text(message).encode_utf16().count() <= 4096));
    let joined: Vec<String> = sent
        .iter()
        .flat_map(|message| text(message).split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let wanted: Vec<String> = paragraphs
        .iter()
        .flat_map(|text| text.split_whitespace().map(str::to_owned))
        .chain(["Это", "всё."].map(str::to_owned))
        .collect();
    assert_eq!(joined, wanted);
    assert!(vk.calls("messages.send").iter().any(|call| call.error == Some(6)), "the rate was never met");
}

#[tokio::test]
async fn an_answer_tried_again_is_the_same_to_vk() {
    let (desk, vk, _) = polled().await;
    vk.says(OLEG, "Алло", json!({}));
    let (conversation, _) = desk.until_messages(1).await;
    vk.fail("messages.send", 10);
    vk.fail("messages.send", 1);
    let id = desk.answer(&conversation, json!({"text": "Слушаю"})).await;
    desk.until_delivery(&id, "sent").await;
    let calls = vk.calls("messages.send");
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|call| call.params["random_id"] == calls[0].params["random_id"]), "{calls:#?}");
    assert_eq!(vk.sent_to(OLEG).len(), 1);
}

#[tokio::test]
async fn a_client_who_does_not_allow_it_is_not_written_to() {
    let (desk, vk, _) = polled().await;
    vk.says(OLEG, "Больше не пишите", json!({}));
    let (conversation, _) = desk.until_messages(1).await;
    // VK knows of it before we hear of it.
    vk.set_rate(20);
    vk.happens("message_deny", json!({"user_id": OLEG}));
    let routes = format!("/conversations/{}/routes", conversation["id"].as_str().unwrap());
    let blocked = desk
        .until("the route to be closed", async || {
            let routes = desk.anna.get(&routes).await.ok();
            (routes["items"][0]["allowed"] == false).then_some(routes)
        })
        .await;
    assert_eq!(blocked["items"][0]["reason"], "Клиент запретил писать ему в этом канале");
    vk.happens("message_allow", json!({"user_id": OLEG, "key": ""}));
    desk.until("the route to be open", async || {
        (desk.anna.get(&routes).await.ok()["items"][0]["allowed"] == true).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_refusal_for_lack_of_permission_is_told_in_plain_words() {
    let (desk, vk, _) = polled().await;
    vk.says(OLEG, "Здравствуйте", json!({}));
    let (conversation, _) = desk.until_messages(1).await;
    // The event of it is lost: only VK knows.
    vk.deny_silently(OLEG);
    let id = desk.answer(&conversation, json!({"text": "Добрый день"})).await;
    let failed = desk.until_delivery(&id, "failed").await;
    let error = failed["delivery"]["error"].as_str().unwrap();
    assert!(error.contains("не разрешил сообществу ВКонтакте писать ему"), "{error}");
    let routes = desk.anna.get(&format!("/conversations/{}/routes", conversation["id"].as_str().unwrap())).await.ok();
    assert_eq!(routes["items"][0]["allowed"], false);
}

#[tokio::test]
async fn a_revoked_key_breaks_the_channel_and_a_new_one_repairs_it() {
    let (desk, vk, id) = polled().await;
    vk.says(OLEG, "Здравствуйте", json!({}));
    let (conversation, _) = desk.until_messages(1).await;
    vk.set_token("vk1.a.another");
    let answer = desk.answer(&conversation, json!({"text": "Добрый день"})).await;
    let broken = desk.until_state(&id, "broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("не принимает ключ доступа"), "{broken}");
    let health = desk.anna.get("/channels/health").await.ok();
    assert_eq!(health["broken"][0]["id"], id.as_str());
    desk.change(&id, json!({"settings": {"token": "vk1.a.another"}})).await;
    desk.until_state(&id, "active").await;
    desk.until_delivery(&answer, "sent").await;
    assert_eq!(vk.sent_to(OLEG).len(), 1);
}

#[tokio::test]
async fn a_community_serves_one_line() {
    let (desk, vk, _) = polled().await;
    let other = desk.test.line("SALES").await;
    let new = json!({"line_id": other, "kind": "vk", "settings": settings(&vk, "polling")});
    let second = desk.admin.post("/channels", new).await.expect(201)["id"].as_str().unwrap().to_owned();
    let broken = desk.until_state(&second, "broken").await;
    assert!(broken["state_reason"].as_str().unwrap().contains("SUPPORT"), "{broken}");
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_over_restarts_and_lost_sessions() {
    let (desk, vk, id) = polled().await;
    vk.says(OLEG, "1", json!({}));
    desk.until_messages(1).await;
    let away = async |what: &mut dyn FnMut()| {
        desk.change(&id, json!({"enabled": false})).await;
        what();
        desk.change(&id, json!({"enabled": true})).await;
    };
    // Events that wait for us.
    away(&mut || _ = (vk.says(OLEG, "2", json!({})), vk.says(OLEG, "3", json!({})))).await;
    desk.until_messages(3).await;
    // failed: 2, the key is over.
    away(&mut || {
        vk.says(OLEG, "4", json!({}));
        vk.expire_key();
    })
    .await;
    desk.until_messages(4).await;
    // failed: 1, the events are forgotten; the history has them.
    away(&mut || {
        vk.says(OLEG, "5", json!({}));
        vk.forget_events();
        vk.says(OLEG, "6", json!({}));
    })
    .await;
    desk.until_messages(6).await;
    // failed: 3, everything is lost.
    away(&mut || {
        vk.says_unheard(OLEG, "7");
        vk.lose_long_poll();
    })
    .await;
    desk.until_messages(7).await;
    vk.says(OLEG, "8", json!({}));
    let (_, all) = desk.until_messages(8).await;
    assert_eq!(texts(&all), ["1", "2", "3", "4", "5", "6", "7", "8"]);
    assert!(desk.channel(&id).await["gap_note"].is_null());
}

#[tokio::test]
async fn what_staff_write_in_vk_itself_is_seen_here() {
    let (desk, vk, _) = polled().await;
    vk.says(OLEG, "Здравствуйте", json!({}));
    desk.until_messages(1).await;
    vk.happens("message_reply", json!({
        "id": 5000, "conversation_message_id": 500, "peer_id": OLEG, "from_id": -GROUP, "admin_author_id": 77, "out": 1,
        "date": 1_790_000_000, "text": "Отвечаю из приложения", "attachments": [], "fwd_messages": [], "random_id": 0
    }));
    let (_, all) = desk.until_messages(2).await;
    assert_eq!((&all[1]["kind"], &all[1]["text"]), (&json!("outbound"), &json!("Отвечаю из приложения")));
    assert!(vk.sent_to(OLEG).is_empty());
}
