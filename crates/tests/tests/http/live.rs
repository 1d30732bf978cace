//! Live events: everything that happens on one's lines, once, in order, for as long as one may hear it.

use base::LineId;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tests::{Client, TestApp};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::conversations::{mail, receive_mail};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(
    app: &TestApp,
    client: &Client,
    after: Option<&str>,
    origin: Option<&str>,
) -> Result<Socket, Box<Error>> {
    let address = app.listen().await;
    let query = after.map(|cursor| format!("?after={cursor}")).unwrap_or_default();
    let mut request = format!("ws://{address}/api/v1/live{query}").into_client_request().unwrap();
    for (name, value) in client.headers() {
        request.headers_mut().insert(name, value.clone());
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    Ok(tokio_tungstenite::connect_async(request).await.map_err(Box::new)?.0)
}

pub async fn listen(app: &TestApp, client: &Client, after: Option<&str>) -> (Socket, Value) {
    let mut socket = connect(app, client, after, None).await.unwrap();
    let hello = next(&mut socket).await.expect("a first frame");
    (socket, hello)
}

/// The next JSON frame; none when the server closed the connection.
async fn next(socket: &mut Socket) -> Option<Value> {
    let read = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    };
    timeout(Duration::from_secs(20), read).await.expect("a frame or the end within 20 seconds")
}

/// The next whisper of this type.
pub async fn whisper(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let frame = next(socket).await.expect("a whisper");
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// Says something as a page does.
pub async fn say(socket: &mut Socket, frame: Value) {
    socket.send(Message::text(frame.to_string())).await.unwrap();
}

/// The next events of conversations. Others are passed over: on PostgreSQL a change made just before the connection may
/// come after it, when an older transaction of another test held it back.
pub async fn events(socket: &mut Socket, count: usize) -> Vec<Value> {
    let mut events = Vec::new();
    while events.len() < count {
        let event = next(socket).await.expect("an event");
        // Routing follows in its own time, between any two of them.
        let is_routing = ["conversation_queued", "conversation_routed"].iter().any(|kind| event["kind"] == **kind);
        if !event["conversation_id"].is_null() && !is_routing {
            events.push(event);
        }
    }
    events
}

async fn kinds(socket: &mut Socket, count: usize) -> Vec<String> {
    let events = events(socket, count).await;
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

async fn desk() -> (TestApp, LineId, Client) {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    app.app.start();
    (app, line, anna)
}

#[tokio::test]
async fn what_happens_is_heard_at_once_and_a_lost_connection_misses_nothing() {
    let (app, line, anna) = desk().await;
    let (mut socket, hello) = listen(&app, &anna, None).await;
    assert_eq!(hello["type"], "hello");
    let received = receive_mail(&app, mail(line, "client@example.com", "Первое")).await;
    let created = events(&mut socket, 1).await.remove(0);
    assert_eq!((&created["type"], &created["kind"]), (&json!("event"), &json!("conversation_created")));
    assert_eq!((&created["conversation_id"], &created["line_id"]), (&json!(received.conversation_id), &json!(line)));
    drop(socket);

    let path = format!("/conversations/{}", received.conversation_id);
    anna.post(&format!("{path}/take"), json!({})).await.ok();
    anna.post(&format!("{path}/close"), json!({})).await.ok();
    let (mut socket, hello) = listen(&app, &anna, created["cursor"].as_str()).await;
    assert_eq!((&hello["type"], &hello["cursor"]), (&json!("hello"), &created["cursor"]));
    let missed = kinds(&mut socket, 3).await;
    assert_eq!(missed, ["message_created", "conversation_taken", "conversation_closed"]);
    anna.post(&format!("{path}/reopen"), json!({})).await.ok();
    assert_eq!(kinds(&mut socket, 1).await, ["conversation_reopened"], "nothing comes twice");
}

#[tokio::test]
async fn only_ones_own_lines_are_heard_as_they_are_now() {
    let (app, support, anna) = desk().await;
    let sales = app.line("SALES").await;
    let (mut socket, _) = listen(&app, &anna, None).await;
    receive_mail(&app, mail(sales, "client@example.com", "Не для Анны")).await;
    let heard = receive_mail(&app, mail(support, "client@example.com", "Для Анны")).await;
    let both = events(&mut socket, 2).await;
    assert_eq!(both[0]["conversation_id"], json!(heard.conversation_id));
    assert_eq!(both[1]["kind"], "message_created");

    app.serve(anna.user_id(), sales).await;
    whisper(&mut socket, "reset").await;
    let heard = receive_mail(&app, mail(sales, "client@example.com", "Теперь и для неё")).await;
    assert_eq!(events(&mut socket, 1).await[0]["conversation_id"], json!(heard.conversation_id));
}

#[tokio::test]
async fn whoever_is_blocked_or_signs_out_hears_no_more() {
    let (app, _, anna) = desk().await;
    let admin = app.admin().await;
    let (mut socket, _) = listen(&app, &anna, None).await;
    admin.patch(&format!("/users/{}", anna.user_id()), json!({"blocked": true})).await.ok();
    while next(&mut socket).await.is_some() {}

    let (mut socket, _) = listen(&app, &admin, None).await;
    admin.delete("/session").await.expect(204);
    while next(&mut socket).await.is_some() {}
}

#[tokio::test]
async fn another_site_cannot_listen() {
    let (app, _, anna) = desk().await;
    let status = |result: Result<Socket, Box<Error>>| match result.map_err(|error| *error) {
        Err(Error::Http(response)) => response.status().as_u16(),
        Ok(_) => 101,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(status(connect(&app, &anna, None, Some("https://evil.example")).await), 403);
    assert_eq!(status(connect(&app, &app.anonymous(), None, None).await), 401);
    assert_eq!(status(connect(&app, &anna, Some("nonsense"), None).await), 422);
    assert_eq!(status(connect(&app, &anna, None, None).await), 101);
}
