//! Commands and queries on categories of clients.

use std::collections::{BTreeSet, HashMap};

use base::{Actor, ContactId, ConversationId, Error, FieldError, Result, UserId, Words};
use bus::Event;
use db::{Fetch, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;

use super::terms::of_contact;
use super::{Allowed, ClientCategoryId, Column, Entity, Model};
use crate::contact::{self, company};
use crate::policy::{self, PolicyId};
use crate::tariff_plan::{self, TariffPlanId};
use crate::{conversation, field, service, usage, user};

/// Tells of every change of a category.
pub const EVENT: &str = "client_category_changed";

/// What an event of a category says when it is called otherwise now: whoever names categories by their words reads it.
pub struct Renamed {
    /// As it is compared: folded.
    before: String,
    pub name: String,
}

impl Renamed {
    /// None: it is called as it was.
    pub fn read(data: &serde_json::Value) -> Option<Self> {
        let (before, name) = (data["before"].as_str()?, data["name"].as_str()?);
        (before != name).then(|| Renamed { before: text::fold(before), name: name.to_owned() })
    }

    pub fn is_meant_by(&self, words: &str) -> bool {
        text::fold(words) == self.before
    }
}

/// Every category, the highest tier first.
pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_desc(Column::Tier).order_by_asc(Column::NameKey).all(connection).await?)
}

async fn find(connection: &impl ConnectionTrait, id: ClientCategoryId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("client category"))
}

/// The category as it is listed, however it was typed; what is not listed stays as it is.
pub(crate) async fn listed_name(connection: &impl ConnectionTrait, typed: String) -> Result<String> {
    if typed.is_empty() {
        return Ok(typed);
    }
    let listed = Entity::find().filter(Column::NameKey.eq(text::fold(&typed))).one(connection).await?;
    Ok(listed.map_or(typed, |listed| listed.name))
}

/// How much earlier than others the turn of this client comes, 0 to 100.
pub async fn weight_of(tx: &Tx, contact: ContactId) -> Result<i64> {
    Ok(of_contact(tx, contact, tx.now()).await?.category().map_or(0, |category| category.weight))
}

/// The marks that the client of a conversation may give, of 1 to 5.
pub async fn marks_of(connection: &impl Fetch, id: ConversationId, now: base::Timestamp) -> Result<Vec<i64>> {
    let row = conversation::Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("conversation"))?;
    let terms = of_contact(connection, row.contact_id, now).await?;
    let allowed = terms.category().map(|category| category.allowed()).transpose()?.map(|allowed| allowed.marks);
    Ok(allowed.filter(|marks| !marks.is_empty()).unwrap_or_else(|| (1..=5).collect()))
}

/// What to change; absent: keep.
#[derive(Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub tier: Option<i64>,
    pub owner_id: Option<Option<UserId>>,
    pub weight: Option<i64>,
    pub policy_id: Option<Option<PolicyId>>,
    pub tariff_plan_id: Option<Option<TariffPlanId>>,
    pub allowed: Option<Allowed>,
}

pub async fn create(tx: &Tx, actor: &Actor, change: Change) -> Result<Model> {
    let mut row = Model {
        id: ClientCategoryId(tx.new_id()),
        name: String::new(),
        name_key: String::new(),
        tier: 1,
        owner_id: None,
        weight: 0,
        policy_id: None,
        tariff_plan_id: None,
        allowed: json!(Allowed::default()),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    apply(tx, &mut row, change).await?;
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await.map_err(taken)?;
    put_on_cards(tx, &row, None).await?;
    saved(tx, actor, &row, None).await?;
    Ok(row)
}

pub(super) async fn update(tx: &Tx, actor: &Actor, id: ClientCategoryId, change: Change) -> Result<Model> {
    let before = find(tx, id).await?;
    let mut row = before.clone();
    apply(tx, &mut row, change).await?;
    row.updated_at = tx.now();
    Entity::update(row.clone().into_active_model().reset_all()).exec_without_returning(tx).await.map_err(taken)?;
    if row.name != before.name {
        put_on_cards(tx, &row, Some(&before.name)).await?;
    }
    saved(tx, actor, &row, Some(&before.name)).await?;
    Ok(row)
}

async fn apply(tx: &Tx, row: &mut Model, change: Change) -> Result<()> {
    let Change { name, tier, owner_id, weight, policy_id, tariff_plan_id, allowed } = change;
    if let Some(name) = name {
        row.name = field::limit("name", field::name("name", &name)?, 60)?;
        row.name_key = text::fold(&row.name);
        let same = Entity::find().filter(Column::NameKey.eq(&row.name_key)).filter(Column::Id.ne(row.id));
        if same.one(tx).await?.is_some() {
            return Err(name_taken());
        }
    }
    if let Some(tier) = tier {
        row.tier = field::between("tier", tier, 1..=9)?;
    }
    if let Some(weight) = weight {
        row.weight = field::between("weight", weight, 0..=100)?;
    }
    if let Some(owner_id) = owner_id {
        row.owner_id = user::at_work(tx, "owner_id", owner_id).await?;
    }
    if let Some(policy_id) = policy_id {
        if let Some(policy) = policy_id {
            policy::hold(tx, [policy]).await?;
            policy::check(tx, "policy_id", policy).await?;
        }
        row.policy_id = policy_id;
    }
    if let Some(tariff_plan_id) = tariff_plan_id {
        row.tariff_plan_id = tariff_plan::known(tx, "tariff_plan_id", tariff_plan_id).await?;
    }
    if let Some(allowed) = allowed {
        row.allowed = json!(checked(tx, allowed).await?);
    }
    Ok(())
}

/// What may be chosen, without what does not exist.
async fn checked(tx: &Tx, allowed: Allowed) -> Result<Allowed> {
    let Allowed { priorities, types, services, marks } = allowed;
    service::check(tx, "allowed.services", &services).await?;
    let out_of_range = |(index, mark): (usize, &i64)| {
        let words = Words::new("Оценка от 1 до 5", "A mark from 1 to 5");
        let fault = FieldError { field: format!("allowed.marks[{index}]"), code: "out_of_range", words };
        (!(1..=5).contains(mark)).then_some(fault)
    };
    let faults: Vec<FieldError> = marks.iter().enumerate().filter_map(out_of_range).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let marks: BTreeSet<i64> = marks.into_iter().collect();
    Ok(Allowed { priorities, types, services, marks: marks.into_iter().collect() })
}

/// Cards that mean this category say it exactly by its name.
async fn put_on_cards(tx: &Tx, row: &Model, before: Option<&str>) -> Result<()> {
    let said = contact::Entity::find().select_only().column(contact::Column::Category).distinct();
    let mut all: Vec<String> = said.filter(contact::Column::Category.ne("")).into_tuple().all(tx).await?;
    let said = company::Entity::find().select_only().column(company::Column::Category).distinct();
    all.extend(said.filter(company::Column::Category.ne("")).into_tuple::<String>().all(tx).await?);
    let means =
        |said: &String| *said != row.name && (text::fold(said) == row.name_key || Some(said.as_str()) == before);
    let other: BTreeSet<String> = all.into_iter().filter(means).collect();
    if other.is_empty() {
        return Ok(());
    }
    contact::Entity::update_many()
        .col_expr(contact::Column::Category, Expr::value(&row.name))
        .filter(contact::Column::Category.is_in(other.iter().cloned()))
        .exec(tx)
        .await?;
    company::Entity::update_many()
        .col_expr(company::Column::Category, Expr::value(&row.name))
        .filter(company::Column::Category.is_in(other))
        .exec(tx)
        .await?;
    Ok(())
}

async fn saved(tx: &Tx, actor: &Actor, row: &Model, before: Option<&str>) -> Result<()> {
    usage::record(tx, owner(row), row.policy_id.map(|id| id.0)).await?;
    let data =
        json!({"name": row.name, "before": before, "change": if before.is_some() { "changed" } else { "created" }});
    bus::emit(tx, actor, Event::new(EVENT).subject(row.id.0).data(data)).await.map(drop)
}

fn owner(row: &Model) -> usage::Owner<'_> {
    usage::Owner { kind: usage::Kind::Category, id: row.id.0, name: &row.name }
}

/// How many clients and companies say that they are of a category.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cards {
    pub contacts: i64,
    pub companies: i64,
}

pub(super) async fn cards(connection: &impl ConnectionTrait, rows: &[Model]) -> Result<HashMap<String, Cards>> {
    let names = || rows.iter().map(|row| row.name.clone());
    let mut all: HashMap<String, Cards> = names().map(|name| (name, Cards::default())).collect();
    let contacts: Vec<(String, i64)> = contact::Entity::find()
        .select_only()
        .column(contact::Column::Category)
        .column_as(contact::Column::Id.count(), "count")
        .filter(contact::Column::Category.is_in(names()))
        .group_by(contact::Column::Category)
        .into_tuple()
        .all(connection)
        .await?;
    for (name, count) in contacts {
        all.entry(name).or_default().contacts = count;
    }
    let companies: Vec<(String, i64)> = company::Entity::find()
        .select_only()
        .column(company::Column::Category)
        .column_as(company::Column::Id.count(), "count")
        .filter(company::Column::Category.is_in(names()))
        .group_by(company::Column::Category)
        .into_tuple()
        .all(connection)
        .await?;
    for (name, count) in companies {
        all.entry(name).or_default().companies = count;
    }
    Ok(all)
}

pub(super) async fn delete(tx: &Tx, actor: &Actor, id: ClientCategoryId) -> Result<()> {
    let row = find(tx, id).await?;
    refuse_used(tx, &row).await?;
    usage::record(tx, owner(&row), []).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    let event = Event::new(EVENT).subject(id.0);
    bus::emit(tx, actor, event.data(json!({"name": row.name, "change": "deleted"}))).await.map(drop)
}

/// So many are named, the others are counted.
const NAMED: u64 = 5;

async fn refuse_used(tx: &Tx, row: &Model) -> Result<()> {
    let companies = company::Entity::find().filter(company::Column::Category.eq(&row.name));
    let contacts = contact::Entity::find().filter(contact::Column::Category.eq(&row.name));
    let count = companies.clone().count(tx).await? + contacts.clone().count(tx).await?;
    if count == 0 {
        return Ok(());
    }
    let named = companies.select_only().column(company::Column::Name).order_by_asc(company::Column::NameFolded);
    let mut names: Vec<String> = named.limit(NAMED).into_tuple().all(tx).await?;
    let left = NAMED - names.len() as u64;
    let named = contacts.select_only().column(contact::Column::Name).order_by_asc(contact::Column::NameFolded);
    names.extend(named.limit(left).into_tuple::<String>().all(tx).await?);
    let (mut ru, mut en) = (names.join(", "), names.join(", "));
    let more = count - names.len() as u64;
    if more > 0 {
        ru.push_str(&format!(" и ещё {more}"));
        en.push_str(&format!(" and {more} more"));
    }
    let words = Words::owned(
        format!("К этой категории относятся: {ru}. Сначала выберите у них другую"),
        format!("Of this category are {en}. Choose another one for them first"),
    );
    Err(Error::Conflict { code: "client_category_in_use", words })
}

fn taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) { name_taken() } else { error.into() }
}

fn name_taken() -> Error {
    Error::invalid("name", "taken", "Такая категория уже есть", "There is such a category already")
}
