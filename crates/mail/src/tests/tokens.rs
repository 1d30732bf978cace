//! Reply tokens in addresses and message ids.

use crate::token::{find_in, message_id, reply_address, sign, sign_conversation, verify, verify_conversation};

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

#[test]
fn the_reply_address_fits_and_comes_back() {
    let token = sign_conversation(KEY, [7; 16]);
    let address = reply_address("support@otklik.example", &token);
    assert!(address.starts_with("support+") && address.ends_with("@otklik.example"));
    assert!(address.split('@').next().unwrap().len() <= 64);
    let found = find_in(&address.to_uppercase());
    assert_eq!(found, std::slice::from_ref(&token));
    assert_eq!(verify_conversation(KEY, &found[0]), Some([7; 16]));
    assert_eq!(verify(KEY, &token), None, "a short token names no message");
    // A local part that leaves no room is left alone.
    assert_eq!(
        reply_address("a-very-long-name-of-a-department@otklik.example", &token),
        "a-very-long-name-of-a-department@otklik.example"
    );
}

#[test]
fn the_message_id_comes_back_in_references() {
    let token = sign(KEY, [1; 16], [2; 16]);
    let id = message_id(&token, "otklik.example");
    let found = find_in(&format!("<other@x.example> {id}"));
    assert_eq!(verify(KEY, &found[0]), Some(([1; 16], [2; 16])));
}

#[test]
fn a_stranger_cannot_make_one() {
    let token = sign_conversation(KEY, [7; 16]);
    assert_eq!(verify_conversation(b"another key", &token), None);
    assert_eq!(verify_conversation(KEY, &token[1..]), None);
    assert_eq!(verify_conversation(KEY, ""), None);
    assert_eq!(verify_conversation(KEY, &"a".repeat(42)), None);
    assert!(find_in("support@otklik.example").is_empty());
}
