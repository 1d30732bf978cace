//! A mark given by a button in a messenger, and a client of a messenger who is on the block list.

use serde_json::{Value, json};

use super::chat_world::ChatWorld;
use super::mail_world::eventually;
use super::sim::telegram::{Person, Telegram};

async fn world() -> (ChatWorld, Telegram, Person) {
    let mut world = ChatWorld::new().await;
    let sim = Telegram::start().await;
    world.create("telegram", json!({"token": sim.token(), "api_url": sim.base_url})).await;
    world.channel_is("active").await;
    let anna = sim.person(501, "Анна", "Смирнова", "anna_s");
    (world, sim, anna)
}

async fn rated(world: &ChatWorld, stars: i64) -> Value {
    let path = format!("/conversations/{}", world.conversation().await);
    eventually(&format!("{stars} stars"), async || {
        world.test.run_jobs().await;
        let opened = world.admin.get(&path).await.expect(200);
        (opened["rating"]["stars"] == stars).then_some(opened)
    })
    .await
}

#[tokio::test]
async fn a_button_under_the_question_is_a_mark_and_nothing_said() {
    let (world, sim, anna) = world().await;
    let line = format!("/lines/{}", world.line);
    world.admin.patch(&line, json!({"chats": {"ask_rating": true}})).await.expect(200);
    sim.says(&anna, "Где заказ?");
    world.messages_are(1).await;
    let answer = world.say("Едет").await;
    world.is(&answer, "sent").await;
    let close = format!("/conversations/{}/close", world.conversation().await);
    world.admin.post(&close, json!({})).await.expect(200);
    let question = world.messages_are(3).await.remove(2);
    assert_eq!(question["automatic"], "rating_request");
    world.is(&question, "sent").await;

    let asked = sim.sent(&anna).pop().unwrap();
    let buttons = asked["reply_markup"]["inline_keyboard"][0].as_array().unwrap().clone();
    assert_eq!(buttons.len(), 5);
    let press = |stars: usize| {
        let data = buttons[stars - 1]["callback_data"].as_str().unwrap();
        sim.presses(&anna, asked["message_id"].as_i64().unwrap(), data)
    };
    press(4);
    let rated_once = rated(&world, 4).await;
    assert_eq!(rated_once["status"], "closed", "a mark opens nothing");
    press(2);
    rated(&world, 2).await;
    world.quiet().await;
    assert_eq!(world.messages().await.len(), 3, "a press is no message");
    assert_eq!(sim.unanswered_presses(), 0);

    // Closed again, it is not asked again.
    let reopen = format!("/conversations/{}/reopen", world.conversation().await);
    world.admin.post(&reopen, json!({})).await.expect(200);
    world.admin.post(&close, json!({})).await.expect(200);
    world.test.run_jobs().await;
    world.quiet().await;
    assert_eq!(sim.sent(&anna).len(), 2);
}

#[tokio::test]
async fn a_blocked_account_is_on_the_ledger_and_in_no_conversation() {
    let (world, sim, anna) = world().await;
    let rule = json!({"kind": "account", "pattern": "telegram:501", "note": "Реклама"});
    let rule = world.admin.post("/blocks", rule).await.expect(201);
    sim.says(&anna, "Купите слона");
    eventually("it has arrived", async || (world.received().await == 1).then_some(())).await;
    world.quiet().await;
    assert_eq!(world.conversations().await.len(), 0);
    let kept = world.admin.get(&format!("{}/updates", world.channel)).await.expect(200)["items"].clone();
    assert_eq!((kept.as_array().unwrap().len(), &kept[0]["state"]), (1, &json!("ignored")));
    assert!(kept[0]["error"].as_str().unwrap().contains("telegram:501"), "the ledger says by which rule: {kept}");
    assert!(kept[0]["body_preview"].as_str().unwrap().contains("Купите слона"), "{kept}");
    let hits = world.admin.get("/blocks").await.expect(200)["items"][0]["hits"].clone();
    assert_eq!(hits, 1);

    // Somebody else is heard, and so is she once the rule is gone.
    sim.says(&sim.person(502, "Пётр", "Иванов", "petr"), "Здравствуйте");
    world.messages_are(1).await;
    world.admin.delete(&format!("/blocks/{}", rule["id"].as_str().unwrap())).await.expect(204);
    sim.says(&anna, "Я больше не буду");
    let two = eventually("two conversations", async || {
        world.test.run_jobs().await;
        let all = world.conversations().await;
        (all.len() == 2).then_some(all)
    })
    .await;
    assert!(two.iter().any(|one| one["preview"] == "Я больше не буду"), "{two:?}");
}

#[tokio::test]
async fn what_was_taken_is_not_taken_again() {
    let (world, sim, anna) = world().await;
    sim.says(&anna, "Привет");
    world.messages_are(1).await;
    let kept = world.admin.get(&format!("{}/updates", world.channel)).await.expect(200)["items"].clone();
    let path = format!("/channels/updates/{}/retry", kept[0]["id"].as_str().unwrap());
    world.admin.post(&path, json!({})).await.problem(409, "not_failed");
}
