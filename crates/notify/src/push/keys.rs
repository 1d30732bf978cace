//! The installation's key for push services, made at the first start. Browsers remember its public half: another key would
//! make every device deaf.

use app::App;
use base::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use db::dialect;
use desk::setting;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use serde::{Deserialize, Serialize};

const SETTING: &str = "push_keys";

#[derive(Serialize, Deserialize)]
struct Stored {
    public: String,
    /// Sealed.
    secret: String,
}

/// The key with its public half as base64url.
pub(super) struct Keys {
    pub public: String,
    pub secret: SecretKey,
}

/// Makes the key unless there is one.
pub(crate) async fn prepare(app: App) -> Result<()> {
    if setting::get::<Stored>(app.db.read(), SETTING).await?.is_some() {
        return Ok(());
    }
    let secret = random_key(&app)?;
    let tx = app.write().await?;
    // Two nodes may start at the same moment.
    dialect::lock(&tx, SETTING).await?;
    if setting::get::<Stored>(&tx, SETTING).await?.is_none() {
        let sealed = app.secrets.seal(&BASE64.encode(secret.to_bytes()))?;
        setting::set(&tx, SETTING, &Stored { public: public(&secret), secret: sealed }).await?;
    }
    tx.commit().await
}

pub(super) async fn public_key(app: &App) -> Result<String> {
    Ok(stored(app).await?.public)
}

pub(super) async fn keys(app: &App) -> Result<Keys> {
    let Stored { public, secret } = stored(app).await?;
    let bytes = BASE64.decode(app.secrets.open_sealed(&secret)?).map_err(Error::internal)?;
    Ok(Keys { public, secret: SecretKey::from_slice(&bytes).map_err(Error::internal)? })
}

async fn stored(app: &App) -> Result<Stored> {
    let stored = setting::get(app.db.read(), SETTING).await?;
    stored.ok_or_else(|| Error::internal("the key for push messages is missing"))
}

/// A fresh key of the curve.
pub(super) fn random_key(app: &App) -> Result<SecretKey> {
    // One in 2^32 numbers is no key of this curve.
    for _ in 0..4 {
        if let Ok(key) = SecretKey::from_slice(&app.secrets.random::<32>()) {
            return Ok(key);
        }
    }
    Err(Error::internal("no random key fits the curve"))
}

/// The public half, uncompressed, as base64url.
pub(super) fn public(secret: &SecretKey) -> String {
    BASE64.encode(secret.public_key().to_encoded_point(false).as_bytes())
}
