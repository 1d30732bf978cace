//! Who may depend on whom: the crates' layers and the web's features.

use super::{File, Problem};

/// The spine, lowest first. `bus` is above `jobs`: a durable subscriber is a job.
const SPINE: [&str; 6] = ["base", "db", "jobs", "bus", "app", "desk"];
/// Pure crates; they know `base` at most.
const ENGINES: [&str; 7] = ["bpmn", "calendar", "mail", "nlu", "rich", "script", "text"];
/// Crates nothing else is built upon, and the leaves each may know.
const LEAVES: [(&str, &[&str]); 4] =
    [("demo", &[]), ("server", &["demo"]), ("tests", &["server", "demo"]), ("bench", &["server", "demo"])];

/// What a crate is in the order of dependency. A crate that is in no list is a feature.
#[derive(Debug, PartialEq)]
enum Kind {
    Spine(usize),
    Engine,
    Feature,
    Leaf(&'static [&'static str]),
}

fn kind(name: &str) -> Kind {
    if let Some(step) = SPINE.iter().position(|member| *member == name) {
        return Kind::Spine(step);
    }
    if ENGINES.contains(&name) {
        return Kind::Engine;
    }
    match LEAVES.iter().find(|(leaf, _)| *leaf == name) {
        Some((_, knows)) => Kind::Leaf(knows),
        None => Kind::Feature,
    }
}

/// Why crate `from` may not depend on our crate `to`, if it may not.
fn forbidden(from: &str, to: &str) -> Option<&'static str> {
    match (kind(from), kind(to)) {
        (Kind::Leaf(knows), Kind::Leaf(_)) if knows.contains(&to) => None,
        (_, Kind::Leaf(_)) => Some("nothing is built upon a leaf"),
        (Kind::Leaf(_), _) => None,
        (Kind::Engine, Kind::Spine(0)) => None,
        (Kind::Engine, _) => Some("an engine depends on base at most"),
        (Kind::Spine(0), _) => Some("base depends on nothing of ours"),
        (Kind::Spine(own), Kind::Spine(other)) if other >= own => Some("the spine depends downwards only"),
        (Kind::Spine(_), Kind::Feature) => Some("the spine knows no feature"),
        (Kind::Feature, Kind::Feature) => Some("features meet in desk, in events and in jobs, never directly"),
        (Kind::Spine(_) | Kind::Feature, Kind::Spine(_) | Kind::Engine) => None,
    }
}

/// The dependencies of a crate's `Cargo.toml`, of every kind, against the layers. `ours`: the crates of this workspace.
pub fn crate_edges(file: &File, ours: &[String]) -> Vec<Problem> {
    let Some(from) = file.parts().nth(1) else {
        return Vec::new();
    };
    let manifest: toml::Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![file.problem(0, format!("not TOML: {error}"))],
    };
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let dependencies = tables.iter().filter_map(|table| manifest.get(*table)?.as_table()).flat_map(toml::Table::keys);
    dependencies
        .filter(|to| ours.contains(to))
        .filter_map(|to| {
            let reason = forbidden(from, to)?;
            Some(file.problem(line_of(&file.text, to), format!("{from} -> {to}: {reason}")))
        })
        .collect()
}

/// The line of a manifest that names a dependency: `name = ..` or `name.workspace = ..`.
fn line_of(manifest: &str, dependency: &str) -> usize {
    let names = |line: &str| line.strip_prefix(dependency).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
    manifest.lines().position(names).map_or(0, |index| index + 1)
}

const WEB_FEATURES: &str = "web/src/features/";

/// Imports of one web feature from another: they meet in `ui`, `api` and `lib`, or in a route.
pub fn web_edges(file: &File) -> Vec<Problem> {
    let Some((own, _)) = file.path.strip_prefix(WEB_FEATURES).and_then(|rest| rest.split_once('/')) else {
        return Vec::new();
    };
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let foreign = |line: &str| {
        let target = resolve(folder, imported(line)?)?;
        let other = target.strip_prefix(WEB_FEATURES)?.split('/').next()?.to_owned();
        (other != own).then_some(other)
    };
    let lines = file.text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let other = foreign(line)?;
            Some(file.problem(index + 1, format!("web feature {own} imports from feature {other}")))
        })
        .collect()
}

/// The module a line of an import or re-export names.
fn imported(line: &str) -> Option<&str> {
    let rest = line.split_once(" from ").map(|(_, rest)| rest).or_else(|| line.strip_prefix("import "))?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// A path from the root for a relative import or one by the `@/` or `~/` alias of `web/src`; nothing for a package.
fn resolve(folder: &str, module: &str) -> Option<String> {
    if let Some(rest) = module.strip_prefix("@/").or_else(|| module.strip_prefix("~/")) {
        return Some(format!("web/src/{rest}"));
    }
    if !module.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in module.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::file;

    fn manifest(name: &str, dependencies: &[&str]) -> Vec<String> {
        let lines: String = dependencies.iter().map(|name| format!("{name}.workspace = true\n")).collect();
        let manifest = file(&format!("crates/{name}/Cargo.toml"), &format!("[dependencies]\n{lines}"));
        let ours = [
            "base", "db", "jobs", "bus", "app", "desk", "mail", "text", "auth", "channels", "email", "server", "tests",
        ];
        crate_edges(&manifest, &ours.map(String::from)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_layers_as_designed_are_fine() {
        assert_eq!(manifest("base", &["serde"]), [""; 0]);
        assert_eq!(manifest("jobs", &["base", "db"]), [""; 0]);
        assert_eq!(manifest("desk", &["app", "text"]), [""; 0]);
        assert_eq!(manifest("channels", &["desk", "mail"]), [""; 0]);
        assert_eq!(manifest("tests", &["server", "auth"]), [""; 0]);
    }

    #[test]
    fn an_edge_against_the_layers_is_named_with_its_line() {
        let feature =
            "crates/auth/Cargo.toml:3: auth -> channels: features meet in desk, in events and in jobs, never directly";
        assert_eq!(manifest("auth", &["desk", "channels"]), [feature]);
        assert_eq!(
            manifest("jobs", &["bus"]),
            ["crates/jobs/Cargo.toml:2: jobs -> bus: the spine depends downwards only"]
        );
        assert_eq!(manifest("desk", &["auth"]), ["crates/desk/Cargo.toml:2: desk -> auth: the spine knows no feature"]);
        assert_eq!(
            manifest("mail", &["db"]),
            ["crates/mail/Cargo.toml:2: mail -> db: an engine depends on base at most"]
        );
        assert_eq!(
            manifest("auth", &["server"]),
            ["crates/auth/Cargo.toml:2: auth -> server: nothing is built upon a leaf"]
        );
    }

    #[test]
    fn a_dependency_for_tests_alone_counts_too() {
        let manifest = file("crates/auth/Cargo.toml", "[dev-dependencies]\nchannels.workspace = true\n");
        assert_eq!(crate_edges(&manifest, &["channels".to_owned()]).len(), 1);
    }

    #[test]
    fn web_features_do_not_import_each_other() {
        let from = |line: &str| web_edges(&file("web/src/features/desk/parts/Row.tsx", line)).len();
        assert_eq!(from("import { Box } from \"../../auth/Box\";"), 1);
        assert_eq!(from("export { Box } from '@/features/auth/Box';"), 1);
        assert_eq!(from("import \"~/features/auth/styles.css\";"), 1);
        assert_eq!(from("import { Box } from \"../list/Box\";"), 0);
        assert_eq!(from("import { Box } from \"../../../ui/Box\";"), 0);
        assert_eq!(from("import { Box } from \"@mantine/core\";"), 0);
    }
}
