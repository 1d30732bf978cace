//! Files of answers at an address without a login, for vendors that fetch them instead of taking them.
//!
//! Invariant: the address names one file, is signed by us and good for an hour; a guessed or old one is not found.

use app::{ApiResult, App, Path};
use axum::Router;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use axum::routing::get;
use base::{Error, FileId};
use desk::file;
use sea_orm::EntityTrait;

use crate::driver::OutFile;
use crate::signature;

const SECONDS: i64 = 3600;
const PURPOSE: &str = "handed file";

/// Where this file can be fetched for an hour from now. The last part of the path is its name, with an extension.
pub fn address(app: &App, file: &OutFile) -> String {
    let until = app.now().timestamp() + SECONDS;
    let signature = signed(app, file.id, until);
    format!("{}/handed/{}/{until}/{signature}/{}", app.config.public_url(), file.id, path_name(&file.name))
}

pub fn pages() -> Router<App> {
    Router::new().route("/handed/{id}/{until}/{signature}/{name}", get(fetch))
}

fn signed(app: &App, id: FileId, until: i64) -> String {
    signature::sign(&app.secrets.derive(PURPOSE), format!("{id}/{until}").as_bytes())
}

/// A name in letters every vendor's reader of addresses takes; the extension stays.
fn path_name(name: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let plain = |text: &str| text.chars().filter(|letter| letter.is_ascii_alphanumeric()).take(40).collect::<String>();
    let stem = Some(plain(stem)).filter(|stem| !stem.is_empty()).unwrap_or_else(|| "file".to_owned());
    let extension =
        Some(plain(extension)).filter(|extension| !extension.is_empty()).unwrap_or_else(|| "bin".to_owned());
    format!("{stem}.{}", extension.to_lowercase())
}

async fn fetch(
    State(app): State<App>,
    Path((id, until, given, _)): Path<(FileId, i64, String, String)>,
) -> ApiResult<impl IntoResponse> {
    let is_ours = signature::is_of(&app.secrets.derive(PURPOSE), format!("{id}/{until}").as_bytes(), &given);
    if !is_ours || until < app.now().timestamp() {
        return Err(Error::NotFound("file").into());
    }
    let file = file::Entity::find_by_id(id).one(app.db.read()).await?.ok_or(Error::NotFound("file"))?;
    let bytes = app.files.get(&file.storage_key).await?;
    let headers: [(HeaderName, String); 5] = [
        (CONTENT_TYPE, file.content_type),
        (CONTENT_DISPOSITION, "attachment".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    Ok((headers, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_extension() {
        for (given, expected) in [
            ("счёт 7.PDF", "7.pdf"),
            ("photo.jpeg", "photo.jpeg"),
            ("Смета", "file.bin"),
            ("a/b\"c.tar.gz", "abctar.gz"),
            ("договор.док", "file.bin"),
        ] {
            assert_eq!(path_name(given), expected);
        }
    }
}
