//! The presets, and finding roles.

use std::future::Future;
use std::pin::Pin;

use app::App;
use base::Permission::*;
use base::{Error, Language, Permission, PermissionSet, Result, RoleId, Words};
use db::Tx;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use serde_json::json;

use super::{ActiveModel, Column, Entity, Model};

/// The key of the role that may do everything.
pub const ADMINISTRATOR: &str = "administrator";

/// A role that comes with the product.
pub struct Preset {
    pub key: &'static str,
    pub name: Words,
    pub permissions: PermissionSet,
}

const VIEWER: &[Permission] = &[ConversationsView, ContactsView, TicketsView];
const OPERATOR: &[Permission] = &[
    ConversationsReply,
    ConversationsNote,
    ConversationsAssign,
    ConversationsClose,
    ConversationsCreate,
    ContactsEdit,
    TicketsEdit,
    TokensOwn,
];

/// The presets, least rights first.
pub fn presets() -> Vec<Preset> {
    let set = |parts: &[&[Permission]]| parts.iter().copied().flatten().copied().collect();
    vec![
        Preset { key: "client", name: Words::new("Клиент", "Client"), permissions: PermissionSet::default() },
        Preset { key: "viewer", name: Words::new("Наблюдатель", "Viewer"), permissions: set(&[VIEWER]) },
        Preset {
            key: "operator", name: Words::new("Оператор", "Operator"), permissions: set(&[VIEWER, OPERATOR])
        },
        Preset {
            key: "supervisor",
            name: Words::new("Супервизор", "Supervisor"),
            permissions: set(&[
                VIEWER,
                OPERATOR,
                &[QuarantineManage, ConversationsExport, TicketsOverride, OutagesManage, CannedRepliesManage],
            ]),
        },
        Preset {
            key: ADMINISTRATOR,
            name: Words::new("Администратор", "Administrator"),
            permissions: PermissionSet::all(),
        },
    ]
}

/// Makes the presets at the first start, and brings their permissions up to date at later ones.
pub fn prepare(app: App) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        if missing(&list(app.db.read()).await?).is_empty() {
            return Ok(());
        }
        let tx = app.write().await?;
        for preset in missing(&list(&tx).await?) {
            ensure(&tx, preset).await?;
        }
        tx.commit().await
    })
}

fn missing(rows: &[Model]) -> Vec<Preset> {
    let current =
        |preset: &Preset| rows.iter().any(|row| row.key == preset.key && row.permission_set() == preset.permissions);
    presets().into_iter().filter(|preset| !current(preset)).collect()
}

async fn ensure(tx: &Tx, preset: Preset) -> Result<()> {
    let permissions = json!(preset.permissions.names());
    let known = Entity::find().filter(Column::Key.eq(preset.key)).one(tx).await?;
    if let Some(row) = known {
        let mut row = row.into_active_model();
        row.permissions = Set(permissions);
        row.update(tx).await?;
        return Ok(());
    }
    let row = ActiveModel {
        id: Set(RoleId(tx.new_id())),
        key: Set(preset.key.to_owned()),
        name: Set(preset.name.ru.into_owned()),
        preset: Set(true),
        permissions: Set(permissions),
        created_at: Set(tx.now()),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Every role, in the order they were made: presets first, least rights first.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(connection).await?)
}

pub async fn find(connection: &impl ConnectionTrait, id: RoleId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(connection).await?)
}

/// A role by its key; an unknown one is wrong input.
pub async fn by_key(connection: &impl ConnectionTrait, key: &str) -> Result<Model> {
    let role = Entity::find().filter(Column::Key.eq(key)).one(connection).await?;
    role.ok_or_else(|| Error::invalid("role", "unknown_role", "Нет такой роли", "There is no such role"))
}

impl Model {
    pub fn permission_set(&self) -> PermissionSet {
        let names = self.permissions.as_array().map(Vec::as_slice).unwrap_or_default();
        PermissionSet::from_names(names.iter().filter_map(|name| name.as_str()))
    }

    /// The name as a reader of this language knows it.
    pub fn name_in(&self, language: Language) -> String {
        let preset = presets().into_iter().find(|preset| self.preset && preset.key == self.key);
        preset.map_or_else(|| self.name.clone(), |preset| preset.name.get(language).to_owned())
    }
}
