//! Signed reply tokens: what an answer carries back to prove which conversation it belongs to.
//!
//! A token is in two forms: the long one names a conversation and the message that was sent (it stands in our
//! Message-ID and comes back in In-Reply-To and References), the short one names the conversation only (it stands in
//! the reply address, whose local part may have 64 characters at most, RFC 5321, 4.5.3.1.1).
//!
//! Invariant: a token that was not made with the key does not verify; its HMAC-SHA256 is cut to 80 bits, compared in
//! constant time. Letter case does not matter, because mail servers change it.

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of the truncated HMAC.
const MAC: usize = 10;
const ID: usize = 16;
/// Characters of the short form (26 bytes) and of the long one (42 bytes) in base32.
const SHORT: usize = 42;
const LONG: usize = 68;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The long token of a message in a conversation.
pub fn sign(key: &[u8], conversation: [u8; 16], message: [u8; 16]) -> String {
    seal(key, &[conversation, message].concat())
}

/// The short token of a conversation, for the reply address.
pub fn sign_conversation(key: &[u8], conversation: [u8; 16]) -> String {
    seal(key, &conversation)
}

/// The conversation and the message of a genuine long token.
pub fn verify(key: &[u8], token: &str) -> Option<([u8; 16], [u8; 16])> {
    let ids = open(key, token, LONG)?;
    let (conversation, message) = ids.split_at(ID);
    Some((conversation.try_into().ok()?, message.try_into().ok()?))
}

/// The conversation of a genuine token in either form.
pub fn verify_conversation(key: &[u8], token: &str) -> Option<[u8; 16]> {
    match open(key, token, SHORT) {
        Some(id) => id.try_into().ok(),
        None => verify(key, token).map(|(conversation, _)| conversation),
    }
}

/// `<token@domain>`.
pub fn message_id(token: &str, domain: &str) -> String {
    format!("<{token}@{domain}>")
}

/// `support+token@x.ru` for `support@x.ru`. Gives the address unchanged when the local part would get too long.
pub fn reply_address(address: &str, token: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) if local.len() + 1 + token.len() <= 64 => format!("{local}+{token}@{domain}"),
        _ => address.to_owned(),
    }
}

/// Everything in an address or in a message id that has the shape of a token, for the `verify` functions to judge.
pub fn find_in(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| matches!(word.len(), SHORT | LONG))
        .map(str::to_ascii_lowercase)
        .filter(|word| word.bytes().all(|b| ALPHABET.contains(&b)))
        .collect()
}

fn seal(key: &[u8], ids: &[u8]) -> String {
    let mut bytes = ids.to_vec();
    let tag = mac(key, ids).finalize().into_bytes();
    bytes.extend_from_slice(&tag[..MAC]);
    encode(&bytes)
}

fn open(key: &[u8], token: &str, length: usize) -> Option<Vec<u8>> {
    if token.len() != length {
        return None;
    }
    let token = token.to_ascii_lowercase();
    let mut bytes = decode(&token)?;
    // One token has one spelling: the spare bits of the last character are zero.
    if encode(&bytes) != token {
        return None;
    }
    let tag = bytes.split_off(bytes.len().checked_sub(MAC)?);
    mac(key, &bytes).verify_truncated_left(&tag).ok()?;
    Some(bytes)
}

/// The length of `ids` tells the forms apart, so that one never verifies as the other.
fn mac(key: &[u8], ids: &[u8]) -> Hmac<Sha256> {
    let mut block = [0u8; 64];
    if key.len() <= block.len() {
        block[..key.len()].copy_from_slice(key);
    } else {
        use sha2::Digest;
        block[..32].copy_from_slice(&Sha256::digest(key));
    }
    // A key of exactly the block size is used as it is, which is what HMAC does with a shorter one padded.
    let mut mac = <Hmac<Sha256> as Mac>::new(&block.into());
    mac.update(b"otklik reply token 1\0");
    mac.update(&[ids.len() as u8]);
    mac.update(ids);
    mac
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in bytes {
        buffer = buffer << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[(buffer >> bits & 31) as usize]));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(char::from(ALPHABET[(buffer << (5 - bits) & 31) as usize]));
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in text.bytes() {
        let value = ALPHABET.iter().position(|letter| *letter == byte)?;
        buffer = buffer << 5 | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    Some(out)
}
