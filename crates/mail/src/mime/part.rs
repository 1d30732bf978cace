//! The tree of MIME parts (RFC 2046), with broken and missing boundaries repaired.
//!
//! Invariants: depth and number of parts are bounded, no recursion goes deeper than [`MAX_DEPTH`]; every byte of the
//! body is in some part, save preambles and epilogues.

use std::borrow::Cow;

use super::headers::{self, Headers};
use super::params::{self, Parametrised};
use super::transfer;

/// Deeper parts are kept closed, as an attachment.
const MAX_DEPTH: usize = 100;
/// Parts beyond this number are not taken apart.
const MAX_PARTS: usize = 2000;

/// One part: its headers, its raw body, and for a multipart its children.
#[derive(Debug)]
pub struct Part<'a> {
    pub headers: Headers<'a>,
    pub content_type: Parametrised,
    pub disposition: Parametrised,
    /// The body as transferred, before its transfer encoding is undone.
    pub body: &'a [u8],
    pub children: Vec<Part<'a>>,
}

impl<'a> Part<'a> {
    /// `type/subtype` in lower case.
    pub fn mime(&self) -> &str {
        &self.content_type.value
    }

    pub fn is_multipart(&self) -> bool {
        !self.children.is_empty()
    }

    /// The body with its transfer encoding undone.
    pub fn data(&self) -> Cow<'a, [u8]> {
        let encoding = self.headers.text("Content-Transfer-Encoding").unwrap_or_default();
        transfer::decode(self.body, encoding.split([';', '(']).next().unwrap_or_default())
    }

    pub fn content_id(&self) -> Option<String> {
        super::address::message_ids(self.headers.first("Content-ID")?).into_iter().next()
    }
}

/// Reads a whole message into its tree.
pub fn read(input: &[u8]) -> Part<'_> {
    let mut budget = MAX_PARTS;
    read_part(input, "text/plain", 0, &mut budget)
}

fn read_part<'a>(input: &'a [u8], default_type: &str, depth: usize, budget: &mut usize) -> Part<'a> {
    let (headers, body) = headers::read(input);
    let mut content_type = headers.first("Content-Type").map(params::parse).unwrap_or_default();
    normalise_type(&mut content_type.value, default_type);
    let disposition = headers.first("Content-Disposition").map(params::parse).unwrap_or_default();
    let mut part = Part { headers, content_type, disposition, body, children: Vec::new() };
    if part.mime().starts_with("multipart/") {
        open_multipart(&mut part, depth, budget);
    }
    part
}

/// A type without a slash or with rubbish: "text" is plain text, anything else is unknown data.
fn normalise_type(value: &mut String, default_type: &str) {
    if value.is_empty() {
        default_type.clone_into(value);
    } else if value == "text" {
        "text/plain".clone_into(value);
    } else if value == "html" {
        "text/html".clone_into(value);
    } else if !is_type(value) {
        "application/octet-stream".clone_into(value);
    }
}

/// Whether this is `type/subtype` of the characters that may stand in one (RFC 6838, 4.2).
pub fn is_type(value: &str) -> bool {
    let token =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    value.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

fn open_multipart<'a>(part: &mut Part<'a>, depth: usize, budget: &mut usize) {
    let mut pieces = Vec::new();
    if depth < MAX_DEPTH {
        let declared = part.content_type.plain("boundary").filter(|boundary| !boundary.is_empty());
        if let Some(boundary) = &declared {
            pieces = split(part.body, boundary.trim_end().as_bytes(), *budget);
        }
        if pieces.is_empty()
            && let Some(boundary) = guess_boundary(part.body)
        {
            pieces = split(part.body, boundary, *budget);
        }
    }
    if pieces.is_empty() {
        // Nothing to take apart. What can be read is read as text; at the depth limit it stays closed.
        let text = if looks_like_html(part.body) { "text/html" } else { "text/plain" };
        let kind = if depth < MAX_DEPTH { text } else { "application/octet-stream" };
        kind.clone_into(&mut part.content_type.value);
        return;
    }
    *budget = budget.saturating_sub(pieces.len());
    let default_type = if part.mime() == "multipart/digest" { "message/rfc822" } else { "text/plain" };
    part.children = pieces.into_iter().map(|piece| read_part(piece, default_type, depth + 1, budget)).collect();
}

fn looks_like_html(body: &[u8]) -> bool {
    let head = body[..body.len().min(512)].to_ascii_lowercase();
    [b"<html".as_slice(), b"<!doctype html", b"<body", b"<div"]
        .iter()
        .any(|tag| memchr::memmem::find(&head, tag).is_some())
}

/// The first line that starts with two dashes and is followed by a part header.
fn guess_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut lines = body.split(|byte| *byte == b'\n').take(200).peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_ascii_end();
        let Some(boundary) = line.strip_prefix(b"--").filter(|rest| rest.len() > 5) else { continue };
        let next = lines.peek().copied().unwrap_or_default();
        if next.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-")) {
            return Some(boundary);
        }
    }
    None
}

/// What a line is to a multipart with this boundary.
#[derive(PartialEq)]
enum Delimiter {
    Open,
    Close,
}

/// The bodies between the delimiters. A delimiter after the closing one opens a part again (mails glued together); a
/// missing closing one ends with the text.
fn split<'a>(body: &'a [u8], boundary: &[u8], limit: usize) -> Vec<&'a [u8]> {
    let line_end = if headers::uses_lone_cr(body) { b'\r' } else { b'\n' };
    let dashed = [b"--", boundary].concat();
    let mut pieces = Vec::new();
    let mut start: Option<usize> = None;
    // Searching for the delimiter skips whole attachments at once; looking at every line would not.
    for at in memchr::memmem::find_iter(body, &dashed) {
        if pieces.len() >= limit || start.is_some_and(|start| at < start) || at > 0 && body[at - 1] != line_end {
            continue;
        }
        let after = at + dashed.len();
        let end = memchr::memchr(line_end, &body[after..]).map_or(body.len(), |offset| after + offset + 1);
        let found = match body[after..end].trim_ascii_end() {
            b"" => Delimiter::Open,
            b"--" => Delimiter::Close,
            _ => continue,
        };
        if let Some(start) = start {
            pieces.push(strip_line_end(&body[start..at]));
        }
        start = (found == Delimiter::Open).then_some(end);
    }
    if let Some(start) = start.filter(|start| *start < body.len()) {
        pieces.push(&body[start..]);
    }
    pieces
}

/// The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1).
fn strip_line_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}
