//! What has happened in a community: by Bots Long Poll, and by the history of its conversations where events were lost.
//! <https://dev.vk.com/ru/api/bots-long-poll/getting-started>
//!
//! Invariant: times are VK's own. What the history gives has the same keys as the events it stands for.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{api, is_called, keyed, wire};
use crate::driver::{Batch, Link, Trouble, Update};
use crate::drivers::http;

/// Seconds that the server holds a request without news; VK advises this many.
const WAIT: u64 = 25;
/// With the Callback API: how often the history is looked at for what VK could not deliver.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
const PAGE: usize = 200;
/// An outage with more than this is told as a gap.
const MOST_CONVERSATIONS: usize = 1000;
const MOST_MESSAGES: usize = 1000;

/// Where we are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Position {
    server: String,
    key: String,
    ts: String,
    /// The date of the newest message we know, seconds since 1970.
    seen: i64,
}

pub async fn poll(link: &Link, position: Option<&str>) -> Result<Batch, Trouble> {
    let mut at: Position = match position.and_then(|text| serde_json::from_str(text).ok()) {
        Some(at) => at,
        None => {
            // What was said before the channel was connected is not ours to answer.
            let newest = conversations(link, 0, 1).await?;
            Position { seen: newest.items.first().map_or(0, |item| item.last_message.date + 1), ..Position::default() }
        }
    };
    let mut batch = Batch::default();
    if is_called(&link.settings) {
        look_into_history(link, &at, &mut batch).await?;
        if batch.updates.is_empty() && position.is_some() {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    } else if at.server.is_empty() {
        at = session(link, at).await?;
    } else {
        ask(link, &mut at, &mut batch).await?;
    }
    at.seen = batch.updates.iter().filter_map(date).fold(at.seen, i64::max);
    batch.position = Some(serde_json::to_string(&at).map_err(|error| Trouble::internal(error.to_string()))?);
    Ok(batch)
}

fn date(update: &Update) -> Option<i64> {
    update.body["object"]["message"]["date"].as_i64()
}

/// A new session: with the `ts` we had, or with the newest one.
async fn session(link: &Link, at: Position) -> Result<Position, Trouble> {
    let group = [("group_id", group_id(link)?)];
    let wire::Session { key, server, ts } = api::call(link, "groups.getLongPollServer", &group).await?;
    let ts = if at.ts.is_empty() { ts } else { at.ts };
    Ok(Position { server, key, ts, seen: at.seen })
}

fn group_id(link: &Link) -> Result<String, Trouble> {
    link.channel.account_key.clone().ok_or_else(|| Trouble::internal("polled before it was connected"))
}

async fn ask(link: &Link, at: &mut Position, batch: &mut Batch) -> Result<(), Trouble> {
    let polled = request(link, at).await?;
    match polled.failed {
        0 => {
            for body in polled.updates {
                match serde_json::from_value::<wire::Event>(body.clone()) {
                    Ok(event) => batch.updates.push(keyed(&event, body)),
                    Err(error) => tracing::warn!(channel = %link.channel.id, %error, "VK sent an event we cannot read"),
                }
            }
            at.ts = polled.ts;
        }
        // Events before this `ts` are forgotten.
        1 => {
            look_into_history(link, at, batch).await?;
            at.ts = polled.ts;
        }
        2 => *at = session(link, at.clone()).await?,
        _ => {
            *at = session(link, Position { ts: String::new(), ..at.clone() }).await?;
            look_into_history(link, at, batch).await?;
        }
    }
    Ok(())
}

async fn request(link: &Link, at: &Position) -> Result<wire::Polled, Trouble> {
    let host = http::host(&at.server).to_owned();
    let lost = |error: reqwest::Error| Trouble::unreachable(&host, &error.without_url());
    // Older answers leave the scheme out.
    let server = if at.server.contains("://") { at.server.clone() } else { format!("https://{}", at.server) };
    if !link.app.http.allows(&server) {
        return Err(Trouble::internal(format!("{host} may not be asked")));
    }
    let query = [("act", "a_check"), ("key", &at.key), ("ts", &at.ts), ("wait", &WAIT.to_string())];
    let request = link.http().get(server).query(&query).timeout(Duration::from_secs(WAIT + 15));
    let response = request.send().await.map_err(lost)?.error_for_status().map_err(lost)?;
    response.json().await.map_err(lost)
}

async fn conversations(link: &Link, offset: usize, count: usize) -> Result<wire::Conversations, Trouble> {
    let params = [("offset", offset.to_string()), ("count", count.to_string())];
    Ok(api::call(link, "messages.getConversations", &params).await?)
}

/// Messages of clients since the newest one we know, as the events they would have been, oldest first.
async fn look_into_history(link: &Link, at: &Position, batch: &mut Batch) -> Result<(), Trouble> {
    let mut found: Vec<(i64, Value)> = Vec::new();
    let mut offset = 0;
    loop {
        let page = conversations(link, offset, PAGE).await?;
        let recent = page.items.iter().take_while(|item| item.last_message.date >= at.seen).count();
        for item in page.items.iter().take(recent).filter(|item| item.conversation.peer.kind == "user") {
            messages_since(link, item.conversation.peer.id, at.seen, &mut found, batch).await?;
        }
        offset += PAGE;
        if recent < PAGE {
            break;
        }
        if offset >= MOST_CONVERSATIONS {
            batch.gap = true;
            break;
        }
    }
    // Each conversation came newest first, so a stable sort of the reverse keeps the order of one second.
    found.reverse();
    found.sort_by_key(|(date, _)| *date);
    let group = group_id(link)?.parse::<i64>().unwrap_or_default();
    for (_, message) in found {
        let body = json!({"type": "message_new", "group_id": group, "object": {"message": message}});
        if let Ok(event) = serde_json::from_value::<wire::Event>(body.clone()) {
            batch.updates.push(keyed(&event, body));
        }
    }
    Ok(())
}

async fn messages_since(
    link: &Link,
    peer: i64,
    since: i64,
    found: &mut Vec<(i64, Value)>,
    batch: &mut Batch,
) -> Result<(), Trouble> {
    let mut offset = 0;
    loop {
        let params = [("peer_id", peer.to_string()), ("offset", offset.to_string()), ("count", PAGE.to_string())];
        let page: wire::History = api::call(link, "messages.getHistory", &params).await?;
        let length = page.items.len();
        let mut recent = 0;
        for message in page.items {
            let date = message["date"].as_i64().unwrap_or_default();
            if date < since {
                break;
            }
            recent += 1;
            if message["from_id"].as_i64() == Some(peer) {
                found.push((date, message));
            }
        }
        offset += PAGE;
        if recent < length || length < PAGE {
            return Ok(());
        }
        if offset >= MOST_MESSAGES {
            batch.gap = true;
            return Ok(());
        }
    }
}
