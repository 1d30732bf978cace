//! Who a visitor is: anonymous ones are separate people, a signed user is one everywhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::conversations::{mail, receive_mail};
use crate::site_chat::Site;

fn mac(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn jwt(secret: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac(secret, &signed)))
}

async fn secret(site: &Site) -> String {
    let made = site.admin.post(&format!("/channels/{}/identity-secret", site.channel), json!({})).await.expect(201);
    made["secret"].as_str().unwrap().to_owned()
}

fn claims(id: &str) -> Value {
    json!({"sub": id, "exp": 1_900_000_000, "name": "Анна Ким", "email": "anna@shop.example", "phone": "+79123456789"})
}

#[tokio::test]
async fn a_signed_users_history_follows_him() {
    let site = Site::new(json!({})).await;
    let secret = secret(&site).await;
    let channel = site.admin.get(&format!("/channels/{}", site.channel)).await.expect(200);
    assert_eq!(channel["settings"]["has_identity_secret"], true);
    assert!(channel["settings"].get("identity_secret").is_none());

    let desktop = site.open(json!({"user": {"jwt": jwt(&secret, &claims("42"))}})).await;
    assert_eq!(
        desktop.opened["visitor"],
        json!({"id": "42", "name": "Анна Ким", "email": "anna@shop.example", "phone": "+79123456789", "known": true})
    );
    desktop.say("С компьютера").await;
    let phone = site.open(json!({"user": {"jwt": jwt(&secret, &claims("42"))}})).await;
    phone.say("С телефона").await;
    assert_eq!(desktop.texts().await, ["С компьютера", "С телефона"]);
    let conversation = site.only_conversation().await;
    assert_eq!(conversation["contact"]["name"], "Анна Ким");

    // The site vouched for his mail address: his letter is his.
    let received = receive_mail(&site.test, mail(site.line, "anna@shop.example", "И письмом")).await;
    let by_mail = site.admin.get(&format!("/conversations/{}", received.conversation_id)).await.expect(200);
    assert_eq!(by_mail["contact"]["id"], conversation["contact"]["id"]);

    let by_hmac = json!({"user": {"id": "42", "hmac": hex(&mac(&secret, "42"))}});
    assert_eq!(site.open(by_hmac).await.texts().await.len(), 2);
}

#[tokio::test]
async fn a_forged_user_is_refused() {
    let site = Site::new(json!({})).await;
    let open = |user: Value| {
        let (client, path) = (site.test.anonymous(), site.path("/visitors"));
        async move { client.post(&path, json!({"user": user})).await }
    };
    open(json!({"id": "42", "hmac": "00"})).await.problem(403, "bad_signature");
    let before = secret(&site).await;
    open(json!({"id": "43", "hmac": hex(&mac(&before, "42"))})).await.problem(403, "bad_signature");
    open(json!({"id": "42"})).await.problem(403, "bad_signature");
    open(json!({"jwt": jwt("wrong", &claims("42"))})).await.problem(403, "bad_signature");
    let mut expired = claims("42");
    expired["exp"] = json!(1_000_000);
    open(json!({"jwt": jwt(&before, &expired)})).await.problem(403, "bad_signature");

    let user = site.open(json!({"user": {"jwt": jwt(&before, &claims("42"))}})).await;
    user.say("Пока ключ прежний").await;
    secret(&site).await;
    open(json!({"jwt": jwt(&before, &claims("42"))})).await.problem(403, "bad_signature");
    user.client.get(&user.path("/messages")).await.problem(401, "unknown_visitor");
}

#[tokio::test]
async fn what_a_visitor_wrote_before_he_signed_in_becomes_his() {
    let site = Site::new(json!({})).await;
    let secret = secret(&site).await;
    let anonymous = site.visitor().await;
    anonymous.say("Ещё не вошёл").await;
    let user = json!({"visitor_token": anonymous.token, "user": {"jwt": jwt(&secret, &claims("42"))}});
    let user = site.open(user).await;
    assert_eq!(user.texts().await, ["Ещё не вошёл"]);
    user.say("Вошёл").await;
    assert_eq!(site.only_conversation().await["contact"]["name"], "Анна Ким");
    assert_eq!(anonymous.texts().await, Vec::<String>::new(), "the old token opens nothing of his any more");

    let elsewhere = site.visitor().await;
    elsewhere.say("С чужого компьютера").await;
    let joined = json!({"visitor_token": elsewhere.token, "user": {"jwt": jwt(&secret, &claims("42"))}});
    assert_eq!(site.open(joined).await.texts().await.len(), 3);
}

#[tokio::test]
async fn whoever_only_claims_an_address_does_not_become_its_owner() {
    let site = Site::new(json!({"fields": [{"name": "email", "label": "Почта", "required": true}]})).await;
    let known = receive_mail(&site.test, mail(site.line, "boss@client.example", "Договор")).await;
    let known = site.admin.get(&format!("/conversations/{}", known.conversation_id)).await.expect(200);
    let stranger = site.visitor().await;
    let message =
        json!({"client_id": Uuid::new_v4(), "text": "Я начальник", "fields": {"email": "boss@client.example"}});
    stranger.post("/messages", message).await.expect(201);
    let all = site.conversations().await;
    let chat = all.iter().find(|one| one["channel"] == "chat").unwrap();
    assert_ne!(chat["contact"]["id"], known["contact"]["id"]);
    let chat = site.admin.get(&format!("/conversations/{}", chat["id"].as_str().unwrap())).await.expect(200);
    let items = chat["messages"]["items"].as_array().unwrap().clone();
    let suggested = items.iter().find(|item| item["kind"] == "contact_suggested").expect("staff are told");
    assert_eq!(
        (&suggested["data"]["contact_id"], &suggested["data"]["by"]),
        (&known["contact"]["id"], &json!("email"))
    );

    // And an address that a stranger took first is its owner's when he writes.
    let early = site.visitor().await;
    let message = json!({"client_id": Uuid::new_v4(), "text": "Занял", "fields": {"email": "later@client.example"}});
    early.post("/messages", message).await.expect(201);
    let owner = receive_mail(&site.test, mail(site.line, "later@client.example", "Это я")).await;
    let owner = site.admin.get(&format!("/conversations/{}", owner.conversation_id)).await.expect(200);
    let taken = site.conversations().await.into_iter().find(|one| one["preview"] == "Занял").unwrap();
    assert_ne!(owner["contact"]["id"], taken["contact"]["id"]);
}
