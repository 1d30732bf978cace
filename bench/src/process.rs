//! Starting and ending what is measured: the server itself, the hand-written server beside it, a PostgreSQL cluster.
//!
//! Invariant: whatever was started here ends with its handle, also when measuring fails.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::http::{self, Connection};

/// A running HTTP server.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From the start of the process to its first 200.
    pub first_answer: Duration,
}

impl Server {
    /// Starts a server on a free port and waits for its first 200; `command` is given the address it is to listen on.
    pub async fn start(log: &Path, probe: &str, command: impl FnOnce(SocketAddr) -> Command) -> Result<Self> {
        let address = free_address()?;
        let mut command = command(address);
        let output = File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let started = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        let mut server = Server { child, address, first_answer: Duration::ZERO };
        server.wait_for_answer(probe).await.with_context(|| format!("see {}", log.display()))?;
        server.first_answer = started.elapsed();
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    async fn wait_for_answer(&mut self, probe: &str) -> Result<()> {
        let request = http::get(probe, "");
        let deadline = Instant::now() + Duration::from_secs(120);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended: {status}");
            }
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.call(&request).await.is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("no answer to {probe} in two minutes")
    }

    /// Ends it as an administrator would, with SIGTERM.
    pub fn stop(mut self) -> Result<()> {
        Command::new("kill").arg(self.pid().to_string()).status()?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended badly: {status}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// A private PostgreSQL cluster with its durability on.
pub struct Cluster {
    script: PathBuf,
    folder: PathBuf,
    pub url: String,
    /// The postmaster; its backends are its children.
    pub pid: u32,
}

impl Cluster {
    pub fn start(root: &Path, folder: &Path) -> Result<Self> {
        let script = root.join("scripts/postgres.sh");
        let output =
            Command::new(&script).arg("start").arg(folder).arg("--durable").stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("{} start failed: {}", script.display(), output.status);
        }
        let url = String::from_utf8(output.stdout)?.trim().to_owned();
        let mut cluster = Cluster { script, folder: folder.to_owned(), url, pid: 0 };
        let pid = std::fs::read_to_string(folder.join("data/postmaster.pid")).context("the cluster's pid")?;
        cluster.pid = pid.lines().next().unwrap_or_default().trim().parse()?;
        Ok(cluster)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(&self.script).arg("stop").arg(&self.folder).status();
    }
}
