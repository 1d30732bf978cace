//! Tests of the mail engine, by area. All people, companies and letters are made up.

mod automatic;
mod bounces;
mod composing;
mod dates;
mod encodings;
mod files;
mod markup;
mod properties;
mod quote_html;
mod quote_text;
mod samples;
mod second_opinion;
mod structure;
mod tokens;
mod winmail;

use crate::Message;

/// Parses a mail written with `\n` line ends.
#[track_caller]
fn mail(text: &str) -> Message {
    crate::parse(text.replace('\n', "\r\n").as_bytes()).unwrap()
}

/// A mail with the given bytes as its body.
#[track_caller]
fn mail_with_body(headers: &str, body: &[u8]) -> Message {
    let mut raw = format!("From: a@vega.example\r\n{}\r\n\r\n", headers.replace('\n', "\r\n")).into_bytes();
    raw.extend_from_slice(body);
    crate::parse(&raw).unwrap()
}

/// Names of the files of a message.
fn names(message: &Message) -> Vec<&str> {
    message.attachments.iter().map(|file| file.name.as_str()).collect()
}
