//! Commands and queries on notifications.

use base::{Actor, ConversationId, Error, LineScope, PageRequest, Permission, Result, UserId};
use bus::Event;
use db::Tx;
use desk::{conversation, task, ticket};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

use crate::entity::{Column, Entity, Model, NotificationId};
use crate::kind::Kind;

/// His notifications of what he still sees.
fn visible_to(actor: &Actor) -> Result<Select<Entity>> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let mut seen = Condition::any();
    if actor.has(Permission::ConversationsView) {
        let conversations: SelectStatement =
            conversation::visible_to(actor).select_only().column(conversation::Column::Id).into_query();
        seen = seen.add(Column::ConversationId.in_subquery(conversations));
        let mut share = Condition::all().add(Column::Kind.eq(Kind::SlaShareLow));
        if let LineScope::Only(lines) = &actor.lines {
            share = share.add(Column::LineId.is_in(lines.iter().copied()));
        }
        seen = seen.add(share);
    }
    if actor.has(Permission::TicketsView) {
        let tickets: SelectStatement = ticket::visible_to(actor).select_only().column(ticket::Column::Id).into_query();
        let promised = Condition::all().add(Column::Kind.is_in(Kind::OF_TICKETS));
        seen = seen.add(promised.add(Column::ConversationId.is_null()).add(Column::SubjectId.in_subquery(tickets)));
    }
    let tasks: SelectStatement = task::visible_to(actor).select_only().column(task::Column::Id).into_query();
    seen = seen.add(Column::Kind.eq(Kind::TaskAssigned).and(Column::SubjectId.in_subquery(tasks)));
    if actor.has(Permission::ChannelsManage) {
        let mut managed = Condition::all().add(Column::Kind.is_in([Kind::MailboxBroken, Kind::ChannelBroken]));
        if let LineScope::Only(lines) = &actor.lines {
            managed = managed.add(Column::LineId.is_in(lines.iter().copied()));
        }
        seen = seen.add(managed);
    }
    Ok(Entity::find().filter(Column::UserId.eq(me)).filter(seen))
}

fn feed_of(actor: &Actor) -> Result<Select<Entity>> {
    Ok(visible_to(actor)?.filter(Column::InFeed.eq(true)))
}

/// The newest first, one more than a page has.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    unread: bool,
    page: &PageRequest,
) -> Result<Vec<Model>> {
    let mut query = feed_of(actor)?.order_by_desc(Column::Id).limit(page.limit() + 1);
    if unread {
        query = query.filter(Column::ReadAt.is_null());
    }
    if let Some(after) = page.cursor::<NotificationId>()? {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.all(connection).await?)
}

pub(crate) async fn count_unread(connection: &impl ConnectionTrait, actor: &Actor) -> Result<u64> {
    Ok(feed_of(actor)?.filter(Column::ReadAt.is_null()).count(connection).await?)
}

/// One of his, in the feed or not.
pub(crate) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: NotificationId) -> Result<Model> {
    visible_to(actor)?.filter(Column::Id.eq(id)).one(connection).await?.ok_or(Error::NotFound("notification"))
}

/// Which notifications have been read.
pub(crate) enum Which {
    All,
    One(NotificationId),
    Of(ConversationId),
}

pub(crate) async fn read(tx: &Tx, actor: &Actor, which: Which) -> Result<()> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let mut update = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(tx.now()))
        .filter(Column::UserId.eq(me))
        .filter(Column::ReadAt.is_null());
    match which {
        Which::All => {}
        Which::One(id) => update = update.filter(Column::Id.eq(find(tx, actor, id).await?.id)),
        Which::Of(id) => update = update.filter(Column::ConversationId.eq(id)),
    }
    if update.exec(tx).await?.rows_affected > 0 {
        changed(tx, actor, me).await?;
    }
    Ok(())
}

/// The owner's pages hear of it, nobody else's.
pub(crate) async fn changed(tx: &Tx, actor: &Actor, owner: UserId) -> Result<()> {
    bus::emit(tx, actor, Event::new("notification_changed").subject(owner.0)).await.map(drop)
}
