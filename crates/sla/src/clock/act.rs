//! What a policy does at a step. A job of its own, so that a failure is seen, tried again, and stops nothing else.

use std::collections::BTreeSet;

use app::{App, Attempt, Job, JobError};
use base::{Actor, Language, LineId, Result, UserId, Words};
use bus::Event;
use chrono::TimeDelta;
use db::{Fetch, Row, Tx};
use desk::conversation::{self, DueNorm, Priority};
use desk::task::{self, NewTask};
use desk::{ticket, user};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::ClockId;
use super::kept::{self, Clock};
use crate::policy::{Step, StepTask};
use crate::subject::{Record, Subject};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Act {
    pub clock_id: ClockId,
    pub step: usize,
}

impl Job for Act {
    const KIND: &'static str = "sla.act";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        let (record, mut clock) = kept::find_to_change(&tx, self.clock_id).await?;
        let step = clock.snapshot.steps.get(self.step).cloned();
        // What ended meanwhile needs nothing more; a job that runs twice does it once.
        let step = step.filter(|_| clock.is_open() && clock.take_step(self.step));
        if let Some(step) = step {
            clock.save(&tx).await?;
            if let Some(task) = &step.make_task {
                make_task(&tx, &record, &clock, self.step, &step, task).await?;
            }
            act(&tx, record, &clock, &step).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

async fn act(tx: &Tx, record: Record, clock: &Clock, step: &Step) -> Result<()> {
    let system = Actor::system();
    let mut told: BTreeSet<UserId> = step.tell.iter().copied().collect();
    if step.tell_operator {
        told.extend(record.owner_id());
    }
    if step.tell_supervisors {
        told.extend(supervisors(tx, record.line_id()).await?);
    }
    // A ticket is a person's, never a group's.
    let to_group = step.give_to_group.filter(|_| record.subject() == Subject::Conversation);
    let early = is_early(step, clock);
    let data = json!({
        "norm": clock.row.norm, "due_at": clock.row.due_at, "policy": clock.snapshot.policy, "tell": told,
        "by_mail": step.by_mail,
        "priority": step.priority, "give_to": step.give_to, "give_to_group": to_group,
    });
    let kind = if early { "sla_reminded" } else { "sla_escalated" };
    let event = record.event(tx, clock.row.id.0, Event::new(kind).data(data)).await?;
    // Who of a group gets it is for whoever distributes work to say.
    let event = if to_group.is_some() { event.by("to_group") } else { event };
    bus::emit(tx, &system, event).await?;
    let policy = &clock.snapshot.policy;
    let why = Words::owned(format!("Срок по нормативу «{policy}»."), format!("A deadline of the policy “{policy}”."));
    let give_to = step.give_to.filter(|to| record.owner_id() != Some(*to));
    let priority = step.priority.filter(|wanted| rank(*wanted) > rank(record.priority()));
    match record {
        Record::Conversation(conversation) => act_on_conversation(tx, *conversation, give_to, priority, &why).await,
        Record::Ticket(_) if give_to.is_none() && priority.is_none() => Ok(()),
        Record::Ticket(ticket) => {
            let change = ticket::Change { owner_id: give_to.map(Some), priority, why: Some(why), ..Default::default() };
            ticket::update(tx, &system, ticket.id, change).await
        }
    }
}

/// Makes the task of a step. Its title says what was promised and where, unless the policy gives one.
async fn make_task(
    tx: &Tx,
    record: &Record,
    clock: &Clock,
    index: usize,
    step: &Step,
    wanted: &StepTask,
) -> Result<()> {
    let early = is_early(step, clock);
    let said = promised(clock.row.norm, early);
    let person = user::find(tx, wanted.user_id).await?;
    let language = Language::parse(&person.locale).unwrap_or_default();
    let title = match wanted.title.trim() {
        "" => format!("{}: №{} {}", said.get(language), record.number(), record.subject_text()),
        title => title.to_owned(),
    };
    let (policy, number) = (&clock.snapshot.policy, index + 1);
    let why = Words::owned(
        format!("Норматив «{policy}», шаг {number}: {}.", lower(&said.ru)),
        format!("The policy “{policy}”, step {number}: {}.", lower(&said.en)),
    );
    let (conversation_id, ticket_id) = (clock.row.conversation_id, clock.row.ticket_id);
    let title = title.trim().chars().take(200).collect();
    let assignee_id = Some(wanted.user_id);
    let new = NewTask { title, ticket_id, conversation_id, assignee_id, why: Some(why), ..NewTask::default() };
    task::create(tx, &Actor::system(), new).await.map(drop)
}

fn is_early(step: &Step, clock: &Clock) -> bool {
    step.offset(TimeDelta::seconds(clock.row.target_seconds)) < TimeDelta::zero()
}

fn promised(norm: DueNorm, early: bool) -> Words {
    match (norm, early) {
        (DueNorm::Reaction, true) => Words::new("Подходит срок реакции", "The reaction is due soon"),
        (DueNorm::Reaction, false) => Words::new("Срок реакции прошёл", "The reaction is overdue"),
        (DueNorm::Reply, true) => Words::new("Подходит срок ответа", "The reply is due soon"),
        (DueNorm::Reply, false) => Words::new("Срок ответа прошёл", "The reply is overdue"),
        (DueNorm::Resolution, true) => Words::new("Подходит срок решения", "The resolution is due soon"),
        (DueNorm::Resolution, false) => Words::new("Срок решения прошёл", "The resolution is overdue"),
    }
}

fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

async fn act_on_conversation(
    tx: &Tx,
    conversation: conversation::Model,
    give_to: Option<UserId>,
    priority: Option<Priority>,
    why: &Words,
) -> Result<()> {
    let (system, id) = (Actor::system(), conversation.id);
    if let Some(to) = give_to {
        user::assignable(tx, to, conversation.line_id, conversation.group_id).await?;
        let person = user::people(tx, [to]).await?.remove(&to);
        let data = json!({"reason": "sla", "why": why});
        conversation::hand_over(tx, &system, conversation, person.as_ref(), "conversation_assigned", data).await?;
    }
    match priority {
        Some(priority) => conversation::set_priority(tx, &system, id, priority).await,
        None => Ok(()),
    }
}

fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::None => 0,
        Priority::Low => 1,
        Priority::Medium => 2,
        Priority::High => 3,
    }
}

/// Those who watch over a line.
async fn supervisors(connection: &impl Fetch, line: LineId) -> Result<Vec<UserId>> {
    let sql = "select distinct m.user_id from line_group g join group_member m on m.group_id = g.group_id \
               join staff s on s.id = m.user_id where g.line_id = $1 and g.part = 'supervisors' and not s.blocked";
    let read = |row: &Row<'_>| Ok(UserId(row.get::<Uuid>(0)?));
    connection.fetch(sql.to_owned(), vec![line.0.into()], read).await
}
