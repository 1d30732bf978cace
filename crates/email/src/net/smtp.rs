//! Handing a letter to an SMTP server (RFC 5321), command by command, so that it is known at every moment how far it came.

use std::time::Duration;

use base::Words;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use std::error::Error as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connect::{connect, encrypt};
use super::dot::{Dot, Watch, Watched};
use super::{Login, Server, Step, Stream, Tls, Trouble, tls, within};
use crate::mailbox::Security;

const COMMAND: Duration = Duration::from_secs(60);
/// RFC 5321, 4.5.3.2.6 asks for ten minutes: a server may work long on the last dot, and giving up early makes doubles.
const LAST_DOT: Duration = Duration::from_secs(600);

/// A signed-in connection.
pub(crate) struct Smtp {
    connection: AsyncSmtpConnection,
    watch: Watch,
    host: String,
}

/// What a server said when it refused: `550 5.1.1 No such user`.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// 5yz: asking again cannot help.
    pub permanent: bool,
    pub text: String,
}

/// How handing over ended.
#[derive(Debug)]
pub(crate) enum Handover {
    /// The server has the letter for everybody but these.
    Accepted { refused: Vec<(String, Reply)> },
    /// The server does not have it, for certain.
    Refused(Reply),
    /// The connection broke before the last dot was written: the server does not have it.
    Broken(Trouble),
    /// The connection broke after the last dot: nobody can say.
    Unknown(Trouble),
}

/// Connects and signs in.
pub(crate) async fn sign_in(
    server: &Server,
    tls: &Tls,
    login: &Login,
    hint: &Words,
    own_name: &str,
) -> Result<Smtp, Trouble> {
    let host = &server.host;
    let hello = ClientId::Domain(own_name.to_owned());
    let (tcp, watch) = Watched::new(connect(server).await?);
    let stream = Box::new(Wire(encrypt(server, tls, Box::new(tcp)).await?));
    let greeted =
        within(COMMAND, Step::Connect, host, AsyncSmtpConnection::connect_with_transport(stream, &hello)).await?;
    let mut connection = greeted.map_err(|error| not_smtp(server, &error))?;
    if server.security == Security::Starttls {
        let started = within(COMMAND, Step::Tls, host, connection.starttls(tls.for_smtp(host)?, &hello)).await?;
        started.map_err(|error| no_starttls(server, &error))?;
    }
    let (mechanisms, credentials): (&[Mechanism], _) = match login {
        Login::None => return Ok(Smtp { connection, watch, host: host.clone() }),
        Login::Password { login, password } => {
            (&[Mechanism::Plain, Mechanism::Login], Credentials::new(login.clone(), password.clone()))
        }
        Login::Token { login, access_token } => {
            (&[Mechanism::Xoauth2], Credentials::new(login.clone(), access_token.clone()))
        }
    };
    let answer = within(COMMAND, Step::Login, host, connection.auth(mechanisms, &credentials)).await?;
    answer.map_err(|error| match (reply(&error), login) {
        (Some(reply), Login::Password { login, .. }) => Trouble::login(login, hint, reply.text),
        (Some(reply), Login::Token { login, .. }) => Trouble::token(login, reply.text),
        _ if error.is_client() => no_mechanism(server, &error),
        _ => Trouble::lost(Step::Login, host, error),
    })?;
    Ok(Smtp { connection, watch, host: host.clone() })
}

impl Smtp {
    /// Hands over a letter. `on_dot` hears how far the dot has come that makes the server take it: what it notes down
    /// tells, after a crash, whether the server may have the letter.
    pub async fn deliver(
        &mut self,
        from: &str,
        to: &[String],
        letter: &[u8],
        on_dot: impl FnMut(Dot) + Send + 'static,
    ) -> Handover {
        let refused = match self.envelope(from, to).await {
            Ok(refused) => refused,
            Err(handover) => return handover,
        };
        if refused.len() == to.len() {
            let all = refused
                .iter()
                .map(|(address, reply)| format!("{address}: {}", reply.text))
                .collect::<Vec<_>>()
                .join("; ");
            self.reset().await;
            return Handover::Refused(Reply { permanent: refused.iter().all(|(_, reply)| reply.permanent), text: all });
        }
        let answer = within(COMMAND, Step::Send, &self.host, self.connection.command(Data)).await;
        if let Err(failure) = self.check(answer) {
            return self.not_taken(failure);
        }
        let watch = self.watch.clone();
        // The library asks for this part when all of the letter is written, and writes the dot after it.
        let before_the_dot = std::iter::once_with(move || {
            watch.begin(Box::new(on_dot));
            &[] as &[u8]
        });
        let body = std::iter::once(letter).chain(before_the_dot);
        let answer = within(LAST_DOT, Step::Send, &self.host, self.connection.message_iter(body)).await;
        let server_may_have_it = self.watch.end();
        match self.check(answer) {
            Ok(()) => Handover::Accepted { refused },
            Err(Failure { reply: Some(reply), .. }) => Handover::Refused(reply),
            Err(Failure { trouble, .. }) if server_may_have_it => Handover::Unknown(trouble),
            Err(Failure { trouble, .. }) => Handover::Broken(trouble),
        }
    }

    /// Sender and recipients; answers those that were refused.
    async fn envelope(&mut self, from: &str, to: &[String]) -> Result<Vec<(String, Reply)>, Handover> {
        let sender = ascii(from).ok_or_else(|| bad_address(from))?;
        let mut options = Vec::new();
        if self.connection.server_info().supports_feature(Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let answer =
            within(COMMAND, Step::Send, &self.host, self.connection.command(Mail::new(Some(sender), options))).await;
        self.check(answer).map_err(|failure| self.not_taken(failure))?;
        let mut refused = Vec::new();
        for address in to {
            let Some(recipient) = ascii(address) else {
                refused.push((
                    address.clone(),
                    Reply { permanent: true, text: "553 5.1.3 not a mail address".to_owned() },
                ));
                continue;
            };
            let answer =
                within(COMMAND, Step::Send, &self.host, self.connection.command(Rcpt::new(recipient, Vec::new())))
                    .await;
            match self.check(answer) {
                Ok(()) => {}
                Err(Failure { reply: Some(reply), .. }) => refused.push((address.clone(), reply)),
                Err(failure) => return Err(self.not_taken(failure)),
            }
        }
        Ok(refused)
    }

    fn check<T>(&self, answer: Result<Result<T, Error>, Trouble>) -> Result<(), Failure> {
        match answer {
            Ok(Ok(_)) => Ok(()),
            Err(trouble) => Err(Failure { reply: None, trouble }),
            Ok(Err(error)) => {
                Err(Failure { reply: reply(&error), trouble: Trouble::lost(Step::Send, &self.host, describe(&error)) })
            }
        }
    }

    fn not_taken(&self, failure: Failure) -> Handover {
        match failure {
            Failure { reply: Some(reply), .. } => Handover::Refused(reply),
            Failure { trouble, .. } => Handover::Broken(trouble),
        }
    }

    /// Gets the connection ready for another letter; false when it is of no more use.
    pub async fn reset(&mut self) -> bool {
        let answer = tokio::time::timeout(Duration::from_secs(10), self.connection.command(Rset)).await;
        matches!(answer, Ok(Ok(_))) && !self.connection.has_broken()
    }

    /// Whether the server would take mail from this address, without sending any.
    pub async fn would_send(&mut self, from: &str) -> Result<(), Trouble> {
        match self.envelope(from, &[]).await {
            Ok(_) => Ok(()),
            Err(Handover::Refused(reply)) => Err(Trouble::new(
                Step::Send,
                format!("Сервер не даёт отправлять письма от имени «{from}». Обычно адрес должен совпадать с логином."),
                format!(
                    "The server does not let this login send mail as “{from}”. Usually the address must be that of the login."
                ),
                reply.text,
            )),
            Err(Handover::Broken(trouble) | Handover::Unknown(trouble)) => Err(trouble),
            Err(Handover::Accepted { .. }) => Ok(()),
        }
    }

    pub async fn leave(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(3), self.connection.quit()).await;
    }
}

struct Failure {
    reply: Option<Reply>,
    trouble: Trouble,
}

fn reply(error: &Error) -> Option<Reply> {
    let code = error.status()?;
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    Some(Reply { permanent: error.is_permanent(), text: format!("{code} {words}").trim().to_owned() })
}

fn describe(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}

/// An address as the envelope takes it: a national domain in its ASCII form.
fn ascii(address: &str) -> Option<Address> {
    let (local, domain) = address.rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    Address::new(local, domain).ok()
}

fn bad_address(address: &str) -> Handover {
    Handover::Refused(Reply { permanent: true, text: format!("553 5.1.7 not a mail address: {address}") })
}

fn not_smtp(server: &Server, error: &Error) -> Trouble {
    let Server { host, port, .. } = server;
    Trouble::new(
        Step::Connect,
        format!(
            "На «{host}», порт {port}, отвечает не сервер отправки SMTP, или он ждёт шифрования с первого байта (TLS, обычно порт 465)."
        ),
        format!(
            "What answers at “{host}”, port {port}, is not an SMTP server, or it expects encryption from the first byte (TLS, usually port 465)."
        ),
        describe(error),
    )
}

fn no_starttls(server: &Server, error: &Error) -> Trouble {
    if !error.is_client() {
        return tls::refused(&server.host, &describe(error));
    }
    Trouble::new(
        Step::Tls,
        format!("Сервер «{}» не умеет STARTTLS на этом порту. Выберите TLS и порт 465.", server.host),
        format!("The server “{}” does not offer STARTTLS on this port. Choose TLS and port 465.", server.host),
        describe(error),
    )
}

fn no_mechanism(server: &Server, error: &Error) -> Trouble {
    Trouble::new(
        Step::Login,
        format!(
            "Сервер «{}» не принимает такой способ входа. Часто вход разрешён только по защищённому соединению: выберите TLS или STARTTLS.",
            server.host
        ),
        format!(
            "The server “{}” does not accept this way of signing in. Often it is allowed only on an encrypted connection: choose TLS or STARTTLS.",
            server.host
        ),
        describe(error),
    )
}

/// Our stream as the SMTP library takes it.
#[derive(Debug)]
struct Wire(Stream);

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> std::io::Result<std::net::SocketAddr> {
        Err(std::io::Error::other("the address is not known here"))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_shutdown(context)
    }
}
