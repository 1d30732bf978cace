//! A delivery report marks the letter it speaks of, in words a person understands.

use base::{Actor, ConversationId, LineId, MessageId, Result, Words};
use db::Tx;
use desk::conversation::{Threading, ThreadingRule};
use desk::message::{self, Delivery, Kind};
use mail::Bounce;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// The letter of ours on this line that a report speaks of.
pub(crate) async fn letter(tx: &Tx, line: LineId, answered: &[MessageId]) -> Result<Option<message::Model>> {
    if answered.is_empty() {
        return Ok(None);
    }
    let rows = message::Entity::find()
        .filter(message::Column::Id.is_in(answered.iter().copied()))
        .filter(message::Column::Kind.eq(Kind::Outbound))
        .all(tx)
        .await?;
    for id in answered {
        let Some(row) = rows.iter().find(|row| row.id == *id) else { continue };
        let conversation = desk::conversation::find(tx, &Actor::system(), row.conversation_id).await?;
        if conversation.line_id == line {
            return Ok(Some(row.clone()));
        }
    }
    Ok(None)
}

/// Why the report is in the letter's conversation.
pub(crate) fn threading() -> Threading {
    Threading {
        rule: ThreadingRule::ReplyToken,
        ru: "Это отчёт почтового сервера о доставке нашего письма из этого диалога.".to_owned(),
        en: "This is a mail server's delivery report on our letter of this conversation.".to_owned(),
    }
}

/// What an operator reads on the failed letter.
pub(crate) fn words(bounce: &Bounce) -> Words {
    let (status, diagnostic) = (bounce.status.as_deref(), bounce.diagnostic.as_deref());
    let reason = |language| mail::plain_reason(status, diagnostic, language);
    match &bounce.recipient {
        Some(recipient) => Words::owned(
            format!("Письмо не доставлено на {recipient}. {}", reason("ru")),
            format!("The message was not delivered to {recipient}. {}", reason("en")),
        ),
        None => Words::owned(
            format!("Письмо не доставлено. {}", reason("ru")),
            format!("The message was not delivered. {}", reason("en")),
        ),
    }
}

/// Marks the letter as failed when the report says that it is given up.
pub(crate) async fn mark(tx: &Tx, bounce: &Bounce, letter: &message::Model, text: String) -> Result<ConversationId> {
    let given_up = bounce.action == "failed";
    let on_its_way = matches!(letter.delivery, Some(Delivery::Sent | Delivery::Sending | Delivery::Queued));
    if given_up && on_its_way {
        message::set_delivery(tx, &Actor::system(), letter.id, Delivery::Failed, Some(text), letter.delivery_attempts)
            .await?;
    }
    Ok(letter.conversation_id)
}
