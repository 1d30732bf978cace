//! Requests to the Bot API, and its refusals in our words.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::multipart::Form;
use serde_json::Value;

use super::{MAX_DOWNLOAD, WAIT};
use crate::driver::{Failure, Link, Trouble};

const HOST: &str = "api.telegram.org";
/// Over a slow line the largest file needs this long.
const UPLOAD: Duration = Duration::from_secs(300);

/// Why a method was not done.
pub(super) enum Refusal {
    /// The request failed on its way.
    Lost(reqwest::Error),
    /// Telegram said no.
    Said { status: u16, description: String, retry_after: Option<Duration> },
}

/// Calls a method with parameters.
pub(super) async fn json(link: &Link, method: &str, parameters: &Value) -> Result<Value, Refusal> {
    answer(link.http().post(address(link, method)).timeout(WAIT + Duration::from_secs(15)).json(parameters)).await
}

/// Calls a method with files.
pub(super) async fn form(link: &Link, method: &str, form: Form) -> Result<Value, Refusal> {
    answer(link.http().post(address(link, method)).timeout(UPLOAD).multipart(form)).await
}

/// Calls a method of which only the account or the network can go wrong.
pub(super) async fn ask(link: &Link, method: &str, parameters: Value) -> Result<Value, Trouble> {
    json(link, method, &parameters).await.map_err(|refusal| trouble(method, refusal))
}

fn address(link: &Link, method: &str) -> String {
    format!("{}/bot{}/{method}", link.settings.api_url(), link.settings.text("token"))
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Value, Refusal> {
    let response = request.send().await.map_err(lost)?;
    let status = response.status().as_u16();
    let body = response.bytes().await.map_err(lost)?;
    let mut answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    if answer["ok"] == true {
        return Ok(answer["result"].take());
    }
    let description = answer["description"].as_str().unwrap_or("an answer that is not Telegram's").to_owned();
    let retry_after = answer["parameters"]["retry_after"].as_u64().map(Duration::from_secs);
    Err(Refusal::Said { status, description, retry_after })
}

/// The address holds the token.
fn lost(error: reqwest::Error) -> Refusal {
    Refusal::Lost(error.without_url())
}

/// Fetches a file by the path that getFile told.
pub(super) async fn fetch(link: &Link, path: &str) -> Result<Bytes, Trouble> {
    let address = format!("{}/file/bot{}/{path}", link.settings.api_url(), link.settings.text("token"));
    let lost = |error: reqwest::Error| Trouble::unreachable(HOST, &error.without_url());
    let mut response = link.http().get(address).timeout(UPLOAD).send().await.map_err(lost)?;
    if !response.status().is_success() {
        return Err(Trouble::internal(format!("a file answered {}", response.status())));
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > MAX_DOWNLOAD {
            return Err(super::too_big());
        }
    }
    Ok(bytes.freeze())
}

/// What is wrong with the account or the network.
fn trouble(method: &str, refusal: Refusal) -> Trouble {
    match refusal {
        Refusal::Lost(error) => Trouble::unreachable(HOST, &error),
        Refusal::Said { status, description, retry_after } => {
            let technical = format!("{method}: {status} {description}");
            match (status, retry_after) {
                (_, Some(wait)) => too_fast(technical).after(wait),
                // A token of a wrong shape is not found, a revoked one is not authorised.
                (401 | 404, None) => bad_token(technical),
                (409, None) => taken(technical),
                (500.., None) => Trouble::new(
                    "Telegram временно не отвечает, мы пробуем снова.",
                    "Telegram does not answer for the moment; we keep trying.",
                    technical,
                ),
                _ => Trouble::new(
                    format!("Telegram отказал: {description}."),
                    format!("Telegram refused: {description}."),
                    technical,
                ),
            }
        }
    }
}

fn too_fast(technical: String) -> Trouble {
    Trouble::new(
        "Telegram просит подождать: слишком много запросов.",
        "Telegram asks to wait: too many requests.",
        technical,
    )
}

fn bad_token(technical: String) -> Trouble {
    Trouble::new(
        "Telegram не принимает токен: он отозван или введён с ошибкой. Возьмите новый у @BotFather (/token) и сохраните канал.",
        "Telegram does not accept the token: it was revoked or mistyped. Get a new one from @BotFather (/token) and save the channel.",
        technical,
    )
    .permanent()
}

fn taken(technical: String) -> Trouble {
    Trouble::new(
        "Сообщения этого бота забирает другая программа. Отключите бота в ней или выпустите новый токен у @BotFather.",
        "Another program takes this bot's messages. Disconnect the bot there or get a new token from @BotFather.",
        technical,
    )
}

/// What is wrong with a message.
pub(super) fn failure(method: &str, refusal: Refusal) -> Failure {
    let (status, description, retry_after) = match refusal {
        Refusal::Lost(error) => return Failure::of_request(HOST, &error),
        Refusal::Said { status, description, retry_after } => (status, description, retry_after),
    };
    let technical = format!("{method}: {status} {description}");
    if let Some(wait) = retry_after {
        return Failure::Later(too_fast(technical).after(wait));
    }
    match status {
        401 | 404 => Failure::Account(bad_token(technical)),
        403 => Failure::Blocked(blocked(&description)),
        413 => Failure::refused(
            "Файл больше 50 МБ: Telegram не принимает такие от ботов.",
            "The file is over 50 MB: Telegram does not take such from bots.",
            technical,
        ),
        // It may have been taken before the server stumbled.
        500.. => Failure::Unknown(technical),
        _ if description.contains("chat not found") => Failure::refused(
            "Telegram не знает этого чата: клиент удалил его или ещё не писал этому боту.",
            "Telegram does not know this chat: the client deleted it or has not written to this bot yet.",
            technical,
        ),
        _ => Failure::refused(
            format!("Telegram не принял сообщение: {description}."),
            format!("Telegram did not take the message: {description}."),
            technical,
        ),
    }
}

fn blocked(description: &str) -> base::Words {
    if description.contains("deactivated") {
        return base::Words::new("Клиент удалил свой аккаунт Telegram.", "The client deleted his Telegram account.");
    }
    base::Words::new(
        "Клиент остановил бота: пока он не запустит его снова, писать ему в Telegram нельзя.",
        "The client stopped the bot: until he starts it again, nothing can be sent to him in Telegram.",
    )
}
