//! The dot that makes an SMTP server take a letter, watched where bytes are given to the kernel.
//!
//! Invariant: `Begins` is told only when the socket has room at this moment, so that between it and the dot there is no
//! wait, only the one system call; `Written` is told when the kernel has the whole dot (of an encrypted connection: the
//! whole record it lies in), which it then delivers even when this process is killed.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How far the dot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dot {
    /// The next system call gives it to the kernel.
    Begins,
    /// The kernel did not take it, or a part only: the server cannot have it.
    Held,
    Written,
}

type Tell = Box<dyn FnMut(Dot) + Send>;

#[derive(Default)]
struct State {
    tell: Option<Tell>,
    last: Option<Dot>,
}

/// Tells of the dot of one connection, whoever encrypts above it.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<State>>);

impl Watch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next bytes are the dot.
    pub fn begin(&self, tell: Tell) {
        *self.state() = State { tell: Some(tell), last: None };
    }

    /// Stops watching; answers whether the server may have the dot.
    pub fn end(&self) -> bool {
        let State { last, .. } = std::mem::take(&mut *self.state());
        matches!(last, Some(Dot::Begins | Dot::Written))
    }

    fn awaits_the_dot(&self) -> bool {
        let state = self.state();
        state.tell.is_some() && state.last != Some(Dot::Written)
    }

    fn tell(&self, dot: Dot) {
        let mut state = self.state();
        state.last = Some(dot);
        if let Some(tell) = &mut state.tell {
            tell(dot);
        }
    }

    /// Everything that was written is with the kernel.
    fn flushed(&self) {
        if self.state().last == Some(Dot::Begins) {
            self.tell(Dot::Written);
        }
    }
}

/// A TCP connection that tells its watch of the dot.
pub(super) struct Watched {
    tcp: TcpStream,
    watch: Watch,
}

impl Watched {
    pub fn new(tcp: TcpStream) -> (Self, Watch) {
        let watch = Watch::default();
        (Watched { tcp, watch: watch.clone() }, watch)
    }
}

impl std::fmt::Debug for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tcp.fmt(f)
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(context, buffer)
    }
}

// Invariant: no `poll_write_vectored`, so that every byte passes through `poll_write`.
impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.watch.awaits_the_dot() {
            return Pin::new(&mut self.tcp).poll_write(context, bytes);
        }
        loop {
            ready!(self.tcp.poll_write_ready(context))?;
            self.watch.tell(Dot::Begins);
            let written = self.tcp.try_write(bytes);
            if !matches!(written, Ok(count) if count == bytes.len()) {
                self.watch.tell(Dot::Held);
            }
            match written {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.tcp).poll_flush(context))?;
        self.watch.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    async fn pair() -> (Watched, Watch, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tcp = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (watched, watch) = Watched::new(tcp);
        (watched, watch, listener.accept().await.unwrap().0)
    }

    fn listen(watch: &Watch) -> Arc<Mutex<Vec<Dot>>> {
        let heard: Arc<Mutex<Vec<Dot>>> = Arc::default();
        let tell = heard.clone();
        watch.begin(Box::new(move |dot| tell.lock().unwrap().push(dot)));
        heard
    }

    #[tokio::test]
    async fn the_dot_is_told_before_and_after_and_nothing_else_is() {
        let (mut connection, watch, mut server) = pair().await;
        connection.write_all(b"letter").await.unwrap();
        connection.flush().await.unwrap();
        let heard = listen(&watch);
        connection.flush().await.unwrap();
        assert_eq!(*heard.lock().unwrap(), []);
        connection.write_all(b"\r\n.\r\n").await.unwrap();
        assert_eq!(*heard.lock().unwrap(), [Dot::Begins]);
        connection.flush().await.unwrap();
        connection.write_all(b"more").await.unwrap();
        connection.flush().await.unwrap();
        assert_eq!(*heard.lock().unwrap(), [Dot::Begins, Dot::Written]);
        assert!(watch.end());
        let mut read = [0; 15];
        server.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"letter\r\n.\r\nmore");
    }

    #[tokio::test]
    async fn a_dot_without_room_waits_untold_and_a_part_of_one_is_held() {
        const LONG_DOT: usize = 32 << 20;
        let (mut connection, watch, mut server) = pair().await;
        let mut letter = 0;
        connection.tcp.writable().await.unwrap();
        while let Ok(count) = connection.tcp.try_write(&[b'x'; 65536]) {
            letter += count;
        }
        let heard = listen(&watch);
        let dot = vec![b'.'; LONG_DOT];
        assert!(futures::poll!(Box::pin(connection.write(&dot))).is_pending());
        assert_eq!(*heard.lock().unwrap(), []);
        let write = async {
            connection.write_all(&dot).await.unwrap();
            connection.flush().await.unwrap();
        };
        let mut read = vec![0; letter + LONG_DOT];
        tokio::join!(write, async { server.read_exact(&mut read).await.unwrap() });
        let heard = heard.lock().unwrap().clone();
        assert_eq!(heard[..2], [Dot::Begins, Dot::Held], "{heard:?}");
        assert_eq!(heard[heard.len() - 2..], [Dot::Begins, Dot::Written], "{heard:?}");
    }

    #[tokio::test]
    async fn a_dot_that_met_a_closed_door_was_not_taken() {
        let (mut connection, watch, server) = pair().await;
        connection.write_all(b"letter").await.unwrap();
        // Unread bytes make the system answer with a reset at once.
        server.readable().await.unwrap();
        drop(server);
        connection.tcp.readable().await.unwrap();
        let heard = listen(&watch);
        connection.write_all(b"\r\n.\r\n").await.unwrap_err();
        assert_eq!(*heard.lock().unwrap(), [Dot::Begins, Dot::Held]);
        assert!(!watch.end());
    }
}
