//! Tickets as lists narrow and order them, page by page.

use base::{Actor, LineId, Page, PageRequest, Result, TicketId, Timestamp, UserId};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::entity::{Column, Entity, Model, Status};
use super::ops;
use super::view::{Ticket, views};
use crate::service::ServiceId;

/// Which tickets, by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    #[default]
    All,
    /// Neither resolved nor closed.
    Open,
    New,
    Accepted,
    InProgress,
    Waiting,
    Resolved,
    Closed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Sort {
    /// Newest first.
    #[default]
    Created,
    /// By number, highest first.
    Number,
    /// By the time left to keep a promise, overdue first; those without a promise come last.
    Deadline,
}

/// What a list is narrowed to, and its order.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub search: Option<String>,
    pub number: Option<i64>,
    pub status: Wanted,
    pub sort: Sort,
    pub line: Option<LineId>,
    pub owner: Option<UserId>,
    pub unowned: bool,
    pub service: Option<ServiceId>,
    /// Only those whose promise is broken at this time.
    pub overdue_at: Option<Timestamp>,
    /// Only those that their client's plan does not include.
    pub over_tariff: bool,
}

fn statuses(wanted: Wanted) -> &'static [Status] {
    match wanted {
        Wanted::All => &[],
        Wanted::Open => &[Status::New, Status::Accepted, Status::InProgress, Status::Waiting],
        Wanted::New => &[Status::New],
        Wanted::Accepted => &[Status::Accepted],
        Wanted::InProgress => &[Status::InProgress],
        Wanted::Waiting => &[Status::Waiting],
        Wanted::Resolved => &[Status::Resolved],
        Wanted::Closed => &[Status::Closed],
    }
}

fn narrowed(actor: &Actor, filter: Filter) -> Select<Entity> {
    let Filter { search, number, status, sort: _, line, owner, unowned, service, overdue_at, over_tariff } = filter;
    let mut query = ops::visible_to(actor);
    if let Some(search) = search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
        query = match text::query(search).number() {
            Some(number) => query.filter(Column::Number.eq(number)),
            None => query.filter(Column::Subject.contains(search)),
        };
    }
    let mut all = Condition::all();
    if let Some(number) = number {
        all = all.add(Column::Number.eq(number));
    }
    let wanted = statuses(status);
    if !wanted.is_empty() {
        all = all.add(Column::Status.is_in(wanted.iter().copied()));
    }
    if let Some(line) = line {
        all = all.add(Column::LineId.eq(line));
    }
    if let Some(owner) = owner {
        all = all.add(Column::OwnerId.eq(owner));
    }
    if unowned {
        all = all.add(Column::OwnerId.is_null());
    }
    if let Some(service) = service {
        all = all.add(Column::ServiceId.eq(service));
    }
    if let Some(now) = overdue_at {
        all = all.add(Column::DueOrder.lte(now));
    }
    if over_tariff {
        all = all.add(Column::TariffFaults.is_not_null());
    }
    query.filter(all)
}

/// A page of tickets the actor may see.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: Filter,
    page: &PageRequest,
) -> Result<Page<Ticket>> {
    let sort = filter.sort;
    let query = narrowed(actor, filter);
    let query = match sort {
        Sort::Created => {
            let query = match page.cursor::<(Timestamp, TicketId)>()? {
                Some((at, id)) => query.filter(
                    Condition::any()
                        .add(Column::CreatedAt.lt(at))
                        .add(Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id))),
                ),
                None => query,
            };
            query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id)
        }
        Sort::Number => {
            let query = match page.cursor::<i64>()? {
                Some(number) => query.filter(Column::Number.lt(number)),
                None => query,
            };
            query.order_by_desc(Column::Number)
        }
        Sort::Deadline => {
            let query = match page.cursor::<(Timestamp, TicketId)>()? {
                Some((at, id)) => query.filter(
                    Condition::any()
                        .add(Column::DueOrder.gt(at))
                        .add(Condition::all().add(Column::DueOrder.eq(at)).add(Column::Id.gt(id))),
                ),
                None => query,
            };
            query.order_by_asc(Column::DueOrder).order_by_asc(Column::Id)
        }
    };
    let rows = query.limit(page.limit() + 1).all(connection).await?;
    let found = Page::from_rows(rows, page.limit(), |row: &Model| match sort {
        Sort::Created => json!((row.created_at, row.id)),
        Sort::Number => json!(row.number),
        Sort::Deadline => json!((row.due_order, row.id)),
    });
    Ok(Page { items: views(connection, actor, found.items).await?, next: found.next })
}
