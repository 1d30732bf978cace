//! Who may do what, proved for every operation there is: the tests walk the product's own OpenAPI document, so an
//! operation that is added is tested without a line here.
//!
//! 401 without a login; 403 without the right that the document names; 404 for ids that do not exist; and 404 again for
//! everything that hangs on somebody else's line, to a person who has every right but does not see that line.

use std::collections::BTreeMap;

use axum::http::Method;
use base::{LineId, Permission, RoleId};
use desk::role;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::{Client, Response, TestApp, Upload};

use crate::conversations::{mail, receive_mail};

const NOWHERE: &str = "01920000-0000-7000-8000-000000000000";

/// What may be called by anybody, on purpose.
const PUBLIC: &[&str] = &[
    "get_setup",
    "run_setup",
    "create_session",
    "get_public_form",
    "submit_form",
    // The chat on a site: its visitors have no logins.
    "get_site_config",
    "get_site_hours",
    "open_visitor",
    "list_visitor_messages",
    "create_visitor_message",
    "edit_visitor_message",
    "delete_visitor_message",
    "upload_visitor_file",
    "get_visitor_file",
    "read_as_visitor",
    "rate_as_visitor",
    "leave_visitor_email",
    "close_as_visitor",
    "listen_as_visitor",
];

/// Things that hang on a line: seen by whoever sees the line.
const ON_A_LINE: &[&str] = &[
    "canned-replies",
    "companies",
    "contacts",
    "conversations",
    "lines",
    "messages",
    "routing-rules",
    "tasks",
    "tickets",
];

/// Things of the whole installation (a right of its own covers them), or of the person who asks.
const NOT_ON_A_LINE: &[&str] = &[
    "absences",
    "activities",
    "blocks",
    "channels",
    "client-categories",
    // Seen by whoever sees one of its clients: tested beside the cards.
    "companies",
    "forms",
    "groups",
    "jobs",
    "mailboxes",
    "me",
    "notifications",
    "offers",
    "olas",
    "outages",
    "properties",
    "quarantine",
    "routes",
    "schedules",
    "service-catalogues",
    "services",
    "shift-assignments",
    "shifts",
    "sla-policies",
    "site",
    "skills",
    "sources",
    "tariff-plans",
    "tokens",
    "users",
    "work-schedules",
];

/// An operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    /// The required parameters of the query, with `?`.
    query: String,
    /// None: public. Empty: whoever is signed in.
    permission: Option<Vec<String>>,
    body: Value,
}

impl Operation {
    /// The first part of the path: what it is about.
    fn subject(&self) -> &str {
        self.path.trim_start_matches("/api/v1/").split('/').next().unwrap()
    }

    fn has_id(&self) -> bool {
        self.path.contains('{')
    }

    /// Sends it with these ids in the place of `{names}`; a name without one gets an id that nothing has.
    async fn call(&self, client: &Client, ids: &BTreeMap<&str, String>) -> Response {
        let parts =
            self.path.split('/').map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                None => part.to_owned(),
                Some("id") => ids.get(self.subject()).cloned().unwrap_or_else(|| NOWHERE.to_owned()),
                Some(name) => ids.get(name).cloned().unwrap_or_else(|| NOWHERE.to_owned()),
            });
        let path = format!("{}{}", parts.collect::<Vec<_>>().join("/"), self.query);
        let has_body = self.method != Method::GET && self.method != Method::DELETE;
        client.send(self.method.clone(), &path, has_body.then(|| self.body.clone())).await
    }
}

/// Every operation of the document, with a body that has every required field.
fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(operation) = item.get(method) else { continue };
            let permissions = operation["security"].as_array().map(|ways| {
                assert_eq!(ways.len(), 2, "{method} {path}: a login and a token are worth the same");
                assert_eq!(ways[0]["session"], ways[1]["token"], "{method} {path}");
                serde_json::from_value(ways[0]["session"].clone()).unwrap()
            });
            let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            let required =
                parameters.iter().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
            let query = required.map(|parameter| {
                let value = sample(&document, &parameter["schema"]);
                format!(
                    "{}={}",
                    parameter["name"].as_str().unwrap(),
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
                )
            });
            let query = query.collect::<Vec<_>>().join("&");
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let id = operation["operationId"].as_str().unwrap().to_owned();
            operations.push(Operation {
                body: body_of(&id).unwrap_or_else(|| sample(&document, schema)),
                id,
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                query: if query.is_empty() { query } else { format!("?{query}") },
                permission: permissions,
            });
        }
    }
    operations
}

/// Bodies that the document alone does not tell: what must be sensible before anybody looks for the record.
fn body_of(id: &str) -> Option<Value> {
    match id {
        "create_message" => Some(json!({"kind": "note", "html": "<p>Здравствуйте</p>"})),
        "add_group_member" => Some(json!({"contact_id": NOWHERE})),
        "set_contact_details" => Some(json!({})),
        "set_client_period" => Some(json!({"period_days": 30})),
        "set_conversation_properties" | "set_company_properties" => Some(json!({"values": {}})),
        "set_line_panel" => Some(json!({"blocks": []})),
        "snooze_conversation" => Some(json!({"until": "2030-01-01T00:00:00Z"})),
        "update_conversation" => Some(json!({"subject": "Чужая рука"})),
        "update_contact" | "update_ticket" => Some(json!({"name": "Чужая рука", "subject": "Чужая рука"})),
        "register_ticket" => Some(json!({"subject": "Чужая рука", "line_id": NOWHERE})),
        "create_ticket" => Some(json!({"subject": "Чужая рука", "type": "question", "priority": "none"})),
        _ => None,
    }
}

/// The simplest value that fits a schema.
fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return sample(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[key].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return sample(document, first);
        }
    }
    let kind = schema["type"]
        .as_str()
        .or_else(|| schema["type"].as_array()?.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")));
    match (kind, schema["format"].as_str()) {
        (Some("object"), _) => {
            let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
            let field = |name: &Value| {
                let name = name.as_str().unwrap();
                (name.to_owned(), sample(document, &schema["properties"][name]))
            };
            Value::Object(required.iter().map(field).collect())
        }
        (Some("array"), _) => json!([]),
        (Some("boolean"), _) => json!(false),
        (Some("integer" | "number"), _) => json!(993),
        (Some("string"), Some("uuid")) => json!(NOWHERE),
        (Some("string"), Some("date")) => json!("2030-01-01"),
        (Some("string"), Some("date-time")) => json!("2030-01-01T00:00:00Z"),
        (Some("string"), _) => json!("образец"),
        _ => json!({}),
    }
}

#[tokio::test]
async fn nothing_but_signing_in_is_public() {
    let app = TestApp::new().await;
    let mut public = Vec::new();
    for operation in operations() {
        if operation.permission.is_none() {
            public.push(operation.id);
            continue;
        }
        let response = operation.call(&app.anonymous(), &BTreeMap::new()).await;
        assert_eq!(response.status.as_u16(), 401, "{}: {}", operation.id, response.text());
        response.problem(401, "unauthenticated");
    }
    public.sort();
    assert_eq!(public, {
        let mut expected = PUBLIC.to_vec();
        expected.sort_unstable();
        expected
    });
    app.anonymous().get(&format!("/files/{NOWHERE}/name.txt")).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn every_right_that_is_named_is_needed() {
    let app = TestApp::new().await;
    let mut tested = 0;
    let mut wrong = Vec::new();
    for operation in operations() {
        let Some([needed]) = operation.permission.as_deref() else { continue };
        let needed =
            Permission::parse(needed).unwrap_or_else(|| panic!("{}: there is no right {needed}", operation.id));
        let others = Permission::ALL.iter().copied().filter(|permission| *permission != needed).collect();
        let client = with_rights(&app, others).await;
        let response = operation.call(&client, &BTreeMap::new()).await;
        if response.status.as_u16() != 403 || response.body["code"] != "forbidden" {
            wrong.push(format!(
                "{} without {}: {} {}",
                operation.id,
                needed.as_str(),
                response.status,
                response.text()
            ));
        }
        tested += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tested > 40, "only {tested} operations name a right");
}

#[tokio::test]
async fn a_login_without_rights_does_what_needs_none() {
    let app = TestApp::new().await;
    let nobody = with_rights(&app, Vec::new()).await;
    for operation in operations().into_iter().filter(|operation| operation.permission.as_deref() == Some(&[])) {
        if operation.method == Method::GET && !operation.has_id() && operation.id != "listen_live" {
            operation.call(&nobody, &BTreeMap::new()).await.ok();
        }
    }
}

#[tokio::test]
async fn an_id_that_nothing_has_is_not_found() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut wrong = Vec::new();
    for operation in operations().into_iter().filter(Operation::has_id) {
        let response = operation.call(&admin, &BTreeMap::new()).await;
        wrong.extend(unless_not_found(&operation, &response));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    admin.get(&format!("/files/{NOWHERE}/name.txt")).await.problem(404, "not_found");
    admin.get("/conversations/nonsense").await.problem(404, "not_found");
}

#[tokio::test]
async fn what_is_on_another_line_does_not_exist() {
    let app = TestApp::new().await;
    let (theirs, ours) = (app.line("THEIRS").await, app.line("OURS").await);
    let admin = app.admin().await;
    let ids = everything_on(&app, &admin, theirs).await;
    let every_right =
        Permission::ALL.iter().copied().filter(|permission| *permission != Permission::LinesAll).collect();
    let stranger = with_rights(&app, every_right).await;
    app.serve(stranger.user_id(), ours).await;
    let before = everything_seen(&admin, &ids).await;

    let mut wrong = Vec::new();
    for operation in operations().into_iter().filter(Operation::has_id) {
        let subject = operation.subject();
        if NOT_ON_A_LINE.contains(&subject) {
            continue;
        }
        assert!(ON_A_LINE.contains(&subject), "{}: say in this file whether {subject} hang on a line", operation.id);
        let response = operation.call(&stranger, &ids).await;
        wrong.extend(unless_not_found(&operation, &response));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let file = &ids["file_url"];
    stranger.get(file).await.problem(404, "not_found");
    admin.get(file).await.ok();
    for list in ["/conversations?view=all", "/tickets", "/tasks", "/search?q=1045"] {
        assert_eq!(stranger.get(list).await.ok()["items"], json!([]), "{list}");
        assert_ne!(admin.get(list).await.ok()["items"], json!([]), "{list} shows it to those who may see it");
    }
    assert_eq!(everything_seen(&admin, &ids).await, before, "nothing was changed by trying");
}

fn unless_not_found(operation: &Operation, response: &Response) -> Option<String> {
    let right = response.status.as_u16() == 404 && response.body["code"] == "not_found";
    (!right).then(|| format!("{}: {} {}", operation.id, response.status, response.text()))
}

/// A member of staff with a role of exactly these rights.
async fn with_rights(app: &TestApp, permissions: Vec<Permission>) -> Client {
    let key = app.app.new_id().simple().to_string();
    let names: Vec<&str> = permissions.iter().map(|permission| permission.as_str()).collect();
    let tx = app.app.write().await.unwrap();
    let role = role::ActiveModel {
        id: Set(RoleId(tx.new_id())),
        key: Set(key.clone()),
        name: Set(key.clone()),
        preset: Set(false),
        permissions: Set(json!(names)),
        created_at: Set(tx.now()),
    };
    role.insert(&tx).await.unwrap();
    tx.commit().await.unwrap();
    app.user(&format!("{key}@otklik.test"), "Кто-то", &key).await
}

/// A conversation with a message, a client, a ticket and a file on this line; their ids by the names of paths.
async fn everything_on(app: &TestApp, admin: &Client, line: LineId) -> BTreeMap<&'static str, String> {
    let received = receive_mail(app, mail(line, "client@example.com", "Где мой заказ 1045?")).await;
    let conversation = received.conversation_id.to_string();
    let file = admin
        .upload("/files", &[Upload { name: "счёт.txt", content_type: "text/plain", bytes: "1045".as_bytes() }])
        .await;
    let file = file.expect(201)["items"][0].clone();
    let note = json!({"kind": "note", "html": "<p>См. счёт</p>", "attachment_ids": [file["id"]]});
    admin.post(&format!("/conversations/{conversation}/messages"), note).await.expect(201);
    let ticket = json!({"subject": "Заказ 1045", "type": "question", "priority": "none"});
    let ticket = admin.post(&format!("/conversations/{conversation}/tickets"), ticket).await.expect(201);
    let task = json!({"title": "Найти заказ 1045", "ticket_id": ticket["id"]});
    let task = admin.post("/tasks", task).await.expect(201);
    let contact = admin.get(&format!("/conversations/{conversation}")).await.ok()["contact"]["id"].clone();
    let rule = json!({"name": "Всем", "condition": {"all": []}, "target": {"kind": "queue"}});
    let rule = admin.post(&format!("/lines/{line}/routing-rules"), rule).await.expect(201);
    let reply = json!({
        "shared": true, "name": "Срок", "short_name": "срок", "html": "<p>Завтра</p>", "line_ids": [line],
    });
    let reply = admin.post("/canned-replies", reply).await.expect(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    BTreeMap::from([
        ("canned-replies", text(&reply["id"])),
        ("contacts", text(&contact)),
        ("conversations", conversation),
        ("lines", line.to_string()),
        ("messages", received.message_id.to_string()),
        ("routing-rules", text(&rule["id"])),
        ("tasks", text(&task["id"])),
        ("tickets", text(&ticket["id"])),
        ("ticket_id", text(&ticket["id"])),
        ("file_url", text(&file["url"])),
    ])
}

async fn everything_seen(admin: &Client, ids: &BTreeMap<&str, String>) -> Vec<Value> {
    let mut seen = Vec::new();
    for subject in ["canned-replies", "contacts", "conversations", "lines", "tasks", "tickets"] {
        seen.push(admin.get(&format!("/{subject}/{}", ids[subject])).await.ok());
    }
    seen
}
