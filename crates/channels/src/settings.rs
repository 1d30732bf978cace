//! The settings of a channel: what a driver asks for, checked and kept, secrets apart and sealed.

use app::App;
use base::{Error, FieldError, Language, Result, Words};
use desk::channel;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// One thing an administrator fills in.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
    pub label: Words,
    pub help: Words,
    pub required: bool,
    pub default: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    Text,
    LongText,
    /// Never shown again once it is stored.
    Secret,
    Url,
    Color,
    Boolean,
    Number {
        min: i64,
        max: i64,
    },
    Select(Vec<(&'static str, Words)>),
    /// Any JSON; the driver checks it and the page has an editor of its own for it.
    Json,
}

impl Field {
    pub fn new(name: &'static str, kind: FieldKind, ru: &'static str, en: &'static str) -> Self {
        let default = match kind {
            FieldKind::Boolean => json!(false),
            _ => Value::Null,
        };
        Field { name, kind, label: Words::new(ru, en), help: Words::new("", ""), required: false, default }
    }

    pub fn text(name: &'static str, ru: &'static str, en: &'static str) -> Self {
        Field::new(name, FieldKind::Text, ru, en)
    }

    pub fn secret(name: &'static str, ru: &'static str, en: &'static str) -> Self {
        Field::new(name, FieldKind::Secret, ru, en)
    }

    /// The vendor's address, so that a proxy, a server of one's own, or a test can stand in for it.
    pub fn api_url(default: &'static str) -> Self {
        Field::new("api_url", FieldKind::Url, "Адрес API", "API address")
            .help(
                "Меняйте, только если запросы идут через свой сервер.",
                "Change it only if requests go through a server of your own.",
            )
            .default(json!(default))
    }

    pub fn help(self, ru: &'static str, en: &'static str) -> Self {
        Field { help: Words::new(ru, en), ..self }
    }

    pub fn required(self) -> Self {
        Field { required: true, ..self }
    }

    pub fn default(self, default: Value) -> Self {
        Field { default, ..self }
    }
}

/// A field as the page draws it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChannelField)]
pub struct FieldView {
    pub name: &'static str,
    /// `text`, `long_text`, `secret`, `url`, `color`, `boolean`, `number`, `select`, `json`.
    pub kind: &'static str,
    pub label: String,
    pub help: String,
    pub required: bool,
    #[schema(value_type = Object)]
    pub default: Value,
    pub options: Vec<FieldOption>,
    pub min: Option<i64>,
    pub max: Option<i64>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChannelFieldOption)]
pub struct FieldOption {
    pub value: &'static str,
    pub label: String,
}

impl Field {
    pub fn view(&self, language: Language) -> FieldView {
        let (kind, options, range) = match &self.kind {
            FieldKind::Text => ("text", Vec::new(), None),
            FieldKind::LongText => ("long_text", Vec::new(), None),
            FieldKind::Secret => ("secret", Vec::new(), None),
            FieldKind::Url => ("url", Vec::new(), None),
            FieldKind::Color => ("color", Vec::new(), None),
            FieldKind::Boolean => ("boolean", Vec::new(), None),
            FieldKind::Json => ("json", Vec::new(), None),
            FieldKind::Number { min, max } => ("number", Vec::new(), Some((*min, *max))),
            FieldKind::Select(options) => {
                let option = |(value, label): &(&'static str, Words)| FieldOption {
                    value,
                    label: label.get(language).to_owned(),
                };
                ("select", options.iter().map(option).collect(), None)
            }
        };
        FieldView {
            name: self.name,
            kind,
            label: self.label.get(language).to_owned(),
            help: self.help.get(language).to_owned(),
            required: self.required,
            default: self.default.clone(),
            options,
            min: range.map(|(min, _)| min),
            max: range.map(|(_, max)| max),
        }
    }
}

/// Settings with their secrets, as a driver reads them.
#[derive(Clone, Debug, Default)]
pub struct Settings(Map<String, Value>);

impl Settings {
    pub fn new(values: Map<String, Value>) -> Self {
        Settings(values)
    }

    /// What is stored of a channel.
    pub fn of(app: &App, channel: &channel::Model) -> Result<Self> {
        let mut values = object(&channel.settings);
        if !channel.secrets.is_empty() {
            let secrets: Map<String, Value> = serde_json::from_str(&app.secrets.open_sealed(&channel.secrets)?)?;
            values.extend(secrets);
        }
        Ok(Settings(values))
    }

    /// Empty when it is not set.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    pub fn value(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// The base address of the API, without a slash at its end.
    pub fn api_url(&self) -> &str {
        self.text("api_url").trim_end_matches('/')
    }

    /// Public settings and sealed secrets, for the row.
    pub fn store(&self, app: &App, fields: &[Field]) -> Result<(Value, String)> {
        let is_secret = |name: &str| fields.iter().any(|field| field.name == name && field.kind == FieldKind::Secret);
        let (secrets, open): (Map<_, _>, Map<_, _>) = self.0.clone().into_iter().partition(|(name, _)| is_secret(name));
        Ok((Value::Object(open), app.secrets.seal(&Value::Object(secrets).to_string())?))
    }

    /// As the API shows them: instead of each secret `has_NAME`.
    pub fn shown(&self, fields: &[Field]) -> Value {
        let mut shown = Map::new();
        for field in fields {
            let value = self.value(field.name);
            if field.kind == FieldKind::Secret {
                shown.insert(format!("has_{}", field.name), json!(value.as_str().is_some_and(|text| !text.is_empty())));
            } else {
                shown.insert(field.name.to_owned(), value.clone());
            }
        }
        Value::Object(shown)
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Given settings laid over stored ones and defaults; every wrong field at once. A null clears a setting, an empty secret
/// keeps the stored one.
pub fn fill(fields: &[Field], stored: &Settings, given: &Map<String, Value>) -> Result<Settings> {
    let mut wrong = Vec::new();
    let mut complain = |name: &str, code: &'static str, ru: String, en: String| {
        wrong.push(FieldError { field: format!("settings.{name}"), code, words: Words::owned(ru, en) });
    };
    for name in given.keys().filter(|name| !fields.iter().any(|field| field.name == name.as_str())) {
        complain(name, "unknown", "Такой настройки нет".to_owned(), "There is no such setting".to_owned());
    }
    let mut values = Map::new();
    for field in fields {
        let given = given.get(field.name);
        let kept = stored.0.get(field.name).filter(|value| !value.is_null());
        let says_nothing = |value: &&Value| field.kind == FieldKind::Secret && is_empty(value);
        // An explicit null clears a setting; only a secret, which nobody is shown, stays until another one is given.
        let value = match given.filter(|value| !says_nothing(value)) {
            Some(Value::Null) => &field.default,
            Some(value) => value,
            None => kept.unwrap_or(&field.default),
        };
        let value = value.clone();
        match checked(field, value) {
            Ok(value) if field.required && is_empty(&value) => {
                complain(field.name, "required", "Заполните это поле".to_owned(), "Fill in this field".to_owned());
            }
            Ok(value) => {
                values.insert(field.name.to_owned(), value);
            }
            Err((code, words)) => complain(field.name, code, words.ru.into_owned(), words.en.into_owned()),
        }
    }
    if wrong.is_empty() { Ok(Settings(values)) } else { Err(Error::Invalid(wrong)) }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

fn checked(field: &Field, value: Value) -> Result<Value, (&'static str, Words)> {
    let wrong_type = || ("wrong_type", Words::new("Значение не того вида", "The value is of a wrong kind"));
    if value.is_null() {
        return Ok(value);
    }
    match &field.kind {
        FieldKind::Json => Ok(value),
        FieldKind::Boolean => value.is_boolean().then_some(value).ok_or_else(wrong_type),
        FieldKind::Number { min, max } => {
            let number = value.as_i64().ok_or_else(wrong_type)?;
            let range = || Words::owned(format!("От {min} до {max}"), format!("From {min} to {max}"));
            if (*min..=*max).contains(&number) { Ok(value) } else { Err(("out_of_range", range())) }
        }
        kind => {
            let text = value.as_str().ok_or_else(wrong_type)?.trim();
            let limit = if matches!(kind, FieldKind::LongText) { 20_000 } else { 2_000 };
            if text.chars().count() > limit {
                let words = Words::owned(format!("Не больше {limit} знаков"), format!("At most {limit} characters"));
                return Err(("too_long", words));
            }
            let fits = text.is_empty()
                || match kind {
                    FieldKind::Url => text.starts_with("https://") || text.starts_with("http://"),
                    FieldKind::Color => {
                        text.len() == 7
                            && text.starts_with('#')
                            && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
                    }
                    FieldKind::Select(options) => options.iter().any(|(value, _)| *value == text),
                    _ => true,
                };
            let words = match kind {
                FieldKind::Url => Words::new("Адрес начинается с https://", "An address begins with https://"),
                FieldKind::Color => Words::new("Цвет пишется так: #5B5BD6", "A colour is written like this: #5B5BD6"),
                _ => Words::new("Выберите из списка", "Choose one of the list"),
            };
            if fits { Ok(json!(text)) } else { Err(("bad_value", words)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<Field> {
        vec![
            Field::secret("token", "Токен", "Token").required(),
            Field::api_url("https://api.example"),
            Field::new("size", FieldKind::Number { min: 1, max: 5 }, "Размер", "Size").default(json!(3)),
        ]
    }

    #[test]
    fn defaults_stored_and_given_settings_lie_over_each_other() {
        let given = |value: Value| value.as_object().cloned().unwrap();
        let first = fill(&fields(), &Settings::default(), &given(json!({"token": "abc"}))).unwrap();
        assert_eq!(
            (first.text("token"), first.api_url(), first.number("size")),
            ("abc", "https://api.example", Some(3))
        );
        let second = fill(&fields(), &first, &given(json!({"token": "", "size": 4}))).unwrap();
        assert_eq!((second.text("token"), second.number("size")), ("abc", Some(4)));
        let third = fill(&fields(), &second, &given(json!({"token": null, "size": null}))).unwrap();
        assert_eq!((third.text("token"), third.number("size")), ("abc", Some(3)));
        assert_eq!(second.shown(&fields())["has_token"], true);
        assert!(second.shown(&fields()).get("token").is_none());
    }

    #[test]
    fn every_wrong_setting_is_named() {
        let given = json!({"size": 9, "api_url": "ftp://x", "colour": 1}).as_object().cloned().unwrap();
        let Err(Error::Invalid(wrong)) = fill(&fields(), &Settings::default(), &given) else { panic!("it passed") };
        let names: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(names, ["settings.colour", "settings.token", "settings.api_url", "settings.size"]);
    }
}
