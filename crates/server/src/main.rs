//! The one binary: `otklik serve`, and the commands an administrator needs beside it.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use app::{App, Config};
use clap::{Parser, Subcommand};
use server::{config, doctor, features, serve};

/// Otklik: a service desk that gathers every client conversation in one window.
#[derive(Parser)]
#[command(name = "otklik", version, about)]
struct Cli {
    /// Settings file (TOML); each key can also be set as OTKLIK_KEY.
    #[arg(long, env = "OTKLIK_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve,
    /// Fill a fresh database with a made-up company.
    Demo(DemoArgs),
    /// Manage members of staff.
    #[command(subcommand)]
    User(UserCommand),
    /// Work with mail.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Print the API's documentation (OpenAPI 3.1, JSON).
    Openapi,
    /// Check this installation.
    Doctor,
}

#[derive(clap::Args)]
struct DemoArgs {
    /// How many conversations.
    #[arg(long, default_value_t = 1500)]
    conversations: usize,
    /// The same seed makes the same company.
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// The password of everybody in it.
    #[arg(long, default_value = "otklik-demo")]
    password: String,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Create a member of staff; without --password one is made up and printed.
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// client, viewer, operator, supervisor or administrator.
        #[arg(long, default_value = "operator")]
        role: String,
        #[arg(long)]
        password: Option<String>,
    },
    /// Set a new password; without --password one is made up and printed.
    ResetPassword {
        #[arg(long)]
        email: String,
        #[arg(long)]
        password: Option<String>,
    },
}

#[derive(Subcommand)]
enum MailCommand {
    /// Print each mail as one JSON object; `-` reads standard input.
    Parse {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Take one mail from standard input into a line, as a mail server's pipe does.
    Deliver {
        /// Key of the line.
        #[arg(long)]
        line: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Command::Mail(MailCommand::Parse { files }) => Ok(parse_mails(files)),
        Command::Openapi => print_openapi(),
        _ => run(cli),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("otklik: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = config::read(cli.config.as_deref()).context("settings")?;
    log_to_stderr(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve => serve::serve(config).await.map(|()| ExitCode::SUCCESS),
            Command::Demo(args) => fill_demo(config, args).await,
            Command::User(command) => manage_user(config, command).await,
            Command::Mail(MailCommand::Deliver { line }) => deliver(config, &line).await,
            Command::Doctor => Ok(if doctor::run(config).await { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
            Command::Openapi | Command::Mail(MailCommand::Parse { .. }) => Ok(ExitCode::SUCCESS),
        }
    })
}

fn log_to_stderr(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // Colours are for eyes: a journal or a file would keep them as noise.
    let colours = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    if config.log_json { builder.json().init() } else { builder.init() }
}

async fn open(config: Config) -> anyhow::Result<App> {
    Ok(App::open(config, base::Clock::System, features::ALL).await?)
}

async fn fill_demo(config: Config, args: DemoArgs) -> anyhow::Result<ExitCode> {
    let app = open(config).await?;
    let scale = demo::Scale::of(args.conversations);
    let world = Arc::new(demo::World::new(args.seed, app.now(), scale));
    let options = demo::Options { password: args.password };
    let started = std::time::Instant::now();
    let report = demo::load(&app, world, &options, |conversations, messages| {
        eprintln!("{conversations} обращений, {messages} сообщений");
    });
    let report = report.await.map_err(explained)?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "Обращений: {}, сообщений: {} за {seconds:.1} с. Пароль у всех: {}",
        report.conversations, report.messages, options.password
    );
    for (name, login) in &report.people {
        println!("  {login}  {name}");
    }
    app.db.close().await?;
    Ok(ExitCode::SUCCESS)
}

async fn manage_user(config: Config, command: UserCommand) -> anyhow::Result<ExitCode> {
    let app = open(config).await?;
    let made_up = || app.secrets.random::<9>().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match command {
        UserCommand::Add { email, name, role, password } => {
            let given = password.is_some();
            let password = password.unwrap_or_else(made_up);
            auth::ops::create_user(&app, &email, &name, &role, &password).await.map_err(explained)?;
            println!(
                "Создан пользователь {email}, роль {role}.{}",
                if given { String::new() } else { format!(" Пароль: {password}") }
            );
        }
        UserCommand::ResetPassword { email, password } => {
            let given = password.is_some();
            let password = password.unwrap_or_else(made_up);
            auth::ops::reset_password(&app, &email, &password).await.map_err(explained)?;
            println!(
                "Пароль {email} изменён.{}",
                if given { String::new() } else { format!(" Новый пароль: {password}") }
            );
        }
    }
    app.db.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// The sentence an error carries for people, on the command line.
fn explained(error: base::Error) -> anyhow::Error {
    match error {
        base::Error::Invalid(fields) => {
            anyhow::anyhow!(
                "{}",
                fields
                    .iter()
                    .map(|field| format!("{}: {}", field.field, field.words.ru))
                    .collect::<Vec<_>>()
                    .join("; ")
            )
        }
        base::Error::Conflict { words, .. } => anyhow::anyhow!("{}", words.ru),
        other => other.into(),
    }
}

async fn deliver(config: Config, line: &str) -> anyhow::Result<ExitCode> {
    let mut raw = Vec::new();
    std::io::stdin().read_to_end(&mut raw).context("standard input")?;
    let app = open(config).await?;
    let outcome = email::deliver(&app, line, raw.into()).await.map_err(explained);
    app.db.close().await?;
    match outcome {
        Ok(taken) => {
            let place = taken.conversation_id.map(|id| id.to_string()).unwrap_or_default();
            println!("{} {place}{}", taken.outcome.as_str(), taken.error.unwrap_or_default());
            Ok(ExitCode::SUCCESS)
        }
        // EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again.
        Err(error) => {
            eprintln!("otklik: {error:#}");
            Ok(ExitCode::from(75))
        }
    }
}

fn parse_mails(files: &[PathBuf]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    let mut out = std::io::stdout().lock();
    for file in files {
        let raw = if file.as_os_str() == "-" {
            let mut raw = Vec::new();
            std::io::stdin().read_to_end(&mut raw).map(|_| raw)
        } else {
            std::fs::read(file)
        };
        let parsed = raw
            .map_err(|error| format!("{}: {error}", file.display()))
            .and_then(|raw| mail::parse(&raw).map_err(|error| error.to_string()));
        let json = match parsed {
            Ok(message) => mail::to_json(&message),
            Err(error) => {
                code = ExitCode::FAILURE;
                serde_json::json!({"error": error})
            }
        };
        if writeln!(out, "{json}").is_err() {
            return ExitCode::FAILURE;
        }
    }
    code
}

fn print_openapi() -> anyhow::Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(&server::openapi())?);
    Ok(ExitCode::SUCCESS)
}
