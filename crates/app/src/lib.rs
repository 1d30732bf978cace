//! What every feature stands on: the `App` that carries the shared parts, the `Feature` a crate offers, and the HTTP
//! edge (extractors, problem details, idempotency, live events).
//!
//! Invariant: a handler gets its rights as an argument (`Can<...>` or `Signed`); without one it is public.

mod answer;
mod config;
mod document;
mod extract;
mod feature;
mod files;
pub mod held;
pub mod http;
mod idempotency;
mod jobs_api;
mod live_api;
pub mod problem;
mod secrets;

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use base::{Result, Timestamp};
use db::{Db, Tx};
use tokio_util::sync::CancellationToken;

pub use answer::{Created, NoContent};
pub use base::can;
pub use config::Config;
pub use extract::{Can, ClientAddress, Json, Path, Query, RequestLanguage, Signed};
pub use feature::{Attendance, Authenticate, Feature, Identity, Service, router};
pub use files::Files;
pub use http::Http;
pub use idempotency::{Begin, Idempotency};
pub use jobs::job;
pub use problem::{ApiError, ApiResult};
pub use secrets::Secrets;

/// What a job of ours runs with.
pub use jobs::{Attempt, Job, JobError, JobType};

/// The running product: shared parts, cheap to clone, the state of every handler and the context of every job.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

/// The parts; reach them through `App` itself.
pub struct Inner {
    pub db: Db,
    pub hub: bus::Hub,
    pub files: Files,
    pub secrets: Secrets,
    pub http: Http,
    pub config: Config,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
    features: &'static [Feature],
    /// What features keep in memory on this node, by type.
    memory: RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl App {
    /// Opens the database and the files, and brings the schema up to date. Starts nothing yet.
    pub async fn open(config: Config, clock: base::Clock, features: &'static [Feature]) -> Result<App> {
        std::fs::create_dir_all(&config.data_dir)
            .map_err(|error| base::Error::internal(format!("{}: {error}", config.data_dir.display())))?;
        let secrets = Secrets::open(&config)?;
        let files = Files::open(&config.data_dir.join("files"))?;
        let db = Db::connect(
            &config.database_url(),
            clock,
            &feature::migrations(features),
            feature::subscriptions(features),
        )
        .await?;
        let http = Http::new(&config)?;
        let hub = bus::Hub::open(db.clone()).await?;
        let app = App {
            inner: Arc::new(Inner {
                db,
                hub,
                files,
                secrets,
                http,
                config,
                stop: CancellationToken::new(),
                features,
                memory: RwLock::default(),
            }),
        };
        for feature in features {
            if let Some(prepare) = feature.prepare {
                prepare(app.clone()).await?;
            }
        }
        Ok(app)
    }

    /// Starts the background work of this node: jobs, live events, the features' own services.
    pub fn start(&self) -> Vec<tokio::task::JoinHandle<()>> {
        let hub = self.hub.clone();
        let stop = self.stop.clone();
        let mut tasks = vec![tokio::spawn(async move { hub.run(stop).await })];
        let worker = self.worker();
        let stop = self.stop.clone();
        let concurrency = self.config.job_concurrency;
        tasks.push(tokio::spawn(async move { worker.run(concurrency, stop).await }));
        for service in self.features.iter().flat_map(|feature| feature.services) {
            tasks.push(tokio::spawn(service(self.clone())));
        }
        tasks
    }

    pub fn worker(&self) -> jobs::Worker<App> {
        let own = [job::<idempotency::ForgetKeys>()];
        let types = own.into_iter().chain(self.features.iter().flat_map(|feature| (feature.jobs)()));
        jobs::Worker::new(self.db.clone(), self.clone(), types).on_failed(jobs_api::tell_failed)
    }

    /// Begins a command.
    pub async fn write(&self) -> Result<Tx> {
        self.db.write().await
    }

    pub fn now(&self) -> Timestamp {
        self.db.now()
    }

    pub fn new_id(&self) -> uuid::Uuid {
        self.db.new_id()
    }

    /// What a feature keeps in memory on this node (a cache, a counter): one value per type, made when first asked for.
    pub fn memory<T: Default + Any + Send + Sync>(&self) -> Arc<T> {
        let key = TypeId::of::<T>();
        let known = self.memory.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let value = known.unwrap_or_else(|| {
            let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
            memory.entry(key).or_insert_with(|| Arc::new(T::default())).clone()
        });
        value.downcast().unwrap_or_else(|_| unreachable!("values are kept by their type"))
    }

    pub fn features(&self) -> &'static [Feature] {
        self.features
    }

    /// Who sends this request, by its cookie or token; none when nobody is signed in.
    pub async fn identify(&self, parts: &axum::http::request::Parts) -> Result<Option<Arc<Identity>>> {
        for feature in self.features {
            if let Some(authenticate) = feature.authenticate {
                return authenticate(self.clone(), parts).await;
            }
        }
        Ok(None)
    }
}
