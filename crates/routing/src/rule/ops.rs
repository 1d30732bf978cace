//! Commands and queries on rules.

use base::{Actor, Error, FieldError, LineId, Result, Words};
use bus::Event;
use db::Tx;
use desk::line;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::RuleId;
use super::actions::{Actions, check_actions, check_target};
use super::api::NewRule;
use super::condition::{Compiled, compile, read};
use super::entity::{Column, Entity, Model};
use crate::target::Target;

/// More than anybody could keep in mind.
const MOST_RULES: usize = 500;

/// A rule ready to be asked.
#[derive(Clone, Debug)]
pub struct Rule {
    /// None for one that was never saved.
    pub id: Option<RuleId>,
    pub name: String,
    pub enabled: bool,
    /// None: it can no longer be read.
    pub condition: Option<Compiled>,
    pub target: Target,
    pub actions: Actions,
}

impl Rule {
    fn read(row: Model) -> Result<Self> {
        let condition = serde_json::from_value(row.condition).ok();
        Ok(Rule {
            id: Some(row.id),
            name: row.name,
            enabled: row.enabled,
            condition: condition.and_then(|condition| compile(&condition, "condition").ok()),
            target: serde_json::from_value(row.target)?,
            actions: serde_json::from_value(row.actions)?,
        })
    }
}

/// A rule out of a request that is only tried. `at` is its place, for errors.
pub(crate) fn definition(id: Option<RuleId>, new: NewRule, at: &str) -> Result<Rule> {
    let place = if at.is_empty() { "condition".to_owned() } else { format!("{at}.condition") };
    let condition = read(&new.condition, &place).map_err(Error::Invalid)?;
    let condition = compile(&condition, &place).map_err(Error::Invalid)?;
    let NewRule { name, enabled, condition: _, target, overflow, auto_reply, set } = new;
    let actions = Actions { overflow, auto_reply, set: set.unwrap_or_default() };
    Ok(Rule { id, name, enabled, condition: Some(condition), target, actions })
}

/// The rules of a line, from the top, whoever asks.
pub(crate) async fn of_line(connection: &impl ConnectionTrait, line_id: LineId) -> Result<Vec<Rule>> {
    rows(connection, line_id).await?.into_iter().map(Rule::read).collect()
}

async fn rows(connection: &impl ConnectionTrait, line_id: LineId) -> Result<Vec<Model>> {
    let rows = Entity::find().filter(Column::LineId.eq(line_id));
    Ok(rows.order_by_asc(Column::Position).order_by_asc(Column::Id).all(connection).await?)
}

/// The rules of a line the actor sees, from the top.
pub(super) async fn list(connection: &impl ConnectionTrait, actor: &Actor, line_id: LineId) -> Result<Vec<Model>> {
    line::find(connection, actor, line_id).await?;
    rows(connection, line_id).await
}

pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: RuleId) -> Result<Model> {
    let row = Entity::find_by_id(id).one(connection).await?;
    row.filter(|row| actor.sees_line(row.line_id)).ok_or(Error::NotFound("rule"))
}

/// Puts a rule below the others.
pub(super) async fn create(tx: &Tx, actor: &Actor, line_id: LineId, new: NewRule) -> Result<Model> {
    let others = held(tx, actor, line_id).await?;
    check_room(others.len())?;
    let row = checked(tx, line_id, new).await?;
    let position = others.last().map_or(0, |last| last.position + 1);
    insert(tx, actor, Model { position, ..row }, "created").await
}

/// What to change; none: keep.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub condition: Option<serde_json::Value>,
    pub target: Option<Target>,
    pub overflow: Option<Option<super::Overflow>>,
    pub auto_reply: Option<Option<super::AutoReply>>,
    pub set: Option<super::Settings>,
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: RuleId, change: Change) -> Result<Model> {
    let old = find(tx, actor, id).await?;
    let Change { name, enabled, condition, target, overflow, auto_reply, set } = change;
    let actions: Actions = serde_json::from_value(old.actions)?;
    let target = match target {
        Some(target) => target,
        None => serde_json::from_value(old.target)?,
    };
    let new = NewRule {
        name: name.unwrap_or(old.name),
        enabled: enabled.unwrap_or(old.enabled),
        condition: condition.unwrap_or(old.condition),
        target,
        overflow: overflow.unwrap_or(actions.overflow),
        auto_reply: auto_reply.unwrap_or(actions.auto_reply),
        set: Some(set.unwrap_or(actions.set)),
    };
    let fresh = checked(tx, old.line_id, new).await?;
    let row = Model { id, position: old.position, created_at: old.created_at, ..fresh };
    Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    tell(tx, actor, &row, "changed").await?;
    Ok(row)
}

/// Puts a switched-off copy right below the rule.
pub(super) async fn copy(tx: &Tx, actor: &Actor, id: RuleId) -> Result<Model> {
    let original = find(tx, actor, id).await?;
    let others = held(tx, actor, original.line_id).await?;
    check_room(others.len())?;
    Entity::update_many()
        .col_expr(Column::Position, Expr::col(Column::Position).add(1))
        .filter(Column::LineId.eq(original.line_id))
        .filter(Column::Position.gt(original.position))
        .exec(tx)
        .await?;
    let name: String = format!("{} (копия)", original.name).chars().take(200).collect();
    let (id, position) = (RuleId(tx.new_id()), original.position + 1);
    let row = Model { id, name, position, enabled: false, created_at: tx.now(), updated_at: tx.now(), ..original };
    insert(tx, actor, row, "created").await
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: RuleId) -> Result<()> {
    let row = find(tx, actor, id).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, &row, "deleted").await
}

/// Puts the rules of a line into this order; each of them has to be named once.
pub(super) async fn order(tx: &Tx, actor: &Actor, line_id: LineId, ids: &[RuleId]) -> Result<Vec<Model>> {
    let old = held(tx, actor, line_id).await?;
    let mut named = ids.to_vec();
    named.sort_unstable();
    let mut known: Vec<RuleId> = old.iter().map(|row| row.id).collect();
    known.sort_unstable();
    if named != known {
        let (ru, en) =
            ("Список правил устарел: обновите страницу", "The list of rules is out of date: reload the page");
        return Err(Error::invalid("ids", "not_all", ru, en));
    }
    if let [first, ..] = old.as_slice() {
        let mut place = CaseStatement::new();
        for (index, id) in ids.iter().enumerate() {
            place = place.case(Expr::col(Column::Id).eq(id.0), Expr::val(index as i64));
        }
        let moved = Entity::update_many().filter(Column::LineId.eq(line_id));
        moved.col_expr(Column::Position, place.finally(Expr::col(Column::Position)).into()).exec(tx).await?;
        tell(tx, actor, first, "ordered").await?;
    }
    rows(tx, line_id).await
}

/// The rules of a line, held until the end of the transaction: two who add at once do not share a place.
async fn held(tx: &Tx, actor: &Actor, line_id: LineId) -> Result<Vec<Model>> {
    line::visible_to(actor)
        .filter(line::Column::Id.eq(line_id))
        .lock(db::HOLD)
        .one(tx)
        .await?
        .ok_or(Error::NotFound("line"))?;
    rows(tx, line_id).await
}

async fn checked(tx: &Tx, line_id: LineId, new: NewRule) -> Result<Model> {
    let name = clean_name(&new.name)?;
    let condition = read(&new.condition, "condition").map_err(Error::Invalid)?;
    compile(&condition, "condition").map_err(Error::Invalid)?;
    check_target(tx, line_id, &new.target, "target").await?;
    let actions = Actions { overflow: new.overflow, auto_reply: new.auto_reply, set: new.set.unwrap_or_default() };
    check_actions(tx, line_id, &actions, "").await?;
    Ok(Model {
        id: RuleId(tx.new_id()),
        line_id,
        position: 0,
        name,
        enabled: new.enabled,
        condition: serde_json::to_value(condition)?,
        target: serde_json::to_value(new.target)?,
        actions: serde_json::to_value(actions)?,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

fn clean_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Error::required("name")),
        1..=200 => Ok(name),
        _ => Err(Error::invalid("name", "too_long", "Не больше 200 знаков", "At most 200 characters")),
    }
}

fn check_room(rules: usize) -> Result<()> {
    if rules < MOST_RULES {
        return Ok(());
    }
    let words = Words::owned(
        format!("На линии может быть не больше {MOST_RULES} правил"),
        format!("A line has at most {MOST_RULES} rules"),
    );
    Err(Error::Invalid(vec![FieldError { field: "name".to_owned(), code: "too_many", words }]))
}

async fn insert(tx: &Tx, actor: &Actor, row: Model, change: &'static str) -> Result<Model> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor, &row, change).await?;
    Ok(row)
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &'static str) -> Result<()> {
    let data = json!({"change": change, "name": row.name});
    bus::emit(tx, actor, Event::new("routing_rules_changed").subject(row.id.0).line(row.line_id).data(data))
        .await
        .map(drop)
}
