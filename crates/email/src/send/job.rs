//! The jobs of sending.

use std::sync::Arc;
use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{Error, MessageId, Result, Words};
use serde::{Deserialize, Serialize};

use super::handover::{self, Begun, Ended};
use super::letter::{self, Letter};
use super::pool::Sending;
use crate::Trust;
use crate::net::smtp::{Handover, Reply};
use crate::net::{Tls, Trouble};

pub(crate) const QUEUE_MAIL: &str = "email.queue_mail";

/// Hears of a queued answer and plans its sending for when it can no longer be taken back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct QueueMail(bus::Notice);

impl Job for QueueMail {
    const KIND: &'static str = QUEUE_MAIL;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(id) = self.0.subject else { return Ok(()) };
        Ok(handover::plan(&app, MessageId(id)).await?)
    }
}

/// Sends one letter.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendMail {
    pub message_id: MessageId,
}

impl Job for SendMail {
    const KIND: &'static str = "email.send_mail";
    /// When to give up is decided by age, not by number.
    const MAX_ATTEMPTS: i64 = 100_000;
    const LEASE: Duration = Duration::from_secs(600);
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let sending: Arc<Sending> = app.memory();
        let Some(_under_way) = sending.enter(self.message_id) else { return Ok(()) };
        // The journal exists before a letter is claimed: found without one, nobody could tell what became of it.
        sending.journal(&app.config.data_dir)?;
        let begun = match handover::begin(&app, self.message_id).await? {
            Begun::Nothing => return Ok(()),
            Begun::Later(pause) => {
                return Err(JobError::RetryAfter(pause, Error::internal("another node is sending this letter")));
            }
            Begun::Ours(begun) => begun,
        };
        let ended = match letter::write(&app, &begun.message, &begun.mailbox, &begun.rfc_message_id).await {
            Ok(letter) => hand_over(&app, &sending, &begun, letter).await,
            Err(Error::NotFound(_)) => Ended::Failed(lost_file()),
            Err(error) => Ended::Later(
                Words::new("Внутренняя ошибка, мы попробуем снова.", "An internal error; we will try again."),
                format!("{error:#}"),
            ),
        };
        match handover::end(&app, &begun, ended).await? {
            Some((pause, error)) => Err(JobError::RetryAfter(pause, Error::internal(error))),
            None => Ok(()),
        }
    }
}

/// Hands over, over a kept connection if there is one; when that turns out to be dead, once more over a fresh one.
async fn hand_over(app: &App, sending: &Arc<Sending>, begun: &handover::Ours, letter: Letter) -> Ended {
    if letter.to.is_empty() {
        return Ended::Failed(Words::new("Не указан ни один получатель.", "There is no recipient."));
    }
    let tls = match Trust::of(app) {
        Ok(tls) => tls,
        Err(error) => {
            return Ended::Later(
                Words::new(
                    "Не читается файл доверенных центров (extra_ca).",
                    "The file of trusted authorities (extra_ca) cannot be read.",
                ),
                error.to_string(),
            );
        }
    };
    let gate = sending.gate(begun.mailbox.id);
    let Ok(_place) = gate.acquire().await else {
        return Ended::Later(Words::new("Сервер останавливается.", "The server is stopping."), String::new());
    };
    loop {
        match try_once(app, &tls, sending, begun, &letter).await {
            Ok((Handover::Broken(_) | Handover::Refused(Reply { permanent: false, .. }), true)) => {}
            Ok((handover, _)) => return ended(handover, letter),
            Err(trouble) => return Ended::Later(trouble.words.clone(), trouble.to_string()),
        }
    }
}

/// One conversation with the server; tells whether the connection was used before.
async fn try_once(
    app: &App,
    tls: &Tls,
    sending: &Arc<Sending>,
    begun: &handover::Ours,
    letter: &Letter,
) -> Result<(Handover, bool), Trouble> {
    let (mut connection, reused) = sending.connection(app, tls, &begun.mailbox).await?;
    let journal = match sending.journal(&app.config.data_dir) {
        Ok(journal) => journal,
        Err(error) => return Ok((Handover::Broken(Trouble::lost(crate::net::Step::Send, "", error)), false)),
    };
    let (id, attempt) = (begun.message.id, begun.attempt);
    let notes = journal.clone();
    let on_dot = move |dot| notes.dot(id, attempt, dot);
    let handover = connection.deliver(&letter.from, &letter.to, &letter.bytes, on_dot).await;
    match &handover {
        Handover::Accepted { .. } => journal.answered(id, attempt, true),
        Handover::Refused(_) | Handover::Broken(_) => journal.answered(id, attempt, false),
        Handover::Unknown(_) => {}
    }
    if matches!(handover, Handover::Accepted { .. }) {
        sending.put_back(&begun.mailbox, connection);
    }
    Ok((handover, reused))
}

fn ended(handover: Handover, letter: Letter) -> Ended {
    match handover {
        Handover::Accepted { refused } => Ended::Sent { letter: Box::new(letter), refused },
        Handover::Refused(reply) if reply.permanent => Ended::Failed(refusal(&reply)),
        Handover::Refused(reply) => Ended::Later(refusal(&reply), reply.text),
        Handover::Broken(trouble) => Ended::Later(trouble.words.clone(), trouble.to_string()),
        Handover::Unknown(trouble) => Ended::Unknown(trouble.technical),
    }
}

/// A server's refusal in plain words, with its own words for whoever runs it.
pub(super) fn refusal(reply: &Reply) -> Words {
    let say = |language| format!("{} ({})", mail::plain_reason(None, Some(&reply.text), language), reply.text);
    Words::owned(say("ru"), say("en"))
}

fn lost_file() -> Words {
    Words::new("Не найден приложенный файл.", "An attached file is missing.")
}
