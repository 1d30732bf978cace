//! Reads the settings: defaults, then the TOML file, then `OTKLIK_*`.

use std::path::{Path, PathBuf};

use app::Config;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};

/// `file` must exist when it is given; otherwise `otklik.toml` here or `/etc/otklik/otklik.toml` is read if there.
#[expect(clippy::result_large_err, reason = "happens once, at the start")]
pub fn read(file: Option<&Path>) -> Result<Config, figment::Error> {
    let figment = Figment::from(Serialized::defaults(Config::default()));
    let figment = match file {
        Some(file) => figment.merge(Toml::file_exact(file)),
        None => {
            match ["otklik.toml", "/etc/otklik/otklik.toml"].map(PathBuf::from).into_iter().find(|path| path.exists()) {
                Some(path) => figment.merge(Toml::file_exact(path)),
                None => figment,
            }
        }
    };
    figment.merge(Env::prefixed("OTKLIK_").ignore(&["config", "test_database_url"])).extract()
}
