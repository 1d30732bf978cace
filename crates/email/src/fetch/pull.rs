//! Bringing in what is new in a folder: a list first, then the messages in groups, the next group already on its way
//! while one is taken in.
//!
//! Invariant: `last_uid` never passes a message that is not on the ledger (or left alone on purpose).

use std::time::Duration;

use app::App;
use async_imap::error::Error as ImapError;
use async_imap::types::{Fetch, Flag, Mailbox as Folder, UnsolicitedResponse};
use base::{Error, GroupId, LineId, MailboxId, Timestamp};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use sea_orm::EntityTrait;
use tokio::sync::mpsc;

use super::runner::Reader;
use super::state;
use crate::accept::{Context, Place, finish, make_ready};
use crate::ledger::Spot;
use crate::mailbox::{Entity, Model};
use crate::net::imap::{COMMAND, Imap, lost};
use crate::net::{Step, Trouble, within};

/// Why reading stopped.
pub(super) enum Fault {
    /// The mail server or the way to it.
    Server(Trouble),
    /// Our database or file store.
    Ours(Error),
}

/// Of a larger message only the headers are fetched.
const MAX_SIZE: u32 = 50 * 1024 * 1024;
/// One group: so many messages, so many bytes.
const GROUP_MESSAGES: usize = 50;
const GROUP_BYTES: u64 = 8 * 1024 * 1024;
/// Messages that are taken apart at the same time.
const AT_ONCE: usize = 8;
/// A list of this many messages at a time.
const LIST: usize = 20_000;
/// Clocks differ: mail this much older than `import_since` still comes in.
const CLOCK_SLACK: chrono::Duration = chrono::Duration::seconds(60);
/// Longest silence between two messages of an answer.
const SILENCE: Duration = Duration::from_secs(120);
/// A message that breaks the connection this often, alone, is given up; with the growing pauses that is after some minutes.
const MAX_STRIKES: u32 = 8;

/// A message as the list shows it.
#[derive(Clone, Copy, Debug)]
struct Listed {
    uid: u32,
    size: u32,
    arrived: Option<DateTime<Utc>>,
    deleted: bool,
}

/// A message on its way in.
struct Arrived {
    uid: u32,
    size: u32,
    raw: Bytes,
    cut: bool,
}

pub(super) async fn catch_up(
    app: &App,
    id: MailboxId,
    connection: &mut Imap,
    folder: &Folder,
    memory: &mut Reader,
) -> Result<(), Fault> {
    let uidvalidity = i64::from(folder.uid_validity.unwrap_or(0));
    let row = current(app, id).await?;
    if row.uidvalidity != Some(uidvalidity) {
        state::begin_generation(app, id, uidvalidity).await?;
    }
    if folder.exists == 0 {
        return Ok(());
    }
    loop {
        let row = current(app, id).await?;
        hear_of_new(connection);
        let (list, more) = list(connection, row.last_uid).await?;
        if !list.is_empty() {
            bring(app, &row, uidvalidity, connection, list, memory).await?;
        }
        // The server tells of new mail once, between two answers; IDLE would not tell of it again (RFC 3501, 7.3.1).
        if !more && !hear_of_new(connection) {
            return Ok(());
        }
    }
}

/// Whether the server has told of messages since this was last asked.
fn hear_of_new(connection: &Imap) -> bool {
    let told = std::iter::from_fn(|| connection.session.unsolicited_responses.try_recv().ok());
    told.filter(|one| matches!(one, UnsolicitedResponse::Exists(_))).count() > 0
}

async fn current(app: &App, id: MailboxId) -> Result<Model, Fault> {
    let found = Entity::find_by_id(id).one(app.db.read()).await.map_err(Error::from)?;
    found.ok_or(Fault::Ours(Error::NotFound("mailbox")))
}

/// Messages after a uid in their order, and whether there are more.
async fn list(connection: &mut Imap, after: i64) -> Result<(Vec<Listed>, bool), Fault> {
    let host = connection.host.clone();
    let fail = |error: ImapError| Fault::Server(lost(Step::Folder, &host, error));
    // `N:*` always names the last message, also when its uid is lower than N (RFC 3501, 6.4.8).
    let asked = format!("{}:*", after + 1);
    let answer = connection.session.uid_fetch(asked, "(UID RFC822.SIZE INTERNALDATE FLAGS)");
    let stream = within(COMMAND, Step::Folder, &host, answer).await?.map_err(fail)?;
    futures::pin_mut!(stream);
    let mut found = Vec::new();
    while let Some(fetch) = within(SILENCE, Step::Folder, &host, stream.try_next()).await?.map_err(fail)? {
        let Some(uid) = fetch.uid.filter(|uid| i64::from(*uid) > after) else { continue };
        let deleted = fetch.flags().any(|flag| flag == Flag::Deleted);
        found.push(Listed {
            uid,
            size: fetch.size.unwrap_or(0),
            arrived: fetch.internal_date().map(|date| date.to_utc()),
            deleted,
        });
    }
    found.sort_by_key(|one| one.uid);
    found.dedup_by_key(|one| one.uid);
    let more = found.len() > LIST;
    found.truncate(LIST);
    Ok((found, more))
}

/// Brings a list in: fetching and taking in go on at the same time, group by group.
async fn bring(
    app: &App,
    row: &Model,
    uidvalidity: i64,
    connection: &mut Imap,
    list: Vec<Listed>,
    memory: &mut Reader,
) -> Result<(), Fault> {
    let context = Context::load(app, row.line_id).await?;
    let since = row.import_since - CLOCK_SLACK;
    let (sender, receiver) = mpsc::channel::<Brought>(2);
    let fetching = fetch_all(connection, list, since, sender, memory);
    let taking = take_all(app, &context, row, uidvalidity, receiver);
    let (fetched, taken) = tokio::join!(fetching, taking);
    taken?;
    fetched
}

/// What the fetching side hands to the taking side, in the order of the uids.
enum Brought {
    Messages(Vec<Arrived>),
    /// Up to this uid so many messages are left alone.
    LeftAlone {
        up_to: u32,
        count: i64,
    },
}

async fn fetch_all(
    connection: &mut Imap,
    list: Vec<Listed>,
    since: Timestamp,
    sender: mpsc::Sender<Brought>,
    memory: &mut Reader,
) -> Result<(), Fault> {
    let mut rest = list.as_slice();
    while let Some(first) = rest.first() {
        let skipped = rest.iter().take_while(|one| is_left_alone(one, since)).count();
        let step = if skipped > 0 {
            let up_to = rest[skipped - 1].uid;
            rest = &rest[skipped..];
            Brought::LeftAlone { up_to, count: skipped as i64 }
        } else {
            let size = group(rest, since, memory);
            let (now, later) = rest.split_at(size);
            rest = later;
            match fetch_group(connection, now).await {
                Ok(messages) => Brought::Messages(messages),
                Err(trouble) => {
                    let given_up = strike(now, memory);
                    if !given_up {
                        return Err(Fault::Server(trouble));
                    }
                    return give_up(connection, first, sender, trouble).await;
                }
            }
        };
        if sender.send(step).await.is_err() {
            // The taking side has stopped and says why.
            return Ok(());
        }
    }
    Ok(())
}

fn is_left_alone(one: &Listed, since: Timestamp) -> bool {
    one.deleted || one.arrived.is_some_and(|arrived| arrived < since)
}

/// Notes that fetching these broke the connection; true when the only one of them has done so too often. Next time each
/// is fetched alone, so that the one at fault is found.
fn strike(group: &[Listed], memory: &mut Reader) -> bool {
    for one in group {
        let strikes = memory.strikes.entry(one.uid).or_default();
        *strikes = if group.len() == 1 { *strikes + 1 } else { 1 };
        if *strikes >= MAX_STRIKES {
            return true;
        }
    }
    false
}

/// How many messages to fetch together. One that broke the connection before is fetched alone.
fn group(rest: &[Listed], since: Timestamp, memory: &Reader) -> usize {
    let mut bytes = 0u64;
    for (index, one) in rest.iter().enumerate() {
        bytes += u64::from(one.size.min(MAX_SIZE));
        let alone = memory.strikes.contains_key(&one.uid);
        let full = index >= GROUP_MESSAGES || bytes > GROUP_BYTES;
        if index > 0 && (alone || full || is_left_alone(one, since)) {
            return index;
        }
        if alone {
            return 1;
        }
    }
    rest.len()
}

async fn fetch_group(connection: &mut Imap, group: &[Listed]) -> Result<Vec<Arrived>, Trouble> {
    let (large, normal): (Vec<&Listed>, Vec<&Listed>) = group.iter().partition(|one| one.size > MAX_SIZE);
    let mut arrived = Vec::with_capacity(group.len());
    for (asked, query, cut) in [(normal, "(UID BODY.PEEK[])", false), (large, "(UID BODY.PEEK[HEADER])", true)] {
        if asked.is_empty() {
            continue;
        }
        let uids = asked.iter().map(|one| one.uid.to_string()).collect::<Vec<_>>().join(",");
        for fetch in fetch(connection, &uids, query).await? {
            let Some(one) = asked.iter().find(|one| fetch.uid == Some(one.uid)) else { continue };
            let body = if cut { fetch.header() } else { fetch.body() };
            arrived.push(Arrived {
                uid: one.uid,
                size: one.size,
                raw: Bytes::copy_from_slice(body.unwrap_or_default()),
                cut,
            });
        }
    }
    // A message missing from the answer was deleted in between: it is gone, and so is nothing of ours.
    arrived.sort_by_key(|one| one.uid);
    arrived.dedup_by_key(|one| one.uid);
    Ok(arrived)
}

async fn fetch(connection: &mut Imap, uids: &str, query: &str) -> Result<Vec<Fetch>, Trouble> {
    let host = connection.host.clone();
    let fail = |error: ImapError| lost(Step::Folder, &host, error);
    let answer = connection.session.uid_fetch(uids, query);
    let stream = within(COMMAND, Step::Folder, &host, answer).await?.map_err(fail)?;
    futures::pin_mut!(stream);
    let mut all = Vec::new();
    while let Some(fetch) = within(SILENCE, Step::Folder, &host, stream.try_next()).await?.map_err(fail)? {
        if fetch.body().is_some() || fetch.header().is_some() {
            all.push(fetch);
        }
    }
    Ok(all)
}

/// A message that the server cannot hand over goes on the ledger as such, and the mailbox goes on without it.
async fn give_up(
    connection: &Imap,
    one: &Listed,
    sender: mpsc::Sender<Brought>,
    trouble: Trouble,
) -> Result<(), Fault> {
    tracing::error!(uid = one.uid, host = connection.host, "a message cannot be fetched and is given up: {trouble}");
    let arrived = Arrived { uid: one.uid, size: one.size, raw: Bytes::new(), cut: false };
    let _ = sender.send(Brought::Messages(vec![arrived])).await;
    Err(Fault::Server(trouble))
}

async fn take_all(
    app: &App,
    context: &Context,
    row: &Model,
    uidvalidity: i64,
    mut receiver: mpsc::Receiver<Brought>,
) -> Result<(), Fault> {
    let (mailbox_id, line_id, group_id): (MailboxId, LineId, Option<GroupId>) = (row.id, row.line_id, row.group_id);
    while let Some(step) = receiver.recv().await {
        match step {
            Brought::LeftAlone { up_to, count } => {
                state::leave_alone(app, mailbox_id, uidvalidity, i64::from(up_to), count).await?
            }
            Brought::Messages(messages) => {
                let ready = futures::stream::iter(messages).map(async |Arrived { uid, size, raw, cut }| {
                    let spot = Spot { mailbox_id, uidvalidity, uid: i64::from(uid) };
                    let size = if size == 0 { raw.len() as i64 } else { i64::from(size) };
                    let place = Place { line_id, spot: Some(spot), group_id, again: None, size, cut };
                    let ready = make_ready(app, context, &place, raw).await;
                    ready.map(|ready| (place, ready))
                });
                // Several are taken apart at once, but put in their places one after another: an answer may follow its question.
                let mut ready = std::pin::pin!(ready.buffered(AT_ONCE));
                while let Some((place, ready)) = ready.try_next().await? {
                    finish(app, context, &place, ready).await?;
                }
            }
        }
    }
    Ok(())
}
