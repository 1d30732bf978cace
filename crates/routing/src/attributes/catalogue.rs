//! Everything a condition of a rule may ask about a conversation, one row each.
//!
//! The thirteen attributes of the vendors' products are here, and what we add. A group's load is asked by group, so its
//! attributes carry the group's id in their key: `group_queue:ID`.

use base::condition::Operator;
use base::{GroupId, Words};
use desk::conversation::Channel;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    MessageText,
    Subject,
    Channel,
    ConnectedChannel,
    Priority,
    Language,
    Time,
    Weekday,
    Date,
    InServiceHours,
    IsFirstConversation,
    ClientAccount,
    ClientName,
    Contact,
    ContactPosition,
    Company,
    CompanyName,
    CompanyInn,
    CompanyDomain,
    ClientCategory,
    Manager,
    ManagerAvailable,
    LastOperator,
    LastOperatorAvailable,
    LineOnline,
    LineFree,
    LineOnShift,
    LineQueue,
    GroupOnline(GroupId),
    GroupFree(GroupId),
    GroupOnShift(GroupId),
    GroupQueue(GroupId),
    PageUrl,
    Referrer,
    Utm(&'static str),
    StaffGroup,
}

/// How a fact is compared and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words of a text: any form of a word is that word.
    Words,
    /// A short text, letter by letter.
    Text,
    Choice,
    Number,
    Bool,
    /// `13:00` by the line's clock.
    Time,
    /// `2026-12-31` by the line's calendar.
    Date,
    Id(Source),
}

/// Where the ids to choose from come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Groups,
    Users,
    Contacts,
    Companies,
    Channels,
}

impl Source {
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Groups => "groups",
            Source::Users => "users",
            Source::Contacts => "contacts",
            Source::Companies => "companies",
            Source::Channels => "channels",
        }
    }
}

/// Under which heading an attribute stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Message,
    Time,
    Client,
    Load,
    Origin,
}

impl Section {
    pub fn as_str(self) -> &'static str {
        match self {
            Section::Message => "message",
            Section::Time => "time",
            Section::Client => "client",
            Section::Load => "load",
            Section::Origin => "origin",
        }
    }

    pub fn words(self) -> Words {
        match self {
            Section::Message => Words::new("Обращение", "Conversation"),
            Section::Time => Words::new("Время", "Time"),
            Section::Client => Words::new("Клиент", "Client"),
            Section::Load => Words::new("Загрузка", "Load"),
            Section::Origin => Words::new("Откуда пришёл", "Origin"),
        }
    }
}

/// One row of the catalogue.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub key: &'static str,
    pub section: Section,
    pub kind: Kind,
    pub words: Words,
    pub fact: Fact,
}

const fn row(
    key: &'static str,
    section: Section,
    kind: Kind,
    fact: Fact,
    ru: &'static str,
    en: &'static str,
) -> Attribute {
    Attribute { key, section, kind, words: Words::new(ru, en), fact }
}

/// In the order they are offered.
pub static ATTRIBUTES: &[Attribute] = &[
    row("message_text", Section::Message, Kind::Words, Fact::MessageText, "Текст сообщения", "Message text"),
    row("subject", Section::Message, Kind::Words, Fact::Subject, "Тема письма или имя чата", "Subject or chat name"),
    row("channel", Section::Message, Kind::Choice, Fact::Channel, "Канал", "Channel"),
    row(
        "connected_channel",
        Section::Message,
        Kind::Id(Source::Channels),
        Fact::ConnectedChannel,
        "Подключённый канал",
        "Connected channel",
    ),
    row("priority", Section::Message, Kind::Choice, Fact::Priority, "Приоритет", "Priority"),
    row("language", Section::Message, Kind::Text, Fact::Language, "Язык клиента", "Client's language"),
    row("time", Section::Time, Kind::Time, Fact::Time, "Время", "Time"),
    row("weekday", Section::Time, Kind::Choice, Fact::Weekday, "День недели", "Day of the week"),
    row("date", Section::Time, Kind::Date, Fact::Date, "Дата", "Date"),
    row(
        "in_service_hours",
        Section::Time,
        Kind::Bool,
        Fact::InServiceHours,
        "По графику обслуживания",
        "Within service hours",
    ),
    row(
        "is_first_session",
        Section::Client,
        Kind::Bool,
        Fact::IsFirstConversation,
        "Первое обращение клиента",
        "Client's first conversation",
    ),
    row(
        "client_account",
        Section::Client,
        Kind::Text,
        Fact::ClientAccount,
        "Учётная запись: почта, телефон, логин",
        "Account: mail, phone, login",
    ),
    row("client_name", Section::Client, Kind::Text, Fact::ClientName, "Имя клиента", "Client's name"),
    row("contact", Section::Client, Kind::Id(Source::Contacts), Fact::Contact, "Контакт", "Contact"),
    row("contact_position", Section::Client, Kind::Text, Fact::ContactPosition, "Должность", "Position"),
    row("company", Section::Client, Kind::Id(Source::Companies), Fact::Company, "Компания", "Company"),
    row("company_name", Section::Client, Kind::Text, Fact::CompanyName, "Название компании", "Company's name"),
    row("company_inn", Section::Client, Kind::Text, Fact::CompanyInn, "ИНН компании", "Company's INN"),
    row(
        "company_domain",
        Section::Client,
        Kind::Text,
        Fact::CompanyDomain,
        "Почтовый домен компании",
        "Company's mail domain",
    ),
    row("client_category", Section::Client, Kind::Text, Fact::ClientCategory, "Категория клиента", "Client's category"),
    row(
        "manager",
        Section::Client,
        Kind::Id(Source::Users),
        Fact::Manager,
        "Ответственный менеджер",
        "Responsible manager",
    ),
    row(
        "manager_available",
        Section::Load,
        Kind::Bool,
        Fact::ManagerAvailable,
        "Ответственный менеджер может принять",
        "Responsible manager can take it",
    ),
    row(
        "last_operator",
        Section::Client,
        Kind::Id(Source::Users),
        Fact::LastOperator,
        "Последний оператор клиента",
        "Client's last operator",
    ),
    row(
        "last_operator_available",
        Section::Load,
        Kind::Bool,
        Fact::LastOperatorAvailable,
        "Последний оператор может принять",
        "Last operator can take it",
    ),
    row(
        "line_online",
        Section::Load,
        Kind::Number,
        Fact::LineOnline,
        "Операторов линии в сети",
        "Line's operators online",
    ),
    row("line_free", Section::Load, Kind::Number, Fact::LineFree, "Операторов линии свободно", "Line's operators free"),
    row(
        "line_on_shift",
        Section::Load,
        Kind::Number,
        Fact::LineOnShift,
        "Операторов линии на смене",
        "Line's operators on shift",
    ),
    row("line_queue", Section::Load, Kind::Number, Fact::LineQueue, "Очередь линии", "Line's queue"),
    row("page_url", Section::Origin, Kind::Text, Fact::PageUrl, "Адрес страницы", "Page address"),
    row("referrer", Section::Origin, Kind::Text, Fact::Referrer, "Откуда перешёл на сайт", "Referrer"),
    row("utm_source", Section::Origin, Kind::Text, Fact::Utm("source"), "UTM source", "UTM source"),
    row("utm_medium", Section::Origin, Kind::Text, Fact::Utm("medium"), "UTM medium", "UTM medium"),
    row("utm_campaign", Section::Origin, Kind::Text, Fact::Utm("campaign"), "UTM campaign", "UTM campaign"),
    row("utm_content", Section::Origin, Kind::Text, Fact::Utm("content"), "UTM content", "UTM content"),
    row("utm_term", Section::Origin, Kind::Text, Fact::Utm("term"), "UTM term", "UTM term"),
    row(
        "staff_group",
        Section::Client,
        Kind::Id(Source::Groups),
        Fact::StaffGroup,
        "Группа сотрудника, который пишет",
        "Group of the colleague who writes",
    ),
];

/// A number of a group: the beginning of its key, its words, and what it asks.
type OfGroup = (&'static str, Words, fn(GroupId) -> Fact);

/// The numbers of a group.
pub static OF_GROUP: [OfGroup; 4] = [
    ("group_online", Words::new("В сети", "Online"), Fact::GroupOnline),
    ("group_free", Words::new("Свободно", "Free"), Fact::GroupFree),
    ("group_on_shift", Words::new("На смене", "On shift"), Fact::GroupOnShift),
    ("group_queue", Words::new("В очереди", "In queue"), Fact::GroupQueue),
];

/// What a key asks, and how it is compared.
pub fn find(key: &str) -> Option<(Fact, Kind)> {
    if let Some(known) = ATTRIBUTES.iter().find(|attribute| attribute.key == key) {
        return Some((known.fact, known.kind));
    }
    let (start, id) = key.split_once(':')?;
    let (_, _, fact) = OF_GROUP.iter().find(|(known, _, _)| *known == start)?;
    Some((fact(id.parse().ok()?), Kind::Number))
}

impl Kind {
    /// As the API calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Words | Kind::Text => "text",
            Kind::Choice => "choice",
            Kind::Number => "number",
            Kind::Bool => "bool",
            Kind::Time => "time",
            Kind::Date => "date",
            Kind::Id(_) => "id",
        }
    }

    /// The comparisons that make sense.
    pub fn operators(self) -> &'static [Operator] {
        use Operator::*;
        match self {
            Kind::Words => &[Contains, ContainsAll, NotContains, Empty, NotEmpty],
            Kind::Text => &[Eq, Ne, In, NotIn, Contains, NotContains, StartsWith, EndsWith, Empty, NotEmpty],
            Kind::Choice => &[Eq, Ne, In, NotIn],
            Kind::Number => &[Eq, Ne, Lt, Lte, Gt, Gte, Between],
            Kind::Bool => &[Eq],
            Kind::Time => &[Lte, Gte, Between],
            Kind::Date => &[Eq, Ne, In, NotIn, Lte, Gte, Between],
            Kind::Id(_) => &[Eq, Ne, In, NotIn, Empty, NotEmpty],
        }
    }
}

/// Monday first, as `weekday` writes them.
pub static WEEKDAYS: [(&str, Words); 7] = [
    ("mon", Words::new("понедельник", "Monday")),
    ("tue", Words::new("вторник", "Tuesday")),
    ("wed", Words::new("среда", "Wednesday")),
    ("thu", Words::new("четверг", "Thursday")),
    ("fri", Words::new("пятница", "Friday")),
    ("sat", Words::new("суббота", "Saturday")),
    ("sun", Words::new("воскресенье", "Sunday")),
];

const PRIORITIES: [(&str, Words); 4] = [
    ("none", Words::new("без приоритета", "none")),
    ("low", Words::new("низкий", "low")),
    ("medium", Words::new("средний", "medium")),
    ("high", Words::new("высокий", "high")),
];

const CHANNELS: [(Channel, Words); 11] = [
    (Channel::Email, Words::new("почта", "mail")),
    (Channel::Chat, Words::new("чат на сайте", "site chat")),
    (Channel::Form, Words::new("веб-форма", "web form")),
    (Channel::Telegram, Words::new("Telegram", "Telegram")),
    (Channel::Vk, Words::new("ВКонтакте", "VK")),
    (Channel::Max, Words::new("MAX", "MAX")),
    (Channel::Whatsapp, Words::new("WhatsApp", "WhatsApp")),
    (Channel::Viber, Words::new("Viber", "Viber")),
    (Channel::Custom, Words::new("свой мессенджер", "own messenger")),
    (Channel::Manual, Words::new("записано вручную", "written by hand")),
    (Channel::Group, Words::new("групповой разговор", "group conversation")),
];

/// What may be chosen of a fact with few values: code and words.
pub fn options(fact: Fact) -> Vec<(&'static str, Words)> {
    match fact {
        Fact::Weekday => WEEKDAYS.to_vec(),
        Fact::Priority => PRIORITIES.to_vec(),
        Fact::Channel => CHANNELS.iter().map(|(kind, words)| (kind.as_str(), words.clone())).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_is_one() {
        for attribute in ATTRIBUTES {
            assert_eq!(find(attribute.key), Some((attribute.fact, attribute.kind)), "{}", attribute.key);
            let is_choice = attribute.kind == Kind::Choice;
            assert_eq!(is_choice, !options(attribute.fact).is_empty(), "{}", attribute.key);
        }
        assert_eq!(find("group_queue:"), None);
        assert_eq!(find("shoe_size"), None);
        let id = "01920000-0000-7000-8000-000000000000";
        assert_eq!(find(&format!("group_free:{id}")), Some((Fact::GroupFree(id.parse().unwrap()), Kind::Number)));
    }
}
