//! A mailbox that is pinned to a group: what comes by it is that group's own, and nobody else on the line sees it.

use base::{GroupId, LineId};
use serde_json::{Value, json};
use tests::{Client, TestApp};

use crate::conversations::{mail, receive_mail};
use crate::live::{events, listen, say, whisper};
use crate::mail_intake::mail as raw;
use crate::mail_world::{MailWorld, eventually};

/// A line that two groups serve: Анна's, and Катя's, who handles claims.
struct Desk {
    app: TestApp,
    line: LineId,
    claims: GroupId,
    anna: Client,
    katya: Client,
    sergey: Client,
    admin: Client,
}

async fn desk_on(app: TestApp) -> Desk {
    let line = app.line("SUPPORT").await;
    let admin = app.admin().await;
    let anna = app.operator("anna@otklik.test", &[line]).await;
    let katya = app.operator("katya@otklik.test", &[]).await;
    let claims = app.serve(katya.user_id(), line).await;
    let sergey = app.user("sergey@otklik.test", "Сергей", "operator").await;
    let group = json!({"name": "Старшие", "member_ids": [sergey.user_id()]});
    let group = admin.post("/groups", group).await.expect(201);
    admin.patch(&format!("/lines/{line}"), json!({"supervisor_group_ids": [group["id"]]})).await.expect(200);
    Desk { app, line, claims, anna, katya, sergey, admin }
}

async fn desk() -> Desk {
    desk_on(TestApp::new().await).await
}

impl Desk {
    async fn claim(&self, text: &str) -> String {
        let inbound = desk::conversation::Inbound {
            group_id: Some(self.claims),
            ..mail(self.line, &format!("{}@client.test", self.app.app.new_id().simple()), text)
        };
        receive_mail(&self.app, inbound).await.conversation_id.to_string()
    }

    async fn question(&self, text: &str) -> String {
        receive_mail(&self.app, mail(self.line, "client@example.com", text)).await.conversation_id.to_string()
    }
}

/// The ids in a list, sorted.
async fn ids(client: &Client, path: &str) -> Vec<String> {
    let items = client.get(path).await.expect(200)["items"].as_array().unwrap().clone();
    let id = |item: &Value| item.get("conversation").unwrap_or(item)["id"].as_str().unwrap().to_owned();
    let mut ids: Vec<String> = items.iter().map(id).collect();
    ids.sort();
    ids
}

fn sorted(mut ids: Vec<&String>) -> Vec<String> {
    ids.sort();
    ids.into_iter().cloned().collect()
}

#[tokio::test]
async fn lists_counters_search_and_links_keep_to_the_group() {
    let desk = desk().await;
    let claim = desk.claim("Претензия по договору поставки").await;
    let question = desk.question("Вопрос по договору поставки").await;
    for client in [&desk.katya, &desk.sergey, &desk.admin] {
        for path in ["/conversations", "/conversations?view=all&sort=number", "/search?q=договор"] {
            assert_eq!(ids(client, path).await, sorted(vec![&claim, &question]), "{path}");
        }
        let counters = client.get("/conversations/counters").await.expect(200);
        assert_eq!((&counters["open"], &counters["unassigned"]), (&json!(2), &json!(2)));
        assert_eq!(counters["lines"], json!([{"line_id": desk.line, "open": 2, "unassigned": 2}]));
        client.get(&format!("/conversations/{claim}")).await.expect(200);
    }
    let anna = &desk.anna;
    let number = desk.admin.get(&format!("/conversations/{claim}")).await.expect(200)["number"].clone();
    for path in
        ["/conversations", "/conversations?view=all&sort=number", "/conversations?sort=oldest", "/search?q=договор"]
    {
        assert_eq!(ids(anna, path).await, [question.as_str()], "{path}");
    }
    assert_eq!(ids(anna, &format!("/search?q={number}")).await, [""; 0]);
    assert_eq!(ids(anna, &format!("/conversations?line_id={}", desk.line)).await, [question.as_str()]);
    let counters = anna.get("/conversations/counters").await.expect(200);
    assert_eq!((&counters["open"], &counters["unassigned"]), (&json!(1), &json!(1)));
    assert_eq!(counters["lines"], json!([{"line_id": desk.line, "open": 1, "unassigned": 1}]));
    for path in ["", "/messages"] {
        anna.get(&format!("/conversations/{claim}{path}")).await.problem(404, "not_found");
    }
    for command in ["take", "close"] {
        anna.post(&format!("/conversations/{claim}/{command}"), json!({})).await.problem(404, "not_found");
    }
    let reply = json!({"kind": "outbound", "html": "<p>Здравствуйте!</p>"});
    anna.post(&format!("/conversations/{claim}/messages"), reply).await.problem(404, "not_found");
    let opened = desk.katya.get(&format!("/conversations/{claim}")).await.expect(200);
    let message = opened["messages"]["items"][0]["id"].as_str().unwrap();
    anna.post(&format!("/messages/{message}/detach"), json!({})).await.problem(404, "not_found");
    let contact = opened["contact"]["id"].as_str().unwrap();
    anna.get(&format!("/contacts/{contact}")).await.problem(404, "not_found");
    desk.katya.get(&format!("/contacts/{contact}")).await.expect(200);
}

#[tokio::test]
async fn many_claims_do_not_hide_what_is_found_after_them() {
    let desk = desk().await;
    let question = desk.question("Договор поставки").await;
    for number in 0..25 {
        desk.claim(&format!("Договор поставки, претензия {number}")).await;
    }
    assert_eq!(ids(&desk.anna, "/search?q=договор&limit=5").await, [question.as_str()]);
    assert_eq!(ids(&desk.katya, "/search?q=договор&limit=5").await.len(), 5);
}

#[tokio::test]
async fn live_events_keep_to_the_group() {
    let desk = desk().await;
    desk.app.app.start();
    let (mut anna, _) = listen(&desk.app, &desk.anna, None).await;
    let (mut katya, _) = listen(&desk.app, &desk.katya, None).await;
    let (mut sergey, _) = listen(&desk.app, &desk.sergey, None).await;
    let claim = desk.claim("Претензия").await;
    desk.katya.post(&format!("/conversations/{claim}/take"), json!({})).await.ok();
    let ticket = json!({"subject": "Тайна", "type": "claim", "priority": "high"});
    let ticket = desk.katya.post(&format!("/conversations/{claim}/tickets"), ticket).await.expect(201);
    let change = json!({"subject": "Большая тайна"});
    desk.katya.patch(&format!("/tickets/{}", ticket["id"].as_str().unwrap()), change).await.expect(200);
    let question = desk.question("Вопрос").await;
    for socket in [&mut katya, &mut sergey] {
        let heard = events(socket, 6).await;
        let kinds: Vec<&str> = heard.iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(
            kinds,
            [
                "conversation_created",
                "message_created",
                "conversation_taken",
                "ticket_created",
                "conversation_updated",
                "conversation_created"
            ]
        );
        assert_eq!((&heard[0]["conversation_id"], &heard[5]["conversation_id"]), (&json!(claim), &json!(question)));
    }
    let first = events(&mut anna, 1).await.remove(0);
    assert_eq!((&first["kind"], &first["conversation_id"]), (&json!("conversation_created"), &json!(question)));
}

#[tokio::test]
async fn who_looks_at_a_claim_is_told_to_its_group_only() {
    let desk = desk().await;
    desk.app.app.start();
    let claim = desk.claim("Претензия").await;
    let question = desk.question("Вопрос").await;
    let (mut anna, _) = listen(&desk.app, &desk.anna, None).await;
    let (mut katya, _) = listen(&desk.app, &desk.katya, None).await;
    let (mut sergey, _) = listen(&desk.app, &desk.sergey, None).await;
    for id in [&claim, &question] {
        say(&mut katya, json!({"type": "presence", "conversation_id": id, "typing": true})).await;
        assert_eq!(whisper(&mut sergey, "presence").await["conversation_id"], json!(id));
    }
    assert_eq!(whisper(&mut anna, "presence").await["conversation_id"], json!(question));
}

#[tokio::test]
async fn tickets_about_claims_keep_to_the_group_until_others_see_one() {
    let desk = desk().await;
    let (claim, question) = (desk.claim("Претензия").await, desk.question("Вопрос").await);
    let new = json!({"subject": "Возврат", "type": "claim", "priority": "high"});
    let ticket = desk.katya.post(&format!("/conversations/{claim}/tickets"), new).await.expect(201);
    let id = ticket["id"].as_str().unwrap().to_owned();
    assert_eq!(ids(&desk.katya, "/tickets").await, [id.as_str()]);
    assert_eq!(ids(&desk.anna, "/tickets").await, [""; 0]);
    desk.anna.get(&format!("/tickets/{id}")).await.problem(404, "not_found");
    let owner = json!({"owner_id": desk.anna.user_id()});
    desk.katya.patch(&format!("/tickets/{id}"), owner).await.problem(422, "invalid");

    desk.katya.post(&format!("/conversations/{question}/tickets/{id}"), json!({})).await.ok();
    assert_eq!(ids(&desk.anna, "/tickets").await, [id.as_str()]);
    let seen = desk.anna.get(&format!("/tickets/{id}")).await.expect(200);
    let conversations = seen["conversations"].as_array().unwrap();
    assert!(conversations.len() == 1 && conversations[0]["id"] == json!(question), "{seen}");
}

#[tokio::test]
async fn a_claim_is_given_only_to_those_who_see_it() {
    let desk = desk().await;
    let claim = desk.claim("Претензия").await;
    let path = format!("/conversations/{claim}/assignee");
    desk.sergey.put(&path, json!({"user_id": desk.anna.user_id()})).await.invalid("user_id", "not_assignable");
    for to in [&desk.katya, &desk.sergey, &desk.admin] {
        desk.sergey.put(&path, json!({"user_id": to.user_id()})).await.ok();
    }
}

#[tokio::test]
async fn rights_count_as_they_are_now() {
    let desk = desk().await;
    let claim = desk.claim("Претензия").await;
    let path = format!("/conversations/{claim}");
    desk.anna.get(&path).await.problem(404, "not_found");
    let members = |ids: &[base::UserId]| json!({"member_ids": ids});
    let group = format!("/groups/{}", desk.claims);
    desk.admin.patch(&group, members(&[desk.katya.user_id(), desk.anna.user_id()])).await.expect(200);
    desk.anna.get(&path).await.expect(200);
    desk.admin.patch(&group, members(&[desk.katya.user_id()])).await.expect(200);
    desk.anna.get(&path).await.problem(404, "not_found");

    // The group leaves the line: what was its own is the line's, not nobody's.
    let line = format!("/lines/{}", desk.line);
    let shown = desk.admin.get(&line).await.expect(200);
    let groups = shown["operator_groups"].as_array().unwrap().iter().map(|group| group["id"].clone());
    let others: Vec<Value> = groups.filter(|id| *id != json!(desk.claims)).collect();
    desk.admin.patch(&line, json!({"operator_group_ids": others})).await.expect(200);
    desk.anna.get(&path).await.expect(200);
    desk.katya.get(&path).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_to_claims_reaches_the_claims_group_only() {
    let servers = MailWorld::start();
    let ca = servers.ca();
    let desk = desk_on(TestApp::with_config(|config| config.extra_ca = Some(ca)).await).await;
    desk.app.app.start();
    for (address, group) in [("support@desk.test", None), ("claims@desk.test", Some(desk.claims))] {
        let mut body = servers.mailbox(desk.line, address);
        body["group_id"] = json!(group);
        desk.admin.post("/mailboxes", body).await.expect(201);
    }
    let send = async |to: &str, id: &str, subject: &str, headers: &str| {
        let letter = raw(id, "Клиент <client@clients.test>", subject, headers, "Здравствуйте.");
        servers.send("client@clients.test", to, &letter).await;
    };
    let wait = async |count: usize| {
        eventually(&format!("{count} conversations"), async || {
            (ids(&desk.admin, "/conversations").await.len() == count).then_some(())
        })
        .await;
    };
    send("support@desk.test", "1@clients.test", "Вопрос", "").await;
    wait(1).await;
    send("claims@desk.test", "2@clients.test", "Претензия", "").await;
    wait(2).await;
    // An answer to what everybody sees, but sent to the group's own address.
    send("claims@desk.test", "3@clients.test", "Re: Вопрос", "In-Reply-To: <1@clients.test>\r\n").await;
    wait(3).await;
    let subjects = async |client: &Client| {
        let list = client.get("/conversations").await.expect(200)["items"].as_array().unwrap().clone();
        let mut subjects: Vec<String> = list.iter().map(|row| row["subject"].as_str().unwrap().to_owned()).collect();
        subjects.sort();
        subjects
    };
    assert_eq!(subjects(&desk.anna).await, ["Вопрос"]);
    assert_eq!(subjects(&desk.katya).await, ["Re: Вопрос", "Вопрос", "Претензия"]);

    // The client's answer by another mailbox of the line stays in the group's conversation.
    send("support@desk.test", "4@clients.test", "Re: Претензия", "In-Reply-To: <2@clients.test>\r\n").await;
    let claim = async || {
        let list = desk.katya.get("/conversations").await.expect(200)["items"].as_array().unwrap().clone();
        list.into_iter().find(|row| row["subject"] == "Претензия").unwrap()
    };
    eventually("the answer", async || (claim().await["message_count"] == 2).then_some(())).await;
    assert_eq!(subjects(&desk.anna).await, ["Вопрос"]);
}
