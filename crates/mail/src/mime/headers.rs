//! Header blocks: finding their end, names, unfolding.
//!
//! Invariant: a damaged line never loses the headers after it, and a block is read in one pass however many it has.

use std::borrow::Cow;

/// More headers than this are not kept; the longest seen in the wild have a few hundred.
const MAX_HEADERS: usize = 4000;
/// A longer value is cut: nothing a person wrote is that long.
const MAX_VALUE: usize = 256 * 1024;

/// One header field: its name as written, its value unfolded, still raw bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<'a> {
    pub name: &'a str,
    pub value: Cow<'a, [u8]>,
}

impl Field<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The header block of a message or part.
#[derive(Clone, Debug, Default)]
pub struct Headers<'a> {
    pub fields: Vec<Field<'a>>,
}

impl<'a> Headers<'a> {
    /// The first field of that name.
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.fields.iter().filter(move |field| field.is(name)).map(|field| field.value.as_ref())
    }

    /// The first field of that name as ASCII-lenient text, trimmed; for machine-read values.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.first(name).map(|value| String::from_utf8_lossy(value.trim_ascii()))
    }
}

/// Splits off the next line and its terminator: CR LF, LF, or CR alone in a text that has no LF at all.
fn next_line(input: &[u8], lone_cr: bool) -> (&[u8], &[u8]) {
    let terminator = if lone_cr { b'\r' } else { b'\n' };
    match memchr::memchr(terminator, input) {
        Some(end) => {
            let line = &input[..end];
            (line.strip_suffix(b"\r").unwrap_or(line), &input[end + 1..])
        }
        None => (input, &[]),
    }
}

/// The name of a header line and the rest after the colon. A blank before the colon is tolerated (RFC 5322, 4.5).
fn split_field(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = memchr::memchr(b':', &line[..line.len().min(128)])?;
    let name = line[..colon].trim_ascii_end();
    let valid = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    valid.then(|| (std::str::from_utf8(name).unwrap_or_default(), &line[colon + 1..]))
}

/// Names that make a block a mail header. An arbitrary "word: text" line does not.
pub fn is_mail_header(name: &str) -> bool {
    const KNOWN: [&str; 24] = [
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "received",
        "return-path",
        "delivered-to",
        "reply-to",
        "sender",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "precedence",
        "auto-submitted",
        "status",
        "importance",
        "dkim-signature",
        "authentication-results",
        "envelope-to",
        "arc-seal",
        "thread-topic",
    ];
    let name = name.to_ascii_lowercase();
    KNOWN.contains(&name.as_str())
        || ["content-", "x-", "list-", "resent-"]
            .iter()
            .any(|prefix| name.starts_with(prefix) && name.len() > prefix.len())
}

/// Whether the text uses a lone CR as its line end.
pub fn uses_lone_cr(input: &[u8]) -> bool {
    memchr::memchr(b'\n', input).is_none() && memchr::memchr(b'\r', input).is_some()
}

/// Reads the header block at the start of `input`; gives it and the body after it.
pub fn read(input: &[u8]) -> (Headers<'_>, &[u8]) {
    let lone_cr = uses_lone_cr(input);
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut rest = input;
    while !rest.is_empty() {
        let (line, tail) = next_line(rest, lone_cr);
        if line.is_empty() {
            return (Headers { fields }, tail);
        }
        if matches!(line.first(), Some(b' ' | b'\t')) {
            if line.trim_ascii().is_empty() && !continues(tail, lone_cr) {
                // A line of blanks only: some gateways pad the empty line that ends the block.
                return (Headers { fields }, tail);
            }
            if let Some(field) = fields.last_mut() {
                unfold(&mut field.value, line);
            }
        } else if let Some((name, value)) = split_field(line) {
            if fields.len() < MAX_HEADERS {
                fields.push(Field { name, value: clean(value) });
            }
        } else if !(is_envelope_line(line) || continues(tail, lone_cr)) {
            // The empty line is missing: the body starts here.
            return (Headers { fields }, rest);
        }
        rest = tail;
    }
    (Headers { fields }, rest)
}

/// Whether real mail headers go on after a line that is none.
fn continues(tail: &[u8], lone_cr: bool) -> bool {
    split_field(next_line(tail, lone_cr).0).is_some_and(|(name, _)| is_mail_header(name))
}

/// The "From sender date" line of an mbox file, also in its quoted form.
fn is_envelope_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// The value without outer blanks; a lone CR or a NUL inside is a blank, so that it can start nothing.
fn clean(value: &[u8]) -> Cow<'_, [u8]> {
    let value = value.trim_ascii();
    let value = &value[..value.len().min(MAX_VALUE)];
    if value.iter().any(|b| matches!(b, b'\r' | 0)) {
        Cow::Owned(value.iter().map(|b| if matches!(b, b'\r' | 0) { b' ' } else { *b }).collect())
    } else {
        Cow::Borrowed(value)
    }
}

fn unfold(value: &mut Cow<'_, [u8]>, line: &[u8]) {
    let line = clean(line);
    if line.is_empty() || value.len() + line.len() > MAX_VALUE {
        return;
    }
    let value = value.to_mut();
    if !value.is_empty() {
        value.push(b' ');
    }
    value.extend_from_slice(&line);
}
