//! What a feature crate offers to the product, and how the offers become one server.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use base::{Actor, Result, SessionId};
use db::{Migration, Subscriptions};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{App, document, idempotency, jobs_api, live_api, problem};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who sent a request.
#[derive(Debug)]
pub struct Identity {
    pub actor: Actor,
    /// The login, when it came by cookie.
    pub session: Option<SessionId>,
}

/// Finds out who sends a request.
pub type Authenticate = for<'a> fn(App, &'a Parts) -> Boxed<'a, Result<Option<Arc<Identity>>>>;

/// Takes a frame that a page sent over its live connection; answers what everybody is to hear of it.
pub type Hear = fn(App, Arc<Identity>, serde_json::Value) -> Boxed<'static, Result<Option<bus::Whisper>>>;

/// Hears that a live connection is there (when it opens and every 25 seconds), or has ended.
pub type Attend = fn(App, Arc<Identity>, Attendance) -> Boxed<'static, Result<()>>;

/// A live connection of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Attendance {
    /// The connection's own id: one person may have several.
    pub connection: uuid::Uuid,
    pub ended: bool,
}

/// Background work that runs as long as the node.
pub type Service = fn(App) -> Boxed<'static, ()>;

/// Work done once at every start, before anything is served.
pub type Prepare = fn(App) -> Boxed<'static, Result<()>>;

/// One part of the product. Removing it is deleting its crate and its line in `server/features.rs`.
#[derive(Clone, Copy)]
pub struct Feature {
    pub name: &'static str,
    /// Operations with their documentation, under `/api/v1`.
    pub routes: fn() -> OpenApiRouter<App>,
    /// Other addresses (files), outside `/api/v1` and its documentation.
    pub pages: Option<fn() -> Router<App>>,
    pub jobs: fn() -> Vec<jobs::JobType<App>>,
    /// Event kind -> job kind that hears of it.
    pub subscribers: &'static [(&'static str, &'static str)],
    pub migrations: &'static [Migration],
    /// Fills what must exist. Must be repeatable.
    pub prepare: Option<Prepare>,
    pub services: &'static [Service],
    pub authenticate: Option<Authenticate>,
    /// What a page says over its live connection.
    pub hear: Option<Hear>,
    /// Who is there.
    pub attend: Option<Attend>,
}

impl Feature {
    /// A feature that offers nothing; fill in the rest by `..Feature::EMPTY`.
    pub const EMPTY: Feature = Feature {
        name: "",
        routes: OpenApiRouter::new,
        pages: None,
        jobs: Vec::new,
        subscribers: &[],
        migrations: &[],
        prepare: None,
        services: &[],
        authenticate: None,
        hear: None,
        attend: None,
    };
}

pub(crate) fn migrations(features: &[Feature]) -> Vec<&'static [Migration]> {
    let own: [&'static [Migration]; 3] = [jobs::MIGRATIONS, bus::MIGRATIONS, idempotency::MIGRATIONS];
    own.into_iter().chain(features.iter().map(|feature| feature.migrations)).collect()
}

pub(crate) fn subscriptions(features: &[Feature]) -> Subscriptions {
    let mut all = Subscriptions::new();
    for (event, job) in features.iter().flat_map(|feature| feature.subscribers) {
        all.entry(event).or_default().push(*job);
    }
    all
}

/// Every operation of the product with its documentation, ready to serve once given its `App`.
pub fn router(features: &[Feature], openapi: OpenApi) -> (Router<App>, OpenApi) {
    let mut api = OpenApiRouter::with_openapi(openapi).merge(jobs_api::routes()).merge(live_api::routes());
    let mut pages = Router::new();
    for feature in features {
        api = api.merge((feature.routes)());
        if let Some(own) = feature.pages {
            pages = pages.merge(own());
        }
    }
    let (api, mut openapi) = api.split_for_parts();
    document::complete(&mut openapi);
    let api = api.layer(axum::middleware::from_fn(idempotency::read_key));
    (api.merge(pages).layer(axum::middleware::from_fn(problem::render)), openapi)
}
