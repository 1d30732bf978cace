//! Outlook's winmail.dat (MS-OXTNEF): the text and the files that Exchange hid in it.
//!
//! Invariant: every length is checked against what is left; a damaged file gives what could be read before the damage.

mod mapi;
mod rtf;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::attachment::{self, Attachment};
use crate::body::{self, Block};
use crate::charset;
use crate::mime::{address, part};

const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];

/// What a winmail.dat holds.
#[derive(Debug, Default)]
pub struct Content {
    pub body: Block,
    pub files: Vec<Attachment>,
}

pub fn is_tnef(data: &[u8]) -> bool {
    data.starts_with(&SIGNATURE)
}

/// A file being put together from its attributes.
#[derive(Default)]
struct File {
    title: Option<String>,
    data: Vec<u8>,
    properties: Vec<mapi::Property>,
}

/// Reads a TNEF stream; `None` when it is none, or holds nothing that could be read.
pub fn read(data: &[u8]) -> Option<Content> {
    let mut rest = data.strip_prefix(&SIGNATURE)?.get(2..)?;
    let mut encoding = WINDOWS_1252;
    let mut plain = None;
    let mut properties = Vec::new();
    let mut files: Vec<File> = Vec::new();
    // level (1), attribute (4), length (4), data, checksum (2)
    while let Some((head, tail)) = rest.split_at_checked(9) {
        let attribute = u16::from_le_bytes([head[1], head[2]]);
        let length = u32::from_le_bytes([head[5], head[6], head[7], head[8]]) as usize;
        let Some((value, after)) = tail.split_at_checked(length) else { break };
        rest = after.get(2..).unwrap_or_default();
        match attribute {
            0x9007 => encoding = code_page(value).unwrap_or(encoding),
            0x800c => plain = Some(string8(value, encoding)),
            0x9003 => properties = mapi::read(value, encoding),
            0x9002 if files.len() < 500 => files.push(File::default()),
            0x8010 => with_last(&mut files, |file| file.title = Some(string8(value, encoding))),
            0x800f => with_last(&mut files, |file| file.data = value.to_vec()),
            0x9005 => with_last(&mut files, |file| file.properties = mapi::read(value, encoding)),
            _ => {}
        }
    }
    let body = text_of(&properties, plain, encoding);
    let files: Vec<Attachment> = files.into_iter().filter_map(finish).collect();
    (!body.is_blank() || !files.is_empty()).then_some(Content { body, files })
}

fn with_last(files: &mut [File], change: impl FnOnce(&mut File)) {
    if let Some(file) = files.last_mut() {
        change(file);
    }
}

fn code_page(value: &[u8]) -> Option<&'static Encoding> {
    let number = u32::from_le_bytes(value.get(..4)?.try_into().ok()?);
    let label = match number {
        866 => "ibm866".to_owned(),
        20866 => "koi8-r".to_owned(),
        28595 => "iso-8859-5".to_owned(),
        65001 => "utf-8".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes())
}

fn string8(value: &[u8], encoding: &'static Encoding) -> String {
    let end = memchr::memchr(0, value).unwrap_or(value.len());
    charset::decode(&value[..end], Some(encoding.name()))
}

/// The best body: HTML, then rich text, then plain text.
fn text_of(properties: &[mapi::Property], plain: Option<String>, encoding: &'static Encoding) -> Block {
    let mut block = Block { text: plain.filter(|text| !text.trim().is_empty()), html: None };
    if let Some(text) = mapi::text(properties, mapi::BODY) {
        block.text = Some(text);
    }
    let html = mapi::bytes(properties, mapi::HTML)
        .map(|html| charset::decode(html, None))
        .or_else(|| mapi::text(properties, mapi::HTML));
    block.html = html.filter(|html| !html.trim().is_empty());
    if block.html.is_none()
        && let Some(compressed) = mapi::bytes(properties, mapi::RTF)
        && let Some(source) = rtf::decompress(compressed)
    {
        match rtf::read(&source, encoding) {
            rtf::Document::Html(html) => block.html = Some(html),
            rtf::Document::Text(text) if block.text.is_none() => block.text = Some(text),
            rtf::Document::Text(_) => {}
        }
    }
    block.text = block.text.map(|text| body::normalise(&text));
    block
}

fn finish(file: File) -> Option<Attachment> {
    let data = if file.data.is_empty() {
        mapi::bytes(&file.properties, mapi::ATTACH_DATA).map(<[u8]>::to_vec).unwrap_or_default()
    } else {
        file.data
    };
    let text = |tag| mapi::text(&file.properties, tag).filter(|text| !text.is_empty());
    let name = text(mapi::ATTACH_LONG_NAME)
        .or(file.title.clone())
        .or_else(|| text(mapi::ATTACH_NAME))
        .or_else(|| text(mapi::DISPLAY_NAME));
    if data.is_empty() && name.is_none() {
        return None;
    }
    let content_type = text(mapi::ATTACH_MIME).map(|kind| kind.to_ascii_lowercase()).filter(|kind| part::is_type(kind));
    let content_type = content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let name = name
        .as_deref()
        .and_then(attachment::safe_name)
        .unwrap_or_else(|| attachment::default_name(&content_type, &data, None));
    let content_id =
        text(mapi::ATTACH_CONTENT_ID).and_then(|id| address::message_ids(id.as_bytes()).into_iter().next());
    Some(Attachment { name, content_type, content_id, inline: false, data })
}
