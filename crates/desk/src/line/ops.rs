//! Commands and queries on lines.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use base::{
    Actor, ConversationId, Error, FieldError, GroupId, LineId, LineScope, Permission, PermissionSet, Result, UserId,
    Words,
};
use bus::Event;
use chrono::{DateTime, Utc};
use db::{Topic, Tx};
use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::group::Part;
use super::{ActiveModel, AfterClose, Column, Entity, Kind, Model};
use crate::conversation;
use crate::field;
use crate::group::{self as staff_group, GroupRef};
use crate::group_chat;
use crate::people::LineRef;
use crate::schedule::{self, ScheduleId};
use crate::usage;

/// A line with the groups that work on it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Line {
    pub id: LineId,
    /// Short and stable, for programs and addresses: `SUPPORT`.
    pub key: String,
    /// What staff see.
    pub name: String,
    /// What clients see.
    pub public_name: String,
    pub description: String,
    pub kind: Kind,
    pub operator_groups: Vec<GroupRef>,
    pub supervisor_groups: Vec<GroupRef>,
    pub reader_groups: Vec<GroupRef>,
    /// Put under every answer by mail; `{{operator}}`, `{{line}}` and `{{company}}` are filled in.
    pub signature_html: String,
    pub auto_reply: AutoReply,
    pub chats: ChatRules,
    /// Whoever writes to the line reads its public name under the answers, never an operator's.
    pub hide_operators: bool,
    /// What a new conversation is called, at most 200 characters; empty: its subject, or the client's first words. `{{line}}`,
    /// `{{client}}`, `{{channel}}`, `{{date}}`, `{{subject}}` and `{{number}}` are filled in. Letters keep the client's subject.
    pub conversation_title: String,
    pub hours: LineHours,
    pub archived_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// When a line serves its clients: its rules ask it as `in_service_hours`, and times in rules go by the schedule's zone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct LineHours {
    /// A saved schedule; null: round the clock.
    pub schedule_id: Option<ScheduleId>,
    /// Clients read the hours in the chat on the site, and programs of the site may ask for them.
    pub published: bool,
}

/// What a client gets at once after a first message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct AutoReply {
    pub enabled: bool,
    /// `{{number}}`, `{{subject}}`, `{{client}}`, `{{line}}` and `{{company}}` are filled in; of the line's working hours
    /// `{{hours}}` (the week) and `{{next_open}}` (when somebody answers: `tomorrow from 9:00`).
    pub subject: String,
    /// Plain text with the same variables.
    pub text: String,
}

/// How conversations in messengers and on sites begin and end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct ChatRules {
    /// What a client's message does after his conversation was closed.
    pub after_close: AfterClose,
    /// With `reopen`: for how many hours after closing, 1 to 8760. Later a new conversation begins.
    pub reopen_hours: i64,
    /// Close by itself when the client has been silent for so many minutes after an answer, 5 to 43200; null: never.
    pub idle_close_minutes: Option<i64>,
    /// Said to the client then; empty: nothing.
    pub farewell_text: String,
    /// Ask the client for a mark of one to five when a conversation is closed.
    pub ask_rating: bool,
}

impl Default for ChatRules {
    fn default() -> Self {
        ChatRules {
            after_close: AfterClose::Reopen,
            reopen_hours: 72,
            idle_close_minutes: None,
            farewell_text: String::new(),
            ask_rating: false,
        }
    }
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewLine {
    /// 1 to 32 of `A-Z 0-9 _ -`.
    pub key: String,
    pub name: String,
    /// Empty: as `name`.
    #[serde(default)]
    pub public_name: String,
    #[serde(default)]
    pub description: String,
    /// `external` unless told.
    pub kind: Option<Kind>,
    #[serde(default)]
    pub operator_group_ids: Vec<GroupId>,
    #[serde(default)]
    pub supervisor_group_ids: Vec<GroupId>,
    #[serde(default)]
    pub reader_group_ids: Vec<GroupId>,
    #[serde(default)]
    pub signature_html: String,
    #[serde(default)]
    pub auto_reply: AutoReply,
    #[serde(default)]
    pub chats: ChatRules,
    #[serde(default)]
    pub hide_operators: bool,
    #[serde(default)]
    pub conversation_title: String,
    #[serde(default)]
    pub hours: LineHours,
}

/// What to change of a line; absent: keep.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct LinePatch {
    pub key: Option<String>,
    pub name: Option<String>,
    pub public_name: Option<String>,
    pub description: Option<String>,
    pub kind: Option<Kind>,
    pub operator_group_ids: Option<Vec<GroupId>>,
    pub supervisor_group_ids: Option<Vec<GroupId>>,
    pub reader_group_ids: Option<Vec<GroupId>>,
    pub signature_html: Option<String>,
    pub auto_reply: Option<AutoReply>,
    pub chats: Option<ChatRules>,
    pub hide_operators: Option<bool>,
    pub conversation_title: Option<String>,
    /// As a whole.
    pub hours: Option<LineHours>,
}

pub async fn create(tx: &Tx, actor: &Actor, new: NewLine) -> Result<Model> {
    let NewLine { key, name, public_name, description, kind, signature_html, auto_reply, chats, .. } = &new;
    let key = valid_key(key)?;
    check_key_free(tx, &key, None).await?;
    let auto_reply = valid_auto_reply(auto_reply.clone())?;
    let chats = valid_chats(chats.clone())?;
    let name = field::name("name", name)?;
    let id = LineId(tx.new_id());
    let row = ActiveModel {
        id: Set(id),
        key: Set(key),
        public_name: Set(public_name_or(public_name, &name)?),
        name: Set(name),
        description: Set(field::limit("description", description.clone(), 2000)?),
        kind: Set(kind.unwrap_or(Kind::External)),
        signature_html: Set(clean_signature(signature_html)?),
        auto_reply_enabled: Set(auto_reply.enabled),
        auto_reply_subject: Set(auto_reply.subject),
        auto_reply_text: Set(auto_reply.text),
        after_close: Set(chats.after_close),
        reopen_hours: Set(chats.reopen_hours),
        idle_close_minutes: Set(chats.idle_close_minutes),
        farewell_text: Set(chats.farewell_text),
        ask_rating: Set(chats.ask_rating),
        hide_operators: Set(new.hide_operators),
        conversation_title: Set(valid_title(&new.conversation_title)?),
        schedule_id: Set(new.hours.schedule_id),
        publish_hours: Set(new.hours.published),
        archived_at: Set(None),
        created_at: Set(tx.now()),
    };
    hold_schedule(tx, new.hours.schedule_id).await?;
    let row = row.insert(tx).await.map_err(key_taken)?;
    record_schedule(tx, &row).await?;
    set_groups(tx, id, Part::Operators, "operator_group_ids", &new.operator_group_ids).await?;
    set_groups(tx, id, Part::Supervisors, "supervisor_group_ids", &new.supervisor_group_ids).await?;
    set_groups(tx, id, Part::Readers, "reader_group_ids", &new.reader_group_ids).await?;
    changed(tx, actor, id, "created").await?;
    Ok(row)
}

pub async fn update(tx: &Tx, actor: &Actor, id: LineId, patch: LinePatch) -> Result<Model> {
    let LinePatch {
        key,
        name,
        public_name,
        description,
        kind,
        operator_group_ids,
        supervisor_group_ids,
        reader_group_ids,
        signature_html,
        auto_reply,
        chats,
        hide_operators,
        conversation_title,
        hours,
    } = patch;
    let old = find(tx, actor, id).await?;
    let mut row = old.clone().into_active_model();
    if let Some(key) = key {
        let key = valid_key(&key)?;
        check_key_free(tx, &key, Some(id)).await?;
        row.key = Set(key);
    }
    if let Some(name) = name {
        row.name = Set(field::name("name", &name)?);
    }
    if let Some(public_name) = public_name {
        row.public_name = Set(public_name_or(&public_name, row.name.as_ref())?);
    }
    if let Some(description) = description {
        row.description = Set(field::limit("description", description, 2000)?);
    }
    if let Some(kind) = kind {
        row.kind = Set(kind);
    }
    if let Some(html) = signature_html {
        row.signature_html = Set(clean_signature(&html)?);
    }
    if let Some(auto_reply) = auto_reply {
        let AutoReply { enabled, subject, text } = valid_auto_reply(auto_reply)?;
        row.auto_reply_enabled = Set(enabled);
        row.auto_reply_subject = Set(subject);
        row.auto_reply_text = Set(text);
    }
    if let Some(chats) = chats {
        let ChatRules { after_close, reopen_hours, idle_close_minutes, farewell_text, ask_rating } =
            valid_chats(chats)?;
        row.after_close = Set(after_close);
        row.reopen_hours = Set(reopen_hours);
        row.idle_close_minutes = Set(idle_close_minutes);
        row.farewell_text = Set(farewell_text);
        row.ask_rating = Set(ask_rating);
    }
    if let Some(hide) = hide_operators {
        row.hide_operators = Set(hide);
    }
    if let Some(title) = conversation_title {
        row.conversation_title = Set(valid_title(&title)?);
    }
    if let Some(LineHours { schedule_id, published }) = hours {
        hold_schedule(tx, schedule_id).await?;
        row.schedule_id = Set(schedule_id);
        row.publish_hours = Set(published);
    }
    let row = row.update(tx).await.map_err(key_taken)?;
    if row.name != old.name {
        usage::rename(tx, id.0, &row.name).await?;
    }
    if row.schedule_id != old.schedule_id {
        record_schedule(tx, &row).await?;
    }
    let parts = [
        (Part::Operators, "operator_group_ids", operator_group_ids),
        (Part::Supervisors, "supervisor_group_ids", supervisor_group_ids),
        (Part::Readers, "reader_group_ids", reader_group_ids),
    ];
    for (part, field, groups) in parts {
        if let Some(groups) = groups {
            set_groups(tx, id, part, field, &groups).await?;
        }
    }
    changed(tx, actor, id, "changed").await?;
    Ok(row)
}

/// Puts a line away: it takes no new conversations; those it has stay readable. Doing it twice is fine.
pub async fn archive(tx: &Tx, actor: &Actor, id: LineId) -> Result<()> {
    let line = find(tx, actor, id).await?;
    if line.archived_at.is_some() {
        return Ok(());
    }
    let mut row = line.into_active_model();
    row.archived_at = Set(Some(tx.now()));
    row.update(tx).await?;
    changed(tx, actor, id, "archived").await
}

/// Takes an archived line back into use.
pub async fn restore(tx: &Tx, actor: &Actor, id: LineId) -> Result<Model> {
    let line = find(tx, actor, id).await?;
    if line.archived_at.is_none() {
        return Ok(line);
    }
    let mut row = line.into_active_model();
    row.archived_at = Set(None);
    let row = row.update(tx).await?;
    changed(tx, actor, id, "restored").await?;
    Ok(row)
}

/// The lines an actor may see, archived ones too.
pub fn visible_to(actor: &Actor) -> Select<Entity> {
    match &actor.lines {
        LineScope::All => Entity::find(),
        LineScope::Only(lines) => Entity::find().filter(Column::Id.is_in(lines.clone())),
    }
}

/// A line the actor may see.
pub async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: LineId) -> Result<Model> {
    visible_to(actor).filter(Column::Id.eq(id)).one(connection).await?.ok_or(Error::NotFound("line"))
}

/// A line by its key, whatever its case.
pub async fn by_key(connection: &impl ConnectionTrait, key: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Key.eq(key.trim().to_ascii_uppercase())).one(connection).await?)
}

/// The lines the actor may see, by name.
pub async fn list(connection: &impl ConnectionTrait, actor: &Actor, include_archived: bool) -> Result<Vec<Model>> {
    let mut query = visible_to(actor).order_by_asc(Column::Name).order_by_asc(Column::Id);
    if !include_archived {
        query = query.filter(Column::ArchivedAt.is_null());
    }
    Ok(query.all(connection).await?)
}

/// Adds groups to these lines, keeping their order.
pub async fn details(connection: &impl ConnectionTrait, lines: Vec<Model>) -> Result<Vec<Line>> {
    let ids: Vec<LineId> = lines.iter().map(|line| line.id).collect();
    let parts = super::group::Entity::find().filter(super::group::Column::LineId.is_in(ids)).all(connection).await?;
    let groups = staff_group::list(connection).await?;
    let working = |line: LineId, part: Part| -> Vec<GroupRef> {
        let has =
            |group: &GroupId| parts.iter().any(|row| row.line_id == line && row.part == part && row.group_id == *group);
        groups
            .iter()
            .filter(|group| has(&group.id))
            .map(|group| GroupRef { id: group.id, name: group.name.clone() })
            .collect()
    };
    let line = |row: Model| {
        let Model { id, key, name, public_name, description, kind, signature_html, archived_at, created_at, .. } = row;
        Line {
            id,
            key,
            name,
            public_name,
            description,
            kind,
            operator_groups: working(id, Part::Operators),
            supervisor_groups: working(id, Part::Supervisors),
            reader_groups: working(id, Part::Readers),
            signature_html,
            auto_reply: AutoReply {
                enabled: row.auto_reply_enabled,
                subject: row.auto_reply_subject,
                text: row.auto_reply_text,
            },
            chats: ChatRules {
                after_close: row.after_close,
                reopen_hours: row.reopen_hours,
                idle_close_minutes: row.idle_close_minutes,
                farewell_text: row.farewell_text,
                ask_rating: row.ask_rating,
            },
            hide_operators: row.hide_operators,
            conversation_title: row.conversation_title,
            hours: LineHours { schedule_id: row.schedule_id, published: row.publish_hours },
            archived_at,
            created_at,
        }
    };
    Ok(lines.into_iter().map(line).collect())
}

/// These lines by id, for showing their names.
pub async fn names(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = LineId>,
) -> Result<HashMap<LineId, LineRef>> {
    let ids: BTreeSet<LineId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query =
        Entity::find().select_only().columns([Column::Id, Column::Key, Column::Name]).filter(Column::Id.is_in(ids));
    let rows: Vec<(LineId, String, String)> = query.into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(id, key, name)| (id, LineRef { id, key, name })).collect())
}

/// Those of these conversations whose line hides who answers, each with the name that is shown instead.
pub async fn faces(
    connection: &impl ConnectionTrait,
    conversations: impl IntoIterator<Item = ConversationId>,
) -> Result<HashMap<ConversationId, String>> {
    let ids: BTreeSet<ConversationId> = conversations.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let faceless: Vec<(LineId, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::PublicName])
        .filter(Column::HideOperators.eq(true))
        .into_tuple()
        .all(connection)
        .await?;
    // Usually no line hides anybody.
    if faceless.is_empty() {
        return Ok(HashMap::new());
    }
    let places: Vec<(ConversationId, LineId)> = conversation::Entity::find()
        .select_only()
        .columns([conversation::Column::Id, conversation::Column::LineId])
        .filter(conversation::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    let face = |(id, line): (ConversationId, LineId)| {
        let (_, name) = faceless.iter().find(|(faceless, _)| *faceless == line)?;
        Some((id, name.clone()))
    };
    Ok(places.into_iter().filter_map(face).collect())
}

/// What somebody reaches.
pub struct Reach {
    pub lines: LineScope,
    /// See `Actor::hidden`.
    pub hidden: Vec<(LineId, GroupId)>,
    /// See `Actor::joined`.
    pub joined: Vec<ConversationId>,
}

impl Reach {
    /// Whether he sees this part of a line.
    pub fn sees(&self, line: LineId, group: Option<GroupId>) -> bool {
        let on_line = match &self.lines {
            LineScope::All => true,
            LineScope::Only(lines) => lines.contains(&line),
        };
        on_line && group.is_none_or(|group| !self.hidden.contains(&(line, group)))
    }
}

/// What a user with these permissions reaches: all lines, or those one of his groups works on or reads, without what
/// belongs to other groups that serve them. A supervisor of a line sees all of it.
pub async fn reach(connection: &impl ConnectionTrait, user_id: UserId, permissions: &PermissionSet) -> Result<Reach> {
    use super::group::{Column as Working, Entity as WorkingGroups};
    use crate::group::member;
    if permissions.has(Permission::LinesAll) {
        return Ok(Reach { lines: LineScope::All, hidden: Vec::new(), joined: Vec::new() });
    }
    let own: Vec<GroupId> = member::Entity::find()
        .select_only()
        .column(member::Column::GroupId)
        .filter(member::Column::UserId.eq(user_id))
        .into_tuple()
        .all(connection)
        .await?;
    let lines_of_own = Query::select()
        .column(Working::LineId)
        .from(WorkingGroups)
        .and_where(Working::GroupId.is_in(own.iter().copied()))
        .to_owned();
    let working = WorkingGroups::find().filter(Working::LineId.in_subquery(lines_of_own)).all(connection).await?;
    let lines: BTreeSet<LineId> = working.iter().map(|row| row.line_id).collect();
    let supervised = |line: LineId| {
        working.iter().any(|row| row.line_id == line && row.part == Part::Supervisors && own.contains(&row.group_id))
    };
    let hidden = working
        .iter()
        .filter(|row| row.part == Part::Operators && !own.contains(&row.group_id) && !supervised(row.line_id))
        .map(|row| (row.line_id, row.group_id))
        .collect();
    let mut reach = Reach { lines: LineScope::Only(lines.into_iter().collect()), hidden, joined: Vec::new() };
    let places = group_chat::places_of(connection, user_id).await?;
    reach.joined =
        places.into_iter().filter(|place| !reach.sees(place.line_id, place.group_id)).map(|place| place.id).collect();
    Ok(reach)
}

async fn set_groups(tx: &Tx, line_id: LineId, part: Part, field: &str, groups: &[GroupId]) -> Result<()> {
    use super::group::{ActiveModel, Column, Entity};
    staff_group::check_known(tx, field, groups).await?;
    Entity::delete_many().filter(Column::LineId.eq(line_id)).filter(Column::Part.eq(part)).exec(tx).await?;
    let groups: BTreeSet<GroupId> = groups.iter().copied().collect();
    let rows: Vec<_> = groups
        .into_iter()
        .map(|group_id| ActiveModel { line_id: Set(line_id), group_id: Set(group_id), part: Set(part) })
        .collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn hold_schedule(tx: &Tx, id: Option<ScheduleId>) -> Result<()> {
    schedule::hold(tx, id.map(|id| ("hours.schedule_id".to_owned(), id))).await.map(drop)
}

async fn record_schedule(tx: &Tx, row: &Model) -> Result<()> {
    let owner = usage::Owner { kind: usage::Kind::Line, id: row.id.0, name: &row.name };
    usage::record(tx, owner, row.schedule_id.map(|id| id.0)).await
}

fn valid_key(key: &str) -> Result<String> {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    if (1..=32).contains(&key.len()) && key.bytes().all(allowed) {
        return Ok(key.to_owned());
    }
    Err(Error::invalid(
        "key",
        "bad_key",
        "Ключ: до 32 заглавных латинских букв, цифр, знаков _ и -",
        "A key is up to 32 capital Latin letters, digits, _ and -",
    ))
}

fn public_name_or(public_name: &str, name: &str) -> Result<String> {
    if public_name.trim().is_empty() { Ok(name.to_owned()) } else { field::name("public_name", public_name) }
}

fn valid_chats(rules: ChatRules) -> Result<ChatRules> {
    if !(1..=8760).contains(&rules.reopen_hours) {
        return Err(Error::invalid("chats.reopen_hours", "out_of_range", "От 1 до 8760 часов", "From 1 to 8760 hours"));
    }
    if rules.idle_close_minutes.is_some_and(|minutes| !(5..=43_200).contains(&minutes)) {
        let (ru, en) = ("От 5 минут до 30 дней", "From 5 minutes to 30 days");
        return Err(Error::invalid("chats.idle_close_minutes", "out_of_range", ru, en));
    }
    let farewell_text = field::limit("chats.farewell_text", rules.farewell_text, 2000)?;
    Ok(ChatRules { farewell_text, ..rules })
}

fn valid_title(template: &str) -> Result<String> {
    field::limit("conversation_title", template.split_whitespace().collect::<Vec<_>>().join(" "), 200)
}

fn valid_auto_reply(auto_reply: AutoReply) -> Result<AutoReply> {
    let AutoReply { enabled, subject, text } = auto_reply;
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    if enabled && text.trim().is_empty() {
        let words = Words::new("Напишите текст автоответа", "Write the text of the automatic reply");
        return Err(Error::Invalid(vec![FieldError { field: "auto_reply.text".to_owned(), code: "required", words }]));
    }
    let subject = field::limit("auto_reply.subject", subject, 500)?;
    Ok(AutoReply { enabled, subject, text: field::limit("auto_reply.text", text, 20_000)? })
}

/// A signature goes into mail and into the operators' page: formatting stays, anything that could run or load goes.
fn clean_signature(html: &str) -> Result<String> {
    static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut cleaner = ammonia::Builder::default();
        let styles = [
            "color",
            "background-color",
            "font-family",
            "font-size",
            "font-style",
            "font-weight",
            "text-align",
            "text-decoration",
        ];
        cleaner
            .add_generic_attributes(["style"])
            .filter_style_properties(styles.into())
            .rm_tags(["img", "map", "area"]);
        cleaner.link_rel(Some("noopener noreferrer"));
        cleaner
    });
    field::limit("signature_html", CLEANER.clean(html).to_string(), 50_000)
}

async fn check_key_free(tx: &Tx, key: &str, owner: Option<LineId>) -> Result<()> {
    match Entity::find().filter(Column::Key.eq(key)).one(tx).await? {
        Some(line) if Some(line.id) != owner => Err(key_is_taken()),
        _ => Ok(()),
    }
}

fn key_taken(error: sea_orm::DbErr) -> Error {
    if base::is_unique_violation(&error) { key_is_taken() } else { error.into() }
}

fn key_is_taken() -> Error {
    Error::invalid(
        "key",
        "key_taken",
        "Линия с таким ключом уже есть, возможно в архиве",
        "There is already a line with this key, perhaps archived",
    )
}

async fn changed(tx: &Tx, actor: &Actor, id: LineId, change: &str) -> Result<()> {
    // Not bound to the line itself: whoever just got access to it has to hear of it too. The event says nothing but the id.
    bus::emit(tx, actor, Event::new("line_changed").subject(id.0).data(json!({"change": change}))).await?;
    tx.signal(Topic::Access);
    Ok(())
}
