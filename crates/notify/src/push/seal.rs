//! Encryption of a push message for one browser (RFC 8291, with the `aes128gcm` coding of RFC 8188). Pure.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use base::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, Mac};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey, ecdh};
use sha2::Sha256;

/// What a push service takes at least: the header, the text and its tag.
const RECORD: u32 = 4096;
/// The longest text that fits in one record.
pub(super) const LONGEST: usize = RECORD as usize - 86 - 17;

/// Whose browser it is for.
pub(super) struct Recipient {
    public: PublicKey,
    auth: [u8; 16],
}

impl Recipient {
    /// Reads what the browser gave: base64url, with or without padding.
    pub fn read(public_key: &str, auth: &str) -> Option<Self> {
        let bytes = |text: &str| BASE64.decode(text.trim_end_matches('=')).ok();
        let public = PublicKey::from_sec1_bytes(&bytes(public_key)?).ok()?;
        Some(Recipient { public, auth: bytes(auth)?.try_into().ok()? })
    }
}

/// The body of the request. `own` is a key for this message only, `salt` is random.
pub(super) fn seal(text: &[u8], to: &Recipient, own: &SecretKey, salt: [u8; 16]) -> Result<Vec<u8>> {
    if text.len() > LONGEST {
        return Err(Error::internal("a push message is too long"));
    }
    let theirs = to.public.to_encoded_point(false);
    let ours = own.public_key().to_encoded_point(false);
    let shared = ecdh::diffie_hellman(own.to_nonzero_scalar(), to.public.as_affine());

    let key_info = [b"WebPush: info\0".as_slice(), theirs.as_bytes(), ours.as_bytes(), &[1]].concat();
    let material = hmac(&hmac(&to.auth, shared.raw_secret_bytes()), &key_info);
    let secret = hmac(&salt, &material);
    let key = hmac(&secret, b"Content-Encoding: aes128gcm\0\x01");
    let nonce = hmac(&secret, b"Content-Encoding: nonce\0\x01");

    // The last record ends in 2.
    let record = [text, &[2]].concat();
    let cipher = Aes128Gcm::new_from_slice(&key[..16]).map_err(Error::internal)?;
    let sealed = cipher
        .encrypt(Nonce::from_slice(&nonce[..12]), record.as_slice())
        .map_err(|_| Error::internal("could not encrypt a push message"))?;
    let length = [ours.len() as u8];
    Ok([salt.as_slice(), &RECORD.to_be_bytes(), &length, ours.as_bytes(), &sealed].concat())
}

/// HKDF (RFC 5869) with SHA-256 is two of these as long as no more than 32 bytes are wanted.
fn hmac(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(data);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out_byte_for_byte() {
        let to = Recipient::read(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap();
        let own =
            SecretKey::from_slice(&BASE64.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap()).unwrap();
        let salt = BASE64.decode("DGv6ra1nlYgDCS1FRnbzlw").unwrap().try_into().unwrap();
        let sealed = seal(b"When I grow up, I want to be a watermelon", &to, &own, salt).unwrap();
        assert_eq!(
            BASE64.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_record_is_never_longer_than_it_says() {
        let key = SecretKey::from_slice(&[7; 32]).unwrap();
        let to = Recipient { public: key.public_key(), auth: [1; 16] };
        let sealed = seal(&vec![b'a'; LONGEST], &to, &key, [2; 16]).unwrap();
        assert_eq!(sealed.len(), RECORD as usize);
        assert!(seal(&vec![b'a'; LONGEST + 1], &to, &key, [2; 16]).is_err());
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        assert!(Recipient::read("BCVxsr7N", "BTBZMqHH6r4Tts7J_aSIgg").is_none());
        let fine = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        assert!(Recipient::read(fine, "BTBZ").is_none());
        assert!(Recipient::read(fine, "BTBZMqHH6r4Tts7J_aSIgg==").is_some());
    }
}
