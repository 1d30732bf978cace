//! The company, its people, its clients: everything that stands before the first conversation.
//!
//! Invariant: a world is a function of seed, time and scale only, and so is each conversation of it: they can be made in
//! any order and on any core.

use chrono::{DateTime, Utc};

use crate::calendar::{Arrivals, DAY};
use crate::companies::{Company, company};
use crate::conversation::Conversation;
use crate::dialogue::conversation;
use crate::names::{Gender, Name, POSITIONS, latin, name};
use crate::rng::Rng;

/// How big the world is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// At least 8, the people of the demonstration company.
    pub operators: usize,
    pub companies: usize,
    pub clients: usize,
    pub conversations: usize,
    /// The days before now over which the conversations are spread.
    pub days: usize,
}

impl Scale {
    /// A believable world for so many conversations: 1,500 are 90 days of one small company.
    pub fn of(conversations: usize) -> Self {
        Scale {
            operators: (conversations / 10_000).clamp(8, 60),
            companies: (conversations / 100).clamp(60, 20_000),
            clients: (conversations / 12).clamp(300, 100_000),
            conversations,
            days: (conversations / 1_000).clamp(90, 1_000),
        }
    }
}

impl Default for Scale {
    fn default() -> Self {
        Scale { operators: 8, companies: 60, clients: 300, conversations: 1_500, days: 90 }
    }
}

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Operator {
    pub name: Name,
    pub position: &'static str,
    pub email: String,
    /// E.164.
    pub phone: String,
    pub supervisor: bool,
}

/// A group of staff.
#[derive(Debug, Clone)]
pub struct Group {
    pub name: &'static str,
    pub description: &'static str,
    /// Places in [`World::operators`].
    pub members: Vec<usize>,
}

/// A line: where clients write to.
#[derive(Debug, Clone)]
pub struct Line {
    pub key: &'static str,
    pub name: &'static str,
    pub public_name: &'static str,
    pub description: &'static str,
    /// The address of its mailbox.
    pub address: String,
    /// Places in [`World::groups`].
    pub operator_group: usize,
    pub supervisor_group: usize,
    /// Whether the first letter gets an automatic answer with the number.
    pub auto_reply: bool,
    /// How often clients write to this line, of 100.
    share: usize,
}

/// A client.
#[derive(Debug, Clone)]
pub struct Client {
    pub name: Name,
    /// Place in [`World::companies`].
    pub company: Option<usize>,
    pub position: &'static str,
    pub email: String,
    /// E.164.
    pub phone: String,
    /// Place in the list of cities.
    pub(crate) city: usize,
    /// How many of a hundred letters have typing errors.
    pub(crate) sloppiness: u8,
    /// Writes without greetings and signatures.
    pub(crate) terse: bool,
}

/// The demonstration company with its clients.
#[derive(Debug, Clone)]
pub struct World {
    pub seed: u64,
    pub now: DateTime<Utc>,
    pub scale: Scale,
    pub company: Company,
    pub operators: Vec<Operator>,
    pub groups: Vec<Group>,
    pub lines: Vec<Line>,
    pub companies: Vec<Company>,
    pub clients: Vec<Client>,
    /// The number of the first conversation; the others follow.
    pub first_number: i64,
    pub(crate) arrivals: Arrivals,
}

impl World {
    pub fn new(seed: u64, now: DateTime<Utc>, scale: Scale) -> World {
        let operators = operators(seed, scale.operators.max(8));
        let members = |line: usize| {
            let extra = (8..operators.len()).filter(|operator| operator % 4 == line);
            LINE_MEMBERS[line].iter().copied().chain(extra).collect::<Vec<usize>>()
        };
        let supervisors = (0..operators.len()).filter(|&operator| operators[operator].supervisor).collect();
        let group = |name, description, members| Group { name, description, members };
        let groups = vec![
            group("Техническая поддержка", "Кассы, оборудование, личный кабинет", members(0)),
            group("Отдел продаж", "Заказы и предложения", members(1)),
            group("Отдел рекламаций", "Возвраты, гарантия, доставка", members(2)),
            group("Бухгалтерия", "Счета, акты, договоры", members(3)),
            group("Руководители", "Видят все линии и помогают в трудных случаях", supervisors),
        ];
        let mut rng = Rng::new(seed, 1, 0);
        let people: Vec<Name> = (0..scale.clients).map(|index| name(&mut Rng::new(seed, 2, index as u64))).collect();
        let somebody = Name {
            first: "Иван".into(),
            last: "Петров".into(),
            patronymic: "Иванович".into(),
            gender: Gender::Masculine,
        };
        let companies: Vec<Company> = (0..scale.companies)
            .map(|index| company(&mut rng, index, people.get(index).unwrap_or(&somebody)))
            .collect();
        let clients =
            people.into_iter().enumerate().map(|(index, name)| client(seed, index, name, &companies)).collect();
        let own = Company {
            name: "ООО «Северный Свет»".into(), inn: "9701000005".into(), domain: DOMAIN.into()
        };
        let arrivals = Arrivals::new(now.timestamp_micros(), scale.days);
        World {
            seed,
            now,
            scale,
            company: own,
            operators,
            groups,
            lines: lines(),
            companies,
            clients,
            first_number: 1,
            arrivals,
        }
    }

    /// Conversation `index`, from 0 to `scale.conversations - 1`; later ones began later.
    pub fn conversation(&self, index: usize) -> Conversation {
        conversation(self, index)
    }

    /// All conversations in the order in which they began, made one at a time.
    pub fn conversations(&self) -> impl Iterator<Item = Conversation> + '_ {
        (0..self.scale.conversations).map(|index| self.conversation(index))
    }

    /// When the world begins: before the first conversation.
    pub fn start(&self) -> DateTime<Utc> {
        let start = self.now.timestamp_micros() - (self.scale.days as i64 + 2) * DAY;
        DateTime::from_timestamp_micros(start).unwrap_or(self.now)
    }

    /// Who answers on a line: places in [`World::operators`].
    pub fn line_operators(&self, line: usize) -> &[usize] {
        &self.groups[self.lines[line].operator_group].members
    }

    pub(crate) fn pick_line(&self, rng: &mut Rng) -> usize {
        let mut left = rng.below(self.lines.iter().map(|line| line.share).sum());
        for (index, line) in self.lines.iter().enumerate() {
            match left.checked_sub(line.share) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        0
    }
}

const DOMAIN: &str = "severny-svet.example";

/// The operators of each line; everybody has a colleague to hand over to.
const LINE_MEMBERS: [&[usize]; 4] = [&[0, 1, 2, 7], &[3, 4], &[5, 7, 2], &[6, 4]];

fn lines() -> Vec<Line> {
    let line = |key, name, public_name, description, local: &str, group, auto_reply, share| Line {
        key,
        name,
        public_name,
        description,
        address: format!("{local}@{DOMAIN}"),
        operator_group: group,
        supervisor_group: 4,
        auto_reply,
        share,
    };
    vec![
        line(
            "SUPPORT",
            "Поддержка",
            "Служба поддержки «Северный Свет»",
            "Кассы, оборудование и личный кабинет",
            "support",
            0,
            false,
            40,
        ),
        line(
            "SALES",
            "Продажи",
            "Отдел продаж «Северный Свет»",
            "Заказы, цены, наличие, проекты",
            "sales",
            1,
            false,
            25,
        ),
        line(
            "CLAIMS",
            "Рекламации",
            "Отдел рекламаций «Северный Свет»",
            "Доставка, брак, возврат, гарантия",
            "claims",
            2,
            true,
            20,
        ),
        line(
            "ACCOUNTING",
            "Бухгалтерия",
            "Бухгалтерия «Северный Свет»",
            "Счета, закрывающие документы, сверки",
            "buh",
            3,
            false,
            15,
        ),
    ]
}

fn operators(seed: u64, count: usize) -> Vec<Operator> {
    let person = |first: &str, patronymic: &str, last: &str, gender| Name {
        first: first.into(),
        last: last.into(),
        patronymic: patronymic.into(),
        gender,
    };
    let (man, woman) = (Gender::Masculine, Gender::Feminine);
    let staff = [
        (person("Анна", "Сергеевна", "Ковалёва", woman), "руководитель поддержки", true),
        (person("Дмитрий", "Олегович", "Орлов", man), "инженер поддержки", false),
        (person("Мария", "Ильдаровна", "Сафина", woman), "инженер поддержки", false),
        (person("Илья", "Николаевич", "Гордеев", man), "менеджер по продажам", false),
        (person("Ольга", "Викторовна", "Белоусова", woman), "руководитель отдела продаж", true),
        (person("Тимур", "Маратович", "Ахметов", man), "специалист по рекламациям", false),
        (person("Екатерина", "Павловна", "Лапина", woman), "бухгалтер", false),
        (person("Сергей", "Иванович", "Вдовин", man), "выездной инженер", false),
    ];
    let extra = (8..count).map(|index| (name(&mut Rng::new(seed, 4, index as u64)), "специалист", index % 20 == 0));
    let everybody = staff.into_iter().chain(extra).take(count);
    everybody
        .enumerate()
        .map(|(index, (name, position, supervisor))| {
            let suffix = if index < 8 { String::new() } else { index.to_string() };
            let first = name.first.chars().next().map(|first| latin(&first.to_string())).unwrap_or_default();
            let email = format!("{first}.{}{suffix}@{DOMAIN}", latin(&name.last));
            let phone = format!("+79530000{:03}", 10 + index);
            Operator { name, position, email, phone, supervisor }
        })
        .collect()
}

fn client(seed: u64, index: usize, name: Name, companies: &[Company]) -> Client {
    let mut rng = Rng::new(seed, 6, index as u64);
    // The first clients own the first companies (a sole trader bears his name), so that no company is without people.
    let company = match index {
        _ if companies.is_empty() => None,
        _ if index < companies.len() => Some(index),
        _ => rng.percent(84.0).then(|| rng.below(companies.len())),
    };
    let first = latin(&name.first);
    let last = latin(&name.last);
    let email = match company {
        Some(place) => {
            let initial = first.get(..1).unwrap_or("x");
            format!("{last}.{initial}{index}@{}", companies[place].domain)
        }
        None => format!("{first}.{last}{index}@pochta.example"),
    };
    let position = match company {
        Some(place) if companies[place].name.starts_with("ИП") && index < companies.len() => {
            "индивидуальный предприниматель"
        }
        Some(_) => rng.pick(&POSITIONS[..POSITIONS.len()]),
        None => "",
    };
    let position = if position == "индивидуальный предприниматель" && !sole_trader(company, companies)
    {
        "директор"
    } else {
        position
    };
    Client {
        name,
        company,
        position,
        email,
        phone: phone(seed, index),
        city: rng.below(crate::goods::CITIES.len()),
        sloppiness: rng.pick(&[0, 0, 0, 3, 5, 10, 25, 60]),
        terse: rng.percent(22.0),
    }
}

fn sole_trader(company: Option<usize>, companies: &[Company]) -> bool {
    company.is_some_and(|place| companies[place].name.starts_with("ИП"))
}

/// A mobile number of the exchange 000, which nobody has; one for each of the first 120,000 clients.
fn phone(seed: u64, index: usize) -> String {
    const CODES: [&str; 12] = ["902", "904", "908", "912", "919", "922", "932", "950", "952", "963", "982", "992"];
    let place = (index as u64).wrapping_mul(7_919).wrapping_add(seed % 120_000) % 120_000;
    format!("+7{}000{:04}", CODES[(place / 10_000) as usize], place % 10_000)
}
