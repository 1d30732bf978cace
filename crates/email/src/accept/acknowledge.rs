//! The automatic "we have received your message, its number is ...".
//!
//! Invariant: a machine is never answered, and a person at most once an hour however much he writes; so two robots
//! cannot keep each other awake.

use base::{Actor, MessageId, Result};
use bus::Event;
use chrono::Duration;
use db::Tx;
use desk::conversation::{self, Received};
use desk::message::{self, AuthorKind, Automatic, Delivery, Kind};
use desk::people::{Address, Recipients};
use mail::Message;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::Context;
use super::sender::is_robot;
use crate::ledger;
use crate::send::template::{Variables, fill_text};

/// More letters an hour from one address are a program's work.
const MANY: u64 = 20;

/// Whether this message may be answered by a program at all (RFC 3834, 2).
pub(crate) fn may_answer(message: &Message, sender: &str, context: &Context) -> bool {
    let from_program =
        message.auto_reply || message.list || message.bounce.is_some() || message.return_path.as_deref() == Some("");
    let ours = context.own.contains(sender) || message.header("X-Otklik").is_some();
    !from_program && !ours && !is_robot(sender)
}

/// Whether the sender has had an acknowledgement, or sent too much, within the last hour.
pub(crate) async fn too_soon(tx: &Tx, sender: &str) -> Result<bool> {
    use ledger::Column;
    let recent = ledger::Entity::find()
        .filter(Column::FromAddress.eq(sender))
        .filter(Column::SeenAt.gt(tx.now() - Duration::hours(1)));
    if recent.clone().filter(Column::Acknowledged.eq(true)).count(tx).await? > 0 {
        return Ok(true);
    }
    Ok(recent.count(tx).await? > MANY)
}

/// Puts the acknowledgement on its way.
pub(crate) async fn send(
    tx: &Tx,
    context: &Context,
    received: &Received,
    subject: &str,
    to: &Address,
) -> Result<MessageId> {
    let line = &context.line;
    let variables = Variables {
        number: received.number,
        subject,
        client: to.name.as_deref().unwrap_or_default(),
        line: if line.public_name.is_empty() { &line.name } else { &line.public_name },
        company: &context.company.company_name,
        operator: "",
    };
    let text = fill_text(&line.auto_reply_text, &variables);
    let subject = fill_text(&line.auto_reply_subject, &variables);
    let id = MessageId(tx.new_id());
    let row = message::Model {
        id,
        conversation_id: received.conversation_id,
        kind: Kind::Outbound,
        author_kind: AuthorKind::System,
        author_id: None,
        author_name: String::new(),
        author_address: None,
        subject: Some(subject).filter(|subject| !subject.trim().is_empty()),
        html: mail::html::text_to_html(&text),
        text,
        has_quote: false,
        automatic: Some(Automatic::Acknowledgement),
        remote_images: false,
        recipients: serde_json::to_value(Recipients { to: vec![to.clone()], cc: Vec::new() })?,
        attachment_count: 0,
        threading: None,
        delivery: Some(Delivery::Queued),
        delivery_error: None,
        delivery_attempts: 0,
        delivery_at: None,
        undo_until: None,
        sent_at: tx.now(),
        created_at: tx.now(),
    };
    message::insert(tx, row, None).await?;
    conversation::Entity::update_many()
        .col_expr(conversation::Column::MessageCount, Expr::col(conversation::Column::MessageCount).add(1))
        .filter(conversation::Column::Id.eq(received.conversation_id))
        .exec(tx)
        .await?;
    let data = json!({"kind": "outbound", "automatic": Automatic::Acknowledgement});
    let created =
        Event::new("message_created").subject(id.0).conversation(received.conversation_id, line.id).data(data);
    bus::emit(tx, &Actor::system(), created).await?;
    let queued = Event::new("message_queued").subject(id.0).conversation(received.conversation_id, line.id);
    bus::emit(tx, &Actor::system(), queued).await?;
    Ok(id)
}
