//! What clients are served by: services, categories, tariff plans, and when services were down.

use app::App;
use base::{Actor, Result, UserId};
use chrono::Duration;
use db::Tx;
use desk::client_category::{self, Allowed};
use desk::contact::company;
use desk::conversation::Priority;
use desk::outage::{self, Extent, Kind, NewOutage, Of};
use desk::policy::PolicyId;
use desk::service::{self, NewService, ServiceId};
use desk::tariff_plan::{self, TariffPlanId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::people::Places;
use super::promises;
use crate::World;

const CATALOGUES: [(&str, &[(&str, i64)]); 2] = [
    ("Магазин и касса", &[("Кассы", 60), ("Эквайринг", 30), ("Принтеры чеков", 240)]),
    ("Сайт и заказы", &[("Оформление заказов", 60), ("Личный кабинет", 120)]),
];

/// Companies of a category of their own; the others have none.
const SERVED: u64 = 40;

pub(super) async fn terms(app: &App, world: &World, places: &Places) -> Result<()> {
    let tx = app.write().await?;
    let system = Actor::system();
    let people: Vec<UserId> = places.operators.iter().map(|(id, _)| *id).collect();
    let mut services = Vec::new();
    for (catalogue, names) in CATALOGUES {
        let folder = service::create_catalogue(&tx, &system, catalogue).await?;
        for (index, (name, minutes)) in names.iter().enumerate() {
            let new = NewService { catalogue_id: folder.id, name: (*name).to_owned(), description: String::new() };
            let made = service::create(&tx, &system, new).await?;
            let owner = people.get(index).copied();
            let more = service::Change {
                owner_id: Some(owner),
                downtime_minutes: Some(Some(*minutes)),
                ..service::Change::default()
            };
            services.push(service::update(&tx, &system, made.id, more).await?.id);
        }
    }
    let basic = plan(&tx, "Базовый", "Поддержка касс и заказов", Some(5), None).await?;
    let wide = plan(&tx, "Расширенный", "Все услуги, без ожидания", Some(20), Some(200)).await?;
    let vip = promises::policies(&tx, world, places).await?;
    categories(&tx, people.first().copied(), vip, basic, wide).await?;
    outages(&tx, world, &services).await?;
    tx.commit().await
}

async fn plan(
    tx: &Tx,
    name: &str,
    description: &str,
    per_day: Option<i64>,
    per_month: Option<i64>,
) -> Result<TariffPlanId> {
    let change = tariff_plan::Change {
        name: Some(name.to_owned()),
        description: Some(description.to_owned()),
        per_day: Some(per_day),
        per_month: Some(per_month),
        ..tariff_plan::Change::default()
    };
    Ok(tariff_plan::create(tx, &Actor::system(), change).await?.id)
}

async fn categories(
    tx: &Tx,
    owner: Option<UserId>,
    vip: Option<PolicyId>,
    basic: TariffPlanId,
    wide: TariffPlanId,
) -> Result<()> {
    let usual = Allowed { priorities: vec![Priority::None, Priority::Low, Priority::Medium], ..Allowed::default() };
    for (name, tier, weight, policy, plan, allowed) in
        [("Стандарт", 1, 0, None, basic, usual), ("VIP", 3, 50, vip, wide, Allowed::default())]
    {
        let change = client_category::Change {
            name: Some(name.to_owned()),
            tier: Some(tier),
            weight: Some(weight),
            owner_id: Some(owner),
            policy_id: Some(policy),
            tariff_plan_id: Some(Some(plan)),
            allowed: Some(allowed),
        };
        client_category::create(tx, &Actor::system(), change).await?;
    }
    let some = company::Entity::find().order_by_asc(company::Column::NameFolded).limit(SERVED);
    for (index, row) in some.all(tx).await?.into_iter().enumerate() {
        let name = if index % 4 == 0 { "VIP" } else { "Стандарт" };
        company::Entity::update_many()
            .col_expr(company::Column::Category, Expr::value(name))
            .filter(company::Column::Id.eq(row.id))
            .exec(tx)
            .await?;
        // One of them pays for more than its category includes.
        if index == 1 {
            tariff_plan::give(tx, row.id, Some(wide)).await?;
        }
    }
    Ok(())
}

/// How many hours ago it began, and how many minutes it lasted; none: it goes on.
type Told = (i64, Option<i64>, Kind, Extent, &'static str);

async fn outages(tx: &Tx, world: &World, services: &[ServiceId]) -> Result<()> {
    let told: [Told; 4] = [
        (500, Some(45), Kind::Unplanned, Extent::Full, "Упал сервер касс, перезапустили"),
        (340, Some(120), Kind::Planned, Extent::Full, "Обновление банка, предупреждали за неделю"),
        (77, Some(25), Kind::Unplanned, Extent::Partial, "Заказы оформлялись через раз"),
        (2, None, Kind::Unplanned, Extent::Partial, "Банк отвечает с задержкой"),
    ];
    for ((ago, lasted, kind, extent, note), service) in told.into_iter().zip([0usize, 1, 3, 1]) {
        let started_at = world.now - Duration::hours(ago);
        let new = NewOutage {
            of: Of { service_id: services.get(service).copied(), catalogue_id: None },
            started_at: Some(started_at),
            restored_at: lasted.map(|minutes| started_at + Duration::minutes(minutes)),
            kind,
            extent,
            pauses_sla: kind == Kind::Unplanned,
            note: note.to_owned(),
        };
        outage::create(tx, &Actor::system(), new).await?;
    }
    Ok(())
}
