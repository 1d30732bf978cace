//! Commands and queries on canned replies.

use base::{Actor, ConversationId, Error, LineId, LineScope, Permission, Result, Timestamp, UserId};
use bus::Event;
use db::Tx;
use desk::{conversation, field};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait, Select, Set,
};
use serde_json::json;

use super::entity::{ActiveModel, Column, Entity, Model};
use super::{CannedReplyId, line, search, variable};

/// One's own, and the shared ones that are for every line or for one that the actor sees.
pub(super) fn visible_to(actor: &Actor) -> Select<Entity> {
    let shared = Condition::all().add(Column::OwnerId.is_null());
    let shared = match &actor.lines {
        LineScope::All => shared,
        LineScope::Only(lines) => shared.add(is_for(lines)),
    };
    let seen = Condition::any().add(shared);
    Entity::find().filter(match actor.user_id() {
        Some(user_id) => seen.add(Column::OwnerId.eq(user_id)),
        None => seen,
    })
}

/// Not limited, or limited to one of these lines at least.
fn is_for(lines: &[LineId]) -> Condition {
    let limited = || line::Entity::find().select_only().column(line::Column::CannedReplyId);
    let of_lines = limited().filter(line::Column::LineId.is_in(lines.iter().copied()));
    Condition::any()
        .add(Column::Id.not_in_subquery(limited().into_query()))
        .add(Column::Id.in_subquery(of_lines.into_query()))
}

/// What a list is narrowed to.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// What was typed.
    pub q: String,
    /// Those that are of use on this line.
    pub line_id: Option<LineId>,
}

/// All that fit, the best first.
pub(super) async fn list(connection: &impl ConnectionTrait, actor: &Actor, filter: Filter) -> Result<Vec<Model>> {
    let Filter { q, line_id } = filter;
    let mut query = visible_to(actor);
    if let Some(line_id) = line_id {
        query = query.filter(is_for(&[line_id]));
    }
    Ok(search::matching(query.all(connection).await?, &q))
}

pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: CannedReplyId) -> Result<Model> {
    let found = visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?;
    found.ok_or(Error::NotFound("canned reply"))
}

/// One that the actor may change: his own, or a shared one by right.
async fn find_to_change(tx: &Tx, actor: &Actor, id: CannedReplyId) -> Result<Model> {
    let row = find(tx, actor, id).await?;
    if row.owner_id.is_none() {
        actor.require(Permission::CannedRepliesManage)?;
    }
    Ok(row)
}

/// A reply to be.
#[derive(Debug)]
pub struct NewCannedReply {
    /// Everybody's, not one's own.
    pub shared: bool,
    pub name: String,
    pub short_name: String,
    pub folder: String,
    pub html: String,
    /// Of a shared one: those it is limited to; none: every line.
    pub line_ids: Vec<LineId>,
}

pub async fn create(tx: &Tx, actor: &Actor, new: NewCannedReply) -> Result<Model> {
    let NewCannedReply { shared, name, short_name, folder, html, line_ids } = new;
    if shared {
        actor.require(Permission::CannedRepliesManage)?;
    }
    let owner_id: Option<UserId> = if shared { None } else { actor.user_id() };
    let (html, text) = valid_html(&html)?;
    let short_name = valid_short_name(&short_name)?;
    let row = ActiveModel {
        id: Set(CannedReplyId(tx.new_id())),
        owner_id: Set(owner_id),
        name: Set(field::name("name", &name)?),
        short_name_folded: Set(text::fold(&short_name)),
        short_name: Set(short_name),
        folder: Set(valid_folder(&folder)?),
        html: Set(html),
        text: Set(text),
        use_count: Set(0),
        last_used_at: Set(None),
        last_used_by: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        updated_by: Set(actor.user_id()),
    };
    let row = row.insert(tx).await.map_err(taken)?;
    limit(tx, actor, &row, &line_ids).await?;
    tell(tx, actor, "canned_reply_created", &row).await?;
    Ok(row)
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<String>,
    pub short_name: Option<String>,
    pub folder: Option<String>,
    pub html: Option<String>,
    pub line_ids: Option<Vec<LineId>>,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: CannedReplyId, change: Change) -> Result<Model> {
    let Change { name, short_name, folder, html, line_ids } = change;
    let mut row = find_to_change(tx, actor, id).await?.into_active_model();
    if let Some(name) = name {
        row.name = Set(field::name("name", &name)?);
    }
    if let Some(short_name) = short_name {
        let short_name = valid_short_name(&short_name)?;
        row.short_name_folded = Set(text::fold(&short_name));
        row.short_name = Set(short_name);
    }
    if let Some(folder) = folder {
        row.folder = Set(valid_folder(&folder)?);
    }
    if let Some(html) = html {
        let (html, text) = valid_html(&html)?;
        row.html = Set(html);
        row.text = Set(text);
    }
    row.updated_at = Set(tx.now());
    row.updated_by = Set(actor.user_id());
    let row = row.update(tx).await.map_err(taken)?;
    if let Some(line_ids) = line_ids {
        limit(tx, actor, &row, &line_ids).await?;
    }
    tell(tx, actor, "canned_reply_changed", &row).await?;
    Ok(row)
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: CannedReplyId) -> Result<()> {
    let row = find_to_change(tx, actor, id).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, "canned_reply_deleted", &row).await
}

/// The reply as it reads in a conversation. Nothing is counted.
pub(super) async fn preview(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: CannedReplyId,
    conversation_id: ConversationId,
    now: Timestamp,
) -> Result<String> {
    let row = find(connection, actor, id).await?;
    filled(connection, actor, &row, conversation_id, now).await
}

async fn filled(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    row: &Model,
    conversation_id: ConversationId,
    now: Timestamp,
) -> Result<String> {
    let conversation = field::known("conversation_id", conversation::find(connection, actor, conversation_id).await)?;
    variable::fill(connection, actor, &row.html, &conversation, now).await
}

/// The same, and it counts as used.
pub(super) async fn fill(tx: &Tx, actor: &Actor, id: CannedReplyId, conversation_id: ConversationId) -> Result<String> {
    let row = find(tx, actor, id).await?;
    let html = filled(tx, actor, &row, conversation_id, tx.now()).await?;
    Entity::update_many()
        .col_expr(Column::UseCount, Expr::col(Column::UseCount).add(1))
        .col_expr(Column::LastUsedAt, Expr::value(tx.now()))
        .col_expr(Column::LastUsedBy, Expr::value(actor.user_id()))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    tell(tx, actor, "canned_reply_used", &row).await?;
    Ok(html)
}

async fn limit(tx: &Tx, actor: &Actor, row: &Model, line_ids: &[LineId]) -> Result<()> {
    if row.owner_id.is_some() {
        if line_ids.is_empty() {
            return Ok(());
        }
        let (ru, en) = ("Линии выбирают только общим шаблонам", "Only shared replies are limited to lines");
        return Err(Error::invalid("line_ids", "not_shared", ru, en));
    }
    line::set(tx, actor, row.id, line_ids).await
}

/// Sanitised, and its words.
fn valid_html(html: &str) -> Result<(String, String)> {
    let html = field::limit("html", mail::html::sanitize(html), 50_000)?;
    variable::check(&html)?;
    let text = mail::html::html_to_text(&html);
    if text.trim().is_empty() {
        return Err(Error::required("html"));
    }
    Ok((html, text))
}

fn valid_short_name(short_name: &str) -> Result<String> {
    let short_name = short_name.trim().trim_start_matches('/');
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if (1..=40).contains(&short_name.chars().count()) && short_name.chars().all(allowed) {
        return Ok(short_name.to_owned());
    }
    Err(Error::invalid(
        "short_name",
        "bad_short_name",
        "Короткое имя: до 40 букв, цифр, знаков _ и -",
        "A short name is up to 40 letters, digits, _ and -",
    ))
}

fn valid_folder(folder: &str) -> Result<String> {
    field::limit("folder", folder.split_whitespace().collect::<Vec<_>>().join(" "), 100)
}

fn taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) {
        let (ru, en) = ("Такое короткое имя уже занято", "This short name is taken already");
        return Error::invalid("short_name", "taken", ru, en);
    }
    error.into()
}

/// Says nothing of what it says: of one's own only its owner hears, of a shared one everybody.
async fn tell(tx: &Tx, actor: &Actor, kind: &'static str, row: &Model) -> Result<()> {
    let data = match row.owner_id {
        Some(owner_id) => json!({"people": [owner_id]}),
        None => json!({}),
    };
    bus::emit(tx, actor, Event::new(kind).subject(row.id.0).data(data)).await.map(drop)
}
