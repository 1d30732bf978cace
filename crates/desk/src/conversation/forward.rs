//! A message is passed on to another conversation, with its files and the name of who said it.

use base::{Actor, ConversationId, FileId, MessageId, Result};
use chrono::Duration;
use db::Tx;

use super::start::{Outgoing, write};
use crate::message::{self, Extra};
use crate::{conversation, file};

/// Sends what a message says to the client of another conversation, or writes it there as a note.
pub(crate) async fn forward(
    tx: &Tx,
    actor: &Actor,
    id: MessageId,
    to: ConversationId,
    note: bool,
    undo: Duration,
) -> Result<MessageId> {
    let message = message::find(tx, actor, id).await?;
    conversation::find(tx, actor, to).await?;
    let mut html = message.html.clone();
    let mut file_ids: Vec<FileId> = Vec::new();
    for old in file::of_messages(tx, &[id]).await? {
        let copy = file::copy_for(tx, actor, &old).await?;
        html = html.replace(&format!("/files/{}/", old.id), &format!("/files/{copy}/"));
        file_ids.push(copy);
    }
    let extra = Extra { forwarded_from: Some(message.author_name.clone()), ..Extra::default() };
    let outgoing = Outgoing { note, html, file_ids, extra, ..Default::default() };
    write(tx, actor, to, outgoing, undo).await
}
