//! What an update says.

use base::Timestamp;
use chrono::DateTime;
use desk::contact::NewIdentity;
use desk::contact::identity;
use desk::file::Media;
use desk::message::{Card, Extra, Location};

use super::wire::{Attachment, Body, Message, Update, User};
use crate::driver::{ChatRef, InMessage, Inbound, Profile, RemoteFile};

pub fn update(update: Update) -> Vec<Inbound> {
    let Update { update_type, timestamp, message, callback, chat_id, user, message_id, payload, user_locale } = update;
    let at = at(timestamp);
    let inbound = match update_type.as_str() {
        "message_created" => return message.and_then(|message| written(message, user_locale)).into_iter().collect(),
        "message_edited" => message.and_then(edited),
        "message_removed" => {
            chat_id.zip(message_id).map(|(chat_id, mid)| Inbound::Deleted { chat: chat_id.to_string(), ids: vec![mid] })
        }
        "message_callback" => callback.and_then(|callback| {
            let chat_id = message.as_ref()?.recipient.chat_id?;
            let payload = callback.payload.unwrap_or_default();
            let title = message.as_ref().and_then(|message| title_of(message.body.as_ref()?, &payload));
            Some(Inbound::Pressed {
                chat: chat(chat_id, &callback.user),
                from: Box::new(profile(&callback.user, user_locale)),
                press_id: callback.callback_id,
                payload,
                title,
                at,
            })
        }),
        "bot_started" => {
            let Some((chat_id, user)) = chat_id.zip(user) else { return Vec::new() };
            return vec![
                Inbound::Blocked { chat: chat_id.to_string(), blocked: false },
                Inbound::Started {
                    chat: chat(chat_id, &user),
                    from: Box::new(profile(&user, user_locale)),
                    start: payload.filter(|payload| !payload.is_empty()),
                },
            ];
        }
        "bot_stopped" => chat_id.map(|chat_id| Inbound::Blocked { chat: chat_id.to_string(), blocked: true }),
        _ => None,
    };
    inbound.into_iter().collect()
}

fn at(milliseconds: i64) -> Timestamp {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

fn chat(chat_id: i64, user: &User) -> ChatRef {
    ChatRef { id: chat_id.to_string(), title: user.full_name() }
}

fn profile(user: &User, locale: Option<String>) -> Profile {
    let shown = user.username.as_ref().map_or_else(|| user.user_id.to_string(), |name| format!("@{name}"));
    Profile {
        identities: vec![NewIdentity::account(identity::Kind::Max, user.user_id.to_string(), shown)],
        name: user.full_name(),
        locale,
        handle: user.username.as_ref().map(|name| format!("@{name}")),
    }
}

/// A message of a client in a dialog; a help desk answers nobody in chats of many.
fn written(message: Message, locale: Option<String>) -> Option<Inbound> {
    let sender = message.sender.as_ref().filter(|sender| !sender.is_bot)?;
    let chat_id = message.recipient.chat_id?;
    if message.recipient.chat_type != "dialog" {
        return None;
    }
    let linked = |kind: &str| message.link.as_ref().filter(|link| link.kind == kind);
    let forwarded = linked("forward");
    let bodies: Vec<&Body> = message.body.iter().chain(forwarded.and_then(|link| link.message.as_ref())).collect();
    let attachments: Vec<&Attachment> = bodies.iter().flat_map(|body| body.attachments.iter().flatten()).collect();
    let extra = Extra {
        forwarded_from: forwarded.and_then(|link| link.sender.as_ref()).map(User::full_name),
        location: attachments.iter().find_map(|attachment| place(attachment)),
        contacts: attachments.iter().filter_map(|attachment| card(attachment)).collect(),
        ..Extra::default()
    };
    let body = message.body.as_ref()?;
    Some(Inbound::Message(Box::new(InMessage {
        id: body.mid.clone(),
        chat: chat(chat_id, sender),
        from: profile(sender, locale),
        at: at(message.timestamp),
        html: bodies.iter().map(|body| html(body)).collect(),
        files: attachments.iter().filter_map(|attachment| file(attachment)).collect(),
        reply_to: linked("reply").and_then(|link| Some(link.message.as_ref()?.mid.clone())),
        album: None,
        extra,
        own_phone: attachments.iter().find_map(|attachment| own_phone(attachment, sender)),
    })))
}

fn edited(message: Message) -> Option<Inbound> {
    message.sender.as_ref().filter(|sender| !sender.is_bot)?;
    let (chat_id, body) = (message.recipient.chat_id?, message.body?);
    Some(Inbound::Edited { chat: chat_id.to_string(), html: html(&body), id: body.mid })
}

/// The words, and what is neither a file nor text.
fn html(body: &Body) -> String {
    let text = body.text.as_deref().unwrap_or_default();
    let markup = body.markup.clone().and_then(|markup| serde_json::from_value::<Vec<_>>(markup).ok());
    let mut html = if text.is_empty() { String::new() } else { rich::from_max(text, &markup.unwrap_or_default()) };
    for attachment in body.attachments.iter().flatten().filter(|attachment| attachment.kind == "share") {
        let url = attachment.payload["url"].as_str().unwrap_or_default();
        // MAX makes a preview of every link; only what the text does not say itself is added.
        if !text.contains(url) {
            let title = attachment.title.as_deref().unwrap_or_default();
            html.push_str(&rich::from_plain(format!("{title} {url}").trim()));
        }
    }
    html
}

/// A file that can be fetched.
fn file(attachment: &Attachment) -> Option<RemoteFile> {
    let payload = &attachment.payload;
    let url = payload["url"].as_str().unwrap_or_default().to_owned();
    let file = match attachment.kind.as_str() {
        "image" => RemoteFile { reference: url, media: Some(Media::Photo), ..RemoteFile::default() },
        "video" => RemoteFile {
            // The address in the message opens a page; the film's own is asked for by its token.
            reference: payload["token"].as_str().map_or(url, |token| format!("video:{token}")),
            content_type: "video/mp4".to_owned(),
            media: Some(Media::Video),
            duration_ms: attachment.duration.map(|seconds| seconds * 1000),
            ..RemoteFile::default()
        },
        "audio" => RemoteFile { reference: url, media: Some(Media::Voice), ..RemoteFile::default() },
        "file" => RemoteFile {
            reference: url,
            name: attachment.filename.clone().unwrap_or_default(),
            size: attachment.size,
            ..RemoteFile::default()
        },
        "sticker" => RemoteFile { reference: url, media: Some(Media::Sticker), ..RemoteFile::default() },
        _ => return None,
    };
    (!file.reference.is_empty()).then_some(file)
}

fn place(attachment: &Attachment) -> Option<Location> {
    let (latitude, longitude) = attachment.latitude.zip(attachment.longitude)?;
    Some(Location { latitude, longitude, title: String::new() })
}

fn card(attachment: &Attachment) -> Option<Card> {
    if attachment.kind != "contact" {
        return None;
    }
    let vcard = attachment.payload["vcf_info"].as_str().unwrap_or_default();
    let person: Option<User> = info(attachment);
    let name = of_vcard(vcard, "FN").or_else(|| person.map(|person| person.full_name())).unwrap_or_default();
    Some(Card { name, phone: of_vcard(vcard, "TEL").unwrap_or_default() })
}

/// Who the card is of, if he is in MAX.
fn info(attachment: &Attachment) -> Option<User> {
    let person =
        ["max_info", "tam_info"].iter().map(|name| &attachment.payload[*name]).find(|value| value.is_object())?;
    serde_json::from_value(person.clone()).ok()
}

/// The number in a card of the sender himself, which MAX fills in from his account.
fn own_phone(attachment: &Attachment, sender: &User) -> Option<String> {
    let own = attachment.kind == "contact" && info(attachment).is_some_and(|person| person.user_id == sender.user_id);
    own.then(|| of_vcard(attachment.payload["vcf_info"].as_str()?, "TEL")).flatten()
}

/// The first value of a property of a vCard (RFC 6350), whatever its parameters.
fn of_vcard(vcard: &str, property: &str) -> Option<String> {
    vcard.lines().find_map(|line| {
        let (name, value) = line.trim().split_once(':')?;
        let name = name.split(';').next()?;
        (name.eq_ignore_ascii_case(property) && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The title of the button with this payload, in the message it stands under.
fn title_of(body: &Body, payload: &str) -> Option<String> {
    let keyboard = body.attachments.iter().flatten().find(|attachment| attachment.kind == "inline_keyboard")?;
    let rows = keyboard.payload["buttons"].as_array()?;
    let buttons = rows.iter().flat_map(|row| row.as_array().into_iter().flatten());
    let found =
        buttons.filter(|button| button["payload"].as_str() == Some(payload)).find_map(|button| button["text"].as_str());
    found.map(str::to_owned)
}
