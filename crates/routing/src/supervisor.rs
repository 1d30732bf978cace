//! Who watches over whom.

use std::collections::HashSet;

use base::{Actor, Error, LineId, Permission, Result, UserId};
use desk::group::member;
use desk::line;
use desk::line::group::{Column as Serving, Entity as LineGroups, Part};
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

fn denied() -> Error {
    let words = base::Words::new("Это может только супервизор линии", "Only a supervisor of the line may do this");
    Error::Denied { code: "not_supervisor", words }
}
