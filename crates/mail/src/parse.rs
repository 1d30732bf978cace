//! From bytes to a [`Message`].

use std::borrow::Cow;
use std::fmt;

use encoding_rs::Encoding;

use crate::body::{Block, Body};
use crate::message::Message;
use crate::mime::address::{self, Address};
use crate::mime::headers::{self, Headers};
use crate::mime::part::{self, Part};
use crate::mime::{date, words};
use crate::{attachment, automatic, bounce, charset, html, quote};

/// Why bytes are not a mail. Anything with a mail header is one, however damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    Empty,
    NoHeader,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the message is empty",
            Self::NoHeader => "this is not a mail: it has no mail header such as From, To, Subject or Date",
        })
    }
}

impl std::error::Error for ParseError {}

/// Parses a mail.
pub fn parse(raw: &[u8]) -> Result<Message, ParseError> {
    let raw = to_ascii_compatible(raw);
    let raw = skip_leading_noise(&raw);
    if raw.is_empty() {
        return Err(ParseError::Empty);
    }
    let tree = part::read(raw);
    if !tree.headers.fields.iter().any(|field| headers::is_mail_header(field.name)) {
        return Err(ParseError::NoHeader);
    }
    let hint = charset_hint(&tree);
    let mut message = read_headers(&tree.headers, hint);
    let body = Body::collect(&tree, hint);
    let text_for_detection = fill_body(&mut message, body);
    message.bounce = bounce::detect(&tree, &message, &text_for_detection);
    automatic::mark(&mut message, &tree);
    Ok(message)
}

/// A mail saved as UTF-16 by a Windows program.
fn to_ascii_compatible(raw: &[u8]) -> Cow<'_, [u8]> {
    match Encoding::for_bom(raw) {
        Some((encoding, length)) if encoding != encoding_rs::UTF_8 => {
            Cow::Owned(encoding.decode_without_bom_handling(&raw[length..]).0.into_owned().into_bytes())
        }
        _ => Cow::Borrowed(raw),
    }
}

/// A byte-order mark, empty lines and an mbox "From " line stand before a header now and then.
fn skip_leading_noise(raw: &[u8]) -> &[u8] {
    let start = raw.iter().position(|b| !(b.is_ascii_whitespace() || matches!(b, 0 | 0xef | 0xbb | 0xbf)));
    &raw[start.unwrap_or(raw.len())..]
}

/// The encoding the message itself speaks of: a charset parameter of any text part, else what its first text looks like.
fn charset_hint(tree: &Part<'_>) -> Option<&'static Encoding> {
    fn search<'t>(part: &'t Part<'_>, found: &mut Option<&'t Part<'t>>) -> Option<&'static Encoding> {
        if part.mime().starts_with("text/") && part.children.is_empty() {
            if let Some(encoding) = part.content_type.plain("charset").and_then(|label| charset::single_byte(&label)) {
                return Some(encoding);
            }
            if found.is_none() {
                *found = Some(part);
            }
        }
        part.children.iter().find_map(|child| search(child, found))
    }
    let mut first_text = None;
    search(tree, &mut first_text).or_else(|| {
        let text = first_text?.data();
        charset::guess(&text)
    })
}

fn read_headers(block: &Headers<'_>, hint: Option<&'static Encoding>) -> Message {
    let decode = |value: &[u8]| words::decode(value, hint);
    let list = |name: &str| -> Vec<Address> { block.all(name).flat_map(|value| address::parse(value, hint)).collect() };
    let one = |name: &str| block.all(name).find_map(|value| address::parse(value, hint).into_iter().next());
    let ids = |name: &str| -> Vec<String> { block.all(name).flat_map(address::message_ids).collect() };
    let mut delivered_to = Vec::new();
    for name in ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"] {
        for found in list(name) {
            if found.address.contains('@') && !delivered_to.contains(&found) {
                delivered_to.push(found);
            }
        }
    }
    Message {
        message_id: ids("Message-ID").into_iter().next(),
        in_reply_to: ids("In-Reply-To").into_iter().next(),
        references: ids("References"),
        from: one("From"),
        sender: one("Sender"),
        to: list("To"),
        cc: list("Cc"),
        reply_to: list("Reply-To"),
        delivered_to,
        return_path: block.text("Return-Path").map(|path| path.trim_matches(['<', '>', ' ', '"']).to_owned()),
        subject: block
            .all("Subject")
            .map(decode)
            .map(|text| text.trim().to_owned())
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        date: block.all("Date").find_map(|value| date::parse(&decode(value))),
        headers: block.fields.iter().map(|field| (field.name.to_owned(), decode(&field.value))).collect(),
        ..Message::default()
    }
}

/// Fills text, HTML and files; gives the whole text, which the bounce heuristics read.
fn fill_body(message: &mut Message, body: Body) -> String {
    let block = Block::join(body.blocks);
    let mut attachments = body.files;
    let page = block.html.as_deref().filter(|html| !html.trim().is_empty()).map(html::Page::read);
    let plain = block.text.as_deref().map(tidy).filter(|text| !text.is_empty());
    let from_page = || page.as_ref().map(html::Page::to_text).unwrap_or_default();
    let plain = plain.filter(|text| !(may_be_stub(text) && is_stub(text, &from_page())));
    let has_plain = plain.is_some();
    message.text = plain.unwrap_or_else(from_page);
    if message.text.trim().is_empty() {
        message.text = body.invitations.join("\n\n");
    }
    if let Some(page) = &page {
        mark_inline(&mut attachments, page);
    }
    let reply = quote::reply(&message.text, has_plain, page.as_ref(), &message.subject);
    message.html = page.as_ref().map(html::Page::to_html);
    message.new_text = reply.text;
    message.new_html = reply.html;
    message.has_quote = reply.has_quote;
    message.attachments = attachments;
    message.text.clone()
}

/// Without empty lines at both ends and blanks at line ends, except the space of a signature mark.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(|line| if line == "-- " { line } else { line.trim_end() }).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Short and speaking of HTML: perhaps "your mail program cannot show HTML".
fn may_be_stub(text: &str) -> bool {
    text.len() < 600 && text.to_ascii_lowercase().contains("html")
}

/// A plain part that is no rendition of the HTML part, which has much to say and nothing about HTML.
fn is_stub(text: &str, from_page: &str) -> bool {
    text.chars().count() < 300 && from_page.chars().count() > 40 && !from_page.to_ascii_lowercase().contains("html")
}

/// A file that the HTML shows is inline whatever its headers say.
fn mark_inline(attachments: &mut [attachment::Attachment], page: &html::Page) {
    let used = page.content_ids();
    for file in attachments {
        if file.content_id.as_ref().is_some_and(|id| used.contains(&id.to_lowercase())) {
            file.inline = true;
        }
    }
}
