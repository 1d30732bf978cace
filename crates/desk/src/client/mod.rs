//! Who is connected to a line, and whom of them a member of staff keeps an eye on.
//!
//! Connected is whoever ever had a conversation on the line, was connected by hand, or belongs to a company that is
//! subscribed to it. A mark is one person's own: it changes what his list shows and what he is told, nothing else.

pub mod connection;
pub mod detail;
pub mod mark;
pub mod subscription;

use base::{Actor, CompanyId, ContactId, Error, LineId, LineScope, Result, UserId};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Set};
use serde_json::json;

use crate::contact::company;
use crate::{contact, conversation};

/// Who of the staff has this client of this line among his favourites: they are told of everything he does there.
pub async fn watchers(connection: &impl ConnectionTrait, line: LineId, contact: ContactId) -> Result<Vec<UserId>> {
    let marks = mark::Entity::find()
        .select_only()
        .column(mark::Column::UserId)
        .filter(mark::Column::LineId.eq(line))
        .filter(mark::Column::ContactId.eq(contact))
        .filter(mark::Column::Favourite.eq(true));
    Ok(marks.into_tuple().all(connection).await?)
}

/// Whether somebody without conversations that the actor sees is connected to one of his lines all the same.
pub(crate) async fn is_connected(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    contact: ContactId,
    company: Option<CompanyId>,
) -> Result<bool> {
    let LineScope::Only(lines) = &actor.lines else { return Ok(true) };
    let by_hand = connection::Entity::find()
        .filter(connection::Column::ContactId.eq(contact))
        .filter(connection::Column::LineId.is_in(lines.iter().copied()));
    if by_hand.one(connection).await?.is_some() {
        return Ok(true);
    }
    let Some(company) = company else { return Ok(false) };
    let subscribed = subscription::Entity::find()
        .filter(subscription::Column::CompanyId.eq(company))
        .filter(subscription::Column::LineId.is_in(lines.iter().copied()));
    Ok(subscribed.one(connection).await?.is_some())
}

/// A company that the actor may see: one whose people have conversations he sees or that is subscribed to one of his
/// lines, or any for those who see every line.
pub async fn find_company(connection: &impl ConnectionTrait, actor: &Actor, id: CompanyId) -> Result<company::Model> {
    let company = company::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("company"))?;
    let LineScope::Only(lines) = &actor.lines else { return Ok(company) };
    let people = contact::Entity::find()
        .select_only()
        .column(contact::Column::Id)
        .filter(contact::Column::CompanyId.eq(id))
        .into_query();
    let talked = conversation::visible_to(actor).filter(conversation::Column::ContactId.in_subquery(people));
    if talked.one(connection).await?.is_some() {
        return Ok(company);
    }
    let subscribed = subscription::Entity::find()
        .filter(subscription::Column::CompanyId.eq(id))
        .filter(subscription::Column::LineId.is_in(lines.iter().copied()));
    subscribed.one(connection).await?.map(|_| company).ok_or(Error::NotFound("company"))
}

/// Connects somebody to a line by hand; who is connected already stays so.
pub async fn connect(tx: &Tx, actor: &Actor, line: LineId, contact: ContactId) -> Result<()> {
    let row = connection::ActiveModel {
        line_id: Set(line),
        contact_id: Set(contact),
        added_by: Set(actor.user_id()),
        created_at: Set(tx.now()),
    };
    let known =
        OnConflict::columns([connection::Column::LineId, connection::Column::ContactId]).do_nothing().to_owned();
    connection::Entity::insert(row).on_conflict(known).exec_without_returning(tx).await?;
    tell(tx, actor, "client_connected", line, contact.0).await
}

/// Undoes `connect`. Who has conversations on the line stays connected by them.
pub async fn disconnect(tx: &Tx, actor: &Actor, line: LineId, contact: ContactId) -> Result<()> {
    connection::Entity::delete_by_id((line, contact)).exec(tx).await?;
    tell(tx, actor, "client_disconnected", line, contact.0).await
}

/// Connects everybody of a company to a line.
pub async fn subscribe(tx: &Tx, actor: &Actor, line: LineId, company: CompanyId) -> Result<()> {
    let row = subscription::ActiveModel { line_id: Set(line), company_id: Set(company), created_at: Set(tx.now()) };
    let known =
        OnConflict::columns([subscription::Column::LineId, subscription::Column::CompanyId]).do_nothing().to_owned();
    subscription::Entity::insert(row).on_conflict(known).exec_without_returning(tx).await?;
    tell(tx, actor, "company_subscribed", line, company.0).await
}

pub async fn unsubscribe(tx: &Tx, actor: &Actor, line: LineId, company: CompanyId) -> Result<()> {
    subscription::Entity::delete_by_id((line, company)).exec(tx).await?;
    tell(tx, actor, "company_unsubscribed", line, company.0).await
}

async fn tell(tx: &Tx, actor: &Actor, kind: &'static str, line: LineId, subject: uuid::Uuid) -> Result<()> {
    bus::emit(tx, actor, Event::new(kind).subject(subject).line(line)).await.map(drop)
}

/// What somebody marks about a client of a line; absent: keep.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    /// Keep him in my list although he has not written for long.
    pub added: Option<bool>,
    /// Keep him in my list and tell me of everything he does.
    pub favourite: Option<bool>,
}

/// Sets one's own marks.
pub async fn set_marks(tx: &Tx, actor: &Actor, line: LineId, contact: ContactId, marks: Marks) -> Result<mark::Model> {
    let me = actor.user_id().ok_or_else(|| Error::internal("only a person marks clients"))?;
    let old = mark::Entity::find_by_id((line, me, contact)).one(tx).await?;
    let (added, favourite) = old.map_or((false, false), |old| (old.added, old.favourite));
    let row = mark::Model {
        line_id: line,
        user_id: me,
        contact_id: contact,
        added: marks.added.unwrap_or(added),
        favourite: marks.favourite.unwrap_or(favourite),
        updated_at: tx.now(),
    };
    let active = mark::ActiveModel {
        line_id: Set(row.line_id),
        user_id: Set(row.user_id),
        contact_id: Set(row.contact_id),
        added: Set(row.added),
        favourite: Set(row.favourite),
        updated_at: Set(row.updated_at),
    };
    let again = OnConflict::columns([mark::Column::LineId, mark::Column::UserId, mark::Column::ContactId])
        .update_columns([mark::Column::Added, mark::Column::Favourite, mark::Column::UpdatedAt])
        .to_owned();
    mark::Entity::insert(active).on_conflict(again).exec_without_returning(tx).await?;
    let data = json!({"user_id": me, "added": row.added, "favourite": row.favourite});
    bus::emit(tx, actor, Event::new("client_marked").subject(contact.0).line(line).data(data)).await?;
    Ok(row)
}

/// Everything that is written here about `from` becomes `into`'s: they are one person.
pub(crate) async fn absorb(tx: &Tx, into: ContactId, from: ContactId) -> Result<()> {
    for (table, columns) in [
        ("line_client", "line_id, {}, added_by, created_at"),
        ("client_mark", "line_id, user_id, {}, added, favourite, updated_at"),
        ("contact_detail", "{}, department, birthday, login, login_key, region"),
    ] {
        let sql = format!(
            "insert into {table} ({}) select {} from {table} where contact_id = $2 on conflict do nothing",
            columns.replace("{}", "contact_id"),
            columns.replace("{}", "$1"),
        );
        tx.execute_raw(dialect::statement(tx, &sql, [into.0.into(), from.0.into()])).await?;
    }
    Ok(())
}
