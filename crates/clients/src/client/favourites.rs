//! One's favourite clients on all lines: the page tells of everything they do.

use app::App;
use base::{Actor, ContactId, ConversationId, LineId, Result};
use desk::client::mark;
use desk::{contact, conversation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;

/// One's favourite clients.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Favourites {
    pub items: Vec<Favourite>,
}

/// A favourite client on one line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Favourite {
    pub line_id: LineId,
    pub contact_id: ContactId,
    pub name: String,
    /// His conversations on this line that go on; what happens in them is his.
    pub conversation_ids: Vec<ConversationId>,
}

/// Nobody looks after more people than this at once.
const AT_MOST: u64 = 500;

pub(super) async fn of(app: &App, actor: &Actor) -> Result<Favourites> {
    let read = app.db.read();
    let Some(me) = actor.user_id() else { return Ok(Favourites { items: Vec::new() }) };
    let marks = mark::Entity::find()
        .filter(mark::Column::UserId.eq(me))
        .filter(mark::Column::Favourite.eq(true))
        .order_by_desc(mark::Column::UpdatedAt)
        .limit(AT_MOST)
        .all(read)
        .await?;
    let marks: Vec<mark::Model> = marks.into_iter().filter(|mark| actor.sees_line(mark.line_id)).collect();
    let ids: Vec<ContactId> = marks.iter().map(|mark| mark.contact_id).collect();
    let people = contact::Entity::find().filter(contact::Column::Id.is_in(ids.iter().copied())).all(read).await?;
    let talks: Vec<(ConversationId, ContactId, LineId)> = conversation::visible_to(actor)
        .select_only()
        .columns([conversation::Column::Id, conversation::Column::ContactId, conversation::Column::LineId])
        .filter(conversation::Column::ContactId.is_in(ids))
        .filter(conversation::Column::Status.is_in([conversation::Status::Open, conversation::Status::Snoozed]))
        .into_tuple()
        .all(read)
        .await?;
    let favourite = |mark: mark::Model| {
        let own = talks.iter().filter(|(_, who, line)| *who == mark.contact_id && *line == mark.line_id);
        Some(Favourite {
            name: people.iter().find(|one| one.id == mark.contact_id)?.name.clone(),
            conversation_ids: own.map(|(id, ..)| *id).collect(),
            line_id: mark.line_id,
            contact_id: mark.contact_id,
        })
    };
    Ok(Favourites { items: marks.into_iter().filter_map(favourite).collect() })
}
