//! A sentence for a person, in every language the product speaks.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A language of the user interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ru,
    En,
}

impl Language {
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Ru => "ru",
            Language::En => "en",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "ru" => Some(Language::Ru),
            "en" => Some(Language::En),
            _ => None,
        }
    }

    /// The first known language of an `Accept-Language` header, else Russian.
    pub fn from_accept_language(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| Language::parse(part.split([';', '-']).next()?.trim()))
            .next()
            .unwrap_or_default()
    }
}

/// One sentence in Russian and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub ru: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Words {
    pub const fn new(ru: &'static str, en: &'static str) -> Self {
        Words { ru: Cow::Borrowed(ru), en: Cow::Borrowed(en) }
    }

    pub fn owned(ru: String, en: String) -> Self {
        Words { ru: Cow::Owned(ru), en: Cow::Owned(en) }
    }

    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}
