//! The chat of a site under many visitors: sockets that stay open, messages that come at a steady pace, and how long it
//! takes until an operator's page has heard of one and shows it.
//!
//! Invariant: a message's time counts from the moment it was due, not from when a connection was free for it, so a server
//! that falls behind cannot look fast.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use uuid::Uuid;

use crate::http::{self, Connection};
use crate::machine::{self, Memory};
use crate::report::{Figure, Spread};
use crate::{desk, note};

/// Connections over which visitors' messages are posted: browsers keep theirs, so they are open before.
const SENDERS: usize = 48;
/// Every so many messages belong to a conversation that an operator has open: his page fetches it when it hears of it.
const SHOWN: usize = 10;

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub visitors: usize,
    pub per_second: usize,
    pub seconds: u64,
}

/// What it showed.
pub struct Outcome {
    size: Size,
    /// Visitors whose socket was still open at the end.
    open: usize,
    answered: Spread,
    heard: Spread,
    shown: Spread,
    lost: usize,
    errors: usize,
    cpu: f64,
    database_cpu: f64,
    memory: Memory,
}

struct Visitor {
    source: Ipv4Addr,
    token: String,
}

#[derive(Default)]
struct Times {
    due: HashMap<Uuid, Instant>,
    heard: HashMap<Uuid, Instant>,
    shown: HashMap<Uuid, Instant>,
    answered: Vec<Duration>,
    errors: usize,
    first_error: Option<String>,
}

type Shared = Arc<Mutex<Times>>;

fn locked(times: &Shared) -> std::sync::MutexGuard<'_, Times> {
    times.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the visitors' sockets, keeps the pace for the time, and counts. `cpu` tells the seconds the server and its database
/// have used so far.
pub async fn measure(
    address: SocketAddr,
    pid: u32,
    size: Size,
    cpu: impl Fn() -> Result<(f64, f64)>,
) -> Result<Outcome> {
    let mut connection = Connection::open(address).await?;
    let operator = desk::sign_in(&mut connection, desk::EMAIL).await?;
    let key = site_key(&mut connection, &operator).await?;
    note(&format!("{} visitors write their first words", size.visitors));
    let visitors = introduce(address, &key, size.visitors).await?;
    note("their sockets open");
    let (stop, stopped) = watch::channel(false);
    let sockets = listen_all(address, &key, &visitors, &stopped).await?;
    settle(pid).await?;

    let times = Shared::default();
    let (show, to_show) = mpsc::unbounded_channel();
    let page = tokio::spawn(operators_page(address, operator.clone(), times.clone(), show, stopped.clone()));
    let fetcher = tokio::spawn(fetch_shown(address, operator, times.clone(), to_show));
    note(&format!("{} messages a second for {} s", size.per_second, size.seconds));
    let before = cpu()?;
    let started = Instant::now();
    send_all(address, &key, &visitors, size, &times).await?;
    let seconds = started.elapsed().as_secs_f64();
    let after = cpu()?;
    // The last ones may still be on their way.
    for _ in 0..100 {
        let all = {
            let times = locked(&times);
            times.heard.len() >= times.due.len()
        };
        if all {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let memory = machine::memory(pid)?;
    let open = sockets.iter().filter(|socket| !socket.is_finished()).count();
    stop.send_replace(true);
    page.await??;
    fetcher.await??;
    for socket in sockets {
        socket.await?;
    }
    let times = std::mem::take(&mut *locked(&times));
    if let Some(error) = &times.first_error {
        note(&format!("{} wrong answers, the first: {error}", times.errors));
    }
    let since_due = |seen: &HashMap<Uuid, Instant>| -> Vec<Duration> {
        times.due.iter().filter_map(|(id, due)| Some(seen.get(id)?.duration_since(*due))).collect()
    };
    let (heard, shown) = (since_due(&times.heard), since_due(&times.shown));
    Ok(Outcome {
        size,
        open,
        lost: times.due.len() - heard.len(),
        answered: Spread::of(times.answered.clone()),
        heard: Spread::of(heard),
        shown: Spread::of(shown),
        errors: times.errors,
        cpu: (after.0 - before.0) / seconds,
        database_cpu: (after.1 - before.1) / seconds,
        memory,
    })
}

impl Outcome {
    pub fn figures(&self) -> Vec<Figure> {
        let Outcome { size, open, answered, heard, shown, lost, errors, cpu, database_cpu, memory } = self;
        let database =
            if *database_cpu > 0.0 { format!(" + {database_cpu:.2} of the database") } else { String::new() };
        vec![
            Figure::plain("open sockets of visitors", format!("{open} of {}", size.visitors)),
            Figure::judged(
                "messages a second",
                format!("{} for {} s; {lost} lost, {errors} wrong answers", size.per_second, size.seconds),
                "none lost",
                *lost == 0 && *errors == 0,
            ),
            Figure::plain("the visitor's message is answered", answered.to_string()),
            Figure::judged(
                "… until the operator's page hears of it",
                heard.to_string(),
                "p99 < 100 ms",
                heard.p99 < 100.0,
            ),
            Figure::judged(
                "… until the operator's page has fetched it",
                shown.to_string(),
                "p99 < 100 ms",
                shown.p99 < 100.0,
            ),
            Figure::plain("cores in use by the server", format!("{cpu:.2}{database}")),
            Figure::judged(
                "memory with all sockets open",
                format!("{:.0} MB, at most {:.0} MB", memory.resident, memory.peak),
                "< 250 MB",
                memory.peak < 250.0,
            ),
        ]
    }
}

async fn site_key(connection: &mut Connection, operator: &str) -> Result<String> {
    let channels = connection.json(&http::get("/api/v1/channels", operator)).await?;
    let items = channels["items"].as_array().or(channels.as_array()).context("no list of channels")?;
    let site = items.iter().find(|channel| channel["kind"] == "chat").context("no chat of a site")?;
    Ok(site["hook_key"].as_str().or(site["key"].as_str()).context("the chat has no key")?.to_owned())
}

/// Visitors come from addresses of their own, as people do; else the limits of one address would be measured.
fn source(index: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 77, u8::try_from(index / 250 % 250).unwrap_or(0), u8::try_from(index % 250).unwrap_or(0) + 1)
}

/// Everybody opens the chat and writes once: only then has he a chat to listen to.
async fn introduce(address: SocketAddr, key: &str, count: usize) -> Result<Vec<Visitor>> {
    let lanes = 8;
    let tasks: Vec<_> = (0..lanes)
        .map(|lane| {
            let key = key.to_owned();
            tokio::spawn(async move {
                let mut known = Vec::new();
                for index in (lane..count).step_by(lanes) {
                    let source = source(index);
                    let mut connection = Connection::open_from(source, address).await?;
                    let path = format!("/api/v1/site/{key}/visitors");
                    let opened = connection.json(&http::post(&path, "", &json!({"locale": "ru-RU"}))).await?;
                    let token = opened["visitor_token"].as_str().context("no token for a visitor")?.to_owned();
                    let first = json!({
                        "client_id": Uuid::new_v4(), "text": "Здравствуйте! Подскажите, есть ли доставка в Тверь?", "consent": true,
                        "fields": {"name": format!("Гость {index}")},
                        "page": {"url": "https://shop.example/catalog", "title": "Каталог"},
                    });
                    connection.json(&http::post(&format!("/api/v1/site/{key}/messages"), &http::bearer(&token), &first)).await?;
                    known.push(Visitor { source, token });
                }
                Ok::<_, anyhow::Error>(known)
            })
        })
        .collect();
    let mut visitors = Vec::with_capacity(count);
    for task in tasks {
        visitors.extend(task.await??);
    }
    Ok(visitors)
}

async fn listen_all(
    address: SocketAddr,
    key: &str,
    visitors: &[Visitor],
    stopped: &watch::Receiver<bool>,
) -> Result<Vec<tokio::task::JoinHandle<()>>> {
    let mut sockets = Vec::with_capacity(visitors.len());
    for visitor in visitors {
        let path = format!("/api/v1/site/{key}/live?token={}", http::escape(&visitor.token));
        let mut socket = open_socket(Some(visitor.source), address, &path, None).await?;
        let mut stopped = stopped.clone();
        sockets.push(tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = stopped.changed() => {
                        let _ = socket.close(None).await;
                        return;
                    }
                    frame = socket.next() => if !matches!(frame, Some(Ok(_))) { return },
                }
            }
        }));
    }
    Ok(sockets)
}

async fn open_socket(
    source: Option<Ipv4Addr>,
    address: SocketAddr,
    path: &str,
    bearer: Option<&str>,
) -> Result<WebSocketStream<TcpStream>> {
    let stream = match source {
        Some(source) => http::connect_from(source, address).await?,
        None => TcpStream::connect(address).await?,
    };
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    if let Some(line) = bearer.and_then(|line| line.trim().strip_prefix("Authorization: ")) {
        request.headers_mut().insert("authorization", HeaderValue::from_str(line)?);
    }
    let (socket, _) = tokio_tungstenite::client_async(request, stream).await.context("a socket was refused")?;
    Ok(socket)
}

/// What an operator's page does: it hears of every message and fetches the conversation it shows.
async fn operators_page(
    address: SocketAddr,
    operator: String,
    times: Shared,
    show: mpsc::UnboundedSender<(Uuid, Uuid)>,
    mut stopped: watch::Receiver<bool>,
) -> Result<()> {
    let mut socket = open_socket(None, address, "/api/v1/live", Some(&operator)).await?;
    let mut count = 0;
    loop {
        let frame = tokio::select! {
            _ = stopped.changed() => break,
            frame = socket.next() => frame.context("the operator's socket was closed")??,
        };
        let Message::Text(text) = frame else { continue };
        let heard = Instant::now();
        let frame: Value = serde_json::from_str(&text)?;
        if frame["type"] == "reset" {
            bail!("the operator's page was told to load again");
        }
        if frame["kind"] != "message_created" || frame["data"]["kind"] != "inbound" {
            continue;
        }
        let id = |name: &str| frame[name].as_str().and_then(|id| id.parse::<Uuid>().ok());
        if let (Some(message), Some(conversation)) = (id("subject"), id("conversation_id")) {
            locked(&times).heard.insert(message, heard);
            count += 1;
            if count % SHOWN == 0 {
                show.send((message, conversation))?;
            }
        }
    }
    Ok(socket.close(None).await?)
}

async fn fetch_shown(
    address: SocketAddr,
    operator: String,
    times: Shared,
    mut to_show: mpsc::UnboundedReceiver<(Uuid, Uuid)>,
) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    while let Some((message, conversation)) = to_show.recv().await {
        let answer = connection.call(&http::get(&format!("/api/v1/conversations/{conversation}"), &operator)).await?;
        let shown = Instant::now();
        if answer.status != 200 || memchr::memmem::find(connection.received(), message.to_string().as_bytes()).is_none()
        {
            bail!("the conversation of a message that was heard of does not show it: {}", answer.status);
        }
        locked(&times).shown.insert(message, shown);
    }
    Ok(())
}

/// Sends at the pace, whatever the answers do.
async fn send_all(address: SocketAddr, key: &str, visitors: &[Visitor], size: Size, times: &Shared) -> Result<()> {
    let total = size.per_second * usize::try_from(size.seconds)?;
    let (queue, waiting) = mpsc::unbounded_channel();
    let waiting: Waiting = Arc::new(tokio::sync::Mutex::new(waiting));
    let senders: Vec<_> =
        (0..SENDERS).map(|lane| tokio::spawn(sender(source(lane), address, waiting.clone(), times.clone()))).collect();
    let step = Duration::from_secs(1) / u32::try_from(size.per_second)?;
    let started = Instant::now() + Duration::from_millis(100);
    for index in 0..total {
        let due = started + step * u32::try_from(index)?;
        tokio::time::sleep_until(due.into()).await;
        // Far apart, so that nobody writes twice within the limit of a visitor.
        let visitor = &visitors[(index * 7919) % visitors.len()];
        let body = json!({"client_id": Uuid::new_v4(), "text": format!("Вопрос номер {index}: когда привезут заказ?")});
        let request = http::post(&format!("/api/v1/site/{key}/messages"), &http::bearer(&visitor.token), &body);
        queue.send((due, request)).ok().context("nobody is left to send")?;
    }
    drop(queue);
    for sender in senders {
        sender.await??;
    }
    Ok(())
}

type Waiting = Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<(Instant, Vec<u8>)>>>;

async fn sender(source: Ipv4Addr, address: SocketAddr, waiting: Waiting, times: Shared) -> Result<()> {
    let mut connection = Connection::open_from(source, address).await?;
    loop {
        let next = waiting.lock().await.recv().await;
        let Some((due, request)) = next else { return Ok(()) };
        let answer = connection.json(&request).await;
        let took = due.elapsed();
        let mut times = locked(&times);
        match answer.and_then(|answer| Ok(answer["id"].as_str().context("no id")?.parse::<Uuid>()?)) {
            Ok(id) => {
                times.due.insert(id, due);
                times.answered.push(took);
            }
            Err(error) => {
                times.errors += 1;
                times.first_error.get_or_insert(format!("{error:#}"));
            }
        }
    }
}

/// Waits until the server rests after so many first words.
async fn settle(pid: u32) -> Result<()> {
    for _ in 0..120 {
        let before = machine::cpu_seconds(pid)?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        if machine::cpu_seconds(pid)? - before < 0.05 {
            break;
        }
    }
    Ok(())
}
