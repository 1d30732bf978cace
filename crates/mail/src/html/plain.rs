//! Plain text as HTML: escaped, lines kept, addresses made into links, quotations into `blockquote`.

use super::dom::escape_into;

/// Turns plain text into HTML that looks like it.
pub fn text_to_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut first = true;
    for line in text.lines() {
        let (quoted, content) = quote_depth(line);
        if quoted == depth && !first {
            out.push_str("<br>\n");
        }
        while depth < quoted {
            out.push_str("<blockquote>");
            depth += 1;
        }
        while depth > quoted {
            out.push_str("</blockquote>");
            depth -= 1;
        }
        first = false;
        line_to_html(content, &mut out);
    }
    out.push_str(&"</blockquote>".repeat(depth));
    out
}

/// How many `>` a line starts with, at most 8, and the rest.
fn quote_depth(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    while depth < 8 {
        let Some(tail) = rest.trim_start_matches(' ').strip_prefix('>') else { break };
        rest = tail;
        depth += 1;
    }
    if depth == 0 { (0, line) } else { (depth, rest.strip_prefix(' ').unwrap_or(rest)) }
}

fn line_to_html(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some((start, length)) = next_address(rest) {
        spaced(&rest[..start], out);
        let address = &rest[start..start + length];
        let target = match address {
            address if address.contains("://") => address.to_owned(),
            address if address.starts_with("www.") => format!("http://{address}"),
            address => format!("mailto:{address}"),
        };
        out.push_str("<a href=\"");
        escape_into(&target, true, out);
        out.push_str("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
        escape_into(address, false, out);
        out.push_str("</a>");
        rest = &rest[start + length..];
    }
    spaced(rest, out);
}

/// Escapes text and keeps its runs of blanks visible.
fn spaced(text: &str, out: &mut String) {
    let text = text.replace('\t', "    ");
    let mut after_space = out.ends_with('\n') || out.is_empty() || out.ends_with("<blockquote>");
    let mut piece = String::with_capacity(text.len());
    for c in text.chars() {
        if c == ' ' && after_space {
            piece.push('\u{a0}');
        } else {
            piece.push(c);
        }
        after_space = c == ' ';
    }
    escape_into(&piece, false, out);
}

/// The next web or mail address: where it starts and how long it is.
fn next_address(text: &str) -> Option<(usize, usize)> {
    let mut offset = 0;
    for word in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»')) {
        let body = word.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»'));
        if let Some((start, length)) = address_in(body) {
            return Some((offset + start, length));
        }
        offset += word.len();
    }
    None
}

fn address_in(word: &str) -> Option<(usize, usize)> {
    let start = ["https://", "http://", "ftp://"]
        .iter()
        .filter_map(|scheme| word.find(scheme))
        .min()
        .or_else(|| word.find("www.").filter(|at| *at == 0 || word[..*at].ends_with('(')));
    if let Some(start) = start {
        let address = trim_sentence(&word[start..]);
        let host = address.split("://").last().unwrap_or_default();
        return (host.len() > 3).then_some((start, address.len()));
    }
    let at = word.find('@')?;
    let local_ok = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let start = word[..at]
        .rfind(|c: char| !local_ok(c))
        .map_or(0, |before| before + word[before..].chars().next().map_or(1, char::len_utf8));
    let domain_length =
        word[at + 1..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(word.len() - at - 1);
    let domain = word[at + 1..at + 1 + domain_length].trim_end_matches(['.', '-']);
    let valid = start < at && domain.contains('.') && !domain.starts_with('.');
    valid.then(|| (start, at + 1 + domain.len() - start))
}

/// An address without the full stop, comma or bracket of the sentence around it.
fn trim_sentence(address: &str) -> &str {
    let mut address = address;
    loop {
        let trimmed = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '»', '”']);
        let trimmed = if trimmed.ends_with(')') && trimmed.matches(')').count() > trimmed.matches('(').count() {
            &trimmed[..trimmed.len() - 1]
        } else {
            trimmed
        };
        if trimmed.len() == address.len() {
            return address;
        }
        address = trimmed;
    }
}
