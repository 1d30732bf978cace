//! One conversation: who writes what and when, from the first letter to the closing.

use chrono::{DateTime, Utc};

use crate::calendar::{DAY, HOUR, MINUTE, OFFSET, delay, in_waking_hours, in_working_hours};
use crate::conversation::{
    Author, Automatic, Conversation, Delivery, Event, EventKind, Message, MessageKind, Priority, Status, Ticket,
    TicketStatus,
};
use crate::markup::html;
use crate::rng::Rng;
use crate::scenario::{CONTENT, FileKind, Kind, Scenario, Step, StepKind};
use crate::scene::Scene;
use crate::template::Template;
use crate::world::World;

struct Story<'a> {
    world: &'a World,
    scene: Scene<'a>,
    /// Microseconds; the clock of the story.
    at: i64,
    now: i64,
    messages: Vec<Message>,
    events: Vec<Event>,
    assignee: Option<usize>,
    snoozed_until: Option<i64>,
    plain: bool,
}

/// Thrown when the story reaches the present: what comes next has not happened yet.
struct Present;

pub(crate) fn conversation(world: &World, index: usize) -> Conversation {
    let mut rng = Rng::new(world.seed, 7, index as u64);
    let created = world.arrivals.at(index, world.scale.conversations, &mut rng);
    let line = world.pick_line(&mut rng);
    // Some clients write much more often than others.
    let client =
        ((rng.unit().powf(1.8) * world.clients.len() as f64) as usize).min(world.clients.len().saturating_sub(1));
    let number = world.first_number + index as i64;
    let scenario = CONTENT.pick(line, |total| rng.below(total)).unwrap_or(&CONTENT.scenarios[0]);
    let mut scene = Scene::new(world, rng, scenario, line, client, number, created);
    let mut subject = String::new();
    let choice = scene.rng.below(scenario.subjects.len());
    scenario.subjects[choice].write(&mut scene, &mut subject);
    let priority = priority(scenario, &mut scene.rng);
    let now = world.now.timestamp_micros();
    let mut story = Story {
        world,
        scene,
        at: created,
        now,
        messages: Vec::with_capacity(8),
        events: Vec::with_capacity(6),
        assignee: None,
        snoozed_until: None,
        plain: scenario.plain,
    };
    let wants_ticket = story.scene.rng.percent(if scenario.ticket { 72.0 } else { 5.0 });
    let complete = story.tell(scenario, line, priority, wants_ticket).is_ok();
    let status = story.finish(complete, created);
    let closed = matches!(status, Status::Closed { .. });
    let ticketed = story.events.iter().find(|event| event.kind == EventKind::TicketCreated);
    let ticket = ticketed.map(|event| Ticket {
        subject: subject.clone(),
        kind: scenario.kind,
        status: ticket_status(closed, &mut story.scene.rng),
        priority,
        owner: story.assignee.unwrap_or(story.scene.operator),
        created_at: event.at,
        updated_at: story.events.last().map_or(event.at, |last| last.at),
    });
    Conversation {
        number,
        line,
        client,
        subject,
        status,
        assignee: story.assignee,
        // The operator sets it when he takes the conversation.
        priority: if story.assignee.is_some() { priority } else { Priority::None },
        created_at: time(created),
        messages: story.messages,
        events: story.events,
        ticket,
    }
}

fn priority(scenario: &Scenario, rng: &mut Rng) -> Priority {
    let high = match scenario.kind {
        _ if scenario.high => 80,
        Kind::Incident => 18,
        Kind::Claim => 12,
        Kind::Question | Kind::Suggestion => 3,
    };
    match rng.below(100) {
        chance if chance < high => Priority::High,
        chance if chance < high + 15 => Priority::Medium,
        chance if chance < high + 20 => Priority::Low,
        _ => Priority::None,
    }
}

fn ticket_status(closed: bool, rng: &mut Rng) -> TicketStatus {
    use TicketStatus::{Accepted, Closed, InProgress, New, Resolved, Waiting};
    match closed {
        true => rng.pick(&[Closed, Closed, Closed, Resolved]),
        false => rng.pick(&[New, Accepted, InProgress, InProgress, InProgress, Waiting]),
    }
}

fn time(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

impl Story<'_> {
    /// Everything up to the last step of the scenario.
    fn tell(&mut self, scenario: &Scenario, line: usize, priority: Priority, ticket: bool) -> Result<(), Present> {
        self.event(Author::Client, EventKind::Created);
        if let Some(opening) = scenario.openings.get(self.scene.rng.below(scenario.openings.len())) {
            self.first_letter(opening);
        }
        if self.world.lines[line].auto_reply {
            let later = self.scene.rng.between(2, 20) * 1_000_000;
            self.advance_to(self.at + later)?;
            let text = self.pooled("acknowledgement");
            self.message(MessageKind::Outbound, Author::System, text, Some(Automatic::Acknowledgement), None);
        }
        let mut first = true;
        for step in &scenario.steps {
            if step.optional && self.scene.rng.percent(45.0) {
                continue;
            }
            if first && step.kind != StepKind::Client {
                self.take(priority)?;
                if self.scene.rng.percent(12.0) {
                    self.say_pooled("taken", StepKind::Operator)?;
                }
            }
            self.step(step)?;
            if first && ticket {
                let later = self.scene.rng_minutes(1, 5);
                self.event_after(later, Author::Operator(self.scene.operator), EventKind::TicketCreated)?;
            }
            first = first && step.kind == StepKind::Client;
            self.interrupt(step.kind)?;
        }
        if self.messages.last().is_some_and(|last| last.kind != MessageKind::Inbound) && self.scene.rng.percent(38.0) {
            self.say_pooled("thanks", StepKind::Client)?;
            if self.scene.rng.percent(25.0) {
                self.say_pooled("welcome", StepKind::Operator)?;
            }
        }
        Ok(())
    }

    /// What happens now and then after any step: an absence, a note between colleagues.
    fn interrupt(&mut self, after: StepKind) -> Result<(), Present> {
        if after != StepKind::Operator || self.plain {
            return Ok(());
        }
        if self.scene.rng.percent(0.9) {
            let later = self.scene.rng.between(20, 90) * 1_000_000;
            self.advance_to(self.at + later)?;
            let text = self.pooled("away");
            self.message(MessageKind::Inbound, Author::Client, text, Some(Automatic::AutoReply), None);
        }
        if self.scene.rng.percent(5.0) {
            self.say_pooled("note", StepKind::Note)?;
        }
        Ok(())
    }

    fn first_letter(&mut self, opening: &Step) {
        let mut body = String::new();
        opening.template.write(&mut self.scene, &mut body);
        self.make_careless(&mut body);
        let terse = self.scene.client().terse || self.plain;
        let greeted = ["Добр", "Здравств", "Dear", "Прив", "Уваж"].iter().any(|start| body.starts_with(start));
        let mut text = String::new();
        if !terse && !greeted {
            text = self.pooled("opening");
            text.push_str(if self.scene.rng.percent(50.0) { "\n\n" } else { " " });
        }
        text.push_str(&body);
        if !terse && self.scene.rng.percent(75.0) {
            let closing = self.pooled("closing");
            text.push_str(if closing.contains('\n') || closing.contains(',') { "\n\n" } else { " " });
            text.push_str(&closing);
        }
        self.message(MessageKind::Inbound, Author::Client, text, None, opening.file);
    }

    /// An operator takes the conversation; a client who waits long asks again before.
    fn take(&mut self, priority: Priority) -> Result<(), Present> {
        let rng = &mut self.scene.rng;
        let patience = if rng.percent(7.0) { delay(2_400.0, rng) } else { delay(22.0, rng) };
        let taken = in_working_hours(self.at, patience, rng);
        if taken - self.at > 5 * HOUR && rng.percent(35.0) {
            let asks = in_waking_hours(self.at, (taken - self.at) as f64 / MINUTE as f64 * 0.6, rng);
            if asks < taken {
                self.advance_to(asks)?;
                let text = self.pooled("nudge");
                self.message(MessageKind::Inbound, Author::Client, text, None, None);
            }
        }
        self.advance_to(taken)?;
        let operator = Author::Operator(self.scene.operator);
        self.assignee = Some(self.scene.operator);
        self.event(operator, EventKind::Taken);
        if priority != Priority::None {
            self.event_after(20_000_000, operator, EventKind::PriorityChanged { from: Priority::None, to: priority })?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), Present> {
        self.say(step.kind, &step.template, step.file)?;
        let operator = self.scene.operator;
        match step.kind {
            StepKind::HandOver => {
                let colleague = self.scene.colleague;
                self.event_after(
                    5_000_000,
                    Author::Operator(operator),
                    EventKind::Assigned { from: operator, to: colleague },
                )?;
                self.scene.hand_over();
                self.assignee = Some(colleague);
            }
            StepKind::Snooze => {
                let days = self.scene.rng.between(1, 4) * DAY;
                let until = in_working_hours(self.at + days, 1.0, &mut self.scene.rng);
                self.event_after(4_000_000, Author::Operator(operator), EventKind::Snoozed { until: time(until) })?;
                self.snoozed_until = Some(until);
                self.advance_to(until)?;
                self.snoozed_until = None;
                self.event(Author::System, EventKind::Woken);
            }
            StepKind::Client | StepKind::Operator | StepKind::Note | StepKind::ColleagueNote => {}
        }
        Ok(())
    }

    fn say_pooled(&mut self, pool: &str, kind: StepKind) -> Result<(), Present> {
        if self.plain {
            return Ok(());
        }
        let template = self.scene.rng.choose(CONTENT.pool(pool));
        self.say(kind, template, None)
    }

    /// Waits as long as this kind of author does, then writes.
    fn say(&mut self, kind: StepKind, template: &Template, file: Option<FileKind>) -> Result<(), Present> {
        let rng = &mut self.scene.rng;
        let at = match kind {
            StepKind::Client => {
                let wait = delay(55.0, rng);
                in_waking_hours(self.at, wait, rng)
            }
            StepKind::Operator => {
                let wait = delay(14.0, rng);
                in_working_hours(self.at, wait, rng)
            }
            StepKind::Note | StepKind::ColleagueNote | StepKind::HandOver | StepKind::Snooze => {
                let wait = delay(5.0, rng);
                in_working_hours(self.at, wait, rng)
            }
        };
        let before = self.at;
        self.advance_to(at)?;
        let mut text = String::with_capacity(384);
        if kind == StepKind::Client && day_of(before) != day_of(self.at) && self.scene.rng.percent(40.0) && !self.plain
        {
            text = self.pooled("opening");
            text.push(' ');
        }
        let start = text.len();
        template.write(&mut self.scene, &mut text);
        self.add_tail(kind, text.len() - start, &mut text);
        let (message, author) = match kind {
            StepKind::Client => {
                self.make_careless(&mut text);
                (MessageKind::Inbound, Author::Client)
            }
            StepKind::Operator => {
                let answered =
                    |earlier: &&Message| earlier.kind == MessageKind::Outbound && earlier.automatic.is_none();
                let last = self.messages.iter().rev().find(answered).map(|last| day_of(last.at.timestamp_micros()));
                let again = last == Some(day_of(self.at)) || last.is_some() && self.scene.rng.percent(40.0);
                if !again && !self.plain {
                    self.greet(&mut text);
                } else if text.len() > 80 && self.scene.rng.percent(22.0) && !self.plain {
                    let lead = self.pooled("operator-lead");
                    text.insert_str(0, &format!("{lead} "));
                }
                (MessageKind::Outbound, Author::Operator(self.scene.operator))
            }
            StepKind::ColleagueNote => (MessageKind::Note, Author::Operator(self.scene.colleague)),
            StepKind::Note | StepKind::HandOver | StepKind::Snooze => {
                (MessageKind::Note, Author::Operator(self.scene.operator))
            }
        };
        self.message(message, author, text, None, file);
        Ok(())
    }

    /// Now and then a sentence that fits any message: people say the same in many ways.
    fn add_tail(&mut self, kind: StepKind, length: usize, text: &mut String) {
        let pool = match kind {
            StepKind::Client => "client-tail",
            StepKind::Operator => "operator-tail",
            StepKind::Note | StepKind::ColleagueNote | StepKind::HandOver => "note-tail",
            StepKind::Snooze => return,
        };
        if self.plain || length < 60 || text.ends_with('?') || !self.scene.rng.percent(50.0) {
            return;
        }
        let tail = self.pooled(pool);
        text.push_str(if kind == StepKind::Operator && self.scene.rng.percent(30.0) { "\n\n" } else { " " });
        text.push_str(&tail);
    }

    /// The operator's first answer begins with a greeting.
    fn greet(&mut self, text: &mut String) {
        let called = self.scene.client_called();
        if text.starts_with("Добрый") || text.starts_with("Здравствуйте") {
            return;
        }
        let greeting = if text.starts_with(&called) {
            ["Здравствуйте! ", "Добрый день! ", ""][self.scene.rng.below(3)].to_owned()
        } else {
            let separator = if self.scene.rng.percent(60.0) { "\n\n" } else { " " };
            match self.scene.rng.below(2) {
                0 => format!("{called}, здравствуйте!{separator}"),
                _ => format!("Добрый день, {called}!{separator}"),
            }
        };
        text.insert_str(0, &greeting);
    }

    fn make_careless(&mut self, text: &mut String) {
        let sloppiness = f64::from(self.scene.client().sloppiness);
        if self.scene.rng.percent(sloppiness) && !self.plain {
            careless(text, &mut self.scene.rng);
        }
    }

    fn pooled(&mut self, pool: &str) -> String {
        let mut text = String::new();
        let template = self.scene.rng.choose(CONTENT.pool(pool));
        template.write(&mut self.scene, &mut text);
        text
    }

    fn advance_to(&mut self, at: i64) -> Result<(), Present> {
        // Two things never happen at the same moment, so that their order is never in doubt.
        let at = at.max(self.at + 1_000_000 + self.scene.rng.between(0, 999_999));
        if at > self.now {
            return Err(Present);
        }
        self.at = at;
        self.scene.at = at;
        Ok(())
    }

    fn event(&mut self, actor: Author, kind: EventKind) {
        self.events.push(Event { at: time(self.at), actor, kind });
    }

    fn event_after(&mut self, micros: i64, actor: Author, kind: EventKind) -> Result<(), Present> {
        self.advance_to(self.at + micros)?;
        self.event(actor, kind);
        Ok(())
    }

    fn message(
        &mut self,
        kind: MessageKind,
        author: Author,
        text: String,
        automatic: Option<Automatic>,
        file: Option<FileKind>,
    ) {
        const REASONS: [&str; 3] = [
            "Почтовый ящик получателя не существует",
            "Почтовый ящик получателя переполнен",
            "Сервер получателя отклонил письмо как нежелательное",
        ];
        let attachments = if kind == MessageKind::Note { Vec::new() } else { self.scene.attachments(&text, file) };
        let delivery = match kind {
            MessageKind::Outbound if self.scene.rng.percent(0.4) => {
                Some(Delivery::Failed(self.scene.rng.pick(&REASONS)))
            }
            MessageKind::Outbound => Some(Delivery::Sent),
            MessageKind::Inbound | MessageKind::Note => None,
        };
        let html = html(&text);
        self.messages.push(Message { kind, author, at: time(self.at), html, text, attachments, automatic, delivery });
    }

    /// What became of it: closed some time after the last word, unless it is left open or the story is not over.
    fn finish(&mut self, complete: bool, created: i64) -> Status {
        if let Some(until) = self.snoozed_until {
            return Status::Snoozed { until: time(until) };
        }
        if !complete {
            return Status::Open;
        }
        let age = (self.now - created) / DAY;
        let left_open = match age {
            0..14 => 40.0,
            14..40 => 5.0,
            _ => 0.6,
        };
        if self.scene.rng.percent(left_open) {
            return self.leave_open();
        }
        match self.close() {
            Ok(status) => status,
            Err(Present) => Status::Open,
        }
    }

    fn leave_open(&mut self) -> Status {
        let operator = Author::Operator(self.scene.operator);
        let until = self.now + self.scene.rng.between(2 * HOUR, 4 * DAY);
        let until = in_working_hours(until, 1.0, &mut self.scene.rng);
        let snoozes = self.assignee.is_some() && self.scene.rng.percent(30.0);
        if snoozes && self.event_after(10 * MINUTE, operator, EventKind::Snoozed { until: time(until) }).is_ok() {
            return Status::Snoozed { until: time(until) };
        }
        Status::Open
    }

    fn close(&mut self) -> Result<Status, Present> {
        let operator = Author::Operator(self.scene.operator);
        self.close_once(operator)?;
        if self.scene.rng.percent(4.0) && !self.plain {
            let closed = Status::Closed { at: time(self.at) };
            if self.say_pooled("reopen", StepKind::Client).is_err() {
                return Ok(closed);
            }
            let author = Author::Client;
            self.event(author, EventKind::Reopened);
            self.say_pooled("reopened", StepKind::Operator)?;
            self.close_once(operator)?;
        }
        Ok(Status::Closed { at: time(self.at) })
    }

    fn close_once(&mut self, operator: Author) -> Result<(), Present> {
        let wait = delay(200.0, &mut self.scene.rng);
        let at = in_working_hours(self.at, wait, &mut self.scene.rng);
        self.advance_to(at)?;
        self.event(operator, EventKind::Closed);
        Ok(())
    }
}

/// The number of the local day.
fn day_of(at: i64) -> i64 {
    (at + OFFSET).div_euclid(DAY)
}

/// Typing errors of people in a hurry: no capital at the beginning, fewer commas, two letters swapped.
fn careless(text: &mut String, rng: &mut Rng) {
    if rng.percent(60.0)
        && let Some(first) = text.chars().next()
    {
        let lower: String = first.to_lowercase().collect();
        text.replace_range(..first.len_utf8(), &lower);
    }
    if rng.percent(50.0) {
        *text = text.replace(", ", " ");
    }
    let words: Vec<(usize, &str)> = text
        .split([' ', '\n'])
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
        .filter(|(_, word)| word.chars().count() >= 5 && word.chars().all(|c| matches!(c, 'а'..='я' | 'ё')))
        .collect();
    if words.is_empty() {
        return;
    }
    let (start, word) = words[rng.below(words.len())];
    let letters: Vec<char> = word.chars().collect();
    let at = 1 + rng.below(letters.len() - 2);
    let mut wrong = letters.clone();
    match rng.below(3) {
        0 => wrong.swap(at, at + 1),
        1 => {
            wrong.remove(at);
        }
        _ => wrong.insert(at, letters[at]),
    }
    let end = start + word.len();
    text.replace_range(start..end, &wrong.into_iter().collect::<String>());
}
