//! Scenarios: how conversations on a line go. Written in `content/*.txt`, compiled in, parsed once.
//!
//! Format: `# name`, then `@ kind goods weight [ticket] [high] [plain]`, then `S subject` lines and steps in order:
//! `C` client, `O` operator, `N` note of the operator, `M` note of a colleague, `X` hand-over to a colleague with a note,
//! `W` snooze with a note of why. `?` after the letter: only sometimes. `+photo` and the like: with a file of that kind.
//! Two `C` steps at the beginning are two ways to begin.

use std::sync::LazyLock;

use crate::template::Template;

/// What a ticket made of the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Question,
    Incident,
    Claim,
    Suggestion,
}

/// Which products the conversation may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assortment {
    Tills,
    Goods,
    Any,
}

/// Who does what in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Client,
    Operator,
    Note,
    ColleagueNote,
    HandOver,
    Snooze,
}

/// A kind of file that comes with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Photo,
    Document,
    Scan,
    Log,
}

#[derive(Debug)]
pub struct Step {
    pub kind: StepKind,
    pub optional: bool,
    pub file: Option<FileKind>,
    pub template: Template,
}

/// One kind of conversation on one line.
#[derive(Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub line: usize,
    pub kind: Kind,
    pub assortment: Assortment,
    pub weight: usize,
    /// Operators make a ticket of most of these conversations.
    pub ticket: bool,
    pub high: bool,
    /// Without greetings and signatures in Russian.
    pub plain: bool,
    pub subjects: Vec<Template>,
    /// Ways to begin; the first step of the conversation is one of them.
    pub openings: Vec<Step>,
    pub steps: Vec<Step>,
}

/// All content, parsed.
#[derive(Debug, Default)]
pub struct Content {
    pub scenarios: Vec<Scenario>,
    /// Lines of `common.txt` by the name of their pool.
    pub pools: Vec<(&'static str, Vec<Template>)>,
    /// What could not be parsed; the tests want it empty.
    pub problems: Vec<String>,
}

impl Content {
    /// The templates of a pool.
    pub fn pool(&self, name: &str) -> &[Template] {
        self.pools.iter().find(|(known, _)| *known == name).map_or(&[], |(_, templates)| templates)
    }

    /// A scenario of a line, the more often the heavier; `None` if the line has none.
    pub fn pick(&self, line: usize, random: impl FnOnce(usize) -> usize) -> Option<&Scenario> {
        let of_line = || self.scenarios.iter().filter(move |scenario| scenario.line == line);
        let mut left = random(of_line().map(|scenario| scenario.weight).sum());
        of_line().find(|scenario| match left.checked_sub(scenario.weight) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        })
    }
}

/// The content of the product, in the order of the lines: support, sales, claims, accounting.
pub static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let mut content = Content::default();
    let lines = [
        include_str!("../content/support.txt"),
        include_str!("../content/sales.txt"),
        include_str!("../content/claims.txt"),
        include_str!("../content/accounting.txt"),
    ];
    for (line, source) in lines.into_iter().enumerate() {
        parse_scenarios(line, source, &mut content);
    }
    parse_pools(include_str!("../content/common.txt"), &mut content);
    content
});

fn parse_scenarios(line: usize, source: &'static str, content: &mut Content) {
    for row in source.lines().filter(|row| !row.is_empty()) {
        let (mark, rest) = row.split_once(' ').unwrap_or((row, ""));
        if mark == "#" {
            content.scenarios.push(Scenario::named(rest, line));
            continue;
        }
        let problem = match content.scenarios.last_mut() {
            Some(scenario) => scenario.read(mark, rest).err(),
            None => Some(format!("before the first scenario: {row}")),
        };
        content.problems.extend(problem);
    }
}

fn parse_pools(source: &'static str, content: &mut Content) {
    for row in source.lines().filter(|row| !row.is_empty()) {
        if let Some(header) = row.strip_prefix("# ") {
            content.pools.push((header.split(':').next().unwrap_or(header), Vec::new()));
            continue;
        }
        match (Template::parse(row), content.pools.last_mut()) {
            (Ok(template), Some((_, templates))) => templates.push(template),
            (Ok(_), None) => content.problems.push(format!("before the first pool: {row}")),
            (Err(error), _) => content.problems.push(error),
        }
    }
}

impl Scenario {
    fn named(name: &'static str, line: usize) -> Self {
        Scenario {
            name,
            line,
            kind: Kind::Question,
            assortment: Assortment::Any,
            weight: 1,
            ticket: false,
            high: false,
            plain: false,
            subjects: Vec::new(),
            openings: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn read(&mut self, mark: &str, rest: &'static str) -> Result<(), String> {
        match mark {
            "@" => rest.split(' ').try_for_each(|word| self.read_word(word)),
            "S" => {
                self.subjects.push(Template::parse(rest)?);
                Ok(())
            }
            _ => {
                let step = parse_step(mark, rest)?;
                let opens = step.kind == StepKind::Client && self.steps.is_empty() && !step.optional;
                if opens { &mut self.openings } else { &mut self.steps }.push(step);
                Ok(())
            }
        }
    }

    fn read_word(&mut self, word: &str) -> Result<(), String> {
        match word {
            "question" => self.kind = Kind::Question,
            "incident" => self.kind = Kind::Incident,
            "claim" => self.kind = Kind::Claim,
            "suggestion" => self.kind = Kind::Suggestion,
            "till" => self.assortment = Assortment::Tills,
            "goods" => self.assortment = Assortment::Goods,
            "any" => self.assortment = Assortment::Any,
            "ticket" => self.ticket = true,
            "high" => self.high = true,
            "plain" => self.plain = true,
            _ => self.weight = word.parse().map_err(|_| format!("unknown word {word:?} in {:?}", self.name))?,
        }
        Ok(())
    }
}

fn parse_step(mark: &str, rest: &'static str) -> Result<Step, String> {
    let (mark, file) = match mark.split_once('+') {
        Some((mark, file)) => (mark, Some(file)),
        None => (mark, None),
    };
    let file = match file {
        None => None,
        Some("photo") => Some(FileKind::Photo),
        Some("doc") => Some(FileKind::Document),
        Some("scan") => Some(FileKind::Scan),
        Some("log") => Some(FileKind::Log),
        Some(other) => return Err(format!("unknown file {other:?}")),
    };
    let kind = match mark.trim_end_matches('?') {
        "C" => StepKind::Client,
        "O" => StepKind::Operator,
        "N" => StepKind::Note,
        "M" => StepKind::ColleagueNote,
        "X" => StepKind::HandOver,
        "W" => StepKind::Snooze,
        _ => return Err(format!("unknown step {mark:?} before {rest:?}")),
    };
    Ok(Step { kind, optional: mark.ends_with('?'), file, template: Template::parse(rest)? })
}
