//! Conversations: one exchange with one client on one line.
//!
//! Invariants: a conversation is reached only through `visible_to`. `preview`, `last_from`, `last_message_at`,
//! `message_count`, `unread` and `delivery` repeat what its messages say, so that a list needs no other table.

mod api;
mod automatic;
mod case;
mod client_timeline;
mod commands;
mod detail;
mod draft;
mod entity;
mod forward;
mod hand_over;
mod idle;
mod line_gone;
mod mention;
pub mod participant;
pub(crate) mod presence;
mod promise;
mod receive;
mod register;
mod row;
mod start;
mod timeline;
mod title;

use base::{Actor, ConversationId, Error, LineScope, Result};
use db::Tx;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};

pub use automatic::{Automatically, Echo, Letter, echo, say, write_to_absent};
pub use case::{Case, CaseReason, Words, open_case, write_to_client};
pub use commands::{close, close_because, mark_not_spam, mark_spam, rename, reopen, set_priority, wake_due};
pub use draft::{Column as DraftColumn, Entity as DraftEntity};
pub use entity::{ActiveModel, Channel, Column, DueNorm, Entity, From, Model, Priority, Status};
pub use hand_over::{add_note, hand_over, move_to_line};
pub use promise::{choose_policy, promise};
pub use receive::{Inbound, NewFile, Received, Sender, Threading, ThreadingRule, add_files, receive};
pub use row::{ConversationRow, Due, Filter, Sort, View, list_rows, rows_by_ids};

pub use api::undo_time;
pub(crate) use api::{WakeSnoozed, routes};
pub(crate) use case::way as way_to;
pub(crate) use client_timeline::{ClientTimeline, page as client_timeline};
pub(crate) use entity::NEVER;
pub(crate) use forward::forward;
pub(crate) use idle::CloseIdle;
pub(crate) use line_gone::CloseOnGoneLines;
pub(crate) use receive::last_words;
pub use start::Route;
pub use title::of_letters;

pub(crate) use mention::settle as settle_mentions;
pub(crate) use receive::store_files;
pub(crate) use row::id_by_number;
pub(crate) use start::{check_window, refresh_preview, repeat_last_message, window_closed};
pub(crate) use timeline::{DeliveryState, Message, message_views};

/// The conversations of the actor's lines, without those of groups that are not his, and the group conversations in which
/// he takes part.
pub fn visible_to(actor: &Actor) -> Select<Entity> {
    Entity::find().filter(is_visible_to(actor))
}

pub(crate) fn is_visible_to(actor: &Actor) -> Condition {
    let by_line = is_visible_by_line(actor);
    if actor.joined.is_empty() {
        return by_line;
    }
    Condition::any().add(by_line).add(Column::Id.is_in(actor.joined.iter().copied()))
}

fn is_visible_by_line(actor: &Actor) -> Condition {
    let on_lines = match &actor.lines {
        LineScope::All => Condition::all(),
        LineScope::Only(lines) => Condition::all().add(Column::LineId.is_in(lines.iter().copied())),
    };
    if actor.hidden.is_empty() {
        return on_lines;
    }
    let hidden = actor.hidden.iter().fold(Condition::any(), |any, (line, group)| {
        any.add(Condition::all().add(Column::LineId.eq(*line)).add(Column::GroupId.eq(*group)))
    });
    on_lines.add(Condition::any().add(Column::GroupId.is_null()).add(hidden.not()))
}

/// A conversation that the actor sees.
pub async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: ConversationId) -> Result<Model> {
    visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?.ok_or(Error::NotFound("conversation"))
}

/// The same, held until the end of the transaction so that two commands on one conversation follow each other.
pub async fn find_to_change(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<Model> {
    visible_to(actor).filter(Column::Id.eq(id)).lock(db::HOLD).one(tx).await?.ok_or(Error::NotFound("conversation"))
}
