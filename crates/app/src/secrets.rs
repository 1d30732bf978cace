//! The installation's key: encrypts stored passwords of channels, signs reply tokens.

use base::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::Mac;
use rand::RngCore;
use sha2::Sha256;

use crate::Config;

/// Derives one key for each use from the installation's key.
#[derive(Clone)]
pub struct Secrets {
    key: [u8; 32],
}

impl Secrets {
    /// Reads the key from the configuration or the data directory; makes one at the first start.
    pub(crate) fn open(config: &Config) -> Result<Self> {
        if !config.secret_key.is_empty() {
            return Self::decode(&config.secret_key);
        }
        let path = config.data_dir.join("secret.key");
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::decode(text.trim()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0u8; 32];
                rand::rng().fill_bytes(&mut key);
                write_private(&path, &STANDARD.encode(key))
                    .map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
                Ok(Secrets { key })
            }
            Err(error) => Err(Error::internal(format!("{}: {error}", path.display()))),
        }
    }

    fn decode(text: &str) -> Result<Self> {
        let bytes = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(|key| Secrets { key }).ok_or_else(|| Error::internal("secret_key must be 32 bytes as base64"))
    }

    /// A key for one purpose (HMAC-SHA256 of its name).
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = <hmac::Hmac<Sha256> as Mac>::new_from_slice(&self.key)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Encrypts a secret for the database (XChaCha20-Poly1305, nonce in front, base64).
    pub fn seal(&self, plain: &str) -> Result<String> {
        let mut nonce = [0u8; 24];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), plain.as_bytes())
            .map_err(|_| Error::internal("could not encrypt"))?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what `seal` made. Fails when the key is another installation's.
    pub fn open_sealed(&self, sealed: &str) -> Result<String> {
        let broken = || Error::internal("a stored secret does not fit this installation's key");
        let bytes = STANDARD.decode(sealed).map_err(|_| broken())?;
        let (nonce, sealed) = bytes.split_at_checked(24).ok_or_else(broken)?;
        let plain = self.cipher().decrypt(XNonce::from_slice(nonce), sealed).map_err(|_| broken())?;
        String::from_utf8(plain).map_err(|_| broken())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derive("seal").into())
    }
}

/// Fresh random bytes for tokens and passwords.
impl Secrets {
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0u8; N];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(unix)]
fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}
