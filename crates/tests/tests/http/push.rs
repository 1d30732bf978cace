//! Push messages, against a push service and a browser of this file: it checks who sends, and reads what only it can read.

use std::sync::{Arc, Mutex};

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bytes::Bytes;
use chrono::Duration;
use hmac::{Hmac, Mac};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey, ecdh};
use serde_json::{Value, json};
use sha2::Sha256;
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};

/// A browser with its keys, and the service that takes messages for it.
#[derive(Clone)]
struct Browser {
    url: String,
    secret: SecretKey,
    auth: [u8; 16],
    /// What the installation's public key is.
    sender: String,
    book: Arc<Mutex<Book>>,
}

#[derive(Default)]
struct Book {
    got: Vec<Got>,
    /// What to answer next instead of 201, with `Retry-After` if any.
    faults: Vec<(u16, Option<u64>)>,
}

#[derive(Clone, Debug)]
struct Got {
    message: Value,
    ttl: String,
    urgency: String,
    topic: Option<String>,
}

impl Browser {
    /// Starts the service, and has the browser of this person take messages.
    async fn of(person: &Client, name: &str, auth: u8) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/push/{name}", listener.local_addr().unwrap());
        let sender = person.get("/notifications/push-key").await.ok()["key"].as_str().unwrap().to_owned();
        let secret = SecretKey::from_slice(&[auth; 32]).unwrap();
        let browser = Browser { url, secret, auth: [auth; 16], sender, book: Arc::default() };
        let router = Router::new().route("/push/{name}", post(take)).with_state(browser.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        person.post("/notifications/devices", browser.subscription(name)).await.expect(201);
        browser
    }

    fn subscription(&self, name: &str) -> Value {
        let public = BASE64.encode(self.secret.public_key().to_encoded_point(false).as_bytes());
        let keys = json!({"p256dh": public, "auth": BASE64.encode(self.auth)});
        json!({"endpoint": self.url, "keys": keys, "name": name})
    }

    fn got(&self) -> Vec<Got> {
        self.book.lock().unwrap().got.clone()
    }

    fn titles(&self) -> Vec<String> {
        self.got().iter().map(|got| got.message["title"].as_str().unwrap().to_owned()).collect()
    }

    fn answer_next(&self, status: u16, retry_after: Option<u64>) {
        self.book.lock().unwrap().faults.push((status, retry_after));
    }

    /// Whether the token says who sends to whom until when, and is signed by the key beside it.
    fn check_sender(&self, headers: &HeaderMap) {
        let value = headers["authorization"].to_str().unwrap();
        let (token, key) = value.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(key, self.sender);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&BASE64.decode(key).unwrap()).unwrap();
        verifying
            .verify(signed.as_bytes(), &Signature::from_slice(&BASE64.decode(signature).unwrap()).unwrap())
            .unwrap();
        let (head, claims) = signed.split_once('.').unwrap();
        let read = |text: &str| serde_json::from_slice::<Value>(&BASE64.decode(text).unwrap()).unwrap();
        assert_eq!(read(head)["alg"], "ES256");
        let claims = read(claims);
        assert_eq!(claims["aud"], self.url.split("/push/").next().unwrap());
        let left = claims["exp"].as_i64().unwrap() - tests::start().timestamp();
        assert!((1..=86_400 * 2).contains(&left), "{claims}");
        assert!(claims["sub"].as_str().unwrap().starts_with("mailto:"), "{claims}");
    }

    /// The browser's side of RFC 8291.
    fn open(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        let (size, rest) = rest.split_at(4);
        assert!(rest.len() + 20 <= u32::from_be_bytes(size.try_into().unwrap()) as usize + 86);
        let (key, sealed) = rest[1..].split_at(usize::from(rest[0]));
        let sender = PublicKey::from_sec1_bytes(key).unwrap();
        let shared = ecdh::diffie_hellman(self.secret.to_nonzero_scalar(), sender.as_affine());
        let own = self.secret.public_key().to_encoded_point(false);
        let info = [b"WebPush: info\0".as_slice(), own.as_bytes(), key, &[1]].concat();
        let material = mac(&mac(&self.auth, shared.raw_secret_bytes()), &info);
        let secret = mac(salt, &material);
        let content = mac(&secret, b"Content-Encoding: aes128gcm\0\x01");
        let nonce = mac(&secret, b"Content-Encoding: nonce\0\x01");
        let cipher = Aes128Gcm::new_from_slice(&content[..16]).unwrap();
        let mut text = cipher.decrypt(Nonce::from_slice(&nonce[..12]), sealed).expect("it is for this browser");
        assert_eq!(text.pop(), Some(2), "the last record");
        serde_json::from_slice(&text).unwrap()
    }
}

fn mac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

async fn take(
    State(browser): State<Browser>,
    Path(_): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> axum::response::Response {
    if let Some((status, retry_after)) = browser.book.lock().unwrap().faults.pop() {
        let status = StatusCode::from_u16(status).unwrap();
        return match retry_after {
            Some(seconds) => (status, [("retry-after", seconds.to_string())]).into_response(),
            None => status.into_response(),
        };
    }
    browser.check_sender(&headers);
    assert_eq!(headers["content-encoding"], "aes128gcm");
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let (ttl, urgency, topic) = (text("ttl").unwrap(), text("urgency").unwrap(), text("topic"));
    let got = Got { message: browser.open(&body), ttl, urgency, topic };
    browser.book.lock().unwrap().got.push(got);
    StatusCode::CREATED.into_response()
}

struct Office {
    app: TestApp,
    admin: Client,
    anna: Client,
    path: String,
    line: base::LineId,
    id: base::ConversationId,
}

impl Office {
    async fn open() -> Self {
        let app = TestApp::with_config(|config| config.allow_private_addresses = true).await;
        let line = app.line("SUPPORT").await;
        let (admin, anna) = (app.admin().await, app.operator("anna@otklik.test", &[line]).await);
        let received = receive_mail(&app, mail(line, "osereva@sevchai.test", "Где мой заказ?")).await;
        app.run_jobs().await;
        let path = format!("/conversations/{}/assignee", received.conversation_id);
        Office { app, admin, anna, path, line, id: received.conversation_id }
    }

    async fn give(&self) {
        self.admin.put(&self.path, json!({"user_id": self.anna.user_id()})).await.ok();
        self.app.run_jobs().await;
    }

    async fn take_back(&self) {
        self.admin.put(&self.path, json!({"user_id": null})).await.ok();
        self.app.run_jobs().await;
    }

    async fn devices(&self) -> usize {
        self.anna.get("/notifications/devices").await.ok()["items"].as_array().unwrap().len()
    }
}

#[tokio::test]
async fn a_push_message_reaches_the_browser_that_asked_and_only_it_can_read_it() {
    let office = Office::open().await;
    let phone = Browser::of(&office.anna, "Телефон", 5).await;
    let laptop = Browser::of(&office.anna, "Ноутбук", 6).await;
    let others = Browser::of(&office.admin, "Чужой", 7).await;
    office.give().await;
    for browser in [&phone, &laptop] {
        assert_eq!(browser.titles(), ["Администратор назначает вам обращение"]);
    }
    assert_eq!(others.titles(), [""; 0]);
    let got = phone.got().remove(0);
    assert_eq!((got.urgency.as_str(), got.topic), ("high", None));
    assert!(got.message["body"].as_str().unwrap().starts_with('№'), "{}", got.message);
    assert_eq!(got.message["path"], format!("/c/open/{}", office.id));

    let mut again = mail(office.line, "osereva@sevchai.test", "Так где же?");
    again.conversation_id = Some(office.id);
    receive_mail(&office.app, again).await;
    office.app.run_jobs().await;
    let got = phone.got().remove(1);
    assert_eq!(got.message["title"], "Ольга Серова: новое сообщение");
    assert!(got.message["body"].as_str().unwrap().ends_with("\nТак где же?"), "{}", got.message);
    assert_eq!((got.urgency.as_str(), got.ttl.as_str()), ("normal", "28800"));
    assert_eq!(got.topic.unwrap().len(), 32);

    // The same browser once more is the same device.
    office.anna.post("/notifications/devices", phone.subscription("Телефон Анны")).await.expect(201);
    let devices = office.anna.get("/notifications/devices").await.ok();
    let names: Vec<&str> =
        devices["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ноутбук", "Телефон Анны"]);
    assert_eq!(devices["items"][0]["current"], true);
    let id = devices["items"][0]["id"].as_str().unwrap();
    office.admin.delete(&format!("/notifications/devices/{id}")).await.problem(404, "not_found");
    office.anna.post(&format!("/notifications/devices/{id}/try"), json!({})).await.expect(204);
    office.app.run_jobs().await;
    assert_eq!(laptop.titles().last().unwrap(), "Уведомления приходят");
    office.anna.delete(&format!("/notifications/devices/{id}")).await.expect(204);
    assert_eq!(office.devices().await, 1);
}

#[tokio::test]
async fn what_a_push_service_answers_is_obeyed() {
    let office = Office::open().await;
    let phone = Browser::of(&office.anna, "Телефон", 5).await;
    // It is busy: later, exactly once.
    phone.answer_next(429, Some(120));
    office.give().await;
    assert_eq!(phone.titles(), [""; 0]);
    office.app.advance(Duration::seconds(119));
    office.app.run_jobs().await;
    assert_eq!(phone.titles(), [""; 0]);
    office.app.advance(Duration::seconds(2));
    office.app.run_jobs().await;
    assert_eq!(phone.titles().len(), 1);

    // What has been read meanwhile is not sent any more.
    office.take_back().await;
    phone.answer_next(503, None);
    office.give().await;
    office.anna.post("/notifications/read", json!({})).await.expect(204);
    office.app.advance(Duration::hours(1));
    office.app.run_jobs().await;
    assert_eq!(phone.titles().len(), 1);

    // It knows the browser no more: nothing is tried again.
    office.take_back().await;
    phone.answer_next(410, None);
    office.give().await;
    assert_eq!(office.devices().await, 0);
    office.app.advance(Duration::hours(1));
    office.app.run_jobs().await;
    assert_eq!(phone.titles().len(), 1);
    assert_eq!(office.admin.get("/jobs/counters").await.ok()["failed"], 0);
}

#[tokio::test]
async fn a_device_is_forgotten_with_its_login() {
    let office = Office::open().await;
    Browser::of(&office.anna, "Телефон", 5).await;
    let sessions = office.anna.get("/me/sessions").await.ok();
    let id = sessions["items"][0]["id"].as_str().unwrap();
    office.anna.delete(&format!("/me/sessions/{id}")).await.expect(204);
    office.app.run_jobs().await;
    assert_eq!(device_count(&office.app).await, 0);
}

async fn device_count(app: &TestApp) -> i64 {
    use sea_orm::ConnectionTrait;
    let statement = db::dialect::statement(app.app.db.read(), "select count(*) as n from push_device", []);
    app.app.db.read().query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap()
}

#[tokio::test]
async fn addresses_that_are_no_push_services_are_refused() {
    let app = TestApp::with_config(|config| config.allow_private_addresses = false).await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let keys = json!({
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    });
    for endpoint in ["http://push.example.net/x", "https://127.0.0.1/x", "https://[::1]/x", "file:///etc/passwd", "x"] {
        let problem = anna
            .post("/notifications/devices", json!({"endpoint": endpoint, "keys": keys}))
            .await
            .problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "endpoint", "{endpoint}");
    }
    let wrong = json!({"endpoint": "https://push.example.net/x", "keys": {"p256dh": "AAAA", "auth": "AAAA"}});
    let problem = anna.post("/notifications/devices", wrong).await.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "keys");
    // The key stays the same: browsers remember it.
    let key = anna.get("/notifications/push-key").await.ok();
    assert_eq!(key["key"].as_str().unwrap().len(), 87);
}
