//! Keyset pages: page 10,000 costs what page 1 costs.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A page of a list. `next` is given to `after` to go on; null on the last page.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque cursor of the next page.
    pub next: Option<String>,
}

/// What a caller asks of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageRequest {
    /// How many items, 1 to 200; 50 unless told.
    #[serde(default)]
    pub limit: Option<u64>,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
}

impl PageRequest {
    pub fn limit(&self) -> u64 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }

    pub fn cursor<K: DeserializeOwned>(&self) -> Result<Option<K>> {
        self.after.as_deref().filter(|text| !text.is_empty()).map(Cursor::decode).transpose()
    }
}

/// The sort key of the last row of a page, as opaque text.
pub struct Cursor;

impl Cursor {
    pub fn encode<K: Serialize>(key: &K) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
    }

    pub fn decode<K: DeserializeOwned>(text: &str) -> Result<K> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(|| {
            Error::invalid("after", "bad_cursor", "Непонятная отметка страницы", "This page cursor is not one of ours")
        })
    }
}

impl<T> Page<T> {
    /// Makes a page of rows fetched with `limit + 1`: the extra row only tells that there is more.
    pub fn from_rows<K: Serialize>(mut rows: Vec<T>, limit: u64, key: impl Fn(&T) -> K) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(|row| Cursor::encode(&key(row))) } else { None };
        Page { items: rows, next }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}
