//! Files that came with a message, and names for those that have none.

use encoding_rs::Encoding;

use crate::charset;
use crate::mime::part::Part;
use crate::mime::{headers, words};

/// A file of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attachment {
    /// Never empty, never with a path; as the sender named it, or made from its type.
    pub name: String,
    /// `type/subtype` in lower case.
    pub content_type: String,
    /// Without the angle brackets.
    pub content_id: Option<String>,
    /// Shown inside the text (the HTML refers to it, or it is an image meant to stand in the text), not beside it.
    pub inline: bool,
    pub data: Vec<u8>,
}

/// Takes a leaf of the tree as a file.
pub fn from_part(part: &Part<'_>, hint: Option<&'static Encoding>) -> Attachment {
    let data = part.data().into_owned();
    let content_type = part.mime().to_owned();
    let name = given_name(part, hint).unwrap_or_else(|| default_name(&content_type, &data, hint));
    let inline = part.disposition.value == "inline" && content_type.starts_with("image/");
    Attachment { name, content_id: part.content_id(), inline, data, content_type }
}

/// The name the sender gave, from either header.
pub fn given_name(part: &Part<'_>, hint: Option<&'static Encoding>) -> Option<String> {
    let name = part
        .disposition
        .text("filename", hint)
        .or_else(|| part.content_type.text("name", hint))
        .or_else(|| part.disposition.text("name", hint))?;
    safe_name(&name)
}

/// The last component of a path, without control and direction-changing characters, at most 200 characters.
pub fn safe_name(name: &str) -> Option<String> {
    let hostile = |c: char| {
        c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    let name: String = name.chars().filter(|c| !hostile(*c)).collect();
    let name = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty())?.trim();
    if name.chars().all(|c| c == '.') {
        return None;
    }
    if name.chars().count() <= 200 {
        return Some(name.to_owned());
    }
    // The ending tells what the file is, so it survives the cut.
    let ending: String = match name.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() <= 10 => format!(".{ending}"),
        _ => String::new(),
    };
    let head: String = name.chars().take(200 - ending.chars().count()).collect();
    Some(head + &ending)
}

/// A sensible name by type; a forwarded message is called by its subject.
pub fn default_name(content_type: &str, data: &[u8], hint: Option<&'static Encoding>) -> String {
    let (kind, subtype) = content_type.split_once('/').unwrap_or(("application", "octet-stream"));
    let fixed = match content_type {
        "message/rfc822" | "message/global" => {
            let (block, _) = headers::read(data);
            let subject = block.first("Subject").map(|subject| words::decode(subject, hint));
            let name = subject.map(|subject| subject.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], " "));
            let name = name.as_deref().map(str::trim).filter(|name| !name.is_empty()).and_then(safe_name);
            return format!("{}.eml", name.unwrap_or_else(|| "message".to_owned()));
        }
        "message/delivery-status" | "message/global-delivery-status" => "delivery-status.txt",
        "message/disposition-notification" => "disposition-notification.txt",
        "text/rfc822-headers" => "headers.txt",
        "text/calendar" | "application/ics" => "invite.ics",
        "text/vcard" | "text/x-vcard" | "text/directory" => "contact.vcf",
        "text/plain" => "text.txt",
        "application/pgp-signature" => "signature.asc",
        "application/pgp-keys" => "key.asc",
        "application/pgp-encrypted" => "pgp-version.txt",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "smime.p7m",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "smime.p7s",
        "application/ms-tnef" | "application/vnd.ms-tnef" => "winmail.dat",
        "application/octet-stream" => return format!("attachment.{}", ending_by_content(data)),
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    let ending = ending(subtype);
    match kind {
        "image" | "audio" | "video" => format!("{kind}.{ending}"),
        _ => format!("attachment.{ending}"),
    }
}

/// The usual file ending of a subtype.
fn ending(subtype: &str) -> &str {
    match subtype {
        "jpeg" | "pjpeg" | "jpg" => "jpg",
        "svg+xml" => "svg",
        "x-icon" | "vnd.microsoft.icon" => "ico",
        "tiff" => "tif",
        "x-png" => "png",
        "x-ms-bmp" | "x-bmp" => "bmp",
        "mpeg" => "mp3",
        "x-wav" | "wave" => "wav",
        "quicktime" => "mov",
        "msword" => "doc",
        "vnd.ms-excel" => "xls",
        "vnd.ms-powerpoint" => "ppt",
        "vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "vnd.oasis.opendocument.text" => "odt",
        "vnd.oasis.opendocument.spreadsheet" => "ods",
        "x-zip-compressed" | "x-zip" => "zip",
        "x-rar-compressed" | "vnd.rar" | "x-rar" => "rar",
        "x-7z-compressed" => "7z",
        "gzip" | "x-gzip" => "gz",
        "x-patch" | "x-diff" => "patch",
        "markdown" => "md",
        "javascript" => "js",
        "plain" => "txt",
        other if other.len() <= 5 && other.bytes().all(|b| b.is_ascii_alphanumeric()) => other,
        _ => "bin",
    }
}

/// The ending that the first bytes of a file of unknown type speak for.
fn ending_by_content(data: &[u8]) -> &'static str {
    const MAGIC: [(&[u8], &str); 9] = [
        (b"%PDF", "pdf"),
        (b"\x89PNG", "png"),
        (b"\xff\xd8\xff", "jpg"),
        (b"GIF8", "gif"),
        (b"PK\x03\x04", "zip"),
        (b"Rar!", "rar"),
        (b"7z\xbc\xaf", "7z"),
        (b"-----BEGIN PGP MESSAGE", "asc"),
        (b"{\\rtf", "rtf"),
    ];
    MAGIC.iter().find(|(magic, _)| data.starts_with(magic)).map_or("bin", |(_, ending)| ending)
}

/// Whether a text part is a file beside the text rather than the text itself.
pub fn is_file(part: &Part<'_>) -> bool {
    part.disposition.value == "attachment" || has_name(part)
}

fn has_name(part: &Part<'_>) -> bool {
    given_name(part, None).is_some()
}

/// The text of a text part under its charset; HTML without one may name it in a meta tag.
pub fn part_text(part: &Part<'_>, hint: Option<&'static Encoding>) -> String {
    let data = part.data();
    let mut label = part.content_type.text("charset", None);
    if part.mime() == "text/html" && label.as_deref().is_none_or(|label| !charset::is_known(label)) {
        label = meta_charset(&data).or(label);
    }
    charset::decode_hinted(&data, label.as_deref(), hint)
}

/// The charset of `<meta charset=..>` or `<meta http-equiv=.. content="..; charset=..">`.
fn meta_charset(html: &[u8]) -> Option<String> {
    let head = html[..html.len().min(4096)].to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"<meta")
        .and_then(|meta| Some(meta + memchr::memmem::find(&head[meta..], b"charset=")?))?;
    let value = head[at + 8..].trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let end =
        value.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))).unwrap_or(value.len());
    Some(String::from_utf8_lossy(&value[..end]).into_owned()).filter(|label| !label.is_empty())
}
