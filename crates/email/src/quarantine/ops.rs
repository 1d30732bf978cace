//! Commands and queries on the quarantine.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{Actor, Error, LineScope, Page, PageRequest, Result};
use bus::Event;
use db::Tx;
use desk::conversation::{self, Channel, Inbound, NewFile, Received, Sender, Threading, ThreadingRule};
use desk::people::Address;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::accept::{Context, Place, Taken, take};
use crate::ledger::{self, Column, Entity, LedgerId, Model, Outcome, Settled, Spot};
use crate::mailbox;

/// What waits in quarantine on the actor's lines.
fn waiting(actor: &Actor) -> Select<Entity> {
    let query = Entity::find().filter(Column::Outcome.eq(Outcome::Quarantined)).filter(Column::DiscardedAt.is_null());
    match &actor.lines {
        LineScope::All => query,
        LineScope::Only(lines) => query.filter(Column::LineId.is_in(lines.iter().copied())),
    }
}

pub(super) async fn list(connection: &impl ConnectionTrait, actor: &Actor, page: &PageRequest) -> Result<Page<Model>> {
    let mut query = waiting(actor);
    if let Some(before) = page.cursor::<LedgerId>()? {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = query.order_by_desc(Column::Id).limit(page.limit() + 1).all(connection).await?;
    Ok(Page::from_rows(rows, page.limit(), |row| row.id))
}

pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: LedgerId) -> Result<Model> {
    waiting(actor).filter(Column::Id.eq(id)).one(connection).await?.ok_or(Error::NotFound("quarantined message"))
}

/// Tries to take a message in again, with today's program.
pub(super) async fn retry(app: &App, actor: &Actor, id: LedgerId) -> Result<Taken> {
    let row = find(app.db.read(), actor, id).await?;
    let context = Context::load(app, row.line_id).await?;
    let group_id = match row.mailbox_id {
        Some(id) => mailbox::Entity::find_by_id(id).one(app.db.read()).await?.and_then(|mailbox| mailbox.group_id),
        None => None,
    };
    let raw = app.files.get(&row.raw_key).await?;
    let place =
        Place { line_id: row.line_id, spot: spot(&row), group_id, again: Some(id), size: row.size, cut: row.cut };
    let taken = take(app, &context, &place, raw).await?;
    if taken.outcome != Outcome::Quarantined {
        let tx = app.write().await?;
        tell(&tx, actor, &row).await?;
        tx.commit().await?;
    }
    Ok(taken)
}

fn spot(row: &Model) -> Option<Spot> {
    Some(Spot { mailbox_id: row.mailbox_id?, uidvalidity: row.uidvalidity?, uid: row.uid? })
}

/// What a person read out of a message that the program could not.
pub(super) struct ByHand {
    pub from: Address,
    pub subject: String,
    pub text: String,
}

/// Makes a conversation of a message by hand; the original is attached to it.
pub(super) async fn convert(tx: &Tx, actor: &Actor, id: LedgerId, by_hand: ByHand) -> Result<Received> {
    let row = find(tx, actor, id).await?;
    let Some(address) = text::email::normalize(&by_hand.from.address) else {
        return Err(Error::invalid(
            "from.email",
            "bad_address",
            "Это не похоже на адрес почты",
            "This is not a mail address",
        ));
    };
    if by_hand.subject.trim().is_empty() {
        return Err(Error::required("subject"));
    }
    let html = mail::html::text_to_html(&by_hand.text);
    let original = NewFile {
        storage_key: row.raw_key.clone(),
        name: "message.eml".to_owned(),
        content_type: "message/rfc822".to_owned(),
        size: row.size,
        ..NewFile::default()
    };
    let group_id = match row.mailbox_id {
        Some(id) => mailbox::Entity::find_by_id(id).one(tx).await?.and_then(|mailbox| mailbox.group_id),
        None => None,
    };
    let threading = Threading {
        rule: ThreadingRule::Manual,
        ru: format!("{} завёл(а) это обращение по письму из карантина.", actor.name),
        en: format!("{} made this conversation of a quarantined message.", actor.name),
    };
    let from = Sender::Mail(Address { name: by_hand.from.name, address });
    let inbound = Inbound {
        mailbox_id: row.mailbox_id,
        group_id,
        subject: by_hand.subject.trim().to_owned(),
        full_html: html.clone(),
        full_text: by_hand.text.clone(),
        text: by_hand.text,
        raw_key: Some(row.raw_key.clone()),
        files: vec![original],
        ..Inbound::new(row.line_id, Channel::Email, from, html, threading, row.seen_at)
    };
    let received = conversation::receive(tx, actor, inbound).await?;
    let settled = Settled {
        outcome: Outcome::Accepted,
        reason: Some(base::Words::new("Оформлено вручную из карантина.", "Made by hand from the quarantine.")),
        conversation_id: Some(received.conversation_id),
        message_id: Some(received.message_id),
        acknowledged: false,
    };
    ledger::settle_again(tx, id, spot(&row), settled).await?;
    tell(tx, actor, &row).await?;
    Ok(received)
}

/// Throws a message out of the quarantine. Its ledger row and its bytes stay.
pub(super) async fn discard(tx: &Tx, actor: &Actor, id: LedgerId) -> Result<()> {
    let row = find(tx, actor, id).await?;
    Entity::update_many()
        .col_expr(Column::DiscardedAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    tell(tx, actor, &row).await
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model) -> Result<()> {
    bus::emit(tx, actor, Event::new("quarantine_changed").subject(row.id.0).data(json!({"line_id": row.line_id})))
        .await?;
    Ok(())
}

/// Tries everything in quarantine again, for instance after an update.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RetryAll {
    /// Only of these lines; none: all.
    pub lines: Option<Vec<base::LineId>>,
}

impl Job for RetryAll {
    const KIND: &'static str = "email.retry_quarantine";
    const LEASE: Duration = Duration::from_secs(600);
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let actor = Actor { lines: self.lines.map_or(LineScope::All, LineScope::Only), ..Actor::system() };
        let ids: Vec<LedgerId> = waiting(&actor)
            .select_only()
            .column(Column::Id)
            .order_by_asc(Column::Id)
            .into_tuple()
            .all(app.db.read())
            .await?;
        for id in ids {
            match retry(&app, &actor, id).await {
                Ok(_) | Err(Error::NotFound(_)) => {}
                Err(error) => return Err(JobError::Retry(error)),
            }
        }
        Ok(())
    }
}
