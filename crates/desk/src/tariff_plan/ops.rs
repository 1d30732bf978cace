//! Commands and queries on tariff plans.

use std::collections::{BTreeSet, HashMap};

use base::{Actor, CompanyId, Error, FieldError, Result, Words};
use bus::Event;
use chrono::NaiveDate;
use db::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::entity::of_company;
use super::{Column, Entity, Model, TariffPlanId};
use crate::client_category;
use crate::contact::company;
use crate::schedule::{self, ScheduleId};
use crate::service::{self, ServiceId};
use crate::{field, usage};

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::NameKey).all(connection).await?)
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: TariffPlanId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("tariff plan"))
}

/// A plan that is there, held, or none; anything else is an error that names the field.
pub async fn known(tx: &Tx, field: &str, id: Option<TariffPlanId>) -> Result<Option<TariffPlanId>> {
    let Some(id) = id else { return Ok(None) };
    let found = Entity::find_by_id(id).lock(db::HOLD).one(tx).await?;
    let (ru, en) = ("Такого тарифа нет, выберите другой", "There is no such plan, choose another");
    found.map(|plan| Some(plan.id)).ok_or_else(|| Error::invalid(field, "unknown", ru, en))
}

/// The hours of support that a plan names.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    pub plan: String,
    pub schedule_id: ScheduleId,
}

/// The plans that name their hours.
pub async fn hours(connection: &impl ConnectionTrait) -> Result<HashMap<TariffPlanId, Hours>> {
    let rows = Entity::find().filter(Column::ScheduleId.is_not_null()).all(connection).await?;
    let hours = |row: Model| Some((row.id, Hours { plan: row.name, schedule_id: row.schedule_id? }));
    Ok(rows.into_iter().filter_map(hours).collect())
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub description: Option<String>,
    pub services: Option<Vec<ServiceId>>,
    pub schedule_id: Option<Option<ScheduleId>>,
    pub per_day: Option<Option<i64>>,
    pub per_week: Option<Option<i64>>,
    pub per_month: Option<Option<i64>>,
    pub valid_from: Option<Option<NaiveDate>>,
    pub valid_to: Option<Option<NaiveDate>>,
}

pub async fn create(tx: &Tx, actor: &Actor, change: Change) -> Result<Model> {
    let mut row = Model {
        id: TariffPlanId(tx.new_id()),
        name: String::new(),
        name_key: String::new(),
        description: String::new(),
        services: json!([]),
        schedule_id: None,
        per_day: None,
        per_week: None,
        per_month: None,
        valid_from: None,
        valid_to: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    apply(tx, &mut row, change).await?;
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await.map_err(taken)?;
    saved(tx, actor, &row, "created").await?;
    Ok(row)
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: TariffPlanId, change: Change) -> Result<Model> {
    let mut row = find(tx, id).await?;
    apply(tx, &mut row, change).await?;
    row.updated_at = tx.now();
    Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await.map_err(taken)?;
    saved(tx, actor, &row, "changed").await?;
    Ok(row)
}

async fn apply(tx: &Tx, row: &mut Model, change: Change) -> Result<()> {
    let Change { name, description, services, schedule_id, per_day, per_week, per_month, valid_from, valid_to } =
        change;
    if let Some(name) = name {
        row.name = field::name("name", &name)?;
        row.name_key = text::fold(&row.name);
        let same = Entity::find().filter(Column::NameKey.eq(&row.name_key)).filter(Column::Id.ne(row.id));
        if same.one(tx).await?.is_some() {
            return Err(name_taken());
        }
    }
    if let Some(description) = description {
        row.description = field::limit("description", description.trim().to_owned(), 2000)?;
    }
    if let Some(services) = services {
        let services: BTreeSet<ServiceId> = services.into_iter().collect();
        let services: Vec<ServiceId> = services.into_iter().collect();
        service::check(tx, "services", &services).await?;
        row.services = json!(services);
    }
    if let Some(schedule_id) = schedule_id {
        schedule::hold(tx, schedule_id.map(|id| ("schedule_id".to_owned(), id))).await?;
        row.schedule_id = schedule_id;
    }
    let limits = [
        ("per_day", per_day, &mut row.per_day),
        ("per_week", per_week, &mut row.per_week),
        ("per_month", per_month, &mut row.per_month),
    ];
    for (name, change, kept) in limits {
        if let Some(limit) = change {
            *kept = limit.map(|limit| field::between(name, limit, 0..=1_000_000)).transpose()?;
        }
    }
    if let Some(valid_from) = valid_from {
        row.valid_from = valid_from.map(|day| day.to_string());
    }
    if let Some(valid_to) = valid_to {
        row.valid_to = valid_to.map(|day| day.to_string());
    }
    if let (Some(first), Some(last)) = (&row.valid_from, &row.valid_to)
        && last < first
    {
        let (ru, en) = ("Последний день раньше первого", "The last day is before the first");
        return Err(Error::invalid("valid_to", "out_of_range", ru, en));
    }
    Ok(())
}

async fn saved(tx: &Tx, actor: &Actor, row: &Model, change: &str) -> Result<()> {
    usage::record(tx, owner(row), row.schedule_id.map(|id| id.0)).await?;
    tell(tx, actor, row, change).await
}

fn owner(row: &Model) -> usage::Owner<'_> {
    usage::Owner { kind: usage::Kind::Tariff, id: row.id.0, name: &row.name }
}

async fn tell(tx: &Tx, actor: &Actor, row: &Model, change: &str) -> Result<()> {
    let event = Event::new("tariff_plan_changed").subject(row.id.0);
    bus::emit(tx, actor, event.data(json!({"name": row.name, "change": change}))).await.map(drop)
}

/// So many are named, the others are told of.
const NAMED: u64 = 5;

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: TariffPlanId) -> Result<()> {
    let row = Entity::find_by_id(id).lock(db::HOLD).one(tx).await?.ok_or(Error::NotFound("tariff plan"))?;
    let companies: Vec<CompanyId> = of_company::Entity::find()
        .select_only()
        .column(of_company::Column::CompanyId)
        .filter(of_company::Column::TariffPlanId.eq(id))
        .limit(NAMED + 1)
        .into_tuple()
        .all(tx)
        .await?;
    let categories: Vec<String> = client_category::Entity::find()
        .select_only()
        .column(client_category::Column::Name)
        .filter(client_category::Column::TariffPlanId.eq(id))
        .into_tuple()
        .all(tx)
        .await?;
    if !companies.is_empty() || !categories.is_empty() {
        let more = companies.len() as u64 > NAMED;
        let shown = companies.into_iter().take(NAMED as usize);
        let named = company::Entity::find().select_only().column(company::Column::Name);
        let named: Vec<String> = named
            .filter(company::Column::Id.is_in(shown))
            .order_by_asc(company::Column::NameFolded)
            .into_tuple()
            .all(tx)
            .await?;
        return Err(in_use(&categories, &named, more));
    }
    usage::record(tx, owner(&row), []).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    tell(tx, actor, &row, "deleted").await
}

fn in_use(categories: &[String], companies: &[String], more: bool) -> Error {
    let quoted =
        |open: &str, close: &str| categories.iter().map(|name| format!("{open}{name}{close}")).collect::<Vec<_>>();
    let (mut ru, mut en) = (Vec::new(), Vec::new());
    if !categories.is_empty() {
        ru.push(format!("категории {}", quoted("«", "»").join(", ")));
        en.push(format!("the categories {}", quoted("“", "”").join(", ")));
    }
    if !companies.is_empty() {
        ru.push(format!("компании {}{}", companies.join(", "), if more { " и другие" } else { "" }));
        en.push(format!("the companies {}{}", companies.join(", "), if more { " and others" } else { "" }));
    }
    let words = Words::owned(
        format!("По этому тарифу работают {}. Сначала выберите для них другой", ru.join("; ")),
        format!("This plan is of {}. Choose another one for them first", en.join("; ")),
    );
    Error::Conflict { code: "tariff_plan_in_use", words }
}

/// Gives a company a plan, or takes it away.
pub async fn give(tx: &Tx, company: CompanyId, plan: Option<TariffPlanId>) -> Result<()> {
    let Some(plan) = known(tx, "tariff_plan_id", plan).await? else { return take_away(tx, company).await };
    let row = of_company::Model { company_id: company, tariff_plan_id: plan };
    let again =
        OnConflict::column(of_company::Column::CompanyId).update_column(of_company::Column::TariffPlanId).to_owned();
    of_company::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

async fn take_away(tx: &Tx, company: CompanyId) -> Result<()> {
    of_company::Entity::delete_by_id(company).exec(tx).await?;
    Ok(())
}

fn taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) { name_taken() } else { error.into() }
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "Такой тариф уже есть", "There is such a plan already")
}

/// A date as it is typed: `2026-12-31`.
pub(super) fn date(field: &'static str, text: Option<String>) -> Result<Option<NaiveDate>> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let read = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
    let read = read.filter(|date| (1970..=2500).contains(&chrono::Datelike::year(date)));
    let words = Words::new("Дата вида 2026-12-31", "A date as 2026-12-31");
    read.map(Some).ok_or_else(|| Error::Invalid(vec![FieldError { field: field.to_owned(), code: "bad_date", words }]))
}
