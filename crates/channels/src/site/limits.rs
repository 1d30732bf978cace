//! How often visitors and addresses may call, counted in the memory of this node. Generous: an office of hundreds of people
//! comes from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::{Error, Result};

/// Each call takes one of `burst` tokens, which come back at `per_second`.
#[derive(Clone, Copy, Debug)]
struct Rate {
    burst: f64,
    per_second: f64,
}

const REQUESTS: Rate = Rate { burst: 3_000.0, per_second: 300.0 };
const NEW_VISITORS: Rate = Rate { burst: 6_000.0, per_second: 100.0 };
const MESSAGES: Rate = Rate { burst: 30.0, per_second: 1.0 };
const MESSAGES_OF_ADDRESS: Rate = Rate { burst: 1_500.0, per_second: 250.0 };
const UPLOADS: Rate = Rate { burst: 30.0, per_second: 0.2 };
/// Sockets of one visitor at the same time: his tabs and devices.
const SOCKETS: usize = 25;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Of {
    Requests(IpAddr),
    Visitors(IpAddr),
    Messages(String),
    MessagesOfAddress(IpAddr),
    Uploads(String),
}

#[derive(Default)]
pub(crate) struct Limits {
    buckets: Mutex<HashMap<Of, (f64, Instant)>>,
}

impl Limits {
    pub fn request(&self, address: IpAddr) -> Result<()> {
        self.take(Of::Requests(network(address)), REQUESTS)
    }

    pub fn new_visitor(&self, address: IpAddr) -> Result<()> {
        self.take(Of::Visitors(network(address)), NEW_VISITORS)
    }

    pub fn message(&self, visitor: &str, address: IpAddr) -> Result<()> {
        self.take(Of::Messages(visitor.to_owned()), MESSAGES)?;
        self.take(Of::MessagesOfAddress(network(address)), MESSAGES_OF_ADDRESS)
    }

    pub fn upload(&self, visitor: &str) -> Result<()> {
        self.take(Of::Uploads(visitor.to_owned()), UPLOADS)
    }

    pub fn socket(&self, open: usize) -> Result<()> {
        if open < SOCKETS { Ok(()) } else { Err(Error::RateLimited(Duration::from_secs(30))) }
    }

    fn take(&self, of: Of, rate: Rate) -> Result<()> {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        // Full buckets say nothing; forgotten when there are many.
        if buckets.len() > 50_000 {
            buckets.retain(|_, (_, since)| now.duration_since(*since) < Duration::from_secs(60));
        }
        let (tokens, since) = buckets.entry(of).or_insert((rate.burst, now));
        *tokens = (*tokens + now.duration_since(*since).as_secs_f64() * rate.per_second).min(rate.burst);
        *since = now;
        if *tokens < 1.0 {
            return Err(Error::RateLimited(Duration::from_secs_f64(((1.0 - *tokens) / rate.per_second).max(1.0))));
        }
        *tokens -= 1.0;
        Ok(())
    }
}

/// One customer of a provider has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped),
            None => IpAddr::V6(Ipv6Addr::from(u128::from(address) & !u128::from(u64::MAX))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_stopped_and_another_is_not() {
        let limits = Limits::default();
        let office = IpAddr::from([192, 0, 2, 7]);
        for _ in 0..30 {
            assert!(limits.message("one", office).is_ok());
        }
        assert!(matches!(limits.message("one", office), Err(Error::RateLimited(_))));
        assert!(limits.message("two", office).is_ok());
    }

    #[test]
    fn a_network_is_one_address() {
        let address = |text: &str| text.parse::<IpAddr>().ok().map(network);
        assert_eq!(address("2001:db8::1"), address("2001:db8::2:3:4:5"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:192.0.2.7"), address("192.0.2.7"));
    }
}
