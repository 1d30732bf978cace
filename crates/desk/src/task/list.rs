//! Tasks as lists narrow and order them, page by page.

use base::{Actor, ConversationId, Error, Page, PageRequest, Result, TicketId, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TaskId;
use super::entity::{Column, Entity, Model, State};
use super::ops::{groups_of, visible_to};
use super::view::{Task, views};

/// Whose tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = TaskScope)]
#[serde(rename_all = "snake_case")]
pub(super) enum Whose {
    /// All that you see.
    #[default]
    All,
    /// Those you are to do.
    Mine,
    /// Those of your groups that nobody has taken.
    Groups,
    /// Those you have made for others.
    Made,
}

/// How far they have got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = TaskFilterState)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    All,
    /// By the time they are due.
    #[default]
    Open,
    /// Those that ended last come first.
    Done,
    Cancelled,
}

#[derive(Debug, Default)]
pub(super) struct Filter {
    pub whose: Whose,
    pub state: Wanted,
    pub ticket: Option<TicketId>,
    pub conversation: Option<ConversationId>,
    /// Only those whose time was over by then.
    pub overdue_at: Option<Timestamp>,
}

fn narrowed(actor: &Actor, filter: &Filter) -> Result<Select<Entity>> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let mut all = Condition::all();
    all = match filter.whose {
        Whose::All => all,
        Whose::Mine => all.add(Column::AssigneeId.eq(me)),
        Whose::Groups => all.add(Column::AssigneeId.is_null()).add(Column::GroupId.in_subquery(groups_of(me))),
        Whose::Made => {
            let others = Condition::any().add(Column::AssigneeId.is_null()).add(Column::AssigneeId.ne(me));
            all.add(Column::CreatedBy.eq(me)).add(others)
        }
    };
    let state = match filter.state {
        Wanted::All => None,
        Wanted::Open => Some(State::Open),
        Wanted::Done => Some(State::Done),
        Wanted::Cancelled => Some(State::Cancelled),
    };
    if let Some(state) = state {
        all = all.add(Column::State.eq(state));
    }
    if let Some(ticket) = filter.ticket {
        all = all.add(Column::TicketId.eq(ticket));
    }
    if let Some(conversation) = filter.conversation {
        all = all.add(Column::ConversationId.eq(conversation));
    }
    if let Some(now) = filter.overdue_at {
        all = all.add(Column::State.eq(State::Open)).add(Column::DueOrder.lt(now));
    }
    Ok(visible_to(actor).filter(all))
}

/// A page of tasks the actor sees.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: Filter,
    page: &PageRequest,
) -> Result<Page<Task>> {
    let query = narrowed(actor, &filter)?;
    let ended = matches!(filter.state, Wanted::Done | Wanted::Cancelled);
    let cursor = page.cursor::<(Timestamp, TaskId)>()?;
    let after = |column: Column, at: Timestamp, id: TaskId| {
        let (later, beside) = match ended {
            true => (column.lt(at), Column::Id.lt(id)),
            false => (column.gt(at), Column::Id.gt(id)),
        };
        Condition::any().add(later).add(Condition::all().add(column.eq(at)).add(beside))
    };
    let column = if ended { Column::UpdatedAt } else { Column::DueOrder };
    let query = match cursor {
        Some((at, id)) => query.filter(after(column, at, id)),
        None => query,
    };
    let query = match ended {
        true => query.order_by_desc(column).order_by_desc(Column::Id),
        false => query.order_by_asc(column).order_by_asc(Column::Id),
    };
    let rows = query.limit(page.limit() + 1).all(connection).await?;
    let key = |row: &Model| if ended { (row.updated_at, row.id) } else { (row.due_order, row.id) };
    let found = Page::from_rows(rows, page.limit(), key);
    Ok(Page { items: views(connection, actor, found.items).await?, next: found.next })
}

/// How many tasks wait for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TaskCounts {
    /// Those you are to do.
    mine: u64,
    /// Of these, those whose time is over.
    overdue: u64,
    /// Those of your groups that nobody has taken.
    groups: u64,
}

pub(super) async fn counts(connection: &impl ConnectionTrait, actor: &Actor, now: Timestamp) -> Result<TaskCounts> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let open = Entity::find().filter(Column::State.eq(State::Open));
    let mine = open.clone().filter(Column::AssigneeId.eq(me));
    let groups = open.filter(Column::AssigneeId.is_null()).filter(Column::GroupId.in_subquery(groups_of(me)));
    Ok(TaskCounts {
        overdue: mine.clone().filter(Column::DueOrder.lt(now)).count(connection).await?,
        mine: mine.count(connection).await?,
        groups: groups.count(connection).await?,
    })
}
