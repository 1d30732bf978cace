//! Names of whatever conditions and targets refer to by id, for people to read.

use std::collections::HashMap;

use base::{GroupId, Result, UserId, Words};
use db::{Fetch, Row, places};
use desk::people::{StaffRef, color_of};
use sea_orm::Value;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::target::Target;

/// What these ids are called.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: HashMap<Uuid, String>,
}

impl Names {
    /// Of staff, groups, clients, companies and channels, in one statement.
    pub async fn of(connection: &impl Fetch, mut ids: Vec<Uuid>) -> Result<Self> {
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(2_000);
        if ids.is_empty() {
            return Ok(Names::default());
        }
        let wanted = places(1, ids.len());
        let tables = ["staff", "staff_group", "contact", "company", "channel"];
        let parts: Vec<String> =
            tables.iter().map(|table| format!("select id, name from {table} where id in ({wanted})")).collect();
        let values: Vec<Value> = ids.into_iter().map(Value::from).collect();
        let read = |row: &Row<'_>| Ok((row.get::<Uuid>(0)?, row.get::<String>(1)?));
        let names = connection.fetch(parts.join(" union all "), values, read).await?.into_iter().collect();
        Ok(Names { names })
    }

    pub fn any(&self, id: Uuid) -> Option<String> {
        self.names.get(&id).cloned()
    }

    fn quoted(&self, id: Uuid) -> String {
        format!("«{}»", self.names.get(&id).map_or("?", String::as_str))
    }

    fn person(&self, id: UserId) -> String {
        self.names.get(&id.0).cloned().unwrap_or_else(|| "?".to_owned())
    }

    /// A member of staff as the API shows him.
    pub fn staff(&self, id: UserId) -> Option<StaffRef> {
        let name = self.any(id.0)?;
        Some(StaffRef { id, name, avatar_color: color_of(id.0) })
    }
}

/// The id a target needs a name for.
pub fn id_in(target: &Target) -> Option<Uuid> {
    match target {
        Target::LeastLoaded { group_id } | Target::InviteGroup { group_id } => Some(group_id.0),
        Target::Queue { group_id } => group_id.map(|id| id.0),
        Target::Operator { user_id } => Some(user_id.0),
        Target::InviteAll | Target::LastOperator | Target::Manager | Target::Bot => None,
    }
}

/// What a target means.
pub fn describe(target: &Target, names: &Names) -> Words {
    match target {
        Target::LeastLoaded { group_id } => {
            let group = names.quoted(group_id.0);
            Words::owned(
                format!("наименее загруженный оператор группы {group}"),
                format!("least loaded operator of {group}"),
            )
        }
        Target::InviteGroup { group_id } => {
            let group = names.quoted(group_id.0);
            Words::owned(format!("приглашение всей группе {group}"), format!("invitation of all of {group}"))
        }
        Target::InviteAll => Words::new("приглашение всем операторам линии", "invitation of all operators of the line"),
        Target::Operator { user_id } => {
            let name = names.person(*user_id);
            Words::owned(format!("оператор {name}"), format!("operator {name}"))
        }
        Target::LastOperator => Words::new("последний оператор клиента", "client's last operator"),
        Target::Manager => Words::new("ответственный менеджер клиента", "client's responsible manager"),
        Target::Bot => Words::new("бот", "bot"),
        Target::Queue { group_id: None } => Words::new("общая очередь: кто первый", "common queue: first to take"),
        Target::Queue { group_id: Some(id) } => {
            let group = names.quoted(id.0);
            Words::owned(format!("очередь группы {group}"), format!("queue of {group}"))
        }
    }
}

/// A target with what it means.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingResult {
    pub target: Target,
    /// The person, when the target is one.
    pub user: Option<StaffRef>,
    /// The group, when the target is one.
    pub group: Option<RoutingGroup>,
    /// In the reader's language.
    pub words: String,
}

/// A group of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoutingGroup {
    pub id: GroupId,
    pub name: String,
}

/// A target as the API shows it.
pub fn result(target: Target, names: &Names, language: base::Language) -> RoutingResult {
    let group_id = match &target {
        Target::LeastLoaded { group_id } | Target::InviteGroup { group_id } => Some(*group_id),
        Target::Queue { group_id } => *group_id,
        _ => None,
    };
    let user = match &target {
        Target::Operator { user_id } => names.staff(*user_id),
        _ => None,
    };
    let group = group_id.map(|id| RoutingGroup { id, name: names.any(id.0).unwrap_or_default() });
    RoutingResult { words: describe(&target, names).get(language).to_owned(), user, group, target }
}
