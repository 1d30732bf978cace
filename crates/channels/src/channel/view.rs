//! A channel as the API shows it.

use std::collections::HashMap;

use app::App;
use base::{Actor, ChannelId, GroupId, Language, Result, Words};
use chrono::{DateTime, Utc};
use desk::channel::{Kind, Model, State};
use desk::people::LineRef;
use desk::{group, line};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::driver::{About, Capabilities, Window, hook_url};
use crate::settings::{FieldView, Settings};
use crate::{drivers, intake};

/// A channel of a line.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Channel {
    pub id: ChannelId,
    pub line: LineRef,
    pub kind: Kind,
    pub name: String,
    /// What people call the account at the vendor's; empty until it is connected.
    pub account_name: String,
    /// As its kind asks for (`GET /channels/kinds`); instead of a secret `has_NAME`.
    #[schema(value_type = Object)]
    pub settings: serde_json::Value,
    pub enabled: bool,
    pub state: State,
    /// Why it is broken and what to do, in the reader's language.
    pub state_reason: Option<String>,
    pub state_since: DateTime<Utc>,
    pub next_try_at: Option<DateTime<Utc>>,
    pub last_inbound_at: Option<DateTime<Utc>>,
    pub last_check_at: Option<DateTime<Utc>>,
    /// Where the vendor calls us.
    pub hook_url: String,
    /// The public key of a site chat.
    pub hook_key: String,
    /// Messages may have been missed: since when and why, in the reader's language.
    pub gap_note: Option<String>,
    pub counts: ChannelCounts,
    /// The group of operators its conversations go to.
    pub group: Option<ChannelGroup>,
    pub created_at: DateTime<Utc>,
}

/// What the vendor sent.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct ChannelCounts {
    pub received: i64,
    /// Could not be taken.
    pub failed: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ChannelGroup {
    pub id: GroupId,
    pub name: String,
}

pub(super) async fn views(app: &App, actor: &Actor, rows: Vec<Model>) -> Result<Vec<Channel>> {
    let read = app.db.read();
    let lines = line::names(read, rows.iter().map(|row| row.line_id)).await?;
    let groups = group::Entity::find().filter(group::Column::Id.is_in(rows.iter().filter_map(|row| row.group_id)));
    let groups: HashMap<GroupId, String> =
        groups.all(read).await?.into_iter().map(|group| (group.id, group.name)).collect();
    let counts = intake::counts(read, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    rows.into_iter()
        .map(|row| {
            let line = lines.get(&row.line_id).cloned();
            let line = line.unwrap_or(LineRef { id: row.line_id, key: String::new(), name: String::new() });
            let group = row.group_id.map(|id| ChannelGroup { id, name: groups.get(&id).cloned().unwrap_or_default() });
            let counts = counts.get(&row.id).copied().unwrap_or_default();
            view(app, row, line, group, counts, actor.language)
        })
        .collect()
}

fn view(
    app: &App,
    row: Model,
    line: LineRef,
    group: Option<ChannelGroup>,
    counts: ChannelCounts,
    language: Language,
) -> Result<Channel> {
    let about = drivers::of(row.kind).map(|driver| driver.about());
    let fields = about.as_ref().map(|about| about.fields.as_slice()).unwrap_or_default();
    let settings = Settings::of(app, &row)?.shown(fields);
    let reason: Option<Words> = row.state_reason.clone().and_then(|reason| serde_json::from_value(reason).ok());
    let gap_note = row.gap_since.map(|since| gap_note(about.as_ref(), since, language));
    Ok(Channel {
        id: row.id,
        line,
        kind: row.kind,
        hook_url: hook_url(app, &row),
        hook_key: row.hook_key,
        name: row.name,
        account_name: row.account_name,
        settings,
        enabled: row.enabled,
        state: row.state,
        state_reason: reason.map(|words| words.get(language).to_owned()),
        state_since: row.state_since,
        next_try_at: row.next_try_at,
        last_inbound_at: row.last_inbound_at,
        last_check_at: row.last_check_at,
        gap_note,
        counts,
        group,
        created_at: row.created_at,
    })
}

fn gap_note(about: Option<&About>, since: DateTime<Utc>, language: Language) -> String {
    let kept = about.and_then(|about| about.capabilities.keeps_missed).map(|kept| kept.as_secs() / 3600);
    let since = since.format("%d.%m.%Y %H:%M");
    match (language, kept) {
        (Language::Ru, Some(hours)) => {
            format!(
                "Связи не было с {since} UTC, дольше {hours} ч, за которые сервис хранит сообщения: часть могла потеряться."
            )
        }
        (Language::Ru, None) => format!("Связи не было с {since} UTC; сообщения за это время сервис не хранит."),
        (Language::En, Some(hours)) => format!(
            "There was no connection from {since} UTC, for longer than the {hours} h that the service keeps messages: some may be lost."
        ),
        (Language::En, None) => {
            format!("There was no connection from {since} UTC; the service does not keep messages of that time.")
        }
    }
}

/// A kind of channel, for whoever connects one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChannelKind {
    pub kind: Kind,
    pub title: String,
    /// One sentence for whoever chooses.
    pub text: String,
    /// The settings form.
    pub fields: Vec<FieldView>,
    /// What to do at the vendor's, step by step.
    pub steps: Vec<String>,
    pub capabilities: CapabilitiesView,
}

/// What a channel of a kind can do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChannelCapabilities)]
pub(crate) struct CapabilitiesView {
    /// An operator may write first, to a phone number.
    pub start_by_phone: bool,
    /// Why an operator may not write first to somebody unknown.
    pub why_not_start: Option<String>,
    /// Bold, lists and links reach the client as such.
    pub formatting: bool,
    /// Characters in one message; longer texts are split.
    pub text_limit: usize,
    pub files: bool,
    /// Bytes.
    pub max_file_bytes: u64,
    pub keyboard: bool,
    pub quote: bool,
    /// Seconds after sending in which the words can be changed; 0: never; null: always.
    pub edit_seconds: Option<u64>,
    pub delete_seconds: Option<u64>,
    pub read_marks: bool,
    pub typing: bool,
    /// Seconds after the client's last message in which one may write freely.
    pub reply_window_seconds: Option<u64>,
    pub templates: bool,
}

impl CapabilitiesView {
    pub fn of(kind: Kind, can: &Capabilities, language: Language) -> Self {
        let seconds = |window: Window| match window {
            Window::Never => Some(0),
            Window::For(length) => Some(length.as_secs()),
            Window::Always => None,
        };
        CapabilitiesView {
            start_by_phone: can.start_by_phone,
            why_not_start: can.why_not_start.as_ref().map(|words| words.get(language).to_owned()),
            formatting: can.format != rich::Format::Plain,
            text_limit: can.text_limit.max,
            files: can.files,
            max_file_bytes: can.max_file,
            keyboard: can.keyboard,
            quote: can.quote,
            edit_seconds: seconds(can.edit),
            delete_seconds: seconds(can.delete),
            read_marks: can.read_marks,
            typing: can.typing,
            reply_window_seconds: kind.free_words_for().map(|window| window.as_secs()),
            templates: can.templates,
        }
    }
}

pub(super) fn kinds(language: Language) -> Vec<ChannelKind> {
    let kind = |about: About| ChannelKind {
        kind: about.kind,
        title: about.title.get(language).to_owned(),
        text: about.text.get(language).to_owned(),
        fields: about.fields.iter().map(|field| field.view(language)).collect(),
        steps: about.steps.iter().map(|step| step.get(language).to_owned()).collect(),
        capabilities: CapabilitiesView::of(about.kind, &about.capabilities, language),
    };
    drivers::ALL.iter().map(|(_, driver)| kind(driver.about())).collect()
}
