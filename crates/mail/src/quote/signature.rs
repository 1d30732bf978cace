//! Signatures: cut only where they say what they are.

use super::phrases;
use super::rules::{Class, Line};

/// A signature after a delimiter is at most this long; more is text.
const MAX_LINES: usize = 15;
/// After "Отправлено с iPhone" little follows.
const MAX_AFTER_DEVICE: usize = 4;

/// Marks the signature among the lines still taken for new.
pub fn mark(lines: &[Line<'_>], classes: &mut [Class]) {
    for (line, class) in lines.iter().zip(classes.iter_mut()) {
        if line.signature && *class == Class::New {
            *class = Class::Signature;
        }
    }
    // Above the quotation and below it: a signature closes a run of new lines.
    let mut at = 0;
    while at < lines.len() {
        if classes[at] != Class::New {
            at += 1;
            continue;
        }
        let end = (at..lines.len())
            .find(|index| classes[*index] == Class::Quoted || lines[*index].quoted)
            .unwrap_or(lines.len());
        if let Some(start) = find(&lines[at..end]) {
            for class in classes[at + start..end].iter_mut() {
                *class = Class::Signature;
            }
        }
        at = end.max(at + 1);
        while at < lines.len() && (classes[at] != Class::New || lines[at].quoted) {
            at += 1;
        }
    }
}

/// Where the signature starts in a run of own lines.
pub fn find(lines: &[Line<'_>]) -> Option<usize> {
    let filled = |from: usize| lines[from..].iter().filter(|line| !line.is_blank()).count();
    let delimiter = lines
        .iter()
        .rposition(|line| matches!(line.text, "--" | "-- "))
        .filter(|at| (2..=MAX_LINES + 1).contains(&filled(*at)));
    let device =
        lines.iter().position(|line| phrases::is_sent_from(line.text)).filter(|at| filled(*at) <= MAX_AFTER_DEVICE + 1);
    let contacts = contact_block(lines);
    let start = [delimiter, device, contacts].into_iter().flatten().min()?;
    Some(start)
}

/// "С уважением," and below it a name with telephones or addresses, up to the end.
fn contact_block(lines: &[Line<'_>]) -> Option<usize> {
    let start = lines.iter().rposition(|line| phrases::is_closing(line.text))?;
    let below: Vec<&Line<'_>> = lines[start + 1..].iter().filter(|line| !line.is_blank()).collect();
    let own_above = lines[..start].iter().any(|line| !line.is_blank());
    let contact = below.iter().any(|line| phrases::is_contact(line.text));
    let short = below.iter().all(|line| line.text.chars().count() <= 90);
    (own_above && contact && short && (2..=12).contains(&below.len())).then_some(start)
}
