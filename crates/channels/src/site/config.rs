//! What a page needs to draw the chat.

use app::App;
use base::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::api::door::Site;
use super::settings::{AutoOpen, ChooserItem, Consent, Offsets, SiteField, Texts};

/// A site chat, for whoever draws it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SiteConfig {
    title: String,
    greeting: String,
    logo_url: Option<String>,
    /// `#5B5BD6`
    color: String,
    /// `right` or `left`
    corner: String,
    offsets: Offsets,
    mobile_full_screen: bool,
    /// The language to speak; null: the visitor's.
    locale: Option<Language>,
    /// The administrator's own words, by language and key.
    texts: Texts,
    /// What to ask before the first message.
    fields: Vec<SiteField>,
    /// Without this tick nobody can write.
    consent: Option<Consent>,
    auto_open: Option<AutoOpen>,
    /// Other ways to write to the company.
    chooser: Vec<ChooserItem>,
    /// Somebody answers now.
    online: bool,
    /// The working hours in words; empty: always.
    working_hours_text: String,
    offline: SiteOffline,
    sound: bool,
    ask_rating: bool,
    /// For so long the visitor may change what he wrote; 0: never.
    edit_minutes: i64,
    max_file_bytes: usize,
}

/// What happens outside working hours.
#[derive(Debug, Serialize, ToSchema)]
struct SiteOffline {
    /// `form` asks for a mail address, `chat` takes messages as always, `hide` shows nothing.
    mode: String,
    text: String,
}

pub(super) fn config(app: &App, site: Site, language: Language) -> SiteConfig {
    let settings = site.settings;
    let online = settings.is_online(app.now());
    let language = settings.locale.unwrap_or(language);
    SiteConfig {
        title: settings.title,
        greeting: settings.greeting,
        logo_url: settings.logo_url,
        color: settings.color,
        corner: settings.corner,
        offsets: settings.offsets,
        mobile_full_screen: settings.mobile_full_screen,
        locale: settings.locale,
        texts: settings.texts,
        fields: settings.fields,
        consent: settings.consent,
        auto_open: settings.auto_open,
        chooser: settings.chooser,
        online,
        working_hours_text: settings.working_hours.map(|hours| hours.words(language)).unwrap_or_default(),
        offline: SiteOffline { mode: settings.offline_mode, text: settings.offline_text },
        sound: settings.sound,
        ask_rating: settings.ask_rating,
        edit_minutes: settings.edit_minutes,
        max_file_bytes: settings.max_file_bytes.min(app.config.max_upload),
    }
}
