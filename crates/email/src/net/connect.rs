//! From a host name to an open, encrypted stream.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::{Step, Tls, Trouble, within};
use crate::mailbox::Security;

/// A connection, encrypted or not.
pub(crate) trait Io: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug> Io for T {}

pub(crate) type Stream = Box<dyn Io>;

/// Where a server is.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
}

const RESOLVE: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(15);
const HANDSHAKE: Duration = Duration::from_secs(15);

/// Connects; with `Security::Tls` the stream is encrypted already.
pub(crate) async fn open(server: &Server, tls: &Tls) -> Result<Stream, Trouble> {
    let tcp = connect(server).await?;
    encrypt(server, tls, Box::new(tcp)).await
}

/// Connects, without encryption.
pub(super) async fn connect(server: &Server) -> Result<TcpStream, Trouble> {
    let Server { host, port, .. } = server;
    let found = within(RESOLVE, Step::Resolve, host, tokio::net::lookup_host((host.as_str(), *port))).await?;
    let addresses: Vec<SocketAddr> = found.map_err(|error| Trouble::resolve(host, error))?.collect();
    if addresses.is_empty() {
        return Err(Trouble::resolve(host, "no addresses"));
    }
    let tcp = within(CONNECT, Step::Connect, host, TcpStream::connect(addresses.as_slice())).await?;
    let tcp = tcp.map_err(|error| Trouble::connect(host, *port, &error))?;
    tcp.set_nodelay(true).map_err(|error| Trouble::connect(host, *port, &error))?;
    Ok(tcp)
}

/// Encrypts a fresh connection where the server expects that from the first byte.
pub(super) async fn encrypt(server: &Server, tls: &Tls, stream: Stream) -> Result<Stream, Trouble> {
    match server.security {
        Security::Tls => upgrade(server, tls, stream).await,
        Security::Starttls | Security::None => Ok(stream),
    }
}

/// Encrypts an open stream.
pub(crate) async fn upgrade(server: &Server, tls: &Tls, stream: Stream) -> Result<Stream, Trouble> {
    within(HANDSHAKE, Step::Tls, &server.host, tls.wrap(&server.host, stream)).await?
}
