//! Delivery reports in words only: Exchange, qmail, Exim, Postfix, Mail.ru, Yandex, Gmail.

use super::{Bounce, find_status};
use crate::message::Message;
use crate::mime::address;
use crate::mime::part::Part;

const DAEMONS: &str = "mailer-daemon|mailerdaemon|mail-daemon|maildaemon|postmaster|mdaemon|mail.daemon|microsoftexchange|\
     mailsystem|mail-system|bounce|bounces|mail_daemon";

/// Subjects and sentences that say a letter was not delivered.
const FAILED: &str = "undeliver|delivery status notification (failure)|delivery failure|delivery failed|\
     delivery has failed|mail delivery failed|returned mail|returned to sender|failure notice|\
     mail delivery system|could not be delivered|couldn't be delivered|wasn't delivered|was not delivered|\
     unable to deliver|wasn't able to deliver|not be delivered|permanent error|permanent fatal error|\
     permanent failure|mail system error|nondeliverable|не может быть доставлено|не может быть отправлено|\
     не доставлено|недоставленн|не удалось доставить|не удается доставить|не удаётся доставить|\
     невозможно доставить|сбой доставки|ошибка доставки|не было доставлено|возвращено отправителю|\
     возврат почты|доставка не выполнена|не вдалося доставити|unzustellbar";

const DELAYED: &str = "delivery status notification (delay)|delayed mail|delivery is delayed|has been delayed|\
     not yet been delivered|still being retried|still trying|will be retried|warning: could not send|\
     warning: message|задерж|доставка отложена|попытки доставки будут продолжены|продолжит попытки";

/// Reads a report without a machine-readable part.
pub fn read(tree: &Part<'_>, message: &Message, text: &str) -> Option<Bounce> {
    let failed_header = message.header("X-Failed-Recipients");
    if !(is_from_server(message) || tree.mime() == "multipart/report" || failed_header.is_some()) {
        return None;
    }
    let head: String = text.chars().take(20_000).collect();
    let lower = head.to_lowercase();
    let subject = message.subject.to_lowercase();
    let says = |phrases: &str| phrases.split('|').any(|phrase| subject.contains(phrase) || lower.contains(phrase));
    let delayed =
        says(DELAYED) && !FAILED.split('|').any(|phrase| subject.contains(phrase)) && !lower.contains("permanent");
    if !(says(FAILED) || delayed || failed_header.is_some()) {
        return None;
    }
    let own: Vec<String> = message
        .to
        .iter()
        .chain(&message.delivered_to)
        .chain(&message.from)
        .map(|entry| entry.address.to_lowercase())
        .collect();
    let (said, refusal_line) = refusal(&head);
    let recipient = failed_header
        .and_then(|list| address::parse(list.as_bytes(), None).into_iter().next())
        .map(|entry| entry.address)
        .or_else(|| failed_address(&head, refusal_line, &own));
    // Without an address and without a server's words there is nothing to report.
    if recipient.is_none() && said.is_none() && message.return_path.as_deref() != Some("") && !is_from_server(message) {
        return None;
    }
    let status = said.as_deref().and_then(find_status).or_else(|| find_status(&head)).map(str::to_owned);
    let action = if delayed { "delayed" } else { "failed" };
    Some(Bounce { recipient, action: action.to_owned(), status, diagnostic: said, original_message_id: None })
}

fn is_from_server(message: &Message) -> bool {
    let daemon = |address: &str| {
        let local = address.split('@').next().unwrap_or_default().to_lowercase();
        DAEMONS.split('|').any(|name| {
            local == *name
                || local.starts_with(name) && !local[name.len()..].starts_with(char::is_alphabetic)
                || local.starts_with("microsoftexchange")
        })
    };
    message.return_path.as_deref() == Some("")
        || message.from.iter().chain(&message.sender).any(|entry| daemon(&entry.address))
}

/// The refusing server's words, from the reply code to the end of the paragraph, and the line they start at.
fn refusal(text: &str) -> (Option<String>, usize) {
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let Some(at) = code_start(line) else { continue };
        let mut words = line[at..].trim().to_owned();
        for next in lines.iter().skip(index + 1).take(6) {
            let next = next.trim();
            if next.is_empty() || next.starts_with("---") || next.contains("@") && next.ends_with(':') {
                break;
            }
            words.push(' ');
            words.push_str(next);
        }
        let words: String = words.trim_end_matches(['#', ' ']).chars().take(600).collect();
        return (Some(words), index);
    }
    // No code: a line that says what is wrong in the words servers use.
    match lines.iter().position(|line| super::reason::explains(line)) {
        Some(index) => (Some(lines[index].trim().chars().take(600).collect()), index),
        None => (None, usize::MAX),
    }
}

/// Where an SMTP reply code ("550 5.1.1", "550-", "#550") stands in a line.
fn code_start(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    bytes.windows(5).enumerate().find_map(|(at, window)| {
        let [class, group, digit, next, after] = window else { return None };
        let starts = at == 0 || b" \t#:<(\"'".contains(&bytes[at - 1]);
        let code = matches!(class, b'4' | b'5') && matches!(group, b'0'..=b'7') && digit.is_ascii_digit();
        let meaning = match next {
            b'-' => true,
            b' ' => after.is_ascii_alphanumeric() || b"<#\"(".contains(after),
            _ => false,
        };
        (starts && code && meaning).then_some(at)
    })
}

/// The address the report is about: the nearest one above the refusal, or the first that is not our own.
fn failed_address(text: &str, refusal_line: usize, own: &[String]) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let stop = lines
        .iter()
        .position(|line| {
            let lower = line.to_lowercase();
            lower.contains("original message")
                || lower.contains("copy of the message")
                || lower.contains("message headers follow")
                || lower.contains("исходное сообщение")
        })
        .unwrap_or(lines.len());
    let pick = |line: &str| addresses(line).into_iter().find(|found| !own.contains(&found.to_lowercase()));
    let above = refusal_line.min(lines.len().saturating_sub(1));
    lines
        .get(..=above)
        .filter(|_| refusal_line != usize::MAX)
        .and_then(|part| part.iter().rev().take(12).find_map(|line| pick(line)))
        .or_else(|| lines[..stop].iter().find_map(|line| pick(line)))
}

fn addresses(line: &str) -> Vec<String> {
    line.split(|c: char| c.is_whitespace() || "<>()[],;:\"'".contains(c))
        .filter(|word| {
            word.split_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && !domain.contains('@'))
        })
        .map(|word| word.trim_end_matches('.').to_owned())
        .collect()
}

/// Our letter's Message-ID where a server names it.
pub fn original_id(message: &Message, text: &str) -> Option<String> {
    if let Some(id) = &message.in_reply_to {
        return Some(id.clone());
    }
    if let Some(id) = message.references.last() {
        return Some(id.clone());
    }
    text.lines().find_map(|line| {
        let line = line.trim_start_matches(['>', ' ', '\t']);
        let head = line.get(..11)?;
        if !head.eq_ignore_ascii_case("message-id:") {
            return None;
        }
        address::message_ids(&line.as_bytes()[11..]).into_iter().next()
    })
}
