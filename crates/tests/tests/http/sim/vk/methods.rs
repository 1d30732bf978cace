//! The API's methods: which parameters they take, what they refuse, what they answer.

use std::collections::{BTreeSet, HashMap};

use axum::body::Bytes;
use serde_json::{Value, json};

use super::{CallbackServer, GROUP, Inner, Stored, now};

/// A refusal as VK words it.
#[derive(Debug)]
pub struct Refusal {
    pub code: i64,
    pub message: String,
}

type Params = HashMap<String, String>;
type Answer = Result<Value, Refusal>;

fn refuse<T>(code: i64, message: &str) -> Result<T, Refusal> {
    Err(Refusal { code, message: message.to_owned() })
}

fn missing<T>(what: &str) -> Result<T, Refusal> {
    refuse(100, &format!("One of the parameters specified was missing or invalid: {what}"))
}

/// The parameters a method knows and the right it needs.
fn schema(method: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match method {
        "groups.getById" => ("", &["group_id", "group_ids", "fields"]),
        "groups.getTokenPermissions" => ("", &[]),
        "groups.getLongPollServer" | "groups.getCallbackConfirmationCode" => ("manage", &["group_id"]),
        "groups.getCallbackServers" => ("manage", &["group_id", "server_ids"]),
        "groups.addCallbackServer" => ("manage", &["group_id", "url", "title", "secret_key"]),
        "groups.editCallbackServer" => ("manage", &["group_id", "server_id", "url", "title", "secret_key"]),
        "groups.deleteCallbackServer" => ("manage", &["group_id", "server_id"]),
        "groups.setLongPollSettings" => ("manage", &["group_id", "enabled", "api_version", "+events"]),
        "groups.setCallbackSettings" => ("manage", &["group_id", "server_id", "api_version", "+events"]),
        "users.get" => ("", &["user_ids", "fields", "name_case"]),
        "messages.send" => (
            "messages",
            &[
                "peer_id",
                "peer_ids",
                "user_id",
                "random_id",
                "message",
                "attachment",
                "keyboard",
                "forward",
                "payload",
                "format_data",
                "dont_parse_links",
                "disable_mentions",
                "lat",
                "long",
            ],
        ),
        "messages.edit" => (
            "messages",
            &[
                "peer_id",
                "message",
                "attachment",
                "cmid",
                "message_id",
                "keyboard",
                "format_data",
                "dont_parse_links",
                "disable_mentions",
                "keep_forward_messages",
                "keep_snippets",
            ],
        ),
        "messages.delete" => ("messages", &["peer_id", "cmids", "message_ids", "delete_for_all"]),
        "messages.setActivity" => ("messages", &["peer_id", "type"]),
        "messages.markAsRead" => {
            ("messages", &["peer_id", "start_message_id", "mark_conversation_as_read", "up_to_cmid"])
        }
        "messages.sendMessageEventAnswer" => ("messages", &["event_id", "user_id", "peer_id", "event_data"]),
        "messages.getConversations" => ("messages", &["offset", "count", "filter", "extended", "fields", "group_id"]),
        "messages.getHistory" => {
            ("messages", &["offset", "count", "peer_id", "rev", "extended", "fields", "group_id", "start_message_id"])
        }
        "messages.getByConversationMessageId" => {
            ("messages", &["peer_id", "conversation_message_ids", "extended", "fields"])
        }
        "photos.getMessagesUploadServer" => ("photos", &["peer_id"]),
        "photos.saveMessagesPhoto" => ("photos", &["photo", "server", "hash"]),
        "docs.getMessagesUploadServer" => ("docs", &["type", "peer_id"]),
        "docs.save" => ("docs", &["file", "title", "tags"]),
        _ => return None,
    })
}

const EVENTS: &[&str] = &[
    "message_new",
    "message_reply",
    "message_edit",
    "message_allow",
    "message_deny",
    "message_read",
    "message_typing_state",
    "message_event",
    "message_reaction_event",
];

pub fn call(state: &mut Inner, method: &str, params: &Params) -> Answer {
    if !params.contains_key("v") {
        return refuse(8, "Invalid request: v (version) is required");
    }
    if params["v"] != "5.199" {
        return refuse(8, "Invalid request: this server knows the version 5.199");
    }
    let Some((permission, known)) = schema(method) else { return refuse(3, "Unknown method passed") };
    if params.get("access_token") != Some(&state.token) {
        return refuse(5, "User authorization failed: invalid access_token (4).");
    }
    if !state.rate.take("") {
        return refuse(6, "Too many requests per second");
    }
    if !permission.is_empty() && !state.permissions.contains(permission) {
        return refuse(
            15,
            &format!(
                "Access denied: no access to call this method. It cannot be called with current scopes, {permission} is needed"
            ),
        );
    }
    for name in params.keys() {
        let event = known.contains(&"+events") && EVENTS.contains(&name.as_str());
        if !event && !known.contains(&name.as_str()) && name != "v" && name != "access_token" && name != "lang" {
            return missing(&format!("{name} is not a parameter of {method}"));
        }
    }
    if let Some(at) = state.failures.iter().position(|(failing, _)| failing == method) {
        let code = state.failures.remove(at).map_or(1, |(_, code)| code);
        return refuse(code, message_of(code));
    }
    run(state, method, params)
}

fn message_of(code: i64) -> &'static str {
    match code {
        6 => "Too many requests per second",
        9 => "Flood control",
        10 => "Internal server error",
        14 => "Captcha needed",
        27 => "Group authorization failed: access_token was revoked.",
        29 => "Rate limit reached",
        902 => "Can't send messages to this user due to their privacy settings",
        _ => "Unknown error occurred",
    }
}

fn run(state: &mut Inner, method: &str, params: &Params) -> Answer {
    match method {
        "groups.getById" => Ok(json!({
            "groups": [{"id": GROUP, "name": "Магазин «Ромашка»", "screen_name": "romashka", "is_closed": 0, "type": "group"}],
            "profiles": []
        })),
        "groups.getTokenPermissions" => {
            let setting = |name: &str| match name {
                "messages" => 4096,
                "manage" => 262_144,
                "photos" => 4,
                _ => 131_072,
            };
            let all = state.permissions.iter().map(|name| json!({"name": name, "setting": setting(name)}));
            let mask: i64 = state.permissions.iter().map(|name| setting(name)).sum();
            Ok(json!({"mask": mask, "permissions": all.collect::<Vec<_>>()}))
        }
        "users.get" => users(state, params),
        "messages.send" => send(state, params),
        "messages.edit" => edit(state, params),
        "messages.delete" => delete(state, params),
        "messages.setActivity" => {
            peer(state, params)?;
            one_of(params, "type", &["typing", "audiomessage", "photo", "video", "file"])
        }
        "messages.markAsRead" => peer(state, params).map(|_| json!(1)),
        "messages.sendMessageEventAnswer" => {
            number(params, "user_id")?;
            number(params, "peer_id")?;
            text(params, "event_id").map(|_| json!(1))
        }
        "messages.getConversations" => Ok(conversations(state, params)),
        "messages.getHistory" => history(state, params),
        "messages.getByConversationMessageId" => by_cmid(state, params),
        "photos.getMessagesUploadServer" => {
            number(params, "peer_id")?;
            let upload_url = ticket(state, "photo");
            Ok(json!({"album_id": -64, "upload_url": upload_url, "user_id": 0, "group_id": GROUP}))
        }
        "docs.getMessagesUploadServer" => {
            peer(state, params)?;
            let kind = match params.get("type").map_or("doc", String::as_str) {
                "doc" => "doc",
                "audio_message" => "audio_message",
                _ => return missing("type"),
            };
            Ok(json!({"upload_url": ticket(state, kind)}))
        }
        "photos.saveMessagesPhoto" => {
            number(params, "server")?;
            text(params, "hash")?;
            save_photo(state, &text(params, "photo")?)
        }
        "docs.save" => save_document(state, params),
        _ => community(state, method, params),
    }
}

fn community(state: &mut Inner, method: &str, params: &Params) -> Answer {
    if number(params, "group_id")? != GROUP {
        return refuse(15, "Access denied: no access to this group");
    }
    let chosen = |events: &mut BTreeSet<String>| {
        for name in EVENTS {
            match params.get(*name).map(String::as_str) {
                Some("1") => _ = events.insert((*name).to_owned()),
                Some("0") => _ = events.remove(*name),
                _ => {}
            }
        }
    };
    match method {
        "groups.getLongPollServer" if !state.long_poll.enabled => missing("longpoll for this group is not enabled"),
        "groups.getLongPollServer" => {
            state.long_poll.lost = false;
            let ts = state.long_poll.log.len().to_string();
            Ok(json!({"key": state.long_poll.key, "server": format!("{}/longpoll", state.url), "ts": ts}))
        }
        "groups.setLongPollSettings" => {
            if let Some(enabled) = params.get("enabled") {
                state.long_poll.enabled = enabled == "1";
            }
            chosen(&mut state.long_poll.events);
            Ok(json!(1))
        }
        "groups.getCallbackConfirmationCode" => Ok(json!({"code": state.confirmation})),
        "groups.getCallbackServers" => {
            let shown = |server: &CallbackServer| json!({"id": server.id, "title": server.title, "creator_id": 1, "url": server.url, "secret_key": server.secret, "status": server.status});
            Ok(json!({"count": state.servers.len(), "items": state.servers.iter().map(shown).collect::<Vec<_>>()}))
        }
        "groups.addCallbackServer" | "groups.editCallbackServer" => {
            let (url, title) = (text(params, "url")?, text(params, "title")?);
            let secret = params.get("secret_key").cloned().unwrap_or_default();
            if title.chars().count() > 14 || secret.chars().count() > 50 {
                return missing("title or secret_key is too long");
            }
            if method == "groups.addCallbackServer" {
                if state.servers.len() >= 10 {
                    return refuse(2000, "Cannot add more than 10 servers");
                }
                state.last_object_id += 1;
                let id = state.last_object_id;
                state.servers.push(CallbackServer { id, url, title, secret, events: BTreeSet::new(), status: "wait" });
                return Ok(json!({"server_id": id}));
            }
            let server = server(state, params)?;
            (server.url, server.title, server.secret) = (url, title, secret);
            Ok(json!(1))
        }
        "groups.deleteCallbackServer" => {
            let id = server(state, params)?.id;
            state.servers.retain(|server| server.id != id);
            Ok(json!(1))
        }
        _ => {
            chosen(&mut server(state, params)?.events);
            Ok(json!(1))
        }
    }
}

fn server<'a>(state: &'a mut Inner, params: &Params) -> Result<&'a mut CallbackServer, Refusal> {
    let id = number(params, "server_id")?;
    match state.servers.iter_mut().find(|server| server.id == id) {
        Some(server) => Ok(server),
        None => refuse(104, "Not found"),
    }
}

fn text(params: &Params, name: &str) -> Result<String, Refusal> {
    match params.get(name) {
        Some(value) if !value.is_empty() => Ok(value.clone()),
        _ => missing(&format!("{name} is undefined")),
    }
}

fn number(params: &Params, name: &str) -> Result<i64, Refusal> {
    match text(params, name)?.parse() {
        Ok(number) => Ok(number),
        Err(_) => missing(&format!("{name} not integer")),
    }
}

fn one_of(params: &Params, name: &str, allowed: &[&str]) -> Answer {
    if allowed.contains(&text(params, name)?.as_str()) { Ok(json!(1)) } else { missing(name) }
}

/// The other party, who must exist.
fn peer(state: &Inner, params: &Params) -> Result<i64, Refusal> {
    let id = number(params, "peer_id")?;
    if state.users.contains_key(&id) { Ok(id) } else { refuse(936, "Contact not found") }
}

fn users(state: &Inner, params: &Params) -> Answer {
    let ids = text(params, "user_ids")?;
    let mut found = Vec::new();
    for id in ids.split(',') {
        let Ok(id) = id.parse::<i64>() else { return refuse(113, "Invalid user id") };
        if let Some(user) = state.users.get(&id) {
            found.push(json!({
                "id": id, "first_name": user.first_name, "last_name": user.last_name, "can_access_closed": true,
                "is_closed": false
            }));
        }
    }
    Ok(json!(found))
}

/// `messages.send`. With `peer_ids` a refusal for one peer stands in the list of the answer; with `peer_id` it is the answer.
fn send(state: &mut Inner, params: &Params) -> Answer {
    let random_id = number(params, "random_id")?;
    if i32::try_from(random_id).is_err() {
        return missing("random_id not integer");
    }
    let (peers, many) = match (params.get("peer_ids"), params.contains_key("peer_id")) {
        (Some(list), false) => (list.clone(), true),
        (None, true) => (text(params, "peer_id")?, false),
        _ => return missing("peer_id or peer_ids"),
    };
    let mut answers = Vec::new();
    for peer in peers.split(',') {
        let Ok(peer_id) = peer.parse::<i64>() else { return missing("peer_ids") };
        match send_to(state, params, peer_id, random_id) {
            Ok((message_id, _)) if !many => return Ok(json!(message_id)),
            Ok((message_id, cmid)) => {
                answers.push(json!({"peer_id": peer_id, "message_id": message_id, "conversation_message_id": cmid}));
            }
            // What is wrong with the message itself is an error of the call.
            Err(refusal) if many && (refusal.code >= 900 && ![911, 914].contains(&refusal.code)) => {
                answers.push(json!({
                    "peer_id": peer_id, "message_id": 0, "conversation_message_id": 0,
                    "error": {"code": refusal.code, "description": refusal.message}
                }))
            }
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(json!(answers))
}

fn send_to(state: &mut Inner, params: &Params, peer_id: i64, random_id: i64) -> Result<(i64, i64), Refusal> {
    match state.users.get(&peer_id) {
        None => return refuse(936, "Contact not found"),
        Some(user) if !user.allowed => return refuse(901, "Can't send messages for users without permission"),
        Some(_) => {}
    }
    let written = written(state, params)?;
    let reply = match params.get("forward") {
        Some(forward) => Some(replied(state, peer_id, forward)?),
        None => None,
    };
    if random_id != 0
        && let Some(ids) = state.sent_ids.get(&(peer_id, random_id))
    {
        return Ok(*ids);
    }
    let mut message = state.message(peer_id, -GROUP, "");
    fill(&mut message, &written);
    message["random_id"] = json!(random_id);
    if let Some(reply) = reply {
        message["reply_message"] = reply;
    }
    let ids = (message["id"].as_i64().unwrap(), message["conversation_message_id"].as_i64().unwrap());
    state.histories.entry(peer_id).or_default().push(message.clone());
    state.sent_ids.insert((peer_id, random_id), ids);
    state.event("message_reply", message);
    Ok(ids)
}

/// What a message says, checked.
struct Written {
    text: String,
    attachments: Vec<Value>,
    keyboard: Option<Value>,
    format: Option<Value>,
}

fn fill(message: &mut Value, written: &Written) {
    message["text"] = json!(written.text);
    message["attachments"] = json!(written.attachments);
    message["keyboard"] = json!(written.keyboard);
    message["format_data"] = json!(written.format);
}

fn written(state: &Inner, params: &Params) -> Result<Written, Refusal> {
    let text = params.get("message").cloned().unwrap_or_default();
    let attachments = match params.get("attachment").filter(|list| !list.is_empty()) {
        None => Vec::new(),
        Some(list) => list.split(',').map(|attachment| attached(state, attachment)).collect::<Result<_, _>>()?,
    };
    if text.trim().is_empty() && attachments.is_empty() {
        return missing("message is empty or invalid");
    }
    if text.encode_utf16().count() > 4096 {
        return refuse(914, "Message is too long");
    }
    if attachments.len() > 10 {
        return missing("more than 10 attachments");
    }
    let format = params.get("format_data").map(|format| formatted(&text, format)).transpose()?;
    let keyboard = params.get("keyboard").map(|keyboard| keys(keyboard)).transpose()?;
    Ok(Written { text, attachments, keyboard, format })
}

/// `<type><owner_id>_<media_id>` or the same with `_<access_key>`; a voice message is a document here.
fn attached(state: &Inner, attachment: &str) -> Answer {
    let name: String = attachment.splitn(3, '_').take(2).collect::<Vec<_>>().join("_");
    match state.objects.get(&name) {
        Some(stored) => {
            let id: i64 = name.rsplit('_').next().and_then(|id| id.parse().ok()).unwrap_or_default();
            Ok(json!({"type": stored.kind, stored.kind: {"id": id, "owner_id": -GROUP, "access_key": "a1b2c3"}}))
        }
        None => missing(&format!("attachment {attachment} is not saved")),
    }
}

fn formatted(text: &str, format: &str) -> Answer {
    let Ok(format) = serde_json::from_str::<Value>(format) else { return missing("format_data is not JSON") };
    let length = text.encode_utf16().count();
    let items = format["items"].as_array().cloned().unwrap_or_default();
    if format["version"] != "1" || items.is_empty() {
        return missing("format_data");
    }
    for item in items {
        let (Some(offset), Some(size)) = (item["offset"].as_u64(), item["length"].as_u64()) else {
            return missing("format_data.items");
        };
        let end = usize::try_from(offset + size).unwrap();
        let known = match item["type"].as_str() {
            Some("bold" | "italic" | "underline") => item.get("url").is_none(),
            Some("url") => item["url"].as_str().is_some_and(|url| url.starts_with("http")),
            _ => false,
        };
        if !known || size == 0 || end > length {
            return missing("format_data.items");
        }
    }
    Ok(format)
}

/// A keyboard: 5 x 10 and 40 buttons under the field, 5 x 6 and 10 buttons within a message.
fn keys(keyboard: &str) -> Answer {
    let bad = || refuse(911, "Keyboard format is invalid");
    let Ok(keyboard) = serde_json::from_str::<Value>(keyboard) else { return bad() };
    let inline = keyboard["inline"] == true;
    let Some(rows) = keyboard["buttons"].as_array() else { return bad() };
    let (most_rows, most_buttons) = if inline { (6, 10) } else { (10, 40) };
    let buttons: Vec<&Value> = rows.iter().flat_map(|row| row.as_array().into_iter().flatten()).collect();
    let wide = rows.iter().any(|row| row.as_array().is_none_or(|row| row.is_empty() || row.len() > 5));
    if wide || rows.len() > most_rows || buttons.len() > most_buttons || (inline && keyboard["one_time"] == true) {
        return bad();
    }
    for button in buttons {
        let action = &button["action"];
        let label = action["label"].as_str().is_some_and(|label| (1..=40).contains(&label.chars().count()));
        let payload = match &action["payload"] {
            Value::Null => true,
            // A string which is JSON itself.
            Value::String(payload) => payload.chars().count() <= 255 && serde_json::from_str::<Value>(payload).is_ok(),
            _ => false,
        };
        let right = match action["type"].as_str() {
            Some("text" | "callback") => true,
            Some("open_link") => {
                button.get("color").is_none() && action["link"].as_str().is_some_and(|link| link.starts_with("http"))
            }
            _ => false,
        };
        let color = matches!(button["color"].as_str(), None | Some("primary" | "secondary" | "negative" | "positive"));
        if !(label && payload && right && color) {
            return bad();
        }
    }
    Ok(keyboard)
}

fn replied(state: &Inner, peer_id: i64, forward: &str) -> Answer {
    let Ok(forward) = serde_json::from_str::<Value>(forward) else { return missing("forward is not JSON") };
    let cmids = forward["conversation_message_ids"].as_array().or(forward["cmids"].as_array());
    let found = match cmids.map(Vec::as_slice) {
        Some([cmid]) if forward["is_reply"] == true && forward["peer_id"] == peer_id => {
            find(state, peer_id, cmid.as_i64())
        }
        _ => return missing("forward"),
    };
    match found {
        Some(message) => Ok(message.clone()),
        None => missing("forward: no such message"),
    }
}

fn find(state: &Inner, peer_id: i64, cmid: Option<i64>) -> Option<&Value> {
    state.histories.get(&peer_id)?.iter().find(|message| message["conversation_message_id"].as_i64() == cmid)
}

fn edit(state: &mut Inner, params: &Params) -> Answer {
    let peer_id = peer(state, params)?;
    let cmid = number(params, "cmid")?;
    let written = written(state, params)?;
    let Some(mut message) = find(state, peer_id, Some(cmid)).cloned() else { return missing("cmid") };
    if message["out"] != 1 {
        return refuse(15, "Access denied: this message is not yours");
    }
    if now() - message["date"].as_i64().unwrap() > 24 * 3600 {
        return refuse(909, "Can't edit this message, because it's too old");
    }
    fill(&mut message, &written);
    message["update_time"] = json!(now());
    store(state, peer_id, cmid, message.clone());
    state.event("message_edit", message);
    Ok(json!(1))
}

fn store(state: &mut Inner, peer_id: i64, cmid: i64, message: Value) {
    let history = state.histories.entry(peer_id).or_default();
    if let Some(place) = history.iter_mut().find(|message| message["conversation_message_id"] == cmid) {
        *place = message;
    }
}

fn delete(state: &mut Inner, params: &Params) -> Answer {
    let peer_id = peer(state, params)?;
    let mut answers = Vec::new();
    for cmid in text(params, "cmids")?.split(',') {
        let Ok(cmid) = cmid.parse::<i64>() else { return missing("cmids") };
        let Some(mut message) = find(state, peer_id, Some(cmid)).cloned() else { return missing("cmids") };
        let old = now() - message["date"].as_i64().unwrap() > 24 * 3600;
        if params.get("delete_for_all").map(String::as_str) == Some("1") && (old || message["out"] != 1) {
            return refuse(924, "Can't delete this message for everybody");
        }
        message["deleted"] = json!(1);
        store(state, peer_id, cmid, message);
        answers.push(json!({"peer_id": peer_id, "conversation_message_id": cmid, "response": 1}));
    }
    Ok(json!(answers))
}

fn conversations(state: &Inner, params: &Params) -> Value {
    let mut items: Vec<Value> = Vec::new();
    for (peer_id, history) in &state.histories {
        let Some(last) = history.last() else { continue };
        items.push(json!({
            "conversation": {
                "peer": {"id": peer_id, "type": "user", "local_id": peer_id},
                "last_message_id": last["id"], "last_conversation_message_id": last["conversation_message_id"],
                "in_read": 0, "out_read": 0
            },
            "last_message": last
        }));
    }
    items.sort_by_key(|item| -item["conversation"]["last_message_id"].as_i64().unwrap());
    let page = page(items.clone(), params, 20);
    json!({"count": items.len(), "items": page})
}

fn page(items: Vec<Value>, params: &Params, usual: usize) -> Vec<Value> {
    let number = |name: &str| params.get(name).and_then(|value| value.parse::<usize>().ok());
    items.into_iter().skip(number("offset").unwrap_or(0)).take(number("count").unwrap_or(usual).min(200)).collect()
}

fn history(state: &Inner, params: &Params) -> Answer {
    let peer_id = peer(state, params)?;
    let mut items = state.histories.get(&peer_id).cloned().unwrap_or_default();
    if params.get("rev").map(String::as_str) != Some("1") {
        items.reverse();
    }
    Ok(json!({"count": items.len(), "items": page(items, params, 20)}))
}

fn by_cmid(state: &Inner, params: &Params) -> Answer {
    let peer_id = peer(state, params)?;
    let ids = text(params, "conversation_message_ids")?;
    let found: Vec<&Value> = ids.split(',').filter_map(|id| find(state, peer_id, id.parse().ok())).collect();
    Ok(json!({"count": found.len(), "items": found}))
}

fn ticket(state: &mut Inner, kind: &'static str) -> String {
    state.last_object_id += 1;
    let ticket = format!("t{}", state.last_object_id);
    state.tickets.insert(ticket.clone(), kind);
    format!("{}/upload/{ticket}", state.url)
}

/// What an upload server answers.
pub fn uploaded(state: &mut Inner, kind: &'static str, name: String, bytes: Bytes) -> Value {
    let extension = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    let refused = match kind {
        "photo" => !["jpg", "jpeg", "png", "gif"].contains(&extension.as_str()) || bytes.len() > 50 << 20,
        "audio_message" => !bytes.starts_with(b"OggS"),
        _ => ["exe", "mp3", "bat", "apk"].contains(&extension.as_str()) || bytes.len() > 200 << 20,
    };
    if refused || bytes.is_empty() {
        return json!({"error": "unknown error", "error_descr": "File type or size is not allowed", "error_is_logged": true});
    }
    state.last_object_id += 1;
    let key = format!("upload-{}", state.last_object_id);
    state.uploads.insert(key.clone(), Stored { name, kind, bytes });
    match kind {
        "photo" => json!({"server": 626_627, "photo": key, "hash": "581d7a4ffc81e2bfe90016d8b35c288d"}),
        _ => json!({"file": key}),
    }
}

fn object(state: &mut Inner, upload: &str, kinds: &[&str]) -> Result<(i64, Stored), Refusal> {
    match state.uploads.remove(upload) {
        Some(stored) if kinds.contains(&stored.kind) => {
            state.last_object_id += 1;
            let id = state.last_object_id;
            let kind = if stored.kind == "photo" { "photo" } else { "doc" };
            state.objects.insert(format!("{kind}-{GROUP}_{id}"), stored.clone());
            Ok((id, stored))
        }
        _ => missing("the file was not uploaded or is saved already"),
    }
}

fn save_photo(state: &mut Inner, photo: &str) -> Answer {
    let (id, _) = object(state, photo, &["photo"])?;
    Ok(json!([{
        "id": id, "album_id": -64, "owner_id": -GROUP, "date": now(), "access_key": "a1b2c3", "has_tags": false,
        "sizes": [{"type": "x", "width": 604, "height": 403, "url": format!("{}/media/saved.jpg", state.url)}]
    }]))
}

fn save_document(state: &mut Inner, params: &Params) -> Answer {
    let (id, stored) = object(state, &text(params, "file")?, &["doc", "audio_message"])?;
    let title = params.get("title").cloned().unwrap_or_else(|| stored.name.clone());
    Ok(match stored.kind {
        "audio_message" => json!({"type": "audio_message", "audio_message": {
            "id": id, "owner_id": -GROUP, "duration": 3, "waveform": [], "access_key": "d4e5f6",
            "link_ogg": format!("{}/media/saved.ogg", state.url), "link_mp3": format!("{}/media/saved.mp3", state.url)
        }}),
        _ => json!({"type": "doc", "doc": {
            "id": id, "owner_id": -GROUP, "title": title, "size": stored.bytes.len(),
            "ext": stored.name.rsplit('.').next(), "date": now(), "type": 8, "url": format!("{}/media/saved.bin", state.url)
        }}),
    })
}
