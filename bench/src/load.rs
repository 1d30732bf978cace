//! The closed loop: a number of connections, each sending its next request when the last one is answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::http::Connection;

/// Requests to send over and over, in turn, and the status each must answer with.
#[derive(Clone)]
pub struct Requests {
    pub all: Arc<[Vec<u8>]>,
    pub status: u16,
    /// The next one; goes on over rounds, so that the whole list is used.
    next: Arc<AtomicUsize>,
}

impl Requests {
    pub fn new(all: Vec<Vec<u8>>, status: u16) -> Self {
        Requests { all: all.into(), status, next: Arc::default() }
    }

    fn next(&self) -> &[u8] {
        &self.all[self.next.fetch_add(1, Ordering::Relaxed) % self.all.len()]
    }
}

/// What one measured span showed.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Right answers a second.
    pub rate: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
    /// Wrong answers and broken connections.
    pub errors: usize,
    /// Bytes of an answer, on average.
    pub bytes: f64,
    /// CPU milliseconds of the server, and of the database server if it is one, a request.
    pub cpu: f64,
    pub database_cpu: f64,
}

impl Sample {
    /// The median of each figure; the largest maximum and the sum of the errors.
    pub fn median(samples: &[Sample]) -> Sample {
        let of = |figure: fn(&Sample) -> f64| median(samples.iter().map(figure).collect());
        Sample {
            rate: of(|sample| sample.rate),
            p50: of(|sample| sample.p50),
            p99: of(|sample| sample.p99),
            max: samples.iter().map(|sample| sample.max).fold(0.0, f64::max),
            errors: samples.iter().map(|sample| sample.errors).sum(),
            bytes: of(|sample| sample.bytes),
            cpu: of(|sample| sample.cpu),
            database_cpu: of(|sample| sample.database_cpu),
        }
    }
}

/// The middle one; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[derive(Default)]
struct Tally {
    nanoseconds: Vec<u64>,
    errors: usize,
    bytes: usize,
    first_error: Option<String>,
}

/// Sends requests over so many connections for so long. CPU figures are left for the caller.
pub async fn run(address: SocketAddr, requests: &Requests, connections: usize, span: Duration) -> Result<Sample> {
    let started = Instant::now();
    let until = started + span;
    let tasks: Vec<_> =
        (0..connections).map(|_| tokio::spawn(one_connection(address, requests.clone(), until))).collect();
    let mut total = Tally::default();
    for task in tasks {
        let tally = task.await??;
        total.nanoseconds.extend(tally.nanoseconds);
        total.errors += tally.errors;
        total.bytes += tally.bytes;
        total.first_error = total.first_error.or(tally.first_error);
    }
    let seconds = started.elapsed().as_secs_f64();
    if let Some(error) = &total.first_error {
        eprintln!("  {} wrong answers, the first: {error}", total.errors);
    }
    Ok(sample(total, seconds))
}

async fn one_connection(address: SocketAddr, requests: Requests, until: Instant) -> Result<Tally> {
    let mut connection = Connection::open(address).await?;
    let mut tally = Tally::default();
    while Instant::now() < until {
        let sent = Instant::now();
        let answer = connection.call(requests.next()).await;
        let problem = match answer {
            Ok(answer) if answer.status == requests.status => {
                tally.nanoseconds.push(u64::try_from(sent.elapsed().as_nanos()).unwrap_or(u64::MAX));
                tally.bytes += answer.length;
                continue;
            }
            Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(connection.body())),
            Err(error) => {
                connection = Connection::open(address).await?;
                error.to_string()
            }
        };
        tally.errors += 1;
        tally.first_error.get_or_insert(problem);
    }
    Ok(tally)
}

fn sample(mut tally: Tally, seconds: f64) -> Sample {
    tally.nanoseconds.sort_unstable();
    let count = tally.nanoseconds.len();
    let place = |share: f64| ((count as f64 * share) as usize).min(count.saturating_sub(1));
    let at = |share: f64| tally.nanoseconds.get(place(share)).map_or(0.0, |nanoseconds| *nanoseconds as f64 / 1e6);
    Sample {
        rate: count as f64 / seconds,
        p50: at(0.5),
        p99: at(0.99),
        max: at(1.0),
        errors: tally.errors,
        bytes: tally.bytes as f64 / (count.max(1)) as f64,
        ..Sample::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_places_in_the_sorted_times() {
        let tally = Tally { nanoseconds: (1..=1000).rev().map(|ms| ms * 1_000_000).collect(), ..Tally::default() };
        let sample = sample(tally, 2.0);
        assert_eq!((sample.rate, sample.p50, sample.p99, sample.max), (500.0, 501.0, 991.0, 1000.0));
    }

    #[test]
    fn nothing_answered_is_no_division_by_zero() {
        let sample = sample(Tally { errors: 3, ..Tally::default() }, 1.0);
        assert_eq!((sample.rate, sample.p99, sample.bytes, sample.errors), (0.0, 0.0, 0.0, 3));
    }

    #[test]
    fn one_slow_round_does_not_move_the_median() {
        let rounds = [1.0, 9.0, 2.0].map(|rate| Sample { rate, max: rate, errors: 1, ..Sample::default() });
        let median = Sample::median(&rounds);
        assert_eq!((median.rate, median.max, median.errors), (2.0, 9.0, 3));
    }
}
