//! Who really wrote a message, and whether a program did.

use std::collections::HashSet;

use desk::people::Address;
use mail::Message;

/// The person to answer: From, unless that is a robot or ourselves and Reply-To names somebody (web forms do that).
pub(crate) fn sender(message: &Message, own: &HashSet<String>) -> Option<Address> {
    let usable = |found: &mail::Address| {
        text::email::normalize(&found.address).map(|address| Address { name: found.name.clone(), address })
    };
    let from = message.from.as_ref().and_then(usable);
    let reply_to = message.reply_to.iter().find_map(usable).filter(|found| !own.contains(&found.address));
    let hidden = from.as_ref().is_some_and(|from| is_robot(&from.address) || own.contains(&from.address));
    match (from, reply_to) {
        (Some(_), Some(reply_to)) if hidden => Some(reply_to),
        (Some(from), _) => Some(from),
        (None, Some(reply_to)) => Some(reply_to),
        (None, None) => message.sender.as_ref().and_then(usable).or_else(|| {
            let path = message.return_path.as_deref().filter(|path| !path.is_empty())?;
            text::email::normalize(path).map(|address| Address { name: None, address })
        }),
    }
}

/// Addresses that nobody reads: an automatic answer to them comes back or is lost.
pub(crate) fn is_robot(address: &str) -> bool {
    let local: String = address.split('@').next().unwrap_or_default().chars().filter(|c| c.is_alphanumeric()).collect();
    let exact =
        ["mailerdaemon", "postmaster", "bounce", "bounces", "daemon", "root", "nobody", "listserv", "majordomo"];
    let anywhere = ["noreply", "donotreply", "nereply", "notreply"];
    exact.contains(&local.as_str()) || anywhere.iter().any(|word| local.contains(word))
}

/// Where every copy of a message went, ourselves left out: whom an answer should reach too.
pub(crate) fn others(list: &[mail::Address], own: &HashSet<String>, base_of: fn(&str) -> String) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    for one in list {
        let Some(address) = text::email::normalize(&one.address) else { continue };
        if own.contains(&address)
            || own.contains(&base_of(&address))
            || found.iter().any(|known| known.address == address)
        {
            continue;
        }
        found.push(Address { name: one.name.clone(), address });
    }
    found
}

/// An address without its sub-address: `support` for `support+token`.
pub(crate) fn without_sub_address(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", local.split('+').next().unwrap_or(local)),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(from: &str, reply_to: &str) -> Message {
        let one = |address: &str| mail::Address { name: None, address: address.to_owned() };
        let listed = |address: &str| if address.is_empty() { Vec::new() } else { vec![one(address)] };
        Message { from: listed(from).pop(), reply_to: listed(reply_to), ..Message::default() }
    }

    fn check(from: &str, reply_to: &str, expected: Option<&str>) {
        let own = HashSet::from(["support@desk.ru".to_owned()]);
        let found = sender(&message(from, reply_to), &own).map(|found| found.address);
        assert_eq!(found.as_deref(), expected, "From {from}, Reply-To {reply_to}");
    }

    #[test]
    fn the_sender_is_who_can_be_answered() {
        check("Ivan@Client.ru", "", Some("ivan@client.ru"));
        check("ivan@client.ru", "boss@client.ru", Some("ivan@client.ru"));
        check("noreply@site.ru", "ivan@client.ru", Some("ivan@client.ru"));
        check("support@desk.ru", "ivan@client.ru", Some("ivan@client.ru"));
        check("noreply@site.ru", "support@desk.ru", Some("noreply@site.ru"));
        check("", "ivan@client.ru", Some("ivan@client.ru"));
        check("", "", None);
        check("not an address", "", None);
    }

    #[test]
    fn robots_are_known_by_their_names() {
        for robot in [
            "no-reply@x.ru",
            "NoReply@x.ru",
            "do_not_reply@x.ru",
            "mailer-daemon@x.ru",
            "noreply-orders@x.ru",
            "bounces@x.ru",
        ] {
            assert!(is_robot(&robot.to_lowercase()), "{robot}");
        }
        for person in ["ivan@x.ru", "noreen@x.ru", "postmaster.ivan@x.ru", "reply@x.ru"] {
            assert!(!is_robot(person), "{person}");
        }
    }

    #[test]
    fn we_are_not_among_the_others() {
        let own = HashSet::from(["support@desk.ru".to_owned()]);
        let all: Vec<mail::Address> = ["support@desk.ru", "Support+abc@desk.ru", "a@x.ru", "A@x.ru", "b@x.ru"]
            .iter()
            .map(|text| mail::Address::new(None, text))
            .collect();
        let found: Vec<String> = others(&all, &own, without_sub_address).into_iter().map(|one| one.address).collect();
        assert_eq!(found, ["a@x.ru", "b@x.ru"]);
    }
}
