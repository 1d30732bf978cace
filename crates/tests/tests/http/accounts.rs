//! Accounts of staff, roles and who may be given conversations.

use serde_json::{Value, json};
use tests::{Client, TestApp};

async fn role_id(client: &Client, key: &str) -> Value {
    let roles = client.get("/roles").await.ok();
    roles["items"].as_array().unwrap().iter().find(|role| role["key"] == key).unwrap()["id"].clone()
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_preset_roles_come_with_the_product() {
    let app = TestApp::new().await;
    let viewer = app.user("v@otklik.test", "Вера", "viewer").await;
    let roles = viewer.get("/roles").await.ok();
    let keys: Vec<&str> = roles["items"].as_array().unwrap().iter().map(|role| role["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["client", "viewer", "operator", "supervisor", "administrator"]);
    assert_eq!(roles["items"][1]["permissions"], json!(["conversations.view", "contacts.view", "tickets.view"]));
    assert_eq!(names(&roles), ["Клиент", "Наблюдатель", "Оператор", "Супервизор", "Администратор"]);
    viewer.patch("/me", json!({"locale": "en"})).await.ok();
    assert_eq!(names(&viewer.get("/roles").await.ok())[4], "Administrator");
}

#[tokio::test]
async fn an_administrator_makes_reads_and_changes_accounts() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let group = admin.post("/groups", json!({"name": "Первая линия"})).await.expect(201);
    let new = json!({
        "name": " Борис  Орлов ", "email": "Boris.Orlov@Example.COM", "password": "верный конь 7", "role_id": role_id(&admin, "operator").await,
        "group_ids": [group["id"], group["id"]], "locale": "en", "time_zone": "Asia/Tashkent",
    });
    let boris = admin.post("/users", new).await.expect(201);
    assert_eq!((&boris["name"], &boris["email"]), (&json!("Борис Орлов"), &json!("boris.orlov@example.com")));
    assert_eq!(boris["role"]["key"], "operator");
    assert_eq!(boris["groups"], json!([{"id": group["id"], "name": "Первая линия"}]));
    assert_eq!((&boris["blocked"], &boris["last_seen_at"]), (&json!(false), &Value::Null));
    let path = format!("/users/{}", boris["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.ok(), boris);

    let changed = admin
        .patch(
            &path,
            json!({"name": "Борис Орлов-Ли", "group_ids": [], "role_id": role_id(&admin, "supervisor").await}),
        )
        .await
        .ok();
    assert_eq!(
        (&changed["name"], &changed["groups"], &changed["role"]["key"]),
        (&json!("Борис Орлов-Ли"), &json!([]), &json!("supervisor"))
    );
    assert_eq!((&changed["email"], &changed["locale"]), (&boris["email"], &boris["locale"]));

    let login = json!({"login": "boris.orlov@example.com", "password": "верный конь 7"});
    app.anonymous().post("/session", login.clone()).await.expect(201);
    admin.patch(&path, json!({"password": "другой пароль"})).await.ok();
    app.anonymous().post("/session", login).await.expect(401);
}

#[tokio::test]
async fn an_account_without_its_settings_gets_the_companys() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.patch("/settings", json!({"default_locale": "en", "default_time_zone": "Asia/Almaty"})).await.ok();
    let new = json!({"name": "Борис", "email": "b@otklik.test", "role_id": role_id(&admin, "operator").await});
    let boris = admin.post("/users", new).await.expect(201);
    assert_eq!((&boris["locale"], &boris["time_zone"]), (&json!("en"), &json!("Asia/Almaty")));
}

#[tokio::test]
async fn wrong_accounts_name_the_field() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    app.operator("taken@otklik.test", &[]).await;
    let good = json!({"name": "Борис", "email": "b@otklik.test", "password": "верный конь 7", "role_id": role_id(&admin, "operator").await});
    let wrong = async |field: &str, value: Value, error: &str, code: &str| {
        let mut body = good.clone();
        body[field] = value;
        admin.post("/users", body).await.invalid(error, code);
    };
    let nobody = "00000000-0000-7000-8000-000000000000";
    wrong("name", json!(""), "name", "required").await;
    wrong("email", json!("b@"), "email", "bad_email").await;
    wrong("email", json!("Taken@otklik.test"), "email", "email_taken").await;
    wrong("password", json!("12345678"), "password", "too_common").await;
    wrong("role_id", json!(nobody), "role_id", "unknown_role").await;
    wrong("group_ids", json!([nobody]), "group_ids[0]", "unknown").await;
    wrong("time_zone", json!("/etc/passwd"), "time_zone", "bad_time_zone").await;
    assert_eq!(
        admin.get("/users?search=%D0%91%D0%BE%D1%80%D0%B8%D1%81").await.ok()["items"],
        json!([]),
        "nothing is left of a refused account"
    );

    let boris = admin.post("/users", good).await.expect(201);
    let path = format!("/users/{}", boris["id"].as_str().unwrap());
    admin.patch(&path, json!({"email": "taken@otklik.test"})).await.invalid("email", "email_taken");
    admin.patch(&path, json!({"email": "B@otklik.test"})).await.ok();
}

#[tokio::test]
async fn a_repeated_request_makes_one_account() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let body = json!({"name": "Борис", "email": "b@otklik.test", "password": "верный конь 7", "role_id": role_id(&admin, "operator").await});
    let once = admin.clone().with_header("idempotency-key", "one");
    let first = once.post("/users", body.clone()).await.expect(201);
    assert_eq!(once.post("/users", body.clone()).await.expect(201), first);
    let mut other = body.clone();
    other["name"] = json!("Глеб");
    once.post("/users", other).await.problem(409, "idempotency_mismatch");
    admin.post("/users", body).await.invalid("email", "email_taken");
}

#[tokio::test]
async fn accounts_are_found_by_parts_of_name_and_address_and_listed_in_pages() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for (email, name) in
        [("c@otklik.test", "Пётр Ильин"), ("a@otklik.test", "Алёна Петрова"), ("b_x@otklik.test", "Марк 100%")]
    {
        app.user(email, name, "operator").await;
    }
    assert_eq!(names(&admin.get("/users?search=%D0%BF%D0%B5%D1%82%D1%80").await.ok()), ["Алёна Петрова", "Пётр Ильин"]);
    assert_eq!(names(&admin.get("/users?search=B_X@").await.ok()), ["Марк 100%"]);
    assert_eq!(names(&admin.get("/users?search=%25").await.ok()), ["Марк 100%"], "a percent sign is itself");
    assert_eq!(names(&admin.get("/users?search=_").await.ok()), ["Марк 100%"], "an underscore is itself");

    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = admin.get(&format!("/users?limit=1&after={after}")).await.ok();
        seen.extend(names(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ["Администратор", "Алёна Петрова", "Марк 100%", "Пётр Ильин"]);
    admin.get("/users?after=nonsense").await.invalid("after", "bad_cursor");
}

#[tokio::test]
async fn whoever_is_blocked_is_out_at_once() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let token = anna.post("/tokens", json!({"name": "робот", "scopes": ["conversations.view"]})).await.expect(201);
    let robot = app.anonymous().with_token(token["secret"].as_str().unwrap());
    robot.get("/me").await.ok();
    let path = format!("/users/{}", anna.user_id());
    assert_eq!(admin.patch(&path, json!({"blocked": true})).await.ok()["blocked"], true);
    anna.get("/me").await.expect(401);
    robot.get("/me").await.expect(401);
    assert!(!names(&admin.get("/users").await.ok()).contains(&"anna"));
    assert!(names(&admin.get("/users?include_blocked=true").await.ok()).contains(&"anna"));
    assert!(!names(&admin.get("/operators").await.ok()).contains(&"anna"));

    admin.patch(&path, json!({"blocked": false})).await.ok();
    anna.get("/me").await.expect(401);
    robot.get("/me").await.expect(401);
}

#[tokio::test]
async fn a_change_of_role_counts_from_the_next_request() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    anna.get("/users").await.problem(403, "forbidden");
    let path = format!("/users/{}", anna.user_id());
    admin.patch(&path, json!({"role_id": role_id(&admin, "administrator").await})).await.ok();
    anna.get("/users").await.ok();
    admin.patch(&path, json!({"role_id": role_id(&admin, "operator").await})).await.ok();
    anna.get("/users").await.problem(403, "forbidden");
}

#[tokio::test]
async fn there_is_always_an_administrator() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let path = format!("/users/{}", admin.user_id());
    let operator = role_id(&admin, "operator").await;
    admin.patch(&path, json!({"blocked": true})).await.problem(409, "last_administrator");
    admin.patch(&path, json!({"role_id": operator})).await.problem(409, "last_administrator");
    admin.patch(&path, json!({"name": "Главный", "role_id": role_id(&admin, "administrator").await})).await.ok();

    let second = app.admin().await;
    let other = format!("/users/{}", second.user_id());
    let body = json!({"blocked": true});
    let (one, two) = tokio::join!(admin.patch(&other, body.clone()), second.patch(&path, body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses == [200, 409] || statuses == [200, 401], "two who block each other: {statuses:?}");
}

#[tokio::test]
async fn operators_are_those_who_may_be_given_conversations() {
    let app = TestApp::new().await;
    let (support, sales) = (app.line("SUPPORT").await, app.line("SALES").await);
    let anna = app.operator("anna@otklik.test", &[support]).await;
    app.user("boris@otklik.test", "boris", "viewer").await;
    let admin = app.admin().await;
    let archived = app.line("OLD").await;
    admin.delete(&format!("/lines/{archived}")).await.expect(204);

    let operators = anna.get("/operators").await.ok();
    assert_eq!(names(&operators), ["anna", "Администратор"]);
    assert_eq!(operators["items"][0]["lines"], json!([support]));
    assert_eq!(operators["items"][0]["groups"].as_array().unwrap().len(), 1);
    let mut everywhere: Vec<Value> = operators["items"][1]["lines"].as_array().unwrap().clone();
    everywhere.sort_by_key(Value::to_string);
    let mut both = vec![json!(support), json!(sales)];
    both.sort_by_key(Value::to_string);
    assert_eq!(everywhere, both);
}
