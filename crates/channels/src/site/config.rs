//! What a page needs to draw the chat.

use app::App;
use base::{Language, Result};
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::ToSchema;

use super::api::door::Site;
use super::hours;
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
    /// The working hours in words; empty: always, or not for visitors.
    working_hours_text: String,
    /// When somebody answers again, `Ответим завтра с 9:00`, by the visitor's clock; empty: somebody does now, or it is not for visitors.
    opens_text: String,
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

pub(super) async fn config(app: &App, site: Site, reader: Option<Tz>, language: Language) -> Result<SiteConfig> {
    let (read, now) = (app.db.read(), app.now());
    let hours = hours::of(read, &site).await?;
    let offline_text = hours::offline_text(read, &site, &hours.hours, now, reader).await?;
    let language = site.settings.locale.unwrap_or(language);
    let (online, working_hours_text, opens_text) = hours.view(now, reader, language).into_parts();
    let settings = site.settings;
    Ok(SiteConfig {
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
        working_hours_text,
        opens_text,
        offline: SiteOffline { mode: settings.offline_mode, text: offline_text },
        sound: settings.sound,
        ask_rating: settings.ask_rating,
        edit_minutes: settings.edit_minutes,
        max_file_bytes: settings.max_file_bytes.min(app.config.max_upload),
    })
}
