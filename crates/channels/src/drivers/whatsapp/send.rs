//! Messages to clients: <https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages>

use base::Words;
use desk::message::{Button, Template};
use serde_json::{Value, json};

use super::account::{self, places, url};
use super::trouble::GraphError;
use crate::driver::{Failure, Link, OutFile, Part, Sent, Trouble};

const MEGABYTE: usize = 1024 * 1024;

pub async fn send(link: &Link, part: &Part<'_>) -> Result<Sent, Failure> {
    let content = if let Some(template) = part.template {
        templated(link, template).await?
    } else if part.extra.keyboard.iter().flatten().next().is_some() {
        let header = match part.files.first() {
            Some(file) => Some(header(link, file).await?),
            None => None,
        };
        interactive(&part.rendered(rich::Format::Marks), &part.extra.keyboard, header)?
    } else if let Some(file) = part.files.first() {
        media(link, file, &part.rendered(rich::Format::Marks)).await?
    } else {
        let text = part.rendered(rich::Format::Marks);
        json!({"type": "text", "text": {"preview_url": text.contains("://"), "body": text}})
    };
    let mut message = json!({"messaging_product": "whatsapp", "recipient_type": "individual"});
    // Meta's own id of a client who hides his number looks like RU.9123.
    let recipient = if part.chat.external_id.contains('.') { "recipient" } else { "to" };
    message[recipient] = json!(part.chat.external_id);
    if let Some(quoted) = &part.reply_to {
        message["context"] = json!({"message_id": quoted});
    }
    if let (Value::Object(message), Value::Object(content)) = (&mut message, content) {
        message.extend(content);
    }
    let answer = post(link, &message).await?;
    match answer["messages"][0]["id"].as_str() {
        Some(id) => Ok(Sent { ids: vec![id.to_owned()] }),
        None => Err(Failure::Unknown(format!("no id in the answer: {answer}"))),
    }
}

/// Read marks and typing.
pub async fn mark(link: &Link, body: Value) -> Result<(), Trouble> {
    let path = format!("{}/messages", link.settings.text("phone_number_id"));
    account::answer(link, link.http().post(url(link, &path)).json(&body)).await.map(drop)
}

async fn post(link: &Link, message: &Value) -> Result<Value, Failure> {
    let path = format!("{}/messages", link.settings.text("phone_number_id"));
    request(link, link.http().post(url(link, &path)).json(message)).await
}

async fn request(link: &Link, request: reqwest::RequestBuilder) -> Result<Value, Failure> {
    let lost = |error: reqwest::Error| Failure::of_request("WhatsApp", &error.without_url());
    let response = request.bearer_auth(link.settings.text("access_token")).send().await.map_err(lost)?;
    let status = response.status();
    let body = response.bytes().await.map_err(lost)?;
    if !status.is_success() {
        return Err(GraphError::read(status, &body).failure());
    }
    serde_json::from_slice(&body).map_err(|error| Failure::Unknown(format!("not JSON: {error}")))
}

/// As what a file goes, and as which media type it is uploaded.
struct Shape {
    kind: &'static str,
    content_type: String,
}

/// Each kind has its media types and its limit:
/// <https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media>
fn shape(file: &OutFile) -> Result<Shape, Failure> {
    let plain = file.content_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    let size = file.bytes.len();
    let (kind, largest) = match plain.as_str() {
        "image/jpeg" | "image/png" => ("image", 5 * MEGABYTE),
        "video/mp4" | "video/3gpp" => ("video", 16 * MEGABYTE),
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => ("audio", 16 * MEGABYTE),
        _ => ("document", 100 * MEGABYTE),
    };
    let is_document = matches!(
        plain.as_str(),
        "text/plain"
            | "application/pdf"
            | "application/msword"
            | "application/vnd.ms-excel"
            | "application/vnd.ms-powerpoint"
            | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            | "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    );
    // Tables, logs and the like are text, whatever they are called.
    let content_type = if plain.starts_with("text/") { "text/plain".to_owned() } else { plain.clone() };
    if kind == "document" && !is_document && content_type != "text/plain" {
        return Err(Failure::refused(
            format!("WhatsApp не принимает файлы такого вида: {}. Отправьте ссылку на файл.", file.name),
            format!("WhatsApp does not take files of this kind: {}. Send a link to the file.", file.name),
            plain,
        ));
    }
    match size {
        0 => Err(Failure::refused(
            format!("Файл {} пуст.", file.name),
            format!("The file {} is empty.", file.name),
            "0 bytes",
        )),
        // What is too large to be shown goes as a document.
        size if size <= largest => Ok(Shape { kind, content_type }),
        size if size <= 100 * MEGABYTE => Ok(Shape { kind: "document", content_type }),
        size => Err(Failure::refused(
            format!("Файл {} больше 100 МБ: WhatsApp его не примет.", file.name),
            format!("The file {} is larger than 100 MB: WhatsApp does not take it.", file.name),
            format!("{size} bytes"),
        )),
    }
}

/// Whether words can stand beside this file.
pub fn takes_caption(file: &OutFile) -> bool {
    shape(file).map_or(true, |shape| shape.kind != "audio")
}

async fn upload(link: &Link, file: &OutFile, shape: &Shape) -> Result<String, Failure> {
    let bytes = reqwest::multipart::Part::stream(file.bytes.clone()).file_name(file.name.clone());
    let typed = bytes
        .mime_str(&shape.content_type)
        .map_err(|error| Failure::refused("Неизвестный вид файла.", "An unknown kind of file.", error.to_string()))?;
    let form = reqwest::multipart::Form::new()
        .text("messaging_product", "whatsapp")
        .text("type", shape.content_type.clone())
        .part("file", typed);
    let path = format!("{}/media", link.settings.text("phone_number_id"));
    // An upload whose answer is lost is not a message: it is made again.
    let again = |failure| match failure {
        Failure::Unknown(technical) => Failure::Later(Trouble::unreachable("WhatsApp", &technical)),
        other => other,
    };
    let answer = request(link, link.http().post(url(link, &path)).multipart(form)).await.map_err(again)?;
    answer["id"].as_str().map(ToOwned::to_owned).ok_or_else(|| Failure::Later(Trouble::internal("no media id")))
}

async fn media(link: &Link, file: &OutFile, caption: &str) -> Result<Value, Failure> {
    let shape = shape(file)?;
    let mut content = json!({"id": upload(link, file, &shape).await?});
    if !caption.is_empty() {
        content["caption"] = json!(caption);
    }
    match shape.kind {
        "document" => content["filename"] = json!(shortened(&file.name, 240)),
        "audio" if shape.content_type == "audio/ogg" => content["voice"] = json!(true),
        _ => {}
    }
    Ok(json!({"type": shape.kind, shape.kind: content}))
}

/// A file above buttons.
async fn header(link: &Link, file: &OutFile) -> Result<Value, Failure> {
    let shape = shape(file)?;
    let kind = if shape.kind == "audio" { "document" } else { shape.kind };
    let mut content = json!({"id": upload(link, file, &shape).await?});
    if kind == "document" {
        content["filename"] = json!(shortened(&file.name, 240));
    }
    Ok(json!({"type": kind, kind: content}))
}

/// Buttons as WhatsApp has them: up to 3 that answer, or one that opens an address, or a list of up to 10 rows; other
/// addresses stand in the text.
fn interactive(text: &str, keyboard: &[Vec<Button>], header: Option<Value>) -> Result<Value, Failure> {
    let buttons: Vec<&Button> = keyboard.iter().flatten().collect();
    let (links, answers): (Vec<&Button>, Vec<&Button>) = buttons.into_iter().partition(|button| button.url.is_some());
    let is_short = |button: &&Button| length(&button.title) <= 20;
    let payload =
        |button: &Button, longest: usize| shortened(button.payload.as_deref().unwrap_or(&button.title), longest);
    let single_link = answers.is_empty() && links.len() == 1 && length(text) <= 1024;
    let mut body = text.to_owned();
    if !single_link {
        for link in &links {
            body.push_str(&format!("\n{}: {}", link.title, link.url.as_deref().unwrap_or_default()));
        }
    }
    let body = if body.trim().is_empty() { "…".to_owned() } else { body.trim_start().to_owned() };
    if answers.len() > 10 {
        return Err(Failure::refused(
            "WhatsApp показывает не больше 10 кнопок.",
            "WhatsApp shows at most 10 buttons.",
            format!("{} buttons", answers.len()),
        ));
    }
    let (kind, action, longest) = if single_link {
        let button = links[0];
        let parameters = json!({"display_text": shortened(&button.title, 20), "url": button.url});
        ("cta_url", json!({"name": "cta_url", "parameters": parameters}), 1024)
    } else if answers.is_empty() && header.is_none() {
        return Ok(json!({"type": "text", "text": {"preview_url": false, "body": fits(body, 4096)?}}));
    } else if answers.len() <= 3 && answers.iter().all(is_short) && length(&body) <= 1024 {
        let reply =
            |button: &&Button| json!({"type": "reply", "reply": {"id": payload(button, 256), "title": button.title}});
        ("button", json!({"buttons": answers.iter().map(reply).collect::<Vec<_>>()}), 1024)
    } else {
        let row = |button: &&Button| {
            let mut row = json!({"id": payload(button, 200), "title": shortened(&button.title, 24)});
            if length(&button.title) > 24 {
                row["description"] = json!(shortened(&button.title, 72));
            }
            row
        };
        let rows: Vec<Value> = answers.iter().map(row).collect();
        ("list", json!({"button": "Выбрать · Choose", "sections": [{"rows": rows}]}), 4096)
    };
    let mut content = json!({"type": kind, "body": {"text": fits(body, longest)?}, "action": action});
    match header {
        None => {}
        Some(_) if kind == "list" => {
            return Err(Failure::refused(
                "К списку кнопок WhatsApp не прикрепляет файл: отправьте его отдельно.",
                "WhatsApp attaches no file to a list of buttons: send it apart.",
                "a list with a file",
            ));
        }
        Some(header) => content["header"] = header,
    }
    Ok(json!({"type": "interactive", "interactive": content}))
}

fn fits(text: String, longest: usize) -> Result<String, Failure> {
    if length(&text) <= longest {
        return Ok(text);
    }
    Err(Failure::refused(
        format!("Текст с кнопками длиннее {longest} знаков: сократите его или уберите кнопки."),
        format!("The text with buttons is longer than {longest} characters: shorten it or take the buttons away."),
        format!("{} characters", length(&text)),
    ))
}

/// The values in the places of the template; Meta wants each component's apart.
async fn templated(link: &Link, template: &Template) -> Result<Value, Failure> {
    let gone = || Failure::Refused(super::trouble::words(132001, ""), template.name.clone());
    let definition = account::definition(link, &template.name, &template.language).await?.ok_or_else(gone)?;
    let unfit = |ru: &'static str, en: &'static str| Failure::Refused(Words::new(ru, en), template.name.clone());
    let places = places(&definition).ok_or_else(|| {
        unfit(
            "Этому шаблону нужны не только слова, здесь его не отправить.",
            "This template needs more than words and cannot be sent from here.",
        )
    })?;
    if places.len() != template.parameters.len() {
        return Err(unfit("Заполните все места шаблона.", "Fill in every place of the template."));
    }
    let is_named = definition["parameter_format"] == "NAMED";
    let mut components: Vec<Value> = Vec::new();
    for (place, value) in places.iter().zip(&template.parameters) {
        // Line breaks and long gaps are an error of Meta's.
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut parameter = json!({"type": "text", "text": value});
        if is_named {
            parameter["parameter_name"] = json!(place.name);
        }
        match components.iter_mut().find(|component| component["type"] == place.component) {
            Some(component) => {
                if let Some(parameters) = component["parameters"].as_array_mut() {
                    parameters.push(parameter);
                }
            }
            None => components.push(json!({"type": place.component, "parameters": [parameter]})),
        }
    }
    let mut content = json!({"name": template.name, "language": {"code": template.language}});
    if !components.is_empty() {
        content["components"] = json!(components);
    }
    Ok(json!({"type": "template", "template": content}))
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// At most so many characters, the last of them telling that something is missing.
fn shortened(text: &str, longest: usize) -> String {
    if length(text) <= longest {
        return text.to_owned();
    }
    text.chars().take(longest - 1).chain(['…']).collect()
}
