//! Who watches over whom.

use std::collections::HashSet;

use base::{Actor, Error, FieldError, GroupId, LineId, Permission, Result, UserId, Words};
use desk::group::member;
use desk::line;
use desk::line::group::{Column as Serving, Entity as LineGroups, Part};
use desk::{group, user};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

/// The lines an actor watches over: those one of his groups supervises; whoever sees or manages every line watches over
/// all he sees.
pub(crate) async fn supervised(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<line::Model>> {
    let lines = line::list(connection, actor, false).await?;
    if actor.has(Permission::LinesAll) || actor.has(Permission::LinesManage) {
        return Ok(lines);
    }
    let Some(me) = actor.user_id() else { return Ok(lines) };
    let own = own_lines(connection, me, Part::Supervisors).await?;
    Ok(lines.into_iter().filter(|line| own.contains(&line.id)).collect())
}

/// Refuses whoever does not watch over this line.
pub(crate) async fn check_line(connection: &impl ConnectionTrait, actor: &Actor, line_id: LineId) -> Result<()> {
    if supervised(connection, actor).await?.iter().any(|line| line.id == line_id) { Ok(()) } else { Err(denied()) }
}

/// Refuses whoever neither manages staff nor watches over a line this person serves.
pub(crate) async fn check_person(connection: &impl ConnectionTrait, actor: &Actor, user_id: UserId) -> Result<()> {
    if actor.has(Permission::UsersManage) {
        return Ok(());
    }
    let lines: Vec<LineId> = supervised(connection, actor).await?.into_iter().map(|line| line.id).collect();
    let serves = own_lines(connection, user_id, Part::Operators).await?;
    if lines.iter().any(|line| serves.contains(line)) { Ok(()) } else { Err(denied()) }
}

/// The lines on which one of somebody's groups has this part.
pub(crate) async fn own_lines(
    connection: &impl ConnectionTrait,
    user_id: UserId,
    part: Part,
) -> Result<HashSet<LineId>> {
    let groups = Query::select()
        .column(member::Column::GroupId)
        .from(member::Entity)
        .and_where(member::Column::UserId.eq(user_id))
        .to_owned();
    let query = LineGroups::find()
        .select_only()
        .column(Serving::LineId)
        .filter(Serving::Part.eq(part))
        .filter(Serving::GroupId.in_subquery(groups));
    Ok(query.into_tuple().all(connection).await?.into_iter().collect())
}

/// Whom an actor looks after: everybody who may be given work, for whoever manages staff; else those who serve a line he
/// watches over, and their groups.
pub(crate) struct Watched {
    everybody: bool,
    /// By name.
    pub people: Vec<user::Operator>,
    ids: HashSet<UserId>,
    groups: HashSet<GroupId>,
}

pub(crate) async fn watched(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Watched> {
    let mut people = user::operators(connection).await?;
    let everybody = actor.has(Permission::UsersManage);
    let groups: HashSet<GroupId> = if everybody {
        group::list(connection).await?.into_iter().map(|group| group.id).collect()
    } else {
        let lines = supervised(connection, actor).await?.into_iter().map(|line| line.id);
        let query = LineGroups::find()
            .select_only()
            .column(Serving::GroupId)
            .filter(Serving::Part.eq(Part::Operators))
            .filter(Serving::LineId.is_in(lines));
        query.into_tuple().all(connection).await?.into_iter().collect()
    };
    people.retain(|person| everybody || person.groups.iter().any(|group| groups.contains(group)));
    let ids = people.iter().map(|person| person.id).collect();
    Ok(Watched { everybody, people, ids, groups })
}

impl Watched {
    pub fn person(&self, id: UserId) -> bool {
        self.ids.contains(&id)
    }

    pub fn group(&self, id: GroupId) -> bool {
        self.groups.contains(&id)
    }

    /// For whoever may plan for all, somebody who is not there is wrong input; for others he is somebody else's.
    pub fn check_person(&self, field: &str, id: UserId) -> Result<()> {
        let words = Words::new("Такого оператора нет", "There is no such operator");
        self.check(field, self.person(id), words)
    }

    pub fn check_people(&self, field: &str, ids: &[UserId]) -> Result<()> {
        ids.iter().enumerate().try_for_each(|(index, id)| self.check_person(&format!("{field}[{index}]"), *id))
    }

    pub fn check_groups(&self, field: &str, ids: &[GroupId]) -> Result<()> {
        let words = Words::new("Нет такой группы", "There is no such group");
        let mut all = ids.iter().enumerate();
        all.try_for_each(|(index, id)| self.check(&format!("{field}[{index}]"), self.group(*id), words.clone()))
    }

    fn check(&self, field: &str, fine: bool, words: Words) -> Result<()> {
        match (fine, self.everybody) {
            (true, _) => Ok(()),
            (false, true) => Err(Error::Invalid(vec![FieldError { field: field.to_owned(), code: "unknown", words }])),
            (false, false) => Err(denied()),
        }
    }
}

pub(crate) fn denied() -> Error {
    let words = base::Words::new("Это может только супервизор линии", "Only a supervisor of the line may do this");
    Error::Denied { code: "not_supervisor", words }
}
