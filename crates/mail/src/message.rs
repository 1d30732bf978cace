//! The structured message and its printed form.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::attachment::Attachment;
use crate::bounce::Bounce;
use crate::mime::address::Address;

/// A message taken apart. Every text is decoded, without NUL and control characters, with `\n` line ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// Without the angle brackets, as all message ids here.
    pub message_id: Option<String>,
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    pub from: Option<Address>,
    pub sender: Option<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub reply_to: Vec<Address>,
    /// Where a server says it delivered this copy: Delivered-To, X-Original-To, Envelope-To.
    pub delivered_to: Vec<Address>,
    /// The envelope sender that the receiving server noted; `Some("")` is the null sender of automatic mail.
    pub return_path: Option<String>,
    /// Decoded and unfolded, otherwise as it came; empty when there is none.
    pub subject: String,
    /// The Date header; `None` when it is missing or makes no sense.
    pub date: Option<DateTime<Utc>>,
    /// Every header in its order, decoded.
    pub headers: Vec<(String, String)>,
    /// The whole readable text, made from the HTML when there is nothing else.
    pub text: String,
    /// The whole HTML, sanitised; `cid:` and remote images are still in it.
    pub html: Option<String>,
    /// What the person wrote this time: `text` without quoted history and signature.
    pub new_text: String,
    /// The same for `html`.
    pub new_html: Option<String>,
    /// Whether `new_text` leaves quoted history out.
    pub has_quote: bool,
    pub attachments: Vec<Attachment>,
    /// Written by a program, not by a person (RFC 3834): out-of-office answers, receipts, bounces.
    pub auto_reply: bool,
    /// Came through a mailing list or is bulk mail.
    pub list: bool,
    pub bounce: Option<Bounce>,
}

impl Message {
    /// The first header of that name, decoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The object that `otklik mail parse` prints for a message.
pub fn to_json(message: &Message) -> Value {
    let addresses = |list: &[Address]| list.iter().map(address_json).collect::<Vec<_>>();
    let attachments: Vec<Value> = message
        .attachments
        .iter()
        .map(|attachment| {
            json!({
                "name": attachment.name,
                "content_type": attachment.content_type,
                "size": attachment.data.len(),
                "content_id": attachment.content_id,
                "inline": attachment.inline,
            })
        })
        .collect();
    json!({
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "references": message.references,
        "from": message.from.as_ref().map(address_json),
        "to": addresses(&message.to),
        "cc": addresses(&message.cc),
        "reply_to": addresses(&message.reply_to),
        "subject": message.subject,
        "date": message.date.map(|date| date.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "text": message.text,
        "html": message.html,
        "new_text": message.new_text,
        "attachments": attachments,
        "auto_reply": message.auto_reply,
        "bounce": message.bounce.as_ref().map(|bounce| json!({
            "recipient": bounce.recipient,
            "action": bounce.action,
            "status": bounce.status,
            "diagnostic": bounce.diagnostic,
        })),
    })
}

fn address_json(address: &Address) -> Value {
    json!({ "name": address.name, "address": address.address })
}
