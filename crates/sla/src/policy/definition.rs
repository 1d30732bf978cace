//! What a policy promises, as administrators write it down, and everything that can be wrong with it.

use base::{CompanyId, Error, FieldError, GroupId, Result, UserId, Words};
use chrono::{NaiveTime, TimeDelta};
use desk::conversation::{Channel, DueNorm, Priority};
use desk::schedule::ScheduleId;
use desk::tariff_plan::Hours;
use desk::ticket;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::subject::Subject;

/// The promises of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaDefinition)]
#[serde(default)]
pub struct Definition {
    /// By which schedule time counts; null: always, day and night.
    pub schedule_id: Option<ScheduleId>,
    pub norms: Norms,
    /// Other norms for some conversations and tickets. For each norm the narrowest one that names it holds; of equals the first. At most 50.
    pub extra: Vec<Extra>,
    pub reaction_ends: ReactionEnds,
    pub resolution_starts: ResolutionStarts,
    /// The resolution stands still while the conversation is put off.
    pub pause_when_snoozed: bool,
    /// The resolution stands still while an answer of the client is awaited.
    pub pause_when_answered: bool,
    pub ticket_resolution_starts: TicketResolutionStarts,
    /// The statuses of a ticket in which its resolution stands still.
    pub freezing_statuses: Vec<ticket::Status>,
    pub on_reopening: OnReopening,
    /// A changed priority, or service of a ticket, chooses the norms anew: the time that has counted stays counted.
    pub follow_priority: bool,
    /// What is done before and after a promise is broken. At most 20.
    pub steps: Vec<Step>,
    /// How many promises are to be kept; null: nobody looks.
    pub share: Option<Share>,
}

impl Default for Definition {
    fn default() -> Self {
        Definition {
            schedule_id: None,
            norms: Norms::default(),
            extra: Vec::new(),
            reaction_ends: ReactionEnds::default(),
            resolution_starts: ResolutionStarts::default(),
            pause_when_snoozed: false,
            pause_when_answered: false,
            ticket_resolution_starts: TicketResolutionStarts::default(),
            freezing_statuses: vec![ticket::Status::Waiting],
            on_reopening: OnReopening::default(),
            follow_priority: false,
            steps: Vec::new(),
            share: None,
        }
    }
}

/// A share of promises to be kept, looked at once a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaShare)]
pub struct Share {
    /// Of those decided in the period, 1 to 100.
    pub percent: i64,
    /// When it is looked at, `18:00`, on the clock of the company's zone.
    pub check_at: String,
    /// The period: so many days until then, 1 to 365.
    pub days: i64,
    /// Whom to tell when it is less, of those who see the line. 1 to 50.
    pub tell: Vec<UserId>,
    /// Write to them by mail too, at once, whatever they have chosen for themselves.
    #[serde(default)]
    #[schema(required = true)]
    pub by_mail: bool,
    /// Only promises of these; null: of conversations and tickets.
    #[serde(default)]
    pub of: Option<Subject>,
}

impl Share {
    pub fn time(&self) -> Option<NaiveTime> {
        NaiveTime::parse_from_str(&self.check_at, "%H:%M").ok()
    }

    fn check(&self, fault: &mut impl FnMut(String, &'static str, &'static str, &'static str)) {
        let at = |name: &str| format!("definition.share.{name}");
        if !(1..=100).contains(&self.percent) {
            fault(at("percent"), "bad_percent", "От 1 до 100", "From 1 to 100");
        }
        if self.time().is_none() {
            fault(at("check_at"), "bad_time", "Время в виде 18:00", "A time as 18:00");
        }
        if !(1..=365).contains(&self.days) {
            fault(at("days"), "bad_days", "От 1 до 365", "From 1 to 365");
        }
        if self.tell.is_empty() || self.tell.len() > 50 {
            fault(at("tell"), "required", "Укажите, кому сообщать", "Say whom to tell");
        }
    }
}

/// How soon, in seconds of counted time, 1 to 31,536,000; null: not promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaNorms)]
#[serde(default)]
pub struct Norms {
    /// The first answer.
    pub reaction_seconds: Option<i64>,
    /// An answer to each next message.
    pub reply_seconds: Option<i64>,
    /// The end of the conversation.
    pub resolution_seconds: Option<i64>,
    /// From the acceptance of a ticket until it is taken into work.
    pub ticket_reaction_seconds: Option<i64>,
    /// The end of a ticket.
    pub ticket_resolution_seconds: Option<i64>,
}

impl Norms {
    pub fn of(&self, subject: Subject, norm: DueNorm) -> Option<TimeDelta> {
        let seconds = match (subject, norm) {
            (Subject::Conversation, DueNorm::Reaction) => self.reaction_seconds,
            (Subject::Conversation, DueNorm::Reply) => self.reply_seconds,
            (Subject::Conversation, DueNorm::Resolution) => self.resolution_seconds,
            (Subject::Ticket, DueNorm::Reaction) => self.ticket_reaction_seconds,
            (Subject::Ticket, DueNorm::Reply) => None,
            (Subject::Ticket, DueNorm::Resolution) => self.ticket_resolution_seconds,
        };
        seconds.map(TimeDelta::seconds)
    }
}

/// Norms for some conversations and tickets: those that fit every list which is not empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaExtraNorms)]
#[serde(default)]
pub struct Extra {
    /// For people, at most 100 characters.
    pub name: String,
    pub priorities: Vec<Priority>,
    /// Tickets have none: they fit only where none is asked.
    pub channels: Vec<Channel>,
    pub companies: Vec<CompanyId>,
    /// Categories of clients or of their companies, as `VIP`; case does not matter.
    pub categories: Vec<String>,
    pub norms: Norms,
    /// Another schedule for those; null: the policy's.
    pub schedule_id: Option<ScheduleId>,
}

/// What norms are chosen by.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub subject: Subject,
    pub priority: Option<Priority>,
    pub channel: Option<Channel>,
    pub company: Option<CompanyId>,
    /// Of the client and of the company.
    pub categories: Vec<String>,
    /// The hours of support that the client's tariff plan names, of a ticket.
    pub hours: Option<Hours>,
}

impl Extra {
    /// How narrow it is, if the case fits.
    fn fits(&self, case: &Case) -> Option<usize> {
        let fold = |text: &String| text.trim().to_lowercase();
        let categories: Vec<String> = case.categories.iter().map(fold).filter(|name| !name.is_empty()).collect();
        let tests = [
            (self.priorities.is_empty(), case.priority.is_some_and(|one| self.priorities.contains(&one))),
            (self.channels.is_empty(), case.channel.is_some_and(|one| self.channels.contains(&one))),
            (self.companies.is_empty(), case.company.is_some_and(|one| self.companies.contains(&one))),
            (self.categories.is_empty(), self.categories.iter().any(|one| categories.contains(&fold(one)))),
        ];
        let asked = tests.iter().filter(|(empty, _)| !empty);
        asked.clone().all(|(_, fits)| *fits).then(|| asked.count())
    }
}

/// A norm that was chosen for a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub target: TimeDelta,
    pub schedule_id: Option<ScheduleId>,
    /// The plan whose hours these are.
    pub plan: Option<String>,
    /// Which extra norms, and why these.
    pub why: Words,
}

impl Definition {
    /// The time that is promised, by the hours of the extra norm, else of the client's plan, else of the policy.
    pub fn choose(&self, norm: DueNorm, case: &Case) -> Option<Chosen> {
        let plan = case.hours.as_ref();
        let (by_plan, of_plan) = (plan.map(|hours| hours.schedule_id), plan.map(|hours| hours.plan.clone()));
        let usual = by_plan.or(self.schedule_id);
        let fitting: Vec<(usize, &Extra, TimeDelta)> = self
            .extra
            .iter()
            .filter_map(|extra| Some((extra.fits(case)?, extra, extra.norms.of(case.subject, norm)?)))
            .collect();
        let best = fitting.iter().rev().max_by_key(|(narrow, ..)| *narrow);
        let Some((narrow, extra, target)) = best else {
            let target = self.norms.of(case.subject, norm)?;
            let why = Words::new("Общая норма: ни одна из особых не подошла.", "The general norm: no extra one fits.");
            return Some(Chosen { target, schedule_id: usual, plan: of_plan, why });
        };
        let others = fitting.len() - 1;
        let (name, conditions) = (&extra.name, *narrow);
        let mut why = Words::owned(
            format!("Особая норма «{name}»: условий, которые сошлись, — {conditions}."),
            format!("The extra norm “{name}”: {conditions} of its conditions fit."),
        );
        if others > 0 {
            why = Words::owned(
                format!("{} Она самая узкая из подходящих (всего {}).", why.ru, others + 1),
                format!("{} It is the narrowest of the {} that fit.", why.en, others + 1),
            );
        }
        let plan = of_plan.filter(|_| extra.schedule_id.is_none());
        Some(Chosen { target: *target, schedule_id: extra.schedule_id.or(usual), plan, why })
    }

    /// Every schedule it counts by.
    pub fn schedules(&self) -> impl Iterator<Item = (String, ScheduleId)> + '_ {
        let own = self.schedule_id.map(|id| ("definition.schedule_id".to_owned(), id));
        let of_extra = |(index, extra): (usize, &Extra)| {
            extra.schedule_id.map(|id| (format!("definition.extra[{index}].schedule_id"), id))
        };
        own.into_iter().chain(self.extra.iter().enumerate().filter_map(of_extra))
    }

    /// Every fault that can be told without the database.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let mut fault =
            |field: String, code, ru, en| faults.push(FieldError { field, code, words: Words::new(ru, en) });
        for (index, extra) in self.extra.iter().enumerate() {
            let at = format!("definition.extra[{index}]");
            if extra.name.trim().is_empty() || extra.name.chars().count() > 100 {
                fault(
                    format!("{at}.name"),
                    "bad_name",
                    "Назовите норму, не больше 100 знаков",
                    "Name the norm, at most 100 characters",
                );
            }
            let Extra { priorities, channels, companies, categories, .. } = extra;
            if priorities.is_empty() && channels.is_empty() && companies.is_empty() && categories.is_empty() {
                fault(at.clone(), "no_condition", "Укажите хотя бы одно условие", "Give at least one condition");
            }
            if extra.norms == Norms::default() {
                fault(format!("{at}.norms"), "no_norm", "Укажите хотя бы один срок", "Give at least one time");
            }
        }
        let all = [("definition.norms".to_owned(), &self.norms)].into_iter();
        let of_extra =
            self.extra.iter().enumerate().map(|(index, one)| (format!("definition.extra[{index}].norms"), &one.norms));
        for (at, norms) in all.chain(of_extra) {
            let named = [
                ("reaction_seconds", norms.reaction_seconds),
                ("reply_seconds", norms.reply_seconds),
                ("resolution_seconds", norms.resolution_seconds),
                ("ticket_reaction_seconds", norms.ticket_reaction_seconds),
                ("ticket_resolution_seconds", norms.ticket_resolution_seconds),
            ];
            for (name, seconds) in named {
                if seconds.is_some_and(|seconds| !(1..=31_536_000).contains(&seconds)) {
                    fault(
                        format!("{at}.{name}"),
                        "bad_duration",
                        "От 1 секунды до 365 суток",
                        "From 1 second to 365 days",
                    );
                }
            }
        }
        for (index, status) in self.freezing_statuses.iter().enumerate() {
            if status.is_over() {
                fault(
                    format!("definition.freezing_statuses[{index}]"),
                    "ends",
                    "В этом статусе срок уже закончился",
                    "In this status the time is over already",
                );
            }
        }
        for (index, step) in self.steps.iter().enumerate() {
            step.check(&format!("definition.steps[{index}]"), &mut fault);
        }
        if let Some(share) = &self.share {
            share.check(&mut fault);
        }
        if self.extra.len() > 50 {
            fault("definition.extra".to_owned(), "too_many", "Не больше 50", "At most 50");
        }
        if self.steps.len() > 20 {
            fault("definition.steps".to_owned(), "too_many", "Не больше 20", "At most 20");
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

/// When the time of the first answer ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaReactionEnds)]
#[serde(rename_all = "snake_case")]
pub enum ReactionEnds {
    /// Somebody has answered.
    #[default]
    Answered,
    /// Somebody has taken the conversation into work, or answered.
    Taken,
}

/// When the time of the resolution starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaResolutionStarts)]
#[serde(rename_all = "snake_case")]
pub enum ResolutionStarts {
    #[default]
    Created,
    /// Somebody has taken it into work.
    Taken,
}

/// When the time of a ticket's resolution starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaTicketResolutionStarts)]
#[serde(rename_all = "snake_case")]
pub enum TicketResolutionStarts {
    Created,
    #[default]
    Accepted,
    /// Somebody has taken it into work.
    Taken,
}

/// What a reopened conversation or ticket was promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaOnReopening)]
#[serde(rename_all = "snake_case")]
pub enum OnReopening {
    /// The time goes on where it stood: what was closed does not count.
    #[default]
    GoOn,
    /// The time starts anew.
    StartAnew,
    /// Nothing more.
    Nothing,
}

/// Something done at a distance from the deadline. One of `before_seconds`, `before_percent` and `after_seconds` says when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaStep)]
#[serde(default)]
pub struct Step {
    /// Of what; empty: of conversations and tickets.
    pub subjects: Vec<Subject>,
    /// Of which norms; empty: of all.
    pub norms: Vec<DueNorm>,
    /// So much counted time before the deadline.
    pub before_seconds: Option<i64>,
    /// When so many percent of the time are left, 1 to 99.
    pub before_percent: Option<i64>,
    /// So much counted time after the deadline; 0: at it.
    pub after_seconds: Option<i64>,
    /// Tell whoever has the conversation or the ticket.
    pub tell_operator: bool,
    /// Tell those who watch over the line.
    pub tell_supervisors: bool,
    /// Tell these people. At most 50.
    pub tell: Vec<UserId>,
    /// Write to those who are told by mail too, at once, whatever they have chosen for themselves.
    pub by_mail: bool,
    /// Set this priority if its own is lower.
    pub priority: Option<Priority>,
    /// Take it from its operator and give it to this one.
    pub give_to: Option<UserId>,
    /// Take it from its operator and let this group have it: whoever of it has the fewest gets it. Conversations
    /// only: a ticket stays with its owner.
    pub give_to_group: Option<GroupId>,
    /// Make a task of it.
    pub make_task: Option<StepTask>,
}

/// A task that a step makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = SlaStepTask)]
pub struct StepTask {
    /// Who is to do it.
    pub user_id: UserId,
    /// At most 200 characters; empty: it says what was promised and where.
    #[serde(default)]
    pub title: String,
}

impl Step {
    pub fn is_for(&self, subject: Subject, norm: DueNorm) -> bool {
        let of_it = self.subjects.is_empty() || self.subjects.contains(&subject);
        of_it && (self.norms.is_empty() || self.norms.contains(&norm))
    }

    /// Counted time from the deadline; before it, it is negative.
    pub fn offset(&self, target: TimeDelta) -> TimeDelta {
        let before = self.before_seconds.map(|seconds| TimeDelta::seconds(-seconds));
        let percent = self.before_percent.map(|percent| -(target * i32::try_from(percent).unwrap_or(0)) / 100);
        before.or(percent).unwrap_or_else(|| TimeDelta::seconds(self.after_seconds.unwrap_or(0)))
    }

    fn check(&self, at: &str, fault: &mut impl FnMut(String, &'static str, &'static str, &'static str)) {
        let given = [self.before_seconds, self.before_percent, self.after_seconds].iter().flatten().count();
        if given != 1 {
            fault(
                at.to_owned(),
                "one_time",
                "Укажите одно: за сколько до срока или через сколько после",
                "Say one: how long before the deadline or after it",
            );
        }
        let fits = |value: Option<i64>, from, to| value.is_none_or(|value| (from..=to).contains(&value));
        if !fits(self.before_percent, 1, 99) {
            fault(format!("{at}.before_percent"), "bad_percent", "От 1 до 99", "From 1 to 99");
        }
        if !fits(self.before_seconds, 1, 31_536_000) {
            fault(
                format!("{at}.before_seconds"),
                "bad_duration",
                "От 1 секунды до 365 суток",
                "From 1 second to 365 days",
            );
        }
        if !fits(self.after_seconds, 0, 31_536_000) {
            fault(format!("{at}.after_seconds"), "bad_duration", "От 0 до 365 суток", "From 0 to 365 days");
        }
        let does = self.tell_operator || self.tell_supervisors || !self.tell.is_empty() || self.priority.is_some();
        if !does && self.give_to.is_none() && self.give_to_group.is_none() && self.make_task.is_none() {
            fault(at.to_owned(), "no_action", "Укажите, что сделать", "Say what to do");
        }
        if self.make_task.as_ref().is_some_and(|task| task.title.chars().count() > 200) {
            fault(format!("{at}.make_task.title"), "too_long", "Не больше 200 знаков", "At most 200 characters");
        }
        if self.tell.len() > 50 {
            fault(format!("{at}.tell"), "too_many", "Не больше 50", "At most 50");
        }
        if self.by_mail && !self.tell_operator && !self.tell_supervisors && self.tell.is_empty() {
            fault(format!("{at}.by_mail"), "nobody_told", "Укажите, кому писать", "Say whom to write to");
        }
        if self.give_to_group.is_some() && self.subjects == [Subject::Ticket] {
            fault(
                format!("{at}.give_to_group"),
                "not_of_tickets",
                "Обращение получает только человек: выберите оператора",
                "A ticket goes to a person only: choose an operator",
            );
        }
        if self.give_to.is_some() && self.give_to_group.is_some() {
            fault(
                format!("{at}.give_to_group"),
                "one_target",
                "Укажите одно: оператора или группу",
                "Say one: an operator or a group",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Definition {
        let extra = |name: &str, priorities: &[Priority], categories: &[&str], reaction: i64| Extra {
            name: name.to_owned(),
            priorities: priorities.to_vec(),
            categories: categories.iter().map(|text| (*text).to_owned()).collect(),
            norms: Norms { reaction_seconds: Some(reaction), ..Norms::default() },
            ..Extra::default()
        };
        Definition {
            norms: Norms { reaction_seconds: Some(3600), resolution_seconds: Some(8 * 3600), ..Norms::default() },
            extra: vec![
                extra("Срочные", &[Priority::High], &[], 1800),
                extra("VIP", &[], &["VIP"], 1200),
                extra("VIP, срочно", &[Priority::High], &["vip"], 900),
            ],
            ..Definition::default()
        }
    }

    fn case(priority: Priority, categories: &[&str]) -> Case {
        let categories = categories.iter().map(|text| (*text).to_owned()).collect();
        let subject = Subject::Conversation;
        Case { subject, priority: Some(priority), channel: None, company: None, categories, hours: None }
    }

    #[test]
    fn the_narrowest_norm_holds() {
        let policy = policy();
        let reaction = |case: &Case| policy.choose(DueNorm::Reaction, case).unwrap().target.num_seconds();
        assert_eq!(reaction(&case(Priority::None, &[])), 3600);
        assert_eq!(reaction(&case(Priority::High, &["Standard"])), 1800);
        assert_eq!(reaction(&case(Priority::Low, &["Vip "])), 1200);
        assert_eq!(reaction(&case(Priority::High, &["VIP"])), 900);
        let chosen = policy.choose(DueNorm::Reaction, &case(Priority::High, &["VIP"])).unwrap();
        assert!(
            chosen.why.en.contains("VIP, срочно") && chosen.why.en.contains("narrowest of the 3"),
            "{}",
            chosen.why.en
        );
        let resolution = policy.choose(DueNorm::Resolution, &case(Priority::High, &["VIP"])).unwrap();
        assert_eq!(resolution.target.num_hours(), 8, "extra norms that do not name it leave it alone");
        assert_eq!(policy.choose(DueNorm::Reply, &case(Priority::High, &["VIP"])), None);
    }

    #[test]
    fn of_equally_narrow_norms_the_first_holds() {
        let mut policy = policy();
        policy.extra.truncate(2);
        let chosen = policy.choose(DueNorm::Reaction, &case(Priority::High, &["VIP"])).unwrap();
        assert_eq!(chosen.target.num_seconds(), 1800);
    }

    #[test]
    fn tickets_have_norms_of_their_own() {
        let mut policy = policy();
        policy.norms.ticket_reaction_seconds = Some(7200);
        policy.extra[2].norms.ticket_reaction_seconds = Some(600);
        let reaction = |case: Case| policy.choose(DueNorm::Reaction, &Case { subject: Subject::Ticket, ..case });
        assert_eq!(reaction(case(Priority::High, &["VIP"])).unwrap().target.num_seconds(), 600);
        assert_eq!(reaction(case(Priority::Low, &["VIP"])).unwrap().target.num_seconds(), 7200);
        policy.norms.ticket_reaction_seconds = None;
        assert_eq!(
            policy.choose(DueNorm::Reaction, &Case { subject: Subject::Ticket, ..case(Priority::Low, &[]) }),
            None
        );
    }

    #[test]
    fn every_fault_is_named() {
        let mut policy = policy();
        policy.norms.reply_seconds = Some(0);
        policy.extra[0].priorities.clear();
        policy.steps = vec![Step { before_percent: Some(100), ..Step::default() }];
        let Err(Error::Invalid(faults)) = policy.check() else { panic!("it has faults") };
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
        let expected = [
            "definition.extra[0]",
            "definition.norms.reply_seconds",
            "definition.steps[0].before_percent",
            "definition.steps[0]",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_percent_is_of_the_promised_time() {
        let step = Step { before_percent: Some(50), ..Step::default() };
        assert_eq!(step.offset(TimeDelta::hours(2)), TimeDelta::hours(-1));
    }
}
