//! Writing messages: RFC 5322 and MIME, seven-bit clean, lines of at most 78 characters where the format lets them.
//!
//! Invariants: nothing a user typed can start a header (line breaks and control characters become spaces); the same
//! [`Outgoing`] always gives the same bytes, boundaries included, so that a letter sent again is the same letter.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::mime::address::Address;

/// A file to send.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    pub name: String,
    /// `type/subtype`; anything else is sent as application/octet-stream.
    pub content_type: String,
    /// For a picture that the HTML shows as `cid:<content_id>`; without brackets.
    pub content_id: Option<String>,
    pub data: Vec<u8>,
}

/// A message to send. Message ids are taken with or without angle brackets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outgoing {
    pub message_id: String,
    pub date: DateTime<Utc>,
    pub from: Address,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub reply_to: Vec<Address>,
    pub subject: String,
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    pub text: String,
    pub html: Option<String>,
    /// Pictures of the HTML.
    pub inline: Vec<File>,
    pub attachments: Vec<File>,
    /// Sent by the program itself: marked so that no other program answers it (RFC 3834).
    pub auto_submitted: bool,
}

/// The message as bytes with CR LF line ends, ready for SMTP.
pub fn compose(mail: &Outgoing) -> Vec<u8> {
    let mut out = String::with_capacity(mail.text.len() * 2 + mail.html.as_ref().map_or(0, String::len) * 2 + 2048);
    address_header(&mut out, "From", std::slice::from_ref(&mail.from));
    address_header(&mut out, "To", &mail.to);
    address_header(&mut out, "Cc", &mail.cc);
    address_header(&mut out, "Reply-To", &mail.reply_to);
    text_header(&mut out, "Subject", &mail.subject);
    header(&mut out, "Date", &mail.date.format("%a, %d %b %Y %H:%M:%S +0000").to_string());
    ids_header(&mut out, "Message-ID", std::iter::once(mail.message_id.as_str()));
    ids_header(&mut out, "In-Reply-To", mail.in_reply_to.iter().map(String::as_str));
    ids_header(&mut out, "References", recent(&mail.references));
    if mail.auto_submitted {
        header(&mut out, "Auto-Submitted", "auto-replied");
        // Exchange goes by its own header.
        header(&mut out, "X-Auto-Response-Suppress", "All");
    }
    header(&mut out, "MIME-Version", "1.0");
    let mut bytes = out.into_bytes();
    body(mail).write(&mut bytes);
    bytes
}

/// The thread's first message and its newest ones: the header must not grow without end (RFC 5322 lets it be cut).
fn recent(references: &[String]) -> impl Iterator<Item = &str> {
    const KEPT: usize = 20;
    let skipped = references.len().saturating_sub(KEPT);
    references
        .iter()
        .enumerate()
        .filter(move |(index, _)| *index == 0 || *index > skipped || skipped == 0)
        .map(|(_, id)| id.as_str())
}

/// A part of the body, its headers (with line ends) and its encoded content.
enum Part {
    Leaf { headers: String, content: Vec<u8> },
    Multipart { kind: &'static str, boundary: String, parts: Vec<Part> },
}

impl Part {
    /// Writes headers, the empty line and the content.
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Leaf { headers, content } => {
                out.extend_from_slice(headers.as_bytes());
                out.extend_from_slice(b"\r\n");
                out.extend_from_slice(content);
            }
            Self::Multipart { kind, boundary, parts } => {
                out.extend_from_slice(
                    format!("Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n").as_bytes(),
                );
                for part in parts {
                    out.extend_from_slice(format!("\r\n--{boundary}\r\n").as_bytes());
                    part.write(out);
                }
                out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
            }
        }
    }
}

fn body(mail: &Outgoing) -> Part {
    let seed = fingerprint(mail.message_id.as_bytes());
    // "=_" occurs neither in base64 nor in quoted-printable, and plain content with it is never sent as 7bit.
    let multipart =
        |kind: &'static str, parts| Part::Multipart { kind, boundary: format!("=_{kind}_{seed:016x}"), parts };
    let text = text_leaf("plain", &mail.text);
    let readable = match &mail.html {
        None => text,
        Some(html) => {
            let html = text_leaf("html", html);
            let html = if mail.inline.is_empty() {
                html
            } else {
                multipart(
                    "related",
                    std::iter::once(html).chain(mail.inline.iter().map(|file| file_leaf(file, "inline"))).collect(),
                )
            };
            multipart("alternative", vec![text, html])
        }
    };
    // Without HTML nothing shows the pictures in place, so they go as files.
    let loose = mail.inline.iter().filter(|_| mail.html.is_none());
    let files: Vec<Part> = mail.attachments.iter().chain(loose).map(|file| file_leaf(file, "attachment")).collect();
    if files.is_empty() { readable } else { multipart("mixed", std::iter::once(readable).chain(files).collect()) }
}

/// FNV-1a: only has to differ between messages.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn text_leaf(subtype: &str, text: &str) -> Part {
    let text = crlf(text);
    let (encoding, content) = if fits_seven_bit(&text) {
        ("7bit", text.into_bytes())
    } else if text.bytes().filter(|b| !b.is_ascii()).count() * 6 > text.len() {
        ("base64", base64_lines(text.as_bytes()))
    } else {
        ("quoted-printable", quoted_printable(&text))
    };
    let headers = format!("Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n");
    Part::Leaf { headers, content }
}

/// Line ends as CR LF, one at the end; NUL cannot be sent.
fn crlf(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\0', "");
    text.trim_end_matches('\n').replace('\n', "\r\n") + "\r\n"
}

/// Lines that servers leave alone: ASCII, not long, no "From " that an mbox would quote, nothing like a boundary.
fn fits_seven_bit(text: &str) -> bool {
    text.is_ascii()
        && text.bytes().all(|b| !b.is_ascii_control() || matches!(b, b'\r' | b'\n' | b'\t'))
        && text.split("\r\n").all(|line| {
            line.len() <= 78 && !line.starts_with("From ") && !line.ends_with([' ', '\t']) && !line.starts_with("--=_")
        })
}

fn base64_lines(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 57 * 78 + 80);
    for chunk in data.chunks(57) {
        out.extend_from_slice(STANDARD.encode(chunk).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// Quoted-printable of a text with CR LF line ends (RFC 2045, 6.7); a line is never cut inside a character's escape.
fn quoted_printable(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 2);
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        let mut width = 0;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let last = chars.peek().is_none();
            let plain = matches!(c, '!'..='~' if c != '=') || matches!(c, ' ' | '\t') && !last;
            let plain = plain && !(width == 0 && matches!(c, '.' | 'F' | '-'));
            let mut buffer = [0u8; 4];
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            let needed = if plain { 1 } else { bytes.len() * 3 };
            if width + needed > 75 {
                out.extend_from_slice(b"=\r\n");
                width = 0;
            }
            if plain {
                out.push(bytes[0]);
            } else {
                for byte in bytes {
                    out.extend_from_slice(format!("={byte:02X}").as_bytes());
                }
            }
            width += needed;
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn file_leaf(file: &File, disposition: &str) -> Part {
    let mut content_type = valid_type(&file.content_type);
    // A message may not be base64 inside a message (RFC 2046, 5.2.1); one that needs it goes as plain data.
    let as_is = content_type.starts_with("message/") && std::str::from_utf8(&file.data).is_ok_and(fits_seven_bit);
    if content_type.starts_with("message/") && !as_is || content_type.starts_with("multipart/") {
        content_type = Cow::Borrowed("application/octet-stream");
    }
    let name = one_line(&file.name);
    let mut headers = format!("Content-Type: {content_type};\r\n {}\r\n", legacy_parameter("name", &name));
    let encoding = if as_is { "7bit" } else { "base64" };
    headers.push_str(&format!("Content-Transfer-Encoding: {encoding}\r\n"));
    headers.push_str(&format!("Content-Disposition: {disposition}"));
    parameter(&mut headers, "filename", &name);
    headers.push_str("\r\n");
    if let Some(id) = &file.content_id {
        ids_header(&mut headers, "Content-ID", std::iter::once(id.as_str()));
    }
    let content = if as_is { file.data.clone() } else { base64_lines(&file.data) };
    Part::Leaf { headers, content }
}

fn valid_type(content_type: &str) -> Cow<'_, str> {
    Cow::Borrowed(if crate::mime::part::is_type(content_type) { content_type } else { "application/octet-stream" })
}

/// The `name` parameter in the form old programs read: a quoted string, with encoded words where it is not ASCII.
fn legacy_parameter(key: &str, value: &str) -> String {
    if value.is_ascii() && value.len() < 60 {
        return format!("{key}=\"{}\"", escape_quoted(value));
    }
    format!("{key}=\"{}\"", encoded_words(value, key.len() + 3).join("\r\n "))
}

/// A parameter by RFC 2231, in numbered pieces where it is long.
fn parameter(out: &mut String, key: &str, value: &str) {
    if value.is_ascii() && value.len() < 60 {
        out.push_str(&format!(";\r\n {key}=\"{}\"", escape_quoted(value)));
        return;
    }
    let mut pieces = vec![String::from("utf-8''")];
    for c in value.chars() {
        let mut buffer = [0u8; 4];
        let encoded: String = match c {
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') => c.to_string(),
            c => c.encode_utf8(&mut buffer).bytes().map(|byte| format!("%{byte:02X}")).collect(),
        };
        match pieces.last_mut() {
            Some(piece) if piece.len() + encoded.len() <= 60 => piece.push_str(&encoded),
            _ => pieces.push(encoded),
        }
    }
    if let [piece] = pieces.as_slice() {
        out.push_str(&format!(";\r\n {key}*={piece}"));
    } else {
        for (index, piece) in pieces.iter().enumerate() {
            out.push_str(&format!(";\r\n {key}*{index}*={piece}"));
        }
    }
}

fn escape_quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Text for a header: every run of line breaks and control characters becomes one space, so nothing can end the line.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in
        text.split(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')).filter(|word| !word.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.trim().to_owned()
}

fn header(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str(": ");
    out.push_str(value);
    out.push_str("\r\n");
}

fn text_header(out: &mut String, name: &str, text: &str) {
    let text = one_line(text);
    let plain =
        text.is_ascii() && !text.contains("=?") && !text.contains("  ") && text.split(' ').all(|word| word.len() <= 60);
    if !plain {
        return header(out, name, &encoded_words(&text, name.len() + 2).join("\r\n "));
    }
    let mut line = format!("{name}:");
    for word in text.split(' ') {
        if line.len() + 1 + word.len() > 78 && !line.ends_with(':') {
            out.push_str(&line);
            out.push_str("\r\n");
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    if text.is_empty() {
        line.push(' ');
    }
    out.push_str(&line);
    out.push_str("\r\n");
}

/// Encoded words (RFC 2047) of at most 75 characters, never cut inside a character; the first leaves room for `used`.
fn encoded_words(text: &str, used: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut chunk = String::new();
    let mut room = 75usize.saturating_sub(used);
    for c in text.chars() {
        // "=?utf-8?B?" and "?=" take 12 characters, three bytes take four.
        if 12 + (chunk.len() + c.len_utf8()).div_ceil(3) * 4 > room && !chunk.is_empty() {
            words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&chunk)));
            chunk.clear();
            room = 74;
        }
        chunk.push(c);
    }
    words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&chunk)));
    words
}

fn address_header(out: &mut String, name: &str, addresses: &[Address]) {
    let mut written: Vec<String> = addresses.iter().filter_map(address_text).collect();
    let Some(last) = written.pop() else { return };
    out.push_str(name);
    out.push(':');
    let mut width = name.len() + 1;
    for entry in written.into_iter().map(|entry| entry + ",").chain(std::iter::once(last)) {
        let first_line = entry.split("\r\n").next().map_or(0, str::len);
        if width + 1 + first_line > 78 && width > name.len() + 1 {
            out.push_str("\r\n");
            width = 0;
        }
        out.push(' ');
        out.push_str(&entry);
        width = entry.rsplit("\r\n").next().map_or(0, str::len) + if entry.contains("\r\n") { 0 } else { width + 1 };
    }
    out.push_str("\r\n");
}

/// `name <address>`; `None` without an address.
fn address_text(entry: &Address) -> Option<String> {
    let address = ascii_address(&entry.address)?;
    let name = entry.name.as_deref().map(one_line).filter(|name| !name.is_empty());
    let Some(name) = name else { return Some(address) };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~ ".contains(c);
    let written = if !name.is_ascii() || name.contains("=?") || escape_quoted(&name).len() > 60 {
        encoded_words(&name, 12).join("\r\n ")
    } else if name.chars().all(atom) {
        name
    } else {
        format!("\"{}\"", escape_quoted(&name))
    };
    // The first line also holds the header's name.
    let room = if written.contains("\r\n") { 72 } else { 62 };
    let last_line = written.rsplit("\r\n").next().map_or(0, str::len);
    let separator = if last_line + address.len() + 3 > room { "\r\n " } else { " " };
    Some(format!("{written}{separator}<{address}>"))
}

/// The address without anything that could break the line; a national domain in its ASCII form.
fn ascii_address(address: &str) -> Option<String> {
    let address: String =
        address.chars().filter(|c| !(c.is_whitespace() || c.is_control() || "<>,;\"()".contains(*c))).collect();
    let (local, domain) = address.rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() {
        return None;
    }
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
    Some(format!("{local}@{domain}"))
}

fn ids_header<'a>(out: &mut String, name: &str, ids: impl Iterator<Item = &'a str>) {
    let ids: Vec<String> = ids.map(clean_id).filter(|id| id.len() > 2).collect();
    if !ids.is_empty() {
        header(out, name, &ids.join("\r\n "));
    }
}

fn clean_id(id: &str) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).collect();
    format!("<{id}>")
}
