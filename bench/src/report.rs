//! The tables: what was measured, what it is compared to, and whether that is within the budget.
//!
//! Invariant: in `docs/benchmarks.md` a section belongs to one database and size and lies between its two marks; only
//! that part is ever replaced.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::load::Sample;
use crate::machine::Memory;
use crate::scenario::Budget;

/// One line of the table.
pub struct Line {
    pub name: &'static str,
    pub connections: usize,
    pub sample: Sample,
    pub beside: Option<Other>,
    pub budget: Budget,
}

/// What it is compared to.
pub enum Other {
    ByHand(Sample),
    /// Transactions a second.
    Raw(f64),
}

/// Where and how it was measured.
pub struct Heading {
    pub database: &'static str,
    pub conversations: u64,
    pub date: String,
    pub command: String,
    pub machine: String,
    pub commit: String,
    /// Sentences a reader has to know.
    pub remarks: Vec<String>,
}

/// Start and memory.
pub struct Process {
    pub first_answer: Duration,
    pub idle: Memory,
    pub loaded: Memory,
    pub binary: u64,
}

impl Heading {
    pub fn key(&self) -> String {
        format!("{} {}", self.database, self.conversations)
    }
}

/// One figure of a flood, with what is wanted of it.
pub struct Figure {
    name: &'static str,
    value: String,
    budget: Option<(&'static str, bool)>,
}

impl Figure {
    pub fn plain(name: &'static str, value: String) -> Self {
        Figure { name, value, budget: None }
    }

    pub fn judged(name: &'static str, value: String, limit: &'static str, is_met: bool) -> Self {
        Figure { name, value, budget: Some((limit, is_met)) }
    }
}

/// How long something took, over all that were counted, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
    pub count: usize,
}

impl Spread {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let place = |share: f64| ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        let at = |share: f64| times.get(place(share)).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
        Spread { p50: at(0.5), p99: at(0.99), max: at(1.0), count: times.len() }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Spread { p50, p99, max, count } = self;
        write!(f, "p50 {} ms, p99 {} ms, at most {} ms ({count})", number(*p50), number(*p99), number(*max))
    }
}

/// The section of a flood as Markdown.
pub fn flood(title: &str, heading: &Heading, figures: &[Figure]) -> String {
    let Heading { date, command, machine, commit, remarks, .. } = heading;
    let mut text = format!("## {title}\n\n{date}, commit {commit}, `{command}`. {machine}.\n");
    for remark in remarks {
        text += &format!("{remark}\n");
    }
    text += "\n| what | measured | budget |\n|---|---|---|\n";
    for Figure { name, value, budget } in figures {
        let budget = budget.map(|(limit, is_met)| format!("{limit}: {}", met(is_met))).unwrap_or_default();
        text += &format!("| {name} | {value} | {budget} |\n");
    }
    text
}

/// The section as Markdown.
pub fn section(heading: &Heading, lines: &[Line], hello: &[(usize, Sample)], process: &Process) -> String {
    let Heading { database, conversations, date, command, machine, commit, remarks } = heading;
    let mut text = format!("## {database}, {} conversations\n\n", grouped(*conversations as f64));
    text += &format!("{date}, commit {commit}, `{command}`. {machine}.\n");
    for remark in remarks {
        text += &format!("{remark}\n");
    }
    text += "\n| work | connections | requests/s | p50, ms | p99, ms | max, ms | CPU, ms | answer, KB | beside it, /s | ratio | of a bare axum answer | budget |\n";
    text += "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n";
    for line in lines {
        let bare =
            hello.iter().find(|(connections, _)| *connections == line.connections).map(|(_, sample)| sample.rate);
        text += &row(line, bare);
    }
    for (connections, sample) in hello {
        let nothing = Budget { p50: None, p99: None, share: None };
        let line = Line {
            name: "a bare axum answer",
            connections: *connections,
            sample: sample.clone(),
            beside: None,
            budget: nothing,
        };
        text += &row(&line, None);
    }
    text + &process_table(process)
}

fn row(line: &Line, bare: Option<f64>) -> String {
    let Line { name, connections, sample, beside, budget } = line;
    let (other, kind) = match beside {
        Some(Other::ByHand(other)) => (Some(other.rate), " by hand"),
        Some(Other::Raw(rate)) => (Some(*rate), " raw"),
        None => (None, ""),
    };
    let share = other.map(|other| sample.rate / other);
    let cpu = match sample.database_cpu {
        0.0 => number(sample.cpu),
        database => format!("{} + {} database", number(sample.cpu), number(database)),
    };
    let cells = [
        (*name).to_owned(),
        connections.to_string(),
        grouped(sample.rate),
        number(sample.p50),
        number(sample.p99),
        number(sample.max),
        cpu,
        number(sample.bytes / 1000.0),
        other.map(|rate| format!("{}{kind}", grouped(rate))).unwrap_or_default(),
        share.map(percent).unwrap_or_default(),
        bare.map(|bare| percent(sample.rate / bare)).unwrap_or_default(),
        verdict(sample, *connections, share, budget),
    ];
    format!("| {} |\n", cells.join(" | "))
}

/// The latency of the budget is the server's own, so it is looked at where no other request waits: at one connection.
fn verdict(sample: &Sample, connections: usize, share: Option<f64>, budget: &Budget) -> String {
    let mut words = Vec::new();
    if connections == 1 {
        let limits = [("p50", budget.p50, sample.p50), ("p99", budget.p99, sample.p99)];
        for (name, limit, value) in limits {
            words.extend(limit.map(|limit| format!("{name} < {limit} ms: {}", met(value < limit))));
        }
    }
    if let (Some(least), Some(share)) = (budget.share, share) {
        words.push(format!("{} or more: {}", percent(least), met(share >= least)));
    }
    if sample.errors > 0 {
        words.push(format!("**{} errors**", sample.errors));
    }
    words.join("; ")
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "**missed**" }
}

fn process_table(process: &Process) -> String {
    let Process { first_answer, idle, loaded, binary } = process;
    let (seconds, binary) = (first_answer.as_secs_f64(), *binary as f64 / 1e6);
    let memory = |memory: &Memory| {
        format!(
            "{:.0} MB, of which its own {:.0} MB (the rest: the program and mapped pages of files)",
            memory.resident, memory.own
        )
    };
    let rows = [
        ("start to the first 200 (files in the page cache)", format!("{seconds:.3} s"), "< 0.5 s", seconds < 0.5),
        ("memory, idle for 10 s after the start", memory(idle), "< 60 MB", idle.resident < 60.0),
        ("memory after the load", memory(loaded), "< 250 MB", loaded.peak < 250.0),
        ("memory, the most at any time", format!("{:.0} MB", loaded.peak), "< 250 MB", loaded.peak < 250.0),
        ("binary", format!("{binary:.1} MB"), "< 60 MB", binary < 60.0),
    ];
    let mut text = String::from("\n| process | measured | budget |\n|---|---|---|\n");
    for (name, value, limit, is_met) in rows {
        text += &format!("| {name} | {value} | {limit}: {} |\n", met(is_met));
    }
    text
}

/// Three digits that count.
fn number(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value if value >= 1.0 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    }
}

fn percent(share: f64) -> String {
    if share < 0.1 { format!("{:.1} %", share * 100.0) } else { format!("{:.0} %", share * 100.0) }
}

/// 1,234,567
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// Puts the section into the file in the place of the one before it, or at the end.
pub fn write(path: &Path, key: &str, section: &str) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    std::fs::write(path, replaced(&text, key, section)).with_context(|| path.display().to_string())
}

fn replaced(text: &str, key: &str, section: &str) -> String {
    let (begin, end) = (format!("<!-- measured: {key} -->\n"), format!("<!-- end: {key} -->\n"));
    let marked = format!("{begin}{}\n{end}", section.trim_end());
    match (text.find(&begin), text.find(&end)) {
        (Some(first), Some(last)) if first < last => format!("{}{marked}{}", &text[..first], &text[last + end.len()..]),
        _ => format!("{}\n\n{marked}", text.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_replaces_only_the_one_before_it() {
        let first = replaced("# Words\n", "SQLite 20000", "one\n");
        let second = replaced(&first, "SQLite 1000000", "two");
        let third = replaced(&second, "SQLite 20000", "three");
        let expected = "# Words\n\n<!-- measured: SQLite 20000 -->\nthree\n<!-- end: SQLite 20000 -->\n\n\
                        <!-- measured: SQLite 1000000 -->\ntwo\n<!-- end: SQLite 1000000 -->\n";
        assert_eq!(third, expected);
    }

    #[test]
    fn the_budget_of_latency_is_judged_without_a_queue() {
        let sample = Sample { p50: 4.0, p99: 10.0, ..Sample::default() };
        let budget = Budget { p50: Some(3.0), p99: Some(20.0), share: Some(0.5) };
        assert_eq!(
            verdict(&sample, 1, Some(0.6), &budget),
            "p50 < 3 ms: **missed**; p99 < 20 ms: met; 50 % or more: met"
        );
        assert_eq!(verdict(&sample, 8, Some(0.4), &budget), "50 % or more: **missed**");
        let broken = Sample { errors: 2, ..sample };
        assert_eq!(verdict(&broken, 8, None, &budget), "**2 errors**");
    }

    #[test]
    fn figures_are_readable() {
        assert_eq!([grouped(1_234_567.4), grouped(12.0), grouped(1000.0)], ["1,234,567", "12", "1,000"]);
        assert_eq!([number(0.1234), number(12.34), number(1234.5)], ["0.123", "12.3", "1234"]);
    }
}
