//! Calls of the Bot API, and what its refusals mean.

use std::time::Duration;

use base::Words;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::wire::{self, Problem};
use super::{UPDATES, WAIT, secret};
use crate::driver::{Failure, Link, Trouble};
use crate::drivers::http;

/// 30 requests a second are allowed, and 2 in one chat: what comes too soon is made again after this.
const TOO_SOON: Duration = Duration::from_millis(600);
const TRIES: u32 = 5;

/// A request that did not do its work.
#[derive(Debug)]
pub struct Refusal {
    /// The server that was asked.
    host: String,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// MAX says so.
    Code(StatusCode, Problem, Option<Duration>),
    Request(reqwest::Error),
    /// What came is no answer of the API.
    Broken(String),
}

/// Makes a request. Waits and repeats when it was one too many in a second: such a request has done nothing.
pub async fn call<T: DeserializeOwned>(
    link: &Link,
    method: Method,
    path: &str,
    query: &[(&str, String)],
    body: Option<Value>,
) -> Result<T, Refusal> {
    let mut tried = 0;
    loop {
        tried += 1;
        match once(link, &method, path, query, body.as_ref()).await {
            Err(Why::Code(StatusCode::TOO_MANY_REQUESTS, _, wait)) if tried < TRIES && wait.is_none_or(is_short) => {
                tokio::time::sleep(wait.unwrap_or(TOO_SOON)).await;
            }
            Err(why) => return Err(Refusal { host: http::host(link.settings.api_url()).to_owned(), why }),
            Ok(answer) => return Ok(answer),
        }
    }
}

fn is_short(wait: Duration) -> bool {
    wait <= Duration::from_secs(2)
}

async fn once<T: DeserializeOwned>(
    link: &Link,
    method: &Method,
    path: &str,
    query: &[(&str, String)],
    body: Option<&Value>,
) -> Result<T, Why> {
    let url = format!("{}/{path}", link.settings.api_url());
    if !link.app.http.allows(&url) {
        return Err(Why::Broken("the address of the API is of a private network".to_owned()));
    }
    let request = link.http().request(method.clone(), url).query(query);
    let mut request = request.header("authorization", link.settings.text("token"));
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.timeout(Duration::from_secs(WAIT + 15)).send().await.map_err(Why::Request)?;
    let status = response.status();
    let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let bytes = response.bytes().await.map_err(Why::Request)?;
    if status.is_success() {
        return serde_json::from_slice(&bytes).map_err(|_| broken(status, &bytes));
    }
    match serde_json::from_slice::<Problem>(&bytes) {
        Ok(problem) => Err(Why::Code(status, problem, wait.map(Duration::from_secs))),
        Err(_) => Err(broken(status, &bytes)),
    }
}

fn broken(status: StatusCode, bytes: &[u8]) -> Why {
    Why::Broken(format!("{status}: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(300)])))
}

impl Refusal {
    /// MAX has the uploaded file but has not looked at it yet.
    pub fn is_not_ready(&self) -> bool {
        matches!(&self.why, Why::Code(_, problem, _) if problem.code == "attachment.not.ready")
    }
}

impl From<Refusal> for Trouble {
    fn from(Refusal { host, why }: Refusal) -> Self {
        let (status, problem, wait) = match why {
            Why::Request(error) => return unreachable(&host, &error),
            Why::Broken(technical) => return Trouble::unreachable(&host, &technical),
            Why::Code(status, problem, wait) => (status, problem, wait),
        };
        let technical = format!("{status} {}: {}", problem.code, problem.message);
        match status.as_u16() {
            401 => Trouble::new(
                "MAX не принимает токен. Скопируйте токен в настройках бота и вставьте его в настройки канала.",
                "MAX does not accept the token. Copy it from the bot's settings and paste it into the channel's.",
                technical,
            )
            .permanent(),
            405 => other_subscription(technical),
            429 => Trouble::new("MAX просит слать запросы реже.", "MAX asks for fewer requests.", technical)
                .after(wait.unwrap_or(Duration::from_secs(5))),
            500.. => Trouble::new("У MAX внутренняя ошибка.", "MAX has an internal error.", technical)
                .after(Duration::from_secs(15)),
            _ => Trouble::new(
                format!("MAX ответил ошибкой: {}", problem.message),
                format!("MAX answered with an error: {}", problem.message),
                technical,
            ),
        }
    }
}

/// Says apart what an administrator can mend: that the certificate's authority is not known to this server.
fn unreachable(host: &str, error: &reqwest::Error) -> Trouble {
    let mut whole = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        whole = format!("{whole}: {cause}");
        source = cause.source();
    }
    if whole.contains("UnknownIssuer") {
        return Trouble::new(
            format!("Не удалось проверить сертификат сервера {host}. Укажите корневой сертификат Минцифры в переменной OTKLIK_EXTRA_CA."),
            format!("The certificate of {host} could not be verified. Name the root certificate of its authority in OTKLIK_EXTRA_CA."),
            whole,
        )
        .permanent();
    }
    Trouble::unreachable(host, &whole)
}

fn other_subscription(technical: String) -> Trouble {
    Trouble::new(
        "У бота есть подписка на другой адрес: пока она действует, MAX не отдаёт сообщения по запросу. Снимите её в той программе или выберите Webhook.",
        "The bot is subscribed to another address: while that stands MAX gives no messages on request. Remove it in the other program or choose the webhook.",
        technical,
    )
    .permanent()
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let (status, problem) = match &refusal.why {
            Why::Request(error) if error.is_connect() || error.is_builder() => return Failure::Later(refusal.into()),
            Why::Request(error) => return Failure::Unknown(error.to_string()),
            // A gateway between us and MAX may have passed the message on before it failed.
            Why::Broken(technical) => return Failure::Unknown(technical.clone()),
            Why::Code(status, problem, _) => (*status, problem.clone()),
        };
        let technical = format!("{status} {}: {}", problem.code, problem.message);
        match (status.as_u16(), problem.code.as_str()) {
            (401, _) => Failure::Account(refusal.into()),
            (429, _) | (_, "attachment.not.ready") => Failure::Later(refusal.into()),
            (500.., _) => Failure::Unknown(technical),
            (403, _) | (_, "chat.denied") => Failure::Blocked(Words::new(
                "Клиент остановил бота в MAX. Он снова разрешит ответы, написав боту; пока ответьте по другому каналу.",
                "The client has stopped the bot in MAX. He allows answers again by writing to it; until then answer by another channel.",
            )),
            (404, _) => Failure::refused(
                "В MAX нет этой беседы или этого сообщения: клиент удалил их.",
                "MAX has no such chat or message: the client deleted it.",
                technical,
            ),
            _ => Failure::refused(
                format!("MAX не принял сообщение: {}", problem.message),
                format!("MAX did not take the message: {}", problem.message),
                technical,
            ),
        }
    }
}

/// What MAX answers to a change: success, or why not.
pub fn done(done: wire::Done) -> Result<(), Failure> {
    if done.success {
        return Ok(());
    }
    let message = done.message.unwrap_or_default();
    Err(Failure::refused(
        format!("MAX уже не даёт изменить это сообщение: {message}"),
        format!("MAX does not let this message be changed any more: {message}"),
        message,
    ))
}

/// Makes MAX call us.
pub async fn subscribe(link: &Link) -> Result<(), Trouble> {
    let url = link.hook_url();
    if !url.starts_with("https://") {
        return Err(Trouble::new(
            "Для Webhook адрес Отклика должен быть доступен по https. Задайте его в настройках сервера или выберите Long Polling.",
            "The webhook needs an https address of Otklik. Set it in the server's configuration or choose long polling.",
            url,
        )
        .permanent());
    }
    // The same address is not subscribed twice; after eight hours without an answer MAX forgets it.
    let body = json!({"url": url, "secret": secret(&link.settings), "update_types": UPDATES});
    let done: wire::Done = call(link, Method::POST, "subscriptions", &[], Some(body)).await?;
    if done.success {
        return Ok(());
    }
    let message = done.message.unwrap_or_default();
    Err(Trouble::new(
        format!("MAX не подписал бота на адрес Отклика: {message}"),
        format!("MAX did not subscribe the bot to the address of Otklik: {message}"),
        message,
    ))
}

/// Takes our subscription away, because with one MAX gives nothing on request. One of another program is left and told of.
pub async fn unsubscribe(link: &Link) -> Result<(), Trouble> {
    let own = link.hook_url();
    let found: wire::Subscriptions = call(link, Method::GET, "subscriptions", &[], None).await?;
    for wire::Subscription { url } in found.subscriptions {
        if url != own {
            return Err(other_subscription(format!("subscribed to {}", http::host(&url))));
        }
        let _: wire::Done = call(link, Method::DELETE, "subscriptions", &[("url", url)], None).await?;
    }
    Ok(())
}

/// Something the client is shown.
pub async fn act(link: &Link, chat_id: &str, action: &str) -> Result<(), Trouble> {
    let path = format!("chats/{chat_id}/actions");
    let _: wire::Done = call(link, Method::POST, &path, &[], Some(json!({"action": action}))).await?;
    Ok(())
}

/// Where a film can be fetched, in the best quality up to 720 lines.
pub async fn video_url(link: &Link, token: &str) -> Result<String, Trouble> {
    let video: wire::Video = call(link, Method::GET, &format!("videos/{token}"), &[], None).await?;
    let urls: Map<String, Value> = video.urls.unwrap_or_default();
    let url = ["mp4_720", "mp4_480", "mp4_360", "mp4_1080", "mp4_240", "mp4_144"]
        .iter()
        .find_map(|quality| urls.get(*quality)?.as_str());
    url.map(str::to_owned).ok_or_else(|| {
        Trouble::new("У MAX уже нет этого видео.", "MAX no longer has this film.", "no address of the video")
            .permanent()
    })
}
