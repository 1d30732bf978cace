//! One run: fill a database, start the server, prepare, measure reads and then writes, tell.
//!
//! Reads come first, at the size that was asked for; writes make the database larger. In each round a thing and what
//! it is compared to are measured one right after the other, so that both meet the same weather on the machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::desk::{self, ANSWER, Desk};
use crate::http::{self, Connection};
use crate::load::{self, Requests, Sample};
use crate::process::{Cluster, Server};
use crate::raw::{self, Examples};
use crate::report::{self, Heading, Line, Other, Process};
use crate::scenario::{self, Beside, Scenario};
use crate::{Options, Part, Which, by_hand, clocks, inbound, machine, note, widget};

const LARGE: u64 = 1_000_000;

pub async fn all(options: &Options) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("bench lies in no workspace")?;
    let sizes = if options.full { vec![20_000, LARGE] } else { vec![options.conversations] };
    let databases: &[bool] = match options.database {
        Which::Sqlite => &[false],
        Which::Postgres => &[true],
        Which::Both => &[false, true],
    };
    for postgres in databases {
        if options.parts.contains(&Part::Requests) {
            for conversations in &sizes {
                one(options, root, *conversations, *postgres).await?;
            }
        }
        let floods = options.parts.iter().filter(|part| **part != Part::Requests);
        for part in floods.filter(|part| **part != Part::Clocks || !postgres) {
            flood(options, root, *part, *postgres).await?;
        }
    }
    Ok(())
}

/// The company that the floods come over.
const SMALL: u64 = 1_500;

/// Many at once at a steady pace, on a small company.
async fn flood(options: &Options, root: &Path, part: Part, postgres: bool) -> Result<()> {
    let load = machine::load_average();
    let mut place = Place::prepare(&Options { keep: None, ..options.clone() }, root, postgres)?;
    let conversations = if part == Part::Clocks { 20_000 } else { SMALL };
    place.fill(conversations)?;
    let world = match part {
        Part::Mail => Some(inbound::MailWorld::start(root, &place.folder().join("mail"))?),
        _ => None,
    };
    place.authority = world.as_ref().map(|world| world.authority().to_owned());
    let server = place.start().await?;
    let database = if postgres { "PostgreSQL" } else { "SQLite" };
    let cpu = || -> Result<(f64, f64)> { Ok((machine::cpu_seconds(server.pid())?, place.database_cpu()?)) };
    let (title, key, figures) = match &world {
        Some(world) => {
            let size = inbound::Size { per_second: 500, seconds: 20 };
            let outcome = inbound::measure(server.address, server.pid(), world, size, cpu).await?;
            (format!("{database}: 500 letters a second"), format!("{database} mail"), outcome.figures())
        }
        None if part == Part::Clocks => {
            let size = clocks::Size { clocks: 200_000, due_a_minute: 1_000, seconds: 60 };
            let outcome = clocks::measure(&place.data.join("otklik.db"), server.pid(), size, cpu).await?;
            (format!("{database}: 200,000 running clocks"), format!("{database} clocks"), outcome.figures())
        }
        None => {
            let size = widget::Size { visitors: 5_000, per_second: 200, seconds: 20 };
            let outcome = widget::measure(server.address, server.pid(), size, cpu).await?;
            (format!("{database}: the chat of a site, 5,000 visitors"), format!("{database} widget"), outcome.figures())
        }
    };
    server.stop()?;
    let named = match part {
        Part::Mail => "mail",
        Part::Clocks => "clocks",
        Part::Requests | Part::Widget => "widget",
    };
    let postgres = if postgres { " --database postgres" } else { "" };
    let mut remarks = vec![String::from("Load generator, server and what else it needs share the cores.")];
    if load > 1.0 {
        remarks.push(format!("The machine was not idle: load average {load:.1} before the start."));
    }
    let heading = Heading {
        database,
        conversations,
        date: base::Clock::System.now().format("%Y-%m-%d").to_string(),
        command: format!("make bench ARGS=\"--parts {named}{postgres}\""),
        machine: machine::description(),
        commit: commit(root),
        remarks,
    };
    let section = report::flood(&title, &heading, &figures);
    println!("\n{section}");
    if !options.dry {
        report::write(&root.join("docs/benchmarks.md"), &key, &section)?;
    }
    Ok(())
}

/// The server under test and all that it runs on. Fields end in this order.
struct Bench<'a> {
    options: &'a Options,
    server: Server,
    by_hand: Server,
    place: Place,
}

struct Place {
    binary: PathBuf,
    data: PathBuf,
    cluster: Option<Cluster>,
    /// A certificate authority the server is to trust besides.
    authority: Option<String>,
    temporary: TempDir,
}

async fn one(options: &Options, root: &Path, conversations: u64, postgres: bool) -> Result<()> {
    let load = machine::load_average();
    let mut remarks = vec![String::from(
        "Client and server share the cores. Every figure is the median of its rounds, `max` the largest of all.",
    )];
    if load > 1.0 {
        remarks.push(format!("The machine was not idle: load average {load:.1} before the start."));
    }
    let place = Place::prepare(options, root, postgres)?;
    remarks.extend(place.fill(conversations)?);
    let (server, process) = place.start_measured().await?;
    let hand = place.start_by_hand().await?;
    let bench = Bench { options, server, by_hand: hand, place };
    note("preparing conversations");
    let desk = Desk::prepare(bench.server.address).await?;

    let mut lines = Vec::new();
    let reads = bench.chosen(scenario::reads(&desk));
    remarks.extend(bench.compare(&reads).await?);
    let hello = bench.measure_reads(&reads, &mut lines).await?;
    let writes = bench.chosen(scenario::writes(&desk));
    if !writes.is_empty() {
        bench.measure_writes(&desk, &writes, &mut lines).await?;
    }

    let process = Process { loaded: machine::memory(bench.server.pid())?, ..process };
    let Bench { server, place, .. } = bench;
    server.stop()?;
    let heading = Heading {
        database: if postgres { "PostgreSQL" } else { "SQLite" },
        conversations,
        date: base::Clock::System.now().format("%Y-%m-%d").to_string(),
        command: command(options),
        machine: machine::description(),
        commit: commit(root),
        remarks,
    };
    let section = report::section(&heading, &lines, &hello, &process);
    println!("\n{section}");
    drop(place);
    if !options.dry && options.only.is_empty() {
        report::write(&root.join("docs/benchmarks.md"), &heading.key(), &section)?;
    }
    Ok(())
}

impl Place {
    fn prepare(options: &Options, root: &Path, postgres: bool) -> Result<Self> {
        let binary = options.binary.clone().unwrap_or_else(|| root.join("target/release/otklik"));
        if !binary.exists() {
            bail!("{} does not exist: cargo build --release --package server", binary.display());
        }
        let temporary = TempDir::with_prefix("otklik-bench.")?;
        let cluster = postgres.then(|| Cluster::start(root, &temporary.path().join("postgres"))).transpose()?;
        let data = options.keep.clone().filter(|_| !postgres).unwrap_or_else(|| temporary.path().join("data"));
        std::fs::create_dir_all(&data)?;
        Ok(Place { binary, data, cluster, authority: None, temporary })
    }

    /// `otklik` with the settings of this run.
    fn otklik(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTKLIK_")) {
            command.env_remove(name);
        }
        command.args(arguments).env("OTKLIK_DATA_DIR", &self.data).env("OTKLIK_LOG", "warn");
        if let Some(cluster) = &self.cluster {
            command.env("OTKLIK_DATABASE_URL", &cluster.url);
        }
        if let Some(authority) = &self.authority {
            command.env("OTKLIK_EXTRA_CA", authority);
        }
        // An answer stays in the queue: there is nobody to send it to.
        command.env("OTKLIK_UNDO_SECONDS", "864000");
        command
    }

    /// Makes the company, unless it was made by a run before; answers what is worth telling.
    fn fill(&self, conversations: u64) -> Result<Option<String>> {
        let mark = self.data.join(format!("filled-{conversations}"));
        if mark.exists() {
            return Ok(None);
        }
        note(&format!("filling the database with {conversations} conversations"));
        let started = Instant::now();
        let count = conversations.to_string();
        let output = self.otklik(&["demo", "--conversations", &count]).output()?;
        succeeded("otklik demo", &output)?;
        let seconds = started.elapsed().as_secs_f64();
        let add = [
            "user",
            "add",
            "--role",
            "administrator",
            "--name",
            "Замеров Алексей",
            "--email",
            desk::EMAIL,
            "--password",
            desk::PASSWORD,
        ];
        succeeded("otklik user add", &self.otklik(&add).output()?)?;
        std::fs::write(mark, "")?;
        Ok(Some(format!(
            "Filled by `otklik demo` in {seconds:.0} s ({:.0} conversations/s).",
            conversations as f64 / seconds
        )))
    }

    /// The server, started three times for the median, then left alone for ten seconds.
    async fn start_measured(&self) -> Result<(Server, Process)> {
        note("starting the server");
        let mut times = Vec::new();
        for _ in 0..2 {
            let server = self.start().await?;
            times.push(server.first_answer.as_secs_f64());
            server.stop()?;
        }
        let server = self.start().await?;
        times.push(server.first_answer.as_secs_f64());
        tokio::time::sleep(Duration::from_secs(10)).await;
        let idle = machine::memory(server.pid())?;
        let binary = std::fs::metadata(&self.binary)?.len();
        let first_answer = Duration::from_secs_f64(load::median(times));
        Ok((server, Process { first_answer, idle, loaded: idle, binary }))
    }

    async fn start(&self) -> Result<Server> {
        Server::start(&self.data.join("bench.log"), "/healthz", |address| {
            let mut command = self.otklik(&["serve"]);
            command.env("OTKLIK_LISTEN", address.to_string());
            command
        })
        .await
    }

    /// Gone with this.
    fn folder(&self) -> &Path {
        self.temporary.path()
    }

    fn database_cpu(&self) -> Result<f64> {
        self.cluster.as_ref().map_or(Ok(0.0), |cluster| machine::cpu_seconds_of_family(cluster.pid))
    }

    async fn start_by_hand(&self) -> Result<Server> {
        let own = std::env::current_exe()?;
        Server::start(&self.data.join("by-hand.log"), "/hello", |address| {
            let mut command = Command::new(own);
            command.arg("by-hand").arg(self.database()).arg(address.to_string());
            command
        })
        .await
    }

    fn database(&self) -> PathBuf {
        self.data.join("otklik.db")
    }
}

impl Bench<'_> {
    fn chosen(&self, scenarios: Vec<Scenario>) -> Vec<Scenario> {
        let only = &self.options.only;
        scenarios.into_iter().filter(|one| only.is_empty() || only.iter().any(|key| key == one.key)).collect()
    }

    /// The hand-written reads know SQLite only.
    fn has_by_hand(&self, scenario: &Scenario) -> bool {
        scenario.beside == Beside::ByHand && self.place.cluster.is_none()
    }

    /// Looks whether the hand-written answers are the server's.
    async fn compare(&self, reads: &[Scenario]) -> Result<Option<String>> {
        let mut different = Vec::new();
        for scenario in reads.iter().filter(|scenario| self.has_by_hand(scenario)) {
            let some = &scenario.requests.all[..scenario.requests.all.len().min(100)];
            let equal = by_hand::compare(self.server.address, self.by_hand.address, some).await?;
            if equal < some.len() {
                different.push(format!("{}: {} of {}", scenario.name, some.len() - equal, some.len()));
            }
        }
        Ok((!different.is_empty())
            .then(|| format!("Answers that differ from the hand-written ones: {}.", different.join("; "))))
    }

    async fn measure_reads(&self, reads: &[Scenario], lines: &mut Vec<Line>) -> Result<Vec<(usize, Sample)>> {
        if reads.is_empty() {
            return Ok(Vec::new());
        }
        let hello = scenario::hello();
        let cases: Vec<(&Scenario, usize)> = self.cases(reads);
        let mut of_server: Vec<Vec<Sample>> = vec![Vec::new(); cases.len()];
        let mut of_hand: Vec<Vec<Sample>> = vec![Vec::new(); cases.len()];
        let mut bare: Vec<Vec<Sample>> = vec![Vec::new(); self.options.connections.len()];
        for round in 1..=self.options.rounds {
            note(&format!("reads, round {round}"));
            for (samples, connections) in bare.iter_mut().zip(&self.options.connections) {
                samples.push(self.span(&self.by_hand, &hello, *connections).await?);
            }
            for (index, (scenario, connections)) in cases.iter().enumerate() {
                of_server[index].push(self.span(&self.server, &scenario.requests, *connections).await?);
                if self.has_by_hand(scenario) {
                    of_hand[index].push(self.span(&self.by_hand, &scenario.requests, *connections).await?);
                }
            }
        }
        for (index, (scenario, connections)) in cases.iter().enumerate() {
            let beside = self.has_by_hand(scenario).then(|| Other::ByHand(Sample::median(&of_hand[index])));
            lines.push(line(scenario, *connections, &of_server[index], beside));
        }
        Ok(self.options.connections.iter().copied().zip(bare.iter().map(|samples| Sample::median(samples))).collect())
    }

    async fn measure_writes(&self, desk: &Desk, writes: &[Scenario], lines: &mut Vec<Line>) -> Result<()> {
        let mut writers = self.raw_writers(desk, writes).await?;
        let cases = self.cases(writes);
        let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); cases.len()];
        let mut raw: Vec<Vec<f64>> = vec![Vec::new(); cases.len()];
        for round in 1..=self.options.rounds {
            note(&format!("writes, round {round}"));
            for (index, (scenario, connections)) in cases.iter().enumerate() {
                self.settle().await?;
                samples[index].push(self.span(&self.server, &scenario.requests, *connections).await?);
                if let Some(writer) = &mut writers[index / self.options.connections.len()] {
                    self.settle().await?;
                    raw[index].push(writer.rate(*connections, Duration::from_secs_f64(self.options.seconds)).await?);
                }
            }
        }
        for (index, (scenario, connections)) in cases.iter().enumerate() {
            let beside =
                matches!(scenario.beside, Beside::Raw(_)).then(|| Other::Raw(load::median(raw[index].clone())));
            lines.push(line(scenario, *connections, &samples[index], beside));
        }
        Ok(())
    }

    fn cases<'s>(&self, scenarios: &'s [Scenario]) -> Vec<(&'s Scenario, usize)> {
        scenarios
            .iter()
            .flat_map(|scenario| self.options.connections.iter().map(move |connections| (scenario, *connections)))
            .collect()
    }

    /// Warms up, then measures, with the CPU time of whoever answers.
    async fn span(&self, server: &Server, requests: &Requests, connections: usize) -> Result<Sample> {
        let seconds = Duration::from_secs_f64;
        load::run(server.address, requests, connections, seconds(self.options.warmup)).await?;
        let (cpu, database) = (machine::cpu_seconds(server.pid())?, self.place.database_cpu()?);
        let mut sample = load::run(server.address, requests, connections, seconds(self.options.seconds)).await?;
        let answers = (sample.rate * self.options.seconds).max(1.0);
        sample.cpu = (machine::cpu_seconds(server.pid())? - cpu) * 1000.0 / answers;
        sample.database_cpu = (self.place.database_cpu()? - database) * 1000.0 / answers;
        Ok(sample)
    }

    /// Waits until the server rests: answers leave jobs behind, and those would be counted to whoever comes next.
    async fn settle(&self) -> Result<()> {
        let pause = Duration::from_millis(300);
        for _ in 0..400 {
            let before = machine::cpu_seconds(self.server.pid())?;
            tokio::time::sleep(pause).await;
            if machine::cpu_seconds(self.server.pid())? - before < 0.02 {
                return Ok(());
            }
        }
        note("the server is still busy after two minutes");
        Ok(())
    }

    /// For each scenario what it is compared to, if that is the raw database.
    async fn raw_writers(&self, desk: &Desk, writes: &[Scenario]) -> Result<Vec<Option<raw::Writer>>> {
        let examples = self.examples(desk).await?;
        let mut writers = Vec::with_capacity(writes.len());
        for scenario in writes {
            writers.push(match (scenario.beside, &self.place.cluster) {
                (Beside::Raw(work), Some(cluster)) => Some(raw::Writer::postgres(&cluster.url, &examples, work).await?),
                (Beside::Raw(work), None) => Some(raw::Writer::sqlite(&self.place.database(), &examples, work)?),
                _ => None,
            });
        }
        Ok(writers)
    }

    /// A conversation begun and an answer written over the API, for the raw rate to repeat.
    async fn examples(&self, desk: &Desk) -> Result<Examples> {
        let mut connection = Connection::open(self.server.address).await?;
        let to = json!([{"address": scenario::client(0), "name": "Иванов Пётр"}]);
        let new = json!({"line_id": desk.line, "to": to, "subject": desk.seen[0].subject, "html": ANSWER});
        let begin = http::post("/api/v1/conversations", &desk.administrator, &new);
        // The first one may also have made the client.
        connection.json(&begin).await?;
        let conversation = connection.json(&begin).await?;
        let reply = connection.json(&desk::message(desk.long[0].id, false, &desk.administrator)).await?;
        let id = |value: &Value| value["id"].as_str().context("no id").and_then(|id| Ok(id.parse()?));
        Ok(Examples {
            conversation: id(&conversation)?,
            reply: id(&reply)?,
            conversations: desk.long.iter().map(|one| one.id).collect(),
        })
    }
}

fn line(scenario: &Scenario, connections: usize, samples: &[Sample], beside: Option<Other>) -> Line {
    Line { name: scenario.name, connections, sample: Sample::median(samples), beside, budget: scenario.budget }
}

fn succeeded(what: &str, output: &std::process::Output) -> Result<()> {
    if !output.status.success() {
        bail!("{what}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// How to do the same again.
fn command(options: &Options) -> String {
    let database = match options.database {
        Which::Sqlite => "",
        Which::Postgres => "--database postgres ",
        Which::Both => "--database both ",
    };
    let size = if options.full { String::from("--full") } else { format!("--conversations {}", options.conversations) };
    let (seconds, rounds) = (options.seconds, options.rounds);
    format!("make bench ARGS=\"{database}{size} --seconds {seconds} --rounds {rounds}\"")
}

/// The commit that is measured, and whether there is more in the tree.
fn commit(root: &Path) -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(root).output().ok();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
    };
    let changed = if git(&["status", "--porcelain"]).is_empty() { "" } else { " with changes" };
    format!("{}{changed}", git(&["rev-parse", "--short", "HEAD"]))
}
