//! Patterns of the block list. Pure.

use std::net::IpAddr;

use base::{Error, Result};

use super::entity::{Kind, Model};
use super::ops::Subject;

/// The pattern as it is stored and compared, or what is wrong with it.
pub(super) fn normalized(kind: Kind, pattern: &str) -> Result<String> {
    let pattern = pattern.trim();
    let wrong = |ru, en| Err(Error::invalid("pattern", "bad_pattern", ru, en));
    if pattern.is_empty() {
        return Err(Error::required("pattern"));
    }
    if pattern.chars().count() > 300 {
        return wrong("Слишком длинно: не больше 300 знаков", "Too long: 300 characters at most");
    }
    if kind != Kind::Address && pattern.chars().all(|c| c == '*' || c.is_whitespace()) {
        return wrong("Такое правило закрыло бы вход всем", "Such a rule would keep everybody out");
    }
    match kind {
        Kind::Email => match pattern.contains('*') {
            true if pattern.matches('@').count() <= 1 && !pattern.contains(' ') => Ok(pattern.to_lowercase()),
            false if pattern.starts_with('@') => Ok(format!("*{}", pattern.to_lowercase())),
            true => wrong("Почта или маска, например *@spam.test", "A mail address or a mask such as *@spam.test"),
            false => match text::email::normalize(pattern) {
                Some(address) => Ok(address),
                None => wrong("Почта или маска, например *@spam.test", "A mail address or a mask such as *@spam.test"),
            },
        },
        Kind::Phone if pattern.contains('*') => {
            Ok(pattern.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*')).collect())
        }
        Kind::Phone => match text::phone::normalize(pattern, "RU") {
            Some(phone) => Ok(phone),
            None => wrong("Телефон, например +7 912 345-67-89", "A phone number such as +7 912 345-67-89"),
        },
        Kind::Account => Ok(pattern.to_owned()),
        Kind::Address => match network(pattern) {
            Some(_) => Ok(pattern.to_owned()),
            None => {
                wrong("IP-адрес или сеть, например 192.0.2.0/24", "An IP address or a network such as 192.0.2.0/24")
            }
        },
        Kind::Term => Ok(text::fold(pattern)),
    }
}

pub(super) fn matches(rule: &Model, subject: &Subject<'_>) -> bool {
    let pattern = rule.pattern.as_str();
    match rule.kind {
        Kind::Email => subject.emails.iter().any(|email| like(pattern, &email.trim().to_lowercase())),
        Kind::Phone => subject
            .phones
            .iter()
            .filter_map(|phone| text::phone::normalize(phone, "RU"))
            .any(|phone| like(pattern, &phone)),
        Kind::Account => subject.accounts.iter().any(|account| like(pattern, account)),
        Kind::Address => subject.address.is_some_and(|address| network(pattern).is_some_and(|net| net.holds(address))),
        Kind::Term => {
            !subject.text.is_empty() && like(&format!("*{}*", pattern.trim_matches('*')), &text::fold(subject.text))
        }
    }
}

/// Whether a text fits a mask in which `*` stands for anything.
fn like(mask: &str, text: &str) -> bool {
    let mut parts = mask.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

struct Network {
    bits: u128,
    mask: u128,
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        as_v6(address) & self.mask == self.bits & self.mask
    }
}

/// IPv4 lies inside IPv6, so that both compare alike.
fn as_v6(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().into(),
        IpAddr::V6(address) => address.into(),
    }
}

fn network(text: &str) -> Option<Network> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length.trim().parse::<u32>().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.trim().parse().ok()?;
    let (own, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
    let length = length.unwrap_or(own);
    if length > own {
        return None;
    }
    let ones = before + length;
    let mask = if ones == 0 { 0 } else { u128::MAX << (128 - ones) };
    Some(Network { bits: as_v6(address), mask })
}

#[cfg(test)]
mod tests {
    use base::BlockId;
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn rule(kind: Kind, pattern: &str) -> Model {
        Model {
            id: BlockId(Uuid::nil()),
            kind,
            pattern: normalized(kind, pattern).unwrap(),
            allow: false,
            note: String::new(),
            hits: 0,
            last_hit_at: None,
            created_by: None,
            created_at: DateTime::UNIX_EPOCH,
            until: None,
            line_ids: None,
        }
    }

    fn check(kind: Kind, pattern: &str, hit: &[&str], missed: &[&str]) {
        let rule = rule(kind, pattern);
        for (values, expected) in [(hit, true), (missed, false)] {
            for value in values {
                let mut subject = Subject::default();
                match kind {
                    Kind::Email => subject.emails = vec![value],
                    Kind::Phone => subject.phones = vec![value],
                    Kind::Account => subject.accounts = vec![(*value).to_owned()],
                    Kind::Address => subject.address = value.parse().ok(),
                    Kind::Term => subject.text = value,
                }
                assert_eq!(matches(&rule, &subject), expected, "{pattern} and {value}");
            }
        }
    }

    #[test]
    fn a_rule_keeps_out_what_it_says() {
        check(Kind::Email, "*@spam.test", &["a@spam.test", "B@SPAM.test"], &["a@spam.test.ru", "a@notspam.test.x"]);
        check(Kind::Email, "@spam.test", &["a@spam.test"], &["a@nospam.test"]);
        check(Kind::Email, "Ivan@Spam.test", &["ivan@spam.test"], &["xivan@spam.test"]);
        check(Kind::Phone, "8 912 345-67-89", &["+79123456789", "89123456789"], &["+79123456780"]);
        check(Kind::Phone, "+7912*", &["+79123456789"], &["+79133456789"]);
        check(Kind::Account, "telegram:42", &["telegram:42"], &["telegram:421", "vk:42"]);
        check(Kind::Address, "192.0.2.0/24", &["192.0.2.1", "::ffff:192.0.2.9"], &["192.0.3.1", "2001:db8::1"]);
        check(Kind::Address, "2001:db8::/32", &["2001:db8:1::1"], &["2001:db9::1", "192.0.2.1"]);
        check(Kind::Address, "192.0.2.7", &["192.0.2.7"], &["192.0.2.8"]);
        check(Kind::Term, "Казино", &["Лучшее КАЗИНО города"], &["Где мой заказ?"]);
        check(Kind::Term, "быстрый*кредит", &["быстрый и дешёвый кредит"], &["кредит быстрый"]);
    }

    #[test]
    fn a_rule_that_says_nothing_is_refused() {
        for (kind, pattern) in [
            (Kind::Email, "not an address"),
            (Kind::Email, "*"),
            (Kind::Term, " ** "),
            (Kind::Phone, "abc"),
            (Kind::Address, "192.0.2.0/33"),
            (Kind::Account, ""),
        ] {
            assert!(normalized(kind, pattern).is_err(), "{pattern}");
        }
    }
}
