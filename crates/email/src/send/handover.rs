//! The state of a letter around its handing over: claimed before, recorded after, worked out after a crash.
//!
//! A letter is claimed (`HandingOver`, with our name) in a transaction of its own before SMTP hears of it. Found in that
//! state later, its fate is read from the owner's journal: no dot begun, so it is sent again; the dot written, so the
//! server has it (the kernel delivers what was written even when the process is killed), and sending again would make a
//! second copy; begun and not known to be written, or no journal: nobody knows, and the operator is asked.

use std::time::Duration;

use app::App;
use base::{Actor, MessageId, Result, Words};
use db::Tx;
use desk::conversation::Channel;
use desk::message::{self, Delivery, Kind};
use desk::{conversation, setting};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

use super::entity::{Entity, Model, State};
use super::job::{SendMail, refusal};
use super::journal::{Fate, fate};
use super::letter::{Letter, rfc_message_id};
use super::save::SaveSent;
use crate::accept::thread;
use crate::mailbox;
use crate::net::smtp::Reply;

/// A letter that this process may hand over now.
pub(super) struct Ours {
    pub message: message::Model,
    pub mailbox: mailbox::Model,
    pub rfc_message_id: String,
    pub attempt: i64,
}

pub(super) enum Begun {
    /// Sent, cancelled, taken back, or failed for good.
    Nothing,
    /// Somebody else has it.
    Later(Duration),
    Ours(Box<Ours>),
}

/// How a handing over ended.
pub(super) enum Ended {
    Sent {
        letter: Box<Letter>,
        refused: Vec<(String, Reply)>,
    },
    /// Trying again cannot help.
    Failed(Words),
    /// Try again; the words are for people, the text is for the log.
    Later(Words, String),
    /// The connection broke after the dot.
    Unknown(String),
}

/// We stop trying after this long.
const GIVE_UP: chrono::Duration = chrono::Duration::days(2);

/// Puts the sending job on the queue for the moment when the answer can no longer be taken back.
pub(super) async fn plan(app: &App, id: MessageId) -> Result<()> {
    let tx = app.write().await?;
    let Some(message) = message::Entity::find_by_id(id).one(&tx).await? else { return Ok(()) };
    if message.channel != Channel::Email {
        return Ok(());
    }
    let at = message.undo_until.unwrap_or(tx.now()).max(tx.now());
    jobs::enqueue_at(&tx, &SendMail { message_id: id }, at).await?;
    tx.commit().await
}

/// Claims a letter.
pub(super) async fn begin(app: &App, id: MessageId) -> Result<Begun> {
    let tx = app.write().await?;
    let Some(found) = message::Entity::find_by_id(id).one(&tx).await? else { return Ok(Begun::Nothing) };
    // Whoever takes the answer back holds the conversation too: one of us comes first.
    let conversation = conversation::find_to_change(&tx, &Actor::system(), found.conversation_id).await?;
    let Some(message) = message::Entity::find_by_id(id).one(&tx).await? else { return Ok(Begun::Nothing) };
    if message.kind != Kind::Outbound || !matches!(message.delivery, Some(Delivery::Queued | Delivery::Sending)) {
        return Ok(Begun::Nothing);
    }
    let known = Entity::find_by_id(id).one(&tx).await?;
    if let Some(known) = &known {
        match known.state {
            State::Sent => {
                record(&tx, &message, Delivery::Sent, None).await?;
                tx.commit().await?;
                return Ok(Begun::Nothing);
            }
            State::HandingOver => match recover(app, tx, known, &message).await? {
                Recovered::Settled => return Ok(Begun::Nothing),
                Recovered::Later(pause) => return Ok(Begun::Later(pause)),
                Recovered::Again(again) => {
                    return claim(
                        app,
                        again,
                        known.attempts + 1,
                        Some(known.rfc_message_id.clone()),
                        message,
                        &conversation,
                    )
                    .await;
                }
            },
            State::Waiting | State::Unknown | State::Failed => {}
        }
    }
    let attempt = known.as_ref().map_or(0, |known| known.attempts) + 1;
    claim(app, tx, attempt, known.map(|known| known.rfc_message_id), message, &conversation).await
}

async fn claim(
    app: &App,
    tx: Tx,
    attempt: i64,
    rfc_message_id_before: Option<String>,
    message: message::Model,
    conversation: &conversation::Model,
) -> Result<Begun> {
    let Some(mailbox) = mailbox::sender_of(&tx, conversation).await? else {
        let words = Words::new(
            "У линии нет включённого почтового ящика: подключите его и отправьте ещё раз.",
            "The line has no enabled mailbox: connect one and send again.",
        );
        let text = words.get(setting::company(&tx).await?.default_locale).to_owned();
        record(&tx, &message, Delivery::Failed, Some(text)).await?;
        tx.commit().await?;
        return Ok(Begun::Nothing);
    };
    let rfc_message_id = rfc_message_id_before.unwrap_or_else(|| rfc_message_id(app, &message, &mailbox.address));
    let row = Model {
        message_id: message.id,
        mailbox_id: Some(mailbox.id),
        rfc_message_id: rfc_message_id.clone(),
        state: State::HandingOver,
        attempts: attempt,
        owner: Some(jobs::owner::this().to_owned()),
        raw_key: None,
        refused: None,
        handed_over_at: None,
        created_at: tx.now(),
    };
    use super::entity::Column;
    let again = OnConflict::column(Column::MessageId)
        .update_columns([Column::MailboxId, Column::State, Column::Attempts, Column::Owner])
        .to_owned();
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(&tx).await?;
    // Known before the letter leaves: the answer may be faster than our note that it was sent.
    let link = thread::ActiveModel {
        rfc_message_id: Set(rfc_message_id.clone()),
        conversation_id: Set(message.conversation_id),
        message_id: Set(Some(message.id)),
        line_id: Set(conversation.line_id),
        outgoing: Set(true),
        created_at: Set(message.created_at),
    };
    thread::Entity::insert(link)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await?;
    if message.delivery != Some(Delivery::Sending) {
        message::set_delivery(
            &tx,
            &Actor::system(),
            message.id,
            Delivery::Sending,
            message.delivery_error.clone(),
            attempt,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(Begun::Ours(Box::new(Ours { message, mailbox, rfc_message_id, attempt })))
}

enum Recovered {
    Settled,
    Later(Duration),
    /// It did not leave: try again in this transaction.
    Again(Tx),
}

/// Works out what became of a letter that somebody began to hand over and never finished.
async fn recover(app: &App, tx: Tx, known: &Model, message: &message::Model) -> Result<Recovered> {
    let owner = known.owner.clone().unwrap_or_default();
    let ours = owner == jobs::owner::this();
    if !ours && !jobs::owner::is_dead(&owner) {
        let since = message.delivery_at.unwrap_or(message.created_at);
        // Longer than any job may run: that process is not sending any more.
        if tx.now() - since < chrono::Duration::minutes(20) {
            return Ok(Recovered::Later(Duration::from_secs(60)));
        }
    }
    match fate(&app.config.data_dir, &owner, message.id, known.attempts) {
        Fate::NotSent => Ok(Recovered::Again(tx)),
        fate @ (Fate::Taken | Fate::DotWritten) => {
            tracing::info!(message.id = %message.id, ?fate, "a letter had been handed over when the server stopped: {}", message.id);
            let words = Words::new(
                "Сервер Отклика остановился в момент отправки. Письмо передано почтовому серверу, но его подтверждение прочитать не успели.",
                "The Otklik server stopped at the moment of sending. The message was handed to the mail server, but its confirmation was not read.",
            );
            let note = match fate == Fate::DotWritten {
                true => Some(words.get(setting::company(&tx).await?.default_locale).to_owned()),
                false => None,
            };
            set_state(&tx, message.id, State::Sent, None).await?;
            record(&tx, message, Delivery::Sent, note).await?;
            tx.commit().await?;
            Ok(Recovered::Settled)
        }
        Fate::Unknown => {
            tracing::warn!(message.id = %message.id, owner, "nobody can say whether a letter left when the server stopped: {}", message.id);
            let words = Words::new(
                "Сервер Отклика остановился в самый момент отправки, и неизвестно, ушло ли письмо. Если отправить ещё раз, клиент может получить второй экземпляр.",
                "The Otklik server stopped at the very moment of sending, and nobody can say whether the message left. If you send it again the client may get a second copy.",
            );
            let text = words.get(setting::company(&tx).await?.default_locale).to_owned();
            set_state(&tx, message.id, State::Unknown, None).await?;
            record(&tx, message, Delivery::Failed, Some(text)).await?;
            tx.commit().await?;
            Ok(Recovered::Settled)
        }
    }
}

fn unknown_words() -> Words {
    Words::new(
        "Связь с почтовым сервером оборвалась в последний момент, и неизвестно, ушло ли письмо. Если отправить ещё раз, клиент может получить второй экземпляр.",
        "The connection to the mail server broke at the last moment, and nobody can say whether the message left. If you send it again the client may get a second copy.",
    )
}

/// Records the end. The database may be away for a moment: what a server said must not be forgotten, so this insists.
/// Answers when and why to try again.
pub(super) async fn end(app: &App, begun: &Ours, ended: Ended) -> Result<Option<(Duration, String)>> {
    let mut pause = Duration::from_millis(100);
    loop {
        match write_end(app, begun, &ended).await {
            Ok(next) => return Ok(next),
            Err(error) if pause < Duration::from_secs(60) => {
                tracing::warn!(%error, "could not record the end of a sending, trying again: {error}");
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn write_end(app: &App, begun: &Ours, ended: &Ended) -> Result<Option<(Duration, String)>> {
    let raw_key = match ended {
        Ended::Sent { letter, .. } => Some(keep_copy(app, begun, letter).await?),
        _ => None,
    };
    let tx = app.write().await?;
    let language = setting::company(&tx).await?.default_locale;
    let id = begun.message.id;
    let mut next = None;
    match ended {
        Ended::Sent { letter, refused } => {
            let note = (!refused.is_empty()).then(|| partly(refused).get(language).to_owned());
            sent(&tx, begun, letter, refused, raw_key).await?;
            record_try(&tx, begun, Delivery::Sent, note).await?;
            if begun.mailbox.save_sent {
                jobs::enqueue(&tx, &SaveSent { message_id: id }).await?;
            }
        }
        Ended::Failed(words) => {
            set_state(&tx, id, State::Failed, None).await?;
            record_try(&tx, begun, Delivery::Failed, Some(words.get(language).to_owned())).await?;
        }
        Ended::Unknown(technical) => {
            tracing::warn!(message.id = %id, technical, "nobody can say whether letter {id} left: {technical}");
            set_state(&tx, id, State::Unknown, None).await?;
            record_try(&tx, begun, Delivery::Failed, Some(unknown_words().get(language).to_owned())).await?;
        }
        Ended::Later(words, technical) if tx.now() - begun.message.created_at > GIVE_UP && begun.attempt > 10 => {
            tracing::warn!(message.id = %id, technical, "gave up letter {id}: {technical}");
            set_state(&tx, id, State::Failed, None).await?;
            record_try(&tx, begun, Delivery::Failed, Some(words.get(language).to_owned())).await?;
        }
        Ended::Later(words, technical) => {
            set_state(&tx, id, State::Waiting, None).await?;
            record_try(&tx, begun, Delivery::Queued, Some(words.get(language).to_owned())).await?;
            next = Some((pause_after(begun.attempt), technical.clone()));
        }
    }
    tx.commit().await?;
    Ok(next)
}

/// 10 s, 30 s, 1 min, 2, 5, 10, 30 min, then hourly.
fn pause_after(attempt: i64) -> Duration {
    let seconds = match attempt {
        ..=1 => 10,
        2 => 30,
        3 => 60,
        4 => 120,
        5 => 300,
        6 => 600,
        7 => 1800,
        _ => 3600,
    };
    Duration::from_secs(seconds)
}

/// The bytes as they went, for whoever asks what the client really got.
async fn keep_copy(app: &App, begun: &Ours, letter: &Letter) -> Result<String> {
    let key = format!("mail-sent/{}.eml", begun.message.id.0.simple());
    app.files.put(&key, bytes::Bytes::copy_from_slice(&letter.bytes)).await?;
    Ok(key)
}

async fn sent(
    tx: &Tx,
    begun: &Ours,
    letter: &Letter,
    refused: &[(String, Reply)],
    raw_key: Option<String>,
) -> Result<()> {
    let refused: Vec<(&str, &str)> =
        refused.iter().map(|(address, reply)| (address.as_str(), reply.text.as_str())).collect();
    let refused = if refused.is_empty() { None } else { Some(serde_json::to_value(refused)?) };
    set_state(tx, begun.message.id, State::Sent, Some((raw_key.clone(), refused))).await?;
    let source = message::source::Model {
        message_id: begun.message.id,
        html: mail::html::sanitize(&letter.html),
        text: letter.text.clone(),
        headers: serde_json::to_value([("Message-ID", format!("<{}>", begun.rfc_message_id))])?,
        raw_key,
    };
    let again = OnConflict::column(message::source::Column::MessageId).do_nothing().to_owned();
    message::source::Entity::insert(source.into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

fn partly(refused: &[(String, Reply)]) -> Words {
    let list = |language: fn(&Words) -> &str| {
        let each = refused.iter().map(|(address, reply)| format!("{address}: {}", language(&refusal(reply))));
        each.collect::<Vec<_>>().join("; ")
    };
    Words::owned(
        format!("Отправлено не всем. {}", list(|words| &words.ru)),
        format!("Not sent to everybody. {}", list(|words| &words.en)),
    )
}

async fn set_state(
    tx: &Tx,
    id: MessageId,
    state: State,
    sent: Option<(Option<String>, Option<serde_json::Value>)>,
) -> Result<()> {
    let mut row = super::entity::ActiveModel {
        message_id: sea_orm::Unchanged(id),
        state: Set(state),
        owner: Set(None),
        ..Default::default()
    };
    if let Some((raw_key, refused)) = sent {
        row.raw_key = Set(raw_key);
        row.refused = Set(refused);
        row.handed_over_at = Set(Some(tx.now()));
    }
    row.update(tx).await?;
    Ok(())
}

async fn record_try(tx: &Tx, begun: &Ours, delivery: Delivery, error: Option<String>) -> Result<()> {
    message::set_delivery(tx, &Actor::system(), begun.message.id, delivery, error, begun.attempt).await
}

async fn record(tx: &Tx, message: &message::Model, delivery: Delivery, error: Option<String>) -> Result<()> {
    message::set_delivery(tx, &Actor::system(), message.id, delivery, error, message.delivery_attempts).await
}
