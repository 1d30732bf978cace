//! An optional copy of a sent letter in the mailbox's own Sent folder, for people who also read it in a mail program.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use async_imap::types::NameAttribute;
use base::{Error, MessageId, Result};
use futures::TryStreamExt;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::entity::Entity;
use crate::Trust;
use crate::mailbox::{self, access, imap_server};
use crate::net::imap::{self, COMMAND, Imap, lost};
use crate::net::{Step, Trouble, within};

/// Puts the copy there. Running twice could leave two copies, so the folder is asked first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SaveSent {
    pub message_id: MessageId,
}

impl Job for SaveSent {
    const KIND: &'static str = "email.save_sent";
    const MAX_ATTEMPTS: i64 = 6;
    const LEASE: Duration = Duration::from_secs(300);
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let read = app.db.read();
        let Some(row) = Entity::find_by_id(self.message_id).one(read).await? else { return Ok(()) };
        let (Some(key), Some(mailbox_id)) = (row.raw_key, row.mailbox_id) else { return Ok(()) };
        let Some(mailbox) = mailbox::Entity::find_by_id(mailbox_id).one(read).await? else { return Ok(()) };
        let bytes = app.files.get(&key).await?;
        let saved = save(&app, &mailbox, &row.rfc_message_id, &bytes).await;
        saved.map_err(|trouble| JobError::Retry(Error::internal(trouble)))
    }
}

async fn save(app: &App, mailbox: &mailbox::Model, rfc_message_id: &str, bytes: &[u8]) -> Result<(), Trouble> {
    let tls = Trust::of(app).map_err(|error| Trouble::lost(Step::Tls, &mailbox.imap_host, error))?;
    let access = access(app, &tls, mailbox).await?;
    let mut connection = imap::sign_in(&imap_server(mailbox), &tls, &access.imap, &access.hint).await?;
    let folder = sent_folder(&mut connection).await?;
    let host = connection.host.clone();
    let fail = |error| lost(Step::Folder, &host, error);
    within(COMMAND, Step::Folder, &host, connection.session.examine(&folder)).await?.map_err(fail)?;
    let asked = format!("HEADER Message-ID \"<{rfc_message_id}>\"");
    let there = within(COMMAND, Step::Folder, &host, connection.session.uid_search(asked)).await?.map_err(fail)?;
    if there.is_empty() {
        let append = connection.session.append(&folder, Some("(\\Seen)"), None, bytes);
        within(COMMAND, Step::Folder, &host, append).await?.map_err(fail)?;
    }
    connection.leave().await;
    Ok(())
}

/// The folder the server marks as `\Sent` (RFC 6154), else the one called Sent. In the server's own spelling.
async fn sent_folder(connection: &mut Imap) -> Result<String, Trouble> {
    let host = connection.host.clone();
    let listed = within(COMMAND, Step::Folder, &host, async {
        let names = connection.session.list(Some(""), Some("*")).await?;
        names.try_collect::<Vec<_>>().await
    });
    let names = listed.await?.map_err(|error| lost(Step::Folder, &host, error))?;
    let marked = names.iter().find(|name| name.attributes().contains(&NameAttribute::Sent));
    Ok(marked.map_or("Sent".to_owned(), |name| name.name().to_owned()))
}
