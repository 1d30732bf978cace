//! Marks that clients give.

use serde_json::json;

use crate::site_chat::Site;

#[tokio::test]
async fn a_visitor_rates_and_staff_comment() {
    let site = Site::new(json!({})).await;
    let visitor = site.visitor().await;
    visitor.post("/rating", json!({"stars": 5})).await.problem(404, "not_found");
    visitor.say("Вопрос").await;
    let conversation = site.only_conversation().await;
    site.answer(&conversation, "<p>Ответ</p>").await;
    let path = format!("/conversations/{}", conversation["id"].as_str().unwrap());
    site.admin.put(&format!("{path}/rating/comment"), json!({"comment": "рано"})).await.problem(404, "not_found");
    site.admin.post(&format!("{path}/close"), json!({})).await.expect(200);
    assert_eq!(visitor.page().await["conversation"]["ask_rating"], true);
    visitor.post("/rating", json!({"stars": 6})).await.invalid("stars", "out_of_range");
    visitor.post("/rating", json!({"stars": 4, "comment": "Почти"})).await.expect(204);
    visitor.post("/rating", json!({"stars": 4, "comment": "Почти"})).await.expect(204);
    let seen = visitor.page().await["conversation"].clone();
    assert_eq!((&seen["ask_rating"], &seen["rating"]), (&json!(false), &json!(4)));
    let comment = json!({"comment": "Разобрали с Анной"});
    site.admin.put(&format!("{path}/rating/comment"), comment).await.expect(200);
    let shown = site.only_conversation().await;
    assert_eq!((&shown["rating"]["stars"], &shown["rating"]["comment"]), (&json!(4), &json!("Почти")));
    assert_eq!(shown["rating"]["staff_comment"], "Разобрали с Анной");
    let items = shown["messages"]["items"].as_array().unwrap().clone();
    let marks: Vec<_> = items.iter().filter(|item| item["kind"] == "conversation_rated").collect();
    assert_eq!(marks.len(), 1, "the same mark twice is no news");
    assert_eq!(marks[0]["data"]["stars"], 4);
    visitor.post("/rating", json!({"stars": 5})).await.expect(204);
    assert_eq!(site.only_conversation().await["rating"]["stars"], 5);
}
