//! Local notes around the dot that makes an SMTP server take a letter, by which its fate is known after a crash.
//!
//! The database then says "being handed over"; this file says whether the dot was about to be written and whether it
//! was. A kill between the two notes leaves the one case in which nobody can tell, and a person is asked; what lies
//! between them is one system call that does not wait (`net::dot`). The notes are not synced: they outlive the process,
//! not the machine, so after a restart of the machine only what the server answered counts. One file per process, named
//! after it, in `data_dir/handover`. A lost file (another machine took over) means that nobody can tell.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base::{Error, MessageId, Result};

use crate::net::Dot;

/// What a journal tells of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The dot was not written, or the server refused: it does not have the letter.
    NotSent,
    /// The dot was written, the server's answer was never read.
    DotWritten,
    /// The server said that it has the letter.
    Taken,
    /// Killed while the dot was written, or the notes are lost.
    Unknown,
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

    /// How far the dot has come.
    pub fn dot(&self, message: MessageId, attempt: i64, dot: Dot) {
        let what = match dot {
            Dot::Begins => "dot",
            Dot::Held => "held",
            Dot::Written => "written",
        };
        self.write(what, message, attempt);
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
    let Ok(text) = fs::read_to_string(path(data_dir, owner)) else { return Fate::Unknown };
    let of_this = format!(" {message} {attempt}");
    let last = text.lines().rev().find_map(|line| line.strip_suffix(&of_this));
    match last {
        Some("taken") => Fate::Taken,
        Some("refused") => Fate::NotSent,
        // The machine itself went down: later notes and what the kernel still had to deliver may be lost.
        _ if !jobs::owner::is_of_this_boot(owner) => Fate::Unknown,
        Some("written") => Fate::DotWritten,
        Some("dot") => Fate::Unknown,
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
        let owner = jobs::owner::this();
        let fate = |attempt| fate(folder.path(), owner, id, attempt);
        assert_eq!(fate(1), Fate::Unknown, "no journal");
        let journal = Journal::open(folder.path(), owner).unwrap();
        assert_eq!(fate(1), Fate::NotSent);
        journal.dot(id, 1, Dot::Begins);
        assert_eq!(fate(1), Fate::Unknown);
        assert_eq!(fate(11), Fate::NotSent, "another try");
        journal.dot(id, 1, Dot::Held);
        assert_eq!(fate(1), Fate::NotSent);
        journal.dot(id, 1, Dot::Begins);
        journal.dot(id, 1, Dot::Written);
        assert_eq!(fate(1), Fate::DotWritten);
        journal.answered(id, 1, false);
        assert_eq!(fate(1), Fate::NotSent);
        journal.dot(id, 2, Dot::Begins);
        journal.dot(id, 2, Dot::Written);
        journal.answered(id, 2, true);
        assert_eq!(fate(2), Fate::Taken);
    }

    #[test]
    fn after_a_restart_of_the_machine_only_an_answer_counts() {
        let folder = tempfile::tempdir().unwrap();
        let id = MessageId(uuid::Uuid::from_u128(7));
        let owner = "0a1b2c3d-0000-4000-8000-000000000000/4026531836/12/345";
        let journal = Journal::open(folder.path(), owner).unwrap();
        assert_eq!(fate(folder.path(), owner, id, 1), Fate::Unknown);
        journal.dot(id, 1, Dot::Written);
        assert_eq!(fate(folder.path(), owner, id, 1), Fate::Unknown);
        journal.answered(id, 1, true);
        assert_eq!(fate(folder.path(), owner, id, 1), Fate::Taken);
        journal.answered(id, 2, false);
        assert_eq!(fate(folder.path(), owner, id, 2), Fate::NotSent);
    }
}
