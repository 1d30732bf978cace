//! Tests of the mail engine, by area. All people, companies and letters are made up.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod quote_html;
mod quote_text;
