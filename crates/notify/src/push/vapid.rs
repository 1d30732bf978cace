//! How this installation says who it is to push services (RFC 8292): a signed, short-lived token. Pure.

use base::{Error, Result, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::Duration;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;

/// Services take a day at most.
const LIFETIME: Duration = Duration::hours(12);

/// The value of `Authorization` for this endpoint. `contact` is where the service's keepers reach ours.
pub(super) fn authorization(
    endpoint: &reqwest::Url,
    contact: &str,
    now: Timestamp,
    secret: &SecretKey,
    public: &str,
) -> Result<String> {
    let audience = endpoint.origin().ascii_serialization();
    let head = BASE64.encode(json!({"typ": "JWT", "alg": "ES256"}).to_string());
    let claims = json!({"aud": audience, "exp": (now + LIFETIME).timestamp(), "sub": contact});
    let signed = format!("{head}.{}", BASE64.encode(claims.to_string()));
    let signature: Signature = SigningKey::from(secret).try_sign(signed.as_bytes()).map_err(Error::internal)?;
    Ok(format!("vapid t={signed}.{}, k={public}", BASE64.encode(signature.to_bytes())))
}

/// `sub`: the address of this installation, or, where it has no public one, a mail address on its host.
pub(super) fn contact(public_url: &str) -> String {
    if public_url.starts_with("https://") {
        return public_url.to_owned();
    }
    let host = reqwest::Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    format!("mailto:admin@{}", host.as_deref().unwrap_or("localhost"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;
    use serde_json::Value;

    use super::super::keys;
    use super::*;

    #[test]
    fn the_token_names_the_service_and_is_signed_by_the_key_beside_it() {
        let secret = SecretKey::from_slice(&[9; 32]).unwrap();
        let endpoint = reqwest::Url::parse("https://push.example.net:8443/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV").unwrap();
        let public = keys::public(&secret);
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let value = authorization(&endpoint, "https://help.example.ru", now, &secret, &public).unwrap();
        let (token, key) = value.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&BASE64.decode(key).unwrap()).unwrap();
        let signature = Signature::from_slice(&BASE64.decode(signature).unwrap()).unwrap();
        verifying.verify(signed.as_bytes(), &signature).unwrap();
        let claims = BASE64.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            claims,
            json!({"aud": "https://push.example.net:8443", "exp": 1_700_043_200, "sub": "https://help.example.ru"})
        );
    }

    #[test]
    fn an_installation_without_a_public_address_still_has_a_contact() {
        assert_eq!(contact("http://127.0.0.1:8080"), "mailto:admin@127.0.0.1");
        assert_eq!(contact("https://help.example.ru"), "https://help.example.ru");
    }
}
