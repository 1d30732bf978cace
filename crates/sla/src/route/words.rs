//! What a route tells of itself, in words.

use base::{Language, Words};
use chrono::TimeDelta;

/// `3 ч 30 мин`, `45 мин`, `20 с`.
pub fn span(time: TimeDelta, language: Language) -> String {
    let seconds = time.num_seconds().max(0);
    let units = match language {
        Language::Ru => ["ч", "мин", "с"],
        Language::En => ["h", "min", "s"],
    };
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60];
    let mut said: Vec<String> = parts
        .iter()
        .zip(units)
        .filter(|(count, _)| **count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    if said.is_empty() {
        said.push(format!("0 {}", units[1]));
    }
    // Seconds of hours are nothing to plan with.
    if parts[0] > 0 && parts[2] > 0 {
        said.pop();
    }
    said.join(" ")
}

fn both(say: impl Fn(Language) -> String) -> Words {
    Words::owned(say(Language::Ru), say(Language::En))
}

/// Why a stage has less time than its own.
pub fn shrunk(own: TimeDelta, left: TimeDelta, remaining: TimeDelta, planned: TimeDelta, least: bool) -> Words {
    both(|language| {
        let say = |time| span(time, language);
        match language {
            Language::Ru => {
                let kept = if least {
                    " Меньше нельзя: это наименьшая доля по OLA."
                } else {
                    ""
                };
                format!(
                    "Сокращено с {} до {}: предыдущие этапы задержались, до планового конца маршрута осталось {} вместо {}.{kept}",
                    say(own),
                    say(left),
                    say(remaining),
                    say(planned)
                )
            }
            Language::En => {
                let kept = if least { " It cannot be less: this is the least part by its OLA." } else { "" };
                format!(
                    "Cut from {} to {}: earlier stages were late, {} remain until the planned end of the route instead of {}.{kept}",
                    say(own),
                    say(left),
                    say(remaining),
                    say(planned)
                )
            }
        }
    })
}

pub fn not_valid(ola: &str) -> Words {
    Words::owned(
        format!("OLA «{ola}» сегодня не действует: у этапа нет срока."),
        format!("The OLA “{ola}” does not hold today: the stage has no time."),
    )
}

pub fn not_assignable(person: &str) -> Words {
    Words::owned(
        format!("{person} не может быть ответственным за обращение этой линии: обращение осталось у прежнего."),
        format!("{person} cannot have tickets of this line: the ticket stayed with its owner."),
    )
}

pub fn nobody() -> Words {
    Words::new(
        "Исполнителя этапа больше нет: возьмите этап сами.",
        "Whoever was to do the stage is gone: take it yourself.",
    )
}

pub fn must_complete(stage: &str, route: &str) -> Words {
    Words::owned(
        format!("Сначала завершите обязательный этап «{stage}» маршрута «{route}»"),
        format!("Complete the stage “{stage}” of the route “{route}” first: it is required"),
    )
}

pub fn by_service(service: &str, route: &str) -> Words {
    Words::owned(
        format!("Услуга «{service}» идёт по маршруту «{route}»."),
        format!("The service “{service}” goes by the route “{route}”."),
    )
}

pub fn stage_of(stage: &str, route: &str) -> Words {
    Words::owned(format!("Этап «{stage}» маршрута «{route}»."), format!("The stage “{stage}” of the route “{route}”."))
}

pub fn resolved() -> Words {
    Words::new("Обращение решено.", "The ticket was resolved.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short() {
        let ru = |seconds| span(TimeDelta::seconds(seconds), Language::Ru);
        assert_eq!(ru(4 * 3600), "4 ч");
        assert_eq!(ru(3 * 3600 + 30 * 60 + 5), "3 ч 30 мин");
        assert_eq!(ru(45 * 60 + 10), "45 мин 10 с");
        assert_eq!(ru(0), "0 мин");
        assert_eq!(span(TimeDelta::seconds(90), Language::En), "1 min 30 s");
    }
}
