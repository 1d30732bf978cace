//! Signing in to an IMAP server (RFC 3501) and opening a folder without changing anything in it.

use std::time::Duration;

use async_imap::error::Error;
use async_imap::types::Mailbox as Folder;
use async_imap::{Authenticator, Client, Session};
use base::Words;

use super::{Login, Server, Step, Stream, Tls, Trouble, open, upgrade, within};
use crate::mailbox::Security;

/// Longest wait for the answer to one command.
pub(crate) const COMMAND: Duration = Duration::from_secs(60);
const GREETING: Duration = Duration::from_secs(20);

/// A signed-in connection.
pub(crate) struct Imap {
    pub session: Session<Stream>,
    pub host: String,
    /// The server tells of new mail by itself (RFC 2177).
    pub idle: bool,
}

/// Connects and signs in. `hint` tells what people forget with this provider.
pub(crate) async fn sign_in(server: &Server, tls: &Tls, login: &Login, hint: &Words) -> Result<Imap, Trouble> {
    let host = &server.host;
    let mut client = Client::new(open(server, tls).await?);
    let greeting = within(GREETING, Step::Connect, host, client.read_response()).await?;
    if !matches!(greeting, Ok(Some(_))) {
        return Err(not_imap(server));
    }
    if server.security == Security::Starttls {
        let started = within(COMMAND, Step::Tls, host, client.run_command_and_check_ok("STARTTLS", None)).await?;
        started.map_err(|error| no_starttls(server, error))?;
        client = Client::new(upgrade(server, tls, client.into_inner()).await?);
    }
    let mut session = authenticate(client, host, login, hint).await?;
    let capabilities = within(COMMAND, Step::Login, host, session.capabilities()).await?;
    let idle = capabilities.map_err(|error| lost(Step::Login, host, error))?.has_str("IDLE");
    Ok(Imap { session, host: host.clone(), idle })
}

impl Imap {
    /// Opens a folder for reading only (EXAMINE): no flag of any message changes, `\Seen` least of all.
    pub async fn open_folder(&mut self, folder: &str) -> Result<Folder, Trouble> {
        let name = utf7::encode(folder);
        let opened = within(COMMAND, Step::Folder, &self.host, self.session.examine(name)).await?;
        opened.map_err(|error| match error {
            Error::No(text) | Error::Bad(text) => Trouble::new(
                Step::Folder,
                format!("На сервере нет папки «{folder}», или её нельзя открыть. Обычно письма приходят в INBOX."),
                format!("There is no folder “{folder}” on the server, or it cannot be opened. Mail usually arrives in INBOX."),
                text,
            ),
            other => lost(Step::Folder, &self.host, other),
        })
    }

    /// Says good-bye; a server that does not answer is left.
    pub async fn leave(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(3), self.session.logout()).await;
    }
}

async fn authenticate(
    client: Client<Stream>,
    host: &str,
    login: &Login,
    hint: &Words,
) -> Result<Session<Stream>, Trouble> {
    let answer = match login {
        Login::None => return Err(Trouble::login("", hint, "no login given")),
        // LOGIN takes ASCII only (RFC 3501, 4.3).
        Login::Password { login, password } if login.is_ascii() && password.is_ascii() => {
            within(COMMAND, Step::Login, host, client.login(login, password)).await?
        }
        Login::Password { login, password } => {
            let words = Once::new(format!("\0{login}\0{password}"));
            within(COMMAND, Step::Login, host, client.authenticate("PLAIN", words)).await?
        }
        Login::Token { login, access_token } => {
            let words = Once::new(format!("user={login}\x01auth=Bearer {access_token}\x01\x01"));
            within(COMMAND, Step::Login, host, client.authenticate("XOAUTH2", words)).await?
        }
    };
    answer.map_err(|(error, _)| match (error, login) {
        (Error::No(text) | Error::Bad(text), Login::Token { login, .. }) => Trouble::token(login, text),
        (Error::No(text) | Error::Bad(text), Login::Password { login, .. }) => Trouble::login(login, hint, text),
        (other, _) => lost(Step::Login, host, other),
    })
}

/// Answers the first challenge; a second one is the server's explanation of a refusal, which wants an empty answer.
struct Once {
    words: Option<String>,
}

impl Once {
    fn new(words: String) -> Self {
        Once { words: Some(words) }
    }
}

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        self.words.take().unwrap_or_default()
    }
}

/// An error of a running connection.
pub(crate) fn lost(step: Step, host: &str, error: Error) -> Trouble {
    Trouble::lost(step, host, error)
}

fn not_imap(server: &Server) -> Trouble {
    let Server { host, port, .. } = server;
    Trouble::new(
        Step::Connect,
        format!(
            "На «{host}», порт {port}, отвечает не почтовый сервер IMAP, или он ждёт шифрования с первого байта (TLS)."
        ),
        format!(
            "What answers at “{host}”, port {port}, is not an IMAP server, or it expects encryption from the first byte (TLS)."
        ),
        "no IMAP greeting",
    )
}

fn no_starttls(server: &Server, error: Error) -> Trouble {
    Trouble::new(
        Step::Tls,
        format!("Сервер «{}» не умеет STARTTLS на этом порту. Выберите TLS и порт 993.", server.host),
        format!("The server “{}” does not offer STARTTLS on this port. Choose TLS and port 993.", server.host),
        error,
    )
}

/// Folder names travel in modified UTF-7 (RFC 3501, 5.1.3).
pub(crate) mod utf7 {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;

    pub fn encode(name: &str) -> String {
        let mut out = String::with_capacity(name.len());
        let mut other: Vec<u8> = Vec::new();
        for c in name.chars() {
            if (' '..='~').contains(&c) {
                flush(&mut out, &mut other);
                out.push(c);
                if c == '&' {
                    out.push('-');
                }
            } else {
                let mut units = [0u16; 2];
                other.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
            }
        }
        flush(&mut out, &mut other);
        out
    }

    fn flush(out: &mut String, other: &mut Vec<u8>) {
        if !other.is_empty() {
            out.push('&');
            out.push_str(&STANDARD_NO_PAD.encode(&other).replace('/', ","));
            out.push('-');
            other.clear();
        }
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn folder_names_are_encoded_as_rfc_3501_says() {
            assert_eq!(super::encode("INBOX"), "INBOX");
            assert_eq!(super::encode("A&B"), "A&-B");
            assert_eq!(super::encode("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
            assert_eq!(super::encode("Входящие"), "&BBIERQQ+BDQETwRJBDgENQ-");
        }
    }
}
