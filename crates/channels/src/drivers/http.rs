//! What drivers share about requests.

use bytes::{Bytes, BytesMut};

use crate::driver::{Link, Trouble};

/// The file at an address that a vendor gave, of at most so many bytes.
pub(super) async fn fetch(link: &Link, url: &str, max: u64) -> Result<Bytes, Trouble> {
    let host = host(url);
    if !link.app.http.allows(url) {
        return Err(gone(format!("{host} may not be asked")).permanent());
    }
    let mut response =
        link.http().get(url).send().await.map_err(|error| Trouble::unreachable(host, &error.without_url()))?;
    let status = response.status();
    if status.is_client_error() {
        return Err(gone(format!("{host} answered {status}")).permanent());
    }
    if !status.is_success() {
        return Err(Trouble::unreachable(host, &status));
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Trouble::unreachable(host, &error.without_url()))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > max {
            let (ru, en) = ("Файл слишком большой, чтобы его скачать.", "The file is too large to be fetched.");
            return Err(Trouble::new(ru, en, format!("more than {max} bytes")).permanent());
        }
    }
    Ok(bytes.freeze())
}

fn gone(technical: String) -> Trouble {
    Trouble::new("Файла по этому адресу уже нет.", "The file is no longer at this address.", technical)
}

/// The name of the server in an address, for messages.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

/// Whether two secrets are the same, in a time that does not tell how much of them is.
pub(super) fn same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
    one.len() == other.len() && differences == 0
}
