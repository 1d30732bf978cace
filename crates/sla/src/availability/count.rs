//! Spans of downtime as arithmetic. Pure.

use base::Timestamp;

/// From a moment until another.
pub(super) type Span = (Timestamp, Timestamp);

/// The same time without overlaps, in order.
pub(super) fn union(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.into_iter().filter(|(from, to)| from < to).collect();
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// What of these spans is between two moments.
pub(super) fn within(spans: &[Span], from: Timestamp, to: Timestamp) -> impl Iterator<Item = Span> + '_ {
    spans.iter().map(move |span| (span.0.max(from), span.1.min(to))).filter(|(from, to)| from < to)
}

/// How much of the time it worked, 0 to 100 with two decimals; none: there was no time.
pub(super) fn percent(working_seconds: i64, down_seconds: i64) -> Option<f64> {
    let worked = (working_seconds - down_seconds).max(0);
    (working_seconds > 0).then(|| (worked as f64 * 10_000.0 / working_seconds as f64).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn the_share_has_two_decimals() {
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(3600, 0), Some(100.0));
        assert_eq!(percent(30 * 86_400, 3600), Some(99.86));
        assert_eq!(percent(60, 90), Some(0.0));
    }

    proptest! {
        #[test]
        fn a_minute_counts_once_however_many_outages_share_it(
            spans in prop::collection::vec((0i64..300, 0i64..60), 0..12), from in 0i64..300, length in 0i64..200,
        ) {
            let joined = union(spans.iter().map(|(start, length)| (at(*start), at(start + length))));
            prop_assert!(joined.windows(2).all(|pair| pair[0].1 < pair[1].0), "in order, apart");
            let counted: i64 = within(&joined, at(from), at(from + length)).map(|(a, b)| (b - a).num_minutes()).sum();
            let down = |minute: i64| spans.iter().any(|(start, length)| (*start..start + length).contains(&minute));
            prop_assert_eq!(counted, (from..from + length).filter(|minute| down(*minute)).count() as i64);
        }
    }
}
