//! The server seen from its API: signing in, finding conversations to measure with, and making some of them long.
//!
//! Invariant: the same database gives the same conversations, so that two runs on one folder measure the same reads.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::http::{self, Connection};

pub const EMAIL: &str = "bench@otklik.example";
pub const PASSWORD: &str = "zamer-skorosti-2026";
const OPERATOR: &str = "bench-operator@otklik.example";

/// How many conversations the requests are spread over.
const SAMPLE: usize = 400;
/// How many of them are made long.
const LONG: usize = 300;
/// Messages of a long one.
const MESSAGES: i64 = 50;

/// What the scenarios are made of.
pub struct Desk {
    /// Header lines of an administrator, who sees every line, and of an operator with half of the groups.
    pub administrator: String,
    pub operator: String,
    pub line: Uuid,
    /// From all over the database.
    pub seen: Vec<Seen>,
    /// Those with 50 messages.
    pub long: Vec<Seen>,
}

#[derive(Clone)]
pub struct Seen {
    pub id: Uuid,
    pub number: i64,
    pub subject: String,
    messages: i64,
    has_ticket: bool,
}

impl Desk {
    pub async fn prepare(address: SocketAddr) -> Result<Self> {
        let mut connection = Connection::open(address).await?;
        let administrator = sign_in(&mut connection, EMAIL).await?;
        let operator = hire(&mut connection, &administrator).await?;
        let lines = connection.json(&http::get("/api/v1/lines", &administrator)).await?;
        let line = id_in(&lines["items"][0])?;
        let seen = sample(&mut connection, &administrator).await?;
        // A ticket would be one more thing the hand-written read has to know.
        let long: Vec<Seen> = seen.iter().filter(|one| !one.has_ticket).take(LONG).cloned().collect();
        if long.is_empty() {
            bail!("no conversation was found to measure with");
        }
        lengthen(address, &administrator, &long).await?;
        Ok(Desk { administrator, operator, line, seen, long })
    }
}

/// Signs in as people do and makes an API token with all rights; answers its header line.
pub async fn sign_in(connection: &mut Connection, email: &str) -> Result<String> {
    let login =
        connection.json(&http::post("/api/v1/session", "", &json!({"login": email, "password": PASSWORD}))).await?;
    let cookie = connection
        .header("set-cookie")
        .and_then(|cookie| cookie.split(';').next())
        .context("signing in set no cookie")?;
    let cookie = format!("Cookie: {cookie}\r\n");
    let token = json!({"name": "bench", "scopes": login["user"]["permissions"]});
    let token = connection.json(&http::post("/api/v1/tokens", &cookie, &token)).await?;
    Ok(http::bearer(token["secret"].as_str().context("the token has no secret")?))
}

/// Signs in as an operator with every second group, who is made when missing.
async fn hire(connection: &mut Connection, administrator: &str) -> Result<String> {
    let roles = connection.json(&http::get("/api/v1/roles", administrator)).await?;
    let role = items(&roles).iter().find(|role| role["key"] == "operator").context("there is no role operator")?;
    let groups = connection.json(&http::get("/api/v1/groups", administrator)).await?;
    let groups: Vec<&Value> = items(&groups).iter().map(|group| &group["id"]).step_by(2).collect();
    let user = json!({"name": "Замеров Борис", "email": OPERATOR, "password": PASSWORD, "role_id": role["id"], "group_ids": groups});
    let answer = connection.call(&http::post("/api/v1/users", administrator, &user)).await?;
    // 409: he is from a run before.
    if !matches!(answer.status, 201 | 409 | 422) {
        bail!("making an operator: {} {}", answer.status, String::from_utf8_lossy(connection.body()));
    }
    sign_in(connection, OPERATOR).await
}

/// Conversations with numbers from the whole range.
async fn sample(connection: &mut Connection, administrator: &str) -> Result<Vec<Seen>> {
    let mut numbers = Vec::new();
    for sort in ["oldest", "newest"] {
        let page = connection
            .json(&http::get(&format!("/api/v1/conversations?view=all&limit=200&sort={sort}"), administrator))
            .await?;
        numbers.extend(items(&page).iter().filter_map(|row| row["number"].as_i64()));
    }
    let (Some(first), Some(last)) = (numbers.iter().min(), numbers.iter().max()) else {
        bail!("there are no conversations")
    };
    let mut random = Random(0x5eed);
    let mut seen: Vec<Seen> = Vec::new();
    for _ in 0..SAMPLE * 3 {
        let number = first + i64::try_from(random.next() % u64::try_from(last - first + 1)?)?;
        let found = connection.json(&http::get(&format!("/api/v1/search?q={number}"), administrator)).await?;
        let row = items(&found).iter().map(|item| &item["conversation"]).find(|row| row["number"] == number);
        if let Some(row) = row.filter(|_| !seen.iter().any(|one| one.number == number)) {
            seen.push(Seen {
                id: id_in(row)?,
                number,
                subject: row["subject"].as_str().unwrap_or_default().to_owned(),
                messages: row["message_count"].as_i64().unwrap_or(0),
                has_ticket: !row["ticket"].is_null(),
            });
        }
        if seen.len() == SAMPLE {
            break;
        }
    }
    Ok(seen)
}

/// Writes answers and notes until each of these has enough. Message by message over all of them, so that the messages
/// of one conversation lie apart in the database, as they do when people write them.
async fn lengthen(address: SocketAddr, administrator: &str, long: &[Seen]) -> Result<()> {
    let mut requests = Vec::new();
    for place in 0..MESSAGES {
        let wanting = long.iter().filter(|one| one.messages <= place);
        requests.extend(wanting.map(|one| message(one.id, place % 2 == 1, administrator)));
    }
    let requests: Arc<[Vec<u8>]> = requests.into();
    let writers = 4;
    let tasks = (0..writers).map(|first| {
        let requests = requests.clone();
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            for request in requests.iter().skip(first).step_by(writers) {
                connection.json(request).await?;
            }
            Ok::<_, anyhow::Error>(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    Ok(())
}

/// An answer, or a note.
pub fn message(conversation: Uuid, note: bool, headers: &str) -> Vec<u8> {
    let kind = if note { "note" } else { "outbound" };
    http::post(
        &format!("/api/v1/conversations/{conversation}/messages"),
        headers,
        &json!({"kind": kind, "html": ANSWER}),
    )
}

/// What operators write: two paragraphs with some formatting.
pub const ANSWER: &str = "<p>Здравствуйте! Спасибо, что написали. Мы проверили ваш заказ: он собран и передан в службу доставки, \
    курьер позвонит <strong>завтра с 10 до 14 часов</strong>. Если это время неудобно, ответьте на письмо, и мы его перенесём.</p>\
    <p>Документы (счёт и накладная) приложены к заказу в личном кабинете. С уважением, служба поддержки.</p>";

fn items(page: &Value) -> &[Value] {
    page["items"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn id_in(row: &Value) -> Result<Uuid> {
    Ok(row["id"].as_str().context("a record without an id")?.parse()?)
}

/// Numbers that look random and are the same each time (xorshift64*).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}
