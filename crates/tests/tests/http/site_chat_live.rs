//! The visitor's live connection: everything of his chat, once, in order, at once.

use std::net::SocketAddr;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::mail_world::eventually;
use crate::site_chat::{Site, Visitor};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn listen(address: SocketAddr, visitor: &Visitor, after: Option<&str>) -> (Socket, Value) {
    let after = after.map(|cursor| format!("&after={cursor}")).unwrap_or_default();
    let url = format!("ws://{address}/api/v1/site/{}/live?token={}{after}", visitor.key, visitor.token);
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let hello = next(&mut socket).await;
    (socket, hello)
}

async fn next(socket: &mut Socket) -> Value {
    let read = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => panic!("the connection ended"),
                Some(Ok(_)) => {}
            }
        }
    };
    timeout(Duration::from_secs(20), read).await.expect("a frame within 20 seconds")
}

/// The next frame of this type; others are passed over.
async fn next_of(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = next(socket).await;
        if frame["type"] == kind {
            return frame;
        }
    }
}

async fn say(socket: &mut Socket, frame: Value) {
    socket.send(Message::text(frame.to_string())).await.unwrap();
}

/// The next message that is not what the visitor said himself: its event may still have been on its way when he began to listen.
async fn next_answer(socket: &mut Socket, said: &str) -> Value {
    let frame = next_of(socket, "message").await;
    if frame["message"]["text"] == said { next_of(socket, "message").await } else { frame }
}

#[tokio::test]
async fn an_answer_arrives_at_once_and_a_lost_connection_misses_nothing() {
    let site = Site::new(json!({})).await;
    site.test.app.start();
    let address = site.test.listen().await;
    let visitor = site.visitor().await;
    visitor.say("Вопрос").await;
    let (mut socket, hello) = listen(address, &visitor, None).await;
    assert_eq!(hello["type"], "hello");
    let conversation = site.only_conversation().await;
    let path = format!("/conversations/{}/messages", conversation["id"].as_str().unwrap());
    let answer = |text: &str| {
        let (admin, path) = (site.admin.clone(), path.clone());
        let body = json!({"kind": "outbound", "html": format!("<p>{text}</p>")});
        async move { admin.post(&path, body).await.expect(201) }
    };
    let first = answer("Первый").await;
    let frame = next_answer(&mut socket, "Вопрос").await;
    assert_eq!((&frame["message"]["id"], &frame["message"]["text"]), (&first["id"], &json!("Первый")));
    eventually("the answer is marked as delivered", async || {
        let shown = site.only_conversation().await;
        let items = shown["messages"]["items"].as_array().unwrap().clone();
        items.iter().any(|item| item["id"] == first["id"] && item["delivery"]["state"] == "delivered").then_some(())
    })
    .await;
    drop(socket);

    answer("Второй").await;
    answer("Третий").await;
    let (mut socket, hello) = listen(address, &visitor, frame["cursor"].as_str()).await;
    assert_eq!((&hello["type"], &hello["cursor"]), (&json!("hello"), &frame["cursor"]));
    let second = next_of(&mut socket, "message").await;
    let third = next_of(&mut socket, "message").await;
    assert_eq!((&second["message"]["text"], &third["message"]["text"]), (&json!("Второй"), &json!("Третий")));
    answer("Четвёртый").await;
    assert_eq!(next_of(&mut socket, "message").await["message"]["text"], "Четвёртый", "nothing comes twice");

    say(&mut socket, json!({"type": "read", "up_to": third["message"]["id"]})).await;
    eventually("the answers are marked as read", async || {
        // A message leaves when it can no longer be taken back.
        site.test.advance(chrono::Duration::milliseconds(400));
        let shown = site.only_conversation().await;
        let items = shown["messages"]["items"].as_array().unwrap().clone();
        let state = |id: &Value| items.iter().find(|item| item["id"] == *id).unwrap()["delivery"]["state"].clone();
        (state(&third["message"]["id"]) == "read" && state(&first["id"]) == "read").then_some(())
    })
    .await;
}

#[tokio::test]
async fn each_visitor_hears_his_own_chat() {
    let site = Site::new(json!({})).await;
    site.test.app.start();
    let address = site.test.listen().await;
    let (anna, boris) = (site.visitor().await, site.visitor().await);
    anna.say("Я Анна").await;
    boris.say("Я Борис").await;
    let (mut hers, _) = listen(address, &anna, None).await;
    let (mut his, _) = listen(address, &boris, None).await;
    let all = site.conversations().await;
    for (preview, html) in [("Я Анна", "<p>Анне</p>"), ("Я Борис", "<p>Борису</p>")] {
        let conversation = all.iter().find(|one| one["preview"] == preview).unwrap();
        site.answer(conversation, html).await;
    }
    assert_eq!(next_answer(&mut hers, "Я Анна").await["message"]["text"], "Анне");
    assert_eq!(next_answer(&mut his, "Я Борис").await["message"]["text"], "Борису");

    // Another tab of hers sees what this one sends, and that it is over.
    anna.say("С другой вкладки").await;
    assert_eq!(next_of(&mut hers, "message").await["message"]["text"], "С другой вкладки");
    anna.post("/close", json!({})).await.expect(204);
    let over = next_of(&mut hers, "conversation").await;
    assert_eq!((&over["status"], &over["ask_rating"]), (&json!("closed"), &json!(true)));
}

#[tokio::test]
async fn typing_and_reading_are_seen_both_ways() {
    let site = Site::new(json!({})).await;
    site.test.app.start();
    let address = site.test.listen().await;
    let visitor = site.visitor().await;
    let sent = visitor.say("Вопрос").await;
    let conversation = site.only_conversation().await;
    let id = conversation["id"].as_str().unwrap().to_owned();
    let (mut socket, _) = listen(address, &visitor, None).await;

    let mut request = format!("ws://{address}/api/v1/live").into_client_request().unwrap();
    for (name, value) in site.admin.headers() {
        request.headers_mut().insert(name, value.clone());
    }
    let (mut desk, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    next_of(&mut desk, "hello").await;
    say(&mut desk, json!({"type": "presence", "conversation_id": id, "typing": true})).await;
    assert_eq!(next_of(&mut socket, "typing").await["name"], "Администратор");
    say(&mut socket, json!({"type": "typing"})).await;
    assert_eq!(next_of(&mut desk, "client_typing").await["conversation_id"], json!(id));

    site.admin.post(&format!("/conversations/{id}/read"), json!({})).await.expect(204);
    assert_eq!(next_of(&mut socket, "read").await["up_to"], sent["id"]);
    say(&mut socket, json!({"type": "page", "url": "https://shop.example/cart", "title": "Корзина"})).await;
    eventually("operators see the new page", async || {
        (site.only_conversation().await["visit"]["page_title"] == "Корзина").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_stranger_cannot_listen() {
    let site = Site::new(json!({})).await;
    let address = site.test.listen().await;
    let visitor = site.visitor().await;
    visitor.say("Вопрос").await;
    let url = format!("ws://{address}/api/v1/site/{}/live?token=nonsense", visitor.key);
    let Err(Error::Http(response)) = tokio_tungstenite::connect_async(url).await else { panic!("it was let in") };
    assert_eq!(response.status().as_u16(), 401);
}
