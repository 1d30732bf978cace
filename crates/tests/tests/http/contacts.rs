//! One client over many channels: contacts written down by hand, joined cards, one timeline, messages passed on.

use serde_json::{Value, json};
use tests::{Client, TestApp, Upload};

use crate::conversations::{mail, receive_mail};

async fn source(client: &Client) -> Value {
    client.get("/sources").await.ok()["items"][0]["id"].clone()
}

#[tokio::test]
async fn a_call_is_written_down_and_the_caller_is_recognised_by_his_phone() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let call = |phone: &str, text: &str, source: &Value| json!({"line_id": line, "source_id": source, "text": text, "contact": {"name": "Пётр Ильин", "phone": phone}});
    let source = source(&anna).await;
    let first = anna
        .post("/conversations/register", call("8 912 000-11-22", "Не включается чайник", &source))
        .await
        .expect(201);
    assert_eq!((first["channel"].as_str(), first["subject"].as_str()), (Some("manual"), Some("Не включается чайник")));
    assert_eq!((&first["unread"], &first["contact"]["name"]), (&json!(false), &json!("Пётр Ильин")));
    assert_eq!(first["assignee"]["id"], json!(anna.user_id()));
    let second = anna.post("/conversations/register", call("+7 (912) 000-11-22", "Опять", &source)).await.expect(201);
    assert_eq!(second["contact"]["id"], first["contact"]["id"]);
    let by_source = anna.get(&format!("/conversations?view=all&source={}", source.as_str().unwrap())).await.ok();
    assert_eq!(by_source["items"].as_array().unwrap().len(), 2);
    let by_channel = anna.get("/conversations?view=all&channel=telegram").await.ok();
    assert_eq!(by_channel["items"], json!([]));
}

#[tokio::test]
async fn what_is_written_down_badly_names_the_field() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let source = source(&anna).await;
    let with = |change: Value| {
        let mut body = json!({"line_id": line, "source_id": source, "text": "Вопрос", "contact": {"name": "Пётр"}});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let post = async |change: Value| anna.post("/conversations/register", with(change)).await;
    post(json!({"text": " "})).await.invalid("text", "required");
    post(json!({"contact": {"phone": "12"}})).await.invalid("contact.phone", "bad_phone");
    post(json!({"contact": {"email": "нет"}})).await.invalid("contact.email", "bad_address");
    post(json!({"contact": {}})).await.invalid("contact.name", "required");
    post(json!({"happened_at": "2030-01-01T00:00:00Z"})).await.invalid("happened_at", "in_the_future");
    post(json!({"source_id": app.app.new_id()})).await.invalid("source_id", "unknown");
}

#[tokio::test]
async fn the_dictionary_of_sources_is_the_administrators() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let made = admin.post("/sources", json!({"name": "Ярмарка"})).await.expect(201);
    admin.post("/sources", json!({"name": "Ярмарка"})).await.invalid("name", "taken");
    let id = made["id"].as_str().unwrap().to_owned();
    let away = admin.patch(&format!("/sources/{id}"), json!({"archived": true})).await.ok();
    assert_eq!(away["archived"], true);
    let all = admin.get("/sources").await.ok();
    let last = all["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((last["name"].as_str(), last["archived"].as_bool()), (Some("Ярмарка"), Some(true)));
}

#[tokio::test]
async fn a_client_has_one_timeline_over_his_conversations_that_one_may_see() {
    let app = TestApp::new().await;
    let (support, sales) = (app.line("SUPPORT").await, app.line("SALES").await);
    let anna = app.operator("anna@otklik.test", &[support]).await;
    let admin = app.admin().await;
    let first = receive_mail(&app, mail(support, "olga@client.test", "Где заказ?")).await;
    app.advance(chrono::Duration::minutes(1));
    receive_mail(&app, mail(sales, "olga@client.test", "Сколько стоит чай?")).await;
    let contact = anna.get(&format!("/conversations/{}", first.conversation_id)).await.ok()["contact"]["id"].clone();
    let timeline = async |client: &Client| {
        let page = client.get(&format!("/contacts/{}/timeline", contact.as_str().unwrap())).await.ok();
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["text"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(timeline(&anna).await, ["Где заказ?"]);
    assert_eq!(timeline(&admin).await, ["Где заказ?", "Сколько стоит чай?"]);
    let page = admin.get(&format!("/contacts/{}/timeline?limit=1", contact.as_str().unwrap())).await.ok();
    assert_eq!(page["items"][0]["text"], "Сколько стоит чай?");
    let next = page["next"].as_str().unwrap();
    let page = admin.get(&format!("/contacts/{}/timeline?limit=1&before={next}", contact.as_str().unwrap())).await.ok();
    assert_eq!((&page["items"][0]["text"], &page["next"]), (&json!("Где заказ?"), &Value::Null));
}

#[tokio::test]
async fn two_cards_of_one_person_become_one() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let admin = app.admin().await;
    let work = receive_mail(&app, mail(line, "olga@work.test", "С работы")).await;
    let home = receive_mail(&app, mail(line, "olga@home.test", "Из дома")).await;
    let contact = async |id: base::ConversationId| {
        admin.get(&format!("/conversations/{id}")).await.ok()["contact"]["id"].as_str().unwrap().to_owned()
    };
    let (kept, lost) = (contact(work.conversation_id).await, contact(home.conversation_id).await);
    let card = admin.post(&format!("/contacts/{kept}/absorb"), json!({"contact_id": lost})).await.ok();
    let addresses: Vec<&str> =
        card["identities"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect();
    assert_eq!(addresses, ["olga@work.test", "olga@home.test"]);
    assert_eq!(contact(home.conversation_id).await, kept);
    admin.get(&format!("/contacts/{lost}")).await.problem(404, "not_found");
    let conversation = admin.get(&format!("/conversations/{}", home.conversation_id)).await.ok();
    let kinds: Vec<&str> = conversation["messages"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["inbound", "contact_joined"]);
    let again = receive_mail(&app, mail(line, "olga@home.test", "Ещё раз")).await;
    assert_eq!(contact(again.conversation_id).await, kept);
}

#[tokio::test]
async fn a_message_is_passed_on_with_its_files() {
    let app = TestApp::new().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let from = receive_mail(&app, mail(line, "a@client.test", "Раз")).await;
    let to = receive_mail(&app, mail(line, "b@client.test", "Два")).await;
    let upload = Upload { name: "акт.txt", content_type: "text/plain", bytes: b"text" };
    let file = anna.upload("/files", &[upload]).await.expect(201)["items"][0]["id"].clone();
    let note = json!({"kind": "note", "html": "<p>Смотрите акт</p>", "attachment_ids": [file]});
    let note = anna.post(&format!("/conversations/{}/messages", from.conversation_id), note).await.expect(201);
    let path = format!("/messages/{}/forward", note["id"].as_str().unwrap());
    let passed = anna.post(&path, json!({"conversation_id": to.conversation_id, "note": true})).await.expect(201);
    assert_eq!(passed["conversation_id"], json!(to.conversation_id));
    assert_eq!(passed["extra"]["forwarded_from"], "anna");
    let copy = &passed["attachments"][0];
    assert_eq!(copy["name"], "акт.txt");
    assert_eq!(anna.get(copy["url"].as_str().unwrap()).await.text(), "text");
    let stranger = app.operator("boris@otklik.test", &[]).await;
    stranger.post(&path, json!({"conversation_id": to.conversation_id})).await.problem(404, "not_found");
}
