//! The settings of a node: one TOML file, each key also as `OTKLIK_*`.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Settings of this node. What the administrators of a company set lives in the database instead.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to serve HTTP on.
    pub listen: SocketAddr,
    /// Folder of the database (unless `database_url` is set), the files and the key.
    pub data_dir: PathBuf,
    /// `postgres://...` or `sqlite:PATH`; empty: SQLite in `data_dir`.
    pub database_url: String,
    /// Address people open in the browser, for links in mail; empty: as `listen`.
    pub public_url: String,
    /// Key of the stored secrets, 32 bytes as base64; empty: `data_dir/secret.key`, made at the first start.
    pub secret_key: String,
    /// `info`, `debug`, or a filter such as `email=debug,info`.
    pub log: String,
    /// Logs as JSON lines.
    pub log_json: bool,
    /// How many jobs run at the same time.
    pub job_concurrency: usize,
    /// Seconds in which a sent answer can be taken back.
    pub undo_seconds: u64,
    /// Longest wait for open requests when stopping, in seconds.
    pub shutdown_seconds: u64,
    /// Number of reverse proxies in front whose X-Forwarded-For is believed.
    pub trusted_proxies: usize,
    /// PEM file of certificate authorities to trust besides the public ones, for mail servers with their own.
    pub extra_ca: Option<PathBuf>,
    /// Lets channels and webhooks reach addresses of private networks, such as a messenger of one's own beside this server.
    pub allow_private_addresses: bool,
    /// Largest upload, in bytes.
    pub max_upload: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("data"),
            database_url: String::new(),
            public_url: String::new(),
            secret_key: String::new(),
            log: "info".to_owned(),
            log_json: false,
            job_concurrency: 16,
            undo_seconds: 5,
            shutdown_seconds: 20,
            trusted_proxies: 0,
            extra_ca: None,
            allow_private_addresses: false,
            max_upload: 25 * 1024 * 1024,
        }
    }
}

impl Config {
    pub fn database_url(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite:{}", self.data_dir.join("otklik.db").display())
        } else {
            self.database_url.clone()
        }
    }

    pub fn public_url(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }
}
