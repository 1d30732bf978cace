//! What a handler may ask for in its arguments.

use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use base::{Actor, Error, FieldError, Language, Needs, Words};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::AnswerLanguage;
use crate::{ApiError, App, Identity};

/// Somebody who is signed in, whatever his rights.
#[derive(Clone, Debug)]
pub struct Signed(pub Arc<Identity>);

impl Deref for Signed {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0.actor
    }
}

impl FromRequestParts<App> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let identity = app.identify(parts).await?.ok_or(Error::Unauthenticated)?;
        if let Some(language) = parts.extensions.get::<AnswerLanguage>() {
            let _ = language.0.set(identity.actor.language);
        }
        Ok(Signed(identity))
    }
}

/// Somebody who is signed in and has the permission `P`. Derefs to the `Actor`.
#[derive(Clone, Debug)]
pub struct Can<P: Needs>(Arc<Identity>, PhantomData<P>);

impl<P: Needs> Deref for Can<P> {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0.actor
    }
}

impl<P: Needs> FromRequestParts<App> for Can<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Signed(identity) = Signed::from_request_parts(parts, app).await?;
        identity.actor.require(P::PERMISSION)?;
        Ok(Can(identity, PhantomData))
    }
}

/// A JSON body. What cannot be read is a 422 that names the field.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let bytes =
            Bytes::from_request(request, app).await.map_err(|rejection| unreadable("", &rejection.body_text()))?;
        // An empty body is an empty object: calls without required fields need none.
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let mut deserializer = serde_json::Deserializer::from_slice(text);
        serde_path_to_error::deserialize(&mut deserializer).map(Json).map_err(|error| {
            let path = error.path().to_string();
            let message = error.inner().to_string();
            // serde reports a missing field at its parent.
            let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
            match (missing, path.as_str()) {
                (Some(name), ".") => missing_field(name.to_owned()),
                (Some(name), path) => missing_field(format!("{path}.{name}")),
                (None, ".") => unreadable("", &message),
                (None, path) => unreadable(path, &message),
            }
        })
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

fn missing_field(field: String) -> ApiError {
    Error::Invalid(vec![FieldError {
        field,
        code: "required",
        words: Words::new("Заполните это поле", "Fill in this field"),
    }])
    .into()
}

fn unreadable(field: &str, message: &str) -> ApiError {
    let words = Words::owned(
        format!("Не удалось прочитать значение: {message}"),
        format!("Could not read the value: {message}"),
    );
    Error::Invalid(vec![FieldError { field: field.to_owned(), code: "unreadable", words }]).into()
}

/// The query string. A wrong value is a 422 that names the parameter.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let axum::extract::Query(value) = axum::extract::Query::try_from_uri(&parts.uri).map_err(|rejection| {
            let text = rejection.body_text();
            let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            match (text.strip_prefix("missing field `"), text.split_once(": ")) {
                (Some(rest), _) => missing_field(rest.split('`').next().unwrap_or_default().to_owned()),
                (None, Some((field, message))) if !field.contains(' ') => unreadable(field, message),
                _ => unreadable("", text),
            }
        })?;
        Ok(Query(value))
    }
}

/// Path parameters. What is no id is a 404: there is no such record.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let axum::extract::Path(value) =
            axum::extract::Path::from_request_parts(parts, app).await.map_err(|_| Error::NotFound("record"))?;
        Ok(Path(value))
    }
}

/// The language of whoever asks without being signed in: his browser's.
#[derive(Clone, Copy, Debug)]
pub struct RequestLanguage(pub Language);

impl FromRequestParts<App> for RequestLanguage {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(RequestLanguage(header.map(Language::from_accept_language).unwrap_or_default()))
    }
}

/// Where a request comes from, for rate limits and the list of logins.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
        let trusted = app.config.trusted_proxies;
        if trusted == 0 {
            return Ok(ClientAddress(peer));
        }
        let header = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let forwarded: Vec<&str> = header.split(',').map(str::trim).collect();
        let ip = forwarded.len().checked_sub(trusted).and_then(|index| forwarded.get(index)?.parse().ok());
        Ok(ClientAddress(ip.unwrap_or(peer)))
    }
}
