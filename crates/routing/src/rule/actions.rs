//! What a rule does: its target, and what else happens when it decides.

use base::{Error, FieldError, LineId, Result, Words};
use desk::conversation::Priority;
use desk::line::group::{self as line_group, Part};
use desk::policy::{self, PolicyId};
use desk::user;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::skill::{self, SkillId};
use crate::target::Target;

/// What happens besides, when a rule decides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Actions {
    pub overflow: Option<Overflow>,
    pub auto_reply: Option<AutoReply>,
    pub set: Settings,
}

/// Where a conversation goes that nobody has taken for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoutingOverflow)]
pub struct Overflow {
    /// 1 to 10080 (a week).
    pub minutes: i64,
    pub target: Target,
}

/// Said to the client at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoutingAutoReply)]
pub struct AutoReply {
    /// Plain text; `{{client}}`, `{{operator}}`, `{{line}}`, `{{company}}`, `{{number}}` and `{{subject}}` are filled in, and the
    /// line's `{{hours}}` and `{{next_open}}` (`tomorrow from 9:00`).
    pub text: String,
}

/// What is set on the conversation before it is placed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoutingSettingsOfRule)]
#[serde(default)]
pub struct Settings {
    pub priority: Option<Priority>,
    /// The new subject; `{{subject}}` is the old one, the variables of the automatic reply work too.
    pub subject: Option<String>,
    /// Skills the operator must have.
    pub skills: Vec<SkillId>,
    /// The policy of promised times that holds instead of the line's.
    pub policy_id: Option<PolicyId>,
}

const LONGEST_REPLY: usize = 4_000;

/// Checks what a rule does besides. `at` is the place of the rule, for errors.
pub async fn check_actions(
    connection: &impl ConnectionTrait,
    line_id: LineId,
    actions: &Actions,
    at: &str,
) -> Result<()> {
    let place = |field: &str| if at.is_empty() { field.to_owned() } else { format!("{at}.{field}") };
    check_overflow(connection, line_id, actions.overflow.as_ref(), &place("overflow")).await?;
    if let Some(reply) = &actions.auto_reply {
        let long = reply.text.chars().count() > LONGEST_REPLY;
        if reply.text.trim().is_empty() {
            return Err(wrong(
                place("auto_reply.text"),
                "required",
                "Напишите текст ответа",
                "Write the text of the reply",
            ));
        }
        if long {
            return Err(wrong(
                place("auto_reply.text"),
                "too_long",
                "Не больше 4000 знаков",
                "At most 4,000 characters",
            ));
        }
    }
    if actions.set.subject.as_ref().is_some_and(|subject| subject.chars().count() > 500) {
        return Err(wrong(place("set.subject"), "too_long", "Не больше 500 знаков", "At most 500 characters"));
    }
    if let Some(id) = actions.set.policy_id {
        policy::check(connection, &place("set.policy_id"), id).await?;
    }
    let known = skill::known(connection, &actions.set.skills).await?;
    match actions.set.skills.iter().position(|id| !known.contains(id)) {
        None => Ok(()),
        Some(index) => {
            let field = place(&format!("set.skills[{index}]"));
            Err(wrong(field, "unknown", "Нет такого навыка", "There is no such skill"))
        }
    }
}

/// Checks when and where a conversation goes that nobody takes.
pub async fn check_overflow(
    connection: &impl ConnectionTrait,
    line_id: LineId,
    overflow: Option<&Overflow>,
    at: &str,
) -> Result<()> {
    let Some(overflow) = overflow else { return Ok(()) };
    if !(1..=10_080).contains(&overflow.minutes) {
        let (ru, en) = ("От 1 минуты до недели", "From a minute to a week");
        return Err(wrong(format!("{at}.minutes"), "out_of_range", ru, en));
    }
    check_target(connection, line_id, &overflow.target, &format!("{at}.target")).await
}

/// Checks that a target works on the line.
pub async fn check_target(connection: &impl ConnectionTrait, line_id: LineId, target: &Target, at: &str) -> Result<()> {
    match target {
        Target::LeastLoaded { group_id }
        | Target::InviteGroup { group_id }
        | Target::Queue { group_id: Some(group_id) } => {
            let serves = line_group::Entity::find()
                .filter(line_group::Column::LineId.eq(line_id))
                .filter(line_group::Column::GroupId.eq(*group_id))
                .filter(line_group::Column::Part.eq(Part::Operators));
            if serves.count(connection).await? == 0 {
                let (ru, en) = ("Эта группа не работает на линии", "This group does not work on the line");
                return Err(wrong(format!("{at}.group_id"), "not_on_line", ru, en));
            }
            Ok(())
        }
        Target::Operator { user_id } => match user::assignable(connection, *user_id, line_id, None).await {
            Ok(_) => Ok(()),
            Err(Error::Invalid(_)) => {
                let (ru, en) = ("Этот сотрудник не работает на линии", "This person does not work on the line");
                Err(wrong(format!("{at}.user_id"), "not_on_line", ru, en))
            }
            Err(other) => Err(other),
        },
        Target::InviteAll | Target::LastOperator | Target::Manager | Target::Bot | Target::Queue { group_id: None } => {
            Ok(())
        }
    }
}

fn wrong(field: String, code: &'static str, ru: &'static str, en: &'static str) -> Error {
    Error::Invalid(vec![FieldError { field, code, words: Words::new(ru, en) }])
}
