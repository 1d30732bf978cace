//! Colleagues who are called into a conversation by their names in a note. Whoever does not see it cannot be called.

use base::{Actor, ConversationId, Permission, Result, UserId};
use db::Tx;
use sea_orm::ConnectionTrait;

use super::Model;
use crate::group_chat;
use crate::people::StaffRef;
use crate::user::{self, Among};

/// Everybody who may be named in a note here, by name.
pub(crate) async fn colleagues(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: ConversationId,
) -> Result<Vec<StaffRef>> {
    let conversation = super::find(connection, actor, id).await?;
    let (line, group) = (conversation.line_id, conversation.group_id);
    let mut known = user::readers(connection, Among::Everybody, Permission::ConversationsView, line, group).await?;
    if conversation.is_group() {
        let others = group_chat::staff(connection, id, Permission::ConversationsView).await?;
        known.extend(
            others.into_iter().filter(|one| !known.iter().any(|reader| reader.id == one.id)).collect::<Vec<_>>(),
        );
        known.sort_by(|a, b| (&a.name_folded, a.id).cmp(&(&b.name_folded, b.id)));
    }
    Ok(known.into_iter().map(StaffRef::from).collect())
}

/// Keeps in cleaned HTML the marks of those who see the conversation, in a note, and answers who they are. What leaves
/// for a client names nobody.
pub(crate) async fn settle(
    tx: &Tx,
    conversation: &Model,
    is_note: bool,
    html: String,
) -> Result<(String, Vec<UserId>)> {
    let named = mail::html::mentions(&html);
    if named.is_empty() {
        return Ok((html, Vec::new()));
    }
    let mut called = Vec::new();
    if is_note {
        let (line, group) = (conversation.line_id, conversation.group_id);
        let ids: Vec<UserId> = named.iter().filter_map(|id| id.parse().ok()).collect();
        let known = user::readers(tx, Among::These(&ids), Permission::ConversationsView, line, group).await?;
        called = known.into_iter().map(|person| person.id).collect();
        if conversation.is_group() {
            let others = group_chat::staff(tx, conversation.id, Permission::ConversationsView).await?;
            let others = others.into_iter().map(|person| person.id).filter(|id| ids.contains(id));
            called.extend(others.filter(|id| !called.contains(id)).collect::<Vec<_>>());
        }
    }
    let html = mail::html::keep_mentions(&html, |id| id.parse().is_ok_and(|id| called.contains(&id)));
    Ok((html, called))
}
