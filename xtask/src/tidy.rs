//! The rules of the source tree that no compiler knows. Each rule is a pure function from a file to complaints.
//!
//! To add a rule: a function in `edges` or `text`, a test beside it, and one line in `check`.

mod edges;
mod text;

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// One committed (or about to be committed) text file.
struct File {
    /// From the root, with forward slashes.
    path: String,
    text: String,
}

/// What is wrong and where; `line` counts from 1, 0 means the whole file.
#[derive(Debug, PartialEq)]
struct Problem {
    path: String,
    line: usize,
    message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.message),
            line => write!(out, "{}:{line}: {}", self.path, self.message),
        }
    }
}

impl File {
    fn problem(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem { path: self.path.clone(), line, message: message.into() }
    }

    fn is(&self, extension: &str) -> bool {
        self.path.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.'))
    }

    /// The folder and file names of the path.
    fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.path.split('/')
    }
}

pub fn run(root: &Path) -> Result<()> {
    let files = files(root)?;
    let mut machine = vec![root.display().to_string()];
    machine.extend(std::env::var("HOME").ok().filter(|home| home.len() > 1));
    let surroundings = Surroundings { machine, crates: files.iter().filter_map(crate_name).collect() };
    let problems: Vec<Problem> = files.iter().flat_map(|file| check(file, &surroundings)).collect();
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        bail!("tidy: {} problems in {} files", problems.len(), files.len());
    }
    println!("tidy: {} files, no problems", files.len());
    Ok(())
}

/// What a rule has to know beside the file it looks at.
struct Surroundings {
    /// Paths that exist only on this computer and must not be written down.
    machine: Vec<String>,
    /// The names of our own crates.
    crates: Vec<String>,
}

fn crate_name(manifest: &File) -> Option<String> {
    let name = manifest.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
    Some(name.to_owned())
}

fn check(file: &File, surroundings: &Surroundings) -> Vec<Problem> {
    let mut problems = Vec::new();
    if crate_name(file).is_some() {
        problems.extend(edges::crate_edges(file, &surroundings.crates));
    }
    if file.is("rs") {
        problems.extend(text::head(file));
        problems.extend(text::length(file, text::RUST_LINES));
        problems.extend(text::database_backend(file));
        problems.extend(text::axum(file));
    }
    if file.is("tsx") {
        problems.extend(text::length(file, text::TSX_LINES));
    }
    if file.is("ts") || file.is("tsx") {
        problems.extend(edges::web_edges(file));
    }
    problems.extend(text::trailing_space(file));
    problems.extend(text::machine_paths(file, &surroundings.machine));
    problems.extend(text::registries(file));
    problems
}

/// Every text file git tracks or would track.
fn files(root: &Path) -> Result<Vec<File>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(arguments).current_dir(root).output().context("git did not start")?;
    if !output.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    let mut files = Vec::new();
    for path in names.split('\0').filter(|path| !path.is_empty()) {
        // A file deleted but not yet committed is listed too; one that is not UTF-8 is no text of ours.
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.push(File { path: path.to_owned(), text });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_problem_reads_like_a_compiler_message() {
        let problem = file("crates/db/src/lib.rs", "").problem(3, "is wrong");
        assert_eq!(problem.to_string(), "crates/db/src/lib.rs:3: is wrong");
        assert_eq!(file("a.rs", "").problem(0, "is long").to_string(), "a.rs: is long");
    }

    #[test]
    fn every_rule_is_reached_from_check() {
        let surroundings = Surroundings { machine: vec!["/somewhere".into()], crates: vec!["auth".into()] };
        let count = |path: &str, text: &str| check(&file(path, text), &surroundings).len();
        assert_eq!(count("crates/channels/Cargo.toml", "[dependencies]\nauth.workspace = true\n"), 1);
        assert_eq!(count("crates/auth/src/ops.rs", "use axum::Json; \nuse sea_orm::DbBackend;\n"), 4);
        assert_eq!(count("crates/auth/src/ops.rs", &format!("//! Head.\n{}", "\n".repeat(900))), 1);
        assert_eq!(count("web/src/ui/Page.tsx", &"\n".repeat(500)), 1);
        assert_eq!(count("web/src/features/desk/a.ts", "import '../auth/b'\n"), 1);
        assert_eq!(count("docs/notes.txt", "see /somewhere/else\n"), 1);
        assert_eq!(count("web/.npmrc", "registry=http://localhost:1/\n"), 1);
        assert_eq!(count("docs/notes.txt", "nothing\n"), 0);
    }
}
