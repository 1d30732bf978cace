//! Routing one conversation: facts, decision, explanation and placement in one transaction.

use app::App;
use base::{Actor, ConversationId, Error, Result, Timestamp, UserId, Words};
use bus::Event;
use db::{Fetch, Tx};
use desk::conversation::{self, Channel, Status};
use desk::schedule::{self, Hours};
use desk::{line, policy, user};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::entity::{Column, Entity, Model, Source};
use super::evaluate::{Decided, RuleSet, Spent, Step, ask};
use super::jobs::Overflow as OverflowJob;
use super::reply::{self, Variables};
use super::trace::{StepKind, Traced};
use super::{DecisionId, Names, describe, id_in, resolve, trace};
use crate::facts::{self, Facts, Opened};
use crate::line as line_routing;
use crate::queue::{self, Demand, Placed};
use crate::rule::{self, Actions, Overflow, Rule};

/// What a decision rests on. Gathering it needs no hold on anything.
pub(super) struct Ground {
    /// The conversation as it was.
    conversation: conversation::Model,
    line: line::Model,
    clock: Hours,
    set: RuleSet,
    facts: Facts,
}

impl Ground {
    async fn survey(
        connection: &impl Fetch,
        conversation: conversation::Model,
        opened: Opened,
        now: Timestamp,
    ) -> Result<Self> {
        let line = line::find(connection, &Actor::system(), conversation.line_id).await?;
        let settings = line_routing::of(connection, line.id).await?;
        let clock = schedule::hours(connection, line.schedule_id).await?;
        let set = RuleSet::new(settings, rule::of_line(connection, line.id).await?);
        let one = std::slice::from_ref(&conversation);
        let facts = facts::load(connection, &line, &clock, one, opened).await?.pop();
        let mut facts = facts.ok_or(Error::NotFound("conversation"))?;
        facts.volatile = facts::load_volatile(connection, &conversation, &facts, now).await?;
        Ok(Ground { conversation, line, clock, set, facts })
    }
}

/// Routes a conversation that was opened by this event. Does nothing when that was done before, or when the conversation
/// is not to be routed.
pub async fn route(
    tx: &Tx,
    id: ConversationId,
    opening: Uuid,
    opened_again: bool,
    source: Option<Source>,
) -> Result<Option<DecisionId>> {
    route_on(tx, None, id, opening, opened_again, source).await
}

/// The same with the facts gathered beforehand, so that other writers wait less.
pub(super) async fn route_ahead(
    app: &App,
    id: ConversationId,
    opening: Uuid,
    opened_again: bool,
    source: Option<Source>,
) -> Result<()> {
    let ground = match conversation::find(app.db.read(), &Actor::system(), id).await {
        Ok(found) if waits(&found) => {
            let opened = opened(opened_again, app.now());
            Some(Ground::survey(app.db.read(), found, opened, app.now()).await?)
        }
        Ok(_) | Err(Error::NotFound(_)) => None,
        Err(other) => return Err(other),
    };
    let tx = app.write().await?;
    route_on(&tx, ground, id, opening, opened_again, source).await?;
    tx.commit().await
}

async fn route_on(
    tx: &Tx,
    ground: Option<Ground>,
    id: ConversationId,
    opening: Uuid,
    opened_again: bool,
    source: Option<Source>,
) -> Result<Option<DecisionId>> {
    let Some(conversation) = waiting(tx, id).await? else { return Ok(None) };
    let before = Entity::find().filter(Column::Opening.eq(opening)).filter(Column::Attempt.eq(0)).one(tx).await?;
    if before.is_some() {
        return Ok(None);
    }
    let opened = opened(opened_again, tx.now());
    let spent = Spent::default();
    let how = How { opening, attempt: 0, opened, spent, source, reason: None };
    decide(tx, ground, conversation, how).await.map(Some)
}

fn opened(again: bool, now: Timestamp) -> Opened {
    if again { Opened::AgainAt(now) } else { Opened::NowAt(now) }
}

/// Routes a conversation again whose offer nobody accepted: the steps it was offered by are left out.
pub async fn route_again(tx: &Tx, id: ConversationId, reason: Words) -> Result<Option<DecisionId>> {
    let Some(conversation) = waiting(tx, id).await? else { return Ok(None) };
    let latest = Entity::find().filter(Column::ConversationId.eq(id)).order_by_desc(Column::CreatedAt);
    let Some(latest) = latest.order_by_desc(Column::Id).one(tx).await? else {
        return route(tx, id, tx.new_id(), false, None).await;
    };
    let tried = Entity::find().filter(Column::Opening.eq(latest.opening)).order_by_asc(Column::Attempt).all(tx).await?;
    let mut spent = Spent::default();
    for one in &tried {
        let traced: Vec<Traced> = serde_json::from_value(one.verdicts.clone())?;
        match traced.iter().find(|step| step.outcome == super::evaluate::Outcome::Matched).map(|step| step.kind) {
            Some(StepKind::Manager) => spent.manager = true,
            Some(StepKind::Default) => spent.default = true,
            Some(StepKind::Rule) => spent.rules.extend(one.rule_id),
            None => {}
        }
    }
    let attempt = tried.last().map_or(0, |last| last.attempt + 1);
    let opened = Opened::NowAt(tx.now());
    let how = How { opening: latest.opening, attempt, opened, spent, source: None, reason: Some(reason) };
    decide(tx, None, conversation, how).await.map(Some)
}

/// The conversation, held, if it waits for somebody.
pub(super) async fn waiting(tx: &Tx, id: ConversationId) -> Result<Option<conversation::Model>> {
    let found = match conversation::find_to_change(tx, &Actor::system(), id).await {
        Ok(found) => found,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    Ok(waits(&found).then_some(found))
}

fn waits(conversation: &conversation::Model) -> bool {
    conversation.status == Status::Open && conversation.assignee_id.is_none() && conversation.channel != Channel::Manual
}

struct How {
    opening: Uuid,
    attempt: i64,
    opened: Opened,
    spent: Spent,
    source: Option<Source>,
    /// Why it is decided again.
    reason: Option<Words>,
}

async fn decide(tx: &Tx, ground: Option<Ground>, conversation: conversation::Model, how: How) -> Result<DecisionId> {
    // Whatever has changed the conversation meanwhile may have changed what is known of it.
    let ground = match ground.filter(|ground| ground.conversation == conversation) {
        Some(ground) => ground,
        None => Ground::survey(tx, conversation.clone(), how.opened, tx.now()).await?,
    };
    let Ground { conversation: _, line, clock, set, facts } = ground;
    let asked = ask(&set, &facts, &how.spent);
    let mut abilities = resolve(tx, &conversation, &facts, &asked, tx.now(), clock.zone).await?.into_iter();
    let unasked = || Err(Words::new("Никто не может принять", "Nobody can take it"));
    let decided = asked.decide(|_, _| abilities.next().unwrap_or_else(unasked));
    carry_out(tx, conversation, &line, &set, facts, decided, how).await
}

async fn carry_out(
    tx: &Tx,
    conversation: conversation::Model,
    line: &line::Model,
    set: &RuleSet,
    facts: Facts,
    decided: Decided,
    how: How,
) -> Result<DecisionId> {
    let Decided { step, able, verdicts } = decided;
    let rule = match step {
        Step::Rule(index) => set.rules.get(index),
        Step::Manager | Step::Default => None,
    };
    let default = Actions { overflow: set.default_overflow.clone(), ..Actions::default() };
    let nothing = Actions::default();
    let actions = match step {
        Step::Rule(_) => rule.map_or(&nothing, |rule| &rule.actions),
        Step::Manager => &nothing,
        Step::Default => &default,
    };
    let company = reply::company_name(tx).await?;
    let client = facts.client_name.shown.first().cloned().unwrap_or_default();
    // One that was deleted meanwhile is nobody's promise: the line's holds.
    let policy = match actions.set.policy_id {
        Some(id) => policy::find(tx, id).await?,
        None => None,
    };
    let conversation = apply(tx, conversation, line, rule, policy.as_ref(), actions, &client, &company).await?;
    let id = DecisionId(tx.new_id());
    let demand = Demand { skills: actions.set.skills.clone() };
    let placed = queue::place(tx, &conversation, &able.target, &demand, id).await?;
    let taken = taken(tx, &placed).await?;
    let names = Names::of(tx, id_in(&able.target).into_iter().collect()).await?;
    let rule_name = rule.map(|rule| rule.name.as_str());
    let mut why = sentence(step, rule_name, &describe(&able.target, &names), taken.as_ref());
    for more in [able.note.as_ref(), how.reason.as_ref()].into_iter().flatten() {
        why = Words::owned(format!("{} {}.", why.ru, more.ru), format!("{} {}.", why.en, more.en));
    }
    if let Some(policy) = &policy {
        why = Words::owned(
            format!("{} Сроки по нормативу «{}».", why.ru, policy.name),
            format!("{} Promised times by the policy “{}”.", why.en, policy.name),
        );
    }
    if let Some(text) = &actions.auto_reply {
        let operator = taken.as_ref().map_or("", |(_, name, _)| name.as_str());
        let (number, subject) = (conversation.number, conversation.subject.as_str());
        let hours = line::said_in(tx, &text.text, line, conversation.contact_id, conversation.id, tx.now()).await?;
        let variables = Variables { client: &client, operator, line, company: &company, number, subject, hours };
        reply::say(tx, &conversation, text, &variables).await?;
    }
    let assigned_id = taken.as_ref().map(|(id, _, _)| *id);
    let overflow = actions.overflow.as_ref().filter(|_| assigned_id.is_none());
    let source = how.source.unwrap_or(if step == Step::Default { Source::Default } else { Source::Rule });
    let circumstances = serde_json::to_value(&facts.volatile)?;
    let row = Model {
        id,
        conversation_id: conversation.id,
        line_id: line.id,
        opening: how.opening,
        attempt: how.attempt,
        source,
        rule_id: rule.and_then(|rule| rule.id),
        target: serde_json::to_value(&able.target)?,
        assigned_id,
        why: serde_json::to_value(&why)?,
        verdicts: serde_json::to_value(trace(set, &facts, verdicts))?,
        circumstances,
        overflow: overflow.map(serde_json::to_value).transpose()?,
        created_at: tx.now(),
    };
    store(tx, &conversation, row, overflow, &why).await?;
    Ok(id)
}

/// Writes a decision down, tells of it, and sets the clock of its overflow.
pub(super) async fn store(
    tx: &Tx,
    conversation: &conversation::Model,
    row: Model,
    overflow: Option<&Overflow>,
    why: &Words,
) -> Result<()> {
    let (id, source, assigned) = (row.id, row.source, row.assigned_id.is_some());
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    if let Some(overflow) = overflow {
        let job = OverflowJob { conversation_id: conversation.id, decision_id: id };
        jobs::enqueue_at(tx, &job, tx.now() + chrono::Duration::minutes(overflow.minutes)).await?;
    }
    let data = json!({"decision_id": id, "source": source, "why": why, "assigned": assigned});
    let event = Event::new("conversation_routed").subject(conversation.id.0).data(data).conversation(
        conversation.id,
        conversation.line_id,
        conversation.group_id,
    );
    bus::emit(tx, &Actor::system(), event).await.map(drop)
}

/// Sets what the rule sets; answers the conversation as it is then.
#[expect(clippy::too_many_arguments, reason = "what a rule sets, and what its templates name")]
async fn apply(
    tx: &Tx,
    conversation: conversation::Model,
    line: &line::Model,
    rule: Option<&Rule>,
    policy: Option<&policy::Model>,
    actions: &Actions,
    client: &str,
    company: &str,
) -> Result<conversation::Model> {
    let (system, id) = (Actor::system(), conversation.id);
    let set = &actions.set;
    if let Some(policy) = policy {
        let name = rule.map_or("", |rule| rule.name.as_str());
        let why = Words::owned(
            format!("Норматив назначен правилом «{name}»."),
            format!("The policy was assigned by the rule “{name}”."),
        );
        conversation::choose_policy(tx, &system, &conversation, policy, &why).await?;
    }
    if set.priority.is_none() && set.subject.is_none() {
        return Ok(conversation);
    }
    if let Some(priority) = set.priority {
        conversation::set_priority(tx, &system, id, priority).await?;
    }
    if let Some(template) = &set.subject {
        let (number, subject) = (conversation.number, conversation.subject.as_str());
        let hours = line::said_in(tx, template, line, conversation.contact_id, id, tx.now()).await?;
        let fresh = Variables { client, operator: "", line, company, number, subject, hours }.fill(template);
        if !fresh.trim().is_empty() {
            conversation::rename(tx, &system, id, &fresh).await?;
        }
    }
    conversation::find_to_change(tx, &system, id).await
}

/// Who got it at once, and why he.
type Taken = (UserId, String, Words);

pub(super) async fn taken(tx: &Tx, placed: &Placed) -> Result<Option<Taken>> {
    let Placed::Assigned { user, why } = placed else { return Ok(None) };
    let name = user::find(tx, *user).await?.name;
    Ok(Some((*user, name, why.clone())))
}

/// `По правилу «Цены»: оператор Лосев. Получил(а) Лосев: ...`
fn sentence(step: Step, rule: Option<&str>, target: &Words, taken: Option<&Taken>) -> Words {
    let mut words = match (step, rule) {
        (Step::Manager, _) => Words::owned(
            format!("Сначала ответственному менеджеру: {}.", target.ru),
            format!("The responsible manager first: {}.", target.en),
        ),
        (Step::Rule(_), Some(name)) => Words::owned(
            format!("По правилу «{name}»: {}.", target.ru),
            format!("By the rule “{name}”: {}.", target.en),
        ),
        _ => Words::owned(
            format!("Ни одно правило не подошло: {}.", target.ru),
            format!("No rule fitted: {}.", target.en),
        ),
    };
    if let Some((_, name, why)) = taken {
        words = Words::owned(
            format!("{} Назначено: {name} ({}).", words.ru, why.ru),
            format!("{} Assigned to {name} ({}).", words.en, why.en),
        );
    }
    words
}
