//! Setup, signing in and out, one's own account.

use chrono::Duration;
use serde_json::{Value, json};
use tests::{Client, Response, TestApp};

const PASSWORD: &str = "верный конь 7";

fn installation() -> Value {
    json!({
        "company_name": "ООО «Ромашка»", "name": "Анна Ким", "email": "Anna@Romashka.RU", "password": PASSWORD,
        "locale": "ru", "time_zone": "Asia/Almaty",
    })
}

/// The same caller with the cookie of this answer.
fn with_cookie_of(client: &Client, response: &Response) -> Client {
    let cookie = response.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    client.clone().with_header("cookie", &cookie)
}

async fn sign_in(client: &Client, login: &str, password: &str) -> Response {
    client.post("/session", json!({"login": login, "password": password})).await
}

/// An installation with its administrator anna@romashka.ru, signed in.
async fn installed() -> (TestApp, Client) {
    let app = TestApp::new().await;
    let response = app.anonymous().post("/setup", installation()).await;
    let anna = with_cookie_of(&app.anonymous(), &response);
    response.expect(201);
    (app, anna)
}

#[tokio::test]
async fn setup_makes_the_company_and_signs_its_administrator_in() {
    let app = TestApp::new().await;
    let anonymous = app.anonymous();
    assert_eq!(anonymous.get("/setup").await.ok()["needed"], true);

    let response = anonymous.post("/setup", installation()).await;
    let anna = with_cookie_of(&anonymous, &response);
    let me = response.expect(201)["user"].clone();
    assert_eq!(me["email"], "anna@romashka.ru");
    assert_eq!(me["role"]["key"], "administrator");
    assert_eq!(me["role"]["name"], "Администратор");
    assert_eq!(me["company_name"], "ООО «Ромашка»");
    assert_eq!((&me["locale"], &me["theme"], &me["time_zone"]), (&json!("ru"), &json!("auto"), &json!("Asia/Almaty")));
    assert_eq!(me["permissions"].as_array().unwrap().len(), base::Permission::ALL.len());
    assert_eq!(anna.get("/me").await.ok(), me);

    assert_eq!(anonymous.get("/setup").await.ok()["needed"], false);
    let settings = json!({"company_name": "ООО «Ромашка»", "default_locale": "ru", "default_time_zone": "Asia/Almaty"});
    assert_eq!(anna.get("/settings").await.ok(), settings);
}

#[tokio::test]
async fn setup_is_possible_once_even_for_two_at_the_same_time() {
    let app = TestApp::new().await;
    let second = json!({
        "company_name": "Другая", "name": "Пётр", "email": "petr@example.com", "password": PASSWORD, "locale": "ru", "time_zone": "UTC",
    });
    let anonymous = app.anonymous();
    let (one, two) = tokio::join!(anonymous.post("/setup", installation()), anonymous.post("/setup", second));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    anonymous.post("/setup", installation()).await.problem(409, "setup_done");
}

#[tokio::test]
async fn setup_names_the_field_that_is_wrong() {
    let app = TestApp::new().await;
    let wrong = async |field: &str, value: &str, code: &str| {
        let mut body = installation();
        body[field] = json!(value);
        app.anonymous().post("/setup", body).await.invalid(field, code);
    };
    wrong("company_name", "  ", "required").await;
    wrong("name", "", "required").await;
    wrong("email", "anna", "bad_email").await;
    wrong("password", "короче8", "too_short").await;
    wrong("password", "qwerty123", "too_common").await;
    wrong("password", "anna@romashka.ru", "like_email").await;
    wrong("time_zone", "Алматы", "bad_time_zone").await;
    wrong("locale", "de", "unreadable").await;
    let mut body = installation();
    body.as_object_mut().unwrap().remove("email");
    app.anonymous().post("/setup", body).await.invalid("email", "required");
    assert_eq!(app.anonymous().get("/setup").await.ok()["needed"], true);
}

#[tokio::test]
async fn a_password_opens_and_signing_out_closes() {
    let (app, _) = installed().await;
    let response = sign_in(&app.anonymous(), " ANNA@romashka.ru ", PASSWORD).await;
    let cookie = response.header("set-cookie").unwrap().to_owned();
    assert!(cookie.ends_with("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax"), "{cookie}");
    let anna = with_cookie_of(&app.anonymous(), &response);
    assert_eq!(response.expect(201)["user"]["name"], "Анна Ким");
    anna.get("/me").await.ok();

    let left = anna.delete("/session").await;
    assert!(left.header("set-cookie").unwrap().starts_with("otklik_session=; Path=/; Max-Age=0"));
    left.expect(204);
    anna.get("/me").await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_cookie_is_for_https_alone_where_the_address_is() {
    let app = TestApp::with_config(|config| config.public_url = "https://desk.example.com".to_owned()).await;
    let response = app.anonymous().post("/setup", installation()).await;
    assert!(response.header("set-cookie").unwrap().ends_with("; Secure"));
}

#[tokio::test]
async fn wrong_unknown_and_blocked_are_told_alike() {
    let (app, anna) = installed().await;
    let role = role_id(&anna, "operator").await;
    let new = json!({"name": "Пётр", "email": "petr@romashka.ru", "password": PASSWORD, "role_id": role});
    let petr = anna.post("/users", new).await.expect(201);
    anna.patch(&format!("/users/{}", petr["id"].as_str().unwrap()), json!({"blocked": true})).await.ok();

    let answer = async |login: &str, password: &str| {
        sign_in(&app.anonymous(), login, password).await.problem(401, "bad_credentials")
    };
    let wrong = answer("anna@romashka.ru", "не тот пароль").await;
    assert_eq!(answer("nobody@romashka.ru", PASSWORD).await, wrong);
    assert_eq!(answer("не адрес", PASSWORD).await, wrong);
    assert_eq!(answer("petr@romashka.ru", PASSWORD).await, wrong);
    assert_eq!(wrong["detail"], "Неверный адрес или пароль.");
}

#[tokio::test]
async fn errors_speak_the_language_of_the_browser_and_then_of_the_user() {
    let (app, anna) = installed().await;
    let english = app.anonymous().with_header("accept-language", "en-GB,en;q=0.9");
    assert_eq!(
        sign_in(&english, "anna@romashka.ru", "wrong").await.expect(401)["detail"],
        "Wrong address or password."
    );
    let missing = "/lines/00000000-0000-7000-8000-000000000000";
    let anna = anna.with_header("accept-language", "en");
    assert_eq!(anna.get(missing).await.expect(404)["title"], "Не найдено");
    anna.patch("/me", json!({"locale": "en"})).await.ok();
    assert_eq!(anna.get(missing).await.expect(404)["title"], "Not found");
}

#[tokio::test]
async fn ten_wrong_passwords_in_a_quarter_of_an_hour_are_enough() {
    let (app, _) = installed().await;
    for _ in 0..10 {
        sign_in(&app.anonymous(), "anna@romashka.ru", "wrong").await.problem(401, "bad_credentials");
    }
    app.advance(Duration::minutes(5));
    let refused = sign_in(&app.anonymous(), "Anna@romashka.ru", PASSWORD).await;
    assert_eq!(refused.header("retry-after"), Some("600"));
    refused.problem(429, "rate_limited");

    app.advance(Duration::minutes(10));
    sign_in(&app.anonymous(), "anna@romashka.ru", PASSWORD).await.expect(201);
}

#[tokio::test]
async fn passwords_tried_all_at_once_are_counted_too() {
    let (app, _) = installed().await;
    let tries = (0..20).map(|_| {
        let anonymous = app.anonymous();
        async move { sign_in(&anonymous, "anna@romashka.ru", "wrong").await.status.as_u16() }
    });
    let statuses = futures::future::join_all(tries).await;
    let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(401), count(429)), (10, 10), "{statuses:?}");
}

#[tokio::test]
async fn one_address_cannot_try_many_accounts_and_a_right_password_forgets_the_mistakes() {
    let (app, _) = installed().await;
    for _ in 0..3 {
        for _ in 0..9 {
            sign_in(&app.anonymous(), "anna@romashka.ru", "wrong").await.expect(401);
        }
        sign_in(&app.anonymous(), "anna@romashka.ru", PASSWORD).await.expect(201);
    }
    for number in 0..50 {
        sign_in(&app.anonymous(), &format!("user{number}@romashka.ru"), "wrong").await.expect(401);
    }
    sign_in(&app.anonymous(), "anna@romashka.ru", PASSWORD).await.problem(429, "rate_limited");
}

#[tokio::test]
async fn another_site_cannot_act_with_our_cookie() {
    let (app, anna) = installed().await;
    let anna = anna.with_header("host", "desk.romashka.ru");
    let rename = json!({"name": "Другая"});
    let evil = anna.clone().with_header("origin", "https://evil.example");
    evil.patch("/me", rename.clone()).await.problem(403, "cross_site");
    anna.clone()
        .with_header("sec-fetch-site", "cross-site")
        .patch("/me", rename.clone())
        .await
        .problem(403, "cross_site");
    evil.clone().with_header("upgrade", "websocket").get("/live").await.problem(403, "cross_site");
    evil.get("/me").await.ok();
    sign_in(&app.anonymous().with_header("origin", "null"), "anna@romashka.ru", PASSWORD)
        .await
        .problem(403, "cross_site");

    assert_eq!(anna.get("/me").await.ok()["name"], "Анна Ким");
    anna.clone().with_header("origin", "https://desk.romashka.ru").patch("/me", rename.clone()).await.ok();
    anna.with_header("sec-fetch-site", "same-origin").patch("/me", rename).await.ok();
}

#[tokio::test]
async fn a_login_ends_after_thirty_days_without_use() {
    let (app, anna) = installed().await;
    for _ in 0..3 {
        app.advance(Duration::days(29));
        anna.get("/me").await.ok();
        seen_now(&app, &anna).await;
    }
    app.advance(Duration::days(30));
    anna.get("/me").await.problem(401, "unauthenticated");
}

/// Waits until the use of the login is written down, which happens beside the request.
async fn seen_now(app: &TestApp, client: &Client) {
    for _ in 0..200 {
        let sessions = client.get("/me/sessions").await.ok();
        let seen: chrono::DateTime<chrono::Utc> =
            sessions["items"][0]["last_seen_at"].as_str().unwrap().parse().unwrap();
        if seen == app.now() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the use of the login was never written down");
}

#[tokio::test]
async fn logins_are_listed_and_ended_one_by_one_or_together() {
    let (app, anna) = installed().await;
    let browser = app.anonymous().with_header("user-agent", "Firefox");
    let open = async || with_cookie_of(&app.anonymous(), &sign_in(&browser, "anna@romashka.ru", PASSWORD).await);
    let (second, third) = (open().await, open().await);
    let sessions = anna.get("/me/sessions").await.ok()["items"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 3);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    let firefox = sessions.iter().find(|session| session["user_agent"] == "Firefox").unwrap();
    assert_eq!(firefox["ip"], "127.0.0.1");

    anna.delete(&format!("/me/sessions/{}", firefox["id"].as_str().unwrap())).await.expect(204);
    let statuses = [second.get("/me").await.status.as_u16(), third.get("/me").await.status.as_u16()];
    assert!(statuses == [200, 401] || statuses == [401, 200], "{statuses:?}");
    anna.delete("/me/sessions").await.expect(204);
    second.get("/me").await.expect(401);
    third.get("/me").await.expect(401);
    anna.get("/me").await.ok();

    let boris = app.operator("boris@romashka.ru", &[]).await;
    let foreign = boris.get("/me/sessions").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    anna.delete(&format!("/me/sessions/{foreign}")).await.problem(404, "not_found");
    boris.get("/me").await.ok();
}

#[tokio::test]
async fn a_new_password_ends_the_other_logins() {
    let (app, anna) = installed().await;
    let other = with_cookie_of(&app.anonymous(), &sign_in(&app.anonymous(), "anna@romashka.ru", PASSWORD).await);
    let change = |current: &str, new: &str| json!({"current": current, "new": new});
    anna.post("/me/password", change("wrong", "новый пароль 8")).await.invalid("current", "wrong_password");
    anna.post("/me/password", change(PASSWORD, "мало")).await.invalid("new", "too_short");
    other.get("/me").await.ok();

    anna.post("/me/password", change(PASSWORD, "новый пароль 8")).await.expect(204);
    anna.get("/me").await.ok();
    other.get("/me").await.expect(401);
    sign_in(&app.anonymous(), "anna@romashka.ru", PASSWORD).await.expect(401);
    sign_in(&app.anonymous(), "anna@romashka.ru", "новый пароль 8").await.expect(201);
}

#[tokio::test]
async fn people_change_their_own_profile() {
    let (_app, anna) = installed().await;
    let me = anna.patch("/me", json!({"name": "Анна  Ли", "theme": "dark", "time_zone": "Europe/Moscow"})).await.ok();
    assert_eq!(
        (&me["name"], &me["theme"], &me["time_zone"]),
        (&json!("Анна Ли"), &json!("dark"), &json!("Europe/Moscow"))
    );
    assert_eq!(anna.get("/me").await.ok(), me);
    anna.patch("/me", json!({"theme": "pink"})).await.invalid("theme", "unreadable");
    anna.patch("/me", json!({"name": " "})).await.invalid("name", "required");
    anna.patch("/me", json!({"name": "я".repeat(201)})).await.invalid("name", "too_long");
}

#[tokio::test]
async fn old_logins_and_attempts_are_forgotten() {
    use sea_orm::{ConnectionTrait, DbErr};
    let (app, anna) = installed().await;
    sign_in(&app.anonymous(), "anna@romashka.ru", "wrong").await.expect(401);
    let count = async |table: &str| -> Result<i64, DbErr> {
        let sql = format!("select count(*) from {table}");
        app.app
            .db
            .read()
            .query_one_raw(db::dialect::statement(app.app.db.read(), &sql, []))
            .await?
            .unwrap()
            .try_get_by_index(0)
    };
    assert_eq!((count("login_session").await.unwrap(), count("login_attempt").await.unwrap()), (1, 1));
    app.advance(Duration::days(31));
    let tx = app.app.write().await.unwrap();
    jobs::enqueue_raw(&tx, "auth.forget_expired", json!({})).await.unwrap();
    tx.commit().await.unwrap();
    app.run_jobs().await;
    assert_eq!((count("login_session").await.unwrap(), count("login_attempt").await.unwrap()), (0, 0));
    anna.get("/me").await.expect(401);
}

#[tokio::test]
async fn the_command_line_creates_users_and_resets_passwords() {
    let app = TestApp::new().await;
    auth::ops::create_user(&app.app, "Boris@romashka.ru", "Борис", "operator", PASSWORD).await.unwrap();
    let boris = with_cookie_of(&app.anonymous(), &sign_in(&app.anonymous(), "boris@romashka.ru", PASSWORD).await);
    boris.get("/me").await.ok();
    auth::ops::reset_password(&app.app, "boris@romashka.ru", "совсем другой").await.unwrap();
    boris.get("/me").await.expect(401);
    sign_in(&app.anonymous(), "boris@romashka.ru", "совсем другой").await.expect(201);
    let unknown = auth::ops::create_user(&app.app, "vera@romashka.ru", "Вера", "king", PASSWORD).await;
    assert!(matches!(unknown, Err(base::Error::Invalid(_))), "{unknown:?}");
}

async fn role_id(client: &Client, key: &str) -> String {
    let roles = client.get("/roles").await.ok();
    let role = roles["items"].as_array().unwrap().iter().find(|role| role["key"] == key).unwrap();
    role["id"].as_str().unwrap().to_owned()
}
