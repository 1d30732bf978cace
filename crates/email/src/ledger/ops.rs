//! Writing the ledger: a row is claimed first, which settles who takes a mail that comes twice at once, and finished in
//! the same transaction.

use base::{ConversationId, LineId, MailboxId, MessageId, Result, Words};
use db::{Tx, dialect};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::{Column, Entity, LedgerId, Model, Outcome};

/// Where in a folder a message is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub mailbox_id: MailboxId,
    pub uidvalidity: i64,
    pub uid: i64,
}

/// A message about to be entered.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub line_id: LineId,
    /// None for mail from a mail server's pipe.
    pub spot: Option<Spot>,
    /// The quarantine row that is tried again.
    pub again: Option<LedgerId>,
    pub message_id_header: Option<String>,
    pub from_address: Option<String>,
    pub from_shown: String,
    pub subject: String,
    pub size: i64,
    pub raw_key: String,
    pub content_hash: String,
    pub cut: bool,
}

/// Whose turn it is.
pub(crate) enum Claim {
    /// Ours: take the message in and `settle` this row.
    Ours(LedgerId),
    /// This very message was entered before.
    Before(Box<Model>),
    /// The line has the same mail already, from another copy.
    Twin(Box<Model>),
}

/// How a row ends.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    pub outcome: Outcome,
    pub reason: Option<Words>,
    pub conversation_id: Option<ConversationId>,
    pub message_id: Option<MessageId>,
    pub acknowledged: bool,
}

/// Claims a message for the one that may take it in.
pub(crate) async fn claim(tx: &Tx, entry: &Entry, once_key: &str) -> Result<Claim> {
    if let Some(id) = entry.again {
        if let Some(twin) = by_once_key(tx, once_key).await? {
            return Ok(Claim::Twin(Box::new(twin)));
        }
        let update = Entity::update_many().col_expr(Column::OnceKey, Expr::value(once_key)).filter(Column::Id.eq(id));
        update.exec(tx).await?;
        return Ok(Claim::Ours(id));
    }
    let id = LedgerId(tx.new_id());
    if insert(tx, row(tx, id, entry, Outcome::Accepted, Some(once_key.to_owned()))).await? {
        return Ok(Claim::Ours(id));
    }
    if let Some(spot) = entry.spot
        && let Some(before) = by_spot(tx, spot).await?
    {
        return Ok(Claim::Before(Box::new(before)));
    }
    match by_once_key(tx, once_key).await? {
        Some(twin) => Ok(Claim::Twin(Box::new(twin))),
        None => Err(base::Error::internal("a ledger row was refused and nobody holds its place")),
    }
}

/// Finishes a claimed row, or enters one that takes no part in the race (`claimed` none).
pub(crate) async fn settle(tx: &Tx, entry: &Entry, claimed: Option<LedgerId>, settled: Settled) -> Result<()> {
    if let Some(id) = entry.again {
        return settle_again(tx, id, entry.spot, settled).await;
    }
    let id = match claimed {
        Some(id) => id,
        None => {
            let id = LedgerId(tx.new_id());
            insert(tx, row(tx, id, entry, settled.outcome, None)).await?;
            id
        }
    };
    let outcome = settled.outcome;
    finish(tx, id, settled).await?;
    move_on(tx, entry.spot, Some(outcome)).await
}

/// Ends the quarantine of a message.
pub(crate) async fn settle_again(tx: &Tx, id: LedgerId, spot: Option<Spot>, settled: Settled) -> Result<()> {
    let outcome = settled.outcome;
    finish(tx, id, settled).await?;
    if let Some(Spot { mailbox_id, .. }) = spot {
        let sql = "update mailbox set quarantined = quarantined - 1 where id = $1";
        tx.execute_raw(dialect::statement(tx, sql, [mailbox_id.0.into()])).await?;
    }
    move_on(tx, spot, Some(outcome)).await
}

async fn finish(tx: &Tx, id: LedgerId, settled: Settled) -> Result<()> {
    let Settled { outcome, reason, conversation_id, message_id, acknowledged } = settled;
    let reason = reason.map(serde_json::to_value).transpose()?;
    Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(outcome))
        .col_expr(Column::Reason, Expr::value(reason))
        .col_expr(Column::Error, Expr::value(None::<String>))
        .col_expr(Column::ConversationId, Expr::value(conversation_id))
        .col_expr(Column::MessageId, Expr::value(message_id))
        .col_expr(Column::Acknowledged, Expr::value(acknowledged))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Enters a message that could not be taken in, or counts one more try of one that is there.
pub(crate) async fn quarantine(tx: &Tx, entry: &Entry, reason: &Words, error: &str) -> Result<LedgerId> {
    let reason = serde_json::to_value(reason)?;
    let error: String = error.chars().filter(|c| *c != '\0').take(2000).collect();
    if let Some(id) = entry.again {
        Entity::update_many()
            .col_expr(Column::Reason, Expr::value(reason))
            .col_expr(Column::Error, Expr::value(error))
            .col_expr(Column::Attempts, Expr::cust("attempts + 1"))
            .filter(Column::Id.eq(id))
            .exec(tx)
            .await?;
        return Ok(id);
    }
    let id = LedgerId(tx.new_id());
    let row = Model {
        reason: Some(reason),
        error: Some(error),
        attempts: 1,
        ..row(tx, id, entry, Outcome::Quarantined, None)
    };
    let counted = insert(tx, row).await?.then_some(Outcome::Quarantined);
    move_on(tx, entry.spot, counted).await?;
    Ok(id)
}

/// Moves the place in the folder on, and counts an outcome.
pub(crate) async fn move_on(tx: &Tx, spot: Option<Spot>, outcome: Option<Outcome>) -> Result<()> {
    let Some(Spot { mailbox_id, uidvalidity, uid }) = spot else { return Ok(()) };
    let count = |wanted: Outcome| i64::from(outcome == Some(wanted));
    let sql = "update mailbox set accepted = accepted + $1, duplicate = duplicate + $2, automatic = automatic + $3, \
        quarantined = quarantined + $4, blocked = blocked + $5, \
        last_uid = case when uidvalidity = $6 and last_uid < $7 then $7 else last_uid end where id = $8";
    let values = [
        count(Outcome::Accepted).into(),
        count(Outcome::Duplicate).into(),
        count(Outcome::Automatic).into(),
        count(Outcome::Quarantined).into(),
        count(Outcome::Blocked).into(),
        uidvalidity.into(),
        uid.into(),
        mailbox_id.0.into(),
    ];
    tx.execute_raw(dialect::statement(tx, sql, values)).await?;
    Ok(())
}

fn row(tx: &Tx, id: LedgerId, entry: &Entry, outcome: Outcome, once_key: Option<String>) -> Model {
    Model {
        id,
        line_id: entry.line_id,
        mailbox_id: entry.spot.map(|spot| spot.mailbox_id),
        uidvalidity: entry.spot.map(|spot| spot.uidvalidity),
        uid: entry.spot.map(|spot| spot.uid),
        seen_at: tx.now(),
        outcome,
        reason: None,
        error: None,
        message_id_header: entry.message_id_header.clone(),
        from_address: entry.from_address.clone(),
        from_shown: entry.from_shown.clone(),
        subject: entry.subject.clone(),
        size: entry.size,
        raw_key: entry.raw_key.clone(),
        cut: entry.cut,
        content_hash: entry.content_hash.clone(),
        once_key,
        conversation_id: None,
        message_id: None,
        attempts: 0,
        acknowledged: false,
        discarded_at: None,
    }
}

/// False when a row with the same place or the same content is there.
async fn insert(tx: &Tx, row: Model) -> Result<bool> {
    let inserted = Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(inserted > 0)
}

async fn by_spot(tx: &Tx, spot: Spot) -> Result<Option<Model>> {
    let query =
        Entity::find().filter(Column::MailboxId.eq(spot.mailbox_id)).filter(Column::Uidvalidity.eq(spot.uidvalidity));
    Ok(query.filter(Column::Uid.eq(spot.uid)).limit(1).one(tx).await?)
}

async fn by_once_key(tx: &Tx, once_key: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::OnceKey.eq(once_key)).one(tx).await?)
}
