//! Measures the release binary over HTTP, beside the limits of the same machine in the same run; see `docs/benchmarks.md`.
//!
//! Invariants: nothing is measured that was not checked to be answered rightly; no figure makes a run fail. The server
//! is a process of its own with the settings of an installation; only what it sends would stay here (`undo_seconds`).

mod by_hand;
mod clocks;
mod desk;
mod http;
mod inbound;
mod load;
mod machine;
mod process;
mod raw;
mod report;
mod run;
mod scenario;
mod widget;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// Measure Otklik.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the hand-written reads; started by the measuring process.
    #[command(hide = true)]
    ByHand { database: PathBuf, address: SocketAddr },
}

#[derive(Clone, clap::Args)]
struct Options {
    /// What to measure; all of it unless told.
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["requests", "widget", "mail", "clocks"])]
    parts: Vec<Part>,
    /// Conversations in the database.
    #[arg(long, default_value_t = 20_000)]
    conversations: u64,
    /// Both sizes: 20,000 and 1,000,000 conversations.
    #[arg(long, conflicts_with = "conversations")]
    full: bool,
    #[arg(long, value_enum, default_value = "sqlite")]
    database: Which,
    /// Numbers of connections.
    #[arg(long, value_delimiter = ',', default_value = "1,8,32")]
    connections: Vec<usize>,
    /// Seconds of each measured span.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Seconds before each span that are not counted.
    #[arg(long, default_value_t = 1.0)]
    warmup: f64,
    /// Every figure is the median of so many spans.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Measure only these, by their keys in scenario.rs; nothing is written to the document then.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// The binary to measure; target/release/otklik unless told.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Keep the SQLite database in this folder and use it again.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Only print; leave docs/benchmarks.md alone.
    #[arg(long)]
    dry: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// One kind of request after another, over a few connections.
    Requests,
    /// 5,000 visitors of a site's chat, 200 messages a second.
    Widget,
    /// 500 letters a second into mailboxes of a real IMAP server; needs root and Dovecot.
    Mail,
    /// 200,000 running clocks, 1,000 due a minute; SQLite only.
    Clocks,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Sqlite,
    Postgres,
    Both,
}

pub(crate) fn note(text: &str) {
    eprintln!("bench: {text}");
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Both sides of thousands of sockets are files of a process; the server inherits the limit.
    if let Err(error) = rlimit::increase_nofile_limit(rlimit::INFINITY) {
        note(&format!("the limit of open files stays: {error}"));
    }
    let outcome = match cli.command {
        // As many threads as the server has.
        Some(Command::ByHand { database, address }) => tokio::runtime::Runtime::new()
            .map_err(Into::into)
            .and_then(|runtime| runtime.block_on(by_hand::serve(database, address))),
        // One thread: the cores are for the server.
        None => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run::all(&cli.options)))
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
