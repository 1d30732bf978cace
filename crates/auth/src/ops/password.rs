//! Passwords: the rule, the hash, the check.
//!
//! Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet). A hash takes tens of milliseconds
//! and 19 MiB, so at most `AT_ONCE` are computed at a time, off the threads that serve requests.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use base::{Error, Result, UserId};
use db::Tx;
use rand::RngCore;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use tokio::sync::Semaphore;

use crate::entity::credential::{ActiveModel, Column, Entity};

const AT_ONCE: usize = 4;

static HASHING: Semaphore = Semaphore::const_new(AT_ONCE);

/// The hash of no password at all, checked when there is no such user, so that the answer takes as long as for a real one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What attackers try first. Longer lists belong into a breach check, which needs the network.
const COMMONEST: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "0123456789",
    "87654321",
    "0987654321",
    "12341234",
    "11223344",
    "12344321",
    "1234qwer",
    "qwerty12",
    "qwerty123",
    "qwerty1234",
    "qwertyui",
    "qwertyuiop",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "q1w2e3r4",
    "1qaz2wsx",
    "qazwsxedc",
    "zaq12wsx",
    "asdfghjkl",
    "zxcvbnm1",
    "zxcvbnm123",
    "qweasdzxc",
    "password",
    "password1",
    "password12",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "admin123",
    "administrator",
    "adminadmin",
    "letmein1",
    "welcome1",
    "welcome123",
    "changeme",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "trustno1",
    "dragon123",
    "monkey123",
    "master123",
    "computer",
    "internet",
    "samsung1",
    "marlboro",
    "абвгдейка",
    "йцукенгш",
    "йцукенгшщз",
    "йцукен123",
    "пароль12",
    "пароль123",
    "qwerty123456",
    "gfhjkm123",
    "ghbdtnbr",
    "88005553535",
    "привет123",
    "любовь123",
];

/// Refuses a password that is too easy. `field` is the field it came in.
pub fn check(field: &str, password: &str, email: &str) -> Result<()> {
    let wrong = |code, ru, en| Err(Error::invalid(field, code, ru, en));
    let length = password.chars().count();
    if length < 8 {
        return wrong("too_short", "Не меньше 8 знаков", "At least 8 characters");
    }
    if length > 1000 {
        return wrong("too_long", "Не больше 1000 знаков", "At most 1000 characters");
    }
    let lower = password.trim().to_lowercase();
    let email = email.trim().to_lowercase();
    if lower == email || email.split('@').next() == Some(lower.as_str()) {
        return wrong(
            "like_email",
            "Пароль не должен совпадать с адресом почты",
            "The password must not be the mail address",
        );
    }
    let first = lower.chars().next();
    if COMMONEST.contains(&lower.as_str()) || lower.chars().all(|character| Some(character) == first) {
        return wrong(
            "too_common",
            "Этот пароль подбирают первым: придумайте другой",
            "This password is among the first to be tried: choose another",
        );
    }
    Ok(())
}

/// The hash of a password, to be stored. Do this before opening a transaction: it takes a while.
pub async fn hash(password: String) -> Result<String> {
    let mut salt = [0u8; 16];
    rand::rng().fill_bytes(&mut salt);
    compute(move || {
        let salt = SaltString::encode_b64(&salt).map_err(Error::internal)?;
        Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(Error::internal)?.to_string())
    })
    .await
}

/// Whether the password is the one that was hashed. Without a hash: no, after the same time.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    compute(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&hash).map_err(Error::internal)?;
        Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
    })
    .await
}

pub async fn store(tx: &Tx, user_id: UserId, hash: String) -> Result<()> {
    let row = ActiveModel { user_id: Set(user_id), hash: Set(hash), changed_at: Set(tx.now()) };
    let overwrite = OnConflict::column(Column::UserId).update_columns([Column::Hash, Column::ChangedAt]).to_owned();
    Entity::insert(row).on_conflict(overwrite).exec_without_returning(tx).await?;
    Ok(())
}

/// The stored hash; none for staff who never got a password.
pub async fn stored(connection: &impl ConnectionTrait, user_id: UserId) -> Result<Option<String>> {
    Ok(Entity::find_by_id(user_id).one(connection).await?.map(|row| row.hash))
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn compute<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _permit = HASHING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hashed = hash("верный конь".to_owned()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify("верный конь".to_owned(), Some(hashed.clone())).await.unwrap());
        assert!(!verify("верный кот".to_owned(), Some(hashed.clone())).await.unwrap());
        assert_ne!(hash("верный конь".to_owned()).await.unwrap(), hashed, "each hash has a salt of its own");
    }

    #[tokio::test]
    async fn nobody_has_no_password_but_a_readable_hash() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!verify(String::new(), None).await.unwrap());
    }

    #[test]
    fn easy_passwords_are_refused_by_name() {
        let code = |password: &str| match check("password", password, "anna@romashka.ru") {
            Err(Error::Invalid(fields)) => fields[0].code,
            _ => "fine",
        };
        assert_eq!(code("семь777"), "too_short");
        assert_eq!(code("Anna@Romashka.RU"), "like_email");
        assert_eq!(code("QWERTY123"), "too_common");
        assert_eq!(code("аааааааааа"), "too_common");
        assert_eq!(code(&"я".repeat(1001)), "too_long");
        assert_eq!(code("восемь88"), "fine");
    }
}
