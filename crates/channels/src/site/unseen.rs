//! Answers that a visitor did not see because he had left go to his mail; his reply by mail goes on with the same
//! conversation.
//!
//! Invariant: an answer goes by mail at most once (`site_mail`, in the transaction that writes the letter), and never while
//! its visitor is on his page.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::{App, Attempt, Job, JobError};
use base::{Actor, ChatId, MessageId, Result, Timestamp};
use db::{Tx, dialect};
use desk::channel;
use desk::conversation::{self, Letter, NewFile};
use desk::message::{self, AuthorKind, Delivery};
use desk::people::Address;
use desk::{chat, file, line, setting};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::letters;
use super::registry::Registry;
use super::settings::SiteSettings;
use crate::settings::Settings;

/// Sends by mail what was not seen.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailUnseen {}

/// Older ones are nobody's wish any more.
const OLDEST: chrono::Duration = chrono::Duration::days(3);

impl Job for MailUnseen {
    const KIND: &'static str = "channels.mail_unseen";
    const EVERY: Option<std::time::Duration> = Some(std::time::Duration::from_secs(30));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let now = app.now();
        // The shortest wait there is; each chat's own is looked at below.
        let waiting = message::Entity::find()
            // In words, not as parameters: only then SQLite takes the partial index.
            .filter(Expr::cust("channel = 'chat' and delivery in ('sent', 'delivered')"))
            .filter(message::Column::Automatic.is_null())
            .filter(message::Column::CreatedAt.lte(now - chrono::Duration::minutes(1)))
            .filter(message::Column::CreatedAt.gt(now - OLDEST))
            .filter(Expr::cust("not exists (select 1 from site_mail where site_mail.message_id = message.id)"))
            .order_by_asc(message::Column::CreatedAt)
            .limit(500)
            .all(app.db.read())
            .await?;
        let mut by_chat: BTreeMap<ChatId, Vec<message::Model>> = BTreeMap::new();
        for message in waiting {
            if let Some(chat_id) = message.chat_id {
                by_chat.entry(chat_id).or_default().push(message);
            }
        }
        for (chat_id, messages) in by_chat {
            mail(&app, chat_id, messages, now).await?;
        }
        Ok(())
    }
}

/// One letter with everything a visitor has not seen.
async fn mail(app: &App, chat_id: ChatId, messages: Vec<message::Model>, now: Timestamp) -> Result<()> {
    let chat = chat::find(app.db.read(), chat_id).await?;
    let Ok(channel) = channel::find(app.db.read(), chat.channel_id).await else { return Ok(()) };
    let settings = SiteSettings::read(&Settings::of(app, &channel)?)?;
    let registry: Arc<Registry> = app.memory();
    let is_there = registry.is_here(chat_id) || chat.online_at.is_some_and(|at| at > now - settings.left_after);
    let is_due = messages.iter().any(|message| message.created_at <= now - settings.mail_after);
    if !settings.mail_unseen || is_there || !is_due {
        return Ok(());
    }
    let tx = app.write().await?;
    let Some(address) = letters::address_of(&tx, &chat).await? else { return Ok(()) };
    let Some(last) = messages.last() else { return Ok(()) };
    let conversation = conversation::find_to_change(&tx, &Actor::system(), last.conversation_id).await?;
    let own: Vec<&message::Model> =
        messages.iter().filter(|message| message.conversation_id == conversation.id).collect();
    let ours = claim(&tx, &own).await?;
    let unseen: Vec<&message::Model> = own.into_iter().filter(|message| ours.contains(&message.id)).collect();
    if unseen.is_empty() {
        return Ok(());
    }
    let keepers: Vec<MessageId> = unseen.iter().map(|message| message.keeper_of_files()).collect();
    let files = file::of_messages(&tx, &keepers).await?;
    let language = setting::company(&tx).await?.default_locale;
    let words = base::Words::new(
        "Вы ушли с сайта, не дождавшись ответа. Ответьте на это письмо, и разговор продолжится.",
        "You left the site before the answer came. Reply to this letter and the conversation goes on.",
    );
    let mut html = String::new();
    let faces = line::faces(&tx, [conversation.id]).await?;
    for message in &unseen {
        let face = faces.get(&conversation.id).filter(|_| message.author_kind == AuthorKind::User);
        let author = face.unwrap_or(&message.author_name);
        html += &rich::from_plain(&format!("{author}:"));
        html += &rich::Document::from_html(&message.html).to_html();
    }
    html += &rich::from_plain(words.get(language));
    let name = Some(chat.title.clone()).filter(|title| !title.is_empty());
    let letter = Letter { to: Address { name, address }, html, files: files.iter().map(copy_of).collect() };
    conversation::write_to_absent(&tx, &conversation, letter).await?;
    tx.commit().await
}

/// Those of these messages that are still unseen and that nobody has put into a letter.
async fn claim(tx: &Tx, messages: &[&message::Model]) -> Result<Vec<MessageId>> {
    let unseen = message::Entity::find()
        .filter(message::Column::Id.is_in(messages.iter().map(|message| message.id)))
        .filter(message::Column::Delivery.is_in([Delivery::Sent, Delivery::Delivered]))
        .filter(message::Column::DeletedAt.is_null())
        .all(tx)
        .await?;
    let mut ours = Vec::with_capacity(unseen.len());
    for message in unseen {
        let sql = "insert into site_mail (message_id, mailed_at) values ($1, $2) on conflict (message_id) do nothing";
        let inserted = tx.execute_raw(dialect::statement(tx, sql, [message.id.0.into(), tx.now().into()])).await?;
        if inserted.rows_affected() > 0 {
            ours.push(message.id);
        }
    }
    Ok(ours)
}

fn copy_of(row: &file::Model) -> NewFile {
    NewFile {
        storage_key: row.storage_key.clone(),
        name: row.name.clone(),
        content_type: row.content_type.clone(),
        size: row.size,
        content_id: None,
        inline: false,
        media: row.media,
        duration_ms: row.duration_ms,
    }
}
