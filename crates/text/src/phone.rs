//! Phone numbers: from the many ways people write them to E.164, and back to a readable form.
//!
//! Source: ITU-T E.164 (at most 15 digits after the plus), the Russian numbering plan (+7, trunk prefix 8,
//! international prefix 810), RFC 3966 for the extension (`;ext=12`).

use std::ops::Range;

/// Longest text taken for one phone number, in characters.
const MAX_INPUT: usize = 64;

/// E.164 with an optional extension (`+79120001122`, `+73432000000;ext=12`), or `None` if this is no phone number.
///
/// `default_country` (ISO 3166, such as "RU") says how a number without a country code is dialled. Known are the
/// countries of the former Union; for others only numbers with a plus are understood.
pub fn normalize(text: &str, default_country: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > MAX_INPUT {
        return None;
    }
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let (number, extension) = split_extension(text)?;
    let plus = number.trim_start().starts_with('+');
    if !number.trim_start_matches([' ', '+']).chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
        return None;
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let digits = if plus { international(&digits)? } else { dialled(&digits, default_country)? };
    let extension = extension.map(|extension| format!(";ext={extension}")).unwrap_or_default();
    Some(format!("+{digits}{extension}"))
}

/// An E.164 number as people write it: `+7 912 000-11-22`, with "доб. 12" for an extension.
///
/// A text that is not E.164 comes back unchanged.
pub fn format(e164: &str) -> String {
    let (number, extension) = match e164.split_once(";ext=") {
        Some((number, extension)) => (number, Some(extension)),
        None => (e164, None),
    };
    let Some(digits) = number.strip_prefix('+').filter(|digits| is_digits(digits, 7..=15)) else {
        return e164.to_owned();
    };
    let code = country_code(digits);
    let (country, national) = digits.split_at(code);
    let mut readable = format!("+{country} {}", group(national));
    if let Some(extension) = extension.filter(|extension| is_digits(extension, 1..=8)) {
        readable.push_str(" доб. ");
        readable.push_str(extension);
    }
    readable
}

/// Numbers inside a longer text: their places, and the digits of their E.164 form without the plus.
///
/// Stricter than [`normalize`], as a text holds other long numbers: Russian ones need 7, 8 or the mobile 9 in front,
/// all others a plus.
pub(crate) fn find(text: &str) -> Vec<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !(bytes[at].is_ascii_digit() || matches!(bytes[at], b'+' | b'(')) {
            at += 1;
            continue;
        }
        let run = &text[at..];
        let length = run
            .char_indices()
            .skip(1)
            .find(|&(_, c)| !(c.is_ascii_digit() || is_separator(c)))
            .map_or(run.len(), |(length, _)| length);
        let run = run[..length].trim_end_matches(|c: char| !c.is_ascii_digit());
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let inside_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let plausible = match (run.starts_with('+'), digits.len()) {
            (true, 8..=15) => true,
            (false, 11) => digits.starts_with(['7', '8']),
            (false, 10) => digits.starts_with('9'),
            _ => false,
        };
        if plausible
            && !inside_word
            && let Some(normal) = normalize(run, "RU")
        {
            found.push((at..at + run.len(), normal[1..].to_owned()));
        }
        at += length;
    }
    found
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '(' | ')' | '-' | '.' | '\u{a0}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2212}')
}

fn is_digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Cuts "доб. 12", "ext 12" and the like off; `None` if something else than a number follows the mark.
fn split_extension(text: &str) -> Option<(&str, Option<&str>)> {
    const MARKS: [&str; 9] = [";ext=", "доб", "вн", "внутр", "ext", "Доб", "Ext", "x", "#"];
    let Some(start) = MARKS.iter().filter_map(|mark| text.find(mark)).min() else {
        return Some((text, None));
    };
    let (number, rest) = text.split_at(start);
    let mark = rest.find(|c: char| c.is_ascii_digit())?;
    let extension = rest[mark..].trim_end_matches([' ', ')', '.']);
    let words = rest[..mark].trim_end_matches([' ', '.', ':', '№']);
    const WORDS: [&str; 12] =
        [";ext=", "доб", "добавочный", "вн", "внутр", "внутренний", "ext", "extension", "Доб", "Ext", "x", "#"];
    let known = WORDS.contains(&words) && is_digits(extension, 1..=8);
    known.then(|| (number.trim_end_matches([' ', ',', '(', ';']), Some(extension)))
}

/// Digits after a plus.
fn international(digits: &str) -> Option<String> {
    match digits.as_bytes() {
        // "+8 912 ...": the trunk prefix with a plus, as +89 belongs to no country.
        [b'8', b'9', ..] if digits.len() == 11 => Some(format!("7{}", &digits[1..])),
        [b'7', ..] if digits.len() != 11 => None,
        [b'0', ..] => None,
        _ => (8..=15).contains(&digits.len()).then(|| digits.to_owned()),
    }
}

/// Digits as dialled inside a country.
fn dialled(digits: &str, country: &str) -> Option<String> {
    match country {
        "RU" | "KZ" => {
            if let Some(abroad) = digits.strip_prefix("810").filter(|abroad| abroad.len() >= 8) {
                return international(abroad);
            }
            match (digits.len(), digits.as_bytes().first()?) {
                (11, b'7') => Some(digits.to_owned()),
                (11, b'8') => Some(format!("7{}", &digits[1..])),
                (10, b'3' | b'4' | b'6' | b'7' | b'8' | b'9') => Some(format!("7{digits}")),
                _ => None,
            }
        }
        "BY" => national(digits, "80", 9, "375"),
        "UA" => national(digits, "0", 9, "380"),
        "UZ" => national(digits, "8", 9, "998"),
        "KG" => national(digits, "0", 9, "996"),
        "AM" => national(digits, "0", 8, "374"),
        "AZ" => national(digits, "0", 9, "994"),
        "GE" => national(digits, "0", 9, "995"),
        "TJ" => national(digits, "8", 9, "992"),
        "MD" => national(digits, "0", 8, "373"),
        _ => digits.strip_prefix("00").and_then(international),
    }
}

fn national(digits: &str, trunk: &str, length: usize, code: &str) -> Option<String> {
    if digits.len() == code.len() + length && digits.starts_with(code) {
        return Some(digits.to_owned());
    }
    let significant = match digits.strip_prefix(trunk) {
        Some(rest) if rest.len() == length => rest,
        _ => digits,
    };
    if significant.len() == length {
        return Some(format!("{code}{significant}"));
    }
    digits.strip_prefix("00").and_then(international)
}

/// Length of the country code the digits begin with (ITU-T E.164, list of assigned codes).
fn country_code(digits: &str) -> usize {
    const TWO: [&str; 43] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95",
    ];
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        _ if TWO.contains(&&digits[..2]) || digits.starts_with("98") => 2,
        _ => 3,
    }
}

/// "9120001122" as "912 000-11-22": pairs from the end, the rest in front.
fn group(national: &str) -> String {
    match national.len() {
        0..=4 => national.to_owned(),
        5..=6 => format!("{}-{}", &national[..national.len() - 2], &national[national.len() - 2..]),
        length => {
            let (front, pairs) = national.split_at(length - 4);
            let (area, middle) = front.split_at(front.len().saturating_sub(3));
            let space = if area.is_empty() { "" } else { " " };
            format!("{area}{space}{middle}-{}-{}", &pairs[..2], &pairs[2..])
        }
    }
}
