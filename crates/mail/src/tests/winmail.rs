//! winmail.dat, written here by the rules of MS-OXTNEF and read back.

use super::names;

/// One TNEF attribute with its checksum.
fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let mut out = vec![level];
    out.extend_from_slice(&id.to_le_bytes());
    out.extend_from_slice(&(data.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    let sum: u16 = data.iter().fold(0, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

/// A variable-length MAPI property.
fn property(kind: u16, tag: u16, value: &[u8]) -> Vec<u8> {
    let mut out = (u32::from(tag) << 16 | u32::from(kind)).to_le_bytes().to_vec();
    out.extend_from_slice(&1u32.to_le_bytes());
    out.extend_from_slice(&(value.len() as u32).to_le_bytes());
    out.extend_from_slice(value);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn properties(list: &[Vec<u8>]) -> Vec<u8> {
    let mut out = (list.len() as u32).to_le_bytes().to_vec();
    out.extend(list.concat());
    out
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().chain(Some(0)).flat_map(u16::to_le_bytes).collect()
}

fn tnef(message: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![0x78, 0x9f, 0x3e, 0x22, 1, 0];
    out.extend(attribute(1, 0x0006_9007, &[1251u32.to_le_bytes(), 0u32.to_le_bytes()].concat()));
    out.extend(attribute(1, 0x0006_9003, &properties(message)));
    out.extend(attribute(2, 0x0006_9002, &[0; 14]));
    out.extend(attribute(2, 0x0001_8010, &encoding_rs::WINDOWS_1251.encode("Счет.doc\0").0));
    out.extend(attribute(2, 0x0006_800f, b"file one"));
    let second = properties(&[
        property(0x1f, 0x3707, &utf16("Договор поставки №7.docx")),
        property(0x1e, 0x370e, b"application/msword\0"),
        property(0x102, 0x3701, b"file two"),
    ]);
    out.extend(attribute(2, 0x0006_9002, &[0; 14]));
    out.extend(attribute(2, 0x0006_9005, &second));
    out
}

fn mail(winmail: &[u8], text: &str) -> Vec<u8> {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(winmail);
    format!("From: o@vega.example\r\nSubject: TNEF\r\nContent-Type: multipart/mixed; boundary=t\r\n\r\n--t\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--t\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--t--\r\n").into_bytes()
}

pub fn mail_with_winmail() -> Vec<u8> {
    mail(&tnef(&[property(0x1f, 0x1000, &utf16("Текст из Outlook"))]), "")
}

#[test]
fn files_and_text_come_out() {
    let message = crate::parse(&mail_with_winmail()).unwrap();
    assert_eq!(message.text, "Текст из Outlook");
    assert_eq!(names(&message), ["Счет.doc", "Договор поставки №7.docx"]);
    assert_eq!(message.attachments[0].data, b"file one");
    assert_eq!(message.attachments[1].data, b"file two");
    assert_eq!(message.attachments[1].content_type, "application/msword");
}

#[test]
fn the_mail_has_its_own_text() {
    let raw = mail(&tnef(&[property(0x1f, 0x1000, &utf16("Текст из Outlook"))]), "Свой текст");
    let message = crate::parse(&raw).unwrap();
    assert_eq!(message.text, "Свой текст");
    assert_eq!(message.attachments.len(), 2);
}

#[test]
fn html_in_rich_text() {
    let rtf = br"{\rtf1\ansi\ansicpg1251\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 \'cf\'f0\'e8\'e2\'e5\'f2{\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 \u1084?\u1080?\u1088?{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0{\*\htmltag72 </p>}}";
    let mut compressed = Vec::new();
    compressed.extend_from_slice(&(rtf.len() as u32 + 12).to_le_bytes());
    compressed.extend_from_slice(&(rtf.len() as u32).to_le_bytes());
    compressed.extend_from_slice(b"MELA\0\0\0\0");
    compressed.extend_from_slice(rtf);
    let raw = mail(&tnef(&[property(0x102, 0x1009, &compressed)]), "");
    let message = crate::parse(&raw).unwrap();
    assert_eq!(message.html.as_deref(), Some("<p>Привет<b>мир</b></p>"));
    assert_eq!(message.text, "Приветмир");
}

#[test]
fn compressed_rich_text() {
    // The example of MS-OXRTFCP, 4.1.1.
    let compressed = [
        0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00,
        0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09,
        0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0u8,
    ];
    let raw = mail(&tnef(&[property(0x102, 0x1009, &compressed)]), "");
    assert_eq!(crate::parse(&raw).unwrap().text, "hello world");
}

#[test]
fn a_damaged_file_stays_a_file() {
    let mut damaged = tnef(&[]);
    damaged.truncate(9);
    let message = crate::parse(&mail(&damaged, "Текст")).unwrap();
    assert_eq!(names(&message), ["winmail.dat"]);
    assert_eq!(message.text, "Текст");
}
