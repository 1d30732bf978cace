//! A schedule as people say it: its week, and when it begins to count again.

use base::{Language, Timestamp};
use chrono::{Datelike, Days, NaiveDate, Offset, TimeZone, Timelike};
use chrono_tz::Tz;

use crate::schedule::{Interval, Schedule};

/// Zones that people call by a city.
const CITIES: [(Tz, &str, &str); 12] = [
    (Tz::Europe__Kaliningrad, "калининградскому", "Kaliningrad"),
    (Tz::Europe__Moscow, "московскому", "Moscow"),
    (Tz::Europe__Samara, "самарскому", "Samara"),
    (Tz::Asia__Yekaterinburg, "екатеринбургскому", "Yekaterinburg"),
    (Tz::Asia__Omsk, "омскому", "Omsk"),
    (Tz::Asia__Novosibirsk, "новосибирскому", "Novosibirsk"),
    (Tz::Asia__Krasnoyarsk, "красноярскому", "Krasnoyarsk"),
    (Tz::Asia__Irkutsk, "иркутскому", "Irkutsk"),
    (Tz::Asia__Yakutsk, "якутскому", "Yakutsk"),
    (Tz::Asia__Vladivostok, "владивостокскому", "Vladivostok"),
    (Tz::Asia__Magadan, "магаданскому", "Magadan"),
    (Tz::Asia__Kamchatka, "камчатскому", "Kamchatka"),
];

impl Schedule {
    /// The week: `Пн–Пт 9:00–18:00; Сб 10:00–14:00`; empty when no weekday has hours. Whose clock it goes by is said, unless
    /// the reader's shows the same.
    pub fn week_in_words(&self, now: Timestamp, reader: Option<Tz>, language: Language) -> String {
        let names = match language {
            Language::Ru => ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
            Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for day in 0..7 {
            match groups.last_mut() {
                Some((first, last)) if self.week[*first] == self.week[day] => *last = day,
                _ => groups.push((day, day)),
            }
        }
        let open = groups.into_iter().filter(|(first, _)| !self.week[*first].is_empty());
        let said = open.map(|(first, last)| {
            let hours = hours_in_words(&self.week[first], language);
            match (first, last) {
                (0, 6) => hours,
                (first, last) if first == last => format!("{} {hours}", names[first]),
                (first, last) => format!("{}–{} {hours}", names[first], names[last]),
            }
        });
        let week = said.collect::<Vec<_>>().join("; ");
        let whole = self.week.iter().all(|day| is_whole(day));
        if week.is_empty() || whole { week } else { format!("{week}{}", self.whose_clock(now, reader, language)) }
    }

    /// When it counts again: `сегодня с 14:00`, `завтра с 9:00`, `в понедельник с 9:00`, `11 января с 9:00`, by the reader's
    /// clock, or by its own, which is then named. None when it counts now, or never will.
    pub fn opening_in_words(&self, now: Timestamp, reader: Option<Tz>, language: Language) -> Option<String> {
        if self.is_open(now) {
            return None;
        }
        let zone = reader.unwrap_or(self.zone);
        let opens = self.opens(now)?.with_timezone(&zone);
        let today = now.with_timezone(&zone).date_naive();
        let day = day_in_words(opens.date_naive(), today, language);
        let from = match language {
            Language::Ru => "с",
            Language::En => "from",
        };
        let time = format!("{}:{:02}", opens.hour(), opens.minute());
        let whose = if reader.is_some() { String::new() } else { self.whose_clock(now, None, language) };
        Some(format!("{day} {from} {time}{whose}"))
    }

    /// ` по московскому времени`, when the reader's clock shows another time or nobody knows what it shows.
    fn whose_clock(&self, now: Timestamp, reader: Option<Tz>, language: Language) -> String {
        let offset = |zone: Tz| zone.offset_from_utc_datetime(&now.naive_utc()).fix();
        if reader.is_some_and(|reader| offset(reader) == offset(self.zone)) {
            return String::new();
        }
        let city = CITIES.iter().find(|(zone, _, _)| *zone == self.zone);
        match (city, language) {
            (Some((_, ru, _)), Language::Ru) => format!(" по {ru} времени"),
            (Some((_, _, en)), Language::En) => format!(" {en} time"),
            (None, _) => format!(" (UTC{})", offset(self.zone)),
        }
    }
}

fn is_whole(day: &[Interval]) -> bool {
    matches!(day, [Interval { from: 0, to: 86_400 }])
}

fn hours_in_words(day: &[Interval], language: Language) -> String {
    if is_whole(day) {
        return match language {
            Language::Ru => "круглосуточно".to_owned(),
            Language::En => "around the clock".to_owned(),
        };
    }
    let time = |seconds: u32| format!("{}:{:02}", seconds / 3600, seconds / 60 % 60);
    // The end of a night shift is a time of the next day.
    let end = |seconds: u32| time(if seconds > 86_400 { seconds - 86_400 } else { seconds });
    day.iter().map(|hours| format!("{}–{}", time(hours.from), end(hours.to))).collect::<Vec<_>>().join(", ")
}

/// A day to come, seen from today: `завтра`, `в среду`, `11 января`.
pub fn day_in_words(day: NaiveDate, today: NaiveDate, language: Language) -> String {
    let weekday = day.weekday().num_days_from_monday() as usize;
    let months: [&str; 12] = match language {
        Language::Ru => [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ],
        Language::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    };
    let month = months[day.month0() as usize];
    let far = Some(day) > today.checked_add_days(Days::new(300));
    match ((day - today).num_days(), language) {
        (..=0, Language::Ru) => "сегодня".to_owned(),
        (..=0, Language::En) => "today".to_owned(),
        (1, Language::Ru) => "завтра".to_owned(),
        (1, Language::En) => "tomorrow".to_owned(),
        (2..=6, Language::Ru) => {
            let named =
                ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"];
            named[weekday].to_owned()
        }
        (2..=6, Language::En) => {
            let named = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
            format!("on {}", named[weekday])
        }
        (_, Language::Ru) if far => format!("{} {month} {} года", day.day(), day.year()),
        (_, Language::Ru) => format!("{} {month}", day.day()),
        (_, Language::En) if far => format!("on {} {month} {}", day.day(), day.year()),
        (_, Language::En) => format!("on {} {month}", day.day()),
    }
}
