//! Keeping programs out without third parties: a signed challenge with the time it was given, and a puzzle.
//!
//! A challenge is `SECONDS.RANDOM.SIGNATURE`. The puzzle: find a number whose SHA-256 of `CHALLENGE:NUMBER` begins with
//! `PUZZLE_BITS` zero bits; a browser needs a fraction of a second, a flood of submissions a computing centre.

use app::Secrets;
use base::{Error, Result, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use rand::RngCore;
use sha2::{Digest, Sha256};

pub(super) const PUZZLE_BITS: u32 = 15;
/// Nobody reads and fills in a form faster.
const FASTEST: chrono::Duration = chrono::Duration::seconds(2);
/// A page may be left open this long.
const OLDEST: chrono::Duration = chrono::Duration::hours(12);

pub(super) fn give(secrets: &Secrets, form_key: &str, now: Timestamp) -> String {
    let mut random = [0u8; 12];
    rand::rng().fill_bytes(&mut random);
    let head = format!("{}.{}", now.timestamp(), URL_SAFE_NO_PAD.encode(random));
    let signature = sign(secrets, form_key, &head);
    format!("{head}.{signature}")
}

fn sign(secrets: &Secrets, form_key: &str, head: &str) -> String {
    let mut mac = <hmac::Hmac<Sha256> as Mac>::new_from_slice(&secrets.derive("forms.challenge"))
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(form_key.as_bytes());
    mac.update(b"\n");
    mac.update(head.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Whether the challenge is ours, of this form, neither too young nor too old, and its puzzle solved.
pub(super) fn check(
    secrets: &Secrets,
    form_key: &str,
    challenge: &str,
    solution: Option<u64>,
    puzzle: bool,
    now: Timestamp,
) -> Result<()> {
    let stale = || {
        Error::invalid(
            "challenge",
            "stale",
            "Страница устарела: обновите её и отправьте ещё раз",
            "The page is stale: reload it and send again",
        )
    };
    let (head, signature) = challenge.rsplit_once('.').ok_or_else(stale)?;
    if sign(secrets, form_key, head) != signature {
        return Err(stale());
    }
    let seconds: i64 = head.split('.').next().and_then(|seconds| seconds.parse().ok()).ok_or_else(stale)?;
    let age = chrono::Duration::seconds(now.timestamp() - seconds);
    if age > OLDEST {
        return Err(stale());
    }
    if age < FASTEST {
        let (ru, en) =
            ("Слишком быстро: подождите пару секунд и отправьте ещё раз", "Too fast: wait two seconds and send again");
        return Err(Error::invalid("challenge", "too_fast", ru, en));
    }
    if puzzle && !solution.is_some_and(|solution| solves(challenge, solution)) {
        let (ru, en) =
            ("Браузер не прошёл проверку: обновите страницу", "The browser did not pass the check: reload the page");
        return Err(Error::invalid("solution", "wrong", ru, en));
    }
    Ok(())
}

pub(super) fn solves(challenge: &str, solution: u64) -> bool {
    let hash = Sha256::digest(format!("{challenge}:{solution}").as_bytes());
    let head = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    head.leading_zeros() >= PUZZLE_BITS
}
