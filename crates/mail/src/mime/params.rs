//! Values with parameters: Content-Type and Content-Disposition, with RFC 2231 and all the ways file names are
//! written in spite of it.
//!
//! Invariant: an unquoted, unterminated or 8-bit parameter is still read.

use encoding_rs::Encoding;

use super::transfer::hex_pair;
use super::words;
use crate::charset;

/// `value; name=value; ...` with the parameters still raw.
#[derive(Clone, Debug, Default)]
pub struct Parametrised {
    /// The part before the first semicolon, in lower case: `text/plain`, `attachment`.
    pub value: String,
    params: Vec<(String, Vec<u8>)>,
}

/// Reads a header value with parameters.
pub fn parse(raw: &[u8]) -> Parametrised {
    let end = memchr::memchr(b';', raw).unwrap_or(raw.len());
    let value = String::from_utf8_lossy(&raw[..end]);
    let value = value.split('(').next().unwrap_or_default().trim().trim_matches('"').to_ascii_lowercase();
    let mut params = Vec::new();
    let mut rest = raw.get(end + 1..).unwrap_or_default();
    while !rest.is_empty() {
        let (param, tail) = next_param(rest);
        params.extend(param);
        rest = tail;
    }
    Parametrised { value: value.split_whitespace().collect(), params }
}

type Param = (String, Vec<u8>);

fn next_param(input: &[u8]) -> (Option<Param>, &[u8]) {
    let stop = input.iter().position(|b| matches!(b, b'=' | b';'));
    let Some(stop) = stop else { return (None, &[]) };
    let name = String::from_utf8_lossy(input[..stop].trim_ascii()).to_ascii_lowercase();
    let mut rest = &input[stop + 1..];
    if input[stop] == b';' {
        return (None, rest);
    }
    rest = rest.trim_ascii_start();
    let (value, tail) = match rest.strip_prefix(b"\"") {
        Some(quoted) => read_quoted(quoted),
        None => {
            // An encoded word may hold a semicolon; a bare value runs to the next one, blanks included.
            let mut at = 0;
            while at < rest.len() && rest[at] != b';' {
                at += words::word_length(&rest[at..]).unwrap_or(1);
            }
            (rest[..at].trim_ascii().to_vec(), rest.get(at + 1..).unwrap_or_default())
        }
    };
    ((!name.is_empty()).then_some((name, value)), tail)
}

/// A quoted string up to its closing quote. A backslash escapes only a quote or itself: senders put Windows paths here.
fn read_quoted(input: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        match (byte, input.get(at + 1)) {
            (b'\\', Some(&next @ (b'"' | b'\\'))) => {
                value.push(next);
                at += 1;
            }
            (b'"', _) => {
                let rest = &input[at + 1..];
                let next = memchr::memchr(b';', rest).map_or(rest.len(), |semicolon| semicolon + 1);
                return (value, &rest[next..]);
            }
            _ => value.push(byte),
        }
        at += 1;
    }
    (value, &[])
}

impl Parametrised {
    /// A parameter as plain text, for machine-read values such as `boundary` and `charset`.
    pub fn plain(&self, name: &str) -> Option<String> {
        self.raw(name).map(|value| String::from_utf8_lossy(value).into_owned()).or_else(|| self.text(name, None))
    }

    /// The undecoded bytes of a parameter.
    pub fn raw(&self, name: &str) -> Option<&[u8]> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice())
    }

    /// A parameter a person reads: RFC 2231 (whole or in pieces) first, then a plain value with encoded words, raw
    /// 8-bit bytes or percent escapes.
    pub fn text(&self, name: &str, hint: Option<&'static Encoding>) -> Option<String> {
        self.extended(name, hint)
            .or_else(|| self.raw(name).map(|raw| decode_plain(raw, hint)))
            .filter(|text| !text.is_empty())
    }

    fn extended(&self, name: &str, hint: Option<&'static Encoding>) -> Option<String> {
        let mut pieces: Vec<(usize, bool, &[u8])> = self
            .params
            .iter()
            .filter_map(|(key, value)| {
                let section = key.strip_prefix(name)?.strip_prefix('*')?;
                let (number, encoded) = match section.strip_suffix('*') {
                    Some(number) => (number, true),
                    None => (section, section.is_empty()),
                };
                let number = if number.is_empty() { 0 } else { number.parse().ok()? };
                Some((number, encoded, value.as_slice()))
            })
            .collect();
        if pieces.is_empty() {
            return None;
        }
        // Both `name*` and `name*0*` given: the stable sort keeps the first, and the numbered rest follows it.
        pieces.sort_by_key(|(number, ..)| *number);
        pieces.dedup_by_key(|(number, ..)| *number);
        let mut charset: Option<String> = None;
        let mut any_encoded = false;
        let mut bytes = Vec::new();
        for (index, (_, encoded, value)) in pieces.into_iter().enumerate() {
            let mut value = value;
            if encoded && index == 0 {
                let mut parts = value.splitn(3, |b| *b == b'\'');
                if let (Some(label), Some(_language), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                    charset = Some(String::from_utf8_lossy(label).into_owned()).filter(|label| !label.is_empty());
                    value = text;
                }
            }
            any_encoded |= encoded;
            if encoded { percent_decode(value, &mut bytes) } else { bytes.extend_from_slice(value) }
        }
        if any_encoded {
            Some(charset::decode_hinted(&bytes, charset.as_deref(), hint))
        } else {
            Some(decode_plain(&bytes, hint))
        }
    }
}

fn percent_decode(text: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, hex_pair(&text[at + 1..])) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
}

fn decode_plain(raw: &[u8], hint: Option<&'static Encoding>) -> String {
    let text = words::decode(raw, hint);
    // Some web mailers put a URL-escaped name into the plain parameter.
    if text.is_ascii() && text.matches('%').count() >= 2 && !text.contains(' ') {
        let mut bytes = Vec::new();
        percent_decode(text.as_bytes(), &mut bytes);
        if let Ok(decoded) = std::str::from_utf8(&bytes)
            && !decoded.is_ascii()
        {
            return decoded.to_owned();
        }
    }
    text
}
