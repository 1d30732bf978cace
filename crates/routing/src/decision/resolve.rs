//! Who really takes it: the client's manager or last operator by name, somebody absent by his substitute.

use std::collections::HashMap;

use base::{Result, Timestamp, UserId, Words};
use chrono_tz::Tz;
use db::Fetch;
use desk::conversation;

use super::evaluate::{Ability, Able, Asked};
use crate::absence::{self, Absent};
use crate::facts::Facts;
use crate::queue::{self, Demand};
use crate::rule::Actions;
use crate::target::Target;

/// A chain of substitutes longer than this is a circle.
const LONGEST_CHAIN: usize = 5;

/// Asks, for the steps that hold, whether their targets can take work, until one can. The answers are in the order of
/// the steps.
pub(crate) async fn resolve(
    connection: &impl Fetch,
    conversation: &conversation::Model,
    facts: &Facts,
    asked: &Asked<'_>,
    now: Timestamp,
    zone: Tz,
) -> Result<Vec<Ability>> {
    let mut abilities = Vec::new();
    let mut absences: Option<HashMap<UserId, Absent>> = None;
    for (target, actions) in asked.candidates() {
        let ability = match Structure::of(target, facts) {
            Err(why) => Err(why),
            Ok(Target::Operator { user_id }) => {
                if absences.is_none() {
                    absences = Some(absence::current(connection, now).await?);
                }
                let (user_id, note) = stand_in(user_id, absences.as_ref(), zone);
                available(connection, conversation, Able { target: Target::Operator { user_id }, note }, actions, now)
                    .await?
            }
            Ok(target) => available(connection, conversation, Able { target, note: None }, actions, now).await?,
        };
        let able = ability.is_ok();
        abilities.push(ability);
        if able {
            break;
        }
    }
    Ok(abilities)
}

async fn available(
    connection: &impl Fetch,
    conversation: &conversation::Model,
    able: Able,
    actions: &Actions,
    now: Timestamp,
) -> Result<Ability> {
    let demand = Demand { skills: actions.set.skills.clone() };
    let found = queue::available(connection, conversation, &able.target, &demand, now).await?;
    Ok(match (found, &able.note) {
        (Ok(()), _) => Ok(able),
        (Err(why), None) => Err(why.words),
        (Err(why), Some(note)) => Err(joined(note, &why.words)),
    })
}

fn joined(first: &Words, second: &Words) -> Words {
    Words::owned(format!("{}. {}", first.ru, second.ru), format!("{}. {}", first.en, second.en))
}

/// Whom the absent one's work goes to, and why.
fn stand_in(user_id: UserId, absences: Option<&HashMap<UserId, Absent>>, zone: Tz) -> (UserId, Option<Words>) {
    let (mut current, mut note): (UserId, Option<Words>) = (user_id, None);
    for _ in 0..LONGEST_CHAIN {
        let Some(absent) = absences.and_then(|absences| absences.get(&current)) else { break };
        let Some((substitute, name)) = &absent.substitute else { break };
        let until = absent.until.with_timezone(&zone).format("%d.%m.%Y %H:%M");
        let reason = if absent.reason.is_empty() { String::new() } else { format!(" ({})", absent.reason) };
        let words = Words::owned(
            format!("{} отсутствует до {until}{reason}, замещает {name}", absent.name),
            format!("{} is absent until {until}{reason}, {name} stands in", absent.name),
        );
        note = Some(match &note {
            None => words,
            Some(before) => joined(before, &words),
        });
        current = *substitute;
    }
    (current, note)
}

/// What can be said of a target without asking who is there.
pub(crate) struct Structure;

impl Structure {
    /// The target by name; or why there is none.
    pub fn of(target: &Target, facts: &Facts) -> Result<Target, Words> {
        match target {
            Target::Manager => {
                let words =
                    Words::new("У клиента нет ответственного менеджера", "The client has no responsible manager");
                facts.manager_id().map(|user_id| Target::Operator { user_id }).ok_or(words)
            }
            Target::LastOperator => {
                let words = Words::new("Этого клиента ещё никто не вёл", "Nobody has served this client before");
                facts.last_operator_id().map(|user_id| Target::Operator { user_id }).ok_or(words)
            }
            Target::Bot => Err(Words::new("К линии не подключён бот", "The line has no bot")),
            other => Ok(other.clone()),
        }
    }

    /// As if everybody were there: for the replay of the past.
    pub fn ability(target: &Target, facts: &Facts) -> Ability {
        Structure::of(target, facts).map(|target| Able { target, note: None })
    }
}
