//! A local note, written in the same breath as the dot that makes an SMTP server take a letter.
//!
//! After a crash the database says "being handed over"; this file says whether the last dot was written. Between the
//! note and the dot there is no wait and no lock, only two system calls, which is as narrow as the gap can be made: SMTP
//! itself has no way to ask a server whether it took a letter. One file per process, named after it, in
//! `data_dir/handover`. A lost file (another machine took over) means that nobody can tell.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base::{Error, MessageId, Result};

/// What a journal tells of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The dot was not written: the server cannot have the letter.
    NotSent,
    /// The dot was written, the server's answer was never read.
    DotWritten,
    /// The server said that it has the letter.
    Taken,
    /// There is no journal of that process here.
    NoJournal,
}

/// The journal of this process.
pub(crate) struct Journal {
    file: Mutex<File>,
}

/// A longer file starts anew when nothing is under way.
const MAX_LENGTH: u64 = 1024 * 1024;

impl Journal {
    pub fn open(data_dir: &Path, owner: &str) -> Result<Self> {
        let folder = folder(data_dir);
        let fail = |error: std::io::Error| Error::internal(format!("{}: {error}", folder.display()));
        fs::create_dir_all(&folder).map_err(fail)?;
        let file = OpenOptions::new().create(true).append(true).open(path(data_dir, owner)).map_err(fail)?;
        Ok(Journal { file: Mutex::new(file) })
    }

    /// Right before the dot.
    pub fn dot(&self, message: MessageId, attempt: i64) {
        self.write("dot", message, attempt);
    }

    /// The server has answered the dot.
    pub fn answered(&self, message: MessageId, attempt: i64, taken: bool) {
        self.write(if taken { "taken" } else { "refused" }, message, attempt);
    }

    fn write(&self, what: &str, message: MessageId, attempt: i64) {
        let line = format!("{what} {message} {attempt}\n");
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file.write_all(line.as_bytes()) {
            tracing::error!(%error, "could not write the handing-over journal: {error}");
        }
    }

    /// Nothing is under way: what the file says is no longer needed.
    pub fn rest(&self) {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.metadata().is_ok_and(|data| data.len() > MAX_LENGTH)
            && let Err(error) = file.set_len(0)
        {
            tracing::warn!(%error, "could not shorten the handing-over journal: {error}");
        }
    }
}

/// What the journal of a process says of a try.
pub(crate) fn fate(data_dir: &Path, owner: &str, message: MessageId, attempt: i64) -> Fate {
    let Ok(text) = fs::read_to_string(path(data_dir, owner)) else { return Fate::NoJournal };
    let of_this = format!(" {message} {attempt}");
    let last = text.lines().rev().find_map(|line| line.strip_suffix(&of_this));
    match last {
        Some("dot") => Fate::DotWritten,
        Some("taken") => Fate::Taken,
        _ => Fate::NotSent,
    }
}

/// Deletes the journals of dead processes that no letter refers to any more.
pub(crate) fn sweep(data_dir: &Path, needed: &[String]) {
    let Ok(entries) = fs::read_dir(folder(data_dir)) else { return };
    let needed: Vec<PathBuf> = needed.iter().map(|owner| path(data_dir, owner)).collect();
    for entry in entries.flatten() {
        let file = entry.path();
        let owner = entry.file_name().to_string_lossy().trim_end_matches(".log").replace('_', "/");
        if !needed.contains(&file) && jobs::owner::is_dead(&owner) {
            let _ = fs::remove_file(file);
        }
    }
}

fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("handover")
}

fn path(data_dir: &Path, owner: &str) -> PathBuf {
    folder(data_dir).join(format!("{}.log", owner.replace('/', "_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_on_a_try_counts() {
        let folder = tempfile::tempdir().unwrap();
        let id = MessageId(uuid::Uuid::from_u128(7));
        assert_eq!(fate(folder.path(), "a/1", id, 1), Fate::NoJournal);
        let journal = Journal::open(folder.path(), "a/1").unwrap();
        assert_eq!(fate(folder.path(), "a/1", id, 1), Fate::NotSent);
        journal.dot(id, 1);
        assert_eq!(fate(folder.path(), "a/1", id, 1), Fate::DotWritten);
        assert_eq!(fate(folder.path(), "a/1", id, 11), Fate::NotSent, "another try");
        journal.answered(id, 1, false);
        assert_eq!(fate(folder.path(), "a/1", id, 1), Fate::NotSent);
        journal.dot(id, 2);
        journal.answered(id, 2, true);
        assert_eq!(fate(folder.path(), "a/1", id, 2), Fate::Taken);
    }
}
