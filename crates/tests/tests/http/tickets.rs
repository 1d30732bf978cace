//! Tickets and services: what staff do with them, and how lists show them.

use serde_json::{Value, json};
use tests::TestApp;

#[tokio::test]
async fn a_ticket_is_registered_changed_and_found() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let stranger = app.operator("stranger@otklik.test", &[]).await;
    let catalogue = admin.post("/service-catalogues", json!({"name": "Офис"})).await.expect(201)["id"].clone();
    let service = json!({"catalogue_id": catalogue, "name": "Принтеры", "description": "Картриджи и ремонт"});
    let service = admin.post("/services", service).await.expect(201)["id"].clone();
    let body = json!({"line_id": line, "subject": " Нет  тонера ", "type": "incident", "service_id": service});
    let ticket = anna.post("/tickets", body.clone()).await.expect(201);
    assert_eq!((&ticket["subject"], &ticket["status"]), (&json!("Нет тонера"), &json!("new")));
    assert_eq!((&ticket["service"]["name"], &ticket["service"]["catalogue"]), (&json!("Принтеры"), &json!("Офис")));
    let path = format!("/tickets/{}", ticket["id"].as_str().unwrap());

    let change = json!({"status": "in_progress", "owner_id": anna.user_id(), "priority": "high", "service_id": null});
    let changed = anna.patch(&path, change).await.ok();
    assert_eq!((&changed["owner"]["id"], &changed["service"]), (&json!(anna.user_id()), &Value::Null));
    let history = anna.get(&format!("{path}/history")).await.ok();
    let fields: Vec<&str> = history["items"][1]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["status", "priority", "owner", "service"]);
    assert_eq!(history["items"][1]["changes"][3]["from"], "Принтеры");
    assert_eq!(history["items"][1]["actor"]["id"], json!(anna.user_id()));

    stranger.get(&path).await.problem(404, "not_found");
    stranger.get(&format!("{path}/history")).await.problem(404, "not_found");
    stranger.post("/tickets", body).await.expect(422);
    let refused = anna.patch(&path, json!({"owner_id": stranger.user_id()})).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "owner_id");
    let refused = anna.post("/tickets", json!({"line_id": line, "subject": "  "})).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "subject");
}

#[tokio::test]
async fn a_list_is_narrowed_ordered_and_read_page_by_page() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let (line, other) = (app.line("SUPPORT").await, app.line("SALES").await);
    let anna = app.operator("anna@otklik.test", &[line, other]).await;
    let mut numbers = Vec::new();
    for (index, status) in ["new", "accepted", "in_progress", "waiting", "resolved", "closed"].iter().enumerate() {
        let line = if index % 2 == 0 { line } else { other };
        let owner = (index == 0).then(|| anna.user_id());
        let mut body =
            json!({"line_id": line, "subject": format!("Заявка {index}"), "status": status, "owner_id": owner});
        match *status {
            "waiting" => body["waiting"] = json!({"reason": "Ждём поставщика"}),
            "resolved" => body["solution"] = json!("Заменили картридж"),
            _ => {}
        }
        numbers.push(admin.post("/tickets", body).await.expect(201)["number"].as_i64().unwrap());
        app.advance(chrono::Duration::minutes(1));
    }
    let found = async |query: &str| -> Vec<i64> {
        let page = anna.get(&format!("/tickets?{query}")).await.ok();
        page["items"].as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap()).collect()
    };
    let of = |places: &[usize]| places.iter().map(|place| numbers[*place]).collect::<Vec<_>>();
    assert_eq!(found("").await, of(&[5, 4, 3, 2, 1, 0]));
    assert_eq!(found("status=open&sort=number").await, of(&[3, 2, 1, 0]));
    assert_eq!(found("status=waiting").await, of(&[3]));
    assert_eq!(found(&format!("line={line}")).await, of(&[4, 2, 0]));
    assert_eq!(found(&format!("owner={}", anna.user_id())).await, of(&[0]));
    assert_eq!(found("unowned=true&status=open").await, of(&[3, 2, 1]));
    assert_eq!(found(&format!("number={}", numbers[2])).await, of(&[2]));
    assert_eq!(found("overdue=true").await, of(&[]));
    for sort in ["created", "number", "deadline"] {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page = anna.get(&format!("/tickets?limit=4&sort={sort}{after}")).await.ok();
            all.extend(page["items"].as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap()));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        all.sort_unstable();
        assert_eq!(all, numbers, "{sort}: each once");
    }
}

#[tokio::test]
async fn services_are_kept_in_order_moved_and_put_away() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let make = async |path: &str, body: Value| admin.post(path, body).await.expect(201)["id"].clone();
    let office = make("/service-catalogues", json!({"name": "Офис"})).await;
    let cash = make("/service-catalogues", json!({"name": "Кассы"})).await;
    let mut ids = Vec::new();
    for name in ["Принтеры", "Кофе", "Ключи"] {
        ids.push(make("/services", json!({"catalogue_id": office, "name": name})).await);
    }
    let tree = async || {
        let all = anna.get("/services").await.ok();
        let one = |folder: &Value| {
            let own = folder["services"].as_array().unwrap().iter();
            (
                folder["name"].as_str().unwrap().to_owned(),
                own.map(|one| one["name"].as_str().unwrap().to_owned()).collect(),
            )
        };
        all["items"].as_array().unwrap().iter().map(one).collect::<Vec<(String, Vec<String>)>>()
    };
    let of = |name: &str, own: &[&str]| (name.to_owned(), own.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
    assert_eq!(tree().await, [of("Офис", &["Принтеры", "Кофе", "Ключи"]), of("Кассы", &[])]);
    let path = |id: &Value| format!("/services/{}", id.as_str().unwrap());
    admin.patch(&path(&ids[2]), json!({"before": ids[0]})).await.ok();
    admin.patch(&path(&ids[0]), json!({"before": null})).await.ok();
    assert_eq!(tree().await[0], of("Офис", &["Ключи", "Кофе", "Принтеры"]));
    admin.patch(&path(&ids[0]), json!({"catalogue_id": cash, "name": "Чеки"})).await.ok();
    let moved = format!("/service-catalogues/{}", cash.as_str().unwrap());
    admin.patch(&moved, json!({"before": office})).await.ok();
    assert_eq!(tree().await, [of("Кассы", &["Чеки"]), of("Офис", &["Ключи", "Кофе"])]);

    let taken = json!({"catalogue_id": office, "name": " Кофе "});
    assert_eq!(admin.post("/services", taken).await.expect(422)["errors"][0]["field"], "name");
    let stray = json!({"before": ids[0]});
    assert_eq!(admin.patch(&path(&ids[1]), stray).await.expect(422)["errors"][0]["field"], "before");
    anna.post("/services", json!({"catalogue_id": office, "name": "Ещё"})).await.problem(403, "forbidden");

    // What was put away is offered no more.
    let line = app.line("SUPPORT").await;
    admin.patch(&moved, json!({"archived": true})).await.ok();
    let body = json!({"line_id": line, "subject": "Чек", "service_id": ids[0]});
    assert_eq!(admin.post("/tickets", body).await.expect(422)["errors"][0]["field"], "service_id");
}
