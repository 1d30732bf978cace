//! Commands and queries on skills.

use std::collections::{BTreeMap, HashMap};

use base::{Actor, Error, FieldError, LineId, Result, UserId, Words};
use bus::Event;
use db::{Fetch, Row, Tx};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Column, Entity, Model, SkillId, line, operator};
use crate::settings::in_range;

/// A skill with a level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct SkillLevel {
    pub skill_id: SkillId,
    /// 1 to 5.
    pub level: i64,
}

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Id).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: SkillId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("skill"))
}

/// Those of these skills that exist.
pub async fn known(connection: &impl ConnectionTrait, ids: &[SkillId]) -> Result<Vec<SkillId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.to_vec()));
    Ok(query.into_tuple().all(connection).await?)
}

/// What every operator is good at.
pub async fn of_operators(connection: &impl ConnectionTrait) -> Result<HashMap<UserId, HashMap<SkillId, i64>>> {
    let mut all: HashMap<UserId, HashMap<SkillId, i64>> = HashMap::new();
    for row in operator::Entity::find().all(connection).await? {
        all.entry(row.user_id).or_default().insert(row.skill_id, row.level);
    }
    Ok(all)
}

/// What every line takes.
pub async fn of_lines(connection: &impl ConnectionTrait) -> Result<HashMap<LineId, Vec<(SkillId, i64)>>> {
    let mut all: HashMap<LineId, Vec<(SkillId, i64)>> = HashMap::new();
    for row in line::Entity::find().all(connection).await? {
        all.entry(row.line_id).or_default().push((row.skill_id, row.level));
    }
    Ok(all)
}

pub(super) async fn create(tx: &Tx, actor: &Actor, name: &str, description: String) -> Result<Model> {
    let row = Model {
        id: SkillId(tx.new_id()),
        name: clean_name(name)?,
        description: limited(description)?,
        created_at: tx.now(),
    };
    let inserted = Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await;
    Error::on_unique(inserted.map(drop), name_taken())?;
    tell(tx, actor, row.id).await?;
    Ok(row)
}

pub(super) async fn update(
    tx: &Tx,
    actor: &Actor,
    id: SkillId,
    name: Option<String>,
    description: Option<String>,
) -> Result<Model> {
    let mut row = find(tx, id).await?.into_active_model();
    if let Some(name) = name {
        row.name = Set(clean_name(&name)?);
    }
    if let Some(description) = description {
        row.description = Set(limited(description)?);
    }
    let row = row
        .update(tx)
        .await
        .map_err(|error| if base::is_unique_violation(&error) { name_taken() } else { error.into() })?;
    tell(tx, actor, id).await?;
    Ok(row)
}

/// Takes a skill away from everybody and from every line.
pub(super) async fn delete(tx: &Tx, actor: &Actor, id: SkillId) -> Result<()> {
    find(tx, id).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, id).await
}

/// Says what somebody is good at: exactly this.
pub(super) async fn set_of_operator(tx: &Tx, actor: &Actor, user_id: UserId, levels: &[SkillLevel]) -> Result<()> {
    desk::user::find(tx, user_id).await?;
    let levels = checked(tx, levels).await?;
    operator::Entity::delete_many().filter(operator::Column::UserId.eq(user_id)).exec(tx).await?;
    let rows: Vec<_> = levels
        .into_iter()
        .map(|(skill_id, level)| operator::Model { user_id, skill_id, level }.into_active_model())
        .collect();
    if !rows.is_empty() {
        operator::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let event = Event::new("operator_changed").subject(user_id.0).data(json!({"change": "skills"}));
    bus::emit(tx, actor, event).await.map(drop)
}

/// Says what a line takes: exactly this.
pub(super) async fn set_of_line(tx: &Tx, actor: &Actor, line_id: LineId, levels: &[SkillLevel]) -> Result<()> {
    desk::line::find(tx, actor, line_id).await?;
    let levels = checked(tx, levels).await?;
    line::Entity::delete_many().filter(line::Column::LineId.eq(line_id)).exec(tx).await?;
    let rows: Vec<_> = levels
        .into_iter()
        .map(|(skill_id, level)| line::Model { line_id, skill_id, level }.into_active_model())
        .collect();
    if !rows.is_empty() {
        line::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    let event = Event::new("line_changed").subject(line_id.0).data(json!({"change": "skills"}));
    bus::emit(tx, actor, event).await.map(drop)
}

/// How many people have each skill.
pub(super) async fn counts(connection: &impl Fetch) -> Result<HashMap<SkillId, i64>> {
    let sql = "select skill_id, count(*) from operator_skill group by skill_id".to_owned();
    let read = |row: &Row<'_>| Ok((SkillId(row.get(0)?), row.get(1)?));
    Ok(connection.fetch(sql, Vec::new(), read).await?.into_iter().collect())
}

pub(super) async fn levels_of(connection: &impl ConnectionTrait, user_id: UserId) -> Result<Vec<SkillLevel>> {
    let rows = operator::Entity::find().filter(operator::Column::UserId.eq(user_id)).all(connection).await?;
    Ok(rows.into_iter().map(|row| SkillLevel { skill_id: row.skill_id, level: row.level }).collect())
}

pub(super) async fn levels_of_line(connection: &impl ConnectionTrait, line_id: LineId) -> Result<Vec<SkillLevel>> {
    let rows = line::Entity::find().filter(line::Column::LineId.eq(line_id)).all(connection).await?;
    Ok(rows.into_iter().map(|row| SkillLevel { skill_id: row.skill_id, level: row.level }).collect())
}

async fn checked(tx: &Tx, levels: &[SkillLevel]) -> Result<BTreeMap<SkillId, i64>> {
    let ids: Vec<SkillId> = levels.iter().map(|one| one.skill_id).collect();
    let known = known(tx, &ids).await?;
    for (index, one) in levels.iter().enumerate() {
        in_range(&format!("[{index}].level"), one.level, 1, 5)?;
        if !known.contains(&one.skill_id) {
            let words = Words::new("Нет такого навыка", "There is no such skill");
            let field = format!("[{index}].skill_id");
            return Err(Error::Invalid(vec![FieldError { field, code: "unknown", words }]));
        }
    }
    Ok(levels.iter().map(|one| (one.skill_id, one.level)).collect())
}

pub(crate) fn clean_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Error::required("name")),
        1..=100 => Ok(name),
        _ => Err(Error::invalid("name", "too_long", "Не больше 100 знаков", "At most 100 characters")),
    }
}

fn limited(description: String) -> Result<String> {
    if description.chars().count() <= 1000 {
        return Ok(description);
    }
    Err(Error::invalid("description", "too_long", "Не больше 1000 знаков", "At most 1000 characters"))
}

fn name_taken() -> Error {
    Error::invalid("name", "name_taken", "Такой навык уже есть", "There is already a skill of this name")
}

async fn tell(tx: &Tx, actor: &Actor, id: SkillId) -> Result<()> {
    bus::emit(tx, actor, Event::new("operator_skills_changed").subject(id.0)).await.map(drop)
}
