//! A real Postfix and a real Dovecot of a test's own, and small hands to use them with.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Two running mail servers; they stop with the value.
pub struct MailWorld {
    folder: PathBuf,
    facts: Value,
    _parent: TempDir,
}

fn script(action: &str, folder: &Path) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/mail-servers.sh");
    Command::new(script).arg(action).arg(folder).output().expect("the script runs")
}

impl MailWorld {
    /// Starts them. Needs root or sudo, and what `scripts/setup.sh test` installs.
    pub fn start() -> Self {
        let parent = tempfile::Builder::new().prefix("om").tempdir().unwrap();
        let mut open = std::fs::metadata(parent.path()).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut open, 0o711);
        std::fs::set_permissions(parent.path(), open).unwrap();
        let folder = parent.path().join("m");
        let output = script("start", &folder);
        assert!(output.status.success(), "the mail servers do not start: {}", String::from_utf8_lossy(&output.stderr));
        let facts = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
        MailWorld { folder, facts, _parent: parent }
    }

    pub fn port(&self, name: &str) -> u16 {
        u16::try_from(self.facts[name].as_u64().unwrap()).unwrap()
    }

    pub fn ca(&self) -> PathBuf {
        PathBuf::from(self.facts["ca"].as_str().unwrap())
    }

    pub fn access_token(&self, login: &str) -> String {
        let accounts = self.facts["accounts"].as_array().unwrap();
        let account = accounts.iter().find(|account| account["login"] == login).unwrap();
        account["access_token"].as_str().unwrap().to_owned()
    }

    /// The body of POST /mailboxes for one of our mailboxes, everything encrypted.
    pub fn mailbox(&self, line: base::LineId, address: &str) -> Value {
        json!({
            "line_id": line,
            "address": address,
            "imap": {"host": "localhost", "port": self.port("imaps_port"), "security": "tls"},
            "smtp": {"host": "localhost", "port": self.port("submission_port"), "security": "starttls"},
            "auth": "password",
            "password": self.facts["password"],
            "poll_seconds": 10,
            "import_since": "2020-01-01T00:00:00Z",
        })
    }

    /// Sends a mail as a client's own mail server would.
    pub async fn send(&self, from: &str, to: &str, mail: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.port("smtp_port"))).await.unwrap();
        let mut stream = BufReader::new(stream);
        let body = mail.replace("\r\n.", "\r\n..");
        let steps = [
            String::new(),
            "EHLO client.test\r\n".to_owned(),
            format!("MAIL FROM:<{from}>\r\n"),
            format!("RCPT TO:<{to}>\r\n"),
            "DATA\r\n".to_owned(),
            format!("{body}\r\n.\r\n"),
        ];
        for step in steps {
            stream.write_all(step.as_bytes()).await.unwrap();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.unwrap();
                assert!(line.starts_with('2') || line.starts_with('3'), "after {step:?}: {line}");
                if line.as_bytes().get(3) == Some(&b' ') {
                    break;
                }
            }
        }
    }

    /// Every mail in somebody's inbox, as bytes, in no order.
    pub fn inbox(&self, address: &str) -> Vec<Vec<u8>> {
        self.inbox_folder(address, ".")
    }

    /// The same of another folder, as Maildir names it: `.Sent`.
    pub fn inbox_folder(&self, address: &str, name: &str) -> Vec<Vec<u8>> {
        let (user, domain) = address.split_once('@').unwrap();
        let folder = self.folder.join("boxes").join(domain).join(user).join(name);
        let files = ["new", "cur"].iter().filter_map(|part| std::fs::read_dir(folder.join(part)).ok()).flatten();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    /// Names of the files in somebody's mailbox: they hold the flags (`:2,S` is seen).
    pub fn file_names(&self, address: &str) -> Vec<String> {
        let (user, domain) = address.split_once('@').unwrap();
        let folder = self.folder.join("boxes").join(domain).join(user);
        let files = ["new", "cur"].iter().filter_map(|part| std::fs::read_dir(folder.join(part)).ok()).flatten();
        files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    /// Puts a mail into a mailbox's folder behind everybody's back.
    pub fn drop_in(&self, address: &str, name: &str, mail: &[u8]) {
        let (user, domain) = address.split_once('@').unwrap();
        let folder = self.folder.join("boxes").join(domain).join(user);
        let beside = folder.join("tmp").join(name);
        std::fs::write(&beside, mail).unwrap();
        std::fs::rename(beside, folder.join("new").join(name)).unwrap();
    }

    /// Gives the folder of a mailbox a new UIDVALIDITY, as a restored server does.
    pub fn forget_uids(&self, address: &str) {
        let (user, domain) = address.split_once('@').unwrap();
        let folder = self.folder.join("boxes").join(domain).join(user);
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot") {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

impl Drop for MailWorld {
    fn drop(&mut self) {
        script("stop", &self.folder);
    }
}

/// Waits for something to become true, at most half a minute.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
