//! Bytes to text: charset names as they are really written, and text whose charset is missing or wrong.
//!
//! Invariant: `decode` never fails and never panics; what a label says is believed only while the bytes agree with it.
//! Russian mail is mislabelled in a handful of ways (windows-1251 or koi8-r called us-ascii, iso-8859-1 or utf-8), so
//! the doubtful bytes are judged by the statistics of Russian letters.

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, GBK, IBM866, ISO_2022_JP, ISO_8859_5, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, UTF_8,
    UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC,
};

/// What a charset label asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Label {
    /// A label that says nothing reliable: absent, us-ascii, iso-8859-1, x-unknown and the like.
    Doubtful,
    Utf7,
    Utf16,
    Known(&'static Encoding),
}

/// Decodes `bytes` under the declared `label`, repairing a missing or wrong label.
pub fn decode(bytes: &[u8], label: Option<&str>) -> String {
    decode_hinted(bytes, label, None)
}

/// As [`decode`]; `hint` is the encoding the rest of the message uses, taken when the bytes alone are too few to tell.
pub fn decode_hinted(bytes: &[u8], label: Option<&str>, hint: Option<&'static Encoding>) -> String {
    if let Some(text) = decode_by_bom(bytes) {
        return text;
    }
    let label = resolve(label);
    match label {
        Label::Utf7 => return decode_utf7(bytes),
        Label::Utf16 => return decode_utf16(bytes, None),
        Label::Known(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {
            return decode_utf16(bytes, Some(encoding));
        }
        Label::Known(encoding) if encoding == ISO_2022_JP => return encoding.decode(bytes).0.into_owned(),
        _ => {}
    }
    if bytes.is_ascii() {
        return ascii(bytes);
    }
    match label {
        Label::Known(encoding) if is_multibyte(encoding) => {
            let (text, _, errors) = encoding.decode(bytes);
            match std::str::from_utf8(bytes) {
                Ok(utf8) if errors => utf8.to_owned(),
                _ => text.into_owned(),
            }
        }
        Label::Known(encoding) if encoding != UTF_8 => {
            if let Some(text) = convincing_utf8(bytes) {
                return text.to_owned();
            }
            let encoding = if is_cyrillic(encoding) { contest(bytes, encoding) } else { encoding };
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        Label::Known(_) | Label::Doubtful => decode_doubtful(bytes, hint),
        Label::Utf7 | Label::Utf16 => ascii(bytes),
    }
}

/// The single-byte encoding that makes the most sensible text of these bytes, `None` for ASCII and valid UTF-8.
pub fn guess(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() { None } else { Some(best_single_byte(bytes).0) }
}

/// Whether the label names a charset this module can read.
pub fn is_known(label: &str) -> bool {
    resolve(Some(label)) != Label::Doubtful || matches!(squeeze(label).as_str(), "usascii" | "ascii" | "iso88591")
}

fn ascii(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn is_multibyte(encoding: &'static Encoding) -> bool {
    [GB18030, GBK, BIG5, EUC_KR, SHIFT_JIS, encoding_rs::EUC_JP].contains(&encoding)
}

fn is_cyrillic(encoding: &'static Encoding) -> bool {
    CYRILLIC.iter().any(|(candidate, _)| *candidate == encoding) || encoding == KOI8_R
}

/// A label in lower case without the signs people put in at random: "CP-1251", "cp_1251" and "cp1251" are one.
fn squeeze(label: &str) -> String {
    label
        .trim_matches(|c: char| c.is_whitespace() || "\"'<>;,=".contains(c))
        .split(|c: char| c.is_whitespace() || c == ';' || c == '*')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn resolve(label: Option<&str>) -> Label {
    let Some(label) = label else { return Label::Doubtful };
    let squeezed = squeeze(label);
    let known = match squeezed.as_str() {
        "" | "usascii" | "ascii" | "iso88591" | "latin1" | "iso885915" | "windows1252" | "cp1252" | "8bit" | "7bit"
        | "binary" | "xunknown" | "unknown" | "unknown8bit" | "xuserdefined" | "default" | "ansi" | "none" | "null" => {
            return Label::Doubtful;
        }
        "utf7" | "unicode11utf7" | "xunicode20utf7" => return Label::Utf7,
        "utf16" | "unicode" | "ucs2" | "iso10646ucs2" | "unicodefeff" => return Label::Utf16,
        "utf16le" => UTF_16LE,
        "utf16be" => UTF_16BE,
        "utf8" | "utf" | "unicode11utf8" | "utf8mb4" | "utf8n" | "utf8sig" | "xutf8" => UTF_8,
        "1251" | "cp1251" | "win1251" | "windows1251" | "xcp1251" | "ansi1251" | "window1251" | "windowscp1251"
        | "xwindows1251" | "mswin1251" | "mscyrl" | "cpcp1251" | "rucp1251" | "windowscyrillic" => WINDOWS_1251,
        "koi8r" | "koi8" | "koi" | "koir" | "koi8rus" | "xkoi8r" | "cskoi8r" | "koi8ru" => KOI8_R,
        "koi8u" | "xkoi8u" => KOI8_U,
        "iso88595" | "88595" | "isoir144" | "cyrillic" | "csisolatincyrillic" | "xiso88595" | "iso885951988" => {
            ISO_8859_5
        }
        "ibm866" | "cp866" | "866" | "dos866" | "csibm866" | "xcp866" | "dos" | "alt" => IBM866,
        "xmaccyrillic" | "maccyrillic" | "xmacukrainian" | "cp10007" => X_MAC_CYRILLIC,
        "macintosh" | "macroman" | "xmacroman" => MACINTOSH,
        other => {
            return by_code_page(other)
                .or_else(|| Encoding::for_label_no_replacement(label.trim().as_bytes()))
                .or_else(|| Encoding::for_label_no_replacement(other.as_bytes()))
                .map_or(Label::Doubtful, Label::Known);
        }
    };
    Label::Known(known)
}

/// "cp1250", "win-1257", "windows1253" and other ways to name a Windows code page.
fn by_code_page(squeezed: &str) -> Option<&'static Encoding> {
    let digits = squeezed.trim_start_matches(|c: char| !c.is_ascii_digit());
    match digits {
        "1250" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            Encoding::for_label(format!("windows-{digits}").as_bytes())
        }
        "936" | "2312" => Some(GBK),
        "950" => Some(BIG5),
        "949" => Some(EUC_KR),
        "932" => Some(SHIFT_JIS),
        _ => {
            let part = squeezed.strip_prefix("iso8859").or_else(|| squeezed.strip_prefix("8859"))?;
            Encoding::for_label(format!("iso-8859-{part}").as_bytes())
        }
    }
}

fn decode_by_bom(bytes: &[u8]) -> Option<String> {
    let (encoding, length) = Encoding::for_bom(bytes)?;
    Some(encoding.decode_without_bom_handling(&bytes[length..]).0.into_owned())
}

/// UTF-16 without a byte-order mark: little-endian is what Windows programs write, unless the zero and 0x04 (Cyrillic)
/// high bytes stand first. Bytes that are plainly not UTF-16 are read as an unlabelled text.
fn decode_utf16(bytes: &[u8], declared: Option<&'static Encoding>) -> String {
    let high = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|byte| matches!(byte, 0 | 4)).count();
    let (even, odd) = (high(0), high(1));
    if even == 0 && odd == 0 && declared.is_none() && bytes.len() > 4 {
        return decode_doubtful(bytes, None);
    }
    let encoding = match declared {
        Some(encoding) if (even > odd) == (encoding == UTF_16BE) || even == odd => encoding,
        _ if even > odd => UTF_16BE,
        _ => UTF_16LE,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// UTF-7 (RFC 2152): `+` starts modified base64 of UTF-16BE, anything outside its alphabet ends it, `+-` is a plus.
fn decode_utf7(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'+' {
            out.push(if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER });
            continue;
        }
        let length =
            rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))).unwrap_or(rest.len());
        if length == 0 {
            out.push('+');
        } else {
            let utf16 = crate::mime::transfer::decode_base64(&rest[..length]);
            let even = utf16.len() & !1;
            out.push_str(&UTF_16BE.decode_without_bom_handling(&utf16[..even]).0);
        }
        rest = &rest[length..];
        if let Some(tail) = rest.strip_prefix(b"-") {
            rest = tail;
        }
    }
    out
}

/// UTF-8 under a wrong single-byte label. Random single-byte text is practically never valid UTF-8, except when it
/// has a couple of high bytes only, so those must decode to letters or signs that mail really has.
fn convincing_utf8(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let plausible = text.chars().filter(|c| !c.is_ascii()).all(|c| {
        matches!(c, '\u{400}'..='\u{52f}' | '\u{2010}'..='\u{2044}' | '\u{20a0}'..='\u{20c0}' | '\u{2100}'..='\u{27bf}' | '\u{a0}'..='\u{17f}')
            || u32::from(c) > 0xffff
    });
    (plausible || text.chars().filter(|c| !c.is_ascii()).count() > 4).then_some(text)
}

/// No trustworthy label: UTF-8 when it is valid; otherwise line by line, because list servers and gateways glue
/// footers of another charset to a UTF-8 body.
fn decode_doubtful(bytes: &[u8], hint: Option<&'static Encoding>) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let broken: Vec<u8> =
        lines.iter().filter(|line| !mostly_utf8(line)).flat_map(|line| line.iter().copied()).collect();
    if broken.is_empty() {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let (guessed, letters) = best_single_byte(&broken);
    let encoding = match hint {
        Some(hint) if letters < 6 && !is_multibyte(hint) && hint != UTF_8 => hint,
        _ => guessed,
    };
    let mut out = String::with_capacity(bytes.len() * 2);
    for line in lines {
        if line.is_ascii() || mostly_utf8(line) {
            out.push_str(&String::from_utf8_lossy(line));
        } else {
            out.push_str(&encoding.decode_without_bom_handling(line).0);
        }
    }
    out
}

/// Valid UTF-8, or UTF-8 with a few damaged places.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good > bad * 4
}

/// Candidates and their prior: windows-1251 is by far the most usual.
const CYRILLIC: [(&Encoding, f32); 5] =
    [(WINDOWS_1251, 0.4), (KOI8_U, 0.3), (ISO_8859_5, 0.0), (IBM866, 0.1), (X_MAC_CYRILLIC, 0.0)];

/// Keeps a declared Cyrillic encoding unless another one reads clearly better.
fn contest(bytes: &[u8], declared: &'static Encoding) -> &'static Encoding {
    let (own, letters) = score(&declared.decode_without_bom_handling(bytes).0);
    let (best, _) = best_single_byte(bytes);
    let (other, _) = score(&best.decode_without_bom_handling(bytes).0);
    if letters >= 4 && other > own + 3.0 || other > own + 6.0 { best } else { declared }
}

/// The best encoding and how many non-ASCII letters the verdict rests on.
fn best_single_byte(bytes: &[u8]) -> (&'static Encoding, usize) {
    // Statistics settle long before this; a 20 MB body must not be decoded five times.
    let sample = &bytes[..bytes.len().min(8 * 1024)];
    let mut best = (WINDOWS_1252, 0.5f32, 0usize);
    for (encoding, prior) in CYRILLIC {
        let (points, letters) = score(&encoding.decode_without_bom_handling(sample).0);
        if points + prior > best.1 {
            best = (encoding, points + prior, letters);
        }
    }
    (best.0, best.2)
}

/// Frequency class of each Russian letter, а to я: 9 is the most frequent.
const FREQUENCY: [u8; 32] =
    [8, 5, 7, 5, 6, 8, 4, 5, 8, 5, 7, 7, 6, 8, 9, 6, 7, 7, 8, 6, 2, 4, 3, 4, 3, 2, 1, 5, 5, 2, 3, 5];

/// How much `text` looks like Russian or Ukrainian: points a non-ASCII character, and how many letters were met.
fn score(text: &str) -> (f32, usize) {
    let (mut points, mut count, mut letters) = (0f32, 0usize, 0usize);
    let mut previous = ' ';
    let mut word = Word::default();
    for c in text.chars() {
        if is_cyrillic_letter(c) {
            word.take(c);
        } else {
            points += std::mem::take(&mut word).points();
        }
        if c.is_ascii() {
            // An accented letter inside a Latin word: the text is Western, not Cyrillic.
            if c.is_ascii_alphabetic() && is_cyrillic_letter(previous) {
                points -= 9.0;
            }
            previous = c;
            continue;
        }
        count += 1;
        points += character_points(c);
        if is_cyrillic_letter(c) {
            letters += 1;
            if previous.is_ascii_alphabetic() {
                points -= 9.0;
            } else if previous.is_lowercase() && c.is_uppercase() {
                points -= 8.0;
            } else if is_cyrillic_letter(previous) {
                points += pair_points(previous, c);
            } else if matches!(c, 'ъ' | 'ь' | 'ы' | 'Ъ' | 'Ь' | 'Ы') {
                points -= 6.0;
            }
        }
        previous = c;
    }
    points += word.points();
    (if count == 0 { 0.0 } else { points / count as f32 }, letters)
}

/// A run of Cyrillic letters.
#[derive(Default)]
struct Word {
    letters: usize,
    vowels: usize,
    lowercase: usize,
}

impl Word {
    fn take(&mut self, c: char) {
        self.letters += 1;
        self.vowels += usize::from(is_vowel(lower(c)));
        self.lowercase += usize::from(c.is_lowercase());
    }

    /// A word of several letters has a vowel, unless it is an abbreviation in capitals.
    fn points(&self) -> f32 {
        if self.letters >= 3 && self.vowels == 0 && self.lowercase > 0 { -10.0 } else { 0.0 }
    }
}

fn is_vowel(lower: char) -> bool {
    "аеёиоуыэюяіїє".contains(lower)
}

fn is_cyrillic_letter(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{491}')
}

fn character_points(c: char) -> f32 {
    let lower = lower(c);
    match lower {
        'а'..='я' => {
            let index = (u32::from(lower) - u32::from('а')) as usize;
            f32::from(FREQUENCY.get(index).copied().unwrap_or(0)) - 1.0 - if c.is_uppercase() { 1.5 } else { 0.0 }
        }
        'ё' => 4.0,
        'і' | 'ї' | 'є' => 3.0,
        'ґ' => 0.0,
        '«' | '»' | '—' | '–' | '“' | '”' | '„' | '…' | '№' | '\u{a0}' | '’' | '•' => 2.0,
        '°' | '§' | '©' | '®' | '™' | '±' => 0.0,
        // Serbian and Macedonian letters mean that the bytes were meant for another encoding.
        'ђ'..='џ' => -16.0,
        _ => -6.0,
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

const FREQUENT_PAIRS: &str = "ст но ен то на ов ни ра во ко ро ал ли ри ре по ер пр го ть от ор ло ва ел ка ит ан ет та ол \
    ла не да ом од де ес ть ам ны те ем ле им ве ас ск за до ос ма ис тр об ый ой ий ая ое ие ия ич со ви ки ми \
    шт чт ив их мо тв ин ти бо из ру ус се дн ак нн св зд др ша ще ує ія";

/// Which pairs of lower-case letters are frequent, by their places after U+0430.
static FREQUENT: LazyLock<[[bool; 48]; 48]> = LazyLock::new(|| {
    let mut table = [[false; 48]; 48];
    for pair in FREQUENT_PAIRS.split_ascii_whitespace() {
        let mut places = pair.chars().map(place);
        if let (Some(first), Some(second)) = (places.next(), places.next())
            && let Some(cell) = table.get_mut(first).and_then(|row| row.get_mut(second))
        {
            *cell = true;
        }
    }
    table
});

fn place(lower: char) -> usize {
    u32::from(lower).wrapping_sub(0x430) as usize
}

/// Frequent pairs speak for the encoding, impossible ones against it.
fn pair_points(first: char, second: char) -> f32 {
    let (first, second) = (lower(first), lower(second));
    let impossible = match second {
        'ъ' | 'ь' => is_vowel(first) || matches!(first, 'ъ' | 'ь' | 'й'),
        'ы' => is_vowel(first),
        _ => false,
    };
    if impossible {
        return -6.0;
    }
    let frequent = FREQUENT.get(place(first)).and_then(|row| row.get(place(second))).copied().unwrap_or(false);
    if frequent { 3.0 } else { 0.0 }
}

/// Removes what must never reach a reader or a database: NUL and other control characters (line feed and tab stay).
pub fn scrub(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(bad) { Cow::Owned(text.chars().filter(|c| !bad(*c)).collect()) } else { Cow::Borrowed(text) }
}

/// The single-byte encoding a label names, if it names one reliably.
pub fn single_byte(label: &str) -> Option<&'static Encoding> {
    match resolve(Some(label)) {
        Label::Known(encoding) if encoding.is_single_byte() => Some(encoding),
        _ => None,
    }
}
