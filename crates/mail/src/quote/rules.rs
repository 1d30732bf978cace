//! Which lines are new, which are history, which are signature.

use super::{phrases, signature};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    New,
    Quoted,
    Signature,
}

/// A line as the rules see it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Without quote marks.
    pub text: &'a str,
    pub quoted: bool,
    /// The mail program says that history starts here and runs to the end.
    pub history_from_here: bool,
    /// The mail program says that this is a signature.
    pub signature: bool,
    pub picture: bool,
}

/// What is known about the message besides its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// The subject says that the message forwards another.
    pub forwarded: bool,
}

impl<'a> Line<'a> {
    /// A line of plain text: `>` (also after the initials that The Bat! writes) marks a quotation.
    pub fn plain(line: &'a str) -> Self {
        let (quoted, text) = match unquote(line) {
            Some(text) => (true, text),
            None => (false, line),
        };
        Self { text: text.trim(), quoted, history_from_here: false, signature: false, picture: false }
    }

    pub fn is_blank(&self) -> bool {
        self.text.is_empty() && !self.picture
    }

    fn is_own(&self) -> bool {
        !self.quoted && !self.is_blank()
    }
}

/// The text after the quote marks, if there are any.
fn unquote(line: &str) -> Option<&str> {
    let trimmed = line.trim_start_matches([' ', '\u{a0}']);
    if line.len() - trimmed.len() > 6 {
        return None;
    }
    let initials = trimmed.find('>')?;
    let head = &trimmed[..initials];
    let by_initials = head.chars().count() <= 4 && head.chars().all(char::is_uppercase);
    if !head.is_empty() && !by_initials {
        return None;
    }
    let rest = trimmed[initials..].trim_start_matches(['>', ' ', '\u{a0}']);
    Some(rest)
}

/// "Fwd: ...", "FW: ...", "Пересл: ...".
pub fn is_forward_subject(subject: &str) -> bool {
    let lower = subject.trim_start().to_lowercase();
    ["fwd:", "fw:", "пересл:", "пер:", "переслано:", "вперед:", "wg:", "tr:", "fwd :", "пд:"]
        .iter()
        .any(|prefix| lower.starts_with(prefix))
}

/// Judges every line.
pub fn classify(lines: &[Line<'_>], context: Context) -> Vec<Class> {
    let mut classes = vec![Class::New; lines.len()];
    let end = history_start(lines, context);
    for class in classes.iter_mut().skip(end) {
        *class = Class::Quoted;
    }
    if !(context.forwarded || forward_mark(&lines[..end]).is_some()) {
        quotations(&lines[..end], &mut classes);
    }
    signature::mark(lines, &mut classes);
    let own = |class: Class| lines.iter().zip(&classes).any(|(line, c)| *c == class && !line.is_blank());
    if !own(Class::New) {
        rescue(lines, &mut classes, end);
    }
    classes
}

/// Nothing new is left. What was only set aside as a signature, or as history without an answer above it, is what
/// the person sent after all; a plain quotation without a word added stays a quotation.
fn rescue(lines: &[Line<'_>], classes: &mut [Class], end: usize) {
    let signature = |(line, class): (&Line<'_>, &Class)| {
        *class == Class::Signature && !line.is_blank() && !phrases::is_sent_from(line.text) && !is_delimiter(line.text)
    };
    if lines.iter().zip(classes.iter()).any(signature) {
        for class in classes.iter_mut().filter(|class| **class == Class::Signature) {
            *class = Class::New;
        }
    } else if end == 0 && !lines.is_empty() && !lines.iter().any(|line| line.history_from_here) {
        classes.fill(Class::New);
    }
}

fn is_delimiter(text: &str) -> bool {
    matches!(text, "--" | "---" | "—" | "__")
}

/// Where a forwarded message is announced: by a line of the sender's own program, which may also stand at the start of
/// a quotation (Gmail puts the whole forwarded message into one), but not by a line of older history.
fn forward_mark(lines: &[Line<'_>]) -> Option<usize> {
    (0..lines.len())
        .find(|&at| phrases::is_forward_mark(lines[at].text) && (!lines[at].quoted || opens_quotation(lines, at)))
}

/// Whether a quotation starts at this line without an attribution above it.
fn opens_quotation(lines: &[Line<'_>], at: usize) -> bool {
    let above = lines[..at].iter().rfind(|line| !line.is_blank());
    above.is_none_or(|line| !line.quoted) && with_attribution(lines, at, 0) == at
}

/// Where history starts that runs to the end of the text without quote marks; the number of lines if nowhere.
fn history_start(lines: &[Line<'_>], context: Context) -> usize {
    // In a forwarded message every header block belongs to what is shown.
    if context.forwarded {
        return lines.len();
    }
    let forward = forward_mark(lines).unwrap_or(lines.len());
    for at in 0..lines.len().min(forward) {
        let line = &lines[at];
        if line.quoted || line.is_blank() && !line.history_from_here {
            continue;
        }
        if starts_history(lines, at) {
            let start = with_separators(lines, at);
            // A message that begins with the header of another has no answer above it: it shows that other message.
            let has_own = lines[..start].iter().any(|line| !line.is_blank());
            if has_own || line.history_from_here || phrases::is_original_mark(line.text) {
                return start;
            }
            return lines.len();
        }
    }
    lines.len()
}

fn starts_history(lines: &[Line<'_>], at: usize) -> bool {
    let line = &lines[at];
    line.history_from_here
        || phrases::is_original_mark(line.text)
        || is_header_block(&lines[at..])
        || attribution_length(lines, at).is_some_and(|length| is_strong_attribution(lines, at, length))
}

/// Lines of dashes and empty lines right above the history belong to it.
fn with_separators(lines: &[Line<'_>], at: usize) -> usize {
    let mut start = at;
    while start > 0 {
        let above = &lines[start - 1];
        let ruler =
            above.text.chars().count() >= 3 && above.text.chars().all(|c| matches!(c, '-' | '_' | '=' | '—' | '*'));
        if !(above.is_blank() || ruler) || above.quoted {
            break;
        }
        start -= 1;
    }
    start
}

/// "From: / Sent: / To: / Subject:" in lines that follow each other, or joined in one.
fn is_header_block(lines: &[Line<'_>]) -> bool {
    let Some(first) = lines.first() else { return false };
    let Some((phrases::Label::From, rest)) = phrases::label(first.text) else { return false };
    if rest.is_empty() && lines.get(1).is_none() {
        return false;
    }
    if phrases::labels_in_line(first.text) >= 3 {
        return true;
    }
    let (mut to, mut about) = (false, false);
    // A label may stand on a line of its own, and long recipient lists wrap.
    for line in lines.iter().skip(1).filter(|line| !line.is_blank()).take(8) {
        match phrases::label(line.text) {
            Some((phrases::Label::To, _)) => to = true,
            Some((phrases::Label::Sent | phrases::Label::Subject, _)) => about = true,
            _ => {}
        }
    }
    to && about
}

/// How many lines, from `at`, make one attribution ("On ... Ivan wrote:"), which may be wrapped.
fn attribution_length(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let mut joined = String::new();
    for length in 1..=4 {
        let line = lines.get(at + length - 1)?;
        if line.is_blank() || line.quoted != lines[at].quoted {
            return None;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(line.text);
        if is_attribution(&joined) {
            return Some(length);
        }
        if length == 1 && !phrases::begins_attribution(line.text) || joined.len() > 400 {
            return None;
        }
    }
    None
}

fn is_attribution(text: &str) -> bool {
    let text = text.trim_end();
    if !text.ends_with(':') || text.chars().count() > 300 {
        return false;
    }
    let who = text.contains('@') || text.contains('<') || text.contains('"') || text.contains('«');
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    if phrases::ends_with_wrote(text) {
        return has_digit || who;
    }
    if !phrases::has_moment(text) {
        return false;
    }
    let lower = text.to_lowercase();
    who && (phrases::begins_attribution(text) || lower.contains(" от "))
        || phrases::begins_attribution(text)
            && lower.contains(':')
            && ["вы писали", "вы написали", "you wrote", "ви писали"].iter().any(|p| lower.contains(p))
        || phrases::begins_attribution(text) && lower.contains(" от ")
        || ["wrote", "писал", "пишет", "пише", "schrieb", "écrit"].iter().any(|verb| lower.contains(verb))
}

/// An attribution that needs no quote marks below it: it names an address and a moment. Or what follows is quoted and
/// nothing own comes after, which the quotation rules find out by themselves.
fn is_strong_attribution(lines: &[Line<'_>], at: usize, length: usize) -> bool {
    let text: String = lines[at..at + length].iter().map(|line| line.text).collect::<Vec<_>>().join(" ");
    let next = lines[at + length..].iter().find(|line| !line.is_blank());
    let Some(next) = next else { return true };
    let shaped = phrases::begins_attribution(&text) || phrases::ends_with_wrote(&text);
    shaped
        && !next.quoted
        && text.contains('@')
        && phrases::has_moment(&text)
        && !lines[at + length..].iter().any(|line| line.quoted)
}

/// Sets quotations aside, each with the attribution above it, and decides by where the own words stand.
fn quotations(lines: &[Line<'_>], classes: &mut [Class]) {
    let blocks = quote_blocks(lines);
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return };
    let own_before = lines[..first.0].iter().any(Line::is_own);
    let tail = &lines[last.1..];
    let tail = &tail[..signature::find(tail).unwrap_or(tail.len())];
    let own_after = tail.iter().any(|line| line.is_own() && !is_trailer(line));
    let own_between = blocks.windows(2).any(|pair| lines[pair[0].1..pair[1].0].iter().any(Line::is_own));
    let cut = match (own_before, own_between, own_after) {
        // Answers between the quoted lines: only history after the last own word goes.
        (_, true, false) => {
            let last_own = lines[..last.0].iter().rposition(Line::is_own).map_or(0, |at| at + 1);
            last_own..last.1
        }
        (_, true, true) | (true, false, true) => return,
        // Answer above, history below; or history above, answer below.
        (_, false, _) => first.0..last.1,
    };
    for class in &mut classes[cut] {
        *class = Class::Quoted;
    }
}

/// What list servers and virus scanners add below the quotation is not an answer.
fn is_trailer(line: &Line<'_>) -> bool {
    let lower = line.text.to_lowercase();
    line.signature
        || is_delimiter(line.text)
        || lower.chars().all(|c| matches!(c, '_' | '-' | '='))
        || phrases::is_sent_from(line.text)
        || [
            "avast",
            "kaspersky",
            "касперск",
            "dr.web",
            "virus-free",
            "проверено на вирусы",
            "вирусов нет",
            "unsubscribe",
            "отписаться",
        ]
        .iter()
        .any(|word| lower.contains(word))
}

/// Runs of quoted lines (empty lines between them included) as half-open ranges, each with its attribution.
fn quote_blocks(lines: &[Line<'_>]) -> Vec<(usize, usize)> {
    let mut blocks: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if !lines[at].quoted {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut probe = end;
        while probe < lines.len() && (lines[probe].quoted || lines[probe].is_blank()) {
            if lines[probe].quoted {
                end = probe + 1;
            }
            probe += 1;
        }
        let floor = blocks.last().map_or(0, |block| block.1);
        blocks.push((with_attribution(lines, at, floor), end));
        at = end;
    }
    blocks
}

/// Where the attribution above a quotation starts, or the quotation itself.
fn with_attribution(lines: &[Line<'_>], at: usize, floor: usize) -> usize {
    let mut above = at;
    while above > floor && lines[above - 1].is_blank() {
        above -= 1;
    }
    // A wrapped attribution ends in a line that reads like one itself ("x@y.ru> wrote:"): the longest wins, unless
    // the last line has its own beginning.
    let mut found = None;
    for length in 1..=4usize {
        let Some(start) = above.checked_sub(length).filter(|start| *start >= floor) else { break };
        let line = &lines[start];
        if line.is_blank() {
            break;
        }
        if attribution_length(lines, start) == Some(length) {
            found = Some(start);
            if phrases::begins_attribution(line.text) {
                break;
            }
        }
    }
    found.map_or(at, |start| with_separators(&lines[..at], start).max(floor))
}
