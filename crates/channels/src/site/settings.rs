//! The settings of a site chat, as its parts use them; what is complex is checked strictly and named when it is wrong.

use std::collections::BTreeMap;

use base::{Error, FieldError, Language, Result, Words};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::hours::Which;
use crate::settings::Settings;

/// A site chat as an administrator set it.
#[derive(Clone, Debug)]
pub(crate) struct SiteSettings {
    pub title: String,
    pub greeting: String,
    pub logo_url: Option<String>,
    pub color: String,
    pub corner: String,
    pub offsets: Offsets,
    pub mobile_full_screen: bool,
    pub locale: Option<Language>,
    pub texts: Texts,
    pub fields: Vec<SiteField>,
    pub consent: Option<Consent>,
    pub auto_open: Option<AutoOpen>,
    pub chooser: Vec<ChooserItem>,
    pub hours: Which,
    pub offline_mode: String,
    pub offline_text: String,
    pub mail_unseen: bool,
    pub mail_after: chrono::Duration,
    pub left_after: chrono::Duration,
    pub allowed_origins: Vec<String>,
    pub identity_secret: String,
    pub edit_minutes: i64,
    pub ask_rating: bool,
    pub sound: bool,
    pub max_file_bytes: usize,
}

/// Distance from the corner of the page, in pixels.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteOffset)]
pub(crate) struct Offset {
    pub x: u16,
    pub y: u16,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteOffsets)]
pub(crate) struct Offsets {
    pub desktop: Offset,
    pub mobile: Offset,
}

/// An administrator's own words in place of the built-in ones, by key.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SiteTexts)]
pub(crate) struct Texts {
    pub ru: BTreeMap<String, String>,
    pub en: BTreeMap<String, String>,
}

/// Something a visitor tells of himself before he writes.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteField)]
pub(crate) struct SiteField {
    /// `name`, `email` and `phone` are known; any other one is your own.
    pub name: String,
    pub label: String,
    #[serde(default)]
    pub required: bool,
}

/// The tick without which nobody can write.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteConsent)]
pub(crate) struct Consent {
    pub text: String,
    #[serde(default)]
    pub url: Option<String>,
}

/// When the window opens by itself.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteAutoOpen)]
pub(crate) struct AutoOpen {
    pub mode: AutoOpenMode,
    pub rules: Vec<AutoOpenRule>,
    pub action: AutoOpenAction,
    #[serde(default)]
    pub message: String,
}

/// Whether one rule is enough.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AutoOpenMode {
    Any,
    Every,
}

/// What then happens: the chat opens, a message is shown beside its button, the mail form opens.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum AutoOpenAction {
    Open,
    Message,
    Form,
}

#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteAutoOpenRule)]
pub(crate) struct AutoOpenRule {
    pub kind: AutoOpenRuleKind,
    /// A part of an address, or seconds.
    #[schema(value_type = Object)]
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AutoOpenRuleKind {
    UrlEquals,
    UrlContains,
    PageSeconds,
    SiteSeconds,
}

/// Another way to write to the company.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SiteChooserItem)]
pub(crate) struct ChooserItem {
    /// A messenger's name, `chat` for this chat, `mail` for the mail form.
    pub kind: String,
    #[serde(default)]
    pub url: Option<String>,
    pub title: String,
}

impl SiteSettings {
    /// Reads what is stored or about to be stored; every wrong setting at once.
    pub fn read(settings: &Settings) -> Result<Self> {
        let mut faults = Faults(Vec::new());
        let site = SiteSettings {
            title: settings.text("title").to_owned(),
            greeting: settings.text("greeting").to_owned(),
            logo_url: Some(settings.text("logo_url").to_owned()).filter(|url| !url.is_empty()),
            color: settings.text("color").to_owned(),
            corner: settings.text("corner").to_owned(),
            offsets: faults.json(settings, "offsets"),
            mobile_full_screen: settings.flag("mobile_full_screen"),
            locale: Language::parse(settings.text("locale")),
            texts: faults.json(settings, "texts"),
            fields: faults.json(settings, "fields"),
            consent: faults.json(settings, "consent"),
            auto_open: faults.json(settings, "auto_open"),
            chooser: faults.json(settings, "chooser"),
            hours: faults.hours(settings.text("hours")),
            offline_mode: settings.text("offline_mode").to_owned(),
            offline_text: settings.text("offline_text").to_owned(),
            mail_unseen: settings.flag("mail_unseen"),
            mail_after: chrono::Duration::minutes(settings.number("mail_after_minutes").unwrap_or(5)),
            left_after: chrono::Duration::seconds(settings.number("left_after_seconds").unwrap_or(60)),
            allowed_origins: faults.json(settings, "allowed_origins"),
            identity_secret: settings.text("identity_secret").to_owned(),
            edit_minutes: settings.number("edit_minutes").unwrap_or(15),
            ask_rating: settings.flag("ask_rating"),
            sound: settings.flag("sound"),
            max_file_bytes: usize::try_from(settings.number("max_file_mb").unwrap_or(20)).unwrap_or(20) * 1024 * 1024,
        };
        site.check(&mut faults);
        if faults.0.is_empty() { Ok(site) } else { Err(Error::Invalid(faults.0)) }
    }

    fn check(&self, faults: &mut Faults) {
        for (index, field) in self.fields.iter().enumerate() {
            let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let path = |part: &str| format!("fields[{index}].{part}");
            if field.name.is_empty() || field.name.len() > 40 || !field.name.chars().all(fine) {
                let words = ("Имя поля: строчные латинские буквы, цифры и _", "A field's name: a-z, digits and _");
                faults.add(&path("name"), "bad_value", words);
            } else if self.fields[..index].iter().any(|other| other.name == field.name) {
                faults.add(&path("name"), "taken", ("Такое поле уже есть", "There is such a field already"));
            }
            faults.text(&path("label"), &field.label, 200);
        }
        if let Some(consent) = &self.consent {
            faults.text("consent.text", &consent.text, 2_000);
            faults.url("consent.url", consent.url.as_deref());
        }
        if let Some(auto_open) = &self.auto_open {
            if auto_open.rules.is_empty() {
                faults.add("auto_open.rules", "required", ("Добавьте хотя бы одно правило", "Add at least one rule"));
            }
            for (index, rule) in auto_open.rules.iter().enumerate() {
                let wants_text = matches!(rule.kind, AutoOpenRuleKind::UrlEquals | AutoOpenRuleKind::UrlContains);
                let fits = if wants_text {
                    rule.value.as_str().is_some_and(|text| !text.trim().is_empty())
                } else {
                    rule.value.as_u64().is_some_and(|seconds| seconds <= 86_400)
                };
                if !fits {
                    let words = ("Адрес или число секунд", "An address or a number of seconds");
                    faults.add(&format!("auto_open.rules[{index}].value"), "bad_value", words);
                }
            }
        }
        for (index, item) in self.chooser.iter().enumerate() {
            faults.text(&format!("chooser[{index}].kind"), &item.kind, 40);
            faults.text(&format!("chooser[{index}].title"), &item.title, 200);
            faults.link(&format!("chooser[{index}].url"), item.url.as_deref());
        }
        for (index, origin) in self.allowed_origins.iter().enumerate() {
            let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            let fits = rest.is_some_and(|host| {
                let host = host.strip_prefix("*.").unwrap_or(host);
                !host.is_empty() && !host.contains(['/', '*', ' ', '?', '#'])
            });
            if !fits {
                let words =
                    ("Адрес сайта без пути: https://shop.example", "A site without a path: https://shop.example");
                faults.add(&format!("allowed_origins[{index}]"), "bad_value", words);
            }
        }
        for (language, texts) in [("ru", &self.texts.ru), ("en", &self.texts.en)] {
            for (key, text) in texts {
                if text.chars().count() > 1_000 {
                    let words = ("Не больше 1000 знаков", "At most 1000 characters");
                    faults.add(&format!("texts.{language}.{key}"), "too_long", words);
                }
            }
        }
    }

    /// Whether a page of this origin may talk to the chat. Programs that send none may: they are no other site's page.
    pub fn allows_origin(&self, origin: Option<&str>) -> bool {
        let Some(origin) = origin else { return true };
        let origin = origin.to_ascii_lowercase();
        self.allowed_origins.is_empty()
            || self.allowed_origins.iter().any(|allowed| {
                let allowed = allowed.to_ascii_lowercase();
                match allowed.split_once("://*.") {
                    Some((scheme, domain)) => origin
                        .strip_prefix(scheme)
                        .and_then(|rest| rest.strip_prefix("://"))
                        .is_some_and(|host| host.strip_suffix(domain).is_some_and(|start| start.ends_with('.'))),
                    None => origin == allowed,
                }
            })
    }
}

struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, path: &str, code: &'static str, (ru, en): (&'static str, &'static str)) {
        let field = format!("settings.{path}");
        self.0.push(FieldError { field, code, words: Words::new(ru, en) });
    }

    /// A setting that is JSON; absent: what is usual.
    fn json<T: DeserializeOwned + Default>(&mut self, settings: &Settings, name: &str) -> T {
        let value = settings.value(name);
        if value.is_null() {
            return T::default();
        }
        match serde_path_to_error::deserialize(value.clone()) {
            Ok(value) => value,
            Err(error) => {
                let path = error.path().to_string();
                let dot = if path.starts_with('[') || path == "." { "" } else { "." };
                let path = if path == "." { String::new() } else { path };
                let words = Words::owned(
                    format!("Значение не того вида: {}", error.inner()),
                    format!("A value of a wrong kind: {}", error.inner()),
                );
                self.0.push(FieldError { field: format!("settings.{name}{dot}{path}"), code: "wrong_type", words });
                T::default()
            }
        }
    }

    fn hours(&mut self, text: &str) -> Which {
        Which::parse(text).unwrap_or_else(|| {
            let words = ("Выберите line, always или график", "Choose line, always or a schedule");
            self.add("hours", "bad_value", words);
            Which::Line
        })
    }

    fn text(&mut self, path: &str, text: &str, max: usize) {
        if text.trim().is_empty() {
            self.add(path, "required", ("Заполните это поле", "Fill in this field"));
        } else if text.chars().count() > max {
            self.add(path, "too_long", ("Слишком длинно", "Too long"));
        }
    }

    fn url(&mut self, path: &str, url: Option<&str>) {
        let url = url.unwrap_or_default();
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            self.add(path, "bad_value", ("Адрес начинается с https://", "An address begins with https://"));
        }
    }

    /// Also `tel:` and `mailto:`; never a script.
    fn link(&mut self, path: &str, url: Option<&str>) {
        if !url.unwrap_or_default().starts_with("tel:") && !url.unwrap_or_default().starts_with("mailto:") {
            self.url(path, url);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Result<SiteSettings> {
        SiteSettings::read(&Settings::new(value.as_object().cloned().unwrap()))
    }

    fn faults(value: Value) -> Vec<String> {
        match read(value) {
            Err(Error::Invalid(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_named_to_the_point() {
        let wrong = json!({
            "fields": [{"name": "email", "label": "Почта"}, {"name": "email", "label": ""}],
            "consent": {"text": "", "url": "javascript:alert(1)"},
            "auto_open": {"mode": "any", "action": "open", "rules": [{"kind": "page_seconds", "value": "soon"}]},
            "hours": "nine to five",
            "allowed_origins": ["shop.example"],
            "chooser": [{"kind": "telegram", "title": "Телеграм", "url": "javascript:alert(1)"}],
        });
        assert_eq!(
            faults(wrong),
            [
                "settings.hours",
                "settings.fields[1].name",
                "settings.fields[1].label",
                "settings.consent.text",
                "settings.consent.url",
                "settings.auto_open.rules[0].value",
                "settings.chooser[0].url",
                "settings.allowed_origins[0]",
            ]
        );
        assert_eq!(faults(json!({"fields": [{"name": "email"}]})), ["settings.fields[0]"]);
        assert_eq!(faults(json!({"offsets": 5})), ["settings.offsets"]);
    }

    #[test]
    fn an_origin_is_allowed_by_name_or_by_domain() {
        let site = read(json!({"allowed_origins": ["https://shop.example", "https://*.mall.example"]})).unwrap();
        for allowed in ["https://shop.example", "https://a.mall.example", "https://A.b.mall.example"] {
            assert!(site.allows_origin(Some(allowed)), "{allowed}");
        }
        for refused in ["http://shop.example", "https://shop.example.evil", "https://evilmall.example", "null"] {
            assert!(!site.allows_origin(Some(refused)), "{refused}");
        }
        assert!(site.allows_origin(None), "a program");
        assert!(read(json!({})).unwrap().allows_origin(Some("https://anything")));
    }
}
