//! Lines and groups.

use serde_json::json;
use tests::TestApp;

#[tokio::test]
async fn an_operator_sees_the_lines_of_his_groups_only() {
    let app = TestApp::new().await;
    let (support, sales) = (app.line("SUPPORT").await, app.line("SALES").await);
    let anna = app.operator("anna@otklik.test", &[support]).await;

    let lines = anna.get("/lines").await.ok();
    assert_eq!(lines["items"].as_array().unwrap().len(), 1, "{lines}");
    assert_eq!(lines["items"][0]["key"], "SUPPORT");
    anna.get(&format!("/lines/{sales}")).await.problem(404, "not_found");

    app.serve(anna.user_id(), sales).await;
    assert_eq!(anna.get(&format!("/lines/{sales}")).await.ok()["key"], json!("SALES"));
}
