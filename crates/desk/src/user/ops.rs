//! Commands and queries on staff.

use base::{Actor, Error, GroupId, Language, LineId, Page, PageRequest, Permission, Result, RoleId, UserId};
use bus::Event;
use db::{Topic, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;

use super::{ActiveModel, Column, Entity, Model};
use crate::people::color_of;
use crate::{field, group, line, role, setting};

/// A member of staff to be.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub name: String,
    pub email: String,
    pub role_id: RoleId,
    pub group_ids: Vec<GroupId>,
    /// None: the company's.
    pub locale: Option<Language>,
    /// None: the company's.
    pub time_zone: Option<String>,
}

/// What to change of a member of staff; none: keep.
#[derive(Clone, Debug, Default)]
pub struct UserPatch {
    pub name: Option<String>,
    pub email: Option<String>,
    pub role_id: Option<RoleId>,
    pub group_ids: Option<Vec<GroupId>>,
    pub locale: Option<Language>,
    pub time_zone: Option<String>,
    /// `auto`, `light` or `dark`.
    pub theme: Option<String>,
    pub blocked: Option<bool>,
}

/// Which staff to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name or of an address.
    pub search: Option<String>,
    pub include_blocked: bool,
}

pub async fn create(tx: &Tx, actor: &Actor, new: NewUser) -> Result<Model> {
    let NewUser { name, email, role_id, group_ids, locale, time_zone } = new;
    let name = field::name("name", &name)?;
    let email = valid_email(&email)?;
    let company = setting::company(tx).await?;
    let time_zone = time_zone.map(|zone| setting::valid_time_zone("time_zone", &zone)).transpose()?;
    check_role(tx, role_id).await?;
    check_email_free(tx, &email, None).await?;
    let id = UserId(tx.new_id());
    let row = ActiveModel {
        id: Set(id),
        email: Set(email),
        name_folded: Set(text::fold(&name)),
        name: Set(name),
        role_id: Set(role_id),
        locale: Set(locale.unwrap_or(company.default_locale).as_str().to_owned()),
        theme: Set("auto".to_owned()),
        time_zone: Set(time_zone.unwrap_or(company.default_time_zone)),
        avatar_color: Set(color_of(id.0)),
        blocked: Set(false),
        last_seen_at: Set(None),
        created_at: Set(tx.now()),
    };
    let row = row.insert(tx).await.map_err(email_taken)?;
    group::set_groups_of(tx, id, &group_ids).await?;
    changed(tx, actor, id, "created").await?;
    Ok(row)
}

pub async fn update(tx: &Tx, actor: &Actor, id: UserId, patch: UserPatch) -> Result<Model> {
    let UserPatch { name, email, role_id, group_ids, locale, time_zone, theme, blocked } = patch;
    let old = find(tx, id).await?;
    let demoted = role_id.is_some_and(|role_id| role_id != old.role_id);
    if demoted || blocked == Some(true) {
        keep_an_administrator(tx, &old).await?;
    }
    let mut row = old.into_active_model();
    if let Some(name) = name {
        let name = field::name("name", &name)?;
        row.name_folded = Set(text::fold(&name));
        row.name = Set(name);
    }
    if let Some(email) = email {
        let email = valid_email(&email)?;
        check_email_free(tx, &email, Some(id)).await?;
        row.email = Set(email);
    }
    if let Some(role_id) = role_id {
        check_role(tx, role_id).await?;
        row.role_id = Set(role_id);
    }
    if let Some(locale) = locale {
        row.locale = Set(locale.as_str().to_owned());
    }
    if let Some(zone) = time_zone {
        row.time_zone = Set(setting::valid_time_zone("time_zone", &zone)?);
    }
    if let Some(theme) = theme {
        row.theme = Set(theme);
    }
    if let Some(blocked) = blocked {
        row.blocked = Set(blocked);
    }
    let row = row.update(tx).await.map_err(email_taken)?;
    if let Some(group_ids) = group_ids {
        group::set_groups_of(tx, id, &group_ids).await?;
    }
    changed(tx, actor, id, if blocked == Some(true) { "blocked" } else { "changed" }).await?;
    Ok(row)
}

pub async fn find(connection: &impl ConnectionTrait, id: UserId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("user"))
}

/// Finds a member of staff by his address; one that is no address belongs to nobody.
pub async fn by_email(connection: &impl ConnectionTrait, email: &str) -> Result<Option<Model>> {
    let Some(email) = text::email::normalize(email) else { return Ok(None) };
    Ok(Entity::find().filter(Column::Email.eq(email)).one(connection).await?)
}

/// Staff by name.
pub async fn list(connection: &impl ConnectionTrait, filter: &Filter, page: &PageRequest) -> Result<Page<Model>> {
    let mut query = Entity::find().order_by_asc(Column::NameFolded).order_by_asc(Column::Id).limit(page.limit() + 1);
    if !filter.include_blocked {
        query = query.filter(Column::Blocked.eq(false));
    }
    if let Some(search) = filter.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
        let like = |text: &str| LikeExpr::new(format!("%{}%", escape_like(text))).escape('\\');
        let by_name = Expr::col(Column::NameFolded).like(like(&text::fold(search)));
        let by_email = Expr::col(Column::Email).like(like(&search.to_lowercase()));
        query = query.filter(Condition::any().add(by_name).add(by_email));
    }
    if let Some((name, id)) = page.cursor::<(String, UserId)>()? {
        let later = Condition::any()
            .add(Column::NameFolded.gt(name.clone()))
            .add(Condition::all().add(Column::NameFolded.eq(name)).add(Column::Id.gt(id)));
        query = query.filter(later);
    }
    let rows = query.all(connection).await?;
    Ok(Page::from_rows(rows, page.limit(), |row| (row.name_folded.clone(), row.id)))
}

/// Somebody of the staff who still works here, or nobody; anybody else is an error that names the field.
pub async fn at_work(connection: &impl ConnectionTrait, field: &str, id: Option<UserId>) -> Result<Option<UserId>> {
    let Some(id) = id else { return Ok(None) };
    let known = Entity::find_by_id(id).one(connection).await?.filter(|user| !user.blocked);
    let (ru, en) = ("Нет такого сотрудника", "There is no such person");
    known.map(|user| Some(user.id)).ok_or_else(|| Error::invalid(field, "unknown", ru, en))
}

/// Finds somebody who may be given conversations of this line, and of this group of it; whoever may not is wrong input.
pub async fn assignable(
    connection: &impl ConnectionTrait,
    id: UserId,
    line_id: LineId,
    group_id: Option<GroupId>,
) -> Result<Model> {
    let refused = || {
        Error::invalid(
            "user_id",
            "not_assignable",
            "Этому сотруднику нельзя назначить обращения этой линии",
            "Conversations of this line cannot be given to this person",
        )
    };
    let user = Entity::find_by_id(id).one(connection).await?.filter(|user| !user.blocked).ok_or_else(refused)?;
    let permissions = role::find(connection, user.role_id).await?.map(|role| role.permission_set()).unwrap_or_default();
    let serves = line::reach(connection, id, &permissions).await?.sees(line_id, group_id);
    if serves && permissions.has(Permission::ConversationsReply) { Ok(user) } else { Err(refused()) }
}

/// Whether anybody administers this installation yet.
pub async fn administrator_exists(connection: &impl ConnectionTrait) -> Result<bool> {
    let role = role::by_key(connection, role::ADMINISTRATOR).await?;
    Ok(Entity::find().filter(Column::RoleId.eq(role.id)).count(connection).await? > 0)
}

/// Makes everybody else who changes the set of administrators wait until this transaction ends.
pub async fn lock_administrators(tx: &Tx) -> Result<RoleId> {
    let role = role::Entity::find().filter(role::Column::Key.eq(role::ADMINISTRATOR)).lock(db::HOLD).one(tx).await?;
    role.map(|role| role.id).ok_or_else(|| Error::internal("the administrator's role is missing"))
}

async fn keep_an_administrator(tx: &Tx, user: &Model) -> Result<()> {
    let role_id = lock_administrators(tx).await?;
    if user.role_id != role_id || user.blocked {
        return Ok(());
    }
    let others = Entity::find()
        .filter(Column::RoleId.eq(role_id))
        .filter(Column::Blocked.eq(false))
        .filter(Column::Id.ne(user.id));
    if others.count(tx).await? > 0 {
        return Ok(());
    }
    Err(Error::conflict(
        "last_administrator",
        "Это последний администратор: сначала назначьте другого",
        "This is the last administrator: appoint another one first",
    ))
}

/// The form under which an address is kept.
pub fn valid_email(email: &str) -> Result<String> {
    let wrong = || {
        Error::invalid("email", "bad_email", "Это не похоже на адрес почты", "This does not look like a mail address")
    };
    text::email::normalize(email).ok_or_else(wrong)
}

async fn check_role(tx: &Tx, id: RoleId) -> Result<()> {
    let known = role::find(tx, id).await?;
    known.map(drop).ok_or_else(|| Error::invalid("role_id", "unknown_role", "Нет такой роли", "There is no such role"))
}

async fn check_email_free(tx: &Tx, email: &str, owner: Option<UserId>) -> Result<()> {
    match Entity::find().filter(Column::Email.eq(email)).one(tx).await? {
        Some(user) if Some(user.id) != owner => Err(email_is_taken()),
        _ => Ok(()),
    }
}

/// Two who take one address at the same moment: the second learns it from the database.
fn email_taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) { email_is_taken() } else { error.into() }
}

fn email_is_taken() -> Error {
    Error::invalid(
        "email",
        "email_taken",
        "Сотрудник с таким адресом уже есть",
        "Somebody else already has this address",
    )
}

async fn changed(tx: &Tx, actor: &Actor, id: UserId, change: &str) -> Result<()> {
    bus::emit(tx, actor, Event::new("user_changed").subject(id.0).data(json!({"change": change}))).await?;
    tx.signal(Topic::Access);
    Ok(())
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
