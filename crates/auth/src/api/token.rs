//! One's own API tokens.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, can};
use axum::extract::State;
use base::{Actor, Error, TokenId, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::entity::api_token;
use crate::ops::token::{self, NewToken};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(revoke_token))
}

/// A key for a program that acts in your name.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct Token {
    id: TokenId,
    name: String,
    /// What it may do, as far as you may.
    scopes: Vec<String>,
    /// How it begins.
    prefix: String,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    last_used_at: Option<DateTime<Utc>>,
    user: TokenOwner,
}

#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
struct TokenOwner {
    id: UserId,
    name: String,
}

impl Token {
    fn new(row: api_token::Model, owner: &Actor) -> Self {
        let scopes =
            row.scopes.as_array().into_iter().flatten().filter_map(|scope| Some(scope.as_str()?.to_owned())).collect();
        Token {
            id: row.id,
            name: row.name,
            scopes,
            prefix: row.prefix,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            user: TokenOwner { id: row.user_id, name: owner.name.clone() },
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Tokens {
    items: Vec<Token>,
}

/// List your API tokens, the newest first.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", security(("session" = ["tokens.own"]), ("token" = ["tokens.own"])),
    responses((status = 200, body = Tokens)))]
async fn list_tokens(State(app): State<App>, actor: Can<can::TokensOwn>) -> ApiResult<Json<Tokens>> {
    let rows = token::list(app.db.read(), actor.user_id().ok_or(Error::Unauthenticated)?).await?;
    Ok(Json(Tokens { items: rows.into_iter().map(|row| Token::new(row, &actor)).collect() }))
}

/// A fresh token.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TokenWithSecret {
    token: Token,
    /// Send it as `Authorization: Bearer ...`. It is shown only now.
    secret: String,
}

/// The answer as it is kept for a repeated request: no secret lies in the database readable.
#[derive(Serialize, Deserialize)]
struct Kept {
    token: Token,
    sealed: String,
}

/// Create an API token.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = NewToken,
    security(("session" = ["tokens.own"]), ("token" = ["tokens.own"])),
    responses((status = 201, body = TokenWithSecret)))]
async fn create_token(
    State(app): State<App>,
    actor: Can<can::TokensOwn>,
    idempotency: Idempotency,
    Json(new): Json<NewToken>,
) -> ApiResult<Created<TokenWithSecret>> {
    let tx = match idempotency.begin::<Kept>(&app, &actor).await? {
        Begin::Done(kept) => {
            return Ok(Created(TokenWithSecret { token: kept.token, secret: app.secrets.open_sealed(&kept.sealed)? }));
        }
        Begin::New(tx) => tx,
    };
    let (row, secret) = token::create(&tx, &actor, new).await?;
    let kept = Kept { token: Token::new(row, &actor), sealed: app.secrets.seal(&secret)? };
    idempotency.finish(tx, &actor, &kept).await?;
    Ok(Created(TokenWithSecret { token: kept.token, secret }))
}

/// End one of your API tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens", params(("id" = TokenId, Path)),
    security(("session" = ["tokens.own"]), ("token" = ["tokens.own"])), responses((status = 204)))]
async fn revoke_token(
    State(app): State<App>,
    actor: Can<can::TokensOwn>,
    Path(id): Path<TokenId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    token::revoke(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}
