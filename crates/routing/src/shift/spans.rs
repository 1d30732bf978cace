//! Pieces of time: sorted, not touching each other. Pure.

use base::Timestamp;
use chrono::TimeDelta;

pub(super) type Span = (Timestamp, Timestamp);

/// Sorted, with what overlaps or touches put together.
pub(super) fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    let mut all: Vec<Span> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match all.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

/// What of these lies in a window.
pub(super) fn within(spans: &[Span], (from, to): Span) -> Vec<Span> {
    spans.iter().map(|span| (span.0.max(from), span.1.min(to))).filter(|span| span.0 < span.1).collect()
}

/// What is left of these without the others; both are merged.
pub(super) fn without(spans: &[Span], others: &[Span]) -> Vec<Span> {
    let mut left = Vec::with_capacity(spans.len());
    for &(from, to) in spans {
        let mut begin = from;
        for &(other, until) in others.iter().filter(|other| other.0 < to && other.1 > from) {
            left.push((begin, other));
            begin = begin.max(until);
        }
        left.push((begin, to));
    }
    left.retain(|(from, to)| from < to);
    left
}

pub(super) fn length(spans: &[Span]) -> TimeDelta {
    spans.iter().map(|(from, to)| *to - *from).sum()
}
