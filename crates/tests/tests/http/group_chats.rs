//! Group conversations: clients by a site's chat, a messenger and mail, and colleagues of two lines, in one thread.

use base::{ContactId, LineId};
use chrono::Duration;
use serde_json::{Value, json};
use tests::Client;
use uuid::Uuid;

use crate::mail_intake::mail;
use crate::mail_sending::FakeSmtp;
use crate::mail_world::eventually;
use crate::sim::telegram::{Person, Telegram};
use crate::site_chat::{Site, Visitor};

/// A line that Anna reaches by the chat on the site, Boris by Telegram and Vera by mail.
struct World {
    site: Site,
    telegram: Telegram,
    smtp: FakeSmtp,
    visitor: Visitor,
    boris: Person,
    elsewhere: LineId,
}

impl World {
    async fn new() -> Self {
        let (site, telegram, smtp) = (Site::new(json!({})).await, Telegram::start().await, FakeSmtp::start().await);
        let settings = json!({"token": telegram.token(), "api_url": telegram.base_url});
        let channel = json!({"line_id": site.line, "kind": "telegram", "name": "Бот", "settings": settings});
        site.admin.post("/channels", channel).await.expect(201);
        let mailbox = json!({
            "line_id": site.line, "address": "support@desk.test", "from_name": "Поддержка",
            "imap": {"host": "127.0.0.1", "port": 1},
            "smtp": {"host": "127.0.0.1", "port": smtp.port, "security": "none", "login": ""}, "password": "x",
        });
        site.admin.post("/mailboxes", mailbox).await.expect(201);
        site.test.app.start();
        let visitor = site.visitor().await;
        let asked = json!({"client_id": Uuid::new_v4(), "text": "Вопрос Анны", "fields": {"name": "Анна"}});
        visitor.post("/messages", asked).await.expect(201);
        let boris = telegram.person(601, "Борис", "Котов", "boris");
        telegram.says(&boris, "Вопрос Бориса");
        let elsewhere = site.test.line("ELSEWHERE").await;
        let world = World { site, telegram, smtp, visitor, boris, elsewhere };
        let letter = mail("v1@client.example", "Вера <vera@client.example>", "Вопрос Веры", "", "Здравствуйте");
        world.deliver(letter).await;
        eventually("three clients have written", async || {
            world.work().await;
            (world.site.conversations().await.len() == 3).then_some(())
        })
        .await;
        world
    }

    async fn work(&self) {
        self.site.test.run_jobs().await;
        self.site.test.advance(Duration::milliseconds(500));
        self.site.test.run_jobs().await;
    }

    async fn deliver(&self, letter: String) -> email::Taken {
        email::deliver(&self.site.test.app, "SUPPORT", letter.into_bytes().into()).await.unwrap()
    }

    /// The client's own conversation.
    async fn own(&self, name: &str) -> Value {
        let all = self.site.conversations().await;
        let own = |one: &&Value| {
            one["contact"]["name"].as_str().is_some_and(|found| found.starts_with(name)) && one["channel"] != "group"
        };
        all.iter().find(own).unwrap_or_else(|| panic!("{name} in {all:?}")).clone()
    }

    async fn contact(&self, name: &str) -> ContactId {
        self.own(name).await["contact"]["id"].as_str().unwrap().parse().unwrap()
    }

    /// All three, and these colleagues.
    async fn group(&self, colleagues: &[&Client]) -> String {
        let mut contacts = Vec::new();
        for name in ["Анна", "Борис", "Вера"] {
            contacts.push(json!({"contact_id": self.contact(name).await}));
        }
        let users: Vec<_> = colleagues.iter().map(|one| one.user_id()).collect();
        let new = json!({"line_id": self.site.line, "title": "Переезд офиса", "contacts": contacts, "user_ids": users});
        let made = self.site.admin.post("/group-chats", new).await.expect(201);
        assert_eq!((&made["channel"], &made["subject"]), (&json!("group"), &json!("Переезд офиса")));
        made["id"].as_str().unwrap().to_owned()
    }

    async fn members(&self, id: &str) -> Vec<Value> {
        let list = self.site.admin.get(&format!("/conversations/{id}/members")).await.ok();
        list["items"].as_array().unwrap().clone()
    }

    async fn member(&self, id: &str, name: &str) -> String {
        let named = |one: &Value| {
            let name_of = |kind: &str| one[kind]["name"].as_str().unwrap_or_default().to_owned();
            format!("{}{}", name_of("contact"), name_of("user")).starts_with(name)
        };
        let all = self.members(id).await;
        let found = all.iter().find(|one| named(one)).unwrap_or_else(|| panic!("{name} in {all:?}"));
        found["id"].as_str().unwrap().to_owned()
    }

    async fn remove(&self, id: &str, name: &str) {
        let member = self.member(id, name).await;
        self.site.admin.delete(&format!("/conversations/{id}/members/{member}")).await.ok();
    }

    async fn messages(&self, id: &str) -> Vec<Value> {
        let opened = self.site.admin.get(&format!("/conversations/{id}")).await.ok();
        let items = opened["messages"]["items"].as_array().unwrap().clone();
        items.into_iter().filter(|item| item["type"] == "message").collect()
    }

    async fn texts(&self, id: &str) -> Vec<String> {
        let said = |one: &Value| {
            format!("{}: {}", one["author"]["name"].as_str().unwrap(), one["text"].as_str().unwrap().trim())
        };
        self.messages(id).await.iter().map(said).collect()
    }

    async fn says(&self, by: &Client, id: &str, text: &str) -> Value {
        let path = format!("/conversations/{id}/messages");
        by.post(&path, json!({"kind": "outbound", "text": text})).await.expect(201)
    }

    /// Waits until the last message of the group conversation says this.
    async fn last_is(&self, id: &str, said: &str) {
        eventually(&format!("the last is {said}"), async || {
            self.work().await;
            (self.texts(id).await.last().map(String::as_str) == Some(said)).then_some(())
        })
        .await;
    }

    /// Waits until every copy of a message is as far as this; answers them by name.
    async fn copies_are(&self, id: &str, message: &Value, state: &str) -> Vec<(String, String)> {
        eventually(&format!("the copies are {state}"), async || {
            self.work().await;
            let all = self.messages(id).await;
            let found = all.iter().find(|one| one["id"] == message["id"]).unwrap();
            let copies = found["copies"].as_array().unwrap();
            let all = copies.iter().all(|copy| copy["delivery"]["state"] == state);
            let named = |copy: &Value| {
                (copy["name"].as_str().unwrap().to_owned(), copy["channel"].as_str().unwrap().to_owned())
            };
            all.then(|| copies.iter().map(named).collect())
        })
        .await
    }

    fn telegrams(&self) -> Vec<String> {
        self.telegram.sent(&self.boris).iter().map(|one| one["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn letters(&self) -> Vec<(String, String)> {
        let read = |one: mail::Message| (one.to[0].address.clone(), one.text.trim().to_owned());
        self.smtp.letters().into_iter().map(read).collect()
    }

    /// Vera answers our last letter.
    async fn vera_replies(&self, id: &str, text: &str) -> email::Taken {
        let ours = self.smtp.letters().last().unwrap().message_id.clone().unwrap();
        let more = format!("In-Reply-To: <{ours}>\r\nReferences: <{ours}>\r\n");
        self.deliver(mail(id, "Вера <vera@client.example>", "Re: Переезд офиса", &more, text)).await
    }
}

#[tokio::test]
async fn everybody_writes_in_one_thread_each_by_his_own_channel() {
    let world = World::new().await;
    let lena = world.site.test.operator("lena@otklik.test", &[world.elsewhere]).await;
    let stranger = world.site.test.operator("stranger@otklik.test", &[world.elsewhere]).await;
    let id = world.group(&[&lena]).await;
    let by = |one: &Value| one["channel"].as_str().unwrap_or("staff").to_owned();
    let members: Vec<String> = world.members(&id).await.iter().map(by).collect();
    assert_eq!(members, ["chat", "telegram", "email", "staff", "staff"], "whoever began it takes part");

    // A colleague of another line sees this conversation, and nothing else of the line.
    let path = format!("/conversations/{id}");
    let seen = lena.get("/conversations?view=groups").await.ok();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(lena.get("/conversations?view=all").await.ok()["items"].as_array().unwrap().len(), 1);
    lena.get(&path).await.ok();
    stranger.get(&path).await.problem(404, "not_found");
    stranger.get(&format!("{path}/members")).await.problem(404, "not_found");
    world.site.admin.put(&format!("{path}/assignee"), json!({"user_id": null})).await.ok();
    lena.post(&format!("{path}/take"), json!({})).await.problem(409, "not_on_line");

    let said = world.says(&lena, &id, "Завтра приедем").await;
    let copies = world.copies_are(&id, &said, "sent").await;
    let found = async |who: &tests::Client| who.get("/search?q=приедем").await.ok()["items"].as_array().unwrap().len();
    assert_eq!((found(&lena).await, found(&stranger).await), (1, 0), "the search finds it for whoever takes part");
    assert_eq!(
        copies.iter().map(|(_, channel)| channel.as_str()).collect::<Vec<_>>(),
        ["chat", "telegram", "email"],
        "{copies:?}"
    );
    let page = world.visitor.page().await;
    let shown = page["items"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&shown["text"], &shown["author"]["name"], &shown["group"]),
        (&json!("Завтра приедем"), &json!("lena"), &json!("Переезд офиса"))
    );
    assert_eq!(world.telegrams(), ["lena · Переезд офиса\nЗавтра приедем"]);
    let letters = world.smtp.letters();
    assert_eq!((letters.len(), letters[0].subject.as_str()), (1, "Переезд офиса"));
    assert_eq!(letters[0].to[0].address, "vera@client.example");
    assert!(letters[0].text.starts_with("lena:"), "{}", letters[0].text);
    assert!(letters[0].text.contains("Завтра приедем"), "{}", letters[0].text);

    world.telegram.says(&world.boris, "Лифт работает?");
    world.last_is(&id, "Борис Котов: Лифт работает?").await;
    let asked = world.messages(&id).await.pop().unwrap();
    let copies = world.copies_are(&id, &asked, "sent").await;
    assert_eq!(copies.iter().map(|(_, channel)| channel.as_str()).collect::<Vec<_>>(), ["chat", "email"]);
    let page = world.visitor.page().await;
    let shown = page["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&shown["from"], &shown["author"]["name"]), (&json!("operator"), &json!("Борис Котов")));
    assert!(world.letters()[1].1.starts_with("Борис Котов:"), "{:?}", world.letters());

    let taken = world.vera_replies("v2@client.example", "Работает").await;
    assert_eq!(taken.conversation_id.unwrap().to_string(), id);
    world.last_is(&id, "Вера: Работает").await;
    let answered = world.messages(&id).await.pop().unwrap();
    world.copies_are(&id, &answered, "sent").await;
    assert_eq!(world.telegrams().last().unwrap(), "Вера · Переезд офиса\nРаботает");
    world.visitor.say("Спасибо всем").await;
    world.last_is(&id, "Анна: Спасибо всем").await;
    let thanks = world.messages(&id).await.pop().unwrap();
    world.copies_are(&id, &thanks, "sent").await;

    assert_eq!(
        world.texts(&id).await,
        ["lena: Завтра приедем", "Борис Котов: Лифт работает?", "Вера: Работает", "Анна: Спасибо всем"],
        "staff read each message once"
    );
    assert_eq!(world.telegrams().len(), 3, "each copy left once");
    assert_eq!(world.letters().len(), 3, "each copy left once");
    let row = world.site.admin.get(&path).await.ok();
    assert_eq!((&row["channel"], &row["message_count"]), (&json!("group"), &json!(4)));
    assert_eq!(row["preview"], "Спасибо всем");
}

#[tokio::test]
async fn a_client_with_two_conversations_answers_where_he_quotes_or_was_written_last() {
    let world = World::new().await;
    let own = world.own("Борис").await["id"].as_str().unwrap().to_owned();
    let answer = world.says(&world.site.admin, &own, "Отвечаем лично").await;
    eventually("the answer is there", async || {
        world.work().await;
        (world.telegrams().len() == 1).then_some(())
    })
    .await;
    let id = world.group(&[]).await;
    let said = world.says(&world.site.admin, &id, "Всем привет").await;
    world.copies_are(&id, &said, "sent").await;

    world.telegram.says(&world.boris, "И вам");
    world.last_is(&id, "Борис Котов: И вам").await;
    let why = world.messages(&id).await.pop().unwrap()["threading"]["explanation"].as_str().unwrap().to_owned();
    assert!(why.contains("«Переезд офиса»") && why.contains("последним"), "{why}");

    // What he quotes decides; the number of the bot's first message is that of the personal answer.
    let personal = world.telegram.sent(&world.boris)[0]["message_id"].as_i64().unwrap();
    world.telegram.replies(&world.boris, personal, "Это только вам");
    world.last_is(&own, "Борис Котов: Это только вам").await;
    let mine = world.messages(&own).await.pop().unwrap();
    assert_eq!(mine["reply_to"]["id"], answer["id"]);
    assert_eq!(mine["copies"], json!([]), "nobody else gets it");
    assert_eq!(world.texts(&id).await.len(), 2);

    let shared = world.telegram.sent(&world.boris)[1]["message_id"].as_i64().unwrap();
    world.telegram.replies(&world.boris, shared, "А это всем");
    world.last_is(&id, "Борис Котов: А это всем").await;
    let quoting = world.messages(&id).await.pop().unwrap();
    assert_eq!(quoting["reply_to"]["id"], said["id"], "staff see the message that was quoted, not his copy");
    let why = quoting["threading"]["explanation"].as_str().unwrap().to_owned();
    assert!(why.contains("ответ на сообщение группового разговора"), "{why}");

    // Turning to the client oneself never writes into a conversation that others read.
    let client = world.contact("Борис").await;
    let started = world.site.admin.get(&format!("/contacts/{client}/routes?line_id={}", world.site.line)).await.ok();
    let body = json!({"line_id": world.site.line, "route_key": started["items"][0]["key"], "html": "<p>Лично</p>"});
    assert_eq!(world.site.admin.post("/conversations", body).await.expect(201)["id"], json!(own));
}

#[tokio::test]
async fn whoever_was_removed_gets_and_sees_nothing_more() {
    let world = World::new().await;
    let lena = world.site.test.operator("lena@otklik.test", &[world.elsewhere]).await;
    let id = world.group(&[&lena]).await;
    let said = world.says(&world.site.admin, &id, "Первое").await;
    world.copies_are(&id, &said, "sent").await;
    for name in ["Борис", "Вера", "lena"] {
        world.remove(&id, name).await;
    }
    lena.get(&format!("/conversations/{id}")).await.problem(404, "not_found");
    assert_eq!(lena.get("/conversations?view=all").await.ok()["items"], json!([]));
    let said = world.says(&world.site.admin, &id, "Второе").await;
    let copies = world.copies_are(&id, &said, "sent").await;
    assert_eq!(copies.len(), 1, "only Anna is left: {copies:?}");
    assert_eq!((world.telegrams().len(), world.letters().len()), (1, 1));

    world.telegram.says(&world.boris, "Куда все делись?");
    let own = world.own("Борис").await["id"].as_str().unwrap().to_owned();
    world.last_is(&own, "Борис Котов: Куда все делись?").await;
    let taken = world.vera_replies("v3@client.example", "Я ещё здесь").await;
    let elsewhere = taken.conversation_id.unwrap().to_string();
    assert_ne!(elsewhere, id);
    let why = world.messages(&elsewhere).await[0]["threading"]["explanation"].as_str().unwrap().to_owned();
    assert!(why.contains("групповой разговор"), "{why}");
    assert_eq!(world.texts(&id).await.len(), 2);

    // The thread tells who came and went, and whoever comes back is the same.
    let boris = world.contact("Борис").await;
    let path = format!("/conversations/{id}/members");
    world.site.admin.post(&path, json!({"contact_id": boris})).await.ok();
    world.site.admin.post(&path, json!({"contact_id": boris})).await.ok();
    assert_eq!(world.members(&id).await.len(), 3, "Anna, Boris and the administrator");
    let opened = world.site.admin.get(&format!("/conversations/{id}")).await.ok();
    let told: Vec<(usize, usize)> = opened["messages"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["kind"] == "group_members_changed")
        .map(|item| {
            let count = |name: &str| item["data"][name].as_array().unwrap().len();
            (count("added"), count("removed"))
        })
        .collect();
    assert_eq!(told, [(5, 0), (0, 1), (0, 1), (0, 1), (1, 0)]);
}

#[tokio::test]
async fn a_copy_that_failed_is_sent_again_and_the_others_are_not() {
    let world = World::new().await;
    let id = world.group(&[]).await;
    world.telegram.refuse("sendMessage", 1, 400, "Bad Request: chat not found", None);
    let said = world.says(&world.site.admin, &id, "Кто слышит?").await;
    eventually("one copy failed", async || {
        world.work().await;
        let all = world.messages(&id).await;
        let copies = all[0]["copies"].as_array().unwrap().clone();
        let state =
            |channel: &str| copies.iter().find(|copy| copy["channel"] == channel).unwrap()["delivery"]["state"].clone();
        let done = state("telegram") == "failed" && state("chat") == "sent" && state("email") == "sent";
        done.then_some(())
    })
    .await;
    assert_eq!(world.messages(&id).await[0]["delivery"]["state"], "failed", "the message is as far as its last copy");
    let row = world.site.admin.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!(row["delivery"], "failed");
    let message = said["id"].as_str().unwrap();
    world.site.admin.post(&format!("/messages/{message}/retry"), json!({})).await;
    world.copies_are(&id, &said, "sent").await;
    let row = world.site.admin.get(&format!("/conversations/{id}")).await.ok();
    assert_eq!((&row["delivery"], row["messages"]["items"].as_array().unwrap().len()), (&Value::Null, 2));
    assert_eq!((world.telegrams().len(), world.letters().len()), (1, 1));
}

#[tokio::test]
async fn copies_follow_what_their_author_changes() {
    let world = World::new().await;
    let id = world.group(&[]).await;
    let said = world.says(&world.site.admin, &id, "В понедельник").await;
    world.copies_are(&id, &said, "sent").await;
    let message = format!("/messages/{}", said["id"].as_str().unwrap());
    world.site.admin.patch(&message, json!({"html": "<p>Во вторник</p>"})).await.expect(204);
    eventually("Telegram shows the new words", async || {
        world.work().await;
        (world.telegrams() == ["Администратор · Переезд офиса\nВо вторник"]).then_some(())
    })
    .await;
    assert_eq!(world.visitor.texts().await.last().unwrap(), "Во вторник");

    let asked = world.telegram.says(&world.boris, "Точно?");
    world.last_is(&id, "Борис Котов: Точно?").await;
    world.telegram.edits(&world.boris, asked, "Точно во вторник?");
    world.last_is(&id, "Борис Котов: Точно во вторник?").await;
    assert_eq!(world.visitor.texts().await.last().unwrap(), "Точно во вторник?");
    world.site.admin.delete(&message).await.expect(204);
    eventually("Telegram withdrew it", async || {
        world.work().await;
        world.telegrams().is_empty().then_some(())
    })
    .await;
}

#[tokio::test]
async fn files_go_to_everybody_and_answers_between_colleagues_wait_for_nobody() {
    let world = World::new().await;
    let id = world.group(&[]).await;
    let upload = tests::Upload { name: "план.txt", content_type: "text/plain", bytes: "план".as_bytes() };
    let file = world.site.admin.upload("/files", &[upload]).await.expect(201)["items"][0]["id"].clone();
    let body = json!({"kind": "outbound", "text": "Смотрите план", "attachment_ids": [file]});
    let said = world.site.admin.post(&format!("/conversations/{id}/messages"), body).await.expect(201);
    world.copies_are(&id, &said, "sent").await;
    let page = world.visitor.page().await;
    let shown = page["items"].as_array().unwrap().last().unwrap();
    assert_eq!(shown["attachments"][0]["name"], "план.txt");
    let url = shown["attachments"][0]["url"].as_str().unwrap().trim_start_matches("/api/v1").to_owned();
    assert_eq!(world.site.test.anonymous().get(&url).await.bytes, "план".as_bytes());
    assert_eq!(world.smtp.letters()[0].attachments.len(), 1);
    assert_eq!(world.telegram.sent(&world.boris)[0]["document"]["file_name"], "план.txt");

    for name in ["Анна", "Борис", "Вера"] {
        world.remove(&id, name).await;
    }
    let alone = world.says(&world.site.admin, &id, "Мы одни").await;
    assert_eq!((&alone["delivery"]["state"], &alone["copies"]), (&json!("sent"), &json!([])));
    assert_eq!(world.site.admin.get(&format!("/conversations/{id}")).await.ok()["delivery"], Value::Null);
}

#[tokio::test]
async fn colleagues_are_told_and_wrong_requests_name_the_field() {
    let world = World::new().await;
    let lena = world.site.test.operator("lena@otklik.test", &[world.elsewhere]).await;
    let id = world.group(&[&lena]).await;
    world.telegram.says(&world.boris, "Где все?");
    let own = world.own("Борис").await["id"].as_str().unwrap().to_owned();
    world.last_is(&own, "Борис Котов: Где все?").await;
    let said = world.says(&world.site.admin, &id, "Мы здесь").await;
    world.copies_are(&id, &said, "sent").await;
    world.telegram.says(&world.boris, "Вижу");
    world.last_is(&id, "Борис Котов: Вижу").await;
    let told = [("group_wrote", "Вижу"), ("group_wrote", "Мы здесь"), ("group_joined", "")];
    eventually("Lena is told of all", async || {
        world.work().await;
        let feed = lena.get("/notifications").await.ok();
        let items = feed["items"].as_array().unwrap().iter();
        let seen = items.map(|one| (one["kind"].as_str().unwrap(), one["preview"].as_str().unwrap()));
        seen.eq(told).then_some(())
    })
    .await;

    let admin = &world.site.admin;
    let anna = world.contact("Анна").await;
    let new = |title: &str, contacts: Value, users: Value| json!({"line_id": world.site.line, "title": title, "contacts": contacts, "user_ids": users});
    let nobody = Uuid::nil();
    admin.post("/group-chats", new("", json!([{"contact_id": anna}]), json!([]))).await.invalid("title", "required");
    admin.post("/group-chats", new("x", json!([]), json!([]))).await.invalid("contacts", "required");
    let unknown = json!([{"contact_id": anna}, {"contact_id": nobody}]);
    admin.post("/group-chats", new("x", unknown, json!([]))).await.invalid("contacts[1].contact_id", "unknown");
    let stranger = json!([{"contact_id": anna, "route_key": format!("chat:{nobody}")}]);
    admin.post("/group-chats", new("x", stranger, json!([]))).await.invalid("contacts[0].route_key", "unknown");
    let users = json!([nobody]);
    admin.post("/group-chats", new("x", json!([{"contact_id": anna}]), users)).await.invalid("user_ids[0]", "unknown");
    let members = format!("/conversations/{id}/members");
    admin.post(&members, json!({})).await.invalid("contact_id", "required");
    admin.post(&members, json!({"contact_id": anna, "user_id": lena.user_id()})).await.invalid("user_id", "two_people");
    let none = format!("/conversations/{own}/members");
    admin.post(&none, json!({"contact_id": anna})).await.problem(409, "not_a_group");
    let path = format!("/conversations/{id}/messages");
    let chosen = json!({"kind": "outbound", "text": "Только вам", "route_key": "email:vera@client.example"});
    admin.post(&path, chosen).await.invalid("route_key", "group_chat");

    // The client's card lists what he shares with others.
    let info = admin.get(&format!("/lines/{}/clients/{anna}", world.site.line)).await.ok();
    assert_eq!(info["groups"][0]["id"], json!(id), "{info}");
}
