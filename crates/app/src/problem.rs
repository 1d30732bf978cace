//! Errors as RFC 9457 problem details, in the reader's language.
//!
//! A handler fails with `ApiError`; the response carries it as an extension, and `render` writes it once the language is
//! known: the signed-in user's, else the browser's, else Russian.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Error, Language, Words};
use serde::Serialize;

pub type ApiResult<T> = Result<T, ApiError>;

/// An error on its way to the client.
#[derive(Clone, Debug)]
pub struct ApiError(pub Arc<Error>);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        ApiError(Arc::new(error.into()))
    }
}

/// The language of the answer; filled when the user is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnswerLanguage(pub Arc<OnceLock<Language>>);

/// RFC 9457 problem details.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(title = "Problem")]
pub struct Problem {
    /// Always `about:blank`: `code` tells the kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// What went wrong, in a few words of the reader's language.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable name of the kind of error, for programs.
    pub code: String,
    /// What went wrong and what to do, a sentence in the reader's language.
    pub detail: String,
    /// The wrong field as a JSON path, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Every wrong field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One wrong field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// JSON path, as `to[0].email`.
    pub field: String,
    pub code: String,
    pub detail: String,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated | Error::Unauthorized { .. } => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) | Error::Denied { .. } => StatusCode::FORBIDDEN,
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict { .. } => StatusCode::CONFLICT,
        Error::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Middleware: writes the body of a failed answer.
pub(crate) async fn render(mut request: Request, next: Next) -> Response {
    let from_header = request
        .headers()
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map(Language::from_accept_language);
    let language = AnswerLanguage::default();
    request.extensions_mut().insert(language.clone());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let Some(ApiError(error)) = response.extensions_mut().remove::<ApiError>() else { return response };
    if let Error::Internal(inner) = &*error {
        tracing::error!(%method, path, error = format!("{inner:#}"), "{method} {path} failed: {inner:#}");
    }
    let language = language.0.get().copied().or(from_header).unwrap_or_default();
    let body = problem(&error, language);
    let mut answer = (status(&error), Json(body)).into_response();
    let headers = answer.headers_mut();
    // What a layer inside said about the answer stays true: who may read it.
    for (name, value) in response.headers() {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Error::RateLimited(pause) = &*error {
        headers.insert(RETRY_AFTER, HeaderValue::from(pause.as_secs().max(1)));
    }
    if method == Method::HEAD {
        *answer.body_mut() = axum::body::Body::empty();
    }
    answer
}

fn problem(error: &Error, language: Language) -> Problem {
    let of = |code: &str, title: Words, detail: &Words| Problem {
        kind: "about:blank".to_owned(),
        title: title.get(language).to_owned(),
        status: status(error).as_u16(),
        code: code.to_owned(),
        detail: detail.get(language).to_owned(),
        field: None,
        errors: Vec::new(),
    };
    match error {
        Error::Unauthenticated => of(
            "unauthenticated",
            Words::new("Нужно войти", "Sign in first"),
            &Words::new("Войдите в систему и повторите.", "Sign in and try again."),
        ),
        Error::Unauthorized { code, words } => of(code, Words::new("Войти не удалось", "Could not sign in"), words),
        Error::Forbidden(permission) => of(
            "forbidden",
            Words::new("Нет прав", "Not allowed"),
            &Words::owned(
                format!("Для этого нужно право «{}». Его даёт администратор.", permission.as_str()),
                format!("This needs the right “{}”, which an administrator gives.", permission.as_str()),
            ),
        ),
        Error::Denied { code, words } => of(code, Words::new("Нельзя", "Not allowed"), words),
        Error::NotFound(noun) => of(
            "not_found",
            Words::new("Не найдено", "Not found"),
            &Words::owned(
                "Такой записи нет, или у вас нет к ней доступа.".to_owned(),
                format!("There is no such {noun}, or you may not see it."),
            ),
        ),
        Error::Conflict { code, words } => of(code, Words::new("Сейчас это невозможно", "Not possible now"), words),
        Error::Unavailable { code, words } => {
            of(code, Words::new("Временно недоступно", "Temporarily unavailable"), words)
        }
        Error::RateLimited(pause) => of(
            "rate_limited",
            Words::new("Слишком часто", "Too many attempts"),
            &Words::owned(
                format!("Повторите через {} с.", pause.as_secs().max(1)),
                format!("Try again in {} s.", pause.as_secs().max(1)),
            ),
        ),
        Error::Internal(_) => of(
            "internal",
            Words::new("Внутренняя ошибка", "Internal error"),
            &Words::new(
                "Что-то сломалось у нас. Подробности в журнале сервера.",
                "Something broke on our side. The server's log has the details.",
            ),
        ),
        Error::Invalid(fields) => {
            let empty = Words::new("Проверьте данные.", "Check the data.");
            let detail = fields.first().map_or(&empty, |field| &field.words);
            let mut problem = of("invalid", Words::new("Проверьте данные", "Check the data"), detail);
            problem.field = fields.first().map(|field| field.field.clone());
            problem.errors = fields
                .iter()
                .map(|field| FieldProblem {
                    field: field.field.clone(),
                    code: field.code.to_owned(),
                    detail: field.words.get(language).to_owned(),
                })
                .collect();
            problem
        }
    }
}
