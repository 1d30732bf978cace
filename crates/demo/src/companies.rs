//! Companies that do not exist: names, tax numbers with a right checksum, domains under `.example`.
//!
//! Invariant: nothing here can reach a real company. Domains end in `.example` (RFC 2606), tax numbers begin with 97,
//! a region code that was never given out, phones use the exchange 000.

use crate::names::{Name, latin};
use crate::rng::Rng;

/// A company, or a person who trades as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub name: String,
    /// ИНН: 10 digits, 12 for a sole trader.
    pub inn: String,
    pub domain: String,
}

/// The `index`-th company; names and domains never repeat.
pub fn company(rng: &mut Rng, index: usize, owner: &Name) -> Company {
    if rng.percent(15.0) {
        let initials = [&owner.first, &owner.patronymic].map(|name| name.chars().next().unwrap_or('А'));
        let suffix = if index < 1_000 { String::new() } else { format!("-{index}") };
        let domain = format!("{}{}{suffix}.example", latin(&owner.last), 10 + index % 90);
        let name = format!("ИП {} {}. {}.", owner.last, initials[0], initials[1]);
        return Company { name, inn: inn(rng, 12), domain };
    }
    let word = BRANDS[index % BRANDS.len()];
    let round = index / BRANDS.len();
    let brand = match round {
        0 => word.to_owned(),
        _ => {
            let prefix = PREFIXES[(round - 1) % PREFIXES.len()];
            let again = (round - 1) / PREFIXES.len();
            let number = if again > 0 { format!(" {}", again + 1) } else { String::new() };
            format!("{prefix}{word}{number}")
        }
    };
    let form = rng.pick(&["ООО", "ООО", "ООО", "ООО", "АО"]);
    let domain = format!("{}.example", latin(&brand));
    Company { name: format!("{form} «{brand}»"), inn: inn(rng, 10), domain }
}

/// A tax number of 10 or 12 digits with its check digits.
pub fn inn(rng: &mut Rng, length: usize) -> String {
    let mut digits: Vec<u8> = vec![9, 7];
    let checks = if length == 12 { 2 } else { 1 };
    while digits.len() < length - checks {
        digits.push(rng.below(10) as u8);
    }
    while digits.len() < length {
        digits.push(check_digit(&digits));
    }
    digits.into_iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// Whether the check digits of a tax number are right (order of the Federal Tax Service ММВ-7-6/435, appendix).
pub fn is_valid_inn(inn: &str) -> bool {
    let digits: Option<Vec<u8>> = inn.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect();
    match digits {
        Some(digits) if digits.len() == 10 => check_digit(&digits[..9]) == digits[9],
        Some(digits) if digits.len() == 12 => {
            check_digit(&digits[..10]) == digits[10] && check_digit(&digits[..11]) == digits[11]
        }
        _ => false,
    }
}

/// The check digit that follows these digits: the weights are the last ones of the longest row.
fn check_digit(digits: &[u8]) -> u8 {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let weights = &WEIGHTS[WEIGHTS.len() - digits.len()..];
    let sum: u32 = digits.iter().zip(weights).map(|(&digit, weight)| u32::from(digit) * weight).sum();
    (sum % 11 % 10) as u8
}

const BRANDS: [&str; 84] = [
    "Гранит",
    "Меридиан",
    "Ромашка",
    "Уют",
    "Северянка",
    "Кедр",
    "Лагуна",
    "Орион",
    "Каравай",
    "Самоцвет",
    "Вектор",
    "Берёзка",
    "Акварель",
    "Сфера",
    "Горизонт",
    "Пчёлка",
    "Домовой",
    "Аметист",
    "Радуга",
    "Магистраль",
    "Чайка",
    "Спектр",
    "Лесная поляна",
    "Бриз",
    "Купец",
    "Хлебница",
    "Маяк",
    "Тандем",
    "Изумруд",
    "Гастроном 9",
    "Атлант",
    "Колосок",
    "Мозаика",
    "Континент",
    "Семья",
    "Рассвет",
    "Витамин",
    "Ландыш",
    "Технодом",
    "Провиант",
    "Ателье",
    "Каскад",
    "Родник",
    "Кофейный двор",
    "Лотос",
    "Пятый угол",
    "Ветеран",
    "Арсенал",
    "Сирень",
    "Зерно",
    "Бристоль",
    "Парус",
    "Молочная река",
    "Эталон",
    "Огонёк",
    "Кузница",
    "Планета игрушек",
    "Фаворит",
    "Грант",
    "Добрыня",
    "Рябина",
    "Стройдвор",
    "Альтаир",
    "Книжный мир",
    "Мастер",
    "Оптика Плюс",
    "Сладкоежка",
    "Вершина",
    "Зоомир",
    "Прометей",
    "Фермер",
    "Азимут",
    "Карамель",
    "Лидер",
    "Новый дом",
    "Аптека на углу",
    "Малахит",
    "Тёплый хлеб",
    "Контур",
    "Ювента",
    "Квартал",
    "Трикотаж",
    "Садовод",
    "Обувной ряд",
];

const PREFIXES: [&str; 18] = [
    "Урал",
    "Сибирь-",
    "Техно",
    "Эко",
    "Мега",
    "Торговый дом ",
    "Волга-",
    "Центр-",
    "Юг-",
    "Нева-",
    "Кама-",
    "Альфа-",
    "Северный ",
    "Новый ",
    "Первый ",
    "Мир ",
    "Группа ",
    "Сеть ",
];
