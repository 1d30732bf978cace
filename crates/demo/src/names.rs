//! Russian names with endings that agree with the gender, their cases, and Latin spelling for addresses.

use crate::rng::Rng;

/// Grammatical gender of a person or a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    Masculine,
    Feminine,
    Neuter,
    Plural,
}

/// Grammatical cases that texts need besides the nominative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Genitive,
    Dative,
    Accusative,
    Instrumental,
}

/// A full name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub first: String,
    pub last: String,
    pub patronymic: String,
    pub gender: Gender,
}

impl Name {
    /// "Анна Сергеевна Ковалёва": a full name in the usual order of a letter.
    pub fn full(&self) -> String {
        format!("{} {} {}", self.first, self.patronymic, self.last)
    }

    /// "Анна Ковалёва".
    pub fn short(&self) -> String {
        format!("{} {}", self.first, self.last)
    }
}

/// A random name.
pub fn name(rng: &mut Rng) -> Name {
    let gender = if rng.percent(52.0) { Gender::Feminine } else { Gender::Masculine };
    let firsts: &[&str] = if gender == Gender::Feminine { &FEMININE } else { &MASCULINE };
    let first = rng.pick(firsts).to_owned();
    let (_, his, hers) = rng.pick(&FATHERS);
    let patronymic = if gender == Gender::Feminine { hers } else { his }.to_owned();
    Name { first, last: last_name(rng.pick(&LAST), gender), patronymic, gender }
}

/// The feminine form of a masculine last name: "Орлов" gives "Орлова", "Белинский" "Белинская", "Коваленко" stays.
pub fn last_name(masculine: &str, gender: Gender) -> String {
    if gender != Gender::Feminine {
        return masculine.to_owned();
    }
    if let Some(stem) = masculine.strip_suffix("ий").or_else(|| masculine.strip_suffix("ой")) {
        return format!("{stem}ая");
    }
    if ["ов", "ев", "ёв", "ин", "ын"].iter().any(|ending| masculine.ends_with(ending)) {
        return format!("{masculine}а");
    }
    masculine.to_owned()
}

/// A first name in another case.
pub fn decline(first: &str, gender: Gender, case: Case) -> String {
    use Case::{Accusative, Dative, Genitive, Instrumental};
    let (stem, endings) = match first {
        "Павел" => ("Павл", ["а", "у", "а", "ом"]),
        "Пётр" => ("Петр", ["а", "у", "а", "ом"]),
        "Лев" => ("Льв", ["а", "у", "а", "ом"]),
        _ => match (first.char_indices().next_back(), gender) {
            (Some((end, 'а')), _) if first[..end].ends_with(['г', 'к', 'х', 'ж', 'ш', 'щ', 'ч']) => {
                (&first[..end], ["и", "е", "у", "ой"])
            }
            (Some((end, 'а')), _) => (&first[..end], ["ы", "е", "у", "ой"]),
            (Some((end, 'я')), _) if first.ends_with("ия") => (&first[..end], ["и", "и", "ю", "ей"]),
            (Some((end, 'я')), _) => (&first[..end], ["и", "е", "ю", "ей"]),
            (Some((end, 'й' | 'ь')), Gender::Masculine) => (&first[..end], ["я", "ю", "я", "ем"]),
            (_, Gender::Masculine) => (first, ["а", "у", "а", "ом"]),
            _ => (first, ["", "", "", ""]),
        },
    };
    let ending = match case {
        Genitive => endings[0],
        Dative => endings[1],
        Accusative => endings[2],
        Instrumental => endings[3],
    };
    format!("{stem}{ending}")
}

/// Latin spelling for mail addresses, lower case; what is neither a letter nor a digit becomes "-".
pub fn latin(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let letters = match c {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "g",
            'д' => "d",
            'е' | 'ё' | 'э' => "e",
            'ж' => "zh",
            'з' => "z",
            'и' => "i",
            'й' | 'ы' => "y",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' => "kh",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "sch",
            'ь' | 'ъ' => "",
            'ю' => "yu",
            'я' => "ya",
            'a'..='z' | '0'..='9' => {
                spelled.push(c);
                ""
            }
            _ => "-",
        };
        spelled.push_str(letters);
    }
    spelled
}

const MASCULINE: [&str; 36] = [
    "Александр",
    "Алексей",
    "Андрей",
    "Антон",
    "Арсений",
    "Артём",
    "Борис",
    "Вадим",
    "Василий",
    "Виктор",
    "Виталий",
    "Владимир",
    "Геннадий",
    "Георгий",
    "Глеб",
    "Григорий",
    "Денис",
    "Дмитрий",
    "Евгений",
    "Егор",
    "Иван",
    "Игорь",
    "Илья",
    "Кирилл",
    "Константин",
    "Максим",
    "Марат",
    "Михаил",
    "Никита",
    "Николай",
    "Олег",
    "Павел",
    "Рустам",
    "Сергей",
    "Тимур",
    "Юрий",
];

const FEMININE: [&str; 36] = [
    "Алина",
    "Алла",
    "Алёна",
    "Анастасия",
    "Анна",
    "Валентина",
    "Валерия",
    "Вера",
    "Виктория",
    "Галина",
    "Гульнара",
    "Дарья",
    "Диана",
    "Евгения",
    "Екатерина",
    "Елена",
    "Жанна",
    "Зоя",
    "Инна",
    "Ирина",
    "Карина",
    "Кристина",
    "Ксения",
    "Лариса",
    "Лилия",
    "Людмила",
    "Маргарита",
    "Марина",
    "Мария",
    "Надежда",
    "Наталья",
    "Оксана",
    "Ольга",
    "Полина",
    "Светлана",
    "Юлия",
];

/// A father's name and the patronymics of his sons and daughters.
const FATHERS: [(&str, &str, &str); 30] = [
    ("Александр", "Александрович", "Александровна"),
    ("Алексей", "Алексеевич", "Алексеевна"),
    ("Анатолий", "Анатольевич", "Анатольевна"),
    ("Андрей", "Андреевич", "Андреевна"),
    ("Борис", "Борисович", "Борисовна"),
    ("Вадим", "Вадимович", "Вадимовна"),
    ("Валерий", "Валерьевич", "Валерьевна"),
    ("Василий", "Васильевич", "Васильевна"),
    ("Виктор", "Викторович", "Викторовна"),
    ("Владимир", "Владимирович", "Владимировна"),
    ("Вячеслав", "Вячеславович", "Вячеславовна"),
    ("Геннадий", "Геннадьевич", "Геннадьевна"),
    ("Григорий", "Григорьевич", "Григорьевна"),
    ("Дмитрий", "Дмитриевич", "Дмитриевна"),
    ("Евгений", "Евгеньевич", "Евгеньевна"),
    ("Иван", "Иванович", "Ивановна"),
    ("Игорь", "Игоревич", "Игоревна"),
    ("Ильдар", "Ильдарович", "Ильдаровна"),
    ("Константин", "Константинович", "Константиновна"),
    ("Леонид", "Леонидович", "Леонидовна"),
    ("Максим", "Максимович", "Максимовна"),
    ("Марат", "Маратович", "Маратовна"),
    ("Михаил", "Михайлович", "Михайловна"),
    ("Николай", "Николаевич", "Николаевна"),
    ("Олег", "Олегович", "Олеговна"),
    ("Павел", "Павлович", "Павловна"),
    ("Пётр", "Петрович", "Петровна"),
    ("Роман", "Романович", "Романовна"),
    ("Сергей", "Сергеевич", "Сергеевна"),
    ("Юрий", "Юрьевич", "Юрьевна"),
];

const LAST: [&str; 96] = [
    "Абрамов",
    "Агафонов",
    "Аксёнов",
    "Алиев",
    "Андреев",
    "Антипин",
    "Афанасьев",
    "Ахметов",
    "Баранов",
    "Белинский",
    "Белов",
    "Беляев",
    "Богданов",
    "Бондаренко",
    "Борисов",
    "Быков",
    "Вавилов",
    "Васильев",
    "Вершинин",
    "Виноградов",
    "Власов",
    "Волков",
    "Воробьёв",
    "Воронин",
    "Гаврилов",
    "Галиев",
    "Герасимов",
    "Голубев",
    "Горбунов",
    "Григорьев",
    "Гринько",
    "Гусев",
    "Давыдов",
    "Данилов",
    "Демидов",
    "Дорофеев",
    "Дубровский",
    "Егоров",
    "Елисеев",
    "Ермаков",
    "Ефимов",
    "Жданов",
    "Жуков",
    "Завьялов",
    "Зайцев",
    "Захаров",
    "Зимин",
    "Зотов",
    "Ибрагимов",
    "Ильин",
    "Исаков",
    "Казанцев",
    "Калинин",
    "Карпов",
    "Киселёв",
    "Климов",
    "Коваленко",
    "Козлов",
    "Комаров",
    "Королёв",
    "Костин",
    "Крылов",
    "Кузнецов",
    "Куликов",
    "Лаптев",
    "Лебедев",
    "Логинов",
    "Лыткин",
    "Макаров",
    "Маслов",
    "Медведев",
    "Мельник",
    "Миронов",
    "Морозов",
    "Нестеров",
    "Никитин",
    "Орлов",
    "Панов",
    "Петров",
    "Полянский",
    "Пономарёв",
    "Романов",
    "Рябов",
    "Савельев",
    "Сафин",
    "Селезнёв",
    "Сидоренко",
    "Соболев",
    "Суворов",
    "Тарасов",
    "Титов",
    "Трофимов",
    "Фомин",
    "Хабибуллин",
    "Чернов",
    "Шевчук",
];

/// What clients do in their companies.
pub const POSITIONS: [&str; 22] = [
    "директор",
    "управляющий магазином",
    "главный бухгалтер",
    "бухгалтер",
    "менеджер по закупкам",
    "администратор",
    "товаровед",
    "системный администратор",
    "заведующий складом",
    "офис-менеджер",
    "коммерческий директор",
    "технолог",
    "начальник отдела снабжения",
    "индивидуальный предприниматель",
    "старший кассир",
    "юрист",
    "дизайнер",
    "руководитель проекта",
    "инженер",
    "помощник директора",
    "экономист",
    "специалист по тендерам",
];
