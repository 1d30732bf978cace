//! From an event to those whom it concerns.

use std::collections::HashSet;

use base::{Actor, ConversationId, GroupId, Language, LineId, MessageId, Result, UserId, Words};
use bus::{Event, Notice};
use db::Tx;
use desk::user::{self, Among};
use desk::{conversation, group_chat, message, ticket};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::entity::{Column, Entity, Model, NotificationId};
use crate::kind::Kind;
use crate::preference::{self, Ways};
use crate::{letter, mute, push};

/// Writes down what an event tells, for everybody whom it concerns. Running it again changes nothing.
pub(crate) async fn tell(tx: &Tx, notice: &Notice) -> Result<()> {
    let Some(kind) = Kind::of(notice) else { return Ok(()) };
    let Some(place) = place(tx, kind, notice).await? else { return Ok(()) };
    let people = recipients(tx, kind, notice, &place).await?;
    let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
    let choices = preference::of(tx, &ids).await?;
    let muted = match place.conversation_id {
        Some(id) => mute::who(tx, id, &ids).await?,
        None => HashSet::new(),
    };
    // Whoever set this up wants a letter, whatever the person has chosen.
    let ordered = notice.data["by_mail"] == true;
    let mut told: Vec<(Model, Ways)> = Vec::new();
    for person in &people {
        if muted.contains(&person.id) && !kind.traits().personal {
            continue;
        }
        let chosen = choices.get(&person.id).cloned().unwrap_or_default().ways(kind, tx.now(), &person.time_zone);
        let ways = Ways { mail: chosen.mail || ordered, ..chosen };
        if ways != Ways::NONE {
            told.push((Model { in_feed: ways.feed, ..row(tx, kind, notice, &place, person) }, ways));
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    Entity::insert_many(told.iter().map(|(row, _)| row.clone().into_active_model())).exec_without_returning(tx).await?;
    for (row, ways) in &told {
        let data = json!({
            "id": row.id,
            "kind": kind,
            "conversation_id": row.conversation_id,
            "sound": ways.sound,
            "desktop": ways.desktop,
        });
        let event = Event::new("notification_created").subject(row.user_id.0).data(data);
        bus::emit(tx, &Actor::system(), event).await?;
    }
    for (row, _) in told.iter().filter(|(_, ways)| ways.mail) {
        letter::enqueue(tx, row.id, ordered).await?;
    }
    let pushed = told.iter().filter(|(_, ways)| ways.push).map(|(row, _)| (row.user_id, row.id));
    push::enqueue(tx, pushed.collect()).await
}

/// Where an event happened.
struct Place {
    /// None: a task, which is its person's wherever it hangs.
    line_id: Option<LineId>,
    group_id: Option<GroupId>,
    conversation_id: Option<ConversationId>,
    /// Colleagues who take part see it too, without its line.
    is_group: bool,
}

/// None: nowhere that somebody could be told of, or among spam, which is nobody's work.
async fn place(tx: &Tx, kind: Kind, notice: &Notice) -> Result<Option<Place>> {
    if kind == Kind::TaskAssigned {
        return Ok(Some(Place { line_id: None, group_id: None, conversation_id: None, is_group: false }));
    }
    let Some(id) = notice.conversation_id else {
        let line_id = notice.line_id.or(parse(&notice.data["line_id"]));
        let group_id = match parse(&notice.data["ticket_id"]) {
            Some(ticket) => ticket::own_group(tx, ticket).await?,
            None => None,
        };
        return Ok(line_id.map(|line_id| Place {
            line_id: Some(line_id),
            group_id,
            conversation_id: None,
            is_group: false,
        }));
    };
    let found = conversation::Entity::find_by_id(id).one(tx).await?;
    Ok(found.filter(|row| row.status != conversation::Status::Spam).map(|row| Place {
        line_id: Some(row.line_id),
        group_id: row.group_id,
        conversation_id: Some(id),
        is_group: row.is_group(),
    }))
}

/// Those whom it concerns, who see where it happened, and who have not been told. Never whoever did it.
async fn recipients(tx: &Tx, kind: Kind, notice: &Notice, place: &Place) -> Result<Vec<user::Model>> {
    let ids: Vec<UserId> = match kind {
        // Whose it was then: meanwhile it may have gone to somebody who is told that instead.
        Kind::ClientWrote | Kind::Woken => parse(&notice.data["assignee_id"]).into_iter().collect(),
        Kind::Assigned | Kind::Transferred => parse(&notice.data["to"]["id"]).into_iter().collect(),
        Kind::Offered => parse(&notice.data["user_ids"]).unwrap_or_default(),
        Kind::GroupWrote => parse(&notice.data["members"]).unwrap_or_default(),
        Kind::GroupJoined => parse(&notice.data["invited"]).unwrap_or_default(),
        Kind::Mentioned => parse(&notice.data["mentions"]).unwrap_or_default(),
        Kind::SlaReminded
        | Kind::SlaEscalated
        | Kind::SlaShareLow
        | Kind::TaskAssigned
        | Kind::StageStarted
        | Kind::StageMissed
        | Kind::TicketReturned
        | Kind::TariffExceeded => parse(&notice.data["tell"]).unwrap_or_default(),
        Kind::SendFailed => author(tx, notice).await?.into_iter().collect(),
        Kind::MailboxBroken | Kind::ChannelBroken => Vec::new(),
    };
    let managers = matches!(kind, Kind::MailboxBroken | Kind::ChannelBroken);
    if ids.is_empty() && !managers {
        return Ok(Vec::new());
    }
    let among = if managers { Among::Everybody } else { Among::These(&ids) };
    let mut people = match place.line_id {
        Some(line) => user::readers(tx, among, kind.traits().needs, line, place.group_id).await?,
        None => {
            let these = user::Entity::find().filter(user::Column::Id.is_in(ids.iter().copied()));
            these.filter(user::Column::Blocked.eq(false)).all(tx).await?
        }
    };
    if let (Some(id), Among::These(ids)) = (place.conversation_id.filter(|_| place.is_group), among) {
        let others = group_chat::staff(tx, id, kind.traits().needs).await?;
        let others = others.into_iter().filter(|one| ids.contains(&one.id));
        people.extend(others.filter(|one| !people.iter().any(|known| known.id == one.id)).collect::<Vec<_>>());
    }
    people.retain(|person| Some(person.id) != notice.actor_id);
    let told = told(tx, kind, notice, &people).await?;
    people.retain(|person| !told.contains(&person.id));
    Ok(people)
}

/// Who knows it already: by this event, or, of what does not work, by an earlier one that he has not read.
async fn told(tx: &Tx, kind: Kind, notice: &Notice, people: &[user::Model]) -> Result<HashSet<UserId>> {
    let mut same = Condition::any().add(Column::EventId.eq(notice.event_id));
    if matches!(kind, Kind::MailboxBroken | Kind::ChannelBroken) {
        let unread = Column::SubjectId.eq(notice.subject).and(Column::ReadAt.is_null());
        same = same.add(Column::Kind.eq(kind).and(unread));
    }
    let known: Vec<UserId> = Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::UserId.is_in(people.iter().map(|person| person.id)))
        .filter(same)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(known.into_iter().collect())
}

/// Whose answer it was, when a member of staff wrote it.
async fn author(tx: &Tx, notice: &Notice) -> Result<Option<UserId>> {
    let Some(subject) = notice.subject else { return Ok(None) };
    let message = message::Entity::find_by_id(MessageId(subject)).one(tx).await?;
    let message = message.filter(|message| message.author_kind == message::AuthorKind::User);
    Ok(message.and_then(|message| message.author_id).map(UserId))
}

fn row(tx: &Tx, kind: Kind, notice: &Notice, place: &Place, person: &user::Model) -> Model {
    let data = &notice.data;
    let who = match kind {
        Kind::ClientWrote => data["contact"]["name"].as_str().unwrap_or_default(),
        // A client's, or a colleague's.
        Kind::GroupWrote => data["contact"]["name"].as_str().unwrap_or(notice.actor_name.as_str()),
        Kind::MailboxBroken | Kind::ChannelBroken => data["name"].as_str().unwrap_or_default(),
        Kind::SlaReminded | Kind::SlaEscalated | Kind::SlaShareLow => data["policy"].as_str().unwrap_or_default(),
        Kind::StageStarted | Kind::StageMissed => data["title"].as_str().unwrap_or_default(),
        Kind::TariffExceeded => data["plan"].as_str().unwrap_or_default(),
        _ => notice.actor_name.as_str(),
    };
    let language = Language::parse(&person.locale).unwrap_or_default();
    let why: Option<Words> = parse(&data["why"]);
    let comment = data["comment"].as_str().map(str::to_owned);
    Model {
        id: NotificationId(tx.new_id()),
        user_id: person.id,
        event_id: notice.event_id,
        kind,
        conversation_id: place.conversation_id,
        line_id: place.line_id,
        subject_id: subject(kind, notice)
            .filter(|id| place.conversation_id.is_none_or(|conversation| conversation.0 != *id)),
        who: who.to_owned(),
        comment: comment.or(why.map(|why| why.get(language).to_owned())).unwrap_or_default(),
        // A row that is not read in the feed still keeps the event from being told twice.
        in_feed: true,
        created_at: tx.now(),
        read_at: None,
        mailed_at: None,
    }
}

/// What it tells of, besides the conversation.
fn subject(kind: Kind, notice: &Notice) -> Option<Uuid> {
    if kind == Kind::TaskAssigned { parse(&notice.data["task_id"]) } else { notice.subject }
}

fn parse<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}
