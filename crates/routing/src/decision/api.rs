//! Why a conversation is where it is.

use std::collections::HashMap;

use app::{ApiResult, App, Can, Json, Path, can};
use axum::extract::State;
use base::{Actor, ConversationId, Language, Result, Words};
use chrono::{DateTime, Utc};
use db::Fetch;
use desk::conversation;
use desk::people::StaffRef;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::DecisionId;
use super::considered::{self, Considered, RoutingCandidate};
use super::entity::{Column, Entity, Source};
use super::names::{Names, RoutingResult, id_in, result};
use super::trace::{RoutingVerdict, Traced, ids_of, view};
use crate::target::Target;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_routing_decisions))
}

/// A decision about a conversation.
#[derive(Debug, Serialize, ToSchema)]
struct RoutingDecision {
    id: DecisionId,
    at: DateTime<Utc>,
    /// The decision in a sentence or two, in the reader's language.
    why: String,
    source: Source,
    result: RoutingResult,
    /// Who got it at once; null: it was offered, or waited in a queue.
    assigned: Option<StaffRef>,
    /// What the line's rules said, from the top; empty when rules had no part in it.
    verdicts: Vec<RoutingVerdict>,
    /// When one of several was chosen: who they were, those who could have had it first; at most 30.
    considered: Vec<RoutingCandidate>,
}

/// The decisions about a conversation.
#[derive(Debug, Serialize, ToSchema)]
struct RoutingDecisions {
    items: Vec<RoutingDecision>,
}

/// Read why a conversation is where it is: the last fifty decisions, the newest first, each with what every rule said.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/routing", tag = "routing", params(("id" = ConversationId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = RoutingDecisions)))]
async fn list_routing_decisions(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<RoutingDecisions>> {
    Ok(Json(RoutingDecisions { items: list(app.db.read(), &actor, id, actor.language).await? }))
}

async fn list(
    connection: &impl Fetch,
    actor: &Actor,
    id: ConversationId,
    language: Language,
) -> Result<Vec<RoutingDecision>> {
    conversation::find(connection, actor, id).await?;
    let rows = Entity::find()
        .filter(Column::ConversationId.eq(id))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Attempt)
        .limit(50)
        .all(connection)
        .await?;
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        let verdicts: Vec<Traced> = serde_json::from_value(row.verdicts.clone())?;
        let target: Target = serde_json::from_value(row.target.clone())?;
        let why: Words = serde_json::from_value(row.why.clone())?;
        read.push((row, verdicts, target, why));
    }
    let decisions: Vec<DecisionId> = read.iter().map(|(row, ..)| row.id).collect();
    let mut considered: HashMap<DecisionId, Vec<Considered>> =
        considered::of(connection, &decisions).await?.into_iter().collect();
    let mut ids = ids_of(read.iter().flat_map(|(_, verdicts, _, _)| verdicts));
    ids.extend(read.iter().filter_map(|(_, _, target, _)| id_in(target)));
    ids.extend(read.iter().filter_map(|(row, _, _, _)| row.assigned_id).map(|id| id.0));
    for one in considered.values().flatten() {
        ids.push(one.user_id.0);
        ids.extend(one.groups.iter().map(|group| group.0));
    }
    let names = Names::of(connection, ids).await?;
    let mut decision =
        |(row, verdicts, target, why): (super::entity::Model, Vec<Traced>, Target, Words)| RoutingDecision {
            id: row.id,
            at: row.created_at,
            why: why.get(language).to_owned(),
            source: row.source,
            result: result(target, &names, language),
            assigned: row.assigned_id.and_then(|id| names.staff(id)),
            verdicts: view(verdicts, &names, language),
            considered: considered::view(
                considered.remove(&row.id).unwrap_or_default(),
                row.assigned_id,
                &names,
                language,
            ),
        };
    Ok(read.into_iter().map(&mut decision).collect())
}
