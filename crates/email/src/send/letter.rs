//! From a message of a conversation to the letter a client gets.
//!
//! Invariant: the same message always makes the same bytes, whenever and however often it is sent.

use app::App;
use base::{Actor, FileId, Language, LineId, Result};
use desk::message::AuthorKind;
use desk::people::{Address, Recipients};
use desk::{conversation, file, line, message};
use mail::compose::{File, Outgoing, compose};
use mail::token;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::template::{Variables, escape, fill_html};
use crate::accept::{installation, thread, token_key};
use crate::mailbox;

/// A letter and its envelope.
pub(crate) struct Letter {
    pub bytes: Vec<u8>,
    pub from: String,
    pub to: Vec<String>,
    /// As sent, with signature and quote.
    pub html: String,
    pub text: String,
}

/// Longer threads are quoted in References only by their newest messages.
const MAX_THREAD: u64 = 100;

/// The Message-ID of a message, without brackets: it carries the signed reply token.
pub(crate) fn rfc_message_id(app: &App, message: &message::Model, mailbox_address: &str) -> String {
    let token = token::sign(&token_key(app), *message.conversation_id.0.as_bytes(), *message.id.0.as_bytes());
    let domain = ascii_domain(mailbox_address);
    token::message_id(&token, &domain).trim_matches(['<', '>']).to_owned()
}

/// What we call ourselves to SMTP servers.
pub(crate) fn own_name(mailbox_address: &str) -> String {
    ascii_domain(mailbox_address)
}

pub(super) fn ascii_domain(address: &str) -> String {
    let domain = text::email::domain(address).unwrap_or("localhost");
    idna::domain_to_ascii(domain).unwrap_or_else(|_| "localhost".to_owned())
}

pub(crate) async fn write(
    app: &App,
    message: &message::Model,
    mailbox: &mailbox::Model,
    rfc_message_id: &str,
) -> Result<Letter> {
    let read = app.db.read();
    let system = Actor::system();
    let conversation = conversation::find(read, &system, message.conversation_id).await?;
    let line = line::find(read, &system, conversation.line_id).await?;
    let company = desk::setting::company(read).await?;
    let of_letters = conversation::of_letters(read, &conversation, &line).await?;
    let recipients: Recipients = serde_json::from_value(message.recipients.clone())?;
    let earlier = thread_of(app, message).await?;
    // A copy of what somebody said in a group conversation stands for itself.
    let quoted = match message.automatic.is_some() || message.copy_of_id.is_some() {
        true => None,
        false => last_from_client(app, message).await?,
    };
    let variables = Variables {
        number: conversation.number,
        subject: &conversation.subject,
        client: recipients.to.first().and_then(|to| to.name.as_deref()).unwrap_or_default(),
        line: &line.public_name,
        company: &company.company_name,
        operator: if line.hide_operators { &line.public_name } else { &message.author_name },
    };
    let (inline, attachments, html) = files(app, message).await?;
    // A client's words passed on to others are not signed by us.
    let signature = match message.author_kind == AuthorKind::User {
        false => String::new(),
        true => mail::html::sanitize(&fill_html(&line.signature_html, &variables)),
    };
    let (html, text) = body(&html, &message.text, &signature, quoted.as_ref(), company.default_locale);
    let from_name = if mailbox.from_name.is_empty() { &line.public_name } else { &mailbox.from_name };
    let reply_to = mailbox.sub_addressing.then(|| {
        let token = token::sign_conversation(&token_key(app), *conversation.id.0.as_bytes());
        mail::Address::new(Some(from_name), &token::reply_address(&mailbox.address, &token))
    });
    let outgoing = Outgoing {
        message_id: rfc_message_id.to_owned(),
        date: message.created_at,
        from: mail::Address::new(Some(from_name), &mailbox.address),
        to: recipients.to.iter().map(mail_address).collect(),
        cc: recipients.cc.iter().map(mail_address).collect(),
        reply_to: reply_to.into_iter().collect(),
        subject: subject(message, &of_letters, !earlier.is_empty()),
        in_reply_to: earlier
            .iter()
            .rev()
            .find(|row| !row.outgoing)
            .or(earlier.last())
            .map(|row| row.rfc_message_id.clone()),
        references: earlier.iter().map(|row| row.rfc_message_id.clone()).collect(),
        text: text.clone(),
        html: Some(page(&html)),
        inline,
        attachments,
        auto_submitted: message.automatic.is_some(),
    };
    let mut bytes = own_headers(app, conversation.line_id).into_bytes();
    bytes.extend(compose(&outgoing));
    let mut to: Vec<String> = Vec::new();
    for address in recipients.to.iter().chain(&recipients.cc) {
        if !to.contains(&address.address) {
            to.push(address.address.clone());
        }
    }
    Ok(Letter { bytes, from: mailbox.address.clone(), to, html, text })
}

/// By these an installation knows its own letters when they come back.
pub(super) fn own_headers(app: &App, line: LineId) -> String {
    format!("X-Otklik: {}\r\nX-Otklik-Line: {}\r\n", installation(app), line.0.simple())
}

fn mail_address(address: &Address) -> mail::Address {
    mail::Address { name: address.name.clone().filter(|name| !name.is_empty()), address: address.address.clone() }
}

fn subject(message: &message::Model, of_conversation: &str, answers: bool) -> String {
    let subject = message.subject.as_deref().filter(|subject| !subject.is_empty()).unwrap_or(of_conversation);
    let start: String = subject.chars().take(4).collect::<String>().to_lowercase();
    let has_mark = start.starts_with("re:") || start.starts_with("re[") || start.starts_with("на:");
    if answers && !has_mark && message.automatic.is_none() { format!("Re: {subject}") } else { subject.to_owned() }
}

/// Messages of the conversation that went over mail before this one, oldest first.
async fn thread_of(app: &App, message: &message::Model) -> Result<Vec<thread::Model>> {
    let rows = thread::Entity::find()
        .filter(thread::Column::ConversationId.eq(message.conversation_id))
        .filter(thread::Column::CreatedAt.lte(message.created_at))
        .order_by_desc(thread::Column::CreatedAt)
        .limit(MAX_THREAD);
    let mut rows = rows.all(app.db.read()).await?;
    rows.retain(|row| row.message_id != Some(message.id));
    rows.reverse();
    match message.copy_for_id {
        Some(client) => of_client(app, rows, client).await,
        None => Ok(rows),
    }
}

/// Those of them that this client has seen: others who take part in a group conversation have letters of their own.
async fn of_client(app: &App, rows: Vec<thread::Model>, client: base::ContactId) -> Result<Vec<thread::Model>> {
    let his = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::Id.is_in(rows.iter().filter_map(|row| row.message_id)))
        .filter(
            Condition::any().add(message::Column::CopyForId.eq(client)).add(message::Column::AuthorId.eq(client.0)),
        );
    let his: Vec<base::MessageId> = his.into_tuple().all(app.db.read()).await?;
    Ok(rows.into_iter().filter(|row| row.message_id.is_some_and(|id| his.contains(&id))).collect())
}

async fn last_from_client(app: &App, before: &message::Model) -> Result<Option<message::Model>> {
    let rows = message::Entity::find()
        .filter(message::Column::ConversationId.eq(before.conversation_id))
        .filter(message::Column::Kind.eq(message::Kind::Inbound))
        .filter(message::Column::Automatic.is_null())
        .filter(message::Column::CreatedAt.lte(before.created_at));
    Ok(rows.order_by_desc(message::Column::CreatedAt).one(app.db.read()).await?)
}

/// Pictures of the text, other files, and the HTML that names the pictures by their content ids.
async fn files(app: &App, message: &message::Model) -> Result<(Vec<File>, Vec<File>, String)> {
    let (mut inline, mut attachments) = (Vec::new(), Vec::new());
    let mut html = message.html.clone();
    for row in file::of_messages(app.db.read(), &[message.keeper_of_files()]).await? {
        let data = app.files.get(&row.storage_key).await?.to_vec();
        let cid = format!("{}@otklik", row.id.0.simple());
        let (changed, used) = point_at_cid(&html, row.id, &cid);
        html = changed;
        let content_id = used.then_some(cid);
        let file = File { name: row.name, content_type: row.content_type, content_id, data };
        if used { inline.push(file) } else { attachments.push(file) }
    }
    Ok((inline, attachments, html))
}

/// Turns every address of a stored file inside quotes into `cid:`.
fn point_at_cid(html: &str, id: FileId, cid: &str) -> (String, bool) {
    let address = format!("/files/{id}");
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    let mut used = false;
    while let Some(at) = rest.find(&address) {
        let start = rest[..at].rfind(['"', '\'']).map_or(at, |quote| quote + 1);
        let end = rest[at..].find(['"', '\'', '>', ' ']).map_or(rest.len(), |length| at + length);
        out.push_str(&rest[..start]);
        out.push_str("cid:");
        out.push_str(cid);
        rest = &rest[end..];
        used = true;
    }
    out.push_str(rest);
    (out, used)
}

/// The answer, the signature, and the client's last words below.
fn body(
    html: &str,
    text: &str,
    signature: &str,
    quoted: Option<&message::Model>,
    language: Language,
) -> (String, String) {
    let mut html = format!("<div>{html}</div>");
    let mut text = text.trim_end().to_owned();
    if !signature.trim().is_empty() {
        html.push_str(&format!("<br><div>-- <br>{signature}</div>"));
        text.push_str("\n\n-- \n");
        text.push_str(mail::html::html_to_text(signature).trim());
    }
    if let Some(quoted) = quoted {
        let address = quoted.author_address.as_deref().unwrap_or_default();
        let date = quoted.sent_at.format("%d.%m.%Y");
        let intro = match language {
            Language::Ru => format!("{date}, {} <{address}> пишет:", quoted.author_name),
            Language::En => format!("On {date}, {} <{address}> wrote:", quoted.author_name),
        };
        let original = without_stored_pictures(&quoted.html);
        html.push_str(&format!(
            "<br><div class=\"gmail_quote\"><div>{}</div><blockquote type=\"cite\">{original}</blockquote></div>",
            escape(&intro)
        ));
        text.push_str(&format!("\n\n{intro}\n"));
        for line in quoted.text.lines() {
            text.push_str(if line.starts_with('>') { ">" } else { "> " });
            text.push_str(line);
            text.push('\n');
        }
    }
    (html, text)
}

/// The client has his own pictures; their addresses on our server would be of no use to him.
fn without_stored_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("src=\"/files/") {
        let end = rest[at + 5..].find('"').map_or(rest.len(), |length| at + 5 + length + 1);
        out.push_str(&rest[..at]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn page(html: &str) -> String {
    format!("<html><head><meta charset=\"utf-8\"></head><body>{html}</body></html>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_become_parts_of_the_letter() {
        let id = FileId(uuid::Uuid::from_u128(5));
        let html = format!(
            "<p>a</p><img src=\"/files/{id}/a.png?inline=1\" alt=\"x\"><img src=\"https://desk.ru/files/{id}/a.png\">"
        );
        let (changed, used) = point_at_cid(&html, id, "c@otklik");
        assert!(used);
        assert_eq!(changed, "<p>a</p><img src=\"cid:c@otklik\" alt=\"x\"><img src=\"cid:c@otklik\">");
        assert_eq!(point_at_cid("<p>none</p>", id, "c@otklik"), ("<p>none</p>".to_owned(), false));
        assert_eq!(without_stored_pictures("<img alt=\"x\" src=\"/files/1/a.png\">y"), "<img alt=\"x\" >y");
    }

    #[test]
    fn the_signature_stands_between_the_answer_and_the_quote() {
        let (html, text) = body("<p>Готово</p>", "Готово", "<p>Анна</p>", None, Language::Ru);
        assert!(html.find("Готово") < html.find("Анна"));
        assert_eq!(text, "Готово\n\n-- \nАнна");
    }
}
