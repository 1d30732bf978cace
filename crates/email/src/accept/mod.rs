//! Taking a message in: the one way for fetched mail, for a mail server's pipe and for the quarantine.
//!
//! Invariant: `take` answers an error only when the database or the file store is out of order; then nothing was written
//! and the same message can be given again. Everything that is wrong with the message itself ends as a quarantine row.

mod acknowledge;
mod bounce;
mod context;
mod evidence;
mod prepare;
mod sender;
pub(crate) mod thread;
mod threading;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use app::App;
use base::{Actor, ConversationId, Error, GroupId, LineId, MessageId, Result, Words};
use bus::Event;
use bytes::Bytes;
use db::Tx;
use desk::block::{self, Subject};
use desk::conversation::{self, Inbound, Received};
use desk::message::Automatic;
use desk::people::{Address, Recipients};
use futures::FutureExt;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};
use serde_json::json;

pub(crate) use context::{Context, installation, token_key};
pub(crate) use sender::without_sub_address;

use crate::ledger::{self, Claim, Entry, LedgerId, Outcome, Settled, Spot};
use prepare::{Kept, Prepared};

/// Where a message comes from.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub line_id: LineId,
    /// The folder and the place in it; none for a pipe.
    pub spot: Option<Spot>,
    /// The group its mailbox is pinned to.
    pub group_id: Option<GroupId>,
    /// The quarantine row that is tried again.
    pub again: Option<LedgerId>,
    /// Bytes on the server.
    pub size: i64,
    /// These are only its headers: the rest is too large.
    pub cut: bool,
}

impl Place {
    /// Whether mail from here may join this conversation. What comes by a group's own mailbox stays with the group; but a
    /// conversation that came by this mailbox before it was the group's goes on as it is.
    fn may_join(&self, conversation: &conversation::Model) -> bool {
        let Some(group) = self.group_id else { return true };
        let by_this_mailbox =
            || self.spot.is_some_and(|spot| conversation.mailbox_id.is_some_and(|mailbox| mailbox == spot.mailbox_id));
        conversation.group_id == Some(group) || by_this_mailbox()
    }
}

/// What became of a message.
#[derive(Clone, Debug)]
pub struct Taken {
    pub outcome: Outcome,
    pub conversation_id: Option<ConversationId>,
    pub message_id: Option<MessageId>,
    /// Why it is in quarantine.
    pub error: Option<String>,
}

/// For the command line.
impl std::fmt::Display for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.outcome.as_str())?;
        if let Some(id) = self.conversation_id {
            write!(f, " conversation={id}")?;
        }
        if let Some(error) = &self.error {
            write!(f, " error={error:?}")?;
        }
        Ok(())
    }
}

/// Takes a mail from a mail server's pipe. An error means: try again later (the server keeps the mail).
pub async fn deliver(app: &App, line_key: &str, raw: Bytes) -> Result<Taken> {
    let line = desk::line::by_key(app.db.read(), line_key).await?.ok_or(Error::NotFound("line"))?;
    let context = Context::load(app, line.id).await?;
    let place = Place { line_id: line.id, spot: None, group_id: None, again: None, size: raw.len() as i64, cut: false };
    take(app, &context, &place, raw).await
}

/// Takes a message in, or puts it into quarantine.
pub(crate) async fn take(app: &App, context: &Context, place: &Place, raw: Bytes) -> Result<Taken> {
    let ready = make_ready(app, context, place, raw).await?;
    finish(app, context, place, ready).await
}

/// A message kept in the file store and taken apart; what is left is one transaction.
pub(crate) struct Ready {
    kept: Kept,
    entry: Entry,
    /// The message and its sender, or why it goes into quarantine.
    content: std::result::Result<(Prepared, Address), (Words, String)>,
}

/// Does everything that needs no transaction; several messages can be made ready at the same time.
pub(crate) async fn make_ready(app: &App, context: &Context, place: &Place, raw: Bytes) -> Result<Ready> {
    let kept = prepare::keep(app, place.line_id, &raw).await?;
    let unfit =
        |entry, ru, en, error: String| Ready { kept: kept.clone(), entry, content: Err((Words::new(ru, en), error)) };
    if place.cut {
        let (ru, en) = (
            "Письмо слишком большое, с сервера взяты только заголовки.",
            "The message is too large; only its headers were fetched.",
        );
        return Ok(unfit(bare_entry(place, &kept, &raw), ru, en, "too large".to_owned()));
    }
    let prepared = match prepare::prepare(app, place.line_id, &kept, raw.clone()).await? {
        Ok(prepared) => prepared,
        Err(error) => {
            let (ru, en) = ("Письмо не удалось разобрать.", "The message could not be read.");
            return Ok(unfit(bare_entry(place, &kept, &raw), ru, en, error));
        }
    };
    let Some(from) = sender::sender(&prepared.message, &context.own) else {
        let (ru, en) = ("В письме нет адреса отправителя.", "The message names no sender.");
        return Ok(unfit(entry(place, &kept, &prepared, None), ru, en, "no sender address".to_owned()));
    };
    Ok(Ready { entry: entry(place, &kept, &prepared, Some(&from)), kept, content: Ok((prepared, from)) })
}

/// Puts a message where it belongs.
pub(crate) async fn finish(app: &App, context: &Context, place: &Place, ready: Ready) -> Result<Taken> {
    let Ready { kept, entry, content } = ready;
    let (prepared, from) = match content {
        Ok(content) => content,
        Err((words, error)) => return lock_away(app, &entry, &words, &error).await,
    };
    let mut last_error = String::new();
    // A second try tells a passing trouble (two nodes in each other's way) from the message's own.
    for pause in [0, 50, 300] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        match AssertUnwindSafe(accept(app, context, &entry, place, &kept, &prepared, &from)).catch_unwind().await {
            Ok(Ok(taken)) => return Ok(taken),
            Ok(Err(error)) => last_error = format!("{error:#}"),
            Err(panic) => last_error = format!("our own failure: {}", panic_text(&panic)),
        }
    }
    // A database that takes the quarantine row is in order: then it is the message.
    tracing::error!(error = last_error, "a message could not be taken in: {last_error}");
    let words = Words::new(
        "Письмо не удалось принять из-за внутренней ошибки.",
        "The message could not be taken in because of an internal error.",
    );
    lock_away(app, &entry, &words, &last_error).await
}

async fn accept(
    app: &App,
    context: &Context,
    entry: &Entry,
    place: &Place,
    kept: &Kept,
    prepared: &Prepared,
    from: &Address,
) -> Result<Taken> {
    let tx = app.write().await?;
    let claimed = match ledger::claim(&tx, entry, &prepare::once_key(place.line_id, kept, prepared)).await? {
        Claim::Ours(id) => id,
        Claim::Before(row) => {
            ledger::move_on(&tx, entry.spot, None).await?;
            tx.commit().await?;
            return Ok(Taken {
                outcome: row.outcome,
                conversation_id: row.conversation_id,
                message_id: row.message_id,
                error: row.error,
            });
        }
        Claim::Twin(row) => {
            let words =
                Words::new("Это же письмо уже принято на этой линии.", "This line has the same message already.");
            return duplicate(tx, entry, None, words, row.conversation_id, row.message_id).await;
        }
    };
    let message = &prepared.message;
    let found = evidence::find(&tx, &context.key, place, message, Some(&from.address)).await?;
    if let Some((conversation, letter)) = found.own_letter {
        let words = Words::new(
            "Это наше собственное письмо вернулось в ящик.",
            "This is our own letter, come back to the mailbox.",
        );
        return duplicate(tx, entry, Some(claimed), words, Some(conversation), Some(letter)).await;
    }
    let automatic = if message.bounce.is_some() {
        Some(Automatic::Bounce)
    } else {
        message.auto_reply.then_some(Automatic::AutoReply)
    };
    // A report about our own letter is no letter of whoever sends it.
    if message.bounce.is_none() {
        let emails = vec![from.address.as_str()];
        let subject = Subject { emails, line: Some(place.line_id), text: &message.text, ..Subject::default() };
        if let Some(rule) = block::blocking(app, &subject).await? {
            return turn_away(tx, entry, claimed, &rule).await;
        }
    }
    let letter = match &message.bounce {
        Some(_) => bounce::letter(&tx, place.line_id, &found.answered).await?,
        None => None,
    };
    let (conversation_id, threading) = match &letter {
        Some(letter) => (Some(letter.conversation_id), bounce::threading()),
        None => threading::choose(&found.candidates, facts(message, &found, &from.address)),
    };
    let received = {
        let inbound = inbound(context, place, kept, prepared, from, conversation_id, threading, automatic, tx.now());
        conversation::receive(&tx, &Actor::system(), inbound).await?
    };
    if let (Some(bounce), Some(letter)) = (&message.bounce, &letter) {
        let words = bounce::words(bounce);
        bounce::mark(&tx, bounce, letter, words.get(context.company.default_locale).to_owned()).await?;
    }
    remember(&tx, place.line_id, message, &found.unknown, &received).await?;
    let mut acknowledged = false;
    if received.created && context.line.auto_reply_enabled && acknowledge::may_answer(message, &from.address, context) {
        acknowledged = !acknowledge::too_soon(&tx, &from.address).await?;
        if acknowledged {
            acknowledge::send(&tx, context, &received, &message.subject, from).await?;
        }
    }
    let outcome = if automatic.is_some() { Outcome::Automatic } else { Outcome::Accepted };
    let settled = Settled {
        outcome,
        reason: None,
        conversation_id: Some(received.conversation_id),
        message_id: Some(received.message_id),
        acknowledged,
    };
    ledger::settle(&tx, entry, Some(claimed), settled).await?;
    tx.commit().await?;
    metrics::counter!("otklik_mail_taken_total", "outcome" => outcome.as_str()).increment(1);
    Ok(Taken {
        outcome,
        conversation_id: Some(received.conversation_id),
        message_id: Some(received.message_id),
        error: None,
    })
}

async fn duplicate(
    tx: Tx,
    entry: &Entry,
    claimed: Option<LedgerId>,
    reason: Words,
    conversation_id: Option<ConversationId>,
    message_id: Option<MessageId>,
) -> Result<Taken> {
    let settled =
        Settled { outcome: Outcome::Duplicate, reason: Some(reason), conversation_id, message_id, acknowledged: false };
    ledger::settle(&tx, entry, claimed, settled).await?;
    tx.commit().await?;
    metrics::counter!("otklik_mail_taken_total", "outcome" => "duplicate").increment(1);
    Ok(Taken { outcome: Outcome::Duplicate, conversation_id, message_id, error: None })
}

async fn turn_away(tx: Tx, entry: &Entry, claimed: LedgerId, rule: &block::Model) -> Result<Taken> {
    block::count_hit(&tx, rule.id).await?;
    let reason = Some(rule.reason());
    let outcome = Outcome::Blocked;
    let settled = Settled { outcome, reason, conversation_id: None, message_id: None, acknowledged: false };
    ledger::settle(&tx, entry, Some(claimed), settled).await?;
    tx.commit().await?;
    metrics::counter!("otklik_mail_taken_total", "outcome" => "blocked").increment(1);
    Ok(Taken { outcome, conversation_id: None, message_id: None, error: None })
}

async fn lock_away(app: &App, entry: &Entry, reason: &Words, error: &str) -> Result<Taken> {
    let tx = app.write().await?;
    let id = ledger::quarantine(&tx, entry, reason, error).await?;
    bus::emit(
        &tx,
        &Actor::system(),
        Event::new("quarantine_changed").subject(id.0).data(json!({"line_id": entry.line_id})),
    )
    .await?;
    tx.commit().await?;
    metrics::counter!("otklik_mail_taken_total", "outcome" => "quarantined").increment(1);
    Ok(Taken { outcome: Outcome::Quarantined, conversation_id: None, message_id: None, error: Some(error.to_owned()) })
}

fn facts<'a>(message: &mail::Message, found: &evidence::Found, sender: &'a str) -> threading::Facts<'a> {
    threading::Facts {
        sender,
        forwarded: threading::is_forwarded(&message.subject),
        forged_token: found.forged_token,
        refers: !evidence::references(message).is_empty(),
    }
}

#[expect(clippy::too_many_arguments, reason = "it only puts together what `accept` has found")]
fn inbound(
    context: &Context,
    place: &Place,
    kept: &Kept,
    prepared: &Prepared,
    from: &Address,
    conversation_id: Option<ConversationId>,
    threading: conversation::Threading,
    automatic: Option<Automatic>,
    now: base::Timestamp,
) -> Inbound {
    let message = &prepared.message;
    Inbound {
        line_id: place.line_id,
        channel: conversation::Channel::Email,
        mailbox_id: place.spot.map(|spot| spot.mailbox_id),
        group_id: place.group_id,
        conversation_id,
        from: conversation::Sender::Mail(from.clone()),
        subject: message.subject.clone(),
        html: prepared.html.clone(),
        text: message.new_text.clone(),
        full_html: prepared.full_html.clone(),
        full_text: message.text.clone(),
        headers: message.headers.clone(),
        raw_key: Some(kept.raw_key.clone()),
        has_quote: message.has_quote,
        remote_images: prepared.remote_images,
        automatic,
        recipients: Recipients {
            to: sender::others(&message.to, &Default::default(), str::to_owned),
            cc: sender::others(&message.cc, &context.own, without_sub_address),
        },
        files: prepared.files.clone(),
        reply_to_id: None,
        extra: None,
        threading,
        sent_at: message.date.unwrap_or(now),
    }
}

/// Remembers the message's own id, and for a new conversation the ids it refers to: another answer to the same unseen
/// message, from the same people, belongs here.
async fn remember(
    tx: &Tx,
    line_id: LineId,
    message: &mail::Message,
    unknown: &[String],
    received: &Received,
) -> Result<()> {
    let own = evidence::own_id(message).into_iter().map(|id| (id.to_owned(), Some(received.message_id)));
    let referred = unknown.iter().take(10).filter(|_| received.created).map(|id| (id.clone(), None));
    let rows: Vec<thread::ActiveModel> = own
        .chain(referred)
        .map(|(rfc_message_id, message_id)| thread::ActiveModel {
            rfc_message_id: Set(rfc_message_id),
            conversation_id: Set(received.conversation_id),
            message_id: Set(message_id),
            line_id: Set(line_id),
            outgoing: Set(false),
            created_at: Set(tx.now()),
        })
        .collect();
    if !rows.is_empty() {
        thread::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn entry(place: &Place, kept: &Kept, prepared: &Prepared, from: Option<&Address>) -> Entry {
    let message = &prepared.message;
    let shown = message.from.as_ref().map(|from| match &from.name {
        Some(name) if !name.is_empty() => format!("{name} <{}>", from.address),
        _ => from.address.clone(),
    });
    Entry {
        message_id_header: evidence::own_id(message).map(str::to_owned),
        from_address: from.map(|from| from.address.clone()),
        from_shown: cut(&shown.unwrap_or_default()),
        subject: cut(&message.subject),
        ..blank_entry(place, kept)
    }
}

/// An entry for what could not be parsed: From and Subject as they stand in the bytes, as far as they can be read.
fn bare_entry(place: &Place, kept: &Kept, raw: &[u8]) -> Entry {
    let head = String::from_utf8_lossy(&raw[..raw.len().min(16 * 1024)]);
    let line = |name: &str| {
        let found = head
            .lines()
            .take_while(|line| !line.is_empty())
            .find(|line| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        cut(found.map(|line| line[name.len()..].trim()).unwrap_or_default())
    };
    Entry { from_shown: line("From:"), subject: line("Subject:"), ..blank_entry(place, kept) }
}

fn blank_entry(place: &Place, kept: &Kept) -> Entry {
    Entry {
        line_id: place.line_id,
        spot: place.spot,
        again: place.again,
        message_id_header: None,
        from_address: None,
        from_shown: String::new(),
        subject: String::new(),
        size: place.size,
        raw_key: kept.raw_key.clone(),
        content_hash: kept.hash.clone(),
        cut: place.cut,
    }
}

/// For a column that lists show: no control characters, at most 500 characters.
fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
