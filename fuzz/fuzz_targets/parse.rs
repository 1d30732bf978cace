//! Any bytes as a mail: parse them, print them, and put every text through the functions that take texts.
//!
//! `cargo +nightly fuzz run parse` from the root of the repository. What must hold: no panic, no hang, and no control
//! characters in what comes out.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(message) = mail::parse(data) {
        assert!(!message.text.contains('\0'));
        assert!(!message.subject.contains(['\r', '\n']));
        let _ = mail::to_json(&message).to_string();
        if let Some(html) = &message.html {
            let (blocked, _) = mail::html::block_remote_images(html);
            let _ = mail::html::replace_cids(&blocked, |id| Some(format!("/files/{id}")));
        }
        if let Some(bounce) = &message.bounce {
            let _ = mail::plain_reason(bounce.status.as_deref(), bounce.diagnostic.as_deref(), "ru");
        }
    }
    let text = mail::charset::decode(data, None);
    let _ = mail::quote::split_text(&text);
    let _ = mail::quote::split_html(&text);
    let _ = mail::html::text_to_html(&text);
    let _ = mail::token::find_in(&text);
});
