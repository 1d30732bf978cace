//! Who I am, what I may, what I see.

use base::{Actor, Error, Language, Result, RoleId, UserId};
use desk::group::GroupRef;
use desk::people::LineRef;
use desk::role::RoleRef;
use desk::{group, line, role, setting, user};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

/// Which colours the pages have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Self {
        [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.as_str() == text).unwrap_or_default()
    }
}

/// Whoever asks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    pub id: UserId,
    pub name: String,
    /// Also the login.
    pub email: String,
    pub role: RoleRef,
    /// What you may do. With a token: what you and the token may.
    pub permissions: Vec<String>,
    pub locale: Language,
    pub theme: Theme,
    /// IANA name, as `Europe/Moscow`.
    pub time_zone: String,
    /// The lines you see, without archived ones, by name.
    pub lines: Vec<LineRef>,
    /// Your groups, by name.
    pub groups: Vec<GroupRef>,
    pub company_name: String,
    /// 0 to 11.
    pub avatar_color: i64,
}

pub async fn me(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Me> {
    let id = actor.user_id().ok_or(Error::Unauthenticated)?;
    let user = user::find(connection, id).await?;
    let language = Language::parse(&user.locale).unwrap_or_default();
    let lines = line::list(connection, actor, false).await?;
    Ok(Me {
        id,
        role: role_ref(connection, user.role_id, language).await?,
        permissions: actor.permissions.names().into_iter().map(str::to_owned).collect(),
        locale: language,
        theme: Theme::parse(&user.theme),
        lines: lines.into_iter().map(|line| LineRef { id: line.id, key: line.key, name: line.name }).collect(),
        groups: group::of_users(connection, &[id]).await?.remove(&id).unwrap_or_default(),
        company_name: setting::company(connection).await?.company_name,
        name: user.name,
        email: user.email,
        time_zone: user.time_zone,
        avatar_color: user.avatar_color,
    })
}

async fn role_ref(connection: &impl ConnectionTrait, id: RoleId, language: Language) -> Result<RoleRef> {
    let role = role::find(connection, id).await?.ok_or(Error::NotFound("role"))?;
    Ok(RoleRef::new(&role, language))
}
