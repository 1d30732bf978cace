//! Delivery reports: RFC 3464, and the letters of servers that never read it.
//!
//! Invariant: a report is believed only from a server (a report part, the null sender or a daemon's address); a client
//! who forwards one to us has not bounced.

mod reason;
mod report;
mod wording;

use crate::message::Message;
use crate::mime::part::Part;

pub use reason::plain_reason;

/// What a server says about a letter of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    /// The address that the letter did not reach.
    pub recipient: Option<String>,
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded` (RFC 3464, 2.3.3).
    pub action: String,
    /// The enhanced status code ("5.1.1", RFC 3463), when one is said.
    pub status: Option<String>,
    /// The words of the refusing server.
    pub diagnostic: Option<String>,
    /// The Message-ID of our letter, without brackets.
    pub original_message_id: Option<String>,
}

impl Bounce {
    /// Whether the letter is given up; a delayed one is still being tried.
    pub fn is_failure(&self) -> bool {
        self.action == "failed"
    }
}

/// Reads the report in a message, if it is one.
pub(crate) fn detect(tree: &Part<'_>, message: &Message, text: &str) -> Option<Bounce> {
    if !is_receipt(tree) {
        let mut bounce = report::read(tree).or_else(|| wording::read(tree, message, text))?;
        if bounce.original_message_id.is_none() {
            bounce.original_message_id = report::original_id(tree).or_else(|| wording::original_id(message, text));
        }
        return Some(bounce);
    }
    None
}

/// Read receipts and complaint reports come as multipart/report too, and say nothing about delivery.
fn is_receipt(tree: &Part<'_>) -> bool {
    let kind = tree.content_type.plain("report-type").unwrap_or_default().to_ascii_lowercase();
    matches!(kind.as_str(), "disposition-notification" | "feedback-report" | "tlsrpt")
        || tree
            .children
            .iter()
            .any(|child| matches!(child.mime(), "message/disposition-notification" | "message/feedback-report"))
}

/// The first enhanced status code ("5.7.1") in a text.
pub(crate) fn find_status(text: &str) -> Option<&str> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        matches!(parts.as_slice(), [class, subject, detail]
            if matches!(*class, "2" | "4" | "5") && (1..=3).contains(&subject.len()) && (1..=3).contains(&detail.len()))
    })
}
