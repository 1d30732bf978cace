//! HMAC-SHA256 signatures of requests, theirs and ours.

use hmac::{Hmac, Mac};
use sha2::Sha256;

fn mac(key: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(body);
    mac
}

/// In lower-case hexadecimal.
pub fn sign(key: &[u8], body: &[u8]) -> String {
    mac(key, body).finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the hexadecimal signature is of this body. Takes the same time for every wrong one.
pub fn is_of(key: &[u8], body: &[u8], signature: &str) -> bool {
    // Nobody's empty key signs anything.
    !key.is_empty() && from_hex(signature).is_some_and(|given| mac(key, body).verify_slice(&given).is_ok())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_and_body_fit() {
        let signature = sign(b"key", b"The quick brown fox jumps over the lazy dog");
        assert_eq!(signature, "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
        assert!(is_of(b"key", b"The quick brown fox jumps over the lazy dog", &signature.to_uppercase()));
        for (key, body, given) in [
            ("other", "body", sign(b"key", b"body")),
            ("key", "Body", sign(b"key", b"body")),
            ("key", "body", sign(b"key", b"body")[2..].to_owned()),
            ("key", "body", String::new()),
            ("key", "body", "я".to_owned()),
            ("", "body", sign(b"", b"body")),
        ] {
            assert!(!is_of(key.as_bytes(), body.as_bytes(), &given), "{key} {body} {given}");
        }
    }
}
