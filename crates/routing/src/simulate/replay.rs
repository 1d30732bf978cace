//! The last conversations of a line again, under other rules.
//!
//! Both sets of rules see the facts of then, as if everybody had been there: what differs, differs by the rules alone.

use std::collections::HashMap;

use base::{Actor, ConversationId, Language, LineId, Result};
use db::{Fetch, Row, places};
use desk::conversation::{self, Channel, Status};
use desk::line;
use desk::people::ConversationRef;
use desk::schedule;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::api::{Replay, ReplayDifference, ReplayOutcome, ReplayResult};
use super::try_out::rules;
use crate::decision::evaluate::{RuleSet, Step, evaluate};
use crate::decision::{Names, StepKind, Structure, id_in, result, step_name};
use crate::facts::{self, Facts, Opened, Volatile};
use crate::line as line_routing;
use crate::rule::Actions;
use crate::target::Target;

/// More nobody looks through.
const MOST: u64 = 200;

pub(super) async fn replay(
    connection: &impl Fetch,
    actor: &Actor,
    line_id: LineId,
    request: Replay,
) -> Result<ReplayResult> {
    let line = line::find(connection, actor, line_id).await?;
    let settings = line_routing::of(connection, line_id).await?;
    let clock = schedule::hours(connection, line.schedule_id).await?;
    let mut edited = settings.clone();
    edited.target = request.default_target.unwrap_or(edited.target);
    edited.manager_first = request.manager_first.unwrap_or(edited.manager_first);
    let now = RuleSet::new(settings, rules(connection, line_id, None).await?);
    let then = RuleSet::new(edited, rules(connection, line_id, Some(request.rules)).await?);
    let conversations = conversation::visible_to(actor)
        .filter(conversation::Column::LineId.eq(line_id))
        .filter(conversation::Column::Status.ne(Status::Spam))
        .filter(conversation::Column::Channel.ne(Channel::Manual))
        .order_by_desc(conversation::Column::Number)
        .limit(request.limit.unwrap_or(MOST).clamp(1, MOST))
        .all(connection)
        .await?;
    let mut volatile = volatile(connection, &conversations).await?;
    let all = facts::load(connection, &line, &clock, &conversations, Opened::ThenBy).await?;
    let mut changed = Vec::new();
    for (conversation, mut facts) in conversations.iter().zip(all) {
        facts.volatile = volatile.remove(&conversation.id).unwrap_or_default();
        let (before, after) = (Came::of(&now, &facts), Came::of(&then, &facts));
        if before.target != after.target || before.actions != after.actions {
            changed.push((conversation, before, after));
        }
    }
    let ids = changed.iter().flat_map(|(_, before, after)| [&before.target, &after.target]).filter_map(id_in);
    let names = Names::of(connection, ids.collect()).await?;
    let total = conversations.len() as u64;
    let language = actor.language;
    let difference = |(conversation, before, after): (&conversation::Model, Came, Came)| ReplayDifference {
        conversation: ConversationRef {
            id: conversation.id,
            number: conversation.number,
            subject: conversation.subject.clone(),
        },
        before: before.view(&names, language),
        after: after.view(&names, language),
    };
    let changed: Vec<ReplayDifference> = changed.into_iter().map(difference).collect();
    Ok(ReplayResult { total, same: total - changed.len() as u64, changed })
}

/// What came of one conversation.
struct Came {
    target: Target,
    actions: Actions,
    step: StepKind,
    rule: Option<String>,
}

impl Came {
    fn of(set: &RuleSet, facts: &Facts) -> Self {
        let decided = evaluate(set, facts, |target, _| Structure::ability(target, facts));
        let (step, rule) = match decided.step {
            Step::Rule(index) => (StepKind::Rule, set.rules.get(index)),
            Step::Manager => (StepKind::Manager, None),
            Step::Default => (StepKind::Default, None),
        };
        Came {
            target: decided.able.target,
            actions: rule.map(|rule| rule.actions.clone()).unwrap_or_default(),
            rule: rule.map(|rule| rule.name.clone()),
            step,
        }
    }

    fn view(self, names: &Names, language: Language) -> ReplayOutcome {
        ReplayOutcome {
            rule: step_name(self.step, self.rule.as_deref(), language),
            result: result(self.target, names, language),
        }
    }
}

/// How busy everybody was, as far as it was written down.
async fn volatile(
    connection: &impl Fetch,
    conversations: &[conversation::Model],
) -> Result<HashMap<ConversationId, Volatile>> {
    if conversations.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select conversation_id, circumstances from routing_decision where attempt = 0 and conversation_id in ({}) \
         order by created_at desc",
        places(1, conversations.len())
    );
    let values = conversations.iter().map(|one| one.id.0.into()).collect();
    let read = |row: &Row<'_>| Ok((ConversationId(row.get(0)?), row.get::<serde_json::Value>(1)?));
    let rows = connection.fetch(sql, values, read).await?;
    // The first decision comes last and stays.
    rows.into_iter().map(|(id, value)| Ok((id, serde_json::from_value(value)?))).collect()
}
