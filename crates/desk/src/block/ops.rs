//! Commands and queries on the block list.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::App;
use base::{Actor, BlockId, Error, LineId, Result, Timestamp, Words};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::entity::{Column, Entity, Kind, Model};
use super::pattern;
use crate::line;

/// What is known of somebody who writes.
#[derive(Clone, Debug, Default)]
pub struct Subject<'a> {
    pub emails: Vec<&'a str>,
    pub phones: Vec<&'a str>,
    /// `kind:key` as the identities of contacts.
    pub accounts: Vec<String>,
    pub address: Option<IpAddr>,
    /// The line he writes to; a rule of chosen lines counts there only.
    pub line: Option<LineId>,
    /// What he writes.
    pub text: &'a str,
}

/// The rules as this node knows them.
#[derive(Default)]
struct Rules(Mutex<Option<(Instant, Arc<Vec<Model>>)>>);

/// Another node's changes are known after this long.
const FRESH: Duration = Duration::from_secs(3);

async fn rules(app: &App) -> Result<Arc<Vec<Model>>> {
    let memory: Arc<Rules> = app.memory();
    let known = memory.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, rules)) = known.filter(|(at, _)| at.elapsed() < FRESH) {
        return Ok(rules);
    }
    let rules = Arc::new(Entity::find().all(app.db.read()).await?);
    *memory.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), rules.clone()));
    Ok(rules)
}

/// After a change has been committed.
pub(crate) fn forget_rules(app: &App) {
    let memory: Arc<Rules> = app.memory();
    *memory.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

/// The rule that keeps this one out; none when there is none, or when another lets him in.
pub async fn blocking(app: &App, subject: &Subject<'_>) -> Result<Option<Model>> {
    let rules = rules(app).await?;
    let now = app.now();
    let fits = |allow: bool| {
        let counting = rules.iter().filter(move |rule| rule.allow == allow && rule.counts(now, subject.line));
        counting.into_iter().find(|rule| pattern::matches(rule, subject))
    };
    let found = fits(false);
    Ok(if found.is_some() && fits(true).is_none() { found.cloned() } else { None })
}

/// Counts that a rule kept somebody out.
pub async fn count_hit(tx: &Tx, id: BlockId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Hits, Expr::cust("hits + 1"))
        .col_expr(Column::LastHitAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

impl Model {
    /// Whether it says anything at this time on this line.
    fn counts(&self, now: Timestamp, line: Option<LineId>) -> bool {
        let on_line = |lines: Vec<LineId>| line.is_some_and(|line| lines.contains(&line));
        self.until.is_none_or(|until| until > now) && self.lines().is_none_or(on_line)
    }

    /// The lines it counts on; none: all.
    pub fn lines(&self) -> Option<Vec<LineId>> {
        self.line_ids.as_ref().and_then(|ids| serde_json::from_value(ids.clone()).ok())
    }

    /// Why something was not taken, for whoever looks at a ledger.
    pub fn reason(&self) -> Words {
        Words::owned(
            format!("Чёрный список: {} «{}»", self.kind.as_str(), self.pattern),
            format!("The block list: {} “{}”", self.kind.as_str(), self.pattern),
        )
    }
}

/// A rule to add.
#[derive(Clone, Debug)]
pub(crate) struct NewRule {
    pub kind: Kind,
    pub pattern: String,
    pub allow: bool,
    pub note: String,
    /// None: forever.
    pub until: Option<Timestamp>,
    /// None: on all lines.
    pub lines: Option<Vec<LineId>>,
}

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(connection).await?)
}

pub(super) async fn create(tx: &Tx, actor: &Actor, new: NewRule) -> Result<Model> {
    let row = model(tx, actor, new)?;
    if row.until.is_some_and(|until| until <= tx.now()) {
        let (ru, en) = ("Выберите время в будущем", "Choose a time in the future");
        return Err(Error::invalid("until", "in_the_past", ru, en));
    }
    check_lines(tx, actor, row.lines().as_deref()).await?;
    if !insert(tx, actor, &row).await? {
        return Err(Error::conflict("exists", "Такое правило уже есть", "There is such a rule already"));
    }
    Ok(row)
}

async fn check_lines(tx: &Tx, actor: &Actor, lines: Option<&[LineId]>) -> Result<()> {
    let Some(lines) = lines else { return Ok(()) };
    let known = line::names(tx, lines.iter().copied()).await?;
    if lines.is_empty() || !lines.iter().all(|line| known.contains_key(line) && actor.sees_line(*line)) {
        let (ru, en) = ("Выберите линии из списка", "Choose lines of the list");
        return Err(Error::invalid("line_ids", "unknown", ru, en));
    }
    Ok(())
}

/// A rule that may be there already.
pub(crate) async fn add(tx: &Tx, actor: &Actor, new: NewRule) -> Result<()> {
    insert(tx, actor, &model(tx, actor, new)?).await.map(drop)
}

fn model(tx: &Tx, actor: &Actor, new: NewRule) -> Result<Model> {
    Ok(Model {
        id: BlockId(tx.new_id()),
        kind: new.kind,
        pattern: pattern::normalized(new.kind, &new.pattern)?,
        allow: new.allow,
        note: crate::field::limit("note", new.note.trim().to_owned(), 500)?,
        hits: 0,
        last_hit_at: None,
        created_by: actor.user_id(),
        created_at: tx.now(),
        until: new.until,
        line_ids: new.lines.map(|lines| json!(lines)),
    })
}

/// False: there is such a rule already.
async fn insert(tx: &Tx, actor: &Actor, row: &Model) -> Result<bool> {
    let known = OnConflict::columns([Column::Kind, Column::Pattern, Column::Allow]).do_nothing().to_owned();
    let inserted =
        Entity::insert(row.clone().into_active_model()).on_conflict(known).exec_without_returning(tx).await?;
    if inserted > 0 {
        tell(tx, actor, "block_added", row).await?;
    }
    Ok(inserted > 0)
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: BlockId) -> Result<()> {
    let row = Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("block"))?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, "block_removed", &row).await
}

async fn tell(tx: &Tx, actor: &Actor, kind: &'static str, row: &Model) -> Result<()> {
    let data = json!({"kind": row.kind, "pattern": row.pattern, "allow": row.allow});
    bus::emit(tx, actor, Event::new(kind).subject(row.id.0).data(data)).await.map(drop)
}
