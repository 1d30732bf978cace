//! The board over HTTP. Cards are moved by `PUT /conversations/{id}/assignee`.

use std::collections::HashMap;

use app::{ApiResult, App, Can, Json, Query, can};
use axum::extract::State;
use base::{Actor, ConversationId, LineId, Result, UserId};
use db::{Fetch, Row};
use desk::conversation::{ConversationRow, rows_by_ids};
use desk::line;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::crew;
use crate::status::{OperatorView, views};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_board))
}

/// How many cards a column shows.
const CARDS: i64 = 30;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct BoardParams {
    line: LineId,
}

/// A column of the board.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct BoardColumn {
    operator: OperatorView,
    /// The first 30: those that wait for an answer longest.
    conversations: Vec<ConversationRow>,
    /// All of this line.
    total: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Board {
    /// Open ones that nobody has, the first 30, in the order of the queue.
    unassigned: Vec<ConversationRow>,
    unassigned_total: i64,
    /// By the names of the operators.
    columns: Vec<BoardColumn>,
}

/// Read the distribution board of a line.
#[utoipa::path(get, path = "/api/v1/board", tag = "routing", params(BoardParams),
    security(("session" = ["conversations.assign"]), ("token" = ["conversations.assign"])), responses((status = 200, body = Board)))]
async fn get_board(
    State(app): State<App>,
    actor: Can<can::ConversationsAssign>,
    Query(params): Query<BoardParams>,
) -> ApiResult<Json<Board>> {
    let line = line::find(app.db.read(), &actor, params.line).await?;
    Ok(Json(board(app.db.read(), &actor, line.id, app.now()).await?))
}

struct Card {
    id: ConversationId,
    owner: Option<Uuid>,
    total: i64,
}

async fn board(connection: &impl Fetch, actor: &Actor, line: LineId, now: base::Timestamp) -> Result<Board> {
    let crew = crew::load(connection, now).await?;
    let sql = format!(
        "select id, assignee_id, total from (select c.id, c.assignee_id, \
         row_number() over (partition by c.assignee_id order by coalesce(q.turn_at, c.last_message_at), c.id) as place, \
         count(*) over (partition by c.assignee_id) as total \
         from conversation c left join queue_entry q on q.conversation_id = c.id \
         where c.status = 'open' and c.line_id = $1) cards where place <= {CARDS} order by assignee_id, place"
    );
    let read = |row: &Row<'_>| Ok(Card { id: ConversationId(row.get(0)?), owner: row.get(1)?, total: row.get(2)? });
    let cards = connection.fetch(sql, vec![line.0.into()], read).await?;
    let ids: Vec<ConversationId> = cards.iter().map(|card| card.id).collect();
    let rows = rows_by_ids(connection, actor, &ids).await?;
    let totals: HashMap<Option<UserId>, i64> = cards.iter().map(|card| (card.owner.map(UserId), card.total)).collect();
    let mut of_owner: HashMap<Option<UserId>, Vec<ConversationRow>> = HashMap::new();
    for row in rows {
        of_owner.entry(row.assignee.as_ref().map(|owner| owner.id)).or_default().push(row);
    }
    let serves = |user: UserId| {
        let serving = crew.groups.get(&line);
        of_owner.contains_key(&Some(user))
            || crew
                .operator(user)
                .is_some_and(|one| serving.is_some_and(|groups| groups.iter().any(|group| one.groups.contains(group))))
    };
    let operators = views(connection, actor, &crew, serves).await?;
    let total = |owner: Option<UserId>| totals.get(&owner).copied().unwrap_or_default();
    let unassigned = of_owner.remove(&None).unwrap_or_default();
    let column = |operator: OperatorView| {
        let owner = Some(operator.user.id);
        BoardColumn { conversations: of_owner.remove(&owner).unwrap_or_default(), total: total(owner), operator }
    };
    Ok(Board { unassigned, unassigned_total: total(None), columns: operators.into_iter().map(column).collect() })
}
