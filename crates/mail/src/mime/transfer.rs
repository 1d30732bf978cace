//! Content-Transfer-Encoding (RFC 2045) read as leniently as mail programs do.
//!
//! Invariant: any bytes decode to some bytes; damage in one place never loses what follows it.

use std::borrow::Cow;

/// Decodes a body under its declared transfer encoding; an unknown or absent one leaves the bytes as they are.
pub fn decode<'a>(body: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    let name = encoding.trim().trim_matches('"').to_ascii_lowercase();
    match name.as_str() {
        "base64" | "b" | "base-64" if looks_like_base64(body) => Cow::Owned(decode_base64(body)),
        "quoted-printable" | "quotedprintable" | "qp" => Cow::Owned(decode_quoted_printable(body)),
        "x-uuencode" | "uuencode" | "x-uue" | "uue" => {
            decode_uuencode(body).map_or(Cow::Borrowed(body), |(_, data)| Cow::Owned(data))
        }
        _ => Cow::Borrowed(body),
    }
}

/// A text sent as it is under the name of base64 has spaces and signs outside the alphabet all over.
fn looks_like_base64(body: &[u8]) -> bool {
    let sample = &body[..body.len().min(4096)];
    let (mut inside, mut outside) = (0usize, 0usize);
    for byte in sample {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => inside += 1,
            b'\r' | b'\n' | b'\t' | 0 => {}
            _ => outside += 1,
        }
    }
    outside * 12 <= inside
}

const fn base64_table() -> [u8; 256] {
    let mut table = [255u8; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut index = 0;
    while index < 64 {
        table[alphabet[index] as usize] = index as u8;
        index += 1;
    }
    table
}

static BASE64: [u8; 256] = base64_table();

/// Base64 with any line breaks, foreign characters, missing padding, or several padded blocks one after another.
pub fn decode_base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0u32, 0u8);
    for &byte in text {
        let value = BASE64[usize::from(byte)];
        if value == 255 {
            if byte == b'=' {
                flush(&mut out, bits, count);
                (bits, count) = (0, 0);
            }
            continue;
        }
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
            (bits, count) = (0, 0);
        }
    }
    flush(&mut out, bits, count);
    out
}

fn flush(out: &mut Vec<u8>, bits: u32, count: u8) {
    match count {
        2 => out.push((bits >> 4) as u8),
        3 => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => {}
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

/// The byte written as two hexadecimal digits at the start of `text`.
pub fn hex_pair(text: &[u8]) -> Option<u8> {
    Some(hex(*text.first()?)? << 4 | hex(*text.get(1)?)?)
}

/// Quoted-printable; an `=` that starts nothing stays an `=`.
pub fn decode_quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'=' => {
                let rest = &text[at + 1..];
                if let Some(value) = hex_pair(rest) {
                    out.push(value);
                    at += 3;
                } else if let Some(length) = soft_break(rest) {
                    at += 1 + length;
                } else {
                    out.push(byte);
                    at += 1;
                }
            }
            // Blanks before a line end are transport padding (RFC 2045, 6.7, rule 3).
            b' ' | b'\t' => {
                let run = text[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                if !matches!(text.get(at + run), Some(b'\r' | b'\n')) {
                    out.extend_from_slice(&text[at..at + run]);
                }
                at += run;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// The length of "blanks, line end" after an `=`: a soft line break.
fn soft_break(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    match &rest[blanks..] {
        [b'\r', b'\n', ..] => Some(blanks + 2),
        [b'\r' | b'\n', ..] => Some(blanks + 1),
        [] => Some(blanks),
        _ => None,
    }
}

/// The first `begin 644 name ... end` block: its file name and its bytes.
pub fn decode_uuencode(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let name = lines.by_ref().find_map(uuencode_begin)?.to_vec();
    let mut out = Vec::new();
    for line in lines {
        if line == b"end" {
            return Some((name, out));
        }
        let Some((&first, data)) = line.split_first() else { continue };
        let length = usize::from(first.wrapping_sub(32) & 63);
        let start = out.len();
        for group in data.chunks(4) {
            let value = |index: usize| u32::from(group.get(index).copied().unwrap_or(32).wrapping_sub(32) & 63);
            let bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
            out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
        }
        out.truncate(start + length);
    }
    (!out.is_empty()).then_some((name, out))
}

/// The file name of a `begin <mode> <name>` line.
pub fn uuencode_begin(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"begin ")?;
    let mode = rest.iter().take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    match rest.get(mode) {
        Some(b' ') if (3..=4).contains(&mode) => Some(rest[mode + 1..].trim_ascii()),
        _ => None,
    }
}
