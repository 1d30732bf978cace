//! Words that changed, or were withdrawn, after they were sent: the client's copy follows.

use app::{App, Attempt, Job, JobError};
use base::{Error, MessageId, Result};
use desk::message::{self, Delivery};
use desk::{channel, chat};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::parts::parts;
use crate::driver::{Failure, Link};
use crate::settings::Settings;
use crate::{drivers, link};

pub(crate) const CHANGE_MESSAGE: &str = "channels.change_message";

/// Hears that a message was edited or deleted.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ChangeMessage(bus::Notice);

impl Job for ChangeMessage {
    const KIND: &'static str = CHANGE_MESSAGE;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let Some(id) = self.0.subject.filter(|_| self.0.data["by"] == "staff") else { return Ok(()) };
        let Some(message) = message::Entity::find_by_id(MessageId(id)).one(app.db.read()).await? else { return Ok(()) };
        let Some(chat_id) = message.chat_id else { return Ok(()) };
        // One that has not left yet leaves with its new words, or not at all.
        if matches!(message.delivery, Some(Delivery::Queued | Delivery::Cancelled)) {
            return Ok(());
        }
        let chat = chat::find(app.db.read(), chat_id).await?;
        let channel = channel::find(app.db.read(), chat.channel_id).await?;
        let Some(driver) = drivers::of(channel.kind) else { return Ok(()) };
        let settings = Settings::of(&app, &channel)?;
        let link = Link { app: app.clone(), channel, settings };
        let links = link::of_message(app.db.read(), message.id).await?;
        if message.deleted_at.is_some() {
            for one in &links {
                settled(driver.delete(&link, &chat, &one.external_id).await)?;
            }
            return Ok(());
        }
        let extra = message.extra();
        let changed = parts(&message, &extra, &chat, super::file_bytes(&app, &message).await?, None, driver);
        for (index, part) in changed.iter().enumerate() {
            if let Some(one) = links.iter().find(|one| one.part == index as i64)
                && part.text.is_some()
            {
                settled(driver.edit(&link, &chat, &one.external_id, part).await)?;
            }
        }
        Ok(())
    }
}

/// A refusal is final: the words here are changed, the client's stay; the job's page tells.
fn settled(result: Result<(), Failure>) -> Result<(), JobError> {
    match result {
        Ok(()) => Ok(()),
        Err(Failure::Refused(words, technical)) => {
            Err(JobError::Fail(Error::internal(format!("{} ({technical})", words.en))))
        }
        Err(Failure::Blocked(words)) => Err(JobError::Fail(Error::internal(words.en))),
        Err(Failure::Later(trouble) | Failure::Account(trouble)) => {
            let error = Error::internal(trouble.to_string());
            Err(trouble.retry_after.map_or(JobError::Retry(Error::internal(trouble.to_string())), |wait| {
                JobError::RetryAfter(wait, error)
            }))
        }
        Err(Failure::Unknown(technical)) => Err(JobError::Retry(Error::internal(technical))),
    }
}
