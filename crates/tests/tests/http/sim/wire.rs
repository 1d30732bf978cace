//! What simulators share: a port to listen on and the counting of requests in a second.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use axum::Router;

/// Serves on a free port until the test ends; answers the address without a slash at its end.
pub async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// For what a vendor sends of its own accord.
pub fn client() -> reqwest::Client {
    // Fails when another test of this process did it before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// At most `limit` in any second, counted apart for each key, by the real clock, as a vendor counts.
pub struct Rate {
    limit: usize,
    taken: HashMap<String, VecDeque<Instant>>,
}

impl Rate {
    pub fn new(limit: usize) -> Self {
        Rate { limit, taken: HashMap::new() }
    }

    /// Whether one more is allowed now. A refused one counts for nothing.
    pub fn take(&mut self, key: &str) -> bool {
        let now = Instant::now();
        let taken = self.taken.entry(key.to_owned()).or_default();
        while taken.front().is_some_and(|at| now.duration_since(*at) >= Duration::from_secs(1)) {
            taken.pop_front();
        }
        let allowed = taken.len() < self.limit;
        if allowed {
            taken.push_back(now);
        }
        allowed
    }
}
