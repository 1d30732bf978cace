//! Commands on ratings.

use base::{Actor, ConversationId, Error, Result};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::entity::{Column, Entity, Model};
use crate::{client_category, conversation, field};

/// The mark that the press of one of our rating buttons gives: their payload is `otklik:rate:N`.
pub fn stars_of_payload(payload: &str) -> Option<i64> {
    payload.strip_prefix("otklik:rate:")?.parse().ok().filter(|stars| (1..=5).contains(stars))
}

/// The client rates a conversation. Another mark of his takes the place of the one before.
pub async fn rate(tx: &Tx, actor: &Actor, id: ConversationId, stars: i64, comment: &str) -> Result<Model> {
    if !(1..=5).contains(&stars) {
        return Err(Error::invalid("stars", "out_of_range", "Оценка от 1 до 5", "A mark from 1 to 5"));
    }
    let comment = field::limit("comment", comment.trim().to_owned(), 2_000)?;
    let conversation = conversation::find_to_change(tx, actor, id).await?;
    let marks = client_category::marks_of(tx, id, tx.now()).await?;
    if !marks.contains(&stars) {
        let (ru, en) = ("Этой оценки здесь поставить нельзя", "This mark cannot be given here");
        return Err(Error::invalid("stars", "not_allowed", ru, en));
    }
    let before = Entity::find_by_id(id).one(tx).await?;
    // A button that is pressed again, or the same answer sent twice, is no news.
    if let Some(before) = &before
        && before.stars == stars
        && (before.comment == comment || comment.is_empty())
    {
        return Ok(before.clone());
    }
    let kept = before.unwrap_or(Model {
        conversation_id: id,
        stars,
        comment: String::new(),
        staff_comment: String::new(),
        staff_id: None,
        rated_at: tx.now(),
    });
    let row = Model { stars, comment, rated_at: tx.now(), ..kept };
    let again = OnConflict::column(Column::ConversationId)
        .update_columns([Column::Stars, Column::Comment, Column::RatedAt])
        .to_owned();
    Entity::insert(row.clone().into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
    let event = Event::new("conversation_rated")
        .subject(id.0)
        .conversation(id, conversation.line_id, conversation.group_id)
        .data(json!({"stars": row.stars, "comment": row.comment}))
        .chat(conversation.chat_id);
    bus::emit(tx, actor, event).await?;
    Ok(row)
}

pub async fn find(connection: &impl ConnectionTrait, id: ConversationId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(connection).await?)
}

/// What colleagues say to a mark.
pub(super) async fn set_comment(tx: &Tx, actor: &Actor, id: ConversationId, comment: &str) -> Result<Model> {
    let comment = field::limit("comment", comment.trim().to_owned(), 2_000)?;
    let conversation = conversation::find_to_change(tx, actor, id).await?;
    let rating = Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("rating"))?;
    let mut row = rating.into_active_model();
    row.staff_comment = Set(comment);
    row.staff_id = Set(actor.user_id());
    let rating = Entity::update(row).exec(tx).await?;
    let event =
        Event::new("rating_commented").subject(id.0).conversation(id, conversation.line_id, conversation.group_id);
    bus::emit(tx, actor, event).await?;
    Ok(rating)
}
