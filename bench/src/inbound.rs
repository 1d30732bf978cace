//! Mail that keeps coming: a real Dovecot gets letters at a steady pace, the server reads them by IMAP, and every letter
//! has to be on the ledger.
//!
//! Letters are put where a mail server's delivery agent puts them, into the Maildir of a mailbox (written beside, then
//! renamed), so that what is measured begins where our work begins: at a mailbox that has new mail.

use std::net::SocketAddr;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::http::{self, Connection};
use crate::machine::{self, Memory};
use crate::report::Figure;
use crate::{desk, note};

/// The mailboxes of the mail world that are ours.
const BOXES: [&str; 3] = ["support", "sales", "claims"];
/// Whom Dovecot runs a mailbox as (`scripts/mail-servers.sh`).
const OWNER: u32 = 52345;

#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub per_second: usize,
    pub seconds: u64,
}

pub struct Outcome {
    size: Size,
    /// Not yet taken in when the last letter had been delivered.
    behind: usize,
    /// From the first delivery until all were taken in.
    all_in: Duration,
    accepted: usize,
    other: usize,
    cpu: f64,
    database_cpu: f64,
    memory: Memory,
}

/// A Postfix and a Dovecot of our own; ends with its handle.
pub struct MailWorld {
    script: PathBuf,
    folder: PathBuf,
    settings: Value,
}

impl MailWorld {
    pub fn start(root: &Path, folder: &Path) -> Result<Self> {
        let script = root.join("scripts/mail-servers.sh");
        let output = Command::new(&script).arg("start").arg(folder).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("{} start failed: {}", script.display(), output.status);
        }
        let settings = serde_json::from_slice(&output.stdout).context("what mail-servers.sh tells")?;
        Ok(MailWorld { script, folder: folder.to_owned(), settings })
    }

    pub fn authority(&self) -> &str {
        self.settings["ca"].as_str().unwrap_or_default()
    }

    /// Delivers a letter as the local delivery agent does.
    fn deliver(&self, user: &str, index: usize) -> Result<()> {
        let mailbox = self.folder.join("boxes/desk.test").join(user);
        for part in ["", "tmp", "new", "cur"] {
            let folder = mailbox.join(part);
            if !folder.exists() {
                std::fs::create_dir_all(&folder)?;
                for owned in [mailbox.parent().unwrap_or(&mailbox), &mailbox, &folder] {
                    chown(owned, Some(OWNER), Some(OWNER))?;
                }
            }
        }
        let name = format!("{}.{index}.bench", base::Clock::System.now().timestamp_micros());
        let (beside, place) = (mailbox.join("tmp").join(&name), mailbox.join("new").join(&name));
        std::fs::write(&beside, letter(user, index))?;
        chown(&beside, Some(OWNER), Some(OWNER))?;
        Ok(std::fs::rename(beside, place)?)
    }
}

impl Drop for MailWorld {
    fn drop(&mut self) {
        let _ = Command::new(&self.script).arg("stop").arg(&self.folder).status();
    }
}

pub async fn measure(
    address: SocketAddr,
    pid: u32,
    world: &MailWorld,
    size: Size,
    cpu: impl Fn() -> Result<(f64, f64)>,
) -> Result<Outcome> {
    let mut connection = Connection::open(address).await?;
    let administrator = desk::sign_in(&mut connection, desk::EMAIL).await?;
    for user in BOXES {
        // The folders exist before anybody reads them.
        world.deliver(user, 0)?;
    }
    connect_mailboxes(&mut connection, &administrator, world).await?;
    let first = wait_for(&mut connection, &administrator, BOXES.len(), Duration::from_secs(60)).await?;

    note(&format!("{} letters a second for {} s", size.per_second, size.seconds));
    let total = size.per_second * usize::try_from(size.seconds)?;
    let step = Duration::from_secs(1) / u32::try_from(size.per_second)?;
    let before = cpu()?;
    let started = Instant::now();
    for index in 0..total {
        let due = started + step * u32::try_from(index)?;
        tokio::time::sleep_until(due.into()).await;
        world.deliver(BOXES[index % BOXES.len()], index + 1)?;
    }
    let at_end = ledger(&mut connection, &administrator).await?;
    let wanted = first.0 + total;
    let done = wait_for(&mut connection, &administrator, wanted, Duration::from_secs(120)).await?;
    let all_in = started.elapsed();
    let after = cpu()?;
    Ok(Outcome {
        size,
        behind: wanted.saturating_sub(at_end.0 + at_end.1),
        all_in,
        accepted: done.0 - first.0,
        other: done.1 - first.1,
        cpu: (after.0 - before.0) / all_in.as_secs_f64(),
        database_cpu: (after.1 - before.1) / all_in.as_secs_f64(),
        memory: machine::memory(pid)?,
    })
}

impl Outcome {
    pub fn figures(&self) -> Vec<Figure> {
        let Outcome { size, behind, all_in, accepted, other, cpu, database_cpu, memory } = self;
        let total = size.per_second * size.seconds as usize;
        let rate = total as f64 / all_in.as_secs_f64();
        let database =
            if *database_cpu > 0.0 { format!(" + {database_cpu:.2} of the database") } else { String::new() };
        vec![
            Figure::plain(
                "letters delivered",
                format!("{} a second for {} s into {} mailboxes", size.per_second, size.seconds, BOXES.len()),
            ),
            Figure::judged(
                "letters on the ledger as accepted",
                format!("{accepted} of {total}; {other} as something else"),
                "all",
                *accepted == total,
            ),
            Figure::plain("not yet taken in when the last one was delivered", behind.to_string()),
            Figure::judged(
                "taken in, from the first delivery to the last row",
                format!("{rate:.0} a second ({:.1} s)", all_in.as_secs_f64()),
                "500 a second, less the last two seconds' mail",
                all_in.as_secs_f64() < size.seconds as f64 + 2.0,
            ),
            Figure::plain("cores in use by the server", format!("{cpu:.2}{database}")),
            Figure::judged(
                "memory",
                format!("{:.0} MB, at most {:.0} MB", memory.resident, memory.peak),
                "< 250 MB",
                memory.peak < 250.0,
            ),
        ]
    }
}

async fn connect_mailboxes(connection: &mut Connection, administrator: &str, world: &MailWorld) -> Result<()> {
    let lines = connection.json(&http::get("/api/v1/lines", administrator)).await?;
    let line = &lines["items"][0]["id"];
    for user in BOXES {
        let mailbox = json!({
            "line_id": line, "address": format!("{user}@desk.test"), "password": world.settings["password"],
            "import_since": "2026-01-01T00:00:00Z",
            "imap": {"host": world.settings["host"], "port": world.settings["imaps_port"], "security": "tls"},
            "smtp": {"host": world.settings["host"], "port": world.settings["smtps_port"], "security": "tls"},
        });
        connection.json(&http::post("/api/v1/mailboxes", administrator, &mailbox)).await?;
    }
    Ok(())
}

/// Letters accepted, and letters that became something else, over our mailboxes.
async fn ledger(connection: &mut Connection, administrator: &str) -> Result<(usize, usize)> {
    let mailboxes = connection.json(&http::get("/api/v1/mailboxes", administrator)).await?;
    let items = mailboxes["items"].as_array().or(mailboxes.as_array()).context("no list of mailboxes")?;
    let ours =
        items.iter().filter(|one| one["address"].as_str().is_some_and(|address| address.ends_with("@desk.test")));
    let (mut accepted, mut all) = (0, 0);
    for mailbox in ours {
        accepted += mailbox["ledger"]["accepted"].as_u64().unwrap_or(0) as usize;
        all += mailbox["ledger"]["total"].as_u64().unwrap_or(0) as usize;
    }
    Ok((accepted, all - accepted))
}

async fn wait_for(
    connection: &mut Connection,
    administrator: &str,
    count: usize,
    limit: Duration,
) -> Result<(usize, usize)> {
    let until = Instant::now() + limit;
    loop {
        let (accepted, other) = ledger(connection, administrator).await?;
        if accepted + other >= count {
            return Ok((accepted, other));
        }
        if Instant::now() > until {
            bail!("{accepted} letters accepted and {other} otherwise after {limit:?}; {count} were delivered");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A letter as a mail program writes it: two parts, a signature, a client who may have written before.
fn letter(user: &str, index: usize) -> String {
    let client = index % 400;
    let text = "Добрый день!\r\n\r\nПодскажите, пожалуйста, когда приедет заказ: обещали ещё вчера, в личном кабинете он\r\n\
        до сих пор «собирается». Если чего-то нет на складе, замените на похожее, мы не против.\r\n\r\n-- \r\nС уважением, отдел закупок\r\n";
    format!(
        "Return-Path: <buyer-{client}@bench.example>\r\nFrom: Buyer {client} <buyer-{client}@bench.example>\r\nTo: {user}@desk.test\r\n\
         Subject: =?utf-8?B?0JfQsNC60LDQtyDQvdC1INC/0YDQuNGI0ZHQuw==?= {index}\r\nDate: Sat, 28 Nov 2026 12:00:00 +0300\r\n\
         Message-ID: <{index}.{user}@bench.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=part\r\n\r\n\
         --part\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n\
         --part\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<div>{}</div>\r\n--part--\r\n",
        text.replace("\r\n", "<br>\r\n")
    )
}
