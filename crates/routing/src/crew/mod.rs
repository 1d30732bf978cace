//! Everybody who may be given work, with his status, limits, skills and load: read in a fixed number of statements,
//! whatever their number.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{ConversationId, GroupId, LineId, Result, Timestamp, UserId, Words};
use chrono_tz::Tz;
use desk::conversation::{self, Channel};
use desk::line::group::{Column as Serving, Entity as LineGroups, Part};
use desk::people::StaffRef;
use desk::{setting, user};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::absence;
use crate::engine::{Operator, Refusal, WHOLE, Waiting, share};
use crate::settings::{self, Settings};
use crate::shift::{self, Duty};
use crate::skill::{self, SkillId};
use crate::status::{self, Status};

/// Somebody who may be given work, beside what the engine needs to know of him.
#[derive(Clone, Debug)]
pub struct Member {
    pub person: StaffRef,
    pub lines: Vec<LineId>,
    /// None: he has never been here.
    pub state: Option<status::Model>,
    pub absent: bool,
    /// None: nothing is planned for him.
    pub(crate) duty: Option<Duty>,
    pub open: i64,
}

impl Member {
    pub fn status(&self) -> Status {
        self.state.as_ref().map_or(Status::Offline, |state| state.status)
    }
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Crew {
    pub settings: Settings,
    /// In the order of their names.
    pub operators: Vec<Operator>,
    pub members: HashMap<UserId, Member>,
    /// The operators' groups of each line.
    pub groups: HashMap<LineId, Vec<GroupId>>,
    skills: HashMap<LineId, Vec<(SkillId, i64)>>,
    /// The lines that say for themselves whether only people on shift get their conversations.
    on_shift: HashMap<LineId, bool>,
    /// When it was read, and the clock of the installation.
    now: Timestamp,
    zone: Tz,
}

#[derive(sea_orm::FromQueryResult)]
struct Load {
    assignee_id: UserId,
    channel: Channel,
    count: i64,
}

/// Reads them.
pub async fn load(connection: &impl ConnectionTrait, now: Timestamp) -> Result<Crew> {
    let settings = settings::get(connection).await?;
    let people = user::operators(connection).await?;
    let serving = LineGroups::find().filter(Serving::Part.eq(Part::Operators)).all(connection).await?;
    let mut states: HashMap<UserId, status::Model> =
        status::Entity::find().all(connection).await?.into_iter().map(|state| (state.user_id, state)).collect();
    let mut known = skill::of_operators(connection).await?;
    let absent = absence::current(connection, now).await?;
    let mut on_duty = shift::on_duty(connection, now).await?;
    let zone = setting::company(connection).await?.default_time_zone.parse().unwrap_or(Tz::UTC);
    let mut loads: HashMap<UserId, Vec<Load>> = HashMap::new();
    for load in loads_of(connection).await? {
        loads.entry(load.assignee_id).or_default().push(load);
    }
    let mut groups: HashMap<LineId, Vec<GroupId>> = HashMap::new();
    for row in serving {
        groups.entry(row.line_id).or_default().push(row.group_id);
    }
    let mut crew = Crew {
        operators: Vec::with_capacity(people.len()),
        members: HashMap::with_capacity(people.len()),
        skills: skill::of_lines(connection).await?,
        on_shift: shift::lines_with_rule(connection).await?,
        now,
        zone,
        settings,
        groups,
    };
    for user::Operator { id, name, avatar_color, groups, lines } in people {
        let state = states.remove(&id);
        let loads = loads.remove(&id).unwrap_or_default();
        let absent = absent.contains_key(&id);
        let duty = on_duty.remove(&id);
        let limits: BTreeMap<String, i64> = match &state {
            Some(state) => serde_json::from_value(state.channel_limits.clone())?,
            None => BTreeMap::new(),
        };
        crew.operators.push(Operator {
            id,
            free: !absent && state.as_ref().is_some_and(|state| state.status == Status::Free),
            off_shift: duty.is_some_and(|duty| duty.off),
            groups,
            skills: known.remove(&id).unwrap_or_default(),
            load: loads.iter().map(|load| load.count * crew.settings.weight(load.channel)).sum(),
            limit: WHOLE * state.as_ref().and_then(|state| state.open_limit).unwrap_or(crew.settings.default_limit),
            open: loads.iter().map(|load| (load.channel, load.count)).collect(),
            limits: limits.iter().filter_map(|(kind, limit)| Some((Channel::parse(kind)?, *limit))).collect(),
            last_assigned_at: state.as_ref().and_then(|state| state.last_assigned_at),
        });
        let open = loads.iter().map(|load| load.count).sum();
        let person = StaffRef { id, name, avatar_color };
        crew.members.insert(id, Member { person, lines, state, absent, duty, open });
    }
    Ok(crew)
}

async fn loads_of(connection: &impl ConnectionTrait) -> Result<Vec<Load>> {
    use conversation::Column;
    let query = conversation::Entity::find()
        .select_only()
        .columns([Column::AssigneeId, Column::Channel])
        .column_as(Column::Id.count(), "count")
        // In words, not as a parameter: only then SQLite takes the partial index.
        .filter(Expr::cust("status = 'open' and assignee_id is not null"))
        .group_by(Column::AssigneeId)
        .group_by(Column::Channel);
    Ok(query.into_model::<Load>().all(connection).await?)
}

/// What the engine needs to know of a conversation that waits.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: ConversationId,
    pub channel: Channel,
    pub line_id: LineId,
    /// The group whose own it is.
    pub pinned: Option<GroupId>,
    /// The group that is to serve it.
    pub group: Option<GroupId>,
    pub skills: Vec<SkillId>,
}

impl Crew {
    /// The conversation in the engine's terms.
    pub fn waiting(&self, case: &Case) -> Waiting {
        let serving = self.groups.get(&case.line_id).map(Vec::as_slice).unwrap_or_default();
        // A group's own conversation is not seen by others for as long as the group serves the line.
        let pinned = case.pinned.filter(|group| serving.contains(group));
        let allowed = |group: &&GroupId| {
            pinned.is_none_or(|pinned| pinned == **group) && case.group.is_none_or(|wanted| wanted == **group)
        };
        let mut skills = self.skills.get(&case.line_id).cloned().unwrap_or_default();
        let known: HashSet<SkillId> = skills.iter().map(|(skill, _)| *skill).collect();
        skills.extend(case.skills.iter().filter(|skill| !known.contains(skill)).map(|skill| (*skill, 1)));
        Waiting {
            id: case.id,
            channel: case.channel,
            weight: self.settings.weight(case.channel),
            groups: serving.iter().filter(allowed).copied().collect(),
            skills,
            only_on_shift: self.only_on_shift(case.line_id),
        }
    }

    /// Whether a line gives new conversations only to people on shift.
    pub fn only_on_shift(&self, line: LineId) -> bool {
        self.on_shift.get(&line).copied().unwrap_or(self.settings.only_on_shift)
    }

    /// Empty for somebody who is none of them.
    pub fn name_of(&self, id: UserId) -> &str {
        self.members.get(&id).map_or("", |member| &member.person.name)
    }

    pub fn operator(&self, id: UserId) -> Option<&Operator> {
        self.operators.iter().find(|operator| operator.id == id)
    }

    /// Whether anybody of these groups is at work, whatever he is doing now.
    pub fn anybody_at_work(&self, waiting: &Waiting) -> bool {
        self.operators.iter().any(|operator| {
            let here = self
                .members
                .get(&operator.id)
                .is_some_and(|member| !member.absent && !matches!(member.status(), Status::Offline | Status::Dnd));
            let off = waiting.only_on_shift && operator.off_shift;
            here && !off
                && operator.groups.iter().any(|group| waiting.groups.contains(group))
                && waiting
                    .skills
                    .iter()
                    .all(|(skill, level)| operator.skills.get(skill).is_some_and(|own| own >= level))
        })
    }

    /// Why this operator cannot have it, in words.
    pub fn refusal_words(&self, id: UserId, refusal: Refusal) -> (&'static str, Words) {
        match refusal {
            Refusal::OtherGroup => ("other_group", Words::new("не обслуживает эту линию", "does not serve this line")),
            Refusal::NoSkill => ("no_skill", Words::new("нет нужных навыков", "lacks the skills it takes")),
            Refusal::Limit => {
                let operator = self.operator(id);
                let (load, limit) = operator.map_or((0, 0), |operator| (operator.load, operator.limit));
                let (load, limit) = (share(load), share(limit));
                let words =
                    Words::owned(format!("занят: {load} из {limit}"), format!("at the limit: {load} of {limit}"));
                ("limit", words)
            }
            Refusal::ChannelLimit => {
                ("channel_limit", Words::new("достиг предела по этому каналу", "at the limit for this channel"))
            }
            Refusal::OffShift | Refusal::NotFree if self.members.get(&id).is_some_and(|member| member.absent) => {
                ("absent", Words::new("отсутствует", "absent"))
            }
            Refusal::OffShift => {
                let next = self.members.get(&id).and_then(|member| member.duty?.next);
                ("off_shift", shift::next_words(next, self.now, self.zone))
            }
            Refusal::NotFree => {
                let status = self.members.get(&id).map_or(Status::Offline, Member::status);
                (status.as_str(), status_words(status))
            }
        }
    }
}

/// A status as a reason.
pub fn status_words(status: Status) -> Words {
    match status {
        Status::Free => Words::new("свободен", "free"),
        Status::Away => Words::new("нет на месте", "away"),
        Status::Busy => Words::new("занят для новых обращений", "busy for new conversations"),
        Status::Dnd => Words::new("просит не беспокоить", "does not want to be disturbed"),
        Status::Offline => Words::new("не в сети", "offline"),
    }
}
