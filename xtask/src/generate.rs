//! Generated files: `openapi.json` as the server prints it, and the web's client types made from it.
//!
//! Invariant: both are committed, and nobody edits them by hand: `check` finds any difference.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

const OPENAPI: &str = "openapi.json";
const WEB_SCHEMA: &str = "web/src/api/schema.ts";

pub fn write(root: &Path) -> Result<()> {
    std::fs::write(root.join(OPENAPI), openapi(root)?).context(OPENAPI)?;
    web_schema(root)
}

/// Generates everything, puts back what was there, and fails when the two differ.
pub fn check(root: &Path) -> Result<()> {
    let committed = [OPENAPI, WEB_SCHEMA].map(|path| (path, std::fs::read(root.join(path)).unwrap_or_default()));
    let written = write(root);
    let mut stale = Vec::new();
    for (path, before) in committed {
        if std::fs::read(root.join(path)).unwrap_or_default() != before {
            std::fs::write(root.join(path), before).context(path)?;
            stale.push(path);
        }
    }
    written?;
    if !stale.is_empty() {
        bail!("stale: {}; run `cargo xtask gen` and commit the result", stale.join(", "));
    }
    Ok(())
}

fn openapi(root: &Path) -> Result<Vec<u8>> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "server", "--", "openapi"]).current_dir(root);
    let output = command.stderr(std::process::Stdio::inherit()).output().context("cargo did not start")?;
    if !output.status.success() {
        bail!("`otklik openapi` failed: {}", output.status);
    }
    Ok(output.stdout)
}

fn web_schema(root: &Path) -> Result<()> {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "gen"]).current_dir(root.join("web"));
    let status = command.status().context("npm did not start")?;
    if !status.success() {
        bail!("`npm run gen` in web failed: {status}");
    }
    Ok(())
}
