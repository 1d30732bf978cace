//! Rules about the text of a file: length, head, words that belong elsewhere, what leaks from a developer's machine.

use super::{File, Problem};

pub const RUST_LINES: usize = 800;
pub const TSX_LINES: usize = 400;

/// A Rust file opens by saying what it is for and what must stay true.
pub fn head(file: &File) -> Option<Problem> {
    (!file.text.starts_with("//!"))
        .then(|| file.problem(1, "open with `//!`: what this file is for and what must stay true"))
}

/// At most `limit` lines, tests aside.
pub fn length(file: &File, limit: usize) -> Option<Problem> {
    if is_test(file) {
        return None;
    }
    let lines = file.text.lines().take_while(|line| *line != "#[cfg(test)]").count();
    (lines > limit).then(|| file.problem(0, format!("{lines} lines, at most {limit}; split it by noun")))
}

fn is_test(file: &File) -> bool {
    file.path.starts_with("crates/tests/")
        || file.parts().any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "e2e"))
        || file.path.ends_with(".test.tsx")
}

/// Which database is behind a connection is known in `db` alone.
pub fn database_backend(file: &File) -> Vec<Problem> {
    if file.path.starts_with("crates/db/") || file.path.starts_with("xtask/") {
        return Vec::new();
    }
    let names = |code: &str| has_word(code, "DatabaseBackend") || has_word(code, "DbBackend");
    code_lines(file, names, "only crates/db may know which database it is")
}

/// HTTP stays at the edge: in `app`, in each crate's `api`, in the server and where it is tested and measured.
pub fn axum(file: &File) -> Vec<Problem> {
    let home = ["crates/app/", "crates/server/", "crates/tests/", "bench/", "xtask/"];
    if home.iter().any(|home| file.path.starts_with(home)) || file.parts().any(|part| matches!(part, "api" | "api.rs"))
    {
        return Vec::new();
    }
    code_lines(file, |code| has_word(code, "axum"), "axum belongs in api.rs, in an api folder or in crates/app")
}

/// The lines of code, comments aside, for which `wrong` holds.
fn code_lines(file: &File, wrong: impl Fn(&str) -> bool, message: &str) -> Vec<Problem> {
    let code = |line: &str| !line.trim_start().starts_with("//") && wrong(line);
    let lines = file.text.lines().enumerate().filter(|(_, line)| code(line));
    lines.map(|(index, _)| file.problem(index + 1, message)).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let continues = |next: Option<char>| next.is_some_and(|next| next.is_alphanumeric() || next == '_');
    text.match_indices(word).any(|(start, _)| {
        !continues(text[..start].chars().next_back()) && !continues(text[start + word.len()..].chars().next())
    })
}

/// Kinds of file in which a space at the end of a line is never meant.
const SPACE_MATTERS_NOT: [&str; 13] =
    ["rs", "toml", "ts", "tsx", "js", "mjs", "json", "css", "html", "sh", "sql", "yml", "yaml"];

pub fn trailing_space(file: &File) -> Vec<Problem> {
    if !SPACE_MATTERS_NOT.iter().any(|extension| file.is(extension)) || in_fixtures(file) {
        return Vec::new();
    }
    // A mail's signature begins with "-- ", an empty quoted line is "> ": in tests of the mail engine they are data.
    let meant = |line: &str| line.ends_with("-- ") || line == "> ";
    let lines = file.text.split('\n').enumerate().filter(|(_, line)| line.ends_with([' ', '\t', '\r']) && !meant(line));
    lines.map(|(index, _)| file.problem(index + 1, "space at the end of the line")).collect()
}

/// Test inputs are kept byte for byte.
fn in_fixtures(file: &File) -> bool {
    file.parts().any(|part| matches!(part, "fixtures" | "corpus"))
}

/// A path of the developer's own machine helps nobody else.
pub fn machine_paths(file: &File, machine: &[String]) -> Vec<Problem> {
    let lines = file.text.lines().enumerate();
    let names = |line: &str| machine.iter().any(|path| starts_a_path(line, path));
    lines.filter(|(_, line)| names(line)).map(|(index, _)| file.problem(index + 1, "a path of this machine")).collect()
}

/// Whether `path` stands in the line as the start of a path: `/srv/x` does for `/srv`, `web/srv/x` and `/srvs` do not.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + path.len()..].chars().next();
        let inside = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '}' | '~'));
        !inside && after.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
    })
}

/// Lock files and package settings name no registry but the public ones: another would fail everywhere else.
pub fn registries(file: &File) -> Vec<Problem> {
    let public: &[&str] = match file.parts().next_back() {
        Some("Cargo.lock") => &["source = \"registry+https://github.com/rust-lang/crates.io-index\""],
        Some("package-lock.json") => &["\"resolved\": \"https://registry.npmjs.org/"],
        Some(".npmrc" | "config.toml") => &[],
        _ => return Vec::new(),
    };
    let names = |line: &str| {
        let line = line.trim_start();
        let registry = ["source = \"registry+", "source = \"sparse+", "\"resolved\": \"http", "registry", "index = "];
        registry.iter().any(|start| line.starts_with(start)) && !public.iter().any(|start| line.starts_with(start))
    };
    let lines = file.text.lines().enumerate().filter(|(_, line)| names(line));
    lines.map(|(index, _)| file.problem(index + 1, "a package registry that exists only here")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::file;

    #[test]
    fn a_rust_file_opens_with_its_purpose() {
        assert_eq!(head(&file("a.rs", "//! Purpose.\n")), None);
        assert!(head(&file("a.rs", "use std::fmt;\n")).is_some());
    }

    #[test]
    fn length_counts_up_to_the_tests() {
        let long = "x\n".repeat(801);
        assert!(length(&file("crates/desk/src/ops.rs", &long), RUST_LINES).is_some());
        assert_eq!(length(&file("crates/desk/src/ops.rs", &long[2..]), RUST_LINES), None);
        assert_eq!(length(&file("crates/desk/src/tests.rs", &long), RUST_LINES), None);
        let tested = format!("{}#[cfg(test)]\n{long}", "x\n".repeat(10));
        assert_eq!(length(&file("crates/desk/src/ops.rs", &tested), RUST_LINES), None);
    }

    #[test]
    fn the_database_is_known_in_db_alone() {
        let text = "//! Head.\n// DbBackend in a comment\nuse sea_orm::DbBackend;\nstruct MyDbBackendless;\n";
        let found = database_backend(&file("crates/desk/src/ops.rs", text));
        assert_eq!(found.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3]);
        assert_eq!(database_backend(&file("crates/db/src/dialect.rs", text)), []);
    }

    #[test]
    fn axum_stays_at_the_edge() {
        let found =
            |path: &str| axum(&file(path, "use axum::Json;\nlet taxum_x = 1;\nuse utoipa_axum::routes;\n")).len();
        assert_eq!(found("crates/desk/src/ops.rs"), 1);
        assert_eq!(found("crates/desk/src/api.rs"), 0);
        assert_eq!(found("crates/desk/src/api/lines.rs"), 0);
        assert_eq!(found("crates/app/src/http.rs"), 0);
    }

    #[test]
    fn spaces_at_line_ends_are_found_where_they_mean_nothing() {
        assert_eq!(trailing_space(&file("a.rs", "ok\nbad \nworse\r\n")).len(), 2);
        assert_eq!(trailing_space(&file("a.md", "a hard break  \n")), []);
        assert_eq!(trailing_space(&file("crates/mail/fixtures/a.json", "kept \n")), []);
    }

    #[test]
    fn paths_of_the_machine_are_found() {
        let found = |text: &str| machine_paths(&file("a.md", text), &["/somewhere".to_owned()]).len();
        assert_eq!(found("see /somewhere/notes"), 1);
        assert_eq!(found("HOME=/somewhere"), 1);
        assert_eq!(found("web/somewhere/notes and /somewhere_else and ${x}/somewhere"), 0);
    }

    #[test]
    fn only_public_registries_are_named() {
        let found = |path: &str, text: &str| registries(&file(path, text)).len();
        assert_eq!(found("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n"), 0);
        assert_eq!(found("Cargo.lock", "source = \"sparse+https://mirror.example/index/\"\n"), 1);
        assert_eq!(found("web/package-lock.json", "  \"resolved\": \"https://registry.npmjs.org/a/-/a.tgz\",\n"), 0);
        assert_eq!(found("web/package-lock.json", "  \"resolved\": \"http://localhost:4873/a.tgz\",\n"), 1);
        assert_eq!(found("web/.npmrc", "registry=http://localhost:4873\n"), 1);
        assert_eq!(found("docs/registry.md", "registry=http://localhost:4873\n"), 0);
    }
}
