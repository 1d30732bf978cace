//! The job that sends a message to a chat.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{ChannelId, Error, MessageId, Result, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::parts::{file_bytes, parts};
use super::state::{self, Begun, Ours};
use crate::driver::{Driver, Failure, Link, Trouble};
use crate::settings::Settings;
use crate::{connection, drivers, link};

pub(crate) const SEND_MESSAGE: &str = "channels.send_message";
pub(crate) const SEND_NEXT: &str = "channels.send_next";

/// Sends a queued message, if it goes to a chat: what is needed of the event that told of it, or of the message before.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendMessage {
    pub subject: Option<Uuid>,
}

/// We stop trying after this long.
const GIVE_UP: chrono::Duration = chrono::Duration::days(1);

impl Job for SendMessage {
    const KIND: &'static str = SEND_MESSAGE;
    /// When to give up is decided by age, not by number.
    const MAX_ATTEMPTS: i64 = 100_000;
    const LEASE: Duration = Duration::from_secs(600);
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(id) = self.subject else { return Ok(()) };
        let Some(_busy) = Busy::with(&app, MessageId(id)) else { return Ok(()) };
        match state::begin(&app, MessageId(id)).await? {
            Begun::Nothing => Ok(()),
            Begun::Later(pause) => {
                Err(JobError::RetryAfter(pause, Error::internal("another process sends this message")))
            }
            Begun::Ours(ours) => send(&app, *ours).await,
        }
    }
}

/// Messages that jobs of this process are busy with.
#[derive(Default)]
struct AllBusy(Mutex<HashSet<MessageId>>);

impl AllBusy {
    fn ids(&self) -> MutexGuard<'_, HashSet<MessageId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message may be on the queue twice, by its own event and by the one before it. The second job leaves it to the first:
/// else it would take a message that is being sent for one whose sending broke off.
struct Busy(Arc<AllBusy>, MessageId);

impl Busy {
    fn with(app: &App, id: MessageId) -> Option<Self> {
        let all: Arc<AllBusy> = app.memory();
        let is_first = all.ids().insert(id);
        is_first.then(|| Busy(all, id))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.ids().remove(&self.1);
    }
}

/// Hears that a message was given up before it left: those behind it need not wait for it any more.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct SendNext(bus::Notice);

impl Job for SendNext {
    const KIND: &'static str = SEND_NEXT;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(chat) = self.0.data["chat_id"].as_str().and_then(|id| id.parse().ok()) else { return Ok(()) };
        Ok(state::send_next(&app, chat).await?)
    }
}

/// Until when vendors asked us to be silent, on this node.
#[derive(Default)]
pub(super) struct Silence(Mutex<HashMap<ChannelId, Timestamp>>);

impl Silence {
    fn left(&self, id: ChannelId, now: Timestamp) -> Option<Duration> {
        let until = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied()?;
        (until - now).to_std().ok().filter(|left| !left.is_zero())
    }

    fn keep(&self, id: ChannelId, until: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, until);
    }
}

async fn send(app: &App, ours: Ours) -> Result<(), JobError> {
    let Some(driver) = drivers::of(ours.channel.kind) else { return Ok(()) };
    let silence: Arc<Silence> = app.memory();
    if let Some(left) = silence.left(ours.channel.id, app.now()) {
        let trouble = Trouble::new(
            "Сервис просит подождать, отправим чуть позже.",
            "The service asks to wait; it leaves a little later.",
            "429",
        );
        state::later(app, &ours, ours.from_part, &trouble.words).await?;
        return Err(JobError::RetryAfter(left, Error::internal("the vendor asked to wait")));
    }
    let settings = Settings::of(app, &ours.channel)?;
    let link = Link { app: app.clone(), channel: ours.channel.clone(), settings };
    let files = match file_bytes(app, &ours.message).await {
        Ok(files) => files,
        Err(Error::NotFound(_)) => {
            let words = base::Words::new("Не найден приложенный файл.", "An attached file is missing.");
            return Ok(state::ended(app, &ours, ours.from_part, &words, false).await?);
        }
        Err(error) => return Err(error.into()),
    };
    let reply_to = match ours.message.reply_to_id {
        Some(id) => {
            let links = link::of_message(app.db.read(), id).await?;
            links.into_iter().find(|link| link.chat_id == ours.chat.id).map(|link| link.external_id)
        }
        None => None,
    };
    let extra = ours.message.extra();
    let all = parts(&ours.message, &extra, &ours.chat, files, reply_to, driver);
    let count = all.len();
    for (index, part) in all.iter().enumerate().skip(ours.from_part) {
        match driver.send(&link, part).await {
            Ok(sent) => state::part_sent(app, &ours, index, &sent, index + 1 == count).await?,
            Err(failure) => return failed(app, driver, &ours, index, failure, &silence).await,
        }
    }
    if count <= ours.from_part {
        state::part_sent(app, &ours, count.saturating_sub(1), &Default::default(), true).await?;
    }
    Ok(())
}

async fn failed(
    app: &App,
    driver: &dyn Driver,
    ours: &Ours,
    sent_parts: usize,
    failure: Failure,
    silence: &Silence,
) -> Result<(), JobError> {
    let id = ours.message.id;
    let too_old = app.now() - ours.message.created_at > GIVE_UP;
    let (trouble, pause) = match failure {
        Failure::Refused(words, technical) => {
            tracing::warn!(message = %id, "message {id} was refused: {technical}");
            return Ok(state::ended(app, ours, sent_parts, &words, false).await?);
        }
        Failure::Blocked(words) => return Ok(state::ended(app, ours, sent_parts, &words, true).await?),
        Failure::Unknown(technical) if !driver.about().capabilities.resend_is_safe => {
            tracing::warn!(message = %id, "nobody knows whether message {id} arrived: {technical}");
            return Ok(state::ended(app, ours, sent_parts, &state::unknown(), false).await?);
        }
        Failure::Unknown(technical) => {
            let words = ("Сервис не ответил, пробуем ещё раз.", "The service did not answer; we try again.");
            (Trouble::new(words.0, words.1, technical), backoff(ours.attempts))
        }
        Failure::Account(trouble) => {
            connection::report(app, &ours.channel, &trouble).await?;
            (trouble, backoff(ours.attempts).max(Duration::from_secs(30)))
        }
        Failure::Later(trouble) => {
            if let Some(wait) = trouble.retry_after {
                silence.keep(ours.channel.id, app.now() + wait);
            }
            let pause = trouble.retry_after.unwrap_or_else(|| backoff(ours.attempts));
            (trouble, pause)
        }
    };
    if too_old {
        return Ok(state::ended(app, ours, sent_parts, &trouble.words, false).await?);
    }
    state::later(app, ours, sent_parts, &trouble.words).await?;
    Err(JobError::RetryAfter(pause, Error::internal(trouble.to_string())))
}

/// 2 s, 4 s, ... five minutes.
fn backoff(attempts: i64) -> Duration {
    Duration::from_secs(2u64.saturating_pow(u32::try_from(attempts.clamp(1, 9)).unwrap_or(9)).min(300))
}
