//! All rules of a line saved at once: all of it or nothing, and never over what somebody else saved.

use serde_json::{Value, json};
use tests::{Client, TestApp};

struct Set {
    app: TestApp,
    admin: Client,
    path: String,
}

fn rule(name: &str) -> Value {
    json!({"id": null, "name": name, "condition": {"all": []}, "target": {"kind": "queue", "group_id": null}})
}

impl Set {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let (admin, line) = (app.admin().await, app.line("SUPPORT").await);
        Set { app, admin, path: format!("/lines/{line}/routing-rules") }
    }

    async fn read(&self) -> Value {
        self.admin.get(&self.path).await.ok()
    }

    async fn save(&self, version: &Value, rules: Value) -> tests::Response {
        self.admin.put(&self.path, json!({"version": version, "rules": rules})).await
    }
}

fn names(set: &Value) -> Vec<&str> {
    set["items"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_set_is_saved_as_one() {
    let set = Set::new().await;
    let saved = set.save(&json!(0), json!([rule("Первое"), rule("Второе"), rule("Третье")])).await.ok();
    assert_eq!((names(&saved), saved["version"].as_i64()), (vec!["Первое", "Второе", "Третье"], Some(1)));
    let [first, second, third] = saved["items"].as_array().unwrap().as_slice() else { panic!("{saved}") };

    // Moved, changed, deleted and added in one; what stays keeps its id.
    let mut changed = first.clone();
    changed["enabled"] = json!(false);
    let default = json!({"target": {"kind": "invite_all"}, "manager_first": true});
    let body = json!({"version": 1, "rules": [third, changed, rule("Новое")], "default": default});
    let again = set.admin.put(&set.path, body).await.ok();
    assert_eq!(names(&again), ["Третье", "Первое", "Новое"]);
    assert_eq!((&again["items"][0]["id"], &again["items"][1]["id"]), (&third["id"], &first["id"]));
    assert_eq!(again["items"][1]["enabled"], false);
    assert_eq!(again, set.read().await);
    let default = set.admin.get(&set.path.replace("routing-rules", "routing-default")).await.ok();
    assert_eq!((&default["target"]["kind"], &default["manager_first"]), (&json!("invite_all"), &json!(true)));
    let gone = format!("/routing-rules/{}", second["id"].as_str().unwrap());
    set.admin.delete(&gone).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_set_is_not_saved_over_another() {
    let set = Set::new().await;
    set.save(&json!(0), json!([rule("Моё")])).await.ok();
    let refused = set.save(&json!(0), json!([rule("Чужое")])).await.problem(409, "rules_changed");
    assert!(
        refused["detail"].to_string().contains("сохранил") || refused.to_string().contains("сохранил"),
        "{refused}"
    );
    assert_eq!(names(&set.read().await), ["Моё"]);
    // A single rule and the default count, too.
    set.admin.post(&set.path, rule("Одно")).await.expect(201);
    set.save(&json!(1), json!([])).await.problem(409, "rules_changed");
    let default = json!({"target": {"kind": "invite_all"}});
    set.admin.put(&set.path.replace("routing-rules", "routing-default"), default).await.ok();
    set.save(&json!(2), json!([])).await.problem(409, "rules_changed");
    assert_eq!(names(&set.save(&json!(3), json!([])).await.ok()), Vec::<&str>::new());
    let somebody = set.app.user("anna@otklik.test", "Анна Котова", "operator").await;
    somebody.put(&set.path, json!({"version": 4, "rules": []})).await.problem(403, "forbidden");
}

#[tokio::test]
async fn what_is_wrong_in_a_set_is_named_and_nothing_is_saved() {
    let set = Set::new().await;
    let saved = set.save(&json!(0), json!([rule("Первое")])).await.ok();
    let first = saved["items"][0].clone();
    let wrong = async |rules: Value, field: &str, code: &str| {
        set.save(&json!(1), rules).await.invalid(field, code);
        assert_eq!(set.read().await, saved);
    };
    wrong(json!([first, rule(" ")]), "rules[1].name", "required").await;
    let mut bad = rule("Второе");
    bad["condition"] = json!({"all": [{"field": "message_text", "operator": "contains", "value": []}]});
    wrong(json!([first, bad]), "rules[1].condition.all[0].value", "bad_value").await;
    let mut bad = rule("Второе");
    bad["target"] = json!({"kind": "least_loaded", "group_id": first["id"]});
    wrong(json!([bad]), "rules[0].target.group_id", "not_on_line").await;
    let mut stranger = rule("Чужое");
    stranger["id"] = first["line_id"].clone();
    wrong(json!([stranger]), "rules[0].id", "unknown").await;
    wrong(json!([first, first]), "rules[1].id", "unknown").await;
    let body = json!({"version": 1, "rules": [], "default": {"target": {"kind": "operator", "user_id": first["id"]}}});
    set.admin.put(&set.path, body).await.invalid("default.target.user_id", "not_on_line");
    let events = json!(names(&set.read().await));
    assert_eq!(events, json!(["Первое"]));
}
