//! What rules know about a conversation at the moment of the decision: one plain record, so that the same evaluation
//! serves the living, the simulator and the replay.

mod load;
mod volatile;

use std::collections::{BTreeMap, HashMap};

use base::{ContactId, GroupId, Timestamp, UserId};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use desk::conversation::{Channel, Priority};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::attributes::{Fact, WEEKDAYS};
use crate::rule::Analysed;

pub(crate) use load::tell_staff_groups;
pub use load::{Client, Opened, client, load};
pub use volatile::load_volatile;

/// How busy a group or a whole line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Operators who are there: free, away or busy for new.
    pub online: i64,
    /// Operators who can take one more now.
    pub free: i64,
    /// Operators whose shift goes on and who are not absent, whether they have come or not.
    #[serde(default)]
    pub on_shift: i64,
    /// Conversations that wait.
    pub queue: i64,
}

/// What changes by the minute: kept with a decision so that it can be repeated later.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Volatile {
    pub line: Counts,
    pub groups: HashMap<GroupId, Counts>,
    pub manager_available: bool,
    pub last_operator_available: bool,
}

/// Texts of one kind, as people see them and folded.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    pub shown: Vec<String>,
    folded: Vec<String>,
}

impl Texts {
    /// Without empty ones.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let shown: Vec<String> = texts.into_iter().filter(|text| !text.trim().is_empty()).collect();
        Texts { folded: shown.iter().map(|text| text::fold(text)).collect(), shown }
    }
}

/// The record.
#[derive(Clone, Debug)]
pub struct Facts {
    pub text: Analysed,
    pub subject: Analysed,
    pub channel: Channel,
    /// The connected channel, as a list of none or one.
    pub connected: Vec<Uuid>,
    pub priority: Priority,
    pub language: Texts,
    /// By the line's clock.
    pub local: NaiveDateTime,
    pub in_service_hours: bool,
    pub is_first: bool,
    pub accounts: Texts,
    pub client_name: Texts,
    pub contact_id: Vec<Uuid>,
    pub position: Texts,
    pub company_id: Vec<Uuid>,
    pub company_name: Texts,
    pub company_inn: Texts,
    pub company_domain: Texts,
    pub category: Texts,
    pub manager: Vec<Uuid>,
    pub last_operator: Vec<Uuid>,
    pub page_url: Texts,
    pub referrer: Texts,
    pub utm: BTreeMap<String, Texts>,
    pub staff_groups: Vec<Uuid>,
    pub volatile: Volatile,
}

/// The value of one fact.
#[derive(Clone, Copy, Debug)]
pub enum Actual<'a> {
    Words(&'a Analysed),
    Texts(&'a [String]),
    Code(&'static str),
    Ids(&'a [Uuid]),
    Bool(bool),
    Number(f64),
    Minutes(u32),
    Date(NaiveDate),
}

impl Actual<'_> {
    pub fn is_empty(&self) -> bool {
        match self {
            Actual::Words(text) => text.is_empty(),
            Actual::Texts(texts) => texts.is_empty(),
            Actual::Ids(ids) => ids.is_empty(),
            Actual::Code(_) | Actual::Bool(_) | Actual::Number(_) | Actual::Minutes(_) | Actual::Date(_) => false,
        }
    }
}

impl Facts {
    /// Nothing is known but the time.
    pub fn at(at: Timestamp, zone: Tz) -> Self {
        Facts {
            text: Analysed::default(),
            subject: Analysed::default(),
            channel: Channel::Chat,
            connected: Vec::new(),
            priority: Priority::None,
            language: Texts::default(),
            local: local(at, zone),
            in_service_hours: true,
            is_first: true,
            accounts: Texts::default(),
            client_name: Texts::default(),
            contact_id: Vec::new(),
            position: Texts::default(),
            company_id: Vec::new(),
            company_name: Texts::default(),
            company_inn: Texts::default(),
            company_domain: Texts::default(),
            category: Texts::default(),
            manager: Vec::new(),
            last_operator: Vec::new(),
            page_url: Texts::default(),
            referrer: Texts::default(),
            utm: BTreeMap::new(),
            staff_groups: Vec::new(),
            volatile: Volatile::default(),
        }
    }

    pub fn get(&self, fact: Fact) -> Actual<'_> {
        let group = |id: &GroupId| self.volatile.groups.get(id).copied().unwrap_or_default();
        match fact {
            Fact::MessageText => Actual::Words(&self.text),
            Fact::Subject => Actual::Words(&self.subject),
            Fact::Channel => Actual::Code(self.channel.as_str()),
            Fact::ConnectedChannel => Actual::Ids(&self.connected),
            Fact::Priority => Actual::Code(self.priority.as_str()),
            Fact::Language => Actual::Texts(&self.language.folded),
            Fact::Time => Actual::Minutes(self.local.hour() * 60 + self.local.minute()),
            Fact::Weekday => Actual::Code(self.weekday()),
            Fact::Date => Actual::Date(self.local.date()),
            Fact::InServiceHours => Actual::Bool(self.in_service_hours),
            Fact::IsFirstConversation => Actual::Bool(self.is_first),
            Fact::ClientAccount => Actual::Texts(&self.accounts.folded),
            Fact::ClientName => Actual::Texts(&self.client_name.folded),
            Fact::Contact => Actual::Ids(&self.contact_id),
            Fact::ContactPosition => Actual::Texts(&self.position.folded),
            Fact::Company => Actual::Ids(&self.company_id),
            Fact::CompanyName => Actual::Texts(&self.company_name.folded),
            Fact::CompanyInn => Actual::Texts(&self.company_inn.folded),
            Fact::CompanyDomain => Actual::Texts(&self.company_domain.folded),
            Fact::ClientCategory => Actual::Texts(&self.category.folded),
            Fact::Manager => Actual::Ids(&self.manager),
            Fact::ManagerAvailable => Actual::Bool(self.volatile.manager_available),
            Fact::LastOperator => Actual::Ids(&self.last_operator),
            Fact::LastOperatorAvailable => Actual::Bool(self.volatile.last_operator_available),
            Fact::LineOnline => Actual::Number(self.volatile.line.online as f64),
            Fact::LineFree => Actual::Number(self.volatile.line.free as f64),
            Fact::LineOnShift => Actual::Number(self.volatile.line.on_shift as f64),
            Fact::LineQueue => Actual::Number(self.volatile.line.queue as f64),
            Fact::GroupOnline(id) => Actual::Number(group(&id).online as f64),
            Fact::GroupFree(id) => Actual::Number(group(&id).free as f64),
            Fact::GroupOnShift(id) => Actual::Number(group(&id).on_shift as f64),
            Fact::GroupQueue(id) => Actual::Number(group(&id).queue as f64),
            Fact::PageUrl => Actual::Texts(&self.page_url.folded),
            Fact::Referrer => Actual::Texts(&self.referrer.folded),
            Fact::Utm(key) => Actual::Texts(self.utm.get(key).map_or(&[], |texts| &texts.folded)),
            Fact::StaffGroup => Actual::Ids(&self.staff_groups),
        }
    }

    /// The value as a trace keeps it.
    pub fn shown(&self, fact: Fact) -> Value {
        let texts = |texts: &Texts| json!(texts.shown);
        match fact {
            Fact::MessageText => json!(text::preview(&self.text.text, 200)),
            Fact::Subject => json!(text::preview(&self.subject.text, 200)),
            Fact::Language => texts(&self.language),
            Fact::ClientAccount => texts(&self.accounts),
            Fact::ClientName => texts(&self.client_name),
            Fact::ContactPosition => texts(&self.position),
            Fact::CompanyName => texts(&self.company_name),
            Fact::CompanyInn => texts(&self.company_inn),
            Fact::CompanyDomain => texts(&self.company_domain),
            Fact::ClientCategory => texts(&self.category),
            Fact::PageUrl => texts(&self.page_url),
            Fact::Referrer => texts(&self.referrer),
            Fact::Utm(key) => self.utm.get(key).map_or(json!([]), texts),
            other => match self.get(other) {
                Actual::Code(code) => json!(code),
                Actual::Ids(ids) => json!(ids),
                Actual::Bool(is) => json!(is),
                Actual::Number(number) => json!(number as i64),
                Actual::Minutes(minutes) => json!(format!("{:02}:{:02}", minutes / 60, minutes % 60)),
                Actual::Date(date) => json!(date.to_string()),
                Actual::Texts(_) | Actual::Words(_) => Value::Null,
            },
        }
    }

    fn weekday(&self) -> &'static str {
        WEEKDAYS[self.local.weekday().num_days_from_monday() as usize].0
    }

    pub fn manager_id(&self) -> Option<UserId> {
        self.manager.first().copied().map(UserId)
    }

    pub fn last_operator_id(&self) -> Option<UserId> {
        self.last_operator.first().copied().map(UserId)
    }

    pub fn contact(&self) -> Option<ContactId> {
        self.contact_id.first().copied().map(ContactId)
    }
}

pub(crate) fn local(at: Timestamp, zone: Tz) -> NaiveDateTime {
    DateTime::with_timezone(&at, &zone).naive_local()
}
