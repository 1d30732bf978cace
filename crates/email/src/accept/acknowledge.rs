//! The automatic "we have received your message, its number is ...".
//!
//! Invariant: a machine is never answered, and a person at most once an hour however much he writes; so two robots
//! cannot keep each other awake.

use base::{MessageId, Result};
use chrono::Duration;
use db::Tx;
use desk::conversation::{self, Automatically, Received};
use desk::line;
use desk::message::{self, Automatic};
use desk::people::{Address, Recipients};
use mail::Message;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

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
        line: &line.public_name,
        company: &context.company.company_name,
        operator: "",
    };
    let conversation = conversation::Entity::find_by_id(received.conversation_id).one(tx).await?;
    let conversation = conversation.ok_or(base::Error::NotFound("conversation"))?;
    let templates = format!("{}\n{}", line.auto_reply_subject, line.auto_reply_text);
    let hours = line::said_in(tx, &templates, line, conversation.contact_id, conversation.id, tx.now()).await?;
    let fill = |template: &str| fill_text(template, &variables, |name| hours.value(name));
    let (text, subject) = (fill(&line.auto_reply_text), fill(&line.auto_reply_subject));
    let acknowledgement = Automatically {
        kind: Automatic::Acknowledgement,
        subject: Some(subject),
        text,
        recipients: Recipients { to: vec![to.clone()], cc: Vec::new() },
        extra: message::Extra::default(),
    };
    conversation::say(tx, &conversation, acknowledgement).await
}
