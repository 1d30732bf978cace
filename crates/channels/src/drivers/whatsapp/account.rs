//! Calls about the account: who we are, its templates, files of clients.

use bytes::Bytes;
use serde_json::{Value, json};

use super::trouble::GraphError;
use super::{LARGEST_FILE, list};
use crate::driver::{Account, Link, TemplateInfo, Trouble};

/// Pages of templates we read at most; an account has 250 templates unless Meta allows more.
const MOST_PAGES: usize = 40;

/// An address of the Graph API.
pub fn url(link: &Link, path: &str) -> String {
    let version = link.settings.text("api_version");
    format!("{}/{version}/{path}", link.settings.api_url())
}

pub async fn get(link: &Link, path: &str) -> Result<Value, Trouble> {
    answer(link, link.http().get(url(link, path))).await
}

/// The JSON of an answer; anything else than a success is trouble.
pub async fn answer(link: &Link, request: reqwest::RequestBuilder) -> Result<Value, Trouble> {
    let unreachable = |error: reqwest::Error| Trouble::unreachable("WhatsApp", &error.without_url());
    let response = request.bearer_auth(link.settings.text("access_token")).send().await.map_err(unreachable)?;
    let status = response.status();
    let body = response.bytes().await.map_err(unreachable)?;
    if !status.is_success() {
        return Err(GraphError::read(status, &body).trouble());
    }
    serde_json::from_slice(&body).map_err(|error| Trouble::internal(format!("not JSON: {error}")))
}

/// Whether Meta tells our app of the account's updates; if not, it does from now on.
pub async fn connect(link: &Link) -> Result<Account, Trouble> {
    let apps = format!("{}/subscribed_apps", link.settings.text("business_account_id"));
    if list(&get(link, &apps).await?["data"]).next().is_none() {
        answer(link, link.http().post(url(link, &apps)).json(&json!({}))).await?;
    }
    about(link).await
}

/// Whether the token may speak for the number.
pub async fn about(link: &Link) -> Result<Account, Trouble> {
    let number = link.settings.text("phone_number_id");
    let about = get(link, &format!("{number}?fields=verified_name,display_phone_number")).await?;
    let said = |name: &str| about[name].as_str().unwrap_or_default();
    let name = [said("verified_name"), said("display_phone_number")].join(" ");
    Ok(Account { key: number.to_owned(), name: name.trim().to_owned() })
}

/// Meta keeps a client's file under an id, whose address is good for five minutes and asks for the token too.
pub async fn download(link: &Link, media_id: &str) -> Result<Bytes, Trouble> {
    let number = link.settings.text("phone_number_id");
    let about = get(link, &format!("{media_id}?phone_number_id={number}")).await?;
    if about["file_size"].as_u64().is_some_and(|size| size > LARGEST_FILE) {
        return Err(Trouble::new("Файл слишком большой.", "The file is too large.", media_id).permanent());
    }
    let address = about["url"].as_str().ok_or_else(|| Trouble::internal("the media has no address"))?;
    let unreachable = |error: reqwest::Error| Trouble::unreachable("WhatsApp", &error.without_url());
    let request = link.http().get(address).bearer_auth(link.settings.text("access_token"));
    let response = request.send().await.map_err(unreachable)?;
    if !response.status().is_success() {
        return Err(Trouble::internal(format!("media: {}", response.status())));
    }
    response.bytes().await.map_err(unreachable)
}

pub async fn templates(link: &Link) -> Result<Vec<TemplateInfo>, Trouble> {
    Ok(definitions(link, "&status=APPROVED").await?.iter().filter_map(info).collect())
}

/// The definition of one template, to know where its values go.
pub async fn definition(link: &Link, name: &str, language: &str) -> Result<Option<Value>, Trouble> {
    // Meta's names are of these letters only.
    if !name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_') {
        return Ok(None);
    }
    let found = definitions(link, &format!("&name={name}&status=APPROVED")).await?;
    Ok(found.into_iter().find(|template| template["name"] == *name && template["language"] == *language))
}

async fn definitions(link: &Link, filter: &str) -> Result<Vec<Value>, Trouble> {
    let account = link.settings.text("business_account_id");
    let fields = "fields=name,language,status,category,parameter_format,components&limit=100";
    let (mut found, mut after) = (Vec::new(), String::new());
    for _ in 0..MOST_PAGES {
        let page = get(link, &format!("{account}/message_templates?{fields}{filter}{after}")).await?;
        found.extend(list(&page["data"]).cloned());
        match (page["paging"]["next"].as_str(), page["paging"]["cursors"]["after"].as_str()) {
            (Some(_), Some(cursor)) => after = format!("&after={cursor}"),
            _ => break,
        }
    }
    Ok(found)
}

/// A place for a value in a template: in which component, and its name.
pub struct Place {
    pub component: &'static str,
    pub name: String,
}

/// The places of a template in the order of its text. None: it needs something that is not words (a picture at its
/// head, a code), which an operator cannot give.
pub fn places(template: &Value) -> Option<Vec<Place>> {
    let mut places = Vec::new();
    for (kind, component) in [("HEADER", "header"), ("BODY", "body")] {
        for part in list(&template["components"]).filter(|part| part["type"] == kind) {
            if part["format"].as_str().is_some_and(|format| format != "TEXT") {
                return None;
            }
            places.extend(names(part["text"].as_str().unwrap_or_default()).map(|name| Place { component, name }));
        }
    }
    let is_dynamic = |button: &Value| {
        matches!(button["type"].as_str(), Some("OTP" | "COPY_CODE" | "FLOW"))
            || button["url"].as_str().is_some_and(|url| url.contains("{{"))
    };
    let mut buttons = list(&template["components"]).filter(|part| part["type"] == "BUTTONS");
    (!buttons.any(|part| list(&part["buttons"]).any(is_dynamic))).then_some(places)
}

/// What stands between `{{` and `}}`.
fn names(text: &str) -> impl Iterator<Item = String> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim().to_owned()))
}

fn info(template: &Value) -> Option<TemplateInfo> {
    let places = places(template)?;
    let parts = ["HEADER", "BODY", "FOOTER"].into_iter().flat_map(|kind| {
        list(&template["components"]).filter(move |part| part["type"] == kind).filter_map(|part| part["text"].as_str())
    });
    Some(TemplateInfo {
        name: template["name"].as_str()?.to_owned(),
        language: template["language"].as_str()?.to_owned(),
        category: template["category"].as_str().unwrap_or_default().to_owned(),
        text: numbered(&parts.collect::<Vec<_>>().join("\n")),
        parameters: places.len(),
    })
}

/// Places numbered through: a header and a body each begin with `{{1}}`, and places can have names.
fn numbered(text: &str) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (number, part) in parts.enumerate() {
        match part.split_once("}}") {
            Some((_, rest)) => out.push_str(&format!("{{{{{}}}}}{rest}", number + 1)),
            None => out.push_str(part),
        }
    }
    out
}
