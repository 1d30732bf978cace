//! Calls of VK's methods, and what their refusals mean.

use std::time::Duration;

use base::Words;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{EVENTS, RIGHTS, secret, wire};
use crate::driver::{Failure, Link, Trouble};
use crate::drivers::http;

const VERSION: &str = "5.199";
/// VK shows it in the list of the community's servers; 14 characters at most.
const SERVER_TITLE: &str = "Otklik";
/// A call that comes too soon is made again after this, which grows by as much each time.
const TOO_SOON: Duration = Duration::from_millis(400);
const TRIES: u32 = 5;

/// A method that did not do its work.
#[derive(Debug)]
pub struct Refusal {
    /// The server that was asked.
    host: String,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// VK says so: <https://dev.vk.com/ru/reference/errors>.
    Code(i64, String),
    Request(reqwest::Error),
    /// What came is no answer of the API.
    Broken(String),
}

/// Calls a method. Waits and repeats when it was one call too many in a second: such a call has done nothing.
pub async fn call<T: DeserializeOwned>(link: &Link, method: &str, params: &[(&str, String)]) -> Result<T, Refusal> {
    let mut tried = 0;
    loop {
        tried += 1;
        match once(link, method, params).await {
            Err(Why::Code(6, _)) if tried < TRIES => tokio::time::sleep(TOO_SOON * tried).await,
            Err(why) => return Err(Refusal { host: http::host(link.settings.api_url()).to_owned(), why }),
            Ok(answer) => return Ok(answer),
        }
    }
}

async fn once<T: DeserializeOwned>(link: &Link, method: &str, params: &[(&str, String)]) -> Result<T, Why> {
    let url = format!("{}/method/{method}", link.settings.api_url());
    if !link.app.http.allows(&url) {
        return Err(Why::Broken("the address of the API is of a private network".to_owned()));
    }
    let mut form: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("v", VERSION));
    let request = link.http().post(url).bearer_auth(link.settings.text("token")).form(&form);
    let response = request.timeout(Duration::from_secs(30)).send().await.map_err(Why::Request)?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(Why::Request)?;
    let broken = || Why::Broken(format!("{status}: {}", String::from_utf8_lossy(&bytes[..bytes.len().min(300)])));
    let mut answer: Value = serde_json::from_slice(&bytes).map_err(|_| broken())?;
    if let Some(code) = answer["error"]["error_code"].as_i64() {
        return Err(Why::Code(code, answer["error"]["error_msg"].as_str().unwrap_or_default().to_owned()));
    }
    serde_json::from_value(answer["response"].take()).map_err(|_| broken())
}

impl Refusal {
    pub fn is_lack_of_rights(&self) -> bool {
        matches!(self.why, Why::Code(15, _))
    }

    /// One peer's refusal in the list that `messages.send` answers.
    pub fn of_peer(link: &Link, error: wire::PeerError) -> Self {
        Refusal { host: http::host(link.settings.api_url()).to_owned(), why: Why::Code(error.code, error.description) }
    }
}

impl From<Refusal> for Trouble {
    fn from(Refusal { host, why }: Refusal) -> Self {
        let (code, message) = match why {
            Why::Request(error) => return Trouble::unreachable(&host, &error.without_url()),
            Why::Broken(technical) => return Trouble::unreachable(&host, &technical),
            Why::Code(code, message) => (code, message),
        };
        let technical = format!("{code}: {message}");
        match code {
            5 | 27 | 28 => Trouble::new(
                "ВКонтакте не принимает ключ доступа. Создайте в сообществе новый ключ и вставьте его в настройки канала.",
                "VK does not accept the access key. Create a new one in the community and paste it into the channel's settings.",
                technical,
            )
            .permanent(),
            15 => lacks_rights(&RIGHTS.each_ref().map(|(_, words)| words), technical),
            6 | 29 => busy("ВКонтакте просит слать запросы реже.", "VK asks for fewer requests.", technical, 30),
            9 => busy(
                "ВКонтакте счёл действия слишком однообразными и просит подождать.",
                "VK finds the actions too much alike and asks to wait.",
                technical,
                60,
            ),
            14 => busy(
                "ВКонтакте просит подтвердить, что запросы шлёт человек; мы подождём и попробуем снова.",
                "VK asks for a captcha; we wait and try again.",
                technical,
                300,
            ),
            1 | 10 => Trouble::new("У ВКонтакте внутренняя ошибка.", "VK has an internal error.", technical),
            _ => Trouble::new(
                format!("ВКонтакте ответил ошибкой {code}: {message}"),
                format!("VK answered with the error {code}: {message}"),
                technical,
            ),
        }
    }
}

fn busy(ru: &'static str, en: &'static str, technical: String, seconds: u64) -> Trouble {
    Trouble::new(ru, en, technical).after(Duration::from_secs(seconds))
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = match &refusal.why {
            Why::Request(error) if error.is_connect() || error.is_builder() => return Failure::Later(refusal.into()),
            Why::Request(error) => return Failure::Unknown(error.to_string()),
            Why::Broken(_) => return Failure::Later(refusal.into()),
            Why::Code(code, message) => (*code, message.clone()),
        };
        let technical = format!("{code}: {message}");
        match code {
            5 | 27 | 28 | 15 => Failure::Account(refusal.into()),
            1 | 6 | 9 | 10 | 14 | 29 => Failure::Later(refusal.into()),
            900 => Failure::Blocked(Words::new(
                "Клиент в чёрном списке сообщества ВКонтакте. Уберите его оттуда или ответьте по другому каналу.",
                "The client is on the VK community's block list. Remove him from it or answer by another channel.",
            )),
            901 => Failure::Blocked(Words::new(
                "Клиент не разрешил сообществу ВКонтакте писать ему. Он снова разрешит, написав сам; пока ответьте по другому каналу.",
                "The client does not allow the VK community to write to him. He allows it again by writing himself; until then answer by another channel.",
            )),
            902 => Failure::Blocked(Words::new(
                "Клиент запретил писать ему настройками приватности ВКонтакте. Ответьте по другому каналу.",
                "The client's privacy settings in VK forbid writing to him. Answer by another channel.",
            )),
            936 => Failure::refused(
                "Во ВКонтакте больше нет этого клиента: страница удалена.",
                "This client is no longer in VK: his page was deleted.",
                technical,
            ),
            909 => Failure::refused(
                "Сообщение отправлено больше суток назад, ВКонтакте уже не даёт его изменить.",
                "The message was sent more than a day ago; VK does not let it be changed.",
                technical,
            ),
            924 => Failure::refused(
                "ВКонтакте не даёт удалить это сообщение у клиента: прошло больше суток.",
                "VK does not let this message be deleted at the client's: more than a day has passed.",
                technical,
            ),
            911 => Failure::refused(
                "ВКонтакте не принял кнопки под сообщением.",
                "VK did not take the buttons under the message.",
                technical,
            ),
            914 | 910 => Failure::refused(
                "Сообщение слишком длинное для ВКонтакте.",
                "The message is too long for VK.",
                technical,
            ),
            _ => Failure::refused(
                format!("ВКонтакте не принял сообщение: {message}"),
                format!("VK did not take the message: {message}"),
                technical,
            ),
        }
    }
}

pub fn not_a_community() -> Trouble {
    Trouble::new(
        "Это ключ пользователя, а не сообщества. Создайте ключ в настройках сообщества.",
        "This is a key of a user, not of a community. Create a key in the community's settings.",
        "groups.getById gave no group",
    )
    .permanent()
}

fn lacks_rights(rights: &[&Words], technical: String) -> Trouble {
    let list = |pick: fn(&Words) -> &str| rights.iter().map(|words| pick(words)).collect::<Vec<_>>().join(", ");
    let (ru, en) = (list(|words| &words.ru), list(|words| &words.en));
    Trouble::new(
        format!("Ключу не хватает прав. Создайте ключ, отметив: {ru}."),
        format!("The key lacks rights. Create a key with: {en}."),
        technical,
    )
    .permanent()
}

/// Finds out now that a right is missing, and not when the first photo is to be sent.
pub async fn check_rights(link: &Link) -> Result<(), Trouble> {
    let given: wire::Permissions = call(link, "groups.getTokenPermissions", &[]).await?;
    let lacks = |name: &str| !given.permissions.iter().any(|permission| permission.name == name);
    let missing: Vec<&Words> = RIGHTS.iter().filter(|(name, _)| lacks(name)).map(|(_, words)| words).collect();
    if missing.is_empty() { Ok(()) } else { Err(lacks_rights(&missing, "groups.getTokenPermissions".to_owned())) }
}

/// The events we need, switched on.
pub fn chosen_events() -> impl Iterator<Item = (&'static str, String)> {
    let on = EVENTS.iter().map(|name| (*name, "1".to_owned()));
    on.chain([("api_version", VERSION.to_owned())])
}

/// Makes VK call us: adds our server to the community's, which VK confirms at once, and chooses its events.
pub async fn register_server(link: &Link, group_id: &str) -> Result<(), Trouble> {
    let url = link.hook_url();
    if !url.starts_with("https://") {
        return Err(Trouble::new(
            "Для Callback API адрес Отклика должен быть доступен по https. Задайте его в настройках сервера или выберите Long Poll.",
            "The Callback API needs an https address of Otklik. Set it in the server's configuration or choose Long Poll.",
            url,
        )
        .permanent());
    }
    let group = ("group_id", group_id.to_owned());
    let server_id = match own_server(link, &group, &url).await? {
        Some(id) => id,
        None => {
            let params = [
                group.clone(),
                ("url", url),
                ("title", SERVER_TITLE.to_owned()),
                ("secret_key", secret(&link.settings)),
            ];
            call::<wire::Added>(link, "groups.addCallbackServer", &params).await?.server_id
        }
    };
    let mut settings = vec![group, ("server_id", server_id.to_string())];
    settings.extend(chosen_events());
    let _: Value = call(link, "groups.setCallbackSettings", &settings).await?;
    Ok(())
}

async fn own_server(link: &Link, group: &(&'static str, String), url: &str) -> Result<Option<i64>, Refusal> {
    let servers: wire::Servers = call(link, "groups.getCallbackServers", std::slice::from_ref(group)).await?;
    let Some(server) = servers.items.into_iter().find(|server| server.url == url) else { return Ok(None) };
    if server.secret_key != secret(&link.settings) {
        // The key of the channel was changed, and the secret with it.
        let params = [
            group.clone(),
            ("server_id", server.id.to_string()),
            ("url", url.to_owned()),
            ("title", SERVER_TITLE.to_owned()),
            ("secret_key", secret(&link.settings)),
        ];
        let _: Value = call(link, "groups.editCallbackServer", &params).await?;
    }
    Ok(Some(server.id))
}

pub async fn remove_server(link: &Link) -> Result<(), Trouble> {
    let Some(group_id) = link.channel.account_key.clone() else { return Ok(()) };
    let group = ("group_id", group_id);
    if let Some(id) = own_server(link, &group, &link.hook_url()).await? {
        let _: Value = call(link, "groups.deleteCallbackServer", &[group, ("server_id", id.to_string())]).await?;
    }
    Ok(())
}
