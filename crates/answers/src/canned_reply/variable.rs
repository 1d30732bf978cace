//! What a reply may name, and how it reads in a conversation.
//!
//! Invariant: clients read what they may know: the line by its public name, and it again instead of the operator where
//! the line hides who answers.

use std::cell::RefCell;

use base::{Actor, Error, FieldError, Result, Timestamp, Words};
use desk::contact::{self, company};
use desk::{conversation, line, setting, template};
use sea_orm::{ConnectionTrait, EntityTrait};

/// The names, those of automatic replies first: they mean the same here.
const NAMES: [&str; 10] = [
    "client",
    "operator",
    "line",
    "company",
    "number",
    "subject",
    "hours",
    "next_open",
    "client_first_name",
    "client_company",
];

/// Refuses a text that names what there is not.
pub(super) fn check(html: &str) -> Result<()> {
    let unknown = RefCell::new(None);
    template::fill(html, |name| {
        if !NAMES.contains(&name) {
            unknown.borrow_mut().get_or_insert_with(|| text::preview(&mail::html::html_to_text(name), 60));
        }
        Some(String::new())
    });
    let Some(name) = unknown.into_inner() else { return Ok(()) };
    let words = Words::owned(
        format!("Нет такой переменной: {{{{{name}}}}}. Выберите её из списка переменных"),
        format!("There is no such variable: {{{{{name}}}}}. Choose one from the list of variables"),
    );
    Err(Error::Invalid(vec![FieldError { field: "html".to_owned(), code: "unknown_variable", words }]))
}

/// The reply as the client of this conversation would read it.
pub(super) async fn fill(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    html: &str,
    conversation: &conversation::Model,
    now: Timestamp,
) -> Result<String> {
    // Whoever takes part in a group conversation need not see its line.
    let line = line::find(connection, &Actor::system(), conversation.line_id).await?;
    let client = contact::get(connection, conversation.contact_id).await?;
    let firm = match client.company_id {
        Some(id) => company::Entity::find_by_id(id).one(connection).await?.map(|firm| firm.name),
        None => None,
    };
    let company_name = setting::company(connection).await?.company_name;
    let hours = line::said_in(connection, html, &line, client.id, conversation.id, now).await?;
    let filled = template::fill(html, |name| {
        let value = match name {
            "client" => client.name.clone(),
            "client_first_name" => first_name(&client.name),
            "client_company" => firm.clone().unwrap_or_default(),
            "operator" if line.hide_operators => line.public_name.clone(),
            "operator" => actor.name.clone(),
            "line" => line.public_name.clone(),
            "company" => company_name.clone(),
            "number" => conversation.number.to_string(),
            "subject" => conversation.subject.clone(),
            _ => hours.value(name)?,
        };
        Some(mail::html::escape(&value))
    });
    Ok(mail::html::sanitize(&filled))
}

/// By what a person is addressed: Russians often write the family name first, and then a patronymic tells the names apart.
fn first_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    match words.as_slice() {
        [_, first, third] if is_patronymic(third) => (*first).to_owned(),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    }
}

fn is_patronymic(word: &str) -> bool {
    ["вич", "вна", "ична", "ьич", "кызы", "оглы"].iter().any(|end| word.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_addressed_by_the_first_name() {
        let check = |name: &str, expected: &str| assert_eq!(first_name(name), expected, "{name}");
        check("Анна Котова", "Анна");
        check("Анна Сергеевна", "Анна");
        check("Котова Анна Сергеевна", "Анна");
        check("Анна Сергеевна Котова", "Анна");
        check("Ильин Пётр Ильич", "Пётр");
        check("client@example.com", "client@example.com");
        check("", "");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let refused = |html: &str| match check(html) {
            Ok(()) => String::new(),
            Err(Error::Invalid(wrong)) => wrong[0].words.en.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(refused("<p>{{client}}, {{ next_open }}: {{number}} {{</p>"), "");
        let wrong = "There is no such variable: {{cleint}}. Choose one from the list of variables";
        assert_eq!(refused("<p>{{client}} {{cleint}} {{nubmer}}</p>"), wrong);
    }
}
