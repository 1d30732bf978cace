//! What uses what: the schedules and policies that lines, channels, rules and policies name. What is used is not deleted.
//!
//! Invariant: whoever names such a thing in its settings says so here in the same transaction, and holds what it names, so
//! that nobody deletes it meanwhile.

use std::collections::{BTreeSet, HashMap};

use base::{Error, Result, Words};
use db::Tx;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{IntoActiveModel, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "usage")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub used_id: Uuid,
    /// What people call the owner.
    pub name: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// What uses something.
    Kind as "UsageKind" {
        /// A line, by its working hours.
        Line = "line",
        /// The rules of a line.
        Rules = "rules",
        Channel = "channel",
        /// A policy of promised times.
        Policy = "policy",
        /// Times that colleagues promise each other.
        Ola = "ola",
        /// The stages that tickets go through.
        Route = "route",
        /// A category of clients, by its policy.
        Category = "category",
        /// A tariff plan, by its hours of support.
        Tariff = "tariff",
        /// A service, by its hours.
        Service = "service",
    }
}

/// Something that uses a thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    pub kind: Kind,
    /// Of the line, the channel, the policy; with `rules` of their line.
    pub id: Uuid,
    pub name: String,
}

/// Whoever uses.
pub struct Owner<'a> {
    pub kind: Kind,
    pub id: Uuid,
    pub name: &'a str,
}

/// Says what the owner uses from now on, nothing else.
pub async fn record(tx: &Tx, owner: Owner<'_>, used: impl IntoIterator<Item = Uuid>) -> Result<()> {
    let Owner { kind, id, name } = owner;
    Entity::delete_many().filter(Column::Kind.eq(kind)).filter(Column::OwnerId.eq(id)).exec(tx).await?;
    let used: BTreeSet<Uuid> = used.into_iter().collect();
    let row = |used_id| Model { kind, owner_id: id, used_id, name: name.to_owned() }.into_active_model();
    if !used.is_empty() {
        Entity::insert_many(used.into_iter().map(row)).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The owner is called otherwise now.
pub async fn rename(tx: &Tx, owner_id: Uuid, name: &str) -> Result<()> {
    let all = Entity::update_many().filter(Column::OwnerId.eq(owner_id));
    all.col_expr(Column::Name, Expr::value(name)).exec(tx).await?;
    Ok(())
}

/// What uses this, by name.
pub async fn of(connection: &impl ConnectionTrait, used_id: Uuid) -> Result<Vec<Usage>> {
    Ok(of_all(connection, [used_id]).await?.remove(&used_id).unwrap_or_default())
}

/// What uses each of these, by name.
pub async fn of_all(
    connection: &impl ConnectionTrait,
    used: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Usage>>> {
    let rows = Entity::find().filter(Column::UsedId.is_in(used)).order_by_asc(Column::Name).all(connection).await?;
    let mut all: HashMap<Uuid, Vec<Usage>> = HashMap::new();
    for Model { kind, owner_id, used_id, name } in rows {
        all.entry(used_id).or_default().push(Usage { kind, id: owner_id, name });
    }
    Ok(all)
}

/// Refuses to delete what is used, and says by what.
pub async fn refuse_used(connection: &impl ConnectionTrait, used_id: Uuid, code: &'static str) -> Result<()> {
    let users = of(connection, used_id).await?;
    if users.is_empty() { Ok(()) } else { Err(Error::Conflict { code, words: in_use(&users) }) }
}

/// So many are named, the others are counted.
const NAMED: usize = 5;

fn in_use(users: &[Usage]) -> Words {
    let ru = |user: &Usage| match user.kind {
        Kind::Line => format!("линия «{}»", user.name),
        Kind::Rules => format!("правила линии «{}»", user.name),
        Kind::Channel => format!("канал «{}»", user.name),
        Kind::Policy => format!("норматив «{}»", user.name),
        Kind::Ola => format!("OLA «{}»", user.name),
        Kind::Route => format!("маршрут «{}»", user.name),
        Kind::Category => format!("категория клиентов «{}»", user.name),
        Kind::Tariff => format!("тариф «{}»", user.name),
        Kind::Service => format!("услуга «{}»", user.name),
    };
    let en = |user: &Usage| match user.kind {
        Kind::Line => format!("the line “{}”", user.name),
        Kind::Rules => format!("the rules of the line “{}”", user.name),
        Kind::Channel => format!("the channel “{}”", user.name),
        Kind::Policy => format!("the policy “{}”", user.name),
        Kind::Ola => format!("the OLA “{}”", user.name),
        Kind::Route => format!("the route “{}”", user.name),
        Kind::Category => format!("the client category “{}”", user.name),
        Kind::Tariff => format!("the tariff plan “{}”", user.name),
        Kind::Service => format!("the service “{}”", user.name),
    };
    let named = |say: &dyn Fn(&Usage) -> String| users.iter().take(NAMED).map(say).collect::<Vec<_>>().join(", ");
    let (mut of_ru, mut of_en) = (named(&ru), named(&en));
    let more = users.len().saturating_sub(NAMED);
    if more > 0 {
        of_ru.push_str(&format!(" и ещё {more}"));
        of_en.push_str(&format!(" and {more} more"));
    }
    Words::owned(
        format!("Этим пользуются: {of_ru}. Сначала выберите там другое"),
        format!("This is used by {of_en}. Choose another one there first"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_uses_it_is_said_by_name() {
        let user = |kind, name: &str| Usage { kind, id: Uuid::nil(), name: name.to_owned() };
        let two = [user(Kind::Line, "Поддержка"), user(Kind::Policy, "Стандарт")];
        assert_eq!(
            in_use(&two).ru,
            "Этим пользуются: линия «Поддержка», норматив «Стандарт». Сначала выберите там другое"
        );
        let seven: Vec<Usage> = (0..7).map(|number| user(Kind::Channel, &number.to_string())).collect();
        assert!(in_use(&seven).ru.contains("канал «4» и ещё 2."), "{}", in_use(&seven).ru);
    }
}
