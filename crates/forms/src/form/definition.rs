//! What a form asks and what becomes of the answers.

use std::collections::HashSet;

use base::{Error, FieldError, Result, Words};
use desk::conversation::Priority;
use desk::ticket::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A form as it is built and shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FormDefinition)]
#[serde(default)]
pub(crate) struct Definition {
    /// Above the form. At most 200 characters.
    pub title: String,
    /// Under the title. Plain text, at most 2,000 characters.
    pub text: String,
    /// In the order shown, 1 to 40.
    pub fields: Vec<Field>,
    /// On the button; empty: "Отправить".
    pub submit_text: String,
    /// Shown when it was sent; `{{number}}` is filled in.
    pub thanks_text: String,
    /// Must be ticked before sending.
    pub consent: Option<Consent>,
    pub outcome: Outcome,
    /// The colour of the button, `#5B5BD6`.
    pub color: String,
    /// Ask the sender's browser to solve a puzzle.
    pub puzzle: bool,
}

/// A tick that must be set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FormConsent)]
#[serde(default)]
pub(crate) struct Consent {
    pub text: String,
    /// The policy.
    pub url: String,
}

/// What becomes of a submission.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FormOutcome)]
#[serde(default)]
pub(crate) struct Outcome {
    /// Also make a ticket of the conversation.
    pub ticket: bool,
    /// Of the ticket.
    #[serde(rename = "type")]
    pub kind: Option<Kind>,
    pub priority: Option<Priority>,
    /// Of the conversation; `{{NAME}}` stands for the answer to a field. Empty: the field that means the subject, else the title.
    pub subject: String,
}

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FormField)]
#[serde(default)]
pub(crate) struct Field {
    /// `a-z 0-9 _`, at most 40 characters, unique in the form.
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldKind,
    pub label: String,
    pub help: String,
    pub placeholder: String,
    pub required: bool,
    /// Of a choice.
    pub options: Vec<String>,
    /// The answer to begin with; the only one of a hidden field.
    pub preset: String,
    /// What the answer means to the desk.
    pub means: Option<Meaning>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FormFieldType)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldKind {
    #[default]
    Text,
    LongText,
    Email,
    Phone,
    Number,
    Date,
    Choice,
    Checkbox,
    /// One or more files, 10 MB each.
    File,
    Hidden,
}

/// What an answer means to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = FormFieldMeaning)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Meaning {
    /// The client's name.
    Name,
    /// The address answers go to.
    Email,
    Phone,
    Subject,
    /// The client's words.
    Text,
}

/// Every fault of a definition at once.
pub(super) fn check(definition: &Definition) -> Result<()> {
    let mut wrong = Vec::new();
    let mut complain = |field: String, code: &'static str, ru: &'static str, en: &'static str| {
        wrong.push(FieldError { field: format!("definition.{field}"), code, words: Words::new(ru, en) });
    };
    let lengths = [
        ("title", &definition.title, 200),
        ("text", &definition.text, 2000),
        ("submit_text", &definition.submit_text, 60),
        ("thanks_text", &definition.thanks_text, 2000),
    ];
    for (name, text, limit) in lengths {
        if text.chars().count() > limit {
            complain(name.to_owned(), "too_long", "Слишком длинно", "Too long");
        }
    }
    let color = &definition.color;
    let hex = color.len() == 7 && color.starts_with('#') && color.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit());
    if !color.is_empty() && !hex {
        complain(
            "color".to_owned(),
            "bad_value",
            "Цвет пишется так: #5B5BD6",
            "A colour is written like this: #5B5BD6",
        );
    }
    if definition.fields.is_empty() || definition.fields.len() > 40 {
        complain("fields".to_owned(), "out_of_range", "От 1 до 40 полей", "1 to 40 fields");
    }
    if let Some(consent) = &definition.consent
        && consent.text.trim().is_empty()
    {
        complain("consent.text".to_owned(), "required", "Напишите текст согласия", "Write the text of the consent");
    }
    let (mut names, mut meanings) = (HashSet::new(), HashSet::new());
    for (index, field) in definition.fields.iter().enumerate() {
        let at = |name: &str| format!("fields[{index}].{name}");
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if field.name.is_empty() || field.name.len() > 40 || !field.name.chars().all(fine) {
            complain(
                at("name"),
                "bad_value",
                "Латинские строчные буквы, цифры и _",
                "Lower-case Latin letters, digits and _",
            );
        } else if field.name == "answers" {
            // A file's part is called as its field, and the answers have a part of this name.
            complain(at("name"), "taken", "Это имя занято, возьмите другое", "This name is taken, choose another");
        } else if !names.insert(field.name.as_str()) {
            complain(at("name"), "taken", "Такое поле уже есть", "There is such a field already");
        }
        if field.label.trim().is_empty() && field.kind != FieldKind::Hidden {
            complain(at("label"), "required", "Напишите название поля", "Write the field's name");
        }
        if field.kind == FieldKind::Choice
            && field.options.iter().filter(|option| !option.trim().is_empty()).count() < 2
        {
            complain(at("options"), "required", "Нужно хотя бы два варианта", "At least two options are needed");
        }
        if let Some(means) = field.means
            && !meanings.insert(means)
        {
            complain(at("means"), "taken", "Это значение уже у другого поля", "Another field has this meaning already");
        }
        let wants_mail = field.means == Some(Meaning::Email) && field.kind != FieldKind::Email;
        let wants_phone = field.means == Some(Meaning::Phone) && field.kind != FieldKind::Phone;
        if wants_mail || wants_phone {
            complain(
                at("type"),
                "bad_value",
                "Вид поля не подходит к его значению",
                "The type does not fit the meaning",
            );
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named() {
        let field = |name: &str, kind: FieldKind| Field {
            name: name.to_owned(),
            kind,
            label: "Поле".to_owned(),
            ..Field::default()
        };
        let definition = Definition {
            color: "red".to_owned(),
            consent: Some(Consent::default()),
            fields: vec![
                field("Тема", FieldKind::Text),
                field("kind", FieldKind::Choice),
                Field { means: Some(Meaning::Email), ..field("kind", FieldKind::Text) },
            ],
            ..Definition::default()
        };
        let Err(Error::Invalid(wrong)) = check(&definition) else { panic!("it passed") };
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.trim_start_matches("definition.")).collect();
        assert_eq!(
            fields,
            ["color", "consent.text", "fields[0].name", "fields[1].options", "fields[2].name", "fields[2].type"]
        );
    }
}
