//! A submission becomes a conversation, and a ticket where the form says so.

use std::collections::HashMap;

use base::{Actor, Error, FieldError, FormId, Result, Words};
use db::Tx;
use desk::chat::Person;
use desk::contact::{self, NewIdentity};
use desk::conversation::{self, Channel, Inbound, NewFile, Sender, Threading, ThreadingRule, participant};
use desk::people::Address;
use desk::ticket;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::{Map, Value, json};

use super::entity::{Column, Entity, Model};
use crate::form::{self, Definition, Field, FieldKind, Meaning};

/// What was sent, with the files already in the store.
pub(super) struct Sent {
    pub challenge: String,
    /// By the name of their field.
    pub files: Vec<(String, NewFile)>,
    pub page_url: String,
    pub address: String,
}

/// The answers, every one right, in the order of the form; or every wrong one named.
pub(super) fn checked(
    definition: &Definition,
    given: &Map<String, Value>,
    files: &[(String, NewFile)],
) -> Result<Vec<(Field, String)>> {
    let mut wrong = Vec::new();
    let mut right = Vec::new();
    for field in &definition.fields {
        let mut complain = |code: &'static str, ru: &'static str, en: &'static str| {
            wrong.push(FieldError { field: format!("answers.{}", field.name), code, words: Words::new(ru, en) });
        };
        if field.kind == FieldKind::File {
            if field.required && !files.iter().any(|(name, _)| *name == field.name) {
                complain("required", "Приложите файл", "Attach a file");
            }
            continue;
        }
        let answer = match (field.kind, given.get(&field.name)) {
            (FieldKind::Hidden, _) => field.preset.clone(),
            (FieldKind::Checkbox, Some(Value::Bool(ticked))) => if *ticked { "да" } else { "" }.to_owned(),
            (_, Some(Value::String(text))) => text.trim().to_owned(),
            (_, Some(Value::Number(number))) => number.to_string(),
            (_, None | Some(Value::Null)) => String::new(),
            _ => {
                complain("wrong_type", "Непонятный ответ", "This answer is of a wrong kind");
                continue;
            }
        };
        if answer.is_empty() {
            if field.required {
                complain("required", "Заполните это поле", "Fill in this field");
            }
            continue;
        }
        let limit = if field.kind == FieldKind::LongText { 20_000 } else { 1_000 };
        let fits = match field.kind {
            FieldKind::Email => text::email::normalize(&answer).is_some(),
            FieldKind::Phone => text::phone::normalize(&answer, "RU").is_some(),
            FieldKind::Number => answer.replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite),
            FieldKind::Date => chrono::NaiveDate::parse_from_str(&answer, "%Y-%m-%d").is_ok(),
            FieldKind::Choice => field.options.contains(&answer),
            _ => true,
        };
        if answer.chars().count() > limit {
            complain("too_long", "Слишком длинно", "Too long");
        } else if !fits {
            match field.kind {
                FieldKind::Email => {
                    complain("bad_address", "Это не похоже на адрес почты", "This is not a mail address")
                }
                FieldKind::Phone => complain("bad_phone", "Непонятный номер телефона", "This is not a phone number"),
                FieldKind::Number => complain("bad_value", "Напишите число", "Write a number"),
                FieldKind::Date => complain("bad_value", "Выберите дату", "Choose a date"),
                _ => complain("bad_value", "Выберите из списка", "Choose one of the list"),
            }
        } else {
            right.push((field.clone(), answer));
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(Error::Invalid(wrong)) }
}

/// The submission with this challenge, if it was taken before.
pub(super) async fn known(connection: &impl ConnectionTrait, challenge: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Challenge.eq(challenge)).one(connection).await?)
}

/// Makes a conversation of it. The client is recognised by his mail or phone.
pub(super) async fn take(
    tx: &Tx,
    form: &form::Model,
    definition: &Definition,
    sent: Sent,
    answers: Vec<(Field, String)>,
) -> Result<Model> {
    let meaning = |means: Meaning| {
        answers.iter().find(|(field, _)| field.means == Some(means)).map(|(_, answer)| answer.as_str())
    };
    let email = meaning(Meaning::Email).and_then(text::email::normalize);
    let mut identities: Vec<NewIdentity> = email.iter().map(|email| NewIdentity::email(email)).collect();
    identities.extend(meaning(Meaning::Phone).and_then(NewIdentity::phone));
    let name = meaning(Meaning::Name).map_or_else(|| "Посетитель сайта".to_owned(), str::to_owned);
    let person = Person { identities, name: name.clone(), locale: None };
    let contact = contact::find_or_create(tx, &person).await?.0;
    let subject = subject(definition, &answers);
    let threading = Threading {
        rule: ThreadingRule::NewConversation,
        ru: format!("Прислано формой «{}».", form.name),
        en: format!("Sent with the form “{}”.", form.name),
    };
    let inbound = Inbound {
        subject: subject.clone(),
        files: sent.files.into_iter().map(|(_, file)| file).collect(),
        ..Inbound::new(form.line_id, Channel::Form, Sender::Known(contact.id), html(&answers), threading, tx.now())
    };
    let received = conversation::receive(tx, &Actor::system(), inbound).await?;
    if let Some(address) = email {
        let client = Address { name: Some(name), address };
        participant::add(tx, received.conversation_id, &client, participant::Part::Client, None).await?;
    }
    if definition.outcome.ticket {
        let subject = if subject.trim().is_empty() { form.name.clone() } else { subject };
        let (kind, priority) = (definition.outcome.kind, definition.outcome.priority);
        ticket::create_for(tx, received.conversation_id, &subject, kind, priority).await?;
    }
    let row = Model {
        id: tx.new_id(),
        form_id: form.id,
        challenge: sent.challenge,
        conversation_id: received.conversation_id,
        number: received.number,
        answers: json!(
            answers.iter().map(|(field, answer)| (field.name.clone(), json!(answer))).collect::<Map<_, _>>()
        ),
        page_url: sent.page_url,
        address: sent.address,
        created_at: tx.now(),
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    Ok(row)
}

fn subject(definition: &Definition, answers: &[(Field, String)]) -> String {
    let template = definition.outcome.subject.trim();
    if !template.is_empty() {
        let answer = |name: &str| answers.iter().find(|(field, _)| field.name == name).map_or("", |(_, answer)| answer);
        let filled = definition.fields.iter().fold(template.to_owned(), |text, field| {
            text.replace(&format!("{{{{{}}}}}", field.name), answer(&field.name))
        });
        return filled.trim().to_owned();
    }
    let said =
        answers.iter().find(|(field, _)| field.means == Some(Meaning::Subject)).map(|(_, answer)| answer.clone());
    said.unwrap_or_else(|| definition.title.clone())
}

/// The client's words first, then every other answer with its question.
fn html(answers: &[(Field, String)]) -> String {
    let mut html = String::new();
    for (_, answer) in answers.iter().filter(|(field, _)| field.means == Some(Meaning::Text)) {
        html += &mail::html::text_to_html(answer);
    }
    for (field, answer) in answers.iter().filter(|(field, _)| field.means != Some(Meaning::Text)) {
        let label = if field.label.trim().is_empty() { &field.name } else { &field.label };
        html += &format!("<p><strong>{}:</strong> {}</p>", escape(label), escape(answer).replace('\n', "<br>"));
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// How often each form was sent.
pub(crate) async fn counts(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = FormId>,
) -> Result<HashMap<FormId, i64>> {
    let rows: Vec<(FormId, i64)> = Entity::find()
        .select_only()
        .column(Column::FormId)
        .column_as(Column::Id.count(), "count")
        .filter(Column::FormId.is_in(ids))
        .group_by(Column::FormId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}
