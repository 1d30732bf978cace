//! What a visitor shows to be known again, what a site shows to vouch for its user, and what opens a file for a while.
//!
//! Invariant: nobody becomes a user of a site without its signature, and nobody another visitor without his token.

use app::{App, Secrets};
use base::{ChannelId, Error, FileId, Result, Timestamp, Words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who a visitor is. Anonymous ones are separate people; a signed user is one person on all his devices.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Who {
    #[serde(rename = "c")]
    pub channel_id: ChannelId,
    #[serde(rename = "w")]
    pub name: WhoName,
    /// What is said of a user; of an anonymous visitor nothing.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<SignedProfile>,
    #[serde(rename = "l", default)]
    pub locale: String,
    #[serde(rename = "z", default)]
    pub time_zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub(crate) enum WhoName {
    #[serde(rename = "v")]
    Visitor(Uuid),
    #[serde(rename = "u")]
    User(String),
}

/// What is said of a user of a site.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub(crate) struct SignedProfile {
    /// The site's signature covers the mail address and the phone, not only the id.
    #[serde(rename = "s", default)]
    pub vouched: bool,
    #[serde(rename = "n", default)]
    pub name: String,
    #[serde(rename = "e", default)]
    pub email: String,
    #[serde(rename = "t", default)]
    pub phone: String,
}

impl Who {
    /// By which the channel knows his chat.
    pub fn external_id(&self) -> String {
        match &self.name {
            WhoName::Visitor(id) => format!("visitor:{id}"),
            WhoName::User(id) => format!("user:{id}"),
        }
    }

    pub fn is_known(&self) -> bool {
        matches!(self.name, WhoName::User(_))
    }

    /// What the page calls him.
    pub fn id(&self) -> String {
        match &self.name {
            WhoName::Visitor(id) => id.to_string(),
            WhoName::User(id) => id.clone(),
        }
    }
}

fn mac(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        <Hmac<Sha256> as Mac>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(text);
    mac
}

/// A user's token stands only as long as the secret that vouched for him.
fn visitor_key(secrets: &Secrets, who: &Who, identity_secret: &str) -> Vec<u8> {
    let mut key = secrets.derive("site visitor").to_vec();
    if who.is_known() {
        key.extend(identity_secret.as_bytes());
    }
    key
}

/// What the visitor's page keeps.
pub(crate) fn seal(app: &App, who: &Who, identity_secret: &str) -> Result<String> {
    let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(who)?);
    let signature = mac(&visitor_key(&app.secrets, who, identity_secret), body.as_bytes()).finalize().into_bytes();
    Ok(format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Who shows this; none when it is not ours, or another channel's, or the secret behind it has changed.
pub(crate) fn open(app: &App, channel_id: ChannelId, identity_secret: &str, token: &str) -> Option<Who> {
    let (body, signature) = token.split_once('.')?;
    let who: Who = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let key = visitor_key(&app.secrets, &who, identity_secret);
    mac(&key, body.as_bytes()).verify_slice(&signature).ok()?;
    (who.channel_id == channel_id).then_some(who)
}

/// A user as the site's own page gives him: an id with its HMAC-SHA256 in hexadecimal, or one signed token (JWT, HS256).
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = SiteSignedUser)]
pub(crate) struct SignedUser {
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// HMAC-SHA256 of `id` with the channel's secret, in hexadecimal. Only `id` is signed this way: what else is given
    /// counts as said by the visitor himself.
    pub hmac: Option<String>,
    /// JWT (HS256) with `sub`, `exp`, and `name`, `email`, `phone` if you like. All of it is vouched for.
    pub jwt: Option<String>,
}

impl SignedUser {
    /// Whether it claims to be a user at all.
    pub fn is_somebody(&self) -> bool {
        self.id.is_some() || self.hmac.is_some() || self.jwt.is_some()
    }
}

#[derive(Deserialize)]
struct Claims {
    sub: Value,
    exp: Option<f64>,
    nbf: Option<f64>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    phone: Option<String>,
}

fn forged() -> Error {
    let words = Words::new(
        "Подпись пользователя неверна или устарела. Проверьте ключ подписи на сервере сайта.",
        "The user's signature is wrong or has expired. Check the signing key on the site's server.",
    );
    Error::Denied { code: "bad_signature", words }
}

/// The user a site vouches for, with what it says of him.
pub(crate) fn verify(user: &SignedUser, identity_secret: &str, now: Timestamp) -> Result<(String, SignedProfile)> {
    if identity_secret.is_empty() {
        return Err(forged());
    }
    let clean = |text: Option<&str>| text.unwrap_or_default().trim().chars().take(200).collect::<String>();
    let (id, profile) = match &user.jwt {
        Some(jwt) => {
            let claims = claims(jwt, identity_secret, now).ok_or_else(forged)?;
            let id = match &claims.sub {
                Value::String(id) => id.clone(),
                Value::Number(id) => id.to_string(),
                _ => return Err(forged()),
            };
            let (name, email, phone) =
                (clean(claims.name.as_deref()), clean(claims.email.as_deref()), clean(claims.phone.as_deref()));
            (id, SignedProfile { vouched: true, name, email, phone })
        }
        None => {
            let id = user.id.clone().ok_or_else(forged)?;
            let signature = user.hmac.as_deref().and_then(from_hex).ok_or_else(forged)?;
            mac(identity_secret.as_bytes(), id.as_bytes()).verify_slice(&signature).map_err(|_| forged())?;
            let (name, email, phone) =
                (clean(user.name.as_deref()), clean(user.email.as_deref()), clean(user.phone.as_deref()));
            (id, SignedProfile { vouched: false, name, email, phone })
        }
    };
    if id.trim().is_empty() || id.len() > 200 || id.chars().any(char::is_control) {
        return Err(forged());
    }
    Ok((id, profile))
}

fn claims(jwt: &str, secret: &str, now: Timestamp) -> Option<Claims> {
    let (signed, signature) = jwt.rsplit_once('.')?;
    let (header, body) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    // The only algorithm there is: a token must not choose how it is checked.
    if header["alg"] != "HS256" {
        return None;
    }
    mac(secret.as_bytes(), signed.as_bytes()).verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
    let now = now.timestamp() as f64;
    let fresh = claims.exp.is_some_and(|exp| exp > now) && claims.nbf.is_none_or(|nbf| nbf <= now + 60.0);
    fresh.then_some(claims)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    (0..32).map(|index| u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()).collect()
}

/// How long an address of a file works, at least and at most.
const FILE_SECONDS: i64 = 3 * 3600;

/// The signature in the address of a file. It is the same for an hour, so that a browser keeps what it has fetched.
pub(crate) fn file_signature(secrets: &Secrets, channel_id: ChannelId, file_id: FileId, now: Timestamp) -> String {
    let until = (now.timestamp() / 3600 + 1) * 3600 + FILE_SECONDS;
    format!("{until}-{}", file_mac(secrets, channel_id, file_id, until))
}

pub(crate) fn opens_file(
    secrets: &Secrets,
    channel_id: ChannelId,
    file_id: FileId,
    now: Timestamp,
    signature: &str,
) -> bool {
    let Some((until, given)) = signature.split_once('-') else { return false };
    let Ok(until) = until.parse::<i64>() else { return false };
    let Ok(given) = URL_SAFE_NO_PAD.decode(given) else { return false };
    let text = format!("{channel_id}/{file_id}/{until}");
    until > now.timestamp() && mac(&secrets.derive("site file"), text.as_bytes()).verify_slice(&given).is_ok()
}

fn file_mac(secrets: &Secrets, channel_id: ChannelId, file_id: FileId, until: i64) -> String {
    let text = format!("{channel_id}/{file_id}/{until}");
    URL_SAFE_NO_PAD.encode(mac(&secrets.derive("site file"), text.as_bytes()).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SECRET: &str = "secret of the site";

    fn jwt(header: &Value, claims: &Value, secret: &str) -> SignedUser {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = mac(secret.as_bytes(), signed.as_bytes()).finalize().into_bytes();
        SignedUser { jwt: Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))), ..SignedUser::default() }
    }

    fn check(user: &SignedUser) -> Result<(String, SignedProfile)> {
        verify(user, SECRET, "2026-11-23T07:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_signed_token_vouches_for_a_user() {
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let exp = 1_795_420_000i64;
        let claims = json!({"sub": "42", "exp": exp, "name": "Анна", "email": "anna@shop.example"});
        let (id, profile) = check(&jwt(&header, &claims, SECRET)).unwrap();
        assert_eq!((id.as_str(), profile.name.as_str(), profile.email.as_str()), ("42", "Анна", "anna@shop.example"));
        assert!(check(&jwt(&header, &claims, "another secret")).is_err());
        assert!(check(&jwt(&json!({"alg": "none"}), &claims, SECRET)).is_err());
        assert!(check(&jwt(&header, &json!({"sub": "42", "exp": 5}), SECRET)).is_err(), "expired");
        assert!(check(&jwt(&header, &json!({"sub": "42"}), SECRET)).is_err(), "for ever");
        assert!(verify(&jwt(&header, &claims, ""), "", "2026-11-23T07:00:00Z".parse().unwrap()).is_err());
    }

    #[test]
    fn an_hmac_vouches_for_an_id() {
        let signature: String =
            mac(SECRET.as_bytes(), b"42").finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let user = |id: &str, hmac: &str| SignedUser {
            id: Some(id.to_owned()),
            hmac: Some(hmac.to_owned()),
            ..SignedUser::default()
        };
        assert_eq!(check(&user("42", &signature)).unwrap().0, "42");
        assert_eq!(check(&user("42", &signature.to_uppercase())).unwrap().0, "42");
        assert!(check(&user("43", &signature)).is_err());
        assert!(check(&user("42", "")).is_err());
        assert!(check(&SignedUser { id: Some("42".to_owned()), ..SignedUser::default() }).is_err());
    }
}
