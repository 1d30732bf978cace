//! Generated files: `openapi.json` as the server prints it, and the web's client types made from it.
//!
//! Invariant: both are committed, and nobody edits them by hand: `check` finds any difference.

use std::path::{Path, PathBuf};
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

/// Asks the binary of the build that tests use: another set of packages would have other features, and every dependency be
/// compiled once more for it.
fn openapi(root: &Path) -> Result<Vec<u8>> {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--workspace", "--all-targets"]).current_dir(root);
    // Cargo says them to this program; to cargo itself they would look like changes, and ring with all that needs it be compiled anew.
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
    {
        build.env_remove(name);
    }
    let status = build.status().context("cargo did not start")?;
    if !status.success() {
        bail!("the workspace does not compile: {status}");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let mut command = Command::new(root.join(target).join("debug/otklik"));
    let output =
        command.arg("openapi").stderr(std::process::Stdio::inherit()).output().context("otklik did not start")?;
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
