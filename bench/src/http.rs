//! A keep-alive HTTP/1.1 client that costs as little as it can: it shares two cores with the server it measures.
//!
//! Requests are finished bytes; of an answer only the status, the length and, when asked for, the body are looked at.
//! It reads what hyper writes (a length or chunks), which is all it has to understand.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// A GET as it goes over the wire; `headers` are whole lines, each with its end.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n").into_bytes()
}

/// A POST with a JSON body.
pub fn post(path: &str, headers: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: bench\r\n{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// The header line of an API token.
pub fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

/// What a browser says of compression.
pub const COMPRESSED: &str = "Accept-Encoding: gzip, deflate, br\r\n";

/// `text` as a value of a query string.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// One connection, used for one request after another.
pub struct Connection {
    stream: TcpStream,
    /// What was received; the answer that `call` told of lies at its beginning.
    buffer: Vec<u8>,
}

/// An answer without its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Head and body, in bytes as received.
    pub length: usize,
}

struct Head {
    status: u16,
    length: usize,
    body: Body,
}

enum Body {
    Length(usize),
    Chunks,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        Connection::over(stream)
    }

    /// From one of the addresses of this machine.
    pub async fn open_from(source: Ipv4Addr, address: SocketAddr) -> Result<Self> {
        Connection::over(connect_from(source, address).await?)
    }

    fn over(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// The answer that was read last, as it came.
    pub fn received(&self) -> &[u8] {
        &self.buffer
    }

    /// Sends a request and reads its whole answer.
    pub async fn call(&mut self, request: &[u8]) -> Result<Answer> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            self.receive().await?;
            if let Some(head) = head(&self.buffer)? {
                break head;
            }
        };
        match head.body {
            Body::Length(body) => {
                while self.buffer.len() < head.length + body {
                    self.receive().await?;
                }
            }
            Body::Chunks => {
                let mut at = head.length;
                while let Progress::Needs(next) = chunks(&self.buffer, at)? {
                    at = next;
                    self.receive().await?;
                }
            }
        }
        Ok(Answer { status: head.status, length: self.buffer.len() })
    }

    /// The body of the answer that was read last; it must have had a length.
    pub fn body(&self) -> &[u8] {
        match head(&self.buffer) {
            Ok(Some(head)) => &self.buffer[head.length..],
            _ => &[],
        }
    }

    /// The first header of this name of the answer that was read last.
    pub fn header(&self, name: &str) -> Option<&str> {
        let end = memchr::memmem::find(&self.buffer, b"\r\n\r\n")?;
        let lines =
            std::str::from_utf8(&self.buffer[..end]).ok()?.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// Sends a request and reads the JSON it answers with; any status but 2xx is an error.
    pub async fn json(&mut self, request: &[u8]) -> Result<Value> {
        let answer = self.call(request).await?;
        let body = self.body();
        if !(200..300).contains(&answer.status) {
            let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
            bail!("{}: {} {}", String::from_utf8_lossy(line), answer.status, String::from_utf8_lossy(body));
        }
        serde_json::from_slice(body).context("the answer is not JSON")
    }

    async fn receive(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

pub async fn connect_from(source: Ipv4Addr, address: SocketAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((source, 0).into())?;
    socket.connect(address).await.with_context(|| format!("cannot connect from {source} to {address}"))
}

/// Reads the head of an answer; none while it is not complete.
fn head(received: &[u8]) -> Result<Option<Head>> {
    let Some(end) = memchr::memmem::find(received, b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&received[..end]).context("the head of an answer is not text")?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")).and_then(|line| line.get(..3));
    let status = status.and_then(|status| status.parse().ok()).context("not an HTTP/1.1 answer")?;
    let mut body = Body::Length(0);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body = Body::Length(value.trim().parse().context("content-length")?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            body = Body::Chunks;
        }
    }
    Ok(Some(Head { status, length: end + 4, body }))
}

#[derive(Debug, PartialEq)]
enum Progress {
    Done,
    /// More bytes; the chunk at this place is the first incomplete one.
    Needs(usize),
}

/// Walks the chunks from `at` on.
fn chunks(received: &[u8], mut at: usize) -> Result<Progress> {
    loop {
        let Some(line) = memchr::memmem::find(&received[at..], b"\r\n") else { return Ok(Progress::Needs(at)) };
        let size = std::str::from_utf8(&received[at..at + line])?.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).context("size of a chunk")?;
        let next = at + line + 2 + size + 2;
        if received.len() < next {
            return Ok(Progress::Needs(at));
        }
        if size == 0 {
            return Ok(Progress::Done);
        }
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_complete() {
        assert!(head(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n").unwrap().is_none());
        let head = head(b"HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n").unwrap().unwrap();
        assert_eq!((head.status, head.length), (201, 44));
        assert!(matches!(head.body, Body::Length(12)));
    }

    #[test]
    fn chunks_end_with_an_empty_one() {
        let whole = b"5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n";
        assert_eq!(chunks(whole, 0).unwrap(), Progress::Done);
        assert_eq!(chunks(&whole[..12], 0).unwrap(), Progress::Needs(10));
        assert_eq!(chunks(&whole[..whole.len() - 1], 0).unwrap(), Progress::Needs(18));
    }

    #[test]
    fn words_survive_a_query_string() {
        assert_eq!(escape("счёт 7"), "%D1%81%D1%87%D1%91%D1%82%207");
    }
}
