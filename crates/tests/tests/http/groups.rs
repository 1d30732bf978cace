//! Groups of staff.

use serde_json::json;
use tests::TestApp;

#[tokio::test]
async fn groups_are_made_changed_and_deleted() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let anna = app.operator("anna@otklik.test", &[]).await;
    let new = json!({"name": " Первая  линия ", "description": "Отвечают первыми", "member_ids": [anna.user_id()]});
    let group = admin.post("/groups", new).await.expect(201);
    assert_eq!((&group["name"], &group["description"]), (&json!("Первая линия"), &json!("Отвечают первыми")));
    assert_eq!(group["members"][0]["name"], "anna");
    assert_eq!(group["lines"], json!([]));

    let path = format!("/groups/{}", group["id"].as_str().unwrap());
    let changed = admin.patch(&path, json!({"member_ids": []})).await.ok();
    assert_eq!((&changed["members"], &changed["name"]), (&json!([]), &json!("Первая линия")));
    admin.delete(&path).await.expect(204);
    assert_eq!(admin.get("/groups").await.ok()["items"], json!([]));
    admin.delete(&path).await.problem(404, "not_found");
    admin.patch(&path, json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_group_that_a_line_uses_stays() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let line = app.line("SUPPORT").await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let group = admin.get("/groups").await.ok()["items"][0].clone();
    assert_eq!(group["lines"], json!([{"id": line, "name": "SUPPORT", "role": "operators"}]));
    assert_eq!(group["members"][0]["id"], json!(anna.user_id()));
    let path = format!("/groups/{}", group["id"].as_str().unwrap());
    admin.delete(&path).await.problem(409, "group_in_use");
    admin.patch(&format!("/lines/{line}"), json!({"operator_group_ids": []})).await.ok();
    admin.delete(&path).await.expect(204);
}

#[tokio::test]
async fn wrong_groups_name_the_field() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.post("/groups", json!({"name": "Первая"})).await.expect(201);
    admin.post("/groups", json!({"name": "Первая"})).await.invalid("name", "name_taken");
    admin.post("/groups", json!({"name": " "})).await.invalid("name", "required");
    admin.post("/groups", json!({})).await.invalid("name", "required");
    let nobody = json!(["00000000-0000-7000-8000-000000000000"]);
    admin.post("/groups", json!({"name": "Вторая", "member_ids": nobody})).await.invalid("member_ids[0]", "unknown");
    assert_eq!(admin.get("/groups").await.ok()["items"].as_array().unwrap().len(), 1);
}
