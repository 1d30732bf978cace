//! MAPI property lists as TNEF stores them (MS-OXTNEF, 2.1.3.4).

use encoding_rs::{Encoding, UTF_16LE};

use crate::charset;

pub const BODY: u16 = 0x1000;
pub const RTF: u16 = 0x1009;
pub const HTML: u16 = 0x1013;
pub const DISPLAY_NAME: u16 = 0x3001;
pub const ATTACH_DATA: u16 = 0x3701;
pub const ATTACH_NAME: u16 = 0x3704;
pub const ATTACH_LONG_NAME: u16 = 0x3707;
pub const ATTACH_MIME: u16 = 0x370e;
pub const ATTACH_CONTENT_ID: u16 = 0x3712;

pub struct Property {
    tag: u16,
    value: Value,
}

enum Value {
    Text(String),
    Bytes(Vec<u8>),
}

/// The first text under a tag.
pub fn text(properties: &[Property], tag: u16) -> Option<String> {
    properties.iter().filter(|property| property.tag == tag).find_map(|property| match &property.value {
        Value::Text(text) => Some(text.clone()),
        Value::Bytes(_) => None,
    })
}

/// The first binary value under a tag.
pub fn bytes(properties: &[Property], tag: u16) -> Option<&[u8]> {
    properties.iter().filter(|property| property.tag == tag).find_map(|property| match &property.value {
        Value::Bytes(bytes) => Some(bytes.as_slice()),
        Value::Text(_) => None,
    })
}

/// A place in the list; every read checks what is left.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A value of stated length, padded to four bytes.
    fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let value = self.take(length)?;
        let padding = length.next_multiple_of(4) - length;
        self.take(padding.min(self.0.len()))?;
        Some(value)
    }
}

/// Reads a property list up to its end or its first damage.
pub fn read(data: &[u8], encoding: &'static Encoding) -> Vec<Property> {
    let mut cursor = Cursor(data);
    let mut out = Vec::new();
    let count = cursor.number().unwrap_or(0).min(5000);
    for _ in 0..count {
        if property(&mut cursor, encoding, &mut out).is_none() {
            break;
        }
    }
    out
}

fn property(cursor: &mut Cursor<'_>, encoding: &'static Encoding, out: &mut Vec<Property>) -> Option<()> {
    let head = cursor.number()?;
    let (kind, tag) = (head as u16, (head >> 16) as u16);
    if tag >= 0x8000 {
        // A named property: a GUID, then a number or a name.
        cursor.take(16)?;
        if cursor.number()? == 0 {
            cursor.number()?;
        } else {
            cursor.sized()?;
        }
    }
    let multiple = kind & 0x1000 != 0;
    let kind = kind & 0x0fff;
    let variable = matches!(kind, 0x0d | 0x1e | 0x1f | 0x102);
    let values = if multiple || variable { cursor.number()?.min(10_000) } else { 1 };
    for _ in 0..values {
        match kind {
            0x1e | 0x1f | 0x102 | 0x0d => {
                let raw = cursor.sized()?;
                let value = match kind {
                    0x1e => {
                        let end = memchr::memchr(0, raw).unwrap_or(raw.len());
                        Value::Text(charset::decode(&raw[..end], Some(encoding.name())))
                    }
                    0x1f => Value::Text(UTF_16LE.decode_without_bom_handling(raw).0.trim_end_matches('\0').to_owned()),
                    // An object starts with the 16 bytes of its interface.
                    0x0d => Value::Bytes(raw.get(16..).unwrap_or_default().to_vec()),
                    _ => Value::Bytes(raw.to_vec()),
                };
                out.push(Property { tag, value });
            }
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => {
                cursor.take(8)?;
            }
            0x48 => {
                cursor.take(16)?;
            }
            _ => {
                cursor.take(4)?;
            }
        }
    }
    Some(())
}
