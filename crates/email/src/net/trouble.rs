//! What can go wrong between us and a mail server, in the words of somebody who has to put it right.

use std::time::Duration;

use base::Words;
use serde::{Deserialize, Serialize};

/// How far a connection came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Finding the server by its name.
    Resolve,
    Connect,
    /// Encryption.
    Tls,
    Login,
    /// Opening the folder.
    Folder,
    /// Handing over a letter.
    Send,
}

/// A failed step: what to tell people, and what the server or the network really said.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub step: Step,
    pub words: Words,
    pub technical: String,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {} ({})", self.step, self.words.en, self.technical)
    }
}

impl Trouble {
    pub fn new(step: Step, ru: impl Into<String>, en: impl Into<String>, technical: impl std::fmt::Display) -> Self {
        Trouble { step, words: Words::owned(ru.into(), en.into()), technical: technical.to_string() }
    }

    pub fn resolve(host: &str, technical: impl std::fmt::Display) -> Self {
        Trouble::new(
            Step::Resolve,
            format!("Сервер «{host}» не найден. Проверьте, нет ли опечатки в его имени."),
            format!("The server “{host}” was not found. Check its name for typing mistakes."),
            technical,
        )
    }

    pub fn connect(host: &str, port: u16, error: &std::io::Error) -> Self {
        let (ru, en) = match error.kind() {
            std::io::ErrorKind::ConnectionRefused => (
                format!(
                    "Сервер «{host}» отказал в соединении на порту {port}. Проверьте порт: обычно IMAP — 993, SMTP — 465 или 587."
                ),
                format!(
                    "The server “{host}” refuses connections on port {port}. Check the port: usually 993 for IMAP, 465 or 587 for SMTP."
                ),
            ),
            _ => (
                format!(
                    "Не удалось соединиться с «{host}», порт {port}. Проверьте адрес и порт, и не закрывает ли путь сетевой экран."
                ),
                format!(
                    "Could not connect to “{host}”, port {port}. Check the address and the port, and whether a firewall is in the way."
                ),
            ),
        };
        Trouble::new(Step::Connect, ru, en, error)
    }

    /// The time limit of a step has passed.
    pub fn silent(step: Step, host: &str, limit: Duration) -> Self {
        let seconds = limit.as_secs();
        Trouble::new(
            step,
            format!(
                "Сервер «{host}» не ответил за {seconds} с. Проверьте адрес и порт; возможно, путь закрыт сетевым экраном или сервер перегружен."
            ),
            format!(
                "The server “{host}” did not answer within {seconds} s. Check the address and the port; a firewall may be in the way, or the server is overloaded."
            ),
            format!("timeout after {seconds} s"),
        )
    }

    /// The connection broke in the middle.
    pub fn lost(step: Step, host: &str, technical: impl std::fmt::Display) -> Self {
        Trouble::new(
            step,
            format!("Связь с «{host}» оборвалась. Мы попробуем снова."),
            format!("The connection to “{host}” broke. We will try again."),
            technical,
        )
    }

    pub fn login(login: &str, hint: &Words, technical: impl std::fmt::Display) -> Self {
        Trouble::new(
            Step::Login,
            format!("Сервер не принял логин «{login}» и пароль. {}", hint.ru),
            format!("The server did not accept the login “{login}” with this password. {}", hint.en),
            technical,
        )
    }

    pub fn token(login: &str, technical: impl std::fmt::Display) -> Self {
        Trouble::new(
            Step::Login,
            format!("Сервер не принял доступ OAuth2 для «{login}». Возможно, доступ отозван: подключите ящик заново."),
            format!(
                "The server did not accept the OAuth2 access of “{login}”. It may have been revoked: connect the mailbox again."
            ),
            technical,
        )
    }
}
