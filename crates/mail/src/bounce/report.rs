//! The machine-readable part of a delivery report (RFC 3464).

use super::{Bounce, find_status};
use crate::attachment;
use crate::mime::address;
use crate::mime::headers::{self, Headers};
use crate::mime::part::Part;
use crate::mime::words;

/// Reads the delivery-status part of a report.
pub fn read(tree: &Part<'_>) -> Option<Bounce> {
    let part = find(tree, &|part| matches!(part.mime(), "message/delivery-status" | "message/global-delivery-status"))?;
    let data = part.data();
    let mut recipients: Vec<Bounce> = blocks(&data).iter().filter_map(recipient).collect();
    let original = blocks(&data)
        .first()
        .and_then(|block| block.first("X-Original-Message-ID").map(address::message_ids)?.into_iter().next());
    // Of several recipients the failed one is what matters.
    let chosen = recipients.iter().position(Bounce::is_failure).unwrap_or(0);
    if recipients.is_empty() {
        return None;
    }
    let mut bounce = recipients.swap_remove(chosen);
    bounce.original_message_id = original;
    Some(bounce)
}

/// Groups of fields between empty lines.
fn blocks(data: &[u8]) -> Vec<Headers<'_>> {
    let mut out = Vec::new();
    let mut rest = data;
    while !rest.is_empty() && out.len() < 500 {
        rest = rest.trim_ascii_start();
        let (block, tail) = headers::read(rest);
        if tail.len() == rest.len() {
            break;
        }
        if !block.fields.is_empty() {
            out.push(block);
        }
        rest = tail;
    }
    out
}

fn recipient(block: &Headers<'_>) -> Option<Bounce> {
    let typed = |name: &str| {
        let value = words::decode(block.first(name)?, None);
        // "rfc822; ivan@x.ru", "smtp; 550 ...": the type before the semicolon is not for people.
        let value = match value.split_once(';') {
            Some((kind, rest)) if !kind.contains([' ', '@']) => rest.trim().to_owned(),
            _ => value.trim().to_owned(),
        };
        Some(value).filter(|value| !value.is_empty())
    };
    let recipient = typed("Final-Recipient").or_else(|| typed("Original-Recipient"));
    let action = block
        .text("Action")
        .map(|action| action.split([' ', '(', ';']).next().unwrap_or_default().to_ascii_lowercase());
    let status = block.text("Status").and_then(|status| find_status(&status).map(str::to_owned));
    let diagnostic = typed("Diagnostic-Code");
    let action = match action.filter(|action| !action.is_empty()) {
        Some(action) => action,
        None if recipient.is_some() && (status.is_some() || diagnostic.is_some()) => {
            let class = status.as_deref().map_or('5', |status| status.chars().next().unwrap_or('5'));
            match class {
                '2' => "delivered",
                '4' => "delayed",
                _ => "failed",
            }
            .to_owned()
        }
        None => return None,
    };
    let recipient = recipient.map(|address| address.trim_matches(['<', '>', ' ']).to_owned());
    // A server that puts 5.0.0 into the status often says more in its words.
    let precise = diagnostic.as_deref().and_then(find_status).map(str::to_owned);
    let status = match status {
        Some(status) if status.ends_with(".0.0") => precise.or(Some(status)),
        other => other.or(precise),
    };
    Some(Bounce { recipient, action, status, diagnostic, original_message_id: None })
}

/// The first part, in order and through all levels, that `wanted` accepts.
pub fn find<'t, 'a>(part: &'t Part<'a>, wanted: &dyn Fn(&Part<'a>) -> bool) -> Option<&'t Part<'a>> {
    if wanted(part) && part.children.is_empty() {
        return Some(part);
    }
    part.children.iter().find_map(|child| find(child, wanted))
}

/// The Message-ID of the returned letter.
pub fn original_id(tree: &Part<'_>) -> Option<String> {
    let returned = find(tree, &|part| {
        matches!(
            part.mime(),
            "message/rfc822"
                | "message/global"
                | "text/rfc822-headers"
                | "message/global-headers"
                | "text/rfc822"
                | "message/rfc822-headers"
        ) || attachment::given_name(part, None).is_some_and(|name| name.to_lowercase().ends_with(".eml"))
    })?;
    let data = returned.data();
    let (block, _) = headers::read(data.trim_ascii_start());
    address::message_ids(block.first("Message-ID")?).into_iter().next()
}
