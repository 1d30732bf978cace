//! The facts of one conversation, from which the slots of its texts are filled: they stay the same from message to
//! message, so a dialogue agrees with itself.

use std::fmt::Write;

use chrono::{DateTime, Datelike, Duration, NaiveDate};

use crate::calendar::{OFFSET, hour_of};
use crate::companies::inn;
use crate::conversation::Attachment;
use crate::goods::{CARRIERS, CITIES, ERRORS, GOODS, Product, STREETS, TILLS};
use crate::names::{Gender, decline};
use crate::rng::Rng;
use crate::scenario::{Assortment, FileKind, Scenario};
use crate::template::{Slot, Values, Who};
use crate::world::{Client, World};

pub(crate) struct Scene<'a> {
    world: &'a World,
    pub(crate) rng: Rng,
    client: usize,
    /// Places in the world's operators.
    pub(crate) operator: usize,
    pub(crate) colleague: usize,
    product: &'static Product,
    number: i64,
    /// The moment of the message that is being written, microseconds.
    pub(crate) at: i64,
    past: NaiveDate,
    future: NaiveDate,
    order: usize,
    invoice: usize,
    quantity: i64,
    sum: i64,
    sum2: i64,
    discount: i64,
    term: &'static str,
    street: usize,
    house: usize,
    carrier: &'static str,
    error: &'static str,
    /// Digits for codes that must stay the same.
    code: u64,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(
        world: &'a World,
        mut rng: Rng,
        scenario: &Scenario,
        line: usize,
        client: usize,
        number: i64,
        created: i64,
    ) -> Self {
        let operators = world.line_operators(line);
        let mine = rng.below(operators.len());
        let other = (mine + 1 + rng.below(operators.len().saturating_sub(1).max(1))) % operators.len();
        let product = match scenario.assortment {
            Assortment::Tills => rng.choose(&TILLS),
            Assortment::Goods => rng.choose(&GOODS),
            Assortment::Any if rng.percent(40.0) => rng.choose(&TILLS),
            Assortment::Any => rng.choose(&GOODS),
        };
        let quantity = rng.pick(&[2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 30, 40]);
        let today = DateTime::from_timestamp_micros(created + OFFSET).unwrap_or_default().date_naive();
        Scene {
            world,
            client,
            operator: operators[mine],
            colleague: operators[other],
            product,
            number,
            at: created,
            past: workday(today - Duration::days(rng.between(1, 6)), -1),
            future: workday(today + Duration::days(rng.between(2, 8)), 1),
            order: 10_000 + rng.below(89_999),
            invoice: 100 + rng.below(4_800),
            quantity,
            sum: (product.price * quantity / 100 + rng.between(0, 40)) * 100,
            sum2: rng.between(12, 98) * 100,
            discount: rng.pick(&[3, 5, 7, 10, 12]),
            term: rng.pick(&["15", "36"]),
            street: rng.below(STREETS.len()),
            house: 1 + rng.below(140),
            carrier: rng.pick(&CARRIERS),
            error: rng.pick(&ERRORS),
            code: rng.next(),
            rng,
        }
    }

    pub(crate) fn client(&self) -> &'a Client {
        &self.world.clients[self.client]
    }

    /// "Анна Сергеевна", as operators address clients.
    pub(crate) fn client_called(&self) -> String {
        let name = &self.client().name;
        format!("{} {}", name.first, name.patronymic)
    }

    /// The colleague goes on with the conversation.
    pub(crate) fn hand_over(&mut self) {
        std::mem::swap(&mut self.operator, &mut self.colleague);
    }

    /// So many minutes, in microseconds.
    pub(crate) fn rng_minutes(&mut self, low: i64, high: i64) -> i64 {
        self.rng.between(low * 60, high * 60) * 1_000_000
    }

    /// The files of a message: the one the scenario asks for, or one the text speaks of.
    pub(crate) fn attachments(&mut self, text: &str, file: Option<FileKind>) -> Vec<Attachment> {
        let attached = |name: String, content_type| vec![Attachment { name, content_type }];
        let (jpeg, pdf, plain) = ("image/jpeg", "application/pdf", "text/plain");
        let shot = 1_000 + self.rng.below(8_999);
        match file {
            Some(FileKind::Photo) => match self.rng.below(3) {
                0 => attached(format!("IMG_{shot}.jpg"), jpeg),
                1 => attached("фото.jpg".into(), jpeg),
                _ => [shot, shot + 1]
                    .map(|shot| Attachment { name: format!("photo_{shot}.jpg"), content_type: jpeg })
                    .into(),
            },
            Some(FileKind::Document) => match self.rng.below(3) {
                0 => attached(format!("Карточка {}.pdf", self.company_brand()), pdf),
                1 => attached(format!("Письмо исх. {}.pdf", shot % 400 + 1), pdf),
                _ => attached("Документ.pdf".into(), pdf),
            },
            Some(FileKind::Scan) => attached(format!("скан_{shot}.pdf"), pdf),
            Some(FileKind::Log) => attached("exchange_log.txt".into(), plain),
            None if ["во вложении", "прилагаю", "прикладываю"].iter().any(|word| text.contains(word)) =>
            {
                let name = match text {
                    _ if text.contains("КП") || text.contains("редложение") => {
                        format!("КП {}.pdf", self.invoice)
                    }
                    _ if text.contains("чёт №") => format!("Счёт {}.pdf", self.invoice),
                    _ if text.contains("УПД") => format!("УПД {}.pdf", self.invoice),
                    _ if text.contains("латёж") => format!("Платёжное поручение {}.pdf", shot),
                    _ if text.contains("аявление") => "Заявление (образец).pdf".to_owned(),
                    _ if text.contains("Акт") || text.contains("акт") => format!("Акт {}.pdf", self.invoice),
                    _ if text.contains("каталог") => "Каталог и прайс.pdf".to_owned(),
                    _ => "Инструкция.pdf".to_owned(),
                };
                attached(name, pdf)
            }
            None => Vec::new(),
        }
    }

    fn company_name(&self) -> &'a str {
        self.client().company.map_or("частное лицо", |place| self.world.companies[place].name.as_str())
    }

    fn company_brand(&self) -> String {
        self.company_name().replace(['«', '»'], "")
    }
}

impl Values for Scene<'_> {
    fn gender(&self, who: Who) -> Gender {
        match who {
            Who::Operator => self.world.operators[self.operator].name.gender,
            Who::Client => self.client().name.gender,
            Who::Colleague => self.world.operators[self.colleague].name.gender,
            Who::Product => self.product.gender,
        }
    }

    fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    fn write(&mut self, slot: Slot, text: &mut String) {
        let client = self.client();
        let company = client.company.map(|place| &self.world.companies[place]);
        let operator = &self.world.operators[self.operator];
        let colleague = &self.world.operators[self.colleague];
        let city = &CITIES[client.city];
        // Writing to a String cannot fail.
        let _ = match slot {
            Slot::Order => write!(text, "СС-{}", self.order),
            Slot::Invoice => write!(text, "{}", self.invoice),
            Slot::Contract => write!(text, "№ {}/{}", 10 + self.code % 480, self.past.year() % 100),
            Slot::Sum => write_money(self.sum, text),
            Slot::Sum2 => write_money(self.sum2, text),
            Slot::Discount => write!(text, "{}", self.discount),
            Slot::Product => text.write_str(self.product.nominative),
            Slot::ProductGenitive => text.write_str(self.product.genitive),
            Slot::ProductAccusative => text.write_str(self.product.accusative),
            Slot::Quantity => write!(text, "{}", self.quantity),
            Slot::Few => write!(text, "{}", self.rng.between(2, 4)),
            Slot::Count => write!(text, "{}", 5 + self.code % 180),
            Slot::Area => write!(text, "{}", 30 + self.code % 40 * 10),
            Slot::Term => text.write_str(self.term),
            Slot::PastDate => write_date(self.past, text),
            Slot::PastDateNumeric => {
                write!(text, "{:02}.{:02}.{}", self.past.day(), self.past.month(), self.past.year())
            }
            Slot::FutureDate => write_date(self.future, text),
            Slot::Weekday => text.write_str(WEEKDAYS[self.future.weekday().num_days_from_monday() as usize]),
            Slot::Time => write!(text, "{}:{}", self.rng.between(10, 18), self.rng.pick(&["00", "15", "30", "45"])),
            Slot::Hours => text.write_str(self.rng.pick(&["2 часа", "3 часа", "полтора часа", "4 часа"])),
            Slot::Days => {
                text.write_str(["5 рабочих дней", "7 рабочих дней", "10 рабочих дней"][(self.code % 3) as usize])
            }
            Slot::Daytime => text.write_str(match hour_of(self.at) {
                5..12 => "Доброе утро",
                12..18 => "Добрый день",
                _ => "Добрый вечер",
            }),
            Slot::Quarter => {
                let (quarter, year) = last_quarter(self.past);
                write!(text, "{} квартал {year} года", ["I", "II", "III", "IV"][quarter])
            }
            Slot::Month => text.write_str(MONTHS[(self.past.month0() as usize + 11) % 12].0),
            Slot::NextMonthGenitive => text.write_str(MONTHS[(self.past.month0() as usize + 1) % 12].1),
            Slot::City => text.write_str(city.0),
            Slot::CityIn => text.write_str(city.1),
            Slot::CityTo => text.write_str(city.2),
            Slot::Address => write!(text, "{}, {}", STREETS[self.street], self.house),
            Slot::Company => text.write_str(self.company_name()),
            Slot::Inn => match company {
                Some(company) => text.write_str(&company.inn),
                None => text.write_str(&inn(&mut Rng::new(self.world.seed, 8, self.client as u64), 12)),
            },
            Slot::Domain => text.write_str(company.map_or("pochta.example", |company| company.domain.as_str())),
            Slot::Mail => text.write_str(&client.email),
            Slot::Phone => write_phone(&client.phone, text),
            Slot::Client => write!(text, "{} {}", client.name.first, client.name.patronymic),
            Slot::ClientFull => write!(text, "{} {}", client.name.first, client.name.last),
            Slot::ClientPosition => {
                text.write_str(if client.position.is_empty() { "покупатель" } else { client.position })
            }
            Slot::Operator => text.write_str(&operator.name.first),
            Slot::OperatorFull => write!(text, "{} {}", operator.name.first, operator.name.last),
            Slot::Colleague => text.write_str(&colleague.name.first),
            Slot::ColleagueIn(case) => text.write_str(&decline(&colleague.name.first, colleague.name.gender, case)),
            Slot::Carrier => text.write_str(self.carrier),
            Slot::Track => write!(text, "{:011}", self.code % 90_000_000_000 + 10_000_000_000),
            Slot::Serial => write!(text, "00{:09}", self.code >> 8 & 0x1fff_ffff),
            Slot::Fiscal => write!(text, "9960{:012}", self.code >> 16 & 0xff_ffff_ffff),
            Slot::Error => text.write_str(self.error),
            Slot::Version => write!(text, "{}.{}.{}", 3 + self.code % 3, self.code / 3 % 10, self.code / 30 % 60),
            Slot::Number => write!(text, "{}", self.number),
        };
    }
}

/// The nearest working day on that side.
fn workday(mut day: NaiveDate, side: i64) -> NaiveDate {
    while day.weekday().num_days_from_monday() >= 5 {
        day += Duration::days(side);
    }
    day
}

fn last_quarter(day: NaiveDate) -> (usize, i32) {
    match day.month0() / 3 {
        0 => (3, day.year() - 1),
        quarter => (quarter as usize - 1, day.year()),
    }
}

fn write_date(day: NaiveDate, text: &mut String) -> std::fmt::Result {
    write!(text, "{} {}", day.day(), MONTHS[day.month0() as usize].1)
}

/// "48 600 ₽" with spaces that do not break.
fn write_money(roubles: i64, text: &mut String) -> std::fmt::Result {
    match roubles {
        1_000_000.. => write!(
            text,
            "{}\u{a0}{:03}\u{a0}{:03}\u{a0}₽",
            roubles / 1_000_000,
            roubles / 1_000 % 1_000,
            roubles % 1_000
        ),
        1_000.. => write!(text, "{}\u{a0}{:03}\u{a0}₽", roubles / 1_000, roubles % 1_000),
        _ => write!(text, "{roubles}\u{a0}₽"),
    }
}

/// "+7 912 000-11-22" of an E.164 number of this world.
fn write_phone(e164: &str, text: &mut String) -> std::fmt::Result {
    match (e164.get(2..5), e164.get(5..8), e164.get(8..10), e164.get(10..12)) {
        (Some(code), Some(exchange), Some(a), Some(b)) => write!(text, "+7 {code} {exchange}-{a}-{b}"),
        _ => text.write_str(e164),
    }
}

const WEEKDAYS: [&str; 7] =
    ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"];

/// Nominative (which is also the accusative) and genitive.
const MONTHS: [(&str, &str); 12] = [
    ("январь", "января"),
    ("февраль", "февраля"),
    ("март", "марта"),
    ("апрель", "апреля"),
    ("май", "мая"),
    ("июнь", "июня"),
    ("июль", "июля"),
    ("август", "августа"),
    ("сентябрь", "сентября"),
    ("октябрь", "октября"),
    ("ноябрь", "ноября"),
    ("декабрь", "декабря"),
];
