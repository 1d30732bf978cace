//! Commands and queries on rules.

use base::{Actor, Error, FieldError, LineId, Result, Words};
use bus::Event;
use db::Tx;
use desk::client_category::Renamed;
use desk::{line, policy, usage};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};

use super::RuleId;
use super::actions::{Actions, check_actions, check_target};
use super::api::{GivenRule, NewRule};
use super::condition::{Compiled, compile, read};
use super::entity::{Column, Entity, Model};
use crate::line::{self as line_routing, LineRouting};
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
    let row = checked(tx, line_id, new, "").await?;
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
    held(tx, actor, old.line_id).await?;
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
    let fresh = checked(tx, old.line_id, new, "").await?;
    let row = Model { id, position: old.position, created_at: old.created_at, ..fresh };
    Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
    tell(tx, actor, &row, "changed").await?;
    Ok(row)
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: RuleId) -> Result<()> {
    let row = find(tx, actor, id).await?;
    held(tx, actor, row.line_id).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, &row, "deleted").await
}

/// A whole set of rules, as somebody saves it who saw the set of `version`.
pub(super) struct Replacement {
    pub version: i64,
    /// From the top: those that stay by their ids, new ones without. Others go.
    pub rules: Vec<GivenRule>,
    /// What becomes of conversations that no rule takes; none: as it was.
    pub default: Option<LineRouting>,
}

/// Saves a whole set in the place of the line's. Refused when somebody has changed that meanwhile.
pub(super) async fn replace(tx: &Tx, actor: &Actor, line_id: LineId, with: Replacement) -> Result<()> {
    let Replacement { version, rules, default } = with;
    let old = held(tx, actor, line_id).await?;
    if line_routing::version(tx, line_id).await? != version {
        let (ru, en) = (
            "Правила этой линии тем временем сохранил кто-то ещё. Посмотрите, что изменилось, и сохраните снова",
            "Somebody else has saved the rules of this line meanwhile. See what has changed and save again",
        );
        return Err(Error::conflict("rules_changed", ru, en));
    }
    if rules.len() > MOST_RULES {
        return Err(too_many("rules"));
    }
    let fresh = of_set(tx, line_id, &old, rules).await?;
    if let Some(default) = default {
        line_routing::put_default(tx, line_id, default, "default.").await?;
    }
    let gone = old.iter().map(|row| row.id).filter(|id| fresh.iter().all(|row| row.id != *id));
    Entity::delete_many().filter(Column::Id.is_in(gone)).exec(tx).await?;
    let (kept, new): (Vec<Model>, Vec<Model>) =
        fresh.into_iter().partition(|row| old.iter().any(|old| old.id == row.id));
    for row in kept.into_iter().filter(|row| !old.contains(row)) {
        Entity::update(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    }
    if !new.is_empty() {
        Entity::insert_many(new.into_iter().map(IntoActiveModel::into_active_model)).exec_without_returning(tx).await?;
    }
    let event = Event::new("routing_rules_changed").subject(line_id.0).line(line_id).data(json!({"change": "saved"}));
    tell_line(tx, actor, event, line_id).await
}

/// The rows of a set, every fault of it at once. A rule that stays as it is is not checked again: what it names may have
/// left the line since.
async fn of_set(tx: &Tx, line_id: LineId, old: &[Model], rules: Vec<GivenRule>) -> Result<Vec<Model>> {
    let (mut fresh, mut faults) = (Vec::with_capacity(rules.len()), Vec::new());
    for (index, GivenRule { id, rule }) in rules.into_iter().enumerate() {
        let (at, position) = (format!("rules[{index}]"), index as i64);
        let known = id.and_then(|id| old.iter().find(|row| row.id == id));
        if id.is_some() && (known.is_none() || fresh.iter().any(|row: &Model| Some(row.id) == id)) {
            let words = Words::new("Такого правила на линии нет", "The line has no such rule");
            faults.push(FieldError { field: format!("{at}.id"), code: "unknown", words });
            continue;
        }
        if let Some(row) = known.filter(|row| says_the_same(row, &rule)) {
            fresh.push(Model { position, ..row.clone() });
            continue;
        }
        match checked(tx, line_id, rule, &at).await {
            Ok(row) => fresh.push(match known {
                Some(old) => Model { id: old.id, created_at: old.created_at, position, ..row },
                None => Model { position, ..row },
            }),
            Err(Error::Invalid(more)) => faults.extend(more),
            Err(other) => return Err(other),
        }
    }
    if faults.is_empty() { Ok(fresh) } else { Err(Error::Invalid(faults)) }
}

fn says_the_same(row: &Model, rule: &NewRule) -> bool {
    let NewRule { name, enabled, condition, target, overflow, auto_reply, set } = rule;
    let actions =
        Actions { overflow: overflow.clone(), auto_reply: auto_reply.clone(), set: set.clone().unwrap_or_default() };
    let same = |stored: &serde_json::Value, given: serde_json::Result<serde_json::Value>| {
        given.is_ok_and(|given| given == *stored)
    };
    row.name == *name
        && row.enabled == *enabled
        && row.condition == *condition
        && same(&row.target, serde_json::to_value(target))
        && serde_json::from_value::<Actions>(row.actions.clone()).is_ok_and(|stored| stored == actions)
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

/// A rule that works on the line, as a row. `at` is the place of the rule, for errors.
async fn checked(tx: &Tx, line_id: LineId, new: NewRule, at: &str) -> Result<Model> {
    let place = |field: &str| if at.is_empty() { field.to_owned() } else { format!("{at}.{field}") };
    let name = clean_name(&new.name, place("name"))?;
    let condition = read(&new.condition, &place("condition")).map_err(Error::Invalid)?;
    compile(&condition, &place("condition")).map_err(Error::Invalid)?;
    check_target(tx, line_id, &new.target, &place("target")).await?;
    let actions = Actions { overflow: new.overflow, auto_reply: new.auto_reply, set: new.set.unwrap_or_default() };
    check_actions(tx, line_id, &actions, at).await?;
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

fn clean_name(name: &str, field: String) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Error::invalid(field, "required", "Заполните это поле", "Fill in this field")),
        1..=200 => Ok(name),
        _ => Err(Error::invalid(field, "too_long", "Не больше 200 знаков", "At most 200 characters")),
    }
}

fn check_room(rules: usize) -> Result<()> {
    if rules < MOST_RULES { Ok(()) } else { Err(too_many("name")) }
}

fn too_many(field: &str) -> Error {
    let words = Words::owned(
        format!("На линии может быть не больше {MOST_RULES} правил"),
        format!("A line has at most {MOST_RULES} rules"),
    );
    Error::Invalid(vec![FieldError { field: field.to_owned(), code: "too_many", words }])
}

async fn insert(tx: &Tx, actor: &Actor, row: Model, change: &'static str) -> Result<Model> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, actor, &row, change).await?;
    Ok(row)
}

/// Tells of a change of one rule.
async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &'static str) -> Result<()> {
    let data = json!({"change": change, "name": row.name});
    tell_line(
        tx,
        actor,
        Event::new("routing_rules_changed").subject(row.id.0).line(row.line_id).data(data),
        row.line_id,
    )
    .await
}

/// The line has another set of rules now: of another version, and perhaps naming other policies.
async fn tell_line(tx: &Tx, actor: &Actor, event: Event, line_id: LineId) -> Result<()> {
    line_routing::count_change(tx, line_id).await?;
    let mut policies = Vec::new();
    for row in rows(tx, line_id).await? {
        policies.extend(serde_json::from_value::<Actions>(row.actions)?.set.policy_id);
    }
    policy::hold(tx, policies.iter().copied()).await?;
    let line = line::find(tx, actor, line_id).await?;
    let owner = usage::Owner { kind: usage::Kind::Rules, id: line_id.0, name: &line.name };
    usage::record(tx, owner, policies.into_iter().map(|id| id.0)).await?;
    bus::emit(tx, actor, event).await.map(drop)
}

/// A category of clients is called otherwise now: so it is in the conditions that name it.
pub(crate) async fn rename_category(tx: &Tx, renamed: &Renamed) -> Result<()> {
    for mut row in Entity::find().lock(db::HOLD).all(tx).await? {
        if !rename_in(&mut row.condition, renamed) {
            continue;
        }
        row.updated_at = tx.now();
        Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await?;
        tell(tx, &Actor::system(), &row, "changed").await?;
    }
    Ok(())
}

/// Whether anything of a condition was changed.
fn rename_in(condition: &mut Value, renamed: &Renamed) -> bool {
    let of_category = condition["field"] == "client_category";
    let mut changed = false;
    match condition {
        Value::Object(parts) if of_category => {
            let words = match parts.get_mut("value") {
                Some(Value::Array(list)) => list.iter_mut().collect(),
                Some(one) => vec![one],
                None => Vec::new(),
            };
            for one in words.into_iter().filter(|one| one.as_str().is_some_and(|said| renamed.is_meant_by(said))) {
                *one = json!(renamed.name);
                changed = true;
            }
        }
        Value::Object(groups) => {
            for group in groups.values_mut().filter_map(Value::as_array_mut).flatten() {
                changed |= rename_in(group, renamed);
            }
        }
        _ => {}
    }
    changed
}
