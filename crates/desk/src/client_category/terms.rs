//! What holds for a client: his category and that of his company, and the tariff plan he is served by.

use std::collections::HashMap;

use base::{CompanyId, ContactId, Result, Timestamp};
use db::{Fetch, Row};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{ClientCategoryId, Column, Entity, Model};
use crate::tariff_plan::{self, TariffPlanId};

/// Whose a category is, or where a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = TermsFrom)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The plan is the company's own.
    Company,
    /// The client's own category.
    Category,
    /// The category of the client's company.
    CompanyCategory,
}

/// What holds for a client.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    pub company_id: Option<CompanyId>,
    /// The category of the client, then that of his company, as far as they are listed.
    pub categories: Vec<(Whose, Model)>,
    /// The plan in force today.
    pub plan: Option<(Whose, tariff_plan::Model)>,
}

impl Terms {
    /// The one that counts.
    pub fn category(&self) -> Option<&Model> {
        self.categories.first().map(|(_, category)| category)
    }
}

/// As it stands in the database.
struct Found {
    company: Option<CompanyId>,
    own: Option<ClientCategoryId>,
    firms: Option<ClientCategoryId>,
    plan: Option<TariffPlanId>,
}

const OF_COMPANY: &str = "left join client_category d on d.name = f.category and f.category <> '' \
    left join company_tariff t on t.company_id = f.id";

pub async fn of_contact(connection: &impl Fetch, id: ContactId, now: Timestamp) -> Result<Terms> {
    Ok(of_contacts(connection, &[id], now).await?.remove(&id).unwrap_or_default())
}

/// The same of several clients.
pub async fn of_contacts(
    connection: &impl Fetch,
    ids: &[ContactId],
    now: Timestamp,
) -> Result<HashMap<ContactId, Terms>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "select p.id, f.id, c.id, d.id, t.tariff_plan_id from contact p left join company f on f.id = p.company_id \
         left join client_category c on c.name = p.category and p.category <> '' {OF_COMPANY} where p.id in ({})",
        places.join(", ")
    );
    let read = |row: &Row<'_>| {
        let found = Found {
            company: row.get::<Option<Uuid>>(1)?.map(CompanyId),
            own: row.get::<Option<Uuid>>(2)?.map(ClientCategoryId),
            firms: row.get::<Option<Uuid>>(3)?.map(ClientCategoryId),
            plan: row.get::<Option<Uuid>>(4)?.map(TariffPlanId),
        };
        Ok((ContactId(row.get(0)?), found))
    };
    let found = connection.fetch(sql, ids.iter().map(|id| id.0.into()).collect(), read).await?;
    let (contacts, found): (Vec<ContactId>, Vec<Found>) = found.into_iter().unzip();
    Ok(contacts.into_iter().zip(complete(connection, found, now).await?).collect())
}

pub async fn of_company(connection: &impl Fetch, id: CompanyId, now: Timestamp) -> Result<Terms> {
    let sql = format!("select f.id, d.id, t.tariff_plan_id from company f {OF_COMPANY} where f.id = $1");
    let read = |row: &Row<'_>| {
        Ok(Found {
            company: row.get::<Option<Uuid>>(0)?.map(CompanyId),
            own: None,
            firms: row.get::<Option<Uuid>>(1)?.map(ClientCategoryId),
            plan: row.get::<Option<Uuid>>(2)?.map(TariffPlanId),
        })
    };
    let found = connection.fetch(sql, vec![id.0.into()], read).await?;
    Ok(complete(connection, found, now).await?.pop().unwrap_or_default())
}

async fn complete(connection: &impl Fetch, found: Vec<Found>, now: Timestamp) -> Result<Vec<Terms>> {
    let ids: Vec<ClientCategoryId> = found.iter().flat_map(|found| [found.own, found.firms]).flatten().collect();
    let mut categories: HashMap<ClientCategoryId, Model> = HashMap::new();
    if !ids.is_empty() {
        let rows = Entity::find().filter(Column::Id.is_in(ids)).all(connection).await?;
        categories.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    let of_categories = categories.values().filter_map(|category| category.tariff_plan_id);
    let ids: Vec<TariffPlanId> = found.iter().filter_map(|found| found.plan).chain(of_categories).collect();
    let mut plans: HashMap<TariffPlanId, tariff_plan::Model> = HashMap::new();
    if !ids.is_empty() {
        let today = tariff_plan::today(connection, now).await?;
        let rows = tariff_plan::Entity::find().filter(tariff_plan::Column::Id.is_in(ids)).all(connection).await?;
        plans.extend(rows.into_iter().filter(|plan| plan.holds_on(today)).map(|plan| (plan.id, plan)));
    }
    let terms = |found: Found| {
        let own = found.own.and_then(|id| categories.get(&id)).map(|row| (Whose::Category, row.clone()));
        let firms = found.firms.and_then(|id| categories.get(&id)).map(|row| (Whose::CompanyCategory, row.clone()));
        let categories: Vec<(Whose, Model)> = own.into_iter().chain(firms).collect();
        let offered = found.plan.map(|plan| (Whose::Company, plan)).into_iter();
        let offered = offered.chain(categories.iter().filter_map(|(whose, row)| Some((*whose, row.tariff_plan_id?))));
        let plan = offered.into_iter().find_map(|(whose, id)| Some((whose, plans.get(&id)?.clone())));
        Terms { company_id: found.company, categories, plan }
    };
    Ok(found.into_iter().map(terms).collect())
}
