//! Rich text of Outlook: its compression (MS-OXRTFCP), HTML wrapped in it (MS-OXRTFEX), and its plain words.

use encoding_rs::Encoding;

use crate::charset;

/// A document larger than this is not unpacked: 100 times the usual.
const MAX_SIZE: usize = 32 * 1024 * 1024;

const PREFIX: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes the compression of PR_RTF_COMPRESSED.
pub fn decompress(data: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?) as usize);
    let size = number(4)?.min(MAX_SIZE);
    let body = data.get(16..)?;
    match data.get(8..12)? {
        b"MELA" => return Some(body[..size.min(body.len())].to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut dictionary = [b' '; 4096];
    dictionary[..PREFIX.len()].copy_from_slice(PREFIX);
    let mut write = PREFIX.len();
    let mut out = Vec::with_capacity(size.min(1 << 20));
    let mut bytes = body.iter().copied();
    'stream: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= size {
                break 'stream;
            }
            if control >> bit & 1 == 0 {
                let Some(byte) = bytes.next() else { break 'stream };
                out.push(byte);
                dictionary[write] = byte;
                write = (write + 1) % 4096;
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { break 'stream };
            let reference = usize::from(high) << 8 | usize::from(low);
            let (mut read, length) = (reference >> 4, (reference & 15) + 2);
            if read == write {
                break 'stream;
            }
            for _ in 0..length {
                let byte = dictionary[read];
                out.push(byte);
                dictionary[write] = byte;
                read = (read + 1) % 4096;
                write = (write + 1) % 4096;
            }
        }
    }
    Some(out)
}

/// What a rich text says.
#[derive(Debug, PartialEq)]
pub enum Document {
    Html(String),
    Text(String),
}

/// The state of a group in braces.
#[derive(Clone, Copy)]
struct Group {
    /// Nothing in here is for the reader (fonts, colours, pictures).
    skipped: bool,
    /// Inside `\htmltag`: HTML source.
    html_tag: bool,
    /// Between `\htmlrtf` and `\htmlrtf0`: shown only by readers of rich text.
    rtf_only: bool,
    /// How many characters stand for a `\u` escape.
    unicode_skip: usize,
}

struct Reader {
    out: String,
    /// Bytes of the document's code page waiting to be decoded together.
    pending: Vec<u8>,
    encoding: &'static Encoding,
    html: bool,
    group: Group,
    stack: Vec<Group>,
    skip: usize,
}

/// Reads rich text as HTML when it wraps HTML, else as words.
pub fn read(source: &[u8], encoding: &'static Encoding) -> Document {
    let html = memchr::memmem::find(&source[..source.len().min(2048)], b"\\fromhtml").is_some();
    let group = Group { skipped: false, html_tag: false, rtf_only: false, unicode_skip: 1 };
    let mut reader =
        Reader { out: String::new(), pending: Vec::new(), encoding, html, group, stack: Vec::new(), skip: 0 };
    let mut at = 0;
    while let Some(&byte) = source.get(at) {
        at += match byte {
            b'{' => {
                if reader.stack.len() < 1000 {
                    reader.stack.push(reader.group);
                }
                1
            }
            b'}' => {
                reader.group = reader.stack.pop().unwrap_or(reader.group);
                1
            }
            b'\\' => reader.control(&source[at + 1..]) + 1,
            b'\r' | b'\n' | 0 => 1,
            _ => {
                reader.byte(byte);
                1
            }
        };
    }
    reader.flush();
    if html { Document::Html(reader.out) } else { Document::Text(reader.out.trim().to_owned()) }
}

impl Reader {
    fn visible(&self) -> bool {
        let hidden = self.html && self.group.rtf_only && !self.group.html_tag;
        !(self.group.skipped || hidden)
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.visible() {
            self.pending.push(byte);
        }
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            self.out.push_str(&charset::decode(&self.pending, Some(self.encoding.name())));
            self.pending.clear();
        }
    }

    fn put(&mut self, text: &str) {
        if self.visible() {
            self.flush();
            self.out.push_str(text);
        }
    }

    /// Obeys the control after a backslash; gives its length.
    fn control(&mut self, rest: &[u8]) -> usize {
        match rest.first() {
            Some(b'\'') => {
                if let Some(byte) = rest.get(1..).and_then(crate::mime::transfer::hex_pair) {
                    self.byte(byte);
                }
                rest.len().min(3)
            }
            Some(&escaped @ (b'\\' | b'{' | b'}')) => {
                self.byte(escaped);
                1
            }
            Some(b'~') => {
                self.put("\u{a0}");
                1
            }
            Some(b'*') => {
                // A destination that readers may ignore; `\htmltag` is the one that counts.
                if !rest[1..].starts_with(b"\\htmltag") {
                    self.group.skipped = true;
                }
                1
            }
            Some(letter) if letter.is_ascii_alphabetic() => self.word(rest),
            Some(b'\r' | b'\n') => {
                self.put("\n");
                1
            }
            Some(_) => 1,
            None => 0,
        }
    }

    fn word(&mut self, rest: &[u8]) -> usize {
        let letters = rest.iter().take(40).take_while(|b| b.is_ascii_alphabetic()).count();
        let digits = rest[letters..]
            .iter()
            .take(11)
            .enumerate()
            .take_while(|(index, b)| b.is_ascii_digit() || *index == 0 && **b == b'-')
            .count();
        let number: Option<i64> =
            std::str::from_utf8(&rest[letters..letters + digits]).ok().and_then(|digits| digits.parse().ok());
        let length = letters + digits;
        self.obey(&rest[..letters], number);
        if rest.get(length) == Some(&b' ') { length + 1 } else { length }
    }

    fn obey(&mut self, word: &[u8], number: Option<i64>) {
        match word {
            b"par" | b"line" | b"row" | b"sect" | b"page" => self.put(if self.html { "\r\n" } else { "\n" }),
            b"tab" | b"cell" => self.put("\t"),
            b"lquote" => self.put("‘"),
            b"rquote" => self.put("’"),
            b"ldblquote" => self.put("“"),
            b"rdblquote" => self.put("”"),
            b"bullet" => self.put("•"),
            b"endash" => self.put("–"),
            b"emdash" => self.put("—"),
            b"uc" => self.group.unicode_skip = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            b"u" => {
                // A signed 16-bit number; what follows is for readers that do not know it.
                let code = number.unwrap_or(0).rem_euclid(65536) as u32;
                let text = char::from_u32(code).map(String::from).unwrap_or_default();
                self.put(&text);
                self.skip = self.group.unicode_skip;
            }
            b"ansicpg" => {
                let label = format!("windows-{}", number.unwrap_or(1252));
                self.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(self.encoding);
            }
            b"htmlrtf" => self.group.rtf_only = number != Some(0),
            b"htmltag" => self.group.html_tag = true,
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer"
            | b"themedata" | b"listtable" | b"generator" | b"fldinst" => self.group.skipped = true,
            _ => {}
        }
    }
}
